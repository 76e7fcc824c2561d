/* SPDX-License-Identifier: Apache-2.0 */
/* Writing the index. Tabs, newlines and backslashes in texts are escaped; an absent field is "\-". */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"
#include "cli/value.h"
#include "plugin/index_text.h"
#include "plugin/manifest.h"

#include "base/banned.h"

struct lines {
  struct arena *arena;
  VEC(const char *) list;
};

static void
add_escaped(struct buf *out, const char *text)
{
  if (!text) {
    buf_add_text(out, "\\-");
    return;
  }
  for (; *text; text++) {
    if (*text == '\t')
      buf_add_text(out, "\\t");
    else if (*text == '\n')
      buf_add_text(out, "\\n");
    else if (*text == '\\')
      buf_add_text(out, "\\\\");
    else
      buf_add_char(out, *text);
  }
}

static void
add_line(struct lines *lines, char kind, size_t count, const char *const *fields)
{
  CLEANUP_BUF struct buf line = BUF_INIT(BUF_LARGE);

  buf_add_char(&line, kind);
  for (size_t i = 0; i < count; i++) {
    buf_add_char(&line, '\t');
    add_escaped(&line, fields[i]);
  }
  buf_add_char(&line, '\n');
  *VEC_ADD(&lines->list) = arena_strndup(lines->arena, line.data, line.len);
}

#define LINE(lines, kind, ...)                                                       \
  add_line(lines, kind, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), \
           (const char *const[]){__VA_ARGS__})

/* The choices of a key are joined by a character that no text may have. */
static const char *
join(struct arena *arena, const char *const *texts)
{
  const char *joined = texts ? *texts : NULL;

  for (; texts && *texts && texts[1]; texts++)
    joined = arena_printf(arena, "%s\037%s", joined, texts[1]);
  return joined;
}

static const char *
limit(struct arena *arena, bool has, double number)
{
  return has ? arena_printf(arena, "%.17g", number) : NULL;
}

static void
add_key(struct lines *lines, const char *id, const struct conf_key *key, bool implied)
{
  char flags[6];

  snprintf(flags, sizeof flags, "%s%s%s%s%s", key->list ? "l" : "", key->secret ? "s" : "",
           key->free_form ? "f" : "", key->verbatim ? "v" : "", implied ? "i" : "");
  LINE(lines, 'k', key->name, id, value_type_name(key->type), flags, key->default_value, key->env,
       join(lines->arena, key->choices), key->help, limit(lines->arena, key->has_min, key->min),
       limit(lines->arena, key->has_max, key->max));
}

static bool
declares(const struct manifest *manifest, const char *key)
{
  for (size_t i = 0; i < manifest->key_count; i++)
    if (str_eq(manifest->keys[i].name, key)) return true;
  return false;
}

/* A flag that names a config key which is not declared declares it. (The host's own keys are told apart by
 * the reader.) */
static void
add_flag_keys(struct lines *lines, const struct manifest *manifest, const struct grammar_command *command)
{
  for (size_t i = 0; i < command->own_flags; i++) {
    const struct grammar_flag *flag = &command->flags[i];
    struct conf_key key = {.name = flag->config,
                           .has_min = flag->has_min,
                           .min = flag->min,
                           .has_max = flag->has_max,
                           .max = flag->max,
                           .type = flag->type,
                           .list = flag->repeat,
                           .choices = flag->choices,
                           .help = flag->help};

    if (flag->config && !declares(manifest, flag->config)) add_key(lines, manifest->id, &key, true);
  }
}

static void
add_usable(struct lines *lines, const struct manifest *manifest)
{
  for (size_t i = 0; i < manifest->command_count; i++) {
    const struct grammar_command *command = &manifest->commands[i];

    LINE(lines, 'c', command->name, manifest->id, command->group, command->summary,
         command->hidden ? "1" : "0");
    add_flag_keys(lines, manifest, command);
  }
  for (size_t i = 0; i < manifest->hook_count; i++)
    LINE(lines, 'h', manifest->hooks[i].topic, manifest->id, manifest->hooks[i].command);
  for (size_t i = 0; i < manifest->key_count; i++)
    add_key(lines, manifest->id, &manifest->keys[i], false);
  for (size_t i = 0; i < manifest->template_count; i++)
    LINE(lines, 't', manifest->templates[i].name, manifest->id, manifest->templates[i].help,
         manifest->templates[i].values);
  for (size_t i = 0; manifest->provides[i]; i++)
    LINE(lines, 'v', manifest->provides[i], manifest->id);
}

