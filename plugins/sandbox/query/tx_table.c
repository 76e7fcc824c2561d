/* SPDX-License-Identifier: Apache-2.0 */
/* Stored relations in FROM: tables at a version with their row filter and masks, views with their owner's
 * rights, and what information_schema makes up. */
#include "query/tx.h"

#include <stdio.h>
#include <time.h>

#include "base/buf.h"
#include "base/str.h"
#include "query/parse.h"
#include "query/value.h"
#include "show/show.h"
#include "store/store.h"

#include "base/banned.h"

bool
tx_enter(struct tx *tx, const char *owner, const char *catalog, const char *schema, struct tx_rights *saved)
{
  struct session *session = tx->session;

  *saved = (struct tx_rights){session->user,  session->catalog, session->schema,
                              session->admin, tx->ctes,         tx->parameters};
  if (owner) {
    struct principal principal;

    session->user = owner;
    session->admin = principal_find(session, owner, &principal) && principal.admin;
  }
  if (catalog) session->catalog = catalog;
  if (schema) session->schema = schema;
  tx->ctes = NULL;
  tx->parameters = NULL;
  if (++tx->depth <= 60) return true;
  tx_leave(tx, saved);
  return fault_set(
      session, "VIEW_EXCEED_MAX_NESTED_DEPTH", "54K00",
      "The depth of views and functions exceeds the maximum resolution depth (60). Analysis is aborted to "
      "avoid errors.");
}

void
tx_leave(struct tx *tx, const struct tx_rights *saved)
{
  tx->depth--;
  tx->session->user = saved->user;
  tx->session->catalog = saved->catalog;
  tx->session->schema = saved->schema;
  tx->session->admin = saved->admin;
  tx->ctes = saved->ctes;
  tx->parameters = saved->parameters;
}

/* VERSION AS OF a constant, TIMESTAMP AS OF a constant. */
static bool
read_travel(struct tx *tx, const struct ast_relation *relation, struct time_travel *travel)
{
  const char *text;

  *travel = (struct time_travel){.by = TRAVEL_NONE};
  if (relation->version) {
    if (!query_constant(tx->session, relation->version, type_of(TYPE_BIGINT), &text, NULL)) return false;
    travel->by = TRAVEL_VERSION;
    if (text && str_to_int64(text, &travel->value)) return true;
    return fault_set(tx->session, "INVALID_TIME_TRAVEL_SPEC", "42K0E",
                     "Cannot specify a version that is NULL when time travelling the table.");
  }
  if (!relation->timestamp) return true;
  if (!query_constant(tx->session, relation->timestamp, type_of(TYPE_TIMESTAMP), &text, NULL)) return false;
  travel->by = TRAVEL_TIMESTAMP;
  if (text) {
    int64_t micros;

    if (time_parse_micros(text, &micros)) {
      travel->value = micros / 1000;
      return true;
    }
  }
  return fault_set(
      tx->session, "INVALID_TIME_TRAVEL_TIMESTAMP_EXPR.INPUT", "42K0E",
      "The time travel timestamp expression %s is invalid. Cannot be casted to the \"TIMESTAMP\" type.",
      tx_quoted(tx, relation->timestamp));
}

static bool
plan_columns(struct tx *tx, const struct table *table, struct query_plan *plan)
{
  plan->column_count = table->column_count;
  plan->columns = arena_array(tx->arena, table->column_count + 1, sizeof *plan->columns);
  for (size_t i = 0; i < table->column_count; i++) {
    plan->columns[i].name = table->columns[i].name;
    plan->columns[i].comment = table->columns[i].comment;
    plan->columns[i].type = type_parse(tx->session, table->columns[i].type_text);
    if (!plan->columns[i].type) return false;
  }
  return true;
}

