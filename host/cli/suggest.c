/* SPDX-License-Identifier: Apache-2.0 */
/* Nearest names by edit distance. It must not know what is being named. */
#include "cli/suggest.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/str.h"

#include "base/banned.h"

/* How far NAME is from WORD; SIZE_MAX when it is not worth saying. */
static size_t
distance_to(const char *word, const char *name)
{
  size_t length = strlen(word), distance = str_distance(word, name);
  size_t limit = length < 4 ? 1 : length / 3 + (length % 3 == 2);

  if (distance <= limit) return distance;
  return length >= 3 && str_ieqn(name, word, length) ? limit : SIZE_MAX;
}

void
suggest_add(struct suggest *suggest, const char *name)
{
  size_t distance = distance_to(suggest->word, name), place = 0;

  if (distance == SIZE_MAX) return;
  for (size_t i = 0; i < ARRAY_SIZE(suggest->best); i++)
    if (suggest->best[i] && str_eq(suggest->best[i], name)) return;
  while (place < ARRAY_SIZE(suggest->best) && suggest->best[place] && suggest->distance[place] <= distance)
    place++;
  if (place == ARRAY_SIZE(suggest->best)) return;
  for (size_t i = ARRAY_SIZE(suggest->best) - 1; i > place; i--) {
    suggest->best[i] = suggest->best[i - 1];
    suggest->distance[i] = suggest->distance[i - 1];
  }
  suggest->best[place] = name;
  suggest->distance[place] = distance;
}

const char *
suggest_phrase(const struct suggest *suggest, char *out, size_t size)
{
  size_t count = 0, used;

  while (count < ARRAY_SIZE(suggest->best) && suggest->best[count])
    count++;
  if (count == 0) return NULL;
  used = (size_t)snprintf(out, size, "did you mean \"%s\"", suggest->best[0]);
  for (size_t i = 1; i < count && used < size; i++)
    used +=
        (size_t)snprintf(out + used, size - used, "%s \"%s\"", i + 1 < count ? "," : " or", suggest->best[i]);
  if (used < size) snprintf(out + used, size - used, "?");
  return out;
}
