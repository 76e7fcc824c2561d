/* SPDX-License-Identifier: Apache-2.0 */
/* Mathematical, conditional and bit functions. */
#include "query/builtin.h"

#include "base/buf.h"
#include "base/str.h"
#include "engine.h"

#include "base/banned.h"

static bool
math(struct builtin_call *call, struct value *value)
{
  static const char *const aliases[][2] = {{"power", "pow"}, {"signum", "sign"}};
  const char *name = call->builtin->name;
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  for (size_t i = 0; i < ARRAY_SIZE(aliases); i++)
    if (str_eq(name, aliases[i][0])) name = aliases[i][1];
  if (str_eq(name, "log") && call->count == 1) name = "ln";
  for (size_t i = 0; i < call->count; i++)
    buf_addf(&buf, ",%s", call->args[i].sql);
  *value = value_of(tx_printf(call->ex->tx, "x_math('%s'%s)", name, buf.data), type_of(TYPE_DOUBLE));
  return true;
}

static bool
constant(struct builtin_call *call, struct value *value)
{
  *value =
      value_of(*call->builtin->name == 'p' ? "3.141592653589793" : "2.718281828459045", type_of(TYPE_DOUBLE));
  return true;
}

static bool
absolute(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const struct value *arg = &call->args[0];

  *value = *arg;
  value->foldable = false;
  if (type_is_integer(arg->type))
    value->sql = tx_printf(tx, "CASE WHEN %s<0 THEN x_integer_op(0,%s,'-','%s') ELSE %s END", arg->sql,
                           arg->sql, type_text(tx->arena, arg->type), arg->sql);
  else if (arg->type->kind == TYPE_DECIMAL)
    value->sql = tx_printf(tx, "ltrim(%s,'-')", arg->sql);
  else
    value->sql = tx_printf(tx, "abs(%s)", arg->sql);
  return true;
}

/* ceil, floor (whole numbers), round, bround, and ceil and floor with a scale. */
static bool
rounded(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const struct value *arg = &call->args[0];
  const char *name = call->builtin->name, *digits = call->count > 1 ? call->args[1].sql : "0";
  char mode = *name == 'r' ? 'u' : *name == 'b' ? 'e' : *name == 'c' ? 'c' : 'f';
  bool whole = (mode == 'c' || mode == 'f') && call->count == 1;
  const struct sql_type *type = arg->type;
  int64_t places = 0;

  if (call->count > 1 &&
      (call->expr->args[1]->kind != AST_NUMBER || !str_to_int64(call->expr->args[1]->text, &places)))
    return tx_unsupported(tx, "Rounding to a number of places that is not a literal");
  if (type_is_integer(type)) {
    if (whole) type = type_of(TYPE_BIGINT);
    *value = value_of(
        places >= 0 ? arg->sql : tx_printf(tx, "x_round(%s,%s,'i','%c',38,0)", arg->sql, digits, mode), type);
    return true;
  }
  if (type->kind == TYPE_DECIMAL) {
    int integral = type->precision - type->scale + 1,
        scale = places > type->scale ? type->scale : (int)places;

    if (scale < 0) scale = 0;
    type = type_decimal(tx->arena, integral + scale > 38 ? 38 : integral + scale, scale);
    *value = value_of(
        tx_printf(tx, "x_round(%s,%s,'m','%c',%d,%d)", arg->sql, digits, mode, type->precision, type->scale),
        type);
    return true;
  }
  if (whole) {
    *value = value_of(tx_printf(tx, "x_cast(x_floor(%s,'%c'),'double','bigint','c')", arg->sql, mode),
                      type_of(TYPE_BIGINT));
    return true;
  }
  *value = value_of(tx_printf(tx, "x_round(%s,%s,'d','%c',0,0)", arg->sql, digits, mode), type);
  return true;
}

/* The operator that a function is named for: try_add, mod, ... NULL instead of an error when FN starts with
 * try. */
static bool
operator_call(struct builtin_call *call, const char *op, struct value *value)
{
  struct ast_expr infix = *call->expr;

  infix.kind = AST_INFIX;
  infix.op = op;
  infix.arg_count = 2;
  return tx_expr(call->ex, &infix, value);
}

