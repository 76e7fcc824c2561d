/* SPDX-License-Identifier: Apache-2.0 */
/* MERGE INTO. What each row of either side is to become is settled in temporary tables first, then done.
 * https://docs.databricks.com/sql/language-manual/delta-merge-into.html */
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"
#include "ddl/change.h"
#include "ddl/read.h"
#include "ddl/write.h"
#include "query/type.h"

#include "base/banned.h"

enum when { WHEN_MATCHED, WHEN_NOT_MATCHED, WHEN_NOT_MATCHED_BY_SOURCE };
enum action { ACTION_UPDATE, ACTION_DELETE, ACTION_INSERT };

struct clause {
  enum when when;
  enum action action;
  struct ast_expr *condition; /* or NULL */
  bool star;                  /* UPDATE SET *, INSERT * */
  struct change_value *values;
};

struct merge {
  struct table table;
  const char *alias;
  struct ast_relation *source;
  struct ast_expr *on;
  VEC(struct clause) clauses;
  struct query_source sides[2]; /* target, source */
  struct data_write write;
  int64_t updated, deleted, inserted;
};

static void
merge_free(struct merge *merge)
{
  VEC_FREE(&merge->clauses);
}

/* INSERT * | (a, b) VALUES (x, y) */
static bool
read_insert(struct cursor *cursor, const struct merge *merge, struct clause *clause)
{
  const struct table *table = &merge->table;
  struct ast_expr **exprs;
  const char **names;
  size_t count, expr_count;

  clause->star = cursor_take(cursor, "*");
  if (clause->star) return true;
  if (!parse_name_list(cursor, &names, &count) || !cursor_expect(cursor, "VALUES") ||
      !cursor_expect(cursor, "(") || !parse_expr_list(cursor, &exprs, &expr_count) ||
      !cursor_expect(cursor, ")"))
    return false;
  if (count != expr_count)
    return fault_raise(cursor->session, "PARSE_SYNTAX_ERROR",
                       "The number of inserted values (%zu) cannot match the columns (%zu).", expr_count,
                       count);
  clause->values = arena_array(cursor->arena, table->column_count, sizeof *clause->values);
  for (size_t i = 0; i < count; i++) {
    const struct column *column = table_column(table, names[i]);

    if (!column)
      return fault_raise(cursor->session, "DELTA_MERGE_UNRESOLVED_EXPRESSION",
                         "Cannot resolve `%s` in INSERT clause given columns of %s.", names[i],
                         table->object.full_name);
    clause->values[column->position] = (struct change_value){.given = true, .expr = exprs[i]};
  }
  return true;
}

static bool
read_when(struct cursor *cursor, struct clause *clause)
{
  if (cursor_take_words(cursor, "NOT MATCHED BY SOURCE")) {
    clause->when = WHEN_NOT_MATCHED_BY_SOURCE;
  } else if (cursor_take_words(cursor, "NOT MATCHED")) {
    clause->when = WHEN_NOT_MATCHED;
    cursor_take_words(cursor, "BY TARGET");
  } else if (!cursor_expect(cursor, "MATCHED")) {
    return false;
  }
  return !cursor_take(cursor, "AND") || (clause->condition = parse_expr(cursor)) != NULL;
}

static bool
read_clause(struct cursor *cursor, struct merge *merge)
{
  struct clause *clause = VEC_ADD(&merge->clauses);

  if (!cursor_expect(cursor, "WHEN") || !read_when(cursor, clause) || !cursor_expect(cursor, "THEN"))
    return false;
  if (clause->when == WHEN_NOT_MATCHED) {
    clause->action = ACTION_INSERT;
    return cursor_expect(cursor, "INSERT") && read_insert(cursor, merge, clause);
  }
  if (cursor_take(cursor, "DELETE")) {
    clause->action = ACTION_DELETE;
    return true;
  }
  if (!cursor_expect_words(cursor, "UPDATE SET")) return false;
  clause->star = clause->when == WHEN_MATCHED && cursor_take(cursor, "*");
  return clause->star || change_read_set(cursor, &merge->table, NULL, &clause->values);
}

static bool
read_merge(struct cursor *cursor, struct merge *merge)
{
  struct name name;

  if (!cursor_expect(cursor, "MERGE")) return false;
  if (cursor_is(cursor, "WITH"))
    return refuse_feature(cursor->session, "SANDBOX", "MERGE WITH SCHEMA EVOLUTION");
  if (!cursor_expect(cursor, "INTO") || !read_object(cursor, SEC_TABLE, &name)) return false;
  if ((cursor_take(cursor, "AS") || !cursor_is(cursor, "USING")) && !parse_word(cursor, &merge->alias))
    return false;
  if (!cursor_expect(cursor, "USING") || !change_open(cursor->session, &name, "MERGE", &merge->table))
    return false;
  merge->source = parse_relation(cursor);
  if (!merge->source || !cursor_expect(cursor, "ON") || !(merge->on = parse_expr(cursor))) return false;
  do
    if (!read_clause(cursor, merge)) return false;
  while (cursor_is(cursor, "WHEN"));
  return cursor_finish(cursor);
}

