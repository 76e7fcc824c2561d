/* SPDX-License-Identifier: Apache-2.0 */
/* Dates and timestamps by pattern, written and read.
 * https://docs.databricks.com/sql/language-manual/sql-ref-datetime-pattern.html */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "query/moment.h"

#include "base/banned.h"

static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};

static void
add_number(struct buf *buf, int64_t value, size_t width)
{
  buf_addf(buf, "%0*" PRId64, (int)width, value);
}

/* WIDTH letters of one kind in a pattern; false when the letter is not known. */
static bool
add_field(struct buf *buf, const struct moment *moment, char letter, size_t width)
{
  int64_t second = moment->micros / 1000000, hour = second / 3600;
  int64_t year;
  char fraction[16];

  switch (letter) {
  case 'y':
  case 'u':
    if (width == 2)
      add_number(buf, moment->year % 100, 2);
    else
      add_number(buf, moment->year, width);
    return true;
  case 'M':
  case 'L':
    if (width <= 2)
      add_number(buf, moment->month, width);
    else
      buf_addf(buf, "%.*s", width == 3 ? 3 : 20, months[moment->month - 1]);
    return width <= 4;
  case 'd': add_number(buf, moment->day, width); return width <= 2;
  case 'D': add_number(buf, moment->days - time_days(moment->year, 1, 1) + 1, width); return width <= 3;
  case 'E': buf_addf(buf, "%.*s", width <= 3 ? 3 : 20, moment_week_days[moment->week_day]); return width <= 4;
  case 'Q':
  case 'q': add_number(buf, (moment->month + 2) / 3, width); return width <= 2;
  case 'w': add_number(buf, moment_iso_week(moment, &year), width); return false;
  case 'H': add_number(buf, hour, width); return width <= 2;
  case 'k': add_number(buf, hour ? hour : 24, width); return width <= 2;
  case 'K': add_number(buf, hour % 12, width); return width <= 2;
  case 'h': add_number(buf, hour % 12 ? hour % 12 : 12, width); return width <= 2;
  case 'm': add_number(buf, second / 60 % 60, width); return width <= 2;
  case 's': add_number(buf, second % 60, width); return width <= 2;
  case 'S':
    snprintf(fraction, sizeof fraction, "%06d000", (int)(moment->micros % 1000000));
    buf_addf(buf, "%.*s", (int)(width > 9 ? 9 : width), fraction);
    return width <= 9;
  case 'a': buf_add_text(buf, hour < 12 ? "AM" : "PM"); return width == 1;
  case 'G': buf_add_text(buf, moment->year > 0 ? "AD" : "BC"); return width <= 3;
  case 'X': buf_add_char(buf, 'Z'); return width <= 5;
  case 'x': buf_add_text(buf, width == 1 ? "+00" : width % 2 == 0 ? "+0000" : "+00:00"); return width <= 5;
  case 'Z': buf_add_text(buf, width == 4 ? "GMT" : width == 5 ? "Z" : "+0000"); return width <= 5;
  case 'V': buf_add_text(buf, "Etc/UTC"); return width == 2;
  case 'z': buf_add_text(buf, width == 4 ? "Coordinated Universal Time" : "UTC"); return width <= 4;
  case 'O': buf_add_text(buf, "GMT"); return width == 1 || width == 4;
  default: return false;
  }
}

static void
fail_pattern(sqlite3_context *context, const char *pattern)
{
  fn_fail(context, "INVALID_DATETIME_PATTERN.WITH_SUGGESTION", "22007",
          "Unrecognized datetime pattern: '%s'. Verify the spelling and correctness of the datetime pattern.",
          pattern);
}

/* Quoted text at *AT into BUF; *AT moves behind it. */
static void
add_quoted(struct buf *buf, const char **at)
{
  const char *c = *at + 1;

  if (*c == '\'') {
    buf_add_char(buf, '\'');
    *at = c + 1;
    return;
  }
  for (; *c && (*c != '\'' || c[1] == '\''); c++) {
    if (*c == '\'') c++;
    buf_add_char(buf, *c);
  }
  *at = *c ? c + 1 : c;
}

/* x_date_format(time, pattern) */
static void
fn_format(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  struct moment moment;
  const char *at;

  if (fn_null(context, count, args) || !moment_read(args[0], &moment)) return;
  for (at = fn_text(args[1]); *at;) {
    size_t width = 1;

    if (*at == '\'') {
      add_quoted(&buf, &at);
      continue;
    }
    if (!str_is_alpha(*at)) {
      buf_add_char(&buf, *at++);
      continue;
    }
    while (at[width] == *at)
      width++;
    if (!add_field(&buf, &moment, *at, width)) {
      fail_pattern(context, fn_text(args[1]));
      return;
    }
    at += width;
  }
  fn_return(context, &buf);
}

/* What a pattern has read. */
struct reading {
  int64_t year, month, day, hour, minute, second, micros, offset, of_year;
  bool afternoon, half_day;
};

static bool
read_digits(const char **text, size_t least, size_t most, int64_t *value)
{
  size_t length = 0;

  for (*value = 0; length < most && str_is_digit((*text)[length]); length++)
    *value = *value * 10 + ((*text)[length] - '0');
  *text += length;
  return length >= least;
}

static bool
read_name(const char **text, const char *const *names, size_t count, size_t width, int64_t *value)
{
  for (size_t i = 0; i < count; i++) {
    size_t length = width == 3 ? 3 : strlen(names[i]);

    if (str_ieqn(*text, names[i], length)) {
      *value = (int64_t)i + 1;
      *text += length;
      return true;
    }
  }
  return false;
}

