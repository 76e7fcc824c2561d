/* SPDX-License-Identifier: Apache-2.0 */
/* What a comparison prints beside the differences: how many tables hold the same rows, and rows side by side.
 */
#include "base/buf.h"
#include "base/str.h"
#include "compare.h"

#include "base/banned.h"

static const char *const verdict_names[] = {"equal", "different", "unknown"};

static const char *
table_name(const struct compare *compare, const struct compare_table *table)
{
  return arena_printf(compare->diff.arena, "%s.%s", table->source_schema, table->source->item.name);
}

static void
add_number(struct buf *json, const char *key, const struct count_table *count)
{
  if (count && count->known)
    buf_addf(json, ",\"%s\":%lld", key, (long long)count->rows);
  else
    buf_addf(json, ",\"%s\":null", key);
}

static void
add_table(struct buf *json, const struct compare *compare, const struct compare_table *table)
{
  const struct count_table *source = NULL, *dest = NULL;

  if (table->counts != COMPARE_NO_COUNT) source = &compare->counts.at[table->counts], dest = source + 1;
  buf_add_text(json, "{\"name\":");
  buf_add_json(json, table_name(compare, table));
  diff_add_member(json, "status", verdict_names[table->verdict]);
  add_number(json, "source_rows", source);
  add_number(json, "destination_rows", dest);
  if (compare->checksum) {
    bool hashed = source && table->column_count;

    diff_add_member(json, "source_checksum", hashed ? source->checksum : NULL);
    diff_add_member(json, "destination_checksum", hashed ? dest->checksum : NULL);
  }
  if (table->left_out) buf_addf(json, ",\"columns_left_out\":%u", table->left_out);
  if (table->reason) diff_add_member(json, "reason", table->reason);
  buf_add_char(json, '}');
}

static void
add_row(struct buf *json, const struct compare_sample *sample, const struct compare_row *row)
{
  bool first = true;

  buf_addf(json, "{\"change\":\"%s\",\"key\":{", delta_change_name(row->change));
  for (size_t i = 0; i < sample->key_count; i++) {
    if (i) buf_add_char(json, ',');
    buf_add_json(json, sample->key[i]);
    buf_add_char(json, ':');
    buf_add_json(json, row->key[i]);
  }
  buf_add_text(json, "},\"cells\":[");
  for (uint32_t i = 0; i < sample->table->column_count; i++) {
    if (row->change == DELTA_CHANGED && str_eq(row->old_values[i], row->new_values[i])) continue;
    buf_add_text(json, first ? "{\"column\":" : ",{\"column\":");
    first = false;
    buf_add_json(json, sample->table->columns[i].name);
    if (row->change != DELTA_ADDED) diff_add_member(json, "old", row->old_values[i]);
    if (row->change != DELTA_REMOVED) diff_add_member(json, "new", row->new_values[i]);
    buf_add_char(json, '}');
  }
  buf_add_text(json, "]}");
}

static void
add_sample(struct buf *json, const struct compare *compare, const struct compare_sample *sample)
{
  buf_add_text(json, "{\"table\":");
  buf_add_json(json, table_name(compare, sample->table));
  buf_add_text(json, ",\"key\":[");
  for (size_t i = 0; i < sample->key_count; i++) {
    if (i) buf_add_char(json, ',');
    buf_add_json(json, sample->key[i]);
  }
  buf_add_text(json, "],\"rows\":[");
  for (size_t i = 0; i < sample->rows.count; i++) {
    if (i) buf_add_char(json, ',');
    add_row(json, sample, &sample->rows.at[i]);
  }
  buf_add_char(json, ']');
  if (sample->problem) diff_add_member(json, "problem", sample->problem);
  buf_add_char(json, '}');
}

static clxs_status
report_json(struct compare *compare)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  buf_add_char(&json, '{');
  diff_add_members(&json, &compare->diff);
  buf_addf(&json, ",\"checksum\":%s,\"rows\":{", compare->checksum ? "true" : "false");
  for (int i = 0; i < COMPARE_VERDICTS; i++)
    buf_addf(&json, "%s\"%s\":%zu", i ? "," : "", verdict_names[i], compare->verdicts[i]);
  buf_add_text(&json, "},\"tables\":[");
  for (size_t i = 0; i < compare->tables.count; i++) {
    if (i) buf_add_char(&json, ',');
    add_table(&json, compare, &compare->tables.at[i]);
  }
  buf_add_text(&json, "],\"samples\":[");
  for (size_t i = 0; i < compare->samples.count; i++) {
    if (i) buf_add_char(&json, ',');
    add_sample(&json, compare, &compare->samples.at[i]);
  }
  buf_add_text(&json, "]}");
  return clxs_output(compare->diff.call)->document(compare->diff.call, json.data);
}

