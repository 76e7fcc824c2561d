/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the monitor plugin share: the task, and what one check has found. */
#ifndef CLXS_PLUGINS_MONITOR_H
#define CLXS_PLUGINS_MONITOR_H

#include <clxs/clxs.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/vec.h"
#include "kit/delta/delta.h"
#include "kit/snapshot/side.h"

struct buf;
struct filter;

/* One check; everything in it lives in its arena and models. */
struct check {
  struct arena *arena;
  struct side sides[2]; /* source, dest; dest is the check before when there is no --dest */
  bool borrowed;        /* sides[1] belongs to the check before */
  struct delta delta;
  VEC(const char *) counts;        /* "s.t: 5 rows, 4 in dest" */
  VEC(const char *) unknown;       /* what could not be counted or dated */
  VEC(const char *) stale;         /* "s.t: 3 days" */
  int64_t started_ms, duration_ms; /* wall clock, and how long */
  clxs_status status;              /* CLXS_OK, CLXS_DIFFERENT, or why it failed */
  const char *error;               /* message, NULL unless it failed */
  uint64_t hash;                   /* of all differences */
};

struct monitor {
  struct clxs_call *call;
  const char *source, *dest; /* DEST NULL: the check before */
  struct filter *filter;
  struct delta_options options;
  bool counts, once;
  uint32_t width;
  int64_t interval_ms, max_age_ms, max_checks; /* MAX_AGE_MS 0: not asked */
  const char *metrics;
  int64_t checks, failures, failures_in_a_row;
  struct check *last; /* the last one that did not fail, or NULL */
};

/* check.c: make a check, which never fails but by saying so in it. Free it. */
struct check *check_make(struct monitor *monitor);
void check_free(struct check *check);
/* It has found something to tell. */
bool check_differs(const struct check *check);

/* report.c: print CHECK; CHANGED: it is not as the one before. The document lives in BUF. */
void monitor_add_document(struct buf *json, const struct monitor *monitor, const struct check *check,
                          bool changed);
clxs_status monitor_print(struct monitor *monitor, const struct check *check, bool changed);

/* metrics.c: the file of --metrics. */
clxs_status monitor_write_metrics(struct monitor *monitor, const struct check *check);

#endif
