/* SPDX-License-Identifier: Apache-2.0 */
/* Queries: WITH, set operations, SELECT and its clauses. What stands in FROM is parse_from.c's. */
#include "query/parse_internal.h"

#include "base/arena.h"
#include "base/str.h"
#include "engine.h"

#include "base/banned.h"

static struct ast_query *parse_set(struct cursor *cursor, int level);

/* VALUES and TABLE are names where nothing that could follow the keyword follows. */
static bool
begins_rows(const struct sql_tokens *tokens, size_t at)
{
  size_t next = sql_tokens_skip(tokens, at + 1);

  if (sql_token_is(tokens, at, "TABLE")) return sql_token_is_name(&tokens->at[next]);
  return sql_token_is(tokens, at, "VALUES") && !sql_token_is(tokens, next, ")") &&
         !sql_token_is(tokens, next, ",") && !sql_token_is(tokens, next, ".");
}

bool
parse_query_starts(const struct cursor *cursor)
{
  const struct sql_tokens *tokens = &cursor->tokens;
  size_t at = cursor->at;

  while (sql_token_is(tokens, at, "("))
    at = sql_tokens_skip(tokens, at + 1);
  return sql_token_is(tokens, at, "SELECT") || sql_token_is(tokens, at, "WITH") ||
         sql_token_is(tokens, at, "FROM") || begins_rows(tokens, at);
}

bool
parse_item(struct cursor *cursor, struct ast_item *item)
{
  if (cursor_is(cursor, "*")) {
    struct ast_expr *star = parse_node(cursor, AST_STAR);

    cursor_next(cursor);
    if (cursor_is(cursor, "EXCEPT") && cursor_is_at(cursor, 1, "(") &&
        cursor_kind_at(cursor, 2) != SQL_OPERATOR && !cursor_is_at(cursor, 2, "SELECT")) {
      cursor_next(cursor);
      if (!parse_name_list(cursor, &star->except, &star->except_count)) return false;
    }
    item->expr = parse_done(cursor, star);
    return true;
  }
  item->expr = parse_expr(cursor);
  if (!item->expr) return false;
  if (cursor_take(cursor, "AS")) {
    if (cursor_is(cursor, "(")) return parse_name_list(cursor, &item->aliases, &item->alias_count);
    return parse_word(cursor, &item->alias);
  }
  if (sql_token_is_name(&cursor->tokens.at[cursor->at]) && !parse_is_clause_word(cursor))
    return parse_word(cursor, &item->alias);
  return true;
}

static bool
parse_items(struct cursor *cursor, struct ast_query *query)
{
  do {
    query->items = ast_grow(cursor->arena, query->items, query->item_count, sizeof *query->items);
    if (!parse_item(cursor, &query->items[query->item_count++])) return false;
  } while (cursor_take(cursor, ","));
  return true;
}

/* The index of EXPR among the grouping keys; equal text is one key. */
static bool
add_key(struct cursor *cursor, struct ast_grouping *grouping, struct ast_expr *expr, uint64_t *set)
{
  for (size_t i = 0; i < grouping->key_count; i++) {
    const struct ast_expr *key = grouping->keys[i];

    if (key->end - key->start == expr->end - expr->start &&
        memcmp(cursor->tokens.text + key->start, cursor->tokens.text + expr->start, key->end - key->start) ==
            0) {
      *set |= UINT64_C(1) << i;
      return true;
    }
  }
  if (grouping->key_count == 64) return cursor_fail(cursor);
  grouping->keys = ast_grow(cursor->arena, grouping->keys, grouping->key_count, sizeof *grouping->keys);
  *set |= UINT64_C(1) << grouping->key_count;
  grouping->keys[grouping->key_count++] = expr;
  return true;
}

/* ( ) or (a, b) or a: one set of keys. */
static bool
parse_key_set(struct cursor *cursor, struct ast_grouping *grouping, uint64_t *set)
{
  struct ast_expr *expr;

  *set = 0;
  if (cursor_is(cursor, "(") && cursor_is_at(cursor, 1, ")")) {
    cursor_next(cursor);
    cursor_next(cursor);
    return true;
  }
  expr = parse_expr(cursor);
  if (!expr) return false;
  if (expr->kind != AST_ROW) return add_key(cursor, grouping, expr, set);
  for (size_t i = 0; i < expr->arg_count; i++)
    if (!add_key(cursor, grouping, expr->args[i], set)) return false;
  return true;
}

