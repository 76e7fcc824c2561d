/* SPDX-License-Identifier: Apache-2.0 */
/* What the Unity Catalog endpoints share: the members that every object shows, and reading a PATCH.
 * https://docs.databricks.com/api/workspace/catalogs */
#ifndef CLXS_SANDBOX_HTTP_UNITY_H
#define CLXS_SANDBOX_HTTP_UNITY_H

#include <stdbool.h>

#include "base/json.h"
#include "http/request.h"
#include "http/route.h"
#include "store/store.h"

#define UC "/api/2.1/unity-catalog/"

/* A new object with name, full_name, owner, comment, dates, metastore_id and, where it applies, browse_only.
 */
struct json_object *unity_object(struct request *request, const struct securable *object);
/* Add the parents' names, for objects in schemas. */
void unity_add_parents(struct json_object *out, const struct securable *object);
/* Add TEXT that is JSON already under KEY; NULL adds nothing. */
void unity_add_json(struct json_object *out, const char *key, const char *text);
/* Add enable_predictive_optimization and what it comes to. */
void unity_add_optimization(struct request *request, struct json_object *out, const struct securable *object,
                            const char *own);
/* Add text unless it is NULL. */
void unity_add_known(struct json_object *out, const char *key, const char *text);
/* {"KEY": LIST} with the page's token; LIST is taken over. */
struct json_object *unity_page(struct request *request, const char *key, struct json_object *list,
                               const struct page *page);

/* The full name in the path, cut for KIND. False with a fault. */
bool unity_name(struct request *request, enum securable_kind kind, struct name *out);
/* Whether a list shows OBJECT: one visible by BROWSE alone only with include_browse=true. False with the
 * request failed only when *FAILED. */
bool unity_shows(const struct securable *object, bool include_browse);
/* Refuse what is visible by BROWSE alone unless the request says include_browse=true. */
bool unity_allow_browse(struct request *request, const struct securable *object);

/* Members of a body that must be objects of texts, as JSON text; NULL when absent. */
bool unity_body_map(struct request *request, struct json_object *body, const char *key, const char **out);
/* Read new_name, comment, owner, properties, options, isolation_mode and predictive optimization, as far as
 * BODY has them, into PATCH. False with the request failed. */
bool unity_patch(struct request *request, struct json_object *body, struct patch *patch);
/* {} as an answer. */
struct json_object *unity_done(void);

#endif
