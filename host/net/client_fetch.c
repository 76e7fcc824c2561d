/* SPDX-License-Identifier: Apache-2.0 */
/* What authentication is lent to reach token endpoints (auth/fetch.h): exchanges without our credentials,
 * which may go to hosts other than the workspace's. Asking for a token twice does no harm, so every request
 * may be repeated. */
#include <clxs/call.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "net/client.h"

#include "base/banned.h"

#define FETCH_BODY_MAX ((size_t)1 << 20)
#define FETCH_TIMEOUT_MS 30000

static void
join_headers(const struct fetch_request *request, struct buf *lines) {
  for (const char *const *header = request->headers; header && *header; header++)
    buf_addf(lines, "%s\r\n", *header);
}

/* Gateways in front of a token endpoint fail in passing, and a repeat is harmless. */
static bool
worth_repeating(const struct http_response *response) {
  return response->status == 429 || (response->status >= 502 && response->status <= 504);
}

static clxs_status
report(const struct fetch_request *request, const struct http_response *response, struct err *err) {
  if (response->result == HTTP_ABORTED) return err_set(err, CLXS_E_CANCELLED, "cancelled");
  err_set(err, response->result == HTTP_TOO_LARGE ? CLXS_E_DATA : CLXS_E_UNAVAILABLE, "cannot reach %s: %s",
          request->url, response->why);
  err_hint(err, "check the host, the network and the proxy settings (https_proxy, no_proxy)");
  return err->status;
}

static clxs_status
fetch_send(void *state, struct arena *arena, const struct fetch_request *request,
           struct fetch_response *response, struct err *err) {
  struct net *net = state;
  CLEANUP_BUF struct buf headers = BUF_INIT(BUF_LARGE);
  struct http_request http = {.method = request->method,
                              .url = request->url,
                              .body = request->body,
                              .body_length = request->body ? strlen(request->body) : 0,
                              .body_max = FETCH_BODY_MAX,
                              .timeout_ms = FETCH_TIMEOUT_MS,
                              .repeatable = true};
  clxs_status status = http_check_url(request->url, err);

  if (status != CLXS_OK) return status;
  join_headers(request, &headers);
  http.headers = headers.data;
  for (int32_t attempt = 1;; attempt++) {
    struct http_response answer;
    struct retry_outcome outcome;
    bool again;

    http_exchange(net->http, &http, &answer);
    outcome = (struct retry_outcome){.http_status = answer.result == HTTP_ANSWERED ? answer.status : 0,
                                     .transient = worth_repeating(&answer),
                                     .retry_after_ms = retry_after_ms(answer.retry_after, clock_now_ms())};
    again = answer.result != HTTP_ABORTED && answer.result != HTTP_TOO_LARGE &&
            answer.result != HTTP_IMPOSSIBLE &&
            retry_decide(true, &outcome, attempt, net->options.attempts) == RETRY_AGAIN;
    if (again) {
      http_response_free(&answer);
      status = client_wait(net, retry_delay_ms(attempt, outcome.retry_after_ms, retry_random()), err);
      if (status != CLXS_OK) return status;
      continue;
    }
    if (answer.result == HTTP_ANSWERED)
      *response = (struct fetch_response){.http_status = answer.status,
                                          .body = arena_strndup(arena, answer.body.data, answer.body.len),
                                          .length = answer.body.len};
    status = answer.result == HTTP_ANSWERED ? CLXS_OK : report(request, &answer, err);
    explicit_bzero(answer.body.data, answer.body.len);
    http_response_free(&answer);
    explicit_bzero(headers.data, headers.len);
    return status;
  }
}

struct fetch
client_fetch(struct net *net) {
  return (struct fetch){.send = fetch_send, .state = net};
}
