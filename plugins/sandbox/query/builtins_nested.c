/* SPDX-License-Identifier: Apache-2.0 */
/* Arrays, maps, structs and lambdas. A lambda's body is translated over the columns of x_each,
 * so a higher-order function is a small correlated subquery. */
#include "query/builtin.h"

#include "base/buf.h"
#include "base/str.h"
#include "engine.h"

#include "base/banned.h"

#define ARGS_MAX 100 /* SQLite takes at most 127 arguments */

static const struct sql_type *
element_of(const struct value *array)
{
  return array->type->element ? array->type->element : type_of(TYPE_VOID);
}

/* array(a, b, ...): in pieces where there are many. */
static bool
array(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const struct sql_type *type = call->count ? call->args[0].type : type_of(TYPE_VOID);
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  bool pieces = call->count > ARGS_MAX;

  if (call->count > (size_t)ARGS_MAX * ARGS_MAX) return tx_unsupported(tx, "An array() of so many elements");
  if (pieces) buf_add_text(&buf, "x_array_concat(");
  for (size_t i = 0; i < call->count || i == 0; i++) {
    if (i % ARGS_MAX == 0) buf_addf(&buf, "%sx_array('%c'", i ? ")," : "", tx_letter(type));
    if (i < call->count) buf_addf(&buf, ",%s", call->args[i].sql);
  }
  buf_add_text(&buf, pieces ? "))" : ")");
  *value = value_of(arena_strndup(tx->arena, buf.data, buf.len), type_array(tx->arena, type));
  return true;
}

static bool
build_struct(struct builtin_call *call, const char *const *names, const struct value *values, size_t count,
             struct value *value)
{
  struct tx *tx = call->ex->tx;
  struct type_field *fields = arena_array(tx->arena, count + 1, sizeof *fields);
  CLEANUP_BUF struct buf letters = BUF_INIT(BUF_LARGE), args = BUF_INIT(BUF_LARGE);

  if (count > 60) return tx_unsupported(tx, "A struct of more than 60 fields");
  for (size_t i = 0; i < count; i++) {
    fields[i] = (struct type_field){.name = names[i], .type = values[i].type};
    buf_add_char(&letters, tx_letter(values[i].type));
    buf_addf(&args, ",%s,%s", tx_literal(tx->arena, names[i], SIZE_MAX), values[i].sql);
  }
  *value = value_of(tx_printf(tx, "x_struct('%s'%s)", letters.data, args.data),
                    type_struct(tx->arena, fields, count));
  return true;
}

/* struct(a, b AS c): a column keeps its name, anything else is col1, col2, ... */
static bool
make_struct(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char **names = arena_array(tx->arena, call->count + 1, sizeof *names);

  if (call->count == 1 && call->expr->args[0]->kind == AST_STAR) {
    struct tx_column *columns;
    struct value *values;
    size_t count;

    if (!tx_star(call->ex, call->expr->args[0], &columns, &count)) return false;
    names = arena_array(tx->arena, count + 1, sizeof *names);
    values = arena_array(tx->arena, count + 1, sizeof *values);
    for (size_t i = 0; i < count; i++) {
      names[i] = columns[i].name;
      values[i] = value_of(columns[i].sql, columns[i].type);
    }
    call->count = 0;
    return build_struct(call, names, values, count, value);
  }
  for (size_t i = 0; i < call->count; i++) {
    const struct ast_expr *arg = call->expr->args[i];

    names[i] = call->expr->arg_names && call->expr->arg_names[i] ? call->expr->arg_names[i]
               : arg->kind == AST_NAME                           ? arg->name.parts[arg->name.count - 1]
               : arg->kind == AST_FIELD                          ? arg->text
                                                                 : tx_printf(tx, "col%zu", i + 1);
  }
  return build_struct(call, names, call->args, call->count, value);
}

static bool
named_struct(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  size_t count = call->count / 2;
  const char **names = arena_array(tx->arena, count + 1, sizeof *names);
  struct value *values = arena_array(tx->arena, count + 1, sizeof *values);

  if (call->count % 2)
    return fault_set(tx->session, "WRONG_NUM_ARGS.WITHOUT_SUGGESTION", "42605",
                     "The `named_struct` requires 2n (n > 0) parameters but the actual number is %zu.",
                     call->count);
  for (size_t i = 0; i < count; i++) {
    if (call->expr->args[2 * i]->kind != AST_STRING)
      return tx_unsupported(tx, "A field name that is not a literal");
    names[i] = call->expr->args[2 * i]->text;
    values[i] = call->args[2 * i + 1];
  }
  return build_struct(call, names, values, count, value);
}

