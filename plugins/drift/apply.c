/* SPDX-License-Identifier: Apache-2.0 */
/* Making, showing and running the plan. It must not know what is in it. */
#include "base/buf.h"
#include "base/str.h"
#include "drift.h"
#include "kit/plan/claim.h"
#include "kit/plan/executor.h"
#include "kit/plan/journal.h"
#include "kit/plan/operation.h"
#include "kit/plan/plan.h"
#include "kit/plan/print.h"
#include "kit/plan/record.h"
#include "kit/plan/summary.h"

#include "base/banned.h"

struct applying {
  struct drift *drift;
  struct plan *plan;
  const char *operation, *dest;
  bool dry_run;
};

static clxs_status
ask(const struct applying *applying)
{
  const struct drift *drift = applying->drift;

  if (!drift->classes[DRIFT_BREAKING]) return CLXS_OK;
  return clxs_output(drift->call)
      ->confirm(drift->call,
                clxs_textf(drift->call,
                           "Change tables of %s? %zu of the changes break those who use them as they are.",
                           applying->dest, drift->classes[DRIFT_BREAKING]));
}

static clxs_status
run_plan(const struct applying *applying, struct executor_results *results)
{
  const struct drift *drift = applying->drift;
  struct clxs_call *call = drift->call;
  const char *path = operation_journal(call, applying->operation);
  CLEANUP_JOURNAL struct journal *journal = NULL;
  CLEANUP_CLAIM struct claim *claim = NULL;
  struct journal_head head = {.id = applying->operation,
                              .command = "schema-drift",
                              .arguments = "{}",
                              .source = drift->sides[1].model->item.name,
                              .destination = applying->dest,
                              .workspace = clxs_config(call)->host(call),
                              .started_ms = call->core->now_ms(call)};
  struct executor_options options = {.width = drift->width, .progress = "Changing tables"};
  clxs_status status;

  if (!path || !head.workspace) return call->core->error(call) ? call->core->error(call)->status : CLXS_E_IO;
  status = claim_take(call, head.workspace, applying->dest, applying->operation, &claim);
  if (status >= 0) status = journal_create(call, path, &head, applying->plan, &journal);
  if (status < 0) return status;
  options.journal = journal;
  status = executor_run(call, applying->plan, &options, results);
  clxs_meta(call)->invalidate(call, applying->dest);
  journal_finish(journal, call->core->now_ms(call), journal_status(status));
  return status;
}

static clxs_status
report_json(const struct applying *applying, const struct summary *summary)
{
  CLEANUP_BUF struct buf head = BUF_INIT(BUF_LARGE), json = BUF_INIT(BUF_LARGE);

  buf_add_text(&head, "\"operation_id\":");
  buf_add_json(&head, applying->operation);
  record_add_text(&head, "destination", applying->dest);
  buf_addf(&head, ",\"dry_run\":%s", applying->dry_run ? "true" : "false");
  if (applying->dry_run) {
    buf_add_text(&head, ",\"plan\":");
    plan_print_json(&head, applying->plan);
  }
  summary_print_json(&json, summary, head.data);
  return clxs_output(applying->drift->call)->document(applying->drift->call, json.data);
}

static void
report_text(const struct applying *applying, const struct summary *summary)
{
  struct clxs_call *call = applying->drift->call;
  const struct clxs_output *output = clxs_output(call);

  if (applying->dry_run) {
    CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

    plan_print_text(&text, applying->plan);
    output->raw(call, text.data, text.len);
    output->text(call, "");
    output->text(call, clxs_textf(call, "%zu statements would run; nothing was changed.",
                                  plan_count_sent(applying->plan)));
    return;
  }
  output->text(call, clxs_textf(call, "%s: changed %s", summary_status_name(summary), applying->dest));
  output->text(call, clxs_textf(call, "operation %s", applying->operation));
  output->text(call, "");
  summary_print_text(call, summary);
}

static clxs_status
report(const struct applying *applying, const struct executor_results *results, clxs_status status)
{
  static const char *const no_kinds[] = {NULL};
  struct clxs_call *call = applying->drift->call;
  clxs_status printed = CLXS_OK;
  struct summary summary;

  summary_make(applying->plan->arena, applying->plan, results, no_kinds, status, applying->dry_run, false,
               &summary);
  if (clxs_output(call)->format(call) == CLXS_FORMAT_TEXT)
    report_text(applying, &summary);
  else
    printed = report_json(applying, &summary);
  if (printed < 0) return printed;
  if (summary.status != CLXS_E_PARTIAL) return summary.status;
  return clxs_failf(call, CLXS_E_PARTIAL, "the reasons are listed with the tables", "%s",
                    summary_failure_text(call, &summary));
}

static clxs_status
apply_plan(const struct applying *applying)
{
  CLEANUP_RESULTS struct executor_results results = {0};
  clxs_status status = CLXS_OK;

  if (applying->dry_run || !plan_count_sent(applying->plan)) {
    executor_results_init(applying->plan, &results);
    return report(applying, &results, status);
  }
  status = ask(applying);
  if (status < 0) return status;
  status = run_plan(applying, &results);
  return results.arena ? report(applying, &results, status) : status;
}

clxs_status
drift_apply(struct drift *drift)
{
  const struct clxs_core *core = drift->call->core;
  struct applying applying = {.drift = drift, .dest = drift->sides[0].model->item.name};
  clxs_status status;

  applying.dry_run = core->arg_int(drift->call, "dry-run") != 0;
  applying.operation = operation_new_id(drift->call, "schema-drift");
  applying.plan = drift_plan(drift, core->arg_int(drift->call, "drop-removed") != 0);
  status = apply_plan(&applying);
  plan_free(applying.plan);
  return status;
}
