/* SPDX-License-Identifier: Apache-2.0 */
/* CREATE TABLE: with columns, AS a query, LIKE another; CLONE has a file of its own.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-table-using.html */
#include "ddl/create_table.h"

#include "base/arena.h"
#include "base/str.h"
#include "ddl/column.h"
#include "ddl/read.h"
#include "ddl/write.h"
#include "query/type.h"
#include "store/policy.h"

#include "base/banned.h"

#define CLUSTER_MAX 4

/* The statement as written. */
struct table_text {
  struct definitions definitions;
  bool has_columns;
  const char *format, *location, *comment, *properties;
  const char **partition;
  size_t partition_count;
  const char **cluster;
  size_t cluster_count;
  bool cluster_auto;
  struct policy *row_filter;
  struct ast_query *query;
  struct name like;
  bool has_like;
};

static void
table_text_free(struct table_text *text)
{
  definitions_free(&text->definitions);
}

/* PARTITIONED BY (a, b) or (a INT, b STRING), whose columns are then the table's last. */
static bool
read_partition(struct cursor *cursor, struct table_text *text)
{
  VEC(const char *) names = {0};
  bool ok = cursor_expect(cursor, "(");

  while (ok) {
    if (cursor_is_at(cursor, 1, ",") || cursor_is_at(cursor, 1, ")")) {
      ok = parse_word(cursor, VEC_ADD(&names));
    } else {
      ok = read_definition(cursor, &text->definitions);
      if (ok) *VEC_ADD(&names) = text->definitions.columns.at[text->definitions.columns.count - 1].name;
      text->has_columns = true;
    }
    if (!ok || !cursor_take(cursor, ",")) break;
  }
  text->partition = arena_array(cursor->arena, names.count + 1, sizeof *text->partition);
  for (size_t i = 0; i < names.count; i++)
    text->partition[i] = names.at[i];
  text->partition_count = names.count;
  VEC_FREE(&names);
  return ok && cursor_expect(cursor, ")");
}

static bool
read_cluster(struct cursor *cursor, struct table_text *text)
{
  if (cursor_take(cursor, "AUTO")) return text->cluster_auto = true;
  if (cursor_take(cursor, "NONE")) return true;
  return parse_name_list(cursor, &text->cluster, &text->cluster_count);
}

/* One clause behind the columns; *MORE false when there is none. */
static bool
read_clause(struct cursor *cursor, struct table_text *text, bool *more)
{
  const char *ignored;

  *more = true;
  if (cursor_take(cursor, "USING")) return parse_word(cursor, &text->format);
  if (cursor_take_words(cursor, "PARTITIONED BY")) return read_partition(cursor, text);
  if (cursor_take_words(cursor, "CLUSTER BY")) return read_cluster(cursor, text);
  if (cursor_take(cursor, "LOCATION")) return parse_string(cursor, &text->location);
  if (cursor_take(cursor, "COMMENT")) return parse_string(cursor, &text->comment);
  if (cursor_take(cursor, "TBLPROPERTIES")) return read_properties(cursor, &text->properties);
  if (cursor_take(cursor, "OPTIONS")) return read_properties(cursor, &ignored);
  if (cursor_take_words(cursor, "DEFAULT COLLATION")) return parse_word(cursor, &ignored);
  if (cursor_take_words(cursor, "WITH ROW FILTER")) return read_policy(cursor, "ON", &text->row_filter);
  *more = false;
  return true;
}

static bool
read_table(struct cursor *cursor, struct table_text *text)
{
  bool more = true;

  if (cursor_take(cursor, "LIKE")) {
    text->has_like = true;
    if (!read_object(cursor, SEC_TABLE, &text->like)) return false;
  } else if (cursor_is(cursor, "(") &&
             !(cursor_is_at(cursor, 1, "SELECT") || cursor_is_at(cursor, 1, "WITH"))) {
    cursor_next(cursor);
    text->has_columns = !cursor_is(cursor, ")");
    if (text->has_columns ? !read_definitions(cursor, &text->definitions) : !cursor_expect(cursor, ")"))
      return false;
  }
  while (more)
    if (!read_clause(cursor, text, &more)) return false;
  if (cursor_take(cursor, "AS") || parse_query_starts(cursor)) {
    text->query = parse_query(cursor);
    if (!text->query) return false;
    if (text->has_columns)
      return fault_raise(cursor->session, "PARSE_SYNTAX_ERROR",
                         "Schema may not be specified in a Create Table As Select (CTAS) statement.");
  }
  return cursor_finish(cursor);
}

static bool
find_format(struct session *session, const struct table_text *text, const char **out)
{
  static const char *const known[] = {"DELTA", "ICEBERG", "PARQUET", "CSV", "JSON", "AVRO", "ORC", "TEXT"};

  *out = "DELTA";
  if (!text->format) return true;
  for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
    if (!str_ieq(text->format, known[i])) continue;
    *out = known[i];
    if (i < 2 || text->location) return true;
    return fault_raise(
        session, "UC_DATASOURCE_NOT_SUPPORTED",
        "Managed tables of format %s are not supported in Unity Catalog. Give a LOCATION for an external "
        "table.",
        text->format);
  }
  return fault_raise(
      session, "DATA_SOURCE_NOT_FOUND",
      "Failed to find the data source: %s. Make sure the provider name is correct and the package is "
      "properly registered and compatible with your Spark version.",
      text->format);
}

