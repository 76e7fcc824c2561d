/* SPDX-License-Identifier: Apache-2.0 */
/* Which example there is, and scripts of SQL run statement by statement. */
#include "seed/seed.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/sqltext/token.h"
#include "seed/demo.h"
#include "store/db.h"
#include "store/store.h"

#include "base/banned.h"

#define SYNTH "synth:"
#define FULL ":full"
#define SYNTH_MAX 1000000

/* N of "synth:N" and "synth:N:full", or 0. */
static int64_t
synth_count(struct arena *arena, const char *what, bool *full)
{
  int64_t count = 0;
  const char *number;

  *full = str_ends(what, FULL);
  if (!str_starts(what, SYNTH)) return 0;
  number = what + strlen(SYNTH);
  if (*full) number = arena_strndup(arena, number, strlen(number) - strlen(FULL));
  if (!str_to_int64(number, &count)) return 0;
  return count > 0 && count <= SYNTH_MAX ? count : 0;
}

bool
seed_known(const char *what)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  bool full;

  return what && (str_eq(what, "demo") || synth_count(arena, what, &full) > 0);
}

/* The catalog is there already: a state is filled once. */
static bool
is_there(struct session *session, const char *catalog)
{
  const struct name name = {.catalog = catalog};
  struct securable object;
  bool found;

  store_enter(session);
  found = securable_find(session, SEC_CATALOG, &name, &object);
  store_leave(session, true);
  return found;
}

bool
seed_script(struct session *session, const char *text, size_t length)
{
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

struct column
seed_column(int position, const char *name, const char *type_text, const char *type_name,
            const char *type_json)
{
  return (struct column){.position = position,
                         .name = name,
                         .type_text = type_text,
                         .type_name = type_name,
                         .type_json = type_json,
                         .nullable = true,
                         .partition_index = -1};
}

/* "v_from, c1, c2" of the table's columns. */
static const char *
physical_columns(struct session *session, const struct table *table)
{
  const char *list = "v_from";

  for (size_t i = 0; i < table->column_count; i++)
    list = arena_printf(session->arena, "%s, c%lld", list, (long long)table->columns[i].id);
  return list;
}

bool
seed_table(struct session *session, struct table *table, const char *const *rows, size_t row_count)
{
  struct data_write write;
  const char *columns;

  if (!table_insert(session, table) ||
      !version_commit(session, table, &(struct version){.operation = "CREATE TABLE"}, true) ||
      !data_write(session, table, &write))
    return false;
  columns = physical_columns(session, table);
  for (size_t i = 0; i < row_count; i++)
    if (!db_run(session, arena_printf(session->arena, "INSERT INTO %s (%s) VALUES (%lld, %s)", write.physical,
                                      columns, (long long)write.version, rows[i])))
      return false;
  data_add_file(session, table, &write, (int64_t)row_count, false);
  return version_commit(session, table, &(struct version){.operation = "WRITE"}, false);
}

bool
seed_load(struct session *session, const char *what)
{
  bool demo = str_eq(what, "demo"), full;
  int64_t tables = synth_count(session->arena, what, &full);

  if (is_there(session, demo ? "demo" : "synth")) return true;
  return demo ? seed_demo(session) : seed_synth(session, tables, full);
}
