/* SPDX-License-Identifier: Apache-2.0 */
/* A check as a line for people, with what has changed below it, and as a document for scripts. */
#include "base/buf.h"
#include "base/json_write.h"
#include "base/str.h"
#include "base/units.h"
#include "monitor.h"

#include "base/banned.h"

/* Differences that are listed below a line; all of them are in the document. */
#define MOST_LISTED 20

static const char *
status_name(const struct check *check)
{
  return check->status < 0 ? "failed" : check->status == CLXS_OK ? "in_sync" : "different";
}

static void
write_texts(struct json_writer *writer, const char *key, const char *const *texts, size_t count)
{
  json_begin_array(writer, key);
  for (size_t i = 0; i < count; i++)
    json_write_text(writer, NULL, texts[i]);
  json_end_array(writer);
}

static void
write_difference(struct json_writer *writer, const struct delta_difference *difference)
{
  json_begin_object(writer, NULL);
  json_write_text(writer, "kind", delta_kind_name(difference->kind));
  json_write_text(writer, "name", difference->name);
  json_write_text(writer, "field", delta_field_name(difference->field));
  json_write_text(writer, "item", difference->item);
  json_write_text(writer, "change", delta_change_name(difference->change));
  json_write_text_or_null(writer, "old", difference->old_value);
  json_write_text_or_null(writer, "new", difference->new_value);
  json_end_object(writer);
}

static void
write_counts(struct json_writer *writer, const struct check *check)
{
  json_begin_object(writer, "counts");
  for (int i = 0; i < DELTA_CHANGES; i++)
    json_write_int(writer, delta_change_name((enum delta_change)i), (int64_t)check->delta.changes[i]);
  json_write_int(writer, "row_counts", (int64_t)check->counts.count);
  json_write_int(writer, "stale", (int64_t)check->stale.count);
  json_end_object(writer);
}

void
monitor_add_document(struct buf *json, const struct monitor *monitor, const struct check *check, bool changed)
{
  struct json_writer writer = {.out = json};

  json_begin_object(&writer, NULL);
  json_write_text(&writer, "command", "monitor");
  json_write_text(&writer, "source", monitor->source);
  json_write_text_or_null(&writer, "destination", monitor->dest);
  json_write_int(&writer, "check", monitor->checks);
  json_write_int(&writer, "time", check->started_ms);
  json_write_int(&writer, "duration_ms", check->duration_ms);
  json_write_text(&writer, "status", status_name(check));
  json_write_bool(&writer, "changed", changed);
  json_write_text(&writer, "error", check->error);
  if (check->status >= 0) {
    write_counts(&writer, check);
    json_begin_array(&writer, "differences");
    VEC_EACH (&check->delta.differences, difference)
      write_difference(&writer, difference);
    json_end_array(&writer);
    write_texts(&writer, "row_counts", check->counts.at, check->counts.count);
    write_texts(&writer, "stale", check->stale.at, check->stale.count);
    write_texts(&writer, "unknown", check->unknown.at, check->unknown.count);
  }
  json_end_object(&writer);
}

static void
print_list(struct monitor *monitor, const char *const *texts, size_t count)
{
  const struct clxs_output *output = clxs_output(monitor->call);

  for (size_t i = 0; i < count && i < MOST_LISTED; i++)
    output->text(monitor->call, clxs_textf(monitor->call, "  %s", texts[i]));
  if (count > MOST_LISTED)
    output->text(monitor->call, clxs_textf(monitor->call, "  and %zu more", count - MOST_LISTED));
}

static const char *
describe(struct monitor *monitor, const struct delta_difference *difference)
{
  static const char *const signs[] = {"-", "+", "~"};
  const char *kind = delta_kind_name(difference->kind), *name = difference->name,
             *sign = signs[difference->change];

  if (difference->field == DELTA_OBJECT) return clxs_textf(monitor->call, "%s %s %s", sign, kind, name);
  return clxs_textf(monitor->call, "%s %s %s: %s%s%s", sign, kind, name, delta_field_name(difference->field),
                    difference->item ? " " : "", difference->item ? difference->item : "");
}

static void
print_differences(struct monitor *monitor, const struct check *check)
{
  const struct clxs_output *output = clxs_output(monitor->call);
  size_t count = check->delta.differences.count;

  for (size_t i = 0; i < count && i < MOST_LISTED; i++)
    output->text(monitor->call,
                 clxs_textf(monitor->call, "  %s", describe(monitor, &check->delta.differences.at[i])));
  if (count > MOST_LISTED)
    output->text(monitor->call, clxs_textf(monitor->call, "  and %zu more", count - MOST_LISTED));
}

static const char *
headline(const struct monitor *monitor, const struct check *check)
{
  const size_t *changes = check->delta.changes;

  if (check->status < 0) return arena_printf(check->arena, "failed: %s", check->error);
  if (!monitor->dest && !check->sides[1].model && check->status == CLXS_OK)
    return "first look, to compare with";
  if (check->status == CLXS_OK) return monitor->dest ? "in sync" : "unchanged";
  return arena_printf(check->arena, "%s: added %zu, removed %zu, changed %zu, row counts %zu, stale %zu",
                      monitor->dest ? "different" : "changed", changes[DELTA_ADDED], changes[DELTA_REMOVED],
                      changes[DELTA_CHANGED], check->counts.count, check->stale.count);
}

static void
print_text(struct monitor *monitor, const struct check *check, bool changed)
{
  const struct clxs_output *output = clxs_output(monitor->call);

  output->text(monitor->call, clxs_textf(monitor->call, "%s  %s", units_time(check->arena, check->started_ms),
                                         headline(monitor, check)));
  if (!changed || check->status < 0) return;
  print_differences(monitor, check);
  print_list(monitor, check->counts.at, check->counts.count);
  print_list(monitor, check->stale.at, check->stale.count);
  print_list(monitor, check->unknown.at, check->unknown.count);
}

clxs_status
monitor_print(struct monitor *monitor, const struct check *check, bool changed)
{
  const struct clxs_output *output = clxs_output(monitor->call);
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  if (output->format(monitor->call) == CLXS_FORMAT_TEXT) {
    print_text(monitor, check, changed);
    return CLXS_OK;
  }
  monitor_add_document(&json, monitor, check, changed);
  if (monitor->once) return output->document(monitor->call, json.data);
  buf_add_char(&json, '\n');
  return output->raw(monitor->call, json.data, json.len);
}
