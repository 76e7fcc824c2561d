/* SPDX-License-Identifier: Apache-2.0 */
/* DESCRIBE DETAIL and DESCRIBE HISTORY: what Delta knows of a table.
 * https://docs.databricks.com/delta/table-details.html, https://docs.databricks.com/delta/history.html */
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "show/internal.h"

#include "base/banned.h"

#define STRINGS "map<string,string>"

/* A Delta table that the user may read. */
static bool
read_delta(struct cursor *cursor, const char *operation, struct table *table)
{
  struct session *session = cursor->session;

  if (!show_read_table(cursor, table)) return false;
  if (table_is_view(table))
    return fault_raise(session, "EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE",
                       "'%s' expects a table but `%s`.`%s`.`%s` is a view.", operation,
                       table->object.catalog_name, table->object.schema_name, table->object.name);
  if (!table_has_rows(table) && !table_is_delta(table))
    return fault_raise(session, "DELTA_TABLE_ONLY_OPERATION",
                       "%s is not a Delta table. %s is only supported for Delta tables.",
                       table->object.full_name, operation);
  return access_require(session, &table->object, PRIV_SELECT);
}

static const char *
names_json(struct session *session, const struct table *table)
{
  CLEANUP_BUF struct buf list = BUF_INIT(BUF_LARGE);

  buf_add_char(&list, '[');
  for (int index = 0; index < (int)table->column_count; index++)
    for (size_t i = 0; i < table->column_count; i++) {
      if (table->columns[i].partition_index != index) continue;
      if (list.len > 1) buf_add_char(&list, ',');
      buf_add_json(&list, table->columns[i].name);
    }
  buf_add_char(&list, ']');
  return arena_strdup(session->arena, list.data);
}

static const char *
number(struct session *session, int64_t value)
{
  return arena_printf(session->arena, "%lld", (long long)value);
}

static void
detail_columns(struct session *session, struct result *result)
{
  static const char *const columns[][2] = {
      {"format", "string"},
      {"id", "string"},
      {"name", "string"},
      {"description", "string"},
      {"location", "string"},
      {"createdAt", "timestamp"},
      {"lastModified", "timestamp"},
      {"partitionColumns", "array<string>"},
      {"clusteringColumns", "array<string>"},
      {"numFiles", "bigint"},
      {"sizeInBytes", "bigint"},
      {"properties", STRINGS},
      {"minReaderVersion", "int"},
      {"minWriterVersion", "int"},
      {"tableFeatures", "array<string>"},
      {"statistics", STRINGS},
      {"clusterByAuto", "boolean"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
    result_add_column(session, result, columns[i][0], columns[i][1]);
}

bool
describe_detail(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct data_files files;
  struct table table;
  bool automatic;

  if (!read_delta(cursor, "DESCRIBE DETAIL", &table) || !cursor_finish(cursor)) return false;
  files = data_files(session, &table);
  automatic = str_eq(table.clustering, "auto");
  detail_columns(session, result);
  SHOW_ROW(session, result, "delta", table.object.uuid, table.object.full_name, table.object.comment,
           table.storage_location, show_time(session, table.object.created_at),
           show_time(session, table.object.updated_at), names_json(session, &table),
           table.clustering && !automatic ? table.clustering : "[]", number(session, files.count),
           number(session, files.bytes), table.properties ? table.properties : "{}", "3", "7",
           "[\"appendOnly\",\"deletionVectors\",\"invariants\"]", "{}", automatic ? "true" : "false");
  return true;
}

static void
history_columns(struct session *session, struct result *result)
{
  static const char *const columns[][2] = {
      {"version", "bigint"},
      {"timestamp", "timestamp"},
      {"userId", "string"},
      {"userName", "string"},
      {"operation", "string"},
      {"operationParameters", STRINGS},
      {"job", "struct<jobId:string,jobName:string,jobRunId:string,runId:string,jobOwnerId:string,triggerType:"
              "string>"},
      {"notebook", "struct<notebookId:string>"},
      {"clusterId", "string"},
      {"readVersion", "bigint"},
      {"isolationLevel", "string"},
      {"isBlindAppend", "boolean"},
      {"operationMetrics", STRINGS},
      {"userMetadata", "string"},
      {"engineInfo", "string"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
    result_add_column(session, result, columns[i][0], columns[i][1]);
}

bool
describe_history(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct version *versions;
  struct table table;
  int64_t limit = 0;
  size_t count;

  if (!read_delta(cursor, "DESCRIBE HISTORY", &table)) return false;
  if (cursor_take(cursor, "LIMIT")) {
    if (!parse_integer(cursor, &limit)) return false;
    if (limit < 0) return cursor_fail(cursor);
  }
  if (!cursor_finish(cursor) || !version_list(session, table.object.id, (size_t)limit, &versions, &count))
    return false;
  history_columns(session, result);
  for (size_t i = 0; i < count; i++) {
    const struct version *version = &versions[i];

    SHOW_ROW(session, result, number(session, version->version), show_time(session, version->timestamp_ms),
             "1000000000000001", version->user, version->operation, version->parameters, NULL, NULL, NULL,
             version->read_version >= 0 ? number(session, version->read_version) : NULL, "WriteSerializable",
             version->blind_append ? "true" : "false", version->metrics, NULL, "Databricks-Runtime/sandbox");
  }
  return true;
}
