/* SPDX-License-Identifier: Apache-2.0 */
/* Placeholders take the form that their place asks for, whatever the values are. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "kit/sqltext/fill.h"

#include "base/banned.h"

#define EVIL "a`; DROP CATALOG \"b\" -- '\\"

static const struct sqltext_value values[] = {{"source", "prod"}, {"dest", EVIL}, {"schema", "größe 1"}};

TestSuite(sqltext_fill);

static void
expect(const char *text, const char *want)
{
  struct arena *arena = arena_new();
  const char *filled, *problem;
  bool good = sqltext_fill(arena, text, values, ARRAY_SIZE(values), &filled, &problem);

  cr_expect(good, "%s: %s", text, problem);
  if (good) cr_expect_str_eq(filled, want, "%s gives %s", text, filled);
  arena_free(arena);
}

static void
expect_problem(const char *text, const char *want)
{
  struct arena *arena = arena_new();
  const char *filled, *problem;

  cr_expect_not(sqltext_fill(arena, text, values, ARRAY_SIZE(values), &filled, &problem), "%s", text);
  cr_expect_null(filled);
  cr_expect(problem && strstr(problem, want), "%s: %s", text, problem);
  arena_free(arena);
}

Test(sqltext_fill, free_ones_are_names)
{
  expect("ANALYZE TABLE ${source}.${schema}.t COMPUTE STATISTICS",
         "ANALYZE TABLE `prod`.`größe 1`.t COMPUTE STATISTICS");
  expect("USE CATALOG ${dest}", "USE CATALOG `a``; DROP CATALOG \"b\" -- '\\`");
  expect("DROP TABLE log_${schema}_${source}2.t", "DROP TABLE `log_größe 1_prod2`.t");
  expect("SELECT 1;\n ", "SELECT 1");
  expect("  SELECT 1 /* ; */ ; -- done", "  SELECT 1 /* ; */");
}

Test(sqltext_fill, quoted_ones_stay_inside_their_quotes)
{
  expect("SELECT '${source}: ${dest}'", "SELECT 'prod: a`; DROP CATALOG \"b\" -- \\'\\\\'");
  expect("SELECT \"${dest}\"", "SELECT \"a`; DROP CATALOG \\\"b\\\" -- '\\\\\"");
  expect("SELECT * FROM `${dest}`.`x_${schema}`.`t`",
         "SELECT * FROM `a``; DROP CATALOG \"b\" -- '\\`.`x_größe 1`.`t`");
  expect("SELECT r'${source}\\d'", "SELECT r'prod\\d'");
  expect_problem("SELECT r'${dest}'", "raw string");
}

Test(sqltext_fill, other_places_are_left_alone_or_refused)
{
  expect("SELECT 1 -- ${nothing}\n, '$', '$x', '${'", "SELECT 1 -- ${nothing}\n, '$', '$x', '${'");
  expect("SELECT :p, /* ${dest} */ 2", "SELECT :p, /* ${dest} */ 2");
  expect_problem("CREATE FUNCTION f() RETURNS INT LANGUAGE PYTHON AS $$ ${source} $$", "$$ body");
  expect_problem("SELECT {{source}}", "write ${...}");
}

Test(sqltext_fill, mistakes_are_named)
{
  expect_problem("SELECT ${sorce}", "${sorce} means nothing here; there is ${source}, ${dest}, ${schema}");
  expect_problem("SELECT '${}'", "${}");
  expect_problem("SELECT ${dest:-x}", "means nothing");
  expect_problem("SELECT 1; SELECT 2", "more than one statement");
  expect_problem("", "no statement");
  expect_problem(" -- nothing\n ;", "no statement");
  expect_problem("SELECT 'open", "cannot be read");
  expect_problem("SELECT `open", "cannot be read");
  expect_problem("SELECT 1 /* open", "cannot be read");
  expect_problem("SELECT ${source", "cannot be read");
}
