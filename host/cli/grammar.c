/* SPDX-License-Identifier: Apache-2.0 */
/* See grammar.h. */
#include "cli/grammar.h"

#include "base/str.h"

#include "base/banned.h"

const struct grammar_flag *
grammar_find_flag(const struct grammar_command *command, const char *name)
{
  for (size_t i = 0; command && i < command->flag_count; i++)
    if (str_eq(command->flags[i].name, name)) return &command->flags[i];
  return NULL;
}

const struct grammar_arg *
grammar_find_arg(const struct grammar_command *command, const char *name)
{
  for (size_t i = 0; command && i < command->arg_count; i++)
    if (str_eq(command->args[i].name, name)) return &command->args[i];
  return NULL;
}
