/* SPDX-License-Identifier: Apache-2.0 */
/* Workspace bindings: which workspaces may use an isolated securable; the store keeps to them.
 * https://docs.databricks.com/api/workspace/workspacebindings */
#include "base/arena.h"
#include "base/str.h"
#include "http/unity.h"

#include "base/banned.h"

/* Whoever manages the object may do so from a workspace that it is not bound to, too. */
static bool
bound_object(struct request *request, struct securable *out)
{
  enum securable_kind kind;
  struct name name;

  if (!securable_kind_from_path(request->params[0], &kind) ||
      (kind != SEC_CATALOG && kind != SEC_EXTERNAL_LOCATION && kind != SEC_STORAGE_CREDENTIAL))
    return reply_invalid(request, "Securable type %s has no workspace bindings.", request->params[0]);
  request->session.unbound = true;
  return name_split(&request->session, kind, request->params[1], &name) &&
         securable_get(&request->session, kind, &name, out);
}

/* What is bound nowhere is open to the workspace that asks. */
static struct json_object *
render_bindings(struct request *request, const struct securable *object)
{
  struct json_object *out = json_object_new_object(), *list = json_object_new_array();
  struct workspace_binding own = {request->sandbox->workspace_number, BINDING_WRITE}, *bound;
  size_t count;

  binding_list(&request->session, object->id, &bound, &count);
  for (size_t i = 0; i < (count ? count : 1); i++) {
    const struct workspace_binding *at = count ? &bound[i] : &own;
    struct json_object *binding = json_object_new_object();

    json_add_int(binding, "workspace_id", at->workspace);
    json_add_text(binding, "binding_type",
                  at->binding == BINDING_WRITE ? "BINDING_TYPE_READ_WRITE" : "BINDING_TYPE_READ_ONLY");
    json_object_array_add(list, binding);
  }
  json_object_object_add(out, "bindings", list);
  return out;
}

static struct json_object *
get_bindings(struct request *request)
{
  struct securable object;

  return bound_object(request, &object) ? render_bindings(request, &object) : NULL;
}

static bool
change_bindings(struct request *request, const struct securable *object, struct json_object *changes,
                bool add)
{
  static const char *const types[] = {"BINDING_TYPE_READ_WRITE", "BINDING_TYPE_READ_ONLY"};

  for (size_t i = 0; i < json_length(changes); i++) {
    struct json_object *change = json_item(changes, i);
    const char *type = types[0];
    int64_t workspace = 0;

    if (!body_int(request, change, "workspace_id", &workspace) ||
        !body_choice(request, change, "binding_type", types, ARRAY_SIZE(types), &type))
      return false;
    if (workspace <= 0) return reply_invalid(request, "Every binding needs a workspace_id.");
    binding_set(&request->session, object->id, workspace,
                !add                     ? BINDING_NONE
                : str_eq(type, types[0]) ? BINDING_WRITE
                                         : BINDING_READ);
  }
  return true;
}

/* Changing begins with what GET tells: the workspace that asks, where nothing is bound yet. */
static bool
change_both(struct request *request, const struct securable *object, struct json_object *add,
            struct json_object *remove)
{
  if (!access_require_manage(&request->session, object)) return false;
  binding_isolate(&request->session, object->id);
  return change_bindings(request, object, remove, false) && change_bindings(request, object, add, true);
}

static struct json_object *
patch_bindings(struct request *request)
{
  struct json_object *body = request_json(request), *add = NULL, *remove = NULL;
  struct securable object;

  if (!body || !body_array(request, body, "add", &add) || !body_array(request, body, "remove", &remove) ||
      !bound_object(request, &object) || !change_both(request, &object, add, remove))
    return NULL;
  return render_bindings(request, &object);
}

/* The older form, for catalogs only: bare workspace numbers. */
static struct json_object *
render_numbers(struct request *request, const struct securable *object)
{
  struct json_object *out = json_object_new_object(), *list = json_object_new_array();
  CLEANUP_JSON struct json_object *all = render_bindings(request, object);
  struct json_object *bindings = json_get_array(all, "bindings");

  for (size_t i = 0; i < json_length(bindings); i++)
    json_object_array_add(list, json_object_get(json_get(json_item(bindings, i), "workspace_id")));
  json_object_object_add(out, "workspaces", list);
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
bound_catalog(struct request *request, struct securable *out)
{
  request->params[1] = request->params[0];
  request->params[0] = "catalog";
  return bound_object(request, out);
}

static struct json_object *
get_workspaces(struct request *request)
{
  struct securable object;

  return bound_catalog(request, &object) ? render_numbers(request, &object) : NULL;
}

static struct json_object *
patch_workspaces(struct request *request)
{
  CLEANUP_JSON struct json_object *add = NULL, *remove = NULL;
  struct json_object *body = request_json(request);
  struct securable object;

  if (!body || !(add = bindings_of(request, body, "assign_workspaces")) ||
      !(remove = bindings_of(request, body, "unassign_workspaces")) || !bound_catalog(request, &object) ||
      !change_both(request, &object, add, remove))
    return NULL;
  return render_numbers(request, &object);
}

const struct route binding_routes[] = {
    ROUTE_WORK("GET", UC "bindings/{}/{}", get_bindings),
    ROUTE_WORK("PATCH", UC "bindings/{}/{}", patch_bindings),
    ROUTE_WORK("GET", UC "workspace-bindings/catalogs/{}", get_workspaces),
    ROUTE_WORK("PATCH", UC "workspace-bindings/catalogs/{}", patch_workspaces),
    ROUTE_END,
};
