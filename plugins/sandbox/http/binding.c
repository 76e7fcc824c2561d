/* SPDX-License-Identifier: Apache-2.0 */
/* Workspace bindings: which workspaces may use an isolated securable. There is one workspace here, so they
 * are only kept. https://docs.databricks.com/api/workspace/workspacebindings */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/keep.h"
#include "http/unity.h"

#include "base/banned.h"

#define BINDING "binding"

static struct json_object *
default_bindings(void)
{
  struct json_object *list = json_object_new_array(), *own = json_object_new_object();

  json_add_int(own, "workspace_id", SANDBOX_WORKSPACE_NUMBER);
  json_add_text(own, "binding_type", "BINDING_TYPE_READ_WRITE");
  json_object_array_add(list, own);
  return list;
}

static bool
bound_object(struct request *request, struct securable *out, const char **key)
{
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
get_bindings(struct request *request)
{
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
find_binding(struct json_object *list, int64_t workspace)
{
  for (size_t i = 0; i < json_length(list); i++)
    if (json_get_int(json_item(list, i), "workspace_id", 0) == workspace) return (int)i;
  return -1;
}

static bool
change_bindings(struct request *request, struct json_object *list, struct json_object *changes, bool add)
{
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

/* The bindings kept under KEY with the changes applied, kept again; NULL with the request failed. */
static struct json_object *
changed_bindings(struct request *request, const char *key, struct json_object *add,
                 struct json_object *remove)
{
  struct json_object *list = keep_get(&request->session, BINDING, key);

  if (!list) list = default_bindings();
  if (change_bindings(request, list, remove, false) && change_bindings(request, list, add, true)) {
    keep_put(&request->session, BINDING, key, list);
    return list;
  }
  json_object_put(list);
  return NULL;
}

static struct json_object *
patch_bindings(struct request *request)
{
  struct json_object *body = request_json(request), *add = NULL, *remove = NULL, *list, *out;
  struct securable object;
  const char *key;

  if (!body || !body_array(request, body, "add", &add) || !body_array(request, body, "remove", &remove) ||
      !bound_object(request, &object, &key) || !access_require_manage(&request->session, &object) ||
      !(list = changed_bindings(request, key, add, remove)))
    return NULL;
  out = json_object_new_object();
  json_object_object_add(out, "bindings", list);
  return out;
}

/* The older form, for catalogs only: bare workspace numbers. */
static struct json_object *
numbers_of(struct json_object *bindings)
{
  struct json_object *out = json_object_new_object(), *list = json_object_new_array();

  for (size_t i = 0; i < json_length(bindings); i++)
    json_object_array_add(list, json_object_get(json_get(json_item(bindings, i), "workspace_id")));
  json_object_object_add(out, "workspaces", list);
  json_object_put(bindings);
  return out;
}

/* Numbers in list KEY of BODY as bindings; NULL with the request failed. */
static struct json_object *
bindings_of(struct request *request, struct json_object *body, const char *key)
{
  struct json_object *numbers = NULL, *list;

  if (!body_array(request, body, key, &numbers)) return NULL;
  list = json_object_new_array();
  for (size_t i = 0; i < json_length(numbers); i++) {
    struct json_object *binding = json_object_new_object();

    json_object_object_add(binding, "workspace_id", json_object_get(json_item(numbers, i)));
    json_object_array_add(list, binding);
  }
  return list;
}

static bool
bound_catalog(struct request *request, struct securable *out, const char **key)
{
  request->params[1] = request->params[0];
  request->params[0] = "catalog";
  return bound_object(request, out, key);
}

static struct json_object *
get_workspaces(struct request *request)
{
  struct json_object *list;
  struct securable object;
  const char *key;

  if (!bound_catalog(request, &object, &key)) return NULL;
  list = keep_get(&request->session, BINDING, key);
  return numbers_of(list ? list : default_bindings());
}

static struct json_object *
patch_workspaces(struct request *request)
{
  CLEANUP_JSON struct json_object *add = NULL, *remove = NULL;
  struct json_object *body = request_json(request), *list;
  struct securable object;
  const char *key;

  if (!body || !(add = bindings_of(request, body, "assign_workspaces")) ||
      !(remove = bindings_of(request, body, "unassign_workspaces")) ||
      !bound_catalog(request, &object, &key) || !access_require_manage(&request->session, &object))
    return NULL;
  list = changed_bindings(request, key, add, remove);
  return list ? numbers_of(list) : NULL;
}

const struct route binding_routes[] = {
    ROUTE_WORK("GET", UC "bindings/{}/{}", get_bindings),
    ROUTE_WORK("PATCH", UC "bindings/{}/{}", patch_bindings),
    ROUTE_WORK("GET", UC "workspace-bindings/catalogs/{}", get_workspaces),
    ROUTE_WORK("PATCH", UC "workspace-bindings/catalogs/{}", patch_workspaces),
    ROUTE_END,
};
