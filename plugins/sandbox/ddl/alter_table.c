/* SPDX-License-Identifier: Apache-2.0 */
/* ALTER TABLE, ALTER VIEW, and the same for materialized views and streaming tables.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-alter-table.html */
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "ddl/alter.h"
#include "ddl/column.h"
#include "ddl/create_table.h"
#include "ddl/read.h"
#include "ddl/view.h"
#include "store/policy.h"

#include "base/banned.h"

struct column *
alter_find_column(struct session *session, const struct table *table, const char *name)
{
  struct column *column = table_column(table, name);

  if (!column)
    fault_raise(session, "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION",
                "A column, variable, or function parameter with name `%s` cannot be resolved in table %s.",
                name, table_quoted(session, table));
  return column;
}

bool
alter_allowed(struct session *session, const struct table *table)
{
  if (access_manages(session, &table->object)) return access_require_manage(session, &table->object);
  return access_require(session, &table->object, PRIV_MODIFY);
}

bool
alter_commit(struct session *session, struct table *table, const char *operation, const char *parameters)
{
  if (!table_is_delta(table)) return table_save(session, table);
  add_features(session, table);
  return version_commit(session, table, &(struct version){.operation = operation, .parameters = parameters},
                        true);
}

bool
alter_comment(struct session *session, struct table *table, struct column *column, const char *text)
{
  if (!alter_allowed(session, table)) return false;
  column->comment = *text ? text : NULL;
  return alter_commit(
      session, table, "CHANGE COLUMN",
      property_set(session->arena, NULL, "column", column_field_json(session->arena, column)));
}

static bool
set_properties(struct cursor *cursor, struct table *table)
{
  struct session *session = cursor->session;
  const char *json, *comment;

  if (!read_properties(cursor, &json) || !cursor_finish(cursor)) return false;
  if (!alter_allowed(session, table) || !check_properties_settable(session, json)) return false;
  /* The comment is a property to those who know no better. */
  comment = property_get(session->arena, json, "comment");
  if (comment) securable_set_comment(session, &table->object, comment);
  json = property_set(session->arena, json, "comment", NULL);
  table->properties = property_merge(session->arena, table->properties, json);
  return alter_commit(session, table, "SET TBLPROPERTIES",
                      property_set(session->arena, NULL, "properties", json));
}

/* UNSET TBLPROPERTIES [IF EXISTS] (k, ...) */
static bool
unset_properties(struct cursor *cursor, struct table *table)
{
  struct session *session = cursor->session;
  bool tolerant = cursor_take_words(cursor, "IF EXISTS");
  const char *properties = table->properties, *key;
  struct ast_name name;

  if (!cursor_expect(cursor, "(")) return false;
  do {
    if (cursor_kind(cursor) == SQL_STRING) {
      if (!parse_string(cursor, &key)) return false;
    } else {
      if (!parse_name(cursor, AST_NAME_PARTS, &name)) return false;
      key = name.parts[0];
      for (size_t i = 1; i < name.count; i++)
        key = arena_printf(session->arena, "%s.%s", key, name.parts[i]);
    }
    if (str_starts(key, "delta.constraints."))
      return check_properties_settable(session, "{\"delta.constraints.x\":\"\"}");
    if (!property_get(session->arena, properties, key) && !tolerant)
      return fault_raise(session, "DELTA_UNSET_NON_EXISTENT_PROPERTY",
                         "Attempted to unset non-existent property '%s' in table %s.", key,
                         table_quoted(session, table));
    properties = property_set(session->arena, properties, key, NULL);
  } while (cursor_take(cursor, ","));
  if (!cursor_expect(cursor, ")") || !cursor_finish(cursor) || !alter_allowed(session, table)) return false;
  table->properties = properties;
  return alter_commit(session, table, "UNSET TBLPROPERTIES", NULL);
}

static bool
rename_table(struct cursor *cursor, struct table *table)
{
  struct session *session = cursor->session;
  const struct name old = {table->object.catalog_name, table->object.schema_name, table->object.name};
  struct securable schema;
  struct name fresh;

  if (!read_object(cursor, SEC_TABLE, &fresh) || !cursor_finish(cursor)) return false;
  if (!str_eq(fresh.catalog, old.catalog))
    return fault_raise(session, "INVALID_PARAMETER_VALUE",
                       "A table cannot be renamed into another catalog (%s to %s).", name_text(session, &old),
                       name_text(session, &fresh));
  if (!securable_need(session, SEC_SCHEMA, &(struct name){.catalog = fresh.catalog, .schema = fresh.schema},
                      &schema))
    return false;
  return securable_update(session, SEC_TABLE, &old,
                          &(struct patch){.new_name = fresh.object, .new_parent = schema.id}, NULL);
}

static bool
cluster_by(struct cursor *cursor, struct table *table)
{
  struct session *session = cursor->session;
  const char **names = NULL;
  size_t count = 0;
  bool automatic = cursor_take(cursor, "AUTO"), none = !automatic && cursor_take(cursor, "NONE");

  if (!automatic && !none && !parse_name_list(cursor, &names, &count)) return false;
  if (!cursor_finish(cursor) || !alter_allowed(session, table)) return false;
  if (!require_delta(session, table, "ALTER TABLE CLUSTER BY")) return false;
  for (size_t i = 0; i < table->column_count; i++)
    if (table->columns[i].partition_index >= 0)
      return fault_raise(session, "DELTA_ALTER_TABLE_CLUSTER_BY_ON_PARTITIONED_TABLE_NOT_ALLOWED",
                         "ALTER TABLE CLUSTER BY cannot be applied to a partitioned table.");
  if (automatic && str_ends(table->table_type, "_SHALLOW_CLONE"))
    return fault_raise(session, "CLUSTER_BY_AUTO_UNSUPPORTED_TABLE_TYPE_ERROR",
                       "CLUSTER BY AUTO is not supported on shallow clones, and %s is one.",
                       table_quoted(session, table));
  table->clustering = automatic ? "auto" : NULL;
  if (count > 0 && !table_set_clustering(session, table, names, count)) return false;
  return alter_commit(session, table, "CLUSTER BY",
                      property_set(session->arena, NULL, "newClusteringColumns",
                                   table->clustering ? table->clustering : "[]"));
}

