/* SPDX-License-Identifier: Apache-2.0 */
/* What the person gets: totals and findings, or every object as JSON or CSV; and the command's status. */
#include "base/buf.h"
#include "base/str.h"
#include "validate.h"

#include "base/banned.h"

static const char *const verdict_names[] = {"match", "different", "missing",
                                            "extra", "unknown",   "not_compared"};
static const char *const verdict_titles[] = {"match", "different", "missing",
                                             "extra", "unknown",   "not compared"};
static const char *const kind_names[] = {"schema", "table", "view", "function", "volume"};

static const char *
item_name(const struct validation *validation, const struct item *item)
{
  return item->name ? arena_printf(validation->arena, "%s.%s", item->schema, item->name) : item->schema;
}

/* The figures of one side as text: rows, then checksum. NULL where they are not known. */
struct figures {
  const char *rows, *checksum;
};

static struct figures
item_figures(const struct validation *validation, const struct item *item, size_t side)
{
  const struct count_table *table;

  if (item->counts == NO_COUNT) return (struct figures){NULL, NULL};
  table = &validation->counts.at[item->counts + side];
  return (struct figures){
      table->known ? arena_printf(validation->arena, "%lld", (long long)table->rows) : NULL, table->checksum};
}

static clxs_status
overall(const struct validation *validation)
{
  const size_t *count = validation->verdicts;

  if (count[VERDICT_DIFFERENT] || count[VERDICT_MISSING] || count[VERDICT_EXTRA]) return CLXS_DIFFERENT;
  return count[VERDICT_UNKNOWN] ? CLXS_E_PARTIAL : CLXS_OK;
}

static const char *
overall_name(clxs_status status)
{
  return status == CLXS_OK ? "match" : status == CLXS_DIFFERENT ? "different" : "unknown";
}

static void
add_member(struct buf *json, const char *key, const char *text)
{
  buf_addf(json, ",\"%s\":", key);
  buf_add_json(json, text);
}

static void
add_item_json(struct buf *json, const struct validation *validation, const struct item *item)
{
  struct figures source = item_figures(validation, item, 0), dest = item_figures(validation, item, 1);

  buf_addf(json, "{\"kind\":\"%s\"", kind_names[item->kind]);
  add_member(json, "name", item_name(validation, item));
  add_member(json, "status", verdict_names[item->verdict]);
  if (item->counts != NO_COUNT) {
    buf_addf(json, ",\"source_rows\":%s,\"destination_rows\":%s", source.rows ? source.rows : "null",
             dest.rows ? dest.rows : "null");
    if (validation->checksum) {
      add_member(json, "source_checksum", source.checksum);
      add_member(json, "destination_checksum", dest.checksum);
    }
  }
  if (item->masked) buf_addf(json, ",\"masked_columns\":%s", item->masked);
  if (item->reason) add_member(json, "reason", item->reason);
  buf_add_char(json, '}');
}

static clxs_status
report_json(struct validation *validation, clxs_status status)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  buf_add_text(&json, "{\"source\":");
  buf_add_json(&json, validation->source->item.name);
  add_member(&json, "destination", validation->dest->item.name);
  buf_addf(&json, ",\"checksum\":%s", validation->checksum ? "true" : "false");
  add_member(&json, "status", overall_name(status));
  buf_add_text(&json, ",\"counts\":{");
  for (size_t i = 0; i < VERDICTS; i++)
    buf_addf(&json, "%s\"%s\":%zu", i ? "," : "", verdict_names[i], validation->verdicts[i]);
  buf_add_text(&json, "},\"objects\":[");
  for (size_t i = 0; i < validation->items.count; i++) {
    if (i) buf_add_char(&json, ',');
    add_item_json(&json, validation, &validation->items.at[i]);
  }
  buf_add_text(&json, "]}");
  return clxs_output(validation->call)->document(validation->call, json.data);
}

