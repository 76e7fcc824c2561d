/* SPDX-License-Identifier: Apache-2.0 */
/* Can the source be read? Privileges on the catalog are inherited by everything in it, so that one look is
 * enough where they are granted there; only otherwise each schema is looked at.
 * https://docs.databricks.com/data-governance/unity-catalog/manage-privileges/privileges */
#include "base/buf.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "kit/model/filter.h"
#include "kit/model/query.h"
#include "kit/sqltext/quote.h"
#include "preflight.h"

#include "base/banned.h"

/* A request for each schema; beyond this many the answer is not worth its price. */
#define SCHEMAS_MAX 20

#define CHECK "source readable"

clxs_status
read_schemas(struct preflight *preflight, const char *catalog, struct schema_list *schemas)
{
  struct clxs_call *call = preflight->call;
  const char *text = NULL;
  clxs_status status = clxs_meta(call)->list(call, "schemas", catalog, NULL, &text);
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

/* Which schemas lack which privilege. */
struct findings {
  struct preflight *preflight;
  struct buf unusable, unreadable; /* lists of names */
  VEC(const char *) doubtful;      /* without SELECT on the schema */
  struct map *with_tables, *with_readable;
};

static void
look_at_schemas(struct findings *findings, const struct schema_list *schemas)
{
  struct preflight *preflight = findings->preflight;

  for (size_t i = 0; i < schemas->count && i < SCHEMAS_MAX; i++) {
    CLEANUP_RIGHTS struct rights rights = {0};
    const char *name = schemas->at[i].name;

    rights_read(preflight, "schema", clxs_textf(preflight->call, "%s.%s", preflight->source, name),
                schemas->at[i].owner, &rights);
    if (!rights.known) continue;
    if (!rights_has(&rights, "USE_SCHEMA"))
      add_listed(&findings->unusable, name);
    else if (!rights_has(&rights, "SELECT"))
      *VEC_ADD(&findings->doubtful) = name;
  }
}

static clxs_status
take_principal(void *data, const char *const *cells)
{
  struct findings *findings = data;
  static char there[] = "there";

  if (!cells[0]) return CLXS_OK;
  map_set(findings->with_tables, cells[0], there);
  if (is_me(findings->preflight, cells[1])) map_set(findings->with_readable, cells[0], there);
  return CLXS_OK;
}

static clxs_status
ask_principals(struct findings *findings, const char *column, const char *relation, const char *behind)
{
  const char *const names[] = {findings->preflight->source, "information_schema", relation};
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_addf(&text, "SELECT DISTINCT table_schema, %s FROM ", column);
  sql_add_names(&text, names, ARRAY_SIZE(names));
  buf_add_text(&text, behind);
  return query_each(findings->preflight->call, text.data, "preflight", 2, take_principal, findings);
}

/* Tables may be granted, or owned, one by one. A warehouse that sleeps is not woken for it. */
static void
look_at_tables(struct findings *findings)
{
  struct preflight *preflight = findings->preflight;
  clxs_status status;

  if (!findings->doubtful.count || !preflight->warehouse_runs) return;
  status = ask_principals(findings, "table_owner", "tables", "");
  if (status >= 0)
    status = ask_principals(findings, "grantee", "table_privileges",
                            " WHERE privilege_type IN ('SELECT', 'ALL PRIVILEGES', 'ALL_PRIVILEGES')");
  if (status < 0) take_message(preflight);
  VEC_EACH (&findings->doubtful, name)
    if (status >= 0 && map_get(findings->with_tables, *name) && !map_get(findings->with_readable, *name))
      add_listed(&findings->unreadable, *name);
}

static void
judge_schemas(struct findings *findings, const struct schema_list *schemas)
{
  struct preflight *preflight = findings->preflight;
  struct clxs_call *call = preflight->call;

  if (findings->unusable.len)
    check_fail(preflight, CHECK, CLXS_E_DENIED,
               clxs_textf(call, "USE SCHEMA is missing on %s", findings->unusable.data),
               "have it granted on these schemas, or leave them out with --exclude-schemas");
  else if (!schemas->count)
    check_fail(
        preflight, CHECK, CLXS_E_DENIED,
        clxs_textf(call, "USE SCHEMA is missing on %s, and it has no schema that you see", preflight->source),
        grant_hint(preflight, "USE SCHEMA, SELECT", "CATALOG", preflight->source));
  else if (findings->unreadable.len)
    check_fail(
        preflight, CHECK, CLXS_E_DENIED,
        clxs_textf(call, "SELECT is missing on %s, and on every table there", findings->unreadable.data),
        "have it granted on these schemas, or leave them out with --exclude-schemas");
  else if (findings->doubtful.count)
    check_warn(preflight, CHECK,
               clxs_textf(call, "SELECT is not granted on all of %s%s", findings->doubtful.at[0],
                          findings->doubtful.count > 1
                              ? clxs_textf(call, " and %zu more", findings->doubtful.count - 1)
                              : ""),
               grant_hint(preflight, "SELECT", "CATALOG", preflight->source));
  else if (schemas->count > SCHEMAS_MAX)
    check_warn(
        preflight, CHECK,
        clxs_textf(call, "%d of %zu schemas were looked at, and can be read", SCHEMAS_MAX, schemas->count),
        "privileges on the catalog would be enough for all");
  else
    check_ok(preflight, CHECK, clxs_textf(call, "by privileges on its %zu schemas", schemas->count));
}

static void
check_schemas(struct preflight *preflight)
{
  CLEANUP_MAP struct map *with_tables = map_new(), *with_readable = map_new();
  struct findings findings = {.preflight = preflight,
                              .unusable = BUF_INIT(BUF_LARGE),
                              .unreadable = BUF_INIT(BUF_LARGE),
                              .with_tables = with_tables,
                              .with_readable = with_readable};
  struct schema_list schemas = {0};
  clxs_status status = read_schemas(preflight, preflight->source, &schemas);

  if (status < 0) {
    check_error(preflight, CHECK, status, NULL);
  } else {
    look_at_schemas(&findings, &schemas);
    look_at_tables(&findings);
    judge_schemas(&findings, &schemas);
  }
  buf_free(&findings.unusable);
  buf_free(&findings.unreadable);
  VEC_FREE(&findings.doubtful);
  VEC_FREE(&schemas);
}

static void
check_catalog(struct preflight *preflight, const char *owner)
{
  static const char *const use[] = {"USE_CATALOG", NULL}, *const read[] = {"USE_SCHEMA", "SELECT", NULL};
  CLEANUP_RIGHTS struct rights rights = {0};
  struct clxs_call *call = preflight->call;
  const char *name = CHECK, *missing;

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
  status = clxs_meta(call)->get(call, "catalog", &preflight->source, 1, &text);
  if (status < 0) {
    check_error(preflight, "source exists", status, "check the name, and that you may USE the catalog");
    return;
  }
  catalog = json_parse(text, strlen(text), NULL, NULL);
  preflight->source_exists = true;
  if (json_get_text(catalog, "owner"))
    preflight->source_owner = clxs_textf(call, "%s", json_get_text(catalog, "owner"));
  check_ok(
      preflight, "source exists",
      clxs_textf(call, "%s, owned by %s", preflight->source,
                 json_get_text(catalog, "owner") ? json_get_text(catalog, "owner") : "nobody you may see"));
  check_catalog(preflight, json_get_text(catalog, "owner"));
}
