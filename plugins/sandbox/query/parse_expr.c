/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions, by descent over the levels of precedence:
 * OR < AND < NOT < predicates < comparison < | < ^ < & < shifts < + - || < * / % DIV < signs < :: [] . : */
#include "query/parse_internal.h"

#include "base/arena.h"
#include "base/str.h"
#include "engine.h"

#include "base/banned.h"

static struct ast_expr *parse_not(struct cursor *cursor);
static struct ast_expr *parse_unary(struct cursor *cursor);

/* A node over LEFT, which has been read already, and what comes next. */
static struct ast_expr *
node_over(struct cursor *cursor, enum ast_kind kind, struct ast_expr *left)
{
  struct ast_expr *expr = parse_node(cursor, kind);

  expr->start = left->start;
  parse_add_arg(cursor, expr, left);
  return expr;
}

static struct ast_expr *
infix(struct cursor *cursor, struct ast_expr *left, const char *op, struct ast_expr *right)
{
  struct ast_expr *expr = node_over(cursor, AST_INFIX, left);

  expr->op = op;
  return parse_add_arg(cursor, expr, right) ? parse_done(cursor, expr) : NULL;
}

bool
parse_is_clause_word(const struct cursor *cursor)
{
  static const char *const words[] = {
      "SELECT",  "FROM",   "WHERE", "GROUP",     "HAVING",     "ORDER", "LIMIT",   "OFFSET",
      "UNION",   "EXCEPT", "MINUS", "INTERSECT", "ON",         "USING", "JOIN",    "LEFT",
      "RIGHT",   "FULL",   "INNER", "CROSS",     "SEMI",       "ANTI",  "NATURAL", "LATERAL",
      "QUALIFY", "WINDOW", "SORT",  "CLUSTER",   "DISTRIBUTE", "PIVOT", "UNPIVOT", "TABLESAMPLE",
      "WHEN",    "THEN",   "ELSE",  "END",       "AND",        "OR",    "AS",      "IN",
      "BETWEEN", "LIKE",   "ILIKE", "RLIKE",     "REGEXP",     "IS",    "DIV",     "SET",
      "INTO",    "ESCAPE"};

  if (cursor_kind(cursor) != SQL_WORD) return false;
  for (size_t i = 0; i < ARRAY_SIZE(words); i++)
    if (cursor_is(cursor, words[i])) return true;
  return false;
}

/* x -> e and (x, y) -> e. */
static bool
starts_lambda(const struct cursor *cursor)
{
  const struct sql_tokens *tokens = &cursor->tokens;
  size_t at = cursor->at;

  if (sql_token_is_name(&tokens->at[at])) return cursor_is_at(cursor, 1, "->");
  if (!cursor_is(cursor, "(")) return false;
  do {
    at = sql_tokens_skip(tokens, at + 1);
    if (!sql_token_is_name(&tokens->at[at])) return false;
    at = sql_tokens_skip(tokens, at + 1);
  } while (sql_token_is(tokens, at, ","));
  return sql_token_is(tokens, at, ")") && sql_token_is(tokens, sql_tokens_skip(tokens, at + 1), "->");
}

static struct ast_expr *
parse_lambda(struct cursor *cursor)
{
  struct ast_expr *expr = parse_node(cursor, AST_LAMBDA);

  if (cursor_is(cursor, "(")) {
    if (!parse_name_list(cursor, &expr->params, &expr->param_count)) return NULL;
  } else {
    expr->params = ast_grow(cursor->arena, NULL, 0, sizeof *expr->params);
    if (!parse_word(cursor, &expr->params[0])) return NULL;
    expr->param_count = 1;
  }
  if (!cursor_expect(cursor, "->")) return NULL;
  return parse_add_arg(cursor, expr, parse_expr(cursor)) ? parse_done(cursor, expr) : NULL;
}

/* ( query ), ( expr ) or ( a, b ). */
static struct ast_expr *
parse_parenthesis(struct cursor *cursor)
{
  struct ast_expr *row = parse_node(cursor, AST_ROW), *first;

  cursor_next(cursor);
  if (parse_query_starts(cursor)) {
    row->kind = AST_SUBQUERY;
    row->query = parse_query(cursor);
    return row->query && cursor_expect(cursor, ")") ? parse_done(cursor, row) : NULL;
  }
  first = parse_expr(cursor);
  if (!parse_add_arg(cursor, row, first)) return NULL;
  while (cursor_take(cursor, ","))
    if (!parse_add_arg(cursor, row, parse_expr(cursor))) return NULL;
  if (!cursor_expect(cursor, ")")) return NULL;
  parse_done(cursor, row);
  if (row->arg_count > 1) return row;
  first->parenthesised = true;
  return first;
}

