/* SPDX-License-Identifier: Apache-2.0 */
/* Inherited assignments are those of the schema or the catalog, and are not the function's. */
#include "kit/model/function_tags.h"

#include <clxs/clxs.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/retry.h"

#include "base/banned.h"

struct wanted {
  const char *schema;
  struct model_function *function;
};

struct reading {
  struct model_catalog *model;
  pthread_mutex_t lock; /* of the model */
  VEC(struct wanted) functions;
  size_t first; /* the function that index 0 stands for */
  bool told;
};

struct tags {
  struct model_catalog *model;
  pthread_mutex_t *lock;
  VEC(struct model_tag) list;
};

static const char *
tags_path(struct clxs_call *call, const struct model_catalog *model, const struct wanted *wanted)
{
  CLEANUP_BUF struct buf path = BUF_INIT(BUF_SQL);

  buf_add_text(&path, "/api/2.1/unity-catalog/entity-tag-assignments/functions/");
  buf_add_url(&path, model->item.name);
  buf_add_char(&path, '.');
  buf_add_url(&path, wanted->schema);
  buf_add_char(&path, '.');
  buf_add_url(&path, wanted->function->item.name);
  buf_add_text(&path, "/tags");
  return clxs_textf(call, "%s", path.data);
}

static clxs_status
take_assignment(void *data, const char *json, size_t length)
{
  struct tags *tags = data;
  CLEANUP_JSON struct json_object *assignment = json_parse(json, length, NULL, NULL);
  const char *key = json_get_text(assignment, "tag_key"), *value = json_get_text(assignment, "tag_value");

  if (!key || json_get_bool(assignment, "inherited", false)) return CLXS_OK;
  pthread_mutex_lock(tags->lock);
  *VEC_ADD(&tags->list) =
      (struct model_tag){NULL, model_text(tags->model, key), model_text(tags->model, value ? value : "")};
  pthread_mutex_unlock(tags->lock);
  return CLXS_OK;
}

static int
compare_tags(const void *a, const void *b)
{
  return strcmp(((const struct model_tag *)a)->key, ((const struct model_tag *)b)->key);
}

static void
store(struct reading *reading, struct model_item *item, struct tags *tags)
{
  struct model_tag *list;

  pthread_mutex_lock(&reading->lock);
  list = arena_array(reading->model->arena, tags->list.count + 1, sizeof *list);
  if (tags->list.count) {
    qsort(tags->list.at, tags->list.count, sizeof *list, compare_tags);
    memcpy(list, tags->list.at, tags->list.count * sizeof *list);
  }
  item->tags = list;
  item->tag_count = (uint32_t)tags->list.count;
  pthread_mutex_unlock(&reading->lock);
}

static clxs_status
read_function(void *data, struct clxs_call *call, uint64_t index)
{
  struct reading *reading = data;
  const struct wanted *wanted = &reading->functions.at[reading->first + index];
  struct clxs_request request = {.size = sizeof request, .method = "GET"};
  struct tags tags = {.model = reading->model, .lock = &reading->lock};
  clxs_status status;
  unsigned round = 0;

  request.path = tags_path(call, reading->model, wanted);
  request.purpose = "read tags of a function";
  do {
    tags.list.count = 0;
    status = clxs_rest(call)->each(call, &request, "tag_assignments", take_assignment, &tags);
  } while (status < 0 && retry_pause(call, status, ++round));
  if (status >= 0) store(reading, &wanted->function->item, &tags);
  VEC_FREE(&tags.list);
  if (status >= 0 || status == CLXS_E_CANCELLED || status == CLXS_E_AUTH || retry_is_transient(status))
    return status;
  call->core->error_clear(call);
  pthread_mutex_lock(&reading->lock);
  reading->told = false;
  pthread_mutex_unlock(&reading->lock);
  return CLXS_OK;
}

clxs_status
model_read_function_tags(struct clxs_call *call, struct model_catalog *model, uint32_t width, bool *told)
{
  struct reading reading = {.model = model, .told = true};
  clxs_status status = CLXS_OK;

  *told = true;
  if (!model) return CLXS_OK;
  VEC_EACH (&model->schemas, schema)
    VEC_EACH (&schema->functions, function)
      *VEC_ADD(&reading.functions) = (struct wanted){schema->item.name, function};
  pthread_mutex_init(&reading.lock, NULL);
  if (reading.functions.count) status = read_function(&reading, call, 0);
  reading.first = 1;
  if (status >= 0 && reading.told && reading.functions.count > 1)
    status = clxs_jobs(call)->each(call, reading.functions.count - 1, width, read_function, &reading);
  pthread_mutex_destroy(&reading.lock);
  VEC_FREE(&reading.functions);
  *told = reading.told;
  return status;
}
