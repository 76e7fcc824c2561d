/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic with ANSI checks, bits, and the mathematical functions. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/str.h"
#include "query/fn.h"

#include "base/banned.h"

static void
overflow(sqlite3_context *context, const char *what, const char *hint)
{
  fn_fail(context, "ARITHMETIC_OVERFLOW", "22003",
          "%s overflow. Use '%s' to tolerate overflow and return NULL instead.", what, hint);
}

static void
division_by_zero(sqlite3_context *context)
{
  fn_fail(context, "DIVIDE_BY_ZERO", "22012",
          "Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead.");
}

static bool
in_range(int64_t value, const char *type)
{
  int64_t most = *type == 't' ? INT8_MAX : *type == 's' ? INT16_MAX : *type == 'i' ? INT32_MAX : INT64_MAX;

  return value <= most && value >= -most - 1;
}

/* x_integer_op(a, b, op, type): the operand that chains nest in comes first, for SQLite's parser keeps less
 * so. */
static void
fn_integer_op(sqlite3_context *context, int count, sqlite3_value **args)
{
  const char *type = fn_text(args[3]);
  char op = *fn_text(args[2]);
  int64_t a, b, result = 0;
  bool bad;

  if (fn_null(context, count, args)) return;
  a = sqlite3_value_int64(args[0]);
  b = sqlite3_value_int64(args[1]);
  if ((op == '%' || op == 'D') && b == 0) {
    division_by_zero(context);
    return;
  }
  switch (op) {
  case '+': bad = __builtin_add_overflow(a, b, &result); break;
  case '-': bad = __builtin_sub_overflow(a, b, &result); break;
  case '*': bad = __builtin_mul_overflow(a, b, &result); break;
  case '%':
    result = b == -1 ? 0 : a % b;
    bad = false;
    break;
  default:
    bad = a == INT64_MIN && b == -1;
    if (!bad) result = a / b;
  }
  if (!bad && !in_range(result, type) && (*type == 't' || *type == 's'))
    fn_fail(context, "BINARY_ARITHMETIC_OVERFLOW", "22003",
            "%lld %c %lld caused overflow. Use 'try_add' to ignore overflow problem and return NULL.",
            (long long)a, op, (long long)b);
  else if (bad || !in_range(result, type))
    overflow(context,
             *type == 'b'   ? "long"
             : *type == 'i' ? "integer"
                            : type,
             op == '+'   ? "try_add"
             : op == '-' ? "try_subtract"
             : op == '*' ? "try_multiply"
                         : "try_divide");
  else
    sqlite3_result_int64(context, result);
}

/* x_decimal_op(a, b, op, precision, scale) */
static void
fn_decimal_op(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct decimal a, b, result;
  char text[TIME_TEXT_MAX], op = *fn_text(args[2]);
  int precision = sqlite3_value_int(args[3]), scale = sqlite3_value_int(args[4]);

  if (fn_null(context, count, args)) return;
  if (!decimal_parse(fn_text(args[0]), &a) || !decimal_parse(fn_text(args[1]), &b)) {
    fn_fail(context, "INTERNAL_ERROR", "XX000", "a stored decimal cannot be read");
    return;
  }
  switch (decimal_op(op, &a, &b, precision, scale, &result)) {
  case DECIMAL_ZERO: division_by_zero(context); return;
  case DECIMAL_OVERFLOW:
    fn_fail(
        context, "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION", "22003",
        "The result of %s %c %s cannot be represented as Decimal(%d, %d). If necessary set \"ANSI_MODE\" to "
        "\"false\" to bypass this error, and return NULL instead.",
        fn_text(args[0]), op, fn_text(args[1]), precision, scale);
    return;
  case DECIMAL_OK: break;
  }
  if (op == 'D') {
    if (result.unscaled > INT64_MAX || result.unscaled < INT64_MIN)
      overflow(context, "long", "try_divide");
    else
      sqlite3_result_int64(context, (int64_t)result.unscaled);
    return;
  }
  decimal_print(&result, text);
  fn_return_text(context, text);
}

static void
return_double(sqlite3_context *context, double value)
{
  if (isnan(value))
    fn_fail(context, "UNSUPPORTED_FEATURE.NAN", "0A000",
            "The feature is not supported: NaN is not supported by the "
            "sandbox.");
  else
    sqlite3_result_double(context, value);
}

