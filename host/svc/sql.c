/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.sql/1: statements on the workspace's warehouse, and the results that are open on a call. */
#include "app.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "net/net.h"
#include "svc/rows.h"
#include "svc/services.h"

#include "base/banned.h"

void
rows_close(struct call *call, struct clxs_rows *rows)
{
  struct clxs_rows **at = &call->rows;

  while (*at && *at != rows)
    at = &(*at)->older;
  if (!*at) return;
  *at = rows->older;
  rows->api->statement_close(rows->statement);
  rows->statement = NULL;
}

static struct clxs_rows *
rows_open(struct call *call, const struct net_api *api, struct net_statement *statement)
{
  uint64_t mark = arena_mark(call->arena);
  struct clxs_rows *rows = arena_alloc(call->arena, sizeof *rows);

  *rows = (struct clxs_rows){.api = api, .statement = statement, .mark = mark, .older = call->rows};
  call->rows = rows;
  return rows;
}

static clxs_status
no_warehouse(struct call *call, const struct workspace *workspace, bool second)
{
  err_clear(&call->err);
  err_set(&call->err, CLXS_E_CONFIG, "no SQL warehouse is configured for %s", workspace->name);
  err_hint(&call->err, second
                           ? "name one with --dest-warehouse-id, or warehouse_id below dest_workspace in the "
                             "configuration"
                           : "name one with --warehouse-id, DATABRICKS_WAREHOUSE_ID or warehouse_id in the "
                             "configuration");
  return CLXS_E_CONFIG;
}

static clxs_status
sql_run(struct clxs_call *pub, const struct clxs_statement *given, struct clxs_rows **rows)
{
  struct call *call = call_of(pub);
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  struct net_statement *result;
  struct clxs_statement statement;
  struct net_query query;
  struct workspace *workspace;
  clxs_status status;

  services_copy_in(&statement, sizeof statement, given);
  if (rows) *rows = NULL;
  status = statement.flags & CLXS_SQL_MUTATES
               ? call_check_writable(call, statement.purpose ? statement.purpose : "a statement")
               : CLXS_OK;
  if (status == CLXS_OK)
    status = statement.flags & CLXS_SQL_CLOSING
                 ? services_workspace_late(call, statement.workspace, &workspace)
                 : services_workspace(call, statement.workspace, &workspace);
  if (status != CLXS_OK) return status;
  if (!workspace->warehouse) return no_warehouse(call, workspace, statement.workspace != NULL);
  query = (struct net_query){.text = statement.text,
                             .warehouse = workspace->warehouse,
                             .catalog = statement.catalog,
                             .schema = statement.schema,
                             .binds = statement.binds,
                             .bind_count = statement.bind_count,
                             .mutates = statement.flags & CLXS_SQL_MUTATES,
                             .idempotent = statement.flags & CLXS_SQL_IDEMPOTENT,
                             .closing = statement.flags & CLXS_SQL_CLOSING,
                             .timeout_ms = statement.timeout_ms,
                             .purpose = statement.purpose};
  status = workspace->api->statement(workspace->net, arena, &query, &result, &err);
  if (status != CLXS_OK) return services_fail_at(call, workspace, status, &err);
  if (rows)
    *rows = rows_open(call, workspace->api, result);
  else
    workspace->api->statement_close(result);
  return CLXS_OK;
}

static uint32_t
sql_column_count(struct clxs_call *pub, struct clxs_rows *rows)
{
  (void)pub;
  return rows->statement ? rows->api->column_count(rows->statement) : 0;
}

static const struct clxs_column *
sql_column(struct clxs_call *pub, struct clxs_rows *rows, uint32_t index)
{
  (void)pub;
  return rows->statement ? rows->api->column(rows->statement, index) : NULL;
}

static clxs_status
sql_next(struct clxs_call *pub, struct clxs_rows *rows)
{
  CLEANUP(arena_cleanup) struct arena *arena = NULL;
  struct err err;
  clxs_status status;

  if (!rows->statement) return 0;
  arena = arena_new();
  err = ERR_INIT(arena);
  status = rows->api->next(rows->statement, &err);
  return status < 0 ? call_take_error(call_of(pub), status, &err) : status;
}

static const char *
sql_text(struct clxs_call *pub, struct clxs_rows *rows, uint32_t index)
{
  (void)pub;
  return rows->statement ? rows->api->cell(rows->statement, index) : NULL;
}

static const char *
sql_statement_id(struct clxs_call *pub, struct clxs_rows *rows)
{
  (void)pub;
  return rows->statement ? rows->api->statement_id(rows->statement) : NULL;
}

static void
sql_close(struct clxs_call *pub, struct clxs_rows *rows)
{
  if (rows) rows_close(call_of(pub), rows);
}

const struct clxs_sql service_sql = {.size = sizeof service_sql,
                                     .run = sql_run,
                                     .column_count = sql_column_count,
                                     .column = sql_column,
                                     .next = sql_next,
                                     .text = sql_text,
                                     .statement_id = sql_statement_id,
                                     .close = sql_close};
