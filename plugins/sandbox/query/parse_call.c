/* SPDX-License-Identifier: Apache-2.0 */
/* Calls: arguments, DISTINCT, FILTER, OVER, and the functions with a grammar of their own (CAST, CASE,
 * EXTRACT, TRIM,
 * ...), which become plain calls wherever they can. */
#include "query/parse_internal.h"

#include "base/arena.h"
#include "base/str.h"
#include "engine.h"

#include "base/banned.h"

bool
parse_order(struct cursor *cursor, struct ast_order **order, size_t *count)
{
  do {
    struct ast_order *item;

    *order = ast_grow(cursor->arena, *order, *count, sizeof **order);
    item = &(*order)[(*count)++];
    item->expr = parse_expr(cursor);
    if (!item->expr) return false;
    item->descending = cursor_take(cursor, "DESC");
    if (!item->descending) cursor_take(cursor, "ASC");
    item->nulls_last = item->descending;
    if (cursor_take(cursor, "NULLS")) {
      item->nulls_given = true;
      item->nulls_last = cursor_take(cursor, "LAST");
      if (!item->nulls_last && !cursor_expect(cursor, "FIRST")) return false;
    }
  } while (cursor_take(cursor, ","));
  return true;
}

static bool
parse_bound(struct cursor *cursor, struct ast_bound *bound)
{
  if (cursor_take_words(cursor, "CURRENT ROW")) {
    bound->kind = BOUND_CURRENT;
    return true;
  }
  if (cursor_take(cursor, "UNBOUNDED")) {
    bound->kind = BOUND_UNBOUNDED;
    bound->following = cursor_take(cursor, "FOLLOWING");
    return bound->following || cursor_expect(cursor, "PRECEDING");
  }
  bound->amount = parse_expr(cursor);
  if (!bound->amount) return false;
  bound->kind = cursor_take(cursor, "PRECEDING") ? BOUND_PRECEDING : BOUND_FOLLOWING;
  return bound->kind == BOUND_PRECEDING || cursor_expect(cursor, "FOLLOWING");
}

static bool
parse_frame(struct cursor *cursor, struct ast_window *window)
{
  window->framed = true;
  window->rows = cursor_is(cursor, "ROWS");
  cursor_next(cursor);
  window->end.kind = BOUND_CURRENT;
  if (!cursor_take(cursor, "BETWEEN")) return parse_bound(cursor, &window->start);
  return parse_bound(cursor, &window->start) && cursor_expect(cursor, "AND") &&
         parse_bound(cursor, &window->end);
}

struct ast_window *
parse_window(struct cursor *cursor)
{
  struct ast_window *window = arena_alloc(cursor->arena, sizeof *window);

  if (!cursor_is(cursor, "(")) return parse_word(cursor, &window->reference) ? window : NULL;
  cursor_next(cursor);
  if (cursor_kind(cursor) == SQL_WORD && !cursor_is(cursor, "PARTITION") && !cursor_is(cursor, "ORDER") &&
      !cursor_is(cursor, "DISTRIBUTE") && !cursor_is(cursor, "SORT") && !cursor_is(cursor, "ROWS") &&
      !cursor_is(cursor, "RANGE"))
    if (!parse_word(cursor, &window->reference)) return NULL;
  if ((cursor_take_words(cursor, "PARTITION BY") || cursor_take_words(cursor, "DISTRIBUTE BY")) &&
      !parse_expr_list(cursor, &window->partition, &window->partition_count))
    return NULL;
  if ((cursor_take_words(cursor, "ORDER BY") || cursor_take_words(cursor, "SORT BY")) &&
      !parse_order(cursor, &window->order, &window->order_count))
    return NULL;
  if ((cursor_is(cursor, "ROWS") || cursor_is(cursor, "RANGE")) && !parse_frame(cursor, window)) return NULL;
  return cursor_expect(cursor, ")") ? window : NULL;
}

/* One argument: an expression, name => expression, or (of STRUCT) expression AS name. */
static bool
parse_argument(struct cursor *cursor, struct ast_expr *call)
{
  const char *name = NULL;

  if (sql_token_is_name(&cursor->tokens.at[cursor->at]) && cursor_is_at(cursor, 1, "=>")) {
    if (!parse_word(cursor, &name)) return false;
    cursor_next(cursor);
  }
  if (cursor_is(cursor, "*") && !name) {
    struct ast_expr *star = parse_node(cursor, AST_STAR);

    cursor_next(cursor);
    return parse_add_arg(cursor, call, parse_done(cursor, star));
  }
  if (!parse_add_arg(cursor, call, parse_expr(cursor))) return false;
  if (!name && str_ieq(call->name.parts[0], "struct") && cursor_take(cursor, "AS") &&
      !parse_word(cursor, &name))
    return false;
  if (!name && !call->arg_names) return true;
  if (!call->arg_names) call->arg_names = arena_array(cursor->arena, 1024, sizeof *call->arg_names);
  if (call->arg_count > 1024) return cursor_fail(cursor);
  call->arg_names[call->arg_count - 1] = name;
  return true;
}

