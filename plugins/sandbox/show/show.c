/* SPDX-License-Identifier: Apache-2.0 */
/* SHOW, DESCRIBE and LIST told apart, and what their answers have in common. */
#include "show/show.h"

#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "query/query.h"
#include "show/internal.h"

#include "base/banned.h"

void
show_row(struct session *session, struct result *result, const char *const *cells, size_t count)
{
  const char **row = result_add_row(session, result);

  for (size_t i = 0; i < count && i < result->column_count; i++)
    row[i] = cells[i];
}

void
show_columns_named(struct session *session, struct result *result, const char *const *names, size_t count)
{
  for (size_t i = 0; i < count; i++)
    result_add_column(session, result, names[i], "string");
}

bool
show_read_name(struct cursor *cursor, enum securable_kind kind, struct name *name)
{
  struct ast_name parts;

  return parse_name(cursor, securable_kind_parts(kind), &parts) &&
         name_resolve(cursor->session, kind, parts.parts, parts.count, name);
}

bool
show_read_table(struct cursor *cursor, struct table *table)
{
  struct name name;

  return show_read_name(cursor, SEC_TABLE, &name) && table_get(cursor->session, &name, table);
}

const char *
show_time(struct session *session, int64_t ms)
{
  time_t seconds = (time_t)(ms / 1000);
  struct tm tm;
  char text[32];

  gmtime_r(&seconds, &tm);
  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
  return arena_printf(session->arena, "%s.%03dZ", text, (int)(ms % 1000));
}

const char *
show_date(struct session *session, int64_t ms)
{
  time_t seconds = (time_t)(ms / 1000);
  struct tm tm;
  char text[64];

  gmtime_r(&seconds, &tm);
  strftime(text, sizeof text, "%a %b %d %H:%M:%S UTC %Y", &tm);
  return arena_strdup(session->arena, text);
}

static bool
describe_query(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct ast_query *query = parse_query(cursor);
  struct query_plan plan = {0};

  if (!query || !cursor_finish(cursor) || !query_to_sqlite(session, query, &plan)) return false;
  SHOW_STRINGS(session, result, "col_name", "data_type", "comment");
  for (size_t i = 0; i < plan.column_count; i++)
    SHOW_ROW(session, result, plan.columns[i].name, type_text(session->arena, plan.columns[i].type),
             plan.columns[i].comment);
  return true;
}

static bool
unknown_show(struct cursor *cursor, struct result *result)
{
  (void)result;
  return cursor_fail(cursor);
}

/* Words behind SHOW or DESCRIBE, longer ones first. */
struct form {
  const char *words;
  bool (*run)(struct cursor *cursor, struct result *result);
  bool names; /* a table may be called so */
};

static const struct form shows[] = {
    {"CATALOGS", show_catalogs, false},
    {"SCHEMAS", show_schemas, false},
    {"DATABASES", show_schemas, false},
    {"TABLE EXTENDED", show_table_extended, false},
    {"TABLES", show_tables, false},
    {"VIEWS", show_views, false},
    {"VOLUMES", show_volumes, false},
    {"USER FUNCTIONS", show_functions, false},
    {"ALL FUNCTIONS", show_functions, false},
    {"FUNCTIONS", show_functions, false},
    {"COLUMNS", show_columns, false},
    {"TBLPROPERTIES", show_tblproperties, false},
    {"GRANTS", show_grants, false},
    {"GRANT", show_grants, false},
    {"CREATE TABLE", show_create, false},
    {"CREATE VIEW", show_create, false},
    {"CREATE MATERIALIZED VIEW", show_create, false},
    {NULL, unknown_show, false},
};

static const struct form describes[] = {
    {"DETAIL", describe_detail, true},     {"HISTORY", describe_history, true},
    {"SCHEMA", describe_schema, true},     {"DATABASE", describe_schema, true},
    {"CATALOG", describe_catalog, true},   {"VOLUME", describe_volume, true},
    {"FUNCTION", describe_function, true}, {"QUERY", describe_query, true},
    {NULL, describe_table, false},
};

/* The word is the name of a table that is called so. */
static bool
is_name(const struct cursor *cursor)
{
  return cursor_kind(cursor) == SQL_END || cursor_is(cursor, ".") || cursor_is(cursor, ";");
}

static bool
run_form(const struct form *forms, struct cursor *cursor, struct result *result)
{
  struct cursor before = *cursor;

  for (; forms->words; forms++) {
    if (!cursor_take_words(cursor, forms->words)) continue;
    if (forms->names && is_name(cursor)) {
      *cursor = before;
      continue;
    }
    return forms->run(cursor, result);
  }
  return forms->run(cursor, result);
}

bool
show_run(struct session *session, struct cursor *cursor, struct result *result)
{
  (void)session;
  if (cursor_take(cursor, "SHOW")) return run_form(shows, cursor, result);
  if (cursor_take(cursor, "LIST")) return list_files(cursor, result);
  cursor_next(cursor);
  if (parse_query_starts(cursor) && !cursor_is(cursor, "TABLE")) return describe_query(cursor, result);
  return run_form(describes, cursor, result);
}
