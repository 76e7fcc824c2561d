/* SPDX-License-Identifier: Apache-2.0 */
/* BETWEEN, IN, LIKE, RLIKE, IS. */
#include "query/tx.h"

#include "base/buf.h"
#include "base/str.h"
#include "engine.h"

#include "base/banned.h"

static bool
negate(struct tx *tx, const struct ast_expr *expr, struct value *value)
{
  if (expr->negated) value->sql = tx_printf(tx, "(NOT %s)", value->sql);
  return true;
}

static bool
between(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  struct value arg, low, high, a, b;

  if (!tx_expr(ex, expr->args[0], &arg) || !tx_expr(ex, expr->args[1], &low) ||
      !tx_expr(ex, expr->args[2], &high))
    return false;
  if (!tx_compare(ex, ">=", arg, low, &a) || !tx_compare(ex, "<=", arg, high, &b)) return false;
  *value = value_of(tx_printf(ex->tx, "(%s AND %s)", a.sql, b.sql), type_of(TYPE_BOOLEAN));
  value_inherit(value, &a);
  value_inherit(value, &b);
  return negate(ex->tx, expr, value);
}

static bool
in_list(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  struct value *all = arena_array(ex->tx->arena, expr->arg_count, sizeof *all);

  for (size_t i = 0; i < expr->arg_count; i++)
    if (!tx_expr(ex, expr->args[i], &all[i])) return false;
  if (!tx_unify(ex->tx, all, expr->arg_count, "in")) return false;
  buf_addf(&buf, "(%s %sIN (", all[0].sql, expr->negated ? "NOT " : "");
  for (size_t i = 1; i < expr->arg_count; i++) {
    buf_addf(&buf, "%s%s", i > 1 ? "," : "", all[i].sql);
    value_inherit(value, &all[i]);
  }
  buf_add_text(&buf, "))");
  value_inherit(value, &all[0]);
  value->sql = arena_strndup(ex->tx->arena, buf.data, buf.len);
  value->type = type_of(TYPE_BOOLEAN);
  return true;
}

/* (a, b) IN (SELECT x, y ...): column by column. */
static bool
in_query(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  struct tx *tx = ex->tx;
  const struct ast_expr *left = expr->args[0];
  size_t count = left->kind == AST_ROW ? left->arg_count : 1;
  struct query_plan plan;
  CLEANUP_BUF struct buf sides = BUF_INIT(BUF_LARGE), casts = BUF_INIT(BUF_LARGE);

  if (!tx_query(tx, expr->query, ex->scope, &plan)) return false;
  if (plan.column_count != count)
    return fault_set(
        tx->session, "DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH", "42K09",
        "Cannot resolve %s due to data type mismatch: The number of columns in the left hand side of an IN "
        "subquery does not match the number of columns in the output of subquery. Left hand side columns: "
        "%zu. Right hand side columns: %zu.",
        tx_quoted(tx, expr), count, plan.column_count);
  for (size_t i = 0; i < count; i++) {
    struct value side, cast, column = value_of(tx_printf(tx, "k%zu", i), plan.columns[i].type);
    const struct sql_type *common;

    if (!tx_expr(ex, left->kind == AST_ROW ? left->args[i] : left, &side)) return false;
    common = tx_common(tx->arena, side.type, column.type);
    if (!common)
      return fault_set(
          tx->session, "DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH", "42K09",
          "Cannot resolve %s due to data type mismatch: The data type of one or more elements in the left "
          "hand side of an IN subquery is not compatible with the data type of the output of the subquery.",
          tx_quoted(tx, expr));
    if (!tx_cast(tx, &side, common, 'i', &cast)) return false;
    buf_addf(&sides, "%s%s", i ? "," : "", cast.sql);
    if (!tx_cast(tx, &column, common, 'i', &cast)) return false;
    buf_addf(&casts, "%s%s", i ? "," : "", cast.sql);
    value_inherit(value, &side);
  }
  value->sql = count > 1 ? tx_printf(tx, "((%s) %sIN (SELECT %s FROM (%s)))", sides.data,
                                     expr->negated ? "NOT " : "", casts.data, plan.sql)
                         : tx_printf(tx, "(%s %sIN (SELECT %s FROM (%s)))", sides.data,
                                     expr->negated ? "NOT " : "", casts.data, plan.sql);
  value->type = type_of(TYPE_BOOLEAN);
  return true;
}

