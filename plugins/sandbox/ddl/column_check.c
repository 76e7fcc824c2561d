/* SPDX-License-Identifier: Apache-2.0 */
/* What Delta asks of a table's columns, and the table features they switch on.
 * https://docs.databricks.com/delta/feature-compatibility.html, generated-columns.html, default-columns.html
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "ddl/column.h"
#include "ddl/read.h"
#include "ddl/write.h"
#include "query/type.h"

#include "base/banned.h"

static bool
has_mapping(struct session *session, const struct table *table)
{
  const char *mode = property_get(session->arena, table->properties, "delta.columnMapping.mode");

  return mode && !str_ieq(mode, "none");
}

static bool
check_names(struct session *session, const struct table *table)
{
  for (size_t i = 0; i < table->column_count; i++) {
    const char *name = table->columns[i].name;

    for (size_t j = 0; j < i; j++)
      if (utf8_ieq(table->columns[j].name, name))
        return fault_raise(
            session, "COLUMN_ALREADY_EXISTS",
            "The column `%s` already exists. Choose another name or rename the existing column.", name);
    if (table_is_delta(table) && strpbrk(name, " ,;{}()\n\t=") && !has_mapping(session, table))
      return fault_raise(
          session, "DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES",
          "Found invalid character(s) among ' ,;{}()\\n\\t=' in the column names of your schema.\nInvalid "
          "column names: %s.\nPlease use other characters and try again.\nAlternatively, enable Column "
          "Mapping to keep using these characters.",
          name);
  }
  return true;
}

static bool
check_default(struct session *session, const struct table *table, const struct column *column)
{
  const char *feature = property_get(session->arena, table->properties, "delta.feature.allowColumnDefaults");
  struct query_value value;
  struct ast_expr *expr;

  if (!feature && table_is_delta(table))
    return fault_raise(
        session, "WRONG_COLUMN_DEFAULTS_FOR_DELTA_FEATURE_NOT_ENABLED",
        "Failed to execute the command because it assigned a column DEFAULT value, but the corresponding "
        "table feature was not enabled. Please retry the command again after executing ALTER TABLE "
        "tableName SET TBLPROPERTIES('delta.feature.allowColumnDefaults' = 'supported').");
  expr = parse_expr_text(session, column->default_sql);
  return expr && query_expr(session, expr, NULL, 0, column_type(session, column), &value);
}

static bool
check_generated(struct session *session, const struct table *table, const struct column *column)
{
  struct ast_expr *expr = parse_expr_text(session, column->generated_sql);
  struct query_source source;
  struct query_value value;

  if (!expr) return false;
  write_source(session, table, "x", &source);
  return query_expr(session, expr, &source, 1, column_type(session, column), &value);
}

static bool
check_identity(struct session *session, const struct column *column)
{
  if (!str_eq(column->type_text, "bigint"))
    return fault_raise(session, "DELTA_IDENTITY_COLUMNS_UNSUPPORTED_DATA_TYPE",
                       "DataType %s is not supported for IDENTITY columns.", column->type_text);
  if (column->identity_step == 0)
    return fault_raise(session, "DELTA_IDENTITY_COLUMNS_ILLEGAL_STEP", "IDENTITY column step cannot be 0.");
  return true;
}

bool
check_columns(struct session *session, struct table *table)
{
  if (!check_names(session, table)) return false;
  for (size_t i = 0; i < table->column_count; i++) {
    struct column *column = &table->columns[i];

    if (column->default_sql && !check_default(session, table, column)) return false;
    if (column->generated_sql && !check_generated(session, table, column)) return false;
    if (column->identity != IDENTITY_NONE && !check_identity(session, column)) return false;
    if (column->mask && !check_policy(session, table, column->mask, 1)) return false;
  }
  return true;
}

static void
set_default(struct session *session, struct table *table, const char *key, const char *value)
{
  if (property_get(session->arena, table->properties, key)) return;
  table->properties = property_set(session->arena, table->properties, key, value);
}

static void
feature(struct session *session, struct table *table, const char *name)
{
  set_default(session, table, arena_printf(session->arena, "delta.feature.%s", name), "supported");
}

void
add_defaults(struct session *session, struct table *table)
{
  if (str_eq(table->data_source_format, "DELTA"))
    set_default(session, table, "delta.enableDeletionVectors", "true");
}

void
add_features(struct session *session, struct table *table)
{
  if (!str_eq(table->data_source_format, "DELTA")) return;
  set_default(session, table, "delta.minReaderVersion", "3");
  set_default(session, table, "delta.minWriterVersion", "7");
  feature(session, table, "appendOnly");
  feature(session, table, "deletionVectors");
  feature(session, table, "invariants");
  if (table->clustering) feature(session, table, "clustering");
  if (strstr(table->properties, "\"delta.constraints.")) feature(session, table, "checkConstraints");
  if (has_mapping(session, table)) feature(session, table, "columnMapping");
  if (str_ieq(property_get(session->arena, table->properties, "delta.enableChangeDataFeed"), "true"))
    feature(session, table, "changeDataFeed");
  for (size_t i = 0; i < table->column_count; i++) {
    const struct column *column = &table->columns[i];

    if (column->generated_sql) feature(session, table, "generatedColumns");
    if (column->identity != IDENTITY_NONE) feature(session, table, "identityColumns");
    if (strstr(column->type_text, "timestamp_ntz")) feature(session, table, "timestampNtz");
    if (strstr(column->type_text, "variant")) feature(session, table, "variantType");
  }
}
