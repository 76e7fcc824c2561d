/* SPDX-License-Identifier: Apache-2.0 */
/* Helpers of the SQLite functions, and making all of them known to a connection. */
#include "query/fn.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "engine.h"
#include "query/query.h"

#include "base/banned.h"

void
fn_fail(sqlite3_context *context, const char *error_class, const char *sql_state, const char *format, ...)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  va_list args;

  buf_addf(&buf, "%c%s%c%s%c", FN_MARK, error_class, FN_MARK, sql_state, FN_MARK);
  va_start(args, format);
  buf_vaddf(&buf, format, args);
  va_end(args);
  sqlite3_result_error(context, buf.data, (int)buf.len);
}

bool
fn_is_null(sqlite3_value *value)
{
  return sqlite3_value_type(value) == SQLITE_NULL;
}

bool
fn_null(sqlite3_context *context, int count, sqlite3_value **args)
{
  for (int i = 0; i < count; i++)
    if (fn_is_null(args[i])) {
      sqlite3_result_null(context);
      return true;
    }
  return false;
}

const char *
fn_text(sqlite3_value *value)
{
  const char *text = (const char *)sqlite3_value_text(value);

  return text ? text : "";
}

size_t
fn_length(sqlite3_value *value)
{
  return (size_t)sqlite3_value_bytes(value);
}