static void
add_plugin(struct lines *lines, const struct scanned *plugin)
{
  const struct manifest *manifest = plugin->manifest;
  struct arena *arena = lines->arena;

  LINE(lines, 'p', plugin->id, plugin->state, manifest ? manifest->version : NULL, plugin->directory,
       manifest ? manifest->library : NULL, manifest ? manifest->abi : NULL,
       arena_printf(arena, "%" PRId64, plugin->stamp.mtime_ns),
       arena_printf(arena, "%" PRIu64, plugin->stamp.size),
       arena_printf(arena, "%" PRIu64, plugin->stamp.inode), plugin->reason);
  if (str_eq(plugin->state, "ok")) add_usable(lines, manifest);
}

static int
by_text(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int64_t
index_dir_line(const struct search_dir *dir, char line[INDEX_DIR_LINE], size_t *length)
{
  struct scan_stamp stamp = scan_stamp(dir->path);
  int used = snprintf(line, INDEX_DIR_LINE, "d\t%" PRId64 "\t%" PRIu64 "\t%s", stamp.mtime_ns, stamp.inode,
                      dir->path);

  *length = used < INDEX_DIR_LINE ? (size_t)used : INDEX_DIR_LINE - 1;
  return stamp.mtime_ns;
}

void
index_format(struct arena *arena, const struct search_dir *dirs, size_t dir_count,
             const struct scanned *plugins, size_t count, const struct index_state *state, struct buf *out)
{
  struct lines lines = {.arena = arena};

  buf_addf(out, "%s\t%016" PRIx64 "\t%016" PRIx64 "\t%" PRId64 "\n", INDEX_MAGIC, state->settings,
           state->fingerprint, state->built_ns);
  for (size_t i = 0; i < dir_count; i++) {
    char line[INDEX_DIR_LINE];
    size_t length;

    index_dir_line(&dirs[i], line, &length);
    buf_add(out, line, length);
    buf_add_char(out, '\n');
  }
  buf_add_char(out, '\n');
  for (size_t i = 0; i < count; i++)
    add_plugin(&lines, &plugins[i]);
  if (lines.list.count > 0) qsort(lines.list.at, lines.list.count, sizeof *lines.list.at, by_text);
  VEC_EACH (&lines.list, line)
    buf_add_text(out, *line);
  buf_add_text(out, INDEX_END);
  VEC_FREE(&lines.list);
}

const char *
index_file(struct arena *arena, const char *cache_dir, const struct search_dir *dirs, size_t dir_count)
{
  uint64_t hash = str_hash("", 0);

  for (size_t i = 0; i < dir_count; i++)
    hash = str_hash_more(hash, dirs[i].path, strlen(dirs[i].path) + 1);
  return arena_printf(arena, "%s/index-%016" PRIx64, cache_dir, hash);
}

const char *
index_key(struct arena *arena, char kind, const char *name)
{
  CLEANUP_BUF struct buf key = BUF_INIT(BUF_LARGE);

  buf_addf(&key, "%c\t", kind);
  if (name) {
    add_escaped(&key, name);
    buf_add_char(&key, '\t');
  }
  return arena_strndup(arena, key.data, key.len);
}

/* The inverse of add_escaped, in place. */
static const char *
unescape(char *text)
{
  char *to = text;

  if (str_eq(text, "\\-")) return NULL;
  for (const char *from = text; *from; from++) {
    if (*from == '\\' && from[1]) {
      from++;
      *to++ = *from == 't' ? '\t' : *from == 'n' ? '\n' : *from;
    } else {
      *to++ = *from;
    }
  }
  *to = '\0';
  return text;
}

void
index_split(struct arena *arena, const char *line, size_t length, const char *fields[INDEX_FIELDS])
{
  char *rest = arena_strndup(arena, line, length);
  size_t count = 0;

  memset(fields, 0, INDEX_FIELDS * sizeof *fields);
  strsep(&rest, "\t");
  for (char *field; count < INDEX_FIELDS && (field = strsep(&rest, "\t"));)
    fields[count++] = unescape(field);
}
