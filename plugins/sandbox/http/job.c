/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs as definitions: made, read, changed, listed, deleted. https://docs.databricks.com/api/workspace/jobs.
 * They are kept, not run: a run is refused rather than pretended. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/auth.h"
#include "http/keep.h"
#include "http/request.h"
#include "http/route.h"
#include "store/store.h"

#include "base/banned.h"

#define KIND "job"
#define TASKS_MAX 1000
#define TAGS_MAX 25
#define LIST_DEFAULT 20
#define LIST_MAX 100

/* Keys sort as their numbers do. */
static const char *
key_of(struct request *request, int64_t id)
{
  return arena_printf(request->arena, "%020lld", (long long)id);
}

static bool
no_job(struct request *request, int64_t id)
{
  return reply_invalid(request, "Job %lld does not exist.", (long long)id);
}

/* A new reference to job ID if the caller may see it; NULL with the request failed. */
static struct json_object *
find(struct request *request, int64_t id)
{
  struct json_object *job = id > 0 ? keep_get(&request->session, KIND, key_of(request, id)) : NULL;

  if (job &&
      (request->caller->admin || str_eq(json_get_text(job, "creator_user_name"), request->caller->name)))
    return job;
  json_object_put(job);
  no_job(request, id);
  return NULL;
}

/* Serverless compute has no environment of its own for scripts and wheels: they must name one. */
static bool
check_compute(struct request *request, struct json_object *task, const char *key)
{
  static const char *const compute[] = {"existing_cluster_id", "new_cluster", "job_cluster_key",
                                        "environment_key"};
  static const char *const needy[] = {"spark_python_task", "python_wheel_task", "dbt_task"};

  for (size_t i = 0; i < ARRAY_SIZE(compute); i++)
    if (json_get(task, compute[i])) return true;
  for (size_t i = 0; i < ARRAY_SIZE(needy); i++)
    if (json_get(task, needy[i]))
      return reply_invalid(request, "Task %s: %s on serverless compute needs an environment_key.", key,
                           needy[i]);
  return true;
}

static bool
check_tasks(struct request *request, struct json_object *tasks)
{
  if (json_length(tasks) > TASKS_MAX) return reply_invalid(request, "A job has at most %d tasks.", TASKS_MAX);
  for (size_t i = 0; i < json_length(tasks); i++) {
    struct json_object *task = json_item(tasks, i);
    const char *key = body_required(request, task, "task_key");

    if (!key || !check_compute(request, task, key)) return false;
    for (size_t j = 0; j < i; j++)
      if (str_eq(key, json_get_text(json_item(tasks, j), "task_key")))
        return reply_invalid(request, "Task key %s is used twice.", key);
  }
  return true;
}

static bool
check_settings(struct request *request, struct json_object *settings)
{
  struct json_object *tasks = NULL, *tags = NULL;
  const char *name = NULL;

  if (!body_text(request, settings, "name", &name) || !body_array(request, settings, "tasks", &tasks) ||
      !body_object(request, settings, "tags", &tags))
    return false;
  if (tags && json_object_object_length(tags) > TAGS_MAX)
    return reply_invalid(request, "A job has at most %d tags.", TAGS_MAX);
  return check_tasks(request, tasks);
}

static bool
last_key(void *data, const char *key, struct json_object *body)
{
  (void)body;
  str_to_int64(key, data);
  return true;
}

static struct json_object *
create_job(struct request *request)
{
  struct json_object *settings = request_json(request), *job, *out;
  int64_t id = 0;

  if (!settings || !check_settings(request, settings)) return NULL;
  if (!json_get(settings, "name")) json_add_text(settings, "name", "Untitled");
  keep_each(&request->session, KIND "_last", "", last_key, &id);
  keep_delete(&request->session, KIND "_last", key_of(request, id));
  id = id ? id + 1 : INT64_C(100000000000001);
  job = json_object_new_object();
  json_add_int(job, "job_id", id);
  json_add_text(job, "creator_user_name", request->caller->name);
  json_add_text(job, "run_as_user_name", request->caller->name);
  json_add_int(job, "created_time", sandbox_now(request->sandbox));
  json_object_object_add(job, "settings", json_object_get(settings));
  keep_put(&request->session, KIND, key_of(request, id), job);
  json_object_put(job);
  out = json_object_new_object();
  keep_put(&request->session, KIND "_last", key_of(request, id), out);
  json_add_int(out, "job_id", id);
  return out;
}

static struct json_object *
get_job(struct request *request)
{
  int64_t id;

  if (!query_required(request, "job_id") || !query_int(request, "job_id", 0, &id)) return NULL;
  return find(request, id);
}

struct listing {
  struct request *request;
  struct json_object *list;
  const char *name;
  int64_t after, limit, last;
  bool tasks, more;
};

