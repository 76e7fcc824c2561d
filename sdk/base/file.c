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

int
file_put(int fd, const void *bytes, size_t length)
{
  const char *at = bytes;

  while (length) {
    ssize_t done = write(fd, at, length);

    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return errno;
    at += done;
    length -= (size_t)done;
  }
  return 0;
}

static char *
directory_of(const char *path)
{
  const char *slash = strrchr(path, '/');

  if (!slash) return xstrdup(".");
  return slash == path ? xstrdup("/") : xstrndup(path, (size_t)(slash - path));
}

int
file_sync_directory(const char *path)
{
  CLEANUP_FREE char *directory = directory_of(path);
  CLEANUP_FD int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL)) return errno;
  return 0;
}

int
file_make_directory(const char *path, mode_t mode)
{
  CLEANUP_FREE char *parent = directory_of(path);
  struct stat about;
  int error;

  if (stat(path, &about) == 0) return S_ISDIR(about.st_mode) ? 0 : ENOTDIR;
  if (errno != ENOENT) return errno;
  if (strcmp(parent, path) != 0 && (error = file_make_directory(parent, mode)) != 0) return error;
  return mkdir(path, mode) == 0 || errno == EEXIST ? 0 : errno;
}

/* A new file beside PATH, whose name is put into TEMPORARY (the caller's to free). */
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

static int
fill(int fd, const void *bytes, size_t length, mode_t mode, const char **doing)
{
  int error;

  *doing = "set the mode of";
  if (mode && fchmod(fd, mode) != 0) return errno;
  *doing = "write";
  error = file_put(fd, bytes, length);
  if (error) return error;
  return fsync(fd) == 0 ? 0 : errno;
}

static int
replace(const char *path, const void *bytes, size_t length, mode_t mode, const char **doing)
{
  CLEANUP_FREE char *temporary = NULL;
  CLEANUP_FD int fd = -1;
  int error;

  *doing = "make a temporary file beside";
  fd = open_beside(path, mode, &temporary);
  if (fd < 0) return errno;
  error = fill(fd, bytes, length, mode, doing);
  if (!error && rename(temporary, path) != 0) {
    error = errno;
    *doing = "put in its place";
  }
  if (error) {
    (void)unlink(temporary);
    return error;
  }
  (void)file_sync_directory(path);
  return 0;
}

int
file_write(const char *path, const void *bytes, size_t length, mode_t mode, const char **doing)
{
  CLEANUP_FREE char *real = NULL;
  CLEANUP_FD int fd = -1;
  struct stat about;

  if (stat(path, &about) != 0) return replace(path, bytes, length, mode, doing);
  if (S_ISREG(about.st_mode)) {
    real = realpath(path, NULL);
    return replace(real ? real : path, bytes, length, mode, doing);
  }
  *doing = "write";
  fd = open(path, O_WRONLY | O_CLOEXEC);
  return fd < 0 ? errno : file_put(fd, bytes, length);
}
