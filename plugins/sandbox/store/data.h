/* SPDX-License-Identifier: Apache-2.0 */
/* Rows. The rows of table version V are those of the physical table d_<data_id> that are live at
 * data_version: v_from <= data_version and (v_to is NULL or v_to > data_version). A table that never held a
 * row has data_id 0 and no physical table; a clone and a RESTORE point at rows that are already there and
 * copy them only when they are first written to. Physical columns c<id> have no type of their own: what they
 * hold is what the version's columns say.
 *
 * Values: integers INTEGER; float and double REAL; boolean INTEGER 0/1; decimal TEXT with its scale; date
 * 'YYYY-MM-DD'; timestamp and timestamp_ntz 'YYYY-MM-DD HH:MM:SS[.ffffff]' (UTC); string TEXT; binary BLOB;
 * array, map, struct and variant as canonical JSON TEXT. */
#ifndef CLXS_SANDBOX_STORE_DATA_H
#define CLXS_SANDBOX_STORE_DATA_H

#include "engine.h"

struct table;

/* SQLite text, in parentheses, of a sub-select giving c<id> for each column of TABLE at its version, and
 * row_id (the physical rowid, for data_write) when ROW_ID. Works for empty tables. */
const char *data_rows_sql(struct arena *arena, const struct table *table, bool row_id);
/* The number of rows of TABLE at its version. */
int64_t data_count(struct session *session, const struct table *table);

/* Make TABLE writable: its rows are in its own physical table afterwards, and rows written with v_from =
 * VERSION (or taken away with v_to = VERSION) belong to the next version. Then write by SQL, and
 * version_commit. */
struct data_write {
  const char *physical; /* d_17 */
  int64_t version;
};
bool data_write(struct session *session, struct table *table, struct data_write *out);
/* Take all rows of TABLE away in the version that is being written; the number of rows taken. */
int64_t data_truncate(struct session *session, struct table *table, const struct data_write *write);

/* Data files, as far as figures go: every write adds one file for the rows it added. */
struct data_files {
  int64_t count, bytes;
};
struct data_files data_files(struct session *session, const struct table *table);
/* After writing: one more file with ROWS rows; with REWRITE it stands for all files before it. Returns its
 * size. */
int64_t data_add_file(struct session *session, struct table *table, const struct data_write *write,
                      int64_t rows, bool rewrite);
/* Files that TO has and FROM has not. */
struct data_files data_files_missing(struct session *session, const struct table *from,
                                     const struct table *to);
/* TABLE's next version has the rows of SOURCE (at the version SOURCE was opened at); nothing is copied yet.
 */
bool data_adopt(struct session *session, struct table *table, const struct table *source);

#endif
