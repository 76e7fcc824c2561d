/* SPDX-License-Identifier: Apache-2.0 */
/* Walking JSON text in place. */
#include "query/raw.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/str.h"
#include "query/value.h"

#include "base/banned.h"

static bool
is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct raw
raw_of(const char *text, size_t length)
{
  while (length && is_blank(*text)) {
    text++;
    length--;
  }
  while (length && is_blank(text[length - 1]))
    length--;
  return (struct raw){text, length};
}

/* Behind the string that starts at POSITION. */
static size_t
end_of_string(struct raw raw, size_t position)
{
  for (position++; position < raw.length && raw.at[position] != '"'; position++)
    if (raw.at[position] == '\\') position++;
  return position < raw.length ? position + 1 : raw.length;
}

/* Behind the value that starts at POSITION. */
static size_t
end_of_value(struct raw raw, size_t position)
{
  size_t depth = 0;

  while (position < raw.length) {
    char c = raw.at[position];

    if (c == '"') {
      position = end_of_string(raw, position);
      if (depth == 0) return position;
      continue;
    }
    if (depth == 0 && (c == ',' || c == ']' || c == '}' || c == ':' || is_blank(c))) return position;
    if (c == '[' || c == '{') depth++;
    if (c == ']' || c == '}') depth--;
    position++;
    if (depth == 0 && (c == ']' || c == '}')) return position;
  }
  return raw.length;
}

static size_t
skip(struct raw raw, size_t position, char mark)
{
  while (position < raw.length && (is_blank(raw.at[position]) || raw.at[position] == mark))
    position++;
  return position;
}

bool
raw_next(struct raw container, size_t *position, struct raw *key, struct raw *value)
{
  size_t start, end;

  if (container.length < 2 || (*container.at != '[' && *container.at != '{')) return false;
  start = skip(container, *position == 0 ? 1 : *position, ',');
  if (start >= container.length - 1) return false;
  if (key) *key = (struct raw){container.at, 0};
  if (*container.at == '{') {
    end = end_of_string(container, start);
    if (key) *key = (struct raw){container.at + start, end - start};
    start = skip(container, end, ':');
  }
  end = end_of_value(container, start);
  if (end == start) return false;
  *value = (struct raw){container.at + start, end - start};
  *position = end;
  return true;
}

size_t
raw_count(struct raw container)
{
  size_t position = 0, count = 0;
  struct raw value;

  while (raw_next(container, &position, NULL, &value))
    count++;
  return count;
}

static bool
same_key(struct raw key, const char *text, size_t length)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (key.length >= 2 && !memchr(key.at, '\\', key.length))
    return key.length - 2 == length && memcmp(key.at + 1, text, length) == 0;
  raw_add_text(&buf, key);
  return buf.len == length && memcmp(buf.data, text, length) == 0;
}

bool
raw_member(struct raw object, const char *key, size_t length, struct raw *value)
{
  size_t position = 0;
  struct raw name;

  if (object.length == 0 || *object.at != '{') return false;
  while (raw_next(object, &position, &name, value))
    if (same_key(name, key, length)) return true;
  return false;
}

bool
raw_element(struct raw array, size_t index, struct raw *value)
{
  size_t position = 0;

  if (array.length == 0 || *array.at != '[') return false;
  while (raw_next(array, &position, NULL, value))
    if (index-- == 0) return true;
  return false;
}

bool
raw_is_null(struct raw value)
{
  return value.length == 4 && memcmp(value.at, "null", 4) == 0;
}

