/* SPDX-License-Identifier: Apache-2.0 */
/* Primary keys, foreign keys, UNIQUE: never enforced, but checked when they are declared.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-table-constraint.html */
#include "base/str.h"
#include "base/vec.h"
#include "store/object.h"
#include "store/policy.h"

#include "base/banned.h"

static void
read_constraint(struct db_stmt *stmt, struct session *session, struct constraint *out)
{
  out->kind = (enum constraint_kind)db_int(stmt, 0);
  out->name = db_text(stmt, 1);
  out->columns = text_list_parse(session->arena, db_text(stmt, 2), &out->column_count);
  out->parent_table = db_text(stmt, 3);
  out->parent_columns = text_list_parse(session->arena, db_text(stmt, 4), &out->parent_count);
  out->timeseries = db_text(stmt, 5);
  out->rely = db_int(stmt, 6) != 0;
}

bool
constraint_load(struct session *session, int64_t table_id, struct constraint **out, size_t *count)
{
  struct db_stmt *stmt CLEANUP_STMT =
      db_query(session,
               "SELECT k.kind, k.name, k.columns, g.name || '.' || p.name || '.' || s.name, k.parent_columns,"
               " k.timeseries, k.rely FROM constraints k LEFT JOIN securable s ON s.id = k.parent_id LEFT "
               "JOIN securable p"
               " ON p.id = s.parent LEFT JOIN securable g ON g.id = p.parent WHERE k.table_id = ? ORDER BY "
               "k.kind, k.name",
               "i", table_id);
  VEC(struct constraint) found = {0};

  while (db_next(stmt))
    read_constraint(stmt, session, VEC_ADD(&found));
  DB_TAKE(session->arena, &found, out, count);
  return true;
}

/* Columns that exist, spelled as the table spells them. */
static bool
check_columns(struct session *session, const struct table *table, const char **names, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    const struct column *column = table_column(table, names[i]);

    if (!column)
      return fault_raise(session, "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION",
                         "A column, variable, or function parameter with name `%s` cannot be resolved.",
                         names[i]);
    for (size_t j = 0; j < i; j++)
      if (utf8_ieq(names[j], names[i]))
        return fault_raise(session, "INVALID_PARAMETER_VALUE",
                           "Column '%s' is listed twice in the constraint.", names[i]);
    names[i] = column->name;
  }
  return true;
}

static bool
check_primary_key(struct session *session, const struct table *table, const struct constraint *constraint)
{
  for (size_t i = 0; i < table->constraint_count; i++)
    if (table->constraints[i].kind == CONSTRAINT_PRIMARY_KEY)
      return fault_raise(session, "INVALID_PARAMETER_VALUE",
                         "Table '%s' already has a primary key constraint '%s'.", table->object.full_name,
                         table->constraints[i].name);
  for (size_t i = 0; i < constraint->column_count; i++)
    if (table_column(table, constraint->columns[i])->nullable)
      return fault_raise(
          session, "INVALID_PARAMETER_VALUE",
          "Cannot create the primary key `%s` because its child column(s) `%s` is nullable. Please change "
          "the column nullability and retry.",
          constraint->name, constraint->columns[i]);
  return true;
}

static const struct constraint *
primary_key(const struct table *table)
{
  for (size_t i = 0; i < table->constraint_count; i++)
    if (table->constraints[i].kind == CONSTRAINT_PRIMARY_KEY) return &table->constraints[i];
  return NULL;
}

static bool
same_columns(const struct constraint *key, const struct constraint *reference)
{
  if (key->column_count != reference->parent_count) return false;
  for (size_t i = 0; i < key->column_count; i++) {
    bool found = false;

    for (size_t j = 0; j < reference->parent_count && !found; j++)
      found = utf8_ieq(key->columns[i], reference->parent_columns[j]);
    if (!found) return false;
  }
  return true;
}

/* The parent's primary key is what is referred to, with the same number and types of columns. */
static bool
check_foreign_key(struct session *session, const struct table *table, struct constraint *constraint,
                  struct table *parent)
{
  const struct constraint *key;
  struct name name;

  if (!name_split(session, SEC_TABLE, constraint->parent_table, &name)) return false;
  if (str_eq(name_text(session, &name), table->object.full_name))
    *parent = *table;
  else if (!table_open(session, &name, NULL, parent))
    return false;
  key = primary_key(parent);
  if (key && constraint->parent_count == 0) {
    constraint->parent_columns = key->columns;
    constraint->parent_count = key->column_count;
  }
  if (!check_columns(session, parent, constraint->parent_columns, constraint->parent_count)) return false;
  if (!key || !same_columns(key, constraint))
    return fault_raise(
        session, "INVALID_PARAMETER_VALUE",
        "Failed to add the foreign key constraint: the parent columns are not the primary key of table "
        "'%s'.",
        parent->object.full_name);
  if (constraint->column_count != constraint->parent_count)
    return fault_raise(session, "INVALID_PARAMETER_VALUE",
                       "Foreign key '%s' has %zu columns and refers to %zu.", constraint->name,
                       constraint->column_count, constraint->parent_count);
  for (size_t i = 0; i < constraint->column_count; i++) {
    const struct column *child = table_column(table, constraint->columns[i]);
    const struct column *other = table_column(parent, constraint->parent_columns[i]);

    if (!str_eq(child->type_text, other->type_text))
      return fault_raise(
          session, "INVALID_PARAMETER_VALUE",
          "Foreign key '%s': the child column `%s` has type %s and the parent column `%s` has type %s.",
          constraint->name, child->name, child->type_text, other->name, other->type_text);
  }
  return true;
}

