/* SPDX-License-Identifier: Apache-2.0 */
/* Finding built-in functions by name. The tables are made once, into a map that lives as long as the process.
 */
#include "query/builtin.h"

#include <pthread.h>

#include "base/map.h"
#include "base/str.h"

#include "base/banned.h"

#define NAME_MAX_LENGTH 64

static struct map *functions;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
fill(void)
{
  const struct builtin_table tables[] = {builtins_string(),   builtins_number(), builtins_time(),
                                         builtins_nested(),   builtins_json(),   builtins_aggregate(),
                                         builtins_frequent(), builtins_other()};

  functions = map_new();
  for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
    for (size_t j = 0; j < tables[i].count; j++)
      map_set(functions, tables[i].at[j].name, (void *)(uintptr_t)&tables[i].at[j]);
}

const struct builtin *
builtin_find(const char *name)
{
  char lower[NAME_MAX_LENGTH];
  size_t length = strlen(name);

  if (length >= sizeof lower) return NULL;
  for (size_t i = 0; i <= length; i++)
    lower[i] = str_lower(name[i]);
  pthread_once(&once, fill);
  return map_get(functions, lower);
}

const char *
builtin_suggest(const char *name)
{
  const char *key, *best = NULL;
  size_t position = 0, least = strlen(name) > 5 ? 3 : 2;

  pthread_once(&once, fill);
  while (map_next(functions, &position, &key, NULL)) {
    size_t distance = str_distance(name, key);

    if (distance >= least) continue;
    least = distance;
    best = key;
  }
  return best;
}