static bool
parse_call_tail(struct cursor *cursor, struct ast_expr *call)
{
  if (cursor_take_words(cursor, "WITHIN GROUP")) {
    if (!cursor_expect_words(cursor, "( ORDER BY") ||
        !parse_order(cursor, &call->order, &call->order_count) || !cursor_expect(cursor, ")"))
      return false;
  }
  if (cursor_is(cursor, "FILTER") && cursor_is_at(cursor, 1, "(")) {
    cursor_next(cursor);
    if (!cursor_expect_words(cursor, "( WHERE")) return false;
    call->filter = parse_expr(cursor);
    if (!call->filter || !cursor_expect(cursor, ")")) return false;
  }
  if (cursor_take_words(cursor, "IGNORE NULLS"))
    call->nulls_ignored = true;
  else
    cursor_take_words(cursor, "RESPECT NULLS");
  if (!cursor_take(cursor, "OVER")) return true;
  call->window = parse_window(cursor);
  return call->window != NULL;
}

struct ast_expr *
parse_call(struct cursor *cursor, struct ast_expr *call)
{
  call->kind = AST_CALL;
  if (!cursor_expect(cursor, "(")) return NULL;
  call->distinct = cursor_take(cursor, "DISTINCT");
  if (!call->distinct) cursor_take(cursor, "ALL");
  if (!cursor_is(cursor, ")")) do
      if (!parse_argument(cursor, call)) return NULL;
    while (cursor_take(cursor, ","));
  if (cursor_take_words(cursor, "IGNORE NULLS"))
    call->nulls_ignored = true;
  else
    cursor_take_words(cursor, "RESPECT NULLS");
  if (!cursor_expect(cursor, ")") || !parse_call_tail(cursor, call)) return NULL;
  return parse_done(cursor, call);
}

/* Give CALL a function's name, for grammar that only dresses up a plain call. */
static void
name_call(struct ast_expr *call, const char *name)
{
  call->kind = AST_CALL;
  call->name.parts[0] = name;
  call->name.count = 1;
}

static struct ast_expr *
parse_cast(struct cursor *cursor)
{
  struct ast_expr *expr = parse_node(cursor, AST_CAST);

  expr->soft = cursor_is(cursor, "TRY_CAST");
  cursor_next(cursor);
  cursor_next(cursor);
  if (!parse_add_arg(cursor, expr, parse_expr(cursor)) || !cursor_expect(cursor, "AS")) return NULL;
  expr->type = parse_type(cursor);
  return expr->type && cursor_expect(cursor, ")") ? parse_done(cursor, expr) : NULL;
}

static struct ast_expr *
parse_case(struct cursor *cursor)
{
  struct ast_expr *expr = parse_node(cursor, AST_CASE);

  cursor_next(cursor);
  if (!cursor_is(cursor, "WHEN") && !(expr->operand = parse_expr(cursor))) return NULL;
  if (!cursor_is(cursor, "WHEN")) return cursor_fail(cursor), NULL;
  while (cursor_take(cursor, "WHEN"))
    if (!parse_add_arg(cursor, expr, parse_expr(cursor)) || !cursor_expect(cursor, "THEN") ||
        !parse_add_arg(cursor, expr, parse_expr(cursor)))
      return NULL;
  if (cursor_take(cursor, "ELSE") && !(expr->otherwise = parse_expr(cursor))) return NULL;
  return cursor_expect(cursor, "END") ? parse_done(cursor, expr) : NULL;
}

/* A bare word as a string argument: EXTRACT(year FROM x), dateadd(DAY, 1, x). */
static struct ast_expr *
parse_word_string(struct cursor *cursor)
{
  struct ast_expr *expr = parse_node(cursor, AST_STRING);

  if (cursor_kind(cursor) == SQL_STRING ? !parse_string(cursor, &expr->text)
                                        : !parse_word(cursor, &expr->text))
    return NULL;
  expr->length = strlen(expr->text);
  return parse_done(cursor, expr);
}

static struct ast_expr *
parse_extract(struct cursor *cursor)
{
  struct ast_expr *call = parse_node(cursor, AST_CALL);

  name_call(call, "extract");
  cursor_next(cursor);
  cursor_next(cursor);
  if (!parse_add_arg(cursor, call, parse_word_string(cursor)) || !cursor_expect(cursor, "FROM") ||
      !parse_add_arg(cursor, call, parse_expr(cursor)) || !cursor_expect(cursor, ")"))
    return NULL;
  return parse_done(cursor, call);
}

