/* SPDX-License-Identifier: Apache-2.0 */
/* base/threads: every index once, never wider than asked, pools that end. */
#include <criterion/criterion.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/threads.h"

#include "base/banned.h"

#define COUNT 5000

struct run {
  atomic_int seen[COUNT];
  atomic_int now, most;
  uint64_t stop_at;
  uint32_t width;
};

static bool
work(void *data, uint64_t index, uint32_t worker)
{
  struct run *run = data;
  int now = atomic_fetch_add(&run->now, 1) + 1, most = atomic_load(&run->most);

  while (now > most && !atomic_compare_exchange_weak(&run->most, &most, now)) {
  }
  cr_assert_lt(worker, run->width);
  atomic_fetch_add(&run->seen[index], 1);
  atomic_fetch_sub(&run->now, 1);
  return index != run->stop_at;
}

Test(threads, each_index_is_worked_once_and_no_wider_than_asked)
{
  static const uint32_t widths[] = {0, 1, 2, 7, 64};

  for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
    static struct run run;

    memset(&run, 0, sizeof run);
    run.stop_at = UINT64_MAX;
    run.width = widths[w] ? widths[w] : 1;
    threads_each(COUNT, widths[w], work, &run);
    for (size_t i = 0; i < COUNT; i++)
      cr_assert_eq(atomic_load(&run.seen[i]), 1, "index %zu", i);
    cr_assert_leq(atomic_load(&run.most), (int)run.width);
  }
}

Test(threads, stopping_keeps_the_rest_from_beginning)
{
  static struct run run = {.stop_at = 10, .width = 4};
  int seen = 0;

  threads_each(COUNT, 4, work, &run);
  for (size_t i = 0; i < COUNT; i++)
    seen += atomic_load(&run.seen[i]);
  cr_assert_geq(seen, 11);
  cr_assert_lt(seen, COUNT);
}

Test(threads, nothing_to_do)
{
  static struct run run;

  threads_each(0, 8, work, &run);
  cr_assert_eq(atomic_load(&run.most), 0);
}

Test(threads, a_timed_wait_ends)
{
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t cond;

  cond_init(&cond);
  {
    LOCK_SCOPE(&mutex);
    cr_assert_not(cond_wait_ms(&cond, &mutex, 1));
  }
  cr_assert_eq(pthread_mutex_trylock(&mutex), 0, "the scope has given the lock back");
  pthread_mutex_unlock(&mutex);
  pthread_cond_destroy(&cond);
}
