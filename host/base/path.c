/* SPDX-License-Identifier: Apache-2.0 */
/* Names and places: see path.h. Reading and replacing files is in path_file.c. */
#include "base/path.h"

#include <clxs/config.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/str.h"

#include "base/banned.h"

char *
path_join(struct arena *arena, const char *directory, const char *name)
{
  if (!directory || !*directory || name[0] == '/') return arena_strdup(arena, name);
  if (str_ends(directory, "/")) return arena_printf(arena, "%s%s", directory, name);
  return arena_printf(arena, "%s/%s", directory, name);
}

char *
path_dirname(struct arena *arena, const char *path)
{
  size_t length = strlen(path);

  while (length > 1 && path[length - 1] == '/')
    length--;
  while (length > 0 && path[length - 1] != '/')
    length--;
  if (length == 0) return arena_strdup(arena, ".");
  while (length > 1 && path[length - 1] == '/')
    length--;
  return arena_strndup(arena, path, length);
}

const char *
path_basename(const char *path)
{
  const char *slash = strrchr(path, '/');

  return slash ? slash + 1 : path;
}

const char *
path_home(struct arena *arena)
{
  const char *home = secure_getenv("HOME");
  char space[4096];
  struct passwd user, *found = NULL;

  if (home && home[0] == '/') return arena_strdup(arena, home);
  if (getpwuid_r(geteuid(), &user, space, sizeof space, &found) != 0 || !found) return NULL;
  return found->pw_dir && found->pw_dir[0] == '/' ? arena_strdup(arena, found->pw_dir) : NULL;
}

char *
path_expand(struct arena *arena, const char *path)
{
  const char *home;

  if (path[0] != '~' || (path[1] != '\0' && path[1] != '/')) return arena_strdup(arena, path);
  home = path_home(arena);
  if (!home) return arena_strdup(arena, path);
  return arena_printf(arena, "%s%s", home, path + 1);
}

static const struct place {
  int32_t which;
  const char *variable, *below_home;
} places[] = {
    {CLXS_DIR_STATE, "XDG_STATE_HOME", ".local/state"},
    {CLXS_DIR_CACHE, "XDG_CACHE_HOME", ".cache"},
    {CLXS_DIR_CONFIG, "XDG_CONFIG_HOME", ".config"},
    {CLXS_DIR_DATA, "XDG_DATA_HOME", ".local/share"},
};

const char *
path_user(struct arena *arena, int32_t which, struct err *err)
{
  for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
    const struct place *place = &places[i];
    const char *base, *home;

    if (place->which != which) continue;
    base = secure_getenv(place->variable);
    if (base && base[0] == '/') return path_join(arena, base, "clxs");
    home = path_home(arena);
    if (!home) {
      err_set(err, CLXS_E_CONFIG, "this user has no home directory: neither %s nor HOME is set",
              place->variable);
      err_hint(err, "set HOME, or %s to an absolute directory", place->variable);
      return NULL;
    }
    return arena_printf(arena, "%s/%s/clxs", home, place->below_home);
  }
  err_set(err, CLXS_E_INTERNAL, "there is no user directory number %d", (int)which);
  return NULL;
}

static clxs_status
make_one(const char *directory, struct err *err)
{
  struct stat about;

  if (mkdir(directory, 0700) == 0) return CLXS_OK;
  if (errno == EEXIST || errno == EROFS || errno == EACCES) {
    int why = errno;

    if (stat(directory, &about) == 0) {
      if (S_ISDIR(about.st_mode)) return CLXS_OK;
      why = ENOTDIR;
    }
    errno = why;
  }
  return err_errno(err, "cannot make directory %s", directory);
}

clxs_status
path_make(const char *directory, struct err *err)
{
  CLEANUP_FREE char *path = xstrdup(directory);
  struct stat about;

  if (stat(directory, &about) == 0 && S_ISDIR(about.st_mode)) return CLXS_OK;
  for (char *at = path + 1; *at; at++) {
    clxs_status status;

    if (*at != '/') continue;
    *at = '\0';
    status = make_one(path, err);
    *at = '/';
    if (status != CLXS_OK) return status;
  }
  return make_one(path, err);
}

bool
path_exists(const char *path)
{
  struct stat about;

  return lstat(path, &about) == 0;
}

const char *
path_executable(struct arena *arena)
{
  CLEANUP_FREE char *path = realpath("/proc/self/exe", NULL);

  return arena_strdup(arena, path);
}
