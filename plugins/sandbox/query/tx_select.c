/* SPDX-License-Identifier: Apache-2.0 */
/* One SELECT: select list, WHERE, GROUP BY with its sets, HAVING, QUALIFY, DISTINCT, ORDER BY, LIMIT. */
#include "query/tx.h"

#include "base/buf.h"
#include "base/str.h"
#include "engine.h"
#include "query/parse.h"

#include "base/banned.h"

struct select {
  struct tx *tx;
  const struct ast_query *query;
  struct tx_scope scope;
  const char *from; /* SQLite text behind FROM, or NULL */
  const char *where;
  bool aggregated;
  struct value *keys; /* of GROUP BY, plain */
  size_t key_count;
  struct tx_item *items;
  struct ast_name *relations; /* of items that are plain columns: what may qualify them in ORDER BY */
  size_t item_count;
  struct tx_generator generator;
  const struct query_column *targets; /* types that the columns have to have, or NULL */
  size_t target_count;
};

static struct ex
context(struct select *select, const char *clause, bool aggregates, bool windows)
{
  return (struct ex){.tx = select->tx,
                     .scope = &select->scope,
                     .query = select->query,
                     .aggregates = aggregates,
                     .windows = windows,
                     .clause = clause,
                     .items = select->items,
                     .item_count = select->item_count};
}

static void
add_item(struct select *select, const char *name, const struct value *value, const struct ast_name *relation)
{
  struct arena *arena = select->tx->arena;

  select->items = ast_grow(arena, select->items, select->item_count, sizeof *select->items);
  select->relations = ast_grow(arena, select->relations, select->item_count, sizeof *select->relations);
  select->items[select->item_count] = (struct tx_item){name, *value};
  if (relation) select->relations[select->item_count] = *relation;
  select->item_count++;
}

/* A column that * stands for, checked as if it had been written out. */
static bool
add_star_column(struct select *select, struct ex *ex, const struct tx_column *column)
{
  struct ast_expr name = {.kind = AST_NAME, .name = column->relation};
  struct value value = value_of(column->sql, column->type);

  if (select->scope.grouped) {
    if (name.name.count < AST_NAME_PARTS) name.name.parts[name.name.count++] = column->name;
    if (!tx_name(ex, &name, &value)) return false;
  }
  add_item(select, column->name, &value, &column->relation);
  return true;
}

static bool
add_star(struct select *select, struct ex *ex, const struct ast_expr *star)
{
  struct tx_column *columns;
  size_t count;

  if (!select->from && !star->name.count)
    return fault_set(ex->tx->session, "INVALID_USAGE_OF_STAR_OR_REGEX", "42000",
                     "Invalid usage of '*' in Project: there is no FROM clause.");
  if (!tx_star(ex, star, &columns, &count)) return false;
  for (size_t i = 0; i < count; i++)
    if (!add_star_column(select, ex, &columns[i])) return false;
  return true;
}

/* explode(x) AS e: the generator's columns take its place. */
static bool
add_generator(struct select *select, struct ex *ex, const struct ast_item *item)
{
  struct tx_generator *generator = &select->generator;
  size_t named = item->alias ? 1 : item->alias_count;

  if (generator->from)
    return fault_set(ex->tx->session, "UNSUPPORTED_GENERATOR.MULTI_GENERATOR", "42K0E",
                     "The generator is not supported: only one generator allowed per SELECT clause.");
  if (select->aggregated) return tx_unsupported(ex->tx, "A generator beside aggregate functions");
  if (!tx_generator(ex, item->expr, false, generator)) return false;
  if (named && named != generator->count)
    return fault_set(
        ex->tx->session, "UDTF_ALIAS_NUMBER_MISMATCH", "42802",
        "The number of aliases supplied in the AS clause does not match the number of columns output by "
        "the UDTF. Expected %zu aliases, but got %zu.",
        generator->count, named);
  for (size_t i = 0; i < generator->count; i++) {
    struct value value = value_of(generator->columns[i].sql, generator->columns[i].type);
    const char *name = item->alias         ? item->alias
                       : item->alias_count ? item->aliases[i]
                                           : generator->columns[i].name;

    add_item(select, name, &value, NULL);
  }
  return true;
}

static bool
add_expr_item(struct select *select, struct ex *ex, const struct ast_item *item)
{
  const struct ast_expr *expr = item->expr;
  struct ast_name relation = {0};
  struct value value;

  ex->items = select->items;
  ex->item_count = select->item_count;
  if (item->alias_count) return tx_unsupported(ex->tx, "A list of aliases behind a single value");
  if (!tx_expr(ex, expr, &value)) return false;
  if (expr->kind == AST_NAME && expr->name.count > 1) {
    relation = expr->name;
    relation.count--;
  }
  add_item(select, item->alias ? item->alias : tx_item_name(ex->tx->arena, expr), &value, &relation);
  return true;
}

