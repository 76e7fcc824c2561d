/* SPDX-License-Identifier: Apache-2.0 */
/* Telling the world of an operation: "COMMAND.before", which subscribers may forbid, and "COMMAND.finished",
 * however it ended. It must not know who listens. Events are JSON objects:
 *
 *   before    command, operation_id, source, destination, workspace, started_at, arguments
 *   finished  the same without arguments, and ended_at, duration_seconds, status, counts, error
 *
 * Times are ISO 8601 in UTC; arguments is what core->arg_record says; status is a journal's (journal_status)
 * or "rolled_back"; counts has a number for each outcome of objects; counts and error may be null. */
#ifndef CLXS_KIT_PLAN_ANNOUNCE_H
#define CLXS_KIT_PLAN_ANNOUNCE_H

#include <clxs/call.h>
#include <stdbool.h>

struct summary;

/* One operation. Texts are copied into the call's scope when it is announced. Zero the rest. */
struct announce {
  const char *command, *operation, *source, *destination;
  int64_t started_ms; /* wall clock; set by announce_before */
  bool open;          /* it was announced, and its end was not */
};

/* [command thread] It is about to begin. Negative, with the error set, when a subscriber forbids it. */
clxs_status announce_before(struct clxs_call *call, struct announce *announce);
/* [command thread] It ended with STATUS; SUMMARY may be NULL. Says nothing unless it was announced and is not
 * over. What is recorded as the call's error goes with it, and stays. */
void announce_finished(struct clxs_call *call, struct announce *announce, const char *status,
                       const struct summary *summary);

#endif
