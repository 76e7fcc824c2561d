/* SPDX-License-Identifier: Apache-2.0 */
/* struct clxs_core: services, capabilities, arguments, errors, time, memory. */
#include <stdlib.h>

#include "app.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/str.h"
#include "base/threads.h"
#include "cli/args.h"
#include "conf/conf.h"
#include "out/out.h"
#include "plugin/registry.h"
#include "svc/record.h"
#include "svc/rows.h"
#include "svc/services.h"

#include "base/banned.h"

static const void *
core_service(struct clxs_call *pub, const char *id)
{
  (void)pub;
  return str_eq(id, "clxs.core/1") ? NULL : services_find(id);
}

/* A plugin may use what its manifest says it uses. */
static clxs_status
check_uses(struct call *call, const char *id)
{
  const struct loaded *self;
  clxs_status status;

  if (!call->plugin_id || !call->command) return CLXS_OK;
  status = services_load(call, call->plugin_id, &self);
  if (status != CLXS_OK || str_listed(self->about->uses, id)) return status;
  err_clear(&call->err);
  err_set(&call->err, CLXS_E_INTERNAL,
          "plugin %s asks for %s, which its manifest does not list under \"uses\"", call->plugin_id, id);
  return CLXS_E_INTERNAL;
}

static clxs_status
core_capability(struct clxs_call *pub, const char *id, struct clxs_capability *out)
{
  struct call *call = call_of(pub);
  const struct clxs_provider *provider;
  const struct loaded *loaded;
  const char *const *ids;
  size_t count;
  clxs_status status = check_uses(call, id);

  *out = (struct clxs_capability){0};
  if (status != CLXS_OK) return status;
  {
    LOCK_SCOPE(services_registry_lock());
    count = registry_providers(call->app->registry, id, &ids);
  }
  if (count == 0) {
    err_clear(&call->err);
    err_set(&call->err, CLXS_E_UNSUPPORTED, "no installed plugin provides %s", id);
    err_hint(&call->err, "see what is installed with: clxs plugin list");
    return CLXS_E_UNSUPPORTED;
  }
  status = services_load(call, ids[0], &loaded);
  if (status != CLXS_OK) return status;
  provider = loaded_provider(loaded, id);
  if (!provider) {
    err_clear(&call->err);
    return err_set(&call->err, CLXS_E_ABI, "plugin %s lists %s and does not provide it", loaded->about->id,
                   id);
  }
  *out = (struct clxs_capability){.table = provider->table, .state = loaded->state};
  return CLXS_OK;
}

/* Where a value comes from: the command line, else the run that is gone on with, else the environment, else
 * configuration, else the manifest. */
struct value {
  enum grammar_type type;
  uint32_t count;
  const char *only;          /* when it is not args, adopted or conf */
  struct json_object *texts; /* adopted */
  const struct conf *conf;
  const char *key;
};

static struct value
find_value(const struct call *call, const char *name)
{
  const struct grammar_flag *flag = grammar_find_flag(call->command, name);
  const struct grammar_arg *arg = grammar_find_arg(call->command, name);
  struct value value = {0};
  const char *from_env;

  if (!flag && !arg) return value;
  value.type = flag ? flag->type : arg->type;
  value.count = call->args ? args_count(call->args, name) : 0;
  if (value.count > 0) return value;
  value.texts = json_get_array(call->adopted, name);
  value.count = (uint32_t)json_length(value.texts);
  if (value.count > 0 || !flag) return value;
  from_env = flag->env ? getenv(flag->env) : NULL;
  if (from_env && *from_env) {
    value.only = from_env;
  } else if (flag->config && call->app->conf_ && conf_count(call->app->conf_, flag->config) > 0) {
    value.conf = call->app->conf_;
    value.key = flag->config;
    value.count = conf_count(value.conf, value.key);
    return value;
  } else {
    value.only = flag->default_value;
  }
  value.count = value.only ? 1 : 0;
  return value;
}

