/* SPDX-License-Identifier: Apache-2.0 */
/* Reading Databricks SQL: a cursor over the tokens of one text, and the parts of the grammar that every
 * statement shares (names, literals, types, expressions, queries). Statements of their own are read by ddl/
 * and show/ with the same cursor. A reader returns false (or NULL) with PARSE_SYNTAX_ERROR in session->fault;
 * it never guesses. Grammar: https://docs.databricks.com/sql/language-manual/. */
#ifndef CLXS_SANDBOX_QUERY_PARSE_H
#define CLXS_SANDBOX_QUERY_PARSE_H

#include "kit/sqltext/token.h"
#include "query/ast.h"

struct session;

struct cursor {
  struct session *session;
  struct arena *arena; /* the session's */
  struct sql_tokens tokens;
  size_t at;      /* index of the next significant token */
  size_t last;    /* index of the one taken last */
  int depth;      /* nesting, bounded */
  size_t markers; /* ? seen so far */
};

/* Start on TEXT, which must live as long as what is read from it. */
void cursor_open(struct cursor *cursor, struct session *session, const char *text, size_t length);
/* The next token is this keyword or operator. */
bool cursor_is(const struct cursor *cursor, const char *word);
/* The same for the token AHEAD places further on (0: the next). */
bool cursor_is_at(const struct cursor *cursor, size_t ahead, const char *word);
/* Its kind. */
enum sql_kind cursor_kind(const struct cursor *cursor);
enum sql_kind cursor_kind_at(const struct cursor *cursor, size_t ahead);
/* Pass over the next token. */
void cursor_next(struct cursor *cursor);
/* Pass over it if it is WORD, or over several words ("IF NOT EXISTS": all or none). */
bool cursor_take(struct cursor *cursor, const char *word);
bool cursor_take_words(struct cursor *cursor, const char *words);
/* It has to be WORD (or WORDS). */
bool cursor_expect(struct cursor *cursor, const char *word);
bool cursor_expect_words(struct cursor *cursor, const char *words);
/* PARSE_SYNTAX_ERROR at the next token, with its position. Always false. */
bool cursor_fail(const struct cursor *cursor);
/* Nothing is left but one optional semicolon. */
bool cursor_finish(struct cursor *cursor);
/* First byte of the next token; first byte behind the token taken last. The text between two such places is
 * what was read: view text, CHECK text. */
size_t cursor_start(const struct cursor *cursor);
size_t cursor_end(const struct cursor *cursor);
/* The text from START to END, in the arena. */
const char *cursor_text(const struct cursor *cursor, size_t start, size_t end);

/* A list in the arena that has room for one element of SIZE more than COUNT; the new one is zeroed. */
void *ast_grow(struct arena *arena, void *at, size_t count, size_t size);

/* One identifier. Unquoted ones that are not ASCII letters, digits and _ give INVALID_IDENTIFIER. */
bool parse_word(struct cursor *cursor, const char **name);
/* A name of up to MAX parts, or IDENTIFIER(<string or parameter>), which is split into its parts. */
bool parse_name(struct cursor *cursor, size_t max, struct ast_name *name);
/* A string literal, adjacent ones joined. */
bool parse_string(struct cursor *cursor, const char **text);
/* A whole number with an optional sign. */
bool parse_integer(struct cursor *cursor, int64_t *number);
/* ( name, name, ... ) */
bool parse_name_list(struct cursor *cursor, const char ***names, size_t *count);
/* A type: INT, DECIMAL(10,2), ARRAY<STRUCT<a: INT>>, ... NULL on failure. */
const struct sql_type *parse_type(struct cursor *cursor);
/* An expression. NULL on failure. */
struct ast_expr *parse_expr(struct cursor *cursor);
/* expr, expr, ... ; at least one. */
bool parse_expr_list(struct cursor *cursor, struct ast_expr ***exprs, size_t *count);
/* A query with its WITH, set operations, ORDER BY and LIMIT. NULL on failure. */
struct ast_query *parse_query(struct cursor *cursor);
/* The next tokens can begin a query: SELECT, WITH, VALUES, TABLE, FROM, or ( before one of them. */
bool parse_query_starts(const struct cursor *cursor);
/* A table, subquery or call in FROM position with its alias, without joins: the source of MERGE, say. */
struct ast_relation *parse_relation(struct cursor *cursor);

/* Whole texts: an expression or query and nothing behind it. */
struct ast_expr *parse_expr_text(struct session *session, const char *text);
struct ast_query *parse_query_text(struct session *session, const char *text);
/* "a.`b.c`" in its parts. */
bool parse_name_text(struct session *session, const char *text, struct ast_name *name);

#endif
