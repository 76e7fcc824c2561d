/* SPDX-License-Identifier: Apache-2.0 */
/* Dates and timestamps: arithmetic, parts, truncation, patterns. Everything is UTC, as warehouses are by
 * default. Patterns: https://docs.databricks.com/sql/language-manual/sql-ref-datetime-pattern.html */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "query/fn.h"

#include "base/banned.h"

static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
static const char *const week_days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};

struct moment {
  int64_t year, micros, days; /* micros of the day */
  int month, day, week_day;   /* week_day: 0 Monday */
};

static bool
read_moment(sqlite3_value *value, struct moment *moment) {
  int64_t micros;

  if (!time_parse_micros(fn_text(value), &micros)) return false;
  moment->days = micros / TIME_DAY - (micros % TIME_DAY < 0);
  moment->micros = micros - moment->days * TIME_DAY;
  time_civil(moment->days, &moment->year, &moment->month, &moment->day);
  moment->week_day = (int)(((moment->days + 3) % 7 + 7) % 7);
  return true;
}

static void
return_days(sqlite3_context *context, int64_t days) {
  char text[TIME_TEXT_MAX];

  time_print_days(days, text);
  fn_return_text(context, text);
}

static void
return_micros(sqlite3_context *context, int64_t micros) {
  char text[TIME_TEXT_MAX];

  time_print_micros(micros, text);
  fn_return_text(context, text);
}

static void
fn_days(sqlite3_context *context, int count, sqlite3_value **args) {
  struct moment moment;

  if (fn_null(context, count, args) || !read_moment(args[0], &moment)) return;
  sqlite3_result_int64(context, moment.days);
}

static void
fn_micros(sqlite3_context *context, int count, sqlite3_value **args) {
  int64_t micros;

  if (fn_null(context, count, args) || !time_parse_micros(fn_text(args[0]), &micros)) return;
  sqlite3_result_int64(context, micros);
}

static void
fn_from_micros(sqlite3_context *context, int count, sqlite3_value **args) {
  if (fn_null(context, count, args)) return;
  return_micros(context, sqlite3_value_int64(args[0]));
}

static void
fn_from_days(sqlite3_context *context, int count, sqlite3_value **args) {
  if (fn_null(context, count, args)) return;
  return_days(context, sqlite3_value_int64(args[0]));
}

/* x_time_add(time, amount, 'M' months or 'S' microseconds, 'D' or 'T' for the result) */
static void
fn_add(sqlite3_context *context, int count, sqlite3_value **args) {
  struct moment moment;
  int64_t amount, micros;

  if (fn_null(context, count, args) || !read_moment(args[0], &moment)) return;
  amount = sqlite3_value_int64(args[1]);
  if (*fn_text(args[2]) == 'M') {
    moment.days = time_add_months(moment.days, amount);
    micros = moment.days * TIME_DAY + moment.micros;
  } else if (__builtin_add_overflow(moment.days * TIME_DAY + moment.micros, amount, &micros)) {
    fn_fail(context, "DATETIME_OVERFLOW", "22008", "Datetime operation overflow.");
    return;
  }
  if (*fn_text(args[3]) == 'D')
    return_days(context, micros / TIME_DAY - (micros % TIME_DAY < 0));
  else
    return_micros(context, micros);
}

/* ISO week of year and its year. */
static int
iso_week(const struct moment *moment, int64_t *year) {
  int64_t thursday = moment->days - moment->week_day + 3;
  int month, day;

  time_civil(thursday, year, &month, &day);
  return (int)((thursday - time_days(*year, 1, 1)) / 7) + 1;
}

