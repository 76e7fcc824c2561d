/* SPDX-License-Identifier: Apache-2.0 */
/* The manifest reader: the corpus that the schema test uses too, what a full manifest looks like in memory,
 * messages, lint, and the grammar hash. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "plugin/manifest.h"

#define CORPUS CLXS_SOURCE_DIR "/tests/unit/manifests"
#define HEAD "{\"schema\":1,\"id\":\"a\",\"version\":\"0.1.0\",\"library\":\"a.so\",\"abi\":\"1.0\","

static clxs_status
parse(struct arena *arena, const char *text, const struct manifest **manifest, struct err *err)
{
  return manifest_parse(arena, "p.json", text, strlen(text), manifest, err);
}

/* The message that TEXT is refused with, by the reader or by lint. */
static const char *
refusal(struct arena *arena, const char *text)
{
  struct err err = ERR_INIT(arena);
  const struct manifest *manifest;
  clxs_status status = parse(arena, text, &manifest, &err);

  if (status == CLXS_OK) status = manifest_lint(arena, manifest, &err);
  cr_assert_eq(status, CLXS_E_CONFIG, "%s was accepted", text);
  return err.message;
}

Test(manifest, corpus)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  DIR *dir = opendir(CORPUS);
  int good = 0, bad = 0;

  cr_assert_not_null(dir);
  for (struct dirent *entry; (entry = readdir(dir));) {
    struct err err = ERR_INIT(arena);
    const struct manifest *manifest;
    clxs_status status;

    if (!str_ends(entry->d_name, ".json")) continue;
    status = manifest_read(arena, path_join(arena, CORPUS, entry->d_name), &manifest, &err);
    if (str_starts(entry->d_name, "good-")) {
      cr_expect_eq(status, CLXS_OK, "%s: %s", entry->d_name, err.message);
      good++;
    } else {
      cr_expect_eq(status, CLXS_E_CONFIG, "%s was accepted", entry->d_name);
      cr_expect(strstr(err.message, entry->d_name), "%s is not named in: %s", entry->d_name, err.message);
      bad++;
    }
  }
  closedir(dir);
  cr_assert_geq(good, 20);
  cr_assert_geq(bad, 90);
}

Test(manifest, in_memory)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  const struct manifest *manifest;
  const struct grammar_command *command;

  cr_assert_eq(manifest_read(arena, CORPUS "/good-full.json", &manifest, &err), CLXS_OK, "%s", err.message);
  cr_assert_eq(manifest_lint(arena, manifest, &err), CLXS_OK, "%s", err.message);
  cr_expect_str_eq(manifest->id, "org.example.audit");
  cr_expect_str_eq(manifest->requires_[1], "clxs.output/1");
  cr_expect_null(manifest->requires_[2]);
  cr_expect_eq(manifest->hook_count, 2);
  cr_expect_str_eq(manifest->keys[0].default_value, "90");
  cr_expect_str_eq(manifest->keys[0].owner, "org.example.audit");
  cr_expect_str_eq(manifest->keys[2].default_value, "[\"a\",\"b\"]");
  cr_expect(manifest->keys[1].free_form && manifest->keys[3].secret);
  command = manifest_command(manifest, "audit show");
  cr_assert_not_null(command);
  cr_expect_eq(command->args[0].type, TYPE_SECURABLE);
  cr_expect(command->args[0].required);
  cr_expect_eq(command->flags[0].type, TYPE_DURATION);
  cr_expect_str_eq(command->flags[0].default_value, "7d");
  cr_expect_str_eq(command->flags[1].choices[1], "b");
  cr_expect_str_eq(command->flags[1].excludes[0], "since");
  cr_expect_eq(command->example_count, 2);
  cr_expect_null(manifest_command(manifest, "audit"));
}

Test(manifest, messages_name_place_and_reason)
{
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"{\"schema\":1\n,\"id\":}", "p.json:2:7: not valid JSON: unexpected character"},
      {"", "p.json:1:1: not valid JSON: unexpected end of data"},
      {"null", "p.json: must be an object, not null"},
      {HEAD "\"comands\":[]}", "p.json: unknown member \"comands\"; did you mean \"commands\"?"},
      {"{\"schema\":1}", "p.json: member \"id\" is missing"},
      {HEAD "\"commands\":[{\"name\":\"a\",\"summary\":\"s\"},{\"name\":\"b\",\"summary\":\"s\",\"flags\":[{"
            "\"name\":\"f\",\"help\":\"h\",\"type\":\"integer\",\"default\":\"3\"}]}]}",
       "p.json: commands[1].flags[0].default: must be a number, for this type"},
      {HEAD "\"requires\":[\"clxs.sql/1\",7]}", "p.json: requires[1]: must be a text, not a number"},
  };
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
    cr_expect_str_eq(refusal(arena, cases[i].text), cases[i].message);
}

