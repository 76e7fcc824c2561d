/* SPDX-License-Identifier: Apache-2.0 */
/* Statements of the person's own before the clone, after each schema and after all of it. They are steps of
 * the plan like any other, so a dry run shows them, the journal keeps them, and a resumed run does not repeat
 * them. It must not know what they do. */
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/fill.h"

#include "base/banned.h"

#define QUIET_ACTION "run hook quietly"
#define ACTION "run hook"

/* Where in the run. */
enum place { BEFORE, SCHEMA, AFTER };

static const char *const keys[] = {"pre_clone_hooks", "post_schema_hooks", "post_clone_hooks"};

/* One entry of a list. Texts belong to the list. */
struct hook {
  const char *sql, *description;
  uint32_t flags; /* PLAN_ */
  bool quiet;
};

static clxs_status
refuse(struct clxs_call *call, enum place place, size_t index, const char *what)
{
  const char *origin = clxs_config(call)->origin(call, keys[place]);

  return clxs_failf(call, CLXS_E_CONFIG,
                    "write for example: - {sql: \"ANALYZE TABLE ${dest_catalog}.s.t COMPUTE STATISTICS\", "
                    "description: statistics, on_error: warn}",
                    "%s: %s, entry %zu: %s", origin ? origin : "configuration", keys[place], index + 1, what);
}

/* The list of PLACE; *LIST is NULL when there is none, and the caller's. */
static clxs_status
read_list(struct clxs_call *call, enum place place, struct json_object **list)
{
  const char *text = clxs_config(call)->text(call, keys[place]);

  *list = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;
  if (!text || json_object_is_type(*list, json_type_array)) return CLXS_OK;
  return clxs_failf(call, CLXS_E_CONFIG, "begin each entry with \"- sql: ...\"", "%s: %s must be a list",
                    clxs_config(call)->origin(call, keys[place]), keys[place]);
}

static const char *
entry_problem(struct json_object *entry, struct hook *hook)
{
  static const char *const known[] = {"sql", "description", "on_error", "when", "repeatable", NULL};
  const char *on_error = json_get_text(entry, "on_error"), *when = json_get_text(entry, "when"), *key;
  struct json_object *value;
  void *at = NULL;

  if (!json_object_is_type(entry, json_type_object)) return "it must have a member \"sql\"";
  while (json_next(entry, &at, &key, &value))
    if (!str_listed(known, key))
      return "there is nothing but sql, description, on_error, when and repeatable";
  *hook =
      (struct hook){.sql = json_get_text(entry, "sql"), .description = json_get_text(entry, "description")};
  if (!hook->sql || !json_object_is_type(json_get(entry, "sql"), json_type_string))
    return "it must have a text \"sql\"";
  hook->quiet = str_eq(on_error, "ignore");
  hook->flags = PLAN_AFTER_SKIPPED | (str_eq(on_error, "fail") ? 0 : PLAN_MAY_FAIL);
  if (on_error && !hook->quiet && !str_eq(on_error, "fail") && !str_eq(on_error, "warn"))
    return "\"on_error\" must be warn, fail or ignore";
  if (when && !str_eq(when, "success") && !str_eq(when, "always"))
    return "\"when\" must be success or always";
  if (str_eq(when, "always")) hook->flags |= PLAN_AFTER_ANY;
  value = json_get(entry, "repeatable");
  if (value && !json_object_is_type(value, json_type_boolean)) return "\"repeatable\" must be true or false";
  if (json_get_bool(entry, "repeatable", false)) hook->flags |= PLAN_IDEMPOTENT;
  return NULL;
}

/* The statement of HOOK; SCHEMA is NULL but after a schema. */
static bool
fill(struct clone *clone, struct arena *arena, const struct hook *hook, const char *schema, const char **text,
     const char **problem)
{
  const struct sqltext_value values[] = {
      {"source_catalog", clone->source ? clone->source->item.name : clone->options.source},
      {"dest_catalog", clone->options.dest},
      {"schema", schema},
  };

  return sqltext_fill(arena, hook->sql, values, schema ? 3 : 2, text, problem);
}

clxs_status
clone_check_hooks(struct clone *clone)
{
  for (enum place place = BEFORE; place <= AFTER; place++) {
    CLEANUP_JSON struct json_object *list = NULL;
    clxs_status status = read_list(clone->call, place, &list);

    if (status < 0) return status;
    for (size_t i = 0; i < json_length(list); i++) {
      CLEANUP(arena_cleanup) struct arena *arena = arena_new();
      struct hook hook;
      const char *text, *problem = entry_problem(json_item(list, i), &hook);

      if (problem || !fill(clone, arena, &hook, place == SCHEMA ? "schema" : NULL, &text, &problem))
        return refuse(clone->call, place, i, problem);
    }
  }
  return CLXS_OK;
}

