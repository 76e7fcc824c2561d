/* SPDX-License-Identifier: Apache-2.0 */
/* The rollback command, and the plugin's descriptor. The command holds the journal of the run that it takes
 * back, so that nobody resumes it meanwhile, and keeps one of its own. */
#include "rollback.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/model/model_read.h"
#include "kit/plan/claim.h"
#include "kit/plan/operation.h"
#include "kit/plan/print.h"
#include "kit/plan/record.h"
#include "kit/plan/summary.h"
#include "rollback_gen.h"

#include "base/banned.h"

struct rollback {
  struct clxs_call *call;
  const struct journal_image *image; /* of the run */
  struct journal *held;              /* the run's journal */
  struct model_catalog *now;
  struct plan *plan;
  const char *operation; /* our own id */
  bool dry_run, whole;
  uint32_t width;
};

static clxs_status
check_journal(struct rollback *rollback)
{
  struct clxs_call *call = rollback->call;
  const struct journal_head *head = &rollback->image->head;
  const char *workspace = clxs_config(call)->host(call);

  if (!workspace) return call->core->error(call)->status;
  if (str_eq(head->command, "rollback"))
    return clxs_failf(call, CLXS_E_USAGE, "run the command that it took back again",
                      "operation %s is itself a rollback", head->id);
  if (!rollback->image->planned || !head->destination)
    return clxs_failf(call, CLXS_E_USAGE, "there is nothing to do",
                      "operation %s died before its plan was complete, so nothing was changed", head->id);
  if (!str_eq(workspace, head->workspace))
    return clxs_failf(call, CLXS_E_USAGE, "choose that workspace by --host or --profile",
                      "operation %s belongs to the workspace %s, not to %s", head->id, head->workspace,
                      workspace);
  return CLXS_OK;
}

static clxs_status
make_plan(struct rollback *rollback)
{
  struct clxs_call *call = rollback->call;
  struct model_request request = {.catalog = rollback->image->head.destination, .optional = true};
  struct undo undo = {.call = call, .image = rollback->image, .width = rollback->width};
  clxs_status status;

  clxs_meta(call)->invalidate(call, request.catalog);
  status = model_read(call, &request, 1, rollback->width, "Reading the destination");
  rollback->now = undo.now = request.model;
  if (status >= 0) status = undo_judge(&undo, rollback->whole);
  if (status >= 0) rollback->plan = undo_plan(&undo, rollback->whole);
  return status;
}

static size_t
count_action(const struct plan *plan, const char *prefix)
{
  size_t count = 0;

  VEC_EACH (&plan->steps, step)
    count += plan_is_sent(step) && str_starts(step->action, prefix);
  return count;
}

static clxs_status
ask(struct rollback *rollback)
{
  struct clxs_call *call = rollback->call;
  const struct journal_head *head = &rollback->image->head;

  if (call->core->arg_int(call, "unasked")) return CLXS_OK;
  return clxs_output(call)->confirm(
      call, clxs_textf(call, "Take back %s in %s: drop %zu objects%s, restore %zu?", head->id,
                       head->destination, count_action(rollback->plan, "drop"),
                       rollback->whole ? " (the catalog with everything in it)" : "",
                       count_action(rollback->plan, "restore")));
}

static clxs_status
run_plan(struct rollback *rollback, struct executor_results *results)
{
  struct clxs_call *call = rollback->call;
  CLEANUP_JOURNAL struct journal *journal = NULL;
  CLEANUP_BUF struct buf arguments = BUF_INIT(BUF_LARGE);
  struct journal_head head = rollback->image->head;
  struct executor_options options = {.width = rollback->width, .progress = "Taking back"};
  const char *path = operation_journal(call, rollback->operation);
  clxs_status status;

  if (!path) return call->core->error(call)->status;
  buf_add_text(&arguments, "{\"operation\":[");
  buf_add_json(&arguments, head.id);
  buf_addf(&arguments, "]%s}", rollback->whole ? ",\"drop-catalog\":[\"true\"]" : "");
  head.id = rollback->operation;
  head.command = "rollback";
  head.arguments = arguments.data;
  head.started_ms = call->core->now_ms(call);
  status = journal_create(call, path, &head, rollback->plan, &journal);
  if (status < 0) return status;
  if (!journal_take_back(rollback->held, rollback->operation))
    return clxs_failf(call, CLXS_E_IO, "nothing was changed; free the disk and try again",
                      "the journal of %s cannot be written", rollback->image->head.id);
  options.journal = journal;
  status = executor_run(call, rollback->plan, &options, results);
  clxs_meta(call)->invalidate(call, head.destination);
  journal_finish(journal, call->core->now_ms(call), journal_status(status));
  return status;
}

static clxs_status
report_json(struct rollback *rollback, const struct summary *summary)
{
  CLEANUP_BUF struct buf head = BUF_INIT(BUF_LARGE), json = BUF_INIT(BUF_LARGE);

  buf_add_text(&head, "\"operation_id\":");
  buf_add_json(&head, rollback->operation);
  record_add_text(&head, "takes_back", rollback->image->head.id);
  record_add_text(&head, "destination", rollback->image->head.destination);
  buf_addf(&head, ",\"dry_run\":%s", rollback->dry_run ? "true" : "false");
  if (rollback->dry_run) {
    buf_add_text(&head, ",\"plan\":");
    plan_print_json(&head, rollback->plan);
  }
  summary_print_json(&json, summary, head.data);
  return clxs_output(rollback->call)->document(rollback->call, json.data);
}

