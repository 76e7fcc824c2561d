/* SPDX-License-Identifier: Apache-2.0 */
/* approx_top_k and histogram_numeric: what fn_frequent.c computes. */
#include "base/str.h"
#include "engine.h"
#include "query/builtin.h"

#include "base/banned.h"

/* array<struct<FIRST:type, SECOND:type>> */
static const struct sql_type *
pairs(struct arena *arena, const char *first, const struct sql_type *first_type, const char *second,
      const struct sql_type *second_type)
{
  struct type_field *fields = arena_array(arena, 2, sizeof *fields);

  fields[0] = (struct type_field){.name = first, .type = first_type};
  fields[1] = (struct type_field){.name = second, .type = second_type};
  return type_array(arena, type_struct(arena, fields, 2));
}

static bool
top_k(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const struct sql_type *type = call->args[0].type;

  if (type->kind == TYPE_ARRAY || type->kind == TYPE_MAP || type->kind == TYPE_STRUCT ||
      type->kind == TYPE_VARIANT || type->kind == TYPE_BINARY)
    return tx_unsupported(tx, "approx_top_k of a value that is no text, number, boolean, date or timestamp");
  *value = value_of(tx_printf(tx, "x_top(x_json('%c',%s),%s)", tx_letter(type), call->args[0].sql,
                              call->count > 1 ? call->args[1].sql : "5"),
                    pairs(tx->arena, "item", type, "count", type_of(TYPE_BIGINT)));
  return true;
}

static bool
histogram(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  struct value number;

  if (!tx_cast(tx, &call->args[0], type_of(TYPE_DOUBLE), 'i', &number)) return false;
  *value = value_of(tx_printf(tx, "x_histogram(%s,%s)", number.sql, call->args[1].sql),
                    pairs(tx->arena, "x", call->args[0].type, "y", type_of(TYPE_DOUBLE)));
  return true;
}

struct builtin_table
builtins_frequent(void)
{
  static const struct builtin table[] = {
      {"approx_top_k", 1, 3, "ai", NULL, NULL, top_k, true, false},
      {"histogram_numeric", 2, 2, "ni", NULL, NULL, histogram, true, false},
  };

  return (struct builtin_table){table, ARRAY_SIZE(table)};
}
