/* SPDX-License-Identifier: Apache-2.0 */
/* Dates and timestamps: arithmetic, parts, truncation, patterns. Everything is UTC, as warehouses are by
 * default. Patterns: https://docs.databricks.com/sql/language-manual/sql-ref-datetime-pattern.html */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "query/fn.h"
#include "query/moment.h"

#include "base/banned.h"

static void
fn_days(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct moment moment;

  if (fn_null(context, count, args) || !moment_read(args[0], &moment)) return;
  sqlite3_result_int64(context, moment.days);
}

static void
fn_micros(sqlite3_context *context, int count, sqlite3_value **args)
{
  int64_t micros;

  if (fn_null(context, count, args) || !time_parse_micros(fn_text(args[0]), &micros)) return;
  sqlite3_result_int64(context, micros);
}

static void
fn_from_micros(sqlite3_context *context, int count, sqlite3_value **args)
{
  if (fn_null(context, count, args)) return;
  moment_return_micros(context, sqlite3_value_int64(args[0]));
}

static void
fn_from_days(sqlite3_context *context, int count, sqlite3_value **args)
{
  if (fn_null(context, count, args)) return;
  moment_return_days(context, sqlite3_value_int64(args[0]));
}

/* x_time_add(time, amount, 'M' months or 'S' microseconds, 'D' or 'T' for the result) */
static void
fn_add(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct moment moment;
  int64_t amount, micros;

  if (fn_null(context, count, args) || !moment_read(args[0], &moment)) return;
  amount = sqlite3_value_int64(args[1]);
  if (*fn_text(args[2]) == 'M') {
    moment.days = time_add_months(moment.days, amount);
    micros = moment.days * TIME_DAY + moment.micros;
  } else if (__builtin_add_overflow(moment.days * TIME_DAY + moment.micros, amount, &micros)) {
    fn_fail(context, "DATETIME_OVERFLOW", "22008", "Datetime operation overflow.");
    return;
  }
  if (*fn_text(args[3]) == 'D')
    moment_return_days(context, micros / TIME_DAY - (micros % TIME_DAY < 0));
  else
    moment_return_micros(context, micros);
}

