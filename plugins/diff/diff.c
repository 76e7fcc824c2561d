/* SPDX-License-Identifier: Apache-2.0 */
/* The command `diff` and the capability: read both sides, compare, report. Nothing is changed anywhere. */
#include "compare.h"

#include <clxs/cap/diff.h>

#include "diff_gen.h"
#include "kit/model/filter.h"

#include "base/banned.h"

static clxs_status
diff_catalogs(struct diff *diff)
{
  clxs_status status = diff_read_sides(diff);

  if (status < 0) return status;
  delta_compare(diff->arena, diff->sides[0].model, diff->sides[1].model, &diff->options, &diff->delta);
  return diff_report(diff);
}

void
diff_free(struct diff *diff)
{
  delta_free(&diff->delta);
  sides_free(diff->sides, 2);
  filter_free(diff->filter);
  arena_free(diff->arena);
}

static clxs_status
diff_run(void *state, struct clxs_call *call)
{
  struct diff diff = {.call = call, .arena = arena_new()};
  clxs_status status = diff_read_options(&diff);

  (void)state;
  if (status == CLXS_OK) status = diff_catalogs(&diff);
  diff_free(&diff);
  return status;
}

static clxs_status
capability_run(void *state, struct clxs_call *call, const char *options, const char **result)
{
  (void)state;
  return clxs_invoke(call)->run(call, CMD_DIFF, options, result);
}

static const struct clxs_cap_diff capability = {.size = sizeof capability, .run = capability_run};
static const struct clxs_provider provider = {sizeof provider, CLXS_CAP_DIFF, &capability};
static const struct clxs_provider *const providers[] = {&provider, NULL};
static const struct clxs_command diff_command = {
    .size = sizeof diff_command, .name = CMD_DIFF, .run = diff_run};
static const struct clxs_command compare_command = {
    .size = sizeof compare_command, .name = CMD_COMPARE, .run = compare_run};
static const struct clxs_command snapshot_command = {
    .size = sizeof snapshot_command, .name = CMD_SNAPSHOT_DIFF, .run = diff_run};
static const struct clxs_command *const commands[] = {&diff_command, &compare_command, &snapshot_command,
                                                      NULL};
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
