/* SPDX-License-Identifier: Apache-2.0 */
/* UPDATE, DELETE, TRUNCATE. A changed row is the old one ended and a new one begun, both in the new version.
 * https://docs.databricks.com/sql/language-manual/delta-update.html */
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "ddl/change.h"
#include "ddl/read.h"
#include "ddl/write.h"
#include "query/type.h"

#include "base/banned.h"

/* The table of an UPDATE, DELETE or MERGE: readable, writable, and with nothing hidden from the caller. */
bool
change_open(struct session *session, const struct name *name, const char *operation, struct table *table)
{
  bool policies;

  if (!table_open(session, name, NULL, table)) return false;
  if (!access_require(session, &table->object, PRIV_SELECT) ||
      !access_require(session, &table->object, PRIV_MODIFY) || !require_delta(session, table, operation))
    return false;
  policies = table->row_filter != NULL;
  for (size_t i = 0; i < table->column_count; i++)
    policies = policies || table->columns[i].mask;
  return !policies ||
         refuse_feature(session, "SANDBOX",
                        arena_printf(session->arena, "%s of a table with a row filter or masks", operation));
}

const char *
change_live(struct session *session, const struct data_write *write)
{
  return arena_printf(session->arena, "(SELECT rowid AS row_id, * FROM %s WHERE v_to IS NULL)",
                      write->physical);
}

/* [AS] alias */
static bool
read_alias(struct cursor *cursor, const char **alias)
{
  *alias = NULL;
  if (cursor_take(cursor, "AS")) return parse_word(cursor, alias);
  if (cursor_kind(cursor) != SQL_NAME &&
      (cursor_kind(cursor) != SQL_WORD || cursor_is(cursor, "SET") || cursor_is(cursor, "WHERE")))
    return true;
  return parse_word(cursor, alias);
}

/* [WHERE condition], as tree and as text. */
static bool
read_where(struct cursor *cursor, struct ast_expr **where, const char **text)
{
  size_t start;

  *where = NULL;
  *text = "[]";
  if (!cursor_take(cursor, "WHERE")) return true;
  start = cursor_start(cursor);
  *where = parse_expr(cursor);
  if (!*where) return false;
  *text = cursor_text(cursor, start, cursor_end(cursor));
  return true;
}

/* WHERE's condition as SQL over rows called t; "1" without one. */
static bool
condition_sql(struct session *session, const struct ast_expr *where, const struct query_source *source,
              const char **sql)
{
  struct query_value value;

  *sql = "1";
  if (!where) return true;
  if (!query_expr(session, where, source, 1, type_of(TYPE_BOOLEAN), &value)) return false;
  *sql = value.sql;
  return true;
}

/* End the rows where CONDITION holds; how many. */
static bool
end_rows(struct session *session, const struct data_write *write, const char *condition, int64_t *ended)
{
  return write_run(
      session,
      arena_printf(session->arena,
                   "UPDATE %s SET v_to = %lld WHERE v_to IS NULL AND rowid IN (SELECT t.row_id FROM %s AS t "
                   "WHERE %s)",
                   write->physical, (long long)write->version, change_live(session, write), condition),
      ended);
}

bool
change_commit(struct session *session, struct table *table, const struct data_write *write,
              const char *operation, const char *predicate, const char *metrics)
{
  int64_t left;

  if (!write_number(
          session,
          arena_printf(session->arena, "SELECT count(*) FROM %s WHERE v_to IS NULL", write->physical), &left))
    return false;
  data_add_file(session, table, write, left, true);
  return version_commit(
      session, table,
      &(struct version){.operation = operation,
                        .parameters = property_set(session->arena, NULL, "predicate", predicate),
                        .metrics = metrics},
      false);
}

