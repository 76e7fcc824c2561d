/* SPDX-License-Identifier: Apache-2.0 */
/* What a change means for those who read and write the table as it was. */
#include <stdio.h>

#include "base/str.h"
#include "drift.h"

#include "base/banned.h"

const char *drift_class_name(enum drift_class class)
{
  static const char *const names[] = {"compatible", "breaking", "neutral"};

  return names[class];
}

/* Whole and fraction digits of "decimal(p,s)"; false for anything else. */
static bool
read_decimal(const char *text, int *whole, int *scale)
{
  int precision, length = 0;

  if (sscanf(text, "decimal(%d,%d)%n", &precision, scale, &length) != 2 || text[length]) return false;
  *whole = precision - *scale;
  return true;
}

/* Decimal digits that hold every value of an integer type; 0 for others. */
static int
integer_digits(const char *type)
{
  return str_eq(type, "tinyint")    ? 3
         : str_eq(type, "smallint") ? 5
         : str_eq(type, "int")      ? 10
         : str_eq(type, "bigint")   ? 20
                                    : 0;
}

/* The length of "varchar(n)" or "char(n)"; INT64_MAX for string, 0 for others. */
static int64_t
text_length(const char *type)
{
  long long length = 0;

  if (str_eq(type, "string")) return INT64_MAX;
  if (sscanf(type, "varchar(%lld)", &length) == 1 || sscanf(type, "char(%lld)", &length) == 1) return length;
  return 0;
}

bool
drift_widens(const char *from, const char *to)
{
  int from_digits = integer_digits(from), to_digits = integer_digits(to), whole, scale, from_whole,
      from_scale;

  if (from_digits && to_digits) return from_digits < to_digits;
  if (from_digits && str_eq(to, "double")) return from_digits <= 10;
  /* Databricks asks for 10 digits for all up to int, for 20 for bigint. */
  if (from_digits && read_decimal(to, &whole, &scale)) return whole >= (from_digits <= 10 ? 10 : 20);
  if (str_eq(from, "float")) return str_eq(to, "double");
  if (str_eq(from, "date")) return str_eq(to, "timestamp_ntz");
  if (read_decimal(from, &from_whole, &from_scale) && read_decimal(to, &whole, &scale))
    return whole >= from_whole && scale >= from_scale;
  if (text_length(from) && text_length(to))
    return str_starts(from, "char") ? str_eq(to, "string") : text_length(from) < text_length(to);
  return false;
}

static const struct model_column *
find_column(const struct model_table *table, const char *name)
{
  for (uint32_t i = 0; table && i < table->column_count; i++)
    if (utf8_ieq(table->columns[i].name, name)) return &table->columns[i];
  return NULL;
}

/* Writers of the old form say nothing of it. */
static bool
needs_value(const struct drift *drift, const struct delta_difference *difference)
{
  const struct model_table *table =
      model_find_table(model_find_schema(drift->sides[1].model, difference->schema), difference->object);
  const struct model_column *column = find_column(table, difference->column);

  return column && !difference->item && column->not_null && !column->type_json;
}

enum drift_class
drift_classify(const struct drift *drift, const struct delta_difference *difference)
{
  bool added = difference->change == DELTA_ADDED, removed = difference->change == DELTA_REMOVED;

  switch (difference->field) {
  case DELTA_COMMENT:
  case DELTA_PARTITIONING:
  case DELTA_CLUSTERING: return DRIFT_NEUTRAL;
  case DELTA_OBJECT: return removed ? DRIFT_BREAKING : DRIFT_COMPATIBLE;
  case DELTA_COLUMN: return removed || needs_value(drift, difference) ? DRIFT_BREAKING : DRIFT_COMPATIBLE;
  case DELTA_POSITION: return DRIFT_COMPATIBLE;
  case DELTA_TYPE:
    return drift_widens(difference->old_value, difference->new_value) ? DRIFT_COMPATIBLE : DRIFT_BREAKING;
  case DELTA_NULLABLE: return str_eq(difference->new_value, "NULL") ? DRIFT_COMPATIBLE : DRIFT_BREAKING;
  case DELTA_DEFAULT: return removed ? DRIFT_BREAKING : DRIFT_COMPATIBLE;
  case DELTA_CHECK: return removed ? DRIFT_COMPATIBLE : DRIFT_BREAKING;
  default: return added && difference->field == DELTA_IDENTITY ? DRIFT_COMPATIBLE : DRIFT_BREAKING;
  }
}

size_t
drift_table_end(const struct drift *drift, size_t first)
{
  const struct delta_difference *begin = &drift->delta.differences.at[first];
  size_t end = first + 1;

  while (end < drift->delta.differences.count &&
         str_eq(drift->delta.differences.at[end].schema, begin->schema) &&
         str_eq(drift->delta.differences.at[end].object, begin->object))
    end++;
  return end;
}
