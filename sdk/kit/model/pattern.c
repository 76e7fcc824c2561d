/* SPDX-License-Identifier: Apache-2.0 */
/* See pattern.h. */
#include "kit/model/pattern.h"

#include <clxs/clxs.h>

#include "base/str.h"

#include "base/banned.h"

clxs_status
pattern_read(struct clxs_call *call, const char *what, const char *text, unsigned flags,
             struct pattern *pattern)
{
  char why[256];
  int error;

  *pattern = (struct pattern){.plain = text, .flags = flags};
  if (flags & PATTERN_PLAIN) {
    pattern->set = true;
    return CLXS_OK;
  }
  if (strstr(text, "(?") || strstr(text, "\\d"))
    return clxs_failf(call, CLXS_E_USAGE, "write [0-9] for a digit and ( ) for a group",
                      "%s is a POSIX extended expression, which has no \\d and no (?...): %s", what, text);
  error = regcomp(&pattern->regex, text, REG_EXTENDED | (flags & PATTERN_IGNORE_CASE ? REG_ICASE : 0));
  if (error) {
    regerror(error, &pattern->regex, why, sizeof why);
    return clxs_failf(call, CLXS_E_USAGE, "correct the expression", "%s: %s: %s", what, why, text);
  }
  pattern->set = true;
  return CLXS_OK;
}

void
pattern_free(struct pattern *pattern)
{
  if (pattern->set && !(pattern->flags & PATTERN_PLAIN)) regfree(&pattern->regex);
  pattern->set = false;
}

/* The character at *TEXT, and *TEXT behind it; bytes that are not UTF-8 are characters of their own. */
static uint32_t
next_point(const char **text, bool fold)
{
  uint32_t point = 0;
  size_t length = utf8_decode(*text, &point);

  if (!length) {
    point = (unsigned char)**text | UINT32_C(0x80000000);
    length = 1;
  }
  *text += length;
  return fold ? utf8_lower(point) : point;
}

/* Bytes of TEXT that PLAIN matches at its start; 0 when it does not. */
static size_t
match_plain(const char *text, const char *plain, bool fold)
{
  const char *at = text;

  while (*plain) {
    if (!*at || next_point(&at, fold) != next_point(&plain, fold)) return 0;
  }
  return (size_t)(at - text);
}

static bool
find_plain(const struct pattern *pattern, const char *text, struct pattern_place *place)
{
  bool fold = (pattern->flags & PATTERN_IGNORE_CASE) != 0;

  for (const char *at = text; *at; next_point(&at, false)) {
    size_t length = match_plain(at, pattern->plain, fold);

    if (!length) continue;
    *place = (struct pattern_place){(size_t)(at - text), length};
    return true;
  }
  return false;
}

bool
pattern_find(const struct pattern *pattern, const char *text, struct pattern_place *place)
{
  struct pattern_place ignored;
  regmatch_t match;

  if (!place) place = &ignored;
  if (pattern->flags & PATTERN_PLAIN) return find_plain(pattern, text, place);
  if (regexec(&pattern->regex, text, 1, &match, 0) != 0) return false;
  *place = (struct pattern_place){(size_t)match.rm_so, (size_t)(match.rm_eo - match.rm_so)};
  return true;
}
