/* SPDX-License-Identifier: Apache-2.0 */
/* Row filters and column masks. A table that has any cannot be cloned, so its copy is made empty, protected,
 * and only then filled: nobody can ever read a row that the original would hide. Its functions are those of
 * the destination where the source's own ones were used.
 * https://docs.databricks.com/tables/row-and-column-filters.html */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/quote.h"
#include "kit/sqltext/token.h"

#include "base/banned.h"

static bool
is_one_literal(struct arena *arena, const char *text)
{
  struct sql_tokens tokens;
  size_t first, next;
  double number;

  if (str_ieq(text, "true") || str_ieq(text, "false") || str_ieq(text, "null")) return true;
  if (str_to_double(text, &number)) return true;
  sql_tokens_read(arena, text, strlen(text), &tokens);
  first = sql_tokens_skip(&tokens, 0);
  next = sql_tokens_skip(&tokens, first + 1);
  return first < tokens.count && tokens.at[first].kind == SQL_STRING &&
         (next >= tokens.count || tokens.at[next].kind == SQL_END);
}

/* `a`, `b`, 'literal': the argument list of either form of the answer, without brackets. */
static void
add_arguments(struct arena *arena, struct buf *text, struct json_object *policy)
{
  struct json_object *list = json_get_array(policy, "input_arguments"), *names;

  if (!list) list = json_get_array(policy, "using_arguments");
  for (size_t i = 0; i < json_length(list); i++) {
    const char *column = json_get_text(json_item(list, i), "column");
    const char *constant = json_get_text(json_item(list, i), "constant");

    if (i) buf_add_text(text, ", ");
    if (column)
      sql_add_name(text, column);
    else if (constant && is_one_literal(arena, constant))
      buf_add_text(text, constant);
    else
      sql_add_literal(text, constant);
  }
  if (json_length(list)) return;
  names = json_get_array(policy, "input_column_names");
  if (!names) names = json_get_array(policy, "using_column_names");
  for (size_t i = 0; i < json_length(names); i++) {
    if (i) buf_add_text(text, ", ");
    sql_add_name(text, json_object_get_string(json_item(names, i)));
  }
}

/* FUNCTION ON (...) or FUNCTION USING COLUMNS (...), with names of catalog FROM as names of TO; NULL for JSON
 * that has no function. FUNCTION_PARTS may be NULL. */
static const char *
policy_text(struct clone *clone, const char *json, bool filter, const char *from, const char *to,
            const char *function_parts[3])
{
  CLEANUP_JSON struct json_object *policy = json ? json_parse(json, strlen(json), NULL, NULL) : NULL;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL), arguments = BUF_INIT(BUF_SQL);
  const char *name = json_get_text(policy, "function_name"), *parts[3];

  if (!name || !clone_split_name(clone, name, parts)) return NULL;
  if (function_parts) memcpy(function_parts, parts, sizeof parts);
  clone_add_name(&text, utf8_ieq(parts[0], from) ? to : parts[0], parts[1], parts[2]);
  add_arguments(clone->plan->arena, &arguments, policy);
  if (filter)
    buf_addf(&text, " ON (%s)", arguments.data);
  else if (arguments.len)
    buf_addf(&text, " USING COLUMNS (%s)", arguments.data);
  return arena_strdup(clone->plan->arena, text.data);
}

static const char *
wanted_text(struct clone *clone, const char *json, bool filter, const char *parts[3])
{
  return policy_text(clone, json, filter, clone->source->item.name, clone->options.dest, parts);
}

const char *
clone_policy_text(struct clone *clone, const char *json, bool filter)
{
  return json ? policy_text(clone, json, filter, "", "", NULL) : NULL;
}

static const char *
mask_of(const struct model_table *table, const char *column)
{
  for (uint32_t i = 0; table && i < table->column_count; i++)
    if (utf8_ieq(table->columns[i].name, column)) return table->columns[i].mask;
  return NULL;
}

