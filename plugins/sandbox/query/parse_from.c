/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in FROM: tables with time travel, subqueries, VALUES, table functions, joins, LATERAL VIEW,
 * PIVOT. */
#include "query/parse_internal.h"

#include "base/arena.h"
#include "base/str.h"
#include "engine.h"

#include "base/banned.h"

static struct ast_relation *
new_relation(struct cursor *cursor, enum ast_relation_kind kind)
{
  struct ast_relation *relation = arena_alloc(cursor->arena, sizeof *relation);

  relation->kind = kind;
  relation->start = cursor_start(cursor);
  return relation;
}

bool
parse_relation_alias(struct cursor *cursor, struct ast_relation *relation)
{
  bool as = cursor_take(cursor, "AS");

  if (!as && (!sql_token_is_name(&cursor->tokens.at[cursor->at]) || parse_is_clause_word(cursor)))
    return true;
  if (!parse_word(cursor, &relation->alias)) return false;
  return !cursor_is(cursor, "(") || parse_name_list(cursor, &relation->columns, &relation->column_count);
}

static struct ast_expr *
literal_of(struct cursor *cursor, enum ast_kind kind, const char *text)
{
  struct ast_expr *expr = parse_node(cursor, kind);

  expr->text = text;
  expr->length = strlen(text);
  expr->type = type_of(TYPE_BIGINT);
  return expr;
}

/* t@v12 and t@20240101000000000. */
static bool
parse_at(struct cursor *cursor, struct ast_relation *relation)
{
  const char *text = sql_token_value(cursor->arena, &cursor->tokens, cursor->at);
  int64_t number;

  if (cursor_kind(cursor) == SQL_WORD && str_lower(*text) == 'v' && str_to_int64(text + 1, &number)) {
    relation->version = literal_of(cursor, AST_NUMBER, text + 1);
  } else if (cursor_kind(cursor) == SQL_NUMBER && strlen(text) == 17 && str_to_int64(text, &number)) {
    relation->timestamp =
        literal_of(cursor, AST_STRING,
                   arena_printf(cursor->arena, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s.%.3s", text, text + 4, text + 6,
                                text + 8, text + 10, text + 12, text + 14));
  } else {
    return cursor_fail(cursor);
  }
  cursor_next(cursor);
  return true;
}

static bool
parse_time_travel(struct cursor *cursor, struct ast_relation *relation)
{
  if (cursor_take(cursor, "@")) return parse_at(cursor, relation);
  if (cursor_is(cursor, "FOR") &&
      (cursor_is_at(cursor, 1, "VERSION") || cursor_is_at(cursor, 1, "TIMESTAMP") ||
       cursor_is_at(cursor, 1, "SYSTEM_VERSION") || cursor_is_at(cursor, 1, "SYSTEM_TIME")))
    cursor_next(cursor);
  if (cursor_take_words(cursor, "VERSION AS OF") || cursor_take_words(cursor, "SYSTEM_VERSION AS OF")) {
    relation->version = parse_expr(cursor);
    return relation->version != NULL;
  }
  if (cursor_take_words(cursor, "TIMESTAMP AS OF") || cursor_take_words(cursor, "SYSTEM_TIME AS OF")) {
    relation->timestamp = parse_expr(cursor);
    return relation->timestamp != NULL;
  }
  return true;
}

static bool
parse_sample(struct cursor *cursor, struct ast_relation *relation)
{
  if (!cursor_take(cursor, "TABLESAMPLE")) return true;
  if (!cursor_expect(cursor, "(") || !(relation->sample = parse_expr(cursor))) return false;
  relation->sample_percent = cursor_take(cursor, "PERCENT");
  if (!relation->sample_percent && !cursor_take(cursor, "ROWS"))
    return fault_set(cursor->session, "UNSUPPORTED_FEATURE.TABLESAMPLE", "0A000",
                     "The feature is not supported: TABLESAMPLE other than ROWS and PERCENT.");
  if (!cursor_expect(cursor, ")")) return false;
  if (!cursor_take(cursor, "REPEATABLE")) return true;
  if (!cursor_expect(cursor, "(")) return false;
  return parse_expr(cursor) != NULL && cursor_expect(cursor, ")");
}

