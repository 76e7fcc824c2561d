/* SPDX-License-Identifier: Apache-2.0 */
/* The cursor: looking ahead over the tokens that carry meaning. Knows words and brackets, no grammar. */
#include "kit/sqltext/parse.h"

#include "base/banned.h"

static size_t
index_at(const struct parse *parse, size_t ahead)
{
  size_t position = parse->at + ahead;

  return parse->sense[position < parse->count ? position : parse->count];
}

const struct sql_token *
peek(const struct parse *parse, size_t ahead)
{
  return &parse->tokens.at[index_at(parse, ahead)];
}

bool
is(const struct parse *parse, size_t ahead, const char *word)
{
  return sql_token_is(&parse->tokens, index_at(parse, ahead), word);
}

bool
is_any(const struct parse *parse, size_t ahead, const char *const *words)
{
  enum sql_kind kind = peek(parse, ahead)->kind;

  if (kind != SQL_WORD && kind != SQL_OPERATOR) return false;
  for (; *words; words++)
    if (is(parse, ahead, *words)) return true;
  return false;
}

bool
skip_word(struct parse *parse, const char *word)
{
  if (!is(parse, 0, word)) return false;
  parse->at++;
  return true;
}

bool
skip_words(struct parse *parse, const char *first, const char *second)
{
  if (!is(parse, 0, first) || !is(parse, 1, second)) return false;
  parse->at += 2;
  return true;
}

bool
at_end(const struct parse *parse)
{
  return parse->at >= parse->count || is(parse, 0, ";");
}

bool
at_name(const struct parse *parse, size_t ahead)
{
  const struct sql_token *token = peek(parse, ahead);

  return sql_token_is_name(token) || token->kind == SQL_VARIABLE;
}

bool
is_adjacent(const struct parse *parse, size_t ahead)
{
  const struct sql_token *token = peek(parse, ahead);

  return token->start + token->length == peek(parse, ahead + 1)->start;
}

size_t
offset_at(const struct parse *parse, size_t ahead)
{
  return parse->origin + peek(parse, ahead)->start;
}

size_t
offset_behind(const struct parse *parse)
{
  const struct sql_token *last = &parse->tokens.at[parse->sense[parse->at - 1]];

  return parse->origin + last->start + last->length;
}

const char *
value_at(const struct parse *parse, size_t ahead)
{
  return sql_token_value(parse->found->arena, &parse->tokens, index_at(parse, ahead));
}

/* The keyword here begins a query, and is not a name that happens to be spelled so. */
bool
starts_query(const struct parse *parse, size_t ahead)
{
  static const char *const after_name[] = {".",  ",",       ")",    "=",   "<",  ">",  "]",  ":",
                                           "::", "->",      "=>",   "+",   "/",  "||", "as", "is",
                                           "in", "between", "like", "and", "or", NULL};

  if (is(parse, ahead, "select")) {
    return !is(parse, ahead + 1, ".") && !is(parse, ahead + 1, "->") && !is(parse, ahead + 1, "=>") &&
           !is(parse, ahead + 1, ",") && !is(parse, ahead + 1, ")");
  }
  if (is(parse, ahead, "from"))
    return at_name(parse, ahead + 1) ? !is_any(parse, ahead + 1, after_name) : is(parse, ahead + 1, "(");
  if (is(parse, ahead, "with")) {
    return (at_name(parse, ahead + 1) && (is(parse, ahead + 2, "as") || is(parse, ahead + 2, "("))) ||
           is(parse, ahead + 1, "recursive");
  }
  if (is(parse, ahead, "values")) {
    const struct sql_token *next = peek(parse, ahead + 1);

    return next->kind == SQL_STRING || next->kind == SQL_NUMBER || next->kind == SQL_PARAMETER ||
           is(parse, ahead + 1, "(") || is(parse, ahead + 1, "-") ||
           (at_name(parse, ahead + 1) && !is_any(parse, ahead + 1, after_name));
  }
  if (is(parse, ahead, "table")) return at_name(parse, ahead + 1) && !is_any(parse, ahead + 1, after_name);
  return false;
}

bool
opens_query(const struct parse *parse, size_t ahead)
{
  while (is(parse, ahead, "("))
    ahead++;
  return starts_query(parse, ahead);
}

void
skip_rest(struct parse *parse)
{
  for (; !at_end(parse) && !is(parse, 0, ")"); parse->at++)
    note_string(parse, 0);
}

void
skip_group(struct parse *parse)
{
  size_t open = 0;

  do {
    if (is(parse, 0, "(") || is(parse, 0, "[")) open++;
    if ((is(parse, 0, ")") || is(parse, 0, "]")) && open > 0) open--;
    note_string(parse, 0);
    parse->at++;
  } while (open > 0 && parse->at < parse->count);
}
