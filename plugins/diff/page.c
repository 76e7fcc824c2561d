/* SPDX-License-Identifier: Apache-2.0 */
/* The differences as one HTML file: figures, a table that can be filtered by kind, field and change, and each
 * definition as a patch. */
#include "kit/page/page.h"
#include "base/buf.h"
#include "base/str.h"
#include "diff.h"

#include "base/banned.h"

static const enum page_tone tones[] = {
    [DELTA_REMOVED] = PAGE_BAD, [DELTA_ADDED] = PAGE_GOOD, [DELTA_CHANGED] = PAGE_WARN};

static const char *
number(struct diff *diff, size_t count)
{
  return arena_printf(diff->arena, "%zu", count);
}

static void
add_cards(struct page *page, struct diff *diff)
{
  size_t objects[DELTA_CHANGES] = {0}, equal = 0, unknown = 0;

  for (size_t i = 0; i < diff->delta.differences.count;) {
    struct diff_object object = diff_object_at(&diff->delta, i);

    objects[object.change]++;
    i += object.count;
  }
  for (int i = 0; i < DELTA_KINDS; i++) {
    const struct delta_totals *totals = &diff->delta.totals[i];

    equal += totals->both - totals->different - totals->unknown;
    unknown += totals->unknown;
  }
  page_cards(page,
             (struct page_card[]){
                 {"Only in the source", number(diff, objects[DELTA_REMOVED]), diff_side_label(diff, 0),
                  objects[DELTA_REMOVED] ? PAGE_BAD : PAGE_PLAIN},
                 {"Only in the destination", number(diff, objects[DELTA_ADDED]), diff_side_label(diff, 1),
                  objects[DELTA_ADDED] ? PAGE_WARN : PAGE_PLAIN},
                 {"Different", number(diff, objects[DELTA_CHANGED]), "on both sides",
                  objects[DELTA_CHANGED] ? PAGE_WARN : PAGE_PLAIN},
                 {"Equal", number(diff, equal), "on both sides", PAGE_GOOD},
                 {"Unknown", number(diff, unknown), "could not be compared", unknown ? PAGE_BAD : PAGE_PLAIN},
             },
             5);
}

static void
add_kinds(struct page *page, struct diff *diff)
{
  static const struct page_column columns[] = {{"Kind", 0},
                                               {"In the source", PAGE_NUMBER},
                                               {"In the destination", PAGE_NUMBER},
                                               {"In both", PAGE_NUMBER},
                                               {"Different", PAGE_NUMBER}};

  page_section(page, "Objects", NULL);
  page_table_begin(page, columns, ARRAY_SIZE(columns));
  for (int i = 0; i < DELTA_KINDS; i++) {
    const struct delta_totals *totals = &diff->delta.totals[i];

    if (diff->options.leave_kinds & (1U << i)) continue;
    page_row(page,
             (struct page_cell[]){{.text = delta_kind_plural((enum delta_kind)i)},
                                  {.text = number(diff, totals->source)},
                                  {.text = number(diff, totals->dest)},
                                  {.text = number(diff, totals->both)},
                                  {.text = number(diff, totals->different)}},
             ARRAY_SIZE(columns));
  }
  page_table_end(page);
}

static void
add_difference(struct page *page, const struct delta_difference *difference)
{
  page_row(
      page,
      (struct page_cell[]){{.text = delta_change_name(difference->change), .tone = tones[difference->change]},
                           {.text = delta_kind_name(difference->kind)},
                           {.text = difference->name},
                           {.text = delta_field_name(difference->field)},
                           {.text = difference->item},
                           {.text = difference->old_value},
                           {.text = difference->new_value}},
      7);
}

