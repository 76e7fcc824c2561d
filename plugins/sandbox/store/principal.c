/* SPDX-License-Identifier: Apache-2.0 */
/* Users, service principals and groups. `account users` holds everybody and is never written out; so is
 * `admins` for those who were made admin directly. */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "base/vec.h"
#include "store/lower.h"
#include "store/object.h"

#include "base/banned.h"

#define EVERYBODY "account users"
#define ADMINS "admins"

#define COLUMNS "id, kind, name, display_name, admin"

static void
read_principal(struct db_stmt *stmt, struct principal *out)
{
  out->id = db_int(stmt, 0);
  out->kind = (enum principal_kind)db_int(stmt, 1);
  out->name = db_text(stmt, 2);
  out->display_name = db_text(stmt, 3);
  out->admin = db_int(stmt, 4) != 0;
}

/* The first admin owns what the workspace came with. */
static void
adopt_main(struct session *session, const char *name)
{
  db_exec(
      session,
      "UPDATE securable SET owner = ?1, created_by = ?1, updated_by = ?1 WHERE owner = ?2 AND name != ?3 AND"
      " (kind = 1 AND name = 'main' OR kind = 2 AND parent ="
      "  (SELECT id FROM securable WHERE kind = 1 AND parent = 0 AND name = 'main'))",
      "ttt", name, SYSTEM_USER, "information_schema");
}

bool
principal_add(struct session *session, enum principal_kind kind, const char *name, bool admin)
{
  const char *fold = text_lower(session->arena, name);

  if (fold[0] == '\0') return fault_raise(session, "INVALID_PARAMETER_VALUE", "A principal needs a name.");
  db_exec(session,
          "INSERT INTO principal (kind, name, fold, display_name, admin) VALUES (?1, ?2, ?3, ?2, ?4)"
          " ON CONFLICT (fold) DO UPDATE SET admin = admin OR ?4",
          "itti", (int64_t)kind, name, fold, (int64_t)admin);
  if (admin && kind != PRINCIPAL_GROUP) adopt_main(session, name);
  identities_forget(session->store);
  return true;
}

bool
principal_find(struct session *session, const char *name, struct principal *out)
{
  struct db_stmt *stmt CLEANUP_STMT = NULL;

  if (!name) return false;
  stmt = db_query(session, "SELECT " COLUMNS " FROM principal WHERE fold = ?", "t",
                  text_lower(session->arena, name));
  if (!db_next(stmt)) return false;
  read_principal(stmt, out);
  return true;
}

bool
principal_need(struct session *session, const char *name, struct principal *out)
{
  if (principal_find(session, name, out)) return true;
  return fault_raise_rest(session, "PRINCIPAL_DOES_NOT_EXIST",
                          arena_printf(session->arena, "Could not find principal with name %s", name),
                          "Could not find principal with name %s.", name);
}

bool
group_add_member(struct session *session, const char *group, const char *member)
{
  struct principal holder, held;

  if (!principal_need(session, group, &holder) || !principal_need(session, member, &held)) return false;
  if (holder.kind != PRINCIPAL_GROUP)
    return fault_raise(session, "INVALID_PARAMETER_VALUE", "%s is not a group.", group);
  db_exec(session, "INSERT OR IGNORE INTO member (principal_id, group_id) VALUES (?, ?)", "ii", held.id,
          holder.id);
  identities_forget(session->store);
  return true;
}

bool
principal_list(struct session *session, enum principal_kind kind, struct principal **out, size_t *count)
{
  VEC(struct principal) found = {0};
  struct db_stmt *stmt CLEANUP_STMT =
      db_query(session, "SELECT " COLUMNS " FROM principal WHERE kind = ? ORDER BY fold", "i", (int64_t)kind);

  while (db_next(stmt))
    read_principal(stmt, VEC_ADD(&found));
  DB_TAKE(session->arena, &found, out, count);
  return true;
}

static void
identity_free(struct identity *identity)
{
  for (size_t i = 0; i < identity->count; i++)
    free(identity->folds[i]);
  free(identity->folds);
  free(identity->ids);
  free(identity);
}

void
identities_forget(struct store *store)
{
  size_t position = 0;
  const char *key;
  void *value;

  while (map_next(store->identities, &position, &key, &value)) {
    map_remove(store->identities, key);
    identity_free(value);
  }
}

/* NAME's own row, its groups and theirs, and the two groups that nobody is put into. */
static struct identity *
identity_read(struct session *session, const char *fold)
{
  static const char sql[] =
      "WITH RECURSIVE mine (id) AS (SELECT id FROM principal WHERE fold = ?1 UNION"
      "  SELECT group_id FROM member JOIN mine ON principal_id = mine.id)"
      "SELECT id, fold, admin FROM principal WHERE id IN mine OR fold = '" EVERYBODY "'"
      "  OR (fold = '" ADMINS "' AND EXISTS (SELECT 1 FROM principal p WHERE p.id IN mine AND p.admin))";
  struct identity *identity = xcalloc(1, sizeof *identity);
  struct db_stmt *stmt CLEANUP_STMT = db_query(session, sql, "t", fold);

  while (db_next(stmt)) {
    size_t i = identity->count++;

    identity->ids = xrealloc(identity->ids, identity->count * sizeof *identity->ids);
    identity->folds = xrealloc(identity->folds, identity->count * sizeof *identity->folds);
    identity->ids[i] = db_int(stmt, 0);
    identity->folds[i] = xstrdup(db_text(stmt, 1));
    if (db_int(stmt, 2)) identity->admin = true;
  }
  return identity;
}

const struct identity *
identity_get(struct session *session)
{
  const char *fold = text_lower(session->arena, session->user ? session->user : "");
  struct identity *identity = map_get(session->store->identities, fold);

  if (identity) return identity;
  identity = identity_read(session, fold);
  map_set(session->store->identities, fold, identity);
  return identity;
}

bool
principal_groups(struct session *session, const char *name, const char ***out, size_t *count)
{
  struct session other = *session;
  const struct identity *identity;
  const char *fold = text_lower(session->arena, name);
  size_t found = 0;

  other.user = name;
  identity = identity_get(&other);
  *out = arena_array(session->arena, identity->count + 1, sizeof **out);
  for (size_t i = 0; i < identity->count; i++)
    if (!str_eq(identity->folds[i], fold))
      (*out)[found++] =
          db_exec_text(session, "SELECT name FROM principal WHERE id = ?", "i", identity->ids[i]);
  *count = found;
  return true;
}

bool
principal_in_group(struct session *session, const char *name, const char *group)
{
  struct session other = *session;
  const struct identity *identity;
  const char *fold = text_lower(session->arena, group);

  other.user = name;
  identity = identity_get(&other);
  for (size_t i = 0; i < identity->count; i++)
    if (str_eq(identity->folds[i], fold)) return true;
  return false;
}
