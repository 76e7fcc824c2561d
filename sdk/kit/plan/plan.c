/* SPDX-License-Identifier: Apache-2.0 */
/* Building a plan. It must not know how steps are run, kept or shown. */
#include "kit/plan/plan.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/plan/graph.h"

#include "base/banned.h"

struct plan *
plan_new(void)
{
  struct arena *arena = arena_new();
  struct plan *plan = arena_alloc(arena, sizeof *plan);

  plan->arena = arena;
  return plan;
}

void
plan_free(struct plan *plan)
{
  if (!plan) return;
  VEC_EACH (&plan->steps, step)
    VEC_FREE(&step->after);
  VEC_FREE(&plan->steps);
  VEC_FREE(&plan->objects);
  VEC_FREE(&plan->warnings);
  arena_free(plan->arena);
}

void
plan_cleanup(struct plan **plan)
{
  plan_free(*plan);
}

static const char *
join_names(struct arena *arena, const char *const *names, size_t count)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  for (size_t i = 0; i < count; i++)
    buf_addf(&text, "%s%s", i ? "." : "", names[i]);
  return arena_strdup(arena, text.data);
}

size_t
plan_add_object(struct plan *plan, const char *kind, const char *const *names, size_t name_count,
                const char *label)
{
  struct plan_object *object = VEC_ADD(&plan->objects);

  object->kind = arena_strdup(plan->arena, kind);
  object->name_count = name_count < PLAN_NAMES ? name_count : PLAN_NAMES;
  for (size_t i = 0; i < object->name_count; i++)
    object->names[i] = arena_strdup(plan->arena, names[i]);
  object->label =
      label ? arena_strdup(plan->arena, label) : join_names(plan->arena, names, object->name_count);
  return plan->objects.count - 1;
}

size_t
plan_add_step(struct plan *plan, size_t object, const char *action)
{
  struct plan_step *step = VEC_ADD(&plan->steps);

  step->object = object;
  step->action = action;
  return plan->steps.count - 1;
}

struct plan_step *
plan_step(struct plan *plan, size_t step)
{
  return &plan->steps.at[step];
}

size_t
plan_add_refusal(struct plan *plan, size_t object, enum plan_via via, const char *error_class,
                 const char *reason)
{
  size_t index = plan_add_step(plan, object, via == PLAN_SKIPPED ? "skip" : "refuse");
  struct plan_step *step = plan_step(plan, index);

  step->via = via;
  step->error_class = arena_strdup(plan->arena, error_class);
  step->text = arena_strdup(plan->arena, reason);
  return index;
}

void
plan_add_order(struct plan *plan, size_t step, size_t before)
{
  VEC_EACH (&plan->steps.at[step].after, it)
    if (*it == before) return;
  *VEC_ADD(&plan->steps.at[step].after) = before;
}

void
plan_add_warning(struct plan *plan, const char *warning)
{
  *VEC_ADD(&plan->warnings) = arena_strdup(plan->arena, warning);
}

/* The first thing that STEP needs and will not get, or NULL. */
static const struct plan_step *
missing_need(const struct plan *plan, const struct plan_step *step)
{
  VEC_EACH (&step->after, before)
    if (plan->steps.at[*before].via >= PLAN_REFUSED) return &plan->steps.at[*before];
  return NULL;
}

struct graph *
plan_graph(const struct plan *plan)
{
  struct graph *graph = graph_new(plan->steps.count);

  for (size_t i = 0; i < plan->steps.count; i++) {
    VEC_EACH (&plan->steps.at[i].after, before) {
      graph_add(graph, i, *before);
    }
  }
  return graph;
}

void
plan_hold_dependents(struct plan *plan)
{
  size_t count = plan->steps.count;
  CLEANUP_GRAPH struct graph *graph = plan_graph(plan);
  CLEANUP_FREE size_t *order = xcalloc(count + 1, sizeof *order);

  if (!graph_order(graph, order)) return; /* the executor will say so */
  for (size_t i = 0; i < count; i++) {
    struct plan_step *step = &plan->steps.at[order[i]];
    const struct plan_step *need = missing_need(plan, step);

    if (!need || step->via >= PLAN_REFUSED) continue;
    step->via = PLAN_HELD;
    step->text = plan_blocked_reason(plan->arena, &plan->objects.at[need->object],
                                     need->via == PLAN_SKIPPED ? "was skipped"
                                     : need->via == PLAN_HELD  ? "is blocked"
                                                               : "failed");
  }
}

const char *
plan_blocked_reason(struct arena *arena, const struct plan_object *need, const char *what)
{
  return arena_printf(arena, "needs %s %s, which %s", need->kind, need->label, what);
}

bool
plan_is_sent(const struct plan_step *step)
{
  return step->via < PLAN_REFUSED;
}

size_t
plan_count_sent(const struct plan *plan)
{
  size_t count = 0;

  VEC_EACH (&plan->steps, step)
    count += step->via == PLAN_SQL || step->via == PLAN_REST;
  return count;
}

size_t
plan_count_files(const struct plan *plan, int64_t *bytes)
{
  size_t count = 0;

  *bytes = 0;
  VEC_EACH (&plan->steps, step) {
    if (step->via != PLAN_COPY) continue;
    *bytes += step->bytes;
    count++;
  }
  return count;
}
