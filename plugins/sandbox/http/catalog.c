/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogs over REST, and their workspace bindings. https://docs.databricks.com/api/workspace/catalogs */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/keep.h"
#include "http/page.h"
#include "http/unity.h"

#include "base/banned.h"

static struct json_object *
render(struct request *request, const struct catalog *catalog) {
  struct json_object *out = unity_object(request, &catalog->object), *state = json_object_new_object();

  json_add_text(out, "id", catalog->object.uuid);
  json_add_text(out, "catalog_type", catalog->type);
  json_add_text(out, "isolation_mode", catalog->isolation_mode);
  json_add_text(out, "securable_type", "CATALOG");
  unity_add_known(out, "storage_root", catalog->storage_root);
  unity_add_known(out, "storage_location", catalog->storage_location);
  unity_add_known(out, "connection_name", catalog->connection_name);
  unity_add_known(out, "provider_name", catalog->provider_name);
  unity_add_known(out, "share_name", catalog->share_name);
  unity_add_json(out, "properties", catalog->properties);
  unity_add_json(out, "options", catalog->options);
  json_add_text(state, "state", "ACTIVE");
  json_object_object_add(out, "provisioning_info", state);
  json_add_bool(out, "accessible_in_current_workspace", true);
  unity_add_optimization(request, out, &catalog->object, catalog->predictive_optimization);
  return out;
}

static struct json_object *
list_catalogs(struct request *request) {
  struct json_object *list;
  struct catalog *catalogs;
  struct page page;
  size_t count;
  bool browse;

  if (!page_begin(request, "max_results", PAGE_OR_ALL, &page) ||
      !query_bool(request, "include_browse", false, &browse) ||
      !catalog_list(&request->session, &page, &catalogs, &count))
    return NULL;
  list = json_object_new_array();
  for (size_t i = 0; i < count; i++)
    if (unity_shows(&catalogs[i].object, browse)) json_object_array_add(list, render(request, &catalogs[i]));
  return unity_page(request, "catalogs", list, &page);
}

static struct json_object *
create_catalog(struct request *request) {
  struct json_object *body = request_json(request);
  struct catalog_spec spec = {0};
  struct catalog catalog;

  if (!body || !(spec.name = body_required(request, body, "name")) ||
      !body_text(request, body, "comment", &spec.comment) ||
      !body_text(request, body, "storage_root", &spec.storage_root) ||
      !body_text(request, body, "connection_name", &spec.connection_name) ||
      !body_text(request, body, "provider_name", &spec.provider_name) ||
      !body_text(request, body, "share_name", &spec.share_name) ||
      !unity_body_map(request, body, "properties", &spec.properties) ||
      !unity_body_map(request, body, "options", &spec.options))
    return NULL;
  return catalog_create(&request->session, &spec, &catalog) ? render(request, &catalog) : NULL;
}

static struct json_object *
get_catalog(struct request *request) {
  struct catalog catalog;

  if (!catalog_get(&request->session, request->params[0], &catalog) ||
      !unity_allow_browse(request, &catalog.object))
    return NULL;
  return render(request, &catalog);
}

static struct json_object *
patch_catalog(struct request *request) {
  struct json_object *body = request_json(request);
  struct securable object;
  struct catalog catalog;
  struct patch patch = {0};
  struct name name;

  if (!body || !unity_patch(request, body, &patch) || !unity_name(request, SEC_CATALOG, &name) ||
      !securable_update(&request->session, SEC_CATALOG, &name, &patch, &object) ||
      !catalog_get(&request->session, object.name, &catalog))
    return NULL;
  return render(request, &catalog);
}

static struct json_object *
delete_catalog(struct request *request) {
  bool force;

  if (!query_bool(request, "force", false, &force) ||
      !catalog_drop(&request->session, request->params[0], force))
    return NULL;
  return unity_done();
}

/* Bindings: which workspaces may use an isolated securable. There is one workspace here, so they are only
 * kept. */

#define BINDING "binding"

