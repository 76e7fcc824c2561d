/* SPDX-License-Identifier: Apache-2.0 */
/* What clxs-gen writes. That it compiles is shown by every plugin and by the host's own commands. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "gen/gen.h"
#include "plugin/manifest.h"

#define HEAD "{\"schema\":1,\"id\":\"org.a-b\",\"version\":\"0.1.0\",\"library\":\"a.so\",\"abi\":\"1.0\","

static const struct manifest *
parse(struct arena *arena, const char *text)
{
  struct err err = ERR_INIT(arena);
  const struct manifest *manifest;

  cr_assert_eq(manifest_parse(arena, "p.json", text, strlen(text), &manifest, &err), CLXS_OK, "%s",
               err.message);
  return manifest;
}

Test(gen, header)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);
  struct err err = ERR_INIT(arena);
  const struct manifest *manifest =
      parse(arena, HEAD "\"config\":[{\"key\":\"audit.keep_days\"}],\"commands\":[{\"name\":\"audit "
                        "show\",\"summary\":\"s\",\"args\":[{"
                        "\"name\":\"catalog\"}],\"flags\":[{\"name\":\"max-age\",\"help\":\"h\"}]},{\"name\":"
                        "\"audit\",\"summary\":\"s\","
                        "\"flags\":[{\"name\":\"max-age\",\"help\":\"h\"}]}]}");
  const char *expected =
      arena_printf(arena,
                   "/* Made by clxs-gen from plugin.json; change that file instead. */\n"
                   "#ifndef CLXS_GEN_ORG_A_B_H\n#define CLXS_GEN_ORG_A_B_H\n\n#include <stdint.h>\n\n"
                   "#define CLXS_PLUGIN_ID \"org.a-b\"\n#define CLXS_PLUGIN_VERSION \"0.1.0\"\n"
                   "#define CLXS_GRAMMAR UINT64_C(0x%016lx)\n\n/* clxs audit show */\n"
                   "#define CMD_AUDIT_SHOW \"audit show\"\n#define ARG_CATALOG \"catalog\"\n"
                   "#define FLAG_MAX_AGE \"max-age\"\n\n/* clxs audit */\n#define CMD_AUDIT \"audit\"\n\n"
                   "/* config keys */\n#define KEY_AUDIT_KEEP_DAYS \"audit.keep_days\"\n\n#endif\n",
                   (unsigned long)manifest_grammar_hash(manifest));

  cr_assert_eq(gen_header(arena, manifest, &out, &err), CLXS_OK);
  cr_expect_str_eq(out.data, expected);
}

Test(gen, names_that_make_one_macro)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);
  struct err err = ERR_INIT(arena);

  cr_assert_eq(
      gen_header(
          arena,
          parse(arena,
                HEAD "\"commands\":[{\"name\":\"c\",\"summary\":\"s\",\"flags\":[{\"name\":\"a-b\",\"help\":"
                     "\"h\"},{\"name\":\"a_b\",\"help\":\"h\"}]}]}"),
          &out, &err),
      CLXS_E_CONFIG);
  cr_expect_str_eq(err.message, "p.json: \"a-b\" and \"a_b\" would both be FLAG_A_B; rename one");
}

Test(gen, embedded_texts_are_literals)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);
  struct err err = ERR_INIT(arena);

  cr_assert_eq(
      gen_embed(
          arena,
          parse(arena, HEAD
                "\"commands\":[{\"name\":\"c\",\"summary\":\"say \\\"x\\\\y\\\"?\\u003f/ \xc3\xbc\","
                "\"flags\":[{\"name\":\"f\",\"help\":\"h\",\"type\":\"choice\",\"choices\":[\"a\",\"b\"]}]},"
                "{\"name\":\"clxs\",\"summary\":\"all\"}]}"),
          "own", &out, &err),
      CLXS_OK);
  cr_expect(strstr(out.data, ".summary = \"say \\\"x\\\\y\\\"\\?\\?/ \xc3\xbc\""), "%s", out.data);
  cr_expect(strstr(out.data, ".choices = (const char *const[]){\"a\", \"b\", NULL}"), "%s", out.data);
  cr_expect(strstr(out.data, "const size_t own_command_count = 1;"));
  cr_expect(
      strstr(out.data, "const struct grammar_command own_global = {.name = \"clxs\", .summary = \"all\""));
}

Test(gen, missing_help_file)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);
  struct err err = ERR_INIT(arena);

  cr_assert_eq(
      gen_embed(arena,
                parse(arena,
                      HEAD "\"commands\":[{\"name\":\"c\",\"summary\":\"s\",\"help\":\"help/nowhere.md\"}]}"),
                "own", &out, &err),
      CLXS_E_NOT_FOUND);
  cr_expect(strstr(err.message, "help/nowhere.md"), "%s", err.message);
}