/* x_double_op(a, b, op, 'f' or 'd') */
static void
fn_double_op(sqlite3_context *context, int count, sqlite3_value **args)
{
  double a, b, result;

  if (fn_null(context, count, args)) return;
  a = sqlite3_value_double(args[0]);
  b = sqlite3_value_double(args[1]);
  switch (*fn_text(args[2])) {
  case '+': result = a + b; break;
  case '-': result = a - b; break;
  case '*': result = a * b; break;
  default:
    if (b == 0) {
      division_by_zero(context);
      return;
    }
    result = *fn_text(args[2]) == '%' ? fmod(a, b) : trunc(a / b);
    if (*fn_text(args[2]) == 'D') {
      sqlite3_result_int64(context, (int64_t)result);
      return;
    }
  }
  if (*fn_text(args[3]) == 'f') result = (double)(float)result;
  return_double(context, result);
}

static void
fn_divide(sqlite3_context *context, int count, sqlite3_value **args)
{
  if (fn_null(context, count, args)) return;
  if (sqlite3_value_double(args[1]) == 0)
    division_by_zero(context);
  else
    return_double(context, sqlite3_value_double(args[0]) / sqlite3_value_double(args[1]));
}

/* x_bits(a, b, op, type): shifts count modulo the width. */
static void
fn_bits(sqlite3_context *context, int count, sqlite3_value **args)
{
  const char *op = fn_text(args[2]);
  bool wide = *fn_text(args[3]) == 'b';
  int64_t a, b;
  int by;

  if (fn_null(context, count, args)) return;
  a = sqlite3_value_int64(args[0]);
  b = sqlite3_value_int64(args[1]);
  by = (int)(b & (wide ? 63 : 31));
  if (str_eq(op, "<<"))
    a = wide ? (int64_t)((uint64_t)a << by) : (int32_t)((uint32_t)a << by);
  else if (str_eq(op, ">>"))
    a >>= by;
  else if (str_eq(op, ">>>"))
    a = wide ? (int64_t)((uint64_t)a >> by) : (int32_t)((uint32_t)a >> by);
  else
    a = *op == '&' ? (a & b) : *op == '|' ? (a | b) : (a ^ b);
  sqlite3_result_int64(context, a);
}

/* x_interval_scale(op, interval, number) */
static void
fn_interval_scale(sqlite3_context *context, int count, sqlite3_value **args)
{
  double number, result;

  if (fn_null(context, count, args)) return;
  number = sqlite3_value_double(args[2]);
  if (*fn_text(args[0]) == '/' && number == 0) {
    fn_fail(context, "INTERVAL_DIVIDED_BY_ZERO", "22012",
            "Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead.");
    return;
  }
  result = *fn_text(args[0]) == '/' ? sqlite3_value_double(args[1]) / number
                                    : sqlite3_value_double(args[1]) * number;
  if (!(fabs(result) < 9.2e18))
    overflow(context, "Interval", "try_multiply");
  else
    sqlite3_result_int64(context, llround(result));
}

static void
fn_raise(sqlite3_context *context, int count, sqlite3_value **args)
{
  (void)count;
  fn_fail(context, fn_text(args[0]), fn_text(args[1]), "%s", fn_text(args[2]));
}

static void
fn_limit(sqlite3_context *context, int count, sqlite3_value **args)
{
  (void)count;
  if (fn_is_null(args[0]))
    fn_fail(context, "INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL", "42K0E",
            "The limit like expression is invalid. The evaluated expression must not be null.");
  else if (sqlite3_value_int64(args[0]) < 0)
    fn_fail(context, "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE", "42K0E",
            "The limit like expression is invalid. The expression must be equal to or greater than 0, but "
            "got %lld.",
            (long long)sqlite3_value_int64(args[0]));
  else
    sqlite3_result_int64(context, sqlite3_value_int64(args[0]));
}

/* x_math(name, a [, b]): a double of doubles. Outside of its domain a function gives NULL (ln, log) or fails.
 */
