/* SPDX-License-Identifier: Apache-2.0 */
/* See gate.h. */
#include "net/gate.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/threads.h"

#include "base/banned.h"

struct gate {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  uint32_t most, inside;
  bool closed;
};

struct gate *
gate_new(uint32_t most)
{
  struct gate *gate = xcalloc(1, sizeof *gate);

  pthread_mutex_init(&gate->lock, NULL);
  cond_init(&gate->changed);
  gate->most = most;
  return gate;
}

void
gate_free(struct gate *gate)
{
  if (!gate) return;
  pthread_cond_destroy(&gate->changed);
  pthread_mutex_destroy(&gate->lock);
  free(gate);
}

bool
gate_enter(struct gate *gate)
{
  LOCK_SCOPE(&gate->lock);
  while (!gate->closed && gate->most > 0 && gate->inside >= gate->most)
    (void)cond_wait_ms(&gate->changed, &gate->lock, -1);
  if (gate->closed) return false;
  gate->inside++;
  return true;
}

void
gate_leave(struct gate *gate)
{
  LOCK_SCOPE(&gate->lock);
  gate->inside--;
  pthread_cond_signal(&gate->changed);
}

void
gate_close(struct gate *gate)
{
  LOCK_SCOPE(&gate->lock);
  gate->closed = true;
  pthread_cond_broadcast(&gate->changed);
}
