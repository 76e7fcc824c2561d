/* SPDX-License-Identifier: Apache-2.0 */
/* Unity Catalog privileges: which exist, where each is legal, what flows down, who may do what.
 * https://docs.databricks.com/data-governance/unity-catalog/manage-privileges/privileges.html
 * It must not know how grants arrive (SQL, REST); it only reads them. */
#ifndef CLXS_SANDBOX_STORE_ACCESS_H
#define CLXS_SANDBOX_STORE_ACCESS_H

#include "engine.h"
#include "store/securable.h"

enum privilege {
  PRIV_ALL_PRIVILEGES,
  PRIV_ACCESS,
  PRIV_APPLY_TAG,
  PRIV_BROWSE,
  PRIV_CREATE_CATALOG,
  PRIV_CREATE_CLEAN_ROOM,
  PRIV_CREATE_CONNECTION,
  PRIV_CREATE_EXTERNAL_LOCATION,
  PRIV_CREATE_EXTERNAL_TABLE,
  PRIV_CREATE_EXTERNAL_VOLUME,
  PRIV_CREATE_FOREIGN_CATALOG,
  PRIV_CREATE_FOREIGN_SECURABLE,
  PRIV_CREATE_FUNCTION,
  PRIV_CREATE_MANAGED_STORAGE,
  PRIV_CREATE_MATERIALIZED_VIEW,
  PRIV_CREATE_MODEL,
  PRIV_CREATE_MODEL_VERSION,
  PRIV_CREATE_PROVIDER,
  PRIV_CREATE_RECIPIENT,
  PRIV_CREATE_SCHEMA,
  PRIV_CREATE_SERVICE_CREDENTIAL,
  PRIV_CREATE_SHARE,
  PRIV_CREATE_STORAGE_CREDENTIAL,
  PRIV_CREATE_TABLE,
  PRIV_CREATE_VIEW,
  PRIV_CREATE_VOLUME,
  PRIV_EXECUTE,
  PRIV_EXTERNAL_USE_LOCATION,
  PRIV_EXTERNAL_USE_SCHEMA,
  PRIV_MANAGE,
  PRIV_MANAGE_ALLOWLIST,
  PRIV_MODIFY,
  PRIV_READ_FILES,
  PRIV_READ_METADATA,
  PRIV_READ_VOLUME,
  PRIV_REFRESH,
  PRIV_SELECT,
  PRIV_SET_SHARE_PERMISSION,
  PRIV_USE_CATALOG,
  PRIV_USE_CONNECTION,
  PRIV_USE_MARKETPLACE_ASSETS,
  PRIV_USE_PROVIDER,
  PRIV_USE_RECIPIENT,
  PRIV_USE_SCHEMA,
  PRIV_USE_SHARE,
  PRIV_WRITE_FILES,
  PRIV_WRITE_VOLUME,
  PRIV_COUNT
};

/* A set of privileges: bit PRIV_X. */
typedef uint64_t privilege_set;
#define PRIV_BIT(privilege) (UINT64_C(1) << (privilege))

/* "USE_CATALOG" as REST has it, "USE CATALOG" as SQL has it; reading takes any case, spaces or underscores,
 * and the old names USAGE, CREATE, CREATE_NAMED_FUNCTION. */
const char *privilege_rest_name(enum privilege privilege);
const char *privilege_sql_name(enum privilege privilege);
bool privilege_from_text(const char *text, enum privilege *out);
/* What can be granted on KIND, privileges that children inherit among them. TABLE_TYPE narrows relations (a
 * view takes no MODIFY, only a materialized view REFRESH); NULL: any. */
privilege_set privilege_legal(enum securable_kind kind, const char *table_type);
/* What ALL PRIVILEGES stands for on KIND: the legal ones but MANAGE, READ METADATA and the two EXTERNAL USE
 * ones. */
privilege_set privilege_all(enum securable_kind kind);

/* What session->user holds on OBJECT, directly, through groups, inherited from above or as its owner; ALL
 * PRIVILEGES is spelled out. */
privilege_set access_effective(struct session *session, const struct securable *object);
/* The user owns OBJECT, directly or through a group. */
bool access_owns(struct session *session, const struct securable *object);
/* The user may grant on, rename, drop and give away OBJECT: owner of it or of something above it, MANAGE on
 * it, or metastore admin. */
bool access_manages(struct session *session, const struct securable *object);
/* PRIVILEGE on OBJECT with USE CATALOG and USE SCHEMA on the way, or INSUFFICIENT_PERMISSIONS /
 * PERMISSION_DENIED naming the first that is missing: "User does not have USE CATALOG on Catalog 'x'." */
bool access_require(struct session *session, const struct securable *object, enum privilege privilege);
/* Only the way: USE CATALOG and USE SCHEMA above OBJECT, for acts that ownership allows. */
bool access_require_way(struct session *session, const struct securable *object);
/* access_manages with the way to it, or "User is not an owner of Table 'c.s.t'." */
bool access_require_manage(struct session *session, const struct securable *object);
/* Whether lists show OBJECT to the user; *BROWSE_ONLY (may be NULL) when BROWSE is all that allows it. */
bool access_sees(struct session *session, const struct securable *object, bool *browse_only);
/* The fault for a missing PRIVILEGE on OBJECT, for checks made elsewhere. Returns false. */
bool access_refuse(struct session *session, const struct securable *object, enum privilege privilege);

#endif
