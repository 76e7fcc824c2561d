/* SPDX-License-Identifier: Apache-2.0 */
/* The report as a page. It must not know where the page is kept. */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/page/page.h"
#include "kit/plan/report.h"
#include "kit/time.h"

#include "base/banned.h"

static enum page_tone
status_tone(const char *status)
{
  if (str_eq(status, "succeeded")) return PAGE_GOOD;
  return str_eq(status, "partial") || str_eq(status, "cancelled") || str_eq(status, "rolled_back") ? PAGE_WARN
                                                                                                   : PAGE_BAD;
}

/* What is to be done now. */
static void
add_outcome(struct clone *clone, struct page *page, const struct summary *summary)
{
  struct clxs_call *call = clone->call;
  const char *resume = clxs_textf(call, "clxs clone --resume %s", clone->operation);

  if (summary->undone)
    page_alert(page, PAGE_WARN, "The clone was taken back",
               "Too much of it failed or differed; see auto_rollback below.");
  else if (summary->status == CLXS_E_CANCELLED)
    page_alert(page, PAGE_WARN, "The clone was cancelled before its end",
               clxs_textf(call, "What is done is done. To do the rest: %s", resume));
  else if (summary->status == CLXS_DIFFERENT)
    page_alert(page, PAGE_BAD, "The copy differs from its source", "See the validation below.");
  else if (summary->status < 0)
    page_alert(page, PAGE_BAD, clxs_textf(call, "%s", summary_failure_text(call, summary)),
               clxs_textf(call, "Correct the causes, then: %s", resume));
}

static void
add_preflight(struct page *page, struct json_object *document)
{
  static const struct page_column columns[] = {
      {"Check", PAGE_NAME}, {"State", PAGE_CHIPS}, {"What was found", 0}};
  struct json_object *checks = json_get_array(document, "checks");

  if (!json_length(checks)) return;
  page_section(page, "Preflight", "What was looked at before the clone began.");
  page_table_begin(page, columns, ARRAY_SIZE(columns));
  for (size_t i = 0; i < json_length(checks); i++) {
    struct json_object *check = json_item(checks, i);
    const char *status = json_get_text(check, "status");
    enum page_tone tone = str_eq(status, "OK") ? PAGE_GOOD : str_eq(status, "WARN") ? PAGE_WARN : PAGE_BAD;

    page_row(page,
             (struct page_cell[]){
                 {.text = json_get_text(check, "check")},
                 {.text = status, .tone = tone},
                 {.text = json_get_text(check, "detail"), .more = json_get_text(check, "next_step")}},
             3);
  }
  page_table_end(page);
}

static void
add_validation(struct page *page, struct json_object *document)
{
  static const struct page_column columns[] = {
      {"State", PAGE_CHIPS}, {"Kind", PAGE_CHIPS}, {"Object", PAGE_NAME}, {"Why", 0}};
  struct json_object *objects = json_get_array(document, "objects");

  if (!document) return;
  page_section(page, "Validation", "The copy compared with its source after the clone.");
  page_table_begin(page, columns, ARRAY_SIZE(columns));
  for (size_t i = 0; i < json_length(objects); i++) {
    struct json_object *object = json_item(objects, i);
    const char *status = json_get_text(object, "status");
    enum page_tone tone = str_eq(status, "match")          ? PAGE_GOOD
                          : str_eq(status, "not_compared") ? PAGE_MUTED
                                                           : PAGE_BAD;

    page_row(page,
             (struct page_cell[]){{.text = status, .tone = tone},
                                  {.text = json_get_text(object, "kind")},
                                  {.text = json_get_text(object, "name")},
                                  {.text = json_get_text(object, "reason")}},
             4);
  }
  page_table_end(page);
}

static void
add_checks(struct clone *clone, struct page *page)
{
  CLEANUP_JSON struct json_object *preflight = NULL, *validation = NULL;

  if (clone->preflight) preflight = json_parse(clone->preflight, strlen(clone->preflight), NULL, NULL);
  if (clone->validation) validation = json_parse(clone->validation, strlen(clone->validation), NULL, NULL);
  add_validation(page, validation);
  add_preflight(page, preflight);
  if (!clone->judgement) return;
  page_section(page, "Automatic rollback", NULL);
  page_code(page, "auto_rollback", clone->judgement);
}

struct page *
clone_report_page(struct clone *clone, const struct report *report, unsigned long long requests)
{
  struct clxs_call *call = clone->call;
  const char *status = summary_status_name(report->summary);
  int64_t now = call->core->now_ms(call);
  struct page_head head = {
      .kicker = "Clone report",
      .title = clxs_textf(call, "%s \xe2\x86\x92 %s", clone->source->item.name, clone->options.dest),
      .lead =
          clxs_textf(call, "%s. From %s to %s. Operation %s.", clone->options.shallow ? "SHALLOW" : "DEEP",
                     time_text(call, clone->begun_ms), time_text(call, now), clone->operation),
      .badge = status,
      .tone = status_tone(status),
  };
  struct page *page = page_new(&head);
  const struct plan *plan = clone->plan;

  report_add_figures(call, page, report, requests, now - clone->begun_ms);
  add_outcome(clone, page, report->summary);
  report_add_errors(call, page, report);
  report_add_times(call, page, report);
  report_add_objects(call, page, report);
  if (plan->warnings.count) {
    page_section(page, "Look at", "What could not be decided, or was left as it is.");
    page_list(page, plan->warnings.at, plan->warnings.count);
  }
  add_checks(clone, page);
  report_add_steps(call, page, report);
  clone_page_settings(page, clone);
  return page;
}
