/* SPDX-License-Identifier: Apache-2.0 */
/* Which layer wins, and how each is named. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
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

TestSuite(layer, .init = set_up, .fini = tear_down);

static const struct conf_key keys[] = {
    {.name = "copy_workers", .type = TYPE_INTEGER, .default_value = "4", .env = "OTHER_NAME"},
    {.name = "schemas", .list = true},
    {.name = "rules", .free_form = true},
};
static const struct conf_default packs[] = {{"copy_workers", "5", "first"}, {"copy_workers", "6", "second"}};

static void
expect(const char *key, const char *value, const char *origin)
{
  cr_expect_str_eq(conf_text(f.conf, key), value, "%s", key);
  cr_expect_str_eq(conf_origin(f.conf, key), origin, "%s", key);
}

Test(layer, the_highest_wins)
{
  static const char file[] = "copy_workers: 7\nprofiles:\n  prod:\n    copy_workers: 8\n";
  struct conf_source source = {.keys = keys, .key_count = ARRAY_SIZE(keys)};

  cr_assert_eq(conf_fixture_load(&f, NULL, &source), CLXS_OK);
  expect("copy_workers", "4", "default");
  source.defaults = packs;
  source.default_count = 2;
  cr_assert_eq(conf_fixture_load(&f, NULL, &source), CLXS_OK);
  expect("copy_workers", "5", "pack first");
  cr_assert_eq(conf_fixture_load(&f, file, &source), CLXS_OK);
  expect("copy_workers", "7", "clxs.yaml:1");
  source.profile = "prod";
  cr_assert_eq(conf_fixture_load(&f, file, &source), CLXS_OK);
  expect("copy_workers", "8", "clxs.yaml:4 (profile prod)");
  cr_assert_str_eq(conf_profile(f.conf), "prod");
  setenv("OTHER_NAME", "9", 1);
  cr_assert_eq(conf_fixture_load(&f, file, &source), CLXS_OK);
  expect("copy_workers", "9", "environment OTHER_NAME");
  setenv("CLXS_COPY_WORKERS", "10", 1);
  cr_assert_eq(conf_fixture_load(&f, file, &source), CLXS_OK);
  expect("copy_workers", "10", "environment CLXS_COPY_WORKERS");
  conf_set_flag(f.conf, "copy_workers", "copy-workers", "11");
  expect("copy_workers", "11", "flag --copy-workers");
}

Test(layer, profiles_are_chosen_by_flag_variable_and_file)
{
  static const char file[] =
      "profile: a\nprofiles:\n  a: {host: ha}\n  b: {host: hb}\n  c: {host: hc}\n  empty:\n";
  struct conf_source source = {0};

  cr_assert_eq(conf_fixture_load(&f, file, &source), CLXS_OK);
  cr_expect_str_eq(conf_text(f.conf, "host"), "ha");
  setenv("CLXS_PROFILE", "b", 1);
  cr_assert_eq(conf_fixture_load(&f, file, &source), CLXS_OK);
  cr_expect_str_eq(conf_text(f.conf, "host"), "hb");
  source.profile = "c";
  cr_assert_eq(conf_fixture_load(&f, file, &source), CLXS_OK);
  cr_expect_str_eq(conf_text(f.conf, "host"), "hc");
  source.profile = "empty";
  cr_assert_eq(conf_fixture_load(&f, file, &source), CLXS_OK, "%s", f.err.message);
  cr_expect_null(conf_text(f.conf, "host"));
}

Test(layer, an_unknown_profile_names_those_there_are)
{
  struct conf_source source = {.profile = "prd"};

  cr_assert_eq(conf_fixture_load(&f, "profiles: {dev: {}, prod: {}}\n", &source), CLXS_E_CONFIG);
  cr_assert_not_null(strstr(f.err.message, "\"prd\""));
  cr_assert_not_null(strstr(f.err.hint, "dev, prod"));
  cr_assert_eq(conf_fixture_load(&f, "host: x\n", &source), CLXS_E_CONFIG);
}

Test(layer, files_are_looked_for_in_order)
{
  const char *path;

  conf_fixture_write(&f, ".config/clxs/config.yaml", "host: user\n");
  cr_assert_eq(conf_fixture_load(&f, NULL, NULL), CLXS_OK);
  cr_expect_str_eq(conf_text(f.conf, "host"), "user");
  cr_expect(str_ends(conf_file(f.conf), "/.config/clxs/config.yaml"));
  cr_assert_eq(conf_fixture_load(&f, "host: here\n", NULL), CLXS_OK);
  cr_expect_str_eq(conf_text(f.conf, "host"), "here");
  conf_fixture_write(&f, "other.yaml", "host: other\n");
  setenv("CLXS_CONFIG", path_join(f.arena, f.home, "other.yaml"), 1);
  cr_assert_eq(conf_fixture_load(&f, NULL, NULL), CLXS_OK);
  cr_expect_str_eq(conf_text(f.conf, "host"), "other");
  cr_assert_eq(conf_find_file(f.arena, "~/clxs.yaml", &path, &f.err), CLXS_OK);
  cr_expect_str_eq(path, path_join(f.arena, f.home, "clxs.yaml"));
  setenv("CLXS_CONFIG", "/none/such", 1);
  cr_assert_eq(conf_fixture_load(&f, NULL, NULL), CLXS_E_CONFIG);
  cr_assert_not_null(strstr(f.err.message, "/none/such"));
}

Test(layer, lists_come_from_everywhere)
{
  const struct conf_source source = {.keys = keys, .key_count = ARRAY_SIZE(keys)};

  setenv("CLXS_SCHEMAS", "a, b ,c", 1);
  cr_assert_eq(conf_fixture_load(&f, "schemas: [z]\n", &source), CLXS_OK);
  expect("schemas", "[\"a\",\"b\",\"c\"]", "environment CLXS_SCHEMAS");
  setenv("CLXS_SCHEMAS", "[\"a,b\", 5]", 1);
  cr_assert_eq(conf_fixture_load(&f, NULL, &source), CLXS_OK);
  expect("schemas", "[\"a,b\",\"5\"]", "environment CLXS_SCHEMAS");
  setenv("CLXS_SCHEMAS", "[broken", 1);
  cr_assert_eq(conf_fixture_load(&f, NULL, &source), CLXS_E_CONFIG);
  setenv("CLXS_SCHEMAS", "", 1);
  cr_assert_eq(conf_fixture_load(&f, NULL, &source), CLXS_OK);
  expect("schemas", "[\"z\"]", "clxs.yaml:1");
  conf_set_flag(f.conf, "schemas", "schema", "one");
  conf_set_flag(f.conf, "schemas", "schema", "two");
  expect("schemas", "[\"one\",\"two\"]", "flag --schema");
  cr_assert_eq(conf_count(f.conf, "schemas"), 2);
}

Test(layer, wrong_values_in_the_environment_name_the_variable)
{
  const struct conf_source source = {.keys = keys, .key_count = ARRAY_SIZE(keys)};

  setenv("CLXS_CACHE_TTL", "soon", 1);
  cr_assert_eq(conf_fixture_load(&f, NULL, &source), CLXS_E_CONFIG);
  cr_assert_not_null(strstr(f.err.message, "CLXS_CACHE_TTL"));
  cr_assert_eq(f.err.status, CLXS_E_CONFIG);
  setenv("CLXS_CACHE_TTL", "5", 1);
  setenv("CLXS_RULES", "{no json", 1);
  cr_assert_eq(conf_fixture_load(&f, NULL, &source), CLXS_E_CONFIG);
  cr_assert_not_null(strstr(f.err.message, "CLXS_RULES"));
  unsetenv("CLXS_RULES");
  cr_assert_eq(conf_fixture_load(&f, NULL, &source), CLXS_OK);
  cr_assert_eq(conf_int(f.conf, "cache.ttl", 0), 5000);
}

Test(layer, variables_are_replaced_only_where_they_count)
{
  const struct conf_source source = {.keys = keys, .key_count = ARRAY_SIZE(keys), .profile = "p"};

  setenv("W", "12", 1);
  cr_assert_eq(conf_fixture_load(&f,
                                 "copy_workers: ${W}\n"
                                 "host: ${UNSET_HERE}\n"
                                 "schemas: [\"${W}\", $$x]\n"
                                 "rules: {a: \"${W}-${NONE:-z}\"}\n"
                                 "profiles:\n  p: {host: ok}\n  q: {host: \"${UNSET_TOO}\"}\n",
                                 &source),
               CLXS_OK, "%s", f.err.message);
  expect("copy_workers", "12", "clxs.yaml:1");
  expect("host", "ok", "clxs.yaml:6 (profile p)");
  cr_expect_str_eq(conf_text(f.conf, "schemas"), "[\"12\",\"$x\"]");
  cr_expect_str_eq(conf_text(f.conf, "rules"), "{\"a\":\"12-z\"}");
  cr_assert_eq(conf_fixture_load(&f, "a: 1\n", &source), CLXS_E_CONFIG);
  cr_assert_eq(conf_fixture_load(&f, "cache: {ttl: 1}\nprofiles: {p: {token: \"${UNSET_HERE}\"}}\n", &source),
               CLXS_E_CONFIG);
  cr_assert_not_null(strstr(f.err.message, "UNSET_HERE"));
  cr_assert_not_null(strstr(f.err.message, "clxs.yaml:2:"));
  setenv("W", "many", 1);
  cr_assert_eq(conf_fixture_load(&f, "copy_workers: ${W}\nprofiles: {p: {}}\n", &source), CLXS_E_CONFIG,
               "checked after replacement");
}

Test(layer, packs_may_only_set_what_exists)
{
  static const struct conf_default wrong[] = {{"nonsense", "1", "p"}};
  const struct conf_source source = {.defaults = wrong, .default_count = 1};

  cr_assert_eq(conf_fixture_load(&f, NULL, &source), CLXS_E_CONFIG);
  cr_assert_not_null(strstr(f.err.message, "pack p"));
}

Test(layer, plugins_are_chosen_before_the_rest_is_known)
{
  struct conf_plugins plugins;

  conf_read_plugins(f.arena, NULL, &plugins);
  cr_assert_null(plugins.packs);
  conf_fixture_write(&f, "clxs.yaml", "unknown: 1\nplugins:\n  packs: [/opt/a, ~/b]\n  disabled: [x]\n");
  conf_read_plugins(f.arena, NULL, &plugins);
  cr_assert_str_eq(plugins.packs[0], "/opt/a");
  cr_assert_str_eq(plugins.packs[1], path_join(f.arena, f.home, "b"));
  cr_assert_null(plugins.packs[2]);
  cr_assert_str_eq(plugins.disabled[0], "x");
  cr_assert_null(plugins.prefer);
  setenv("CLXS_PLUGINS_PREFER", "a.b, c", 1);
  setenv("CLXS_PLUGINS_PACKS", "/env", 1);
  conf_read_plugins(f.arena, NULL, &plugins);
  cr_assert_str_eq(plugins.prefer[0], "a.b");
  cr_assert_str_eq(plugins.prefer[1], "c");
  cr_assert_str_eq(plugins.packs[0], "/env");
  unsetenv("CLXS_PLUGINS_PREFER");
  unsetenv("CLXS_PLUGINS_PACKS");
  conf_fixture_write(&f, "clxs.yaml", "plugins: {packs: [broken\n");
  conf_read_plugins(f.arena, NULL, &plugins);
  cr_assert_null(plugins.packs, "reported later, by conf_load");
}
