/* SPDX-License-Identifier: Apache-2.0 */
/* Downloads: the I/O thread fills the channel, the caller empties it whenever it likes. A connection that
 * breaks is taken up behind the last byte that was read: Range asks for the rest, and If-Unmodified-Since
 * makes sure that it is the rest of the same content (RFC 9110, 13.1.4 and 14.2). */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "net/channel.h"
#include "net/content.h"

#include "base/banned.h"

#define ACCEPT "Accept: application/octet-stream\r\n"

struct net_download {
  struct net *net;
  struct arena *arena;
  struct client_request ask; /* its texts are in the arena */
  struct http_request http;  /* of the exchange under way; URL and headers are its own */
  struct http_response response;
  struct http_inlet in;
  struct exchange *exchange; /* NULL once it is over */
  int64_t length, offset;    /* of the content; -1: unknown */
  int64_t skip;              /* bytes that come again, and were read already */
  char last_modified[64];
  int32_t resumed;    /* times in a row without a byte */
  clxs_status failed; /* for good */
};

static void
stop(struct net_download *download)
{
  if (download->exchange) {
    http_end(download->net->http, TAKE(download->exchange), true);
    http_response_free(&download->response);
  }
  channel_free(TAKE(download->in.channel));
  free((char *)(uintptr_t)TAKE(download->http.url));
  if (download->http.headers)
    explicit_bzero((char *)(uintptr_t)download->http.headers, strlen(download->http.headers));
  free((char *)(uintptr_t)TAKE(download->http.headers));
}

/* Up to the head of a good answer, or to the end of any other. */
static void
exchange(void *data, const struct http_request *given, struct http_response *response)
{
  struct net_download *download = data;
  struct http *http = download->net->http;

  stop(download);
  download->in = (struct http_inlet){.channel = channel_new(CHANNEL_ROOM), .length = -1};
  download->http = *given;
  download->http.url = xstrdup(given->url);
  download->http.headers = xstrdup(given->headers);
  download->http.in = &download->in;
  download->exchange = http_begin(http, &download->http, &download->response);
  if (!channel_wait(download->in.channel)) {
    http_end(http, TAKE(download->exchange), false);
    *response = download->response;
    return;
  }
  *response = (struct http_response){
      .result = HTTP_ANSWERED, .status = download->in.status, .sent = true, .body = BUF_INIT(0)};
  snprintf(response->request_id, sizeof response->request_id, "%s", download->in.request_id);
}

clxs_status
content_download(struct net *net, struct arena *arena, const struct net_request *request,
                 struct net_download **out, struct net_content *content, struct err *err)
{
  struct net_download *download = xcalloc(1, sizeof *download);
  struct http_response answer;
  clxs_status status;

  *out = NULL;
  download->net = net;
  download->arena = arena_new();
  download->ask = content_request(request);
  download->ask.method = arena_strdup(download->arena, request->method);
  download->ask.path = arena_strdup(download->arena, request->path);
  download->ask.query = arena_strdup(download->arena, request->query);
  download->ask.headers = ACCEPT;
  download->ask.exchange = exchange;
  download->ask.data = download;
  status = client_send(net, &download->ask, &answer, err);
  *content =
      (struct net_content){.http_status = answer.result == HTTP_ANSWERED ? answer.status : 0, .length = -1};
  if (answer.request_id[0]) content->request_id = arena_strdup(arena, answer.request_id);
  http_response_free(&answer);
  if (status != CLXS_OK) {
    content_close(download);
    return status;
  }
  content->length = download->in.length;
  content->modified_ms = retry_date_ms(download->in.last_modified);
  download->length = str_eq(request->method, "HEAD") ? 0 : download->in.length;
  snprintf(download->last_modified, sizeof download->last_modified, "%s", download->in.last_modified);
  *out = download;
  return CLXS_OK;
}

static clxs_status
changed(const struct net_download *download, struct err *err)
{
  err_clear(err);
  err_set(err, CLXS_E_CONFLICT, "%s %s: the content changed while it was read", download->ask.method,
          download->ask.path);
  err_hint(err, "run the command again when nobody writes to it");
  return CLXS_E_CONFLICT;
}

