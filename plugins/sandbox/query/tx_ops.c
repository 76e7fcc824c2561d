/* SPDX-License-Identifier: Apache-2.0 */
/* Operators: arithmetic with its result types and overflow checks, comparison, logic, bits, ||, dates with
 * intervals.
 * https://docs.databricks.com/sql/language-manual/sql-ref-functions-builtin.html#operators-and-predicates */
#include "query/tx.h"

#include "base/buf.h"
#include "base/str.h"
#include "engine.h"

#include "base/banned.h"

#define CHAIN_MAX 200 /* operands in one flat chain */

static bool
differ(struct tx *tx, const struct ast_expr *expr, const struct value *left, const struct value *right)
{
  return fault_set(
      tx->session, "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES", "42K09",
      "Cannot resolve %s due to data type mismatch: the left and right operands of the binary operator "
      "have incompatible types (%s and %s).",
      expr ? tx_quoted(tx, expr) : "the comparison", type_quoted(tx->arena, left->type),
      type_quoted(tx->arena, right->type));
}

static bool
wrong(struct tx *tx, const struct ast_expr *expr, const char *wanted, const struct value *got)
{
  return fault_set(
      tx->session, "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE", "42K09",
      "Cannot resolve %s due to data type mismatch: the binary operator requires the input type %s, not "
      "%s.",
      tx_quoted(tx, expr), wanted, type_quoted(tx->arena, got->type));
}

bool
tx_compare(struct ex *ex, const char *op, struct value left, struct value right, struct value *value)
{
  struct tx *tx = ex->tx;
  const struct sql_type *common = tx_common(tx->arena, left.type, right.type);
  struct value a, b;
  bool ordering = *op == '<' || *op == '>';

  if (str_eq(op, "<=>") || str_eq(op, "<>")) ordering = false;
  if (!common) return differ(tx, NULL, &left, &right);
  if (!type_is_ordered(common))
    return fault_set(
        tx->session, "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE", "42K09",
        "Cannot resolve the comparison due to data type mismatch: The `%s` does not support ordering on "
        "type %s.",
        op, type_quoted(tx->arena, common));
  if (!tx_cast(tx, &left, common, 'i', &a) || !tx_cast(tx, &right, common, 'i', &b)) return false;
  *value = value_of(tx_printf(tx, "(%s%s %s %s)", a.sql, ordering ? tx_collation(common) : "",
                              str_eq(op, "<=>") ? "IS" : op, b.sql),
                    type_of(TYPE_BOOLEAN));
  value_inherit(value, &a);
  value_inherit(value, &b);
  return true;
}

/* What DECIMAL arithmetic gives, cut to 38 digits so that at least 6 stay behind the point. */
static const struct sql_type *
bounded(struct arena *arena, int precision, int scale)
{
  if (precision > 38) {
    int whole = precision - scale, least = scale < 6 ? scale : 6;

    scale = 38 - whole > least ? 38 - whole : least;
    precision = 38;
  }
  return type_decimal(arena, precision, scale);
}

static const struct sql_type *
decimal_result(struct arena *arena, char op, const struct sql_type *a, const struct sql_type *b)
{
  int p1 = a->precision, s1 = a->scale, p2 = b->precision, s2 = b->scale;
  int scale = s1 > s2 ? s1 : s2, whole = p1 - s1 > p2 - s2 ? p1 - s1 : p2 - s2;

  switch (op) {
  case '*': return bounded(arena, p1 + p2 + 1, s1 + s2);
  case '/': scale = s1 + p2 + 1 > 6 ? s1 + p2 + 1 : 6; return bounded(arena, p1 - s1 + s2 + scale, scale);
  case '%': whole = p1 - s1 < p2 - s2 ? p1 - s1 : p2 - s2; return bounded(arena, whole + scale, scale);
  default: return bounded(arena, whole + scale + 1, scale);
  }
}

/* An integer beside a decimal: a literal counts with the digits it has, anything else with those of its type.
 */
static const struct sql_type *
decimal_of(struct tx *tx, const struct ast_expr *expr, const struct sql_type *type)
{
  static const int digits[] = {[TYPE_TINYINT] = 3, [TYPE_SMALLINT] = 5, [TYPE_INT] = 10, [TYPE_BIGINT] = 20};

  if (type->kind == TYPE_DECIMAL) return type;
  if (expr->kind == AST_NUMBER && type_is_integer(type)) {
    const char *text = expr->text + (*expr->text == '-');

    while (*text == '0' && text[1])
      text++;
    return type_decimal(tx->arena, (int)strlen(text), 0);
  }
  return type_decimal(tx->arena, digits[type->kind], 0);
}