static void
fn_math(sqlite3_context *context, int count, sqlite3_value **args)
{
  static const struct {
    const char *name;
    double (*call)(double);
  } plain[] = {{"sqrt", sqrt},   {"cbrt", cbrt}, {"exp", exp},   {"expm1", expm1}, {"sin", sin},
               {"cos", cos},     {"tan", tan},   {"asin", asin}, {"acos", acos},   {"atan", atan},
               {"sinh", sinh},   {"cosh", cosh}, {"tanh", tanh}, {"asinh", asinh}, {"acosh", acosh},
               {"atanh", atanh}, {"rint", rint}};
  static const struct {
    const char *name;
    double (*call)(double);
  } logs[] = {{"ln", log}, {"log10", log10}, {"log2", log2}, {"log1p", log1p}};
  const char *name = fn_text(args[0]);
  double a, b;

  if (fn_null(context, count, args)) return;
  a = sqlite3_value_double(args[1]);
  b = count > 2 ? sqlite3_value_double(args[2]) : 0;
  for (size_t i = 0; i < ARRAY_SIZE(plain); i++)
    if (str_eq(plain[i].name, name)) {
      return_double(context, plain[i].call(a));
      return;
    }
  for (size_t i = 0; i < ARRAY_SIZE(logs); i++)
    if (str_eq(logs[i].name, name)) {
      if (a <= (str_eq(name, "log1p") ? -1 : 0))
        sqlite3_result_null(context);
      else
        sqlite3_result_double(context, logs[i].call(a));
      return;
    }
  if (str_eq(name, "pow")) return_double(context, pow(a, b));
  if (str_eq(name, "atan2")) return_double(context, atan2(a, b));
  if (str_eq(name, "hypot")) return_double(context, hypot(a, b));
  if (str_eq(name, "degrees")) return_double(context, a * 180 / M_PI);
  if (str_eq(name, "radians")) return_double(context, a / 180 * M_PI);
  if (str_eq(name, "sign")) return_double(context, a > 0 ? 1 : a < 0 ? -1 : 0);
  if (str_eq(name, "log")) {
    if (a <= 0 || b <= 0)
      sqlite3_result_null(context);
    else
      return_double(context, log(b) / log(a));
  }
}

/* Rounding of a double at DIGITS places: HALF_UP, or to even, on its decimal spelling as the service does. */
static double
round_double(double value, int digits, char mode)
{
  struct decimal decimal, fit;
  char text[TIME_TEXT_MAX];

  if (!isfinite(value)) return value;
  number_print(value, false, text);
  if (!decimal_parse(text, &decimal) || digits > 30) return value;
  if (digits >= decimal.scale) return value;
  if (mode == 'e') {
    double power = pow(10, digits), scaled = value * power;

    return rint(scaled) / power;
  }
  if (!decimal_fit(decimal, 38, digits, &fit)) return value;
  return decimal_to_double(&fit);
}

/* x_round(value, digits, letter, mode, precision, scale): u half up, e half even, c ceiling, f floor. */
static void
fn_round(sqlite3_context *context, int count, sqlite3_value **args)
{
  char letter = *fn_text(args[2]), mode = *fn_text(args[3]), text[TIME_TEXT_MAX];
  int digits = sqlite3_value_int(args[1]);
  struct decimal value, fit, rest, zero = {0, 0};

  if (fn_null(context, count, args)) return;
  if (letter == 'd') {
    sqlite3_result_double(context, round_double(sqlite3_value_double(args[0]), digits, mode));
    return;
  }
  if (!decimal_parse(fn_text(args[0]), &value) || !decimal_fit(value, 38, digits, &fit)) {
    overflow(context, "decimal", "try_cast");
    return;
  }
  /* Half up came first; the other modes step back from it where it went the other way. */
  rest = (struct decimal){0, 0};
  if (mode != 'u' &&
      decimal_op('-', &value, &fit, 38, value.scale > digits ? value.scale : digits, &rest) == DECIMAL_OK) {
    int order = decimal_compare(&rest, &zero);

    if (mode == 'c' && order > 0) fit.unscaled++;
    if (mode == 'f' && order < 0) fit.unscaled--;
    if (mode == 'e' && order != 0 && fit.unscaled % 2 != 0) {
      struct decimal half = {5, digits + 1}, size = rest;

      if (size.unscaled < 0) size.unscaled = -size.unscaled;
      if (decimal_compare(&size, &half) == 0) fit.unscaled -= fit.unscaled > 0 ? 1 : -1;
    }
  }
  if (!decimal_fit(fit, sqlite3_value_int(args[4]), sqlite3_value_int(args[5]), &value)) {
    overflow(context, "decimal", "try_cast");
    return;
  }
  decimal_print(&value, text);
  if (letter == 'i')
    sqlite3_result_int64(context, strtoll(text, NULL, 10));
  else
    fn_return_text(context, text);
}

