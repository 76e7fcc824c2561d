/* SPDX-License-Identifier: Apache-2.0 */
/* What the person gets: the summary of a run. */
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"
#include "kit/plan/record.h"

#include "base/banned.h"

/* The catalog is counted only where it has to be made. */
static const char *const kinds[] = {"catalog", "schema", "table", "view", "function", "volume", NULL};

static int64_t
elapsed_ms(const struct clone *clone)
{
  return clone->call->core->mono_ms(clone->call) - clone->started_ms;
}

void
clone_add_head(struct buf *head, const struct clone *clone, const struct executor_results *results,
               const struct clxs_traffic *traffic)
{
  int64_t ms = elapsed_ms(clone);

  buf_add_text(head, "\"operation_id\":");
  buf_add_json(head, clone->operation);
  record_add_text(head, "source", clone->source->item.name);
  record_add_text(head, "destination", clone->options.dest);
  record_add_text(head, "destination_workspace", clone->options.dest_host);
  record_add_text(head, "clone_type", clone->options.shallow ? "SHALLOW" : "DEEP");
  buf_addf(head, ",\"dry_run\":%s,\"duration_seconds\":%lld.%03lld",
           clone->options.dry_run ? "true" : "false", (long long)(ms / 1000), (long long)(ms % 1000));
  buf_addf(head, ",\"requests\":{\"sql\":%llu,\"rest\":%llu,\"retries\":%llu}",
           (unsigned long long)(traffic->sql - clone->traffic.sql),
           (unsigned long long)(traffic->rest - clone->traffic.rest),
           (unsigned long long)(traffic->retries - clone->traffic.retries));
  clone_add_file_totals(head, clone, results);
  if (clone->report) {
    buf_add_text(head, ",\"report\":{\"json\":");
    buf_add_json(head, clxs_textf(clone->call, "%s.json", clone->report));
    record_add_text(head, "html", clxs_textf(clone->call, "%s.html", clone->report));
    buf_add_char(head, '}');
  }
  if (clone->complete) buf_add_text(head, ",\"nothing_to_do\":true");
  clone_add_checks(head, clone);
}

static clxs_status
report_json(struct clone *clone, const struct executor_results *results, const struct summary *summary,
            const struct clxs_traffic *traffic)
{
  CLEANUP_BUF struct buf head = BUF_INIT(BUF_LARGE), json = BUF_INIT(BUF_LARGE);

  clone_add_head(&head, clone, results, traffic);
  summary_print_json(&json, summary, head.data);
  return clxs_output(clone->call)->document(clone->call, json.data);
}

static void
report_text(struct clone *clone, const struct executor_results *results, const struct summary *summary,
            const struct clxs_traffic *traffic)
{
  struct clxs_call *call = clone->call;
  const struct clxs_output *output = clxs_output(call);
  int64_t ms = elapsed_ms(clone);

  if (clone->complete) {
    output->text(call, clxs_textf(call, "operation %s (%s -> %s) is complete already: nothing to do",
                                  clone->operation, clone->source->item.name, clone->options.dest));
    return;
  }
  output->text(call, clxs_textf(call, "%s: %s -> %s, %s, in %lld.%01lld s (%llu statements, %llu requests)",
                                summary_status_name(summary), clone->source->item.name, clone->options.dest,
                                clone->options.shallow ? "SHALLOW" : "DEEP", (long long)(ms / 1000),
                                (long long)(ms % 1000 / 100),
                                (unsigned long long)(traffic->sql - clone->traffic.sql),
                                (unsigned long long)(traffic->rest - clone->traffic.rest)));
  output->text(call, clxs_textf(call, "operation %s%s%s", clone->operation,
                                clone->options.dest_host ? ", written to " : "",
                                clone->options.dest_host ? clone->options.dest_host : ""));
  output->text(call, "");
  summary_print_text(call, summary);
  clone_print_files(clone, results);
  clone_print_checks(clone);
  if (clone->report) {
    output->text(call, "");
    output->text(call, clxs_textf(call, "report: %s.html and .json", clone->report));
  }
}

clxs_status
clone_report(struct clone *clone, const struct executor_results *results, clxs_status status)
{
  struct clxs_traffic traffic = {.size = sizeof traffic};
  struct summary summary;
  clxs_status printed = CLXS_OK, written;

  clxs_rest(clone->call)->traffic(clone->call, &traffic);
  summary_make(
      clone->plan->arena, clone->plan, results, clone->catalog_step == CLONE_NO_STEP ? kinds + 1 : kinds,
      status == CLXS_E_PARTIAL ? CLXS_OK : status, clone->options.dry_run, clone->options.strict, &summary);
  if (summary.status == CLXS_OK) summary.status = clone->validated;
  summary.undone = clone->taken_back;
  written = clone_write_report(clone, results, &summary, &traffic);
  if (clone->options.dry_run)
    printed = clone_show_plan(clone, results, &summary, &traffic);
  else if (clxs_output(clone->call)->format(clone->call) == CLXS_FORMAT_TEXT)
    report_text(clone, results, &summary, &traffic);
  else
    printed = report_json(clone, results, &summary, &traffic);
  if (printed < 0) return printed;
  if (written < 0 && summary.status == CLXS_OK) return written;
  if (written < 0)
    clxs_logf(clone->call, CLXS_LOG_WARN, "there is no report: %s",
              clone->call->core->error(clone->call)->message);
  if (summary.status != CLXS_E_PARTIAL) return summary.status;
  /* What validation could not compare is on the call already, and is the whole reason. */
  if (clone->validated == CLXS_E_PARTIAL && !clone->options.strict && !summary.totals[SUMMARY_BLOCKED] &&
      summary.totals[SUMMARY_FAILED] == summary.excused)
    return CLXS_E_PARTIAL;
  return clxs_failf(clone->call, CLXS_E_PARTIAL,
                    clone->options.dry_run ? "correct the causes before you run it"
                                           : "correct the causes and run the same command again",
                    "%s", summary_failure_text(clone->call, &summary));
}

const char *
clone_event(struct clone *clone, const char *state)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  buf_add_text(&json, "{\"operation_id\":");
  buf_add_json(&json, clone->operation);
  record_add_text(&json, "source", clone->source->item.name);
  record_add_text(&json, "destination", clone->options.dest);
  record_add_text(&json, "status", state);
  buf_add_char(&json, '}');
  return arena_strdup(clone->plan->arena, json.data);
}
