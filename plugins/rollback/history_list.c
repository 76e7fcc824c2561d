/* SPDX-License-Identifier: Apache-2.0 */
/* Which operations there were, the newest first. People get what fits a line; scripts get everything. It must
 * not write, and asks nothing of the workspace. */
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/plan/operation.h"
#include "rollback.h"

#include "base/banned.h"

/* What was asked for. */
struct wish {
  struct clxs_call *call;
  bool text;
  const char *catalog, *state, *command;
  int64_t limit; /* 0: none */
};

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
  BY,
  PROBLEM,
  COLUMNS
};

static const struct clxs_table_column columns[COLUMNS] = {
    [ID] = {"operation_id", "Operation", CLXS_ALIGN_LEFT, 0},
    [COMMAND] = {"command", "Command", CLXS_ALIGN_LEFT, 0},
    [STATE] = {"state", "State", CLXS_ALIGN_LEFT, 0},
    [SOURCE] = {"source", "Source", CLXS_ALIGN_LEFT, 0},
    [DESTINATION] = {"destination", "Destination", CLXS_ALIGN_LEFT, 0},
    [STARTED] = {"started", "Started", CLXS_ALIGN_LEFT, 0},
    [AGE] = {"age_seconds", "Age", CLXS_ALIGN_RIGHT, 1},
    [STEPS] = {"steps", "Steps", CLXS_ALIGN_RIGHT, 1},
    [DONE] = {"done", "Done", CLXS_ALIGN_RIGHT, 1},
    [FAILED] = {"failed", "Failed", CLXS_ALIGN_RIGHT, 1},
    [LEFT] = {"left", "Left", CLXS_ALIGN_RIGHT, 1},
    [BY] = {"rolled_back_by", "Rolled back by", CLXS_ALIGN_LEFT, 0},
    [PROBLEM] = {"problem", "Problem", CLXS_ALIGN_LEFT, 0},
};

/* What a line of a terminal has room for; the id says the command and the time. */
static const enum column for_people[] = {ID, STATE, SOURCE, DESTINATION, AGE, DONE, FAILED, LEFT};

static void
begin_table(const struct wish *wish)
{
  struct clxs_table_column few[ARRAY_SIZE(for_people)];

  if (!wish->text) {
    clxs_output(wish->call)->table_begin(wish->call, columns, COLUMNS);
    return;
  }
  for (size_t i = 0; i < ARRAY_SIZE(for_people); i++) {
    few[i] = columns[for_people[i]];
    if (for_people[i] == AGE) few[i].number = 0;
  }
  clxs_output(wish->call)->table_begin(wish->call, few, ARRAY_SIZE(for_people));
}

static void
add_row(const struct wish *wish, const char *const cells[COLUMNS])
{
  const char *few[ARRAY_SIZE(for_people)];

  for (size_t i = 0; i < ARRAY_SIZE(for_people); i++)
    few[i] = cells[for_people[i]];
  if (wish->text)
    clxs_output(wish->call)->table_row(wish->call, few, ARRAY_SIZE(for_people));
  else
    clxs_output(wish->call)->table_row(wish->call, cells, COLUMNS);
}

static void
fill_row(struct clxs_call *call, const struct journal_image *image, const char *cells[COLUMNS])
{
  struct history_tally tally;

  history_count(image, &tally);
  cells[COMMAND] = image->head.command;
  cells[STATE] = history_state(image);
  cells[SOURCE] = image->head.source;
  cells[DESTINATION] = image->head.destination;
  cells[STARTED] = history_time(call, image->head.started_ms);
  cells[AGE] = history_age(call, image);
  cells[STEPS] = clxs_textf(call, "%zu", tally.steps);
  cells[DONE] = clxs_textf(call, "%zu", tally.done);
  cells[FAILED] = clxs_textf(call, "%zu", tally.failed);
  cells[LEFT] = clxs_textf(call, "%zu", tally.left + tally.blocked);
  cells[BY] = image->taken_back;
  if (!image->planned) cells[PROBLEM] = "its plan was not complete: nothing was changed";
}

static bool
is_wished(const struct wish *wish, const char *const cells[COLUMNS])
{
  if (wish->state && !str_eq(wish->state, cells[STATE])) return false;
  if (wish->command && !str_eq(wish->command, cells[COMMAND])) return false;
  return !wish->catalog || (cells[SOURCE] && utf8_ieq(wish->catalog, cells[SOURCE])) ||
         (cells[DESTINATION] && utf8_ieq(wish->catalog, cells[DESTINATION]));
}

/* True when it was listed. PROBLEMS collects what people read below the table. */
static bool
add_operation(const struct wish *wish, const char *id, struct buf *problems)
{
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  struct clxs_call *call = wish->call;
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
  if (!is_wished(wish, cells)) return false;
  add_row(wish, cells);
  if (cells[PROBLEM]) buf_addf(problems, "\n%s: %s", id, cells[PROBLEM]);
  return true;
}

static void
print_problems(const struct wish *wish, const struct buf *problems)
{
  if (problems->len) clxs_output(wish->call)->text(wish->call, problems->data);
}

clxs_status
history_list_run(void *state, struct clxs_call *call)
{
  const struct clxs_core *core = call->core;
  struct wish wish = {.call = call,
                      .text = clxs_output(call)->format(call) == CLXS_FORMAT_TEXT,
                      .catalog = core->arg_text(call, "catalog", 0),
                      .state = core->arg_text(call, "state", 0),
                      .command = core->arg_text(call, "command", 0),
                      .limit = core->arg_int(call, "limit")};
  CLEANUP_BUF struct buf problems = BUF_INIT(BUF_LARGE);
  size_t count;
  const char *const *ids = operation_list(call, &count);
  int64_t listed = 0;
  clxs_status status;

  (void)state;
  if (!ids) return CLXS_E_IO;
  if (!count && wish.text)
    return clxs_output(call)->text(call, "No operation has been run from this machine yet.");
  begin_table(&wish);
  for (size_t i = 0; i < count && (!wish.limit || listed < wish.limit); i++) {
    uint64_t scope = core->scope_begin(call);

    listed += add_operation(&wish, ids[i], &problems);
    core->scope_end(call, scope);
  }
  status = clxs_output(call)->table_end(call);
  print_problems(&wish, &problems);
  return status;
}
