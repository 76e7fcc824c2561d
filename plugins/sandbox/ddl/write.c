/* SPDX-License-Identifier: Apache-2.0 */
/* Rows into tables. Everything is one INSERT ... SELECT; what must hold is looked up afterwards among the
 * rows of the new version, which nobody else has seen yet. */
#include "ddl/write.h"

#include <sqlite3.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "ddl/column.h"
#include "ddl/read.h"
#include "query/type.h"

#include "base/banned.h"

void
write_source(struct session *session, const struct table *table, const char *alias,
             struct query_source *source)
{
  struct query_source_column *columns = arena_array(session->arena, table->column_count, sizeof *columns);

  for (size_t i = 0; i < table->column_count; i++)
    columns[i] = (struct query_source_column){
        .name = table->columns[i].name,
        .type = column_type(session, &table->columns[i]),
        .sql = arena_printf(session->arena, "%s.c%lld", alias, (long long)table->columns[i].id)};
  *source = (struct query_source){
      .name = {.parts = {table->object.catalog_name, table->object.schema_name, table->object.name},
               .count = 3},
      .columns = columns,
      .column_count = table->column_count};
}

struct query_column *
write_targets(struct session *session, struct column *const *columns, size_t count)
{
  struct query_column *targets = arena_array(session->arena, count, sizeof *targets);

  for (size_t i = 0; i < count; i++)
    targets[i] = (struct query_column){.name = columns[i]->name, .type = column_type(session, columns[i])};
  return targets;
}

bool
write_run(struct session *session, const char *sql, int64_t *changed)
{
  sqlite3 *db = store_db(session->store);
  int rc;

  query_watch(session, db);
  rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
  query_watch_end(db);
  if (rc != SQLITE_OK) return query_sqlite_fault(session, db);
  if (changed) *changed = sqlite3_changes64(db);
  return true;
}

