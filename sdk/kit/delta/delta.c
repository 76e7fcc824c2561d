/* SPDX-License-Identifier: Apache-2.0 */
/* The walk through both catalogs side by side, and the list that it fills. It must not know what makes two
 * objects of a kind equal. */
#include "kit/delta/delta.h"

#include "kit/delta/internal.h"
#include "kit/model/filter.h"

#include "base/banned.h"

bool
counts(const struct comparing *at, enum delta_field field)
{
  return !(at->options->ignore & DELTA_BIT(field));
}

static const char *
current_name(const struct comparing *at)
{
  if (!at->schema) return at->catalogs[SOURCE];
  if (!at->object) return at->schema;
  if (!at->column) return arena_printf(at->arena, "%s.%s", at->schema, at->object);
  return arena_printf(at->arena, "%s.%s.%s", at->schema, at->object, at->column);
}

void
delta_note(struct comparing *at, enum delta_field field, const char *item, const char *old_value,
           const char *new_value)
{
  struct delta_difference *difference;

  if ((!old_value && !new_value) || !counts(at, field)) return;
  difference = VEC_ADD(&at->delta->differences);
  difference->kind = at->kind;
  difference->change = !old_value ? DELTA_ADDED : !new_value ? DELTA_REMOVED : DELTA_CHANGED;
  difference->field = field;
  difference->name = current_name(at);
  difference->schema = at->schema;
  difference->object = at->object;
  difference->column = at->column;
  difference->item = item;
  difference->old_value = old_value;
  difference->new_value = new_value;
  at->delta->changes[difference->change]++;
}

void
delta_note_unknown(struct comparing *at, enum delta_field field, enum delta_side side, const char *reason)
{
  if (counts(at, field))
    *VEC_ADD(&at->delta->unknowns) = (struct delta_unknown){at->kind, side, field, current_name(at), reason};
}

void
compare_text(struct comparing *at, enum delta_field field, const char *old_value, const char *new_value)
{
  if (!str_eq(old_value, new_value)) delta_note(at, field, NULL, old_value, new_value);
}

static bool
leaves(const struct comparing *at, enum delta_kind kind)
{
  return at->options->leave_kinds & (UINT32_C(1) << kind);
}

/* What an object that is on one side only is, in a word. */
static const char *
item_word(enum delta_kind kind, const void *item)
{
  switch (kind) {
  case DELTA_TABLE:
  case DELTA_VIEW: return ((const struct model_table *)item)->type;
  case DELTA_VOLUME: return ((const struct model_volume *)item)->type;
  case DELTA_FUNCTION: return ((const struct model_function *)item)->full_data_type;
  default: return NULL;
  }
}

/* One object of KIND, on either side or on both; COMPARE tells what the two differ in. */
static void
visit(struct comparing *at, enum delta_kind kind, const void *source, const void *dest,
      void (*compare)(struct comparing *at, const void *source, const void *dest))
{
  struct delta_totals *totals = &at->delta->totals[kind];
  size_t before = at->delta->differences.count, unknown = at->delta->unknowns.count;
  const char *word = item_word(kind, source ? source : dest);

  if (leaves(at, kind)) return;
  at->kind = kind;
  totals->source += source != NULL;
  totals->dest += dest != NULL;
  if (!word) word = delta_kind_name(kind);
  if (!source || !dest) {
    delta_note(at, DELTA_OBJECT, NULL, source ? word : NULL, dest ? word : NULL);
    return;
  }
  totals->both++;
  compare(at, source, dest);
  if (at->delta->differences.count > before)
    totals->different++;
  else if (at->delta->unknowns.count > unknown)
    totals->unknown++;
}

/* A sorted list of one side; every element begins with a struct model_item. */
struct list {
  const void *at;
  size_t count, size;
};

static const struct model_item *
element(const struct list *list, size_t index)
{
  return index < list->count ? (const void *)((const char *)list->at + index * list->size) : NULL;
}

/* The next name of two sorted lists: the element of each side that has it. */
static bool
next_pair(const struct list lists[2], size_t positions[2], const struct model_item *pair[2])
{
  int order;

  pair[SOURCE] = element(&lists[SOURCE], positions[SOURCE]);
  pair[DEST] = element(&lists[DEST], positions[DEST]);
  if (!pair[SOURCE] && !pair[DEST]) return false;
  order = !pair[SOURCE] ? 1 : !pair[DEST] ? -1 : model_compare(pair[SOURCE]->name, pair[DEST]->name);
  if (order > 0) pair[SOURCE] = NULL;
  if (order < 0) pair[DEST] = NULL;
  positions[SOURCE] += pair[SOURCE] != NULL;
  positions[DEST] += pair[DEST] != NULL;
  return true;
}

