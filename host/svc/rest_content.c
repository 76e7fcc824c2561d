/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.rest/1, the part that moves content in pieces. */
#include "svc/rest_content.h"

#include "base/arena.h"
#include "base/cleanup.h"
#include "net/net.h"
#include "svc/rest.h"
#include "svc/services.h"

#include "base/banned.h"

clxs_status
rest_content_download(struct clxs_call *pub, const struct clxs_request *request,
                      struct clxs_download **download, struct clxs_content *content)
{
  struct call *call = call_of(pub);
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  uint64_t mark = arena_mark(call->arena);
  struct net_download *open = NULL;
  struct net_content head = {0};
  struct net_request ask;
  struct workspace *workspace;
  clxs_status status = rest_prepare(call, request, &ask, &workspace);

  *download = NULL;
  if (status != CLXS_OK) return status;
  status = workspace->api->download(workspace->net, call->arena, &ask, &open, &head, &err);
  if (content)
    services_copy_out(content,
                      &(struct clxs_content){.http_status = head.http_status,
                                             .length = head.length,
                                             .modified_ms = head.modified_ms,
                                             .request_id = head.request_id},
                      sizeof *content);
  if (status != CLXS_OK) return call_take_error(call, status, &err);
  *download = arena_alloc(call->arena, sizeof **download);
  **download = (struct clxs_download){workspace->api, open, mark, call->downloads};
  call->downloads = *download;
  return CLXS_OK;
}

clxs_status
rest_content_read(struct clxs_call *pub, struct clxs_download *download, char *buffer, size_t room,
                  size_t *got)
{
  struct call *call = call_of(pub);
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  clxs_status status;

  *got = 0;
  status = download->download ? download->api->read(download->download, buffer, room, got, &err)
                              : err_set(&err, CLXS_E_INTERNAL, "a download is read after it was closed");
  return status == CLXS_OK ? CLXS_OK : call_take_error(call, status, &err);
}

void
rest_content_close(struct clxs_call *pub, struct clxs_download *download)
{
  struct clxs_download **at = &call_of(pub)->downloads;

  while (*at && *at != download)
    at = &(*at)->older;
  if (!*at) return;
  *at = download->older;
  download->api->download_close(TAKE(download->download));
}

clxs_status
rest_content_upload(struct clxs_call *pub, const struct clxs_request *request,
                    const struct clxs_source *given, struct clxs_response *response)
{
  struct call *call = call_of(pub);
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  struct clxs_source source;
  struct net_response answer = {0};
  struct net_request ask;
  struct workspace *workspace;
  clxs_status status = rest_prepare(call, request, &ask, &workspace);

  if (status != CLXS_OK) return status;
  services_copy_in(&source, sizeof source, given);
  status = workspace->api->upload(
      workspace->net, call->arena, &ask,
      &(struct net_source){source.length, source.read, source.restart, source.data}, &answer, &err);
  rest_copy_answer(response, &answer);
  if (status == CLXS_OK) return CLXS_OK;
  /* Without a message it is the source's failure, which the plugin has recorded. */
  return err.message ? call_take_error(call, status, &err) : status;
}
