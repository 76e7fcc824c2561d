/* SPDX-License-Identifier: Apache-2.0 */
/* `clxs audit list`: the rows of the audit table. */
#include "audit.h"
#include "base/str.h"

#include "base/banned.h"

static const struct clxs_table_column columns[] = {
    {"started_at", "Started", CLXS_ALIGN_LEFT, 0},
    {"command", "Command", CLXS_ALIGN_LEFT, 0},
    {"state", "State", CLXS_ALIGN_LEFT, 0},
    {"source", "Source", CLXS_ALIGN_LEFT, 0},
    {"destination", "Destination", CLXS_ALIGN_LEFT, 0},
    {"user_name", "User", CLXS_ALIGN_LEFT, 0},
    {"operation_id", "Operation", CLXS_ALIGN_LEFT, 0},
    {"ended_at", "Ended", CLXS_ALIGN_LEFT, 0},
    {"counts", "Objects", CLXS_ALIGN_LEFT, 0},
    {"error", "Error", CLXS_ALIGN_LEFT, 0},
};
#define COLUMNS_FOR_PEOPLE 7

static clxs_status
read_rows(struct clxs_call *call, const char *table, struct clxs_rows **rows)
{
  const struct clxs_bind binds[] = {{"status", NULL, call->core->arg_text(call, "status", 0)},
                                    {"source", NULL, call->core->arg_text(call, "source", 0)}};
  struct clxs_statement statement = {.size = sizeof statement,
                                     .binds = binds,
                                     .bind_count = ARRAY_SIZE(binds),
                                     .purpose = "read the audit table"};

  statement.text = clxs_textf(
      call,
      "SELECT started_at, command, state, source, destination, user_name, operation_id, ended_at, counts, "
      "error FROM %s WHERE (:status IS NULL OR state = :status) AND (:source IS NULL OR lower(source) = "
      "lower(:source)) ORDER BY started_at DESC, operation_id DESC LIMIT %lld",
      table, (long long)call->core->arg_int(call, "limit"));
  return clxs_sql(call)->run(call, &statement, rows);
}

clxs_status
audit_list(void *state, struct clxs_call *call)
{
  const struct clxs_output *output = clxs_output(call);
  uint32_t count = output->format(call) == CLXS_FORMAT_TEXT ? COLUMNS_FOR_PEOPLE : ARRAY_SIZE(columns);
  const char *schema, *table = audit_table(call, &schema);
  struct clxs_rows *rows;
  clxs_status status;

  (void)state;
  if (!table && call->core->error(call)) return CLXS_E_CONFIG;
  if (!table)
    return clxs_failf(call, CLXS_E_CONFIG, "set audit.table to catalog.schema.table",
                      "no audit table is configured");
  status = read_rows(call, table, &rows);
  if (status < 0) return status;
  output->table_begin(call, columns, count);
  while ((status = clxs_sql(call)->next(call, rows)) > 0) {
    const char *cells[ARRAY_SIZE(columns)];

    for (uint32_t i = 0; i < count; i++)
      cells[i] = clxs_sql(call)->text(call, rows, i);
    output->table_row(call, cells, count);
  }
  output->table_end(call);
  return status;
}
