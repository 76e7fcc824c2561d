/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogs over REST. https://docs.databricks.com/api/workspace/catalogs */
#include <string.h>

#include "http/page.h"
#include "http/unity.h"

#include "base/banned.h"

static struct json_object *
render(struct request *request, const struct catalog *catalog)
{
  struct json_object *out = unity_object(request, &catalog->object), *state = json_object_new_object();
  bool unbound = request->session.unbound, bound;

  request->session.unbound = false;
  bound = binding_of(&request->session, &catalog->object) != BINDING_NONE;
  request->session.unbound = unbound;
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
  json_add_bool(out, "accessible_in_current_workspace", bound);
  unity_add_optimization(request, out, &catalog->object, catalog->predictive_optimization);
  return out;
}

/* Catalogs of other workspaces are for those who administer the metastore. */
static bool
read_unbound(struct request *request)
{
  bool unbound;

  if (!query_bool(request, "include_unbound", false, &unbound)) return false;
  request->session.unbound = unbound && request->session.admin;
  return true;
}

static struct json_object *
list_catalogs(struct request *request)
{
  struct json_object *list;
  struct catalog *catalogs;
  struct page page;
  size_t count;
  bool browse;

  if (!page_begin(request, "max_results", PAGE_OR_ALL, &page) ||
      !query_bool(request, "include_browse", false, &browse) || !read_unbound(request) ||
      !catalog_list(&request->session, &page, &catalogs, &count))
    return NULL;
  list = json_object_new_array();
  for (size_t i = 0; i < count; i++)
    if (unity_shows(&catalogs[i].object, browse)) json_object_array_add(list, render(request, &catalogs[i]));
  return unity_page(request, "catalogs", list, &page);
}

static struct json_object *
create_catalog(struct request *request)
{
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
get_catalog(struct request *request)
{
  struct catalog catalog;

  if (!catalog_get(&request->session, request->params[0], &catalog) ||
      !unity_allow_browse(request, &catalog.object))
    return NULL;
  return render(request, &catalog);
}

static struct json_object *
patch_catalog(struct request *request)
{
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
delete_catalog(struct request *request)
{
  bool force;

  if (!query_bool(request, "force", false, &force) ||
      !catalog_drop(&request->session, request->params[0], force))
    return NULL;
  return unity_done();
}

const struct route catalog_routes[] = {
    ROUTE_WORK("GET", UC "catalogs", list_catalogs),
    ROUTE_WORK("POST", UC "catalogs", create_catalog),
    ROUTE_WORK("GET", UC "catalogs/{}", get_catalog),
    ROUTE_WORK("PATCH", UC "catalogs/{}", patch_catalog),
    ROUTE_WORK("DELETE", UC "catalogs/{}", delete_catalog),
    ROUTE_END,
};
