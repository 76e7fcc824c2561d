/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are replaced whole. It must not know what they contain or who reports a failure. */
#ifndef CLXS_BASE_FILE_H
#define CLXS_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Put a file of LENGTH bytes in place of PATH, all or nothing: a temporary file beside it (0600 until it is
 * complete, then MODE), fsync, rename, fsync of the directory. A reader sees the old or the new file, never
 * half of one. False with errno set and *WHAT saying what could not be done ("write", "rename"): a static
 * text. */
bool file_replace(const char *path, const void *bytes, size_t length, mode_t mode, const char **what);
/* Make the directories above PATH that are missing, with mode 0777 less the umask. False with errno set. */
bool file_make_parents(const char *path);

#endif
