/* SPDX-License-Identifier: Apache-2.0 */
/* Large bodies wait in an unnamed temporary file until they are whole. */
#ifndef CLXS_SANDBOX_HTTP_SPOOL_H
#define CLXS_SANDBOX_HTTP_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A new empty file that nobody else can name; -1 with errno. */
int spool_open(void);
/* Append; false with errno. */
bool spool_write(int fd, const char *bytes, size_t size);
/* The LENGTH bytes at OFFSET; false with errno, or when there are not so many. */
bool spool_read(int fd, int64_t offset, char *out, size_t length);
/* -1 is fine. */
void spool_close(int fd);

#endif
