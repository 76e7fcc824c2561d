/* SPDX-License-Identifier: Apache-2.0 */
/* Primary keys and UNIQUE constraints, then the foreign keys that refer to them, also over schemas. They are
 * informational, so rows are not looked at. CHECK constraints are properties, which come with a clone; where
 * the copy is not made by CLONE they are said anew.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-alter-table-add-constraint.html */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/model/keys.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

#define PRIMARY "primary_key_constraint"
#define FOREIGN "foreign_key_constraint"
#define NAMED "named_table_constraint"

static bool
has_column(struct json_object *columns, const char *name)
{
  for (size_t i = 0; i < json_length(columns); i++)
    if (utf8_ieq(json_object_get_string(json_item(columns, i)), name)) return true;
  return false;
}

/* (`a`, `b` TIMESERIES) */
void
clone_add_key_columns(struct buf *text, struct json_object *columns, struct json_object *series)
{
  buf_add_text(text, " (");
  for (size_t i = 0; i < json_length(columns); i++) {
    const char *name = json_object_get_string(json_item(columns, i));

    if (i) buf_add_text(text, ", ");
    sql_add_name(text, name);
    if (has_column(series, name)) buf_add_text(text, " TIMESERIES");
  }
  buf_add_char(text, ')');
}

static bool
same_columns(struct json_object *a, struct json_object *b)
{
  if (json_length(a) != json_length(b)) return false;
  for (size_t i = 0; i < json_length(a); i++)
    if (!utf8_ieq(json_object_get_string(json_item(a, i)), json_object_get_string(json_item(b, i))))
      return false;
  return true;
}

/* OLD, of the destination, says what KEY does. */
static bool
same_key(struct clone *clone, struct json_object *key, struct json_object *old)
{
  const char *parent = json_get_text(key, "parent_table"), *there = json_get_text(old, "parent_table");
  const char *from[3], *to[3];

  if (json_get_bool(key, "rely", false) != json_get_bool(old, "rely", false)) return false;
  if (!same_columns(json_get_array(key, "child_columns"), json_get_array(old, "child_columns"))) return false;
  if (!same_columns(json_get_array(key, "parent_columns"), json_get_array(old, "parent_columns")))
    return false;
  if (!same_columns(json_get_array(key, "timeseries_columns"), json_get_array(old, "timeseries_columns")))
    return false;
  if (!parent || !there || !clone_split_name(clone, parent, from) || !clone_split_name(clone, there, to))
    return parent == there;
  if (utf8_ieq(from[0], clone->source->item.name)) from[0] = clone->options.dest;
  return utf8_ieq(from[0], to[0]) && utf8_ieq(from[1], to[1]) && utf8_ieq(from[2], to[2]);
}

/* The constraint of KIND in LIST that has KEY's name, or for primary keys the only one; NULL when there is
 * none. */
static struct json_object *
find_key(struct json_object *list, const char *kind, struct json_object *key)
{
  for (size_t i = 0; i < json_length(list); i++) {
    struct json_object *there = json_get_object(json_item(list, i), kind);

    if (!there) continue;
    if (str_eq(kind, PRIMARY) || utf8_ieq(json_get_text(there, "name"), json_get_text(key, "name")))
      return there;
  }
  return NULL;
}

static void
warn(struct clone *clone, const struct clone_copy *copy, const char *what, struct json_object *key,
     const char *why)
{
  plan_add_warning(clone->plan, clxs_textf(clone->call, "table %s.%s, %s %s: %s", copy->schema, copy->name,
                                           what, json_get_text(key, "name"), why));
}

/* ALTER TABLE `t` VERB `name` */
static void
add_alter(struct clone *clone, struct buf *text, const struct clone_copy *copy, const char *verb,
          const char *name)
{
  buf_add_text(text, "ALTER TABLE ");
  clone_add_copy_name(clone, text, copy);
  buf_addf(text, " %s ", verb);
  sql_add_name(text, name);
}