static bool
map(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  size_t count = call->count / 2;
  struct value *keys = arena_array(tx->arena, count + 1, sizeof *keys);
  struct value *values = arena_array(tx->arena, count + 1, sizeof *values);
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (call->count % 2 || call->count > ARGS_MAX)
    return fault_set(tx->session, "WRONG_NUM_ARGS.WITHOUT_SUGGESTION", "42605",
                     "The `map` requires 2n (n > 0) parameters but the actual number is %zu.", call->count);
  for (size_t i = 0; i < count; i++) {
    keys[i] = call->args[2 * i];
    values[i] = call->args[2 * i + 1];
  }
  if (!tx_unify(tx, keys, count, call->text) || !tx_unify(tx, values, count, call->text)) return false;
  for (size_t i = 0; i < count; i++)
    buf_addf(&buf, ",%s,%s", keys[i].sql, values[i].sql);
  *value = value_of(tx_printf(tx, "x_map('%c','%c'%s)", count ? tx_letter(keys[0].type) : 's',
                              count ? tx_letter(values[0].type) : 's', buf.data),
                    type_map(tx->arena, count ? keys[0].type : type_of(TYPE_STRING),
                             count ? values[0].type : type_of(TYPE_VOID)));
  return true;
}

static bool
map_from_arrays(struct builtin_call *call, struct value *value)
{
  *value = value_of(tx_printf(call->ex->tx, "x_map_of(%s,%s)", call->args[0].sql, call->args[1].sql),
                    type_map(call->ex->tx->arena, element_of(&call->args[0]), element_of(&call->args[1])));
  return true;
}

static bool
map_parts(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const struct sql_type *type = call->args[0].type;
  const char *name = call->builtin->name;
  struct type_field *fields;

  if (type->kind != TYPE_MAP) return tx_unsupported(tx, "A map function over NULL");
  if (str_eq(name, "map_values")) {
    *value =
        value_of(tx_printf(tx, "x_map_values(%s)", call->args[0].sql), type_array(tx->arena, type->element));
    return true;
  }
  if (str_eq(name, "map_keys")) {
    *value = value_of(tx_printf(tx, "x_map_keys(%s,'%c')", call->args[0].sql, tx_letter(type->key)),
                      type_array(tx->arena, type->key));
    return true;
  }
  fields = arena_array(tx->arena, 2, sizeof *fields);
  fields[0] = (struct type_field){.name = "key", .type = type->key};
  fields[1] = (struct type_field){.name = "value", .type = type->element};
  *value = value_of(tx_printf(tx, "x_map_entries(%s,'%c')", call->args[0].sql, tx_letter(type->key)),
                    type_array(tx->arena, type_struct(tx->arena, fields, 2)));
  return true;
}

static bool
map_concat(struct builtin_call *call, struct value *value)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (!tx_unify(call->ex->tx, call->args, call->count, call->text)) return false;
  for (size_t i = 0; i < call->count; i++)
    buf_addf(&buf, "%s%s", i ? "," : "", call->args[i].sql);
  *value = value_of(tx_printf(call->ex->tx, "x_map_concat(%s)", buf.data), call->args[0].type);
  return true;
}

static bool
size(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const struct sql_type *type = call->args[0].type;

  if (type->kind != TYPE_ARRAY && type->kind != TYPE_MAP && type->kind != TYPE_VOID)
    return tx_coerce(tx, &call->args[0], type_array(tx->arena, type_of(TYPE_STRING)), call->text, 0);
  *value = value_of(tx_printf(tx, "x_size(%s)", call->args[0].sql), type_of(TYPE_INT));
  return true;
}

/* element_at(array, n), element_at(map, key), try_element_at, get(array, n) */
static bool
element_at(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *name = call->builtin->name;
  bool soft = !str_eq(name, "element_at");

  if (call->args[0].type->kind != TYPE_ARRAY || str_eq(name, "get"))
    return tx_index(call->ex, &call->args[0], &call->args[1], soft, value);
  if (!tx_coerce(tx, &call->args[1], type_of(TYPE_INT), call->text, 1)) return false;
  *value = value_of(tx_printf(tx, "x_element(%s,%s,'%c','%c')", call->args[0].sql, call->args[1].sql,
                              tx_letter(element_of(&call->args[0])), soft ? 't' : 'c'),
                    element_of(&call->args[0]));
  return true;
}

