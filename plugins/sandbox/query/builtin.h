/* SPDX-License-Identifier: Apache-2.0 */
/* The table of built-in functions: name, number and types of arguments, result, and what computes it in
 * SQLite. Facts: https://docs.databricks.com/sql/language-manual/sql-ref-functions-builtin-alpha.html. */
#ifndef CLXS_SANDBOX_QUERY_BUILTIN_H
#define CLXS_SANDBOX_QUERY_BUILTIN_H

#include "query/tx.h"

struct builtin_call {
  struct ex *ex;
  const struct ast_expr *expr;
  const struct builtin *builtin;
  struct value *args; /* translated; lambdas are left out (sql NULL) */
  size_t count;
  const char *text;            /* of the call, for messages */
  const char *before, *behind; /* around an aggregate's whole call with FILTER and OVER; or NULL */
};

/* Builds what a table row cannot say. */
typedef bool (*builtin_build)(struct builtin_call *call, struct value *value);

struct builtin {
  const char *name;
  int least, most; /* number of arguments; most -1: any */
  /* One letter per argument, the last one repeated: s string, i int, l bigint, d double, b boolean, D date, T
   * timestamp, x binary, n any number, a anything, c anything of one common type with the other c's, z array,
   * m map, y number or interval, f a lambda, v variant, o ordered (comparable). */
  const char *args;
  /* s i l d b D T x N(timestamp_ntz) v as above; 0 the first argument's type, c the common type, e the first
   * one's element type, S array<string>; NULL where build says. */
  const char *result;
  const char *sql; /* the SQLite function, or NULL */
  builtin_build build;
  bool aggregate, window_only;
};

/* By name in any case; NULL when there is none. */
const struct builtin *builtin_find(const char *name);
/* Names near NAME, for "did you mean"; NULL when nothing is near. */
const char *builtin_suggest(const char *name);

/* Every family is one table in a file of its own. */
struct builtin_table {
  const struct builtin *at;
  size_t count;
};
struct builtin_table builtins_string(void);
struct builtin_table builtins_number(void);
struct builtin_table builtins_time(void);
struct builtin_table builtins_nested(void);
struct builtin_table builtins_json(void);
struct builtin_table builtins_aggregate(void);
struct builtin_table builtins_frequent(void);
struct builtin_table builtins_other(void);

#endif
