/* SPDX-License-Identifier: Apache-2.0 */
/* See file.h. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"

#include "base/banned.h"

static bool
write_full(int fd, const char *from, size_t size)
{
  while (size > 0) {
    ssize_t put = write(fd, from, size);

    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    from += put;
    size -= (size_t)put;
  }
  return true;
}

/* What was renamed is only safe once the directory is on disk; a file system that cannot sync one is let be.
 */
static void
sync_directory(const char *path)
{
  const char *slash = strrchr(path, '/');
  CLEANUP_FREE char *directory =
      slash ? xstrndup(path, slash == path ? 1 : (size_t)(slash - path)) : xstrdup(".");
  CLEANUP_FD int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd >= 0) (void)fsync(fd);
}

static bool
fill(int fd, const void *bytes, size_t length, mode_t mode, const char **what)
{
  *what = "write";
  if (!write_full(fd, bytes, length)) return false;
  *what = "set the mode of";
  if (fchmod(fd, mode) != 0) return false;
  *what = "write to disk";
  return fsync(fd) == 0;
}

bool
file_replace(const char *path, const void *bytes, size_t length, mode_t mode, const char **what)
{
  CLEANUP_BUF struct buf temporary = BUF_INIT(BUF_SQL);
  bool done;
  int saved;

  buf_addf(&temporary, "%s.XXXXXX", path);
  CLEANUP_FD int fd = mkostemp(temporary.data, O_CLOEXEC);
  *what = "make a temporary file beside";
  if (fd < 0) return false;
  done = fill(fd, bytes, length, mode, what);
  if (done) {
    *what = "put in place";
    done = rename(temporary.data, path) == 0;
  }
  if (done) {
    sync_directory(path);
    return true;
  }
  saved = errno;
  (void)unlink(temporary.data);
  errno = saved;
  return false;
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
