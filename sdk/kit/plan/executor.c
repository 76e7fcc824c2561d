/* SPDX-License-Identifier: Apache-2.0 */
/* WIDTH workers share one heap of ready steps. A worker that finds none while others still run sleeps on a
 * condition and is woken by whoever finishes; when nobody runs any more the run is over. No step waits for a
 * phase: a table needs its schema and nothing else. */
#include "kit/plan/executor.h"

#include <clxs/clxs.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/plan/graph.h"
#include "kit/plan/journal.h"
#include "kit/plan/ready.h"
#include "kit/plan/step.h"

#include "base/banned.h"

/* After so many steps in a row, each tried for a while, the service is taken to be away. */
#define UNREACHABLE_MAX 3

struct run {
  const struct plan *plan;
  const struct executor_options *options;
  struct executor_results *results;
  struct graph *dependents; /* "needs" turned round */
  size_t *missing;          /* steps that a step still waits for */
  pthread_mutex_t lock;     /* of everything below, the results and missing */
  pthread_cond_t changed;
  struct ready ready;
  size_t copying;              /* steps with PLAN_COPIES under way */
  bool pacing;                 /* a worker waits for the moment at which the next copy may begin */
  int64_t next_copy_ms;        /* that moment, by the clock that never goes back */
  VEC(size_t) late;            /* failed for want of something; once more at the end */
  bool *tried_late, *doubtful; /* doubtful: an earlier run has begun it */
  size_t running, ended;
  size_t unreachable; /* steps in a row that could not reach the service */
  clxs_status stop;   /* why nothing more is begun, CLXS_OK while it is */
};

/* The texts of a result outlive the worker's scope. */
static struct plan_result
keep_result(struct executor_results *results, const struct plan_result *result)
{
  struct plan_result kept = *result;

  kept.reason = arena_strdup(results->arena, result->reason);
  kept.hint = arena_strdup(results->arena, result->hint);
  kept.error_class = arena_strdup(results->arena, result->error_class);
  kept.statement_id = arena_strdup(results->arena, result->statement_id);
  return kept;
}

static bool
is_copy(const struct run *run, size_t step)
{
  return run->plan->steps.at[step].flags & PLAN_COPIES;
}

/* [locked] */
static void
push(struct run *run, size_t step)
{
  ready_push(&run->ready, is_copy(run, step) ? READY_COPIES : READY_REST, step);
}

/* [locked] One more copy may begin. */
static bool
may_copy(const struct run *run)
{
  return !run->pacing && (!run->options->copies || run->copying < run->options->copies);
}

/* [locked] Everything that needs STEP, by others too, is blocked by it. */
static void
block_dependents(struct run *run, struct clxs_call *call, size_t step)
{
  const struct plan *plan = run->plan;
  struct plan_result *steps = run->results->steps;
  VEC(size_t) todo = {0};
  size_t count;

  *VEC_ADD(&todo) = step;
  while (todo.count) {
    size_t cause = todo.at[--todo.count];
    const size_t *dependents = graph_needs(run->dependents, cause, &count);

    for (size_t i = 0; i < count; i++) {
      struct plan_result *result = &steps[dependents[i]];
      const struct plan_object *object = &plan->objects.at[plan->steps.at[cause].object];

      if (result->state != PLAN_WAITING) continue;
      result->state = PLAN_BLOCKED;
      /* What blocks an object blocks its own later steps for the same reason. */
      if (plan->steps.at[dependents[i]].object == plan->steps.at[cause].object &&
          steps[cause].state == PLAN_BLOCKED)
        result->reason = steps[cause].reason;
      else
        result->reason = plan_blocked_reason(run->results->arena, object,
                                             steps[cause].state == PLAN_BLOCKED    ? "is blocked"
                                             : steps[cause].state == PLAN_LEFT_OUT ? "was skipped"
                                                                                   : "failed");
      run->ended++;
      if (run->options->journal)
        journal_end(run->options->journal, dependents[i], call->core->now_ms(call), result);
      *VEC_ADD(&todo) = dependents[i];
    }
  }
  VEC_FREE(&todo);
}

/* [locked] STEP has its final result: open what waited for it, or block it. */
static void
settle(struct run *run, struct clxs_call *call, size_t step)
{
  const struct plan_result *result = &run->results->steps[step];
  size_t count;
  const size_t *dependents = graph_needs(run->dependents, step, &count);

  run->ended++;
  if (run->options->journal) journal_end(run->options->journal, step, call->core->now_ms(call), result);
  if (result->state == PLAN_DONE) {
    for (size_t i = 0; i < count; i++)
      if (--run->missing[dependents[i]] == 0 && run->results->steps[dependents[i]].state == PLAN_WAITING)
        push(run, dependents[i]);
  } else if (result->state != PLAN_INTERRUPTED) {
    block_dependents(run, call, step);
  }
}

