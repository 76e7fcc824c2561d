/* SPDX-License-Identifier: Apache-2.0 */
/* Scope cleanup: a local declared with CLEANUP(fn) is handed to fn by address when its scope ends, on every
 * path. A GNU extension, fine in the host and in plugins, and therefore never used in sdk/include. */
#ifndef CLXS_BASE_CLEANUP_H
#define CLXS_BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(fn) __attribute__((cleanup(fn)))

static inline void
cleanup_free(void *where)
{
  free(*(void **)where);
}

static inline void
cleanup_fd(int *fd)
{
  if (*fd >= 0) close(*fd);
}

static inline void
cleanup_file(FILE **file)
{
  if (*file) fclose(*file);
}

#define CLEANUP_FREE CLEANUP(cleanup_free)
#define CLEANUP_FD CLEANUP(cleanup_fd)
#define CLEANUP_FILE CLEANUP(cleanup_file)

/* TAKE(p): the value of p, and p set to NULL, so that its cleanup has nothing left to do. */
#define TAKE(p)              \
  __extension__({            \
    __auto_type take_ = (p); \
    (p) = NULL;              \
    take_;                   \
  })

#endif
