/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the stats plugin share. */
#ifndef CLXS_PLUGINS_STATS_H
#define CLXS_PLUGINS_STATS_H

#include <clxs/clxs.h>
#include <pthread.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/vec.h"
#include "kit/count/count.h"
#include "kit/model/model.h"

struct filter;

/* A figure that is the sum of what is known. */
struct stats_sum {
  int64_t value;
  size_t known, unknown; /* tables */
};

/* A table or view. */
struct stats_table {
  const struct model_schema *schema;
  const struct model_table *table;
  bool measured;              /* it has a size of its own */
  int64_t bytes, files, rows; /* -1: not known */
  const char *problem;        /* why a figure that was asked for is not known, or NULL */
};

/* One line of a breakdown: a schema, kind, format or owner. */
struct stats_group {
  const char *name;
  size_t tables, views, functions, volumes, columns;
  struct stats_sum bytes, files, rows;
};

struct stats_groups {
  VEC(struct stats_group) list;
};

struct stats {
  struct clxs_call *call;
  struct arena *arena;
  pthread_mutex_t lock; /* of the arena, while workers run */
  struct filter *filter;
  struct model_catalog *model;
  bool sizes, rows;
  size_t top;
  uint32_t width, batch;
  VEC(struct stats_table) tables;
  struct stats_group total;
  struct stats_groups schemas, types, formats, owners;
};

/* read.c: the tables, and what was asked for about them. */
void stats_list_tables(struct stats *stats);
clxs_status stats_measure(struct stats *stats);

/* sum.c */
void stats_add_up(struct stats *stats);
/* The tables by a figure: the largest (or oldest) first, those of which it is not known left out. COUNT
 * receives how many; the list lives in the arena. */
enum stats_order { STATS_BY_BYTES, STATS_BY_ROWS, STATS_OLDEST, STATS_NEWEST };
const struct stats_table **stats_sorted(struct stats *stats, enum stats_order order, size_t *count);

/* text.c, report.c */
void stats_print(struct stats *stats);
clxs_status stats_report(struct stats *stats);

#endif
