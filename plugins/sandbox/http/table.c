/* SPDX-License-Identifier: Apache-2.0 */
/* Relations and their constraints over REST. https://docs.databricks.com/api/workspace/tables. Almost
 * everything about a table is made by SQL; REST creates external Delta tables, changes owners, and reads. */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/page.h"
#include "http/table_json.h"
#include "http/unity.h"

#include "base/banned.h"

static struct json_object *
list_tables(struct request *request)
{
  const char *catalog = query_required(request, "catalog_name");
  const char *schema = catalog ? query_required(request, "schema_name") : NULL;
  bool browse, no_columns, no_properties, no_names;
  struct json_object *list;
  struct table_view view;
  struct table *tables;
  struct page page;
  size_t count;

  if (!schema || !page_begin(request, "max_results", PAGE_OR_ALL, &page) ||
      !query_bool(request, "include_browse", false, &browse) ||
      !query_bool(request, "omit_columns", false, &no_columns) ||
      !query_bool(request, "omit_properties", false, &no_properties) ||
      !query_bool(request, "omit_username", false, &no_names) ||
      !table_list(&request->session, catalog, schema, &page, &tables, &count))
    return NULL;
  view = (struct table_view){.columns = !no_columns, .properties = !no_properties, .usernames = !no_names};
  list = json_object_new_array();
  for (size_t i = 0; i < count; i++)
    if (unity_shows(&tables[i].object, browse))
      json_object_array_add(list, table_render(request, &tables[i], &view));
  return unity_page(request, "tables", list, &page);
}

static struct json_object *
list_summaries(struct request *request)
{
  const char *catalog = query_required(request, "catalog_name");
  struct json_object *list;
  struct table *tables;
  struct page page;
  size_t count;

  if (!catalog || !page_begin(request, "max_results", PAGE_ALWAYS, &page) ||
      !table_summaries(&request->session, catalog, query_text(request, "schema_name_pattern"),
                       query_text(request, "table_name_pattern"), &page, &tables, &count))
    return NULL;
  list = json_object_new_array();
  for (size_t i = 0; i < count; i++) {
    struct json_object *item = json_object_new_object();

    json_add_text(item, "full_name", tables[i].object.full_name);
    json_add_text(item, "table_type", tables[i].table_type);
    json_object_array_add(list, item);
  }
  return unity_page(request, "tables", list, &page);
}

static struct json_object *
render_one(struct request *request, const struct table *table)
{
  static const struct table_view all = {
      .columns = true, .properties = true, .usernames = true, .single = true};

  return table_render(request, table, &all);
}

static struct json_object *
get_table(struct request *request)
{
  struct table table;
  struct name name;

  if (!unity_name(request, SEC_TABLE, &name) || !table_get(&request->session, &name, &table) ||
      !unity_allow_browse(request, &table.object))
    return NULL;
  return render_one(request, &table);
}

static struct json_object *
get_exists(struct request *request)
{
  struct session *session = &request->session;
  struct json_object *out;
  struct securable object;
  struct name name;
  bool exists;

  if (!unity_name(request, SEC_TABLE, &name)) return NULL;
  exists = securable_find(session, SEC_TABLE, &name, &object);
  if (exists && !access_require_way(session, &object)) return NULL;
  out = json_object_new_object();
  json_add_bool(out, "table_exists", exists);
  return out;
}

static struct json_object *
create_table(struct request *request)
{
  struct json_object *body = request_json(request);
  struct table table = {.properties = "{}"};
  struct securable *object = &table.object;
  const char *properties = NULL;
  struct name name;

  if (!body || !(object->name = body_required(request, body, "name")) ||
      !(object->catalog_name = body_required(request, body, "catalog_name")) ||
      !(object->schema_name = body_required(request, body, "schema_name")) ||
      !(table.table_type = body_required(request, body, "table_type")) ||
      !(table.data_source_format = body_required(request, body, "data_source_format")) ||
      !(table.storage_location = body_required(request, body, "storage_location")) ||
      !unity_body_map(request, body, "properties", &properties) || !table_read_columns(request, body, &table))
    return NULL;
  if (strcmp(table.table_type, "EXTERNAL") != 0 || strcmp(table.data_source_format, "DELTA") != 0) {
    reply_invalid(request,
                  "Only tables of type EXTERNAL and format DELTA can be created by this API, not %s %s; use "
                  "CREATE TABLE.",
                  table.table_type, table.data_source_format);
    return NULL;
  }
  object->kind = SEC_TABLE;
  if (properties) table.properties = properties;
  if (!table_create_external(&request->session, &table) ||
      !name_split(&request->session, SEC_TABLE, table.object.full_name, &name) ||
      !table_get(&request->session, &name, &table))
    return NULL;
  return render_one(request, &table);
}