static uint32_t
core_arg_count(struct clxs_call *pub, const char *name)
{
  return find_value(call_of(pub), name).count;
}

static const char *
value_text(const struct call *call, const struct value *value, const char *name, uint32_t index)
{
  if (index >= value->count) return NULL;
  if (value->only) return value->only;
  if (value->texts) return json_object_get_string(json_item(value->texts, index));
  if (value->conf) return conf_item(value->conf, value->key, index);
  return args_text(call->args, name, index);
}

static const char *
core_arg_text(struct clxs_call *pub, const char *name, uint32_t index)
{
  struct call *call = call_of(pub);
  struct value value = find_value(call, name);

  return value_text(call, &value, name, index);
}

static int64_t
core_arg_int(struct clxs_call *pub, const char *name)
{
  struct call *call = call_of(pub);
  struct value value = find_value(call, name);
  const char *text = value_text(call, &value, name, 0);

  return text ? args_number(value.type, text) : 0;
}

static clxs_status
core_fail(struct clxs_call *pub, clxs_status status, const char *message, const char *hint)
{
  struct call *call = call_of(pub);

  err_set(&call->err, status, "%s", message ? message : "failed without saying why");
  if (hint) err_hint(&call->err, "%s", hint);
  return status;
}

/* The message and its causes as one text: a plugin that reports failures object by object has no other way to
 * the cause. A cause that the message already quotes is not said twice. */
static const char *
whole_message(struct call *call)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  buf_add_text(&text, call->err.message);
  for (const struct err_cause *cause = call->err.cause; cause; cause = cause->older)
    if (!strstr(text.data, cause->message)) buf_addf(&text, ": %s", cause->message);
  return arena_strdup(call->err.arena, text.data);
}

static const struct clxs_error *
core_error(struct clxs_call *pub)
{
  struct call *call = call_of(pub);
  const struct err *err = &call->err;

  if (!err->message) return NULL;
  call->shown = (struct clxs_error){.size = sizeof call->shown,
                                    .status = err->status,
                                    .message = whole_message(call),
                                    .hint = err->hint,
                                    .error_class = err->error_class,
                                    .sql_state = err->sql_state,
                                    .statement_id = err->statement_id,
                                    .request_id = err->request_id,
                                    .http_status = err->http_status,
                                    .retry_after_ms = err->retry_after_ms};
  return &call->shown;
}

static void
core_error_clear(struct clxs_call *pub)
{
  struct call *call = call_of(pub);

  err_clear(&call->err);
  arena_release(call->err.arena, 0);
}

static void
core_log(struct clxs_call *pub, int32_t level, const char *message)
{
  out_log(call_of(pub)->app->out, level, message);
}

static uint32_t
core_cancelled(struct clxs_call *pub)
{
  return call_is_cancelled(call_of(pub));
}

static clxs_status
core_wait(struct clxs_call *pub, int64_t timeout_ms)
{
  struct call *call = call_of(pub);

  return app_wait(call->app, timeout_ms) ? CLXS_OK : call_fail_cancelled(call);
}

static int64_t
core_now_ms(struct clxs_call *pub)
{
  (void)pub;
  return clock_now_ms();
}

static int64_t
core_mono_ms(struct clxs_call *pub)
{
  (void)pub;
  return clock_mono_ms();
}

static void *
core_alloc(struct clxs_call *pub, size_t size)
{
  return arena_alloc(call_of(pub)->arena, size);
}

static uint64_t
core_scope_begin(struct clxs_call *pub)
{
  return arena_mark(call_of(pub)->arena);
}

static void
core_scope_end(struct clxs_call *pub, uint64_t mark)
{
  struct call *call = call_of(pub);

  call_close_handles(call, mark);
  arena_release(call->arena, mark);
}

const struct clxs_core service_core = {.size = sizeof service_core,
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
                                       .arg_record = record_arguments,
                                       .arg_adopt = record_adopt};
