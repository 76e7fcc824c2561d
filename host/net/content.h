/* SPDX-License-Identifier: Apache-2.0 */
/* Content that passes through in pieces: downloads and uploads of any size in bounded memory, as net.h
 * describes them. It must not know what the content is.
 * https://docs.databricks.com/api/workspace/files */
#ifndef CLXS_HOST_NET_CONTENT_H
#define CLXS_HOST_NET_CONTENT_H

#include "net/client.h"

/* REQUEST, counted as one of REST, without its body. */
struct client_request content_request(const struct net_request *request);
/* ANSWER for the caller, in ARENA; frees it. */
void content_answer(struct arena *arena, struct http_response *answer, struct net_response *response);

/* download.c: see net.h. */
clxs_status content_download(struct net *net, struct arena *arena, const struct net_request *request,
                             struct net_download **download, struct net_content *content, struct err *err);
clxs_status content_read(struct net_download *download, char *buffer, size_t room, size_t *got,
                         struct err *err);
void content_close(struct net_download *download);
/* upload.c: see net.h. */
clxs_status content_upload(struct net *net, struct arena *arena, const struct net_request *request,
                           const struct net_source *source, struct net_response *response, struct err *err);

#endif
