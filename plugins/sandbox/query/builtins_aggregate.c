/* SPDX-License-Identifier: Apache-2.0 */
/* Aggregate and window functions. */
#include "query/builtin.h"

#include "base/buf.h"
#include "base/str.h"
#include "engine.h"

#include "base/banned.h"

static bool
set(struct builtin_call *call, struct value *value, const char *function, const char *args,
    const struct sql_type *type)
{
  *value = value_of(
      tx_printf(call->ex->tx, "%s(%s%s)", function, call->expr->distinct ? "DISTINCT " : "", args), type);
  return true;
}

/* The result of the SQLite aggregate has to be worked on: text before and behind its whole call. */
static void
wrap(struct builtin_call *call, const char *before, const char *behind)
{
  call->before = before;
  call->behind = behind;
}

/* count(*), count(a), count(DISTINCT a, b): a row with a NULL among several does not count. */
static bool
count(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  CLEANUP_BUF struct buf any = BUF_INIT(BUF_LARGE), all = BUF_INIT(BUF_LARGE);

  if (call->count == 1 && !call->args[0].sql) return set(call, value, "count", "*", type_of(TYPE_BIGINT));
  if (call->count == 1 && call->args[0].foldable && call->args[0].type->kind != TYPE_VOID &&
      !call->expr->distinct)
    return set(call, value, "count", "*", type_of(TYPE_BIGINT));
  if (call->count == 1) return set(call, value, "count", call->args[0].sql, type_of(TYPE_BIGINT));
  for (size_t i = 0; i < call->count; i++) {
    buf_addf(&any, "%s%s IS NULL", i ? " OR " : "", call->args[i].sql);
    buf_addf(&all, ",x_json('%c',%s)", tx_letter(call->args[i].type), call->args[i].sql);
  }
  return set(call, value, "count",
             tx_printf(tx, "CASE WHEN %s THEN NULL ELSE x_array('j'%s) END", any.data, all.data),
             type_of(TYPE_BIGINT));
}

static bool
count_if(struct builtin_call *call, struct value *value)
{
  return set(call, value, "count", tx_printf(call->ex->tx, "CASE WHEN %s THEN 1 END", call->args[0].sql),
             type_of(TYPE_BIGINT));
}

static const struct sql_type *
wider(struct arena *arena, const struct sql_type *type, int whole, int scale)
{
  int precision = type->precision + whole, digits = type->scale + scale;

  if (precision > 38) {
    int integral = precision - digits, least = digits < 6 ? digits : 6;

    digits = 38 - integral > least ? 38 - integral : least;
    precision = 38;
  }
  return type_decimal(arena, precision, digits);
}

static bool
sum(struct builtin_call *call, struct value *value)
{
  const struct sql_type *type = call->args[0].type;
  struct arena *arena = call->ex->tx->arena;

  if (type->kind == TYPE_INTERVAL_MONTHS || type->kind == TYPE_INTERVAL_SECONDS)
    return set(call, value, "sum", call->args[0].sql, type);
  if (type->kind == TYPE_DECIMAL) {
    int precision = type->precision + 10 > 38 ? 38 : type->precision + 10;

    return set(call, value, "x_decimal_sum", call->args[0].sql, type_decimal(arena, precision, type->scale));
  }
  return set(call, value, "sum", call->args[0].sql,
             type_of(type_is_integer(type) ? TYPE_BIGINT : TYPE_DOUBLE));
}

static bool
avg(struct builtin_call *call, struct value *value)
{
  const struct sql_type *type = call->args[0].type, *result;
  struct tx *tx = call->ex->tx;

  if (type->kind != TYPE_DECIMAL) return set(call, value, "avg", call->args[0].sql, type_of(TYPE_DOUBLE));
  result = wider(tx->arena, type, 4, 4);
  if (result->scale != type->scale + 4)
    wrap(call, "x_cast(",
         tx_printf(tx, ",'decimal(38,%d)','%s','c')", type->scale + 4, type_text(tx->arena, result)));
  return set(call, value, "x_decimal_avg", call->args[0].sql, result);
}

static bool
extreme(struct builtin_call *call, struct value *value)
{
  const struct value *arg = &call->args[0];
  struct tx *tx = call->ex->tx;

  return set(call, value, str_eq(call->builtin->name, "min") ? "min" : "max",
             tx_printf(tx, "%s%s", arg->sql, tx_collation(arg->type)), arg->type);
}