static size_t
add_key_step(struct clone *clone, struct clone_copy *copy, const char *action, const char *text,
             const char *name)
{
  CLEANUP_BUF struct buf undo = BUF_INIT(BUF_SQL);
  size_t index;

  /* It is gone already where the table it refers to was dropped first. */
  add_alter(clone, &undo, copy, "DROP CONSTRAINT IF EXISTS", name);
  index = clone_add_detail(clone, copy, action, text, undo.data);
  plan_step(clone->plan, index)->flags |= PLAN_EXISTS_IS_DONE;
  return index;
}

static void
add_primary(struct clone *clone, struct clone_copy *copy, struct json_object *key, struct json_object *there)
{
  struct json_object *columns = json_get_array(key, "child_columns"), *old = find_key(there, PRIMARY, key);
  const char *name = json_get_text(key, "name");
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  if (!name || !json_length(columns)) return;
  if (old) {
    if (!same_key(clone, key, old))
      warn(clone, copy, "primary key", key, "the destination has another primary key, which stays");
    return;
  }
  add_alter(clone, &text, copy, "ADD CONSTRAINT", name);
  buf_add_text(&text, " PRIMARY KEY");
  clone_add_key_columns(&text, columns, json_get_array(key, "timeseries_columns"));
  if (json_get_bool(key, "rely", false)) buf_add_text(&text, " RELY");
  copy->key = add_key_step(clone, copy, "add primary key", text.data, name);
}

static void
add_unique(struct clone *clone, struct clone_copy *copy, struct json_object *key, struct json_object *there)
{
  struct json_object *columns = json_get_array(key, "child_columns");
  struct json_object *old = find_key(there, MODEL_UNIQUE, key);
  const char *name = json_get_text(key, "name");
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  if (old) {
    if (!same_columns(columns, json_get_array(old, "child_columns")))
      warn(clone, copy, "UNIQUE constraint", key,
           "the destination has another one of this name, which stays");
    return;
  }
  add_alter(clone, &text, copy, "ADD CONSTRAINT", name);
  buf_add_text(&text, " UNIQUE");
  clone_add_key_columns(&text, columns, NULL);
  add_key_step(clone, copy, "add unique constraint", text.data, name);
}

/* The expression stands in the table's properties. Rows that come later are checked, so it goes first. */
static void
add_checks(struct clone *clone, struct clone_copy *copy)
{
  static const char prefix[] = "delta.constraints.";

  for (uint32_t i = 0; i < copy->table->property_count; i++) {
    const struct model_property *property = &copy->table->properties[i];
    CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

    if (!str_starts(property->key, prefix) || !property->value) continue;
    add_alter(clone, &text, copy, "ADD CONSTRAINT", property->key + sizeof prefix - 1);
    buf_addf(&text, " CHECK (%s)", property->value);
    copy->made = add_key_step(clone, copy, "add check", text.data, property->key + sizeof prefix - 1);
  }
}

/* What the copy's foreign key refers to: the parent's copy, or a table that is not part of this clone. NULL
 * and a reason when there is none. */
static const char *
parent_problem(struct clone *clone, const char *const parts[3], struct clone_copy **parent)
{
  const struct model_schema *schema;

  *parent = NULL;
  if (!utf8_ieq(parts[0], clone->source->item.name)) return NULL;
  schema = model_find_schema(clone->source, parts[1]);
  if (schema) {
    const struct model_table *table = model_find_table(schema, parts[2]);

    if (table) *parent = clone_find_copy(clone, "tables", schema->item.name, table->item.name);
  }
  if (*parent || model_find_table(model_find_schema(clone->dest, parts[1]), parts[2])) return NULL;
  return "the table it refers to is not in the destination, so it is left out";
}

