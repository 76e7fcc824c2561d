/* SPDX-License-Identifier: Apache-2.0 */
/* Materialized views and streaming tables, which no CLONE takes: made anew from their query, on request. They
 * are filled by the service, from the copies of what they read. Schedules of refreshes are in no listing, so
 * they are not copied.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-materialized-view.html
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-streaming-table.html */
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/quote.h"
#include "kit/sqltext/rewrite.h"

#include "base/banned.h"

bool
clone_is_refilled(const struct clone *clone, const struct model_table *table)
{
  return (str_eq(table->type, "MATERIALIZED_VIEW") && clone->options.materialized_views) ||
         (str_eq(table->type, "STREAMING_TABLE") && clone->options.streaming_tables);
}

static void
add_columns(const struct clone *clone, struct buf *text, const struct model_table *table)
{
  bool listed = false;

  for (uint32_t i = 0; i < table->column_count; i++)
    listed = listed || (table->columns[i].comment && clone->options.comments);
  for (uint32_t i = 0; listed && i < table->column_count; i++) {
    buf_add_text(text, i ? ", " : " (");
    sql_add_name(text, table->columns[i].name);
    if (!table->columns[i].type_text) continue;
    buf_addf(text, " %s", table->columns[i].type_text);
    if (!table->columns[i].comment) continue;
    buf_add_text(text, " COMMENT ");
    sql_add_literal(text, table->columns[i].comment);
  }
  if (listed) buf_add_char(text, ')');
}

static const char *
create_text(struct clone *clone, const char *create, const struct clone_routine *routine, const char *query)
{
  const struct model_table *table = routine->view;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_addf(&text, "%s ", create);
  clone_add_name(&text, clone->options.dest, routine->schema->item.name, table->item.name);
  add_columns(clone, &text, table);
  if (table->item.comment && clone->options.comments) {
    buf_add_text(&text, " COMMENT ");
    sql_add_literal(&text, table->item.comment);
  }
  buf_addf(&text, " AS %s", query);
  return arena_strdup(clone->plan->arena, text.data);
}

/* What is there already decides: NULL to go on, else why not, or (SAME) nothing to do. */
static const char *
there_problem(struct clone *clone, const struct model_table *table, const struct model_table *there,
              const char *query, bool *same)
{
  *same = there && str_eq(there->type, table->type) && str_eq_trimmed(there->view_definition, query);
  if (!there || *same) return NULL;
  return clxs_textf(clone->call,
                    str_eq(there->type, table->type)
                        ? "the destination has a %s of this name with another query; drop it, or rename it"
                        : "the destination has a %s of this name; drop or rename it",
                    there->type);
}

size_t
clone_add_refilled(struct clone *clone, const struct clone_routine *routine, size_t schema_step)
{
  const struct model_table *table = routine->view, *there;
  const char *schema = routine->schema->item.name, *problem;
  bool view = str_eq(table->type, "MATERIALIZED_VIEW"), same;
  size_t object = clone_add_object(clone, "table", schema, table->item.name), index;
  struct sqltext_result query;
  struct plan_step *step;

  if (routine->refusal) return plan_add_refusal(clone->plan, object, PLAN_SKIPPED, NULL, routine->refusal);
  there = model_find_table(clone_dest_schema(clone, routine->schema), table->item.name);
  sqltext_rewrite(clone->plan->arena, table->view_definition, strlen(table->view_definition), SQLTEXT_SQL,
                  clone->source->item.name, clone->options.dest, 0, &query);
  clone_add_reports(clone, "table", schema, table->item.name, &query);
  problem = there_problem(clone, table, there, query.text, &same);
  if (problem)
    return plan_add_refusal(clone->plan, object, PLAN_REFUSED, "TABLE_OR_VIEW_ALREADY_EXISTS", problem);
  clone->plan->objects.at[object].note =
      same ? "it was there already, and the same" : "made anew from its query; it has no schedule";
  if (same) return CLONE_NO_STEP;
  index = clone_add_sql(
      clone, object, view ? "create materialized view" : "create streaming table",
      create_text(clone, view ? "CREATE MATERIALIZED VIEW" : "CREATE STREAMING TABLE", routine, query.text),
      PLAN_TRY_LATE, schema_step);
  clone_set_namespace(clone, routine, index);
  step = plan_step(clone->plan, index);
  step->undo.prior = PLAN_PRIOR_ABSENT;
  step->check.how = PLAN_CHECK_PRESENT;
  step->check.path = clone_object_path(clone, "tables", schema, table->item.name);
  return index;
}
