/* SPDX-License-Identifier: Apache-2.0 */
/* Looking into JSON text without building it, for documents that are large where a tree of them would be ten
 * times as large: finding one array, stepping over values. Brackets and strings are understood, nothing else
 * is checked; whoever needs to know that a value is JSON parses that value. */
#ifndef CLXS_BASE_JSON_SCAN_H
#define CLXS_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* AT without the white space in front. */
const char *json_scan_space(const char *at, const char *end);
/* Behind the value at AT (for a bare word: at the comma, bracket or END that follows); NULL when it does not
 * end. */
const char *json_scan_value(const char *at, const char *end);
/* Where the value under KEY (plain ASCII) lies in the document TEXT, its key being inside at most DEPTH
 * brackets: its first byte and the byte behind it. False when there is none; then both are 0. */
bool json_scan_member(const char *text, size_t length, const char *key, int depth, size_t *start,
                      size_t *end);
/* The same, when it is an array. */
bool json_scan_array(const char *text, size_t length, const char *key, int depth, size_t *start, size_t *end);
/* Append the LENGTH bytes of JSON at TEXT without white space between tokens. */
void json_scan_compact(struct buf *out, const char *text, size_t length);

#endif
