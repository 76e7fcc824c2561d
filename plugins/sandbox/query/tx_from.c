/* SPDX-License-Identifier: Apache-2.0 */
/* FROM: relations become SQLite FROM items and columns in scope. Joins, generators, VALUES, PIVOT; stored
 * relations are tx_table.c's. */
#include "query/tx.h"

#include "base/buf.h"
#include "base/str.h"
#include "engine.h"
#include "query/parse.h"

#include "base/banned.h"

/* The columns of PLAN, selected as ALIAS, added to SCOPE under RELATION's alias or NAME. */
static bool
add_plan(struct tx *tx, const struct ast_relation *relation, const struct query_plan *plan, const char *alias,
         const struct ast_name *name, struct tx_scope *scope)
{
  if (relation->column_count && relation->column_count != plan->column_count)
    return fault_set(
        tx->session, "ASSIGNMENT_ARITY_MISMATCH", "42802",
        "The number of columns or variables assigned or aliased: %zu does not match the number of source "
        "expressions: %zu.",
        relation->column_count, plan->column_count);
  for (size_t i = 0; i < plan->column_count; i++) {
    struct tx_column *column = tx_scope_add(tx->arena, scope);

    column->name = relation->column_count ? relation->columns[i] : plan->columns[i].name;
    column->type = plan->columns[i].type;
    column->comment = plan->columns[i].comment;
    column->sql = tx_printf(tx, "%s.k%zu", alias, i);
    if (relation->alias)
      column->relation = (struct ast_name){{relation->alias}, 1};
    else if (name)
      column->relation = *name;
  }
  return true;
}

static bool
from_query(struct tx *tx, const struct ast_relation *relation, struct tx_scope *scope, const char **sql)
{
  struct query_plan plan;
  const char *alias;

  if (!tx_query(tx, relation->query, relation->lateral ? scope->outer : tx->parameters, &plan)) return false;
  alias = tx_alias(tx);
  *sql = tx_printf(tx, "(%s) AS %s", plan.sql, alias);
  return add_plan(tx, relation, &plan, alias, NULL, scope);
}

/* Columns of rows are cast to one type each, and are called col1, col2, ... */
static bool
values_types(struct tx *tx, const struct ast_relation *relation, struct value *cells, struct query_plan *plan)
{
  struct value *column = arena_array(tx->arena, relation->row_count, sizeof *column);

  plan->column_count = relation->width;
  plan->columns = arena_array(tx->arena, relation->width, sizeof *plan->columns);
  for (size_t i = 0; i < relation->width; i++) {
    for (size_t r = 0; r < relation->row_count; r++)
      column[r] = cells[r * relation->width + i];
    if (!tx_unify(tx, column, relation->row_count, "VALUES"))
      return fault_set(
          tx->session, "INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE", "42000",
          "Invalid inline table. Found incompatible types in the column `col%zu` for inline table.", i + 1);
    for (size_t r = 0; r < relation->row_count; r++)
      cells[r * relation->width + i] = column[r];
    plan->columns[i].name = tx_printf(tx, "col%zu", i + 1);
    plan->columns[i].type = column[0].type;
  }
  return true;
}

static bool
from_values(struct tx *tx, const struct ast_relation *relation, struct tx_scope *scope, const char **sql)
{
  struct ex ex = {.tx = tx, .scope = relation->lateral ? scope->outer : tx->parameters, .clause = "VALUES"};
  struct value *cells = arena_array(tx->arena, relation->row_count * relation->width, sizeof *cells);
  struct query_plan plan = {0};
  const char *alias = tx_alias(tx);
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  for (size_t r = 0; r < relation->row_count; r++)
    for (size_t i = 0; i < relation->width; i++)
      if (!tx_expr(&ex, relation->rows[r][i], &cells[r * relation->width + i])) return false;
  if (!values_types(tx, relation, cells, &plan)) return false;
  buf_add_text(&buf, "(SELECT ");
  for (size_t i = 0; i < relation->width; i++)
    buf_addf(&buf, "%scolumn%zu AS k%zu", i ? "," : "", i + 1, i);
  buf_add_text(&buf, " FROM (VALUES ");
  for (size_t r = 0; r < relation->row_count; r++) {
    buf_add_text(&buf, r ? ",(" : "(");
    for (size_t i = 0; i < relation->width; i++)
      buf_addf(&buf, "%s%s", i ? "," : "", cells[r * relation->width + i].sql);
    buf_add_char(&buf, ')');
  }
  buf_addf(&buf, ")) AS %s", alias);
  *sql = arena_strndup(tx->arena, buf.data, buf.len);
  return add_plan(tx, relation, &plan, alias, NULL, scope);
}

