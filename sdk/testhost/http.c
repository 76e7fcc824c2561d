/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.http/1 of the test host: answered by the same rules as requests to the workspace, under the whole
 * address ("POST https://hooks.example.com/x"), and counted as TESTHOST_HTTP. */
#include <clxs/http.h>

#include "testhost/internal.h"

#include "base/banned.h"

static clxs_status
http_send(struct clxs_call *pub, const struct clxs_http_request *request, struct clxs_response *response)
{
  struct th_call *call = th_call_of(pub);
  struct testhost *host = call->host;
  const char *text = arena_printf(call->arena, "%s %s", request->method, request->url);
  struct testhost_rule *rule;
  struct testhost_sent *sent;
  clxs_status status = CLXS_OK;

  if (th_cancelled(host) && !(request->flags & CLXS_HTTP_CLOSING))
    return th_fail(call, CLXS_E_CANCELLED, NULL, 0, "cancelled");
  sent = th_sent_begin(host, TESTHOST_HTTP, text, &rule);
  pthread_mutex_lock(&host->lock);
  sent->body = arena_strdup(host->arena, request->body);
  sent->headers = arena_strdup(host->arena, request->headers);
  sent->purpose = arena_strdup(host->arena, request->purpose);
  sent->flags = request->flags;
  pthread_mutex_unlock(&host->lock);
  if (response) {
    response->http_status = rule ? rule->http_status : 404;
    response->body = arena_strdup(call->arena, rule && rule->body ? rule->body : "");
    response->length = strlen(response->body);
  }
  if (!rule || rule->http_status < 200 || rule->http_status > 299)
    status =
        th_fail(call, CLXS_E_INVALID, NULL, rule ? rule->http_status : 404, "the address answers otherwise");
  th_sent_end(host, sent, status);
  return status;
}

const struct clxs_http th_http = {.size = sizeof th_http, .send = http_send};
