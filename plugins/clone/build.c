/* SPDX-License-Identifier: Apache-2.0 */
/* From two catalogs in memory to a plan. The order of the calls below is the order of the plan:
 *   catalog -> schemas -> tables -> functions and views -> volumes.
 * Nothing waits for a whole group: a table waits for its schema, a view for what its text names. What later
 * goes onto copied objects hangs behind each object's own last step (clone_steps): tags, comments and
 * properties, then constraints, then filters and masks, then grants, and the owner last, so that nobody can
 * read an unprotected copy. */
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/quote.h"
#include "kit/sqltext/rewrite.h"

#include "base/banned.h"

#define API "/api/2.1/unity-catalog/"

void
clone_add_name(struct buf *buf, const char *catalog, const char *schema, const char *name)
{
  const char *const parts[] = {catalog, schema, name};

  sql_add_names(buf, parts, name ? 3 : schema ? 2 : 1);
}

const char *
clone_path(struct clone *clone, const char *catalog, const char *collection, const char *schema,
           const char *name)
{
  CLEANUP_BUF struct buf path = BUF_INIT(BUF_SQL);

  buf_addf(&path, API "%s/", collection);
  buf_add_url(&path, catalog);
  if (schema) buf_add_char(&path, '.'), buf_add_url(&path, schema);
  if (name) buf_add_char(&path, '.'), buf_add_url(&path, name);
  return arena_strdup(clone->plan->arena, path.data);
}

const char *
clone_object_path(struct clone *clone, const char *collection, const char *schema, const char *name)
{
  return clone_path(clone, clone->options.dest, collection, schema, name);
}

size_t
clone_add_object(struct clone *clone, const char *kind, const char *schema, const char *name)
{
  const char *names[] = {clone->options.dest, schema, name};
  const char *label = clxs_textf(clone->call, "%s%s%s%s%s", clone->source->item.name, schema ? "." : "",
                                 schema ? schema : "", name ? "." : "", name ? name : "");

  return plan_add_object(clone->plan, kind, names, name ? 3 : schema ? 2 : 1, label);
}

size_t
clone_add_sql(struct clone *clone, size_t object, const char *action, const char *text, uint32_t flags,
              size_t schema_step)
{
  size_t index = plan_add_step(clone->plan, object, action);
  struct plan_step *step = plan_step(clone->plan, index);

  step->via = PLAN_SQL;
  step->flags = flags;
  step->text = arena_strdup(clone->plan->arena, text);
  if (schema_step != CLONE_NO_STEP) plan_add_order(clone->plan, index, schema_step);
  return index;
}

const struct model_schema *
clone_dest_schema(const struct clone *clone, const struct model_schema *schema)
{
  return model_find_schema(clone->dest, schema->item.name);
}

void
clone_add_reports(struct clone *clone, const char *kind, const char *schema, const char *name,
                  const struct sqltext_result *result)
{
  for (size_t i = 0; i < result->report_count; i++) {
    const struct sqltext_report *report = &result->reports[i];

    plan_add_warning(clone->plan,
                     clxs_textf(clone->call, "%s %s.%s, line %u, column %u: %s: %s", kind, schema, name,
                                report->line, report->column, report->text, report->reason));
  }
}

/* COMMENT costs no statement of its own where the object is made. */
static size_t
add_container(struct clone *clone, const char *kind, const char *schema, const char *location,
              const char *comment, size_t after)
{
  bool catalog = !schema;
  size_t object = clone_add_object(clone, kind, schema, NULL), index;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  struct plan_step *step;

  buf_addf(&text, "CREATE %s IF NOT EXISTS ", catalog ? "CATALOG" : "SCHEMA");
  clone_add_name(&text, clone->options.dest, schema, NULL);
  if (location) {
    buf_add_text(&text, " MANAGED LOCATION ");
    sql_add_literal(&text, location);
  }
  if (comment && clone->options.comments) {
    buf_add_text(&text, " COMMENT ");
    sql_add_literal(&text, comment);
  }
  index = clone_add_sql(clone, object, catalog ? "create catalog" : "create schema", text.data,
                        PLAN_IDEMPOTENT, after);
  step = plan_step(clone->plan, index);
  step->undo.prior = PLAN_PRIOR_ABSENT;
  step->check.how = PLAN_CHECK_PRESENT;
  step->check.path = clone_object_path(clone, catalog ? "catalogs" : "schemas", schema, NULL);
  return index;
}