static bool
every(struct builtin_call *call, struct value *value)
{
  bool all = str_eq(call->builtin->name, "every") || str_eq(call->builtin->name, "bool_and");

  return set(call, value, all ? "min" : "max", call->args[0].sql, type_of(TYPE_BOOLEAN));
}

static bool
collect(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const struct value *arg = &call->args[0];
  bool as_set = str_eq(call->builtin->name, "collect_set") || call->expr->distinct;

  *value =
      value_of(tx_printf(tx, "x_collect_%c(%s%s)", tx_letter(arg->type), as_set ? "DISTINCT " : "", arg->sql),
               type_array(tx->arena, arg->type));
  return true;
}

/* first(x [, ignore]) and relatives. As a window only SQLite's own first_value and last_value know frames. */
static bool
first(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  bool last = str_starts(call->builtin->name, "last");
  const char *ignore = call->expr->nulls_ignored ? "1" : call->count > 1 ? call->args[1].sql : "0";

  if (call->expr->window) {
    if (!str_eq(ignore, "0")) return tx_unsupported(tx, "IGNORE NULLS in a window function");
    *value = value_of(tx_printf(tx, "%s(%s)", last ? "last_value" : "first_value", call->args[0].sql),
                      call->args[0].type);
    return true;
  }
  *value = value_of(tx_printf(tx, "%s(%s,%s)", last ? "x_last" : "x_first", call->args[0].sql, ignore),
                    call->args[0].type);
  return true;
}

static bool
any_value(struct builtin_call *call, struct value *value)
{
  return first(call, value);
}

static bool
by(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *key = call->args[1].sql;

  if (type_is_nested(call->args[1].type)) return tx_unsupported(tx, "max_by and min_by over nested values");
  if (call->args[1].type->kind == TYPE_DECIMAL) key = tx_printf(tx, "x_mark(%s)", key);
  *value =
      value_of(tx_printf(tx, "x_%s(%s,%s)", call->builtin->name, call->args[0].sql, key), call->args[0].type);
  return true;
}

static bool
percentile(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const struct sql_type *type = type_of(TYPE_DOUBLE);
  bool approximate =
      str_starts(call->builtin->name, "percentile_approx") || str_starts(call->builtin->name, "approx");
  struct value number, fraction = call->args[1], source = call->args[0];
  bool list = fraction.type->kind == TYPE_ARRAY;

  if (!tx_cast(tx, &source, type_of(TYPE_DOUBLE), 'i', &number)) return false;
  if (!list && !tx_cast(tx, &call->args[1], type_of(TYPE_DOUBLE), 'i', &fraction)) return false;
  if (approximate && !list) type = source.type;
  if (list) type = type_array(tx->arena, type);
  *value = value_of(tx_printf(tx, "%s(%s,%s)", approximate ? "x_percentile_approx" : "x_percentile",
                              number.sql, fraction.sql),
                    type);
  if (approximate && !list && source.type->kind != TYPE_DOUBLE)
    wrap(call, "x_cast(", tx_printf(tx, ",'double','%s','c')", type_text(tx->arena, source.type)));
  return true;
}

/* percentile_cont(f) WITHIN GROUP (ORDER BY x) */
static bool
percentile_within(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  struct value from, number;

  if (call->expr->order_count != 1)
    return tx_unsupported(tx, "percentile_cont without WITHIN GROUP (ORDER BY one)");
  if (!tx_expr(call->ex, call->expr->order[0].expr, &from) ||
      !tx_cast(tx, &from, type_of(TYPE_DOUBLE), 'i', &number))
    return false;
  *value = value_of(
      tx_printf(tx, "%s(%s,%s%s)",
                str_eq(call->builtin->name, "percentile_cont") ? "x_percentile" : "x_percentile_approx",
                number.sql, call->expr->order[0].descending ? "1.0-" : "", call->args[0].sql),
      type_of(TYPE_DOUBLE));
  return true;
}

static bool
plain_one(struct builtin_call *call, struct value *value)
{
  CLEANUP_BUF struct buf args = BUF_INIT(BUF_LARGE);

  for (size_t i = 0; i < call->count; i++)
    buf_addf(&args, "%s%s", i ? "," : "", call->args[i].sql);
  return set(call, value, call->builtin->sql, args.data, type_of(TYPE_DOUBLE));
}

static bool
bitwise(struct builtin_call *call, struct value *value)
{
  return set(call, value, call->builtin->sql, call->args[0].sql, call->args[0].type);
}

