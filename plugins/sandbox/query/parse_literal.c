/* SPDX-License-Identifier: Apache-2.0 */
/* Literals and their types: 1 is INT, 3000000000 BIGINT, 1.50 DECIMAL(3,2), 1e3 DOUBLE, 2L, DATE
 * '2024-01-01', INTERVAL '1 2' DAY TO HOUR.
 * https://docs.databricks.com/sql/language-manual/sql-ref-literals.html */
#include "query/parse_internal.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/str.h"
#include "engine.h"

#include "base/banned.h"

static void
fail_range(struct cursor *cursor, const char *text, const char *type, const char *low, const char *high)
{
  fault_set(cursor->session, "INVALID_NUMERIC_LITERAL_RANGE", "22003",
            "Numeric literal %s is outside the valid range for %s with minimum value of %s and maximum value "
            "of %s. "
            "Please adjust the value accordingly.",
            text, type, low, high);
}

/* DIGITS without leading zeros, dot and exponent: how many, and how many of them behind the dot. */
static void
count_digits(const char *digits, int *precision, int *scale)
{
  const char *dot = strchr(digits, '.');
  int count = 0;

  *scale = dot ? (int)strlen(dot + 1) : 0;
  for (const char *c = digits; *c; c++)
    if (str_is_digit(*c) && (count || *c != '0')) count++;
  *precision = count > *scale ? count : *scale;
  if (*precision == 0) *precision = 1;
}

static struct ast_expr *
decimal_literal(struct cursor *cursor, struct ast_expr *expr, const char *text)
{
  int precision, scale;

  count_digits(text, &precision, &scale);
  if (precision > 38) {
    fault_set(cursor->session, "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION", "22003",
              "Decimal precision %d exceeds max precision 38.", precision);
    return NULL;
  }
  expr->type = type_decimal(cursor->arena, precision, scale);
  expr->text = text;
  return expr;
}

/* A suffixed whole number has to fit its type. */
static struct ast_expr *
sized_literal(struct cursor *cursor, struct ast_expr *expr, const char *text, char suffix)
{
  static const struct {
    char suffix;
    enum type_kind kind;
    int64_t low, high;
    const char *name;
  } sizes[] = {{'y', TYPE_TINYINT, INT8_MIN, INT8_MAX, "TINYINT"},
               {'s', TYPE_SMALLINT, INT16_MIN, INT16_MAX, "SMALLINT"},
               {'l', TYPE_BIGINT, INT64_MIN, INT64_MAX, "BIGINT"}};
  int64_t value;

  for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
    if (sizes[i].suffix != suffix) continue;
    expr->type = type_of(sizes[i].kind);
    expr->text = text;
    if (str_to_int64(text, &value) && value >= sizes[i].low && value <= sizes[i].high) return expr;
    fail_range(cursor, text, sizes[i].name, arena_printf(cursor->arena, "%" PRId64, sizes[i].low),
               arena_printf(cursor->arena, "%" PRId64, sizes[i].high));
  }
  return NULL;
}

static struct ast_expr *
plain_literal(struct cursor *cursor, struct ast_expr *expr, const char *text)
{
  int64_t value;

  if (!str_to_int64(text, &value)) return decimal_literal(cursor, expr, text);
  expr->type = type_of(value >= INT32_MIN && value <= INT32_MAX ? TYPE_INT : TYPE_BIGINT);
  expr->text = text;
  return expr;
}

static struct ast_expr *
floating_literal(struct ast_expr *expr, const char *text, enum type_kind kind)
{
  expr->type = type_of(kind);
  expr->text = text;
  return expr;
}

