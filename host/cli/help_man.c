/* SPDX-License-Identifier: Apache-2.0 */
/* A command's page in roff with the macros of man(7). */
#include "cli/help.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "conf/conf.h"

#include "base/banned.h"

static void
add_definition(struct buf *out, const char *title, const char *text, const char *facts)
{
  buf_add_text(out, ".TP\n");
  buf_add_text(out, "\\fB");
  markdown_roff_inline(out, title);
  buf_add_text(out, "\\fR\n");
  markdown_roff_inline(out, text ? text : "");
  if (facts) {
    buf_add_text(out, text && *text ? " (" : "(");
    markdown_roff_inline(out, facts);
    buf_add_char(out, ')');
  }
  buf_add_char(out, '\n');
}

static void
add_title(struct arena *arena, const struct grammar_command *command, const char *source, struct buf *out)
{
  char *name = arena_printf(arena, "clxs-%s", command->name);

  for (char *p = name; *p; p++)
    if (*p == ' ') *p = '-';
  buf_addf(out, ".TH \"%s\" 1 \"\" \"%s\" \"clxs manual\"\n.SH NAME\n", help_upper(arena, name), source);
  markdown_roff_inline(out, name);
  buf_add_text(out, " \\- ");
  markdown_roff_inline(out, command->summary);
  buf_add_text(out, "\n.SH SYNOPSIS\n.B ");
  markdown_roff_inline(out, help_synopsis(arena, command));
  buf_add_char(out, '\n');
}

static void
add_examples(const struct grammar_command *command, struct buf *out)
{
  if (command->example_count > 0) buf_add_text(out, ".SH EXAMPLES\n");
  for (size_t i = 0; i < command->example_count; i++) {
    buf_add_text(out, ".PP\n");
    if (command->examples[i].help) {
      markdown_roff_inline(out, command->examples[i].help);
      buf_add_char(out, '\n');
    }
    buf_add_text(out, ".RS 4\n.nf\n");
    markdown_roff_inline(out, command->examples[i].cmd);
    buf_add_text(out, "\n.fi\n.RE\n");
  }
}

void
help_man(struct arena *arena, const struct grammar_command *command, const struct conf_key *keys,
         size_t key_count, const char *source, struct buf *out)
{
  add_title(arena, command, source, out);
  if (command->help) {
    buf_add_text(out, ".SH DESCRIPTION\n");
    markdown_roff(out, command->help);
  }
  if (command->arg_count > 0) buf_add_text(out, ".SH ARGUMENTS\n");
  for (size_t i = 0; i < command->arg_count; i++)
    add_definition(out, help_upper(arena, command->args[i].name), command->args[i].help, NULL);
  if (command->flag_count > 0) buf_add_text(out, ".SH OPTIONS\n");
  for (size_t i = 0; i < command->flag_count; i++) {
    const struct grammar_flag *flag = &command->flags[i];
    const char *title = help_flag_title(arena, flag);

    if (!flag->hidden)
      add_definition(out, title + strspn(title, " "), flag->help, help_flag_facts(arena, flag));
  }
  for (size_t i = 0, shown = 0; i < key_count; i++) {
    const struct grammar_flag *flag = help_key_flag(command, &keys[i]);

    if (!flag) continue;
    if (shown++ == 0) buf_add_text(out, ".SH SETTINGS\n");
    add_definition(out, keys[i].name, keys[i].help, help_key_facts(arena, flag, &keys[i]));
  }
  add_examples(command, out);
}
