/* SPDX-License-Identifier: Apache-2.0 */
/* Date and time functions. */
#include "query/builtin.h"

#include "base/str.h"
#include "engine.h"

#include "base/banned.h"

static bool
now(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *name = call->builtin->name;

  if (str_eq(name, "current_date") || str_eq(name, "curdate"))
    *value = value_of(tx_printf(tx, "'%.10s'", tx->now), type_of(TYPE_DATE));
  else
    *value = value_of(tx_printf(tx, "'%s'", tx->now),
                      type_of(str_eq(name, "localtimestamp") ? TYPE_TIMESTAMP_NTZ : TYPE_TIMESTAMP));
  value->foldable = true;
  return true;
}

/* year(x), month(x), ... : the function is called as its field. */
static bool
part(struct builtin_call *call, struct value *value)
{
  *value = value_of(tx_printf(call->ex->tx, "x_part(%s,'%s')", call->args[0].sql, call->builtin->name),
                    type_of(TYPE_INT));
  return true;
}

static bool
second(struct builtin_call *call, struct value *value)
{
  *value =
      value_of(tx_printf(call->ex->tx, "x_part(%s,'whole_second')", call->args[0].sql), type_of(TYPE_INT));
  return true;
}

static bool
is_second(const char *field)
{
  return str_ieq(field, "second") || str_ieq(field, "s") || str_ieq(field, "sec") ||
         str_ieq(field, "seconds") || str_ieq(field, "secs");
}

/* extract(field FROM x), date_part('field', x) */
static bool
extract(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const struct ast_expr *field = call->expr->args[0];
  const struct sql_type *type = call->args[1].type;

  if (field->kind != AST_STRING) return tx_unsupported(tx, "A field of date_part that is not a literal");
  if (type->kind == TYPE_INTERVAL_SECONDS || type->kind == TYPE_INTERVAL_MONTHS) {
    static const struct {
      const char *name;
      int64_t size, wrap;
    } fields[] = {{"year", 12, 0},
                  {"month", 1, 12},
                  {"day", 86400000000, 0},
                  {"hour", 3600000000, 24},
                  {"minute", 60000000, 60}};

    for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
      if (str_ieq(field->text, fields[i].name)) {
        *value = value_of(fields[i].wrap
                              ? tx_printf(tx, "(%s/%lld%%%lld)", call->args[1].sql, (long long)fields[i].size,
                                          (long long)fields[i].wrap)
                              : tx_printf(tx, "(%s/%lld)", call->args[1].sql, (long long)fields[i].size),
                          type_of(TYPE_INT));
        return true;
      }
    return tx_unsupported(tx, "Extracting this field from an interval");
  }
  if (!tx_coerce(tx, &call->args[1], type_of(type->kind == TYPE_DATE ? TYPE_DATE : TYPE_TIMESTAMP),
                 call->text, 1))
    return false;
  if (is_second(field->text))
    *value = value_of(tx_printf(tx, "x_seconds(%s)", call->args[1].sql), type_decimal(tx->arena, 8, 6));
  else
    *value =
        value_of(tx_printf(tx, "x_part(%s,%s)", call->args[1].sql, call->args[0].sql), type_of(TYPE_INT));
  return true;
}

/* date_add(d, n), date_sub(d, n), add_months(d, n) */
static bool
add_days(struct builtin_call *call, struct value *value)
{
  const char *name = call->builtin->name;
  bool months = str_eq(name, "add_months");

  *value = value_of(tx_printf(call->ex->tx, "x_time_add(%s,%s(%s)%s,'%c','D')", call->args[0].sql,
                              str_eq(name, "date_sub") ? "-" : "", call->args[1].sql,
                              months ? "" : "*86400000000", months ? 'M' : 'S'),
                    type_of(TYPE_DATE));
  return true;
}

/* datediff(end, start) */
static bool
date_diff(struct builtin_call *call, struct value *value)
{
  *value = value_of(tx_printf(call->ex->tx, "(x_days(%s)-x_days(%s))", call->args[0].sql, call->args[1].sql),
                    type_of(TYPE_INT));
  return true;
}