struct ast_expr *
parse_number(struct cursor *cursor, bool negative)
{
  struct ast_expr *expr = parse_node(cursor, AST_NUMBER);
  const char *text = sql_token_value(cursor->arena, &cursor->tokens, cursor->at);
  size_t length = strlen(text);
  char last = str_lower(text[length - 1]);
  bool exponent = strpbrk(text, "eE") != NULL;

  cursor_next(cursor);
  text = arena_printf(cursor->arena, "%s%s", negative ? "-" : "", text);
  length += negative;
  if (last == 'd' && length > 1 && str_lower(text[length - 2]) == 'b') {
    text = arena_strndup(cursor->arena, text, length - 2);
    if (exponent) return cursor_fail(cursor), NULL;
    expr = decimal_literal(cursor, expr, text);
  } else if (last == 'f' || last == 'd') {
    text = arena_strndup(cursor->arena, text, length - 1);
    expr = floating_literal(expr, text, last == 'f' ? TYPE_FLOAT : TYPE_DOUBLE);
  } else if (last == 'l' || last == 's' || last == 'y') {
    expr = sized_literal(cursor, expr, arena_strndup(cursor->arena, text, length - 1), last);
  } else if (exponent) {
    expr = floating_literal(expr, text, TYPE_DOUBLE);
  } else {
    expr = strchr(text, '.') ? decimal_literal(cursor, expr, text) : plain_literal(cursor, expr, text);
  }
  return expr ? parse_done(cursor, expr) : NULL;
}

