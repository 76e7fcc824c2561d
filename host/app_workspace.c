/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a workspace: a real one by its URL and the credentials found for it, or one that a plugin runs
 * inside this process (--host SCHEME:NAME). */
#include <clxs/cap/workspace.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "auth/auth.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "base/threads.h"
#include "conf/conf.h"
#include "net/net.h"
#include "out/out.h"
#include "plugin/registry.h"
#include "svc/call.h"
#include "svc/services.h"

#include "base/banned.h"

/* Which of the two workspaces. */
enum { MAIN, DESTINATION };

static const char *
key_of(struct app *app, int which, const char *key)
{
  return which == MAIN ? key : arena_printf(app->workspace_arena, "dest_workspace.%s", key);
}

/* Headers for a workspace that knows one token, made for this process. */
static clxs_status
token_headers(void *state, const struct fetch *fetch, uint64_t rejected, struct buf *headers,
              uint64_t *generation, struct err *err)
{
  const struct workspace *workspace = state;

  (void)fetch;
  if (rejected) return err_set(err, CLXS_E_AUTH, "the workspace %s refused its own token", workspace->name);
  buf_addf(headers, "Authorization: Bearer %s\r\n", workspace->token);
  *generation = 1;
  return CLXS_OK;
}

static clxs_status
login_headers(void *state, const struct fetch *fetch, uint64_t rejected, struct buf *headers,
              uint64_t *generation, struct err *err)
{
  return auth_headers(((struct workspace *)state)->auth, fetch, rejected, headers, generation, err);
}

static void
log_line(void *state, int32_t level, const char *line)
{
  out_log(((struct app *)state)->out, level, line);
}

/* Connect the client and let the signal thread know of it. */
static clxs_status
open_client(struct app *app, int which, struct workspace *workspace, struct err *err)
{
  const char *rps = conf_text(app->conf_, "max_rps");
  struct net_options options = {
      .host = workspace->host,
      .attempts = (int32_t)conf_int(app->conf_, "max_retries", 3),
      .connect_timeout_ms = conf_int(app->conf_, "http.connect_timeout", 10000),
      .idle_timeout_ms = conf_int(app->conf_, "http.idle_timeout", 60000),
      .sql_log = conf_text(app->conf_, "sql_log"),
      .ca_file = conf_text(app->conf_, "ca_file"),
      .external_links = conf_text(app->conf_, "http.external_links"),
      .log = log_line,
      .log_state = app,
  };
  clxs_status status = net_load(&workspace->api, err);

  if (status != CLXS_OK) return status;
  options.auth =
      (struct net_auth){.headers = workspace->auth ? login_headers : token_headers, .state = workspace};
  options.user_agent = arena_printf(app->workspace_arena, "clxs/" CLXS_VERSION " os/linux auth/%s",
                                    workspace->auth ? auth_method(workspace->auth) : "pat");
  options.max_statements = (uint32_t)conf_int(app->conf_, "max_parallel_queries", 0);
  if (rps) (void)str_to_double(rps, &options.max_rps);
  status = workspace->api->open(&options, &workspace->net, err);
  if (status != CLXS_OK) return status;
  atomic_store(&app->net_api, workspace->api);
  atomic_store(&app->nets[which], workspace->net);
  if (atomic_load(&app->cancelled)) workspace->api->cancel(workspace->net);
  return CLXS_OK;
}

/* "sandbox" of "sandbox:NAME"; NULL for what can only be an address. */
static const char *
scheme_of(struct app *app, const char *host)
{
  const char *colon = strchr(host, ':');
  size_t length = colon ? (size_t)(colon - host) : 0;

  if (length == 0 || strstr(host, "://")) return NULL;
  for (size_t i = 0; i < length; i++)
    if (!str_is_alnum(host[i]) && host[i] != '-') return NULL;
  if (strspn(colon + 1, "0123456789") == strlen(colon + 1)) return NULL; /* name:port */
  return arena_strndup(app->workspace_arena, host, length);
}

/* Have the plugin that runs SCHEME open NAME. CLXS_E_UNSUPPORTED, without a message, when PLUGIN runs another
 * scheme. */
static clxs_status
open_by(struct app *app, const char *plugin, const char *scheme, const char *name,
        struct workspace *workspace, struct err *err)
{
  struct call *call = call_new(app, plugin, NULL, NULL);
  const struct loaded *loaded;
  const struct clxs_provider *provider;
  const struct clxs_cap_workspace *table;
  clxs_status status = services_load(call, plugin, &loaded);

  if (status != CLXS_OK) {
    err_copy(err, &call->err);
  } else {
    provider = loaded_provider(loaded, CLXS_CAP_WORKSPACE);
    table = provider ? provider->table : NULL;
    status = CLXS_E_UNSUPPORTED;
    if (table && str_eq(table->scheme, scheme)) {
      status = table->open(loaded->state, &call->pub, name, &workspace->host, &workspace->token,
                           &workspace->warehouse);
      if (status != CLXS_OK) err_copy(err, &call->err);
      if (status == CLXS_E_UNSUPPORTED) status = CLXS_E_CONFIG;
    }
  }
  call_free(call);
  return status;
}

/* A workspace inside the process. */
static clxs_status
open_inside(struct app *app, const char *scheme, const char *host, struct workspace *workspace,
            struct err *err)
{
  const char *const *plugins, *name = strchr(host, ':') + 1, *origin;
  size_t count = registry_providers(app->registry, CLXS_CAP_WORKSPACE, &plugins);

