/* SPDX-License-Identifier: Apache-2.0 */
/* See content.h: what every request of a caller begins and ends with. */
#include "net/content.h"

#include "base/arena.h"
#include "base/clock.h"

#include "base/banned.h"

struct client_request
content_request(const struct net_request *request)
{
  struct client_request ask = {.method = request->method,
                               .path = request->path,
                               .query = request->query,
                               .idempotent = request->idempotent,
                               .counts = CLIENT_REST};

  if (request->timeout_ms > 0) ask.deadline = clock_mono_ms() + request->timeout_ms;
  return ask;
}

void
content_answer(struct arena *arena, struct http_response *answer, struct net_response *response)
{
  *response = (struct net_response){.http_status = answer->result == HTTP_ANSWERED ? answer->status : 0};
  response->body = arena_strndup(arena, answer->body.data, answer->body.len);
  response->length = answer->body.len;
  if (answer->request_id[0]) response->request_id = arena_strdup(arena, answer->request_id);
  if (answer->content_type[0]) response->content_type = arena_strdup(arena, answer->content_type);
  http_response_free(answer);
}
