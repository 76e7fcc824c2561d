/* SPDX-License-Identifier: Apache-2.0 */
/* SHOW CREATE TABLE: a statement that makes the table or view again. Like the real one it carries neither
 * tags nor grants. https://docs.databricks.com/sql/language-manual/sql-ref-syntax-aux-show-create-table.html
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/sqltext/quote.h"
#include "show/internal.h"

#include "base/banned.h"

static void
add_full_name(struct buf *sql, const struct table *table)
{
  const char *const parts[] = {table->object.catalog_name, table->object.schema_name, table->object.name};

  for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
    bool plain = str_is_alpha(parts[i][0]) || parts[i][0] == '_';

    for (const char *c = parts[i]; *c; c++)
      plain = plain && (str_is_alnum(*c) || *c == '_');
    if (i > 0) buf_add_char(sql, '.');
    if (plain)
      buf_add_text(sql, parts[i]);
    else
      sql_add_name(sql, parts[i]);
  }
}

static void
add_comment(struct buf *sql, const char *before, const char *comment, const char *behind)
{
  if (!comment || !*comment) return;
  buf_add_text(sql, before);
  buf_add_text(sql, "COMMENT ");
  sql_add_literal(sql, comment);
  buf_add_text(sql, behind);
}

/* 'b' or column b, as the arguments of filters and masks are written. */
static void
add_arguments(struct buf *sql, const struct policy *policy)
{
  buf_add_char(sql, '(');
  for (size_t i = 0; i < policy->argument_count; i++) {
    if (i > 0) buf_add_text(sql, ", ");
    buf_add_text(sql,
                 policy->arguments[i].column ? policy->arguments[i].column : policy->arguments[i].constant);
  }
  buf_add_char(sql, ')');
}

static void
add_identity(struct buf *sql, const struct column *column)
{
  if (column->identity == IDENTITY_NONE) return;
  buf_addf(sql, " GENERATED %s AS IDENTITY (START WITH %lld INCREMENT BY %lld)",
           column->identity == IDENTITY_ALWAYS ? "ALWAYS" : "BY DEFAULT", (long long)column->identity_start,
           (long long)column->identity_step);
}

static void
add_column(struct buf *sql, const struct column *column)
{
  buf_add_text(sql, "  ");
  sql_add_name(sql, column->name);
  buf_add_char(sql, ' ');
  for (const char *c = column->type_text; *c; c++)
    buf_add_char(sql,
                 *c >= 'a' && *c <= 'z' && !strpbrk(column->type_text, "<:") ? (char)(*c - 'a' + 'A') : *c);
  if (!column->nullable) buf_add_text(sql, " NOT NULL");
  if (column->generated_sql) buf_addf(sql, " GENERATED ALWAYS AS (%s)", column->generated_sql);
  add_identity(sql, column);
  if (column->default_sql) buf_addf(sql, " DEFAULT %s", column->default_sql);
  add_comment(sql, " ", column->comment, "");
  if (!column->mask) return;
  buf_addf(sql, " MASK %s", column->mask->function_name);
  if (column->mask->argument_count == 0) return;
  buf_add_text(sql, " USING COLUMNS ");
  add_arguments(sql, column->mask);
}

static void
add_names(struct buf *sql, const char *const *names, size_t count)
{
  buf_add_char(sql, '(');
  for (size_t i = 0; i < count; i++) {
    if (i > 0) buf_add_text(sql, ", ");
    sql_add_name(sql, names[i]);
  }
  buf_add_char(sql, ')');
}

static void
add_constraint(struct buf *sql, const struct constraint *constraint)
{
  static const char *const kinds[] = {"PRIMARY KEY ", "FOREIGN KEY ", "UNIQUE "};

  buf_add_text(sql, ",\n  CONSTRAINT ");
  sql_add_name(sql, constraint->name);
  buf_addf(sql, " %s", kinds[constraint->kind]);
  add_names(sql, constraint->columns, constraint->column_count);
  if (constraint->parent_table) {
    buf_addf(sql, " REFERENCES %s ", constraint->parent_table);
    add_names(sql, constraint->parent_columns, constraint->parent_count);
  }
  if (constraint->rely) buf_add_text(sql, " RELY");
}

static void
add_partitions(struct buf *sql, const struct table *table)
{
  const char *names[64];
  size_t count = 0;

  for (int index = 0; index < 64; index++)
    for (size_t i = 0; i < table->column_count; i++)
      if (table->columns[i].partition_index == index) names[count++] = table->columns[i].name;
  if (count == 0) return;
  buf_add_text(sql, "PARTITIONED BY ");
  add_names(sql, names, count);
  buf_add_char(sql, '\n');
}

