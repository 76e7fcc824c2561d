/* SPDX-License-Identifier: Apache-2.0 */
/* The drift for people, table by table, and for scripts; and the command's status. */
#include "base/buf.h"
#include "base/json_write.h"
#include "base/str.h"
#include "drift.h"

#include "base/banned.h"

static const char *
label(struct drift *drift, const struct delta_difference *difference)
{
  if (!difference->column) return delta_field_name(difference->field);
  if (!difference->item) return difference->column;
  return arena_printf(drift->arena, "%s.%s", difference->column, difference->item);
}

/* One table's columns that are on one side only. */
static void
write_columns(struct json_writer *writer, struct drift *drift, const char *key, enum delta_change change,
              size_t first, size_t end)
{
  json_begin_array(writer, key);
  for (size_t i = first; i < end; i++) {
    const struct delta_difference *difference = &drift->delta.differences.at[i];

    if (difference->field != DELTA_COLUMN || difference->change != change) continue;
    json_begin_object(writer, NULL);
    json_write_text(writer, "column", label(drift, difference));
    json_write_text(writer, "type", change == DELTA_ADDED ? difference->new_value : difference->old_value);
    json_write_text(writer, "class", drift_class_name(drift_classify(drift, difference)));
    json_end_object(writer);
  }
  json_end_array(writer);
}

static void
write_modified(struct json_writer *writer, struct drift *drift, size_t first, size_t end)
{
  json_begin_array(writer, "modified");
  for (size_t i = first; i < end; i++) {
    const struct delta_difference *difference = &drift->delta.differences.at[i];

    if (difference->field == DELTA_COLUMN || difference->field == DELTA_OBJECT) continue;
    json_begin_object(writer, NULL);
    if (difference->column) json_write_text(writer, "column", label(drift, difference));
    json_write_text(writer, "class", drift_class_name(drift_classify(drift, difference)));
    json_begin_object(writer, "differences");
    json_begin_object(writer, delta_field_name(difference->field));
    json_write_text_or_null(writer, "source", difference->new_value);
    json_write_text_or_null(writer, "dest", difference->old_value);
    json_end_object(writer);
    json_end_object(writer);
    json_end_object(writer);
  }
  json_end_array(writer);
}

static bool
has_field(const struct drift *drift, size_t first, size_t end, enum delta_field field)
{
  for (size_t i = first; i < end; i++)
    if (drift->delta.differences.at[i].field == field) return true;
  return false;
}

static void
write_table(struct json_writer *writer, struct drift *drift, size_t first, size_t end)
{
  const struct delta_difference *begin = &drift->delta.differences.at[first];
  bool whole = begin->field == DELTA_OBJECT;

  json_begin_object(writer, NULL);
  json_write_text(writer, "schema", begin->schema);
  json_write_text(writer, "table", begin->object);
  json_write_text(writer, "status",
                  !whole                         ? "changed"
                  : begin->change == DELTA_ADDED ? "added_in_source"
                                                 : "removed_from_source");
  if (whole) json_write_text(writer, "class", drift_class_name(drift_classify(drift, begin)));
  write_columns(writer, drift, "added_in_source", DELTA_ADDED, first, end);
  write_columns(writer, drift, "removed_from_source", DELTA_REMOVED, first, end);
  write_modified(writer, drift, first, end);
  json_write_bool(writer, "order_changed", has_field(drift, first, end, DELTA_POSITION));
  json_write_bool(writer, "has_drift", true);
  json_end_object(writer);
}

