/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.http/1: requests to hosts that are no workspace. */
#include <clxs/http.h>

#include "app.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "net/net.h"
#include "svc/rest.h"
#include "svc/services.h"

#include "base/banned.h"

static clxs_status
http_send(struct clxs_call *pub, const struct clxs_http_request *given, struct clxs_response *response)
{
  struct call *call = call_of(pub);
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  struct clxs_http_request request;
  struct net_response answer = {0};
  struct net_outside ask;
  const struct net_api *api;
  struct net *net;
  clxs_status status;

  services_copy_in(&request, sizeof request, given);
  if (call_is_cancelled(call) && !(request.flags & CLXS_HTTP_CLOSING)) return call_fail_cancelled(call);
  status = app_outside(call->app, &api, &net, &err);
  ask = (struct net_outside){.method = request.method,
                             .url = request.url,
                             .headers = request.headers,
                             .body = request.body,
                             .idempotent = request.flags & CLXS_HTTP_IDEMPOTENT,
                             .closing = request.flags & CLXS_HTTP_CLOSING,
                             .timeout_ms = request.timeout_ms};
  if (status == CLXS_OK) status = api->outside(net, call->arena, &ask, &answer, &err);
  rest_copy_answer(response, &answer);
  if (status == CLXS_OK) return CLXS_OK;
  if (request.purpose && status != CLXS_E_CANCELLED)
    err.message = arena_printf(arena, "%s: %s", request.purpose, err.message);
  return call_take_error(call, status, &err);
}

const struct clxs_http service_http = {.size = sizeof service_http, .send = http_send};
