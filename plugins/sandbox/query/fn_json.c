/* SPDX-License-Identifier: Apache-2.0 */
/* Building and reading arrays, maps and structs in their JSON form. Letters say how an element is held
 * (tx_letter). */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "query/fn.h"

#include "base/banned.h"

static void
fn_json(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  (void)count;
  fn_add_json(&buf, *fn_text(args[0]), args[1]);
  fn_return(context, &buf);
}

/* x_array(letter, values...) */
static void
fn_array(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  buf_add_char(&buf, '[');
  for (int i = 1; i < count; i++) {
    if (i > 1) buf_add_char(&buf, ',');
    fn_add_json(&buf, *fn_text(args[0]), args[i]);
  }
  buf_add_char(&buf, ']');
  fn_return(context, &buf);
}

/* x_struct(letters, name, value, ...) */
static void
fn_struct(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  const char *letters = fn_text(args[0]);

  buf_add_char(&buf, '{');
  for (int i = 1; i + 1 < count; i += 2) {
    if (i > 1) buf_add_char(&buf, ',');
    raw_add_string(&buf, fn_text(args[i]), fn_length(args[i]));
    buf_add_char(&buf, ':');
    fn_add_json(&buf, letters[i / 2], args[i + 1]);
  }
  buf_add_char(&buf, '}');
  fn_return(context, &buf);
}

/* A map key as JSON member name: the key's own text in quotes. */
static void
add_key(struct buf *buf, char letter, sqlite3_value *key)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  if (letter == 's') {
    raw_add_string(buf, fn_text(key), fn_length(key));
    return;
  }
  fn_add_json(&text, letter, key);
  if (*text.data == '"')
    buf_add(buf, text.data, text.len);
  else
    raw_add_string(buf, text.data, text.len);
}

/* KEY, a member name, into the open object BUF; false when it is there already. */
static bool
key_is_new(struct buf *buf, const struct buf *key)
{
  size_t position = 0, end = buf->len;
  struct raw name, value, whole;
  bool is_new = true;

  buf_add_char(buf, '}');
  whole = (struct raw){buf->data, buf->len};
  while (is_new && raw_next(whole, &position, &name, &value))
    if (name.length == key->len && memcmp(name.at, key->data, key->len) == 0) is_new = false;
  buf->data[end] = '\0';
  buf->len = end;
  return is_new;
}

static bool
add_entry(sqlite3_context *context, struct buf *buf, char key_letter, sqlite3_value *key)
{
  CLEANUP_BUF struct buf name = BUF_INIT(BUF_LARGE);

  if (fn_is_null(key)) {
    fn_fail(context, "NULL_MAP_KEY", "2200E", "Cannot use null as map key.");
    return false;
  }
  add_key(&name, key_letter, key);
  if (!key_is_new(buf, &name)) {
    fn_fail(context, "DUPLICATED_MAP_KEY", "23505",
            "Duplicate map key %s was found, please check the input data. If you want to remove the "
            "duplicated keys, you "
            "can set \"spark.sql.mapKeyDedupPolicy\" to \"LAST_WIN\" so that the key inserted at last takes "
            "precedence.",
            fn_text(key));
    return false;
  }
  if (buf->len > 1) buf_add_char(buf, ',');
  buf_add(buf, name.data, name.len);
  buf_add_char(buf, ':');
  return true;
}

/* x_map(key letter, value letter, key, value, ...) */
static void
fn_map(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  buf_add_char(&buf, '{');
  for (int i = 2; i + 1 < count; i += 2) {
    if (!add_entry(context, &buf, *fn_text(args[0]), args[i])) return;
    fn_add_json(&buf, *fn_text(args[1]), args[i + 1]);
  }
  buf_add_char(&buf, '}');
  fn_return(context, &buf);
}

/* x_map_of(keys, values): two arrays of the same length. */
static void
fn_map_of(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  size_t i = 0, j = 0;
  struct raw key, value;

  if (fn_null(context, count, args)) return;
  if (raw_count(fn_raw(args[0])) != raw_count(fn_raw(args[1]))) {
    fn_fail(context, "MAP_KEY_VALUE_DIFF_SIZES", "22023",
            "The key array and value array of map must have the same "
            "length.");
    return;
  }
  buf_add_char(&buf, '{');
  while (raw_next(fn_raw(args[0]), &i, NULL, &key) && raw_next(fn_raw(args[1]), &j, NULL, &value)) {
    if (buf.len > 1) buf_add_char(&buf, ',');
    if (*key.at == '"')
      buf_add(&buf, key.at, key.length);
    else
      raw_add_string(&buf, key.at, key.length);
    buf_add_char(&buf, ':');
    buf_add(&buf, value.at, value.length);
  }
  buf_add_char(&buf, '}');
  fn_return(context, &buf);
}

/* x_field(struct, name, letter) */
static void
fn_field(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct raw value;

  if (fn_null(context, count, args)) return;
  if (raw_member(fn_raw(args[0]), fn_text(args[1]), fn_length(args[1]), &value))
    fn_return_raw(context, value, *fn_text(args[2]));
}

/* x_fields(array of structs, name): the field of each. */
static void
fn_fields(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  struct raw item, value;
  size_t position = 0;

  if (fn_null(context, count, args)) return;
  buf_add_char(&buf, '[');
  while (raw_next(fn_raw(args[0]), &position, NULL, &item)) {
    if (buf.len > 1) buf_add_char(&buf, ',');
    if (raw_member(item, fn_text(args[1]), fn_length(args[1]), &value))
      buf_add(&buf, value.at, value.length);
    else
      buf_add_text(&buf, "null");
  }
  buf_add_char(&buf, ']');
  fn_return(context, &buf);
}

