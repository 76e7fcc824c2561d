/* SPDX-License-Identifier: Apache-2.0 */
/* Reading relations: one, a page of them, or one as it was at some version. */
#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "store/object.h"
#include "store/policy.h"

#include "base/banned.h"

#define SELECT_TABLE                                                                                      \
  "SELECT " OBJECT_COLUMNS                                                                                \
  ", r.table_type, r.format, r.location, r.credential_name, r.properties, r.clustering,"                  \
  " r.row_filter, r.view_definition, r.view_catalog, r.view_schema, r.view_binding, r.view_dependencies," \
  " r.pipeline_id, r.version, r.data_id, r.data_version, r.next_column_id, coalesce(d.width, 0) "         \
  "FROM " OBJECT_FROM " JOIN relation r ON r.id = s.id LEFT JOIN data d ON d.id = r.data_id"

bool
table_is_view(const struct table *table)
{
  return str_eq(table->table_type, "VIEW") || str_eq(table->table_type, "METRIC_VIEW");
}

bool
table_is_delta(const struct table *table)
{
  const char *type = table->table_type;

  /* Managed Iceberg tables have versions and take the same statements. */
  if (str_eq(table->data_source_format, "ICEBERG")) return str_eq(type, "MANAGED");
  if (!str_eq(table->data_source_format, "DELTA")) return false;
  return str_eq(type, "MANAGED") || str_eq(type, "EXTERNAL") || str_ends(type, "_SHALLOW_CLONE");
}

bool
table_has_rows(const struct table *table)
{
  return !table_is_view(table);
}

static void
read_table(struct db_stmt *stmt, struct session *session, struct table *out)
{
  int at = OBJECT_WIDTH;

  *out = (struct table){0};
  object_read(stmt, session, &out->object);
  out->table_type = db_text(stmt, at++);
  out->data_source_format = db_text(stmt, at++);
  out->storage_location = db_text(stmt, at++);
  out->storage_credential_name = db_text(stmt, at++);
  out->properties = db_text(stmt, at++);
  out->clustering = db_text(stmt, at++);
  out->row_filter = policy_parse(session->arena, db_text(stmt, at++));
  out->view_definition = db_text(stmt, at++);
  out->view_catalog = db_text(stmt, at++);
  out->view_schema = db_text(stmt, at++);
  out->view_binding = db_text(stmt, at++);
  out->view_dependencies = db_text(stmt, at++);
  out->pipeline_id = db_text(stmt, at++);
  out->version = db_int(stmt, at++);
  out->data_id = db_int(stmt, at++);
  out->data_version = db_int(stmt, at++);
  out->next_column_id = db_int(stmt, at++);
  out->data_width = db_int(stmt, at);
}

static void
read_column(struct db_stmt *stmt, struct session *session, struct column *out)
{
  int at = 0;

  out->position = (int)db_int(stmt, at++);
  out->id = db_int(stmt, at++);
  out->name = db_text(stmt, at++);
  out->comment = db_text(stmt, at++);
  out->type_text = db_text(stmt, at++);
  out->type_name = db_text(stmt, at++);
  out->type_json = db_text(stmt, at++);
  out->precision = (int)db_int(stmt, at++);
  out->scale = (int)db_int(stmt, at++);
  out->nullable = db_int(stmt, at++) != 0;
  out->default_sql = db_text(stmt, at++);
  out->generated_sql = db_text(stmt, at++);
  out->identity = (enum identity_kind)db_int(stmt, at++);
  out->identity_start = db_int(stmt, at++);
  out->identity_step = db_int(stmt, at++);
  out->identity_high = db_int(stmt, at++);
  out->identity_used = db_int(stmt, at++) != 0;
  out->partition_index = (int)db_int(stmt, at++);
  out->mask = policy_parse(session->arena, db_text(stmt, at));
}

