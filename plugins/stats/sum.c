/* SPDX-License-Identifier: Apache-2.0 */
/* Tables to sums. What is not known is counted as unknown and added to nothing. */
#include <stdlib.h>

#include "base/str.h"
#include "kit/model/filter.h"
#include "stats.h"

#include "base/banned.h"

static struct stats_group *
find_group(struct stats_groups *groups, const char *name)
{
  struct stats_group *group;

  if (!name || !*name) name = "(none)";
  VEC_EACH (&groups->list, known)
    if (str_eq(known->name, name)) return known;
  group = VEC_ADD(&groups->list);
  *group = (struct stats_group){.name = name};
  return group;
}

static void
add_figure(struct stats_sum *sum, int64_t value)
{
  if (value < 0) {
    sum->unknown++;
    return;
  }
  sum->known++;
  sum->value += value;
}

static void
add_table(struct stats_group *group, const struct stats_table *entry)
{
  if (model_is_view(entry->table))
    group->views++;
  else
    group->tables++;
  group->columns += entry->table->column_count;
  if (!entry->measured) return;
  add_figure(&group->bytes, entry->bytes);
  add_figure(&group->files, entry->files);
  add_figure(&group->rows, entry->rows);
}

static void
add_others(struct stats *stats, const struct model_schema *schema)
{
  struct stats_group *here = find_group(&stats->schemas, schema->item.name);

  VEC_EACH (&schema->functions, function) {
    if (!filter_object(stats->filter, function->item.name)) continue;
    here->functions++;
    stats->total.functions++;
    find_group(&stats->owners, function->item.owner)->functions++;
  }
  VEC_EACH (&schema->volumes, volume) {
    here->volumes++;
    stats->total.volumes++;
    find_group(&stats->owners, volume->item.owner)->volumes++;
  }
}

/* Most objects first. */
static int
compare_groups(const void *a, const void *b)
{
  const struct stats_group *first = a, *second = b;
  size_t left = first->tables + first->views, right = second->tables + second->views;

  if (left != right) return left < right ? 1 : -1;
  return strcmp(first->name, second->name);
}

static void
sort_groups(struct stats_groups *groups)
{
  if (groups->list.count)
    qsort(groups->list.at, groups->list.count, sizeof(struct stats_group), compare_groups);
}

void
stats_add_up(struct stats *stats)
{
  VEC_EACH (&stats->model->schemas, schema)
    add_others(stats, schema);
  VEC_EACH (&stats->tables, entry) {
    add_table(&stats->total, entry);
    add_table(find_group(&stats->schemas, entry->schema->item.name), entry);
    add_table(find_group(&stats->types, entry->table->type), entry);
    add_table(find_group(&stats->owners, entry->table->item.owner), entry);
    if (!model_is_view(entry->table)) add_table(find_group(&stats->formats, entry->table->format), entry);
  }
  sort_groups(&stats->types);
  sort_groups(&stats->formats);
  sort_groups(&stats->owners);
}

static int64_t
figure(const struct stats_table *entry, enum stats_order order)
{
  int64_t created = entry->table->item.created_at;

  switch (order) {
  case STATS_BY_BYTES: return entry->bytes;
  case STATS_BY_ROWS: return entry->rows;
  case STATS_OLDEST: return created ? INT64_MAX - created : -1;
  case STATS_NEWEST: break;
  }
  return created ? created : -1;
}

struct ranked {
  const struct stats_table *entry;
  int64_t figure;
};

static int
compare_ranked(const void *a, const void *b)
{
  const struct ranked *first = a, *second = b;
  int order;

  if (first->figure != second->figure) return first->figure < second->figure ? 1 : -1;
  order = model_compare(first->entry->schema->item.name, second->entry->schema->item.name);
  return order ? order : model_compare(first->entry->table->item.name, second->entry->table->item.name);
}

const struct stats_table **
stats_sorted(struct stats *stats, enum stats_order order, size_t *count)
{
  struct ranked *ranked = arena_array(stats->arena, stats->tables.count + 1, sizeof *ranked);
  const struct stats_table **list;
  size_t found = 0;

  VEC_EACH (&stats->tables, entry) {
    int64_t value = model_is_view(entry->table) ? -1 : figure(entry, order);

    if (value >= 0) ranked[found++] = (struct ranked){entry, value};
  }
  if (found) qsort(ranked, found, sizeof *ranked, compare_ranked);
  *count = found < stats->top ? found : stats->top;
  list = arena_array(stats->arena, *count + 1, sizeof *list);
  for (size_t i = 0; i < *count; i++)
    list[i] = ranked[i].entry;
  return list;
}
