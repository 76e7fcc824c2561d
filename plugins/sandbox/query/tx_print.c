/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions in words: what a column without an alias is called, and what error messages quote. The service
 * writes operators in parentheses, functions in lower case, strings without quotes. */
#include "query/tx.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/str.h"
#include "query/parse.h"
#include "query/value.h"

#include "base/banned.h"

static void print(struct buf *buf, struct arena *arena, const struct ast_expr *expr);

static void
print_list(struct buf *buf, struct arena *arena, struct ast_expr *const *exprs, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    if (i) buf_add_text(buf, ", ");
    print(buf, arena, exprs[i]);
  }
}

static void
print_upper(struct buf *buf, struct arena *arena, const struct sql_type *type)
{
  const char *quoted = type_quoted(arena, type);

  buf_add(buf, quoted + 1, strlen(quoted) - 2);
}

static void
print_order(struct buf *buf, struct arena *arena, const struct ast_order *order, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    if (i) buf_add_text(buf, ", ");
    print(buf, arena, order[i].expr);
    buf_addf(buf, " %s NULLS %s", order[i].descending ? "DESC" : "ASC",
             order[i].nulls_last ? "LAST" : "FIRST");
  }
}

static void
print_bound(struct buf *buf, struct arena *arena, const struct ast_bound *bound)
{
  switch (bound->kind) {
  case BOUND_CURRENT: buf_add_text(buf, "CURRENT ROW"); return;
  case BOUND_UNBOUNDED:
    buf_add_text(buf, bound->following ? "UNBOUNDED FOLLOWING" : "UNBOUNDED PRECEDING");
    return;
  default:
    print(buf, arena, bound->amount);
    buf_add_text(buf, bound->kind == BOUND_PRECEDING ? " PRECEDING" : " FOLLOWING");
  }
}

/* Functions that only exist with an order print the frame they always have. */
static bool
is_ranking(const struct ast_expr *call)
{
  static const char *const names[] = {"row_number",   "rank",      "dense_rank",
                                      "percent_rank", "cume_dist", "ntile"};

  for (size_t i = 0; i < ARRAY_SIZE(names); i++)
    if (call->name.count == 1 && str_ieq(call->name.parts[0], names[i])) return true;
  return false;
}

static void
print_window(struct buf *buf, struct arena *arena, const struct ast_expr *call)
{
  const struct ast_window *window = call->window;

  buf_add_text(buf, " OVER (");
  if (window->partition_count) {
    buf_add_text(buf, "PARTITION BY ");
    print_list(buf, arena, window->partition, window->partition_count);
    buf_add_char(buf, ' ');
  }
  if (window->order_count) {
    buf_add_text(buf, "ORDER BY ");
    print_order(buf, arena, window->order, window->order_count);
    buf_add_char(buf, ' ');
  }
  if (window->framed) {
    buf_addf(buf, "%s BETWEEN ", window->rows ? "ROWS" : "RANGE");
    print_bound(buf, arena, &window->start);
    buf_add_text(buf, " AND ");
    print_bound(buf, arena, &window->end);
  } else if (is_ranking(call)) {
    buf_add_text(buf, "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW");
  } else if (window->order_count) {
    buf_add_text(buf, "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW");
  } else {
    buf_add_text(buf, "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING");
  }
  buf_add_char(buf, ')');
}

/* Some functions print in upper case, for reasons of history. */
static bool
is_loud(const struct ast_expr *call)
{
  static const char *const names[] = {"ceil", "floor", "sqrt", "cbrt", "exp",     "expm1",  "log10",
                                      "log2", "log1p", "sin",  "cos",  "tan",     "asin",   "acos",
                                      "atan", "sinh",  "cosh", "tanh", "degrees", "radians"};

  for (size_t i = 0; i < ARRAY_SIZE(names); i++)
    if (call->name.count == 1 && str_ieq(call->name.parts[0], names[i])) return true;
  return call->name.count == 1 && call->arg_count == 2 && str_ieq(call->name.parts[0], "log");
}

static void
print_call(struct buf *buf, struct arena *arena, const struct ast_expr *expr)
{
  bool loud = is_loud(expr);

  for (size_t i = 0; i < expr->name.count; i++) {
    if (i) buf_add_char(buf, '.');
    for (const char *c = expr->name.parts[i]; *c; c++)
      buf_add_char(buf, loud ? (char)toupper((unsigned char)*c) : str_lower(*c));
  }
  buf_addf(buf, "(%s", expr->distinct ? "DISTINCT " : "");
  if (expr->arg_count == 1 && expr->args[0]->kind == AST_STAR && expr->args[0]->name.count == 0)
    buf_add_char(buf, '1');
  else
    print_list(buf, arena, expr->args, expr->arg_count);
  if (expr->arg_count == 1 && expr->name.count == 1 &&
      (str_ieq(expr->name.parts[0], "round") || str_ieq(expr->name.parts[0], "bround")))
    buf_add_text(buf, ", 0");
  buf_add_char(buf, ')');
  if (expr->order_count) {
    buf_add_text(buf, " WITHIN GROUP (ORDER BY ");
    print_order(buf, arena, expr->order, expr->order_count);
    buf_add_char(buf, ')');
  }
  if (expr->filter) {
    buf_add_text(buf, " FILTER (WHERE ");
    print(buf, arena, expr->filter);
    buf_add_char(buf, ')');
  }
  if (expr->window) print_window(buf, arena, expr);
}

