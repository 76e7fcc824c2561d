/* SPDX-License-Identifier: Apache-2.0 */
/* One catalog, one operation: two runs that change the same catalog at the same time would each plan from
 * what the other is about to change. Holds among all processes of this user on this machine, no further. */
#ifndef CLXS_KIT_PLAN_CLAIM_H
#define CLXS_KIT_PLAN_CLAIM_H

#include <clxs/call.h>

struct claim;

/* [call thread] Claim CATALOG of WORKSPACE ("https://...", "sandbox:NAME") for OPERATION until claim_release,
 * or until the process ends, however it ends. CLXS_E_CONFLICT naming the operation that has it; CLXS_E_IO
 * when the state directory cannot be written. */
clxs_status claim_take(struct clxs_call *call, const char *workspace, const char *catalog,
                       const char *operation, struct claim **claim);
/* NULL is fine. */
void claim_release(struct claim *claim);
void claim_cleanup(struct claim **claim);
#define CLEANUP_CLAIM __attribute__((cleanup(claim_cleanup)))

#endif
