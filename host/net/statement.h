/* SPDX-License-Identifier: Apache-2.0 */
/* Statements by the Statement Execution API, from submission to the last row; see net.h for the functions'
 * meaning and https://docs.databricks.com/api/workspace/statementexecution for the protocol. */
#ifndef CLXS_HOST_NET_STATEMENT_H
#define CLXS_HOST_NET_STATEMENT_H

#include <clxs/sql.h>
#include <json-c/json.h>

#include "base/vec.h"
#include "net/client.h"
#include "net/rows.h"

/* The service waits this many seconds with its first answer ("10s"; it takes 5 to 50, or 0), and we this much
 * longer for that answer, even after an interruption: nothing else names the statement that is to be
 * cancelled. */
#define STATEMENT_WAIT_S 10
#define STATEMENT_WAIT_LEAST_S 5
#define STATEMENT_GRACE_MS 2000
/* What cancelling on the server may take in all. */
#define STATEMENT_CANCEL_MS 5000
#define STATEMENT_PATH "/api/2.0/sql/statements"

struct statement_link {
  char *url, *headers;
  int64_t chunk_index;
};

/* A result. One thread at a time. */
struct net_statement {
  struct net *net;
  struct arena *arena; /* columns, ids */
  const char *id;
  int64_t deadline;
  struct clxs_column *columns;
  uint32_t column_count;
  const char **cells;
  bool on_row;

  char *text; /* of the chunk being read; rows point into it */
  struct rows rows;
  VEC(struct statement_link) links; /* of the chunks being read, from the LINK_AT-th on */
  size_t link_at;
  int64_t chunk_index, next_index, chunk_count; /* next negative: no more */
  char *next_path;
  int64_t rows_announced, rows_seen; /* announced negative: not said */
  bool truncated;
};

enum statement_state {
  STATE_RUNNING, /* pending, and whatever the service may call it one day */
  STATE_SUCCEEDED,
  STATE_FAILED,
  STATE_CANCELED,
  STATE_CLOSED
};

/* An answer about a statement, taken apart. */
struct statement_reply {
  struct json_object *json; /* without the rows */
  char *text;               /* with them; ROWS_START 0 when there are none */
  size_t rows_start, rows_end;
  const char *id, *state_text;
  enum statement_state state;
};

/* Take BODY's text into REPLY. CLXS_E_DATA when it is no such answer. */
clxs_status statement_reply_read(struct buf *body, struct statement_reply *reply, struct err *err);
void statement_reply_free(struct statement_reply *reply);

/* The request body for QUERY, with a first answer after WAIT_S seconds at the latest: known fields only. */
void statement_body(const struct net_query *query, bool external, int wait_s, struct buf *body);

clxs_status statement_run(struct net *net, const struct net_query *query, struct net_statement **statement,
                          struct err *err);
/* Cancel ID on the server and see how it ended; false when that cannot be learned in time. Works although the
 * run is cancelled. */
bool statement_cancel(struct net *net, const char *id, struct statement_reply *reply);

/* result.c: start on the result in REPLY, and go through it. */
struct net_statement *result_new(struct net *net, struct statement_reply *reply, int64_t deadline);
clxs_status result_next(struct net_statement *statement, struct err *err);
void result_free(struct net_statement *statement);

#endif