#define COMMAND(inner) HEAD "\"commands\":[{\"name\":\"c\",\"summary\":\"s\"," inner "}]}"

#define FROM(inner)                                                                                 \
  HEAD "\"commands\":[{\"name\":\"a\",\"summary\":\"s\",\"flags\":[{\"name\":\"f\",\"help\":\"h\"," \
       "\"short\":\"s\"}]},{\"name\":\"b\",\"summary\":\"s\"," inner "}]}"

Test(manifest, lint)
{
  static const struct {
    const char *text, *part;
  } cases[] = {
      {HEAD "\"commands\":[{\"name\":\"c\",\"summary\":\"s\"},{\"name\":\"c\",\"summary\":\"s\"}]}",
       "command \"c\" is there twice"},
      {COMMAND("\"flags\":[{\"name\":\"f\",\"help\":\"h\"},{\"name\":\"f\",\"help\":\"h\"}]"),
       "--f is there twice"},
      {COMMAND("\"flags\":[{\"name\":\"f\",\"help\":\"h\",\"short\":\"x\"},{\"name\":\"g\",\"help\":\"h\","
               "\"short\":"
               "\"x\"}]"),
       "-x is there twice"},
      {COMMAND("\"args\":[{\"name\":\"f\"}],\"flags\":[{\"name\":\"f\",\"help\":\"h\"}]"),
       "--f is there twice"},
      {COMMAND("\"flags\":[{\"name\":\"help\",\"help\":\"h\"}]"), "--help and -h belong to clxs"},
      {COMMAND("\"flags\":[{\"name\":\"f\",\"help\":\"h\",\"excludes\":[\"g\"]}]"), "which there is not"},
      {COMMAND("\"flags\":[{\"name\":\"f\",\"help\":\"h\",\"excludes\":[\"f\"]}]"), "excludes itself"},
      {COMMAND("\"flags\":[{\"name\":\"f\",\"help\":\"h\",\"type\":\"integer\",\"min\":3,\"max\":2}]"),
       "min is above max"},
      {COMMAND("\"flags\":[{\"name\":\"f\",\"help\":\"h\",\"type\":\"integer\",\"max\":2,\"default\":3}]"),
       "must be at most 2, not 3"},
      {COMMAND("\"flags\":[{\"name\":\"f\",\"help\":\"h\",\"type\":\"choice\",\"choices\":[\"a\"],"
               "\"default\":\"b\"}]"),
       "must be one of a, not \"b\""},
      {COMMAND("\"flags\":[{\"name\":\"f\",\"help\":\"h\",\"type\":\"regex\",\"default\":\"(\"}]"),
       "regular expression"},
      {COMMAND("\"flags\":[{\"name\":\"f\",\"help\":\"h\",\"required\":true,\"default\":\"b\"}]"),
       "is required and has a default"},
      {COMMAND("\"args\":[{\"name\":\"a\",\"repeat\":true},{\"name\":\"b\"}]"),
       "only the last argument can repeat"},
      {COMMAND("\"args\":[{\"name\":\"a\"},{\"name\":\"b\",\"required\":true}]"),
       "stands behind an optional one"},
      {FROM("\"flags_from\":\"nobody\""), "flags_from names \"nobody\", which is no other command"},
      {FROM("\"flags_from\":\"b\""), "flags_from names \"b\", which is no other command"},
      {FROM("\"flags_from\":\"a\",\"without\":[\"g\"]"), "without names --g, which \"a\" does not have"},
      {FROM("\"flags_from\":\"a\"},{\"name\":\"c\",\"summary\":\"s\",\"flags_from\":\"b\""),
       "takes its flags from \"a\"; name that"},
      {FROM("\"flags_from\":\"a\",\"flags\":[{\"name\":\"x\",\"help\":\"h\",\"short\":\"s\"}]"),
       "-s is there twice"},
      {HEAD "\"hooks\":[{\"topic\":\"t\",\"command\":\"c\"}]}", "names command \"c\", which there is not"},
      {HEAD "\"uses\":[\"x/1\"],\"provides\":[\"x/1\"]}", "uses and provides x/1"},
      {HEAD "\"config\":[{\"key\":\"k\"},{\"key\":\"k\"}]}", "config key k is there twice"},
      {HEAD "\"config\":[{\"key\":\"k\",\"type\":\"choice\",\"choices\":[\"a\"],\"default\":\"b\"}]}",
       "the default of config key k must be one of a"},
  };
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    const char *message = refusal(arena, cases[i].text);

    cr_expect(strstr(message, cases[i].part), "\"%s\" is not in: %s", cases[i].part, message);
    cr_expect(str_starts(message, "p.json"), "%s", message);
  }
}

