/* SPDX-License-Identifier: Apache-2.0 */
/* Reading types: INT, DECIMAL(10,2), ARRAY<STRUCT<a: INT NOT NULL COMMENT 'x'>>, INTERVAL DAY TO SECOND. */
#include "query/parse.h"

#include "base/arena.h"
#include "base/str.h"
#include "engine.h"

#include "base/banned.h"

#define DEPTH_MAX 64

static const struct {
  const char *word;
  enum type_kind kind;
} words[] = {
    {"boolean", TYPE_BOOLEAN},
    {"tinyint", TYPE_TINYINT},
    {"byte", TYPE_TINYINT},
    {"smallint", TYPE_SMALLINT},
    {"short", TYPE_SMALLINT},
    {"int", TYPE_INT},
    {"integer", TYPE_INT},
    {"bigint", TYPE_BIGINT},
    {"long", TYPE_BIGINT},
    {"float", TYPE_FLOAT},
    {"real", TYPE_FLOAT},
    {"double", TYPE_DOUBLE},
    {"string", TYPE_STRING},
    {"binary", TYPE_BINARY},
    {"date", TYPE_DATE},
    {"timestamp", TYPE_TIMESTAMP},
    {"timestamp_ltz", TYPE_TIMESTAMP},
    {"timestamp_ntz", TYPE_TIMESTAMP_NTZ},
    {"variant", TYPE_VARIANT},
    {"void", TYPE_VOID},
};

static bool
fail_type(const struct cursor *cursor, const char *word)
{
  return fault_set(cursor->session, "UNSUPPORTED_DATATYPE", "0A000", "Unsupported data type \"%s\".", word);
}

static const struct sql_type *
parse_decimal(struct cursor *cursor)
{
  int64_t precision = 10, scale = 0;

  if (cursor_take(cursor, "(")) {
    if (!parse_integer(cursor, &precision)) return NULL;
    if (cursor_take(cursor, ",") && !parse_integer(cursor, &scale)) return NULL;
    if (!cursor_expect(cursor, ")")) return NULL;
  }
  if (precision > 38) {
    fault_set(cursor->session, "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION", "22003",
              "Decimal precision %lld exceeds max precision 38.", (long long)precision);
    return NULL;
  }
  if (precision < 1 || scale < 0 || scale > precision) {
    fault_set(cursor->session, "INVALID_DECIMAL_SCALE", "42K09",
              "Decimal scale %lld cannot be greater than precision %lld.", (long long)scale,
              (long long)precision);
    return NULL;
  }
  return type_decimal(cursor->arena, (int)precision, (int)scale);
}

static const struct sql_type *
parse_sized(struct cursor *cursor, enum type_kind kind)
{
  struct sql_type *type = arena_alloc(cursor->arena, sizeof *type);
  int64_t length;

  if (!cursor_is(cursor, "(")) {
    fault_set(cursor->session, "DATATYPE_MISSING_SIZE", "42K01",
              "DataType \"%s\" requires a length parameter, for "
              "example \"%s\"(10). Please specify the length.",
              kind == TYPE_CHAR ? "CHAR" : "VARCHAR", kind == TYPE_CHAR ? "CHAR" : "VARCHAR");
    return NULL;
  }
  cursor_next(cursor);
  if (!parse_integer(cursor, &length) || !cursor_expect(cursor, ")")) return NULL;
  if (length < 1 || length > INT32_MAX) return cursor_fail(cursor), NULL;
  type->kind = kind;
  type->length = (int)length;
  return type;
}

static bool
parse_unit(struct cursor *cursor, enum type_unit *unit)
{
  static const char *const names[] = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};

  for (size_t i = 0; i < ARRAY_SIZE(names); i++)
    if (cursor_take(cursor, names[i])) {
      *unit = (enum type_unit)i;
      return true;
    }
  return cursor_fail(cursor);
}

static const struct sql_type *
parse_interval(struct cursor *cursor)
{
  enum type_unit from = UNIT_YEAR, to;

  if (!parse_unit(cursor, &from)) return NULL;
  to = from;
  if (cursor_take(cursor, "TO") && !parse_unit(cursor, &to)) return NULL;
  if (to < from || (from <= UNIT_MONTH) != (to <= UNIT_MONTH)) return cursor_fail(cursor), NULL;
  return type_interval(cursor->arena, from, to);
}

