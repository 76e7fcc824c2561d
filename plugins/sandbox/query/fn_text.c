/* SPDX-License-Identifier: Apache-2.0 */
/* LIKE, regular expressions, split, format_string: functions whose second argument is a small language. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "query/fn.h"
#include "query/regex.h"

#include "base/banned.h"

/* One pattern character against the text; both cursors move. */
static bool
like_one(const char **text, const char **pattern, bool fold)
{
  uint32_t a, b;
  size_t n = utf8_decode(*text, &a), m = utf8_decode(*pattern, &b);

  if (n == 0) a = (unsigned char)**text, n = 1;
  if (m == 0) b = (unsigned char)**pattern, m = 1;
  *text += n;
  *pattern += m;
  return a == b || (fold && utf8_lower(a) == utf8_lower(b));
}

/* Greedy with one point to come back to: enough, since a later % forgets the earlier. */
static bool
like(const char *text, const char *pattern, char escape, bool fold)
{
  const char *star = NULL, *again = NULL;

  for (;;) {
    bool literal = *pattern == escape && escape && pattern[1];

    if (!literal && *pattern == '%') {
      star = ++pattern;
      again = text;
      continue;
    }
    if (*text == '\0' && *pattern == '\0') return true;
    if (*text && *pattern) {
      const char *t = text, *p = pattern + literal;

      if (!literal && *pattern == '_') {
        uint32_t point;
        size_t step = utf8_decode(text, &point);

        text += step ? step : 1;
        pattern++;
        continue;
      }
      if (like_one(&t, &p, fold)) {
        text = t;
        pattern = p;
        continue;
      }
    }
    if (!star || *again == '\0') return false;
    pattern = star;
    again++;
    while (((unsigned char)*again & 0xc0) == 0x80)
      again++;
    text = again;
  }
}

/* x_like(text, pattern, escape, 'L' or 'I') */
static void
fn_like(sqlite3_context *context, int count, sqlite3_value **args)
{
  char escape = *fn_text(args[2]);
  const char *pattern = fn_text(args[1]);

  if (fn_null(context, count, args)) return;
  for (const char *c = pattern; *c; c++) {
    if (*c != escape || !escape) continue;
    if (c[1] == '\0') {
      fn_fail(context, "INVALID_FORMAT.ESC_AT_THE_END", "42601",
              "The format is invalid: '%s'. The escape character is not allowed to end with.", pattern);
      return;
    }
    c++;
  }
  sqlite3_result_int(context, like(fn_text(args[0]), pattern, escape, *fn_text(args[3]) == 'I'));
}

struct cached_regex {
  struct arena *arena;
  struct regex *regex;
  char *pattern;
};

static void
forget_regex(void *data)
{
  struct cached_regex *cached = data;

  arena_free(cached->arena);
  free(cached->pattern);
  free(cached);
}

/* The compiled pattern of argument INDEX, kept while it stays the same. */
static struct regex *
regex_of(sqlite3_context *context, sqlite3_value **args, int index)
{
  struct cached_regex *cached = sqlite3_get_auxdata(context, index);
  const char *why;

  if (cached && str_eq(cached->pattern, fn_text(args[index]))) return cached->regex;
  cached = xcalloc(1, sizeof *cached);
  cached->arena = arena_new();
  cached->pattern = xstrdup(fn_text(args[index]));
  cached->regex = regex_compile(cached->arena, cached->pattern, &why);
  if (!cached->regex) {
    fn_fail(context, "INVALID_PARAMETER_VALUE.PATTERN", "22023",
            "The value of parameter(s) `regexp` is invalid: '%s' (%s).", cached->pattern, why);
    forget_regex(cached);
    return NULL;
  }
  sqlite3_set_auxdata(context, index, cached, forget_regex);
  cached = sqlite3_get_auxdata(context, index);
  return cached ? cached->regex : NULL;
}

static bool
find(sqlite3_context *context, const struct regex *regex, sqlite3_value *text, size_t from,
     struct regex_match *match)
{
  bool tired;

  if (regex_find(regex, fn_text(text), fn_length(text), from, match, &tired)) return true;
  if (tired)
    fn_fail(context, "INVALID_PARAMETER_VALUE.PATTERN", "22023",
            "The value of parameter(s) `regexp` is invalid: matching takes too many steps.");
  return false;
}

/* The place behind MATCH from where to go on; an empty match moves one character. */
static size_t
behind(const char *text, size_t length, const struct regex_match *match)
{
  size_t at = match->end[0];

  if (match->end[0] > match->start[0]) return at;
  at++;
  while (at < length && ((unsigned char)text[at] & 0xc0) == 0x80)
    at++;
  return at;
}

