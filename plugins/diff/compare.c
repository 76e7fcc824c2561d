/* SPDX-License-Identifier: Apache-2.0 */
/* The command `compare`: a diff, then rows. Nothing is changed anywhere. */
#include "compare.h"

#include "base/str.h"
#include "kit/model/filter.h"

#include "base/banned.h"

static clxs_status
read_options(struct compare *compare)
{
  struct clxs_call *call = compare->diff.call;
  const struct clxs_core *core = call->core;
  int64_t batch = core->arg_int(call, "batch"), sample = core->arg_int(call, "sample");
  clxs_status status = diff_read_options(&compare->diff);

  if (status < 0) return status;
  for (int side = 0; side < 2; side++)
    if (side_is_file(compare->diff.sides[side].name))
      return clxs_failf(call, CLXS_E_USAGE, "clxs diff compares snapshots with catalogs",
                        "%s holds no rows that could be compared", compare->diff.sides[side].name);
  compare->checksum = !core->arg_count(call, "checksum") || core->arg_int(call, "checksum") != 0;
  compare->batch = batch > 0 ? (uint32_t)batch : COUNT_BATCH;
  compare->sample = sample > 0 ? (uint32_t)sample : 0;
  compare->columns = diff_read_words(&compare->diff, "columns");
  compare->key = diff_read_words(&compare->diff, "key");
  return CLXS_OK;
}

/* A column that was asked for by name and that no table has is a slip of the pen. */
static clxs_status
check_columns(struct compare *compare, const char *flag, const struct diff_words *words)
{
  for (size_t i = 0; i < words->count; i++) {
    bool found = false;

    VEC_EACH (&compare->tables, table)
      for (uint32_t k = 0; k < table->source->column_count && !found; k++)
        found = utf8_ieq(table->source->columns[k].name, words->at[i]);
    if (!found && compare->tables.count)
      return clxs_failf(compare->diff.call, CLXS_E_USAGE, "give names of columns, separated by commas",
                        "--%s: no table of %s has a column %s", flag, diff_side_label(&compare->diff, 0),
                        words->at[i]);
  }
  return CLXS_OK;
}

static clxs_status
compare_catalogs(struct compare *compare)
{
  struct diff *diff = &compare->diff;
  clxs_status status = diff_read_sides(diff);

  if (status < 0) return status;
  if (!(diff->options.leave_kinds & (1U << DELTA_TABLE))) compare_list_tables(compare);
  status = check_columns(compare, "columns", &compare->columns);
  if (status >= 0) status = check_columns(compare, "key", &compare->key);
  if (status >= 0) status = compare_count(compare);
  if (status < 0) return status;
  diff->options.table = compare_note_rows;
  diff->options.table_data = compare;
  delta_compare(diff->arena, diff->sides[0].model, diff->sides[1].model, &diff->options, &diff->delta);
  status = compare_read_samples(compare);
  return status < 0 ? status : compare_report(compare);
}

clxs_status
compare_run(void *state, struct clxs_call *call)
{
  struct compare compare = {.diff = {.call = call, .arena = arena_new()}};
  clxs_status status = read_options(&compare);

  (void)state;
  if (status == CLXS_OK) status = compare_catalogs(&compare);
  VEC_EACH (&compare.samples, sample)
    VEC_FREE(&sample->rows);
  VEC_FREE(&compare.samples);
  VEC_FREE(&compare.tables);
  VEC_FREE(&compare.counts);
  diff_free(&compare.diff);
  return status;
}