static bool
unit_is_known(struct builtin_call *call, int64_t *months, int64_t *micros)
{
  static const struct {
    const char *unit;
    int64_t months, micros;
  } units[] = {{"year", 12, 0},           {"quarter", 3, 0},       {"month", 1, 0},
               {"week", 0, 604800000000}, {"day", 0, 86400000000}, {"dayofyear", 0, 86400000000},
               {"hour", 0, 3600000000},   {"minute", 0, 60000000}, {"second", 0, 1000000},
               {"millisecond", 0, 1000},  {"microsecond", 0, 1}};
  const struct ast_expr *unit = call->expr->args[0];

  for (size_t i = 0; unit->kind == AST_STRING && i < ARRAY_SIZE(units); i++)
    if (str_ieq(unit->text, units[i].unit)) {
      *months = units[i].months;
      *micros = units[i].micros;
      return true;
    }
  return fault_set(
      call->ex->tx->session, "INVALID_PARAMETER_VALUE.DATETIME_UNIT", "22023",
      "The value of parameter(s) `unit` in `%s` is invalid: expects one of the units without quotes YEAR, "
      "QUARTER, MONTH, WEEK, DAY, DAYOFYEAR, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND.",
      call->builtin->name);
}

/* dateadd(unit, n, t) */
static bool
add_units(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  int64_t months, micros;

  if (!unit_is_known(call, &months, &micros)) return false;
  *value = value_of(tx_printf(tx, "x_time_add(%s,(%s)*%lld,'%c','T')", call->args[2].sql, call->args[1].sql,
                              (long long)(months ? months : micros), months ? 'M' : 'S'),
                    type_of(TYPE_TIMESTAMP));
  return true;
}

static bool
diff_units(struct builtin_call *call, struct value *value)
{
  int64_t months, micros;

  if (!unit_is_known(call, &months, &micros)) return false;
  *value = value_of(tx_printf(call->ex->tx, "x_time_diff(%s,%s,%s)", call->args[0].sql, call->args[1].sql,
                              call->args[2].sql),
                    type_of(TYPE_BIGINT));
  return true;
}

/* date_trunc('unit', t) and trunc(d, 'unit') */
static bool
truncated(struct builtin_call *call, struct value *value)
{
  bool date = *call->builtin->name == 't';

  *value = value_of(tx_printf(call->ex->tx, "x_trunc(%s,%s,'%c')", call->args[date ? 0 : 1].sql,
                              call->args[date ? 1 : 0].sql, date ? 'D' : 'T'),
                    type_of(date ? TYPE_DATE : TYPE_TIMESTAMP));
  return true;
}

/* to_date(x [, pattern]), to_timestamp, try_to_timestamp, ... */
static bool
parsed(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *name = call->builtin->name;
  bool date = strstr(name, "date") != NULL, soft = str_starts(name, "try_");
  const struct sql_type *type = type_of(date                    ? TYPE_DATE
                                        : str_ends(name, "ntz") ? TYPE_TIMESTAMP_NTZ
                                                                : TYPE_TIMESTAMP);

  if (call->count == 1) {
    if (!tx_can_cast(call->args[0].type, type, 'c'))
      return tx_coerce(tx, &call->args[0], type_of(TYPE_STRING), call->text, 0) &&
             tx_unsupported(tx, "This conversion");
    return tx_cast(tx, &call->args[0], type, soft ? 't' : 'c', value);
  }
  if (!tx_coerce(tx, &call->args[0], type_of(TYPE_STRING), call->text, 0)) return false;
  *value = value_of(tx_printf(tx, "x_to_time(%s,%s,'%c','%c')", call->args[0].sql, call->args[1].sql,
                              date ? 'D' : 'T', soft ? 't' : 'c'),
                    type);
  return true;
}

static bool
date_of(struct builtin_call *call, struct value *value)
{
  return tx_can_cast(call->args[0].type, type_of(TYPE_DATE), 'c')
             ? tx_cast(call->ex->tx, &call->args[0], type_of(TYPE_DATE), 'c', value)
             : tx_coerce(call->ex->tx, &call->args[0], type_of(TYPE_DATE), call->text, 0);
}