static size_t
add_schema(struct clone *clone, const struct model_schema *schema)
{
  size_t object;

  if (!clone_dest_schema(clone, schema))
    return add_container(clone, "schema", schema->item.name, NULL, schema->item.comment, clone->catalog_step);
  object = clone_add_object(clone, "schema", schema->item.name, NULL);
  clone->plan->objects.at[object].note = "it was there already";
  return CLONE_NO_STEP;
}

static void
add_routine(struct clone *clone, const struct model_schema *schema, const struct model_table *view,
            const struct model_function *function, size_t *step)
{
  struct clone_routine *routine = VEC_ADD(&clone->routines);

  *routine = (struct clone_routine){.schema = schema, .view = view, .function = function, .step = step};
  if (view ? view->view_definition != NULL : function->definition != NULL) return;
  routine->refusal_class = "INSUFFICIENT_PERMISSIONS";
  routine->refusal =
      view ? "its text is hidden from you; only the owner of a view can read it, so ask the owner, or become "
             "it"
           : "its text is hidden from you; only the owner of a function can read it, so ask the owner, or "
             "become it";
}

static void
collect(struct clone *clone, const struct model_schema *schema, struct clone_steps *steps)
{
  for (size_t i = 0; i < schema->tables.count; i++) {
    const struct model_table *table = &schema->tables.at[i];

    steps->tables[i] = CLONE_NO_STEP;
    if (!clone_is_chosen(clone, table->item.name)) continue;
    if (model_is_view(table))
      add_routine(clone, schema, table, NULL, &steps->tables[i]);
    else
      steps->tables[i] = clone_add_table(clone, schema, table, steps->schema);
  }
  for (size_t i = 0; i < schema->functions.count; i++) {
    steps->functions[i] = CLONE_NO_STEP;
    if (clone_is_chosen(clone, schema->functions.at[i].item.name))
      add_routine(clone, schema, NULL, &schema->functions.at[i], &steps->functions[i]);
  }
}

/* In this order, so that nobody is let in before the copy is protected. */
static void
add_details(struct clone *clone)
{
  if (clone->options.comments) clone_add_comments(clone);
  if (clone->options.constraints) clone_add_constraints(clone);
  if (clone->options.tags) clone_add_tags(clone);
  if (clone->options.properties) clone_add_properties(clone);
  clone_add_security(clone);
  if (clone->options.permissions) clone_add_grants(clone);
}

clxs_status
clone_build_plan(struct clone *clone)
{
  clxs_status status = CLXS_OK;
  struct arena *arena;
  size_t count = clone->source->schemas.count;

  clone->plan = plan_new();
  arena = clone->plan->arena;
  clone->steps = arena_array(arena, count + 1, sizeof *clone->steps);
  clone->catalog_step = CLONE_NO_STEP;
  if (!clone->dest)
    clone->catalog_step = add_container(clone, "catalog", NULL, clone->options.location,
                                        clone->source->item.comment, CLONE_NO_STEP);
  for (size_t i = 0; i < count; i++)
    clone->steps[i].schema = add_schema(clone, &clone->source->schemas.at[i]);
  for (size_t i = 0; i < count; i++) {
    const struct model_schema *schema = &clone->source->schemas.at[i];

    clone->steps[i].tables = arena_array(arena, schema->tables.count + 1, sizeof(size_t));
    clone->steps[i].functions = arena_array(arena, schema->functions.count + 1, sizeof(size_t));
    collect(clone, schema, &clone->steps[i]);
  }
  clone_add_routines(clone);
  for (size_t i = 0; i < count; i++)
    VEC_EACH (&clone->source->schemas.at[i].volumes, volume)
      clone_add_volume(clone, &clone->source->schemas.at[i], volume, clone->steps[i].schema);
  clone_collect_copies(clone);
  if (clone->options.copy_files) status = clone_add_files(clone);
  if (status < 0) return status;
  if (clone->options.permissions) status = clone_read_grants(clone);
  if (status < 0) return status;
  add_details(clone);
  plan_hold_dependents(clone->plan);
  return clone->options.ownership ? clone_add_owners(clone) : CLXS_OK;
}
