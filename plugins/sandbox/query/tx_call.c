/* SPDX-License-Identifier: Apache-2.0 */
/* Calls: finding the built-in function or stored routine, checking and converting arguments by the table's
 * letters, aggregates with DISTINCT and FILTER, windows. */
#include "query/tx.h"

#include "base/buf.h"
#include "base/str.h"
#include "engine.h"
#include "query/builtin.h"
#include "query/parse.h"

#include "base/banned.h"

#define NESTED "aggregate function"

static char
letter_at(const char *letters, size_t i)
{
  size_t length = strlen(letters);

  return length == 0 ? 'a' : i < length ? letters[i] : letters[length - 1];
}

static const struct sql_type *
type_of_letter(char letter)
{
  switch (letter) {
  case 's': return type_of(TYPE_STRING);
  case 'i': return type_of(TYPE_INT);
  case 'l': return type_of(TYPE_BIGINT);
  case 'd': return type_of(TYPE_DOUBLE);
  case 'b': return type_of(TYPE_BOOLEAN);
  case 'D': return type_of(TYPE_DATE);
  case 'T': return type_of(TYPE_TIMESTAMP);
  case 'N': return type_of(TYPE_TIMESTAMP_NTZ);
  case 'x': return type_of(TYPE_BINARY);
  case 'v': return type_of(TYPE_VARIANT);
  default: return NULL;
  }
}

static bool
mismatch(struct builtin_call *call, size_t i, const char *wanted)
{
  struct tx *tx = call->ex->tx;
  static const char *const words[] = {"first", "second", "third", "fourth", "fifth"};

  return fault_set(
      tx->session, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "42K09",
      "Cannot resolve \"%s\" due to data type mismatch: The %s parameter requires the %s type, however %s "
      "has the type %s.",
      call->text, i < ARRAY_SIZE(words) ? words[i] : "last", wanted, tx_quoted(tx, call->expr->args[i]),
      type_quoted(tx->arena, call->args[i].type));
}

static bool
number_argument(struct builtin_call *call, size_t i)
{
  struct value from = call->args[i];

  if (type_is_number(from.type)) return true;
  if (type_is_text(from.type) || from.type->kind == TYPE_VOID)
    return tx_cast(call->ex->tx, &from, type_of(TYPE_DOUBLE), 'i', &call->args[i]);
  return mismatch(call, i, "\"NUMERIC\"");
}

static bool
convert_argument(struct builtin_call *call, size_t i)
{
  struct value *arg = &call->args[i], from = *arg;
  char letter = letter_at(call->builtin->args, i);
  const struct sql_type *wanted = type_of_letter(letter);

  if (wanted) {
    if (tx_can_cast(arg->type, wanted, 'i') || (letter == 'x' && type_is_text(arg->type)))
      return tx_cast(call->ex->tx, &from, wanted, 'i', arg);
    return mismatch(call, i, type_quoted(call->ex->tx->arena, wanted));
  }
  if (letter == 'y' && (arg->type->kind == TYPE_INTERVAL_MONTHS || arg->type->kind == TYPE_INTERVAL_SECONDS))
    return true;
  switch (letter) {
  case 'y':
  case 'n': return number_argument(call, i);
  case 'z':
    return arg->type->kind == TYPE_ARRAY || arg->type->kind == TYPE_VOID || mismatch(call, i, "\"ARRAY\"");
  case 'm':
    return arg->type->kind == TYPE_MAP || arg->type->kind == TYPE_VOID || mismatch(call, i, "\"MAP\"");
  case 'o': return type_is_ordered(arg->type) || mismatch(call, i, "\"ORDERABLE\"");
  default: return true;
  }
}

static bool
unify_common(struct builtin_call *call)
{
  struct value *common = arena_array(call->ex->tx->arena, call->count + 1, sizeof *common);
  size_t count = 0;

  for (size_t i = 0; i < call->count; i++)
    if (letter_at(call->builtin->args, i) == 'c') common[count++] = call->args[i];
  if (count == 0) return true;
  if (!tx_unify(call->ex->tx, common, count, call->text)) return false;
  count = 0;
  for (size_t i = 0; i < call->count; i++)
    if (letter_at(call->builtin->args, i) == 'c') call->args[i] = common[count++];
  return true;
}

