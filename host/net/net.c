/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of struct net_api: opening and closing a client, and the thin way from the seam to the files
 * that do the work. */
#include <clxs/sql.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/threads.h"
#include "net/content.h"
#include "net/gate.h"
#include "net/limit.h"
#include "net/net_api.h"
#include "net/sqllog.h"
#include "net/statement.h"

#include "base/banned.h"

static void
copy_options(struct net *net, const struct net_options *from)
{
  struct net_options *to = &net->options;
  size_t length = strlen(from->host);

  *to = *from;
  while (length > 0 && from->host[length - 1] == '/')
    length--;
  to->host = arena_strndup(net->arena, from->host, length);
  to->user_agent = arena_strdup(net->arena, from->user_agent);
  to->ca_file = arena_strdup(net->arena, from->ca_file);
  to->sql_log = arena_strdup(net->arena, from->sql_log);
  to->external_links = arena_strdup(net->arena, from->external_links);
  if (to->attempts <= 0) to->attempts = 3;
  if (to->connect_timeout_ms <= 0) to->connect_timeout_ms = 10000;
  if (to->idle_timeout_ms <= 0) to->idle_timeout_ms = 60000;
}

static void
net_close(struct net *net)
{
  if (!net) return;
  if (net->http) http_close(net->http);
  sqllog_close(net->sqllog);
  limit_free(net->limit);
  gate_free(net->statements);
  pthread_cond_destroy(&net->wait_cond);
  pthread_mutex_destroy(&net->wait_lock);
  arena_free(net->arena);
  free(net);
}

static clxs_status
net_open(const struct net_options *options, struct net **out, struct err *err)
{
  clxs_status status = http_check_url(options->host, err);
  struct http_options http;
  struct net *net;

  if (status != CLXS_OK) return status;
  net = xcalloc(1, sizeof *net);
  net->arena = arena_new();
  copy_options(net, options);
  pthread_mutex_init(&net->wait_lock, NULL);
  cond_init(&net->wait_cond);
  net->limit = limit_new(net->options.max_rps);
  net->statements = gate_new(net->options.max_statements);
  http = (struct http_options){.user_agent = net->options.user_agent,
                               .ca_file = net->options.ca_file,
                               .connect_timeout_ms = net->options.connect_timeout_ms,
                               .idle_timeout_ms = net->options.idle_timeout_ms};
  if (net->options.sql_log) status = sqllog_open(net->options.sql_log, &net->sqllog, err);
  if (status == CLXS_OK) status = http_open(&http, &net->http, err);
  if (status != CLXS_OK) {
    net_close(net);
    return status;
  }
  *out = net;
  return CLXS_OK;
}

static void
net_cancel(struct net *net)
{
  {
    LOCK_SCOPE(&net->wait_lock);
    atomic_store(&net->cancelled, true);
    pthread_cond_broadcast(&net->wait_cond);
  }
  gate_close(net->statements);
  http_abort(net->http);
}

static clxs_status
net_send(struct net *net, struct arena *arena, const struct net_request *request,
         struct net_response *response, struct err *err)
{
  struct client_request ask = content_request(request);
  struct http_response answer;
  clxs_status status;

  ask.body = request->body;
  ask.body_length = request->body_length;
  status = client_send(net, &ask, &answer, err);
  content_answer(arena, &answer, response);
  return status;
}

static clxs_status
net_run_statement(struct net *net, struct arena *arena, const struct net_query *query,
                  struct net_statement **statement, struct err *err)
{
  (void)arena; /* results own their memory, which chunks come and go in */
  return statement_run(net, query, statement, err);
}

static uint32_t
column_count(struct net_statement *statement)
{
  return statement->column_count;
}

static const struct clxs_column *
column(struct net_statement *statement, uint32_t index)
{
  return index < statement->column_count ? &statement->columns[index] : NULL;
}

static const char *
cell(struct net_statement *statement, uint32_t index)
{
  return statement->on_row && index < statement->column_count ? statement->cells[index] : NULL;
}

static const char *
statement_id(struct net_statement *statement)
{
  return statement->id;
}

static void
read_stats(struct net *net, struct net_stats *stats)
{
  *stats = (struct net_stats){.sql = atomic_load(&net->sql),
                              .rest = atomic_load(&net->rest),
                              .retries = atomic_load(&net->retries),
                              .throttled = atomic_load(&net->throttled),
                              .bytes = atomic_load(&net->bytes)};
}

static const struct net_api api = {.size = sizeof api,
                                   .open = net_open,
                                   .close = net_close,
                                   .cancel = net_cancel,
                                   .send = net_send,
                                   .statement = net_run_statement,
                                   .column_count = column_count,
                                   .column = column,
                                   .next = result_next,
                                   .cell = cell,
                                   .statement_id = statement_id,
                                   .statement_close = result_free,
                                   .stats = read_stats,
                                   .download = content_download,
                                   .read = content_read,
                                   .download_close = content_close,
                                   .upload = content_upload};

const struct net_api *
net_table(void)
{
  return &api;
}