static struct json_object *
default_bindings(void) {
  struct json_object *list = json_object_new_array(), *own = json_object_new_object();

  json_add_int(own, "workspace_id", SANDBOX_WORKSPACE_NUMBER);
  json_add_text(own, "binding_type", "BINDING_TYPE_READ_WRITE");
  json_object_array_add(list, own);
  return list;
}

static bool
bound_object(struct request *request, struct securable *out, const char **key) {
  enum securable_kind kind;
  struct name name;

  if (!securable_kind_from_path(request->params[0], &kind) ||
      (kind != SEC_CATALOG && kind != SEC_EXTERNAL_LOCATION && kind != SEC_STORAGE_CREDENTIAL))
    return reply_invalid(request, "Securable type %s has no workspace bindings.", request->params[0]);
  if (!name_split(&request->session, kind, request->params[1], &name) ||
      !securable_get(&request->session, kind, &name, out))
    return false;
  *key = arena_printf(request->arena, "%lld", (long long)out->id);
  return true;
}

static struct json_object *
get_bindings(struct request *request) {
  struct json_object *out, *list;
  struct securable object;
  const char *key;

  if (!bound_object(request, &object, &key)) return NULL;
  list = keep_get(&request->session, BINDING, key);
  out = json_object_new_object();
  json_object_object_add(out, "bindings", list ? list : default_bindings());
  return out;
}

static int
find_binding(struct json_object *list, int64_t workspace) {
  for (size_t i = 0; i < json_length(list); i++)
    if (json_get_int(json_item(list, i), "workspace_id", 0) == workspace) return (int)i;
  return -1;
}

static bool
change_bindings(struct request *request, struct json_object *list, struct json_object *changes, bool add) {
  static const char *const types[] = {"BINDING_TYPE_READ_WRITE", "BINDING_TYPE_READ_ONLY"};

  for (size_t i = 0; i < json_length(changes); i++) {
    struct json_object *change = json_item(changes, i), *binding;
    const char *type = types[0];
    int64_t workspace = 0;
    int at;

    if (!body_int(request, change, "workspace_id", &workspace) ||
        !body_choice(request, change, "binding_type", types, ARRAY_SIZE(types), &type))
      return false;
    if (workspace <= 0) return reply_invalid(request, "Every binding needs a workspace_id.");
    at = find_binding(list, workspace);
    if (at >= 0) json_object_array_del_idx(list, (size_t)at, 1);
    if (!add) continue;
    binding = json_object_new_object();
    json_add_int(binding, "workspace_id", workspace);
    json_add_text(binding, "binding_type", type);
    json_object_array_add(list, binding);
  }
  return true;
}

static struct json_object *
patch_bindings(struct request *request) {
  struct json_object *body = request_json(request), *add = NULL, *remove = NULL, *list, *out;
  struct securable object;
  const char *key;

  if (!body || !body_array(request, body, "add", &add) || !body_array(request, body, "remove", &remove) ||
      !bound_object(request, &object, &key) || !access_require_manage(&request->session, &object))
    return NULL;
  list = keep_get(&request->session, BINDING, key);
  if (!list) list = default_bindings();
  if (!change_bindings(request, list, remove, false) || !change_bindings(request, list, add, true)) {
    json_object_put(list);
    return NULL;
  }
  keep_put(&request->session, BINDING, key, list);
  out = json_object_new_object();
  json_object_object_add(out, "bindings", list);
  return out;
}

const struct route catalog_routes[] = {
    ROUTE_WORK("GET", UC "catalogs", list_catalogs),
    ROUTE_WORK("POST", UC "catalogs", create_catalog),
    ROUTE_WORK("GET", UC "catalogs/{}", get_catalog),
    ROUTE_WORK("PATCH", UC "catalogs/{}", patch_catalog),
    ROUTE_WORK("DELETE", UC "catalogs/{}", delete_catalog),
    ROUTE_WORK("GET", UC "bindings/{}/{}", get_bindings),
    ROUTE_WORK("PATCH", UC "bindings/{}/{}", patch_bindings),
    ROUTE_END,
};
