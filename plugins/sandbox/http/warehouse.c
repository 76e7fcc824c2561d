/* SPDX-License-Identifier: Apache-2.0 */
/* The list of warehouses with their state, and the endpoints over it. A start takes a while; the state is
 * worked out when somebody looks, so no thread is needed for it. It must not know statements. */
#include "http/warehouse.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"
#include "http/auth.h"
#include "http/keep.h"
#include "http/request.h"
#include "http/route.h"
#include "store/store.h"

#include "base/banned.h"

#define KIND "warehouse"
#define LIST_MAX 1000

struct warehouse {
  char id[72];
  struct json_object *body; /* what was asked for, completed with defaults, and "creator_name" */
  bool stopped;
  int64_t ready_at; /* monotonic: STARTING before */
};

struct warehouses {
  pthread_mutex_t lock;
  struct sandbox *sandbox;
  VEC(struct warehouse) list;
};

static const char *const sizes[] = {"2X-Small", "X-Small",  "Small",    "Medium",   "Large",
                                    "X-Large",  "2X-Large", "3X-Large", "4X-Large", "5X-Large"};
static const char *const types[] = {"CLASSIC", "PRO", "TYPE_UNSPECIFIED", "REALTIME", "REYDEN"};
static const char *const policies[] = {"COST_OPTIMIZED", "RELIABILITY_OPTIMIZED", "POLICY_UNSPECIFIED"};

static bool
remember(void *data, const char *key, struct json_object *body)
{
  struct warehouses *warehouses = data;
  struct warehouse *warehouse = VEC_ADD(&warehouses->list);

  snprintf(warehouse->id, sizeof warehouse->id, "%s", key);
  warehouse->body = json_object_get(body);
  warehouse->stopped = json_get_bool(body, "stopped", false);
  json_object_object_del(warehouse->body, "stopped");
  return true;
}

static void
save(struct session *session, struct warehouse *warehouse)
{
  json_add_bool(warehouse->body, "stopped", warehouse->stopped);
  keep_put(session, KIND, warehouse->id, warehouse->body);
  json_object_object_del(warehouse->body, "stopped");
}

static struct json_object *
defaults(const char *name, const char *creator)
{
  struct json_object *body = json_object_new_object(), *channel = json_object_new_object();

  json_add_text(body, "name", name);
  json_add_text(body, "cluster_size", "2X-Small");
  json_add_int(body, "min_num_clusters", 1);
  json_add_int(body, "max_num_clusters", 1);
  json_add_int(body, "auto_stop_mins", 120);
  json_add_text(body, "warehouse_type", "PRO");
  json_add_bool(body, "enable_serverless_compute", true);
  json_add_bool(body, "enable_photon", true);
  json_add_text(body, "spot_instance_policy", "COST_OPTIMIZED");
  json_add_text(channel, "name", "CHANNEL_NAME_CURRENT");
  json_object_object_add(body, "channel", channel);
  json_object_object_add(body, "tags", json_object_new_object());
  json_add_text(body, "creator_name", creator);
  return body;
}

const char *
warehouse_first(const struct sandbox *sandbox)
{
  return sandbox->name[0] ? sandbox->name : WAREHOUSE_DEFAULT;
}

struct warehouses *
warehouses_new(struct sandbox *sandbox, struct session *session)
{
  struct warehouses *warehouses = xcalloc(1, sizeof *warehouses);
  struct warehouse *first;

  pthread_mutex_init(&warehouses->lock, NULL);
  warehouses->sandbox = sandbox;
  keep_each(session, KIND, "", remember, warehouses);
  if (warehouses->list.count == 0) {
    first = VEC_ADD(&warehouses->list);
    snprintf(first->id, sizeof first->id, "%s", warehouse_first(sandbox));
    first->body = defaults(first->id, session->user);
    save(session, first);
  }
  return warehouses;
}

void
warehouses_free(struct warehouses *warehouses)
{
  if (!warehouses) return;
  VEC_EACH (&warehouses->list, it)
    json_object_put(it->body);
  VEC_FREE(&warehouses->list);
  pthread_mutex_destroy(&warehouses->lock);
  free(warehouses);
}

static struct warehouse *
find(struct warehouses *warehouses, const char *id)
{
  VEC_EACH (&warehouses->list, it)
    if (strcmp(it->id, id) == 0) return it;
  return NULL;
}

static void
start(struct warehouses *warehouses, struct warehouse *warehouse)
{
  if (!warehouse->stopped) return;
  warehouse->stopped = false;
  warehouse->ready_at = sandbox_mono() + warehouses->sandbox->options.warehouse_start_ms;
}

