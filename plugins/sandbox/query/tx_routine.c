/* SPDX-License-Identifier: Apache-2.0 */
/* Stored functions: SQL bodies are put in place of the call, with the function's own names and its owner's
 * rights; Python bodies are called through python.c. Also row filters and masks, which are such functions. */
#include "query/tx.h"

#include "base/buf.h"
#include "base/str.h"
#include "query/parse.h"
#include "store/store.h"

#include "base/banned.h"

struct bound {
  struct function function;
  struct value *args;
};

static bool
wrong_count(struct tx *tx, const struct function *function, size_t given)
{
  return fault_set(tx->session, "WRONG_NUM_ARGS.WITHOUT_SUGGESTION", "42605",
                   "The `%s` requires %zu parameters but the actual number is %zu.",
                   function->object.full_name, function->input_count, given);
}

static int
parameter_index(const struct function *function, const char *name)
{
  for (size_t i = 0; i < function->input_count; i++)
    if (utf8_ieq(function->inputs[i].name, name)) return (int)i;
  return -1;
}

/* ARGS, by position and by name, as the function's parameters; what is missing has a default. */
static bool
bind_arguments(struct tx *tx, const struct ast_expr *call, const struct value *args, size_t count,
               struct bound *bound)
{
  const struct function *function = &bound->function;

  if (count > function->input_count) return wrong_count(tx, function, count);
  bound->args = arena_array(tx->arena, function->input_count + 1, sizeof *bound->args);
  for (size_t i = 0; i < count; i++) {
    const char *name = call && call->arg_names ? call->arg_names[i] : NULL;
    int index = name ? parameter_index(function, name) : (int)i;

    if (index < 0)
      return fault_set(
          tx->session, "UNRECOGNIZED_PARAMETER_NAME", "4274K",
          "Cannot invoke routine `%s` because the routine call included a named argument reference for the "
          "argument named `%s`, but this routine does not include any signature containing an argument "
          "with this name.",
          function->object.full_name, name);
    bound->args[index] = args[i];
  }
  for (size_t i = 0; i < function->input_count; i++) {
    const struct sql_type *type = type_parse(tx->session, function->inputs[i].type_text);
    struct value from = bound->args[i];

    if (!type) return false;
    if (!from.sql) {
      struct ex ex = {.tx = tx};
      const struct ast_expr *expr;

      if (!function->inputs[i].default_sql) return wrong_count(tx, function, count);
      expr = parse_expr_text(tx->session, function->inputs[i].default_sql);
      if (!expr || !tx_expr(&ex, expr, &from)) return false;
    }
    if (!tx_can_cast(from.type, type, 'i'))
      return fault_set(
          tx->session, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "42K09",
          "Cannot resolve \"%s\" due to data type mismatch: The parameter `%s` requires the %s type, however "
          "the argument has the type %s.",
          function->object.full_name, function->inputs[i].name, type_quoted(tx->arena, type),
          type_quoted(tx->arena, from.type));
    if (!tx_cast(tx, &from, type, 'i', &bound->args[i])) return false;
  }
  return true;
}

/* An argument that may be repeated in the body without being computed again. */
static bool
is_simple(const struct value *value)
{
  return value->foldable || strlen(value->sql) < 24;
}

/* The parameters as a scope. Costly arguments get a SELECT of their own, *WRAP, so that the body names them
 * once computed; aggregates cannot be moved there. */
static void
parameter_scope(struct tx *tx, const struct bound *bound, struct tx_scope *scope, const char **wrap)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  const char *alias = tx_alias(tx);

  *wrap = NULL;
  scope->parameters = scope->barrier = true;
  for (size_t i = 0; i < bound->function.input_count; i++) {
    struct tx_column *column = tx_scope_add(tx->arena, scope);
    const struct value *value = &bound->args[i];

    column->name = bound->function.inputs[i].name;
    column->relation = (struct ast_name){{bound->function.object.name}, 1};
    column->type = value->type;
    column->sql = value->sql;
    if (is_simple(value) || value->aggregate || value->window) continue;
    buf_addf(&buf, "%s%s AS p%zu", buf.len ? "," : "", value->sql, i);
    column->sql = tx_printf(tx, "%s.p%zu", alias, i);
  }
  if (buf.len) *wrap = tx_printf(tx, "(SELECT %s) AS %s", buf.data, alias);
}

