/* SPDX-License-Identifier: Apache-2.0 */
/* The lexer of Databricks SQL: one function per kind of token, each given where it starts and saying where it
 * ends. It knows characters and the one neighbour that decides what a colon is; it knows no grammar. */
#include "kit/sqltext/token.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

#include "base/banned.h"

struct lexer {
  const char *text;
  size_t length;
  bool operand; /* the last token that is no space or comment can end an operand */
  bool either;  /* ... and is a word after which a parameter may stand too */
  bool spaced;  /* white space or a comment came since */
};

/* Byte at POSITION, NUL behind the end: nothing below asks for more than it has seen. */
static char
at(const struct lexer *lexer, size_t position)
{
  return position < lexer->length ? lexer->text[position] : '\0';
}

static char
upper_at(const struct lexer *lexer, size_t position)
{
  char c = at(lexer, position);

  return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* The code point at POSITION and its length; 0 where the bytes are not UTF-8 or the text ends. */
static size_t
point_at(const struct lexer *lexer, size_t position, uint32_t *point)
{
  char bytes[5] = {0};

  *point = 0;
  if (position >= lexer->length) return 0;
  for (size_t i = 0; i < 4 && position + i < lexer->length; i++)
    bytes[i] = lexer->text[position + i];
  return utf8_decode(bytes, point);
}

static bool
is_space(uint32_t point, size_t position)
{
  switch (point) {
  case '\t':
  case '\n':
  case '\v':
  case '\f':
  case '\r':
  case ' ':
  case 0xa0:
  case 0x1680:
  case 0x2028:
  case 0x202f:
  case 0x205f:
  case 0x3000: return true;
  case 0xfeff: return position == 0; /* a byte order mark is how some editors begin a file */
  default: return point >= 0x2000 && point <= 0x200a;
  }
}

static bool
is_word_point(uint32_t point)
{
  if (point < 0x80) return str_is_alnum((char)point) || point == '_';
  if (point < 0xc0) return point == 0xaa || point == 0xb5 || point == 0xba;
  if (point >= 0x2000 && point <= 0x206f) return false;
  return point != 0xd7 && point != 0xf7 && point != 0x1680 && point != 0xfeff &&
         !(point >= 0x3000 && point <= 0x3004) && !(point >= 0x3008 && point <= 0x3020);
}

static size_t
end_of_space(const struct lexer *lexer, size_t position)
{
  uint32_t point;
  size_t step;

  while ((step = point_at(lexer, position, &point)) != 0 && is_space(point, position))
    position += step;
  return position;
}

static size_t
end_of_word(const struct lexer *lexer, size_t position)
{
  uint32_t point;
  size_t step;

  while ((step = point_at(lexer, position, &point)) != 0 && is_word_point(point))
    position += step;
  return position;
}

/* scheme://path is one identifier to the lexer, so that paths may stand where names do. */
static size_t
end_of_path(const struct lexer *lexer, size_t start, size_t word_end)
{
  size_t end = word_end + 3;

  if (word_end == start || at(lexer, word_end) != ':' || at(lexer, word_end + 1) != '/' ||
      at(lexer, word_end + 2) != '/')
    return word_end;
  for (size_t i = start; i < word_end; i++)
    if (str_is_digit(lexer->text[i]) || lexer->text[i] == '_') return word_end;
  for (;;) {
    char c = at(lexer, end);
    uint32_t point;
    size_t step = point_at(lexer, end, &point);

    if (step == 0 || (!is_word_point(point) && (c == '\0' || !strchr("/-.?=&#%", c)))) break;
    end += step;
  }
  return end > word_end + 3 ? end : word_end;
}

static size_t
end_of_digits(const struct lexer *lexer, size_t position)
{
  while (str_is_digit(at(lexer, position)))
    position++;
  return position;
}

/* Behind an exponent at POSITION, or POSITION where there is none. */
static size_t
end_of_exponent(const struct lexer *lexer, size_t position)
{
  size_t digits = position + 1;

  if (upper_at(lexer, position) != 'E') return position;
  if (at(lexer, digits) == '+' || at(lexer, digits) == '-') digits++;
  return str_is_digit(at(lexer, digits)) ? end_of_digits(lexer, digits) : position;
}

static size_t
end_of_suffix(const struct lexer *lexer, size_t position, bool whole)
{
  char c = upper_at(lexer, position);

  if (c == 'B' && upper_at(lexer, position + 1) == 'D') return position + 2;
  if (c == 'F' || c == 'D') return position + 1;
  if (whole && (c == 'L' || c == 'S' || c == 'Y')) return position + 1;
  return position;
}

/* The lexer's own check for decimals: what follows must not go on like a name. That is why s.2024_t is a
 * name. */
static bool
ends_number(const struct lexer *lexer, size_t position)
{
  uint32_t point;

  return point_at(lexer, position, &point) == 0 || !is_word_point(point);
}

/* Behind the number at POSITION, or POSITION where there is none. A whole number that goes on like a name is
 * a word. */
static size_t
end_of_number(const struct lexer *lexer, size_t position)
{
  size_t whole = end_of_digits(lexer, position), end;

  if (at(lexer, whole) == '.' && (whole > position || str_is_digit(at(lexer, whole + 1)))) {
    end = end_of_digits(lexer, whole + 1);
    end = end_of_exponent(lexer, end);
    end = end_of_suffix(lexer, end, false);
    if (ends_number(lexer, end)) return end;
  }
  if (whole == position) return position;
  end = end_of_exponent(lexer, whole);
  end = end_of_suffix(lexer, end, end == whole);
  return ends_number(lexer, end) ? end : end_of_word(lexer, position) == whole ? whole : position;
}

/* Behind the closing QUOTE of a literal whose opening one is before POSITION; 0 where it is missing. */
static size_t
end_of_quoted(const struct lexer *lexer, size_t position, char quote, bool escapes)
{
  for (; position < lexer->length; position++) {
    char c = lexer->text[position];

    if (escapes && c == '\\') {
      position++;
    } else if (c == quote) {
      if (at(lexer, position + 1) != quote || (!escapes && quote != '`')) return position + 1;
      position++;
    }
  }
  return 0;
}

/* Behind a comment that starts with two dashes: its line's end belongs to it; a backslash right before one
 * continues. */
static size_t
end_of_line_comment(const struct lexer *lexer, size_t position)
{
  while (position < lexer->length) {
    char c = lexer->text[position];

    if (c == '\\' && at(lexer, position + 1) == '\n') {
      position += 2;
    } else if (c == '\n') {
      return position + 1;
    } else if (c == '\r') {
      return position + 1 + (at(lexer, position + 1) == '\n');
    } else {
      position++;
    }
  }
  return position;
}

/* Comments nest, but a hint's opening inside a comment does not count. 0 where the closing mark is missing.
 */
static size_t
end_of_block_comment(const struct lexer *lexer, size_t position)
{
  size_t depth = 1;

  for (position += 2; position < lexer->length; position++) {
    if (at(lexer, position) == '*' && at(lexer, position + 1) == '/') {
      position++;
      if (--depth == 0) return position + 1;
    } else if (at(lexer, position) == '/' && at(lexer, position + 1) == '*' &&
               at(lexer, position + 2) != '+') {
      position++;
      depth++;
    }
  }
  return 0;
}

/* Strings and comments inside a hint are what they are elsewhere. */
static size_t
end_of_hint(const struct lexer *lexer, size_t position)
{
  for (position += 3; position < lexer->length;) {
    char c = lexer->text[position];
    size_t end = position + 1;

    if (c == '*' && at(lexer, position + 1) == '/') return position + 2;
    if (c == '\'' || c == '"') end = end_of_quoted(lexer, position + 1, c, true);
    if (c == '`') end = end_of_quoted(lexer, position + 1, c, false);
    if (c == '/' && at(lexer, position + 1) == '*') end = end_of_block_comment(lexer, position);
    position = end ? end : position + 1;
  }
  return 0;
}

/* The length of $tag$ at POSITION; 0 where there is none. */
static size_t
dollar_tag(const struct lexer *lexer, size_t position)
{
  size_t end = end_of_word(lexer, position + 1);

  return at(lexer, end) == '$' && !str_is_digit(at(lexer, position + 1)) ? end + 1 - position : 0;
}

static size_t
end_of_body(const struct lexer *lexer, size_t position, size_t tag)
{
  const char *start = lexer->text + position;
  const char *close = memmem(start + tag, lexer->length - position - tag, start, tag);

  return close ? (size_t)(close - lexer->text) + tag : 0;
}

/* Operators of more than one character, longest first. `>>` is not among them: it also closes two type
 * brackets. */
static size_t
operator_length(const struct lexer *lexer, size_t position)
{
  static const char *const known[] = {
      "<=>", "<=", "<>", "<<", ">=", "==", "=>", "!=", "!<", "!>", "||", "|>", "->", "::", ":="};

  for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
    size_t length = strlen(known[i]);

    if (position + length <= lexer->length && memcmp(lexer->text + position, known[i], length) == 0)
      return length;
  }
  return 1;
}

