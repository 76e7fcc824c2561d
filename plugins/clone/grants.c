/* SPDX-License-Identifier: Apache-2.0 */
/* Grants: those that are made on an object itself, never inherited ones; one PATCH per object with what is
 * missing. What only the destination grants stays. They come behind everything that protects the copy.
 * https://docs.databricks.com/api/workspace/grants */
#include <ctype.h>
#include <pthread.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/retry.h"

#include "base/banned.h"

struct reading {
  struct clone *clone;
  bool there;           /* the destination's */
  pthread_mutex_t lock; /* of the plan's arena */
};

static const char *
permissions_path(struct clxs_call *call, const char *catalog, const struct clone_copy *copy)
{
  CLEANUP_BUF struct buf path = BUF_INIT(BUF_SQL);
  size_t length = strlen(copy->collection) - 1; /* the type is the collection's singular; views are tables */

  buf_addf(&path, "/api/2.1/unity-catalog/permissions/%.*s/", (int)length, copy->collection);
  buf_add_url(&path, catalog);
  if (copy->schema) buf_add_char(&path, '.'), buf_add_url(&path, copy->schema);
  if (copy->name) buf_add_char(&path, '.'), buf_add_url(&path, copy->name);
  return clxs_textf(call, "%s", path.data);
}

static clxs_status
take_assignment(void *data, const char *json, size_t length)
{
  struct buf *list = data;

  buf_add_char(list, list->len ? ',' : '[');
  buf_add(list, json, length);
  return CLXS_OK;
}

static clxs_status
read_assignments(struct clxs_call *call, const char *workspace, const char *path, struct buf *list)
{
  struct clxs_request request = {.size = sizeof request, .method = "GET", .path = path};
  clxs_status status;
  unsigned round = 0;

  request.query = "max_results=0";
  request.workspace = workspace;
  request.purpose = "read grants";
  do {
    buf_reset(list);
    status = clxs_rest(call)->each(call, &request, "privilege_assignments", take_assignment, list);
  } while (status < 0 && retry_pause(call, status, ++round));
  if (list->len) buf_add_char(list, ']');
  return status;
}

/* One object that refuses to tell is that object's failure; one that cannot be reached ends the run. */
static bool
ends_run(clxs_status status)
{
  return status == CLXS_E_CANCELLED || status == CLXS_E_AUTH || retry_is_transient(status) ||
         status == CLXS_E_LOST || status == CLXS_E_IO;
}

static clxs_status
read_copy(void *data, struct clxs_call *call, uint64_t index)
{
  struct reading *reading = data;
  struct clone *clone = reading->clone;
  struct clone_copy *copy = &clone->copies.at[index];
  CLEANUP_BUF struct buf list = BUF_INIT(BUF_LARGE);
  const char *path =
      permissions_path(call, reading->there ? clone->options.dest : clone->source->item.name, copy);
  const struct clxs_error *error;
  clxs_status status;
  bool gone;

  if (reading->there && (!copy->grants || !copy->to)) return CLXS_OK;
  status = read_assignments(call, reading->there ? clone->options.workspace : NULL, path, &list);
  if (status < 0 && ends_run(status)) return clxs_failf(call, status, NULL, "cannot read grants: %s", path);
  error = call->core->error(call);
  pthread_mutex_lock(&reading->lock);
  if (status >= 0 && list.len)
    *(reading->there ? &copy->grants_there : &copy->grants) = arena_strdup(clone->plan->arena, list.data);
  /* What is gone has no grants; a service that does not know the question says nothing about them. */
  gone = status == CLXS_E_NOT_FOUND && !(error && str_eq(error->error_class, "ENDPOINT_NOT_FOUND"));
  if (status < 0 && !gone)
    copy->grants_problem = arena_strdup(clone->plan->arena, error ? error->message : "the service refused");
  pthread_mutex_unlock(&reading->lock);
  if (status < 0) call->core->error_clear(call);
  return CLXS_OK;
}

clxs_status
clone_read_grants(struct clone *clone)
{
  struct reading reading = {.clone = clone};
  clxs_status status;

  pthread_mutex_init(&reading.lock, NULL);
  status = clxs_jobs(clone->call)
               ->each(clone->call, clone->copies.count, clone->options.width, read_copy, &reading);
  reading.there = true;
  if (status >= 0 && clone->dest)
    status = clxs_jobs(clone->call)
                 ->each(clone->call, clone->copies.count, clone->options.width, read_copy, &reading);
  pthread_mutex_destroy(&reading.lock);
  return status;
}

