/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan's run means for its objects: one outcome per object, counted by kind, as JSON and for people.
 * Every command that runs a plan reports through this, so that exit codes and counts mean the same
 * everywhere. */
#ifndef CLXS_KIT_PLAN_SUMMARY_H
#define CLXS_KIT_PLAN_SUMMARY_H

#include <clxs/call.h>
#include <stdbool.h>

#include "kit/plan/executor.h"
#include "kit/plan/plan.h"

struct buf;

enum summary_outcome {
  SUMMARY_SUCCEEDED,
  SUMMARY_FAILED, /* also: interrupted */
  SUMMARY_BLOCKED,
  SUMMARY_SKIPPED,
  SUMMARY_NOT_RUN,
  SUMMARY_PLANNED, /* of a dry run */
  SUMMARY_OUTCOMES
};

struct summary_object {
  enum summary_outcome outcome;
  const char *reason, *hint, *error_class, *statement_id;
  int64_t duration_ms;
};

struct summary_kind {
  const char *kind;
  size_t counts[SUMMARY_OUTCOMES];
};

/* Texts and arrays live with the plan, the results and the arena given. */
struct summary {
  const struct plan *plan;
  struct summary_object *objects; /* one per object of the plan */
  struct summary_kind kinds[16];  /* those named first, then others in order of appearance */
  size_t kind_count;
  size_t totals[SUMMARY_OUTCOMES];
  bool dry_run;
  bool undone;        /* the run was taken back since */
  clxs_status status; /* of the run; with STRICT a skipped object counts as a failure */
};

/* "succeeded", "failed", "blocked", "skipped", "not_run", "planned". */
const char *summary_outcome_name(enum summary_outcome outcome);

/* Judge every object by its steps: failed before blocked before not run before skipped. KINDS
 * (NULL-terminated) are counted even when there are none of them. STATUS is what executor_run gave; DRY_RUN:
 * nothing was run. */
void summary_make(struct arena *arena, const struct plan *plan, const struct executor_results *results,
                  const char *const *kinds, clxs_status status, bool dry_run, bool strict,
                  struct summary *summary);
/* The run as one word, the same as in its journal: "succeeded", "partial" (some objects failed or are
 * blocked), "different" (done, and the copy does not match), "failed" (stopped early), "cancelled";
 * "rolled_back"; or "planned". */
const char *summary_status_name(const struct summary *summary);

/* The one JSON object on stdout: the members of HEAD (the inside of a JSON object: "\"a\":1,\"b\":2"), then
 * status, counts, objects, warnings. */
void summary_print_json(struct buf *buf, const struct summary *summary, const char *head);
/* "2 objects failed, 3 are blocked, 1 was skipped": what there is of it. In the call's scope. */
const char *summary_failure_text(struct clxs_call *call, const struct summary *summary);
/* [command thread] For people: a table by kind, then what failed, was blocked or skipped, and why. */
void summary_print_text(struct clxs_call *call, const struct summary *summary);

#endif
