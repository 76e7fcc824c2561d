/* SPDX-License-Identifier: Apache-2.0 */
/* Types that meet: the common type of two, what may be cast to what and how, and the SQLite text of a cast.
 * Rules: https://docs.databricks.com/sql/language-manual/sql-ref-datatype-rules.html and
 * https://docs.databricks.com/sql/language-manual/functions/cast.html (ANSI). */
#include "query/tx.h"

#include "base/str.h"
#include "engine.h"
#include "query/parse.h"

#include "base/banned.h"

/* Digits that an integer type needs as a decimal. */
static int
integer_digits(const struct sql_type *type)
{
  switch (type->kind) {
  case TYPE_TINYINT: return 3;
  case TYPE_SMALLINT: return 5;
  case TYPE_INT: return 10;
  default: return 20;
  }
}

static const struct sql_type *
as_decimal(struct arena *arena, const struct sql_type *type)
{
  return type->kind == TYPE_DECIMAL ? type : type_decimal(arena, integer_digits(type), 0);
}

static const struct sql_type *
common_decimal(struct arena *arena, const struct sql_type *a, const struct sql_type *b)
{
  int scale = a->scale > b->scale ? a->scale : b->scale;
  int whole =
      a->precision - a->scale > b->precision - b->scale ? a->precision - a->scale : b->precision - b->scale;

  if (whole + scale > 38) scale = 38 - whole > (scale < 6 ? scale : 6) ? 38 - whole : (scale < 6 ? scale : 6);
  return type_decimal(arena, whole + scale > 38 ? 38 : whole + scale, scale);
}

static const struct sql_type *
common_number(struct arena *arena, const struct sql_type *a, const struct sql_type *b)
{
  if (type_is_integer(a) && type_is_integer(b)) return a->kind > b->kind ? a : b;
  if (a->kind == TYPE_FLOAT && b->kind == TYPE_FLOAT) return a;
  if (a->kind == TYPE_DOUBLE || b->kind == TYPE_DOUBLE || a->kind == TYPE_FLOAT || b->kind == TYPE_FLOAT)
    return type_of(TYPE_DOUBLE);
  return common_decimal(arena, as_decimal(arena, a), as_decimal(arena, b));
}

/* A string with something else: the other one wins; numbers widen so that no digit is lost. */
static const struct sql_type *
common_with_text(const struct sql_type *other)
{
  if (type_is_integer(other)) return type_of(TYPE_BIGINT);
  if (type_is_number(other)) return type_of(TYPE_DOUBLE);
  if (type_is_nested(other)) return NULL;
  return other;
}

static const struct sql_type *
common_struct(struct arena *arena, const struct sql_type *a, const struct sql_type *b)
{
  struct type_field *fields;

  if (a->field_count != b->field_count) return NULL;
  fields = arena_array(arena, a->field_count ? a->field_count : 1, sizeof *fields);
  for (size_t i = 0; i < a->field_count; i++) {
    fields[i].name = a->fields[i].name;
    fields[i].type = tx_common(arena, a->fields[i].type, b->fields[i].type);
    if (!fields[i].type) return NULL;
  }
  return type_struct(arena, fields, a->field_count);
}

static const struct sql_type *
common_nested(struct arena *arena, const struct sql_type *a, const struct sql_type *b)
{
  const struct sql_type *key, *element;

  if (a->kind == TYPE_STRUCT) return common_struct(arena, a, b);
  if (a->kind == TYPE_VARIANT) return a;
  element = tx_common(arena, a->element, b->element);
  if (!element) return NULL;
  if (a->kind == TYPE_ARRAY) return type_array(arena, element);
  key = tx_common(arena, a->key, b->key);
  return key ? type_map(arena, key, element) : NULL;
}

