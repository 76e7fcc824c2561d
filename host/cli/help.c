/* SPDX-License-Identifier: Apache-2.0 */
/* Help on the terminal. It must not know where commands come from, nor what is set at the moment. */
#include "cli/help.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "conf/conf.h"

#include "base/banned.h"

#define TITLE_MAX 28 /* columns for a flag before its help goes to the next line */

/* One row of a two-column list. */
struct row {
  const char *title, *text;
};

static void
add_heading(struct buf *out, const char *text, const struct text_style *style)
{
  buf_addf(out, style->colour ? "\n\033[1m%s\033[0m\n" : "\n%s\n", text);
}

/* ROWS with their texts aligned; titles wider than LIMIT stand on a line of their own. */
static void
add_rows(struct buf *out, const struct row *rows, size_t count, size_t limit, const struct text_style *style)
{
  size_t column = 0;

  for (size_t i = 0; i < count; i++) {
    size_t width = utf8_width(rows[i].title);

    if (width <= limit && width > column) column = width;
  }
  column += 4;
  for (size_t i = 0; i < count; i++) {
    size_t width = utf8_width(rows[i].title) + 2;

    buf_addf(out, "  %s", rows[i].title);
    if (!rows[i].text || !*rows[i].text) {
      buf_add_char(out, '\n');
      continue;
    }
    if (width + 2 > column) {
      buf_add_char(out, '\n');
      width = 0;
    }
    for (; width < column; width++)
      buf_add_char(out, ' ');
    markdown_wrap(out, rows[i].text, column, column, style);
  }
}

static int
by_group(const void *a, const void *b)
{
  const struct help_line *x = a, *y = b;
  int order;

  if (x->builtin != y->builtin) return x->builtin - y->builtin;
  if (!x->group != !y->group) return !x->group - !y->group;
  order = x->group ? strcmp(x->group, y->group) : 0;
  return order ? order : strcmp(x->name, y->name);
}

/* NAME is PREFIX or begins with it and a space. */
static bool
below(const char *name, const char *prefix)
{
  size_t length = prefix ? strlen(prefix) : 0;

  return !prefix || (str_starts(name, prefix) && (name[length] == '\0' || name[length] == ' '));
}

const struct help_line *
help_sort(struct arena *arena, const struct help_line *lines, size_t count, const char *prefix, size_t *kept)
{
  struct help_line *sorted = arena_array(arena, count + 1, sizeof *sorted);

  *kept = 0;
  for (size_t i = 0; i < count; i++)
    if (below(lines[i].name, prefix)) sorted[(*kept)++] = lines[i];
  qsort(sorted, *kept, sizeof *sorted, by_group);
  return sorted;
}

static size_t
flag_rows(struct arena *arena, const struct grammar_command *command, struct row **rows)
{
  size_t count = 0;

  *rows = arena_array(arena, command->flag_count + 1, sizeof **rows);
  for (size_t i = 0; i < command->flag_count; i++) {
    const struct grammar_flag *flag = &command->flags[i];
    const char *facts = help_flag_facts(arena, flag);

    if (flag->hidden) continue;
    (*rows)[count].title = help_flag_title(arena, flag);
    (*rows)[count++].text = help_with_facts(arena, flag->help, facts);
  }
  return count;
}

