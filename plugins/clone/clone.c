/* SPDX-License-Identifier: Apache-2.0 */
/* The command: read both catalogs, plan, show or run, report. It must not know how any kind of object is
 * cloned. */
#include "clone.h"

#include <clxs/cap/clone.h>

#include "base/buf.h"
#include "base/str.h"
#include "clone_gen.h"
#include "kit/model/filter.h"
#include "kit/model/keys.h"
#include "kit/model/model_read.h"
#include "kit/plan/journal.h"
#include "kit/plan/operation.h"
#include "kit/plan/record.h"

#include "base/banned.h"

static clxs_status
read_catalogs(struct clone *clone)
{
  struct model_request requests[2] = {
      {.catalog = clone->options.source, .filter = clone->filter},
      {.catalog = clone->options.dest, .optional = true, .like = &requests[0]},
  };
  clxs_status status;

  /* A plan must not be made from what an earlier command of this process has seen. */
  clxs_meta(clone->call)->invalidate(clone->call, clone->options.source);
  clxs_meta(clone->call)->invalidate(clone->call, clone->options.dest);
  status = model_read(clone->call, requests, 2, clone->options.width, "Reading catalogs");

  clone->source = requests[0].model;
  clone->dest = requests[1].model;
  if (clone->dest) clone->options.dest = clone->dest->item.name;
  return status;
}

/* What listings leave out, and only where it is to be copied. */
static clxs_status
read_details(struct clone *clone)
{
  struct model_catalog *const models[] = {clone->source, clone->dest};
  clxs_status status = CLXS_OK;

  if (clone->options.constraints)
    status = model_read_keys(clone->call, models, ARRAY_SIZE(models), clone->options.width);
  if (status >= 0 && clone->options.tags) status = clone_read_tags(clone);
  return status;
}

/* The command's own flags, for the journal. There is no secret among them. */
static const char *
arguments_json(struct clone *clone)
{
  static const char *const flags[] = {"source",
                                      "dest",
                                      "clone-type",
                                      "include-schemas",
                                      "exclude-schemas",
                                      "max-workers",
                                      "location",
                                      "include-tables-regex",
                                      "exclude-tables-regex",
                                      "force-reclone",
                                      "schema-only",
                                      "where",
                                      "table-filter",
                                      "as-of-version",
                                      "as-of-timestamp",
                                      "strict",
                                      "comments",
                                      "constraints",
                                      "tags",
                                      "permissions",
                                      "security",
                                      "ownership",
                                      "properties",
                                      "protected-tables",
                                      "enable-rollback"};
  const struct clxs_core *core = clone->call->core;
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  buf_add_char(&json, '{');
  for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
    uint32_t count = core->arg_count(clone->call, flags[i]);

    if (!count) continue;
    buf_addf(&json, "%s\"%s\":[", json.len > 1 ? "," : "", flags[i]);
    for (uint32_t k = 0; k < count; k++) {
      if (k) buf_add_char(&json, ',');
      buf_add_json(&json, core->arg_text(clone->call, flags[i], k));
    }
    buf_add_char(&json, ']');
  }
  buf_add_char(&json, '}');
  return arena_strdup(clone->plan->arena, json.data);
}

static clxs_status
open_journal(struct clone *clone, struct journal **journal)
{
  struct clxs_call *call = clone->call;
  const char *path = operation_journal(call, clone->operation);
  struct journal_head head = {
      .id = clone->operation,
      .command = "clone",
      .arguments = arguments_json(clone),
      .source = clone->source->item.name,
      .destination = clone->options.dest,
      .workspace = clxs_config(call)->host(call),
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

clxs_status
clone_run_plan(struct clone *clone, struct journal *journal, const struct plan_result *before,
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
  journal_finish(journal, call->core->now_ms(call), journal_status(status));
  clxs_events(call)->emit(call, "clone.finished",
                          clone_event(clone, status == CLXS_OK ? "succeeded" : "failed"));
  return status;
}

static clxs_status
run_new(struct clone *clone, struct executor_results *results)
{
  CLEANUP_JOURNAL struct journal *journal = NULL;
  clxs_status status = open_journal(clone, &journal);

  return status < 0 ? status : clone_run_plan(clone, journal, NULL, results);
}

static clxs_status
clone_catalog(struct clone *clone)
{
  CLEANUP_RESULTS struct executor_results results = {0};
  clxs_status status = clone_preflight(clone), validated;

  if (status < 0) return status;
  status = read_catalogs(clone);
  if (status < 0) return status;
  status = read_details(clone);
  if (status < 0) return status;
  status = clone_prepare(clone);
  if (status < 0) return status;
  status = clone_build_plan(clone);
  if (status >= 0 && clone->options.note_versions) status = clone_note_versions(clone);
  if (status < 0) return status;
  clone->operation = operation_new_id(clone->call, "clone");
  if (clone->options.dry_run)
    executor_results_init(clone->plan, &results);
  else
    status = run_new(clone, &results);
  if (!results.arena) return status; /* nothing was begun, and the reason is on the call */
  validated = status == CLXS_E_CANCELLED ? CLXS_OK : clone_validate(clone);
  status = clone_report(clone, &results, status);
  return status == CLXS_OK ? validated : status;
}

static clxs_status
clone_anew(struct clone *clone)
{
  clxs_status status = clone_read_options(clone);

  if (status < 0) return status;
  status = filter_read(clone->call, &clone->filter);
  return status < 0 ? status : clone_catalog(clone);
}

static clxs_status
clone_run(void *state, struct clxs_call *call)
{
  struct clone clone = {
      .call = call, .started_ms = call->core->mono_ms(call), .traffic = {.size = sizeof clone.traffic}};
  const char *resume = call->core->arg_text(call, "resume", 0);
  clxs_status status;

  (void)state;
  clxs_rest(call)->traffic(call, &clone.traffic);
  status = resume ? clone_resume(&clone, resume) : clone_anew(&clone);
  VEC_FREE(&clone.routines);
  clone_free_copies(&clone);
  plan_free(clone.plan);
  model_free(clone.source);
  model_free(clone.dest);
  filter_free(clone.filter);
  rows_free(&clone.rows);
  return status;
}

static clxs_status
capability_run(void *state, struct clxs_call *call, const char *options, const char **summary)
{
  (void)state;
  return clxs_invoke(call)->run(call, "clone", options, summary);
}

static const struct clxs_cap_clone capability = {sizeof capability, capability_run};
static const struct clxs_provider provider = {sizeof provider, CLXS_CAP_CLONE, &capability};
static const struct clxs_provider *const providers[] = {&provider, NULL};
static const struct clxs_command command = {.size = sizeof command, .name = CMD_CLONE, .run = clone_run};
static const struct clxs_command *const commands[] = {&command, NULL};
static const struct clxs_plugin plugin = {
    .size = sizeof plugin,
    .abi = CLXS_ABI_INIT(0),
    .id = CLXS_PLUGIN_ID,
    .version = CLXS_PLUGIN_VERSION,
    .grammar = CLXS_GRAMMAR,
    .commands = commands,
    .provides = providers,
};

const struct clxs_plugin *
clxs_plugin_v1(void)
{
  return &plugin;
}
