/* SPDX-License-Identifier: Apache-2.0 */
/* Queries as wholes: WITH, set operations, and the ORDER BY and LIMIT over them. One SELECT is tx_select.c's.
 */
#include "query/tx.h"

#include "base/buf.h"
#include "base/str.h"
#include "engine.h"
#include "query/parse.h"

#include "base/banned.h"

#define DEPTH_MAX 60

/* "k0,k1,..." */
static const char *
output_list(struct tx *tx, size_t count)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  for (size_t i = 0; i < count; i++)
    buf_addf(&buf, "%sk%zu", i ? "," : "", i);
  return arena_strndup(tx->arena, buf.data, buf.len);
}

const char *
tx_order_term(struct tx *tx, const struct ast_order *order, const struct value *value)
{
  if (value->foldable) return "";
  return tx_printf(tx, "%s%s%s%s", value->sql, tx_collation(value->type), order->descending ? " DESC" : "",
                   order->nulls_last ? " NULLS LAST" : " NULLS FIRST");
}

static bool
limit_number(struct tx *tx, const struct ast_expr *expr, const char *word, const char **sql)
{
  struct ex ex = {.tx = tx, .clause = word};
  struct value value, number;

  if (!tx_expr(&ex, expr, &value)) return false;
  if (!value.foldable)
    return fault_set(
        tx->session, "INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE", "42K0E",
        "The limit like expression %s is invalid. The %s expression must evaluate to a constant value.",
        tx_quoted(tx, expr), word);
  if (!type_is_integer(value.type) && !type_is_text(value.type))
    return fault_set(
        tx->session, "INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE", "42K0E",
        "The limit like expression %s is invalid. The %s expression must be integer type, but got %s.",
        tx_quoted(tx, expr), word, type_quoted(tx->arena, value.type));
  if (expr->kind == AST_NUMBER && *expr->text == '-')
    return fault_set(
        tx->session, "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE", "42K0E",
        "The limit like expression %s is invalid. The %s expression must be equal to or greater than 0, "
        "but got %s.",
        tx_quoted(tx, expr), word, expr->text);
  if (!tx_cast(tx, &value, type_of(TYPE_INT), 'c', &number)) return false;
  *sql = tx_printf(tx, "x_limit(%s)", number.sql);
  return true;
}

bool
tx_limit(struct tx *tx, const struct ast_query *query, const char **sql)
{
  const char *limit = "-1", *offset = "0";

  *sql = "";
  if (!query->limit && !query->offset) return true;
  if (query->limit && !limit_number(tx, query->limit, "limit", &limit)) return false;
  if (query->offset && !limit_number(tx, query->offset, "offset", &offset)) return false;
  *sql = tx_printf(tx, " LIMIT %s OFFSET %s", limit, offset);
  return true;
}

bool
tx_tail(struct tx *tx, const struct ast_query *query, struct tx_scope *from, const char *alias,
        struct query_plan *plan)
{
  struct ex ex = {.tx = tx, .scope = from, .clause = "ORDER BY clause"};
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  const char *limit;

  for (size_t i = 0; i < query->order_count; i++) {
    const struct ast_order *order = &query->order[i];
    struct value value;
    int64_t position;
    const char *term;

    if (order->expr->kind == AST_NUMBER && str_to_int64(order->expr->text, &position)) {
      if (position < 1 || position > (int64_t)plan->column_count)
        return fault_set(tx->session, "ORDER_BY_POS_OUT_OF_RANGE", "42805",
                         "ORDER BY position %s is not in select list (valid range is [1, %zu]).",
                         order->expr->text, plan->column_count);
      value = value_of(from->columns[position - 1].sql, from->columns[position - 1].type);
    } else if (!tx_expr(&ex, order->expr, &value)) {
      return false;
    }
    term = tx_order_term(tx, order, &value);
    if (*term) buf_addf(&buf, "%s%s", buf.len ? "," : " ORDER BY ", term);
  }
  for (size_t i = 0; query->order_all && i < plan->column_count; i++) {
    struct value value = value_of(from->columns[i].sql, from->columns[i].type);

    query->order->nulls_last = query->order->descending;
    buf_addf(&buf, "%s%s", buf.len ? "," : " ORDER BY ", tx_order_term(tx, query->order, &value));
  }
  if (!tx_limit(tx, query, &limit)) return false;
  if (buf.len == 0 && !*limit) return true;
  plan->sql = tx_printf(tx, "SELECT %s FROM (%s) AS %s%s%s", output_list(tx, plan->column_count), plan->sql,
                        alias, buf.data, limit);
  return true;
}

