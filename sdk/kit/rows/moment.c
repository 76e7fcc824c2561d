/* SPDX-License-Identifier: Apache-2.0 */
/* See moment.h. */
#include "kit/rows/moment.h"

#include "base/str.h"

#include "base/banned.h"

#define SECOND INT64_C(1000000)

/* COUNT digits at *AT as a number no larger than MOST. */
static bool
read_digits(const char **at, int count, int most, int *value)
{
  int found = 0;

  for (int i = 0; i < count; i++, (*at)++) {
    if (!str_is_digit(**at)) return false;
    found = found * 10 + (**at - '0');
  }
  *value = found;
  return found <= most;
}

static bool
read_char(const char **at, char wanted)
{
  if (**at != wanted) return false;
  (*at)++;
  return true;
}

static int
days_of_month(int year, int month)
{
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

  return month == 2 && leap ? 29 : days[month - 1];
}

/* Days from 1970-01-01: whole years in front of March, which leap days then end. */
static int64_t
days_since_1970(int year, int month, int day)
{
  int64_t years = year - (month < 3), months = month + (month < 3 ? 9 : -3);

  return years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 + day - 1 - 719468;
}

static bool
read_date(const char **at, int64_t *days)
{
  int year, month, day;

  if (!read_digits(at, 4, 9999, &year) || !read_char(at, '-') || !read_digits(at, 2, 12, &month) ||
      !read_char(at, '-') || !read_digits(at, 2, 31, &day))
    return false;
  if (!year || !month || !day || day > days_of_month(year, month)) return false;
  *days = days_since_1970(year, month, day);
  return true;
}

static bool
read_fraction(const char **at, int64_t *micros)
{
  int64_t unit = SECOND / 10;

  if (!str_is_digit(**at)) return false;
  for (; str_is_digit(**at); (*at)++, unit /= 10)
    *micros += (**at - '0') * unit;
  return true;
}

static bool
read_clock(const char **at, int64_t *micros)
{
  int hours, minutes, seconds = 0;

  if (!read_digits(at, 2, 23, &hours) || !read_char(at, ':') || !read_digits(at, 2, 59, &minutes))
    return false;
  if (read_char(at, ':') && !read_digits(at, 2, 59, &seconds)) return false;
  *micros = ((int64_t)hours * 3600 + minutes * 60 + seconds) * SECOND;
  return !read_char(at, '.') || read_fraction(at, micros);
}

/* Nothing, Z, +02:00, +0200 or +02. */
static bool
read_offset(const char **at, int64_t *micros)
{
  int hours, minutes = 0, sign = **at == '-' ? -1 : 1;

  if (!**at || read_char(at, 'Z')) return true;
  if (!read_char(at, '+') && !read_char(at, '-')) return false;
  if (!read_digits(at, 2, 18, &hours)) return false;
  read_char(at, ':');
  if (**at && !read_digits(at, 2, 59, &minutes)) return false;
  *micros = sign * ((int64_t)hours * 3600 + minutes * 60) * SECOND;
  return true;
}

bool
moment_read(const char *text, int64_t *micros)
{
  int64_t days, clock = 0, offset = 0;

  if (!text || !read_date(&text, &days)) return false;
  if ((read_char(&text, 'T') || read_char(&text, ' ')) &&
      (!read_clock(&text, &clock) || !read_offset(&text, &offset)))
    return false;
  if (*text) return false;
  *micros = days * 86400 * SECOND + clock - offset;
  return true;
}
