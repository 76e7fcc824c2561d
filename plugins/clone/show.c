/* SPDX-License-Identifier: Apache-2.0 */
/* A plan that is shown and not run: `clxs plan` and `clxs clone --dry-run` in their four forms. It must not
 * know how the plan was made. */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/files/files.h"
#include "kit/page/page.h"
#include "kit/plan/print.h"
#include "kit/plan/record.h"
#include "kit/save.h"
#include "kit/time.h"

#include "base/banned.h"

/* What reading cost, and with it what a run costs. */
struct cost {
  unsigned long long sql, rest, write_sql, write_rest;
};

static struct cost
cost_of(const struct clone *clone, const struct clxs_traffic *traffic)
{
  return (struct cost){.sql = traffic->sql - clone->traffic.sql,
                       .rest = traffic->rest - clone->traffic.rest,
                       .write_sql = plan_count_via(clone->plan, PLAN_SQL),
                       .write_rest = plan_count_via(clone->plan, PLAN_REST)};
}

static const char *
count_text(struct clxs_call *call, unsigned long long count, const char *one, const char *many)
{
  return clxs_textf(call, "%llu %s", count, count == 1 ? one : many);
}

/* What else a run does, whose requests are in no figure: a sentence, or NULL. */
static const char *
besides(const struct clone *clone)
{
  struct clxs_call *call = clone->call;
  const struct clxs_core *core = call->core;
  bool checksum = core->arg_int(call, "checksum") != 0, back = core->arg_int(call, "auto-rollback") != 0;
  const char *const parts[] = {
      core->arg_int(call, "preflight") ? "preflight before the run" : NULL,
      plan_count_via(clone->plan, PLAN_COPY) ? "the transfer of files" : NULL,
      checksum                                  ? "validation with checksums after it"
      : back || core->arg_int(call, "validate") ? "validation after it"
                                                : NULL,
      back ? "what it takes to roll back" : NULL,
  };
  const char *text = NULL;

  for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
    if (parts[i]) text = text ? clxs_textf(call, "%s, %s", text, parts[i]) : parts[i];
  return text ? clxs_textf(call, "Not counted: %s.", text) : NULL;
}

/* -- JSON -- */

static void
add_document(struct buf *json, struct clone *clone, const struct executor_results *results,
             const struct summary *summary, const struct clxs_traffic *traffic)
{
  CLEANUP_BUF struct buf head = BUF_INIT(BUF_LARGE);
  struct cost cost = cost_of(clone, traffic);

  clone_add_head(&head, clone, results, traffic);
  record_add_text(&head, "generated_at", time_text(clone->call, clone->call->core->now_ms(clone->call)));
  buf_addf(&head, ",\"settings\":%s", clone->call->core->arg_record(clone->call));
  buf_add_text(&head, ",\"writes\":");
  plan_print_writes(&head, clone->plan);
  buf_addf(&head, ",\"estimate\":{\"sql\":%llu,\"rest\":%llu}", cost.sql + cost.write_sql,
           cost.rest + cost.write_rest);
  buf_add_text(&head, ",\"plan\":");
  plan_print_json(&head, clone->plan);
  summary_print_json(json, summary, head.data);
}

/* The document as people read it in a file. */
static void
add_pretty(struct buf *json, struct clone *clone, const struct executor_results *results,
           const struct summary *summary, const struct clxs_traffic *traffic)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  CLEANUP_JSON struct json_object *document = NULL;

  add_document(&text, clone, results, summary, traffic);
  document = json_parse(text.data, text.len, NULL, NULL);
  if (!document) return;
  buf_add_text(json,
               json_object_to_json_string_ext(document, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
                                                            JSON_C_TO_STRING_NOSLASHESCAPE));
  buf_add_char(json, '\n');
}

/* -- text -- */

static const char *
title_of(struct clone *clone)
{
  return clxs_textf(clone->call, "%s -> %s, %s", clone->source->item.name, clone->options.dest,
                    clone->options.shallow ? "SHALLOW" : "DEEP");
}

