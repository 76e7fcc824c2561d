/* SPDX-License-Identifier: Apache-2.0 */
/* A few rows of a table that differ, in one statement: both sides joined by the key, where their hashes are
 * not the same. Without a key a row is its hash, and what the other side has no equal of is shown. */
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "compare.h"
#include "kit/model/query.h"
#include "kit/sqltext/quote.h"

#include "base/banned.h"

static bool
has_column(const struct compare_table *table, const char *name)
{
  bool source = false, dest = false;

  for (uint32_t i = 0; i < table->source->column_count; i++)
    source = source || utf8_ieq(table->source->columns[i].name, name);
  for (uint32_t i = 0; i < table->dest->column_count; i++)
    dest = dest || utf8_ieq(table->dest->columns[i].name, name);
  return source && dest;
}

static bool
has_columns(const struct compare_table *table, const char *const *names, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (!has_column(table, names[i])) return false;
  return count > 0;
}

/* The primary key of the source, if the model holds it. */
static void
read_primary(struct compare *compare, struct compare_sample *sample)
{
  const char *text = sample->table->source->constraints;
  CLEANUP_JSON struct json_object *list = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;

  for (size_t i = 0; i < json_length(list); i++) {
    struct json_object *key = json_get_object(json_item(list, i), "primary_key_constraint");
    struct json_object *columns = json_get_array(key, "child_columns");

    if (!key) continue;
    sample->key = arena_array(compare->diff.arena, json_length(columns) + 1, sizeof *sample->key);
    for (size_t k = 0; k < json_length(columns); k++)
      sample->key[k] = arena_strdup(compare->diff.arena, json_object_get_string(json_item(columns, k)));
    sample->key_count = json_length(columns);
  }
}

static void
choose_key(struct compare *compare, struct compare_sample *sample)
{
  if (has_columns(sample->table, compare->key.at, compare->key.count)) {
    sample->key = compare->key.at;
    sample->key_count = compare->key.count;
    return;
  }
  read_primary(compare, sample);
  if (!has_columns(sample->table, sample->key, sample->key_count)) sample->key_count = 0;
}

/* A value as a person reads it. */
static void
add_value(struct buf *sql, const struct model_column *column)
{
  static const char *const nested[] = {"array<", "map<", "struct<", "variant"};
  const char *function = "CAST(", *tail = " AS STRING)";

  if (str_ieq(column->type_text, "binary")) function = "hex(", tail = ")";
  for (size_t i = 0; i < ARRAY_SIZE(nested); i++)
    if (str_ieqn(column->type_text, nested[i], strlen(nested[i]))) function = "to_json(", tail = ")";
  buf_add_text(sql, function);
  sql_add_name(sql, column->name);
  buf_add_text(sql, tail);
}

/* ALIAS AS (SELECT key AS k0, value AS c0, ..., hash AS h FROM side) */
static void
add_side(struct compare *compare, struct buf *sql, const struct compare_sample *sample, size_t side)
{
  const struct compare_table *table = sample->table;
  const struct count_table *count = &compare->counts.at[table->counts + side];
  const char *const name[] = {count->catalog, count->schema, count->name};

  buf_addf(sql, "%c AS (SELECT ", side ? 'd' : 's');
  for (size_t i = 0; i < sample->key_count; i++) {
    sql_add_name(sql, sample->key[i]);
    buf_addf(sql, " AS k%zu, ", i);
  }
  for (uint32_t i = 0; i < table->column_count; i++) {
    add_value(sql, &table->columns[i]);
    buf_addf(sql, " AS c%u, ", i);
  }
  count_add_hash(sql, count);
  buf_add_text(sql, " AS h FROM ");
  sql_add_names(sql, name, 3);
  buf_add_char(sql, ')');
}

static void
add_joined(struct buf *sql, const struct compare_sample *sample, uint32_t most)
{
  const struct compare_table *table = sample->table;

  buf_add_text(sql, " SELECT CASE WHEN d.h IS NULL THEN 'removed' WHEN s.h IS NULL THEN 'added' ELSE "
                    "'changed' END AS what");
  for (size_t i = 0; i < sample->key_count; i++)
    buf_addf(sql, ", CAST(coalesce(s.k%zu, d.k%zu) AS STRING) AS k%zu", i, i, i);
  for (uint32_t i = 0; i < table->column_count; i++)
    buf_addf(sql, ", s.c%u AS s%u, d.c%u AS d%u", i, i, i, i);
  buf_add_text(sql, " FROM s FULL OUTER JOIN d ON ");
  for (size_t i = 0; i < sample->key_count; i++)
    buf_addf(sql, "%ss.k%zu <=> d.k%zu", i ? " AND " : "", i, i);
  buf_add_text(sql, " WHERE NOT (s.h <=> d.h) ORDER BY ");
  for (size_t i = 0; i < sample->key_count; i++)
    buf_addf(sql, "%scoalesce(s.k%zu, d.k%zu)", i ? ", " : "", i, i);
  buf_addf(sql, " LIMIT %u", most);
}

