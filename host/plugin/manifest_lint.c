/* SPDX-License-Identifier: Apache-2.0 */
/* What plugin.schema.json cannot say about a manifest: names given once, defaults that fit, references that
 * lead somewhere. Both clxs-gen and the loader ask. */
#include "plugin/manifest.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "cli/args.h"

#include "base/banned.h"

struct lint {
  struct arena *arena;
  const struct manifest *manifest;
  struct err *err;
};

static clxs_status lint_fail(struct lint *lint, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static clxs_status
lint_fail(struct lint *lint, const char *format, ...)
{
  va_list args;
  char *message;

  va_start(args, format);
  message = arena_vprintf(lint->arena, format, args);
  va_end(args);
  return err_set(lint->err, CLXS_E_CONFIG, "%s: %s", lint->manifest->file, message);
}

/* NAME not seen before in NAMES. */
static bool
once(struct map *names, const char *name)
{
  static char there[] = "there";

  return map_set(names, name, there) == NULL;
}

static const struct grammar_flag *
find_flag(const struct grammar_command *command, const char *name)
{
  for (size_t i = 0; i < command->flag_count; i++)
    if (str_eq(command->flags[i].name, name)) return &command->flags[i];
  return NULL;
}

/* A default that the type refuses is the manifest's fault, not the command line's. */
static clxs_status
lint_default(struct lint *lint, const struct grammar_flag *flag, const char *where)
{
  if (args_check(flag, flag->default_value, where, lint->err) == CLXS_OK) return CLXS_OK;
  lint->err->status = CLXS_E_CONFIG;
  return CLXS_E_CONFIG;
}

/* One flag by itself, and against the others of its command. */
static clxs_status
lint_flag(struct lint *lint, const struct grammar_command *command, const struct grammar_flag *flag)
{
  const char *where;

  if (str_eq(flag->name, "help") || str_eq(flag->short_name, "h"))
    return lint_fail(lint, "command \"%s\": --help and -h belong to clxs", command->name);
  if (flag->has_min && flag->has_max && flag->min > flag->max)
    return lint_fail(lint, "command \"%s\": --%s: min is above max", command->name, flag->name);
  for (size_t i = 0; flag->excludes && flag->excludes[i]; i++) {
    if (str_eq(flag->excludes[i], flag->name))
      return lint_fail(lint, "command \"%s\": --%s excludes itself", command->name, flag->name);
    if (!find_flag(command, flag->excludes[i]))
      return lint_fail(lint, "command \"%s\": --%s excludes --%s, which there is not", command->name,
                       flag->name, flag->excludes[i]);
  }
  if (!flag->default_value) return CLXS_OK;
  if (flag->required)
    return lint_fail(lint, "command \"%s\": --%s is required and has a default", command->name, flag->name);
  where = arena_printf(lint->arena, "%s: command \"%s\": the default of --%s", lint->manifest->file,
                       command->name, flag->name);
  return lint_default(lint, flag, where);
}

static clxs_status
lint_flags(struct lint *lint, const struct grammar_command *command)
{
  CLEANUP_MAP struct map *names = map_new(), *shorts = map_new();

  for (size_t i = 0; i < command->arg_count; i++) {
    const struct grammar_arg *arg = &command->args[i];

    if (!once(names, arg->name))
      return lint_fail(lint, "command \"%s\": argument %s is there twice", command->name, arg->name);
    if (arg->repeat && i + 1 < command->arg_count)
      return lint_fail(lint, "command \"%s\": only the last argument can repeat, not %s", command->name,
                       arg->name);
    if (arg->required && i > 0 && !command->args[i - 1].required)
      return lint_fail(lint, "command \"%s\": required argument %s stands behind an optional one",
                       command->name, arg->name);
  }
  for (size_t i = 0; i < command->flag_count; i++) {
    const struct grammar_flag *flag = &command->flags[i];

    if (!once(names, flag->name))
      return lint_fail(lint, "command \"%s\": --%s is there twice (arguments and flags share their names)",
                       command->name, flag->name);
    if (flag->short_name && !once(shorts, flag->short_name))
      return lint_fail(lint, "command \"%s\": -%s is there twice", command->name, flag->short_name);
    if (lint_flag(lint, command, flag) != CLXS_OK) return CLXS_E_CONFIG;
  }
  return CLXS_OK;
}

/* Flags that come from another command. */
static clxs_status
lint_inherited(struct lint *lint, const struct grammar_command *command)
{
  const struct grammar_command *base;

  if (!command->flags_from) return CLXS_OK;
  base = manifest_command(lint->manifest, command->flags_from);
  if (!base || base == command)
    return lint_fail(lint,
                     "command \"%s\": flags_from names \"%s\", which is no other command of this plugin",
                     command->name, command->flags_from);
  if (base->flags_from)
    return lint_fail(lint,
                     "command \"%s\": flags_from names \"%s\", which takes its flags from \"%s\"; name that",
                     command->name, base->name, base->flags_from);
  for (size_t i = 0; command->without && command->without[i]; i++)
    if (!find_flag(base, command->without[i]))
      return lint_fail(lint, "command \"%s\": without names --%s, which \"%s\" does not have", command->name,
                       command->without[i], base->name);
  return CLXS_OK;
}

static clxs_status
lint_keys(struct lint *lint)
{
  CLEANUP_MAP struct map *names = map_new();

  for (size_t i = 0; i < lint->manifest->key_count; i++) {
    const struct conf_key *key = &lint->manifest->keys[i];
    struct grammar_flag as_flag = {
        .name = key->name, .type = key->type, .default_value = key->default_value, .choices = key->choices};
    const char *where =
        arena_printf(lint->arena, "%s: the default of config key %s", lint->manifest->file, key->name);

    if (!once(names, key->name)) return lint_fail(lint, "config key %s is there twice", key->name);
    if (key->list || key->free_form || !key->default_value) continue;
    if (lint_default(lint, &as_flag, where) != CLXS_OK) return CLXS_E_CONFIG;
  }
  return CLXS_OK;
}

static clxs_status
lint_references(struct lint *lint)
{
  const struct manifest *manifest = lint->manifest;

  for (size_t i = 0; i < manifest->hook_count; i++)
    if (!manifest_command(manifest, manifest->hooks[i].command))
      return lint_fail(lint, "the hook on %s names command \"%s\", which there is not",
                       manifest->hooks[i].topic, manifest->hooks[i].command);
  for (size_t i = 0; manifest->uses[i]; i++)
    for (size_t k = 0; manifest->provides[k]; k++)
      if (str_eq(manifest->uses[i], manifest->provides[k]))
        return lint_fail(lint, "uses and provides %s; a plugin calls itself directly", manifest->uses[i]);
  return CLXS_OK;
}

clxs_status
manifest_lint(struct arena *arena, const struct manifest *manifest, struct err *err)
{
  struct lint lint = {arena, manifest, err};
  CLEANUP_MAP struct map *names = map_new();

  for (size_t i = 0; i < manifest->command_count; i++) {
    if (!once(names, manifest->commands[i].name))
      return lint_fail(&lint, "command \"%s\" is there twice", manifest->commands[i].name);
    if (lint_inherited(&lint, &manifest->commands[i]) != CLXS_OK) return CLXS_E_CONFIG;
    if (lint_flags(&lint, &manifest->commands[i]) != CLXS_OK) return CLXS_E_CONFIG;
  }
  if (lint_keys(&lint) != CLXS_OK) return CLXS_E_CONFIG;
  return lint_references(&lint);
}
