/* SPDX-License-Identifier: Apache-2.0 */
/* The statement cache and the binding of values. It must not know what any statement means. */
#include "store/db.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>

#include "base/map.h"
#include "store/state.h"

#include "base/banned.h"

struct db_stmt {
  struct session *session; /* of the one using it; NULL: free */
  sqlite3_stmt *stmt;
  bool cached;
};

void
db_break(struct store *store)
{
  if (!store->broken) store->broken = xstrdup(sqlite3_errmsg(store->db));
}

static struct db_stmt *
prepare(struct store *store, const char *sql, bool cached)
{
  struct db_stmt *stmt = xcalloc(1, sizeof *stmt);
  unsigned int flags = cached ? SQLITE_PREPARE_PERSISTENT : 0;

  stmt->cached = cached;
  if (sqlite3_prepare_v3(store->db, sql, -1, flags, &stmt->stmt, NULL) != SQLITE_OK) db_break(store);
  return stmt;
}

/* The cached statement, or one of its own when that is being stepped through further up. */
static struct db_stmt *
take(struct session *session, const char *sql)
{
  struct store *store = session->store;
  struct db_stmt *stmt = map_get(store->statements, sql);

  if (!stmt) {
    stmt = prepare(store, sql, true);
    map_set(store->statements, sql, stmt);
  } else if (stmt->session) {
    stmt = prepare(store, sql, false);
  }
  stmt->session = session;
  return stmt;
}

static void
bind(struct db_stmt *stmt, const char *types, va_list args)
{
  assert(!stmt->stmt || (size_t)sqlite3_bind_parameter_count(stmt->stmt) == strlen(types));
  for (int i = 1; *types; types++, i++) {
    if (*types == 'i') {
      sqlite3_bind_int64(stmt->stmt, i, va_arg(args, int64_t));
    } else if (*types == 'b') {
      const void *bytes = va_arg(args, const void *);
      size_t length = va_arg(args, size_t);

      sqlite3_bind_blob64(stmt->stmt, i, bytes ? bytes : "", length, SQLITE_STATIC);
    } else {
      sqlite3_bind_text(stmt->stmt, i, va_arg(args, const char *), -1, SQLITE_STATIC);
    }
  }
}

struct db_stmt *
db_query(struct session *session, const char *sql, const char *types, ...)
{
  struct db_stmt *stmt = take(session, sql);
  va_list args;

  va_start(args, types);
  bind(stmt, types, args);
  va_end(args);
  return stmt;
}

bool
db_next(struct db_stmt *stmt)
{
  int rc = sqlite3_step(stmt->stmt);

  if (rc == SQLITE_ROW) return true;
  if (rc != SQLITE_DONE) db_break(stmt->session->store);
  return false;
}

int64_t
db_int(struct db_stmt *stmt, int column)
{
  return sqlite3_column_int64(stmt->stmt, column);
}

const char *
db_text(struct db_stmt *stmt, int column)
{
  const unsigned char *text = sqlite3_column_text(stmt->stmt, column);

  if (!text) return NULL;
  return arena_strndup(stmt->session->arena, (const char *)text,
                       (size_t)sqlite3_column_bytes(stmt->stmt, column));
}

const void *
db_blob(struct db_stmt *stmt, int column, size_t *length)
{
  const void *bytes = sqlite3_column_blob(stmt->stmt, column);

  *length = (size_t)sqlite3_column_bytes(stmt->stmt, column);
  return arena_strndup(stmt->session->arena, bytes ? bytes : "", *length);
}

void
db_done(struct db_stmt **where)
{
  struct db_stmt *stmt = *where;

  if (!stmt) return;
  if (!stmt->cached) {
    sqlite3_finalize(stmt->stmt);
    free(stmt);
    return;
  }
  sqlite3_reset(stmt->stmt);
  sqlite3_clear_bindings(stmt->stmt);
  stmt->session = NULL;
}

int64_t
db_exec(struct session *session, const char *sql, const char *types, ...)
{
  struct db_stmt *stmt CLEANUP_STMT = take(session, sql);
  va_list args;

  va_start(args, types);
  bind(stmt, types, args);
  va_end(args);
  while (db_next(stmt))
    continue;
  return sqlite3_changes64(session->store->db);
}

int64_t
db_exec_int(struct session *session, int64_t absent, const char *sql, const char *types, ...)
{
  struct db_stmt *stmt CLEANUP_STMT = take(session, sql);
  va_list args;

  va_start(args, types);
  bind(stmt, types, args);
  va_end(args);
  return db_next(stmt) && sqlite3_column_type(stmt->stmt, 0) != SQLITE_NULL ? db_int(stmt, 0) : absent;
}

const char *
db_exec_text(struct session *session, const char *sql, const char *types, ...)
{
  struct db_stmt *stmt CLEANUP_STMT = take(session, sql);
  va_list args;

  va_start(args, types);
  bind(stmt, types, args);
  va_end(args);
  return db_next(stmt) ? db_text(stmt, 0) : NULL;
}

bool
db_run(struct session *session, const char *sql)
{
  if (sqlite3_exec(session->store->db, sql, NULL, NULL, NULL) == SQLITE_OK) return true;
  db_break(session->store);
  return false;
}

int64_t
db_last_id(struct session *session)
{
  return sqlite3_last_insert_rowid(session->store->db);
}

void *
db_copy(struct arena *arena, const void *at, size_t count, size_t size)
{
  void *copy;

  if (count == 0) return NULL;
  copy = arena_array(arena, count, size);
  memcpy(copy, at, count * size);
  return copy;
}

void
db_statements_free(struct store *store)
{
  size_t position = 0;
  void *value;

  while (map_next(store->statements, &position, NULL, &value)) {
    struct db_stmt *stmt = value;

    sqlite3_finalize(stmt->stmt);
    free(stmt);
  }
  map_free(store->statements);
  store->statements = NULL;
}
