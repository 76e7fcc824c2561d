/* SPDX-License-Identifier: Apache-2.0 */
/* A table that is made anew instead of cloned: its whole definition as CREATE TABLE, and the statement that
 * brings its rows. LIKE and AS SELECT forget most of a definition, so AS SELECT is used only where there is
 * nothing to forget. Primary and foreign keys and CHECK constraints are not said here.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-table-using.html */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

#define APPEND_ONLY "delta.appendOnly"
#define DEFAULTS "delta.feature.allowColumnDefaults"

/* What a column's field description says beside its type. The caller frees the JSON. */
struct detail {
  struct json_object *json;
  const char *default_value, *generation;
  bool identity, always;
  int64_t start, step;
};

static void
detail_free(struct detail *detail)
{
  json_cleanup(&detail->json);
}
#define CLEANUP_DETAIL __attribute__((cleanup(detail_free)))

/* The names are those of the Delta protocol's column metadata. */
static struct detail
read_detail(const struct model_column *column)
{
  struct detail detail = {.step = 1};
  struct json_object *metadata;

  if (!column->type_json) return detail;
  detail.json = json_parse(column->type_json, strlen(column->type_json), NULL, NULL);
  metadata = json_get_object(detail.json, "metadata");
  detail.default_value = json_get_text(metadata, "CURRENT_DEFAULT");
  detail.generation = json_get_text(metadata, "delta.generationExpression");
  detail.identity = json_get(metadata, "delta.identity.step") != NULL;
  detail.always = !json_get_bool(metadata, "delta.identity.allowExplicitInsert", true);
  detail.start = json_get_int(metadata, "delta.identity.start", 1);
  detail.step = json_get_int(metadata, "delta.identity.step", 1);
  return detail;
}

bool
clone_column_is_computed(const struct model_column *column)
{
  CLEANUP_DETAIL struct detail detail = read_detail(column);

  return detail.generation != NULL;
}

/* An identity that takes no values from outside could not take the source's. */
static void
add_column(const struct clone *clone, struct buf *text, const struct model_column *column, bool rows)
{
  CLEANUP_DETAIL struct detail detail = read_detail(column);

  sql_add_name(text, column->name);
  buf_add_char(text, ' ');
  clone_add_type(clone, text, column, detail.json);
  if (column->not_null) buf_add_text(text, " NOT NULL");
  if (detail.generation) buf_addf(text, " GENERATED ALWAYS AS (%s)", detail.generation);
  if (detail.identity)
    buf_addf(text, " GENERATED %s AS IDENTITY (START WITH %lld INCREMENT BY %lld)",
             detail.always && !rows ? "ALWAYS" : "BY DEFAULT", (long long)detail.start,
             (long long)detail.step);
  if (detail.default_value) buf_addf(text, " DEFAULT %s", detail.default_value);
  if (!column->comment || !*column->comment || !clone->options.comments) return;
  buf_add_text(text, " COMMENT ");
  sql_add_literal(text, column->comment);
}

static bool
add_partitions(struct buf *text, const struct model_table *table)
{
  uint32_t found = 0;

  for (uint32_t place = 0; place < table->column_count; place++)
    for (uint32_t i = 0; i < table->column_count; i++)
      if (table->columns[i].partition_index == (int32_t)place) {
        buf_add_text(text, found++ ? ", " : " PARTITIONED BY (");
        sql_add_name(text, table->columns[i].name);
      }
  if (found) buf_add_char(text, ')');
  return found > 0;
}

/* A key of DESCRIBE DETAIL is text, one of the property a list of parts; a key may be a field. */
static void
add_cluster_key(struct buf *text, const struct model_table *table, struct json_object *key)
{
  const char *name = json_object_get_string(key);

  if (json_object_is_type(key, json_type_array)) {
    for (size_t i = 0; i < json_length(key); i++) {
      if (i) buf_add_char(text, '.');
      sql_add_name(text, json_object_get_string(json_item(key, i)));
    }
    return;
  }
  for (uint32_t i = 0; i < table->column_count; i++)
    if (utf8_ieq(table->columns[i].name, name)) {
      sql_add_name(text, name);
      return;
    }
  for (const char *dot; (dot = strchr(name, '.')) != NULL; name = dot + 1) {
    CLEANUP_BUF struct buf part = BUF_INIT(BUF_SQL);

    buf_add(&part, name, (size_t)(dot - name));
    sql_add_name(text, part.data);
    buf_add_char(text, '.');
  }
  sql_add_name(text, name);
}

static void
add_cluster(struct buf *text, const struct model_table *table, const char *keys)
{
  const char *known = model_property(table, "clusteringColumns");
  CLEANUP_JSON struct json_object *list = NULL;

  if (str_ieq(model_property(table, "clusterByAuto"), "true")) {
    buf_add_text(text, " CLUSTER BY AUTO");
    return;
  }
  if (!known) known = keys;
  list = known ? json_parse(known, strlen(known), NULL, NULL) : NULL;
  for (size_t i = 0; i < json_length(list); i++) {
    buf_add_text(text, i ? ", " : " CLUSTER BY (");
    add_cluster_key(text, table, json_item(list, i));
  }
  if (json_length(list)) buf_add_char(text, ')');
}

static void
add_property(struct buf *text, uint32_t *found, const char *key, const char *value)
{
  buf_add_text(text, (*found)++ ? ", " : " TBLPROPERTIES (");
  sql_add_literal(text, key);
  buf_add_text(text, " = ");
  sql_add_literal(text, value ? value : "");
}

/* Delta's own settings belong to the definition; what people note there is left away on request. A table that
 * takes rows must not be append-only yet. */
