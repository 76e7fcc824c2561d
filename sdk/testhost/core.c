/* SPDX-License-Identifier: Apache-2.0 */
/* The call and the tables that need no workspace: core, config, cache, events, invoke. Errors are kept as
 * strictly as the ABI promises them: a text recorded in a scope is gone with the scope. */
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "testhost/internal.h"

#include "base/banned.h"

struct th_call *
th_call_new(struct testhost *host)
{
  struct th_call *call = xcalloc(1, sizeof *call);

  call->pub.size = sizeof call->pub;
  call->pub.core = &th_core;
  call->host = host;
  call->arena = arena_new();
  call->table = BUF_INIT(BUF_LARGE);
  return call;
}

void
th_call_free(struct th_call *call)
{
  buf_free(&call->table);
  arena_free(call->arena);
  free(call);
}

struct th_call *
th_call_of(struct clxs_call *pub)
{
  return (struct th_call *)(void *)pub;
}

clxs_status
th_fail(struct th_call *call, clxs_status status, const char *error_class, int32_t http_status,
        const char *message)
{
  call->error = (struct clxs_error){.size = sizeof call->error, .status = status, .http_status = http_status};
  call->error.message = arena_strdup(call->arena, message);
  call->error.error_class = arena_strdup(call->arena, error_class);
  call->error_mark = arena_mark(call->arena);
  return status;
}

static const void *
core_service(struct clxs_call *pub, const char *id)
{
  static const struct {
    const char *id;
    const void *table;
  } services[] = {
      {CLXS_SERVICE_CONFIG, &th_config}, {CLXS_SERVICE_SQL, &th_sql},       {CLXS_SERVICE_REST, &th_rest},
      {CLXS_SERVICE_META, &th_meta},     {CLXS_SERVICE_CACHE, &th_cache},   {CLXS_SERVICE_OUTPUT, &th_output},
      {CLXS_SERVICE_JOBS, &th_jobs},     {CLXS_SERVICE_EVENTS, &th_events}, {CLXS_SERVICE_INVOKE, &th_invoke},
  };

  (void)pub;
  for (size_t i = 0; i < ARRAY_SIZE(services); i++)
    if (str_eq(services[i].id, id)) return services[i].table;
  return NULL;
}

static clxs_status
core_capability(struct clxs_call *pub, const char *id, struct clxs_capability *out)
{
  struct th_call *call = th_call_of(pub);

  for (size_t i = 0; i < call->host->capabilities.count; i++) {
    if (!str_eq(call->host->capability_ids.at[i], id)) continue;
    *out = call->host->capabilities.at[i];
    return CLXS_OK;
  }
  return th_fail(call, CLXS_E_UNSUPPORTED, NULL, 0, "no plugin provides this capability");
}

static const char *
core_arg_text(struct clxs_call *pub, const char *name, uint32_t index)
{
  const struct testhost *host = th_call_of(pub)->host;
  uint32_t given = 0;

  VEC_EACH (&host->args, arg)
    if (str_eq(arg->name, name) && given++ == index) return arg->value;
  return given ? NULL : json_object_get_string(json_item(json_get_array(host->adopted, name), index));
}

static uint32_t
core_arg_count(struct clxs_call *pub, const char *name)
{
  uint32_t count = 0;

  while (core_arg_text(pub, name, count))
    count++;
  return count;
}

static int64_t
number(const char *text, int64_t absent)
{
  int64_t value;

  if (!text) return absent;
  if (str_eq(text, "true")) return 1;
  if (str_eq(text, "false")) return 0;
  if (!str_to_int64(text, &value)) th_broken("not a number", text);
  return value;
}

static int64_t
core_arg_int(struct clxs_call *pub, const char *name)
{
  return number(core_arg_text(pub, name, 0), 0);
}