/* SET * and INSERT * take every column of the target from the source's column of that name. */
static bool
spell_star(struct session *session, const struct merge *merge, struct clause *clause)
{
  const struct query_source *source = &merge->sides[1];

  if (!clause->star) return true;
  clause->values = arena_array(session->arena, merge->table.column_count, sizeof *clause->values);
  for (size_t i = 0; i < merge->table.column_count; i++) {
    const struct column *column = &merge->table.columns[i];
    size_t j = 0;

    if (column->generated_sql || column->identity == IDENTITY_ALWAYS) continue;
    while (j < source->column_count && !utf8_ieq(source->columns[j].name, column->name))
      j++;
    if (j == source->column_count)
      return fault_raise(session, "DELTA_MERGE_UNRESOLVED_EXPRESSION",
                         "Cannot resolve `%s` in %s clause given the columns of the source.", column->name,
                         clause->action == ACTION_INSERT ? "INSERT" : "UPDATE");
    clause->values[i] = (struct change_value){.given = true, .from = &source->columns[j]};
  }
  return true;
}

/* CASE over the clauses of WHEN: which applies to a row, -1 for none. */
static bool
choose_sql(struct session *session, struct merge *merge, enum when when, struct buf *sql)
{
  size_t first = when == WHEN_NOT_MATCHED ? 1 : 0, count = when == WHEN_MATCHED ? 2 : 1;

  buf_add_text(sql, "CASE");
  for (size_t i = 0; i < merge->clauses.count; i++) {
    const struct clause *clause = &merge->clauses.at[i];
    struct query_value value = {.sql = "1"};

    if (clause->when != when) continue;
    if (clause->condition &&
        !query_expr(session, clause->condition, &merge->sides[first], count, type_of(TYPE_BOOLEAN), &value))
      return false;
    buf_addf(sql, " WHEN (%s) THEN %zu", value.sql, i);
  }
  buf_add_text(sql, " WHEN 0 THEN -1 ELSE -1 END");
  return true;
}

/* merge_m (tid, sid, act): the pairs; merge_n (sid, act): source rows without one; merge_b (tid, act): target
 * rows. */
static bool
settle(struct session *session, struct merge *merge, const char *source_sql)
{
  const char *live = change_live(session, &merge->write);
  struct buf sql CLEANUP_BUF = BUF_INIT(BUF_LARGE);
  struct query_value on;

  if (!query_expr(session, merge->on, merge->sides, 2, type_of(TYPE_BOOLEAN), &on)) return false;
  buf_addf(
      &sql,
      "CREATE TEMP TABLE merge_s AS SELECT * FROM (%s); CREATE TEMP TABLE merge_m AS SELECT t.row_id AS tid,"
      " s.rowid AS sid, ",
      source_sql);
  if (!choose_sql(session, merge, WHEN_MATCHED, &sql)) return false;
  buf_addf(
      &sql,
      " AS act FROM %s AS t JOIN merge_s AS s ON %s; CREATE TEMP TABLE merge_n AS SELECT s.rowid AS sid, ",
      live, on.sql);
  if (!choose_sql(session, merge, WHEN_NOT_MATCHED, &sql)) return false;
  buf_add_text(&sql, " AS act FROM merge_s AS s WHERE s.rowid NOT IN (SELECT sid FROM merge_m);"
                     " CREATE TEMP TABLE merge_b AS SELECT t.row_id AS tid, ");
  if (!choose_sql(session, merge, WHEN_NOT_MATCHED_BY_SOURCE, &sql)) return false;
  buf_addf(&sql, " AS act FROM %s AS t WHERE t.row_id NOT IN (SELECT tid FROM merge_m)", live);
  return write_run(session, sql.data, NULL);
}

/* A row that two source rows would change is nobody's to decide; deleting it twice is deleting it. */
static bool
check_once(struct session *session, const struct merge *merge)
{
  int64_t twice;
  size_t matched = 0;
  bool only_delete = true;

  for (size_t i = 0; i < merge->clauses.count; i++) {
    if (merge->clauses.at[i].when != WHEN_MATCHED) continue;
    matched++;
    only_delete =
        only_delete && merge->clauses.at[i].action == ACTION_DELETE && !merge->clauses.at[i].condition;
  }
  if (matched == 1 && only_delete) return true;
  if (!write_number(session, "SELECT 1 FROM merge_m WHERE act >= 0 GROUP BY tid HAVING count(*) > 1 LIMIT 1",
                    &twice))
    return false;
  if (!twice) return true;
  return fault_raise(
      session, "DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE",
      "Cannot perform Merge as multiple source rows matched and attempted to modify the same target row in "
      "the Delta table in possibly conflicting ways.");
}