static void
report_text(struct rollback *rollback, const struct summary *summary)
{
  struct clxs_call *call = rollback->call;
  const struct clxs_output *output = clxs_output(call);
  const struct journal_head *head = &rollback->image->head;

  if (rollback->dry_run) {
    CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

    plan_print_text(&text, rollback->plan);
    output->raw(call, text.data, text.len);
    output->text(call, "");
    output->text(call, clxs_textf(call, "%zu statements would run; nothing was changed.",
                                  plan_count_sent(rollback->plan)));
    return;
  }
  output->text(call, clxs_textf(call, "%s: took back %s in %s", summary_status_name(summary), head->id,
                                head->destination));
  output->text(call, clxs_textf(call, "operation %s", rollback->operation));
  output->text(call, "");
  summary_print_text(call, summary);
}

static clxs_status
report(struct rollback *rollback, const struct executor_results *results, clxs_status status)
{
  static const char *const no_kinds[] = {NULL};
  struct clxs_call *call = rollback->call;
  struct summary summary;
  clxs_status printed = CLXS_OK;

  /* What was left alone is not as it was before: that is no success. */
  summary_make(rollback->plan->arena, rollback->plan, results, no_kinds,
               status == CLXS_E_PARTIAL ? CLXS_OK : status, rollback->dry_run, true, &summary);
  if (clxs_output(call)->format(call) == CLXS_FORMAT_TEXT)
    report_text(rollback, &summary);
  else
    printed = report_json(rollback, &summary);
  if (printed < 0) return printed;
  if (summary.status != CLXS_E_PARTIAL) return summary.status;
  return clxs_failf(call, CLXS_E_PARTIAL, "look at what was left alone and why; the rest is as it was before",
                    "%s", summary_failure_text(call, &summary));
}

static clxs_status
take_back(struct rollback *rollback)
{
  CLEANUP_RESULTS struct executor_results results = {0};
  struct clxs_call *call = rollback->call;
  CLEANUP_CLAIM struct claim *claim = NULL;
  clxs_status status = check_journal(rollback);

  if (status >= 0 && !rollback->dry_run)
    status = claim_take(call, rollback->image->head.workspace, rollback->image->head.destination,
                        rollback->operation, &claim);
  if (status >= 0) status = make_plan(rollback);
  if (status < 0) return status;
  if (!rollback->plan->objects.count) {
    clxs_logf(call, CLXS_LOG_INFO, "operation %s changed nothing", rollback->image->head.id);
  }
  if (!rollback->dry_run && plan_count_sent(rollback->plan)) {
    status = ask(rollback);
    if (status < 0) return status;
    status = run_plan(rollback, &results);
    if (!results.arena) return status;
  } else {
    executor_results_init(rollback->plan, &results);
  }
  return report(rollback, &results, status);
}

clxs_status
rollback_run(void *state, struct clxs_call *call)
{
  const struct clxs_core *core = call->core;
  const char *id = core->arg_text(call, "operation", 0), *path;
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  CLEANUP_JOURNAL struct journal *held = NULL;
  int64_t width = core->arg_int(call, "max-workers");
  struct rollback rollback = {.call = call,
                              .image = &image,
                              .dry_run = core->arg_int(call, "dry-run") != 0,
                              .whole = core->arg_int(call, "drop-catalog") != 0,
                              .width = width > 0 ? (uint32_t)width : 8};
  clxs_status status;

  (void)state;
  if (core->arg_int(call, "list")) return rollback_list(call);
  if (!id)
    return clxs_failf(call, CLXS_E_USAGE, "`clxs rollback --list` shows what can be taken back",
                      "which operation is to be taken back?");
  path = operation_journal(call, id);
  if (!path) return core->error(call)->status;
  status = journal_reopen(call, path, &image, &held);
  if (status < 0) return status;
  rollback.held = held;
  rollback.operation = operation_new_id(call, "rollback");
  status = take_back(&rollback);
  plan_free(rollback.plan);
  model_free(rollback.now);
  return status;
}

static const struct clxs_command list_command = {
    .size = sizeof list_command, .name = CMD_HISTORY_LIST, .run = history_list_run};
static const struct clxs_command show_command = {
    .size = sizeof show_command, .name = CMD_HISTORY_SHOW, .run = history_show_run};
static const struct clxs_command rollback_command = {
    .size = sizeof rollback_command, .name = CMD_ROLLBACK, .run = rollback_run};
static const struct clxs_command *const commands[] = {&list_command, &show_command, &rollback_command, NULL};
static const struct clxs_plugin plugin = {
    .size = sizeof plugin,
    .abi = CLXS_ABI_INIT(0),
    .id = CLXS_PLUGIN_ID,
    .version = CLXS_PLUGIN_VERSION,
    .grammar = CLXS_GRAMMAR,
    .commands = commands,
};

const struct clxs_plugin *
clxs_plugin_v1(void)
{
  return &plugin;
}
