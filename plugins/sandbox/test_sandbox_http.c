/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP side's ground: paths, login, OAuth, errors, faults, who am I. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "test_sandbox_client.h"

TestSuite(http, .init = setup, .fini = teardown);

#define ME "/api/2.0/preview/scim/v2/Me"

Test(http, who_am_i)
{
  struct json_object *me = get(ME);

  cr_assert_str_eq(json_get_text(me, "userName"), "admin@example.com");
  cr_assert_str_eq(json_get_text(json_item(json_get_array(me, "emails"), 0), "value"), "admin@example.com");
  cr_assert(strstr(joined(me, "groups", "display"), "admins"));
  cr_assert_str_eq(header("X-Databricks-Org-Id"), SANDBOX_WORKSPACE_ID);
  cr_assert_eq(strlen(header("X-Request-Id")), 36u);
  get(ME "?excludedAttributes=entitlements,groups");
  cr_assert_null(json_get(answer.json, "groups"));
  cr_assert_not_null(json_get(answer.json, "id"));
  ask("GET", ME, BOB, NULL);
  cr_assert(!strstr(joined(answer.json, "groups", "display"), "admins"));
}

Test(http, credentials_are_needed)
{
  cr_assert_eq(ask("GET", ME, NULL, NULL), 401);
  cr_assert_eq(json_get_int(answer.json, "error_code", 0), 401);
  cr_assert(strstr(answer.body, "Credential was not sent"));
  cr_assert_not_null(header("WWW-Authenticate"));
  cr_assert_eq(ask("GET", ME, "dapi-wrong", NULL), 403);
  cr_assert(strstr(answer.body, "Invalid access token"));
  cr_assert_eq(ask_with("GET", ME, NULL, NULL, "Authorization: Basic YTpi"), 401);
  cr_assert_eq(ask_with("GET", ME, NULL, NULL, "Authorization: bearer   " ADMIN), 200);
}

Test(http, unknown_paths_and_broken_requests)
{
  static const struct {
    const char *method, *path;
    long status;
    const char *code;
  } cases[] = {
      {"GET", "/api/2.1/unity-catalog/nope", 404, "ENDPOINT_NOT_FOUND"},
      {"PATCH", UNITY "catalogs", 404, "ENDPOINT_NOT_FOUND"},
      {"GET", UNITY "catalogs/", 404, "ENDPOINT_NOT_FOUND"},
      {"GET", UNITY "catalogs/a%2", 400, "MALFORMED_REQUEST"},
      {"GET", UNITY "catalogs/a%zz", 400, "MALFORMED_REQUEST"},
      {"GET", UNITY "catalogs/a%00b", 400, "MALFORMED_REQUEST"},
      {"GET", UNITY "catalogs/%ff", 400, "MALFORMED_REQUEST"},
      {"GET", UNITY "catalogs?max_results=x", 400, "INVALID_PARAMETER_VALUE"},
      {"GET", UNITY "catalogs?max_results=-1", 400, "INVALID_PARAMETER_VALUE"},
      {"GET", UNITY "catalogs?include_browse=maybe", 400, "INVALID_PARAMETER_VALUE"},
      {"GET", UNITY "catalogs?page_token=garbage", 400, "INVALID_PARAMETER_VALUE"},
      {"GET", UNITY "schemas", 400, "INVALID_PARAMETER_VALUE"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    cr_expect_eq(ask(cases[i].method, cases[i].path, ADMIN, NULL), cases[i].status, "%s: %ld %s",
                 cases[i].path, answer.status, answer.body);
    cr_expect_str_eq(error_code(), cases[i].code, "%s: %s", cases[i].path, answer.body);
  }
}

Test(http, broken_bodies)
{
  static const char *const bodies[] = {"{",
                                       "[]",
                                       "3",
                                       "null",
                                       "{\"name\":5}",
                                       "{\"name\":\"x\"} more",
                                       "\xff",
                                       "{\"name\":\"x\",\"properties\":{\"a\":1}}",
                                       "{\"name\":\"a\\u0000b\"}"};

  for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
    cr_expect_eq(ask("POST", UNITY "catalogs", ADMIN, bodies[i]), 400, "%s: %s", bodies[i], answer.body);
    cr_expect_str_eq(error_code(), "MALFORMED_REQUEST", "%s: %s", bodies[i], answer.body);
  }
  cr_assert_eq(ask("POST", UNITY "catalogs", ADMIN, "{}"), 400);
  cr_assert_str_eq(error_code(), "INVALID_PARAMETER_VALUE");
}

Test(http, errors_carry_the_request_id)
{
  ask("GET", UNITY "catalogs/missing", ADMIN, NULL);
  cr_assert_eq(answer.status, 404);
  cr_assert_str_eq(error_code(), "CATALOG_DOES_NOT_EXIST");
  cr_assert_str_eq(json_get_text(json_item(json_get_array(answer.json, "details"), 0), "request_id"),
                   header("X-Request-Id"));
}

