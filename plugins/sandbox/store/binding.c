/* SPDX-License-Identifier: Apache-2.0 */
/* See binding.h. It must not know privileges. */
#include "store/binding.h"

#include <sqlite3.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "store/object.h"

#include "base/banned.h"

bool
binding_prepare(struct store *store)
{
  return sqlite3_exec(
             store->db,
             "CREATE TABLE IF NOT EXISTS binding (securable_id INTEGER NOT NULL, workspace INTEGER "
             "NOT NULL, write INTEGER NOT NULL, PRIMARY KEY (securable_id, workspace)) WITHOUT ROWID",
             NULL, NULL, NULL) == SQLITE_OK;
}

/* The id of the isolated securable that decides about OBJECT, 0 when none does. */
static int64_t
isolated(struct session *session, const struct securable *object)
{
  const char *catalog = object->kind == SEC_CATALOG ? object->name : object->catalog_name;

  if (catalog)
    return db_exec_int(session, 0,
                       "SELECT s.id FROM securable s JOIN catalog c ON c.id = s.id WHERE s.kind = ?1 AND "
                       "s.parent = 0 AND s.name = ?2 AND s.dropped_at IS NULL AND "
                       "c.isolation_mode = 'ISOLATED'",
                       "it", (int64_t)SEC_CATALOG, catalog);
  if (object->kind == SEC_EXTERNAL_LOCATION)
    return db_exec_int(session, 0,
                       "SELECT id FROM external_location WHERE id = ?1 AND isolation_mode = 'ISOLATED'", "i",
                       object->id);
  if (object->kind == SEC_STORAGE_CREDENTIAL)
    return db_exec_int(session, 0,
                       "SELECT id FROM storage_credential WHERE id = ?1 AND isolation_mode = 'ISOLATED'", "i",
                       object->id);
  return 0;
}

static int64_t
asking(const struct session *session)
{
  return session->workspace_id ? session->workspace_id : FIRST_WORKSPACE;
}

enum binding
binding_of(struct session *session, const struct securable *object)
{
  int64_t id = session->unbound || object->kind == SEC_METASTORE ? 0 : isolated(session, object);

  if (!id) return BINDING_WRITE;
  switch (db_exec_int(session, -1, "SELECT write FROM binding WHERE securable_id = ?1 AND workspace = ?2",
                      "ii", id, asking(session))) {
  case 0: return BINDING_READ;
  case 1: return BINDING_WRITE;
  default: return BINDING_NONE;
  }
}

void
binding_set(struct session *session, int64_t id, int64_t workspace, enum binding binding)
{
  if (binding == BINDING_NONE)
    db_exec(session, "DELETE FROM binding WHERE securable_id = ?1 AND workspace = ?2", "ii", id, workspace);
  else
    db_exec(session, "INSERT OR REPLACE INTO binding VALUES (?1, ?2, ?3)", "iii", id, workspace,
            (int64_t)(binding == BINDING_WRITE));
}

void
binding_isolate(struct session *session, int64_t id)
{
  if (db_exec_int(session, 0, "SELECT count(*) FROM binding WHERE securable_id = ?1", "i", id)) return;
  binding_set(session, id, asking(session), BINDING_WRITE);
}

void
binding_list(struct session *session, int64_t id, struct workspace_binding **out, size_t *count)
{
  CLEANUP_STMT struct db_stmt *stmt = db_query(
      session, "SELECT workspace, write FROM binding WHERE securable_id = ?1 ORDER BY workspace", "i", id);
  VEC(struct workspace_binding) found = {0};

  while (db_next(stmt))
    *VEC_ADD(&found) =
        (struct workspace_binding){db_int(stmt, 0), db_int(stmt, 1) ? BINDING_WRITE : BINDING_READ};
  *out = arena_array(session->arena, found.count + 1, sizeof **out);
  for (size_t i = 0; i < found.count; i++)
    (*out)[i] = found.at[i];
  *count = found.count;
  VEC_FREE(&found);
}
