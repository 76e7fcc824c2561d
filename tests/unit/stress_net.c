/* SPDX-License-Identifier: Apache-2.0 */
/* Client, cache and worker threads used hard at the same time, for ThreadSanitizer; a plain program, because
 * Criterion does not run under it. Prints one line and exits 0 when every answer was right. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "base/threads.h"
#include "cache/cache.h"
#include "fault/net_fixture.h"

#include "base/banned.h"

#define WORKERS 16
#define ROUNDS 400
#define KEYS 7
#define SUBMIT "POST /api/2.0/sql/statements"
#define POLL "GET /api/2.0/sql/statements/s1"
#define STATE(state) "{\"statement_id\":\"s1\",\"status\":{\"state\":\"" state "\"}}"

static struct cache *cache;
static atomic_uint wrong, cancelled;

static void
check(bool right, const char *what)
{
  if (right) return;
  atomic_fetch_add(&wrong, 1);
  fprintf(stderr, "wrong: %s\n", what);
}

static void
one_request(struct arena *arena, uint64_t index)
{
  struct err err = ERR_INIT(arena);
  struct net_response response;
  struct net_request request = {.method = index % 3 == 0 ? "POST" : "GET",
                                .path = "/ok",
                                .body = index % 3 == 0 ? "{}" : NULL,
                                .body_length = index % 3 == 0 ? 2 : 0};
  clxs_status status = fixture.api->send(fixture.net, arena, &request, &response, &err);

  if (status == CLXS_E_CANCELLED)
    atomic_fetch_add(&cancelled, 1);
  else
    check(status == CLXS_OK && str_eq(response.body, "{\"ok\":true}"), "request");
}

static void
one_statement(struct arena *arena)
{
  struct err err = ERR_INIT(arena);
  struct net_query query = {.text = "SELECT 1", .warehouse = "w"};
  struct net_statement *statement;
  clxs_status status = fixture.api->statement(fixture.net, arena, &query, &statement, &err);

  if (status == CLXS_E_CANCELLED) {
    atomic_fetch_add(&cancelled, 1);
    return;
  }
  check(status == CLXS_OK, "statement");
  if (status != CLXS_OK) return;
  check(fixture.api->next(statement, &err) == 1 && str_eq(fixture.api->cell(statement, 0), "1"), "row");
  check(fixture.api->next(statement, &err) == 0, "end");
  fixture.api->statement_close(statement);
}

/* Longer than what is buffered, so that both threads have to wait for each other. */
#define CONTENT ((size_t)600000)

struct moved {
  struct arena *arena;
  struct net_download *download;
  struct err *err;
};

static clxs_status
next_piece(void *data, char *buffer, size_t room, size_t *got)
{
  struct moved *moved = data;

  return fixture.api->read(moved->download, buffer, room, got, moved->err);
}

static clxs_status
first_piece(void *data)
{
  (void)data;
  return CLXS_E_INTERNAL; /* nothing is repeated here */
}

static void
one_content(struct arena *arena)
{
  struct err err = ERR_INIT(arena);
  struct moved moved = {.arena = arena, .err = &err};
  struct net_request get = {.method = "GET", .path = "/content"}, put = {.method = "PUT", .path = "/content"};
  struct net_source source = {(int64_t)CONTENT, next_piece, first_piece, &moved};
  struct net_content content;
  struct net_response response;
  clxs_status status = fixture.api->download(fixture.net, arena, &get, &moved.download, &content, &err);

  if (status == CLXS_OK) status = fixture.api->upload(fixture.net, arena, &put, &source, &response, &err);
  fixture.api->download_close(moved.download);
  if (status == CLXS_E_CANCELLED)
    atomic_fetch_add(&cancelled, 1);
  else
    check(status == CLXS_OK && content.length == (int64_t)CONTENT, "content");
}

static clxs_status
fill(void *data, struct buf *value, struct err *err)
{
  (void)err;
  buf_addf(value, "value of %s", (const char *)data);
  return CLXS_OK;
}

