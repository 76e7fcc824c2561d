/* SPDX-License-Identifier: Apache-2.0 */
/* The first look at a command line. */
#include <clxs/output.h>
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "line.h"

#include "base/banned.h"

/* Words divided by spaces, read; what matters joined to one text: "words | rest behind one word". */
static const char *
look(struct arena *arena, const char *text, struct line *line)
{
  const char *words[32] = {NULL}, *joined = "", *const * rest;
  char *copy = arena_strdup(arena, text), *word;
  int count = 0;

  while ((word = strsep(&copy, " ")) != NULL)
    if (*word) words[count++] = word;
  line_read(arena, count, words, line);
  for (int i = 0; i < line->count; i++)
    joined = arena_printf(arena, "%s%s ", joined, line->words[i]);
  joined = arena_printf(arena, "%s|", joined);
  rest = line_rest(arena, line, line->count > 0 ? 1 : 0, &count);
  for (int i = 0; i < count; i++)
    joined = arena_printf(arena, "%s %s", joined, rest[i]);
  cr_assert_null(rest[count]);
  return joined;
}

Test(line, flags_in_front_go_behind_the_command)
{
  static const struct {
    const char *text, *seen;
  } cases[] = {
      {"", "|"},
      {"clone --source a", "clone --source a | --source a"},
      {"--profile prod clone a", "clone a | --profile prod a"},
      {"--profile=prod -v clone a", "clone a | --profile=prod -v a"},
      {"-o json clone", "clone | -o json"},
      {"-ojson clone", "clone | -ojson"},
      {"--verbose clone", "clone | --verbose"},
      {"--unknown clone", "clone | --unknown"},
      {"clone -h --source -- -h", "clone -h --source -- -h | --source -- -h"},
      {"--profile", "| --profile"},
      {"-- clone", "-- clone | clone"},
      {"sql rewrite -", "sql rewrite - | rewrite -"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct line line;
    const char *seen = look(arena, cases[i].text, &line);

    cr_expect(str_eq(seen, cases[i].seen), "%s: %s", cases[i].text, seen);
  }
}

Test(line, what_decides_how_the_rest_is_read)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct line line;

  unsetenv("CLXS_OUTPUT");
  look(arena, "clone --config=x.yaml --no-plugins --no-color -o yaml", &line);
  cr_expect_str_eq(line.config, "x.yaml");
  cr_expect(line.no_plugins && line.no_color && !line.help && !line.version);
  cr_expect_eq(line.format, CLXS_FORMAT_YAML);
  look(arena, "-c y.yaml clone --output=csv --help", &line);
  cr_expect_str_eq(line.config, "y.yaml");
  cr_expect_eq(line.format, CLXS_FORMAT_CSV);
  cr_expect(line.help);
  cr_expect_eq(line_plain(&line), 1);
  look(arena, "diff -o html", &line);
  cr_expect_eq(line.format, CLXS_FORMAT_HTML);
  look(arena, "clone -- --help --no-plugins -o json", &line);
  cr_expect(!line.help && !line.no_plugins);
  cr_expect_eq(line.format, CLXS_FORMAT_TEXT);
  look(arena, "-o nonsense clone --version", &line);
  cr_expect_eq(line.format, CLXS_FORMAT_TEXT);
  cr_expect_not(line.version, "behind a command it is the command's");
  look(arena, "--quiet --version", &line);
  cr_expect(line.version);
  setenv("CLXS_OUTPUT", "json", 1);
  look(arena, "clone", &line);
  cr_expect_eq(line.format, CLXS_FORMAT_JSON);
  look(arena, "clone -o", &line);
  cr_expect_eq(line.format, CLXS_FORMAT_JSON, "nothing behind it");
}
