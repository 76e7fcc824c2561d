/* SPDX-License-Identifier: Apache-2.0 */
/* The command: read both catalogs, plan, show or run, report. It must not know how any kind of object is
 * cloned. */
#include "clone.h"

#include <clxs/cap/clone.h>

#include "base/buf.h"
#include "base/str.h"
#include "clone_gen.h"
#include "kit/metastore/metastore.h"
#include "kit/model/filter.h"
#include "kit/model/keys.h"
#include "kit/model/model_read.h"
#include "kit/model/policies.h"
#include "kit/plan/claim.h"
#include "kit/plan/operation.h"

#include "base/banned.h"

static clxs_status
read_catalogs(struct clone *clone)
{
  struct model_request requests[2] = {
      {.catalog = clone->options.source, .filter = clone->filter},
      {.catalog = clone->options.dest,
       .workspace = clone->options.workspace,
       .optional = true,
       .like = &requests[0]},
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

  if (clone->options.security)
    status = model_read_policies(clone->call, models, ARRAY_SIZE(models), clone->options.width);
  if (status >= 0 && (clone->options.constraints || clone->options.note_versions))
    status = model_read_keys(clone->call, models, ARRAY_SIZE(models), clone->options.width);
  if (status >= 0 && (clone->options.tags || clone->options.note_versions)) status = clone_read_tags(clone);
  return status;
}

static clxs_status
make_plan(struct clone *clone)
{
  clxs_status status = read_catalogs(clone);

  if (status >= 0) status = read_details(clone);
  if (status >= 0) status = clone_prepare(clone);
  if (status >= 0) status = clone_build_plan(clone);
  if (status >= 0 && clone->options.note_versions) status = clone_note_versions(clone);
  if (status >= 0) plan_sort(clone->plan);
  return status;
}

static clxs_status
show_plan(struct clone *clone)
{
  CLEANUP_RESULTS struct executor_results results = {0};

  executor_results_init(clone->plan, &results);
  return clone_report(clone, &results, CLXS_OK);
}

static clxs_status
clone_anew(struct clone *clone)
{
  clxs_status status = clone_read_options(clone);

  if (status < 0) return status;
  status = clone_check_hooks(clone);
  if (status < 0) return status;
  status = filter_read(clone->call, &clone->filter);
  if (status < 0) return status;
  if (!clone->options.dry_run) clone->operation = operation_new_id(clone->call, "clone");
  if (status >= 0) status = clone_check_report(clone);
  if (status >= 0 && clone->options.workspace)
    status = metastore_check_shared(clone->call, clone->options.dest_host);
  if (status >= 0 && !clone->options.dry_run) status = clone_claim(clone);
  if (status >= 0) status = clone_preflight(clone);
  if (status >= 0) status = make_plan(clone);
  if (status < 0) return status;
  return clone->options.dry_run ? show_plan(clone) : clone_run_new(clone);
}

static clxs_status
run_command(struct clxs_call *call, bool planning)
{
  struct clone clone = {.call = call,
                        .planning = planning,
                        .started_ms = call->core->mono_ms(call),
                        .begun_ms = call->core->now_ms(call),
                        .traffic = {.size = sizeof clone.traffic}};
  const char *resume = planning ? NULL : call->core->arg_text(call, "resume", 0);
  clxs_status status;

  clxs_rest(call)->traffic(call, &clone.traffic);
  status = resume ? clone_resume(&clone, resume) : clone_anew(&clone);
  announce_finished(call, &clone.announce, status == CLXS_E_CANCELLED ? "cancelled" : "failed", NULL);
  claim_release(clone.claim);
  VEC_FREE(&clone.routines);
  clone_free_copies(&clone);
  clone_free_places(&clone);
  plan_free(clone.plan);
  model_free(clone.source);
  model_free(clone.dest);
  filter_free(clone.filter);
  rows_free(&clone.rows);
  masks_free(&clone.masks);
  VEC_FREE(&clone.turns);
  return status;
}

static clxs_status
clone_run(void *state, struct clxs_call *call)
{
  (void)state;
  return run_command(call, false);
}

static clxs_status
plan_run(void *state, struct clxs_call *call)
{
  (void)state;
  return run_command(call, true);
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
static const struct clxs_command plan = {.size = sizeof plan, .name = CMD_PLAN, .run = plan_run};
static const struct clxs_command *const commands[] = {&command, &plan, NULL};
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
