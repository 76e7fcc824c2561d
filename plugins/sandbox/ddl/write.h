/* SPDX-License-Identifier: Apache-2.0 */
/* Rows into tables, with all that a write has to respect: defaults, generated and identity columns, NOT NULL,
 * CHECK. */
#ifndef CLXS_SANDBOX_DDL_WRITE_H
#define CLXS_SANDBOX_DDL_WRITE_H

#include "ddl/ddl.h"

/* TABLE's columns as what an expression may use, each as ALIAS.c<id>. */
void write_source(struct session *session, const struct table *table, const char *alias,
                  struct query_source *source);
/* COUNT columns of TABLE as targets for query_to_store. */
struct query_column *write_targets(struct session *session, struct column *const *columns, size_t count);

/* Rows to add: a SQLite SELECT (in parentheses or not) whose k0, k1, ... are the values of COLUMNS, already
 * cast. Columns of TABLE that are not among them get their default, generated or identity value. */
struct write_rows {
  const char *sql;
  struct column *const *columns;
  size_t column_count;
  bool keep_identity; /* values of GENERATED ALWAYS identity columns are old ones, not given by the user */
};
/* Add them inside WRITE; *ADDED is how many. Does not check constraints. */
bool write_add(struct session *session, struct table *table, const struct data_write *write,
               const struct write_rows *rows, int64_t *added);
/* NOT NULL and CHECK on every row that WRITE brought. */
bool write_check(struct session *session, const struct table *table, const struct data_write *write);
/* CONDITION holds for every row of TABLE as it is; for ADD CONSTRAINT. *BROKEN is how many do not. */
bool write_count_violations(struct session *session, const struct table *table, const char *condition,
                            int64_t *broken);
/* Run generated SQLite SQL under the session's cancellation; the number of rows changed. False with the fault
 * that SQLite's error means. */
bool write_run(struct session *session, const char *sql, int64_t *changed);
/* One number from generated SQL. */
bool write_number(struct session *session, const char *sql, int64_t *number);

/* INSERT as a whole: take the table for writing, add ROWS (instead of all rows when OVERWRITE), check, commit
 * with COMMIT's operation and parameters; META when columns or properties are new, too. */
bool write_insert(struct session *session, struct table *table, const struct write_rows *rows, bool overwrite,
                  const struct version *commit, bool meta, int64_t *added);

#endif
