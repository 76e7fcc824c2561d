/* SPDX-License-Identifier: Apache-2.0 */
/* What the destination will have when the objects of the plan are made, and the steps that go onto it. It
 * must not know what such a step is about. */
#include "base/buf.h"
#include "base/map.h"
#include "base/str.h"
#include "clone.h"

#include "base/banned.h"

static const char *
copy_key(struct clone *clone, const char *kind, const char *schema, const char *name)
{
  return arena_printf(clone->plan->arena, "%s\n%s\n%s", kind, schema ? schema : "", name ? name : "");
}

/* Views and tables share their names, and in REST their collection. */
static const char *
collection_of(const char *kind)
{
  if (str_eq(kind, "catalog")) return "catalogs";
  if (str_eq(kind, "schema")) return "schemas";
  if (str_eq(kind, "function")) return "functions";
  return str_eq(kind, "volume") ? "volumes" : "tables";
}

static void
find_items(const struct clone *clone, struct clone_copy *copy)
{
  copy->from = model_find_item(clone->source, copy->kind, copy->schema, copy->name);
  copy->old = copy->to = model_find_item(clone->dest, copy->kind, copy->schema, copy->name);
  if (!copy->name || !str_eq(copy->collection, "tables")) return;
  copy->table = model_find_table(model_find_schema(clone->source, copy->schema), copy->name);
  copy->there = model_find_table(model_find_schema(clone->dest, copy->schema), copy->name);
}

/* A new object takes the place of the old one, and nothing that hung on the old one stays. */
static bool
replaces(const struct plan_step *step)
{
  return str_eq(step->action, "drop table") || str_eq(step->action, "replace view") ||
         str_eq(step->action, "create function");
}

/* How the plan's steps so far leave each object: the last step for it, and whether it is refused. */
static void
read_steps(const struct clone *clone, struct clone_copy *copies, bool *refused)
{
  for (size_t i = 0; i < clone->plan->steps.count; i++) {
    const struct plan_step *step = &clone->plan->steps.at[i];

    copies[step->object].made = i;
    if (replaces(step)) copies[step->object].replaced = true;
    if (str_eq(step->action, "create table")) copies[step->object].created = true;
    if (step->via != PLAN_SQL) refused[step->object] = true;
  }
}

static void
add_copy(struct clone *clone, struct clone_copy *copy)
{
  copy->key = copy->guard = copy->grant = CLONE_NO_STEP;
  *VEC_ADD(&clone->copies) = *copy;
  /* 0 is nothing to a map. */
  map_set(clone->copy_index, copy_key(clone, copy->collection, copy->schema, copy->name),
          (void *)(uintptr_t)clone->copies.count);
}

void
clone_collect_copies(struct clone *clone)
{
  size_t count = clone->plan->objects.count;
  struct clone_copy *copies = arena_array(clone->plan->arena, count + 1, sizeof *copies);
  bool *refused = arena_array(clone->plan->arena, count + 1, sizeof *refused);
  struct clone_copy catalog = {.kind = "catalog", .collection = "catalogs", .object = CLONE_NO_OBJECT};

  clone->copy_index = map_new();
  for (size_t i = 0; i < count; i++)
    copies[i].made = CLONE_NO_STEP;
  read_steps(clone, copies, refused);
  catalog.made = CLONE_NO_STEP;
  find_items(clone, &catalog);
  if (clone->dest) add_copy(clone, &catalog);
  for (size_t i = 0; i < count; i++) {
    const struct plan_object *object = &clone->plan->objects.at[i];
    struct clone_copy *copy = &copies[i];

    copy->kind = object->kind;
    copy->collection = collection_of(object->kind);
    copy->schema = object->names[1];
    copy->name = object->names[2];
    copy->object = i;
    find_items(clone, copy);
    if (copy->replaced) copy->to = NULL, copy->there = NULL;
    if (copy->from && !refused[i]) add_copy(clone, copy);
  }
}

struct clone_copy *
clone_find_copy(struct clone *clone, const char *collection, const char *schema, const char *name)
{
  uintptr_t place = (uintptr_t)map_get(clone->copy_index, copy_key(clone, collection, schema, name));

  return place ? &clone->copies.at[place - 1] : NULL;
}

void
clone_free_copies(struct clone *clone)
{
  VEC_FREE(&clone->copies);
  map_free(clone->copy_index);
}

bool
clone_split_name(struct clone *clone, const char *full, const char *parts[3])
{
  char *text = arena_strdup(clone->plan->arena, full);

  for (int i = 0; i < 3; i++) {
    char *dot = text ? strchr(text, '.') : NULL;

    parts[i] = text;
    if (!text || !*text || (i < 2) != (dot != NULL)) return false;
    if (dot) *dot++ = '\0';
    text = dot;
  }
  return true;
}

void
clone_add_copy_name(const struct clone *clone, struct buf *buf, const struct clone_copy *copy)
{
  clone_add_name(buf, clone->options.dest, copy->schema, copy->name);
}

size_t
clone_copy_object(struct clone *clone, struct clone_copy *copy)
{
  if (copy->object == CLONE_NO_OBJECT) copy->object = clone_add_object(clone, copy->kind, NULL, NULL);
  return copy->object;
}

static size_t
add_step(struct clone *clone, struct clone_copy *copy, const char *action)
{
  size_t index = plan_add_step(clone->plan, clone_copy_object(clone, copy), action);

  plan_step(clone->plan, index)->flags = PLAN_IDEMPOTENT;
  if (copy->made != CLONE_NO_STEP) plan_add_order(clone->plan, index, copy->made);
  return index;
}

size_t
clone_add_detail(struct clone *clone, struct clone_copy *copy, const char *action, const char *text,
                 const char *undo)
{
  size_t index = add_step(clone, copy, action);
  struct plan_step *step = plan_step(clone->plan, index);

  step->via = PLAN_SQL;
  step->text = arena_strdup(clone->plan->arena, text);
  if (undo) clone_set_undo(clone, index, undo, NULL);
  return index;
}

void
clone_set_undo(struct clone *clone, size_t index, const char *statement, const char *then)
{
  struct plan_step *step = plan_step(clone->plan, index);
  CLEANUP_BUF struct buf data = BUF_INIT(BUF_SQL);

  buf_add_text(&data, "{\"statement\":");
  buf_add_json(&data, statement);
  if (then) {
    buf_add_text(&data, ",\"then\":");
    buf_add_json(&data, then);
  }
  buf_add_char(&data, '}');
  step->undo.prior = PLAN_PRIOR_KNOWN;
  step->undo.data = arena_strdup(clone->plan->arena, data.data);
}

size_t
clone_add_patch(struct clone *clone, struct clone_copy *copy, const char *action, const char *path,
                const char *body, const char *undo)
{
  size_t index = add_step(clone, copy, action);
  struct plan_step *step = plan_step(clone->plan, index);
  CLEANUP_BUF struct buf data = BUF_INIT(BUF_SQL);

  step->via = PLAN_REST;
  step->method = "PATCH";
  step->path = arena_strdup(clone->plan->arena, path);
  step->body = arena_strdup(clone->plan->arena, body);
  if (!undo) return index;
  buf_add_text(&data, "{\"method\":\"PATCH\",\"path\":");
  buf_add_json(&data, path);
  buf_add_text(&data, ",\"body\":");
  buf_add_json(&data, undo);
  buf_add_char(&data, '}');
  step->undo.prior = PLAN_PRIOR_KNOWN;
  step->undo.data = arena_strdup(clone->plan->arena, data.data);
  return index;
}
