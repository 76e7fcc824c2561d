/* SPDX-License-Identifier: Apache-2.0 */
/* See services.h. */
#include "svc/services.h"

#include <stdlib.h>

#include "app.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "base/threads.h"
#include "base/vec.h"
#include "plugin/registry.h"
#include "svc/checked.h"

#include "base/banned.h"

static const struct {
  const char *id;
  const void *table;
} tables[] = {
    {CLXS_SERVICE_CONFIG, &service_config}, {CLXS_SERVICE_SQL, &service_sql},
    {CLXS_SERVICE_REST, &service_rest},     {CLXS_SERVICE_META, &service_meta},
    {CLXS_SERVICE_CACHE, &service_cache},   {CLXS_SERVICE_OUTPUT, &service_output},
    {CLXS_SERVICE_JOBS, &service_jobs},     {CLXS_SERVICE_EVENTS, &service_events},
    {CLXS_SERVICE_INVOKE, &service_invoke}, {CLXS_SERVICE_HTTP, &service_http},
    {"clxs.core/1", &service_core},
};

const void *
services_find(const char *id)
{
  for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
    if (str_eq(id, tables[i].id)) return checked_wanted() ? checked_table(id) : tables[i].table;
  return NULL;
}

const char *const *
services_ids(void)
{
  static const char *const ids[] = {CLXS_SERVICE_CONFIG,
                                    CLXS_SERVICE_SQL,
                                    CLXS_SERVICE_REST,
                                    CLXS_SERVICE_META,
                                    CLXS_SERVICE_CACHE,
                                    CLXS_SERVICE_OUTPUT,
                                    CLXS_SERVICE_JOBS,
                                    CLXS_SERVICE_EVENTS,
                                    CLXS_SERVICE_INVOKE,
                                    CLXS_SERVICE_HTTP,
                                    NULL};

  return ids;
}

void
services_copy_in(void *to, size_t to_size, const void *from)
{
  uint32_t size;

  memcpy(&size, from, sizeof size);
  memset(to, 0, to_size);
  memcpy(to, from, size < to_size ? size : to_size);
}

void
services_copy_out(void *to, const void *from, size_t from_size)
{
  uint32_t size;

  memcpy(&size, to, sizeof size);
  if (size <= sizeof size) return;
  memcpy((char *)to + sizeof size, (const char *)from + sizeof size,
         (size < from_size ? size : from_size) - sizeof size);
}

clxs_status
services_workspace(struct call *call, const char *name, struct workspace **workspace)
{
  return call_is_cancelled(call) ? call_fail_cancelled(call) : services_workspace_late(call, name, workspace);
}

clxs_status
services_workspace_late(struct call *call, const char *name, struct workspace **workspace)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  clxs_status status;

  if (name && !str_eq(name, "destination")) {
    err_set(&err, CLXS_E_INTERNAL, "there is no workspace called \"%s\" (only \"destination\")", name);
    return call_take_error(call, CLXS_E_INTERNAL, &err);
  }
  status = app_workspace(call->app, name, workspace, &err);
  return status == CLXS_OK ? CLXS_OK : call_take_error(call, status, &err);
}

void
services_open_workspaces(struct call *call, const struct workspace **main,
                         const struct workspace **destination)
{
  LOCK_SCOPE(&call->app->workspace_mutex);
  *main = call->app->workspace_;
  *destination = call->app->destination_;
}

clxs_status
services_fail_at(struct call *call, const struct workspace *workspace, clxs_status status, struct err *err)
{
  const struct workspace *main, *destination;

  services_open_workspaces(call, &main, &destination);
  if (destination && err->message && !strstr(err->message, workspace->host))
    err->message = arena_printf(err->arena, "%s (%s workspace %s)", err->message,
                                workspace == destination ? "destination" : "source", workspace->name);
  return call_take_error(call, status, err);
}

static struct {
  pthread_once_t once;
  pthread_mutex_t lock; /* recursive: a plugin's init may ask for another plugin */
  /* What init was given to allocate in has to live as long as the plugin's state does, which is to the end.
   */
  VEC(struct call *) init_calls;
} registry_use = {.once = PTHREAD_ONCE_INIT};

static void
make_registry_lock(void)
{
  pthread_mutexattr_t attributes;

  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&registry_use.lock, &attributes);
  pthread_mutexattr_destroy(&attributes);
}

pthread_mutex_t *
services_registry_lock(void)
{
  pthread_once(&registry_use.once, make_registry_lock);
  return &registry_use.lock;
}

clxs_status
services_load(struct call *call, const char *id, const struct loaded **loaded)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  struct call *init_call;
  clxs_status status;

  LOCK_SCOPE(services_registry_lock());
  init_call = call_new(call->app, id, NULL, NULL);
  status = registry_load(call->app->registry, id, &init_call->pub, loaded, &err);
  if (status != CLXS_OK && !err.message) err_copy(&err, &init_call->err);
  if (status == CLXS_OK && arena_size(init_call->arena) > 0)
    *VEC_ADD(&registry_use.init_calls) = init_call;
  else
    call_free(init_call);
  return status == CLXS_OK ? CLXS_OK : call_take_error(call, status, &err);
}

void
services_close(void)
{
  VEC_EACH (&registry_use.init_calls, call)
    call_free(*call);
  VEC_FREE(&registry_use.init_calls);
}

clxs_status
services_need_command_thread(struct call *call, const char *function)
{
  CLEANUP(arena_cleanup) struct arena *arena = NULL;
  struct err err;

  if (!call->parent) return CLXS_OK;
  arena = arena_new();
  err = ERR_INIT(arena);
  err_set(&err, CLXS_E_INTERNAL, "plugin %s called %s on a worker",
          call->plugin_id ? call->plugin_id : "clxs", function);
  return call_take_error(call, CLXS_E_INTERNAL, &err);
}
