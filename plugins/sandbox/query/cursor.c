/* SPDX-License-Identifier: Apache-2.0 */
/* The cursor over one text's tokens, and the small readers every statement shares: words, names, strings,
 * numbers. It knows tokens and positions, not statements. */
#include "query/parse.h"

#include "base/arena.h"
#include "base/str.h"
#include "engine.h"

#include "base/banned.h"

#define TEXT_MAX 80

void
cursor_open(struct cursor *cursor, struct session *session, const char *text, size_t length)
{
  *cursor = (struct cursor){.session = session, .arena = session->arena};
  sql_tokens_read(session->arena, text, length, &cursor->tokens);
  cursor->at = cursor->last = sql_tokens_skip(&cursor->tokens, 0);
}

static size_t
ahead_of(const struct cursor *cursor, size_t ahead)
{
  size_t at = cursor->at;

  while (ahead-- > 0 && at < cursor->tokens.count)
    at = sql_tokens_skip(&cursor->tokens, at + 1);
  return at;
}

bool
cursor_is_at(const struct cursor *cursor, size_t ahead, const char *word)
{
  return sql_token_is(&cursor->tokens, ahead_of(cursor, ahead), word);
}

bool
cursor_is(const struct cursor *cursor, const char *word)
{
  return sql_token_is(&cursor->tokens, cursor->at, word);
}

enum sql_kind
cursor_kind_at(const struct cursor *cursor, size_t ahead)
{
  return cursor->tokens.at[ahead_of(cursor, ahead)].kind;
}

enum sql_kind
cursor_kind(const struct cursor *cursor)
{
  return cursor->tokens.at[cursor->at].kind;
}

void
cursor_next(struct cursor *cursor)
{
  if (cursor->at >= cursor->tokens.count) return;
  cursor->last = cursor->at;
  cursor->at = sql_tokens_skip(&cursor->tokens, cursor->at + 1);
}

bool
cursor_take(struct cursor *cursor, const char *word)
{
  if (!cursor_is(cursor, word)) return false;
  cursor_next(cursor);
  return true;
}

/* The next of several WORDS, cut off at the blank; NULL when there is none left. */
static const char *
next_word(const char **words, char word[static 32])
{
  size_t length = strcspn(*words, " ");

  if (length == 0 || length >= 32) return NULL;
  memcpy(word, *words, length);
  word[length] = '\0';
  *words += length;
  while (**words == ' ')
    ++*words;
  return word;
}

bool
cursor_take_words(struct cursor *cursor, const char *words)
{
  size_t count = 0;
  char word[32];

  for (const char *rest = words; next_word(&rest, word); count++)
    if (!cursor_is_at(cursor, count, word)) return false;
  while (count-- > 0)
    cursor_next(cursor);
  return true;
}

bool
cursor_expect(struct cursor *cursor, const char *word)
{
  return cursor_take(cursor, word) || cursor_fail(cursor);
}

bool
cursor_expect_words(struct cursor *cursor, const char *words)
{
  char word[32];

  for (const char *rest = words; next_word(&rest, word);)
    if (!cursor_expect(cursor, word)) return false;
  return true;
}

bool
cursor_fail(const struct cursor *cursor)
{
  const struct sql_token *token = &cursor->tokens.at[cursor->at];
  size_t shown = token->length > TEXT_MAX ? TEXT_MAX : token->length;

  if (token->kind == SQL_END)
    return fault_set(cursor->session, "PARSE_SYNTAX_ERROR", "42601",
                     "Syntax error at or near end of input (line %u, pos %u).", token->line,
                     token->column - 1);
  return fault_set(cursor->session, "PARSE_SYNTAX_ERROR", "42601",
                   "Syntax error at or near '%.*s' (line %u, pos %u).", (int)shown,
                   cursor->tokens.text + token->start, token->line, token->column - 1);
}

bool
cursor_finish(struct cursor *cursor)
{
  cursor_take(cursor, ";");
  return cursor_kind(cursor) == SQL_END || cursor_fail(cursor);
}

size_t
cursor_start(const struct cursor *cursor)
{
  return cursor->tokens.at[cursor->at].start;
}

size_t
cursor_end(const struct cursor *cursor)
{
  const struct sql_token *token = &cursor->tokens.at[cursor->last];

  return token->start + token->length;
}

const char *
cursor_text(const struct cursor *cursor, size_t start, size_t end)
{
  return arena_strndup(cursor->arena, cursor->tokens.text + start, end - start);
}

bool
parse_word(struct cursor *cursor, const char **name)
{
  const struct sql_token *token = &cursor->tokens.at[cursor->at];
  const char *text = cursor->tokens.text + token->start;

  if (!sql_token_is_name(token)) return cursor_fail(cursor);
  for (size_t i = 0; token->kind == SQL_WORD && i < token->length; i++)
    if (!str_is_alnum(text[i]) && text[i] != '_')
      return fault_set(
          cursor->session, "INVALID_IDENTIFIER", "42602",
          "The unquoted identifier %.*s is invalid and must be back quoted as: `%.*s`. Unquoted "
          "identifiers can only contain ASCII letters ('a' - 'z', 'A' - 'Z'), digits ('0' - '9'), and "
          "underbar ('_'). Unquoted identifiers must also not start with a digit.",
          (int)token->length, text, (int)token->length, text);
  *name = sql_token_value(cursor->arena, &cursor->tokens, cursor->at);
  if (**name == '\0') return cursor_fail(cursor);
  cursor_next(cursor);
  return true;
}

