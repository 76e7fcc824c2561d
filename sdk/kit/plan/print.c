/* SPDX-License-Identifier: Apache-2.0 */
/* A plan as text and as JSON. It must not know what a command is. */
#include "kit/plan/print.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/files/files.h"
#include "kit/plan/record.h"

#include "base/banned.h"

/* So many ranges of numbers are shown of what a step waits for. */
#define RANGES 6

const struct plan_unsent plan_unsent[PLAN_UNSENT] = {
    {PLAN_SKIPPED, "Left out"}, {PLAN_REFUSED, "Cannot be done"}, {PLAN_HELD, "Blocked"}};

/* TEXT with INDENT before each of its lines. */
static void
add_indented(struct buf *buf, const char *indent, const char *text)
{
  buf_add_text(buf, indent);
  for (const char *at = text; *at; at++) {
    buf_add_char(buf, *at);
    if (*at == '\n') buf_add_text(buf, indent);
  }
  buf_add_char(buf, '\n');
}

void
plan_add_after(struct buf *buf, const struct plan_step *step)
{
  size_t ranges = 0;

  for (size_t i = 0; i < step->after.count;) {
    size_t first = i, from = step->after.at[i];

    for (i++; i < step->after.count && step->after.at[i] == step->after.at[i - 1] + 1;)
      i++;
    if (++ranges > RANGES) {
      buf_addf(buf, " and %zu more", step->after.count - first);
      return;
    }
    buf_addf(buf, "%s%zu", first ? ", " : "", from + 1);
    if (i - first > 1) buf_addf(buf, "%s%zu", i - first > 2 ? "-" : ", ", step->after.at[i - 1] + 1);
  }
}

void
plan_add_request(struct buf *buf, const struct plan_step *step)
{
  if (step->via == PLAN_COPY)
    buf_addf(buf, "GET %s\nPUT %s?overwrite=%s", step->reads, step->path,
             step->flags & PLAN_KEEP_OTHERS ? "false" : "true");
  else
    buf_addf(buf, "%s %s%s%s", step->method, step->path, step->body ? "\n" : "",
             step->body ? step->body : "");
}

const char *
plan_undo_text(const struct plan_step *step)
{
  switch (step->undo.prior) {
  case PLAN_PRIOR_ABSENT: return "new";
  case PLAN_PRIOR_KNOWN: return "can be undone";
  default: return "cannot be undone";
  }
}

void
plan_add_remark(struct buf *buf, const char *prefix, const char *format, ...)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  va_list args;

  va_start(args, format);
  buf_vaddf(&text, format, args);
  va_end(args);
  add_indented(buf, prefix, text.data);
}

void
plan_add_left_out(struct buf *buf, const struct plan *plan, const char *prefix)
{
  for (size_t g = 0; g < PLAN_UNSENT; g++) {
    bool first = true;

    VEC_EACH (&plan->steps, step) {
      const struct plan_object *object = &plan->objects.at[step->object];

      if (step->via != plan_unsent[g].via) continue;
      if (first) plan_add_remark(buf, prefix, "%s:", plan_unsent[g].title);
      first = false;
      plan_add_remark(buf, prefix, "  %s %s: %s", object->kind, object->label, step->text);
    }
  }
  if (plan->warnings.count) plan_add_remark(buf, prefix, "Look at:");
  for (size_t i = 0; i < plan->warnings.count; i++)
    plan_add_remark(buf, prefix, "  %s", plan->warnings.at[i]);
}

static void
add_step(struct buf *buf, const struct plan *plan, size_t index)
{
  const struct plan_step *step = &plan->steps.at[index];
  CLEANUP_BUF struct buf call = BUF_INIT(BUF_LARGE);

  buf_addf(buf, "%4zu  %s %s", index + 1, step->action, plan->objects.at[step->object].label);
  if (step->via == PLAN_COPY) buf_add_text(buf, ", "), files_add_size(buf, step->bytes);
  buf_addf(buf, "  (%s", plan_undo_text(step));
  if (step->after.count) buf_add_text(buf, "; after ");
  plan_add_after(buf, step);
  buf_add_text(buf, ")\n");
  if (step->via == PLAN_SQL) {
    add_indented(buf, "      ", step->text);
    return;
  }
  plan_add_request(&call, step);
  add_indented(buf, "      ", call.data);
}

void
plan_print_text(struct buf *buf, const struct plan *plan)
{
  for (size_t i = 0; i < plan->steps.count; i++)
    if (plan_is_sent(&plan->steps.at[i])) add_step(buf, plan, i);
  plan_add_left_out(buf, plan, "");
}

void
plan_print_warnings(struct buf *buf, const struct plan *plan)
{
  buf_add_char(buf, '[');
  for (size_t i = 0; i < plan->warnings.count; i++) {
    if (i) buf_add_char(buf, ',');
    buf_add_json(buf, plan->warnings.at[i]);
  }
  buf_add_char(buf, ']');
}

struct action {
  const char *name;
  size_t count;
};

void
plan_print_writes(struct buf *buf, const struct plan *plan)
{
  VEC(struct action) actions = {0};
  size_t files;
  int64_t bytes;

  VEC_EACH (&plan->steps, step) {
    struct action *found = NULL;

    if (!plan_is_sent(step)) continue;
    VEC_EACH (&actions, action)
      if (str_eq(action->name, step->action)) found = action;
    if (!found) found = VEC_ADD(&actions);
    found->name = step->action;
    found->count++;
  }
  files = plan_count_files(plan, &bytes);
  buf_addf(buf, "{\"total\":%zu,\"sql\":%zu,\"rest\":%zu,\"files\":%zu,\"bytes\":%lld,\"by_action\":{",
           plan_count_sent(plan), plan_count_via(plan, PLAN_SQL), plan_count_via(plan, PLAN_REST), files,
           (long long)bytes);
  for (size_t i = 0; i < actions.count; i++) {
    if (i) buf_add_char(buf, ',');
    buf_add_json(buf, actions.at[i].name);
    buf_addf(buf, ":%zu", actions.at[i].count);
  }
  buf_add_text(buf, "}}");
  VEC_FREE(&actions);
}

void
plan_print_json(struct buf *buf, const struct plan *plan)
{
  buf_add_text(buf, "{\"objects\":[");
  for (size_t i = 0; i < plan->objects.count; i++) {
    if (i) buf_add_char(buf, ',');
    record_add_object(buf, plan, i);
  }
  buf_add_text(buf, "],\"steps\":[");
  for (size_t i = 0; i < plan->steps.count; i++) {
    if (i) buf_add_char(buf, ',');
    record_add_step(buf, plan, i);
  }
  buf_add_text(buf, "],\"warnings\":");
  plan_print_warnings(buf, plan);
  buf_add_char(buf, '}');
}
