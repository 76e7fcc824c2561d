/* SPDX-License-Identifier: Apache-2.0 */
/* CREATE VIEW, ALTER VIEW AS, materialized views and streaming tables.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-view.html */
#include "ddl/view.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "ddl/column.h"
#include "ddl/create_table.h"
#include "ddl/depend.h"
#include "ddl/metric.h"
#include "ddl/read.h"
#include "ddl/write.h"
#include "query/type.h"
#include "store/db.h"
#include "store/lower.h"

#include "base/banned.h"

struct view_text {
  struct definitions definitions; /* of a streaming table or materialized view with typed columns */
  struct column *columns;         /* names and comments of the column list */
  size_t column_count;
  const char *comment, *properties, *binding, *definition;
  struct policy *row_filter;
  struct ast_query *query;
  bool metrics;
};

static void
view_text_free(struct view_text *text)
{
  definitions_free(&text->definitions);
}

/* (a COMMENT 'x', b, ...) */
static bool
read_columns(struct cursor *cursor, struct view_text *text)
{
  VEC(struct column) columns = {0};
  bool ok;

  if (!cursor_take(cursor, "(")) return true;
  do {
    struct column *column = VEC_ADD(&columns);

    ok = parse_word(cursor, &column->name) &&
         (!cursor_take(cursor, "COMMENT") || parse_string(cursor, &column->comment));
  } while (ok && cursor_take(cursor, ","));
  DB_TAKE(cursor->arena, &columns, &text->columns, &text->column_count);
  return ok && cursor_expect(cursor, ")");
}

static bool
read_binding(struct cursor *cursor, struct view_text *text)
{
  static const char *const modes[] = {"BINDING", "COMPENSATION", "TYPE EVOLUTION", "EVOLUTION"};

  for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
    if (!cursor_take_words(cursor, modes[i])) continue;
    text->binding = modes[i];
    return true;
  }
  return cursor_fail(cursor);
}

static bool
read_clause(struct cursor *cursor, struct view_text *text, bool *more)
{
  const char *ignored;

  *more = true;
  if (cursor_take(cursor, "COMMENT")) return parse_string(cursor, &text->comment);
  if (cursor_take(cursor, "TBLPROPERTIES")) return read_properties(cursor, &text->properties);
  if (cursor_take_words(cursor, "DEFAULT COLLATION")) return parse_word(cursor, &ignored);
  if (cursor_take_words(cursor, "WITH SCHEMA")) return read_binding(cursor, text);
  if (cursor_take_words(cursor, "WITH METRICS")) return text->metrics = true;
  if (cursor_take_words(cursor, "WITH ROW FILTER")) return read_policy(cursor, "ON", &text->row_filter);
  if (cursor_take_words(cursor, "LANGUAGE YAML")) return true;
  if (cursor_take_words(cursor, "PARTITIONED BY")) {
    const char **names;
    size_t count;

    return parse_name_list(cursor, &names, &count);
  }
  *more = false;
  return true;
}

/* The query as text and as a tree. */
static bool
read_query(struct cursor *cursor, struct view_text *text)
{
  size_t start = cursor_start(cursor);

  text->query = parse_query(cursor);
  if (!text->query) return false;
  text->definition = cursor_text(cursor, start, cursor_end(cursor));
  return cursor_finish(cursor);
}

static bool
read_view(struct cursor *cursor, struct view_text *text)
{
  bool more = true;

  if (!read_columns(cursor, text)) return false;
  while (more)
    if (!read_clause(cursor, text, &more)) return false;
  if (!cursor_expect(cursor, "AS")) return false;
  if (!text->metrics) return read_query(cursor, text);
  if (cursor_kind(cursor) != SQL_BODY) return cursor_fail(cursor);
  text->definition = sql_token_value(cursor->arena, &cursor->tokens, cursor->at);
  cursor_next(cursor);
  return cursor_finish(cursor);
}

/* The view's columns: the query's, under the names of the list. */
static bool
name_columns(struct session *session, const struct view_text *text, const struct query_column *from,
             size_t count, struct table *view)
{
  if (text->column_count > 0 && text->column_count != count)
    return fault_raise(
        session,
        text->column_count > count ? "CREATE_VIEW_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS"
                                   : "CREATE_VIEW_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS",
        "Cannot create view, the view has %zu columns and the query %zu.", text->column_count, count);
  view->columns = arena_array(session->arena, count, sizeof *view->columns);
  view->column_count = count;
  for (size_t i = 0; i < count; i++) {
    struct column *column = &view->columns[i];

    *column = (struct column){.name = from[i].name, .nullable = true, .partition_index = -1};
    if (text->column_count > 0) {
      column->name = text->columns[i].name;
      column->comment = text->columns[i].comment;
    }
    column_set_type(session->arena, column, from[i].type);
    for (size_t j = 0; j < i; j++)
      if (utf8_ieq(view->columns[j].name, column->name))
        return fault_raise(
            session, "COLUMN_ALREADY_EXISTS",
            "The column `%s` already exists. Choose another name or rename the existing column.",
            column->name);
  }
  return true;
}

