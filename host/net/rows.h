/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a result chunk, read straight from the answer's text: [["1",null],["2",""]]. A chunk has up to 25
 * MiB, which a JSON tree would make ten times as large, so cells are unescaped in place and point into the
 * text. */
#ifndef CLXS_HOST_NET_ROWS_H
#define CLXS_HOST_NET_ROWS_H

#include <clxs/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rows {
  char *at, *end; /* what is left of the array */
  bool begun;
  const char *why; /* after a failure: what is wrong, static text */
};

/* Read the array that is the LENGTH bytes at TEXT, which is changed by reading. */
void rows_open(struct rows *rows, char *text, size_t length);
/* The next row's COUNT cells: 1, or 0 at the end of the array, or CLXS_E_DATA with WHY set. Cells are UTF-8
 * as sent, NULL for null; numbers, booleans and nested values are their JSON text. They live until the text
 * goes. */
clxs_status rows_next(struct rows *rows, const char **cells, uint32_t count);

#endif
