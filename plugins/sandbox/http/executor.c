/* SPDX-License-Identifier: Apache-2.0 */
/* Queue, workers and memory of statements. Lock order: this lock before the warehouses' one; the store's lock
 * is never taken while this one is held. It must not know JSON. */
#include "http/executor.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "http/auth.h"
#include "http/sandbox.h"
#include "http/warehouse.h"
#include "store/store.h"

#include "base/banned.h"

#define WORKERS 4
#define RESULT_KEPT_MS INT64_C(3600000)
#define STATUS_KEPT_MS (12 * INT64_C(3600000))
/* Real results live elsewhere; ours are in memory, so the oldest are closed early when there are too many. */
#define RESULT_BYTES_MAX (INT64_C(512) << 20)
#define STATEMENTS_MAX 200000
#define SWEEP_MS 1000

struct executor {
  struct sandbox *sandbox;
  pthread_mutex_t lock;
  pthread_cond_t work;
  pthread_t workers[WORKERS];
  struct map *by_id;
  struct statement *oldest, *newest;
  struct statement *queue, **queue_end;
  int64_t result_bytes, swept_at;
  bool stopping;
};

static bool
ended(const struct statement *statement)
{
  return statement->state >= STATEMENT_SUCCEEDED;
}

static void
drop_arena(struct statement *statement)
{
  arena_free(statement->arena);
  statement->arena = NULL;
  statement->spec.text = NULL;
  statement->spec.binds = NULL;
}

static void
statement_free(struct statement *statement)
{
  drop_arena(statement);
  outcome_free(&statement->outcome);
  free(statement->error_code);
  free(statement->message);
  free(statement->sql_state);
  pthread_cond_destroy(&statement->wake);
  free(statement);
}

static void
release(struct statement *statement)
{
  if (--statement->references == 0) statement_free(statement);
}

static void
finish(struct executor *executor, struct statement *statement, enum statement_state state)
{
  statement->state = state;
  statement->ended_at = sandbox_now(executor->sandbox);
  executor->result_bytes += statement->outcome.byte_count;
  pthread_cond_broadcast(&statement->wake);
}

static void
close_result(struct executor *executor, struct statement *statement)
{
  executor->result_bytes -= statement->outcome.byte_count;
  outcome_free(&statement->outcome);
  statement->state = STATEMENT_CLOSED;
}

static void
forget(struct executor *executor, struct statement *statement)
{
  if (statement->older)
    statement->older->newer = statement->newer;
  else
    executor->oldest = statement->newer;
  if (statement->newer)
    statement->newer->older = statement->older;
  else
    executor->newest = statement->older;
  executor->result_bytes -= statement->outcome.byte_count;
  map_remove(executor->by_id, statement->id);
  release(statement);
}

/* Let time pass for the oldest: results go after an hour, the rest after twelve. */
static void
sweep(struct executor *executor)
{
  int64_t now = sandbox_now(executor->sandbox);
  struct statement *statement = executor->oldest;

  if (now - executor->swept_at < SWEEP_MS && executor->result_bytes <= RESULT_BYTES_MAX &&
      map_count(executor->by_id) <= STATEMENTS_MAX)
    return;
  executor->swept_at = now;
  while (statement) {
    struct statement *newer = statement->newer;
    bool crowded = map_count(executor->by_id) > STATEMENTS_MAX;

    if (ended(statement)) {
      if (statement->ended_at + STATUS_KEPT_MS <= now || crowded)
        forget(executor, statement);
      else if (statement->state == STATEMENT_SUCCEEDED &&
               (statement->ended_at + RESULT_KEPT_MS <= now || executor->result_bytes > RESULT_BYTES_MAX))
        close_result(executor, statement);
      else if (statement->state == STATEMENT_SUCCEEDED)
        break; /* those behind it ended later, or are no older than it by much */
    }
    statement = newer;
  }
}

static char *
copy_or_null(const char *text)
{
  return text ? xstrdup(text) : NULL;
}

static void
fail(struct statement *statement, const char *code, const char *message, const char *sql_state)
{
  statement->error_code = copy_or_null(code);
  statement->message = copy_or_null(message);
  statement->sql_state = copy_or_null(sql_state);
}

static struct session
session_of(struct executor *executor, struct statement *statement)
{
  const struct statement_spec *spec = &statement->spec;
  struct session session = sandbox_session(executor->sandbox, statement->arena);

  session.user = statement->owner->name;
  session.admin = statement->owner->admin;
  session.catalog = spec->catalog;
  session.schema = spec->schema;
  session.binds = spec->binds;
  session.bind_count = spec->bind_count;
  session.cancelled = &statement->cancelled;
  return session;
}