static void
add_properties(const struct clone *clone, struct buf *text, const struct clone_making *making, bool defaults)
{
  const struct model_table *table = making->table;
  uint32_t found = 0;

  for (uint32_t i = 0; i < table->property_count; i++) {
    const char *key = table->properties[i].key;

    if (!clone_is_own_property(key) || str_eq(key, "clusterByAuto")) continue;
    if (!clone->options.properties && !str_starts(key, "delta.")) continue;
    if (!(making->rows && str_eq(key, APPEND_ONLY)))
      add_property(text, &found, key, table->properties[i].value);
  }
  if (defaults) add_property(text, &found, DEFAULTS, "supported");
  if (making->copied) add_property(text, &found, ROWS_COPIED, making->copied);
  if (found) buf_add_char(text, ')');
}

static bool
has_defaults(const struct model_table *table)
{
  bool found = false;

  for (uint32_t i = 0; i < table->column_count; i++) {
    CLEANUP_DETAIL struct detail detail = read_detail(&table->columns[i]);

    found = found || detail.default_value;
  }
  return found;
}

/* Everything behind the columns. */
static void
add_clauses(const struct clone *clone, struct buf *text, const struct clone_making *making)
{
  const struct model_table *table = making->table;

  if (str_ieq(table->format, "ICEBERG")) buf_add_text(text, " USING ICEBERG");
  if (!add_partitions(text, table)) add_cluster(text, table, making->cluster);
  if (making->location) {
    buf_add_text(text, " LOCATION ");
    sql_add_literal(text, making->location);
  }
  if (table->item.comment && clone->options.comments) {
    buf_add_text(text, " COMMENT ");
    sql_add_literal(text, table->item.comment);
  }
  add_properties(clone, text, making, has_defaults(table) && !making->select);
}

bool
clone_select_is_faithful(const struct clone *clone, const struct model_table *table)
{
  for (uint32_t i = 0; i < table->column_count; i++) {
    const struct model_column *column = &table->columns[i];
    CLEANUP_DETAIL struct detail detail = read_detail(column);

    /* A description is kept where it says more than the type: comments and NOT NULL of fields are in it. */
    if (column->not_null || json_get_object(detail.json, "type") || detail.default_value ||
        detail.generation || detail.identity)
      return false;
    if (column->comment && *column->comment && clone->options.comments) return false;
  }
  return true;
}

void
clone_add_create(const struct clone *clone, struct buf *text, const struct clone_making *making)
{
  const struct model_table *table = making->table;

  buf_add_text(text, "CREATE OR REPLACE TABLE ");
  clone_add_name(text, clone->options.dest, making->schema, table->item.name);
  for (uint32_t i = 0; !making->select && i < table->column_count; i++) {
    buf_add_text(text, i ? ", " : " (");
    add_column(clone, text, &table->columns[i], making->rows);
  }
  if (!making->select && table->column_count) buf_add_char(text, ')');
  add_clauses(clone, text, making);
  if (making->select) buf_addf(text, " AS %s", making->select);
}

void
clone_add_fill(const struct clone *clone, struct buf *text, const struct clone_making *making,
               const char *select)
{
  const struct model_table *table = making->table;
  uint32_t found = 0;

  buf_add_text(text, "INSERT OVERWRITE TABLE ");
  clone_add_name(text, clone->options.dest, making->schema, table->item.name);
  for (uint32_t i = 0; i < table->column_count; i++) {
    if (clone_column_is_computed(&table->columns[i])) continue;
    buf_add_text(text, found++ ? ", " : " (");
    sql_add_name(text, table->columns[i].name);
  }
  if (found) buf_add_char(text, ')');
  buf_addf(text, " %s", select);
}

/* What has to be said once the rows are in: an identity goes on behind them, an append-only table takes no
 * more of this. Each a statement behind the one before. */
size_t
clone_add_closing(struct clone *clone, size_t object, const struct clone_making *making, size_t after)
{
  const struct model_table *table = making->table;
  const char *append = model_property(table, APPEND_ONLY);

  for (uint32_t i = 0; i < table->column_count; i++) {
    CLEANUP_DETAIL struct detail detail = read_detail(&table->columns[i]);
    CLEANUP_BUF struct buf words = BUF_INIT(BUF_SQL);

    if (!detail.identity) continue;
    buf_add_text(&words, "ALTER COLUMN ");
    sql_add_name(&words, table->columns[i].name);
    buf_add_text(&words, " SYNC IDENTITY");
    after = clone_add_alter(clone, object, making, "go on counting", words.data, after);
    if (detail.always)
      plan_add_warning(clone->plan,
                       clxs_textf(clone->call,
                                  "column %s of table %s.%s takes values from outside in the copy, which "
                                  "it needed for its rows; in the source it is GENERATED ALWAYS",
                                  table->columns[i].name, making->schema, table->item.name));
  }
  if (!str_ieq(append, "true")) return after;
  return clone_add_alter(clone, object, making, "set properties",
                         "SET TBLPROPERTIES ('" APPEND_ONLY "' = 'true')", after);
}

size_t
clone_add_alter(struct clone *clone, size_t object, const struct clone_making *making, const char *action,
                const char *words, size_t after)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  size_t index;

  buf_add_text(&text, "ALTER TABLE ");
  clone_add_name(&text, clone->options.dest, making->schema, making->table->item.name);
  buf_addf(&text, " %s", words);
  index = clone_add_sql(clone, object, action, text.data, PLAN_IDEMPOTENT, CLONE_NO_STEP);
  plan_add_order(clone->plan, index, after);
  /* What takes the table back takes this back, too. */
  plan_step(clone->plan, index)->undo = (struct plan_undo){PLAN_PRIOR_KNOWN, "{}"};
  return index;
}
