/* SPDX-License-Identifier: Apache-2.0 */
/* The writer: which format, to which file, and whether it got there. Formats are in files of their own;
 * remarks and questions are in remark.c. */
#include "out/out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/threads.h"
#include "out/csv.h"
#include "out/document.h"
#include "out/json.h"
#include "out/table.h"
#include "out/tty.h"
#include "out/writer.h"
#include "out/yaml.h"

#include "base/banned.h"

struct out *
out_new(const struct out_options *options)
{
  struct out *out = xcalloc(1, sizeof *out);

  out->options = *options;
  out->colour = options->colour < 0 ? tty_colour(options->result) : options->colour > 0;
  out->progress = (struct progress){.file = options->remarks, .terminal = tty_is(options->remarks)};
  pthread_mutex_init(&out->mutex, NULL);
  return out;
}

void
out_free(struct out *out)
{
  if (!out) return;
  while (out->capture)
    free(out_capture_end(out));
  arena_free(out->table_arena);
  pthread_mutex_destroy(&out->mutex);
  free(out);
}

int32_t
out_format(const struct out *out)
{
  return out->capture ? CLXS_FORMAT_JSON : out->options.format;
}

bool
out_colour(const struct out *out)
{
  return out->colour && out->options.format == CLXS_FORMAT_TEXT;
}

unsigned
out_width(const struct out *out)
{
  return out->options.width ? out->options.width : tty_columns(out->options.result);
}

/* Bytes to stdout, under the lock. The first failure is kept: what follows cannot make the result whole
 * again. */
static clxs_status
put(struct out *out, const char *bytes, size_t length, struct err *err)
{
  LOCK_SCOPE(&out->mutex);
  progress_hide(&out->progress);
  errno = 0;
  if (!out->failure &&
      (fwrite(bytes, 1, length, out->options.result) != length || fflush(out->options.result) != 0))
    out->failure = errno ? errno : EIO;
  if (!out->failure) return CLXS_OK;
  errno = out->failure;
  return err_errno(err, "cannot write the result to stdout");
}

static clxs_status
put_buf(struct out *out, const struct buf *buf, struct err *err)
{
  if (buf->overflow) return err_set(err, CLXS_E_IO, "the result has more than %zu bytes", buf->max);
  return put(out, buf->data, buf->len, err);
}

clxs_status
out_raw(struct out *out, const char *bytes, size_t length, struct err *err)
{
  if (out->capture) return CLXS_OK;
  return put(out, bytes, length, err);
}

clxs_status
out_text(struct out *out, const char *line, struct err *err)
{
  CLEANUP_BUF struct buf safe = BUF_INIT(BUF_LARGE);

  if (out->capture || out->options.format != CLXS_FORMAT_TEXT) return CLXS_OK;
  tty_add_safe(&safe, line, strlen(line), out->colour ? TTY_LINES | TTY_COLOURS : TTY_LINES);
  buf_add_char(&safe, '\n');
  return put_buf(out, &safe, err);
}

/* JSON text with bytes that are not UTF-8 replaced; inside of strings is the only place where they can be. */
static void
add_utf8(struct buf *buf, const char *text, size_t length)
{
  for (size_t at = 0; at < length;) {
    uint32_t point;
    size_t step = utf8_decode(text + at, &point);

    if (step > 0 && step <= length - at) {
      buf_add(buf, text + at, step);
    } else {
      step = 1;
      buf_add_text(buf, "\xef\xbf\xbd");
    }
    at += step;
  }
}

static clxs_status
render_value(struct out *out, struct buf *buf, const char *json, size_t length, struct json_object *value,
             struct err *err)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  switch (out->options.format) {
  case CLXS_FORMAT_JSON:
    json_add_pretty(buf, json, length);
    buf_add_char(buf, '\n');
    return CLXS_OK;
  case CLXS_FORMAT_YAML: return yaml_add_value(buf, value, err);
  case CLXS_FORMAT_CSV: document_add_csv(buf, arena, value); return CLXS_OK;
  default: document_add_text(buf, arena, value, out_width(out), out->colour); return CLXS_OK;
  }
}

