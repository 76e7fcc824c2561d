/* SPDX-License-Identifier: Apache-2.0 */
/* One row for each operation: made or taken up again when it begins, completed when it ends. One MERGE does
 * either, so that a repeat changes nothing and a row that could not be written at first is written at the
 * end. Every value is a bound parameter. */
#include "audit.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/sqltext/quote.h"
#include "kit/sqltext/token.h"

#include "base/banned.h"

#define ROUNDS 5
#define PAUSE_MS 300

const char *
audit_table(struct clxs_call *call, const char **schema)
{
  const char *text = clxs_config(call)->text(call, "audit.table"), *parts[3];
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf name = BUF_INIT(BUF_SQL), front = BUF_INIT(BUF_SQL);
  struct sql_tokens tokens;

  if (!text) return NULL;
  sql_tokens_read(arena, text, strlen(text), &tokens);
  for (size_t i = 0; i < 3; i++) {
    if (tokens.count != 5 || !sql_token_is_name(&tokens.at[2 * i]) ||
        (i < 2 && !sql_token_is(&tokens, 2 * i + 1, "."))) {
      clxs_failf(call, CLXS_E_CONFIG, "write catalog.schema.table, names with other characters in back-ticks",
                 "%s: audit.table must be a name of three parts, not \"%s\"",
                 clxs_config(call)->origin(call, "audit.table"), text);
      return NULL;
    }
    parts[i] = sql_token_value(arena, &tokens, 2 * i);
  }
  sql_add_names(&name, parts, 3);
  sql_add_names(&front, parts, 2);
  *schema = clxs_textf(call, "%s", front.data);
  return clxs_textf(call, "%s", name.data);
}

static clxs_status
run(struct clxs_call *call, const char *text, const struct clxs_bind *binds, uint32_t count, uint32_t flags)
{
  struct clxs_statement statement = {.size = sizeof statement,
                                     .flags = CLXS_SQL_MUTATES | CLXS_SQL_IDEMPOTENT | flags,
                                     .text = text,
                                     .binds = binds,
                                     .bind_count = count,
                                     .purpose = "write the audit row"};

  return clxs_sql(call)->run(call, &statement, NULL);
}

static clxs_status
make_table(struct clxs_call *call, const char *table, const char *schema, uint32_t flags)
{
  clxs_status status = run(call, clxs_textf(call, "CREATE SCHEMA IF NOT EXISTS %s", schema), NULL, 0, flags);

  if (status < 0) return status;
  return run(
      call,
      clxs_textf(call,
                 "CREATE TABLE IF NOT EXISTS %s (operation_id STRING, command STRING, user_name STRING, "
                 "workspace STRING, source STRING, destination STRING, state STRING, started_at TIMESTAMP, "
                 "ended_at TIMESTAMP, counts STRING, arguments STRING, error STRING) "
                 "COMMENT 'What clxs did: one row for each operation'",
                 table),
      NULL, 0, flags);
}

static bool
is_missing(struct clxs_call *call)
{
  const char *error_class = call->core->error(call)->error_class;

  return error_class &&
         (str_starts(error_class, "TABLE_OR_VIEW_NOT_FOUND") || str_starts(error_class, "SCHEMA_NOT_FOUND") ||
          str_starts(error_class, "DELTA_TABLE_NOT_FOUND"));
}

static clxs_status
merge(struct clxs_call *call, const char *table, const char *schema, const struct clxs_bind *binds,
      uint32_t count, uint32_t flags)
{
  const char *text = clxs_textf(
      call,
      "MERGE INTO %s AS t USING (SELECT :operation_id AS operation_id) AS s ON t.operation_id = "
      "s.operation_id "
      "WHEN MATCHED THEN UPDATE SET state = :state, ended_at = CAST(:ended_at AS TIMESTAMP), counts = "
      ":counts, "
      "error = :error "
      "WHEN NOT MATCHED THEN INSERT (operation_id, command, user_name, workspace, source, destination, "
      "state, "
      "started_at, ended_at, counts, arguments, error) VALUES (:operation_id, :command, current_user(), "
      ":workspace, :source, :destination, :state, CAST(:started_at AS TIMESTAMP), CAST(:ended_at AS "
      "TIMESTAMP), "
      ":counts, :arguments, :error)",
      table);
  bool made = false;

  for (unsigned round = 1;; round++) {
    clxs_status status = run(call, text, binds, count, flags);

    if (status >= 0) return status;
    if (!made && is_missing(call)) {
      made = true;
      call->core->error_clear(call);
      status = make_table(call, table, schema, flags);
      if (status < 0) return status;
      continue;
    }
    /* Another run has written its row at the same moment. */
    if (status != CLXS_E_CONFLICT || round == ROUNDS || call->core->cancelled(call)) return status;
    call->core->error_clear(call);
    if (call->core->wait(call, PAUSE_MS * (int64_t)round) < 0) return CLXS_E_CANCELLED;
  }
}

clxs_status
audit_write(struct clxs_call *call, const char *topic, struct json_object *event)
{
  bool begins = str_ends(topic, ".before");
  struct json_object *arguments = json_get_object(event, "arguments"),
                     *counts = json_get_object(event, "counts");
  const char *schema, *table = audit_table(call, &schema);

  if (!table) return call->core->error(call) ? CLXS_E_CONFIG : CLXS_OK;
  if (arguments) audit_redact(arguments);
  const struct clxs_bind binds[] = {
      {"operation_id", NULL, json_get_text(event, "operation_id")},
      {"command", NULL, json_get_text(event, "command")},
      {"workspace", NULL, json_get_text(event, "workspace")},
      {"source", NULL, json_get_text(event, "source")},
      {"destination", NULL, json_get_text(event, "destination")},
      {"state", NULL, begins ? "running" : json_get_text(event, "status")},
      {"started_at", NULL, json_get_text(event, "started_at")},
      {"ended_at", NULL, json_get_text(event, "ended_at")},
      {"counts", NULL, counts ? json_text(counts) : NULL},
      {"arguments", NULL, arguments ? json_text(arguments) : NULL},
      {"error", NULL, json_get_text(event, "error")},
  };

  return merge(call, table, schema, binds, ARRAY_SIZE(binds), begins ? 0 : CLXS_SQL_CLOSING);
}
