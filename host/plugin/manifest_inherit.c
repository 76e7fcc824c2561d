/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that take the flags of another command of their plugin: "flags_from", all but those that are named
 * in "without" or declared anew. Whoever reads a grammar finds the flags themselves and need not know where
 * they were written. */
#include "base/arena.h"
#include "base/str.h"
#include "plugin/manifest_typed.h"

#include "base/banned.h"

static const struct grammar_command *
base_of(const struct grammar_command *commands, size_t count, const struct grammar_command *command)
{
  for (size_t i = 0; command->flags_from && i < count; i++)
    if (str_eq(commands[i].name, command->flags_from)) return &commands[i];
  return NULL;
}

static bool
has_flag(const struct grammar_flag *flags, size_t count, const char *name)
{
  for (size_t i = 0; i < count; i++)
    if (str_eq(flags[i].name, name)) return true;
  return false;
}

/* A flag that is not inherited cannot be given together with anything. */
static void
prune_excludes(struct arena *arena, struct grammar_flag *flag, const struct grammar_flag *flags, size_t count)
{
  size_t length = 0, kept = 0;
  const char **excludes;

  for (; flag->excludes && flag->excludes[length]; length++)
    continue;
  if (!length) return;
  excludes = arena_array(arena, length + 1, sizeof *excludes);
  for (size_t i = 0; i < length; i++)
    if (has_flag(flags, count, flag->excludes[i])) excludes[kept++] = flag->excludes[i];
  flag->excludes = kept ? excludes : NULL;
}

static void
inherit(struct arena *arena, const struct grammar_command *base, struct grammar_command *command)
{
  size_t own = command->flag_count, count = own;
  struct grammar_flag *flags = arena_array(arena, own + base->own_flags + 1, sizeof *flags);

  for (size_t i = 0; i < own; i++)
    flags[i] = command->flags[i];
  for (size_t i = 0; i < base->own_flags; i++) {
    const struct grammar_flag *flag = &base->flags[i];

    if (!has_flag(flags, own, flag->name) && !str_listed(command->without, flag->name))
      flags[count++] = *flag;
  }
  for (size_t i = own; i < count; i++)
    prune_excludes(arena, &flags[i], flags, count);
  command->flags = flags;
  command->flag_count = count;
}

void
manifest_inherit_flags(struct arena *arena, struct grammar_command *commands, size_t count)
{
  for (size_t i = 0; i < count; i++)
    commands[i].own_flags = commands[i].flag_count;
  for (size_t i = 0; i < count; i++) {
    const struct grammar_command *base = base_of(commands, count, &commands[i]);

    if (base && base != &commands[i]) inherit(arena, base, &commands[i]);
  }
}
