/* SPDX-License-Identifier: Apache-2.0 */
/* One HTTP exchange at a time for each calling thread, all of them driven by one I/O thread on curl's multi
 * interface, which keeps connections for reuse. It must not know what is exchanged: no retries, no
 * credentials, no JSON. */
#ifndef CLXS_HOST_NET_HTTP_H
#define CLXS_HOST_NET_HTTP_H

#include <clxs/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct channel;
struct err;
struct exchange;
struct http;

struct http_options {
  const char *user_agent;
  const char *ca_file;        /* or NULL for the system's */
  int64_t connect_timeout_ms; /* also for name resolution and TLS */
  int64_t idle_timeout_ms;    /* without a byte in either direction */
};

/* The head of an answer whose content goes by CHANNEL: filled in before the channel is opened, and not
 * touched afterwards. */
struct http_inlet {
  struct channel *channel;
  int32_t status;
  int64_t length; /* of the content, -1 when it is not said */
  char last_modified[64], content_range[96], request_id[128];
};

/* May be ended by http_abort: at once (0), from a moment of the monotonic clock on, or never. */
#define HTTP_ABORT_NEVER INT64_MAX

struct http_request {
  const char *method, *url;
  const char *headers; /* lines "Name: value\r\n", or NULL */
  const char *body;    /* or NULL */
  size_t body_length;
  size_t body_max;     /* of the answer, decompressed */
  int64_t timeout_ms;  /* for all of it; 0: none but the idle timeout */
  int64_t abort_after; /* see HTTP_ABORT_NEVER */
  bool repeatable; /* sending it twice does no harm: curl may do so when a kept connection turns out dead */
  bool plain;      /* only the headers given: no Accept-Encoding, no User-Agent */
  /* Of http_begin only; each may be NULL. An answer of 200 to 299 brings its content, as it is stored, by IN;
   * any other has it in the response. OUT gives the body of BODY_LENGTH bytes, in place of BODY. */
  struct http_inlet *in;
  struct channel *out;
};

enum http_result {
  HTTP_ANSWERED,   /* whatever the status */
  HTTP_UNREACHED,  /* nothing of the request can have reached the server */
  HTTP_IMPOSSIBLE, /* the same, and trying again is of no use: certificate, malformed URL */
  HTTP_LOST,       /* sent or partly sent, and no whole answer came */
  HTTP_TIMEOUT,    /* the time was over; SENT says whether the server can know of it */
  HTTP_TOO_LARGE,  /* the answer passed body_max */
  HTTP_ABORTED
};

/* Free with http_response_free. Header values are "" where the answer had none. */
struct http_response {
  enum http_result result;
  int32_t status;
  bool sent; /* some byte of the request may have reached the server */
  struct buf body;
  char retry_after[64], content_type[96], request_id[128], location[512];
  char why[256]; /* what went wrong below HTTP, in words */
  int64_t elapsed_ms;
};

/* Start the I/O thread. */
clxs_status http_open(const struct http_options *options, struct http **http, struct err *err);
/* End what is running as HTTP_ABORTED, then the thread. Nobody may be inside http_exchange any more or call
 * it. */
void http_close(struct http *http);
/* Exchange REQUEST for RESPONSE; blocks. Any thread but the I/O thread. */
void http_exchange(struct http *http, const struct http_request *request, struct http_response *response);
void http_response_free(struct http_response *response);
/* The same in two halves, so that content can be moved meanwhile: http_end waits for the end, or makes it the
 * end with DROP (HTTP_ABORTED). REQUEST and RESPONSE belong to the I/O thread in between; the channels are
 * closed when it is over. */
struct exchange *http_begin(struct http *http, const struct http_request *request,
                            struct http_response *response);
void http_end(struct http *http, struct exchange *exchange, bool drop);
/* A channel that held the I/O thread up does so no longer. Any thread. */
void http_wake(struct http *http);
/* From now on exchanges end as HTTP_ABORTED, running and new ones alike, but for those that say otherwise.
 * Any thread. */
void http_abort(struct http *http);

/* URL is https, or http to a loopback address or localhost, and has neither user nor password in it. Why not,
 * otherwise, as CLXS_E_CONFIG. */
clxs_status http_check_url(const char *url, struct err *err);

#endif
