/* SPDX-License-Identifier: Apache-2.0 */
/* Running a plan: ready steps in parallel, longest chains first. A failed step blocks what needs it and
 * nothing else. */
#ifndef CLXS_KIT_PLAN_EXECUTOR_H
#define CLXS_KIT_PLAN_EXECUTOR_H

#include <clxs/call.h>

#include "kit/plan/plan.h"
#include "kit/plan/result.h"

struct journal;

struct executor_options {
  uint32_t width;             /* steps under way at one time; 0 is 1 */
  uint32_t copies;            /* of these, steps with PLAN_COPIES; 0: as many as there are */
  uint32_t copies_per_minute; /* such steps begun in a minute, evenly; 0: as many as there are */
  struct journal *journal;    /* NULL: none is kept */
  /* What an earlier run of this very plan has left, one per step, or NULL: what is done or skipped there is
   * not sent again, what is in doubt is looked up first, all else runs. */
  const struct plan_result *before;
  const char *progress; /* what the progress line says, or NULL for none */
  /* [worker threads, several at a time] Optional: STEP has ended. CHILD is the worker's call. */
  void (*ended)(void *data, struct clxs_call *child, const struct plan *plan, size_t step,
                const struct plan_result *result);
  void *data;
};

/* [call thread] The limits for copies that flags (--parallel-tables, where the command has it) and settings
 * (parallel_tables, max_tables_per_minute) ask for. */
void executor_read_limits(struct clxs_call *call, struct executor_options *options);

/* What became of a run. Texts live in its arena. */
struct executor_results {
  struct arena *arena;
  struct plan_result *steps; /* one per step of the plan */
  size_t count;
};

/* [call thread] Run PLAN. CLXS_OK when every step is done or left out, CLXS_E_PARTIAL when some failed or are
 * blocked, CLXS_E_CANCELLED, CLXS_E_AUTH (the credentials stopped working) or CLXS_E_CONFIG (a setting is
 * missing): nothing else is tried, CLXS_E_UNAVAILABLE (the service is away: nothing else is tried), CLXS_E_IO
 * when the journal cannot be written any more; CLXS_E_INTERNAL naming the cycle when the plan has one, with
 * nothing sent. RESULTS are filled in every case; free them. */
clxs_status executor_run(struct clxs_call *call, const struct plan *plan,
                         const struct executor_options *options, struct executor_results *results);
/* Results of a plan that is only shown: every step waits but those that will not be sent. */
void executor_results_init(const struct plan *plan, struct executor_results *results);
/* Results of a run that is read back from its journal (one per step, in BEFORE): as they were, and steps that
 * were under way when it died are interrupted. */
void executor_results_of(const struct plan *plan, const struct plan_result *before,
                         struct executor_results *results);
void executor_results_free(struct executor_results *results);
#define CLEANUP_RESULTS __attribute__((cleanup(executor_results_free)))

#endif
