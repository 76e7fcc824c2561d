/* SPDX-License-Identifier: Apache-2.0 */
/* OAuth for service principals: finding the server, getting tokens, and renewing them, against a fetch that
 * plays the server and a clock that is turned by hand. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/auth.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/threads.h"
#include "unit/conf_fixture.h"

#include "base/banned.h"

static struct conf_fixture f;
static _Atomic int64_t now;

static int64_t
read_now(void)
{
  return atomic_load(&now);
}

/* What the server answers, and what it was asked. */
static struct server {
  const char *metadata;                  /* of databricks-config; NULL: 404 */
  const char *discovery, *discovery_url; /* NULL: 404; any */
  const char *token;                     /* NULL: an own one each time */
  int token_status;                      /* 0: 200 */
  int64_t expires_in;
  atomic_int tokens, discoveries;
  pthread_mutex_t mutex;
  char token_url[256], authorization[256], body[256], content_type[128];
  bool unreachable;
} server;

static clxs_status
reply(struct arena *arena, int status, const char *body, struct fetch_response *response)
{
  response->http_status = status;
  response->body = arena_strdup(arena, body);
  response->length = strlen(body);
  return CLXS_OK;
}

static clxs_status
serve_token(struct arena *arena, const struct fetch_request *request, struct fetch_response *response)
{
  int number = atomic_fetch_add(&server.tokens, 1) + 1;
  const char *body = server.token;

  {
    LOCK_SCOPE(&server.mutex);
    snprintf(server.token_url, sizeof server.token_url, "%s", request->url);
    snprintf(server.body, sizeof server.body, "%s", request->body);
    for (const char *const *header = request->headers; *header; header++) {
      if (str_starts(*header, "Authorization: "))
        snprintf(server.authorization, sizeof server.authorization, "%s", *header);
      if (str_starts(*header, "Content-Type: "))
        snprintf(server.content_type, sizeof server.content_type, "%s", *header);
    }
  }
  if (!body) {
    body = arena_printf(arena, "{\"access_token\":\"t%d\",\"token_type\":\"Bearer\",\"expires_in\":\"%lld\"}",
                        number, (long long)server.expires_in);
  }
  return reply(arena, server.token_status ? server.token_status : 200, body, response);
}

static clxs_status
send_request(void *state, struct arena *arena, const struct fetch_request *request,
             struct fetch_response *response, struct err *err)
{
  (void)state;
  if (server.unreachable) return err_set(err, CLXS_E_UNAVAILABLE, "connection refused");
  if (str_ends(request->url, "/.well-known/databricks-config"))
    return reply(arena, server.metadata ? 200 : 404, server.metadata ? server.metadata : "", response);
  if (str_ends(request->url, "/.well-known/oauth-authorization-server")) {
    atomic_fetch_add(&server.discoveries, 1);
    if (server.discovery_url) cr_expect_str_eq(request->url, server.discovery_url);
    return reply(arena, server.discovery ? 200 : 404, server.discovery ? server.discovery : "<html>",
                 response);
  }
  cr_assert_str_eq(request->method, "POST");
  return serve_token(arena, request, response);
}

static const struct fetch fetch = {.send = send_request};
static const struct clock hand_clock = {.now_ms = read_now, .mono_ms = read_now};

#define DISCOVERY \
  "{\"authorization_endpoint\":\"https://x/a\",\"token_endpoint\":\"https://x/oidc/v1/token\"}"

static struct auth *
open_auth(const char *yaml)
{
  struct auth *auth = NULL;

  cr_assert_eq(conf_fixture_load(&f, yaml, NULL), CLXS_OK, "%s", f.err.message);
  cr_assert_eq(auth_resolve(f.arena, f.conf, &auth, &f.err), CLXS_OK, "%s", f.err.message);
  return auth;
}

static void
set_up(void)
{
  conf_fixture_set_up(&f);
  atomic_store(&now, 1000000);
  clock_replace(&hand_clock);
  server = (struct server){.discovery = DISCOVERY, .expires_in = 3600, .mutex = PTHREAD_MUTEX_INITIALIZER};
}

static void
tear_down(void)
{
  clock_replace(NULL);
  conf_fixture_tear_down(&f);
}

TestSuite(token, .init = set_up, .fini = tear_down);

#define PRINCIPAL "host: x\nclient_id: id\nclient_secret: SECRET\n"

/* The token that a request would carry; NULL on failure, which is in f.err. */
static const char *
token_of(struct auth *auth, uint64_t rejected, uint64_t *generation)
{
  CLEANUP_BUF struct buf headers = BUF_INIT(BUF_SQL);
  uint64_t ignored;
  const char *start;

  err_clear(&f.err);
  if (auth_headers(auth, &fetch, rejected, &headers, generation ? generation : &ignored, &f.err) != CLXS_OK)
    return NULL;
  start = strstr(headers.data, "Bearer ") + 7;
  return arena_strndup(f.arena, start, strcspn(start, "\r"));
}

