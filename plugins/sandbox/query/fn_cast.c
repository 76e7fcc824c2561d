/* SPDX-License-Identifier: Apache-2.0 */
/* x_cast(value, from, to, mode): every cast that changes something, ANSI rules.
 * https://docs.databricks.com/sql/language-manual/functions/cast.html */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "query/fn.h"
#include "query/tx.h"

#include "base/banned.h"

/* A value outside of SQLite: text for everything but numbers. */
struct cell {
  enum { CELL_NULL, CELL_INTEGER, CELL_REAL, CELL_TEXT, CELL_BYTES } kind;
  int64_t integer;
  double real;
  struct buf text; /* owned */
};

enum outcome { CAST_OK, CAST_MALFORMED, CAST_OVERFLOW, CAST_TOO_LONG };

static void
cell_free(struct cell *cell) {
  buf_free(&cell->text);
}

static void
set_integer(struct cell *cell, int64_t value) {
  cell->kind = CELL_INTEGER;
  cell->integer = value;
}

static enum outcome
set_text(struct cell *cell, const char *text) {
  cell->kind = CELL_TEXT;
  buf_add_text(&cell->text, text);
  return CAST_OK;
}

static enum outcome
set_real(struct cell *cell, double value, bool single) {
  cell->kind = CELL_REAL;
  cell->real = single ? (double)(float)value : value;
  return isnan(cell->real) ? CAST_OVERFLOW : CAST_OK;
}

static enum outcome
set_bounded(struct cell *cell, int64_t value, enum type_kind kind) {
  static const int64_t most[] = {[TYPE_TINYINT] = INT8_MAX,
                                 [TYPE_SMALLINT] = INT16_MAX,
                                 [TYPE_INT] = INT32_MAX,
                                 [TYPE_BIGINT] = INT64_MAX};

  if (value > most[kind] || value < -most[kind] - 1) return CAST_OVERFLOW;
  set_integer(cell, value);
  return CAST_OK;
}

static enum outcome
set_decimal(struct cell *cell, struct decimal value, const struct sql_type *to) {
  struct decimal fit;
  char text[TIME_TEXT_MAX];

  if (!decimal_fit(value, to->precision, to->scale, &fit)) return CAST_OVERFLOW;
  decimal_print(&fit, text);
  return set_text(cell, text);
}

