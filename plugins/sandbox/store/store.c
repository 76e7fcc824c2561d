/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a state, entering and leaving it, its clock, and what a new workspace begins with. */
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/map.h"
#include "base/str.h"
#include "store/object.h"

#include "base/banned.h"

#define FORMAT "1" /* of the state file; another one is refused, not guessed at */
#define UNDROP_MS (INT64_C(7) * 24 * 3600 * 1000)

const char *
store_uuid(struct arena *arena)
{
  unsigned char b[16];

  if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b) abort();
  b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
  b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
  return arena_printf(arena, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
                      b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
                      b[15]);
}

static void
meta_set(struct session *session, const char *key, const char *value)
{
  db_exec(session, "INSERT INTO meta VALUES (?, ?)", "tt", key, value);
}

static const char *
meta_get(struct session *session, const char *key)
{
  return db_exec_text(session, "SELECT value FROM meta WHERE key = ?", "t", key);
}

/* The catalog `system`, and `main`, which waits for its owner. */
static bool
furnish(struct session *session)
{
  struct metastore metastore;
  struct catalog catalog;
  struct name information = {.catalog = "system", .schema = "information_schema"};
  struct securable object;
  struct schema schema;

  principal_add(session, PRINCIPAL_GROUP, "account users", false);
  principal_add(session, PRINCIPAL_GROUP, "admins", true);
  metastore_load(session, &metastore);
  if (!catalog_create(session, &(struct catalog_spec){.name = "system"}, &catalog)) return false;
  db_exec(session, "UPDATE catalog SET type = 'SYSTEM_CATALOG' WHERE id = ?", "i", catalog.object.id);
  if (!schema_drop(session, &(struct name){.catalog = "system", .schema = "default"}, false)) return false;
  if (!schema_create_plain(session, &catalog.object, "access", &schema)) return false;
  if (!securable_need(session, SEC_SCHEMA, &information, &object)) return false;
  if (!grant_change(session, &catalog.object, "account users", PRIV_BIT(PRIV_USE_CATALOG), 0)) return false;
  if (!catalog_create(session, &(struct catalog_spec){.name = "main"}, &catalog)) return false;
  return grant_change(session, &catalog.object, "account users", PRIV_BIT(PRIV_USE_CATALOG), 0);
}

static bool
create_state(struct session *session)
{
  if (!state_create(session->store) || !state_complete(session->store)) {
    db_break(session->store);
    return false;
  }
  meta_set(session, "format", FORMAT);
  meta_set(session, "metastore_id", store_uuid(session->arena));
  meta_set(session, "created_at", arena_printf(session->arena, "%lld", (long long)store_now(session->store)));
  return furnish(session);
}

/* Tables dropped over seven days ago are beyond UNDROP. */
static void
purge(struct session *session)
{
  table_purge(session, store_now(session->store) - UNDROP_MS);
}

/* No two moments are the same, so a busy workspace runs ahead of the wall clock; a new process must not fall
 * behind what an earlier one has written. */
static void
continue_clock(struct session *session)
{
  session->store->last_now =
      db_exec_int(session, 0,
                  "SELECT max(coalesce((SELECT max(updated_at) FROM securable), 0), coalesce((SELECT "
                  "max(modified_ms) FROM "
                  "volume_file), 0), coalesce((SELECT max(timestamp_ms) FROM version), 0))",
                  "");
}

static bool
check_state(struct session *session)
{
  const char *format;

  if (!db_exec_int(session, 0, "SELECT count(*) FROM sqlite_schema WHERE name = 'meta'", ""))
    return create_state(session);
  format = meta_get(session, "format");
  if (!str_eq(format, FORMAT))
    return fault_raise(session, "INVALID_STATE", "the state has format %s, this sandbox reads %s",
                       format ? format : "(none)", FORMAT);
  if (!state_complete(session->store)) {
    db_break(session->store);
    return false;
  }
  continue_clock(session);
  purge(session);
  return true;
}

static bool
open_db(struct store *store, const char *path)
{
  const char *setup =
      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
      "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA recursive_triggers = OFF;";
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX;

  if (sqlite3_open_v2(path, &store->db, flags, NULL) != SQLITE_OK) return false;
  sqlite3_db_config(store->db, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)NULL);
  sqlite3_db_config(store->db, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
  return sqlite3_exec(store->db, setup, NULL, NULL, NULL) == SQLITE_OK;
}

