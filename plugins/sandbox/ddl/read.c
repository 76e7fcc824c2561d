/* SPDX-License-Identifier: Apache-2.0 */
/* Shared pieces of statements. */
#include "ddl/read.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/vec.h"
#include "query/type.h"
#include "store/db.h"
#include "store/lower.h"

#include "base/banned.h"

bool
read_object(struct cursor *cursor, enum securable_kind kind, struct name *out)
{
  struct ast_name name;

  return parse_name(cursor, securable_kind_parts(kind), &name) &&
         name_resolve(cursor->session, kind, name.parts, name.count, out);
}

bool
read_object_kind(struct cursor *cursor, enum securable_kind *kind, bool *view)
{
  static const struct {
    const char *words;
    enum securable_kind kind;
    bool view;
  } kinds[] = {
      {"CATALOG", SEC_CATALOG, false},
      {"SCHEMA", SEC_SCHEMA, false},
      {"DATABASE", SEC_SCHEMA, false},
      {"MATERIALIZED VIEW", SEC_TABLE, false},
      {"STREAMING TABLE", SEC_TABLE, false},
      {"METRIC VIEW", SEC_TABLE, true},
      {"TABLE", SEC_TABLE, false},
      {"VIEW", SEC_TABLE, true},
      {"VOLUME", SEC_VOLUME, false},
      {"FUNCTION", SEC_FUNCTION, false},
      {"PROCEDURE", SEC_FUNCTION, false},
      {"EXTERNAL LOCATION", SEC_EXTERNAL_LOCATION, false},
      {"STORAGE CREDENTIAL", SEC_STORAGE_CREDENTIAL, false},
      {"CREDENTIAL", SEC_STORAGE_CREDENTIAL, false},
      {"CONNECTION", SEC_CONNECTION, false},
      {"METASTORE", SEC_METASTORE, false},
  };

  for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
    if (!cursor_take_words(cursor, kinds[i].words)) continue;
    *kind = kinds[i].kind;
    if (view) *view = kinds[i].view;
    return true;
  }
  return cursor_fail(cursor);
}

/* 'text' or a.b.c, joined by periods. */
static bool
read_key(struct cursor *cursor, const char **key)
{
  struct ast_name name;
  struct buf text CLEANUP_BUF = BUF_INIT(BUF_SQL);

  if (cursor_kind(cursor) == SQL_STRING) return parse_string(cursor, key);
  if (!parse_name(cursor, AST_NAME_PARTS, &name)) return false;
  for (size_t i = 0; i < name.count; i++) {
    if (i) buf_add_char(&text, '.');
    buf_add_text(&text, name.parts[i]);
  }
  *key = arena_strndup(cursor->arena, text.data, text.len);
  return true;
}

static bool
read_value(struct cursor *cursor, const char **value)
{
  size_t start = cursor_start(cursor);

  if (cursor_kind(cursor) == SQL_STRING) return parse_string(cursor, value);
  cursor_take(cursor, "-");
  if (cursor_kind(cursor) != SQL_NUMBER && !cursor_is(cursor, "TRUE") && !cursor_is(cursor, "FALSE"))
    return cursor_fail(cursor);
  cursor_next(cursor);
  *value = cursor_text(cursor, start, cursor_end(cursor));
  if (str_ieq(*value, "true")) *value = "true";
  if (str_ieq(*value, "false")) *value = "false";
  return true;
}

bool
read_properties(struct cursor *cursor, const char **json)
{
  const char *key, *value;

  *json = "{}";
  if (!cursor_expect(cursor, "(")) return false;
  do {
    if (!read_key(cursor, &key)) return false;
    cursor_take(cursor, "=");
    if (!read_value(cursor, &value)) return false;
    if (property_get(cursor->arena, *json, key))
      return fault_raise(cursor->session, "DUPLICATE_KEY", "Found duplicate keys `%s`.", key);
    *json = property_set(cursor->arena, *json, key, value);
  } while (cursor_take(cursor, ","));
  return cursor_expect(cursor, ")");
}

bool
read_principal(struct cursor *cursor, const char **name)
{
  if (cursor_kind(cursor) == SQL_STRING) return parse_string(cursor, name);
  return parse_word(cursor, name);
}

/* 'YYYY-MM-DD HH:MM:SS[.ffffff]' as epoch milliseconds. */
static int64_t
timestamp_ms(struct session *session, const char *text)
{
  return db_exec_int(
      session, 0, "SELECT unixepoch(?1) * 1000 + CAST(substr(substr(?1, 21, 3) || '000', 1, 3) AS INTEGER)",
      "t", text);
}

bool
read_travel(struct cursor *cursor, struct time_travel *travel)
{
  struct session *session = cursor->session;
  const struct sql_type *type;
  struct ast_expr *expr;
  const char *text;

  *travel = (struct time_travel){.by = TRAVEL_NONE};
  cursor_take(cursor, "FOR");
  if (cursor_take_words(cursor, "VERSION AS OF") || cursor_take_words(cursor, "SYSTEM_VERSION AS OF")) {
    travel->by = TRAVEL_VERSION;
    if (cursor_kind(cursor) != SQL_STRING) return parse_integer(cursor, &travel->value);
    return parse_string(cursor, &text) && (str_to_int64(text, &travel->value) || cursor_fail(cursor));
  }
  if (!cursor_take_words(cursor, "TIMESTAMP AS OF") && !cursor_take_words(cursor, "SYSTEM_TIME AS OF"))
    return true;
  travel->by = TRAVEL_TIMESTAMP;
  expr = parse_expr(cursor);
  if (!expr || !query_constant(session, expr, type_of(TYPE_TIMESTAMP), &text, &type)) return false;
  if (!text)
    return fault_raise(session, "DELTA_TIMESTAMP_INVALID",
                       "The provided timestamp cannot be converted to a valid timestamp.");
  travel->value = timestamp_ms(session, text);
  return true;
}

