/* SPDX-License-Identifier: Apache-2.0 */
/* RESTORE, OPTIMIZE, VACUUM, ANALYZE, REPAIR, REFRESH, USE: upkeep, which here mostly means history.
 * https://docs.databricks.com/sql/language-manual/delta-restore.html and its neighbours */
#include "base/arena.h"
#include "base/str.h"
#include "ddl/read.h"
#include "ddl/view.h"
#include "ddl/write.h"
#include "query/type.h"

#include "base/banned.h"

/* The version that RESTORE names, in RESTORE's own error classes. */
static bool
open_version(struct session *session, const struct name *name, const struct time_travel *travel,
             struct table *out)
{
  const char *class;

  if (table_open(session, name, travel, out)) return true;
  class = session->fault.error_class;
  if (str_eq(class, "DELTA_VERSION_NOT_FOUND"))
    session->fault.error_class = "DELTA_CANNOT_RESTORE_TABLE_VERSION";
  if (str_eq(class, "DELTA_TIMESTAMP_GREATER_THAN_COMMIT"))
    session->fault.error_class = "DELTA_CANNOT_RESTORE_TIMESTAMP_GREATER";
  if (str_eq(class, "DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION"))
    session->fault.error_class = "DELTA_CANNOT_RESTORE_TIMESTAMP_EARLIER";
  if (!str_eq(class, session->fault.error_class)) session->fault.sql_state = "22003";
  return false;
}

static bool
read_restore(struct cursor *cursor, struct name *name, struct time_travel *travel)
{
  if (!cursor_expect(cursor, "RESTORE")) return false;
  cursor_take(cursor, "TABLE");
  if (!read_object(cursor, SEC_TABLE, name)) return false;
  cursor_take(cursor, "TO");
  if (!read_travel(cursor, travel)) return false;
  return travel->by != TRAVEL_NONE ? cursor_finish(cursor) : cursor_fail(cursor);
}

bool
ddl_restore(struct cursor *cursor, struct result *result)
{
  static const char *const columns[] = {"table_size_after_restore", "num_of_files_after_restore",
                                        "num_removed_files",        "num_restored_files",
                                        "removed_files_size",       "restored_files_size"};
  static const char *const metrics[] = {"tableSizeAfterRestore", "numOfFilesAfterRestore",
                                        "numRemovedFiles",       "numRestoredFiles",
                                        "removedFilesSize",      "restoredFilesSize"};
  struct session *session = cursor->session;
  struct data_files all, removed, restored;
  struct time_travel travel;
  struct table now, then;
  const char *parameters;
  struct name name;

  if (!read_restore(cursor, &name, &travel) || !table_open(session, &name, NULL, &now)) return false;
  if (!access_require(session, &now.object, PRIV_MODIFY) || !require_delta(session, &now, "RESTORE"))
    return false;
  if (!open_version(session, &name, &travel, &then)) return false;
  all = data_files(session, &then);
  removed = data_files_missing(session, &then, &now);
  restored = data_files_missing(session, &now, &then);
  parameters = property_set(session->arena, NULL, "version",
                            arena_printf(session->arena, "%lld", (long long)then.version));
  data_adopt(session, &now, &then);
  now.columns = then.columns;
  now.column_count = then.column_count;
  now.properties = then.properties;
  now.clustering = then.clustering;
  {
    int64_t figures[6] = {all.bytes, all.count, removed.count, restored.count, removed.bytes, restored.bytes};

    if (!version_commit(session, &now,
                        &(struct version){.operation = "RESTORE",
                                          .parameters = parameters,
                                          .metrics = figures_json(session, metrics, figures, 6)},
                        true))
      return false;
    result_figures(session, result, columns, figures, 6);
  }
  return true;
}

/* Pass over the rest of a clause whose effect is on speed alone. */
static void
pass(struct cursor *cursor)
{
  while (cursor_kind(cursor) != SQL_END && !cursor_is(cursor, ";"))
    cursor_next(cursor);
}

static bool
optimize_zorder(struct cursor *cursor, const struct table *table)
{
  const char **names;
  size_t count;

  if (!cursor_take_words(cursor, "ZORDER BY")) return true;
  if (!parse_name_list(cursor, &names, &count)) return false;
  if (table->clustering)
    return fault_raise(cursor->session, "DELTA_CLUSTERING_WITH_ZORDER_BY",
                       "OPTIMIZE command for Delta table with Liquid clustering cannot specify ZORDER BY.");
  for (size_t i = 0; i < count; i++)
    if (!table_column(table, names[i]))
      return fault_raise(cursor->session, "DELTA_ZORDERING_COLUMN_DOES_NOT_EXIST",
                         "ZOrdering column %s does not exist in the data schema.", names[i]);
  return true;
}

