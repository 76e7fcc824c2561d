/* SPDX-License-Identifier: Apache-2.0 */
/* ALTER TABLE ... ADD and DROP CONSTRAINT. https://docs.databricks.com/tables/constraints.html */
#include "base/arena.h"
#include "base/str.h"
#include "ddl/alter.h"
#include "ddl/column.h"
#include "ddl/create_table.h"
#include "ddl/read.h"
#include "ddl/write.h"
#include "store/lower.h"

#include "base/banned.h"

static bool
add_check(struct session *session, struct table *table, const struct check *check)
{
  const char *name =
      check->name ? check->name : arena_printf(session->arena, "chk_%.8s", store_uuid(session->arena));
  int64_t broken;

  if (!require_delta(session, table, "ALTER TABLE ADD CONSTRAINT") || !alter_allowed(session, table))
    return false;
  if (!check_condition_add(session, table, name, check->text) ||
      !write_count_violations(session, table, check->text, &broken))
    return false;
  if (broken > 0)
    return fault_raise(session, "DELTA_NEW_CHECK_CONSTRAINT_VIOLATION",
                       "%lld rows in %s violate the new CHECK constraint (%s).", (long long)broken,
                       table->object.full_name, check->text);
  return alter_commit(
      session, table, "ADD CONSTRAINT",
      property_set(session->arena, property_set(session->arena, NULL, "name", name), "expr", check->text));
}

bool
alter_add_constraint(struct cursor *cursor, struct table *table)
{
  struct definitions definitions CLEANUP_DEFINITIONS = {0};

  if (!read_constraint(cursor, &definitions) || !cursor_finish(cursor)) return false;
  if (definitions.checks.count > 0) return add_check(cursor->session, table, &definitions.checks.at[0]);
  if (table_is_view(table)) return require_writable(cursor->session, table, "ALTER TABLE ADD CONSTRAINT");
  return constraint_add(cursor->session, table, &definitions.constraints.at[0]);
}

/* DROP PRIMARY KEY [IF EXISTS] [RESTRICT | CASCADE], DROP FOREIGN KEY [IF EXISTS] (a, ...): the constraint's
 * name, or NULL where there is none. */
static bool
find_unnamed(struct cursor *cursor, const struct table *table, bool *tolerant, const char **name)
{
  bool primary = cursor_take_words(cursor, "PRIMARY KEY");
  const char **columns = NULL;
  size_t count = 0;

  *name = NULL;
  if (!primary && !cursor_expect_words(cursor, "FOREIGN KEY")) return false;
  *tolerant = cursor_take_words(cursor, "IF EXISTS");
  if (!primary && !parse_name_list(cursor, &columns, &count)) return false;
  for (size_t i = 0; i < table->constraint_count; i++) {
    const struct constraint *constraint = &table->constraints[i];
    bool same = constraint->kind == (primary ? CONSTRAINT_PRIMARY_KEY : CONSTRAINT_FOREIGN_KEY);

    same = same && (primary || constraint->column_count == count);
    for (size_t j = 0; same && !primary && j < count; j++)
      same = utf8_ieq(constraint->columns[j], columns[j]);
    if (same) *name = constraint->name;
  }
  return true;
}

static bool
drop_named(struct session *session, struct table *table, const char *name, bool tolerant, bool cascade)
{
  const char *key = arena_printf(session->arena, "delta.constraints.%s", text_lower(session->arena, name));

  if (property_get(session->arena, table->properties, key)) {
    if (!alter_allowed(session, table)) return false;
    table->properties = property_set(session->arena, table->properties, key, NULL);
    return alter_commit(session, table, "DROP CONSTRAINT", property_set(session->arena, NULL, "name", name));
  }
  if (constraint_drop(session, table, name, cascade)) return true;
  if (session->fault.error_class || tolerant) return !session->fault.error_class;
  return fault_raise(
      session, "DELTA_CONSTRAINT_DOES_NOT_EXIST",
      "Cannot drop nonexistent constraint %s from table %s. To avoid throwing an error, provide the "
      "parameter IF EXISTS or set the SQL session configuration.",
      name, table_quoted(session, table));
}

bool
alter_drop_constraint(struct cursor *cursor, struct table *table)
{
  struct session *session = cursor->session;
  const char *name = NULL;
  bool tolerant = false, cascade;

  if (cursor_take(cursor, "CONSTRAINT")) {
    tolerant = cursor_take_words(cursor, "IF EXISTS");
    if (!parse_word(cursor, &name)) return false;
  } else if (!find_unnamed(cursor, table, &tolerant, &name)) {
    return false;
  }
  cascade = cursor_take(cursor, "CASCADE");
  if (!cascade) cursor_take(cursor, "RESTRICT");
  if (!cursor_finish(cursor)) return false;
  if (name) return drop_named(session, table, name, tolerant, cascade);
  return tolerant || fault_raise(session, "CONSTRAINT_DOES_NOT_EXIST", "Table %s has no such constraint.",
                                 table_quoted(session, table));
}
