/* SPDX-License-Identifier: Apache-2.0 */
/* INSERT. https://docs.databricks.com/sql/language-manual/sql-ref-syntax-dml-insert-into.html */
#include "base/arena.h"
#include "base/str.h"
#include "ddl/read.h"
#include "ddl/write.h"
#include "query/type.h"

#include "base/banned.h"

struct insert {
  bool overwrite, by_name;
  struct name name;
  const char **names; /* the column list, or NULL */
  size_t name_count;
  struct ast_query *query;
};

static bool
read_insert(struct cursor *cursor, struct insert *insert)
{
  if (!cursor_expect(cursor, "INSERT")) return false;
  insert->overwrite = cursor_take(cursor, "OVERWRITE");
  if (!insert->overwrite && !cursor_expect(cursor, "INTO")) return false;
  cursor_take(cursor, "TABLE");
  if (!read_object(cursor, SEC_TABLE, &insert->name)) return false;
  if (cursor_is(cursor, "PARTITION") || cursor_is(cursor, "REPLACE") || cursor_is(cursor, "USING"))
    return refuse_feature(cursor->session, "SANDBOX", "INSERT for some partitions or by REPLACE WHERE");
  if (cursor_is(cursor, "(") && !cursor_is_at(cursor, 1, "SELECT") && !cursor_is_at(cursor, 1, "WITH") &&
      !cursor_is_at(cursor, 1, "VALUES") && !cursor_is_at(cursor, 1, "(") &&
      !parse_name_list(cursor, &insert->names, &insert->name_count))
    return false;
  insert->by_name = cursor_take_words(cursor, "BY NAME");
  insert->query = parse_query(cursor);
  return insert->query && cursor_finish(cursor);
}

static bool
no_such_column(struct session *session, const struct table *table, const char *name)
{
  return fault_raise(session, "DELTA_COLUMN_NOT_FOUND_IN_SCHEMA",
                     "Unable to find the column '%s' of the target table %s.", name, table->object.full_name);
}

/* The columns that the query's values go to. */
static bool
find_columns(struct session *session, const struct insert *insert, struct table *table,
             const char *const *names, size_t count, struct column ***out, size_t *out_count)
{
  struct column **columns = arena_array(session->arena, table->column_count + count, sizeof(struct column *));
  size_t found = 0;

  (void)insert;
  for (size_t i = 0; names && i < count; i++) {
    columns[found] = table_column(table, names[i]);
    if (!columns[found]) return no_such_column(session, table, names[i]);
    for (size_t j = 0; j < found; j++)
      if (columns[j] == columns[found])
        return fault_raise(session, "COLUMN_ALREADY_EXISTS", "The column `%s` is given twice.", names[i]);
    found++;
  }
  /* Without a list the values are for all columns but those that the table fills itself. */
  for (size_t i = 0; !names && i < table->column_count; i++)
    if (!table->columns[i].generated_sql && table->columns[i].identity != IDENTITY_ALWAYS)
      columns[found++] = &table->columns[i];
  *out = columns;
  *out_count = found;
  return true;
}

/* DEFAULT in VALUES stands for the default of the column it is the value of. */
static bool
replace_defaults(struct session *session, struct ast_query *query, struct column *const *columns,
                 size_t count)
{
  struct ast_relation *values = query->from;

  if (query->is_set || !values || values->kind != RELATION_VALUES || query->item_count > 0) return true;
  for (size_t r = 0; r < values->row_count; r++) {
    for (size_t c = 0; c < values->width && c < count; c++) {
      struct ast_expr *expr = values->rows[r][c];

      if (expr->kind != AST_NAME || expr->name.count != 1 || !str_ieq(expr->name.parts[0], "DEFAULT"))
        continue;
      if (columns[c]->identity != IDENTITY_NONE)
        return refuse_feature(session, "SANDBOX",
                              "DEFAULT as the value of an identity column; leave the column out");
      values->rows[r][c] =
          parse_expr_text(session, columns[c]->default_sql ? columns[c]->default_sql : "NULL");
      if (!values->rows[r][c]) return false;
    }
  }
  return true;
}

/* BY NAME: the query's own column names are the list. */
static bool
names_of_query(struct session *session, struct insert *insert)
{
  struct query_plan plan;

  if (!query_to_sqlite(session, insert->query, &plan)) return false;
  insert->names = arena_array(session->arena, plan.column_count, sizeof *insert->names);
  for (size_t i = 0; i < plan.column_count; i++)
    insert->names[i] = plan.columns[i].name;
  insert->name_count = plan.column_count;
  return true;
}

bool
ddl_insert(struct cursor *cursor, struct result *result)
{
  static const char *const figures[] = {"num_affected_rows", "num_inserted_rows"};
  struct session *session = cursor->session;
  struct insert insert = {0};
  struct write_rows rows = {0};
  struct version commit = {.operation = "WRITE"};
  struct query_plan plan;
  struct column **columns = NULL;
  struct table table;
  int64_t added;

  if (!read_insert(cursor, &insert) || !table_open(session, &insert.name, NULL, &table)) return false;
  if (!access_require(session, &table.object, PRIV_MODIFY) || !require_writable(session, &table, "INSERT"))
    return false;
  if (insert.by_name && !names_of_query(session, &insert)) return false;
  if (!find_columns(session, &insert, &table, insert.names, insert.name_count, &columns, &rows.column_count))
    return false;
  if (!replace_defaults(session, insert.query, columns, rows.column_count)) return false;
  if (!query_to_store(session, insert.query, table_quoted(session, &table),
                      write_targets(session, columns, rows.column_count), rows.column_count, &plan))
    return false;
  rows.sql = plan.sql;
  rows.columns = columns;
  commit.parameters = insert.overwrite ? "{\"mode\":\"Overwrite\",\"partitionBy\":\"[]\"}"
                                       : "{\"mode\":\"Append\",\"partitionBy\":\"[]\"}";
  if (!write_insert(session, &table, &rows, insert.overwrite, &commit, false, &added)) return false;
  result_figures(session, result, figures, (int64_t[]){added, added}, 2);
  return true;
}
