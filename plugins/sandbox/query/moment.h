/* SPDX-License-Identifier: Apache-2.0 */
/* A date or timestamp taken apart, for the functions over them. */
#ifndef CLXS_SANDBOX_QUERY_MOMENT_H
#define CLXS_SANDBOX_QUERY_MOMENT_H

#include "query/fn.h"

struct moment {
  int64_t year, micros, days; /* micros of the day */
  int month, day, week_day;   /* week_day: 0 Monday */
};

/* Monday to Sunday. */
extern const char *const moment_week_days[7];

/* A stored date or timestamp; false when VALUE is neither. */
bool moment_read(sqlite3_value *value, struct moment *moment);
/* ISO week of year and its year. */
int moment_iso_week(const struct moment *moment, int64_t *year);
/* A date, or a timestamp, as result. */
void moment_return_days(sqlite3_context *context, int64_t days);
void moment_return_micros(sqlite3_context *context, int64_t micros);

#endif