static void
add_set(struct cursor *cursor, uint64_t **sets, size_t *count, uint64_t set)
{
  *sets = ast_grow(cursor->arena, *sets, *count, sizeof **sets);
  (*sets)[(*count)++] = set;
}

/* ROLLUP (a, b), CUBE (a, b), GROUPING SETS ((a), (b), ()): the sets they stand for. */
static bool
parse_sets(struct cursor *cursor, struct ast_grouping *grouping, char kind, uint64_t **sets, size_t *count)
{
  uint64_t *parts = NULL;
  size_t part_count = 0;

  if (!cursor_expect(cursor, "(")) return false;
  do {
    uint64_t set;

    if (!parse_key_set(cursor, grouping, &set)) return false;
    add_set(cursor, &parts, &part_count, set);
  } while (cursor_take(cursor, ","));
  if (!cursor_expect(cursor, ")") || part_count > 12) return cursor_fail(cursor);
  if (kind == 'S') {
    *sets = parts;
    *count = part_count;
    return true;
  }
  for (size_t n = kind == 'R' ? part_count + 1 : (size_t)1 << part_count; n-- > 0;) {
    uint64_t set = 0;

    for (size_t i = 0; i < part_count; i++)
      if (kind == 'R' ? i < n : (n >> (part_count - 1 - i)) & 1) set |= parts[i];
    add_set(cursor, sets, count, set);
  }
  return true;
}

/* Every set so far with every new one. */
static void
multiply_sets(struct cursor *cursor, struct ast_grouping *grouping, const uint64_t *sets, size_t count)
{
  uint64_t *all = NULL;
  size_t all_count = 0;

  for (size_t i = 0; i < grouping->set_count; i++)
    for (size_t j = 0; j < count; j++)
      add_set(cursor, &all, &all_count, grouping->sets[i] | sets[j]);
  grouping->sets = all;
  grouping->set_count = all_count;
}

static char
take_sets_word(struct cursor *cursor)
{
  if (cursor_is(cursor, "ROLLUP") && cursor_is_at(cursor, 1, "(")) return cursor_next(cursor), 'R';
  if (cursor_is(cursor, "CUBE") && cursor_is_at(cursor, 1, "(")) return cursor_next(cursor), 'C';
  return cursor_take_words(cursor, "GROUPING SETS") ? 'S' : '\0';
}

static bool
parse_group(struct cursor *cursor, struct ast_query *query)
{
  struct ast_grouping *grouping = &query->grouping;

  query->grouped = true;
  if (cursor_is(cursor, "ALL") && !cursor_is_at(cursor, 1, ",")) {
    cursor_next(cursor);
    grouping->all = true;
    return true;
  }
  add_set(cursor, &grouping->sets, &grouping->set_count, 0);
  do {
    char kind = take_sets_word(cursor);
    uint64_t *sets = NULL, one = 0;
    size_t count = 0;

    if (kind) {
      grouping->sets_given = true;
      if (!parse_sets(cursor, grouping, kind, &sets, &count)) return false;
    } else {
      if (!parse_key_set(cursor, grouping, &one)) return false;
      add_set(cursor, &sets, &count, one);
    }
    multiply_sets(cursor, grouping, sets, count);
  } while (cursor_take(cursor, ","));
  if (cursor_take_words(cursor, "WITH ROLLUP") || cursor_take_words(cursor, "WITH CUBE"))
    return fault_set(
        cursor->session, "UNSUPPORTED_FEATURE.GROUP_BY_WITH", "0A000",
        "The feature is not supported: GROUP BY ... WITH ROLLUP or CUBE; write ROLLUP (...) instead.");
  return true;
}

static bool
parse_named_windows(struct cursor *cursor, struct ast_query *query)
{
  do {
    struct ast_named_window *window;

    query->windows = ast_grow(cursor->arena, query->windows, query->window_count, sizeof *query->windows);
    window = &query->windows[query->window_count++];
    if (!parse_word(cursor, &window->name) || !cursor_expect(cursor, "AS")) return false;
    window->window = parse_window(cursor);
    if (!window->window) return false;
  } while (cursor_take(cursor, ","));
  return true;
}

static bool
parse_condition(struct cursor *cursor, const char *word, struct ast_expr **expr)
{
  if (!cursor_take(cursor, word)) return true;
  *expr = parse_expr(cursor);
  return *expr != NULL;
}