static clxs_status
report_document(struct drift *drift)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);
  struct json_writer writer = {.out = &json};

  json_begin_object(&writer, NULL);
  json_write_text(&writer, "source", drift->sides[1].name);
  json_write_text(&writer, "destination", drift->sides[0].name);
  json_write_text(&writer, "against_earlier", drift->table);
  json_write_bool(&writer, "has_drift", drift->delta.differences.count > 0);
  json_write_int(&writer, "total_tables", (int64_t)drift->delta.totals[DELTA_TABLE].source);
  json_begin_object(&writer, "changes");
  for (int i = 0; i < DRIFT_CLASSES; i++)
    json_write_int(&writer, drift_class_name((enum drift_class)i), (int64_t)drift->classes[i]);
  json_end_object(&writer);
  json_begin_array(&writer, "tables");
  for (size_t first = 0; first < drift->delta.differences.count;) {
    size_t end = drift_table_end(drift, first);

    write_table(&writer, drift, first, end);
    first = end;
  }
  json_end_array(&writer);
  json_end_object(&writer);
  return clxs_output(drift->call)->document(drift->call, json.data);
}

/* "type int -> bigint" */
static const char *
describe(struct drift *drift, const struct delta_difference *difference)
{
  const char *field = delta_field_name(difference->field), *old_value = difference->old_value,
             *new_value = difference->new_value;

  if (difference->field == DELTA_OBJECT)
    return difference->change == DELTA_ADDED ? "is new in the source" : "is gone from the source";
  if (difference->field == DELTA_COLUMN)
    return arena_printf(drift->arena, difference->change == DELTA_ADDED ? "added: %s" : "removed: %s",
                        difference->change == DELTA_ADDED ? new_value : old_value);
  return arena_printf(drift->arena, "%s: %s -> %s", field, old_value ? old_value : "none",
                      new_value ? new_value : "none");
}

static void
print_lines(struct drift *drift)
{
  static const struct clxs_table_column columns[] = {
      {"class", "Class", CLXS_ALIGN_LEFT, 0},
      {"table", "Table", CLXS_ALIGN_LEFT, 0},
      {"column", "Column", CLXS_ALIGN_LEFT, 0},
      {"change", "Change", CLXS_ALIGN_LEFT, 0},
  };
  const struct clxs_output *output = clxs_output(drift->call);
  bool colour = output->format(drift->call) == CLXS_FORMAT_TEXT && output->colour(drift->call);

  output->table_begin(drift->call, columns, ARRAY_SIZE(columns));
  VEC_EACH (&drift->delta.differences, difference) {
    enum drift_class class = drift_classify(drift, difference);
    const char *name = drift_class_name(class);
    const char *cells[] = {
        colour && class == DRIFT_BREAKING ? arena_printf(drift->arena, "\x1b[31m%s\x1b[0m", name) : name,
        difference->object ? arena_printf(drift->arena, "%s.%s", difference->schema, difference->object)
                           : difference->schema,
        difference->column ? label(drift, difference) : "", describe(drift, difference)};

    output->table_row(drift->call, cells, ARRAY_SIZE(cells));
  }
  output->table_end(drift->call);
}

static void
report_text(struct drift *drift)
{
  const struct clxs_output *output = clxs_output(drift->call);
  struct clxs_call *call = drift->call;

  if (!drift->delta.differences.count) {
    output->text(call, clxs_textf(call, "no drift between %s and %s", drift->sides[0].name,
                                  drift->table ? "its earlier version" : drift->sides[1].name));
    return;
  }
  print_lines(drift);
  output->text(call, "");
  output->text(call,
               clxs_textf(call, "breaking %zu, compatible %zu, neutral %zu", drift->classes[DRIFT_BREAKING],
                          drift->classes[DRIFT_COMPATIBLE], drift->classes[DRIFT_NEUTRAL]));
}

clxs_status
drift_report(struct drift *drift)
{
  int32_t format = clxs_output(drift->call)->format(drift->call);
  clxs_status status = CLXS_OK;

  if (format == CLXS_FORMAT_TEXT)
    report_text(drift);
  else if (format == CLXS_FORMAT_CSV)
    print_lines(drift);
  else
    status = report_document(drift);
  if (status < 0) return status;
  return drift->delta.differences.count ? CLXS_DIFFERENT : CLXS_OK;
}
