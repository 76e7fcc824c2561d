/* SPDX-License-Identifier: Apache-2.0 */
/* DESCRIBE TABLE EXTENDED t AS JSON: one row with one document. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "show/internal.h"

#include "base/banned.h"

static struct json_object *
function_json(struct session *session, const char *full_name)
{
  struct json_object *object = json_object_new_object();
  struct name name = {0};

  if (!name_split(session, SEC_FUNCTION, full_name, &name)) fault_clear(session);
  json_add_text(object, "catalog_name", name.catalog);
  json_add_text(object, "schema_name", name.schema);
  json_add_text(object, "function_name", name.object);
  return object;
}

static struct json_object *
arguments_json(const struct policy *policy)
{
  struct json_object *list = json_object_new_array();

  for (size_t i = 0; i < policy->argument_count; i++) {
    const char *argument =
        policy->arguments[i].column ? policy->arguments[i].column : policy->arguments[i].constant;

    json_object_array_add(list, json_object_new_string(argument));
  }
  return list;
}

/* Spark's JSON of a type where it has parts, else {"name": "bigint"}. */
static struct json_object *
type_json(const struct column *column)
{
  struct json_object *type = json_parse(column->type_json, strlen(column->type_json), NULL, NULL);
  struct json_object *object;

  if (json_object_is_type(type, json_type_object)) return type;
  json_object_put(type);
  object = json_object_new_object();
  if (str_starts(column->type_text, "decimal")) {
    json_add_text(object, "name", "decimal");
    json_add_int(object, "precision", column->precision);
    json_add_int(object, "scale", column->scale);
  } else {
    json_add_text(object, "name", column->type_text);
  }
  return object;
}

static struct json_object *
columns_json(const struct table *table)
{
  struct json_object *list = json_object_new_array();

  for (size_t i = 0; i < table->column_count; i++) {
    const struct column *column = &table->columns[i];
    struct json_object *item = json_object_new_object();

    json_add_text(item, "name", column->name);
    json_object_object_add(item, "type", type_json(column));
    if (column->comment) json_add_text(item, "comment", column->comment);
    json_add_bool(item, "nullable", column->nullable);
    if (column->default_sql) json_add_text(item, "default", column->default_sql);
    json_object_array_add(list, item);
  }
  return list;
}

static struct json_object *
masks_json(struct session *session, const struct table *table)
{
  struct json_object *list = json_object_new_array();

  for (size_t i = 0; i < table->column_count; i++) {
    const struct policy *mask = table->columns[i].mask;
    struct json_object *item;

    if (!mask) continue;
    item = json_object_new_object();
    json_add_text(item, "column_name", table->columns[i].name);
    json_object_object_add(item, "function_name", function_json(session, mask->function_name));
    json_object_object_add(item, "using_column_names", arguments_json(mask));
    json_object_array_add(list, item);
  }
  return list;
}

static void
add_quoted(struct buf *text, const char *const *names, size_t count)
{
  buf_add_char(text, '(');
  for (size_t i = 0; i < count; i++) {
    buf_add_text(text, i > 0 ? ", `" : "`");
    for (const char *c = names[i]; *c; c++) {
      if (*c == '`') buf_add_char(text, '`');
      buf_add_char(text, *c);
    }
    buf_add_char(text, '`');
  }
  buf_add_char(text, ')');
}

/* [(pk,PRIMARY KEY (`a`)), (fk,FOREIGN KEY (`x`) REFERENCES `c`.`s`.`t` (`a`))], a text as the service has
 * it. */
static void
add_constraints(struct session *session, struct buf *text, const struct table *table)
{
  static const char *const kinds[] = {"PRIMARY KEY ", "FOREIGN KEY ", "UNIQUE "};

  buf_add_char(text, '[');
  for (size_t i = 0; i < table->constraint_count; i++) {
    const struct constraint *constraint = &table->constraints[i];
    struct name parent = {0};

    buf_addf(text, "%s(%s,%s", i > 0 ? ", " : "", constraint->name, kinds[constraint->kind]);
    add_quoted(text, constraint->columns, constraint->column_count);
    if (constraint->parent_table && name_split(session, SEC_TABLE, constraint->parent_table, &parent)) {
      buf_addf(text, " REFERENCES %s ", name_quoted(session, &parent));
      add_quoted(text, constraint->parent_columns, constraint->parent_count);
    }
    buf_add_char(text, ')');
  }
  buf_add_char(text, ']');
}

static void
add_policies(struct session *session, struct json_object *document, const struct table *table)
{
  struct json_object *masks = masks_json(session, table);
  CLEANUP_BUF struct buf constraints = BUF_INIT(BUF_LARGE);

  if (table->row_filter) {
    struct json_object *filter = json_object_new_object();

    json_object_object_add(filter, "function_name", function_json(session, table->row_filter->function_name));
    json_object_object_add(filter, "column_names", arguments_json(table->row_filter));
    json_object_object_add(document, "row_filter", filter);
  }
  if (json_length(masks) > 0)
    json_object_object_add(document, "column_masks", masks);
  else
    json_object_put(masks);
  if (table->constraint_count == 0) return;
  add_constraints(session, &constraints, table);
  json_add_text(document, "table_constraints", constraints.data);
}

static void
add_identity(struct json_object *document, const struct table *table)
{
  struct json_object *namespace = json_object_new_array();

  json_add_text(document, "table_name", table->object.name);
  json_add_text(document, "catalog_name", table->object.catalog_name);
  json_object_array_add(namespace, json_object_new_string(table->object.schema_name));
  json_object_object_add(document, "namespace", namespace);
  json_add_text(document, "schema_name", table->object.schema_name);
  json_object_object_add(document, "columns", columns_json(table));
  if (table->storage_location) json_add_text(document, "location", table->storage_location);
  if (table->data_source_format) json_add_text(document, "provider", table->data_source_format);
  json_add_text(document, "type", table->table_type);
  json_add_text(document, "owner", table->object.owner);
  if (table->object.comment) json_add_text(document, "comment", table->object.comment);
}

bool
describe_json(struct session *session, const struct table *table, struct result *result)
{
  CLEANUP_JSON struct json_object *document = json_object_new_object();

  if (str_eq(table->table_type, "FOREIGN"))
    return fault_raise(session, "UNSUPPORTED_FEATURE.DESC_JSON_TABLE_TYPE",
                       "The feature is not supported: DESCRIBE TABLE AS JSON on a foreign table.");
  add_identity(document, table);
  json_add_text(document, "created_time", show_time(session, table->object.created_at));
  if (table->view_definition) json_add_text(document, "view_text", table->view_definition);
  if (table->properties)
    json_object_object_add(document, "table_properties",
                           json_parse(table->properties, strlen(table->properties), NULL, NULL));
  add_policies(session, document, table);
  SHOW_STRINGS(session, result, "json_metadata");
  SHOW_ROW(session, result, arena_strdup(session->arena, json_text(document)));
  return true;
}
