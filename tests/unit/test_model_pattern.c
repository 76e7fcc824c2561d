/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns: where expressions and plain texts match, and which expressions are refused. */
#include <criterion/criterion.h>

#include "base/str.h"
#include "kit/model/pattern.h"
#include "testhost/testhost.h"

#include "base/banned.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

Test(model_pattern, places)
{
  static const struct {
    const char *pattern, *text;
    unsigned flags;
    int start, length; /* -1: not found */
  } cases[] = {
      {"b+", "abbc", 0, 1, 2},
      {"B+", "abbc", 0, -1, 0},
      {"B+", "abbc", PATTERN_IGNORE_CASE, 1, 2},
      {"^a", "ba", 0, -1, 0},
      {"a.c", "abc", PATTERN_PLAIN, -1, 0},
      {"a.c", "xa.c", PATTERN_PLAIN, 1, 3},
      {"[", "a[b", PATTERN_PLAIN, 1, 1},
      {"\xc3\xa4RGER", "kein \xc3\x84rger", PATTERN_PLAIN | PATTERN_IGNORE_CASE, 5, 6},
      {"\xc3\xa4RGER", "kein \xc3\x84rger", PATTERN_PLAIN, -1, 0},
      {"abc", "ab", PATTERN_PLAIN, -1, 0},
      {"\xff", "a\xff", PATTERN_PLAIN, 1, 1},
      {"x", "", PATTERN_PLAIN, -1, 0},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = testhost_new();
    struct pattern pattern;
    struct pattern_place place = {0, 0};
    bool found;

    cr_assert_eq(pattern_read(testhost_call(host), "--p", cases[i].pattern, cases[i].flags, &pattern),
                 CLXS_OK);
    found = pattern_find(&pattern, cases[i].text, &place);
    cr_expect_eq(found, cases[i].start >= 0, "%s in %s", cases[i].pattern, cases[i].text);
    if (found) {
      cr_expect_eq(place.start, (size_t)cases[i].start, "%s in %s", cases[i].pattern, cases[i].text);
      cr_expect_eq(place.length, (size_t)cases[i].length, "%s in %s", cases[i].pattern, cases[i].text);
    }
    pattern_free(&pattern);
  }
}

Test(model_pattern, what_is_no_expression_is_named)
{
  static const char *const cases[] = {"(", "[a", "\\d+", "(?i)a"};

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = testhost_new();
    struct pattern pattern;

    cr_assert_eq(pattern_read(testhost_call(host), "--p", cases[i], 0, &pattern), CLXS_E_USAGE);
    cr_assert_not_null(strstr(testhost_call(host)->core->error(testhost_call(host))->message, cases[i]));
    pattern_free(&pattern);
  }
}