static bool
mod(struct builtin_call *call, struct value *value)
{
  return operator_call(call, str_eq(call->builtin->name, "div") ? "DIV" : "%", value);
}

/* try_divide and its kin: the checks that would fail give NULL first. */
static bool
try_arithmetic(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *name = call->builtin->name;
  const char *op = str_ends(name, "add")        ? "+"
                   : str_ends(name, "subtract") ? "-"
                   : str_ends(name, "multiply") ? "*"
                   : str_ends(name, "divide")   ? "/"
                                                : "%";

  if (!operator_call(call, op, value)) return false;
  if (*op == '/' || *op == '%')
    value->sql =
        tx_printf(tx, "CASE WHEN CAST(%s AS REAL)=0 THEN NULL ELSE %s END", call->args[1].sql, value->sql);
  else if (type_is_integer(value->type))
    value->sql = tx_printf(tx, "x_try_integer('%s',%s,%s,'%s')", op, call->args[0].sql, call->args[1].sql,
                           type_text(tx->arena, value->type));
  else if (value->type->kind == TYPE_DECIMAL)
    return tx_unsupported(tx, "try_add, try_subtract and try_multiply over DECIMAL");
  return true;
}

static bool
pmod(struct builtin_call *call, struct value *value)
{
  if (!tx_unify(call->ex->tx, call->args, 2, call->text)) return false;
  if (call->args[0].type->kind == TYPE_DECIMAL) return tx_unsupported(call->ex->tx, "pmod over DECIMAL");
  *value = value_of(tx_printf(call->ex->tx, "x_pmod(%s,%s)", call->args[0].sql, call->args[1].sql),
                    call->args[0].type);
  return true;
}

static bool
negated(struct builtin_call *call, struct value *value)
{
  struct ast_expr unary = *call->expr;

  unary.kind = AST_UNARY;
  unary.op = str_eq(call->builtin->name, "positive") ? "+" : "-";
  return tx_expr(call->ex, &unary, value);
}

/* greatest and least skip NULLs. */
static bool
extreme(struct builtin_call *call, struct value *value)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  const struct sql_type *type = call->args[0].type;

  if (type_is_nested(type)) return tx_unsupported(call->ex->tx, "greatest and least over nested values");
  for (size_t i = 0; i < call->count; i++)
    buf_addf(&buf, ",%s", call->args[i].sql);
  *value = value_of(tx_printf(call->ex->tx, "x_extreme('%c','%c'%s)", *call->builtin->name == 'g' ? '>' : '<',
                              tx_letter(type), buf.data),
                    type);
  return true;
}

static bool
coalesce(struct builtin_call *call, struct value *value)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (call->count == 1) {
    *value = call->args[0];
    return true;
  }
  for (size_t i = 0; i < call->count; i++)
    buf_addf(&buf, "%s%s", i ? "," : "coalesce(", call->args[i].sql);
  *value = value_of(tx_printf(call->ex->tx, "%s)", buf.data), call->args[0].type);
  return true;
}

static bool
null_if(struct builtin_call *call, struct value *value)
{
  struct value equal;

  if (!tx_compare(call->ex, "=", call->args[0], call->args[1], &equal)) return false;
  *value =
      value_of(tx_printf(call->ex->tx, "CASE WHEN %s THEN NULL ELSE %s END", equal.sql, call->args[0].sql),
               call->args[0].type);
  return true;
}

/* if(condition, a, b), iff; nvl2(x, a, b) */
static bool
choose(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  bool nvl = *call->builtin->name == 'n';

  if (!tx_unify(tx, call->args + 1, 2, call->text)) return false;
  *value = value_of(tx_printf(tx, "CASE WHEN %s%s THEN %s ELSE %s END", call->args[0].sql,
                              nvl ? " IS NOT NULL" : "", call->args[1].sql, call->args[2].sql),
                    call->args[1].type);
  return true;
}

