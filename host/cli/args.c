/* SPDX-License-Identifier: Apache-2.0 */
/* argv against a grammar. It must not know which commands there are, nor where defaults come from. */
#include "cli/args.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/help.h"
#include "cli/suggest.h"

#include "base/banned.h"

/* Values given for one name. HIDDEN: for a global flag whose long name the command has as its own. */
struct given {
  const char *name;
  bool hidden;
  const char **values;
  uint32_t count;
};

struct args {
  struct given *given;
  size_t count;
};

struct parse {
  struct arena *arena;
  const struct grammar_command *command, *global;
  const char *const *argv;
  int argc, next;
  struct args *args;
  struct err *err;
};

static const struct grammar_flag help_flag = {.name = "help", .short_name = "h", .type = TYPE_BOOLEAN};

static struct given *
find_given(const struct args *args, const char *name, bool hidden)
{
  for (size_t i = 0; i < args->count; i++)
    if (args->given[i].hidden == hidden && str_eq(args->given[i].name, name)) return &args->given[i];
  return NULL;
}

static const char *
given_text(const struct given *given, uint32_t index)
{
  return given && index < given->count ? given->values[index] : NULL;
}

uint32_t
args_count(const struct args *args, const char *name)
{
  const struct given *given = find_given(args, name, false);

  return given ? given->count : 0;
}

const char *
args_text(const struct args *args, const char *name, uint32_t index)
{
  return given_text(find_given(args, name, false), index);
}

const char *
args_hidden_text(const struct args *args, const char *name, uint32_t index)
{
  return given_text(find_given(args, name, true), index);
}

/* One more value for NAME. There are at most argc of each. */
static void
give(struct parse *parse, const char *name, bool hidden, const char *value)
{
  struct given *given = find_given(parse->args, name, hidden);

  if (!given) {
    given = &parse->args->given[parse->args->count++];
    given->name = name;
    given->hidden = hidden;
    given->values = arena_array(parse->arena, (size_t)parse->argc + 1, sizeof *given->values);
  }
  given->values[given->count++] = value;
}

static const struct grammar_flag *
find_long(const struct grammar_command *command, const char *name, size_t length)
{
  for (size_t i = 0; command && i < command->flag_count; i++)
    if (strlen(command->flags[i].name) == length && memcmp(command->flags[i].name, name, length) == 0)
      return &command->flags[i];
  return NULL;
}

static const struct grammar_flag *
find_short(const struct grammar_command *command, char letter)
{
  for (size_t i = 0; command && i < command->flag_count; i++)
    if (command->flags[i].short_name && command->flags[i].short_name[0] == letter) return &command->flags[i];
  return NULL;
}

/* The flag that "--NAME" means, its own one before a global one. *NEGATED: it was said as --no-NAME. */
static const struct grammar_flag *
long_flag(const struct grammar_command *command, const struct grammar_command *global, const char *name,
          size_t length, bool *negated)
{
  const struct grammar_flag *flag = find_long(command, name, length);

  *negated = false;
  if (!flag) flag = find_long(global, name, length);
  if (!flag && length == 4 && memcmp(name, "help", 4) == 0) flag = &help_flag;
  if (flag || length <= 3 || memcmp(name, "no-", 3) != 0) return flag;
  flag = find_long(command, name + 3, length - 3);
  if (!flag) flag = find_long(global, name + 3, length - 3);
  *negated = true;
  return flag && flag->type == TYPE_BOOLEAN ? flag : NULL;
}

static const struct grammar_flag *
short_flag(const struct grammar_command *command, const struct grammar_command *global, char letter)
{
  const struct grammar_flag *flag = find_short(command, letter);

  if (!flag) flag = find_short(global, letter);
  return flag || letter != 'h' ? flag : &help_flag;
}

