/* SPDX-License-Identifier: Apache-2.0 */
/* Statements from submission to the day they are forgotten. Workers run them one after another; a statement
 * whose warehouse is starting waits as PENDING. Life cycle:
 * https://docs.databricks.com/api/workspace/statementexecution [any thread] */
#ifndef CLXS_SANDBOX_HTTP_EXECUTOR_H
#define CLXS_SANDBOX_HTTP_EXECUTOR_H

#include <pthread.h>
#include <stdatomic.h>

#include "engine.h"
#include "http/outcome.h"

struct executor;
struct identity;
struct sandbox;

enum statement_state {
  STATEMENT_PENDING,
  STATEMENT_RUNNING,
  STATEMENT_SUCCEEDED,
  STATEMENT_FAILED,
  STATEMENT_CANCELED,
  STATEMENT_CLOSED
};

/* What a client asked for. */
struct statement_spec {
  const char *text;
  size_t length;
  const char *warehouse, *catalog, *schema;
  const struct bind *binds;
  size_t bind_count;
  bool csv, external;
  int64_t row_limit, byte_limit;
};

/* Fields below `state` are read and written under the executor's lock; chunks of a SUCCEEDED one stay until
 * it is CLOSED. */
struct statement {
  char id[37];
  const struct identity *owner;
  struct arena *arena; /* spec's texts, until it ran */
  struct statement_spec spec;
  atomic_int cancelled;
  enum statement_state state;
  struct outcome outcome;
  char *error_code, *message, *sql_state; /* FAILED */
  int64_t ended_at;                       /* sandbox_now */
  pthread_cond_t wake;
  int references;
  struct statement *older, *newer, *next_queued;
};

struct executor *executor_new(struct sandbox *sandbox);
/* Cancel everything, wake everybody who waits, join the workers. Nothing is accepted afterwards. */
void executor_stop(struct executor *executor);
/* After executor_stop, with no reference left outside. */
void executor_free(struct executor *executor);

/* Accept a statement (SPEC is copied); a reference to it, or NULL when the workspace is stopping. */
struct statement *statement_submit(struct executor *executor, const struct identity *owner,
                                   const struct statement_spec *spec);
/* The statement with this id if OWNER submitted it, as a reference; NULL otherwise. */
struct statement *statement_find(struct executor *executor, const char *id, const struct identity *owner);
/* The same whoever submitted it: for links, which carry their own proof. */
struct statement *statement_find_any(struct executor *executor, const char *id);
void statement_release(struct executor *executor, struct statement *statement);
/* Wait at most MS milliseconds for the end. */
void statement_wait(struct executor *executor, struct statement *statement, int64_t ms);
/* Ask it to stop. A pending one is CANCELED at once, a running one soon, unless it wins the race. */
void statement_cancel(struct executor *executor, struct statement *statement);

/* Around reading a statement's fields. */
void executor_lock(struct executor *executor);
void executor_unlock(struct executor *executor);

#endif