static const char *
set_word(const struct ast_query *query)
{
  return query->set == SET_UNION ? "UNION" : query->set == SET_INTERSECT ? "INTERSECT" : "EXCEPT";
}

/* The columns of PLAN cast to TYPES, as an operand of a SQLite compound. ORDER maps them (BY NAME); -1 is
 * NULL. For ALL of INTERSECT and EXCEPT every duplicate gets a number of its own. */
static const char *
set_operand(struct tx *tx, const struct query_plan *plan, const struct query_column *columns, size_t count,
            const size_t *order, bool numbered)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  buf_add_text(&buf, "SELECT ");
  for (size_t i = 0; i < count; i++) {
    struct value from = value_of("NULL", type_of(TYPE_VOID)), cast;

    if (order[i] != SIZE_MAX) from = value_of(tx_printf(tx, "k%zu", order[i]), plan->columns[order[i]].type);
    if (!tx_cast(tx, &from, columns[i].type, 'i', &cast)) return NULL;
    buf_addf(&buf, "%s%s AS k%zu", i ? "," : "", cast.sql, i);
  }
  if (numbered)
    buf_addf(&buf, ",row_number() OVER (PARTITION BY %s) AS n0", output_list(tx, plan->column_count));
  buf_addf(&buf, " FROM (%s)", plan->sql);
  return arena_strndup(tx->arena, buf.data, buf.len);
}

static bool
arity_fault(struct tx *tx, const struct ast_query *query, size_t left, size_t right)
{
  return fault_set(
      tx->session, "NUM_COLUMNS_MISMATCH", "42826",
      "%s can only be performed on inputs with the same number of columns, but the first input has %zu "
      "columns and the second input has %zu columns.",
      set_word(query), left, right);
}

/* Where each output column comes from on the right: by position, or by name. */
static bool
match_columns(struct tx *tx, const struct ast_query *query, const struct query_plan *left,
              const struct query_plan *right, size_t *order)
{
  if (left->column_count != right->column_count)
    return arity_fault(tx, query, left->column_count, right->column_count);
  for (size_t i = 0; i < left->column_count; i++) {
    order[i] = query->set_by_name ? SIZE_MAX : i;
    for (size_t j = 0; query->set_by_name && j < right->column_count; j++)
      if (utf8_ieq(left->columns[i].name, right->columns[j].name)) order[i] = j;
    if (order[i] == SIZE_MAX)
      return fault_set(tx->session, "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "42703",
                       "A column with name `%s` cannot be resolved among the second input's columns.",
                       left->columns[i].name);
  }
  return true;
}

static bool
set_plan(struct tx *tx, const struct ast_query *query, const struct query_plan *left,
         const struct query_plan *right, struct query_plan *plan)
{
  size_t count = left->column_count, *order = arena_array(tx->arena, count + 1, sizeof *order);
  size_t *same = arena_array(tx->arena, count + 1, sizeof *same);
  bool numbered = query->set_all && query->set != SET_UNION;
  const char *a, *b;

  if (!match_columns(tx, query, left, right, order)) return false;
  plan->columns = arena_array(tx->arena, count ? count : 1, sizeof *plan->columns);
  plan->column_count = count;
  for (size_t i = 0; i < count; i++) {
    same[i] = i;
    plan->columns[i] = left->columns[i];
    plan->columns[i].type = tx_common(tx->arena, left->columns[i].type, right->columns[order[i]].type);
    if (!plan->columns[i].type)
      return fault_set(
          tx->session, "INCOMPATIBLE_COLUMN_TYPE", "42825",
          "%s can only be performed on tables with compatible column types. The column number %zu of the "
          "second table is %s type which is not compatible with %s at the same column of the first table.",
          set_word(query), i + 1, type_quoted(tx->arena, right->columns[order[i]].type),
          type_quoted(tx->arena, left->columns[i].type));
  }
  a = set_operand(tx, left, plan->columns, count, same, numbered);
  b = set_operand(tx, right, plan->columns, count, order, numbered);
  if (!a || !b) return false;
  plan->sql = tx_printf(tx, "%s %s%s %s", a, set_word(query),
                        query->set == SET_UNION && query->set_all ? " ALL" : "", b);
  if (numbered) plan->sql = tx_printf(tx, "SELECT %s FROM (%s)", output_list(tx, count), plan->sql);
  return true;
}

