/* SPDX-License-Identifier: Apache-2.0 */
/* Uploads: the caller's thread reads from the source and fills the channel, the I/O thread empties it onto
 * the wire. What belongs to every request (credentials, limit, repeats) is client_send's. */
#include <stdlib.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "net/channel.h"
#include "net/content.h"

#include "base/banned.h"

#define PIECE ((size_t)64 * 1024)

struct upload {
  struct net *net;
  const struct net_source *source;
  bool begun;         /* the source may have been read from */
  clxs_status failed; /* the source's own failure, or CLXS_E_DATA when it ended too soon */
  int64_t short_by;
};

/* Everything the source has, until the answer comes or the source fails. False in the latter case. */
static bool
pump(struct upload *upload, struct channel *channel, char *piece)
{
  for (int64_t left = upload->source->length; left > 0;) {
    size_t room = left < (int64_t)PIECE ? (size_t)left : PIECE, got = 0;

    upload->failed = upload->source->read(upload->source->data, piece, room, &got);
    if (upload->failed >= 0 && got == 0) {
      upload->failed = CLXS_E_DATA;
      upload->short_by = left;
    }
    if (upload->failed < 0) return false;
    left -= (int64_t)got;
    for (size_t given = 0; given < got;) {
      bool wake;
      size_t count = channel_give(channel, piece + given, got - given, &wake);

      if (count == 0) return true; /* answered, or lost: the response says which */
      if (wake) http_wake(upload->net->http);
      given += count;
    }
  }
  return true;
}

static void
exchange(void *data, const struct http_request *given, struct http_response *response)
{
  struct upload *upload = data;
  struct http_request http = *given;
  struct exchange *exchange;
  CLEANUP_FREE char *piece = xmalloc(PIECE);
  bool whole;

  if (upload->begun) upload->failed = upload->source->restart(upload->source->data);
  upload->begun = true;
  if (upload->failed < 0) {
    *response = (struct http_response){.result = HTTP_ABORTED, .body = BUF_INIT(0)};
    return;
  }
  http.out = channel_new(CHANNEL_ROOM);
  http.body_length = (size_t)upload->source->length;
  exchange = http_begin(upload->net->http, &http, response);
  whole = pump(upload, http.out, piece);
  http_end(upload->net->http, exchange, !whole);
  channel_free(http.out);
}

clxs_status
content_upload(struct net *net, struct arena *arena, const struct net_request *request,
               const struct net_source *source, struct net_response *response, struct err *err)
{
  struct upload upload = {.net = net, .source = source};
  struct client_request ask = content_request(request);
  struct http_response answer;
  clxs_status status;

  ask.headers = "Accept: application/json\r\nContent-Type: application/octet-stream\r\n";
  ask.exchange = exchange;
  ask.data = &upload;
  status = client_send(net, &ask, &answer, err);
  content_answer(arena, &answer, response);
  if (upload.failed >= 0) return status;
  err_clear(err);
  if (upload.short_by > 0)
    err_set(err, CLXS_E_DATA, "%s %s: the content ended %lld bytes before its length of %lld",
            request->method, request->path, (long long)upload.short_by, (long long)source->length);
  return upload.failed;
}