static bool
add_items(struct select *select)
{
  struct ex ex = context(select, "SELECT list", true, true);
  struct ast_expr star = {.kind = AST_STAR};

  select->item_count = 0;
  if (select->query->item_count == 0) return add_star(select, &ex, &star);
  for (size_t i = 0; i < select->query->item_count; i++) {
    const struct ast_item *item = &select->query->items[i];
    bool good = item->expr->kind == AST_STAR  ? add_star(select, &ex, item->expr)
                : tx_is_generator(item->expr) ? add_generator(select, &ex, item)
                                              : add_expr_item(select, &ex, item);

    if (!good) return false;
  }
  return true;
}

static bool
find_aggregates(const struct ast_query *query)
{
  if (query->grouped || tx_has_aggregate(query->having)) return true;
  for (size_t i = 0; i < query->item_count; i++)
    if (tx_has_aggregate(query->items[i].expr)) return true;
  for (size_t i = 0; i < query->order_count; i++)
    if (tx_has_aggregate(query->order[i].expr)) return true;
  return false;
}

/* What a key of GROUP BY means: a position, an input column, or else an alias. */
static const struct ast_expr *
key_expr(struct select *select, const struct ast_expr *key)
{
  const struct ast_query *query = select->query;
  struct tx *tx = select->tx;
  int64_t position;

  if (key->kind == AST_NUMBER && type_is_integer(key->type) && str_to_int64(key->text, &position)) {
    if (position < 1 || position > (int64_t)query->item_count) {
      fault_set(tx->session, "GROUP_BY_POS_OUT_OF_RANGE", "42805",
                "GROUP BY position %s is not in select list (valid range is [1, %zu]).", key->text,
                query->item_count);
      return NULL;
    }
    key = query->items[position - 1].expr;
    if (!tx_has_aggregate(key)) return key;
    fault_set(tx->session, "GROUP_BY_POS_AGGREGATE", "42903",
              "GROUP BY %lld refers to an expression %s that contains an aggregate function. Aggregate "
              "functions are "
              "not allowed in GROUP BY.",
              (long long)position, tx_item_name(tx->arena, key));
    return NULL;
  }
  if (key->kind != AST_NAME || key->name.count != 1) return key;
  for (size_t i = 0; i < select->scope.count; i++)
    if (utf8_ieq(select->scope.columns[i].name, key->name.parts[0])) return key;
  for (size_t i = 0; i < query->item_count; i++)
    if (query->items[i].alias && utf8_ieq(query->items[i].alias, key->name.parts[0]))
      return query->items[i].expr;
  return key;
}

static bool
add_key(struct select *select, const struct ast_expr *expr)
{
  struct ex ex = context(select, "GROUP BY clause", false, false);
  struct value value;

  ex.item_count = 0;
  if (tx_has_aggregate(expr))
    return fault_set(select->tx->session, "GROUP_BY_AGGREGATE", "42903",
                     "Aggregate functions are not allowed in GROUP BY, but found %s.",
                     tx_item_name(select->tx->arena, expr));
  if (!tx_expr(&ex, expr, &value)) return false;
  if (value.type->kind == TYPE_MAP || value.type->kind == TYPE_VARIANT)
    return fault_set(
        select->tx->session, "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE", "42822",
        "The expression %s cannot be used as a grouping expression because its data type %s is not an "
        "orderable data type.",
        tx_quoted(select->tx, expr), type_quoted(select->tx->arena, value.type));
  select->keys = ast_grow(select->tx->arena, select->keys, select->key_count, sizeof *select->keys);
  select->keys[select->key_count++] = value;
  return true;
}

static bool
find_keys(struct select *select)
{
  const struct ast_query *query = select->query;

  if (query->grouping.all) {
    for (size_t i = 0; i < query->item_count; i++)
      if (!tx_has_aggregate(query->items[i].expr) && query->items[i].expr->kind != AST_STAR &&
          !add_key(select, query->items[i].expr))
        return false;
    return true;
  }
  for (size_t i = 0; i < query->grouping.key_count; i++) {
    const struct ast_expr *expr = key_expr(select, query->grouping.keys[i]);

    if (!expr || !add_key(select, expr)) return false;
  }
  return true;
}

static void
add_select_list(struct select *select, struct buf *buf)
{
  bool bare = select->aggregated && !select->query->grouped;

  /* SQLite must see an aggregate even where none is left in the list: typeof(sum(x)) is known without it. */
  for (size_t i = 0; i < select->item_count; i++)
    if (select->items[i].value.aggregate) bare = false;
  for (size_t i = 0; i < select->item_count; i++) {
    struct value cast = select->items[i].value;

    if (select->targets && i < select->target_count)
      tx_cast(select->tx, &select->items[i].value, select->targets[i].type, 'i', &cast);
    if (bare && i == 0) cast.sql = tx_printf(select->tx, "CASE WHEN count(*)>=0 THEN %s END", cast.sql);
    buf_addf(buf, "%s%s AS k%zu", i ? "," : "", cast.sql, i);
  }
}