static void
print_case(struct buf *buf, struct arena *arena, const struct ast_expr *expr)
{
  buf_add_text(buf, "CASE");
  for (size_t i = 0; i + 1 < expr->arg_count; i += 2) {
    buf_add_text(buf, " WHEN ");
    if (expr->operand) {
      buf_add_char(buf, '(');
      print(buf, arena, expr->operand);
      buf_add_text(buf, " = ");
    }
    print(buf, arena, expr->args[i]);
    if (expr->operand) buf_add_char(buf, ')');
    buf_add_text(buf, " THEN ");
    print(buf, arena, expr->args[i + 1]);
  }
  if (expr->otherwise) {
    buf_add_text(buf, " ELSE ");
    print(buf, arena, expr->otherwise);
  }
  buf_add_text(buf, " END");
}

static void
print_cast(struct buf *buf, struct arena *arena, const struct ast_expr *expr)
{
  buf_add_text(buf, expr->soft ? "TRY_CAST(" : "CAST(");
  print(buf, arena, expr->args[0]);
  buf_add_text(buf, " AS ");
  print_upper(buf, arena, expr->type);
  buf_add_char(buf, ')');
}

static void
print_like(struct buf *buf, struct arena *arena, const struct ast_expr *expr)
{
  if (expr->negated) buf_add_text(buf, "(NOT ");
  if (str_eq(expr->op, "RLIKE")) {
    buf_add_text(buf, "RLIKE(");
    print_list(buf, arena, expr->args, 2);
    buf_add_char(buf, ')');
  } else if (expr->soft || str_eq(expr->op, "ILIKE")) {
    buf_addf(buf, "%s%s(", str_eq(expr->op, "ILIKE") ? "ilike" : "like",
             !expr->soft ? ""
             : expr->all ? "all"
                         : "any");
    print_list(buf, arena, expr->args, expr->arg_count);
    buf_add_char(buf, ')');
  } else {
    print(buf, arena, expr->args[0]);
    buf_add_text(buf, " LIKE ");
    print(buf, arena, expr->args[1]);
  }
  if (expr->negated) buf_add_char(buf, ')');
}

static void
print_predicate(struct buf *buf, struct arena *arena, const struct ast_expr *expr)
{
  bool is_null = expr->kind == AST_IS && str_eq(expr->op, "NULL");
  bool negated = expr->negated != (expr->kind == AST_IS && str_eq(expr->op, "DISTINCT"));

  if (expr->kind == AST_LIKE) {
    print_like(buf, arena, expr);
    return;
  }
  if (negated && !is_null) buf_add_text(buf, "(NOT ");
  if (expr->kind == AST_BETWEEN) {
    buf_add_text(buf, "between(");
    print_list(buf, arena, expr->args, 3);
    buf_add_char(buf, ')');
  } else if (expr->kind == AST_IN) {
    buf_add_char(buf, '(');
    print(buf, arena, expr->args[0]);
    buf_add_text(buf, " IN (");
    if (expr->query)
      buf_add_text(buf, "listquery()");
    else
      print_list(buf, arena, expr->args + 1, expr->arg_count - 1);
    buf_add_text(buf, "))");
  } else {
    buf_add_char(buf, '(');
    print(buf, arena, expr->args[0]);
    if (str_eq(expr->op, "DISTINCT")) {
      buf_add_text(buf, " <=> ");
      print(buf, arena, expr->args[1]);
    } else {
      buf_addf(buf, " IS %s%s", expr->negated && is_null ? "NOT " : "", expr->op);
    }
    buf_add_char(buf, ')');
  }
  if (negated && !is_null) buf_add_char(buf, ')');
}

static void
print_interval(struct buf *buf, const struct ast_expr *expr)
{
  static const char *const units[] = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};
  static const int64_t sizes[] = {12, 1, 86400000000, 3600000000, 60000000, 1000000};
  const struct sql_type *type = expr->type;

  if (type->from == type->to)
    buf_addf(buf, "INTERVAL '%lld' %s", (long long)(expr->number / sizes[type->from]), units[type->from]);
  else
    buf_addf(buf, "INTERVAL '%lld' %s TO %s", (long long)expr->number, units[type->from], units[type->to]);
}

