/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.jobs/1: an index range over worker threads, each with a child call. */
#include <stdlib.h>

#include "app.h"
#include "base/arena.h"
#include "base/threads.h"
#include "svc/services.h"

#include "base/banned.h"

/* More threads than this wait for one another rather than for the service. */
#define WIDTH_MAX 256

struct jobs {
  struct call *call;
  struct call **children; /* one for each worker, made by it */
  clxs_status (*work)(void *data, struct clxs_call *child, uint64_t index);
  void *data;
  pthread_mutex_t lock;
  uint64_t ended;
  uint64_t failed_index; /* the lowest so far */
  clxs_status status;
  struct err err;
};

static void
note_failure(struct jobs *jobs, uint64_t index, clxs_status status, const struct err *err)
{
  LOCK_SCOPE(&jobs->lock);
  if (jobs->status != CLXS_OK && jobs->failed_index < index) return;
  jobs->status = status;
  jobs->failed_index = index;
  err_copy(&jobs->err, err);
}

static bool
run_index(void *data, uint64_t index, uint32_t worker)
{
  struct jobs *jobs = data;
  struct call **child = &jobs->children[worker];
  const struct clxs_core *core;
  uint64_t scope;
  clxs_status status;

  if (call_is_cancelled(jobs->call)) return false;
  if (!*child) *child = call_child(jobs->call);
  core = (*child)->pub.core;
  scope = core->scope_begin(&(*child)->pub);
  status = jobs->work(jobs->data, &(*child)->pub, index);
  if (status < 0) note_failure(jobs, index, status, &(*child)->err);
  core->error_clear(&(*child)->pub);
  core->scope_end(&(*child)->pub, scope);
  LOCK_SCOPE(&jobs->lock);
  jobs->ended++;
  return true;
}

static clxs_status
finish(struct jobs *jobs, uint64_t count)
{
  if (jobs->status != CLXS_OK) return call_take_error(jobs->call, jobs->status, &jobs->err);
  return jobs->ended < count ? call_fail_cancelled(jobs->call) : CLXS_OK;
}

static clxs_status
jobs_each(struct clxs_call *pub, uint64_t count, uint32_t width,
          clxs_status (*work)(void *data, struct clxs_call *child, uint64_t index), void *data)
{
  struct jobs jobs = {.call = call_of(pub), .work = work, .data = data, .err = ERR_INIT(NULL)};
  clxs_status status;

  if (jobs.call->parent) {
    err_clear(&jobs.call->err);
    return err_set(&jobs.call->err, CLXS_E_INTERNAL, "plugin %s opens jobs inside of a job",
                   jobs.call->plugin_id ? jobs.call->plugin_id : "clxs");
  }
  if (width == 0) width = 1;
  if (width > WIDTH_MAX) width = WIDTH_MAX;
  if (width > count) width = (uint32_t)count;
  if (count == 0) return CLXS_OK;
  jobs.children = xcalloc(width, sizeof *jobs.children);
  jobs.err.arena = arena_new();
  pthread_mutex_init(&jobs.lock, NULL);
  threads_each(count, width, run_index, &jobs);
  status = finish(&jobs, count);
  for (uint32_t i = 0; i < width; i++)
    call_free(jobs.children[i]);
  free(jobs.children);
  arena_free(jobs.err.arena);
  pthread_mutex_destroy(&jobs.lock);
  return status;
}

const struct clxs_jobs service_jobs = {.size = sizeof service_jobs, .each = jobs_each};