/* [locked] Steps that failed for want of something: everything else is done, so what was wanted may be there
 * now. */
static bool
try_late(struct run *run)
{
  if (!run->late.count) return false;
  VEC_EACH (&run->late, step)
    push(run, *step);
  run->late.count = 0;
  pthread_cond_broadcast(&run->changed);
  return true;
}

/* [locked] Take STEP over. A copy that has to wait for its moment keeps others of its kind waiting, but no
 * other steps. */
static void
take_step(struct run *run, size_t step)
{
  run->results->steps[step].state = PLAN_RUNNING;
  run->running++;
  if (!is_copy(run, step)) return;
  run->copying++;
  run->pacing = run->options->copies_per_minute > 0;
}

/* [locked] STEP is under way no longer. */
static void
release_step(struct run *run, size_t step)
{
  run->running--;
  run->copying -= is_copy(run, step);
  pthread_cond_broadcast(&run->changed);
}

static bool
next_step(struct run *run, struct clxs_call *child, size_t *step)
{
  bool found = false;

  pthread_mutex_lock(&run->lock);
  for (;;) {
    if (!run->stop && child->core->cancelled(child)) run->stop = CLXS_E_CANCELLED;
    if (run->stop) break;
    if (ready_pop(&run->ready, may_copy(run), step)) {
      take_step(run, *step);
      found = true;
      break;
    }
    if (run->running)
      pthread_cond_wait(&run->changed, &run->lock);
    else if (!try_late(run))
      break;
  }
  if (!found) pthread_cond_broadcast(&run->changed);
  pthread_mutex_unlock(&run->lock);
  return found;
}

/* STEP was taken and is not begun after all; WHY nothing else is. */
static void
give_back(struct run *run, size_t step, clxs_status why)
{
  pthread_mutex_lock(&run->lock);
  release_step(run, step);
  run->results->steps[step].state = PLAN_WAITING;
  if (!run->stop) run->stop = why;
  pthread_mutex_unlock(&run->lock);
}

/* Wait until STEP may begin. False when the run ended meanwhile. */
static bool
await_moment(struct run *run, struct clxs_call *child, size_t step)
{
  int64_t now = child->core->mono_ms(child), interval = 60000;
  clxs_status status = CLXS_OK;

  if (!is_copy(run, step) || !run->options->copies_per_minute) return true;
  interval /= run->options->copies_per_minute;
  /* Nobody else touches the moment while "pacing" is set. */
  if (run->next_copy_ms > now) status = child->core->wait(child, run->next_copy_ms - now);
  if (run->next_copy_ms < now) run->next_copy_ms = now;
  run->next_copy_ms += interval;
  pthread_mutex_lock(&run->lock);
  run->pacing = false;
  if (run->stop) status = run->stop;
  pthread_cond_broadcast(&run->changed);
  pthread_mutex_unlock(&run->lock);
  if (status == CLXS_OK) return true;
  give_back(run, step, status);
  return false;
}

static void
finish_step(struct run *run, struct clxs_call *child, size_t step, const struct plan_result *result)
{
  bool late;

  pthread_mutex_lock(&run->lock);
  release_step(run, step);
  late = (run->plan->steps.at[step].flags & PLAN_TRY_LATE) && !run->tried_late[step] &&
         step_missed_something(result);
  run->results->steps[step] = keep_result(run->results, result);
  if (late) {
    run->tried_late[step] = true;
    *VEC_ADD(&run->late) = step;
  } else {
    settle(run, child, step);
  }
  run->unreachable = result->status == CLXS_E_UNAVAILABLE ? run->unreachable + 1 : 0;
  if ((result->status == CLXS_E_AUTH || result->status == CLXS_E_CONFIG) && !run->stop)
    run->stop = result->status;
  if (run->unreachable >= UNREACHABLE_MAX && !run->stop) run->stop = CLXS_E_UNAVAILABLE;
  pthread_cond_broadcast(&run->changed);
  pthread_mutex_unlock(&run->lock);
  if (!late && run->options->ended)
    run->options->ended(run->options->data, child, run->plan, step, &run->results->steps[step]);
}

static void
show_progress(struct run *run, struct clxs_call *child)
{
  size_t ended;

  if (!run->options->progress) return;
  pthread_mutex_lock(&run->lock);
  ended = run->ended;
  pthread_mutex_unlock(&run->lock);
  clxs_output(child)->progress(child, run->options->progress, ended, run->plan->steps.count);
}

static bool
begin_step(struct run *run, struct clxs_call *child, size_t step)
{
  if (!run->options->journal || journal_begin(run->options->journal, step, child->core->now_ms(child)))
    return true;
  give_back(run, step, CLXS_E_IO);
  return false;
}

