/* SPDX-License-Identifier: Apache-2.0 */
/* The manifests of this tree, the host's own among them: they are in order, their help is there, their
 * examples are command lines that clxs understands, and no flag hides one that every command has. */
#include <criterion/criterion.h>
#include <glob.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/args.h"
#include "cli/builtin.h"
#include "plugin/manifest.h"

#define WORDS_MAX 64

/* What a shell makes of LINE, up to a pipe, a redirection or a comment; the count. */
static int
shell_words(struct arena *arena, const char *line, const char *words[WORDS_MAX])
{
  int count = 0;

  while (count < WORDS_MAX) {
    CLEANUP_BUF struct buf word = BUF_INIT(1 << 16);
    bool any = false;
    char quote = '\0';

    line += strspn(line, " ");
    if (*line == '\0' || strchr("|><&;#", *line)) break;
    for (; *line && (quote || *line != ' '); line++) {
      any = true;
      if (quote ? *line == quote : *line == '\'' || *line == '"')
        quote = quote ? '\0' : *line;
      else if (*line == '\\' && quote != '\'' && line[1])
        buf_add_char(&word, *++line);
      else
        buf_add_char(&word, *line);
    }
    cr_expect_eq(quote, '\0', "a quote is not closed");
    if (any) words[count++] = arena_strndup(arena, word.data, word.len);
  }
  return count;
}

/* The longest command name that WORDS begin with. */
static const struct grammar_command *
find_command(struct arena *arena, const struct manifest *manifest, int count, const char *const *words,
             int *used)
{
  const struct grammar_command *found = NULL;
  const char *name = "";

  for (int i = 0; i < count && i < 3; i++) {
    const struct grammar_command *command;

    name = arena_printf(arena, "%s%s%s", name, i ? " " : "", words[i]);
    command = manifest_command(manifest, name);
    if (!command) continue;
    found = command;
    *used = i + 1;
  }
  return found;
}

static void
check_example(struct arena *arena, const struct manifest *manifest, const char *line)
{
  struct err err = ERR_INIT(arena);
  const char *words[WORDS_MAX];
  const struct grammar_command *command;
  struct args *args;
  int count = shell_words(arena, line, words), leading, used = 0;

  leading = 1 + args_leading(&builtin_global, count - 1, words + 1);
  command = find_command(arena, manifest, count - leading, words + leading, &used);
  cr_expect_not_null(command, "%s: no command in: %s", manifest->file, line);
  if (!command) return;
  cr_expect_eq(args_parse(arena, command, &builtin_global, count - leading - used, words + leading + used,
                          &args, &err),
               CLXS_OK, "%s: %s: %s", manifest->file, line, err.message);
}

static void
check_flags(const struct manifest *manifest, const struct grammar_command *command)
{
  for (size_t i = 0; i < command->flag_count; i++)
    for (size_t k = 0; k < builtin_global.flag_count && !str_eq(command->name, "clxs"); k++) {
      const struct grammar_flag *own = &command->flags[i], *all = &builtin_global.flags[k];

      if (all->hidden) continue; /* --token of a server that is started is another matter */
      /* A file that is written is --output, too; the format of the result is then -o only. */
      cr_expect(!str_eq(own->name, all->name) || str_eq(own->name, "output"),
                "%s: \"%s\" hides a flag of every command", manifest->file, command->name);
      cr_expect(!own->short_name || !str_eq(own->short_name, all->short_name), "%s: \"%s\": -%s hides --%s",
                manifest->file, command->name, own->short_name, all->name);
    }
}

static void
check_manifest(struct arena *arena, const char *file)
{
  struct err err = ERR_INIT(arena);
  const struct manifest *manifest;

  cr_assert_eq(manifest_read(arena, file, &manifest, &err), CLXS_OK, "%s", err.message);
  cr_expect_eq(manifest_lint(arena, manifest, &err), CLXS_OK, "%s", err.message);
  for (size_t i = 0; i < manifest->command_count; i++) {
    const struct grammar_command *command = &manifest->commands[i];
    const char *help;

    cr_expect_eq(manifest_help(arena, manifest, command, &help, &err), CLXS_OK, "%s", err.message);
    cr_expect(command->group || command->hidden, "%s: \"%s\" has no group", file, command->name);
    check_flags(manifest, command);
    for (size_t k = 0; k < command->example_count; k++)
      check_example(arena, manifest, command->examples[k].cmd);
  }
}

Test(manifests_own, in_order)
{
  static const char *const patterns[] = {"/plugins/*/plugin.json", "/host/cmd/host.json",
                                         "/sdk/template/plugin.json"};
  size_t count = 0;

  for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    glob_t found;

    if (glob(arena_printf(arena, CLXS_SOURCE_DIR "%s", patterns[i]), 0, NULL, &found) != 0) continue;
    for (size_t k = 0; k < found.gl_pathc; k++, count++)
      check_manifest(arena, found.gl_pathv[k]);
    globfree(&found);
  }
  cr_assert_geq(count, 3);
}
