/* SPDX-License-Identifier: Apache-2.0 */
/* Interruptions: one thread waits for SIGINT, SIGTERM and SIGHUP and for the end of --timeout, and cancels
 * the run. A second signal ends the process at once with 130; the journal is written ahead, so nothing is
 * lost by it. */
#ifndef CLXS_HOST_SIGNALS_H
#define CLXS_HOST_SIGNALS_H

#include <clxs/status.h>
#include <stdint.h>

struct app;
struct err;

/* Block the signals in this thread (so in all that it starts), and start the thread.
 * TIMEOUT_MS 0 is no limit. Before any other thread is started; APP's output must be there and stay the same
 * until signals_stop. */
clxs_status signals_start(struct app *app, int64_t timeout_ms, struct err *err);
/* End and join the thread. Fine when it was never started. */
void signals_stop(void);

#endif
