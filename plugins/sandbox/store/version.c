/* SPDX-License-Identifier: Apache-2.0 */
/* Commits. */
#include "base/vec.h"
#include "store/object.h"
#include "store/policy.h"

#include "base/banned.h"

bool
version_list(struct session *session, int64_t table_id, size_t limit, struct version **out, size_t *count)
{
  struct db_stmt *stmt CLEANUP_STMT = db_query(
      session,
      "SELECT version, timestamp_ms, user, operation, parameters, metrics, read_version, blind_append"
      " FROM version WHERE table_id = ? ORDER BY version DESC LIMIT ?",
      "ii", table_id, limit ? (int64_t)limit : INT64_C(-1));
  VEC(struct version) found = {0};

  while (db_next(stmt))
    *VEC_ADD(&found) = (struct version){.version = db_int(stmt, 0),
                                        .timestamp_ms = db_int(stmt, 1),
                                        .user = db_text(stmt, 2),
                                        .operation = db_text(stmt, 3),
                                        .parameters = db_text(stmt, 4),
                                        .metrics = db_text(stmt, 5),
                                        .read_version = db_int(stmt, 6),
                                        .blind_append = db_int(stmt, 7) != 0};
  DB_TAKE(session->arena, &found, out, count);
  return true;
}

bool
version_commit(struct session *session, struct table *table, const struct version *commit, bool meta)
{
  int64_t version = table->version + 1;

  /* The first version's columns are there already: table_insert put them there. */
  if (meta && version > 0 && !table_save(session, table)) return false;
  db_exec(session, "INSERT INTO version VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", "iiittttiiiit", table->object.id,
          version, store_now(session->store), session->user, commit->operation,
          commit->parameters ? commit->parameters : "{}", commit->metrics ? commit->metrics : "{}",
          table->version, (int64_t)commit->blind_append, table->data_id, table->data_version,
          meta ? meta_json(session->arena, table) : NULL);
  table->version = version;
  db_exec(session, "UPDATE relation SET version = ?, data_id = ?, data_version = ? WHERE id = ?", "iiii",
          version, table->data_id, table->data_version, table->object.id);
  return true;
}