static int
hex_digit(char c)
{
  if (str_is_digit(c)) return c - '0';
  c = str_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct ast_expr *
parse_hex(struct cursor *cursor)
{
  struct ast_expr *expr = parse_node(cursor, AST_BINARY);
  const char *digits = sql_token_value(cursor->arena, &cursor->tokens, cursor->at);
  size_t count = strlen(digits), odd = count % 2;
  char *bytes = arena_alloc(cursor->arena, count / 2 + 2);

  for (size_t i = 0; i < count; i++) {
    int digit = hex_digit(digits[i]);

    if (digit < 0) return cursor_fail(cursor), NULL;
    bytes[(i + odd) / 2] = (char)(bytes[(i + odd) / 2] << 4 | digit);
  }
  cursor_next(cursor);
  expr->text = bytes;
  expr->length = (count + 1) / 2;
  return parse_done(cursor, expr);
}

static const struct {
  const char *word;
  enum type_kind kind;
} typed_words[] = {{"DATE", TYPE_DATE},
                   {"TIMESTAMP", TYPE_TIMESTAMP},
                   {"TIMESTAMP_LTZ", TYPE_TIMESTAMP},
                   {"TIMESTAMP_NTZ", TYPE_TIMESTAMP_NTZ}};

bool
parse_starts_typed(const struct cursor *cursor)
{
  if (cursor_kind_at(cursor, 1) != SQL_STRING) return false;
  for (size_t i = 0; i < ARRAY_SIZE(typed_words); i++)
    if (cursor_is(cursor, typed_words[i].word)) return true;
  return false;
}

struct ast_expr *
parse_typed(struct cursor *cursor)
{
  struct ast_expr *expr = parse_node(cursor, AST_TYPED);

  for (size_t i = 0; i < ARRAY_SIZE(typed_words); i++)
    if (cursor_is(cursor, typed_words[i].word)) expr->type = type_of(typed_words[i].kind);
  cursor_next(cursor);
  return parse_string(cursor, &expr->text) ? parse_done(cursor, expr) : NULL;
}

static const struct {
  const char *word;
  enum type_unit unit;
  int64_t amount; /* months, or microseconds */
} interval_units[] = {
    {"YEAR", UNIT_YEAR, 12},          {"MONTH", UNIT_MONTH, 1},           {"WEEK", UNIT_DAY, 604800000000},
    {"DAY", UNIT_DAY, 86400000000},   {"HOUR", UNIT_HOUR, 3600000000},    {"MINUTE", UNIT_MINUTE, 60000000},
    {"SECOND", UNIT_SECOND, 1000000}, {"MILLISECOND", UNIT_SECOND, 1000}, {"MICROSECOND", UNIT_SECOND, 1},
};

/* Index of the unit that WORD names, in singular or plural, or -1. */
static int
unit_index(const char *word)
{
  size_t length = strlen(word);

  if (length > 1 && str_lower(word[length - 1]) == 's') length--;
  for (size_t i = 0; i < ARRAY_SIZE(interval_units); i++)
    if (strlen(interval_units[i].word) == length && str_ieqn(interval_units[i].word, word, length))
      return (int)i;
  return -1;
}

/* DIGITS ("-1.5") of a unit, as that unit's base: months or microseconds. Only seconds may have a fraction.
 */
static bool
unit_amount(const char *digits, int unit, int64_t *amount)
{
  bool negative = *digits == '-';
  const char *c = digits + (negative || *digits == '+');
  int64_t whole = 0, part = 0, place = interval_units[unit].amount;

  if (!str_is_digit(*c) && *c != '.') return false;
  for (; str_is_digit(*c); c++)
    if (__builtin_mul_overflow(whole, 10, &whole) || __builtin_add_overflow(whole, *c - '0', &whole))
      return false;
  if (*c == '.') {
    if (interval_units[unit].unit != UNIT_SECOND) return false;
    for (c++; str_is_digit(*c); c++) {
      place /= 10;
      part += place * (*c - '0');
    }
  }
  if (*c != '\0' || __builtin_mul_overflow(whole, interval_units[unit].amount, amount) ||
      __builtin_add_overflow(*amount, part, amount))
    return false;
  if (negative) *amount = -*amount;
  return true;
}

bool
parse_starts_interval(const struct cursor *cursor)
{
  size_t ahead = 1;

  if (!cursor_is(cursor, "INTERVAL")) return false;
  if (cursor_is_at(cursor, 1, "-") || cursor_is_at(cursor, 1, "+")) ahead = 2;
  return cursor_kind_at(cursor, ahead) == SQL_STRING || cursor_kind_at(cursor, ahead) == SQL_NUMBER;
}

static struct ast_expr *
fail_interval(struct cursor *cursor, const char *text)
{
  fault_set(cursor->session,
            *text ? "INVALID_INTERVAL_FORMAT.UNRECOGNIZED_NUMBER" : "INVALID_INTERVAL_FORMAT.INPUT_IS_EMPTY",
            "22006",
            "Error parsing '%s' to interval. Please ensure that the value provided is in a valid format for "
            "defining "
            "an interval.",
            text);
  return NULL;
}

/* '1-2' YEAR TO MONTH, '1 02:03:04.5' DAY TO SECOND: fields from FROM to TO with their own separators. */
static bool
composed_amount(const char *text, enum type_unit from, enum type_unit to, int64_t *total)
{
  static const int index_of[] = {0, 1, 3, 4, 5, 6};
  bool negative = *text == '-';

  if (*text == '-' || *text == '+') text++;
  *total = 0;
  for (enum type_unit unit = from; unit <= to; unit++) {
    char field[32];
    size_t length = strspn(text, unit == UNIT_SECOND ? "0123456789." : "0123456789");
    int64_t amount;

    if (length == 0 || length >= sizeof field) return false;
    memcpy(field, text, length);
    field[length] = '\0';
    if (!unit_amount(field, index_of[unit], &amount) || __builtin_add_overflow(*total, amount, total))
      return false;
    text += length;
    if (unit == to) break;
    if (*text != (unit == UNIT_YEAR ? '-' : unit == UNIT_DAY ? ' ' : ':')) return false;
    text++;
  }
  if (negative) *total = -*total;
  return *text == '\0';
}

/* Fold one more AMOUNT of unit INDEX into the literal; months and days do not mix. */
static bool
add_amount(struct cursor *cursor, struct ast_expr *expr, int index, int64_t amount, bool first)
{
  enum type_unit unit = interval_units[index].unit;
  enum type_unit from = first ? unit : expr->type->from, to = first ? unit : expr->type->to;

  if (!first && (unit <= UNIT_MONTH) != (from <= UNIT_MONTH))
    return fault_set(cursor->session, "UNSUPPORTED_FEATURE.MIXED_INTERVAL", "0A000",
                     "The feature is not supported: An interval of both months and days; use two intervals.");
  expr->type = type_interval(cursor->arena, unit < from ? unit : from, unit > to ? unit : to);
  return !__builtin_add_overflow(expr->number, amount, &expr->number) ||
         fault_set(cursor->session, "ARITHMETIC_OVERFLOW", "22003", "Interval overflow.");
}

/* INTERVAL '3 days 2 hours': all of it in the text. */
static struct ast_expr *
interval_of_words(struct cursor *cursor, struct ast_expr *expr, const char *text)
{
  const char *c = text;
  bool first = true;

  for (;;) {
    char digits[40], word[24];
    size_t length;
    int index;
    int64_t amount;

    c += strspn(c, " \t");
    if (!*c) return first ? fail_interval(cursor, text) : parse_done(cursor, expr);
    length = strspn(c, "+-.0123456789");
    if (length == 0 || length >= sizeof digits) return fail_interval(cursor, text);
    memcpy(digits, c, length);
    digits[length] = '\0';
    c += length;
    c += strspn(c, " \t");
    for (length = 0; str_is_alpha(c[length]); length++) {
    }
    if (length == 0 || length >= sizeof word) return fail_interval(cursor, text);
    memcpy(word, c, length);
    word[length] = '\0';
    c += length;
    index = unit_index(word);
    if (index < 0 || !unit_amount(digits, index, &amount)) return fail_interval(cursor, text);
    if (!add_amount(cursor, expr, index, amount, first)) return NULL;
    first = false;
  }
}

/* The amount before a unit: [-] number or string. */
static bool
read_amount(struct cursor *cursor, const char **text)
{
  bool negative = cursor_take(cursor, "-");

  if (!negative) cursor_take(cursor, "+");
  if (cursor_kind(cursor) == SQL_STRING) {
    if (!parse_string(cursor, text)) return false;
  } else if (cursor_kind(cursor) == SQL_NUMBER) {
    *text = sql_token_value(cursor->arena, &cursor->tokens, cursor->at);
    cursor_next(cursor);
  } else {
    return cursor_fail(cursor);
  }
  while (**text == ' ')
    ++*text;
  if (negative) *text = **text == '-' ? *text + 1 : arena_printf(cursor->arena, "-%s", *text);
  return true;
}

static int
next_unit(const struct cursor *cursor)
{
  return cursor_kind(cursor) == SQL_WORD
             ? unit_index(sql_token_value(cursor->arena, &cursor->tokens, cursor->at))
             : -1;
}

struct ast_expr *
parse_interval_literal(struct cursor *cursor)
{
  struct ast_expr *expr = parse_node(cursor, AST_INTERVAL);
  bool first = true;

  cursor_next(cursor);
  do {
    const char *text;
    int index, to;
    int64_t amount;

    if (!read_amount(cursor, &text)) return NULL;
    index = next_unit(cursor);
    if (index < 0) return first ? interval_of_words(cursor, expr, text) : (cursor_fail(cursor), NULL);
    cursor_next(cursor);
    if (first && cursor_take(cursor, "TO")) {
      to = next_unit(cursor);
      if (to < 0 || interval_units[to].unit <= interval_units[index].unit) return cursor_fail(cursor), NULL;
      cursor_next(cursor);
      expr->type = type_interval(cursor->arena, interval_units[index].unit, interval_units[to].unit);
      if (!composed_amount(text, interval_units[index].unit, interval_units[to].unit, &expr->number))
        return fail_interval(cursor, text);
      return parse_done(cursor, expr);
    }
    if (!unit_amount(text, index, &amount)) return fail_interval(cursor, text);
    if (!add_amount(cursor, expr, index, amount, first)) return NULL;
    first = false;
  } while (cursor_kind(cursor) == SQL_NUMBER ||
           (cursor_kind(cursor) == SQL_STRING && cursor_kind_at(cursor, 1) == SQL_WORD));
  return parse_done(cursor, expr);
}