/* The arguments of a filter or mask over the row ALIAS: columns and constants. */
static bool
policy_arguments(struct tx *tx, const struct table *table, const struct query_plan *plan,
                 const struct policy *policy, const char *alias, struct value *args)
{
  struct ex ex = {.tx = tx};

  for (size_t i = 0; i < policy->argument_count; i++) {
    const struct policy_argument *argument = &policy->arguments[i];
    const struct column *column;

    if (!argument->column) {
      struct ast_expr *expr = parse_expr_text(tx->session, argument->constant);

      if (!expr || !tx_expr(&ex, expr, &args[i])) return false;
      continue;
    }
    column = table_column(table, argument->column);
    if (!column)
      return fault_set(
          tx->session, "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "42703",
          "A column with name `%s`, which a row filter or column mask of %s uses, cannot be resolved.",
          argument->column, table->object.full_name);
    args[i] = value_of(tx_printf(tx, "%s.c%lld", alias, (long long)column->id),
                       plan->columns[column->position].type);
  }
  return true;
}

static bool
masked_column(struct tx *tx, const struct table *table, const struct query_plan *plan, size_t i,
              const char *alias, struct value *value)
{
  const struct column *column = &table->columns[i];
  struct value *args, masked;

  *value = value_of(tx_printf(tx, "%s.c%lld", alias, (long long)column->id), plan->columns[i].type);
  if (!column->mask) return true;
  args = arena_array(tx->arena, column->mask->argument_count + 1, sizeof *args);
  args[0] = *value;
  if (!policy_arguments(tx, table, plan, column->mask, alias, args + 1)) return false;
  if (!tx_policy(tx, column->mask->function_name, args, column->mask->argument_count + 1, &masked))
    return false;
  return tx_cast(tx, &masked, plan->columns[i].type, 'c', value);
}

static bool
row_filter(struct tx *tx, const struct table *table, const struct query_plan *plan, const char *alias,
           const char **where)
{
  struct value *args, kept;

  *where = "";
  if (!table->row_filter) return true;
  args = arena_array(tx->arena, table->row_filter->argument_count + 1, sizeof *args);
  if (!policy_arguments(tx, table, plan, table->row_filter, alias, args)) return false;
  if (!tx_policy(tx, table->row_filter->function_name, args, table->row_filter->argument_count, &kept))
    return false;
  *where = tx_printf(tx, " WHERE %s", kept.sql);
  return true;
}

static bool
rows_plan(struct tx *tx, const struct table *table, struct query_plan *plan)
{
  const char *alias = tx_alias(tx), *where;
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (!plan_columns(tx, table, plan)) return false;
  buf_add_text(&buf, "SELECT ");
  for (size_t i = 0; i < table->column_count; i++) {
    struct value value;

    if (!masked_column(tx, table, plan, i, alias, &value)) return false;
    buf_addf(&buf, "%s%s AS k%zu", i ? "," : "", value.sql, i);
  }
  if (table->column_count == 0) buf_add_text(&buf, "NULL");
  if (!row_filter(tx, table, plan, alias, &where)) return false;
  buf_addf(&buf, " FROM %s AS %s%s", data_rows_sql(tx->arena, table, false), alias, where);
  plan->sql = arena_strndup(tx->arena, buf.data, buf.len);
  return true;
}

/* The columns that the view was created with give the names; what its query yields now is cast to their
 * types. */
