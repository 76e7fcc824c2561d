/* SPDX-License-Identifier: Apache-2.0 */
/* Reading column definitions and constraints.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-table-using.html */
#include "ddl/column.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "ddl/read.h"
#include "query/type.h"

#include "base/banned.h"

void
definitions_free(struct definitions *definitions)
{
  VEC_FREE(&definitions->columns);
  VEC_FREE(&definitions->constraints);
  VEC_FREE(&definitions->checks);
}

void
column_set_type(struct arena *arena, struct column *column, const struct sql_type *type)
{
  struct json_object *json CLEANUP_JSON = type_spark(type);

  column->type_text = type_text(arena, type);
  column->type_name = type_name(type);
  column->type_json = arena_strdup(arena, json_text(json));
  column->precision = type_precision(type);
  column->scale = type_scale(type);
}

const struct sql_type *
column_type(struct session *session, const struct column *column)
{
  return type_parse(session, column->type_text);
}

bool
constraint_starts(const struct cursor *cursor)
{
  if (cursor_is(cursor, "CONSTRAINT")) return true;
  if (cursor_is(cursor, "PRIMARY") || cursor_is(cursor, "FOREIGN")) return cursor_is_at(cursor, 1, "KEY");
  return (cursor_is(cursor, "CHECK") || cursor_is(cursor, "UNIQUE")) && cursor_is_at(cursor, 1, "(");
}

/* NOT ENFORCED, DEFERRABLE, INITIALLY DEFERRED, NORELY, RELY, MATCH FULL, ON UPDATE NO ACTION ... in any
 * order. */
static void
read_constraint_options(struct cursor *cursor, struct constraint *constraint)
{
  static const char *const ignored[] = {
      "NOT ENFORCED",        "ENFORCED", "NOT DEFERRABLE", "DEFERRABLE",          "INITIALLY DEFERRED",
      "INITIALLY IMMEDIATE", "NORELY",   "MATCH FULL",     "ON UPDATE NO ACTION", "ON DELETE NO ACTION"};
  bool more = true;

  while (more) {
    more = false;
    if (cursor_take(cursor, "RELY")) constraint->rely = more = true;
    for (size_t i = 0; i < ARRAY_SIZE(ignored); i++)
      if (cursor_take_words(cursor, ignored[i])) more = true;
  }
}

/* (a [TIMESERIES], b, ...) */
static bool
read_key_columns(struct cursor *cursor, struct constraint *constraint)
{
  VEC(const char *) names = {0};
  bool ok = cursor_expect(cursor, "(");

  while (ok) {
    const char *name;

    ok = parse_word(cursor, &name);
    if (!ok) break;
    *VEC_ADD(&names) = name;
    if (cursor_take(cursor, "TIMESERIES")) constraint->timeseries = name;
    if (!cursor_take(cursor, ",")) break;
  }
  constraint->columns = arena_array(cursor->arena, names.count + 1, sizeof *constraint->columns);
  for (size_t i = 0; i < names.count; i++)
    constraint->columns[i] = names.at[i];
  constraint->column_count = names.count;
  VEC_FREE(&names);
  return ok && cursor_expect(cursor, ")");
}

static bool
read_reference(struct cursor *cursor, struct constraint *constraint)
{
  struct name parent;

  if (!cursor_expect(cursor, "REFERENCES") || !read_object(cursor, SEC_TABLE, &parent)) return false;
  constraint->parent_table = name_text(cursor->session, &parent);
  return !cursor_is(cursor, "(") ||
         parse_name_list(cursor, &constraint->parent_columns, &constraint->parent_count);
}

static bool
read_check(struct cursor *cursor, struct check *check)
{
  size_t start;

  if (!cursor_expect(cursor, "(")) return false;
  start = cursor_start(cursor);
  if (!parse_expr(cursor)) return false;
  check->text = cursor_text(cursor, start, cursor_end(cursor));
  if (!cursor_expect(cursor, ")")) return false;
  cursor_take(cursor, "ENFORCED");
  return true;
}

bool
read_constraint(struct cursor *cursor, struct definitions *out)
{
  struct constraint constraint = {0};
  const char *name = NULL;

  if (cursor_take(cursor, "CONSTRAINT") && !parse_word(cursor, &name)) return false;
  if (cursor_take(cursor, "CHECK")) {
    struct check *check = VEC_ADD(&out->checks);

    check->name = name;
    return read_check(cursor, check);
  }
  constraint.name = name;
  if (cursor_take_words(cursor, "PRIMARY KEY"))
    constraint.kind = CONSTRAINT_PRIMARY_KEY;
  else if (cursor_take_words(cursor, "FOREIGN KEY"))
    constraint.kind = CONSTRAINT_FOREIGN_KEY;
  else if (cursor_take(cursor, "UNIQUE"))
    constraint.kind = CONSTRAINT_UNIQUE;
  else
    return cursor_fail(cursor);
  if (!read_key_columns(cursor, &constraint)) return false;
  if (constraint.kind == CONSTRAINT_FOREIGN_KEY && !read_reference(cursor, &constraint)) return false;
  read_constraint_options(cursor, &constraint);
  *VEC_ADD(&out->constraints) = constraint;
  return true;
}