static void
add_foreign(struct clone *clone, struct clone_copy *copy, struct json_object *key, struct json_object *there)
{
  const char *name = json_get_text(key, "name"), *full = json_get_text(key, "parent_table"), *parts[3],
             *problem;
  struct json_object *columns = json_get_array(key, "child_columns"), *old = find_key(there, FOREIGN, key);
  struct clone_copy *parent;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  size_t index;

  if (!name || !json_length(columns)) return;
  problem = full && clone_split_name(clone, full, parts) ? parent_problem(clone, parts, &parent)
                                                         : "the service does not say what it refers to";
  if (problem) {
    warn(clone, copy, "foreign key", key, problem);
    return;
  }
  /* A parent that is made anew takes the keys that refer to it along. */
  if (old && !(parent && parent->created)) {
    if (!same_key(clone, key, old))
      warn(clone, copy, "foreign key", key, "the destination has another one of this name, which stays");
    return;
  }
  add_alter(clone, &text, copy, "ADD CONSTRAINT", name);
  buf_add_text(&text, " FOREIGN KEY");
  clone_add_key_columns(&text, columns, NULL);
  buf_add_text(&text, " REFERENCES ");
  clone_add_name(&text, utf8_ieq(parts[0], clone->source->item.name) ? clone->options.dest : parts[0],
                 parts[1], parts[2]);
  clone_add_key_columns(&text, json_get_array(key, "parent_columns"), NULL);
  if (json_get_bool(key, "rely", false)) buf_add_text(&text, " RELY");
  index = add_key_step(clone, copy, "add foreign key", text.data, name);
  if (old) plan_step(clone->plan, index)->undo = (struct plan_undo){PLAN_PRIOR_KNOWN, "{}"};
  if (copy->key != CLONE_NO_STEP) plan_add_order(clone->plan, index, copy->key);
  if (!parent) return;
  if (parent->made != CLONE_NO_STEP) plan_add_order(clone->plan, index, parent->made);
  if (parent->key != CLONE_NO_STEP) plan_add_order(clone->plan, index, parent->key);
}

static void
add_keys(struct clone *clone, struct clone_copy *copy, const char *kind,
         void (*add)(struct clone *clone, struct clone_copy *copy, struct json_object *key,
                     struct json_object *there))
{
  const char *from = copy->table ? copy->table->constraints : NULL;
  /* CLONE leaves the keys of what it replaces; CREATE OR REPLACE does not. */
  const char *to = copy->there && !copy->created ? copy->there->constraints : NULL;
  CLEANUP_JSON struct json_object *list = from ? json_parse(from, strlen(from), NULL, NULL) : NULL;
  CLEANUP_JSON struct json_object *there = to ? json_parse(to, strlen(to), NULL, NULL) : NULL;

  for (size_t i = 0; i < json_length(list); i++) {
    struct json_object *key = json_get_object(json_item(list, i), kind);

    if (key) add(clone, copy, key, there);
  }
}

/* The service tells the names of other constraints only. CHECKs are among them, and they are here already. */
static void
warn_of_named(struct clone *clone, struct clone_copy *copy, struct json_object *key,
              struct json_object *there)
{
  const char *name = json_get_text(key, "name");
  const char *check = clxs_textf(clone->call, "delta.constraints.%s", name ? name : "");

  for (uint32_t i = 0; i < copy->table->property_count; i++)
    if (utf8_ieq(copy->table->properties[i].key, check)) return;
  if (!find_key(there, NAMED, key))
    warn(clone, copy, "constraint", key, "the service does not say what it demands, so it is left out");
}

void
clone_add_constraints(struct clone *clone)
{
  VEC_EACH (&clone->copies, copy) {
    if (!copy->table || model_is_view(copy->table)) continue;
    if (copy->created) add_checks(clone, copy);
    add_keys(clone, copy, PRIMARY, add_primary);
    add_keys(clone, copy, MODEL_UNIQUE, add_unique);
  }
  VEC_EACH (&clone->copies, copy) {
    if (!copy->table || model_is_view(copy->table)) continue;
    add_keys(clone, copy, FOREIGN, add_foreign);
    add_keys(clone, copy, NAMED, warn_of_named);
  }
}
