/* SPDX-License-Identifier: Apache-2.0 */
/* Writing relations: insert, save, drop, undrop, erase. */
#include "base/str.h"
#include "base/vec.h"
#include "store/object.h"
#include "store/policy.h"

#include "base/banned.h"

static void
insert_columns(struct session *session, const struct table *table)
{
  for (size_t i = 0; i < table->column_count; i++) {
    const struct column *c = &table->columns[i];

    db_exec(session, "INSERT INTO col VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            "iiitttttiiittiiiiiit", table->object.id, (int64_t)i, c->id, c->name, c->comment, c->type_text,
            c->type_name, c->type_json, (int64_t)c->precision, (int64_t)c->scale, (int64_t)c->nullable,
            c->default_sql, c->generated_sql, (int64_t)c->identity, c->identity_start, c->identity_step,
            c->identity_high, (int64_t)c->identity_used, (int64_t)c->partition_index,
            policy_json(session->arena, c->mask));
  }
}

/* New columns get the next ids; positions are the order in the array. */
static void
number_columns(struct table *table)
{
  if (table->next_column_id < 1) table->next_column_id = 1;
  for (size_t i = 0; i < table->column_count; i++)
    if (table->columns[i].id >= table->next_column_id) table->next_column_id = table->columns[i].id + 1;
  for (size_t i = 0; i < table->column_count; i++) {
    table->columns[i].position = (int)i;
    if (table->columns[i].id == 0) table->columns[i].id = table->next_column_id++;
  }
}

static bool
has_location(const struct table *table)
{
  return table_has_rows(table) && !str_eq(table->table_type, "FOREIGN");
}

static bool
is_external(const struct table *table)
{
  return str_starts(table->table_type, "EXTERNAL");
}

bool
table_insert(struct session *session, struct table *table)
{
  struct name name = {table->object.catalog_name, table->object.schema_name, table->object.name};
  struct securable parent;

  table->object.kind = SEC_TABLE;
  if (!name_check(session, SEC_TABLE, name.object, &name.object)) return false;
  if (!object_parent(session, SEC_TABLE, &name, &parent)) return false;
  table->object.parent = parent.id;
  table->object.name = name.object;
  if (!object_insert(session, &table->object)) return object_exists_fault(session, SEC_TABLE, &name);
  if (!table->storage_location && has_location(table))
    table->storage_location = location_managed(session, &parent, "tables", table->object.uuid);
  if (!table->properties) table->properties = "{}";
  table->version = -1;
  number_columns(table);
  db_exec(session, "INSERT INTO relation VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", "itttttttttttttiiii",
          table->object.id, table->table_type, table->data_source_format, table->storage_location,
          table->storage_credential_name, table->properties, table->clustering,
          policy_json(session->arena, table->row_filter), table->view_definition, table->view_catalog,
          table->view_schema, table->view_binding, table->view_dependencies, table->pipeline_id,
          table->version, table->data_id, table->data_version, table->next_column_id);
  insert_columns(session, table);
  if (is_external(table)) location_record(session, table->storage_location, table->object.id);
  return true;
}

/* Where the tags of COLUMN belong now: a column of its name (the table was replaced), else one of its id
 * under a name that is new (the column was renamed), else nowhere. */
static int64_t
tag_home(const struct table *old, const struct table *table, const struct column *column)
{
  const struct column *same = table_column(table, column->name);

  if (same) return same->id;
  for (size_t i = 0; i < table->column_count; i++)
    if (table->columns[i].id == column->id && !table_column(old, table->columns[i].name)) return column->id;
  return 0;
}

/* Tags are kept by column id, and ids may be about to change. Two steps, for a new id may be another's old
 * one. */
static void
move_tags(struct session *session, const struct table *table)
{
  int64_t id = table->object.id;
  struct table old;

  if (!db_exec_int(session, 0, "SELECT 1 FROM tag WHERE securable_id = ? AND column_id > 0 LIMIT 1", "i", id))
    return;
  if (!table_load(session, id, &old)) return;
  for (size_t i = 0; i < old.column_count; i++) {
    int64_t was = old.columns[i].id, home = tag_home(&old, table, &old.columns[i]);

    if (home == 0)
      db_exec(session, "DELETE FROM tag WHERE securable_id = ? AND column_id = ?", "ii", id, was);
    else
      db_exec(session, "UPDATE tag SET column_id = ? WHERE securable_id = ? AND column_id = ?", "iii", -home,
              id, was);
  }
  db_exec(session, "UPDATE tag SET column_id = -column_id WHERE securable_id = ? AND column_id < 0", "i", id);
}

bool
table_save(struct session *session, struct table *table)
{
  number_columns(table);
  move_tags(session, table);
  db_exec(session,
          "UPDATE relation SET table_type = ?, format = ?, location = ?, credential_name = ?, properties = ?,"
          " clustering = ?, row_filter = ?, view_definition = ?, view_catalog = ?, view_schema = ?, "
          "view_binding = ?,"
          " view_dependencies = ?, next_column_id = ? WHERE id = ?",
          "ttttttttttttii", table->table_type, table->data_source_format, table->storage_location,
          table->storage_credential_name, table->properties, table->clustering,
          policy_json(session->arena, table->row_filter), table->view_definition, table->view_catalog,
          table->view_schema, table->view_binding, table->view_dependencies, table->next_column_id,
          table->object.id);
  db_exec(session, "DELETE FROM col WHERE table_id = ?", "i", table->object.id);
  insert_columns(session, table);
  object_touch(session, &table->object);
  return true;
}

