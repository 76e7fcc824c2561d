/* SPDX-License-Identifier: Apache-2.0 */
/* One object or step to JSON and back. It must not know where the text goes. */
#include "kit/plan/record.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/plan/plan.h"

#include "base/banned.h"

static const char *const via_names[] = {"sql", "rest", "copy", "refused", "skipped", "held"};
static const char *const how_names[] = {"none", "present", "gone", "equals", "above", "file"};
static const char *const prior_names[] = {"unknown", "absent", "known"};

void
record_add_text(struct buf *buf, const char *key, const char *text)
{
  if (!text) return;
  buf_addf(buf, ",\"%s\":", key);
  buf_add_json(buf, text);
}

void
record_add_object(struct buf *buf, const struct plan *plan, size_t index)
{
  const struct plan_object *object = &plan->objects.at[index];

  buf_addf(buf, "{\"object\":%zu", index);
  record_add_text(buf, "kind", object->kind);
  buf_add_text(buf, ",\"names\":[");
  for (size_t i = 0; i < object->name_count; i++) {
    if (i) buf_add_char(buf, ',');
    buf_add_json(buf, object->names[i]);
  }
  buf_add_char(buf, ']');
  record_add_text(buf, "label", object->label);
  record_add_text(buf, "note", object->note);
  buf_add_char(buf, '}');
}

static void
add_check(struct buf *buf, const struct plan_check *check)
{
  if (check->how == PLAN_CHECK_NONE) return;
  buf_addf(buf, ",\"check\":{\"how\":\"%s\"", how_names[check->how]);
  record_add_text(buf, "path", check->path);
  record_add_text(buf, "field", check->field);
  record_add_text(buf, "value", check->value);
  buf_add_char(buf, '}');
}

void
record_add_step(struct buf *buf, const struct plan *plan, size_t index)
{
  const struct plan_step *step = &plan->steps.at[index];

  buf_addf(buf, "{\"step\":%zu,\"object\":%zu", index, step->object);
  record_add_text(buf, "action", step->action);
  record_add_text(buf, "via", via_names[step->via]);
  record_add_text(buf, "text", step->text);
  record_add_text(buf, "catalog", step->catalog);
  record_add_text(buf, "schema", step->schema);
  record_add_text(buf, "method", step->method);
  record_add_text(buf, "path", step->path);
  record_add_text(buf, "body", step->body);
  record_add_text(buf, "reads", step->reads);
  if (step->via == PLAN_COPY)
    buf_addf(buf, ",\"bytes\":%lld,\"modified_ms\":%lld", (long long)step->bytes,
             (long long)step->modified_ms);
  record_add_text(buf, "error_class", step->error_class);
  if (step->flags & PLAN_IDEMPOTENT) buf_add_text(buf, ",\"idempotent\":true");
  if (step->flags & PLAN_TRY_LATE) buf_add_text(buf, ",\"try_late\":true");
  if (step->flags & PLAN_LOOK_FIRST) buf_add_text(buf, ",\"look_first\":true");
  if (step->flags & PLAN_EXISTS_IS_DONE) buf_add_text(buf, ",\"exists_is_done\":true");
  if (step->flags & PLAN_COPIES) buf_add_text(buf, ",\"copies\":true");
  if (step->after.count) {
    buf_add_text(buf, ",\"after\":[");
    for (size_t i = 0; i < step->after.count; i++)
      buf_addf(buf, "%s%zu", i ? "," : "", step->after.at[i]);
    buf_add_char(buf, ']');
  }
  add_check(buf, &step->check);
  if (plan_is_sent(step)) {
    buf_addf(buf, ",\"undo\":{\"prior\":\"%s\"", prior_names[step->undo.prior]);
    if (step->undo.data) buf_addf(buf, ",\"data\":%s", step->undo.data);
    buf_add_char(buf, '}');
  }
  buf_add_char(buf, '}');
}

static bool
read_choice(const char *const *names, size_t count, const char *text, unsigned *choice)
{
  for (unsigned i = 0; i < count; i++) {
    if (!str_eq(names[i], text)) continue;
    *choice = i;
    return true;
  }
  return false;
}

