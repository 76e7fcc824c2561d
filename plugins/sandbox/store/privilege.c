/* SPDX-License-Identifier: Apache-2.0 */
/* The privileges by name and by what they can be granted on.
 * https://docs.databricks.com/data-governance/unity-catalog/manage-privileges/privileges.html */
#include <string.h>

#include "base/str.h"
#include "store/access.h"

#include "base/banned.h"

static const struct {
  const char *rest, *sql;
} names[PRIV_COUNT] = {
#define NAME(id, sql) [PRIV_##id] = {#id, sql}
    NAME(ALL_PRIVILEGES, "ALL PRIVILEGES"),
    NAME(ACCESS, "ACCESS"),
    NAME(APPLY_TAG, "APPLY TAG"),
    NAME(BROWSE, "BROWSE"),
    NAME(CREATE_CATALOG, "CREATE CATALOG"),
    NAME(CREATE_CLEAN_ROOM, "CREATE CLEAN ROOM"),
    NAME(CREATE_CONNECTION, "CREATE CONNECTION"),
    NAME(CREATE_EXTERNAL_LOCATION, "CREATE EXTERNAL LOCATION"),
    NAME(CREATE_EXTERNAL_TABLE, "CREATE EXTERNAL TABLE"),
    NAME(CREATE_EXTERNAL_VOLUME, "CREATE EXTERNAL VOLUME"),
    NAME(CREATE_FOREIGN_CATALOG, "CREATE FOREIGN CATALOG"),
    NAME(CREATE_FOREIGN_SECURABLE, "CREATE FOREIGN SECURABLE"),
    NAME(CREATE_FUNCTION, "CREATE FUNCTION"),
    NAME(CREATE_MANAGED_STORAGE, "CREATE MANAGED STORAGE"),
    NAME(CREATE_MATERIALIZED_VIEW, "CREATE MATERIALIZED VIEW"),
    NAME(CREATE_MODEL, "CREATE MODEL"),
    NAME(CREATE_MODEL_VERSION, "CREATE MODEL VERSION"),
    NAME(CREATE_PROVIDER, "CREATE PROVIDER"),
    NAME(CREATE_RECIPIENT, "CREATE RECIPIENT"),
    NAME(CREATE_SCHEMA, "CREATE SCHEMA"),
    NAME(CREATE_SERVICE_CREDENTIAL, "CREATE SERVICE CREDENTIAL"),
    NAME(CREATE_SHARE, "CREATE SHARE"),
    NAME(CREATE_STORAGE_CREDENTIAL, "CREATE STORAGE CREDENTIAL"),
    NAME(CREATE_TABLE, "CREATE TABLE"),
    NAME(CREATE_VIEW, "CREATE VIEW"),
    NAME(CREATE_VOLUME, "CREATE VOLUME"),
    NAME(EXECUTE, "EXECUTE"),
    NAME(EXTERNAL_USE_LOCATION, "EXTERNAL USE LOCATION"),
    NAME(EXTERNAL_USE_SCHEMA, "EXTERNAL USE SCHEMA"),
    NAME(MANAGE, "MANAGE"),
    NAME(MANAGE_ALLOWLIST, "MANAGE ALLOWLIST"),
    NAME(MODIFY, "MODIFY"),
    NAME(READ_FILES, "READ FILES"),
    NAME(READ_METADATA, "READ METADATA"),
    NAME(READ_VOLUME, "READ VOLUME"),
    NAME(REFRESH, "REFRESH"),
    NAME(SELECT, "SELECT"),
    NAME(SET_SHARE_PERMISSION, "SET SHARE PERMISSION"),
    NAME(USE_CATALOG, "USE CATALOG"),
    NAME(USE_CONNECTION, "USE CONNECTION"),
    NAME(USE_MARKETPLACE_ASSETS, "USE MARKETPLACE ASSETS"),
    NAME(USE_PROVIDER, "USE PROVIDER"),
    NAME(USE_RECIPIENT, "USE RECIPIENT"),
    NAME(USE_SCHEMA, "USE SCHEMA"),
    NAME(USE_SHARE, "USE SHARE"),
    NAME(WRITE_FILES, "WRITE FILES"),
    NAME(WRITE_VOLUME, "WRITE VOLUME"),
#undef NAME
};

const char *
privilege_rest_name(enum privilege privilege)
{
  return names[privilege].rest;
}

const char *
privilege_sql_name(enum privilege privilege)
{
  return names[privilege].sql;
}