static void
fn_rlike(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct regex_match match;
  struct regex *regex;

  if (fn_null(context, count, args) || !(regex = regex_of(context, args, 1))) return;
  sqlite3_result_int(context, 0);
  if (find(context, regex, args[0], 0, &match)) sqlite3_result_int(context, 1);
}

/* x_regexp_extract(text, regexp, group) */
static void
fn_extract(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct regex_match match;
  struct regex *regex;
  int64_t group;

  if (fn_null(context, count, args) || !(regex = regex_of(context, args, 1))) return;
  group = sqlite3_value_int64(args[2]);
  if (group < 0 || (size_t)group > regex_groups(regex)) {
    fn_fail(context, "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX", "22023",
            "The value of parameter(s) `idx` in `regexp_extract` is invalid: Expects group index between 0 "
            "and %zu, but "
            "got %lld.",
            regex_groups(regex), (long long)group);
    return;
  }
  sqlite3_result_text(context, "", 0, SQLITE_STATIC);
  if (find(context, regex, args[0], 0, &match) && match.start[group] != SIZE_MAX)
    sqlite3_result_text(context, fn_text(args[0]) + match.start[group],
                        (int)(match.end[group] - match.start[group]), SQLITE_TRANSIENT);
}

/* x_regexp_all(text, regexp, group): a JSON array of strings. */
static void
fn_extract_all(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  struct regex_match match;
  struct regex *regex;
  size_t from = 0, group;

  if (fn_null(context, count, args) || !(regex = regex_of(context, args, 1))) return;
  group = (size_t)sqlite3_value_int64(args[2]);
  if (group > regex_groups(regex)) {
    fn_fail(context, "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX", "22023",
            "The value of parameter(s) `idx` in `regexp_extract_all` is invalid: Expects group index between "
            "0 and %zu.",
            regex_groups(regex));
    return;
  }
  buf_add_char(&buf, '[');
  while (from <= fn_length(args[0]) && find(context, regex, args[0], from, &match)) {
    if (buf.len > 1) buf_add_char(&buf, ',');
    if (match.start[group] == SIZE_MAX)
      buf_add_text(&buf, "\"\"");
    else
      raw_add_string(&buf, fn_text(args[0]) + match.start[group], match.end[group] - match.start[group]);
    from = behind(fn_text(args[0]), fn_length(args[0]), &match);
  }
  buf_add_char(&buf, ']');
  fn_return(context, &buf);
}

/* $1 in the replacement is a group, \x is x. */
static void
add_replacement(struct buf *buf, const char *replacement, const char *text, const struct regex_match *match)
{
  for (const char *c = replacement; *c; c++) {
    if (*c == '\\' && c[1]) {
      buf_add_char(buf, *++c);
    } else if (*c == '$' && str_is_digit(c[1])) {
      size_t group = (size_t)(*++c - '0');

      if (match->start[group] != SIZE_MAX)
        buf_add(buf, text + match->start[group], match->end[group] - match->start[group]);
    } else {
      buf_add_char(buf, *c);
    }
  }
}

/* x_regexp_replace(text, regexp, replacement, position from 1) */
static void
fn_replace(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  struct regex_match match;
  struct regex *regex;
  const char *text;
  size_t length, from = 0, copied = 0;

  if (fn_null(context, count, args) || !(regex = regex_of(context, args, 1))) return;
  text = fn_text(args[0]);
  length = fn_length(args[0]);
  for (int64_t i = sqlite3_value_int64(args[3]); i > 1 && from < length; i--)
    do
      from++;
    while (from < length && ((unsigned char)text[from] & 0xc0) == 0x80);
  while (from <= length && find(context, regex, args[0], from, &match)) {
    buf_add(&buf, text + copied, match.start[0] - copied);
    add_replacement(&buf, fn_text(args[2]), text, &match);
    copied = match.end[0];
    from = behind(text, length, &match);
  }
  buf_add(&buf, text + copied, length - copied);
  fn_return(context, &buf);
}

/* x_regexp_count and x_regexp_position */
static void
fn_count(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct regex_match match;
  struct regex *regex;
  size_t from = 0;
  int64_t found = 0;

  if (fn_null(context, count, args) || !(regex = regex_of(context, args, 1))) return;
  while (from <= fn_length(args[0]) && find(context, regex, args[0], from, &match)) {
    found++;
    from = behind(fn_text(args[0]), fn_length(args[0]), &match);
  }
  sqlite3_result_int64(context, found);
}

static void
fn_instr(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct regex_match match;
  struct regex *regex;
  int64_t place = 1;

  if (fn_null(context, count, args) || !(regex = regex_of(context, args, 1))) return;
  sqlite3_result_int64(context, 0);
  if (!find(context, regex, args[0], 0, &match)) return;
  for (size_t i = 0; i < match.start[0]; i++)
    if (((unsigned char)fn_text(args[0])[i] & 0xc0) != 0x80) place++;
  sqlite3_result_int64(context, place);
}

