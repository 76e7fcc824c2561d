/* SPDX-License-Identifier: Apache-2.0 */
/* Can the destination be made, or be written to? Whoever makes a schema owns it, so that privileges for what
 * is in it are needed only where it is there already. */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "preflight.h"

#include "base/banned.h"

#define CHECK "destination writable"

/* The metastore's owner may do this, and so may those who were granted CREATE CATALOG on it. */
static void
check_creatable(struct preflight *preflight)
{
  static const char *const create[] = {"CREATE_CATALOG", NULL};
  CLEANUP_RIGHTS struct rights rights = {0};
  struct clxs_call *call = preflight->call;

  if (!metastore_read(preflight)) {
    check_warn(preflight, CHECK,
               clxs_textf(call, "%s is not there, and whether you may make it is not told: %s",
                          preflight->dest, take_message(preflight)),
               "CREATE CATALOG on the metastore is needed");
    return;
  }
  rights_read(preflight, "metastore", preflight->metastore, preflight->metastore_owner, &rights);
  if (!rights.known)
    check_warn(preflight, CHECK,
               clxs_textf(call, "%s is not there, and whether you may make it is not told: %s",
                          preflight->dest, rights.problem),
               "CREATE CATALOG on the metastore is needed");
  else if (rights_missing(preflight, &rights, create))
    check_fail(
        preflight, CHECK, CLXS_E_DENIED,
        clxs_textf(call, "%s is not there, and CREATE CATALOG is missing on the metastore", preflight->dest),
        grant_hint(preflight, "CREATE CATALOG", "METASTORE", NULL));
  else
    check_ok(preflight, CHECK,
             clxs_textf(call, "%s is not there; you may create it%s", preflight->dest,
                        rights.owner ? ", as owner of the metastore" : ""));
}

/* Catalogs that mirror something else take no objects. */
static bool
is_read_only(const char *type)
{
  static const char *const types[] = {"FOREIGN_CATALOG", "DELTASHARING_CATALOG", "SYSTEM_CATALOG",
                                      "INTERNAL_CATALOG"};

  for (size_t i = 0; i < ARRAY_SIZE(types); i++)
    if (str_eq(type, types[i])) return true;
  return false;
}

static bool
has_schema(const struct schema_list *schemas, const char *name)
{
  for (size_t i = 0; i < schemas->count; i++)
    if (utf8_ieq(schemas->at[i].name, name)) return true;
  return false;
}

/* A schema of the source that would have to be made, or NULL. */
static const char *
first_absent(const struct schema_list *source, const struct schema_list *dest)
{
  for (size_t i = 0; i < source->count; i++)
    if (!has_schema(dest, source->at[i].name)) return source->at[i].name;
  return NULL;
}

/* Schemas of both that somebody else owns. */
static size_t
count_foreign(struct preflight *preflight, const struct schema_list *source, const struct schema_list *dest)
{
  size_t count = 0;

  for (size_t i = 0; i < dest->count; i++)
    if (has_schema(source, dest->at[i].name) && !is_me(preflight, dest->at[i].owner)) count++;
  return count;
}

/* Something is not granted on the catalog: whether it is needed depends on the schemas. */
static void
judge_schemas(struct preflight *preflight, const char *create, const char *within,
              const struct schema_list *source, const struct schema_list *dest)
{
  const char *absent = create ? first_absent(source, dest) : NULL;
  size_t foreign = within ? count_foreign(preflight, source, dest) : 0;
  struct clxs_call *call = preflight->call;

  if (absent)
    check_fail(
        preflight, CHECK, CLXS_E_DENIED,
        clxs_textf(call, "%s is missing on %s, which has no schema %s yet", create, preflight->dest, absent),
        grant_hint(preflight, create, "CATALOG", preflight->dest));
  else if (foreign)
    check_warn(preflight, CHECK,
               clxs_textf(call, "%s: not granted on %s; needed on %zu schema%s of others", within,
                          preflight->dest, foreign, foreign == 1 ? "" : "s"),
               grant_hint(preflight, within, "CATALOG", preflight->dest));
  else
    check_ok(preflight, CHECK, "what is missing on the catalog is not needed for its schemas");
}