static bool
from_table(struct tx *tx, const struct ast_relation *relation, struct tx_scope *scope, const char **sql)
{
  struct query_plan plan;
  struct ast_name name;
  const char *alias, *sample = "";

  for (const struct tx_cte *cte = tx->ctes; cte && relation->name.count == 1; cte = cte->next)
    if (utf8_ieq(cte->name, relation->name.parts[0])) {
      plan = (struct query_plan){NULL, cte->columns, cte->column_count};
      alias = tx_alias(tx);
      *sql = tx_printf(tx, "%s AS %s", cte->alias, alias);
      return add_plan(tx, relation, &plan, alias, &relation->name, scope);
    }
  if (!tx_table(tx, relation, &plan, &name)) return false;
  alias = tx_alias(tx);
  if (relation->sample) {
    struct ex ex = {.tx = tx, .clause = "TABLESAMPLE"};
    struct value value, number;

    if (!tx_expr(&ex, relation->sample, &value) || !tx_cast(tx, &value, type_of(TYPE_DOUBLE), 'i', &number))
      return false;
    sample = relation->sample_percent ? tx_printf(tx, " WHERE x_random()*100.0<%s", number.sql)
                                      : tx_printf(tx, " LIMIT CAST(%s AS INTEGER)", number.sql);
  }
  *sql = *sample ? tx_printf(tx, "(SELECT * FROM (%s)%s) AS %s", plan.sql, sample, alias)
                 : tx_printf(tx, "(%s) AS %s", plan.sql, alias);
  return add_plan(tx, relation, &plan, alias, &name, scope);
}

/* range([start,] end [, step]) */
static bool
from_range(struct tx *tx, const struct ast_relation *relation, const struct value *args, size_t count,
           struct tx_scope *scope, const char **sql)
{
  struct query_column column = {.name = "id", .type = type_of(TYPE_BIGINT)};
  struct query_plan plan = {.columns = &column, .column_count = 1};
  const char *alias = tx_alias(tx);
  struct value bounds[3];

  for (size_t i = 0; i < count && i < 3; i++)
    if (!tx_cast(tx, &args[i], type_of(TYPE_BIGINT), 'i', &bounds[i])) return false;
  *sql = tx_printf(tx, "(SELECT value AS k0 FROM x_range(%s,%s,%s)) AS %s", count > 1 ? bounds[0].sql : "0",
                   count > 1 ? bounds[1].sql : bounds[0].sql, count > 2 ? bounds[2].sql : "1", alias);
  return add_plan(tx, relation, &plan, alias, &relation->call->name, scope);
}

/* A query that may name columns of its left neighbours: SQLite has no lateral joins, but a table-valued
 * function may take what a correlated subquery gives, so the rows travel as one JSON text. */
static bool
from_lateral(struct tx *tx, const struct ast_relation *relation, const struct query_plan *plan,
             struct tx_scope *scope, const char **sql)
{
  struct query_plan out = *plan;
  const char *alias = tx_alias(tx);
  CLEANUP_BUF struct buf rows = BUF_INIT(BUF_LARGE);
  size_t first = scope->count;

  buf_add_text(&rows, "x_collect_j(x_array('j'");
  for (size_t i = 0; i < plan->column_count; i++)
    buf_addf(&rows, ",x_json('%c',k%zu)", tx_letter(plan->columns[i].type), i);
  buf_add_text(&rows, "))");
  *sql = tx_printf(tx, "x_each((SELECT %s FROM (%s)),'j','s') AS %s", rows.data, plan->sql, alias);
  if (!add_plan(tx, relation, &out, alias, relation->call ? &relation->call->name : NULL, scope))
    return false;
  for (size_t i = 0; i < plan->column_count; i++)
    scope->columns[first + i].sql =
        tx_printf(tx, "x_item(%s.value,%zu,'%c','t')", alias, i, tx_letter(plan->columns[i].type));
  return true;
}