static bool
unknown_column(struct session *session, const char *name)
{
  return fault_raise(session, "DELTA_COLUMN_NOT_FOUND", "Unable to find the column `%s`.", name);
}

static bool
apply_partition(struct session *session, const struct table_text *text, struct table *table)
{
  if (text->partition_count > 0 && (text->cluster_count > 0 || text->cluster_auto))
    return fault_raise(session, "DELTA_CLUSTER_BY_WITH_PARTITIONED_BY",
                       "Clustering and partitioning cannot both be specified. Please remove one.");
  for (size_t i = 0; i < text->partition_count; i++) {
    struct column *column = table_column(table, text->partition[i]);

    if (!column) return unknown_column(session, text->partition[i]);
    column->partition_index = (int)i;
  }
  if (text->partition_count > 0 && text->partition_count == table->column_count)
    return fault_raise(session, "ALL_PARTITION_COLUMNS_NOT_ALLOWED",
                       "Cannot use all columns for partition columns.");
  return true;
}

/* Also for ALTER TABLE ... CLUSTER BY: the names as the table spells them. */
static bool
apply_cluster(struct session *session, const struct table_text *text, struct table *table)
{
  if (text->cluster_auto) table->clustering = "auto";
  return text->cluster_count == 0 || table_set_clustering(session, table, text->cluster, text->cluster_count);
}

bool
table_set_clustering(struct session *session, struct table *table, const char *const *names, size_t count)
{
  const char **spelled = arena_array(session->arena, count, sizeof *spelled);

  if (count > CLUSTER_MAX)
    return fault_raise(
        session, "DELTA_CLUSTER_BY_INVALID_NUM_COLUMNS",
        "CLUSTER BY for Liquid clustering supports up to %d clustering columns, but the table has %zu "
        "clustering columns. Please remove the extra clustering columns.",
        CLUSTER_MAX, count);
  for (size_t i = 0; i < count; i++) {
    const struct column *column = table_column(table, names[i]);

    if (!column) return unknown_column(session, names[i]);
    spelled[i] = column->name;
  }
  table->clustering = text_list_json(session->arena, spelled, count);
  return true;
}

/* The columns that come from a query. */
static bool
take_query(struct session *session, const struct table_text *text, struct table *table,
           struct query_plan *plan)
{
  if (!query_to_sqlite(session, text->query, plan)) return false;
  table->column_count = plan->column_count;
  table->columns = arena_array(session->arena, plan->column_count, sizeof *table->columns);
  for (size_t i = 0; i < plan->column_count; i++) {
    const struct sql_type *type = plan->columns[i].type;

    table->columns[i] = (struct column){.name = plan->columns[i].name,
                                        .comment = plan->columns[i].comment,
                                        .nullable = true,
                                        .partition_index = -1};
    if (type->kind == TYPE_VOID)
      return fault_raise(session, "UNSUPPORTED_DATATYPE",
                         "Column `%s` has the type VOID, which no table can store. Cast it.",
                         plan->columns[i].name);
    column_set_type(session->arena, &table->columns[i], type);
  }
  return true;
}

/* LIKE: columns, partitions and clustering of the other table, not its properties or rows. */
static bool
take_like(struct session *session, const struct table_text *text, struct table *table)
{
  struct table other;

  if (!table_open(session, &text->like, NULL, &other) || !access_require(session, &other.object, PRIV_SELECT))
    return false;
  table->columns = other.columns;
  table->column_count = other.column_count;
  for (size_t i = 0; i < table->column_count; i++) {
    table->columns[i].id = 0;
    table->columns[i].mask = NULL;
    table->columns[i].identity_used = false;
  }
  table->clustering = other.clustering;
  if (other.properties && property_get(session->arena, other.properties, "delta.feature.allowColumnDefaults"))
    table->properties =
        property_set(session->arena, table->properties, "delta.feature.allowColumnDefaults", "supported");
  return true;
}

static bool
add_checks(struct session *session, const struct table_text *text, struct table *table)
{
  for (size_t i = 0; i < text->definitions.checks.count; i++) {
    const struct check *check = &text->definitions.checks.at[i];
    const char *name = check->name ? check->name : arena_printf(session->arena, "%s_chk_%zu", "table", i + 1);

    if (!check_condition_add(session, table, name, check->text)) return false;
  }
  return true;
}

static bool
add_keys(struct session *session, struct table_text *text, struct table *table)
{
  VEC_EACH (&text->definitions.constraints, constraint)
    if (constraint->kind == CONSTRAINT_PRIMARY_KEY && !constraint_add(session, table, constraint))
      return false;
  VEC_EACH (&text->definitions.constraints, constraint)
    if (constraint->kind != CONSTRAINT_PRIMARY_KEY && !constraint_add(session, table, constraint))
      return false;
  return true;
}

