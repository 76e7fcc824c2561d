/* SPDX-License-Identifier: Apache-2.0 */
/* Values in the store's representation, read and written: dates and timestamps as text, exact decimals,
 * shortest doubles. Pure functions; nothing here knows SQLite. */
#ifndef CLXS_SANDBOX_QUERY_VALUE_H
#define CLXS_SANDBOX_QUERY_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* 38 decimal digits fit in 127 bits. */
__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

#define TIME_DAY INT64_C(86400000000) /* microseconds */
#define TIME_TEXT_MAX 48

/* Days since 1970 of a proleptic Gregorian date, and back. */
int64_t time_days(int64_t year, int month, int day);
void time_civil(int64_t days, int64_t *year, int *month, int *day);
int time_month_days(int64_t year, int month);
/* A date as CAST takes it: yyyy[-m[-d]], anything behind a blank or T ignored, surrounding blanks too. */
bool time_parse_days(const char *text, int64_t *days);
/* A timestamp as CAST takes it: date, or date and time with fraction and zone (Z, +hh:mm, UTC, a region is
 * refused). Microseconds since 1970, UTC. */
bool time_parse_micros(const char *text, int64_t *micros);
/* 'YYYY-MM-DD' and 'YYYY-MM-DD HH:MM:SS[.ffffff]' with trailing zeros cut. */
void time_print_days(int64_t days, char out[TIME_TEXT_MAX]);
void time_print_micros(int64_t micros, char out[TIME_TEXT_MAX]);
/* Date MONTHS later, on the last day of the month where the day does not exist. */
int64_t time_add_months(int64_t days, int64_t months);

/* The shortest digits that read back as VALUE, in the service's spelling: 1.0, 1.0E10, NaN, Infinity. */
void number_print(double value, bool single, char out[TIME_TEXT_MAX]);

struct decimal {
  int128 unscaled;
  int scale;
};
/* Decimal text with optional exponent and surrounding blanks; false when it is none or has over 38 digits
 * before the point. Digits beyond what fits are rounded. */
bool decimal_parse(const char *text, struct decimal *value);
/* Rounded half up to SCALE; false when the result does not fit PRECISION digits. */
bool decimal_fit(struct decimal value, int precision, int scale, struct decimal *out);
void decimal_print(const struct decimal *value, char out[TIME_TEXT_MAX]);
int decimal_compare(const struct decimal *a, const struct decimal *b);
double decimal_to_double(const struct decimal *value);
/* OP: + - * / % D (integral division). The result is exact before it is rounded to SCALE. */
enum decimal_status { DECIMAL_OK, DECIMAL_OVERFLOW, DECIMAL_ZERO };
enum decimal_status decimal_op(char op, const struct decimal *a, const struct decimal *b, int precision,
                               int scale, struct decimal *out);

#endif
