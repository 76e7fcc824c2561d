/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of a sandbox state. Objects are rows of `securable` (their tree, names, owners) and one row of
 * their kind's own table under the same id. Other rooms may read these tables (information_schema does); only
 * store/ writes them. Kinds are the numbers of enum securable_kind; times are epoch milliseconds; JSON is
 * kept as text. */
#include <sqlite3.h>
#include <stddef.h>

#include "store/state.h"

#include "base/banned.h"

static const char tree[] =
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
    "CREATE TABLE principal (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL,"
    "  fold TEXT NOT NULL UNIQUE, display_name TEXT, admin INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE member (principal_id INTEGER NOT NULL, group_id INTEGER NOT NULL,"
    "  PRIMARY KEY (principal_id, group_id)) WITHOUT ROWID;"
    "CREATE TABLE securable (id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, parent INTEGER NOT "
    "NULL,"
    "  name TEXT NOT NULL, uuid TEXT NOT NULL, owner TEXT NOT NULL, comment TEXT, created_at INTEGER NOT "
    "NULL,"
    "  created_by TEXT NOT NULL, updated_at INTEGER NOT NULL, updated_by TEXT NOT NULL, dropped_at INTEGER);"
    "CREATE UNIQUE INDEX securable_name ON securable (parent, kind, name) WHERE dropped_at IS NULL;"
    "CREATE INDEX securable_dropped ON securable (dropped_at) WHERE dropped_at IS NOT NULL;"
    "CREATE TABLE grants (securable_id INTEGER NOT NULL, principal_id INTEGER NOT NULL, privileges INTEGER "
    "NOT NULL,"
    "  grantor TEXT, PRIMARY KEY (securable_id, principal_id)) WITHOUT ROWID;"
    /* column_id 0: the object itself */
    "CREATE TABLE tag (securable_id INTEGER NOT NULL, column_id INTEGER NOT NULL, key TEXT NOT NULL,"
    "  value TEXT NOT NULL, updated_at INTEGER NOT NULL, updated_by TEXT NOT NULL,"
    "  PRIMARY KEY (securable_id, column_id, key)) WITHOUT ROWID;"
    /* Every path that belongs to one object alone: what a new one may not overlap. */
    "CREATE TABLE location (url TEXT NOT NULL, securable_id INTEGER NOT NULL, PRIMARY KEY (url, "
    "securable_id))"
    "  WITHOUT ROWID;"
    "CREATE INDEX location_owner ON location (securable_id);";

static const char kinds[] =
    "CREATE TABLE catalog (id INTEGER PRIMARY KEY, type TEXT NOT NULL, isolation_mode TEXT NOT NULL, "
    "storage_root TEXT,"
    "  storage_location TEXT, connection_name TEXT, provider_name TEXT, share_name TEXT, properties TEXT NOT "
    "NULL,"
    "  options TEXT NOT NULL, predictive TEXT NOT NULL);"
    "CREATE TABLE schema (id INTEGER PRIMARY KEY, storage_root TEXT, storage_location TEXT, properties TEXT "
    "NOT NULL,"
    "  predictive TEXT NOT NULL);"
    "CREATE TABLE storage_credential (id INTEGER PRIMARY KEY, identity_kind TEXT, identity TEXT,"
    "  isolation_mode TEXT NOT NULL, read_only INTEGER NOT NULL, managed INTEGER NOT NULL);"
    "CREATE TABLE external_location (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, credential_id INTEGER "
    "NOT NULL,"
    "  isolation_mode TEXT NOT NULL, read_only INTEGER NOT NULL, fallback INTEGER NOT NULL);"
    "CREATE TABLE connection (id INTEGER PRIMARY KEY, type TEXT NOT NULL, options TEXT NOT NULL,"
    "  properties TEXT NOT NULL, read_only INTEGER NOT NULL);"
    "CREATE TABLE volume (id INTEGER PRIMARY KEY, type TEXT NOT NULL, storage_location TEXT NOT NULL);"
    "CREATE TABLE volume_file (volume_id INTEGER NOT NULL, path TEXT NOT NULL, parent TEXT NOT NULL, name "
    "TEXT NOT NULL,"
    "  directory INTEGER NOT NULL, size INTEGER NOT NULL, modified_ms INTEGER NOT NULL, content BLOB);"
    "CREATE UNIQUE INDEX volume_file_path ON volume_file (volume_id, path);"
    "CREATE UNIQUE INDEX volume_file_name ON volume_file (volume_id, parent, name);"
    "CREATE TABLE routine (id INTEGER PRIMARY KEY, data_type TEXT NOT NULL, full_data_type TEXT NOT NULL,"
    "  return_json TEXT, language TEXT NOT NULL, definition TEXT NOT NULL, sql_data_access TEXT, "
    "dependencies TEXT,"
    "  environment TEXT, sql_catalog TEXT, sql_schema TEXT, deterministic INTEGER NOT NULL);"
    /* result 1: a column that a table function returns */
    "CREATE TABLE routine_parameter (routine_id INTEGER NOT NULL, result INTEGER NOT NULL, position INTEGER "
    "NOT NULL,"
    "  name TEXT NOT NULL, comment TEXT, default_sql TEXT, type_text TEXT NOT NULL, type_name TEXT NOT NULL,"
    "  type_json TEXT NOT NULL, precision INTEGER NOT NULL, scale INTEGER NOT NULL,"
    "  PRIMARY KEY (routine_id, result, position)) WITHOUT ROWID;";