enum warehouse_readiness
warehouse_need(struct warehouses *warehouses, const char *id, int64_t *wait_ms)
{
  enum warehouse_readiness readiness = WAREHOUSE_GONE;
  struct warehouse *warehouse;

  *wait_ms = 0;
  pthread_mutex_lock(&warehouses->lock);
  warehouse = find(warehouses, id);
  if (warehouse) {
    start(warehouses, warehouse);
    *wait_ms = warehouse->ready_at - sandbox_mono();
    readiness = *wait_ms > 0 ? WAREHOUSE_STARTING : WAREHOUSE_READY;
  }
  pthread_mutex_unlock(&warehouses->lock);
  return readiness;
}

/* Below: endpoints. They hold the list's lock inside the store's. */

static const char *
state_text(const struct warehouse *warehouse)
{
  if (warehouse->stopped) return "STOPPED";
  return warehouse->ready_at > sandbox_mono() ? "STARTING" : "RUNNING";
}

static struct json_object *
render(struct request *request, struct warehouse *warehouse)
{
  struct json_object *object = NULL, *odbc = json_object_new_object(), *health = json_object_new_object();
  const char *url = request->sandbox->url, *path, *host = url + strlen("http://"), *colon = strrchr(url, ':');
  int64_t port = 0;

  json_object_deep_copy(warehouse->body, &object, NULL);
  str_to_int64(colon + 1, &port);
  host = arena_strndup(request->arena, host, (size_t)(colon - host));
  path = arena_printf(request->arena, "/sql/1.0/warehouses/%s", warehouse->id);
  json_add_text(object, "id", warehouse->id);
  json_add_text(object, "size", json_get_text(object, "cluster_size"));
  json_add_text(object, "state", state_text(warehouse));
  json_add_int(object, "num_clusters", strcmp(state_text(warehouse), "RUNNING") == 0 ? 1 : 0);
  json_add_int(object, "num_active_sessions", 0);
  json_add_text(object, "jdbc_url",
                arena_printf(request->arena,
                             "jdbc:spark://%s:%lld/default;transportMode=http;ssl=0;httpPath=%s;", host,
                             (long long)port, path));
  json_add_text(odbc, "hostname", host);
  json_add_text(odbc, "path", path);
  json_add_int(odbc, "port", port);
  json_add_text(odbc, "protocol", "http");
  json_object_object_add(object, "odbc_params", odbc);
  json_add_text(health, "status", "HEALTHY");
  json_object_object_add(object, "health", health);
  return object;
}

/* Lay the fields of BODY over TARGET, checking each. */
static bool
apply(struct request *request, struct json_object *body, struct json_object *target)
{
  const char *name = NULL, *size = NULL, *type = NULL, *policy = NULL;
  struct json_object *channel = NULL, *tags = NULL;
  bool serverless = json_get_bool(target, "enable_serverless_compute", true), photon = true;
  int64_t stop = json_get_int(target, "auto_stop_mins", 120),
          low = json_get_int(target, "min_num_clusters", 1),
          high = json_get_int(target, "max_num_clusters", 1);

  if (!body_text(request, body, "name", &name) ||
      !body_choice(request, body, "cluster_size", sizes, ARRAY_SIZE(sizes), &size) ||
      !body_choice(request, body, "warehouse_type", types, ARRAY_SIZE(types), &type) ||
      !body_choice(request, body, "spot_instance_policy", policies, ARRAY_SIZE(policies), &policy) ||
      !body_int(request, body, "auto_stop_mins", &stop) ||
      !body_int(request, body, "min_num_clusters", &low) ||
      !body_int(request, body, "max_num_clusters", &high) ||
      !body_bool(request, body, "enable_serverless_compute", &serverless) ||
      !body_bool(request, body, "enable_photon", &photon) ||
      !body_object(request, body, "channel", &channel) || !body_object(request, body, "tags", &tags))
    return false;
  if (name && (!*name || strlen(name) >= 100))
    return reply_invalid(request, "Warehouse name must have from 1 to 99 characters.");
  if (stop != 0 && stop < 10)
    return reply_invalid(request, "auto_stop_mins must be 0 (never) or at least 10.");
  if (low < 1 || high < low || high > 40)
    return reply_invalid(request,
                         "Cluster counts must satisfy 1 <= min_num_clusters <= max_num_clusters <= 40.");
  if (serverless && type && strcmp(type, "CLASSIC") == 0 && json_get(body, "enable_serverless_compute"))
    return reply_invalid(request, "Serverless compute needs warehouse_type PRO.");
  if (name) json_add_text(target, "name", name);
  if (size) json_add_text(target, "cluster_size", size);
  if (type) json_add_text(target, "warehouse_type", type);
  if (policy) json_add_text(target, "spot_instance_policy", policy);
  if (channel) json_object_object_add(target, "channel", json_object_get(channel));
  if (tags) json_object_object_add(target, "tags", json_object_get(tags));
  json_add_int(target, "auto_stop_mins", stop);
  json_add_int(target, "min_num_clusters", low);
  json_add_int(target, "max_num_clusters", high);
  json_add_bool(target, "enable_serverless_compute", serverless && !(type && strcmp(type, "CLASSIC") == 0));
  json_add_bool(target, "enable_photon", photon);
  return true;
}