/* Run it; no lock is held. Texts of a failure are left in the statement, which nobody reads before it ended.
 */
static enum statement_state
run(struct executor *executor, struct statement *statement)
{
  const struct statement_spec *spec = &statement->spec;
  struct session session = session_of(executor, statement);
  struct outcome_limits limits = {.csv = spec->csv,
                                  .external = spec->external,
                                  .row_limit = spec->row_limit,
                                  .byte_limit = spec->byte_limit,
                                  .chunk_bytes = executor->sandbox->options.chunk_bytes};
  const char *code = NULL, *message = NULL, *sql_state = NULL;
  struct result result = {0};

  if (!engine_run(&session, spec->text, spec->length, &result)) {
    if (atomic_load(&statement->cancelled)) return STATEMENT_CANCELED;
    fault_to_statement(&session, &code, &message, &sql_state);
    fail(statement, code, message, sql_state);
    return STATEMENT_FAILED;
  }
  if (outcome_render(&result, &limits, &statement->outcome)) return STATEMENT_SUCCEEDED;
  fail(statement, "BAD_REQUEST",
       "Inline byte limit exceeded. Statements executed with disposition=INLINE can have a result size of at "
       "most "
       "26214400 bytes. Please execute the statement with disposition=EXTERNAL_LINKS if you want to download "
       "the full "
       "result.",
       NULL);
  return STATEMENT_FAILED;
}

/* The first queued statement that can run; *WAIT_MS is when to look again if there is none (-1: when woken).
 */
static struct statement *
take_ready(struct executor *executor, int64_t *wait_ms)
{
  *wait_ms = -1;
  for (struct statement **at = &executor->queue; *at;) {
    struct statement *statement = *at;
    int64_t wait = 0;
    enum warehouse_readiness readiness =
        warehouse_need(executor->sandbox->warehouses, statement->spec.warehouse, &wait);

    if (readiness == WAREHOUSE_STARTING) {
      if (*wait_ms < 0 || wait < *wait_ms) *wait_ms = wait;
      at = &statement->next_queued;
      continue;
    }
    *at = statement->next_queued;
    if (!*at) executor->queue_end = at;
    statement->next_queued = NULL;
    if (readiness == WAREHOUSE_READY) return statement;
    fail(statement, "NOT_FOUND", "The SQL warehouse was deleted before the statement could run.", NULL);
    finish(executor, statement, STATEMENT_FAILED);
    release(statement);
  }
  return NULL;
}

static void *
work(void *data)
{
  struct executor *executor = data;

  pthread_mutex_lock(&executor->lock);
  while (!executor->stopping) {
    int64_t wait_ms;
    struct statement *statement = take_ready(executor, &wait_ms);
    struct timespec deadline;
    enum statement_state state;

    if (statement) {
      statement->state = STATEMENT_RUNNING;
      pthread_mutex_unlock(&executor->lock);
      state = run(executor, statement);
      pthread_mutex_lock(&executor->lock);
      drop_arena(statement);
      finish(executor, statement, state);
      release(statement);
    } else if (wait_ms < 0) {
      pthread_cond_wait(&executor->work, &executor->lock);
    } else {
      deadline = sandbox_deadline(wait_ms);
      pthread_cond_timedwait(&executor->work, &executor->lock, &deadline);
    }
  }
  pthread_mutex_unlock(&executor->lock);
  return NULL;
}

struct executor *
executor_new(struct sandbox *sandbox)
{
  struct executor *executor = xcalloc(1, sizeof *executor);

  executor->sandbox = sandbox;
  pthread_mutex_init(&executor->lock, NULL);
  sandbox_cond_init(&executor->work);
  executor->by_id = map_new();
  executor->queue_end = &executor->queue;
  for (size_t i = 0; i < WORKERS; i++)
    if (pthread_create(&executor->workers[i], NULL, work, executor) != 0) abort();
  return executor;
}

/* Take STATEMENT out of the queue; false when it is not there any more. */
static bool
unqueue(struct executor *executor, struct statement *statement)
{
  for (struct statement **at = &executor->queue; *at; at = &(*at)->next_queued) {
    if (*at != statement) continue;
    *at = statement->next_queued;
    if (!*at) executor->queue_end = at;
    return true;
  }
  return false;
}