static bool
describe(struct session *session, const struct view_text *text, struct table *view)
{
  struct query_plan plan;

  view->view_definition = text->definition;
  view->view_catalog =
      text_lower(session->arena, session->catalog && *session->catalog ? session->catalog : "main");
  view->view_schema =
      text_lower(session->arena, session->schema && *session->schema ? session->schema : "default");
  view->view_dependencies =
      dependencies_json(session, text->definition, text->metrics ? SQLTEXT_YAML : SQLTEXT_SQL);
  if (text->metrics) return metric_columns(session, text->definition, view);
  if (!query_to_sqlite(session, text->query, &plan)) return false;
  return name_columns(session, text, plan.columns, plan.column_count, view);
}

/* What is where the view is to be: nothing, or a view of the same type that goes away. *LEAVE: IF NOT EXISTS.
 */
static bool
clear_place(struct session *session, const struct name *name, const struct create *create, const char *type,
            bool *leave)
{
  struct securable schema, object;
  struct table old;

  *leave = false;
  if (!securable_need(session, SEC_SCHEMA, &(struct name){.catalog = name->catalog, .schema = name->schema},
                      &schema))
    return false;
  if (!access_require(session, &schema, PRIV_CREATE_TABLE)) return false;
  if (!securable_find(session, SEC_TABLE, name, &object)) return true;
  if (create->if_not_exists) return *leave = true;
  if (!create->replace)
    return fault_raise_rest(
        session, "TABLE_OR_VIEW_ALREADY_EXISTS",
        arena_printf(session->arena, "Table '%s' already exists", name_text(session, name)),
        "Cannot create table or view %s because it already exists.\nChoose a different name, drop or "
        "replace the existing object, or add the IF NOT EXISTS clause to tolerate pre-existing "
        "objects.",
        name_quoted(session, name));
  if (!table_load(session, object.id, &old)) return false;
  if (str_eq(old.table_type, type)) return table_drop(session, name);
  return fault_raise(session, "EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE",
                     "'CREATE OR REPLACE VIEW' expects a %s but %s is a %s.", type,
                     name_quoted(session, name), old.table_type);
}

bool
create_view(struct cursor *cursor, struct create *create)
{
  struct session *session = cursor->session;
  struct view_text text __attribute__((cleanup(view_text_free))) = {0};
  struct table view = {0};
  struct name name;
  bool leave;

  if (!read_object(cursor, SEC_TABLE, &name) || !read_view(cursor, &text)) return false;
  view.table_type = text.metrics ? "METRIC_VIEW" : "VIEW";
  view.object.comment = text.comment;
  view.properties = text.properties ? text.properties : "{}";
  view.view_binding = text.binding ? text.binding : "COMPENSATION";
  view.object.catalog_name = name.catalog;
  view.object.schema_name = name.schema;
  view.object.name = name.object;
  if (create->if_not_exists && securable_find(session, SEC_TABLE, &name, &view.object)) return true;
  /* The old text first: a view may be redefined over itself only by mistake. */
  if (!describe(session, &text, &view) || !clear_place(session, &name, create, view.table_type, &leave))
    return false;
  return leave || table_insert(session, &view);
}

bool
create_temporary(struct cursor *cursor)
{
  struct view_text text __attribute__((cleanup(view_text_free))) = {0};
  struct query_plan plan;
  struct ast_name name;
  struct table view;

  if (!cursor_take(cursor, "VIEW"))
    return refuse_feature(cursor->session, "SANDBOX", "temporary objects other than views");
  cursor_take_words(cursor, "IF NOT EXISTS");
  if (!parse_name(cursor, 2, &name) || !read_view(cursor, &text)) return false;
  if (text.metrics) return true;
  return query_to_sqlite(cursor->session, text.query, &plan) &&
         name_columns(cursor->session, &text, plan.columns, plan.column_count, &view);
}

bool
alter_view_as(struct cursor *cursor, struct table *view)
{
  struct session *session = cursor->session;
  struct view_text text = {0};

  if (str_eq(view->table_type, "METRIC_VIEW")) {
    text.metrics = true;
    if (cursor_kind(cursor) != SQL_BODY) return cursor_fail(cursor);
    text.definition = sql_token_value(cursor->arena, &cursor->tokens, cursor->at);
    cursor_next(cursor);
    if (!cursor_finish(cursor)) return false;
  } else if (!read_query(cursor, &text)) {
    return false;
  }
  if (!access_require_manage(session, &view->object) || !describe(session, &text, view)) return false;
  return table_save(session, view);
}

