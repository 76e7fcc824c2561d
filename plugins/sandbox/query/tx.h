/* SPDX-License-Identifier: Apache-2.0 */
/* The translator from Databricks SQL to SQLite, as its own files see it. Every relation in scope has an
 * SQLite alias t1, t2, ... whose columns are k0, k1, ...; every expression becomes SQLite text and a type.
 * Texts live in the session's arena. A function returning bool says false with session->fault set. */
#ifndef CLXS_SANDBOX_QUERY_TX_H
#define CLXS_SANDBOX_QUERY_TX_H

#include "base/arena.h"
#include "query/ast.h"
#include "query/query.h"

struct table;

/* A translated expression. */
struct value {
  const char *sql;
  const struct sql_type *type;
  bool aggregate, window; /* it holds such a call */
  bool foldable;          /* literals only: may stand where a constant has to */
};

struct tx_column {
  struct ast_name relation; /* what may qualify it */
  const char *name;
  const struct sql_type *type;
  const char *sql;
  const char *comment;
  bool hidden; /* not in *: the other side's column of USING */
};

/* Columns that a name can mean, and where to look when it means none of them. */
struct tx_scope {
  struct tx_scope *outer;
  struct tx_column *columns;
  size_t count;
  bool parameters; /* a function's parameters or a lambda's: no query, so neither grouped nor aggregated */
  bool barrier;    /* a view or function body begins here: nothing outside can be named */
  bool grouped;    /* only keys and aggregates may be used */
  const struct value *keys;  /* what was grouped by ... */
  const struct value *shown; /* ... and what stands for it (NULL where a grouping set leaves it out) */
  size_t key_count;
};

struct tx_cte {
  struct tx_cte *next;
  const char *name;
  const char *alias; /* of the SQLite WITH */
  struct query_column *columns;
  size_t column_count;
};

struct tx {
  struct session *session;
  struct arena *arena;
  struct tx_cte *ctes;
  const char *invoker; /* who asked, whoever's rights are used */
  const char *now;     /* timestamp of the statement, store form */
  unsigned int next_alias;
  int depth; /* of views and functions within each other */
  const struct query_column
      *cast_to; /* what the next SELECT has to give: a recursive CTE's columns; or NULL */
  size_t cast_count;
  struct tx_scope *parameters; /* of the function whose body is being read, or NULL */
};

struct tx_item {
  const char *name;
  struct value value;
};

/* A generator found in a select list: explode(x). It becomes a join. */
struct tx_generator {
  const char *from; /* SQLite FROM item, or NULL while there is none */
  struct tx_column *columns;
  size_t count;
};

/* Where an expression stands. */
struct ex {
  struct tx *tx;
  struct tx_scope *scope;
  const struct ast_query *query; /* for WINDOW names; NULL outside of a SELECT */
  bool aggregates, windows;      /* allowed here */
  const char *clause;            /* "WHERE clause", in messages */
  const struct tx_item *items;   /* earlier select items: lateral aliases */
  size_t item_count;
  bool items_first;               /* ORDER BY: output columns win over input columns */
  struct tx_generator *generator; /* where explode() may go, else NULL */
};

/* tx_expr.c: the heart; tx_ops.c, tx_predicate.c, tx_call.c: parts of it. */
bool tx_expr(struct ex *ex, const struct ast_expr *expr, struct value *value);
bool tx_condition(struct ex *ex, const struct ast_expr *expr, struct value *value);
bool tx_infix(struct ex *ex, const struct ast_expr *expr, struct value *value);
bool tx_unary(struct ex *ex, const struct ast_expr *expr, struct value *value);
bool tx_predicate(struct ex *ex, const struct ast_expr *expr, struct value *value);
bool tx_call(struct ex *ex, const struct ast_expr *expr, struct value *value);
bool tx_interval_add(struct ex *ex, const char *op, struct value left, struct value right,
                     struct value *value);
/* left OP right for = <> < <= > >= <=>, after bringing both to one type. */
bool tx_compare(struct ex *ex, const char *op, struct value left, struct value right, struct value *value);

/* tx_name.c */
bool tx_name(struct ex *ex, const struct ast_expr *expr, struct value *value);
bool tx_field(struct ex *ex, const struct value *base, const char *name, struct value *value);
bool tx_index(struct ex *ex, const struct value *base, const struct value *index, bool soft,
              struct value *value);
/* The columns that a * means, in order. */
bool tx_star(struct ex *ex, const struct ast_expr *star, struct tx_column **columns, size_t *count);

/* tx_coerce.c: types that meet */
/* The one type that values of A and B can both have; NULL when there is none. */
const struct sql_type *tx_common(struct arena *arena, const struct sql_type *a, const struct sql_type *b);
/* VALUE as TYPE: a checked cast. MODE: 'c' explicit, 't' try, 'i' implicit, 's' store assignment. */
bool tx_cast(struct tx *tx, const struct value *value, const struct sql_type *type, char mode,
             struct value *out);
