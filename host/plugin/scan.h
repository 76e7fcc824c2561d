/* SPDX-License-Identifier: Apache-2.0 */
/* Every plugin that lies in the search path, with its manifest read: the slow way, taken when the index is
 * stale. */
#ifndef CLXS_HOST_PLUGIN_SCAN_H
#define CLXS_HOST_PLUGIN_SCAN_H

#include <clxs/status.h>
#include <stddef.h>
#include <stdint.h>

#include "plugin/search.h"

struct arena;
struct manifest;

/* When and what a file was; all zero where there is none. */
struct scan_stamp {
  int64_t mtime_ns;
  uint64_t size, inode;
};
struct scan_stamp scan_stamp(const char *path);

/* One directory with a plugin.json. */
struct scanned {
  const char *id;        /* of the manifest, or the directory's name when it cannot be read */
  const char *directory; /* as found, not resolved */
  const char *origin;    /* of the search directory */
  struct scan_stamp stamp;
  const struct manifest *manifest; /* NULL when it cannot be read */
  const char *state, *reason;      /* "ok", "invalid" or "refused" here; resolve adds to it */
};

/* All of them, in the order of the search path and by name within a directory. Never fails: what is wrong
 * with one is its state and reason. Returns the count. */
size_t scan_plugins(struct arena *arena, const struct search_dir *dirs, size_t dir_count,
                    struct scanned **plugins);
/* A hash over the names and stamps of all manifests in the search path, to tell whether anything has changed;
 * and the newest mtime among manifests and directories. */
uint64_t scan_fingerprint(struct arena *arena, const struct search_dir *dirs, size_t dir_count,
                          int64_t *newest_ns);

#endif
