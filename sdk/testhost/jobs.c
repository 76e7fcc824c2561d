/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.jobs/1 on threads of its own, each work on a fresh child call, so that sanitizers see what a host
 * would do. */
#include "testhost/internal.h"

#include "base/banned.h"

struct jobs_run {
  struct testhost *host;
  pthread_mutex_t lock; /* of next and failed */
  uint64_t next, count;
  clxs_status (*work)(void *data, struct clxs_call *child, uint64_t index);
  void *data;
  struct th_call *failed; /* the failing child with the lowest index, kept for its error */
  uint64_t failed_index;
};

static bool
jobs_next(struct jobs_run *run, uint64_t *index)
{
  bool more;

  pthread_mutex_lock(&run->lock);
  more = run->next < run->count && !th_cancelled(run->host);
  if (more) *index = run->next++;
  pthread_mutex_unlock(&run->lock);
  return more;
}

static void
jobs_ended(struct jobs_run *run, struct th_call *child, uint64_t index, clxs_status status)
{
  struct th_call *drop = child;

  pthread_mutex_lock(&run->lock);
  if (status < 0 && (!run->failed || index < run->failed_index)) {
    if (!child->error.status) th_fail(child, status, NULL, 0, "work failed and did not say why");
    drop = run->failed;
    run->failed = child;
    run->failed_index = index;
  }
  pthread_mutex_unlock(&run->lock);
  if (drop) th_call_free(drop);
}

static void *
jobs_thread(void *data)
{
  struct jobs_run *run = data;
  uint64_t index;

  while (jobs_next(run, &index)) {
    struct th_call *child = th_call_new(run->host);

    jobs_ended(run, child, index, run->work(run->data, &child->pub, index));
  }
  return NULL;
}

static clxs_status
jobs_error(struct th_call *call, struct th_call *failed)
{
  const struct clxs_error *from = &failed->error;
  clxs_status status = th_fail(call, from->status, from->error_class, from->http_status, from->message);

  call->error.hint = arena_strdup(call->arena, from->hint);
  call->error.sql_state = arena_strdup(call->arena, from->sql_state);
  call->error.statement_id = arena_strdup(call->arena, from->statement_id);
  call->error_mark = arena_mark(call->arena);
  th_call_free(failed);
  return status;
}

static clxs_status
jobs_each(struct clxs_call *pub, uint64_t count, uint32_t width,
          clxs_status (*work)(void *data, struct clxs_call *child, uint64_t index), void *data)
{
  struct th_call *call = th_call_of(pub);
  struct jobs_run run = {.host = call->host, .count = count, .work = work, .data = data};
  uint64_t threads = width && width < count ? width : count;
  pthread_t *ids;

  if (!width) th_broken("jobs", "a width of nothing");
  pthread_mutex_init(&run.lock, NULL);
  ids = xcalloc(threads ? (size_t)threads : 1, sizeof *ids);
  for (uint64_t i = 0; i < threads; i++)
    if (pthread_create(&ids[i], NULL, jobs_thread, &run)) th_broken("jobs", "cannot start a thread");
  for (uint64_t i = 0; i < threads; i++)
    pthread_join(ids[i], NULL);
  free(ids);
  pthread_mutex_destroy(&run.lock);
  if (run.failed) return jobs_error(call, run.failed);
  if (run.next < count) return th_fail(call, CLXS_E_CANCELLED, NULL, 0, "cancelled");
  return CLXS_OK;
}

const struct clxs_jobs th_jobs = {sizeof th_jobs, jobs_each};
