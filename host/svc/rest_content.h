/* SPDX-License-Identifier: Apache-2.0 */
/* Downloads that are open on a call; rest_content.c makes them, scopes close them. */
#ifndef CLXS_HOST_SVC_REST_CONTENT_H
#define CLXS_HOST_SVC_REST_CONTENT_H

#include <clxs/rest.h>

struct call;
struct net_api;
struct net_download;

/* In the call's arena, which ends it with its scope. */
struct clxs_download {
  const struct net_api *api;
  struct net_download *download; /* NULL once closed */
  uint64_t mark;                 /* the arena's before this was made */
  struct clxs_download *older;
};

/* The members of clxs.rest/1 that move content. */
clxs_status rest_content_download(struct clxs_call *call, const struct clxs_request *request,
                                  struct clxs_download **download, struct clxs_content *content);
clxs_status rest_content_read(struct clxs_call *call, struct clxs_download *download, char *buffer,
                              size_t room, size_t *got);
void rest_content_close(struct clxs_call *call, struct clxs_download *download);
clxs_status rest_content_upload(struct clxs_call *call, const struct clxs_request *request,
                                const struct clxs_source *source, struct clxs_response *response);

#endif
