/* SPDX-License-Identifier: Apache-2.0 */
/* Owners, last of all: who gives an object away may lose the right to do anything else to it. Each waits for
 * everything that is done to its object, to what is in it, and to what needs it. Only where it differs.
 * https://docs.databricks.com/data-governance/unity-catalog/manage-privileges/ownership.html */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/retry.h"

#include "base/banned.h"

/* What the service itself owns cannot be given to it. */
bool
clone_is_person(const char *owner)
{
  return owner && *owner && !str_ieq(owner, "System user");
}

/* A new object is the caller's. */
static clxs_status
read_caller(struct clone *clone, const char **name)
{
  struct clxs_request request = {.size = sizeof request, .method = "GET"};
  struct clxs_response response = {.size = sizeof response};
  CLEANUP_JSON struct json_object *json = NULL;
  clxs_status status;
  unsigned round = 0;

  *name = clone_principal(clone);
  if (*name) return CLXS_OK;
  request.path = "/api/2.0/preview/scim/v2/Me";
  request.workspace = clone->options.workspace;
  request.purpose = "who owns what is made";
  do {
    status = clxs_rest(clone->call)->send(clone->call, &request, &response);
  } while (status < 0 && retry_pause(clone->call, status, ++round));
  if (status < 0)
    return clxs_failf(clone->call, status, "clone without --ownership if the service cannot tell",
                      "cannot find out who you are, and so who owns what is made");
  json = json_parse(response.body, response.length, NULL, NULL);
  *name = arena_strdup(clone->plan->arena, json_get_text(json, "userName"));
  return CLXS_OK;
}

static const char *
owner_body(struct clone *clone, const char *owner)
{
  CLEANUP_BUF struct buf body = BUF_INIT(BUF_SQL);

  if (!owner) return NULL;
  buf_add_text(&body, "{\"owner\":");
  buf_add_json(&body, owner);
  buf_add_char(&body, '}');
  return arena_strdup(clone->plan->arena, body.data);
}

struct owners {
  size_t *of_object; /* step per object of the plan, or CLONE_NO_STEP */
  size_t count;      /* objects */
  size_t first;      /* the first step of an owner */
};

static bool
is_sent(const struct clone *clone, size_t step)
{
  return plan_is_sent(&clone->plan->steps.at[step]);
}

static size_t
owner_of(const struct owners *owners, const struct clone_copy *copy)
{
  return copy && copy->object < owners->count ? owners->of_object[copy->object] : CLONE_NO_STEP;
}

static void
add_wait(struct clone *clone, size_t owner, size_t step)
{
  if (owner != CLONE_NO_STEP && owner != step) plan_add_order(clone->plan, owner, step);
}

/* The same where it is not said already: containers wait for very many. */
static void
add_first_wait(struct clone *clone, size_t owner, size_t step)
{
  if (owner != CLONE_NO_STEP) *VEC_ADD(&plan_step(clone->plan, owner)->after) = step;
}

/* The step works on a file or directory, which is in a volume. */
static bool
is_in_volume(const struct plan_object *object)
{
  return str_eq(object->kind, "file") || str_eq(object->kind, "directory");
}

/* The owner of a container waits for all steps in it, those that give away its objects too. */
static void
wait_for_contents(struct clone *clone, const struct owners *owners)
{
  struct clone_copy *catalog = clone_find_copy(clone, "catalogs", NULL, NULL);
  size_t catalog_owner = owner_of(owners, catalog);

  for (size_t i = 0; i < clone->plan->steps.count; i++) {
    const struct plan_object *object = &clone->plan->objects.at[clone->plan->steps.at[i].object];
    struct clone_copy *schema, *volume;

    if (!is_sent(clone, i) || object->name_count < 2) continue;
    if (is_in_volume(object)) {
      volume = clone_find_copy(clone, "volumes", object->names[1], object->names[2]);
      add_first_wait(clone, owner_of(owners, volume), i);
    }
    add_first_wait(clone, catalog_owner, i);
    if (object->name_count < 3) continue;
    schema = clone_find_copy(clone, "schemas", object->names[1], NULL);
    add_first_wait(clone, owner_of(owners, schema), i);
  }
}

/* Steps by the object that they need: those of OBJECT are at[first[OBJECT]] up to first[OBJECT + 1]. */
struct needed {
  size_t *first, *at;
};

/* Call EACH for every object that a step in front of the owners needs; containers wait for all that they hold
 * anyway. */
