/* SPDX-License-Identifier: Apache-2.0 */
/* See document.h. */
#include "out/document.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"
#include "out/csv.h"
#include "out/table.h"
#include "out/tty.h"

#include "base/banned.h"

struct page {
  struct buf *buf;
  struct arena *arena;
  unsigned width;
  bool colour;
};

static bool
is_scalar(struct json_object *value)
{
  enum json_type type = json_object_get_type(value);

  return type != json_type_object && type != json_type_array;
}

/* A list of scalars counts as one cell where it is short. */
static bool
is_cell(struct json_object *value)
{
  if (is_scalar(value)) return true;
  if (json_object_get_type(value) != json_type_array) return false;
  for (size_t i = 0; i < json_length(value); i++)
    if (!is_scalar(json_item(value, i))) return false;
  return true;
}

/* The text of a scalar or of a list of scalars; NULL for null. */
static const char *
cell_text(struct arena *arena, struct json_object *value)
{
  CLEANUP_BUF struct buf list = BUF_INIT(BUF_LARGE);

  if (json_object_get_type(value) != json_type_array)
    return value ? arena_strdup(arena, json_object_get_string(value)) : NULL;
  for (size_t i = 0; i < json_length(value); i++) {
    struct json_object *item = json_item(value, i);

    if (i > 0) buf_add_text(&list, ", ");
    buf_add_text(&list, item ? json_object_get_string(item) : "null");
  }
  return arena_strdup(arena, list.data);
}

/* "error_class" as "Error class". */
static const char *
title_of(struct arena *arena, const char *key)
{
  char *title = arena_strdup(arena, key);

  for (char *at = title; *at; at++)
    if (*at == '_') *at = ' ';
  if (title[0] >= 'a' && title[0] <= 'z') title[0] = (char)(title[0] - 'a' + 'A');
  return title;
}

/* A list of objects without structure below them: a table of all their keys. NULL when VALUE is no such list.
 */
static struct table *
as_table(struct arena *arena, struct json_object *value)
{
  CLEANUP_MAP struct map *keys = map_new();
  struct clxs_table_column *columns;
  struct table *table;
  const char **cells, *key;
  struct json_object *member;
  void *at;
  size_t count = json_length(value), position = 0, used = 0;

  if (count == 0) return NULL;
  for (size_t i = 0; i < count; i++) {
    struct json_object *item = json_item(value, i);

    if (json_object_get_type(item) != json_type_object) return NULL;
    at = NULL;
    while (json_next(item, &at, &key, &member)) {
      if (!is_cell(member)) return NULL;
      map_set(keys, key, arena);
    }
  }
  columns = arena_array(arena, map_count(keys), sizeof *columns);
  while (map_next(keys, &position, &key, NULL)) {
    enum json_type type = json_object_get_type(json_get(json_item(value, 0), key));

    columns[used].key = arena_strdup(arena, key);
    columns[used].title = title_of(arena, key);
    columns[used++].align =
        type == json_type_int || type == json_type_double ? CLXS_ALIGN_RIGHT : CLXS_ALIGN_LEFT;
  }
  table = table_new(arena, columns, (uint32_t)used);
  cells = arena_array(arena, used, sizeof *cells);
  for (size_t i = 0; i < count; i++) {
    for (size_t k = 0; k < used; k++)
      cells[k] = cell_text(arena, json_get(json_item(value, i), columns[k].key));
    table_add(table, cells, (uint32_t)used);
  }
  return table;
}

static void
add_indent(struct page *page, unsigned indent)
{
  for (unsigned i = 0; i < indent; i++)
    buf_add_char(page->buf, ' ');
}

static void
add_safe(struct page *page, const char *text)
{
  tty_add_safe(page->buf, text, strlen(text), 0);
}

/* A text of several lines keeps them, each indented. */
static void
add_text_value(struct page *page, const char *text, unsigned indent)
{
  const char *line = text ? text : "-", *end;

  while ((end = strchr(line, '\n')) != NULL) {
    tty_add_safe(page->buf, line, (size_t)(end - line), 0);
    buf_add_char(page->buf, '\n');
    line = end + 1;
    if (*line) add_indent(page, indent);
  }
  if (*line || line == text) {
    add_safe(page, line);
    buf_add_char(page->buf, '\n');
  }
}

