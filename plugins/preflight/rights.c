/* SPDX-License-Identifier: Apache-2.0 */
/* What we may do, by ownership and by effective permissions, inherited ones included. It must not know what
 * is needed. https://docs.databricks.com/api/workspace/grants/geteffective */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/sqltext/quote.h"
#include "preflight.h"

#include "base/banned.h"

#define UNITY "/api/2.1/unity-catalog/"

bool
is_me(const struct preflight *preflight, const char *principal)
{
  bool admin = false;

  if (!principal) return false;
  for (size_t i = 0; i < preflight->names.count; i++) {
    if (str_ieq(preflight->names.at[i], principal)) return true;
    admin = admin || str_eq(preflight->names.at[i], "admins");
  }
  /* Groups that the metastore makes for a workspace; SCIM does not know them by these names. */
  return str_starts(principal, "_workspace_users_") || (admin && str_starts(principal, "_workspace_admins_"));
}

static void
take_privileges(struct preflight *preflight, struct json_object *assignments, struct rights *rights)
{
  for (size_t i = 0; i < json_length(assignments); i++) {
    struct json_object *entry = json_item(assignments, i), *list = json_get_array(entry, "privileges");

    if (!is_me(preflight, json_get_text(entry, "principal"))) continue;
    for (size_t k = 0; k < json_length(list); k++) {
      const char *name = json_get_text(json_item(list, k), "privilege");

      if (name) *VEC_ADD(&rights->privileges) = clxs_textf(preflight->call, "%s", name);
    }
  }
}

static clxs_status
take_item(void *data, const char *text, size_t length)
{
  CLEANUP_JSON struct json_object *entry = json_parse(text, length, NULL, NULL);

  if (entry) json_object_array_add(data, json_object_get(entry));
  return CLXS_OK;
}

void
rights_read(struct preflight *preflight, const char *type, const char *full_name, const char *owner,
            struct rights *rights)
{
  CLEANUP_JSON struct json_object *assignments = json_object_new_array();
  CLEANUP_BUF struct buf path = BUF_INIT(BUF_LARGE);
  struct clxs_request request = {
      .size = sizeof request, .method = "GET", .query = "max_results=0", .purpose = "preflight"};
  clxs_status status;

  *rights = (struct rights){.owner = is_me(preflight, owner)};
  if (rights->owner) {
    rights->known = true;
    return;
  }
  buf_addf(&path, UNITY "effective-permissions/%s/", type);
  buf_add_url(&path, full_name);
  request.path = path.data;
  status = clxs_rest(preflight->call)
               ->each(preflight->call, &request, "privilege_assignments", take_item, assignments);
  rights->known = status >= 0;
  if (status < 0)
    rights->problem = take_message(preflight);
  else
    take_privileges(preflight, assignments, rights);
}

void
rights_free(struct rights *rights)
{
  VEC_FREE(&rights->privileges);
}

bool
rights_has(const struct rights *rights, const char *privilege)
{
  if (rights->owner) return true;
  for (size_t i = 0; i < rights->privileges.count; i++)
    if (str_ieq(rights->privileges.at[i], privilege) || str_ieq(rights->privileges.at[i], "ALL_PRIVILEGES"))
      return true;
  return false;
}

const char *
rights_missing(struct preflight *preflight, const struct rights *rights, const char *const *privileges)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  for (; *privileges; privileges++) {
    if (rights_has(rights, *privileges)) continue;
    if (text.len) buf_add_text(&text, ", ");
    for (const char *at = *privileges; *at; at++)
      buf_add_char(&text, *at == '_' ? ' ' : *at);
  }
  return text.len ? clxs_textf(preflight->call, "%s", text.data) : NULL;
}

const char *
grant_hint(struct preflight *preflight, const char *privileges, const char *type, const char *name)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  buf_addf(&text, "GRANT %s ON %s", privileges, type);
  if (name) {
    buf_add_char(&text, ' ');
    sql_add_name(&text, name);
  }
  buf_add_text(&text, " TO ");
  sql_add_name(&text, preflight->user ? preflight->user : "you");
  return clxs_textf(preflight->call, "%s", text.data);
}

bool
metastore_read(struct preflight *preflight)
{
  CLEANUP_JSON struct json_object *json = NULL;
  clxs_status status;

  if (preflight->metastore_read) return preflight->metastore != NULL;
  preflight->metastore_read = true;
  json = get_json(preflight, UNITY "metastore_summary", &status);
  if (!json) return false;
  if (json_get_text(json, "metastore_id"))
    preflight->metastore = clxs_textf(preflight->call, "%s", json_get_text(json, "metastore_id"));
  if (json_get_text(json, "owner"))
    preflight->metastore_owner = clxs_textf(preflight->call, "%s", json_get_text(json, "owner"));
  if (json_get_text(json, "storage_root"))
    preflight->metastore_root = clxs_textf(preflight->call, "%s", json_get_text(json, "storage_root"));
  return preflight->metastore != NULL;
}