static struct ast_relation *
parse_values(struct cursor *cursor)
{
  struct ast_relation *relation = new_relation(cursor, RELATION_VALUES);

  cursor_next(cursor);
  do {
    struct ast_expr *expr = parse_expr(cursor), **row;
    size_t width;

    if (!expr) return NULL;
    row = expr->kind == AST_ROW ? expr->args : ast_grow(cursor->arena, NULL, 0, sizeof *row);
    width = expr->kind == AST_ROW ? expr->arg_count : 1;
    if (expr->kind != AST_ROW) row[0] = expr;
    if (relation->row_count && width != relation->width) {
      fault_set(cursor->session, "INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH", "42000",
                "Invalid inline table. Inline table expected %zu columns but found %zu columns in row %zu.",
                relation->width, width, relation->row_count);
      return NULL;
    }
    relation->width = width;
    relation->rows = ast_grow(cursor->arena, relation->rows, relation->row_count, sizeof *relation->rows);
    relation->rows[relation->row_count++] = row;
  } while (cursor_take(cursor, ","));
  return relation;
}

static struct ast_relation *parse_joined(struct cursor *cursor);

/* ( query ) or ( joined relations ). */
static struct ast_relation *
parse_parenthesised(struct cursor *cursor)
{
  struct ast_relation *relation = new_relation(cursor, RELATION_QUERY);

  if (!parse_query_starts(cursor)) {
    cursor_next(cursor);
    relation = parse_from(cursor);
    return relation && cursor_expect(cursor, ")") ? relation : NULL;
  }
  cursor_next(cursor);
  relation->query = parse_query(cursor);
  return relation->query && cursor_expect(cursor, ")") ? relation : NULL;
}

static struct ast_relation *
parse_function_relation(struct cursor *cursor, struct ast_relation *relation)
{
  struct ast_expr *call = parse_node(cursor, AST_CALL);

  relation->kind = RELATION_FUNCTION;
  call->name = relation->name;
  call->start = relation->start;
  relation->call = parse_call(cursor, call);
  return relation->call ? relation : NULL;
}

/* TABLE(x) as an operand, STREAM x are not for batch queries. */
static struct ast_relation *
parse_named_relation(struct cursor *cursor)
{
  struct ast_relation *relation = new_relation(cursor, RELATION_TABLE);

  if (parse_is_clause_word(cursor)) return cursor_fail(cursor), NULL;
  if (!parse_name(cursor, 4, &relation->name)) return NULL;
  if (cursor_is(cursor, "(")) return parse_function_relation(cursor, relation);
  return parse_time_travel(cursor, relation) ? relation : NULL;
}

struct ast_relation *
parse_relation(struct cursor *cursor)
{
  struct ast_relation *relation;
  bool lateral =
      cursor_is(cursor, "LATERAL") && !cursor_is_at(cursor, 1, "VIEW") && cursor_take(cursor, "LATERAL");

  if (!parse_enter(cursor)) return NULL;
  if (cursor_is(cursor, "("))
    relation = parse_parenthesised(cursor);
  else if (cursor_is(cursor, "VALUES"))
    relation = parse_values(cursor);
  else
    relation = parse_named_relation(cursor);
  parse_leave(cursor);
  if (!relation || !parse_sample(cursor, relation)) return NULL;
  relation->end = cursor_end(cursor);
  relation->lateral = lateral;
  if (relation->kind == RELATION_JOIN || relation->kind == RELATION_EXPLODE) return relation;
  return relation->alias || parse_relation_alias(cursor, relation) ? relation : NULL;
}

/* The words that begin a join, taken; false when there is none. A comma is a cross join that binds last. */
static bool
take_join(struct cursor *cursor, struct ast_relation *join)
{
  static const struct {
    const char *words;
    enum ast_join join;
  } kinds[] = {
      {"JOIN", JOIN_INNER},           {"INNER JOIN", JOIN_INNER},       {"CROSS JOIN", JOIN_CROSS},
      {"LEFT SEMI JOIN", JOIN_SEMI},  {"LEFT ANTI JOIN", JOIN_ANTI},    {"LEFT OUTER JOIN", JOIN_LEFT},
      {"LEFT JOIN", JOIN_LEFT},       {"RIGHT OUTER JOIN", JOIN_RIGHT}, {"RIGHT JOIN", JOIN_RIGHT},
      {"FULL OUTER JOIN", JOIN_FULL}, {"FULL JOIN", JOIN_FULL},         {"SEMI JOIN", JOIN_SEMI},
      {"ANTI JOIN", JOIN_ANTI},
  };

  join->natural = cursor_take(cursor, "NATURAL");
  for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
    if (cursor_take_words(cursor, kinds[i].words)) {
      join->join = kinds[i].join;
      return true;
    }
  return false;
}

static bool
parse_join_condition(struct cursor *cursor, struct ast_relation *join)
{
  if (join->natural) return true;
  if (cursor_take(cursor, "ON")) return (join->on = parse_expr(cursor)) != NULL;
  if (cursor_take(cursor, "USING")) return parse_name_list(cursor, &join->using_columns, &join->using_count);
  return true;
}

