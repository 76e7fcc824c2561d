/* SPDX-License-Identifier: Apache-2.0 */
/* Finding objects by name and by id, and saying what is missing; inserting and forgetting the part that all
 * have. */
#include <string.h>

#include "base/str.h"
#include "store/object.h"

#include "base/banned.h"

static void
fill_names(struct session *session, struct securable *object, const char *parent, const char *grandparent)
{
  struct name name = {.catalog = object->name};

  if (object->kind == SEC_SCHEMA) {
    object->catalog_name = parent;
    name = (struct name){.catalog = parent, .schema = object->name};
  } else if (securable_kind_parts(object->kind) == 3) {
    object->catalog_name = grandparent;
    object->schema_name = parent;
    name = (struct name){grandparent, parent, object->name};
  }
  object->full_name = name_text(session, &name);
}

void
object_read(struct db_stmt *stmt, struct session *session, struct securable *out)
{
  *out = (struct securable){.id = db_int(stmt, 0),
                            .kind = (enum securable_kind)db_int(stmt, 1),
                            .parent = db_int(stmt, 2),
                            .uuid = db_text(stmt, 3),
                            .name = db_text(stmt, 4),
                            .owner = db_text(stmt, 5),
                            .comment = db_text(stmt, 6),
                            .created_at = db_int(stmt, 7),
                            .created_by = db_text(stmt, 8),
                            .updated_at = db_int(stmt, 9),
                            .updated_by = db_text(stmt, 10)};
  fill_names(session, out, db_text(stmt, 11), db_text(stmt, 12));
}

static bool
find_child(struct session *session, int64_t parent, enum securable_kind kind, const char *name,
           struct securable *out)
{
  struct db_stmt *stmt CLEANUP_STMT =
      db_query(session,
               "SELECT " OBJECT_COLUMNS " FROM " OBJECT_FROM
               " WHERE s.parent = ? AND s.kind = ? AND s.name = ? AND s.dropped_at IS NULL",
               "iit", parent, (int64_t)kind, name);

  if (!db_next(stmt)) return false;
  object_read(stmt, session, out);
  return true;
}

static int64_t
find_id(struct session *session, int64_t parent, enum securable_kind kind, const char *name)
{
  return db_exec_int(
      session, 0,
      "SELECT id FROM securable WHERE parent = ? AND kind = ? AND name = ? AND dropped_at IS NULL", "iit",
      parent, (int64_t)kind, name);
}

/* The object, or which kind of part of its name is missing. */
static bool
find_path(struct session *session, enum securable_kind kind, const struct name *name, struct securable *out,
          enum securable_kind *missing)
{
  int64_t parent = 0;

  *missing = kind;
  if (securable_kind_parts(kind) == 1) return find_child(session, 0, kind, name->catalog, out);
  parent = find_id(session, 0, SEC_CATALOG, name->catalog);
  if (!parent) {
    *missing = SEC_CATALOG;
    return false;
  }
  if (securable_kind_parts(kind) == 2) return find_child(session, parent, kind, name->schema, out);
  parent = find_id(session, parent, SEC_SCHEMA, name->schema);
  if (!parent) {
    *missing = SEC_SCHEMA;
    return false;
  }
  return find_child(session, parent, kind, name->object, out);
}

void
object_metastore(struct session *session, struct securable *out)
{
  struct metastore metastore;

  metastore_load(session, &metastore);
  *out = (struct securable){.kind = SEC_METASTORE,
                            .uuid = metastore.id,
                            .name = metastore.name,
                            .full_name = metastore.name,
                            .owner = metastore.owner,
                            .created_at = metastore.created_at,
                            .created_by = SYSTEM_USER,
                            .updated_at = metastore.created_at,
                            .updated_by = SYSTEM_USER};
}

bool
securable_find(struct session *session, enum securable_kind kind, const struct name *name,
               struct securable *out)
{
  enum securable_kind missing;

  if (kind != SEC_METASTORE) return find_path(session, kind, name, out, &missing);
  object_metastore(session, out);
  return str_ieq(name->catalog, out->uuid) || str_ieq(name->catalog, out->name);
}

bool
securable_load(struct session *session, int64_t id, struct securable *out)
{
  struct db_stmt *stmt CLEANUP_STMT = NULL;

  if (id == 0) {
    object_metastore(session, out);
    return true;
  }
  stmt = db_query(session, "SELECT " OBJECT_COLUMNS " FROM " OBJECT_FROM " WHERE s.id = ?", "i", id);
  if (!db_next(stmt)) return false;
  object_read(stmt, session, out);
  return true;
}

static bool
catalog_missing(struct session *session, const char *catalog)
{
  return fault_raise_rest(
      session, "NO_SUCH_CATALOG_EXCEPTION",
      arena_printf(session->arena, "Catalog '%s' does not exist.", catalog),
      "Catalog '%s' was not found. Please verify the catalog name and then retry the query or "
      "command again.",
      catalog);
}

