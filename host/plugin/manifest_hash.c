/* SPDX-License-Identifier: Apache-2.0 */
/* The hash that ties a plugin's library to its manifest: FNV-1a over a canonical spelling of the grammar.
 * Frozen: a change here makes every plugin that is installed unloadable. */
#include "plugin/manifest.h"

#include <stdio.h>

#include "base/str.h"
#include "cli/value.h"

#include "base/banned.h"

/* Texts are hashed with the NUL behind them, an absent one as a single 0xff, so that neighbours cannot run
 * together. */
static uint64_t
add_text(uint64_t hash, const char *text)
{
  return text ? str_hash_more(hash, text, strlen(text) + 1) : str_hash_more(hash, "\xff", 1);
}

static uint64_t
add_texts(uint64_t hash, const char *const *texts)
{
  for (; texts && *texts; texts++)
    hash = add_text(hash, *texts);
  return add_text(hash, NULL);
}

static uint64_t
add_bool(uint64_t hash, bool value)
{
  return add_text(hash, value ? "y" : "n");
}

static uint64_t
add_limit(uint64_t hash, bool has, double limit)
{
  char text[40];

  snprintf(text, sizeof text, "%.17g", limit);
  return add_text(hash, has ? text : NULL);
}

static uint64_t
add_flag(uint64_t hash, const struct grammar_flag *flag)
{
  hash = add_text(add_text(hash, "flag"), flag->name);
  hash = add_text(hash, value_type_name(flag->type));
  hash = add_text(add_text(hash, flag->default_value), flag->config);
  hash = add_bool(add_bool(hash, flag->repeat), flag->required);
  hash = add_texts(hash, flag->choices);
  hash = add_limit(hash, flag->has_min, flag->min);
  return add_limit(hash, flag->has_max, flag->max);
}

static uint64_t
add_command(uint64_t hash, const struct grammar_command *command)
{
  hash = add_text(add_text(hash, "command"), command->name);
  hash = add_bool(hash, command->mutates);
  for (size_t i = 0; i < command->arg_count; i++) {
    const struct grammar_arg *arg = &command->args[i];

    hash = add_text(add_text(hash, "arg"), arg->name);
    hash = add_text(hash, value_type_name(arg->type));
    hash = add_bool(add_bool(hash, arg->repeat), arg->required);
    hash = add_texts(hash, arg->choices);
  }
  for (size_t i = 0; i < command->flag_count; i++)
    hash = add_flag(hash, &command->flags[i]);
  return hash;
}

uint64_t
manifest_grammar_hash(const struct manifest *manifest)
{
  uint64_t hash = str_hash("clxs-grammar-1", strlen("clxs-grammar-1"));

  for (size_t i = 0; i < manifest->command_count; i++)
    hash = add_command(hash, &manifest->commands[i]);
  for (size_t i = 0; i < manifest->key_count; i++) {
    const struct conf_key *key = &manifest->keys[i];

    hash = add_text(add_text(hash, "key"), key->name);
    hash = add_text(add_text(hash, value_type_name(key->type)), key->default_value);
    hash = add_bool(add_bool(hash, key->list), key->free_form);
    if (key->verbatim) hash = add_text(hash, "verbatim");
    hash = add_texts(hash, key->choices);
  }
  return hash;
}
