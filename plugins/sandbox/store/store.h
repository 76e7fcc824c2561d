/* SPDX-License-Identifier: Apache-2.0 */
/* What the sandbox knows: one SQLite database behind one lock. This header opens it, enters it and names its
 * principals; the objects have their own headers, all included at the end, so that "store/store.h" is enough
 * for a reader.
 *
 * Rules for every function of store/: the caller is inside store_enter/store_leave; results live in
 * session->arena; a function returning bool says false with session->fault set. Functions that act for a user
 * (catalog_create, securable_update, grant_change, ...) check that user's privileges; those called *_find and
 * *_load check nothing. */
#ifndef CLXS_SANDBOX_STORE_STORE_H
#define CLXS_SANDBOX_STORE_STORE_H

#include "engine.h"

struct sqlite3;

/* Open the state at PATH (":memory:" for none on disk), creating it when it is new; NULL with *WHY (static or
 * in ARENA). A file is locked for this process: a second sandbox on the same state is refused. */
struct store *store_open(struct arena *arena, const char *path, const char **why);
/* One more workspace on the same metastore: STORE itself, open until each of them has closed it. */
struct store *store_share(struct store *store);
/* NULL is fine. Nobody may be inside, unless others still share it. */
void store_close(struct store *store);
/* The connection, for prepared statements and SQL functions of query/; use it only inside store_enter. */
struct sqlite3 *store_db(struct store *store);

/* Call ATTACH on the connection once in the store's life (it adds the SQL functions of query/). False when it
 * failed. */
bool store_attach(struct store *store, bool (*attach)(struct sqlite3 *db));

/* Take the lock and begin a transaction; leave with it kept (OK) or undone. Every statement and every request
 * does this exactly once; nothing slow happens in between. When a commit itself fails, the fault is set and
 * false returned. */
void store_enter(struct session *session);
bool store_leave(struct session *session, bool ok);
/* A part that can be undone alone, inside store_enter; they nest. */
void store_save(struct session *session);
void store_restore(struct session *session, bool keep);

/* Milliseconds since 1970, never the same or less twice: every change has a time of its own. */
int64_t store_now(struct store *store);
/* A random UUID in text. */
const char *store_uuid(struct arena *arena);

/* The metastore: there is one, made with the state. */
struct metastore {
  const char *id, *name, *owner, *cloud, *region, *storage_root;
  int64_t created_at;
};
void metastore_load(struct session *session, struct metastore *out);

enum principal_kind { PRINCIPAL_USER, PRINCIPAL_SERVICE, PRINCIPAL_GROUP };

struct principal {
  int64_t id;
  enum principal_kind kind;
  const char *name; /* e-mail, application id, or group name, as first spelled; compared without case */
  const char *display_name;
  bool admin; /* metastore and workspace admin, directly or as a member of `admins` */
};

/* Make a principal known; one of that name stays as it is but for ADMIN, which is added to. `account users`
 * holds everybody and `admins` every admin without being told. The first admin becomes owner of the catalog
 * `main`. */
bool principal_add(struct session *session, enum principal_kind kind, const char *name, bool admin);
/* Put MEMBER into GROUP; both must exist. */
bool group_add_member(struct session *session, const char *group, const char *member);
/* False, without a fault, when nobody is called so. */
bool principal_find(struct session *session, const char *name, struct principal *out);
bool principal_list(struct session *session, enum principal_kind kind, struct principal **out, size_t *count);
/* The groups that NAME is in, `account users` among them. */
bool principal_groups(struct session *session, const char *name, const char ***out, size_t *count);
/* NAME is GROUP itself or is in it. */
bool principal_in_group(struct session *session, const char *name, const char *group);

#include "store/access.h"
#include "store/binding.h"
#include "store/catalog.h"
#include "store/constraint.h"
#include "store/data.h"
#include "store/faults.h"
#include "store/files.h"
#include "store/function.h"
#include "store/grant.h"
#include "store/location.h"
#include "store/property.h"
#include "store/securable.h"
#include "store/table.h"
#include "store/tag.h"
#include "store/version.h"
#include "store/volume.h"

#endif
