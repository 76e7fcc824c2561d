/* SPDX-License-Identifier: Apache-2.0 */
/* Statements for tests. */
#include "test_engine.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#include "base/banned.h"

static struct arena *arena;
static struct store *store;
static struct session inside;

struct run
engine_try(const char *user, const char *text)
{
  struct run run = {.session = {.arena = arena, .store = store, .user = user, .admin = str_eq(user, ADMIN)}};

  run.ok = engine_run(&run.session, text, strlen(text), &run.result);
  return run;
}

const char *
engine_cell(const struct run *run, size_t row, size_t column)
{
  cr_assert_lt(row, run->result.row_count);
  cr_assert_lt(column, run->result.column_count);
  return run->result.rows[row][column] ? run->result.rows[row][column] : "NULL";
}

const char *
engine_rows(const struct run *run)
{
  struct buf out CLEANUP_BUF = BUF_INIT(BUF_LARGE);

  for (size_t i = 0; i < run->result.row_count; i++) {
    if (i) buf_add_char(&out, ';');
    for (size_t j = 0; j < run->result.column_count; j++) {
      if (j) buf_add_char(&out, '|');
      buf_add_text(&out, engine_cell(run, i, j));
    }
  }
  return arena_strndup(arena, out.data, out.len);
}

struct session *
engine_enter(void)
{
  inside = (struct session){.arena = arena, .store = store, .user = ADMIN, .admin = true};
  store_enter(&inside);
  return &inside;
}

void
engine_leave(void)
{
  cr_assert(store_leave(&inside, true), "%s", inside.fault.message);
}

void
engine_setup(void)
{
  const char *why = NULL;

  arena = arena_new();
  store = store_open(arena, ":memory:", &why);
  cr_assert(store, "%s", why);
  cr_assert(principal_add(engine_enter(), PRINCIPAL_USER, ADMIN, true));
  cr_assert(principal_add(&inside, PRINCIPAL_USER, OTHER, false));
  engine_leave();
  DO("CREATE CATALOG c");
  DO("CREATE SCHEMA c.s");
  DO("CREATE SCHEMA c.d");
}

void
engine_teardown(void)
{
  store_close(store);
  arena_free(arena);
}
