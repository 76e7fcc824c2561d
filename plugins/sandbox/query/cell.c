/* SPDX-License-Identifier: Apache-2.0 */
/* Casts between atoms, by ANSI rules. https://docs.databricks.com/sql/language-manual/functions/cast.html */
#include "query/cell.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#include "base/banned.h"

void
cell_free(struct cell *cell)
{
  buf_free(&cell->text);
}

void
cell_set_integer(struct cell *cell, int64_t value)
{
  cell->kind = CELL_INTEGER;
  cell->integer = value;
}

enum outcome
cell_set_text(struct cell *cell, const char *text)
{
  cell->kind = CELL_TEXT;
  buf_add_text(&cell->text, text);
  return CAST_OK;
}

static enum outcome
set_real(struct cell *cell, double value, bool single)
{
  cell->kind = CELL_REAL;
  cell->real = single ? (double)(float)value : value;
  return isnan(cell->real) ? CAST_NAN : CAST_OK;
}

static enum outcome
set_bounded(struct cell *cell, int64_t value, enum type_kind kind)
{
  static const int64_t most[] = {[TYPE_TINYINT] = INT8_MAX,
                                 [TYPE_SMALLINT] = INT16_MAX,
                                 [TYPE_INT] = INT32_MAX,
                                 [TYPE_BIGINT] = INT64_MAX};

  if (value > most[kind] || value < -most[kind] - 1) return CAST_OVERFLOW;
  cell_set_integer(cell, value);
  return CAST_OK;
}

static enum outcome
set_decimal(struct cell *cell, struct decimal value, const struct sql_type *to)
{
  struct decimal fit;
  char text[TIME_TEXT_MAX];

  if (!decimal_fit(value, to->precision, to->scale, &fit)) return CAST_OVERFLOW;
  decimal_print(&fit, text);
  return cell_set_text(cell, text);
}

/* TEXT without blanks at either end, for numbers and words. */
static const char *
trimmed(const struct cell *cell, char *out, size_t size)
{
  const char *text = cell->text.data;
  size_t length = cell->text.len;

  while (length && (unsigned char)text[length - 1] <= ' ')
    length--;
  while (length && (unsigned char)*text <= ' ') {
    text++;
    length--;
  }
  if (length >= size || memchr(text, '\0', length)) return NULL;
  memcpy(out, text, length);
  out[length] = '\0';
  return out;
}

static enum outcome
text_to_integer(const struct cell *from, enum type_kind kind, struct cell *to)
{
  char text[64];
  int64_t value;
  bool digits;

  if (!trimmed(from, text, sizeof text)) return CAST_MALFORMED;
  digits = *text && strspn(text + (*text == '-' || *text == '+'), "0123456789") ==
                        strlen(text) - (size_t)(*text == '-' || *text == '+');
  if (!digits || !str_is_digit(text[strlen(text) - 1])) return CAST_MALFORMED;
  if (!str_to_int64(text, &value)) return CAST_MALFORMED;
  return set_bounded(to, value, kind) == CAST_OK ? CAST_OK : CAST_MALFORMED;
}

enum outcome
cell_read_real(const struct cell *from, bool single, struct cell *to)
{
  char text[400], *end;
  double value;

  if (!trimmed(from, text, sizeof text) || !*text) return CAST_MALFORMED;
  if (str_ieq(text, "infinity") || str_ieq(text, "inf") || str_ieq(text, "+inf") ||
      str_ieq(text, "+infinity"))
    return set_real(to, INFINITY, single);
  if (str_ieq(text, "-infinity") || str_ieq(text, "-inf")) return set_real(to, -INFINITY, single);
  if (str_ieq(text, "nan")) return CAST_NAN;
  if (!str_is_digit(*text) && !strchr("+-.", *text)) return CAST_MALFORMED;
  if (strpbrk(text, "xXpPnN")) return CAST_MALFORMED;
  value = strtod(text, &end);
  if (end == text) return CAST_MALFORMED;
  if ((*end == 'd' || *end == 'D' || *end == 'f' || *end == 'F') && end[1] == '\0') end++;
  return *end ? CAST_MALFORMED : set_real(to, value, single);
}

static enum outcome
text_to_boolean(const struct cell *from, struct cell *to)
{
  static const char *const yes[] = {"t", "true", "y", "yes", "1"}, *const no[] = {"f", "false", "n", "no",
                                                                                  "0"};
  char text[16];

  if (!trimmed(from, text, sizeof text)) return CAST_MALFORMED;
  for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
    if (str_ieq(text, yes[i]) || str_ieq(text, no[i])) {
      cell_set_integer(to, str_ieq(text, yes[i]));
      return CAST_OK;
    }
  }
  return CAST_MALFORMED;
}

