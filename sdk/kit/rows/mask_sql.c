/* SPDX-License-Identifier: Apache-2.0 */
/* One value hidden, by its type. Nothing is guessed: a strategy that makes no sense for a type, or whose
 * result the type has no room for, is a problem. NULL stays NULL, but for redact.
 * https://docs.databricks.com/sql/language-manual/functions/sha2.html */
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "kit/rows/column_type.h"
#include "kit/rows/mask.h"
#include "kit/sqltext/token.h"

#include "base/banned.h"

#define REDACTED "***REDACTED***"
#define DIGEST 64 /* hexadecimal digits of SHA-256 */

enum kind { KIND_TEXT, KIND_BINARY, KIND_INTEGER, KIND_DECIMAL, KIND_FLOAT, KIND_OTHER };

struct shape {
  enum kind kind;
  int room;   /* characters of a text, INT_MAX for any; digits before the point of a number */
  int digits; /* hexadecimal digits that a number of this type has room for */
};

#define ANY_ROOM 1000000000

/* Fewer digits would give equal values to too many different ones. */
#define FEWEST_DIGITS 4

static struct shape
shape_of(struct arena *arena, const struct column_type *type)
{
  static const struct {
    const char *word;
    enum kind kind;
    int digits;
  } words[] = {{"string", KIND_TEXT, 0},     {"varchar", KIND_TEXT, 0},    {"char", KIND_TEXT, 0},
               {"binary", KIND_BINARY, 0},   {"bigint", KIND_INTEGER, 15}, {"long", KIND_INTEGER, 15},
               {"int", KIND_INTEGER, 7},     {"integer", KIND_INTEGER, 7}, {"smallint", KIND_INTEGER, 3},
               {"short", KIND_INTEGER, 3},   {"tinyint", KIND_INTEGER, 1}, {"byte", KIND_INTEGER, 1},
               {"double", KIND_FLOAT, 13},   {"float", KIND_FLOAT, 6},     {"real", KIND_FLOAT, 6},
               {"decimal", KIND_DECIMAL, 0}, {"dec", KIND_DECIMAL, 0},     {"numeric", KIND_DECIMAL, 0}};
  const char *word = column_type_word(arena, type);
  struct shape shape = {.kind = KIND_OTHER, .room = ANY_ROOM};
  int precision = 10, scale = 0, most;

  for (size_t i = 0; i < ARRAY_SIZE(words); i++)
    if (str_eq(word, words[i].word)) shape = (struct shape){words[i].kind, ANY_ROOM, words[i].digits};
  if (shape.kind == KIND_TEXT) column_type_numbers(type, &shape.room, &scale);
  if (shape.kind != KIND_DECIMAL) return shape;
  column_type_numbers(type, &precision, &scale);
  /* 16 to the power of DIGITS is below 10 to the power of the places before the point. */
  most = (precision - scale) * 83 / 100;
  shape.digits = most > 15 ? 15 : most;
  return shape;
}

static const char *
hash_sql(struct arena *arena, const struct column_type *type, struct shape shape, const char *value,
         const char **problem)
{
  switch (shape.kind) {
  case KIND_TEXT:
    if (shape.room >= DIGEST) return arena_printf(arena, "sha2(%s, 256)", value);
    *problem = arena_printf(arena, "a hash has 64 characters, for which %s has no room", type->text);
    return NULL;
  case KIND_BINARY: return arena_printf(arena, "unhex(sha2(%s, 256))", value);
  case KIND_INTEGER:
  case KIND_DECIMAL:
  case KIND_FLOAT:
    if (shape.digits >= FEWEST_DIGITS)
      return arena_printf(arena, "CAST(conv(substr(sha2(CAST(%s AS STRING), 256), 1, %d), 16, 10) AS %s)",
                          value, shape.digits, type->text);
    *problem = arena_printf(arena, "%s is too small for a hash", type->text);
    return NULL;
  default:
    *problem = arena_printf(arena, "a value of type %s has no hash of its own type", type->text);
    return NULL;
  }
}

