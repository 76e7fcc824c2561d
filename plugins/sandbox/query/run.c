/* SPDX-License-Identifier: Apache-2.0 */
/* Running what the translator made: stepping SQLite, turning its errors into the service's, and rendering
 * values as the statement API shows them. And the entrances of query.h. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "query/fn.h"
#include "query/parse.h"
#include "query/tx.h"
#include "query/value.h"
#include "store/store.h"

#include "base/banned.h"

#define WATCH_STEPS 2000 /* SQLite instructions between two looks at session->cancelled */

static void
begin(struct tx *tx, struct session *session)
{
  char now[TIME_TEXT_MAX];
  struct timespec clock;

  clock_gettime(CLOCK_REALTIME, &clock);
  time_print_micros((int64_t)clock.tv_sec * 1000000 + clock.tv_nsec / 1000, now);
  *tx = (struct tx){.session = session, .arena = session->arena, .invoker = session->user};
  tx->now = arena_strdup(session->arena, now);
}

/* \1CLASS\1STATE\1message */
static bool
marked_fault(struct session *session, const char *text)
{
  const char *class = text + 1, *state = strchr(class, '\1'),
             *message = state ? strchr(state + 1, '\1') : NULL;
  char *name, *code;

  if (!message) return fault_set(session, "INTERNAL_ERROR", "XX000", "%s", text);
  name = arena_strndup(session->arena, class, (size_t)(state - class));
  code = arena_strndup(session->arena, state + 1, (size_t)(message - state - 1));
  return fault_set(session, name, code, "%s", message + 1);
}

bool
query_sqlite_fault(struct session *session, sqlite3 *db)
{
  const char *text = sqlite3_errmsg(db);

  if (*text == '\1') return marked_fault(session, text);
  if (sqlite3_errcode(db) == SQLITE_INTERRUPT || (session->cancelled && *session->cancelled))
    return fault_set(session, "OPERATION_CANCELED", "HY008", "Operation has been canceled.");
  if (strstr(text, "integer overflow"))
    return fault_set(session, "ARITHMETIC_OVERFLOW", "22003",
                     "long overflow. Use 'try_sum' to tolerate overflow and return NULL instead.");
  if (strstr(text, "too many") || strstr(text, "too large") || strstr(text, "too big") ||
      strstr(text, "stack overflow") || strstr(text, "depth"))
    return fault_set(
        session, "FAILED_TO_PARSE_TOO_COMPLEX", "54001",
        "The statement, including potential SQL functions and referenced views, was too complex: %s.", text);
  return fault_set(session, "INTERNAL_ERROR", "XX000", "The sandbox could not run its own SQL: %s.", text);
}

static int
watch(void *data)
{
  const atomic_int *cancelled = data;

  return *cancelled != 0;
}

void
query_watch(struct session *session, sqlite3 *db)
{
  if (session->cancelled)
    sqlite3_progress_handler(db, WATCH_STEPS, watch, (void *)(uintptr_t)session->cancelled);
}

void
query_watch_end(sqlite3 *db)
{
  sqlite3_progress_handler(db, 0, NULL, NULL);
}

static void
finalize(sqlite3_stmt **statement)
{
  sqlite3_finalize(*statement);
}

/* ISO form with milliseconds at least: 2024-01-01T00:00:00.000Z; finer digits are kept. */
static const char *
render_timestamp(struct session *session, const char *stored, bool zone)
{
  const char *blank = strchr(stored, ' '), *dot;
  int digits;

  if (!blank) return stored;
  dot = strchr(blank, '.');
  digits = dot ? (int)strlen(dot + 1) : 0;
  return arena_printf(session->arena, "%.*sT%s%s%.*s%s", (int)(blank - stored), stored, blank + 1,
                      dot ? "" : ".", digits < 3 ? 3 - digits : 0, "000", zone ? "Z" : "");
}

