/* SPDX-License-Identifier: Apache-2.0 */
/* String functions. Positions count characters (code points) from 1. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/str.h"
#include "query/fn.h"

#include "base/banned.h"

static bool
is_tail(char c)
{
  return ((unsigned char)c & 0xc0) == 0x80;
}

static int64_t
points(const char *text, size_t length)
{
  int64_t count = 0;

  for (size_t i = 0; i < length; i++)
    count += !is_tail(text[i]);
  return count;
}

/* The byte where character INDEX (from 0) begins; the length when there is none. */
static size_t
offset_of(const char *text, size_t length, int64_t index)
{
  size_t at = 0;

  for (; at < length && (index > 0 || is_tail(text[at])); at++)
    if (at + 1 >= length || !is_tail(text[at + 1])) index--;
  return at;
}

static void
return_part(sqlite3_context *context, const char *text, size_t length)
{
  sqlite3_result_text64(context, text, length, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* The upper case of a letter that utf8_lower knows. */
static uint32_t
upper(uint32_t point)
{
  static const uint32_t steps[] = {32, 1, 80, 37, 38, 63, 64};

  if (point == 0xff) return 0x178;
  for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
    if (point > steps[i] && utf8_lower(point - steps[i]) == point) return point - steps[i];
  return point;
}

static void
add_cased(struct buf *buf, const char *text, size_t length, char mode)
{
  bool start = true;

  for (const char *at = text; at < text + length;) {
    uint32_t point;
    size_t step = utf8_decode(at, &point);
    char bytes[4];

    if (step == 0) {
      buf_add_char(buf, *at++);
      continue;
    }
    if (mode == 'U' && point == 0xdf)
      buf_add_text(buf, "SS");
    else
      buf_add(buf, bytes,
              utf8_encode(mode == 'U' || (mode == 'I' && start) ? upper(point) : utf8_lower(point), bytes));
    start = point == ' ';
    at += step;
  }
}

/* x_case(text, 'U' upper, 'L' lower, 'I' initcap) */
static void
fn_case(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (fn_null(context, count, args)) return;
  add_cased(&buf, fn_text(args[0]), fn_length(args[0]), *fn_text(args[1]));
  fn_return(context, &buf);
}

/* Characters of a string, bytes of a binary. */
static void
fn_length_of(sqlite3_context *context, int count, sqlite3_value **args)
{
  if (fn_null(context, count, args)) return;
  if (sqlite3_value_type(args[0]) == SQLITE_BLOB)
    sqlite3_result_int64(context, sqlite3_value_bytes(args[0]));
  else
    sqlite3_result_int64(context, points(fn_text(args[0]), fn_length(args[0])));
}

static void
fn_bytes(sqlite3_context *context, int count, sqlite3_value **args)
{
  if (fn_null(context, count, args)) return;
  sqlite3_result_int64(context, sqlite3_value_bytes(args[0]));
}

/* x_substring(text, start, length): 0 is 1, a negative start counts from the end. */
static void
fn_substring(sqlite3_context *context, int count, sqlite3_value **args)
{
  const char *text;
  size_t length;
  int64_t size, start, end, wanted;
  bool blob = sqlite3_value_type(args[0]) == SQLITE_BLOB;

  if (fn_null(context, count, args)) return;
  text = blob ? sqlite3_value_blob(args[0]) : fn_text(args[0]);
  length = (size_t)sqlite3_value_bytes(args[0]);
  size = blob ? (int64_t)length : points(text, length);
  start = sqlite3_value_int64(args[1]);
  wanted = sqlite3_value_int64(args[2]);
  start = start > 0 ? start - 1 : start < 0 ? size + start : 0;
  if (__builtin_add_overflow(start, wanted, &end) || end > size) end = size;
  if (start < 0) start = 0;
  if (end <= start) {
    blob ? sqlite3_result_zeroblob(context, 0) : return_part(context, "", 0);
  } else if (blob) {
    sqlite3_result_blob64(context, text + start, (sqlite3_uint64)(end - start), SQLITE_TRANSIENT);
  } else {
    size_t from = offset_of(text, length, start),
           to = from + offset_of(text + from, length - from, end - start);

    return_part(context, text + from, to - from);
  }
}

/* x_trim(text, characters, 'B' 'L' 'R') */
static void
fn_trim(sqlite3_context *context, int count, sqlite3_value **args)
{
  const char *text, *set, *end;
  char mode = *fn_text(args[2]);

  if (fn_null(context, count, args)) return;
  text = fn_text(args[0]);
  set = fn_text(args[1]);
  end = text + fn_length(args[0]);
  while (mode != 'R' && text < end) {
    size_t step = 1;

    while (text + step < end && is_tail(text[step]))
      step++;
    if (!memmem(set, strlen(set), text, step)) break;
    text += step;
  }
  while (mode != 'L' && end > text) {
    const char *last = end - 1;

    while (last > text && is_tail(*last))
      last--;
    if (!memmem(set, strlen(set), last, (size_t)(end - last))) break;
    end = last;
  }
  return_part(context, text, (size_t)(end - text));
}

/* x_pad(text, length, fill, 'L' or 'R') */
static void
fn_pad(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE), fill = BUF_INIT(BUF_LARGE);
  const char *text, *with;
  int64_t wanted, size;
  size_t length;

  if (fn_null(context, count, args)) return;
  text = fn_text(args[0]);
  length = fn_length(args[0]);
  with = fn_text(args[2]);
  wanted = sqlite3_value_int64(args[1]);
  size = points(text, length);
  if (wanted <= size) {
    return_part(context, text, offset_of(text, length, wanted > 0 ? wanted : 0));
    return;
  }
  if (wanted > 100000000) {
    sqlite3_result_error_toobig(context);
    return;
  }
  for (int64_t missing = wanted - size, each = points(with, strlen(with)); missing > 0 && each > 0;
       missing -= each)
    buf_add(&fill, with, missing >= each ? strlen(with) : offset_of(with, strlen(with), missing));
  if (*fn_text(args[3]) == 'L') buf_add(&buf, fill.data, fill.len);
  buf_add(&buf, text, length);
  if (*fn_text(args[3]) == 'R') buf_add(&buf, fill.data, fill.len);
  fn_return(context, &buf);
}

static void
fn_repeat(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT((size_t)100 << 20);

  if (fn_null(context, count, args)) return;
  for (int64_t i = sqlite3_value_int64(args[1]); i > 0 && !buf.overflow && fn_length(args[0]); i--)
    buf_add(&buf, fn_text(args[0]), fn_length(args[0]));
  if (buf.overflow)
    sqlite3_result_error_toobig(context);
  else
    fn_return(context, &buf);
}

static void
fn_reverse(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  const char *text;
  size_t end, start;

  if (fn_null(context, count, args)) return;
  text = fn_text(args[0]);
  for (end = fn_length(args[0]); end > 0; end = start) {
    start = end - 1;
    while (start > 0 && is_tail(text[start]))
      start--;
    buf_add(&buf, text + start, end - start);
  }
  fn_return(context, &buf);
}

/* x_find(text, part, from): the character where PART begins, 0 when it does not. */
static void
fn_find(sqlite3_context *context, int count, sqlite3_value **args)
{
  const char *text, *found;
  size_t from, length;

  if (fn_null(context, count, args)) return;
  text = fn_text(args[0]);
  length = fn_length(args[0]);
  sqlite3_result_int64(context, 0);
  if (sqlite3_value_int64(args[2]) < 1) return;
  from = offset_of(text, length, sqlite3_value_int64(args[2]) - 1);
  found = memmem(text + from, length - from, fn_text(args[1]), fn_length(args[1]));
  if (found) sqlite3_result_int64(context, points(text, (size_t)(found - text)) + 1);
}

/* x_concat(values...): NULL as soon as one is; binaries stay binary. */
static void
fn_concat(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  bool blob = count > 0;

  if (fn_null(context, count, args)) return;
  for (int i = 0; i < count; i++) {
    blob &= sqlite3_value_type(args[i]) == SQLITE_BLOB;
    buf_add(&buf, blob ? sqlite3_value_blob(args[i]) : (const void *)fn_text(args[i]), fn_length(args[i]));
  }
  if (blob)
    sqlite3_result_blob64(context, buf.data, buf.len, SQLITE_TRANSIENT);
  else
    fn_return(context, &buf);
}

/* x_concat_ws(letters, separator, values...): NULLs are left out, arrays ('j') taken apart. */
static void
fn_concat_ws(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  size_t parts = 0;

  if (fn_is_null(args[1])) return;
  for (int i = 2; i < count; i++) {
    struct raw item;
    size_t position = 0;

    if (fn_is_null(args[i])) continue;
    if (fn_text(args[0])[i - 2] != 'j') {
      if (parts++) buf_add(&buf, fn_text(args[1]), fn_length(args[1]));
      buf_add(&buf, fn_text(args[i]), fn_length(args[i]));
      continue;
    }
    while (raw_next(fn_raw(args[i]), &position, NULL, &item)) {
      if (raw_is_null(item)) continue;
      if (parts++) buf_add(&buf, fn_text(args[1]), fn_length(args[1]));
      raw_add_text(&buf, item);
    }
  }
  fn_return(context, &buf);
}

static void
fn_ascii(sqlite3_context *context, int count, sqlite3_value **args)
{
  uint32_t point;

  if (fn_null(context, count, args)) return;
  utf8_decode(fn_text(args[0]), &point);
  sqlite3_result_int64(context, point);
}

static void
fn_chr(sqlite3_context *context, int count, sqlite3_value **args)
{
  char bytes[4];
  int64_t value;

  if (fn_null(context, count, args)) return;
  value = sqlite3_value_int64(args[0]);
  if (value < 0)
    return_part(context, "", 0);
  else
    return_part(context, bytes, utf8_encode((uint32_t)(value & 0xff), bytes));
}

/* x_translate(text, from, to): character by character. */
static void
fn_translate(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  const char *from, *to;
  size_t step;

  if (fn_null(context, count, args)) return;
  from = fn_text(args[1]);
  to = fn_text(args[2]);
  for (const char *at = fn_text(args[0]); *at; at += step) {
    const char *found;

    for (step = 1; is_tail(at[step]); step++) {
    }
    found = memmem(from, strlen(from), at, step);
    if (!found) {
      buf_add(&buf, at, step);
    } else {
      int64_t index = points(from, (size_t)(found - from));
      size_t start = offset_of(to, strlen(to), index);

      buf_add(&buf, to + start, offset_of(to + start, strlen(to + start), 1));
    }
  }
  fn_return(context, &buf);
}

/* x_split_part(text, separator, n): n from 1, or from the end. */
static void
fn_split_part(sqlite3_context *context, int count, sqlite3_value **args)
{
  const char *text, *separator, *at, *found;
  size_t width;
  int64_t wanted, total = 1;

  if (fn_null(context, count, args)) return;
  text = fn_text(args[0]);
  separator = fn_text(args[1]);
  width = strlen(separator);
  wanted = sqlite3_value_int64(args[2]);
  if (wanted == 0) {
    fn_fail(context, "INVALID_INDEX_OF_ZERO", "22003",
            "The index 0 is invalid. An index shall be either < 0 or > 0 (the "
            "first element has index 1).");
    return;
  }
  for (at = text; width && (found = strstr(at, separator)); at = found + width)
    total++;
  if (wanted < 0) wanted += total + 1;
  if (wanted < 1 || wanted > total) {
    return_part(context, "", 0);
    return;
  }
  for (at = text; width && wanted > 1 && (found = strstr(at, separator)); wanted--)
    at = found + width;
  found = width ? strstr(at, separator) : NULL;
  return_part(context, at, found ? (size_t)(found - at) : strlen(at));
}

/* x_substring_index(text, separator, n) */
static void
fn_substring_index(sqlite3_context *context, int count, sqlite3_value **args)
{
  const char *text, *separator, *at, *found;
  size_t width, length;
  int64_t wanted;

  if (fn_null(context, count, args)) return;
  text = fn_text(args[0]);
  length = strlen(text);
  separator = fn_text(args[1]);
  width = strlen(separator);
  wanted = sqlite3_value_int64(args[2]);
  if (wanted == 0 || width == 0) {
    return_part(context, "", 0);
    return;
  }
  if (wanted > 0) {
    for (at = text; (found = strstr(at, separator)) && --wanted > 0; at = found + width) {
    }
    return_part(context, text, found ? (size_t)(found - text) : length);
    return;
  }
  for (size_t i = length; i-- > 0;)
    if (strncmp(text + i, separator, width) == 0) {
      if (++wanted == 0) {
        return_part(context, text + i + width, length - i - width);
        return;
      }
      if (i < width) break;
    }
  return_part(context, text, length);
}

/* x_edge(text, part, 'S' starts, 'E' ends, 'C' contains) */
static void
fn_edge(sqlite3_context *context, int count, sqlite3_value **args)
{
  const char *text = fn_text(args[0]), *part = fn_text(args[1]);
  size_t length = fn_length(args[0]), width = fn_length(args[1]);
  char mode = *fn_text(args[2]);
  bool holds;

  if (fn_null(context, count, args)) return;
  if (mode == 'C')
    holds = memmem(text, length, part, width) != NULL;
  else
    holds = width <= length && memcmp(mode == 'S' ? text : text + length - width, part, width) == 0;
  sqlite3_result_int(context, holds);
}

struct fn_table
fns_string(void)
{
  static const struct fn table[] = {
      {"x_case", 2, fn_case, false},
      {"x_length", 1, fn_length_of, false},
      {"x_bytes", 1, fn_bytes, false},
      {"x_substring", 3, fn_substring, false},
      {"x_trim", 3, fn_trim, false},
      {"x_pad", 4, fn_pad, false},
      {"x_repeat", 2, fn_repeat, false},
      {"x_reverse", 1, fn_reverse, false},
      {"x_find", 3, fn_find, false},
      {"x_concat", -1, fn_concat, false},
      {"x_concat_ws", -1, fn_concat_ws, false},
      {"x_ascii", 1, fn_ascii, false},
      {"x_chr", 1, fn_chr, false},
      {"x_translate", 3, fn_translate, false},
      {"x_split_part", 3, fn_split_part, false},
      {"x_substring_index", 3, fn_substring_index, false},
      {"x_edge", 3, fn_edge, false},
  };

  return (struct fn_table){table, ARRAY_SIZE(table)};
}
