/* SPDX-License-Identifier: Apache-2.0 */
/* "Did you mean": the nearest of many names. Knows texts only. */
#ifndef CLXS_HOST_CLI_SUGGEST_H
#define CLXS_HOST_CLI_SUGGEST_H

#include <stddef.h>

/* The best names seen so far for one mistyped WORD; all zero but the word to begin with. Where names are of
 * several words, set WORD before each to as much of what was typed as the name is to be compared with. */
struct suggest {
  const char *word;
  const char *best[3]; /* nearest first, NULL-terminated unless full */
  size_t distance[3];
};

/* Consider NAME, which must live as long as the suggestion is used. Names too far from the word (more than a
 * third of its letters differ) are ignored, unless the word is how they begin. */
void suggest_add(struct suggest *suggest, const char *name);
/* The names as a phrase for a hint, written to OUT: did you mean "a", "b" or "c"? NULL when nothing is near.
 */
const char *suggest_phrase(const struct suggest *suggest, char *out, size_t size);

#endif