static bool
decimal_arithmetic(struct ex *ex, const struct ast_expr *expr, struct value left, struct value right,
                   struct value *value)
{
  struct tx *tx = ex->tx;
  char op = *expr->op == 'D' ? 'D' : *expr->op;
  const struct sql_type *a = decimal_of(tx, expr->args[0], left.type),
                        *b = decimal_of(tx, expr->args[1], right.type);
  const struct sql_type *type = op == 'D' ? type_of(TYPE_BIGINT) : decimal_result(tx->arena, op, a, b);
  struct value x, y;

  if (!tx_cast(tx, &left, a, 'i', &x) || !tx_cast(tx, &right, b, 'i', &y)) return false;
  *value = value_of(
      tx_printf(tx, "x_decimal_op(%s,%s,'%c',%d,%d)", x.sql, y.sql, op, type->precision, type->scale), type);
  return true;
}

static bool
integer_arithmetic(struct tx *tx, const char *op, struct value left, struct value right, struct value *value)
{
  const struct sql_type *type = left.type->kind > right.type->kind ? left.type : right.type;

  if (*op == '/') {
    *value = value_of(tx_printf(tx, "x_divide(%s,%s)", left.sql, right.sql), type_of(TYPE_DOUBLE));
    return true;
  }
  if (*op == 'D') type = type_of(TYPE_BIGINT);
  *value = value_of(
      tx_printf(tx, "x_integer_op(%s,%s,'%c','%s')", left.sql, right.sql, *op, type_text(tx->arena, type)),
      type);
  return true;
}

static bool
double_arithmetic(struct tx *tx, const char *op, struct value left, struct value right, struct value *value)
{
  const struct sql_type *type = type_of(TYPE_DOUBLE);
  struct value x, y;

  if (left.type->kind == TYPE_FLOAT && right.type->kind == TYPE_FLOAT && *op != '/') type = left.type;
  if (!tx_cast(tx, &left, type_of(TYPE_DOUBLE), 'i', &x) ||
      !tx_cast(tx, &right, type_of(TYPE_DOUBLE), 'i', &y))
    return false;
  if (*op == '/')
    *value = value_of(tx_printf(tx, "x_divide(%s,%s)", x.sql, y.sql), type);
  else
    *value = value_of(tx_printf(tx, "x_double_op(%s,%s,'%c','%c')", x.sql, y.sql, *op,
                                type->kind == TYPE_FLOAT ? 'f' : 'd'),
                      type);
  if (*op == 'D') value->type = type_of(TYPE_BIGINT);
  return true;
}

/* A string beside a number becomes what keeps its digits. */
static bool
number_operand(struct tx *tx, const struct ast_expr *expr, struct value *value, const struct value *other)
{
  struct value from = *value;
  const struct sql_type *type = type_of(TYPE_DOUBLE);

  if (type_is_number(value->type)) return true;
  if (value->type->kind == TYPE_VOID)
    type = type_is_number(other->type) ? other->type : type_of(TYPE_DOUBLE);
  else if (!type_is_text(value->type))
    return type_is_number(other->type) ? differ(tx, expr, value, other)
                                       : wrong(tx, expr, "\"NUMERIC\"", value);
  else if (type_is_integer(other->type) && *expr->op != '/')
    type = type_of(TYPE_BIGINT);
  return tx_cast(tx, &from, type, 'i', value);
}

static bool
arithmetic(struct ex *ex, const struct ast_expr *expr, struct value left, struct value right,
           struct value *value)
{
  struct tx *tx = ex->tx;
  const struct value *first = &left;

  if (!number_operand(tx, expr, &left, &right) || !number_operand(tx, expr, &right, first)) return false;
  if (left.type->kind == TYPE_DOUBLE || right.type->kind == TYPE_DOUBLE || left.type->kind == TYPE_FLOAT ||
      right.type->kind == TYPE_FLOAT)
    return double_arithmetic(tx, expr->op, left, right, value);
  if (left.type->kind == TYPE_DECIMAL || right.type->kind == TYPE_DECIMAL)
    return decimal_arithmetic(ex, expr, left, right, value);
  return integer_arithmetic(tx, expr->op, left, right, value);
}

