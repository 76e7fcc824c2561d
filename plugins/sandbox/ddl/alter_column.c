/* SPDX-License-Identifier: Apache-2.0 */
/* ALTER TABLE ... COLUMN: adding, dropping, renaming, retyping, and everything that hangs on one column.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-alter-table-manage-column.html */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "ddl/alter.h"
#include "ddl/column.h"
#include "ddl/read.h"
#include "ddl/write.h"
#include "query/type.h"

#include "base/banned.h"

/* COLUMN put behind AFTER, or first when there is none and FIRST is set; else it stays where it is. */
static bool
move_column(struct session *session, struct table *table, const char *name, bool first, const char *after)
{
  struct column *column = alter_find_column(session, table, name), moved;
  size_t from, to = 0;

  if (!column || (after && !alter_find_column(session, table, after))) return false;
  from = (size_t)(column - table->columns);
  moved = *column;
  memmove(column, column + 1, (table->column_count - from - 1) * sizeof *column);
  table->column_count--;
  if (!first) to = (size_t)(table_column(table, after) - table->columns) + 1;
  memmove(&table->columns[to + 1], &table->columns[to], (table->column_count - to) * sizeof *column);
  table->columns[to] = moved;
  table->column_count++;
  return true;
}

/* [FIRST | AFTER c]: *GIVEN false when there is neither. */
static bool
read_place(struct cursor *cursor, bool *first, const char **after, bool *given)
{
  *after = NULL;
  *first = cursor_take(cursor, "FIRST");
  *given = *first || cursor_take(cursor, "AFTER");
  return !*given || *first || parse_word(cursor, after);
}

static bool
append_column(struct session *session, struct table *table, const struct column *column)
{
  struct column *columns;

  if (table_column(table, column->name))
    return fault_raise(session, "FIELD_ALREADY_EXISTS",
                       "Cannot add column, because `%s` already exists in the table %s.", column->name,
                       table_quoted(session, table));
  if (!column->nullable || column->default_sql || column->generated_sql || column->identity != IDENTITY_NONE)
    return fault_raise(
        session, "WRONG_COLUMN_DEFAULTS_FOR_DELTA_ALTER_TABLE_ADD_COLUMN_NOT_SUPPORTED",
        "Failed to add column `%s`: a column added to a Delta table cannot be NOT NULL, generated or have a "
        "DEFAULT. Add it without, then run ALTER TABLE ... ALTER COLUMN ... SET DEFAULT.",
        column->name);
  columns = arena_array(session->arena, table->column_count + 1, sizeof *columns);
  memcpy(columns, table->columns, table->column_count * sizeof *columns);
  columns[table->column_count] = *column;
  table->columns = columns;
  table->column_count++;
  return true;
}

bool
add_columns(struct cursor *cursor, struct table *table)
{
  struct session *session = cursor->session;
  struct definitions definitions CLEANUP_DEFINITIONS = {0};
  bool list, first, given;
  const char *after;

  if (!cursor_take(cursor, "COLUMNS") && !cursor_expect(cursor, "COLUMN")) return false;
  list = cursor_take(cursor, "(");
  do {
    if (!read_definition(cursor, &definitions) || !read_place(cursor, &first, &after, &given)) return false;
    if (!append_column(session, table, &definitions.columns.at[definitions.columns.count - 1])) return false;
    if (given && !move_column(session, table, definitions.columns.at[definitions.columns.count - 1].name,
                              first, after))
      return false;
  } while (cursor_take(cursor, ","));
  if ((list && !cursor_expect(cursor, ")")) || !cursor_finish(cursor)) return false;
  if (!require_delta(session, table, "ALTER TABLE ADD COLUMNS") || !alter_allowed(session, table))
    return false;
  return check_columns(session, table) &&
         alter_commit(session, table, "ADD COLUMNS",
                      property_set(session->arena, NULL, "columns",
                                   arena_printf(session->arena, "[{\"column\":%s}]",
                                                column_field_json(
                                                    session->arena,
                                                    table_column(table, definitions.columns.at[0].name)))));
}