static int
compare_values(char letter, sqlite3_value *a, sqlite3_value *b)
{
  struct decimal x, y;
  size_t n, m;
  int order;

  if (letter == 'i' || letter == 'b') {
    int64_t p = sqlite3_value_int64(a), q = sqlite3_value_int64(b);

    return p < q ? -1 : p > q;
  }
  if (letter == 'd') {
    double p = sqlite3_value_double(a), q = sqlite3_value_double(b);

    return p < q ? -1 : p > q;
  }
  if (letter == 'm' && decimal_parse(fn_text(a), &x) && decimal_parse(fn_text(b), &y))
    return decimal_compare(&x, &y);
  n = fn_length(a);
  m = fn_length(b);
  order = memcmp(sqlite3_value_blob(a), sqlite3_value_blob(b), n < m ? n : m);
  return order ? order : n < m ? -1 : n > m;
}

/* x_extreme('>' or '<', letter, values...): the greatest or least that is not NULL. */
static void
fn_extreme(sqlite3_context *context, int count, sqlite3_value **args)
{
  bool most = *fn_text(args[0]) == '>';
  char letter = *fn_text(args[1]);
  sqlite3_value *best = NULL;

  for (int i = 2; i < count; i++) {
    int order;

    if (fn_is_null(args[i])) continue;
    order = best && fn_length(args[i]) + fn_length(best) ? compare_values(letter, args[i], best) : 0;
    if (!best || (most ? order > 0 : order < 0)) best = args[i];
  }
  if (best)
    sqlite3_result_value(context, best);
  else
    sqlite3_result_null(context);
}

static void
fn_pmod(sqlite3_context *context, int count, sqlite3_value **args)
{
  if (fn_null(context, count, args)) return;
  if (sqlite3_value_double(args[1]) == 0) {
    division_by_zero(context);
  } else if (sqlite3_value_type(args[0]) == SQLITE_INTEGER && sqlite3_value_type(args[1]) == SQLITE_INTEGER) {
    int64_t a = sqlite3_value_int64(args[0]), b = sqlite3_value_int64(args[1]), rest = b == -1 ? 0 : a % b;

    sqlite3_result_int64(context, rest < 0 ? (rest + b) % b : rest);
  } else {
    double a = sqlite3_value_double(args[0]), b = sqlite3_value_double(args[1]), rest = fmod(a, b);

    sqlite3_result_double(context, rest < 0 ? fmod(rest + b, b) : rest);
  }
}

static void
fn_random(sqlite3_context *context, int count, sqlite3_value **args)
{
  uint64_t bits = 0;

  (void)count;
  (void)args;
  if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits) bits = 0;
  sqlite3_result_double(context, (double)(bits >> 11) / 9007199254740992.0);
}

/* A whole number of BASE in text, to another base: conv('ff', 16, 10). Unsigned, as the service has it. */
static void
fn_conv(sqlite3_context *context, int count, sqlite3_value **args)
{
  const char *text;
  int from, to, length = 0;
  bool negative;
  uint64_t value = 0;
  char digits[80];

  if (fn_null(context, count, args)) return;
  text = fn_text(args[0]);
  from = sqlite3_value_int(args[1]);
  to = abs(sqlite3_value_int(args[2]));
  while (*text == ' ')
    text++;
  negative = *text == '-';
  if (negative) text++;
  if (from < 2 || from > 36 || to < 2 || to > 36 || !*text) {
    sqlite3_result_null(context);
    return;
  }
  for (; *text; text++) {
    char c = str_lower(*text);
    int digit = str_is_digit(c) ? c - '0' : str_is_alpha(c) ? c - 'a' + 10 : 99;

    if (digit >= from) break;
    if (__builtin_mul_overflow(value, (uint64_t)from, &value) ||
        __builtin_add_overflow(value, (uint64_t)digit, &value)) {
      overflow(context, "conv", "try_cast");
      return;
    }
  }
  if (negative) value = -value;
  digits[79] = '\0';
  do
    digits[78 - length++] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[value % (uint64_t)to];
  while ((value /= (uint64_t)to) != 0);
  fn_return_text(context, digits + 79 - length);
}

