/* SPDX-License-Identifier: Apache-2.0 */
/* See net_fixture.h. */
#include "fault/net_fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "net/client.h"

#include "base/banned.h"

#define WAITS_MAX 1000

struct fixture fixture;

static atomic_int_fast64_t skipped; /* how far waiting has moved the clocks */
static int64_t waits[WAITS_MAX];
static atomic_size_t wait_count;
static atomic_uint auth_asked, auth_generation, auth_frozen;

static int64_t
system_ms(clockid_t id)
{
  struct timespec now;

  clock_gettime(id, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + atomic_load(&skipped);
}

static int64_t
fixture_now(void)
{
  return system_ms(CLOCK_REALTIME);
}

static int64_t
fixture_mono(void)
{
  return system_ms(CLOCK_MONOTONIC);
}

static const struct clock fixture_clock = {.now_ms = fixture_now, .mono_ms = fixture_mono};

static void
fixture_wait(int64_t ms)
{
  size_t index = atomic_fetch_add(&wait_count, 1);

  if (index < WAITS_MAX) waits[index] = ms;
  atomic_fetch_add(&skipped, ms);
}

static clxs_status
fixture_auth(void *state, const struct fetch *fetch, uint64_t rejected, struct buf *headers,
             uint64_t *generation, struct err *err)
{
  (void)state;
  (void)fetch;
  (void)err;
  atomic_fetch_add(&auth_asked, 1);
  if (rejected == atomic_load(&auth_generation) && !atomic_load(&auth_frozen))
    atomic_fetch_add(&auth_generation, 1);
  *generation = atomic_load(&auth_generation);
  buf_addf(headers, "Authorization: Bearer token-%u-0123456789\r\n", (unsigned)*generation);
  return CLXS_OK;
}

void
fixture_open(const struct net_options *options)
{
  struct net_options mine = *options;

  atomic_store(&auth_generation, 1);
  clock_replace(&fixture_clock);
  client_replace_wait(fixture_wait);
  fixture.fake = fake_start();
  fixture.arena = arena_new();
  fixture.err = ERR_INIT(fixture.arena);
  fixture.api = net_table();
  mine.host = fake_url(fixture.fake);
  mine.auth = (struct net_auth){.headers = fixture_auth};
  if (fixture.api->open(&mine, &fixture.net, &fixture.err) != CLXS_OK) {
    fprintf(stderr, "%s\n", fixture.err.message);
    abort();
  }
}

void
fixture_open_default(void)
{
  fixture_open(&(struct net_options){.user_agent = "clxs/test", .external_links = "auto"});
}

void
fixture_close(void)
{
  fake_release(fixture.fake);
  fixture.api->close(fixture.net);
  fake_stop(fixture.fake);
  arena_free(fixture.arena);
}

int64_t
fixture_waited(size_t index)
{
  return index < atomic_load(&wait_count) ? waits[index] : -1;
}

size_t
fixture_waits(void)
{
  return atomic_load(&wait_count);
}

int64_t
fixture_waited_in_all(void)
{
  return atomic_load(&skipped);
}

unsigned
fixture_auth_asked(void)
{
  return atomic_load(&auth_asked);
}

void
fixture_auth_freeze(void)
{
  atomic_store(&auth_frozen, 1);
}

clxs_status
fixture_send(const char *method, const char *path, const char *body, struct net_response *response)
{
  struct net_response ignored;
  struct net_request request = {
      .method = method, .path = path, .body = body, .body_length = body ? strlen(body) : 0};

  err_clear(&fixture.err);
  return fixture.api->send(fixture.net, fixture.arena, &request, response ? response : &ignored,
                           &fixture.err);
}

struct net_statement *
fixture_query(const struct net_query *query, clxs_status *status)
{
  struct net_statement *statement = NULL;

  err_clear(&fixture.err);
  *status = fixture.api->statement(fixture.net, fixture.arena, query, &statement, &fixture.err);
  return statement;
}
