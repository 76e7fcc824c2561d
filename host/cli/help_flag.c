/* SPDX-License-Identifier: Apache-2.0 */
/* How commands, arguments and flags are named wherever a person reads them. */
#include "cli/help.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "cli/value.h"
#include "conf/conf.h"

#include "base/banned.h"

const char *
help_upper(struct arena *arena, const char *name)
{
  char *upper = arena_strdup(arena, name);

  for (char *p = upper; *p; p++)
    *p = *p == '-' ? '_' : *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
  return upper;
}

/* What stands for a flag's value. */
static const char *
placeholder(const struct grammar_flag *flag)
{
  return flag->value_name ? flag->value_name : value_placeholder(flag->type);
}

static void
add_argument(struct arena *arena, const struct grammar_arg *arg, struct buf *out)
{
  buf_addf(out, arg->required ? " %s%s" : " [%s%s]", help_upper(arena, arg->name), arg->repeat ? "..." : "");
}

const char *
help_synopsis(struct arena *arena, const struct grammar_command *command)
{
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);
  bool optional = false;

  buf_addf(&out, "clxs %s", command->name);
  for (size_t i = 0; i < command->arg_count; i++)
    add_argument(arena, &command->args[i], &out);
  for (size_t i = 0; i < command->flag_count; i++) {
    const struct grammar_flag *flag = &command->flags[i];

    if (flag->required && !flag->hidden) buf_addf(&out, " --%s %s", flag->name, placeholder(flag));
    optional = optional || (!flag->required && !flag->hidden);
  }
  if (optional) buf_add_text(&out, " [FLAGS]");
  return arena_strndup(arena, out.data, out.len);
}

const char *
help_with_facts(struct arena *arena, const char *help, const char *facts)
{
  size_t length = help ? strlen(help) : 0;
  bool stop = length > 0 && help[length - 1] == '.';

  if (!facts) return help ? help : "";
  return arena_printf(arena, "%.*s%s(%s)%s", (int)(length - stop), help ? help : "", length > 0 ? " " : "",
                      facts, stop ? "." : "");
}

bool
help_flag_is_off(const struct grammar_flag *flag)
{
  return flag->type == TYPE_BOOLEAN && str_eq(flag->default_value, "true");
}

const char *
help_flag_title(struct arena *arena, const struct grammar_flag *flag)
{
  const char *dash = flag->short_name ? arena_printf(arena, "-%s, ", flag->short_name) : "    ";

  if (help_flag_is_off(flag)) return arena_printf(arena, "    --no-%s", flag->name);
  if (flag->type == TYPE_BOOLEAN) return arena_printf(arena, "%s--%s", dash, flag->name);
  return arena_printf(arena, "%s--%s %s%s", dash, flag->name, placeholder(flag), flag->repeat ? "..." : "");
}

static void
add_fact(struct buf *out, const char *name, const char *value)
{
  if (value) buf_addf(out, "%s%s%s", out->len > 0 ? "; " : "", name, value);
}

static void
add_choices(struct buf *out, const char *const *choices)
{
  for (size_t i = 0; choices[i]; i++)
    buf_addf(out, "%s%s", i ? ", " : "", choices[i]);
}

static void
add_limits(struct arena *arena, struct buf *out, const struct grammar_flag *flag)
{
  if (flag->has_min && flag->has_max)
    add_fact(out, "", arena_printf(arena, "%.15g to %.15g", flag->min, flag->max));
  else if (flag->has_min && flag->min != 0)
    add_fact(out, "", arena_printf(arena, "at least %.15g", flag->min));
  else if (flag->has_max)
    add_fact(out, "", arena_printf(arena, "at most %.15g", flag->max));
}

const char *
help_flag_facts(struct arena *arena, const struct grammar_flag *flag)
{
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);

  if (flag->required) add_fact(&out, "", "required");
  if (flag->choices) add_choices(&out, flag->choices);
  add_limits(arena, &out, flag);
  if (flag->type != TYPE_BOOLEAN) add_fact(&out, "default ", flag->default_value);
  add_fact(&out, "environment ", flag->env);
  return out.len > 0 ? arena_strndup(arena, out.data, out.len) : NULL;
}

const struct grammar_flag *
help_key_flag(const struct grammar_command *command, const struct conf_key *key)
{
  for (size_t i = 0; i < command->flag_count; i++)
    if (str_eq(command->flags[i].config, key->name)) return &command->flags[i];
  return NULL;
}

const char *
help_key_facts(struct arena *arena, const struct grammar_flag *flag, const struct conf_key *key)
{
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);

  add_fact(&out, help_flag_is_off(flag) ? "--no-" : "--", flag->name);
  add_fact(&out, "default ", key->default_value);
  return arena_strndup(arena, out.data, out.len);
}