static const char *
writes_text(struct clone *clone, const struct cost *cost)
{
  struct clxs_call *call = clone->call;

  CLEANUP_BUF struct buf size = BUF_INIT(BUF_SQL);
  int64_t bytes;
  size_t files = plan_count_files(clone->plan, &bytes);

  if (files) buf_addf(&size, ", and %s of ", count_text(call, files, "file", "files"));
  if (files) files_add_size(&size, bytes);
  if (files) buf_add_text(&size, " copied");
  return clxs_textf(call, "%s and %s would be sent%s; nothing was changed.",
                    count_text(call, cost->write_sql, "statement", "statements"),
                    count_text(call, cost->write_rest, "other request", "other requests"), size.data);
}

static const char *
cost_text(struct clone *clone, const struct cost *cost)
{
  return clxs_textf(clone->call,
                    "With what it reads first, a run takes about %llu SQL and %llu REST requests (this took "
                    "%llu and %llu).",
                    cost->sql + cost->write_sql, cost->rest + cost->write_rest, cost->sql, cost->rest);
}

static void
add_text(struct buf *text, struct clone *clone, const struct summary *summary,
         const struct clxs_traffic *traffic)
{
  struct cost cost = cost_of(clone, traffic);
  const char *more = besides(clone);

  buf_addf(text, "plan: %s\n\n", title_of(clone));
  plan_print_text(text, clone->plan);
  if (!clone->plan->steps.count) buf_add_text(text, "      nothing to do\n");
  buf_add_char(text, '\n');
  summary_add_counts(text, summary);
  buf_addf(text, "\n%s\n%s\n", writes_text(clone, &cost), cost_text(clone, &cost));
  if (more) buf_addf(text, "%s\n", more);
}

/* -- SQL -- */

static void
add_script(struct buf *sql, struct clone *clone)
{
  plan_add_remark(sql, "-- ", "clxs plan: %s", title_of(clone));
  plan_print_sql(sql, clone->plan);
}

/* -- HTML -- */

static const char *
join_values(struct clxs_call *call, struct json_object *values)
{
  const char *text = "";

  for (size_t i = 0; i < json_length(values); i++)
    text = clxs_textf(call, "%s%s%s", text, i ? ", " : "", json_object_get_string(json_item(values, i)));
  return text;
}

void
clone_page_settings(struct page *page, struct clone *clone)
{
  const char *record = clone->call->core->arg_record(clone->call), *name,
             *workspace = clxs_config(clone->call)->host(clone->call);
  CLEANUP_JSON struct json_object *json = json_parse(record, strlen(record), NULL, NULL);
  struct json_object *values;
  VEC(struct page_fact) facts = {0};
  void *at = NULL;

  *VEC_ADD(&facts) = (struct page_fact){"workspace", workspace ? workspace : "none"};
  *VEC_ADD(&facts) = (struct page_fact){"clxs", CLXS_VERSION};
  while (json_next(json, &at, &name, &values))
    *VEC_ADD(&facts) = (struct page_fact){name, join_values(clone->call, values)};
  page_section(page, "Settings", "What the command was told, by its flags and by the configuration.");
  page_facts(page, facts.at, facts.count);
  VEC_FREE(&facts);
}

static void
add_cards(struct page *page, struct clone *clone, const struct summary *summary, const struct cost *cost)
{
  struct clxs_call *call = clone->call;
  const size_t *totals = summary->totals;
  struct page_card cards[] = {
      {"Writes", clxs_textf(call, "%llu", cost->write_sql + cost->write_rest),
       clxs_textf(call, "%llu SQL, %llu REST", cost->write_sql, cost->write_rest), PAGE_PLAIN},
      {"Objects planned", clxs_textf(call, "%zu", totals[SUMMARY_PLANNED] + totals[SUMMARY_SUCCEEDED]), NULL,
       PAGE_GOOD},
      {"Cannot be done", clxs_textf(call, "%zu", totals[SUMMARY_FAILED]), NULL,
       totals[SUMMARY_FAILED] ? PAGE_BAD : PAGE_PLAIN},
      {"Blocked", clxs_textf(call, "%zu", totals[SUMMARY_BLOCKED]), NULL,
       totals[SUMMARY_BLOCKED] ? PAGE_WARN : PAGE_PLAIN},
      {"Left out", clxs_textf(call, "%zu", totals[SUMMARY_SKIPPED]), NULL,
       totals[SUMMARY_SKIPPED] ? PAGE_MUTED : PAGE_PLAIN},
      {"Requests of a run",
       clxs_textf(call, "about %llu", cost->sql + cost->rest + cost->write_sql + cost->write_rest),
       clxs_textf(call, "reading: %llu SQL, %llu REST", cost->sql, cost->rest), PAGE_PLAIN},
  };

  page_cards(page, cards, ARRAY_SIZE(cards));
}

