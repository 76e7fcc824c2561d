/* SPDX-License-Identifier: Apache-2.0 */
/* Unnamed temporary files. They must not outlive the request, so they never get a name. */
#include "http/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/banned.h"

int
spool_open(void)
{
  const char *directory = getenv("TMPDIR");
  int fd = open(directory && *directory ? directory : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  /* Some file systems know no O_TMPFILE; memory will do there. */
  return fd >= 0 ? fd : memfd_create("clxs-sandbox-upload", MFD_CLOEXEC);
}

bool
spool_write(int fd, const char *bytes, size_t size)
{
  while (size > 0) {
    ssize_t wrote = write(fd, bytes, size);

    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    bytes += wrote;
    size -= (size_t)wrote;
  }
  return true;
}

bool
spool_read(int fd, int64_t offset, char *out, size_t length)
{
  while (length > 0) {
    ssize_t got = pread(fd, out, length, offset);

    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    out += got;
    offset += got;
    length -= (size_t)got;
  }
  return true;
}

void
spool_close(int fd)
{
  if (fd >= 0) close(fd);
}