/* array_contains(a, x) and the like: the element in the array's own type, as JSON. */
static bool
with_element(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *name = call->builtin->name;
  struct value items[2] = {call->args[0], call->args[1]}, element;
  const struct sql_type *type = tx_common(tx->arena, element_of(&items[0]), items[1].type);

  if (!type) return tx_coerce(tx, &call->args[1], element_of(&items[0]), call->text, 1);
  if (!tx_cast(tx, &call->args[0], type_array(tx->arena, type), 'i', &items[0]) ||
      !tx_cast(tx, &call->args[1], type, 'i', &element))
    return false;
  element.sql = tx_printf(tx, "x_json('%c',%s)", tx_letter(type), element.sql);
  if (str_eq(name, "array_contains"))
    *value = value_of(tx_printf(tx, "x_array_has(%s,%s)", items[0].sql, element.sql), type_of(TYPE_BOOLEAN));
  else if (str_eq(name, "array_position"))
    *value =
        value_of(tx_printf(tx, "x_array_position(%s,%s)", items[0].sql, element.sql), type_of(TYPE_BIGINT));
  else if (str_eq(name, "array_remove"))
    *value = value_of(tx_printf(tx, "x_array_remove(%s,%s)", items[0].sql, element.sql), items[0].type);
  else
    *value = value_of(str_eq(name, "array_prepend")
                          ? tx_printf(tx, "x_array_concat(x_array('j',%s),%s)", element.sql, items[0].sql)
                          : tx_printf(tx, "x_array_concat(%s,x_array('j',%s))", items[0].sql, element.sql),
                      items[0].type);
  return true;
}

static bool
map_contains(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const struct sql_type *type = call->args[0].type;

  if (type->kind != TYPE_MAP || !tx_coerce(tx, &call->args[1], type->key, call->text, 1))
    return tx_unsupported(tx, "map_contains_key over NULL");
  *value = value_of(tx_printf(tx, "x_array_has(x_map_keys(%s,'%c'),x_json('%c',%s))", call->args[0].sql,
                              tx_letter(type->key), tx_letter(type->key), call->args[1].sql),
                    type_of(TYPE_BOOLEAN));
  return true;
}

static bool
array_set(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *name = call->builtin->name;

  if (call->count == 2 && !tx_unify(tx, call->args, 2, call->text)) return false;
  *value = value_of(tx_printf(tx, "x_array_set('%c',%s,%s)", name[6], call->args[0].sql,
                              call->count == 2 ? call->args[1].sql : "'[]'"),
                    call->args[0].type);
  return true;
}

static bool
overlap(struct builtin_call *call, struct value *value)
{
  if (!tx_unify(call->ex->tx, call->args, 2, call->text)) return false;
  *value = value_of(tx_printf(call->ex->tx, "x_array_overlap(%s,%s)", call->args[0].sql, call->args[1].sql),
                    type_of(TYPE_BOOLEAN));
  return true;
}

/* sort_array(a [, asc]): nulls first when ascending; array_sort(a): nulls last. */
static bool
sorted(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *ascending = call->count > 1 ? call->args[1].sql : "1";

  if (str_eq(call->builtin->name, "array_sort")) {
    if (call->count > 1) return tx_unsupported(tx, "array_sort with a comparison function");
    *value = value_of(tx_printf(tx, "x_array_sort(%s,1,0)", call->args[0].sql), call->args[0].type);
    return true;
  }
  if (call->count > 1 && !tx_coerce(tx, &call->args[1], type_of(TYPE_BOOLEAN), call->text, 1)) return false;
  *value = value_of(tx_printf(tx, "x_array_sort(%s,%s,%s)", call->args[0].sql, ascending, ascending),
                    call->args[0].type);
  return true;
}

static bool
array_extreme(struct builtin_call *call, struct value *value)
{
  *value = value_of(tx_printf(call->ex->tx, "x_array_extreme(%s,'%c','%c')", call->args[0].sql,
                              str_eq(call->builtin->name, "array_max") ? '>' : '<',
                              tx_letter(element_of(&call->args[0]))),
                    element_of(&call->args[0]));
  return true;
}

static bool
flatten(struct builtin_call *call, struct value *value)
{
  if (element_of(&call->args[0])->kind != TYPE_ARRAY)
    return tx_unsupported(call->ex->tx, "flatten of no array of arrays");
  *value = value_of(tx_printf(call->ex->tx, "x_flatten(%s)", call->args[0].sql), element_of(&call->args[0]));
  return true;
}