/* One result as JSON: kept when results are being collected, else printed. */
static clxs_status
put_value(struct out *out, const char *json, size_t length, struct err *err)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  CLEANUP_BUF struct buf exact = BUF_INIT(BUF_LARGE);
  CLEANUP_JSON struct json_object *value = NULL;
  const char *why = NULL;
  size_t offset = 0;
  clxs_status status;

  json_add_exact(&exact, json, length);
  value = json_parse_strict(exact.data, exact.len, &offset, &why);
  if (!value && why)
    return err_set(err, CLXS_E_INTERNAL, "the result is not JSON: %s at byte %zu", why, offset);
  if (out->capture) {
    if (out->capture->count++ > 0) buf_add_char(&out->capture->json, ',');
    buf_add(&out->capture->json, json, length);
    return CLXS_OK;
  }
  status = render_value(out, &text, json, length, value, err);
  return status == CLXS_OK ? put_buf(out, &text, err) : status;
}

clxs_status
out_document(struct out *out, const char *json, size_t length, struct err *err)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  add_utf8(&text, json, length);
  if (text.overflow) return err_set(err, CLXS_E_IO, "the result has more than %zu bytes", text.max);
  return put_value(out, text.data, text.len, err);
}

clxs_status
out_table_begin(struct out *out, const struct clxs_table_column *columns, uint32_t count, struct err *err)
{
  if (out->table) return err_set(err, CLXS_E_INTERNAL, "a table is begun before the last one has ended");
  if (count == 0) return err_set(err, CLXS_E_INTERNAL, "a table is begun without columns");
  out->table_arena = arena_new();
  out->table = table_new(out->table_arena, columns, count);
  return CLXS_OK;
}

clxs_status
out_table_row(struct out *out, const char *const *cells, uint32_t count, struct err *err)
{
  if (!out->table) return err_set(err, CLXS_E_INTERNAL, "a row is added before its table has begun");
  if (count > table_column_count(out->table)) {
    return err_set(err, CLXS_E_INTERNAL, "a row has %u cells, its table %u columns", count,
                   table_column_count(out->table));
  }
  table_add(out->table, cells, count);
  return CLXS_OK;
}

static clxs_status
put_table(struct out *out, struct err *err)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  if (out->capture || out->options.format == CLXS_FORMAT_YAML) {
    json_add_table(&text, out->table);
    if (text.overflow) return put_buf(out, &text, err);
    return put_value(out, text.data, text.len, err);
  }
  if (out->options.format == CLXS_FORMAT_JSON) {
    json_add_table(&text, out->table);
    buf_add_char(&text, '\n');
  } else if (out->options.format == CLXS_FORMAT_CSV) {
    csv_add_table(&text, out->table);
  } else {
    table_add_text(&text, out->table, out_width(out), out->colour, 0);
  }
  return put_buf(out, &text, err);
}

clxs_status
out_table_end(struct out *out, struct err *err)
{
  clxs_status status;

  if (!out->table) return err_set(err, CLXS_E_INTERNAL, "a table is ended before it has begun");
  status = put_table(out, err);
  arena_free(TAKE(out->table_arena));
  out->table = NULL;
  return status;
}

void
out_capture_begin(struct out *out)
{
  struct capture *capture = xcalloc(1, sizeof *capture);

  capture->json = BUF_INIT(BUF_LARGE);
  capture->outer = out->capture;
  out->capture = capture;
}

char *
out_capture_end(struct out *out)
{
  struct capture *capture = out->capture;
  struct buf whole = BUF_INIT(BUF_LARGE);

  if (!capture) return xstrdup("null");
  out->capture = capture->outer;
  if (capture->count != 1) buf_add_text(&whole, capture->count ? "[" : "null");
  buf_add(&whole, capture->json.data, capture->json.len);
  if (capture->count > 1) buf_add_char(&whole, ']');
  buf_free(&capture->json);
  free(capture);
  return buf_take(&whole);
}

clxs_status
out_finish(struct out *out, struct err *err)
{
  LOCK_SCOPE(&out->mutex);
  progress_stop(&out->progress);
  if (!out->failure && fflush(out->options.result) != 0) out->failure = errno;
  if (!out->failure) return CLXS_OK;
  errno = out->failure;
  return err_errno(err, "cannot write the result to stdout");
}

bool
out_reader_gone(struct out *out)
{
  LOCK_SCOPE(&out->mutex);
  return out->failure == EPIPE;
}
