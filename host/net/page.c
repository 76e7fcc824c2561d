/* SPDX-License-Identifier: Apache-2.0 */
/* See page.h. Each page has an arena of its own, so that memory stays at one page however long the listing
 * is. */
#include "net/page.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "net/net.h"

#include "base/banned.h"

static clxs_status
read_page(const struct net_request *request, const struct net_response *response, struct json_object **page,
          struct err *err) {
  const char *why = NULL;

  *page = NULL;
  if (response->length == 0) return CLXS_OK; /* a success without a body lists nothing */
  *page = json_parse(response->body, response->length, NULL, &why);
  if (json_object_is_type(*page, json_type_object)) return CLXS_OK;
  if (response->body[strspn(response->body, " \r\n\t")] == '<') why = "an HTML page";
  err_set(err, CLXS_E_DATA, "%s %s: the answer is no JSON object (%s)", request->method, request->path,
          why ? why : "another value");
  if (response->request_id) err->request_id = arena_strdup(err->arena, response->request_id);
  err_hint(err, "check that the host is the address of a workspace");
  return CLXS_E_DATA;
}

static clxs_status
one_page(const struct net_api *api, struct net *net, const struct net_request *request, const char *list,
         clxs_status (*item)(void *, struct json_object *, struct err *), void *data, char **token,
         struct err *err) {
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_JSON struct json_object *page = NULL;
  struct net_response response;
  struct json_object *elements;
  const char *next;
  clxs_status status = api->send(net, arena, request, &response, err);

  if (status == CLXS_OK) status = read_page(request, &response, &page, err);
  if (status != CLXS_OK) return status;
  elements = json_get_array(page, list);
  for (size_t i = 0; i < json_length(elements) && status == CLXS_OK; i++)
    status = item(data, json_item(elements, i), err);
  next = json_get_text(page, "next_page_token");
  *token = next && *next ? xstrdup(next) : NULL;
  return status;
}

clxs_status
page_each(const struct net_api *api, struct net *net, const struct net_request *request, const char *list,
          clxs_status (*item)(void *data, struct json_object *element, struct err *err), void *data,
          struct err *err) {
  CLEANUP_BUF struct buf query = BUF_INIT(BUF_LARGE);
  char *token = NULL, *before = NULL;
  struct net_request page = *request;
  clxs_status status;

  for (;;) {
    buf_reset(&query);
    if (request->query && *request->query) buf_add_text(&query, request->query);
    if (token) {
      buf_add_text(&query, query.len > 0 ? "&page_token=" : "page_token=");
      buf_add_url(&query, token);
    }
    page.query = query.len > 0 ? query.data : NULL;
    free(before);
    before = token;
    token = NULL;
    status = one_page(api, net, &page, list, item, data, &token, err);
    if (status != CLXS_OK || !token) break;
    if (str_eq(token, before)) {
      status =
          err_set(err, CLXS_E_DATA, "%s %s: the service repeats the same page token", page.method, page.path);
      break;
    }
  }
  free(before);
  free(token);
  return status;
}
