/* SPDX-License-Identifier: Apache-2.0 */
/* What a template sets, what is stronger, and what is wrong with one. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "unit/conf_fixture.h"

#include "base/banned.h"

static struct conf_fixture f;

static void
set_up(void)
{
  conf_fixture_set_up(&f);
}

static void
tear_down(void)
{
  conf_fixture_tear_down(&f);
}

TestSuite(template, .init = set_up, .fini = tear_down);

static const struct conf_key keys[] = {
    {.name = "copies", .type = TYPE_INTEGER, .default_value = "4"},
    {.name = "tags", .type = TYPE_BOOLEAN, .default_value = "true"},
    {.name = "schemas", .list = true},
    {.name = "rules", .free_form = true},
    {.name = "hooks", .free_form = true, .verbatim = true},
};
static const struct conf_template builtin[] = {
    {.name = "quick",
     .help = "In haste",
     .values = "{\"copies\":9,\"tags\":false,\"throttle\":\"max\"}",
     .origin = "clone"},
    {.name = "slow", .values = "{\"throttle\":\"low\"}", .origin = "clone"},
};
static const struct conf_default packs[] = {{"copies", "5", "team"}};
static const struct conf_source source = {.keys = keys,
                                          .key_count = ARRAY_SIZE(keys),
                                          .defaults = packs,
                                          .default_count = ARRAY_SIZE(packs),
                                          .templates = builtin,
                                          .template_count = ARRAY_SIZE(builtin)};

static void
settle(const char *text)
{
  cr_assert_eq(conf_fixture_load(&f, text, &source), CLXS_OK, "%s", f.err.message);
  cr_assert_eq(conf_settle(f.conf, &f.err), CLXS_OK, "%s", f.err.message);
}

static void
expect(const char *key, const char *value, const char *origin)
{
  cr_expect_str_eq(conf_text(f.conf, key), value, "%s is %s", key, conf_text(f.conf, key));
  cr_expect_str_eq(conf_origin(f.conf, key), origin, "%s is from %s", key, conf_origin(f.conf, key));
}

Test(template, it_stands_above_packs_and_below_the_file)
{
  settle("host: x\n");
  expect("copies", "5", "pack team");
  settle("template: quick\n");
  expect("copies", "9", "template quick (clxs.yaml:1)");
  expect("tags", "false", "template quick (clxs.yaml:1)");
  expect("max_parallel_queries", "20", "throttle max (template quick (clxs.yaml:1))");
  settle("template: quick\ntags: yes\nmax_parallel_queries: 2\n");
  expect("tags", "yes", "clxs.yaml:2");
  expect("max_parallel_queries", "2", "clxs.yaml:3");
  setenv("CLXS_COPIES", "11", 1);
  settle("template: quick\n");
  expect("copies", "11", "environment CLXS_COPIES");
}

Test(template, a_flag_chooses_it_and_other_flags_win)
{
  cr_assert_eq(conf_fixture_load(&f, "template: slow\n", &source), CLXS_OK);
  conf_set_flag(f.conf, "template", "template", "quick");
  conf_set_flag(f.conf, "tags", "tags", "true");
  cr_assert_eq(conf_settle(f.conf, &f.err), CLXS_OK, "%s", f.err.message);
  expect("copies", "9", "template quick (flag --template)");
  expect("tags", "true", "flag --tags");
  expect("max_rps", "0", "throttle max (template quick (flag --template))");
}

Test(template, own_ones_hold_any_value_and_replace_those_of_the_same_name)
{
  static const char file[] = "template: quick\n"
                             "templates:\n"
                             "  quick:\n"
                             "    description: Ours\n"
                             "    config:\n"
                             "      copies: ${COPIES}\n"
                             "      schemas: [a, \"${NAME:-b}\"]\n"
                             "      rules: {x: [1, \"${NAME:-c}\"]}\n"
                             "      hooks: [{sql: \"DROP ${schema}\"}]\n"
                             "      cache: {ttl: 1m}\n"
                             "  other: {config: {copies: \"${UNSET}\"}}\n";

  setenv("COPIES", "7", 1);
  settle(file);
  expect("copies", "7", "template quick (clxs.yaml:1)");
  expect("schemas", "[\"a\",\"b\"]", "template quick (clxs.yaml:1)");
  expect("rules", "{\"x\":[1,\"c\"]}", "template quick (clxs.yaml:1)");
  expect("hooks", "[{\"sql\":\"DROP ${schema}\"}]", "template quick (clxs.yaml:1)");
  expect("cache.ttl", "1m", "template quick (clxs.yaml:1)");
  cr_expect_str_eq(conf_template_at(f.conf, 0)->help, "Ours");
  cr_expect_str_eq(conf_template_at(f.conf, 1)->name, "other");
  cr_expect_str_eq(conf_template_at(f.conf, 2)->name, "slow");
  cr_expect_null(conf_template_at(f.conf, 3));
}

Test(template, mistakes_are_named)
{
  static const struct {
    const char *text, *says;
  } cases[] = {
      {"template: quik\n", "there is no template \"quik\""},
      {"templates: [a]\n", "clxs.yaml:1: templates must be a group"},
      {"templates: {a: {copies: 1}}\n", "clxs.yaml:1: template a must have \"config\""},
      {"templates: {a: {config: {}, more: 1}}\n", "template a must have \"config\""},
      {"templates: {a: {config: {copes: 1}}}\n", "clxs.yaml:1: template a: unknown key \"copes\""},
      {"templates: {a: {config: {cache: {tl: 1}}}}\n", "template a: unknown key \"cache.tl\""},
      {"templates: {a: {config: {template: b}}}\n", "\"template\" cannot be set by a template"},
      {"templates: {a: {config: {plugins: {packs: [x]}}}}\n", "\"plugins.packs\" cannot be set"},
      {"template: a\ntemplates: {a: {config: {copies: many}}}\n", "copies must be a whole number"},
      {"template: a\ntemplates: {a: {config: {copies: \"${UNSET}\"}}}\n", "UNSET is not set"},
      {"template: a\ntemplates: {a: {config: {copies: [1]}}}\n", "copies must be a whole number"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    cr_assert_eq(conf_fixture_load(&f, cases[i].text, &source), CLXS_OK, "%s", f.err.message);
    cr_expect_eq(conf_settle(f.conf, &f.err), CLXS_E_CONFIG, "%s", cases[i].text);
    cr_expect(f.err.message && strstr(f.err.message, cases[i].says), "%s", f.err.message);
    err_clear(&f.err);
  }
  cr_assert_eq(conf_fixture_load(&f, NULL, &source), CLXS_OK);
  conf_set_flag(f.conf, "template", "template", "quik");
  cr_expect_eq(conf_settle(f.conf, &f.err), CLXS_E_USAGE);
  cr_expect(strstr(f.err.hint, "quick"), "%s", f.err.hint);
}
