/* SPDX-License-Identifier: Apache-2.0 */
/* Plugins that run in this process: loaded on first use, each once, and said good-bye to at the end. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "plugin/loader.h"
#include "plugin/manifest.h"
#include "plugin/registry_internal.h"

#include "base/banned.h"

static struct registry_loaded *
find_loaded(const struct registry *registry, const char *id)
{
  for (struct registry_loaded *loaded = registry->loaded; loaded; loaded = loaded->earlier)
    if (str_eq(loaded->pub.about->id, id)) return loaded;
  return NULL;
}

static clxs_status
bind(struct registry *registry, const char *id, struct registry_loaded **made, struct err *err)
{
  struct registry_loaded *loaded = arena_alloc(registry->arena, sizeof *loaded);
  struct scanned about = {.id = id, .state = "ok"};
  clxs_status status = registry_manifest(registry, id, &about.manifest, &about.directory, err);

  if (status == CLXS_OK)
    status = loader_bind(registry->arena, about.manifest, about.directory, &registry->policy,
                         &loaded->pub.descriptor, err);
  if (status != CLXS_OK) return status;
  about.id = about.manifest->id;
  loaded->pub.about = registry_about(registry->arena, &about);
  loaded->earlier = registry->loaded;
  registry->loaded = loaded;
  *made = loaded;
  return CLXS_OK;
}

static void
forget(struct registry *registry, const struct registry_loaded *loaded)
{
  struct registry_loaded **at = &registry->loaded;

  while (*at != loaded)
    at = &(*at)->earlier;
  *at = loaded->earlier;
}

static clxs_status
run_init(struct registry *registry, struct registry_loaded *loaded, struct clxs_call *call, struct err *err)
{
  const struct clxs_plugin *plugin = &loaded->pub.descriptor;
  const struct registry_plugin *about = loaded->pub.about;
  const struct clxs_error *why;
  clxs_status status = plugin->init && call ? plugin->init(call, &loaded->pub.state) : CLXS_OK;

  if (status == CLXS_OK) {
    loaded->initialised = true;
    return CLXS_OK;
  }
  forget(registry, loaded);
  why = call && call->core && CLXS_HAS(call->core, error) ? call->core->error(call) : NULL;
  err_set(err, status, "plugin %s %s could not start: %s", about->id, about->version,
          why && why->message ? why->message : "its init function failed and gave no reason");
  if (why && why->hint) err_hint(err, "%s", why->hint);
  return status;
}

clxs_status
registry_load(struct registry *registry, const char *id, struct clxs_call *call, const struct loaded **loaded,
              struct err *err)
{
  struct registry_loaded *found = find_loaded(registry, id);
  clxs_status status;

  if (found && found->initialised) {
    *loaded = &found->pub;
    return CLXS_OK;
  }
  if (found) return err_set(err, CLXS_E_ABI, "plugin %s is used while it is starting", id);
  status = bind(registry, id, &found, err);
  if (status == CLXS_OK) status = run_init(registry, found, call, err);
  if (status == CLXS_OK) *loaded = &found->pub;
  return status;
}

const struct clxs_command *
loaded_command(const struct loaded *loaded, const char *name)
{
  for (size_t i = 0; loaded->descriptor.commands && loaded->descriptor.commands[i]; i++)
    if (str_eq(loaded->descriptor.commands[i]->name, name)) return loaded->descriptor.commands[i];
  return NULL;
}

const struct clxs_provider *
loaded_provider(const struct loaded *loaded, const char *capability)
{
  for (size_t i = 0; loaded->descriptor.provides && loaded->descriptor.provides[i]; i++)
    if (str_eq(loaded->descriptor.provides[i]->id, capability)) return loaded->descriptor.provides[i];
  return NULL;
}

void
registry_close(struct registry *registry)
{
  if (!registry || !registry->arena) return;
  for (; registry->loaded; registry->loaded = registry->loaded->earlier)
    if (registry->loaded->initialised && registry->loaded->pub.descriptor.fini)
      registry->loaded->pub.descriptor.fini(registry->loaded->pub.state);
  index_close(registry->index);
  arena_free(registry->arena);
  registry->arena = NULL;
}
