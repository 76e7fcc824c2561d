/* SPDX-License-Identifier: Apache-2.0 */
/* The registry's ground: opening, keeping the index current, and plain questions that the index answers.
 * Finding commands is registry_find.c, loading is registry_load.c. */
#include "plugin/registry.h"

#include <clxs/config.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "cli/builtin.h"
#include "cli/value.h"
#include "plugin/manifest.h"
#include "plugin/registry_internal.h"
#include "plugin/resolve.h"

#include "base/banned.h"

size_t
registry_scan(struct registry *registry, struct scanned **plugins)
{
  size_t count = scan_plugins(registry->arena, registry->dirs, registry->dir_count, plugins);

  resolve_plugins(registry->arena, *plugins, count, registry->options.disabled);
  return count;
}

/* The index file, or NULL when this user has no cache directory. */
static const char *
cache_file(struct registry *registry)
{
  struct err ignored = ERR_INIT(registry->arena);
  const char *dir = registry->options.cache_dir;

  if (!dir) dir = path_user(registry->arena, CLXS_DIR_CACHE, &ignored);
  return dir ? index_file(registry->arena, dir, registry->dirs, registry->dir_count) : NULL;
}

/* Read everything and make a new index. That it cannot be kept is no error: the next run reads everything
 * again. */
static void
rebuild(struct registry *registry)
{
  struct err ignored = ERR_INIT(registry->arena);
  const char *file = cache_file(registry);
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  struct index_state state = {.settings = registry->settings, .built_ns = clock_now_ms() * 1000000};
  struct scanned *plugins;
  int64_t newest;
  size_t count;

  state.fingerprint = scan_fingerprint(registry->arena, registry->dirs, registry->dir_count, &newest);
  count = registry_scan(registry, &plugins);
  index_format(registry->arena, registry->dirs, registry->dir_count, plugins, count, &state, &text);
  index_close(registry->index);
  registry->index =
      index_parse(registry->arena, arena_strndup(registry->arena, text.data, text.len), text.len);
  registry->looked_closely = true;
  registry->topics = NULL;
  if (file && path_make(path_dirname(registry->arena, file), &ignored) == CLXS_OK)
    path_write(file, text.data, text.len, 0600, &ignored);
}

/* Everything but the search path that decides what the index says. */
static uint64_t
settings_hash(const struct registry *registry)
{
  uint64_t hash = str_hash(&registry->policy.user_plugins, sizeof registry->policy.user_plugins);

  for (const char *const *id = registry->options.disabled; id && *id; id++)
    hash = str_hash_more(hash, *id, strlen(*id) + 1);
  for (size_t i = 0; i < builtin_command_count; i++)
    hash = str_hash_more(hash, builtin_commands[i].name, strlen(builtin_commands[i].name) + 1);
  return hash;
}

/* Where plugins are looked for, and the index over it. */
static clxs_status
open_search(struct registry *registry, struct err *err)
{
  const struct registry_options *options = &registry->options;
  const char *file;

  if (!options->no_plugins) {
    clxs_status status = policy_read(registry->arena, options->policy, &registry->policy, err);

    if (status == CLXS_OK) status = registry_read_packs(registry, err);
    if (status != CLXS_OK) return status;
    registry->dir_count = search_directories(registry->arena, options, &registry->policy, &registry->dirs);
  }
  registry->settings = settings_hash(registry);
  file = options->no_plugins ? NULL : cache_file(registry);
  registry->index = file ? index_map(registry->arena, file) : NULL;
  if (!registry->index ||
      !index_is_current(registry->index, registry->dirs, registry->dir_count, registry->settings))
    rebuild(registry);
  return CLXS_OK;
}

clxs_status
registry_open(struct arena *arena, const struct registry_options *options, struct registry **registry,
              struct err *err)
{
  struct registry *made = arena_alloc(arena, sizeof *made);
  clxs_status status;

  /* An arena of its own: workers that fire events ask the registry while the caller's arena is in use. */
  made->arena = arena_new();
  made->options = *options;
  status = open_search(made, err);
  if (status == CLXS_OK)
    *registry = made;
  else
    registry_close(made);
  return status;
}

