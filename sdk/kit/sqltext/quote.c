/* SPDX-License-Identifier: Apache-2.0 */
/* Quoting by the rules that every runtime understands: back-ticks doubled in names, backslashes in strings.
 */
#include "kit/sqltext/quote.h"

#include "base/buf.h"

#include "base/banned.h"

void
sql_add_name(struct buf *buf, const char *name)
{
  buf_add_char(buf, '`');
  for (; *name; name++) {
    if (*name == '`') buf_add_char(buf, '`');
    buf_add_char(buf, *name);
  }
  buf_add_char(buf, '`');
}

void
sql_add_names(struct buf *buf, const char *const *parts, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    if (i > 0) buf_add_char(buf, '.');
    sql_add_name(buf, parts[i]);
  }
}

void
sql_add_literal(struct buf *buf, const char *text)
{
  if (!text) {
    buf_add_text(buf, "NULL");
    return;
  }
  buf_add_char(buf, '\'');
  for (; *text; text++) {
    if (*text == '\'' || *text == '\\') buf_add_char(buf, '\\');
    buf_add_char(buf, *text);
  }
  buf_add_char(buf, '\'');
}