static struct ast_expr *
parse_parameter(struct cursor *cursor)
{
  struct ast_expr *expr = parse_node(cursor, AST_PARAMETER);

  if (cursor_is(cursor, "?"))
    expr->number = (int64_t)cursor->markers++;
  else
    expr->text = sql_token_value(cursor->arena, &cursor->tokens, cursor->at) + 1;
  cursor_next(cursor);
  return parse_done(cursor, expr);
}

static struct ast_expr *
parse_star(struct cursor *cursor, struct ast_expr *expr)
{
  expr->kind = AST_STAR;
  if (!cursor_expect(cursor, "*")) return NULL;
  if (cursor_is(cursor, "EXCEPT") && cursor_is_at(cursor, 1, "(") && !cursor_is_at(cursor, 2, "SELECT") &&
      !cursor_is_at(cursor, 2, "(")) {
    cursor_next(cursor);
    if (!parse_name_list(cursor, &expr->except, &expr->except_count)) return NULL;
  }
  return parse_done(cursor, expr);
}

/* a.b.c, a.b.f(x), a.b.* */
static struct ast_expr *
parse_named(struct cursor *cursor)
{
  struct ast_expr *expr = parse_node(cursor, AST_NAME);

  if (cursor_is(cursor, "IDENTIFIER") && cursor_is_at(cursor, 1, "(")) {
    if (!parse_name(cursor, AST_NAME_PARTS, &expr->name)) return NULL;
  } else {
    if (parse_is_clause_word(cursor)) {
      /* left(), right() are functions as well as joins */
      if (!((cursor_is(cursor, "LEFT") || cursor_is(cursor, "RIGHT") || cursor_is(cursor, "LIKE") ||
             cursor_is(cursor, "ILIKE") || cursor_is(cursor, "RLIKE") || cursor_is(cursor, "REGEXP") ||
             cursor_is(cursor, "WINDOW")) &&
            cursor_is_at(cursor, 1, "(")))
        return cursor_fail(cursor), NULL;
    }
    do {
      if (cursor_is(cursor, "*") && expr->name.count) return parse_star(cursor, expr);
      if (expr->name.count == AST_NAME_PARTS) return cursor_fail(cursor), NULL;
      if (!parse_word(cursor, &expr->name.parts[expr->name.count])) return NULL;
      expr->name.count++;
    } while (cursor_take(cursor, "."));
  }
  if (cursor_is(cursor, "(")) return parse_call(cursor, expr);
  return parse_done(cursor, expr);
}

static struct ast_expr *
parse_constant(struct cursor *cursor)
{
  struct ast_expr *expr;

  if (cursor_is(cursor, "NULL")) {
    expr = parse_node(cursor, AST_NULL);
  } else if (cursor_is(cursor, "TRUE") || cursor_is(cursor, "FALSE")) {
    expr = parse_node(cursor, AST_BOOLEAN);
    expr->text = cursor_is(cursor, "TRUE") ? "true" : "false";
  } else {
    return NULL;
  }
  cursor_next(cursor);
  return parse_done(cursor, expr);
}

static struct ast_expr *
parse_string_node(struct cursor *cursor)
{
  struct ast_expr *expr = parse_node(cursor, AST_STRING);

  if (!parse_string(cursor, &expr->text)) return NULL;
  expr->length = strlen(expr->text);
  return parse_done(cursor, expr);
}

static struct ast_expr *
parse_primary(struct cursor *cursor)
{
  struct ast_expr *expr;
  bool mine;

  switch (cursor_kind(cursor)) {
  case SQL_NUMBER: return parse_number(cursor, false);
  case SQL_STRING: return parse_string_node(cursor);
  case SQL_HEX: return parse_hex(cursor);
  case SQL_PARAMETER: return parse_parameter(cursor);
  case SQL_NAME: return starts_lambda(cursor) ? parse_lambda(cursor) : parse_named(cursor);
  case SQL_WORD: break;
  default:
    if (!cursor_is(cursor, "(")) return cursor_fail(cursor), NULL;
    return starts_lambda(cursor) ? parse_lambda(cursor) : parse_parenthesis(cursor);
  }
  if (starts_lambda(cursor)) return parse_lambda(cursor);
  if ((expr = parse_constant(cursor))) return expr;
  if (parse_starts_typed(cursor)) return parse_typed(cursor);
  if (parse_starts_interval(cursor)) return parse_interval_literal(cursor);
  expr = parse_special(cursor, &mine);
  return mine ? expr : parse_named(cursor);
}

