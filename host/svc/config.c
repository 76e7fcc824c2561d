/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.config/1: keys, where they come from, and places. */
#include "app.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "conf/conf.h"
#include "svc/services.h"

#include "base/banned.h"

/* Loaded before the first plugin's code runs (call_run); a plugin's init comes late enough, too. */
static const struct conf *
conf_of(struct clxs_call *pub)
{
  return call_of(pub)->app->conf_;
}

static const char *
config_text(struct clxs_call *pub, const char *key)
{
  return conf_of(pub) ? conf_text(conf_of(pub), key) : NULL;
}

static int64_t
config_integer(struct clxs_call *pub, const char *key, int64_t absent)
{
  return conf_of(pub) ? conf_int(conf_of(pub), key, absent) : absent;
}

static const char *
config_origin(struct clxs_call *pub, const char *key)
{
  return conf_of(pub) ? conf_origin(conf_of(pub), key) : NULL;
}

static const char *
config_directory(struct clxs_call *pub, int32_t which)
{
  struct call *call = call_of(pub);
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  const char *path = path_user(arena, which, &err);
  clxs_status status = CLXS_OK;

  if (path && which != CLXS_DIR_CONFIG) status = path_make(path, &err);
  if (!path || status != CLXS_OK) {
    call_take_error(call, err.status, &err);
    return NULL;
  }
  return arena_strdup(call->arena, path);
}

static const char *
config_host(struct clxs_call *pub)
{
  struct call *call = call_of(pub);
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  const char *host;
  clxs_status status = app_host(call->app, &host, &err);

  if (status == CLXS_OK) return host;
  call_take_error(call, status, &err);
  return NULL;
}

static clxs_status
config_destination(struct clxs_call *pub, const char **host)
{
  struct call *call = call_of(pub);
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  clxs_status status = app_destination(call->app, host, &err);

  return status == CLXS_OK ? CLXS_OK : call_take_error(call, status, &err);
}

const struct clxs_config service_config = {.size = sizeof service_config,
                                           .text = config_text,
                                           .integer = config_integer,
                                           .origin = config_origin,
                                           .directory = config_directory,
                                           .host = config_host,
                                           .destination = config_destination};