/* x_part(time, field): the whole numbers; false for a field that is none. */
static bool
part_of(const struct moment *moment, const char *field, int64_t *value) {
  int64_t year, second = moment->micros / 1000000;
  int week = iso_week(moment, &year);
  const struct {
    const char *names[5];
    int64_t value;
  } parts[] = {
      {{"year", "y", "years", "yr", "yrs"}, moment->year},
      {{"quarter", "qtr"}, (moment->month + 2) / 3},
      {{"month", "mon", "mons", "months"}, moment->month},
      {{"week", "w", "weeks", "weekofyear"}, week},
      {{"yearofweek"}, year},
      {{"day", "d", "days", "dayofmonth"}, moment->day},
      {{"dayofweek", "dow"}, (moment->week_day + 1) % 7 + 1},
      {{"dayofweek_iso", "dow_iso"}, moment->week_day + 1},
      {{"weekday"}, moment->week_day},
      {{"dayofyear", "doy"}, moment->days - time_days(moment->year, 1, 1) + 1},
      {{"hour", "h", "hours", "hr", "hrs"}, second / 3600},
      {{"minute", "m", "min", "mins", "minutes"}, second / 60 % 60},
      {{"whole_second"}, second % 60},
  };

  for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
    for (size_t j = 0; j < 5 && parts[i].names[j]; j++)
      if (str_ieq(parts[i].names[j], field)) {
        *value = parts[i].value;
        return true;
      }
  return false;
}

static void
fn_part(sqlite3_context *context, int count, sqlite3_value **args) {
  struct moment moment;
  int64_t value;

  if (fn_null(context, count, args) || !read_moment(args[0], &moment)) return;
  if (part_of(&moment, fn_text(args[1]), &value))
    sqlite3_result_int64(context, value);
  else
    fn_fail(context, "INVALID_EXTRACT_FIELD", "42601", "Cannot extract `%s` from the value.",
            fn_text(args[1]));
}

/* Seconds with their fraction, DECIMAL(8,6). */
static void
fn_seconds(sqlite3_context *context, int count, sqlite3_value **args) {
  struct moment moment;
  char text[TIME_TEXT_MAX];

  if (fn_null(context, count, args) || !read_moment(args[0], &moment)) return;
  snprintf(text, sizeof text, "%d.%06d", (int)(moment.micros / 1000000 % 60), (int)(moment.micros % 1000000));
  fn_return_text(context, text);
}

static bool
truncate_date(struct moment *moment, const char *unit) {
  int month = moment->month, day = 1;

  if (str_ieq(unit, "week")) {
    moment->days -= moment->week_day;
    return true;
  }
  if (str_ieq(unit, "year") || str_ieq(unit, "yyyy") || str_ieq(unit, "yy"))
    month = 1;
  else if (str_ieq(unit, "quarter"))
    month = (month - 1) / 3 * 3 + 1;
  else if (!str_ieq(unit, "month") && !str_ieq(unit, "mm") && !str_ieq(unit, "mon"))
    return false;
  moment->days = time_days(moment->year, month, day);
  return true;
}

/* x_trunc(time, unit, 'D' or 'T'): an unknown unit gives NULL. */
static void
fn_trunc(sqlite3_context *context, int count, sqlite3_value **args) {
  static const struct {
    const char *unit;
    int64_t size;
  } clock[] = {{"day", TIME_DAY},   {"dd", TIME_DAY},      {"hour", 3600000000}, {"minute", 60000000},
               {"second", 1000000}, {"millisecond", 1000}, {"microsecond", 1}};
  struct moment moment;
  const char *unit;

  if (fn_null(context, count, args) || !read_moment(args[0], &moment)) return;
  unit = fn_text(args[1]);
  if (truncate_date(&moment, unit)) {
    *fn_text(args[2]) == 'D' ? return_days(context, moment.days)
                             : return_micros(context, moment.days * TIME_DAY);
    return;
  }
  if (*fn_text(args[2]) == 'D') return;
  for (size_t i = 0; i < ARRAY_SIZE(clock); i++)
    if (str_ieq(unit, clock[i].unit)) {
      return_micros(context, moment.days * TIME_DAY + moment.micros - moment.micros % clock[i].size);
      return;
    }
}

static void
add_number(struct buf *buf, int64_t value, size_t width) {
  buf_addf(buf, "%0*" PRId64, (int)width, value);
}

