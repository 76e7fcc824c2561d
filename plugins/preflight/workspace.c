/* SPDX-License-Identifier: Apache-2.0 */
/* Is somebody there, who are we to them, and what would run our statements?
 * https://docs.databricks.com/api/workspace/currentuser/me and
 * https://docs.databricks.com/api/workspace/warehouses/get */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "preflight.h"

#include "base/banned.h"

struct json_object *
get_json(struct preflight *preflight, const char *path, clxs_status *status)
{
  struct clxs_request request = {
      .size = sizeof request, .method = "GET", .path = path, .purpose = "preflight"};
  struct clxs_response response = {.size = sizeof response};
  struct json_object *json;

  *status = clxs_rest(preflight->call)->send(preflight->call, &request, &response);
  if (*status < 0) return NULL;
  json = json_parse(response.body, response.length, NULL, NULL);
  if (!json)
    *status =
        clxs_failf(preflight->call, CLXS_E_DATA, NULL, "the answer to GET %s cannot be understood", path);
  return json;
}

static void
add_name(struct preflight *preflight, const char *name)
{
  if (name && *name) *VEC_ADD(&preflight->names) = clxs_textf(preflight->call, "%s", name);
}

/* Grants name users by e-mail address, service principals by application id, groups by name. */
static void
take_identity(struct preflight *preflight, struct json_object *me)
{
  struct json_object *groups = json_get_array(me, "groups");

  add_name(preflight, json_get_text(me, "userName"));
  add_name(preflight, json_get_text(me, "applicationId"));
  add_name(preflight, "account users");
  for (size_t i = 0; i < json_length(groups); i++)
    add_name(preflight, json_get_text(json_item(groups, i), "display"));
  preflight->user = preflight->names.at[0];
}

bool
check_workspace(struct preflight *preflight)
{
  struct clxs_call *call = preflight->call;
  const char *host = clxs_config(call)->host(call);
  CLEANUP_JSON struct json_object *me = NULL;
  clxs_status status;

  if (!host) {
    check_error(preflight, "workspace", CLXS_E_CONFIG, "name a workspace with --host or --profile");
    return false;
  }
  me = get_json(preflight, "/api/2.0/preview/scim/v2/Me", &status);
  /* A token that is not valid (any more) is answered with 403, too. */
  if (!me && (status == CLXS_E_DENIED || status == CLXS_E_AUTH)) {
    check_ok(preflight, "workspace", clxs_textf(call, "%s answers", host));
    check_fail(preflight, "identity", CLXS_E_AUTH, take_message(preflight),
               "log in again; `clxs auth status` tells what is used");
    return false;
  }
  if (!me && status == CLXS_E_NOT_FOUND) {
    check_ok(preflight, "workspace", clxs_textf(call, "%s answers", host));
    check_warn(preflight, "identity",
               clxs_textf(call, "it does not tell who you are: %s", take_message(preflight)),
               "your own privileges cannot be judged");
    add_name(preflight, "account users");
    return true;
  }
  if (!me) {
    check_error(preflight, "workspace", status,
                "check the address and the network; `clxs auth status` tells what is used");
    return false;
  }
  take_identity(preflight, me);
  check_ok(preflight, "workspace", clxs_textf(call, "%s answers", host));
  check_ok(preflight, "identity", preflight->user);
  return true;
}

static void
judge_warehouse(struct preflight *preflight, const char *id, struct json_object *json)
{
  struct clxs_call *call = preflight->call;
  const char *state = json_get_text(json, "state"), *name = json_get_text(json, "name");
  const char *detail =
      clxs_textf(call, "%s (%s) is %s", name ? name : "it", id, state ? state : "in no known state");

  preflight->warehouse_runs = str_eq(state, "RUNNING");
  if (preflight->warehouse_runs)
    check_ok(preflight, "warehouse", detail);
  else if (str_eq(state, "DELETED") || str_eq(state, "DELETING"))
    check_fail(preflight, "warehouse", CLXS_E_CONFIG, detail, "name another one with --warehouse-id");
  else
    check_warn(preflight, "warehouse", detail, "the first statement starts it, which may take minutes");
}

/* No id is configured, but the workspace may bring a warehouse of its own: only a statement can tell. */
static void
try_statement(struct preflight *preflight)
{
  struct clxs_statement statement = {.size = sizeof statement, .text = "SELECT 1", .purpose = "preflight"};
  clxs_status status = clxs_sql(preflight->call)->run(preflight->call, &statement, NULL);

  preflight->warehouse_runs = status >= 0;
  if (status < 0)
    check_error(preflight, "warehouse", status, "name one with --warehouse-id");
  else
    check_ok(preflight, "warehouse", "the workspace's own runs statements");
}

void
check_warehouse(struct preflight *preflight)
{
  const char *id = clxs_config(preflight->call)->text(preflight->call, "warehouse_id");
  CLEANUP_JSON struct json_object *json = NULL;
  CLEANUP_BUF struct buf path = BUF_INIT(BUF_LARGE);
  clxs_status status;

  if (!id || !*id) {
    try_statement(preflight);
    return;
  }
  buf_add_text(&path, "/api/2.0/sql/warehouses/");
  buf_add_url(&path, id);
  json = get_json(preflight, path.data, &status);
  if (json)
    judge_warehouse(preflight, id, json);
  else if (status == CLXS_E_DENIED)
    check_fail(preflight, "warehouse", status, take_message(preflight),
               clxs_textf(preflight->call, "ask for CAN USE on the warehouse %s", id));
  else if (status == CLXS_E_NOT_FOUND)
    check_fail(preflight, "warehouse", CLXS_E_CONFIG, take_message(preflight),
               "name another one with --warehouse-id");
  else
    check_error(preflight, "warehouse", status, "name another one with --warehouse-id");
}