bool
registry_refresh(struct registry *registry)
{
  uint64_t before = index_state(registry->index)->fingerprint;

  if (registry->options.no_plugins) return false;
  rebuild(registry);
  return index_state(registry->index)->fingerprint != before;
}

void
registry_look_closely(struct registry *registry)
{
  const struct index_state *state = index_state(registry->index);
  int64_t newest;

  if (registry->looked_closely || registry->options.no_plugins) return;
  registry->looked_closely = true;
  if (scan_fingerprint(registry->arena, registry->dirs, registry->dir_count, &newest) != state->fingerprint ||
      !index_is_older(newest, state->built_ns))
    rebuild(registry);
}

size_t
registry_lines(struct registry *registry, const struct registry_line **lines)
{
  const char *at = NULL, *fields[INDEX_FIELDS];
  struct registry_line *made;
  size_t count = 0;

  registry_look_closely(registry);
  while (index_next(registry->index, registry->arena, 'c', NULL, &at, fields))
    count++;
  made = arena_array(registry->arena, count + builtin_command_count + 1, sizeof *made);
  count = 0;
  for (size_t i = 0; i < builtin_command_count; i++)
    made[count++] = (struct registry_line){.name = builtin_commands[i].name,
                                           .summary = builtin_commands[i].summary,
                                           .group = builtin_commands[i].group,
                                           .hidden = builtin_commands[i].hidden};
  for (at = NULL; index_next(registry->index, registry->arena, 'c', NULL, &at, fields);)
    made[count++] = (struct registry_line){.name = fields[INDEX_NAME],
                                           .plugin = fields[INDEX_ID],
                                           .group = fields[COMMAND_GROUP],
                                           .summary = fields[COMMAND_SUMMARY],
                                           .hidden = str_eq(fields[COMMAND_HIDDEN], "1")};
  *lines = made;
  return count;
}

/* The NULL-terminated parts of a joined list, or NULL. */
static const char *const *
split(struct arena *arena, const char *joined)
{
  char *rest = arena_strdup(arena, joined);
  const char **parts;
  size_t count = 1;

  if (!joined) return NULL;
  for (const char *p = joined; *p; p++)
    count += *p == '\037';
  parts = arena_array(arena, count + 1, sizeof *parts);
  for (size_t i = 0; i < count; i++)
    parts[i] = strsep(&rest, "\037");
  return parts;
}

static struct conf_key
read_key(struct arena *arena, const char *const fields[INDEX_FIELDS])
{
  struct conf_key key = {.name = fields[INDEX_NAME],
                         .owner = fields[INDEX_ID],
                         .list = strchr(fields[KEY_FLAGS], 'l') != NULL,
                         .secret = strchr(fields[KEY_FLAGS], 's') != NULL,
                         .free_form = strchr(fields[KEY_FLAGS], 'f') != NULL,
                         .verbatim = strchr(fields[KEY_FLAGS], 'v') != NULL,
                         .default_value = fields[KEY_DEFAULT],
                         .env = fields[KEY_ENV],
                         .choices = split(arena, fields[KEY_CHOICES]),
                         .help = fields[KEY_HELP],
                         .has_min = fields[KEY_MIN] != NULL,
                         .has_max = fields[KEY_MAX] != NULL};

  if (fields[KEY_MIN]) str_to_double(fields[KEY_MIN], &key.min);
  if (fields[KEY_MAX]) str_to_double(fields[KEY_MAX], &key.max);
  value_type_find(fields[KEY_TYPE], &key.type);
  return key;
}