static const char *
render_base64(struct session *session, const char *bytes, size_t length)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  fn_add_base64(&buf, (const unsigned char *)bytes, length);
  return arena_strndup(session->arena, buf.data, buf.len);
}

const char *
query_render(struct session *session, const struct sql_type *type, const char *stored, size_t length)
{
  char text[TIME_TEXT_MAX];
  double value;

  if (!stored) return NULL;
  switch (type->kind) {
  case TYPE_BOOLEAN: return *stored == '0' ? "false" : "true";
  case TYPE_FLOAT:
  case TYPE_DOUBLE:
    if (str_eq(stored, "Inf") || str_eq(stored, "-Inf")) return *stored == '-' ? "-Infinity" : "Infinity";
    value = strtod(stored, NULL);
    number_print(value, type->kind == TYPE_FLOAT, text);
    return arena_strdup(session->arena, text);
  case TYPE_TIMESTAMP: return render_timestamp(session, stored, true);
  case TYPE_TIMESTAMP_NTZ: return render_timestamp(session, stored, false);
  case TYPE_BINARY: return render_base64(session, stored, length);
  default: return stored;
  }
}

/* Intervals are kept as numbers; their text is CAST's. */
static const char *
render_sql(struct session *session, const char *column, const struct sql_type *type)
{
  if (type->kind != TYPE_INTERVAL_MONTHS && type->kind != TYPE_INTERVAL_SECONDS) return column;
  return arena_printf(session->arena, "x_cast(%s,%s,'string','c')", column,
                      tx_literal(session->arena, type_text(session->arena, type), SIZE_MAX));
}

static void
read_row(struct session *session, sqlite3_stmt *statement, const struct query_plan *plan,
         struct result *result)
{
  const char **row = result_add_row(session, result);

  for (size_t i = 0; i < plan->column_count; i++) {
    const struct sql_type *type = plan->columns[i].type;
    const char *stored;
    size_t length;

    if (sqlite3_column_type(statement, (int)i) == SQLITE_NULL) continue;
    if (sqlite3_column_type(statement, (int)i) == SQLITE_FLOAT && type->kind != TYPE_STRING) {
      char text[TIME_TEXT_MAX];

      number_print(sqlite3_column_double(statement, (int)i), type->kind == TYPE_FLOAT, text);
      row[i] = arena_strdup(session->arena, text);
      continue;
    }
    stored = sqlite3_column_blob(statement, (int)i);
    length = (size_t)sqlite3_column_bytes(statement, (int)i);
    row[i] = query_render(session, type, arena_strndup(session->arena, stored ? stored : "", length), length);
  }
}

static const char *
final_sql(struct session *session, const struct query_plan *plan)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  bool interval = false;

  for (size_t i = 0; i < plan->column_count; i++) {
    const char *column = arena_printf(session->arena, "k%zu", i),
               *shown = render_sql(session, column, plan->columns[i].type);

    interval |= shown != column;
    buf_addf(&buf, "%s%s", i ? "," : "SELECT ", shown);
  }
  return interval ? arena_printf(session->arena, "%s FROM (%s)", buf.data, plan->sql) : plan->sql;
}

static bool
run_plan(struct session *session, const struct query_plan *plan, struct result *result)
{
  sqlite3 *db = store_db(session->store);
  CLEANUP(finalize) sqlite3_stmt *statement = NULL;
  int rc;

  if (sqlite3_prepare_v2(db, final_sql(session, plan), -1, &statement, NULL) != SQLITE_OK)
    return query_sqlite_fault(session, db);
  for (size_t i = 0; i < plan->column_count; i++)
    result_add_column(session, result, plan->columns[i].name,
                      type_text(session->arena, plan->columns[i].type));
  query_watch(session, db);
  while ((rc = sqlite3_step(statement)) == SQLITE_ROW)
    read_row(session, statement, plan, result);
  query_watch_end(db);
  return rc == SQLITE_DONE || query_sqlite_fault(session, db);
}

