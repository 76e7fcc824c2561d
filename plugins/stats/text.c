/* SPDX-License-Identifier: Apache-2.0 */
/* What people read: totals, breakdowns, lists of tables. */
#include "base/str.h"
#include "base/units.h"
#include "stats.h"

#include "base/banned.h"

static const char *
count_text(struct stats *stats, size_t count)
{
  return count ? units_count(stats->arena, (int64_t)count) : "-";
}

/* The sum of what is known; "-" when nothing is. A star says that something is missing in it. */
static const char *
sum_text(struct stats *stats, const struct stats_sum *sum, bool bytes)
{
  const char *text;

  if (!sum->known) return "-";
  text = bytes ? units_bytes(stats->arena, sum->value) : units_count(stats->arena, sum->value);
  return sum->unknown ? arena_printf(stats->arena, "%s*", text) : text;
}

#define MOST_COLUMNS 9

/* The columns that have something in them: SIZES and ROWS only where they were asked for. */
static uint32_t
group_columns(const struct stats *stats, const char *title, bool all_kinds, struct clxs_table_column *columns)
{
  uint32_t count = 0;

  columns[count++] = (struct clxs_table_column){"name", title, CLXS_ALIGN_LEFT, 0};
  columns[count++] = (struct clxs_table_column){"tables", "Tables", CLXS_ALIGN_RIGHT, 1};
  columns[count++] = (struct clxs_table_column){"views", "Views", CLXS_ALIGN_RIGHT, 1};
  if (all_kinds) {
    columns[count++] = (struct clxs_table_column){"functions", "Functions", CLXS_ALIGN_RIGHT, 1};
    columns[count++] = (struct clxs_table_column){"volumes", "Volumes", CLXS_ALIGN_RIGHT, 1};
  }
  columns[count++] = (struct clxs_table_column){"columns", "Columns", CLXS_ALIGN_RIGHT, 1};
  if (stats->sizes) {
    columns[count++] = (struct clxs_table_column){"bytes", "Size", CLXS_ALIGN_RIGHT, 0};
    columns[count++] = (struct clxs_table_column){"files", "Files", CLXS_ALIGN_RIGHT, 1};
  }
  if (stats->rows) columns[count++] = (struct clxs_table_column){"rows", "Rows", CLXS_ALIGN_RIGHT, 1};
  return count;
}

static void
print_group(struct stats *stats, const struct stats_group *group, bool all_kinds)
{
  const char *cells[MOST_COLUMNS];
  uint32_t count = 0;

  cells[count++] = group->name;
  cells[count++] = count_text(stats, group->tables);
  cells[count++] = count_text(stats, group->views);
  if (all_kinds) {
    cells[count++] = count_text(stats, group->functions);
    cells[count++] = count_text(stats, group->volumes);
  }
  cells[count++] = count_text(stats, group->columns);
  if (stats->sizes) {
    cells[count++] = sum_text(stats, &group->bytes, true);
    cells[count++] = sum_text(stats, &group->files, false);
  }
  if (stats->rows) cells[count++] = sum_text(stats, &group->rows, false);
  clxs_output(stats->call)->table_row(stats->call, cells, count);
}

static void
print_groups(struct stats *stats, const char *title, const struct stats_groups *groups, bool all_kinds)
{
  const struct clxs_output *output = clxs_output(stats->call);
  struct clxs_table_column columns[MOST_COLUMNS];
  uint32_t count = group_columns(stats, title, all_kinds, columns);

  if (!groups->list.count) return;
  output->text(stats->call, "");
  output->table_begin(stats->call, columns, count);
  VEC_EACH (&groups->list, group)
    print_group(stats, group, all_kinds);
  if (groups == &stats->schemas && groups->list.count > 1) print_group(stats, &stats->total, all_kinds);
  output->table_end(stats->call);
}

static void
print_tables(struct stats *stats, const char *title, enum stats_order order, const char *figure_title)
{
  const struct clxs_table_column columns[] = {{"table", title, CLXS_ALIGN_LEFT, 0},
                                              {"figure", figure_title, CLXS_ALIGN_RIGHT, 0},
                                              {"owner", "Owner", CLXS_ALIGN_LEFT, 0}};
  const struct clxs_output *output = clxs_output(stats->call);
  size_t count;
  const struct stats_table **list = stats_sorted(stats, order, &count);

  if (!count) return;
  output->text(stats->call, "");
  output->table_begin(stats->call, columns, ARRAY_SIZE(columns));
  for (size_t i = 0; i < count; i++) {
    const struct model_item *item = &list[i]->table->item;
    const char *cells[] = {arena_printf(stats->arena, "%s.%s", list[i]->schema->item.name, item->name),
                           order == STATS_BY_BYTES  ? units_bytes(stats->arena, list[i]->bytes)
                           : order == STATS_BY_ROWS ? units_count(stats->arena, list[i]->rows)
                                                    : units_time(stats->arena, item->created_at),
                           item->owner};

    output->table_row(stats->call, cells, ARRAY_SIZE(cells));
  }
  output->table_end(stats->call);
}

static void
print_problems(struct stats *stats)
{
  const struct clxs_output *output = clxs_output(stats->call);
  bool first = true;

  VEC_EACH (&stats->tables, entry) {
    if (!entry->problem) continue;
    if (first) {
      output->text(stats->call, "");
      output->text(stats->call, "* Not everything could be had:");
    }
    first = false;
    output->text(stats->call, clxs_textf(stats->call, "  %s.%s: %s", entry->schema->item.name,
                                         entry->table->item.name, entry->problem));
  }
}

void
stats_print(struct stats *stats)
{
  const struct stats_group *total = &stats->total;

  clxs_output(stats->call)
      ->text(stats->call,
             clxs_textf(stats->call,
                        "%s: schemas %zu, tables %zu, views %zu, functions %zu, volumes %zu, columns %zu",
                        stats->model->item.name, stats->model->schemas.count, total->tables, total->views,
                        total->functions, total->volumes, total->columns));
  print_groups(stats, "Schema", &stats->schemas, true);
  print_groups(stats, "Type", &stats->types, false);
  print_groups(stats, "Format", &stats->formats, false);
  print_groups(stats, "Owner", &stats->owners, true);
  if (stats->sizes) print_tables(stats, "Largest tables", STATS_BY_BYTES, "Size");
  if (stats->rows) print_tables(stats, "Tables with most rows", STATS_BY_ROWS, "Rows");
  print_tables(stats, "Oldest tables", STATS_OLDEST, "Made");
  print_tables(stats, "Newest tables", STATS_NEWEST, "Made");
  print_problems(stats);
}