static bool
read_offset(const char **text, int64_t *offset)
{
  int64_t hour, minute = 0;
  int sign;

  *offset = 0;
  if (**text == 'Z') return ++*text, true;
  if (**text != '+' && **text != '-') return false;
  sign = *(*text)++ == '-' ? -1 : 1;
  if (!read_digits(text, 2, 2, &hour)) return false;
  if (**text == ':') ++*text;
  if (str_is_digit(**text) && !read_digits(text, 2, 2, &minute)) return false;
  *offset = sign * (hour * 60 + minute) * 60000000;
  return true;
}

static bool
read_field(const char **text, char letter, size_t width, struct reading *out)
{
  int64_t ignored;
  bool short_one = width == 1;

  switch (letter) {
  case 'y':
  case 'u':
    if (width == 2) {
      if (!read_digits(text, 2, 2, &out->year)) return false;
      out->year += 2000;
      return true;
    }
    return read_digits(text, short_one ? 1 : width, short_one ? 7 : width, &out->year);
  case 'M':
  case 'L':
    if (width > 2) return read_name(text, months, 12, width, &out->month);
    return read_digits(text, width, 2, &out->month);
  case 'd': return read_digits(text, width, 2, &out->day);
  case 'D': return read_digits(text, width, 3, &out->of_year);
  case 'E': return read_name(text, moment_week_days, 7, width, &ignored);
  case 'H':
  case 'k': return read_digits(text, width, 2, &out->hour);
  case 'h':
  case 'K': out->half_day = true; return read_digits(text, width, 2, &out->hour);
  case 'm': return read_digits(text, width, 2, &out->minute);
  case 's': return read_digits(text, width, 2, &out->second);
  case 'S': {
    const char *start = *text;

    if (!read_digits(text, 1, width, &out->micros)) return false;
    for (size_t i = (size_t)(*text - start); i < 6; i++)
      out->micros *= 10;
    for (size_t i = (size_t)(*text - start); i > 6; i--)
      out->micros /= 10;
    return true;
  }
  case 'a':
    out->afternoon = str_ieqn(*text, "PM", 2);
    if (!out->afternoon && !str_ieqn(*text, "AM", 2)) return false;
    *text += 2;
    return true;
  case 'X':
  case 'x':
  case 'Z': return read_offset(text, &out->offset);
  default: return false;
  }
}

/* TEXT by PATTERN; *KNOWN says whether the pattern itself was understood. */
static bool
read_pattern(const char *text, const char *pattern, struct reading *out, bool *known)
{
  static const char letters[] = "yuMLdDEHkhKmsSaXxZ";
  CLEANUP_BUF struct buf quoted = BUF_INIT(BUF_LARGE);

  *known = true;
  while (*pattern) {
    size_t width = 1;

    if (*pattern == '\'') {
      buf_reset(&quoted);
      add_quoted(&quoted, &pattern);
      if (strncmp(text, quoted.data, quoted.len) != 0) return false;
      text += quoted.len;
      continue;
    }
    if (*pattern == '[' || *pattern == ']') {
      pattern++;
      continue;
    }
    if (!str_is_alpha(*pattern)) {
      if (*text++ != *pattern++) return false;
      continue;
    }
    while (pattern[width] == *pattern)
      width++;
    if (!strchr(letters, *pattern)) return *known = false;
    if (!read_field(&text, *pattern, width, out)) return false;
    pattern += width;
  }
  return *text == '\0';
}

/* x_to_time(text, pattern, 'D' or 'T', mode): mode t gives NULL for what does not fit. */
static void
fn_parse(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct reading got = {.year = 1970, .month = 1, .day = 1};
  bool known, good;
  int64_t days;

  if (fn_null(context, count, args)) return;
  good = read_pattern(fn_text(args[0]), fn_text(args[1]), &got, &known);
  if (!known) {
    fail_pattern(context, fn_text(args[1]));
    return;
  }
  if (got.half_day) got.hour = got.hour % 12 + (got.afternoon ? 12 : 0);
  if (good && (got.month < 1 || got.month > 12 || got.day < 1 ||
               got.day > time_month_days(got.year, (int)got.month) || got.hour > 23 || got.minute > 59 ||
               got.second > 59))
    good = false;
  if (!good) {
    if (*fn_text(args[3]) != 't')
      fn_fail(context, "CANNOT_PARSE_TIMESTAMP", "22007",
              "Text '%s' could not be parsed with the pattern '%s'. Use `try_to_timestamp` to tolerate "
              "invalid input "
              "string and return NULL instead.",
              fn_text(args[0]), fn_text(args[1]));
    return;
  }
  days = got.of_year ? time_days(got.year, 1, 1) + got.of_year - 1
                     : time_days(got.year, (int)got.month, (int)got.day);
  if (*fn_text(args[2]) == 'D')
    moment_return_days(context, days);
  else
    moment_return_micros(context, days * TIME_DAY +
                                      ((got.hour * 60 + got.minute) * 60 + got.second) * 1000000 +
                                      got.micros - got.offset);
}

struct fn_table
fns_pattern(void)
{
  static const struct fn table[] = {{"x_date_format", 2, fn_format, false},
                                    {"x_to_time", 4, fn_parse, false}};

  return (struct fn_table){table, ARRAY_SIZE(table)};
}