/* date - date and timestamp - timestamp give an interval. */
static bool
time_difference(struct ex *ex, struct value left, struct value right, struct value *value)
{
  struct tx *tx = ex->tx;

  if (left.type->kind == TYPE_DATE && right.type->kind == TYPE_DATE) {
    *value = value_of(tx_printf(tx, "(x_days(%s)-x_days(%s))*86400000000", left.sql, right.sql),
                      type_interval(tx->arena, UNIT_DAY, UNIT_DAY));
    return true;
  }
  *value = value_of(tx_printf(tx, "(x_micros(%s)-x_micros(%s))", left.sql, right.sql),
                    type_of(TYPE_INTERVAL_SECONDS));
  return true;
}

bool
tx_interval_add(struct ex *ex, const char *op, struct value left, struct value right, struct value *value)
{
  struct tx *tx = ex->tx;
  bool whole_days = right.type->kind == TYPE_INTERVAL_MONTHS || right.type->to == UNIT_DAY;
  const struct sql_type *type = left.type;

  if (left.type->kind == TYPE_DATE && !whole_days) type = type_of(TYPE_TIMESTAMP);
  *value = value_of(tx_printf(tx, "x_time_add(%s,%s%s,'%c','%c')", left.sql, *op == '-' ? "-" : "", right.sql,
                              right.type->kind == TYPE_INTERVAL_MONTHS ? 'M' : 'S',
                              type->kind == TYPE_DATE ? 'D' : 'T'),
                    type);
  return true;
}

static bool
interval_arithmetic(struct ex *ex, const struct ast_expr *expr, struct value left, struct value right,
                    struct value *value)
{
  struct tx *tx = ex->tx;
  const struct sql_type *common;

  if (*expr->op == '*' || *expr->op == '/') {
    struct value interval = type_is_interval(left.type) ? left : right,
                 number = type_is_interval(left.type) ? right : left;

    if (!type_is_number(number.type) || (*expr->op == '/' && !type_is_interval(left.type)))
      return differ(tx, expr, &left, &right);
    *value = value_of(tx_printf(tx, "x_interval_scale('%c',%s,%s)", *expr->op, interval.sql, number.sql),
                      interval.type->kind == TYPE_INTERVAL_MONTHS ? type_of(TYPE_INTERVAL_MONTHS)
                                                                  : type_of(TYPE_INTERVAL_SECONDS));
    return true;
  }
  common = tx_common(tx->arena, left.type, right.type);
  if (!common || !type_is_interval(common)) return differ(tx, expr, &left, &right);
  *value =
      value_of(tx_printf(tx, "x_integer_op(%s,%s,'%c','bigint')", left.sql, right.sql, *expr->op), common);
  return true;
}

static bool
plus_minus(struct ex *ex, const struct ast_expr *expr, struct value left, struct value right,
           struct value *value)
{
  struct tx *tx = ex->tx;
  bool minus = *expr->op == '-';

  if (type_is_time(left.type) && type_is_interval(right.type))
    return tx_interval_add(ex, expr->op, left, right, value);
  if (!minus && type_is_interval(left.type) && type_is_time(right.type))
    return tx_interval_add(ex, "+", right, left, value);
  if (minus && type_is_time(left.type) && type_is_time(right.type))
    return time_difference(ex, left, right, value);
  if (left.type->kind == TYPE_DATE && type_is_integer(right.type)) {
    *value = value_of(
        tx_printf(tx, "x_time_add(%s,%s(%s)*86400000000,'S','D')", left.sql, minus ? "-" : "", right.sql),
        left.type);
    return true;
  }
  if (type_is_time(left.type) || type_is_time(right.type)) return differ(tx, expr, &left, &right);
  if (type_is_interval(left.type) || type_is_interval(right.type))
    return interval_arithmetic(ex, expr, left, right, value);
  return arithmetic(ex, expr, left, right, value);
}

static bool
boolean_operand(struct ex *ex, const struct ast_expr *expr, const struct ast_expr *arg, struct value *value)
{
  struct value from;

  if (!tx_expr(ex, arg, &from)) return false;
  if (from.type->kind != TYPE_BOOLEAN && from.type->kind != TYPE_VOID && !type_is_text(from.type))
    return wrong(ex->tx, expr, "\"BOOLEAN\"", &from);
  return tx_cast(ex->tx, &from, type_of(TYPE_BOOLEAN), 'i', value);
}

