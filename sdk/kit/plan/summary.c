/* SPDX-License-Identifier: Apache-2.0 */
/* Judging and telling. It must not know which command ran. */
#include "kit/plan/summary.h"

#include <clxs/clxs.h>

#include "base/buf.h"
#include "base/str.h"
#include "kit/plan/journal.h"
#include "kit/plan/print.h"
#include "kit/plan/record.h"

#include "base/banned.h"

static const char *const outcome_names[] = {"succeeded", "failed",  "blocked",
                                            "skipped",   "not_run", "planned"};

const char *
summary_outcome_name(enum summary_outcome outcome)
{
  return outcome_names[outcome];
}

static enum summary_outcome
outcome_of(enum plan_state state)
{
  switch (state) {
  case PLAN_DONE: return SUMMARY_SUCCEEDED;
  case PLAN_FAILED:
  case PLAN_INTERRUPTED: return SUMMARY_FAILED;
  case PLAN_BLOCKED: return SUMMARY_BLOCKED;
  case PLAN_LEFT_OUT: return SUMMARY_SKIPPED;
  default: return SUMMARY_NOT_RUN;
  }
}

/* How much an outcome says about the whole object. */
static int
weight(enum summary_outcome outcome)
{
  static const int weights[] = {[SUMMARY_SUCCEEDED] = 0, [SUMMARY_FAILED] = 4,  [SUMMARY_BLOCKED] = 3,
                                [SUMMARY_SKIPPED] = 1,   [SUMMARY_NOT_RUN] = 2, [SUMMARY_PLANNED] = 0};

  return weights[outcome];
}

static void
judge(struct summary *summary, size_t step, const struct plan_result *result, bool dry_run)
{
  struct summary_object *object = &summary->objects[summary->plan->steps.at[step].object];
  enum summary_outcome outcome = outcome_of(result->state);

  object->duration_ms += result->duration_ms;
  if (dry_run && outcome == SUMMARY_NOT_RUN) outcome = SUMMARY_PLANNED;
  if (object->statement_id && weight(outcome) <= weight(object->outcome)) {
    /* A remark about a later step is worth more than none. */
    if (outcome == SUMMARY_SUCCEEDED && object->outcome == outcome && result->reason)
      object->reason = result->reason;
    return;
  }
  if (weight(outcome) < weight(object->outcome)) return;
  object->outcome = outcome;
  object->statement_id = result->statement_id;
  object->error_class = result->error_class;
  object->hint = result->hint;
  if (result->reason) object->reason = result->reason;
}

static struct summary_kind *
kind_of(struct summary *summary, const char *kind)
{
  for (size_t i = 0; i < summary->kind_count; i++)
    if (str_eq(summary->kinds[i].kind, kind)) return &summary->kinds[i];
  if (summary->kind_count < ARRAY_SIZE(summary->kinds)) summary->kind_count++;
  summary->kinds[summary->kind_count - 1].kind = kind;
  return &summary->kinds[summary->kind_count - 1];
}

void
summary_make(struct arena *arena, const struct plan *plan, const struct executor_results *results,
             const char *const *kinds, clxs_status status, bool dry_run, bool strict, struct summary *summary)
{
  *summary = (struct summary){.plan = plan, .status = status, .dry_run = dry_run};
  summary->objects = arena_array(arena, plan->objects.count + 1, sizeof *summary->objects);
  for (size_t i = 0; i < plan->objects.count; i++)
    summary->objects[i].reason = plan->objects.at[i].note;
  for (size_t i = 0; i < plan->steps.count; i++)
    judge(summary, i, &results->steps[i], dry_run);
  for (; *kinds; kinds++)
    kind_of(summary, *kinds);
  for (size_t i = 0; i < plan->objects.count; i++) {
    kind_of(summary, plan->objects.at[i].kind)->counts[summary->objects[i].outcome]++;
    summary->totals[summary->objects[i].outcome]++;
  }
  if (status != CLXS_OK) return;
  if (summary->totals[SUMMARY_FAILED] || summary->totals[SUMMARY_BLOCKED] ||
      (strict && summary->totals[SUMMARY_SKIPPED]))
    summary->status = CLXS_E_PARTIAL;
}

const char *
summary_status_name(const struct summary *summary)
{
  if (summary->undone) return "rolled_back";
  return summary->dry_run && summary->status >= 0 ? "planned" : journal_status(summary->status);
}

static void
add_counts(struct buf *buf, const struct summary *summary)
{
  buf_add_text(buf, ",\"counts\":{");
  for (size_t i = 0; i < summary->kind_count; i++) {
    const size_t *counts = summary->kinds[i].counts;

    buf_addf(buf, "%s\"%s\":{\"succeeded\":%zu,\"failed\":%zu,\"blocked\":%zu,\"skipped\":%zu", i ? "," : "",
             summary->kinds[i].kind, counts[SUMMARY_SUCCEEDED], counts[SUMMARY_FAILED],
             counts[SUMMARY_BLOCKED], counts[SUMMARY_SKIPPED]);
    for (size_t k = SUMMARY_NOT_RUN; k < SUMMARY_OUTCOMES; k++)
      if (counts[k]) buf_addf(buf, ",\"%s\":%zu", outcome_names[k], counts[k]);
    buf_add_char(buf, '}');
  }
  buf_add_char(buf, '}');
}