static const char *
default_name(struct session *session, const struct table *table, const struct constraint *constraint)
{
  if (constraint->kind == CONSTRAINT_PRIMARY_KEY)
    return arena_printf(session->arena, "%s_pk", table->object.name);
  return arena_printf(session->arena, "%s_%s_%.8s", table->object.name,
                      constraint->kind == CONSTRAINT_FOREIGN_KEY ? "fk" : "unique",
                      store_uuid(session->arena));
}

/* The same name on the same table says what the old constraint is; names are unique in the whole schema. */
static bool
check_name(struct session *session, const struct table *table, const char *name)
{
  const char *check = arena_printf(session->arena, "delta.constraints.%s", text_lower(session->arena, name));
  const char *old = property_get(session->arena, table->properties, check);

  for (size_t i = 0; i < table->constraint_count && !old; i++) {
    const struct constraint *there = &table->constraints[i];

    if (!utf8_ieq(there->name, name)) continue;
    old = arena_printf(session->arena, "%s %s", there->name,
                       there->kind == CONSTRAINT_PRIMARY_KEY   ? "PRIMARY KEY"
                       : there->kind == CONSTRAINT_FOREIGN_KEY ? "FOREIGN KEY"
                                                               : "UNIQUE");
  }
  if (old)
    return fault_raise(
        session, "DELTA_CONSTRAINT_ALREADY_EXISTS",
        "Constraint '%s' already exists. Please delete the old constraint first.\nOld constraint:\n%s", name,
        old);
  if (db_exec_int(session, 0, "SELECT 1 FROM constraints WHERE schema_id = ? AND name = ?", "it",
                  table->object.parent, name))
    return fault_raise(session, "INVALID_PARAMETER_VALUE",
                       "Constraint '%s' already exists in schema '%s'. Please choose a different name.", name,
                       table->object.schema_name);
  return true;
}

bool
constraint_add(struct session *session, struct table *table, struct constraint *constraint)
{
  struct table parent = {0};

  if (!access_require_manage(session, &table->object)) return false;
  if (!table_is_delta(table))
    return fault_raise(session, "INVALID_PARAMETER_VALUE",
                       "Constraints are supported on Delta tables only; '%s' is %s.", table->object.full_name,
                       table->table_type);
  if (!constraint->name) constraint->name = default_name(session, table, constraint);
  if (!check_name(session, table, constraint->name)) return false;
  if (!check_columns(session, table, constraint->columns, constraint->column_count)) return false;
  if (constraint->kind == CONSTRAINT_PRIMARY_KEY && !check_primary_key(session, table, constraint))
    return false;
  if (constraint->kind == CONSTRAINT_FOREIGN_KEY && !check_foreign_key(session, table, constraint, &parent))
    return false;
  db_exec(session, "INSERT INTO constraints VALUES (?, ?, ?, ?, ?, nullif(?, 0), ?, ?, ?)", "iiittitti",
          table->object.id, table->object.parent, (int64_t)constraint->kind, constraint->name,
          text_list_json(session->arena, constraint->columns, constraint->column_count), parent.object.id,
          text_list_json(session->arena, constraint->parent_columns, constraint->parent_count),
          constraint->timeseries, (int64_t)constraint->rely);
  object_touch(session, &table->object);
  return constraint_load(session, table->object.id, &table->constraints, &table->constraint_count);
}

bool
constraint_drop(struct session *session, const struct table *table, const char *name, bool cascade)
{
  const struct constraint *found = NULL;
  struct securable object = table->object;

  if (!access_require_manage(session, &table->object)) return false;
  for (size_t i = 0; i < table->constraint_count; i++)
    if (utf8_ieq(table->constraints[i].name, name)) found = &table->constraints[i];
  if (!found) return false;
  if (found->kind == CONSTRAINT_PRIMARY_KEY) {
    const char *user =
        db_exec_text(session, "SELECT name FROM constraints WHERE parent_id = ? AND kind = ? LIMIT 1", "ii",
                     table->object.id, (int64_t)CONSTRAINT_FOREIGN_KEY);

    if (user && !cascade)
      return fault_raise(
          session, "INVALID_PARAMETER_VALUE",
          "Cannot drop the primary key '%s' because the foreign key '%s' refers to it. Use CASCADE to "
          "drop both.",
          found->name, user);
    db_exec(session, "DELETE FROM constraints WHERE parent_id = ?", "i", table->object.id);
  }
  db_exec(session, "DELETE FROM constraints WHERE schema_id = ? AND name = ?", "it", table->object.parent,
          found->name);
  object_touch(session, &object);
  return true;
}