static void
add_heading(struct page *page, const char *title, unsigned indent)
{
  add_indent(page, indent);
  if (page->colour) buf_add_text(page->buf, "\x1b[1m");
  add_safe(page, title);
  if (page->colour) buf_add_text(page->buf, "\x1b[0m");
}

static void add_value(struct page *page, struct json_object *value, unsigned indent);

static size_t
widest_title(struct page *page, struct json_object *object)
{
  size_t widest = 0;
  void *at = NULL;
  const char *key;
  struct json_object *value;

  while (json_next(object, &at, &key, &value)) {
    size_t width = tty_width(title_of(page->arena, key));

    if (is_cell(value) && width > widest) widest = width;
  }
  return widest;
}

static void
add_object(struct page *page, struct json_object *object, unsigned indent)
{
  size_t widest = widest_title(page, object);
  void *at = NULL;
  const char *key;
  struct json_object *value;

  while (json_next(object, &at, &key, &value)) {
    const char *title = title_of(page->arena, key);

    add_heading(page, title, indent);
    if (is_cell(value)) {
      const char *text = cell_text(page->arena, value);
      size_t pad = widest - tty_width(title) + 2;

      while (pad-- > 0)
        buf_add_char(page->buf, ' ');
      add_text_value(page, text && !*text && !is_scalar(value) ? "none" : text,
                     indent + (unsigned)widest + 2);
    } else {
      buf_add_char(page->buf, '\n');
      add_value(page, value, indent + 2);
    }
  }
}

static void
add_array(struct page *page, struct json_object *array, unsigned indent)
{
  struct table *table = as_table(page->arena, array);

  if (table) {
    table_add_text(page->buf, table, page->width, page->colour, indent);
    return;
  }
  for (size_t i = 0; i < json_length(array); i++) {
    struct json_object *item = json_item(array, i);

    if (is_scalar(item)) {
      add_indent(page, indent);
      add_text_value(page, cell_text(page->arena, item), indent);
      continue;
    }
    if (i > 0) buf_add_char(page->buf, '\n');
    add_value(page, item, indent);
  }
}

static void
add_value(struct page *page, struct json_object *value, unsigned indent)
{
  switch (json_object_get_type(value)) {
  case json_type_object: add_object(page, value, indent); break;
  case json_type_array: add_array(page, value, indent); break;
  case json_type_null:
  case json_type_boolean:
  case json_type_double:
  case json_type_int:
  case json_type_string:
  default: add_indent(page, indent); add_text_value(page, cell_text(page->arena, value), indent);
  }
}

void
document_add_text(struct buf *buf, struct arena *arena, struct json_object *value, unsigned width,
                  bool colour)
{
  struct page page = {.buf = buf, .arena = arena, .width = width, .colour = colour};

  add_value(&page, value, 0);
}

static void
add_paths(struct buf *buf, struct arena *arena, struct json_object *value, const char *path)
{
  void *at = NULL;
  const char *key;
  struct json_object *member;

  if (json_object_get_type(value) == json_type_object) {
    while (json_next(value, &at, &key, &member)) {
      add_paths(buf, arena, member, *path ? arena_printf(arena, "%s.%s", path, key) : key);
    }
  } else if (json_object_get_type(value) == json_type_array) {
    for (size_t i = 0; i < json_length(value); i++)
      add_paths(buf, arena, json_item(value, i), arena_printf(arena, "%s[%zu]", path, i));
  } else {
    csv_add_field(buf, path);
    buf_add_char(buf, ',');
    csv_add_field(buf, cell_text(arena, value));
    buf_add_text(buf, "\r\n");
  }
}

void
document_add_csv(struct buf *buf, struct arena *arena, struct json_object *value)
{
  struct table *table = as_table(arena, value);

  if (table) {
    csv_add_table(buf, table);
    return;
  }
  buf_add_text(buf, "key,value\r\n");
  add_paths(buf, arena, value, "");
}
