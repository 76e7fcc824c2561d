/* SPDX-License-Identifier: Apache-2.0 */
/* What no listing tells of a table and the plan needs: which version was in force at a point in time, by
 * which keys it is clustered. One statement for each table and question, several at a time, and none where
 * the question does not arise. */
#include <pthread.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "clone.h"
#include "kit/retry.h"
#include "kit/rows/describe.h"
#include "kit/rows/history.h"

#include "base/banned.h"

/* Questions. */
#define ASK_MOMENT 1U
#define ASK_DETAIL 2U
#define ASK_CURRENT 4U
#define ASK_LATEST 8U
#define ASK_NOTED 16U

/* Versions of a copy among which its last clone is looked for. */
#define LATEST 100

struct job {
  const struct model_schema *schema;
  const struct model_table *table;
  struct clone_fact *fact;
  unsigned questions;
};

struct preparing {
  struct clone *clone;
  VEC(struct job) jobs;
  pthread_mutex_t lock; /* of the arena in which answers are kept */
  uint64_t done;
};

struct clone_fact *
clone_fact(const struct clone *clone, const struct model_schema *schema, const struct model_table *table)
{
  return &clone->facts[schema - clone->source->schemas.at][table - schema->tables.at];
}

static unsigned
questions(const struct clone *clone, const struct model_schema *schema, const struct model_table *table)
{
  unsigned asked = 0;

  if (model_is_view(table) || !clone_is_chosen(clone, table->item.name) || clone_table_problem(clone, table))
    return 0;
  if (clone->rows.timestamp) asked |= ASK_MOMENT;
  if (clone_is_made(clone, schema, table) && !model_property(table, "clusteringColumns") &&
      model_property(table, "delta.feature.clustering"))
    asked |= ASK_DETAIL;
  if (clone->options.order) asked |= ASK_DETAIL;
  if (clone_fact(clone, schema, table)->recorded) asked |= ASK_LATEST;
  if (clone->options.incremental && asked & ASK_LATEST &&
      clone_may_be_current(clone, schema, table,
                           model_find_table(clone_dest_schema(clone, schema), table->item.name)))
    asked |= ASK_NOTED;
  if (clone->options.incremental && !clone_is_made(clone, schema, table) &&
      clone_may_be_current(clone, schema, table,
                           model_find_table(clone_dest_schema(clone, schema), table->item.name)))
    asked |= ASK_CURRENT;
  return asked;
}

static const char *
keep(struct preparing *preparing, const char *text)
{
  const char *kept;

  pthread_mutex_lock(&preparing->lock);
  kept = arena_strdup(preparing->clone->source->arena, text);
  pthread_mutex_unlock(&preparing->lock);
  return kept;
}

static const char *
error_text(struct clxs_call *child)
{
  const struct clxs_error *error = child->core->error(child);

  return error && error->message ? error->message : "the service gave no reason";
}

static clxs_status
ask_moment(struct preparing *preparing, struct clxs_call *child, const struct job *job)
{
  const struct rows *rows = &preparing->clone->rows;
  const char *const name[] = {preparing->clone->source->item.name, job->schema->item.name,
                              job->table->item.name};
  struct history history;
  clxs_status status = history_read(child, name, 0, NULL, &history);
  int64_t oldest;

  if (retry_is_final(status)) return status;
  if (status < 0) {
    job->fact->problem =
        keep(preparing, clxs_textf(child, "its versions cannot be read: %s", error_text(child)));
    child->core->error_clear(child);
    return CLXS_OK;
  }
  job->fact->version = history_version_at(&history, rows->micros);
  if (job->fact->version >= 0) return CLXS_OK;
  oldest = history.at[history.count - 1].version;
  job->fact->later = oldest == 0;
  job->fact->problem = keep(
      preparing, oldest ? clxs_textf(child, "its versions of %s and before are gone; the oldest left is %lld",
                                     rows->timestamp, (long long)oldest)
                        : clxs_textf(child, "it did not exist at %s", rows->timestamp));
  return CLXS_OK;
}

