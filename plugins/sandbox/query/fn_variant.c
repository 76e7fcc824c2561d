/* SPDX-License-Identifier: Apache-2.0 */
/* JSON from outside: parse_json and the canonical form of a VARIANT, paths into JSON text, from_json,
 * to_json. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "base/vec.h"
#include "query/fn.h"

#include "base/banned.h"

static bool
is_json(const char *text, size_t length)
{
  CLEANUP_JSON struct json_object *object = NULL;
  const char *why = NULL;
  size_t offset;

  object = json_parse_strict(text, length, &offset, &why);
  return object != NULL || why == NULL;
}

struct member {
  struct raw key, value;
};

static int
compare_members(const void *a, const void *b)
{
  const struct raw *x = &((const struct member *)a)->key, *y = &((const struct member *)b)->key;
  int order = memcmp(x->at, y->at, x->length < y->length ? x->length : y->length);

  return order ? order : (x->length > y->length) - (x->length < y->length);
}

/* RAW without blanks; members in the order of their names when SORTED. */
static void
add_compact(struct buf *buf, struct raw raw, bool sorted)
{
  VEC(struct member) members = {0};
  struct raw key, value;
  size_t position = 0;
  bool object = raw.length && *raw.at == '{';

  if (!object && (raw.length == 0 || *raw.at != '[')) {
    buf_add(buf, raw.at, raw.length);
    return;
  }
  while (raw_next(raw, &position, &key, &value))
    *VEC_ADD(&members) = (struct member){key, value};
  if (object && sorted && members.count)
    qsort(members.at, members.count, sizeof *members.at, compare_members);
  buf_add_char(buf, *raw.at);
  for (size_t i = 0; i < members.count; i++) {
    if (i) buf_add_char(buf, ',');
    if (object) {
      buf_add(buf, members.at[i].key.at, members.at[i].key.length);
      buf_add_char(buf, ':');
    }
    add_compact(buf, members.at[i].value, sorted);
  }
  buf_add_char(buf, object ? '}' : ']');
  VEC_FREE(&members);
}

/* x_parse_json(text, mode) */
static void
fn_parse(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (fn_null(context, count, args)) return;
  if (!is_json(fn_text(args[0]), fn_length(args[0]))) {
    if (*fn_text(args[1]) != 't')
      fn_fail(context, "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION", "22023",
              "Malformed records are detected in record parsing: %.200s. Parse Mode: FAILFAST.",
              fn_text(args[0]));
    return;
  }
  add_compact(&buf, fn_raw(args[0]), true);
  fn_return(context, &buf);
}

/* One step of a path at *PATH: .name, ['name'], [n], [*]; false at its end or when it is none. */
static bool
next_step(const char **path, struct buf *name, int64_t *index, bool *exact)
{
  const char *at = *path;

  buf_reset(name);
  *index = -1;
  *exact = true;
  if (*at == '.') at++;
  if (*at == '[' && (at[1] == '\'' || at[1] == '"')) {
    char quote = at[1];

    for (at += 2; *at && *at != quote; at++)
      buf_add_char(name, *at);
    if (*at != quote || at[1] != ']') return false;
    *path = at + 2;
    return true;
  }
  if (*at == '[') {
    char *end;

    if (at[1] == '*' && at[2] == ']') {
      *index = -2;
      *path = at + 3;
      return true;
    }
    *index = strtoll(at + 1, &end, 10);
    if (end == at + 1 || *end != ']' || *index < 0) return false;
    *path = end + 1;
    return true;
  }
  *exact = false;
  if (*at == '`') {
    for (at++; *at && *at != '`'; at++)
      buf_add_char(name, *at);
    *path = at + (*at == '`');
    return true;
  }
  while (*at && *at != '.' && *at != '[')
    buf_add_char(name, *at++);
  *path = at;
  return name->len > 0;
}

static bool
find_member(struct raw object, const struct buf *name, bool exact, struct raw *value)
{
  size_t position = 0;
  struct raw key;

  if (raw_member(object, name->data, name->len, value)) return true;
  while (!exact && raw_next(object, &position, &key, value))
    if (key.length == name->len + 2 && str_ieqn(key.at + 1, name->data, name->len)) return true;
  return false;
}

