/* SPDX-License-Identifier: Apache-2.0 */
/* Tables and columns between store/'s structs and REST's objects. It must not know endpoints or privileges.
 */
#include "http/table_json.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/unity.h"
#include "query/type.h"

#include "base/banned.h"

static struct json_object *
text_list(const char *const *texts, size_t count)
{
  struct json_object *list = json_object_new_array();

  for (size_t i = 0; i < count; i++)
    json_object_array_add(list, json_object_new_string(texts[i]));
  return list;
}

/* Arguments of a filter or mask, twice: all of them, and those that are columns (the older member). */
static struct json_object *
render_policy(const struct policy *policy, const char *columns_key, const char *arguments_key)
{
  struct json_object *out = json_object_new_object(), *columns = json_object_new_array(),
                     *arguments = json_object_new_array();

  json_add_text(out, "function_name", policy->function_name);
  for (size_t i = 0; i < policy->argument_count; i++) {
    const struct policy_argument *argument = &policy->arguments[i];
    struct json_object *item = json_object_new_object();

    json_add_text(item, argument->column ? "column" : "constant",
                  argument->column ? argument->column : argument->constant);
    json_object_array_add(arguments, item);
    if (argument->column) json_object_array_add(columns, json_object_new_string(argument->column));
  }
  json_object_object_add(out, columns_key, columns);
  json_object_object_add(out, arguments_key, arguments);
  return out;
}

static struct json_object *
render_column(struct request *request, const struct column *column)
{
  struct json_object *out = json_object_new_object();

  json_add_text(out, "name", column->name);
  json_add_text(out, "type_text", column->type_text);
  json_add_text(out, "type_name", column->type_name);
  json_add_text(out, "type_json", column_field_json(request->arena, column));
  json_add_int(out, "type_precision", column->precision);
  json_add_int(out, "type_scale", column->scale);
  json_add_int(out, "position", column->position);
  json_add_bool(out, "nullable", column->nullable);
  unity_add_known(out, "comment", column->comment);
  if (column->partition_index >= 0) json_add_int(out, "partition_index", column->partition_index);
  if (column->mask)
    json_object_object_add(out, "mask", render_policy(column->mask, "using_column_names", "using_arguments"));
  return out;
}

struct json_object *
constraint_render(const struct constraint *constraint)
{
  static const char *const keys[] = {"primary_key_constraint", "foreign_key_constraint",
                                     "named_table_constraint"};
  struct json_object *out = json_object_new_object(), *body = json_object_new_object();

  json_add_text(body, "name", constraint->name);
  if (constraint->kind != CONSTRAINT_UNIQUE)
    json_object_object_add(body, "child_columns", text_list(constraint->columns, constraint->column_count));
  if (constraint->kind == CONSTRAINT_FOREIGN_KEY) {
    json_add_text(body, "parent_table", constraint->parent_table);
    json_object_object_add(body, "parent_columns",
                           text_list(constraint->parent_columns, constraint->parent_count));
  }
  if (constraint->kind == CONSTRAINT_PRIMARY_KEY && constraint->timeseries)
    json_object_object_add(body, "timeseries_columns", text_list(&constraint->timeseries, 1));
  if (constraint->kind != CONSTRAINT_UNIQUE) json_add_bool(body, "rely", constraint->rely);
  json_object_object_add(out, keys[constraint->kind], body);
  return out;
}

/* The service tells of clustering among the properties: [["a"],["b"]], a path for each column. */
static void
add_clustering(struct json_object *properties, const struct table *table)
{
  bool automatic = str_eq(table->clustering, "auto");
  CLEANUP_JSON struct json_object *names =
      automatic || !table->clustering ? NULL
                                      : json_parse(table->clustering, strlen(table->clustering), NULL, NULL);
  CLEANUP_JSON struct json_object *paths = json_object_new_array();

  for (size_t i = 0; i < json_length(names); i++) {
    struct json_object *path = json_object_new_array();

    json_object_array_add(path, json_object_get(json_item(names, i)));
    json_object_array_add(paths, path);
  }
  if (automatic) json_add_text(properties, "clusterByAuto", "true");
  if (json_length(names)) json_add_text(properties, "clusteringColumns", json_text(paths));
}

