/* SPDX-License-Identifier: Apache-2.0 */
/* See json_write.h. */
#include "base/json_write.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"

#include "base/banned.h"

static void
break_line(struct json_writer *writer)
{
  if (!writer->pretty) return;
  buf_add_char(writer->out, '\n');
  for (int i = 0; i < writer->depth; i++)
    buf_add_text(writer->out, "  ");
}

/* Everything in front of a value. */
static void
begin_value(struct json_writer *writer, const char *key)
{
  if (writer->filled) buf_add_char(writer->out, ',');
  if (writer->depth) break_line(writer);
  writer->filled = true;
  if (!key) return;
  buf_add_json(writer->out, key);
  buf_add_text(writer->out, writer->pretty ? ": " : ":");
}

static void
begin_bracket(struct json_writer *writer, const char *key, char bracket)
{
  begin_value(writer, key);
  buf_add_char(writer->out, bracket);
  writer->depth++;
  writer->filled = false;
}

static void
end_bracket(struct json_writer *writer, char bracket)
{
  writer->depth--;
  if (writer->filled) break_line(writer);
  buf_add_char(writer->out, bracket);
  writer->filled = true;
}

void
json_begin_object(struct json_writer *writer, const char *key)
{
  begin_bracket(writer, key, '{');
}

void
json_end_object(struct json_writer *writer)
{
  end_bracket(writer, '}');
}

void
json_begin_array(struct json_writer *writer, const char *key)
{
  begin_bracket(writer, key, '[');
}

void
json_end_array(struct json_writer *writer)
{
  end_bracket(writer, ']');
}

void
json_write_text(struct json_writer *writer, const char *key, const char *text)
{
  if (!text) return;
  begin_value(writer, key);
  buf_add_json(writer->out, text);
}

void
json_write_int(struct json_writer *writer, const char *key, int64_t value)
{
  begin_value(writer, key);
  buf_addf(writer->out, "%lld", (long long)value);
}

void
json_write_bool(struct json_writer *writer, const char *key, bool value)
{
  begin_value(writer, key);
  buf_add_text(writer->out, value ? "true" : "false");
}

void
json_write_double(struct json_writer *writer, const char *key, double value)
{
  begin_value(writer, key);
  buf_addf(writer->out, "%.15g", value);
}

void
json_write_null(struct json_writer *writer, const char *key)
{
  begin_value(writer, key);
  buf_add_text(writer->out, "null");
}

void
json_write_text_or_null(struct json_writer *writer, const char *key, const char *text)
{
  if (text)
    json_write_text(writer, key, text);
  else
    json_write_null(writer, key);
}

static int
compare_keys(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
write_members(struct json_writer *writer, struct json_object *object)
{
  size_t count = (size_t)json_object_object_length(object), filled = 0;
  CLEANUP_FREE const char **keys = xcalloc(count + 1, sizeof *keys);
  struct json_object *value;
  void *at = NULL;

  while (filled < count && json_next(object, &at, &keys[filled], &value))
    filled++;
  qsort((void *)(uintptr_t)keys, filled, sizeof *keys, compare_keys);
  for (size_t i = 0; i < filled; i++)
    json_write_tree(writer, keys[i], json_object_object_get(object, keys[i]));
}

void
json_write_tree(struct json_writer *writer, const char *key, struct json_object *value)
{
  switch (json_object_get_type(value)) {
  case json_type_object:
    json_begin_object(writer, key);
    write_members(writer, value);
    json_end_object(writer);
    return;
  case json_type_array:
    json_begin_array(writer, key);
    for (size_t i = 0; i < json_length(value); i++)
      json_write_tree(writer, NULL, json_item(value, i));
    json_end_array(writer);
    return;
  case json_type_string: json_write_text(writer, key, json_object_get_string(value)); return;
  default: begin_value(writer, key); buf_add_text(writer->out, value ? json_text(value) : "null");
  }
}
