/* SPDX-License-Identifier: Apache-2.0 */
/* What the manifest reader says of many texts: each comes on standard input behind its length, each answer is
 * a line. The other side is agree.js. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "plugin/manifest.h"

int
main(void)
{
  size_t length;

  while (scanf("%zu", &length) == 1 && getchar() == '\n') {
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct err err = ERR_INIT(arena);
    const struct manifest *manifest;
    char *text = arena_alloc(arena, length + 1);

    if (fread(text, 1, length, stdin) != length) return 1;
    if (manifest_parse(arena, "m", text, length, &manifest, &err) == CLXS_OK)
      puts("+");
    else
      printf("- %.200s\n", err.message);
  }
  return 0;
}