/* Equal but for case, and with spaces for underscores. */
static bool
name_matches(const char *text, const char *rest)
{
  for (; *text && *rest; text++, rest++)
    if (str_lower(*text == ' ' ? '_' : *text) != str_lower(*rest)) return false;
  return !*text && !*rest;
}

bool
privilege_from_text(const char *text, enum privilege *out)
{
  if (str_ieq(text, "CREATE_NAMED_FUNCTION")) text = "CREATE_FUNCTION";
  if (str_ieq(text, "ALL")) text = "ALL_PRIVILEGES";
  for (int i = 0; i < PRIV_COUNT; i++) {
    if (!name_matches(text, names[i].rest)) continue;
    *out = (enum privilege)i;
    return true;
  }
  return false;
}

#define B(id) PRIV_BIT(PRIV_##id)

#define ON_ANY (B(ALL_PRIVILEGES) | B(MANAGE))
#define ON_RELATION (ON_ANY | B(APPLY_TAG) | B(SELECT) | B(READ_METADATA))
#define IN_SCHEMA                                                                         \
  (ON_RELATION | B(MODIFY) | B(REFRESH) | B(EXECUTE) | B(READ_VOLUME) | B(WRITE_VOLUME) | \
   B(CREATE_MODEL_VERSION))
#define ON_SCHEMA                                                                          \
  (IN_SCHEMA | B(CREATE_FUNCTION) | B(CREATE_TABLE) | B(CREATE_MODEL) | B(CREATE_VOLUME) | \
   B(CREATE_MATERIALIZED_VIEW) | B(EXTERNAL_USE_SCHEMA) | B(USE_SCHEMA))

static privilege_set
legal_on_relation(const char *table_type)
{
  if (!table_type) return ON_RELATION | B(MODIFY) | B(REFRESH);
  if (str_eq(table_type, "VIEW") || str_eq(table_type, "METRIC_VIEW")) return ON_RELATION;
  if (str_eq(table_type, "MATERIALIZED_VIEW")) return ON_RELATION | B(REFRESH);
  if (str_eq(table_type, "STREAMING_TABLE")) return ON_RELATION | B(MODIFY) | B(REFRESH);
  return ON_RELATION | B(MODIFY);
}

privilege_set
privilege_legal(enum securable_kind kind, const char *table_type)
{
  switch (kind) {
  case SEC_METASTORE:
    return B(CREATE_CATALOG) | B(CREATE_CLEAN_ROOM) | B(CREATE_CONNECTION) | B(CREATE_EXTERNAL_LOCATION) |
           B(CREATE_PROVIDER) | B(CREATE_RECIPIENT) | B(CREATE_SHARE) | B(CREATE_STORAGE_CREDENTIAL) |
           B(CREATE_SERVICE_CREDENTIAL) | B(MANAGE_ALLOWLIST) | B(SET_SHARE_PERMISSION) | B(USE_CONNECTION) |
           B(USE_MARKETPLACE_ASSETS) | B(USE_PROVIDER) | B(USE_RECIPIENT) | B(USE_SHARE);
  case SEC_CATALOG: return ON_SCHEMA | B(BROWSE) | B(CREATE_SCHEMA) | B(USE_CATALOG);
  case SEC_SCHEMA: return ON_SCHEMA;
  case SEC_TABLE: return legal_on_relation(table_type);
  case SEC_FUNCTION: return ON_ANY | B(EXECUTE);
  case SEC_VOLUME: return ON_ANY | B(APPLY_TAG) | B(READ_VOLUME) | B(WRITE_VOLUME);
  case SEC_EXTERNAL_LOCATION:
    return ON_ANY | B(BROWSE) | B(CREATE_EXTERNAL_TABLE) | B(CREATE_EXTERNAL_VOLUME) |
           B(CREATE_FOREIGN_SECURABLE) | B(CREATE_MANAGED_STORAGE) | B(EXTERNAL_USE_LOCATION) |
           B(READ_FILES) | B(WRITE_FILES);
  case SEC_STORAGE_CREDENTIAL:
    return ON_ANY | B(ACCESS) | B(CREATE_EXTERNAL_LOCATION) | B(CREATE_EXTERNAL_TABLE) | B(READ_FILES) |
           B(WRITE_FILES);
  case SEC_CONNECTION: return ON_ANY | B(CREATE_FOREIGN_CATALOG) | B(USE_CONNECTION);
  default: return 0;
  }
}

privilege_set
privilege_all(enum securable_kind kind)
{
  return privilege_legal(kind, NULL) &
         ~(B(MANAGE) | B(READ_METADATA) | B(EXTERNAL_USE_SCHEMA) | B(EXTERNAL_USE_LOCATION));
}
