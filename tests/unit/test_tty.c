/* SPDX-License-Identifier: Apache-2.0 */
/* What is sent to a terminal steers nothing. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "out/tty.h"

#include "base/banned.h"

Test(tty, control_characters_are_made_visible)
{
  static const struct {
    const char *text;
    unsigned allow;
    const char *safe;
  } cases[] = {
      {"plain Größe 日本", 0, "plain Größe 日本"},
      {"\x1b[2J", 0, "\\x1b[2J"},
      {"\x1b[31mred\x1b[0m", 0, "\\x1b[31mred\\x1b[0m"},
      {"\x1b[31mred", TTY_COLOURS, "\x1b[31mred\x1b[0m"},
      {"\x1b[2J\x1b]0;title\x07", TTY_COLOURS, "\\x1b[2J\\x1b]0;title\\x07"},
      {"\x1b[31", TTY_COLOURS, "\\x1b[31"},
      {"a\nb\tc\rd", 0, "a\\nb\\tc\\rd"},
      {"a\nb\tc\rd", TTY_LINES, "a\nb\tc\\rd"},
      {"\x7f\xc2\x9b", 0, "\\x7f\\u009b"},
      {"\xe2\x80\xaegpj.exe", 0, "\\u202egpj.exe"},
      {"\xff\xc3", 0, "\\xff\\xc3"},
      {"", 0, ""},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

    tty_add_safe(&buf, cases[i].text, strlen(cases[i].text), cases[i].allow);
    cr_expect(str_eq(buf.data, cases[i].safe), "case %zu: %s", i, buf.data);
  }
}

Test(tty, a_text_that_ends_within_a_character)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  tty_add_safe(&buf, "ö", 1, 0);
  cr_expect_str_eq(buf.data, "\\xc3");
  buf_reset(&buf);
  tty_add_safe(&buf, "a\0b", 3, 0);
  cr_expect_str_eq(buf.data, "a\\x00b");
}

Test(tty, widths_and_cuts)
{
  static const struct {
    const char *text;
    size_t columns;
    const char *cut;
  } cases[] = {
      {"abcdef", 6, "abcdef"},
      {"abcdef", 5, "abcd…"},
      {"abcdef", 1, "…"},
      {"日本語", 6, "日本語"},
      {"日本語", 5, "日本…"},
      {"日本語", 4, "日…"},
      {"\x1b[31mabcdef\x1b[0m", 4, "\x1b[31mabc\x1b[0m…"},
  };

  cr_expect_eq(tty_width("\x1b[1;31mab\x1b[0m"), 2);
  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

    tty_add_cut(&buf, cases[i].text, cases[i].columns);
    cr_expect(str_eq(buf.data, cases[i].cut), "case %zu: %s", i, buf.data);
    cr_expect_leq(tty_width(buf.data), cases[i].columns);
  }
}

Test(tty, a_file_is_no_terminal)
{
  FILE *file = tmpfile();

  setenv("TERM", "xterm", 1);
  setenv("COLUMNS", "40", 1);
  cr_expect_not(tty_is(file));
  cr_expect_not(tty_colour(file));
  cr_expect_eq(tty_columns(file), 0);
  cr_expect_not(tty_is(NULL));
  fclose(file);
}
