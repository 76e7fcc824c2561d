/* SPDX-License-Identifier: Apache-2.0 */
/* What people read: one table for each table. */
#include "base/buf.h"
#include "base/str.h"
#include "base/units.h"
#include "profile.h"

#include "base/banned.h"

#define SHAPE_WIDTH 36

static void
print_column(struct profile *profile, const struct profile_column *column)
{
  const char *mean =
      column->found[METRIC_MEAN] ? column->found[METRIC_MEAN] : column->found[METRIC_MEAN_LENGTH];
  int64_t distinct;
  const char *cells[] = {
      column->name,
      column->type,
      column->known ? profile_share(profile, column->nulls, column->rows) : NULL,
      column->found[METRIC_DISTINCT] && str_to_int64(column->found[METRIC_DISTINCT], &distinct)
          ? units_count(profile->arena, distinct)
          : NULL,
      profile_range(profile, column),
      profile_number(profile, mean),
      profile_shape(profile, column, SHAPE_WIDTH),
  };

  clxs_output(profile->call)->table_row(profile->call, cells, ARRAY_SIZE(cells));
}

static void
print_table(struct profile *profile, const struct profile_table *table)
{
  static const struct clxs_table_column columns[] = {
      {"column", "Column", CLXS_ALIGN_LEFT, 0},      {"type", "Type", CLXS_ALIGN_LEFT, 0},
      {"nulls", "Nulls", CLXS_ALIGN_RIGHT, 0},       {"distinct", "Distinct", CLXS_ALIGN_RIGHT, 1},
      {"range", "Range", CLXS_ALIGN_LEFT, 0},        {"mean", "Mean", CLXS_ALIGN_RIGHT, 0},
      {"shape", "Distribution", CLXS_ALIGN_LEFT, 0},
  };
  const struct clxs_output *output = clxs_output(profile->call);
  struct clxs_call *call = profile->call;

  output->text(call, "");
  if (table->problem) {
    output->text(call, clxs_textf(call, "%s.%s: %s", table->schema->item.name, table->table->item.name,
                                  table->problem));
    return;
  }
  output->text(call, clxs_textf(call, "%s.%s: %s rows%s", table->schema->item.name, table->table->item.name,
                                table->rows < 0 ? "?" : units_count(profile->arena, table->rows),
                                *profile->sample ? " in the sample" : ""));
  output->table_begin(call, columns, ARRAY_SIZE(columns));
  VEC_EACH (&table->columns, column)
    print_column(profile, column);
  output->table_end(call);
}

void
profile_print(struct profile *profile)
{
  clxs_output(profile->call)
      ->text(profile->call,
             clxs_textf(profile->call, "%s: tables %zu%s", profile->model->item.name, profile->tables.count,
                        profile->exact ? "" : "; distinct and top values are approximate"));
  VEC_EACH (&profile->tables, table)
    print_table(profile, table);
}