/* The operands of a chain a AND b AND c, which the parser nests to the left, in order. */
static size_t
chain_operands(struct ex *ex, const struct ast_expr *expr, const struct ast_expr ***operands)
{
  const struct tx_scope *scope = tx_query_scope(ex->scope);
  bool whole = scope && scope->grouped && scope->key_count; /* a part of the chain may be a key of GROUP BY */
  size_t count = 1, at;
  const struct ast_expr *left = expr;

  for (; left->kind == AST_INFIX && str_eq(left->op, expr->op) && (!whole || count == 1);
       left = left->args[0])
    count++;
  *operands = arena_array(ex->tx->arena, count, sizeof **operands);
  for (at = count, left = expr; at > 1; left = left->args[0])
    (*operands)[--at] = left->args[1];
  (*operands)[0] = left;
  return count;
}

/* VALUES joined by OP without nesting: SQLite's parser takes few levels, its expressions a thousand. */
static const char *
join_chain(struct tx *tx, const char *op, const struct value *values, size_t count)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (count > CHAIN_MAX) {
    size_t half = count / 2;

    return tx_printf(tx, "(%s %s %s)", join_chain(tx, op, values, half), op,
                     join_chain(tx, op, values + half, count - half));
  }
  for (size_t i = 0; i < count; i++)
    buf_addf(&buf, "%s%s%s", i ? " " : "(", i ? tx_printf(tx, "%s ", op) : "", values[i].sql);
  buf_add_char(&buf, ')');
  return arena_strndup(tx->arena, buf.data, buf.len);
}

static bool
logic(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  const struct ast_expr **operands;
  size_t count = chain_operands(ex, expr, &operands);
  struct value *values = arena_array(ex->tx->arena, count, sizeof *values);

  for (size_t i = 0; i < count; i++) {
    if (!boolean_operand(ex, expr, operands[i], &values[i])) return false;
    value_inherit(value, &values[i]);
  }
  value->sql = join_chain(ex->tx, expr->op, values, count);
  value->type = type_of(TYPE_BOOLEAN);
  return true;
}

/* a || b || c over strings alone: one flat chain. *MINE false: something else is among them. */
static bool
text_chain(struct ex *ex, const struct ast_expr *expr, struct value *value, bool *mine)
{
  const struct ast_expr **operands;
  size_t count = chain_operands(ex, expr, &operands);
  struct value *values = arena_array(ex->tx->arena, count, sizeof *values);

  *mine = true;
  for (size_t i = 0; i < count; i++) {
    if (!tx_expr(ex, operands[i], &values[i])) return false;
    if (values[i].type->kind == TYPE_ARRAY || values[i].type->kind == TYPE_BINARY) return *mine = false;
    if (!tx_coerce(ex->tx, &values[i], type_of(TYPE_STRING), "||", i)) return false;
    value_inherit(value, &values[i]);
  }
  value->sql = join_chain(ex->tx, "||", values, count);
  value->type = type_of(TYPE_STRING);
  return true;
}

static bool
concat(struct ex *ex, struct value left, struct value right, struct value *value)
{
  struct tx *tx = ex->tx;
  struct value a, b;

  if (left.type->kind == TYPE_ARRAY || right.type->kind == TYPE_ARRAY) {
    struct value both[2] = {left, right};

    if (!tx_unify(tx, both, 2, "||")) return false;
    *value = value_of(tx_printf(tx, "x_array_concat(%s,%s)", both[0].sql, both[1].sql), both[0].type);
    return true;
  }
  if (left.type->kind == TYPE_BINARY && right.type->kind == TYPE_BINARY) {
    *value = value_of(tx_printf(tx, "x_concat(%s,%s)", left.sql, right.sql), left.type);
    return true;
  }
  if (!tx_coerce(tx, &left, type_of(TYPE_STRING), "||", 0) ||
      !tx_coerce(tx, &right, type_of(TYPE_STRING), "||", 1))
    return false;
  a = left;
  b = right;
  *value = value_of(tx_printf(tx, "(%s||%s)", a.sql, b.sql), type_of(TYPE_STRING));
  return true;
}

static bool
bits(struct tx *tx, const struct ast_expr *expr, struct value left, struct value right, struct value *value)
{
  const struct sql_type *common;

  if (*expr->op == '<' || *expr->op == '>') {
    if (!type_is_integer(left.type) || !type_is_integer(right.type))
      return wrong(tx, expr, "\"INTEGRAL\"", &left);
    common = left.type->kind == TYPE_BIGINT ? left.type : type_of(TYPE_INT);
  } else {
    common = tx_common(tx->arena, left.type, right.type);
    if (!common) return differ(tx, expr, &left, &right);
    if (!type_is_integer(common) && common->kind != TYPE_VOID) return wrong(tx, expr, "\"INTEGRAL\"", &left);
  }
  *value = value_of(
      tx_printf(tx, "x_bits(%s,%s,'%s','%s')", left.sql, right.sql, expr->op, type_text(tx->arena, common)),
      common);
  return true;
}

