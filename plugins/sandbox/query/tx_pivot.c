/* SPDX-License-Identifier: Apache-2.0 */
/* PIVOT: every value of the pivot column becomes a column, by filtering each aggregate; what is named nowhere
 * groups. And the generators: explode and its kin as SQLite table-valued functions. */
#include "query/tx.h"

#include "base/str.h"
#include "engine.h"
#include "query/parse.h"

#include "base/banned.h"

static bool
mentions(const struct ast_expr *expr, const char *name)
{
  if (!expr) return false;
  if (expr->kind == AST_NAME && utf8_ieq(expr->name.parts[expr->name.count - 1], name)) return true;
  for (size_t i = 0; i < expr->arg_count; i++)
    if (mentions(expr->args[i], name)) return true;
  return false;
}

static struct ast_expr *
name_node(struct tx *tx, const struct ast_name *relation, const char *name)
{
  struct ast_expr *node = arena_alloc(tx->arena, sizeof *node);

  node->kind = AST_NAME;
  node->name = *relation;
  if (node->name.count < AST_NAME_PARTS) node->name.parts[node->name.count++] = name;
  return node;
}

/* AGGREGATE FILTER (WHERE column = value) */
static bool
filtered(struct tx *tx, const struct ast_relation *pivot, const struct ast_item *aggregate,
         const struct ast_item *value, struct ast_item *item)
{
  struct ast_expr *call = arena_alloc(tx->arena, sizeof *call),
                  *equal = arena_alloc(tx->arena, sizeof *equal);
  const char *label = value->alias                      ? value->alias
                      : value->expr->kind == AST_STRING ? value->expr->text
                                                        : tx_item_name(tx->arena, value->expr);

  if (aggregate->expr->kind != AST_CALL || aggregate->expr->filter)
    return tx_unsupported(tx, "PIVOT with anything but plain aggregate calls");
  equal->kind = AST_INFIX;
  equal->op = "<=>";
  equal->args = ast_grow(tx->arena, NULL, 0, sizeof *equal->args);
  equal->args[0] = pivot->pivot_column;
  equal->args[1] = value->expr;
  equal->arg_count = 2;
  *call = *aggregate->expr;
  call->filter = equal;
  item->expr = call;
  item->alias =
      pivot->pivot_aggregate_count == 1
          ? label
          : tx_printf(tx, "%s_%s", label,
                      aggregate->alias ? aggregate->alias : tx_item_name(tx->arena, aggregate->expr));
  return true;
}

bool
tx_pivot(struct tx *tx, const struct ast_relation *pivot, struct tx_scope *outer, struct query_plan *plan)
{
  struct ast_query *query = arena_alloc(tx->arena, sizeof *query);
  struct tx_scope left = {.outer = outer};
  const char *ignored;

  if (!tx_from(tx, pivot->left, &left, &ignored)) return false;
  query->from = pivot->left;
  query->grouped = true;
  query->grouping.sets = ast_grow(tx->arena, NULL, 0, sizeof *query->grouping.sets);
  query->grouping.set_count = 1;
  for (size_t i = 0; i < left.count; i++) {
    struct tx_column *column = &left.columns[i];
    bool used = column->hidden ||
                utf8_ieq(column->name, pivot->pivot_column->name.parts[pivot->pivot_column->name.count - 1]);

    for (size_t j = 0; j < pivot->pivot_aggregate_count; j++)
      used |= mentions(pivot->pivot_aggregates[j].expr, column->name);
    if (used) continue;
    if (query->grouping.key_count == 64)
      return tx_unsupported(tx, "PIVOT over more than 64 grouping columns");
    query->grouping.keys =
        ast_grow(tx->arena, query->grouping.keys, query->grouping.key_count, sizeof *query->grouping.keys);
    query->grouping.keys[query->grouping.key_count] = name_node(tx, &column->relation, column->name);
    query->items = ast_grow(tx->arena, query->items, query->item_count, sizeof *query->items);
    query->items[query->item_count++].expr = query->grouping.keys[query->grouping.key_count];
    query->grouping.sets[0] |= UINT64_C(1) << query->grouping.key_count++;
  }
  for (size_t i = 0; i < pivot->pivot_value_count; i++)
    for (size_t j = 0; j < pivot->pivot_aggregate_count; j++) {
      query->items = ast_grow(tx->arena, query->items, query->item_count, sizeof *query->items);
      if (!filtered(tx, pivot, &pivot->pivot_aggregates[j], &pivot->pivot_values[i],
                    &query->items[query->item_count++]))
        return false;
    }
  return tx_query(tx, query, outer, plan);
}

static const struct {
  const char *name;
  bool outer, position, inlined;
} generators[] = {
    {"explode", false, false, false},   {"explode_outer", true, false, false},
    {"posexplode", false, true, false}, {"posexplode_outer", true, true, false},
    {"inline", false, false, true},     {"inline_outer", true, false, true},
    {"stack", false, false, true},
};