static void
suggest_flags(struct suggest *suggest, struct arena *arena, const struct grammar_command *command)
{
  for (size_t i = 0; command && i < command->flag_count; i++) {
    const struct grammar_flag *flag = &command->flags[i];

    if (flag->hidden) continue;
    suggest_add(suggest, arena_printf(arena, help_flag_is_off(flag) ? "--no-%s" : "--%s", flag->name));
    if (flag->type == TYPE_BOOLEAN && str_starts(suggest->word, "--no"))
      suggest_add(suggest, arena_printf(arena, "--no-%s", flag->name));
  }
}

static void
hint_help(struct parse *parse)
{
  if (str_eq(parse->command->name, parse->global ? parse->global->name : NULL))
    err_hint(parse->err, "see `clxs help`");
  else
    err_hint(parse->err, "see `clxs help %s`", parse->command->name);
}

static clxs_status
unknown_flag(struct parse *parse, const char *word)
{
  struct suggest suggest = {.word = word};
  char phrase[256];

  suggest_flags(&suggest, parse->arena, parse->command);
  suggest_flags(&suggest, parse->arena, parse->global);
  err_set(parse->err, CLXS_E_USAGE, "unknown flag %s for \"%s\"", word, parse->command->name);
  if (suggest_phrase(&suggest, phrase, sizeof phrase))
    err_hint(parse->err, "%s", phrase);
  else
    hint_help(parse);
  return CLXS_E_USAGE;
}

/* Whether WORD, standing where a value is expected, is a flag: the value was forgotten. "-" and negative
 * numbers are values. */
static bool
looks_like_flag(const struct parse *parse, const char *word)
{
  if (word[0] != '-' || word[1] == '\0') return false;
  if (word[1] == '-') return true;
  return short_flag(parse->command, parse->global, word[1]) != NULL;
}

/* FLAG is the host's, and the command has one of this name. */
static bool
is_hidden(const struct parse *parse, const struct grammar_flag *flag)
{
  const struct grammar_flag *own = grammar_find_flag(parse->command, flag->name);

  return own && own != flag;
}

static clxs_status
give_flag(struct parse *parse, const struct grammar_flag *flag, const char *value)
{
  bool hidden = is_hidden(parse, flag);
  const char *before = given_text(find_given(parse->args, flag->name, hidden), 0);
  const char *where = arena_printf(parse->arena, "--%s", flag->name);
  clxs_status status = args_check(flag, value, where, parse->err);

  if (status != CLXS_OK) return status;
  if (flag->type == TYPE_BOOLEAN) value = args_number(TYPE_BOOLEAN, value) ? "true" : "false";
  if (before && !flag->repeat) {
    if (str_eq(before, value)) return CLXS_OK;
    err_set(parse->err, CLXS_E_USAGE, "--%s is given twice, as \"%s\" and as \"%s\"", flag->name, before,
            value);
    err_hint(parse->err, "give it once");
    return CLXS_E_USAGE;
  }
  give(parse, flag->name, hidden, value);
  return CLXS_OK;
}

/* The words behind a repeatable flag, where the command has no arguments that could want them. */
static clxs_status
give_following(struct parse *parse, const struct grammar_flag *flag)
{
  clxs_status status = CLXS_OK;

  if (!flag->repeat || parse->command->arg_count > 0) return CLXS_OK;
  while (status == CLXS_OK && parse->next < parse->argc && !looks_like_flag(parse, parse->argv[parse->next]))
    status = give_flag(parse, flag, parse->argv[parse->next++]);
  return status;
}

/* FLAG was said as WORD; its value is VALUE, or else the next word. */
static clxs_status
take_value(struct parse *parse, const struct grammar_flag *flag, const char *word, const char *value)
{
  clxs_status status;

  if (value) return give_flag(parse, flag, value);
  if (parse->next >= parse->argc || looks_like_flag(parse, parse->argv[parse->next])) {
    err_set(parse->err, CLXS_E_USAGE, "%s needs a value", word);
    if (parse->next < parse->argc)
      err_hint(parse->err, "if \"%s\" is meant as the value, write --%s=%s", parse->argv[parse->next],
               flag->name, parse->argv[parse->next]);
    else
      hint_help(parse);
    return CLXS_E_USAGE;
  }
  status = give_flag(parse, flag, parse->argv[parse->next++]);
  return status == CLXS_OK ? give_following(parse, flag) : status;
}