/* Column mapping is what lets Delta drop and rename. */
static bool
require_mapping(struct session *session, const struct table *table, const char *error_class, const char *what)
{
  const char *mode = property_get(session->arena, table->properties, "delta.columnMapping.mode");

  if (str_ieq(mode, "name") || str_ieq(mode, "id")) return true;
  return fault_raise(
      session, error_class,
      "%s is not supported for your Delta table %s. Enable column mapping first: ALTER TABLE ... SET "
      "TBLPROPERTIES ('delta.columnMapping.mode' = 'name').",
      what, table_quoted(session, table));
}

/* A column that a CHECK, a key or a generated column needs cannot go or change. */
static bool
check_unused(struct session *session, const struct table *table, const struct column *column)
{
  struct json_object *properties CLEANUP_JSON =
      json_parse(table->properties, strlen(table->properties), NULL, NULL);
  struct json_object_iter it;

  for (size_t i = 0; i < table->constraint_count; i++)
    for (size_t j = 0; j < table->constraints[i].column_count; j++)
      if (utf8_ieq(table->constraints[i].columns[j], column->name))
        return fault_raise(session, "INVALID_PARAMETER_VALUE", "Column '%s' is used by the constraint '%s'.",
                           column->name, table->constraints[i].name);
  json_object_object_foreachC(properties, it)
  {
    struct sql_tokens tokens;
    const char *key = it.key, *text = json_object_get_string(it.val);

    if (!str_starts(key, "delta.constraints.")) continue;
    sql_tokens_read(session->arena, text, strlen(text), &tokens);
    for (size_t i = 0; i < tokens.count; i++)
      if (sql_token_is_name(&tokens.at[i]) &&
          utf8_ieq(sql_token_value(session->arena, &tokens, i), column->name))
        return fault_raise(session, "DELTA_CONSTRAINT_DEPENDENT_COLUMN_CHANGE",
                           "Cannot alter column %s because this column is referenced by the following check "
                           "constraint(s):\n%s -> %s",
                           column->name, key, arena_strdup(session->arena, text));
  }
  return true;
}

static bool
drop_column(struct session *session, struct table *table, const char *name)
{
  struct column *column = alter_find_column(session, table, name);
  size_t index;

  if (!column || !check_unused(session, table, column)) return false;
  if (column->partition_index >= 0)
    return fault_raise(session, "DELTA_UNSUPPORTED_DROP_PARTITION_COLUMN",
                       "Dropping partition columns (%s) is not allowed.", column->name);
  if (table->column_count == 1)
    return fault_raise(session, "DELTA_UNSUPPORTED_DROP_COLUMN", "Cannot drop the last column `%s`.",
                       column->name);
  index = (size_t)(column - table->columns);
  memmove(column, column + 1, (table->column_count - index - 1) * sizeof *column);
  table->column_count--;
  return true;
}

bool
drop_columns(struct cursor *cursor, struct table *table)
{
  struct session *session = cursor->session;
  bool several = cursor_take(cursor, "COLUMNS"), tolerant, list;
  const char *name;

  if (!several && !cursor_expect(cursor, "COLUMN")) return false;
  tolerant = cursor_take_words(cursor, "IF EXISTS");
  list = cursor_take(cursor, "(");
  if (!require_delta(session, table, "ALTER TABLE DROP COLUMNS") || !alter_allowed(session, table))
    return false;
  if (!require_mapping(session, table, "DELTA_UNSUPPORTED_DROP_COLUMN", "DROP COLUMN")) return false;
  do {
    if (!parse_word(cursor, &name)) return false;
    if (tolerant && !table_column(table, name)) continue;
    if (!drop_column(session, table, name)) return false;
  } while (cursor_take(cursor, ","));
  if ((list && !cursor_expect(cursor, ")")) || !cursor_finish(cursor)) return false;
  return alter_commit(session, table, "DROP COLUMNS", property_set(session->arena, NULL, "columns", name));
}