static bool
wrong_count(struct builtin_call *call)
{
  const struct builtin *builtin = call->builtin;
  struct tx *tx = call->ex->tx;
  const char *wanted = builtin->least == builtin->most ? tx_printf(tx, "%d", builtin->least)
                       : builtin->most < 0             ? tx_printf(tx, "> %d", builtin->least - 1)
                                           : tx_printf(tx, "[%d, %d]", builtin->least, builtin->most);

  return fault_set(tx->session, "WRONG_NUM_ARGS.WITHOUT_SUGGESTION", "42605",
                   "The `%s` requires %s parameters but the actual number is %zu. Please, refer to "
                   "'https://docs.databricks.com/sql/language-manual/sql-ref-functions.html' for a fix.",
                   builtin->name, wanted, call->count);
}

static const struct sql_type *
result_type(struct builtin_call *call)
{
  struct arena *arena = call->ex->tx->arena;

  switch (*call->builtin->result) {
  case '0': return call->count ? call->args[0].type : type_of(TYPE_VOID);
  case 'c':
    for (size_t i = 0; i < call->count; i++)
      if (letter_at(call->builtin->args, i) == 'c') return call->args[i].type;
    return type_of(TYPE_VOID);
  case 'e': return call->args[0].type->element ? call->args[0].type->element : type_of(TYPE_VOID);
  case 'S': return type_array(arena, type_of(TYPE_STRING));
  default: return type_of_letter(*call->builtin->result);
  }
}

static bool
build_plain(struct builtin_call *call, struct value *value)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  buf_addf(&buf, "%s(", call->builtin->sql);
  for (size_t i = 0; i < call->count; i++)
    buf_addf(&buf, "%s%s", i ? "," : "", call->args[i].sql);
  buf_add_char(&buf, ')');
  *value = value_of(arena_strndup(call->ex->tx->arena, buf.data, buf.len), result_type(call));
  return true;
}

/* f(a => 1) is for functions whose parameters have names; the built-in ones here are called by position. */
static bool
translate_args(struct ex *ex, const struct ast_expr *expr, struct value *args)
{
  for (size_t i = 0; i < expr->arg_count; i++) {
    if (expr->args[i]->kind == AST_LAMBDA) continue;
    if (expr->args[i]->kind == AST_STAR && expr->arg_count == 1) continue;
    if (!tx_expr(ex, expr->args[i], &args[i])) return false;
  }
  return true;
}

static const struct ast_window *
named_window(const struct ast_query *query, const char *name)
{
  for (size_t i = 0; query && i < query->window_count; i++)
    if (utf8_ieq(query->windows[i].name, name)) return query->windows[i].window;
  return NULL;
}

static bool
add_bound(struct ex *ex, const struct ast_bound *bound, struct buf *buf)
{
  struct value value;

  switch (bound->kind) {
  case BOUND_UNBOUNDED:
    buf_add_text(buf, bound->following ? "UNBOUNDED FOLLOWING" : "UNBOUNDED PRECEDING");
    return true;
  case BOUND_CURRENT: buf_add_text(buf, "CURRENT ROW"); return true;
  default: break;
  }
  if (!tx_expr(ex, bound->amount, &value)) return false;
  if (!value.foldable || !type_is_integer(value.type))
    return tx_unsupported(ex->tx, "A window frame bound that is not a whole number");
  buf_addf(buf, "%s %s", value.sql, bound->kind == BOUND_PRECEDING ? "PRECEDING" : "FOLLOWING");
  return true;
}

