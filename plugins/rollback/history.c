/* SPDX-License-Identifier: Apache-2.0 */
/* Journals for eyes: one operation, object by object. It must not write, and asks nothing of the workspace.
 */
#include <time.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/plan/journal.h"
#include "kit/plan/operation.h"
#include "kit/plan/record.h"
#include "kit/plan/summary.h"
#include "rollback.h"

#include "base/banned.h"

const char *
history_state(const struct journal_image *image)
{
  if (image->running) return "running";
  if (image->taken_back) return "rolled_back";
  return image->finished ? image->finished : "died";
}

void
history_count(const struct journal_image *image, struct history_tally *tally)
{
  *tally = (struct history_tally){.steps = image->planned ? image->plan->steps.count : 0};
  for (size_t i = 0; i < tally->steps; i++)
    switch (image->steps[i].state) {
    case PLAN_DONE: tally->done++; break;
    case PLAN_FAILED: tally->failed++; break;
    case PLAN_BLOCKED: tally->blocked++; break;
    case PLAN_LEFT_OUT: tally->skipped++; break;
    default: tally->left++; break;
    }
}

const char *
history_time(struct clxs_call *call, int64_t ms)
{
  time_t seconds = (time_t)(ms / 1000);
  struct tm utc;
  char date[32];

  gmtime_r(&seconds, &utc);
  strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return clxs_textf(call, "%s", date);
}

/* "42 s", "3 min", "5 h", "12 d" */
static const char *
age_text(struct clxs_call *call, int64_t seconds)
{
  if (seconds < 0) return "-";
  if (seconds < 120) return clxs_textf(call, "%lld s", (long long)seconds);
  if (seconds < 120 * 60) return clxs_textf(call, "%lld min", (long long)(seconds / 60));
  if (seconds < 48 * 3600) return clxs_textf(call, "%lld h", (long long)(seconds / 3600));
  return clxs_textf(call, "%lld d", (long long)(seconds / 86400));
}

const char *
history_age(struct clxs_call *call, const struct journal_image *image)
{
  int64_t age = (call->core->now_ms(call) - image->head.started_ms) / 1000;

  if (clxs_output(call)->format(call) != CLXS_FORMAT_TEXT) return clxs_textf(call, "%lld", (long long)age);
  return age_text(call, age);
}

static clxs_status
show_json(struct clxs_call *call, const struct journal_image *image, const struct history_tally *tally,
          const struct summary *summary)
{
  CLEANUP_BUF struct buf head = BUF_INIT(BUF_LARGE), json = BUF_INIT(BUF_LARGE);

  buf_add_text(&head, "\"operation_id\":");
  buf_add_json(&head, image->head.id);
  record_add_text(&head, "command", image->head.command);
  record_add_text(&head, "state", history_state(image));
  record_add_text(&head, "source", image->head.source);
  record_add_text(&head, "destination", image->head.destination);
  record_add_text(&head, "workspace", image->head.workspace);
  record_add_text(&head, "principal", image->head.principal);
  record_add_text(&head, "rolled_back_by", image->taken_back);
  record_add_text(&head, "started", history_time(call, image->head.started_ms));
  if (image->last_ms) record_add_text(&head, "last_change", history_time(call, image->last_ms));
  if (image->head.arguments) buf_addf(&head, ",\"arguments\":%s", image->head.arguments);
  buf_addf(&head,
           ",\"planned\":%s,\"steps\":{\"total\":%zu,\"done\":%zu,\"failed\":%zu,\"blocked\":%zu,"
           "\"skipped\":%zu,\"left\":%zu}",
           image->planned ? "true" : "false", tally->steps, tally->done, tally->failed, tally->blocked,
           tally->skipped, tally->left);
  summary_print_json(&json, summary, head.data);
  return clxs_output(call)->document(call, json.data);
}

static clxs_status
show_text(struct clxs_call *call, const struct journal_image *image, const struct history_tally *tally,
          const struct summary *summary)
{
  const struct clxs_output *output = clxs_output(call);

  output->text(call,
               clxs_textf(call, "%s: %s %s -> %s, %s", image->head.id, image->head.command,
                          image->head.source ? image->head.source : "-",
                          image->head.destination ? image->head.destination : "-", history_state(image)));
  output->text(call, clxs_textf(call, "workspace %s, started %s (%s ago)",
                                image->head.workspace ? image->head.workspace : "-",
                                history_time(call, image->head.started_ms), history_age(call, image)));
  if (image->taken_back) output->text(call, clxs_textf(call, "taken back by %s", image->taken_back));
  if (!image->planned) {
    output->text(call, "It died before its plan was complete; nothing was changed.");
    return CLXS_OK;
  }
  output->text(call, clxs_textf(call, "%zu steps: %zu done, %zu failed, %zu blocked, %zu skipped, %zu left",
                                tally->steps, tally->done, tally->failed, tally->blocked, tally->skipped,
                                tally->left));
  output->text(call, "");
  summary_print_text(call, summary);
  return CLXS_OK;
}

clxs_status
history_show_run(void *state, struct clxs_call *call)
{
  static const char *const no_kinds[] = {NULL};
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  CLEANUP_RESULTS struct executor_results results = {0};
  const char *path = operation_journal(call, call->core->arg_text(call, "operation", 0));
  struct summary summary;
  struct history_tally tally;
  clxs_status status;

  (void)state;
  if (!path) return call->core->error(call)->status;
  status = journal_read(call, path, &image);
  if (status < 0) return status;
  if (image.planned)
    executor_results_of(image.plan, image.steps, &results);
  else
    executor_results_init(image.plan, &results);
  history_count(&image, &tally);
  summary_make(image.arena, image.plan, &results, no_kinds, CLXS_OK, false, false, &summary);
  if (clxs_output(call)->format(call) == CLXS_FORMAT_TEXT) return show_text(call, &image, &tally, &summary);
  return show_json(call, &image, &tally, &summary);
}
