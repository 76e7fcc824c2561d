/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the profile plugin share: the tables, their columns, and what was found out. */
#ifndef CLXS_PLUGINS_PROFILE_H
#define CLXS_PLUGINS_PROFILE_H

#include <clxs/clxs.h>
#include <pthread.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/vec.h"
#include "kit/model/model.h"

struct buf;
struct filter;

/* What can be asked about a column; bits. */
#define PROFILE_INTEGER 1u
#define PROFILE_FLOAT 2u
#define PROFILE_DECIMAL 4u
#define PROFILE_TEXT 8u
#define PROFILE_DATE 16u
#define PROFILE_TIMESTAMP 32u
#define PROFILE_LOCAL_TIME 64u /* TIMESTAMP_NTZ */
#define PROFILE_BOOLEAN 128u
#define PROFILE_BINARY 256u
#define PROFILE_ARRAY 512u
#define PROFILE_MAP 1024u
#define PROFILE_STRUCT 2048u
#define PROFILE_OTHER 4096u
#define PROFILE_NUMBER (PROFILE_INTEGER | PROFILE_FLOAT | PROFILE_DECIMAL)
#define PROFILE_TIME (PROFILE_DATE | PROFILE_TIMESTAMP | PROFILE_LOCAL_TIME)

/* The answers; see sql.c for the question behind each. */
enum profile_metric {
  METRIC_FILLED,
  METRIC_DISTINCT,
  METRIC_NAN,
  METRIC_MIN,
  METRIC_MAX,
  METRIC_MEAN,
  METRIC_DEVIATION,
  METRIC_QUANTILES, /* JSON array */
  METRIC_MIN_LENGTH,
  METRIC_MAX_LENGTH,
  METRIC_MEAN_LENGTH,
  METRIC_EMPTY,
  METRIC_TRUE,
  METRIC_TOP,       /* JSON array of {item, count} */
  METRIC_HISTOGRAM, /* JSON array of {x, y}; x of dates in days, of timestamps in seconds since 1970 */
  METRICS
};

struct profile_column {
  const char *name; /* parts of a struct with dots between */
  const char *sql;  /* the expression, quoted */
  const char *type;
  unsigned kind;              /* one PROFILE_ bit */
  const char *found[METRICS]; /* as the service writes it; NULL: not asked, or NULL */
  int64_t rows, nulls;        /* of the statement that found it */
  bool known;
  const char *problem;
};

struct profile_table {
  const struct model_schema *schema;
  const struct model_table *table;
  VEC(struct profile_column) columns;
  int64_t rows; /* that were read; -1: not known */
  const char *problem;
};

struct profile {
  struct clxs_call *call;
  struct arena *arena;
  pthread_mutex_t lock; /* of the arena, while workers run */
  struct filter *filter;
  struct model_catalog *model;
  const char *sample; /* TABLESAMPLE clause, or "" */
  bool exact, views;
  int64_t top, bins, depth;
  uint32_t width;
  VEC(struct profile_table) tables;
};

/* columns.c: what there is to ask about the columns of TABLE. */
void profile_add_columns(struct profile *profile, struct profile_table *table);

/* sql.c: the statement that asks about COUNT columns from FIRST on, rows first; and which metrics a column
 * has, in the order of the statement. */
void profile_add_statement(struct buf *sql, const struct profile *profile, const struct profile_table *table,
                           size_t first, size_t count);
bool profile_asks(const struct profile *profile, const struct profile_column *column,
                  enum profile_metric metric);

/* read.c: ask about all tables. */
clxs_status profile_read(struct profile *profile);

/* shape.c: how values are spread, for people: a histogram as a line of small bars WIDTH wide, or the top
 * values with their share. Never NULL. */
const char *profile_shape(struct profile *profile, const struct profile_column *column, size_t width);
/* "1 .. 9", or of texts and the like their lengths: "3 .. 20 characters"; NULL where there is neither. */
const char *profile_range(struct profile *profile, const struct profile_column *column);
/* The number NUMBER with at most six digits that count. */
const char *profile_number(struct profile *profile, const char *number);
/* 100 * PART / WHOLE with one digit and a percent sign. */
const char *profile_share(struct profile *profile, int64_t part, int64_t whole);

/* text.c, report.c, html.c */
void profile_print(struct profile *profile);
void profile_write_json(struct profile *profile, bool pretty, struct buf *out);
clxs_status profile_report(struct profile *profile);
clxs_status profile_save_html(struct profile *profile, const char *path);

#endif
