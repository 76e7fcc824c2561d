/* SPDX-License-Identifier: Apache-2.0 */
/* Completion: the words offered at each place of a line, and the shells' scripts. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "bad-plugins/bench.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli/builtin.h"
#include "cli/complete.h"

#define MANIFEST                                                                                             \
  "{\"schema\":1,\"id\":\"org.a\",\"version\":\"1.0.0\",\"library\":\"x.so\",\"abi\":\"1.0\",\"commands\":[" \
  "{\"name\":\"audit show\",\"summary\":\"Show "                                                             \
  "it\",\"args\":[{\"name\":\"what\",\"type\":\"choice\",\"choices\":["                                      \
  "\"tables\",\"types\"]},{\"name\":\"file\",\"type\":\"path\"}],\"flags\":["                                \
  "{\"name\":\"kind\",\"help\":\"Kind\",\"type\":\"choice\",\"choices\":[\"hot\",\"cold\"]},"                \
  "{\"name\":\"keep\",\"help\":\"Keep\",\"type\":\"boolean\",\"default\":true},"                             \
  "{\"name\":\"tag\",\"help\":\"Tag\",\"repeat\":true,\"complete\":\"plugin\"},"                             \
  "{\"name\":\"into\",\"short\":\"i\",\"help\":\"Into\",\"complete\":\"directory\"},"                        \
  "{\"name\":\"hush\",\"help\":\"Hush\",\"hidden\":true}]},"                                                 \
  "{\"name\":\"audit purge\",\"summary\":\"Purge it\"},{\"name\":\"augur\",\"summary\":\"Guess\"},"          \
  "{\"name\":\"hidden-one\",\"summary\":\"No\",\"hidden\":true}]}"

static void
values(void *data, const char *plugin_id, const struct grammar_command *command, const char *name,
       const char *complete, const char *prefix, struct buf *out)
{
  cr_expect_str_eq(plugin_id, "org.a");
  cr_expect_str_eq(command->name, "audit show");
  cr_expect_str_eq(complete, "plugin");
  ++*(int *)data;
  complete_offer(out, prefix, name, "from the plugin");
  complete_offer(out, prefix, "other", NULL);
}

/* The answer for LINE, cut at "|". */
static const char *
answer(struct bench *bench, struct registry *registry, const char *line)
{
  int asked = 0;
  const struct complete_source source = {values, &asked};
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);
  char *rest = arena_strdup(bench->arena, line);
  const char *words[16];
  int count = 0;

  while (rest && count < 16)
    words[count++] = strsep(&rest, "|");
  complete_words(bench->arena, registry, &builtin_global, count, words, &source, &out);
  return arena_strdup(bench->arena, out.data);
}

Test(complete, words)
{
  static const struct {
    const char *line, *answer;
  } cases[] = {
      {"au", "auth\naudit\naugur\tGuess\n:none\n"},
      {"aud", "audit\n:none\n"},
      {"--|aud", "audit\n:none\n"},
      {"hidden", ":none\n"},
      {"audit|", "purge\tPurge it\nshow\tShow it\n:none\n"},
      {"audit|s", "show\tShow it\n:none\n"},
      {"-v|audit|s", "show\tShow it\n:none\n"},
      {"--profile|prod|audit|s", "show\tShow it\n:none\n"},
      {"audit|show|t", "tables\ntypes\n:none\n"},
      {"audit|show|ta", "tables\n:none\n"},
      {"audit|show|tables|", ":files\n"},
      {"audit|show|tables|x|", ":none\n"},
      {"audit|show|--k", "--kind\tKind\n:none\n"},
      {"audit|show|--no-k", "--no-keep\tKeep\n:none\n"},
      {"audit|show|--hu", ":none\n"},
      {"audit|show|--kind|", "hot\ncold\n:none\n"},
      {"audit|show|--kind|c", "cold\n:none\n"},
      {"audit|show|--kind=c", "--kind=cold\n:none\n"},
      {"audit|show|--kind|=|c", "cold\n:none\n"},
      {"audit|show|--kind|=", "hot\ncold\n:none\n"},
      {"audit|show|--kind|hot|--kin", ":none\n"},
      {"audit|show|--tag|x|--ta", "--tag\tTag\n:none\n"},
      {"audit|show|--tag|", "tag\tfrom the plugin\nother\n:none\n"},
      {"audit|show|--tag|o", "other\n:none\n"},
      {"audit|show|--into|", ":directories\n"},
      {"audit|show|-i|x", ":directories\n"},
      {"audit|show|--|--k", ":none\n"},
      {"audit|show|--kind|hot|ta", "tables\n:none\n"},
      {"audit|show|--verb", "--verbose\tSay what is being done.\n:none\n"},
      {"--output|", "text\njson\nyaml\ncsv\nhtml\n:none\n"},
      {"--verb", "--verbose\tSay what is being done.\n:none\n"},
      {"completion|z", "zsh\n:none\n"},
      {"nonsense|x", ":none\n"},
  };
  CLEANUP_BENCH struct bench bench = bench_new();
  struct registry *registry;

  bench_write(&bench, "a/plugin.json", MANIFEST);
  registry = bench_open(&bench);
  for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
    cr_expect_str_eq(answer(&bench, registry, cases[i].line), cases[i].answer);
  registry_close(registry);
}

/* A script is good when its shell reads it. */
Test(complete, scripts)
{
  static const char *const shells[] = {"bash", "zsh", "fish"};

  for (size_t i = 0; i < ARRAY_SIZE(shells); i++) {
    const char *script = complete_script(shells[i]);

    cr_assert_not_null(script);
    cr_expect(strstr(script, "__complete --"), "%s", shells[i]);
  }
  cr_expect_null(complete_script("tcsh"));
}
