/* SPDX-License-Identifier: Apache-2.0 */
/* The seam inside the sandbox: http/ hands statements and requests in, store/ keeps what is known, query/ and
 * ddl/ run SQL. Errors here are the service's: an error class with SQLSTATE for statements, a REST error code
 * for requests. */
#ifndef CLXS_SANDBOX_ENGINE_H
#define CLXS_SANDBOX_ENGINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct store;

/* What went wrong, as Databricks says it. error_class NULL: nothing. Texts in the session's arena. */
struct fault {
  const char *error_class; /* "TABLE_OR_VIEW_NOT_FOUND", "INVALID_PARAMETER_VALUE.UPDATE_TABLE_TYPE" */
  const char *sql_state;   /* "42P01", or NULL where the class has none */
  const char *message;     /* without "[CLASS]" and "SQLSTATE:" */
  const char *rest_code; /* "TABLE_DOES_NOT_EXIST" and http, when a REST request fails; derived from the class
                            if NULL */
  int http_status;
  const char *rest_message; /* what REST says instead of message, or NULL */
};

struct bind {
  const char *name, *type, *value; /* type NULL: STRING; value NULL: SQL NULL */
};

/* The number of the first workspace of every metastore. */
#define FIRST_WORKSPACE INT64_C(7405605319115001)

/* One statement's or request's view of the world; one thread. */
struct session {
  struct arena *arena;
  struct store *store;
  const char *user;             /* principal name: e-mail or application id */
  bool admin;                   /* metastore admin and workspace admin */
  const char *workspace;        /* the one that asks: NULL is the first of its metastore */
  int64_t workspace_id;         /* its number; 0: the first one's */
  bool unbound;                 /* catalogs that are not bound to the workspace are shown, too */
  const char *catalog, *schema; /* defaults of the statement, or NULL */
  const struct bind *binds;
  size_t bind_count;
  const atomic_int *cancelled; /* non-zero: stop soon; may be NULL */
  struct fault fault;          /* set by whoever returns false */
};

/* Record a fault and return false (sql_state NULL: the one that store/faults.h has for the class), so that
 * `return fault_set(...)` reads well. */
bool fault_set(struct session *session, const char *error_class, const char *sql_state, const char *format,
               ...) __attribute__((format(printf, 4, 5)));

struct result_column {
  const char *name;
  const char *type_name; /* as in a manifest: LONG, STRING, DECIMAL, ... */
  const char *type_text; /* bigint, string, decimal(10,2), struct<a:int>, ... */
  int precision, scale;
};

/* Rows of text cells (NULL is SQL NULL), in the session's arena. No columns: a statement without a result
 * set. */
struct result {
  struct result_column *columns;
  size_t column_count;
  const char ***rows;
  size_t row_count, row_capacity;
};

void result_add_column(struct session *session, struct result *result, const char *name,
                       const char *type_text);
/* A new row of column_count cells, all NULL. */
const char **result_add_row(struct session *session, struct result *result);

/* Run one statement of Databricks SQL: parse, check privileges, do it in one transaction. False with
 * session->fault. Takes the store's lock itself. */
bool engine_run(struct session *session, const char *text, size_t length, struct result *result);

#endif