static bool
scalar_body(struct tx *tx, struct tx_scope *scope, const struct function *function, struct value *value)
{
  struct ex ex = {.tx = tx, .scope = scope, .clause = "function body"};
  struct cursor cursor;
  struct ast_expr *expr;

  cursor_open(&cursor, tx->session, function->definition, strlen(function->definition));
  if (parse_query_starts(&cursor) && !cursor_is(&cursor, "(")) {
    expr = arena_alloc(tx->arena, sizeof *expr);
    expr->kind = AST_SUBQUERY;
    expr->query = parse_query_text(tx->session, function->definition);
    if (!expr->query) return false;
  } else if (!(expr = parse_expr_text(tx->session, function->definition))) {
    return false;
  }
  return tx_expr(&ex, expr, value);
}

static bool
scalar_sql(struct tx *tx, const struct bound *bound, struct value *value)
{
  const struct function *function = &bound->function;
  const struct sql_type *type = type_parse(tx->session, function->full_data_type);
  struct tx_scope scope = {0};
  struct tx_rights saved;
  struct value body;
  const char *wrap;
  bool good;

  if (!type) return false;
  parameter_scope(tx, bound, &scope, &wrap);
  if (!tx_enter(tx, function->object.owner, function->sql_catalog, function->sql_schema, &saved))
    return false;
  tx->parameters = &scope;
  good = scalar_body(tx, &scope, function, &body);
  tx_leave(tx, &saved);
  if (!good || !tx_cast(tx, &body, type, 'c', value)) return false;
  value->foldable = false;
  if (wrap) value->sql = tx_printf(tx, "(SELECT %s FROM %s)", value->sql, wrap);
  for (size_t i = 0; i < function->input_count; i++)
    value_inherit(value, &bound->args[i]);
  return true;
}

/* The function's text and signature travel with the call: python.c keeps it compiled. */
static bool
scalar_python(struct tx *tx, const struct bound *bound, struct value *value)
{
  const struct function *function = &bound->function;
  const struct sql_type *type = type_parse(tx->session, function->full_data_type);
  CLEANUP_BUF struct buf names = BUF_INIT(BUF_LARGE), args = BUF_INIT(BUF_LARGE);
  char *letters = arena_alloc(tx->arena, function->input_count + 1);

  if (!type) return false;
  for (size_t i = 0; i < function->input_count; i++) {
    letters[i] =
        bound->args[i].type->kind == TYPE_DATE ? 'D'
        : bound->args[i].type->kind == TYPE_TIMESTAMP || bound->args[i].type->kind == TYPE_TIMESTAMP_NTZ
            ? 'T'
            : tx_letter(bound->args[i].type);
    buf_addf(&names, "%s%s", i ? "," : "", function->inputs[i].name);
    buf_addf(&args, ",%s", bound->args[i].sql);
    value_inherit(value, &bound->args[i]);
  }
  value->sql =
      tx_printf(tx, "x_python(%s,%s,'%s',%s,%s%s)", tx_literal(tx->arena, function->definition, SIZE_MAX),
                tx_literal(tx->arena, names.data, names.len), letters,
                tx_literal(tx->arena, type_text(tx->arena, type), SIZE_MAX),
                tx_literal(tx->arena, function->object.full_name, SIZE_MAX), args.data);
  value->type = type;
  return true;
}

static bool
call_scalar(struct tx *tx, const struct bound *bound, struct value *value)
{
  const struct function *function = &bound->function;

  *value = (struct value){0};
  if (str_eq(function->data_type, "TABLE_TYPE"))
    return fault_set(
        tx->session, "NOT_A_SCALAR_FUNCTION", "42887",
        "`%s` appears as a scalar expression here, but the function was defined as a table function. Please "
        "update the query to move the function call into the FROM clause, or redefine it as a scalar "
        "function instead.",
        function->object.full_name);
  if (str_ieq(function->language, "PYTHON")) return scalar_python(tx, bound, value);
  if (!str_ieq(function->language, "SQL"))
    return tx_unsupported(tx, "A function in a language other than SQL and Python");
  return scalar_sql(tx, bound, value);
}

/* Look the function up; one without a catalog or schema may simply not exist. */
static bool
find_function(struct tx *tx, const struct ast_name *parts, struct bound *bound, bool *found)
{
  struct session *session = tx->session;
  struct name name;

  *found = false;
  if (parts->count > 3) return true;
  if (!name_resolve(session, SEC_FUNCTION, parts->parts, parts->count, &name)) return false;
  *found = function_find(session, &name, &bound->function);
  if (!*found) return session->fault.error_class == NULL;
  return access_require(session, &bound->function.object, PRIV_EXECUTE);
}