static bool
add_window_lists(struct ex *ex, const struct ast_window *window, struct buf *buf)
{
  for (size_t i = 0; i < window->partition_count; i++) {
    struct value value;

    if (!tx_expr(ex, window->partition[i], &value)) return false;
    buf_addf(buf, "%s%s", i ? "," : "PARTITION BY ", value.foldable ? "NULL" : value.sql);
  }
  for (size_t i = 0; i < window->order_count; i++) {
    struct value value;
    const char *term;

    if (!tx_expr(ex, window->order[i].expr, &value)) return false;
    term = tx_order_term(ex->tx, &window->order[i], &value);
    buf_addf(buf, "%s%s", i ? "," : " ORDER BY ", *term ? term : "NULL");
  }
  return true;
}

/* OVER (...): a named window may be refined by an order of its own. */
static bool
add_over(struct ex *ex, const struct ast_expr *expr, struct buf *buf)
{
  const struct ast_window *window = expr->window, *base = NULL;

  if (window->reference) {
    base = named_window(ex->query, window->reference);
    if (!base)
      return fault_set(ex->tx->session, "MISSING_WINDOW_SPECIFICATION", "42P20",
                       "Window specification is not defined in the WINDOW clause for `%s`.",
                       window->reference);
  }
  buf_add_text(buf, " OVER (");
  if (base && !add_window_lists(ex, base, buf)) return false;
  if (!add_window_lists(ex, window, buf)) return false;
  if (base && base->framed && !window->framed) window = base;
  if (window->framed) {
    buf_add_text(buf, window->rows ? " ROWS BETWEEN " : " RANGE BETWEEN ");
    if (!add_bound(ex, &window->start, buf)) return false;
    buf_add_text(buf, " AND ");
    if (!add_bound(ex, &window->end, buf)) return false;
  }
  buf_add_char(buf, ')');
  return true;
}

static bool
add_filter(struct ex *ex, const struct ast_expr *expr, struct buf *buf)
{
  struct value value;

  if (!expr->filter) return true;
  if (!tx_condition(ex, expr->filter, &value)) return false;
  buf_addf(buf, " FILTER (WHERE %s)", value.sql);
  return true;
}

static bool
finish_args(struct builtin_call *call)
{
  const struct builtin *builtin = call->builtin;

  if ((int)call->count < builtin->least || (builtin->most >= 0 && (int)call->count > builtin->most))
    return wrong_count(call);
  for (size_t i = 0; i < call->count; i++)
    if (call->args[i].sql && !convert_argument(call, i)) return false;
  return unify_common(call);
}

static bool
build(struct builtin_call *call, struct value *value)
{
  return call->builtin->build ? call->builtin->build(call, value) : build_plain(call, value);
}

static bool
aggregate_allowed(struct ex *ex, const struct ast_expr *expr)
{
  if (expr->window ? ex->windows : ex->aggregates) return true;
  if (str_eq(ex->clause, NESTED))
    return fault_set(
        ex->tx->session, "NESTED_AGGREGATE_FUNCTION", "42607",
        "It is not allowed to use an aggregate function in the argument of another aggregate function. "
        "Please use the inner aggregate function in a sub-query.");
  if (expr->window)
    return fault_set(ex->tx->session, "UNSUPPORTED_EXPR_FOR_WINDOW", "42P20",
                     "Expression %s not supported within the %s.", tx_quoted(ex->tx, expr),
                     ex->clause ? ex->clause : "expression");
  return fault_set(ex->tx->session, "INVALID_WHERE_CONDITION", "42903",
                   "The %s holds the aggregate function %s, which is not allowed there.",
                   ex->clause ? ex->clause : "expression", tx_quoted(ex->tx, expr));
}

/* sum(x), sum(DISTINCT x) FILTER (WHERE y) OVER (...). The builder leaves "name(args)"; DISTINCT goes inside.
 */
