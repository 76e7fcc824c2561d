/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as a manifest: read, linted, hashed, and its commands' pages written. */
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "cli/help.h"
#include "plugin/manifest.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
write_pages(struct arena *arena, const struct manifest *manifest, const char *text)
{
  const struct text_style style = {.width = 40, .colour = true};

  for (size_t i = 0; i < manifest->command_count; i++) {
    CLEANUP_BUF struct buf page = BUF_INIT(BUF_LARGE);
    struct grammar_command command = manifest->commands[i];

    command.help = text; /* any text is a help page, too */
    help_command(arena, &command, manifest->keys, manifest->key_count, &style, &page);
    help_man(arena, &command, manifest->keys, manifest->key_count, "clxs", &page);
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  const struct manifest *manifest;
  const char *text = arena_strndup(arena, (const char *)data, size);

  if (manifest_parse(arena, "fuzz.json", text, size, &manifest, &err) != CLXS_OK) return 0;
  manifest_grammar_hash(manifest);
  if (manifest_lint(arena, manifest, &err) == CLXS_OK) write_pages(arena, manifest, text);
  return 0;
}
