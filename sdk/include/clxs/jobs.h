/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.jobs/1: threads. Plugins start none of their own, so that every worker has a call of its own, and the
 * host knows whom to wake on cancellation. */
#ifndef CLXS_JOBS_H
#define CLXS_JOBS_H

#include "call.h"

#define CLXS_SERVICE_JOBS "clxs.jobs/1"

struct clxs_jobs {
  uint32_t size;
  /* [call thread] Call WORK for every index from 0 below COUNT, at most WIDTH at a time, each on a child call
   * with a scope of its own; returns when all have ended. The first failure by index becomes this call's
   * error; the others are still run unless the run is cancelled. WORK must not open further jobs. */
  clxs_status (*each)(struct clxs_call *call, uint64_t count, uint32_t width,
                      clxs_status (*work)(void *data, struct clxs_call *child, uint64_t index), void *data);
};

#endif