static void
load_columns(struct session *session, struct table *table)
{
  struct db_stmt *stmt CLEANUP_STMT = db_query(
      session,
      "SELECT position, id, name, comment, type_text, type_name, type_json, precision, scale, nullable,"
      " default_sql, generated_sql, identity, identity_start, identity_step, identity_high, identity_used,"
      " partition_index, mask FROM col WHERE table_id = ? ORDER BY position",
      "i", table->object.id);
  VEC(struct column) found = {0};

  while (db_next(stmt))
    read_column(stmt, session, VEC_ADD(&found));
  DB_TAKE(session->arena, &found, &table->columns, &table->column_count);
}

bool
table_load(struct session *session, int64_t id, struct table *out)
{
  struct db_stmt *stmt CLEANUP_STMT = db_query(session, SELECT_TABLE " WHERE s.id = ?", "i", id);

  if (!db_next(stmt)) return false;
  read_table(stmt, session, out);
  load_columns(session, out);
  return constraint_load(session, id, &out->constraints, &out->constraint_count);
}

/* Callers who only browse see that a view is there, not what it says. */
static void
hide(struct table *table)
{
  if (!table->object.browse_only) return;
  table->view_definition = NULL;
  table->view_dependencies = NULL;
  table->row_filter = NULL;
}

bool
table_get(struct session *session, const struct name *name, struct table *out)
{
  struct securable object;

  if (!securable_get(session, SEC_TABLE, name, &object) || !table_load(session, object.id, out)) return false;
  out->object.browse_only = object.browse_only;
  hide(out);
  return true;
}

bool
table_list(struct session *session, const char *catalog, const char *schema, struct page *page,
           struct table **out, size_t *count)
{
  struct name name = {.catalog = text_lower(session->arena, catalog),
                      .schema = text_lower(session->arena, schema)};
  struct db_stmt *stmt CLEANUP_STMT = NULL;
  VEC(struct table) found = {0};
  struct securable parent;
  const char *last = NULL;
  size_t seen = 0;

  if (!securable_get(session, SEC_SCHEMA, &name, &parent)) return false;
  stmt = db_query(session, SELECT_TABLE OBJECT_PAGE, "iiti", parent.id, (int64_t)SEC_TABLE, page_after(page),
                  page_limit(page));
  while (db_next(stmt)) {
    struct table table;

    read_table(stmt, session, &table);
    if (!page_step(page, &seen, table.object.name, &last)) break;
    if (!access_sees(session, &table.object, &table.object.browse_only)) continue;
    load_columns(session, &table);
    table.view_dependencies = NULL;
    hide(&table);
    *VEC_ADD(&found) = table;
  }
  DB_TAKE(session->arena, &found, out, count);
  return true;
}

bool
table_summaries(struct session *session, const char *catalog, const char *schema_like, const char *table_like,
                struct page *page, struct table **out, size_t *count)
{
  static const char sql[] = SELECT_TABLE
      " WHERE p.parent = ?1 AND s.kind = 3 AND s.dropped_at IS NULL AND"
      " (?2 IS NULL OR p.name LIKE ?2 ESCAPE '\\') AND (?3 IS NULL OR s.name LIKE ?3 ESCAPE '\\') AND"
      " p.name || '.' || s.name > ?4 ORDER BY p.name || '.' || s.name LIMIT ?5";
  struct db_stmt *stmt CLEANUP_STMT = NULL;
  VEC(struct table) found = {0};
  struct securable parent;
  struct name name;
  const char *last = NULL;
  size_t seen = 0;

  if (!name_split(session, SEC_CATALOG, catalog, &name)) return false;
  if (!securable_get(session, SEC_CATALOG, &name, &parent)) return false;
  stmt =
      db_query(session, sql, "ittti", parent.id, schema_like, table_like, page_after(page), page_limit(page));
  while (db_next(stmt)) {
    struct table table;

    read_table(stmt, session, &table);
    if (!page_step(page, &seen,
                   arena_printf(session->arena, "%s.%s", table.object.schema_name, table.object.name), &last))
      break;
    if (access_sees(session, &table.object, &table.object.browse_only)) *VEC_ADD(&found) = table;
  }
  DB_TAKE(session->arena, &found, out, count);
  return true;
}

struct column *
table_column(const struct table *table, const char *name)
{
  for (size_t i = 0; i < table->column_count; i++)
    if (utf8_ieq(table->columns[i].name, name)) return &table->columns[i];
  return NULL;
}

