/* SPDX-License-Identifier: Apache-2.0 */
/* One function, rebuilt from what the functions API says of it, since DESCRIBE FUNCTION gives no DDL.
 * https://docs.databricks.com/api/workspace/functions/get and
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-sql-function.html */
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"
#include "kit/plan/record.h"
#include "kit/sqltext/quote.h"
#include "kit/sqltext/rewrite.h"
#include "kit/sqltext/token.h"

#include "base/banned.h"

/* Where a function's texts go: FROM is rewritten to TO; the same name twice leaves them as they are. */
struct move {
  struct clone *clone;
  const char *from, *to;
  const char *schema, *name; /* for reports; NULL schema: report nothing */
};

static bool
is_python(const struct model_function *function)
{
  return str_ieq(function->language, "PYTHON");
}

static bool
is_sql(const struct model_function *function)
{
  return function->language ? str_ieq(function->language, "SQL") : !str_ieq(function->body, "EXTERNAL");
}

static const char *
moved(const struct move *move, const char *text, enum sqltext_language language)
{
  struct sqltext_result result;

  if (str_eq(move->from, move->to)) return text;
  sqltext_rewrite(move->clone->plan->arena, text, strlen(text), language, move->from, move->to, 0, &result);
  if (move->schema) clone_add_reports(move->clone, "function", move->schema, move->name, &result);
  return result.text;
}

#define RETURN "RETURN "

const char *
clone_function_text(struct arena *arena, const struct model_function *function)
{
  struct sql_tokens tokens;
  size_t first;

  if (is_python(function) || !function->definition) return function->definition;
  sql_tokens_read(arena, function->definition, strlen(function->definition), &tokens);
  first = sql_tokens_skip(&tokens, 0);
  if (sql_token_is(&tokens, first, "RETURN") || sql_token_is(&tokens, first, "BEGIN"))
    return function->definition;
  return arena_printf(arena, RETURN "%s", function->definition);
}

/* An expression means nothing by itself to who reads statements. */
static const char *
moved_expression(const struct move *move, const char *text)
{
  return moved(move, arena_printf(move->clone->plan->arena, RETURN "%s", text), SQLTEXT_SQL) + strlen(RETURN);
}

static void
add_parameter(struct buf *text, const struct move *move, const struct model_parameter *parameter)
{
  sql_add_name(text, parameter->name ? parameter->name : "");
  buf_addf(text, " %s", parameter->type_text ? parameter->type_text : "STRING");
  if (parameter->default_value)
    buf_addf(text, " DEFAULT %s", moved_expression(move, parameter->default_value));
  if (!parameter->comment || !move->clone->options.comments) return;
  buf_add_text(text, " COMMENT ");
  sql_add_literal(text, parameter->comment);
}

static void
add_parameters(struct buf *text, const struct move *move, const struct model_parameter *parameters,
               uint32_t count)
{
  buf_add_char(text, '(');
  for (uint32_t i = 0; i < count; i++) {
    if (i) buf_add_text(text, ", ");
    add_parameter(text, move, &parameters[i]);
  }
  buf_add_char(text, ')');
}

static void
add_returns(struct buf *text, const struct move *move, const struct model_function *function)
{
  if (str_ieq(function->data_type, "TABLE_TYPE") || function->return_count) {
    buf_add_text(text, function->return_count ? " RETURNS TABLE " : " RETURNS TABLE");
    if (function->return_count) add_parameters(text, move, function->returns, function->return_count);
  } else if (function->full_data_type) {
    buf_addf(text, " RETURNS %s", function->full_data_type);
  } else if (function->data_type) {
    buf_addf(text, " RETURNS %s", function->data_type);
  }
}

/* $$body$$, with a tag where the body holds $$ itself. */
static void
add_dollar_body(struct buf *text, const char *body)
{
  char tag[32] = "$$";

  for (unsigned i = 0; strstr(body, tag); i++)
    snprintf(tag, sizeof tag, "$clxs%u$", i);
  buf_addf(text, " AS %s%s%s", tag, body, tag);
}

