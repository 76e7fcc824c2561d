/* SPDX-License-Identifier: Apache-2.0 */
/* What scripts get: JSON, and rows for a spreadsheet; and the command's status. */
#include "base/buf.h"
#include "base/str.h"
#include "diff.h"

#include "base/banned.h"

clxs_status
diff_status(const struct diff *diff)
{
  if (diff->delta.differences.count) return CLXS_DIFFERENT;
  return diff->delta.unknowns.count ? CLXS_E_PARTIAL : CLXS_OK;
}

static bool
same_object(const struct delta_difference *a, const struct delta_difference *b)
{
  return a->kind == b->kind && str_eq(a->schema, b->schema) && str_eq(a->object, b->object);
}

struct diff_object
diff_object_at(const struct delta *delta, size_t first)
{
  const struct delta_difference *begin = &delta->differences.at[first];
  struct diff_object object = {.first = first, .count = 1, .change = DELTA_CHANGED};

  if (begin->field == DELTA_OBJECT) object.change = begin->change;
  while (first + object.count < delta->differences.count &&
         same_object(begin, &delta->differences.at[first + object.count]))
    object.count++;
  return object;
}

const char *
diff_object_name(struct arena *arena, const struct delta_difference *difference)
{
  if (!difference->object) return difference->name;
  return arena_printf(arena, "%s.%s", difference->schema, difference->object);
}

void
diff_add_member(struct buf *json, const char *key, const char *text)
{
  buf_addf(json, ",\"%s\":", key);
  buf_add_json(json, text);
}

static void
add_difference(struct buf *json, const struct delta_difference *difference)
{
  buf_addf(json, "{\"kind\":\"%s\"", delta_kind_name(difference->kind));
  diff_add_member(json, "name", difference->name);
  if (difference->schema) diff_add_member(json, "schema", difference->schema);
  if (difference->object) diff_add_member(json, "object", difference->object);
  if (difference->column) diff_add_member(json, "column", difference->column);
  diff_add_member(json, "field", delta_field_name(difference->field));
  if (difference->item) diff_add_member(json, "item", difference->item);
  diff_add_member(json, "change", delta_change_name(difference->change));
  diff_add_member(json, "old", difference->old_value);
  diff_add_member(json, "new", difference->new_value);
  buf_add_char(json, '}');
}

static void
add_differences(struct buf *json, const struct diff *diff)
{
  buf_add_text(json, ",\"differences\":[");
  for (size_t i = 0; i < diff->delta.differences.count; i++) {
    if (i) buf_add_char(json, ',');
    add_difference(json, &diff->delta.differences.at[i]);
  }
  buf_add_char(json, ']');
}

/* The names of objects of KIND that are on one side only (or differ: DELTA_CHANGED). */
static void
add_names(struct buf *json, const struct diff *diff, enum delta_kind kind, enum delta_change change)
{
  const struct delta *delta = &diff->delta;
  bool first = true;

  buf_add_char(json, '[');
  for (size_t i = 0; i < delta->differences.count;) {
    struct diff_object object = diff_object_at(delta, i);
    const struct delta_difference *difference = &delta->differences.at[i];

    i += object.count;
    if (difference->kind != kind || object.change != change) continue;
    if (!first) buf_add_char(json, ',');
    buf_add_json(json, diff_object_name(diff->arena, difference));
    first = false;
  }
  buf_add_char(json, ']');
}

static void
add_kinds(struct buf *json, const struct diff *diff)
{
  bool first = true;

  buf_add_text(json, ",\"kinds\":{");
  for (int i = 0; i < DELTA_KINDS; i++) {
    const struct delta_totals *totals = &diff->delta.totals[i];
    enum delta_kind kind = (enum delta_kind)i;

    if (diff->options.leave_kinds & (1U << i)) continue;
    buf_addf(json, "%s\"%s\":{\"source_count\":%zu,\"dest_count\":%zu,\"in_both\":%zu", first ? "" : ",",
             delta_kind_plural(kind), totals->source, totals->dest, totals->both);
    first = false;
    buf_add_text(json, ",\"only_in_source\":");
    add_names(json, diff, kind, DELTA_REMOVED);
    buf_add_text(json, ",\"only_in_dest\":");
    add_names(json, diff, kind, DELTA_ADDED);
    buf_add_text(json, ",\"different\":");
    add_names(json, diff, kind, DELTA_CHANGED);
    buf_add_char(json, '}');
  }
  buf_add_char(json, '}');
}

