/* SPDX-License-Identifier: Apache-2.0 */
/* Loading one plugin. It must not know services or commands of the host. */
#include "plugin/loader.h"

#include <dlfcn.h>
#include <inttypes.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "plugin/manifest.h"
#include "plugin/policy.h"
#include "plugin/resolve.h"
#include "plugin/trust.h"

#include "base/banned.h"

#define END_OF(type, member) (offsetof(type, member) + sizeof(((type *)0)->member))

static clxs_status refuse(const struct manifest *manifest, struct err *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static clxs_status
refuse(const struct manifest *manifest, struct err *err, const char *format, ...)
{
  va_list args;
  char *why;

  va_start(args, format);
  why = arena_vprintf(err->arena, format, args);
  va_end(args);
  err_set(err, CLXS_E_ABI, "plugin %s %s cannot be loaded: %s", manifest->id, manifest->version, why);
  err_hint(
      err,
      "rebuild it from its sources, or install another version of it; `clxs plugin check %s` tries again",
      manifest->id);
  return CLXS_E_ABI;
}

/* Sizes, magic and versions: what must be right before anything else in the descriptor may be read. */
static clxs_status
check_abi(const struct manifest *manifest, const struct clxs_plugin *given, struct err *err)
{
  if (given->size < END_OF(struct clxs_plugin, abi) || given->abi.magic != CLXS_ABI_MAGIC)
    return refuse(manifest, err, "clxs_plugin_v1() does not return a clxs plugin (wrong magic number)");
  if (given->abi.major != CLXS_ABI_MAJOR)
    return refuse(manifest, err, "it was built for plugin ABI %u.%u; this clxs %s has %d.%d",
                  given->abi.major, given->abi.minor, CLXS_VERSION, CLXS_ABI_MAJOR, CLXS_ABI_MINOR);
  if (given->abi.target > CLXS_ABI_MINOR)
    return refuse(manifest, err, "it needs plugin ABI %u.%u at least; this clxs %s has %d.%d",
                  given->abi.major, given->abi.target, CLXS_VERSION, CLXS_ABI_MAJOR, CLXS_ABI_MINOR);
  if (given->size < END_OF(struct clxs_plugin, fini))
    return refuse(manifest, err, "its descriptor has %u bytes, at least %zu are needed", given->size,
                  END_OF(struct clxs_plugin, fini));
  return CLXS_OK;
}

static clxs_status
check_identity(const struct manifest *manifest, const struct clxs_plugin *plugin, struct err *err)
{
  if (!plugin->id || !str_eq(plugin->id, manifest->id))
    return refuse(manifest, err, "the library says it is \"%s\"", plugin->id ? plugin->id : "(nothing)");
  if (!plugin->version || !str_eq(plugin->version, manifest->version))
    return refuse(manifest, err, "the library says it is version \"%s\"",
                  plugin->version ? plugin->version : "(none)");
  if (plugin->grammar != manifest_grammar_hash(manifest))
    return refuse(manifest, err,
                  "plugin.json has changed since the library was built (grammar %016" PRIx64
                  ", library %016" PRIx64 ")",
                  manifest_grammar_hash(manifest), plugin->grammar);
  return CLXS_OK;
}

static const struct clxs_command *
find_command(const struct clxs_plugin *plugin, const char *name)
{
  for (size_t i = 0; plugin->commands && plugin->commands[i]; i++)
    if (str_eq(plugin->commands[i]->name, name)) return plugin->commands[i];
  return NULL;
}

static clxs_status
check_commands(const struct manifest *manifest, const struct clxs_plugin *plugin, struct err *err)
{
  size_t count = 0;

  for (; plugin->commands && plugin->commands[count]; count++) {
    const struct clxs_command *command = plugin->commands[count];

    if (command->size < END_OF(struct clxs_command, complete))
      return refuse(manifest, err, "the descriptor of its command %zu has %u bytes, at least %zu are needed",
                    count + 1, command->size, END_OF(struct clxs_command, complete));
    if (!command->name) return refuse(manifest, err, "its command %zu has no name", count + 1);
    if (!command->run) return refuse(manifest, err, "its command \"%s\" has no run function", command->name);
    if (!manifest_command(manifest, command->name))
      return refuse(manifest, err, "its command \"%s\" is not in plugin.json", command->name);
    if (find_command(plugin, command->name) != command)
      return refuse(manifest, err, "its command \"%s\" is there twice", command->name);
  }
  for (size_t i = 0; i < manifest->command_count; i++)
    if (!find_command(plugin, manifest->commands[i].name))
      return refuse(manifest, err, "plugin.json has a command \"%s\", the library has not",
                    manifest->commands[i].name);
  return CLXS_OK;
}

static clxs_status
check_provides(const struct manifest *manifest, const struct clxs_plugin *plugin, struct err *err)
{
  size_t count = 0, listed_count = 0;

  for (; plugin->provides && plugin->provides[count]; count++) {
    const struct clxs_provider *provider = plugin->provides[count];

    if (provider->size < END_OF(struct clxs_provider, table) || !provider->id || !provider->table)
      return refuse(manifest, err, "its capability %zu is incomplete", count + 1);
    if (!str_listed(manifest->provides, provider->id))
      return refuse(manifest, err, "its capability %s is not in plugin.json", provider->id);
  }
  while (manifest->provides[listed_count])
    listed_count++;
  if (listed_count != count)
    return refuse(manifest, err, "plugin.json provides %zu capabilities, the library %zu", listed_count,
                  count);
  return CLXS_OK;
}

clxs_status
loader_negotiate(const struct manifest *manifest, const struct clxs_plugin *given,
                 struct clxs_plugin *descriptor, struct err *err)
{
  clxs_status status = check_abi(manifest, given, err);

  if (status != CLXS_OK) return status;
  memset(descriptor, 0, sizeof *descriptor);
  memcpy(descriptor, given, given->size < sizeof *descriptor ? given->size : sizeof *descriptor);
  status = check_identity(manifest, descriptor, err);
  if (status == CLXS_OK) status = check_commands(manifest, descriptor, err);
  if (status == CLXS_OK) status = check_provides(manifest, descriptor, err);
  return status;
}

/* Where the library really is, once everything on the way to it has been found good. */
static clxs_status
trusted_library(struct arena *arena, const struct manifest *manifest, const char *directory,
                const char **library, struct err *err)
{
  const char *real, *ignored, *why, *hint;
  clxs_status status = trust_path(arena, directory, &real, err);

  if (status == CLXS_OK) status = trust_within(arena, real, "plugin.json", true, &ignored, err);
  if (status == CLXS_OK) status = trust_within(arena, real, manifest->library, true, library, err);
  if (status == CLXS_OK) return CLXS_OK;
  why = arena_strdup(arena, err->message);
  hint = err->hint;
  err_clear(err);
  err_set(err, CLXS_E_CONFIG, "plugin %s %s is not loaded: %s", manifest->id, manifest->version, why);
  if (hint) err_hint(err, "%s", hint);
  return CLXS_E_CONFIG;
}

static clxs_status
open_library(const struct manifest *manifest, const char *library, const struct clxs_plugin **given,
             struct err *err)
{
  union {
    void *symbol;
    const struct clxs_plugin *(*call)(void);
  } entry;
  void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);

  if (!handle) return refuse(manifest, err, "%s", dlerror());
  entry.symbol = dlsym(handle, "clxs_plugin_v1");
  if (!entry.symbol)
    return refuse(manifest, err,
                  "%s exports no clxs_plugin_v1: it is no clxs plugin, or one for another ABI major",
                  library);
  *given = entry.call();
  return *given ? CLXS_OK : refuse(manifest, err, "clxs_plugin_v1() returned nothing");
}

clxs_status
loader_bind(struct arena *arena, const struct manifest *manifest, const char *directory,
            const struct policy *policy, struct clxs_plugin *descriptor, struct err *err)
{
  const struct clxs_plugin *given;
  const char *library;
  clxs_status status = resolve_abi(manifest, err);

  if (status == CLXS_OK) status = trusted_library(arena, manifest, directory, &library, err);
  if (status == CLXS_OK) status = policy_allows(arena, policy, manifest->id, library, err);
  if (status == CLXS_OK) status = open_library(manifest, library, &given, err);
  if (status == CLXS_OK) status = loader_negotiate(manifest, given, descriptor, err);
  return status;
}