static clxs_status
worker(void *data, struct clxs_call *child, uint64_t index)
{
  struct run *run = data;
  size_t step;

  (void)index;
  while (next_step(run, child, &step)) {
    uint64_t scope = child->core->scope_begin(child);
    struct plan_result result = {0};

    if (!await_moment(run, child, step) || !begin_step(run, child, step)) break;
    if (run->doubtful[step])
      step_send_doubtful(child, run->plan, &run->plan->steps.at[step], &result);
    else
      step_send(child, run->plan, &run->plan->steps.at[step], &result);
    child->core->error_clear(child);
    finish_step(run, child, step, &result);
    show_progress(run, child);
    child->core->scope_end(child, scope);
  }
  return CLXS_OK;
}

void
executor_read_limits(struct clxs_call *call, struct executor_options *options)
{
  const struct clxs_config *config = clxs_config(call);
  int64_t copies = call->core->arg_count(call, "parallel-tables")
                       ? call->core->arg_int(call, "parallel-tables")
                       : config->integer(call, "parallel_tables", 0);
  int64_t pace = config->integer(call, "max_tables_per_minute", 0);

  options->copies = copies > 0 && copies < UINT32_MAX ? (uint32_t)copies : 0;
  options->copies_per_minute = pace > 0 && pace < UINT32_MAX ? (uint32_t)pace : 0;
}

void
executor_results_init(const struct plan *plan, struct executor_results *results)
{
  static const struct plan_result unsent[] = {
      [PLAN_REFUSED] = {.state = PLAN_FAILED, .status = CLXS_E_UNSUPPORTED},
      [PLAN_SKIPPED] = {.state = PLAN_LEFT_OUT},
      [PLAN_HELD] = {.state = PLAN_BLOCKED},
  };

  *results = (struct executor_results){.arena = arena_new(), .count = plan->steps.count};
  results->steps = arena_array(results->arena, plan->steps.count + 1, sizeof *results->steps);
  for (size_t i = 0; i < plan->steps.count; i++) {
    const struct plan_step *step = &plan->steps.at[i];

    if (step->via < PLAN_REFUSED) continue;
    results->steps[i] = unsent[step->via];
    results->steps[i].reason = step->text;
    results->steps[i].error_class = step->error_class;
  }
}

void
executor_results_of(const struct plan *plan, const struct plan_result *before,
                    struct executor_results *results)
{
  executor_results_init(plan, results);
  for (size_t i = 0; i < plan->steps.count; i++) {
    struct plan_result *result = &results->steps[i];

    if (before[i].state == PLAN_WAITING) continue;
    *result = keep_result(results, &before[i]);
    if (result->state != PLAN_RUNNING) continue;
    result->state = PLAN_INTERRUPTED;
    result->reason = "it was begun, and whether it happened is not known";
  }
}

void
executor_results_free(struct executor_results *results)
{
  arena_free(results->arena);
  *results = (struct executor_results){0};
}

static clxs_status
refuse_cycle(struct clxs_call *call, const struct plan *plan, struct graph *needs)
{
  CLEANUP_FREE size_t *path = xcalloc(plan->steps.count + 1, sizeof *path);
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  size_t length = 0;

  for (size_t i = 0; i < plan->steps.count && !length; i++)
    length = graph_cycle(needs, i, path);
  for (size_t i = 0; i <= length && length; i++) {
    const struct plan_step *step = &plan->steps.at[path[i % length]];

    buf_addf(&text, "%s%s %s", i ? " -> " : "", step->action, plan->objects.at[step->object].label);
  }
  return clxs_failf(call, CLXS_E_INTERNAL, "please report this", "the plan waits for itself: %s", text.data);
}

/* Take over what an earlier run has left. */
static void
take_before(struct run *run)
{
  const struct plan_result *before = run->options->before;

  for (size_t i = 0; before && i < run->plan->steps.count; i++) {
    if (run->plan->steps.at[i].via >= PLAN_REFUSED) continue;
    run->doubtful[i] = plan_result_is_doubtful(&before[i]);
    if (before[i].state == PLAN_DONE || before[i].state == PLAN_LEFT_OUT)
      run->results->steps[i] = keep_result(run->results, &before[i]);
  }
}

/* STEP was done by an earlier run: nobody waits for it, and the journal has it already. */
static void
skip_done(struct run *run, size_t step)
{
  size_t count;
  const size_t *dependents = graph_needs(run->dependents, step, &count);

  run->ended++;
  for (size_t i = 0; i < count; i++)
    run->missing[dependents[i]]--;
}

