/* SPDX-License-Identifier: Apache-2.0 */
/* Reading types. It must not know what they are compared for. */
#include "kit/delta/type.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "base/vec.h"

#include "base/banned.h"

#define DEPTH 64

struct reader {
  struct arena *arena;
  const char *at;
  int depth;
  bool broken;
};

typedef VEC(struct delta_type_field) field_list;

static struct delta_type *read_type(struct reader *reader);

static void
skip_space(struct reader *reader)
{
  while (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\n')
    reader->at++;
}

/* The character C comes next, and is taken. */
static bool
take(struct reader *reader, char c)
{
  skip_space(reader);
  if (*reader->at != c) return false;
  reader->at++;
  return true;
}

/* WORD in any case comes next as a whole word, and is taken. */
static bool
take_word(struct reader *reader, const char *word)
{
  size_t length = strlen(word);

  skip_space(reader);
  if (!str_ieqn(reader->at, word, length)) return false;
  if (str_is_alnum(reader->at[length]) || reader->at[length] == '_') return false;
  reader->at += length;
  return true;
}

/* `a``b` or a plain word; NULL where neither is. */
static const char *
read_name(struct reader *reader)
{
  CLEANUP_BUF struct buf name = BUF_INIT(BUF_LARGE);
  size_t length;

  skip_space(reader);
  if (*reader->at != '`') {
    const char *start = reader->at;

    length = strcspn(start, ": ,<>\t\n");
    reader->at += length;
    return length ? arena_strndup(reader->arena, start, length) : NULL;
  }
  for (reader->at++; *reader->at; reader->at++) {
    if (*reader->at == '`' && *++reader->at != '`') return arena_strdup(reader->arena, name.data);
    buf_add_char(&name, *reader->at);
  }
  return NULL;
}

/* 'text' or "text" with backslash escapes, as DDL has it. */
static const char *
read_string(struct reader *reader)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  char quote;

  skip_space(reader);
  quote = *reader->at;
  if (quote != '\'' && quote != '"') return NULL;
  for (reader->at++; *reader->at && *reader->at != quote; reader->at++) {
    if (*reader->at == '\\' && reader->at[1]) reader->at++;
    buf_add_char(&text, *reader->at);
  }
  return take(reader, quote) ? arena_strdup(reader->arena, text.data) : NULL;
}

/* Names that are one type. */
static const char *
one_spelling(const char *text)
{
  static const char *const same[][2] = {{"integer", "int"},
                                        {"long", "bigint"},
                                        {"short", "smallint"},
                                        {"byte", "tinyint"},
                                        {"real", "float"},
                                        {"dec", "decimal(10,0)"},
                                        {"numeric", "decimal(10,0)"},
                                        {"decimal", "decimal(10,0)"},
                                        {"timestamp_ltz", "timestamp"}};

  for (size_t i = 0; i < ARRAY_SIZE(same); i++)
    if (str_eq(text, same[i][0])) return same[i][1];
  return text;
}

/* Up to a comma or bracket that is not its own, or to a clause of the field that it is the type of. */
static struct delta_type *
read_simple(struct reader *reader)
{
  struct delta_type *type = arena_alloc(reader->arena, sizeof *type);
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  int open = 0;
  bool space = false;

  for (skip_space(reader); *reader->at; reader->at++) {
    char c = *reader->at;

    if (!open && (c == ',' || c == '>')) break;
    if (c == ' ' || c == '\t' || c == '\n') {
      struct reader ahead = *reader;

      if (take_word(&ahead, "not") || take_word(&ahead, "comment")) break;
      space = true;
      continue;
    }
    open += (c == '(') - (c == ')');
    if (space && c != '(' && c != ')' && c != ',' && !open) buf_add_char(&text, ' ');
    space = false;
    buf_add_char(&text, str_lower(c));
  }
  type->text = arena_strdup(reader->arena, one_spelling(text.data));
  if (!*type->text) reader->broken = true;
  return type;
}

static void
add_field(struct reader *reader, field_list *fields, const char *name)
{
  const struct delta_type *type = read_type(reader);
  struct delta_type_field *field = VEC_ADD(fields);

  field->name = name;
  field->type = type;
}

/* Behind `struct<`: name[:] type [NOT NULL] [COMMENT 'text'], ... */
static void
read_fields(struct reader *reader, field_list *fields)
{
  skip_space(reader);
  if (*reader->at == '>') return;
  do {
    const char *name = read_name(reader);
    struct delta_type_field *field;

    if (!name) {
      reader->broken = true;
      return;
    }
    take(reader, ':');
    add_field(reader, fields, name);
    field = &fields->at[fields->count - 1];
    if (take_word(reader, "not") && take_word(reader, "null")) field->not_null = true;
    if (take_word(reader, "comment")) field->comment = read_string(reader);
  } while (!reader->broken && take(reader, ','));
}

