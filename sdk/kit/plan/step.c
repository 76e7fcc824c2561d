/* SPDX-License-Identifier: Apache-2.0 */
/* Sending one step. It must not know about other steps. Error classes:
 * https://docs.databricks.com/error-messages/error-classes.html */
#include "kit/plan/step.h"

#include <clxs/clxs.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/str.h"
#include "kit/files/files.h"
#include "kit/plan/step_principal.h"
#include "kit/retry.h"

#include "base/banned.h"

static enum step_seen
check_answer(const struct plan_check *check, const struct clxs_response *response)
{
  CLEANUP_JSON struct json_object *json = json_parse(response->body, response->length, NULL, NULL);
  int64_t value;

  if (!json) return STEP_SEEN_UNKNOWN;
  switch (check->how) {
  case PLAN_CHECK_PRESENT: return STEP_SEEN_DONE;
  case PLAN_CHECK_GONE: return STEP_SEEN_NOT_DONE;
  case PLAN_CHECK_EQUALS:
    return str_eq_trimmed(json_get_text(json, check->field), check->value) ? STEP_SEEN_DONE : STEP_SEEN_OTHER;
  case PLAN_CHECK_ABOVE:
    if (!json_get(json, check->field) || !str_to_int64(check->value, &value)) return STEP_SEEN_UNKNOWN;
    return json_get_int(json, check->field, value) > value ? STEP_SEEN_DONE : STEP_SEEN_NOT_DONE;
  default: return STEP_SEEN_UNKNOWN;
  }
}

static bool
is_file(const char *path)
{
  return str_starts(path, "/api/2.0/fs/files/");
}

/* Its head says enough; a file is never read only to see whether it is there. */
static enum step_seen
look_at_file(struct clxs_call *call, const struct plan_step *step)
{
  struct files_place file = {.path = step->check.path};
  int64_t size = 0, modified = 0;
  clxs_status status = files_look(call, &file, &size, &modified);

  if (status == CLXS_E_CANCELLED) return STEP_SEEN_UNKNOWN;
  call->core->error_clear(call);
  if (status < 0 && status != CLXS_E_NOT_FOUND) return STEP_SEEN_UNKNOWN;
  if (step->check.how == PLAN_CHECK_GONE) return status < 0 ? STEP_SEEN_DONE : STEP_SEEN_NOT_DONE;
  if (status < 0 || size != step->bytes) return STEP_SEEN_NOT_DONE;
  /* The head knows full seconds. */
  return modified / 1000 >= step->modified_ms / 1000 ? STEP_SEEN_DONE : STEP_SEEN_NOT_DONE;
}

enum step_seen
step_look(struct clxs_call *call, const struct plan_step *step)
{
  struct clxs_request request = {.size = sizeof request, .method = "GET", .path = step->check.path};
  struct clxs_response response = {.size = sizeof response};
  enum step_seen seen = STEP_SEEN_UNKNOWN;
  clxs_status status;

  if (step->check.how == PLAN_CHECK_NONE) return STEP_SEEN_UNKNOWN;
  if (is_file(step->check.path)) return look_at_file(call, step);
  request.purpose = "look whether a step happened";
  status = clxs_rest(call)->send(call, &request, &response);
  if (status == CLXS_E_CANCELLED) return STEP_SEEN_UNKNOWN;
  call->core->error_clear(call);
  if (status == CLXS_E_NOT_FOUND)
    seen = step->check.how == PLAN_CHECK_GONE ? STEP_SEEN_DONE : STEP_SEEN_NOT_DONE;
  else if (status >= 0 && response.body)
    seen = check_answer(&step->check, &response);
  return seen;
}

static clxs_status
send_sql(struct clxs_call *call, const struct plan_step *step, const char *purpose,
         struct plan_result *result)
{
  struct clxs_statement statement = {.size = sizeof statement, .flags = CLXS_SQL_MUTATES, .text = step->text};
  struct clxs_rows *rows = NULL;
  clxs_status status;

