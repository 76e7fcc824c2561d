/* SPDX-License-Identifier: Apache-2.0 */
/* Keys, which the service describes as JSON, and CHECKs, which Delta keeps as properties. Names of keys
 * count; that of a primary key, of which a table has one, is part of its value.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-table-constraint.html */
#include "base/buf.h"
#include "kit/delta/internal.h"

#include "base/banned.h"

#define CHECK "delta.constraints."

static void
add_columns(struct buf *text, struct json_object *columns, struct json_object *series)
{
  buf_add_char(text, '(');
  for (size_t i = 0; i < json_length(columns); i++) {
    const char *name = json_object_get_string(json_item(columns, i));

    buf_addf(text, "%s%s", i ? ", " : "", name);
    for (size_t k = 0; k < json_length(series); k++)
      if (utf8_ieq(json_object_get_string(json_item(series, k)), name)) buf_add_text(text, " TIMESERIES");
  }
  buf_add_char(text, ')');
}

static const char *const members[] = {"primary_key_constraint", "foreign_key_constraint",
                                      "named_table_constraint"};

/* (customer_id) REFERENCES sales.customers (id) RELY */
static const char *
key_text(const struct comparing *at, int side, enum delta_field field, struct json_object *key)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  const char *parent = json_get_text(key, "parent_table");

  if (!key) return NULL;
  if (field == DELTA_UNIQUE) return "unique";
  if (field == DELTA_PRIMARY_KEY) buf_addf(&text, "%s ", json_get_text(key, "name"));
  add_columns(&text, json_get_array(key, "child_columns"), json_get_array(key, "timeseries_columns"));
  if (parent) {
    buf_addf(&text, " REFERENCES %s ", local_name(at, side, parent));
    add_columns(&text, json_get_array(key, "parent_columns"), NULL);
  }
  if (json_get_bool(key, "rely", false)) buf_add_text(&text, " RELY");
  return arena_strdup(at->arena, text.data);
}

static bool
is_check(const struct model_table *table, const char *name)
{
  for (uint32_t i = 0; name && i < table->property_count; i++)
    if (str_starts(table->properties[i].key, CHECK) &&
        utf8_ieq(table->properties[i].key + strlen(CHECK), name))
      return true;
  return false;
}

/* The key of FIELD's sort at INDEX of LIST, or NULL when another sort is there; CHECKs are not keys. */
static struct json_object *
key_at(const struct model_table *table, struct json_object *list, size_t index, enum delta_field field)
{
  const char *member = members[field == DELTA_PRIMARY_KEY ? 0 : field == DELTA_FOREIGN_KEY ? 1 : 2];
  struct json_object *key = json_get_object(json_item(list, index), member);

  if (field == DELTA_UNIQUE && is_check(table, json_get_text(key, "name"))) return NULL;
  return key;
}

static struct json_object *
find_key(const struct model_table *table, struct json_object *list, enum delta_field field, const char *name)
{
  for (size_t i = 0; i < json_length(list); i++) {
    struct json_object *key = key_at(table, list, i, field);
    const char *other = json_get_text(key, "name");

    if (key &&
        (field == DELTA_PRIMARY_KEY || str_eq(name, other) || (name && other && utf8_ieq(name, other))))
      return key;
  }
  return NULL;
}

static void
compare_sort(struct comparing *at, enum delta_field field, const struct model_table *tables[2],
             struct json_object *lists[2])
{
  bool named = field != DELTA_PRIMARY_KEY;

  for (int side = SOURCE; side <= DEST; side++)
    for (size_t i = 0; i < json_length(lists[side]); i++) {
      struct json_object *key = key_at(tables[side], lists[side], i, field), *pair[2];
      const char *name = json_get_text(key, "name"), *mine, *other;

      if (!key) continue;
      pair[side] = key;
      pair[!side] = find_key(tables[!side], lists[!side], field, name);
      if (side == DEST && pair[SOURCE]) continue; /* was seen from the other side */
      mine = key_text(at, SOURCE, field, pair[SOURCE]);
      other = key_text(at, DEST, field, pair[DEST]);
      if (mine && other && utf8_ieq(mine, other)) continue;
      delta_note(at, field, named ? arena_strdup(at->arena, name) : NULL, mine, other);
    }
}

static const char *
check_of(const struct model_table *table, const char *key)
{
  for (uint32_t i = 0; i < table->property_count; i++)
    if (utf8_ieq(table->properties[i].key, key)) return table->properties[i].value;
  return NULL;
}

static void
compare_checks(struct comparing *at, const struct model_table *source, const struct model_table *dest)
{
  for (uint32_t i = 0; i < source->property_count; i++) {
    const struct model_property *mine = &source->properties[i];
    const char *other;

    if (!str_starts(mine->key, CHECK)) continue;
    other = check_of(dest, mine->key);
    if (!same_expression(at, mine->value, other))
      delta_note(at, DELTA_CHECK, mine->key + strlen(CHECK), mine->value, other);
  }
  for (uint32_t i = 0; i < dest->property_count; i++)
    if (str_starts(dest->properties[i].key, CHECK) && !check_of(source, dest->properties[i].key))
      delta_note(at, DELTA_CHECK, dest->properties[i].key + strlen(CHECK), NULL, dest->properties[i].value);
}

void
compare_keys(struct comparing *at, const struct model_table *source, const struct model_table *dest)
{
  static const enum delta_field sorts[] = {DELTA_PRIMARY_KEY, DELTA_FOREIGN_KEY, DELTA_UNIQUE};
  const struct model_table *tables[2] = {source, dest};

  compare_checks(at, source, dest);
  if (!source->constraints && !dest->constraints) return;
  CLEANUP_JSON struct json_object *from = NULL, *to = NULL;
  struct json_object *lists[2];

  if (source->constraints) from = json_parse(source->constraints, strlen(source->constraints), NULL, NULL);
  if (dest->constraints) to = json_parse(dest->constraints, strlen(dest->constraints), NULL, NULL);
  lists[SOURCE] = from;
  lists[DEST] = to;
  for (size_t i = 0; i < ARRAY_SIZE(sorts); i++)
    compare_sort(at, sorts[i], tables, lists);
}