static clxs_status
ask_detail(struct preparing *preparing, struct clxs_call *child, const struct job *job)
{
  const char *const name[] = {preparing->clone->source->item.name, job->schema->item.name,
                              job->table->item.name};
  struct table_detail detail;
  clxs_status status = detail_read(child, name, NULL, &detail);

  if (retry_is_final(status)) return status;
  if (status >= 0) {
    job->fact->size = detail.bytes;
    if (detail.cluster) job->fact->cluster = keep(preparing, detail.cluster);
    return CLXS_OK;
  }
  if (clone_is_made(preparing->clone, job->schema, job->table))
    job->fact->problem =
        keep(preparing, clxs_textf(child, "its definition cannot be read: %s", error_text(child)));
  child->core->error_clear(child);
  return CLXS_OK;
}

/* A copy that is no clone notes which version it holds, and by which choice; its history tells whether that
 * is still so. */
static clxs_status
ask_noted(struct preparing *preparing, struct clxs_call *child, const struct job *job,
          const char *const source[3])
{
  const struct clone *clone = preparing->clone;
  const struct model_table *there =
      model_find_table(clone_dest_schema(clone, job->schema), job->table->item.name);
  const char *const copy[] = {clone->options.dest, job->schema->item.name, job->table->item.name};
  const char *noted = there ? model_property(there, ROWS_COPIED) : NULL;
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct history history;
  clxs_status status;

  if (!str_eq(noted, rows_copied_text(arena, source, job->fact->version, job->fact->choice))) return CLXS_OK;
  status = history_read(child, copy, LATEST, clone->options.workspace, &history);
  job->fact->current = status >= 0 && history_is_as_made(&history);
  return status;
}

static clxs_status
ask_latest(struct preparing *preparing, struct clxs_call *child, const struct job *job)
{
  const char *const source[] = {preparing->clone->source->item.name, job->schema->item.name,
                                job->table->item.name};
  struct history history;
  clxs_status status = CLXS_OK;

  if (job->fact->version == ROWS_NOW) {
    status = history_read(child, source, 1, NULL, &history);
    if (status >= 0) job->fact->version = history.at[0].version;
  }
  /* Without a version there is nothing to note, and the rows that are there now are copied. */
  job->fact->recorded = job->fact->version != ROWS_NOW;
  if (job->fact->recorded && job->questions & ASK_NOTED) status = ask_noted(preparing, child, job, source);
  if (retry_is_final(status)) return status;
  child->core->error_clear(child);
  return CLXS_OK;
}

/* The copy's own history tells what it was cloned from, and whether anybody has written to it since. What
 * cannot be told is cloned again. */
static clxs_status
ask_current(struct preparing *preparing, struct clxs_call *child, const struct job *job)
{
  const struct clone *clone = preparing->clone;
  const char *const source[] = {clone->source->item.name, job->schema->item.name, job->table->item.name};
  const char *const copy[] = {clone->options.dest, job->schema->item.name, job->table->item.name};
  int64_t held = -1, wanted = job->fact->version;
  struct history history;
  clxs_status status = history_read(child, copy, LATEST, clone->options.workspace, &history);

  if (status >= 0) held = history_cloned_version(&history, source);
  if (status >= 0 && held >= 0 && wanted == ROWS_NOW) {
    status = history_read(child, source, 1, NULL, &history);
    if (status >= 0) wanted = history.at[0].version;
  }
  if (retry_is_final(status)) return status;
  job->fact->current = status >= 0 && held >= 0 && held == wanted;
  child->core->error_clear(child);
  return CLXS_OK;
}

static clxs_status
ask(void *data, struct clxs_call *child, uint64_t index)
{
  struct preparing *preparing = data;
  const struct job *job = &preparing->jobs.at[index];
  clxs_status status = CLXS_OK;
  uint64_t done;

  if (job->questions & ASK_MOMENT) status = ask_moment(preparing, child, job);
  if (status >= 0 && job->questions & ASK_DETAIL) status = ask_detail(preparing, child, job);
  if (status >= 0 && job->questions & ASK_LATEST && !job->fact->problem)
    status = ask_latest(preparing, child, job);
  if (status >= 0 && job->questions & ASK_CURRENT) status = ask_current(preparing, child, job);
  pthread_mutex_lock(&preparing->lock);
  done = ++preparing->done;
  pthread_mutex_unlock(&preparing->lock);
  clxs_output(child)->progress(child, "Looking at tables", done, preparing->jobs.count);
  return status;
}

/* Filtered and masked copies do; what a protected table shows depends on who looks. */
static bool
notes_version(const struct clone *clone, const struct model_schema *schema, const struct model_table *table)
{
  return clone->options.notes && !clone->options.schema_only && !model_is_view(table) &&
         !model_is_protected(table) && clone_is_made(clone, schema, table) && clone_has_versions(table);
}