/* id=3, day=2024-01-01 */
static const char *
key_text(const struct compare *compare, const struct compare_sample *sample, const struct compare_row *row)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  for (size_t i = 0; i < sample->key_count; i++)
    buf_addf(&text, "%s%s=%s", i ? ", " : "", sample->key[i], row->key[i] ? row->key[i] : "NULL");
  return arena_strdup(compare->diff.arena, text.data);
}

/* All of a row that the other side has not. */
static const char *
whole_text(const struct compare *compare, const struct compare_sample *sample, const char *const *values)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  for (uint32_t i = 0; i < sample->table->column_count; i++)
    buf_addf(&text, "%s%s=%s", i ? ", " : "", sample->table->columns[i].name, values[i] ? values[i] : "NULL");
  return arena_strdup(compare->diff.arena, text.data);
}

static void
print_row(struct compare *compare, const struct compare_sample *sample, const struct compare_row *row)
{
  const struct clxs_output *output = clxs_output(compare->diff.call);
  const char *cells[] = {key_text(compare, sample, row), "(whole row)", "", ""};

  if (row->change != DELTA_CHANGED) {
    bool removed = row->change == DELTA_REMOVED;

    cells[removed ? 2 : 3] = whole_text(compare, sample, removed ? row->old_values : row->new_values);
    cells[removed ? 3 : 2] = "-";
    output->table_row(compare->diff.call, cells, ARRAY_SIZE(cells));
    return;
  }
  for (uint32_t i = 0; i < sample->table->column_count; i++) {
    if (str_eq(row->old_values[i], row->new_values[i])) continue;
    cells[1] = sample->table->columns[i].name;
    cells[2] = row->old_values[i] ? row->old_values[i] : "NULL";
    cells[3] = row->new_values[i] ? row->new_values[i] : "NULL";
    output->table_row(compare->diff.call, cells, ARRAY_SIZE(cells));
    cells[0] = "";
  }
}

static void
print_sample(struct compare *compare, const struct compare_sample *sample)
{
  struct clxs_call *call = compare->diff.call;
  const struct clxs_output *output = clxs_output(call);
  const struct clxs_table_column columns[] = {
      {"key", "Key", CLXS_ALIGN_LEFT, 0},
      {"column", "Column", CLXS_ALIGN_LEFT, 0},
      {"old", diff_side_label(&compare->diff, 0), CLXS_ALIGN_LEFT, 0},
      {"new", diff_side_label(&compare->diff, 1), CLXS_ALIGN_LEFT, 0},
  };

  output->text(call, "");
  if (sample->problem) {
    output->text(call, clxs_textf(call, "rows of %s cannot be shown: %s", table_name(compare, sample->table),
                                  sample->problem));
    return;
  }
  output->text(call,
               clxs_textf(call, "rows of %s that differ%s, at most %u:", table_name(compare, sample->table),
                          sample->key_count ? "" : " (it has no key: --key)", compare->sample));
  output->table_begin(call, columns, ARRAY_SIZE(columns));
  VEC_EACH (&sample->rows, row)
    print_row(compare, sample, row);
  output->table_end(call);
}

static void
report_text(struct compare *compare)
{
  struct clxs_call *call = compare->diff.call;
  const size_t *verdicts = compare->verdicts;

  diff_print_text(&compare->diff);
  clxs_output(call)->text(
      call, clxs_textf(call, "rows of %zu table%s compared%s: %zu equal, %zu different, %zu unknown",
                       compare->tables.count, compare->tables.count == 1 ? "" : "s",
                       compare->checksum ? ", with checksums" : "", verdicts[COMPARE_EQUAL],
                       verdicts[COMPARE_DIFFERENT], verdicts[COMPARE_UNKNOWN]));
  VEC_EACH (&compare->samples, sample)
    print_sample(compare, sample);
}

clxs_status
compare_report(struct compare *compare)
{
  int32_t format = clxs_output(compare->diff.call)->format(compare->diff.call);
  clxs_status status;

  if (format == CLXS_FORMAT_CSV) return diff_report(&compare->diff);
  if (format == CLXS_FORMAT_TEXT) {
    report_text(compare);
    return diff_end(&compare->diff);
  }
  status = report_json(compare);
  return status < 0 ? status : diff_end(&compare->diff);
}
