/* SPDX-License-Identifier: Apache-2.0 */
/* The search path. It must not open any of the directories. */
#include "plugin/search.h"

#include <clxs/config.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "plugin/policy.h"
#include "plugin/registry.h"

#include "base/banned.h"

#define SEARCH_MAX 64

struct search {
  struct arena *arena;
  struct search_dir *dirs;
  size_t count;
};

static void
add(struct search *search, const char *path, const char *origin)
{
  if (search->count == SEARCH_MAX || path[0] != '/') return;
  for (size_t i = 0; i < search->count; i++)
    if (str_eq(search->dirs[i].path, path)) return;
  search->dirs[search->count++] = (struct search_dir){arena_strdup(search->arena, path), origin};
}

/* The parts of a list such as PATH's. A relative part would make plugins depend on where one stands. */
static void
add_list(struct search *search, const char *list, const char *origin)
{
  while (list && *list) {
    size_t length = strcspn(list, ":");

    if (length > 0) add(search, arena_strndup(search->arena, list, length), origin);
    list += length + (list[length] == ':');
  }
}

static void
add_user(struct search *search)
{
  struct err ignored = ERR_INIT(search->arena);
  const char *data = path_user(search->arena, CLXS_DIR_DATA, &ignored);

  if (data) add(search, path_join(search->arena, data, "plugins"), "user");
}

size_t
search_directories(struct arena *arena, const struct registry_options *options, const struct policy *policy,
                   const struct search_dir **dirs)
{
  struct search search = {.arena = arena, .dirs = arena_array(arena, SEARCH_MAX, sizeof *search.dirs)};
  const char *exe = options->exe ? options->exe : path_executable(arena),
             *beside = path_dirname(arena, exe ? exe : "/");

  if (policy->user_plugins) {
    add_list(&search, secure_getenv("CLXS_PLUGIN_PATH"), "CLXS_PLUGIN_PATH");
    add_user(&search);
  }
  for (size_t i = 0; options->packs && options->packs[i]; i++)
    add(&search, path_join(arena, options->packs[i], "plugins"), "pack");
  /* Before the system's: who runs a build means its plugins. */
  if (path_exists(path_join(arena, beside, "plugins")))
    add(&search, path_join(arena, beside, "plugins"), "build tree");
  add(&search, "/usr/local/lib/clxs/plugins", "system");
  add(&search, path_join(arena, path_dirname(arena, beside), CLXS_LIBDIR "/clxs/plugins"), "system");
  *dirs = search.dirs;
  return search.count;
}
