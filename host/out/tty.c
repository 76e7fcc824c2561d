/* SPDX-License-Identifier: Apache-2.0 */
/* See tty.h. */
#include "out/tty.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/str.h"

#include "base/banned.h"

bool
tty_is(FILE *file)
{
  return file && isatty(fileno(file)) == 1;
}

bool
tty_colour(FILE *file)
{
  const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

  if (no_color && *no_color) return false;
  if (!term || !*term || str_eq(term, "dumb")) return false;
  return tty_is(file);
}

unsigned
tty_columns(FILE *file)
{
  struct winsize size = {0};
  int64_t columns;

  if (!tty_is(file)) return 0;
  if (ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  if (getenv("COLUMNS") && str_to_int64(getenv("COLUMNS"), &columns) && columns > 0 && columns < 10000)
    return (unsigned)columns;
  return 80;
}

/* Length of the SGR sequence at TEXT, 0 if there is none. */
static size_t
sgr_length(const char *text, size_t length)
{
  size_t at = 2;

  if (length < 3 || text[0] != '\x1b' || text[1] != '[') return 0;
  while (at < length && (str_is_digit(text[at]) || text[at] == ';'))
    at++;
  return at < length && text[at] == 'm' ? at + 1 : 0;
}

static void
add_control(struct buf *buf, uint32_t point)
{
  if (point == '\n') {
    buf_add_text(buf, "\\n");
  } else if (point == '\t') {
    buf_add_text(buf, "\\t");
  } else if (point == '\r') {
    buf_add_text(buf, "\\r");
  } else if (point < 0x80) {
    buf_addf(buf, "\\x%02x", (unsigned)point);
  } else {
    buf_addf(buf, "\\u%04x", (unsigned)point);
  }
}

void
tty_add_safe(struct buf *buf, const char *text, size_t length, unsigned allow)
{
  bool coloured = false;

  for (size_t at = 0; at < length;) {
    uint32_t point = 0;
    size_t sgr = allow & TTY_COLOURS ? sgr_length(text + at, length - at) : 0;
    size_t step = sgr ? sgr : utf8_decode(text + at, &point);

    if (step > length - at) step = 0;
    if (sgr) {
      coloured = true;
      buf_add(buf, text + at, sgr);
    } else if (text[at] == '\0') {
      step = 1;
      buf_add_text(buf, "\\x00");
    } else if (step == 0) {
      step = 1;
      buf_addf(buf, "\\x%02x", (unsigned)(unsigned char)text[at]);
    } else if ((point == '\n' || point == '\t') && (allow & TTY_LINES)) {
      buf_add_char(buf, (char)point);
    } else if (point < 0x20 || (point >= 0x7f && point < 0xa0) || utf8_is_direction(point)) {
      add_control(buf, point);
    } else {
      buf_add(buf, text + at, step);
    }
    at += step;
  }
  if (coloured) buf_add_text(buf, "\x1b[0m");
}

/* One character at TEXT: its length and columns. */
static size_t
step_over(const char *text, size_t *columns)
{
  size_t sgr = sgr_length(text, strlen(text));
  uint32_t point;
  size_t step;
  char one[8] = {0};

  *columns = 0;
  if (sgr) return sgr;
  step = utf8_decode(text, &point);
  if (step == 0) step = 1;
  memcpy(one, text, step);
  *columns = utf8_width(one);
  return step;
}

size_t
tty_width(const char *text)
{
  size_t width = 0, columns;

  while (*text) {
    text += step_over(text, &columns);
    width += columns;
  }
  return width;
}

void
tty_add_cut(struct buf *buf, const char *text, size_t columns)
{
  size_t used = 0, wide;
  bool coloured = false;

  if (tty_width(text) <= columns) {
    buf_add_text(buf, text);
    return;
  }
  while (*text) {
    size_t step = step_over(text, &wide);

    if (used + wide > columns - 1) break;
    coloured = coloured || *text == '\x1b';
    buf_add(buf, text, step);
    used += wide;
    text += step;
  }
  if (coloured) buf_add_text(buf, "\x1b[0m");
  buf_add_text(buf, "…");
}
