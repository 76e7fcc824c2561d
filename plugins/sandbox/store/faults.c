/* SPDX-License-Identifier: Apache-2.0 */
/* Error classes and what each looks like from outside. One row per class; a sub-class without a row of its
 * own is its class. */
#include "store/store.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"

#include "base/banned.h"

struct class
{
  const char *name, *sql_state;
  const char *rest; /* NULL: INVALID_PARAMETER_VALUE, 400 */
  int http;
};

static const struct class classes[] = {
    {"ABORTED", NULL, "ABORTED", 409},
    {"ALL_PARTITION_COLUMNS_NOT_ALLOWED", "KD005", NULL, 0},
    {"ALREADY_EXISTS", NULL, "ALREADY_EXISTS", 409},
    {"ALTER_TABLE_COLUMN_DESCRIPTOR_DUPLICATE", "42710", NULL, 0},
    {"AMBIGUOUS_REFERENCE", "42704", NULL, 0},
    {"ARITHMETIC_OVERFLOW", "22003", NULL, 0},
    {"CANCELLED", "HY008", "CANCELLED", 499},
    {"CANNOT_SHALLOW_CLONE_NESTED", "0AKUC", NULL, 0},
    {"CANNOT_SHALLOW_CLONE_NON_UC_MANAGED_TABLE_AS_SOURCE_OR_TARGET", "0AKUC", NULL, 0},
    {"CANNOT_UPDATE_FIELD", "0A000", NULL, 0},
    {"CAST_INVALID_INPUT", "22018", NULL, 0},
    {"CAST_OVERFLOW", "22003", NULL, 0},
    {"CATALOG_ALREADY_EXISTS", "42710", "CATALOG_ALREADY_EXISTS", 400},
    {"CATALOG_NOT_EMPTY", "2BP01", "CATALOG_NOT_EMPTY", 400},
    {"CLUSTER_BY_AUTO_UNSUPPORTED_TABLE_TYPE_ERROR", "56038", NULL, 0},
    {"COLUMN_ALREADY_EXISTS", "42711", NULL, 0},
    {"CONNECTION_ALREADY_EXISTS", "42710", "RESOURCE_ALREADY_EXISTS", 409},
    {"CONNECTION_NOT_FOUND", "42704", "RESOURCE_DOES_NOT_EXIST", 404},
    {"CONSTRAINT_DOES_NOT_EXIST", "42704", "RESOURCE_DOES_NOT_EXIST", 404},
    {"CREATE_VIEW_COLUMN_ARITY_MISMATCH", "21S01", NULL, 0},
    {"DATATYPE_MISMATCH", "42K09", NULL, 0},
    {"DATA_SOURCE_NOT_FOUND", "42K02", NULL, 0},
    {"DELTA_ADD_CONSTRAINTS", "0A000", NULL, 0},
    {"DELTA_ALTER_TABLE_CLUSTER_BY_NOT_ALLOWED", "42000", NULL, 0},
    {"DELTA_ALTER_TABLE_CLUSTER_BY_ON_PARTITIONED_TABLE_NOT_ALLOWED", "42000", NULL, 0},
    {"DELTA_CANNOT_CHANGE_DATA_TYPE", "429BQ", NULL, 0},
    {"DELTA_CANNOT_CHANGE_PROVIDER", "42939", NULL, 0},
    {"DELTA_CANNOT_DROP_CHECK_CONSTRAINT_FEATURE", "0AKDE", NULL, 0},
    {"DELTA_CANNOT_MODIFY_TABLE_PROPERTY", "42939", NULL, 0},
    {"DELTA_CANNOT_REPLACE_MISSING_TABLE", "42P01", "TABLE_DOES_NOT_EXIST", 404},
    {"DELTA_CANNOT_RESTORE_TABLE_VERSION", "22003", NULL, 0},
    {"DELTA_CANNOT_RESTORE_TIMESTAMP_EARLIER", "22003", NULL, 0},
    {"DELTA_CANNOT_RESTORE_TIMESTAMP_GREATER", "22003", NULL, 0},
    {"DELTA_CLONE_AMBIGUOUS_TARGET", "42613", NULL, 0},
    {"DELTA_CLONE_INCOMPATIBLE_SOURCE", "0AKDC", NULL, 0},
    {"DELTA_CLONE_UNSUPPORTED_SOURCE", "0AKDC", NULL, 0},
    {"DELTA_CLUSTERING_COLUMN_MISSING_STATS", "22000", NULL, 0},
    {"DELTA_CLUSTERING_WITH_ZORDER_BY", "42613", NULL, 0},
    {"DELTA_CLUSTER_BY_INVALID_NUM_COLUMNS", "54000", NULL, 0},
    {"DELTA_CLUSTER_BY_WITH_PARTITIONED_BY", "42613", NULL, 0},
    {"DELTA_COLUMN_NOT_FOUND", "42703", NULL, 0},
    {"DELTA_COLUMN_NOT_FOUND_IN_SCHEMA", "42703", NULL, 0},
    {"DELTA_CONCURRENT_APPEND", "2D521", "ABORTED", 409},
    {"DELTA_CONCURRENT_DELETE_DELETE", "2D521", "ABORTED", 409},
    {"DELTA_CONCURRENT_DELETE_READ", "2D521", "ABORTED", 409},
    {"DELTA_CONCURRENT_TRANSACTION", "2D521", "ABORTED", 409},
    {"DELTA_CONCURRENT_WRITE", "2D521", "ABORTED", 409},
    {"DELTA_CONSTRAINT_ALREADY_EXISTS", "42710", NULL, 0},
    {"DELTA_CONSTRAINT_DEPENDENT_COLUMN_CHANGE", "42K09", NULL, 0},
    {"DELTA_CONSTRAINT_DOES_NOT_EXIST", "42704", NULL, 0},
    {"DELTA_DUPLICATE_COLUMNS_FOUND", "42711", NULL, 0},
    {"DELTA_GENERATED_COLUMNS_EXPR_TYPE_MISMATCH", "42K09", NULL, 0},
    {"DELTA_GENERATED_COLUMN_UPDATE_TYPE_MISMATCH", "42K09", NULL, 0},
    {"DELTA_IDENTITY_COLUMNS_ALTER_COLUMN_NOT_SUPPORTED", "429BQ", NULL, 0},
    {"DELTA_IDENTITY_COLUMNS_EXPLICIT_INSERT_NOT_SUPPORTED", "42808", NULL, 0},
    {"DELTA_IDENTITY_COLUMNS_ILLEGAL_STEP", "42611", NULL, 0},
    {"DELTA_IDENTITY_COLUMNS_UNSUPPORTED_DATA_TYPE", "428H2", NULL, 0},
    {"DELTA_IDENTITY_COLUMNS_UPDATE_NOT_SUPPORTED", "42808", NULL, 0},
    {"DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES", "42K05", NULL, 0},
    {"DELTA_INVALID_CLONE_PATH", "22KD1", NULL, 0},
    {"DELTA_INVALID_PARTITION_COLUMN", "42996", NULL, 0},
    {"DELTA_MERGE_UNRESOLVED_EXPRESSION", "42601", NULL, 0},
    {"DELTA_METADATA_ABSENT_EXISTING_CATALOG_TABLE", "XXKDS", NULL, 0},
    {"DELTA_MISSING_DELTA_TABLE", "42P01", "TABLE_DOES_NOT_EXIST", 404},
    {"DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE", "21506", NULL, 0},
    {"DELTA_NEW_CHECK_CONSTRAINT_VIOLATION", "23512", NULL, 0},
    {"DELTA_NEW_NOT_NULL_VIOLATION", "23512", NULL, 0},
    {"DELTA_NON_BOOLEAN_CHECK_CONSTRAINT", "42621", NULL, 0},
    {"DELTA_NOT_NULL_CONSTRAINT_VIOLATED", "23502", NULL, 0},
    {"DELTA_SHALLOW_CLONE_FILE_NOT_FOUND", "42K03", NULL, 0},
    {"DELTA_TABLE_NOT_FOUND", "42P01", "TABLE_DOES_NOT_EXIST", 404},
    {"DELTA_TABLE_ONLY_OPERATION", "0AKDD", NULL, 0},
    {"DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION", "42816", NULL, 0},
    {"DELTA_TIMESTAMP_GREATER_THAN_COMMIT", "42816", NULL, 0},
    {"DELTA_TIMESTAMP_INVALID", "42816", NULL, 0},
    {"DELTA_UNSET_NON_EXISTENT_PROPERTY", "42616", NULL, 0},
    {"DELTA_UNSUPPORTED_ALTER_TABLE_CHANGE_COL_OP", "0AKDC", NULL, 0},
    {"DELTA_UNSUPPORTED_COLUMN_MAPPING_MODE_CHANGE", "0AKDC", NULL, 0},
    {"DELTA_UNSUPPORTED_DROP_COLUMN", "0AKDC", NULL, 0},
    {"DELTA_UNSUPPORTED_DROP_PARTITION_COLUMN", "0AKDC", NULL, 0},
    {"DELTA_UNSUPPORTED_RENAME_COLUMN", "0AKDC", NULL, 0},
    {"DELTA_UNSUPPORTED_TIME_TRAVEL_VIEWS", "0AKDC", NULL, 0},
    {"DELTA_VACUUM_RETENTION_PERIOD_TOO_SHORT", "42000", NULL, 0},
    {"DELTA_VERSION_NOT_FOUND", "22003", NULL, 0},
    {"DELTA_VIOLATE_CONSTRAINT_WITH_VALUES", "23001", NULL, 0},
    {"DELTA_ZORDERING_COLUMN_DOES_NOT_EXIST", "42703", NULL, 0},
    {"DELTA_ZORDERING_ON_COLUMN_WITHOUT_STATS", "KD00D", NULL, 0},
    {"DIVIDE_BY_ZERO", "22012", NULL, 0},
    {"DUPLICATED_MAP_KEY", "23505", NULL, 0},
    {"DUPLICATE_ASSIGNMENTS", "42701", NULL, 0},
    {"DUPLICATE_KEY", "23505", NULL, 0},
    {"DUPLICATE_ROUTINE_PARAMETER_NAMES", "42734", NULL, 0},
    {"EXPECT_TABLE_NOT_VIEW", "42809", NULL, 0},
    {"EXPECT_VIEW_NOT_TABLE", "42809", NULL, 0},
    {"EXTERNAL_LOCATION_ALREADY_EXISTS", "42710", "EXTERNAL_LOCATION_ALREADY_EXISTS", 409},
    {"EXTERNAL_LOCATION_DOES_NOT_EXIST", "42704", "EXTERNAL_LOCATION_DOES_NOT_EXIST", 404},
    {"FIELD_ALREADY_EXISTS", "42710", NULL, 0},
    {"FIELD_NOT_FOUND", "42704", NULL, 0},
    {"INCOMPATIBLE_DATA_FOR_TABLE", "KD000", NULL, 0},
    {"INCOMPATIBLE_VIEW_SCHEMA_CHANGE", "51024", NULL, 0},
    {"INSERT_COLUMN_ARITY_MISMATCH", "21S01", NULL, 0},
    {"INSUFFICIENT_PERMISSIONS", "42501", "PERMISSION_DENIED", 403},
    {"INTERNAL_ERROR", "XX000", "INTERNAL_ERROR", 500},
    {"INVALID_CURRENT_RECIPIENT_USAGE", "42887", NULL, 0},
    {"INVALID_DEFAULT_VALUE", "42623", NULL, 0},
    {"INVALID_IDENTIFIER", "42602", NULL, 0},
    {"INVALID_STATE", NULL, "INVALID_STATE", 400},
    {"METASTORE_DOES_NOT_EXIST", NULL, "METASTORE_DOES_NOT_EXIST", 404},
    {"METRIC_VIEW_INVALID_VIEW_DEFINITION", "42K0L", NULL, 0},
    {"MISSING_AGGREGATION", "42803", NULL, 0},
    {"NOT_A_CONSTRAINT", NULL, NULL, 0},
    {"NOT_FOUND", NULL, "NOT_FOUND", 404},
    {"NOT_NULL_CONSTRAINT_VIOLATION", "42000", NULL, 0},
    {"NO_SUCH_CATALOG_EXCEPTION", "42704", "CATALOG_DOES_NOT_EXIST", 404},
    {"NUMERIC_VALUE_OUT_OF_RANGE", "22003", NULL, 0},
    {"PARSE_EMPTY_STATEMENT", "42617", NULL, 0},
    {"PARSE_SYNTAX_ERROR", "42601", NULL, 0},
    {"PERMISSION_DENIED", "42501", "PERMISSION_DENIED", 403},
    {"PRINCIPAL_DOES_NOT_EXIST", "42704", "PRINCIPAL_DOES_NOT_EXIST", 404},
    {"QUOTA_EXCEEDED", NULL, "QUOTA_EXCEEDED", 400},
    {"REQUIRES_SINGLE_PART_NAMESPACE", "42K05", NULL, 0},
    {"RESOURCE_ALREADY_EXISTS", NULL, "RESOURCE_ALREADY_EXISTS", 409},
    {"RESOURCE_DOES_NOT_EXIST", NULL, "RESOURCE_DOES_NOT_EXIST", 404},
    {"RESOURCE_EXHAUSTED", NULL, "RESOURCE_EXHAUSTED", 429},
    {"ROUTINE_ALREADY_EXISTS", "42723", "RESOURCE_ALREADY_EXISTS", 409},
    {"ROUTINE_NOT_FOUND", "42883", "RESOURCE_DOES_NOT_EXIST", 404},
    {"ROW_COLUMN_ACCESS", NULL, NULL, 0},
    {"SCHEMA_ALREADY_EXISTS", "42P06", "SCHEMA_ALREADY_EXISTS", 400},
    {"SCHEMA_NOT_EMPTY", "2BP01", "SCHEMA_NOT_EMPTY", 400},
    {"SCHEMA_NOT_FOUND", "42704", "SCHEMA_DOES_NOT_EXIST", 404},
    {"STORAGE_CREDENTIAL_ALREADY_EXISTS", "42710", "STORAGE_CREDENTIAL_ALREADY_EXISTS", 409},
    {"STORAGE_CREDENTIAL_DOES_NOT_EXIST", "42704", "STORAGE_CREDENTIAL_DOES_NOT_EXIST", 404},
    {"TABLE_OR_VIEW_ALREADY_EXISTS", "42P07", "TABLE_ALREADY_EXISTS", 400},
    {"TABLE_OR_VIEW_NOT_FOUND", "42P01", "TABLE_DOES_NOT_EXIST", 404},
    {"TAG_ALREADY_EXISTS", "42710", "ALREADY_EXISTS", 409},
    {"TAG_NOT_FOUND", "42704", "NOT_FOUND", 404},
    {"UC_DATASOURCE_NOT_SUPPORTED", "0AKUC", NULL, 0},
    {"UC_VOLUME_NOT_FOUND", "42704", "RESOURCE_DOES_NOT_EXIST", 404},
    {"UNBOUND_SQL_PARAMETER", "42P02", NULL, 0},
    {"UNRESOLVED_COLUMN", "42703", NULL, 0},
    {"UNRESOLVED_ROUTINE", "42883", NULL, 0},
    {"UNSUPPORTED_DATATYPE", "0A000", NULL, 0},
    {"UNSUPPORTED_FEATURE", "0A000", NULL, 0},
    {"USER_DEFINED_FUNCTIONS", "42601", NULL, 0},
    {"VIEW_ALREADY_EXISTS", "42P07", "TABLE_ALREADY_EXISTS", 400},
    {"VIEW_NOT_FOUND", "42P01", "TABLE_DOES_NOT_EXIST", 404},
    {"VOLUME_ALREADY_EXISTS", "42000", "RESOURCE_ALREADY_EXISTS", 409},
    {"WRONG_COLUMN_DEFAULTS_FOR_DELTA_ALTER_TABLE_ADD_COLUMN_NOT_SUPPORTED", "0AKDC", NULL, 0},
    {"WRONG_COLUMN_DEFAULTS_FOR_DELTA_FEATURE_NOT_ENABLED", "0AKDE", NULL, 0},
};

