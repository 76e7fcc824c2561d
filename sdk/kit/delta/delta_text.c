/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that hold SQL, compared by what they mean as far as tokens tell: each side's own catalog becomes one
 * and the same word, white space and comments go, names and keywords lose their case and their back-ticks. */
#include "kit/delta/internal.h"
#include "kit/sqltext/rewrite.h"
#include "kit/sqltext/token.h"

#include "base/banned.h"

/* Nothing that exists can be called so: the service takes no blank in a catalog's name. */
#define OWN_CATALOG "own catalog"

static const char *
neutral(struct arena *arena, const char *text, enum sqltext_language language, const char *catalog,
        uint32_t flags)
{
  struct sqltext_result result;

  sqltext_rewrite(arena, text, strlen(text), language, catalog, OWN_CATALOG, flags, &result);
  return result.text;
}

const char *
delta_neutral_text(struct arena *arena, const char *text, const char *catalog)
{
  return neutral(arena, text, SQLTEXT_SQL, catalog, 0);
}

static bool
mentions(const char *text, const char *catalog)
{
  size_t length = strlen(catalog);

  for (const char *c = catalog; *c; c++)
    if ((unsigned char)*c >= 0x80) return true; /* case is not to be told byte by byte: look closer */
  for (; *text; text++)
    if (str_ieqn(text, catalog, length)) return true;
  return false;
}

static bool
same_token(struct arena *arena, const struct sql_tokens *a, size_t i, const struct sql_tokens *b, size_t k)
{
  const char *first, *second;

  if (sql_token_is_name(&a->at[i]) != sql_token_is_name(&b->at[k])) return false;
  if (!sql_token_is_name(&a->at[i]) && a->at[i].kind != b->at[k].kind) return false;
  first = sql_token_value(arena, a, i);
  second = sql_token_value(arena, b, k);
  return a->at[i].kind == SQL_STRING || a->at[i].kind == SQL_BODY ? str_eq(first, second)
                                                                  : utf8_ieq(first, second);
}

/* A semicolon at the end says nothing. */
static bool
at_end(const struct sql_tokens *tokens, size_t index)
{
  while (index < tokens->count && sql_token_is(tokens, index, ";"))
    index = sql_tokens_skip(tokens, index + 1);
  return index >= tokens->count;
}

static bool
same_tokens(struct arena *arena, const char *a, const char *b)
{
  struct sql_tokens first, second;
  size_t i, k;

  sql_tokens_read(arena, a, strlen(a), &first);
  sql_tokens_read(arena, b, strlen(b), &second);
  i = sql_tokens_skip(&first, 0);
  k = sql_tokens_skip(&second, 0);
  while (!at_end(&first, i) && !at_end(&second, k)) {
    if (!same_token(arena, &first, i, &second, k)) return false;
    i = sql_tokens_skip(&first, i + 1);
    k = sql_tokens_skip(&second, k + 1);
  }
  return at_end(&first, i) && at_end(&second, k);
}

/* Nothing in either text can depend on what the catalogs are called. */
static bool
is_plainly_same(const struct comparing *at, const char *source, const char *dest)
{
  if (!str_eq(source, dest)) return false;
  return at->same_catalog ||
         (!mentions(source, at->catalogs[SOURCE]) && !mentions(source, at->catalogs[DEST]));
}

/* A path in a volume may have followed the copy, or may have stayed: a copy of the text does not tell. */
static bool
same_text(struct comparing *at, const char *source, const char *dest, enum sqltext_language language,
          bool (*same)(struct arena *arena, const char *a, const char *b))
{
  static const uint32_t flags[] = {SQLTEXT_PATHS, 0};

  for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
    if (same(at->arena, neutral(at->arena, source, language, at->catalogs[SOURCE], flags[i]),
             neutral(at->arena, dest, language, at->catalogs[DEST], flags[i])))
      return true;
  return false;
}

static bool
same_sql(struct comparing *at, const char *source, const char *dest, const char *prefix)
{
  uint64_t mark = arena_mark(at->arena);
  bool same;

  if (!source || !dest) return source == dest;
  if (is_plainly_same(at, source, dest)) return true;
  if (prefix) {
    source = arena_printf(at->arena, "%s%s", prefix, source);
    dest = arena_printf(at->arena, "%s%s", prefix, dest);
  }
  same = same_text(at, source, dest, SQLTEXT_SQL, same_tokens);
  arena_release(at->arena, mark);
  return same;
}

bool
same_query(struct comparing *at, const char *source, const char *dest)
{
  return same_sql(at, source, dest, NULL);
}

bool
same_expression(struct comparing *at, const char *source, const char *dest)
{
  return same_sql(at, source, dest, "SELECT ");
}

bool
same_body(struct comparing *at, const char *source, const char *dest)
{
  return same_sql(at, source, dest, "CREATE FUNCTION f() RETURN ");
}

/* The length of the line at TEXT without blanks at its end, and where the next one starts. */
static size_t
read_line(const char *text, const char **next)
{
  size_t length = strcspn(text, "\n");

  *next = text + length + (text[length] == '\n');
  while (length && (text[length - 1] == ' ' || text[length - 1] == '\t' || text[length - 1] == '\r'))
    length--;
  return length;
}

static bool
same_lines(struct arena *arena, const char *a, const char *b)
{
  (void)arena;
  while (*a || *b) {
    const char *next_a, *next_b;
    size_t first = read_line(a, &next_a), second = read_line(b, &next_b);

    if (first != second || memcmp(a, b, first) != 0) return false;
    a = next_a;
    b = next_b;
  }
  return true;
}

bool
same_yaml(struct comparing *at, const char *source, const char *dest)
{
  uint64_t mark = arena_mark(at->arena);
  bool same;

  if (!source || !dest) return source == dest;
  if (is_plainly_same(at, source, dest)) return true;
  same = same_text(at, source, dest, SQLTEXT_YAML, same_lines);
  arena_release(at->arena, mark);
  return same;
}

const char *
local_name(const struct comparing *at, int side, const char *name)
{
  size_t length = strlen(at->catalogs[side]);
  const char *dot = name ? strchr(name, '.') : NULL;
  char *first;

  if (!dot) return name;
  if ((size_t)(dot - name) == length && str_ieqn(name, at->catalogs[side], length)) return dot + 1;
  first = arena_strndup(at->arena, name, (size_t)(dot - name));
  return utf8_ieq(first, at->catalogs[side]) ? dot + 1 : name;
}
