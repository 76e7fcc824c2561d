/* SPDX-License-Identifier: Apache-2.0 */
/* See outside.h. The address itself may be the secret (chat webhooks), so messages and logs name its host
 * only, and answers are not quoted. */
#include "net/outside.h"

#include <clxs/call.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "net/errors.h"

#include "base/banned.h"

#define BODY_MAX ((size_t)1 << 20)
#define TIMEOUT_MS 10000
#define CLOSING_MS 3000

/* "https://hooks.example.com" of a URL with more behind it and a password in front of it. */
static const char *
origin_of(struct arena *arena, const char *url)
{
  const char *host = strstr(url, "://");
  size_t scheme = host ? (size_t)(host + 3 - url) : 0, length;
  const char *at;

  if (!host) return "";
  host += 3;
  length = strcspn(host, "/?#");
  at = memrchr(host, '@', length);
  if (at) length -= (size_t)(at + 1 - host), host = at + 1;
  return arena_printf(arena, "%.*s%.*s", (int)scheme, url, (int)length, host);
}

/* Lines "Name: value\n" as the transfer wants them. False for what could smuggle a header in or replace one
 * of the connection's. */
static bool
add_headers(struct buf *lines, const char *text)
{
  static const char *const ours[] = {"host", "content-length", "transfer-encoding", "connection", NULL};

  for (; text && *text; text += strcspn(text, "\n"), text += *text == '\n') {
    size_t length = strcspn(text, "\n"), name = strcspn(text, ":\n");

    if (length == 0) continue;
    if (name == 0 || name >= length || memchr(text, '\r', length)) return false;
    for (size_t i = 0; i < name; i++)
      if (!str_is_alnum(text[i]) && text[i] != '-' && text[i] != '_') return false;
    for (size_t i = 0; ours[i]; i++)
      if (strlen(ours[i]) == name && str_ieqn(text, ours[i], name)) return false;
    buf_add(lines, text, length);
    buf_add_text(lines, "\r\n");
  }
  return true;
}

static clxs_status
fail(const char *origin, const struct http_response *answer, struct err *err)
{
  clxs_status status;

  if (answer->result == HTTP_ABORTED) return err_set(err, CLXS_E_CANCELLED, "cancelled");
  if (answer->result != HTTP_ANSWERED) {
    status = answer->result == HTTP_TIMEOUT     ? CLXS_E_TIMEOUT
             : answer->result == HTTP_TOO_LARGE ? CLXS_E_DATA
                                                : CLXS_E_UNAVAILABLE;
    err_set(err, status, "cannot reach %s: %s", origin, answer->why);
    err_hint(err, "check the address, the network and the proxy settings (https_proxy, no_proxy)");
    return status;
  }
  status = answer->status == 429                            ? CLXS_E_LIMIT
           : answer->status == 404                          ? CLXS_E_NOT_FOUND
           : answer->status == 401 || answer->status == 403 ? CLXS_E_DENIED
           : answer->status >= 500                          ? CLXS_E_UNAVAILABLE
                                                            : CLXS_E_INVALID;
  err_set(err, status, "%s answers with status %d", origin, (int)answer->status);
  err->http_status = answer->status;
  return status;
}

static bool
may_repeat(struct net *net, const struct net_outside *request, const struct http_response *answer,
           int32_t attempt, int64_t *delay)
{
  bool answered = answer->result == HTTP_ANSWERED;
  struct retry_outcome outcome = {.http_status = answered ? answer->status : 0,
                                  .sent = answer->sent,
                                  .transient = answered && answer->status >= 502 && answer->status <= 504,
                                  .retry_after_ms = retry_after_ms(answer->retry_after, clock_now_ms())};

  *delay = retry_delay_ms(attempt, outcome.retry_after_ms, retry_random());
  if (answered && answer->status < 300) return false;
  if (answer->result == HTTP_ABORTED || answer->result == HTTP_TOO_LARGE || answer->result == HTTP_IMPOSSIBLE)
    return false;
  return !atomic_load(&net->cancelled) &&
         retry_decide(request->idempotent || retry_method_is_safe(request->method), &outcome, attempt,
                      net->options.attempts) == RETRY_AGAIN;
}

/* Until there is an answer or no further attempt. */
static clxs_status
exchange(struct net *net, const struct net_outside *request, struct http_request *http, const char *origin,
         struct http_response *answer, struct err *err)
{
  for (int32_t attempt = 1;; attempt++) {
    int64_t delay;
    clxs_status status;

    if (atomic_load(&net->cancelled) && !request->closing) return err_set(err, CLXS_E_CANCELLED, "cancelled");
    if (atomic_load(&net->cancelled) && http->timeout_ms > CLOSING_MS) http->timeout_ms = CLOSING_MS;
    http_response_free(answer);
    http_exchange(net->http, http, answer);
    client_log(net, CLXS_LOG_DEBUG, "%s %s: %s%d, %lld ms", request->method, origin,
               answer->result == HTTP_ANSWERED ? "" : answer->why, (int)answer->status,
               (long long)answer->elapsed_ms);
    if (!may_repeat(net, request, answer, attempt, &delay)) break;
    status = client_wait(net, delay, err);
    if (status != CLXS_OK) return status;
  }
  if (answer->result == HTTP_ANSWERED && answer->status >= 200 && answer->status < 300) return CLXS_OK;
  return fail(origin, answer, err);
}

clxs_status
outside_send(struct net *net, struct arena *arena, const struct net_outside *request,
             struct net_response *response, struct err *err)
{
  CLEANUP_BUF struct buf headers = BUF_INIT(BUF_LARGE);
  const char *origin = origin_of(err->arena, request->url);
  struct http_request http = {.method = request->method,
                              .url = request->url,
                              .body = request->body,
                              .body_length = request->body ? strlen(request->body) : 0,
                              .body_max = BODY_MAX,
                              .timeout_ms = request->timeout_ms > 0 ? request->timeout_ms : TIMEOUT_MS,
                              .abort_after = request->closing ? HTTP_ABORT_NEVER : 0,
                              .repeatable = request->idempotent};
  struct http_response answer = {.body = BUF_INIT(BODY_MAX)};
  clxs_status status;

  *response = (struct net_response){.body = ""};
  if (http_check_url(request->url, err) != CLXS_OK) {
    err_clear(err);
    err_set(err, CLXS_E_CONFIG, "an address that begins with \"%s\" cannot be used", origin);
    err_hint(err, "it must begin with https:// (http:// on this machine only), and hold no user or password");
    return CLXS_E_CONFIG;
  }
  if (!add_headers(&headers, request->headers))
    return err_set(err, CLXS_E_CONFIG,
                   "a header for %s is not of the form \"Name: value\", or not yours to set", origin);
  http.headers = headers.data;
  status = exchange(net, request, &http, origin, &answer, err);
  explicit_bzero(headers.data, headers.len);
  if (answer.result == HTTP_ANSWERED && answer.status > 0)
    *response = (struct net_response){.http_status = answer.status,
                                      .body = arena_strndup(arena, answer.body.data, answer.body.len),
                                      .length = answer.body.len};
  http_response_free(&answer);
  return status;
}