static struct json_object *
patch_table(struct request *request)
{
  struct json_object *body = request_json(request);
  struct patch patch = {0};
  struct table table;
  struct name name;

  if (!body || !body_text(request, body, "owner", &patch.owner) || !unity_name(request, SEC_TABLE, &name))
    return NULL;
  if (!patch.owner) {
    reply_invalid(request, "UpdateTable: only owner can be changed by this API, and it is missing.");
    return NULL;
  }
  if (!securable_update(&request->session, SEC_TABLE, &name, &patch, NULL) ||
      !table_get(&request->session, &name, &table))
    return NULL;
  return render_one(request, &table);
}

static struct json_object *
delete_table(struct request *request)
{
  struct name name;

  if (!unity_name(request, SEC_TABLE, &name) || !table_drop(&request->session, &name)) return NULL;
  return unity_done();
}

/* Constraints. https://docs.databricks.com/api/workspace/tableconstraints */

static bool
read_columns(struct request *request, struct json_object *body, const char *key, const char ***out,
             size_t *count)
{
  struct json_object *list = NULL;

  if (!body_array(request, body, key, &list)) return false;
  *out = arena_array(request->arena, json_length(list) + 1, sizeof **out);
  *count = json_length(list);
  for (size_t i = 0; i < *count; i++) {
    if (!json_object_is_type(json_item(list, i), json_type_string))
      return reply_error(request, 400, "MALFORMED_REQUEST",
                         "Could not parse request object: %s must hold strings", key);
    (*out)[i] = json_object_get_string(json_item(list, i));
  }
  return true;
}

static bool
read_constraint(struct request *request, struct json_object *body, struct constraint *out)
{
  struct json_object *primary = NULL, *foreign = NULL, *named = NULL, *one;
  const char **series = NULL;
  size_t series_count = 0;

  if (!body_object(request, body, "primary_key_constraint", &primary) ||
      !body_object(request, body, "foreign_key_constraint", &foreign) ||
      !body_object(request, body, "named_table_constraint", &named))
    return false;
  if (!!primary + !!foreign + !!named != 1)
    return reply_invalid(
        request, "constraint must hold exactly one of primary_key_constraint, foreign_key_constraint, "
                 "named_table_constraint.");
  if (named)
    return reply_invalid(request, "A named_table_constraint cannot be created by this API; use ALTER TABLE.");
  one = primary ? primary : foreign;
  out->kind = primary ? CONSTRAINT_PRIMARY_KEY : CONSTRAINT_FOREIGN_KEY;
  if (!(out->name = body_required(request, one, "name")) || !body_bool(request, one, "rely", &out->rely) ||
      !read_columns(request, one, "child_columns", &out->columns, &out->column_count) ||
      !read_columns(request, one, "parent_columns", &out->parent_columns, &out->parent_count) ||
      !read_columns(request, one, "timeseries_columns", &series, &series_count))
    return false;
  if (out->column_count == 0) return reply_invalid(request, "child_columns must name at least one column.");
  if (series_count > 0) out->timeseries = series[0];
  if (primary) return true;
  return (out->parent_table = body_required(request, one, "parent_table")) != NULL;
}

static struct json_object *
create_constraint(struct request *request)
{
  struct json_object *body = request_json(request), *object = NULL;
  struct constraint constraint = {0};
  struct table table;
  struct name name;
  const char *full;

  if (!body || !(full = body_required(request, body, "full_name_arg")) ||
      !body_object(request, body, "constraint", &object))
    return NULL;
  if (!object) {
    reply_invalid(request, "Missing required field: constraint");
    return NULL;
  }
  if (!read_constraint(request, object, &constraint) ||
      !name_split(&request->session, SEC_TABLE, full, &name) ||
      !table_open(&request->session, &name, NULL, &table) ||
      !constraint_add(&request->session, &table, &constraint))
    return NULL;
  return constraint_render(&constraint);
}

static struct json_object *
delete_constraint(struct request *request)
{
  const char *constraint = query_required(request, "constraint_name");
  struct table table;
  struct name name;
  bool cascade;

  if (!constraint || !query_required(request, "cascade") ||
      !query_bool(request, "cascade", false, &cascade) || !unity_name(request, SEC_TABLE, &name) ||
      !table_open(&request->session, &name, NULL, &table))
    return NULL;
  if (constraint_drop(&request->session, &table, constraint, cascade)) return unity_done();
  if (!request->session.fault.error_class)
    reply_missing(request, "Constraint '%s' does not exist on table '%s'.", constraint,
                  table.object.full_name);
  return NULL;
}

const struct route table_routes[] = {
    ROUTE_WORK("GET", UC "tables", list_tables),
    ROUTE_WORK("POST", UC "tables", create_table),
    ROUTE_WORK("GET", UC "tables/{}", get_table),
    ROUTE_WORK("PATCH", UC "tables/{}", patch_table),
    ROUTE_WORK("DELETE", UC "tables/{}", delete_table),
    ROUTE_WORK("GET", UC "tables/{}/exists", get_exists),
    ROUTE_WORK("GET", UC "table-summaries", list_summaries),
    ROUTE_WORK("POST", UC "constraints", create_constraint),
    ROUTE_WORK("DELETE", UC "constraints/{}", delete_constraint),
    ROUTE_END,
};
