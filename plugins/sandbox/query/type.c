/* SPDX-License-Identifier: Apache-2.0 */
/* Types: making, comparing, printing. The texts are those that the catalog shows
 * (https://docs.databricks.com/sql/language-manual/sql-ref-datatypes.html). */
#include "query/type.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "engine.h"
#include "query/parse.h"

#include "base/banned.h"

/* What each kind is called: in catalog text, in manifests, in Spark's schema JSON. */
static const struct {
  const char *text, *name, *spark;
} kinds[] = {
    [TYPE_VOID] = {"void", "NULL", "void"},
    [TYPE_BOOLEAN] = {"boolean", "BOOLEAN", "boolean"},
    [TYPE_TINYINT] = {"tinyint", "BYTE", "byte"},
    [TYPE_SMALLINT] = {"smallint", "SHORT", "short"},
    [TYPE_INT] = {"int", "INT", "integer"},
    [TYPE_BIGINT] = {"bigint", "LONG", "long"},
    [TYPE_FLOAT] = {"float", "FLOAT", "float"},
    [TYPE_DOUBLE] = {"double", "DOUBLE", "double"},
    [TYPE_DECIMAL] = {"decimal", "DECIMAL", "decimal"},
    [TYPE_STRING] = {"string", "STRING", "string"},
    [TYPE_VARCHAR] = {"varchar", "STRING", "varchar"},
    [TYPE_CHAR] = {"char", "CHAR", "char"},
    [TYPE_BINARY] = {"binary", "BINARY", "binary"},
    [TYPE_DATE] = {"date", "DATE", "date"},
    [TYPE_TIMESTAMP] = {"timestamp", "TIMESTAMP", "timestamp"},
    [TYPE_TIMESTAMP_NTZ] = {"timestamp_ntz", "TIMESTAMP_NTZ", "timestamp_ntz"},
    [TYPE_INTERVAL_MONTHS] = {"interval", "INTERVAL", "interval"},
    [TYPE_INTERVAL_SECONDS] = {"interval", "INTERVAL", "interval"},
    [TYPE_ARRAY] = {"array", "ARRAY", "array"},
    [TYPE_MAP] = {"map", "MAP", "map"},
    [TYPE_STRUCT] = {"struct", "STRUCT", "struct"},
    [TYPE_VARIANT] = {"variant", "VARIANT", "variant"},
};

static const char *const units[] = {"year", "month", "day", "hour", "minute", "second"};

const struct sql_type *
type_of(enum type_kind kind)
{
  static const struct sql_type plain[] = {
      [TYPE_VOID] = {.kind = TYPE_VOID},
      [TYPE_BOOLEAN] = {.kind = TYPE_BOOLEAN},
      [TYPE_TINYINT] = {.kind = TYPE_TINYINT},
      [TYPE_SMALLINT] = {.kind = TYPE_SMALLINT},
      [TYPE_INT] = {.kind = TYPE_INT},
      [TYPE_BIGINT] = {.kind = TYPE_BIGINT},
      [TYPE_FLOAT] = {.kind = TYPE_FLOAT},
      [TYPE_DOUBLE] = {.kind = TYPE_DOUBLE},
      [TYPE_DECIMAL] = {.kind = TYPE_DECIMAL, .precision = 10},
      [TYPE_STRING] = {.kind = TYPE_STRING},
      [TYPE_BINARY] = {.kind = TYPE_BINARY},
      [TYPE_DATE] = {.kind = TYPE_DATE},
      [TYPE_TIMESTAMP] = {.kind = TYPE_TIMESTAMP},
      [TYPE_TIMESTAMP_NTZ] = {.kind = TYPE_TIMESTAMP_NTZ},
      [TYPE_INTERVAL_MONTHS] = {.kind = TYPE_INTERVAL_MONTHS, .from = UNIT_YEAR, .to = UNIT_MONTH},
      [TYPE_INTERVAL_SECONDS] = {.kind = TYPE_INTERVAL_SECONDS, .from = UNIT_DAY, .to = UNIT_SECOND},
      [TYPE_VARIANT] = {.kind = TYPE_VARIANT},
  };
  return &plain[kind];
}

static struct sql_type *
make(struct arena *arena, enum type_kind kind)
{
  struct sql_type *type = arena_alloc(arena, sizeof *type);

  type->kind = kind;
  return type;
}

const struct sql_type *
type_decimal(struct arena *arena, int precision, int scale)
{
  struct sql_type *type = make(arena, TYPE_DECIMAL);

  type->precision = precision;
  type->scale = scale;
  return type;
}

const struct sql_type *
type_array(struct arena *arena, const struct sql_type *element)
{
  struct sql_type *type = make(arena, TYPE_ARRAY);

  type->element = element;
  return type;
}

const struct sql_type *
type_map(struct arena *arena, const struct sql_type *key, const struct sql_type *value)
{
  struct sql_type *type = make(arena, TYPE_MAP);

  type->key = key;
  type->element = value;
  return type;
}

