/* SPDX-License-Identifier: Apache-2.0 */
/* See report.h. It must not know which command ran. */
#include "kit/plan/report.h"

#include <clxs/clxs.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/page/page.h"
#include "kit/plan/print.h"
#include "kit/plan/record.h"
#include "kit/time.h"

#include "base/banned.h"

#define SLOWEST 10

/* Failed objects with the same error class. */
struct error_class {
  const char *name;
  size_t count, first; /* first: the object that is named */
};

#define CLASSES 64

struct error_classes {
  struct error_class at[CLASSES];
  size_t count;
};

static int
compare_classes(const void *a, const void *b)
{
  const struct error_class *x = a, *y = b;

  if (x->count != y->count) return x->count > y->count ? -1 : 1;
  return x->first < y->first ? -1 : x->first > y->first;
}

/* What cannot be told apart any more is counted with the last. */
static void
collect_classes(const struct summary *summary, struct error_classes *classes)
{
  *classes = (struct error_classes){0};
  for (size_t i = 0; i < summary->plan->objects.count; i++) {
    const struct summary_object *object = &summary->objects[i];
    const char *name = object->error_class ? object->error_class : "no error class";
    size_t k = 0;

    if (object->outcome != SUMMARY_FAILED) continue;
    while (k < classes->count && !str_eq(classes->at[k].name, name))
      k++;
    if (k == CLASSES) k--;
    if (k == classes->count) classes->at[classes->count++] = (struct error_class){name, 0, i};
    classes->at[k].count++;
  }
  qsort(classes->at, classes->count, sizeof *classes->at, compare_classes);
}

/* -- JSON -- */

static void
add_step_json(struct clxs_call *call, struct buf *json, const struct report *report, size_t index)
{
  const struct plan_step *step = &report->plan->steps.at[index];
  const struct plan_result *result = &report->results->steps[index];
  const struct plan_object *object = &report->plan->objects.at[step->object];
  uint64_t scope = call->core->scope_begin(call);

  buf_addf(json, "{\"step\":%zu,\"kind\":", index);
  buf_add_json(json, object->kind);
  record_add_text(json, "name", object->label);
  record_add_text(json, "action", step->action);
  record_add_text(json, "state", plan_state_name(result->state));
  record_add_text(json, "reason", result->reason);
  record_add_text(json, "hint", result->hint);
  record_add_text(json, "error_class", result->error_class);
  record_add_text(json, "statement_id", result->statement_id);
  record_add_text(json, "request_id", result->request_id);
  if (result->started_ms) {
    record_add_text(json, "started_at", time_text(call, result->started_ms));
    buf_addf(json, ",\"started_ms\":%lld,\"duration_ms\":%lld,\"attempts\":%u,\"worker\":%u",
             (long long)result->started_ms, (long long)result->duration_ms, result->attempts,
             (unsigned)result->lane + 1);
  }
  if (step->via == PLAN_SQL) record_add_text(json, "statement", step->text);
  record_add_text(json, "method", step->method);
  record_add_text(json, "path", step->path);
  record_add_text(json, "body", step->body);
  buf_add_char(json, '}');
  call->core->scope_end(call, scope);
}

void
report_add_json(struct clxs_call *call, struct buf *json, const struct report *report)
{
  struct error_classes classes;

  collect_classes(report->summary, &classes);
  buf_add_text(json, "\"errors\":[");
  for (size_t i = 0; i < classes.count; i++) {
    buf_addf(json, "%s{\"error_class\":", i ? "," : "");
    buf_add_json(json, classes.at[i].name);
    buf_addf(json, ",\"count\":%zu", classes.at[i].count);
    record_add_text(json, "first", report->plan->objects.at[classes.at[i].first].label);
    record_add_text(json, "reason", report->summary->objects[classes.at[i].first].reason);
    buf_add_char(json, '}');
  }
  buf_add_text(json, "],\"steps\":[");
  for (size_t i = 0; i < report->plan->steps.count; i++) {
    if (i) buf_add_char(json, ',');
    add_step_json(call, json, report, i);
  }
  buf_add_char(json, ']');
}

/* -- the page -- */