/* x_part(time, field): the whole numbers; false for a field that is none. */
static bool
part_of(const struct moment *moment, const char *field, int64_t *value)
{
  int64_t year, second = moment->micros / 1000000;
  int week = moment_iso_week(moment, &year);
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
fn_part(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct moment moment;
  int64_t value;

  if (fn_null(context, count, args) || !moment_read(args[0], &moment)) return;
  if (part_of(&moment, fn_text(args[1]), &value))
    sqlite3_result_int64(context, value);
  else
    fn_fail(context, "INVALID_EXTRACT_FIELD", "42601", "Cannot extract `%s` from the value.",
            fn_text(args[1]));
}

/* Seconds with their fraction, DECIMAL(8,6). */
static void
fn_seconds(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct moment moment;
  char text[TIME_TEXT_MAX];

  if (fn_null(context, count, args) || !moment_read(args[0], &moment)) return;
  snprintf(text, sizeof text, "%d.%06d", (int)(moment.micros / 1000000 % 60), (int)(moment.micros % 1000000));
  fn_return_text(context, text);
}

static bool
truncate_date(struct moment *moment, const char *unit)
{
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
fn_trunc(sqlite3_context *context, int count, sqlite3_value **args)
{
  static const struct {
    const char *unit;
    int64_t size;
  } clock[] = {{"day", TIME_DAY},   {"dd", TIME_DAY},      {"hour", 3600000000}, {"minute", 60000000},
               {"second", 1000000}, {"millisecond", 1000}, {"microsecond", 1}};
  struct moment moment;
  const char *unit;

  if (fn_null(context, count, args) || !moment_read(args[0], &moment)) return;
  unit = fn_text(args[1]);
  if (truncate_date(&moment, unit)) {
    *fn_text(args[2]) == 'D' ? moment_return_days(context, moment.days)
                             : moment_return_micros(context, moment.days * TIME_DAY);
    return;
  }
  if (*fn_text(args[2]) == 'D') return;
  for (size_t i = 0; i < ARRAY_SIZE(clock); i++)
    if (str_ieq(unit, clock[i].unit)) {
      moment_return_micros(context, moment.days * TIME_DAY + moment.micros - moment.micros % clock[i].size);
      return;
    }
}

static void
fn_last_day(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct moment moment;

  if (fn_null(context, count, args) || !moment_read(args[0], &moment)) return;
  moment_return_days(context,
                     time_days(moment.year, moment.month, time_month_days(moment.year, moment.month)));
}

/* x_next_day(date, 'Mon') */
static void
fn_next_day(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct moment moment;

  if (fn_null(context, count, args) || !moment_read(args[0], &moment)) return;
  for (int i = 0; i < 7; i++) {
    const char *name = fn_text(args[1]);
    size_t length = strlen(name);

    if ((length == 2 || length == 3 || length == strlen(moment_week_days[i])) &&
        str_ieqn(name, moment_week_days[i], length)) {
      moment_return_days(context, moment.days + ((i - moment.week_day + 6) % 7) + 1);
      return;
    }
  }
  fn_fail(context, "ILLEGAL_DAY_OF_WEEK", "22009", "Illegal input for day of week: %s.", fn_text(args[1]));
}

/* x_months_between(a, b, round) */
static void
fn_months_between(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct moment a, b;
  bool last_a, last_b;
  double months_apart, seconds;

  if (fn_null(context, count, args) || !moment_read(args[0], &a) || !moment_read(args[1], &b)) return;
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
whole_months(const struct moment *a, const struct moment *b)
{
  int64_t apart = (b->year - a->year) * 12 + b->month - a->month;
  bool before = b->day < a->day || (b->day == a->day && b->micros < a->micros);
  bool after = b->day > a->day || (b->day == a->day && b->micros > a->micros);

  if (apart > 0 && before) apart--;
  if (apart < 0 && after) apart++;
  return apart;
}

/* x_time_diff(unit, a, b): whole units from A to B. */
static void
fn_diff(sqlite3_context *context, int count, sqlite3_value **args)
{
  static const struct {
    const char *unit;
    int64_t months, micros;
  } units[] = {{"year", 12, 0},           {"quarter", 3, 0},       {"month", 1, 0},
               {"week", 0, 7 * TIME_DAY}, {"day", 0, TIME_DAY},    {"dayofyear", 0, TIME_DAY},
               {"hour", 0, 3600000000},   {"minute", 0, 60000000}, {"second", 0, 1000000},
               {"millisecond", 0, 1000},  {"microsecond", 0, 1}};
  struct moment a, b;

  if (fn_null(context, count, args) || !moment_read(args[1], &a) || !moment_read(args[2], &b)) return;
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
fn_make(sqlite3_context *context, int count, sqlite3_value **args)
{
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
    moment_return_days(context, time_days(year, (int)month, (int)day));
    return;
  }
  micros = sqlite3_value_int64(args[3]) * 3600000000 + sqlite3_value_int64(args[4]) * 60000000 +
           (int64_t)(sqlite3_value_double(args[5]) * 1e6 + 0.5);
  moment_return_micros(context, time_days(year, (int)month, (int)day) * TIME_DAY + micros);
}

struct fn_table
fns_time(void)
{
  static const struct fn table[] = {
      {"x_days", 1, fn_days, false},
      {"x_micros", 1, fn_micros, false},
      {"x_from_micros", 1, fn_from_micros, false},
      {"x_from_days", 1, fn_from_days, false},
      {"x_time_add", 4, fn_add, false},
      {"x_part", 2, fn_part, false},
      {"x_seconds", 1, fn_seconds, false},
      {"x_trunc", 3, fn_trunc, false},
      {"x_last_day", 1, fn_last_day, false},
      {"x_next_day", 2, fn_next_day, false},
      {"x_months_between", 3, fn_months_between, false},
      {"x_time_diff", 3, fn_diff, false},
      {"x_make_date", 3, fn_make, false},
      {"x_make_timestamp", 6, fn_make, false},
  };

  return (struct fn_table){table, ARRAY_SIZE(table)};
}
