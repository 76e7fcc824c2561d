/* SPDX-License-Identifier: Apache-2.0 */
/* Files in volumes, as the Files API shows them: whole trees of them listed, single ones copied. It must not
 * know what a plan is. https://docs.databricks.com/api/workspace/files */
#ifndef CLXS_KIT_FILES_FILES_H
#define CLXS_KIT_FILES_FILES_H

#include <clxs/call.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

struct arena;
struct buf;

/* The most that one upload may hold. */
#define FILES_MAX (INT64_C(5) << 30)

struct files_volume {
  const char *catalog, *schema, *name;
  const char *workspace; /* as in struct clxs_request */
};

/* The path of a request: COLLECTION is "files" or "directories"; PATH is inside the volume, without a slash
 * at its ends, "" for the volume itself. Every part is percent-encoded. */
void files_add_path(struct buf *buf, const char *collection, const struct files_volume *volume,
                    const char *path);

/* "0 B", "1023 B", "1.5 MiB". */
void files_add_size(struct buf *buf, int64_t bytes);

struct files_entry {
  const char *path; /* inside the volume */
  bool directory;
  bool filled;               /* a directory with something in it */
  int64_t size, modified_ms; /* of files */
};

/* A directory that cannot be listed. What is in it is unknown, which is not the same as nothing. */
struct files_problem {
  const char *path, *reason, *error_class;
};

struct files_tree {
  struct files_volume volume;      /* the caller's */
  struct arena *arena;             /* of all texts */
  VEC(struct files_entry) entries; /* by path, in the order of bytes */
  VEC(struct files_problem) problems;
  bool absent; /* there is no such volume */
};

/* [call thread] Fill in TREES (zero but for their volumes), WIDTH requests at a time: one for each page of
 * each directory. A directory that vanishes meanwhile is empty. CLXS_OK also with problems; a negative status
 * when nothing more can be asked: cancelled, no login, service away. Free each tree in either case. */
clxs_status files_list(struct clxs_call *call, struct files_tree *trees, size_t count, uint32_t width,
                       const char *progress);
void files_tree_free(struct files_tree *tree);
/* The entry at PATH, NULL when there is none. */
const struct files_entry *files_find(const struct files_tree *tree, const char *path);
/* The problem of PATH or of a directory above it, NULL when all that is there is known. */
const struct files_problem *files_find_problem(const struct files_tree *tree, const char *path);

/* One end of a copy: the path of a request, and the workspace that it goes to. */
struct files_place {
  const char *path, *workspace;
};

/* [call thread] How large the file is and when it was written (full seconds). CLXS_E_NOT_FOUND when it is not
 * there. */
clxs_status files_look(struct clxs_call *call, const struct files_place *file, int64_t *size,
                       int64_t *modified_ms);
/* [call thread] Copy FROM to TO, in pieces that pass through memory, and make sure that it arrived whole.
 * What is at TO is replaced, directories above it are made. BYTES is what was copied. CLXS_E_CONFLICT when
 * FROM changed meanwhile. */
clxs_status files_copy(struct clxs_call *call, const struct files_place *from, const struct files_place *to,
                       const char *purpose, int64_t *bytes);

#endif