bool
query_to_sqlite(struct session *session, const struct ast_query *query, struct query_plan *plan)
{
  struct tx tx;

  begin(&tx, session);
  return tx_query(&tx, query, NULL, plan);
}

bool
query_run(struct session *session, const struct ast_query *query, struct result *result)
{
  struct query_plan plan;

  return query_to_sqlite(session, query, &plan) && run_plan(session, &plan, result);
}

static bool
store_fault(struct session *session, const char *table, const char *column, const struct sql_type *from,
            const struct sql_type *to)
{
  return fault_set(session, "INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST", "KD000",
                   "Cannot write incompatible data for the table %s: Cannot safely cast `%s` %s to %s.",
                   table, column, type_quoted(session->arena, from), type_quoted(session->arena, to));
}

bool
query_to_store(struct session *session, const struct ast_query *query, const char *table,
               const struct query_column *targets, size_t target_count, struct query_plan *plan)
{
  struct tx tx;
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  begin(&tx, session);
  if (!tx_query(&tx, query, NULL, plan)) return false;
  if (plan->column_count != target_count)
    return fault_set(
        session,
        plan->column_count < target_count ? "INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS"
                                          : "INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS",
        "21S01", "Cannot write to %s, the reason is %s data columns: the table takes %zu, the data has %zu.",
        table, plan->column_count < target_count ? "not enough" : "too many", target_count,
        plan->column_count);
  for (size_t i = 0; i < target_count; i++) {
    struct value from = value_of(tx_printf(&tx, "k%zu", i), plan->columns[i].type), cast;

    if (!tx_can_cast(from.type, targets[i].type, 's') && from.type->kind != TYPE_STRING)
      return store_fault(session, table, targets[i].name, from.type, targets[i].type);
    if (!tx_can_cast(from.type, targets[i].type, 'c'))
      return store_fault(session, table, targets[i].name, from.type, targets[i].type);
    if (!tx_cast(&tx, &from, targets[i].type, 's', &cast)) return false;
    buf_addf(&buf, "%s%s AS k%zu", i ? "," : "SELECT ", cast.sql, i);
    plan->columns[i].type = targets[i].type;
  }
  plan->sql = tx_printf(&tx, "%s FROM (%s)", buf.data, plan->sql);
  return true;
}

static void
source_scope(struct tx *tx, const struct query_source *sources, size_t count, struct tx_scope *scope)
{
  for (size_t s = 0; s < count; s++)
    for (size_t i = 0; i < sources[s].column_count; i++) {
      struct tx_column *column = tx_scope_add(tx->arena, scope);

      column->name = sources[s].columns[i].name;
      column->type = sources[s].columns[i].type;
      column->sql = sources[s].columns[i].sql;
      column->relation = sources[s].alias ? (struct ast_name){{sources[s].alias}, 1} : sources[s].name;
    }
}

bool
query_expr(struct session *session, const struct ast_expr *expr, const struct query_source *sources,
           size_t source_count, const struct sql_type *wanted, struct query_value *out)
{
  struct tx tx;
  struct tx_scope scope = {0};
  struct ex ex = {.tx = &tx, .scope = &scope, .clause = "expression"};
  struct value value, cast;

  begin(&tx, session);
  source_scope(&tx, sources, source_count, &scope);
  if (!tx_expr(&ex, expr, &value)) return false;
  if (wanted && wanted->kind == TYPE_BOOLEAN && value.type->kind != TYPE_BOOLEAN &&
      value.type->kind != TYPE_VOID && !type_is_text(value.type))
    return fault_set(
        session, "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN", "42K09",
        "Cannot resolve %s due to data type mismatch: Filter expression of type %s is not a boolean.",
        tx_quoted(&tx, expr), type_quoted(session->arena, value.type));
  if (wanted && !tx_can_cast(value.type, wanted, 's') && !type_is_text(value.type))
    return store_fault(session, "the target", tx_item_name(session->arena, expr), value.type, wanted);
  if (wanted) {
    if (!tx_cast(&tx, &value, wanted, 's', &cast)) return false;
    value = cast;
  }
  *out = (struct query_value){value.sql, value.type, value.aggregate};
  return true;
}

