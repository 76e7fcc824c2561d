/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes. Their files are files.h's. */
#ifndef CLXS_SANDBOX_STORE_VOLUME_H
#define CLXS_SANDBOX_STORE_VOLUME_H

#include "engine.h"
#include "store/securable.h"

struct volume {
  struct securable object;
  const char *type; /* MANAGED, EXTERNAL */
  const char *storage_location;
};

struct volume_spec {
  const char *catalog_name, *schema_name, *name;
  const char *type; /* MANAGED, EXTERNAL */
  const char *comment, *storage_location;
};

bool volume_get(struct session *session, const struct name *name, struct volume *out);
bool volume_list(struct session *session, const char *catalog, const char *schema, struct page *page,
                 struct volume **out, size_t *count);
/* Checks CREATE VOLUME, and for an external one CREATE EXTERNAL VOLUME on its location and that it overlaps
 * nothing. */
bool volume_create(struct session *session, const struct volume_spec *spec, struct volume *out);
bool volume_drop(struct session *session, const struct name *name);

#endif