static clxs_status
core_fail(struct clxs_call *pub, clxs_status status, const char *message, const char *hint)
{
  struct th_call *call = th_call_of(pub);
  struct clxs_error kept = call->error;

  th_fail(call, status, kept.error_class, kept.http_status, message);
  call->error.hint = arena_strdup(call->arena, hint ? hint : kept.hint);
  call->error.statement_id = kept.statement_id;
  call->error.sql_state = kept.sql_state;
  call->error.request_id = kept.request_id;
  call->error_mark = arena_mark(call->arena);
  return status;
}

static const struct clxs_error *
core_error(struct clxs_call *pub)
{
  struct th_call *call = th_call_of(pub);

  return call->error.status ? &call->error : NULL;
}

static void
core_error_clear(struct clxs_call *pub)
{
  th_call_of(pub)->error = (struct clxs_error){0};
}

static void
core_log(struct clxs_call *pub, int32_t level, const char *message)
{
  static const char *const names[] = {"error", "warn", "info", "debug"};
  struct testhost *host = th_call_of(pub)->host;

  if (level < CLXS_LOG_ERROR || level > CLXS_LOG_DEBUG) th_broken("no such log level", message);
  pthread_mutex_lock(&host->lock);
  buf_addf(&host->log, "%s: %s\n", names[level], message);
  pthread_mutex_unlock(&host->lock);
}

static uint32_t
core_cancelled(struct clxs_call *pub)
{
  return th_cancelled(th_call_of(pub)->host);
}

static clxs_status
core_wait(struct clxs_call *pub, int64_t timeout_ms)
{
  struct testhost *host = th_call_of(pub)->host;

  if (th_cancelled(host)) return th_fail(th_call_of(pub), CLXS_E_CANCELLED, NULL, 0, "cancelled");
  if (timeout_ms < 0) th_broken("wait for ever", "nothing will end it");
  pthread_mutex_lock(&host->lock);
  host->now_ms += timeout_ms;
  pthread_mutex_unlock(&host->lock);
  return CLXS_OK;
}

static int64_t
core_now_ms(struct clxs_call *pub)
{
  struct testhost *host = th_call_of(pub)->host;
  int64_t now;

  pthread_mutex_lock(&host->lock);
  now = host->now_ms;
  pthread_mutex_unlock(&host->lock);
  return now;
}

static int64_t
core_mono_ms(struct clxs_call *pub)
{
  return core_now_ms(pub) - th_call_of(pub)->host->start_ms;
}

static void *
core_alloc(struct clxs_call *pub, size_t size)
{
  return arena_alloc(th_call_of(pub)->arena, size);
}

static uint64_t
core_scope_begin(struct clxs_call *pub)
{
  return arena_mark(th_call_of(pub)->arena);
}

static void
core_scope_end(struct clxs_call *pub, uint64_t mark)
{
  struct th_call *call = th_call_of(pub);

  arena_release(call->arena, mark);
  if (call->error.status && call->error_mark > mark) {
    call->error = (struct clxs_error){.size = sizeof call->error, .status = call->error.status};
    call->error.message = "(recorded in a scope that has ended)";
  }
}

static const char *
core_arg_record(struct clxs_call *pub)
{
  struct th_call *call = th_call_of(pub);
  CLEANUP_JSON struct json_object *record = json_object_new_object();

  VEC_EACH (&call->host->args, arg) {
    struct json_object *values = json_get_array(record, arg->name);

    if (!values) {
      values = json_object_new_array();
      json_object_object_add(record, arg->name, values);
    }
    json_object_array_add(values, json_object_new_string(arg->value));
  }
  return arena_strdup(call->arena, json_text(record));
}

static clxs_status
core_arg_adopt(struct clxs_call *pub, const char *record)
{
  struct th_call *call = th_call_of(pub);
  struct json_object *json = json_parse(record, strlen(record), NULL, NULL);

  if (!json) return th_fail(call, CLXS_E_DATA, NULL, 0, "the record cannot be understood");
  json_object_put(call->host->adopted);
  call->host->adopted = json;
  return CLXS_OK;
}

