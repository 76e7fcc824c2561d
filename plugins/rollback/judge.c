/* SPDX-License-Identifier: Apache-2.0 */
/* What may be undone. The journal says what the run found before each change, the destination says what is
 * there now; only where the two leave no doubt is anything dropped or put back. It must not plan. */
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "kit/plan/step.h"
#include "rollback.h"

#include "base/banned.h"

bool
undo_happened(const struct journal_image *image, size_t step)
{
  const struct plan_result *result = &image->steps[step];

  if (image->plan->steps.at[step].via >= PLAN_REFUSED) return false;
  return result->state == PLAN_DONE || plan_result_is_doubtful(result);
}

/* "Absent" speaks of what the step sets; only what a CREATE has made may be dropped. */
static bool
is_creation(const struct plan_step *step)
{
  return step->undo.prior == PLAN_PRIOR_ABSENT && step->via == PLAN_SQL && str_starts(step->text, "CREATE ");
}

static const struct plan_object *
object_of(const struct undo *undo, size_t index)
{
  return &undo->image->plan->objects.at[index];
}

static const struct model_table *
table_now(const struct undo *undo, const struct plan_object *object)
{
  return model_find_table(model_find_schema(undo->now, object->names[1]), object->names[2]);
}

static const struct model_item *
item_now(const struct undo *undo, const struct plan_object *object)
{
  const struct model_schema *schema = NULL;
  const struct model_table *table;
  const struct model_function *function;
  const struct model_volume *volume;

  if (!undo->now) return NULL;
  if (object->name_count == 1) return &undo->now->item;
  schema = model_find_schema(undo->now, object->names[1]);
  if (object->name_count == 2 || !schema) return schema ? &schema->item : NULL;
  if (str_eq(object->kind, "function")) {
    function = model_find_function(schema, object->names[2]);
    return function ? &function->item : NULL;
  }
  if (str_eq(object->kind, "volume")) {
    volume = model_find_volume(schema, object->names[2]);
    return volume ? &volume->item : NULL;
  }
  table = model_find_table(schema, object->names[2]);
  return table ? &table->item : NULL;
}

static void
leave(struct undo_object *it, const char *problem)
{
  it->kind = UNDO_LEAVE;
  it->problem = problem;
}

static void
nothing(struct undo_object *it, const char *note)
{
  it->kind = UNDO_NOTHING;
  it->note = note;
}

static bool
has_more_steps(const struct undo *undo, size_t object, size_t first)
{
  for (size_t i = first + 1; i < undo->image->plan->steps.count; i++)
    if (undo->image->plan->steps.at[i].object == object && undo_happened(undo->image, i)) return true;
  return false;
}

/* Why an object that was absent before the run is not certainly the run's own, or NULL. */
static const char *
foreign_problem(struct undo *undo, size_t index, const struct undo_object *it)
{
  const struct plan_object *object = object_of(undo, index);
  const struct plan_step *step = &undo->image->plan->steps.at[it->first];
  const struct model_table *table;

  if (str_eq(undo->image->steps[it->first].reason, STEP_WAS_THERE))
    return "it was there when the run wanted to make it, so somebody else may have made it";
  if (it->now->created_at && it->now->created_at < undo->image->head.started_ms - UNDO_SLACK_MS)
    return "it is older than the run, so the run did not make it";
  if (it->now->created_at && undo->image->finished &&
      it->now->created_at > undo->image->last_ms + UNDO_SLACK_MS)
    return "it was made anew after the run had ended";
  if (str_eq(object->kind, "volume")) return undo_volume_problem(undo, object);
  if (!str_eq(object->kind, "table") && !str_eq(object->kind, "view")) return NULL;
  table = table_now(undo, object);
  if (model_is_view(table) != str_eq(object->kind, "view")) return "something of another kind is there now";
  if (step->check.how == PLAN_CHECK_EQUALS && !str_eq_trimmed(table->view_definition, step->check.value))
    return "its text was changed after the run";
  return NULL;
}

static void
judge_made(struct undo *undo, size_t index, struct undo_object *it)
{
  const char *problem;

  if (!it->now) {
    nothing(it, "it is not there");
    return;
  }
  problem = foreign_problem(undo, index, it);
  it->kind = UNDO_DROP;
  if (problem) leave(it, problem);
}

/* A replacement that was under way and did not happen. */
static bool
is_untouched(const struct undo *undo, const struct undo_object *it, const struct plan_step *step)
{
  int64_t before;

  return it->now && plan_result_is_doubtful(&undo->image->steps[it->first]) &&
         step->check.how == PLAN_CHECK_ABOVE && str_to_int64(step->check.value, &before) &&
         it->now->updated_at && it->now->updated_at <= before;
}

static void
judge_changed(const struct undo *undo, size_t index, struct undo_object *it)
{
  const struct plan_step *step = &undo->image->plan->steps.at[it->first];
  const char *text = step->undo.data ? step->undo.data : "{}";
  CLEANUP_JSON struct json_object *data = json_parse(text, strlen(text), NULL, NULL);
  const char *before = json_get_text(data, "view_definition"), *statement = json_get_text(data, "statement");
  const struct model_table *view;

  it->kind = UNDO_RESTORE;
  if (is_untouched(undo, it, step)) nothing(it, "it is as it was");
  if (!it->now && !str_starts(statement ? statement : "", "CREATE ")) leave(it, "it is not there any more");
  if (!it->now || !before || it->kind != UNDO_RESTORE) return;
  view = table_now(undo, object_of(undo, index));
  if (!model_is_view(view))
    leave(it, "something of another kind is there now");
  else if (str_eq_trimmed(view->view_definition, before) && !has_more_steps(undo, index, it->first))
    nothing(it, "it is as it was");
  else if (step->check.how == PLAN_CHECK_EQUALS &&
           !str_eq_trimmed(view->view_definition, step->check.value) &&
           !str_eq_trimmed(view->view_definition, before))
    leave(it, "its text was changed after the run");
}

