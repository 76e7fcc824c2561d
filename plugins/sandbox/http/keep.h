/* SPDX-License-Identifier: Apache-2.0 */
/* Small JSON documents that the HTTP side keeps in the state, so that a restart finds them again: warehouses,
 * workspace files, jobs. Each workspace of a metastore has its own. A document has a kind and a key. All
 * inside store_enter. */
#ifndef CLXS_SANDBOX_HTTP_KEEP_H
#define CLXS_SANDBOX_HTTP_KEEP_H

#include "base/json.h"
#include "engine.h"

/* Make the table; a state that refuses shows when it is left. */
void keep_prepare(struct session *session);
/* Write BODY (borrowed). */
void keep_put(struct session *session, const char *kind, const char *key, struct json_object *body);
/* A new reference, or NULL. */
struct json_object *keep_get(struct session *session, const char *kind, const char *key);
/* Whether it was there. */
bool keep_delete(struct session *session, const char *kind, const char *key);
/* All of KIND whose keys start with PREFIX, in byte order of keys; BODY is borrowed. EACH returns false to
 * stop. */
void keep_each(struct session *session, const char *kind, const char *prefix,
               bool (*each)(void *data, const char *key, struct json_object *body), void *data);

#endif