static void
add_unknowns(struct buf *json, const struct diff *diff)
{
  const struct delta *delta = &diff->delta;

  buf_add_text(json, ",\"unknown\":[");
  for (size_t i = 0; i < delta->unknowns.count; i++) {
    const struct delta_unknown *unknown = &delta->unknowns.at[i];

    buf_addf(json, "%s{\"kind\":\"%s\"", i ? "," : "", delta_kind_name(unknown->kind));
    diff_add_member(json, "name", unknown->name);
    diff_add_member(json, "field", delta_field_name(unknown->field));
    diff_add_member(json, "side", delta_side_name(unknown->side));
    diff_add_member(json, "reason", unknown->reason);
    buf_add_char(json, '}');
  }
  buf_add_char(json, ']');
}

void
diff_add_members(struct buf *json, const struct diff *diff)
{
  static const char *const words[] = {"equal", "different", "unknown"};
  clxs_status status = diff_status(diff);

  buf_add_text(json, "\"source\":");
  buf_add_json(json, diff_side_label(diff, 0));
  diff_add_member(json, "destination", diff_side_label(diff, 1));
  diff_add_member(json, "status", words[status == CLXS_OK ? 0 : status == CLXS_DIFFERENT ? 1 : 2]);
  buf_add_text(json, ",\"changes\":{");
  for (int i = 0; i < DELTA_CHANGES; i++)
    buf_addf(json, "%s\"%s\":%zu", i ? "," : "", delta_change_name((enum delta_change)i),
             diff->delta.changes[i]);
  buf_add_char(json, '}');
  add_kinds(json, diff);
  if (!diff->names_only) add_differences(json, diff);
  add_unknowns(json, diff);
}

static clxs_status
report_json(struct diff *diff)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  buf_add_char(&json, '{');
  diff_add_members(&json, diff);
  buf_add_char(&json, '}');
  return clxs_output(diff->call)->document(diff->call, json.data);
}

static void
report_names(struct diff *diff)
{
  static const struct clxs_table_column columns[] = {
      {"change", "Change", CLXS_ALIGN_LEFT, 0},
      {"kind", "Kind", CLXS_ALIGN_LEFT, 0},
      {"name", "Object", CLXS_ALIGN_LEFT, 0},
  };
  const struct clxs_output *output = clxs_output(diff->call);
  const struct delta *delta = &diff->delta;

  output->table_begin(diff->call, columns, ARRAY_SIZE(columns));
  for (size_t i = 0; i < delta->differences.count;) {
    struct diff_object object = diff_object_at(delta, i);
    const struct delta_difference *difference = &delta->differences.at[i];
    const char *cells[] = {delta_change_name(object.change), delta_kind_name(difference->kind),
                           diff_object_name(diff->arena, difference)};

    output->table_row(diff->call, cells, ARRAY_SIZE(cells));
    i += object.count;
  }
  output->table_end(diff->call);
}

static void
report_rows(struct diff *diff)
{
  static const struct clxs_table_column columns[] = {
      {"change", "Change", CLXS_ALIGN_LEFT, 0},   {"kind", "Kind", CLXS_ALIGN_LEFT, 0},
      {"schema", "Schema", CLXS_ALIGN_LEFT, 0},   {"object", "Object", CLXS_ALIGN_LEFT, 0},
      {"column", "Column", CLXS_ALIGN_LEFT, 0},   {"field", "Field", CLXS_ALIGN_LEFT, 0},
      {"item", "Item", CLXS_ALIGN_LEFT, 0},       {"old", "Source", CLXS_ALIGN_LEFT, 0},
      {"new", "Destination", CLXS_ALIGN_LEFT, 0},
  };
  const struct clxs_output *output = clxs_output(diff->call);

  output->table_begin(diff->call, columns, ARRAY_SIZE(columns));
  VEC_EACH (&diff->delta.differences, difference) {
    const char *cells[] = {delta_change_name(difference->change),
                           delta_kind_name(difference->kind),
                           difference->schema,
                           difference->object,
                           difference->column,
                           delta_field_name(difference->field),
                           difference->item,
                           difference->old_value,
                           difference->new_value};

    output->table_row(diff->call, cells, ARRAY_SIZE(cells));
  }
  output->table_end(diff->call);
}

clxs_status
diff_end(struct diff *diff)
{
  clxs_status status = diff_status(diff);
  size_t unknown = diff->delta.unknowns.count;

  if (status != CLXS_E_PARTIAL) return status;
  return clxs_failf(diff->call, CLXS_E_PARTIAL, "the reasons are listed with the objects",
                    unknown == 1 ? "%zu thing could not be compared" : "%zu things could not be compared",
                    unknown);
}

clxs_status
diff_report(struct diff *diff)
{
  clxs_status printed = CLXS_OK;
  int32_t format = clxs_output(diff->call)->format(diff->call);

  if (format == CLXS_FORMAT_TEXT)
    diff_print_text(diff);
  else if (format == CLXS_FORMAT_CSV && diff->names_only)
    report_names(diff);
  else if (format == CLXS_FORMAT_CSV)
    report_rows(diff);
  else
    printed = report_json(diff);
  return printed < 0 ? printed : diff_end(diff);
}
