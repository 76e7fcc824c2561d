/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.rest/1 from rules and catalogs, and clxs.meta/1 on top of it: metadata costs the test host the
 * requests that it costs the real one, without a cache. */
#include "base/json.h"
#include "base/str.h"
#include "testhost/internal.h"

#include "base/banned.h"

#define BASE "/api/2.1/unity-catalog"

static const char *
page_of(struct arena *arena, const struct testhost_rule *rule, const char *text)
{
  const char *token = strstr(text, "page_token=");
  CLEANUP_JSON struct json_object *json = NULL;
  int64_t page = 0;

  if (token && !str_to_int64(arena_strndup(arena, token + 11, strcspn(token + 11, "&")), &page))
    th_broken("a page token that was never given", text);
  if (page < 0 || (size_t)page >= rule->page_count) th_broken("no such page", text);
  json = json_parse(rule->pages[page], strlen(rule->pages[page]), NULL, NULL);
  if (!json) th_broken("a page that is no JSON", rule->pages[page]);
  if ((size_t)page + 1 < rule->page_count)
    json_add_text(json, "next_page_token", arena_printf(arena, "%lld", (long long)page + 1));
  return arena_strdup(arena, json_text(json));
}

static clxs_status
status_of(int32_t http_status)
{
  switch (http_status) {
  case 400: return CLXS_E_INVALID;
  case 401: return CLXS_E_AUTH;
  case 403: return CLXS_E_DENIED;
  case 404: return CLXS_E_NOT_FOUND;
  case 409: return CLXS_E_CONFLICT;
  case 429: return CLXS_E_LIMIT;
  case 0: return CLXS_E_LOST;
  default: return http_status < 400 ? CLXS_OK : CLXS_E_UNAVAILABLE;
  }
}

static clxs_status
rest_fail(struct th_call *call, clxs_status status, const struct clxs_response *response, const char *text)
{
  CLEANUP_JSON struct json_object *json = NULL;
  const char *message = NULL;

  if (response->body) json = json_parse(response->body, response->length, NULL, NULL);
  message = json_get_text(json, "message");
  if (!message) message = arena_printf(call->arena, "%s answered %d", text, response->http_status);
  return th_fail(call, status, json_get_text(json, "error_code"), response->http_status, message);
}

clxs_status
th_rest_answer(struct th_call *call, const struct clxs_request *request, struct clxs_response *response)
{
  struct testhost *host = call->host;
  const char *text =
      arena_printf(call->arena, "%s %s%s%s", request->method, request->path,
                   request->query && *request->query ? "?" : "", request->query ? request->query : "");
  struct testhost_rule *rule;
  struct testhost_sent *sent;
  clxs_status status;

  *response = (struct clxs_response){.size = response->size};
  if (th_cancelled(host)) return th_fail(call, CLXS_E_CANCELLED, NULL, 0, "cancelled");
  sent = th_sent_begin(host, TESTHOST_REST, text, &rule);
  pthread_mutex_lock(&host->lock);
  sent->body = arena_strdup(host->arena, request->body);
  sent->purpose = arena_strdup(host->arena, request->purpose);
  sent->flags = request->flags;
  response->http_status = rule ? rule->http_status : 200;
  if (rule)
    response->body = rule->pages ? page_of(call->arena, rule, text) : arena_strdup(call->arena, rule->body);
  else
    response->body = th_catalog_answer(host, call->arena, text);
  pthread_mutex_unlock(&host->lock);
  if (!rule && !response->body) response->http_status = 404;
  response->length = response->body ? strlen(response->body) : 0;
  response->request_id = "testhost";
  status = status_of(response->http_status);
  if (th_cancelled(host))
    status = th_fail(call, CLXS_E_CANCELLED, NULL, 0, "cancelled");
  else if (status < 0)
    rest_fail(call, status, response, text);
  th_sent_end(host, sent, status);
  return status;
}

static clxs_status
rest_send(struct clxs_call *pub, const struct clxs_request *request, struct clxs_response *response)
{
  struct clxs_response ignored = {.size = sizeof ignored};

  return th_rest_answer(th_call_of(pub), request, response ? response : &ignored);
}

static clxs_status
each_item(struct json_object *list, clxs_status (*item)(void *data, const char *json, size_t length),
          void *data)
{
  for (size_t i = 0; i < json_length(list); i++) {
    const char *text = json_text(json_item(list, i));
    clxs_status status = item(data, text, strlen(text));

    if (status < 0) return status;
  }
  return CLXS_OK;
}

