/* SPDX-License-Identifier: Apache-2.0 */
/* Error codes: https://docs.databricks.com/api/workspace/grants/update */
#include "kit/plan/step_principal.h"

#include <clxs/clxs.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/retry.h"

#include "base/banned.h"

static bool
is_nobody(const char *error_class)
{
  return str_eq(error_class, "PRINCIPAL_DOES_NOT_EXIST");
}

bool
step_names_nobody(const struct plan_step *step, const struct plan_result *result)
{
  return step->via == PLAN_REST && result->state == PLAN_FAILED && is_nobody(result->error_class);
}

static clxs_status
send_change(struct clxs_call *call, const struct plan_step *step, struct json_object *change)
{
  struct clxs_request request = {.size = sizeof request, .method = step->method, .path = step->path};
  struct clxs_response response = {.size = sizeof response};
  clxs_status status;
  unsigned round = 0;

  request.workspace = step->workspace;
  request.flags = CLXS_REST_IDEMPOTENT;
  request.body = clxs_textf(call, "{\"changes\":[%s]}", json_text(change));
  request.purpose = "change grants of one principal";
  do {
    status = clxs_rest(call)->send(call, &request, &response);
  } while (status < 0 && retry_pause(call, status, ++round));
  return status;
}

bool
step_send_known(struct clxs_call *call, const struct plan_step *step, clxs_status *status,
                const char **remark)
{
  CLEANUP_JSON struct json_object *body = json_parse(step->body, strlen(step->body), NULL, NULL);
  struct json_object *changes = json_get_array(body, "changes");
  CLEANUP_BUF struct buf left = BUF_INIT(BUF_LARGE);

  call->core->error_clear(call);
  if (!changes) {
    const char *owner = json_get_text(body, "owner");

    *remark =
        clxs_textf(call, "%s is not known here and was not made its owner", owner ? owner : "the owner");
    return true;
  }
  for (size_t i = 0; i < json_length(changes); i++) {
    const char *principal = json_get_text(json_item(changes, i), "principal");
    const struct clxs_error *error;

    *status = send_change(call, step, json_item(changes, i));
    if (*status >= 0) continue;
    error = call->core->error(call);
    if (!error || !is_nobody(error->error_class)) return false;
    call->core->error_clear(call);
    buf_addf(&left, "%s%s", left.len ? ", " : "", principal ? principal : "");
  }
  *status = CLXS_OK;
  *remark = left.len ? clxs_textf(call, "not granted to %s, not known here", left.data) : NULL;
  return true;
}