static void
add_create(struct buf *text, const struct move *move, const char *schema,
           const struct model_function *function)
{
  const char *body;

  buf_add_text(text, "CREATE OR REPLACE FUNCTION ");
  clone_add_name(text, move->to, schema, function->item.name);
  add_parameters(text, move, function->parameters, function->parameter_count);
  add_returns(text, move, function);
  if (is_python(function)) {
    buf_add_text(text, " LANGUAGE PYTHON");
    if (function->deterministic == 1) buf_add_text(text, " DETERMINISTIC");
    if (function->deterministic == 0) buf_add_text(text, " NOT DETERMINISTIC");
  }
  if (function->item.comment && move->clone->options.comments) {
    buf_add_text(text, " COMMENT ");
    sql_add_literal(text, function->item.comment);
  }
  body = clone_function_text(move->clone->plan->arena, function);
  if (is_python(function))
    add_dollar_body(text, moved(move, body, SQLTEXT_PYTHON));
  else
    buf_addf(text, " %s", moved(move, body, SQLTEXT_SQL));
}

/* What CREATE would make of the one that is there; NULL when its text is hidden. */
static const char *
create_of_dest(struct clone *clone, const char *schema, const struct model_function *there)
{
  struct move stay = {clone, clone->options.dest, clone->options.dest, NULL, NULL};
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  if (!there || !there->definition) return NULL;
  add_create(&text, &stay, schema, there);
  return arena_strdup(clone->plan->arena, text.data);
}

static void
set_undo(struct clone *clone, struct plan_step *step, const char *schema, const struct model_function *there,
         const char *before)
{
  CLEANUP_BUF struct buf data = BUF_INIT(BUF_SQL);

  step->undo.prior = !there ? PLAN_PRIOR_ABSENT : before ? PLAN_PRIOR_KNOWN : PLAN_PRIOR_UNKNOWN;
  if (!before) return;
  buf_add_text(&data, "{\"statement\":");
  buf_add_json(&data, before);
  record_add_text(&data, "routine_definition", there->definition);
  /* Replacing it once more takes away what was granted. */
  buf_add_text(&data, ",\"alter\":[");
  buf_add_json(&data, before);
  clone_add_old_details(clone, &data, "function", schema, there->item.name);
  buf_add_text(&data, "]}");
  step->undo.data = arena_strdup(clone->plan->arena, data.data);
}

/* Look for the body that the service will tell, in the form in which it tells the source's. */
static void
set_check(struct clone *clone, struct plan_step *step, const struct clone_routine *routine)
{
  const struct model_function *function = routine->function;
  const struct move quiet = {clone, clone->source->item.name, clone->options.dest, NULL, NULL};
  const char *text = function->definition;
  bool expression = clone_function_text(clone->plan->arena, function) != text;

  step->check = (struct plan_check){.how = PLAN_CHECK_EQUALS, .field = "routine_definition"};
  step->check.value =
      arena_strdup(clone->plan->arena,
                   expression ? moved_expression(&quiet, text)
                              : moved(&quiet, text, is_python(function) ? SQLTEXT_PYTHON : SQLTEXT_SQL));
  step->check.path = clone_object_path(clone, "functions", routine->schema->item.name, function->item.name);
}

size_t
clone_add_function(struct clone *clone, const struct clone_routine *routine, size_t schema_step)
{
  const struct model_function *function = routine->function, *there;
  const char *schema = routine->schema->item.name, *before;
  size_t object = clone_add_object(clone, "function", schema, function->item.name), index;
  struct move move = {clone, clone->source->item.name, clone->options.dest, schema, function->item.name};
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  struct plan_step *step;

  if (!is_python(function) && !is_sql(function))
    return plan_add_refusal(
        clone->plan, object, PLAN_SKIPPED, NULL,
        clxs_textf(clone->call, "a function in %s cannot be rebuilt from what the service tells",
                   function->language ? function->language : "a language that is not named"));
  if (routine->refusal)
    return plan_add_refusal(clone->plan, object, PLAN_REFUSED, routine->refusal_class, routine->refusal);
  there = model_find_function(clone_dest_schema(clone, routine->schema), function->item.name);
  before = create_of_dest(clone, schema, there);
  add_create(&text, &move, schema, function);
  if (str_eq(before, text.data)) {
    clone->plan->objects.at[object].note = "it was there already, and the same";
    return CLONE_NO_STEP;
  }
  index = clone_add_sql(clone, object, "create function", text.data, PLAN_IDEMPOTENT | PLAN_TRY_LATE,
                        schema_step);
  step = plan_step(clone->plan, index);
  clone_set_namespace(clone, routine, index);
  set_check(clone, step, routine);
  set_undo(clone, step, schema, there, before);
  return index;
}
