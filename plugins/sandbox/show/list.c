/* SPDX-License-Identifier: Apache-2.0 */
/* SHOW of what is in a catalog or schema, with LIKE patterns in which * is any text and | separates.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-aux-show-tables.html */
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "show/internal.h"
#include "show/relations.h"

#include "base/banned.h"

/* [FROM | IN name] [LIKE 'pattern']; without a name the session's own. */
static bool
read_scope(struct cursor *cursor, enum securable_kind kind, struct name *name, const char **pattern)
{
  struct session *session = cursor->session;
  const char *own[] = {kind == SEC_CATALOG ? session->catalog : session->schema};

  *pattern = NULL;
  if (cursor_take(cursor, "FROM") || cursor_take(cursor, "IN")) {
    if (!show_read_name(cursor, kind, name)) return false;
  } else if (!own[0]) {
    own[0] = kind == SEC_CATALOG ? "main" : "default";
    if (!name_resolve(session, kind, own, 1, name)) return false;
  } else if (!name_resolve(session, kind, own, 1, name)) {
    return false;
  }
  if (cursor_take(cursor, "LIKE")) return parse_string(cursor, pattern) && cursor_finish(cursor);
  if (cursor_kind(cursor) == SQL_STRING) return parse_string(cursor, pattern) && cursor_finish(cursor);
  return cursor_finish(cursor);
}

static bool
match_one(const char *pattern, const char *end, const char *name)
{
  for (; pattern < end; pattern++, name++) {
    if (*pattern == '*') {
      for (;; name++) {
        if (match_one(pattern + 1, end, name)) return true;
        if (!*name) return false;
      }
    }
    if (str_lower(*pattern) != str_lower(*name)) return false;
  }
  return *name == '\0';
}

static bool
matches(const char *pattern, const char *name)
{
  if (!pattern) return true;
  for (;;) {
    const char *bar = strchrnul(pattern, '|');

    if (match_one(pattern, bar, name)) return true;
    if (!*bar) return false;
    pattern = bar + 1;
  }
}

bool
show_catalogs(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct catalog *catalogs;
  struct page page = {0};
  const char *pattern = NULL;
  size_t count;

  if ((cursor_take(cursor, "LIKE") || cursor_kind(cursor) == SQL_STRING) && !parse_string(cursor, &pattern))
    return false;
  if (!cursor_finish(cursor) || !catalog_list(session, &page, &catalogs, &count)) return false;
  SHOW_STRINGS(session, result, "catalog");
  for (size_t i = 0; i < count; i++)
    if (matches(pattern, catalogs[i].object.name)) SHOW_ROW(session, result, catalogs[i].object.name);
  return true;
}

bool
show_schemas(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct schema *schemas;
  struct page page = {0};
  const char *pattern;
  struct name name;
  size_t count;

  if (!read_scope(cursor, SEC_CATALOG, &name, &pattern) ||
      !schema_list(session, name.catalog, &page, &schemas, &count))
    return false;
  SHOW_STRINGS(session, result, "databaseName");
  for (size_t i = 0; i < count; i++)
    if (matches(pattern, schemas[i].object.name)) SHOW_ROW(session, result, schemas[i].object.name);
  return true;
}

static bool
read_tables(struct cursor *cursor, struct name *name, const char **pattern, struct table **tables,
            size_t *count)
{
  struct page page = {0};

  return read_scope(cursor, SEC_SCHEMA, name, pattern) &&
         table_list(cursor->session, name->catalog, name->schema, &page, tables, count);
}

static void
add_flag(struct session *session, struct result *result)
{
  result_add_column(session, result, "isTemporary", "boolean");
}

/* The relations of an information_schema, which the store does not hold. */
static void
add_made_up(struct session *session, struct result *result, const struct name *scope, const char *pattern)
{
  const struct info_relation *relation;

  if (!str_eq(scope->schema, "information_schema")) return;
  for (size_t i = 0; (relation = info_relation_at(i)) != NULL; i++)
    if (matches(pattern, relation->name) &&
        (str_eq(scope->catalog, "system") || !info_of_metastore(relation)))
      SHOW_ROW(session, result, scope->schema, relation->name, "false");
}

