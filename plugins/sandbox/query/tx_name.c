/* SPDX-License-Identifier: Apache-2.0 */
/* Names in expressions: columns before fields, the longest qualifier first, the nearest query first, then
 * lateral aliases, the queries around, parameters.
 * https://docs.databricks.com/sql/language-manual/sql-ref-name-resolution.html */
#include "query/tx.h"

#include "base/buf.h"
#include "base/str.h"
#include "engine.h"
#include "query/builtin.h"
#include "query/parse.h"

#include "base/banned.h"

/* QUALIFIER (COUNT parts) may stand before COLUMN: it is the end of its relation's name. */
static bool
qualifies(const struct tx_column *column, const struct ast_name *name, size_t count)
{
  size_t have = column->relation.count;

  if (count > have) return false;
  for (size_t i = 0; i < count; i++)
    if (!utf8_ieq(column->relation.parts[have - count + i], name->parts[i])) return false;
  return true;
}

static bool
ambiguous(struct tx *tx, const struct ast_name *name, const struct tx_scope *scope, size_t qualifiers)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  for (size_t i = 0; i < scope->count; i++) {
    struct ast_name full = scope->columns[i].relation;

    if (!qualifies(&scope->columns[i], name, qualifiers) ||
        !utf8_ieq(scope->columns[i].name, name->parts[qualifiers]))
      continue;
    if (full.count < AST_NAME_PARTS) full.parts[full.count++] = scope->columns[i].name;
    buf_addf(&buf, "%s%s", buf.len ? ", " : "", tx_name_quoted(tx->arena, &full));
  }
  return fault_set(tx->session, "AMBIGUOUS_REFERENCE", "42704", "Reference %s is ambiguous, could be: [%s].",
                   tx_name_quoted(tx->arena, name), buf.data);
}

/* Find NAME's column in SCOPE alone. *USED is how many parts it took. NULL, without a fault, when there is
 * none; with *AGAIN when there is more than one. */
static struct tx_column *
find_in(const struct tx_scope *scope, const struct ast_name *name, size_t *used, bool *again)
{
  size_t most = name->count - 1 < 4 ? name->count - 1 : 4;

  *again = false;
  for (size_t qualifiers = most + 1; qualifiers-- > 0;) {
    struct tx_column *found = NULL;

    for (size_t i = 0; i < scope->count; i++) {
      struct tx_column *column = &scope->columns[i];

      if (!utf8_ieq(column->name, name->parts[qualifiers]) || !qualifies(column, name, qualifiers)) continue;
      if (column->hidden && qualifiers == 0) continue;
      if (found) *again = true;
      found = column;
    }
    *used = qualifiers + 1;
    if (found) return found;
  }
  return NULL;
}

static bool
missing_aggregation(struct tx *tx, const struct tx_scope *scope, const struct ast_name *name)
{
  const char *text = name->parts[name->count - 1];

  if (scope->key_count == 0)
    return fault_set(
        tx->session, "MISSING_GROUP_BY", "42803",
        "The query does not include a GROUP BY clause. Add GROUP BY or turn it into the window functions "
        "using OVER clauses.");
  return fault_set(
      tx->session, "MISSING_AGGREGATION", "42803",
      "The non-aggregating expression \"%s\" is based on columns which are not participating in the GROUP "
      "BY clause. Add the columns or the expression to the GROUP BY, aggregate the expression, or use "
      "\"any_value(%s)\" if you do not care which of the values within a group is returned.",
      text, text);
}

/* COLUMN as seen from inside its own query: after GROUP BY only a key may be used as it is. */
static bool
column_value(struct tx *tx, const struct tx_scope *scope, const struct tx_column *column,
             const struct ast_name *name, struct value *value)
{
  *value = value_of(column->sql, column->type);
  if (!scope->grouped) return true;
  for (size_t i = 0; i < scope->key_count; i++)
    if (str_eq(scope->keys[i].sql, column->sql)) {
      *value = scope->shown[i];
      return true;
    }
  return missing_aggregation(tx, scope, name);
}

static bool
item_value(const struct ex *ex, const struct ast_name *name, struct value *value)
{
  for (size_t i = 0; i < ex->item_count; i++)
    if (ex->items[i].name && utf8_ieq(ex->items[i].name, name->parts[0])) {
      *value = ex->items[i].value;
      return true;
    }
  return false;
}

