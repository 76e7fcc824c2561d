/* SPDX-License-Identifier: Apache-2.0 */
/* Metric views: YAML whose `source` members are relations or queries and whose `expr`, `on` and `filter`
 * members are expressions (https://docs.databricks.com/metric-views/yaml-ref). libyaml says where each scalar
 * stands; everything that is no such member is text for people and stays. */
#include <yaml.h>

#include "kit/sqltext/parse.h"

#include "base/banned.h"

enum role { ROLE_NONE, ROLE_ROOT, ROLE_JOINS, ROLE_JOIN };

/* An open mapping or sequence. */
struct level {
  enum role role;
  bool mapping, key; /* the next scalar is a key */
  const char *name;  /* the key that the next value belongs to */
};

struct reader {
  struct findings *found;
  const char *text; /* what the parser is given: no byte order mark */
  size_t origin, length;
  size_t points, bytes; /* the parser counts code points */
  VEC(struct level) levels;
};

/* The byte where code point INDEX starts. Marks come in order but for small steps back. */
static size_t
byte_at(struct reader *reader, size_t index)
{
  if (index < reader->points) reader->points = reader->bytes = 0;
  while (reader->points < index && reader->bytes < reader->length) {
    reader->bytes++;
    while (reader->bytes < reader->length && ((unsigned char)reader->text[reader->bytes] & 0xc0) == 0x80)
      reader->bytes++;
    reader->points++;
  }
  return reader->bytes;
}

static struct level *
top(struct reader *reader)
{
  return reader->levels.count > 0 ? &reader->levels.at[reader->levels.count - 1] : NULL;
}

/* Anchors and tags stand before the scalar that they belong to. */
static size_t
skip_properties(const struct reader *reader, size_t start, size_t end)
{
  while (start < end && (reader->text[start] == '&' || reader->text[start] == '!')) {
    while (start < end && (unsigned char)reader->text[start] > ' ')
      start++;
    while (start < end && (unsigned char)reader->text[start] <= ' ')
      start++;
  }
  return start;
}

/* SQL inside YAML's quotes: the same number of bytes with the escapes blanked. False where an escape spells a
 * character that would have to move. */
static bool
blank_escapes(char *text, size_t length, char quote)
{
  for (size_t i = 0; i + 1 < length; i++) {
    if (quote == '\'' && text[i] == '\'' && text[i + 1] == '\'') {
      text[++i] = ' ';
    } else if (quote == '"' && text[i] == '\\') {
      char c = text[i + 1];

      if (!strchr("\"\\/nrt \n", c)) return false;
      text[i++] = ' ';
      if (strchr("nrt", c)) text[i] = ' ';
    }
  }
  return true;
}

static void
read_quoted(struct reader *reader, size_t start, size_t end, enum parse_what what)
{
  struct findings *found = reader->found;
  char quote = reader->text[start];
  size_t length = end - start < 2 ? 0 : end - start - 2;
  char *sql = arena_strndup(found->arena, reader->text + start + 1, length);

  if (blank_escapes(sql, length, quote))
    parse_piece(found, sql, reader->origin + start + 1, length, what);
  else if (mentions(found->arena, sql, length, found->from))
    note_doubt(found, reader->origin + start, end - start,
               "written with escapes that hide where the name stands");
}

/* A plain scalar cannot begin with a back-tick: should the new name need them, the scalar needs quotes. */
static void
mark_wrapping(struct reader *reader, size_t before, size_t start, size_t end)
{
  for (size_t i = before; i < reader->found->references.count; i++) {
    struct sqltext_spot *spot = &reader->found->references.at[i].catalog;

    if (spot->start == reader->origin + start) spot->wrap = reader->origin + end;
  }
}

