/* SPDX-License-Identifier: Apache-2.0 */
/* base/str: numbers, distances, UTF-8. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"

#include "base/banned.h"

Test(str, integers_are_whole_texts)
{
  static const struct {
    const char *text;
    bool good;
    int64_t value;
  } cases[] = {
      {"0", true, 0},
      {"-12", true, -12},
      {"+7", true, 7},
      {"9223372036854775807", true, INT64_MAX},
      {"-9223372036854775808", true, INT64_MIN},
      {"9223372036854775808", false, 0},
      {"-9223372036854775809", false, 0},
      {"", false, 0},
      {"-", false, 0},
      {" 1", false, 0},
      {"1 ", false, 0},
      {"1.0", false, 0},
      {"0x10", false, 0},
      {"1e3", false, 0},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    int64_t value = 4711;

    cr_expect_eq(str_to_int64(cases[i].text, &value), cases[i].good, "\"%s\"", cases[i].text);
    cr_expect_eq(value, cases[i].good ? cases[i].value : 4711, "\"%s\"", cases[i].text);
  }
}

Test(str, doubles_do_not_depend_on_white_space)
{
  double value = -1;

  cr_assert(str_to_double("2.5", &value));
  cr_assert_float_eq(value, 2.5, 1e-12);
  cr_assert(str_to_double("-1e3", &value));
  cr_assert_not(str_to_double("", &value));
  cr_assert_not(str_to_double("1,5", &value));
  cr_assert_not(str_to_double("5x", &value));
}

Test(str, distance_is_symmetric_and_counts_swaps_once)
{
  cr_assert_eq(str_distance("clone", "clone"), 0);
  cr_assert_eq(str_distance("clone", "cloen"), 1);
  cr_assert_eq(str_distance("clone", "colne"), 1);
  cr_assert_eq(str_distance("max_worker", "max_workers"), 1);
  cr_assert_eq(str_distance("CLONE", "clone"), 0);
  cr_assert_eq(str_distance("", "abc"), 3);
  cr_assert_eq(str_distance("kitten", "sitting"), str_distance("sitting", "kitten"));
  cr_assert_eq(str_distance("kitten", "sitting"), 3);
}

Test(str, distance_of_long_texts_is_far)
{
  char text[200];

  memset(text, 'a', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  cr_assert_eq(str_distance(text, "a"), SIZE_MAX);
}

Test(str, prefixes_and_suffixes)
{
  cr_assert(str_starts("abc", ""));
  cr_assert(str_starts("abc", "abc"));
  cr_assert_not(str_starts("ab", "abc"));
  cr_assert(str_ends("abc", "bc"));
  cr_assert_not(str_ends("c", "bc"));
  cr_assert(str_eq(NULL, NULL));
  cr_assert_not(str_eq(NULL, ""));
}

Test(str, utf8_refuses_what_is_not)
{
  static const char *const bad[] = {
      "\x80",         "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xed\xa0\x80",     "\xf4\x90\x80\x80",
      "\xf8\x88\x80", "\xe2\x82", "\xc3",     "\xff",         "\xf0\x80\x80\x80",
  };

  for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
    uint32_t point;

    cr_expect_eq(utf8_decode(bad[i], &point), 0, "case %zu", i);
    cr_expect_not(utf8_valid(bad[i], strlen(bad[i])), "case %zu", i);
  }
}

Test(str, utf8_goes_there_and_back)
{
  for (uint32_t point = 1; point < 0x110000; point += point < 0x3000 ? 1 : 97) {
    char text[5] = {0};
    uint32_t back = 0;
    size_t length = utf8_encode(point, text);

    if (point >= 0xd800 && point < 0xe000) {
      cr_assert_eq(length, 0);
      continue;
    }
    cr_assert_eq(utf8_decode(text, &back), length, "U+%04X", point);
    cr_assert_eq(back, point);
  }
  cr_assert_eq(utf8_encode(0x110000, (char[5]){0}), 0);
}

Test(str, utf8_widths)
{
  cr_assert_eq(utf8_width("abc"), 3);
  cr_assert_eq(utf8_width("Größe"), 5);
  cr_assert_eq(utf8_width("日本"), 4);
  cr_assert_eq(utf8_width("e\xcc\x81"), 1, "a combining accent takes no column");
  cr_assert_eq(utf8_width("\xff"), 1);
}

Test(str, names_compare_without_case)
{
  cr_assert(utf8_ieq("GRÖSSE", "grösse"));
  cr_assert(utf8_ieq("ПРОД", "прод"));
  cr_assert_not(utf8_ieq("a", "ab"));
  cr_assert(str_ieq("Bearer", "bEARER"));
  cr_assert_not(str_ieq("Ö", "ö"), "ASCII only");
}