/* The output of PLAN as a scope under ALIAS. */
static void
output_scope(struct tx *tx, const struct query_plan *plan, const char *alias, struct tx_scope *scope)
{
  for (size_t i = 0; i < plan->column_count; i++) {
    struct tx_column *column = tx_scope_add(tx->arena, scope);

    column->name = plan->columns[i].name;
    column->type = plan->columns[i].type;
    column->sql = tx_printf(tx, "%s.k%zu", alias, i);
  }
}

/* UNION ALL of UNION ALL, with nothing around the inner one. */
static bool
is_link(const struct ast_query *query)
{
  return query->is_set && query->set == SET_UNION && query->set_all && !query->set_by_name &&
         !query->cte_count && !query->order_count && !query->order_all && !query->limit && !query->offset;
}

/* SQLite's parser goes one level deeper for each member of a chain, and gives up soon: MEMBERS FROM to TO
 * (not included) become a tree instead, whose rows are the same. */
static bool
chain_plan(struct tx *tx, const struct ast_query *query, struct tx_scope *outer,
           const struct ast_query *const *members, size_t from, size_t to, struct query_plan *plan)
{
  size_t middle = from + (to - from) / 2;
  struct query_plan left, right;

  if (to - from == 1) return tx_query(tx, members[from], outer, plan);
  return chain_plan(tx, query, outer, members, from, middle, &left) &&
         chain_plan(tx, query, outer, members, middle, to, &right) &&
         set_plan(tx, query, &left, &right, plan);
}

static bool
operands_plan(struct tx *tx, const struct ast_query *query, struct tx_scope *outer, struct query_plan *plan)
{
  bool all = query->set == SET_UNION && query->set_all && !query->set_by_name;
  const struct ast_query **members, *at = query->left;
  size_t count = 2, next;

  for (; all && is_link(at); at = at->left)
    count++;
  members = arena_array(tx->arena, count, sizeof *members);
  members[0] = at;
  next = count;
  members[--next] = query->right;
  for (at = query->left; next > 1; at = at->left)
    members[--next] = at->right;
  return chain_plan(tx, query, outer, members, 0, count, plan);
}

static bool
set_query(struct tx *tx, const struct ast_query *query, struct tx_scope *outer, struct query_plan *plan)
{
  const char *alias = tx_alias(tx);
  struct tx_scope scope = {.outer = outer};

  if (!operands_plan(tx, query, outer, plan)) return false;
  output_scope(tx, plan, alias, &scope);
  return tx_tail(tx, query, &scope, alias, plan);
}

static bool
name_cte_columns(struct tx *tx, const struct ast_cte *cte, struct query_plan *plan)
{
  if (cte->column_count == 0) return true;
  if (cte->column_count != plan->column_count)
    return fault_set(
        tx->session, "ASSIGNMENT_ARITY_MISMATCH", "42802",
        "The number of columns or variables assigned or aliased: %zu does not match the number of source "
        "expressions: %zu.",
        cte->column_count, plan->column_count);
  for (size_t i = 0; i < plan->column_count; i++)
    plan->columns[i].name = cte->columns[i];
  return true;
}

