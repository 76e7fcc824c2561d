/* SPDX-License-Identifier: Apache-2.0 */
/* Every text of a catalog, held against the pattern. It must not know how matches are shown. */
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "kit/model/model.h"
#include "search.h"

#include "base/banned.h"

/* The object that is looked at: kind and full name. */
struct place {
  struct search *search;
  const char *kind, *name;
};

static void
look(const struct place *at, unsigned field, const char *label, const char *text)
{
  struct search *search = at->search;
  struct pattern_place found;

  if (!text || !(search->fields & field) || !pattern_find(&search->pattern, text, &found)) return;
  *VEC_ADD(&search->matches) =
      (struct search_match){at->kind, at->name, label, arena_strdup(search->arena, text), found};
}

static struct place
place_of(struct search *search, const char *kind, const char *const *names, size_t count)
{
  const char *name = names[0];

  for (size_t i = 1; i < count; i++)
    name = arena_printf(search->arena, "%s.%s", name, names[i]);
  return (struct place){search, kind, name};
}

static void
look_at_tags(const struct place *at, const struct model_item *item, const char *column)
{
  for (uint32_t i = 0; i < item->tag_count; i++) {
    const struct model_tag *tag = &item->tags[i];

    if (column ? tag->column && utf8_ieq(tag->column, column) : !tag->column)
      look(at, SEARCH_TAG, "tag", arena_printf(at->search->arena, "%s=%s", tag->key, tag->value));
  }
}

static void
look_at_item(const struct place *at, const struct model_item *item)
{
  look(at, SEARCH_NAME, "name", item->name);
  look(at, SEARCH_COMMENT, "comment", item->comment);
  look(at, SEARCH_OWNER, "owner", item->owner);
  look_at_tags(at, item, NULL);
}

static void
look_at_properties(const struct place *at, const struct model_property *properties, uint32_t count)
{
  if (!(at->search->fields & SEARCH_PROPERTY)) return;
  for (uint32_t i = 0; i < count; i++)
    look(at, SEARCH_PROPERTY, "property",
         arena_printf(at->search->arena, "%s=%s", properties[i].key,
                      properties[i].value ? properties[i].value : ""));
}

/* What a column is made of: its default and the expression that generates it. */
static void
look_at_expressions(const struct place *at, const char *type_json)
{
  static const char *const keys[] = {"CURRENT_DEFAULT", "delta.generationExpression"};
  CLEANUP_JSON struct json_object *field =
      type_json ? json_parse(type_json, strlen(type_json), NULL, NULL) : NULL;
  struct json_object *metadata = json_get_object(field, "metadata");

  for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
    look(at, SEARCH_DEFINITION, "definition", json_get_text(metadata, keys[i]));
}

static void
look_at_columns(struct search *search, const char *const names[3], const struct model_table *table)
{
  if (!(search->kinds & SEARCH_COLUMNS)) return;
  for (uint32_t i = 0; i < table->column_count; i++) {
    const struct model_column *column = &table->columns[i];
    const char *const parts[] = {names[0], names[1], names[2], column->name};
    struct place at = place_of(search, "column", parts, ARRAY_SIZE(parts));

    look(&at, SEARCH_NAME, "name", column->name);
    look(&at, SEARCH_COMMENT, "comment", column->comment);
    look_at_expressions(&at, column->type_json);
    look_at_tags(&at, &table->item, column->name);
  }
}

static void
look_at_table(struct search *search, const char *const names[3], const struct model_table *table)
{
  bool view = str_ends(table->type, "VIEW");
  struct place at = place_of(search, view ? "view" : "table", names, 3);

  if (search->kinds & (view ? SEARCH_VIEWS : SEARCH_TABLES)) {
    look_at_item(&at, &table->item);
    look(&at, SEARCH_DEFINITION, "definition", table->view_definition);
    look_at_properties(&at, table->properties, table->property_count);
    if (str_starts(table->type, "EXTERNAL")) look(&at, SEARCH_LOCATION, "location", table->storage_location);
  }
  look_at_columns(search, names, table);
}

static void
look_at_function(struct search *search, const char *const names[3], const struct model_function *function)
{
  struct place at = place_of(search, "function", names, 3);

  if (!(search->kinds & SEARCH_FUNCTIONS)) return;
  look_at_item(&at, &function->item);
  look(&at, SEARCH_DEFINITION, "definition", function->definition);
  for (uint32_t i = 0; i < function->parameter_count; i++) {
    look(&at, SEARCH_NAME, "parameter", function->parameters[i].name);
    look(&at, SEARCH_COMMENT, "parameter comment", function->parameters[i].comment);
  }
}

static void
look_at_volume(struct search *search, const char *const names[3], const struct model_volume *volume)
{
  struct place at = place_of(search, "volume", names, 3);

  if (!(search->kinds & SEARCH_VOLUMES)) return;
  look_at_item(&at, &volume->item);
  if (str_eq(volume->type, "EXTERNAL")) look(&at, SEARCH_LOCATION, "location", volume->storage_location);
}

static void
look_at_schema(struct search *search, const char *catalog, const struct model_schema *schema)
{
  const char *names[3] = {catalog, schema->item.name};
  struct place at = place_of(search, "schema", names, 2);

  if (search->kinds & SEARCH_SCHEMAS) {
    look_at_item(&at, &schema->item);
    look_at_properties(&at, schema->properties, schema->property_count);
  }
  VEC_EACH (&schema->tables, table) {
    names[2] = table->item.name;
    look_at_table(search, names, table);
  }
  VEC_EACH (&schema->functions, function) {
    names[2] = function->item.name;
    look_at_function(search, names, function);
  }
  VEC_EACH (&schema->volumes, volume) {
    names[2] = volume->item.name;
    look_at_volume(search, names, volume);
  }
}

void
search_catalog(struct search *search, const struct model_catalog *model)
{
  const char *name = arena_strdup(search->arena, model->item.name);
  struct place at = place_of(search, "catalog", &name, 1);

  search->catalogs++;
  if (search->kinds & SEARCH_CATALOGS) {
    look_at_item(&at, &model->item);
    look_at_properties(&at, model->properties, model->property_count);
  }
  VEC_EACH (&model->schemas, schema)
    look_at_schema(search, name, schema);
}
