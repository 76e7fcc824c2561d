/* SPDX-License-Identifier: Apache-2.0 */
/* Rows to text: compact JSON arrays of strings and nulls, or CSV by RFC 4180 with the header in the first
 * chunk. It must not know statements or where chunks are kept. */
#include "http/outcome.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "engine.h"

#include "base/banned.h"

static struct json_object *
render_column(const struct result_column *column, size_t position)
{
  struct json_object *object = json_object_new_object();

  json_add_text(object, "name", column->name);
  json_add_text(object, "type_name", column->type_name);
  json_add_int(object, "position", (int64_t)position);
  json_add_text(object, "type_text", column->type_text);
  if (str_eq(column->type_name, "DECIMAL")) {
    json_add_int(object, "type_precision", column->precision);
    json_add_int(object, "type_scale", column->scale);
  } else if (str_eq(column->type_name, "INTERVAL") && str_ieqn(column->type_text, "interval ", 9)) {
    json_add_text(object, "type_interval_type", column->type_text + 9);
  }
  return object;
}

static struct json_object *
render_schema(const struct result *result)
{
  struct json_object *schema = json_object_new_object(), *columns;

  json_add_int(schema, "column_count", (int64_t)result->column_count);
  if (result->column_count == 0) return schema;
  columns = json_object_new_array();
  for (size_t i = 0; i < result->column_count; i++)
    json_object_array_add(columns, render_column(&result->columns[i], i));
  json_object_object_add(schema, "columns", columns);
  return schema;
}

static void
add_json_row(struct buf *buf, const struct result *result, const char *const *row)
{
  buf_add_text(buf, buf->len == 0 ? "[[" : ",[");
  for (size_t i = 0; i < result->column_count; i++) {
    if (i > 0) buf_add_char(buf, ',');
    buf_add_json(buf, row[i]);
  }
  buf_add_char(buf, ']');
}

static void
add_csv_cell(struct buf *buf, const char *text)
{
  if (!text) {
    buf_add_text(buf, "null");
    return;
  }
  if (*text && !strpbrk(text, "\",\r\n") && strcmp(text, "null") != 0) {
    buf_add_text(buf, text);
    return;
  }
  buf_add_char(buf, '"');
  for (; *text; text++) {
    if (*text == '"') buf_add_char(buf, '"');
    buf_add_char(buf, *text);
  }
  buf_add_char(buf, '"');
}

static void
add_csv_row(struct buf *buf, const struct result *result, const char *const *row)
{
  for (size_t i = 0; i < result->column_count; i++) {
    if (i > 0) buf_add_char(buf, ',');
    add_csv_cell(buf, row ? row[i] : result->columns[i].name);
  }
  buf_add_text(buf, "\r\n");
}

static int64_t
row_bytes(const struct result *result, const char *const *row)
{
  int64_t bytes = 0;

  for (size_t i = 0; i < result->column_count; i++)
    bytes += row[i] ? (int64_t)strlen(row[i]) + 3 : 5;
  return bytes + 2;
}

static void
end_chunk(struct outcome *out, struct buf *buf, bool csv, int64_t from)
{
  struct chunk *chunk;

  if (!csv) buf_add_char(buf, ']');
  chunk = VEC_ADD(&out->chunks);
  chunk->length = buf->len;
  chunk->row_offset = from;
  chunk->row_count = out->row_count - from;
  out->byte_count += (int64_t)buf->len;
  chunk->text = buf_take(buf);
}

bool
outcome_render(const struct result *result, const struct outcome_limits *limits, struct outcome *out)
{
  struct buf buf = BUF_INIT(BUF_LARGE);
  int64_t from = 0, used = 0;
  int64_t most = limits->external ? OUTCOME_EXTERNAL_MAX : OUTCOME_INLINE_MAX;

  *out = (struct outcome){.schema = render_schema(result)};
  for (size_t i = 0; i < result->row_count; i++) {
    const char *const *row = result->rows[i];

    used += row_bytes(result, row);
    if ((limits->row_limit > 0 && out->row_count >= limits->row_limit) ||
        (limits->byte_limit > 0 && used > limits->byte_limit) || (limits->external && used > most)) {
      out->truncated = true;
      break;
    }
    if (used > most) {
      buf_free(&buf);
      outcome_free(out);
      return false;
    }
    if (buf.len > 0 && (int64_t)buf.len + row_bytes(result, row) > limits->chunk_bytes) {
      end_chunk(out, &buf, limits->csv, from);
      from = out->row_count;
    }
    if (limits->csv && out->row_count == 0) add_csv_row(&buf, result, NULL);
    if (limits->csv)
      add_csv_row(&buf, result, row);
    else
      add_json_row(&buf, result, row);
    out->row_count++;
  }
  if (out->row_count > from) end_chunk(out, &buf, limits->csv, from);
  buf_free(&buf);
  return true;
}

void
outcome_free(struct outcome *outcome)
{
  VEC_EACH (&outcome->chunks, it)
    free(it->text);
  VEC_FREE(&outcome->chunks);
  json_object_put(outcome->schema);
  *outcome = (struct outcome){0};
}