clxs_status
registry_keys(struct registry *registry, const struct conf_key **keys, size_t *count, struct err *err)
{
  const char *at = NULL, *fields[INDEX_FIELDS];
  struct conf_key *made;
  size_t most = 0;
  bool implied_before = false;

  (void)err;
  while (index_next(registry->index, registry->arena, 'k', NULL, &at, fields))
    most++;
  made = arena_array(registry->arena, most + 1, sizeof *made);
  *count = 0;
  for (at = NULL; index_next(registry->index, registry->arena, 'k', NULL, &at, fields);) {
    bool implied = strchr(fields[KEY_FLAGS], 'i') != NULL,
         same = *count > 0 && str_eq(made[*count - 1].name, fields[INDEX_NAME]);

    /* A key that a flag implies gives way to the same one declared; of two declared ones the first id's
     * stands. */
    if (same && (implied || !implied_before)) continue;
    made[same ? *count - 1 : (*count)++] = read_key(registry->arena, fields);
    implied_before = implied;
  }
  *keys = made;
  return CLXS_OK;
}

size_t
registry_templates(struct registry *registry, const struct conf_template **templates)
{
  const char *at = NULL, *fields[INDEX_FIELDS];
  struct conf_template *made;
  size_t count = 0;

  while (index_next(registry->index, registry->arena, 't', NULL, &at, fields))
    count++;
  made = arena_array(registry->arena, count + 1, sizeof *made);
  count = 0;
  for (at = NULL; index_next(registry->index, registry->arena, 't', NULL, &at, fields);) {
    if (count > 0 && str_eq(made[count - 1].name, fields[INDEX_NAME])) continue;
    made[count++] = (struct conf_template){.name = fields[INDEX_NAME],
                                           .origin = fields[INDEX_ID],
                                           .help = fields[TEMPLATE_HELP],
                                           .values = fields[TEMPLATE_VALUES]};
  }
  *templates = made;
  return count;
}

size_t
registry_providers(struct registry *registry, const char *capability, const char *const **plugin_ids)
{
  const char *at = NULL, *fields[INDEX_FIELDS], **ids;
  size_t count = 0, preferred = 0;

  while (index_next(registry->index, registry->arena, 'v', capability, &at, fields))
    count++;
  ids = arena_array(registry->arena, count + 1, sizeof *ids);
  count = 0;
  for (at = NULL; index_next(registry->index, registry->arena, 'v', capability, &at, fields); count++) {
    ids[count] = fields[INDEX_ID];
    if (!str_listed(registry->options.prefer, fields[INDEX_ID])) continue;
    ids[count] = ids[preferred];
    ids[preferred++] = fields[INDEX_ID];
  }
  *plugin_ids = ids;
  return count;
}

/* "clone.*" stands for every topic below clone. */
static bool
topic_matches(const char *pattern, const char *topic)
{
  size_t length = strlen(pattern);

  if (!str_ends(pattern, ".*")) return str_eq(pattern, topic);
  return strncmp(pattern, topic, length - 1) == 0;
}

static size_t
find_hooks(struct registry *registry, const char *topic, const struct registry_hook **hooks)
{
  const char *at = NULL, *fields[INDEX_FIELDS];
  struct registry_hook *made;
  size_t count = 0;

  while (index_next(registry->index, registry->arena, 'h', NULL, &at, fields))
    count += topic_matches(fields[INDEX_NAME], topic);
  made = arena_array(registry->arena, count + 1, sizeof *made);
  count = 0;
  for (at = NULL; index_next(registry->index, registry->arena, 'h', NULL, &at, fields);)
    if (topic_matches(fields[INDEX_NAME], topic))
      made[count++] = (struct registry_hook){fields[INDEX_ID], fields[HOOK_COMMAND]};
  *hooks = made;
  return count;
}

/* Each topic is looked up once: a clone fires some of them for every table. */
size_t
registry_hooks(struct registry *registry, const char *topic, const struct registry_hook **hooks)
{
  struct registry_topic *known = registry->topics;

  while (known && !str_eq(known->topic, topic))
    known = known->next;
  if (!known) {
    known = arena_alloc(registry->arena, sizeof *known);
    known->topic = arena_strdup(registry->arena, topic);
    known->count = find_hooks(registry, topic, &known->hooks);
    known->next = registry->topics;
    registry->topics = known;
  }
  *hooks = known->hooks;
  return known->count;
}
