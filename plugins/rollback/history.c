/* SPDX-License-Identifier: Apache-2.0 */
/* Journals for eyes. It must not write, and asks nothing of the workspace. */
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

/* How the steps of an operation have ended. LEFT: not tried, or nobody knows. */
struct tally {
  size_t steps, done, failed, blocked, skipped, left;
};

const char *
history_state(const struct journal_image *image)
{
  if (image->running) return "running";
  return image->finished ? image->finished : "died";
}

static void
count_steps(const struct journal_image *image, struct tally *tally)
{
  *tally = (struct tally){.steps = image->planned ? image->plan->steps.count : 0};
  for (size_t i = 0; i < tally->steps; i++)
    switch (image->steps[i].state) {
    case PLAN_DONE: tally->done++; break;
    case PLAN_FAILED: tally->failed++; break;
    case PLAN_BLOCKED: tally->blocked++; break;
    case PLAN_LEFT_OUT: tally->skipped++; break;
    default: tally->left++; break;
    }
}

static const char *
time_text(struct clxs_call *call, int64_t ms)
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

enum column {
  ID,
  COMMAND,
  STATE,
  SOURCE,
  DESTINATION,
  STARTED,
  AGE,
  STEPS,
  DONE,
  FAILED,
  LEFT,
  PROBLEM,
  COLUMNS
};

static void
begin_table(struct clxs_call *call)
{
  bool text = clxs_output(call)->format(call) == CLXS_FORMAT_TEXT;
  const struct clxs_table_column columns[COLUMNS] = {
      [ID] = {"operation_id", "Operation", CLXS_ALIGN_LEFT, 0},
      [COMMAND] = {"command", "Command", CLXS_ALIGN_LEFT, 0},
      [STATE] = {"state", "State", CLXS_ALIGN_LEFT, 0},
      [SOURCE] = {"source", "Source", CLXS_ALIGN_LEFT, 0},
      [DESTINATION] = {"destination", "Destination", CLXS_ALIGN_LEFT, 0},
      [STARTED] = {"started", "Started", CLXS_ALIGN_LEFT, 0},
      [AGE] = {"age_seconds", "Age", CLXS_ALIGN_RIGHT, !text},
      [STEPS] = {"steps", "Steps", CLXS_ALIGN_RIGHT, 1},
      [DONE] = {"done", "Done", CLXS_ALIGN_RIGHT, 1},
      [FAILED] = {"failed", "Failed", CLXS_ALIGN_RIGHT, 1},
      [LEFT] = {"left", "Left", CLXS_ALIGN_RIGHT, 1},
      [PROBLEM] = {"problem", "Problem", CLXS_ALIGN_LEFT, 0},
  };

  clxs_output(call)->table_begin(call, columns, COLUMNS);
}

static void
fill_row(struct clxs_call *call, const struct journal_image *image, const char *cells[COLUMNS])
{
  struct tally tally;

  count_steps(image, &tally);
  cells[COMMAND] = image->head.command;
  cells[STATE] = history_state(image);
  cells[SOURCE] = image->head.source;
  cells[DESTINATION] = image->head.destination;
  cells[STARTED] = time_text(call, image->head.started_ms);
  cells[AGE] = history_age(call, image);
  cells[STEPS] = clxs_textf(call, "%zu", tally.steps);
  cells[DONE] = clxs_textf(call, "%zu", tally.done);
  cells[FAILED] = clxs_textf(call, "%zu", tally.failed);
  cells[LEFT] = clxs_textf(call, "%zu", tally.left + tally.blocked);
  if (!image->planned) cells[PROBLEM] = "its plan was not complete: nothing was changed";
}

static void
add_operation(struct clxs_call *call, const char *id)
{
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  const char *path = operation_journal(call, id), *cells[COLUMNS] = {[ID] = id};
  clxs_status status = path ? journal_read(call, path, &image) : CLXS_E_IO;

  if (status < 0) {
    const struct clxs_error *error = call->core->error(call);

    cells[STATE] = "damaged";
    cells[PROBLEM] = error && error->message ? clxs_textf(call, "%s", error->message) : "it cannot be read";
    call->core->error_clear(call);
  } else {
    fill_row(call, &image, cells);
  }
  clxs_output(call)->table_row(call, cells, COLUMNS);
}

clxs_status
history_list_run(void *state, struct clxs_call *call)
{
  size_t count;
  const char *const *ids = operation_list(call, &count);

  (void)state;
  if (!ids) return CLXS_E_IO;
  if (!count) clxs_output(call)->text(call, "No operation has been run from this machine yet.");
  if (!count && clxs_output(call)->format(call) == CLXS_FORMAT_TEXT) return CLXS_OK;
  begin_table(call);
  for (size_t i = 0; i < count; i++) {
    uint64_t scope = call->core->scope_begin(call);

    add_operation(call, ids[i]);
    call->core->scope_end(call, scope);
  }
  return clxs_output(call)->table_end(call);
}

static clxs_status
show_json(struct clxs_call *call, const struct journal_image *image, const struct tally *tally,
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
  record_add_text(&head, "destination_workspace", image->head.destination_workspace);
  record_add_text(&head, "started", time_text(call, image->head.started_ms));
  if (image->last_ms) record_add_text(&head, "last_change", time_text(call, image->last_ms));
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
show_text(struct clxs_call *call, const struct journal_image *image, const struct tally *tally,
          const struct summary *summary)
{
  const struct clxs_output *output = clxs_output(call);

  output->text(call,
               clxs_textf(call, "%s: %s %s -> %s, %s", image->head.id, image->head.command,
                          image->head.source ? image->head.source : "-",
                          image->head.destination ? image->head.destination : "-", history_state(image)));
  output->text(call, clxs_textf(call, "workspace %s%s%s, started %s (%s ago)",
                                image->head.workspace ? image->head.workspace : "-",
                                image->head.destination_workspace ? " -> " : "",
                                image->head.destination_workspace ? image->head.destination_workspace : "",
                                time_text(call, image->head.started_ms), history_age(call, image)));
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
  struct tally tally;
  clxs_status status;

  (void)state;
  if (!path) return call->core->error(call)->status;
  status = journal_read(call, path, &image);
  if (status < 0) return status;
  if (image.planned)
    executor_results_of(image.plan, image.steps, &results);
  else
    executor_results_init(image.plan, &results);
  count_steps(&image, &tally);
  summary_make(image.arena, image.plan, &results, no_kinds, CLXS_OK, false, false, &summary);
  if (clxs_output(call)->format(call) == CLXS_FORMAT_TEXT) return show_text(call, &image, &tally, &summary);
  return show_json(call, &image, &tally, &summary);
}