/* x_split(text, regexp, limit): limit <= 0 keeps everything. */
static void
fn_split(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  struct regex_match match;
  struct regex *regex;
  const char *text;
  size_t length, from = 0, copied = 0;
  int64_t limit, parts = 0;

  if (fn_null(context, count, args) || !(regex = regex_of(context, args, 1))) return;
  text = fn_text(args[0]);
  length = fn_length(args[0]);
  limit = sqlite3_value_int64(args[2]);
  buf_add_char(&buf, '[');
  while (from <= length && (limit <= 0 || parts + 1 < limit) && find(context, regex, args[0], from, &match)) {
    /* An empty match splits between characters, never at the ends. */
    if (match.end[0] == match.start[0] && (match.start[0] == 0 || match.start[0] >= length)) {
      from = behind(text, length, &match);
      continue;
    }
    if (parts++) buf_add_char(&buf, ',');
    raw_add_string(&buf, text + copied, match.start[0] - copied);
    copied = match.end[0];
    from = behind(text, length, &match);
  }
  if (parts) buf_add_char(&buf, ',');
  raw_add_string(&buf, text + copied, length - copied);
  buf_add_char(&buf, ']');
  fn_return(context, &buf);
}

/* One conversion of format_string: SPEC is "%-5d" and the like. */
static bool
add_formatted(struct buf *buf, const char *spec, char kind, sqlite3_value *value)
{
  char format[48], text[512];

  if (strlen(spec) > 24) return false;
  if (fn_is_null(value)) {
    buf_add_text(buf, kind == 'b' ? "false" : "null");
    return true;
  }
  if (kind == 'd' || kind == 'x' || kind == 'X' || kind == 'o') {
    if (sqlite3_value_type(value) != SQLITE_INTEGER || strchr(spec, ',')) return false;
    snprintf(format, sizeof format, "%.*s%s", (int)strlen(spec) - 1, spec,
             kind == 'd'   ? PRId64
             : kind == 'x' ? PRIx64
             : kind == 'X' ? PRIX64
                           : PRIo64);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, sizeof text, format, sqlite3_value_int64(value));
  } else if (kind == 'f' || kind == 'e' || kind == 'E' || kind == 'g') {
    if (strchr(spec, ',')) return false;
    snprintf(text, sizeof text, spec, sqlite3_value_double(value));
  } else if (kind == 's' || kind == 'S') {
    char width[32];

    snprintf(width, sizeof width, "%s", spec);
    width[strlen(width) - 1] = 's';
    if (fn_length(value) > 400 && strcmp(width, "%s") == 0) {
      buf_add(buf, fn_text(value), fn_length(value));
      return true;
    }
    snprintf(text, sizeof text, width, fn_text(value));
#pragma GCC diagnostic pop
  } else {
    return false;
  }
  buf_add_text(buf, text);
  return true;
}

/* x_format(format, values...) */
static void
fn_format(sqlite3_context *context, int count, sqlite3_value **args)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  int next = 1;

  if (fn_is_null(args[0])) return;
  for (const char *c = fn_text(args[0]); *c; c++) {
    char spec[32];
    size_t length;

    if (*c != '%') {
      buf_add_char(&buf, *c);
      continue;
    }
    length = 1 + strspn(c + 1, "-+ 0#,.123456789");
    if (length + 1 >= sizeof spec) goto bad;
    memcpy(spec, c, length + 1);
    spec[length + 1] = '\0';
    c += length;
    if (*c == '%' || *c == 'n') {
      buf_add_char(&buf, *c == '%' ? '%' : '\n');
    } else if (next >= count || !add_formatted(&buf, spec, *c, args[next++])) {
      goto bad;
    }
    if (!*c) break;
  }
  fn_return(context, &buf);
  return;
bad:
  fn_fail(
      context, "UNSUPPORTED_FEATURE.FORMAT_STRING", "0A000",
      "The feature is not supported: the format '%s' with these arguments is not supported by the sandbox.",
      fn_text(args[0]));
}

struct fn_table
fns_text(void)
{
  static const struct fn table[] = {
      {"x_like", 4, fn_like, false},
      {"x_rlike", 2, fn_rlike, false},
      {"x_regexp_extract", 3, fn_extract, false},
      {"x_regexp_all", 3, fn_extract_all, false},
      {"x_regexp_replace", 4, fn_replace, false},
      {"x_regexp_count", 2, fn_count, false},
      {"x_regexp_instr", 2, fn_instr, false},
      {"x_split", 3, fn_split, false},
      {"x_format", -1, fn_format, false},
  };

  return (struct fn_table){table, ARRAY_SIZE(table)};
}
