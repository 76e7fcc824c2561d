/* SPDX-License-Identifier: Apache-2.0 */
/* Growable buffers and the escapes that every writer needs (JSON, URL, HTML). SQL quoting is not here: it
 * belongs to kit/sqltext. */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

#include "base/banned.h"

/* Every module that links this has one of its own and buffers travel between modules, so an unused buffer is
 * told by its capacity, never by this address. */
char buf_empty[1] = "";

void
buf_free(struct buf *buf)
{
  if (buf->cap > 0) free(buf->data);
  *buf = BUF_INIT(buf->max);
}

void
buf_reset(struct buf *buf)
{
  buf->len = 0;
  buf->overflow = false;
  if (buf->cap > 0) buf->data[0] = '\0';
}

char *
buf_take(struct buf *buf)
{
  char *text = buf->cap > 0 ? buf->data : xstrdup("");

  *buf = BUF_INIT(buf->max);
  return text;
}

/* Room for LENGTH more bytes and the NUL, or the overflow mark. */
static bool
reserve(struct buf *buf, size_t length)
{
  size_t need = buf->len + length + 1, cap = buf->cap ? buf->cap : 64;

  if (buf->overflow) return false;
  if (need < length || need - 1 > buf->max) {
    buf->overflow = true;
    return false;
  }
  if (need <= buf->cap) return true;
  while (cap < need)
    cap *= 2;
  buf->data = xrealloc(buf->cap > 0 ? buf->data : NULL, cap);
  buf->cap = cap;
  return true;
}

void
buf_add(struct buf *buf, const void *bytes, size_t length)
{
  if (!reserve(buf, length)) return;
  if (length > 0) memcpy(buf->data + buf->len, bytes, length);
  buf->len += length;
  buf->data[buf->len] = '\0';
}

void
buf_add_text(struct buf *buf, const char *text)
{
  buf_add(buf, text, strlen(text));
}

void
buf_add_char(struct buf *buf, char c)
{
  buf_add(buf, &c, 1);
}

void
buf_vaddf(struct buf *buf, const char *format, va_list args)
{
  va_list again;
  int length;

  va_copy(again, args);
  length = vsnprintf(NULL, 0, format, again);
  va_end(again);
  if (length < 0 || !reserve(buf, (size_t)length)) return;
  vsnprintf(buf->data + buf->len, (size_t)length + 1, format, args);
  buf->len += (size_t)length;
}

void
buf_addf(struct buf *buf, const char *format, ...)
{
  va_list args;

  va_start(args, format);
  buf_vaddf(buf, format, args);
  va_end(args);
}

static void
add_json_char(struct buf *buf, const char *text, size_t length)
{
  unsigned char c = (unsigned char)*text;

  switch (c) {
  case '"': buf_add_text(buf, "\\\""); break;
  case '\\': buf_add_text(buf, "\\\\"); break;
  case '\n': buf_add_text(buf, "\\n"); break;
  case '\r': buf_add_text(buf, "\\r"); break;
  case '\t': buf_add_text(buf, "\\t"); break;
  default:
    if (c < 0x20 || c == 0x7f)
      buf_addf(buf, "\\u%04x", c);
    else
      buf_add(buf, text, length);
  }
}

void
buf_add_json(struct buf *buf, const char *text)
{
  if (!text) {
    buf_add_text(buf, "null");
    return;
  }
  buf_add_char(buf, '"');
  while (*text) {
    uint32_t point;
    size_t length = utf8_decode(text, &point);

    if (length == 0) {
      buf_add_text(buf, "\xef\xbf\xbd");
      text++;
      continue;
    }
    add_json_char(buf, text, length);
    text += length;
  }
  buf_add_char(buf, '"');
}

void
buf_add_lower(struct buf *buf, const char *text)
{
  while (*text) {
    uint32_t point = 0;
    size_t length = utf8_decode(text, &point);
    char bytes[4];

    if (length)
      buf_add(buf, bytes, utf8_encode(utf8_lower(point), bytes));
    else
      buf_add_char(buf, *text);
    text += length ? length : 1;
  }
}

void
buf_add_url(struct buf *buf, const char *text)
{
  for (; *text; text++) {
    unsigned char c = (unsigned char)*text;

    if (str_is_alnum((char)c) || c == '-' || c == '.' || c == '_' || c == '~')
      buf_add_char(buf, (char)c);
    else
      buf_addf(buf, "%%%02X", c);
  }
}

void
buf_add_html(struct buf *buf, const char *text)
{
  for (; *text; text++) {
    switch (*text) {
    case '&': buf_add_text(buf, "&amp;"); break;
    case '<': buf_add_text(buf, "&lt;"); break;
    case '>': buf_add_text(buf, "&gt;"); break;
    case '"': buf_add_text(buf, "&quot;"); break;
    case '\'': buf_add_text(buf, "&#39;"); break;
    default: buf_add_char(buf, *text);
    }
  }
}