static enum outcome
text_to_time(const struct cell *from, enum type_kind kind, struct cell *to)
{
  char text[TIME_TEXT_MAX];
  int64_t value;

  if (kind == TYPE_DATE ? !time_parse_days(from->text.data, &value)
                        : !time_parse_micros(from->text.data, &value))
    return CAST_MALFORMED;
  if (kind == TYPE_DATE)
    time_print_days(value, text);
  else
    time_print_micros(value, text);
  return cell_set_text(to, text);
}

/* CHAR(n) is padded, VARCHAR(n) cut only of blanks; an explicit cast cuts both. */
enum outcome
cell_fit_text(const struct cell *from, const struct sql_type *type, char mode, struct cell *to)
{
  size_t length = from->text.len, used = 0, points = 0;

  to->kind = CELL_TEXT;
  if (type->kind == TYPE_STRING) {
    buf_add(&to->text, from->text.data, length);
    return CAST_OK;
  }
  while (used < length && points < (size_t)type->length) {
    uint32_t point;
    size_t step = utf8_decode(from->text.data + used, &point);

    used += step ? step : 1;
    points++;
  }
  for (size_t i = used; mode == 's' && i < length; i++)
    if (from->text.data[i] != ' ') return CAST_TOO_LONG;
  buf_add(&to->text, from->text.data, used);
  for (; type->kind == TYPE_CHAR && points < (size_t)type->length; points++)
    buf_add_char(&to->text, ' ');
  return CAST_OK;
}

enum outcome
cell_from_text(const struct cell *from, const struct sql_type *type, char mode, struct cell *to)
{
  struct decimal decimal;

  switch (type->kind) {
  case TYPE_BOOLEAN: return text_to_boolean(from, to);
  case TYPE_TINYINT:
  case TYPE_SMALLINT:
  case TYPE_INT:
  case TYPE_BIGINT: return text_to_integer(from, type->kind, to);
  case TYPE_FLOAT:
  case TYPE_DOUBLE: return cell_read_real(from, type->kind == TYPE_FLOAT, to);
  case TYPE_DECIMAL:
    return decimal_parse(from->text.data, &decimal) ? set_decimal(to, decimal, type) : CAST_MALFORMED;
  case TYPE_DATE:
  case TYPE_TIMESTAMP:
  case TYPE_TIMESTAMP_NTZ: return text_to_time(from, type->kind, to);
  case TYPE_BINARY:
    to->kind = CELL_BYTES;
    buf_add(&to->text, from->text.data, from->text.len);
    return CAST_OK;
  default: return cell_fit_text(from, type, mode, to);
  }
}

/* A number, whatever its kind, as double; and as whole number, cut. */
static double
as_real(const struct cell *cell)
{
  struct decimal decimal;

  if (cell->kind == CELL_INTEGER) return (double)cell->integer;
  if (cell->kind == CELL_REAL) return cell->real;
  return decimal_parse(cell->text.data, &decimal) ? decimal_to_double(&decimal) : 0;
}

static bool
as_integer(const struct cell *cell, int64_t *value)
{
  struct decimal decimal, whole, one = {1, 0};

  if (cell->kind == CELL_INTEGER) return *value = cell->integer, true;
  if (cell->kind == CELL_REAL) {
    if (!(cell->real > -9223372036854775809.0 && cell->real < 9223372036854775808.0)) return false;
    return *value = (int64_t)cell->real, true;
  }
  if (!decimal_parse(cell->text.data, &decimal)) return false;
  if (decimal_op('D', &decimal, &one, 38, 0, &whole) != DECIMAL_OK) return false;
  if (whole.unscaled > INT64_MAX || whole.unscaled < INT64_MIN) return false;
  return *value = (int64_t)whole.unscaled, true;
}

static enum outcome
number_to_decimal(const struct cell *from, const struct sql_type *source, const struct sql_type *type,
                  struct cell *to)
{
  struct decimal decimal;
  char text[TIME_TEXT_MAX];

  if (from->kind == CELL_INTEGER) return set_decimal(to, (struct decimal){from->integer, 0}, type);
  if (from->kind == CELL_TEXT)
    return decimal_parse(from->text.data, &decimal) ? set_decimal(to, decimal, type) : CAST_MALFORMED;
  number_print(from->real, source->kind == TYPE_FLOAT, text);
  return decimal_parse(text, &decimal) ? set_decimal(to, decimal, type) : CAST_OVERFLOW;
}

