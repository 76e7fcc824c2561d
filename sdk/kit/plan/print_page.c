/* SPDX-License-Identifier: Apache-2.0 */
/* A plan as sections of a page. */
#include <stdio.h>

#include "base/buf.h"
#include "base/str.h"
#include "kit/page/page.h"
#include "kit/plan/print.h"

#include "base/banned.h"

static void
add_step(struct page *page, const struct plan *plan, size_t index)
{
  static const enum page_tone tones[] = {
      [PLAN_PRIOR_UNKNOWN] = PAGE_WARN, [PLAN_PRIOR_ABSENT] = PAGE_GOOD, [PLAN_PRIOR_KNOWN] = PAGE_MUTED};
  const struct plan_step *step = &plan->steps.at[index];
  const struct plan_object *object = &plan->objects.at[step->object];
  CLEANUP_BUF struct buf after = BUF_INIT(BUF_SQL), call = BUF_INIT(BUF_LARGE);
  char number[24];

  snprintf(number, sizeof number, "%zu", index + 1);
  plan_add_after(&after, step);
  if (step->via == PLAN_SQL)
    buf_add_text(&call, step->text);
  else
    plan_add_request(&call, step);
  page_row(page,
           (struct page_cell[]){{.text = number},
                                {.text = object->kind},
                                {.text = object->label},
                                {.text = step->action},
                                {.text = step->via == PLAN_SQL    ? "SQL"
                                         : step->via == PLAN_REST ? "REST"
                                                                  : "file"},
                                {.text = call.data},
                                {.text = after.data},
                                {.text = plan_undo_text(step), .tone = tones[step->undo.prior]}},
           8);
}

static void
add_left_out(struct page *page, const struct plan *plan)
{
  static const struct page_column columns[] = {
      {"State", PAGE_CHIPS}, {"Kind", PAGE_CHIPS}, {"Object", PAGE_NAME}, {"Why", 0}};
  static const enum page_tone tones[PLAN_UNSENT] = {PAGE_MUTED, PAGE_BAD, PAGE_WARN};

  page_section(page, "What is left out", "Objects that will not be copied, or not wholly.");
  page_table_begin(page, columns, ARRAY_SIZE(columns));
  for (size_t g = 0; g < PLAN_UNSENT; g++)
    VEC_EACH (&plan->steps, step) {
      const struct plan_object *object = &plan->objects.at[step->object];

      if (step->via != plan_unsent[g].via) continue;
      page_row(page,
               (struct page_cell[]){{.text = plan_unsent[g].title, .tone = tones[g]},
                                    {.text = object->kind},
                                    {.text = object->label},
                                    {.text = step->text, .more = step->error_class}},
               4);
    }
  page_table_end(page);
}

void
plan_print_page(struct page *page, const struct plan *plan)
{
  static const struct page_column columns[] = {
      {"Step", PAGE_NUMBER}, {"Kind", PAGE_CHIPS},        {"Object", PAGE_NAME}, {"Action", 0},
      {"By", PAGE_CHIPS},    {"What is sent", PAGE_CODE}, {"After", 0},          {"Before", PAGE_CHIPS}};

  if (plan_count_via(plan, PLAN_REFUSED) + plan_count_via(plan, PLAN_SKIPPED) +
      plan_count_via(plan, PLAN_HELD))
    add_left_out(page, plan);
  if (plan->warnings.count) {
    page_section(page, "Look at", "What cannot be decided from here, or is not undone by a rollback.");
    page_list(page, plan->warnings.at, plan->warnings.count);
  }
  page_section(page, "Steps",
               "In an order that works. Steps that do not wait for each other run at the same time.");
  page_table_begin(page, columns, ARRAY_SIZE(columns));
  for (size_t i = 0; i < plan->steps.count; i++)
    if (plan_is_sent(&plan->steps.at[i])) add_step(page, plan, i);
  page_table_end(page);
}