struct store *
store_open(struct arena *arena, const char *path, const char **why)
{
  struct store *store = xcalloc(1, sizeof *store);
  struct session session = {.arena = arena, .store = store, .user = SYSTEM_USER, .admin = true};
  bool ok;

  pthread_mutex_init(&store->lock, NULL);
  store->users = 1;
  store->statements = map_new();
  store->identities = map_new();
  if (!open_db(store, path)) {
    *why = arena_printf(arena, "cannot open the sandbox state %s: %s", path,
                        !store->db                                  ? "out of memory"
                        : sqlite3_errcode(store->db) == SQLITE_BUSY ? "another sandbox is using it"
                                                                    : sqlite3_errmsg(store->db));
    store_close(store);
    return NULL;
  }
  store_enter(&session);
  ok = binding_prepare(store) && check_state(&session);
  if (store_leave(&session, ok)) return store;
  *why = arena_printf(arena, "cannot use the sandbox state %s: %s", path,
                      session.fault.message ? session.fault.message : "it cannot be written");
  store_close(store);
  return NULL;
}

struct store *
store_share(struct store *store)
{
  pthread_mutex_lock(&store->lock);
  store->users++;
  pthread_mutex_unlock(&store->lock);
  return store;
}

static bool
is_last_user(struct store *store)
{
  bool last;

  pthread_mutex_lock(&store->lock);
  last = store->users <= 1;
  if (!last) store->users--;
  pthread_mutex_unlock(&store->lock);
  return last;
}

void
store_close(struct store *store)
{
  if (!store || !is_last_user(store)) return;
  db_statements_free(store);
  identities_forget(store);
  map_free(store->identities);
  sqlite3_close(store->db);
  pthread_mutex_destroy(&store->lock);
  free(store->broken);
  free(store);
}

struct sqlite3 *
store_db(struct store *store)
{
  return store->db;
}

bool
store_attach(struct store *store, bool (*attach)(struct sqlite3 *db))
{
  if (!store->attached) store->attached = attach(store->db);
  return store->attached;
}

void
store_enter(struct session *session)
{
  pthread_mutex_lock(&session->store->lock);
  free(session->store->broken);
  session->store->broken = NULL;
  db_exec(session, "BEGIN", "");
}

bool
store_leave(struct session *session, bool ok)
{
  struct store *store = session->store;

  if (store->broken) ok = fault_raise(session, "INTERNAL_ERROR", "sandbox state: %s", store->broken);
  if (ok) {
    db_exec(session, "COMMIT", "");
    if (store->broken) ok = fault_raise(session, "INTERNAL_ERROR", "sandbox state: %s", store->broken);
  }
  if (!sqlite3_get_autocommit(store->db)) {
    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    identities_forget(store);
  }
  store->depth = 0;
  pthread_mutex_unlock(&store->lock);
  return ok;
}

void
store_save(struct session *session)
{
  db_run(session, arena_printf(session->arena, "SAVEPOINT s%d", ++session->store->depth));
}

void
store_restore(struct session *session, bool keep)
{
  int depth = session->store->depth--;

  if (!keep) db_run(session, arena_printf(session->arena, "ROLLBACK TO s%d", depth));
  db_run(session, arena_printf(session->arena, "RELEASE s%d", depth));
  if (!keep) identities_forget(session->store);
}

int64_t
store_now(struct store *store)
{
  struct timespec now;
  int64_t ms;

  clock_gettime(CLOCK_REALTIME, &now);
  ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
  store->last_now = ms > store->last_now ? ms : store->last_now + 1;
  return store->last_now;
}

void
metastore_load(struct session *session, struct metastore *out)
{
  int64_t created = 0;

  str_to_int64(meta_get(session, "created_at"), &created);
  *out = (struct metastore){.id = meta_get(session, "metastore_id"),
                            .name = "sandbox",
                            .owner = "admins",
                            .cloud = "aws",
                            .region = "us-west-2",
                            .created_at = created};
  out->storage_root = arena_printf(session->arena, "s3://sandbox-metastore/%s", out->id);
}
