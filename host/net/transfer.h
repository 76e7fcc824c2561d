/* SPDX-License-Identifier: Apache-2.0 */
/* One request as a curl easy handle: options, callbacks, and what curl's result means for the question that
 * matters to the caller, whether the server can have seen the request. Only the I/O thread of http.c uses
 * this. */
#ifndef CLXS_HOST_NET_TRANSFER_H
#define CLXS_HOST_NET_TRANSFER_H

#include <curl/curl.h>

#include "base/vec.h"
#include "net/http.h"

/* struct http_options with texts of its own. */
struct transfer_options {
  char *user_agent, *ca_file;
  int64_t connect_timeout_ms, idle_timeout_ms;
};

void transfer_options_copy(struct transfer_options *to, const struct http_options *from);
void transfer_options_free(struct transfer_options *options);

/* Easy handles to use again: making one costs more than sending a small request. */
struct transfer_pool {
  VEC(CURL *) handles;
};

void transfer_pool_free(struct transfer_pool *pool);

struct transfer {
  CURL *easy;
  struct curl_slist *headers;
  const struct http_request *request;
  struct http_response *response;
  size_t body_sent;
  int64_t moved; /* monotonic: when a byte last went in either direction, or could not for want of ours */
  bool answered; /* the head of the answer is complete */
  bool paused;
  char curl_error[CURL_ERROR_SIZE];
};

/* Make REQUEST ready in TRANSFER->easy, whose CURLINFO_PRIVATE is the struct that TRANSFER is in (see
 * http.c). False when curl refuses; transfer_end is due all the same. */
bool transfer_begin(struct transfer_pool *pool, const struct transfer_options *options,
                    struct transfer *transfer, const struct http_request *request,
                    struct http_response *response);
/* With channels: neither side has sent anything for the idle timeout, and it is not us who wait. */
bool transfer_is_idle(struct transfer *transfer, const struct transfer_options *options);
/* With channels: what curl was told to pause goes on, if it can. */
void transfer_go_on(struct transfer *transfer);
/* Fill in the response and put the handle back. */
void transfer_end(struct transfer_pool *pool, struct transfer *transfer, bool aborted, CURLcode code);

#endif
