/* SPDX-License-Identifier: Apache-2.0 */
/* See condition.h. Brackets are counted over tokens, so that those in strings and names do not count. */
#include "kit/sqltext/condition.h"

#include "base/arena.h"
#include "base/str.h"
#include "kit/sqltext/token.h"

#include "base/banned.h"

#define DEPTH 200

/* Brackets that are open, innermost last. */
struct nesting {
  char open[DEPTH];
  size_t depth;
};

static const char *
mark_problem(struct arena *arena, const struct sql_tokens *tokens, size_t index, struct nesting *nesting)
{
  static const char opening[] = "([{", closing[] = ")]}";
  const struct sql_token *token = &tokens->at[index];
  char mark = tokens->text[token->start];
  const char *found;

  if (token->length != 1) return NULL;
  if (mark == ';') return "a semicolon would end the statement";
  if (strchr(opening, mark)) {
    if (nesting->depth == DEPTH) return "its brackets are nested too deeply";
    nesting->open[nesting->depth++] = mark;
    return NULL;
  }
  found = strchr(closing, mark);
  if (!found) return NULL;
  if (nesting->depth && nesting->open[nesting->depth - 1] == opening[found - closing]) {
    nesting->depth--;
    return NULL;
  }
  return arena_printf(arena, "the \"%c\" at column %u closes nothing", mark, token->column);
}

static const char *
token_problem(struct arena *arena, const struct sql_tokens *tokens, size_t index, struct nesting *nesting)
{
  const struct sql_token *token = &tokens->at[index];

  switch (token->kind) {
  case SQL_COMMENT:
  case SQL_HINT: return "it holds a comment, which could hide what follows it";
  case SQL_PARAMETER: return "it holds a parameter, which nothing gives a value";
  case SQL_VARIABLE: return "it holds a ${variable}, which nothing gives a value";
  case SQL_ERROR:
    return arena_printf(arena, "what stands at column %u is not SQL, or a quote that is never closed",
                        token->column);
  case SQL_OPERATOR: return mark_problem(arena, tokens, index, nesting);
  default: return NULL;
  }
}

const char *
sql_condition_problem(struct arena *arena, const char *text)
{
  struct nesting nesting = {.depth = 0};
  struct sql_tokens tokens;
  const char *problem = NULL;

  sql_tokens_read(arena, text, strlen(text), &tokens);
  if (sql_tokens_skip(&tokens, 0) >= tokens.count) return "it is empty";
  for (size_t i = 0; i < tokens.count && !problem; i++)
    problem = token_problem(arena, &tokens, i, &nesting);
  if (problem || !nesting.depth) return problem;
  return arena_printf(arena, "a \"%c\" is never closed", nesting.open[nesting.depth - 1]);
}
