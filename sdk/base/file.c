/* SPDX-License-Identifier: Apache-2.0 */
/* See file.h. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"

#include "base/banned.h"

#define TRIES 8

bool
file_put(int fd, const void *bytes, size_t length)
{
  const char *at = bytes;

  while (length) {
    ssize_t done = write(fd, at, length);

    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return false;
    at += done;
    length -= (size_t)done;
  }
  return true;
}

bool
file_sync_directory(const char *path)
{
  const char *slash = strrchr(path, '/');
  CLEANUP_FREE char *directory =
      slash ? xstrndup(path, slash == path ? 1 : (size_t)(slash - path)) : xstrdup(".");
  CLEANUP_FD int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  return fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
}

/* A new file beside PATH, whose name is put into TEMPORARY (the caller's to free); -1 with errno. */
static int
open_beside(const char *path, mode_t mode, char **temporary)
{
  size_t size = strlen(path) + 32;

  *temporary = xcalloc(size, 1);
  for (int i = 0; i < TRIES; i++) {
    unsigned char random[6] = {0};
    int fd;

    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) return -1;
    snprintf(*temporary, size, "%s.%02x%02x%02x%02x%02x%02x", path, random[0], random[1], random[2],
             random[3], random[4], random[5]);
    fd = open(*temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode ? 0600 : 0666);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}

static bool
fill(int fd, const void *bytes, size_t length, mode_t mode, const char **what)
{
  *what = "write";
  if (!file_put(fd, bytes, length)) return false;
  *what = "set the mode of";
  if (mode && fchmod(fd, mode) != 0) return false;
  *what = "write to disk";
  return fsync(fd) == 0;
}

static bool
replace(const char *path, const void *bytes, size_t length, mode_t mode, const char **what)
{
  CLEANUP_FREE char *temporary = NULL;
  CLEANUP_FD int fd = open_beside(path, mode, &temporary);
  bool done;
  int saved;

  *what = "make a temporary file beside";
  if (fd < 0) return false;
  done = fill(fd, bytes, length, mode, what);
  if (done) {
    *what = "put in place";
    done = rename(temporary, path) == 0;
  }
  if (done) {
    (void)file_sync_directory(path);
    return true;
  }
  saved = errno;
  (void)unlink(temporary);
  errno = saved;
  return false;
}

bool
file_replace(const char *path, const void *bytes, size_t length, mode_t mode, const char **what)
{
  CLEANUP_FREE char *real = NULL;
  CLEANUP_FD int fd = -1;
  struct stat about;

  if (stat(path, &about) != 0) return replace(path, bytes, length, mode, what);
  if (S_ISREG(about.st_mode)) {
    real = realpath(path, NULL);
    return replace(real ? real : path, bytes, length, mode, what);
  }
  *what = "write";
  fd = open(path, O_WRONLY | O_CLOEXEC);
  return fd >= 0 && file_put(fd, bytes, length);
}

bool
file_make_parents(const char *path)
{
  CLEANUP_FREE char *parent = xstrdup(path);

  for (char *at = parent + 1; *at; at++) {
    if (*at != '/') continue;
    *at = '\0';
    if (mkdir(parent, 0777) != 0 && errno != EEXIST) return false;
    *at = '/';
  }
  return true;
}