  for (size_t i = 0; i < count; i++) {
    clxs_status status = open_by(app, plugins[i], scheme, name, workspace, err);

    if (status == CLXS_E_UNSUPPORTED) continue;
    if (status != CLXS_OK) return err_set(err, status, "the workspace %s cannot be opened", host);
    workspace->host = arena_strdup(app->workspace_arena, workspace->host);
    workspace->token = arena_strdup(app->workspace_arena, workspace->token);
    workspace->warehouse = arena_strdup(app->workspace_arena, workspace->warehouse);
    /* A warehouse id from the environment is that of the everyday workspace, not of this one. */
    origin = conf_origin(app->conf_, "warehouse_id");
    if (origin && str_starts(origin, "flag ")) workspace->warehouse = conf_text(app->conf_, "warehouse_id");
    workspace->cache_scope = arena_printf(app->workspace_arena, "%s|", host);
    return CLXS_OK;
  }
  err_set(err, CLXS_E_CONFIG, "no plugin runs workspaces of the kind \"%s\" (host %s)", scheme, host);
  err_hint(err, "`clxs plugin list` shows what is installed; a URL begins with https://");
  return CLXS_E_CONFIG;
}

/* A workspace that is reached over the network. */
static clxs_status
open_outside(struct app *app, int which, struct workspace *workspace, struct err *err)
{
  clxs_status status = which == MAIN ? auth_resolve(app->workspace_arena, app->conf_, &workspace->auth, err)
                                     : auth_resolve_second(app->workspace_arena, app->conf_, "dest_workspace",
                                                           &workspace->auth, err);

  if (status != CLXS_OK) return status;
  workspace->host = auth_host(workspace->auth);
  workspace->name = workspace->host;
  workspace->warehouse = auth_warehouse(workspace->auth);
  workspace->cache_scope =
      arena_printf(app->workspace_arena, "%s|%s|", workspace->host, auth_fingerprint(workspace->auth));
  return CLXS_OK;
}

static clxs_status
open_workspace(struct app *app, int which, struct workspace **opened, struct err *err)
{
  struct workspace *workspace = arena_alloc(app->workspace_arena, sizeof *workspace);
  const char *host, *scheme;
  struct conf *conf;
  clxs_status status = app_conf(app, &conf, err);

  if (status != CLXS_OK) return status;
  host = conf_text(conf, key_of(app, which, "host"));
  if (which == DESTINATION && !host && !conf_text(conf, "dest_workspace.auth_profile")) {
    err_set(err, CLXS_E_CONFIG, "no destination workspace is configured");
    err_hint(err, "give --dest-host, or write \"dest_workspace:\" with \"host:\" into clxs.yaml");
    return CLXS_E_CONFIG;
  }
  scheme = host ? scheme_of(app, host) : NULL;
  workspace->name = host;
  status = scheme ? open_inside(app, scheme, host, workspace, err) : open_outside(app, which, workspace, err);
  if (status == CLXS_OK) status = open_client(app, which, workspace, err);
  if (status == CLXS_OK) {
    *opened = workspace;
  } else {
    auth_close(workspace->auth);
  }
  return status;
}

clxs_status
app_workspace(struct app *app, const char *name, struct workspace **workspace, struct err *err)
{
  struct workspace **place = name ? &app->destination_ : &app->workspace_;
  clxs_status status = CLXS_OK;

  if (name && !str_eq(name, "destination"))
    return err_set(err, CLXS_E_INTERNAL, "there is no workspace \"%s\"", name);
  LOCK_SCOPE(&app->workspace_mutex);
  if (!*place) status = open_workspace(app, name ? DESTINATION : MAIN, place, err);
  *workspace = *place;
  return status;
}

clxs_status
app_host(struct app *app, const char **host, struct err *err)
{
  struct conf *conf;
  struct auth *auth;
  clxs_status status = app_conf(app, &conf, err);

  if (status != CLXS_OK) return status;
  LOCK_SCOPE(&app->workspace_mutex);
  *host = conf_text(conf, "host");
  if (*host && scheme_of(app, *host)) return CLXS_OK;
  status = auth_resolve(app->workspace_arena, conf, &auth, err);
  if (status != CLXS_OK) return status;
  *host = auth_host(auth);
  auth_close(auth);
  return CLXS_OK;
}

void
app_cancel(struct app *app)
{
  const struct net_api *api = atomic_load(&app->net_api);

  atomic_store(&app->cancelled, 1);
  for (size_t i = 0; i < ARRAY_SIZE(app->nets); i++) {
    struct net *net = atomic_load(&app->nets[i]);

    if (net) api->cancel(net);
  }
  LOCK_SCOPE(&app->wait_mutex);
  pthread_cond_broadcast(&app->wait_cond);
}

static void
close_workspace(struct workspace *workspace)
{
  if (!workspace) return;
  workspace->api->close(workspace->net);
  auth_close(workspace->auth);
}

void
app_close_workspaces(struct app *app)
{
  for (size_t i = 0; i < ARRAY_SIZE(app->nets); i++)
    atomic_store(&app->nets[i], NULL);
  close_workspace(app->workspace_);
  close_workspace(app->destination_);
}