/* Follow PATH from RAW; names without brackets match in any case when LOOSE. */
static bool
follow(struct raw *raw, const char *path, bool loose)
{
  CLEANUP_BUF struct buf name = BUF_INIT(BUF_LARGE);

  while (*path) {
    int64_t index;
    bool exact;

    if (!next_step(&path, &name, &index, &exact) || index == -2) return false;
    if (index >= 0 ? !raw_element(*raw, (size_t)index, raw)
                   : (raw->length == 0 || *raw->at != '{' || !find_member(*raw, &name, exact || !loose, raw)))
      return false;
  }
  return true;
}

static void
return_found(sqlite3_context *context, struct raw raw, bool variant)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (variant) {
    fn_return_raw(context, raw, 'v');
    return;
  }
  if (raw_is_null(raw)) return;
  if (*raw.at == '"')
    raw_add_text(&buf, raw);
  else
    add_compact(&buf, raw, false);
  fn_return(context, &buf);
}

/* x_path(json, path, 's' or 'v'): the colon operator. */
static void
fn_path(sqlite3_context *context, int count, sqlite3_value **args)
{
  bool variant = *fn_text(args[2]) == 'v';
  struct raw raw;

  if (fn_null(context, count, args)) return;
  raw = fn_raw(args[0]);
  if (!variant && !is_json(raw.at, raw.length)) return;
  if (strstr(fn_text(args[1]), "[*]")) {
    fn_fail(context, "UNSUPPORTED_FEATURE.JSON_WILDCARD", "0A000",
            "The feature is not supported: [*] in a JSON path is "
            "not supported by the sandbox.");
    return;
  }
  if (follow(&raw, fn_text(args[1]), true)) return_found(context, raw, variant);
}

/* x_get_json(text, '$.path', 's' or 'v'): get_json_object and variant_get. */
static void
fn_get_json(sqlite3_context *context, int count, sqlite3_value **args)
{
  bool variant = *fn_text(args[2]) == 'v';
  struct raw raw;

  if (fn_null(context, count, args)) return;
  raw = fn_raw(args[0]);
  if (*fn_text(args[1]) != '$' || (!variant && !is_json(raw.at, raw.length))) return;
  if (strstr(fn_text(args[1]), "[*]")) {
    fn_fail(context, "UNSUPPORTED_FEATURE.JSON_WILDCARD", "0A000",
            "The feature is not supported: [*] in a JSON path is "
            "not supported by the sandbox.");
    return;
  }
  if (follow(&raw, fn_text(args[1]) + 1, false)) return_found(context, raw, variant);
}

static void add_external(struct buf *buf, struct raw raw, const struct sql_type *type);

/* Struct fields that are null are left out, as to_json does by default. */
static void
add_external_nested(struct buf *buf, struct raw raw, const struct sql_type *type)
{
  struct raw key, value;
  size_t position = 0, index = 0, written = 0;
  bool array = type->kind == TYPE_ARRAY;

  buf_add_char(buf, array ? '[' : '{');
  for (; raw_next(raw, &position, &key, &value); index++) {
    const struct sql_type *inner = type->element;

    if (type->kind == TYPE_STRUCT) {
      if (index >= type->field_count) break;
      inner = type->fields[index].type;
      if (raw_is_null(value)) continue;
    }
    if (written++) buf_add_char(buf, ',');
    if (!array) {
      buf_add(buf, key.at, key.length);
      buf_add_char(buf, ':');
    }
    add_external(buf, value, inner);
  }
  buf_add_char(buf, array ? ']' : '}');
}

