/* SPDX-License-Identifier: Apache-2.0 */
/* One view. CREATE OR REPLACE would drop its grants and its identity, so a view that is there is changed by
 * ALTER VIEW; what ALTER VIEW forgets (comments of columns) is said again. The statement is sent with the
 * namespace that the view was made in, so that unqualified names mean what they meant.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-view.html */
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"
#include "kit/plan/record.h"
#include "kit/sqltext/quote.h"
#include "kit/sqltext/rewrite.h"

#include "base/banned.h"

static void
add_column_list(struct buf *text, const struct model_table *view, bool comments)
{
  for (uint32_t i = 0; i < view->column_count; i++) {
    buf_add_text(text, i ? ", " : " (");
    sql_add_name(text, view->columns[i].name);
    if (!view->columns[i].comment || !comments) continue;
    buf_add_text(text, " COMMENT ");
    sql_add_literal(text, view->columns[i].comment);
  }
  if (view->column_count) buf_add_char(text, ')');
}

static bool
has_column_comments(const struct model_table *view)
{
  for (uint32_t i = 0; i < view->column_count; i++)
    if (view->columns[i].comment) return true;
  return false;
}

/* BINDING, COMPENSATION, TYPE EVOLUTION or EVOLUTION; NULL when it is not said. */
static const char *
schema_mode(const struct model_table *view)
{
  static const char *const modes[] = {"BINDING", "COMPENSATION", "TYPE EVOLUTION", "EVOLUTION"};
  const char *mode = model_property(view, "view.schemaMode");

  for (size_t i = 0; mode && i < ARRAY_SIZE(modes); i++)
    if (str_ieq(mode, modes[i])) return modes[i];
  return NULL;
}

/* CREATE [OR REPLACE] VIEW for QUERY with everything else of VIEW. */
static void
add_create(struct clone *clone, struct buf *text, const char *create, const char *schema,
           const struct model_table *view, const char *query)
{
  const char *mode = schema_mode(view);
  /* A view that follows its query's columns has no list of its own. */
  bool follows = str_eq(mode, "EVOLUTION"), comments = clone->options.comments;

  buf_addf(text, "%s ", create);
  clone_add_name(text, clone->options.dest, schema, view->item.name);
  if (!follows && ((comments && has_column_comments(view)) ||
                   clone_compare_columns(clone->plan->arena, view) != CLONE_COLUMNS_EQUAL))
    add_column_list(text, view, comments);
  if (view->item.comment && comments) {
    buf_add_text(text, " COMMENT ");
    sql_add_literal(text, view->item.comment);
  }
  if (mode) buf_addf(text, " WITH SCHEMA %s", mode);
  buf_addf(text, " AS %s", query);
}

/* Text and columns are as they should be. */
static bool
is_same(const struct clone *clone, const struct model_table *there, const struct model_table *view,
        const char *query)
{
  if (!str_eq(there->view_definition, query) || there->column_count != view->column_count) return false;
  for (uint32_t i = 0; i < view->column_count; i++)
    if (!str_eq(there->columns[i].name, view->columns[i].name) ||
        (clone->options.comments && !str_eq(there->columns[i].comment, view->columns[i].comment)))
      return false;
  return true;
}

static void
add_column_comment(struct buf *text, const char *catalog, const char *schema, const struct model_table *view,
                   uint32_t column)
{
  buf_add_text(text, "COMMENT ON COLUMN ");
  clone_add_name(text, catalog, schema, view->item.name);
  buf_add_char(text, '.');
  sql_add_name(text, view->columns[column].name);
  buf_add_text(text, " IS ");
  sql_add_literal(text, view->columns[column].comment);
}

/* The view that is THERE as statements that leave what its text does not say: its grants. ALTER VIEW keeps
 * them; where the run or the way back replaces the view, they are said again. */
static void
add_alter(struct clone *clone, struct buf *data, const char *schema, const struct model_table *there,
          const char *create, bool replaced)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_add_text(data, ",\"alter\":[");
  if (replaced || clone_compare_columns(clone->plan->arena, there) == CLONE_COLUMNS_DIFFER) {
    buf_add_json(data, create);
    clone_add_old_details(clone, data, "view", schema, there->item.name);
    buf_add_char(data, ']');
    return;
  }
  buf_add_text(&text, "ALTER VIEW ");
  clone_add_name(&text, clone->options.dest, schema, there->item.name);
  buf_addf(&text, " AS %s", there->view_definition);
  buf_add_json(data, text.data);
  for (uint32_t i = 0; i < there->column_count; i++) {
    if (!there->columns[i].comment) continue;
    buf_reset(&text);
    add_column_comment(&text, clone->options.dest, schema, there, i);
    buf_add_char(data, ',');
    buf_add_json(data, text.data);
  }
  buf_add_char(data, ']');
}

