/* SPDX-License-Identifier: Apache-2.0 */
/* Schemas over REST. https://docs.databricks.com/api/workspace/schemas */
#include <string.h>

#include "http/page.h"
#include "http/unity.h"

#include "base/banned.h"

static struct json_object *
render(struct request *request, const struct schema *schema)
{
  struct json_object *out = unity_object(request, &schema->object);

  unity_add_known(out, "catalog_name", schema->object.catalog_name);
  unity_add_known(out, "catalog_type", schema->catalog_type);
  json_add_text(out, "schema_id", schema->object.uuid);
  unity_add_known(out, "storage_root", schema->storage_root);
  unity_add_known(out, "storage_location", schema->storage_location);
  unity_add_json(out, "properties", schema->properties);
  unity_add_optimization(request, out, &schema->object, schema->predictive_optimization);
  return out;
}

static struct json_object *
list_schemas(struct request *request)
{
  const char *catalog = query_required(request, "catalog_name");
  struct json_object *list;
  struct schema *schemas;
  struct page page;
  size_t count;
  bool browse;

  if (!catalog || !page_begin(request, "max_results", PAGE_OR_ALL, &page) ||
      !query_bool(request, "include_browse", false, &browse) ||
      !schema_list(&request->session, catalog, &page, &schemas, &count))
    return NULL;
  list = json_object_new_array();
  for (size_t i = 0; i < count; i++)
    if (unity_shows(&schemas[i].object, browse)) json_object_array_add(list, render(request, &schemas[i]));
  return unity_page(request, "schemas", list, &page);
}

static struct json_object *
create_schema(struct request *request)
{
  struct json_object *body = request_json(request);
  struct schema_spec spec = {0};
  struct schema schema;

  if (!body || !(spec.name = body_required(request, body, "name")) ||
      !(spec.catalog_name = body_required(request, body, "catalog_name")) ||
      !body_text(request, body, "comment", &spec.comment) ||
      !body_text(request, body, "storage_root", &spec.storage_root) ||
      !unity_body_map(request, body, "properties", &spec.properties))
    return NULL;
  return schema_create(&request->session, &spec, &schema) ? render(request, &schema) : NULL;
}

static struct json_object *
get_schema(struct request *request)
{
  struct schema schema;
  struct name name;

  if (!unity_name(request, SEC_SCHEMA, &name) || !schema_get(&request->session, &name, &schema) ||
      !unity_allow_browse(request, &schema.object))
    return NULL;
  return render(request, &schema);
}

static struct json_object *
patch_schema(struct request *request)
{
  struct json_object *body = request_json(request);
  struct patch patch = {0};
  struct securable object;
  struct schema schema;
  struct name name;

  if (!body || !unity_patch(request, body, &patch) || !unity_name(request, SEC_SCHEMA, &name) ||
      !securable_update(&request->session, SEC_SCHEMA, &name, &patch, &object) ||
      !name_split(&request->session, SEC_SCHEMA, object.full_name, &name) ||
      !schema_get(&request->session, &name, &schema))
    return NULL;
  return render(request, &schema);
}

static struct json_object *
delete_schema(struct request *request)
{
  struct name name;
  bool force;

  if (!query_bool(request, "force", false, &force) || !unity_name(request, SEC_SCHEMA, &name) ||
      !schema_drop(&request->session, &name, force))
    return NULL;
  return unity_done();
}

const struct route schema_routes[] = {
    ROUTE_WORK("GET", UC "schemas", list_schemas),        ROUTE_WORK("POST", UC "schemas", create_schema),
    ROUTE_WORK("GET", UC "schemas/{}", get_schema),       ROUTE_WORK("PATCH", UC "schemas/{}", patch_schema),
    ROUTE_WORK("DELETE", UC "schemas/{}", delete_schema), ROUTE_END,
};
