/* SPDX-License-Identifier: Apache-2.0 */
/* Listings that come in pages (https://docs.databricks.com/api/workspace/introduction#pagination): the other
 * parameters stay as they are, a page may be empty and still carry a token, and only a page without one is
 * the last. Runs in the executable, on the client's table. */
#ifndef CLXS_HOST_NET_PAGE_H
#define CLXS_HOST_NET_PAGE_H

#include <clxs/status.h>
#include <stddef.h>

struct err;
struct net;
struct net_api;
struct net_request;

/* Hand ITEM every element of the member LIST of every page, in order, as the service wrote it: LENGTH bytes
 * of valid JSON, borrowed, followed by no NUL. A status other than CLXS_OK from ITEM ends the walk with it.
 * An answer that is no JSON object is CLXS_E_DATA, a missing LIST an empty page. REQUEST's query must not
 * name page_token. */
clxs_status page_each(const struct net_api *api, struct net *net, const struct net_request *request,
                      const char *list,
                      clxs_status (*item)(void *data, const char *json, size_t length, struct err *err),
                      void *data, struct err *err);

#endif
