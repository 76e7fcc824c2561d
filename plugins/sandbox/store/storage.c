/* SPDX-License-Identifier: Apache-2.0 */
/* Storage credentials, external locations, connections: what the metastore knows of the world outside.
 * https://docs.databricks.com/api/workspace/externallocations, storagecredentials, connections */
#include "base/str.h"
#include "base/vec.h"
#include "store/object.h"

#include "base/banned.h"

#define SELECT_CREDENTIAL                                                                     \
  "SELECT " OBJECT_COLUMNS                                                                    \
  ", c.identity_kind, c.identity, c.isolation_mode, c.read_only, c.managed FROM " OBJECT_FROM \
  " JOIN storage_credential c ON c.id = s.id"
#define SELECT_LOCATION                                                                  \
  "SELECT " OBJECT_COLUMNS                                                               \
  ", l.url, c.name, c.uuid, l.isolation_mode, l.read_only, l.fallback FROM " OBJECT_FROM \
  " JOIN external_location l ON l.id = s.id LEFT JOIN securable c ON c.id = l.credential_id"
#define SELECT_CONNECTION                                                                     \
  "SELECT " OBJECT_COLUMNS ", c.type, c.options, c.properties, c.read_only FROM " OBJECT_FROM \
  " JOIN connection c ON c.id = s.id"

static void
read_credential(struct db_stmt *stmt, struct session *session, struct storage_credential *out)
{
  object_read(stmt, session, &out->object);
  out->identity_kind = db_text(stmt, OBJECT_WIDTH);
  out->identity = db_text(stmt, OBJECT_WIDTH + 1);
  out->isolation_mode = db_text(stmt, OBJECT_WIDTH + 2);
  out->read_only = db_int(stmt, OBJECT_WIDTH + 3) != 0;
  out->used_for_managed_storage = db_int(stmt, OBJECT_WIDTH + 4) != 0;
}

static void
read_location(struct db_stmt *stmt, struct session *session, struct external_location *out)
{
  object_read(stmt, session, &out->object);
  out->url = db_text(stmt, OBJECT_WIDTH);
  out->credential_name = db_text(stmt, OBJECT_WIDTH + 1);
  out->credential_id = db_text(stmt, OBJECT_WIDTH + 2);
  out->isolation_mode = db_text(stmt, OBJECT_WIDTH + 3);
  out->read_only = db_int(stmt, OBJECT_WIDTH + 4) != 0;
  out->fallback = db_int(stmt, OBJECT_WIDTH + 5) != 0;
}

static void
read_connection(struct db_stmt *stmt, struct session *session, struct connection *out)
{
  object_read(stmt, session, &out->object);
  out->type = db_text(stmt, OBJECT_WIDTH);
  out->options = db_text(stmt, OBJECT_WIDTH + 1);
  out->properties = db_text(stmt, OBJECT_WIDTH + 2);
  out->read_only = db_int(stmt, OBJECT_WIDTH + 3) != 0;
}

static bool
find_visible(struct session *session, enum securable_kind kind, const char *name, struct securable *out)
{
  struct name parsed;

  return name_split(session, kind, name, &parsed) && securable_get(session, kind, &parsed, out);
}

/* The three kinds read and list alike. */
#define GET_AND_LIST(kind, type, reader, select)                                                     \
  bool type##_get(struct session *session, const char *name, struct type *out)                       \
  {                                                                                                  \
    struct db_stmt *stmt CLEANUP_STMT = NULL;                                                        \
    struct securable object;                                                                         \
                                                                                                     \
    if (!find_visible(session, kind, name, &object)) return false;                                   \
    stmt = db_query(session, select " WHERE s.id = ?", "i", object.id);                              \
    if (db_next(stmt)) reader(stmt, session, out);                                                   \
    return true;                                                                                     \
  }                                                                                                  \
                                                                                                     \
  bool type##_list(struct session *session, struct page *page, struct type **out, size_t *count)     \
  {                                                                                                  \
    struct db_stmt *stmt CLEANUP_STMT = db_query(session, select OBJECT_PAGE, "iiti", INT64_C(0),    \
                                                 (int64_t)kind, page_after(page), page_limit(page)); \
    VEC(struct type) found = {0};                                                                    \
    const char *last = NULL;                                                                         \
    size_t seen = 0;                                                                                 \
                                                                                                     \
    while (db_next(stmt)) {                                                                          \
      struct type item = {0};                                                                        \
                                                                                                     \
      reader(stmt, session, &item);                                                                  \
      if (!page_step(page, &seen, item.object.name, &last)) break;                                   \
      if (access_sees(session, &item.object, &item.object.browse_only)) *VEC_ADD(&found) = item;     \
    }                                                                                                \
    DB_TAKE(session->arena, &found, out, count);                                                     \
    return true;                                                                                     \
  }

GET_AND_LIST(SEC_STORAGE_CREDENTIAL, storage_credential, read_credential, SELECT_CREDENTIAL)
GET_AND_LIST(SEC_EXTERNAL_LOCATION, external_location, read_location, SELECT_LOCATION)
GET_AND_LIST(SEC_CONNECTION, connection, read_connection, SELECT_CONNECTION)