/* current_date and friends need no parentheses. */
static bool
bare_function(struct ex *ex, const struct ast_expr *expr, struct value *value, bool *mine)
{
  static const char *const names[] = {
      "current_date",   "current_timestamp", "current_user",   "session_user",    "user",
      "localtimestamp", "current_catalog",   "current_schema", "current_database"};
  struct ast_expr call = *expr;

  *mine = false;
  for (size_t i = 0; i < ARRAY_SIZE(names); i++)
    if (expr->name.count == 1 && str_ieq(expr->name.parts[0], names[i])) *mine = true;
  if (!*mine) return false;
  call.kind = AST_CALL;
  return tx_call(ex, &call, value);
}

static bool
unresolved(struct ex *ex, const struct ast_name *name)
{
  struct tx *tx = ex->tx;
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  const struct tx_scope *scope = ex->scope;
  size_t shown = 0;

  while (scope && scope->parameters)
    scope = scope->outer;
  /* Nearest names first, as far as five go. */
  for (size_t limit = 0; scope && limit < 64 && shown < 5; limit++)
    for (size_t i = 0; i < scope->count && shown < 5; i++) {
      struct ast_name full = scope->columns[i].relation;
      size_t distance = str_distance(scope->columns[i].name, name->parts[name->count - 1]);

      if (scope->columns[i].hidden || (distance > 63 ? 63 : distance) != limit) continue;
      if (full.count < AST_NAME_PARTS) full.parts[full.count++] = scope->columns[i].name;
      buf_addf(&buf, "%s%s", shown++ ? ", " : "", tx_name_quoted(tx->arena, &full));
    }
  if (shown == 0)
    return fault_set(tx->session, "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "42703",
                     "A column, variable, or function parameter with name %s cannot be resolved.",
                     tx_name_quoted(tx->arena, name));
  return fault_set(
      tx->session, "UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703",
      "A column, variable, or function parameter with name %s cannot be resolved. Did you mean one of the "
      "following? [%s].",
      tx_name_quoted(tx->arena, name), buf.data);
}

/* Resolve as far as a column goes; *USED parts of the name are spent. */
static bool
resolve(struct ex *ex, const struct ast_expr *expr, struct value *value, size_t *used)
{
  const struct ast_name *name = &expr->name;
  bool again, own = true, mine;

  *used = 1;
  if (ex->items_first && item_value(ex, name, value)) return true;
  for (const struct tx_scope *scope = ex->scope; scope; scope = scope->outer) {
    const struct tx_column *column = find_in(scope, name, used, &again);

    if (again) return ambiguous(ex->tx, name, scope, *used - 1);
    if (column) return column_value(ex->tx, scope, column, name, value);
    if (own && !scope->parameters) {
      own = false;
      *used = 1;
      if (item_value(ex, name, value)) return true;
    }
    if (scope->barrier) break;
  }
  if (own && item_value(ex, name, value)) {
    *used = 1;
    return true;
  }
  *used = name->count;
  if (bare_function(ex, expr, value, &mine) || mine) return mine && value->sql;
  return unresolved(ex, name);
}

bool
tx_name(struct ex *ex, const struct ast_expr *expr, struct value *value)
{
  size_t used;

  if (!resolve(ex, expr, value, &used)) return false;
  for (size_t i = used; i < expr->name.count; i++) {
    struct value base = *value;

    if (!tx_field(ex, &base, expr->name.parts[i], value)) return false;
  }
  return true;
}

static const struct type_field *
field_of(const struct sql_type *type, const char *name)
{
  for (size_t i = 0; i < type->field_count; i++)
    if (utf8_ieq(type->fields[i].name, name)) return &type->fields[i];
  return NULL;
}

static bool
no_field(struct tx *tx, const struct sql_type *type, const char *name)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  for (size_t i = 0; i < type->field_count; i++)
    buf_addf(&buf, "%s`%s`", i ? ", " : "", type->fields[i].name);
  return fault_set(tx->session, "FIELD_NOT_FOUND", "42704", "No such struct field `%s` in %s.", name,
                   buf.data);
}

bool
tx_field(struct ex *ex, const struct value *base, const char *name, struct value *value)
{
  struct tx *tx = ex->tx;
  const struct sql_type *type = base->type;
  const struct type_field *field;

  *value = *base;
  value->foldable = false;
  if (type->kind == TYPE_STRUCT) {
    if (!(field = field_of(type, name))) return no_field(tx, type, name);
    value->sql = tx_printf(tx, "x_field(%s,%s,'%c')", base->sql, tx_literal(tx->arena, field->name, SIZE_MAX),
                           tx_letter(field->type));
    value->type = field->type;
    return true;
  }
  if (type->kind == TYPE_ARRAY && type->element->kind == TYPE_STRUCT) {
    if (!(field = field_of(type->element, name))) return no_field(tx, type->element, name);
    value->sql = tx_printf(tx, "x_fields(%s,%s)", base->sql, tx_literal(tx->arena, field->name, SIZE_MAX));
    value->type = type_array(tx->arena, field->type);
    return true;
  }
  if (type->kind == TYPE_MAP && type_is_text(type->key)) {
    struct value key = value_of(tx_literal(tx->arena, name, SIZE_MAX), type_of(TYPE_STRING));

    return tx_index(ex, base, &key, true, value);
  }
  return fault_set(
      tx->session, "INVALID_EXTRACT_BASE_FIELD_TYPE", "42000",
      "Can't extract a value from the expression. Need a complex type [STRUCT, ARRAY, MAP] but got %s.",
      type_quoted(tx->arena, type));
}