static bool
like_one(struct ex *ex, const struct ast_expr *expr, const struct value *text, size_t i, struct value *value)
{
  struct tx *tx = ex->tx;
  struct value pattern;
  const char *escape = expr->text ? expr->text : "\\";

  if (!tx_expr(ex, expr->args[i], &pattern)) return false;
  if (!tx_coerce(tx, &pattern, type_of(TYPE_STRING), "like", 1)) return false;
  if (str_eq(expr->op, "RLIKE"))
    *value = value_of(tx_printf(tx, "x_rlike(%s,%s)", text->sql, pattern.sql), type_of(TYPE_BOOLEAN));
  else
    *value = value_of(tx_printf(tx, "x_like(%s,%s,%s,'%c')", text->sql, pattern.sql,
                                tx_literal(tx->arena, escape, SIZE_MAX), *expr->op),
                      type_of(TYPE_BOOLEAN));
  value_inherit(value, text);
  value_inherit(value, &pattern);
  return true;
}

static bool
like(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  struct tx *tx = ex->tx;
  struct value text, one;

  if (expr->text && strlen(expr->text) != 1)
    return fault_set(tx->session, "INVALID_ESCAPE_CHAR", "42604",
                     "`EscapeChar` should be a string literal of length one, but got '%s'.", expr->text);
  if (!tx_expr(ex, expr->args[0], &text) || !tx_coerce(tx, &text, type_of(TYPE_STRING), "like", 0))
    return false;
  if (!like_one(ex, expr, &text, 1, value)) return false;
  /* NOT LIKE ANY means: there is one that it is not like; so the negation goes inside. */
  if (!expr->soft) return negate(tx, expr, value);
  negate(tx, expr, value);
  for (size_t i = 2; i < expr->arg_count; i++) {
    if (!like_one(ex, expr, &text, i, &one)) return false;
    negate(tx, expr, &one);
    value->sql = tx_printf(tx, "(%s %s %s)", value->sql, expr->all ? "AND" : "OR", one.sql);
    value_inherit(value, &one);
  }
  return true;
}

static bool
is(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  struct tx *tx = ex->tx;
  struct value arg, other;
  const char *word = expr->negated ? "IS NOT" : "IS";

  if (!tx_expr(ex, expr->args[0], &arg)) return false;
  if (str_eq(expr->op, "DISTINCT")) {
    if (!tx_expr(ex, expr->args[1], &other) || !tx_compare(ex, "<=>", arg, other, value)) return false;
    if (!expr->negated) value->sql = tx_printf(tx, "(NOT %s)", value->sql);
    return true;
  }
  value_inherit(value, &arg);
  value->type = type_of(TYPE_BOOLEAN);
  if (str_eq(expr->op, "NULL")) {
    value->sql = tx_printf(tx, "(%s %s NULL)", arg.sql, word);
    return true;
  }
  if (!tx_coerce(tx, &arg, type_of(TYPE_BOOLEAN), "is", 0)) return false;
  value->sql = tx_printf(tx, "(%s %s %s)", arg.sql, word,
                         str_eq(expr->op, "UNKNOWN") ? "NULL"
                         : str_eq(expr->op, "TRUE")  ? "1"
                                                     : "0");
  return true;
}

bool
tx_predicate(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  *value = (struct value){0};
  switch (expr->kind) {
  case AST_BETWEEN: return between(ex, expr, value);
  case AST_IN: return expr->query ? in_query(ex, expr, value) : in_list(ex, expr, value);
  case AST_LIKE: return like(ex, expr, value);
  default: return is(ex, expr, value);
  }
}
