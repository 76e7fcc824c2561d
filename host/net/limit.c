/* SPDX-License-Identifier: Apache-2.0 */
/* See limit.h. The bucket is kept as one number, the moment at which the next token is there (a virtual
 * queue), so that nothing has to tick. */
#include "net/limit.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/threads.h"

#include "base/banned.h"

struct limit {
  pthread_mutex_t lock;
  double interval_ms, burst_ms; /* between two tokens; how far the queue may lag behind the clock */
  double next_ms;
  int64_t paused_until;
};

struct limit *
limit_new(double per_second)
{
  struct limit *limit = xcalloc(1, sizeof *limit);

  pthread_mutex_init(&limit->lock, NULL);
  if (per_second > 0) {
    limit->interval_ms = 1000.0 / per_second;
    limit->burst_ms = per_second > 1 ? 1000.0 - limit->interval_ms : 0;
  }
  limit->next_ms = -1e18;
  return limit;
}

void
limit_free(struct limit *limit)
{
  if (!limit) return;
  pthread_mutex_destroy(&limit->lock);
  free(limit);
}

int64_t
limit_take(struct limit *limit, int64_t now_ms)
{
  double now = (double)now_ms, at;

  LOCK_SCOPE(&limit->lock);
  if (limit->next_ms < now - limit->burst_ms) limit->next_ms = now - limit->burst_ms;
  at = limit->next_ms > now ? limit->next_ms : now;
  limit->next_ms += limit->interval_ms;
  if (at < (double)limit->paused_until) at = (double)limit->paused_until;
  return (int64_t)(at - now + 0.5);
}

int64_t
limit_pause_left(struct limit *limit, int64_t now_ms)
{
  LOCK_SCOPE(&limit->lock);
  return limit->paused_until > now_ms ? limit->paused_until - now_ms : 0;
}

void
limit_pause(struct limit *limit, int64_t until_ms)
{
  LOCK_SCOPE(&limit->lock);
  if (until_ms > limit->paused_until) limit->paused_until = until_ms;
}