const struct sql_type *
tx_common(struct arena *arena, const struct sql_type *a, const struct sql_type *b)
{
  if (type_equal(a, b)) return a;
  if (a->kind == TYPE_VOID) return b;
  if (b->kind == TYPE_VOID) return a;
  if (type_is_text(a) && type_is_text(b)) return type_of(TYPE_STRING);
  if (type_is_text(a)) return common_with_text(b);
  if (type_is_text(b)) return common_with_text(a);
  if (type_is_number(a) && type_is_number(b)) return common_number(arena, a, b);
  if (type_is_time(a) && type_is_time(b)) {
    if (a->kind == TYPE_TIMESTAMP || b->kind == TYPE_TIMESTAMP) return type_of(TYPE_TIMESTAMP);
    return type_of(TYPE_TIMESTAMP_NTZ);
  }
  if (a->kind != b->kind) return NULL;
  if (type_is_nested(a)) return common_nested(arena, a, b);
  if (a->kind == TYPE_INTERVAL_MONTHS || a->kind == TYPE_INTERVAL_SECONDS)
    return type_interval(arena, a->from < b->from ? a->from : b->from, a->to > b->to ? a->to : b->to);
  return NULL;
}

static bool
can_cast_nested(const struct sql_type *from, const struct sql_type *to, char mode)
{
  if (to->kind == TYPE_VARIANT) return mode == 'c' || mode == 't';
  if (from->kind == TYPE_VARIANT) return (mode == 'c' || mode == 't') && to->kind != TYPE_INTERVAL_MONTHS;
  if (from->kind != to->kind) return false;
  if (from->kind == TYPE_STRUCT) {
    if (from->field_count != to->field_count) return false;
    for (size_t i = 0; i < from->field_count; i++)
      if (!tx_can_cast(from->fields[i].type, to->fields[i].type, mode)) return false;
    return true;
  }
  if (from->kind == TYPE_MAP && !tx_can_cast(from->key, to->key, mode)) return false;
  return tx_can_cast(from->element, to->element, mode);
}

/* Explicit casts between atoms, as the table of CAST has them. */
static bool
can_cast_atom(const struct sql_type *from, const struct sql_type *to)
{
  bool interval = to->kind == TYPE_INTERVAL_MONTHS || to->kind == TYPE_INTERVAL_SECONDS;

  if (type_is_text(from) || type_is_text(to)) return true;
  if (type_is_number(from))
    return type_is_number(to) || to->kind == TYPE_BOOLEAN || to->kind == TYPE_TIMESTAMP ||
           (to->kind == TYPE_BINARY && type_is_integer(from)) || (interval && type_is_integer(from));
  if (from->kind == TYPE_BOOLEAN) return type_is_number(to);
  if (from->kind == TYPE_TIMESTAMP) return type_is_time(to) || type_is_number(to);
  if (type_is_time(from)) return type_is_time(to);
  if (from->kind == TYPE_INTERVAL_MONTHS || from->kind == TYPE_INTERVAL_SECONDS)
    return from->kind == to->kind || type_is_number(to);
  return false;
}

/* What INSERT may do by itself: numbers to numbers (checked), anything to strings, dates to timestamps. */
static bool
can_store(const struct sql_type *from, const struct sql_type *to)
{
  if (type_is_text(to)) return from->kind != TYPE_BINARY;
  if (type_is_text(from)) return false;
  if (type_is_number(from)) return type_is_number(to);
  return type_is_time(from) && type_is_time(to);
}

/* What happens without being asked for: widening, strings to what is needed, anything atomic to a string. */
static bool
can_imply(const struct sql_type *from, const struct sql_type *to)
{
  if (type_is_text(to) || type_is_text(from)) return true;
  if (type_is_number(from)) return type_is_number(to);
  return type_is_time(from) && type_is_time(to);
}

bool
tx_can_cast(const struct sql_type *from, const struct sql_type *to, char mode)
{
  if (from->kind == TYPE_VOID || (type_equal(from, to) && mode != 's')) return true;
  if (from->kind == to->kind && (from->kind == TYPE_VARIANT || !type_is_nested(from))) return true;
  if (type_is_nested(from) && type_is_text(to)) return mode == 'c' || mode == 't';
  if (type_is_nested(from) || type_is_nested(to)) return can_cast_nested(from, to, mode);
  if (mode == 's') return can_store(from, to);
  return mode == 'i' ? can_imply(from, to) : can_cast_atom(from, to);
}