Test(http, discovery)
{
  CLEANUP_BUF struct buf url = BUF_INIT(1024);

  cr_assert_eq(ask("GET", "/.well-known/databricks-config", NULL, NULL), 200);
  cr_assert_str_eq(json_get_text(answer.json, "workspace_id"), SANDBOX_WORKSPACE_ID);
  buf_addf(&url, "%s/.well-known/oauth-authorization-server", json_get_text(answer.json, "oidc_endpoint"));
  cr_assert_eq(ask("GET", url.data, NULL, NULL), 200);
  cr_assert(str_ends(json_get_text(answer.json, "token_endpoint"), "/oidc/v1/token"));
  cr_assert_not_null(json_get_text(answer.json, "authorization_endpoint"));
}

/* base64 of CLIENT_ID:CLIENT_SECRET with both parts form-encoded, and with a wrong secret. */
#define BASIC "Authorization: Basic MGEwYjBjMGQtMTExMS00MjIyLTgzMzMtNDQ0NDU1NTU2NjY2OnMzY3JldCslMjYrbW9yZQ=="
#define BASIC_WRONG "Authorization: Basic MGEwYjBjMGQtMTExMS00MjIyLTgzMzMtNDQ0NDU1NTU2NjY2Om5v"
#define TOKEN "/oidc/v1/token"
#define GRANT "grant_type=client_credentials&scope=all-apis"

static char *
fetch_token(void)
{
  cr_assert_eq(ask_with("POST", TOKEN, NULL, GRANT, BASIC), 200, "%s", answer.body);
  return xstrdup(json_get_text(answer.json, "access_token"));
}

Test(http, client_credentials)
{
  char *token = fetch_token();

  cr_assert_str_eq(json_get_text(answer.json, "token_type"), "Bearer");
  cr_assert_eq(json_get_int(answer.json, "expires_in", 0), 3600);
  cr_assert_eq(ask("GET", ME, token, NULL), 200);
  cr_assert_str_eq(json_get_text(answer.json, "userName"), CLIENT_ID);
  free(token);
  cr_assert_eq(ask("POST", TOKEN, NULL, GRANT "&client_id=" CLIENT_ID "&client_secret=s3cret+%26%20more"),
               200);
}