/* One step for HOOK, number INDEX of its list. */
static size_t
add_hook(struct clone *clone, enum place place, const char *schema, const struct hook *hook, size_t index)
{
  static const char *const titles[] = {"before the clone", "after schema", "after the clone"};
  const char *what = hook->description ? hook->description : clxs_textf(clone->call, "%zu", index + 1), *text,
             *problem;
  const char *label =
      clxs_textf(clone->call, "%s%s%s: %s", titles[place], schema ? " " : "", schema ? schema : "", what);
  const char *const names[] = {clone->options.dest, schema, what};
  size_t object = plan_add_object(clone->plan, "hook", names, schema ? 3 : 1, label), step;

  if (!fill(clone, clone->plan->arena, hook, schema, &text, &problem))
    return plan_add_refusal(clone->plan, object, PLAN_REFUSED, NULL, problem);
  step = clone_add_sql(clone, object, hook->quiet ? QUIET_ACTION : ACTION, text, hook->flags, CLONE_NO_STEP);
  return step;
}

/* The hooks of PLACE, one after the other, all behind AFTER (COUNT steps). */
static void
add_hooks(struct clone *clone, enum place place, const char *schema, const size_t *after, size_t count)
{
  CLEANUP_JSON struct json_object *list = NULL;
  size_t first = clone->plan->steps.count;

  (void)read_list(clone->call, place, &list); /* it was checked before */
  for (size_t i = 0; i < json_length(list); i++) {
    struct hook hook;
    size_t step;

    if (entry_problem(json_item(list, i), &hook)) continue;
    step = add_hook(clone, place, schema, &hook, i);
    if (step > first) plan_add_order(clone->plan, step, step - 1);
    for (size_t k = 0; k < count; k++)
      *VEC_ADD(&plan_step(clone->plan, step)->after) = after[k];
  }
}

/* What a hook waits for: the steps FIRST to the one before END, of SCHEMA if that is not NULL, that no other
 * of them waits for; who waits for any end tells nobody of a failure. One that stays behind because it was
 * left out is nothing to wait for. */
struct sinks {
  VEC(size_t) at;
};

static bool
belongs(const struct clone *clone, size_t step, const char *schema)
{
  const struct plan_object *object = &clone->plan->objects.at[clone->plan->steps.at[step].object];

  return !schema || (object->name_count > 1 && str_eq(object->names[1], schema));
}

static void
find_sinks(const struct clone *clone, const char *schema, size_t end, struct sinks *sinks)
{
  const struct plan *plan = clone->plan;
  CLEANUP_FREE bool *needed = xcalloc(end + 1, sizeof *needed);

  for (size_t i = 0; i < end; i++) {
    if (!belongs(clone, i, schema) || (plan->steps.at[i].flags & PLAN_AFTER_ANY)) continue;
    VEC_EACH (&plan->steps.at[i].after, before)
      needed[*before] = true;
  }
  for (size_t i = 0; i < end; i++)
    if (!needed[i] && plan->steps.at[i].via != PLAN_SKIPPED && belongs(clone, i, schema))
      *VEC_ADD(&sinks->at) = i;
}

/* Nothing begins before LAST, the last hook before the clone. */
static void
hold_all(struct clone *clone, size_t end, size_t last)
{
  for (size_t i = 0; i < end; i++) {
    struct plan_step *step = plan_step(clone->plan, i);

    if (plan_is_sent(step) && !step->after.count) plan_add_order(clone->plan, i, last);
  }
}

static bool
are_there(const struct clone *clone, enum place place)
{
  return clxs_config(clone->call)->text(clone->call, keys[place]) != NULL;
}

/* BEFORE_ALL is the last hook before the clone, or CLONE_NO_STEP: also what there is nothing to do for waits
 * for it. */
static void
add_hooks_behind(struct clone *clone, enum place place, const char *schema, size_t end, size_t before_all)
{
  struct sinks sinks = {0};

  find_sinks(clone, schema, end, &sinks);
  if (!sinks.at.count && before_all != CLONE_NO_STEP) *VEC_ADD(&sinks.at) = before_all;
  add_hooks(clone, place, schema, sinks.at.at, sinks.at.count);
  VEC_FREE(&sinks.at);
}

void
clone_add_hooks(struct clone *clone)
{
  struct plan *plan = clone->plan;
  size_t end = plan->steps.count, before_all = CLONE_NO_STEP;

  add_hooks(clone, BEFORE, NULL, NULL, 0);
  if (plan->steps.count > end) {
    before_all = plan->steps.count - 1;
    hold_all(clone, end, before_all);
  }
  end = plan->steps.count;
  if (are_there(clone, SCHEMA))
    VEC_EACH (&clone->source->schemas, schema)
      add_hooks_behind(clone, SCHEMA, schema->item.name, end, before_all);
  clone->hooks[0] = plan->steps.count;
  if (are_there(clone, AFTER)) add_hooks_behind(clone, AFTER, NULL, plan->steps.count, before_all);
  clone->hooks[1] = plan->steps.count;
}

void
clone_hold_owners(struct clone *clone, size_t first)
{
  if (clone->hooks[1] == clone->hooks[0]) return;
  for (size_t i = first; i < clone->plan->steps.count; i++)
    plan_add_order(clone->plan, i, clone->hooks[1] - 1);
}

void
clone_warn_of_hook(struct clxs_call *child, const struct plan *plan, size_t step,
                   const struct plan_result *result)
{
  const struct plan_step *it = &plan->steps.at[step];

  if (result->state != PLAN_FAILED || !(it->flags & PLAN_MAY_FAIL) || !str_eq(it->action, ACTION)) return;
  clxs_logf(child, CLXS_LOG_WARN, "hook %s: %s", plan->objects.at[it->object].label, result->reason);
}
