/* SPDX-License-Identifier: Apache-2.0 */
/* What became of each step. Filled by the executor (or read back from a journal), read by summaries, resume,
 * rollback. */
#ifndef CLXS_KIT_PLAN_RESULT_H
#define CLXS_KIT_PLAN_RESULT_H

#include <clxs/status.h>
#include <stddef.h>
#include <stdint.h>

enum plan_state {
  PLAN_WAITING, /* never begun */
  PLAN_RUNNING, /* begun and not known to have ended: in a journal, in doubt */
  PLAN_DONE,
  PLAN_FAILED,      /* refused, or tried without success */
  PLAN_INTERRUPTED, /* cancelled while it ran: it may have happened */
  PLAN_BLOCKED,     /* not tried: something it needs is missing */
  PLAN_LEFT_OUT,    /* skipped on purpose */
  PLAN_NOT_RUN      /* not tried: the run ended first */
};

/* Texts live with the results (or the journal image). */
struct plan_result {
  enum plan_state state;
  clxs_status status;
  const char *reason; /* NULL when done without remark */
  const char *hint, *error_class, *statement_id;
  int64_t duration_ms;
  unsigned attempts;
  unsigned begun; /* of a journal: how often it was begun, by runs that went on with each other */
};

/* The step was sent, and whether it happened nobody knows. */
_Bool plan_result_is_doubtful(const struct plan_result *result);

/* "waiting", "running", "done", "failed", "interrupted", "blocked", "skipped", "not_run". */
const char *plan_state_name(enum plan_state state);
/* False when TEXT is none of them. */
_Bool plan_state_read(const char *text, enum plan_state *state);

#endif