static bool
set_row_filter(struct cursor *cursor, struct table *table)
{
  struct session *session = cursor->session;
  struct policy *policy;

  if (!read_policy(cursor, "ON", &policy) || !cursor_finish(cursor)) return false;
  if (!access_require_manage(session, &table->object)) return false;
  if (table_is_view(table)) return require_writable(session, table, "ALTER TABLE SET ROW FILTER");
  if (!check_policy(session, table, policy, 0)) return false;
  table->row_filter = policy;
  return table_save(session, table);
}

static bool
drop_row_filter(struct cursor *cursor, struct table *table)
{
  if (!cursor_finish(cursor) || !access_require_manage(cursor->session, &table->object)) return false;
  table->row_filter = NULL;
  return table_save(cursor->session, table);
}

static bool
set_binding(struct cursor *cursor, struct table *view)
{
  static const char *const modes[] = {"BINDING", "COMPENSATION", "TYPE EVOLUTION", "EVOLUTION"};

  for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
    if (!cursor_take_words(cursor, modes[i])) continue;
    if (!cursor_finish(cursor) || !access_require_manage(cursor->session, &view->object)) return false;
    view->view_binding = modes[i];
    return table_save(cursor->session, view);
  }
  return cursor_fail(cursor);
}

/* Clauses that tables and views share. *DONE says that it was one of these. */
static bool
alter_shared(struct cursor *cursor, struct table *table, bool *done)
{
  *done = true;
  if (cursor_take_words(cursor, "SET TBLPROPERTIES")) return set_properties(cursor, table);
  if (cursor_take_words(cursor, "UNSET TBLPROPERTIES")) return unset_properties(cursor, table);
  if (cursor_take_words(cursor, "RENAME TO")) return rename_table(cursor, table);
  if (cursor_take_words(cursor, "SET ROW FILTER")) return set_row_filter(cursor, table);
  if (cursor_take_words(cursor, "DROP ROW FILTER")) return drop_row_filter(cursor, table);
  *done = false;
  return true;
}

static bool
alter_view(struct cursor *cursor, struct table *view)
{
  if (cursor_take(cursor, "AS")) return alter_view_as(cursor, view);
  if (cursor_take_words(cursor, "WITH SCHEMA")) return set_binding(cursor, view);
  return cursor_fail(cursor);
}

static bool
alter_columns(struct cursor *cursor, struct table *table)
{
  if (cursor_take_words(cursor, "RENAME COLUMN")) return rename_column(cursor, table);
  if (cursor_take_words(cursor, "ALTER COLUMN") || cursor_take_words(cursor, "CHANGE COLUMN") ||
      cursor_take(cursor, "CHANGE") || cursor_take(cursor, "ALTER"))
    return alter_column(cursor, table);
  if (cursor_take(cursor, "ADD")) {
    if (constraint_starts(cursor)) return alter_add_constraint(cursor, table);
    if (cursor_is(cursor, "PARTITION"))
      return refuse_feature(cursor->session, "SANDBOX", "partitions added by hand");
    return add_columns(cursor, table);
  }
  if (cursor_take(cursor, "DROP")) {
    if (cursor_is(cursor, "CONSTRAINT") || cursor_is(cursor, "PRIMARY") || cursor_is(cursor, "FOREIGN"))
      return alter_drop_constraint(cursor, table);
    return drop_columns(cursor, table);
  }
  if (cursor_take_words(cursor, "CLUSTER BY")) return cluster_by(cursor, table);
  return cursor_fail(cursor);
}

/* ALTER VIEW is for views and ALTER TABLE for the rest. */
static bool
check_keyword(struct session *session, const struct table *table, bool view)
{
  if (table_is_view(table) == view) return true;
  if (view)
    return fault_raise(session, "EXPECT_VIEW_NOT_TABLE.USE_ALTER_TABLE",
                       "The table %s is not a view. Please use ALTER TABLE instead.",
                       table_quoted(session, table));
  return fault_raise(session, "EXPECT_TABLE_NOT_VIEW.USE_ALTER_VIEW",
                     "%s is a view. Please use ALTER VIEW instead.", table_quoted(session, table));
}

bool
alter_table(struct cursor *cursor, bool view)
{
  struct session *session = cursor->session;
  struct table table;
  struct name name;
  bool done;

  if (!read_object(cursor, SEC_TABLE, &name) || !alter_common(cursor, SEC_TABLE, &name, &done)) return false;
  if (done) return true;
  if (!table_open(session, &name, NULL, &table)) return false;
  /* Tags of view columns are set by ALTER TABLE, too. */
  if (!view && table_is_view(&table) && cursor_is(cursor, "ALTER")) return alter_columns(cursor, &table);
  if (!check_keyword(session, &table, view) || !alter_shared(cursor, &table, &done)) return false;
  if (done) return true;
  return view ? alter_view(cursor, &table) : alter_columns(cursor, &table);
}
