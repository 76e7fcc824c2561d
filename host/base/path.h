/* SPDX-License-Identifier: Apache-2.0 */
/* Files and directories of this user: names, places by the XDG Base Directory Specification
 * (https://specifications.freedesktop.org/basedir-spec/latest/), and files that are read or replaced whole.
 * It must not know what any of them contains. */
#ifndef CLXS_HOST_BASE_PATH_H
#define CLXS_HOST_BASE_PATH_H

#include <clxs/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;
struct err;

/* DIRECTORY/NAME; NAME alone when it is absolute or DIRECTORY is NULL or empty. */
char *path_join(struct arena *arena, const char *directory, const char *name);
/* What is in front of the last slash: "/a/b" gives "/a", "/a" gives "/", "a" gives ".". */
char *path_dirname(struct arena *arena, const char *path);
/* What is behind the last slash; points into PATH. */
const char *path_basename(const char *path);
/* PATH with a leading "~" or "~/" replaced by the home directory; others as they are. */
char *path_expand(struct arena *arena, const char *path);
/* This user's home directory: $HOME (by secure_getenv) when absolute, else from the user database; NULL when
 * neither says. */
const char *path_home(struct arena *arena);

/* The directory WHICH (CLXS_DIR_ of clxs/config.h) of clxs for this user: "$XDG_STATE_HOME/clxs" and so on,
 * with the specification's defaults; relative values of the variables are ignored as it demands. Not made:
 * see path_make. NULL with CLXS_E_CONFIG recorded when there is neither variable nor home directory. */
const char *path_user(struct arena *arena, int32_t which, struct err *err);
/* Make DIRECTORY and everything above it that is missing, with mode 0700. Fine when it exists already. */
clxs_status path_make(const char *directory, struct err *err);
/* Whether PATH exists (as anything at all). */
bool path_exists(const char *path);
/* The running executable, links resolved; NULL when the system does not say. */
const char *path_executable(struct arena *arena);

/* All of the regular file PATH (or nothing, of /dev/null), with a NUL behind it, in the arena.
 * CLXS_E_NOT_FOUND when there is none, CLXS_E_IO when it cannot be read or has more than MAXIMUM bytes.
 * LENGTH may be NULL. */
clxs_status path_read(struct arena *arena, const char *path, size_t maximum, char **text, size_t *length,
                      struct err *err);
/* Put a file of LENGTH bytes in place of PATH, all or nothing: a temporary file beside it (mode MODE from its
 * first moment), fsync, rename, fsync of the directory. A reader sees the old or the new file, never half of
 * one. */
clxs_status path_write(const char *path, const void *bytes, size_t length, mode_t mode, struct err *err);

#endif
