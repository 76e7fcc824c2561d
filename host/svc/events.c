/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.events/1: subscribers are commands that manifests hook to topics. A subscriber's command gets the
 * topic and the event's JSON in its flags or arguments "topic" and "event", where it has them. Its output
 * goes nowhere. */
#include <stdlib.h>

#include "app.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "base/threads.h"
#include "out/out.h"
#include "plugin/registry.h"
#include "svc/nested.h"
#include "svc/services.h"

#include "base/banned.h"

/* Workers fire events, too, and a subscriber is nobody who expects to be called twice at a time. */
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static clxs_status
tell(struct call *call, const struct registry_hook *hook, const char *topic, const char *json,
     struct err *err)
{
  CLEANUP_JSON struct json_object *arguments = json_object_new_object();
  CLEANUP_FREE char *output = NULL;
  struct nested nested;
  clxs_status status;

  json_add_text(arguments, "topic", topic);
  json_add_text(arguments, "event", json);
  status = nested_find(call, hook->command, arguments, true, &nested, err);
  return status == CLXS_OK ? nested_run(call, &nested, call->depth, call->hooks + 1, &output, err) : status;
}

static void
log_failure(struct call *call, const struct registry_hook *hook, const char *topic, const struct err *err)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  out_log(call->app->out, CLXS_LOG_WARN,
          arena_printf(arena, "plugin %s could not follow %s (command %s): %s", hook->plugin, topic,
                       hook->command, err->message ? err->message : "no reason given"));
}

static clxs_status
tell_all(struct call *call, const struct registry_hook *hooks, size_t count, const char *topic,
         const char *json)
{
  bool may_veto = str_ends(topic, ".before");

  for (size_t i = 0; i < count; i++) {
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct err err = ERR_INIT(arena);
    uint64_t scope = call->pub.core->scope_begin(&call->pub);
    clxs_status status = tell(call, &hooks[i], topic, json, &err);

    call->pub.core->scope_end(&call->pub, scope);
    if (status >= 0) continue;
    if (may_veto) {
      err_set(&err, status, "plugin %s forbids it (%s)", hooks[i].plugin, topic);
      return call_take_error(call, status, &err);
    }
    log_failure(call, &hooks[i], topic, &err);
  }
  return CLXS_OK;
}

static clxs_status
events_emit(struct clxs_call *pub, const char *topic, const char *json)
{
  struct call *call = call_of(pub);
  const struct registry_hook *hooks;
  clxs_status status;
  size_t count;

  {
    LOCK_SCOPE(services_registry_lock());
    count = registry_hooks(call->app->registry, topic, &hooks);
  }
  if (count == 0) return CLXS_OK;
  if (call->plugin_id && !call->command) {
    err_clear(&call->err);
    return err_set(&call->err, CLXS_E_INTERNAL, "plugin %s fires %s in its init", call->plugin_id, topic);
  }
  if (call->hooks >= NESTED_MAX) {
    out_log(call->app->out, CLXS_LOG_WARN,
            "events that set off events are more than 8 deep; the last is not passed on");
    return CLXS_OK;
  }
  if (call->hooks == 0) pthread_mutex_lock(&one_at_a_time);
  status = tell_all(call, hooks, count, topic, json);
  if (call->hooks == 0) pthread_mutex_unlock(&one_at_a_time);
  return status;
}

const struct clxs_events service_events = {.size = sizeof service_events, .emit = events_emit};
