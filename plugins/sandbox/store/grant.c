/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and changing grants. https://docs.databricks.com/api/workspace/grants */
#include "base/str.h"
#include "base/vec.h"
#include "store/object.h"

#include "base/banned.h"

/* What ALL PRIVILEGES does not stand for, and what revoking it leaves. */
#define APART                                                                                  \
  (PRIV_BIT(PRIV_MANAGE) | PRIV_BIT(PRIV_READ_METADATA) | PRIV_BIT(PRIV_EXTERNAL_USE_SCHEMA) | \
   PRIV_BIT(PRIV_EXTERNAL_USE_LOCATION))

struct found {
  VEC(struct grant) grants;
};

static bool
is_mine(struct session *session, int64_t principal)
{
  const struct identity *identity = identity_get(session);

  for (size_t i = 0; i < identity->count; i++)
    if (identity->ids[i] == principal) return true;
  return false;
}

/* The grants on FROM that are legal for an object of KIND, for PRINCIPAL (0: all) as far as the caller may
 * see. */
static void
collect(struct session *session, const struct securable *from, privilege_set legal, int64_t principal,
        bool all, struct found *found)
{
  struct db_stmt *stmt CLEANUP_STMT = db_query(
      session,
      "SELECT g.principal_id, p.name, g.privileges FROM grants g JOIN principal p ON p.id = g.principal_id"
      " WHERE g.securable_id = ?1 AND (?2 = 0 OR g.principal_id = ?2) ORDER BY p.fold",
      "ii", from->id, principal);

  while (db_next(stmt)) {
    privilege_set set = (privilege_set)db_int(stmt, 2) & legal;

    if (set == 0 || !(all || is_mine(session, db_int(stmt, 0)))) continue;
    *VEC_ADD(&found->grants) = (struct grant){.principal = db_text(stmt, 1),
                                              .privileges = set,
                                              .from_kind = from->kind,
                                              .from_name = from->full_name};
  }
}

static bool
principal_id(struct session *session, const char *name, int64_t *id)
{
  struct principal principal;

  *id = 0;
  if (!name || !*name) return true;
  if (!principal_need(session, name, &principal)) return false;
  *id = principal.id;
  return true;
}

bool
grant_list(struct session *session, const struct securable *object, const char *principal, struct grant **out,
           size_t *count)
{
  struct found found = {0};
  int64_t id;

  if (!principal_id(session, principal, &id)) return false;
  collect(session, object, ~UINT64_C(0), id, access_manages(session, object), &found);
  DB_TAKE(session->arena, &found.grants, out, count);
  return true;
}

bool
grant_effective(struct session *session, const struct securable *object, const char *principal,
                struct grant **out, size_t *count)
{
  privilege_set legal = privilege_legal(object->kind, NULL) | PRIV_BIT(PRIV_BROWSE);
  struct securable at = *object;
  struct found found = {0};
  int64_t id;
  bool all;

  if (!principal_id(session, principal, &id)) return false;
  all = access_manages(session, object);
  collect(session, &at, ~UINT64_C(0), id, all, &found);
  while (at.parent != 0 && securable_load(session, at.parent, &at))
    collect(session, &at, legal, id, all, &found);
  DB_TAKE(session->arena, &found.grants, out, count);
  return true;
}

static bool
check_legal(struct session *session, const struct securable *object, privilege_set set)
{
  const char *type = NULL;
  privilege_set bad;

  if (object->kind == SEC_TABLE)
    type = db_exec_text(session, "SELECT table_type FROM relation WHERE id = ?", "i", object->id);
  bad = set & ~privilege_legal(object->kind, type);
  if (!bad) return true;
  for (int i = 0; i < PRIV_COUNT; i++)
    if (bad & PRIV_BIT(i))
      return fault_raise(
          session, "INVALID_PARAMETER_VALUE",
          "Privilege %s is not applicable to this entity [%s:%s]. If this seems unexpected, please "
          "check the privilege version of the metastore in use [1.0].",
          privilege_sql_name((enum privilege)i), object->full_name,
          type ? type : securable_kind_rest(object->kind));
  return true;
}

static bool
may_grant(struct session *session, const struct securable *object)
{
  if (object->kind != SEC_METASTORE) return access_require_manage(session, object);
  if (access_owns(session, object) || session->admin || identity_get(session)->admin) return true;
  return fault_raise_rest(session, "INSUFFICIENT_PERMISSIONS", "User is not an owner of the metastore.",
                          "Insufficient privileges:\nUser is not an owner of the metastore.");
}

bool
grant_change(struct session *session, const struct securable *object, const char *principal,
             privilege_set add, privilege_set remove)
{
  struct principal who;
  privilege_set set;

  if (!may_grant(session, object) || !principal_need(session, principal, &who)) return false;
  if (add & remove)
    return fault_raise(session, "INVALID_PARAMETER_VALUE",
                       "Duplicate privileges to add and delete for principal %s.", principal);
  if (!check_legal(session, object, add | remove)) return false;
  set = (privilege_set)db_exec_int(
      session, 0, "SELECT privileges FROM grants WHERE securable_id = ? AND principal_id = ?", "ii",
      object->id, who.id);
  if (remove & PRIV_BIT(PRIV_ALL_PRIVILEGES)) set &= APART;
  set = (set & ~remove) | add;
  if (set == 0)
    db_exec(session, "DELETE FROM grants WHERE securable_id = ? AND principal_id = ?", "ii", object->id,
            who.id);
  else
    db_exec(session, "INSERT OR REPLACE INTO grants VALUES (?, ?, ?, ?)", "iiit", object->id, who.id,
            (int64_t)set, session->user);
  return true;
}