bool
rename_column(struct cursor *cursor, struct table *table)
{
  struct session *session = cursor->session;
  const char *old, *fresh, *parameters;
  struct column *column;

  if (!parse_word(cursor, &old) || !cursor_expect(cursor, "TO") || !parse_word(cursor, &fresh) ||
      !cursor_finish(cursor))
    return false;
  if (!require_delta(session, table, "ALTER TABLE RENAME COLUMN") || !alter_allowed(session, table))
    return false;
  if (!require_mapping(session, table, "DELTA_UNSUPPORTED_RENAME_COLUMN", "Column rename")) return false;
  column = alter_find_column(session, table, old);
  if (!column || !check_unused(session, table, column)) return false;
  if (table_column(table, fresh) && !utf8_ieq(old, fresh))
    return fault_raise(session, "FIELD_ALREADY_EXISTS",
                       "Cannot rename column, because `%s` already exists in %s.", fresh,
                       table_quoted(session, table));
  column->name = fresh;
  parameters = property_set(session->arena, NULL, "oldColumnPath", old);
  return alter_commit(session, table, "RENAME COLUMN",
                      property_set(session->arena, parameters, "newColumnPath", fresh));
}

static bool
set_not_null(struct session *session, struct table *table, struct column *column)
{
  int64_t nulls;

  if (!write_number(session,
                    arena_printf(session->arena, "SELECT 1 FROM %s WHERE c%lld IS NULL LIMIT 1",
                                 data_rows_sql(session->arena, table, false), (long long)column->id),
                    &nulls))
    return false;
  if (nulls)
    return fault_raise(session, "DELTA_NEW_NOT_NULL_VIOLATION",
                       "1 or more rows in %s violate the new NOT NULL constraint on %s.",
                       table_quoted(session, table), column->name);
  column->nullable = false;
  return true;
}

/* Types that may widen without a rewrite. */
static bool
widens(const struct sql_type *from, const struct sql_type *to)
{
  if (type_equal(from, to)) return true;
  if (type_is_text(from) && to->kind == TYPE_STRING) return true;
  if (from->kind == TYPE_VARCHAR && to->kind == TYPE_VARCHAR) return to->length >= from->length;
  if (type_is_integer(from) && type_is_integer(to)) return to->kind > from->kind;
  if (type_is_integer(from) && to->kind == TYPE_DOUBLE) return from->kind != TYPE_BIGINT;
  if (from->kind == TYPE_FLOAT) return to->kind == TYPE_DOUBLE;
  if (from->kind == TYPE_DATE) return to->kind == TYPE_TIMESTAMP_NTZ;
  if (from->kind != TYPE_DECIMAL || to->kind != TYPE_DECIMAL) return false;
  return to->scale == from->scale && to->precision >= from->precision;
}

static bool
set_type(struct cursor *cursor, struct table *table, struct column *column)
{
  struct session *session = cursor->session;
  const struct sql_type *from = column_type(session, column), *to = parse_type(cursor);
  const char *widening = property_get(session->arena, table->properties, "delta.enableTypeWidening");
  bool text;

  if (!to || !from) return false;
  text = type_is_text(from) && type_is_text(to);
  if (!widens(from, to) || (!text && !type_equal(from, to) && !str_ieq(widening, "true")))
    return fault_raise(session, "DELTA_UNSUPPORTED_ALTER_TABLE_CHANGE_COL_OP",
                       "ALTER TABLE CHANGE COLUMN is not supported for changing column %s from %s to %s.",
                       column->name, column->type_text, type_text(session->arena, to));
  column_set_type(session->arena, column, to);
  if (from->kind == TYPE_DATE && to->kind == TYPE_TIMESTAMP_NTZ)
    return refuse_feature(session, "SANDBOX", "widening DATE to TIMESTAMP_NTZ");
  if (type_is_integer(from) && to->kind == TYPE_DOUBLE)
    return refuse_feature(session, "SANDBOX", "widening integers to DOUBLE");
  return true;
}

static bool
set_default(struct cursor *cursor, struct table *table, struct column *column)
{
  size_t start = cursor_start(cursor);

  if (!parse_expr(cursor)) return false;
  column->default_sql = cursor_text(cursor, start, cursor_end(cursor));
  return check_columns(cursor->session, table);
}

