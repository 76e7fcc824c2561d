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
/* SIZE bytes mapped for reading until spool_unmap; NULL with errno. SIZE 0 gives an empty text. */
const void *spool_map(int fd, int64_t size);
void spool_unmap(const void *bytes, int64_t size);
/* -1 is fine. */
void spool_close(int fd);

#endif