static clxs_status
add_page(struct buf *html, struct clone *clone, const struct summary *summary,
         const struct clxs_traffic *traffic)
{
  struct clxs_call *call = clone->call;
  struct cost cost = cost_of(clone, traffic);
  bool whole = summary->status >= 0;
  struct page_head head = {
      .kicker = "Clone plan",
      .title = clxs_textf(call, "%s \xe2\x86\x92 %s", clone->source->item.name, clone->options.dest),
      .lead =
          clxs_textf(call, "%s, planned %s. Nothing was changed.",
                     clone->options.shallow ? "SHALLOW" : "DEEP", time_text(call, call->core->now_ms(call))),
      .badge = whole ? "complete" : "not everything can be done",
      .tone = whole ? PAGE_GOOD : PAGE_BAD,
  };
  CLEANUP_PAGE struct page *page = page_new(&head);
  const char *text, *more = besides(clone);
  size_t length = 0;

  add_cards(page, clone, summary, &cost);
  if (more) page_text(page, more);
  plan_print_page(page, clone->plan);
  clone_page_settings(page, clone);
  text = page_finish(page, &length);
  if (!text) return clxs_failf(call, CLXS_E_IO, "use --format json", "the page is larger than 1 GiB");
  buf_add(html, text, length);
  return CLXS_OK;
}

/* -- where it goes -- */

/* What a terminal is sent cannot steer it. */
static clxs_status
print(struct clxs_call *call, const struct buf *text)
{
  const struct clxs_output *output = clxs_output(call);
  size_t length = text->len;

  if (!output->width(call) || output->format(call) != CLXS_FORMAT_TEXT)
    return output->raw(call, text->data, text->len);
  if (length && text->data[length - 1] == '\n') length--;
  return output->text(call, clxs_textf(call, "%.*s", (int)length, text->data));
}

static clxs_status
capture_sql(struct clone *clone)
{
  const char *file = clone->options.capture_sql;
  CLEANUP_BUF struct buf sql = BUF_INIT(BUF_LARGE);

  if (!file) return CLXS_OK;
  add_script(&sql, clone);
  return save_result(clone->call, file, sql.data, sql.len);
}

static clxs_status
render(struct buf *text, struct clone *clone, const struct executor_results *results,
       const struct summary *summary, const struct clxs_traffic *traffic)
{
  const char *form = clone->options.form;

  if (str_eq(form, "html")) return add_page(text, clone, summary, traffic);
  if (str_eq(form, "json"))
    add_pretty(text, clone, results, summary, traffic);
  else if (str_eq(form, "sql"))
    add_script(text, clone);
  else
    add_text(text, clone, summary, traffic);
  if (text->overflow)
    return clxs_failf(clone->call, CLXS_E_IO, NULL, "the plan is larger than 1 GiB as text");
  return CLXS_OK;
}

clxs_status
clone_show_plan(struct clone *clone, const struct executor_results *results, const struct summary *summary,
                const struct clxs_traffic *traffic)
{
  struct clxs_call *call = clone->call;
  const char *file = clone->options.output;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  clxs_status status = capture_sql(clone);

  if (status < 0) return status;
  /* Without a form of its own the plan is a result like any other. */
  if (str_eq(clone->options.form, "text") && !file && clxs_output(call)->format(call) != CLXS_FORMAT_TEXT) {
    add_document(&text, clone, results, summary, traffic);
    return clxs_output(call)->document(call, text.data);
  }
  status = render(&text, clone, results, summary, traffic);
  if (status < 0) return status;
  if (!file) return print(call, &text);
  status = save_result(call, file, text.data, text.len);
  if (status >= 0) clxs_output(call)->text(call, clxs_textf(call, "the plan is in %s", file));
  return status;
}
