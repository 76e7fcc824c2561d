/* SPDX-License-Identifier: Apache-2.0 */
/* One step, sent to its end: repeats where they are safe, and looks at the destination where a reply was
 * lost. */
#ifndef CLXS_KIT_PLAN_STEP_H
#define CLXS_KIT_PLAN_STEP_H

#include <clxs/call.h>

#include "kit/plan/plan.h"
#include "kit/plan/result.h"

struct arena;

enum step_seen {
  STEP_SEEN_DONE,
  STEP_SEEN_NOT_DONE,
  STEP_SEEN_OTHER, /* the object is there, but not as the step would have left it */
  STEP_SEEN_UNKNOWN
};

/* [call thread] Look at the destination, past every cache, whether STEP happened. Also what resume asks about
 * steps that were under way. Leaves no error on the call, but for cancellation. */
enum step_seen step_look(struct clxs_call *call, const struct plan_step *step);
/* [call thread] Send STEP and fill RESULT; its texts are in the call's scope. The state is PLAN_DONE,
 * PLAN_FAILED, PLAN_INTERRUPTED,
 * or PLAN_LEFT_OUT when what it copies is gone. */
void step_send(struct clxs_call *call, const struct plan *plan, const struct plan_step *step,
               struct plan_result *result);
/* [call thread] The same for a step that an earlier run has begun, and nobody knows whether it happened: look
 * first, and send it only if it did not, or may be repeated. */
void step_send_doubtful(struct clxs_call *call, const struct plan *plan, const struct plan_step *step,
                        struct plan_result *result);
/* The reason of a step that is done because the object was there: somebody else may have made it. */
#define STEP_WAS_THERE "it was there already as it should be"
/* The failure says that something the step needs was not found (yet). */
bool step_missed_something(const struct plan_result *result);

#endif
