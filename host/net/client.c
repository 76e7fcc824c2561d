/* SPDX-License-Identifier: Apache-2.0 */
/* See client.h: the loop around one request. What an answer means is in client_answer.c. */
#include "net/client.h"

#include <clxs/call.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/threads.h"
#include "net/client_answer.h"
#include "net/limit.h"

#include "base/banned.h"

static void (*wait_instead)(int64_t ms);

void
client_replace_wait(void (*wait)(int64_t ms))
{
  wait_instead = wait;
}

void
client_log(struct net *net, int32_t level, const char *format, ...)
{
  CLEANUP_BUF struct buf line = BUF_INIT(BUF_LARGE);
  va_list args;

  if (!net->options.log) return;
  va_start(args, format);
  buf_vaddf(&line, format, args);
  va_end(args);
  net->options.log(net->options.log_state, level, line.data);
}

static clxs_status
cancelled(struct err *err)
{
  return err_set(err, CLXS_E_CANCELLED, "cancelled");
}

clxs_status
client_wait(struct net *net, int64_t ms, struct err *err)
{
  int64_t until = clock_mono_ms() + ms;

  if (wait_instead && !atomic_load(&net->cancelled)) {
    wait_instead(ms);
  } else {
    LOCK_SCOPE(&net->wait_lock);
    for (int64_t left = ms; left > 0 && !atomic_load(&net->cancelled); left = until - clock_mono_ms())
      cond_wait_ms(&net->wait_cond, &net->wait_lock, left);
  }
  return atomic_load(&net->cancelled) ? cancelled(err) : CLXS_OK;
}

/* New credentials for one request. */
#define REFRESHES_MAX 3

/* Wait for our turn: the bucket first, then a pause that may have come up meanwhile. */
static clxs_status
wait_turn(struct net *net, const struct client_request *request, struct err *err)
{
  int64_t ms;

  if (request->urgent) return CLXS_OK;
  if (atomic_load(&net->cancelled)) return cancelled(err);
  for (ms = limit_take(net->limit, clock_mono_ms()); ms > 0;
       ms = limit_pause_left(net->limit, clock_mono_ms())) {
    clxs_status status;

    atomic_fetch_add(&net->throttled, 1);
    status = client_wait(net, ms, err);
    if (status != CLXS_OK) return status;
  }
  return CLXS_OK;
}

/* Everything about one call of client_send that its attempts share. */
struct sending {
  struct net *net;
  const struct client_request *request;
  struct buf url, headers;
  bool repeatable, refreshed; /* refreshed: the headers are those that the last 401 asked for */
  uint64_t generation, rejected;
  int32_t attempt, refreshes;
};

static void
build_url(struct sending *sending)
{
  const struct client_request *request = sending->request;

  buf_add_text(&sending->url, sending->net->options.host);
  buf_add_text(&sending->url, request->path);
  if (request->query && *request->query) buf_addf(&sending->url, "?%s", request->query);
}

static clxs_status
build_headers(struct sending *sending, struct err *err)
{
  struct net *net = sending->net;
  struct client_loan loan;
  clxs_status status;

  buf_reset(&sending->headers);
  buf_add_text(&sending->headers,
               sending->request->headers ? sending->request->headers : "Accept: application/json\r\n");
  if (sending->request->body) buf_add_text(&sending->headers, "Content-Type: application/json\r\n");
  if (!net->options.auth.headers) return CLXS_OK;
  client_lend(net, sending->request->urgent, &loan);
  status = net->options.auth.headers(net->options.auth.state, &loan.fetch, sending->rejected,
                                     &sending->headers, &sending->generation, err);
  if (status != CLXS_OK && atomic_load(&net->cancelled) && !sending->request->urgent) return cancelled(err);
  return status;
}