static bool
array_join(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  struct value text;

  if (!tx_cast(tx, &call->args[0], type_array(tx->arena, type_of(TYPE_STRING)), 'i', &text)) return false;
  *value = value_of(tx_printf(tx, "x_array_join(%s,%s%s%s)", text.sql, call->args[1].sql,
                              call->count > 2 ? "," : "", call->count > 2 ? call->args[2].sql : ""),
                    type_of(TYPE_STRING));
  return true;
}

static bool
array_repeat(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;

  *value = value_of(tx_printf(tx, "x_array_repeat(x_json('%c',%s),%s)", tx_letter(call->args[0].type),
                              call->args[0].sql, call->args[1].sql),
                    type_array(tx->arena, call->args[0].type));
  return true;
}

static bool
sequence(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;

  if (!type_is_integer(call->args[0].type)) return tx_unsupported(tx, "sequence of other than whole numbers");
  if (!tx_unify(tx, call->args, call->count, call->text)) return false;
  *value = value_of(tx_printf(tx, "x_sequence(%s,%s,%s)", call->args[0].sql, call->args[1].sql,
                              call->count > 2 ? call->args[2].sql
                                              : tx_printf(tx, "CASE WHEN %s<=%s THEN 1 ELSE -1 END",
                                                          call->args[0].sql, call->args[1].sql)),
                    type_array(tx->arena, call->args[0].type));
  return true;
}

static bool
arrays_zip(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  struct type_field *fields = arena_array(tx->arena, call->count + 1, sizeof *fields);
  CLEANUP_BUF struct buf names = BUF_INIT(BUF_LARGE), args = BUF_INIT(BUF_LARGE);

  for (size_t i = 0; i < call->count; i++) {
    const struct ast_expr *arg = call->expr->args[i];

    fields[i].name = arg->kind == AST_NAME ? arg->name.parts[arg->name.count - 1] : tx_printf(tx, "%zu", i);
    fields[i].type = element_of(&call->args[i]);
    buf_add_char(&names, i ? ',' : '[');
    buf_add_json(&names, fields[i].name);
    buf_addf(&args, ",%s", call->args[i].sql);
  }
  buf_add_char(&names, ']');
  *value = value_of(tx_printf(tx, "x_zip(%s%s)", tx_literal(tx->arena, names.data, names.len), args.data),
                    type_array(tx->arena, type_struct(tx->arena, fields, call->count)));
  return true;
}

/* LAMBDA's body over the given parameters, which stand for SQLite texts. */
static bool
lambda_body(struct builtin_call *call, size_t index, const struct tx_column *columns, size_t count,
            struct value *value)
{
  const struct ast_expr *lambda = call->expr->args[index];
  struct tx *tx = call->ex->tx;
  struct tx_scope scope = {.outer = call->ex->scope, .parameters = true};
  struct ex inner = *call->ex;

  if (lambda->kind != AST_LAMBDA) return tx_unsupported(tx, "A function argument that is no lambda");
  if (lambda->param_count > count)
    return fault_set(
        tx->session, "INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH", "42K0D",
        "Invalid lambda function call. A higher order function expects %zu arguments, but got %zu.", count,
        lambda->param_count);
  for (size_t i = 0; i < lambda->param_count; i++) {
    struct tx_column *column = tx_scope_add(tx->arena, &scope);

    *column = columns[i];
    column->name = lambda->params[i];
  }
  inner.scope = &scope;
  return tx_expr(&inner, lambda->args[0], value);
}

static const char *
each(struct builtin_call *call, const struct value *container, const char *alias)
{
  const struct sql_type *type = container->type;

  return tx_printf(call->ex->tx, "x_each(%s,'%c','%c') AS %s", container->sql,
                   tx_letter(element_of(container)), type->kind == TYPE_MAP ? tx_letter(type->key) : '-',
                   alias);
}