static struct tx_cte *
push_cte(struct tx *tx, const struct ast_cte *cte, const struct query_plan *plan)
{
  struct tx_cte *entry = arena_alloc(tx->arena, sizeof *entry);

  *entry = (struct tx_cte){tx->ctes, cte->name, tx_printf(tx, "w%u", ++tx->next_alias), plan->columns,
                           plan->column_count};
  tx->ctes = entry;
  return entry;
}

/* A recursive CTE: its first part tells the columns, its second may name it. */
static bool
recursive_cte(struct tx *tx, const struct ast_cte *cte, struct tx_scope *outer, struct buf *with)
{
  const struct ast_query *query = cte->query;
  struct query_plan first, again;
  struct tx_cte *entry;

  if (query->set != SET_UNION || query->order_count || query->limit)
    return fault_set(
        tx->session, "INVALID_RECURSIVE_CTE", "42836",
        "Invalid recursive definition found. Recursive queries must contain an UNION or an UNION ALL "
        "statement with 2 children.");
  if (!tx_query(tx, query->left, outer, &first) || !name_cte_columns(tx, cte, &first)) return false;
  entry = push_cte(tx, cte, &first);
  tx->cast_to = first.columns;
  tx->cast_count = first.column_count;
  if (!tx_query(tx, query->right, outer, &again)) return false;
  tx->cast_to = NULL;
  if (again.column_count != first.column_count)
    return arity_fault(tx, query, first.column_count, again.column_count);
  buf_addf(with, "%s(%s) AS (%s UNION%s %s)", entry->alias, output_list(tx, first.column_count),
           tx_printf(tx, "SELECT * FROM (%s)", first.sql), query->set_all ? " ALL" : "", again.sql);
  return true;
}

static bool
one_cte(struct tx *tx, const struct ast_query *query, const struct ast_cte *cte, struct tx_scope *outer,
        struct buf *with)
{
  struct query_plan plan;
  struct tx_cte *entry;

  buf_add_text(with, with->len ? "," : "WITH RECURSIVE ");
  if (query->recursive && cte->query->is_set) return recursive_cte(tx, cte, outer, with);
  if (!tx_query(tx, cte->query, outer, &plan) || !name_cte_columns(tx, cte, &plan)) return false;
  entry = push_cte(tx, cte, &plan);
  buf_addf(with, "%s(%s) AS (%s)", entry->alias, output_list(tx, plan.column_count), plan.sql);
  return true;
}

static bool
with_query(struct tx *tx, const struct ast_query *query, struct tx_scope *outer, struct query_plan *plan)
{
  CLEANUP_BUF struct buf with = BUF_INIT(BUF_LARGE);
  struct tx_cte *ctes = tx->ctes;
  bool good;

  for (size_t i = 0; i < query->cte_count; i++) {
    for (size_t j = 0; j < i; j++)
      if (utf8_ieq(query->ctes[i].name, query->ctes[j].name))
        return fault_set(tx->session, "DUPLICATED_CTE_NAMES", "42602",
                         "CTE definition can't have duplicate names: `%s`.", query->ctes[i].name);
    if (!one_cte(tx, query, &query->ctes[i], outer, &with)) {
      tx->ctes = ctes;
      return false;
    }
  }
  good = query->is_set ? set_query(tx, query, outer, plan) : tx_select(tx, query, outer, plan);
  tx->ctes = ctes;
  if (good && with.len) plan->sql = tx_printf(tx, "%s %s", with.data, plan->sql);
  return good;
}

bool
tx_query(struct tx *tx, const struct ast_query *query, struct tx_scope *outer, struct query_plan *plan)
{
  bool good;

  *plan = (struct query_plan){0};
  if (tx->depth >= DEPTH_MAX)
    return fault_set(
        tx->session, "VIEW_EXCEED_MAX_NESTED_DEPTH", "54K00",
        "The depth of views, functions and subqueries exceeds the maximum resolution depth (%d). Analysis "
        "is aborted to avoid errors.",
        DEPTH_MAX);
  tx->depth++;
  good = with_query(tx, query, outer, plan);
  tx->depth--;
  return good;
}
