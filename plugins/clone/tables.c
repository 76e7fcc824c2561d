/* SPDX-License-Identifier: Apache-2.0 */
/* One table: a CLONE, and where its kind has to change a DROP before it that the plan shows.
 * https://docs.databricks.com/sql/language-manual/delta-clone.html */
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

#define TABLES "tables"

/* The copy gets a location of its own. */
static bool
stays_external(const struct clone *clone, const struct model_table *table)
{
  return clone->options.external && str_starts(table->type, "EXTERNAL");
}

/* The type that the copy will have. */
static const char *
wanted_type(const struct clone *clone, const struct model_schema *schema, const struct model_table *table)
{
  bool shallow = clone->options.shallow && !clone_is_made(clone, schema, table);

  if (stays_external(clone, table)) return shallow ? "EXTERNAL_SHALLOW_CLONE" : "EXTERNAL";
  return shallow ? "MANAGED_SHALLOW_CLONE" : "MANAGED";
}

/* Why a CLONE cannot replace what is there, or NULL. Views never can; tables only if they keep their kind. */
static const char *
replace_problem(const struct clone *clone, const struct model_schema *schema, const struct model_table *table,
                const struct model_table *there, bool *droppable)
{
  const char *wanted = wanted_type(clone, schema, table);

  *droppable = false;
  if (!there || str_eq(there->type, wanted)) return NULL;
  if (str_eq(there->type, "EXTERNAL") && !clone->options.shallow) return NULL;
  *droppable = str_ends(there->type, "_SHALLOW_CLONE") || str_eq(there->type, "MANAGED") ||
               str_eq(there->type, "EXTERNAL");
  if (!*droppable)
    return clxs_textf(clone->call, "the destination has a %s of this name; drop or rename it", there->type);
  return clxs_textf(
      clone->call,
      "the destination has a %s table of this name, which cannot become %s; drop it, or let clxs do so with "
      "--force-reclone",
      there->type, wanted);
}

static size_t
add_drop(struct clone *clone, size_t object, const struct model_schema *schema,
         const struct model_table *table, size_t schema_step)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  struct plan_step *step;
  size_t index;

  buf_add_text(&text, "DROP TABLE IF EXISTS ");
  clone_add_name(&text, clone->options.dest, schema->item.name, table->item.name);
  index = clone_add_sql(clone, object, "drop table", text.data, PLAN_IDEMPOTENT, schema_step);
  step = plan_step(clone->plan, index);
  step->check.how = PLAN_CHECK_GONE;
  step->check.path = clone_object_path(clone, TABLES, schema->item.name, table->item.name);
  return index;
}

/* A lost reply: what was absent is ours once it is there; what was there is ours once it has changed. */
static void
describe_prior(struct clone *clone, struct plan_step *step, const struct model_schema *schema,
               const struct model_table *table, const struct model_table *there)
{
  step->check.path = clone_object_path(clone, TABLES, schema->item.name, table->item.name);
  if (!there) {
    step->undo.prior = PLAN_PRIOR_ABSENT;
    step->check.how = PLAN_CHECK_PRESENT;
    return;
  }
  /* The version to go back to is not in any listing, so undoing has to find it out first. */
  step->undo.prior = PLAN_PRIOR_UNKNOWN;
  step->undo.data = arena_printf(clone->plan->arena, "{\"table_type\":\"%s\",\"updated_at\":%lld}",
                                 there->type, (long long)there->item.updated_at);
  if (!there->item.updated_at) return;
  step->check.how = PLAN_CHECK_ABOVE;
  step->check.field = "updated_at";
  step->check.value = arena_printf(clone->plan->arena, "%lld", (long long)there->item.updated_at);
}

static const char *
source_path(struct clone *clone, const struct model_schema *schema, const struct model_table *table)
{
  return clone_path(clone, clone->source->item.name, TABLES, schema->item.name, table->item.name);
}

static size_t
add_clone(struct clone *clone, size_t object, const struct model_schema *schema,
          const struct model_table *table, const char *location, size_t schema_step)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_add_text(&text, "CREATE OR REPLACE TABLE ");
  clone_add_name(&text, clone->options.dest, schema->item.name, table->item.name);
  buf_add_text(&text, clone->options.shallow ? " SHALLOW CLONE " : " DEEP CLONE ");
  clone_add_name(&text, clone->source->item.name, schema->item.name, table->item.name);
  rows_add_version(&text, clone_fact(clone, schema, table)->version);
  if (location) {
    buf_add_text(&text, " LOCATION ");
    sql_add_literal(&text, location);
  }
  return clone_add_sql(clone, object, "clone table", text.data,
                       PLAN_IDEMPOTENT | PLAN_LOOK_FIRST | PLAN_COPIES, schema_step);
}

/* Both define the same columns. */
static bool
same_columns(const struct model_table *a, const struct model_table *b)
{
  if (a->column_count != b->column_count) return false;
  for (uint32_t i = 0; i < a->column_count; i++) {
    const struct model_column *mine = &a->columns[i], *other = &b->columns[i];

    if (!utf8_ieq(mine->name, other->name) || !str_ieq(mine->type_text, other->type_text) ||
        mine->not_null != other->not_null || mine->partition_index != other->partition_index)
      return false;
  }
  return true;
}

bool
clone_may_be_current(const struct clone *clone, const struct model_schema *schema,
                     const struct model_table *table, const struct model_table *there)
{
  bool droppable;

  return there && same_columns(table, there) && !replace_problem(clone, schema, table, there, &droppable);
}

/* A definition takes the place of a table only where somebody has said so, for the rows of that are lost.
 * True when nothing has to be made; then *STEP is what clone_add_table returns. */
