/* SPDX-License-Identifier: Apache-2.0 */
/* The record of statements (--sql-log FILE): one JSON object a line for every submission that ended, secrets
 * redacted, appended whole so that several threads and processes can share a file. Fields: time, event
 * ("succeeded", "failed", "cancelled", "lost"), statement_id, purpose, statement, catalog, schema,
 * warehouse_id, parameters, state, duration_ms, error_class, message. */
#ifndef CLXS_HOST_NET_SQLLOG_H
#define CLXS_HOST_NET_SQLLOG_H

#include <clxs/status.h>
#include <stdint.h>

struct err;
struct net_query;
struct sqllog;

struct sqllog_event {
  const char *event, *statement_id, *state, *error_class, *message;
  int64_t duration_ms; /* negative: not known */
  const struct net_query *query;
};

/* Open FILE for appending (mode 0600 when new). CLXS_E_IO (CLXS_E_NOT_FOUND) otherwise. */
clxs_status sqllog_open(const char *file, struct sqllog **log, struct err *err);
/* NULL is fine, here and below. */
void sqllog_close(struct sqllog *log);
/* Any thread. A line that cannot be written is lost; the run goes on. */
void sqllog_write(struct sqllog *log, const struct sqllog_event *event);

#endif
