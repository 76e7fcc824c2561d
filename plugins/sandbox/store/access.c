/* SPDX-License-Identifier: Apache-2.0 */
/* Who may do what: ownership, grants, what flows down a tree of at most three levels. */
#include "base/str.h"
#include "store/lower.h"
#include "store/object.h"

#include "base/banned.h"

#define EVERYTHING (~UINT64_C(0))

/* OBJECT and what it is in, bottom up, without the metastore. */
struct chain {
  struct securable at[3];
  size_t count;
};

static void
chain_load(struct session *session, const struct securable *object, struct chain *chain)
{
  chain->count = 0;
  chain->at[chain->count++] = *object;
  while (chain->at[chain->count - 1].parent != 0) {
    if (!securable_load(session, chain->at[chain->count - 1].parent, &chain->at[chain->count])) return;
    chain->count++;
  }
}

static bool
is_me(struct session *session, const char *principal)
{
  const struct identity *identity = identity_get(session);
  const char *fold;

  if (str_eq(principal, session->user)) return true;
  fold = text_lower(session->arena, principal);
  if (str_eq(fold, text_lower(session->arena, session->user))) return true;
  for (size_t i = 0; i < identity->count; i++)
    if (str_eq(identity->folds[i], fold)) return true;
  return false;
}

bool
access_owns(struct session *session, const struct securable *object)
{
  return is_me(session, object->owner);
}

static bool
is_admin(struct session *session)
{
  return session->admin || identity_get(session)->admin;
}

/* What the user was granted on the object of this id itself. */
static privilege_set
granted(struct session *session, int64_t id)
{
  const struct identity *identity = identity_get(session);
  struct db_stmt *stmt CLEANUP_STMT =
      db_query(session, "SELECT principal_id, privileges FROM grants WHERE securable_id = ?", "i", id);
  privilege_set set = 0;

  while (db_next(stmt)) {
    int64_t principal = db_int(stmt, 0);

    for (size_t i = 0; i < identity->count; i++)
      if (identity->ids[i] == principal) set |= (privilege_set)db_int(stmt, 1);
  }
  return set;
}

/* Everybody may read the information_schema of a catalog that it may use, and nobody, owners included, puts
 * anything there. */
static privilege_set
information_schema_rights(const struct securable *object)
{
  const char *schema = object->kind == SEC_SCHEMA ? object->name : object->schema_name;

  if (!str_eq(schema, "information_schema")) return 0;
  return PRIV_BIT(PRIV_USE_SCHEMA) | PRIV_BIT(PRIV_SELECT);
}

/* What a workspace that is bound read-only leaves of SET, and one that is not bound. */
static privilege_set
within_binding(struct session *session, const struct securable *object, privilege_set set)
{
  static const privilege_set reading =
      PRIV_BIT(PRIV_USE_CATALOG) | PRIV_BIT(PRIV_USE_SCHEMA) | PRIV_BIT(PRIV_SELECT) |
      PRIV_BIT(PRIV_EXECUTE) | PRIV_BIT(PRIV_READ_VOLUME) | PRIV_BIT(PRIV_READ_FILES) | PRIV_BIT(PRIV_BROWSE);

  switch (binding_of(session, object)) {
  case BINDING_WRITE: return set;
  case BINDING_READ: return set & reading;
  default: return 0;
  }
}

static privilege_set
effective_on_chain(struct session *session, const struct chain *chain)
{
  const struct securable *object = &chain->at[0];
  privilege_set legal = within_binding(session, object,
                                       privilege_legal(object->kind, NULL) | PRIV_BIT(PRIV_BROWSE)),
                set;

  set = information_schema_rights(object);
  if (set != 0) return set & within_binding(session, object, EVERYTHING);
  if (object->kind == SEC_METASTORE) return granted(session, 0) | (is_admin(session) ? legal : 0);
  for (size_t i = 0; i < chain->count; i++) {
    privilege_set here = granted(session, chain->at[i].id);

    if (here & PRIV_BIT(PRIV_ALL_PRIVILEGES)) here |= privilege_all(object->kind);
    /* Who owns a catalog or schema has every privilege on it, and privileges flow down. */
    if (access_owns(session, &chain->at[i])) here |= EVERYTHING;
    set |= here & legal;
  }
  return set;
}

privilege_set
access_effective(struct session *session, const struct securable *object)
{
  struct chain chain;

  chain_load(session, object, &chain);
  return effective_on_chain(session, &chain);
}

static bool
is_unbound(struct session *session, const struct securable *object)
{
  return binding_of(session, object) == BINDING_NONE;
}