/* unix_timestamp([x [, pattern]]), to_unix_timestamp */
static bool
unix_timestamp(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *time = tx_printf(tx, "'%s'", tx->now);

  if (call->count && type_is_text(call->args[0].type))
    time = tx_printf(tx, "x_to_time(%s,%s,'T','c')", call->args[0].sql,
                     call->count > 1 ? call->args[1].sql : "'yyyy-MM-dd HH:mm:ss'");
  else if (call->count)
    time = call->args[0].sql;
  *value = value_of(tx_printf(tx, "(x_micros(%s)/1000000)", time), type_of(TYPE_BIGINT));
  return true;
}

static bool
from_unixtime(struct builtin_call *call, struct value *value)
{
  *value =
      value_of(tx_printf(call->ex->tx, "x_date_format(x_from_micros((%s)*1000000),%s)", call->args[0].sql,
                         call->count > 1 ? call->args[1].sql : "'yyyy-MM-dd HH:mm:ss'"),
               type_of(TYPE_STRING));
  return true;
}

/* timestamp_seconds and friends; unix_seconds and friends */
static bool
scaled(struct builtin_call *call, struct value *value)
{
  struct tx *tx = call->ex->tx;
  const char *name = call->builtin->name;
  const char *scale = str_ends(name, "seconds") ? "1000000" : str_ends(name, "millis") ? "1000" : "1";

  if (*name == 't')
    *value = value_of(tx_printf(tx, "x_from_micros(CAST((%s)*%s AS INTEGER))", call->args[0].sql, scale),
                      type_of(TYPE_TIMESTAMP));
  else
    *value = value_of(tx_printf(tx, "(x_micros(%s)/%s)", call->args[0].sql, scale), type_of(TYPE_BIGINT));
  return true;
}

static bool
unix_date(struct builtin_call *call, struct value *value)
{
  bool from = str_eq(call->builtin->name, "date_from_unix_date");

  *value = value_of(tx_printf(call->ex->tx, "%s(%s)", from ? "x_from_days" : "x_days", call->args[0].sql),
                    type_of(from ? TYPE_DATE : TYPE_INT));
  return true;
}

static bool
months_between(struct builtin_call *call, struct value *value)
{
  *value = value_of(tx_printf(call->ex->tx, "x_months_between(%s,%s,%s)", call->args[0].sql,
                              call->args[1].sql, call->count > 2 ? call->args[2].sql : "1"),
                    type_of(TYPE_DOUBLE));
  return true;
}

static bool
names(struct builtin_call *call, struct value *value)
{
  *value = value_of(tx_printf(call->ex->tx, "x_date_format(%s,'%s')", call->args[0].sql,
                              *call->builtin->name == 'd' ? "E" : "MMM"),
                    type_of(TYPE_STRING));
  return true;
}

static bool
to_utc(struct builtin_call *call, struct value *value)
{
  const struct ast_expr *zone = call->expr->args[1];

  if (zone->kind != AST_STRING ||
      (!str_ieq(zone->text, "UTC") && !str_ieq(zone->text, "GMT") && !str_ieq(zone->text, "Z")))
    return tx_unsupported(call->ex->tx, "A time zone other than UTC");
  *value = call->args[0];
  return true;
}

static bool
timezone(struct builtin_call *call, struct value *value)
{
  (void)call;
  *value = value_of("'Etc/UTC'", type_of(TYPE_STRING));
  return true;
}