static bool
parse_select_clauses(struct cursor *cursor, struct ast_query *query)
{
  if (!parse_condition(cursor, "WHERE", &query->where)) return false;
  if (cursor_take_words(cursor, "GROUP BY") && !parse_group(cursor, query)) return false;
  if (!parse_condition(cursor, "HAVING", &query->having)) return false;
  if (!parse_condition(cursor, "QUALIFY", &query->qualify)) return false;
  if (cursor_is(cursor, "WINDOW") && cursor_is_at(cursor, 2, "AS")) {
    cursor_next(cursor);
    if (!parse_named_windows(cursor, query)) return false;
  }
  return parse_condition(cursor, "QUALIFY", &query->qualify);
}

static bool
parse_select(struct cursor *cursor, struct ast_query *query)
{
  cursor_next(cursor);
  query->distinct = cursor_take(cursor, "DISTINCT");
  if (!query->distinct) cursor_take(cursor, "ALL");
  if (!parse_items(cursor, query)) return false;
  if (cursor_take(cursor, "FROM") && !(query->from = parse_from(cursor))) return false;
  return parse_select_clauses(cursor, query);
}

/* FROM t [WHERE ...] [SELECT ...]: the select list may come last or not at all. */
static bool
parse_from_first(struct cursor *cursor, struct ast_query *query)
{
  cursor_next(cursor);
  if (!(query->from = parse_from(cursor))) return false;
  if (!cursor_take(cursor, "SELECT")) return parse_select_clauses(cursor, query);
  query->distinct = cursor_take(cursor, "DISTINCT");
  return parse_items(cursor, query) && parse_select_clauses(cursor, query);
}

static struct ast_query *
parse_primary_query(struct cursor *cursor)
{
  struct ast_query *query;
  bool good;

  if (cursor_is(cursor, "(")) {
    cursor_next(cursor);
    query = parse_query(cursor);
    return query && cursor_expect(cursor, ")") ? query : NULL;
  }
  query = arena_alloc(cursor->arena, sizeof *query);
  query->start = cursor_start(cursor);
  if (cursor_is(cursor, "SELECT")) {
    good = parse_select(cursor, query);
  } else if (cursor_is(cursor, "FROM")) {
    good = parse_from_first(cursor, query);
  } else if (cursor_is(cursor, "VALUES")) {
    good = (query->from = parse_relation(cursor)) != NULL;
  } else if (cursor_take(cursor, "TABLE")) {
    good = (query->from = parse_relation(cursor)) != NULL;
  } else {
    good = cursor_fail(cursor);
  }
  query->end = cursor_end(cursor);
  return good ? query : NULL;
}

/* The set operator at the cursor: level 0 UNION and EXCEPT, level 1 INTERSECT, which binds tighter. */
static bool
take_set(struct cursor *cursor, int level, struct ast_query *query)
{
  if (level == 1 && cursor_take(cursor, "INTERSECT"))
    query->set = SET_INTERSECT;
  else if (level == 0 && cursor_take(cursor, "UNION"))
    query->set = SET_UNION;
  else if (level == 0 && (cursor_take(cursor, "EXCEPT") || cursor_take(cursor, "MINUS")))
    query->set = SET_EXCEPT;
  else
    return false;
  query->is_set = true;
  query->set_all = cursor_take(cursor, "ALL");
  if (!query->set_all) cursor_take(cursor, "DISTINCT");
  query->set_by_name = query->set == SET_UNION && cursor_take_words(cursor, "BY NAME");
  return true;
}

static struct ast_query *
parse_set(struct cursor *cursor, int level)
{
  struct ast_query *left = level == 1 ? parse_primary_query(cursor) : parse_set(cursor, 1);

  while (left) {
    struct ast_query *query = arena_alloc(cursor->arena, sizeof *query);

    query->start = left->start;
    if (!take_set(cursor, level, query)) break;
    query->left = left;
    query->right = level == 1 ? parse_primary_query(cursor) : parse_set(cursor, 1);
    if (!query->right) return NULL;
    query->end = cursor_end(cursor);
    left = query;
  }
  return left;
}

