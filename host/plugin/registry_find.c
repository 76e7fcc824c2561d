/* SPDX-License-Identifier: Apache-2.0 */
/* From words to a command: the host's own, a plugin's, or a message that says what was meant. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "cli/builtin.h"
#include "cli/suggest.h"
#include "plugin/manifest.h"
#include "plugin/registry_internal.h"

#include "base/banned.h"

#define WORDS_MAX 3 /* of a command's name */

static const struct grammar_command *
find_builtin(const char *name)
{
  for (size_t i = 0; i < builtin_command_count; i++)
    if (str_eq(builtin_commands[i].name, name)) return &builtin_commands[i];
  return NULL;
}

/* Whether the manifest is still the file that the index was made of. */
static bool
is_unchanged(struct arena *arena, const char *directory, const char *const fields[INDEX_FIELDS])
{
  struct scan_stamp stamp = scan_stamp(path_join(arena, directory, "plugin.json"));

  return stamp.mtime_ns == strtoll(fields[PLUGIN_MTIME], NULL, 10) &&
         stamp.size == strtoull(fields[PLUGIN_SIZE], NULL, 10) &&
         stamp.inode == strtoull(fields[PLUGIN_INODE], NULL, 10);
}

/* The index's line of the plugin ID: the usable one if there is one, else whatever there is. */
static bool
find_plugin(struct registry *registry, const char *id, const char *fields[INDEX_FIELDS])
{
  const char *at = NULL, *line[INDEX_FIELDS];
  bool found = false;

  while (index_next(registry->index, registry->arena, 'p', id, &at, line)) {
    if (found && !str_eq(line[PLUGIN_STATE], "ok")) continue;
    memcpy(fields, line, sizeof line);
    found = true;
    if (str_eq(line[PLUGIN_STATE], "ok")) break;
  }
  return found;
}

/* The index's line of whatever lies in DIRECTORY: a manifest that was broken in place has lost its id. */
static bool
find_in(struct registry *registry, const char *directory, const char *fields[INDEX_FIELDS])
{
  const char *at = NULL;

  while (index_next(registry->index, registry->arena, 'p', NULL, &at, fields))
    if (str_eq(fields[PLUGIN_DIRECTORY], directory)) return true;
  return false;
}

clxs_status
registry_manifest(struct registry *registry, const char *id, const struct manifest **manifest,
                  const char **directory, struct err *err)
{
  const char *fields[INDEX_FIELDS];
  bool found = find_plugin(registry, id, fields);

  if (found && !is_unchanged(registry->arena, fields[PLUGIN_DIRECTORY], fields) &&
      registry_refresh(registry)) {
    const char *before = fields[PLUGIN_DIRECTORY];

    found = find_plugin(registry, id, fields) || find_in(registry, before, fields);
  }
  if (!found) {
    err_set(err, CLXS_E_NOT_FOUND, "no plugin %s is installed", id);
    err_hint(err, "`clxs plugin list` shows which there are");
    return CLXS_E_NOT_FOUND;
  }
  if (!str_eq(fields[PLUGIN_STATE], "ok"))
    return err_set(err, CLXS_E_CONFIG, "plugin %s cannot be used: %s", id, fields[PLUGIN_REASON]);
  *directory = fields[PLUGIN_DIRECTORY];
  return manifest_read(registry->arena, path_join(registry->arena, fields[PLUGIN_DIRECTORY], "plugin.json"),
                       manifest, err);
}

/* COMMAND with its long text in place of the file's name. A missing help file does not stop a command. */
static const struct grammar_command *
with_help(struct arena *arena, const struct manifest *manifest, const struct grammar_command *command)
{
  struct grammar_command *whole = arena_alloc(arena, sizeof *whole);
  struct err ignored = ERR_INIT(arena);

  *whole = *command;
  manifest_help(arena, manifest, command, &whole->help, &ignored);
  return whole;
}

static clxs_status
claimed_twice(const char *name, const char *a, const char *b, struct err *err)
{
  err_set(err, CLXS_E_CONFIG, "the command \"%s\" is claimed by the plugins %s and %s", name, a, b);
  err_hint(err, "say which: `clxs %s:%s`, or set plugins.prefer in the configuration", a, name);
  return CLXS_E_CONFIG;
}

/* Which plugin has command NAME, among those called WANTED if given. NULL when none has. */
static clxs_status
find_owner(struct registry *registry, const char *name, const char *wanted, const char **owner,
           struct err *err)
{
  const char *at = NULL, *fields[INDEX_FIELDS], *rival = NULL;

  *owner = NULL;
  while (index_next(registry->index, registry->arena, 'c', name, &at, fields)) {
    if (wanted && !str_eq(wanted, fields[INDEX_ID])) continue;
    if (!*owner || str_listed(registry->options.prefer, fields[INDEX_ID])) {
      bool settled = *owner && !str_listed(registry->options.prefer, *owner);

      rival = *owner && !settled ? *owner : NULL;
      *owner = fields[INDEX_ID];
    } else if (!str_listed(registry->options.prefer, *owner)) {
      rival = fields[INDEX_ID];
    }
  }
  return rival ? claimed_twice(name, *owner, rival, err) : CLXS_OK;
}

