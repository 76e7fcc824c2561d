/* SPDX-License-Identifier: Apache-2.0 */
/* Tables and views of every type, but for their columns and keys. */
#include "base/buf.h"
#include "kit/delta/internal.h"

#include "base/banned.h"

/* How the files came to be is not what a table is: a shallow clone is a table like its original. */
static const char *
base_type(const char *type)
{
  if (str_eq(type, "MANAGED_SHALLOW_CLONE")) return "MANAGED";
  if (str_eq(type, "EXTERNAL_SHALLOW_CLONE")) return "EXTERNAL";
  return type;
}

/* The text of the columns that TABLE is partitioned by, in their order; NULL when there are none. */
static const char *
partition_text(struct comparing *at, const struct model_table *table)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  for (int32_t index = 0; index < (int32_t)table->column_count; index++)
    for (uint32_t i = 0; i < table->column_count; i++)
      if (table->columns[i].partition_index == index)
        buf_addf(&text, "%s%s", text.len ? ", " : "", table->columns[i].name);
  return text.len ? arena_strdup(at->arena, text.data) : NULL;
}

/* [["a"],["b","c"]] of the property is a, b.c; automatic clustering chooses for itself. */
static const char *
cluster_text(struct comparing *at, const struct model_table *table)
{
  const char *json = model_property(table, "clusteringColumns");
  CLEANUP_JSON struct json_object *list = json ? json_parse(json, strlen(json), NULL, NULL) : NULL;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  if (str_ieq(model_property(table, "clusterByAuto"), "true")) return "AUTO";
  for (size_t i = 0; i < json_length(list); i++) {
    struct json_object *path = json_item(list, i);

    buf_add_text(&text, i ? ", " : "");
    for (size_t k = 0; k < json_length(path); k++)
      buf_addf(&text, "%s%s", k ? "." : "", json_object_get_string(json_item(path, k)));
  }
  return text.len ? arena_strdup(at->arena, text.data) : NULL;
}

static const char *
binding_of(const struct model_table *table)
{
  const char *mode = model_property(table, "view.schemaMode");

  return mode ? mode : model_is_view(table) ? "BINDING" : NULL;
}

static void
compare_definitions(struct comparing *at, const struct model_table *source, const struct model_table *dest)
{
  bool yaml = str_eq(source->type, "METRIC_VIEW");

  if (!(yaml ? same_yaml : same_query)(at, source->view_definition, dest->view_definition))
    delta_note(at, DELTA_DEFINITION, NULL, source->view_definition, dest->view_definition);
  compare_text(at, DELTA_BINDING, binding_of(source), binding_of(dest));
}

static bool
is_stored(const struct model_table *table)
{
  return delta_table_kind(table) == DELTA_TABLE;
}

static void
compare_storage(struct comparing *at, const struct model_table *source, const struct model_table *dest)
{
  bool outside = str_eq(base_type(source->type), "EXTERNAL") && str_eq(base_type(dest->type), "EXTERNAL");
  const char *mine, *other;

  if (!str_ieq(source->format, dest->format)) compare_text(at, DELTA_FORMAT, source->format, dest->format);
  if (outside) compare_location(at, source->storage_location, dest->storage_location);
  mine = partition_text(at, source);
  other = partition_text(at, dest);
  if (!mine || !other || !utf8_ieq(mine, other)) delta_note(at, DELTA_PARTITIONING, NULL, mine, other);
  mine = cluster_text(at, source);
  other = cluster_text(at, dest);
  if (!mine || !other || !utf8_ieq(mine, other)) delta_note(at, DELTA_CLUSTERING, NULL, mine, other);
}

void
compare_tables(struct comparing *at, const struct model_table *source, const struct model_table *dest)
{
  if (!str_eq(base_type(source->type), base_type(dest->type)))
    delta_note(at, DELTA_TABLE_TYPE, NULL, source->type, dest->type);
  if (is_stored(source) != is_stored(dest)) return; /* two things with nothing in common */
  compare_item(at, &source->item, &dest->item);
  compare_properties(at, (struct properties){source->properties, source->property_count},
                     (struct properties){dest->properties, dest->property_count});
  if (is_stored(source)) compare_storage(at, source, dest);
  compare_definitions(at, source, dest);
  compare_policy(at, DELTA_ROW_FILTER, source->row_filter, dest->row_filter);
  compare_keys(at, source, dest);
  compare_columns(at, source, dest);
  if (is_stored(source) && at->options->table) at->options->table(at->options->table_data, at, source);
}