static bool
aggregate_call(struct builtin_call *call, struct value *value)
{
  struct ex inner = *call->ex;
  const struct ast_expr *expr = call->expr;
  struct tx_scope *scope = tx_query_scope(inner.scope);
  bool grouped = scope && scope->grouped, good;
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (!aggregate_allowed(call->ex, expr)) return false;
  inner.aggregates = expr->window != NULL;
  inner.windows = false;
  if (!expr->window) inner.clause = NESTED;
  call->ex = &inner;
  if (scope && !expr->window) scope->grouped = false;
  good = translate_args(&inner, expr, call->args) && finish_args(call) && build(call, value);
  if (good) {
    buf_add_text(&buf, value->sql);
    good = add_filter(&inner, expr, &buf);
  }
  if (scope) scope->grouped = grouped;
  if (!good || (expr->window && !add_over(&inner, expr, &buf))) return false;
  value->sql = tx_printf(inner.tx, "%s%s%s", call->before ? call->before : "", buf.data,
                         call->behind ? call->behind : "");
  value->foldable = false;
  value->aggregate = !expr->window;
  value->window = expr->window != NULL;
  return true;
}

static bool
plain_call(struct builtin_call *call, struct value *value)
{
  const struct ast_expr *expr = call->expr;
  struct session *session = call->ex->tx->session;

  if (expr->distinct || expr->filter || expr->window)
    return fault_set(session, "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX", "42000",
                     "The function `%s` does not support DISTINCT, FILTER or OVER.", call->builtin->name);
  if (!translate_args(call->ex, expr, call->args) || !finish_args(call) || !build(call, value)) return false;
  for (size_t i = 0; i < call->count; i++)
    value_inherit(value, &call->args[i]);
  return true;
}

static bool
unresolved_routine(struct ex *ex, const struct ast_expr *expr)
{
  struct session *session = ex->tx->session;
  const char *near = expr->name.count == 1 ? builtin_suggest(expr->name.parts[0]) : NULL;

  if (near)
    return fault_set(
        session, "UNRESOLVED_ROUTINE", "42883",
        "Cannot resolve routine %s on search path [`system`.`builtin`, `system`.`session`, `%s`.`%s`]. Did "
        "you mean `%s`?",
        tx_name_quoted(ex->tx->arena, &expr->name), session->catalog ? session->catalog : "main",
        session->schema ? session->schema : "default", near);
  return fault_set(
      session, "UNRESOLVED_ROUTINE", "42883",
      "Cannot resolve routine %s on search path [`system`.`builtin`, `system`.`session`, `%s`.`%s`].",
      tx_name_quoted(ex->tx->arena, &expr->name), session->catalog ? session->catalog : "main",
      session->schema ? session->schema : "default");
}

static bool
stored_call(struct ex *ex, const struct ast_expr *expr, struct value *args, struct value *value)
{
  bool found;

  for (size_t i = 0; i < expr->arg_count; i++)
    if (!tx_expr(ex, expr->args[i], &args[i])) return false;
  if (!tx_routine(ex, expr, args, value, &found)) return false;
  return found || unresolved_routine(ex, expr);
}

static const struct builtin *
builtin_of(const struct ast_expr *expr)
{
  const struct ast_name *name = &expr->name;

  if (name->count == 1) return builtin_find(name->parts[0]);
  if (name->count == 2 && str_ieq(name->parts[0], "builtin")) return builtin_find(name->parts[1]);
  if (name->count == 3 && str_ieq(name->parts[0], "system") && str_ieq(name->parts[1], "builtin"))
    return builtin_find(name->parts[2]);
  return NULL;
}

bool
tx_call(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  struct builtin_call call = {.ex = ex, .expr = expr, .count = expr->arg_count};

  call.args = arena_array(ex->tx->arena, expr->arg_count + 1, sizeof *call.args);
  call.builtin = builtin_of(expr);
  if (tx_is_generator(expr))
    return fault_set(ex->tx->session, "UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", "42K0E",
                     "The generator is not supported: nested in expressions %s.", tx_quoted(ex->tx, expr));
  if (!call.builtin) return stored_call(ex, expr, call.args, value);
  call.text = tx_item_name(ex->tx->arena, expr);
  if (call.builtin->window_only && !expr->window)
    return fault_set(ex->tx->session, "WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE", "42601",
                     "Window function %s requires an OVER clause.", tx_quoted(ex->tx, expr));
  if (call.builtin->aggregate || call.builtin->window_only) return aggregate_call(&call, value);
  return plain_call(&call, value);
}