static bool
from_generator(struct tx *tx, const struct ast_relation *relation, struct tx_scope *scope, const char **sql)
{
  struct ex ex = {.tx = tx, .scope = scope->outer, .clause = "FROM clause"};
  struct tx_generator generator = {0};
  struct query_plan plan = {0};
  size_t first = scope->count;

  if (!tx_generator(&ex, relation->call, false, &generator)) return false;
  plan.columns = arena_array(tx->arena, generator.count, sizeof *plan.columns);
  plan.column_count = generator.count;
  for (size_t i = 0; i < generator.count; i++) {
    plan.columns[i].name = generator.columns[i].name;
    plan.columns[i].type = generator.columns[i].type;
  }
  *sql = generator.from;
  if (!add_plan(tx, relation, &plan, "g", NULL, scope)) return false;
  for (size_t i = 0; i < generator.count; i++)
    scope->columns[first + i].sql = generator.columns[i].sql;
  return true;
}

static bool
no_such_function(struct tx *tx, const struct ast_name *name)
{
  return fault_set(
      tx->session, "UNRESOLVABLE_TABLE_VALUED_FUNCTION", "42883",
      "Could not resolve %s to a table-valued function. Please make sure that %s is defined as a "
      "table-valued function and that all required parameters are provided correctly.",
      tx_name_quoted(tx->arena, name), tx_name_quoted(tx->arena, name));
}

static bool
from_function(struct tx *tx, const struct ast_relation *relation, struct tx_scope *scope, const char **sql)
{
  const struct ast_expr *call = relation->call;
  struct ex ex = {.tx = tx, .scope = scope->outer, .clause = "FROM clause"};
  struct value *args = arena_array(tx->arena, call->arg_count + 1, sizeof *args);
  struct query_plan plan;
  const char *alias;
  bool found;

  if (tx_is_generator(call)) return from_generator(tx, relation, scope, sql);
  for (size_t i = 0; i < call->arg_count; i++)
    if (!tx_expr(&ex, call->args[i], &args[i])) return false;
  if (call->name.count == 1 && str_ieq(call->name.parts[0], "range")) {
    if (call->arg_count < 1 || call->arg_count > 4) return no_such_function(tx, &call->name);
    return from_range(tx, relation, args, call->arg_count, scope, sql);
  }
  if (!tx_routine_table(&ex, call, args, &plan, &found)) return false;
  if (!found) return no_such_function(tx, &call->name);
  if (scope->outer) return from_lateral(tx, relation, &plan, scope, sql);
  alias = tx_alias(tx);
  *sql = tx_printf(tx, "(%s) AS %s", plan.sql, alias);
  return add_plan(tx, relation, &plan, alias, &call->name, scope);
}

/* LATERAL VIEW [OUTER] generator alias AS names */
static bool
from_explode(struct tx *tx, const struct ast_relation *view, struct tx_scope *scope, const char **sql)
{
  struct tx_generator generator = {0};
  struct tx_scope left = {.outer = scope->outer};
  struct ex ex = {.tx = tx, .scope = &left, .clause = "LATERAL VIEW"};
  const char *text;

  if (!tx_from(tx, view->left, &left, &text)) return false;
  if (!tx_is_generator(view->call))
    return fault_set(tx->session, "UNSUPPORTED_GENERATOR.NOT_GENERATOR", "42K0E",
                     "The generator is not supported: %s is expected to be a generator. However, it is not.",
                     tx_name_quoted(tx->arena, &view->call->name));
  if (!tx_generator(&ex, view->call, view->outer, &generator)) return false;
  if (view->column_count && view->column_count != generator.count)
    return fault_set(
        tx->session, "UDTF_ALIAS_NUMBER_MISMATCH", "42802",
        "The number of aliases supplied in the AS clause does not match the number of columns output by "
        "the UDTF. Expected %zu aliases, but got %zu.",
        generator.count, view->column_count);
  *sql = tx_printf(tx, "%s %s JOIN %s%s", text, view->outer ? "LEFT" : "CROSS", generator.from,
                   view->outer ? " ON 1" : "");
  for (size_t i = 0; i < left.count; i++)
    *tx_scope_add(tx->arena, scope) = left.columns[i];
  for (size_t i = 0; i < generator.count; i++) {
    struct tx_column *column = tx_scope_add(tx->arena, scope);

    *column = generator.columns[i];
    if (view->column_count) column->name = view->columns[i];
    column->relation = (struct ast_name){{view->alias}, view->alias ? 1 : 0};
  }
  return true;
}