/* A constraint written behind a column: PRIMARY KEY, REFERENCES p (a), UNIQUE, CHECK (...). */
static bool
read_column_constraint(struct cursor *cursor, const char *column, struct definitions *out)
{
  struct constraint constraint = {0};

  if (cursor_take(cursor, "CONSTRAINT") && !parse_word(cursor, &constraint.name)) return false;
  if (cursor_take(cursor, "CHECK")) {
    struct check *check = VEC_ADD(&out->checks);

    check->name = constraint.name;
    return read_check(cursor, check);
  }
  constraint.columns = arena_array(cursor->arena, 1, sizeof *constraint.columns);
  constraint.columns[0] = column;
  constraint.column_count = 1;
  if (cursor_take_words(cursor, "PRIMARY KEY")) {
    constraint.kind = CONSTRAINT_PRIMARY_KEY;
    if (cursor_take(cursor, "TIMESERIES")) constraint.timeseries = column;
  } else if (cursor_take(cursor, "UNIQUE")) {
    constraint.kind = CONSTRAINT_UNIQUE;
  } else {
    constraint.kind = CONSTRAINT_FOREIGN_KEY;
    cursor_take_words(cursor, "FOREIGN KEY");
    if (!read_reference(cursor, &constraint)) return false;
  }
  read_constraint_options(cursor, &constraint);
  *VEC_ADD(&out->constraints) = constraint;
  return true;
}

static bool
read_identity(struct cursor *cursor, struct column *column, bool always)
{
  column->identity = always ? IDENTITY_ALWAYS : IDENTITY_BY_DEFAULT;
  column->identity_start = column->identity_step = 1;
  if (!cursor_take(cursor, "(")) return true;
  while (!cursor_is(cursor, ")")) {
    if (cursor_take_words(cursor, "START WITH")) {
      if (!parse_integer(cursor, &column->identity_start)) return false;
    } else if (cursor_take_words(cursor, "INCREMENT BY")) {
      if (!parse_integer(cursor, &column->identity_step)) return false;
    } else {
      return cursor_fail(cursor);
    }
    cursor_take(cursor, ",");
  }
  return cursor_expect(cursor, ")");
}

static bool
read_generated(struct cursor *cursor, struct column *column)
{
  size_t start;

  if (cursor_take_words(cursor, "BY DEFAULT AS IDENTITY")) return read_identity(cursor, column, false);
  if (!cursor_expect_words(cursor, "ALWAYS AS")) return false;
  if (cursor_take(cursor, "IDENTITY")) return read_identity(cursor, column, true);
  if (!cursor_expect(cursor, "(")) return false;
  start = cursor_start(cursor);
  if (!parse_expr(cursor)) return false;
  column->generated_sql = cursor_text(cursor, start, cursor_end(cursor));
  return cursor_expect(cursor, ")");
}

/* One option behind a column's type; *MORE false when there is none. */
static bool
read_option(struct cursor *cursor, struct column *column, struct definitions *out, bool *more)
{
  *more = true;
  if (cursor_take_words(cursor, "NOT NULL")) {
    column->nullable = false;
    return true;
  }
  if (cursor_take(cursor, "NULL")) return true;
  if (cursor_take(cursor, "COMMENT")) return parse_string(cursor, &column->comment);
  if (cursor_take(cursor, "GENERATED")) return read_generated(cursor, column);
  if (cursor_take(cursor, "MASK")) return read_policy(cursor, "USING COLUMNS", &column->mask);
  if (cursor_take(cursor, "DEFAULT")) {
    size_t start = cursor_start(cursor);

    if (!parse_expr(cursor)) return false;
    column->default_sql = cursor_text(cursor, start, cursor_end(cursor));
    return true;
  }
  if (constraint_starts(cursor) || cursor_is(cursor, "REFERENCES") || cursor_is(cursor, "UNIQUE"))
    return read_column_constraint(cursor, column->name, out);
  *more = false;
  return true;
}

bool
read_definition(struct cursor *cursor, struct definitions *out)
{
  struct column column = {.nullable = true, .partition_index = -1};
  const struct sql_type *type;
  bool more = true;

  if (!parse_word(cursor, &column.name)) return false;
  cursor_take(cursor, ":");
  type = parse_type(cursor);
  if (!type) return false;
  column_set_type(cursor->arena, &column, type);
  while (more)
    if (!read_option(cursor, &column, out, &more)) return false;
  if (column.comment && !*column.comment) column.comment = NULL;
  *VEC_ADD(&out->columns) = column;
  return true;
}

bool
read_definitions(struct cursor *cursor, struct definitions *out)
{
  do
    if (!(constraint_starts(cursor) ? read_constraint(cursor, out) : read_definition(cursor, out)))
      return false;
  while (cursor_take(cursor, ","));
  return cursor_expect(cursor, ")");
}