static bool
refuse_unbound(struct session *session, const struct securable *object)
{
  const char *catalog = object->kind == SEC_CATALOG ? object->name : object->catalog_name;

  return fault_raise(session, "PERMISSION_DENIED", "%s '%s' is not accessible in current workspace",
                     securable_kind_word(catalog ? SEC_CATALOG : object->kind),
                     catalog ? catalog : object->name);
}

static bool
manages_chain(struct session *session, const struct chain *chain)
{
  if (is_unbound(session, &chain->at[0])) return false;
  if (is_admin(session)) return true;
  for (size_t i = 0; i < chain->count; i++)
    if (access_owns(session, &chain->at[i])) return true;
  return (effective_on_chain(session, chain) & PRIV_BIT(PRIV_MANAGE)) != 0;
}

bool
access_manages(struct session *session, const struct securable *object)
{
  struct chain chain;

  chain_load(session, object, &chain);
  return manages_chain(session, &chain);
}

bool
access_refuse(struct session *session, const struct securable *object, enum privilege privilege)
{
  const char *text =
      arena_printf(session->arena, "User does not have %s on %s '%s'.", privilege_sql_name(privilege),
                   securable_kind_word(object->kind), object->full_name);

  return fault_raise_rest(session, "INSUFFICIENT_PERMISSIONS", text, "Insufficient privileges:\n%s", text);
}

static bool
holds(struct session *session, const struct chain *chain, size_t level, enum privilege privilege)
{
  struct chain part = {.count = chain->count - level};

  for (size_t i = 0; i < part.count; i++)
    part.at[i] = chain->at[level + i];
  return (effective_on_chain(session, &part) & PRIV_BIT(privilege)) != 0;
}

/* Top down, so that the first privilege missed is the one named. */
static bool
require_way(struct session *session, const struct chain *chain)
{
  if (is_unbound(session, &chain->at[0])) return refuse_unbound(session, &chain->at[0]);
  for (size_t level = chain->count; level-- > 1;) {
    enum privilege privilege = chain->at[level].kind == SEC_CATALOG ? PRIV_USE_CATALOG : PRIV_USE_SCHEMA;

    if (!holds(session, chain, level, privilege)) return access_refuse(session, &chain->at[level], privilege);
  }
  return true;
}

bool
access_require_way(struct session *session, const struct securable *object)
{
  struct chain chain;

  chain_load(session, object, &chain);
  return require_way(session, &chain);
}

bool
access_require(struct session *session, const struct securable *object, enum privilege privilege)
{
  struct chain chain;

  chain_load(session, object, &chain);
  if (!require_way(session, &chain)) return false;
  /* Creating in a schema takes USE SCHEMA on it, and so on. */
  if (object->kind == SEC_SCHEMA && privilege != PRIV_USE_SCHEMA &&
      !holds(session, &chain, 0, PRIV_USE_SCHEMA))
    return access_refuse(session, object, PRIV_USE_SCHEMA);
  if (object->kind == SEC_CATALOG && privilege != PRIV_USE_CATALOG &&
      !holds(session, &chain, 0, PRIV_USE_CATALOG))
    return access_refuse(session, object, PRIV_USE_CATALOG);
  if (holds(session, &chain, 0, privilege)) return true;
  return access_refuse(session, object, privilege);
}

bool
access_require_manage(struct session *session, const struct securable *object)
{
  struct chain chain;
  const char *text;

  chain_load(session, object, &chain);
  if (is_admin(session) && !is_unbound(session, object)) return true;
  if (!require_way(session, &chain)) return false;
  if (manages_chain(session, &chain)) return true;
  text = arena_printf(session->arena, "User is not an owner of %s '%s'.", securable_kind_word(object->kind),
                      object->full_name);
  return fault_raise_rest(session, "INSUFFICIENT_PERMISSIONS", text, "Insufficient privileges:\n%s", text);
}

static bool
way_is_open(struct session *session, const struct chain *chain)
{
  for (size_t level = 1; level < chain->count; level++)
    if (!holds(session, chain, level,
               chain->at[level].kind == SEC_CATALOG ? PRIV_USE_CATALOG : PRIV_USE_SCHEMA))
      return false;
  return true;
}

bool
access_sees(struct session *session, const struct securable *object, bool *browse_only)
{
  struct chain chain;
  privilege_set set;

  if (browse_only) *browse_only = false;
  if (object->kind == SEC_METASTORE) return true;
  if (is_unbound(session, object)) return false;
  if (is_admin(session)) return true;
  chain_load(session, object, &chain);
  set = effective_on_chain(session, &chain);
  if ((set & ~PRIV_BIT(PRIV_BROWSE)) != 0 && way_is_open(session, &chain)) return true;
  if (!(set & PRIV_BIT(PRIV_BROWSE))) return false;
  if (browse_only) *browse_only = true;
  return true;
}
