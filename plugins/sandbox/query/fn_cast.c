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
#include "query/cell.h"
#include "query/fn.h"
#include "query/tx.h"

#include "base/banned.h"

static enum outcome cast_cell(const struct cell *from, const struct sql_type *source,
                              const struct sql_type *type, char mode, struct cell *to);

static void
raw_to_cell(struct raw raw, const struct sql_type *type, struct cell *cell)
{
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
  if (letter == 'i') cell_set_integer(cell, strtoll(cell->text.data, NULL, 10));
  if (letter == 'b') cell_set_integer(cell, *cell->text.data == 't');
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
cell_to_raw(const struct cell *cell, const struct sql_type *type, struct buf *buf)
{
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
         struct buf *buf)
{
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
add_key(struct buf *buf, struct raw key)
{
  buf_add(buf, key.at, key.length);
  buf_add_char(buf, ':');
}

static enum outcome
nested_to_nested(const struct cell *from, const struct sql_type *source, const struct sql_type *type,
                 char mode, struct cell *to)
{
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
nested_to_text(struct raw whole, const struct sql_type *source, struct buf *buf)
{
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
any_to_text(const struct cell *from, const struct sql_type *source, struct cell *to)
{
  char text[TIME_TEXT_MAX];

  to->kind = CELL_TEXT;
  if (type_is_nested(source))
    return nested_to_text(raw_of(from->text.data, from->text.len), source, &to->text);
  if (source->kind == TYPE_BOOLEAN) return cell_set_text(to, from->integer ? "true" : "false");
  if (source->kind == TYPE_INTERVAL_MONTHS || source->kind == TYPE_INTERVAL_SECONDS) {
    cell_print_interval(from->integer, source, &to->text);
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
variant_to_any(const struct cell *from, const struct sql_type *type, char mode, struct cell *to)
{
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
                ? (type_is_text(type) ? cell_fit_text(&inner, type, 'c', to) : CAST_MALFORMED)
                : cell_from_text(&inner, type, mode, to);
  if (outcome == CAST_MALFORMED && type_is_integer(type) && (str_is_digit(*raw.at) || *raw.at == '-')) {
    struct cell real = {.text = BUF_INIT(BUF_LARGE)};

    outcome = cell_read_real(&inner, false, &real);
    if (outcome == CAST_OK) outcome = cell_from_number(&real, type_of(TYPE_DOUBLE), type, to);
    cell_free(&real);
  }
  cell_free(&inner);
  return outcome;
}

static enum outcome
any_to_text_type(const struct cell *from, const struct sql_type *source, const struct sql_type *type,
                 char mode, struct cell *to)
{
  CLEANUP(cell_free) struct cell text = {.text = BUF_INIT(BUF_LARGE)};

  any_to_text(from, source, &text);
  return cell_fit_text(&text, type, mode, to);
}

static enum outcome
cast_cell(const struct cell *from, const struct sql_type *source, const struct sql_type *type, char mode,
          struct cell *to)
{
  if (source->kind == TYPE_VARIANT && type->kind != TYPE_VARIANT) return variant_to_any(from, type, mode, to);
  if (type->kind == TYPE_VARIANT) {
    to->kind = CELL_TEXT;
    cell_to_raw(from, source, &to->text);
    return CAST_OK;
  }
  if (type_is_text(type)) return any_to_text_type(from, source, type, mode, to);
  if (type_is_nested(source)) return nested_to_nested(from, source, type, mode, to);
  if (type_is_text(source)) return cell_from_text(from, type, mode, to);
  if (source->kind == TYPE_DATE || source->kind == TYPE_TIMESTAMP || source->kind == TYPE_TIMESTAMP_NTZ)
    return cell_from_time(from, source, type, to);
  if (source->kind == TYPE_INTERVAL_SECONDS || source->kind == TYPE_INTERVAL_MONTHS) {
    static const int64_t sizes[] = {12, 1, TIME_DAY, 3600000000, 60000000, 1000000};
    struct cell number = *from;

    if (source->kind != type->kind) number.integer /= sizes[source->to];
    if (source->kind == type->kind)
      return cell_set_integer(to, from->integer - from->integer % sizes[type->to]), CAST_OK;
    return cell_from_number(&number, type_of(TYPE_BIGINT), type, to);
  }
  return cell_from_number(from, source, type, to);
}

static void
value_to_cell(sqlite3_value *value, struct cell *cell)
{
  *cell = (struct cell){.text = BUF_INIT(BUF_LARGE)};
  switch (sqlite3_value_type(value)) {
  case SQLITE_INTEGER: cell_set_integer(cell, sqlite3_value_int64(value)); return;
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
return_cell(sqlite3_context *context, const struct cell *cell)
{
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
          const struct sql_type *source, const struct sql_type *type)
{
  struct arena *arena CLEANUP(arena_cleanup) = arena_new();
  CLEANUP(cell_free) struct cell text = {.text = BUF_INIT(BUF_LARGE)};
  const char *quoted = type_quoted(arena, type), *mark = type_is_text(source) ? "'" : "";

  any_to_text(from, source, &text);
  if (outcome == CAST_NAN)
    fn_fail(context, "UNSUPPORTED_FEATURE.NAN", "0A000",
            "The feature is not supported: NaN is not supported by the sandbox.");
  else if (outcome == CAST_TOO_LONG)
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
fn_cast(sqlite3_context *context, int count, sqlite3_value **args)
{
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
fns_cast(void)
{
  static const struct fn table[] = {{"x_cast", 4, fn_cast, false}};

  return (struct fn_table){table, ARRAY_SIZE(table)};
}