static struct tx_column *
side_column(const struct tx_scope *side, const char *name)
{
  for (size_t i = 0; i < side->count; i++)
    if (!side->columns[i].hidden && utf8_ieq(side->columns[i].name, name)) return &side->columns[i];
  return NULL;
}

/* USING and NATURAL: equal names, compared and then shown once. */
static bool
join_using(struct tx *tx, const struct ast_relation *join, struct tx_scope *left, struct tx_scope *right,
           const char *const *names, size_t count, struct tx_scope *scope, struct buf *on)
{
  struct ex ex = {.tx = tx, .clause = "JOIN"};

  for (size_t i = 0; i < count; i++) {
    struct tx_column *a = side_column(left, names[i]), *b = side_column(right, names[i]), merged;
    struct value equal, sides[2];

    if (!a || !b)
      return fault_set(tx->session, "UNRESOLVED_USING_COLUMN_FOR_JOIN", "42703",
                       "USING column `%s` cannot be resolved on the %s side of the join.", names[i],
                       a ? "right" : "left");
    sides[0] = value_of(a->sql, a->type);
    sides[1] = value_of(b->sql, b->type);
    if (!tx_compare(&ex, "=", sides[0], sides[1], &equal)) return false;
    buf_addf(on, "%s%s", i ? " AND " : "", equal.sql);
    merged = *(join->join == JOIN_RIGHT ? b : a);
    merged.relation.count = 0;
    if (join->join == JOIN_FULL) {
      if (!tx_unify(tx, sides, 2, "USING")) return false;
      merged.sql = tx_printf(tx, "coalesce(%s,%s)", sides[0].sql, sides[1].sql);
      merged.type = sides[0].type;
    }
    *tx_scope_add(tx->arena, scope) = merged;
    a->hidden = b->hidden = true;
  }
  return true;
}

static size_t
natural_names(struct tx *tx, const struct tx_scope *left, const struct tx_scope *right, const char ***names)
{
  size_t count = 0;

  *names = arena_array(tx->arena, left->count + 1, sizeof **names);
  for (size_t i = 0; i < left->count; i++)
    if (!left->columns[i].hidden && side_column(right, left->columns[i].name))
      (*names)[count++] = left->columns[i].name;
  return count;
}

/* SEMI and ANTI: the left side alone, as a relation of its own, kept or not by what the right side has. */
static bool
join_exists(struct tx *tx, const struct ast_relation *join, struct tx_scope *left, const char *left_sql,
            const char *right_sql, const char *on, struct tx_scope *scope, const char **sql)
{
  const char *alias = tx_alias(tx);
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  buf_add_text(&buf, "(SELECT ");
  for (size_t i = 0; i < left->count; i++) {
    struct tx_column *column = tx_scope_add(tx->arena, scope);

    buf_addf(&buf, "%s%s AS k%zu", i ? "," : "", left->columns[i].sql, i);
    *column = left->columns[i];
    column->hidden = false;
    column->sql = tx_printf(tx, "%s.k%zu", alias, i);
  }
  buf_addf(&buf, " FROM %s WHERE %sEXISTS (SELECT 1 FROM %s%s%s)) AS %s", left_sql,
           join->join == JOIN_ANTI ? "NOT " : "", right_sql, *on ? " WHERE " : "", on, alias);
  *sql = arena_strndup(tx->arena, buf.data, buf.len);
  return true;
}

static bool
needs_left(const struct ast_relation *relation)
{
  return relation->lateral || (relation->kind == RELATION_FUNCTION);
}