static uint32_t
hex4(const char *at)
{
  uint32_t point = 0;

  for (int i = 0; i < 4; i++) {
    char c = str_lower(at[i]);

    point = point * 16 + (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  return point;
}

/* The \uXXXX at AT, with the second half of a surrogate pair; how many bytes it took. */
static size_t
add_point(struct buf *buf, const char *at, const char *limit)
{
  uint32_t point, low;
  char bytes[4];
  size_t used = 6;

  if (limit - at < 6) return (size_t)(limit - at);
  point = hex4(at + 2);
  if (point >= 0xd800 && point < 0xdc00 && limit - at >= 12 && at[6] == '\\' && at[7] == 'u') {
    low = hex4(at + 8);
    if (low >= 0xdc00 && low < 0xe000) {
      point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
      used = 12;
    }
  }
  if (point >= 0xd800 && point < 0xe000) point = 0xfffd;
  buf_add(buf, bytes, utf8_encode(point, bytes));
  return used;
}

void
raw_add_text(struct buf *buf, struct raw string)
{
  static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
  const char *at = string.at + 1, *limit = string.at + string.length - 1;

  if (string.length < 2 || *string.at != '"') {
    buf_add(buf, string.at, string.length);
    return;
  }
  while (at < limit) {
    const char *letter;

    if (*at != '\\') {
      buf_add_char(buf, *at++);
      continue;
    }
    if (at[1] == 'u') {
      at += add_point(buf, at, limit);
      continue;
    }
    letter = strchr(letters, at[1]);
    buf_add_char(buf, letter && *letter ? meanings[letter - letters] : at[1]);
    at += 2;
  }
}

void
raw_add_string(struct buf *buf, const char *text, size_t length)
{
  buf_add_char(buf, '"');
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)text[i];

    if (c == '"' || c == '\\')
      buf_addf(buf, "\\%c", c);
    else if (c == '\n')
      buf_add_text(buf, "\\n");
    else if (c == '\r')
      buf_add_text(buf, "\\r");
    else if (c == '\t')
      buf_add_text(buf, "\\t");
    else if (c == '\b')
      buf_add_text(buf, "\\b");
    else if (c == '\f')
      buf_add_text(buf, "\\f");
    else if (c < 0x20 || c == 0x7f)
      buf_addf(buf, "\\u%04X", c);
    else
      buf_add_char(buf, (char)c);
  }
  buf_add_char(buf, '"');
}

static int
compare_bytes(const char *a, size_t a_length, const char *b, size_t b_length)
{
  int order = memcmp(a, b, a_length < b_length ? a_length : b_length);

  return order ? order : a_length < b_length ? -1 : a_length > b_length;
}

/* Numbers of any length, by their digits. */
static int
compare_numbers(struct raw a, struct raw b)
{
  char text[2][80];
  struct decimal x, y;

  if (a.length >= sizeof text[0] || b.length >= sizeof text[1])
    return compare_bytes(a.at, a.length, b.at, b.length);
  memcpy(text[0], a.at, a.length);
  memcpy(text[1], b.at, b.length);
  text[0][a.length] = text[1][b.length] = '\0';
  if (!decimal_parse(text[0], &x) || !decimal_parse(text[1], &y)) {
    double p = strtod(text[0], NULL), q = strtod(text[1], NULL);

    return p < q ? -1 : p > q;
  }
  return decimal_compare(&x, &y);
}

int
raw_compare(struct raw a, struct raw b)
{
  bool numbers =
      a.length && b.length && (str_is_digit(*a.at) || *a.at == '-') && (str_is_digit(*b.at) || *b.at == '-');
  size_t i = 0, j = 0;
  struct raw x, y;

  if (raw_is_null(a) || raw_is_null(b)) return raw_is_null(b) - raw_is_null(a);
  if (numbers) return compare_numbers(a, b);
  if (a.length && b.length && *a.at == '"') {
    CLEANUP_BUF struct buf left = BUF_INIT(BUF_LARGE), right = BUF_INIT(BUF_LARGE);

    raw_add_text(&left, a);
    raw_add_text(&right, b);
    return compare_bytes(left.data, left.len, right.data, right.len);
  }
  if (a.length == 0 || (*a.at != '[' && *a.at != '{')) return compare_bytes(a.at, a.length, b.at, b.length);
  for (;;) {
    bool more = raw_next(a, &i, NULL, &x), also = raw_next(b, &j, NULL, &y);
    int order;

    if (!more || !also) return more - also;
    order = raw_compare(x, y);
    if (order) return order;
  }
}