/* Physical tables that DATA ids once named and no version points at any more. */
static void
collect_data(struct session *session, const int64_t *ids, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    if (!db_exec_int(session, 0, "SELECT 1 FROM data WHERE id = ?", "i", ids[i])) continue;
    if (db_exec_int(session, 0, "SELECT 1 FROM version WHERE data_id = ? LIMIT 1", "i", ids[i])) continue;
    db_run(session, arena_printf(session->arena, "DROP TABLE d_%lld", (long long)ids[i]));
    db_exec(session, "DELETE FROM data WHERE id = ?", "i", ids[i]);
    db_exec(session, "DELETE FROM data_file WHERE data_id = ?", "i", ids[i]);
  }
}

void
table_erase(struct session *session, int64_t id)
{
  struct db_stmt *stmt CLEANUP_STMT = NULL;
  VEC(int64_t) data = {0};

  stmt =
      db_query(session, "SELECT DISTINCT data_id FROM version WHERE table_id = ?1 UNION SELECT ?1", "i", id);
  while (db_next(stmt))
    *VEC_ADD(&data) = db_int(stmt, 0);
  db_done(&stmt);
  stmt = NULL;
  db_exec(session, "DELETE FROM version WHERE table_id = ?", "i", id);
  db_exec(session, "DELETE FROM col WHERE table_id = ?", "i", id);
  db_exec(session, "DELETE FROM constraints WHERE table_id = ?1 OR parent_id = ?1", "i", id);
  db_exec(session, "DELETE FROM relation WHERE id = ?", "i", id);
  object_delete(session, id);
  collect_data(session, data.at, data.count);
  VEC_FREE(&data);
}

void
table_purge(struct session *session, int64_t before_ms)
{
  struct db_stmt *stmt CLEANUP_STMT =
      db_query(session, "SELECT id FROM securable WHERE dropped_at < ? AND kind = 3", "i", before_ms);
  VEC(int64_t) old = {0};

  while (db_next(stmt))
    *VEC_ADD(&old) = db_int(stmt, 0);
  VEC_EACH (&old, id)
    table_erase(session, *id);
  VEC_FREE(&old);
}

/* MANAGE or ownership of the table, or of the schema or catalog it is in. */
bool
table_drop(struct session *session, const struct name *name)
{
  struct securable object;
  struct table table;

  if (!securable_need(session, SEC_TABLE, name, &object)) return false;
  if (!access_require_manage(session, &object) || !table_load(session, object.id, &table)) return false;
  if (!str_eq(table.table_type, "MANAGED")) {
    table_erase(session, object.id);
    return true;
  }
  db_exec(session, "UPDATE securable SET dropped_at = ? WHERE id = ?", "ii", store_now(session->store),
          object.id);
  db_exec(session, "DELETE FROM constraints WHERE parent_id = ?1 AND table_id != ?1", "i", object.id);
  /* Others may use the names of its constraints now; UNDROP brings back those that nobody took. */
  db_exec(session, "UPDATE constraints SET schema_id = -?1 WHERE table_id = ?1", "i", object.id);
  return true;
}

bool
table_undrop(struct session *session, const struct name *name)
{
  struct securable schema, object;
  int64_t id;

  if (!object_parent(session, SEC_TABLE, name, &schema)) return false;
  if (!access_require(session, &schema, PRIV_CREATE_TABLE)) return false;
  if (securable_find(session, SEC_TABLE, name, &object)) return object_exists_fault(session, SEC_TABLE, name);
  id = db_exec_int(
      session, 0,
      "SELECT id FROM securable WHERE parent = ? AND kind = 3 AND name = ? AND dropped_at IS NOT NULL"
      " ORDER BY dropped_at DESC LIMIT 1",
      "it", schema.id, name->object);
  if (!id) return securable_need(session, SEC_TABLE, name, &object);
  if (!securable_load(session, id, &object) || !access_require_manage(session, &object)) return false;
  db_exec(session, "UPDATE securable SET dropped_at = NULL WHERE id = ?", "i", id);
  db_exec(session, "UPDATE OR IGNORE constraints SET schema_id = ?2 WHERE table_id = ?1", "ii", id,
          schema.id);
  db_exec(session, "DELETE FROM constraints WHERE table_id = ?1 AND schema_id < 0", "i", id);
  return true;
}

bool
table_create_external(struct session *session, struct table *table)
{
  struct name name = {table->object.catalog_name, table->object.schema_name, table->object.name};
  struct securable schema;

  if (!object_parent(session, SEC_TABLE, &name, &schema)) return false;
  if (!access_require(session, &schema, PRIV_CREATE_TABLE)) return false;
  if (!location_check_url(session, table->storage_location, &table->storage_location)) return false;
  if (!location_require(session, table->storage_location, PRIV_CREATE_EXTERNAL_TABLE)) return false;
  if (!location_require_free(session, table->storage_location, 0)) return false;
  table->table_type = "EXTERNAL";
  for (size_t i = 0; i < table->column_count; i++)
    table->columns[i].id = 0;
  if (!table_insert(session, table)) return false;
  return version_commit(session, table, &(struct version){.operation = "CREATE TABLE", .blind_append = true},
                        true) &&
         table_load(session, table->object.id, table);
}