static bool
view_columns(struct tx *tx, const struct table *view, struct query_plan *plan)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  struct query_plan stored = {0};

  if (view->column_count == 0) return true;
  if (view->column_count != plan->column_count)
    return fault_set(
        tx->session, "INCOMPATIBLE_VIEW_SCHEMA_CHANGE", "51024",
        "The SQL query of view %s has an incompatible schema change and column %s cannot be resolved. "
        "Expected %zu columns but got %zu.",
        view->object.full_name, view->columns[0].name, view->column_count, plan->column_count);
  if (!plan_columns(tx, view, &stored)) return false;
  buf_add_text(&buf, "SELECT ");
  for (size_t i = 0; i < stored.column_count; i++) {
    struct value from = value_of(tx_printf(tx, "k%zu", i), plan->columns[i].type), cast;

    if (!tx_can_cast(from.type, stored.columns[i].type, 'c'))
      return fault_set(
          tx->session, "INCOMPATIBLE_VIEW_SCHEMA_CHANGE", "51024",
          "The SQL query of view %s has an incompatible schema change and column %s cannot be cast from %s "
          "to %s.",
          view->object.full_name, stored.columns[i].name, type_quoted(tx->arena, from.type),
          type_quoted(tx->arena, stored.columns[i].type));
    if (!tx_cast(tx, &from, stored.columns[i].type, 'c', &cast)) return false;
    buf_addf(&buf, "%s%s AS k%zu", i ? "," : "", cast.sql, i);
  }
  stored.sql = tx_printf(tx, "%s FROM (%s)", buf.data, plan->sql);
  *plan = stored;
  return true;
}

static bool
view_plan(struct tx *tx, const struct table *view, struct query_plan *plan)
{
  struct tx_rights saved;
  const struct ast_query *query;
  bool good;

  if (!tx_enter(tx, view->object.owner, view->view_catalog, view->view_schema, &saved)) return false;
  query = parse_query_text(tx->session, view->view_definition);
  good = query && tx_query(tx, query, NULL, plan);
  tx_leave(tx, &saved);
  return good && view_columns(tx, view, plan);
}

static bool
is_path_format(const char *word)
{
  static const char *const formats[] = {"delta", "parquet", "csv",        "json",   "orc",
                                        "avro",  "text",    "binaryfile", "iceberg"};

  for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
    if (str_ieq(word, formats[i])) return true;
  return false;
}

static bool
relation_fault(struct tx *tx, const struct name *name)
{
  return fault_set(
      tx->session, "TABLE_OR_VIEW_NOT_FOUND", "42P01",
      "The table or view %s cannot be found. Verify the spelling and correctness of the schema and "
      "catalog.\nIf you did not qualify the name with a schema, verify the current_schema() output, or "
      "qualify the name with the correct schema and catalog.\nTo tolerate the error on drop use DROP VIEW IF "
      "EXISTS or DROP TABLE IF EXISTS.",
      name_quoted(tx->session, name));
}

bool
tx_table(struct tx *tx, const struct ast_relation *relation, struct query_plan *plan, struct ast_name *out)
{
  struct session *session = tx->session;
  struct time_travel travel;
  struct table table;
  struct name name;
  bool found = false;

  *plan = (struct query_plan){0};
  if (relation->name.count == 2 && is_path_format(relation->name.parts[0]) &&
      strchr(relation->name.parts[1], '/'))
    return tx_unsupported(tx, "Reading files by path");
  if (relation->name.count > 3)
    return relation_fault(
        tx, &(struct name){relation->name.parts[0], relation->name.parts[1], relation->name.parts[2]});
  if (!name_resolve(session, SEC_TABLE, relation->name.parts, relation->name.count, &name)) return false;
  *out = (struct ast_name){{name.catalog, name.schema, name.object}, 3};
  if (!infoschema_relation(session, &name, plan, &found)) return false;
  if (found) return true;
  if (!read_travel(tx, relation, &travel) ||
      !table_open(session, &name, travel.by == TRAVEL_NONE ? NULL : &travel, &table))
    return false;
  if (!access_require(session, &table.object, PRIV_SELECT)) return false;
  if (str_eq(table.table_type, "METRIC_VIEW")) return tx_unsupported(tx, "Querying a metric view");
  if (!table_is_view(&table)) return rows_plan(tx, &table, plan);
  if (travel.by != TRAVEL_NONE)
    return fault_set(session, "UNSUPPORTED_FEATURE.TIME_TRAVEL", "0A000",
                     "The feature is not supported: Time travel on the relation: %s.",
                     name_quoted(session, &name));
  return view_plan(tx, &table, plan);
}
