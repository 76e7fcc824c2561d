/* SPDX-License-Identifier: Apache-2.0 */
/* The manual in roff with the macros of man(7): a page for clxs itself, and one for each command. */
#include "cli/help.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "conf/conf.h"

#include "base/banned.h"

static void
add_definition(struct buf *out, const char *title, const char *text)
{
  buf_add_text(out, ".TP\n\\fB");
  markdown_roff_inline(out, title);
  buf_add_text(out, "\\fR\n");
  markdown_roff_inline(out, text ? text : "");
  buf_add_char(out, '\n');
}

/* The page of the command "plugin list" is called clxs-plugin-list. */
static const char *
page_name(struct arena *arena, const char *command)
{
  char *name = arena_printf(arena, "clxs-%s", command);

  for (char *p = name; *p; p++)
    if (*p == ' ') *p = '-';
  return name;
}

static void
add_title(struct arena *arena, const char *name, const char *summary, const char *synopsis,
          const char *source, struct buf *out)
{
  buf_addf(out, ".TH \"%s\" 1 \"\" \"%s\" \"clxs manual\"\n.SH NAME\n", help_upper(arena, name), source);
  markdown_roff_inline(out, name);
  buf_add_text(out, " \\- ");
  markdown_roff_inline(out, summary);
  buf_add_text(out, "\n.SH SYNOPSIS\n.B ");
  markdown_roff_inline(out, synopsis);
  buf_add_char(out, '\n');
}

static void
add_options(struct arena *arena, const struct grammar_command *command, struct buf *out)
{
  if (command->flag_count > 0) buf_add_text(out, ".SH OPTIONS\n");
  for (size_t i = 0; i < command->flag_count; i++) {
    const struct grammar_flag *flag = &command->flags[i];
    const char *title = help_flag_title(arena, flag);

    if (!flag->hidden)
      add_definition(out, title + strspn(title, " "),
                     help_with_facts(arena, flag->help, help_flag_facts(arena, flag)));
  }
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
  add_title(arena, page_name(arena, command->name), command->summary, help_synopsis(arena, command), source,
            out);
  if (command->help) {
    buf_add_text(out, ".SH DESCRIPTION\n");
    markdown_roff(out, command->help);
  }
  if (command->arg_count > 0) buf_add_text(out, ".SH ARGUMENTS\n");
  for (size_t i = 0; i < command->arg_count; i++)
    add_definition(out, help_upper(arena, command->args[i].name), command->args[i].help);
  add_options(arena, command, out);
  for (size_t i = 0, shown = 0; i < key_count; i++) {
    const struct grammar_flag *flag = help_key_flag(command, &keys[i]);

    if (!flag) continue;
    if (shown++ == 0) buf_add_text(out, ".SH SETTINGS\n");
    add_definition(out, keys[i].name,
                   help_with_facts(arena, keys[i].help, help_key_facts(arena, flag, &keys[i])));
  }
  add_examples(command, out);
  buf_add_text(out, ".SH SEE ALSO\n.BR clxs (1),\nfor the flags of every command and the exit codes.\n");
}

void
help_man_overview(struct arena *arena, const struct help_line *lines, size_t count,
                  const struct grammar_command *global, const char *source, struct buf *out)
{
  const char *group = NULL;

  add_title(arena, "clxs", global->summary, "clxs COMMAND [ARGUMENTS] [FLAGS]", source, out);
  if (global->help) {
    buf_add_text(out, ".SH DESCRIPTION\n");
    markdown_roff(out, global->help);
  }
  buf_add_text(out, ".SH COMMANDS\n");
  lines = help_sort(arena, lines, count, NULL, &count);
  for (size_t i = 0; i < count; i++) {
    const char *heading = lines[i].group ? lines[i].group : "Other";

    if (!str_eq(heading, group)) {
      buf_add_text(out, ".SS ");
      markdown_roff_inline(out, heading);
      buf_add_char(out, '\n');
    }
    group = heading;
    buf_addf(out, ".TP\n.BR ");
    markdown_roff_inline(out, page_name(arena, lines[i].name));
    buf_add_text(out, " (1)\n");
    markdown_roff_inline(out, lines[i].summary);
    buf_add_char(out, '\n');
  }
  add_options(arena, global, out);
}
