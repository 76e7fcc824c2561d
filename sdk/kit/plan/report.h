/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a run, for a file that is kept: every object and every step, when it was sent and by which
 * worker. Runs that were resumed are told whole. */
#ifndef CLXS_KIT_PLAN_REPORT_H
#define CLXS_KIT_PLAN_REPORT_H

#include <clxs/call.h>

#include "kit/plan/executor.h"
#include "kit/plan/summary.h"

struct buf;
struct page;

struct report {
  const struct plan *plan;
  const struct executor_results *results;
  const struct summary *summary;
  int64_t since_ms; /* wall clock when this run began; steps before it belong to an earlier one */
};

/* "key":value pairs to add to a JSON object: "steps" (each with state, times, worker, ids) and "errors"
 * (failed objects counted by error class, the most frequent first). */
void report_add_json(struct clxs_call *call, struct buf *json, const struct report *report);

/* Sections of a page, in the order in which they are to be read: the figures; what failed, by class; when it
 * happened; what took longest; all objects; all steps. */
void report_add_figures(struct clxs_call *call, struct page *page, const struct report *report,
                        unsigned long long requests, int64_t duration_ms);
void report_add_errors(struct clxs_call *call, struct page *page, const struct report *report);
void report_add_times(struct clxs_call *call, struct page *page, const struct report *report);
void report_add_objects(struct clxs_call *call, struct page *page, const struct report *report);
void report_add_steps(struct clxs_call *call, struct page *page, const struct report *report);

#endif