static const char relations[] =
    /* row_filter and mask: {"function_name":"c.s.f","arguments":[{"column":"a"},{"constant":"'x'"}]} */
    "CREATE TABLE relation (id INTEGER PRIMARY KEY, table_type TEXT NOT NULL, format TEXT, location TEXT,"
    "  credential_name TEXT, properties TEXT NOT NULL, clustering TEXT, row_filter TEXT, view_definition "
    "TEXT,"
    "  view_catalog TEXT, view_schema TEXT, view_binding TEXT, view_dependencies TEXT, pipeline_id TEXT,"
    "  version INTEGER NOT NULL, data_id INTEGER NOT NULL, data_version INTEGER NOT NULL,"
    "  next_column_id INTEGER NOT NULL);"
    "CREATE TABLE col (table_id INTEGER NOT NULL, position INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT "
    "NOT NULL,"
    "  comment TEXT, type_text TEXT NOT NULL, type_name TEXT NOT NULL, type_json TEXT NOT NULL,"
    "  precision INTEGER NOT NULL, scale INTEGER NOT NULL, nullable INTEGER NOT NULL, default_sql TEXT,"
    "  generated_sql TEXT, identity INTEGER NOT NULL, identity_start INTEGER NOT NULL, identity_step INTEGER "
    "NOT NULL,"
    "  identity_high INTEGER NOT NULL, identity_used INTEGER NOT NULL, partition_index INTEGER NOT NULL, "
    "mask TEXT,"
    "  PRIMARY KEY (table_id, position)) WITHOUT ROWID;"
    /* meta: columns, properties and clustering as of this version, where they changed in it */
    "CREATE TABLE version (table_id INTEGER NOT NULL, version INTEGER NOT NULL, timestamp_ms INTEGER NOT "
    "NULL,"
    "  user TEXT NOT NULL, operation TEXT NOT NULL, parameters TEXT NOT NULL, metrics TEXT NOT NULL,"
    "  read_version INTEGER NOT NULL, blind_append INTEGER NOT NULL, data_id INTEGER NOT NULL,"
    "  data_version INTEGER NOT NULL, meta TEXT, PRIMARY KEY (table_id, version)) WITHOUT ROWID;"
    "CREATE INDEX version_data ON version (data_id);"
    /* Physical tables d_<id> with columns c1 to c<width>, last written in version last_version of table <id>.
     */
    "CREATE TABLE data (id INTEGER PRIMARY KEY, width INTEGER NOT NULL, last_version INTEGER NOT NULL);"
    "CREATE TABLE data_file (data_id INTEGER NOT NULL, file_id INTEGER NOT NULL, bytes INTEGER NOT NULL,"
    "  v_from INTEGER NOT NULL, v_to INTEGER);"
    "CREATE INDEX data_file_data ON data_file (data_id, v_to);"
    "CREATE TABLE constraints (table_id INTEGER NOT NULL, schema_id INTEGER NOT NULL, kind INTEGER NOT NULL,"
    "  name TEXT NOT NULL, columns TEXT NOT NULL, parent_id INTEGER, parent_columns TEXT, timeseries TEXT,"
    "  rely INTEGER NOT NULL, PRIMARY KEY (schema_id, name)) WITHOUT ROWID;"
    "CREATE INDEX constraints_table ON constraints (table_id);"
    "CREATE INDEX constraints_parent ON constraints (parent_id);";

/* What states of earlier versions lack. */
static const char additions[] =
    /* content of a volume_file that has none in its row, in parts of FILE_PART bytes */
    "CREATE TABLE IF NOT EXISTS volume_file_part (volume_id INTEGER NOT NULL, path TEXT NOT NULL,"
    "  number INTEGER NOT NULL, bytes BLOB NOT NULL);"
    "CREATE UNIQUE INDEX IF NOT EXISTS volume_file_part_number ON volume_file_part (volume_id, path, "
    "number);";

bool
state_complete(struct store *store)
{
  return sqlite3_exec(store->db, additions, NULL, NULL, NULL) == SQLITE_OK;
}

bool
state_create(struct store *store)
{
  const char *const parts[] = {tree, kinds, relations};

  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
    if (sqlite3_exec(store->db, parts[i], NULL, NULL, NULL) != SQLITE_OK) return false;
  return true;
}