static void
add_external(struct buf *buf, struct raw raw, const struct sql_type *type)
{
  const char *blank;

  if (raw_is_null(raw)) {
    buf_add_text(buf, "null");
  } else if (type->kind == TYPE_VARIANT) {
    buf_add(buf, raw.at, raw.length);
  } else if (type_is_nested(type)) {
    add_external_nested(buf, raw, type);
  } else if (type->kind == TYPE_TIMESTAMP || type->kind == TYPE_TIMESTAMP_NTZ) {
    struct raw text = {raw.at, raw.length - 1};
    bool fraction = memchr(raw.at, '.', raw.length) != NULL;

    blank = memchr(raw.at, ' ', raw.length);
    if (!blank) blank = raw.at + raw.length - 1;
    buf_add(buf, text.at, (size_t)(blank - text.at));
    buf_add_char(buf, 'T');
    buf_add(buf, blank + 1, text.length - (size_t)(blank + 1 - text.at));
    for (size_t digits =
             fraction ? text.length - (size_t)((const char *)memchr(text.at, '.', text.length) + 1 - text.at)
                      : 0;
         digits < 3; digits++)
      buf_add_text(buf, digits == 0 && !fraction ? ".0" : "0");
    buf_add_text(buf, type->kind == TYPE_TIMESTAMP ? "Z\"" : "\"");
  } else {
    buf_add(buf, raw.at, raw.length);
  }
}

/* x_to_json(value, type) */
static void
fn_to_json(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  const struct sql_type *type;

  if (fn_null(context, count, args)) return;
  if (!(type = fn_type(context, args, 1))) return;
  add_external(&buf, fn_raw(args[0]), type);
  fn_return(context, &buf);
}

/* x_schema_of_json(text): the type that from_json would need. */
static void
add_schema(struct buf *buf, struct raw raw)
{
  struct raw key, value;
  size_t position = 0;

  if (raw_is_null(raw) || raw.length == 0) {
    buf_add_text(buf, "STRING");
  } else if (*raw.at == '{') {
    buf_add_text(buf, "STRUCT<");
    while (raw_next(raw, &position, &key, &value)) {
      if (buf->data[buf->len - 1] != '<') buf_add_text(buf, ", ");
      raw_add_text(buf, key);
      buf_add_text(buf, ": ");
      add_schema(buf, value);
    }
    buf_add_char(buf, '>');
  } else if (*raw.at == '[') {
    buf_add_text(buf, "ARRAY<");
    add_schema(buf, raw_next(raw, &position, NULL, &value) ? value : (struct raw){"null", 4});
    buf_add_char(buf, '>');
  } else {
    buf_add_text(buf, *raw.at == '"'                            ? "STRING"
                      : *raw.at == 't' || *raw.at == 'f'        ? "BOOLEAN"
                      : memchr(raw.at, '.', raw.length) != NULL ? "DOUBLE"
                                                                : "BIGINT");
  }
}

static void
fn_schema_of_json(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (fn_null(context, count, args)) return;
  if (!is_json(fn_text(args[0]), fn_length(args[0]))) return;
  add_schema(&buf, fn_raw(args[0]));
  fn_return(context, &buf);
}

/* x_json_keys(text) and x_json_length(text): of the outermost object, or array. */
static void
fn_json_keys(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  struct raw raw, key, value;
  size_t position = 0;

  if (fn_null(context, count, args)) return;
  raw = fn_raw(args[0]);
  if (!is_json(raw.at, raw.length) || *raw.at != '{') return;
  buf_add_char(&buf, '[');
  while (raw_next(raw, &position, &key, &value)) {
    if (buf.len > 1) buf_add_char(&buf, ',');
    buf_add(&buf, key.at, key.length);
  }
  buf_add_char(&buf, ']');
  fn_return(context, &buf);
}

static void
fn_json_length(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct raw raw;

  if (fn_null(context, count, args)) return;
  raw = fn_raw(args[0]);
  if (is_json(raw.at, raw.length) && *raw.at == '[') sqlite3_result_int64(context, (int64_t)raw_count(raw));
}

struct fn_table
fns_variant(void)
{
  static const struct fn table[] = {
      {"x_parse_json", 2, fn_parse, false},
      {"x_path", 3, fn_path, false},
      {"x_get_json", 3, fn_get_json, false},
      {"x_to_json", 2, fn_to_json, false},
      {"x_schema_of_json", 1, fn_schema_of_json, false},
      {"x_json_keys", 1, fn_json_keys, false},
      {"x_json_length", 1, fn_json_length, false},
  };

  return (struct fn_table){table, ARRAY_SIZE(table)};
}