static bool
identifier_text(struct cursor *cursor, const char **text)
{
  const struct session *session = cursor->session;
  const char *name;

  if (cursor_kind(cursor) == SQL_STRING) return parse_string(cursor, text);
  if (cursor_kind(cursor) != SQL_PARAMETER || cursor_is(cursor, "?")) return cursor_fail(cursor);
  name = sql_token_value(cursor->arena, &cursor->tokens, cursor->at) + 1;
  cursor_next(cursor);
  for (size_t i = 0; i < session->bind_count; i++)
    if (str_ieq(session->binds[i].name, name) && session->binds[i].value) {
      *text = session->binds[i].value;
      return true;
    }
  return fault_set(
      cursor->session, "UNBOUND_SQL_PARAMETER", "42P02",
      "Found the unbound parameter: %s. Please, fix `args` and provide a mapping of the parameter to "
      "either a SQL literal or collection constructor functions such as `map()`, `array()`, `struct()`.",
      name);
}

/* IDENTIFIER('a.b') stands for the whole name; further parts may be appended only to the literal form. */
static bool
parse_identifier_clause(struct cursor *cursor, size_t max, struct ast_name *name)
{
  const char *text = NULL;

  cursor_next(cursor);
  cursor_next(cursor);
  if (!identifier_text(cursor, &text) || !cursor_expect(cursor, ")")) return false;
  if (!parse_name_text(cursor->session, text, name)) return false;
  if (name->count <= max) return true;
  return fault_set(cursor->session, "IDENTIFIER_TOO_MANY_NAME_PARTS", "42601",
                   "%s is not a valid identifier as it has "
                   "more than %zu name parts.",
                   text, max);
}

/* my-catalog.x: to the lexer a subtraction; where a name has to stand the service says what the writer meant.
 */
static bool
check_hyphen(const struct cursor *cursor)
{
  const struct sql_token *word = &cursor->tokens.at[cursor->last], *minus = &cursor->tokens.at[cursor->at];
  const struct sql_token *after = minus + 1;

  if (word->kind != SQL_WORD || !cursor_is(cursor, "-") || minus->start != word->start + word->length ||
      (after->kind != SQL_WORD && after->kind != SQL_NUMBER))
    return true;
  return fault_set(
      cursor->session, "INVALID_IDENTIFIER", "42602",
      "The unquoted identifier %.*s is invalid and must be back quoted as: `%.*s`. Unquoted identifiers "
      "can only contain ASCII letters, digits and underbar.",
      (int)(after->start + after->length - word->start), cursor->tokens.text + word->start,
      (int)(after->start + after->length - word->start), cursor->tokens.text + word->start);
}

bool
parse_name(struct cursor *cursor, size_t max, struct ast_name *name)
{
  *name = (struct ast_name){0};
  if (cursor_is(cursor, "IDENTIFIER") && cursor_is_at(cursor, 1, "("))
    return parse_identifier_clause(cursor, max, name);
  for (;;) {
    if (name->count >= max || name->count >= AST_NAME_PARTS) return cursor_fail(cursor);
    if (!parse_word(cursor, &name->parts[name->count])) return false;
    name->count++;
    if (!check_hyphen(cursor)) return false;
    if (!cursor_take(cursor, ".")) return true;
  }
}

bool
parse_string(struct cursor *cursor, const char **text)
{
  const char *whole;

  if (cursor_kind(cursor) != SQL_STRING) return cursor_fail(cursor);
  whole = sql_token_value(cursor->arena, &cursor->tokens, cursor->at);
  cursor_next(cursor);
  while (cursor_kind(cursor) == SQL_STRING) {
    whole = arena_printf(cursor->arena, "%s%s", whole,
                         sql_token_value(cursor->arena, &cursor->tokens, cursor->at));
    cursor_next(cursor);
  }
  *text = whole;
  return true;
}

bool
parse_integer(struct cursor *cursor, int64_t *number)
{
  bool negative = cursor_take(cursor, "-");
  const char *digits = sql_token_value(cursor->arena, &cursor->tokens, cursor->at);

  if (cursor_kind(cursor) != SQL_NUMBER ||
      !str_to_int64(negative ? arena_printf(cursor->arena, "-%s", digits) : digits, number))
    return cursor_fail(cursor);
  cursor_next(cursor);
  return true;
}

bool
parse_name_list(struct cursor *cursor, const char ***names, size_t *count)
{
  *names = NULL;
  *count = 0;
  if (!cursor_expect(cursor, "(")) return false;
  do {
    *names = ast_grow(cursor->arena, *names, *count, sizeof **names);
    if (!parse_word(cursor, &(*names)[*count])) return false;
    ++*count;
  } while (cursor_take(cursor, ","));
  return cursor_expect(cursor, ")");
}

bool
parse_name_text(struct session *session, const char *text, struct ast_name *name)
{
  struct cursor cursor;

  cursor_open(&cursor, session, text, strlen(text));
  return parse_name(&cursor, AST_NAME_PARTS, name) && cursor_finish(&cursor);
}