const struct sql_type *
type_struct(struct arena *arena, const struct type_field *fields, size_t count)
{
  struct sql_type *type = make(arena, TYPE_STRUCT);

  type->fields = fields;
  type->field_count = count;
  return type;
}

const struct sql_type *
type_interval(struct arena *arena, enum type_unit from, enum type_unit to)
{
  struct sql_type *type = make(arena, to <= UNIT_MONTH ? TYPE_INTERVAL_MONTHS : TYPE_INTERVAL_SECONDS);

  type->from = from;
  type->to = to;
  return type;
}

const struct sql_type *
type_parse(struct session *session, const char *text)
{
  struct cursor cursor;
  const struct sql_type *type;

  cursor_open(&cursor, session, text, strlen(text));
  type = parse_type(&cursor);
  return type && cursor_finish(&cursor) ? type : NULL;
}

/* A field name as type texts write it: back-ticked only where it is not a plain word. */
static void
print_field_name(struct buf *buf, const char *name)
{
  bool plain = *name != '\0';

  for (const char *c = name; *c; c++)
    if (!str_is_alnum(*c) && *c != '_') plain = false;
  if (plain) {
    buf_add_text(buf, name);
    return;
  }
  buf_add_char(buf, '`');
  for (const char *c = name; *c; c++) {
    if (*c == '`') buf_add_char(buf, '`');
    buf_add_char(buf, *c);
  }
  buf_add_char(buf, '`');
}

static void
print_struct(struct buf *buf, const struct sql_type *type)
{
  buf_add_text(buf, "struct<");
  for (size_t i = 0; i < type->field_count; i++) {
    if (i) buf_add_char(buf, ',');
    print_field_name(buf, type->fields[i].name);
    buf_add_char(buf, ':');
    type_print(buf, type->fields[i].type);
    if (type->fields[i].not_null) buf_add_text(buf, " not null");
  }
  buf_add_char(buf, '>');
}

static void
print_interval(struct buf *buf, const struct sql_type *type)
{
  buf_addf(buf, "interval %s", units[type->from]);
  if (type->to != type->from) buf_addf(buf, " to %s", units[type->to]);
}

void
type_print(struct buf *buf, const struct sql_type *type)
{
  switch (type->kind) {
  case TYPE_DECIMAL: buf_addf(buf, "decimal(%d,%d)", type->precision, type->scale); return;
  case TYPE_VARCHAR:
  case TYPE_CHAR: buf_addf(buf, "%s(%d)", kinds[type->kind].text, type->length); return;
  case TYPE_INTERVAL_MONTHS:
  case TYPE_INTERVAL_SECONDS: print_interval(buf, type); return;
  case TYPE_ARRAY:
    buf_add_text(buf, "array<");
    type_print(buf, type->element);
    buf_add_char(buf, '>');
    return;
  case TYPE_MAP:
    buf_add_text(buf, "map<");
    type_print(buf, type->key);
    buf_add_char(buf, ',');
    type_print(buf, type->element);
    buf_add_char(buf, '>');
    return;
  case TYPE_STRUCT: print_struct(buf, type); return;
  default: buf_add_text(buf, kinds[type->kind].text);
  }
}

const char *
type_text(struct arena *arena, const struct sql_type *type)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  type_print(&buf, type);
  return arena_strndup(arena, buf.data, buf.len);
}

/* Upper case words, field names as they are, a blank behind commas and colons. */
static void
print_quoted(struct buf *buf, const struct sql_type *type)
{
  switch (type->kind) {
  case TYPE_ARRAY:
    buf_add_text(buf, "ARRAY<");
    print_quoted(buf, type->element);
    buf_add_char(buf, '>');
    return;
  case TYPE_MAP:
    buf_add_text(buf, "MAP<");
    print_quoted(buf, type->key);
    buf_add_text(buf, ", ");
    print_quoted(buf, type->element);
    buf_add_char(buf, '>');
    return;
  case TYPE_STRUCT:
    buf_add_text(buf, "STRUCT<");
    for (size_t i = 0; i < type->field_count; i++) {
      if (i) buf_add_text(buf, ", ");
      print_field_name(buf, type->fields[i].name);
      buf_add_text(buf, ": ");
      print_quoted(buf, type->fields[i].type);
      if (type->fields[i].not_null) buf_add_text(buf, " NOT NULL");
    }
    buf_add_char(buf, '>');
    return;
  default: {
    size_t start = buf->len;

    type_print(buf, type);
    for (size_t i = start; i < buf->len; i++)
      if (str_is_alpha(buf->data[i])) buf->data[i] = (char)(buf->data[i] & ~0x20);
  }
  }
}

const char *
type_quoted(struct arena *arena, const struct sql_type *type)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  buf_add_char(&buf, '"');
  print_quoted(&buf, type);
  buf_add_char(&buf, '"');
  return arena_strndup(arena, buf.data, buf.len);
}

const char *
type_name(const struct sql_type *type)
{
  return kinds[type->kind].name;
}

int
type_precision(const struct sql_type *type)
{
  return type->kind == TYPE_DECIMAL ? type->precision : 0;
}