/* TABLE as version VERSION had it. */
static void
rewind_to(struct session *session, struct table *table, int64_t version)
{
  struct db_stmt *stmt CLEANUP_STMT =
      db_query(session,
               "SELECT v.data_id, v.data_version, coalesce(d.width, 0) FROM version v LEFT JOIN data d ON"
               " d.id = v.data_id WHERE v.table_id = ? AND v.version = ?",
               "ii", table->object.id, version);
  const struct table now = *table;

  if (!db_next(stmt)) return;
  table->version = version;
  table->data_id = db_int(stmt, 0);
  table->data_version = db_int(stmt, 1);
  table->data_width = db_int(stmt, 2);
  meta_parse(session->arena,
             db_exec_text(
                 session,
                 "SELECT meta FROM version WHERE table_id = ? AND version <= ? AND meta IS NOT NULL ORDER BY"
                 " version DESC LIMIT 1",
                 "ii", table->object.id, version),
             table);
  /* Masks are not versioned: today's protect yesterday's rows. */
  for (size_t i = 0; i < table->column_count; i++) {
    const struct column *same = table_column(&now, table->columns[i].name);

    if (same) table->columns[i].mask = same->mask;
  }
}

static const char *
timestamp_text(struct session *session, int64_t ms)
{
  return db_exec_text(session, "SELECT strftime('%Y-%m-%d %H:%M:%f', ? / 1000.0, 'unixepoch')", "i", ms);
}

static bool
travel_by_time(struct session *session, const struct table *table, int64_t ms, int64_t *version)
{
  int64_t first = db_exec_int(session, 0, "SELECT min(timestamp_ms) FROM version WHERE table_id = ?", "i",
                              table->object.id);
  int64_t last = db_exec_int(session, 0, "SELECT max(timestamp_ms) FROM version WHERE table_id = ?", "i",
                             table->object.id);

  if (ms < first)
    return fault_raise(
        session, "DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION",
        "The provided timestamp (%s) is before the earliest version available to this table (%s). Please "
        "use a timestamp after %s.",
        timestamp_text(session, ms), timestamp_text(session, first), timestamp_text(session, first));
  if (ms > last)
    return fault_raise(
        session, "DELTA_TIMESTAMP_GREATER_THAN_COMMIT",
        "The provided timestamp (%s) is after the latest version available to this table (%s). Please use "
        "a timestamp before or at %s.",
        timestamp_text(session, ms), timestamp_text(session, last), timestamp_text(session, last));
  *version =
      db_exec_int(session, 0, "SELECT max(version) FROM version WHERE table_id = ? AND timestamp_ms <= ?",
                  "ii", table->object.id, ms);
  return true;
}

static bool
travel_to(struct session *session, struct table *table, const struct time_travel *travel)
{
  int64_t version = travel->value, first;

  if (!table_is_delta(table))
    return fault_raise(session, "UNSUPPORTED_FEATURE.TIME_TRAVEL",
                       "The feature is not supported: Time travel on the relation: %s.",
                       name_quoted(session, &(struct name){table->object.catalog_name,
                                                           table->object.schema_name, table->object.name}));
  if (travel->by == TRAVEL_TIMESTAMP && !travel_by_time(session, table, travel->value, &version))
    return false;
  first =
      db_exec_int(session, 0, "SELECT min(version) FROM version WHERE table_id = ?", "i", table->object.id);
  if (version < first || version > table->version)
    return fault_raise(session, "DELTA_VERSION_NOT_FOUND",
                       "Cannot time travel Delta table to version %lld. Available versions: [%lld, %lld].",
                       (long long)version, (long long)first, (long long)table->version);
  if (version != table->version) rewind_to(session, table, version);
  return true;
}

bool
table_open(struct session *session, const struct name *name, const struct time_travel *travel,
           struct table *out)
{
  struct securable object;

  if (!securable_need(session, SEC_TABLE, name, &object) || !table_load(session, object.id, out))
    return false;
  if (!travel || travel->by == TRAVEL_NONE) return true;
  return travel_to(session, out, travel);
}
