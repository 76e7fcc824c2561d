/* SPDX-License-Identifier: Apache-2.0 */
/* See csv.h. */
#include "out/csv.h"

#include <string.h>

#include "base/buf.h"
#include "out/table.h"

#include "base/banned.h"

void
csv_add_field(struct buf *buf, const char *text)
{
  if (!text) return;
  if (*text && !strpbrk(text, ",\"\r\n") && text[0] != ' ' && text[strlen(text) - 1] != ' ') {
    buf_add_text(buf, text);
    return;
  }
  buf_add_char(buf, '"');
  for (; *text; text++) {
    if (*text == '"') buf_add_char(buf, '"');
    buf_add_char(buf, *text);
  }
  buf_add_char(buf, '"');
}

void
csv_add_table(struct buf *buf, const struct table *table)
{
  uint32_t count = table_column_count(table);

  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) buf_add_char(buf, ',');
    csv_add_field(buf, table_column(table, i)->key);
  }
  buf_add_text(buf, "\r\n");
  for (size_t row = 0; row < table_row_count(table); row++) {
    for (uint32_t i = 0; i < count; i++) {
      if (i > 0) buf_add_char(buf, ',');
      csv_add_field(buf, table_cell(table, row, i));
    }
    buf_add_text(buf, "\r\n");
  }
}
