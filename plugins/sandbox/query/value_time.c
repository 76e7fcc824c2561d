/* SPDX-License-Identifier: Apache-2.0 */
/* Dates and timestamps as text and as numbers, proleptic Gregorian, UTC. */
#include "query/value.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/str.h"

#include "base/banned.h"

int64_t
time_days(int64_t year, int month, int day)
{
  int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
  int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void
time_civil(int64_t days, int64_t *year, int *month, int *day)
{
  int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
  int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;

  *day = (int)(of_year - (153 * m + 2) / 5 + 1);
  *month = (int)(m < 10 ? m + 3 : m - 9);
  *year = y + era * 400 + (*month <= 2);
}

int
time_month_days(int64_t year, int month)
{
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

  return days[month - 1] + (month == 2 && leap);
}

/* Between LEAST and MOST digits at *TEXT. */
static bool
digits(const char **text, int least, int most, int64_t *value)
{
  int count = 0;

  for (*value = 0; count < most && str_is_digit(**text); count++)
    *value = *value * 10 + (*(*text)++ - '0');
  return count >= least && !str_is_digit(**text);
}

/* yyyy[-m[-d]] at *TEXT. */
static bool
read_date(const char **text, int64_t *days)
{
  int64_t year, month = 1, day = 1;
  bool negative = **text == '-';

  if (**text == '-' || **text == '+') ++*text;
  if (!digits(text, 4, 7, &year)) return false;
  if (negative) year = -year;
  if (**text == '-') {
    ++*text;
    if (!digits(text, 1, 2, &month)) return false;
    if (**text == '-') {
      ++*text;
      if (!digits(text, 1, 2, &day)) return false;
    }
  }
  if (month < 1 || month > 12 || day < 1 || day > time_month_days(year, (int)month)) return false;
  *days = time_days(year, (int)month, (int)day);
  return true;
}

static const char *
skip_blanks(const char *text)
{
  while (*text && (unsigned char)*text <= ' ')
    text++;
  return text;
}

bool
time_parse_days(const char *text, int64_t *days)
{
  text = skip_blanks(text);
  if (!read_date(&text, days)) return false;
  return *text == 'T' || *text == ' ' || *skip_blanks(text) == '\0';
}

/* Z, UTC, GMT, [UTC|GMT]+h[:mm[:ss]] as microseconds east. */
static bool
read_zone(const char *text, int64_t *offset)
{
  int64_t hour, minute = 0;
  int sign;

  *offset = 0;
  if (str_ieq(text, "Z") || str_ieq(text, "UTC") || str_ieq(text, "GMT") || str_ieq(text, "UT")) return true;
  if (str_ieqn(text, "UTC", 3) || str_ieqn(text, "GMT", 3)) text += 3;
  if (*text != '+' && *text != '-') return false;
  sign = *text++ == '-' ? -1 : 1;
  if (!digits(&text, 1, 2, &hour)) {
    hour = minute / 100;
    return false;
  }
  if (*text == ':') text++;
  if (*text && !digits(&text, 1, 2, &minute)) return false;
  if (*text || hour > 18 || minute > 59) return false;
  *offset = sign * (hour * 60 + minute) * 60000000;
  return true;
}

/* h:m[:s[.f]] at *TEXT. */
static bool
read_clock(const char **text, int64_t *micros)
{
  int64_t hour, minute = 0, second = 0, place = 100000, part = 0;

  if (!digits(text, 1, 2, &hour)) return false;
  if (**text == ':') {
    ++*text;
    if (!digits(text, 1, 2, &minute)) return false;
    if (**text == ':') {
      ++*text;
      if (!digits(text, 1, 2, &second)) return false;
      if (**text == '.')
        for (++*text; str_is_digit(**text); ++*text, place /= 10)
          part += (**text - '0') * place;
    }
  }
  if (hour > 23 || minute > 59 || second > 59) return false;
  *micros = ((hour * 60 + minute) * 60 + second) * 1000000 + part;
  return true;
}

bool
time_parse_micros(const char *text, int64_t *micros)
{
  int64_t days, clock = 0, offset = 0;
  char zone[64];
  size_t length;

  text = skip_blanks(text);
  if (!read_date(&text, &days)) return false;
  if (*text == 'T' || (*text == ' ' && *skip_blanks(text))) {
    text++;
    if (!read_clock(&text, &clock)) return false;
    text = skip_blanks(text);
    length = strlen(text);
    while (length && (unsigned char)text[length - 1] <= ' ')
      length--;
    if (length >= sizeof zone) return false;
    memcpy(zone, text, length);
    zone[length] = '\0';
    if (length && !read_zone(zone, &offset)) return false;
  } else if (*skip_blanks(text)) {
    return false;
  }
  if (days > INT64_MAX / TIME_DAY - 2 || days < INT64_MIN / TIME_DAY + 2) return false;
  *micros = days * TIME_DAY + clock - offset;
  return true;
}

void
time_print_days(int64_t days, char out[TIME_TEXT_MAX])
{
  int64_t year;
  int month, day;

  time_civil(days, &year, &month, &day);
  snprintf(out, TIME_TEXT_MAX, "%s%s%04" PRId64 "-%02d-%02d", year < 0 ? "-" : "", year > 9999 ? "+" : "",
           year < 0 ? -year : year, month, day);
}

void
time_print_micros(int64_t micros, char out[TIME_TEXT_MAX])
{
  int64_t days = micros / TIME_DAY, rest = micros % TIME_DAY;
  char date[TIME_TEXT_MAX];
  size_t length;

  if (rest < 0) {
    rest += TIME_DAY;
    days--;
  }
  time_print_days(days, date);
  length = (size_t)snprintf(out, TIME_TEXT_MAX, "%.24s %02d:%02d:%02d", date, (int)(rest / 3600000000),
                            (int)(rest / 60000000 % 60), (int)(rest / 1000000 % 60));
  if (rest % 1000000 == 0) return;
  length += (size_t)snprintf(out + length, TIME_TEXT_MAX - length, ".%06d", (int)(rest % 1000000));
  while (out[length - 1] == '0')
    out[--length] = '\0';
}

int64_t
time_add_months(int64_t days, int64_t months)
{
  int64_t year, total;
  int month, day, most;

  time_civil(days, &year, &month, &day);
  total = year * 12 + month - 1 + months;
  year = total >= 0 ? total / 12 : (total - 11) / 12;
  month = (int)(total - year * 12) + 1;
  most = time_month_days(year, month);
  return time_days(year, month, day < most ? day : most);
}
