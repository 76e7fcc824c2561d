/* SPDX-License-Identifier: Apache-2.0 */
/* The I/O thread: see http.h. Callers put an exchange (on their own stack) into the inbox, wake the thread
 * and sleep on the exchange's condition; everything of curl's is touched by the I/O thread alone. */
#include "net/http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/threads.h"
#include "net/channel.h"
#include "net/transfer.h"

#include "base/banned.h"

#define KEPT_CONNECTIONS 64L
#define POLL_MS 1000

struct http {
  CURLM *multi;
  struct transfer_options options;
  pthread_t thread;
  pthread_mutex_t lock;
  struct exchange *inbox, **inbox_end; /* under the lock */
  bool aborting, closing;              /* under the lock */
  struct exchange *running;            /* the I/O thread's */
  struct transfer_pool pool;           /* the I/O thread's */
};

struct exchange {
  const struct http_request *request;
  struct http_response *response;
  struct transfer transfer;
  int64_t started;
  struct exchange *next, **here;
  pthread_cond_t done_cond;
  bool done; /* under the lock */
  atomic_bool dropped;
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
static CURLcode curl_ready;

static void
start_curl(void)
{
  curl_ready = curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void
close_channels(const struct http_request *request)
{
  if (request->in) channel_close(request->in->channel);
  if (request->out) channel_close(request->out);
}

static void
exchange_finish(struct http *http, struct exchange *exchange)
{
  close_channels(exchange->request);
  LOCK_SCOPE(&http->lock);
  exchange->response->elapsed_ms = clock_mono_ms() - exchange->started;
  exchange->done = true;
  pthread_cond_signal(&exchange->done_cond);
}

/* Take EXCHANGE out of curl's hands and give the answer to its caller. */
static void
exchange_end(struct http *http, struct exchange *exchange, bool aborted, CURLcode code)
{
  *exchange->here = exchange->next;
  if (exchange->next) exchange->next->here = exchange->here;
  curl_multi_remove_handle(http->multi, exchange->transfer.easy);
  transfer_end(&http->pool, &exchange->transfer, aborted, code);
  exchange_finish(http, exchange);
}

static void
exchange_begin(struct http *http, struct exchange *exchange)
{
  if (!transfer_begin(&http->pool, &http->options, &exchange->transfer, exchange->request,
                      exchange->response) ||
      curl_multi_add_handle(http->multi, exchange->transfer.easy) != CURLM_OK) {
    transfer_end(&http->pool, &exchange->transfer, false, CURLE_FAILED_INIT);
    exchange_finish(http, exchange);
    return;
  }
  curl_easy_setopt(exchange->transfer.easy, CURLOPT_PRIVATE, exchange);
  exchange->here = &http->running;
  exchange->next = http->running;
  if (http->running) http->running->here = &exchange->next;
  http->running = exchange;
}

/* Take what callers left, in their order. False when the thread is to end. */
static bool
take_inbox(struct http *http, bool *aborting)
{
  struct exchange *list;

  {
    LOCK_SCOPE(&http->lock);
    list = http->inbox;
    http->inbox = NULL;
    http->inbox_end = &http->inbox;
    *aborting = http->aborting;
    if (http->closing && !list && !http->running) return false;
  }
  while (list) {
    struct exchange *next = list->next;

    exchange_begin(http, list);
    list = next;
  }
  return true;
}

/* End what may be ended by now; how long (ms) until there may be more, or POLL_MS. */
static int
abort_due(struct http *http)
{
  int64_t now = clock_mono_ms(), soonest = POLL_MS;
  struct exchange *next;

  for (struct exchange *exchange = http->running; exchange; exchange = next) {
    int64_t after = exchange->request->abort_after;

    next = exchange->next;
    if (after <= now)
      exchange_end(http, exchange, true, CURLE_OK);
    else if (after - now < soonest)
      soonest = after - now;
  }
  return (int)soonest;
}

/* Exchanges with channels: go on where the other side made it possible, and end what nobody wants any more or
 * what the server has left alone for too long. curl's own watch would count the time that we held it up. */
static void
serve_channels(struct http *http)
{
  struct exchange *next;

  for (struct exchange *exchange = http->running; exchange; exchange = next) {
    next = exchange->next;
    if (!exchange->request->in && !exchange->request->out) continue;
    if (atomic_load(&exchange->dropped))
      exchange_end(http, exchange, true, CURLE_OK);
    else if (transfer_is_idle(&exchange->transfer, &http->options))
      exchange_end(http, exchange, false, CURLE_OPERATION_TIMEDOUT);
    else
      transfer_go_on(&exchange->transfer);
  }
}

static void
collect_finished(struct http *http)
{
  CURLMsg *message;
  int left;

  while ((message = curl_multi_info_read(http->multi, &left))) {
    CURLcode code = message->data.result;
    struct exchange *exchange;

    if (message->msg != CURLMSG_DONE) continue;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&exchange);
    exchange_end(http, exchange, false, code);
  }
}

static void *
io_run(void *data)
{
  struct http *http = data;
  bool aborting;

  while (take_inbox(http, &aborting)) {
    int wait = aborting ? abort_due(http) : POLL_MS, running;

    serve_channels(http);
    if (curl_multi_perform(http->multi, &running) != CURLM_OK) wait = 10;
    collect_finished(http);
    curl_multi_poll(http->multi, NULL, 0, wait, NULL);
  }
  return NULL;
}

clxs_status
http_open(const struct http_options *options, struct http **out, struct err *err)
{
  struct http *http;
  clxs_status status;

  pthread_once(&curl_once, start_curl);
  if (curl_ready != CURLE_OK)
    return err_set(err, CLXS_E_INTERNAL, "cannot start libcurl: %s", curl_easy_strerror(curl_ready));
  http = xcalloc(1, sizeof *http);
  http->multi = curl_multi_init();
  if (!http->multi) {
    free(http);
    return err_set(err, CLXS_E_INTERNAL, "cannot start libcurl: no multi handle");
  }
  curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, KEPT_CONNECTIONS);
  transfer_options_copy(&http->options, options);
  pthread_mutex_init(&http->lock, NULL);
  http->inbox_end = &http->inbox;
  status = thread_start(&http->thread, io_run, http, err);
  if (status != CLXS_OK) {
    curl_multi_cleanup(http->multi);
    transfer_options_free(&http->options);
    pthread_mutex_destroy(&http->lock);
    free(http);
    return status;
  }
  *out = http;
  return CLXS_OK;
}