bool
write_number(struct session *session, const char *sql, int64_t *number)
{
  sqlite3 *db = store_db(session->store);
  sqlite3_stmt *stmt = NULL;
  int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

  query_watch(session, db);
  if (rc == SQLITE_OK) rc = sqlite3_step(stmt);
  query_watch_end(db);
  *number = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
  if (rc != SQLITE_ROW && rc != SQLITE_DONE) query_sqlite_fault(session, db);
  sqlite3_finalize(stmt);
  return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

/* Which of ROWS' values COLUMN gets; -1: none. */
static int
value_index(const struct write_rows *rows, const struct column *column)
{
  for (size_t i = 0; i < rows->column_count; i++)
    if (rows->columns[i]->id == column->id) return (int)i;
  return -1;
}

/* The next values of an identity column, counted on from what was handed out before. */
static void
add_identity(struct buf *sql, const struct column *column)
{
  long long start = (long long)column->identity_start, step = (long long)column->identity_step;

  if (column->identity_used) start = (long long)column->identity_high + step;
  buf_addf(sql, "%lld + %lld * (row_number() OVER () - 1)", start, step);
}

/* The value of COLUMN in the inner SELECT, where generated columns are not known yet. */
static bool
add_value(struct session *session, struct buf *sql, const struct write_rows *rows,
          const struct column *column)
{
  int index = value_index(rows, column);
  struct query_value value;
  struct ast_expr *expr;

  if (index >= 0) {
    buf_addf(sql, "q.k%d", index);
  } else if (column->identity != IDENTITY_NONE) {
    add_identity(sql, column);
  } else if (column->default_sql) {
    expr = parse_expr_text(session, column->default_sql);
    if (!expr || !query_expr(session, expr, NULL, 0, column_type(session, column), &value)) return false;
    buf_addf(sql, "(%s)", value.sql);
  } else {
    buf_add_text(sql, "NULL");
  }
  return true;
}

static bool
add_generated(struct session *session, struct buf *sql, const struct table *table,
              const struct column *column)
{
  struct ast_expr *expr = parse_expr_text(session, column->generated_sql);
  struct query_source source;
  struct query_value value;

  write_source(session, table, "x", &source);
  if (!expr || !query_expr(session, expr, &source, 1, column_type(session, column), &value)) return false;
  buf_addf(sql, ", (%s)", value.sql);
  return true;
}

/* SELECT version, values FROM (SELECT values by column FROM (rows)). */
static bool
insert_sql(struct session *session, const struct table *table, const struct data_write *write,
           const struct write_rows *rows, struct buf *sql)
{
  buf_addf(sql, "INSERT INTO %s (v_from", write->physical);
  for (size_t i = 0; i < table->column_count; i++)
    buf_addf(sql, ", c%lld", (long long)table->columns[i].id);
  buf_addf(sql, ") SELECT %lld", (long long)write->version);
  for (size_t i = 0; i < table->column_count; i++) {
    const struct column *column = &table->columns[i];

    if (column->generated_sql && value_index(rows, column) < 0) {
      if (!add_generated(session, sql, table, column)) return false;
    } else {
      buf_addf(sql, ", x.c%lld", (long long)column->id);
    }
  }
  buf_add_text(sql, " FROM (SELECT ");
  for (size_t i = 0; i < table->column_count; i++) {
    if (i) buf_add_text(sql, ", ");
    if (!add_value(session, sql, rows, &table->columns[i])) return false;
    buf_addf(sql, " AS c%lld", (long long)table->columns[i].id);
  }
  buf_addf(sql, " FROM (%s) AS q) AS x", rows->sql);
  return true;
}

/* Remember the highest (or lowest, counting down) identity value that the write brought. */
static bool
move_identity(struct session *session, struct table *table, const struct data_write *write)
{
  for (size_t i = 0; i < table->column_count; i++) {
    struct column *column = &table->columns[i];
    const char *extreme = column->identity_step > 0 ? "max" : "min";
    int64_t high, none;

    if (column->identity == IDENTITY_NONE) continue;
    if (!write_number(session,
                      arena_printf(session->arena, "SELECT count(*) = 0 FROM %s WHERE v_from = %lld",
                                   write->physical, (long long)write->version),
                      &none) ||
        !write_number(session,
                      arena_printf(session->arena, "SELECT %s(c%lld) FROM %s WHERE v_from = %lld", extreme,
                                   (long long)column->id, write->physical, (long long)write->version),
                      &high))
      return false;
    if (none) continue;
    if (column->identity_used &&
        (column->identity_step > 0 ? high < column->identity_high : high > column->identity_high))
      continue;
    column->identity_high = high;
    column->identity_used = true;
  }
  return true;
}

bool
write_add(struct session *session, struct table *table, const struct data_write *write,
          const struct write_rows *rows, int64_t *added)
{
  struct buf sql CLEANUP_BUF = BUF_INIT(BUF_LARGE);

  for (size_t i = 0; i < rows->column_count; i++) {
    const struct column *column = rows->columns[i];

    if (column->identity == IDENTITY_ALWAYS && !rows->keep_identity)
      return fault_raise(session, "DELTA_IDENTITY_COLUMNS_EXPLICIT_INSERT_NOT_SUPPORTED",
                         "Providing values for GENERATED ALWAYS AS IDENTITY column %s is not supported.",
                         column->name);
  }
  if (!insert_sql(session, table, write, rows, &sql) || !write_run(session, sql.data, added)) return false;
  return move_identity(session, table, write);
}

static bool
check_not_null(struct session *session, const struct column *column, const struct data_write *write)
{
  int64_t broken;

  if (!write_number(
          session,
          arena_printf(session->arena,
                       "SELECT 1 FROM %s WHERE v_from = %lld AND v_to IS NULL AND c%lld IS NULL LIMIT 1",
                       write->physical, (long long)write->version, (long long)column->id),
          &broken))
    return false;
  if (!broken) return true;
  return fault_raise(session, "DELTA_NOT_NULL_CONSTRAINT_VIOLATED",
                     "NOT NULL constraint violated for column: %s.\n", column->name);
}

/* A CHECK condition as SQLite SQL over rows called x. */
static bool
condition_sql(struct session *session, const struct table *table, const char *condition, const char **sql)
{
  struct ast_expr *expr = parse_expr_text(session, condition);
  struct query_source source;
  struct query_value value;

  write_source(session, table, "x", &source);
  if (!expr || !query_expr(session, expr, &source, 1, type_of(TYPE_BOOLEAN), &value)) return false;
  *sql = value.sql;
  return true;
}

/* The first row that breaks CONDITION, " - a : 1" a line, or NULL. */
static const char *
offender(struct session *session, const struct table *table, const struct data_write *write, const char *sql)
{
  struct buf text CLEANUP_BUF = BUF_INIT(BUF_LARGE), query CLEANUP_BUF = BUF_INIT(BUF_LARGE);
  sqlite3_stmt *stmt = NULL;

  buf_addf(&query,
           "SELECT x.* FROM %s AS x WHERE v_from = %lld AND v_to IS NULL AND (%s) IS NOT TRUE LIMIT 1",
           write->physical, (long long)write->version, sql);
  if (sqlite3_prepare_v2(store_db(session->store), query.data, -1, &stmt, NULL) != SQLITE_OK ||
      sqlite3_step(stmt) != SQLITE_ROW) {
    sqlite3_finalize(stmt);
    return NULL;
  }
  for (size_t i = 0; i < table->column_count; i++) {
    const char *value = (const char *)sqlite3_column_text(stmt, 1 + (int)table->columns[i].id);

    buf_addf(&text, "\n - %s : %s", table->columns[i].name, value ? value : "null");
  }
  sqlite3_finalize(stmt);
  return arena_strndup(session->arena, text.data, text.len);
}

static bool
check_condition(struct session *session, const struct table *table, const struct data_write *write,
                const char *name, const char *condition)
{
  const char *sql, *row;
  int64_t broken;

  if (!condition_sql(session, table, condition, &sql)) return false;
  if (!write_number(
          session,
          arena_printf(
              session->arena,
              "SELECT 1 FROM %s AS x WHERE v_from = %lld AND v_to IS NULL AND (%s) IS NOT TRUE LIMIT 1",
              write->physical, (long long)write->version, sql),
          &broken))
    return false;
  if (!broken) return true;
  row = offender(session, table, write, sql);
  return fault_raise(session, "DELTA_VIOLATE_CONSTRAINT_WITH_VALUES",
                     "CHECK constraint %s (%s) violated by row with values:%s", name, condition,
                     row ? row : "");
}

bool
write_check(struct session *session, const struct table *table, const struct data_write *write)
{
  static const char prefix[] = "delta.constraints.";
  struct json_object *properties CLEANUP_JSON = NULL;
  struct json_object_iter it;

  for (size_t i = 0; i < table->column_count; i++)
    if (!table->columns[i].nullable && !check_not_null(session, &table->columns[i], write)) return false;
  properties = json_parse(table->properties, strlen(table->properties), NULL, NULL);
  json_object_object_foreachC(properties, it)
  {
    if (!str_starts(it.key, prefix)) continue;
    if (!check_condition(session, table, write, it.key + sizeof prefix - 1,
                         arena_strdup(session->arena, json_object_get_string(it.val))))
      return false;
  }
  return true;
}

bool
write_count_violations(struct session *session, const struct table *table, const char *condition,
                       int64_t *broken)
{
  const char *sql;

  if (!condition_sql(session, table, condition, &sql)) return false;
  return write_number(session,
                      arena_printf(session->arena, "SELECT count(*) FROM %s AS x WHERE (%s) IS NOT TRUE",
                                   data_rows_sql(session->arena, table, false), sql),
                      broken);
}

static bool
has_identity(const struct table *table)
{
  for (size_t i = 0; i < table->column_count; i++)
    if (table->columns[i].identity != IDENTITY_NONE) return true;
  return false;
}

bool
write_insert(struct session *session, struct table *table, const struct write_rows *rows, bool overwrite,
             const struct version *commit, bool meta, int64_t *added)
{
  static const char *const names[] = {"numFiles", "numOutputRows", "numOutputBytes"};
  struct version full = *commit;
  struct data_write write;
  int64_t bytes;

  if (!data_write(session, table, &write)) return false;
  if (overwrite) data_truncate(session, table, &write);
  if (!write_add(session, table, &write, rows, added) || !write_check(session, table, &write)) return false;
  bytes = data_add_file(session, table, &write, *added, overwrite);
  full.metrics = figures_json(session, names, (int64_t[]){*added > 0, *added, bytes}, 3);
  full.blind_append = !overwrite;
  return version_commit(session, table, &full, meta || has_identity(table));
}