static bool
keep_definition(struct clone *clone, size_t object, const struct model_table *table,
                const struct model_table *there, size_t *step)
{
  *step = CLONE_NO_STEP;
  if (!clone->options.schema_only || !there || clone->options.force) return false;
  if (same_columns(table, there)) {
    clone->plan->objects.at[object].note = "it was there already; its rows stay";
    return true;
  }
  *step = plan_add_refusal(clone->plan, object, PLAN_REFUSED, "TABLE_OR_VIEW_ALREADY_EXISTS",
                           "the destination has a table of this name with other columns; drop it, or let "
                           "clxs replace it with --force-reclone, which loses its rows");
  return true;
}

/* Where the copy of an external table goes, or (with *PROBLEM) why it has no place; NULL for a managed one.
 */
static const char *
find_location(struct clone *clone, const struct model_schema *schema, const struct model_table *table,
              const struct model_table *there, const char **problem)
{
  const char *location;

  *problem = NULL;
  if (!stays_external(clone, table)) return NULL;
  location = clone_take_location(clone, "table", schema->item.name, table->item.name, problem);
  if (!location || !there || clone->options.force || !str_starts(there->type, "EXTERNAL")) return location;
  if (there->storage_location && !str_eq(there->storage_location, location))
    *problem =
        clxs_textf(clone->call,
                   "the destination has a table of this name at %s, not at %s; drop it, or let clxs do so "
                   "with --force-reclone",
                   there->storage_location, location);
  return location;
}

/* What stands in the way of a copy, as a step that says so; CLONE_NO_STEP when nothing does. */
static size_t
refuse(struct clone *clone, size_t object, const struct model_schema *schema, const struct model_table *table,
       const struct model_table *there, bool *drop)
{
  const char *problem = clone_rows_problem(clone, schema, table);
  bool droppable;

  *drop = false;
  if (problem)
    return plan_add_refusal(clone->plan, object,
                            clone_fact(clone, schema, table)->later ? PLAN_SKIPPED : PLAN_REFUSED, NULL,
                            problem);
  problem = replace_problem(clone, schema, table, there, &droppable);
  if (!problem) return CLONE_NO_STEP;
  *drop = droppable && clone->options.force;
  if (*drop) return CLONE_NO_STEP;
  return plan_add_refusal(clone->plan, object, PLAN_REFUSED,
                          droppable ? "INVALID_PARAMETER_VALUE.UPDATE_TABLE_TYPE" : "EXPECT_TABLE_NOT_VIEW",
                          problem);
}

static void
note_external(struct clone *clone, size_t object, const struct model_table *table, const char *location)
{
  if (location)
    clone->plan->objects.at[object].note = arena_printf(clone->plan->arena, "its files are at %s", location);
  else if (str_starts(table->type, "EXTERNAL") && !clone->options.shallow)
    clone->plan->objects.at[object].note = "the source is external; the copy is a managed table";
}

/* The steps that make the copy, the old one dropped first if DROP; the last of them. */
static size_t
add_copy(struct clone *clone, size_t object, const struct model_schema *schema,
         const struct model_table *table, const struct model_table *there, const char *location,
         size_t schema_step, size_t drop)
{
  bool dropped = drop != CLONE_NO_STEP;
  size_t index, last;
  struct plan_step *step;

  if (clone_is_made(clone, schema, table)) {
    index =
        clone_add_made(clone, object, schema, table, dropped ? NULL : there, location, schema_step, &last);
  } else {
    index = last = add_clone(clone, object, schema, table, location, schema_step);
  }
  step = plan_step(clone->plan, index);
  step->reads = source_path(clone, schema, table);
  step->rank = clone_fact(clone, schema, table)->rank;
  describe_prior(clone, step, schema, table, dropped ? NULL : there);
  if (!dropped) return last;
  plan_add_order(clone->plan, index, drop);
  plan_step(clone->plan, index)->undo.prior = PLAN_PRIOR_UNKNOWN;
  return last;
}

size_t
clone_add_table(struct clone *clone, const struct model_schema *schema, const struct model_table *table,
                size_t schema_step)
{
  size_t object = clone_add_object(clone, "table", schema->item.name, table->item.name);
  const struct model_table *there = model_find_table(clone_dest_schema(clone, schema), table->item.name);
  const char *problem = clone_table_problem(clone, table), *location;
  size_t index, drop = CLONE_NO_STEP;
  bool anew;

  if (problem) {
    bool fails = model_is_protected(table) && clone->options.protect == CLONE_PROTECTED_FAIL;

    index = plan_add_refusal(clone->plan, object, fails ? PLAN_REFUSED : PLAN_SKIPPED,
                             fails ? "ROW_COLUMN_ACCESS" : NULL, problem);
    /* Somebody made one over there: views that need it can be made. */
    return there ? CLONE_NO_STEP : index;
  }
  index = refuse(clone, object, schema, table, there, &anew);
  if (index != CLONE_NO_STEP || keep_definition(clone, object, table, there, &index)) return index;
  if (clone_fact(clone, schema, table)->current) {
    clone->plan->objects.at[object].note = "up to date: it holds the latest version of its source";
    return CLONE_NO_STEP;
  }
  location = find_location(clone, schema, table, there, &problem);
  if (problem)
    return plan_add_refusal(clone->plan, object, PLAN_REFUSED, "INVALID_PARAMETER_VALUE.LOCATION_OVERLAP",
                            problem);
  /* What must not be seen must not be left in earlier versions, either. */
  anew = anew || (there && clone->options.force && clone_fact(clone, schema, table)->masked);
  if (anew) drop = add_drop(clone, object, schema, table, schema_step);
  index = add_copy(clone, object, schema, table, there, location, schema_step, drop);
  note_external(clone, object, table, location);
  return index;
}