static void
check_catalog(struct preflight *preflight, const char *owner)
{
  static const char *const use[] = {"USE_CATALOG", NULL}, *const create[] = {"CREATE_SCHEMA", NULL},
                           *const within[] = {"USE_SCHEMA",
                                              "CREATE_TABLE",
                                              "CREATE_FUNCTION",
                                              "CREATE_VOLUME",
                                              "SELECT",
                                              "MODIFY",
                                              NULL};
  CLEANUP_RIGHTS struct rights rights = {0};
  struct schema_list source = {0}, dest = {0};
  struct clxs_call *call = preflight->call;
  const char *no_use, *no_create, *no_within;
  clxs_status status;

  rights_read(preflight, "catalog", preflight->dest, owner, &rights);
  if (!rights.known) {
    check_warn(preflight, CHECK, clxs_textf(call, "your privileges are not told: %s", rights.problem),
               "--write-check finds out by trying");
    return;
  }
  no_use = rights_missing(preflight, &rights, use);
  no_create = rights_missing(preflight, &rights, create);
  no_within = rights_missing(preflight, &rights, within);
  if (no_use) {
    check_fail(preflight, CHECK, CLXS_E_DENIED,
               clxs_textf(call, "%s is missing on %s", no_use, preflight->dest),
               grant_hint(preflight, no_use, "CATALOG", preflight->dest));
    return;
  }
  if (!no_create && !no_within) {
    check_ok(preflight, CHECK, rights.owner ? "you own the catalog" : "all privileges that are needed hold");
    return;
  }
  status = read_schemas(preflight, preflight->source, &source);
  if (status >= 0) status = read_schemas(preflight, preflight->dest, &dest);
  if (status < 0)
    check_error(preflight, CHECK, status, NULL);
  else
    judge_schemas(preflight, no_create, no_within, &source, &dest);
  VEC_FREE(&source);
  VEC_FREE(&dest);
}

void
check_destination(struct preflight *preflight)
{
  struct clxs_call *call = preflight->call;
  CLEANUP_JSON struct json_object *catalog = NULL;
  const char *text = NULL, *type;
  clxs_status status;

  clxs_meta(call)->invalidate(call, preflight->dest);
  status = clxs_meta(call)->get(call, "catalog", &preflight->dest, 1, &text);
  if (status == CLXS_E_NOT_FOUND) {
    call->core->error_clear(call);
    check_creatable(preflight);
    return;
  }
  if (status < 0) {
    check_error(preflight, CHECK, status, NULL);
    return;
  }
  preflight->dest_exists = true;
  catalog = json_parse(text, strlen(text), NULL, NULL);
  if (json_get_text(catalog, "owner"))
    preflight->dest_owner = clxs_textf(call, "%s", json_get_text(catalog, "owner"));
  type = json_get_text(catalog, "catalog_type");
  if (is_read_only(type))
    check_fail(preflight, CHECK, CLXS_E_UNSUPPORTED,
               clxs_textf(call, "%s is a %s, in which nothing can be made", preflight->dest, type),
               "give --dest a catalog of your own");
  else
    check_catalog(preflight, json_get_text(catalog, "owner"));
}

/* https://docs.databricks.com/api/workspace/resourcequotas/getquota */
void
check_quota(struct preflight *preflight)
{
  struct clxs_call *call = preflight->call;
  CLEANUP_JSON struct json_object *json = NULL;
  CLEANUP_BUF struct buf path = BUF_INIT(BUF_LARGE);
  const char *what = preflight->dest_exists ? "schemas in the destination" : "catalogs in the metastore";
  struct json_object *info;
  int64_t used, limit;
  clxs_status status;

  if (!preflight->dest_exists && !metastore_read(preflight)) {
    call->core->error_clear(call);
    return;
  }
  buf_addf(&path, "/api/2.1/unity-catalog/resource-quotas/%s/",
           preflight->dest_exists ? "catalog" : "metastore");
  buf_add_url(&path, preflight->dest_exists ? preflight->dest : preflight->metastore);
  buf_addf(&path, "/%s-quota", preflight->dest_exists ? "schema" : "catalog");
  json = get_json(preflight, path.data, &status);
  info = json_get_object(json, "quota_info");
  used = json_get_int(info, "quota_count", -1);
  limit = json_get_int(info, "quota_limit", -1);
  if (status < 0) call->core->error_clear(call);
  if (used < 0 || limit < 0)
    check_ok(preflight, "quota", "not told; see https://docs.databricks.com/resources/limits for the limits");
  else if (used >= limit)
    check_warn(preflight, "quota",
               clxs_textf(call, "%lld of %lld %s are taken", (long long)used, (long long)limit, what),
               "remove some, or ask Databricks for a higher limit");
  else
    check_ok(preflight, "quota",
             clxs_textf(call, "%lld of %lld %s are taken", (long long)used, (long long)limit, what));
}
