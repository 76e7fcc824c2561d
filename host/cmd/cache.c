/* SPDX-License-Identifier: Apache-2.0 */
/* `clxs cache stats`, `clear` and `invalidate`: cached listings live as long as one run; what is kept between
 * runs is the index of commands and the last verified login, files in the user's cache directory that can be
 * made again. */
#include <clxs/config.h>
#include <dirent.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/path.h"
#include "base/str.h"
#include "cache/cache.h"
#include "cli/args.h"
#include "cmd/cmd.h"
#include "conf/conf.h"
#include "out/out.h"

#include "base/banned.h"

/* What clxs itself puts there; plugins' files are theirs. */
static bool
is_ours(const char *name)
{
  return str_starts(name, "index-") || str_starts(name, "auth-");
}

static void
close_directory(DIR **directory)
{
  if (*directory) closedir(*directory);
}

struct kept {
  uint64_t files, bytes;
};

/* Count our files in PATH, and delete them if REMOVE. A directory that is not there holds none. */
static clxs_status
walk(struct app *app, const char *path, bool remove, struct kept *kept, struct err *err)
{
  __attribute__((cleanup(close_directory))) DIR *directory = opendir(path);
  const struct dirent *entry;

  while (directory && (entry = readdir(directory)) != NULL) {
    const char *file = path_join(app->arena, path, entry->d_name);
    struct stat about;

    if (!is_ours(entry->d_name) || lstat(file, &about) != 0 || !S_ISREG(about.st_mode)) continue;
    kept->files++;
    kept->bytes += (uint64_t)about.st_size;
    if (remove && unlink(file) != 0) return err_errno(err, "cannot remove %s", file);
  }
  return CLXS_OK;
}

clxs_status
cmd_cache_stats(struct app *app, const struct args *args, struct err *err)
{
  CLEANUP_JSON struct json_object *object = json_object_new_object();
  const char *path = path_user(app->arena, CLXS_DIR_CACHE, err), *text;
  struct cache_stats stats = {0};
  struct kept kept = {0};
  clxs_status status;

  (void)args;
  if (!path) return err->status;
  status = walk(app, path, false, &kept, err);
  if (status != CLXS_OK) return status;
  cache_read_stats(app->cache, &stats);
  json_add_text(object, "directory", path);
  json_add_int(object, "files", (int64_t)kept.files);
  json_add_int(object, "file_bytes", (int64_t)kept.bytes);
  json_add_int(object, "ttl_seconds", conf_int(app->conf_, "cache.ttl", 0) / 1000);
  json_add_int(object, "max_bytes", conf_int(app->conf_, "cache.max_bytes", 0));
  json_add_int(object, "entries", (int64_t)stats.entries);
  json_add_int(object, "bytes", (int64_t)stats.bytes);
  json_add_int(object, "hits", (int64_t)stats.hits);
  json_add_int(object, "misses", (int64_t)stats.misses);
  text = json_text(object);
  return out_document(app->out, text, strlen(text), err);
}

static clxs_status
report(struct app *app, const char *key, uint64_t count, const char *line, struct err *err)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_SQL);

  if (out_format(app->out) == CLXS_FORMAT_TEXT) return out_text(app->out, line, err);
  buf_addf(&json, "{\"%s\":%" PRIu64 "}", key, count);
  return out_document(app->out, json.data, json.len, err);
}

clxs_status
cmd_cache_clear(struct app *app, const struct args *args, struct err *err)
{
  const char *path = path_user(app->arena, CLXS_DIR_CACHE, err);
  struct kept kept = {0};
  clxs_status status;

  (void)args;
  if (!path) return err->status;
  if (app->cache) cache_drop(app->cache, "");
  status = walk(app, path, true, &kept, err);
  if (status != CLXS_OK) return status;
  return report(app, "removed", kept.files,
                arena_printf(app->arena, "Removed %" PRIu64 " files (%" PRIu64 " bytes) from %s.", kept.files,
                             kept.bytes, path),
                err);
}

clxs_status
cmd_cache_invalidate(struct app *app, const struct args *args, struct err *err)
{
  const char *catalog = args_text(args, "catalog", 0);
  size_t dropped = cache_drop(app->cache, "");

  return report(app, "dropped", dropped,
                arena_printf(app->arena, "Nothing is cached about %s any more.", catalog), err);
}
