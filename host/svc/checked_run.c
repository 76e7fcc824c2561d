/* SPDX-License-Identifier: Apache-2.0 */
/* The services that act (output, jobs, events, invoke) with their callers checked. */
#include <string.h>

#include "base/json.h"
#include "svc/checked.h"
#include "svc/services.h"

#include "base/banned.h"

static void
check_json(struct clxs_call *call, const char *function, const char *json)
{
  CLEANUP_JSON struct json_object *object = NULL;
  const char *why = NULL;

  checked_texts(call, function, 1, json);
  if (json) object = json_parse(json, strlen(json), NULL, &why);
  if (why) checked_stop(call, function, "a text is not JSON");
}

static int32_t
output_format(struct clxs_call *call)
{
  checked_thread(call, "output format");
  return service_output.format(call);
}

static clxs_status
output_raw(struct clxs_call *call, const char *bytes, size_t length)
{
  checked_thread(call, "output raw");
  return service_output.raw(call, bytes, length);
}

static clxs_status
output_document(struct clxs_call *call, const char *json)
{
  checked_thread(call, "output document");
  check_json(call, "output document", json);
  return service_output.document(call, json);
}

static clxs_status
output_table_begin(struct clxs_call *call, const struct clxs_table_column *columns, uint32_t count)
{
  checked_thread(call, "output table_begin");
  for (uint32_t i = 0; i < count; i++)
    checked_texts(call, "output table_begin", 2, columns[i].key, columns[i].title);
  return service_output.table_begin(call, columns, count);
}

static clxs_status
output_table_row(struct clxs_call *call, const char *const *cells, uint32_t count)
{
  checked_thread(call, "output table_row");
  return service_output.table_row(call, cells, count);
}

static clxs_status
output_table_end(struct clxs_call *call)
{
  checked_thread(call, "output table_end");
  return service_output.table_end(call);
}

static clxs_status
output_text(struct clxs_call *call, const char *line)
{
  checked_thread(call, "output text");
  checked_texts(call, "output text", 1, line);
  return service_output.text(call, line);
}

static void
output_progress(struct clxs_call *call, const char *what, uint64_t finished, uint64_t total)
{
  checked_texts(call, "output progress", 1, what);
  service_output.progress(call, what, finished, total);
}

static void
output_progress_end(struct clxs_call *call)
{
  service_output.progress_end(call);
}

static clxs_status
output_confirm(struct clxs_call *call, const char *question)
{
  checked_thread(call, "output confirm");
  checked_texts(call, "output confirm", 1, question);
  return service_output.confirm(call, question);
}

static uint32_t
output_colour(struct clxs_call *call)
{
  return service_output.colour(call);
}

static uint32_t
output_width(struct clxs_call *call)
{
  return service_output.width(call);
}

const struct clxs_output checked_output = {.size = sizeof checked_output,
                                           .format = output_format,
                                           .raw = output_raw,
                                           .document = output_document,
                                           .table_begin = output_table_begin,
                                           .table_row = output_table_row,
                                           .table_end = output_table_end,
                                           .text = output_text,
                                           .progress = output_progress,
                                           .progress_end = output_progress_end,
                                           .confirm = output_confirm,
                                           .colour = output_colour,
                                           .width = output_width};

static clxs_status
jobs_each(struct clxs_call *call, uint64_t count, uint32_t width,
          clxs_status (*work)(void *data, struct clxs_call *child, uint64_t index), void *data)
{
  checked_thread(call, "jobs each");
  if (!work) checked_stop(call, "jobs each", "there is no work");
  return service_jobs.each(call, count, width, work, data);
}

const struct clxs_jobs checked_jobs = {.size = sizeof checked_jobs, .each = jobs_each};

static clxs_status
events_emit(struct clxs_call *call, const char *topic, const char *json)
{
  checked_thread(call, "events emit");
  check_json(call, "events emit", json);
  return service_events.emit(call, topic, json);
}

const struct clxs_events checked_events = {.size = sizeof checked_events, .emit = events_emit};

static clxs_status
invoke_run(struct clxs_call *call, const char *command, const char *arguments, const char **result)
{
  checked_thread(call, "invoke run");
  checked_texts(call, "invoke run", 1, command);
  check_json(call, "invoke run", arguments);
  return service_invoke.run(call, command, arguments, result);
}

const struct clxs_invoke checked_invoke = {.size = sizeof checked_invoke, .run = invoke_run};