/* An implicit cast that must exist; otherwise DATATYPE_MISMATCH naming the call's text and the argument. */
bool tx_coerce(struct tx *tx, struct value *value, const struct sql_type *type, const char *what,
               size_t position);
/* Bring all COUNT values to one type. */
bool tx_unify(struct tx *tx, struct value *values, size_t count, const char *what);
bool tx_can_cast(const struct sql_type *from, const struct sql_type *to, char mode);
/* How a type's values are held in JSON and SQLite: i integer, d double, m decimal, b boolean, x binary, j
 * nested, s text. */
char tx_letter(const struct sql_type *type);
/* COLLATE words that make SQLite order values of TYPE as Databricks does; "" where it does so by itself. */
const char *tx_collation(const struct sql_type *type);

/* tx_query.c, tx_select.c, tx_from.c, tx_routine.c */
bool tx_query(struct tx *tx, const struct ast_query *query, struct tx_scope *outer, struct query_plan *plan);
bool tx_select(struct tx *tx, const struct ast_query *query, struct tx_scope *outer, struct query_plan *plan);
/* A relation as SQLite FROM text in *SQL, its columns added to SCOPE. */
bool tx_from(struct tx *tx, const struct ast_relation *relation, struct tx_scope *scope, const char **sql);
bool tx_generator(struct ex *ex, const struct ast_expr *call, bool outer, struct tx_generator *out);
bool tx_is_generator(const struct ast_expr *expr);
/* A stored function called by name; *FOUND false when there is none. */
bool tx_routine(struct ex *ex, const struct ast_expr *call, const struct value *args, struct value *value,
                bool *found);
bool tx_routine_table(struct ex *ex, const struct ast_expr *call, const struct value *args,
                      struct query_plan *plan, bool *found);
/* A row filter or mask: FUNCTION (its full name) over ARGS. */
bool tx_policy(struct tx *tx, const char *function, const struct value *args, size_t count,
               struct value *value);
bool tx_table(struct tx *tx, const struct ast_relation *relation, struct query_plan *plan,
              struct ast_name *name);
/* Turn PIVOT into a grouped query. */
bool tx_pivot(struct tx *tx, const struct ast_relation *pivot, struct tx_scope *outer,
              struct query_plan *plan);
/* ORDER BY, LIMIT and OFFSET of a query whose output is PLAN: *PLAN is wrapped. FROM holds the output's
 * columns. */
bool tx_tail(struct tx *tx, const struct ast_query *query, struct tx_scope *from, const char *alias,
             struct query_plan *plan);
/* One ORDER BY term as SQLite text; "" when it changes nothing. */
const char *tx_order_term(struct tx *tx, const struct ast_order *order, const struct value *value);
/* " LIMIT n OFFSET m" or "". */
bool tx_limit(struct tx *tx, const struct ast_query *query, const char **sql);
/* Rights and defaults of a stored text: its owner's, its own catalog and schema. Undo with tx_leave. */
struct tx_rights {
  const char *user, *catalog, *schema;
  bool admin;
  struct tx_cte *ctes;
  struct tx_scope *parameters;
};
bool tx_enter(struct tx *tx, const char *owner, const char *catalog, const char *schema,
              struct tx_rights *saved);
void tx_leave(struct tx *tx, const struct tx_rights *saved);

/* tx_util.c */
const char *tx_printf(struct tx *tx, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *tx_literal(struct arena *arena, const char *text, size_t length);
const char *tx_alias(struct tx *tx);
bool tx_has_aggregate(const struct ast_expr *expr);
bool tx_has_window(const struct ast_expr *expr);
/* What a select item without an alias is called: Spark's spelling of the expression. */
const char *tx_item_name(struct arena *arena, const struct ast_expr *expr);
/* The expression as it stands in error messages: the same in double quotes. */
const char *tx_quoted(struct tx *tx, const struct ast_expr *expr);
const char *tx_name_quoted(struct arena *arena, const struct ast_name *name);
bool tx_unsupported(struct tx *tx, const char *what);
/* The scope of the SELECT around, past lambdas and parameters; NULL when there is none. */
struct tx_scope *tx_query_scope(struct tx_scope *scope);
/* Add a column to a growing scope. */
struct tx_column *tx_scope_add(struct arena *arena, struct tx_scope *scope);

static inline struct value
value_of(const char *sql, const struct sql_type *type)
{
  return (struct value){.sql = sql, .type = type};
}

/* What holds of a call's value because it holds of one of its arguments. */
static inline void
value_inherit(struct value *value, const struct value *from)
{
  value->aggregate |= from->aggregate;
  value->window |= from->window;
}

#endif