static const char *
null_sql(struct arena *arena, const struct column_type *type, const char **problem)
{
  if (!type->not_null) return arena_printf(arena, "CAST(NULL AS %s)", type->text);
  *problem = "it must not be NULL";
  return NULL;
}

static const char *
redact_sql(struct arena *arena, const struct column_type *type, struct shape shape, const char **problem)
{
  switch (shape.kind) {
  case KIND_TEXT:
    if (shape.room >= (int)strlen(REDACTED)) return "'" REDACTED "'";
    return arena_printf(arena, "repeat('*', %d)", shape.room);
  case KIND_INTEGER:
  case KIND_DECIMAL:
  case KIND_FLOAT: return arena_printf(arena, "CAST(0 AS %s)", type->text);
  default: return null_sql(arena, type, problem);
  }
}

/* TEMPLATE with VALUE for every #. */
static const char *
fill_in(struct arena *arena, const char *template, const char *value)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);

  for (; *template; template ++)
    if (*template == '#')
      buf_add_text(&text, value);
    else
      buf_add_char(&text, *template);
  return arena_strdup(arena, text.data);
}

/* Short texts are hidden whole: two characters of three would be most of it. */
static const char *
partial_sql(struct arena *arena, const char *value)
{
  return fill_in(arena,
                 "CASE WHEN length(#) < 5 THEN repeat('*', length(#)) ELSE concat(left(#, 1), repeat('*', "
                 "length(#) - 2), right(#, 1)) END",
                 value);
}

/* One letter before the @ is a whole name, and is not shown. */
static const char *
email_sql(struct arena *arena, struct shape shape, const char *value)
{
  const char *text = fill_in(arena,
                             "CASE WHEN # IS NULL THEN NULL WHEN instr(#, '@') > 2 THEN concat(left(#, 1), "
                             "'***@', substring_index(#, '@', -1)) WHEN instr(#, '@') > 0 THEN "
                             "concat('***@', substring_index(#, '@', -1)) ELSE '***' END",
                             value);

  return shape.room == ANY_ROOM ? text : arena_printf(arena, "left(%s, %d)", text, shape.room);
}

static bool
is_mark(const struct sql_tokens *tokens, size_t index, char mark)
{
  const struct sql_token *token = &tokens->at[index];

  return index < tokens->count && token->length == 1 && tokens->text[token->start] == mark;
}

const char *
mask_expand(struct arena *arena, const char *expression, const char *value)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_SQL);
  struct sql_tokens tokens;

  sql_tokens_read(arena, expression, strlen(expression), &tokens);
  for (size_t i = 0; i < tokens.count; i++) {
    if (is_mark(&tokens, i, '{') && sql_token_is(&tokens, i + 1, "column") && is_mark(&tokens, i + 2, '}')) {
      buf_add_text(&text, value);
      i += 2;
    } else {
      buf_add(&text, expression + tokens.at[i].start, tokens.at[i].length);
    }
  }
  return arena_strdup(arena, text.data);
}

const char *
mask_sql(struct arena *arena, const struct mask_rule *rule, const struct column_type *type, const char *value,
         const char **problem)
{
  struct shape shape = shape_of(arena, type);

  *problem = NULL;
  switch (rule->strategy) {
  case MASK_HASH: return hash_sql(arena, type, shape, value, problem);
  case MASK_REDACT: return redact_sql(arena, type, shape, problem);
  case MASK_NULL: return null_sql(arena, type, problem);
  case MASK_EXPRESSION:
    return arena_printf(arena, "CAST((%s) AS %s)", mask_expand(arena, rule->expression, value), type->text);
  default: break;
  }
  if (shape.kind != KIND_TEXT) {
    *problem = arena_printf(arena, "%s is for texts, and it is of type %s",
                            rule->strategy == MASK_EMAIL ? "email" : "partial", type->text);
    return NULL;
  }
  return rule->strategy == MASK_EMAIL ? email_sql(arena, shape, value) : partial_sql(arena, value);
}
