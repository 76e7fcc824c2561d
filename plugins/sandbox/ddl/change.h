/* SPDX-License-Identifier: Apache-2.0 */
/* What UPDATE, DELETE and MERGE share. */
#ifndef CLXS_SANDBOX_DDL_CHANGE_H
#define CLXS_SANDBOX_DDL_CHANGE_H

#include "ddl/ddl.h"

struct buf;

/* A new value for one column, by position: an expression, or another side's column as it is. */
struct change_value {
  bool given;
  struct ast_expr *expr;
  const struct query_source_column *from;
};

/* The table of OPERATION: SELECT and MODIFY, Delta, no row filter or mask. */
bool change_open(struct session *session, const struct name *name, const char *operation,
                 struct table *table);
/* SQL of the rows that are live while WRITE is going on, with row_id. */
const char *change_live(struct session *session, const struct data_write *write);
/* a = expr, ...: VALUES has one entry per column of TABLE. */
bool change_read_set(struct cursor *cursor, const struct table *table, const char *alias,
                     struct change_value **out);
/* "expr AS k0, ..." for each column of TABLE: its new value, or OLD.c<id> (OLD NULL: NULL). */
bool change_new_row(struct session *session, const struct table *table, const struct change_value *values,
                    const struct query_source *sources, size_t count, const char *old, struct buf *sql);
/* One of them. */
bool change_value_sql(struct session *session, const struct column *column, const struct change_value *value,
                      const struct query_source *sources, size_t count, struct buf *sql);
/* Insert rows whose k0, k1, ... are all columns of TABLE; generated ones are computed. */
bool change_insert(struct session *session, struct table *table, const struct data_write *write,
                   const char *sql, int64_t *begun);
/* One file for what is left, and the version. */
bool change_commit(struct session *session, struct table *table, const struct data_write *write,
                   const char *operation, const char *predicate, const char *metrics);

#endif
