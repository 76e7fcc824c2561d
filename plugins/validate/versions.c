/* SPDX-License-Identifier: Apache-2.0 */
/* Which version of a source its copy is compared with. A copy equals its source, or the version that it was
 * cloned from: that the source goes on is no mistake of the copy. Nothing is judged here. */
#include "base/str.h"
#include "kit/retry.h"
#include "kit/rows/history.h"
#include "validate.h"

#include "base/banned.h"

/* Versions of a copy among which its last clone is looked for. */
#define LATEST 100

struct pinning {
  struct validation *validation;
  VEC(size_t) items;
  int64_t *versions; /* one per item, -1: not found */
  bool *later;       /* the table came to be later */
};

static clxs_status
read_history(struct clxs_call *child, const char *workspace, const char *const name[3], uint32_t most,
             struct history *history)
{
  clxs_status status = history_read(child, name, most, workspace, history);

  if (status >= 0 || retry_is_final(status)) return status;
  child->core->error_clear(child);
  history->count = 0;
  return CLXS_OK;
}

static clxs_status
ask_moment(void *data, struct clxs_call *child, uint64_t index)
{
  struct pinning *pinning = data;
  const struct item *item = &pinning->validation->items.at[pinning->items.at[index]];
  const char *const name[] = {pinning->validation->source->item.name, item->schema, item->name};
  struct history history;
  clxs_status status = read_history(child, NULL, name, 0, &history);

  if (status < 0) return status;
  pinning->versions[index] = history_version_at(&history, pinning->validation->rows.micros);
  pinning->later[index] =
      history.count && pinning->versions[index] < 0 && history.at[history.count - 1].version == 0;
  return CLXS_OK;
}

static clxs_status
ask_clone(void *data, struct clxs_call *child, uint64_t index)
{
  struct pinning *pinning = data;
  const struct validation *validation = pinning->validation;
  const struct item *item = &validation->items.at[pinning->items.at[index]];
  const struct count_table *dest = item->drifted ? NULL : &validation->counts.at[item->counts + 1];
  const char *const name[] = {validation->dest->item.name, dest ? dest->schema : item->dest_schema,
                              dest ? dest->name : item->drifted->item.name};
  const char *const source[] = {validation->source->item.name, item->schema, item->name};
  const struct model_table *copy;
  struct history history;
  clxs_status status = read_history(child, validation->workspace, name, LATEST, &history);

  if (status < 0) return status;
  pinning->versions[index] = history_cloned_version(&history, source);
  if (pinning->versions[index] >= 0 || !history_is_as_made(&history)) return CLXS_OK;
  copy = model_find_table(model_find_schema(validation->dest, name[1]), name[2]);
  if (copy) pinning->versions[index] = rows_copied_version(model_property(copy, ROWS_COPIED), source);
  return CLXS_OK;
}

static clxs_status
ask_all(struct pinning *pinning, clxs_status (*ask)(void *data, struct clxs_call *child, uint64_t index))
{
  struct clxs_call *call = pinning->validation->call;

  pinning->versions = call->core->alloc(call, (pinning->items.count + 1) * sizeof *pinning->versions);
  pinning->later = call->core->alloc(call, (pinning->items.count + 1) * sizeof *pinning->later);
  return clxs_jobs(call)->each(call, pinning->items.count, pinning->validation->width, ask, pinning);
}

static void
settle_moment(struct validation *validation, struct item *item, int64_t version, bool later)
{
  const char *timestamp = validation->rows.timestamp;

  if (item->verdict == VERDICT_MISSING && !later) return;
  if (version >= 0) {
    validation->counts.at[item->counts].pinned = true;
    validation->counts.at[item->counts].version = version;
    return;
  }
  item->counts = NO_COUNT;
  item->verdict = later ? VERDICT_NOT_COMPARED : VERDICT_UNKNOWN;
  item->reason = later
                     ? arena_printf(validation->arena, "it did not exist at %s", timestamp)
                     : arena_printf(validation->arena, "its version of %s is not known any more", timestamp);
}