/* The row of NAME, or of the class that it is a part of. */
static const struct class *
find(const char *name)
{
  size_t length = strcspn(name, ".");

  for (size_t i = 0; i < ARRAY_SIZE(classes); i++)
    if (strncmp(classes[i].name, name, length) == 0 && classes[i].name[length] == '\0') return &classes[i];
  return NULL;
}

static bool
set(struct session *session, const char *error_class, const char *sql_state, const char *rest,
    const char *text)
{
  const struct class *known = find(error_class);

  if (!sql_state && known) sql_state = known->sql_state;
  session->fault = (struct fault){.error_class = error_class,
                                  .sql_state = sql_state,
                                  .message = text,
                                  .rest_code = known ? known->rest : NULL,
                                  .http_status = known ? known->http : 0,
                                  .rest_message = rest};
  return false;
}

bool
fault_set(struct session *session, const char *error_class, const char *sql_state, const char *format, ...)
{
  va_list args;
  const char *text;

  va_start(args, format);
  text = arena_vprintf(session->arena, format, args);
  va_end(args);
  return set(session, error_class, sql_state, NULL, text);
}

bool
fault_raise(struct session *session, const char *error_class, const char *format, ...)
{
  va_list args;
  const char *text;

  va_start(args, format);
  text = arena_vprintf(session->arena, format, args);
  va_end(args);
  return set(session, error_class, NULL, NULL, text);
}

