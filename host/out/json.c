/* SPDX-License-Identifier: Apache-2.0 */
/* See json.h. */
#include "out/json.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "out/table.h"

#include "base/banned.h"

#define BIG_DIGITS 19 /* INT64_MAX has as many */

static void
add_line(struct buf *buf, unsigned depth)
{
  buf_add_char(buf, '\n');
  for (unsigned i = 0; i < depth; i++)
    buf_add_text(buf, "  ");
}

/* Length of the string token at TEXT, quotes included. */
static size_t
string_length(const char *text, size_t length)
{
  size_t at = 1;

  while (at < length && text[at] != '"')
    at += text[at] == '\\' ? 2 : 1;
  return at < length ? at + 1 : length;
}

/* Where the next token begins. */
static size_t
skip_space(const char *text, size_t length, size_t at)
{
  while (at < length && strchr(" \t\r\n", text[at]))
    at++;
  return at;
}

void
json_add_pretty(struct buf *buf, const char *text, size_t length)
{
  unsigned depth = 0;
  size_t at = skip_space(text, length, 0);

  while (at < length) {
    char c = text[at];
    size_t step = c == '"' ? string_length(text + at, length - at) : 1;
    size_t next = skip_space(text, length, at + step);

    if (c == '}' || c == ']') add_line(buf, --depth);
    buf_add(buf, text + at, step);
    if (c == ':') buf_add_char(buf, ' ');
    if (c == ',') add_line(buf, depth);
    if (c == '{' || c == '[') {
      if (next < length && (text[next] == '}' || text[next] == ']')) {
        buf_add_char(buf, text[next]);
        next = skip_space(text, length, next + 1);
      } else {
        add_line(buf, ++depth);
      }
    }
    at = next;
  }
}

/* Length of the number at TEXT; *WHOLE tells whether it has neither fraction nor exponent. */
static size_t
number_length(const char *text, size_t length, bool *whole)
{
  size_t at = 1;

  *whole = true;
  for (; at < length && strchr("0123456789+-.eE", text[at]) && text[at]; at++)
    if (text[at] == '.' || text[at] == 'e' || text[at] == 'E') *whole = false;
  return at;
}

void
json_add_exact(struct buf *buf, const char *text, size_t length)
{
  for (size_t at = 0, step; at < length; at += step) {
    bool whole = false;
    bool number = text[at] == '-' || str_is_digit(text[at]);

    step = 1;
    if (number) step = number_length(text + at, length - at, &whole);
    if (text[at] == '"') step = string_length(text + at, length - at);
    if (whole && step >= BIG_DIGITS) buf_add_char(buf, '"');
    buf_add(buf, text + at, step);
    if (whole && step >= BIG_DIGITS) buf_add_char(buf, '"');
  }
}

void
json_add_table(struct buf *buf, const struct table *table)
{
  size_t rows = table_row_count(table);

  buf_add_char(buf, '[');
  for (size_t row = 0; row < rows; row++) {
    buf_add_text(buf, row > 0 ? ",\n  {" : "\n  {");
    for (uint32_t i = 0; i < table_column_count(table); i++) {
      if (i > 0) buf_add_text(buf, ", ");
      buf_add_json(buf, table_column(table, i)->key);
      buf_add_text(buf, ": ");
      if (table_cell_is_literal(table, row, i)) {
        buf_add_text(buf, table_cell(table, row, i));
      } else {
        buf_add_json(buf, table_cell(table, row, i));
      }
    }
    buf_add_char(buf, '}');
  }
  buf_add_text(buf, rows > 0 ? "\n]" : "]");
}
