/* SPDX-License-Identifier: Apache-2.0 */
/* A typed vector in four macros: VEC(struct x) items = {0}; *VEC_ADD(&items) = ...; VEC_EACH(&items, it) ...;
 * VEC_FREE(&items). Elements move when it grows, so keep indexes, not pointers. */
#ifndef CLXS_BASE_VEC_H
#define CLXS_BASE_VEC_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define VEC(type)           \
  struct {                  \
    type *at;               \
    size_t count, capacity; \
  }

static inline void *
vec_grow(void *at, size_t count, size_t *capacity, size_t size)
{
  if (count < *capacity) return at;
  *capacity = *capacity ? *capacity * 2 : 8;
  return xrealloc(at, *capacity * size);
}

/* The address of a new, zeroed element at the end. */
#define VEC_ADD(vec)                                                                    \
  __extension__({                                                                       \
    (vec)->at = vec_grow((vec)->at, (vec)->count, &(vec)->capacity, sizeof *(vec)->at); \
    memset(&(vec)->at[(vec)->count], 0, sizeof *(vec)->at);                             \
    &(vec)->at[(vec)->count++];                                                         \
  })

#define VEC_EACH(vec, it) \
  for (__typeof__(&*(vec)->at) it = (vec)->at; it && it < (vec)->at + (vec)->count; it++)

#define VEC_FREE(vec)                   \
  do {                                  \
    free((vec)->at);                    \
    (vec)->at = NULL;                   \
    (vec)->count = (vec)->capacity = 0; \
  } while (0)

#endif
