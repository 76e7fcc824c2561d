/* SPDX-License-Identifier: Apache-2.0 */
/* What tokens mean: names without their back-ticks, strings with their escapes undone. */
#include "kit/sqltext/parse.h"

#include "base/arena.h"
#include "base/str.h"

#include "base/banned.h"

static int
digit_of(char c)
{
  if (str_is_digit(c)) return c - '0';
  c = str_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* COUNT digits of base 8 or 16 at FROM as a code point written to OUT; false where they are not all there. */
static bool
undo_code(const char *from, const char *limit, size_t count, int base, char **out)
{
  uint32_t point = 0;

  if ((size_t)(limit - from) < count) return false;
  for (size_t i = 0; i < count; i++) {
    int digit = digit_of(from[i]);

    if (digit < 0 || digit >= base) return false;
    point = point * (uint32_t)base + (uint32_t)digit;
  }
  *out += utf8_encode(point, *out);
  return true;
}

/* One escape: FROM is behind the backslash. Its length, and what it stands for in OUT. */
static size_t
undo_escape(const char *from, const char *limit, char **out)
{
  static const char letters[] = "0bnrtZ", meanings[] = "\0\b\n\r\t\x1a";
  const char *letter;

  if (*from == 'u' && undo_code(from + 1, limit, 4, 16, out)) return 5;
  if (*from == 'U' && undo_code(from + 1, limit, 8, 16, out)) return 9;
  if (*from >= '0' && *from <= '1' && undo_code(from, limit, 3, 8, out)) return 3;
  letter = *from ? strchr(letters, *from) : NULL;
  if (*from == '%' || *from == '_') *(*out)++ = '\\';
  *(*out)++ = letter ? meanings[letter - letters] : *from;
  return 1;
}

/* Where the bytes of a value come from; NULL arrays when nobody asks. */
struct trace {
  size_t *starts, *ends;
};

static void
trace_bytes(const struct trace *trace, size_t from, size_t to, size_t start, size_t end)
{
  for (; trace->starts && from < to; from++) {
    trace->starts[from] = start;
    trace->ends[from] = end;
  }
}

/* LENGTH bytes between quotes QUOTE, a doubled one being one; ESCAPES says what a backslash does. No escape
 * is longer than what it is written with, so LENGTH is enough. Traced offsets count from FROM. */
static size_t
undo_quotes(const char *from, size_t length, char quote, bool escapes, char *value, const struct trace *trace)
{
  const char *start = from, *limit = from + length;
  char *out = value;

  while (from < limit) {
    const char *before = from;
    char *had = out;

    if (escapes && *from == '\\' && from + 1 < limit) {
      from += 1 + undo_escape(from + 1, limit, &out);
    } else {
      if (quote && *from == quote && from + 1 < limit && from[1] == quote) from++;
      *out++ = *from++;
    }
    trace_bytes(trace, (size_t)(had - value), (size_t)(out - value), (size_t)(before - start),
                (size_t)(from - start));
  }
  *out = '\0';
  return (size_t)(out - value);
}

/* The inside of a string or back-ticked name token: where it starts in the token, and its length. */
static size_t
inside(const struct sql_token *token, const char *text, size_t *length)
{
  size_t skip = token->kind == SQL_STRING && str_is_alpha(*text) ? 2 : 1;

  *length = token->length - skip - 1;
  return skip;
}

static size_t
undo_token(const struct sql_token *token, const char *text, char *value, const struct trace *trace)
{
  size_t length, skip = inside(token, text, &length);
  char quote = skip == 2 ? '\0' : *text;

  return undo_quotes(text + skip, length, quote, token->kind == SQL_STRING && skip == 1, value, trace);
}

void
literal_read(struct arena *arena, const struct sql_tokens *tokens, size_t index, struct literal *literal)
{
  const struct sql_token *token = &tokens->at[index];
  const char *text = tokens->text + token->start;
  char *value = arena_alloc(arena, token->length);
  size_t length, skip = inside(token, text, &length);
  struct trace trace = {.starts = arena_array(arena, length + 1, sizeof(size_t)),
                        .ends = arena_array(arena, length + 1, sizeof(size_t))};

  literal->length = undo_token(token, text, value, &trace);
  literal->value = value;
  literal->starts = trace.starts;
  literal->ends = trace.ends;
  for (size_t i = 0; i < literal->length; i++) {
    literal->starts[i] += skip;
    literal->ends[i] += skip;
  }
}

static const char *
quoted_value(struct arena *arena, const struct sql_token *token, const char *text)
{
  char *value = arena_alloc(arena, token->length);

  undo_token(token, text, value, &(struct trace){0});
  return value;
}

static const char *
body_value(struct arena *arena, const char *text, size_t length)
{
  const char *close = memchr(text + 1, '$', length - 1);
  size_t tag = (size_t)(close - text) + 1;

  return arena_strndup(arena, text + tag, length - 2 * tag);
}

const char *
sql_token_value(struct arena *arena, const struct sql_tokens *tokens, size_t index)
{
  const struct sql_token *token = &tokens->at[index < tokens->count ? index : tokens->count];
  const char *text = tokens->text + token->start;

  switch (token->kind) {
  case SQL_NAME:
  case SQL_STRING: return quoted_value(arena, token, text);
  case SQL_HEX: return arena_strndup(arena, text + 2, token->length - 3);
  case SQL_BODY: return body_value(arena, text, token->length);
  default: return arena_strndup(arena, text, token->length);
  }
}
