/* SPDX-License-Identifier: Apache-2.0 */
/* Results: columns, rows, and the chunks behind the first, which come inline or by presigned links. A link is
 * fetched without our credentials; one that has expired is asked for again. */
#include <stdio.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "net/statement.h"

#include "base/banned.h"

static void
read_columns(struct net_statement *statement, struct json_object *manifest)
{
  struct json_object *list = json_get_array(json_get_object(manifest, "schema"), "columns");

  statement->column_count = (uint32_t)json_length(list);
  statement->columns = arena_array(statement->arena, statement->column_count, sizeof *statement->columns);
  statement->cells = arena_array(statement->arena, statement->column_count, sizeof *statement->cells);
  for (uint32_t i = 0; i < statement->column_count; i++) {
    struct json_object *item = json_item(list, i);
    struct clxs_column *column = &statement->columns[i];
    const char *name = json_get_text(item, "name"), *type = json_get_text(item, "type_name");
    const char *text = json_get_text(item, "type_text");

    column->name = arena_strdup(statement->arena, name ? name : "");
    column->type_name = arena_strdup(statement->arena, type ? type : text ? text : "");
    column->type_text = arena_strdup(statement->arena, text ? text : type ? type : "");
    column->precision = (int32_t)json_get_int(item, "type_precision", 0);
    column->scale = (int32_t)json_get_int(item, "type_scale", 0);
  }
}

static void
drop_links(struct net_statement *statement)
{
  VEC_EACH (&statement->links, link) {
    free(link->url);
    free(link->headers);
  }
  VEC_FREE(&statement->links);
  statement->link_at = 0;
}

static void
drop_text(struct net_statement *statement)
{
  free(statement->text);
  statement->text = NULL;
  statement->rows = (struct rows){0};
  statement->on_row = false;
}

/* Where the next chunk is, as MEMBER (a result or a link) says. The internal link is taken only as a path on
 * our host. */
static void
read_next(struct net_statement *statement, struct json_object *member, int64_t index)
{
  const char *path = json_get_text(member, "next_chunk_internal_link");

  statement->chunk_index = json_get_int(member, "chunk_index", index);
  statement->next_index = json_get_int(member, "next_chunk_index", -1);
  free(statement->next_path);
  statement->next_path = path && path[0] == '/' && path[1] != '/' ? xstrdup(path) : NULL;
}

static char *
link_headers(struct json_object *headers)
{
  struct buf lines = BUF_INIT(BUF_LARGE);
  void *at = NULL;
  const char *name;
  struct json_object *value;

  while (json_next(headers, &at, &name, &value)) {
    const char *text = json_object_get_string(value);

    if (text && !strpbrk(name, "\r\n:") && !strpbrk(text, "\r\n")) buf_addf(&lines, "%s: %s\r\n", name, text);
  }
  return buf_take(&lines);
}

static void
read_links(struct net_statement *statement, struct json_object *list)
{
  for (size_t i = 0; i < json_length(list); i++) {
    struct json_object *item = json_item(list, i);
    const char *url = json_get_text(item, "external_link");
    struct statement_link *link;

    if (!url) continue;
    link = VEC_ADD(&statement->links);
    link->url = xstrdup(url);
    link->headers = link_headers(json_get_object(item, "http_headers"));
    read_next(statement, item, i == 0 ? statement->chunk_index : statement->chunk_index + 1);
    link->chunk_index = statement->chunk_index;
  }
}

/* Take a chunk: RESULT describes it, TEXT[START..END) are its rows where they came inline. */
static void
take_chunk(struct net_statement *statement, struct json_object *result, char **text, size_t start, size_t end)
{
  drop_text(statement);
  drop_links(statement);
  read_next(statement, result, statement->chunk_index + 1);
  read_links(statement, json_get_array(result, "external_links"));
  if (statement->next_index < 0 && !statement->next_path &&
      statement->chunk_index + 1 < statement->chunk_count && (end > 0 || statement->links.count > 0))
    statement->next_index = statement->chunk_index + 1;
  /* A service that goes round in circles is stopped here. */
  if (statement->next_index >= 0 && statement->next_index <= statement->chunk_index) {
    statement->next_index = -1;
    free(TAKE(statement->next_path));
  }
  if (end > 0) {
    statement->text = *text;
    *text = NULL;
    rows_open(&statement->rows, statement->text + start, end - start);
  }
}

struct net_statement *
result_new(struct net *net, struct statement_reply *reply, int64_t deadline)
{
  struct net_statement *statement = xcalloc(1, sizeof *statement);
  struct json_object *manifest = json_get_object(reply->json, "manifest");

  statement->net = net;
  statement->deadline = deadline;
  statement->arena = arena_new();
  statement->id = arena_strdup(statement->arena, reply->id);
  statement->chunk_index = -1;
  statement->next_index = -1;
  statement->chunk_count = json_get_int(manifest, "total_chunk_count", 0);
  statement->rows_announced = json_get_int(manifest, "total_row_count", -1);
  statement->truncated = json_get_bool(manifest, "truncated", false);
  read_columns(statement, manifest);
  take_chunk(statement, json_get_object(reply->json, "result"), &reply->text, reply->rows_start,
             reply->rows_end);
  return statement;
}