static void
cancel(struct executor *executor, struct statement *statement)
{
  if (ended(statement)) return;
  atomic_store(&statement->cancelled, 1);
  if (statement->state != STATEMENT_PENDING || !unqueue(executor, statement)) return;
  drop_arena(statement);
  finish(executor, statement, STATEMENT_CANCELED);
  release(statement);
}

void
executor_stop(struct executor *executor)
{
  if (!executor || executor->stopping) return;
  pthread_mutex_lock(&executor->lock);
  executor->stopping = true;
  for (struct statement *it = executor->oldest; it; it = it->newer)
    cancel(executor, it);
  pthread_cond_broadcast(&executor->work);
  pthread_mutex_unlock(&executor->lock);
  for (size_t i = 0; i < WORKERS; i++)
    pthread_join(executor->workers[i], NULL);
}

void
executor_free(struct executor *executor)
{
  if (!executor) return;
  while (executor->oldest)
    forget(executor, executor->oldest);
  map_free(executor->by_id);
  pthread_cond_destroy(&executor->work);
  pthread_mutex_destroy(&executor->lock);
  free(executor);
}

static void
copy_spec(struct arena *arena, const struct statement_spec *from, struct statement_spec *to)
{
  struct bind *binds = arena_array(arena, from->bind_count, sizeof *binds);

  *to = *from;
  to->text = arena_strndup(arena, from->text, from->length);
  to->warehouse = arena_strdup(arena, from->warehouse);
  to->catalog = arena_strdup(arena, from->catalog);
  to->schema = arena_strdup(arena, from->schema);
  for (size_t i = 0; i < from->bind_count; i++) {
    binds[i].name = arena_strdup(arena, from->binds[i].name);
    binds[i].type = arena_strdup(arena, from->binds[i].type);
    binds[i].value = arena_strdup(arena, from->binds[i].value);
  }
  to->binds = binds;
}

struct statement *
statement_submit(struct executor *executor, const struct identity *owner, const struct statement_spec *spec)
{
  struct statement *statement = xcalloc(1, sizeof *statement);

  sandbox_uuid(statement->id);
  statement->owner = owner;
  statement->arena = arena_new();
  copy_spec(statement->arena, spec, &statement->spec);
  sandbox_cond_init(&statement->wake);
  pthread_mutex_lock(&executor->lock);
  if (executor->stopping) {
    pthread_mutex_unlock(&executor->lock);
    statement_free(statement);
    return NULL;
  }
  sweep(executor);
  statement->references = 3; /* the caller, the queue, the memory */
  statement->older = executor->newest;
  if (executor->newest)
    executor->newest->newer = statement;
  else
    executor->oldest = statement;
  executor->newest = statement;
  map_set(executor->by_id, statement->id, statement);
  *executor->queue_end = statement;
  executor->queue_end = &statement->next_queued;
  pthread_cond_signal(&executor->work);
  pthread_mutex_unlock(&executor->lock);
  return statement;
}

struct statement *
statement_find_any(struct executor *executor, const char *id)
{
  struct statement *statement;

  pthread_mutex_lock(&executor->lock);
  sweep(executor);
  statement = map_get(executor->by_id, id);
  if (statement) statement->references++;
  pthread_mutex_unlock(&executor->lock);
  return statement;
}

struct statement *
statement_find(struct executor *executor, const char *id, const struct identity *owner)
{
  struct statement *statement = statement_find_any(executor, id);

  if (!statement || str_eq(statement->owner->name, owner->name)) return statement;
  statement_release(executor, statement);
  return NULL;
}

void
statement_release(struct executor *executor, struct statement *statement)
{
  pthread_mutex_lock(&executor->lock);
  release(statement);
  pthread_mutex_unlock(&executor->lock);
}

void
statement_wait(struct executor *executor, struct statement *statement, int64_t ms)
{
  struct timespec deadline = sandbox_deadline(ms);

  pthread_mutex_lock(&executor->lock);
  while (!ended(statement) && pthread_cond_timedwait(&statement->wake, &executor->lock, &deadline) == 0)
    continue;
  pthread_mutex_unlock(&executor->lock);
}

void
statement_cancel(struct executor *executor, struct statement *statement)
{
  pthread_mutex_lock(&executor->lock);
  cancel(executor, statement);
  pthread_mutex_unlock(&executor->lock);
}

void
executor_lock(struct executor *executor)
{
  pthread_mutex_lock(&executor->lock);
}

void
executor_unlock(struct executor *executor)
{
  pthread_mutex_unlock(&executor->lock);
}
