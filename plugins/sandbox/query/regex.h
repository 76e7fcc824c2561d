/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions as the service's functions take them (Java's syntax): classes, groups, lazy and
 * possessive repetition, anchors, alternation, back references, look-ahead, flags (?i) (?s) (?m). Works on
 * UTF-8. What it does not know it refuses. */
#ifndef CLXS_SANDBOX_QUERY_REGEX_H
#define CLXS_SANDBOX_QUERY_REGEX_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct regex;

#define REGEX_GROUPS 32

struct regex_match {
  size_t start[REGEX_GROUPS], end[REGEX_GROUPS]; /* bytes; SIZE_MAX: the group took no part */
};

/* Compile PATTERN into ARENA; NULL with *WHY (static) when it is not one, or not one that is known here. */
struct regex *regex_compile(struct arena *arena, const char *pattern, const char **why);
size_t regex_groups(const struct regex *regex);
/* The first match in TEXT at or behind FROM. False when there is none, or (with *TIRED set) after too many
 * steps. */
bool regex_find(const struct regex *regex, const char *text, size_t length, size_t from,
                struct regex_match *match, bool *tired);

#endif