/* STREAM t and STREAM(t) read like t here: blank the keyword, and the parentheses around a lone name, without
 * moving any byte. */
static const char *
without_stream(struct session *session, const char *text)
{
  char *copy = arena_strdup(session->arena, text);
  struct sql_tokens tokens;

  sql_tokens_read(session->arena, text, strlen(text), &tokens);
  for (size_t i = 0; i < tokens.count; i++) {
    size_t next = sql_tokens_skip(&tokens, i + 1), depth = 0;

    if (!sql_token_is(&tokens, i, "STREAM") || next >= tokens.count) continue;
    if (!sql_token_is_name(&tokens.at[next]) && !sql_token_is(&tokens, next, "(")) continue;
    memset(copy + tokens.at[i].start, ' ', tokens.at[i].length);
    if (!sql_token_is(&tokens, next, "(")) continue;
    for (size_t j = next; j < tokens.count; j++) {
      depth += sql_token_is(&tokens, j, "(");
      depth -= sql_token_is(&tokens, j, ")");
      if (depth > 0) continue;
      copy[tokens.at[next].start] = copy[tokens.at[j].start] = ' ';
      break;
    }
  }
  return copy;
}

static bool
read_materialized(struct cursor *cursor, struct view_text *text)
{
  bool more = true;
  size_t start;

  if (cursor_take(cursor, "(") && !read_definitions(cursor, &text->definitions)) return false;
  while (more)
    if (!read_clause(cursor, text, &more)) return false;
  if (!cursor_take(cursor, "AS")) return cursor_finish(cursor);
  if (cursor_kind(cursor) == SQL_END || cursor_is(cursor, ";")) return cursor_fail(cursor);
  start = cursor_start(cursor);
  while (cursor_kind(cursor) != SQL_END && !cursor_is(cursor, ";"))
    cursor_next(cursor);
  text->definition = cursor_text(cursor, start, cursor_end(cursor));
  return cursor_finish(cursor);
}

/* The rows that the query has now, in place of those there are. */
static bool
fill(struct session *session, const struct query_plan *plan, struct table *table, bool fresh)
{
  struct column **columns = arena_array(session->arena, table->column_count, sizeof(struct column *));
  struct write_rows rows = {.sql = plan->sql, .columns = columns, .column_count = table->column_count};
  int64_t added;

  for (size_t i = 0; i < table->column_count; i++)
    columns[i] = &table->columns[i];
  return write_insert(session, table, &rows, !fresh,
                      &(struct version){.operation = fresh ? "CREATE TABLE" : "DLT REFRESH"}, fresh, &added);
}

bool
materialized_refresh(struct session *session, struct table *table)
{
  struct session own = *session;
  struct query_plan plan;
  struct ast_query *query;
  bool ok;

  if (!table->view_definition) return true;
  own.catalog = table->view_catalog;
  own.schema = table->view_schema;
  query = parse_query_text(&own, without_stream(session, table->view_definition));
  ok = query && query_to_sqlite(&own, query, &plan) && fill(&own, &plan, table, false);
  session->fault = own.fault;
  return ok;
}

bool
create_materialized(struct cursor *cursor, struct create *create, const char *table_type)
{
  struct session *session = cursor->session;
  struct view_text text __attribute__((cleanup(view_text_free))) = {0};
  struct table table = {.table_type = table_type, .data_source_format = "DELTA"};
  struct query_plan plan = {0};
  struct name name;
  bool leave;

  if (!read_object(cursor, SEC_TABLE, &name) || !read_materialized(cursor, &text)) return false;
  if (!clear_place(session, &name, create, table_type, &leave)) return false;
  if (leave) return true;
  table.object = (struct securable){
      .catalog_name = name.catalog, .schema_name = name.schema, .name = name.object, .comment = text.comment};
  table.properties = text.properties ? text.properties : "{}";
  table.pipeline_id = store_uuid(session->arena);
  table.row_filter = text.row_filter;
  if (text.definition) {
    text.query = parse_query_text(session, without_stream(session, text.definition));
    if (!text.query || !describe(session, &text, &table) || !query_to_sqlite(session, text.query, &plan))
      return false;
  }
  if (text.definitions.columns.count > 0) {
    if (plan.sql && plan.column_count != text.definitions.columns.count)
      return name_columns(session, &(struct view_text){.column_count = text.definitions.columns.count}, NULL,
                          plan.column_count, &table);
    table.columns = text.definitions.columns.at;
    table.column_count = text.definitions.columns.count;
  }
  if (!table_insert(session, &table)) return false;
  if (plan.sql) return fill(session, &plan, &table, true);
  return version_commit(session, &table, &(struct version){.operation = "CREATE TABLE"}, true);
}