clxs_status
validation_pin_moment(struct validation *validation)
{
  struct pinning pinning = {.validation = validation};
  clxs_status status;

  if (!validation->rows.timestamp) return CLXS_OK;
  for (size_t i = 0; i < validation->items.count; i++)
    if (validation->items.at[i].source) *VEC_ADD(&pinning.items) = i;
  status = ask_all(&pinning, ask_moment);
  for (size_t i = 0; i < pinning.items.count && status >= 0; i++)
    settle_moment(validation, &validation->items.at[pinning.items.at[i]], pinning.versions[i],
                  pinning.later[i]);
  VEC_FREE(&pinning.items);
  return status;
}

/* A count to be made anew, and where its answer goes. */
struct recount {
  VEC(struct count_table) tables;
  VEC(size_t) places; /* in the validation's counts */
};

static void
add_recount(struct validation *validation, struct recount *recount, size_t place, int64_t version)
{
  struct count_table *table = VEC_ADD(&recount->tables);

  *table = validation->counts.at[place];
  table->known = false;
  table->checksum = table->problem = NULL;
  if (version >= 0) {
    table->pinned = true;
    table->version = version;
  }
  *VEC_ADD(&recount->places) = place;
}

/* The source at the version that was cloned; where columns have changed since, the copy too. */
static void
plan_recount(struct validation *validation, const struct pinning *pinning, struct recount *recount)
{
  for (size_t i = 0; i < pinning->items.count; i++) {
    struct item *item = &validation->items.at[pinning->items.at[i]];

    if (pinning->versions[i] < 0) continue;
    if (item->drifted)
      validation_add_counts(validation, item, item->drifted, item->dest_schema, item->drifted->item.name);
    add_recount(validation, recount, item->counts, pinning->versions[i]);
    if (item->drifted) add_recount(validation, recount, item->counts + 1, -1);
  }
}

/* A version that is gone by now leaves the finding as it was. */
static void
drop_unknown(struct validation *validation, const struct pinning *pinning)
{
  for (size_t i = 0; i < pinning->items.count; i++) {
    struct item *item = &validation->items.at[pinning->items.at[i]];

    if (!item->drifted || item->counts == NO_COUNT) continue;
    if (!validation->counts.at[item->counts].known || !validation->counts.at[item->counts + 1].known)
      item->counts = NO_COUNT;
  }
}

static clxs_status
count_again(struct validation *validation, const struct pinning *pinning)
{
  struct count_options options = {
      .checksum = validation->checksum, .batch = validation->batch, .width = validation->width};
  struct recount recount = {.tables = {0}};
  clxs_status status;

  plan_recount(validation, pinning, &recount);
  status =
      count_tables(validation->call, validation->arena, recount.tables.at, recount.tables.count, &options);
  for (size_t i = 0; i < recount.places.count && status >= 0; i++)
    if (recount.tables.at[i].known) validation->counts.at[recount.places.at[i]] = recount.tables.at[i];
  drop_unknown(validation, pinning);
  VEC_FREE(&recount.tables);
  VEC_FREE(&recount.places);
  return status;
}

clxs_status
validation_pin_clones(struct validation *validation)
{
  struct pinning pinning = {.validation = validation};
  clxs_status status;

  if (rows_travel(&validation->rows) || validation->schema_only) return CLXS_OK;
  for (size_t i = 0; i < validation->items.count; i++) {
    const struct item *item = &validation->items.at[i];

    if (item->verdict == VERDICT_DIFFERENT && (item->counts != NO_COUNT || item->drifted))
      *VEC_ADD(&pinning.items) = i;
  }
  status = ask_all(&pinning, ask_clone);
  if (status >= 0) status = count_again(validation, &pinning);
  VEC_FREE(&pinning.items);
  return status;
}
