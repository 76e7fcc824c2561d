/* SPDX-License-Identifier: Apache-2.0 */
/* See signals.h. */
#include "signals.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#include <clxs/call.h>

#include "app.h"
#include "base/clock.h"
#include "base/threads.h"
#include "out/out.h"

#include "base/banned.h"

#define EXIT_CANCELLED 130

/* There is one process and one set of signals, so this is the one thing that is global. */
static struct {
  struct app *app;
  pthread_t thread;
  bool running;
  int64_t deadline; /* of clock_mono; 0: none */
} state;

static sigset_t
watched(void)
{
  sigset_t set;

  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  sigaddset(&set, SIGUSR1); /* signals_stop */
  return set;
}

/* The next signal, or 0 when the deadline has passed. */
static int
next_signal(const sigset_t *set)
{
  int64_t left = state.deadline ? state.deadline - clock_mono_ms() : 0;
  struct timespec wait = {.tv_sec = (time_t)(left / 1000), .tv_nsec = (long)(left % 1000) * 1000000};
  int got;

  if (state.deadline && left <= 0) return 0;
  got = state.deadline ? sigtimedwait(set, NULL, &wait) : sigwaitinfo(set, NULL);
  if (got > 0) return got;
  return errno == EAGAIN ? 0 : -1;
}

static void *
watch(void *data)
{
  const sigset_t set = watched();
  bool interrupted = false;

  (void)data;
  for (;;) {
    int got = next_signal(&set);

    if (got == SIGUSR1) return NULL;
    if (got < 0) continue;
    if (got == 0) {
      state.deadline = 0;
      atomic_store(&state.app->timed_out, true);
    } else {
      if (interrupted) _exit(EXIT_CANCELLED);
      interrupted = true;
      out_log(state.app->out, CLXS_LOG_WARN,
              "interrupted, stopping in order; interrupt again to end at once");
    }
    app_cancel(state.app);
  }
}

clxs_status
signals_start(struct app *app, int64_t timeout_ms, struct err *err)
{
  const sigset_t set = watched();
  clxs_status status;

  pthread_sigmask(SIG_BLOCK, &set, NULL);
  state.app = app;
  state.deadline = timeout_ms > 0 ? clock_mono_ms() + timeout_ms : 0;
  status = thread_start(&state.thread, watch, NULL, err);
  state.running = status == CLXS_OK;
  return status;
}

void
signals_stop(void)
{
  if (!state.running) return;
  pthread_kill(state.thread, SIGUSR1);
  pthread_join(state.thread, NULL);
  state.running = false;
}