bool
clone_is_guarded(struct clone *clone, const struct model_table *table, const struct model_table *there)
{
  if (!clone->options.security) return true;
  if (!there) return false;
  if (table->row_filter && !str_eq(wanted_text(clone, table->row_filter, true, NULL),
                                   clone_policy_text(clone, there->row_filter, true)))
    return false;
  for (uint32_t i = 0; i < table->column_count; i++) {
    const struct model_column *column = &table->columns[i];

    if (column->mask && !str_eq(wanted_text(clone, column->mask, false, NULL),
                                clone_policy_text(clone, mask_of(there, column->name), false)))
      return false;
  }
  return true;
}

/* The step that makes the function in the destination, if there is one. */
static void
wait_for_function(struct clone *clone, size_t step, const char *const parts[3])
{
  const struct model_schema *schema = model_find_schema(clone->source, parts[1]);
  const struct model_function *function = model_find_function(schema, parts[2]);
  size_t made;

  if (!function || !utf8_ieq(parts[0], clone->source->item.name)) return;
  made = clone->steps[schema - clone->source->schemas.at].functions[function - schema->functions.at];
  if (made != CLONE_NO_STEP) plan_add_order(clone->plan, step, made);
}

/* ALTER TABLE `t` [ALTER COLUMN `c`] SET|DROP ROW FILTER|MASK [POLICY] */
static const char *
alter_text(struct clone *clone, const struct clone_copy *copy, const char *column, const char *policy)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_add_text(&text, "ALTER TABLE ");
  clone_add_copy_name(clone, &text, copy);
  if (column) {
    buf_add_text(&text, " ALTER COLUMN ");
    sql_add_name(&text, column);
  }
  buf_addf(&text, " %s %s%s%s", policy ? "SET" : "DROP", column ? "MASK" : "ROW FILTER", policy ? " " : "",
           policy ? policy : "");
  return arena_strdup(clone->plan->arena, text.data);
}

/* One after the other: each is a change of the same table. */
static void
add_guard(struct clone *clone, struct clone_copy *copy, const char *column, const char *json,
          const char *json_there)
{
  const char *parts[3] = {NULL, NULL, NULL}, *wanted = wanted_text(clone, json, !column, parts);
  const char *present = clone_policy_text(clone, json_there, !column);
  size_t step;

  if (!wanted) {
    /* Unprotected it must not be filled. */
    copy->guard = plan_add_refusal(clone->plan, copy->object, PLAN_REFUSED, NULL,
                                   "the service does not say which function its filter or mask is");
    return;
  }
  if (str_eq(wanted, present)) return;
  step = clone_add_detail(clone, copy, column ? "mask column" : "filter rows",
                          alter_text(clone, copy, column, wanted), alter_text(clone, copy, column, present));
  wait_for_function(clone, step, parts);
  if (copy->guard != CLONE_NO_STEP) plan_add_order(clone->plan, step, copy->guard);
  copy->guard = step;
}

static void
add_guards(struct clone *clone, struct clone_copy *copy)
{
  const struct model_table *table = copy->table;

  if (table->row_filter)
    add_guard(clone, copy, NULL, table->row_filter, copy->there ? copy->there->row_filter : NULL);
  for (uint32_t i = 0; i < table->column_count; i++)
    if (table->columns[i].mask)
      add_guard(clone, copy, table->columns[i].name, table->columns[i].mask,
                mask_of(copy->there, table->columns[i].name));
}

static void
add_rows(struct clone *clone, struct clone_copy *copy)
{
  const struct model_schema *schema = model_find_schema(clone->source, copy->schema);

  clone_add_rows(clone, copy->object, schema, copy->table,
                 copy->guard != CLONE_NO_STEP ? copy->guard : copy->made);
}

void
clone_add_security(struct clone *clone)
{
  VEC_EACH (&clone->copies, copy) {
    bool guarded;

    if (!copy->table || model_is_view(copy->table) || !model_is_protected(copy->table)) continue;
    guarded = clone_is_guarded(clone, copy->table, copy->there);
    if (clone->options.security) add_guards(clone, copy);
    if (!guarded && !clone->options.schema_only) add_rows(clone, copy);
  }
}
