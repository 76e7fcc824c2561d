/* SPDX-License-Identifier: Apache-2.0 */
/* A growable byte buffer with a maximum. Invariants: data is always a NUL-terminated string of len bytes (len
 * may count NULs of its own); once the maximum would be passed, the buffer keeps what it had, ignores further
 * additions and says so in `overflow`, so that a caller checks once at the end. The owner frees with
 * buf_free, or takes data. */
#ifndef CLXS_BASE_BUF_H
#define CLXS_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
  char *data;
  size_t len, cap, max;
  bool overflow;
};

/* BUF_INIT(max): a buffer that may hold up to MAX bytes; allocates on first use. */
#define BUF_INIT(maximum) ((struct buf){.data = buf_empty, .max = (maximum)})
/* The maximum for what is ours: rendered output, SQL text (the service takes 16 MiB), JSON documents. */
#define BUF_LARGE ((size_t)1 << 30)
#define BUF_SQL ((size_t)16 << 20)

extern char buf_empty[1];

void buf_free(struct buf *buf);
/* Empty again, keeping the memory; clears overflow. */
void buf_reset(struct buf *buf);
/* The text, now the caller's to free(); the buffer is empty afterwards. Never NULL. */
char *buf_take(struct buf *buf);

void buf_add(struct buf *buf, const void *bytes, size_t length);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_char(struct buf *buf, char c);
void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vaddf(struct buf *buf, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
/* TEXT as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD. NULL gives null. */
void buf_add_json(struct buf *buf, const char *text);
/* LENGTH bytes of TEXT percent-encoded as one URL path segment or query value (RFC 3986 unreserved stay). */
void buf_add_url(struct buf *buf, const char *text);
/* TEXT in lower case by utf8_lower, as Unity Catalog compares names; bytes that are not UTF-8 as they are. */
void buf_add_lower(struct buf *buf, const char *text);
/* TEXT with & < > " ' escaped for HTML text and attribute values. */
void buf_add_html(struct buf *buf, const char *text);

#define CLEANUP_BUF __attribute__((cleanup(buf_free)))

#endif
