/* SPDX-License-Identifier: Apache-2.0 */
/* Databricks SQL cut into tokens. The tokens of a text, put end to end, are the text again, byte for byte:
 * white space and comments are tokens too. Nothing here knows grammar. Facts: Spark's lexer and
 * https://docs.databricks.com/sql/language-manual/sql-ref-names.html, sql-ref-literals.html. */
#ifndef CLXS_KIT_SQLTEXT_TOKEN_H
#define CLXS_KIT_SQLTEXT_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum sql_kind {
  SQL_END,       /* one behind the last token, zero long */
  SQL_SPACE,     /* white space, Unicode's too */
  SQL_COMMENT,   /* -- to the line's end, nested slash-star */
  SQL_HINT,      /* slash-star-plus */
  SQL_WORD,      /* unquoted identifier or keyword */
  SQL_NAME,      /* `back-ticked` */
  SQL_STRING,    /* '...' or "...", with an r prefix where raw */
  SQL_HEX,       /* X'1F' */
  SQL_BODY,      /* $$...$$ or $tag$...$tag$ */
  SQL_NUMBER,    /* 1, 1.5e3, .5, 10L, 2.0BD */
  SQL_PARAMETER, /* :name where a parameter can stand, ? */
  SQL_VARIABLE,  /* ${...} and {{...}}: substitution before the text is SQL */
  SQL_OPERATOR,  /* one operator or punctuation mark, up to three characters; >> and >>> come as single >
                  marks,  because they also close type brackets: a parser joins neighbours */
  SQL_ERROR      /* an unterminated string, name, body or comment, to the end of the text; or a stray byte */
};

struct sql_token {
  enum sql_kind kind;
  size_t start, length;  /* bytes in the text */
  uint32_t line, column; /* from 1; columns count code points */
};

/* COUNT tokens and an SQL_END behind them. TEXT is borrowed. */
struct sql_tokens {
  const char *text;
  size_t length;
  struct sql_token *at;
  size_t count;
};

/* Cut TEXT (LENGTH bytes, may hold NULs) into ARENA. Never fails: what cannot be a token is SQL_ERROR. */
void sql_tokens_read(struct arena *arena, const char *text, size_t length, struct sql_tokens *tokens);
/* Index of the first token from INDEX on that is not space or comment (hints count as comments). */
size_t sql_tokens_skip(const struct sql_tokens *tokens, size_t index);
/* The token is this keyword (any case; only SQL_WORD) or this operator. */
bool sql_token_is(const struct sql_tokens *tokens, size_t index, const char *word);
/* What the token means: a name without back-ticks, a string with escapes undone, the inside of a body, else
 * the token's own text. In ARENA, NUL-terminated. */
const char *sql_token_value(struct arena *arena, const struct sql_tokens *tokens, size_t index);
/* The token can be one part of a name: SQL_WORD or SQL_NAME. */
bool sql_token_is_name(const struct sql_token *token);

#endif