static bool
schema_missing(struct session *session, const struct name *name)
{
  struct name schema = {.catalog = name->catalog, .schema = name->schema};

  return fault_raise_rest(
      session, "SCHEMA_NOT_FOUND",
      arena_printf(session->arena, "Schema '%s' does not exist.", name_text(session, &schema)),
      "The schema %s cannot be found. Verify the spelling and correctness of the schema and "
      "catalog.\nIf you did not qualify the name with a catalog, verify the current_schema() "
      "output, or qualify the name with the correct catalog.\nTo tolerate the error on drop use "
      "DROP SCHEMA IF EXISTS.",
      name_quoted(session, &schema));
}

/* A statement says that the table is missing, whatever part of its name is; REST names the part. */
static bool
table_missing(struct session *session, const struct name *name, enum securable_kind missing)
{
  struct fault inner = {0};

  if (missing != SEC_TABLE) {
    if (missing == SEC_CATALOG)
      catalog_missing(session, name->catalog);
    else
      schema_missing(session, name);
    inner = session->fault;
  }
  fault_raise_rest(
      session, "TABLE_OR_VIEW_NOT_FOUND",
      arena_printf(session->arena, "Table '%s' does not exist.", name_text(session, name)),
      "The table or view %s cannot be found. Verify the spelling and correctness of the schema and "
      "catalog.\nIf you did not qualify the name with a schema, verify the current_schema() output, or "
      "qualify the name with the correct schema and catalog.\nTo tolerate the error on drop use DROP VIEW "
      "IF EXISTS or DROP TABLE IF EXISTS.",
      name_quoted(session, name));
  if (inner.rest_code) {
    session->fault.rest_code = inner.rest_code;
    session->fault.rest_message = inner.rest_message;
  }
  return false;
}

static bool
missing_fault(struct session *session, enum securable_kind kind, const struct name *name,
              enum securable_kind missing)
{
  const char *full = name_text(session, name);
  const char *rest = arena_printf(session->arena, "%s '%s' does not exist.", securable_kind_word(kind), full);

  if (kind == SEC_TABLE) return table_missing(session, name, missing);
  if (missing == SEC_CATALOG) return catalog_missing(session, name->catalog);
  if (missing == SEC_SCHEMA) return schema_missing(session, name);
  switch (kind) {
  case SEC_FUNCTION:
    return fault_raise_rest(
        session, "ROUTINE_NOT_FOUND", rest,
        "The routine %s cannot be found. Verify the spelling and correctness of the schema and "
        "catalog.\nIf you did not qualify the name with a schema and catalog, verify the "
        "current_schema() output, or qualify the name with the correct schema and catalog.\nTo "
        "tolerate the error on drop use DROP FUNCTION IF EXISTS.",
        name_quoted(session, name));
  case SEC_VOLUME:
    return fault_raise_rest(session, "UC_VOLUME_NOT_FOUND", rest,
                            "Volume %s does not exist. Please use 'SHOW VOLUMES' to list available volumes.",
                            name_quoted(session, name));
  case SEC_METASTORE: return fault_raise_rest(session, "METASTORE_DOES_NOT_EXIST", rest, "%s", rest);
  case SEC_EXTERNAL_LOCATION:
    return fault_raise_rest(session, "EXTERNAL_LOCATION_DOES_NOT_EXIST", rest, "%s", rest);
  case SEC_STORAGE_CREDENTIAL:
    return fault_raise_rest(session, "STORAGE_CREDENTIAL_DOES_NOT_EXIST", rest, "%s", rest);
  default: return fault_raise_rest(session, "CONNECTION_NOT_FOUND", rest, "%s", rest);
  }
}

bool
securable_need(struct session *session, enum securable_kind kind, const struct name *name,
               struct securable *out)
{
  enum securable_kind missing = kind;

  if (kind == SEC_METASTORE ? securable_find(session, kind, name, out)
                            : find_path(session, kind, name, out, &missing))
    return true;
  return missing_fault(session, kind, name, missing);
}

/* The privilege whose absence explains best why an object cannot be looked at. */
static enum privilege
reading_privilege(enum securable_kind kind)
{
  switch (kind) {
  case SEC_CATALOG: return PRIV_USE_CATALOG;
  case SEC_SCHEMA: return PRIV_USE_SCHEMA;
  case SEC_TABLE: return PRIV_SELECT;
  case SEC_FUNCTION: return PRIV_EXECUTE;
  case SEC_VOLUME: return PRIV_READ_VOLUME;
  case SEC_CONNECTION: return PRIV_USE_CONNECTION;
  default: return PRIV_READ_FILES;
  }
}

bool
securable_get(struct session *session, enum securable_kind kind, const struct name *name,
              struct securable *out)
{
  if (!securable_need(session, kind, name, out)) return false;
  if (access_sees(session, out, &out->browse_only)) return true;
  if (!access_require_way(session, out)) return false;
  return access_refuse(session, out, reading_privilege(kind));
}

