/* SPDX-License-Identifier: Apache-2.0 */
/* Which words could stand where the cursor is. It must not know what a command does. */
#include "cli/complete.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "cli/args.h"
#include "cli/help.h"
#include "plugin/registry.h"

#include "base/banned.h"

/* One question. */
struct question {
  struct arena *arena;
  struct registry *registry;
  const struct grammar_command *global, *command;
  const char *plugin_id;
  const struct complete_source *source;
  const char *const *words; /* behind the command's name; the last is the one being completed */
  int count;
  const char *last_line;
  struct buf *out;
};

void
complete_offer(struct buf *out, const char *prefix, const char *value, const char *help)
{
  if (str_starts(value, prefix)) buf_addf(out, help ? "%s\t%s\n" : "%s\n", value, help);
}

static const struct grammar_flag *
flag_in(const struct grammar_command *command, const char *word)
{
  size_t length = strcspn(word, "=");

  for (size_t i = 0; command && i < command->flag_count; i++) {
    const struct grammar_flag *flag = &command->flags[i];

    if (str_starts(word, "--") && length - 2 == strlen(flag->name) &&
        memcmp(word + 2, flag->name, length - 2) == 0)
      return flag;
    if (word[0] == '-' && flag->short_name && str_eq(word + 1, flag->short_name)) return flag;
  }
  return NULL;
}

static const struct grammar_flag *
find_flag(const struct question *question, const char *word)
{
  const struct grammar_flag *flag = flag_in(question->command, word);

  return flag ? flag : flag_in(question->global, word);
}

/* Values of one argument or flag. */
static void
offer_values(struct question *question, const char *name, enum grammar_type type, const char *const *choices,
             const char *complete, const char *prefix)
{
  for (; choices && *choices; choices++)
    complete_offer(question->out, prefix, *choices, NULL);
  if (type == TYPE_CHOICE) return;
  if (!complete) complete = type == TYPE_PATH ? "file" : type == TYPE_SECURABLE ? "catalog" : "none";
  if (str_eq(complete, "file"))
    question->last_line = ":files";
  else if (str_eq(complete, "directory"))
    question->last_line = ":directories";
  else if (!str_eq(complete, "none") && question->source)
    question->source->values(question->source->data, question->plugin_id, question->command, name, complete,
                             prefix, question->out);
}

static bool
is_given(const struct question *question, const struct grammar_flag *flag)
{
  for (int i = 0; i + 1 < question->count; i++)
    if (find_flag(question, question->words[i]) == flag) return true;
  return false;
}

static void
offer_flags(struct question *question, const struct grammar_command *command, const char *prefix)
{
  for (size_t i = 0; command && i < command->flag_count; i++) {
    const struct grammar_flag *flag = &command->flags[i];

    if (flag->hidden || (!flag->repeat && is_given(question, flag))) continue;
    complete_offer(question->out, prefix,
                   arena_printf(question->arena, help_flag_is_off(flag) ? "--no-%s" : "--%s", flag->name),
                   flag->help);
  }
}

/* "--flag=pre": the candidates carry the flag, since the shell replaces the whole word. */
static void
offer_attached(struct question *question, const struct grammar_flag *flag, const char *word)
{
  CLEANUP_BUF struct buf values = BUF_INIT(BUF_LARGE);
  struct question inner = *question;
  size_t name = strcspn(word, "=") + 1;
  char *rest;

  inner.out = &values;
  offer_values(&inner, flag->name, flag->type, flag->choices, flag->complete, word + name);
  question->last_line = inner.last_line;
  rest = values.data;
  for (char *line; values.len > 0 && (line = strsep(&rest, "\n"));)
    if (*line) buf_addf(question->out, "%.*s%s\n", (int)name, word, line);
}

/* Which argument the last word is, when it is one: words that are neither flags nor their values are counted.
 */
static size_t
position_of_last(const struct question *question, const struct grammar_flag **awaiting, bool *only_words)
{
  size_t position = 0;

  *awaiting = NULL;
  *only_words = false;
  for (int i = 0; i + 1 < question->count; i++) {
    const char *word = question->words[i];

    if (*awaiting) {
      /* bash cuts "--flag=value" into three words. */
      if (!str_eq(word, "=")) *awaiting = NULL;
    } else if (!*only_words && str_eq(word, "--")) {
      *only_words = true;
    } else if (!*only_words && word[0] == '-' && word[1]) {
      const struct grammar_flag *flag = find_flag(question, word);

      if (flag && flag->type != TYPE_BOOLEAN && !strchr(word, '=')) *awaiting = flag;
    } else {
      position++;
    }
  }
  return position;
}

