/* SPDX-License-Identifier: Apache-2.0 */
/* A claim is a locked file. It stays when the claim is given up: whoever removed it could remove the one that
 * the next has just locked. */
#include "kit/plan/claim.h"

#include <clxs/clxs.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"

#include "base/banned.h"

#define ID_MAX 128

struct claim {
  int fd;
};

static clxs_status
fail_io(struct clxs_call *call, const char *what, const char *path)
{
  return clxs_failf(
      call, CLXS_E_IO,
      "nothing was changed; make the directory writable, or set XDG_STATE_HOME to another place",
      "cannot %s %s: %s", what, path, strerror(errno));
}

/* Catalogs that Unity Catalog takes for the same have one file. */
static const char *
claim_path(struct clxs_call *call, const char *workspace, const char *catalog)
{
  const char *state = clxs_config(call)->directory(call, CLXS_DIR_STATE), *directory;
  CLEANUP_BUF struct buf key = BUF_INIT(BUF_LARGE);

  if (!state) return NULL;
  directory = clxs_textf(call, "%s/claims", state);
  if (mkdir(directory, 0700) != 0 && errno != EEXIST) {
    fail_io(call, "make", directory);
    return NULL;
  }
  buf_addf(&key, "%s\n", workspace);
  buf_add_lower(&key, catalog);
  return clxs_textf(call, "%s/%016llx", directory, (unsigned long long)str_hash(key.data, key.len));
}

/* Who has it, as it wrote itself. */
static const char *
holder(struct clxs_call *call, int fd)
{
  char id[ID_MAX + 1];
  ssize_t length = pread(fd, id, ID_MAX, 0);

  id[length > 0 ? length : 0] = '\0';
  id[strcspn(id, "\n")] = '\0';
  return *id ? clxs_textf(call, "operation %s", id) : "another operation";
}

static bool
write_holder(int fd, const char *operation)
{
  size_t length = strlen(operation);

  return ftruncate(fd, 0) == 0 && pwrite(fd, operation, length, 0) == (ssize_t)length;
}

clxs_status
claim_take(struct clxs_call *call, const char *workspace, const char *catalog, const char *operation,
           struct claim **claim)
{
  const char *path = claim_path(call, workspace, catalog);
  CLEANUP_FD int fd = -1;
  bool taken;

  *claim = NULL;
  if (!path) return call->core->error(call)->status;
  fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return fail_io(call, "open", path);
  taken = flock(fd, LOCK_EX | LOCK_NB) == 0;
  if (!taken && errno != EWOULDBLOCK) return fail_io(call, "lock", path);
  if (!taken)
    return clxs_failf(call, CLXS_E_CONFLICT, "wait until it has ended, or stop it; nothing was changed",
                      "%s is changing the catalog %s right now", holder(call, fd), catalog);
  if (!write_holder(fd, operation)) return fail_io(call, "write", path);
  *claim = xcalloc(1, sizeof **claim);
  (*claim)->fd = fd;
  fd = -1;
  return CLXS_OK;
}

void
claim_release(struct claim *claim)
{
  if (!claim) return;
  close(claim->fd);
  free(claim);
}

void
claim_cleanup(struct claim **claim)
{
  claim_release(*claim);
}
