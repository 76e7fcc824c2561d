/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are replaced whole. It must not know what they contain or who reports a failure. */
#ifndef CLXS_BASE_FILE_H
#define CLXS_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Put a file of LENGTH bytes in place of PATH, all or nothing: a temporary file beside it (0600 until it is
 * complete, then MODE; MODE 0 is what the umask says), fsync, rename, fsync of the directory. A reader sees
 * the old or the new file, never half of one. Of a symbolic link the file that it leads to is replaced; what
 * is no regular file (a device, a pipe) is written to. False with errno set and *WHAT saying what could not
 * be done
 * ("write", "put in place"): a static text. */
bool file_replace(const char *path, const void *bytes, size_t length, mode_t mode, const char **what);
/* Make the directories above PATH that are missing, with mode 0777 less the umask. False with errno set. */
bool file_make_parents(const char *path);
/* All of LENGTH bytes to FD. False with errno set. */
bool file_put(int fd, const void *bytes, size_t length);
/* What was made or renamed in the directory of PATH is on disk when this returns; a file system that cannot
 * do it is let be. False with errno set. */
bool file_sync_directory(const char *path);

#endif