/* TEXT without blanks at either end, for numbers and words. */
static const char *
trimmed(const struct cell *cell, char *out, size_t size) {
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
text_to_integer(const struct cell *from, enum type_kind kind, struct cell *to) {
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

static enum outcome
text_to_real(const struct cell *from, bool single, struct cell *to) {
  char text[400], *end;
  double value;

  if (!trimmed(from, text, sizeof text) || !*text) return CAST_MALFORMED;
  if (str_ieq(text, "infinity") || str_ieq(text, "inf") || str_ieq(text, "+inf") ||
      str_ieq(text, "+infinity"))
    return set_real(to, INFINITY, single);
  if (str_ieq(text, "-infinity") || str_ieq(text, "-inf")) return set_real(to, -INFINITY, single);
  if (!str_is_digit(*text) && !strchr("+-.", *text)) return CAST_MALFORMED;
  if (strpbrk(text, "xXpPnN")) return CAST_MALFORMED;
  value = strtod(text, &end);
  if (end == text) return CAST_MALFORMED;
  if ((*end == 'd' || *end == 'D' || *end == 'f' || *end == 'F') && end[1] == '\0') end++;
  return *end ? CAST_MALFORMED : set_real(to, value, single);
}

static enum outcome
text_to_boolean(const struct cell *from, struct cell *to) {
  static const char *const yes[] = {"t", "true", "y", "yes", "1"}, *const no[] = {"f", "false", "n", "no",
                                                                                  "0"};
  char text[16];

  if (!trimmed(from, text, sizeof text)) return CAST_MALFORMED;
  for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
    if (str_ieq(text, yes[i]) || str_ieq(text, no[i])) {
      set_integer(to, str_ieq(text, yes[i]));
      return CAST_OK;
    }
  }
  return CAST_MALFORMED;
}

static enum outcome
text_to_time(const struct cell *from, enum type_kind kind, struct cell *to) {
  char text[TIME_TEXT_MAX];
  int64_t value;

  if (kind == TYPE_DATE ? !time_parse_days(from->text.data, &value)
                        : !time_parse_micros(from->text.data, &value))
    return CAST_MALFORMED;
  if (kind == TYPE_DATE)
    time_print_days(value, text);
  else
    time_print_micros(value, text);
  return set_text(to, text);
}

/* CHAR(n) is padded, VARCHAR(n) cut only of blanks; an explicit cast cuts both. */
static enum outcome
text_to_text(const struct cell *from, const struct sql_type *type, char mode, struct cell *to) {
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

static enum outcome
text_to_any(const struct cell *from, const struct sql_type *type, char mode, struct cell *to) {
  struct decimal decimal;

  switch (type->kind) {
  case TYPE_BOOLEAN: return text_to_boolean(from, to);
  case TYPE_TINYINT:
  case TYPE_SMALLINT:
  case TYPE_INT:
  case TYPE_BIGINT: return text_to_integer(from, type->kind, to);
  case TYPE_FLOAT:
  case TYPE_DOUBLE: return text_to_real(from, type->kind == TYPE_FLOAT, to);
  case TYPE_DECIMAL:
    return decimal_parse(from->text.data, &decimal) ? set_decimal(to, decimal, type) : CAST_MALFORMED;
  case TYPE_DATE:
  case TYPE_TIMESTAMP:
  case TYPE_TIMESTAMP_NTZ: return text_to_time(from, type->kind, to);
  case TYPE_BINARY:
    to->kind = CELL_BYTES;
    buf_add(&to->text, from->text.data, from->text.len);
    return CAST_OK;
  default: return text_to_text(from, type, mode, to);
  }
}

/* A number, whatever its kind, as double; and as whole number, cut. */
static double
as_real(const struct cell *cell) {
  struct decimal decimal;

  if (cell->kind == CELL_INTEGER) return (double)cell->integer;
  if (cell->kind == CELL_REAL) return cell->real;
  return decimal_parse(cell->text.data, &decimal) ? decimal_to_double(&decimal) : 0;
}

static bool
as_integer(const struct cell *cell, int64_t *value) {
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
                  struct cell *to) {
  struct decimal decimal;
  char text[TIME_TEXT_MAX];

  if (from->kind == CELL_INTEGER) return set_decimal(to, (struct decimal){from->integer, 0}, type);
  if (from->kind == CELL_TEXT)
    return decimal_parse(from->text.data, &decimal) ? set_decimal(to, decimal, type) : CAST_MALFORMED;
  number_print(from->real, source->kind == TYPE_FLOAT, text);
  return decimal_parse(text, &decimal) ? set_decimal(to, decimal, type) : CAST_OVERFLOW;
}

static enum outcome
integer_to_bytes(int64_t value, enum type_kind kind, struct cell *to) {
  int size = kind == TYPE_TINYINT ? 1 : kind == TYPE_SMALLINT ? 2 : kind == TYPE_INT ? 4 : 8;

  to->kind = CELL_BYTES;
  while (size-- > 0)
    buf_add_char(&to->text, (char)((uint64_t)value >> (8 * size)));
  return CAST_OK;
}

static enum outcome
number_to_any(const struct cell *from, const struct sql_type *source, const struct sql_type *type,
              struct cell *to) {
  int64_t whole;
  char text[TIME_TEXT_MAX];

  switch (type->kind) {
  case TYPE_BOOLEAN: set_integer(to, as_real(from) != 0); return CAST_OK;
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
    return set_text(to, text);
  case TYPE_BINARY: return integer_to_bytes(from->integer, source->kind, to);
  case TYPE_INTERVAL_MONTHS:
    set_integer(to, from->integer * (type->to == UNIT_YEAR ? 12 : 1));
    return CAST_OK;
  case TYPE_INTERVAL_SECONDS: {
    static const int64_t sizes[] = {
        [UNIT_DAY] = TIME_DAY, [UNIT_HOUR] = 3600000000, [UNIT_MINUTE] = 60000000, [UNIT_SECOND] = 1000000};

    if (__builtin_mul_overflow(from->integer, sizes[type->to], &whole)) return CAST_OVERFLOW;
    set_integer(to, whole);
    return CAST_OK;
  }
  default: return CAST_MALFORMED;
  }
}

static enum outcome
time_to_any(const struct cell *from, const struct sql_type *source, const struct sql_type *type,
            struct cell *to) {
  struct cell number = {.kind = CELL_INTEGER, .text = BUF_INIT(BUF_LARGE)};
  int64_t micros;
  enum outcome outcome;

  if (!type_is_number(type)) return text_to_time(from, type->kind, to);
  if (!time_parse_micros(from->text.data, &micros)) return CAST_MALFORMED;
  if (type_is_integer(type)) {
    number.integer = micros >= 0 ? micros / 1000000 : -((-micros + 999999) / 1000000);
    return number_to_any(&number, source, type, to);
  }
  number.kind = CELL_REAL;
  number.real = (double)micros / 1e6;
  outcome = number_to_any(&number, source, type, to);
  cell_free(&number);
  return outcome;
}

static void
add_seconds(struct buf *buf, int64_t micros) {
  char text[16];

  buf_addf(buf, "%02d", (int)(micros / 1000000));
  if (micros % 1000000 == 0) return;
  snprintf(text, sizeof text, ".%06d", (int)(micros % 1000000));
  for (size_t i = strlen(text); text[i - 1] == '0'; i--)
    text[i - 1] = '\0';
  buf_add_text(buf, text);
}

/* INTERVAL '1 02:03:04.5' DAY TO SECOND */
static void
interval_to_text(int64_t value, const struct sql_type *type, struct buf *buf) {
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

static enum outcome cast_cell(const struct cell *from, const struct sql_type *source,
                              const struct sql_type *type, char mode, struct cell *to);

static void
raw_to_cell(struct raw raw, const struct sql_type *type, struct cell *cell) {
  char letter = tx_letter(type);

  *cell = (struct cell){.text = BUF_INIT(BUF_LARGE)};
  if (raw_is_null(raw) && type->kind != TYPE_VARIANT) return;
  if (letter == 'j') {
    cell->kind = CELL_TEXT;
    buf_add(&cell->text, raw.at, raw.length);
    return;
  }
  cell->kind = CELL_TEXT;
  raw_add_text(&cell->text, raw);
  if (letter == 'i') set_integer(cell, strtoll(cell->text.data, NULL, 10));
  if (letter == 'b') set_integer(cell, *cell->text.data == 't');
  if (letter == 'd') {
    cell->kind = CELL_REAL;
    cell->real = strtod(cell->text.data, NULL);
  }
  if (letter == 'x') {
    struct buf bytes = BUF_INIT(BUF_LARGE);

    fn_undo_base64(&bytes, cell->text.data, cell->text.len);
    buf_free(&cell->text);
    cell->text = bytes;
    cell->kind = CELL_BYTES;
  }
}

static void
cell_to_raw(const struct cell *cell, const struct sql_type *type, struct buf *buf) {
  char text[TIME_TEXT_MAX], letter = tx_letter(type);

  if (cell->kind == CELL_NULL) {
    buf_add_text(buf, "null");
  } else if (cell->kind == CELL_INTEGER) {
    if (letter == 'b')
      buf_add_text(buf, cell->integer ? "true" : "false");
    else
      buf_addf(buf, "%" PRId64, cell->integer);
  } else if (cell->kind == CELL_REAL) {
    number_print(cell->real, type->kind == TYPE_FLOAT, text);
    buf_addf(buf, isfinite(cell->real) ? "%s" : "\"%s\"", text);
  } else if (cell->kind == CELL_BYTES) {
    buf_add_char(buf, '"');
    fn_add_base64(buf, (const unsigned char *)cell->text.data, cell->text.len);
    buf_add_char(buf, '"');
  } else if (letter == 'j' || letter == 'm') {
    buf_add(buf, cell->text.data, cell->text.len);
  } else {
    raw_add_string(buf, cell->text.data, cell->text.len);
  }
}

/* One value inside of a nested one, from JSON to JSON. */
static enum outcome
cast_raw(struct raw raw, const struct sql_type *source, const struct sql_type *type, char mode,
         struct buf *buf) {
  CLEANUP(cell_free) struct cell from, to = {.text = BUF_INIT(BUF_LARGE)};
  enum outcome outcome = CAST_OK;

  raw_to_cell(raw, source, &from);
  if (from.kind != CELL_NULL) outcome = cast_cell(&from, source, type, mode, &to);
  if ((outcome == CAST_MALFORMED || outcome == CAST_OVERFLOW) && (mode == 't' || mode == 'j')) {
    buf_add_text(buf, "null");
    return CAST_OK;
  }
  if (outcome == CAST_OK) cell_to_raw(&to, type, buf);
  return outcome;
}

static void
add_key(struct buf *buf, struct raw key) {
  buf_add(buf, key.at, key.length);
  buf_add_char(buf, ':');
}

static enum outcome
nested_to_nested(const struct cell *from, const struct sql_type *source, const struct sql_type *type,
                 char mode, struct cell *to) {
  struct raw whole = raw_of(from->text.data, from->text.len), key, value;
  size_t position = 0, index = 0;

  to->kind = CELL_TEXT;
  buf_add_char(&to->text, source->kind == TYPE_ARRAY ? '[' : '{');
  for (; raw_next(whole, &position, &key, &value); index++) {
    bool fields = source->kind == TYPE_STRUCT;
    enum outcome outcome;

    if (fields && index >= source->field_count) break;
    if (index) buf_add_char(&to->text, ',');
    if (fields) {
      raw_add_string(&to->text, type->fields[index].name, strlen(type->fields[index].name));
      buf_add_char(&to->text, ':');
    } else if (source->kind == TYPE_MAP) {
      add_key(&to->text, key);
    }
    outcome = cast_raw(value, fields ? source->fields[index].type : source->element,
                       fields ? type->fields[index].type : type->element, mode, &to->text);
    if (outcome != CAST_OK) return outcome;
  }
  buf_add_char(&to->text, source->kind == TYPE_ARRAY ? ']' : '}');
  return CAST_OK;
}

/* [1, 2], {a, b}, {k -> v}: how nested values read as strings. */
static enum outcome
nested_to_text(struct raw whole, const struct sql_type *source, struct buf *buf) {
  struct raw key, value;
  size_t position = 0, index = 0;

  if (source->kind == TYPE_VARIANT) {
    raw_add_text(buf, whole);
    return CAST_OK;
  }
  buf_add_char(buf, source->kind == TYPE_ARRAY ? '[' : '{');
  for (; raw_next(whole, &position, &key, &value); index++) {
    const struct sql_type *type = source->kind == TYPE_STRUCT ? source->fields[index].type : source->element;
    CLEANUP(cell_free) struct cell from, text = {.text = BUF_INIT(BUF_LARGE)};

    if (index) buf_add_text(buf, ", ");
    if (source->kind == TYPE_MAP) {
      raw_add_text(buf, key);
      buf_add_text(buf, " -> ");
    }
    raw_to_cell(value, type, &from);
    if (from.kind == CELL_NULL) {
      buf_add_text(buf, "null");
      continue;
    }
    cast_cell(&from, type, type_of(TYPE_STRING), 'c', &text);
    buf_add(buf, text.text.data, text.text.len);
  }
  buf_add_char(buf, source->kind == TYPE_ARRAY ? ']' : '}');
  return CAST_OK;
}

static enum outcome
any_to_text(const struct cell *from, const struct sql_type *source, struct cell *to) {
  char text[TIME_TEXT_MAX];

  to->kind = CELL_TEXT;
  if (type_is_nested(source))
    return nested_to_text(raw_of(from->text.data, from->text.len), source, &to->text);
  if (source->kind == TYPE_BOOLEAN) return set_text(to, from->integer ? "true" : "false");
  if (source->kind == TYPE_INTERVAL_MONTHS || source->kind == TYPE_INTERVAL_SECONDS) {
    interval_to_text(from->integer, source, &to->text);
  } else if (from->kind == CELL_INTEGER) {
    buf_addf(&to->text, "%" PRId64, from->integer);
  } else if (from->kind == CELL_REAL) {
    number_print(from->real, source->kind == TYPE_FLOAT, text);
    buf_add_text(&to->text, text);
  } else {
    buf_add(&to->text, from->text.data, from->text.len);
  }
  return CAST_OK;
}

/* A variant's JSON read as TYPE: what its own scalar is, cast from there. */
static enum outcome
variant_to_any(const struct cell *from, const struct sql_type *type, char mode, struct cell *to) {
  struct raw raw = raw_of(from->text.data, from->text.len);
  struct cell inner = {.kind = CELL_TEXT, .text = BUF_INIT(BUF_LARGE)};
  enum outcome outcome;

  if (raw_is_null(raw)) return CAST_OK;
  /* from_json takes no number from a quoted string. */
  if (mode == 'j' && *raw.at == '"' && (type_is_number(type) || type->kind == TYPE_BOOLEAN))
    return CAST_MALFORMED;
  if (type_is_nested(type)) {
    struct sql_type as_is = *type;

    if ((*raw.at == '[') != (type->kind == TYPE_ARRAY) || (*raw.at != '[' && *raw.at != '{'))
      return CAST_MALFORMED;
    if (type->kind == TYPE_STRUCT) {
      to->kind = CELL_TEXT;
      for (size_t i = 0; i < type->field_count; i++) {
        struct raw value = {"null", 4};

        raw_member(raw, type->fields[i].name, strlen(type->fields[i].name), &value);
        buf_add_char(&to->text, i ? ',' : '{');
        raw_add_string(&to->text, type->fields[i].name, strlen(type->fields[i].name));
        buf_add_char(&to->text, ':');
        outcome = cast_raw(value, type_of(TYPE_VARIANT), type->fields[i].type, mode, &to->text);
        if (outcome != CAST_OK) return outcome;
      }
      buf_add_text(&to->text, type->field_count ? "}" : "{}");
      return CAST_OK;
    }
    as_is.element = type_of(TYPE_VARIANT);
    return nested_to_nested(from, &as_is, type, mode, to);
  }
  raw_add_text(&inner.text, raw);
  outcome = *raw.at == '[' || *raw.at == '{'
                ? (type_is_text(type) ? text_to_text(&inner, type, 'c', to) : CAST_MALFORMED)
                : text_to_any(&inner, type, mode, to);
  if (outcome == CAST_MALFORMED && type_is_integer(type) && (str_is_digit(*raw.at) || *raw.at == '-')) {
    struct cell real = {.text = BUF_INIT(BUF_LARGE)};

    outcome = text_to_real(&inner, false, &real);
    if (outcome == CAST_OK) outcome = number_to_any(&real, type_of(TYPE_DOUBLE), type, to);
    cell_free(&real);
  }
  cell_free(&inner);
  return outcome;
}

static enum outcome
any_to_text_type(const struct cell *from, const struct sql_type *source, const struct sql_type *type,
                 char mode, struct cell *to) {
  CLEANUP(cell_free) struct cell text = {.text = BUF_INIT(BUF_LARGE)};

  any_to_text(from, source, &text);
  return text_to_text(&text, type, mode, to);
}

static enum outcome
cast_cell(const struct cell *from, const struct sql_type *source, const struct sql_type *type, char mode,
          struct cell *to) {
  if (source->kind == TYPE_VARIANT && type->kind != TYPE_VARIANT) return variant_to_any(from, type, mode, to);
  if (type->kind == TYPE_VARIANT) {
    to->kind = CELL_TEXT;
    cell_to_raw(from, source, &to->text);
    return CAST_OK;
  }
  if (type_is_text(type)) return any_to_text_type(from, source, type, mode, to);
  if (type_is_nested(source)) return nested_to_nested(from, source, type, mode, to);
  if (type_is_text(source)) return text_to_any(from, type, mode, to);
  if (source->kind == TYPE_DATE || source->kind == TYPE_TIMESTAMP || source->kind == TYPE_TIMESTAMP_NTZ)
    return time_to_any(from, source, type, to);
  if (source->kind == TYPE_INTERVAL_SECONDS || source->kind == TYPE_INTERVAL_MONTHS) {
    static const int64_t sizes[] = {12, 1, TIME_DAY, 3600000000, 60000000, 1000000};
    struct cell number = *from;

    if (source->kind != type->kind) number.integer /= sizes[source->to];
    if (source->kind == type->kind)
      return set_integer(to, from->integer - from->integer % sizes[type->to]), CAST_OK;
    return number_to_any(&number, type_of(TYPE_BIGINT), type, to);
  }
  return number_to_any(from, source, type, to);
}

static void
value_to_cell(sqlite3_value *value, struct cell *cell) {
  *cell = (struct cell){.text = BUF_INIT(BUF_LARGE)};
  switch (sqlite3_value_type(value)) {
  case SQLITE_INTEGER: set_integer(cell, sqlite3_value_int64(value)); return;
  case SQLITE_FLOAT:
    cell->kind = CELL_REAL;
    cell->real = sqlite3_value_double(value);
    return;
  case SQLITE_NULL: return;
  case SQLITE_BLOB:
    cell->kind = CELL_BYTES;
    buf_add(&cell->text, sqlite3_value_blob(value), (size_t)sqlite3_value_bytes(value));
    return;
  default: cell->kind = CELL_TEXT; buf_add(&cell->text, fn_text(value), (size_t)sqlite3_value_bytes(value));
  }
}

static void
return_cell(sqlite3_context *context, const struct cell *cell) {
  switch (cell->kind) {
  case CELL_NULL: sqlite3_result_null(context); return;
  case CELL_INTEGER: sqlite3_result_int64(context, cell->integer); return;
  case CELL_REAL: sqlite3_result_double(context, cell->real); return;
  case CELL_BYTES: sqlite3_result_blob64(context, cell->text.data, cell->text.len, SQLITE_TRANSIENT); return;
  default: fn_return(context, &cell->text);
  }
}

static void
fail_cast(sqlite3_context *context, enum outcome outcome, const struct cell *from,
          const struct sql_type *source, const struct sql_type *type) {
  struct arena *arena CLEANUP(arena_cleanup) = arena_new();
  CLEANUP(cell_free) struct cell text = {.text = BUF_INIT(BUF_LARGE)};
  const char *quoted = type_quoted(arena, type), *mark = type_is_text(source) ? "'" : "";

  any_to_text(from, source, &text);
  if (outcome == CAST_TOO_LONG)
    fn_fail(context, "EXCEED_LIMIT_LENGTH", "54006", "Exceeds char/varchar type length limitation: %d.",
            type->length);
  else if (outcome == CAST_OVERFLOW && type->kind == TYPE_DECIMAL)
    fn_fail(context, "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION", "22003",
            "%s cannot be represented as Decimal(%d, %d). If necessary set \"ANSI_MODE\" to \"false\" to "
            "bypass this "
            "error, and return NULL instead.",
            text.text.data, type->precision, type->scale);
  else if (outcome == CAST_OVERFLOW)
    fn_fail(context, "CAST_OVERFLOW", "22003",
            "The value %s of the type %s cannot be cast to %s due to an overflow. Use `try_cast` to tolerate "
            "overflow "
            "and return NULL instead.",
            text.text.data, type_quoted(arena, source), quoted);
  else
    fn_fail(context, "CAST_INVALID_INPUT", "22018",
            "The value %s%s%s of the type %s cannot be cast to %s because it is malformed. Correct the value "
            "as per the "
            "syntax, or change its target type. Use `try_cast` to tolerate malformed input and return NULL "
            "instead.",
            mark, text.text.data, mark, type_quoted(arena, source), quoted);
}

static void
fn_cast(sqlite3_context *context, int count, sqlite3_value **args) {
  const struct sql_type *source, *type;
  CLEANUP(cell_free) struct cell from = {.text = BUF_INIT(BUF_LARGE)}, to = {.text = BUF_INIT(BUF_LARGE)};
  enum outcome outcome;
  char mode = *fn_text(args[3]);

  (void)count;
  if (fn_is_null(args[0])) {
    sqlite3_result_null(context);
    return;
  }
  source = fn_type(context, args, 1);
  type = source ? fn_type(context, args, 2) : NULL;
  if (!type) return;
  value_to_cell(args[0], &from);
  outcome = cast_cell(&from, source, type, mode, &to);
  if (outcome == CAST_OK)
    return_cell(context, &to);
  else if (mode == 't' || mode == 'j')
    sqlite3_result_null(context);
  else
    fail_cast(context, outcome, &from, source, type);
}

struct fn_table
fns_cast(void) {
  static const struct fn table[] = {{"x_cast", 4, fn_cast, false}};

  return (struct fn_table){table, ARRAY_SIZE(table)};
}