/* decode(x, a, b, c, d, otherwise): NULL equals NULL here. */
static bool
decode(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  size_t pairs = (call->count - 1) / 2, count = 0;
  struct value *results;

  if (call->count == 2) {
    *value = value_of(tx_printf(tx, "CAST(%s AS TEXT)", call->args[0].sql), type_of(TYPE_STRING));
    return call->args[0].type->kind == TYPE_BINARY || tx_unsupported(tx, "decode(text, character set)");
  }
  results = arena_array(tx->arena, call->count, sizeof *results);
  for (size_t i = 0; i < pairs; i++)
    results[count++] = call->args[2 * i + 2];
  if (call->count % 2 == 0) results[count++] = call->args[call->count - 1];
  if (!tx_unify(tx, results, count, call->text)) return false;
  buf_add_text(&buf, "CASE");
  for (size_t i = 0; i < pairs; i++) {
    struct value equal;

    if (!tx_compare(call->ex, "<=>", call->args[0], call->args[2 * i + 1], &equal)) return false;
    buf_addf(&buf, " WHEN %s THEN %s", equal.sql, results[i].sql);
  }
  if (count > pairs) buf_addf(&buf, " ELSE %s", results[pairs].sql);
  buf_add_text(&buf, " END");
  *value = value_of(arena_strndup(tx->arena, buf.data, buf.len), results[0].type);
  return true;
}

static bool
is_null(struct builtin_call *call, struct value *value)
{
  *value = value_of(tx_printf(call->ex->tx, "(%s IS %sNULL)", call->args[0].sql,
                              str_eq(call->builtin->name, "isnotnull") ? "NOT " : ""),
                    type_of(TYPE_BOOLEAN));
  return true;
}

static bool
equal_null(struct builtin_call *call, struct value *value)
{
  return tx_compare(call->ex, "<=>", call->args[0], call->args[1], value);
}

static bool
shift(struct builtin_call *call, struct value *value)
{
  const char *name = call->builtin->name;

  return operator_call(call,
                       str_eq(name, "shiftleft")    ? "<<"
                       : str_eq(name, "shiftright") ? ">>"
                                                    : ">>>",
                       value);
}

static bool
random_call(struct builtin_call *call, struct value *value)
{
  (void)call;
  *value = value_of("x_random()", type_of(TYPE_DOUBLE));
  return true;
}

/* int(x), string(x), ...: casts by name. */
static bool
cast_call(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const struct sql_type *type = type_parse(tx->session, call->builtin->name);

  if (!type) return false;
  if (!tx_can_cast(call->args[0].type, type, 'c'))
    return fault_set(tx->session, "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", "42K09",
                     "Cannot resolve \"%s\" due to data type mismatch: cannot cast %s to %s.", call->text,
                     type_quoted(tx->arena, call->args[0].type), type_quoted(tx->arena, type));
  return tx_cast(tx, &call->args[0], type, 'c', value);
}

static bool
nan_call(struct builtin_call *call, struct value *value)
{
  *value = value_of(tx_printf(call->ex->tx, "CASE WHEN %s IS NULL THEN 0 ELSE 0 END", call->args[0].sql),
                    type_of(TYPE_BOOLEAN));
  return true;
}

#define MATH(name)                                  \
  {                                                 \
    name, 1, 1, "d", NULL, NULL, math, false, false \
  }
#define CAST(name)                                       \
  {                                                      \
    name, 1, 1, "a", NULL, NULL, cast_call, false, false \
  }