static bool
name_taken(struct warehouses *warehouses, const char *name, const struct warehouse *except)
{
  VEC_EACH (&warehouses->list, it)
    if (it != except && utf8_ieq(json_get_text(it->body, "name"), name)) return true;
  return false;
}

/* What is allowed on a warehouse: everybody may use it and start it, the rest takes CAN MANAGE, which its
 * creator and administrators have. https://docs.databricks.com/security/auth/access-control/#sql-warehouse */
static bool
may_manage(struct request *request, const struct warehouse *warehouse)
{
  if (request->caller->admin || str_eq(json_get_text(warehouse->body, "creator_name"), request->caller->name))
    return true;
  return reply_denied(request, "%s does not have CAN MANAGE permission on SQL warehouse %s.",
                      request->caller->name, warehouse->id);
}

/* Everything that touches one warehouse: find it and let ACT work on it under both locks. */
static void
with_warehouse(struct request *request,
               void (*act)(struct request *, struct warehouses *, struct warehouse *))
{
  struct warehouses *warehouses = request->sandbox->warehouses;
  struct warehouse *warehouse;

  store_enter(&request->session);
  pthread_mutex_lock(&warehouses->lock);
  warehouse = find(warehouses, request->params[0]);
  if (warehouse)
    act(request, warehouses, warehouse);
  else
    reply_missing(request, "SQL warehouse %s does not exist.", request->params[0]);
  pthread_mutex_unlock(&warehouses->lock);
  request_leave(request, request->reply.status < 400);
}

static void
act_get(struct request *request, struct warehouses *warehouses, struct warehouse *warehouse)
{
  (void)warehouses;
  reply_json(request, 200, render(request, warehouse));
}

static void
act_start(struct request *request, struct warehouses *warehouses, struct warehouse *warehouse)
{
  start(warehouses, warehouse);
  save(&request->session, warehouse);
  reply_object(request);
}

static void
act_stop(struct request *request, struct warehouses *warehouses, struct warehouse *warehouse)
{
  (void)warehouses;
  if (!may_manage(request, warehouse)) return;
  warehouse->stopped = true;
  save(&request->session, warehouse);
  reply_object(request);
}

static void
act_edit(struct request *request, struct warehouses *warehouses, struct warehouse *warehouse)
{
  struct json_object *body = request_json(request), *changed = NULL;
  const char *name = json_get_text(body, "name");

  if (!body || !may_manage(request, warehouse)) return;
  if (name && name_taken(warehouses, name, warehouse)) {
    reply_error(request, 400, "INVALID_PARAMETER_VALUE", "SQL warehouse with name `%s` already exists", name);
    return;
  }
  json_object_deep_copy(warehouse->body, &changed, NULL);
  if (!apply(request, body, changed)) {
    json_object_put(changed);
    return;
  }
  json_object_put(warehouse->body);
  warehouse->body = changed;
  save(&request->session, warehouse);
  reply_object(request);
}

static void
act_delete(struct request *request, struct warehouses *warehouses, struct warehouse *warehouse)
{
  size_t index = (size_t)(warehouse - warehouses->list.at);

  if (!may_manage(request, warehouse)) return;
  keep_delete(&request->session, KIND, warehouse->id);
  json_object_put(warehouse->body);
  memmove(warehouse, warehouse + 1, (--warehouses->list.count - index) * sizeof *warehouse);
  reply_object(request);
}

static void
get_warehouse(struct request *request)
{
  with_warehouse(request, act_get);
}

static void
start_warehouse(struct request *request)
{
  with_warehouse(request, act_start);
}

static void
stop_warehouse(struct request *request)
{
  with_warehouse(request, act_stop);
}

static void
edit_warehouse(struct request *request)
{
  with_warehouse(request, act_edit);
}

static void
delete_warehouse(struct request *request)
{
  with_warehouse(request, act_delete);
}