bool
record_read_object(struct plan *plan, struct json_object *json)
{
  struct json_object *list = json_get_array(json, "names");
  const char *names[PLAN_NAMES] = {NULL}, *kind = json_get_text(json, "kind");
  size_t count = json_length(list);

  if (json_get_int(json, "object", -1) != (int64_t)plan->objects.count) return false;
  if (!kind || !count || count > PLAN_NAMES) return false;
  for (size_t i = 0; i < count; i++)
    names[i] = json_object_get_string(json_item(list, i));
  plan_add_object(plan, kind, names, count, json_get_text(json, "label"));
  plan->objects.at[plan->objects.count - 1].note = arena_strdup(plan->arena, json_get_text(json, "note"));
  return true;
}

static bool
read_check(struct plan *plan, struct json_object *json, struct plan_check *check)
{
  unsigned how;

  if (!json) return true;
  if (!read_choice(how_names, ARRAY_SIZE(how_names), json_get_text(json, "how"), &how)) return false;
  check->how = (enum plan_check_how)how;
  check->path = arena_strdup(plan->arena, json_get_text(json, "path"));
  check->field = arena_strdup(plan->arena, json_get_text(json, "field"));
  check->value = arena_strdup(plan->arena, json_get_text(json, "value"));
  return true;
}

static bool
read_undo(struct plan *plan, struct json_object *json, struct plan_undo *undo)
{
  struct json_object *data = json_get_object(json, "data");
  unsigned prior;

  if (!json) return true;
  if (!read_choice(prior_names, ARRAY_SIZE(prior_names), json_get_text(json, "prior"), &prior)) return false;
  undo->prior = (enum plan_prior)prior;
  undo->data = data ? arena_strdup(plan->arena, json_text(data)) : NULL;
  return true;
}

bool
record_read_step(struct plan *plan, struct json_object *json)
{
  int64_t object = json_get_int(json, "object", -1);
  struct json_object *after = json_get_array(json, "after");
  struct arena *arena = plan->arena;
  struct plan_step *step;
  unsigned via;
  size_t index;

  if (json_get_int(json, "step", -1) != (int64_t)plan->steps.count) return false;
  if (object < 0 || (size_t)object >= plan->objects.count) return false;
  if (!read_choice(via_names, ARRAY_SIZE(via_names), json_get_text(json, "via"), &via)) return false;
  index = plan_add_step(plan, (size_t)object, arena_strdup(arena, json_get_text(json, "action")));
  step = plan_step(plan, index);
  step->via = (enum plan_via)via;
  step->text = arena_strdup(arena, json_get_text(json, "text"));
  step->catalog = arena_strdup(arena, json_get_text(json, "catalog"));
  step->schema = arena_strdup(arena, json_get_text(json, "schema"));
  step->method = arena_strdup(arena, json_get_text(json, "method"));
  step->path = arena_strdup(arena, json_get_text(json, "path"));
  step->body = arena_strdup(arena, json_get_text(json, "body"));
  step->reads = arena_strdup(arena, json_get_text(json, "reads"));
  step->bytes = json_get_int(json, "bytes", 0);
  step->modified_ms = json_get_int(json, "modified_ms", 0);
  step->error_class = arena_strdup(arena, json_get_text(json, "error_class"));
  if (json_get_bool(json, "idempotent", false)) step->flags |= PLAN_IDEMPOTENT;
  if (json_get_bool(json, "try_late", false)) step->flags |= PLAN_TRY_LATE;
  if (json_get_bool(json, "look_first", false)) step->flags |= PLAN_LOOK_FIRST;
  if (json_get_bool(json, "copies", false)) step->flags |= PLAN_COPIES;
  if (json_get_bool(json, "exists_is_done", false)) step->flags |= PLAN_EXISTS_IS_DONE;
  for (size_t i = 0; i < json_length(after); i++) {
    int64_t before = json_object_get_int64(json_item(after, i));

    if (before < 0) return false;
    *VEC_ADD(&step->after) = (size_t)before;
  }
  return read_check(plan, json_get_object(json, "check"), &step->check) &&
         read_undo(plan, json_get_object(json, "undo"), &step->undo);
}
