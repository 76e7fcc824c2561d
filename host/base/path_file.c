/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a file whole and replacing a file whole: see path.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/file.h"
#include "base/path.h"

#include "base/banned.h"

/* Up to SIZE bytes; fewer at the end of the file, -1 with errno on failure. */
static ssize_t
read_full(int fd, char *to, size_t size)
{
  size_t done = 0;

  while (done < size) {
    ssize_t got = read(fd, to + done, size - done);

    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    done += (size_t)got;
  }
  return (ssize_t)done;
}

/* /dev/null, by which people say "an empty file". */
static bool
is_null_device(const struct stat *about)
{
  return S_ISCHR(about->st_mode) && about->st_rdev == makedev(1, 3);
}

clxs_status
path_read(struct arena *arena, const char *path, size_t maximum, char **text, size_t *length, struct err *err)
{
  CLEANUP_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat about;
  size_t size;
  ssize_t got;

  if (fd < 0) return err_errno(err, "cannot open %s", path);
  if (fstat(fd, &about) != 0) return err_errno(err, "cannot examine %s", path);
  if (!S_ISREG(about.st_mode) && !is_null_device(&about))
    return err_set(err, CLXS_E_IO, "cannot read %s: it is not a regular file", path);
  if ((uintmax_t)about.st_size > maximum) {
    return err_set(err, CLXS_E_IO, "cannot read %s: it has %jd bytes, more than the %zu that are sensible",
                   path, (intmax_t)about.st_size, maximum);
  }
  size = (size_t)about.st_size;
  *text = arena_alloc(arena, size + 1);
  got = read_full(fd, *text, size);
  if (got < 0) return err_errno(err, "cannot read %s", path);
  (*text)[got] = '\0';
  if (length) *length = (size_t)got;
  return CLXS_OK;
}

clxs_status
path_write(const char *path, const void *bytes, size_t length, mode_t mode, struct err *err)
{
  const char *what;

  return file_replace(path, bytes, length, mode, &what) ? CLXS_OK
                                                        : err_errno(err, "cannot %s %s", what, path);
}