void
fn_return(sqlite3_context *context, const struct buf *buf)
{
  sqlite3_result_text64(context, buf->data, buf->len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

void
fn_return_text(sqlite3_context *context, const char *text)
{
  sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

struct cached_type {
  struct arena *arena;
  const struct sql_type *type;
};

static void
forget_type(void *data)
{
  struct cached_type *cached = data;

  arena_free(cached->arena);
  free(cached);
}

const struct sql_type *
fn_type(sqlite3_context *context, sqlite3_value **args, int index)
{
  struct cached_type *cached = sqlite3_get_auxdata(context, index);
  const struct sql_type *type;

  if (cached) return cached->type;
  cached = xcalloc(1, sizeof *cached);
  cached->arena = arena_new();
  struct session session = {.arena = cached->arena};

  type = type_parse(&session, fn_text(args[index]));
  cached->type = type;
  if (!type) {
    fn_fail(context, "INTERNAL_ERROR", "XX000", "a type cannot be read: %s", fn_text(args[index]));
    forget_type(cached);
    return NULL;
  }
  sqlite3_set_auxdata(context, index, cached, forget_type);
  cached = sqlite3_get_auxdata(context, index);
  /* SQLite may drop what it was given at once when memory is short. */
  return cached ? cached->type : NULL;
}

struct raw
fn_raw(sqlite3_value *value)
{
  const char *text = fn_text(value);

  return raw_of(text, fn_length(value));
}

void
fn_add_base64(struct buf *buf, const unsigned char *bytes, size_t length)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  for (size_t i = 0; i < length; i += 3) {
    uint32_t group = (uint32_t)bytes[i] << 16;

    if (i + 1 < length) group |= (uint32_t)bytes[i + 1] << 8;
    if (i + 2 < length) group |= bytes[i + 2];
    buf_add_char(buf, letters[group >> 18]);
    buf_add_char(buf, letters[group >> 12 & 63]);
    buf_add_char(buf, i + 1 < length ? letters[group >> 6 & 63] : '=');
    buf_add_char(buf, i + 2 < length ? letters[group & 63] : '=');
  }
}

static int
base64_digit(char c)
{
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (str_is_digit(c)) return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool
fn_undo_base64(struct buf *buf, const char *text, size_t length)
{
  uint32_t group = 0;
  int held = 0;
  size_t padding = 0;

  for (size_t i = 0; i < length; i++) {
    int digit = base64_digit(text[i]);

    if (text[i] == '\n' || text[i] == '\r') continue;
    if (text[i] == '=') {
      padding++;
      continue;
    }
    if (digit < 0 || padding) return false;
    group = group << 6 | (uint32_t)digit;
    if (++held == 4) {
      buf_add_char(buf, (char)(group >> 16));
      buf_add_char(buf, (char)(group >> 8));
      buf_add_char(buf, (char)group);
      group = 0;
      held = 0;
    }
  }
  if (held == 1 || padding > 2) return false;
  if (held == 2) buf_add_char(buf, (char)(group >> 4));
  if (held == 3) {
    buf_add_char(buf, (char)(group >> 10));
    buf_add_char(buf, (char)(group >> 2));
  }
  return true;
}

void
fn_add_json(struct buf *buf, char letter, sqlite3_value *value)
{
  char text[TIME_TEXT_MAX];

  if (fn_is_null(value)) {
    buf_add_text(buf, "null");
    return;
  }
  switch (letter) {
  case 'b': buf_add_text(buf, sqlite3_value_int64(value) ? "true" : "false"); return;
  case 'd':
    number_print(sqlite3_value_double(value), false, text);
    if (text[0] == 'N' || strchr(text, 'I'))
      buf_addf(buf, "\"%s\"", text);
    else
      buf_add_text(buf, text);
    return;
  case 'i':
  case 'm':
  case 'j': buf_add(buf, fn_text(value), fn_length(value)); return;
  case 'x':
    buf_add_char(buf, '"');
    fn_add_base64(buf, sqlite3_value_blob(value), fn_length(value));
    buf_add_char(buf, '"');
    return;
  default: raw_add_string(buf, fn_text(value), (size_t)sqlite3_value_bytes(value));
  }
}

void
fn_return_raw(sqlite3_context *context, struct raw raw, char letter)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  CLEANUP_BUF struct buf bytes = BUF_INIT(BUF_LARGE);

  if (letter != 'v' && raw_is_null(raw)) {
    sqlite3_result_null(context);
    return;
  }
  raw_add_text(&buf, raw);
  switch (letter) {
  case 'b': sqlite3_result_int(context, buf.data[0] == 't'); return;
  case 'i': sqlite3_result_int64(context, strtoll(buf.data, NULL, 10)); return;
  case 'd': sqlite3_result_double(context, strtod(buf.data, NULL)); return;
  case 'x':
    fn_undo_base64(&bytes, buf.data, buf.len);
    sqlite3_result_blob64(context, bytes.data, bytes.len, SQLITE_TRANSIENT);
    return;
  case 'v':
  case 'j': sqlite3_result_text64(context, raw.at, raw.length, SQLITE_TRANSIENT, SQLITE_UTF8); return;
  default: fn_return(context, &buf);
  }
}

static int
compare_decimals(void *data, int a_length, const void *a, int b_length, const void *b)
{
  struct decimal x, y;
  char text[2][80];

  (void)data;
  if (a_length >= 80 || b_length >= 80) return 0;
  memcpy(text[0], a, (size_t)a_length);
  memcpy(text[1], b, (size_t)b_length);
  text[0][a_length] = text[1][b_length] = '\0';
  if (!decimal_parse(text[0], &x) || !decimal_parse(text[1], &y)) return strcmp(text[0], text[1]);
  return decimal_compare(&x, &y);
}

static int
compare_json(void *data, int a_length, const void *a, int b_length, const void *b)
{
  (void)data;
  return raw_compare(raw_of(a, (size_t)a_length), raw_of(b, (size_t)b_length));
}

static bool
add_functions(sqlite3 *db, struct fn_table table)
{
  for (size_t i = 0; i < table.count; i++) {
    int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS | (table.at[i].random ? 0 : SQLITE_DETERMINISTIC);

    if (sqlite3_create_function_v2(db, table.at[i].name, table.at[i].args, flags, NULL, table.at[i].call,
                                   NULL, NULL, NULL) != SQLITE_OK)
      return false;
  }
  return true;
}

static bool
add_aggregates(sqlite3 *db, const struct fn_aggregate *at, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (sqlite3_create_window_function(
            db, at[i].name, at[i].args, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
            at[i].step, at[i].finish, at[i].value, at[i].inverse, NULL) != SQLITE_OK)
      return false;
  return true;
}

bool
query_attach(sqlite3 *db)
{
  const struct fn_table tables[] = {fns_cast(), fns_number(),  fns_string(), fns_text(),
                                    fns_code(), fns_pattern(), fns_time(),   fns_hash(),
                                    fns_json(), fns_array(),   fns_variant()};
  const struct fn_aggregate *aggregates, *frequent;
  size_t aggregate_count, frequent_count;

  for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
    if (!add_functions(db, tables[i])) return false;
  aggregates = fns_aggregate(&aggregate_count);
  frequent = fns_frequent(&frequent_count);
  return add_aggregates(db, aggregates, aggregate_count) && add_aggregates(db, frequent, frequent_count) &&
         fns_modules(db) && fns_python(db) &&
         sqlite3_create_collation_v2(db, "x_decimal", SQLITE_UTF8, NULL, compare_decimals, NULL) ==
             SQLITE_OK &&
         sqlite3_create_collation_v2(db, "x_json", SQLITE_UTF8, NULL, compare_json, NULL) == SQLITE_OK;
}
