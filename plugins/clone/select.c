/* SPDX-License-Identifier: Apache-2.0 */
/* What can be cloned, and in plain words why the rest cannot. Facts:
 * https://docs.databricks.com/sql/language-manual/delta-clone.html and the limits on its pages about
 * streaming tables, materialized views, row filters and shallow clones. */
#include "base/str.h"
#include "clone.h"
#include "kit/model/filter.h"

#include "base/banned.h"

bool
clone_is_chosen(const struct clone *clone, const char *name)
{
  return filter_object(clone->filter, name);
}

/* Kinds that CLONE takes; everything else has a reason. */
static const char *
type_problem(const char *type)
{
  static const struct {
    const char *type, *problem;
  } problems[] = {
      {"STREAMING_TABLE",
       "a streaming table cannot be cloned; --streaming-tables makes it anew from its query"},
      {"MATERIALIZED_VIEW",
       "a materialized view cannot be cloned; --materialized-views makes it anew from its query"},
      {"FOREIGN", "a foreign table lives in another system and cannot be cloned; copy its rows with CREATE "
                  "TABLE AS SELECT"},
      {"METRIC_VIEW", "a metric view cannot be cloned; create it anew on the copy"},
  };
  static const char *const fine[] = {"MANAGED", "EXTERNAL", "MANAGED_SHALLOW_CLONE",
                                     "EXTERNAL_SHALLOW_CLONE"};

  for (size_t i = 0; i < ARRAY_SIZE(problems); i++)
    if (str_eq(type, problems[i].type)) return problems[i].problem;
  for (size_t i = 0; i < ARRAY_SIZE(fine); i++)
    if (str_eq(type, fine[i])) return NULL;
  return "clxs does not know how to clone this kind of table";
}

bool
clone_has_versions(const struct model_table *table)
{
  return !table->format || str_ieq(table->format, "DELTA") || str_ieq(table->format, "DELTASHARING") ||
         str_starts(table->format, "DELTA_");
}

static bool
is_one_of(const char *text, const char *const *list, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (str_ieq(text, list[i])) return true;
  return false;
}

static const char *
format_problem(const struct clone *clone, const struct model_table *table)
{
  static const char *const deep[] = {
      "DELTA", "ICEBERG", "PARQUET", "DELTASHARING", "DELTA_UNIFORM_ICEBERG", "DELTA_UNIFORM_HUDI"};
  static const char *const shallow[] = {"DELTA", "DELTA_UNIFORM_ICEBERG", "DELTA_UNIFORM_HUDI"};

  if (!table->format) return NULL;
  if (!is_one_of(table->format, deep, ARRAY_SIZE(deep)))
    return clxs_textf(clone->call,
                      "a table in %s format cannot be cloned; copy its rows with CREATE TABLE AS SELECT",
                      table->format);
  if (clone->options.shallow && !is_one_of(table->format, shallow, ARRAY_SIZE(shallow)))
    return clxs_textf(clone->call, "a table in %s format has no shallow clones; use --clone-type DEEP",
                      table->format);
  return NULL;
}

static const char *
shallow_problem(const struct clone *clone, const struct model_table *table)
{
  if (str_ends(table->type, "_SHALLOW_CLONE"))
    return "a shallow clone cannot be shallowly cloned again; use --clone-type DEEP";
  if (str_eq(table->type, "EXTERNAL") && !clone->options.external)
    return "a shallow clone of an external table needs a location of its own; give "
           "--external-location-template, or use --clone-type DEEP";
  return NULL;
}

const char *
clone_table_problem(const struct clone *clone, const struct model_table *table)
{
  const char *problem = type_problem(table->type);

  if (problem) return problem;
  if (model_is_protected(table) && !clone->options.schema_only)
    return clone->options.protect == CLONE_PROTECTED_CTAS ? NULL
           : table->row_filter
               ? "a table with a row filter cannot be cloned; --protected-tables ctas copies the "
                 "rows that you may see"
               : "a table with a column mask cannot be cloned; --protected-tables ctas copies the "
                 "values that you may see";
  problem = format_problem(clone, table);
  if (!problem && clone->options.shallow) problem = shallow_problem(clone, table);
  return problem;
}

const char *
clone_rows_problem(const struct clone *clone, const struct model_schema *schema,
                   const struct model_table *table)
{
  const struct clone_fact *fact = clone_fact(clone, schema, table);

  if (fact->problem) return fact->problem;
  if (!rows_travel(&clone->rows) || clone_has_versions(table))
    return clone_making_problem(clone, schema, table);
  return clxs_textf(clone->call,
                    "a table in %s format has no versions to go back to; leave it out with "
                    "--exclude-tables-regex, or copy it as it is now",
                    table->format);
}
