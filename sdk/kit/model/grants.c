/* SPDX-License-Identifier: Apache-2.0 */
/* One list of objects, walked by the workers; the models are written under one lock. It must not know who
 * asks. */
#include "kit/model/grants.h"

#include <clxs/clxs.h>
#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/retry.h"

#include "base/banned.h"

#define PROGRESS "Reading grants"

struct reading {
  const struct model_securable *list;
  uint64_t count, done;
  pthread_mutex_t lock; /* of the models */
};

struct grants {
  VEC(struct model_grant) list;
  struct arena *arena;
};

static const char *
permissions_path(struct clxs_call *call, const struct model_securable *object)
{
  bool catalog = str_eq(object->kind, "catalog"), schema = str_eq(object->kind, "schema");
  CLEANUP_BUF struct buf path = BUF_INIT(BUF_SQL);

  buf_addf(&path, "/api/2.1/unity-catalog/permissions/%s/", object->kind);
  buf_add_url(&path, object->model->item.name);
  if (!catalog) buf_add_char(&path, '.'), buf_add_url(&path, schema ? object->item->name : object->schema);
  if (!catalog && !schema) buf_add_char(&path, '.'), buf_add_url(&path, object->item->name);
  return clxs_textf(call, "%s", path.data);
}

/* Privileges are stored as the service writes them: USE_SCHEMA. */
static const char *
privilege_name(struct arena *arena, const char *text)
{
  char *name = arena_strdup(arena, text);

  for (char *c = name; *c; c++)
    *c = *c == ' ' ? '_' : (char)toupper((unsigned char)*c);
  return name;
}

static clxs_status
take_assignment(void *data, const char *json, size_t length)
{
  struct grants *grants = data;
  CLEANUP_JSON struct json_object *assignment = json_parse(json, length, NULL, NULL);
  struct json_object *privileges = json_get_array(assignment, "privileges");
  const char *principal = json_get_text(assignment, "principal");

  if (!principal || !*principal) return CLXS_OK; /* of a principal that was deleted */
  for (size_t i = 0; i < json_length(privileges); i++) {
    const char *privilege = json_object_get_string(json_item(privileges, i));

    if (privilege && *privilege)
      *VEC_ADD(&grants->list) = (struct model_grant){arena_strdup(grants->arena, principal),
                                                     privilege_name(grants->arena, privilege)};
  }
  return CLXS_OK;
}

static clxs_status
read_assignments(struct clxs_call *call, const char *workspace, const char *path, struct grants *grants)
{
  struct clxs_request request = {.size = sizeof request, .method = "GET", .path = path};
  clxs_status status;
  unsigned round = 0;

  request.query = "max_results=0";
  request.workspace = workspace;
  request.purpose = "read grants";
  do {
    grants->list.count = 0;
    status = clxs_rest(call)->each(call, &request, "privilege_assignments", take_assignment, grants);
  } while (status < 0 && retry_pause(call, status, ++round));
  return status;
}

/* One object that refuses to tell is that object's problem; a service that cannot be reached is everyone's.
 */
static bool
ends_run(clxs_status status)
{
  return status == CLXS_E_CANCELLED || status == CLXS_E_AUTH || retry_is_transient(status) ||
         status == CLXS_E_LOST || status == CLXS_E_IO;
}

static int
compare_grants(const void *a, const void *b)
{
  const struct model_grant *first = a, *second = b;
  int order = model_compare(first->principal, second->principal);

  if (!order) order = strcmp(first->principal, second->principal);
  return order ? order : strcmp(first->privilege, second->privilege);
}

static void
store(const struct model_securable *object, struct grants *grants)
{
  struct model_grant *list = arena_array(object->model->arena, grants->list.count + 1, sizeof *list);

  if (grants->list.count) qsort(grants->list.at, grants->list.count, sizeof *list, compare_grants);
  object->item->grant_count = 0;
  for (size_t i = 0; i < grants->list.count; i++) {
    const struct model_grant *grant = &grants->list.at[i];

    if (i && compare_grants(grant, grant - 1) == 0) continue;
    list[object->item->grant_count++] = (struct model_grant){model_text(object->model, grant->principal),
                                                             model_text(object->model, grant->privilege)};
  }
  object->item->grants = list;
}

