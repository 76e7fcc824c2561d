/* SPDX-License-Identifier: Apache-2.0 */
/* CREATE FUNCTION.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-sql-function.html */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "base/vec.h"
#include "ddl/column.h"
#include "ddl/depend.h"
#include "ddl/read.h"
#include "query/type.h"
#include "store/db.h"

#include "base/banned.h"

struct function_text {
  struct name name;
  struct parameter *inputs, *returns;
  size_t input_count, return_count;
  const struct sql_type **input_types;
  const struct sql_type *result; /* RETURNS type, or NULL */
  bool table, has_table_columns;
  const char *language, *comment, *access, *environment, *body;
  bool nondeterministic;
  struct ast_expr *expr;
  struct ast_query *query;
};

static void
set_type(struct arena *arena, struct parameter *parameter, const struct sql_type *type)
{
  struct column column = {0};

  column_set_type(arena, &column, type);
  parameter->type_text = column.type_text;
  parameter->type_name = column.type_name;
  parameter->type_json = column.type_json;
  parameter->precision = column.precision;
  parameter->scale = column.scale;
}

/* name type [DEFAULT e] [COMMENT 's'], ... ) */
static bool
read_parameters(struct cursor *cursor, struct parameter **out, size_t *count)
{
  VEC(struct parameter) found = {0};
  bool ok = true;

  while (ok && !cursor_is(cursor, ")")) {
    struct parameter *parameter = VEC_ADD(&found);
    const struct sql_type *type = NULL;

    ok = parse_word(cursor, &parameter->name) && (type = parse_type(cursor)) != NULL;
    if (!ok) break;
    set_type(cursor->arena, parameter, type);
    cursor_take_words(cursor, "NOT NULL");
    if (cursor_take(cursor, "DEFAULT")) {
      size_t start = cursor_start(cursor);

      ok = parse_expr(cursor) != NULL;
      if (ok) parameter->default_sql = cursor_text(cursor, start, cursor_end(cursor));
    }
    if (ok && cursor_take(cursor, "COMMENT")) ok = parse_string(cursor, &parameter->comment);
    if (!cursor_take(cursor, ",")) break;
  }
  DB_TAKE(cursor->arena, &found, out, count);
  for (size_t i = 0; i < *count; i++)
    (*out)[i].position = (int)i;
  return ok && cursor_expect(cursor, ")");
}

static bool
read_returns(struct cursor *cursor, struct function_text *text)
{
  if (!cursor_take(cursor, "TABLE")) return (text->result = parse_type(cursor)) != NULL;
  text->table = true;
  text->has_table_columns = cursor_take(cursor, "(");
  return !text->has_table_columns || read_parameters(cursor, &text->returns, &text->return_count);
}

static bool
read_environment(struct cursor *cursor, struct function_text *text)
{
  size_t start = cursor_start(cursor);
  const char *json;

  if (!read_properties(cursor, &json)) return false;
  text->environment = cursor_text(cursor, start, cursor_end(cursor));
  return true;
}

/* One characteristic; *MORE false when there is none. */
static bool
read_characteristic(struct cursor *cursor, struct function_text *text, bool *more)
{
  const char *word;

  *more = true;
  if (cursor_take(cursor, "RETURNS")) return read_returns(cursor, text);
  if (cursor_take(cursor, "LANGUAGE")) {
    if (!parse_word(cursor, &word)) return false;
    text->language = str_ieq(word, "PYTHON") ? "PYTHON" : str_ieq(word, "SQL") ? "SQL" : word;
    return true;
  }
  if (cursor_take_words(cursor, "NOT DETERMINISTIC")) return text->nondeterministic = true;
  if (cursor_take(cursor, "DETERMINISTIC")) return true;
  if (cursor_take(cursor, "COMMENT")) return parse_string(cursor, &text->comment);
  if (cursor_take_words(cursor, "CONTAINS SQL")) return text->access = "CONTAINS_SQL", true;
  if (cursor_take_words(cursor, "READS SQL DATA")) return text->access = "READS_SQL_DATA", true;
  if (cursor_take_words(cursor, "NO SQL")) return text->access = "NO_SQL", true;
  if (cursor_take_words(cursor, "SQL SECURITY DEFINER")) return true;
  if (cursor_take_words(cursor, "DEFAULT COLLATION")) return parse_word(cursor, &word);
  if (cursor_take(cursor, "ENVIRONMENT")) return read_environment(cursor, text);
  if (cursor_take(cursor, "HANDLER") || cursor_take(cursor, "PARAMETER")) return cursor_fail(cursor);
  *more = false;
  return true;
}

static bool
read_body(struct cursor *cursor, struct function_text *text)
{
  size_t start;

  if (cursor_take(cursor, "AS")) {
    if (cursor_kind(cursor) != SQL_BODY && cursor_kind(cursor) != SQL_STRING) return cursor_fail(cursor);
    text->body = sql_token_value(cursor->arena, &cursor->tokens, cursor->at);
    cursor_next(cursor);
    if (!text->language || str_eq(text->language, "SQL")) return cursor_fail(cursor);
    return cursor_finish(cursor);
  }
  if (!cursor_expect(cursor, "RETURN")) return false;
  start = cursor_start(cursor);
  if (text->table) {
    text->query = parse_query(cursor);
    if (!text->query) return false;
  } else {
    text->expr = parse_expr(cursor);
    if (!text->expr) return false;
  }
  text->body = cursor_text(cursor, start, cursor_end(cursor));
  return cursor_finish(cursor);
}