void
report_add_figures(struct clxs_call *call, struct page *page, const struct report *report,
                   unsigned long long requests, int64_t duration_ms)
{
  static const struct {
    enum summary_outcome outcome;
    const char *label;
    enum page_tone tone;
    bool always;
  } shown[] = {{SUMMARY_SUCCEEDED, "Succeeded", PAGE_GOOD, true},
               {SUMMARY_FAILED, "Failed", PAGE_BAD, true},
               {SUMMARY_BLOCKED, "Blocked", PAGE_WARN, false},
               {SUMMARY_SKIPPED, "Skipped", PAGE_MUTED, true},
               {SUMMARY_NOT_RUN, "Not run", PAGE_WARN, false}};
  struct page_card cards[ARRAY_SIZE(shown) + 2];
  char duration[PAGE_DURATION];
  size_t count = 0;

  for (size_t i = 0; i < ARRAY_SIZE(shown); i++) {
    size_t total = report->summary->totals[shown[i].outcome];

    if (!total && !shown[i].always) continue;
    cards[count++] = (struct page_card){.label = shown[i].label,
                                        .value = clxs_textf(call, "%zu", total),
                                        .tone = total ? shown[i].tone : PAGE_PLAIN};
  }
  cards[0].note = clxs_textf(call, "of %zu objects", report->plan->objects.count);
  page_duration(duration_ms, duration);
  cards[count++] = (struct page_card){.label = "Time", .value = duration};
  cards[count++] = (struct page_card){.label = "Requests", .value = clxs_textf(call, "%llu", requests)};
  page_cards(page, cards, count);
}

void
report_add_errors(struct clxs_call *call, struct page *page, const struct report *report)
{
  static const struct page_column columns[] = {
      {"Error class", PAGE_NAME}, {"Objects", PAGE_NUMBER}, {"The first", PAGE_NAME}, {"Why", 0}};
  struct error_classes classes;

  collect_classes(report->summary, &classes);
  if (!classes.count) return;
  page_section(page, "What failed", "By the service's error class.");
  page_table_begin(page, columns, ARRAY_SIZE(columns));
  for (size_t i = 0; i < classes.count; i++) {
    const struct summary_object *first = &report->summary->objects[classes.at[i].first];

    page_row(page,
             (struct page_cell[]){{.text = classes.at[i].name, .tone = PAGE_BAD},
                                  {.text = clxs_textf(call, "%zu", classes.at[i].count)},
                                  {.text = report->plan->objects.at[classes.at[i].first].label},
                                  {.text = first->reason, .more = first->hint}},
             4);
  }
  page_table_end(page);
}

static enum page_tone
state_tone(enum plan_state state)
{
  switch (state) {
  case PLAN_DONE: return PAGE_GOOD;
  case PLAN_FAILED:
  case PLAN_INTERRUPTED: return PAGE_BAD;
  case PLAN_BLOCKED:
  case PLAN_NOT_RUN: return PAGE_WARN;
  default: return PAGE_MUTED;
  }
}

static enum page_tone
outcome_tone(enum summary_outcome outcome)
{
  static const enum page_tone tones[] = {
      [SUMMARY_SUCCEEDED] = PAGE_GOOD, [SUMMARY_FAILED] = PAGE_BAD,   [SUMMARY_BLOCKED] = PAGE_WARN,
      [SUMMARY_SKIPPED] = PAGE_MUTED,  [SUMMARY_NOT_RUN] = PAGE_WARN, [SUMMARY_PLANNED] = PAGE_PLAIN};

  return tones[outcome];
}

/* The steps of this run, or those of EARLIER ones. */
static void
add_timeline(struct clxs_call *call, struct page *page, const struct report *report, bool earlier)
{
  size_t count = report->plan->steps.count, used = 0;
  CLEANUP_FREE struct page_span *spans = xcalloc(count + 1, sizeof *spans);

  for (size_t i = 0; i < count; i++) {
    const struct plan_step *step = &report->plan->steps.at[i];
    const struct plan_result *result = &report->results->steps[i];

    if (!result->started_ms || (result->started_ms < report->since_ms) != earlier) continue;
    spans[used++] = (struct page_span){
        .lane = result->lane,
        .start_ms = result->started_ms,
        .end_ms = result->started_ms + result->duration_ms,
        .label = clxs_textf(call, "%s %s", step->action, report->plan->objects.at[step->object].label),
        .tone = state_tone(result->state),
    };
  }
  if (!used) return;
  page_section(page, earlier ? "When it happened, before it was resumed" : "When it happened",
               "A line for each worker, a box for each statement or request.");
  page_timeline(page, spans, used);
}

static int
compare_bars(const void *a, const void *b)
{
  const struct page_bar *x = a, *y = b;

  return x->value > y->value ? -1 : x->value < y->value;
}

