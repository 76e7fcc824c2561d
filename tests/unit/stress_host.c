/* SPDX-License-Identifier: Apache-2.0 */
/* Threads at work on everything in the host that more than one of them may use: a login whose token keeps
 * expiring, log lines and progress. No assertions of time; a sanitizer watches. Not a Criterion test,
 * because Criterion itself does not run under ThreadSanitizer. */
#include <clxs/call.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/auth.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/threads.h"
#include "conf/conf.h"
#include "out/out.h"

#include "base/banned.h"

#define STEPS 4000
#define WIDTH 8

static _Atomic int64_t now = 1000;
static atomic_int tokens, failures;

static int64_t
read_now(void)
{
  return atomic_load(&now);
}

/* A server whose tokens live for a minute, and which fails every fifth time. */
static clxs_status
serve(void *state, struct arena *arena, const struct fetch_request *request, struct fetch_response *response,
      struct err *err)
{
  const char *body = "{\"token_endpoint\":\"https://x/token\"}";

  (void)state;
  (void)err;
  response->http_status = 200;
  if (str_ends(request->url, "/token")) {
    int number = atomic_fetch_add(&tokens, 1);

    if (number % 5 == 4) response->http_status = 503;
    body = arena_printf(arena, "{\"access_token\":\"t%d\",\"expires_in\":60}", number);
  }
  response->body = arena_strdup(arena, body);
  response->length = strlen(body);
  return CLXS_OK;
}

struct world {
  struct auth *auth;
  struct out *out;
  atomic_int done;
};

static bool
step(void *data, uint64_t index, uint32_t worker)
{
  static const struct fetch fetch = {.send = serve};
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf headers = BUF_INIT(BUF_SQL);
  struct err err = ERR_INIT(arena);
  struct world *world = data;
  uint64_t generation = 0;

  atomic_fetch_add(&now, 100);
  if (auth_headers(world->auth, &fetch, 0, &headers, &generation, &err) != CLXS_OK) {
    atomic_fetch_add(&failures, 1);
  } else if (index % 50 == 0) {
    (void)auth_headers(world->auth, &fetch, generation, &headers, &generation, &err);
  }
  out_progress(world->out, "steps", index, STEPS);
  if (index % 100 == 0) out_log(world->out, CLXS_LOG_WARN, arena_printf(arena, "worker %u", worker));
  atomic_fetch_add(&world->done, 1);
  return true;
}

static struct auth *
log_in(struct arena *arena)
{
  static const struct conf_source none = {0};
  struct err err = ERR_INIT(arena);
  struct conf *conf;
  struct auth *auth;

  setenv("DATABRICKS_HOST", "x", 1);
  setenv("DATABRICKS_CLIENT_ID", "i", 1);
  setenv("DATABRICKS_CLIENT_SECRET", "s", 1);
  setenv("DATABRICKS_AUTH_TYPE", "oauth-m2m", 1);
  if (conf_load(arena, &none, &conf, &err) == CLXS_OK && auth_resolve(arena, conf, &auth, &err) == CLXS_OK)
    return auth;
  fprintf(stderr, "%s\n", err.message);
  exit(1);
}

int
main(void)
{
  static const struct clock clock = {.now_ms = read_now, .mono_ms = read_now};
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  const struct out_options options = {.result = stdout, .remarks = tmpfile(), .progress = true};
  struct world world = {.auth = log_in(arena), .out = out_new(&options)};

  clock_replace(&clock);
  threads_each(STEPS, WIDTH, step, &world);
  auth_close(world.auth);
  out_free(world.out);
  fclose(options.remarks);
  printf("%d done, %d tokens, %d failures seen\n", atomic_load(&world.done), atomic_load(&tokens),
         atomic_load(&failures));
  return atomic_load(&world.done) == STEPS && atomic_load(&tokens) > 1 ? 0 : 1;
}
