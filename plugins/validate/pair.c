/* SPDX-License-Identifier: Apache-2.0 */
/* Both sides' sets of objects, laid beside each other. Nothing is counted here. */
#include "base/buf.h"
#include "base/str.h"
#include "kit/model/filter.h"
#include "validate.h"

#include "base/banned.h"

static struct item *
add_item(struct validation *validation, enum kind kind, const char *schema, const char *name,
         enum verdict verdict)
{
  struct item *item = VEC_ADD(&validation->items);

  *item = (struct item){.kind = kind, .schema = schema, .name = name, .verdict = verdict, .counts = NO_COUNT};
  return item;
}

/* What a person calls it: tables of every kind that CLONE makes are one. */
static const char *
table_noun(const struct model_table *table)
{
  if (model_is_view(table)) return "view";
  return table_problem(table) ? table->type : "table";
}

static enum kind
table_kind(const struct model_table *table)
{
  return model_is_view(table) || str_eq(table->type, "METRIC_VIEW") ? KIND_VIEW : KIND_TABLE;
}

/* The columns whose values are compared: all that nobody has hidden, in the source's order. Those that are
 * hidden, or cannot be said not to be, are listed. */
static void
choose_columns(struct validation *validation, struct item *item, const struct model_table *table,
               struct count_table *count)
{
  struct model_column *columns = arena_array(validation->arena, table->column_count, sizeof *columns);
  CLEANUP_BUF struct buf masked = BUF_INIT(BUF_LARGE);

  for (uint32_t i = 0; i < table->column_count; i++) {
    const struct model_column *column = &table->columns[i];
    const char *text, *problem;

    masks_column(&validation->masks, validation->arena, item->schema, table, column, &text, &problem);
    if (!text && !problem) {
      columns[count->column_count++] = *column;
      continue;
    }
    buf_add_char(&masked, masked.len ? ',' : '[');
    buf_add_json(&masked, column->name);
  }
  count->columns = columns;
  if (!masked.len) return;
  buf_add_char(&masked, ']');
  item->masked = arena_strdup(validation->arena, masked.data);
}

/* Both sides are counted over the same columns, in the same order. Of the source the rows that were copied.
 */
void
validation_add_counts(struct validation *validation, struct item *item, const struct model_table *columns,
                      const char *dest_schema, const char *dest_name)
{
  const struct rows *rows = &validation->rows;
  struct count_table mine = {.catalog = validation->source->item.name,
                             .schema = item->schema,
                             .name = item->name,
                             .pinned = rows->version != ROWS_NOW,
                             .version = rows->version,
                             .condition = rows_condition(rows, item->schema, item->name)};
  struct count_table other;

  choose_columns(validation, item, columns, &mine);
  other = (struct count_table){.catalog = validation->dest->item.name,
                               .schema = dest_schema,
                               .name = dest_name,
                               .columns = mine.columns,
                               .column_count = mine.column_count};
  item->counts = validation->counts.count;
  *VEC_ADD(&validation->counts) = mine;
  *VEC_ADD(&validation->counts) = other;
}

static void
pair_tables(struct validation *validation, const struct model_schema *schema,
            const struct model_table *source, const struct model_table *dest, const char *dest_schema)
{
  struct item *item =
      add_item(validation, table_kind(source), schema->item.name, source->item.name, VERDICT_MATCH);
  bool travels = rows_travel(&validation->rows);

  if (!str_eq(table_noun(source), table_noun(dest))) {
    item->verdict = VERDICT_DIFFERENT;
    item->reason = arena_printf(validation->arena, "it is a %s in the source and a %s in the destination",
                                table_noun(source), table_noun(dest));
    return;
  }
  if (model_is_view(source)) return;
  item->reason = table_problem(source);
  if (item->reason) {
    item->verdict = VERDICT_NOT_COMPARED;
    return;
  }
  /* Of earlier columns only the copy knows. */
  if (!travels) item->reason = columns_difference(validation->arena, source, dest);
  if (item->reason) {
    item->verdict = VERDICT_DIFFERENT;
    item->drifted = dest;
    item->dest_schema = dest_schema;
    return;
  }
  if (model_is_protected(source) || model_is_protected(dest)) {
    item->verdict = VERDICT_UNKNOWN;
    item->reason =
        "a row filter or column mask decides what you see of it, so what it holds cannot be compared";
    return;
  }
  if (validation->schema_only) return;
  item->source = source;
  validation_add_counts(validation, item, travels ? dest : source, dest_schema, dest->item.name);
}