static clxs_status
rest_each(struct clxs_call *pub, const struct clxs_request *request, const char *list,
          clxs_status (*item)(void *data, const char *json, size_t length), void *data)
{
  struct th_call *call = th_call_of(pub);
  struct clxs_request page = *request;
  const char *token;

  for (;;) {
    struct clxs_response response = {.size = sizeof response};
    CLEANUP_JSON struct json_object *json = NULL;
    clxs_status status = th_rest_answer(call, &page, &response);

    if (status < 0) return status;
    json = json_parse(response.body, response.length, NULL, NULL);
    if (!json) return th_fail(call, CLXS_E_DATA, NULL, response.http_status, "an answer that is no JSON");
    status = each_item(json_get_array(json, list), item, data);
    if (status < 0) return status;
    token = json_get_text(json, "next_page_token");
    if (!token || !*token) return CLXS_OK;
    page.query = arena_printf(call->arena, "%s%spage_token=%s", request->query ? request->query : "",
                              request->query && *request->query ? "&" : "", token);
  }
}

static void
rest_traffic(struct clxs_call *pub, struct clxs_traffic *traffic)
{
  struct testhost *host = th_call_of(pub)->host;

  traffic->sql = testhost_sent_count(host, TESTHOST_SQL, NULL);
  traffic->rest = testhost_sent_count(host, TESTHOST_REST, NULL);
  traffic->retries = 0;
}

const struct clxs_rest th_rest = {.size = sizeof th_rest,
                                  .send = rest_send,
                                  .each = rest_each,
                                  .traffic = rest_traffic,
                                  .download = th_download,
                                  .read = th_read,
                                  .close = th_close,
                                  .upload = th_upload};

static clxs_status
list_item(void *data, const char *json, size_t length)
{
  struct buf *buf = data;

  if (buf->len > 1) buf_add_char(buf, ',');
  buf_add(buf, json, length);
  return CLXS_OK;
}

static clxs_status
view_item(void *data, const char *json, size_t length)
{
  return strstr(json, "VIEW\"") ? list_item(data, json, length) : CLXS_OK;
}

static clxs_status
meta_list(struct clxs_call *pub, const char *kind, const char *catalog, const char *schema, const char **json)
{
  struct th_call *call = th_call_of(pub);
  bool views = str_eq(kind, "views");
  const char *list = views ? "tables" : str_eq(kind, "models") ? "registered_models" : kind;
  struct buf query = BUF_INIT(4096), out = BUF_INIT(BUF_LARGE);
  struct clxs_request request = {.size = sizeof request, .method = "GET"};
  clxs_status status;

  if (catalog) buf_add_text(&query, "catalog_name="), buf_add_url(&query, catalog);
  if (schema) buf_add_text(&query, "&schema_name="), buf_add_url(&query, schema);
  request.path = arena_printf(call->arena, BASE "/%s", str_eq(kind, "models") ? "models" : list);
  request.query = arena_strdup(call->arena, query.data);
  buf_add_char(&out, '[');
  status = rest_each(pub, &request, list, views ? view_item : list_item, &out);
  buf_add_char(&out, ']');
  *json = status < 0 ? NULL : arena_strdup(call->arena, out.data);
  buf_free(&query);
  buf_free(&out);
  return status;
}

static clxs_status
meta_get(struct clxs_call *pub, const char *kind, const char *const *names, uint32_t name_count,
         const char **json)
{
  struct th_call *call = th_call_of(pub);
  struct clxs_request request = {.size = sizeof request, .method = "GET"};
  struct clxs_response response = {.size = sizeof response};
  struct buf path = BUF_INIT(4096);
  clxs_status status;

  buf_addf(&path, BASE "/%ss/", kind);
  for (uint32_t i = 0; i < name_count; i++) {
    if (i) buf_add_char(&path, '.');
    buf_add_url(&path, names[i]);
  }
  request.path = arena_strdup(call->arena, path.data);
  buf_free(&path);
  status = th_rest_answer(call, &request, &response);
  *json = status < 0 ? NULL : response.body;
  return status;
}

static void
meta_invalidate(struct clxs_call *pub, const char *catalog)
{
  (void)pub, (void)catalog;
}

const struct clxs_meta th_meta = {sizeof th_meta, meta_list, meta_get, meta_invalidate};