static const char *
join_word(enum ast_join join, bool conditioned)
{
  switch (join) {
  case JOIN_LEFT: return "LEFT JOIN";
  case JOIN_RIGHT: return "RIGHT JOIN";
  case JOIN_FULL: return "FULL JOIN";
  default: return conditioned ? "JOIN" : "CROSS JOIN";
  }
}

static bool
join_condition(struct tx *tx, const struct ast_relation *join, struct tx_scope *both, const char **on)
{
  struct ex ex = {.tx = tx, .scope = both, .clause = "JOIN condition"};
  struct value value;

  if (!tx_condition(&ex, join->on, &value)) return false;
  *on = value.sql;
  return true;
}

/* The right side: usually on its own; lateral ones see the left. */
static bool
join_right(struct tx *tx, const struct ast_relation *join, struct tx_scope *left, struct tx_scope *right,
           const char **sql)
{
  struct query_plan plan;

  if (!needs_left(join->right)) return tx_from(tx, join->right, right, sql);
  right->outer = left;
  if (join->right->kind != RELATION_QUERY) return tx_from(tx, join->right, right, sql);
  if (!tx_query(tx, join->right->query, left, &plan)) return false;
  return from_lateral(tx, join->right, &plan, right, sql);
}

static bool
from_join(struct tx *tx, const struct ast_relation *join, struct tx_scope *scope, const char **sql)
{
  struct tx_scope left = {.outer = scope->outer}, right = {.outer = scope->outer},
                  both = {.outer = scope->outer};
  const char *left_sql, *right_sql, *on = "", **names = join->using_columns;
  size_t count = join->using_count;
  CLEANUP_BUF struct buf equal = BUF_INIT(BUF_LARGE);

  if (!tx_from(tx, join->left, &left, &left_sql) || !join_right(tx, join, &left, &right, &right_sql))
    return false;
  if (join->natural) count = natural_names(tx, &left, &right, &names);
  if (count) {
    if (!join_using(tx, join, &left, &right, names, count, &both, &equal)) return false;
    on = arena_strdup(tx->arena, equal.data);
  }
  for (size_t i = 0; i < left.count; i++)
    *tx_scope_add(tx->arena, &both) = left.columns[i];
  for (size_t i = 0; i < right.count; i++)
    *tx_scope_add(tx->arena, &both) = right.columns[i];
  if (join->on && !join_condition(tx, join, &both, &on)) return false;
  if (join->join == JOIN_SEMI || join->join == JOIN_ANTI)
    return join_exists(tx, join, &left, left_sql, right_sql, on, scope, sql);
  if (!*on && (join->join == JOIN_LEFT || join->join == JOIN_RIGHT || join->join == JOIN_FULL)) on = "1";
  *sql = tx_printf(tx, join->right->kind == RELATION_JOIN ? "%s %s (%s)%s%s" : "%s %s %s%s%s", left_sql,
                   join_word(join->join, *on), right_sql, *on ? " ON " : "", on);
  for (size_t i = 0; i < both.count; i++)
    *tx_scope_add(tx->arena, scope) = both.columns[i];
  return true;
}

static bool
from_pivot(struct tx *tx, const struct ast_relation *pivot, struct tx_scope *scope, const char **sql)
{
  struct query_plan plan;
  const char *alias;

  if (!tx_pivot(tx, pivot, scope->outer, &plan)) return false;
  alias = tx_alias(tx);
  *sql = tx_printf(tx, "(%s) AS %s", plan.sql, alias);
  return add_plan(tx, pivot, &plan, alias, NULL, scope);
}

bool
tx_from(struct tx *tx, const struct ast_relation *relation, struct tx_scope *scope, const char **sql)
{
  switch (relation->kind) {
  case RELATION_TABLE: return from_table(tx, relation, scope, sql);
  case RELATION_QUERY: return from_query(tx, relation, scope, sql);
  case RELATION_FUNCTION: return from_function(tx, relation, scope, sql);
  case RELATION_VALUES: return from_values(tx, relation, scope, sql);
  case RELATION_JOIN: return from_join(tx, relation, scope, sql);
  case RELATION_EXPLODE: return from_explode(tx, relation, scope, sql);
  case RELATION_PIVOT: return from_pivot(tx, relation, scope, sql);
  }
  return false;
}
