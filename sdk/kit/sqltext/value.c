/* SPDX-License-Identifier: Apache-2.0 */
/* What tokens mean: names without their back-ticks, strings with their escapes undone. */
#include "kit/sqltext/token.h"

#include "base/arena.h"
#include "base/str.h"

#include "base/banned.h"

static int
digit_of(char c) {
  if (str_is_digit(c)) return c - '0';
  c = str_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* COUNT digits of base 8 or 16 at FROM as a code point written to OUT; false where they are not all there. */
static bool
undo_code(const char *from, const char *limit, size_t count, int base, char **out) {
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
undo_escape(const char *from, const char *limit, char **out) {
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

/* LENGTH bytes between the quotes. No escape is longer than what it is written with, so LENGTH is enough. */
static const char *
undo_string(struct arena *arena, const char *from, size_t length, char quote) {
  const char *limit = from + length;
  char *value = arena_alloc(arena, length + 1), *out = value;

  while (from < limit) {
    if (*from == '\\' && from + 1 < limit) {
      from += 1 + undo_escape(from + 1, limit, &out);
      continue;
    }
    if (*from == quote && from + 1 < limit && from[1] == quote) from++;
    *out++ = *from++;
  }
  *out = '\0';
  return value;
}

static const char *
undo_name(struct arena *arena, const char *from, size_t length) {
  char *value = arena_alloc(arena, length + 1), *out = value;

  for (size_t i = 0; i < length; i++) {
    if (from[i] == '`' && i + 1 < length && from[i + 1] == '`') i++;
    *out++ = from[i];
  }
  *out = '\0';
  return value;
}

static const char *
body_value(struct arena *arena, const char *text, size_t length) {
  const char *close = memchr(text + 1, '$', length - 1);
  size_t tag = (size_t)(close - text) + 1;

  return arena_strndup(arena, text + tag, length - 2 * tag);
}

const char *
sql_token_value(struct arena *arena, const struct sql_tokens *tokens, size_t index) {
  const struct sql_token *token = &tokens->at[index < tokens->count ? index : tokens->count];
  const char *text = tokens->text + token->start;

  switch (token->kind) {
  case SQL_NAME: return undo_name(arena, text + 1, token->length - 2);
  case SQL_STRING:
    if (str_is_alpha(*text)) return arena_strndup(arena, text + 2, token->length - 3);
    return undo_string(arena, text + 1, token->length - 2, *text);
  case SQL_HEX: return arena_strndup(arena, text + 2, token->length - 3);
  case SQL_BODY: return body_value(arena, text, token->length);
  default: return arena_strndup(arena, text, token->length);
  }
}