static bool
distinct_count(struct builtin_call *call, struct value *value)
{
  *value = value_of(tx_printf(call->ex->tx, "count(DISTINCT %s)", call->args[0].sql), type_of(TYPE_BIGINT));
  return true;
}

static bool
listagg(struct builtin_call *call, struct value *value)
{
  if (call->expr->order_count)
    return tx_unsupported(call->ex->tx, "listagg with WITHIN GROUP (ORDER BY ...)");
  if (call->expr->distinct && call->count > 1)
    return tx_unsupported(call->ex->tx, "listagg(DISTINCT x, separator)");
  return set(call, value, "group_concat",
             call->count > 1 ? tx_printf(call->ex->tx, "%s,%s", call->args[0].sql, call->args[1].sql)
                             : tx_printf(call->ex->tx, "%s,''", call->args[0].sql),
             type_of(TYPE_STRING));
}

/* row_number and the like: SQLite's own. */
static bool
ranking(struct builtin_call *call, struct value *value)
{
  bool real = str_eq(call->builtin->name, "percent_rank") || str_eq(call->builtin->name, "cume_dist");

  *value =
      value_of(tx_printf(call->ex->tx, "%s(%s)", call->builtin->name, call->count ? call->args[0].sql : ""),
               type_of(real ? TYPE_DOUBLE : TYPE_INT));
  return true;
}

/* lag, lead, nth_value */
static bool
neighbour(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  struct value fallback;

  if (call->expr->nulls_ignored) return tx_unsupported(tx, "IGNORE NULLS in a window function");
  if (call->count == 3) {
    if (!tx_cast(tx, &call->args[2], call->args[0].type, 'i', &fallback)) return false;
    *value = value_of(tx_printf(tx, "%s(%s,%s,%s)", call->builtin->name, call->args[0].sql, call->args[1].sql,
                                fallback.sql),
                      call->args[0].type);
  } else if (call->count == 2) {
    *value = value_of(tx_printf(tx, "%s(%s,%s)", call->builtin->name, call->args[0].sql, call->args[1].sql),
                      call->args[0].type);
  } else {
    *value = value_of(tx_printf(tx, "%s(%s)", call->builtin->name, call->args[0].sql), call->args[0].type);
  }
  return true;
}

/* grouping(key): whether the set being computed leaves the key out; grouping_id() the same as bits. */
static bool
grouping(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const struct tx_scope *scope = call->ex->scope;
  bool id = str_eq(call->builtin->name, "grouping_id");
  int64_t bits = 0;

  while (scope && scope->parameters)
    scope = scope->outer;
  if (!scope || !scope->shown || scope->key_count > 62)
    return fault_set(tx->session, "UNSUPPORTED_GROUPING_EXPRESSION", "42K0E",
                     "grouping()/grouping_id() can only be used with GroupingSets/Cube/Rollup.");
  if (call->count == 0)
    for (size_t i = 0; i < scope->key_count; i++)
      bits = bits << 1 | (str_eq(scope->shown[i].sql, "NULL") && !str_eq(scope->keys[i].sql, "NULL"));
  for (size_t a = 0; a < call->count; a++) {
    bool found = false;

    for (size_t i = 0; i < scope->key_count && !found; i++)
      if (str_eq(scope->keys[i].sql, call->args[a].sql)) {
        bits = bits << 1 | str_eq(scope->shown[i].sql, "NULL");
        found = true;
      }
    if (!found)
      return fault_set(tx->session, "GROUPING_COLUMN_MISMATCH", "42803",
                       "Column of grouping (%s) can't be found in grouping columns.",
                       tx_item_name(tx->arena, call->expr->args[a]));
  }
  *value = value_of(tx_printf(tx, "%lld", (long long)bits), type_of(id ? TYPE_BIGINT : TYPE_TINYINT));
  /* An aggregate that reads nothing, so that the constant cannot be taken for a position. */
  value->sql = tx_printf(tx, "max(%s)", value->sql);
  return true;
}