static void
set_text(struct arena *arena, struct delta_type *type)
{
  static const char *const words[] = {"", "array<", "map<", "struct<"};
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  buf_add_text(&text, words[type->shape]);
  for (uint32_t i = 0; i < type->count; i++) {
    if (i) buf_add_char(&text, ',');
    if (type->shape == DELTA_STRUCT) buf_addf(&text, "%s:", type->fields[i].name);
    buf_add_text(&text, type->fields[i].type->text);
  }
  buf_add_char(&text, '>');
  type->text = arena_strdup(arena, text.data);
}

static struct delta_type *
read_nested(struct reader *reader, enum delta_shape shape)
{
  struct delta_type *type = arena_alloc(reader->arena, sizeof *type);
  struct delta_type_field *list;
  field_list fields = {0};

  type->shape = shape;
  if (shape == DELTA_STRUCT) read_fields(reader, &fields);
  if (shape == DELTA_MAP) {
    add_field(reader, &fields, "key");
    if (!take(reader, ',')) reader->broken = true;
    add_field(reader, &fields, "value");
  }
  if (shape == DELTA_ARRAY) add_field(reader, &fields, "element");
  if (!take(reader, '>')) reader->broken = true;
  list = arena_array(reader->arena, fields.count + 1, sizeof *list);
  if (fields.count) memcpy(list, fields.at, fields.count * sizeof *list);
  type->fields = list;
  type->count = (uint32_t)fields.count;
  VEC_FREE(&fields);
  set_text(reader->arena, type);
  return type;
}

static struct delta_type *
read_type(struct reader *reader)
{
  static const struct {
    const char *word;
    enum delta_shape shape;
  } nested[] = {{"array", DELTA_ARRAY}, {"map", DELTA_MAP}, {"struct", DELTA_STRUCT}};
  struct delta_type *type = NULL;

  if (++reader->depth > DEPTH) reader->broken = true;
  for (size_t i = 0; i < ARRAY_SIZE(nested) && !type && !reader->broken; i++) {
    struct reader ahead = *reader;

    if (!take_word(&ahead, nested[i].word) || !take(&ahead, '<')) continue;
    reader->at = ahead.at;
    type = read_nested(reader, nested[i].shape);
  }
  if (!type) type = read_simple(reader);
  reader->depth--;
  return type;
}

/* What only JSON says, laid over the tree of the text as far as the two have one shape. */
static void overlay(struct arena *arena, const struct delta_type *type, struct json_object *json);

static void
overlay_field(struct arena *arena, const struct delta_type_field *field, struct json_object *json,
              const char *type_key, bool nullable)
{
  /* Nobody else has the tree yet. */
  struct delta_type_field *written = (struct delta_type_field *)(uintptr_t)field;
  const char *comment = json_get_text(json_get_object(json, "metadata"), "comment");

  written->not_null = written->not_null || !nullable;
  if (comment && *comment) written->comment = arena_strdup(arena, comment);
  overlay(arena, field->type, json_get(json, type_key));
}

static void
overlay(struct arena *arena, const struct delta_type *type, struct json_object *json)
{
  struct json_object *fields = json_get_array(json, "fields");

  if (type->shape == DELTA_ARRAY) overlay(arena, type->fields[0].type, json_get(json, "elementType"));
  if (type->shape == DELTA_MAP) {
    overlay(arena, type->fields[0].type, json_get(json, "keyType"));
    overlay(arena, type->fields[1].type, json_get(json, "valueType"));
  }
  if (type->shape != DELTA_STRUCT || json_length(fields) != type->count) return;
  for (uint32_t i = 0; i < type->count; i++) {
    struct json_object *field = json_item(fields, i);

    if (utf8_ieq(json_get_text(field, "name"), type->fields[i].name))
      overlay_field(arena, &type->fields[i], field, "type", json_get_bool(field, "nullable", true));
  }
}

const struct delta_type *
delta_type_read(struct arena *arena, const char *text, const char *json)
{
  struct reader reader = {.arena = arena, .at = text};
  struct delta_type *type = read_type(&reader);

  skip_space(&reader);
  if (reader.broken || *reader.at) {
    type = arena_alloc(arena, sizeof *type);
    type->text = text;
  }
  if (json && type->shape != DELTA_SIMPLE) {
    CLEANUP_JSON struct json_object *whole = json_parse(json, strlen(json), NULL, NULL);

    overlay(arena, type, json_get(whole, "name") ? json_get(whole, "type") : whole);
  }
  return type;
}
