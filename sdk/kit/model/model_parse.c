/* SPDX-License-Identifier: Apache-2.0 */
/* The service's JSON into the model. Unknown members and values pass; absent ones stay NULL. */
#include "base/json.h"
#include "base/str.h"
#include "kit/model/model.h"

#include "base/banned.h"

static const char *
text_of(struct model_catalog *model, struct json_object *json, const char *key)
{
  return model_text(model, json_get_text(json, key));
}

/* Long and hardly ever repeated: not worth a place among the shared texts. */
static const char *
body_of(struct model_catalog *model, struct json_object *json, const char *key)
{
  return arena_strdup(model->arena, json_get_text(json, key));
}

/* A member kept as JSON; empty objects and arrays say nothing. */
static const char *
json_of(struct model_catalog *model, struct json_object *json, const char *key)
{
  struct json_object *member = json_get(json, key);

  if (!member || (json_object_is_type(member, json_type_object) && json_object_object_length(member) == 0) ||
      (json_object_is_type(member, json_type_array) && json_length(member) == 0))
    return NULL;
  return arena_strdup(model->arena, json_text(member));
}

/* The kind of a thing decides what may be done to it, so it is never left open. */
static const char *
type_of(struct model_catalog *model, struct json_object *json, const char *key)
{
  const char *type = json_get_text(json, key);

  return model_text(model, type && *type ? type : "UNKNOWN");
}

static bool
parse_item(struct model_catalog *model, struct json_object *json, struct model_item *item)
{
  const char *comment = json_get_text(json, "comment");

  item->name = text_of(model, json, "name");
  item->owner = text_of(model, json, "owner");
  item->comment = comment && *comment ? arena_strdup(model->arena, comment) : NULL;
  item->created_at = json_get_int(json, "created_at", 0);
  item->updated_at = json_get_int(json, "updated_at", 0);
  return item->name && *item->name;
}

static void
parse_properties(struct model_catalog *model, struct json_object *json,
                 const struct model_property **properties, uint32_t *count)
{
  struct json_object *members = json_get_object(json, "properties"), *value;
  struct model_property *list;
  const char *key;
  void *at = NULL;

  *count = 0;
  if (!members || !json_object_object_length(members)) return;
  list = arena_array(model->arena, (size_t)json_object_object_length(members), sizeof *list);
  while (json_next(members, &at, &key, &value)) {
    list[*count].key = model_text(model, key);
    list[(*count)++].value = model_text(model, value ? json_object_get_string(value) : NULL);
  }
  *properties = list;
}

bool
model_parse_catalog(struct model_catalog *model, struct json_object *json)
{
  model->type = text_of(model, json, "catalog_type");
  model->storage_root = text_of(model, json, "storage_root");
  model->isolation_mode = text_of(model, json, "isolation_mode");
  parse_properties(model, json, &model->properties, &model->property_count);
  return parse_item(model, json, &model->item);
}

bool
model_parse_schema(struct model_catalog *model, struct json_object *json, struct model_schema *schema)
{
  schema->storage_root = text_of(model, json, "storage_root");
  parse_properties(model, json, &schema->properties, &schema->property_count);
  return parse_item(model, json, &schema->item);
}

/* `"metadata":` with a member behind it, or NOT NULL inside a struct. */
static bool
says_more(const char *type_json)
{
  static const char metadata[] = "\"metadata\"";

  if (strstr(type_json, "\"fields\"") && strstr(type_json, "\"nullable\":false")) return true;
  for (const char *at = type_json; (at = strstr(at, metadata)) != NULL;) {
    at += strlen(metadata);
    at += strspn(at, ": \t\r\n");
    if (*at == '{' && at[1 + strspn(at + 1, " \t\r\n")] == '"') return true;
  }
  return false;
}

static void
parse_column(struct model_catalog *model, struct json_object *json, struct model_column *column)
{
  const char *type_json = json_get_text(json, "type_json");

  column->name = text_of(model, json, "name");
  if (!column->name) column->name = "";
  column->type_text = text_of(model, json, "type_text");
  column->comment = text_of(model, json, "comment");
  column->mask = json_of(model, json, "mask");
  column->partition_index = (int32_t)json_get_int(json, "partition_index", -1);
  column->not_null = !json_get_bool(json, "nullable", true);
  if (type_json && says_more(type_json)) column->type_json = arena_strdup(model->arena, type_json);
}

static int
compare_positions(const void *a, const void *b)
{
  int64_t first = json_get_int(*(struct json_object *const *)a, "position", 0);
  int64_t second = json_get_int(*(struct json_object *const *)b, "position", 0);

  return (first > second) - (first < second);
}

bool
model_parse_table(struct model_catalog *model, struct json_object *json, struct model_table *table)
{
  struct json_object *columns = json_get_array(json, "columns");
  struct model_column *list;

  table->type = type_of(model, json, "table_type");
  table->format = text_of(model, json, "data_source_format");
  table->storage_location = body_of(model, json, "storage_location");
  table->view_definition = body_of(model, json, "view_definition");
  table->sql_path = text_of(model, json, "sql_path");
  table->row_filter = json_of(model, json, "row_filter");
  table->constraints = json_of(model, json, "table_constraints");
  table->dependencies = json_of(model, json, "view_dependencies");
  parse_properties(model, json, &table->properties, &table->property_count);
  table->column_count = (uint32_t)json_length(columns);
  if (columns) json_object_array_sort(columns, compare_positions);
  list = arena_array(model->arena, table->column_count, sizeof *list);
  for (uint32_t i = 0; i < table->column_count; i++)
    parse_column(model, json_item(columns, i), &list[i]);
  table->columns = list;
  return parse_item(model, json, &table->item);
}

static void
parse_parameters(struct model_catalog *model, struct json_object *json, const char *key,
                 const struct model_parameter **parameters, uint32_t *count)
{
  struct json_object *list = json_get_array(json_get_object(json, key), "parameters");
  struct model_parameter *out;

  *count = (uint32_t)json_length(list);
  if (list) json_object_array_sort(list, compare_positions);
  out = arena_array(model->arena, *count, sizeof *out);
  for (uint32_t i = 0; i < *count; i++) {
    struct json_object *parameter = json_item(list, i);

    out[i].name = text_of(model, parameter, "name");
    out[i].type_text = text_of(model, parameter, "type_text");
    out[i].default_value = text_of(model, parameter, "parameter_default");
    out[i].comment = text_of(model, parameter, "comment");
  }
  *parameters = out;
}

bool
model_parse_function(struct model_catalog *model, struct json_object *json, struct model_function *function)
{
  function->data_type = text_of(model, json, "data_type");
  function->full_data_type = text_of(model, json, "full_data_type");
  function->body = text_of(model, json, "routine_body");
  function->definition = body_of(model, json, "routine_definition");
  function->language = text_of(model, json, "external_language");
  function->data_access = text_of(model, json, "sql_data_access");
  function->sql_path = text_of(model, json, "sql_path");
  function->deterministic = -1;
  if (json_get(json, "is_deterministic"))
    function->deterministic = json_get_bool(json, "is_deterministic", false) ? 1 : 0;
  parse_parameters(model, json, "input_params", &function->parameters, &function->parameter_count);
  parse_parameters(model, json, "return_params", &function->returns, &function->return_count);
  return parse_item(model, json, &function->item);
}

bool
model_parse_volume(struct model_catalog *model, struct json_object *json, struct model_volume *volume)
{
  volume->type = type_of(model, json, "volume_type");
  volume->storage_location = text_of(model, json, "storage_location");
  return parse_item(model, json, &volume->item);
}