void
http_close(struct http *http)
{
  if (!http) return;
  {
    LOCK_SCOPE(&http->lock);
    http->closing = http->aborting = true;
  }
  curl_multi_wakeup(http->multi);
  pthread_join(http->thread, NULL);
  transfer_pool_free(&http->pool);
  curl_multi_cleanup(http->multi);
  transfer_options_free(&http->options);
  pthread_mutex_destroy(&http->lock);
  free(http);
}

/* Aborted before anybody looked at it. */
static void
refuse(struct http_response *response)
{
  response->result = HTTP_ABORTED;
  snprintf(response->why, sizeof response->why, "cancelled");
}

static void
exchange_start(struct http *http, struct exchange *exchange, const struct http_request *request,
               struct http_response *response)
{
  *exchange = (struct exchange){.request = request, .response = response, .started = clock_mono_ms()};
  memset(response, 0, sizeof *response);
  response->body = BUF_INIT(request->body_max);
  cond_init(&exchange->done_cond);
  LOCK_SCOPE(&http->lock);
  if (http->aborting && request->abort_after <= exchange->started) {
    refuse(response);
    close_channels(request);
    exchange->done = true;
    return;
  }
  *http->inbox_end = exchange;
  http->inbox_end = &exchange->next;
  curl_multi_wakeup(http->multi);
}

static void
exchange_wait(struct http *http, struct exchange *exchange)
{
  pthread_mutex_lock(&http->lock);
  while (!exchange->done)
    pthread_cond_wait(&exchange->done_cond, &http->lock);
  pthread_mutex_unlock(&http->lock);
  pthread_cond_destroy(&exchange->done_cond);
}

void
http_exchange(struct http *http, const struct http_request *request, struct http_response *response)
{
  struct exchange exchange;

  exchange_start(http, &exchange, request, response);
  exchange_wait(http, &exchange);
}

struct exchange *
http_begin(struct http *http, const struct http_request *request, struct http_response *response)
{
  struct exchange *exchange = xmalloc(sizeof *exchange);

  exchange_start(http, exchange, request, response);
  return exchange;
}

void
http_end(struct http *http, struct exchange *exchange, bool drop)
{
  if (!exchange) return;
  if (drop) {
    atomic_store(&exchange->dropped, true);
    http_wake(http);
  }
  exchange_wait(http, exchange);
  free(exchange);
}

void
http_wake(struct http *http)
{
  curl_multi_wakeup(http->multi);
}

void
http_response_free(struct http_response *response)
{
  buf_free(&response->body);
}

void
http_abort(struct http *http)
{
  {
    LOCK_SCOPE(&http->lock);
    http->aborting = true;
  }
  curl_multi_wakeup(http->multi);
}

/* 127.0.0.0/8, ::1 and localhost; names are not resolved, because a resolver could say anything. */
static bool
is_loopback(const char *host)
{
  struct in_addr address;

  if (inet_pton(AF_INET, host, &address) == 1) return ntohl(address.s_addr) >> 24 == 127;
  return str_eq(host, "[::1]") || str_ieq(host, "localhost");
}

clxs_status
http_check_url(const char *url, struct err *err)
{
  char *scheme = NULL, *host = NULL, *user = NULL;
  CURLU *parts = curl_url();
  clxs_status status = CLXS_OK;

  if (curl_url_set(parts, CURLUPART_URL, url, 0) != CURLUE_OK ||
      curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
      curl_url_get(parts, CURLUPART_HOST, &host, 0) != CURLUE_OK)
    status = err_set(err, CLXS_E_CONFIG, "\"%s\" is not a URL", url);
  else if (curl_url_get(parts, CURLUPART_USER, &user, 0) == CURLUE_OK)
    status = err_set(err, CLXS_E_CONFIG, "the URL of %s carries a user name", host);
  else if (!str_eq(scheme, "https") && !(str_eq(scheme, "http") && is_loopback(host)))
    status = err_set(err, CLXS_E_CONFIG, "%s://%s is not encrypted", scheme, host);
  if (status != CLXS_OK) err_hint(err, "use https://NAME; plain http is for loopback addresses only");
  curl_free(scheme);
  curl_free(host);
  curl_free(user);
  curl_url_cleanup(parts);
  return status;
}
