/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the query parser share among themselves. */
#ifndef CLXS_SANDBOX_QUERY_PARSE_INTERNAL_H
#define CLXS_SANDBOX_QUERY_PARSE_INTERNAL_H

#include "query/parse.h"

/* How deep expressions, types, joins and subqueries may nest together. */
#define PARSE_DEPTH_MAX 250

/* Count one level; false with a fault when there are too many. Pair with parse_leave. */
bool parse_enter(struct cursor *cursor);
void parse_leave(struct cursor *cursor);

/* A new node that starts at the next token. */
struct ast_expr *parse_node(struct cursor *cursor, enum ast_kind kind);
/* Close the node behind the last token taken. */
struct ast_expr *parse_done(struct cursor *cursor, struct ast_expr *expr);
/* Append an argument; false for NULL, so that a failed read can be handed straight in. */
bool parse_add_arg(struct cursor *cursor, struct ast_expr *expr, struct ast_expr *arg);

/* The next word cannot begin an operand or be an alias without AS: it begins a clause. */
bool parse_is_clause_word(const struct cursor *cursor);

/* Literals: a number (NEGATIVE: a minus came before), DATE '...', INTERVAL ..., X'...'. NULL on failure. */
struct ast_expr *parse_number(struct cursor *cursor, bool negative);
struct ast_expr *parse_hex(struct cursor *cursor);
bool parse_starts_typed(const struct cursor *cursor);
struct ast_expr *parse_typed(struct cursor *cursor);
bool parse_starts_interval(const struct cursor *cursor);
struct ast_expr *parse_interval_literal(struct cursor *cursor);

/* Calls. parse_call reads from the opening parenthesis on. */
struct ast_expr *parse_call(struct cursor *cursor, struct ast_expr *call);
/* CAST, CASE, EXTRACT, TRIM and the like; NULL without a fault (*MINE false) when it is none of them. */
struct ast_expr *parse_special(struct cursor *cursor, bool *mine);
struct ast_window *parse_window(struct cursor *cursor);
bool parse_order(struct cursor *cursor, struct ast_order **order, size_t *count);

/* FROM's content: relations with joins and LATERAL VIEWs. */
struct ast_relation *parse_from(struct cursor *cursor);
/* [AS] alias [(a, b)] of a relation. */
bool parse_relation_alias(struct cursor *cursor, struct ast_relation *relation);
/* expr [[AS] alias | AS (a, b)] */
bool parse_item(struct cursor *cursor, struct ast_item *item);

#endif