static void
exchange_once(struct sending *sending, struct http_response *response)
{
  const struct client_request *request = sending->request;
  int64_t now = clock_mono_ms();
  struct http_request http = {.method = request->method,
                              .url = sending->url.data,
                              .headers = sending->headers.data,
                              .body = request->body,
                              .body_length = request->body_length,
                              .body_max = CLIENT_BODY_MAX,
                              .repeatable = sending->repeatable};

  if (request->deadline > 0) http.timeout_ms = request->deadline > now ? request->deadline - now : 1;
  if (request->urgent)
    http.abort_after = HTTP_ABORT_NEVER;
  else if (request->abort_grace_ms > 0)
    http.abort_after = now + request->abort_grace_ms;
  http_response_free(response);
  if (request->exchange)
    request->exchange(request->data, &http, response);
  else
    http_exchange(sending->net->http, &http, response);
  if (response->result == HTTP_ANSWERED) atomic_store(&sending->net->answered, true);
  atomic_fetch_add(&sending->net->bytes, response->body.len);
  client_log(sending->net, CLXS_LOG_DEBUG, "%s %s: %s%d, %lld ms%s%s", request->method, request->path,
             response->result == HTTP_ANSWERED ? "" : response->why, (int)response->status,
             (long long)response->elapsed_ms, response->request_id[0] ? ", request " : "",
             response->request_id);
}

static void
count_attempt(struct sending *sending)
{
  struct net *net = sending->net;

  if (sending->request->counts == CLIENT_UNCOUNTED) return;
  if (sending->attempt > 1 || sending->refreshed)
    atomic_fetch_add(&net->retries, 1);
  else if (sending->request->counts == CLIENT_REST)
    atomic_fetch_add(&net->rest, 1);
}

/* A 401 is answered by asking for newer credentials than those refused, a few times at most: while others
 * share the token, a new one may be spent before it is used. It is no attempt, because the service did
 * nothing. False when there are no newer ones. */
static bool
refresh(struct sending *sending, const struct http_response *response)
{
  uint64_t refused = sending->generation;
  CLEANUP(arena_cleanup) struct arena *arena = NULL;
  struct err ignored;

  if (response->result != HTTP_ANSWERED || response->status != 401) return false;
  if (!sending->net->options.auth.headers || sending->refreshes++ >= REFRESHES_MAX) return false;
  arena = arena_new();
  ignored = ERR_INIT(arena);
  sending->refreshed = true;
  sending->rejected = refused;
  return build_headers(sending, &ignored) == CLXS_OK && sending->generation != refused;
}

void
client_wait_urgently(struct net *net, int64_t ms)
{
  int64_t until = clock_mono_ms() + ms;

  if (wait_instead) {
    wait_instead(ms);
    return;
  }
  LOCK_SCOPE(&net->wait_lock);
  for (int64_t left = ms; left > 0; left = until - clock_mono_ms())
    cond_wait_ms(&net->wait_cond, &net->wait_lock, left);
}

int32_t
client_attempts(struct net *net)
{
  return retry_attempts(net->options.attempts, atomic_load(&net->answered));
}

/* A pause that the service asks one request for is meant for everybody, whether or not that one is sent
 * again. */
static void
note_pause(struct net *net, const struct retry_outcome *outcome)
{
  int64_t pause = outcome->retry_after_ms < RETRY_PATIENCE_MS ? outcome->retry_after_ms : RETRY_PATIENCE_MS;

  if (outcome->http_status == 429 && pause > 0) limit_pause(net->limit, clock_mono_ms() + pause);
}

/* Wait before the next attempt. */
static clxs_status
back_off(struct sending *sending, const struct client_answer *answer, struct err *err)
{
  struct net *net = sending->net;
  int64_t now = clock_mono_ms(), delay;

  delay = retry_delay_ms(sending->attempt, answer->outcome.retry_after_ms, retry_random());
  if (sending->request->urgent && delay > 200) delay = 200;
  if (sending->request->deadline > 0 && now + delay >= sending->request->deadline) return CLXS_E_TIMEOUT;
  client_log(net, CLXS_LOG_INFO, "%s %s: %s; attempt %d of %d in %.1f s", sending->request->method,
             sending->request->path, answer->short_cause, (int)sending->attempt + 1,
             (int)client_attempts(sending->net), (double)delay / 1000.0);
  if (!sending->request->urgent) return client_wait(net, delay, err);
  client_wait_urgently(net, delay);
  return CLXS_OK;
}

