/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the validate plugin share: the two catalogs, and what is known of each pair of objects.
 */
#ifndef CLXS_PLUGINS_VALIDATE_H
#define CLXS_PLUGINS_VALIDATE_H

#include <clxs/clxs.h>
#include <stdbool.h>

#include "base/vec.h"
#include "kit/count/count.h"
#include "kit/model/model.h"
#include "kit/rows/mask.h"
#include "kit/rows/rows.h"

struct filter;

#define NO_COUNT SIZE_MAX

enum verdict {
  VERDICT_MATCH,
  VERDICT_DIFFERENT,
  VERDICT_MISSING, /* only in the source */
  VERDICT_EXTRA,   /* only in the destination */
  VERDICT_UNKNOWN, /* it could not be found out */
  VERDICT_NOT_COMPARED,
  VERDICTS
};

enum kind { KIND_SCHEMA, KIND_TABLE, KIND_VIEW, KIND_FUNCTION, KIND_VOLUME, KINDS };

struct item {
  enum kind kind;
  const char *schema, *name; /* name is NULL for a schema */
  enum verdict verdict;
  const char *reason;                /* NULL where there is nothing to say */
  const struct model_table *drifted; /* the copy, when its columns are others than the source has now */
  const char *dest_schema;           /* of that */
  const char *masked;                /* JSON array of columns that are not compared, or NULL */
  const struct model_table *source;  /* a table whose rows are compared, or that is missing; else NULL */
  size_t counts; /* index of the source's count; the destination's follows it. NO_COUNT: not counted */
};

struct validation {
  struct clxs_call *call;
  const char *source_name, *dest_name;
  bool checksum, schema_only;
  uint32_t width, batch;
  struct filter *filter;
  struct rows rows;
  struct masks masks;
  struct arena *arena;
  struct model_catalog *source, *dest;
  VEC(struct item) items;
  VEC(struct count_table) counts;
  size_t totals[KINDS][VERDICTS];
  size_t verdicts[VERDICTS];
};

/* pair.c: an item for every object that is on either side; what needs counting is listed in counts. */
void validation_pair(struct validation *validation);

/* pair.c: ITEM is to be counted on both sides, over the columns of COLUMNS, one of the two tables. */
void validation_add_counts(struct validation *validation, struct item *item,
                           const struct model_table *columns, const char *dest_schema, const char *dest_name);

/* versions.c: the versions that were in force at the time that is asked for, before counting; and behind it,
 * for tables that differ from their source as it is now, the version that they were cloned from, counted in
 * its place. */
clxs_status validation_pin_moment(struct validation *validation);
clxs_status validation_pin_clones(struct validation *validation);

/* judge.c: verdicts on what was counted, and totals. */
void validation_judge(struct validation *validation);
void validation_add_totals(struct validation *validation);
/* What the columns of the two tables differ in, or NULL. */
const char *columns_difference(struct arena *arena, const struct model_table *source,
                               const struct model_table *dest);
/* Why rows of this table cannot be compared, or NULL. */
const char *table_problem(const struct model_table *table);

/* report.c: print it; the command's status. */
clxs_status validation_report(struct validation *validation);

#endif
