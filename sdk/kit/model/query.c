/* SPDX-License-Identifier: Apache-2.0 */
/* A statement that reads has no effect, so it is repeated whole after any passing failure. */
#include "kit/model/query.h"

#include <clxs/clxs.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "base/vec.h"
#include "kit/retry.h"

#include "base/banned.h"

#define NO_COLUMN UINT32_MAX

struct answer {
  struct arena *arena;
  VEC(const char *) cells;        /* row by row */
  const char *const (*titles)[2]; /* of the cells, or NULL for the first columns as they come */
};

/* The column that cell INDEX is in: the first of its titles that is there; NO_COLUMN when none is. */
static uint32_t
place_of(struct clxs_call *call, struct clxs_rows *rows, const struct answer *answer, uint32_t index)
{
  const struct clxs_sql *sql = clxs_sql(call);

  for (int i = 0; answer->titles && i < 2; i++)
    for (uint32_t column = 0; column < sql->column_count(call, rows); column++)
      if (str_ieq(sql->column(call, rows, column)->name, answer->titles[index][i])) return column;
  return answer->titles ? NO_COLUMN : index;
}

static clxs_status
read_rows(struct clxs_call *call, struct clxs_rows *rows, uint32_t count, struct answer *answer)
{
  const struct clxs_sql *sql = clxs_sql(call);
  uint32_t *places = call->core->alloc(call, count * sizeof *places);
  clxs_status status = 0;

  if (!rows || (!answer->titles && sql->column_count(call, rows) < count))
    return clxs_failf(call, CLXS_E_DATA, "run again with --log-level debug and report the answer",
                      "the service answered with fewer columns than were asked for");
  for (uint32_t i = 0; i < count; i++)
    places[i] = place_of(call, rows, answer, i);
  while ((status = sql->next(call, rows)) > 0)
    for (uint32_t i = 0; i < count; i++)
      *VEC_ADD(&answer->cells) =
          places[i] == NO_COLUMN ? NULL : arena_strdup(answer->arena, sql->text(call, rows, places[i]));
  return status;
}

static clxs_status
ask(struct clxs_call *call, const struct clxs_statement *statement, uint32_t count, struct answer *answer)
{
  struct clxs_rows *rows = NULL;
  clxs_status status = clxs_sql(call)->run(call, statement, &rows);

  answer->cells.count = 0;
  if (status >= 0) status = read_rows(call, rows, count, answer);
  if (rows) clxs_sql(call)->close(call, rows);
  return status;
}

clxs_status
query_titled(struct clxs_call *call, const char *workspace, const char *text, const char *purpose,
             const char *const (*titles)[2], uint32_t count,
             clxs_status (*row)(void *data, const char *const *cells), void *data)
{
  struct clxs_statement statement = {.size = sizeof statement, .text = text};
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct answer answer = {.arena = arena, .titles = titles};
  clxs_status status;
  unsigned round = 0;

  statement.flags = CLXS_SQL_IDEMPOTENT;
  statement.workspace = workspace;
  statement.purpose = purpose;
  do {
    status = ask(call, &statement, count, &answer);
  } while (status < 0 && retry_pause(call, status, ++round));
  for (size_t i = 0; status >= 0 && i + count <= answer.cells.count; i += count)
    status = row(data, answer.cells.at + i);
  VEC_FREE(&answer.cells);
  return status;
}

clxs_status
query_each(struct clxs_call *call, const char *workspace, const char *text, const char *purpose,
           uint32_t count, clxs_status (*row)(void *data, const char *const *cells), void *data)
{
  return query_titled(call, workspace, text, purpose, NULL, count, row, data);
}