  statement.catalog = step->catalog;
  statement.schema = step->schema;
  statement.purpose = purpose;
  if ((step->flags & PLAN_IDEMPOTENT) && !(step->flags & PLAN_LOOK_FIRST))
    statement.flags |= CLXS_SQL_IDEMPOTENT;
  status = clxs_sql(call)->run(call, &statement, &rows);
  if (status >= 0 && rows)
    result->statement_id = clxs_textf(call, "%s", clxs_sql(call)->statement_id(call, rows));
  if (rows) clxs_sql(call)->close(call, rows);
  return status;
}

static clxs_status
send_rest(struct clxs_call *call, const struct plan_step *step, const char *purpose)
{
  struct clxs_request request = {.size = sizeof request, .method = step->method, .path = step->path};
  struct clxs_response response = {.size = sizeof response};

  request.body = step->body;
  request.purpose = purpose;
  if (step->flags & PLAN_IDEMPOTENT) request.flags |= CLXS_REST_IDEMPOTENT;
  return clxs_rest(call)->send(call, &request, &response);
}

static clxs_status
send_copy(struct clxs_call *call, const struct plan_step *step, const char *purpose)
{
  struct files_place from = {.path = step->reads}, to = {.path = step->path};
  int64_t bytes;

  return files_copy(call, &from, &to, purpose, &bytes);
}

static clxs_status
send_once(struct clxs_call *call, const struct plan_step *step, const char *purpose,
          struct plan_result *result)
{
  switch (step->via) {
  case PLAN_SQL: return send_sql(call, step, purpose, result);
  case PLAN_COPY: return send_copy(call, step, purpose);
  default: return send_rest(call, step, purpose);
  }
}

/* The host begins a message with the purpose; a report names the object already. */
static const char *
without_purpose(const char *message, const char *purpose)
{
  size_t length = strlen(purpose);

  return str_starts(message, purpose) && str_starts(message + length, ": ") ? message + length + 2 : message;
}

static void
take_error(struct clxs_call *call, clxs_status status, const char *purpose, struct plan_result *result)
{
  const struct clxs_error *error = call->core->error(call);

  result->state = status == CLXS_E_CANCELLED ? PLAN_INTERRUPTED : PLAN_FAILED;
  result->status = status;
  result->reason = error && error->message ? without_purpose(error->message, purpose)
                                           : "it failed, and the service did not say why";
  result->hint = error ? error->hint : NULL;
  result->error_class = error ? error->error_class : NULL;
  result->statement_id = error ? error->statement_id : NULL;
  if (status == CLXS_E_CANCELLED) result->reason = "cancelled while it ran; it may have happened";
}

static void
set_done(struct plan_result *result, const char *reason)
{
  result->state = PLAN_DONE;
  result->status = CLXS_OK;
  result->reason = reason;
  result->hint = result->error_class = NULL;
}

static bool
says_exists(clxs_status status, const struct plan_result *result)
{
  return status == CLXS_E_EXISTS || (result->error_class && str_ends(result->error_class, "ALREADY_EXISTS"));
}

/* The reply is lost (or the failure does not say whether it came before the effect): look. True to send
 * again. */
static bool
retry_after_look(struct clxs_call *call, const struct plan_step *step, struct plan_result *result)
{
  enum step_seen seen = step_look(call, step);

  /* What was absent before the plan and is there after a lost reply is ours, even if the service words it
   * differently. */
  if (seen == STEP_SEEN_OTHER && step->undo.prior == PLAN_PRIOR_ABSENT) seen = STEP_SEEN_DONE;
  if (seen == STEP_SEEN_DONE) {
    set_done(result, NULL);
    return false;
  }
  if (seen != STEP_SEEN_UNKNOWN || (step->flags & PLAN_IDEMPOTENT)) return true;
  result->reason = "the reply was lost, and whether it happened could not be looked up";
  result->hint = "look at the object, then run the command again";
  return false;
}

/* What to do after a failure: true to send again. May turn the result into success. */
static bool
retry_after(struct clxs_call *call, const struct plan_step *step, clxs_status status,
            struct plan_result *result)
{
  bool once = (step->flags & PLAN_LOOK_FIRST) || !(step->flags & PLAN_IDEMPOTENT);