static bool
parse_ctes(struct cursor *cursor, struct ast_query *query)
{
  query->recursive = cursor_take(cursor, "RECURSIVE");
  do {
    struct ast_cte *cte;

    query->ctes = ast_grow(cursor->arena, query->ctes, query->cte_count, sizeof *query->ctes);
    cte = &query->ctes[query->cte_count++];
    if (!parse_word(cursor, &cte->name)) return false;
    if (cursor_is(cursor, "(") && !parse_query_starts(cursor) &&
        !parse_name_list(cursor, &cte->columns, &cte->column_count))
      return false;
    if (cursor_take_words(cursor, "MAX RECURSION LEVEL")) {
      int64_t ignored;

      if (!parse_integer(cursor, &ignored)) return false;
    }
    cursor_take(cursor, "AS");
    if (!cursor_expect(cursor, "(")) return false;
    cte->query = parse_query(cursor);
    if (!cte->query || !cursor_expect(cursor, ")")) return false;
  } while (cursor_take(cursor, ","));
  return true;
}

static bool
parse_tail(struct cursor *cursor, struct ast_query *query)
{
  if (cursor_take_words(cursor, "ORDER BY")) {
    if (cursor_is(cursor, "ALL") && !cursor_is_at(cursor, 1, ".")) {
      cursor_next(cursor);
      query->order_all = true;
      query->order = ast_grow(cursor->arena, NULL, 0, sizeof *query->order);
      query->order->descending = cursor_take(cursor, "DESC");
      if (!query->order->descending) cursor_take(cursor, "ASC");
    } else if (!parse_order(cursor, &query->order, &query->order_count)) {
      return false;
    }
  }
  /* SORT BY, CLUSTER BY and DISTRIBUTE BY order within partitions only: with one partition that is ORDER BY.
   */
  if (cursor_take_words(cursor, "SORT BY") || cursor_take_words(cursor, "CLUSTER BY"))
    if (!parse_order(cursor, &query->order, &query->order_count)) return false;
  if (cursor_take_words(cursor, "DISTRIBUTE BY")) {
    struct ast_expr **ignored;
    size_t count;

    if (!parse_expr_list(cursor, &ignored, &count)) return false;
  }
  if (cursor_take(cursor, "LIMIT") && !cursor_take(cursor, "ALL") && !(query->limit = parse_expr(cursor)))
    return false;
  return !cursor_take(cursor, "OFFSET") || (query->offset = parse_expr(cursor)) != NULL;
}

static bool
has_tail(const struct ast_query *query)
{
  return query->cte_count || query->order_count || query->order_all || query->limit || query->offset;
}

/* A query in parentheses that has an ORDER BY, LIMIT or WITH of its own, under one more: its own becomes a
 * subquery. */
static struct ast_query *
wrap_query(struct cursor *cursor, struct ast_query *inner)
{
  struct ast_query *outer = arena_alloc(cursor->arena, sizeof *outer);
  struct ast_relation *relation = arena_alloc(cursor->arena, sizeof *relation);

  relation->kind = RELATION_QUERY;
  relation->query = inner;
  outer->from = relation;
  return outer;
}

static struct ast_query *
parse_whole(struct cursor *cursor)
{
  struct ast_query with = {0}, *query;
  size_t start = cursor_start(cursor);

  if (cursor_take(cursor, "WITH") && !parse_ctes(cursor, &with)) return NULL;
  query = parse_set(cursor, 0);
  if (!query) return NULL;
  if (has_tail(query)) {
    if (with.cte_count == 0 && !cursor_is(cursor, "ORDER") && !cursor_is(cursor, "LIMIT") &&
        !cursor_is(cursor, "OFFSET") && !cursor_is(cursor, "SORT"))
      return query;
    query = wrap_query(cursor, query);
  }
  query->ctes = with.ctes;
  query->cte_count = with.cte_count;
  query->recursive = with.recursive;
  query->start = start;
  if (!parse_tail(cursor, query)) return NULL;
  query->end = cursor_end(cursor);
  return query;
}

struct ast_query *
parse_query(struct cursor *cursor)
{
  struct ast_query *query;

  if (!parse_enter(cursor)) return NULL;
  query = parse_whole(cursor);
  parse_leave(cursor);
  return query;
}

struct ast_query *
parse_query_text(struct session *session, const char *text)
{
  struct cursor cursor;
  struct ast_query *query;

  cursor_open(&cursor, session, text, strlen(text));
  query = parse_query(&cursor);
  return query && cursor_finish(&cursor) ? query : NULL;
}