bool
ddl_optimize(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct data_files before;
  struct data_write write;
  struct table table;
  struct name name;
  const char **row;
  int64_t rows;

  if (!cursor_expect(cursor, "OPTIMIZE") || !read_object(cursor, SEC_TABLE, &name) ||
      !table_open(session, &name, NULL, &table))
    return false;
  cursor_take(cursor, "FULL");
  if (cursor_take(cursor, "WHERE") && !parse_expr(cursor)) return false;
  if (!optimize_zorder(cursor, &table) || !cursor_finish(cursor)) return false;
  if (!access_require(session, &table.object, PRIV_MODIFY) || !require_delta(session, &table, "OPTIMIZE"))
    return false;
  before = data_files(session, &table);
  if (before.count > 1) {
    rows = data_count(session, &table);
    if (!data_write(session, &table, &write)) return false;
    data_add_file(session, &table, &write, rows, true);
    if (!version_commit(session, &table,
                        &(struct version){.operation = "OPTIMIZE", .parameters = "{\"predicate\":\"[]\"}"},
                        false))
      return false;
  }
  result_add_column(session, result, "path", "string");
  result_add_column(session, result, "metrics", "struct<numFilesAdded:bigint,numFilesRemoved:bigint>");
  row = result_add_row(session, result);
  row[0] = table.storage_location;
  row[1] = arena_printf(session->arena, "{\"numFilesAdded\":\"%d\",\"numFilesRemoved\":\"%lld\"}",
                        before.count > 1, before.count > 1 ? (long long)before.count : 0LL);
  return true;
}

bool
ddl_vacuum(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  int64_t hours = 168;
  struct table table;
  struct name name;
  const char **row;
  bool dry;

  if (!cursor_expect(cursor, "VACUUM") || !read_object(cursor, SEC_TABLE, &name)) return false;
  if (!cursor_take(cursor, "FULL")) cursor_take(cursor, "LITE");
  if (cursor_take(cursor, "RETAIN") && !(parse_integer(cursor, &hours) && cursor_expect(cursor, "HOURS")))
    return false;
  dry = cursor_take_words(cursor, "DRY RUN");
  if (!cursor_finish(cursor) || !table_open(session, &name, NULL, &table)) return false;
  if (!access_require(session, &table.object, PRIV_MODIFY) || !require_delta(session, &table, "VACUUM"))
    return false;
  if (hours < 168)
    return fault_raise(
        session, "DELTA_VACUUM_RETENTION_PERIOD_TOO_SHORT",
        "Are you sure you would like to vacuum files with such a low retention period, %lld hours? The "
        "least that is safe is 168 hours.",
        (long long)hours);
  if (!dry && (!version_commit(session, &table, &(struct version){.operation = "VACUUM START"}, false) ||
               !version_commit(session, &table, &(struct version){.operation = "VACUUM END"}, false)))
    return false;
  result_add_column(session, result, "path", "string");
  if (dry) return true;
  row = result_add_row(session, result);
  row[0] = table.storage_location;
  return true;
}

/* A statement that only looks at its table and passes over the rest. */
static bool
touch(struct cursor *cursor, enum privilege privilege, const char *operation)
{
  struct table table;
  struct name name;

  if (!read_object(cursor, SEC_TABLE, &name)) return false;
  pass(cursor);
  return cursor_finish(cursor) && table_open(cursor->session, &name, NULL, &table) &&
         access_require(cursor->session, &table.object, privilege) &&
         (!operation || require_writable(cursor->session, &table, operation));
}

bool
ddl_analyze(struct cursor *cursor, struct result *result)
{
  struct securable schema;
  struct name name;

  (void)result;
  if (!cursor_expect(cursor, "ANALYZE")) return false;
  if (cursor_take(cursor, "TABLE")) return touch(cursor, PRIV_MODIFY, "ANALYZE TABLE");
  if (!cursor_expect(cursor, "TABLES")) return false;
  if ((cursor_take(cursor, "IN") || cursor_take(cursor, "FROM")) && !read_object(cursor, SEC_SCHEMA, &name))
    return false;
  pass(cursor);
  return cursor_finish(cursor) && securable_need(cursor->session, SEC_SCHEMA, &name, &schema);
}

bool
ddl_repair(struct cursor *cursor, struct result *result)
{
  (void)result;
  cursor_take(cursor, "MSCK");
  if (!cursor_expect_words(cursor, "REPAIR TABLE")) return false;
  return touch(cursor, PRIV_MODIFY, "REPAIR TABLE");
}

bool
ddl_refresh(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct table table;
  struct name name;

  (void)result;
  if (!cursor_expect(cursor, "REFRESH")) return false;
  if (cursor_take_words(cursor, "FOREIGN")) {
    pass(cursor);
    return cursor_finish(cursor);
  }
  if (!cursor_take_words(cursor, "MATERIALIZED VIEW") && !cursor_take_words(cursor, "STREAMING TABLE")) {
    cursor_take(cursor, "TABLE");
    return touch(cursor, PRIV_SELECT, NULL);
  }
  if (!read_object(cursor, SEC_TABLE, &name)) return false;
  pass(cursor);
  if (!cursor_finish(cursor) || !table_open(session, &name, NULL, &table)) return false;
  if (!access_manages(session, &table.object) && !access_require(session, &table.object, PRIV_REFRESH))
    return false;
  return materialized_refresh(session, &table);
}

/* A session ends with its statement, so the new default is only checked. */
bool
ddl_use(struct cursor *cursor, struct result *result)
{
  enum securable_kind kind = SEC_SCHEMA;
  struct securable object;
  struct name name;

  (void)result;
  if (!cursor_expect(cursor, "USE")) return false;
  if (cursor_take(cursor, "CATALOG"))
    kind = SEC_CATALOG;
  else if (!cursor_take(cursor, "SCHEMA"))
    cursor_take(cursor, "DATABASE");
  if (!read_object(cursor, kind, &name) || !cursor_finish(cursor)) return false;
  return securable_need(cursor->session, kind, &name, &object) &&
         access_require(cursor->session, &object, kind == SEC_CATALOG ? PRIV_USE_CATALOG : PRIV_USE_SCHEMA);
}
