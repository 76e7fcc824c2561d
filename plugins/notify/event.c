/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a run, from its event to words. It must not know who is told. */
#include "base/json.h"
#include "base/str.h"
#include "notify.h"

#include "base/banned.h"

static void
add_fact(struct notify_message *message, const char *title, const char *value)
{
  if (!value || !*value || message->fact_count == NOTIFY_FACTS) return;
  message->facts[message->fact_count++] = (struct notify_fact){title, value};
}

/* "12 succeeded, 1 failed": what there is of it. */
static const char *
count_text(struct clxs_call *call, struct json_object *counts)
{
  const char *text = "", *name;
  struct json_object *count;
  void *at = NULL;

  while (json_next(counts, &at, &name, &count)) {
    int64_t number = json_object_get_int64(count);

    if (number > 0)
      text = clxs_textf(call, "%s%s%lld %s", text, *text ? ", " : "", (long long)number,
                        str_eq(name, "not_run") ? "not run" : name);
  }
  return text;
}

static const char *
time_text(struct clxs_call *call, struct json_object *event)
{
  struct json_object *value = json_get(event, "duration_seconds");
  int64_t seconds = value ? (int64_t)json_object_get_double(value) : 0;

  if (!value) return NULL;
  if (seconds < 60) return clxs_textf(call, "%.1f s", json_object_get_double(value));
  if (seconds < 3600)
    return clxs_textf(call, "%lld min %lld s", (long long)(seconds / 60), (long long)(seconds % 60));
  return clxs_textf(call, "%lld h %lld min", (long long)(seconds / 3600), (long long)(seconds / 60 % 60));
}

const char *
notify_shorten(struct clxs_call *call, const char *text, size_t length)
{
  size_t cut = length - strlen("…");

  if (strlen(text) <= length) return text;
  while (cut > 0 && ((unsigned char)text[cut] & 0xc0) == 0x80)
    cut--;
  return clxs_textf(call, "%.*s…", (int)cut, text);
}

void
notify_read(struct clxs_call *call, struct json_object *event, struct notify_message *message)
{
  const char *status = json_get_text(event, "status"), *command = json_get_text(event, "command");
  const char *source = json_get_text(event, "source"), *destination = json_get_text(event, "destination");
  const char *word = str_eq(status, "rolled_back") ? "was rolled back"
                     : str_eq(status, "partial")   ? "ended with failures"
                     : str_eq(status, "different") ? "ended with differences"
                     : str_eq(status, "in_sync")   ? "is in sync again"
                     : str_eq(status, "cancelled") ? "was cancelled"
                                                   : status;

  *message = (struct notify_message){.good = str_eq(status, "succeeded") || str_eq(status, "in_sync"),
                                     .error = json_get_text(event, "error")};
  message->title = clxs_textf(call, "clxs %s %s%s%s%s%s", command ? command : "run", word ? word : "ended",
                              source || destination ? ": " : "", source ? source : "",
                              source && destination ? " → " : "", destination ? destination : "");
  add_fact(message, "Objects", count_text(call, json_get_object(event, "counts")));
  add_fact(message, "Duration", time_text(call, event));
  add_fact(message, "Started", json_get_text(event, "started_at"));
  add_fact(message, "Workspace", json_get_text(event, "workspace"));
  add_fact(message, "Operation", json_get_text(event, "operation_id"));
}
