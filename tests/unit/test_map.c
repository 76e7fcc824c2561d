/* SPDX-License-Identifier: Apache-2.0 */
/* base/map against a plain array that does the same slowly. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"

#include "base/banned.h"

#define KEYS 200

/* Numbers that look random and are the same in every run. */
static unsigned
next_number(unsigned *state)
{
  *state = *state * 1103515245u + 12345u;
  return *state >> 16;
}

Test(map, does_what_an_array_does)
{
  CLEANUP_MAP struct map *map = map_new();
  static int values[4];
  void *model[KEYS] = {0};
  unsigned state = 1;
  size_t count = 0;

  for (int i = 0; i < 20000; i++) {
    unsigned key = next_number(&state) % KEYS;
    void *value = &values[next_number(&state) % 4];
    char name[16];

    snprintf(name, sizeof name, "k%u", key);
    cr_assert_eq(map_get(map, name), model[key]);
    if (next_number(&state) % 3 == 0) {
      cr_assert_eq(map_remove(map, name), model[key]);
      count -= model[key] != NULL;
      model[key] = NULL;
    } else {
      cr_assert_eq(map_set(map, name, value), model[key]);
      count += model[key] == NULL;
      model[key] = value;
    }
    cr_assert_eq(map_count(map), count);
  }
}

Test(map, walks_in_order_of_insertion)
{
  CLEANUP_MAP struct map *map = map_new();
  static const char *const names[] = {"zebra", "apple", "", "mango"};
  size_t position = 0;
  const char *key;
  void *value;

  for (size_t i = 0; i < 4; i++)
    map_set(map, names[i], (void *)names[i]);
  for (size_t i = 0; i < 4; i++) {
    cr_assert(map_next(map, &position, &key, &value));
    cr_assert_str_eq(key, names[i]);
    cr_assert_eq(value, (void *)names[i]);
  }
  cr_assert_not(map_next(map, &position, &key, &value));
}

Test(map, removing_while_walking)
{
  CLEANUP_MAP struct map *map = map_new();
  size_t position = 0, seen = 0;
  const char *key;
  char name[16];

  for (int i = 0; i < 100; i++) {
    snprintf(name, sizeof name, "%d", i);
    map_set(map, name, map);
  }
  while (map_next(map, &position, &key, NULL)) {
    snprintf(name, sizeof name, "%s", key);
    if (seen++ % 2 == 0) map_remove(map, name);
  }
  cr_assert_eq(seen, 100);
  cr_assert_eq(map_count(map), 50);
}

Test(map, an_empty_one)
{
  CLEANUP_MAP struct map *map = map_new();
  size_t position = 0;

  cr_assert_null(map_get(map, "x"));
  cr_assert_null(map_remove(map, "x"));
  cr_assert_not(map_next(map, &position, NULL, NULL));
  map_free(NULL);
}