/* Command NAME by its whole name; *COMMAND NULL when there is none. */
static clxs_status
find_exact(struct registry *registry, const char *name, const char *wanted,
           const struct grammar_command **command, const char **plugin_id, struct err *err)
{
  const struct manifest *manifest;
  const char *directory;
  clxs_status status;

  *plugin_id = NULL;
  *command = wanted ? NULL : find_builtin(name);
  if (*command) return CLXS_OK;
  status = find_owner(registry, name, wanted, plugin_id, err);
  if (status != CLXS_OK || !*plugin_id) return status;
  status = registry_manifest(registry, *plugin_id, &manifest, &directory, err);
  if (status == CLXS_E_NOT_FOUND) {
    err_clear(err); /* it went away, and took its commands along */
    return CLXS_OK;
  }
  if (status != CLXS_OK) return status;
  *command = manifest_command(manifest, name);
  if (*command) *command = with_help(registry->arena, manifest, *command);
  return CLXS_OK;
}

clxs_status
registry_command(struct registry *registry, const char *name, const struct grammar_command **command,
                 const char **plugin_id, struct err *err)
{
  clxs_status status = find_exact(registry, name, NULL, command, plugin_id, err);

  if (status == CLXS_OK && !*command)
    return err_set(err, CLXS_E_NOT_FOUND, "there is no command \"%s\"", name);
  return status;
}

/* The first COUNT words as one name. */
static const char *
join_words(struct arena *arena, int count, const char *const *words)
{
  const char *name = count > 0 ? words[0] : "";

  for (int i = 1; i < count; i++)
    name = arena_printf(arena, "%s %s", name, words[i]);
  return name;
}

/* How many words at the start of ARGV could be a name. */
static int
name_words(int argc, const char *const *argv)
{
  int count = 0;

  while (count < argc && count < WORDS_MAX && argv[count][0] != '-')
    count++;
  return count;
}

static clxs_status
find_longest(struct registry *registry, int count, const char *const *argv, const char *wanted,
             const struct grammar_command **command, const char **plugin_id, int *words, struct err *err)
{
  clxs_status status = CLXS_OK;

  *command = NULL;
  for (*words = count; *words > 0; --*words) {
    status = find_exact(registry, join_words(registry->arena, *words, argv), wanted, command, plugin_id, err);
    if (status != CLXS_OK || *command) return status;
  }
  return status;
}

/* Whether a plugin that cannot be used seems to have command NAME. A manifest that cannot be read is searched
 * for the quoted name, and its directory is usually called after its command. */
static bool
seems_to_have(struct arena *arena, const struct scanned *plugin, const char *name)
{
  struct err ignored = ERR_INIT(arena);
  char *text;

  if (plugin->manifest) return manifest_command(plugin->manifest, name) != NULL;
  if (str_eq(path_basename(plugin->directory), name)) return true;
  if (path_read(arena, path_join(arena, plugin->directory, "plugin.json"), MANIFEST_MAX, &text, NULL,
                &ignored) != CLXS_OK)
    return false;
  return *name && strstr(text, arena_printf(arena, "\"%s\"", name)) != NULL;
}

/* Say which unusable plugin has the command, if one has: that is the answer, not a list of similar names. */
static clxs_status
owner_unusable(struct registry *registry, int count, const char *const *argv, struct err *err)
{
  struct scanned *plugins;
  size_t plugin_count = registry_scan(registry, &plugins);

  for (; count > 0; count--) {
    const char *name = join_words(registry->arena, count, argv);

    for (size_t i = 0; i < plugin_count; i++) {
      const struct scanned *plugin = &plugins[i];

      if (str_eq(plugin->state, "ok") || str_eq(plugin->state, "shadowed")) continue;
      if (!seems_to_have(registry->arena, plugin, name)) continue;
      err_set(err, CLXS_E_CONFIG, "the plugin %s%s%s with the command \"%s\" cannot be used: %s", plugin->id,
              plugin->manifest ? " " : "", plugin->manifest ? plugin->manifest->version : "", name,
              plugin->reason);
      err_hint(err, "`clxs plugin list` shows the state of every plugin");
      return CLXS_E_CONFIG;
    }
  }
  return CLXS_OK;
}

bool
registry_is_group(struct registry *registry, const char *name)
{
  const struct registry_line *lines;
  size_t count = registry_lines(registry, &lines), length = strlen(name);
  bool found = false;

  for (size_t i = 0; i < count; i++) {
    if (lines[i].hidden || !str_starts(lines[i].name, name)) continue;
    if (lines[i].name[length] == '\0') return false;
    found = found || lines[i].name[length] == ' ';
  }
  return found;
}