/* Primary key columns are made NOT NULL by CREATE TABLE itself. */
static void
mark_key_columns(const struct table_text *text, struct table *table)
{
  for (size_t k = 0; k < text->definitions.constraints.count; k++) {
    const struct constraint *constraint = &text->definitions.constraints.at[k];

    if (constraint->kind != CONSTRAINT_PRIMARY_KEY) continue;
    for (size_t i = 0; i < constraint->column_count; i++) {
      struct column *column = table_column(table, constraint->columns[i]);

      if (column) column->nullable = false;
    }
  }
}

static bool
describe(struct session *session, struct table_text *text, const struct target *target, struct table *table,
         struct query_plan *plan)
{
  *table = (struct table){.table_type = "MANAGED", .properties = text->properties ? text->properties : "{}"};
  table->object.comment = text->comment;
  table->row_filter = text->row_filter;
  if (!find_format(session, text, &table->data_source_format)) return false;
  if (text->location) {
    table->table_type = "EXTERNAL";
    if (!target_location(session, target, text->location, &table->storage_location)) return false;
  }
  table->columns = text->definitions.columns.at;
  table->column_count = text->definitions.columns.count;
  if (text->query && !take_query(session, text, table, plan)) return false;
  if (text->has_like && !take_like(session, text, table)) return false;
  if (!check_properties_settable(session, table->properties)) return false;
  mark_key_columns(text, table);
  if (!apply_partition(session, text, table) || !apply_cluster(session, text, table)) return false;
  if (!check_columns(session, table) || !add_checks(session, text, table)) return false;
  if (table->row_filter && !check_policy(session, table, table->row_filter, 0)) return false;
  add_defaults(session, table);
  add_features(session, table);
  return true;
}

static const char *
operation_name(const struct create *create, const struct table_text *text)
{
  if (create->must_exist) return text->query ? "REPLACE TABLE AS SELECT" : "REPLACE TABLE";
  if (create->replace) return text->query ? "CREATE OR REPLACE TABLE AS SELECT" : "CREATE OR REPLACE TABLE";
  return text->query ? "CREATE TABLE AS SELECT" : "CREATE TABLE";
}

static const char *
operation_parameters(struct session *session, const struct table *table)
{
  const char *json = property_set(session->arena, NULL, "description", table->object.comment);

  json = property_set(session->arena, json, "isManaged",
                      str_eq(table->table_type, "EXTERNAL") ? "false" : "true");
  return property_set(session->arena, json, "properties", table->properties);
}

/* A replaced table's comment, constraints and rows are the new ones'. */
static bool
reset_replaced(struct session *session, const struct target *target, struct table *table, const char *comment)
{
  if (!target->exists) return true;
  for (size_t i = 0; i < target->table.constraint_count; i++)
    constraint_drop(session, &target->table, target->table.constraints[i].name, true);
  securable_set_comment(session, &table->object, comment);
  return true;
}

/* The rows of the query, as part of the table's first version. */
static bool
fill(struct session *session, const struct target *target, struct table *table, const struct query_plan *plan,
     const struct version *commit, struct result *result)
{
  struct column **columns = arena_array(session->arena, table->column_count, sizeof *columns);
  struct write_rows rows = {.columns = columns, .column_count = table->column_count};
  int64_t added;

  for (size_t i = 0; i < table->column_count; i++)
    columns[i] = &table->columns[i];
  rows.sql = plan->sql;
  result_add_column(session, result, "num_affected_rows", "bigint");
  result_add_column(session, result, "num_inserted_rows", "bigint");
  if (target->exists && !table_save(session, table)) return false;
  return write_insert(session, table, &rows, false, commit, true, &added);
}

static bool
make(struct session *session, struct table_text *text, const struct create *create,
     const struct target *target, struct result *result)
{
  struct version commit = {.operation = operation_name(create, text)};
  struct query_plan plan = {0};
  struct table table;

  if (!describe(session, text, target, &table, &plan) || !target_fill(session, target, &table)) return false;
  if (!reset_replaced(session, target, &table, text->comment)) return false;
  commit.parameters = operation_parameters(session, &table);
  if (text->query) return fill(session, target, &table, &plan, &commit, result);
  if (!version_commit(session, &table, &commit, true)) return false;
  return table_load(session, table.object.id, &table) && add_keys(session, text, &table);
}

bool
create_table(struct cursor *cursor, struct create *create, struct result *result)
{
  struct session *session = cursor->session;
  struct table_text text __attribute__((cleanup(table_text_free))) = {0};
  struct target target;
  struct name name;

  if (!read_object(cursor, SEC_TABLE, &name)) return false;
  if (cursor_is(cursor, "CLONE") ||
      ((cursor_is(cursor, "SHALLOW") || cursor_is(cursor, "DEEP")) && cursor_is_at(cursor, 1, "CLONE")))
    return create_clone(cursor, create, &name, result);
  if (!read_table(cursor, &text)) return false;
  if (create->external && !text.location)
    return fault_raise(session, "PARSE_SYNTAX_ERROR",
                       "CREATE EXTERNAL TABLE must be accompanied by LOCATION.");
  if (!target_check(session, &name, create, &target)) return false;
  return target.leave || make(session, &text, create, &target, result);
}
