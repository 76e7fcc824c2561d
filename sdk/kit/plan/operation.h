/* SPDX-License-Identifier: Apache-2.0 */
/* One run of a command that changes things has an id, and a journal under it. */
#ifndef CLXS_KIT_PLAN_OPERATION_H
#define CLXS_KIT_PLAN_OPERATION_H

#include <clxs/call.h>
#include <stddef.h>

/* A new id for a run of COMMAND: "20260131T235959Z-clone-3f9a1c". Ids sort by time. In the call's scope. */
const char *operation_new_id(struct clxs_call *call, const char *command);
/* The directory that holds the journals, made on first use (0700); NULL with the error set. In the call's
 * scope. */
const char *operation_directory(struct clxs_call *call);
/* The journal of operation ID; NULL with the error set, also for an ID that cannot be one. */
const char *operation_journal(struct clxs_call *call, const char *id);
/* The ids of all operations that have a journal, the newest first; NULL with the error set. In the call's
 * scope.
 */
const char *const *operation_list(struct clxs_call *call, size_t *count);

#endif