bool
query_constant(struct session *session, const struct ast_expr *expr, const struct sql_type *wanted,
               const char **text, const struct sql_type **type)
{
  sqlite3 *db = store_db(session->store);
  CLEANUP(finalize) sqlite3_stmt *statement = NULL;
  struct tx tx;
  struct ex ex = {.tx = &tx, .clause = "constant"};
  struct value value, cast;

  begin(&tx, session);
  if (!tx_expr(&ex, expr, &value)) return false;
  if (wanted && !tx_can_cast(value.type, wanted, 'c'))
    return fault_set(session, "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", "42K09",
                     "Cannot resolve %s due to data type mismatch: cannot cast %s to %s.",
                     tx_quoted(&tx, expr), type_quoted(session->arena, value.type),
                     type_quoted(session->arena, wanted));
  if (wanted) {
    if (!tx_cast(&tx, &value, wanted, 'c', &cast)) return false;
    value = cast;
  }
  if (type) *type = value.type;
  if (sqlite3_prepare_v2(db, tx_printf(&tx, "SELECT %s", value.sql), -1, &statement, NULL) != SQLITE_OK ||
      sqlite3_step(statement) != SQLITE_ROW)
    return query_sqlite_fault(session, db);
  *text = sqlite3_column_type(statement, 0) == SQLITE_NULL
              ? NULL
              : arena_strndup(session->arena, (const char *)sqlite3_column_text(statement, 0),
                              (size_t)sqlite3_column_bytes(statement, 0));
  return true;
}

bool
query_relation(struct session *session, const struct ast_relation *relation, const char *alias,
               struct query_plan *plan, struct query_source *source)
{
  struct ast_query query = {.from = (struct ast_relation *)(uintptr_t)relation};
  struct query_source_column *columns;
  struct tx tx;

  begin(&tx, session);
  if (!tx_query(&tx, &query, NULL, plan)) return false;
  columns = arena_array(session->arena, plan->column_count + 1, sizeof *columns);
  for (size_t i = 0; i < plan->column_count; i++)
    columns[i] = (struct query_source_column){plan->columns[i].name, plan->columns[i].type,
                                              tx_printf(&tx, "%s.k%zu", alias, i)};
  *source = (struct query_source){.name = relation->name,
                                  .alias = relation->alias,
                                  .columns = columns,
                                  .column_count = plan->column_count};
  return true;
}

static void
parameters_scope(struct tx *tx, const struct query_parameter *parameters, size_t count,
                 struct tx_scope *scope)
{
  scope->parameters = scope->barrier = true;
  for (size_t i = 0; i < count; i++) {
    struct tx_column *column = tx_scope_add(tx->arena, scope);

    column->name = parameters[i].name;
    column->relation = (struct ast_name){{parameters[i].function}, 1};
    column->type = parameters[i].type;
    column->sql = "NULL";
  }
  tx->parameters = scope;
}

bool
query_function_scalar(struct session *session, const struct ast_expr *body,
                      const struct query_parameter *parameters, size_t parameter_count,
                      const struct sql_type **type)
{
  struct tx tx;
  struct tx_scope scope = {0};
  struct ex ex = {.tx = &tx, .scope = &scope, .clause = "function body"};
  struct value value;

  begin(&tx, session);
  parameters_scope(&tx, parameters, parameter_count, &scope);
  if (!tx_expr(&ex, body, &value)) return false;
  *type = value.type;
  return true;
}

bool
query_function_table(struct session *session, const struct ast_query *body,
                     const struct query_parameter *parameters, size_t parameter_count,
                     struct query_plan *plan)
{
  struct tx tx;
  struct tx_scope scope = {0};

  begin(&tx, session);
  parameters_scope(&tx, parameters, parameter_count, &scope);
  return tx_query(&tx, body, &scope, plan);
}