  if (status == CLXS_E_CONFLICT && result->attempts < RETRY_ROUNDS) {
    /* Somebody else committed in between; their commit is over, ours can follow. */
    return call->core->wait(call, (int64_t)result->attempts * RETRY_PAUSE_MS) >= 0;
  }
  if (says_exists(status, result) &&
      ((step->flags & PLAN_EXISTS_IS_DONE) || step_look(call, step) == STEP_SEEN_DONE)) {
    set_done(result, STEP_WAS_THERE);
    return false;
  }
  if (status == CLXS_E_NOT_FOUND && step->via == PLAN_REST && step->check.how == PLAN_CHECK_GONE) {
    set_done(result, "it was not there any more");
    return false;
  }
  if (status == CLXS_E_LOST) return retry_after_look(call, step, result) && result->attempts < RETRY_ROUNDS;
  if (!retry_pause(call, status, result->attempts)) return false;
  return status == CLXS_E_LIMIT || !once || retry_after_look(call, step, result);
}

/* Somebody dropped what the step copies between the listing and now: nobody's failure, and nothing to copy.
 */
static void
excuse_gone_source(struct clxs_call *call, const struct plan_step *step, struct plan_result *result)
{
  struct clxs_request request = {.size = sizeof request, .method = "GET", .path = step->reads};
  struct clxs_response response = {.size = sizeof response};

  if (!step->reads || (result->status != CLXS_E_NOT_FOUND && !step_missed_something(result))) return;
  if (step->via == PLAN_COPY) request.method = "HEAD";
  request.purpose = "look whether the source is still there";
  if (clxs_rest(call)->send(call, &request, &response) != CLXS_E_NOT_FOUND) return;
  result->state = PLAN_LEFT_OUT;
  result->reason = "it was dropped from the source while the run was under way";
}

/* Nobody can be granted anything that does not exist: a remark, not a failure. */
static void
excuse_unknown_principals(struct clxs_call *call, const struct plan_step *step, const char *purpose,
                          struct plan_result *result)
{
  const char *remark = NULL;
  clxs_status status = CLXS_OK;

  if (!step_names_nobody(step, result)) return;
  if (!step_send_known(call, step, &status, &remark)) {
    take_error(call, status, purpose, result);
    return;
  }
  set_done(result, remark);
  if (remark) clxs_logf(call, CLXS_LOG_WARN, "%s: %s", purpose, remark);
}

void
step_send(struct clxs_call *call, const struct plan *plan, const struct plan_step *step,
          struct plan_result *result)
{
  const char *purpose = clxs_textf(call, "%s %s", step->action, plan->objects.at[step->object].label);
  int64_t start = call->core->mono_ms(call);
  clxs_status status;

  do {
    result->attempts++;
    status = send_once(call, step, purpose, result);
    if (status >= 0) {
      set_done(result, NULL);
      break;
    }
    take_error(call, status, purpose, result);
  } while (retry_after(call, step, status, result));
  excuse_unknown_principals(call, step, purpose, result);
  if (result->state == PLAN_FAILED) excuse_gone_source(call, step, result);
  result->duration_ms = call->core->mono_ms(call) - start;
}

void
step_send_doubtful(struct clxs_call *call, const struct plan *plan, const struct plan_step *step,
                   struct plan_result *result)
{
  *result = (struct plan_result){.state = PLAN_FAILED, .status = CLXS_E_LOST};
  if (retry_after_look(call, step, result)) step_send(call, plan, step, result);
}

bool
step_missed_something(const struct plan_result *result)
{
  static const char *const classes[] = {"TABLE_OR_VIEW_NOT_FOUND", "ROUTINE_NOT_FOUND", "UNRESOLVED_ROUTINE",
                                        "UNRESOLVED_COLUMN", "SCHEMA_NOT_FOUND"};

  if (result->state != PLAN_FAILED || !result->error_class) return false;
  for (size_t i = 0; i < ARRAY_SIZE(classes); i++)
    if (str_starts(result->error_class, classes[i])) return true;
  return false;
}
