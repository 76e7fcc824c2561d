/* SPDX-License-Identifier: Apache-2.0 */
/* `clxs help` and --help: the overview, which needs nothing but the index, and the page of one command. */
#include "cli/help.h"
#include "app.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/args.h"
#include "cli/builtin.h"
#include "cmd/cmd.h"
#include "out/out.h"
#include "plugin/registry.h"

#include "base/banned.h"

#define SOURCE "clxs " CLXS_VERSION

/* The words as one name: "plugin list". */
static const char *
join_words(struct arena *arena, int count, const char *const *words)
{
  const char *name = "";

  for (int i = 0; i < count; i++)
    name = arena_printf(arena, "%s%s%s", name, i ? " " : "", words[i]);
  return name;
}

static struct text_style
style_of(struct app *app)
{
  unsigned width = out_width(app->out);

  return (struct text_style){.width = width ? width : 100, .colour = out_colour(app->out)};
}

static clxs_status
show_overview(struct app *app, const char *prefix, bool man, struct err *err)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  const struct text_style style = style_of(app);
  const struct registry_line *lines;
  size_t count = registry_lines(app->registry, &lines), used = 0;
  struct help_line *shown = arena_array(app->arena, count + 1, sizeof *shown);

  for (size_t i = 0; i < count; i++) {
    if (lines[i].hidden) continue;
    shown[used++] = (struct help_line){.name = lines[i].name,
                                       .summary = lines[i].summary,
                                       .group = lines[i].group,
                                       .builtin = lines[i].plugin == NULL};
  }
  if (man) {
    help_man_overview(app->arena, shown, used, &builtin_global, SOURCE, &text);
  } else {
    help_overview(app->arena, shown, used, prefix, &builtin_global, &style, &text);
  }
  return out_raw(app->out, text.data, text.len, err);
}

static clxs_status
show_page(struct app *app, const struct grammar_command *command, bool man, struct err *err)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  const struct text_style style = style_of(app);
  const struct conf_key *keys = NULL;
  size_t count = 0;
  clxs_status status = registry_keys(app->registry, &keys, &count, err);

  if (status != CLXS_OK) return status;
  if (man) {
    help_man(app->arena, command, keys, count, SOURCE, &text);
  } else {
    help_command(app->arena, command, keys, count, &style, &text);
  }
  return out_raw(app->out, text.data, text.len, err);
}

clxs_status
cmd_show_help(struct app *app, int count, const char *const *words, bool man, struct err *err)
{
  const struct grammar_command *command;
  const char *plugin, *prefix = count > 0 ? join_words(app->arena, count, words) : NULL;
  int used;
  clxs_status status;

  if (!prefix || registry_is_group(app->registry, prefix)) return show_overview(app, prefix, man, err);
  status = registry_find(app->registry, count, words, &command, &plugin, &used, err);
  return status == CLXS_OK ? show_page(app, command, man, err) : status;
}

clxs_status
cmd_help(struct app *app, const struct args *args, struct err *err)
{
  uint32_t count = args_count(args, "command");
  const char **words = arena_array(app->arena, count + 1, sizeof *words);

  for (uint32_t i = 0; i < count; i++)
    words[i] = args_text(args, "command", i);
  return cmd_show_help(app, (int)count, words, args_number(TYPE_BOOLEAN, args_text(args, "man", 0)) != 0,
                       err);
}
