/* SPDX-License-Identifier: Apache-2.0 */
/* What people search names and texts for: a POSIX extended regular expression, or a text as it is. */
#ifndef CLXS_KIT_MODEL_PATTERN_H
#define CLXS_KIT_MODEL_PATTERN_H

#include <clxs/call.h>
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#define PATTERN_PLAIN 1u       /* no expression: the text itself */
#define PATTERN_IGNORE_CASE 2u /* plain texts by Unicode's simple folding, expressions for ASCII letters */

struct pattern {
  regex_t regex;
  const char *plain; /* borrowed */
  unsigned flags;
  bool set;
};

/* Where a text matches: bytes. */
struct pattern_place {
  size_t start, length;
};

/* [call thread] Read TEXT, which WHAT ("--pattern") names in messages and which must outlive the pattern.
 * CLXS_E_USAGE when it is no expression. Free it in any case. */
clxs_status pattern_read(struct clxs_call *call, const char *what, const char *text, unsigned flags,
                         struct pattern *pattern);
void pattern_free(struct pattern *pattern);
/* [any thread] Whether PATTERN is found in TEXT, and where first (PLACE may be NULL). */
bool pattern_find(const struct pattern *pattern, const char *text, struct pattern_place *place);

#endif