Test(manifest, a_command_takes_the_flags_of_another)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  const struct manifest *manifest;
  const struct grammar_command *plan;

  cr_assert_eq(manifest_read(arena, CORPUS "/good-command-flags-from.json", &manifest, &err), CLXS_OK);
  cr_assert_eq(manifest_lint(arena, manifest, &err), CLXS_OK, "%s", err.message);
  plan = manifest_command(manifest, "plan");
  cr_assert_eq(plan->flag_count, 2);
  cr_expect_str_eq(plan->flags[0].name, "source");
  cr_expect_str_eq(plan->flags[1].name, "resume");
  cr_expect_str_eq(plan->flags[1].excludes[0], "source");
  cr_expect_null(plan->flags[1].excludes[1], "what is not there excludes nothing");
  cr_expect_str_eq(manifest_command(manifest, "run")->flags[2].excludes[1], "dry-run",
                   "the other is as it was");
}

Test(manifest, own_flags_stand_before_inherited_ones_and_above_them)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  const struct manifest *manifest;
  const struct grammar_command *b;

  cr_assert_eq(parse(arena,
                     HEAD "\"commands\":[{\"name\":\"b\",\"summary\":\"s\",\"flags_from\":\"a\","
                          "\"flags\":[{\"name\":\"g\",\"help\":\"h\"},{\"name\":\"f\",\"help\":\"own\"}]},"
                          "{\"name\":\"a\",\"summary\":\"s\",\"flags\":[{\"name\":\"f\",\"help\":\"h\"},"
                          "{\"name\":\"e\",\"help\":\"h\"}]}]}",
                     &manifest, &err),
               CLXS_OK, "%s", err.message);
  b = manifest_command(manifest, "b");
  cr_assert_eq(b->flag_count, 3);
  cr_expect_str_eq(b->flags[0].name, "g");
  cr_expect_str_eq(b->flags[1].help, "own");
  cr_expect_str_eq(b->flags[2].name, "e");
}

static uint64_t
hash_of(struct arena *arena, const char *text)
{
  struct err err = ERR_INIT(arena);
  const struct manifest *manifest;

  cr_assert_eq(parse(arena, text, &manifest, &err), CLXS_OK, "%s", err.message);
  return manifest_grammar_hash(manifest);
}

#define FLAG(inner) COMMAND("\"flags\":[{\"name\":\"f\",\"help\":\"h\"" inner "}]")

Test(manifest, hash_covers_what_code_relies_on)
{
  static const char *const differ[] = {FLAG(",\"type\":\"integer\""),
                                       FLAG(",\"default\":\"x\""),
                                       FLAG(",\"repeat\":true"),
                                       FLAG(",\"required\":true"),
                                       FLAG(",\"type\":\"choice\",\"choices\":[\"a\"]"),
                                       FLAG(",\"type\":\"choice\",\"choices\":[\"a\",\"b\"]"),
                                       FLAG(",\"type\":\"integer\",\"min\":1"),
                                       FLAG(",\"type\":\"integer\",\"max\":1"),
                                       COMMAND("\"mutates\":true"),
                                       COMMAND("\"args\":[{\"name\":\"f\"}]"),
                                       COMMAND("\"flags\":[]"),
                                       FROM("\"flags_from\":\"a\""),
                                       FROM("\"flags_from\":\"a\",\"without\":[\"f\"]"),
                                       HEAD "\"config\":[{\"key\":\"f\"}]}"};
  static const char *const same[] = {
      FLAG(",\"hidden\":true"), FLAG(",\"complete\":\"file\""),
      COMMAND("\"group\":\"g\",\"flags\":[{\"name\":\"f\",\"help\":\"better\"}]")};
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  uint64_t base = hash_of(arena, FLAG(""));

  for (size_t i = 0; i < ARRAY_SIZE(differ); i++)
    for (size_t k = 0; k < i; k++)
      cr_expect_neq(hash_of(arena, differ[i]), hash_of(arena, differ[k]), "%s and %s", differ[i], differ[k]);
  for (size_t i = 0; i < ARRAY_SIZE(differ); i++)
    cr_expect_neq(hash_of(arena, differ[i]), base, "%s", differ[i]);
  for (size_t i = 0; i < ARRAY_SIZE(same); i++)
    cr_expect_eq(hash_of(arena, same[i]), base, "%s", same[i]);
}

/* A change of the spelling would make every installed plugin unloadable. */
Test(manifest, hash_is_frozen)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  const struct manifest *manifest;

  cr_assert_eq(manifest_read(arena, CORPUS "/good-full.json", &manifest, &err), CLXS_OK);
  cr_expect_eq(manifest_grammar_hash(manifest), UINT64_C(0x266640df5cd34ee9), "%016lx",
               manifest_grammar_hash(manifest));
}