static void
print_name(struct buf *buf, const struct ast_name *name)
{
  buf_add_text(buf, name->parts[name->count - 1]);
}

static void
print_more(struct buf *buf, struct arena *arena, const struct ast_expr *expr)
{
  switch (expr->kind) {
  case AST_INDEX:
    print(buf, arena, expr->args[0]);
    buf_add_char(buf, '[');
    print(buf, arena, expr->args[1]);
    buf_add_char(buf, ']');
    return;
  case AST_FIELD:
    print(buf, arena, expr->args[0]);
    buf_addf(buf, ".%s", expr->text);
    return;
  case AST_PATH:
    print(buf, arena, expr->args[0]);
    buf_addf(buf, ":%s", expr->text);
    return;
  case AST_LAMBDA:
    buf_add_text(buf, "lambdafunction(");
    print(buf, arena, expr->args[0]);
    for (size_t i = 0; i < expr->param_count; i++)
      buf_addf(buf, ", %s", expr->params[i]);
    buf_add_char(buf, ')');
    return;
  case AST_ROW:
    buf_add_text(buf, "struct(");
    print_list(buf, arena, expr->args, expr->arg_count);
    buf_add_char(buf, ')');
    return;
  case AST_STAR: buf_add_char(buf, '*'); return;
  case AST_EXISTS: buf_add_text(buf, "exists()"); return;
  default: buf_add_text(buf, "scalarsubquery()");
  }
}

/* Doubles in the spelling that they have as values. */
static void
print_number(struct buf *buf, const struct ast_expr *expr)
{
  char text[TIME_TEXT_MAX];
  bool single = expr->type->kind == TYPE_FLOAT;

  if (expr->type->kind != TYPE_DOUBLE && !single) {
    buf_add_text(buf, expr->text);
    return;
  }
  number_print(strtod(expr->text, NULL), single, text);
  buf_add_text(buf, text);
}

static void
print_binary(struct buf *buf, const struct ast_expr *expr)
{
  buf_add_text(buf, "X'");
  for (size_t i = 0; i < expr->length; i++)
    buf_addf(buf, "%02X", (unsigned int)(unsigned char)expr->text[i]);
  buf_add_char(buf, '\'');
}

static void
print(struct buf *buf, struct arena *arena, const struct ast_expr *expr)
{
  switch (expr->kind) {
  case AST_NULL: buf_add_text(buf, "NULL"); return;
  case AST_BOOLEAN: buf_add_text(buf, expr->text); return;
  case AST_NUMBER: print_number(buf, expr); return;
  case AST_STRING: buf_add(buf, expr->text, expr->length); return;
  case AST_BINARY: print_binary(buf, expr); return;
  case AST_TYPED:
    print_upper(buf, arena, expr->type);
    buf_addf(buf, " '%s'", expr->text);
    return;
  case AST_INTERVAL: print_interval(buf, expr); return;
  case AST_PARAMETER: buf_addf(buf, ":%s", expr->text ? expr->text : "?"); return;
  case AST_NAME: print_name(buf, &expr->name); return;
  case AST_UNARY:
    buf_addf(buf, "(%s ", expr->op);
    print(buf, arena, expr->args[0]);
    buf_add_char(buf, ')');
    return;
  case AST_INFIX:
    if (str_eq(expr->op, "||")) {
      buf_add_text(buf, "concat(");
      print_list(buf, arena, expr->args, 2);
      buf_add_char(buf, ')');
      return;
    }
    buf_add_char(buf, '(');
    print(buf, arena, expr->args[0]);
    buf_addf(buf, " %s ", str_eq(expr->op, "DIV") ? "div" : expr->op);
    print(buf, arena, expr->args[1]);
    buf_add_char(buf, ')');
    return;
  case AST_CALL:
    if (expr->name.count == 1 && str_ieq(expr->name.parts[0], "if") && expr->arg_count == 3) {
      buf_add_text(buf, "(IF(");
      print_list(buf, arena, expr->args, 3);
      buf_add_text(buf, "))");
      return;
    }
    print_call(buf, arena, expr);
    return;
  case AST_CASE: print_case(buf, arena, expr); return;
  case AST_CAST: print_cast(buf, arena, expr); return;
  case AST_BETWEEN:
  case AST_IN:
  case AST_LIKE:
  case AST_IS: print_predicate(buf, arena, expr); return;
  default: print_more(buf, arena, expr);
  }
}

const char *
tx_item_name(struct arena *arena, const struct ast_expr *expr)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  /* A cast, an index or a field of a plain column keeps the column's or field's own name. */
  if (expr->kind == AST_FIELD) return expr->text;
  if (expr->kind == AST_CAST && expr->args[0]->kind == AST_NAME) return tx_item_name(arena, expr->args[0]);
  print(&buf, arena, expr);
  return arena_strndup(arena, buf.data, buf.len);
}