static void
print_totals(struct validation *validation)
{
  static const struct clxs_table_column columns[] = {
      {"kind", "Kind", CLXS_ALIGN_LEFT, 0},
      {"match", "Match", CLXS_ALIGN_RIGHT, 1},
      {"different", "Different", CLXS_ALIGN_RIGHT, 1},
      {"missing", "Missing", CLXS_ALIGN_RIGHT, 1},
      {"extra", "Extra", CLXS_ALIGN_RIGHT, 1},
      {"unknown", "Unknown", CLXS_ALIGN_RIGHT, 1},
      {"not_compared", "Not compared", CLXS_ALIGN_RIGHT, 1},
  };
  const struct clxs_output *output = clxs_output(validation->call);

  output->table_begin(validation->call, columns, ARRAY_SIZE(columns));
  for (size_t kind = 0; kind < KINDS; kind++) {
    const char *cells[ARRAY_SIZE(columns)] = {kind_names[kind]};

    for (size_t i = 0; i < VERDICTS; i++)
      cells[i + 1] = arena_printf(validation->arena, "%zu", validation->totals[kind][i]);
    output->table_row(validation->call, cells, ARRAY_SIZE(columns));
  }
  output->table_end(validation->call);
}

/* All objects, or those that there is something to say about. */
static void
print_items(struct validation *validation, bool all)
{
  static const struct clxs_table_column columns[] = {
      {"status", "Status", CLXS_ALIGN_LEFT, 0},
      {"kind", "Kind", CLXS_ALIGN_LEFT, 0},
      {"name", "Object", CLXS_ALIGN_LEFT, 0},
      {"source_rows", "Source rows", CLXS_ALIGN_RIGHT, 1},
      {"destination_rows", "Dest. rows", CLXS_ALIGN_RIGHT, 1},
      {"reason", "Reason", CLXS_ALIGN_LEFT, 0},
  };
  const struct clxs_output *output = clxs_output(validation->call);

  output->table_begin(validation->call, columns, ARRAY_SIZE(columns));
  VEC_EACH (&validation->items, item) {
    const char *cells[] = {all ? verdict_names[item->verdict] : verdict_titles[item->verdict],
                           kind_names[item->kind],
                           item_name(validation, item),
                           item_figures(validation, item, 0).rows,
                           item_figures(validation, item, 1).rows,
                           item->reason};

    if (all || item->verdict != VERDICT_MATCH || item->reason)
      output->table_row(validation->call, cells, ARRAY_SIZE(cells));
  }
  output->table_end(validation->call);
}

static bool
has_remarks(const struct validation *validation)
{
  VEC_EACH (&validation->items, item)
    if (item->verdict != VERDICT_MATCH || item->reason) return true;
  return false;
}

static void
report_text(struct validation *validation, clxs_status status)
{
  static const char *const sentences[] = {"the copy matches", "the copy differs",
                                          "no difference was found, but not everything could be compared"};
  const char *sentence = sentences[status == CLXS_OK ? 0 : status == CLXS_DIFFERENT ? 1 : 2];
  const struct clxs_output *output = clxs_output(validation->call);
  struct clxs_call *call = validation->call;

  output->text(call, clxs_textf(call, "%s -> %s: %s (%zu tables counted%s)", validation->source->item.name,
                                validation->dest->item.name, sentence, validation->counts.count / 2,
                                validation->checksum ? " and hashed" : ""));
  output->text(call, "");
  print_totals(validation);
  if (!has_remarks(validation)) return;
  output->text(call, "");
  print_items(validation, false);
}

clxs_status
validation_report(struct validation *validation)
{
  clxs_status status = overall(validation), printed = CLXS_OK;
  int32_t format = clxs_output(validation->call)->format(validation->call);
  size_t unknown = validation->verdicts[VERDICT_UNKNOWN];

  if (format == CLXS_FORMAT_TEXT)
    report_text(validation, status);
  else if (format == CLXS_FORMAT_CSV)
    print_items(validation, true);
  else
    printed = report_json(validation, status);
  if (printed < 0) return printed;
  if (status != CLXS_E_PARTIAL) return status;
  return clxs_failf(validation->call, CLXS_E_PARTIAL, "the reasons are listed with the objects",
                    unknown == 1 ? "%zu object could not be compared" : "%zu objects could not be compared",
                    unknown);
}