static clxs_status
parse_long(struct parse *parse, const char *word)
{
  const char *name = word + 2, *equals = strchr(name, '=');
  size_t length = equals ? (size_t)(equals - name) : strlen(name);
  bool negated;
  const struct grammar_flag *flag = long_flag(parse->command, parse->global, name, length, &negated);

  word = arena_strndup(parse->arena, word, length + 2);
  if (!flag) return unknown_flag(parse, word);
  if (flag->type != TYPE_BOOLEAN) return take_value(parse, flag, word, equals ? equals + 1 : NULL);
  if (negated && equals) return err_set(parse->err, CLXS_E_USAGE, "%s takes no value", word);
  return give_flag(parse, flag, negated ? "false" : equals ? equals + 1 : "true");
}

/* "-abc": boolean flags, the last may be one with a value: "-w8", "-w 8", "-vw=8". */
static clxs_status
parse_short(struct parse *parse, const char *word)
{
  for (const char *p = word + 1; *p; p++) {
    const struct grammar_flag *flag = short_flag(parse->command, parse->global, *p);
    const char *said = arena_printf(parse->arena, "-%c", *p);
    clxs_status status;

    if (!flag) return unknown_flag(parse, said);
    if (flag->type != TYPE_BOOLEAN)
      return take_value(parse, flag, said, p[1] == '=' ? p + 2 : p[1] ? p + 1 : NULL);
    status = give_flag(parse, flag, "true");
    if (status != CLXS_OK) return status;
  }
  return CLXS_OK;
}

static clxs_status
parse_word(struct parse *parse, const char *word, size_t *position)
{
  const struct grammar_command *command = parse->command;
  const struct grammar_arg *arg;
  struct grammar_flag as_flag;
  clxs_status status;

  if (*position >= command->arg_count) {
    err_set(parse->err, CLXS_E_USAGE, "unexpected argument \"%s\" for \"%s\"", word, command->name);
    hint_help(parse);
    return CLXS_E_USAGE;
  }
  arg = &command->args[*position];
  as_flag = (struct grammar_flag){.name = arg->name, .type = arg->type, .choices = arg->choices};
  status = args_check(&as_flag, word, help_upper(parse->arena, arg->name), parse->err);
  if (status != CLXS_OK) return status;
  give(parse, arg->name, false, word);
  if (!arg->repeat) ++*position;
  return CLXS_OK;
}

/* A word such as "-5" is a value unless 5 is a flag. */
static bool
is_flag_word(const struct parse *parse, const char *word)
{
  if (word[0] != '-' || word[1] == '\0') return false;
  return !str_is_digit(word[1]) || short_flag(parse->command, parse->global, word[1]);
}

static clxs_status
parse_words(struct parse *parse)
{
  size_t position = 0;
  bool only_words = false;
  clxs_status status = CLXS_OK;

  while (parse->next < parse->argc && status == CLXS_OK) {
    const char *word = parse->argv[parse->next++];

    if (only_words || !is_flag_word(parse, word))
      status = parse_word(parse, word, &position);
    else if (str_eq(word, "--"))
      only_words = true;
    else if (word[1] == '-')
      status = parse_long(parse, word);
    else
      status = parse_short(parse, word);
  }
  return status;
}

/* Given, and not as --no-NAME. */
static bool
is_on(const struct args *args, const struct grammar_flag *flag)
{
  const char *value = args_text(args, flag->name, 0);

  return value && (flag->type != TYPE_BOOLEAN || str_eq(value, "true"));
}

