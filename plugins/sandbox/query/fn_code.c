/* SPDX-License-Identifier: Apache-2.0 */
/* Strings in other spellings: base64, hexadecimal, binary, URL, UUID, soundex, formatted numbers, edit
 * distance. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/str.h"
#include "query/fn.h"

#include "base/banned.h"

static void
fn_base64(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (fn_null(context, count, args)) return;
  fn_add_base64(&buf, sqlite3_value_blob(args[0]), fn_length(args[0]));
  fn_return(context, &buf);
}

static void
fn_unbase64(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (fn_null(context, count, args)) return;
  if (fn_undo_base64(&buf, fn_text(args[0]), fn_length(args[0])))
    sqlite3_result_blob64(context, buf.data, buf.len, SQLITE_TRANSIENT);
  else
    fn_fail(context, "CONVERSION_INVALID_INPUT", "22018",
            "The value '%.100s' (\"STRING\") cannot be converted to \"BINARY\" because the value is "
            "malformed. Correct the "
            "value as per the syntax, or change its format. Use `try_to_binary` to tolerate malformed input "
            "and return "
            "NULL instead.",
            fn_text(args[0]));
}

/* Integers as 64 bits without leading zeros, anything else byte by byte. */
static void
fn_hex(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  if (fn_null(context, count, args)) return;
  if (sqlite3_value_type(args[0]) == SQLITE_INTEGER) {
    buf_addf(&buf, "%" PRIX64, (uint64_t)sqlite3_value_int64(args[0]));
  } else {
    const unsigned char *bytes = sqlite3_value_blob(args[0]);

    for (size_t i = 0; i < fn_length(args[0]); i++)
      buf_addf(&buf, "%02X", (unsigned int)bytes[i]);
  }
  fn_return(context, &buf);
}

static void
fn_unhex(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  const char *text;
  unsigned int value = 0;
  size_t length;

  if (fn_null(context, count, args)) return;
  text = fn_text(args[0]);
  length = strlen(text);
  for (size_t i = 0; i < length; i++) {
    char c = str_lower(text[i]);

    if (!str_is_digit(c) && !(c >= 'a' && c <= 'f')) return;
    value = value << 4 | (unsigned int)(c <= '9' ? c - '0' : c - 'a' + 10);
    if ((length - i) % 2 == 1) {
      buf_add_char(&buf, (char)value);
      value = 0;
    }
  }
  sqlite3_result_blob64(context, buf.data, buf.len, SQLITE_TRANSIENT);
}

static void
fn_levenshtein(sqlite3_context *context, int count, sqlite3_value **args)
{
  const char *a, *b;
  size_t n, m;
  int64_t *row;

  if (fn_null(context, count, args)) return;
  a = fn_text(args[0]);
  b = fn_text(args[1]);
  n = strlen(a);
  m = strlen(b);
  if (n > 4000 || m > 4000) {
    sqlite3_result_error_toobig(context);
    return;
  }
  row = xcalloc(m + 1, sizeof *row);
  for (size_t j = 0; j <= m; j++)
    row[j] = (int64_t)j;
  for (size_t i = 1; i <= n; i++) {
    int64_t corner = row[0]++;

    for (size_t j = 1; j <= m; j++) {
      int64_t above = row[j], best = corner + (a[i - 1] != b[j - 1]);

      if (above + 1 < best) best = above + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      row[j] = best;
      corner = above;
    }
  }
  sqlite3_result_int64(context, row[m]);
  free(row);
}

/* x_format_number(number, decimals): 1,234.50 */
static void
fn_format_number(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  struct decimal value, fit;
  char text[TIME_TEXT_MAX], number[TIME_TEXT_MAX];
  int places = sqlite3_value_int(args[1]);
  const char *digits, *dot;

  if (fn_null(context, count, args) || places < 0) return;
  if (sqlite3_value_type(args[0]) == SQLITE_FLOAT)
    number_print(sqlite3_value_double(args[0]), false, number);
  else
    snprintf(number, sizeof number, "%.40s", fn_text(args[0]));
  if (!decimal_parse(number, &value) || places > 30 || !decimal_fit(value, 38, places, &fit)) return;
  decimal_print(&fit, text);
  digits = text + (*text == '-');
  dot = strchr(digits, '.');
  if (*text == '-') buf_add_char(&buf, '-');
  for (size_t i = 0, whole = dot ? (size_t)(dot - digits) : strlen(digits); i < whole; i++) {
    if (i && (whole - i) % 3 == 0) buf_add_char(&buf, ',');
    buf_add_char(&buf, digits[i]);
  }
  if (dot) buf_add_text(&buf, dot);
  fn_return(context, &buf);
}