/* x_item(array, index from 0, letter, mode): out of range fails, or with mode 't' is NULL. */
static void
fn_item(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct raw value;
  int64_t index;

  if (fn_null(context, count, args)) return;
  index = sqlite3_value_int64(args[1]);
  if (index >= 0 && raw_element(fn_raw(args[0]), (size_t)index, &value))
    fn_return_raw(context, value, *fn_text(args[2]));
  else if (*fn_text(args[3]) != 't')
    fn_fail(context, "INVALID_ARRAY_INDEX", "22003",
            "The index %lld is out of bounds. The array has %zu elements. Use the SQL function `get()` to "
            "tolerate "
            "accessing element at invalid index and return NULL instead.",
            (long long)index, raw_count(fn_raw(args[0])));
}

/* x_element(array, index from 1 or from the end, letter, mode): element_at. */
static void
fn_element(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct raw value;
  int64_t index, size;

  if (fn_null(context, count, args)) return;
  index = sqlite3_value_int64(args[1]);
  size = (int64_t)raw_count(fn_raw(args[0]));
  if (index == 0)
    fn_fail(context, "INVALID_INDEX_OF_ZERO", "22003",
            "The index 0 is invalid. An index shall be either < 0 or > 0 (the "
            "first element has index 1).");
  else if (raw_element(fn_raw(args[0]), (size_t)(index > 0 ? index - 1 : size + index), &value) &&
           index >= -size)
    fn_return_raw(context, value, *fn_text(args[2]));
  else if (*fn_text(args[3]) != 't')
    fn_fail(context, "INVALID_ARRAY_INDEX_IN_ELEMENT_AT", "22003",
            "The index %lld is out of bounds. The array has %lld elements. Use `try_element_at` to tolerate "
            "accessing "
            "element at invalid index and return NULL instead.",
            (long long)index, (long long)size);
}

/* x_map_get(map, key as JSON, letter) */
static void
fn_map_get(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf key = BUF_INIT(BUF_LARGE);
  struct raw value;

  if (fn_null(context, count, args)) return;
  raw_add_text(&key, fn_raw(args[1]));
  if (raw_member(fn_raw(args[0]), key.data, key.len, &value))
    fn_return_raw(context, value, *fn_text(args[2]));
}

/* x_map_keys(map, key letter), x_map_values(map) */
static void
fn_map_keys(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  struct raw key, value;
  size_t position = 0;

  if (fn_null(context, count, args)) return;
  buf_add_char(&buf, '[');
  while (raw_next(fn_raw(args[0]), &position, &key, &value)) {
    if (buf.len > 1) buf_add_char(&buf, ',');
    if (count == 1)
      buf_add(&buf, value.at, value.length);
    else if (*fn_text(args[1]) == 's' || *fn_text(args[1]) == 'x')
      buf_add(&buf, key.at, key.length);
    else
      raw_add_text(&buf, key);
  }
  buf_add_char(&buf, ']');
  fn_return(context, &buf);
}

/* x_map_entries(map, key letter) */
static void
fn_map_entries(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  struct raw key, value;
  size_t position = 0;

  if (fn_null(context, count, args)) return;
  buf_add_char(&buf, '[');
  while (raw_next(fn_raw(args[0]), &position, &key, &value)) {
    buf_add_text(&buf, buf.len > 1 ? ",{\"key\":" : "{\"key\":");
    if (*fn_text(args[1]) == 's' || *fn_text(args[1]) == 'x')
      buf_add(&buf, key.at, key.length);
    else
      raw_add_text(&buf, key);
    buf_addf(&buf, ",\"value\":%.*s}", (int)value.length, value.at);
  }
  buf_add_char(&buf, ']');
  fn_return(context, &buf);
}

/* x_map_concat(maps...) */
static void
fn_map_concat(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (fn_null(context, count, args)) return;
  buf_add_char(&buf, '{');
  for (int i = 0; i < count; i++) {
    struct raw key, value;
    size_t position = 0;

    while (raw_next(fn_raw(args[i]), &position, &key, &value)) {
      CLEANUP_BUF struct buf name = BUF_INIT(BUF_LARGE);

      buf_add(&name, key.at, key.length);
      if (!key_is_new(&buf, &name)) {
        fn_fail(context, "DUPLICATED_MAP_KEY", "23505",
                "Duplicate map key %s was found, please check the input data.", name.data);
        return;
      }
      if (buf.len > 1) buf_add_char(&buf, ',');
      buf_addf(&buf, "%s:%.*s", name.data, (int)value.length, value.at);
    }
  }
  buf_add_char(&buf, '}');
  fn_return(context, &buf);
}

static void
fn_size(sqlite3_context *context, int count, sqlite3_value **args)
{
  if (fn_null(context, count, args)) return;
  sqlite3_result_int64(context, (int64_t)raw_count(fn_raw(args[0])));
}

struct fn_table
fns_json(void)
{
  static const struct fn table[] = {
      {"x_json", 2, fn_json, false},
      {"x_array", -1, fn_array, false},
      {"x_struct", -1, fn_struct, false},
      {"x_map", -1, fn_map, false},
      {"x_map_of", 2, fn_map_of, false},
      {"x_field", 3, fn_field, false},
      {"x_fields", 2, fn_fields, false},
      {"x_item", 4, fn_item, false},
      {"x_element", 4, fn_element, false},
      {"x_map_get", 3, fn_map_get, false},
      {"x_map_keys", 2, fn_map_keys, false},
      {"x_map_values", 1, fn_map_keys, false},
      {"x_map_entries", 2, fn_map_entries, false},
      {"x_map_concat", -1, fn_map_concat, false},
      {"x_size", 1, fn_size, false},
  };

  return (struct fn_table){table, ARRAY_SIZE(table)};
}