/* What says what an operation is was said when it began. */
static clxs_status
check_alone(struct parse *parse, const struct grammar_flag *alone)
{
  for (size_t i = 0; i < parse->command->flag_count; i++) {
    const struct grammar_flag *flag = &parse->command->flags[i];

    if (flag == alone || flag->late || args_count(parse->args, flag->name) == 0) continue;
    err_set(parse->err, CLXS_E_USAGE, "--%s and --%s cannot be given together", alone->name, flag->name);
    err_hint(parse->err, "leave --%s away: it is as it was when the operation began", flag->name);
    return CLXS_E_USAGE;
  }
  return CLXS_OK;
}

static clxs_status
check_excludes(struct parse *parse, const struct grammar_flag *flag)
{
  if (flag->alone && is_on(parse->args, flag)) return check_alone(parse, flag);
  for (size_t i = 0; flag->excludes && flag->excludes[i]; i++) {
    const struct grammar_flag *other = grammar_find_flag(parse->command, flag->excludes[i]);

    if (!other || !is_on(parse->args, flag) || !is_on(parse->args, other)) continue;
    err_set(parse->err, CLXS_E_USAGE, "--%s and --%s cannot be given together", flag->name, other->name);
    err_hint(parse->err, "leave one of them away");
    return CLXS_E_USAGE;
  }
  return CLXS_OK;
}

static clxs_status
missing(struct parse *parse, const char *what)
{
  err_set(parse->err, CLXS_E_USAGE, "%s is missing", what);
  err_hint(parse->err, "usage: %s", help_synopsis(parse->arena, parse->command));
  return CLXS_E_USAGE;
}

static clxs_status
check_whole(struct parse *parse)
{
  const struct grammar_command *command = parse->command;

  for (size_t i = 0; i < command->flag_count; i++)
    if (check_excludes(parse, &command->flags[i]) != CLXS_OK) return CLXS_E_USAGE;
  for (size_t i = 0; i < command->arg_count; i++)
    if (command->args[i].required && args_count(parse->args, command->args[i].name) == 0)
      return missing(parse, help_upper(parse->arena, command->args[i].name));
  /* A required flag with a config key or variable may get its value from there: call_run looks. */
  for (size_t i = 0; i < command->flag_count; i++) {
    const struct grammar_flag *flag = &command->flags[i];

    if (flag->required && !flag->config && !flag->env && args_count(parse->args, flag->name) == 0)
      return missing(parse, arena_printf(parse->arena, "--%s", flag->name));
  }
  return CLXS_OK;
}

clxs_status
args_parse(struct arena *arena, const struct grammar_command *command, const struct grammar_command *global,
           int argc, const char *const *argv, struct args **args, struct err *err)
{
  struct parse parse = {
      .arena = arena, .command = command, .global = global, .argv = argv, .argc = argc, .err = err};
  clxs_status status;

  parse.args = arena_alloc(arena, sizeof *parse.args);
  parse.args->given = arena_array(arena, (size_t)argc + 1, sizeof *parse.args->given);
  status = parse_words(&parse);
  if (status == CLXS_OK && args_count(parse.args, "help") == 0) status = check_whole(&parse);
  if (status == CLXS_OK) *args = parse.args;
  return status;
}

int
args_leading(const struct grammar_command *global, int argc, const char *const *argv)
{
  int next = 0;

  while (next < argc && argv[next][0] == '-' && argv[next][1] != '\0' && !str_eq(argv[next], "--")) {
    const char *word = argv[next++], *equals = strchr(word, '=');
    const struct grammar_flag *flag = NULL;
    bool negated;

    if (word[1] == '-') {
      flag = long_flag(NULL, global, word + 2, equals ? (size_t)(equals - word - 2) : strlen(word + 2),
                       &negated);
    } else {
      for (word++; *word; word++) {
        flag = short_flag(NULL, global, *word);
        if (!flag || flag->type != TYPE_BOOLEAN) break;
      }
      if (*word && word[1]) equals = word; /* the value is in the same word */
    }
    if (flag && flag->type != TYPE_BOOLEAN && !equals && next < argc) next++;
  }
  return next;
}