static clxs_status
send_attempts(struct sending *sending, struct http_response *response, struct err *err)
{
  for (;;) {
    CLEANUP(arena_cleanup) struct arena *arena = arena_new();
    struct client_answer answer;
    clxs_status status;

    status = wait_turn(sending->net, sending->request, err);
    if (status == CLXS_OK && !sending->refreshed) status = build_headers(sending, err);
    if (status != CLXS_OK) return status;
    count_attempt(sending);
    exchange_once(sending, response);
    if (response->result == HTTP_ANSWERED && response->status >= 200 && response->status < 300)
      return CLXS_OK;
    if (refresh(sending, response)) continue;
    sending->refreshed = false;
    client_answer_read(arena, sending->request, response, sending->headers.data, &answer);
    note_pause(sending->net, &answer.outcome);
    if (answer.final) return client_answer_fail(sending->net, sending->request, response, &answer, err);
    switch (
        retry_decide(sending->repeatable, &answer.outcome, sending->attempt, client_attempts(sending->net))) {
    case RETRY_AGAIN: break;
    case RETRY_LOST: return client_answer_lost(sending->request, response, &answer, err);
    case RETRY_NO:
    case RETRY_SPENT: return client_answer_fail(sending->net, sending->request, response, &answer, err);
    }
    status = back_off(sending, &answer, err);
    if (status == CLXS_E_TIMEOUT)
      return client_answer_fail(sending->net, sending->request, response, &answer, err);
    if (status != CLXS_OK) return status;
    sending->attempt++;
  }
}

clxs_status
client_send(struct net *net, const struct client_request *request, struct http_response *response,
            struct err *err)
{
  struct sending sending = {.net = net,
                            .request = request,
                            .url = BUF_INIT(BUF_LARGE),
                            .headers = BUF_INIT(BUF_LARGE),
                            .repeatable = request->idempotent || retry_method_is_safe(request->method),
                            .attempt = 1};
  clxs_status status;

  *response = (struct http_response){.body = BUF_INIT(CLIENT_BODY_MAX)};
  build_url(&sending);
  status = send_attempts(&sending, response, err);
  explicit_bzero(sending.headers.data, sending.headers.len);
  buf_free(&sending.url);
  buf_free(&sending.headers);
  return status;
}

clxs_status
client_get_plain(struct net *net, const char *url, const char *headers, int64_t deadline,
                 struct http_response *response, struct err *err)
{
  int32_t attempts = client_attempts(net);

  *response = (struct http_response){.body = BUF_INIT(CLIENT_BODY_MAX)};
  for (int32_t attempt = 1;; attempt++) {
    int64_t now = clock_mono_ms();
    struct http_request http = {.method = "GET",
                                .url = url,
                                .headers = headers,
                                .body_max = CLIENT_BODY_MAX,
                                .repeatable = true,
                                .plain = true};
    struct retry_outcome outcome;
    clxs_status status;

    if (deadline > 0) http.timeout_ms = deadline > now ? deadline - now : 1;
    if (atomic_load(&net->cancelled)) return cancelled(err);
    http_response_free(response);
    http_exchange(net->http, &http, response);
    atomic_fetch_add(&net->bytes, response->body.len);
    if (response->result == HTTP_ANSWERED && response->status == 200) return CLXS_OK;
    if (response->result == HTTP_ABORTED) return cancelled(err);
    outcome = (struct retry_outcome){.http_status = response->result == HTTP_ANSWERED ? response->status : 0,
                                     .retry_after_ms = retry_after_ms(response->retry_after, clock_now_ms())};
    /* Object stores answer 500 and 503 in passing; both are theirs to say for a GET. */
    outcome.transient = response->status >= 500;
    if (response->result == HTTP_TOO_LARGE || response->result == HTTP_IMPOSSIBLE ||
        retry_decide(true, &outcome, attempt, attempts) != RETRY_AGAIN)
      return client_answer_plain(response, err);
    atomic_fetch_add(&net->retries, 1);
    status = client_wait(net, retry_delay_ms(attempt, outcome.retry_after_ms, retry_random()), err);
    if (status != CLXS_OK) return status;
  }
}
