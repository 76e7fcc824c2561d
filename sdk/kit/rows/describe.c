/* SPDX-License-Identifier: Apache-2.0 */
/* See describe.h. */
#include "kit/rows/describe.h"

#include <clxs/clxs.h>

#include "base/buf.h"
#include "base/str.h"
#include "kit/retry.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

const char *
describe_cell(struct clxs_call *call, struct clxs_rows *rows, const char *column)
{
  const struct clxs_sql *sql = clxs_sql(call);

  for (uint32_t i = 0; i < sql->column_count(call, rows); i++)
    if (str_ieq(sql->column(call, rows, i)->name, column)) return sql->text(call, rows, i);
  return NULL;
}

clxs_status
describe_run(struct clxs_call *call, const char *what, const char *const name[3], const char *tail,
             const char *workspace, const char *purpose, struct clxs_rows **rows)
{
  struct clxs_statement statement = {.size = sizeof statement, .flags = CLXS_SQL_IDEMPOTENT};
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  clxs_status status;
  unsigned round = 0;

  *rows = NULL;
  buf_addf(&text, "DESCRIBE %s ", what);
  sql_add_names(&text, name, 3);
  buf_add_text(&text, tail);
  statement.text = text.data;
  statement.workspace = workspace;
  statement.purpose = purpose;
  do {
    status = clxs_sql(call)->run(call, &statement, rows);
  } while (status < 0 && retry_pause(call, status, ++round));
  if (status < 0 || *rows) return status;
  return clxs_failf(call, CLXS_E_DATA, NULL, "the service gave no answer to: %s", text.data);
}

clxs_status
detail_read(struct clxs_call *call, const char *const name[3], const char *workspace,
            struct table_detail *detail)
{
  struct clxs_rows *rows;
  clxs_status status =
      describe_run(call, "DETAIL", name, "", workspace, "read the details of a table", &rows);
  const char *cell;

  *detail = (struct table_detail){.bytes = -1, .files = -1};
  if (status < 0) return status;
  status = clxs_sql(call)->next(call, rows);
  if (status <= 0) return status;
  cell = describe_cell(call, rows, "sizeInBytes");
  if (cell) str_to_int64(cell, &detail->bytes);
  cell = describe_cell(call, rows, "numFiles");
  if (cell) str_to_int64(cell, &detail->files);
  cell = describe_cell(call, rows, "clusteringColumns");
  if (cell) detail->cluster = clxs_textf(call, "%s", cell);
  return CLXS_OK;
}
