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
#define FETCH_URGENT_MS 3000

static void
join_headers(const struct fetch_request *request, struct buf *lines)
{
  for (const char *const *header = request->headers; header && *header; header++)
    buf_addf(lines, "%s\r\n", *header);
}

/* Gateways in front of a token endpoint fail in passing, and a repeat is harmless. */
static bool
worth_repeating(const struct http_response *response)
{
  return response->status == 429 || (response->status >= 502 && response->status <= 504);
}

static clxs_status
report(const struct fetch_request *request, const struct http_response *response, struct err *err)
{
  if (response->result == HTTP_ABORTED) return err_set(err, CLXS_E_CANCELLED, "cancelled");
  err_set(err, response->result == HTTP_TOO_LARGE ? CLXS_E_DATA : CLXS_E_UNAVAILABLE, "cannot reach %s: %s",
          request->url, response->why);
  err_hint(err, "check the host, the network and the proxy settings (https_proxy, no_proxy)");
  return err->status;
}

static bool
may_repeat(const struct client_loan *loan, const struct http_response *answer, int32_t attempt,
           int64_t *delay)
{
  struct retry_outcome outcome = {.http_status = answer->result == HTTP_ANSWERED ? answer->status : 0,
                                  .transient = worth_repeating(answer),
                                  .retry_after_ms = retry_after_ms(answer->retry_after, clock_now_ms())};

  *delay = retry_delay_ms(attempt, outcome.retry_after_ms, retry_random());
  return !loan->urgent && answer->result != HTTP_ABORTED && answer->result != HTTP_TOO_LARGE &&
         answer->result != HTTP_IMPOSSIBLE &&
         retry_decide(true, &outcome, attempt, loan->net->options.attempts) == RETRY_AGAIN;
}

/* Until there is an answer or no further attempt; the answer is the caller's to free. */
static clxs_status
exchange(const struct client_loan *loan, const struct http_request *http, struct http_response *answer,
         struct err *err)
{
  for (int32_t attempt = 1;; attempt++) {
    int64_t delay;
    clxs_status status;

    http_exchange(loan->net->http, http, answer);
    if (!may_repeat(loan, answer, attempt, &delay)) return CLXS_OK;
    http_response_free(answer);
    status = client_wait(loan->net, delay, err);
    if (status != CLXS_OK) return status;
  }
}

static clxs_status
fetch_send(void *state, struct arena *arena, const struct fetch_request *request,
           struct fetch_response *response, struct err *err)
{
  const struct client_loan *loan = state;
  CLEANUP_BUF struct buf headers = BUF_INIT(BUF_LARGE);
  struct http_request http = {.method = request->method,
                              .url = request->url,
                              .body = request->body,
                              .body_length = request->body ? strlen(request->body) : 0,
                              .body_max = FETCH_BODY_MAX,
                              .timeout_ms = loan->urgent ? FETCH_URGENT_MS : FETCH_TIMEOUT_MS,
                              .abort_after = loan->urgent ? HTTP_ABORT_NEVER : 0,
                              .repeatable = true};
  struct http_response answer;
  clxs_status status = http_check_url(request->url, err);

  if (status != CLXS_OK) return status;
  join_headers(request, &headers);
  http.headers = headers.data;
  status = exchange(loan, &http, &answer, err);
  explicit_bzero(headers.data, headers.len);
  if (status != CLXS_OK) return status;
  if (answer.result == HTTP_ANSWERED)
    *response = (struct fetch_response){.http_status = answer.status,
                                        .body = arena_strndup(arena, answer.body.data, answer.body.len),
                                        .length = answer.body.len};
  else
    status = report(request, &answer, err);
  explicit_bzero(answer.body.data, answer.body.len);
  http_response_free(&answer);
  return status;
}

void
client_lend(struct net *net, bool urgent, struct client_loan *loan)
{
  *loan = (struct client_loan){.fetch = {.send = fetch_send, .state = loan}, .net = net, .urgent = urgent};
}
