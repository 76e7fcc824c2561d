/* SPDX-License-Identifier: Apache-2.0 */
/* A hash map from text to a pointer, in order of insertion when walked. Keys are copied; values are the
 * caller's. Not thread-safe. */
#ifndef CLXS_BASE_MAP_H
#define CLXS_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct map;

struct map *map_new(void);
/* Free the map and its keys, not the values. NULL is fine. */
void map_free(struct map *map);
void map_cleanup(struct map **map);
/* The value set for KEY, or NULL. */
void *map_get(const struct map *map, const char *key);
/* Set VALUE (not NULL) for KEY; the value that was there before, or NULL. */
void *map_set(struct map *map, const char *key, void *value);
/* Take KEY out; its value, or NULL when it was not there. */
void *map_remove(struct map *map, const char *key);
size_t map_count(const struct map *map);
/* Walk: start with *POSITION 0; false at the end. KEY and VALUE may be NULL. Removing while walking is fine,
 * setting new keys is not. */
bool map_next(const struct map *map, size_t *position, const char **key, void **value);

#define CLEANUP_MAP __attribute__((cleanup(map_cleanup)))

#endif