static clxs_status
read_object(void *data, struct clxs_call *call, uint64_t index)
{
  struct reading *reading = data;
  const struct model_securable *object = &reading->list[index];
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct grants grants = {.arena = arena};
  const char *path = permissions_path(call, object);
  clxs_status status = read_assignments(call, object->model->workspace, path, &grants);
  const struct clxs_error *error = call->core->error(call);
  bool gone;
  uint64_t done;

  if (status < 0 && ends_run(status)) {
    VEC_FREE(&grants.list);
    return clxs_failf(call, status, NULL, "cannot read grants: %s", path);
  }
  /* What is gone has no grants; a service that does not know the question says nothing about them. */
  gone = status == CLXS_E_NOT_FOUND && !(error && str_eq(error->error_class, "ENDPOINT_NOT_FOUND"));
  pthread_mutex_lock(&reading->lock);
  if (status >= 0)
    store(object, &grants);
  else if (!gone)
    object->item->grants_problem =
        arena_strdup(object->model->arena, error ? error->message : "the service refused");
  done = ++reading->done;
  pthread_mutex_unlock(&reading->lock);
  VEC_FREE(&grants.list);
  if (status < 0) call->core->error_clear(call);
  clxs_output(call)->progress(call, PROGRESS, done, reading->count);
  return CLXS_OK;
}

clxs_status
model_read_grants_of(struct clxs_call *call, const struct model_securable *list, size_t count, uint32_t width)
{
  struct reading reading = {.list = list, .count = count};
  clxs_status status;

  if (!count) return CLXS_OK;
  pthread_mutex_init(&reading.lock, NULL);
  status = clxs_jobs(call)->each(call, count, width, read_object, &reading);
  clxs_output(call)->progress_end(call);
  pthread_mutex_destroy(&reading.lock);
  return status;
}

clxs_status
model_read_grants(struct clxs_call *call, struct model_catalog *const *models, size_t count, uint32_t width)
{
  VEC(struct model_securable) list = {0};
  clxs_status status;

  for (size_t i = 0; i < count; i++) {
    struct model_catalog *model = models[i];

    if (!model) continue;
    *VEC_ADD(&list) = (struct model_securable){model, "catalog", NULL, &model->item};
    VEC_EACH (&model->schemas, schema) {
      const char *name = schema->item.name;

      *VEC_ADD(&list) = (struct model_securable){model, "schema", NULL, &schema->item};
      VEC_EACH (&schema->tables, table)
        *VEC_ADD(&list) = (struct model_securable){model, "table", name, &table->item};
      VEC_EACH (&schema->functions, function)
        *VEC_ADD(&list) = (struct model_securable){model, "function", name, &function->item};
      VEC_EACH (&schema->volumes, volume)
        *VEC_ADD(&list) = (struct model_securable){model, "volume", name, &volume->item};
    }
  }
  status = model_read_grants_of(call, list.at, list.count, width);
  VEC_FREE(&list);
  return status;
}

bool
model_same_privilege(const char *a, const char *b)
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
    if (model_same_privilege(privilege, apart[i])) return true;
  return false;
}

bool
model_is_granted(const struct model_item *item, const char *principal, const char *privilege)
{
  for (uint32_t i = 0; item && i < item->grant_count; i++) {
    const struct model_grant *held = &item->grants[i];

    if (!utf8_ieq(held->principal, principal)) continue;
    if (model_same_privilege(held->privilege, privilege)) return true;
    if (model_same_privilege(held->privilege, "ALL_PRIVILEGES") && !is_apart(privilege)) return true;
  }
  return false;
}