/* transform, filter, exists, forall over arrays */
static bool
higher_order(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *name = call->builtin->name, *alias = tx_alias(tx), *from = each(call, &call->args[0], alias);
  const struct sql_type *element = element_of(&call->args[0]);
  struct tx_column columns[2] = {{.sql = tx_printf(tx, "%s.value", alias), .type = element},
                                 {.sql = tx_printf(tx, "%s.pos", alias), .type = type_of(TYPE_INT)}};
  const char *array = call->args[0].sql;
  struct value body;

  if (!lambda_body(call, 1, columns, 2, &body)) return false;
  if (str_eq(name, "transform")) {
    *value = value_of(
        tx_printf(tx, "CASE WHEN %s IS NOT NULL THEN (SELECT x_collect_j(x_json('%c',%s)) FROM %s) END",
                  array, tx_letter(body.type), body.sql, from),
        type_array(tx->arena, body.type));
    return true;
  }
  if (!tx_coerce(tx, &body, type_of(TYPE_BOOLEAN), call->text, 1)) return false;
  if (str_eq(name, "filter"))
    *value = value_of(
        tx_printf(tx,
                  "CASE WHEN %s IS NOT NULL THEN (SELECT x_collect_j(x_json('%c',%s.value)) FROM %s WHERE "
                  "%s) END",
                  array, tx_letter(element), alias, from, body.sql),
        call->args[0].type);
  else
    *value = value_of(
        tx_printf(tx,
                  "CASE WHEN %s IS NOT NULL THEN (SELECT CASE WHEN count(*)=0 THEN %d WHEN %s(%s)=%d THEN "
                  "%d WHEN count(*)>count(%s) THEN NULL ELSE %d END FROM %s) END",
                  array, *name == 'f', *name == 'f' ? "min" : "max", body.sql, *name != 'f', *name != 'f',
                  body.sql, *name == 'f', from),
        type_of(TYPE_BOOLEAN));
  return true;
}

/* aggregate(array, start, (acc, x) -> ..., acc -> ...): a recursive query that walks the array. */
static bool
reduce(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *walk = tx_alias(tx), *array = call->args[0].sql;
  const struct sql_type *element = element_of(&call->args[0]);
  struct tx_column columns[2] = {
      {.sql = tx_printf(tx, "%s.acc", walk), .type = call->args[1].type},
      {.sql = tx_printf(tx, "x_item(%s,%s.i,'%c','t')", array, walk, tx_letter(element)), .type = element}};
  struct value step, merged, result;

  if (!lambda_body(call, 2, columns, 2, &step)) return false;
  if (!tx_can_cast(step.type, call->args[1].type, 'i') ||
      !tx_cast(tx, &step, call->args[1].type, 'i', &merged))
    return tx_coerce(tx, &step, call->args[1].type, call->text, 2);
  result = value_of(columns[0].sql, columns[0].type);
  if (call->count > 3 && !lambda_body(call, 3, columns, 1, &result)) return false;
  *value = value_of(
      tx_printf(tx,
                "CASE WHEN %s IS NOT NULL THEN (WITH RECURSIVE %s(i,acc) AS (SELECT 0,%s UNION ALL SELECT "
                "%s.i+1,%s FROM %s WHERE %s.i<x_size(%s)) SELECT %s FROM %s ORDER BY %s.i DESC LIMIT 1) END",
                array, walk, call->args[1].sql, walk, merged.sql, walk, walk, array, result.sql, walk, walk),
      result.type);
  return true;
}

/* transform_values, transform_keys, map_filter */
static bool
map_higher(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *name = call->builtin->name, *alias = tx_alias(tx), *from = each(call, &call->args[0], alias);
  const struct sql_type *type = call->args[0].type, *key = type->key, *element = type->element;
  struct tx_column columns[2] = {{.sql = tx_printf(tx, "%s.key", alias), .type = key},
                                 {.sql = tx_printf(tx, "%s.value", alias), .type = element}};
  const char *keys, *values, *where = "";
  struct value body;

  if (type->kind != TYPE_MAP) return tx_unsupported(tx, "A map function over NULL");
  if (!lambda_body(call, 1, columns, 2, &body)) return false;
  keys = tx_printf(tx, "x_json('%c',%s.key)", tx_letter(key), alias);
  values = tx_printf(tx, "x_json('%c',%s.value)", tx_letter(element), alias);
  if (str_eq(name, "transform_values")) {
    values = tx_printf(tx, "x_json('%c',%s)", tx_letter(body.type), body.sql);
    element = body.type;
  } else if (str_eq(name, "transform_keys")) {
    keys = tx_printf(tx, "x_json('%c',%s)", tx_letter(body.type), body.sql);
    key = body.type;
  } else {
    where = tx_printf(tx, " WHERE %s", body.sql);
  }
  *value = value_of(
      tx_printf(tx,
                "CASE WHEN %s IS NOT NULL THEN (SELECT x_map_of(x_collect_j(%s),x_collect_j(%s)) FROM %s%s) "
                "END",
                call->args[0].sql, keys, values, from, where),
      type_map(tx->arena, key, element));
  return true;
}

