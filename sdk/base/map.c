/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing over an insertion-ordered entry list: the slots hold indexes, so walking is a plain loop.
 */
#include "base/map.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

#include "base/banned.h"

struct entry {
  char *key; /* NULL once removed */
  void *value;
  uint64_t hash;
};

struct map {
  struct entry *entries;
  uint32_t *slots; /* index + 1 into entries; 0 is free */
  size_t used, count, capacity, mask;
};

struct map *
map_new(void)
{
  return xcalloc(1, sizeof(struct map));
}

void
map_free(struct map *map)
{
  if (!map) return;
  for (size_t i = 0; i < map->used; i++)
    free(map->entries[i].key);
  free(map->entries);
  free(map->slots);
  free(map);
}

void
map_cleanup(struct map **map)
{
  map_free(*map);
}

static struct entry *
find(const struct map *map, const char *key, uint64_t hash)
{
  if (map->capacity == 0) return NULL;
  for (size_t slot = hash & map->mask; map->slots[slot]; slot = (slot + 1) & map->mask) {
    struct entry *entry = &map->entries[map->slots[slot] - 1];

    if (entry->key && entry->hash == hash && strcmp(entry->key, key) == 0) return entry;
  }
  return NULL;
}

static void
place(struct map *map, size_t index)
{
  size_t slot = map->entries[index].hash & map->mask;

  while (map->slots[slot])
    slot = (slot + 1) & map->mask;
  map->slots[slot] = (uint32_t)index + 1;
}

/* Make room for one more entry; removed entries are squeezed out on the way. */
static void
grow(struct map *map)
{
  size_t kept = 0, slots;

  if (map->used < map->capacity) return;
  for (size_t i = 0; i < map->used; i++)
    if (map->entries[i].key) map->entries[kept++] = map->entries[i];
  map->used = kept;
  if (kept * 2 >= map->capacity) map->capacity = map->capacity ? map->capacity * 2 : 8;
  map->entries = xrealloc(map->entries, map->capacity * sizeof *map->entries);
  slots = map->capacity * 2;
  free(map->slots);
  map->slots = xcalloc(slots, sizeof *map->slots);
  map->mask = slots - 1;
  for (size_t i = 0; i < kept; i++)
    place(map, i);
}

void *
map_get(const struct map *map, const char *key)
{
  struct entry *entry = find(map, key, str_hash(key, strlen(key)));

  return entry ? entry->value : NULL;
}

void *
map_set(struct map *map, const char *key, void *value)
{
  uint64_t hash = str_hash(key, strlen(key));
  struct entry *entry = find(map, key, hash);

  if (entry) {
    void *before = entry->value;

    entry->value = value;
    return before;
  }
  grow(map);
  map->entries[map->used] = (struct entry){.key = xstrdup(key), .value = value, .hash = hash};
  place(map, map->used++);
  map->count++;
  return NULL;
}

void *
map_remove(struct map *map, const char *key)
{
  struct entry *entry = find(map, key, str_hash(key, strlen(key)));

  if (!entry) return NULL;
  free(entry->key);
  entry->key = NULL;
  map->count--;
  return entry->value;
}

size_t
map_count(const struct map *map)
{
  return map->count;
}

bool
map_next(const struct map *map, size_t *position, const char **key, void **value)
{
  while (*position < map->used) {
    const struct entry *entry = &map->entries[(*position)++];

    if (!entry->key) continue;
    if (key) *key = entry->key;
    if (value) *value = entry->value;
    return true;
  }
  return false;
}
