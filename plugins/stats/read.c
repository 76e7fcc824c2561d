/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes by DESCRIBE DETAIL, rows by kit/count. A table that does not tell keeps the reason and stays unknown.
 */
#include "base/str.h"
#include "kit/model/filter.h"
#include "kit/retry.h"
#include "kit/rows/describe.h"
#include "stats.h"

#include "base/banned.h"

/* Whoever fills it keeps its files, too, where they cannot be seen. */
static bool
has_size(const struct model_table *table)
{
  return str_eq(table->type, "MANAGED") || str_eq(table->type, "EXTERNAL") ||
         str_ends(table->type, "_SHALLOW_CLONE");
}

void
stats_list_tables(struct stats *stats)
{
  VEC_EACH (&stats->model->schemas, schema)
    VEC_EACH (&schema->tables, table) {
      if (!filter_object(stats->filter, table->item.name)) continue;
      *VEC_ADD(&stats->tables) = (struct stats_table){.schema = schema,
                                                      .table = table,
                                                      .measured = has_size(table),
                                                      .bytes = -1,
                                                      .files = -1,
                                                      .rows = -1};
    }
}

/* [worker threads] Each writes the places of its own table only. */
static clxs_status
measure_table(void *data, struct clxs_call *call, uint64_t index)
{
  struct stats *stats = data;
  struct stats_table *entry = &stats->tables.at[index];
  const char *const name[3] = {stats->model->item.name, entry->schema->item.name, entry->table->item.name};
  struct table_detail detail;
  const struct clxs_error *error;
  clxs_status status;

  if (!entry->measured) return CLXS_OK;
  status = detail_read(call, name, NULL, &detail);
  if (status >= 0) {
    entry->bytes = detail.bytes;
    entry->files = detail.files;
    if (detail.bytes < 0) entry->problem = "the service does not tell its size";
    return CLXS_OK;
  }
  if (retry_is_final(status) || retry_is_transient(status)) return status;
  error = call->core->error(call);
  pthread_mutex_lock(&stats->lock);
  entry->problem = arena_strdup(stats->arena, error ? error->message : "the service refused");
  pthread_mutex_unlock(&stats->lock);
  call->core->error_clear(call);
  return CLXS_OK;
}

static clxs_status
count_rows(struct stats *stats)
{
  struct count_options options = {
      .batch = stats->batch, .width = stats->width, .progress = "Counting tables"};
  struct count_table *counts = arena_array(stats->arena, stats->tables.count + 1, sizeof *counts);
  size_t *places = arena_array(stats->arena, stats->tables.count + 1, sizeof *places), count = 0;
  clxs_status status;

  for (size_t i = 0; i < stats->tables.count; i++) {
    struct stats_table *entry = &stats->tables.at[i];

    if (!entry->measured) continue;
    if (entry->table->row_filter) {
      entry->problem = "a row filter hides rows of it from you";
      continue;
    }
    places[count] = i;
    counts[count++] = (struct count_table){.catalog = stats->model->item.name,
                                           .schema = entry->schema->item.name,
                                           .name = entry->table->item.name};
  }
  status = count_tables(stats->call, stats->arena, counts, count, &options);
  for (size_t i = 0; i < count && status >= 0; i++) {
    struct stats_table *entry = &stats->tables.at[places[i]];

    if (counts[i].known)
      entry->rows = counts[i].rows;
    else
      entry->problem = counts[i].problem ? counts[i].problem : "its rows could not be counted";
  }
  return status;
}

clxs_status
stats_measure(struct stats *stats)
{
  clxs_status status = CLXS_OK;

  if (stats->sizes)
    status =
        clxs_jobs(stats->call)->each(stats->call, stats->tables.count, stats->width, measure_table, stats);
  return status >= 0 && stats->rows ? count_rows(stats) : status;
}
