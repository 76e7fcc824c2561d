/* SPDX-License-Identifier: Apache-2.0 */
/* What the packs named in the configuration add: earlier ones are stronger. */
#include "base/arena.h"
#include "base/str.h"
#include "cli/builtin.h"
#include "plugin/registry_internal.h"

#include "base/banned.h"

/* A and then B, both NULL-terminated or NULL. */
static const char *const *
join_ids(struct arena *arena, const char *const *a, const char *const *b)
{
  size_t count = 0;
  const char **joined;

  if (!b) return a;
  for (const char *const *id = a; id && *id; id++)
    count++;
  for (const char *const *id = b; *id; id++)
    count++;
  joined = arena_array(arena, count + 1, sizeof *joined);
  count = 0;
  for (; a && *a; a++)
    joined[count++] = *a;
  for (; *b; b++)
    joined[count++] = *b;
  return joined;
}

clxs_status
registry_read_packs(struct registry *registry, struct err *err)
{
  const char *const *directories = registry->options.packs;
  size_t count = 0;

  while (directories && directories[count])
    count++;
  registry->packs = arena_array(registry->arena, count + 1, sizeof *registry->packs);
  for (size_t i = 0; i < count; i++) {
    struct pack *pack = &registry->packs[registry->pack_count];
    clxs_status status = pack_read(registry->arena, directories[i], pack, err);

    if (status != CLXS_OK) return status;
    registry->pack_count++;
    registry->options.prefer = join_ids(registry->arena, registry->options.prefer, pack->prefer);
    registry->options.disabled = join_ids(registry->arena, registry->options.disabled, pack->disable);
  }
  return CLXS_OK;
}

size_t
registry_pack_defaults(struct registry *registry, const struct conf_default **defaults)
{
  struct conf_default *made;
  size_t count = 0;

  for (size_t i = 0; i < registry->pack_count; i++)
    count += registry->packs[i].default_count;
  made = arena_array(registry->arena, count + 1, sizeof *made);
  count = 0;
  for (size_t i = 0; i < registry->pack_count; i++)
    for (size_t k = 0; k < registry->packs[i].default_count; k++)
      made[count++] = registry->packs[i].defaults[k];
  *defaults = made;
  return count;
}

/* What NAME stands for, or NULL. Commands cannot be hidden by an alias. */
static const struct pack_alias *
find_alias(struct registry *registry, const char *name)
{
  const char *at = NULL, *fields[INDEX_FIELDS];

  for (size_t i = 0; i < builtin_command_count; i++)
    if (str_eq(builtin_commands[i].name, name)) return NULL;
  for (size_t i = 0; i < registry->pack_count; i++)
    for (size_t k = 0; k < registry->packs[i].alias_count; k++)
      if (str_eq(registry->packs[i].aliases[k].name, name))
        return index_next(registry->index, registry->arena, 'c', name, &at, fields)
                   ? NULL
                   : &registry->packs[i].aliases[k];
  return NULL;
}

bool
registry_expand_alias(struct registry *registry, int *argc, const char *const **argv)
{
  const struct pack_alias *alias =
      *argc > 0 && registry->pack_count > 0 ? find_alias(registry, (*argv)[0]) : NULL;
  const char **expanded;
  int count = 0;

  if (!alias) return false;
  while (alias->words[count])
    count++;
  expanded = arena_array(registry->arena, (size_t)(count + *argc), sizeof *expanded);
  for (int i = 0; i < count; i++)
    expanded[i] = alias->words[i];
  for (int i = 1; i < *argc; i++)
    expanded[count++] = (*argv)[i];
  *argv = expanded;
  *argc = count;
  return true;
}