static bool
read_function(struct cursor *cursor, struct function_text *text)
{
  bool more = true;

  if (!read_object(cursor, SEC_FUNCTION, &text->name) || !cursor_expect(cursor, "(")) return false;
  if (!read_parameters(cursor, &text->inputs, &text->input_count)) return false;
  while (more)
    if (!read_characteristic(cursor, text, &more)) return false;
  return read_body(cursor, text);
}

/* The function's body resolves with its parameters; what it gives is known. */
static bool
check_sql(struct session *session, struct function_text *text)
{
  struct query_parameter *parameters = arena_array(session->arena, text->input_count, sizeof *parameters);
  const struct sql_type *type;
  struct query_plan plan;

  for (size_t i = 0; i < text->input_count; i++)
    parameters[i] = (struct query_parameter){.function = text->name.object,
                                             .name = text->inputs[i].name,
                                             .type = type_parse(session, text->inputs[i].type_text)};
  if (!text->table) {
    if (!query_function_scalar(session, text->expr, parameters, text->input_count, &type)) return false;
    if (!text->result) text->result = type;
    return true;
  }
  if (!query_function_table(session, text->query, parameters, text->input_count, &plan)) return false;
  if (text->has_table_columns && plan.column_count != text->return_count)
    return fault_raise(
        session, "USER_DEFINED_FUNCTIONS.RETURN_COLUMN_COUNT_MISMATCH",
        "The number of columns produced by the RETURN clause (num: %zu) does not match the number of column "
        "names specified by the RETURNS clause (num: %zu) of %s.",
        plan.column_count, text->return_count, name_text(session, &text->name));
  if (text->has_table_columns) return true;
  text->return_count = plan.column_count;
  text->returns = arena_array(session->arena, plan.column_count, sizeof *text->returns);
  for (size_t i = 0; i < plan.column_count; i++) {
    text->returns[i] = (struct parameter){.name = plan.columns[i].name, .position = (int)i};
    set_type(session->arena, &text->returns[i], plan.columns[i].type);
  }
  return true;
}

static bool
check_function(struct session *session, struct function_text *text)
{
  for (size_t i = 0; i < text->input_count; i++)
    for (size_t j = 0; j < i; j++)
      if (utf8_ieq(text->inputs[i].name, text->inputs[j].name))
        return fault_raise(
            session, "DUPLICATE_ROUTINE_PARAMETER_NAMES",
            "Found duplicate name(s) in the parameter list of the user-defined routine %s: `%s`.",
            name_text(session, &text->name), text->inputs[i].name);
  if (!text->language) text->language = "SQL";
  if (str_eq(text->language, "SQL")) return check_sql(session, text);
  if (!str_eq(text->language, "PYTHON"))
    return refuse_feature(session, "SANDBOX",
                          arena_printf(session->arena, "functions in the language %s", text->language));
  if (text->result) return true;
  return fault_raise(session, "PARSE_SYNTAX_ERROR", "A Python function needs RETURNS with a type.");
}

/* "(a INT, b STRING)" of a table function. */
static const char *
columns_text(struct session *session, const struct parameter *columns, size_t count)
{
  struct buf out CLEANUP_BUF = BUF_INIT(BUF_LARGE);

  buf_add_text(&out, "TABLE(");
  for (size_t i = 0; i < count; i++)
    buf_addf(&out, "%s%s %s", i ? ", " : "", columns[i].name, columns[i].type_text);
  buf_add_char(&out, ')');
  return arena_strndup(session->arena, out.data, out.len);
}

static void
describe(struct session *session, const struct function_text *text, struct function *out)
{
  bool sql = str_eq(text->language, "SQL");
  struct parameter result = {0};

  *out = (struct function){.object = {.catalog_name = text->name.catalog,
                                      .schema_name = text->name.schema,
                                      .name = text->name.object,
                                      .comment = text->comment},
                           .inputs = text->inputs,
                           .input_count = text->input_count,
                           .returns = text->returns,
                           .return_count = text->return_count,
                           .language = text->language,
                           .definition = text->body,
                           .environment = text->environment,
                           .deterministic = !text->nondeterministic,
                           .sql_catalog = session->catalog,
                           .sql_schema = session->schema};
  out->sql_data_access = text->access  ? text->access
                         : !sql        ? "NO_SQL"
                         : text->table ? "READS_SQL_DATA"
                                       : "CONTAINS_SQL";
  if (sql)
    out->dependencies = dependencies_json(
        session, text->table ? text->body : arena_printf(session->arena, "SELECT %s", text->body),
        SQLTEXT_SQL);
  if (text->table) {
    out->data_type = "TABLE_TYPE";
    out->full_data_type = columns_text(session, text->returns, text->return_count);
    return;
  }
  set_type(session->arena, &result, text->result);
  out->data_type = result.type_name;
  out->full_data_type = result.type_text;
  out->return_json = result.type_json;
}

bool
create_function(struct cursor *cursor, struct create *create)
{
  struct session *session = cursor->session;
  struct function_text text = {0};
  struct function function;
  struct securable there;

  if (!read_function(cursor, &text)) return false;
  if (create->if_not_exists && securable_find(session, SEC_FUNCTION, &text.name, &there)) return true;
  if (!check_function(session, &text)) return false;
  describe(session, &text, &function);
  return function_create(session, &function, create->replace);
}
