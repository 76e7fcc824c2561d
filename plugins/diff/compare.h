/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of `compare` share: a diff, and the rows of every table that both sides have. */
#ifndef CLXS_PLUGINS_DIFF_COMPARE_H
#define CLXS_PLUGINS_DIFF_COMPARE_H

#include "diff.h"
#include "kit/count/count.h"

#define COMPARE_NO_COUNT SIZE_MAX

enum compare_verdict { COMPARE_EQUAL, COMPARE_DIFFERENT, COMPARE_UNKNOWN, COMPARE_VERDICTS };

/* A table that both sides have. */
struct compare_table {
  const char *source_schema, *dest_schema;
  const struct model_table *source, *dest;
  const struct model_column *columns; /* what its contents are taken over, on both sides */
  uint32_t column_count;
  uint32_t left_out; /* columns that were asked for, but are not the same on both sides */
  size_t counts;     /* index of the source's count, the destination's behind it; or COMPARE_NO_COUNT */
  enum compare_verdict verdict;
  enum delta_side unknown_side;
  const char *reason; /* why it is unknown */
};

/* Some rows of a table that differ. */
struct compare_row {
  enum delta_change change;
  const char **key;        /* a value for each key column */
  const char **old_values; /* for each of the table's columns as text; all NULL when only the other has it */
  const char **new_values;
};

struct compare_sample {
  const struct compare_table *table;
  const char **key; /* column names */
  size_t key_count; /* 0: without a key, rows are only on one side or the other */
  VEC(struct compare_row) rows;
  const char *problem; /* why they could not be read, or NULL */
};

struct compare {
  struct diff diff;
  bool checksum;
  uint32_t batch, sample;
  struct diff_words columns, key; /* --columns, --key */
  VEC(struct compare_table) tables;
  VEC(struct count_table) counts;
  VEC(struct compare_sample) samples;
  size_t verdicts[COMPARE_VERDICTS];
  size_t next; /* of tables, while differences are noted */
};

/* rows.c: tables and what is to be counted of them; then the figures and verdicts. */
void compare_list_tables(struct compare *compare);
clxs_status compare_count(struct compare *compare);
/* A delta_options.table: note what the rows of the table SOURCE differ in. */
void compare_note_rows(void *data, struct comparing *at, const struct model_table *source);

/* sample.c: some differing rows of every table that has any. */
clxs_status compare_read_samples(struct compare *compare);

/* compare_report.c: print it all; the command's status. */
clxs_status compare_report(struct compare *compare);

/* compare.c: the command. */
clxs_status compare_run(void *state, struct clxs_call *call);

#endif
