/* SPDX-License-Identifier: Apache-2.0 */
/* What may stand in a configuration file, and what is said about what may not. */
#include <criterion/criterion.h>
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

TestSuite(conf, .init = set_up, .fini = tear_down);

static const char *const modes[] = {"DEEP", "SHALLOW", NULL};
static const struct conf_key keys[] = {
    {.name = "copy_workers",
     .type = TYPE_INTEGER,
     .default_value = "4",
     .owner = "clone",
     .has_min = true,
     .min = 1},
    {.name = "clone_type", .type = TYPE_CHOICE, .choices = modes, .default_value = "DEEP", .owner = "clone"},
    {.name = "include_schemas", .list = true, .owner = "clone"},
    {.name = "audit.keep", .type = TYPE_DURATION, .default_value = "90d", .owner = "audit"},
    {.name = "audit.table", .owner = "audit"},
    {.name = "masking_rules", .free_form = true, .owner = "clone"},
    {.name = "dry_run", .type = TYPE_BOOLEAN, .owner = "clone"},
    {.name = "api_key", .secret = true, .owner = "audit"},
};
static const struct conf_source source = {.keys = keys, .key_count = ARRAY_SIZE(keys)};

Test(conf, no_file_means_defaults)
{
  cr_assert_eq(conf_fixture_load(&f, NULL, &source), CLXS_OK, "%s", f.err.message);
  cr_assert_null(conf_file(f.conf));
  cr_assert_eq(conf_int(f.conf, "copy_workers", 0), 4);
  cr_assert_str_eq(conf_origin(f.conf, "copy_workers"), "default");
  cr_assert_eq(conf_int(f.conf, "cache.ttl", 0), 300000, "durations are milliseconds");
  cr_assert_null(conf_text(f.conf, "host"));
  cr_assert_null(conf_text(f.conf, "no such key"));
  cr_assert_eq(conf_int(f.conf, "timeout", -1), -1);
}

Test(conf, values_of_every_kind)
{
  cr_assert_eq(conf_fixture_load(&f,
                                 "# a comment\n"
                                 "host: https://example.com\n"
                                 "copy_workers: 16\n"
                                 "dry_run: yes\n"
                                 "include_schemas: [a, \"b c\", 007]\n"
                                 "audit:\n"
                                 "  keep: 2h\n"
                                 "  table: \"x: y # z\"\n"
                                 "masking_rules:\n"
                                 "  - {column: email, strategy: hash, keep: 3, on: true, none: ~}\n",
                                 &source),
               CLXS_OK, "%s", f.err.message);
  cr_assert_str_eq(conf_text(f.conf, "host"), "https://example.com");
  cr_assert_str_eq(conf_origin(f.conf, "host"), "clxs.yaml:2");
  cr_assert_eq(conf_int(f.conf, "copy_workers", 0), 16);
  cr_assert_eq(conf_int(f.conf, "dry_run", 0), 1);
  cr_assert_eq(conf_count(f.conf, "include_schemas"), 3);
  cr_assert_str_eq(conf_item(f.conf, "include_schemas", 2), "007");
  cr_assert_str_eq(conf_text(f.conf, "include_schemas"), "[\"a\",\"b c\",\"007\"]");
  cr_assert_null(conf_item(f.conf, "include_schemas", 3));
  cr_assert_eq(conf_int(f.conf, "audit.keep", 0), 7200000);
  cr_assert_str_eq(conf_text(f.conf, "audit.table"), "x: y # z");
  cr_assert_str_eq(conf_origin(f.conf, "audit.table"), "clxs.yaml:8");
  cr_assert_str_eq(conf_text(f.conf, "masking_rules"),
                   "[{\"column\":\"email\",\"strategy\":\"hash\",\"keep\":3,\"on\":true,\"none\":null}]");
}

Test(conf, empty_values_are_unset_and_empty_texts_are_not)
{
  cr_assert_eq(conf_fixture_load(
                   &f, "host:\ncache:\naudit:\n  table: \"\"\ninclude_schemas: []\nca_file: ~\n", &source),
               CLXS_OK, "%s", f.err.message);
  cr_assert_null(conf_text(f.conf, "host"));
  cr_assert_null(conf_text(f.conf, "ca_file"));
  cr_assert_str_eq(conf_text(f.conf, "audit.table"), "");
  cr_assert_str_eq(conf_text(f.conf, "include_schemas"), "[]");
  cr_assert_eq(conf_count(f.conf, "include_schemas"), 0);
}