Test(http, client_credentials_are_checked)
{
  static const struct {
    const char *body, *header;
    long status;
    const char *error;
  } cases[] = {
      {GRANT, BASIC_WRONG, 401, "invalid_client"},
      {GRANT, NULL, 401, "invalid_client"},
      {GRANT, "Authorization: Basic !!!", 401, "invalid_client"},
      {"scope=all-apis", BASIC, 400, "invalid_request"},
      {"grant_type=password", BASIC, 400, "unsupported_grant_type"},
      {GRANT, "Content-Type: application/json", 400, "invalid_request"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    cr_expect_eq(ask_with("POST", TOKEN, NULL, cases[i].body, cases[i].header), cases[i].status, "%s",
                 answer.body);
    cr_expect_str_eq(json_get_text(answer.json, "error"), cases[i].error, "%s", answer.body);
    cr_expect_not_null(json_get_text(answer.json, "error_description"));
  }
}

Test(http, oauth_tokens_expire_and_personal_ones_do_not)
{
  char *token = fetch_token();

  cr_assert_eq(ask("POST", "/api/sandbox/clock", ADMIN, "{\"advance_ms\": 3599000}"), 200);
  cr_assert_eq(ask("GET", ME, token, NULL), 200);
  cr_assert_eq(ask("POST", "/api/sandbox/clock", ADMIN, "{\"advance_ms\": 2000}"), 200);
  cr_assert_eq(ask("GET", ME, token, NULL), 401);
  cr_assert(strstr(answer.body, "expired"));
  cr_assert_eq(ask("GET", ME, ADMIN, NULL), 200);
  free(token);
}

Test(http, scripted_fault_before_and_after_the_work)
{
  cr_assert_eq(ask("POST", "/api/sandbox/faults", ADMIN,
                   "{\"pattern\":\"POST " UNITY "catalogs\",\"status_code\":503,\"retry_after\":7}"),
               200);
  cr_assert_eq(ask("POST", UNITY "catalogs", ADMIN, "{\"name\":\"one\"}"), 503);
  cr_assert_str_eq(error_code(), "TEMPORARILY_UNAVAILABLE");
  cr_assert_str_eq(header("Retry-After"), "7");
  cr_assert_eq(ask("GET", UNITY "catalogs/one", ADMIN, NULL), 404);
  cr_assert_eq(ask("POST", UNITY "catalogs", ADMIN, "{\"name\":\"one\"}"), 200);

  ask("POST", "/api/sandbox/faults", ADMIN,
      "{\"pattern\":\"POST " UNITY "*\",\"reset\":true,\"after_handler\":true}");
  cr_assert_eq(ask("POST", UNITY "catalogs", ADMIN, "{\"name\":\"two\"}"), 0, "the connection should break");
  cr_assert_eq(ask("GET", UNITY "catalogs/two", ADMIN, NULL), 200, "the effect should stay");
}

Test(http, scripted_fault_with_offset_times_and_body)
{
  ask("POST", "/api/sandbox/faults", ADMIN,
      "{\"pattern\":\"GET " ME "\",\"status_code\":429,\"offset\":1,\"times\":2,\"body\":\"{\\\"x\\\":1}\"}");
  cr_assert_eq(ask("GET", ME, ADMIN, NULL), 200);
  cr_assert_eq(ask("GET", ME, ADMIN, NULL), 429);
  cr_assert_str_eq(answer.body, "{\"x\":1}");
  cr_assert_eq(ask("GET", ME, ADMIN, NULL), 429);
  cr_assert_eq(ask("GET", ME, ADMIN, NULL), 200);
  get("/api/sandbox/faults");
  cr_assert_eq(json_get_int(json_item(json_get_array(answer.json, "faults"), 0), "hits", 0), 4);
  cr_assert_eq(ask("DELETE", "/api/sandbox/faults", ADMIN, NULL), 200);
  get("/api/sandbox/faults");
  cr_assert_eq(json_length(json_get_array(answer.json, "faults")), 0u);
  cr_assert_eq(ask("POST", "/api/sandbox/faults", BOB, "{\"pattern\":\"GET /\"}"), 403);
  cr_assert_eq(ask("POST", "/api/sandbox/faults", ADMIN, "{\"pattern\":\"nonsense\"}"), 400);
}

Test(http, expired_token_fault_ends_oauth_tokens_only)
{
  char *token = fetch_token();

  ask("POST", "/api/sandbox/faults", ADMIN, "{\"pattern\":\"GET " ME "\",\"expire_token\":true,\"times\":2}");
  cr_assert_eq(ask("GET", ME, token, NULL), 401);
  cr_assert_eq(ask("GET", ME, ADMIN, NULL), 200);
  cr_assert_eq(ask("GET", ME, token, NULL), 401, "it stays expired");
  free(token);
}

static void
setup_faulty(void)
{
  static const char *const faults[] = {"503:0.3"};

  setup_with((struct sandbox_options){.faults = faults, .fault_count = 1, .fault_seed = 7});
}

static void
draw(char *out, size_t count)
{
  for (size_t i = 0; i < count; i++)
    out[i] = ask("GET", ME, ADMIN, NULL) == 200 ? '.' : 'x';
}

Test(http_faults, rates_are_kept_and_repeat_with_the_seed, .init = setup_faulty, .fini = teardown)
{
  char first[200], second[200];
  size_t failed = 0;

  draw(first, sizeof first);
  teardown();
  setup_faulty();
  draw(second, sizeof second);
  cr_assert_arr_eq(first, second, sizeof first);
  for (size_t i = 0; i < sizeof first; i++)
    failed += first[i] == 'x';
  cr_assert(failed > 35 && failed < 85, "%zu of 200 failed", failed);
}

Test(http_faults, wrong_ones_are_refused)
{
  static const char *const wrong[] = {"503",      "503:",      "503:2",     "503:-1",
                                      "nope:0.1", "503:0.1:x", "503:0.1:-3"};

  for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
    struct sandbox_options options = {.faults = &wrong[i], .fault_count = 1};
    struct sandbox *sandbox = NULL;
    char *why = NULL;

    cr_expect_not(sandbox_open(&options, &sandbox, &why), "%s", wrong[i]);
    cr_expect(why && strstr(why, wrong[i]), "%s", why);
    free(why);
  }
}

Test(http, the_state_cannot_be_opened)
{
  struct sandbox_options options = {.state = "/nonexistent/dir/state.db"};
  struct sandbox *sandbox = NULL;
  char *why = NULL;

  cr_assert_not(sandbox_open(&options, &sandbox, &why));
  cr_assert(strstr(why, "/nonexistent/dir/state.db"), "%s", why);
  free(why);
}

Test(http, traffic_is_counted)
{
  get(UNITY "catalogs");
  get(ME);
  submit("DDL", "");
  get("/api/sandbox/traffic");
  cr_assert_eq(json_get_int(answer.json, "catalog", 0), 1);
  cr_assert_eq(json_get_int(answer.json, "statements", 0), 1);
  cr_assert_eq(json_get_int(answer.json, "total", 0), 3);
}

Test(http, principals)
{
  get("/api/2.0/preview/scim/v2/Users?filter=userName%20eq%20%22BOB@example.com%22");
  cr_assert_eq(json_get_int(answer.json, "totalResults", 0), 1);
  cr_assert_str_eq(joined(answer.json, "Resources", "userName"), "bob@example.com");
  get("/api/2.0/preview/scim/v2/Groups");
  cr_assert_str_eq(joined(answer.json, "Resources", "displayName"), "account users,admins");
  cr_assert_eq(ask("GET", "/api/2.0/preview/scim/v2/Users?filter=x%20gt%201", ADMIN, NULL), 400);
  cr_assert_str_eq(json_get_text(answer.json, "status"), "400", "SCIM errors have their own shape");
  cr_assert_eq(ask("GET", "/api/2.0/preview/scim/v2/Users/999", ADMIN, NULL), 404);
}