bool
tx_routine(struct ex *ex, const struct ast_expr *call, const struct value *args, struct value *value,
           bool *found)
{
  struct bound bound;

  if (!find_function(ex->tx, &call->name, &bound, found)) return false;
  if (!*found) return true;
  if (call->distinct || call->filter || call->window)
    return fault_set(ex->tx->session, "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX", "42000",
                     "The function `%s` does not support DISTINCT, FILTER or OVER.",
                     bound.function.object.full_name);
  return bind_arguments(ex->tx, call, args, call->arg_count, &bound) && call_scalar(ex->tx, &bound, value);
}

bool
tx_policy(struct tx *tx, const char *function, const struct value *args, size_t count, struct value *value)
{
  struct bound bound;
  struct name name;

  if (!name_split(tx->session, SEC_FUNCTION, function, &name)) return false;
  if (!function_find(tx->session, &name, &bound.function))
    return fault_set(tx->session, "UNRESOLVED_ROUTINE", "42883",
                     "Cannot resolve routine %s, which a row filter or column mask uses.",
                     name_quoted(tx->session, &name));
  return bind_arguments(tx, NULL, args, count, &bound) && call_scalar(tx, &bound, value);
}

static bool
table_columns(struct tx *tx, const struct function *function, struct query_plan *plan)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  struct query_column *columns = arena_array(tx->arena, function->return_count + 1, sizeof *columns);

  if (function->return_count == 0) return true;
  if (function->return_count != plan->column_count)
    return fault_set(tx->session, "ASSIGNMENT_ARITY_MISMATCH", "42802",
                     "The number of columns that `%s` declares, %zu, does not match its query's %zu.",
                     function->object.full_name, function->return_count, plan->column_count);
  buf_add_text(&buf, "SELECT ");
  for (size_t i = 0; i < function->return_count; i++) {
    struct value from = value_of(tx_printf(tx, "k%zu", i), plan->columns[i].type), cast;

    columns[i].name = function->returns[i].name;
    columns[i].comment = function->returns[i].comment;
    columns[i].type = type_parse(tx->session, function->returns[i].type_text);
    if (!columns[i].type || !tx_cast(tx, &from, columns[i].type, 'c', &cast)) return false;
    buf_addf(&buf, "%s%s AS k%zu", i ? "," : "", cast.sql, i);
  }
  plan->sql = tx_printf(tx, "%s FROM (%s)", buf.data, plan->sql);
  plan->columns = columns;
  return true;
}

bool
tx_routine_table(struct ex *ex, const struct ast_expr *call, const struct value *args,
                 struct query_plan *plan, bool *found)
{
  struct tx *tx = ex->tx;
  struct bound bound;
  struct tx_scope scope = {.parameters = true, .barrier = true};
  struct tx_rights saved;
  const struct ast_query *query;
  bool good;

  if (!find_function(tx, &call->name, &bound, found)) return false;
  if (!*found) return true;
  if (!str_eq(bound.function.data_type, "TABLE_TYPE"))
    return fault_set(
        tx->session, "NOT_A_TABLE_FUNCTION", "42887",
        "`%s` appears as a table function here, but the function was defined as a scalar function. Please "
        "update the query to move the function call outside the FROM clause, or redefine it as a table "
        "function instead.",
        bound.function.object.full_name);
  if (!str_ieq(bound.function.language, "SQL")) return tx_unsupported(tx, "A table function in Python");
  if (!bind_arguments(tx, call, args, call->arg_count, &bound)) return false;
  for (size_t i = 0; i < bound.function.input_count; i++) {
    struct tx_column *column = tx_scope_add(tx->arena, &scope);

    column->name = bound.function.inputs[i].name;
    column->relation = (struct ast_name){{bound.function.object.name}, 1};
    column->type = bound.args[i].type;
    column->sql = bound.args[i].sql;
  }
  if (!tx_enter(tx, bound.function.object.owner, bound.function.sql_catalog, bound.function.sql_schema,
                &saved))
    return false;
  tx->parameters = &scope;
  query = parse_query_text(tx->session, bound.function.definition);
  good = query && tx_query(tx, query, &scope, plan);
  tx_leave(tx, &saved);
  return good && table_columns(tx, &bound.function, plan);
}
