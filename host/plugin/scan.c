/* SPDX-License-Identifier: Apache-2.0 */
/* Reading directories and manifests. It must not know which of two plugins wins. */
#include "plugin/scan.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "base/vec.h"
#include "plugin/manifest.h"
#include "plugin/trust.h"

#include "base/banned.h"

struct scan_stamp
scan_stamp(const char *path)
{
  struct stat info;

  if (stat(path, &info) != 0) return (struct scan_stamp){0};
  return (struct scan_stamp){.mtime_ns = (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec,
                             .size = (uint64_t)info.st_size,
                             .inode = (uint64_t)info.st_ino};
}

/* The first thing wrong with a plugin is what is said of it. */
static void
judge(struct arena *arena, struct scanned *plugin, const char *state, const struct err *err)
{
  if (!str_eq(plugin->state, "ok")) return;
  plugin->state = state;
  plugin->reason =
      err->hint ? arena_printf(arena, "%s; %s", err->message, err->hint) : arena_strdup(arena, err->message);
}

static void
read_plugin(struct arena *arena, const struct search_dir *dir, const char *name, struct scanned *plugin)
{
  struct err err = ERR_INIT(arena);
  const char *file, *real_dir, *real;

  plugin->directory = path_join(arena, dir->path, name);
  plugin->origin = dir->origin;
  plugin->id = arena_strdup(arena, name);
  plugin->state = "ok";
  file = path_join(arena, plugin->directory, "plugin.json");
  plugin->stamp = scan_stamp(file);
  if (trust_path(arena, dir->path, &real_dir, &err) != CLXS_OK ||
      trust_within(arena, real_dir, name, false, &real, &err) != CLXS_OK ||
      trust_within(arena, real, "plugin.json", true, &file, &err) != CLXS_OK)
    judge(arena, plugin, "refused", &err);
  err_clear(&err);
  if (manifest_read(arena, file, &plugin->manifest, &err) != CLXS_OK ||
      manifest_lint(arena, plugin->manifest, &err) != CLXS_OK)
    judge(arena, plugin, "invalid", &err);
  if (plugin->manifest) plugin->id = plugin->manifest->id;
}

static int
by_name(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names in DIR that have a plugin.json, sorted. */
static size_t
plugin_names(struct arena *arena, const char *dir, const char ***names)
{
  VEC(const char *) found = {0};
  DIR *stream = opendir(dir);
  size_t count;

  for (struct dirent *entry; stream && (entry = readdir(stream));) {
    if (entry->d_name[0] == '.') continue;
    if (path_exists(arena_printf(arena, "%s/%s/plugin.json", dir, entry->d_name)))
      *VEC_ADD(&found) = arena_strdup(arena, entry->d_name);
  }
  if (stream) closedir(stream);
  count = found.count;
  *names = arena_array(arena, count + 1, sizeof **names);
  if (count > 0) {
    memcpy(*names, found.at, count * sizeof **names);
    qsort(*names, count, sizeof **names, by_name);
  }
  VEC_FREE(&found);
  return count;
}

size_t
scan_plugins(struct arena *arena, const struct search_dir *dirs, size_t dir_count, struct scanned **plugins)
{
  VEC(struct scanned) found = {0};
  size_t count;

  for (size_t i = 0; i < dir_count; i++) {
    const char **names;
    size_t name_count = plugin_names(arena, dirs[i].path, &names);

    for (size_t k = 0; k < name_count; k++)
      read_plugin(arena, &dirs[i], names[k], VEC_ADD(&found));
  }
  count = found.count;
  *plugins = arena_array(arena, count + 1, sizeof **plugins);
  if (count > 0) memcpy(*plugins, found.at, count * sizeof **plugins);
  VEC_FREE(&found);
  return count;
}

/* Owner and mode, which trust depends on and no mtime tells of. */
static uint64_t
add_owner(uint64_t hash, const char *path)
{
  struct stat info;
  unsigned owner[2] = {0, 0};

  if (lstat(path, &info) == 0) {
    owner[0] = info.st_uid;
    owner[1] = info.st_mode;
  }
  return str_hash_more(hash, owner, sizeof owner);
}

uint64_t
scan_fingerprint(struct arena *arena, const struct search_dir *dirs, size_t dir_count, int64_t *newest_ns)
{
  uint64_t hash = str_hash("", 0);

  *newest_ns = 0;
  for (size_t i = 0; i < dir_count; i++) {
    const char **names;
    size_t count = plugin_names(arena, dirs[i].path, &names);
    int64_t mtime = scan_stamp(dirs[i].path).mtime_ns;

    if (mtime > *newest_ns) *newest_ns = mtime;
    hash = add_owner(str_hash_more(hash, dirs[i].path, strlen(dirs[i].path) + 1), dirs[i].path);
    for (size_t k = 0; k < count; k++) {
      const char *file = arena_printf(arena, "%s/%s/plugin.json", dirs[i].path, names[k]);
      struct scan_stamp stamp = scan_stamp(file);

      hash = str_hash_more(hash, names[k], strlen(names[k]) + 1);
      hash = add_owner(str_hash_more(hash, &stamp, sizeof stamp), file);
      hash = add_owner(hash, arena_printf(arena, "%s/%s", dirs[i].path, names[k]));
      if (stamp.mtime_ns > *newest_ns) *newest_ns = stamp.mtime_ns;
    }
  }
  return hash;
}