bool
ddl_delete(struct cursor *cursor, struct result *result)
{
  static const char *const figures[] = {"num_affected_rows"}, *const metrics[] = {"numDeletedRows"};
  struct session *session = cursor->session;
  const char *alias, *condition, *predicate;
  struct ast_expr *where;
  struct query_source source;
  struct data_write write;
  struct table table;
  struct name name;
  int64_t ended = 0;
  bool ok;

  if (!cursor_expect_words(cursor, "DELETE FROM") || !read_object(cursor, SEC_TABLE, &name) ||
      !read_alias(cursor, &alias))
    return false;
  if (!read_where(cursor, &where, &predicate)) return false;
  if (!cursor_finish(cursor) || !change_open(session, &name, "DELETE", &table)) return false;
  write_source(session, &table, "t", &source);
  source.alias = alias;
  if (!condition_sql(session, where, &source, &condition)) return false;
  store_save(session);
  ok = data_write(session, &table, &write) && end_rows(session, &write, condition, &ended);
  store_restore(session, ok && ended > 0);
  if (!ok || (ended > 0 && !change_commit(session, &table, &write, "DELETE", predicate,
                                          figures_json(session, metrics, &ended, 1))))
    return false;
  result_figures(session, result, figures, &ended, 1);
  return true;
}

/* a = expr, b = DEFAULT, ... into the SQL of each column; NULL where a column stays. */
bool
change_read_set(struct cursor *cursor, const struct table *table, const char *alias,
                struct change_value **out)
{
  struct session *session = cursor->session;
  struct change_value *values = arena_array(session->arena, table->column_count, sizeof *values);

  do {
    struct change_value value = {0};
    const struct column *column;
    struct ast_name name;

    if (!parse_name(cursor, AST_NAME_PARTS, &name)) return false;
    column = table_column(table, name.parts[name.count - 1]);
    if (!column || (name.count == 2 && alias && !str_ieq(name.parts[0], alias)))
      return fault_raise(session, "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION",
                         "A column, variable, or function parameter with name `%s` cannot be resolved.",
                         name.parts[name.count - 1]);
    if (column->identity != IDENTITY_NONE)
      return fault_raise(session, "DELTA_IDENTITY_COLUMNS_UPDATE_NOT_SUPPORTED",
                         "UPDATE on IDENTITY column %s is not supported.", column->name);
    if (!cursor_expect(cursor, "=")) return false;
    value.expr = cursor_take(cursor, "DEFAULT")
                     ? parse_expr_text(session, column->default_sql ? column->default_sql : "NULL")
                     : parse_expr(cursor);
    if (!value.expr) return false;
    value.given = true;
    if (values[column->position].given)
      return fault_raise(session, "DUPLICATE_ASSIGNMENTS",
                         "The columns or variables `%s` appear more than once as assignment targets.",
                         column->name);
    values[column->position] = value;
  } while (cursor_take(cursor, ","));
  *out = values;
  return true;
}

bool
change_value_sql(struct session *session, const struct column *column, const struct change_value *value,
                 const struct query_source *sources, size_t count, struct buf *sql)
{
  const struct sql_type *type = type_parse(session, column->type_text);
  struct ast_expr name = {.kind = AST_NAME, .name = {.count = 1}};
  const struct query_source only = {.columns = value->from, .column_count = 1};
  struct query_value out;

  /* A column taken as it is, is one by name in a world where only it exists: cast like any other value. */
  if (value->from) name.name.parts[0] = value->from->name;
  if (value->from ? !query_expr(session, &name, &only, 1, type, &out)
                  : !query_expr(session, value->expr, sources, count, type, &out))
    return false;
  buf_addf(sql, "(%s)", out.sql);
  return true;
}

bool
change_new_row(struct session *session, const struct table *table, const struct change_value *values,
               const struct query_source *sources, size_t count, const char *old, struct buf *sql)
{
  for (size_t i = 0; i < table->column_count; i++) {
    const struct column *column = &table->columns[i];

    if (i) buf_add_text(sql, ", ");
    if (!values[i].given) {
      if (old)
        buf_addf(sql, "%s.c%lld", old, (long long)column->id);
      else
        buf_add_text(sql, "NULL");
    } else if (!change_value_sql(session, column, &values[i], sources, count, sql)) {
      return false;
    }
    buf_addf(sql, " AS k%zu", i);
  }
  return true;
}