static void
set_undo(struct clone *clone, struct plan_step *step, const char *schema, const struct model_table *there,
         bool replaced)
{
  CLEANUP_BUF struct buf data = BUF_INIT(BUF_SQL), text = BUF_INIT(BUF_SQL);

  if (!there) {
    step->undo.prior = PLAN_PRIOR_ABSENT;
    return;
  }
  if (!there->view_definition) return;
  add_create(clone, &text, "CREATE OR REPLACE VIEW", schema, there, there->view_definition);
  buf_add_text(&data, "{\"view_definition\":");
  buf_add_json(&data, there->view_definition);
  record_add_text(&data, "statement", text.data);
  add_alter(clone, &data, schema, there, text.data, replaced);
  buf_add_char(&data, '}');
  step->undo.prior = PLAN_PRIOR_KNOWN;
  step->undo.data = arena_strdup(clone->plan->arena, data.data);
}

static size_t
add_view_step(struct clone *clone, size_t object, const struct clone_routine *routine, const char *action,
              const char *text, uint32_t flags, const char *query, size_t schema_step)
{
  size_t index = clone_add_sql(clone, object, action, text, flags, schema_step);
  struct plan_step *step = plan_step(clone->plan, index);

  clone_set_namespace(clone, routine, index);
  step->check = (struct plan_check){.how = PLAN_CHECK_EQUALS, .field = "view_definition"};
  step->check.value = arena_strdup(clone->plan->arena, query);
  step->check.path = clone_object_path(clone, "tables", routine->schema->item.name, routine->view->item.name);
  return index;
}

/* ALTER VIEW AS takes the comments of the columns away. */
static size_t
add_column_comments(struct clone *clone, size_t object, const struct clone_routine *routine,
                    const struct model_table *there, size_t after)
{
  /* Without comments the view keeps those that it has. */
  const struct model_table *view = clone->options.comments ? routine->view : there;

  for (uint32_t i = 0; i < view->column_count; i++) {
    CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
    size_t index;

    if (!view->columns[i].comment) continue;
    add_column_comment(&text, clone->options.dest, routine->schema->item.name, view, i);
    index = clone_add_sql(clone, object, "comment on column", text.data, PLAN_IDEMPOTENT, CLONE_NO_STEP);
    plan_add_order(clone->plan, index, after);
    /* What brings the view's text back brings its comments, too. */
    plan_step(clone->plan, index)->undo = (struct plan_undo){PLAN_PRIOR_KNOWN, "{}"};
  }
  return after;
}

static size_t
add_change(struct clone *clone, size_t object, const struct clone_routine *routine,
           const struct model_table *there, const char *query, size_t schema_step)
{
  const char *schema = routine->schema->item.name;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  bool names_lost = clone_compare_columns(clone->plan->arena, routine->view) == CLONE_COLUMNS_DIFFER;
  size_t index;

  if (names_lost) {
    add_create(clone, &text, "CREATE OR REPLACE VIEW", schema, routine->view, query);
    plan_add_warning(clone->plan,
                     clxs_textf(clone->call, "view %s.%s names its columns itself, so it is replaced", schema,
                                routine->view->item.name));
  } else {
    buf_add_text(&text, "ALTER VIEW ");
    clone_add_name(&text, clone->options.dest, schema, routine->view->item.name);
    buf_addf(&text, " AS %s", query);
  }
  index = add_view_step(clone, object, routine, names_lost ? "replace view" : "change view", text.data,
                        PLAN_IDEMPOTENT | PLAN_TRY_LATE, query, schema_step);
  set_undo(clone, plan_step(clone->plan, index), schema, there, names_lost);
  return names_lost ? index : add_column_comments(clone, object, routine, there, index);
}

size_t
clone_add_view(struct clone *clone, const struct clone_routine *routine, size_t schema_step)
{
  const struct model_table *view = routine->view, *there;
  const char *schema = routine->schema->item.name;
  size_t object = clone_add_object(clone, "view", schema, view->item.name), index;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  struct sqltext_result query;

  if (routine->refusal)
    return plan_add_refusal(clone->plan, object, PLAN_REFUSED, routine->refusal_class, routine->refusal);
  there = model_find_table(clone_dest_schema(clone, routine->schema), view->item.name);
  if (there && !model_is_view(there))
    return plan_add_refusal(clone->plan, object, PLAN_REFUSED, "EXPECT_VIEW_NOT_TABLE",
                            clxs_textf(clone->call,
                                       "the destination has a %s of this name; drop or rename it",
                                       there->type ? there->type : "table"));
  sqltext_rewrite(clone->plan->arena, view->view_definition, strlen(view->view_definition), SQLTEXT_SQL,
                  clone->source->item.name, clone->options.dest, 0, &query);
  clone_add_reports(clone, "view", schema, view->item.name, &query);
  if (there && is_same(clone, there, view, query.text)) {
    clone->plan->objects.at[object].note = "it was there already, and the same";
    return CLONE_NO_STEP;
  }
  if (there) return add_change(clone, object, routine, there, query.text, schema_step);
  add_create(clone, &text, "CREATE VIEW", schema, view, query.text);
  index =
      add_view_step(clone, object, routine, "create view", text.data, PLAN_TRY_LATE, query.text, schema_step);
  set_undo(clone, plan_step(clone->plan, index), schema, NULL, false);
  return index;
}