/* x:a.b[0]['k']: everything that belongs to the path, kept as text. */
static struct ast_expr *
parse_path(struct cursor *cursor, struct ast_expr *left)
{
  struct ast_expr *expr = node_over(cursor, AST_PATH, left);
  size_t start;

  cursor_next(cursor);
  start = cursor_start(cursor);
  if (!cursor_is(cursor, "[")) {
    if (!sql_token_is_name(&cursor->tokens.at[cursor->at])) return cursor_fail(cursor), NULL;
    cursor_next(cursor);
  }
  for (;;) {
    if (cursor_is(cursor, ".")) {
      cursor_next(cursor);
      if (!sql_token_is_name(&cursor->tokens.at[cursor->at])) return cursor_fail(cursor), NULL;
      cursor_next(cursor);
    } else if (cursor_is(cursor, "[")) {
      cursor_next(cursor);
      if (cursor_kind(cursor) != SQL_NUMBER && cursor_kind(cursor) != SQL_STRING && !cursor_is(cursor, "*"))
        return cursor_fail(cursor), NULL;
      cursor_next(cursor);
      if (!cursor_expect(cursor, "]")) return NULL;
    } else {
      break;
    }
  }
  expr->text = cursor_text(cursor, start, cursor_end(cursor));
  return parse_done(cursor, expr);
}

static struct ast_expr *
parse_postfix(struct cursor *cursor)
{
  struct ast_expr *expr = parse_primary(cursor), *over;

  while (expr) {
    if (cursor_is(cursor, "::")) {
      over = node_over(cursor, AST_CAST, expr);
      cursor_next(cursor);
      over->type = parse_type(cursor);
      if (!over->type) return NULL;
    } else if (cursor_is(cursor, "[")) {
      over = node_over(cursor, AST_INDEX, expr);
      cursor_next(cursor);
      if (!parse_add_arg(cursor, over, parse_expr(cursor)) || !cursor_expect(cursor, "]")) return NULL;
    } else if (cursor_is(cursor, ".")) {
      cursor_next(cursor);
      if (cursor_is(cursor, "*")) {
        over = node_over(cursor, AST_STAR, expr);
        expr = parse_star(cursor, over);
        continue;
      }
      over = node_over(cursor, AST_FIELD, expr);
      if (!parse_word(cursor, &over->text)) return NULL;
    } else if (cursor_is(cursor, ":")) {
      expr = parse_path(cursor, expr);
      continue;
    } else if (cursor_is(cursor, "COLLATE")) {
      fault_set(cursor->session, "UNSUPPORTED_FEATURE.COLLATION", "0A000",
                "The feature is not supported: COLLATE in expressions.");
      return NULL;
    } else {
      return expr;
    }
    expr = parse_done(cursor, over);
  }
  return NULL;
}

static struct ast_expr *
parse_sign(struct cursor *cursor)
{
  struct ast_expr *expr = parse_node(cursor, AST_UNARY), *number;
  size_t start = cursor_start(cursor);

  expr->op = cursor_is(cursor, "-") ? "-" : cursor_is(cursor, "+") ? "+" : "~";
  cursor_next(cursor);
  if (*expr->op == '-' && cursor_kind(cursor) == SQL_NUMBER && !cursor_is_at(cursor, 1, "::") &&
      !cursor_is_at(cursor, 1, "[")) {
    number = parse_number(cursor, true);
    if (number) number->start = start;
    return number;
  }
  return parse_add_arg(cursor, expr, parse_unary(cursor)) ? parse_done(cursor, expr) : NULL;
}

static struct ast_expr *
parse_unary(struct cursor *cursor)
{
  struct ast_expr *expr;

  if (!parse_enter(cursor)) return NULL;
  expr = cursor_is(cursor, "-") || cursor_is(cursor, "+") || cursor_is(cursor, "~") ? parse_sign(cursor)
                                                                                    : parse_postfix(cursor);
  parse_leave(cursor);
  return expr;
}

/* The levels of left-associative operators below comparison, tightest first. */
static const char *const levels[][4] = {
    {"*", "/", "%", "DIV"},  {"+", "-", "||", NULL},  {"<<", ">>", ">>>", NULL},
    {"&", NULL, NULL, NULL}, {"^", NULL, NULL, NULL}, {"|", NULL, NULL, NULL},
};

