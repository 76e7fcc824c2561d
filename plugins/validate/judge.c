/* SPDX-License-Identifier: Apache-2.0 */
/* Equal or not: columns before counting, figures after it. What is not known is never taken for equal. */
#include "base/str.h"
#include "validate.h"

#include "base/banned.h"

const char *
table_problem(const struct model_table *table)
{
  static const struct {
    const char *type, *problem;
  } problems[] = {
      {"STREAMING_TABLE", "a streaming table is filled by its pipeline, not by a copy"},
      {"MATERIALIZED_VIEW", "a materialized view is filled by its pipeline, not by a copy"},
      {"FOREIGN", "a foreign table lives in another system"},
      {"METRIC_VIEW", "a metric view has no rows of its own"},
  };
  static const char *const fine[] = {"MANAGED", "EXTERNAL", "MANAGED_SHALLOW_CLONE",
                                     "EXTERNAL_SHALLOW_CLONE"};

  for (size_t i = 0; i < ARRAY_SIZE(problems); i++)
    if (str_eq(table->type, problems[i].type)) return problems[i].problem;
  for (size_t i = 0; i < ARRAY_SIZE(fine); i++)
    if (str_eq(table->type, fine[i])) return NULL;
  return "clxs does not know this kind of table";
}

static const struct model_column *
find_column(const struct model_table *table, const char *name)
{
  for (uint32_t i = 0; i < table->column_count; i++)
    if (utf8_ieq(table->columns[i].name, name)) return &table->columns[i];
  return NULL;
}

const char *
columns_difference(struct arena *arena, const struct model_table *source, const struct model_table *dest)
{
  for (uint32_t i = 0; i < source->column_count; i++) {
    const struct model_column *mine = &source->columns[i], *other = find_column(dest, mine->name);

    if (!other) return arena_printf(arena, "column %s is missing in the destination", mine->name);
    if (!str_ieq(mine->type_text, other->type_text))
      return arena_printf(arena, "column %s is %s in the source and %s in the destination", mine->name,
                          mine->type_text ? mine->type_text : "of no known type",
                          other->type_text ? other->type_text : "of no known type");
  }
  for (uint32_t i = 0; i < dest->column_count; i++)
    if (!find_column(source, dest->columns[i].name))
      return arena_printf(arena, "column %s is only in the destination", dest->columns[i].name);
  return NULL;
}

static void
judge_counts(struct validation *validation, struct item *item)
{
  const struct count_table *source = &validation->counts.at[item->counts], *dest = source + 1;

  if (!source->known || !dest->known) {
    const struct count_table *unknown = source->known ? dest : source;

    item->verdict = VERDICT_UNKNOWN;
    item->reason = arena_printf(validation->arena, "the %s could not be counted: %s",
                                unknown == source ? "source" : "destination", unknown->problem);
  } else if (source->rows != dest->rows) {
    item->verdict = VERDICT_DIFFERENT;
    item->reason = arena_printf(validation->arena, "%lld rows in the source, %lld in the destination",
                                (long long)source->rows, (long long)dest->rows);
  } else if (validation->checksum && (!source->checksum || !dest->checksum)) {
    const char *problem = source->checksum ? dest->problem : source->problem;

    item->verdict = VERDICT_UNKNOWN;
    item->reason = problem ? problem : "the service gave no checksum";
  } else if (validation->checksum && !str_eq(source->checksum, dest->checksum)) {
    item->verdict = VERDICT_DIFFERENT;
    item->reason = "as many rows, but their contents differ";
  }
}

static void
judge_item(struct validation *validation, struct item *item)
{
  item->verdict = VERDICT_MATCH;
  item->reason = NULL;
  judge_counts(validation, item);
}

void
validation_judge(struct validation *validation)
{
  VEC_EACH (&validation->items, item)
    if (item->counts != NO_COUNT) judge_item(validation, item);
}

/* What a person should know of a table that matches. */
static const char *
match_note(const struct validation *validation, const struct item *item)
{
  const struct count_table *source = &validation->counts.at[item->counts];

  if (source->pinned && !rows_travel(&validation->rows))
    return arena_printf(validation->arena,
                        "it equals version %lld of its source, from which it was cloned; the source has "
                        "changed since",
                        (long long)source->version);
  return item->masked && validation->checksum
             ? arena_printf(validation->arena, "not compared, because they are masked: %s", item->masked)
             : NULL;
}

void
validation_add_totals(struct validation *validation)
{
  VEC_EACH (&validation->items, item) {
    if (item->verdict == VERDICT_MATCH && item->counts != NO_COUNT)
      item->reason = match_note(validation, item);
    validation->totals[item->kind][item->verdict]++;
    validation->verdicts[item->verdict]++;
  }
}
