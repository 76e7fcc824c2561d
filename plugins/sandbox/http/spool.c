/* SPDX-License-Identifier: Apache-2.0 */
/* Unnamed temporary files. They must not outlive the request, so they never get a name. */
#include "http/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"

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

const void *
spool_map(int fd, int64_t size)
{
  void *bytes;

  if (size == 0) return buf_empty;
  bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
  return bytes == MAP_FAILED ? NULL : bytes;
}

void
spool_unmap(const void *bytes, int64_t size)
{
  if (size > 0) munmap((void *)(uintptr_t)bytes, (size_t)size);
}

void
spool_close(int fd)
{
  if (fd >= 0) close(fd);
}
