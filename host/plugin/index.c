/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the index: mapping, checking that it is ours and current, search by halves. index_format.c writes
 * it. */
#include "plugin/index.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "plugin/index_text.h"

#include "base/banned.h"

#define INDEX_MAX ((off_t)64 << 20)

struct index {
  const char *text, *lines, *end;
  void *map; /* NULL when the text is not ours to unmap */
  size_t map_size;
  const char *dirs; /* the "d" lines of the head */
  struct index_state state;
};

/* One line's text without its newline, or NULL at the end; *AT goes on to the next. */
static const char *
take_line(const char **at, const char *end, size_t *length)
{
  const char *line = *at, *newline = line < end ? memchr(line, '\n', (size_t)(end - line)) : NULL;

  if (!newline) return NULL;
  *length = (size_t)(newline - line);
  *at = newline + 1;
  return line;
}

static bool
parse_head(struct arena *arena, struct index *index, const char *line, size_t length)
{
  const char *head = arena_strndup(arena, line, length);
  char *end;

  if (!str_starts(head, INDEX_MAGIC "\t")) return false;
  head += strlen(INDEX_MAGIC "\t");
  index->state.settings = strtoull(head, &end, 16);
  if (*end != '\t') return false;
  index->state.fingerprint = strtoull(end + 1, &end, 16);
  if (*end != '\t') return false;
  index->state.built_ns = strtoll(end + 1, &end, 10);
  return *end == '\0';
}

struct index *
index_parse(struct arena *arena, const char *text, size_t length)
{
  struct index *index = arena_alloc(arena, sizeof *index);
  const char *at = text, *line;
  size_t size;

  index->text = text;
  index->end = text + length;
  /* A file that was cut off has no last line. */
  if (length < strlen(INDEX_END) || memcmp(index->end - strlen(INDEX_END), INDEX_END, strlen(INDEX_END)) != 0)
    return NULL;
  index->end -= strlen(INDEX_END);
  line = take_line(&at, index->end, &size);
  if (!line || !parse_head(arena, index, line, size)) return NULL;
  index->dirs = at;
  do {
    line = take_line(&at, index->end, &size);
    if (!line) return NULL;
  } while (size > 0);
  index->lines = at;
  return index;
}

struct index *
index_map(struct arena *arena, const char *file)
{
  CLEANUP_FD int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  struct stat info;
  struct index *index;
  void *map;

  if (fd < 0 || fstat(fd, &info) != 0) return NULL;
  if (!S_ISREG(info.st_mode) || info.st_uid != geteuid() || (info.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return NULL;
  if (info.st_size == 0 || info.st_size > INDEX_MAX) return NULL;
  map = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (map == MAP_FAILED) return NULL;
  index = index_parse(arena, map, (size_t)info.st_size);
  if (!index) {
    munmap(map, (size_t)info.st_size);
    return NULL;
  }
  index->map = map;
  index->map_size = (size_t)info.st_size;
  return index;
}

void
index_close(struct index *index)
{
  if (!index || !index->map) return;
  munmap(index->map, index->map_size);
  index->map = NULL;
}

const struct index_state *
index_state(const struct index *index)
{
  return &index->state;
}

bool
index_is_older(int64_t mtime_ns, int64_t built_ns)
{
  /* File systems that keep whole seconds say so by their zeros; others tick at least every 10 ms. */
  int64_t tick = mtime_ns % 1000000000 == 0 ? 2000000000 : 20000000;

  return mtime_ns + tick < built_ns;
}

bool
index_is_current(const struct index *index, const struct search_dir *dirs, size_t dir_count,
                 uint64_t settings)
{
  const char *at = index->dirs, *line;
  size_t length, used = 0;

  if (index->state.settings != settings) return false;
  for (size_t i = 0; i < dir_count; i++) {
    char expected[INDEX_DIR_LINE];
    int64_t mtime = index_dir_line(&dirs[i], expected, &used);

    line = take_line(&at, index->lines, &length);
    if (!line || length != used || memcmp(line, expected, used) != 0) return false;
    if (mtime != 0 && !index_is_older(mtime, index->state.built_ns)) return false;
  }
  return *at == '\n';
}

/* -1, 0 or 1: how the line at AT stands to KEY; a line that begins with KEY is equal. */
static int
compare_line(const struct index *index, const char *at, const char *key, size_t length)
{
  size_t left = (size_t)(index->end - at);
  int order = memcmp(at, key, left < length ? left : length);

  return order ? order : left < length ? -1 : 0;
}

/* The first line that is not before KEY. */
static const char *
lower_bound(const struct index *index, const char *key, size_t length)
{
  const char *low = index->lines, *high = index->end;

  while (low < high) {
    const char *middle = low + (high - low) / 2, *start = middle;

    while (start > low && start[-1] != '\n')
      start--;
    if (compare_line(index, start, key, length) < 0) {
      const char *newline = memchr(middle, '\n', (size_t)(index->end - middle));

      low = newline ? newline + 1 : index->end;
    } else {
      high = start;
    }
  }
  return low;
}

/* Whether a line has the fields that its readers rely on; a damaged file may not. */
static bool
is_whole(char kind, const char *const fields[INDEX_FIELDS])
{
  static const struct {
    char kind;
    int needed[7]; /* besides the name */
  } kinds[] = {
      {'c', {INDEX_ID, COMMAND_SUMMARY, COMMAND_HIDDEN}},
      {'h', {INDEX_ID, HOOK_COMMAND}},
      {'k', {INDEX_ID, KEY_TYPE, KEY_FLAGS}},
      {'p', {PLUGIN_STATE, PLUGIN_DIRECTORY, PLUGIN_MTIME, PLUGIN_SIZE, PLUGIN_INODE}},
      {'t', {INDEX_ID, TEMPLATE_VALUES}},
      {'v', {INDEX_ID}},
  };

  for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
    for (const int *field = kinds[i].needed; kinds[i].kind == kind && *field != 0; field++)
      if (!fields[*field]) return false;
  return fields[INDEX_NAME] != NULL;
}

bool
index_next(const struct index *index, struct arena *arena, char kind, const char *name, const char **at,
           const char *fields[INDEX_FIELDS])
{
  const char *key = index_key(arena, kind, name), *line;
  size_t length = strlen(key), size;

  if (!*at) *at = lower_bound(index, key, length);
  if (*at >= index->end || compare_line(index, *at, key, length) != 0) return false;
  line = take_line(at, index->end, &size);
  if (!line) return false;
  index_split(arena, line, size, fields);
  return is_whole(kind, fields);
}
