/* SPDX-License-Identifier: Apache-2.0 */
/* Taking dates and timestamps apart, and handing them back. */
#include "query/moment.h"

#include "base/banned.h"

const char *const moment_week_days[7] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                         "Friday", "Saturday", "Sunday"};

bool
moment_read(sqlite3_value *value, struct moment *moment)
{
  int64_t micros;

  if (!time_parse_micros(fn_text(value), &micros)) return false;
  moment->days = micros / TIME_DAY - (micros % TIME_DAY < 0);
  moment->micros = micros - moment->days * TIME_DAY;
  time_civil(moment->days, &moment->year, &moment->month, &moment->day);
  moment->week_day = (int)(((moment->days + 3) % 7 + 7) % 7);
  return true;
}

void
moment_return_days(sqlite3_context *context, int64_t days)
{
  char text[TIME_TEXT_MAX];

  time_print_days(days, text);
  fn_return_text(context, text);
}

void
moment_return_micros(sqlite3_context *context, int64_t micros)
{
  char text[TIME_TEXT_MAX];

  time_print_micros(micros, text);
  fn_return_text(context, text);
}

int
moment_iso_week(const struct moment *moment, int64_t *year)
{
  int64_t thursday = moment->days - moment->week_day + 3;
  int month, day;

  time_civil(thursday, year, &month, &day);
  return (int)((thursday - time_days(*year, 1, 1)) / 7) + 1;
}
