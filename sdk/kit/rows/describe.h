/* SPDX-License-Identifier: Apache-2.0 */
/* DESCRIBE statements about one table, whose answers are read by the names of their columns, for the service
 * may add some. */
#ifndef CLXS_KIT_ROWS_DESCRIBE_H
#define CLXS_KIT_ROWS_DESCRIBE_H

#include <clxs/call.h>
#include <stdint.h>

struct clxs_rows;

/* [call thread] Run `DESCRIBE WHAT name TAIL`, again while the service is only busy. WHAT and TAIL are SQL,
 * TAIL "" for none; WORKSPACE as in struct clxs_statement; PURPOSE is for logs. ROWS is never NULL on
 * CLXS_OK. */
clxs_status describe_run(struct clxs_call *call, const char *what, const char *const name[3],
                         const char *tail, const char *workspace, const char *purpose,
                         struct clxs_rows **rows);
/* The current row's cell under COLUMN; NULL where there is none. Lives until the next step. */
const char *describe_cell(struct clxs_call *call, struct clxs_rows *rows, const char *column);

/* What DESCRIBE DETAIL says. https://docs.databricks.com/delta/table-details.html */
struct table_detail {
  int64_t bytes, files; /* -1: not told */
  const char *cluster;  /* JSON array of clustering keys, or NULL. Lives in the scope of the call. */
};

/* [call thread] One statement about the table NAME. */
clxs_status detail_read(struct clxs_call *call, const char *const name[3], const char *workspace,
                        struct table_detail *detail);

#endif
