/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.output/1: the plugin's way to out/, which knows formats and terminals. */
#include "out/out.h"

#include <string.h>

#include "app.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "svc/services.h"

#include "base/banned.h"

static struct out *
out_of(struct clxs_call *pub)
{
  return call_of(pub)->app->out;
}

/* Record what OUT told, if it failed. */
static clxs_status
done(struct clxs_call *pub, clxs_status status, const struct err *err)
{
  return status == CLXS_OK ? CLXS_OK : call_take_error(call_of(pub), status, err);
}

#define WITH_ERR                                            \
  CLEANUP(arena_cleanup) struct arena *arena = arena_new(); \
  struct err err = ERR_INIT(arena)

static int32_t
output_format(struct clxs_call *pub)
{
  return out_format(out_of(pub));
}

static clxs_status
output_raw(struct clxs_call *pub, const char *bytes, size_t length)
{
  WITH_ERR;
  return done(pub, out_raw(out_of(pub), bytes, length, &err), &err);
}

static clxs_status
output_document(struct clxs_call *pub, const char *json)
{
  clxs_status status = services_need_command_thread(call_of(pub), "output document");
  WITH_ERR;
  if (status != CLXS_OK) return status;
  return done(pub, out_document(out_of(pub), json, strlen(json), &err), &err);
}

static clxs_status
output_table_begin(struct clxs_call *pub, const struct clxs_table_column *columns, uint32_t count)
{
  clxs_status status = services_need_command_thread(call_of(pub), "output table_begin");
  WITH_ERR;
  if (status != CLXS_OK) return status;
  return done(pub, out_table_begin(out_of(pub), columns, count, &err), &err);
}

static clxs_status
output_table_row(struct clxs_call *pub, const char *const *cells, uint32_t count)
{
  clxs_status status = services_need_command_thread(call_of(pub), "output table_row");
  WITH_ERR;
  if (status != CLXS_OK) return status;
  return done(pub, out_table_row(out_of(pub), cells, count, &err), &err);
}

static clxs_status
output_table_end(struct clxs_call *pub)
{
  clxs_status status = services_need_command_thread(call_of(pub), "output table_end");
  WITH_ERR;
  if (status != CLXS_OK) return status;
  return done(pub, out_table_end(out_of(pub), &err), &err);
}

static clxs_status
output_text(struct clxs_call *pub, const char *line)
{
  clxs_status status = services_need_command_thread(call_of(pub), "output text");
  WITH_ERR;
  if (status != CLXS_OK) return status;
  return done(pub, out_text(out_of(pub), line, &err), &err);
}

static void
output_progress(struct clxs_call *pub, const char *what, uint64_t finished, uint64_t total)
{
  out_progress(out_of(pub), what, finished, total);
}

static void
output_progress_end(struct clxs_call *pub)
{
  out_progress_end(out_of(pub));
}

static clxs_status
output_confirm(struct clxs_call *pub, const char *question)
{
  clxs_status status = services_need_command_thread(call_of(pub), "output confirm");
  WITH_ERR;
  if (status != CLXS_OK) return status;
  return done(pub, out_confirm(out_of(pub), question, &err), &err);
}

static uint32_t
output_colour(struct clxs_call *pub)
{
  return out_colour(out_of(pub));
}

static uint32_t
output_width(struct clxs_call *pub)
{
  return out_width(out_of(pub));
}

const struct clxs_output service_output = {.size = sizeof service_output,
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
