/* SPDX-License-Identifier: Apache-2.0 */
/* DESCRIBE of schemas, catalogs, volumes and functions. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "show/internal.h"

#include "base/banned.h"

static const char *
text_or_nothing(const char *text)
{
  return text ? text : "";
}

/* ((k,v), (k,v)) of a JSON object, as DESCRIBE SCHEMA prints properties. */
static const char *
pairs(struct session *session, const char *text)
{
  CLEANUP_JSON struct json_object *object = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;
  CLEANUP_BUF struct buf list = BUF_INIT(BUF_LARGE);
  struct json_object *value;
  const char *key;
  void *at = NULL;

  if (!object || json_object_object_length(object) == 0) return "";
  while (json_next(object, &at, &key, &value)) {
    buf_addf(&list, "%s(%s,%s)", list.len ? ", " : "(", key, json_object_get_string(value));
  }
  buf_add_char(&list, ')');
  return arena_strdup(session->arena, list.data);
}

bool
describe_schema(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  bool extended = cursor_take(cursor, "EXTENDED");
  struct schema schema;
  struct name name;

  if (!show_read_name(cursor, SEC_SCHEMA, &name) || !cursor_finish(cursor) ||
      !schema_get(session, &name, &schema))
    return false;
  SHOW_STRINGS(session, result, "database_description_item", "database_description_value");
  SHOW_ROW(session, result, "Catalog Name", schema.object.catalog_name);
  SHOW_ROW(session, result, "Namespace Name", schema.object.name);
  SHOW_ROW(session, result, "Comment", text_or_nothing(schema.object.comment));
  SHOW_ROW(session, result, "Location", text_or_nothing(schema.storage_location));
  SHOW_ROW(session, result, "Owner", schema.object.owner);
  if (extended) SHOW_ROW(session, result, "Properties", pairs(session, schema.properties));
  return true;
}

bool
describe_catalog(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  bool extended = cursor_take(cursor, "EXTENDED");
  struct catalog catalog;
  struct name name;

  if (!show_read_name(cursor, SEC_CATALOG, &name) || !cursor_finish(cursor) ||
      !catalog_get(session, name.catalog, &catalog))
    return false;
  SHOW_STRINGS(session, result, "info_name", "info_value");
  SHOW_ROW(session, result, "Catalog Name", catalog.object.name);
  SHOW_ROW(session, result, "Comment", text_or_nothing(catalog.object.comment));
  SHOW_ROW(session, result, "Owner", catalog.object.owner);
  SHOW_ROW(session, result, "Catalog Type", catalog.type);
  if (!extended) return true;
  SHOW_ROW(session, result, "Created By", catalog.object.created_by);
  SHOW_ROW(session, result, "Created At", show_date(session, catalog.object.created_at));
  SHOW_ROW(session, result, "Updated By", catalog.object.updated_by);
  SHOW_ROW(session, result, "Updated At", show_date(session, catalog.object.updated_at));
  SHOW_ROW(session, result, "Storage Root", text_or_nothing(catalog.storage_root));
  SHOW_ROW(session, result, "Storage Location", text_or_nothing(catalog.storage_location));
  return true;
}

bool
describe_volume(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct volume volume;
  struct name name;

  if (!show_read_name(cursor, SEC_VOLUME, &name) || !cursor_finish(cursor) ||
      !volume_get(session, &name, &volume))
    return false;
  SHOW_STRINGS(session, result, "name", "catalog", "database", "owner", "storageLocation", "volumeType",
               "comment");
  SHOW_ROW(session, result, volume.object.name, volume.object.catalog_name, volume.object.schema_name,
           volume.object.owner, volume.storage_location, volume.type, text_or_nothing(volume.object.comment));
  return true;
}

static void
add_line(struct session *session, struct result *result, const char *label, const char *value)
{
  SHOW_ROW(session, result, arena_printf(session->arena, "%-15s%s", label, value));
}

static void
add_parameters(struct session *session, struct result *result, const char *label,
               const struct parameter *parameters, size_t count)
{
  for (size_t i = 0; i < count; i++)
    add_line(session, result, i == 0 ? label : "",
             arena_printf(session->arena, "%s %s", parameters[i].name, parameters[i].type_text));
  if (count == 0) add_line(session, result, label, "()");
}

static void
add_function_details(struct session *session, struct result *result, const struct function *function)
{
  if (function->object.comment) add_line(session, result, "Comment:", function->object.comment);
  add_line(session, result, "Deterministic:", function->deterministic ? "true" : "false");
  if (function->sql_data_access) add_line(session, result, "Data Access:", function->sql_data_access);
  add_line(session, result, "Owner:", function->object.owner);
  add_line(session, result, "Create Time:", show_date(session, function->object.created_at));
  if (function->definition) add_line(session, result, "Body:", function->definition);
}

bool
describe_function(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  bool extended = cursor_take(cursor, "EXTENDED"), table;
  struct function function;
  struct name name;

  if (!show_read_name(cursor, SEC_FUNCTION, &name) || !cursor_finish(cursor) ||
      !function_get(session, &name, &function))
    return false;
  table = str_eq(function.data_type, "TABLE_TYPE");
  SHOW_STRINGS(session, result, "function_desc");
  add_line(session, result, "Function:", function.object.full_name);
  add_line(session, result, "Type:", table ? "TABLE" : "SCALAR");
  if (!str_eq(function.language, "SQL")) add_line(session, result, "Language:", function.language);
  add_parameters(session, result, "Input:", function.inputs, function.input_count);
  if (table)
    add_parameters(session, result, "Returns:", function.returns, function.return_count);
  else
    add_line(session, result, "Returns:", function.full_data_type);
  if (extended) add_function_details(session, result, &function);
  return true;
}