static bool
compact(struct builtin_call *call, struct value *value)
{
  *value = value_of(tx_printf(call->ex->tx, "x_array_compact(%s)", call->args[0].sql), call->args[0].type);
  return true;
}

struct builtin_table
builtins_nested(void)
{
  static const struct builtin table[] = {
      {"array", 0, -1, "c", NULL, NULL, array, false, false},
      {"struct", 1, -1, "a", NULL, NULL, make_struct, false, false},
      {"named_struct", 2, -1, "a", NULL, NULL, named_struct, false, false},
      {"map", 0, -1, "a", NULL, NULL, map, false, false},
      {"map_from_arrays", 2, 2, "z", NULL, NULL, map_from_arrays, false, false},
      {"map_keys", 1, 1, "m", NULL, NULL, map_parts, false, false},
      {"map_values", 1, 1, "m", NULL, NULL, map_parts, false, false},
      {"map_entries", 1, 1, "m", NULL, NULL, map_parts, false, false},
      {"map_concat", 1, -1, "m", NULL, NULL, map_concat, false, false},
      {"map_contains_key", 2, 2, "ma", NULL, NULL, map_contains, false, false},
      {"size", 1, 1, "a", NULL, NULL, size, false, false},
      {"cardinality", 1, 1, "a", NULL, NULL, size, false, false},
      {"array_size", 1, 1, "z", NULL, NULL, size, false, false},
      {"element_at", 2, 2, "a", NULL, NULL, element_at, false, false},
      {"try_element_at", 2, 2, "a", NULL, NULL, element_at, false, false},
      {"get", 2, 2, "za", NULL, NULL, element_at, false, false},
      {"array_contains", 2, 2, "za", NULL, NULL, with_element, false, false},
      {"array_position", 2, 2, "za", NULL, NULL, with_element, false, false},
      {"array_remove", 2, 2, "za", NULL, NULL, with_element, false, false},
      {"array_append", 2, 2, "za", NULL, NULL, with_element, false, false},
      {"array_prepend", 2, 2, "za", NULL, NULL, with_element, false, false},
      {"array_distinct", 1, 1, "z", NULL, NULL, array_set, false, false},
      {"array_union", 2, 2, "z", NULL, NULL, array_set, false, false},
      {"array_intersect", 2, 2, "z", NULL, NULL, array_set, false, false},
      {"array_except", 2, 2, "z", NULL, NULL, array_set, false, false},
      {"arrays_overlap", 2, 2, "z", NULL, NULL, overlap, false, false},
      {"array_compact", 1, 1, "z", NULL, NULL, compact, false, false},
      {"sort_array", 1, 2, "za", NULL, NULL, sorted, false, false},
      {"array_sort", 1, 2, "za", NULL, NULL, sorted, false, false},
      {"array_max", 1, 1, "z", NULL, NULL, array_extreme, false, false},
      {"array_min", 1, 1, "z", NULL, NULL, array_extreme, false, false},
      {"slice", 3, 3, "zii", "0", "x_slice", NULL, false, false},
      {"flatten", 1, 1, "z", NULL, NULL, flatten, false, false},
      {"array_join", 2, 3, "zss", NULL, NULL, array_join, false, false},
      {"array_repeat", 2, 2, "ai", NULL, NULL, array_repeat, false, false},
      {"sequence", 2, 3, "a", NULL, NULL, sequence, false, false},
      {"arrays_zip", 1, -1, "z", NULL, NULL, arrays_zip, false, false},
      {"transform", 2, 2, "zf", NULL, NULL, higher_order, false, false},
      {"filter", 2, 2, "zf", NULL, NULL, higher_order, false, false},
      {"exists", 2, 2, "zf", NULL, NULL, higher_order, false, false},
      {"any_match", 2, 2, "zf", NULL, NULL, higher_order, false, false},
      {"forall", 2, 2, "zf", NULL, NULL, higher_order, false, false},
      {"aggregate", 3, 4, "zaff", NULL, NULL, reduce, false, false},
      {"reduce", 3, 4, "zaff", NULL, NULL, reduce, false, false},
      {"transform_values", 2, 2, "mf", NULL, NULL, map_higher, false, false},
      {"transform_keys", 2, 2, "mf", NULL, NULL, map_higher, false, false},
      {"map_filter", 2, 2, "mf", NULL, NULL, map_higher, false, false},
  };

  return (struct builtin_table){table, ARRAY_SIZE(table)};
}