/* Words that cannot end an operand: a colon behind one of them starts a parameter. */
static const char *const operator_words[] = {
    "select",    "where", "and",      "or",      "not",    "in",       "when",   "then",  "else",
    "case",      "on",    "having",   "by",      "like",   "ilike",    "rlike",  "limit", "offset",
    "between",   "from",  "join",     "set",     "values", "of",       "return", "using", "with",
    "as",        "div",   "distinct", "qualify", "regexp", "interval", "escape", "union", "except",
    "intersect", "all",   "is",       "into",    "if",     "elseif",   "while",  "until", "immediate"};
/* Words that may also be the name of a column: here the blank before the colon tells the two apart. */
static const char *const either_words[] = {"comment", "location", "default",  "retain",
                                           "to",      "every",    "timestamp"};

static bool
is_one_of(const char *const *words, size_t count, const char *word, size_t length)
{
  for (size_t i = 0; i < count; i++)
    if (strlen(words[i]) == length && str_ieqn(words[i], word, length)) return true;
  return false;
}

/* `a:b` is a path into a; `x = :b`, `LIMIT :b` and `COMMENT :b` are parameters. */
static bool
is_parameter(const struct lexer *lexer, size_t position)
{
  uint32_t point;

  if (lexer->operand && !(lexer->either && lexer->spaced)) return false;
  return point_at(lexer, position + 1, &point) != 0 && is_word_point(point);
}

