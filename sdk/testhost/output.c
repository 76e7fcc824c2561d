/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.output/1 into memory. */
#include "base/json.h"
#include "base/str.h"
#include "testhost/internal.h"

#include "base/banned.h"

static int32_t
output_format(struct clxs_call *pub)
{
  return th_call_of(pub)->host->format;
}

static clxs_status
output_raw(struct clxs_call *pub, const char *bytes, size_t length)
{
  struct testhost *host = th_call_of(pub)->host;

  pthread_mutex_lock(&host->lock);
  buf_add(&host->out, bytes, length);
  pthread_mutex_unlock(&host->lock);
  return CLXS_OK;
}

static clxs_status
output_document(struct clxs_call *pub, const char *json)
{
  struct testhost *host = th_call_of(pub)->host;
  CLEANUP_JSON struct json_object *object = json_parse(json, strlen(json), NULL, NULL);

  if (!object) th_broken("a document that is no JSON", json);
  pthread_mutex_lock(&host->lock);
  host->document = arena_strdup(host->arena, json);
  buf_addf(&host->out, "%s\n", json);
  pthread_mutex_unlock(&host->lock);
  return CLXS_OK;
}

static clxs_status
output_table_begin(struct clxs_call *pub, const struct clxs_table_column *columns, uint32_t count)
{
  struct th_call *call = th_call_of(pub);

  if (call->columns) th_broken("a table within a table", columns[0].title);
  call->columns = columns;
  call->column_count = count;
  for (uint32_t i = 0; i < count; i++)
    buf_addf(&call->table, "%s%s", i ? " | " : "", columns[i].title);
  buf_add_char(&call->table, '\n');
  return CLXS_OK;
}

static clxs_status
output_table_row(struct clxs_call *pub, const char *const *cells, uint32_t count)
{
  struct th_call *call = th_call_of(pub);

  if (!call->columns || count != call->column_count) th_broken("a row that does not fit its table", cells[0]);
  for (uint32_t i = 0; i < count; i++)
    buf_addf(&call->table, "%s%s", i ? " | " : "", cells[i] ? cells[i] : "");
  buf_add_char(&call->table, '\n');
  return CLXS_OK;
}

static clxs_status
output_table_end(struct clxs_call *pub)
{
  struct th_call *call = th_call_of(pub);

  output_raw(pub, call->table.data, call->table.len);
  buf_reset(&call->table);
  call->columns = NULL;
  return CLXS_OK;
}

static clxs_status
output_text(struct clxs_call *pub, const char *line)
{
  struct testhost *host = th_call_of(pub)->host;

  if (host->format != CLXS_FORMAT_TEXT) return CLXS_OK;
  pthread_mutex_lock(&host->lock);
  buf_addf(&host->out, "%s\n", line);
  pthread_mutex_unlock(&host->lock);
  return CLXS_OK;
}

static void
output_progress(struct clxs_call *pub, const char *what, uint64_t done, uint64_t total)
{
  struct testhost *host = th_call_of(pub)->host;

  pthread_mutex_lock(&host->lock);
  if (!str_eq(host->progress, what)) host->progress = arena_strdup(host->arena, what);
  host->progress_done = done;
  host->progress_total = total;
  pthread_mutex_unlock(&host->lock);
}

static void
output_progress_end(struct clxs_call *pub)
{
  (void)pub;
}

static clxs_status
output_confirm(struct clxs_call *pub, const char *question)
{
  struct th_call *call = th_call_of(pub);

  return call->host->answer < 0 ? th_fail(call, call->host->answer, NULL, 0, question) : CLXS_OK;
}

static uint32_t
output_zero(struct clxs_call *pub)
{
  (void)pub;
  return 0;
}

const struct clxs_output th_output = {
    sizeof th_output, output_format,    output_raw,  output_document, output_table_begin,
    output_table_row, output_table_end, output_text, output_progress, output_progress_end,
    output_confirm,   output_zero,      output_zero,
};