static void
add_clustering(struct buf *sql, const struct table *table)
{
  CLEANUP_JSON struct json_object *list = NULL;

  if (!table->clustering) return;
  if (str_eq(table->clustering, "auto")) {
    buf_add_text(sql, "CLUSTER BY AUTO\n");
    return;
  }
  list = json_parse(table->clustering, strlen(table->clustering), NULL, NULL);
  if (json_length(list) == 0) return;
  buf_add_text(sql, "CLUSTER BY (");
  for (size_t i = 0; i < json_length(list); i++)
    buf_addf(sql, "%s%s", i > 0 ? ", " : "", json_object_get_string(json_item(list, i)));
  buf_add_text(sql, ")\n");
}

static void
add_properties(struct buf *sql, const char *text)
{
  CLEANUP_JSON struct json_object *properties = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;
  bool first = true;
  struct json_object *value;
  const char *key;
  void *at = NULL;

  if (!properties || json_object_object_length(properties) == 0) return;
  buf_add_text(sql, "TBLPROPERTIES (");
  while (json_next(properties, &at, &key, &value)) {
    buf_add_text(sql, first ? "\n  " : ",\n  ");
    first = false;
    sql_add_literal(sql, key);
    buf_add_text(sql, " = ");
    sql_add_literal(sql, json_object_get_string(value));
  }
  buf_add_text(sql, ")\n");
}

static void
add_table(struct buf *sql, const struct table *table)
{
  buf_add_text(sql, "CREATE TABLE ");
  add_full_name(sql, table);
  buf_add_text(sql, " (\n");
  for (size_t i = 0; i < table->column_count; i++) {
    if (i > 0) buf_add_text(sql, ",\n");
    add_column(sql, &table->columns[i]);
  }
  for (size_t i = 0; i < table->constraint_count; i++)
    add_constraint(sql, &table->constraints[i]);
  buf_addf(sql, ")\nUSING %s\n", table->data_source_format ? table->data_source_format : "delta");
  add_partitions(sql, table);
  add_clustering(sql, table);
  add_comment(sql, "", table->object.comment, "\n");
  if (str_starts(table->table_type, "EXTERNAL") && table->storage_location) {
    buf_add_text(sql, "LOCATION ");
    sql_add_literal(sql, table->storage_location);
    buf_add_char(sql, '\n');
  }
  add_properties(sql, table->properties);
  if (!table->row_filter) return;
  buf_addf(sql, "WITH ROW FILTER %s ON ", table->row_filter->function_name);
  add_arguments(sql, table->row_filter);
  buf_add_char(sql, '\n');
}

static void
add_view(struct buf *sql, const struct table *table)
{
  bool metrics = str_eq(table->table_type, "METRIC_VIEW");

  buf_add_text(sql, str_eq(table->table_type, "MATERIALIZED_VIEW") ? "CREATE MATERIALIZED VIEW "
                    : str_eq(table->table_type, "STREAMING_TABLE") ? "CREATE STREAMING TABLE "
                                                                   : "CREATE VIEW ");
  add_full_name(sql, table);
  buf_add_text(sql, " (\n");
  for (size_t i = 0; i < table->column_count; i++) {
    buf_add_text(sql, i > 0 ? ",\n  " : "  ");
    if (str_is_alpha(table->columns[i].name[0]) && !strpbrk(table->columns[i].name, " -.,;{}()`\t\n="))
      buf_add_text(sql, table->columns[i].name);
    else
      sql_add_name(sql, table->columns[i].name);
    add_comment(sql, " ", table->columns[i].comment, "");
  }
  buf_add_text(sql, ")\n");
  add_comment(sql, "", table->object.comment, "\n");
  add_properties(sql, table->properties);
  if (table->view_binding) buf_addf(sql, "WITH SCHEMA %s\n", table->view_binding);
  if (metrics)
    buf_addf(sql, "WITH METRICS\nLANGUAGE YAML\nAS $$%s$$\n", table->view_definition);
  else
    buf_addf(sql, "AS %s\n", table->view_definition);
}

bool
show_create(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  CLEANUP_BUF struct buf sql = BUF_INIT(BUF_LARGE);
  struct table table;

  if (!show_read_table(cursor, &table)) return false;
  if (cursor_take_words(cursor, "AS SERDE")) return cursor_fail(cursor);
  if (!cursor_finish(cursor) || !access_require(session, &table.object, PRIV_SELECT)) return false;
  if (table.view_definition)
    add_view(&sql, &table);
  else
    add_table(&sql, &table);
  SHOW_STRINGS(session, result, "createtab_stmt");
  SHOW_ROW(session, result, arena_strdup(session->arena, sql.data));
  return true;
}