bool
fault_raise_rest(struct session *session, const char *error_class, const char *rest_message,
                 const char *format, ...)
{
  va_list args;
  const char *text;

  va_start(args, format);
  text = arena_vprintf(session->arena, format, args);
  va_end(args);
  return set(session, error_class, NULL, rest_message, text);
}

void
fault_clear(struct session *session)
{
  session->fault = (struct fault){0};
}

void
fault_to_rest(const struct session *session, const char **code, int *http_status, const char **message)
{
  const struct fault *fault = &session->fault;

  *code = fault->rest_code ? fault->rest_code : "INVALID_PARAMETER_VALUE";
  *http_status = fault->http_status ? fault->http_status : 400;
  *message = fault->rest_message ? fault->rest_message : fault->message ? fault->message : "";
}

static bool
ends_sentence(const char *text)
{
  return *text != '\0' && strchr(".!?\n", text[strlen(text) - 1]) != NULL;
}

void
fault_to_statement(const struct session *session, const char **error_code, const char **message,
                   const char **sql_state)
{
  const struct fault *fault = &session->fault;
  const char *text = arena_printf(session->arena, "[%s] %s", fault->error_class, fault->message);
  bool bare = str_starts(fault->error_class, "INVALID_PARAMETER_VALUE");

  *error_code = fault->http_status == 500 ? "INTERNAL_ERROR"
                : fault->http_status == 409
                    ? (str_eq(fault->rest_code, "ABORTED") ? "ABORTED" : "BAD_REQUEST")
                    : "BAD_REQUEST";
  if (bare) /* Unity Catalog's own complaints carry no SQLSTATE in their text */
    text = arena_printf(session->arena, "[RequestId=%s ErrorClass=%s] %s", store_uuid(session->arena),
                        fault->error_class, fault->message);
  else if (fault->sql_state)
    text = arena_printf(session->arena, "%s%s SQLSTATE: %s", text, ends_sentence(text) ? "" : ".",
                        fault->sql_state);
  *message = text;
  *sql_state = fault->sql_state;
}
