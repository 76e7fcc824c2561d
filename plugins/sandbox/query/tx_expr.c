/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions: what each node of the tree becomes. Operators, predicates, names and calls have files of their
 * own. */
#include "query/tx.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/str.h"
#include "engine.h"
#include "query/parse.h"
#include "query/value.h"

#include "base/banned.h"

static bool
number_value(struct tx *tx, const struct ast_expr *expr, struct value *value)
{
  value->type = expr->type;
  value->foldable = true;
  if (type_is_integer(expr->type)) {
    /* SQLite reads the smallest integer as a real number when it is written with its sign. */
    value->sql = str_eq(expr->text, "-9223372036854775808") ? "(-9223372036854775807-1)"
                 : *expr->text == '-'                       ? tx_printf(tx, "(%s)", expr->text)
                                                            : expr->text;
    return true;
  }
  value->sql = tx_printf(tx, "x_cast(%s,'string',%s,'c')", tx_literal(tx->arena, expr->text, SIZE_MAX),
                         tx_literal(tx->arena, type_text(tx->arena, expr->type), SIZE_MAX));
  return true;
}

static bool
binary_value(struct tx *tx, const struct ast_expr *expr, struct value *value)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  buf_add_text(&buf, "X'");
  for (size_t i = 0; i < expr->length; i++)
    buf_addf(&buf, "%02x", (unsigned int)(unsigned char)expr->text[i]);
  buf_add_char(&buf, '\'');
  *value = value_of(arena_strndup(tx->arena, buf.data, buf.len), type_of(TYPE_BINARY));
  value->foldable = true;
  return true;
}

static bool
typed_value(struct tx *tx, const struct ast_expr *expr, struct value *value)
{
  char text[TIME_TEXT_MAX];
  int64_t number;
  bool date = expr->type->kind == TYPE_DATE;

  if (date ? !time_parse_days(expr->text, &number) : !time_parse_micros(expr->text, &number))
    return fault_set(tx->session, "INVALID_TYPED_LITERAL", "42604",
                     "The value of the typed literal %s is invalid: '%s'.",
                     type_quoted(tx->arena, expr->type), expr->text);
  if (date)
    time_print_days(number, text);
  else
    time_print_micros(number, text);
  *value = value_of(tx_literal(tx->arena, text, SIZE_MAX), expr->type);
  value->foldable = true;
  return true;
}

/* The value bound to :name or ?, cast to the type it was sent with. */
static bool
parameter_value(struct tx *tx, const struct ast_expr *expr, struct value *value)
{
  const struct session *session = tx->session;
  const struct bind *bind = NULL;
  const struct sql_type *type;
  struct value text;

  for (size_t i = 0; i < session->bind_count; i++) {
    const char *name = session->binds[i].name;

    if (expr->text ? name && str_ieq(name, expr->text) : (int64_t)i == expr->number)
      bind = &session->binds[i];
  }
  if (!bind)
    return fault_set(
        tx->session, "UNBOUND_SQL_PARAMETER", "42P02",
        "Found the unbound parameter: %s. Please, fix `args` and provide a mapping of the parameter to "
        "either a SQL literal or collection constructor functions such as `map()`, `array()`, `struct()`.",
        expr->text && *expr->text ? expr->text : tx_printf(tx, "_%zu", expr->start));
  type = bind->type && *bind->type ? type_parse(tx->session, bind->type) : type_of(TYPE_STRING);
  if (!type) return false;
  text = value_of(bind->value ? tx_literal(tx->arena, bind->value, SIZE_MAX) : "NULL",
                  type_of(bind->value ? TYPE_STRING : TYPE_VOID));
  if (!tx_cast(tx, &text, type, 'c', value)) return false;
  value->foldable = true;
  return true;
}

static bool
cast_value(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  struct tx *tx = ex->tx;
  struct value arg;
  char mode = expr->soft ? 't' : 'c';

  if (!tx_expr(ex, expr->args[0], &arg)) return false;
  if (!tx_can_cast(arg.type, expr->type, mode))
    return fault_set(tx->session, "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", "42K09",
                     "Cannot resolve %s due to data type mismatch: cannot cast %s to %s.",
                     tx_quoted(tx, expr), type_quoted(tx->arena, arg.type),
                     type_quoted(tx->arena, expr->type));
  return tx_cast(tx, &arg, expr->type, mode, value);
}

/* WHEN conditions: boolean by themselves, or compared with CASE's operand. */
static bool
case_condition(struct ex *ex, const struct ast_expr *expr, const struct value *operand, size_t i,
               struct value *out)
{
  struct value when;