struct builtin_table
builtins_number(void)
{
  static const struct builtin table[] = {
      MATH("sqrt"),
      MATH("cbrt"),
      MATH("exp"),
      MATH("expm1"),
      MATH("ln"),
      MATH("log10"),
      MATH("log2"),
      MATH("log1p"),
      MATH("sin"),
      MATH("cos"),
      MATH("tan"),
      MATH("asin"),
      MATH("acos"),
      MATH("atan"),
      MATH("sinh"),
      MATH("cosh"),
      MATH("tanh"),
      MATH("asinh"),
      MATH("acosh"),
      MATH("atanh"),
      MATH("degrees"),
      MATH("radians"),
      MATH("sign"),
      MATH("signum"),
      MATH("rint"),
      CAST("int"),
      CAST("bigint"),
      CAST("smallint"),
      CAST("tinyint"),
      CAST("double"),
      CAST("float"),
      CAST("string"),
      CAST("boolean"),
      CAST("timestamp"),
      CAST("binary"),
      CAST("decimal"),
      {"log", 1, 2, "d", NULL, NULL, math, false, false},
      {"pow", 2, 2, "d", NULL, NULL, math, false, false},
      {"power", 2, 2, "d", NULL, NULL, math, false, false},
      {"atan2", 2, 2, "d", NULL, NULL, math, false, false},
      {"hypot", 2, 2, "d", NULL, NULL, math, false, false},
      {"pi", 0, 0, "", NULL, NULL, constant, false, false},
      {"e", 0, 0, "", NULL, NULL, constant, false, false},
      {"abs", 1, 1, "n", NULL, NULL, absolute, false, false},
      {"ceil", 1, 2, "ni", NULL, NULL, rounded, false, false},
      {"ceiling", 1, 2, "ni", NULL, NULL, rounded, false, false},
      {"floor", 1, 2, "ni", NULL, NULL, rounded, false, false},
      {"round", 1, 2, "ni", NULL, NULL, rounded, false, false},
      {"bround", 1, 2, "ni", NULL, NULL, rounded, false, false},
      {"mod", 2, 2, "nn", NULL, NULL, mod, false, false},
      {"div", 2, 2, "nn", NULL, NULL, mod, false, false},
      {"pmod", 2, 2, "nn", NULL, NULL, pmod, false, false},
      {"try_add", 2, 2, "a", NULL, NULL, try_arithmetic, false, false},
      {"try_subtract", 2, 2, "a", NULL, NULL, try_arithmetic, false, false},
      {"try_multiply", 2, 2, "a", NULL, NULL, try_arithmetic, false, false},
      {"try_divide", 2, 2, "n", NULL, NULL, try_arithmetic, false, false},
      {"try_mod", 2, 2, "n", NULL, NULL, try_arithmetic, false, false},
      {"negative", 1, 1, "a", NULL, NULL, negated, false, false},
      {"positive", 1, 1, "a", NULL, NULL, negated, false, false},
      {"greatest", 2, -1, "c", NULL, NULL, extreme, false, false},
      {"least", 2, -1, "c", NULL, NULL, extreme, false, false},
      {"coalesce", 1, -1, "c", NULL, NULL, coalesce, false, false},
      {"nvl", 2, 2, "c", NULL, NULL, coalesce, false, false},
      {"ifnull", 2, 2, "c", NULL, NULL, coalesce, false, false},
      {"nullif", 2, 2, "a", NULL, NULL, null_if, false, false},
      {"nvl2", 3, 3, "a", NULL, NULL, choose, false, false},
      {"if", 3, 3, "ba", NULL, NULL, choose, false, false},
      {"iff", 3, 3, "ba", NULL, NULL, choose, false, false},
      {"decode", 2, -1, "a", NULL, NULL, decode, false, false},
      {"isnull", 1, 1, "a", NULL, NULL, is_null, false, false},
      {"isnotnull", 1, 1, "a", NULL, NULL, is_null, false, false},
      {"equal_null", 2, 2, "a", NULL, NULL, equal_null, false, false},
      {"isnan", 1, 1, "d", NULL, NULL, nan_call, false, false},
      {"shiftleft", 2, 2, "a", NULL, NULL, shift, false, false},
      {"shiftright", 2, 2, "a", NULL, NULL, shift, false, false},
      {"shiftrightunsigned", 2, 2, "a", NULL, NULL, shift, false, false},
      {"bit_count", 1, 1, "l", "i", "x_bit_count", NULL, false, false},
      {"conv", 3, 3, "sii", "s", "x_conv", NULL, false, false},
      {"factorial", 1, 1, "i", "l", "x_factorial", NULL, false, false},
      {"width_bucket", 4, 4, "dddl", "l", "x_width_bucket", NULL, false, false},
      {"rand", 0, 1, "l", NULL, NULL, random_call, false, false},
      {"random", 0, 1, "l", NULL, NULL, random_call, false, false},
  };

  return (struct builtin_table){table, ARRAY_SIZE(table)};
}
