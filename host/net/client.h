/* SPDX-License-Identifier: Apache-2.0 */
/* One workspace's client: an HTTP request with everything that belongs to every request, which is
 * credentials, rate limit, retries, deadlines, cancellation, counting. It must not know statements. */
#ifndef CLXS_HOST_NET_CLIENT_H
#define CLXS_HOST_NET_CLIENT_H

#include <pthread.h>
#include <stdatomic.h>

#include "net/http.h"
#include "net/net.h"
#include "net/retry.h"

struct gate;
struct limit;
struct sqllog;

struct net {
  struct arena *arena; /* of options' texts */
  struct net_options options;
  struct http *http;
  struct limit *limit;
  struct gate *statements; /* inside: submitted, and not known to have ended */
  struct sqllog *sqllog;
  atomic_bool cancelled, answered; /* answered: the workspace has answered something in this run */
  pthread_mutex_t wait_lock;
  pthread_cond_t wait_cond; /* signalled once, on cancellation */
  atomic_uint_fast64_t sql, rest, retries, throttled, bytes;
};

enum client_counts { CLIENT_UNCOUNTED, CLIENT_REST, CLIENT_SQL };

#define CLIENT_BODY_MAX ((size_t)256 << 20)

struct client_request {
  const char *method, *path, *query; /* on the workspace's host */
  const char *body;
  size_t body_length;
  const char *headers; /* lines in place of Accept and Content-Type of JSON, or NULL */
  /* How one exchange is made, with DATA; NULL: http_exchange. May leave one running that was answered with
   * 200 to 299. */
  void (*exchange)(void *data, const struct http_request *http, struct http_response *response);
  void *data;
  bool idempotent;
  bool urgent;            /* goes out although the run is cancelled, and past limit and pause */
  int64_t deadline;       /* monotonic; 0: none */
  int64_t abort_grace_ms; /* how long after sending a cancelled run still waits for the answer */
  enum client_counts counts;
};

/* Send REQUEST, again where that is right, until there is an answer or a failure to report. CLXS_OK for 200
 * to 299 only; otherwise ERR names the request, the cause and the next step. RESPONSE holds the last answer
 * (status 0 when there was none) and is freed by the caller either way. Any thread; blocks. */
clxs_status client_send(struct net *net, const struct client_request *request, struct http_response *response,
                        struct err *err);
/* GET an absolute URL with exactly HEADERS, without credentials, for presigned links. The URL never appears
 * in ERR. */
clxs_status client_get_plain(struct net *net, const char *url, const char *headers, int64_t deadline,
                             struct http_response *response, struct err *err);
/* How often one request may be sent by now. */
int32_t client_attempts(struct net *net);
/* Sleep; CLXS_E_CANCELLED at once when the run is cancelled. */
clxs_status client_wait(struct net *net, int64_t ms, struct err *err);
/* A short sleep that cancellation does not end. */
void client_wait_urgently(struct net *net, int64_t ms);
/* Have waiting done by WAIT (tests; NULL: the system's). Not while threads run. */
void client_replace_wait(void (*wait)(int64_t ms));
/* How authentication is lent the way to its token endpoints: LOAN.fetch, whose state is the loan itself. An
 * urgent one still works once the run is cancelled, because cancelling on the server may need a new token. */
struct client_loan {
  struct fetch fetch;
  struct net *net;
  bool urgent;
};
void client_lend(struct net *net, bool urgent, struct client_loan *loan);
/* One remark, built only if somebody listens. */
void client_log(struct net *net, int32_t level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
