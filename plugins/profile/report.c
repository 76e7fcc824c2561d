/* SPDX-License-Identifier: Apache-2.0 */
/* What scripts read: JSON with everything, or one line per column; and the command's status. */
#include "base/buf.h"
#include "base/json.h"
#include "base/json_write.h"
#include "base/str.h"
#include "profile.h"

#include "base/banned.h"

/* Numbers of the service as numbers, what JSON has no number for (NaN, Infinity) and decimals as text. */
static void
write_found(struct json_writer *writer, const struct profile_column *column, const char *key,
            enum profile_metric metric)
{
  const char *text = column->found[metric];
  CLEANUP_JSON struct json_object *value = NULL;
  bool number = metric != METRIC_MIN && metric != METRIC_MAX;

  if (!text) return;
  number = number || (column->kind & (PROFILE_INTEGER | PROFILE_FLOAT));
  if (number) value = json_parse_strict(text, strlen(text), NULL, NULL);
  if (value)
    json_write_tree(writer, key, value);
  else
    json_write_text(writer, key, text);
}

static void
write_quantiles(struct json_writer *writer, const struct profile_column *column)
{
  static const char *const names[] = {"p05", "p25", "p50", "p75", "p95"};
  const char *text = column->found[METRIC_QUANTILES];
  CLEANUP_JSON struct json_object *list = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;

  if (json_length(list) != ARRAY_SIZE(names)) return;
  json_begin_object(writer, "quantiles");
  for (size_t i = 0; i < ARRAY_SIZE(names); i++)
    json_write_tree(writer, names[i], json_item(list, i));
  json_end_object(writer);
}

static void
write_list(struct json_writer *writer, const struct profile_column *column, const char *key,
           enum profile_metric metric)
{
  const char *text = column->found[metric];
  CLEANUP_JSON struct json_object *list = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;

  if (list) json_write_tree(writer, key, list);
}

static void
write_column(struct json_writer *writer, const struct profile_column *column)
{
  json_begin_object(writer, NULL);
  json_write_text(writer, "column_name", column->name);
  json_write_text(writer, "data_type", column->type);
  if (column->known) {
    json_write_int(writer, "null_count", column->nulls);
    json_write_double(writer, "null_pct",
                      column->rows ? 100.0 * (double)column->nulls / (double)column->rows : 0);
  }
  write_found(writer, column, "distinct_count", METRIC_DISTINCT);
  write_found(writer, column, "nan_count", METRIC_NAN);
  write_found(writer, column, "min", METRIC_MIN);
  write_found(writer, column, "max", METRIC_MAX);
  write_found(writer, column, "avg", METRIC_MEAN);
  write_found(writer, column, "stddev", METRIC_DEVIATION);
  write_quantiles(writer, column);
  write_found(writer, column, "min_length", METRIC_MIN_LENGTH);
  write_found(writer, column, "max_length", METRIC_MAX_LENGTH);
  write_found(writer, column, "avg_length", METRIC_MEAN_LENGTH);
  write_found(writer, column, "empty_count", METRIC_EMPTY);
  write_found(writer, column, "true_count", METRIC_TRUE);
  write_list(writer, column, "top_values", METRIC_TOP);
  write_list(writer, column, "histogram", METRIC_HISTOGRAM);
  json_write_text(writer, "error", column->problem);
  json_end_object(writer);
}

static void
write_table(struct json_writer *writer, const struct profile *profile, const struct profile_table *table)
{
  json_begin_object(writer, NULL);
  json_write_text(writer, "catalog", profile->model->item.name);
  json_write_text(writer, "schema", table->schema->item.name);
  json_write_text(writer, "table", table->table->item.name);
  json_write_text(writer, "table_type", table->table->type);
  if (table->rows < 0)
    json_write_null(writer, "row_count");
  else
    json_write_int(writer, "row_count", table->rows);
  json_begin_array(writer, "columns");
  VEC_EACH (&table->columns, column)
    write_column(writer, column);
  json_end_array(writer);
  json_write_text_or_null(writer, "error", table->problem);
  json_end_object(writer);
}

