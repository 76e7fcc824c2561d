/* SPDX-License-Identifier: Apache-2.0 */
/* Patience above the host's own retries. The host repeats one request a few times within seconds; a run of
 * thousands of requests meets that limit by chance alone, so what was only refused for the moment is asked
 * again after a pause. */
#ifndef CLXS_KIT_RETRY_H
#define CLXS_KIT_RETRY_H

#include <clxs/call.h>
#include <stdbool.h>

#define RETRY_ROUNDS 4 /* times that the host's retries are begun, the first included */
#define RETRY_PAUSE_MS 500

/* The service refused or could not be reached, which may pass. */
static inline bool
retry_is_transient(clxs_status status)
{
  return status == CLXS_E_LIMIT || status == CLXS_E_UNAVAILABLE;
}

/* What went wrong for one object would go wrong for every other: there is no use in trying them. */
static inline bool
retry_is_final(clxs_status status)
{
  return status == CLXS_E_CANCELLED || status == CLXS_E_AUTH || status == CLXS_E_CONFIG;
}

/* [call thread] Round ROUND (from 1) ended with STATUS: pause as long as the service asked for, else twice as
 * long each time, and say whether to ask again. The error on the call is forgotten then. */
static inline bool
retry_pause(struct clxs_call *call, clxs_status status, unsigned round)
{
  const struct clxs_error *error = call->core->error(call);
  int64_t pause = (int64_t)RETRY_PAUSE_MS << (round - 1);

  if (!retry_is_transient(status) || round >= RETRY_ROUNDS) return false;
  if (error && error->retry_after_ms > pause) pause = error->retry_after_ms;
  /* Workers that were refused together should not come back together. */
  pause += call->core->mono_ms(call) % RETRY_PAUSE_MS;
  if (call->core->wait(call, pause) < 0) return false;
  call->core->error_clear(call);
  return true;
}

#endif