/* The operator of LEVEL at the cursor, taken; NULL when there is none. The lexer leaves > > in pieces. */
static const char *
take_operator(struct cursor *cursor, size_t level)
{
  if (level == 2 && cursor_is(cursor, ">")) {
    size_t first = cursor_start(cursor), count = 1;

    while (count < 3 && cursor_is_at(cursor, count, ">") &&
           cursor->tokens.at[cursor->at + count].start == first + count)
      count++;
    if (count == 1) return NULL;
    for (size_t i = 0; i < count; i++)
      cursor_next(cursor);
    return count == 3 ? ">>>" : ">>";
  }
  for (size_t i = 0; i < 4 && levels[level][i]; i++)
    if (cursor_take(cursor, levels[level][i])) return levels[level][i];
  return NULL;
}

static struct ast_expr *
parse_level(struct cursor *cursor, size_t level)
{
  struct ast_expr *expr = level == 0 ? parse_unary(cursor) : parse_level(cursor, level - 1);

  while (expr) {
    const char *op = take_operator(cursor, level);

    if (!op) break;
    expr = infix(cursor, expr, op, level == 0 ? parse_unary(cursor) : parse_level(cursor, level - 1));
  }
  return expr;
}

static struct ast_expr *
parse_value(struct cursor *cursor)
{
  return parse_level(cursor, ARRAY_SIZE(levels) - 1);
}

static struct ast_expr *
parse_comparison(struct cursor *cursor)
{
  static const struct {
    const char *word, *op;
  } operators[] = {{"=", "="},   {"==", "="}, {"<>", "<>"}, {"!=", "<>"}, {"<=>", "<=>"}, {"<=", "<="},
                   {">=", ">="}, {"<", "<"},  {">", ">"},   {"!<", ">="}, {"!>", "<="}};
  struct ast_expr *expr = parse_value(cursor);

  for (size_t i = 0; expr && i < ARRAY_SIZE(operators); i++) {
    if (!cursor_take(cursor, operators[i].word)) continue;
    expr = infix(cursor, expr, operators[i].op, parse_value(cursor));
    i = SIZE_MAX;
  }
  return expr;
}

static struct ast_expr *
parse_in(struct cursor *cursor, struct ast_expr *expr)
{
  expr->kind = AST_IN;
  if (!cursor_expect(cursor, "(")) return NULL;
  if (parse_query_starts(cursor)) {
    expr->query = parse_query(cursor);
    if (!expr->query) return NULL;
  } else {
    do
      if (!parse_add_arg(cursor, expr, parse_expr(cursor))) return NULL;
    while (cursor_take(cursor, ","));
  }
  return cursor_expect(cursor, ")") ? expr : NULL;
}

static struct ast_expr *
parse_like(struct cursor *cursor, struct ast_expr *expr, const char *op)
{
  expr->kind = AST_LIKE;
  expr->op = op;
  if (cursor_is(cursor, "ANY") || cursor_is(cursor, "SOME") || cursor_is(cursor, "ALL")) {
    expr->soft = true;
    expr->all = cursor_is(cursor, "ALL");
    cursor_next(cursor);
    if (!cursor_expect(cursor, "(")) return NULL;
    do
      if (!parse_add_arg(cursor, expr, parse_expr(cursor))) return NULL;
    while (cursor_take(cursor, ","));
    return cursor_expect(cursor, ")") ? expr : NULL;
  }
  if (!parse_add_arg(cursor, expr, parse_value(cursor))) return NULL;
  if (cursor_take(cursor, "ESCAPE") && !parse_string(cursor, &expr->text)) return NULL;
  return expr;
}

static struct ast_expr *
parse_is(struct cursor *cursor, struct ast_expr *expr)
{
  static const char *const words[] = {"NULL", "TRUE", "FALSE", "UNKNOWN"};

  expr->kind = AST_IS;
  expr->negated = cursor_take(cursor, "NOT");
  for (size_t i = 0; i < ARRAY_SIZE(words); i++)
    if (cursor_take(cursor, words[i])) {
      expr->op = words[i];
      return expr;
    }
  expr->op = "DISTINCT";
  if (!cursor_expect_words(cursor, "DISTINCT FROM")) return NULL;
  return parse_add_arg(cursor, expr, parse_value(cursor)) ? expr : NULL;
}