/* Check the name and the right to create, and insert the common part. */
static bool
insert_object(struct session *session, enum securable_kind kind, struct securable *object,
              enum privilege privilege)
{
  struct name name = {0};
  struct securable metastore;

  if (!name_check(session, kind, object->name, &name.catalog)) return false;
  object_metastore(session, &metastore);
  if (!access_manages(session, &metastore) && !access_require(session, &metastore, privilege)) return false;
  *object = (struct securable){.kind = kind, .name = name.catalog, .comment = object->comment};
  return object_insert(session, object) || object_exists_fault(session, kind, &name);
}

bool
storage_credential_create(struct session *session, struct storage_credential *credential)
{
  if (!insert_object(session, SEC_STORAGE_CREDENTIAL, &credential->object, PRIV_CREATE_STORAGE_CREDENTIAL))
    return false;
  db_exec(session, "INSERT INTO storage_credential VALUES (?, ?, ?, 'ISOLATION_MODE_OPEN', ?, 0)", "itti",
          credential->object.id, credential->identity_kind, credential->identity,
          (int64_t)credential->read_only);
  return storage_credential_get(session, credential->object.name, credential);
}

static bool
check_location(struct session *session, struct external_location *location, struct securable *credential)
{
  struct name name;
  const char *taken;

  if (!name_split(session, SEC_STORAGE_CREDENTIAL, location->credential_name ? location->credential_name : "",
                  &name))
    return false;
  if (!securable_need(session, SEC_STORAGE_CREDENTIAL, &name, credential)) return false;
  if (!access_require(session, credential, PRIV_CREATE_EXTERNAL_LOCATION)) return false;
  if (!location_check_url(session, location->url ? location->url : "", &location->url)) return false;
  taken = db_exec_text(session,
                       "SELECT s.name FROM external_location l JOIN securable s ON s.id = l.id WHERE"
                       " substr(?1 || '/', 1, length(l.url) + 1) = l.url || '/' OR"
                       " substr(l.url || '/', 1, length(?1) + 1) = ?1 || '/'",
                       "t", location->url);
  if (!taken) return true;
  return fault_raise(
      session, "INVALID_PARAMETER_VALUE.LOCATION_OVERLAP",
      "Input path url '%s' overlaps with other external locations. Conflicting location: '%s'.",
      location->url, taken);
}

bool
external_location_create(struct session *session, struct external_location *location)
{
  struct securable credential;

  if (!check_location(session, location, &credential)) return false;
  if (!insert_object(session, SEC_EXTERNAL_LOCATION, &location->object, PRIV_CREATE_EXTERNAL_LOCATION))
    return false;
  db_exec(session, "INSERT INTO external_location VALUES (?, ?, ?, 'ISOLATION_MODE_OPEN', ?, ?)", "itiii",
          location->object.id, location->url, credential.id, (int64_t)location->read_only,
          (int64_t)location->fallback);
  return external_location_get(session, location->object.name, location);
}

bool
connection_create(struct session *session, struct connection *connection)
{
  if (!insert_object(session, SEC_CONNECTION, &connection->object, PRIV_CREATE_CONNECTION)) return false;
  db_exec(session, "INSERT INTO connection VALUES (?, ?, ?, ?, ?)", "ittti", connection->object.id,
          connection->type, connection->options ? connection->options : "{}",
          connection->properties ? connection->properties : "{}", (int64_t)connection->read_only);
  return connection_get(session, connection->object.name, connection);
}

static bool
find_managed(struct session *session, enum securable_kind kind, const char *name, struct securable *out)
{
  struct name parsed;

  return name_split(session, kind, name, &parsed) && securable_need(session, kind, &parsed, out) &&
         access_require_manage(session, out);
}

bool
storage_credential_drop(struct session *session, const char *name, bool force)
{
  struct securable object;

  if (!find_managed(session, SEC_STORAGE_CREDENTIAL, name, &object)) return false;
  if (!force && db_exec_int(session, 0, "SELECT 1 FROM external_location WHERE credential_id = ? LIMIT 1",
                            "i", object.id))
    return fault_raise(session, "INVALID_STATE", "Storage credential '%s' has dependent external locations.",
                       object.name);
  db_exec(session, "DELETE FROM storage_credential WHERE id = ?", "i", object.id);
  object_delete(session, object.id);
  return true;
}

bool
external_location_drop(struct session *session, const char *name, bool force)
{
  struct securable object;
  const char *url;

  if (!find_managed(session, SEC_EXTERNAL_LOCATION, name, &object)) return false;
  url = db_exec_text(session, "SELECT url FROM external_location WHERE id = ?", "i", object.id);
  if (!force &&
      db_exec_int(session, 0, "SELECT 1 FROM location WHERE url >= ?1 || '/' AND url < ?1 || '0' LIMIT 1",
                  "t", url))
    return fault_raise(session, "INVALID_STATE", "External location '%s' has dependent tables or volumes.",
                       object.name);
  db_exec(session, "DELETE FROM external_location WHERE id = ?", "i", object.id);
  object_delete(session, object.id);
  return true;
}

bool
connection_drop(struct session *session, const char *name)
{
  struct securable object;

  if (!find_managed(session, SEC_CONNECTION, name, &object)) return false;
  db_exec(session, "DELETE FROM connection WHERE id = ?", "i", object.id);
  object_delete(session, object.id);
  return true;
}
