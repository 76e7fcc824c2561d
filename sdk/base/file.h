/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files, written so that a reader sees the old one or the new one and nothing in between. */
#ifndef CLXS_BASE_FILE_H
#define CLXS_BASE_FILE_H

#include <stddef.h>
#include <sys/types.h>

/* LENGTH bytes to PATH, on disk when it returns: into a new file beside it, which then takes its place. MODE
 * 0 is what the umask says. Of a symbolic link the file that it leads to is replaced; what is no regular file
 * (a device, a pipe) is written to. 0, or an errno, and then *DOING says what could not be done: "write",
 * "make a temporary file beside". */
int file_write(const char *path, const void *bytes, size_t length, mode_t mode, const char **doing);
/* What was made or renamed in the directory of PATH is safe on disk. 0 or an errno; a file system that cannot
 * do it is let be. */
int file_sync_directory(const char *path);
/* All of LENGTH bytes to FD. 0 or an errno. */
int file_put(int fd, const void *bytes, size_t length);
/* Make the directory PATH and those above it that are missing. 0 or an errno; it is fine when it is there. */
int file_make_directory(const char *path, mode_t mode);

#endif