static enum sql_kind
closed(const struct lexer *lexer, enum sql_kind kind, size_t *end)
{
  if (*end != 0) return kind;
  *end = lexer->length;
  return SQL_ERROR;
}

static enum sql_kind
read_dollar(const struct lexer *lexer, size_t start, size_t *end)
{
  size_t tag;

  if (at(lexer, start + 1) == '{') {
    const char *close = memchr(lexer->text + start, '}', lexer->length - start);

    *end = close ? (size_t)(close - lexer->text) + 1 : 0;
    return closed(lexer, SQL_VARIABLE, end);
  }
  tag = dollar_tag(lexer, start);
  *end = start + 1;
  if (tag == 0) return SQL_ERROR;
  *end = end_of_body(lexer, start, tag);
  return closed(lexer, SQL_BODY, end);
}

static enum sql_kind
read_slash(const struct lexer *lexer, size_t start, size_t *end)
{
  if (at(lexer, start + 1) != '*') {
    *end = start + 1;
    return SQL_OPERATOR;
  }
  if (at(lexer, start + 2) == '+') {
    *end = end_of_hint(lexer, start);
    return closed(lexer, SQL_HINT, end);
  }
  *end = end_of_block_comment(lexer, start);
  return closed(lexer, SQL_COMMENT, end);
}

/* {{ name }}: the older substitution of queries and dashboards. */
static enum sql_kind
read_brace(const struct lexer *lexer, size_t start, size_t *end)
{
  const char *close = NULL;

  if (at(lexer, start + 1) == '{') close = memmem(lexer->text + start, lexer->length - start, "}}", 2);
  *end = close ? (size_t)(close - lexer->text) + 2 : start + 1;
  return close ? SQL_VARIABLE : SQL_ERROR;
}

static enum sql_kind
read_mark(const struct lexer *lexer, size_t start, size_t *end)
{
  char c = lexer->text[start];

  if (c == '\'' || c == '"') {
    *end = end_of_quoted(lexer, start + 1, c, true);
    return closed(lexer, SQL_STRING, end);
  }
  if (c == '`') {
    *end = end_of_quoted(lexer, start + 1, c, false);
    return closed(lexer, SQL_NAME, end);
  }
  if (c == '-' && at(lexer, start + 1) == '-') {
    *end = end_of_line_comment(lexer, start);
    return SQL_COMMENT;
  }
  if (c == '/') return read_slash(lexer, start, end);
  if (c == '$') return read_dollar(lexer, start, end);
  if (c == '{') return read_brace(lexer, start, end);
  if (c == ':' && is_parameter(lexer, start)) {
    *end = end_of_word(lexer, start + 1);
    return SQL_PARAMETER;
  }
  *end = start + 1;
  if (c == '?') return SQL_PARAMETER;
  if (c == '\0' || !strchr("()[]<>=!+-*/%&|^~,.;:@", c)) return SQL_ERROR;
  *end = start + operator_length(lexer, start);
  return SQL_OPERATOR;
}

