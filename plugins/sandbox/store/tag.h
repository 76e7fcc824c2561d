/* SPDX-License-Identifier: Apache-2.0 */
/* Tags on catalogs, schemas, relations, columns, volumes and functions.
 * https://docs.databricks.com/database-objects/tags.html: at most 50 per object, keys up to 255 characters
 * without . , - = / : and values up to 1000. */
#ifndef CLXS_SANDBOX_STORE_TAG_H
#define CLXS_SANDBOX_STORE_TAG_H

#include "engine.h"
#include "store/securable.h"

struct tag {
  const char *key, *value; /* value "" for a tag that is only a key */
  int64_t updated_at;
  const char *updated_by;
};

/* Tags set directly on OBJECT, or on its COLUMN (NULL: the object itself), by key. */
bool tag_list(struct session *session, const struct securable *object, const char *column, struct tag **out,
              size_t *count);
/* Set or overwrite; NEW_ONLY refuses a key that is there (SET TAG ON, POST). Checks APPLY TAG and the limits.
 */
bool tag_set(struct session *session, const struct securable *object, const char *column, const char *key,
             const char *value, bool new_only);
/* MUST_EXIST refuses a key that is not there. */
bool tag_unset(struct session *session, const struct securable *object, const char *column, const char *key,
               bool must_exist);

#endif