static void
fn_uuid(sqlite3_context *context, int count, sqlite3_value **args)
{
  unsigned char b[16];
  char text[40];

  (void)count;
  (void)args;
  if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b) return;
  b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
  b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
  for (int i = 0, at = 0; i < 16; i++)
    at += snprintf(text + at, sizeof text - (size_t)at, "%s%02x",
                   i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", b[i]);
  fn_return_text(context, text);
}

/* x_url(text, 'E' encode, 'D' decode) */
static void
fn_url(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  bool encode = *fn_text(args[1]) == 'E';

  if (fn_null(context, count, args)) return;
  for (const char *c = fn_text(args[0]); *c; c++) {
    if (encode && *c == ' ') {
      buf_add_char(&buf, '+');
    } else if (encode) {
      if (str_is_alnum(*c) || strchr("-_.*", *c))
        buf_add_char(&buf, *c);
      else
        buf_addf(&buf, "%%%02X", (unsigned int)(unsigned char)*c);
    } else if (*c == '%' && c[1] && c[2]) {
      char digits[3] = {c[1], c[2], '\0'};

      buf_add_char(&buf, (char)strtol(digits, NULL, 16));
      c += 2;
    } else {
      buf_add_char(&buf, *c == '+' ? ' ' : *c);
    }
  }
  fn_return(context, &buf);
}

static void
fn_soundex(sqlite3_context *context, int count, sqlite3_value **args)
{
  static const char codes[] = "01230127022455012623017202";
  char out[5] = "0000";
  const char *text;
  size_t used = 0;
  char last = '0';

  if (fn_null(context, count, args)) return;
  text = fn_text(args[0]);
  if (!str_is_alpha(*text)) {
    fn_return_text(context, text);
    return;
  }
  for (; *text && used < 4; text++) {
    char letter = str_lower(*text), code = str_is_alpha(letter) ? codes[letter - 'a'] : '7';

    if (used == 0)
      out[used++] = (char)(letter - 'a' + 'A');
    else if (code >= '1' && code <= '6' && code != last)
      out[used++] = code;
    if (code != '7') last = code;
  }
  fn_return_text(context, out);
}

static void
fn_bin(sqlite3_context *context, int count, sqlite3_value **args)
{
  char digits[65];
  int at = 64;
  uint64_t value;

  if (fn_null(context, count, args)) return;
  value = (uint64_t)sqlite3_value_int64(args[0]);
  digits[64] = '\0';
  do
    digits[--at] = (char)('0' + (value & 1));
  while ((value >>= 1) != 0);
  fn_return_text(context, digits + at);
}

/* x_find_in_set(part, 'a,b,c') */
static void
fn_find_in_set(sqlite3_context *context, int count, sqlite3_value **args)
{
  const char *part, *list;
  int64_t index = 1;

  if (fn_null(context, count, args)) return;
  part = fn_text(args[0]);
  list = fn_text(args[1]);
  sqlite3_result_int64(context, 0);
  if (strchr(part, ',')) return;
  for (;; index++) {
    size_t length = strcspn(list, ",");

    if (length == strlen(part) && memcmp(list, part, length) == 0) {
      sqlite3_result_int64(context, index);
      return;
    }
    if (list[length] == '\0') return;
    list += length + 1;
  }
}

struct fn_table
fns_code(void)
{
  static const struct fn table[] = {
      {"x_base64", 1, fn_base64, false},
      {"x_unbase64", 1, fn_unbase64, false},
      {"x_hex", 1, fn_hex, false},
      {"x_unhex", 1, fn_unhex, false},
      {"x_levenshtein", 2, fn_levenshtein, false},
      {"x_format_number", 2, fn_format_number, false},
      {"x_uuid", 0, fn_uuid, true},
      {"x_url", 2, fn_url, false},
      {"x_soundex", 1, fn_soundex, false},
      {"x_bin", 1, fn_bin, false},
      {"x_find_in_set", 2, fn_find_in_set, false},
  };

  return (struct fn_table){table, ARRAY_SIZE(table)};
}
