/* SPDX-License-Identifier: Apache-2.0 */
/* Batches: which tables go into one statement, what its rows say, and what to do when it fails. It must not
 * know how a table is hashed. */
#include "kit/count/count.h"

#include <clxs/clxs.h>
#include <pthread.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "base/vec.h"
#include "kit/model/model.h"
#include "kit/retry.h"

#include "base/banned.h"

/* Tables FROM up to (not including) TO of the order; all of one workspace. */
struct batch {
  size_t from, to;
};

struct counting {
  struct count_table *tables;
  size_t *order; /* indexes of the tables, those of one workspace together */
  const struct count_options *options;
  VEC(struct batch) batches;
  pthread_mutex_t lock; /* of the arena and done */
  struct arena *arena;
  uint64_t done, total;
};

/* Tables of the workspace in use first. */
static void
make_order(struct counting *counting, size_t count)
{
  size_t at = 0;

  for (int second = 0; second < 2; second++)
    for (size_t i = 0; i < count; i++)
      if ((counting->tables[i].workspace != NULL) == (second == 1)) counting->order[at++] = i;
}

static const struct count_table *
table_at(const struct counting *counting, size_t position)
{
  return &counting->tables[counting->order[position]];
}

static void
make_batches(struct counting *counting, size_t count)
{
  uint32_t most = counting->options->batch ? counting->options->batch : COUNT_BATCH;
  CLEANUP_BUF struct buf sql = BUF_INIT(BUF_LARGE);
  struct batch *batch = NULL;

  for (size_t i = 0; i < count; i++) {
    if (!batch || i - batch->from >= most || sql.len > COUNT_TEXT ||
        !str_eq(table_at(counting, i)->workspace, table_at(counting, batch->from)->workspace)) {
      batch = VEC_ADD(&counting->batches);
      batch->from = i;
      buf_reset(&sql);
    }
    count_add_query(&sql, counting->order[i], table_at(counting, i), counting->options->checksum);
    batch->to = i + 1;
  }
}

static const char *
keep(struct counting *counting, const char *text)
{
  const char *kept;

  pthread_mutex_lock(&counting->lock);
  kept = arena_strdup(counting->arena, text);
  pthread_mutex_unlock(&counting->lock);
  return kept;
}

/* The indexes of one workspace's tables ascend in the order. */
static bool
asks_for(const struct counting *counting, const struct batch *batch, int64_t index)
{
  size_t from = batch->from, to = batch->to;

  while (from < to) {
    size_t middle = from + (to - from) / 2;

    if ((int64_t)counting->order[middle] == index) return true;
    if ((int64_t)counting->order[middle] < index)
      from = middle + 1;
    else
      to = middle;
  }
  return false;
}

/* One row: index, rows, sum, exclusive or. */
static void
take_row(struct counting *counting, struct clxs_call *call, struct clxs_rows *rows, const struct batch *batch)
{
  const struct clxs_sql *sql = clxs_sql(call);
  const struct model_column *column;
  struct count_table *table;
  int64_t index, number;

  if (!str_to_int64(sql->text(call, rows, 0), &index) || !asks_for(counting, batch, index) ||
      !str_to_int64(sql->text(call, rows, 1), &number))
    return;
  table = &counting->tables[index];
  table->rows = number;
  table->known = true;
  if (!counting->options->checksum) return;
  column = count_unhashable(table);
  if (column) {
    table->problem =
        keep(counting, clxs_textf(call, "column %s is of type %s, of which no checksum can be made",
                                  column->name, column->type_text));
  } else {
    const char *sum = sql->text(call, rows, 2);

    if (!sum) return;
    sum = clxs_textf(call, "%s", sum); /* cells live until the next one is read at the latest */
    table->checksum = keep(counting, clxs_textf(call, "%s/%s", sum, sql->text(call, rows, 3)));
  }
}

/* A tree of UNION ALL instead of a chain: parsers and planners descend once per operator, and have limits. */
static void
add_union(struct buf *text, const struct counting *counting, size_t from, size_t to)
{
  size_t middle = from + (to - from) / 2;

  if (to - from == 1) {
    count_add_query(text, counting->order[from], table_at(counting, from), counting->options->checksum);
    return;
  }
  buf_add_char(text, '(');
  add_union(text, counting, from, middle);
  buf_add_text(text, ")\nUNION ALL\n(");
  add_union(text, counting, middle, to);
  buf_add_char(text, ')');
}

