/* SPDX-License-Identifier: Apache-2.0 */
/* Owners and modes along a path, the way ssh looks at its keys. It must not know what the path is for. */
#include "plugin/trust.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"

#include "base/banned.h"

/* One component. LAST: sticky does not excuse it. */
static clxs_status
check_component(const char *path, bool last, struct stat *info, struct err *err)
{
  if (lstat(path, info) != 0) return err_errno(err, "cannot look at %s", path);
  if (info->st_uid != 0 && info->st_uid != geteuid()) {
    err_set(err, CLXS_E_CONFIG, "%s belongs to another user (uid %u)", path, (unsigned)info->st_uid);
    err_hint(err, "plugins are loaded only from places that root or you own");
    return CLXS_E_CONFIG;
  }
  if ((info->st_mode & (S_IWGRP | S_IWOTH)) == 0) return CLXS_OK;
  if (S_ISDIR(info->st_mode) && (info->st_mode & S_ISVTX) && !last) return CLXS_OK;
  err_set(err, CLXS_E_CONFIG, "%s can be changed by %s (mode %04o)", path,
          info->st_mode & S_IWOTH ? "everybody" : "its group", (unsigned)(info->st_mode & 07777));
  err_hint(err, "run: chmod go-w '%s'", path);
  return CLXS_E_CONFIG;
}

/* Every component of the resolved path REAL that is longer than its first FROM bytes. */
static clxs_status
check_components(struct arena *arena, const char *real, size_t from, struct stat *info, struct err *err)
{
  for (const char *p = real + from; *p;) {
    const char *end = p + 1 + strcspn(p + 1, "/");
    clxs_status status;

    status = check_component(arena_strndup(arena, real, (size_t)(end - real)), *end == '\0', info, err);
    if (status != CLXS_OK) return status;
    p = end;
  }
  return CLXS_OK;
}

clxs_status
trust_path(struct arena *arena, const char *path, const char **real, struct err *err)
{
  CLEANUP_FREE char *resolved = realpath(path, NULL);
  struct stat info;
  clxs_status status;

  if (!resolved) return err_errno(err, "cannot resolve %s", path);
  status = check_component("/", false, &info, err);
  if (status == CLXS_OK && !str_eq(resolved, "/")) status = check_components(arena, resolved, 0, &info, err);
  if (status == CLXS_OK) *real = arena_strdup(arena, resolved);
  return status;
}

clxs_status
trust_within(struct arena *arena, const char *directory, const char *name, bool file, const char **real,
             struct err *err)
{
  const char *path = path_join(arena, directory, name);
  CLEANUP_FREE char *resolved = realpath(path, NULL);
  size_t length = strlen(directory);
  struct stat info;
  clxs_status status;

  if (!resolved) return err_errno(err, "cannot resolve %s", path);
  if (!str_starts(resolved, directory) || resolved[length] != '/') {
    err_set(err, CLXS_E_CONFIG, "%s is a link that leads out of its directory, to %s", path, resolved);
    err_hint(err, "put the file itself there");
    return CLXS_E_CONFIG;
  }
  status = check_components(arena, resolved, length, &info, err);
  if (status != CLXS_OK) return status;
  if (file ? !S_ISREG(info.st_mode) : !S_ISDIR(info.st_mode))
    return err_set(err, CLXS_E_CONFIG, "%s is no %s", path, file ? "regular file" : "directory");
  *real = arena_strdup(arena, resolved);
  return CLXS_OK;
}