/* As many words of NAME as the COUNT of them that were typed, and whether that is all of it. */
static const char *
first_words(struct arena *arena, const char *name, int count, int *words)
{
  const char *at = name;

  for (*words = 1; (at = strchr(at, ' ')) != NULL && *words < count; ++*words)
    at++;
  return at ? arena_strndup(arena, name, (size_t)(at - name)) : name;
}

/* The nearest commands and groups, each compared with as many of the COUNT words in ARGV as its name has:
 * behind the name of a command stand its arguments. */
static const char *
nearest(struct registry *registry, int count, const char *const *argv, char *phrase, size_t size)
{
  const struct registry_line *lines;
  size_t line_count = registry_lines(registry, &lines);
  struct suggest suggest = {0};

  for (size_t i = 0; i < line_count; i++) {
    int words;
    const char *name = first_words(registry->arena, lines[i].name, count, &words);

    if (lines[i].hidden) continue;
    suggest.word = join_words(registry->arena, words, argv);
    suggest_add(&suggest, name);
  }
  return suggest_phrase(&suggest, phrase, size);
}

/* Plugins that are there and cannot be read may be where the command was. */
static const char *
unreadable(struct registry *registry)
{
  const char *at = NULL, *fields[INDEX_FIELDS];

  while (index_next(registry->index, registry->arena, 'p', NULL, &at, fields))
    if (str_eq(fields[PLUGIN_STATE], "invalid")) return fields[PLUGIN_REASON];
  return NULL;
}

static clxs_status
unknown_command(struct registry *registry, int count, const char *const *argv, struct err *err)
{
  bool group = registry_is_group(registry, argv[0]);
  const char *name = join_words(registry->arena, group && count > 1 ? 2 : 1, argv);
  const char *invalid = unreadable(registry);
  char phrase[256];

  if (group && count == 1) {
    err_set(err, CLXS_E_USAGE, "\"%s\" needs a command behind it", name);
    err_hint(err, "see `clxs help %s`", name);
    return CLXS_E_USAGE;
  }
  err_set(err, CLXS_E_USAGE, "unknown command \"%s\"", name);
  if (nearest(registry, count, argv, phrase, sizeof phrase))
    err_hint(err, "%s", phrase);
  else if (invalid)
    err_hint(err, "a plugin cannot be read: %s", invalid);
  else
    err_hint(err, "see `clxs help%s%s`", group ? " " : "", group ? argv[0] : "");
  return CLXS_E_USAGE;
}

/* "ID:COMMAND" that leads nowhere: the plugin is not there, or has no such command. */
static clxs_status
unknown_of_plugin(struct registry *registry, const char *id, const char *name, struct err *err)
{
  const char *at = NULL, *fields[INDEX_FIELDS];
  bool there = find_plugin(registry, id, fields);
  struct suggest suggest = {.word = there ? name : id};
  char phrase[256];

  while (index_next(registry->index, registry->arena, there ? 'c' : 'p', NULL, &at, fields))
    if (!there || str_eq(fields[INDEX_ID], id)) suggest_add(&suggest, fields[INDEX_NAME]);
  if (there)
    err_set(err, CLXS_E_USAGE, "the plugin %s has no command \"%s\"", id, name);
  else
    err_set(err, CLXS_E_USAGE, "no plugin \"%s\" is installed", id);
  if (suggest_phrase(&suggest, phrase, sizeof phrase))
    err_hint(err, "%s", phrase);
  else if (there)
    err_hint(err, "`clxs plugin info %s` shows what it has", id);
  else
    err_hint(err, "`clxs plugin list` shows which there are");
  return CLXS_E_USAGE;
}

clxs_status
registry_find(struct registry *registry, int argc, const char *const *argv,
              const struct grammar_command **command, const char **plugin_id, int *words, struct err *err)
{
  const char *colon = argc > 0 ? strchr(argv[0], ':') : NULL, *wanted = NULL, **own;
  int count = name_words(argc, argv);
  clxs_status status;

  own = arena_array(registry->arena, (size_t)count + 1, sizeof *own);
  for (int i = 0; i < count; i++)
    own[i] = argv[i];
  if (colon && count > 0) {
    wanted = arena_strndup(registry->arena, argv[0], (size_t)(colon - argv[0]));
    own[0] = colon + 1;
  }
  status = find_longest(registry, count, own, wanted, command, plugin_id, words, err);
  if (status != CLXS_OK || *command) return status;
  /* Not only when something is different: who may write to a directory above is not in the fingerprint. */
  if (!registry->options.no_plugins) {
    registry_refresh(registry);
    status = find_longest(registry, count, own, wanted, command, plugin_id, words, err);
    if (status != CLXS_OK || *command) return status;
  }
  if (count == 0) return err_set(err, CLXS_E_USAGE, "no command is given");
  if (wanted && *wanted && !registry->options.no_plugins)
    return unknown_of_plugin(registry, wanted, join_words(registry->arena, count, own), err);
  status = owner_unusable(registry, count, own, err);
  return status == CLXS_OK ? unknown_command(registry, count, own, err) : status;
}
