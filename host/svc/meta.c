/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.meta/1: cached reading of Unity Catalog for plugins. */
#include "meta/meta.h"

#include "app.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "svc/services.h"

#include "base/banned.h"

/* What one function of the table asks for. */
struct ask {
  const char *workspace; /* NULL, or "destination" */
  const char *kind, *catalog, *schema;
  const char *const *names; /* of an object; NULL for a listing */
  uint32_t count;
};

static clxs_status
answer(struct clxs_call *pub, const struct ask *ask, const char **json)
{
  struct call *call = call_of(pub);
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  struct meta meta = {.cache = call->app->cache, .arena = call->arena};
  struct workspace *workspace;
  clxs_status status = services_workspace(call, ask->workspace, &workspace);

  *json = NULL;
  if (status != CLXS_OK) return status;
  meta.workspace = workspace;
  status = ask->names ? meta_get(&meta, ask->kind, ask->names, ask->count, json, &err)
                      : meta_list(&meta, ask->kind, ask->catalog, ask->schema, json, &err);
  return status == CLXS_OK ? CLXS_OK : services_fail_at(call, workspace, status, &err);
}

static clxs_status
service_list(struct clxs_call *pub, const char *kind, const char *catalog, const char *schema,
             const char **json)
{
  return answer(pub, &(struct ask){.kind = kind, .catalog = catalog, .schema = schema}, json);
}

static clxs_status
service_get(struct clxs_call *pub, const char *kind, const char *const *names, uint32_t count,
            const char **json)
{
  return answer(pub, &(struct ask){.kind = kind, .names = names, .count = count}, json);
}

static clxs_status
service_list_in(struct clxs_call *pub, const char *workspace, const char *kind, const char *catalog,
                const char *schema, const char **json)
{
  return answer(
      pub, &(struct ask){.workspace = workspace, .kind = kind, .catalog = catalog, .schema = schema}, json);
}

static clxs_status
service_get_in(struct clxs_call *pub, const char *workspace, const char *kind, const char *const *names,
               uint32_t count, const char **json)
{
  return answer(pub, &(struct ask){.workspace = workspace, .kind = kind, .names = names, .count = count},
                json);
}

static void
service_invalidate(struct clxs_call *pub, const char *catalog)
{
  struct call *call = call_of(pub);
  const struct workspace *main, *destination;

  /* What was never opened has nothing cached. */
  services_open_workspaces(call, &main, &destination);
  if (main) meta_invalidate(&(struct meta){.workspace = main, .cache = call->app->cache}, catalog);
  if (destination)
    meta_invalidate(&(struct meta){.workspace = destination, .cache = call->app->cache}, catalog);
}

const struct clxs_meta service_meta = {.size = sizeof service_meta,
                                       .list = service_list,
                                       .get = service_get,
                                       .invalidate = service_invalidate,
                                       .list_in = service_list_in,
                                       .get_in = service_get_in};