static bool
plain_infix(struct ex *ex, const struct ast_expr *expr, struct value left, struct value right,
            struct value *value)
{
  const char *op = expr->op;

  if (str_eq(op, "||")) return concat(ex, left, right, value);
  if (str_eq(op, "<<") || str_eq(op, ">>") || str_eq(op, ">>>") || *op == '&' || *op == '|' || *op == '^')
    return bits(ex->tx, expr, left, right, value);
  if (*op == '+' || *op == '-') return plus_minus(ex, expr, left, right, value);
  if ((*op == '*' || *op == '/') && (type_is_interval(left.type) || type_is_interval(right.type)))
    return interval_arithmetic(ex, expr, left, right, value);
  return arithmetic(ex, expr, left, right, value);
}

static bool
is_comparison(const char *op)
{
  return *op == '=' || str_eq(op, "<") || str_eq(op, ">") || str_eq(op, "<=") || str_eq(op, ">=") ||
         str_eq(op, "<>") || str_eq(op, "<=>");
}

bool
tx_infix(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  struct value left, right;
  bool mine;

  if (str_eq(expr->op, "AND") || str_eq(expr->op, "OR")) return logic(ex, expr, value);
  if (str_eq(expr->op, "||") && (text_chain(ex, expr, value, &mine) || mine)) return value->sql != NULL;
  if (!tx_expr(ex, expr->args[0], &left) || !tx_expr(ex, expr->args[1], &right)) return false;
  if (is_comparison(expr->op)) {
    if (!tx_common(ex->tx->arena, left.type, right.type)) return differ(ex->tx, expr, &left, &right);
    return tx_compare(ex, expr->op, left, right, value);
  }
  if (!plain_infix(ex, expr, left, right, value)) return false;
  value_inherit(value, &left);
  value_inherit(value, &right);
  value->foldable = left.foldable && right.foldable;
  return true;
}

static bool
negative(struct tx *tx, const struct ast_expr *expr, struct value arg, struct value *value)
{
  if (type_is_text(arg.type)) {
    struct value from = arg;

    if (!tx_cast(tx, &from, type_of(TYPE_DOUBLE), 'i', &arg)) return false;
  }
  if (!type_is_number(arg.type) && !type_is_interval(arg.type) && arg.type->kind != TYPE_VOID)
    return wrong(tx, expr, "(\"NUMERIC\" or \"INTERVAL DAY TO SECOND\" or \"INTERVAL YEAR TO MONTH\")", &arg);
  *value = arg;
  if (*expr->op == '+') return true;
  if (arg.type->kind == TYPE_DECIMAL)
    value->sql =
        tx_printf(tx, "x_decimal_op('0',%s,'-',%d,%d)", arg.sql, arg.type->precision, arg.type->scale);
  else if (type_is_integer(arg.type))
    value->sql = tx_printf(tx, "x_integer_op(0,%s,'-','%s')", arg.sql, type_text(tx->arena, arg.type));
  else
    value->sql = tx_printf(tx, "(-(%s))", arg.sql);
  return true;
}

bool
tx_unary(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  struct tx *tx = ex->tx;
  struct value arg;

  if (str_eq(expr->op, "NOT")) {
    struct value from;

    if (!tx_expr(ex, expr->args[0], &from)) return false;
    if (from.type->kind != TYPE_BOOLEAN && from.type->kind != TYPE_VOID && !type_is_text(from.type))
      return wrong(tx, expr, "\"BOOLEAN\"", &from);
    if (!tx_cast(tx, &from, type_of(TYPE_BOOLEAN), 'i', &arg)) return false;
    *value = arg;
    value->foldable = false;
    value->sql = tx_printf(tx, "(NOT %s)", arg.sql);
    return true;
  }
  if (!tx_expr(ex, expr->args[0], &arg)) return false;
  if (*expr->op != '~') return negative(tx, expr, arg, value);
  if (!type_is_integer(arg.type)) return wrong(tx, expr, "\"INTEGRAL\"", &arg);
  *value = arg;
  value->sql = tx_printf(tx, "(~%s)", arg.sql);
  return true;
}
