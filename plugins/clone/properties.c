/* SPDX-License-Identifier: Apache-2.0 */
/* Properties of schemas and views, one statement per object. Those of tables come with their clone.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-tblproperties.html */
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

bool
clone_is_own_property(const char *key)
{
  /* CHECKs are properties, too, but nobody may set them so. */
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

/* ALTER VIEW `v` SET TBLPROPERTIES (LIST) */
static const char *
alter_text(struct clone *clone, const struct clone_copy *copy, const char *verb, const char *list)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  bool view = copy->table != NULL;

  buf_add_text(&text, view ? "ALTER VIEW " : "ALTER SCHEMA ");
  clone_add_copy_name(clone, &text, copy);
  buf_addf(&text, " %s %s (%s)", verb, view ? "TBLPROPERTIES" : "DBPROPERTIES", list);
  return arena_strdup(clone->plan->arena, text.data);
}

static void
add_copy(struct clone *clone, struct clone_copy *copy, struct properties from, struct properties to)
{
  CLEANUP_BUF struct buf list = BUF_INIT(BUF_SQL), changed = BUF_INIT(BUF_SQL), absent = BUF_INIT(BUF_SQL);
  bool unset;

  for (uint32_t i = 0; i < from.count; i++) {
    const char *there = value_of(to, from.at[i].key);

    if (!clone_is_own_property(from.at[i].key) || str_eq(there, from.at[i].value)) continue;
    add_property(&list, from.at[i].key, from.at[i].value ? from.at[i].value : "");
    if (there)
      add_property(&changed, from.at[i].key, there);
    else
      add_property(&absent, from.at[i].key, NULL);
  }
  if (!list.len) return;
  /* Schemas cannot forget a property. */
  unset = absent.len && !changed.len && copy->table;
  clone_add_detail(clone, copy, "set properties", alter_text(clone, copy, "SET", list.data),
                   unset         ? alter_text(clone, copy, "UNSET", absent.data)
                   : !absent.len ? alter_text(clone, copy, "SET", changed.data)
                                 : NULL);
}

void
clone_add_properties(struct clone *clone)
{
  VEC_EACH (&clone->copies, copy) {
    if (copy->table && model_is_view(copy->table)) {
      const struct model_table *there = copy->there;

      add_copy(clone, copy, (struct properties){copy->table->properties, copy->table->property_count},
               there ? (struct properties){there->properties, there->property_count}
                     : (struct properties){0});
    } else if (str_eq(copy->kind, "schema")) {
      const struct model_schema *schema = model_find_schema(clone->source, copy->schema);
      const struct model_schema *there = model_find_schema(clone->dest, copy->schema);

      add_copy(clone, copy, (struct properties){schema->properties, schema->property_count},
               there ? (struct properties){there->properties, there->property_count}
                     : (struct properties){0});
    }
  }
}
