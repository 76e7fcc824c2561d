/* SPDX-License-Identifier: Apache-2.0 */
/* Life, order and finding of a model. It must not know where the facts come from. */
#include "kit/model/model.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/str.h"

#include "base/banned.h"

struct model_catalog *
model_new(const char *name)
{
  struct arena *arena = arena_new();
  struct model_catalog *model = arena_alloc(arena, sizeof *model);

  model->arena = arena;
  model->texts = map_new();
  model->item.name = model_text(model, name);
  return model;
}

void
model_free(struct model_catalog *model)
{
  if (!model) return;
  VEC_EACH (&model->schemas, schema) {
    VEC_FREE(&schema->tables);
    VEC_FREE(&schema->functions);
    VEC_FREE(&schema->volumes);
  }
  VEC_FREE(&model->schemas);
  map_free(model->texts);
  arena_free(model->arena);
}

void
model_cleanup(struct model_catalog **model)
{
  model_free(*model);
}

const char *
model_text(struct model_catalog *model, const char *text)
{
  char *stored;

  if (!text) return NULL;
  stored = map_get(model->texts, text);
  if (stored) return stored;
  stored = arena_strdup(model->arena, text);
  map_set(model->texts, stored, stored);
  return stored;
}

int
model_compare(const char *a, const char *b)
{
  for (;;) {
    uint32_t a_point = 0, b_point = 0;
    size_t a_length = utf8_decode(a, &a_point), b_length = utf8_decode(b, &b_point);

    /* A byte that is not UTF-8 counts as itself. */
    if (!a_length && *a) a_length = 1, a_point = (unsigned char)*a;
    if (!b_length && *b) b_length = 1, b_point = (unsigned char)*b;
    a_point = utf8_lower(a_point);
    b_point = utf8_lower(b_point);
    if (a_point != b_point) return a_point < b_point ? -1 : 1;
    if (!a_length || !b_length) return 0;
    a += a_length;
    b += b_length;
  }
}

/* Every element of every list begins with a struct model_item. */
static int
compare_items(const void *a, const void *b)
{
  return model_compare(((const struct model_item *)a)->name, ((const struct model_item *)b)->name);
}

static int
compare_name(const void *name, const void *item)
{
  return model_compare(name, ((const struct model_item *)item)->name);
}

static void
sort_items(void *items, size_t count, size_t size)
{
  if (count > 1) qsort(items, count, size, compare_items);
}

static const void *
find_item(const char *name, const void *items, size_t count, size_t size)
{
  return name && count ? bsearch(name, items, count, size, compare_name) : NULL;
}

void
model_sort_schema(struct model_schema *schema)
{
  sort_items(schema->tables.at, schema->tables.count, sizeof *schema->tables.at);
  sort_items(schema->functions.at, schema->functions.count, sizeof *schema->functions.at);
  sort_items(schema->volumes.at, schema->volumes.count, sizeof *schema->volumes.at);
}

void
model_sort(struct model_catalog *model)
{
  sort_items(model->schemas.at, model->schemas.count, sizeof *model->schemas.at);
  VEC_EACH (&model->schemas, schema)
    model_sort_schema(schema);
}

const struct model_schema *
model_find_schema(const struct model_catalog *model, const char *name)
{
  return model ? find_item(name, model->schemas.at, model->schemas.count, sizeof *model->schemas.at) : NULL;
}

const struct model_table *
model_find_table(const struct model_schema *schema, const char *name)
{
  return schema ? find_item(name, schema->tables.at, schema->tables.count, sizeof *schema->tables.at) : NULL;
}

const struct model_function *
model_find_function(const struct model_schema *schema, const char *name)
{
  if (!schema) return NULL;
  return find_item(name, schema->functions.at, schema->functions.count, sizeof *schema->functions.at);
}

const struct model_volume *
model_find_volume(const struct model_schema *schema, const char *name)
{
  return schema ? find_item(name, schema->volumes.at, schema->volumes.count, sizeof *schema->volumes.at)
                : NULL;
}

struct model_item *
model_find_item(struct model_catalog *model, const char *kind, const char *schema_name, const char *name)
{
  const struct model_schema *schema = model_find_schema(model, schema_name);
  const void *found;

  if (str_eq(kind, "catalog")) return model ? &model->item : NULL;
  if (str_eq(kind, "schema"))
    found = schema;
  else if (str_eq(kind, "function"))
    found = model_find_function(schema, name);
  else if (str_eq(kind, "volume"))
    found = model_find_volume(schema, name);
  else
    found = model_find_table(schema, name);
  return (struct model_item *)(uintptr_t)found; /* the item is the first member of each */
}

const char *
model_property(const struct model_table *table, const char *key)
{
  for (uint32_t i = 0; i < table->property_count; i++)
    if (str_eq(table->properties[i].key, key)) return table->properties[i].value;
  return NULL;
}

bool
model_is_view(const struct model_table *table)
{
  return str_eq(table->type, "VIEW");
}

bool
model_is_protected(const struct model_table *table)
{
  if (table->row_filter) return true;
  for (uint32_t i = 0; i < table->column_count; i++)
    if (table->columns[i].mask) return true;
  return false;
}
