/* SPDX-License-Identifier: Apache-2.0 */
/* Everything about every plugin, for `plugin list`, completion and manual pages: all manifests are read. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "plugin/manifest.h"
#include "plugin/registry_internal.h"

#include "base/banned.h"

static const char *const *
command_names(struct arena *arena, const struct manifest *manifest)
{
  const char **names = arena_array(arena, manifest->command_count + 1, sizeof *names);

  for (size_t i = 0; i < manifest->command_count; i++)
    names[i] = manifest->commands[i].name;
  return names;
}

static const char *const *
hook_topics(struct arena *arena, const struct manifest *manifest)
{
  const char **topics = arena_array(arena, manifest->hook_count + 1, sizeof *topics);

  for (size_t i = 0; i < manifest->hook_count; i++)
    topics[i] = manifest->hooks[i].topic;
  return topics;
}

const struct registry_plugin *
registry_about(struct arena *arena, const struct scanned *plugin)
{
  static const char *const none[] = {NULL};
  const struct manifest *manifest = plugin->manifest;
  struct registry_plugin *about = arena_alloc(arena, sizeof *about);

  *about = (struct registry_plugin){.id = plugin->id,
                                    .directory = plugin->directory,
                                    .state = plugin->state,
                                    .reason = plugin->reason,
                                    .commands = none,
                                    .provides = none,
                                    .uses = none,
                                    .requires_ = none,
                                    .hooks = none};
  if (!manifest) return about;
  about->version = manifest->version;
  about->library = manifest->library;
  about->license = manifest->license;
  about->summary = manifest->summary;
  about->abi = manifest->abi;
  about->commands = command_names(arena, manifest);
  about->hooks = hook_topics(arena, manifest);
  about->provides = manifest->provides;
  about->uses = manifest->uses;
  about->requires_ = manifest->requires_;
  return about;
}

clxs_status
registry_all(struct registry *registry, const struct registry_plugin *const **plugins, size_t *count,
             struct err *err)
{
  const struct registry_plugin **made;
  struct scanned *scanned;

  (void)err;
  *count = registry_scan(registry, &scanned);
  made = arena_array(registry->arena, *count + 1, sizeof *made);
  for (size_t i = 0; i < *count; i++)
    made[i] = registry_about(registry->arena, &scanned[i]);
  *plugins = made;
  return CLXS_OK;
}