static void
one_look(struct arena *arena, uint64_t index)
{
  struct err err = ERR_INIT(arena);
  char key[16], want[32];
  const char *value;

  snprintf(key, sizeof key, "key %u ", (unsigned)(index % KEYS));
  snprintf(want, sizeof want, "value of %s", key);
  check(cache_get(cache, arena, key, fill, key, &value, NULL, &err) == CLXS_OK && str_eq(value, want),
        "cache");
  if (index % 11 == 0) cache_drop(cache, key);
  if (index % 17 == 0) cache_put(cache, key, want, strlen(want), 1);
}

static bool
work(void *data, uint64_t index, uint32_t worker)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  (void)data;
  (void)worker;
  switch (index % 4) {
  case 0: one_statement(arena); break;
  case 1:
  case 2: one_request(arena, index); break;
  default:
    one_look(arena, index);
    if (index % 16 == 3) one_content(arena);
  }
  return true;
}

static void *
cancel_later(void *data)
{
  fake_await(fixture.fake, SUBMIT, *(size_t *)data);
  fixture.api->cancel(fixture.net);
  return NULL;
}

int
main(void)
{
  struct net_stats stats;
  struct cache_stats cached;
  pthread_t canceller;
  CLEANUP_FREE char *content = xcalloc(1, CONTENT + 1);
  size_t half;

  memset(content, 'x', CONTENT);
  fixture_open(&(struct net_options){.user_agent = "stress", .attempts = 12});
  FAKE_ADD(fixture.fake, .match = "GET /ok", .status = 503, .times = 5);
  FAKE_ADD(fixture.fake, .match = "GET /ok", .status = 401, .times = 1);
  FAKE_ADD(fixture.fake, .match = "GET /ok", .body = "{\"ok\":true}");
  FAKE_ADD(fixture.fake, .match = "POST /ok", .status = 429, .headers = "Retry-After: 1\n", .times = 5);
  FAKE_ADD(fixture.fake, .match = "POST /ok", .body = "{\"ok\":true}");
  FAKE_ADD(fixture.fake, .match = SUBMIT, .times = ROUNDS / 16, .body = STATE("RUNNING"));
  FAKE_ADD(fixture.fake, .match = SUBMIT,
           .body = "{\"statement_id\":\"s1\",\"status\":{\"state\":\"SUCCEEDED\"},\"manifest\":{\"schema\":{"
                   "\"columns\":[{\"name\":"
                   "\"a\"}]}},\"result\":{\"data_array\":[[\"1\"]]}}");
  FAKE_ADD(fixture.fake, .match = "POST /api/2.0/sql/statements/s1/cancel");
  FAKE_ADD(fixture.fake, .match = POLL,
           .body = "{\"statement_id\":\"s1\",\"status\":{\"state\":\"SUCCEEDED\"},\"manifest\":{\"schema\":{"
                   "\"columns\":[{\"name\":"
                   "\"a\"}]}},\"result\":{\"data_array\":[[\"1\"]]}}");
  FAKE_ADD(fixture.fake, .match = "GET /content", .body = content);
  FAKE_ADD(fixture.fake, .match = "PUT /content", .status = 204);
  cache = cache_new(1000000000, 140);
  threads_each(ROUNDS, WORKERS, work, NULL);
  check(atomic_load(&cancelled) == 0, "nobody cancelled yet");
  half = fake_count(fixture.fake, SUBMIT) + ROUNDS / 8;
  pthread_create(&canceller, NULL, cancel_later, &half);
  threads_each(ROUNDS, WORKERS, work, NULL);
  pthread_join(canceller, NULL);
  check(atomic_load(&cancelled) > 0, "cancelling reached somebody");
  fixture.api->stats(fixture.net, &stats);
  cache_read_stats(cache, &cached);
  printf("%llu statements, %llu requests, %llu repeats, %llu hits, %llu waits, %u cancelled, %u wrong\n",
         (unsigned long long)stats.sql, (unsigned long long)stats.rest, (unsigned long long)stats.retries,
         (unsigned long long)cached.hits, (unsigned long long)cached.waits, atomic_load(&cancelled),
         atomic_load(&wrong));
  cache_free(cache);
  fixture_close();
  return atomic_load(&wrong) == 0 ? 0 : 1;
}
