/* SPDX-License-Identifier: Apache-2.0 */
/* The command: read the catalog, ask for figures, add them up, report. */
#include "stats.h"

#include "kit/catalogs.h"
#include "kit/model/filter.h"
#include "kit/one_command.h"
#include "kit/snapshot/side.h"
#include "stats_gen.h"

#include "base/banned.h"

static void
read_options(struct stats *stats)
{
  const struct clxs_core *core = stats->call->core;
  int64_t width = core->arg_int(stats->call, "max-workers"), batch = core->arg_int(stats->call, "batch"),
          top = core->arg_int(stats->call, "top");

  stats->sizes = core->arg_int(stats->call, "sizes") != 0;
  stats->rows = core->arg_int(stats->call, "rows") != 0;
  stats->top = top > 0 ? (size_t)top : 0;
  stats->width = width > 0 ? (uint32_t)width : 8;
  stats->batch = batch > 0 ? (uint32_t)batch : COUNT_BATCH;
}

static clxs_status
stats_catalog(struct stats *stats, struct side *side)
{
  clxs_status status = catalogs_read_one(stats->call, true, true, &side->name);

  if (status >= 0) status = filter_read(stats->call, &stats->filter);
  if (status >= 0) status = sides_read(stats->call, side, 1, stats->filter, 0, stats->width);
  if (status < 0) return status;
  stats->model = side->model;
  stats->total.name = "total";
  stats_list_tables(stats);
  status = stats_measure(stats);
  if (status < 0) return status;
  stats_add_up(stats);
  return stats_report(stats);
}

static clxs_status
stats_run(void *state, struct clxs_call *call)
{
  struct stats stats = {.call = call, .arena = arena_new()};
  struct side side = {0};
  clxs_status status;

  (void)state;
  pthread_mutex_init(&stats.lock, NULL);
  read_options(&stats);
  status = stats_catalog(&stats, &side);
  sides_free(&side, 1);
  VEC_FREE(&stats.tables);
  VEC_FREE(&stats.schemas.list);
  VEC_FREE(&stats.types.list);
  VEC_FREE(&stats.formats.list);
  VEC_FREE(&stats.owners.list);
  filter_free(stats.filter);
  arena_free(stats.arena);
  pthread_mutex_destroy(&stats.lock);
  return status;
}

PLUGIN_ONE_COMMAND(CMD_STATS, stats_run);
