/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that name people and groups which the destination does not know. */
#ifndef CLXS_KIT_PLAN_STEP_PRINCIPAL_H
#define CLXS_KIT_PLAN_STEP_PRINCIPAL_H

#include <clxs/call.h>
#include <stdbool.h>

#include "kit/plan/plan.h"
#include "kit/plan/result.h"

/* RESULT says that a principal of STEP's request does not exist. */
bool step_names_nobody(const struct plan_step *step, const struct plan_result *result);
/* [call thread] The service refuses a whole change of grants for one unknown name: send STEP's changes one by
 * one and leave out those that name nobody; an owner that does not exist stays what it is. True when that is
 * all there was: REMARK (in the call's scope) says who was left out. False with the error on the call and its
 * status in *STATUS otherwise. */
bool step_send_known(struct clxs_call *call, const struct plan_step *step, clxs_status *status,
                     const char **remark);

#endif