static bool
set_mask(struct cursor *cursor, struct table *table, struct column *column)
{
  struct session *session = cursor->session;
  struct policy *policy;

  if (!read_policy(cursor, "USING COLUMNS", &policy) || !cursor_finish(cursor)) return false;
  if (!access_require_manage(session, &table->object) || !check_policy(session, table, policy, 1))
    return false;
  column->mask = policy;
  return table_save(session, table);
}

/* The clause behind the column's name. */
static bool
read_change(struct cursor *cursor, struct table *table, struct column *column)
{
  struct session *session = cursor->session;
  bool first, given;
  const char *after;

  if (cursor_take_words(cursor, "SET NOT NULL")) return set_not_null(session, table, column);
  if (cursor_take_words(cursor, "DROP NOT NULL")) return column->nullable = true;
  if (cursor_take_words(cursor, "SET DEFAULT")) return set_default(cursor, table, column);
  if (cursor_take_words(cursor, "DROP DEFAULT")) return column->default_sql = NULL, true;
  if (cursor_take(cursor, "COMMENT")) {
    if (!parse_string(cursor, &column->comment)) return false;
    if (!*column->comment) column->comment = NULL;
    return true;
  }
  if (cursor_take_words(cursor, "SET DATA TYPE") || cursor_take(cursor, "TYPE"))
    return set_type(cursor, table, column);
  if (cursor_take_words(cursor, "SYNC IDENTITY")) return true;
  if (!read_place(cursor, &first, &after, &given)) return false;
  if (!given) return cursor_fail(cursor);
  return move_column(session, table, column->name, first, after);
}

/* Dropping NOT NULL from a column of the primary key would leave the key without ground. */
static bool
check_key(struct session *session, const struct table *table, const struct column *column)
{
  for (size_t i = 0; i < table->constraint_count; i++) {
    const struct constraint *constraint = &table->constraints[i];

    if (constraint->kind != CONSTRAINT_PRIMARY_KEY) continue;
    for (size_t j = 0; j < constraint->column_count; j++)
      if (utf8_ieq(constraint->columns[j], column->name) && column->nullable)
        return fault_raise(session, "INVALID_PARAMETER_VALUE",
                           "Column '%s' cannot become nullable: it is part of the primary key '%s'.",
                           column->name, constraint->name);
  }
  return true;
}

/* , b COMMENT 'x', c SET NOT NULL ... to the end of the statement. */
static bool
read_more(struct cursor *cursor, struct table *table)
{
  while (cursor_take(cursor, ",")) {
    struct column *column;
    const char *name;

    cursor_take_words(cursor, "ALTER COLUMN");
    if (!parse_word(cursor, &name)) return false;
    column = alter_find_column(cursor->session, table, name);
    if (!column || !read_change(cursor, table, column)) return false;
    if (!check_key(cursor->session, table, table_column(table, name))) return false;
  }
  return cursor_finish(cursor);
}

bool
alter_column(struct cursor *cursor, struct table *table)
{
  struct session *session = cursor->session;
  struct column *column;
  const char *name;
  bool set;

  if (!parse_word(cursor, &name)) return false;
  column = alter_find_column(session, table, name);
  if (!column) return false;
  name = column->name;
  set = cursor_take_words(cursor, "SET TAGS");
  if (set || cursor_take_words(cursor, "UNSET TAGS")) return alter_tags(cursor, &table->object, name, set);
  if (!require_writable(session, table, "ALTER TABLE ALTER COLUMN") &&
      !str_eq(table->table_type, "STREAMING_TABLE") && !str_eq(table->table_type, "MATERIALIZED_VIEW"))
    return false;
  fault_clear(session);
  if (cursor_take_words(cursor, "SET MASK")) return set_mask(cursor, table, column);
  if (cursor_take_words(cursor, "DROP MASK")) {
    if (!cursor_finish(cursor) || !access_require_manage(session, &table->object)) return false;
    column->mask = NULL;
    return table_save(session, table);
  }
  if (!alter_allowed(session, table) || !read_change(cursor, table, column) || !read_more(cursor, table))
    return false;
  column = table_column(table, name);
  return check_key(session, table, column) &&
         alter_commit(
             session, table, "CHANGE COLUMN",
             property_set(session->arena, NULL, "column", column_field_json(session->arena, column)));
}