Test(token, is_asked_for_as_the_documentation_says)
{
  struct auth *auth = open_auth(PRINCIPAL);

  cr_assert_str_eq(token_of(auth, 0, NULL), "t1");
  cr_assert_str_eq(server.token_url, "https://x/oidc/v1/token");
  cr_assert_str_eq(server.authorization, "Authorization: Basic aWQ6U0VDUkVU");
  cr_assert_str_eq(server.content_type, "Content-Type: application/x-www-form-urlencoded");
  cr_assert_str_eq(server.body, "grant_type=client_credentials&scope=all-apis");
  cr_assert_str_eq(token_of(auth, 0, NULL), "t1");
  cr_assert_eq(atomic_load(&server.tokens), 1, "one token serves many requests");
  auth_close(auth);
}

Test(token, the_server_is_found_by_what_the_host_says)
{
  static const struct {
    const char *metadata, *yaml, *discovery_url, *workspace;
  } cases[] = {
      {NULL, PRINCIPAL, "https://x/oidc/.well-known/oauth-authorization-server", NULL},
      {"not json", PRINCIPAL, "https://x/oidc/.well-known/oauth-authorization-server", NULL},
      {"{\"oidc_endpoint\":\"https://idp/oidc/\",\"workspace_id\":\"99\"}", PRINCIPAL,
       "https://idp/oidc/.well-known/oauth-authorization-server", "99"},
      {"{\"oidc_endpoint\":\"https://idp/{account_id}\",\"account_id\":\"acc\",\"workspace_id\":12}",
       PRINCIPAL, "https://idp/acc/.well-known/oauth-authorization-server", "12"},
      {"{\"oidc_endpoint\":\"https://idp/{account_id}/x\"}", PRINCIPAL "account_id: mine\n",
       "https://idp/mine/x/.well-known/oauth-authorization-server", NULL},
      {"{\"oidc_endpoint\":\"https://idp/{account_id}\"}", PRINCIPAL,
       "https://x/oidc/.well-known/oauth-authorization-server", NULL},
      {"{\"oidc_endpoint\":\"http://evil/oidc\"}", PRINCIPAL,
       "https://x/oidc/.well-known/oauth-authorization-server", NULL},
      {"{\"workspace_id\":\"99\"}", PRINCIPAL "workspace_id: own\n",
       "https://x/oidc/.well-known/oauth-authorization-server", "own"},
      {"{\"workspace_id\":\"1\\r\\nX: y\"}", PRINCIPAL,
       "https://x/oidc/.well-known/oauth-authorization-server", "?"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP_BUF struct buf headers = BUF_INIT(BUF_SQL);
    struct auth *auth = open_auth(cases[i].yaml);
    uint64_t generation;
    const char *id;

    server.metadata = cases[i].metadata;
    server.discovery_url = cases[i].discovery_url;
    err_clear(&f.err);
    if (str_eq(cases[i].workspace, "?")) {
      cr_expect_eq(auth_headers(auth, &fetch, 0, &headers, &generation, &f.err), CLXS_E_DATA);
      auth_close(auth);
      continue;
    }
    cr_expect_eq(auth_headers(auth, &fetch, 0, &headers, &generation, &f.err), CLXS_OK, "case %zu: %s", i,
                 f.err.message);
    id = strstr(headers.data, "X-Databricks-Workspace-Id: ");
    cr_expect_eq(id != NULL, cases[i].workspace != NULL, "case %zu: %s", i, headers.data);
    if (id && cases[i].workspace)
      cr_expect(str_starts(id + strlen("X-Databricks-Workspace-Id: "), cases[i].workspace), "case %zu: %s", i,
                id);
    auth_close(auth);
  }
}

Test(token, an_account_console_needs_no_discovery)
{
  struct auth *auth =
      open_auth("host: accounts.cloud.databricks.com\naccount_id: a1\nclient_id: i\nclient_secret: s\n");

  cr_assert_not_null(token_of(auth, 0, NULL));
  cr_assert_str_eq(server.token_url, "https://accounts.cloud.databricks.com/oidc/accounts/a1/v1/token");
  cr_assert_eq(atomic_load(&server.discoveries), 0);
  auth_close(auth);
}

Test(token, refusals_say_why_and_keep_the_secret)
{
  static const struct {
    int status;
    const char *body;
    clxs_status expected;
    const char *words;
  } cases[] = {
      {401, "{\"error\":\"invalid_client\",\"error_description\":\"Client authentication failed\"}",
       CLXS_E_AUTH, "invalid_client: Client authentication failed"},
      {400, "{\"errorCode\":\"E1\",\"errorSummary\":\"summary\"}", CLXS_E_AUTH, "E1: summary"},
      {403, "<html>", CLXS_E_AUTH, "HTTP status 403"},
      {503, "", CLXS_E_UNAVAILABLE, "HTTP status 503"},
      {429, "{}", CLXS_E_LIMIT, "HTTP status 429"},
      {200, "{\"expires_in\":5}", CLXS_E_DATA, "no access token"},
      {200, "<html>", CLXS_E_DATA, "no access token"},
      {200, "{\"access_token\":\"a\\r\\nb\",\"expires_in\":5}", CLXS_E_DATA, "cannot be sent"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    struct auth *auth = open_auth(PRINCIPAL);

    server.token = cases[i].body;
    server.token_status = cases[i].status;
    cr_expect_null(token_of(auth, 0, NULL), "case %zu", i);
    cr_expect_eq(f.err.status, cases[i].expected, "case %zu: %d", i, f.err.status);
    cr_expect(strstr(f.err.message, cases[i].words), "case %zu: %s", i, f.err.message);
    cr_expect_null(strstr(f.err.message, "SECRET"));
    auth_close(auth);
  }
}

Test(token, a_host_without_oauth)
{
  struct auth *auth = open_auth(PRINCIPAL);

  server.discovery = NULL;
  cr_assert_null(token_of(auth, 0, NULL));
  cr_assert_eq(f.err.status, CLXS_E_AUTH);
  server.discovery = "{\"token_endpoint\":\"http://evil/token\"}";
  cr_assert_null(token_of(auth, 0, NULL));
  cr_assert_not_null(strstr(f.err.message, "not protected by TLS"));
  server.unreachable = true;
  cr_assert_null(token_of(auth, 0, NULL));
  cr_assert_eq(f.err.status, CLXS_E_UNAVAILABLE);
  auth_close(auth);
}

Test(token, a_rejected_one_is_replaced_once)
{
  struct auth *auth = open_auth(PRINCIPAL);
  uint64_t first, second;

  cr_assert_str_eq(token_of(auth, 0, &first), "t1");
  cr_assert_str_eq(token_of(auth, first, &second), "t2");
  cr_assert_neq(first, second);
  cr_assert_str_eq(token_of(auth, first, NULL), "t2", "somebody else has replaced it already");
  cr_assert_eq(atomic_load(&server.tokens), 2);
  auth_close(auth);
}

Test(token, stale_ones_are_used_while_a_new_one_is_tried)
{
  struct auth *auth = open_auth(PRINCIPAL);

  cr_assert_str_eq(token_of(auth, 0, NULL), "t1");
  atomic_fetch_add(&now, (3600 - 1201) * 1000);
  cr_assert_str_eq(token_of(auth, 0, NULL), "t1");
  cr_assert_eq(atomic_load(&server.tokens), 1, "fresh until its last 20 minutes");
  atomic_fetch_add(&now, 2000);
  server.token_status = 500;
  cr_assert_str_eq(token_of(auth, 0, NULL), "t1", "a failed renewal does no harm");
  cr_assert_eq(atomic_load(&server.tokens), 2);
  cr_assert_str_eq(token_of(auth, 0, NULL), "t1");
  cr_assert_eq(atomic_load(&server.tokens), 2, "it is not tried again within a minute");
  atomic_fetch_add(&now, 60000);
  server.token_status = 0;
  cr_assert_str_eq(token_of(auth, 0, NULL), "t3", "renewed before it expires");
  auth_close(auth);
}

Test(token, expired_ones_are_not_used)
{
  struct auth *auth = open_auth(PRINCIPAL);

  cr_assert_str_eq(token_of(auth, 0, NULL), "t1");
  atomic_fetch_add(&now, (3600 - 40) * 1000);
  server.token_status = 500;
  cr_assert_null(token_of(auth, 0, NULL), "40 seconds early, and no renewal");
  server.token_status = 0;
  cr_assert_str_eq(token_of(auth, 0, NULL), "t3");
  auth_close(auth);
}

Test(token, short_lives_are_halved)
{
  struct auth *auth;

  server.expires_in = 10;
  auth = open_auth(PRINCIPAL);
  cr_assert_str_eq(token_of(auth, 0, NULL), "t1");
  atomic_fetch_add(&now, 4000);
  cr_assert_str_eq(token_of(auth, 0, NULL), "t1");
  atomic_fetch_add(&now, 2000);
  cr_assert_str_eq(token_of(auth, 0, NULL), "t2");
  auth_close(auth);
}

static bool
ask_once(void *data, uint64_t index, uint32_t worker)
{
  CLEANUP_BUF struct buf headers = BUF_INIT(BUF_SQL);
  struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  uint64_t generation;

  (void)index;
  (void)worker;
  cr_assert_eq(auth_headers(data, &fetch, 0, &headers, &generation, &err), CLXS_OK, "%s", err.message);
  arena_free(arena);
  return true;
}

Test(token, one_caller_fetches_for_all)
{
  struct auth *auth = open_auth(PRINCIPAL);

  threads_each(64, 16, ask_once, auth);
  cr_assert_eq(atomic_load(&server.tokens), 1);
  atomic_fetch_add(&now, 3600 * 1000);
  threads_each(64, 16, ask_once, auth);
  cr_assert_eq(atomic_load(&server.tokens), 2);
  auth_close(auth);
}

Test(token, scopes_are_sorted_and_given_once)
{
  struct auth *auth;

  conf_fixture_write(&f, ".databrickscfg",
                     "[DEFAULT]\nhost=x\nclient_id=i\nclient_secret=s\nscopes=sql,files, sql\n");
  auth = open_auth("");
  cr_assert_not_null(token_of(auth, 0, NULL));
  cr_assert_str_eq(server.body, "grant_type=client_credentials&scope=files%20sql");
  auth_close(auth);
}
