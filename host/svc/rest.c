/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.rest/1: requests with the host's credentials, and listings page by page. */
#include "svc/rest.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "net/net.h"
#include "net/page.h"
#include "svc/rest_content.h"
#include "svc/services.h"

#include "base/banned.h"

/* A plugin's path goes to the workspace and nowhere else. */
static clxs_status
check_request(struct call *call, const struct clxs_request *request)
{
  if (request->method && request->path && request->path[0] == '/' && request->path[1] != '/' &&
      !strpbrk(request->path, " \t\r\n#?") && !strpbrk(request->method, " \t\r\n"))
    return CLXS_OK;
  err_clear(&call->err);
  return err_set(&call->err, CLXS_E_INTERNAL, "plugin %s asks for \"%s\", which is no encoded absolute path",
                 call->plugin_id ? call->plugin_id : "clxs", request->path ? request->path : "");
}

clxs_status
rest_prepare(struct call *call, const struct clxs_request *given, struct net_request *ask,
             struct workspace **workspace)
{
  struct clxs_request request;
  clxs_status status;

  services_copy_in(&request, sizeof request, given);
  *ask = (struct net_request){.method = request.method,
                              .path = request.path,
                              .query = request.query,
                              .body = request.body,
                              .body_length = request.body ? strlen(request.body) : 0,
                              .idempotent = request.flags & CLXS_REST_IDEMPOTENT,
                              .timeout_ms = request.timeout_ms};
  status = check_request(call, &request);
  if (status == CLXS_OK && !str_eq(request.method, "GET") && !str_eq(request.method, "HEAD"))
    status = call_check_writable(call, arena_printf(call->arena, "%s %s", request.method, request.path));
  return status == CLXS_OK ? services_workspace(call, request.workspace, workspace) : status;
}

void
rest_copy_answer(struct clxs_response *response, const struct net_response *answer)
{
  if (!response) return;
  services_copy_out(response,
                    &(struct clxs_response){.http_status = answer->http_status,
                                            .body = answer->body,
                                            .length = answer->length,
                                            .request_id = answer->request_id},
                    sizeof *response);
}

static clxs_status
rest_send(struct clxs_call *pub, const struct clxs_request *request, struct clxs_response *response)
{
  struct call *call = call_of(pub);
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  struct net_request ask;
  struct net_response answer = {0};
  struct workspace *workspace;
  clxs_status status = rest_prepare(call, request, &ask, &workspace);

  if (status != CLXS_OK) return status;
  status = workspace->api->send(workspace->net, call->arena, &ask, &answer, &err);
  rest_copy_answer(response, &answer);
  return status == CLXS_OK ? CLXS_OK : call_take_error(call, status, &err);
}

/* Elements are handed on with a NUL behind them. */
struct each {
  clxs_status (*item)(void *data, const char *json, size_t length);
  void *data;
  struct buf text;
  bool refused; /* ITEM ended the walk: the error, if any, is its own */
};

static clxs_status
hand_on(void *data, const char *json, size_t length, struct err *err)
{
  struct each *each = data;
  clxs_status status;

  (void)err;
  buf_reset(&each->text);
  buf_add(&each->text, json, length);
  status = each->item(each->data, each->text.data, each->text.len);
  each->refused = status < 0;
  return status < 0 ? status : CLXS_OK;
}

static clxs_status
rest_each(struct clxs_call *pub, const struct clxs_request *request, const char *list,
          clxs_status (*item)(void *data, const char *json, size_t length), void *data)
{
  struct call *call = call_of(pub);
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  struct each each = {.item = item, .data = data, .text = BUF_INIT(BUF_LARGE)};
  struct net_request ask;
  struct workspace *workspace;
  clxs_status status = rest_prepare(call, request, &ask, &workspace);

  if (status != CLXS_OK) return status;
  status = page_each(workspace->api, workspace->net, &ask, list, hand_on, &each, &err);
  buf_free(&each.text);
  return status == CLXS_OK || each.refused ? status : call_take_error(call, status, &err);
}

static void
add_traffic(const struct workspace *workspace, struct clxs_traffic *traffic)
{
  struct net_stats stats;

  if (!workspace) return;
  workspace->api->stats(workspace->net, &stats);
  traffic->sql += stats.sql;
  traffic->rest += stats.rest;
  traffic->retries += stats.retries;
}

static void
rest_traffic(struct clxs_call *pub, struct clxs_traffic *traffic)
{
  const struct workspace *main, *destination;
  struct clxs_traffic sum = {0};

  services_open_workspaces(call_of(pub), &main, &destination);
  add_traffic(main, &sum);
  if (destination != main) add_traffic(destination, &sum);
  services_copy_out(traffic, &sum, sizeof sum);
}

const struct clxs_rest service_rest = {.size = sizeof service_rest,
                                       .send = rest_send,
                                       .each = rest_each,
                                       .traffic = rest_traffic,
                                       .download = rest_content_download,
                                       .read = rest_content_read,
                                       .close = rest_content_close,
                                       .upload = rest_content_upload};
