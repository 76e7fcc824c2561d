/* SPDX-License-Identifier: Apache-2.0 */
/* Rendering a plan. It must not know what a command is. */
#include "kit/plan/print.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/files/files.h"
#include "kit/plan/graph.h"
#include "kit/plan/plan.h"
#include "kit/plan/record.h"

#include "base/banned.h"

/* TEXT with INDENT behind each of its line breaks. */
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

static void
add_call(struct buf *buf, const char *indent, const struct plan_step *step)
{
  if (step->via == PLAN_SQL) {
    add_indented(buf, indent, step->text);
    return;
  }
  if (step->via == PLAN_COPY) {
    buf_addf(buf, "%sGET %s\n%sPUT %s?overwrite=true\n", indent, step->reads, indent, step->path);
    return;
  }
  buf_addf(buf, "%s%s %s\n", indent, step->method, step->path);
  if (step->body) add_indented(buf, indent, step->body);
}

static void
add_after(struct buf *buf, const struct plan_step *step)
{
  for (size_t i = 0; i < step->after.count; i++)
    buf_addf(buf, "%s%zu", i ? ", " : "  (after ", step->after.at[i] + 1);
  if (step->after.count) buf_add_char(buf, ')');
}

/* A remark that cannot leave its comment: every line of it gets the PREFIX. */
static void add_remark(struct buf *buf, const char *prefix, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
add_remark(struct buf *buf, const char *prefix, const char *format, ...)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  va_list args;

  va_start(args, format);
  buf_vaddf(&text, format, args);
  va_end(args);
  add_indented(buf, prefix, text.data);
}

static void
add_left_out(struct buf *buf, const struct plan *plan, const char *prefix)
{
  static const struct {
    enum plan_via via;
    const char *title;
  } groups[] = {{PLAN_SKIPPED, "Left out"}, {PLAN_REFUSED, "Cannot be done"}, {PLAN_HELD, "Blocked"}};

  for (size_t g = 0; g < ARRAY_SIZE(groups); g++) {
    bool first = true;

    VEC_EACH (&plan->steps, step) {
      const struct plan_object *object = &plan->objects.at[step->object];

      if (step->via != groups[g].via) continue;
      if (first) add_remark(buf, prefix, "%s:", groups[g].title);
      first = false;
      add_remark(buf, prefix, "  %s %s: %s", object->kind, object->label, step->text);
    }
  }
  if (plan->warnings.count) add_remark(buf, prefix, "Look at:");
  for (size_t i = 0; i < plan->warnings.count; i++)
    add_remark(buf, prefix, "  %s", plan->warnings.at[i]);
}

/* The semicolon must not end up in a comment that the statement ends with. */
static void
add_statement(struct buf *buf, const char *text)
{
  const char *line = strrchr(text, '\n');

  buf_addf(buf, "%s%s;\n", text, strstr(line ? line : text, "--") ? "\n" : "");
}

void
plan_print_text(struct buf *buf, const struct plan *plan)
{
  for (size_t i = 0; i < plan->steps.count; i++) {
    const struct plan_step *step = &plan->steps.at[i];

    if (!plan_is_sent(step)) continue;
    buf_addf(buf, "%4zu  %s %s", i + 1, step->action, plan->objects.at[step->object].label);
    if (step->via == PLAN_COPY) buf_add_text(buf, ", "), files_add_size(buf, step->bytes);
    add_after(buf, step);
    buf_add_char(buf, '\n');
    add_call(buf, "      ", step);
  }
  add_left_out(buf, plan, "");
}

void
plan_print_sql(struct buf *buf, const struct plan *plan)
{
  size_t count = plan->steps.count;
  CLEANUP_GRAPH struct graph *graph = plan_graph(plan);
  CLEANUP_FREE size_t *order = xcalloc(count + 1, sizeof *order);

  if (!graph_order(graph, order))
    for (size_t i = 0; i < count; i++)
      order[i] = i;
  for (size_t i = 0; i < count; i++) {
    const struct plan_step *step = &plan->steps.at[order[i]];

    if (!plan_is_sent(step)) continue;
    if (step->catalog)
      add_remark(buf, "-- ", "session: catalog %s%s%s", step->catalog, step->schema ? ", schema " : "",
                 step->schema ? step->schema : "");
    if (step->via == PLAN_SQL)
      add_statement(buf, step->text);
    else
      add_call(buf, "-- ", step);
  }
  add_left_out(buf, plan, "-- ");
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
