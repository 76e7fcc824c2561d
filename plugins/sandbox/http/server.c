/* SPDX-License-Identifier: Apache-2.0 */
/* libmicrohttpd at work: collect a request, send it through faults, login and its handler, send the answer.
 * It must not know what the endpoints do. */
#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "http/auth.h"
#include "http/faults.h"
#include "http/request.h"
#include "http/route.h"
#include "http/spool.h"
#include "http/traffic.h"
#include "store/store.h"

#include "base/banned.h"

#define CONNECTIONS_MAX 1024
#define IDLE_S 120
#define STREAM_BLOCK ((size_t)64 * 1024)

struct server {
  struct MHD_Daemon *daemon;
};

/* A request with what belongs to its way through the server only. */
struct exchange {
  struct request request;
  const struct route *route;
  bool begun, oversized;
};

static void
exchange_free(struct exchange *exchange)
{
  struct request *request = &exchange->request;

  reply_reset(&request->reply);
  json_object_put(request->json);
  buf_free(&request->body);
  spool_close(request->spool);
  arena_free(request->arena);
  free(exchange);
}

/* The first thing that is known of a request: its line. */
static void *
exchange_new(void *cls, const char *uri, struct MHD_Connection *connection)
{
  struct exchange *exchange = xcalloc(1, sizeof *exchange);
  struct request *request = &exchange->request;

  request->arena = arena_new();
  request->sandbox = cls;
  request->connection = connection;
  request->body = BUF_INIT(REQUEST_BODY_MAX);
  request->spool = -1;
  request->session = sandbox_session(request->sandbox, request->arena);
  sandbox_uuid(request->id);
  request_parse_uri(request, uri);
  return exchange;
}

static void
completed(void *cls, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode why)
{
  (void)cls;
  (void)connection;
  (void)why;
  if (*context) exchange_free(*context);
  *context = NULL;
}

static void
work(struct request *request, const struct route *route)
{
  struct json_object *object;

  store_enter(&request->session);
  object = route->work(request);
  if (!object && !request->reply.status) reply_fault(request);
  if (!request_leave(request, object || request->reply.status < 400))
    json_object_put(object);
  else if (object)
    reply_json(request, 200, object);
}

static void
handle(struct request *request, const struct route *route)
{
  if (!(route->flags & ROUTE_OPEN) && !auth_check(request)) return;
  traffic_count(request);
  if (route->work)
    work(request, route);
  else
    route->handle(request);
  if (!request->reply.status && !request->reply.drop)
    reply_error(request, 500, "INTERNAL_ERROR", "The sandbox has no answer to %s %s.", request->method,
                request->path);
}

static void
dispatch(struct exchange *exchange)
{
  struct request *request = &exchange->request;
  struct sandbox *sandbox = request->sandbox;
  struct trouble trouble = {0};

  if (request->reply.status) return; /* the request line was refused already */
  if (exchange->oversized) {
    reply_error(request, 413, "MALFORMED_REQUEST", "The request body is larger than %zu bytes.",
                REQUEST_BODY_MAX);
    return;
  }
  if (exchange->route && (exchange->route->flags & ROUTE_CONTROL)) {
    handle(request, exchange->route);
    return;
  }
  trouble = faults_pick(sandbox->faults, request);
  if (sandbox->options.latency_ms + trouble.delay_ms > 0)
    sandbox_sleep(sandbox, sandbox->options.latency_ms + trouble.delay_ms);
  if (trouble.expire) auth_expire(request);
  if ((trouble.reset || trouble.status) && !trouble.after) {
    faults_answer(request, &trouble);
    return;
  }
  if (!exchange->route)
    reply_error(request, 404, "ENDPOINT_NOT_FOUND", "No API found for '%s %s'", request->method,
                request->path);
  else
    handle(request, exchange->route);
  if ((trouble.reset || trouble.status) && trouble.after) faults_answer(request, &trouble);
}

static void
stream_close(void *data)
{
  struct reply *reply = data;

  if (reply->close) reply->close(reply->data);
  free(reply);
}

static ssize_t
stream_read(void *data, uint64_t position, char *out, size_t max)
{
  struct reply *reply = data;
  ssize_t got = reply->read(reply->data, position, out, max);

  return got > 0 ? got : MHD_CONTENT_READER_END_WITH_ERROR;
}