/* One branch: rows of one side whose hash the other has not. */
static void
add_alone(struct buf *sql, const struct compare_table *table, size_t side, uint32_t most)
{
  buf_addf(sql, " SELECT * FROM (SELECT '%s' AS what", side ? "added" : "removed");
  for (uint32_t i = 0; i < table->column_count; i++)
    buf_addf(sql,
             side ? ", CAST(NULL AS STRING) AS s%u, c%u AS d%u" : ", c%u AS s%u, CAST(NULL AS STRING) AS d%u",
             i, i, i);
  buf_addf(sql, " FROM %c WHERE h NOT IN (SELECT h FROM %c) ORDER BY h LIMIT %u)", side ? 'd' : 's',
           side ? 's' : 'd', most);
}

static void
add_query(struct compare *compare, struct buf *sql, const struct compare_sample *sample)
{
  buf_add_text(sql, "WITH ");
  add_side(compare, sql, sample, 0);
  buf_add_text(sql, ", ");
  add_side(compare, sql, sample, 1);
  if (sample->key_count) {
    add_joined(sql, sample, compare->sample);
    return;
  }
  add_alone(sql, sample->table, 0, compare->sample);
  buf_add_text(sql, " UNION ALL");
  add_alone(sql, sample->table, 1, compare->sample);
  buf_addf(sql, " LIMIT %u", compare->sample);
}

struct taking {
  struct arena *arena;
  struct compare_sample *sample;
};

static clxs_status
take_row(void *data, const char *const *cells)
{
  struct taking *taking = data;
  struct compare_sample *sample = taking->sample;
  uint32_t columns = sample->table->column_count;
  struct compare_row *row = VEC_ADD(&sample->rows);
  const char **list = arena_array(taking->arena, sample->key_count + 2 * (size_t)columns + 1, sizeof *list);
  const char *const *cell = cells + 1;

  row->change = str_eq(cells[0], "removed") ? DELTA_REMOVED
                : str_eq(cells[0], "added") ? DELTA_ADDED
                                            : DELTA_CHANGED;
  row->key = list;
  row->old_values = list + sample->key_count;
  row->new_values = row->old_values + columns;
  for (size_t i = 0; i < sample->key_count; i++)
    row->key[i] = arena_strdup(taking->arena, *cell++);
  for (uint32_t i = 0; i < columns; i++) {
    row->old_values[i] = arena_strdup(taking->arena, *cell++);
    row->new_values[i] = arena_strdup(taking->arena, *cell++);
  }
  return CLXS_OK;
}

static clxs_status
read_sample(struct compare *compare, struct compare_sample *sample)
{
  struct clxs_call *call = compare->diff.call;
  struct taking taking = {compare->diff.arena, sample};
  CLEANUP_BUF struct buf sql = BUF_INIT(BUF_SQL);
  uint32_t cells;
  clxs_status status;

  choose_key(compare, sample);
  cells = 1 + (uint32_t)sample->key_count + 2 * sample->table->column_count;
  add_query(compare, &sql, sample);
  status = query_each(call, sql.data, "show differing rows", cells, take_row, &taking);
  if (status >= 0) return CLXS_OK;
  if (status == CLXS_E_CANCELLED || status == CLXS_E_AUTH) return status;
  sample->problem = arena_strdup(compare->diff.arena, call->core->error(call)->message);
  call->core->error_clear(call);
  return CLXS_OK;
}

clxs_status
compare_read_samples(struct compare *compare)
{
  clxs_status status = CLXS_OK;

  for (size_t i = 0; compare->sample && i < compare->tables.count && status >= 0; i++) {
    const struct compare_table *table = &compare->tables.at[i];
    struct compare_sample *sample;

    if (table->verdict != COMPARE_DIFFERENT || !table->column_count) continue;
    sample = VEC_ADD(&compare->samples);
    sample->table = table;
    status = read_sample(compare, sample);
  }
  return status;
}
