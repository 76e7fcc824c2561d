/* SPDX-License-Identifier: Apache-2.0 */
/* Loading clxs-net.so on first use: libcurl brings some thirty libraries, which help and completion never
 * need. */
#include <dlfcn.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/path.h"
#include "net/net.h"

#include "base/banned.h"

#define NET_FILE "clxs-net.so"

/* Beside the executable, as built, or where it is installed, in lib/clxs of the same prefix. NULL when in
 * neither. */
static const char *
find_module(struct arena *arena, const char *exe)
{
  static const char *const places[] = {NET_FILE, "../lib/clxs/" NET_FILE,
                                       "../" CLXS_LIBDIR "/clxs/" NET_FILE};
  const char *directory = path_dirname(arena, exe);

  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
    const char *path = path_join(arena, directory, places[i]);

    if (path_exists(path)) return path;
  }
  return NULL;
}

static clxs_status
cannot_load(struct err *err, const char *why)
{
  err_hint(err, "install or build clxs again, so that " NET_FILE " of the same version is beside it");
  return err_set(err, CLXS_E_INTERNAL, "cannot load the network client: %s", why);
}

static clxs_status
load(const struct net_api **api, struct err *err)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  const char *exe = path_executable(arena), *path;
  net_entry entry;
  void *module;

  if (!exe) return cannot_load(err, "the system does not say where the executable is");
  path = find_module(arena, exe);
  if (!path) return cannot_load(err, NET_FILE " is neither beside the executable nor in lib/clxs");
  module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!module) return cannot_load(err, dlerror());
  *(void **)&entry = dlsym(module, NET_ENTRY);
  if (!entry) return cannot_load(err, NET_FILE " has no entry " NET_ENTRY);
  if (entry()->size != sizeof **api) return cannot_load(err, NET_FILE " is of another version");
  *api = entry();
  return CLXS_OK;
}

clxs_status
net_load(const struct net_api **api, struct err *err)
{
  static const struct net_api *loaded;

  if (!loaded) {
    clxs_status status = load(&loaded, err);

    if (status != CLXS_OK) return status;
  }
  *api = loaded;
  return CLXS_OK;
}
