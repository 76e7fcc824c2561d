/* SPDX-License-Identifier: Apache-2.0 */
/* A table with a row filter or masks, which CLONE refuses: CREATE TABLE AS SELECT, which reads what the
 * caller may see. Where the copy is not protected yet it is made without rows, so that nothing is there to be
 * seen. https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-table-using.html */
#include "base/buf.h"
#include "base/str.h"
#include "clone.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

static void
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
}

static void
add_properties(struct buf *text, const struct model_table *table)
{
  uint32_t found = 0;

  for (uint32_t i = 0; i < table->property_count; i++) {
    if (!clone_is_own_property(table->properties[i].key)) continue;
    buf_add_text(text, found++ ? ", " : " TBLPROPERTIES (");
    sql_add_literal(text, table->properties[i].key);
    buf_add_text(text, " = ");
    sql_add_literal(text, table->properties[i].value ? table->properties[i].value : "");
  }
  if (found) buf_add_char(text, ')');
}

static const char *
create_text(struct clone *clone, const struct model_schema *schema, const struct model_table *table,
            bool empty)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  buf_add_text(&text, "CREATE OR REPLACE TABLE ");
  clone_add_name(&text, clone->options.dest, schema->item.name, table->item.name);
  add_partitions(&text, table);
  if (table->item.comment && clone->options.comments) {
    buf_add_text(&text, " COMMENT ");
    sql_add_literal(&text, table->item.comment);
  }
  if (clone->options.properties) add_properties(&text, table);
  buf_add_text(&text, " AS SELECT * FROM ");
  clone_add_name(&text, clone->source->item.name, schema->item.name, table->item.name);
  if (empty) buf_add_text(&text, " WHERE false");
  return arena_strdup(clone->plan->arena, text.data);
}

/* ALTER TABLE `t` ALTER COLUMN `c` WORDS, after the one before: they are changes of the same table. */
static size_t
add_column_step(struct clone *clone, size_t object, const struct model_schema *schema,
                const struct model_table *table, const struct model_column *column, const char *action,
                const char *words, size_t after)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  size_t index;

  buf_add_text(&text, "ALTER TABLE ");
  clone_add_name(&text, clone->options.dest, schema->item.name, table->item.name);
  buf_add_text(&text, " ALTER COLUMN ");
  sql_add_name(&text, column->name);
  buf_addf(&text, " %s", words);
  index = clone_add_sql(clone, object, action, text.data, PLAN_IDEMPOTENT, CLONE_NO_STEP);
  plan_add_order(clone->plan, index, after);
  return index;
}

/* What SELECT does not bring. */
static void
add_columns(struct clone *clone, size_t object, const struct model_schema *schema,
            const struct model_table *table, size_t after)
{
  for (uint32_t i = 0; i < table->column_count; i++) {
    const struct model_column *column = &table->columns[i];
    CLEANUP_BUF struct buf comment = BUF_INIT(BUF_SQL);

    if (column->not_null)
      after = add_column_step(clone, object, schema, table, column, "demand values", "SET NOT NULL", after);
    if (!column->comment || !clone->options.comments) continue;
    buf_add_text(&comment, "COMMENT ");
    sql_add_literal(&comment, column->comment);
    after = add_column_step(clone, object, schema, table, column, "comment on column", comment.data, after);
  }
}

static void
warn(struct clone *clone, const struct model_schema *schema, const struct model_table *table)
{
  bool special = false;

  for (uint32_t i = 0; i < table->column_count; i++)
    special = special || table->columns[i].type_json;
  for (uint32_t i = 0; i < table->property_count; i++)
    special = special || str_starts(table->properties[i].key, "delta.constraints.");
  plan_add_warning(
      clone->plan,
      clxs_textf(clone->call,
                 "table %s.%s is protected, so its copy has the rows and values that you may see, and "
                 "no history%s%s",
                 schema->item.name, table->item.name,
                 special ? "; defaults, identities, generated columns and CHECK constraints are not "
                           "copied"
                         : "",
                 clone->options.security ? "" : "; without --security nothing protects the copy"));
}

size_t
clone_add_protected(struct clone *clone, size_t object, const struct model_schema *schema,
                    const struct model_table *table, const struct model_table *there, size_t schema_step)
{
  bool empty = !clone_is_guarded(clone, table, there);
  size_t index = clone_add_sql(clone, object, "create table", create_text(clone, schema, table, empty),
                               PLAN_IDEMPOTENT | (empty ? 0 : PLAN_COPIES), schema_step);

  add_columns(clone, object, schema, table, index);
  warn(clone, schema, table);
  return index;
}
