/* SPDX-License-Identifier: Apache-2.0 */
/* See rows.h: a JSON scanner that knows arrays of arrays of scalars and skips everything else. */
#include "net/rows.h"

#include "base/json_scan.h"
#include "base/str.h"

#include "base/banned.h"

void
rows_open(struct rows *rows, char *text, size_t length)
{
  *rows = (struct rows){.at = text, .end = text + length};
}

static clxs_status
broken(struct rows *rows, const char *why)
{
  rows->why = why;
  rows->at = rows->end;
  return CLXS_E_DATA;
}

static bool
read_hex(const char *at, const char *end, uint32_t *value)
{
  *value = 0;
  if (end - at < 4) return false;
  for (int i = 0; i < 4; i++) {
    char c = str_lower(at[i]);

    if (!str_is_digit(c) && (c < 'a' || c > 'f')) return false;
    *value = *value * 16 + (uint32_t)(str_is_digit(c) ? c - '0' : c - 'a' + 10);
  }
  return true;
}

/* The escape "\uXXXX" (or a pair of them) whose 'u' is at AT, written to *OUT; behind it, or NULL. Halves of
 * pairs and U+0000, which a C string cannot hold, become U+FFFD. */
static const char *
read_unicode(const char *at, const char *end, char **out)
{
  uint32_t point, low;
  const char *next = at + 5;

  if (!read_hex(at + 1, end, &point)) return NULL;
  if (point >= 0xd800 && point < 0xdc00 && end - next >= 6 && next[0] == '\\' && next[1] == 'u' &&
      read_hex(next + 2, end, &low) && low >= 0xdc00 && low < 0xe000) {
    point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
    next += 6;
  }
  if (point == 0 || (point >= 0xd800 && point < 0xe000)) point = 0xfffd;
  *out += utf8_encode(point, *out);
  return next;
}

static char
simple_escape(char c)
{
  switch (c) {
  case 'n': return '\n';
  case 't': return '\t';
  case 'r': return '\r';
  case 'b': return '\b';
  case 'f': return '\f';
  case '"':
  case '\\':
  case '/': return c;
  default: return '\0';
  }
}

/* The string at AT, unescaped in place; behind it, or NULL when it is broken. */
static char *
read_string(char *at, char *end, const char **cell)
{
  char *out = at + 1;
  const char *in = out;

  *cell = out;
  while (in < end && *in != '"') {
    char plain;

    if (*in != '\\') {
      *out++ = *in++;
      continue;
    }
    if (end - in < 2) return NULL;
    if (in[1] == 'u') {
      in = read_unicode(in + 1, end, &out);
      if (!in) return NULL;
      continue;
    }
    plain = simple_escape(in[1]);
    if (!plain) return NULL;
    *out++ = plain;
    in += 2;
  }
  if (in >= end) return NULL;
  *out = '\0';
  return at + (in + 1 - at);
}

/* A value without quotes: a number, true, false, null, or a nested value, which stays as it is. */
static bool
is_bare(const char *at, size_t length)
{
  static const char *const words[] = {"null", "true", "false"};

  if (*at == '[' || *at == '{') return true;
  for (size_t i = 0; i < ARRAY_SIZE(words); i++)
    if (length == strlen(words[i]) && memcmp(at, words[i], length) == 0) return true;
  if (*at != '-' && !str_is_digit(*at)) return false;
  for (size_t i = 0; i < length; i++)
    if (!at[i] || !strchr("+-.0123456789eE", at[i])) return false;
  return true;
}

/* A cell: behind it, or NULL. *CUT is where a NUL is due once the separator has been read (NULL for strings).
 */
static char *
read_cell(char *at, char *end, const char **cell, char **cut)
{
  const char *behind;

  *cut = NULL;
  if (*at == '"') return read_string(at, end, cell);
  behind = json_scan_value(at, end);
  if (!behind || behind == at) return NULL;
  while (behind > at && (behind[-1] == ' ' || behind[-1] == '\n' || behind[-1] == '\r' || behind[-1] == '\t'))
    behind--;
  if (!is_bare(at, (size_t)(behind - at))) return NULL;
  if (behind - at == 4 && memcmp(at, "null", 4) == 0) {
    *cell = NULL;
  } else {
    *cell = at;
    *cut = at + (behind - at);
  }
  return at + (behind - at);
}

static char *
skip(char *at, char *end)
{
  return at + (json_scan_space(at, end) - at);
}

/* The cells of the row whose '[' has been read; AT behind the row's ']', or NULL with WHY. */
static char *
read_row(struct rows *rows, char *at, const char **cells, uint32_t count)
{
  char *end = rows->end;

  for (uint32_t i = 0; i < count; i++) {
    char *cut, separator;

    at = skip(at, end);
    if (at >= end || *at == ']') {
      rows->why = "a row has fewer cells than there are columns";
      return NULL;
    }
    at = read_cell(at, end, &cells[i], &cut);
    if (!at) break;
    at = skip(at, end);
    if (at >= end) break;
    separator = *at;
    if (cut) *cut = '\0';
    if (separator == ']' && i + 1 == count) return at + 1;
    if (separator == ']') rows->why = "a row has fewer cells than there are columns";
    if (separator != ',') return NULL;
    at++;
  }
  if (at && count == 0) {
    at = skip(at, end);
    if (at < end && *at == ']') return at + 1;
  }
  if (at && at < end) rows->why = "a row has more cells than there are columns";
  return NULL;
}

clxs_status
rows_next(struct rows *rows, const char **cells, uint32_t count)
{
  char *at = skip(rows->at, rows->end);

  if (at >= rows->end) return rows->begun || !rows->end ? 0 : broken(rows, "no array of rows");
  if (!rows->begun) {
    if (*at != '[') return broken(rows, "no array of rows");
    rows->begun = true;
    at = skip(at + 1, rows->end);
  } else if (*at == ',') {
    at = skip(at + 1, rows->end);
  } else if (*at != ']') {
    return broken(rows, "the array of rows is broken");
  }
  if (at >= rows->end) return broken(rows, "the array of rows does not end");
  if (*at == ']') {
    rows->at = rows->end;
    return 0;
  }
  if (*at != '[') return broken(rows, "a row is no array");
  rows->why = NULL;
  at = read_row(rows, at + 1, cells, count);
  if (!at) return broken(rows, rows->why ? rows->why : "a row is broken");
  rows->at = at;
  /* The array's end has to be there before its last row is believed. */
  at = skip(at, rows->end);
  if (at >= rows->end) return broken(rows, "the array of rows does not end");
  return 1;
}