static void
read_scalar(struct reader *reader, const yaml_event_t *event, enum parse_what what)
{
  size_t start = byte_at(reader, event->start_mark.index), end = byte_at(reader, event->end_mark.index);
  size_t before = reader->found->references.count;

  start = skip_properties(reader, start, end);
  switch (event->data.scalar.style) {
  case YAML_SINGLE_QUOTED_SCALAR_STYLE:
  case YAML_DOUBLE_QUOTED_SCALAR_STYLE: read_quoted(reader, start, end, what); return;
  case YAML_LITERAL_SCALAR_STYLE:
  case YAML_FOLDED_SCALAR_STYLE:
    while (start < end && reader->text[start] != '\n')
      start++;
    parse_text(reader->found, reader->origin + start, end - start, what);
    return;
  default:
    parse_text(reader->found, reader->origin + start, end - start, what);
    mark_wrapping(reader, before, start, end);
  }
}

static void
take_scalar(struct reader *reader, const yaml_event_t *event)
{
  struct level *level = top(reader);
  const char *value = (const char *)event->data.scalar.value;

  if (!level || !level->mapping) return;
  if (level->key) {
    level->name = arena_strdup(reader->found->arena, value);
    level->key = false;
    return;
  }
  level->key = true;
  if (str_eq(level->name, "source")) {
    if (level->role == ROLE_ROOT || level->role == ROLE_JOIN) read_scalar(reader, event, PARSE_RELATION);
  } else if (str_eq(level->name, "expr") || str_eq(level->name, "on") || str_eq(level->name, "filter")) {
    read_scalar(reader, event, PARSE_EXPRESSION);
  }
}

static void
open_level(struct reader *reader, bool mapping)
{
  struct level *parent = top(reader), *level;
  enum role role = ROLE_NONE;

  if (!parent)
    role = mapping ? ROLE_ROOT : ROLE_NONE;
  else if (parent->mapping && str_eq(parent->name, "joins") &&
           (parent->role == ROLE_ROOT || parent->role == ROLE_JOIN))
    role = mapping ? ROLE_JOIN : ROLE_JOINS;
  else if (parent->role == ROLE_JOINS && mapping)
    role = ROLE_JOIN;
  if (parent && parent->mapping) parent->key = !parent->key;
  level = VEC_ADD(&reader->levels);
  level->role = role;
  level->mapping = level->key = mapping;
}

static void
take_event(struct reader *reader, const yaml_event_t *event)
{
  struct level *level = top(reader);

  switch (event->type) {
  case YAML_SCALAR_EVENT: take_scalar(reader, event); break;
  case YAML_MAPPING_START_EVENT: open_level(reader, true); break;
  case YAML_SEQUENCE_START_EVENT: open_level(reader, false); break;
  case YAML_MAPPING_END_EVENT:
  case YAML_SEQUENCE_END_EVENT:
    if (reader->levels.count > 0) reader->levels.count--;
    break;
  case YAML_ALIAS_EVENT:
    if (level && level->mapping) level->key = !level->key;
    break;
  default: break;
  }
}

static void
doubt_document(const struct reader *reader)
{
  struct findings *found = reader->found;
  size_t line = reader->length;
  const char *newline = memchr(reader->text, '\n', reader->length);

  if (newline) line = (size_t)(newline - reader->text);
  note_doubt(found, reader->origin, line, "not YAML that can be read: it stays as it is");
}

static bool
walk(struct reader *reader, yaml_parser_t *parser)
{
  yaml_event_t event;
  bool end = false;

  while (!end) {
    if (!yaml_parser_parse(parser, &event)) return false;
    take_event(reader, &event);
    end = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  return true;
}

void
read_yaml(struct findings *found, size_t origin, size_t length)
{
  struct reader reader = {.found = found, .text = found->text + origin, .origin = origin, .length = length};
  size_t references = found->references.count;
  yaml_parser_t parser;

  if (length >= 3 && memcmp(reader.text, "\xef\xbb\xbf", 3) == 0) {
    reader.text += 3;
    reader.origin += 3;
    reader.length -= 3;
  }
  if (!yaml_parser_initialize(&parser)) return;
  yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser, (const unsigned char *)reader.text, reader.length);
  if (!walk(&reader, &parser)) {
    found->references.count = references;
    doubt_document(&reader);
  }
  yaml_parser_delete(&parser);
  VEC_FREE(&reader.levels);
}