/* trim([BOTH | LEADING | TRAILING] [what] FROM text) and trim(text). */
static struct ast_expr *
parse_trim(struct cursor *cursor)
{
  struct ast_expr *call = parse_node(cursor, AST_CALL), *first = NULL, *text;
  const char *name = "trim";

  cursor_next(cursor);
  cursor_next(cursor);
  if (cursor_take(cursor, "LEADING"))
    name = "ltrim";
  else if (cursor_take(cursor, "TRAILING"))
    name = "rtrim";
  else
    cursor_take(cursor, "BOTH");
  name_call(call, name);
  if (!cursor_is(cursor, "FROM") && !(first = parse_expr(cursor))) return NULL;
  if (cursor_take(cursor, "FROM")) {
    text = parse_expr(cursor);
    if (first && !parse_add_arg(cursor, call, first)) return NULL;
    if (!parse_add_arg(cursor, call, text)) return NULL;
  } else {
    parse_add_arg(cursor, call, first);
    while (cursor_take(cursor, ","))
      if (!parse_add_arg(cursor, call, parse_expr(cursor))) return NULL;
  }
  return cursor_expect(cursor, ")") ? parse_done(cursor, call) : NULL;
}

/* f(a FROM b FOR c), f(a PLACING b FROM c FOR d): words instead of commas. */
static struct ast_expr *
parse_worded(struct cursor *cursor, const char *name)
{
  struct ast_expr *call = parse_node(cursor, AST_CALL);

  name_call(call, name);
  cursor_next(cursor);
  cursor_next(cursor);
  do
    if (!parse_add_arg(cursor, call, parse_expr(cursor))) return NULL;
  while (cursor_take(cursor, ",") || cursor_take(cursor, "FROM") || cursor_take(cursor, "FOR") ||
         cursor_take(cursor, "PLACING"));
  return cursor_expect(cursor, ")") ? parse_done(cursor, call) : NULL;
}

/* position(a IN b): IN would otherwise begin a predicate, so its left side stops early. */
static struct ast_expr *
parse_position(struct cursor *cursor)
{
  struct ast_expr *call = parse_node(cursor, AST_CALL), *arg;

  name_call(call, "position");
  cursor_next(cursor);
  cursor_next(cursor);
  if (cursor_kind(cursor) == SQL_STRING && cursor_is_at(cursor, 1, "IN")) {
    arg = parse_word_string(cursor);
    cursor_next(cursor);
    if (!parse_add_arg(cursor, call, arg)) return NULL;
  }
  do
    if (!parse_add_arg(cursor, call, parse_expr(cursor))) return NULL;
  while (cursor_take(cursor, ","));
  return cursor_expect(cursor, ")") ? parse_done(cursor, call) : NULL;
}

/* dateadd(DAY, n, t), datediff(MONTH, a, b): the unit is a word. */
static struct ast_expr *
parse_unit_call(struct cursor *cursor, const char *name)
{
  struct ast_expr *call = parse_node(cursor, AST_CALL);

  name_call(call, name);
  cursor_next(cursor);
  cursor_next(cursor);
  if (!parse_add_arg(cursor, call, parse_word_string(cursor))) return NULL;
  while (cursor_take(cursor, ","))
    if (!parse_add_arg(cursor, call, parse_expr(cursor))) return NULL;
  return cursor_expect(cursor, ")") ? parse_done(cursor, call) : NULL;
}

static bool
starts_unit(const struct cursor *cursor)
{
  static const char *const units[] = {"YEAR", "QUARTER", "MONTH",  "WEEK",        "DAY",        "DAYOFYEAR",
                                      "HOUR", "MINUTE",  "SECOND", "MILLISECOND", "MICROSECOND"};

  for (size_t i = 0; i < ARRAY_SIZE(units); i++)
    if (cursor_is_at(cursor, 2, units[i]) && cursor_is_at(cursor, 3, ",")) return true;
  return false;
}

struct ast_expr *
parse_special(struct cursor *cursor, bool *mine)
{
  static const char *const by_unit[][2] = {
      {"DATEADD", "timestampadd"},   {"DATE_ADD", "timestampadd"},   {"TIMESTAMPADD", "timestampadd"},
      {"DATEDIFF", "timestampdiff"}, {"DATE_DIFF", "timestampdiff"}, {"TIMESTAMPDIFF", "timestampdiff"}};

  *mine = true;
  if (cursor_is(cursor, "CASE")) return parse_case(cursor);
  if (!cursor_is_at(cursor, 1, "(")) {
    *mine = false;
    return NULL;
  }
  if (cursor_is(cursor, "CAST") || cursor_is(cursor, "TRY_CAST")) return parse_cast(cursor);
  if (cursor_is(cursor, "EXTRACT")) return parse_extract(cursor);
  if (cursor_is(cursor, "TRIM")) return parse_trim(cursor);
  if (cursor_is(cursor, "SUBSTRING") || cursor_is(cursor, "SUBSTR")) return parse_worded(cursor, "substring");
  if (cursor_is(cursor, "OVERLAY")) return parse_worded(cursor, "overlay");
  if (cursor_is(cursor, "POSITION")) return parse_position(cursor);
  for (size_t i = 0; i < ARRAY_SIZE(by_unit); i++)
    if (cursor_is(cursor, by_unit[i][0]) && starts_unit(cursor))
      return parse_unit_call(cursor, by_unit[i][1]);
  *mine = false;
  return NULL;
}
