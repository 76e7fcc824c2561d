/* SPDX-License-Identifier: Apache-2.0 */
/* JSON text and VARIANT. */
#include "query/builtin.h"

#include "base/str.h"
#include "engine.h"

#include "base/banned.h"

static bool
to_json(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const struct sql_type *type = call->args[0].type;

  if (!type_is_nested(type))
    return tx_coerce(tx, &call->args[0], type_struct(tx->arena, NULL, 0), call->text, 0);
  if (call->count > 1) return tx_unsupported(tx, "to_json with options");
  *value = value_of(tx_printf(tx, "x_to_json(%s,%s)", call->args[0].sql,
                              tx_literal(tx->arena, type_text(tx->arena, type), SIZE_MAX)),
                    type_of(TYPE_STRING));
  return true;
}

static bool
from_json(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const struct ast_expr *schema = call->expr->args[1];
  const struct sql_type *type;
  const char *text;

  if (call->count > 2) return tx_unsupported(tx, "from_json with options");
  if (schema->kind != AST_STRING) return tx_unsupported(tx, "A schema of from_json that is not a literal");
  text = schema->text;
  /* "a INT, b STRING" is the inside of a struct. */
  if (!(type = type_parse(tx->session, text))) {
    tx->session->fault = (struct fault){0};
    if (!(type = type_parse(tx->session, tx_printf(tx, "struct<%s>", text)))) return false;
  }
  *value = value_of(tx_printf(tx, "x_cast(x_parse_json(%s,'t'),'variant',%s,'j')", call->args[0].sql,
                              tx_literal(tx->arena, type_text(tx->arena, type), SIZE_MAX)),
                    type);
  return true;
}

static bool
parse_json(struct builtin_call *call, struct value *value)
{
  *value = value_of(tx_printf(call->ex->tx, "x_parse_json(%s,'%c')", call->args[0].sql,
                              *call->builtin->name == 't' ? 't' : 'c'),
                    type_of(TYPE_VARIANT));
  return true;
}

static bool
get_json(struct builtin_call *call, struct value *value)
{
  *value = value_of(tx_printf(call->ex->tx, "x_get_json(%s,%s,'s')", call->args[0].sql, call->args[1].sql),
                    type_of(TYPE_STRING));
  return true;
}

/* variant_get(v, path [, type]) */
static bool
variant_get(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  struct value found = value_of(tx_printf(tx, "x_get_json(%s,%s,'v')", call->args[0].sql, call->args[1].sql),
                                type_of(TYPE_VARIANT));
  const struct sql_type *type;

  *value = found;
  if (call->count < 3) return true;
  if (call->expr->args[2]->kind != AST_STRING)
    return tx_unsupported(tx, "A type of variant_get that is not a literal");
  type = type_parse(tx->session, call->expr->args[2]->text);
  return type && tx_cast(tx, &found, type, *call->builtin->name == 't' ? 't' : 'c', value);
}

static bool
variant_null(struct builtin_call *call, struct value *value)
{
  *value =
      value_of(tx_printf(call->ex->tx, "coalesce(%s='null',0)", call->args[0].sql), type_of(TYPE_BOOLEAN));
  return true;
}

struct builtin_table
builtins_json(void)
{
  static const struct builtin table[] = {
      {"to_json", 1, 2, "a", NULL, NULL, to_json, false, false},
      {"from_json", 2, 3, "ssa", NULL, NULL, from_json, false, false},
      {"parse_json", 1, 1, "s", NULL, NULL, parse_json, false, false},
      {"try_parse_json", 1, 1, "s", NULL, NULL, parse_json, false, false},
      {"get_json_object", 2, 2, "ss", NULL, NULL, get_json, false, false},
      {"variant_get", 2, 3, "ass", NULL, NULL, variant_get, false, false},
      {"try_variant_get", 2, 3, "ass", NULL, NULL, variant_get, false, false},
      {"is_variant_null", 1, 1, "a", NULL, NULL, variant_null, false, false},
      {"schema_of_json", 1, 1, "s", "s", "x_schema_of_json", NULL, false, false},
      {"json_object_keys", 1, 1, "s", "S", "x_json_keys", NULL, false, false},
      {"json_array_length", 1, 1, "s", "i", "x_json_length", NULL, false, false},
  };

  return (struct builtin_table){table, ARRAY_SIZE(table)};
}