void
help_overview(struct arena *arena, const struct help_line *lines, size_t count, const char *prefix,
              const struct grammar_command *global, const struct text_style *style, struct buf *out)
{
  struct row *rows = arena_array(arena, count + 1, sizeof *rows);
  size_t kept, widest = 0;
  const struct help_line *sorted = help_sort(arena, lines, count, prefix, &kept);

  for (size_t i = 0; i < kept; i++)
    if (strlen(sorted[i].name) > widest) widest = strlen(sorted[i].name);
  if (!prefix) markdown_wrap(out, global->summary ? global->summary : "", 0, 0, style);
  buf_addf(out, "%susage: clxs %s%s[FLAGS]\n", prefix ? "" : "\n", prefix ? prefix : "COMMAND",
           prefix ? " COMMAND " : " [ARGUMENTS] ");
  for (size_t i = 0; i < kept;) {
    size_t n = 0;
    const char *group = sorted[i].group ? sorted[i].group : "Other";

    add_heading(out, group, style);
    for (; i < kept && str_eq(sorted[i].group ? sorted[i].group : "Other", group); i++)
      rows[n++] = (struct row){arena_printf(arena, "%-*s", (int)widest, sorted[i].name), sorted[i].summary};
    add_rows(out, rows, n, SIZE_MAX, style);
  }
  if (!prefix) {
    add_heading(out, "Flags of every command", style);
    kept = flag_rows(arena, global, &rows);
    rows[kept++] = (struct row){"-h, --help", "Show what a command does and takes."};
    add_rows(out, rows, kept, TITLE_MAX, style);
  }
  buf_addf(out, "\n`clxs help %s%sCOMMAND` tells more about a command.\n", prefix ? prefix : "",
           prefix ? " " : "");
}

static void
add_arguments(struct arena *arena, const struct grammar_command *command, const struct text_style *style,
              struct buf *out)
{
  struct row *rows = arena_array(arena, command->arg_count + 1, sizeof *rows);

  if (command->arg_count == 0) return;
  for (size_t i = 0; i < command->arg_count; i++) {
    const struct grammar_arg *arg = &command->args[i];
    struct grammar_flag as_flag = {.type = arg->type, .choices = arg->choices};
    const char *facts = help_flag_facts(arena, &as_flag);

    rows[i].title = help_upper(arena, arg->name);
    rows[i].text = help_with_facts(arena, arg->help, facts);
  }
  add_heading(out, "Arguments", style);
  add_rows(out, rows, command->arg_count, TITLE_MAX, style);
}

static void
add_keys(struct arena *arena, const struct grammar_command *command, const struct conf_key *keys,
         size_t count, const struct text_style *style, struct buf *out)
{
  struct row *rows = arena_array(arena, count + 1, sizeof *rows);
  size_t kept = 0;

  for (size_t i = 0; i < count; i++) {
    const struct grammar_flag *flag = help_key_flag(command, &keys[i]);

    if (!flag) continue;
    rows[kept].title = keys[i].name;
    rows[kept++].text = help_with_facts(arena, keys[i].help, help_key_facts(arena, flag, &keys[i]));
  }
  if (kept == 0) return;
  add_heading(out, "Settings (clxs.yaml), and the flags that win over them", style);
  add_rows(out, rows, kept, TITLE_MAX, style);
}

static void
add_examples(const struct grammar_command *command, const struct text_style *style, struct buf *out)
{
  if (command->example_count == 0) return;
  add_heading(out, "Examples", style);
  for (size_t i = 0; i < command->example_count; i++) {
    const struct grammar_example *example = &command->examples[i];

    if (i > 0 && example->help) buf_add_char(out, '\n');
    if (example->help) {
      buf_add_text(out, "  ");
      markdown_wrap(out, example->help, 2, 2, style);
    }
    buf_addf(out, "  %s%s\n", example->help ? "  " : "", example->cmd);
  }
}

void
help_command(struct arena *arena, const struct grammar_command *command, const struct conf_key *keys,
             size_t key_count, const struct text_style *style, struct buf *out)
{
  struct row *rows;
  size_t count = flag_rows(arena, command, &rows);

  buf_addf(out, "%s\n\n", command->summary);
  buf_add_text(out, "usage: ");
  markdown_wrap(out, help_synopsis(arena, command), 7, 11, style);
  if (command->help) {
    buf_add_char(out, '\n');
    markdown_text(out, command->help, 0, style);
  }
  add_arguments(arena, command, style, out);
  if (count > 0) {
    add_heading(out, "Flags", style);
    add_rows(out, rows, count, TITLE_MAX, style);
  }
  add_keys(arena, command, keys, key_count, style, out);
  add_examples(command, style, out);
  buf_add_text(out, "\nFlags of every command: `clxs help`.\n");
}