static void
add_slowest(struct clxs_call *call, struct page *page, const struct report *report)
{
  size_t count = report->plan->objects.count, used = 0;
  CLEANUP_FREE struct page_bar *bars = xcalloc(count + 1, sizeof *bars);

  for (size_t i = 0; i < count; i++) {
    const struct summary_object *object = &report->summary->objects[i];

    if (object->duration_ms <= 0) continue;
    bars[used++] = (struct page_bar){.label = report->plan->objects.at[i].label,
                                     .value = (double)object->duration_ms,
                                     .tone = outcome_tone(object->outcome)};
  }
  if (!used) return;
  qsort(bars, used, sizeof *bars, compare_bars);
  if (used > SLOWEST) used = SLOWEST;
  for (size_t i = 0; i < used; i++) {
    char duration[PAGE_DURATION];

    page_duration((int64_t)bars[i].value, duration);
    bars[i].shown = clxs_textf(call, "%s", duration);
  }
  page_section(page, "What took longest", NULL);
  page_bars(page, bars, used);
}

void
report_add_times(struct clxs_call *call, struct page *page, const struct report *report)
{
  add_timeline(call, page, report, true);
  add_timeline(call, page, report, false);
  add_slowest(call, page, report);
}

/* MS as a cell that is sorted by its value. */
static struct page_cell
duration_cell(struct clxs_call *call, int64_t ms, bool there)
{
  char duration[PAGE_DURATION];

  if (!there) return (struct page_cell){0};
  page_duration(ms, duration);
  return (struct page_cell){.text = clxs_textf(call, "%s", duration),
                            .sort = clxs_textf(call, "%lld", (long long)ms)};
}

void
report_add_objects(struct clxs_call *call, struct page *page, const struct report *report)
{
  static const struct page_column columns[] = {{"Kind", PAGE_CHIPS},  {"Object", PAGE_NAME},
                                               {"State", PAGE_CHIPS}, {"Why", 0},
                                               {"Time", PAGE_NUMBER}, {"Id", PAGE_NAME}};

  page_section(page, "Objects", NULL);
  page_table_begin(page, columns, ARRAY_SIZE(columns));
  for (size_t i = 0; i < report->plan->objects.count; i++) {
    const struct plan_object *object = &report->plan->objects.at[i];
    const struct summary_object *result = &report->summary->objects[i];
    uint64_t scope = call->core->scope_begin(call);

    page_row(page,
             (struct page_cell[]){
                 {.text = object->kind},
                 {.text = object->label},
                 {.text = summary_outcome_name(result->outcome), .tone = outcome_tone(result->outcome)},
                 {.text = result->reason, .more = result->hint},
                 duration_cell(call, result->duration_ms, result->duration_ms > 0),
                 {.text = result->statement_id}},
             6);
    call->core->scope_end(call, scope);
  }
  page_table_end(page);
}

static void
add_step_row(struct clxs_call *call, struct page *page, const struct report *report, size_t index)
{
  const struct plan_step *step = &report->plan->steps.at[index];
  const struct plan_result *result = &report->results->steps[index];
  bool sent = result->started_ms != 0;
  const char *id = result->statement_id ? result->statement_id : result->request_id;
  CLEANUP_BUF struct buf what = BUF_INIT(BUF_LARGE);

  if (step->via == PLAN_SQL)
    buf_add_text(&what, step->text);
  else if (plan_is_sent(step))
    plan_add_request(&what, step);
  page_row(
      page,
      (struct page_cell[]){
          {.text = clxs_textf(call, "%zu", index + 1)},
          {.text = step->action},
          {.text = report->plan->objects.at[step->object].label},
          {.text = plan_state_name(result->state), .more = result->reason, .tone = state_tone(result->state)},
          {.text = sent ? time_text(call, result->started_ms) : NULL},
          duration_cell(call, result->duration_ms, sent),
          {.text = sent ? clxs_textf(call, "%u", (unsigned)result->lane + 1) : NULL},
          {.text = result->attempts ? clxs_textf(call, "%u", result->attempts) : NULL},
          {.text = id},
          {.text = what.data}},
      10);
}

void
report_add_steps(struct clxs_call *call, struct page *page, const struct report *report)
{
  static const struct page_column columns[] = {
      {"Step", PAGE_NUMBER}, {"Action", PAGE_CHIPS},      {"Object", PAGE_NAME},   {"State", PAGE_CHIPS},
      {"Begun", 0},          {"Time", PAGE_NUMBER},       {"Worker", PAGE_NUMBER}, {"Tries", PAGE_NUMBER},
      {"Id", PAGE_NAME},     {"What was sent", PAGE_CODE}};

  page_section(page, "Steps", "Every statement and request, in the order of the plan.");
  page_table_begin(page, columns, ARRAY_SIZE(columns));
  for (size_t i = 0; i < report->plan->steps.count; i++) {
    uint64_t scope = call->core->scope_begin(call);

    add_step_row(call, page, report, i);
    call->core->scope_end(call, scope);
  }
  page_table_end(page);
}
