/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.sql/1 from rules. */
#include "base/json.h"
#include "base/str.h"
#include "testhost/internal.h"

#include "base/banned.h"

struct clxs_rows {
  struct clxs_column *columns;
  const char ***cells;
  uint32_t column_count;
  size_t row_count, position; /* position: rows stepped onto so far */
};

static struct clxs_rows *
rows_read(struct arena *arena, const char *text)
{
  struct clxs_rows *rows = arena_alloc(arena, sizeof *rows);
  CLEANUP_JSON struct json_object *json = NULL;
  struct json_object *columns, *lines;

  if (!text) return rows;
  json = json_parse(text, strlen(text), NULL, NULL);
  if (!json) th_broken("rows that are no JSON", text);
  columns = json_get_array(json, "columns");
  lines = json_get_array(json, "rows");
  rows->column_count = (uint32_t)json_length(columns);
  rows->columns = arena_array(arena, rows->column_count, sizeof *rows->columns);
  for (uint32_t i = 0; i < rows->column_count; i++) {
    rows->columns[i].name = arena_strdup(arena, json_object_get_string(json_item(columns, i)));
    rows->columns[i].type_name = "STRING";
    rows->columns[i].type_text = "string";
  }
  rows->row_count = json_length(lines);
  rows->cells = arena_array(arena, rows->row_count, sizeof *rows->cells);
  for (size_t i = 0; i < rows->row_count; i++) {
    rows->cells[i] = arena_array(arena, rows->column_count, sizeof **rows->cells);
    for (uint32_t k = 0; k < rows->column_count; k++) {
      struct json_object *cell = json_item(json_item(lines, i), k);

      rows->cells[i][k] = cell ? arena_strdup(arena, json_object_get_string(cell)) : NULL;
    }
  }
  return rows;
}

static clxs_status
sql_answer(struct th_call *call, const struct testhost_rule *rule, const char *text, struct clxs_rows **rows)
{
  if (!rule)
    return th_fail(call, CLXS_E_INVALID, "TESTHOST_NO_RULE", 0,
                   arena_printf(call->arena, "the test has no answer for: %s", text));
  if (rule->status) return th_fail(call, rule->status, rule->error_class, 0, rule->message);
  if (rows) *rows = rows_read(call->arena, rule->body);
  return CLXS_OK;
}

static clxs_status
sql_run(struct clxs_call *pub, const struct clxs_statement *statement, struct clxs_rows **rows)
{
  struct th_call *call = th_call_of(pub);
  struct testhost *host = call->host;
  struct testhost_rule *rule;
  struct testhost_sent *sent;
  clxs_status status;

  if (rows) *rows = NULL;
  if (th_cancelled(host) && !(statement->flags & CLXS_SQL_CLOSING))
    return th_fail(call, CLXS_E_CANCELLED, NULL, 0, "cancelled");
  sent = th_sent_begin(host, TESTHOST_SQL, statement->text, &rule);
  pthread_mutex_lock(&host->lock);
  sent->catalog = arena_strdup(host->arena, statement->catalog);
  sent->schema = arena_strdup(host->arena, statement->schema);
  sent->purpose = arena_strdup(host->arena, statement->purpose);
  sent->flags = statement->flags;
  sent->binds = "";
  for (uint32_t i = 0; i < statement->bind_count; i++)
    sent->binds = arena_printf(host->arena, "%s%s=%s\n", sent->binds, statement->binds[i].name,
                               statement->binds[i].value ? statement->binds[i].value : "NULL");
  sent->workspace = arena_strdup(host->arena, statement->workspace);
  pthread_mutex_unlock(&host->lock);
  status = th_cancelled(host) && !(statement->flags & CLXS_SQL_CLOSING)
               ? th_fail(call, CLXS_E_CANCELLED, NULL, 0, "cancelled")
               : sql_answer(call, rule, statement->text, rows);
  if (status < 0) call->error.statement_id = "01-testhost";
  th_sent_end(host, sent, status);
  return status;
}

static uint32_t
sql_column_count(struct clxs_call *pub, struct clxs_rows *rows)
{
  (void)pub;
  return rows->column_count;
}

static const struct clxs_column *
sql_column(struct clxs_call *pub, struct clxs_rows *rows, uint32_t index)
{
  (void)pub;
  return index < rows->column_count ? &rows->columns[index] : NULL;
}

static clxs_status
sql_next(struct clxs_call *pub, struct clxs_rows *rows)
{
  (void)pub;
  if (rows->position >= rows->row_count) return 0;
  rows->position++;
  return 1;
}

static const char *
sql_text(struct clxs_call *pub, struct clxs_rows *rows, uint32_t index)
{
  (void)pub;
  if (!rows->position || index >= rows->column_count) return NULL;
  return rows->cells[rows->position - 1][index];
}

static const char *
sql_statement_id(struct clxs_call *pub, struct clxs_rows *rows)
{
  (void)pub, (void)rows;
  return "01-testhost";
}

static void
sql_close(struct clxs_call *pub, struct clxs_rows *rows)
{
  (void)pub, (void)rows;
}

const struct clxs_sql th_sql = {sizeof th_sql, sql_run,  sql_column_count, sql_column,
                                sql_next,      sql_text, sql_statement_id, sql_close};