bool
object_parent(struct session *session, enum securable_kind kind, const struct name *name,
              struct securable *out)
{
  switch (securable_kind_parts(kind)) {
  case 1: object_metastore(session, out); return true;
  case 2: return securable_need(session, SEC_CATALOG, &(struct name){.catalog = name->catalog}, out);
  default:
    return securable_need(session, SEC_SCHEMA,
                          &(struct name){.catalog = name->catalog, .schema = name->schema}, out);
  }
}

bool
object_insert(struct session *session, struct securable *object)
{
  struct securable parent;

  if (find_id(session, object->parent, object->kind, object->name)) return false;
  object->uuid = store_uuid(session->arena);
  if (!object->owner) object->owner = session->user;
  if (object->comment && !*object->comment) object->comment = NULL;
  object->created_at = object->updated_at = store_now(session->store);
  object->created_by = object->updated_by = session->user;
  db_exec(
      session,
      "INSERT INTO securable (kind, parent, name, uuid, owner, comment, created_at, created_by, updated_at,"
      " updated_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?7, ?8)",
      "iittttit", (int64_t)object->kind, object->parent, object->name, object->uuid, object->owner,
      object->comment, object->created_at, object->created_by);
  object->id = db_last_id(session);
  securable_load(session, object->parent, &parent);
  fill_names(session, object, parent.name, parent.catalog_name);
  return true;
}

void
object_touch(struct session *session, struct securable *object)
{
  object->updated_at = store_now(session->store);
  object->updated_by = session->user;
  db_exec(session, "UPDATE securable SET updated_at = ?, updated_by = ? WHERE id = ?", "iti",
          object->updated_at, object->updated_by, object->id);
}

void
object_delete(struct session *session, int64_t id)
{
  db_exec(session, "DELETE FROM grants WHERE securable_id = ?", "i", id);
  db_exec(session, "DELETE FROM binding WHERE securable_id = ?", "i", id);
  db_exec(session, "DELETE FROM tag WHERE securable_id = ?", "i", id);
  db_exec(session, "DELETE FROM location WHERE securable_id = ?", "i", id);
  db_exec(session, "DELETE FROM securable WHERE id = ?", "i", id);
}

bool
object_has_children(struct session *session, int64_t parent)
{
  return db_exec_int(session, 0, "SELECT 1 FROM securable WHERE parent = ? AND dropped_at IS NULL LIMIT 1",
                     "i", parent) != 0;
}

bool
object_exists_fault(struct session *session, enum securable_kind kind, const struct name *name)
{
  static const char tolerate[] =
      "Choose a different name, drop or replace the existing object, or add the IF NOT "
      "EXISTS clause to tolerate pre-existing objects.";
  const char *text = name_text(session, name), *quoted = name_quoted(session, name);
  const char *rest = arena_printf(session->arena, "%s '%s' already exists", securable_kind_word(kind), text);

  switch (kind) {
  case SEC_CATALOG:
    return fault_raise_rest(session, "CATALOG_ALREADY_EXISTS", rest, "Catalog '%s' already exists.", text);
  case SEC_SCHEMA:
    return fault_raise_rest(session, "SCHEMA_ALREADY_EXISTS",
                            arena_printf(session->arena, "Schema '%s' already exists", name->schema),
                            "Cannot create schema %s because it already exists. %s", quoted, tolerate);
  case SEC_TABLE:
    return fault_raise_rest(session, "TABLE_OR_VIEW_ALREADY_EXISTS", rest,
                            "Cannot create table or view %s because it already exists. %s", quoted, tolerate);
  case SEC_FUNCTION:
    return fault_raise_rest(session, "ROUTINE_ALREADY_EXISTS", rest,
                            "Cannot create the routine %s because a routine of that name already exists. %s",
                            quoted, tolerate);
  case SEC_VOLUME:
    return fault_raise_rest(session, "VOLUME_ALREADY_EXISTS", rest,
                            "Cannot create volume %s because it already exists. %s", quoted, tolerate);
  case SEC_EXTERNAL_LOCATION:
    return fault_raise_rest(session, "EXTERNAL_LOCATION_ALREADY_EXISTS", rest, "%s.", rest);
  case SEC_STORAGE_CREDENTIAL:
    return fault_raise_rest(session, "STORAGE_CREDENTIAL_ALREADY_EXISTS", rest, "%s.", rest);
  default: return fault_raise_rest(session, "CONNECTION_ALREADY_EXISTS", rest, "%s.", rest);
  }
}

const char *
page_after(const struct page *page)
{
  return page->after ? page->after : "";
}

int64_t
page_limit(const struct page *page)
{
  return page->limit ? (int64_t)page->limit + 1 : -1;
}

bool
page_step(struct page *page, size_t *seen, const char *name, const char **last)
{
  if (page->limit && *seen == page->limit) {
    page->next = *last;
    return false;
  }
  ++*seen;
  *last = name;
  return true;
}