void
profile_write_json(struct profile *profile, bool pretty, struct buf *out)
{
  struct json_writer writer = {.out = out, .pretty = pretty};
  const char *sample = profile->call->core->arg_text(profile->call, "sample", 0);
  int64_t rows = 0;

  VEC_EACH (&profile->tables, table)
    rows += table->rows > 0 ? table->rows : 0;
  json_begin_object(&writer, NULL);
  json_write_text(&writer, "catalog", profile->model->item.name);
  json_write_int(&writer, "profile_time", profile->call->core->now_ms(profile->call));
  json_write_text_or_null(&writer, "sample", sample);
  json_write_bool(&writer, "exact", profile->exact);
  json_write_int(&writer, "total_tables", (int64_t)profile->tables.count);
  json_write_int(&writer, "total_rows", rows);
  json_begin_array(&writer, "profiles");
  VEC_EACH (&profile->tables, table)
    write_table(&writer, profile, table);
  json_end_array(&writer);
  json_end_object(&writer);
}

static void
report_lines(struct profile *profile)
{
  static const struct {
    struct clxs_table_column column;
    enum profile_metric metric;
  } figures[] = {
      {{"distinct_count", "Distinct", CLXS_ALIGN_RIGHT, 1}, METRIC_DISTINCT},
      {{"min", "Min", CLXS_ALIGN_LEFT, 0}, METRIC_MIN},
      {{"max", "Max", CLXS_ALIGN_LEFT, 0}, METRIC_MAX},
      {{"avg", "Mean", CLXS_ALIGN_RIGHT, 1}, METRIC_MEAN},
      {{"stddev", "Deviation", CLXS_ALIGN_RIGHT, 1}, METRIC_DEVIATION},
      {{"min_length", "Shortest", CLXS_ALIGN_RIGHT, 1}, METRIC_MIN_LENGTH},
      {{"max_length", "Longest", CLXS_ALIGN_RIGHT, 1}, METRIC_MAX_LENGTH},
      {{"avg_length", "Mean length", CLXS_ALIGN_RIGHT, 1}, METRIC_MEAN_LENGTH},
  };
  struct clxs_table_column columns[6 + ARRAY_SIZE(figures)] = {
      {"schema", "Schema", CLXS_ALIGN_LEFT, 0},      {"table", "Table", CLXS_ALIGN_LEFT, 0},
      {"column_name", "Column", CLXS_ALIGN_LEFT, 0}, {"data_type", "Type", CLXS_ALIGN_LEFT, 0},
      {"row_count", "Rows", CLXS_ALIGN_RIGHT, 1},    {"null_count", "Nulls", CLXS_ALIGN_RIGHT, 1}};
  const struct clxs_output *output = clxs_output(profile->call);

  for (size_t i = 0; i < ARRAY_SIZE(figures); i++)
    columns[6 + i] = figures[i].column;
  output->table_begin(profile->call, columns, ARRAY_SIZE(columns));
  VEC_EACH (&profile->tables, table)
    VEC_EACH (&table->columns, column) {
      const char *cells[ARRAY_SIZE(columns)] = {table->schema->item.name, table->table->item.name,
                                                column->name, column->type};

      if (column->known) {
        cells[4] = arena_printf(profile->arena, "%lld", (long long)column->rows);
        cells[5] = arena_printf(profile->arena, "%lld", (long long)column->nulls);
      }
      for (size_t i = 0; i < ARRAY_SIZE(figures); i++)
        cells[6 + i] = column->found[figures[i].metric];
      output->table_row(profile->call, cells, ARRAY_SIZE(cells));
    }
  output->table_end(profile->call);
}

static clxs_status
judge(struct profile *profile)
{
  size_t tables = 0, columns = 0;

  VEC_EACH (&profile->tables, table) {
    tables += table->problem != NULL;
    VEC_EACH (&table->columns, column)
      columns += column->problem != NULL;
  }
  if (!tables && !columns) return CLXS_OK;
  return clxs_failf(profile->call, CLXS_E_PARTIAL, "the reasons are listed with them",
                    "%zu of %zu tables and %zu columns could not be read", tables, profile->tables.count,
                    columns);
}

clxs_status
profile_report(struct profile *profile)
{
  int32_t format = clxs_output(profile->call)->format(profile->call);
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);
  clxs_status status = CLXS_OK;

  if (format == CLXS_FORMAT_TEXT) {
    profile_print(profile);
  } else if (format == CLXS_FORMAT_CSV) {
    report_lines(profile);
  } else {
    profile_write_json(profile, false, &json);
    status = clxs_output(profile->call)->document(profile->call, json.data);
  }
  return status < 0 ? status : judge(profile);
}
