/* SPDX-License-Identifier: Apache-2.0 */
/* See table.h. */
#include "out/table.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "out/tty.h"

#include "base/banned.h"

/* Rows are kept in blocks so that adding one never moves the others. */
#define BLOCK_ROWS 64

struct block {
  const char **rows[BLOCK_ROWS];
};

struct table {
  struct arena *arena;
  struct clxs_table_column *columns;
  uint32_t count;
  struct block **blocks;
  size_t block_count, block_capacity, rows;
};

struct table *
table_new(struct arena *arena, const struct clxs_table_column *columns, uint32_t count)
{
  struct table *table = arena_alloc(arena, sizeof *table);

  table->arena = arena;
  table->count = count;
  table->columns = arena_array(arena, count, sizeof *columns);
  for (uint32_t i = 0; i < count; i++) {
    table->columns[i] = columns[i];
    table->columns[i].key = arena_strdup(arena, columns[i].key ? columns[i].key : "");
    table->columns[i].title =
        arena_strdup(arena, columns[i].title ? columns[i].title : table->columns[i].key);
  }
  return table;
}

static struct block *
add_block(struct table *table)
{
  if (table->block_count == table->block_capacity) {
    size_t capacity = table->block_capacity ? table->block_capacity * 2 : 8;
    struct block **blocks = arena_array(table->arena, capacity, sizeof *blocks);

    if (table->block_count) memcpy(blocks, table->blocks, table->block_count * sizeof *blocks);
    table->blocks = blocks;
    table->block_capacity = capacity;
  }
  return table->blocks[table->block_count++] = arena_alloc(table->arena, sizeof(struct block));
}

void
table_add(struct table *table, const char *const *cells, uint32_t count)
{
  size_t in_block = table->rows % BLOCK_ROWS;
  struct block *block = in_block ? table->blocks[table->block_count - 1] : add_block(table);
  const char **row = arena_array(table->arena, table->count, sizeof *row);

  for (uint32_t i = 0; i < table->count && i < count; i++)
    row[i] = arena_strdup(table->arena, cells[i]);
  block->rows[in_block] = row;
  table->rows++;
}

uint32_t
table_column_count(const struct table *table)
{
  return table->count;
}

const struct clxs_table_column *
table_column(const struct table *table, uint32_t column)
{
  return &table->columns[column];
}

size_t
table_row_count(const struct table *table)
{
  return table->rows;
}

const char *
table_cell(const struct table *table, size_t row, uint32_t column)
{
  return table->blocks[row / BLOCK_ROWS]->rows[row % BLOCK_ROWS][column];
}

static const char *
skip_digits(const char *at)
{
  while (str_is_digit(*at))
    at++;
  return at;
}

/* The JSON number grammar of RFC 8259 section 6. */
static bool
is_json_number(const char *text)
{
  const char *at = text + (*text == '-');

  if (*at == '0') {
    at++;
  } else if (str_is_digit(*at)) {
    at = skip_digits(at);
  } else {
    return false;
  }
  if (*at == '.') {
    if (!str_is_digit(at[1])) return false;
    at = skip_digits(at + 1);
  }
  if (*at == 'e' || *at == 'E') {
    at++;
    if (*at == '+' || *at == '-') at++;
    if (!str_is_digit(*at)) return false;
    at = skip_digits(at);
  }
  return *at == '\0';
}

bool
table_cell_is_literal(const struct table *table, size_t row, uint32_t column)
{
  const char *cell = table_cell(table, row, column);

  if (!cell || !table->columns[column].number) return false;
  return str_eq(cell, "true") || str_eq(cell, "false") || is_json_number(cell);
}

/* What a cell looks like, in BUF. */
static void
render(struct buf *buf, const char *cell, bool colour)
{
  buf_reset(buf);
  if (!cell) cell = "-";
  tty_add_safe(buf, cell, strlen(cell), colour ? TTY_COLOURS : 0);
}

/* Take columns away from the widest until the line fits, none below MINIMUM. */
static void
shrink(const struct table *table, size_t *widths, size_t room)
{
  const size_t minimum = 8;
  size_t total = 2 * (size_t)(table->count - 1);

  for (uint32_t i = 0; i < table->count; i++)
    total += widths[i];
  while (total > room) {
    uint32_t widest = 0;

    for (uint32_t i = 1; i < table->count; i++)
      if (widths[i] > widths[widest]) widest = i;
    if (widths[widest] <= minimum) return;
    widths[widest]--;
    total--;
  }
}

static size_t *
measure(const struct table *table, unsigned width, bool colour, unsigned indent, struct buf *cell)
{
  size_t *widths = arena_array(table->arena, table->count, sizeof *widths);

  for (uint32_t i = 0; i < table->count; i++) {
    render(cell, table->columns[i].title, false);
    widths[i] = tty_width(cell->data);
    for (size_t row = 0; row < table->rows; row++) {
      size_t wide;

      render(cell, table_cell(table, row, i), colour);
      wide = tty_width(cell->data);
      if (wide > widths[i]) widths[i] = wide;
    }
  }
  if (width > indent) shrink(table, widths, width - indent);
  return widths;
}

static void
add_spaces(struct buf *buf, size_t count)
{
  while (count-- > 0)
    buf_add_char(buf, ' ');
}

static void
add_cell(struct buf *buf, const char *text, size_t width, int32_t align, bool last)
{
  size_t wide = tty_width(text), pad = wide < width ? width - wide : 0;

  if (align == CLXS_ALIGN_RIGHT) add_spaces(buf, pad);
  tty_add_cut(buf, text, width);
  if (align != CLXS_ALIGN_RIGHT && !last) add_spaces(buf, pad);
  if (!last) add_spaces(buf, 2);
}

void
table_add_text(struct buf *buf, const struct table *table, unsigned width, bool colour, unsigned indent)
{
  CLEANUP_BUF struct buf cell = BUF_INIT(BUF_LARGE);
  const size_t *widths;

  if (table->count == 0) return;
  widths = measure(table, width, colour, indent, &cell);
  add_spaces(buf, indent);
  if (colour) buf_add_text(buf, "\x1b[1m");
  for (uint32_t i = 0; i < table->count; i++) {
    render(&cell, table->columns[i].title, false);
    add_cell(buf, cell.data, widths[i], table->columns[i].align, i + 1 == table->count);
  }
  buf_add_text(buf, colour ? "\x1b[0m\n" : "\n");
  for (size_t row = 0; row < table->rows; row++) {
    add_spaces(buf, indent);
    for (uint32_t i = 0; i < table->count; i++) {
      render(&cell, table_cell(table, row, i), colour);
      add_cell(buf, cell.data, widths[i], table->columns[i].align, i + 1 == table->count);
    }
    buf_add_char(buf, '\n');
  }
}
