/* SPDX-License-Identifier: Apache-2.0 */
/* Running queries. A Databricks query is resolved, typed and turned into one SQLite statement over the
 * store's tables with the functions of this folder; what cannot be done exactly is refused. All of it happens
 * under the store's lock. */
#ifndef CLXS_SANDBOX_QUERY_QUERY_H
#define CLXS_SANDBOX_QUERY_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "query/ast.h"

struct session;
struct result;
struct sqlite3;

struct query_column {
  const char *name;
  const struct sql_type *type;
  const char *comment; /* or NULL */
};

/* A query as SQLite SQL. Its columns are called k0, k1, ...; the values are the store's representation of the
 * types. It has no parameters: everything is written out. */
struct query_plan {
  const char *sql;
  struct query_column *columns;
  size_t column_count;
};

/* An expression as SQLite SQL. */
struct query_value {
  const char *sql;
  const struct sql_type *type;
  bool aggregate; /* it holds an aggregate function */
};

/* One relation whose columns an expression may use, with the SQLite SQL that gives each of them: the row of
 * an UPDATE, the two sides of a MERGE, the row that a CHECK constraint sees. */
struct query_source_column {
  const char *name;
  const struct sql_type *type;
  const char *sql; /* "t.c5" */
};

struct query_source {
  struct ast_name name; /* the table's full name, or nothing */
  const char *alias;    /* hides the name; or NULL */
  const struct query_source_column *columns;
  size_t column_count;
};

/* Make the functions known to a connection; once, when the store opens. False when SQLite refuses. */
bool query_attach(struct sqlite3 *db);

/* Run QUERY and hand out its rows as the statement API renders them. */
bool query_run(struct session *session, const struct ast_query *query, struct result *result);

/* Resolve and translate QUERY. This is also how a view's or CTAS's columns are found. */
bool query_to_sqlite(struct session *session, const struct ast_query *query, struct query_plan *plan);
/* The same, with every column cast for storing into TARGETS (as many as the query has columns, else
 * INSERT_COLUMN_ARITY_MISMATCH), by the rules of INSERT: lengths of CHAR and VARCHAR and overflows are
 * checked, what ANSI store assignment forbids is DATATYPE_MISMATCH
 * (INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST). TABLE is the name in messages. */
bool query_to_store(struct session *session, const struct ast_query *query, const char *table,
                    const struct query_column *targets, size_t target_count, struct query_plan *plan);

/* Translate EXPR over the columns of SOURCES. WANTED (may be NULL): a condition (BOOLEAN) or the type to cast
 * to as INSERT does. */
bool query_expr(struct session *session, const struct ast_expr *expr, const struct query_source *sources,
                size_t source_count, const struct sql_type *wanted, struct query_value *value);
/* The same without columns, evaluated at once: DEFAULTs of literals, LIMITs, TIMESTAMP AS OF. *TEXT is the
 * value as the store keeps it (numbers in digits), NULL for NULL. */
bool query_constant(struct session *session, const struct ast_expr *expr, const struct sql_type *wanted,
                    const char **text, const struct sql_type **type);
/* The relation (a table, view, subquery, call) as SQLite SQL that stands in parentheses in FROM, and its
 * columns. For the source of MERGE. ALIAS is what its columns are called by there: "alias.k0". */
bool query_relation(struct session *session, const struct ast_relation *relation, const char *alias,
                    struct query_plan *plan, struct query_source *source);

/* Check what CREATE FUNCTION needs: BODY resolves with the parameters in scope, and its type. */
struct query_parameter {
  const char *function, *name; /* FUNCTION.NAME is another name of it */
  const struct sql_type *type;
};
bool query_function_scalar(struct session *session, const struct ast_expr *body,
                           const struct query_parameter *parameters, size_t parameter_count,
                           const struct sql_type **type);
bool query_function_table(struct session *session, const struct ast_query *body,
                          const struct query_parameter *parameters, size_t parameter_count,
                          struct query_plan *plan);

/* After a failed sqlite3_step or sqlite3_exec: turn what the connection says into session->fault (division by
 * zero, overflow, invalid cast, cancelled, ...). Always false. */
bool query_sqlite_fault(struct session *session, struct sqlite3 *db);
/* Let session->cancelled interrupt what runs on DB until query_watch_end. */
void query_watch(struct session *session, struct sqlite3 *db);
void query_watch_end(struct sqlite3 *db);

/* A stored value (SQLite's text of it, or NULL) as the statement API shows it in JSON_ARRAY results: booleans
 * true and false, timestamps in ISO form with Z, decimals with their scale, shortest doubles. */
const char *query_render(struct session *session, const struct sql_type *type, const char *stored,
                         size_t length);

#endif