static void
offer_for_command(struct question *question)
{
  const struct grammar_command *command = question->command;
  const char *word = question->words[question->count - 1];
  const struct grammar_flag *flag;
  bool only_words;
  size_t position = position_of_last(question, &flag, &only_words);

  if (flag) {
    offer_values(question, flag->name, flag->type, flag->choices, flag->complete,
                 str_eq(word, "=") ? "" : word);
  } else if (word[0] == '-' && !only_words) {
    flag = strchr(word, '=') ? find_flag(question, word) : NULL;
    if (flag) {
      offer_attached(question, flag, word);
      return;
    }
    offer_flags(question, command, word);
    offer_flags(question, question->global, word);
    complete_offer(question->out, word, "--help", "Show what the command does and takes.");
  } else if (command && command->arg_count > 0) {
    size_t last = command->arg_count - 1;
    const struct grammar_arg *arg = &command->args[position < last ? position : last];

    if (position > last && !arg->repeat) return;
    offer_values(question, arg->name, arg->type, arg->choices, arg->complete, word);
  }
}

/* The next word of every command whose name begins with the COUNT words at WORDS, once each. */
static void
offer_names(struct question *question, int count, const char *const *words, const char *prefix)
{
  static char there[] = "there";
  CLEANUP_MAP struct map *offered = map_new();
  const struct registry_line *lines;
  size_t line_count = registry_lines(question->registry, &lines);
  const char *begin = "";

  for (int i = 0; i < count; i++)
    begin = arena_printf(question->arena, "%s%s ", begin, words[i]);
  for (size_t i = 0; i < line_count; i++) {
    const char *rest = lines[i].name + strlen(begin);
    const char *next;

    if (lines[i].hidden || !str_starts(lines[i].name, begin)) continue;
    next = arena_strndup(question->arena, rest, strcspn(rest, " "));
    if (*next == '\0' || map_set(offered, next, there)) continue;
    complete_offer(question->out, prefix, next, strchr(rest, ' ') ? NULL : lines[i].summary);
  }
}

/* The command that the words in front of the last one name; how many they are, 0 for none. */
static int
find_command(struct question *question, int count, const char *const *words)
{
  for (int length = count < 3 ? count : 3; length > 0; length--) {
    struct err ignored = ERR_INIT(question->arena);
    const char *name = words[0];

    for (int i = 1; i < length; i++)
      name = arena_printf(question->arena, "%s %s", name, words[i]);
    if (registry_command(question->registry, name, &question->command, &question->plugin_id, &ignored) ==
        CLXS_OK)
      return length;
  }
  question->command = NULL;
  return 0;
}

void
complete_words(struct arena *arena, struct registry *registry, const struct grammar_command *global, int argc,
               const char *const *words, const struct complete_source *source, struct buf *out)
{
  struct question question = {.arena = arena,
                              .registry = registry,
                              .global = global,
                              .source = source,
                              .last_line = ":none",
                              .out = out};
  static const char *const nothing[] = {""};
  int leading, name;

  /* The scripts put "--" in front, so that no word of the line is taken for a flag of __complete. */
  if (argc > 0 && str_eq(words[0], "--")) {
    argc--;
    words++;
  }
  if (argc == 0) {
    argc = 1;
    words = nothing;
  }
  leading = args_leading(global, argc - 1, words);
  name = find_command(&question, argc - 1 - leading, words + leading);
  question.words = words + leading + name;
  question.count = argc - leading - name;
  if (name == 0 && leading > 0) {
    /* The last word may be the value of a global flag in front of it. */
    question.words = words;
    question.count = argc;
  }
  if (question.count > 0) offer_for_command(&question);
  if (words[argc - 1][0] != '-' && question.last_line[1] == 'n' && out->len == 0)
    offer_names(&question, argc - 1 - leading, words + leading, words[argc - 1]);
  buf_addf(out, "%s\n", question.last_line);
}
