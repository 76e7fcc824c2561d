/* SPDX-License-Identifier: Apache-2.0 */
/* Can the source be read? Privileges on the catalog are inherited by everything in it, so that one look is
 * enough where they are granted there; only otherwise each schema is looked at.
 * https://docs.databricks.com/data-governance/unity-catalog/manage-privileges/privileges */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/destination.h"
#include "kit/model/filter.h"
#include "preflight.h"

#include "base/banned.h"

/* A request for each schema; beyond this many the answer is not worth its price. */
#define SCHEMAS_MAX 20

clxs_status
read_schemas(struct preflight *preflight, const char *catalog, struct schema_list *schemas)
{
  struct clxs_call *call = preflight->call;
  const char *text = NULL;
  clxs_status status = destination_list(call, preflight->workspace, "schemas", catalog, NULL, &text);
  size_t position = 0, length;
  int more;

  if (status < 0) return status;
  length = strlen(text);
  for (;;) {
    CLEANUP_JSON struct json_object *json = NULL;
    const char *name;

    more = json_array_next(text, length, &position, &json);
    if (more <= 0) break;
    name = json_get_text(json, "name");
    if (!name || !filter_schema(preflight->filter, name)) continue;
    VEC_ADD(schemas)->name = clxs_textf(call, "%s", name);
    if (json_get_text(json, "owner"))
      schemas->at[schemas->count - 1].owner = clxs_textf(call, "%s", json_get_text(json, "owner"));
  }
  return more < 0
             ? clxs_failf(call, CLXS_E_DATA, NULL, "the list of schemas of %s cannot be understood", catalog)
             : CLXS_OK;
}

static void
add_listed(struct buf *list, const char *name)
{
  if (list->len) buf_add_text(list, ", ");
  buf_add_text(list, name);
}

/* Which schemas lack which privilege: lists of names. */
static void
look_at_schemas(struct preflight *preflight, const struct schema_list *schemas, struct buf *unusable,
                struct buf *unreadable)
{
  for (size_t i = 0; i < schemas->count && i < SCHEMAS_MAX; i++) {
    CLEANUP_RIGHTS struct rights rights = {0};
    const char *name = schemas->at[i].name;

    rights_read(preflight, "schema", clxs_textf(preflight->call, "%s.%s", preflight->source, name),
                schemas->at[i].owner, &rights);
    if (!rights.known) continue;
    if (!rights_has(&rights, "USE_SCHEMA")) add_listed(unusable, name);
    if (!rights_has(&rights, "SELECT")) add_listed(unreadable, name);
  }
}

static void
check_schemas(struct preflight *preflight)
{
  CLEANUP_BUF struct buf unusable = BUF_INIT(BUF_LARGE), unreadable = BUF_INIT(BUF_LARGE);
  struct clxs_call *call = preflight->call;
  struct schema_list schemas = {0};
  clxs_status status = read_schemas(preflight, preflight->source, &schemas);

  if (status < 0) {
    check_error(preflight, check_name(preflight, "source readable"), status, NULL);
    VEC_FREE(&schemas);
    return;
  }
  look_at_schemas(preflight, &schemas, &unusable, &unreadable);
  if (unusable.len)
    check_fail(preflight, check_name(preflight, "source readable"), CLXS_E_DENIED,
               clxs_textf(call, "USE SCHEMA is missing on %s", unusable.data),
               "have it granted on these schemas, or leave them out with --exclude-schemas");
  else if (!schemas.count)
    check_fail(
        preflight, check_name(preflight, "source readable"), CLXS_E_DENIED,
        clxs_textf(call, "USE SCHEMA is missing on %s, and it has no schema that you see", preflight->source),
        grant_hint(preflight, "USE SCHEMA, SELECT", "CATALOG", preflight->source));
  else if (unreadable.len)
    check_warn(preflight, check_name(preflight, "source readable"),
               clxs_textf(call, "SELECT is not granted on all of %s", unreadable.data),
               grant_hint(preflight, "SELECT", "CATALOG", preflight->source));
  else if (schemas.count > SCHEMAS_MAX)
    check_warn(
        preflight, check_name(preflight, "source readable"),
        clxs_textf(call, "%d of %zu schemas were looked at, and can be read", SCHEMAS_MAX, schemas.count),
        "privileges on the catalog would be enough for all");
  else
    check_ok(preflight, check_name(preflight, "source readable"),
             clxs_textf(call, "by privileges on its %zu schemas", schemas.count));
  VEC_FREE(&schemas);
}

static void
check_catalog(struct preflight *preflight, const char *owner)
{
  static const char *const use[] = {"USE_CATALOG", NULL}, *const read[] = {"USE_SCHEMA", "SELECT", NULL};
  CLEANUP_RIGHTS struct rights rights = {0};
  struct clxs_call *call = preflight->call;
  const char *name = check_name(preflight, "source readable"), *missing;

  rights_read(preflight, "catalog", preflight->source, owner, &rights);
  if (!rights.known) {
    check_warn(preflight, name, clxs_textf(call, "your privileges are not told: %s", rights.problem),
               "the clone itself will tell what it cannot read");
    return;
  }
  missing = rights_missing(preflight, &rights, use);
  if (missing)
    check_fail(preflight, name, CLXS_E_DENIED,
               clxs_textf(call, "%s is missing on %s", missing, preflight->source),
               grant_hint(preflight, "USE CATALOG, USE SCHEMA, SELECT", "CATALOG", preflight->source));
  else if (rights_missing(preflight, &rights, read))
    check_schemas(preflight);
  else if (rights.owner)
    check_ok(preflight, name, "you own the catalog; tables in it that others own may need SELECT");
  else
    check_ok(preflight, name, "USE CATALOG, USE SCHEMA and SELECT hold for all of it");
}

void
check_source(struct preflight *preflight)
{
  struct clxs_call *call = preflight->call;
  CLEANUP_JSON struct json_object *catalog = NULL;
  const char *text = NULL;
  clxs_status status;

  clxs_meta(call)->invalidate(call, preflight->source);
  status = destination_get(call, preflight->workspace, "catalog", &preflight->source, 1, &text);
  if (status < 0) {
    check_error(preflight, check_name(preflight, "source exists"), status,
                "check the name, and that you may USE the catalog");
    return;
  }
  catalog = json_parse(text, strlen(text), NULL, NULL);
  check_ok(
      preflight, check_name(preflight, "source exists"),
      clxs_textf(call, "%s, owned by %s", preflight->source,
                 json_get_text(catalog, "owner") ? json_get_text(catalog, "owner") : "nobody you may see"));
  check_catalog(preflight, json_get_text(catalog, "owner"));
}