static void
judge_object(struct undo *undo, size_t index, struct undo_object *it)
{
  const struct plan_step *step = &undo->image->plan->steps.at[it->first];

  it->now = item_now(undo, object_of(undo, index));
  if (is_creation(step)) {
    judge_made(undo, index, it);
  } else if (step->undo.prior == PLAN_PRIOR_KNOWN) {
    judge_changed(undo, index, it);
  } else if (!it->now) {
    leave(it, "it is not there any more");
  } else if (is_untouched(undo, it, step)) {
    nothing(it, "it is as it was");
  } else {
    /* What else the run did to it may be known. */
    it->kind = UNDO_RESTORE;
    if (step->via == PLAN_SQL && str_starts(step->text, "CREATE "))
      it->problem = str_eq(object_of(undo, index)->kind, "table")
                        ? "which version it had before is not known (clone with --enable-rollback notes it)"
                        : "what it was before is not known";
  }
}

static const char *
key_of(const struct undo *undo, const char *kind, const char *schema, const char *name)
{
  return clxs_textf(undo->call, "%s %s.%s", kind, schema, name);
}

static const char *
list_of(const char *kind)
{
  return str_eq(kind, "function") || str_eq(kind, "volume") ? kind : "table";
}

/* The first thing in SCHEMA that stays, as words, or NULL. MADE: what will be dropped. */
static const char *
schema_rest(const struct undo *undo, const struct map *made, const struct model_schema *schema)
{
  VEC_EACH (&schema->tables, it)
    if (!map_get(made, key_of(undo, "table", schema->item.name, it->item.name)))
      return clxs_textf(undo->call, "%s %s", model_is_view(it) ? "view" : "table", it->item.name);
  VEC_EACH (&schema->functions, it)
    if (!map_get(made, key_of(undo, "function", schema->item.name, it->item.name)))
      return clxs_textf(undo->call, "function %s", it->item.name);
  VEC_EACH (&schema->volumes, it)
    if (!map_get(made, key_of(undo, "volume", schema->item.name, it->item.name)))
      return clxs_textf(undo->call, "volume %s", it->item.name);
  return NULL;
}

/* The first schema that stays. The one that every new catalog has does not count while it is empty. */
static const char *
catalog_rest(struct undo *undo, const struct map *made)
{
  VEC_EACH (&undo->now->schemas, it) {
    if (map_get(made, key_of(undo, "schema", it->item.name, ""))) continue;
    if (!str_eq(it->item.name, "default") || schema_rest(undo, made, it))
      return clxs_textf(undo->call, "schema %s", it->item.name);
    undo->bare_schema = it->item.name;
  }
  return NULL;
}

/* Containers go only when nothing stays in them. */
static void
judge_containers(struct undo *undo)
{
  const struct plan *plan = undo->image->plan;
  CLEANUP_MAP struct map *made = map_new();

  for (size_t level = 3; level; level--)
    for (size_t i = 0; i < plan->objects.count; i++) {
      const struct plan_object *object = &plan->objects.at[i];
      struct undo_object *it = &undo->objects[i];
      const struct model_schema *schema = NULL;
      const char *rest = NULL;

      if (object->name_count != level || it->kind != UNDO_DROP) continue;
      if (level > 1) schema = model_find_schema(undo->now, object->names[1]);
      if (level == 2) rest = schema_rest(undo, made, schema);
      if (level == 1) rest = catalog_rest(undo, made);
      if (rest) {
        leave(it, clxs_textf(undo->call, "it still holds %s", rest));
        continue;
      }
      if (level > 1)
        map_set(made,
                level == 2 ? key_of(undo, "schema", schema->item.name, "")
                           : key_of(undo, list_of(object->kind), schema->item.name, it->now->name),
                it);
    }
}

static clxs_status
require_catalog(const struct undo *undo)
{
  for (size_t i = 0; i < undo->image->plan->objects.count; i++)
    if (object_of(undo, i)->name_count == 1 && undo->objects[i].kind == UNDO_DROP) return CLXS_OK;
  return clxs_failf(undo->call, CLXS_E_USAGE, "leave --drop-catalog out",
                    "--drop-catalog: the catalog %s is not one that operation %s made",
                    undo->image->head.destination, undo->image->head.id);
}

clxs_status
undo_judge(struct undo *undo, bool whole)
{
  const struct plan *plan = undo->image->plan;
  clxs_status status;

  undo->objects = undo->call->core->alloc(undo->call, (plan->objects.count + 1) * sizeof *undo->objects);
  for (size_t i = 0; i < plan->objects.count; i++)
    undo->objects[i].first = UNDO_NO_STEP;
  for (size_t i = plan->steps.count; i-- > 0;)
    if (undo_happened(undo->image, i)) undo->objects[plan->steps.at[i].object].first = i;
  for (size_t i = 0; i < plan->objects.count; i++)
    if (undo->objects[i].first != UNDO_NO_STEP && !undo_is_in_volume(object_of(undo, i)))
      judge_object(undo, i, &undo->objects[i]);
  if (!whole) judge_containers(undo);
  status = undo_judge_files(undo, whole);
  if (status < 0) return status;
  if (whole) return require_catalog(undo);
  return undo->call->core->cancelled(undo->call) ? CLXS_E_CANCELLED : CLXS_OK;
}
