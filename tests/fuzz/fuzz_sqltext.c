/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes, read as SQL, YAML or Python (the first byte says which). What must hold: the tokens are the
 * text, renaming a catalog to itself changes nothing, and each change replaces exactly one name. */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "kit/sqltext/rewrite.h"
#include "kit/sqltext/token.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_tokens(struct arena *arena, const char *text, size_t size)
{
  struct sql_tokens tokens;
  size_t position = 0;

  sql_tokens_read(arena, text, size, &tokens);
  for (size_t i = 0; i < tokens.count; i++) {
    if (tokens.at[i].start != position || tokens.at[i].length == 0) abort();
    position += tokens.at[i].length;
    (void)sql_token_value(arena, &tokens, i);
  }
  if (position != size) abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  struct arena *arena = arena_new();
  struct sqltext_result same, longer;
  enum sqltext_language language;
  const char *text = (const char *)data + 1;

  if (size > 0) {
    language = (enum sqltext_language)(data[0] % 3);
    check_tokens(arena, text, size - 1);
    sqltext_rewrite(arena, text, size - 1, language, "src", "src", SQLTEXT_PATHS, &same);
    if (same.length != size - 1 || memcmp(same.text, text, size - 1) != 0) abort();
    sqltext_rewrite(arena, text, size - 1, language, "src", "dest", SQLTEXT_PATHS, &longer);
    if (language == SQLTEXT_SQL && longer.length < size - 1) abort();
    for (size_t i = 0; i < longer.report_count; i++)
      if (longer.reports[i].start > size - 1 || longer.reports[i].line == 0) abort();
  }
  arena_free(arena);
  return 0;
}