static void
compare_any_tables(struct comparing *at, const void *source, const void *dest)
{
  compare_tables(at, source, dest);
}

static void
compare_any_functions(struct comparing *at, const void *source, const void *dest)
{
  compare_functions(at, source, dest);
}

static void
compare_volumes(struct comparing *at, const void *source, const void *dest)
{
  const struct model_volume *from = source, *to = dest;

  compare_text(at, DELTA_VOLUME_TYPE, from->type, to->type);
  if (str_eq(from->type, "EXTERNAL") && str_eq(to->type, "EXTERNAL"))
    compare_location(at, from->storage_location, to->storage_location);
  compare_item(at, &from->item, &to->item);
}

static void
compare_schemas(struct comparing *at, const void *source, const void *dest)
{
  const struct model_schema *from = source, *to = dest;

  compare_item(at, &from->item, &to->item);
  compare_properties(at, (struct properties){from->properties, from->property_count},
                     (struct properties){to->properties, to->property_count});
  if (at->same_catalog) compare_location(at, from->storage_root, to->storage_root);
}

static enum delta_kind
kind_of(enum delta_kind kind, const struct model_item *item)
{
  return kind == DELTA_TABLE ? delta_table_kind((const struct model_table *)item) : kind;
}

/* The objects of KIND in both schemas (DELTA_TABLE: views too). */
static void
visit_objects(struct comparing *at, enum delta_kind kind, struct list source, struct list dest,
              void (*compare)(struct comparing *at, const void *source, const void *dest))
{
  const struct list lists[2] = {source, dest};
  const struct model_item *pair[2];
  size_t positions[2] = {0, 0};

  while (next_pair(lists, positions, pair)) {
    const struct model_item *any = pair[SOURCE] ? pair[SOURCE] : pair[DEST];

    if (kind != DELTA_VOLUME && !filter_object(at->options->filter, any->name)) continue;
    at->object = any->name;
    visit(at, kind_of(kind, any), pair[SOURCE], pair[DEST], compare);
  }
  at->object = NULL;
}

#define LIST(schema, member)                                                                          \
  ((schema) ? (struct list){(schema)->member.at, (schema)->member.count, sizeof *(schema)->member.at} \
            : (struct list){0})

static void
visit_content(struct comparing *at, const struct model_schema *source, const struct model_schema *dest)
{
  visit_objects(at, DELTA_TABLE, LIST(source, tables), LIST(dest, tables), compare_any_tables);
  visit_objects(at, DELTA_FUNCTION, LIST(source, functions), LIST(dest, functions), compare_any_functions);
  visit_objects(at, DELTA_VOLUME, LIST(source, volumes), LIST(dest, volumes), compare_volumes);
}

/* Every new catalog has an empty schema of this name, so it says nothing. */
static bool
is_born_with(const struct model_schema *schema)
{
  return utf8_ieq(schema->item.name, "default") && !schema->tables.count && !schema->functions.count &&
         !schema->volumes.count;
}

static void
compare_catalogs(struct comparing *at, const void *source, const void *dest)
{
  const struct model_catalog *from = source, *to = dest;

  compare_text(at, DELTA_CATALOG_TYPE, from->type, to->type);
  compare_item(at, &from->item, &to->item);
  compare_properties(at, (struct properties){from->properties, from->property_count},
                     (struct properties){to->properties, to->property_count});
  if (at->same_catalog) compare_location(at, from->storage_root, to->storage_root);
}

void
delta_compare(struct arena *arena, const struct model_catalog *source, const struct model_catalog *dest,
              const struct delta_options *options, struct delta *delta)
{
  struct comparing at = {.arena = arena,
                         .delta = delta,
                         .options = options,
                         .catalogs = {source->item.name, dest->item.name},
                         .same_catalog = utf8_ieq(source->item.name, dest->item.name)};
  const struct list lists[2] = {LIST(source, schemas), LIST(dest, schemas)};
  const struct model_item *pair[2];
  size_t positions[2] = {0, 0};

  visit(&at, DELTA_CATALOG, source, dest, compare_catalogs);
  while (next_pair(lists, positions, pair)) {
    const struct model_schema *from = (const void *)pair[SOURCE], *to = (const void *)pair[DEST];

    if (!from && is_born_with(to)) continue;
    if (!to && is_born_with(from)) continue;
    at.schema = from ? from->item.name : to->item.name;
    visit(&at, DELTA_SCHEMA, from, to, compare_schemas);
    visit_content(&at, from, to);
  }
}

void
delta_free(struct delta *delta)
{
  VEC_FREE(&delta->differences);
  VEC_FREE(&delta->unknowns);
}

enum delta_kind
delta_table_kind(const struct model_table *table)
{
  return model_is_view(table) || str_eq(table->type, "METRIC_VIEW") ? DELTA_VIEW : DELTA_TABLE;
}
