/* SPDX-License-Identifier: Apache-2.0 */
/* The command: read both catalogs afresh, pair their objects, count what has rows, judge, report. It changes
 * nothing anywhere. */
#include "validate.h"

#include "kit/catalogs.h"
#include "kit/destination.h"
#include "kit/model/filter.h"
#include "kit/model/model_read.h"
#include "kit/one_command.h"
#include "validate_gen.h"

#include "base/banned.h"

static clxs_status
read_options(struct validation *validation)
{
  struct clxs_call *call = validation->call;
  const struct clxs_core *core = call->core;
  int64_t width = core->arg_int(call, "max-workers"), batch = core->arg_int(call, "batch");
  clxs_status status = catalogs_read(call, false, &validation->source_name, &validation->dest_name);

  if (status >= 0) status = destination_find(call, &validation->workspace, &validation->dest_host);
  if (status < 0) return status;
  status = rows_read(call, &validation->rows);
  if (status >= 0) status = masks_read(call, &validation->masks);
  if (status < 0) return status;
  validation->schema_only = core->arg_int(call, "schema-only") != 0;
  validation->checksum = core->arg_int(call, "checksum") != 0;
  validation->width = width > 0 ? (uint32_t)width : 8;
  validation->batch = batch > 0 ? (uint32_t)batch : COUNT_BATCH;
  return filter_read(call, &validation->filter);
}

static clxs_status
read_catalogs(struct validation *validation)
{
  struct clxs_call *call = validation->call;
  struct model_request requests[2] = {
      {.catalog = validation->source_name, .filter = validation->filter},
      {.catalog = validation->dest_name, .workspace = validation->workspace, .filter = validation->filter},
  };
  clxs_status status;

  /* Schemas that were asked for by name must be in the source; that the copy lacks one is a finding. */
  if (call->core->arg_count(call, "include-schemas")) requests[1].like = &requests[0];
  clxs_meta(call)->invalidate(call, validation->source_name);
  clxs_meta(call)->invalidate(call, validation->dest_name);
  status = model_read(call, requests, 2, validation->width, "Reading catalogs");
  validation->source = requests[0].model;
  validation->dest = requests[1].model;
  return status;
}

static clxs_status
validate_catalogs(struct validation *validation)
{
  struct count_options options = {.checksum = validation->checksum,
                                  .batch = validation->batch,
                                  .width = validation->width,
                                  .progress = "Counting tables"};
  clxs_status status = read_catalogs(validation);

  if (status < 0) return status;
  status = rows_check(validation->call, &validation->rows, validation->source);
  if (status < 0) return status;
  validation_pair(validation);
  status = validation_pin_moment(validation);
  if (status < 0) return status;
  status = count_tables(validation->call, validation->arena, validation->counts.at, validation->counts.count,
                        &options);
  if (status < 0) return status;
  validation_judge(validation);
  status = validation_pin_clones(validation);
  if (status < 0) return status;
  validation_judge(validation);
  validation_add_totals(validation);
  return validation_report(validation);
}

static clxs_status
validate_run(void *state, struct clxs_call *call)
{
  struct validation validation = {.call = call, .arena = arena_new()};
  clxs_status status = read_options(&validation);

  (void)state;
  if (status == CLXS_OK) status = validate_catalogs(&validation);
  VEC_FREE(&validation.items);
  VEC_FREE(&validation.counts);
  model_free(validation.source);
  model_free(validation.dest);
  filter_free(validation.filter);
  rows_free(&validation.rows);
  masks_free(&validation.masks);
  arena_free(validation.arena);
  return status;
}

PLUGIN_ONE_COMMAND(CMD_VALIDATE, validate_run);
