/* SPDX-License-Identifier: Apache-2.0 */
/* Judging plugins side by side. It must not read files. */
#include "plugin/resolve.h"

#include <clxs/clxs.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "cli/builtin.h"
#include "plugin/manifest.h"

#include "base/banned.h"

static const char *const services[] = {
    CLXS_SERVICE_CONFIG, CLXS_SERVICE_SQL,  CLXS_SERVICE_REST,   CLXS_SERVICE_META,   CLXS_SERVICE_CACHE,
    CLXS_SERVICE_OUTPUT, CLXS_SERVICE_JOBS, CLXS_SERVICE_EVENTS, CLXS_SERVICE_INVOKE, CLXS_SERVICE_HTTP};

static bool
is_ok(const struct scanned *plugin)
{
  return str_eq(plugin->state, "ok");
}

clxs_status
resolve_abi(const struct manifest *manifest, struct err *err)
{
  char *end;
  unsigned long major = strtoul(manifest->abi, &end, 10), minor = strtoul(end + 1, NULL, 10);

  if (major == CLXS_ABI_MAJOR && minor <= CLXS_ABI_MINOR) return CLXS_OK;
  err_set(err, CLXS_E_ABI, "%s %s needs plugin ABI %s; this clxs %s has %d.%d", manifest->id,
          manifest->version, manifest->abi, CLXS_VERSION, CLXS_ABI_MAJOR, CLXS_ABI_MINOR);
  if (major < CLXS_ABI_MAJOR)
    err_hint(err, "install a newer %s", manifest->id);
  else
    err_hint(err, "install a newer clxs, or an older %s", manifest->id);
  return CLXS_E_ABI;
}

static bool
is_service(const char *id)
{
  for (size_t i = 0; i < ARRAY_SIZE(services); i++)
    if (str_eq(services[i], id)) return true;
  return false;
}

/* Why the host cannot serve this plugin, or NULL. */
static const char *
unservable(struct arena *arena, const struct manifest *manifest)
{
  struct err err = ERR_INIT(arena);

  if (resolve_abi(manifest, &err) != CLXS_OK) return arena_printf(arena, "%s; %s", err.message, err.hint);
  for (size_t i = 0; manifest->requires_[i]; i++)
    if (!is_service(manifest->requires_[i]))
      return arena_printf(arena,
                          "%s %s requires the service %s, which this clxs %s has not; install a newer clxs",
                          manifest->id, manifest->version, manifest->requires_[i], CLXS_VERSION);
  for (size_t i = 0; i < manifest->command_count; i++)
    for (size_t k = 0; k < builtin_command_count; k++)
      if (str_eq(manifest->commands[i].name, builtin_commands[k].name))
        return arena_printf(arena, "the command \"%s\" is built into clxs and cannot be replaced",
                            manifest->commands[i].name);
  return NULL;
}

static const struct scanned *
earlier(const struct scanned *plugins, size_t index)
{
  for (size_t i = 0; i < index; i++)
    if (str_eq(plugins[i].id, plugins[index].id) && plugins[i].manifest) return &plugins[i];
  return NULL;
}

/* The walk over who uses whom. A plugin that is met again while it is being walked lies on a circle. */
struct walk {
  struct arena *arena;
  struct scanned *plugins;
  size_t count;
  char *mark;   /* 0 not seen, 1 being walked, 2 done */
  size_t *path; /* plugins being walked */
  size_t depth;
};

/* "a uses clxs.cap.x/1 of b, which uses ...": every plugin on the circle is refused with it. */
static void
refuse_circle(struct walk *walk, size_t again)
{
  size_t first = 0;
  const char *text = "";

  while (walk->path[first] != again)
    first++;
  for (size_t i = first; i < walk->depth; i++)
    text = arena_printf(walk->arena, "%s%s -> ", text, walk->plugins[walk->path[i]].id);
  text = arena_printf(walk->arena, "capabilities go round in a circle: %s%s", text, walk->plugins[again].id);
  for (size_t i = first; i < walk->depth; i++) {
    walk->plugins[walk->path[i]].state = "refused";
    walk->plugins[walk->path[i]].reason = text;
  }
}

static void
walk_plugin(struct walk *walk, size_t index)
{
  const struct manifest *manifest = walk->plugins[index].manifest;

  walk->mark[index] = 1;
  walk->path[walk->depth++] = index;
  for (size_t u = 0; manifest->uses[u]; u++)
    for (size_t i = 0; i < walk->count; i++) {
      if (!is_ok(&walk->plugins[i]) || !str_listed(walk->plugins[i].manifest->provides, manifest->uses[u]))
        continue;
      if (walk->mark[i] == 1) refuse_circle(walk, i);
      if (walk->mark[i] == 0) walk_plugin(walk, i);
    }
  walk->depth--;
  walk->mark[index] = 2;
}

static void
refuse_circles(struct arena *arena, struct scanned *plugins, size_t count)
{
  struct walk walk = {.arena = arena, .plugins = plugins, .count = count};

  walk.mark = arena_alloc(arena, count + 1);
  walk.path = arena_array(arena, count + 1, sizeof *walk.path);
  for (size_t i = 0; i < count; i++)
    if (is_ok(&plugins[i]) && walk.mark[i] == 0) walk_plugin(&walk, i);
}

void
resolve_plugins(struct arena *arena, struct scanned *plugins, size_t count, const char *const *disabled)
{
  for (size_t i = 0; i < count; i++) {
    struct scanned *plugin = &plugins[i];
    const struct scanned *before = earlier(plugins, i);
    const char *why;

    if (!is_ok(plugin)) continue;
    if (str_listed(disabled, plugin->id)) {
      plugin->state = "refused";
      plugin->reason = "disabled by configuration";
    } else if (before && is_ok(before)) {
      plugin->state = "shadowed";
      plugin->reason =
          arena_printf(arena, "%s in %s comes first in the search path", before->id, before->directory);
    } else if ((why = unservable(arena, plugin->manifest))) {
      plugin->state = "refused";
      plugin->reason = why;
    }
  }
  refuse_circles(arena, plugins, count);
}