struct builtin_table
builtins_aggregate(void)
{
  static const struct builtin table[] = {
      {"count", 1, -1, "a", NULL, NULL, count, true, false},
      {"count_if", 1, 1, "b", NULL, NULL, count_if, true, false},
      {"sum", 1, 1, "y", NULL, NULL, sum, true, false},
      {"avg", 1, 1, "n", NULL, NULL, avg, true, false},
      {"mean", 1, 1, "n", NULL, NULL, avg, true, false},
      {"min", 1, 1, "o", NULL, NULL, extreme, true, false},
      {"max", 1, 1, "o", NULL, NULL, extreme, true, false},
      {"every", 1, 1, "b", NULL, NULL, every, true, false},
      {"bool_and", 1, 1, "b", NULL, NULL, every, true, false},
      {"bool_or", 1, 1, "b", NULL, NULL, every, true, false},
      {"some", 1, 1, "b", NULL, NULL, every, true, false},
      {"any", 1, 1, "b", NULL, NULL, every, true, false},
      {"collect_list", 1, 1, "a", NULL, NULL, collect, true, false},
      {"array_agg", 1, 1, "a", NULL, NULL, collect, true, false},
      {"collect_set", 1, 1, "a", NULL, NULL, collect, true, false},
      {"first", 1, 2, "ab", NULL, NULL, first, true, false},
      {"first_value", 1, 2, "ab", NULL, NULL, first, true, false},
      {"last", 1, 2, "ab", NULL, NULL, first, true, false},
      {"last_value", 1, 2, "ab", NULL, NULL, first, true, false},
      {"any_value", 1, 2, "ab", NULL, NULL, any_value, true, false},
      {"max_by", 2, 2, "ao", NULL, NULL, by, true, false},
      {"min_by", 2, 2, "ao", NULL, NULL, by, true, false},
      {"percentile", 2, 3, "na", NULL, NULL, percentile, true, false},
      {"percentile_approx", 2, 3, "na", NULL, NULL, percentile, true, false},
      {"approx_percentile", 2, 3, "na", NULL, NULL, percentile, true, false},
      {"percentile_cont", 1, 1, "d", NULL, NULL, percentile_within, true, false},
      {"percentile_disc", 1, 1, "d", NULL, NULL, percentile_within, true, false},
      {"median", 1, 1, "d", NULL, "x_median", plain_one, true, false},
      {"stddev", 1, 1, "d", NULL, "x_stddev_samp", plain_one, true, false},
      {"std", 1, 1, "d", NULL, "x_stddev_samp", plain_one, true, false},
      {"stddev_samp", 1, 1, "d", NULL, "x_stddev_samp", plain_one, true, false},
      {"stddev_pop", 1, 1, "d", NULL, "x_stddev_pop", plain_one, true, false},
      {"variance", 1, 1, "d", NULL, "x_var_samp", plain_one, true, false},
      {"var_samp", 1, 1, "d", NULL, "x_var_samp", plain_one, true, false},
      {"var_pop", 1, 1, "d", NULL, "x_var_pop", plain_one, true, false},
      {"skewness", 1, 1, "d", NULL, "x_skewness", plain_one, true, false},
      {"kurtosis", 1, 1, "d", NULL, "x_kurtosis", plain_one, true, false},
      {"corr", 2, 2, "dd", NULL, "x_corr", plain_one, true, false},
      {"covar_pop", 2, 2, "dd", NULL, "x_covar_pop", plain_one, true, false},
      {"covar_samp", 2, 2, "dd", NULL, "x_covar_samp", plain_one, true, false},
      {"bit_and", 1, 1, "n", NULL, "x_bit_and", bitwise, true, false},
      {"bit_or", 1, 1, "n", NULL, "x_bit_or", bitwise, true, false},
      {"bit_xor", 1, 1, "n", NULL, "x_bit_xor", bitwise, true, false},
      {"approx_count_distinct", 1, 2, "ad", NULL, NULL, distinct_count, true, false},
      {"listagg", 1, 2, "ss", NULL, NULL, listagg, true, false},
      {"string_agg", 1, 2, "ss", NULL, NULL, listagg, true, false},
      {"grouping", 1, 1, "a", NULL, NULL, grouping, true, false},
      {"grouping_id", 0, -1, "a", NULL, NULL, grouping, true, false},
      {"row_number", 0, 0, "", NULL, NULL, ranking, false, true},
      {"rank", 0, 0, "", NULL, NULL, ranking, false, true},
      {"dense_rank", 0, 0, "", NULL, NULL, ranking, false, true},
      {"percent_rank", 0, 0, "", NULL, NULL, ranking, false, true},
      {"cume_dist", 0, 0, "", NULL, NULL, ranking, false, true},
      {"ntile", 0, 1, "i", NULL, NULL, ranking, false, true},
      {"lag", 1, 3, "aia", NULL, NULL, neighbour, false, true},
      {"lead", 1, 3, "aia", NULL, NULL, neighbour, false, true},
      {"nth_value", 2, 2, "ai", NULL, NULL, neighbour, false, true},
  };

  return (struct builtin_table){table, ARRAY_SIZE(table)};
}