static void
add_object(struct buf *buf, const struct plan_object *object, const struct summary_object *result)
{
  buf_add_text(buf, "{\"kind\":");
  buf_add_json(buf, object->kind);
  buf_add_text(buf, ",\"name\":");
  buf_add_json(buf, object->label);
  buf_addf(buf, ",\"status\":\"%s\",\"reason\":", outcome_names[result->outcome]);
  buf_add_json(buf, result->reason);
  buf_add_text(buf, ",\"error_class\":");
  buf_add_json(buf, result->error_class);
  buf_add_text(buf, ",\"statement_id\":");
  buf_add_json(buf, result->statement_id);
  buf_addf(buf, ",\"duration_ms\":%lld}", (long long)result->duration_ms);
}

void
summary_print_json(struct buf *buf, const struct summary *summary, const char *head)
{
  buf_addf(buf, "{%s%s\"status\":\"%s\"", head, *head ? "," : "", summary_status_name(summary));
  add_counts(buf, summary);
  buf_add_text(buf, ",\"objects\":[");
  for (size_t i = 0; i < summary->plan->objects.count; i++) {
    if (i) buf_add_char(buf, ',');
    add_object(buf, &summary->plan->objects.at[i], &summary->objects[i]);
  }
  buf_add_text(buf, "],\"warnings\":");
  plan_print_warnings(buf, summary->plan);
  buf_add_char(buf, '}');
}

static void
print_table(struct clxs_call *call, const struct summary *summary)
{
  static const enum summary_outcome shown[] = {SUMMARY_PLANNED, SUMMARY_SUCCEEDED, SUMMARY_FAILED,
                                               SUMMARY_BLOCKED, SUMMARY_SKIPPED,   SUMMARY_NOT_RUN};
  static const char *const titles[] = {"Planned", "Succeeded", "Failed", "Blocked", "Skipped", "Not run"};
  const struct clxs_output *output = clxs_output(call);
  struct clxs_table_column columns[1 + SUMMARY_OUTCOMES] = {{"kind", "Kind", CLXS_ALIGN_LEFT, 0}};
  enum summary_outcome used[SUMMARY_OUTCOMES];
  uint32_t count = 1;

  for (size_t i = 0; i < ARRAY_SIZE(shown); i++) {
    bool always = shown[i] == SUMMARY_SUCCEEDED || shown[i] == SUMMARY_FAILED;

    if (!always && !summary->totals[shown[i]]) continue;
    if (shown[i] == SUMMARY_SUCCEEDED && summary->dry_run && !summary->totals[shown[i]]) continue;
    used[count - 1] = shown[i];
    columns[count++] = (struct clxs_table_column){outcome_names[shown[i]], titles[i], CLXS_ALIGN_RIGHT, 1};
  }
  output->table_begin(call, columns, count);
  for (size_t i = 0; i < summary->kind_count; i++) {
    const char *cells[1 + SUMMARY_OUTCOMES] = {summary->kinds[i].kind};

    for (uint32_t k = 1; k < count; k++)
      cells[k] = clxs_textf(call, "%zu", summary->kinds[i].counts[used[k - 1]]);
    output->table_row(call, cells, count);
  }
  output->table_end(call);
}

static void
print_list(struct clxs_call *call, const struct summary *summary, enum summary_outcome outcome,
           const char *title)
{
  const struct clxs_output *output = clxs_output(call);

  if (!summary->totals[outcome]) return;
  output->text(call, "");
  output->text(call, clxs_textf(call, "%s:", title));
  for (size_t i = 0; i < summary->plan->objects.count; i++) {
    const struct plan_object *object = &summary->plan->objects.at[i];
    const struct summary_object *result = &summary->objects[i];

    if (result->outcome != outcome) continue;
    output->text(call, clxs_textf(call, "  %s %s: %s%s%s%s", object->kind, object->label,
                                  result->reason ? result->reason : "no reason was given",
                                  result->statement_id ? " (statement " : "",
                                  result->statement_id ? result->statement_id : "",
                                  result->statement_id ? ")" : ""));
    if (result->hint) output->text(call, clxs_textf(call, "    %s", result->hint));
  }
}

void
summary_print_text(struct clxs_call *call, const struct summary *summary)
{
  const struct clxs_output *output = clxs_output(call);

  print_table(call, summary);
  print_list(call, summary, SUMMARY_FAILED, "Failed");
  print_list(call, summary, SUMMARY_BLOCKED, "Blocked");
  print_list(call, summary, SUMMARY_SKIPPED, "Skipped");
  if (summary->plan->warnings.count) {
    output->text(call, "");
    output->text(call, "Look at these, which could not be decided from the text:");
  }
  VEC_EACH (&summary->plan->warnings, warning)
    output->text(call, clxs_textf(call, "  %s", *warning));
}

const char *
summary_failure_text(struct clxs_call *call, const struct summary *summary)
{
  static const struct {
    enum summary_outcome outcome;
    const char *one, *many;
  } parts[] = {{SUMMARY_FAILED, "failed", "failed"},
               {SUMMARY_BLOCKED, "is blocked", "are blocked"},
               {SUMMARY_SKIPPED, "was skipped", "were skipped"}};
  const char *text = "";

  for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
    size_t count = summary->totals[parts[i].outcome];
    const char *noun = *text ? "" : count == 1 ? " object" : " objects";

    if (!count) continue;
    text = clxs_textf(call, "%s%s%zu%s %s", text, *text ? ", " : "", count, noun,
                      count == 1 ? parts[i].one : parts[i].many);
  }
  return text;
}
