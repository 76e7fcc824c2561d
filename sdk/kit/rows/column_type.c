/* SPDX-License-Identifier: Apache-2.0 */
/* See column_type.h. */
#include "kit/rows/column_type.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#include "base/banned.h"

#define DEPTH 50

struct reading {
  struct arena *arena;
  const char *at;
  unsigned depth;
};

static bool read_type(struct reading *reading, struct column_type *type);

static void
skip_spaces(struct reading *reading)
{
  while (*reading->at == ' ')
    reading->at++;
}

static bool
skip_char(struct reading *reading, char wanted)
{
  skip_spaces(reading);
  if (*reading->at != wanted) return false;
  reading->at++;
  return true;
}

/* The word is here, and no longer word. */
static bool
at_word(const struct reading *reading, const char *word)
{
  size_t length = strlen(word);

  return str_ieqn(reading->at, word, length) && !str_is_alnum(reading->at[length]) &&
         reading->at[length] != '_';
}

static bool
read_field_name(struct reading *reading, const char **name)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  skip_spaces(reading);
  if (*reading->at == '`') {
    for (reading->at++; *reading->at && (*reading->at != '`' || reading->at[1] == '`');
         reading->at += *reading->at == '`' ? 2 : 1)
      buf_add_char(&text, *reading->at);
    if (*reading->at++ != '`') return false;
  } else {
    while (*reading->at && !strchr(":,<> ", *reading->at))
      buf_add_char(&text, *reading->at++);
  }
  *name = arena_strdup(reading->arena, text.data);
  return text.len > 0;
}

/* NOT NULL and COMMENT 'text' behind a field's type. */
static bool
read_field_tail(struct reading *reading, struct column_type *field)
{
  skip_spaces(reading);
  if (at_word(reading, "NOT")) {
    reading->at += 3;
    skip_spaces(reading);
    if (!at_word(reading, "NULL")) return false;
    reading->at += 4;
    skip_spaces(reading);
    field->not_null = true;
  }
  if (!at_word(reading, "COMMENT")) return true;
  reading->at += 7;
  if (!skip_char(reading, '\'')) return false;
  for (; *reading->at && *reading->at != '\''; reading->at++)
    if (*reading->at == '\\' && reading->at[1]) reading->at++;
  return skip_char(reading, '\'');
}

static struct column_type *
add_part(struct reading *reading, struct column_type *type)
{
  struct column_type *parts = arena_array(reading->arena, type->part_count + 1, sizeof *parts);

  if (type->part_count) memcpy(parts, type->parts, type->part_count * sizeof *parts);
  type->parts = parts;
  return &parts[type->part_count++];
}

static bool
read_fields(struct reading *reading, struct column_type *type)
{
  if (skip_char(reading, '>')) return true;
  do {
    struct column_type field = {.kind = COLUMN_PLAIN};

    if (!read_field_name(reading, &field.name)) return false;
    skip_char(reading, ':');
    if (!read_type(reading, &field) || !read_field_tail(reading, &field)) return false;
    *add_part(reading, type) = field;
  } while (skip_char(reading, ','));
  return skip_char(reading, '>');
}

static bool
read_parts(struct reading *reading, struct column_type *type, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    struct column_type part = {.kind = COLUMN_PLAIN};

    if (i && !skip_char(reading, ',')) return false;
    if (!read_type(reading, &part)) return false;
    *add_part(reading, type) = part;
  }
  return skip_char(reading, '>');
}

/* Words and numbers in brackets: decimal(10,2), interval day to second, string collate UTF8_LCASE. */
static void
read_plain(struct reading *reading)
{
  int open = 0;

  for (; *reading->at; reading->at++) {
    char c = *reading->at;

    if (c == '(') open++;
    if (c == ')') open--;
    if (!open && (c == ',' || c == '>' || c == ':')) return;
    if (c == ' ' && (at_word(&(struct reading){.at = reading->at + 1}, "NOT") ||
                     at_word(&(struct reading){.at = reading->at + 1}, "COMMENT")))
      return;
  }
}

static bool
read_type(struct reading *reading, struct column_type *type)
{
  static const struct {
    const char *open;
    enum column_kind kind;
  } nested[] = {{"struct<", COLUMN_STRUCT}, {"array<", COLUMN_ARRAY}, {"map<", COLUMN_MAP}};
  const char *start, *end;
  bool ok = true;

  if (++reading->depth > DEPTH) return false;
  skip_spaces(reading);
  start = reading->at;
  for (size_t i = 0; i < ARRAY_SIZE(nested); i++)
    if (str_ieqn(start, nested[i].open, strlen(nested[i].open))) type->kind = nested[i].kind;
  if (type->kind == COLUMN_PLAIN) {
    read_plain(reading);
  } else {
    reading->at += strcspn(reading->at, "<") + 1;
    ok = type->kind == COLUMN_STRUCT ? read_fields(reading, type)
                                     : read_parts(reading, type, type->kind == COLUMN_MAP ? 2 : 1);
  }
  for (end = reading->at; end > start && end[-1] == ' ';)
    end--;
  type->text = arena_strndup(reading->arena, start, (size_t)(end - start));
  reading->depth--;
  return ok && end > start;
}

struct column_type *
column_type_read(struct arena *arena, const char *text)
{
  struct reading reading = {.arena = arena, .at = text};
  struct column_type *type = arena_alloc(arena, sizeof *type);

  if (!text || !read_type(&reading, type)) return NULL;
  skip_spaces(&reading);
  return *reading.at ? NULL : type;
}

const char *
column_type_word(struct arena *arena, const struct column_type *type)
{
  size_t length = 0;
  char *word;

  while (str_is_alnum(type->text[length]) || type->text[length] == '_')
    length++;
  word = arena_strndup(arena, type->text, length);
  for (char *at = word; *at; at++)
    *at = str_lower(*at);
  return word;
}

void
column_type_numbers(const struct column_type *type, int *first, int *second)
{
  const char *at = strchr(type->text, '(');
  char *end;

  if (!at) return;
  *first = (int)strtol(at + 1, &end, 10);
  if (*end == ',') *second = (int)strtol(end + 1, &end, 10);
}