/* One predicate behind LEFT; LEFT itself when there is none. */
static struct ast_expr *
parse_one_predicate(struct cursor *cursor, struct ast_expr *left)
{
  static const char *const likes[][2] = {
      {"LIKE", "LIKE"}, {"ILIKE", "ILIKE"}, {"RLIKE", "RLIKE"}, {"REGEXP", "RLIKE"}};
  struct ast_expr *expr;
  size_t ahead = cursor_is(cursor, "NOT") || cursor_is(cursor, "!") ? 1 : 0;
  bool between = cursor_is_at(cursor, ahead, "BETWEEN"), in = cursor_is_at(cursor, ahead, "IN");
  const char *like = NULL;

  for (size_t i = 0; i < ARRAY_SIZE(likes); i++)
    if (cursor_is_at(cursor, ahead, likes[i][0])) like = likes[i][1];
  if (!between && !in && !like && !cursor_is(cursor, "IS")) return left;
  expr = node_over(cursor, AST_BETWEEN, left);
  if (cursor_take(cursor, "IS")) return parse_is(cursor, expr);
  for (size_t i = 0; i <= ahead; i++)
    cursor_next(cursor);
  if (in)
    expr = parse_in(cursor, expr);
  else if (like)
    expr = parse_like(cursor, expr, like);
  else if (!parse_add_arg(cursor, expr, parse_value(cursor)) || !cursor_expect(cursor, "AND") ||
           !parse_add_arg(cursor, expr, parse_value(cursor)))
    return NULL;
  if (expr) expr->negated = ahead == 1;
  return expr;
}

static struct ast_expr *
parse_predicate(struct cursor *cursor)
{
  struct ast_expr *expr = parse_comparison(cursor), *more;

  while (expr) {
    more = parse_one_predicate(cursor, expr);
    if (more == expr) break;
    expr = more ? parse_done(cursor, more) : NULL;
  }
  return expr;
}

static struct ast_expr *
parse_exists(struct cursor *cursor)
{
  struct ast_expr *expr = parse_node(cursor, AST_EXISTS);

  cursor_next(cursor);
  cursor_next(cursor);
  expr->query = parse_query(cursor);
  return expr->query && cursor_expect(cursor, ")") ? parse_done(cursor, expr) : NULL;
}

static bool
starts_exists(struct cursor *cursor)
{
  struct cursor inner = *cursor;

  if (!cursor_is(cursor, "EXISTS") || !cursor_is_at(cursor, 1, "(")) return false;
  cursor_next(&inner);
  cursor_next(&inner);
  return parse_query_starts(&inner);
}

static struct ast_expr *
parse_not(struct cursor *cursor)
{
  struct ast_expr *expr;

  if (starts_exists(cursor)) return parse_exists(cursor);
  if (!cursor_is(cursor, "NOT") && !cursor_is(cursor, "!")) return parse_predicate(cursor);
  if (!parse_enter(cursor)) return NULL;
  expr = parse_node(cursor, AST_UNARY);
  expr->op = "NOT";
  cursor_next(cursor);
  expr = parse_add_arg(cursor, expr, parse_not(cursor)) ? parse_done(cursor, expr) : NULL;
  parse_leave(cursor);
  return expr;
}

static struct ast_expr *
parse_and(struct cursor *cursor)
{
  struct ast_expr *expr = parse_not(cursor);

  while (expr && cursor_take(cursor, "AND"))
    expr = infix(cursor, expr, "AND", parse_not(cursor));
  return expr;
}

struct ast_expr *
parse_expr(struct cursor *cursor)
{
  struct ast_expr *expr;

  if (!parse_enter(cursor)) return NULL;
  expr = parse_and(cursor);
  while (expr && cursor_take(cursor, "OR"))
    expr = infix(cursor, expr, "OR", parse_and(cursor));
  parse_leave(cursor);
  return expr;
}

bool
parse_expr_list(struct cursor *cursor, struct ast_expr ***exprs, size_t *count)
{
  *exprs = NULL;
  *count = 0;
  do {
    *exprs = ast_grow(cursor->arena, *exprs, *count, sizeof **exprs);
    (*exprs)[*count] = parse_expr(cursor);
    if (!(*exprs)[*count]) return false;
    ++*count;
  } while (cursor_take(cursor, ","));
  return true;
}

struct ast_expr *
parse_expr_text(struct session *session, const char *text)
{
  struct cursor cursor;
  struct ast_expr *expr;

  cursor_open(&cursor, session, text, strlen(text));
  expr = parse_expr(&cursor);
  return expr && cursor_finish(&cursor) ? expr : NULL;
}
