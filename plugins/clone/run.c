/* SPDX-License-Identifier: Apache-2.0 */
/* From the plan to the last word: the claim on the destination, the journal, the run, and what follows it. It
 * must not know what the plan does. */
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/plan/claim.h"
#include "kit/plan/journal.h"
#include "kit/plan/operation.h"
#include "kit/plan/record.h"

#include "base/banned.h"

clxs_status
clone_claim(struct clone *clone)
{
  struct clxs_call *call = clone->call;
  const char *workspace = clxs_config(call)->host(call);

  if (!workspace) return call->core->error(call)->status;
  return claim_take(call, workspace, clone->options.dest, clone->operation, &clone->claim);
}

static clxs_status
open_journal(struct clone *clone, struct journal **journal)
{
  struct clxs_call *call = clone->call;
  const char *path = operation_journal(call, clone->operation);
  struct journal_head head = {
      .id = clone->operation,
      .command = "clone",
      .arguments = call->core->arg_record(call),
      .source = clone->source->item.name,
      .destination = clone->options.dest,
      .workspace = clxs_config(call)->host(call),
      .principal = clone_principal(clone),
      .started_ms = call->core->now_ms(call),
  };

  if (!path || !head.workspace) return call->core->error(call) ? call->core->error(call)->status : CLXS_E_IO;
  return journal_create(call, path, &head, clone->plan, journal);
}

/* [worker threads] Subscribers hear of every object's end. */
static void
step_ended(void *data, struct clxs_call *child, const struct plan *plan, size_t step,
           const struct plan_result *result)
{
  const struct clone *clone = data;
  const struct plan_object *object = &plan->objects.at[plan->steps.at[step].object];
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  buf_add_text(&json, "{\"operation_id\":");
  buf_add_json(&json, clone->operation);
  record_add_text(&json, "name", object->label);
  record_add_text(&json, "action", plan->steps.at[step].action);
  record_add_text(&json, "state", plan_state_name(result->state));
  record_add_text(&json, "reason", result->reason);
  buf_add_char(&json, '}');
  clxs_events(child)->emit(child, clxs_textf(child, "clone.%s.finished", object->kind), json.data);
}

static clxs_status
send_plan(struct clone *clone, struct journal *journal, const struct plan_result *before,
          struct executor_results *results)
{
  struct clxs_call *call = clone->call;
  struct executor_options options = {.width = clone->options.width,
                                     .journal = journal,
                                     .before = before,
                                     .progress = "Cloning",
                                     .ended = step_ended,
                                     .data = clone};
  clxs_status status;

  executor_read_limits(call, &options);
  clxs_events(call)->emit(call, "clone.started", clone_event(clone, "started"));
  status = executor_run(call, clone->plan, &options, results);
  clxs_meta(call)->invalidate(call, clone->options.dest);
  return status;
}

/* What the run came to, before anybody is told. */
static void
summarise(struct clone *clone, const struct executor_results *results, clxs_status status,
          struct summary *summary)
{
  static const char *const no_kinds[] = {NULL};

  summary_make(clone->plan->arena, clone->plan, results, no_kinds,
               status == CLXS_E_PARTIAL ? CLXS_OK : status, false, clone->options.strict, summary);
}

clxs_status
clone_run_plan(struct clone *clone, struct journal *journal, const struct plan_result *before)
{
  CLEANUP_RESULTS struct executor_results results = {0};
  struct clxs_call *call = clone->call;
  clxs_status status = send_plan(clone, journal, before, &results), judged, reported;
  struct summary summary;
  const char *word;

  summarise(clone, &results, status, &summary);
  if (status == CLXS_OK || status == CLXS_E_PARTIAL) clone->validated = clone_validate(clone);
  word = journal_status(summary.status == CLXS_OK ? clone->validated : summary.status);
  if (!journal_finish(journal, call->core->now_ms(call), word))
    clxs_logf(call, CLXS_LOG_WARN, "the end of the run could not be written to its journal");
  journal_close(journal);
  claim_release(TAKE(clone->claim));
  judged = clone_judge(clone, &summary, clone->validated);
  clxs_events(call)->emit(call, "clone.finished",
                          clone_event(clone, clone->taken_back ? "rolled_back" : word));
  reported = clone_report(clone, &results, status);
  if (judged < 0) return clone_fail_judged(clone, judged);
  return reported == CLXS_OK ? clone->validated : reported;
}

clxs_status
clone_run_new(struct clone *clone)
{
  struct journal *journal = NULL;
  clxs_status status = open_journal(clone, &journal);

  return status < 0 ? status : clone_run_plan(clone, journal, NULL);
}
