/* SPDX-License-Identifier: Apache-2.0 */
/* A table whose copy cannot be a CLONE, because not all of its rows are wanted, or none, or because a row
 * filter or a mask protects it: made by CREATE TABLE and filled from a SELECT. What that SELECT gives is all
 * that ever reaches the destination. It must not know how a definition is written. */
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"
#include "kit/rows/rows.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

bool
clone_is_made(const struct clone *clone, const struct model_schema *schema, const struct model_table *table)
{
  return clone->options.schema_only || model_is_protected(table) ||
         clone_fact(clone, schema, table)->masked ||
         rows_condition(&clone->rows, schema->item.name, table->item.name);
}

const char *
clone_making_problem(const struct clone *clone, const struct model_schema *schema,
                     const struct model_table *table)
{
  bool masked = clone_fact(clone, schema, table)->masked && !clone->options.schema_only;

  if (!clone_is_made(clone, schema, table)) return NULL;
  for (uint32_t i = 0; i < table->column_count; i++) {
    const struct model_column *column = &table->columns[i];
    const char *text = NULL, *problem = NULL;

    if (!column->type_text)
      return clxs_textf(clone->call, "the service does not say of which type column %s is", column->name);
    if (masked)
      masks_column(&clone->masks, clone->source->arena, schema->item.name, table, column, &text, &problem);
    if (problem) return problem;
    if (text && clone_column_is_computed(column))
      return clxs_textf(clone->call,
                        "column %s is to be masked, but the copy computes it from other columns: mask those "
                        "instead",
                        column->name);
  }
  return NULL;
}

/* COLUMN in the query, hidden where a rule says so. */
static void
add_column(struct clone *clone, struct buf *text, const struct model_schema *schema,
           const struct model_table *table, const struct model_column *column)
{
  const char *masked = NULL, *problem = NULL;

  if (clone_fact(clone, schema, table)->masked)
    masks_column(&clone->masks, clone->source->arena, schema->item.name, table, column, &masked, &problem);
  if (masked) buf_addf(text, "%s AS ", masked);
  sql_add_name(text, column->name);
}

/* The rows of TABLE as they shall be in the copy, for all columns that take values. LISTED: by their names,
 * although nothing is hidden. */
static const char *
select_text(struct clone *clone, const struct model_schema *schema, const struct model_table *table,
            bool listed, int64_t version)
{
  const char *const name[] = {clone->source->item.name, schema->item.name, table->item.name};
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  uint32_t found = 0;

  listed = listed || clone_fact(clone, schema, table)->masked;
  buf_add_text(&text, "SELECT ");
  for (uint32_t i = 0; listed && i < table->column_count; i++) {
    if (clone_column_is_computed(&table->columns[i])) continue;
    if (found++) buf_add_text(&text, ", ");
    add_column(clone, &text, schema, table, &table->columns[i]);
  }
  if (!found) buf_add_char(&text, '*');
  rows_add_from(&text, name, version, rows_condition(&clone->rows, schema->item.name, table->item.name));
  return arena_strdup(clone->source->arena, text.data);
}

uint64_t
clone_choice_of(struct clone *clone, const struct model_schema *schema, const struct model_table *table)
{
  const char *text = select_text(clone, schema, table, true, ROWS_NOW);

  return str_hash(text, strlen(text));
}

/* What the copy says of itself, or NULL. */
static const char *
copied_text(struct clone *clone, const struct model_schema *schema, const struct model_table *table)
{
  const char *const source[] = {clone->source->item.name, schema->item.name, table->item.name};
  const struct clone_fact *fact = clone_fact(clone, schema, table);

  return fact->recorded ? rows_copied_text(clone->plan->arena, source, fact->version, fact->choice) : NULL;
}

static struct clone_making
making_of(struct clone *clone, const struct model_schema *schema, const struct model_table *table)
{
  return (struct clone_making){.schema = schema->item.name,
                               .table = table,
                               .cluster = clone_fact(clone, schema, table)->cluster,
                               .copied = copied_text(clone, schema, table),
                               .rows = !clone->options.schema_only};
}

size_t
clone_add_rows(struct clone *clone, size_t object, const struct model_schema *schema,
               const struct model_table *table, size_t after)
{
  struct clone_making making = making_of(clone, schema, table);
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  size_t index;

  clone_add_fill(clone, &text, &making,
                 select_text(clone, schema, table, true, clone_fact(clone, schema, table)->version));
  index = clone_add_sql(clone, object, "copy rows", text.data, PLAN_IDEMPOTENT | PLAN_COPIES, CLONE_NO_STEP);
  plan_add_order(clone->plan, index, after);
  plan_step(clone->plan, index)->undo = (struct plan_undo){PLAN_PRIOR_KNOWN, "{}"};
  plan_step(clone->plan, index)->rank = clone_fact(clone, schema, table)->rank;
  return clone_add_closing(clone, object, &making, index);
}

static void
warn_protected(struct clone *clone, const struct model_schema *schema, const struct model_table *table)
{
  plan_add_warning(clone->plan,
                   clxs_textf(clone->call,
                              "table %s.%s is protected, so its copy has the rows and values that you may "
                              "see, and no history%s",
                              schema->item.name, table->item.name,
                              clone->options.security ? ""
                                                      : "; without --security nothing protects the "
                                                        "copy"));
}

static void
warn_unmasked(struct clone *clone, const struct model_schema *schema, const struct model_table *table)
{
  plan_add_warning(clone->plan,
                   clxs_textf(clone->call,
                              "table %s.%s was there already: what its earlier versions hold can still be "
                              "read by time travel, masked or not; --force-reclone drops it first",
                              schema->item.name, table->item.name));
}

static void
note_definition(struct clone *clone, size_t object)
{
  clone->plan->objects.at[object].note = "without rows";
}

size_t
clone_add_made(struct clone *clone, size_t object, const struct model_schema *schema,
               const struct model_table *table, const struct model_table *there, const char *location,
               size_t schema_step, size_t *last)
{
  struct clone_making making = making_of(clone, schema, table);
  bool later = model_is_protected(table) && !clone_is_guarded(clone, table, there);
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  size_t index;

  if (making.rows && !later && clone_select_is_faithful(clone, table))
    making.select = select_text(clone, schema, table, false, clone_fact(clone, schema, table)->version);
  making.location = location;
  clone_add_create(clone, &text, &making);
  index = clone_add_sql(clone, object, "create table", text.data,
                        making.select ? PLAN_IDEMPOTENT | PLAN_COPIES : PLAN_IDEMPOTENT, schema_step);
  *last = index;
  if (!making.rows) {
    note_definition(clone, object);
    return index;
  }
  if (model_is_protected(table)) warn_protected(clone, schema, table);
  if (there && clone_fact(clone, schema, table)->masked) warn_unmasked(clone, schema, table);
  if (making.select)
    *last = clone_add_closing(clone, object, &making, index);
  else if (!later)
    *last = clone_add_rows(clone, object, schema, table, index);
  return index;
}