static clxs_status
name_statement(struct net_statement *statement, clxs_status status, struct err *err)
{
  err->statement_id = arena_strdup(err->arena, statement->id);
  return status;
}

/* GET the chunk at PATH (or INDEX when it is NULL) and take it. */
static clxs_status
fetch_chunk(struct net_statement *statement, const char *path, int64_t index, struct err *err)
{
  char by_index[256];
  struct http_response response;
  struct client_request request = {.method = "GET", .path = path, .deadline = statement->deadline};
  struct statement_reply reply;
  clxs_status status;

  if (!path) {
    snprintf(by_index, sizeof by_index, STATEMENT_PATH "/%s/result/chunks/%lld", statement->id,
             (long long)index);
    request.path = by_index;
  }
  status = client_send(statement->net, &request, &response, err);
  if (status == CLXS_OK) status = statement_reply_read(&response.body, &reply, err);
  http_response_free(&response);
  if (status != CLXS_OK) return name_statement(statement, status, err);
  take_chunk(statement, reply.json, &reply.text, reply.rows_start, reply.rows_end);
  statement_reply_free(&reply);
  return CLXS_OK;
}

static clxs_status
get_link(struct net_statement *statement, const struct statement_link *link, struct http_response *response,
         struct err *err)
{
  *response = (struct http_response){0};
  response->body = BUF_INIT(CLIENT_BODY_MAX);
  if (http_check_url(link->url, err) != CLXS_OK) {
    err_clear(err); /* it names the address */
    return err_set(err, CLXS_E_DATA, "the service sent a result link that is neither https nor loopback");
  }
  return client_get_plain(statement->net, link->url, link->headers, statement->deadline, response, err);
}

/* Ask for the chunk of the link at LINK_AT again, whose address has expired, and read its new link. */
static clxs_status
renew_link(struct net_statement *statement, struct http_response *response, struct err *err)
{
  int64_t index = statement->links.at[statement->link_at].chunk_index;
  clxs_status status;

  statement->chunk_index = index - 1;
  status = fetch_chunk(statement, NULL, index, err);
  if (status != CLXS_OK) return status;
  if (statement->links.count == 0)
    return err_set(err, CLXS_E_DATA, "the service did not renew an expired result link");
  return get_link(statement, &statement->links.at[0], response, err);
}

static clxs_status
fetch_link(struct net_statement *statement, struct err *err)
{
  struct http_response response;
  clxs_status status = get_link(statement, &statement->links.at[statement->link_at], &response, err);
  size_t length;

  if (status != CLXS_OK && response.status >= 400 && response.status < 500) {
    http_response_free(&response);
    err_clear(err);
    status = renew_link(statement, &response, err);
  }
  if (status == CLXS_OK) {
    drop_text(statement);
    length = response.body.len;
    statement->text = buf_take(&response.body);
    rows_open(&statement->rows, statement->text, length);
    statement->link_at++;
  }
  http_response_free(&response);
  return status == CLXS_OK ? CLXS_OK : name_statement(statement, status, err);
}

/* The end of the last chunk: everything that was announced must have come. */
static clxs_status
check_end(struct net_statement *statement, struct err *err)
{
  if (statement->truncated)
    return name_statement(statement,
                          err_set(err, CLXS_E_LIMIT, "the service cut the result off after %lld rows",
                                  (long long)statement->rows_seen),
                          err);
  if (statement->rows_seen < statement->rows_announced)
    return name_statement(statement,
                          err_set(err, CLXS_E_DATA, "the result ended after %lld of %lld rows",
                                  (long long)statement->rows_seen, (long long)statement->rows_announced),
                          err);
  return 0;
}

clxs_status
result_next(struct net_statement *statement, struct err *err)
{
  for (;;) {
    clxs_status status;

    statement->on_row = false;
    status = statement->text ? rows_next(&statement->rows, statement->cells, statement->column_count) : 0;
    if (status < 0)
      return name_statement(statement,
                            err_set(err, status, "the result cannot be read: %s", statement->rows.why), err);
    if (status == 1) {
      statement->on_row = true;
      statement->rows_seen++;
      return 1;
    }
    drop_text(statement);
    if (statement->link_at < statement->links.count) {
      status = fetch_link(statement, err);
    } else if (statement->next_path || statement->next_index >= 0) {
      CLEANUP_FREE char *path = TAKE(statement->next_path);

      status = fetch_chunk(statement, path, statement->next_index, err);
    } else {
      return check_end(statement, err);
    }
    if (status != CLXS_OK) return status;
  }
}

void
result_free(struct net_statement *statement)
{
  if (!statement) return;
  drop_text(statement);
  drop_links(statement);
  free(statement->next_path);
  arena_free(statement->arena);
  free(statement);
}