static bool
add_job(void *data, const char *key, struct json_object *body)
{
  struct listing *listing = data;
  struct json_object *settings = json_get(body, "settings");
  int64_t id = 0;

  str_to_int64(key, &id);
  if (id <= listing->after || (listing->name && !utf8_ieq(listing->name, json_get_text(settings, "name"))))
    return true;
  if (!listing->request->caller->admin &&
      !str_eq(json_get_text(body, "creator_user_name"), listing->request->caller->name))
    return true;
  listing->more = (int64_t)json_length(listing->list) == listing->limit;
  if (listing->more) return false;
  if (!listing->tasks) json_object_object_del(settings, "tasks");
  json_object_array_add(listing->list, json_object_get(body));
  listing->last = id;
  return true;
}

static struct json_object *
list_jobs(struct request *request)
{
  struct listing listing = {.request = request, .name = query_text(request, "name")};
  struct json_object *out;

  if (!query_int(request, "limit", LIST_DEFAULT, &listing.limit) ||
      !query_int(request, "page_token", 0, &listing.after) ||
      !query_bool(request, "expand_tasks", false, &listing.tasks))
    return NULL;
  if (listing.limit < 1 || listing.limit > LIST_MAX) {
    reply_invalid(request, "limit must be from 1 to %d.", LIST_MAX);
    return NULL;
  }
  listing.list = json_object_new_array();
  keep_each(&request->session, KIND, "", add_job, &listing);
  out = json_object_new_object();
  if (json_length(listing.list) > 0)
    json_object_object_add(out, "jobs", listing.list);
  else
    json_object_put(listing.list);
  json_add_bool(out, "has_more", listing.more);
  if (listing.more)
    json_add_text(out, "next_page_token", arena_printf(request->arena, "%lld", (long long)listing.last));
  return out;
}

/* The job that the body names, and its new_settings. */
static struct json_object *
find_target(struct request *request, int64_t *id, struct json_object **settings)
{
  struct json_object *body = request_json(request);

  *id = 0;
  if (!body || !body_int(request, body, "job_id", id)) return NULL;
  if (settings && (!body_object(request, body, "new_settings", settings) ||
                   (*settings && !check_settings(request, *settings))))
    return NULL;
  return find(request, *id);
}

static struct json_object *
reset_job(struct request *request)
{
  struct json_object *settings = NULL;
  CLEANUP_JSON struct json_object *job = NULL;
  int64_t id;

  if (!(job = find_target(request, &id, &settings))) return NULL;
  if (!settings) {
    reply_invalid(request, "Missing required field: new_settings");
    return NULL;
  }
  json_object_object_add(job, "settings", json_object_get(settings));
  keep_put(&request->session, KIND, key_of(request, id), job);
  return json_object_new_object();
}

/* Members given replace those there; members named in fields_to_remove go. */
static struct json_object *
update_job(struct request *request)
{
  struct json_object *settings = NULL, *fields = NULL, *old;
  CLEANUP_JSON struct json_object *job = NULL;
  int64_t id;

  if (!(job = find_target(request, &id, &settings)) ||
      !body_array(request, request_json(request), "fields_to_remove", &fields))
    return NULL;
  old = json_get(job, "settings");
  for (size_t i = 0; i < json_length(fields); i++)
    json_object_object_del(old, json_object_get_string(json_item(fields, i)));
  if (settings) {
    json_object_object_foreach(settings, key, value)
    {
      json_object_object_add(old, key, json_object_get(value));
    }
  }
  keep_put(&request->session, KIND, key_of(request, id), job);
  return json_object_new_object();
}

static struct json_object *
delete_job(struct request *request)
{
  CLEANUP_JSON struct json_object *job = NULL;
  int64_t id;

  if (!(job = find_target(request, &id, NULL))) return NULL;
  keep_delete(&request->session, KIND, key_of(request, id));
  return json_object_new_object();
}

static void
refuse_run(struct request *request)
{
  reply_error(request, 501, "NOT_IMPLEMENTED", "The sandbox keeps jobs, but does not run them.");
}

#define JOBS(version) "/api/" version "/jobs/"
#define JOB_ROUTES(version)                                                                                \
  ROUTE_WORK("POST", JOBS(version) "create", create_job), ROUTE_WORK("GET", JOBS(version) "get", get_job), \
      ROUTE_WORK("GET", JOBS(version) "list", list_jobs),                                                  \
      ROUTE_WORK("POST", JOBS(version) "reset", reset_job),                                                \
      ROUTE_WORK("POST", JOBS(version) "update", update_job),                                              \
      ROUTE_WORK("POST", JOBS(version) "delete", delete_job),                                              \
      ROUTE("POST", JOBS(version) "run-now", refuse_run),                                                  \
      ROUTE("POST", JOBS(version) "runs/submit", refuse_run)

const struct route job_routes[] = {
    JOB_ROUTES("2.1"),
    JOB_ROUTES("2.2"),
    ROUTE_END,
};