static enum outcome
integer_to_bytes(int64_t value, enum type_kind kind, struct cell *to)
{
  int size = kind == TYPE_TINYINT ? 1 : kind == TYPE_SMALLINT ? 2 : kind == TYPE_INT ? 4 : 8;

  to->kind = CELL_BYTES;
  while (size-- > 0)
    buf_add_char(&to->text, (char)((uint64_t)value >> (8 * size)));
  return CAST_OK;
}

enum outcome
cell_from_number(const struct cell *from, const struct sql_type *source, const struct sql_type *type,
                 struct cell *to)
{
  int64_t whole;
  char text[TIME_TEXT_MAX];

  switch (type->kind) {
  case TYPE_BOOLEAN: cell_set_integer(to, as_real(from) != 0); return CAST_OK;
  case TYPE_TINYINT:
  case TYPE_SMALLINT:
  case TYPE_INT:
  case TYPE_BIGINT: return as_integer(from, &whole) ? set_bounded(to, whole, type->kind) : CAST_OVERFLOW;
  case TYPE_FLOAT:
  case TYPE_DOUBLE: return set_real(to, as_real(from), type->kind == TYPE_FLOAT);
  case TYPE_DECIMAL: return number_to_decimal(from, source, type, to);
  case TYPE_TIMESTAMP:
    if (from->kind == CELL_INTEGER) {
      if (__builtin_mul_overflow(from->integer, 1000000, &whole)) return CAST_OVERFLOW;
    } else {
      double micros = as_real(from) * 1e6;

      if (!(fabs(micros) < 9e18)) return CAST_OVERFLOW;
      whole = (int64_t)micros;
    }
    time_print_micros(whole, text);
    return cell_set_text(to, text);
  case TYPE_BINARY: return integer_to_bytes(from->integer, source->kind, to);
  case TYPE_INTERVAL_MONTHS:
    cell_set_integer(to, from->integer * (type->to == UNIT_YEAR ? 12 : 1));
    return CAST_OK;
  case TYPE_INTERVAL_SECONDS: {
    static const int64_t sizes[] = {
        [UNIT_DAY] = TIME_DAY, [UNIT_HOUR] = 3600000000, [UNIT_MINUTE] = 60000000, [UNIT_SECOND] = 1000000};

    if (__builtin_mul_overflow(from->integer, sizes[type->to], &whole)) return CAST_OVERFLOW;
    cell_set_integer(to, whole);
    return CAST_OK;
  }
  default: return CAST_MALFORMED;
  }
}

enum outcome
cell_from_time(const struct cell *from, const struct sql_type *source, const struct sql_type *type,
               struct cell *to)
{
  struct cell number = {.kind = CELL_INTEGER, .text = BUF_INIT(BUF_LARGE)};
  int64_t micros;
  enum outcome outcome;

  if (!type_is_number(type)) return text_to_time(from, type->kind, to);
  if (!time_parse_micros(from->text.data, &micros)) return CAST_MALFORMED;
  if (type_is_integer(type)) {
    number.integer = micros >= 0 ? micros / 1000000 : -((-micros + 999999) / 1000000);
    return cell_from_number(&number, source, type, to);
  }
  number.kind = CELL_REAL;
  number.real = (double)micros / 1e6;
  outcome = cell_from_number(&number, source, type, to);
  cell_free(&number);
  return outcome;
}

static void
add_seconds(struct buf *buf, int64_t micros)
{
  char text[16];

  buf_addf(buf, "%02d", (int)(micros / 1000000));
  if (micros % 1000000 == 0) return;
  snprintf(text, sizeof text, ".%06d", (int)(micros % 1000000));
  for (size_t i = strlen(text); text[i - 1] == '0'; i--)
    text[i - 1] = '\0';
  buf_add_text(buf, text);
}

/* INTERVAL '1 02:03:04.5' DAY TO SECOND */
void
cell_print_interval(int64_t value, const struct sql_type *type, struct buf *buf)
{
  static const char *const names[] = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};
  static const int64_t sizes[] = {12, 1, TIME_DAY, 3600000000, 60000000, 1000000};
  static const char marks[] = {0, '-', 0, ' ', ':', ':'};

  buf_add_text(buf, value < 0 ? "INTERVAL '-" : "INTERVAL '");
  if (value < 0) value = -value;
  for (int unit = (int)type->from; unit <= (int)type->to; unit++) {
    bool first = unit == (int)type->from;

    if (!first) buf_add_char(buf, marks[unit]);
    if (unit == UNIT_SECOND)
      add_seconds(buf, value);
    else
      buf_addf(buf, first || unit <= UNIT_MONTH ? "%lld" : "%02lld", (long long)(value / sizes[unit]));
    value %= sizes[unit];
  }
  buf_addf(buf, "' %s", names[type->from]);
  if (type->from != type->to) buf_addf(buf, " TO %s", names[type->to]);
}
