/* SPDX-License-Identifier: Apache-2.0 */
/* Properties of the catalog, of schemas and of views, one write per object. Those of tables come with their
 * clone, those of a new schema with its CREATE.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-tblproperties.html
 * https://docs.databricks.com/api/workspace/schemas/update */
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

bool
clone_is_own_property(const char *key)
{
  return !model_property_is_automatic(key) && !str_starts(key, "delta.constraints.");
}

struct properties {
  const struct model_property *at;
  uint32_t count;
};

static const char *
value_of(struct properties properties, const char *key)
{
  for (uint32_t i = 0; i < properties.count; i++)
    if (str_eq(properties.at[i].key, key)) return properties.at[i].value;
  return NULL;
}

static void
add_property(struct buf *list, const char *key, const char *value)
{
  buf_add_text(list, list->len ? ", " : "");
  sql_add_literal(list, key);
  if (!value) return;
  buf_add_text(list, " = ");
  sql_add_literal(list, value);
}

static struct properties
properties_of(const struct model_catalog *model, const struct clone_copy *copy,
              const struct model_table *view)
{
  const struct model_schema *schema = model_find_schema(model, copy->schema);

  if (view) return (struct properties){view->properties, view->property_count};
  if (schema) return (struct properties){schema->properties, schema->property_count};
  if (!model || copy->schema) return (struct properties){0};
  return (struct properties){model->properties, model->property_count};
}

/* What FROM says and TO does not. */
static bool
is_wanted(const struct model_property *from, struct properties to)
{
  const char *there = value_of(to, from->key);

  return clone_is_own_property(from->key) && !(there && str_eq(there, from->value ? from->value : ""));
}

/* ALTER VIEW `v` VERB TBLPROPERTIES (LIST); NULL for an empty list. */
static const char *
alter_text(struct clone *clone, const struct clone_copy *copy, const char *verb, const struct buf *list)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  if (!list->len) return NULL;
  buf_add_text(&text, "ALTER VIEW ");
  clone_add_copy_name(clone, &text, copy);
  buf_addf(&text, " %s TBLPROPERTIES (%s)", verb, list->data);
  return arena_strdup(clone->plan->arena, text.data);
}

static void
add_view(struct clone *clone, struct clone_copy *copy, struct properties from, struct properties to)
{
  CLEANUP_BUF struct buf list = BUF_INIT(BUF_SQL), changed = BUF_INIT(BUF_SQL), absent = BUF_INIT(BUF_SQL);
  const char *unset;
  size_t step;

  for (uint32_t i = 0; i < from.count; i++) {
    const char *there = value_of(to, from.at[i].key);

    if (!is_wanted(&from.at[i], to)) continue;
    add_property(&list, from.at[i].key, from.at[i].value ? from.at[i].value : "");
    add_property(there ? &changed : &absent, from.at[i].key, there);
  }
  if (!list.len) return;
  step = clone_add_detail(clone, copy, "set properties", alter_text(clone, copy, "SET", &list), NULL);
  unset = alter_text(clone, copy, "UNSET", &absent);
  clone_set_undo(clone, step, changed.len ? alter_text(clone, copy, "SET", &changed) : unset,
                 changed.len ? unset : NULL);
}

static void
add_member(struct buf *json, const char *key, const char *value)
{
  if (json->len) buf_add_char(json, ',');
  buf_add_json(json, key);
  buf_add_char(json, ':');
  buf_add_json(json, value ? value : "");
}

/* The request takes the place of all properties that are there, so it says those, too; and so it can be taken
 * back, which no statement can. */
static void
add_container(struct clone *clone, struct clone_copy *copy, struct properties from, struct properties to)
{
  CLEANUP_BUF struct buf members = BUF_INIT(BUF_LARGE), before = BUF_INIT(BUF_LARGE);
  bool any = false;

  for (uint32_t i = 0; i < to.count; i++) {
    add_member(&before, to.at[i].key, to.at[i].value);
    if (!value_of(from, to.at[i].key) || !clone_is_own_property(to.at[i].key))
      add_member(&members, to.at[i].key, to.at[i].value);
  }
  for (uint32_t i = 0; i < from.count; i++) {
    if (!clone_is_own_property(from.at[i].key)) continue;
    add_member(&members, from.at[i].key, from.at[i].value);
    any = any || is_wanted(&from.at[i], to);
  }
  if (any)
    clone_add_patch(clone, copy, "set properties",
                    clone_object_path(clone, copy->collection, copy->schema, NULL),
                    clxs_textf(clone->call, "{\"properties\":{%s}}", members.data),
                    clxs_textf(clone->call, "{\"properties\":{%s}}", before.len ? before.data : ""));
}

void
clone_add_schema_properties(struct buf *text, const struct model_schema *schema)
{
  CLEANUP_BUF struct buf list = BUF_INIT(BUF_SQL);

  for (uint32_t i = 0; i < schema->property_count; i++) {
    const struct model_property *property = &schema->properties[i];

    if (clone_is_own_property(property->key))
      add_property(&list, property->key, property->value ? property->value : "");
  }
  if (list.len) buf_addf(text, " WITH DBPROPERTIES (%s)", list.data);
}

void
clone_add_properties(struct clone *clone)
{
  VEC_EACH (&clone->copies, copy) {
    bool view = copy->table && model_is_view(copy->table), schema = str_eq(copy->kind, "schema");
    struct properties from, to = {0};

    if (!view && !schema && !str_eq(copy->kind, "catalog")) continue;
    if (schema && !copy->to) continue; /* its CREATE says them */
    from = properties_of(clone->source, copy, view ? copy->table : NULL);
    if (copy->to) to = properties_of(clone->dest, copy, view ? copy->there : NULL);
    if (view)
      add_view(clone, copy, from, to);
    else
      add_container(clone, copy, from, to);
  }
}
