/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a SELECT that only reads, handed over one by one. */
#ifndef CLXS_KIT_MODEL_QUERY_H
#define CLXS_KIT_MODEL_QUERY_H

#include <clxs/call.h>

/* [call thread] Run TEXT in WORKSPACE (as in struct clxs_statement), again while the service is only busy,
 * and give ROW the cells of every row: COUNT of them, as the service writes them, NULL for SQL NULL; they
 * live until the next row. Rows are handed over when all of them are here, so that none comes twice. A
 * negative status from ROW ends the walk with it. CLXS_E_DATA when the result has fewer than COUNT columns.
 * PURPOSE is for logs. */
clxs_status query_each(struct clxs_call *call, const char *workspace, const char *text, const char *purpose,
                       uint32_t count, clxs_status (*row)(void *data, const char *const *cells), void *data);

/* The same, where the result's columns are found by their TITLES, two to choose from per cell (NULL: only
 * one), regardless of case; a cell whose column is not there is NULL. TITLES NULL is query_each. */
clxs_status query_titled(struct clxs_call *call, const char *workspace, const char *text, const char *purpose,
                         const char *const (*titles)[2], uint32_t count,
                         clxs_status (*row)(void *data, const char *const *cells), void *data);

#endif