char
tx_letter(const struct sql_type *type)
{
  switch (type->kind) {
  case TYPE_BOOLEAN: return 'b';
  case TYPE_TINYINT:
  case TYPE_SMALLINT:
  case TYPE_INT:
  case TYPE_BIGINT:
  case TYPE_INTERVAL_MONTHS:
  case TYPE_INTERVAL_SECONDS: return 'i';
  case TYPE_FLOAT:
  case TYPE_DOUBLE: return 'd';
  case TYPE_DECIMAL: return 'm';
  case TYPE_BINARY: return 'x';
  case TYPE_ARRAY:
  case TYPE_MAP:
  case TYPE_STRUCT:
  case TYPE_VARIANT: return 'j';
  default: return 's';
  }
}

const char *
tx_collation(const struct sql_type *type)
{
  if (type->kind == TYPE_DECIMAL) return " COLLATE x_decimal";
  return type_is_nested(type) ? " COLLATE x_json" : "";
}

/* Casts that change nothing in SQLite. */
static bool
is_free(const struct sql_type *from, const struct sql_type *to)
{
  if (from->kind == TYPE_VOID) return true;
  if (type_equal(from, to)) return to->kind != TYPE_VARCHAR && to->kind != TYPE_CHAR;
  if (type_is_integer(from) && type_is_integer(to)) return from->kind <= to->kind;
  if (from->kind == TYPE_FLOAT && to->kind == TYPE_DOUBLE) return true;
  if (from->kind == to->kind && (from->kind == TYPE_INTERVAL_MONTHS || from->kind == TYPE_INTERVAL_SECONDS))
    return to->to >= from->to;
  if (type_is_text(from) && to->kind == TYPE_STRING) return true;
  return (from->kind == TYPE_TIMESTAMP && to->kind == TYPE_TIMESTAMP_NTZ) ||
         (from->kind == TYPE_TIMESTAMP_NTZ && to->kind == TYPE_TIMESTAMP);
}

bool
tx_cast(struct tx *tx, const struct value *value, const struct sql_type *type, char mode, struct value *out)
{
  *out = *value;
  out->type = type;
  if (is_free(value->type, type)) return true;
  if (type_is_integer(value->type) && type->kind == TYPE_DOUBLE) {
    out->sql = tx_printf(tx, "CAST(%s AS REAL)", value->sql);
    return true;
  }
  out->sql = tx_printf(tx, "x_cast(%s,%s,%s,'%c')", value->sql,
                       tx_literal(tx->arena, type_text(tx->arena, value->type), SIZE_MAX),
                       tx_literal(tx->arena, type_text(tx->arena, type), SIZE_MAX), mode);
  return true;
}

static const char *
ordinal(size_t position)
{
  static const char *const words[] = {"first", "second", "third",   "fourth",
                                      "fifth", "sixth",  "seventh", "eighth"};

  return position < ARRAY_SIZE(words) ? words[position] : "last";
}

bool
tx_coerce(struct tx *tx, struct value *value, const struct sql_type *type, const char *what, size_t position)
{
  struct value from = *value;

  if (tx_can_cast(value->type, type, 'i')) return tx_cast(tx, &from, type, 'i', value);
  return fault_set(
      tx->session, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "42K09",
      "Cannot resolve \"%s\" due to data type mismatch: The %s parameter requires the %s type, however "
      "\"%s\" has the type %s.",
      what, ordinal(position), type_quoted(tx->arena, type), what, type_quoted(tx->arena, value->type));
}

bool
tx_unify(struct tx *tx, struct value *values, size_t count, const char *what)
{
  const struct sql_type *common = type_of(TYPE_VOID);

  for (size_t i = 0; i < count; i++) {
    const struct sql_type *next = tx_common(tx->arena, common, values[i].type);

    if (!next)
      return fault_set(
          tx->session, "DATATYPE_MISMATCH.DATA_DIFF_TYPES", "42K09",
          "Cannot resolve \"%s\" due to data type mismatch: Input to `%.*s` should all be the same type, "
          "but it's [%s, %s].",
          what, (int)strcspn(what, "("), what, type_quoted(tx->arena, common),
          type_quoted(tx->arena, values[i].type));
    common = next;
  }
  for (size_t i = 0; i < count; i++) {
    struct value from = values[i];

    if (!tx_cast(tx, &from, common, 'i', &values[i])) return false;
  }
  return true;
}