/* Group by the keys of SET; one that is a constant must not be read as a position. */
static void
add_group_by(const struct select *select, uint64_t set, bool forced, struct buf *buf)
{
  size_t count = 0;

  for (size_t i = 0; i < select->key_count; i++)
    if (select->query->grouping.all || (set >> i) & 1)
      buf_addf(buf, "%s%s", count++ ? "," : " GROUP BY ",
               select->keys[i].foldable ? "NULL" : select->keys[i].sql);
  if (count == 0 && forced) buf_add_text(buf, " GROUP BY NULL");
}

/* The ORDER BY terms, translated inside the SELECT. */
static bool
order_values(struct select *select, struct value *values)
{
  const struct ast_query *query = select->query;
  struct ex ex = context(select, "ORDER BY clause", true, true);

  ex.items_first = true;
  for (size_t i = 0; i < query->order_count; i++) {
    const struct ast_expr *expr = query->order[i].expr;
    int64_t position;

    if (expr->kind == AST_NUMBER && type_is_integer(expr->type) && str_to_int64(expr->text, &position)) {
      if (position < 1 || position > (int64_t)select->item_count)
        return fault_set(select->tx->session, "ORDER_BY_POS_OUT_OF_RANGE", "42805",
                         "ORDER BY position %s is not in select list (valid range is [1, %zu]).", expr->text,
                         select->item_count);
      values[i] = select->items[position - 1].value;
      continue;
    }
    if (!tx_expr(&ex, expr, &values[i])) return false;
    if (!type_is_ordered(values[i].type))
      return fault_set(
          select->tx->session, "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE", "42K09",
          "Cannot resolve %s due to data type mismatch: The `sortorder` does not support ordering on type "
          "%s.",
          tx_quoted(select->tx, expr), type_quoted(select->tx->arena, values[i].type));
  }
  return true;
}

static bool
having_clause(struct select *select, struct buf *buf, const char *word)
{
  struct ex ex = context(select, "HAVING clause", true, false);
  struct value value;

  if (!select->query->having) return true;
  ex.items_first = false;
  if (!tx_condition(&ex, select->query->having, &value)) return false;
  buf_addf(buf, " %s %s", word, value.sql);
  return true;
}

static bool
qualify_value(struct select *select, struct value *value)
{
  struct ex ex = context(select, "QUALIFY clause", true, true);

  return tx_condition(&ex, select->query->qualify, value);
}

/* One pass of the SELECT for one grouping set; HIDDEN: order terms and the QUALIFY condition go along as
 * columns o0.., q0, because they are needed further out. */
static bool
one_pass(struct select *select, uint64_t set, bool hidden, struct value *order, struct buf *buf)
{
  const struct ast_query *query = select->query;
  struct value qualify;
  size_t start;

  if (!add_items(select)) return false;
  if (hidden && query->qualify && !qualify_value(select, &qualify)) return false;
  if (!query->distinct && !order_values(select, order)) return false;
  buf_addf(buf, "SELECT %s", query->distinct && !hidden ? "DISTINCT " : "");
  start = buf->len;
  add_select_list(select, buf);
  if (buf->len == start) buf_add_text(buf, "NULL"); /* SELECT * of a table that has no columns */
  for (size_t i = 0; hidden && !query->distinct && i < query->order_count; i++)
    buf_addf(buf, ",%s AS o%zu", order[i].sql, i);
  if (hidden && query->qualify) buf_addf(buf, ",%s AS q0", qualify.sql);
  if (select->from) buf_addf(buf, " FROM %s", select->from);
  if (select->generator.from)
    buf_addf(buf, "%s%s", select->from ? " CROSS JOIN " : " FROM ", select->generator.from);
  if (select->where) buf_addf(buf, " WHERE %s", select->where);
  if (query->grouped)
    add_group_by(select, set, query->grouping.sets_given || query->grouping.key_count == 0, buf);
  return having_clause(select, buf, "HAVING");
}

static void
add_order(struct select *select, const struct value *order, bool hidden, struct buf *buf)
{
  const struct ast_query *query = select->query;
  size_t count = 0;

  for (size_t i = 0; i < query->order_count; i++) {
    struct value value = order[i];
    const char *term;

    if (hidden) value.sql = tx_printf(select->tx, "o%zu", i);
    term = tx_order_term(select->tx, &query->order[i], &value);
    if (*term) buf_addf(buf, "%s%s", count++ ? "," : " ORDER BY ", term);
  }
  for (size_t i = 0; query->order_all && i < select->item_count; i++) {
    struct value value = select->items[i].value;

    query->order->nulls_last = query->order->descending;
    if (hidden) value.sql = tx_printf(select->tx, "k%zu", i);
    if (*tx_order_term(select->tx, query->order, &value))
      buf_addf(buf, "%s%s", count++ ? "," : " ORDER BY ", tx_order_term(select->tx, query->order, &value));
  }
}

