/* SPDX-License-Identifier: Apache-2.0 */
/* One statement from text to result: which room runs it, and the transaction around it. */
#include "engine.h"

#include "base/arena.h"
#include "base/str.h"
#include "ddl/ddl.h"
#include "query/type.h"
#include "show/show.h"

#include "base/banned.h"

void
result_add_column(struct session *session, struct result *result, const char *name, const char *text)
{
  const struct sql_type *type = type_parse(session, text);
  size_t count = result->column_count;
  struct result_column *columns = arena_array(session->arena, count + 1, sizeof *columns);

  for (size_t i = 0; i < count; i++)
    columns[i] = result->columns[i];
  columns[count] = (struct result_column){.name = arena_strdup(session->arena, name), .type_text = text};
  if (type) {
    columns[count].type_text = type_text(session->arena, type);
    columns[count].type_name = type_name(type);
    columns[count].precision = type_precision(type);
    columns[count].scale = type_scale(type);
  } else {
    columns[count].type_name = "STRING";
    fault_clear(session);
  }
  result->columns = columns;
  result->column_count = count + 1;
}

const char **
result_add_row(struct session *session, struct result *result)
{
  if (result->row_count == result->row_capacity) {
    size_t capacity = result->row_capacity ? result->row_capacity * 2 : 16;
    const char ***rows = arena_array(session->arena, capacity, sizeof *rows);

    for (size_t i = 0; i < result->row_count; i++)
      rows[i] = result->rows[i];
    result->rows = rows;
    result->row_capacity = capacity;
  }
  return result->rows[result->row_count++] =
             arena_array(session->arena, result->column_count, sizeof(char *));
}

static bool
run_query(struct cursor *cursor, struct result *result)
{
  struct ast_query *query = parse_query(cursor);

  return query && cursor_finish(cursor) && query_run(cursor->session, query, result);
}

static bool
run_show(struct cursor *cursor, struct result *result)
{
  return show_run(cursor->session, cursor, result);
}

static bool
run_refused(struct cursor *cursor, struct result *result)
{
  size_t start = cursor_start(cursor);

  (void)result;
  cursor_next(cursor);
  return fault_raise(cursor->session, "UNSUPPORTED_FEATURE.SANDBOX",
                     "The feature is not supported: the sandbox does not run %s statements.",
                     cursor_text(cursor, start, cursor_end(cursor)));
}

static const struct {
  const char *word;
  bool (*run)(struct cursor *cursor, struct result *result);
} statements[] = {
    {"CREATE", ddl_create},     {"REPLACE", ddl_create},    {"ALTER", ddl_alter},
    {"DROP", ddl_drop},         {"UNDROP", ddl_undrop},     {"COMMENT", ddl_comment},
    {"GRANT", ddl_grant},       {"REVOKE", ddl_revoke},     {"SET", ddl_set},
    {"UNSET", ddl_unset},       {"RESET", ddl_set},         {"USE", ddl_use},
    {"INSERT", ddl_insert},     {"UPDATE", ddl_update},     {"DELETE", ddl_delete},
    {"MERGE", ddl_merge},       {"TRUNCATE", ddl_truncate}, {"RESTORE", ddl_restore},
    {"OPTIMIZE", ddl_optimize}, {"VACUUM", ddl_vacuum},     {"ANALYZE", ddl_analyze},
    {"REPAIR", ddl_repair},     {"MSCK", ddl_repair},       {"REFRESH", ddl_refresh},
    {"SHOW", run_show},         {"DESCRIBE", run_show},     {"DESC", run_show},
    {"LIST", run_show},         {"EXPLAIN", run_refused},   {"COPY", run_refused},
    {"EXECUTE", run_refused},   {"CALL", run_refused},      {"DECLARE", run_refused},
    {"BEGIN", run_refused},     {"CACHE", run_refused},     {"UNCACHE", run_refused},
    {"CLEAR", run_refused},     {"DENY", run_refused},      {"SYNC", run_refused},
    {"CONVERT", run_refused},   {"FSCK", run_refused},      {"REORG", run_refused},
    {"LOAD", run_refused},      {"PUT", run_refused},       {"GET", run_refused},
    {"REMOVE", run_refused},
};

static bool
run_statement(struct session *session, const char *text, size_t length, struct result *result)
{
  struct cursor cursor;

  cursor_open(&cursor, session, text, length);
  if (cursor_kind(&cursor) == SQL_END)
    return fault_raise(session, "PARSE_EMPTY_STATEMENT", "Syntax error, unexpected empty statement.");
  if (parse_query_starts(&cursor)) return run_query(&cursor, result);
  for (size_t i = 0; i < ARRAY_SIZE(statements); i++)
    if (cursor_is(&cursor, statements[i].word)) return statements[i].run(&cursor, result);
  return cursor_fail(&cursor);
}

/* A session begins in its catalog and schema, so these must be there. */
static bool
check_defaults(struct session *session)
{
  struct securable object;
  struct name name;
  const char *parts[1];

  if (session->schema && *session->schema) {
    parts[0] = session->schema;
    return name_resolve(session, SEC_SCHEMA, parts, 1, &name) &&
           securable_need(session, SEC_SCHEMA, &name, &object);
  }
  if (!session->catalog || !*session->catalog) return true;
  parts[0] = session->catalog;
  return name_resolve(session, SEC_CATALOG, parts, 1, &name) &&
         securable_need(session, SEC_CATALOG, &name, &object);
}

bool
engine_run(struct session *session, const char *text, size_t length, struct result *result)
{
  bool ok;

  *result = (struct result){0};
  fault_clear(session);
  store_enter(session);
  if (store_attach(session->store, query_attach))
    ok = check_defaults(session) && run_statement(session, text, length, result);
  else
    ok = fault_raise(session, "INTERNAL_ERROR", "SQLite does not take the sandbox's functions.");
  if (!ok && !session->fault.error_class)
    fault_raise(session, "INTERNAL_ERROR", "The statement failed without saying why.");
  return store_leave(session, ok);
}
