/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.sql/1: statements on the SQL warehouse, by the Statement Execution API
 * (https://docs.databricks.com/api/workspace/statementexecution). One request, one statement, no session:
 * names must be qualified or catalog and schema given. The host submits, waits, polls, reads all chunks,
 * retries what may be retried and cancels on interruption. */
#ifndef CLXS_SQL_H
#define CLXS_SQL_H

#include "call.h"

#define CLXS_SERVICE_SQL "clxs.sql/1"

/* The statement changes something: never cached, counted as a write, refused with CLXS_E_DENIED under
 * --read-only. */
#define CLXS_SQL_MUTATES UINT32_C(1)
/* Running it twice has the effect of running it once: after a lost reply the host may send it again. Without
 * this flag such a loss ends in CLXS_E_LOST, and the caller looks at what happened. */
#define CLXS_SQL_IDEMPOTENT UINT32_C(2)

/* It tells of the run itself (an audit row), and is sent even when that is cancelled; it has 10 seconds then.
 */
#define CLXS_SQL_CLOSING UINT32_C(4)

/* A named parameter, :name in the text. VALUE NULL is SQL NULL; TYPE NULL is STRING. Frozen. */
struct clxs_bind {
  const char *name, *type, *value;
};

/* A result column. PRECISION and SCALE are 0 where they do not apply. Frozen. */
struct clxs_column {
  const char *name;
  const char *type_name; /* LONG */
  const char *type_text; /* bigint */
  int32_t precision, scale;
};

/* Set size to sizeof and leave the rest zero where it does not matter. Grows at the end. */
struct clxs_statement {
  uint32_t size;
  uint32_t flags; /* CLXS_SQL_ */
  const char *text;
  const char *catalog, *schema;  /* session defaults for this statement, or NULL */
  const struct clxs_bind *binds; /* BIND_COUNT of them */
  uint32_t bind_count;
  uint32_t zero;
  int64_t timeout_ms;    /* 0: the configured one */
  const char *purpose;   /* for logs: "clone table a.b.c", or NULL */
  const char *workspace; /* NULL: the one in use; "destination": the one of --dest-host */
};

struct clxs_rows; /* a result, closed with its scope */

struct clxs_sql {
  uint32_t size;
  /* [call thread] Run the statement to its end. ROWS (may be NULL) receives the result. CLXS_OK only if the
   * statement SUCCEEDED; a FAILED, CANCELED or CLOSED one is an error with error_class, sql_state and
   * statement_id set. */
  clxs_status (*run)(struct clxs_call *call, const struct clxs_statement *statement, struct clxs_rows **rows);
  /* [call thread] Columns of a result. */
  uint32_t (*column_count)(struct clxs_call *call, struct clxs_rows *rows);
  const struct clxs_column *(*column)(struct clxs_call *call, struct clxs_rows *rows, uint32_t index);
  /* [call thread] Step to the next row: 1 there is one, 0 at the end, negative on error. Later chunks are
   * fetched as needed. */
  clxs_status (*next)(struct clxs_call *call, struct clxs_rows *rows);
  /* [call thread] Cell INDEX of the current row as the service renders it; NULL is SQL NULL. Lives until the
   * next step. */
  const char *(*text)(struct clxs_call *call, struct clxs_rows *rows, uint32_t index);
  /* [call thread] The statement's id, for reports. */
  const char *(*statement_id)(struct clxs_call *call, struct clxs_rows *rows);
  /* [call thread] The results' early end, before the scope's. */
  void (*close)(struct clxs_call *call, struct clxs_rows *rows);
};

#endif