Test(conf, empty_files_are_fine)
{
  static const char *const empty[] = {"",      "\n\n", "# only a comment\n",
                                      "---\n", "~\n",  "\xef\xbb\xbf# with a mark\n"};

  for (size_t i = 0; i < ARRAY_SIZE(empty); i++)
    cr_expect_eq(conf_fixture_load(&f, empty[i], &source), CLXS_OK, "case %zu: %s", i, f.err.message);
}

/* Files that are refused: where, with which words, and with which hint. */
Test(conf, mistakes_are_named_with_their_place)
{
  static const struct {
    const char *text, *place, *words, *hint;
  } cases[] = {
      {"host: [unclosed\ncopy_workers: 3\n", "clxs.yaml:2:", "not valid YAML", NULL},
      {"a: b: c\n", "clxs.yaml:1:5", "not valid YAML", NULL},
      {"audit:\n\tkeep: 1d\n", "clxs.yaml:2:1", "not valid YAML", NULL},
      {"host: \"open\n", "clxs.yaml:2:1", "not valid YAML", NULL},
      {"host: x\nbad: \xff\xfe\n", "clxs.yaml:2:", "not valid YAML", NULL},
      {"copy_worker: 3\n", "clxs.yaml:1:1", "unknown key \"copy_worker\"", "copy_workers"},
      {"host: x\n  \nwarehouse-id: y\n", "clxs.yaml:3:1", "unknown key \"warehouse-id\"", "warehouse_id"},
      {"audit:\n  keeep: 1d\n", "clxs.yaml:2:3", "unknown key \"audit.keeep\"", "audit.keep"},
      {"profiles:\n  prod:\n    hots: x\n", "clxs.yaml:3:5", "unknown key \"hots\"", "host"},
      {"zzzzzzzzzzzz: 1\n", "clxs.yaml:1:1", "unknown key", "config show"},
      {"copy_workers: many\n", "clxs.yaml:1:15", "copy_workers must be a whole number, not \"many\"", NULL},
      {"copy_workers: 0\n", "clxs.yaml:1:15", "copy_workers must be at least 1", NULL},
      {"clone_type: DEP\n", "clxs.yaml:1:13", "clone_type must be one of DEEP, SHALLOW", "DEEP"},
      {"audit:\n  keep: soon\n", "clxs.yaml:2:9", "audit.keep must be a time", NULL},
      {"host: [a, b]\n", "clxs.yaml:1:7", "one value is expected", "list"},
      {"host: {a: b}\n", "clxs.yaml:1:7", "one value is expected", NULL},
      {"include_schemas: a\n", "clxs.yaml:1:18", "a list is expected", "[a, b]"},
      {"include_schemas: [[a]]\n", "clxs.yaml:1:19", "one value is expected", NULL},
      {"audit: 5\n", "clxs.yaml:1:8", "a group of keys is expected", NULL},
      {"host: a\ncopy_workers: 2\nhost: b\n", "clxs.yaml:3:1", "given a second time", "line 1"},
      {"masking_rules:\n  a: {b: 1, b: 2}\n", "clxs.yaml:2:13", "given a second time", NULL},
      {"- host\n", "clxs.yaml:1:1", "key: value", NULL},
      {"just text\n", "clxs.yaml:1:1", "key: value", NULL},
      {"host: a\n---\nhost: b\n", "clxs.yaml:3:1", "second document", NULL},
      {"[a, b]: c\n", "clxs.yaml:1:1", "a key must be a plain text", NULL},
      {"warehouse_id: a\nsql_warehouse_id: b\n", "clxs.yaml:2:", "another word for", "line 1"},
      {"profiles:\n  prod: {copy_workers: x}\n", "clxs.yaml:2:24", "must be a whole number", NULL},
      {"profiles: [a]\n", "clxs.yaml:1:11", "a group of keys is expected", NULL},
      {"masking_rules: &a [*a]\n", "clxs.yaml:1:", "nested more than 32 deep", NULL},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    cr_expect_eq(conf_fixture_load(&f, cases[i].text, &source), CLXS_E_CONFIG, "case %zu: %s", i,
                 cases[i].text);
    if (!f.err.message) continue;
    cr_expect(str_starts(f.err.message, cases[i].place), "case %zu: %s", i, f.err.message);
    cr_expect_not_null(strstr(f.err.message, cases[i].words), "case %zu: %s", i, f.err.message);
    if (cases[i].hint)
      cr_expect(f.err.hint && strstr(f.err.hint, cases[i].hint), "case %zu: %s", i,
                f.err.hint ? f.err.hint : "none");
  }
}

