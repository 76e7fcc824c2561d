/* SPDX-License-Identifier: Apache-2.0 */
/* DROP and UNDROP. https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-drop-table.html */
#include "base/str.h"
#include "ddl/read.h"

#include "base/banned.h"

/* DROP VIEW is for views, DROP TABLE for the rest; materialized views and streaming tables go either way. */
static bool
check_kind(struct session *session, const struct name *name, bool view)
{
  struct securable object;
  struct table table;
  bool is_view, neutral;

  if (!securable_need(session, SEC_TABLE, name, &object) || !table_load(session, object.id, &table))
    return false;
  is_view = table_is_view(&table);
  neutral = str_eq(table.table_type, "MATERIALIZED_VIEW") || str_eq(table.table_type, "STREAMING_TABLE");
  if (neutral || is_view == view) return true;
  if (view)
    return fault_raise(session, "EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE",
                       "'DROP VIEW' expects a view but %s is a table.", name_quoted(session, name));
  return fault_raise(session, "EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE",
                     "'DROP TABLE' expects a table but %s is a view.", name_quoted(session, name));
}

static bool
drop_object(struct session *session, enum securable_kind kind, bool view, const struct name *name,
            bool cascade)
{
  switch (kind) {
  case SEC_CATALOG: return catalog_drop(session, name->catalog, cascade);
  case SEC_SCHEMA: return schema_drop(session, name, cascade);
  case SEC_TABLE: return check_kind(session, name, view) && table_drop(session, name);
  case SEC_FUNCTION: return function_drop(session, name);
  case SEC_VOLUME: return volume_drop(session, name);
  case SEC_EXTERNAL_LOCATION: return external_location_drop(session, name->catalog, cascade);
  case SEC_STORAGE_CREDENTIAL: return storage_credential_drop(session, name->catalog, cascade);
  case SEC_CONNECTION: return connection_drop(session, name->catalog);
  default: return refuse_feature(session, "SANDBOX", "DROP of this kind of object");
  }
}

bool
ddl_drop(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct securable object;
  enum securable_kind kind;
  struct name name;
  bool view, tolerant, cascade;

  (void)result;
  if (!cursor_expect(cursor, "DROP")) return false;
  if (cursor_is(cursor, "TEMPORARY") || cursor_is(cursor, "TEMP"))
    return refuse_feature(session, "SANDBOX", "temporary objects, which no later statement could use");
  cursor_take(cursor, "FOREIGN");
  if (!read_object_kind(cursor, &kind, &view)) return false;
  tolerant = cursor_take_words(cursor, "IF EXISTS");
  if (!read_object(cursor, kind, &name)) return false;
  cascade = cursor_take(cursor, "CASCADE") || cursor_take(cursor, "FORCE");
  if (!cascade) cursor_take(cursor, "RESTRICT");
  if (!cursor_finish(cursor)) return false;
  if (tolerant && !securable_find(session, kind, &name, &object)) return true;
  return drop_object(session, kind, view, &name, cascade);
}

bool
ddl_undrop(struct cursor *cursor, struct result *result)
{
  struct name name;

  (void)result;
  if (!cursor_expect(cursor, "UNDROP")) return false;
  if (!cursor_take(cursor, "TABLE") && !cursor_expect_words(cursor, "MATERIALIZED VIEW")) return false;
  if (cursor_is(cursor, "WITH")) return refuse_feature(cursor->session, "SANDBOX", "UNDROP by id");
  return read_object(cursor, SEC_TABLE, &name) && cursor_finish(cursor) &&
         table_undrop(cursor->session, &name);
}