static struct MHD_Response *
response_of(struct reply *reply)
{
  struct reply *stream;
  char *body = TAKE(reply->body);

  if (!reply->read)
    return MHD_create_response_from_buffer(reply->length, body ? body : buf_empty,
                                           body ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
  stream = xcalloc(1, sizeof *stream);
  *stream = *reply;
  reply->close = NULL;
  return MHD_create_response_from_callback(reply->count, STREAM_BLOCK, stream_read, stream, stream_close);
}

/* A reset rather than an orderly end, as a broken network would do. */
static enum MHD_Result
drop(struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  struct linger linger = {.l_onoff = 1};

  if (info) setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  return MHD_NO;
}

static enum MHD_Result
send_reply(struct request *request)
{
  struct reply *reply = &request->reply;
  struct MHD_Response *response;
  enum MHD_Result result;

  if (reply->drop) return drop(request->connection);
  response = response_of(reply);
  if (reply->content_type)
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->content_type);
  for (size_t i = 0; i < reply->header_count; i++)
    MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
  MHD_add_response_header(response, "X-Request-Id", request->id);
  MHD_add_response_header(response, "X-Databricks-Org-Id", request->sandbox->workspace_id);
  MHD_add_response_header(response, "Server", "databricks");
  result = MHD_queue_response(request->connection, (unsigned)reply->status, response);
  MHD_destroy_response(response);
  return result;
}

static void
collect(struct exchange *exchange, const char *bytes, size_t size)
{
  struct request *request = &exchange->request;

  if (exchange->oversized || request->reply.status) return;
  if (exchange->route && (exchange->route->flags & ROUTE_STREAM)) {
    if (request->spool < 0) request->spool = spool_open();
    if (!spool_write(request->spool, bytes, size))
      reply_error(request, 500, "INTERNAL_ERROR", "The upload cannot be kept: %s", strerror(errno));
    request->spool_size += (int64_t)size;
    return;
  }
  buf_add(&request->body, bytes, size);
  exchange->oversized = request->body.overflow;
}

static enum MHD_Result
receive(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
        const char *version, const char *upload, size_t *upload_size, void **context)
{
  struct exchange *exchange = *context;

  (void)cls;
  (void)connection;
  (void)url;
  (void)version;
  if (!exchange->begun) {
    exchange->begun = true;
    exchange->request.method = arena_strdup(exchange->request.arena, method);
    if (!exchange->request.reply.status) exchange->route = route_find(&exchange->request);
    /* Nobody fills the disk without a login; what a refused client still sends is thrown away. */
    if (exchange->route && (exchange->route->flags & ROUTE_STREAM)) auth_check(&exchange->request);
    return MHD_YES;
  }
  if (*upload_size > 0) {
    collect(exchange, upload, *upload_size);
    *upload_size = 0;
    return MHD_YES;
  }
  dispatch(exchange);
  return send_reply(&exchange->request);
}

/* Names are decoded by us, segment by segment; the library must not do it before. */
static size_t
keep_escapes(void *cls, struct MHD_Connection *connection, char *text)
{
  (void)cls;
  (void)connection;
  return strlen(text);
}

static void
no_log(void *cls, const char *format, va_list args)
{
  (void)cls;
  (void)format;
  (void)args;
}

/* A socket that listens on 127.0.0.1; *PORT becomes the one it got. -1 with errno. */
static int
open_listener(int *port)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)*port)};
  socklen_t length = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1, saved;

  if (fd < 0) return -1;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, SOMAXCONN) == 0 &&
      getsockname(fd, (struct sockaddr *)&address, &length) == 0) {
    *port = ntohs(address.sin_port);
    return fd;
  }
  saved = errno;
  close(fd);
  errno = saved;
  return -1;
}

struct server *
server_start(struct sandbox *sandbox, int port)
{
  int fd = open_listener(&port);
  struct server *server;

  if (fd < 0) return NULL;
  snprintf(sandbox->url, sizeof sandbox->url, "http://127.0.0.1:%d", port);
  server = xcalloc(1, sizeof *server);
  server->daemon = MHD_start_daemon(
      MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ERROR_LOG, 0,
      NULL, NULL, receive, NULL, MHD_OPTION_EXTERNAL_LOGGER, no_log, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
      MHD_OPTION_URI_LOG_CALLBACK, exchange_new, sandbox, MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
      MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_CONNECTION_LIMIT,
      (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)128 * 1024, MHD_OPTION_END);
  if (server->daemon) return server;
  close(fd);
  free(server);
  return NULL;
}

void
server_stop(struct server *server)
{
  if (!server) return;
  MHD_stop_daemon(server->daemon);
  free(server);
}
