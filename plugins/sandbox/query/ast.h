/* SPDX-License-Identifier: Apache-2.0 */
/* What a query is once it has been read: names, expressions, relations, queries. Everything lives in the
 * arena of the cursor that read it. Nothing here is resolved: a name is only its parts. */
#ifndef CLXS_SANDBOX_QUERY_AST_H
#define CLXS_SANDBOX_QUERY_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "query/type.h"

struct ast_query;
struct ast_expr;

#define AST_NAME_PARTS 8

/* `a`.`b`.`c` without back-ticks, in the case it was written. */
struct ast_name {
  const char *parts[AST_NAME_PARTS];
  size_t count;
};

enum ast_kind {
  AST_NULL,
  AST_BOOLEAN,   /* text "true" or "false" */
  AST_NUMBER,    /* type says which; text is its plain digits */
  AST_STRING,    /* text, length */
  AST_BINARY,    /* text: bytes, length */
  AST_TYPED,     /* DATE 'x', TIMESTAMP 'x', TIMESTAMP_NTZ 'x': type, text */
  AST_INTERVAL,  /* INTERVAL 'x' unit [TO unit], INTERVAL n unit: type; args[0] the amount */
  AST_PARAMETER, /* text: name of :name, or NULL for ? with its position in number */
  AST_NAME,      /* name: a column, with qualifiers or fields */
  AST_STAR,      /* [name.]*, except */
  AST_UNARY,     /* op: - + ~ NOT; args[0] */
  AST_INFIX,     /* op: + - * / % DIV = <> < <= > >= <=> AND OR || & | ^; args[0..1] */
  AST_CALL,      /* name(args), distinct, filter, order, window */
  AST_CASE,      /* operand (may be NULL), args: when, then, when, then, ...; otherwise */
  AST_CAST,      /* args[0], type; soft: TRY_CAST */
  AST_BETWEEN,   /* args[0] BETWEEN args[1] AND args[2]; negated */
  AST_IN,        /* args[0] IN (args[1..]) or IN (query); negated */
  AST_LIKE,      /* args[0] op args[1] [ESCAPE text]; op LIKE ILIKE RLIKE; quantifier ANY/ALL with args[1..];
                    negated */
  AST_IS,        /* args[0] IS op; op NULL TRUE FALSE UNKNOWN DISTINCT (from args[1]); negated */
  AST_EXISTS,    /* query */
  AST_SUBQUERY,  /* query: one value */
  AST_INDEX,     /* args[0][args[1]] */
  AST_FIELD,     /* args[0].text */
  AST_PATH,      /* args[0]:text, a JSON path such as "a.b[0]" */
  AST_LAMBDA,    /* params -> args[0] */
  AST_ROW        /* (a, b, ...) */
};

struct ast_order {
  struct ast_expr *expr;
  bool descending;
  bool nulls_given, nulls_last;
};

struct ast_bound {
  enum { BOUND_UNBOUNDED, BOUND_CURRENT, BOUND_PRECEDING, BOUND_FOLLOWING } kind;
  bool following; /* of UNBOUNDED */
  struct ast_expr *amount;
};

struct ast_window {
  const char *reference; /* OVER name, or the window that this one refines */
  struct ast_expr **partition;
  size_t partition_count;
  struct ast_order *order;
  size_t order_count;
  bool framed, rows; /* ROWS rather than RANGE */
  struct ast_bound start, end;
};

struct ast_expr {
  enum ast_kind kind;
  size_t start, end; /* bytes of the text it was read from */
  const char *op;    /* canonical, upper case */
  const char *text;
  size_t length;
  int64_t number;
  struct ast_name name;
  const struct sql_type *type;
  struct ast_expr **args;
  size_t arg_count;
  const char **arg_names; /* f(x => 1): NULL, or one per argument (NULL entries: by position) */
  struct ast_expr *operand, *otherwise, *filter;
  const char **params; /* of a lambda */
  size_t param_count;
  struct ast_order *order; /* WITHIN GROUP (ORDER BY ...) */
  size_t order_count;
  struct ast_window *window;
  struct ast_query *query;
  const char **except; /* * EXCEPT (a, b) */
  size_t except_count;
  bool negated, distinct, soft, all, nulls_ignored, parenthesised;
};

struct ast_item {
  struct ast_expr *expr;
  const char *alias;    /* or NULL */
  const char **aliases; /* AS (a, b) of a generator */
  size_t alias_count;
};

enum ast_relation_kind {
  RELATION_TABLE,    /* name, time travel, sample */
  RELATION_QUERY,    /* (query) */
  RELATION_FUNCTION, /* call: range(10), my.table_function(x) */
  RELATION_VALUES,   /* rows */
  RELATION_JOIN,     /* left join right */
  RELATION_EXPLODE,  /* left LATERAL VIEW [OUTER] call alias AS columns */
  RELATION_PIVOT     /* left PIVOT (...) */
};

enum ast_join { JOIN_INNER, JOIN_CROSS, JOIN_LEFT, JOIN_RIGHT, JOIN_FULL, JOIN_SEMI, JOIN_ANTI };

struct ast_relation {
  enum ast_relation_kind kind;
  size_t start, end;
  struct ast_name name;
  struct ast_expr *identifier;          /* IDENTIFIER(expr) instead of a name */
  struct ast_expr *version, *timestamp; /* VERSION AS OF, TIMESTAMP AS OF */
  struct ast_expr *sample;              /* TABLESAMPLE (n ROWS | n PERCENT) */
  bool sample_percent;
  const char *alias;
  const char **columns; /* alias (a, b) */
  size_t column_count;
  struct ast_query *query;
  bool lateral, outer, natural;
  struct ast_expr *call;
  struct ast_expr ***rows; /* VALUES: row_count rows of width expressions */
  size_t row_count, width;
  enum ast_join join;
  struct ast_relation *left, *right;
  struct ast_expr *on;
  const char **using_columns;
  size_t using_count;
  struct ast_item *pivot_values, *pivot_aggregates;
  size_t pivot_value_count, pivot_aggregate_count;
  struct ast_expr *pivot_column;
};

struct ast_cte {
  const char *name;
  const char **columns;
  size_t column_count;
  struct ast_query *query;
};

struct ast_named_window {
  const char *name;
  struct ast_window *window;
};

enum ast_set { SET_UNION, SET_INTERSECT, SET_EXCEPT };

/* GROUP BY a, ROLLUP (b, c), ... as a list of sets of indexes into keys. */
struct ast_grouping {
  struct ast_expr **keys;
  size_t key_count;
  bool all; /* GROUP BY ALL */
  bool sets_given;
  uint64_t *sets; /* bit i: keys[i] is in the set */
  size_t set_count;
};

/* A query: either one SELECT, or VALUES / TABLE t (as FROM with no select list), or a set operation of two.
 */
struct ast_query {
  size_t start, end;
  struct ast_cte *ctes;
  size_t cte_count;
  bool recursive;

  bool is_set;
  enum ast_set set;
  bool set_all, set_by_name;
  struct ast_query *left, *right;

  bool distinct;
  struct ast_item *items; /* none: every column of FROM (VALUES, TABLE t, FROM t) */
  size_t item_count;
  struct ast_relation *from; /* or NULL */
  struct ast_expr *where, *having, *qualify;
  bool grouped;
  struct ast_grouping grouping;
  struct ast_named_window *windows;
  size_t window_count;

  struct ast_order *order;
  size_t order_count;
  bool order_all;
  struct ast_expr *limit, *offset;
};

#endif