static bool
parse_field(struct cursor *cursor, struct type_field *field)
{
  /* Functions make fields called 0, 1, ... */
  if (cursor_kind(cursor) == SQL_NUMBER) {
    field->name = sql_token_value(cursor->arena, &cursor->tokens, cursor->at);
    cursor_next(cursor);
  } else if (!parse_word(cursor, &field->name)) {
    return false;
  }
  cursor_take(cursor, ":");
  field->type = parse_type(cursor);
  if (!field->type) return false;
  field->not_null = cursor_take_words(cursor, "NOT NULL");
  return !cursor_take(cursor, "COMMENT") || parse_string(cursor, &field->comment);
}

static const struct sql_type *
parse_struct(struct cursor *cursor)
{
  struct type_field *fields = NULL;
  size_t count = 0;

  if (!cursor_expect(cursor, "<")) return NULL;
  while (!cursor_is(cursor, ">")) {
    fields = ast_grow(cursor->arena, fields, count, sizeof *fields);
    if (!parse_field(cursor, &fields[count++])) return NULL;
    if (!cursor_take(cursor, ",")) break;
  }
  return cursor_expect(cursor, ">") ? type_struct(cursor->arena, fields, count) : NULL;
}

static const struct sql_type *
parse_map(struct cursor *cursor)
{
  const struct sql_type *key, *value;

  if (!cursor_expect(cursor, "<")) return NULL;
  key = parse_type(cursor);
  if (!key || !cursor_expect(cursor, ",")) return NULL;
  value = parse_type(cursor);
  if (!value || !cursor_expect(cursor, ">")) return NULL;
  return type_map(cursor->arena, key, value);
}

static const struct sql_type *
parse_array(struct cursor *cursor)
{
  const struct sql_type *element;

  if (!cursor_expect(cursor, "<")) return NULL;
  element = parse_type(cursor);
  return element && cursor_expect(cursor, ">") ? type_array(cursor->arena, element) : NULL;
}

static const struct sql_type *
parse_string_type(struct cursor *cursor)
{
  struct ast_name collation;

  if (!cursor_take(cursor, "COLLATE")) return type_of(TYPE_STRING);
  if (!parse_name(cursor, 3, &collation)) return NULL;
  if (str_ieq(collation.parts[collation.count - 1], "UTF8_BINARY")) return type_of(TYPE_STRING);
  fault_set(cursor->session, "UNSUPPORTED_FEATURE.COLLATION", "0A000",
            "The feature is not supported: Collation %s is not yet supported; use UTF8_BINARY.",
            collation.parts[collation.count - 1]);
  return NULL;
}

static const struct sql_type *
parse_named(struct cursor *cursor)
{
  const char *word;

  if (cursor_kind(cursor) != SQL_WORD) return cursor_fail(cursor), NULL;
  if (!parse_word(cursor, &word)) return NULL;
  if (str_ieq(word, "decimal") || str_ieq(word, "dec") || str_ieq(word, "numeric"))
    return parse_decimal(cursor);
  if (str_ieq(word, "varchar")) return parse_sized(cursor, TYPE_VARCHAR);
  if (str_ieq(word, "char") || str_ieq(word, "character")) return parse_sized(cursor, TYPE_CHAR);
  if (str_ieq(word, "interval")) return parse_interval(cursor);
  if (str_ieq(word, "array")) return parse_array(cursor);
  if (str_ieq(word, "map")) return parse_map(cursor);
  if (str_ieq(word, "struct")) return parse_struct(cursor);
  if (str_ieq(word, "string")) return parse_string_type(cursor);
  for (size_t i = 0; i < ARRAY_SIZE(words); i++)
    if (str_ieq(word, words[i].word)) return type_of(words[i].kind);
  fail_type(cursor, word);
  return NULL;
}

const struct sql_type *
parse_type(struct cursor *cursor)
{
  const struct sql_type *type;

  if (cursor->depth >= DEPTH_MAX) return cursor_fail(cursor), NULL;
  cursor->depth++;
  type = parse_named(cursor);
  cursor->depth--;
  return type;
}
