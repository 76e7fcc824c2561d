/* SPDX-License-Identifier: Apache-2.0 */
/* A table as it was: the columns that a query of its earlier version has. The service tells their names,
 * types and order; everything else is taken to be as it is now. */
#include "base/buf.h"
#include "base/str.h"
#include "drift.h"
#include "kit/rows/rows.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

/* SCHEMA.TABLE in MODEL; names may hold dots, so every schema is tried. */
static const struct model_table *
find_table(struct drift *drift, const struct model_schema **schema)
{
  VEC_EACH (&drift->sides[1].model->schemas, candidate) {
    size_t length = strlen(candidate->item.name);
    const struct model_table *table;

    if (strlen(drift->table) <= length || drift->table[length] != '.') continue;
    if (!utf8_ieq(arena_strndup(drift->arena, drift->table, length), candidate->item.name)) continue;
    table = model_find_table(candidate, drift->table + length + 1);
    *schema = candidate;
    if (table) return table;
  }
  return NULL;
}

static void
add_moment(struct drift *drift, struct buf *sql)
{
  const struct clxs_core *core = drift->call->core;

  if (core->arg_count(drift->call, "since-version")) {
    buf_addf(sql, " VERSION AS OF %lld", (long long)core->arg_int(drift->call, "since-version"));
    return;
  }
  buf_add_text(sql, " TIMESTAMP AS OF ");
  sql_add_literal(sql, core->arg_text(drift->call, "since-timestamp", 0));
}

static clxs_status
read_columns(struct drift *drift, const char *schema, const struct model_table *now, struct model_table *then)
{
  const char *const name[3] = {drift->sides[1].model->item.name, schema, now->item.name};
  struct clxs_statement statement = {.size = sizeof statement, .flags = CLXS_SQL_IDEMPOTENT};
  const struct clxs_sql *sql = clxs_sql(drift->call);
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  struct model_column *columns;
  struct clxs_rows *rows = NULL;
  clxs_status status;

  buf_add_text(&text, "SELECT * FROM ");
  sql_add_names(&text, name, 3);
  add_moment(drift, &text);
  buf_add_text(&text, " LIMIT 0");
  statement.text = text.data;
  statement.purpose = "read the columns of an earlier version";
  status = sql->run(drift->call, &statement, &rows);
  if (status < 0)
    return clxs_failf(drift->call, status, "DESCRIBE HISTORY shows which versions there still are",
                      "cannot read the earlier version of %s", drift->table);
  then->column_count = sql->column_count(drift->call, rows);
  columns = arena_array(drift->arena, then->column_count + 1, sizeof *columns);
  for (uint32_t i = 0; i < then->column_count; i++) {
    const struct clxs_column *found = sql->column(drift->call, rows, i);

    columns[i].partition_index = -1;
    for (uint32_t k = 0; k < now->column_count; k++)
      if (utf8_ieq(now->columns[k].name, found->name)) columns[i] = now->columns[k];
    columns[i].name = arena_strdup(drift->arena, found->name);
    columns[i].type_text = arena_strdup(drift->arena, found->type_text);
  }
  then->columns = columns;
  return CLXS_OK;
}

static struct model_catalog *
only(struct drift *drift, const char *schema, const struct model_table *table)
{
  struct model_catalog *model = model_new(drift->sides[1].model->item.name);
  struct model_schema *place = VEC_ADD(&model->schemas);

  place->item.name = arena_strdup(drift->arena, schema);
  *VEC_ADD(&place->tables) = *table;
  return model;
}

clxs_status
drift_read_earlier(struct drift *drift)
{
  const struct model_schema *schema = NULL;
  const struct model_table *now = find_table(drift, &schema);
  struct model_table then;
  clxs_status status;

  if (!now)
    return clxs_failf(drift->call, CLXS_E_NOT_FOUND, "write SCHEMA.TABLE, without the catalog",
                      "--table %s: catalog %s has no such table", drift->table, drift->sides[1].name);
  then = *now;
  status = read_columns(drift, schema->item.name, now, &then);
  if (status < 0) return status;
  drift->sides[0] =
      (struct side){.name = drift->sides[1].name, .model = only(drift, schema->item.name, &then)};
  return CLXS_OK;
}