/* The service ran the statement and it failed, as against not having taken it. */
static bool
has_failed(struct clxs_call *call)
{
  const struct clxs_error *error = call->core->error(call);

  return error && error->sql_state;
}

static clxs_status
run_batch(struct counting *counting, struct clxs_call *call, const struct batch *batch)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  struct clxs_statement statement = {.size = sizeof statement,
                                     .flags = CLXS_SQL_IDEMPOTENT,
                                     .workspace = table_at(counting, batch->from)->workspace,
                                     .purpose = "count tables"};
  const struct clxs_sql *sql = clxs_sql(call);
  struct clxs_rows *rows = NULL;
  clxs_status status;
  int more;
  unsigned round = 0;

  add_union(&text, counting, batch->from, batch->to);
  statement.text = text.data;
  do {
    status = sql->run(call, &statement, &rows);
  } while (status < 0 && !has_failed(call) && retry_pause(call, status, ++round));
  if (status < 0) return status;
  while ((more = sql->next(call, rows)) > 0)
    take_row(counting, call, rows, batch);
  return more < 0 ? more : CLXS_OK;
}

/* The failure is about some table of the statement, so that the others deserve another try. */
static bool
blames_a_table(struct clxs_call *call, clxs_status status)
{
  return has_failed(call) || status == CLXS_E_INVALID || status == CLXS_E_NOT_FOUND ||
         status == CLXS_E_DENIED || status == CLXS_E_UNSUPPORTED || status == CLXS_E_CONFLICT;
}

static void
mark_unknown(struct counting *counting, struct clxs_call *call, const struct batch *batch)
{
  const struct clxs_error *error = call->core->error(call);
  const char *problem =
      keep(counting, error && error->message ? error->message : "the service gave no answer");

  for (size_t i = batch->from; i < batch->to; i++) {
    struct count_table *table = &counting->tables[counting->order[i]];

    table->known = false;
    table->checksum = NULL;
    table->problem = problem;
  }
  call->core->error_clear(call);
}

/* What is left to do is kept on a small stack: a half at each depth. */
static clxs_status
count_batch(void *data, struct clxs_call *call, uint64_t index)
{
  struct counting *counting = data;
  struct batch stack[64] = {counting->batches.at[index]};
  size_t depth = 1;

  while (depth) {
    struct batch batch = stack[--depth];
    uint64_t mark = call->core->scope_begin(call);
    clxs_status status = run_batch(counting, call, &batch);

    if (status == CLXS_E_CANCELLED || status == CLXS_E_AUTH || status == CLXS_E_CONFIG) return status;
    if (status < 0 && blames_a_table(call, status) && batch.to - batch.from > 1) {
      size_t middle = batch.from + (batch.to - batch.from) / 2;

      call->core->error_clear(call);
      stack[depth++] = (struct batch){middle, batch.to};
      stack[depth++] = (struct batch){batch.from, middle};
    } else if (status < 0) {
      mark_unknown(counting, call, &batch);
    }
    call->core->scope_end(call, mark);
  }
  if (counting->options->progress) {
    uint64_t done;

    pthread_mutex_lock(&counting->lock);
    done = counting->done += counting->batches.at[index].to - counting->batches.at[index].from;
    pthread_mutex_unlock(&counting->lock);
    clxs_output(call)->progress(call, counting->options->progress, done, counting->total);
  }
  return CLXS_OK;
}

clxs_status
count_tables(struct clxs_call *call, struct arena *arena, struct count_table *tables, size_t count,
             const struct count_options *options)
{
  struct counting counting = {.tables = tables, .options = options, .arena = arena, .total = count};
  clxs_status status;

  CLEANUP_FREE size_t *order = xcalloc(count + 1, sizeof *order);

  if (!count) return CLXS_OK;
  counting.order = order;
  make_order(&counting, count);
  pthread_mutex_init(&counting.lock, NULL);
  make_batches(&counting, count);
  status = clxs_jobs(call)->each(call, counting.batches.count, options->width ? options->width : 1,
                                 count_batch, &counting);
  if (options->progress) clxs_output(call)->progress_end(call);
  for (size_t i = 0; i < count; i++)
    if (!tables[i].known && !tables[i].problem)
      tables[i].problem = "the service did not answer for this table";
  VEC_FREE(&counting.batches);
  pthread_mutex_destroy(&counting.lock);
  return status;
}
