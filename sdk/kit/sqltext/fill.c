/* SPDX-License-Identifier: Apache-2.0 */
/* See fill.h. The tokenizer says where a placeholder stands; each place has its own way of quoting. */
#include "kit/sqltext/fill.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "kit/sqltext/quote.h"
#include "kit/sqltext/token.h"

#include "base/banned.h"

struct filling {
  struct arena *arena;
  const struct sqltext_value *values;
  size_t count;
  struct sql_tokens tokens;
  struct buf *out;
  const char *problem;
};

static bool
refuse(struct filling *filling, const char *problem)
{
  filling->problem = problem;
  return false;
}

/* The value that "${name}" of LENGTH bytes at TEXT stands for; NULL, with the reason, when it is none. */
static const char *
find_value(struct filling *filling, const char *text, size_t length)
{
  CLEANUP_BUF struct buf known = BUF_INIT(BUF_LARGE);
  const char *name = arena_strndup(filling->arena, text + 2, length - 3);

  for (size_t i = 0; i < filling->count; i++) {
    if (str_eq(filling->values[i].name, name)) return filling->values[i].value;
    buf_addf(&known, "%s${%s}", i ? ", " : "", filling->values[i].name);
  }
  refuse(filling, arena_printf(filling->arena, "${%s} means nothing here; there is %s", name, known.data));
  return NULL;
}

/* VALUE inside quotes of the kind QUOTE. False where they cannot hold it. */
static bool
add_inside(struct filling *filling, const char *value, char quote, bool raw)
{
  if (raw && strchr(value, quote))
    return refuse(filling, arena_printf(filling->arena,
                                        "a raw string cannot hold the value \"%s\"; use a plain one", value));
  for (; *value; value++) {
    if (quote == '`' && *value == '`') buf_add_char(filling->out, '`');
    if (quote != '`' && !raw && (*value == quote || *value == '\\')) buf_add_char(filling->out, '\\');
    buf_add_char(filling->out, *value);
  }
  return true;
}

/* A string or a name in back-ticks, with what it holds of placeholders filled in. */
static bool
fill_quoted(struct filling *filling, const char *text, size_t length)
{
  bool raw = *text == 'r' || *text == 'R';
  char quote = text[raw];
  const char *end = text + length;

  while (text < end) {
    const char *close =
        text[0] == '$' && text + 1 < end && text[1] == '{' ? memchr(text, '}', (size_t)(end - text)) : NULL;
    const char *value;

    if (!close) {
      buf_add_char(filling->out, *text++);
      continue;
    }
    value = find_value(filling, text, (size_t)(close + 1 - text));
    if (!value || !add_inside(filling, value, quote, raw)) return false;
    text = close + 1;
  }
  return true;
}

static bool
is_piece(const struct sql_token *token)
{
  return token->kind == SQL_VARIABLE || token->kind == SQL_WORD || token->kind == SQL_NUMBER;
}

/* The words and placeholders from *INDEX on that touch each other are one name. */
static bool
fill_free(struct filling *filling, size_t *index)
{
  CLEANUP_BUF struct buf name = BUF_INIT(BUF_SQL);

  for (; is_piece(&filling->tokens.at[*index]); (*index)++) {
    const struct sql_token *token = &filling->tokens.at[*index];
    const char *text = filling->tokens.text + token->start;
    const char *value;

    if (token->kind != SQL_VARIABLE) {
      buf_add(&name, text, token->length);
      continue;
    }
    if (*text != '$') return refuse(filling, "{{...}} means nothing here; write ${...}");
    value = find_value(filling, text, token->length);
    if (!value) return false;
    buf_add_text(&name, value);
  }
  sql_add_name(filling->out, name.data);
  return true;
}

/* A placeholder is among the tokens from INDEX on that touch each other. */
static bool
holds_variable(const struct filling *filling, size_t index)
{
  for (; is_piece(&filling->tokens.at[index]); index++)
    if (filling->tokens.at[index].kind == SQL_VARIABLE) return true;
  return false;
}

static bool
fill_token(struct filling *filling, size_t *index)
{
  const struct sql_token *token = &filling->tokens.at[*index];
  const char *text = filling->tokens.text + token->start;

  if (holds_variable(filling, *index)) return fill_free(filling, index);
  (*index)++;
  if (token->kind == SQL_ERROR)
    return refuse(filling,
                  arena_printf(filling->arena, "line %u, column %u cannot be read: something is not closed",
                               token->line, token->column));
  if (token->kind == SQL_STRING || token->kind == SQL_NAME) return fill_quoted(filling, text, token->length);
  if (token->kind == SQL_BODY && memmem(text, token->length, "${", 2))
    return refuse(filling, "a placeholder in a $$ body cannot be filled in");
  buf_add(filling->out, text, token->length);
  return true;
}

/* Where the statement ends: before a semicolon and white space, which may be there. */
static bool
find_end(struct filling *filling, size_t *end)
{
  size_t last = filling->tokens.count;

  for (size_t i = 0; i < filling->tokens.count; i++) {
    if (!sql_token_is(&filling->tokens, i, ";")) continue;
    if (sql_tokens_skip(&filling->tokens, i + 1) < filling->tokens.count)
      return refuse(filling, "it is more than one statement; give each an entry of its own");
    last = i;
    break;
  }
  if (sql_tokens_skip(&filling->tokens, 0) >= last) return refuse(filling, "there is no statement in it");
  while (last > 0 && filling->tokens.at[last - 1].kind == SQL_SPACE)
    last--;
  *end = last;
  return true;
}

bool
sqltext_fill(struct arena *arena, const char *text, const struct sqltext_value *values, size_t count,
             const char **filled, const char **problem)
{
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_SQL);
  struct filling filling = {.arena = arena, .values = values, .count = count, .out = &out};
  size_t end = 0;
  bool good;

  *filled = *problem = NULL;
  sql_tokens_read(arena, text, strlen(text), &filling.tokens);
  good = find_end(&filling, &end);
  for (size_t i = 0; good && i < end;)
    good = fill_token(&filling, &i);
  if (good && out.overflow) good = refuse(&filling, "it is longer than a statement can be");
  *problem = filling.problem;
  if (good) *filled = arena_strndup(arena, out.data, out.len);
  return good;
}
