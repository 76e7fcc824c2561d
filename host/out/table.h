/* SPDX-License-Identifier: Apache-2.0 */
/* A table in memory: columns, and rows of texts or NULL. Every format prints from this. It must not know
 * where the output goes. */
#ifndef CLXS_HOST_OUT_TABLE_H
#define CLXS_HOST_OUT_TABLE_H

#include <clxs/output.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;
struct table;

/* A table in ARENA; the columns are copied. */
struct table *table_new(struct arena *arena, const struct clxs_table_column *columns, uint32_t count);
/* Add a row of COUNT cells (NULL is null; what is missing is null; what is too much is dropped). Copied. */
void table_add(struct table *table, const char *const *cells, uint32_t count);
uint32_t table_column_count(const struct table *table);
const struct clxs_table_column *table_column(const struct table *table, uint32_t column);
size_t table_row_count(const struct table *table);
/* The cell, NULL for null. */
const char *table_cell(const struct table *table, size_t row, uint32_t column);
/* Whether the cell goes into json and yaml as it is: the column holds numbers, and the cell is a JSON number,
 * true or false. */
bool table_cell_is_literal(const struct table *table, size_t row, uint32_t column);

/* Aligned columns under headings, NULL as "-". WIDTH over 0 cuts the widest columns until a line fits.
 * COLOUR: headings in bold, and colours in cells are let through. INDENT spaces in front of every line. */
void table_add_text(struct buf *buf, const struct table *table, unsigned width, bool colour, unsigned indent);

#endif
