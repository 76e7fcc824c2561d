/* SPDX-License-Identifier: Apache-2.0 */
/* One table of documents. It must not know what they mean. */
#include "http/keep.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "store/db.h"

#include "base/banned.h"

void
keep_prepare(struct session *session)
{
  db_run(session, "CREATE TABLE IF NOT EXISTS http_document(kind TEXT NOT NULL, key TEXT NOT NULL, "
                  "body TEXT NOT NULL, PRIMARY KEY(kind, key)) WITHOUT ROWID");
}

/* What belongs to a workspace is kept apart from that of the others on the same metastore. */
static const char *
own(struct session *session, const char *kind)
{
  return session->workspace ? arena_printf(session->arena, "%s@%s", kind, session->workspace) : kind;
}

void
keep_put(struct session *session, const char *kind, const char *key, struct json_object *body)
{
  db_exec(session, "INSERT OR REPLACE INTO http_document(kind, key, body) VALUES (?1, ?2, ?3)", "ttt",
          own(session, kind), key, json_text(body));
}

struct json_object *
keep_get(struct session *session, const char *kind, const char *key)
{
  const char *text = db_exec_text(session, "SELECT body FROM http_document WHERE kind = ?1 AND key = ?2",
                                  "tt", own(session, kind), key);

  return text ? json_parse(text, strlen(text), NULL, NULL) : NULL;
}

bool
keep_delete(struct session *session, const char *kind, const char *key)
{
  return db_exec(session, "DELETE FROM http_document WHERE kind = ?1 AND key = ?2", "tt", own(session, kind),
                 key) > 0;
}

void
keep_each(struct session *session, const char *kind, const char *prefix,
          bool (*each)(void *data, const char *key, struct json_object *body), void *data)
{
  CLEANUP_STMT struct db_stmt *stmt =
      db_query(session, "SELECT key, body FROM http_document WHERE kind = ?1 AND key >= ?2 ORDER BY key",
               "tt", own(session, kind), prefix);
  bool more = true;

  while (more && db_next(stmt)) {
    const char *key = db_text(stmt, 0), *text = db_text(stmt, 1);
    CLEANUP_JSON struct json_object *body = NULL;

    if (!str_starts(key, prefix)) break;
    body = json_parse(text, strlen(text), NULL, NULL);
    more = each(data, key, body);
  }
}