Test(conf, aliases_do_not_multiply_without_end)
{
  cr_assert_eq(conf_fixture_load(&f,
                                 "masking_rules:\n"
                                 "  a: &a [1,1,1,1,1,1,1,1,1,1]\n"
                                 "  b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                                 "  c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
                                 "  d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
                                 "  e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
                                 "  f: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n",
                                 &source),
               CLXS_E_CONFIG);
  cr_assert_not_null(strstr(f.err.message, "too many values"));
}

Test(conf, an_alias_is_what_it_stands_for)
{
  cr_assert_eq(conf_fixture_load(&f, "include_schemas: &s [a, b]\nprofiles:\n  p:\n    include_schemas: *s\n",
                                 &source),
               CLXS_OK, "%s", f.err.message);
  cr_assert_eq(conf_count(f.conf, "include_schemas"), 2);
}

Test(conf, a_word_of_the_older_tool_is_understood)
{
  cr_assert_eq(conf_fixture_load(
                   &f, "sql_warehouse_id: w1\ndest_workspace: {host: h, sql_warehouse_id: w2}\n", &source),
               CLXS_OK, "%s", f.err.message);
  cr_assert_str_eq(conf_text(f.conf, "warehouse_id"), "w1");
  cr_assert_str_eq(conf_text(f.conf, "dest_workspace.warehouse_id"), "w2");
  cr_assert_null(conf_text(f.conf, "sql_warehouse_id"));
}

Test(conf, credentials_are_for_the_login_alone)
{
  cr_assert_eq(conf_fixture_load(&f, "token: t\napi_key: k\n", &source), CLXS_OK, "%s", f.err.message);
  cr_assert_null(conf_text(f.conf, "token"));
  cr_assert_null(conf_item(f.conf, "token", 0));
  cr_assert_eq(conf_count(f.conf, "token"), 0);
  cr_assert_str_eq(conf_origin(f.conf, "token"), "clxs.yaml:1");
  cr_assert_str_eq(conf_secret(f.conf, "token"), "t");
  cr_assert_str_eq(conf_text(f.conf, "api_key"), "k", "a plugin's own");
}

Test(conf, keys_that_exclude_each_other)
{
  static const struct conf_key clash[] = {{.name = "audit", .owner = "one"},
                                          {.name = "audit.days", .owner = "two"}};
  static const struct conf_source clashing = {.keys = clash, .key_count = 2};

  cr_assert_eq(conf_fixture_load(&f, NULL, &clashing), CLXS_E_CONFIG);
  cr_assert_not_null(strstr(f.err.message, "two"));
  cr_assert_not_null(f.err.hint);
}

Test(conf, files_that_cannot_be_read)
{
  struct conf_source missing = source;

  missing.file = "none.yaml";
  cr_assert_eq(conf_fixture_load(&f, "host: x\n", &missing), CLXS_E_CONFIG);
  cr_assert_not_null(strstr(f.err.message, "none.yaml"));
  missing.file = "/";
  cr_assert_eq(conf_fixture_load(&f, NULL, &missing), CLXS_E_CONFIG);
}

Test(conf, every_key_can_be_walked_in_order)
{
  const struct conf_key *key, *last = NULL;
  size_t count = 0;

  cr_assert_eq(conf_fixture_load(&f, NULL, &source), CLXS_OK);
  for (; (key = conf_key_at(f.conf, count)) != NULL; count++) {
    if (last) cr_assert_lt(strcmp(last->name, key->name), 0, "%s before %s", last->name, key->name);
    cr_assert(key->help || key->owner, "%s of the host has help", key->name);
    last = key;
  }
  cr_assert_gt(count, ARRAY_SIZE(keys) + 20);
}

/* Cutting a good file off anywhere gives a file or a clear error, never a crash. */
Test(conf, a_truncated_file)
{
  static const char whole[] =
      "host: \"https://x\"\nprofiles:\n  a: {copy_workers: 3}\ninclude_schemas:\n  - &x y\n  - *x\n"
      "masking_rules: {a: [1, {b: |\n    text\n  }]}\naudit: {keep: ${N:-1d}}\n";

  for (size_t cut = 0; cut < sizeof whole; cut++) {
    clxs_status status = conf_fixture_load(&f, arena_strndup(f.arena, whole, cut), &source);

    cr_assert(status == CLXS_OK || (status == CLXS_E_CONFIG && str_starts(f.err.message, "clxs.yaml:")),
              "at %zu: %s", cut, f.err.message);
  }
}
