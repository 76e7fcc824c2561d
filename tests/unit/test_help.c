/* SPDX-License-Identifier: Apache-2.0 */
/* Help pages, compared whole: layout is what people see. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "cli/builtin.h"
#include "cli/help.h"
#include "conf/conf.h"

static const char *const kinds[] = {"table", "view", NULL};
static const struct grammar_arg args[] = {
    {.name = "catalog", .required = true, .help = "The catalog to look at."},
    {.name = "names", .repeat = true}};
static const struct grammar_flag flags[] = {
    {.name = "since",
     .short_name = "s",
     .type = TYPE_DURATION,
     .default_value = "7d",
     .config = "audit.since",
     .help = "How far back to look."},
    {.name = "kind", .type = TYPE_CHOICE, .choices = kinds, .repeat = true, .help = "What to show."},
    {.name = "grants", .type = TYPE_BOOLEAN, .default_value = "true", .help = "Copy no grants."},
    {.name = "max-parallel-queries",
     .value_name = "COUNT",
     .type = TYPE_INTEGER,
     .has_min = true,
     .min = 1,
     .has_max = true,
     .max = 64,
     .env = "CLXS_Q",
     .help = "How many statements may run on the warehouse at the same time; more than ten "
             "rarely help."},
    {.name = "inner", .hidden = true, .help = "Not shown."},
};
static const struct grammar_example examples[] = {{.cmd = "clxs audit show main", .help = "Everything."},
                                                  {.cmd = "clxs audit show main -s 1d"}};
static const struct grammar_command command = {
    .name = "audit show",
    .summary = "Show recent changes",
    .help = "Reads the log of `CATALOG`.\n\n# Order\n\n- newest first\n- then by "
            "name, **always**\n\n```\nclxs x   y\n```\nSee [docs](https://x.y).\n",
    .args = args,
    .arg_count = 2,
    .flags = flags,
    .flag_count = 5,
    .examples = examples,
    .example_count = 2};
static const struct conf_key keys[] = {
    {.name = "audit.since", .default_value = "7d", .help = "How far back to look."},
    {.name = "other.key", .help = "Of another plugin."}};

Test(help, command)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);
  const struct text_style style = {.width = 72};

  help_command(arena, &command, keys, 2, &style, &out);
  cr_assert_str_eq(out.data, "Show recent changes\n"
                             "\n"
                             "usage: clxs audit show CATALOG [NAMES...] [FLAGS]\n"
                             "\n"
                             "Reads the log of `CATALOG`.\n"
                             "\n"
                             "Order\n"
                             "\n"
                             "- newest first\n"
                             "- then by name, always\n"
                             "\n"
                             "    clxs x   y\n"
                             "\n"
                             "See docs (https://x.y).\n"
                             "\n"
                             "Arguments\n"
                             "  CATALOG  The catalog to look at.\n"
                             "  NAMES\n"
                             "\n"
                             "Flags\n"
                             "  -s, --since TIME    How far back to look (default 7d).\n"
                             "      --kind WORD...  What to show (table, view).\n"
                             "      --no-grants     Copy no grants.\n"
                             "      --max-parallel-queries COUNT\n"
                             "                      How many statements may run on the warehouse at\n"
                             "                      the same time; more than ten rarely help (1 to 64;\n"
                             "                      environment CLXS_Q).\n"
                             "\n"
                             "Settings (clxs.yaml), and the flags that win over them\n"
                             "  audit.since  How far back to look (--since; default 7d).\n"
                             "\n"
                             "Examples\n"
                             "  Everything.\n"
                             "    clxs audit show main\n"
                             "  clxs audit show main -s 1d\n"
                             "\n"
                             "Flags of every command: `clxs help`.\n");
}

Test(help, overview)
{
  static const struct help_line lines[] = {{"version", "Show the version", "clxs itself", true},
                                           {"diff", "Compare", "Compare", false},
                                           {"odd", "Something", NULL, false},
                                           {"clone", "Clone a catalog", "Clone", false},
                                           {"audit show", "Show recent changes", "Compare", false},
                                           {"audit", "Audit", "Compare", false}};
  static const struct grammar_flag global_flags[] = {
      {.name = "quiet", .short_name = "q", .type = TYPE_BOOLEAN, .help = "Say less."}};
  static const struct grammar_command global = {
      .name = "clxs", .summary = "Clone catalogs", .flags = global_flags, .flag_count = 1};
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);
  const struct text_style style = {.width = 80};

  help_overview(arena, lines, ARRAY_SIZE(lines), NULL, &global, &style, &out);
  cr_expect_str_eq(
      out.data, "Clone catalogs\n\nusage: clxs COMMAND [ARGUMENTS] [FLAGS]\n"
                "\nClone\n  clone       Clone a catalog\n"
                "\nCompare\n  audit       Audit\n  audit show  Show recent changes\n  diff        Compare\n"
                "\nOther\n  odd         Something\n"
                "\nclxs itself\n  version     Show the version\n"
                "\nFlags of every command\n  -q, --quiet  Say less.\n"
                "  -h, --help   Show what a command does and takes.\n"
                "\n`clxs help COMMAND` tells more about a command.\n");
  buf_reset(&out);
  help_overview(arena, lines, ARRAY_SIZE(lines), "audit", &global, &style, &out);
  cr_expect_str_eq(out.data, "usage: clxs audit COMMAND [FLAGS]\n"
                             "\nCompare\n  audit       Audit\n  audit show  Show recent changes\n"
                             "\n`clxs help audit COMMAND` tells more about a command.\n");
}

Test(help, wrapping_counts_columns)
{
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);
  const struct text_style narrow = {.width = 10}, colour = {.width = 10, .colour = true},
                          endless = {.width = 0};

  markdown_wrap(&out, "Größe Übung ab", 0, 2, &narrow);
  cr_expect_str_eq(out.data, "Größe\n  Übung ab\n");
  buf_reset(&out);
  markdown_wrap(&out, "one **two** three", 0, 0, &colour);
  cr_expect_str_eq(out.data, "one \033[1mtwo\033[0m\nthree\n");
  buf_reset(&out);
  markdown_wrap(&out, "averyveryverylongword and", 0, 0, &narrow);
  cr_expect_str_eq(out.data, "averyveryverylongword\nand\n");
  buf_reset(&out);
  markdown_wrap(&out, "a\nb   c", 0, 0, &endless);
  cr_expect_str_eq(out.data, "a b c\n");
}

Test(help, man_escapes_what_roff_would_take)
{
  static const struct grammar_command tricky = {
      .name = "x", .summary = "A-b", .help = ".so /etc/passwd\n'quoted\n\\fBraw\n\n```\n.nf\n```\n"};
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);

  help_man(arena, &tricky, NULL, 0, "clxs 1", &out);
  cr_expect_str_eq(out.data,
                   ".TH \"CLXS_X\" 1 \"\" \"clxs 1\" \"clxs manual\"\n.SH NAME\nclxs\\-x \\- A\\-b\n"
                   ".SH SYNOPSIS\n.B clxs x\n.SH DESCRIPTION\n.PP\n\\&.so /etc/passwd\n\\&'quoted\n\\efBraw\n"
                   ".PP\n.RS 4\n.nf\n\\&.nf\n.fi\n.RE\n"
                   ".SH SEE ALSO\n.BR clxs (1),\nfor the flags of every command and the exit codes.\n");
  buf_reset(&out);
  help_man(arena, &command, keys, 2, "clxs 1", &out);
  cr_expect(strstr(out.data,
                   ".SH OPTIONS\n.TP\n\\fB\\-s, \\-\\-since TIME\\fR\nHow far back to look (default 7d).\n"),
            "%s", out.data);
  cr_expect(strstr(out.data, ".SH SETTINGS\n"));
  cr_expect_null(strstr(out.data, "other.key"));
  cr_expect_null(strstr(out.data, "inner"));
}

/* Every command that is built in says what it does, and every flag of it has help. */
Test(help, builtin_commands)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  cr_assert_gt(builtin_command_count, 5);
  for (size_t i = 0; i < builtin_command_count; i++) {
    CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);
    const struct text_style style = {.width = 80};

    cr_expect_not_null(builtin_commands[i].group, "%s", builtin_commands[i].name);
    help_command(arena, &builtin_commands[i], NULL, 0, &style, &out);
    cr_expect(str_starts(out.data, builtin_commands[i].summary));
  }
  cr_expect_str_eq(builtin_global.name, "clxs");
  cr_expect_gt(builtin_global.flag_count, 5);
}