struct builtin_table
builtins_time(void)
{
  static const struct builtin table[] = {
      {"current_date", 0, 0, "", NULL, NULL, now, false, false},
      {"curdate", 0, 0, "", NULL, NULL, now, false, false},
      {"current_timestamp", 0, 0, "", NULL, NULL, now, false, false},
      {"now", 0, 0, "", NULL, NULL, now, false, false},
      {"localtimestamp", 0, 0, "", NULL, NULL, now, false, false},
      {"getdate", 0, 0, "", NULL, NULL, now, false, false},
      {"current_timezone", 0, 0, "", NULL, NULL, timezone, false, false},
      {"year", 1, 1, "T", NULL, NULL, part, false, false},
      {"quarter", 1, 1, "T", NULL, NULL, part, false, false},
      {"month", 1, 1, "T", NULL, NULL, part, false, false},
      {"day", 1, 1, "T", NULL, NULL, part, false, false},
      {"dayofmonth", 1, 1, "T", NULL, NULL, part, false, false},
      {"dayofweek", 1, 1, "T", NULL, NULL, part, false, false},
      {"weekday", 1, 1, "T", NULL, NULL, part, false, false},
      {"dayofyear", 1, 1, "T", NULL, NULL, part, false, false},
      {"weekofyear", 1, 1, "T", NULL, NULL, part, false, false},
      {"hour", 1, 1, "T", NULL, NULL, part, false, false},
      {"minute", 1, 1, "T", NULL, NULL, part, false, false},
      {"second", 1, 1, "T", NULL, NULL, second, false, false},
      {"extract", 2, 2, "sa", NULL, NULL, extract, false, false},
      {"date_part", 2, 2, "sa", NULL, NULL, extract, false, false},
      {"datepart", 2, 2, "sa", NULL, NULL, extract, false, false},
      {"date_add", 2, 2, "Di", NULL, NULL, add_days, false, false},
      {"dateadd", 2, 2, "Di", NULL, NULL, add_days, false, false},
      {"date_sub", 2, 2, "Di", NULL, NULL, add_days, false, false},
      {"add_months", 2, 2, "Di", NULL, NULL, add_days, false, false},
      {"datediff", 2, 2, "DD", NULL, NULL, date_diff, false, false},
      {"date_diff", 2, 2, "DD", NULL, NULL, date_diff, false, false},
      {"timestampadd", 3, 3, "slT", NULL, NULL, add_units, false, false},
      {"timestampdiff", 3, 3, "sTT", NULL, NULL, diff_units, false, false},
      {"date_trunc", 2, 2, "sT", NULL, NULL, truncated, false, false},
      {"trunc", 2, 2, "Ds", NULL, NULL, truncated, false, false},
      {"date_format", 2, 2, "Ts", "s", "x_date_format", NULL, false, false},
      {"to_date", 1, 2, "as", NULL, NULL, parsed, false, false},
      {"try_to_date", 1, 2, "as", NULL, NULL, parsed, false, false},
      {"to_timestamp", 1, 2, "as", NULL, NULL, parsed, false, false},
      {"to_timestamp_ltz", 1, 2, "as", NULL, NULL, parsed, false, false},
      {"to_timestamp_ntz", 1, 2, "as", NULL, NULL, parsed, false, false},
      {"try_to_timestamp", 1, 2, "as", NULL, NULL, parsed, false, false},
      {"date", 1, 1, "a", NULL, NULL, date_of, false, false},
      {"unix_timestamp", 0, 2, "as", NULL, NULL, unix_timestamp, false, false},
      {"to_unix_timestamp", 1, 2, "as", NULL, NULL, unix_timestamp, false, false},
      {"from_unixtime", 1, 2, "ls", NULL, NULL, from_unixtime, false, false},
      {"timestamp_seconds", 1, 1, "n", NULL, NULL, scaled, false, false},
      {"timestamp_millis", 1, 1, "l", NULL, NULL, scaled, false, false},
      {"timestamp_micros", 1, 1, "l", NULL, NULL, scaled, false, false},
      {"unix_seconds", 1, 1, "T", NULL, NULL, scaled, false, false},
      {"unix_millis", 1, 1, "T", NULL, NULL, scaled, false, false},
      {"unix_micros", 1, 1, "T", NULL, NULL, scaled, false, false},
      {"unix_date", 1, 1, "D", NULL, NULL, unix_date, false, false},
      {"date_from_unix_date", 1, 1, "i", NULL, NULL, unix_date, false, false},
      {"last_day", 1, 1, "D", "D", "x_last_day", NULL, false, false},
      {"next_day", 2, 2, "Ds", "D", "x_next_day", NULL, false, false},
      {"months_between", 2, 3, "TTb", NULL, NULL, months_between, false, false},
      {"make_date", 3, 3, "iii", "D", "x_make_date", NULL, false, false},
      {"make_timestamp", 6, 6, "iiiiid", "T", "x_make_timestamp", NULL, false, false},
      {"dayname", 1, 1, "D", NULL, NULL, names, false, false},
      {"monthname", 1, 1, "D", NULL, NULL, names, false, false},
      {"from_utc_timestamp", 2, 2, "Ts", NULL, NULL, to_utc, false, false},
      {"to_utc_timestamp", 2, 2, "Ts", NULL, NULL, to_utc, false, false},
  };

  return (struct builtin_table){table, ARRAY_SIZE(table)};
}
