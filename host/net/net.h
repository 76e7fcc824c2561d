/* SPDX-License-Identifier: Apache-2.0 */
/* The client: requests and statements against one workspace. This header is the whole seam between the
 * executable and clxs-net.so, which holds libcurl and is loaded on first use (net_load). One I/O thread runs
 * curl's multi interface; any thread may call, and blocks. Retries, rate limit, deadlines, cancellation and
 * token refresh happen inside. */
#ifndef CLXS_HOST_NET_NET_H
#define CLXS_HOST_NET_NET_H

#include <clxs/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "auth/fetch.h"

struct arena;
struct buf;
struct err;
struct net;
struct net_download;
struct net_statement;

/* How requests get their credentials; auth_headers has this shape. */
struct net_auth {
  clxs_status (*headers)(void *state, const struct fetch *fetch, uint64_t rejected, struct buf *headers,
                         uint64_t *generation, struct err *err);
  void *state;
};

struct net_options {
  const char *host; /* "https://..." */
  const char *user_agent;
  struct net_auth auth;
  double max_rps;                                            /* 0: no limit */
  uint32_t max_statements;                                   /* under way at one time; 0: no limit */
  int32_t attempts;                                          /* 3 */
  int64_t connect_timeout_ms;                                /* 10 s */
  int64_t idle_timeout_ms;                                   /* 60 s without a byte */
  int64_t statement_timeout_ms;                              /* 0: none */
  const char *sql_log;                                       /* file for JSON lines, or NULL */
  const char *ca_file;                                       /* or NULL for the system's */
  const char *external_links;                                /* "auto", "never" or "always" */
  void (*log)(void *state, int32_t level, const char *line); /* or NULL; any thread */
  void *log_state;
};

struct net_request {
  const char *method, *path, *query; /* path absolute; query encoded or NULL */
  const char *body;                  /* JSON, or NULL */
  size_t body_length;
  bool idempotent; /* GET, HEAD, PUT, DELETE always are */
  int64_t timeout_ms;
};

struct net_response {
  int32_t http_status;
  const char *body; /* in the caller's arena, NUL-terminated */
  size_t length;
  const char *request_id, *content_type;
};

/* What the head of a download says. */
struct net_content {
  int32_t http_status;
  int64_t length;         /* -1: not said */
  int64_t modified_ms;    /* Last-Modified since 1970 UTC, 0: not said */
  const char *request_id; /* in the caller's arena, NULL: none */
};

/* The LENGTH bytes of an upload. Both functions are called on the uploading thread and may block; a negative
 * status ends the upload with it. */
struct net_source {
  int64_t length;
  clxs_status (*read)(void *data, char *buffer, size_t room, size_t *got); /* GOT 0: there are no more */
  clxs_status (*restart)(void *data); /* the next byte to be read is the first one again */
  void *data;
};

struct net_query {
  const char *text, *warehouse, *catalog, *schema;
  const struct clxs_bind *binds;
  uint32_t bind_count;
  bool mutates, idempotent;
  int64_t timeout_ms;
  const char *purpose;
};

struct net_stats {
  uint64_t sql, rest, retries, throttled, bytes;
};

struct clxs_column;

struct net_api {
  uint32_t size;
  clxs_status (*open)(const struct net_options *options, struct net **net, struct err *err);
  /* Ends the I/O thread. After every other call has returned (cancel makes them). NULL is fine. */
  void (*close)(struct net *net);
  /* From now on nothing new is sent but cancellations: waiting callers wake with CLXS_E_CANCELLED, running
   * statements are cancelled on the server. A statement whose submission is under way is waited for until its
   * answer is due (10 s), because only that names what to cancel. Callable from any thread (not from a signal
   * handler), any number of times. */
  void (*cancel)(struct net *net);
  /* One request, repeated as its kind allows. CLXS_OK for 200 to 299 only; RESPONSE is filled whenever an
   * answer came. CLXS_E_LOST: it may have had its effect, and is not repeated. Redirects are not followed. */
  clxs_status (*send)(struct net *net, struct arena *arena, const struct net_request *request,
                      struct net_response *response, struct err *err);
  /* Run a statement to its end; the handle gives columns and rows, later chunks on demand, and is closed by
   * the caller. A statement that FAILED, was CANCELED or CLOSED is an error with the statement's id; one that
   * had SUCCEEDED before it could be cancelled is a success. CLXS_E_CANCELLED with the class "CANCELED": it
   * is known to have been stopped; without: it may still run. */
  clxs_status (*statement)(struct net *net, struct arena *arena, const struct net_query *query,
                           struct net_statement **statement, struct err *err);
  uint32_t (*column_count)(struct net_statement *statement);
  const struct clxs_column *(*column)(struct net_statement *statement, uint32_t index);
  clxs_status (*next)(struct net_statement *statement, struct err *err); /* 1 row, 0 end */
  const char *(*cell)(struct net_statement *statement, uint32_t index);  /* NULL is SQL NULL */
  const char *(*statement_id)(struct net_statement *statement);
  void (*statement_close)(struct net_statement *statement);
  void (*stats)(struct net *net, struct net_stats *stats);
  /* GET or HEAD content that is read in pieces, from a bounded buffer. Returns when the head of the answer is
   * there. A connection that is lost later is taken up again behind the last byte read, as long as the
   * content is still the same (Range and If-Unmodified-Since); CLXS_E_CONFLICT when it is not. One thread at
   * a time. */
  clxs_status (*download)(struct net *net, struct arena *arena, const struct net_request *request,
                          struct net_download **download, struct net_content *content, struct err *err);
  /* At most ROOM bytes, and at least one unless it is the end (GOT 0). */
  clxs_status (*read)(struct net_download *download, char *buffer, size_t room, size_t *got, struct err *err);
  /* Also before the end. */
  void (*download_close)(struct net_download *download);
  /* Send REQUEST (whose body is not looked at) with SOURCE's bytes, from the first one again for each repeat.
   * ERR is left alone when SOURCE failed. */
  clxs_status (*upload)(struct net *net, struct arena *arena, const struct net_request *request,
                        const struct net_source *source, struct net_response *response, struct err *err);
};

/* clxs-net.so exports exactly this. */
#define NET_ENTRY "clxs_net_v1"
typedef const struct net_api *(*net_entry)(void);

/* The table, loading clxs-net.so from beside the executable (build tree) or from lib/clxs on first use. Lives
 * in the executable, not in clxs-net.so. Command thread. */
clxs_status net_load(const struct net_api **api, struct err *err);

#endif