static void
fn_factorial(sqlite3_context *context, int count, sqlite3_value **args)
{
  int64_t n = sqlite3_value_int64(args[0]), result = 1;

  if (fn_null(context, count, args)) return;
  if (n < 0 || n > 20) {
    sqlite3_result_null(context);
    return;
  }
  while (n > 1)
    result *= n--;
  sqlite3_result_int64(context, result);
}

static void
fn_bit_count(sqlite3_context *context, int count, sqlite3_value **args)
{
  if (fn_null(context, count, args)) return;
  sqlite3_result_int(context, __builtin_popcountll((uint64_t)sqlite3_value_int64(args[0])));
}

static void
fn_width_bucket(sqlite3_context *context, int count, sqlite3_value **args)
{
  double value, low, high;
  int64_t buckets;

  if (fn_null(context, count, args)) return;
  value = sqlite3_value_double(args[0]);
  low = sqlite3_value_double(args[1]);
  high = sqlite3_value_double(args[2]);
  buckets = sqlite3_value_int64(args[3]);
  if (buckets <= 0 || low == high)
    sqlite3_result_null(context);
  else if (low < high ? value < low : value > low)
    sqlite3_result_int64(context, 0);
  else if (low < high ? value >= high : value <= high)
    sqlite3_result_int64(context, buckets + 1);
  else
    sqlite3_result_int64(context, (int64_t)((double)buckets * (value - low) / (high - low)) + 1);
}

/* A decimal that compares as a number inside of max_by and min_by. */
static void
fn_mark(sqlite3_context *context, int count, sqlite3_value **args)
{
  (void)count;
  sqlite3_result_value(context, args[0]);
  sqlite3_result_subtype(context, 'm');
}

/* x_floor(double, 'f' or 'c') */
static void
fn_floor(sqlite3_context *context, int count, sqlite3_value **args)
{
  if (fn_null(context, count, args)) return;
  sqlite3_result_double(context, *fn_text(args[1]) == 'c' ? ceil(sqlite3_value_double(args[0]))
                                                          : floor(sqlite3_value_double(args[0])));
}

/* x_try_integer(op, a, b, type): NULL where the operator would overflow. */
static void
fn_try_integer(sqlite3_context *context, int count, sqlite3_value **args)
{
  int64_t a, b, result = 0;
  bool bad;

  if (fn_null(context, count, args)) return;
  a = sqlite3_value_int64(args[1]);
  b = sqlite3_value_int64(args[2]);
  switch (*fn_text(args[0])) {
  case '+': bad = __builtin_add_overflow(a, b, &result); break;
  case '-': bad = __builtin_sub_overflow(a, b, &result); break;
  default: bad = __builtin_mul_overflow(a, b, &result);
  }
  if (!bad && in_range(result, fn_text(args[3]))) sqlite3_result_int64(context, result);
}

struct fn_table
fns_number(void)
{
  static const struct fn table[] = {
      {"x_integer_op", 4, fn_integer_op, false},
      {"x_decimal_op", 5, fn_decimal_op, false},
      {"x_double_op", 4, fn_double_op, false},
      {"x_divide", 2, fn_divide, false},
      {"x_bits", 4, fn_bits, false},
      {"x_interval_scale", 3, fn_interval_scale, false},
      {"x_fail", 3, fn_raise, false},
      {"x_limit", 1, fn_limit, false},
      {"x_math", -1, fn_math, false},
      {"x_round", 6, fn_round, false},
      {"x_extreme", -1, fn_extreme, false},
      {"x_pmod", 2, fn_pmod, false},
      {"x_random", 0, fn_random, true},
      {"x_conv", 3, fn_conv, false},
      {"x_factorial", 1, fn_factorial, false},
      {"x_bit_count", 1, fn_bit_count, false},
      {"x_floor", 2, fn_floor, false},
      {"x_try_integer", 4, fn_try_integer, false},
      {"x_mark", 1, fn_mark, false},
      {"x_width_bucket", 4, fn_width_bucket, false},
  };

  return (struct fn_table){table, ARRAY_SIZE(table)};
}