static void
add_properties(struct json_object *out, const struct table *table)
{
  unity_add_json(out, "properties", table->properties);
  if (!table->clustering) return;
  if (!json_get_object(out, "properties"))
    json_object_object_add(out, "properties", json_object_new_object());
  add_clustering(json_get_object(out, "properties"), table);
}

static void
add_single(struct json_object *out, const struct table *table)
{
  struct json_object *list;

  unity_add_json(out, "view_dependencies", table->view_dependencies);
  if (table->constraint_count == 0) return;
  list = json_object_new_array();
  for (size_t i = 0; i < table->constraint_count; i++)
    json_object_array_add(list, constraint_render(&table->constraints[i]));
  json_object_object_add(out, "table_constraints", list);
}

struct json_object *
table_render(struct request *request, const struct table *table, const struct table_view *view)
{
  struct json_object *out = unity_object(request, &table->object), *list, *runtime;

  unity_add_parents(out, &table->object);
  json_add_text(out, "table_id", table->object.uuid);
  json_add_text(out, "table_type", table->table_type);
  unity_add_known(out, "data_source_format", table->data_source_format);
  unity_add_known(out, "storage_location", table->storage_location);
  unity_add_known(out, "storage_credential_name", table->storage_credential_name);
  unity_add_known(out, "view_definition", table->view_definition);
  unity_add_known(out, "pipeline_id", table->pipeline_id);
  if (view->columns) {
    list = json_object_new_array();
    for (size_t i = 0; i < table->column_count; i++)
      json_object_array_add(list, render_column(request, &table->columns[i]));
    json_object_object_add(out, "columns", list);
  }
  if (view->properties) add_properties(out, table);
  if (table->row_filter)
    json_object_object_add(out, "row_filter",
                           render_policy(table->row_filter, "input_column_names", "input_arguments"));
  if (table_is_delta(table)) {
    runtime = json_object_new_object();
    json_object_object_add(runtime, "delta_runtime_properties", json_object_new_object());
    json_object_object_add(out, "delta_runtime_properties_kvpairs", runtime);
  }
  json_add_text(out, "enable_predictive_optimization", "INHERIT");
  if (view->single) add_single(out, table);
  if (!view->usernames) {
    json_object_object_del(out, "owner");
    json_object_object_del(out, "created_by");
    json_object_object_del(out, "updated_by");
  }
  return out;
}

const char *
type_alone_json(struct request *request, const struct sql_type *type)
{
  CLEANUP_JSON struct json_object *spark = type_spark(type);

  return arena_strdup(request->arena, json_text(spark));
}

/* One column of a CREATE body. type_text decides; type_json need only be there, as the service asks. */
static bool
read_column(struct request *request, struct json_object *item, struct column *column)
{
  const char *wanted;
  const struct sql_type *type;
  int64_t position = column->position, partition = -1;
  struct json_object *mask = NULL;

  column->nullable = true;
  column->name = body_required(request, item, "name");
  if (!column->name || !(wanted = body_required(request, item, "type_text")) ||
      !body_text(request, item, "comment", &column->comment) ||
      !body_bool(request, item, "nullable", &column->nullable) ||
      !body_int(request, item, "position", &position) ||
      !body_int(request, item, "partition_index", &partition) || !body_object(request, item, "mask", &mask))
    return false;
  if (mask) return reply_invalid(request, "CreateTable does not support column masks; use ALTER TABLE.");
  if (!(type = type_parse(&request->session, wanted))) return false;
  column->position = (int)position;
  column->partition_index = (int)partition;
  column->type_text = type_text(request->arena, type);
  column->type_name = type_name(type);
  column->type_json = type_alone_json(request, type);
  column->precision = type_precision(type);
  column->scale = type_scale(type);
  return true;
}

bool
table_read_columns(struct request *request, struct json_object *body, struct table *table)
{
  struct json_object *list = NULL;

  if (!body_array(request, body, "columns", &list)) return false;
  table->column_count = json_length(list);
  table->columns = arena_array(request->arena, table->column_count + 1, sizeof *table->columns);
  for (size_t i = 0; i < table->column_count; i++) {
    table->columns[i].position = (int)i;
    if (!read_column(request, json_item(list, i), &table->columns[i])) return false;
    for (size_t j = 0; j < i; j++)
      if (utf8_ieq(table->columns[i].name, table->columns[j].name))
        return reply_invalid(request, "Column %s is given twice.", table->columns[i].name);
  }
  return true;
}