static void
each_need(struct clone *clone, const struct owners *owners,
          void (*each)(struct needed *, size_t need, size_t step), struct needed *needed)
{
  for (size_t i = 0; i < owners->first; i++) {
    const struct plan_step *step = &clone->plan->steps.at[i];

    if (!is_sent(clone, i) || is_in_volume(&clone->plan->objects.at[step->object])) continue;
    for (size_t k = 0; k < step->after.count; k++) {
      size_t need = clone->plan->steps.at[step->after.at[k]].object;

      if (need != step->object && clone->plan->objects.at[need].name_count == PLAN_NAMES)
        each(needed, need, i);
    }
  }
}

static void
count_need(struct needed *needed, size_t need, size_t step)
{
  (void)step;
  needed->first[need + 2]++;
}

static void
put_need(struct needed *needed, size_t need, size_t step)
{
  needed->at[needed->first[need + 1]++] = step;
}

static void
collect_needs(struct clone *clone, const struct owners *owners, struct needed *needed)
{
  size_t count = owners->count;

  needed->first = arena_array(clone->plan->arena, count + 3, sizeof *needed->first);
  each_need(clone, owners, count_need, needed);
  for (size_t i = 2; i < count + 2; i++)
    needed->first[i] += needed->first[i - 1];
  needed->at = arena_array(clone->plan->arena, needed->first[count + 1] + 1, sizeof *needed->at);
  each_need(clone, owners, put_need, needed);
}

/* A view is read with its owner's rights, which may not reach into the copy yet, so everything that needs the
 * object comes first, and everything that needs that. SEEN: the object whose walk came by last, from 1. */
static void
wait_for_dependents(struct clone *clone, const struct needed *needed, size_t object, size_t owner,
                    size_t *seen)
{
  VEC(size_t) todo = {0};

  *VEC_ADD(&todo) = object;
  seen[object] = object + 1;
  while (todo.count) {
    size_t next = todo.at[--todo.count];

    for (size_t i = needed->first[next]; i < needed->first[next + 1]; i++) {
      size_t step = needed->at[i], dependent = clone->plan->steps.at[step].object;

      add_wait(clone, owner, step);
      if (seen[dependent] == object + 1) continue;
      seen[dependent] = object + 1;
      *VEC_ADD(&todo) = dependent;
    }
  }
  VEC_FREE(&todo);
}

/* The owner of an object waits for its other steps, and for those of others that need it. */
static void
wait_for_needs(struct clone *clone, const struct owners *owners)
{
  size_t *seen = arena_array(clone->plan->arena, owners->count + 1, sizeof *seen);
  struct needed needed;

  collect_needs(clone, owners, &needed);
  for (size_t i = 0; i < owners->first; i++) {
    size_t object = clone->plan->steps.at[i].object;

    if (is_sent(clone, i) && !is_in_volume(&clone->plan->objects.at[object]))
      add_wait(clone, owners->of_object[object], i);
  }
  for (size_t object = 0; object < owners->count; object++)
    if (owners->of_object[object] != CLONE_NO_STEP)
      wait_for_dependents(clone, &needed, object, owners->of_object[object], seen);
}

/* The object will be there: none of its steps is refused or held. */
static bool
will_be_there(const struct clone *clone, const struct clone_copy *copy)
{
  return copy->made == CLONE_NO_STEP || is_sent(clone, copy->made);
}

clxs_status
clone_add_owners(struct clone *clone)
{
  struct owners owners = {.first = clone->plan->steps.count};
  const char *caller = NULL;
  clxs_status status = CLXS_OK;
  size_t copies = clone->copies.count;
  VEC(size_t) steps = {0};

  for (size_t i = 0; i < copies && status >= 0; i++) {
    struct clone_copy *copy = &clone->copies.at[i];
    const char *before = copy->to ? copy->to->owner : NULL;
    size_t step;

    if (!clone_is_person(copy->from->owner) || !will_be_there(clone, copy)) continue;
    if (!before && !caller) status = read_caller(clone, &caller);
    if (status < 0 || utf8_ieq(copy->from->owner, before ? before : caller)) continue;
    step = clone_add_patch(clone, copy, "set owner",
                           clone_object_path(clone, copy->collection, copy->schema, copy->name),
                           owner_body(clone, copy->from->owner), owner_body(clone, before ? before : caller));
    *VEC_ADD(&steps) = step;
  }
  owners.count = clone->plan->objects.count;
  owners.of_object = arena_array(clone->plan->arena, owners.count + 1, sizeof *owners.of_object);
  for (size_t i = 0; i < owners.count; i++)
    owners.of_object[i] = CLONE_NO_STEP;
  VEC_EACH (&steps, step)
    owners.of_object[clone->plan->steps.at[*step].object] = *step;
  if (steps.count && status >= 0) {
    wait_for_needs(clone, &owners);
    wait_for_contents(clone, &owners);
  }
  VEC_FREE(&steps);
  return status;
}