static bool
run_end(struct session *session, struct merge *merge, size_t index, const char *list, int64_t *ended)
{
  return write_run(
      session,
      arena_printf(session->arena,
                   "UPDATE %s SET v_to = %lld WHERE rowid IN (SELECT tid FROM %s WHERE act = %zu)",
                   merge->write.physical, (long long)merge->write.version, list, index),
      ended);
}

static bool
run_update(struct session *session, struct merge *merge, size_t index, const struct clause *clause)
{
  bool matched = clause->when == WHEN_MATCHED;
  struct buf sql CLEANUP_BUF = BUF_INIT(BUF_LARGE);
  int64_t count;

  buf_add_text(&sql, "SELECT ");
  if (!change_new_row(session, &merge->table, clause->values, merge->sides, matched ? 2 : 1, "t", &sql))
    return false;
  buf_addf(&sql, " FROM %s AS t JOIN %s AS m ON m.tid = t.rowid AND m.act = %zu", merge->write.physical,
           matched ? "merge_m" : "merge_b", index);
  if (matched) buf_add_text(&sql, " JOIN merge_s AS s ON s.rowid = m.sid");
  if (!run_end(session, merge, index, matched ? "merge_m" : "merge_b", &count)) return false;
  merge->updated += count;
  return change_insert(session, &merge->table, &merge->write, sql.data, &count);
}

/* Only the columns given: the others get defaults, generated and identity values. */
static bool
run_insert(struct session *session, struct merge *merge, size_t index, const struct clause *clause)
{
  struct table *table = &merge->table;
  struct column **columns = arena_array(session->arena, table->column_count, sizeof(struct column *));
  struct write_rows rows = {.columns = columns};
  struct buf sql CLEANUP_BUF = BUF_INIT(BUF_LARGE);
  int64_t added;

  buf_add_text(&sql, "SELECT ");
  for (size_t i = 0; i < table->column_count; i++) {
    if (!clause->values[i].given) continue;
    if (rows.column_count) buf_add_text(&sql, ", ");
    if (!change_value_sql(session, &table->columns[i], &clause->values[i], &merge->sides[1], 1, &sql))
      return false;
    buf_addf(&sql, " AS k%zu", rows.column_count);
    columns[rows.column_count++] = &table->columns[i];
  }
  if (rows.column_count == 0) buf_add_text(&sql, "NULL");
  buf_addf(&sql, " FROM merge_s AS s JOIN merge_n AS n ON n.sid = s.rowid AND n.act = %zu", index);
  rows.sql = sql.data;
  if (!write_add(session, table, &merge->write, &rows, &added)) return false;
  merge->inserted += added;
  return true;
}

static bool
run_clause(struct session *session, struct merge *merge, size_t index)
{
  const struct clause *clause = &merge->clauses.at[index];
  int64_t ended;

  if (clause->action == ACTION_INSERT) return run_insert(session, merge, index, clause);
  if (clause->action == ACTION_UPDATE) return run_update(session, merge, index, clause);
  if (!run_end(session, merge, index, clause->when == WHEN_MATCHED ? "merge_m" : "merge_b", &ended))
    return false;
  merge->deleted += ended;
  return true;
}

static bool
run_merge(struct session *session, struct merge *merge, const char *source_sql)
{
  if (!data_write(session, &merge->table, &merge->write) || !settle(session, merge, source_sql) ||
      !check_once(session, merge))
    return false;
  for (size_t i = 0; i < merge->clauses.count; i++)
    if (!run_clause(session, merge, i)) return false;
  return write_run(session, "DROP TABLE merge_s; DROP TABLE merge_m; DROP TABLE merge_n; DROP TABLE merge_b",
                   NULL) &&
         write_check(session, &merge->table, &merge->write);
}

bool
ddl_merge(struct cursor *cursor, struct result *result)
{
  static const char *const figures[] = {"num_affected_rows", "num_updated_rows", "num_deleted_rows",
                                        "num_inserted_rows"};
  static const char *const metrics[] = {"numTargetRowsUpdated", "numTargetRowsDeleted",
                                        "numTargetRowsInserted"};
  struct session *session = cursor->session;
  struct merge merge __attribute__((cleanup(merge_free))) = {0};
  struct query_plan plan;
  int64_t values[4];
  bool ok;

  if (!read_merge(cursor, &merge)) return false;
  write_source(session, &merge.table, "t", &merge.sides[0]);
  merge.sides[0].alias = merge.alias;
  if (!query_relation(session, merge.source, "s", &plan, &merge.sides[1])) return false;
  VEC_EACH (&merge.clauses, clause)
    if (!spell_star(session, &merge, clause)) return false;
  store_save(session);
  ok = run_merge(session, &merge, plan.sql);
  values[1] = merge.updated;
  values[2] = merge.deleted;
  values[3] = merge.inserted;
  values[0] = values[1] + values[2] + values[3];
  store_restore(session, ok && values[0] > 0);
  if (!ok || (values[0] > 0 && !change_commit(session, &merge.table, &merge.write, "MERGE", "[]",
                                              figures_json(session, metrics, values + 1, 3))))
    return false;
  result_figures(session, result, figures, values, 4);
  return true;
}