/* Does the answer to a request for the rest give just that? */
static bool
continues(struct net_download *download)
{
  const struct http_inlet *in = &download->in;
  char wanted[96];
  int length = snprintf(wanted, sizeof wanted, "bytes %lld-", (long long)download->offset);

  if (in->status == 206)
    return str_starts(in->content_range, wanted) && download->offset + in->length == download->length &&
           length > 0;
  /* A server that knows no ranges begins again. */
  download->skip = download->offset;
  return in->length == download->length && str_eq(in->last_modified, download->last_modified);
}

/* The connection broke behind OFFSET bytes, as WHY says. */
static clxs_status
resume(struct net_download *download, const char *why, struct err *err)
{
  struct net *net = download->net;
  struct client_request *ask = &download->ask;
  struct http_response answer;
  clxs_status status;

  if (download->length < 0 || !download->last_modified[0] || ++download->resumed > client_attempts(net)) {
    err_set(err, CLXS_E_UNAVAILABLE, "%s %s: the connection was lost after %lld bytes: %s", ask->method,
            ask->path, (long long)download->offset, why);
    err_hint(err, "check the network and run the command again");
    return CLXS_E_UNAVAILABLE;
  }
  atomic_fetch_add(&net->retries, 1);
  status = client_wait(net, retry_delay_ms(download->resumed, -1, retry_random()), err);
  if (status != CLXS_OK) return status;
  ask->counts = CLIENT_UNCOUNTED;
  ask->headers = ACCEPT;
  if (download->offset > 0)
    ask->headers = arena_printf(download->arena, ACCEPT "Range: bytes=%lld-\r\nIf-Unmodified-Since: %s\r\n",
                                (long long)download->offset, download->last_modified);
  status = client_send(net, ask, &answer, err);
  http_response_free(&answer);
  if (status != CLXS_OK && (answer.status == 412 || answer.status == 416)) return changed(download, err);
  if (status != CLXS_OK) return status;
  return continues(download) ? CLXS_OK : changed(download, err);
}

/* The exchange is over: at the end of the content (1), or before it. */
static clxs_status
finish(struct net_download *download, struct err *err)
{
  char why[sizeof download->response.why];
  enum http_result result;

  if (!download->exchange) return 1;
  http_end(download->net->http, TAKE(download->exchange), false);
  result = download->response.result;
  snprintf(why, sizeof why, "%s", download->response.why);
  http_response_free(&download->response);
  if (download->length >= 0 ? download->offset == download->length : result == HTTP_ANSWERED) return 1;
  if (result == HTTP_ABORTED) return err_set(err, CLXS_E_CANCELLED, "cancelled");
  return resume(download, result == HTTP_ANSWERED ? "the answer was too short" : why, err);
}

clxs_status
content_read(struct net_download *download, char *buffer, size_t room, size_t *got, struct err *err)
{
  *got = 0;
  if (download->failed < 0)
    return err_set(err, download->failed, "%s %s: the download has failed already", download->ask.method,
                   download->ask.path);
  while (room > 0) {
    bool wake;
    size_t most = download->skip > 0 && download->skip < (int64_t)room ? (size_t)download->skip : room;
    size_t count = channel_take(download->in.channel, buffer, most, &wake);

    if (wake) http_wake(download->net->http);
    if (count == 0) {
      clxs_status status = finish(download, err);

      if (status < 0) download->failed = status;
      if (status != CLXS_OK) return status < 0 ? status : CLXS_OK;
    } else if (download->skip > 0) {
      download->skip -= (int64_t)count;
    } else {
      download->resumed = 0;
      download->offset += (int64_t)count;
      atomic_fetch_add(&download->net->bytes, count);
      *got = count;
      return CLXS_OK;
    }
  }
  return CLXS_OK;
}

void
content_close(struct net_download *download)
{
  if (!download) return;
  stop(download);
  arena_free(download->arena);
  free(download);
}