int
type_scale(const struct sql_type *type)
{
  return type->kind == TYPE_DECIMAL ? type->scale : 0;
}

static struct json_object *
spark_struct(const struct sql_type *type)
{
  struct json_object *object = json_object_new_object(), *fields = json_object_new_array();

  json_add_text(object, "type", "struct");
  for (size_t i = 0; i < type->field_count; i++) {
    struct json_object *field = json_object_new_object(), *metadata = json_object_new_object();

    json_add_text(field, "name", type->fields[i].name);
    json_object_object_add(field, "type", type_spark(type->fields[i].type));
    json_add_bool(field, "nullable", !type->fields[i].not_null);
    if (type->fields[i].comment) json_add_text(metadata, "comment", type->fields[i].comment);
    json_object_object_add(field, "metadata", metadata);
    json_object_array_add(fields, field);
  }
  json_object_object_add(object, "fields", fields);
  return object;
}

struct json_object *
type_spark(const struct sql_type *type)
{
  struct json_object *object;
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  switch (type->kind) {
  case TYPE_STRUCT: return spark_struct(type);
  case TYPE_ARRAY:
    object = json_object_new_object();
    json_add_text(object, "type", "array");
    json_object_object_add(object, "elementType", type_spark(type->element));
    json_add_bool(object, "containsNull", true);
    return object;
  case TYPE_MAP:
    object = json_object_new_object();
    json_add_text(object, "type", "map");
    json_object_object_add(object, "keyType", type_spark(type->key));
    json_object_object_add(object, "valueType", type_spark(type->element));
    json_add_bool(object, "valueContainsNull", true);
    return object;
  case TYPE_DECIMAL:
  case TYPE_VARCHAR:
  case TYPE_CHAR:
  case TYPE_INTERVAL_MONTHS:
  case TYPE_INTERVAL_SECONDS: type_print(&buf, type); return json_object_new_string(buf.data);
  default: return json_object_new_string(kinds[type->kind].spark);
  }
}

const char *
type_field_json(struct arena *arena, const char *name, const struct sql_type *type, bool nullable,
                const char *comment, const char *default_text)
{
  CLEANUP_JSON struct json_object *field = json_object_new_object();
  struct json_object *metadata = json_object_new_object();
  CLEANUP_BUF struct buf length = BUF_INIT(BUF_LARGE);
  const struct sql_type *shown = type;

  /* Spark keeps the length of CHAR and VARCHAR in the metadata and calls the type a string. */
  if (type->kind == TYPE_VARCHAR || type->kind == TYPE_CHAR) {
    shown = type_of(TYPE_STRING);
    type_print(&length, type);
    json_add_text(metadata, "__CHAR_VARCHAR_TYPE_STRING", length.data);
  }
  if (comment) json_add_text(metadata, "comment", comment);
  if (default_text) json_add_text(metadata, "CURRENT_DEFAULT", default_text);
  json_add_text(field, "name", name);
  json_object_object_add(field, "type", type_spark(shown));
  json_add_bool(field, "nullable", nullable);
  json_object_object_add(field, "metadata", metadata);
  return arena_strdup(arena, json_text(field));
}

bool
type_equal(const struct sql_type *a, const struct sql_type *b)
{
  if (a == b) return true;
  if (a->kind != b->kind || a->precision != b->precision || a->scale != b->scale || a->length != b->length ||
      a->field_count != b->field_count)
    return false;
  if (a->kind == TYPE_MAP && !type_equal(a->key, b->key)) return false;
  if (a->element && !type_equal(a->element, b->element)) return false;
  for (size_t i = 0; i < a->field_count; i++)
    if (!utf8_ieq(a->fields[i].name, b->fields[i].name) || !type_equal(a->fields[i].type, b->fields[i].type))
      return false;
  return true;
}

bool
type_is_integer(const struct sql_type *type)
{
  return type->kind >= TYPE_TINYINT && type->kind <= TYPE_BIGINT;
}

bool
type_is_number(const struct sql_type *type)
{
  return type->kind >= TYPE_TINYINT && type->kind <= TYPE_DECIMAL;
}

bool
type_is_text(const struct sql_type *type)
{
  return type->kind == TYPE_STRING || type->kind == TYPE_VARCHAR || type->kind == TYPE_CHAR;
}

bool
type_is_nested(const struct sql_type *type)
{
  return type->kind >= TYPE_ARRAY;
}

bool
type_is_ordered(const struct sql_type *type)
{
  if (type->kind == TYPE_MAP || type->kind == TYPE_VARIANT) return false;
  if (type->kind == TYPE_ARRAY) return type_is_ordered(type->element);
  for (size_t i = 0; i < type->field_count; i++)
    if (!type_is_ordered(type->fields[i].type)) return false;
  return true;
}

bool
type_is_time(const struct sql_type *type)
{
  return type->kind >= TYPE_DATE && type->kind <= TYPE_TIMESTAMP_NTZ;
}

bool
type_is_interval(const struct sql_type *type)
{
  return type->kind == TYPE_INTERVAL_MONTHS || type->kind == TYPE_INTERVAL_SECONDS;
}