const struct clxs_core th_core = {
    .size = sizeof th_core,
    .abi_major = CLXS_ABI_MAJOR,
    .abi_minor = CLXS_ABI_MINOR,
    .service = core_service,
    .capability = core_capability,
    .arg_count = core_arg_count,
    .arg_text = core_arg_text,
    .arg_int = core_arg_int,
    .fail = core_fail,
    .error = core_error,
    .error_clear = core_error_clear,
    .log = core_log,
    .cancelled = core_cancelled,
    .wait = core_wait,
    .now_ms = core_now_ms,
    .mono_ms = core_mono_ms,
    .alloc = core_alloc,
    .scope_begin = core_scope_begin,
    .scope_end = core_scope_end,
    .arg_record = core_arg_record,
    .arg_adopt = core_arg_adopt,
};

static const char *
config_text(struct clxs_call *pub, const char *key)
{
  VEC_EACH (&th_call_of(pub)->host->configs, config)
    if (str_eq(config->name, key)) return config->value;
  return NULL;
}

static int64_t
config_integer(struct clxs_call *pub, const char *key, int64_t absent)
{
  return number(config_text(pub, key), absent);
}

static const char *
config_origin(struct clxs_call *pub, const char *key)
{
  return config_text(pub, key) ? "test" : "default";
}

static const char *
config_directory(struct clxs_call *pub, int32_t which)
{
  return testhost_directory(th_call_of(pub)->host, which);
}

static const char *
config_host(struct clxs_call *pub)
{
  (void)pub;
  return "https://testhost.example";
}

const struct clxs_config th_config = {sizeof th_config, config_text,      config_integer,
                                      config_origin,    config_directory, config_host};

static const char *
cache_get(struct clxs_call *pub, const char *key)
{
  struct th_call *call = th_call_of(pub);
  const char *value;

  pthread_mutex_lock(&call->host->lock);
  value = arena_strdup(call->arena, map_get(call->host->cache, key));
  pthread_mutex_unlock(&call->host->lock);
  return value;
}

static void
cache_put(struct clxs_call *pub, const char *key, const char *value, int64_t ttl_ms)
{
  struct testhost *host = th_call_of(pub)->host;

  (void)ttl_ms;
  pthread_mutex_lock(&host->lock);
  map_set(host->cache, key, arena_strdup(host->arena, value));
  pthread_mutex_unlock(&host->lock);
}

static void
cache_drop(struct clxs_call *pub, const char *key)
{
  struct testhost *host = th_call_of(pub)->host;

  pthread_mutex_lock(&host->lock);
  map_remove(host->cache, key);
  pthread_mutex_unlock(&host->lock);
}

const struct clxs_cache th_cache = {sizeof th_cache, cache_get, cache_put, cache_drop};

static clxs_status
events_emit(struct clxs_call *pub, const char *topic, const char *json)
{
  struct testhost *host = th_call_of(pub)->host;

  pthread_mutex_lock(&host->lock);
  buf_addf(&host->events, "%s %s\n", topic, json);
  pthread_mutex_unlock(&host->lock);
  return CLXS_OK;
}

const struct clxs_events th_events = {sizeof th_events, events_emit};

static clxs_status
invoke_run(struct clxs_call *pub, const char *command, const char *arguments, const char **result)
{
  struct th_call *call = th_call_of(pub);
  const char *text = arena_printf(call->arena, "%s %s", command, arguments ? arguments : "");
  struct testhost_rule *rule;
  struct testhost_sent *sent = th_sent_begin(call->host, TESTHOST_INVOKE, text, &rule);
  clxs_status status = rule ? rule->status : CLXS_E_UNSUPPORTED;

  if (result) *result = rule ? arena_strdup(call->arena, rule->body) : NULL;
  if (status < 0) th_fail(call, status, NULL, 0, arena_printf(call->arena, "the command %s failed", text));
  th_sent_end(call->host, sent, status);
  return status;
}

const struct clxs_invoke th_invoke = {sizeof th_invoke, invoke_run};