  if (!expr->operand) return tx_condition(ex, expr->args[i], out);
  if (!tx_expr(ex, expr->args[i], &when)) return false;
  return tx_compare(ex, "=", *operand, when, out);
}

static bool
case_value(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  size_t pairs = expr->arg_count / 2, count = pairs + (expr->otherwise != NULL);
  struct value *results = arena_array(ex->tx->arena, count, sizeof *results), operand = {0};
  struct value *conditions = arena_array(ex->tx->arena, pairs, sizeof *conditions);

  *value = (struct value){0};
  if (expr->operand && !tx_expr(ex, expr->operand, &operand)) return false;
  for (size_t i = 0; i < pairs; i++) {
    if (!case_condition(ex, expr, &operand, 2 * i, &conditions[i])) return false;
    if (!tx_expr(ex, expr->args[2 * i + 1], &results[i])) return false;
    value_inherit(value, &conditions[i]);
    value_inherit(value, &results[i]);
  }
  if (expr->otherwise && !tx_expr(ex, expr->otherwise, &results[pairs])) return false;
  if (expr->otherwise) value_inherit(value, &results[pairs]);
  if (!tx_unify(ex->tx, results, count, "CASE")) return false;
  buf_add_text(&buf, "CASE");
  for (size_t i = 0; i < pairs; i++)
    buf_addf(&buf, " WHEN %s THEN %s", conditions[i].sql, results[i].sql);
  if (expr->otherwise) buf_addf(&buf, " ELSE %s", results[pairs].sql);
  buf_add_text(&buf, " END");
  value->sql = arena_strndup(ex->tx->arena, buf.data, buf.len);
  value->type = results[0].type;
  return true;
}

static bool
is_one_row(const struct ast_query *query)
{
  if (query->is_set || query->grouped || query->item_count == 0 || query->having || query->qualify)
    return false;
  for (size_t i = 0; i < query->item_count; i++)
    if (tx_has_aggregate(query->items[i].expr)) return true;
  return query->limit && query->limit->kind == AST_NUMBER && str_eq(query->limit->text, "1");
}

static bool
subquery_value(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  struct tx *tx = ex->tx;
  struct query_plan plan;

  if (!tx_query(tx, expr->query, ex->scope, &plan)) return false;
  if (plan.column_count != 1)
    return fault_set(
        tx->session, "INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN",
        "42823", "Invalid subquery: Scalar subquery must return only one column, but returned %zu.",
        plan.column_count);
  *value = value_of(NULL, plan.columns[0].type);
  if (is_one_row(expr->query))
    value->sql = tx_printf(tx, "(%s)", plan.sql);
  else
    value->sql =
        tx_printf(tx,
                  "(SELECT CASE WHEN count(*)>1 THEN x_fail('SCALAR_SUBQUERY_TOO_MANY_ROWS','21000',"
                  "'More than one row returned by a subquery used as an expression.') ELSE max(k0) END "
                  "FROM (SELECT k0 FROM (%s) LIMIT 2))",
                  plan.sql);
  return true;
}

static bool
exists_value(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  struct query_plan plan;

  if (!tx_query(ex->tx, expr->query, ex->scope, &plan)) return false;
  *value = value_of(tx_printf(ex->tx, "EXISTS(%s)", plan.sql), type_of(TYPE_BOOLEAN));
  return true;
}

static bool
field_value(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  struct value base;

  return tx_expr(ex, expr->args[0], &base) && tx_field(ex, &base, expr->text, value);
}

static bool
index_value(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  struct value base, index;

  return tx_expr(ex, expr->args[0], &base) && tx_expr(ex, expr->args[1], &index) &&
         tx_index(ex, &base, &index, false, value);
}

static bool
path_value(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  struct tx *tx = ex->tx;
  struct value base;

  if (!tx_expr(ex, expr->args[0], &base)) return false;
  if (!type_is_text(base.type) && base.type->kind != TYPE_VARIANT && base.type->kind != TYPE_VOID)
    return fault_set(
        tx->session, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "42K09",
        "Cannot resolve %s due to data type mismatch: The first parameter requires the (\"STRING\" or "
        "\"VARIANT\") type, however %s has the type %s.",
        tx_quoted(tx, expr), tx_quoted(tx, expr->args[0]), type_quoted(tx->arena, base.type));
  *value = value_of(tx_printf(tx, "x_path(%s,%s,'%c')", base.sql, tx_literal(tx->arena, expr->text, SIZE_MAX),
                              base.type->kind == TYPE_VARIANT ? 'v' : 's'),
                    base.type->kind == TYPE_VARIANT ? base.type : type_of(TYPE_STRING));
  value_inherit(value, &base);
  return true;
}

