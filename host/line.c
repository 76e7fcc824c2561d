/* SPDX-License-Identifier: Apache-2.0 */
/* See line.h. */
#include "line.h"

#include <clxs/output.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "cli/builtin.h"

#include "base/banned.h"

/* Whether the flag WORD takes the word behind it as its value. Unknown flags do not. */
static bool
takes_value(const char *word)
{
  for (size_t i = 0; i < builtin_global.flag_count; i++) {
    const struct grammar_flag *flag = &builtin_global.flags[i];
    bool is_long = word[1] == '-' && str_eq(word + 2, flag->name);
    bool is_short = word[1] != '-' && word[2] == '\0' && flag->short_name && word[1] == flag->short_name[0];

    if (is_long || is_short) return flag->type != TYPE_BOOLEAN;
  }
  return false;
}

/* The value of the flag NAME (SHORT in short) if WORD is it: behind "=", in the same word, or NEXT. */
static const char *
value_of(const char *word, const char *next, const char *name, char brief)
{
  size_t length = strlen(name);

  if (str_starts(word, "--")) {
    if (strncmp(word + 2, name, length) != 0) return NULL;
    if (word[2 + length] == '=') return word + 3 + length;
    return word[2 + length] == '\0' ? next : NULL;
  }
  if (word[0] != '-' || word[1] != brief) return NULL;
  if (word[2] == '\0') return next;
  return word[2] == '=' ? word + 3 : word + 2;
}

int32_t
line_format(const char *name, int32_t otherwise)
{
  static const char *const names[] = {[CLXS_FORMAT_TEXT] = "text",
                                      [CLXS_FORMAT_JSON] = "json",
                                      [CLXS_FORMAT_YAML] = "yaml",
                                      [CLXS_FORMAT_CSV] = "csv",
                                      [CLXS_FORMAT_HTML] = "html"};

  for (size_t i = 0; i < ARRAY_SIZE(names); i++)
    if (str_eq(names[i], name)) return (int32_t)i;
  return otherwise;
}

static bool
is_help(const char *word)
{
  return str_eq(word, "--help") || str_eq(word, "-h");
}

static void
look_at(struct line *line, const char *word, const char *next)
{
  const char *config = value_of(word, next, "config", 'c'), *output = value_of(word, next, "output", 'o');

  if (config) line->config = config;
  if (output) line->format = line_format(output, line->format);
  if (is_help(word)) line->help = true;
  if (str_eq(word, "--no-plugins")) line->no_plugins = true;
  if (str_eq(word, "--no-color")) line->no_color = true;
}

void
line_read(struct arena *arena, int argc, const char *const *argv, struct line *line)
{
  const char **words = arena_array(arena, (size_t)argc + 1, sizeof *words);
  const char **leading = arena_array(arena, (size_t)argc + 1, sizeof *leading);
  bool before_command = true, flags = true;

  *line = (struct line){.format = line_format(secure_getenv("CLXS_OUTPUT"), CLXS_FORMAT_TEXT),
                        .words = words,
                        .leading = leading};
  for (int i = 0; i < argc; i++) {
    const char *word = argv[i];

    if (str_eq(word, "--")) flags = false;
    if (flags) look_at(line, word, argv[i + 1]);
    if (before_command && flags && word[0] == '-' && word[1] != '\0') {
      if (str_eq(word, "--version")) line->version = true;
      leading[line->leading_count++] = word;
      if (takes_value(word) && i + 1 < argc) leading[line->leading_count++] = argv[++i];
      continue;
    }
    before_command = false;
    words[line->count++] = word;
  }
}

int
line_plain(const struct line *line)
{
  int count = 0;

  while (count < line->count && line->words[count][0] != '-')
    count++;
  return count;
}

const char *const *
line_rest(struct arena *arena, const struct line *line, int words, int *count)
{
  const char **rest = arena_array(arena, (size_t)(line->count + line->leading_count) + 1, sizeof *rest);
  bool flags = true;

  *count = 0;
  for (int i = 0; i < line->leading_count; i++)
    if (!is_help(line->leading[i])) rest[(*count)++] = line->leading[i];
  for (int i = words; i < line->count; i++) {
    flags = flags && !str_eq(line->words[i], "--");
    if (!flags || !is_help(line->words[i])) rest[(*count)++] = line->words[i];
  }
  return rest;
}
