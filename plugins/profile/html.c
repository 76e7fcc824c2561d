/* SPDX-License-Identifier: Apache-2.0 */
/* The profile as a page: an overview of all columns, then the spread of each, as long as there are not too
 * many of them to look at. */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "base/units.h"
#include "kit/page/page.h"
#include "kit/save.h"
#include "profile.h"

#include "base/banned.h"

/* Columns whose values are drawn. */
#define MOST_DRAWN 400

static const char *
column_name(struct profile *profile, const struct profile_table *table, const struct profile_column *column)
{
  return arena_printf(profile->arena, "%s.%s.%s", table->schema->item.name, table->table->item.name,
                      column->name);
}

/* Blanks are a part of a histogram's line, and HTML would run them together. */
static const char *
shape(struct profile *profile, const struct profile_column *column)
{
  const char *text = profile_shape(profile, column, 40);
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);

  if (!column->found[METRIC_HISTOGRAM]) return text;
  for (; *text; text++)
    if (*text == ' ')
      buf_add_text(&out, "\xc2\xa0");
    else
      buf_add_char(&out, *text);
  return arena_strdup(profile->arena, out.data);
}

static void
add_column(struct profile *profile, struct page *page, const struct profile_table *table,
           const struct profile_column *column)
{
  const char *nulls = column->known ? profile_share(profile, column->nulls, column->rows) : "";
  const char *mean =
      column->found[METRIC_MEAN] ? column->found[METRIC_MEAN] : column->found[METRIC_MEAN_LENGTH];
  int64_t distinct = 0;
  bool counted = column->found[METRIC_DISTINCT] && str_to_int64(column->found[METRIC_DISTINCT], &distinct);
  const struct page_cell cells[] = {
      {.text = arena_printf(profile->arena, "%s.%s", table->schema->item.name, table->table->item.name)},
      {.text = column->name},
      {.text = column->type},
      {.text = nulls,
       .sort = column->known ? arena_printf(profile->arena, "%lld", (long long)column->nulls) : NULL,
       .tone = column->known && column->rows && column->nulls == column->rows ? PAGE_WARN : PAGE_PLAIN},
      {.text = counted ? units_count(profile->arena, distinct) : NULL,
       .sort = column->found[METRIC_DISTINCT]},
      {.text = profile_range(profile, column)},
      {.text = profile_number(profile, mean), .sort = mean},
      {.text = shape(profile, column), .tone = column->problem ? PAGE_BAD : PAGE_PLAIN},
  };

  page_row(page, cells, ARRAY_SIZE(cells));
}

static void
add_overview(struct profile *profile, struct page *page)
{
  static const struct page_column columns[] = {
      {"Table", PAGE_NAME},      {"Column", PAGE_NAME}, {"Type", 0},           {"Nulls", PAGE_NUMBER},
      {"Distinct", PAGE_NUMBER}, {"Range", 0},          {"Mean", PAGE_NUMBER}, {"Distribution", PAGE_NAME},
  };

  page_section(page, "Columns", "Distinct values, quantiles, top values and histograms are approximations.");
  page_table_begin(page, columns, ARRAY_SIZE(columns));
  VEC_EACH (&profile->tables, table)
    VEC_EACH (&table->columns, column)
      add_column(profile, page, table, column);
  page_table_end(page);
}

/* The elements of the JSON list TEXT as bars: KEY says how long, LABEL what. */
static void
add_bars(struct profile *profile, struct page *page, const struct profile_column *column, const char *text,
         const char *label, const char *key)
{
  CLEANUP_JSON struct json_object *list = json_parse(text, strlen(text), NULL, NULL);
  size_t count = json_length(list);
  struct page_bar *bars = arena_array(profile->arena, count + 1, sizeof *bars);

  for (size_t i = 0; i < count; i++) {
    struct json_object *item = json_item(list, i);
    double value = json_object_get_double(json_get(item, key));
    const char *name = json_get_text(item, label);

    bars[i] = (struct page_bar){
        .label = str_eq(label, "x") ? profile_number(profile, name) : name,
        .value = value,
        .shown = profile_share(profile, (int64_t)(value + 0.5), column->rows - column->nulls)};
  }
  if (count) page_bars(page, bars, count);
}

static void
add_spread(struct profile *profile, struct page *page, const struct profile_table *table,
           const struct profile_column *column)
{
  const char *top = column->found[METRIC_TOP], *histogram = column->found[METRIC_HISTOGRAM];
  bool few = histogram && (column->kind & PROFILE_NUMBER);

  if (!top && !histogram) return;
  if (column->nulls == column->rows) return;
  page_section(page, column_name(profile, table, column), column->type);
  if (few)
    add_bars(profile, page, column, histogram, "x", "y");
  else if (top)
    add_bars(profile, page, column, top, "item", "count");
}

static void
add_problems(struct profile *profile, struct page *page)
{
  VEC_EACH (&profile->tables, table)
    if (table->problem)
      page_alert(page, PAGE_BAD,
                 arena_printf(profile->arena, "%s.%s could not be read", table->schema->item.name,
                              table->table->item.name),
                 table->problem);
}

static struct page *
start_page(struct profile *profile, size_t columns, int64_t rows)
{
  const char *when = units_time(profile->arena, profile->call->core->now_ms(profile->call));
  struct page *page = page_new(&(struct page_head){
      .kicker = "Profile",
      .title = profile->model->item.name,
      .lead = arena_printf(profile->arena, "What the columns hold, as of %s UTC%s.", when ? when : "now",
                           *profile->sample ? ", from a sample" : "")});
  const struct page_card cards[] = {
      {.label = "Tables", .value = units_count(profile->arena, (int64_t)profile->tables.count)},
      {.label = "Columns", .value = units_count(profile->arena, (int64_t)columns)},
      {.label = *profile->sample ? "Rows in the sample" : "Rows", .value = units_count(profile->arena, rows)},
  };

  page_cards(page, cards, ARRAY_SIZE(cards));
  return page;
}

clxs_status
profile_save_html(struct profile *profile, const char *path)
{
  CLEANUP_PAGE struct page *page = NULL;
  size_t columns = 0, length = 0;
  int64_t rows = 0;
  const char *html;

  VEC_EACH (&profile->tables, table) {
    columns += table->columns.count;
    rows += table->rows > 0 ? table->rows : 0;
  }
  page = start_page(profile, columns, rows);
  add_problems(profile, page);
  add_overview(profile, page);
  if (columns <= MOST_DRAWN)
    VEC_EACH (&profile->tables, table)
      VEC_EACH (&table->columns, column)
        add_spread(profile, page, table, column);
  html = page_finish(page, &length);
  if (!html)
    return clxs_failf(profile->call, CLXS_E_IO, "choose fewer tables", "the page would be over 1 GiB");
  return save_result(profile->call, path, html, length);
}