/* (a, b) outside of IN: a struct with the fields col1, col2. */
static bool
row_value(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  struct ast_expr call = *expr;

  call.kind = AST_CALL;
  call.name = (struct ast_name){{"struct"}, 1};
  return tx_expr(ex, &call, value);
}

static bool
interval_value(struct tx *tx, const struct ast_expr *expr, struct value *value)
{
  *value = value_of(tx_printf(tx, "(%" PRId64 ")", expr->number), expr->type);
  value->foldable = true;
  return true;
}

/* Behind GROUP BY a whole expression may be one of the keys: then it is that key, whatever is in it. */
static bool
match_key(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  struct tx_scope *scope = tx_query_scope(ex->scope);
  struct value plain;
  struct fault fault = ex->tx->session->fault;
  bool good;

  if (!scope || !scope->grouped || scope->key_count == 0) return false;
  if (expr->kind == AST_NAME || expr->arg_count + (expr->operand != NULL) == 0 || tx_has_aggregate(expr) ||
      tx_has_window(expr) || tx_is_generator(expr))
    return false;
  scope->grouped = false;
  good = tx_expr(ex, expr, &plain);
  scope->grouped = true;
  ex->tx->session->fault = fault;
  for (size_t i = 0; good && i < scope->key_count; i++)
    if (str_eq(plain.sql, scope->keys[i].sql)) {
      *value = scope->shown[i];
      return true;
    }
  return false;
}

static bool
translate(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  switch (expr->kind) {
  case AST_NULL: *value = value_of("NULL", type_of(TYPE_VOID)); return value->foldable = true;
  case AST_BOOLEAN:
    *value = value_of(str_eq(expr->text, "true") ? "1" : "0", type_of(TYPE_BOOLEAN));
    return value->foldable = true;
  case AST_NUMBER: return number_value(ex->tx, expr, value);
  case AST_STRING:
    *value = value_of(tx_literal(ex->tx->arena, expr->text, expr->length), type_of(TYPE_STRING));
    return value->foldable = true;
  case AST_BINARY: return binary_value(ex->tx, expr, value);
  case AST_TYPED: return typed_value(ex->tx, expr, value);
  case AST_INTERVAL: return interval_value(ex->tx, expr, value);
  case AST_PARAMETER: return parameter_value(ex->tx, expr, value);
  case AST_NAME: return tx_name(ex, expr, value);
  case AST_UNARY: return tx_unary(ex, expr, value);
  case AST_INFIX: return tx_infix(ex, expr, value);
  case AST_CALL: return tx_call(ex, expr, value);
  case AST_CASE: return case_value(ex, expr, value);
  case AST_CAST: return cast_value(ex, expr, value);
  case AST_BETWEEN:
  case AST_IN:
  case AST_LIKE:
  case AST_IS: return tx_predicate(ex, expr, value);
  case AST_EXISTS: return exists_value(ex, expr, value);
  case AST_SUBQUERY: return subquery_value(ex, expr, value);
  case AST_INDEX: return index_value(ex, expr, value);
  case AST_FIELD: return field_value(ex, expr, value);
  case AST_PATH: return path_value(ex, expr, value);
  case AST_ROW: return row_value(ex, expr, value);
  case AST_STAR:
    return fault_set(ex->tx->session, "INVALID_USAGE_OF_STAR_OR_REGEX", "42000",
                     "Invalid usage of '*' in expression.");
  case AST_LAMBDA:
    return fault_set(ex->tx->session, "UNEXPECTED_LAMBDA", "42000",
                     "A lambda function should only be used in a "
                     "higher order function.");
  }
  return false;
}

bool
tx_expr(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  *value = (struct value){0};
  return match_key(ex, expr, value) || translate(ex, expr, value);
}

bool
tx_condition(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  struct value from;

  if (!tx_expr(ex, expr, &from)) return false;
  if (from.type->kind != TYPE_BOOLEAN && from.type->kind != TYPE_VOID)
    return fault_set(
        ex->tx->session, "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN", "42K09",
        "Cannot resolve %s due to data type mismatch: Filter expression %s of type %s is not a boolean.",
        tx_quoted(ex->tx, expr), tx_quoted(ex->tx, expr), type_quoted(ex->tx->arena, from.type));
  return tx_cast(ex->tx, &from, type_of(TYPE_BOOLEAN), 'i', value);
}
