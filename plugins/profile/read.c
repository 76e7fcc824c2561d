/* SPDX-License-Identifier: Apache-2.0 */
/* Asking: one statement per table, or per 25 columns of a wide one; tables in parallel. A statement that the
 * service refuses is cut in two until the column that is to blame stands alone. */
#include "base/buf.h"
#include "base/str.h"
#include "kit/model/query.h"
#include "kit/retry.h"
#include "profile.h"

#include "base/banned.h"

#define COLUMNS_AT_ONCE 25

/* One statement's columns, and its only row. */
struct answer {
  struct profile *profile;
  struct profile_table *table;
  size_t first, count;
  bool seen;
};

/* [worker threads] */
static const char *
keep(struct profile *profile, const char *text)
{
  const char *kept;

  pthread_mutex_lock(&profile->lock);
  kept = arena_strdup(profile->arena, text);
  pthread_mutex_unlock(&profile->lock);
  return kept;
}

static clxs_status
take_row(void *data, const char *const *cells)
{
  struct answer *answer = data;
  int64_t rows = 0, filled;
  size_t at = 0;

  if (!str_to_int64(cells[at++], &rows)) return CLXS_E_DATA;
  answer->table->rows = rows;
  answer->seen = true;
  for (size_t i = answer->first; i < answer->first + answer->count; i++) {
    struct profile_column *column = &answer->table->columns.at[i];

    for (unsigned metric = 0; metric < METRICS; metric++)
      if (profile_asks(answer->profile, column, metric))
        column->found[metric] = keep(answer->profile, cells[at++]);
    if (!column->found[METRIC_FILLED] || !str_to_int64(column->found[METRIC_FILLED], &filled))
      return CLXS_E_DATA;
    column->rows = rows;
    column->nulls = rows - filled;
    column->known = true;
  }
  return CLXS_OK;
}

static uint32_t
count_cells(const struct answer *answer)
{
  uint32_t cells = 1;

  for (size_t i = answer->first; i < answer->first + answer->count; i++)
    for (unsigned metric = 0; metric < METRICS; metric++)
      cells += profile_asks(answer->profile, &answer->table->columns.at[i], metric);
  return cells;
}

static clxs_status ask(struct clxs_call *call, struct answer answer);

/* The service refused because of something in the statement: of which column? */
static clxs_status
ask_halves(struct clxs_call *call, struct answer answer)
{
  struct answer half = answer;
  clxs_status status;

  half.count = answer.count / 2;
  status = ask(call, half);
  if (status < 0) return status;
  half.first += half.count;
  half.count = answer.count - half.count;
  return ask(call, half);
}

static clxs_status
ask(struct clxs_call *call, struct answer answer)
{
  CLEANUP_BUF struct buf sql = BUF_INIT(BUF_SQL);
  const struct clxs_error *error;
  const char *reason;
  clxs_status status;

  profile_add_statement(&sql, answer.profile, answer.table, answer.first, answer.count);
  status = query_each(call, NULL, sql.data, "profile a table", count_cells(&answer), take_row, &answer);
  if (status >= 0 && answer.seen) return CLXS_OK;
  if (status < 0 && (retry_is_final(status) || retry_is_transient(status))) return status;
  error = call->core->error(call);
  reason = keep(answer.profile, error ? error->message : "the service gave no answer");
  call->core->error_clear(call);
  if (status == CLXS_E_INVALID || status == CLXS_E_UNSUPPORTED) {
    if (answer.count > 1) return ask_halves(call, answer);
    answer.table->columns.at[answer.first].problem = reason;
    return CLXS_OK;
  }
  answer.table->problem = reason;
  return CLXS_OK;
}

static clxs_status
profile_one(void *data, struct clxs_call *call, uint64_t index)
{
  struct profile *profile = data;
  struct profile_table *table = &profile->tables.at[index];
  clxs_status status = CLXS_OK;

  for (size_t first = 0; first < table->columns.count && status >= 0 && !table->problem;
       first += COLUMNS_AT_ONCE) {
    size_t left = table->columns.count - first;
    struct answer answer = {profile, table, first, left < COLUMNS_AT_ONCE ? left : COLUMNS_AT_ONCE, false};

    status = ask(call, answer);
  }
  return status;
}

clxs_status
profile_read(struct profile *profile)
{
  return clxs_jobs(profile->call)
      ->each(profile->call, profile->tables.count, profile->width, profile_one, profile);
}
