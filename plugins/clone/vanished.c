/* SPDX-License-Identifier: Apache-2.0 */
/* What goes with the columns of a table that is replaced, and does not come back with them by RESTORE: keys,
 * tags, masks, and the filter of a table that is made anew. Said again, as statements for the way back.
 * https://docs.databricks.com/sql/language-manual/delta-restore.html */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

#define PRIMARY "primary_key_constraint"
#define FOREIGN "foreign_key_constraint"

struct vanished {
  struct clone *clone;
  const struct plan_object *object;
  const struct model_table *table, *there; /* table: what takes its place */
  bool anew;                               /* no column survives */
  struct json_object *statements;
};

static bool
vanishes(const struct vanished *vanished, const char *column)
{
  for (uint32_t i = 0; !vanished->anew && i < vanished->table->column_count; i++)
    if (utf8_ieq(vanished->table->columns[i].name, column)) return false;
  return true;
}

static bool
any_vanishes(const struct vanished *vanished, struct json_object *columns)
{
  for (size_t i = 0; i < json_length(columns); i++)
    if (vanishes(vanished, json_object_get_string(json_item(columns, i)))) return true;
  return false;
}

static void
add_statement(struct vanished *vanished, const char *text)
{
  json_object_array_add(vanished->statements, json_object_new_string(text));
}

static void
begin_alter(const struct vanished *vanished, struct buf *text, const char *schema, const char *table,
            const char *column)
{
  buf_add_text(text, "ALTER TABLE ");
  clone_add_name(text, vanished->clone->options.dest, schema, table);
  if (column) {
    buf_add_text(text, " ALTER COLUMN ");
    sql_add_name(text, column);
  }
}

static void
add_key(struct vanished *vanished, const char *schema, const char *table, struct json_object *key,
        bool primary)
{
  const char *parent = json_get_text(key, "parent_table"), *parts[3];
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  if (!json_get_text(key, "name") ||
      (!primary && !(parent && clone_split_name(vanished->clone, parent, parts))))
    return;
  begin_alter(vanished, &text, schema, table, NULL);
  buf_add_text(&text, " ADD CONSTRAINT ");
  sql_add_name(&text, json_get_text(key, "name"));
  buf_add_text(&text, primary ? " PRIMARY KEY" : " FOREIGN KEY");
  clone_add_key_columns(&text, json_get_array(key, "child_columns"),
                        json_get_array(key, "timeseries_columns"));
  if (!primary) {
    buf_add_text(&text, " REFERENCES ");
    clone_add_name(&text, parts[0], parts[1], parts[2]);
    clone_add_key_columns(&text, json_get_array(key, "parent_columns"), NULL);
  }
  if (json_get_bool(key, "rely", false)) buf_add_text(&text, " RELY");
  add_statement(vanished, text.data);
}

/* Keys of other tables that refer to the primary key that goes. */
static void
add_referrers(struct vanished *vanished)
{
  const char *full = clxs_textf(vanished->clone->call, "%s.%s.%s", vanished->object->names[0],
                                vanished->object->names[1], vanished->object->names[2]);

  VEC_EACH (&vanished->clone->dest->schemas, schema)
    VEC_EACH (&schema->tables, table) {
      const char *text = table->constraints;
      CLEANUP_JSON struct json_object *list = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;

      for (size_t i = 0; table != vanished->there && i < json_length(list); i++) {
        struct json_object *key = json_get_object(json_item(list, i), FOREIGN);
        const char *parent = json_get_text(key, "parent_table");

        if (parent && utf8_ieq(parent, full))
          add_key(vanished, schema->item.name, table->item.name, key, false);
      }
    }
}

static void
add_keys(struct vanished *vanished)
{
  const char *text = vanished->there->constraints;
  CLEANUP_JSON struct json_object *list = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;

  for (size_t i = 0; i < json_length(list); i++) {
    struct json_object *primary = json_get_object(json_item(list, i), PRIMARY);
    struct json_object *key = primary ? primary : json_get_object(json_item(list, i), FOREIGN);

    if (!key || !any_vanishes(vanished, json_get_array(key, "child_columns"))) continue;
    add_key(vanished, vanished->object->names[1], vanished->object->names[2], key, primary != NULL);
    if (primary) add_referrers(vanished);
  }
}

void
clone_add_tag_pair(struct buf *text, const struct model_tag *tag)
{
  sql_add_literal(text, tag->key);
  if (!tag->value) return;
  buf_add_text(text, " = ");
  sql_add_literal(text, tag->value);
}

static void
add_tags(struct vanished *vanished)
{
  for (uint32_t i = 0; i < vanished->there->item.tag_count; i++) {
    const struct model_tag *tag = &vanished->there->item.tags[i];
    CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

    if (!tag->column || !vanishes(vanished, tag->column)) continue;
    begin_alter(vanished, &text, vanished->object->names[1], vanished->object->names[2], tag->column);
    buf_add_text(&text, " SET TAGS (");
    clone_add_tag_pair(&text, tag);
    buf_add_char(&text, ')');
    add_statement(vanished, text.data);
  }
}

static void
add_policies(struct vanished *vanished)
{
  const char *schema = vanished->object->names[1], *name = vanished->object->names[2];
  const char *filter =
      vanished->anew ? clone_policy_text(vanished->clone, vanished->there->row_filter, true) : NULL;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  if (filter) {
    begin_alter(vanished, &text, schema, name, NULL);
    buf_addf(&text, " SET ROW FILTER %s", filter);
    add_statement(vanished, text.data);
  }
  for (uint32_t i = 0; i < vanished->there->column_count; i++) {
    const struct model_column *column = &vanished->there->columns[i];
    const char *mask = clone_policy_text(vanished->clone, column->mask, false);

    if (!mask || !vanishes(vanished, column->name)) continue;
    buf_reset(&text);
    begin_alter(vanished, &text, schema, name, column->name);
    buf_addf(&text, " SET MASK %s", mask);
    add_statement(vanished, text.data);
  }
}

void
clone_add_vanished(struct clone *clone, const struct plan_step *step, struct json_object *undo)
{
  const struct plan_object *object = &clone->plan->objects.at[step->object];
  struct vanished vanished = {.clone = clone, .object = object, .anew = !str_eq(step->action, "clone table")};

  vanished.table = model_find_table(model_find_schema(clone->source, object->names[1]), object->names[2]);
  vanished.there = model_find_table(model_find_schema(clone->dest, object->names[1]), object->names[2]);
  if (!vanished.table || !vanished.there) return;
  vanished.statements = json_object_new_array();
  add_policies(&vanished);
  add_keys(&vanished);
  add_tags(&vanished);
  if (json_length(vanished.statements))
    json_object_object_add(undo, "then", vanished.statements);
  else
    json_object_put(vanished.statements);
}