static int
generator_index(const struct ast_expr *expr)
{
  if (expr->kind != AST_CALL || expr->name.count != 1) return -1;
  for (size_t i = 0; i < ARRAY_SIZE(generators); i++)
    if (str_ieq(expr->name.parts[0], generators[i].name)) return (int)i;
  return -1;
}

bool
tx_is_generator(const struct ast_expr *expr)
{
  return generator_index(expr) >= 0;
}

static void
add_output(struct tx *tx, struct tx_generator *out, const char *name, const char *sql,
           const struct sql_type *type)
{
  out->columns = ast_grow(tx->arena, out->columns, out->count, sizeof *out->columns);
  out->columns[out->count++] = (struct tx_column){.name = name, .sql = sql, .type = type};
}

/* stack(n, a, b, c, d): n rows of what is left, as an array of structs. */
static bool
stack_rows(struct ex *ex, const struct ast_expr *call, struct value *rows)
{
  struct tx *tx = ex->tx;
  int64_t count;
  size_t width;
  struct ast_expr *array = arena_alloc(tx->arena, sizeof *array);

  if (call->arg_count < 2 || call->args[0]->kind != AST_NUMBER ||
      !str_to_int64(call->args[0]->text, &count) || count < 1)
    return tx_unsupported(tx, "stack() without a constant, positive number of rows");
  width = (call->arg_count - 1 + (size_t)count - 1) / (size_t)count;
  array->kind = AST_CALL;
  array->name = (struct ast_name){{"array"}, 1};
  for (size_t r = 0; r < (size_t)count; r++) {
    struct ast_expr *row = arena_alloc(tx->arena, sizeof *row);

    row->kind = AST_CALL;
    row->name = (struct ast_name){{"named_struct"}, 1};
    for (size_t i = 0; i < width; i++) {
      struct ast_expr *label = arena_alloc(tx->arena, sizeof *label),
                      *missing = arena_alloc(tx->arena, sizeof *missing);
      size_t index = 1 + r * width + i;

      label->kind = AST_STRING;
      label->text = tx_printf(tx, "col%zu", i);
      label->length = strlen(label->text);
      missing->kind = AST_NULL;
      row->args = ast_grow(tx->arena, row->args, row->arg_count, sizeof *row->args);
      row->args[row->arg_count++] = label;
      row->args = ast_grow(tx->arena, row->args, row->arg_count, sizeof *row->args);
      row->args[row->arg_count++] = index < call->arg_count ? call->args[index] : missing;
    }
    array->args = ast_grow(tx->arena, array->args, array->arg_count, sizeof *array->args);
    array->args[array->arg_count++] = row;
  }
  return tx_expr(ex, array, rows);
}

static bool
generator_input(struct ex *ex, const struct ast_expr *call, struct value *value)
{
  struct tx *tx = ex->tx;

  if (str_ieq(call->name.parts[0], "stack")) return stack_rows(ex, call, value);
  if (call->arg_count != 1)
    return fault_set(tx->session, "WRONG_NUM_ARGS.WITHOUT_SUGGESTION", "42605",
                     "The `%s` requires 1 parameters but the actual number is %zu.", call->name.parts[0],
                     call->arg_count);
  return tx_expr(ex, call->args[0], value);
}

bool
tx_generator(struct ex *ex, const struct ast_expr *call, bool outer, struct tx_generator *out)
{
  struct tx *tx = ex->tx;
  int index = generator_index(call);
  const struct sql_type *type;
  const char *alias = tx_alias(tx);
  struct value value;

  if (!generator_input(ex, call, &value)) return false;
  type = value.type;
  if (type->kind != TYPE_ARRAY && (type->kind != TYPE_MAP || generators[index].inlined))
    return fault_set(
        tx->session, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "42K09",
        "Cannot resolve %s due to data type mismatch: The first parameter requires the (\"ARRAY\" or "
        "\"MAP\") type, however it has the type %s.",
        tx_quoted(tx, call), type_quoted(tx->arena, type));
  out->from =
      tx_printf(tx, "x_each(%s,'%c','%c') AS %s",
                generators[index].outer && !outer ? tx_printf(tx, "x_outer(%s)", value.sql) : value.sql,
                tx_letter(type->element), type->kind == TYPE_MAP ? tx_letter(type->key) : '-', alias);
  if (generators[index].position)
    add_output(tx, out, "pos", tx_printf(tx, "%s.pos", alias), type_of(TYPE_INT));
  if (type->kind == TYPE_MAP) {
    add_output(tx, out, "key", tx_printf(tx, "%s.key", alias), type->key);
    add_output(tx, out, "value", tx_printf(tx, "%s.value", alias), type->element);
    return true;
  }
  if (!generators[index].inlined) {
    add_output(tx, out, "col", tx_printf(tx, "%s.value", alias), type->element);
    return true;
  }
  for (size_t i = 0; i < type->element->field_count; i++) {
    const struct type_field *field = &type->element->fields[i];

    add_output(tx, out, field->name,
               tx_printf(tx, "x_field(%s.value,%s,'%c')", alias, tx_literal(tx->arena, field->name, SIZE_MAX),
                         tx_letter(field->type)),
               field->type);
  }
  return true;
}
