/* SPDX-License-Identifier: Apache-2.0 */
/* base/buf: the maximum, and the three escapes. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

#include "base/banned.h"

Test(buf, keeps_what_it_had_when_the_maximum_would_be_passed)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(10);

  buf_add_text(&buf, "12345");
  buf_add_text(&buf, "678901");
  cr_assert(buf.overflow);
  cr_assert_str_eq(buf.data, "12345");
  buf_add_text(&buf, "6");
  cr_assert_str_eq(buf.data, "12345", "further additions are ignored");
  buf_reset(&buf);
  cr_assert_not(buf.overflow);
  buf_add_text(&buf, "1234567890");
  cr_assert_not(buf.overflow, "exactly the maximum fits");
  cr_assert_eq(buf.len, 10);
}

Test(buf, is_always_a_string)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  cr_assert_str_eq(buf.data, "");
  buf_add(&buf, "a\0b", 3);
  cr_assert_eq(buf.len, 3);
  cr_assert_eq(buf.data[3], '\0');
  buf_reset(&buf);
  cr_assert_str_eq(buf.data, "");
}

Test(buf, take_hands_over_and_empties)
{
  struct buf buf = BUF_INIT(BUF_LARGE);
  char *empty = buf_take(&buf), *text;

  cr_assert_str_eq(empty, "");
  buf_addf(&buf, "%s %d", "x", 5);
  text = buf_take(&buf);
  cr_assert_str_eq(text, "x 5");
  cr_assert_str_eq(buf.data, "");
  free(empty);
  free(text);
  buf_free(&buf);
}

Test(buf, formatted_text_of_any_length)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  for (int width = 0; width < 3000; width += 7) {
    buf_reset(&buf);
    buf_addf(&buf, "%*d", width, 1);
    cr_assert_eq(buf.len, strlen(buf.data));
    cr_assert_eq(buf.len, (size_t)(width ? width : 1));
  }
}

struct pair {
  const char *from, *to;
};

static void
check(void (*add)(struct buf *, const char *), const struct pair *pairs, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

    add(&buf, pairs[i].from);
    cr_expect_str_eq(buf.data, pairs[i].to, "%s gave %s", pairs[i].from, buf.data);
  }
}

Test(buf, json_strings)
{
  static const struct pair pairs[] = {
      {"plain", "\"plain\""},
      {"q\" b\\ n\n t\t", "\"q\\\" b\\\\ n\\n t\\t\""},
      {"\x01\x1f", "\"\\u0001\\u001f\""},
      {"Größe", "\"Größe\""},
      {"bad\xff.", "\"bad\xef\xbf\xbd.\""},
      {"cut \xe2\x82", "\"cut \xef\xbf\xbd\xef\xbf\xbd\""},
      {NULL, "null"},
  };

  check(buf_add_json, pairs, ARRAY_SIZE(pairs));
}

Test(buf, url_segments)
{
  static const struct pair pairs[] = {
      {"main", "main"},
      {"a b/c?d#e%", "a%20b%2Fc%3Fd%23e%25"},
      {"Größe`", "Gr%C3%B6%C3%9Fe%60"},
      {"-._~", "-._~"},
      {"..", ".."},
  };

  check(buf_add_url, pairs, ARRAY_SIZE(pairs));
}

Test(buf, html_text)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  buf_add_html(&buf, "<a href=\"x\">it's & more</a>");
  cr_assert_null(strpbrk(buf.data, "<>\"'"));
  cr_assert_not_null(strstr(buf.data, "&lt;a"));
  cr_assert_not_null(strstr(buf.data, "&amp; more"));
}
