/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as an index of plugins: opened, searched and walked. */
#include <stdint.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "plugin/index.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const struct search_dir dir = {"/nonexistent", "test"};
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct index *index = index_parse(arena, arena_strndup(arena, (const char *)data, size), size);
  const char *fields[INDEX_FIELDS];

  if (!index) return 0;
  index_is_current(index, &dir, 1, index_state(index)->settings);
  for (const char *kind = "chkpv"; *kind; kind++) {
    const char *at = NULL;

    while (index_next(index, arena, *kind, NULL, &at, fields)) {
    }
    at = NULL;
    index_next(index, arena, *kind, "alpha", &at, fields);
  }
  return 0;
}
