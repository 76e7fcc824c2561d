/* SPDX-License-Identifier: Apache-2.0 */
/* Putting a workspace together and taking it apart, and the small things that all handlers need: time and
 * randomness. It must not know endpoints. */
#include "http/sandbox.h"

#include <errno.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "http/auth.h"
#include "http/executor.h"
#include "http/faults.h"
#include "http/keep.h"
#include "http/link.h"
#include "http/server.h"
#include "http/warehouse.h"
#include "store/store.h"

#include "base/banned.h"

static int64_t
clock_ms(clockid_t clock)
{
  struct timespec now;

  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
sandbox_now(struct sandbox *sandbox)
{
  return clock_ms(CLOCK_REALTIME) + atomic_load(&sandbox->clock_offset_ms);
}

int64_t
sandbox_mono(void)
{
  return clock_ms(CLOCK_MONOTONIC);
}

struct timespec
sandbox_deadline(int64_t ms)
{
  struct timespec deadline;

  clock_gettime(CLOCK_MONOTONIC, &deadline);
  deadline.tv_sec += (time_t)(ms / 1000);
  deadline.tv_nsec += (long)(ms % 1000) * 1000000;
  if (deadline.tv_nsec >= 1000000000) {
    deadline.tv_sec++;
    deadline.tv_nsec -= 1000000000;
  }
  return deadline;
}

void
sandbox_cond_init(pthread_cond_t *cond)
{
  pthread_condattr_t attributes;

  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(cond, &attributes);
  pthread_condattr_destroy(&attributes);
}

void
sandbox_sleep(struct sandbox *sandbox, int64_t ms)
{
  struct timespec deadline = sandbox_deadline(ms);

  pthread_mutex_lock(&sandbox->stop_lock);
  while (!sandbox->stopping &&
         pthread_cond_timedwait(&sandbox->stop_wake, &sandbox->stop_lock, &deadline) == 0)
    continue;
  pthread_mutex_unlock(&sandbox->stop_lock);
}

void
sandbox_hex(char *out, size_t count)
{
  unsigned char bytes[64];

  if (count > sizeof bytes || RAND_bytes(bytes, (int)count) != 1) abort();
  for (size_t i = 0; i < count; i++)
    snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

void
sandbox_uuid(char *out)
{
  char hex[33];

  sandbox_hex(hex, 16);
  hex[12] = '4';
  hex[16] = "89ab"[hex[16] & 3];
  snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

const char *
sandbox_iso_time(struct arena *arena, int64_t ms)
{
  time_t seconds = (time_t)(ms / 1000);
  struct tm parts;
  char text[32];

  gmtime_r(&seconds, &parts);
  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  return arena_printf(arena, "%s.%03dZ", text, (int)(ms % 1000));
}

static void
fill_defaults(struct sandbox_options *options)
{
  if (options->token_ttl_s <= 0) options->token_ttl_s = 3600;
  if (options->warehouse_start_ms <= 0) options->warehouse_start_ms = 300;
  if (options->wait_second_ms <= 0) options->wait_second_ms = 1000;
  if (options->chunk_bytes <= 0) options->chunk_bytes = INT64_C(2) << 20;
  if (options->page_size <= 0) options->page_size = 1000;
  if (options->fault_seed == 0) options->fault_seed = 1;
}

/* Make NAME known to the store and learn its id. */
static struct identity
enrol(struct session *session, const char *name, bool service, bool admin)
{
  struct identity who = {.name = name, .service = service, .admin = admin};
  struct principal principal;

  principal_add(session, service ? PRINCIPAL_SERVICE : PRINCIPAL_USER, name, admin);
  if (principal_find(session, name, &principal)) {
    who.id = principal.id;
    who.admin |= principal.admin;
  }
  return who;
}

static void
enrol_all(struct sandbox *sandbox, const struct sandbox_options *options, struct session *session)
{
  for (size_t i = 0; i < options->user_count; i++) {
    struct identity who = enrol(session, options->users[i].name, false, i == 0);

    auth_add_token(sandbox->auth, &who, options->users[i].token);
  }
  if (options->client_id && options->client_secret) {
    struct identity who = enrol(session, options->client_id, true, true);

    auth_add_client(sandbox->auth, &who, options->client_secret);
  }
}

static char *
explain(const char *what, const char *name, const char *why)
{
  struct buf text = BUF_INIT(4096);

  buf_addf(&text, "%s %s: %s", what, name, why ? why : "unknown reason");
  return buf_take(&text);
}

/* Open the state and read what the HTTP side keeps there. */
static bool
open_state(struct sandbox *sandbox, const struct sandbox_options *options, char **why)
{
  __attribute__((cleanup(arena_cleanup))) struct arena *arena = arena_new();
  const char *path = options->state ? options->state : ":memory:", *reason = NULL;
  struct session session;
  struct metastore metastore;

  sandbox->store = options->store ? store_share(options->store) : store_open(arena, path, &reason);
  session = sandbox_session(sandbox, arena);
  session.user = options->user_count ? options->users[0].name : SANDBOX_ADMIN;
  session.admin = true;
  if (!sandbox->store) {
    *why = reason ? xstrdup(reason) : explain("cannot open the sandbox state", path, NULL);
    return false;
  }
  store_enter(&session);
  keep_prepare(&session);
  enrol_all(sandbox, options, &session);
  sandbox->warehouses = warehouses_new(sandbox, &session);
  metastore_load(&session, &metastore);
  snprintf(sandbox->metastore_id, sizeof sandbox->metastore_id, "%s", metastore.id ? metastore.id : "");
  if (store_leave(&session, true)) return true;
  *why = explain("cannot prepare the sandbox state", path, session.fault.message);
  return false;
}

struct session
sandbox_session(const struct sandbox *sandbox, struct arena *arena)
{
  return (struct session){.arena = arena,
                          .store = sandbox->store,
                          .workspace = sandbox->name[0] ? sandbox->name : NULL,
                          .workspace_id = sandbox->workspace_number};
}

/* A further workspace has a number that its name gives it, so that bindings find it again. */
static void
set_identity(struct sandbox *sandbox, const char *name)
{
  sandbox->workspace_number = SANDBOX_WORKSPACE_NUMBER;
  if (name) sandbox->workspace_number += 1 + (int64_t)(str_hash(name, strlen(name)) % 1000000000);
  snprintf(sandbox->name, sizeof sandbox->name, "%s", name ? name : "");
  snprintf(sandbox->workspace_id, sizeof sandbox->workspace_id, "%lld", (long long)sandbox->workspace_number);
}

bool
sandbox_open(const struct sandbox_options *options, struct sandbox **out, char **why)
{
  struct sandbox *sandbox = xcalloc(1, sizeof *sandbox);

  sandbox->options = *options;
  fill_defaults(&sandbox->options);
  set_identity(sandbox, options->name);
  pthread_mutex_init(&sandbox->stop_lock, NULL);
  sandbox_cond_init(&sandbox->stop_wake);
  sandbox->auth = auth_new();
  sandbox->links = links_new();
  sandbox->faults = faults_new(options->faults, options->fault_count, sandbox->options.fault_seed, why);
  if (!sandbox->faults || !open_state(sandbox, options, why)) {
    sandbox_close(sandbox);
    return false;
  }
  sandbox->options.users = NULL; /* borrowed until here */
  sandbox->options.faults = NULL;
  sandbox->options.store = NULL;
  sandbox->options.state = sandbox->options.name = sandbox->options.client_id =
      sandbox->options.client_secret = NULL;
  sandbox->executor = executor_new(sandbox);
  *out = sandbox;
  return true;
}

bool
sandbox_listen(struct sandbox *sandbox, char **why)
{
  char port[16];

  sandbox->server = server_start(sandbox, sandbox->options.port);
  if (sandbox->server) return true;
  snprintf(port, sizeof port, "%d", sandbox->options.port);
  *why = explain("cannot listen on 127.0.0.1 port", port, strerror(errno));
  return false;
}

void
sandbox_close(struct sandbox *sandbox)
{
  if (!sandbox) return;
  pthread_mutex_lock(&sandbox->stop_lock);
  sandbox->stopping = true;
  pthread_cond_broadcast(&sandbox->stop_wake);
  pthread_mutex_unlock(&sandbox->stop_lock);
  executor_stop(sandbox->executor);
  server_stop(sandbox->server);
  executor_free(sandbox->executor);
  warehouses_free(sandbox->warehouses);
  if (sandbox->store) store_close(sandbox->store);
  faults_free(sandbox->faults);
  links_free(sandbox->links);
  auth_free(sandbox->auth);
  pthread_cond_destroy(&sandbox->stop_wake);
  pthread_mutex_destroy(&sandbox->stop_lock);
  free(sandbox);
}
