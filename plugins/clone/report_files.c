/* SPDX-License-Identifier: Apache-2.0 */
/* --report: what a run came to, in two files that are kept. It must not know how a page looks. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"
#include "clone.h"
#include "kit/page/page.h"
#include "kit/plan/record.h"
#include "kit/plan/report.h"
#include "kit/save.h"
#include "kit/time.h"

#include "base/banned.h"

clxs_status
clone_check_report(struct clone *clone)
{
  struct clxs_call *call = clone->call;
  const char *directory = clone->options.report_dir;

  if (!directory || clone->options.dry_run) return CLXS_OK;
  if (!file_make_parents(clxs_textf(call, "%s/", directory)) || access(directory, W_OK | X_OK) != 0)
    return clxs_failf(call, CLXS_E_IO, "name another directory with --report-dir; nothing was changed",
                      "reports cannot be written to %s: %s", directory, strerror(errno));
  return CLXS_OK;
}

/* DIRECTORY/clone_report_20260131_235959, with a number behind it where there is such a report already. */
static const char *
free_name(struct clone *clone)
{
  struct clxs_call *call = clone->call;
  struct tm utc = time_utc(clone->begun_ms);
  const char *base, *name;
  char stamp[32];

  strftime(stamp, sizeof stamp, "%Y%m%d_%H%M%S", &utc);
  base = name = clxs_textf(call, "%s/clone_report_%s", clone->options.report_dir, stamp);
  for (unsigned i = 2; access(clxs_textf(call, "%s.json", name), F_OK) == 0; i++)
    name = clxs_textf(call, "%s_%u", base, i);
  return name;
}

static void
add_document(struct buf *json, struct clone *clone, const struct report *report,
             const struct clxs_traffic *traffic)
{
  struct clxs_call *call = clone->call;
  CLEANUP_BUF struct buf head = BUF_INIT(BUF_LARGE);

  clone_add_head(&head, clone, report->results, traffic);
  record_add_text(&head, "started_at", time_text(call, clone->begun_ms));
  record_add_text(&head, "finished_at", time_text(call, call->core->now_ms(call)));
  record_add_text(&head, "workspace", clxs_config(call)->host(call));
  buf_addf(&head, ",\"settings\":%s,", call->core->arg_record(call));
  report_add_json(call, &head, report);
  summary_print_json(json, report->summary, head.data);
  buf_add_char(json, '\n');
}

clxs_status
clone_write_report(struct clone *clone, const struct executor_results *results, const struct summary *summary,
                   const struct clxs_traffic *traffic)
{
  struct clxs_call *call = clone->call;
  struct report report = {clone->plan, results, summary, clone->begun_ms};
  unsigned long long requests = traffic->sql + traffic->rest - clone->traffic.sql - clone->traffic.rest;
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);
  CLEANUP_PAGE struct page *page = NULL;
  const char *name, *html;
  size_t length = 0;
  clxs_status status;

  if (!clone->options.report_dir || clone->options.dry_run) return CLXS_OK;
  name = free_name(clone);
  page = clone_report_page(clone, &report, requests);
  html = page_finish(page, &length);
  add_document(&json, clone, &report, traffic);
  if (!html || json.overflow) return clxs_failf(call, CLXS_E_IO, NULL, "the report is larger than 1 GiB");
  status = save_result(call, clxs_textf(call, "%s.json", name), json.data, json.len);
  if (status >= 0) status = save_result(call, clxs_textf(call, "%s.html", name), html, length);
  if (status >= 0) clone->report = name;
  return status;
}