/* LATERAL VIEW [OUTER] call alias [AS a, b] */
static struct ast_relation *
parse_lateral_view(struct cursor *cursor, struct ast_relation *left)
{
  struct ast_relation *view = new_relation(cursor, RELATION_EXPLODE);
  struct ast_expr *call;

  cursor_expect_words(cursor, "LATERAL VIEW");
  view->left = left;
  view->outer = cursor_take(cursor, "OUTER");
  call = parse_node(cursor, AST_CALL);
  if (!parse_name(cursor, 3, &call->name) || !(view->call = parse_call(cursor, call))) return NULL;
  if (!cursor_is(cursor, "AS") && sql_token_is_name(&cursor->tokens.at[cursor->at]) &&
      !parse_is_clause_word(cursor) && !parse_word(cursor, &view->alias))
    return NULL;
  if (cursor_take(cursor, "AS") ||
      (sql_token_is_name(&cursor->tokens.at[cursor->at]) && !parse_is_clause_word(cursor)))
    do {
      view->columns = ast_grow(cursor->arena, view->columns, view->column_count, sizeof *view->columns);
      if (!parse_word(cursor, &view->columns[view->column_count++])) return NULL;
    } while (cursor_take(cursor, ","));
  view->end = cursor_end(cursor);
  return view;
}

static bool
parse_pivot_items(struct cursor *cursor, struct ast_item **items, size_t *count)
{
  do {
    *items = ast_grow(cursor->arena, *items, *count, sizeof **items);
    if (!parse_item(cursor, &(*items)[(*count)++])) return false;
  } while (cursor_take(cursor, ","));
  return true;
}

/* PIVOT (agg [AS a], ... FOR column IN (value [AS b], ...)) */
static struct ast_relation *
parse_pivot(struct cursor *cursor, struct ast_relation *left)
{
  struct ast_relation *pivot = new_relation(cursor, RELATION_PIVOT);

  cursor_next(cursor);
  pivot->left = left;
  if (!cursor_expect(cursor, "(")) return NULL;
  do {
    struct ast_item *item;

    pivot->pivot_aggregates = ast_grow(cursor->arena, pivot->pivot_aggregates, pivot->pivot_aggregate_count,
                                       sizeof *pivot->pivot_aggregates);
    item = &pivot->pivot_aggregates[pivot->pivot_aggregate_count++];
    if (!(item->expr = parse_expr(cursor))) return NULL;
    if (cursor_take(cursor, "AS") || !cursor_is(cursor, "FOR"))
      if (!cursor_is(cursor, ",") && !parse_word(cursor, &item->alias)) return NULL;
  } while (cursor_take(cursor, ","));
  if (!cursor_expect(cursor, "FOR")) return NULL;
  pivot->pivot_column = parse_node(cursor, AST_NAME);
  if (!parse_name(cursor, 4, &pivot->pivot_column->name)) return NULL;
  parse_done(cursor, pivot->pivot_column);
  if (!cursor_expect_words(cursor, "IN (") ||
      !parse_pivot_items(cursor, &pivot->pivot_values, &pivot->pivot_value_count) ||
      !cursor_expect(cursor, ")") || !cursor_expect(cursor, ")"))
    return NULL;
  return parse_relation_alias(cursor, pivot) ? pivot : NULL;
}

static struct ast_relation *
parse_joined(struct cursor *cursor)
{
  struct ast_relation *left = parse_relation(cursor);

  while (left) {
    struct ast_relation *join = new_relation(cursor, RELATION_JOIN);

    if (cursor_is(cursor, "LATERAL") && cursor_is_at(cursor, 1, "VIEW")) {
      left = parse_lateral_view(cursor, left);
      continue;
    }
    if (cursor_is(cursor, "PIVOT") && cursor_is_at(cursor, 1, "(")) {
      left = parse_pivot(cursor, left);
      continue;
    }
    if (!take_join(cursor, join)) return join->natural ? (cursor_fail(cursor), NULL) : left;
    join->left = left;
    join->right = parse_relation(cursor);
    if (!join->right || !parse_join_condition(cursor, join)) return NULL;
    join->end = cursor_end(cursor);
    left = join;
  }
  return NULL;
}

struct ast_relation *
parse_from(struct cursor *cursor)
{
  struct ast_relation *left = parse_joined(cursor);

  while (left && cursor_is(cursor, ",")) {
    struct ast_relation *join = new_relation(cursor, RELATION_JOIN);

    cursor_next(cursor);
    join->join = JOIN_CROSS;
    join->left = left;
    join->right = parse_joined(cursor);
    if (!join->right) return NULL;
    left = join;
  }
  /* LATERAL VIEW behind a comma list sees all of it. */
  while (left && cursor_is(cursor, "LATERAL") && cursor_is_at(cursor, 1, "VIEW"))
    left = parse_lateral_view(cursor, left);
  return left;
}
