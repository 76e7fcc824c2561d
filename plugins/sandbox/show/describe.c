/* SPDX-License-Identifier: Apache-2.0 */
/* DESCRIBE [TABLE] [EXTENDED] t [AS JSON]: columns, then sections that begin with #.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-aux-describe-table.html */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "query/query.h"
#include "show/internal.h"
#include "show/relations.h"
#include "show/show.h"

#include "base/banned.h"

static void
add_columns(struct session *session, struct result *result, const struct table *table)
{
  for (size_t i = 0; i < table->column_count; i++)
    SHOW_ROW(session, result, table->columns[i].name, table->columns[i].type_text, table->columns[i].comment);
}

static void
add_partitions(struct session *session, struct result *result, const struct table *table)
{
  bool first = true;

  for (int index = 0; index < (int)table->column_count; index++)
    for (size_t i = 0; i < table->column_count; i++) {
      const struct column *column = &table->columns[i];

      if (column->partition_index != index) continue;
      if (first) {
        SHOW_ROW(session, result, "# Partition Information", "", "");
        SHOW_ROW(session, result, "# col_name", "data_type", "comment");
      }
      first = false;
      SHOW_ROW(session, result, column->name, column->type_text, column->comment);
    }
}

/* [k=v,k=v] of a JSON object. */
static const char *
properties_text(struct session *session, const char *text)
{
  CLEANUP_JSON struct json_object *properties = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;
  CLEANUP_BUF struct buf list = BUF_INIT(BUF_LARGE);
  struct json_object *value;
  const char *key;
  void *at = NULL;

  buf_add_char(&list, '[');
  if (properties) {
    while (json_next(properties, &at, &key, &value)) {
      buf_addf(&list, "%s%s=%s", list.len > 1 ? "," : "", key, json_object_get_string(value));
    }
  }
  buf_add_char(&list, ']');
  return arena_strdup(session->arena, list.data);
}

static void
add_view_details(struct session *session, struct result *result, const struct table *table)
{
  CLEANUP_BUF struct buf columns = BUF_INIT(BUF_LARGE);

  SHOW_ROW(session, result, "View Text", table->view_definition, "");
  SHOW_ROW(session, result, "View Original Text", table->view_definition, "");
  SHOW_ROW(session, result, "View Schema Mode", table->view_binding ? table->view_binding : "COMPENSATION",
           "");
  SHOW_ROW(session, result, "View Catalog and Namespace",
           arena_printf(session->arena, "%s.%s",
                        table->view_catalog ? table->view_catalog : table->object.catalog_name,
                        table->view_schema ? table->view_schema : "default"),
           "");
  buf_add_char(&columns, '[');
  for (size_t i = 0; i < table->column_count; i++)
    buf_addf(&columns, "%s`%s`", i > 0 ? ", " : "", table->columns[i].name);
  buf_add_char(&columns, ']');
  SHOW_ROW(session, result, "View Query Output Columns", arena_strdup(session->arena, columns.data), "");
}

static void
add_details(struct session *session, struct result *result, const struct table *table)
{
  const struct securable *object = &table->object;

  SHOW_ROW(session, result, "", "", "");
  SHOW_ROW(session, result, "# Detailed Table Information", "", "");
  SHOW_ROW(session, result, "Catalog", object->catalog_name, "");
  SHOW_ROW(session, result, "Database", object->schema_name, "");
  SHOW_ROW(session, result, "Table", object->name, "");
  SHOW_ROW(session, result, "Created Time", show_date(session, object->created_at), "");
  SHOW_ROW(session, result, "Last Access", "UNKNOWN", "");
  SHOW_ROW(session, result, "Created By", "Spark", "");
  SHOW_ROW(session, result, "Type", table->table_type, "");
  if (object->comment) SHOW_ROW(session, result, "Comment", object->comment, "");
  if (table->storage_location) SHOW_ROW(session, result, "Location", table->storage_location, "");
  if (table->data_source_format) SHOW_ROW(session, result, "Provider", table->data_source_format, "");
  SHOW_ROW(session, result, "Owner", object->owner, "");
  if (str_eq(table->table_type, "MANAGED")) SHOW_ROW(session, result, "Is_managed_location", "true", "");
  SHOW_ROW(session, result, "Table Properties", properties_text(session, table->properties), "");
  if (table->view_definition) add_view_details(session, result, table);
  if (table->row_filter) {
    SHOW_ROW(session, result, "", "", "");
    SHOW_ROW(session, result, "# Row Filter", "", "");
    SHOW_ROW(session, result, "Function", table->row_filter->function_name, "");
  }
}

static void
add_masks(struct session *session, struct result *result, const struct table *table)
{
  bool first = true;

  for (size_t i = 0; i < table->column_count; i++) {
    if (!table->columns[i].mask) continue;
    if (first) SHOW_ROW(session, result, "# Column Masks", "", "");
    first = false;
    SHOW_ROW(session, result, table->columns[i].name, table->columns[i].mask->function_name, "");
  }
}

/* DESCRIBE of a relation that the service makes up. *FOUND: NAME is one; the statement was answered. */
static bool
describe_made_up(struct cursor *cursor, const struct name *name, struct result *result, bool *found)
{
  struct session *session = cursor->session;
  const struct info_relation *relation;
  struct query_plan plan;

  if (!infoschema_relation(session, name, &plan, found)) return false;
  if (!*found) return true;
  if (!cursor_finish(cursor)) return false;
  relation =
      str_eq(name->schema, "access") ? info_access_find(name->object) : info_relation_find(name->object);
  SHOW_STRINGS(session, result, "col_name", "data_type", "comment");
  for (size_t i = 0; i < relation->column_count; i++)
    SHOW_ROW(session, result, relation->columns[i].name, relation->columns[i].type, NULL);
  return true;
}

bool
describe_table(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct table table;
  struct name name;
  bool extended, json, made_up;

  if (cursor_is(cursor, "TABLE") && !cursor_is_at(cursor, 1, ".")) cursor_next(cursor);
  extended = !cursor_is_at(cursor, 1, ".") && cursor_kind_at(cursor, 1) != SQL_END &&
             (cursor_take(cursor, "EXTENDED") || cursor_take(cursor, "FORMATTED"));
  if (!show_read_name(cursor, SEC_TABLE, &name) || !describe_made_up(cursor, &name, result, &made_up))
    return false;
  if (made_up) return true;
  if (!table_get(session, &name, &table)) return false;
  json = cursor_take_words(cursor, "AS JSON");
  if (json && !extended)
    return fault_raise(session, "DESCRIBE_JSON_NOT_EXTENDED",
                       "DESCRIBE TABLE ... AS JSON only supported when [EXTENDED|FORMATTED] is specified.");
  if (!cursor_finish(cursor)) return false;
  if (json) return describe_json(session, &table, result);
  SHOW_STRINGS(session, result, "col_name", "data_type", "comment");
  add_columns(session, result, &table);
  add_partitions(session, result, &table);
  if (extended) {
    add_details(session, result, &table);
    add_masks(session, result, &table);
  }
  return true;
}