static void
source_tables(struct validation *validation, const struct model_schema *schema,
              const struct model_schema *other)
{
  VEC_EACH (&schema->tables, table) {
    const struct model_table *dest = model_find_table(other, table->item.name);
    const char *problem = table_problem(table);
    struct item *item;

    if (!filter_object(validation->filter, table->item.name)) continue;
    if (dest) {
      pair_tables(validation, schema, table, dest, other->item.name);
      continue;
    }
    item = add_item(validation, table_kind(table), schema->item.name, table->item.name, VERDICT_MISSING);
    if (!problem && !model_is_view(table)) item->source = table;
    if (!problem || model_is_view(table)) continue;
    item->verdict = VERDICT_NOT_COMPARED;
    item->reason = arena_printf(validation->arena, "it is not in the destination; %s", problem);
  }
}

static void
source_routines(struct validation *validation, const struct model_schema *schema,
                const struct model_schema *other)
{
  VEC_EACH (&schema->functions, function)
    if (filter_object(validation->filter, function->item.name))
      add_item(validation, KIND_FUNCTION, schema->item.name, function->item.name,
               model_find_function(other, function->item.name) ? VERDICT_MATCH : VERDICT_MISSING);
  VEC_EACH (&schema->volumes, volume) {
    struct item *item =
        add_item(validation, KIND_VOLUME, schema->item.name, volume->item.name, VERDICT_MATCH);

    if (model_find_volume(other, volume->item.name)) continue;
    item->verdict = VERDICT_MISSING;
    if (!str_eq(volume->type, "EXTERNAL")) continue;
    item->verdict = VERDICT_NOT_COMPARED;
    item->reason = "it is not in the destination; two external volumes may not share a location";
  }
}

/* What is in the destination's SCHEMA and not in OTHER, the source's. */
static void
extra_objects(struct validation *validation, const struct model_schema *schema,
              const struct model_schema *other)
{
  const char *name = schema->item.name;

  VEC_EACH (&schema->tables, table)
    if (filter_object(validation->filter, table->item.name) && !model_find_table(other, table->item.name))
      add_item(validation, table_kind(table), name, table->item.name, VERDICT_EXTRA);
  VEC_EACH (&schema->functions, function)
    if (filter_object(validation->filter, function->item.name) &&
        !model_find_function(other, function->item.name))
      add_item(validation, KIND_FUNCTION, name, function->item.name, VERDICT_EXTRA);
  VEC_EACH (&schema->volumes, volume)
    if (!model_find_volume(other, volume->item.name))
      add_item(validation, KIND_VOLUME, name, volume->item.name, VERDICT_EXTRA);
}

/* Every new catalog has an empty schema of this name. */
static bool
is_born_with(const struct model_schema *schema)
{
  return utf8_ieq(schema->item.name, "default") && !schema->tables.count && !schema->functions.count &&
         !schema->volumes.count;
}

void
validation_pair(struct validation *validation)
{
  VEC_EACH (&validation->source->schemas, schema) {
    const struct model_schema *other = model_find_schema(validation->dest, schema->item.name);

    add_item(validation, KIND_SCHEMA, schema->item.name, NULL, other ? VERDICT_MATCH : VERDICT_MISSING);
    source_tables(validation, schema, other);
    source_routines(validation, schema, other);
    if (other) extra_objects(validation, other, schema);
  }
  VEC_EACH (&validation->dest->schemas, schema) {
    if (model_find_schema(validation->source, schema->item.name) || is_born_with(schema)) continue;
    add_item(validation, KIND_SCHEMA, schema->item.name, NULL, VERDICT_EXTRA);
    extra_objects(validation, schema, NULL);
  }
}
