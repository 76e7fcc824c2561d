/* SPDX-License-Identifier: Apache-2.0 */
/* The grants of a view that is about to be replaced, as statements for the way back.
 * https://docs.databricks.com/api/workspace/grants/get */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

/* "USE_SCHEMA" is written USE SCHEMA in a statement. */
static void
add_privilege(struct buf *text, const char *privilege)
{
  for (; *privilege; privilege++)
    buf_add_char(text, *privilege == '_' ? ' ' : *privilege);
}

static void
add_grants(struct clone *clone, struct buf *json, const char *schema, const struct model_table *view,
           struct json_object *assignment)
{
  struct json_object *privileges = json_get_array(assignment, "privileges");
  const char *principal = json_get_text(assignment, "principal");

  for (size_t i = 0; principal && i < json_length(privileges); i++) {
    CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

    buf_add_text(&text, "GRANT ");
    add_privilege(&text, json_object_get_string(json_item(privileges, i)));
    buf_add_text(&text, " ON VIEW ");
    clone_add_name(&text, clone->options.dest, schema, view->item.name);
    buf_add_text(&text, " TO ");
    sql_add_name(&text, principal);
    buf_add_char(json, ',');
    buf_add_json(json, text.data);
  }
}

void
clone_add_view_grants(struct clone *clone, struct buf *json, const char *schema,
                      const struct model_table *view)
{
  struct clxs_call *call = clone->call;
  struct clxs_request request = {.size = sizeof request, .method = "GET"};
  struct clxs_response response = {.size = sizeof response};
  CLEANUP_JSON struct json_object *answer = NULL;
  struct json_object *assignments;
  clxs_status status;

  request.path = clone_object_path(clone, "permissions/table", schema, view->item.name);
  request.workspace = clone->options.workspace;
  request.purpose = "note the grants of a view";
  status = clxs_rest(call)->send(call, &request, &response);
  if (status < 0) {
    call->core->error_clear(call);
    /* A view that has gone since has none. */
    if (status == CLXS_E_NOT_FOUND) return;
    plan_add_warning(clone->plan,
                     clxs_textf(call,
                                "the grants of view %s.%s could not be read, so a rollback cannot give "
                                "them back",
                                schema, view->item.name));
    return;
  }
  answer = json_parse(response.body, response.length, NULL, NULL);
  assignments = json_get_array(answer, "privilege_assignments");
  for (size_t i = 0; i < json_length(assignments); i++)
    add_grants(clone, json, schema, view, json_item(assignments, i));
}