/* The rows ended in this version, begun again with new values. */
static bool
begin_rows(struct session *session, struct table *table, const struct data_write *write,
           const struct change_value *values, const struct query_source *source, int64_t *begun)
{
  struct buf sql CLEANUP_BUF = BUF_INIT(BUF_LARGE);

  buf_add_text(&sql, "SELECT ");
  if (!change_new_row(session, table, values, source, 1, "t", &sql)) return false;
  buf_addf(&sql, " FROM %s AS t WHERE t.v_to = %lld", write->physical, (long long)write->version);
  return change_insert(session, table, write, sql.data, begun);
}

/* K0, k1, ... for every column, generated ones computed anew. */
bool
change_insert(struct session *session, struct table *table, const struct data_write *write, const char *sql,
              int64_t *begun)
{
  struct column **columns = arena_array(session->arena, table->column_count, sizeof(struct column *));
  struct write_rows rows = {.columns = columns};
  struct buf list CLEANUP_BUF = BUF_INIT(BUF_LARGE);

  buf_add_text(&list, "SELECT ");
  for (size_t i = 0; i < table->column_count; i++) {
    if (table->columns[i].generated_sql) continue;
    buf_addf(&list, "%sk%zu AS k%zu", rows.column_count ? ", " : "", i, rows.column_count);
    columns[rows.column_count++] = &table->columns[i];
  }
  buf_addf(&list, " FROM (%s)", sql);
  rows.sql = list.data;
  rows.keep_identity = true;
  return write_add(session, table, write, &rows, begun);
}

bool
ddl_update(struct cursor *cursor, struct result *result)
{
  static const char *const figures[] = {"num_affected_rows"}, *const metrics[] = {"numUpdatedRows"};
  struct session *session = cursor->session;
  const char *alias, *condition, *predicate;
  struct ast_expr *where;
  struct change_value *values;
  struct query_source source;
  struct data_write write;
  struct table table;
  struct name name;
  int64_t ended = 0, begun;
  bool ok;

  if (!cursor_expect(cursor, "UPDATE") || !read_object(cursor, SEC_TABLE, &name) ||
      !read_alias(cursor, &alias) || !cursor_expect(cursor, "SET") ||
      !change_open(session, &name, "UPDATE", &table) || !change_read_set(cursor, &table, alias, &values))
    return false;
  if (!read_where(cursor, &where, &predicate)) return false;
  if (!cursor_finish(cursor)) return false;
  write_source(session, &table, "t", &source);
  source.alias = alias;
  if (!condition_sql(session, where, &source, &condition)) return false;
  store_save(session);
  ok = data_write(session, &table, &write) && end_rows(session, &write, condition, &ended) &&
       begin_rows(session, &table, &write, values, &source, &begun) && write_check(session, &table, &write);
  store_restore(session, ok && ended > 0);
  if (!ok || (ended > 0 && !change_commit(session, &table, &write, "UPDATE", predicate,
                                          figures_json(session, metrics, &ended, 1))))
    return false;
  result_figures(session, result, figures, &ended, 1);
  return true;
}

bool
ddl_truncate(struct cursor *cursor, struct result *result)
{
  static const char *const metrics[] = {"numDeletedRows"};
  struct session *session = cursor->session;
  struct data_write write;
  struct table table;
  struct name name;
  int64_t gone;

  (void)result;
  if (!cursor_expect_words(cursor, "TRUNCATE TABLE") || !read_object(cursor, SEC_TABLE, &name) ||
      !cursor_finish(cursor) || !table_open(session, &name, NULL, &table))
    return false;
  if (!access_require(session, &table.object, PRIV_MODIFY) ||
      !require_writable(session, &table, "TRUNCATE TABLE") || !data_write(session, &table, &write))
    return false;
  gone = data_truncate(session, &table, &write);
  return version_commit(
      session, &table,
      &(struct version){.operation = "TRUNCATE", .metrics = figures_json(session, metrics, &gone, 1)}, false);
}