bool
tx_index(struct ex *ex, const struct value *base, const struct value *index, bool soft, struct value *value)
{
  struct tx *tx = ex->tx;
  const struct sql_type *type = base->type;
  struct value key = *index;

  *value = *base;
  value->foldable = false;
  value_inherit(value, index);
  if (type->kind == TYPE_MAP) {
    if (!tx_coerce(tx, &key, type->key, "element_at", 1)) return false;
    value->sql = tx_printf(tx, "x_map_get(%s,x_json('%c',%s),'%c')", base->sql, tx_letter(type->key), key.sql,
                           tx_letter(type->element));
    value->type = type->element;
    return true;
  }
  if (type->kind == TYPE_ARRAY) {
    if (!tx_coerce(tx, &key, type_of(TYPE_INT), "[]", 1)) return false;
    value->sql = tx_printf(tx, "x_item(%s,%s,'%c','%c')", base->sql, key.sql, tx_letter(type->element),
                           soft ? 't' : 'c');
    value->type = type->element;
    return true;
  }
  if (type->kind == TYPE_VARIANT) {
    value->sql =
        tx_printf(tx, "x_path(%s,'['||x_json('%c',%s)||']','v')", base->sql, tx_letter(key.type), key.sql);
    return true;
  }
  return fault_set(
      tx->session, "INVALID_EXTRACT_BASE_FIELD_TYPE", "42000",
      "Can't extract a value from the expression. Need a complex type [STRUCT, ARRAY, MAP] but got %s.",
      type_quoted(tx->arena, type));
}

static bool
is_excepted(const struct ast_expr *star, const char *name)
{
  for (size_t i = 0; i < star->except_count; i++)
    if (utf8_ieq(star->except[i], name)) return true;
  return false;
}

/* s.*: the fields of a struct. */
static bool
star_of_struct(struct ex *ex, const struct ast_expr *star, struct tx_scope *out)
{
  struct ast_expr base = *star;
  struct value value;

  base.kind = AST_NAME;
  if (star->arg_count) base = *star->args[0];
  if (!tx_expr(ex, &base, &value)) return false;
  if (value.type->kind != TYPE_STRUCT)
    return fault_set(
        ex->tx->session, "CANNOT_RESOLVE_STAR_EXPAND", "42704",
        "Cannot resolve %s.* given input columns. Please check that the specified table or struct exists "
        "and is accessible in the input columns.",
        tx_name_quoted(ex->tx->arena, &star->name));
  for (size_t i = 0; i < value.type->field_count; i++) {
    struct tx_column *column;
    struct value field;

    if (is_excepted(star, value.type->fields[i].name)) continue;
    if (!tx_field(ex, &value, value.type->fields[i].name, &field)) return false;
    column = tx_scope_add(ex->tx->arena, out);
    column->name = value.type->fields[i].name;
    column->sql = field.sql;
    column->type = field.type;
  }
  return true;
}

bool
tx_star(struct ex *ex, const struct ast_expr *star, struct tx_column **columns, size_t *count)
{
  struct tx_scope out = {0}, *scope = ex->scope;
  bool any = false;

  for (size_t i = 0; scope && i < scope->count; i++) {
    const struct tx_column *column = &scope->columns[i];

    if (star->arg_count || !qualifies(column, &star->name, star->name.count)) continue;
    if (column->hidden && star->name.count == 0) continue;
    any = true;
    if (!is_excepted(star, column->name)) *tx_scope_add(ex->tx->arena, &out) = *column;
  }
  if (!any && (star->name.count || star->arg_count) && !star_of_struct(ex, star, &out)) return false;
  for (size_t i = 0; any && i < star->except_count; i++) {
    bool known = false;

    for (size_t j = 0; j < scope->count; j++)
      known |= utf8_ieq(scope->columns[j].name, star->except[i]);
    if (!known) return unresolved(ex, &(struct ast_name){{star->except[i]}, 1});
  }
  *columns = out.columns;
  *count = out.count;
  return true;
}
