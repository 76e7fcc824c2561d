/* SPDX-License-Identifier: Apache-2.0 */
/* Which example there is, and scripts of SQL run statement by statement. */
#include "seed/seed.h"

#include "base/arena.h"
#include "base/str.h"
#include "kit/sqltext/token.h"
#include "seed/demo.h"
#include "store/store.h"

#include "base/banned.h"

#define SYNTH "synth:"
#define SYNTH_MAX 1000000

/* N of "synth:N", or 0. */
static int64_t
synth_count(const char *what) {
  int64_t count = 0;

  if (!str_starts(what, SYNTH) || !str_to_int64(what + strlen(SYNTH), &count)) return 0;
  return count > 0 && count <= SYNTH_MAX ? count : 0;
}

bool
seed_known(const char *what) {
  return what && (str_eq(what, "demo") || synth_count(what) > 0);
}

/* The catalog is there already: a state is filled once. */
static bool
is_there(struct session *session, const char *catalog) {
  const struct name name = {.catalog = catalog};
  struct securable object;
  bool found;

  store_enter(session);
  found = securable_find(session, SEC_CATALOG, &name, &object);
  store_leave(session, true);
  return found;
}

bool
seed_script(struct session *session, const char *text, size_t length) {
  struct sql_tokens tokens;
  size_t start = 0;

  sql_tokens_read(session->arena, text, length, &tokens);
  for (size_t i = 0; i < tokens.count; i++) {
    uint64_t mark;
    struct result result;
    bool ok;

    if (!sql_token_is(&tokens, i, ";")) continue;
    mark = arena_mark(session->arena);
    ok = engine_run(session, text + start, tokens.at[i].start - start, &result);
    if (!ok) return false; /* the fault lives in the arena */
    arena_release(session->arena, mark);
    start = tokens.at[i].start + 1;
  }
  return true;
}

bool
seed_load(struct session *session, const char *what) {
  bool demo = str_eq(what, "demo");

  if (is_there(session, demo ? "demo" : "synth")) return true;
  return demo ? seed_demo(session) : seed_synth(session, synth_count(what));
}
