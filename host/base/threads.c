/* SPDX-License-Identifier: Apache-2.0 */
/* See threads.h. */
#include "base/threads.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"

#include "base/banned.h"

void
cond_init(pthread_cond_t *cond)
{
  pthread_condattr_t attributes;

  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(cond, &attributes);
  pthread_condattr_destroy(&attributes);
}

bool
cond_wait_ms(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t timeout_ms)
{
  struct timespec until;

  if (timeout_ms < 0) return pthread_cond_wait(cond, mutex) == 0;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += (time_t)(timeout_ms / 1000);
  until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
  if (until.tv_nsec >= 1000000000) {
    until.tv_nsec -= 1000000000;
    until.tv_sec++;
  }
  return pthread_cond_timedwait(cond, mutex, &until) == 0;
}

static int
start_blocked(pthread_t *thread, void *(*run)(void *), void *data)
{
  sigset_t all, before;
  int failure;

  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  failure = pthread_create(thread, NULL, run, data);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return failure;
}

clxs_status
thread_start(pthread_t *thread, void *(*run)(void *data), void *data, struct err *err)
{
  int failure = start_blocked(thread, run, data);
  char words[128];

  if (failure == 0) return CLXS_OK;
  return err_set(err, CLXS_E_IO, "cannot start a thread: %s", strerror_r(failure, words, sizeof words));
}

struct each {
  uint64_t count;
  bool (*work)(void *, uint64_t, uint32_t);
  void *data;
  atomic_uint_fast64_t next;
  atomic_uint_fast32_t workers;
  atomic_bool stop;
};

static void *
each_run(void *data)
{
  struct each *each = data;
  uint32_t worker = (uint32_t)atomic_fetch_add(&each->workers, 1);

  while (!atomic_load(&each->stop)) {
    uint64_t index = atomic_fetch_add(&each->next, 1);

    if (index >= each->count) break;
    if (!each->work(each->data, index, worker)) atomic_store(&each->stop, true);
  }
  return NULL;
}

void
threads_each(uint64_t count, uint32_t width, bool (*work)(void *data, uint64_t index, uint32_t worker),
             void *data)
{
  struct each each = {.count = count, .work = work, .data = data};
  uint32_t extra = width > 1 && count > 1 ? (uint32_t)(width > count ? count : width) - 1 : 0;
  CLEANUP_FREE pthread_t *threads = extra ? xcalloc(extra, sizeof *threads) : NULL;
  uint32_t started = 0;

  while (started < extra && start_blocked(&threads[started], each_run, &each) == 0)
    started++;
  each_run(&each);
  for (uint32_t i = 0; i < started; i++)
    pthread_join(threads[i], NULL);
}
