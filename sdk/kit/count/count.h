/* SPDX-License-Identifier: Apache-2.0 */
/* Rows and checksums of many tables with few statements. Tables are counted together, by UNION ALL; a
 * statement that the service refuses is cut in two until only the table that is to blame stays unknown. What
 * is not known is never a number.
 *
 * The checksum of a table is that of its set of rows, whatever their order: every row becomes one xxhash64
 * over its columns (https://docs.databricks.com/sql/language-manual/functions/xxhash64.html), and the sum of
 * these, exact in DECIMAL(38,0), stands beside their exclusive or. The function passes over NULLs, so each
 * column that may be NULL brings a mark of its own. */
#ifndef CLXS_KIT_COUNT_H
#define CLXS_KIT_COUNT_H

#include <clxs/call.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;
struct model_column;

/* One table: what to count, and the answer. */
struct count_table {
  const char *catalog, *schema, *name;
  bool pinned; /* count VERSION, not what is there now */
  int64_t version;
  const char *condition; /* count the rows for which this SQL is true; NULL: all */
  /* Columns in the order in which they are hashed; needed for a checksum only. Two tables are comparable when
   * the same names and types are given for both. */
  const struct model_column *columns;
  uint32_t column_count;

  bool known; /* rows is valid */
  int64_t rows;
  const char *checksum; /* "SUM/XOR", NULL when it was not asked for or is not known */
  const char *problem;  /* why rows or checksum are not known, for a person, or NULL */
};

struct count_options {
  bool checksum;
  uint32_t batch;        /* most tables in one statement; 0 means COUNT_BATCH */
  uint32_t width;        /* statements under way at one time */
  const char *progress;  /* what the progress line says, or NULL */
  const char *workspace; /* as in struct clxs_statement */
};

#define COUNT_BATCH 50
/* A statement is closed when its text has grown past this many bytes. */
#define COUNT_TEXT ((size_t)128 << 10)

/* [command thread] Count all COUNT tables. Texts of the answers live in ARENA. CLXS_OK also when tables stay
 * unknown; an error only when the run was cancelled, or the service let nobody in. */
clxs_status count_tables(struct clxs_call *call, struct arena *arena, struct count_table *tables,
                         size_t count, const struct count_options *options);

/* count_sql.c: add the query that answers INDEX, rows and (for CHECKSUM) the sum and exclusive or of TABLE.
 */
void count_add_query(struct buf *sql, size_t index, const struct count_table *table, bool checksum);
/* The expression that is a row's hash: never NULL. */
void count_add_hash(struct buf *sql, const struct count_table *table);
/* The first of the table's columns that no hash can be made of, or NULL. */
const struct model_column *count_unhashable(const struct count_table *table);

#endif
