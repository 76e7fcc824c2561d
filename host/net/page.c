/* SPDX-License-Identifier: Apache-2.0 */
/* See page.h. Each page has an arena of its own, so that memory stays at one page however long the listing
 * is. */
#include "net/page.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/json.h"
#include "base/json_scan.h"
#include "base/str.h"
#include "net/net.h"

#include "base/banned.h"

static clxs_status
not_readable(const struct net_request *request, const struct net_response *response, const char *why,
             struct err *err)
{
  bool page = response->body[strspn(response->body, " \r\n\t")] == '<';

  err_set(err, CLXS_E_DATA, "%s %s: the answer is no JSON object (%s)", request->method, request->path,
          page  ? "an HTML page"
          : why ? why
                : "another value");
  if (response->request_id) err->request_id = arena_strdup(err->arena, response->request_id);
  err_hint(err, "check that the host is the address of a workspace");
  return CLXS_E_DATA;
}

/* The page without its elements, which are START to END of the body. */
static struct json_object *
parse_frame(const struct net_response *response, size_t start, size_t end, const char **why)
{
  CLEANUP_BUF struct buf frame = BUF_INIT(BUF_LARGE);

  buf_add(&frame, response->body, start);
  if (end > 0) buf_add_text(&frame, "[]");
  buf_add(&frame, response->body + end, response->length - end);
  return json_parse(frame.data, frame.len, NULL, why);
}

/* What one page is handed on to. */
struct walk {
  clxs_status (*item)(void *data, const char *json, size_t length, struct err *err);
  void *data;
};

/* The elements between the brackets at TEXT. Each is parsed by itself, which shows that it is JSON at the
 * price of a tree of one element. */
static clxs_status
each_element(const struct walk *walk, const char *text, const char *end, const char **why, struct err *err)
{
  const char *at = json_scan_space(text + 1, end);

  while (*at != ']') {
    const char *behind = json_scan_value(at, end);
    CLEANUP_JSON struct json_object *element = NULL;
    clxs_status status;

    *why = "an element does not end";
    if (!behind || behind == at) return CLXS_E_DATA;
    element = json_parse(at, (size_t)(behind - at), NULL, why);
    if (*why) return CLXS_E_DATA;
    status = walk->item(walk->data, at, (size_t)(behind - at), err);
    if (status != CLXS_OK) return status;
    at = json_scan_space(behind, end);
    if (*at == ',') at = json_scan_space(at + 1, end);
  }
  return CLXS_OK;
}

static clxs_status
one_page(const struct net_api *api, struct net *net, const struct net_request *request, const char *list,
         const struct walk *walk, char **token, struct err *err)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_JSON struct json_object *frame = NULL;
  struct net_response response;
  size_t start, end;
  const char *next, *why = NULL;
  clxs_status status = api->send(net, arena, request, &response, err);

  if (status != CLXS_OK || response.length == 0) return status;
  json_scan_array(response.body, response.length, list, 1, &start, &end);
  frame = parse_frame(&response, end > 0 ? start : 0, end, &why);
  if (!json_object_is_type(frame, json_type_object)) return not_readable(request, &response, why, err);
  if (end > 0) status = each_element(walk, response.body + start, response.body + end, &why, err);
  if (status == CLXS_E_DATA && !err->message) return not_readable(request, &response, why, err);
  if (status != CLXS_OK) return status;
  next = json_get_text(frame, "next_page_token");
  *token = next && *next ? xstrdup(next) : NULL;
  return CLXS_OK;
}

clxs_status
page_each(const struct net_api *api, struct net *net, const struct net_request *request, const char *list,
          clxs_status (*item)(void *data, const char *json, size_t length, struct err *err), void *data,
          struct err *err)
{
  CLEANUP_BUF struct buf query = BUF_INIT(BUF_LARGE);
  char *token = NULL, *before = NULL;
  struct net_request page = *request;
  const struct walk walk = {.item = item, .data = data};
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
    status = one_page(api, net, &page, list, &walk, &token, err);
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