/* What stands for each key in the grouping SET: itself, or NULL. */
static void
show_keys(struct select *select, uint64_t set)
{
  struct value *shown = arena_array(select->tx->arena, select->key_count + 1, sizeof *shown);

  for (size_t i = 0; i < select->key_count; i++) {
    shown[i] = select->keys[i];
    if (select->query->grouping.sets_given && !((set >> i) & 1)) shown[i].sql = "NULL";
  }
  select->scope.grouped = select->aggregated;
  select->scope.keys = select->keys;
  select->scope.shown = shown;
  select->scope.key_count = select->key_count;
}

static void
fill_plan(struct select *select, struct query_plan *plan)
{
  plan->column_count = select->item_count;
  plan->columns = arena_array(select->tx->arena, select->item_count + 1, sizeof *plan->columns);
  for (size_t i = 0; i < select->item_count; i++) {
    plan->columns[i].name = select->items[i].name;
    plan->columns[i].type = select->items[i].value.type;
  }
}

/* The passes, wrapped where QUALIFY, grouping sets or DISTINCT need a SELECT around them. */
static bool
build(struct select *select, struct query_plan *plan)
{
  const struct ast_query *query = select->query;
  struct tx *tx = select->tx;
  bool sets = query->grouping.sets_given, hidden = sets || query->qualify;
  struct value *order = arena_array(tx->arena, query->order_count + 1, sizeof *order);
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE), outer = BUF_INIT(BUF_LARGE);
  const char *limit;
  size_t passes = query->grouped && query->grouping.set_count ? query->grouping.set_count : 1;

  for (size_t i = 0; i < passes; i++) {
    uint64_t set = query->grouping.set_count ? query->grouping.sets[i] : 0;

    if (i) buf_add_text(&buf, " UNION ALL ");
    show_keys(select, set);
    if (!one_pass(select, set, hidden, order, &buf)) return false;
  }
  fill_plan(select, plan);
  if (!tx_limit(tx, query, &limit)) return false;
  if (hidden) {
    buf_addf(&outer, "SELECT %s", query->distinct ? "DISTINCT " : "");
    for (size_t i = 0; i < select->item_count; i++)
      buf_addf(&outer, "%sk%zu", i ? "," : "", i);
    buf_addf(&outer, " FROM (%s)%s", buf.data, query->qualify ? " WHERE q0" : "");
    buf_reset(&buf);
    buf_add(&buf, outer.data, outer.len);
  }
  if (!query->distinct) {
    add_order(select, order, hidden, &buf);
    buf_add_text(&buf, limit);
  }
  plan->sql = arena_strndup(tx->arena, buf.data, buf.len);
  return true;
}

/* DISTINCT is done before ORDER BY, which then sees only what was selected. */
static bool
distinct_tail(struct select *select, struct query_plan *plan)
{
  struct tx *tx = select->tx;
  const char *alias = tx_alias(tx);
  struct tx_scope scope = {.outer = select->scope.outer};

  for (size_t i = 0; i < select->item_count; i++) {
    struct tx_column *column = tx_scope_add(tx->arena, &scope);

    column->name = select->items[i].name;
    column->type = select->items[i].value.type;
    column->relation = select->relations[i];
    column->sql = tx_printf(tx, "%s.k%zu", alias, i);
  }
  return tx_tail(tx, select->query, &scope, alias, plan);
}

static bool
where_clause(struct select *select)
{
  struct ex ex = context(select, "WHERE clause", false, false);
  struct value value;

  if (!select->query->where) return true;
  if (!tx_condition(&ex, select->query->where, &value)) return false;
  select->where = value.sql;
  return true;
}

bool
tx_select(struct tx *tx, const struct ast_query *query, struct tx_scope *outer, struct query_plan *plan)
{
  struct select select = {.tx = tx, .query = query, .scope = {.outer = outer}};

  select.targets = tx->cast_to;
  select.target_count = tx->cast_count;
  tx->cast_to = NULL;
  if (query->from && !tx_from(tx, query->from, &select.scope, &select.from)) return false;
  if (!where_clause(&select)) return false;
  select.aggregated = find_aggregates(query) || query->having;
  if (query->grouped && !find_keys(&select)) return false;
  if (!build(&select, plan)) return false;
  return !query->distinct || distinct_tail(&select, plan);
}