static void
add_differences(struct page *page, struct diff *diff)
{
  static const struct page_column columns[] = {{"Change", PAGE_CHIPS}, {"Kind", PAGE_CHIPS},
                                               {"Object", PAGE_NAME},  {"Field", PAGE_CHIPS},
                                               {"Source", PAGE_CODE},  {"Destination", PAGE_CODE}};

  page_section(page, "Differences", "Removed: only the source has it. Added: only the destination has it.");
  page_table_begin(page, columns, ARRAY_SIZE(columns));
  VEC_EACH (&diff->delta.differences, difference)
    add_difference(page, difference);
  page_table_end(page);
}

static void
add_names(struct page *page, struct diff *diff)
{
  static const struct page_column columns[] = {
      {"Change", PAGE_CHIPS}, {"Kind", PAGE_CHIPS}, {"Object", PAGE_NAME}};

  page_section(page, "Objects that differ", NULL);
  page_table_begin(page, columns, ARRAY_SIZE(columns));
  for (size_t i = 0; i < diff->delta.differences.count;) {
    struct diff_object object = diff_object_at(&diff->delta, i);
    const struct delta_difference *difference = &diff->delta.differences.at[i];

    page_row(page,
             (struct page_cell[]){{.text = delta_change_name(object.change), .tone = tones[object.change]},
                                  {.text = delta_kind_name(difference->kind)},
                                  {.text = diff_object_name(diff->arena, difference)}},
             ARRAY_SIZE(columns));
    i += object.count;
  }
  page_table_end(page);
}

static void
add_patch_line(void *data, enum line_change change, const char *line)
{
  static const char marks[] = {[LINE_SAME] = ' ', [LINE_REMOVED] = '-', [LINE_ADDED] = '+', [LINE_GAP] = ' '};

  buf_addf(data, "%c %s\n", marks[change], change == LINE_GAP ? "..." : line);
}

static void
add_definitions(struct page *page, struct diff *diff)
{
  bool first = true;

  VEC_EACH (&diff->delta.differences, difference) {
    CLEANUP_BUF struct buf patch = BUF_INIT(BUF_LARGE);

    if (!delta_field_is_text(difference->field) || !difference->old_value || !difference->new_value) continue;
    if (first) page_section(page, "Definitions", "Line by line; each side's own catalog does not count.");
    first = false;
    diff_compare_definitions(diff, difference, add_patch_line, &patch);
    page_code(page, diff_object_name(diff->arena, difference), patch.data);
  }
}

static void
add_unknowns(struct page *page, struct diff *diff)
{
  VEC_EACH (&diff->delta.unknowns, unknown)
    page_alert(page, PAGE_WARN,
               arena_printf(diff->arena, "%s %s: its %s%s cannot be compared", delta_kind_name(unknown->kind),
                            unknown->name, delta_field_name(unknown->field), diff_unknown_place(unknown)),
               unknown->reason);
}

struct page *
diff_page_new(struct diff *diff, const char *kicker)
{
  static const char *const words[] = {"equal", "different", "unknown"};
  clxs_status status = diff_status(diff);
  size_t word = status == CLXS_OK ? 0 : status == CLXS_DIFFERENT ? 1 : 2;
  struct page_head head = {
      .kicker = kicker,
      .title = arena_printf(diff->arena, "%s and %s", diff_side_label(diff, 0), diff_side_label(diff, 1)),
      .badge = words[word],
      .tone = word ? PAGE_WARN : PAGE_GOOD};
  struct page *page = page_new(&head);

  add_cards(page, diff);
  add_unknowns(page, diff);
  if (diff->delta.differences.count) {
    if (diff->names_only) {
      add_names(page, diff);
    } else {
      add_differences(page, diff);
      add_definitions(page, diff);
    }
  }
  add_kinds(page, diff);
  return page;
}

clxs_status
diff_page_print(struct diff *diff, struct page *page)
{
  size_t length = 0;
  const char *html = page_finish(page, &length);

  if (!html)
    return clxs_failf(diff->call, CLXS_E_IO, "choose fewer schemas, or -o json", "the page has over 1 GiB");
  return clxs_output(diff->call)->raw(diff->call, html, length);
}