static void
create_warehouse(struct request *request)
{
  struct warehouses *warehouses = request->sandbox->warehouses;
  struct json_object *body = request_json(request), *target, *answer;
  const char *name = body ? body_required(request, body, "name") : NULL;
  struct warehouse *warehouse;

  if (!name) return;
  if (!request->caller->admin) {
    reply_denied(request, "%s does not have permission to create SQL warehouses.", request->caller->name);
    return;
  }
  target = defaults(name, request->caller->name);
  if (!apply(request, body, target)) {
    json_object_put(target);
    return;
  }
  store_enter(&request->session);
  pthread_mutex_lock(&warehouses->lock);
  if (name_taken(warehouses, name, NULL)) {
    reply_error(request, 400, "INVALID_PARAMETER_VALUE", "SQL warehouse with name `%s` already exists", name);
    json_object_put(target);
  } else {
    warehouse = VEC_ADD(&warehouses->list);
    sandbox_hex(warehouse->id, 8);
    warehouse->body = target;
    warehouse->ready_at = sandbox_mono() + request->sandbox->options.warehouse_start_ms;
    save(&request->session, warehouse);
    answer = json_object_new_object();
    json_add_text(answer, "id", warehouse->id);
    reply_json(request, 200, answer);
  }
  pthread_mutex_unlock(&warehouses->lock);
  request_leave(request, request->reply.status < 400);
}

static void
list_warehouses(struct request *request)
{
  struct warehouses *warehouses = request->sandbox->warehouses;
  struct json_object *answer, *list;
  int64_t size, from = 0;
  const char *token = query_text(request, "page_token");

  if (!query_int(request, "page_size", LIST_MAX, &size)) return;
  if (size < 0 || (token && (!str_to_int64(token, &from) || from < 0))) {
    reply_invalid(request, "page_size must not be negative, and page_token one that this list gave.");
    return;
  }
  if (size == 0 || size > LIST_MAX) size = LIST_MAX;
  answer = json_object_new_object();
  list = json_object_new_array();
  pthread_mutex_lock(&warehouses->lock);
  for (size_t i = (size_t)from; i < warehouses->list.count && json_length(list) < (size_t)size; i++)
    json_object_array_add(list, render(request, &warehouses->list.at[i]));
  if ((size_t)from + json_length(list) < warehouses->list.count)
    json_add_text(answer, "next_page_token",
                  arena_printf(request->arena, "%zu", (size_t)from + json_length(list)));
  pthread_mutex_unlock(&warehouses->lock);
  json_object_object_add(answer, "warehouses", list);
  reply_json(request, 200, answer);
}

/* The older view of warehouses, which Terraform reads to learn a data source's id. */
static void
list_data_sources(struct request *request)
{
  struct warehouses *warehouses = request->sandbox->warehouses;
  struct json_object *list = json_object_new_array();

  pthread_mutex_lock(&warehouses->lock);
  VEC_EACH (&warehouses->list, it) {
    struct json_object *item = json_object_new_object();
    unsigned long long mark = str_hash(it->id, strlen(it->id));

    json_add_text(
        item, "id",
        arena_printf(request->arena, "%08llx-0000-4000-8000-%012llx", mark >> 32, mark & 0xffffffffffffULL));
    json_add_text(item, "name", json_get_text(it->body, "name"));
    json_add_text(item, "warehouse_id", it->id);
    json_add_text(item, "type", "databricks_internal");
    json_add_text(item, "syntax", "sql");
    json_add_bool(item, "supports_auto_limit", true);
    json_add_bool(item, "view_only", false);
    json_add_int(item, "paused", 0);
    json_object_array_add(list, item);
  }
  pthread_mutex_unlock(&warehouses->lock);
  reply_json(request, 200, list);
}

const struct route warehouse_routes[] = {
    ROUTE("GET", "/api/2.0/sql/warehouses", list_warehouses),
    ROUTE("POST", "/api/2.0/sql/warehouses", create_warehouse),
    ROUTE("GET", "/api/2.0/sql/warehouses/{}", get_warehouse),
    ROUTE("DELETE", "/api/2.0/sql/warehouses/{}", delete_warehouse),
    ROUTE("POST", "/api/2.0/sql/warehouses/{}/edit", edit_warehouse),
    ROUTE("POST", "/api/2.0/sql/warehouses/{}/start", start_warehouse),
    ROUTE("POST", "/api/2.0/sql/warehouses/{}/stop", stop_warehouse),
    ROUTE("GET", "/api/2.0/preview/sql/data_sources", list_data_sources),
    ROUTE_END,
};