/* WIDTH letters of one kind in a pattern; false when the letter is not known. */
static bool
add_field(struct buf *buf, const struct moment *moment, char letter, size_t width) {
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
  case 'E': buf_addf(buf, "%.*s", width <= 3 ? 3 : 20, week_days[moment->week_day]); return width <= 4;
  case 'Q':
  case 'q': add_number(buf, (moment->month + 2) / 3, width); return width <= 2;
  case 'w': add_number(buf, iso_week(moment, &year), width); return false;
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
fail_pattern(sqlite3_context *context, const char *pattern) {
  fn_fail(context, "INVALID_DATETIME_PATTERN.WITH_SUGGESTION", "22007",
          "Unrecognized datetime pattern: '%s'. Verify the spelling and correctness of the datetime pattern.",
          pattern);
}

/* Quoted text at *AT into BUF; *AT moves behind it. */
static void
add_quoted(struct buf *buf, const char **at) {
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
fn_format(sqlite3_context *context, int count, sqlite3_value **args) {
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  struct moment moment;
  const char *at;

  if (fn_null(context, count, args) || !read_moment(args[0], &moment)) return;
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
read_digits(const char **text, size_t least, size_t most, int64_t *value) {
  size_t length = 0;

  for (*value = 0; length < most && str_is_digit((*text)[length]); length++)
    *value = *value * 10 + ((*text)[length] - '0');
  *text += length;
  return length >= least;
}

static bool
read_name(const char **text, const char *const *names, size_t count, size_t width, int64_t *value) {
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
read_offset(const char **text, int64_t *offset) {
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
read_field(const char **text, char letter, size_t width, struct reading *out) {
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
  case 'E': return read_name(text, week_days, 7, width, &ignored);
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
read_pattern(const char *text, const char *pattern, struct reading *out, bool *known) {
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
fn_parse(sqlite3_context *context, int count, sqlite3_value **args) {
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
    return_days(context, days);
  else
    return_micros(context, days * TIME_DAY + ((got.hour * 60 + got.minute) * 60 + got.second) * 1000000 +
                               got.micros - got.offset);
}

static void
fn_last_day(sqlite3_context *context, int count, sqlite3_value **args) {
  struct moment moment;

  if (fn_null(context, count, args) || !read_moment(args[0], &moment)) return;
  return_days(context, time_days(moment.year, moment.month, time_month_days(moment.year, moment.month)));
}

/* x_next_day(date, 'Mon') */
static void
fn_next_day(sqlite3_context *context, int count, sqlite3_value **args) {
  struct moment moment;

  if (fn_null(context, count, args) || !read_moment(args[0], &moment)) return;
  for (int i = 0; i < 7; i++) {
    const char *name = fn_text(args[1]);
    size_t length = strlen(name);

    if ((length == 2 || length == 3 || length == strlen(week_days[i])) &&
        str_ieqn(name, week_days[i], length)) {
      return_days(context, moment.days + ((i - moment.week_day + 6) % 7) + 1);
      return;
    }
  }
  fn_fail(context, "ILLEGAL_DAY_OF_WEEK", "22009", "Illegal input for day of week: %s.", fn_text(args[1]));
}

/* x_months_between(a, b, round) */
static void
fn_months_between(sqlite3_context *context, int count, sqlite3_value **args) {
  struct moment a, b;
  bool last_a, last_b;
  double months_apart, seconds;

  if (fn_null(context, count, args) || !read_moment(args[0], &a) || !read_moment(args[1], &b)) return;
  last_a = a.day == time_month_days(a.year, a.month);
  last_b = b.day == time_month_days(b.year, b.month);
  months_apart = (double)((a.year - b.year) * 12 + a.month - b.month);
  if (a.day != b.day && !(last_a && last_b)) {
    seconds = (double)(a.day - b.day) * 86400 + (double)(a.micros / 1000000 - b.micros / 1000000);
    months_apart += seconds / (31.0 * 86400);
  }
  if (sqlite3_value_int(args[2])) {
    double scaled = months_apart * 1e8;

    months_apart = (double)(int64_t)(scaled + (scaled < 0 ? -0.5 : 0.5)) / 1e8;
  }
  sqlite3_result_double(context, months_apart);
}

/* Whole months from A to B, towards zero. */
static int64_t
whole_months(const struct moment *a, const struct moment *b) {
  int64_t apart = (b->year - a->year) * 12 + b->month - a->month;
  bool before = b->day < a->day || (b->day == a->day && b->micros < a->micros);
  bool after = b->day > a->day || (b->day == a->day && b->micros > a->micros);

  if (apart > 0 && before) apart--;
  if (apart < 0 && after) apart++;
  return apart;
}

/* x_time_diff(unit, a, b): whole units from A to B. */
static void
fn_diff(sqlite3_context *context, int count, sqlite3_value **args) {
  static const struct {
    const char *unit;
    int64_t months, micros;
  } units[] = {{"year", 12, 0},           {"quarter", 3, 0},       {"month", 1, 0},
               {"week", 0, 7 * TIME_DAY}, {"day", 0, TIME_DAY},    {"dayofyear", 0, TIME_DAY},
               {"hour", 0, 3600000000},   {"minute", 0, 60000000}, {"second", 0, 1000000},
               {"millisecond", 0, 1000},  {"microsecond", 0, 1}};
  struct moment a, b;

  if (fn_null(context, count, args) || !read_moment(args[1], &a) || !read_moment(args[2], &b)) return;
  for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
    if (!str_ieq(fn_text(args[0]), units[i].unit)) continue;
    if (units[i].months)
      sqlite3_result_int64(context, whole_months(&a, &b) / units[i].months);
    else
      sqlite3_result_int64(context, ((b.days - a.days) * TIME_DAY + b.micros - a.micros) / units[i].micros);
    return;
  }
}

/* x_make_date(y, m, d) and x_make_timestamp(y, m, d, h, min, s) */
static void
fn_make(sqlite3_context *context, int count, sqlite3_value **args) {
  int64_t year, month, day, micros = 0;

  if (fn_null(context, count, args)) return;
  year = sqlite3_value_int64(args[0]);
  month = sqlite3_value_int64(args[1]);
  day = sqlite3_value_int64(args[2]);
  if (month < 1 || month > 12 || day < 1 || day > time_month_days(year, (int)month)) {
    fn_fail(context, "DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION", "22023",
            "The date %lld-%lld-%lld is out of bounds.", (long long)year, (long long)month, (long long)day);
    return;
  }
  if (count == 3) {
    return_days(context, time_days(year, (int)month, (int)day));
    return;
  }
  micros = sqlite3_value_int64(args[3]) * 3600000000 + sqlite3_value_int64(args[4]) * 60000000 +
           (int64_t)(sqlite3_value_double(args[5]) * 1e6 + 0.5);
  return_micros(context, time_days(year, (int)month, (int)day) * TIME_DAY + micros);
}

struct fn_table
fns_time(void) {
  static const struct fn table[] = {
      {"x_days", 1, fn_days, false},
      {"x_micros", 1, fn_micros, false},
      {"x_from_micros", 1, fn_from_micros, false},
      {"x_from_days", 1, fn_from_days, false},
      {"x_time_add", 4, fn_add, false},
      {"x_part", 2, fn_part, false},
      {"x_seconds", 1, fn_seconds, false},
      {"x_trunc", 3, fn_trunc, false},
      {"x_date_format", 2, fn_format, false},
      {"x_to_time", 4, fn_parse, false},
      {"x_last_day", 1, fn_last_day, false},
      {"x_next_day", 2, fn_next_day, false},
      {"x_months_between", 3, fn_months_between, false},
      {"x_time_diff", 3, fn_diff, false},
      {"x_make_date", 3, fn_make, false},
      {"x_make_timestamp", 6, fn_make, false},
  };

  return (struct fn_table){table, ARRAY_SIZE(table)};
}