/* "use catalog" and "USE_CATALOG" are one privilege. */
static bool
same_privilege(const char *a, const char *b)
{
  for (; *a && *b; a++, b++)
    if (toupper((unsigned char)(*a == ' ' ? '_' : *a)) != toupper((unsigned char)(*b == ' ' ? '_' : *b)))
      return false;
  return *a == *b;
}

/* ALL PRIVILEGES holds every other but these. */
static bool
is_apart(const char *privilege)
{
  static const char *const apart[] = {"ALL_PRIVILEGES", "MANAGE", "READ_METADATA", "EXTERNAL_USE_SCHEMA",
                                      "EXTERNAL_USE_LOCATION"};

  for (size_t i = 0; i < ARRAY_SIZE(apart); i++)
    if (same_privilege(privilege, apart[i])) return true;
  return false;
}

static bool
is_granted(struct json_object *there, const char *principal, const char *privilege)
{
  for (size_t i = 0; i < json_length(there); i++) {
    struct json_object *held = json_get_array(json_item(there, i), "privileges");

    if (!utf8_ieq(json_get_text(json_item(there, i), "principal"), principal)) continue;
    for (size_t k = 0; k < json_length(held); k++) {
      const char *name = json_object_get_string(json_item(held, k));

      if (same_privilege(name, privilege)) return true;
      if (same_privilege(name, "ALL_PRIVILEGES") && !is_apart(privilege)) return true;
    }
  }
  return false;
}

/* {"principal":..,"add":[..]} for ASSIGNMENT as one more of CHANGES, and the opposite as one of BACK. */
static void
add_change(struct buf *changes, struct buf *back, struct json_object *assignment, struct json_object *there)
{
  const char *principal = json_get_text(assignment, "principal");
  struct json_object *privileges = json_get_array(assignment, "privileges");
  CLEANUP_BUF struct buf missing = BUF_INIT(BUF_LARGE), who = BUF_INIT(BUF_LARGE);

  if (!principal || !*principal) return;
  for (size_t i = 0; i < json_length(privileges); i++) {
    const char *privilege = json_object_get_string(json_item(privileges, i));

    if (!privilege || is_granted(there, principal, privilege)) continue;
    if (missing.len) buf_add_char(&missing, ',');
    buf_add_json(&missing, privilege);
  }
  if (!missing.len) return;
  buf_add_json(&who, principal);
  buf_addf(changes, "%s{\"principal\":%s,\"add\":[%s]}", changes->len ? "," : "", who.data, missing.data);
  buf_addf(back, "%s{\"principal\":%s,\"remove\":[%s]}", back->len ? "," : "", who.data, missing.data);
}

static void
add_copy_grants(struct clone *clone, struct clone_copy *copy)
{
  CLEANUP_JSON struct json_object *list = json_parse(copy->grants, strlen(copy->grants), NULL, NULL),
                                  *there = NULL;
  CLEANUP_BUF struct buf changes = BUF_INIT(BUF_LARGE), back = BUF_INIT(BUF_LARGE);

  if (copy->grants_there) there = json_parse(copy->grants_there, strlen(copy->grants_there), NULL, NULL);
  for (size_t i = 0; i < json_length(list); i++)
    add_change(&changes, &back, json_item(list, i), there);
  if (!changes.len) return;
  copy->grant =
      clone_add_patch(clone, copy, "grant", permissions_path(clone->call, clone->options.dest, copy),
                      clxs_textf(clone->call, "{\"changes\":[%s]}", changes.data),
                      clxs_textf(clone->call, "{\"changes\":[%s]}", back.data));
  if (copy->guard != CLONE_NO_STEP) plan_add_order(clone->plan, copy->grant, copy->guard);
}

/* Who may read a whole schema may read it only when its filters and masks are set. */
static void
hold_container(struct clone *clone, const char *collection, const char *schema, size_t guard)
{
  struct clone_copy *container = clone_find_copy(clone, collection, schema, NULL);

  if (container && container->grant != CLONE_NO_STEP) plan_add_order(clone->plan, container->grant, guard);
}

void
clone_add_grants(struct clone *clone)
{
  VEC_EACH (&clone->copies, copy) {
    if (copy->grants_problem)
      plan_add_refusal(clone->plan, clone_copy_object(clone, copy), PLAN_REFUSED, NULL,
                       clxs_textf(clone->call, "its grants cannot be read, so they are not copied: %s",
                                  copy->grants_problem));
    else if (copy->grants)
      add_copy_grants(clone, copy);
  }
  VEC_EACH (&clone->copies, copy) {
    if (copy->guard == CLONE_NO_STEP) continue;
    hold_container(clone, "schemas", copy->schema, copy->guard);
    hold_container(clone, "catalogs", NULL, copy->guard);
  }
}
