/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the drift plugin share. Everywhere, "before" is --dest and "after" is --source: the drift
 * is what has happened to the one since it was like the other. */
#ifndef CLXS_PLUGINS_DRIFT_H
#define CLXS_PLUGINS_DRIFT_H

#include <clxs/clxs.h>
#include <stdbool.h>

#include "base/arena.h"
#include "kit/delta/delta.h"
#include "kit/model/model.h"
#include "kit/snapshot/side.h"

struct filter;
struct plan;

enum drift_class { DRIFT_COMPATIBLE, DRIFT_BREAKING, DRIFT_NEUTRAL, DRIFT_CLASSES };

struct drift {
  struct clxs_call *call;
  struct arena *arena;
  struct side sides[2]; /* before, after */
  struct filter *filter;
  uint32_t width;
  const char *table; /* --table, or NULL */
  struct delta_options options;
  struct delta delta; /* between before and after; its "old" is before */
  size_t classes[DRIFT_CLASSES];
};

/* classify.c */
enum drift_class drift_classify(const struct drift *drift, const struct delta_difference *difference);
/* "compatible", "breaking", "neutral" */
const char *drift_class_name(enum drift_class class);
/* Can Delta widen the type FROM to TO in place? Both in one spelling.
 * https://docs.databricks.com/delta/type-widening.html */
bool drift_widens(const char *from, const char *to);
/* The differences of one table from FIRST on: how many. */
size_t drift_table_end(const struct drift *drift, size_t first);

/* earlier.c: side before becomes the earlier version of the one table that --table names, and side after only
 * that table. */
clxs_status drift_read_earlier(struct drift *drift);

/* alter.c: the plan that gives the tables of before the columns of after. The caller frees it. */
struct plan *drift_plan(struct drift *drift, bool drop_removed);

/* apply.c: make, show or run the plan, and report it. */
clxs_status drift_apply(struct drift *drift);

/* report.c */
clxs_status drift_report(struct drift *drift);

#endif