static enum sql_kind
read_word(const struct lexer *lexer, size_t start, size_t *end)
{
  char c = upper_at(lexer, start), quote;

  *end = end_of_word(lexer, start);
  quote = at(lexer, *end);
  if (*end == start + 1 && (quote == '\'' || quote == '"') && (c == 'R' || c == 'X')) {
    *end = end_of_quoted(lexer, start + 2, quote, false);
    return closed(lexer, c == 'R' ? SQL_STRING : SQL_HEX, end);
  }
  *end = end_of_path(lexer, start, *end);
  return SQL_WORD;
}

static enum sql_kind
read_token(const struct lexer *lexer, size_t start, size_t *end)
{
  uint32_t point;
  size_t step;

  *end = end_of_space(lexer, start);
  if (*end > start) return SQL_SPACE;
  *end = end_of_number(lexer, start);
  if (*end > start) return SQL_NUMBER;
  step = point_at(lexer, start, &point);
  if (step != 0 && is_word_point(point)) return read_word(lexer, start, end);
  if (step == 1 || at(lexer, start) == '\0') return read_mark(lexer, start, end);
  *end = start + (step ? step : 1);
  return SQL_ERROR;
}

/* Line and column behind LENGTH bytes of TEXT. A line ends with LF, CR, or both. */
static void
advance(const char *text, size_t length, const char *limit, uint32_t *line, uint32_t *column)
{
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)text[i];

    if (c == '\n' || (c == '\r' && (text + i + 1 == limit || text[i + 1] != '\n'))) {
      ++*line;
      *column = 1;
    } else if ((c & 0xc0) != 0x80) {
      ++*column;
    }
  }
}

static void
note_operand(struct lexer *lexer, const struct sql_token *token)
{
  const char *text = lexer->text + token->start;

  if (token->kind >= SQL_SPACE && token->kind <= SQL_HINT) {
    lexer->spaced = true;
    return;
  }
  lexer->either = false;
  switch (token->kind) {
  case SQL_WORD:
    lexer->operand = !is_one_of(operator_words, ARRAY_SIZE(operator_words), text, token->length);
    lexer->either = is_one_of(either_words, ARRAY_SIZE(either_words), text, token->length);
    break;
  case SQL_NAME:
  case SQL_STRING:
  case SQL_HEX:
  case SQL_NUMBER:
  case SQL_PARAMETER:
  case SQL_VARIABLE: lexer->operand = true; break;
  default: lexer->operand = token->length == 1 && (*text == ')' || *text == ']'); break;
  }
  lexer->spaced = false;
}

void
sql_tokens_read(struct arena *arena, const char *text, size_t length, struct sql_tokens *tokens)
{
  struct lexer lexer = {.text = text, .length = length};
  VEC(struct sql_token) found = {0};
  uint32_t line = 1, column = 1;
  size_t start = 0;

  while (start < length) {
    struct sql_token *token = VEC_ADD(&found);
    size_t end;

    token->kind = read_token(&lexer, start, &end);
    token->start = start;
    token->length = end - start;
    token->line = line;
    token->column = column;
    note_operand(&lexer, token);
    advance(text + start, end - start, text + length, &line, &column);
    start = end;
  }
  *tokens = (struct sql_tokens){.text = text, .length = length, .count = found.count};
  *VEC_ADD(&found) = (struct sql_token){.kind = SQL_END, .start = length, .line = line, .column = column};
  tokens->at = arena_array(arena, found.count, sizeof *found.at);
  memcpy(tokens->at, found.at, found.count * sizeof *found.at);
  VEC_FREE(&found);
}

size_t
sql_tokens_skip(const struct sql_tokens *tokens, size_t index)
{
  while (index < tokens->count && tokens->at[index].kind >= SQL_SPACE && tokens->at[index].kind <= SQL_HINT)
    index++;
  return index < tokens->count ? index : tokens->count;
}

bool
sql_token_is(const struct sql_tokens *tokens, size_t index, const char *word)
{
  const struct sql_token *token = &tokens->at[index < tokens->count ? index : tokens->count];

  if (token->kind != SQL_WORD && token->kind != SQL_OPERATOR) return false;
  return strlen(word) == token->length && str_ieqn(tokens->text + token->start, word, token->length);
}

bool
sql_token_is_name(const struct sql_token *token)
{
  return token->kind == SQL_WORD || token->kind == SQL_NAME;
}