bool
show_tables(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct table *tables;
  struct name name;
  const char *pattern;
  size_t count;

  if (!read_tables(cursor, &name, &pattern, &tables, &count)) return false;
  SHOW_STRINGS(session, result, "database", "tableName");
  add_flag(session, result);
  for (size_t i = 0; i < count; i++)
    if (matches(pattern, tables[i].object.name))
      SHOW_ROW(session, result, tables[i].object.schema_name, tables[i].object.name, "false");
  add_made_up(session, result, &name, pattern);
  return true;
}

static const char *
information(struct session *session, const struct table *table)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  buf_addf(&text, "Catalog: %s\nDatabase: %s\nTable: %s\nOwner: %s\nCreated Time: %s\nType: %s\n",
           table->object.catalog_name, table->object.schema_name, table->object.name, table->object.owner,
           show_date(session, table->object.created_at), table->table_type);
  if (table->data_source_format) buf_addf(&text, "Provider: %s\n", table->data_source_format);
  if (table->storage_location) buf_addf(&text, "Location: %s\n", table->storage_location);
  buf_add_text(&text, "Schema: root\n");
  for (size_t i = 0; i < table->column_count; i++)
    buf_addf(&text, " |-- %s: %s (nullable = %s)\n", table->columns[i].name, table->columns[i].type_text,
             table->columns[i].nullable ? "true" : "false");
  return arena_strdup(session->arena, text.data);
}

bool
show_table_extended(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct table *tables;
  struct name name;
  const char *pattern;
  size_t count;

  if (!read_tables(cursor, &name, &pattern, &tables, &count)) return false;
  if (!pattern) return cursor_fail(cursor);
  SHOW_STRINGS(session, result, "database", "tableName");
  add_flag(session, result);
  SHOW_STRINGS(session, result, "information");
  for (size_t i = 0; i < count; i++)
    if (matches(pattern, tables[i].object.name))
      SHOW_ROW(session, result, tables[i].object.schema_name, tables[i].object.name, "false",
               information(session, &tables[i]));
  return true;
}

bool
show_views(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct table *tables;
  struct name name;
  const char *pattern;
  size_t count;

  if (!read_tables(cursor, &name, &pattern, &tables, &count)) return false;
  SHOW_STRINGS(session, result, "namespace", "viewName");
  add_flag(session, result);
  result_add_column(session, result, "isMaterialized", "boolean");
  for (size_t i = 0; i < count; i++) {
    bool materialized = str_eq(tables[i].table_type, "MATERIALIZED_VIEW");

    if ((materialized || table_is_view(&tables[i])) && matches(pattern, tables[i].object.name))
      SHOW_ROW(session, result, tables[i].object.schema_name, tables[i].object.name, "false",
               materialized ? "true" : "false");
  }
  return true;
}

bool
show_volumes(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct volume *volumes;
  struct page page = {0};
  const char *pattern;
  struct name name;
  size_t count;

  if (!read_scope(cursor, SEC_SCHEMA, &name, &pattern) ||
      !volume_list(session, name.catalog, name.schema, &page, &volumes, &count))
    return false;
  SHOW_STRINGS(session, result, "database", "volume_name");
  for (size_t i = 0; i < count; i++)
    if (matches(pattern, volumes[i].object.name))
      SHOW_ROW(session, result, volumes[i].object.schema_name, volumes[i].object.name);
  return true;
}

bool
show_functions(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct function *functions;
  struct page page = {0};
  const char *pattern;
  struct name name;
  size_t count;

  if (!read_scope(cursor, SEC_SCHEMA, &name, &pattern) ||
      !function_list(session, name.catalog, name.schema, &page, &functions, &count))
    return false;
  SHOW_STRINGS(session, result, "function");
  for (size_t i = 0; i < count; i++)
    if (matches(pattern, functions[i].object.name)) SHOW_ROW(session, result, functions[i].object.full_name);
  return true;
}