static void
collect(struct preparing *preparing)
{
  struct clone *clone = preparing->clone;
  struct arena *arena = clone->source->arena;

  clone->facts = arena_array(arena, clone->source->schemas.count + 1, sizeof *clone->facts);
  for (size_t i = 0; i < clone->source->schemas.count; i++) {
    const struct model_schema *schema = &clone->source->schemas.at[i];

    clone->facts[i] = arena_array(arena, schema->tables.count + 1, sizeof **clone->facts);
    VEC_EACH (&schema->tables, table) {
      struct clone_fact *fact = clone_fact(clone, schema, table);
      unsigned asked;

      *fact = (struct clone_fact){.version = clone->rows.version, .size = -1};
      fact->masked = !model_is_view(table) && masks_touch(&clone->masks, schema->item.name, table);
      fact->recorded = notes_version(clone, schema, table);
      if (fact->recorded) fact->choice = clone_choice_of(clone, schema, table);
      asked = questions(clone, schema, table);
      if (asked) *VEC_ADD(&preparing->jobs) = (struct job){schema, table, fact, asked};
    }
  }
}

/* Sizes that nobody knows come last either way. */
static int
compare_jobs(const void *a, const void *b)
{
  const struct job *first = a, *second = b;
  int64_t mine = first->fact->size, other = second->fact->size;

  if (mine == other) {
    int schemas = model_compare(first->schema->item.name, second->schema->item.name);

    return schemas ? schemas : model_compare(first->table->item.name, second->table->item.name);
  }
  if (mine < 0 || other < 0) return mine < 0 ? 1 : -1;
  return mine < other ? -1 : 1;
}

static void
rank_tables(struct preparing *preparing)
{
  struct clone *clone = preparing->clone;
  size_t known = 0, count = preparing->jobs.count;
  uint32_t rank = 0;

  if (!clone->options.order) return;
  qsort(preparing->jobs.at, count, sizeof *preparing->jobs.at, compare_jobs);
  while (known < count && preparing->jobs.at[known].fact->size >= 0)
    known++;
  for (size_t i = 0; i < count; i++) {
    bool turned = i < known && str_eq(clone->options.order, "desc");
    const struct job *job = &preparing->jobs.at[turned ? known - 1 - i : i];

    job->fact->rank = ++rank;
    *VEC_ADD(&clone->turns) = (struct clone_turn){job->schema, job->table};
  }
}

static bool
matches_any(const struct clone *clone, const struct mask_rule *rule)
{
  VEC_EACH (&clone->source->schemas, schema)
    VEC_EACH (&schema->tables, table)
      if (!model_is_view(table) && clone_is_chosen(clone, table->item.name) &&
          mask_rule_matches(rule, schema->item.name, table))
        return true;
  return false;
}

/* A name that is misspelt would show what it should hide. A configuration may serve many catalogs. */
static clxs_status
check_masks(struct clone *clone)
{
  VEC_EACH (&clone->masks.rules, rule) {
    if (matches_any(clone, rule)) continue;
    if (rule->by_flag)
      return clxs_failf(clone->call, CLXS_E_USAGE, "check the column's name, and which tables are chosen",
                        "%s: no table that is copied has a column %s", rule->origin, rule->column);
    clxs_logf(clone->call, CLXS_LOG_WARN, "%s hides nothing: no table that is copied has a column %s",
              rule->origin, rule->column);
  }
  return CLXS_OK;
}

clxs_status
clone_prepare(struct clone *clone)
{
  struct preparing preparing = {.clone = clone};
  clxs_status status = rows_check(clone->call, &clone->rows, clone->source);

  if (status >= 0) status = check_masks(clone);
  if (status < 0) return status;
  pthread_mutex_init(&preparing.lock, NULL);
  collect(&preparing);
  if (preparing.jobs.count) {
    status = clxs_jobs(clone->call)
                 ->each(clone->call, preparing.jobs.count, clone->options.width, ask, &preparing);
    clxs_output(clone->call)->progress_end(clone->call);
  }
  if (status >= 0) rank_tables(&preparing);
  VEC_FREE(&preparing.jobs);
  pthread_mutex_destroy(&preparing.lock);
  return status;
}
