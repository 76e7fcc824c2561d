/* SPDX-License-Identifier: Apache-2.0 */
/* What scripts read: JSON with everything, or one line per table; and the command's status. */
#include "base/buf.h"
#include "base/json_write.h"
#include "base/str.h"
#include "stats.h"

#include "base/banned.h"

/* null where nothing is known; "unknown" tells how many tables are not in it. */
static void
write_sum(struct json_writer *writer, const char *key, const struct stats_sum *sum)
{
  json_begin_object(writer, key);
  if (sum->known)
    json_write_int(writer, "sum", sum->value);
  else
    json_write_null(writer, "sum");
  json_write_int(writer, "tables", (int64_t)sum->known);
  json_write_int(writer, "unknown", (int64_t)sum->unknown);
  json_end_object(writer);
}

static void
write_figures(struct json_writer *writer, const struct stats *stats, const struct stats_group *group)
{
  json_write_int(writer, "tables", (int64_t)group->tables);
  json_write_int(writer, "views", (int64_t)group->views);
  json_write_int(writer, "functions", (int64_t)group->functions);
  json_write_int(writer, "volumes", (int64_t)group->volumes);
  json_write_int(writer, "columns", (int64_t)group->columns);
  if (stats->sizes) {
    write_sum(writer, "bytes", &group->bytes);
    write_sum(writer, "files", &group->files);
  }
  if (stats->rows) write_sum(writer, "rows", &group->rows);
}

static void
write_groups(struct json_writer *writer, const struct stats *stats, const char *key,
             const struct stats_groups *groups)
{
  json_begin_array(writer, key);
  VEC_EACH (&groups->list, group) {
    json_begin_object(writer, NULL);
    json_write_text(writer, "name", group->name);
    write_figures(writer, stats, group);
    json_end_object(writer);
  }
  json_end_array(writer);
}

static void
write_known(struct json_writer *writer, const char *key, int64_t value)
{
  if (value < 0)
    json_write_null(writer, key);
  else
    json_write_int(writer, key, value);
}

static void
write_table(struct json_writer *writer, const struct stats *stats, const struct stats_table *entry)
{
  const struct model_table *table = entry->table;

  json_begin_object(writer, NULL);
  json_write_text(writer, "schema", entry->schema->item.name);
  json_write_text(writer, "name", table->item.name);
  json_write_text(writer, "table_type", table->type);
  json_write_text(writer, "format", table->format);
  json_write_text(writer, "owner", table->item.owner);
  json_write_int(writer, "columns", table->column_count);
  write_known(writer, "created_at", table->item.created_at ? table->item.created_at : -1);
  write_known(writer, "updated_at", table->item.updated_at ? table->item.updated_at : -1);
  if (stats->sizes) {
    write_known(writer, "size_bytes", entry->bytes);
    write_known(writer, "num_files", entry->files);
  }
  if (stats->rows) write_known(writer, "row_count", entry->rows);
  json_write_text(writer, "error", entry->problem);
  json_end_object(writer);
}

static clxs_status
report_document(struct stats *stats)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);
  struct json_writer writer = {.out = &json};

  json_begin_object(&writer, NULL);
  json_write_text(&writer, "catalog", stats->model->item.name);
  json_write_int(&writer, "schemas", (int64_t)stats->model->schemas.count);
  write_figures(&writer, stats, &stats->total);
  write_groups(&writer, stats, "by_schema", &stats->schemas);
  write_groups(&writer, stats, "by_type", &stats->types);
  write_groups(&writer, stats, "by_format", &stats->formats);
  write_groups(&writer, stats, "by_owner", &stats->owners);
  json_begin_array(&writer, "objects");
  VEC_EACH (&stats->tables, entry)
    write_table(&writer, stats, entry);
  json_end_array(&writer);
  json_end_object(&writer);
  return clxs_output(stats->call)->document(stats->call, json.data);
}

static const char *
number(struct stats *stats, int64_t value)
{
  return value < 0 ? NULL : arena_printf(stats->arena, "%lld", (long long)value);
}

static void
report_lines(struct stats *stats)
{
  static const struct clxs_table_column columns[] = {
      {"schema", "Schema", CLXS_ALIGN_LEFT, 0},
      {"table", "Table", CLXS_ALIGN_LEFT, 0},
      {"table_type", "Type", CLXS_ALIGN_LEFT, 0},
      {"format", "Format", CLXS_ALIGN_LEFT, 0},
      {"owner", "Owner", CLXS_ALIGN_LEFT, 0},
      {"num_columns", "Columns", CLXS_ALIGN_RIGHT, 1},
      {"size_bytes", "Size", CLXS_ALIGN_RIGHT, 1},
      {"num_files", "Files", CLXS_ALIGN_RIGHT, 1},
      {"row_count", "Rows", CLXS_ALIGN_RIGHT, 1},
      {"created_at", "Created", CLXS_ALIGN_RIGHT, 1},
      {"last_modified", "Changed", CLXS_ALIGN_RIGHT, 1},
      {"error", "Error", CLXS_ALIGN_LEFT, 0},
  };
  const struct clxs_output *output = clxs_output(stats->call);

  output->table_begin(stats->call, columns, ARRAY_SIZE(columns));
  VEC_EACH (&stats->tables, entry) {
    const struct model_table *table = entry->table;
    const char *cells[] = {entry->schema->item.name,
                           table->item.name,
                           table->type,
                           table->format,
                           table->item.owner,
                           number(stats, table->column_count),
                           number(stats, entry->bytes),
                           number(stats, entry->files),
                           number(stats, entry->rows),
                           number(stats, table->item.created_at ? table->item.created_at : -1),
                           number(stats, table->item.updated_at ? table->item.updated_at : -1),
                           entry->problem};

    output->table_row(stats->call, cells, ARRAY_SIZE(cells));
  }
  output->table_end(stats->call);
}

clxs_status
stats_report(struct stats *stats)
{
  int32_t format = clxs_output(stats->call)->format(stats->call);
  clxs_status status = CLXS_OK;
  size_t problems = 0;

  if (format == CLXS_FORMAT_TEXT)
    stats_print(stats);
  else if (format == CLXS_FORMAT_CSV)
    report_lines(stats);
  else
    status = report_document(stats);
  if (status < 0) return status;
  VEC_EACH (&stats->tables, entry)
    problems += entry->problem != NULL;
  if (!problems) return CLXS_OK;
  return clxs_failf(stats->call, CLXS_E_PARTIAL, "the reasons are listed with the tables",
                    problems == 1 ? "%zu table did not tell all that was asked for"
                                  : "%zu tables did not tell all that was asked for",
                    problems);
}