static bool
read_policy_argument(struct cursor *cursor, struct policy_argument *out)
{
  size_t start = cursor_start(cursor);

  if (sql_token_is_name(&cursor->tokens.at[cursor->at]) && !cursor_is(cursor, "TRUE") &&
      !cursor_is(cursor, "FALSE") && !cursor_is(cursor, "NULL"))
    return parse_word(cursor, &out->column);
  if (!parse_expr(cursor)) return false;
  out->constant = cursor_text(cursor, start, cursor_end(cursor));
  return true;
}

bool
read_policy(struct cursor *cursor, const char *words, struct policy **out)
{
  struct session *session = cursor->session;
  VEC(struct policy_argument) arguments = {0};
  struct policy *policy = arena_alloc(cursor->arena, sizeof *policy);
  struct securable function;
  struct name name;
  bool ok = true;

  if (!read_object(cursor, SEC_FUNCTION, &name)) return false;
  if (cursor_take_words(cursor, words)) {
    ok = cursor_expect(cursor, "(");
    if (ok && !cursor_is(cursor, ")")) {
      do
        ok = read_policy_argument(cursor, VEC_ADD(&arguments));
      while (ok && cursor_take(cursor, ","));
    }
    ok = ok && cursor_expect(cursor, ")");
  }
  DB_TAKE(cursor->arena, &arguments, &policy->arguments, &policy->argument_count);
  if (!ok || !securable_need(session, SEC_FUNCTION, &name, &function)) return false;
  policy->function_name = function.full_name;
  *out = policy;
  return access_require(session, &function, PRIV_EXECUTE);
}

bool
check_policy(struct session *session, const struct table *table, const struct policy *policy, size_t extra)
{
  struct function function;
  struct name name;

  for (size_t i = 0; i < policy->argument_count; i++) {
    const struct column *column;

    if (!policy->arguments[i].column) continue;
    column = table_column(table, policy->arguments[i].column);
    if (!column)
      return fault_raise(session, "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION",
                         "A column, variable, or function parameter with name `%s` cannot be resolved.",
                         policy->arguments[i].column);
    policy->arguments[i].column = column->name;
  }
  if (!name_split(session, SEC_FUNCTION, policy->function_name, &name) ||
      !function_find(session, &name, &function))
    return false;
  if (function.input_count == policy->argument_count + extra) return true;
  return fault_raise(session,
                     extra ? "ROW_COLUMN_ACCESS.ASSIGNED_COLUMN_MASK_WRONG_NUMBER_OF_COLUMNS"
                           : "ROW_COLUMN_ACCESS.ASSIGNED_ROW_FILTER_WRONG_NUMBER_OF_COLUMNS",
                     "The function %s takes %zu arguments, the statement gives it %zu.",
                     policy->function_name, function.input_count, policy->argument_count + extra);
}

bool
refuse_feature(struct session *session, const char *sub_class, const char *what)
{
  return fault_raise(session, arena_printf(session->arena, "UNSUPPORTED_FEATURE.%s", sub_class),
                     "The feature is not supported: %s.", what);
}

const char *
table_quoted(struct session *session, const struct table *table)
{
  return name_quoted(
      session, &(struct name){table->object.catalog_name, table->object.schema_name, table->object.name});
}

bool
require_writable(struct session *session, const struct table *table, const char *operation)
{
  if (table_is_view(table))
    return fault_raise(session, "EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE",
                       "'%s' expects a table but %s is a view.", operation, table_quoted(session, table));
  if (table_has_rows(table) && !str_eq(table->table_type, "FOREIGN") &&
      !str_eq(table->table_type, "MATERIALIZED_VIEW") && !str_eq(table->table_type, "STREAMING_TABLE"))
    return true;
  return fault_raise(
      session, "UNSUPPORTED_FEATURE.TABLE_OPERATION",
      "The feature is not supported: Table %s does not support %s. Please check the current catalog and "
      "namespace to make sure the qualified table name is expected, and also check the catalog "
      "implementation which is configured by \"spark.sql.catalog\".",
      table_quoted(session, table), operation);
}

bool
require_delta(struct session *session, const struct table *table, const char *operation)
{
  if (!require_writable(session, table, operation)) return false;
  if (table_is_delta(table)) return true;
  return fault_raise(session, "DELTA_TABLE_ONLY_OPERATION",
                     "%s is not a Delta table. %s is only supported for Delta tables.",
                     table_quoted(session, table), operation);
}

const char *
figures_json(struct session *session, const char *const *names, const int64_t *values, size_t count)
{
  struct buf out CLEANUP_BUF = BUF_INIT(BUF_SQL);

  for (size_t i = 0; i < count; i++)
    buf_addf(&out, "%s\"%s\":\"%lld\"", i ? "," : "{", names[i], (long long)values[i]);
  buf_add_text(&out, count ? "}" : "{}");
  return arena_strndup(session->arena, out.data, out.len);
}

void
result_figures(struct session *session, struct result *result, const char *const *names,
               const int64_t *values, size_t count)
{
  const char **row;

  for (size_t i = 0; i < count; i++)
    result_add_column(session, result, names[i], "bigint");
  row = result_add_row(session, result);
  for (size_t i = 0; i < count; i++)
    row[i] = arena_printf(session->arena, "%lld", (long long)values[i]);
}