/* What is never sent settles at once; what waits for nothing is ready. */
static void
open_run(struct run *run, struct clxs_call *call, struct graph *needs)
{
  for (size_t i = 0; i < run->plan->steps.count; i++)
    graph_needs(needs, i, &run->missing[i]);
  for (size_t i = 0; i < run->plan->steps.count; i++)
    if (run->results->steps[i].state == PLAN_DONE)
      skip_done(run, i);
    else if (run->results->steps[i].state != PLAN_WAITING)
      settle(run, call, i);
  for (size_t i = 0; i < run->plan->steps.count; i++)
    if (!run->missing[i] && run->results->steps[i].state == PLAN_WAITING) push(run, i);
}

/* A setting is missing (no warehouse, say): every other step would fail for the same reason. */
static clxs_status
fail_as_configured(struct clxs_call *call, const struct executor_results *results)
{
  size_t i = 0;

  while (i + 1 < results->count && results->steps[i].status != CLXS_E_CONFIG)
    i++;
  return clxs_failf(call, CLXS_E_CONFIG, results->steps[i].hint, "%s", results->steps[i].reason);
}

static clxs_status
outcome(struct clxs_call *call, struct run *run)
{
  clxs_status status = CLXS_OK;

  VEC_EACH (&run->late, step)
    settle(run, call, *step);
  for (size_t i = 0; i < run->results->count; i++) {
    struct plan_result *result = &run->results->steps[i];

    if (result->state == PLAN_WAITING) {
      result->state = PLAN_NOT_RUN;
      result->reason = run->stop == CLXS_E_CANCELLED ? "the run was cancelled before it began"
                                                     : "the run was stopped before it began";
    } else if (result->state == PLAN_FAILED || result->state == PLAN_BLOCKED) {
      status = CLXS_E_PARTIAL;
    }
  }
  if (run->stop == CLXS_E_IO)
    return clxs_failf(call, CLXS_E_IO, "free the disk that holds the journal, then resume",
                      "the journal cannot be written any more: %s",
                      strerror(journal_error(run->options->journal)));
  if (run->stop == CLXS_E_AUTH)
    return clxs_failf(call, CLXS_E_AUTH, "log in again, then run the command again",
                      "the credentials stopped working, so nothing more was tried");
  if (run->stop == CLXS_E_CONFIG) return fail_as_configured(call, run->results);
  if (run->stop == CLXS_E_UNAVAILABLE)
    return clxs_failf(call, CLXS_E_UNAVAILABLE,
                      "check the network and the service, then run the same command again",
                      "the service cannot be reached any more, so nothing else was tried");
  if (run->stop)
    return clxs_failf(call, run->stop,
                      "the journal says what is done; run the same command again to do the rest",
                      "cancelled");
  return status;
}

clxs_status
executor_run(struct clxs_call *call, const struct plan *plan, const struct executor_options *options,
             struct executor_results *results)
{
  size_t count = plan->steps.count;
  CLEANUP_GRAPH struct graph *needs = plan_graph(plan), *dependents = graph_turned(needs);
  CLEANUP_FREE uint32_t *ranks = xcalloc(count + 1, sizeof *ranks);
  CLEANUP_FREE size_t *heights = xcalloc(count + 1, sizeof *heights),
                      *missing = xcalloc(count + 1, sizeof *missing);
  CLEANUP_FREE size_t *heap = xcalloc(count + 1, sizeof *heap), *copies = xcalloc(count + 1, sizeof *copies);
  CLEANUP_FREE bool *tried = xcalloc(count + 1, sizeof *tried),
                    *doubtful = xcalloc(count + 1, sizeof *doubtful);
  struct run run = {.plan = plan, .options = options, .results = results, .dependents = dependents};
  uint32_t width = options->width ? options->width : 1;
  clxs_status status;

  executor_results_init(plan, results);
  if (!graph_order(needs, heap)) return refuse_cycle(call, plan, needs);
  graph_heights(needs, heights);
  for (size_t i = 0; i < count; i++)
    ranks[i] = plan->steps.at[i].rank;
  run.ready.ranks = ranks;
  run.ready.heights = heights;
  run.missing = missing;
  run.ready.heaps[READY_REST] = heap;
  run.ready.heaps[READY_COPIES] = copies;
  run.tried_late = tried;
  run.doubtful = doubtful;
  take_before(&run);
  pthread_mutex_init(&run.lock, NULL);
  pthread_cond_init(&run.changed, NULL);
  open_run(&run, call, needs);
  if (width > count) width = (uint32_t)(count ? count : 1);
  status = clxs_jobs(call)->each(call, width, width, worker, &run);
  if (status == CLXS_E_CANCELLED && !run.stop) run.stop = CLXS_E_CANCELLED;
  if (options->progress) clxs_output(call)->progress_end(call);
  call->core->error_clear(call);
  status = outcome(call, &run);
  VEC_FREE(&run.late);
  pthread_mutex_destroy(&run.lock);
  pthread_cond_destroy(&run.changed);
  return status;
}
