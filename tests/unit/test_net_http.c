/* SPDX-License-Identifier: Apache-2.0 */
/* Requests through the whole client against a server that misbehaves: what is sent again, what is reported as
 * lost, what never leaves the process. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/str.h"
#include "fault/net_fixture.h"
#include "net/client.h"

#include "base/banned.h"

#define OK_BODY .body = "{\"ok\":true}", .headers = "Content-Type: application/json\nX-Request-Id: req-7\n"

TestSuite(net_http, .init = fixture_open_default, .fini = fixture_close);

Test(net_http, an_answer_arrives_whole)
{
  struct net_response response;
  const struct fake_seen *seen;
  char *value;

  FAKE_ADD(fixture.fake, .match = "GET /a/b%2Fc", OK_BODY);
  cr_assert_eq(
      fixture.api->send(fixture.net, fixture.arena,
                        &(struct net_request){.method = "GET", .path = "/a/b%2Fc", .query = "x=1&y=%20z"},
                        &response, &fixture.err),
      CLXS_OK);
  cr_expect_eq(response.http_status, 200);
  cr_expect_str_eq(response.body, "{\"ok\":true}");
  cr_expect_eq(response.length, 11);
  cr_expect_str_eq(response.request_id, "req-7");
  cr_expect_str_eq(response.content_type, "application/json");
  seen = fake_seen(fixture.fake, "GET *", 0);
  cr_expect_str_eq(seen->query, "x=1&y=%20z");
  value = fake_header(seen, "authorization");
  cr_expect_str_eq(value, "Bearer token-1-0123456789");
  free(value);
  value = fake_header(seen, "user-agent");
  cr_expect_str_eq(value, "clxs/test");
  free(value);
}

Test(net_http, an_empty_success_is_legal)
{
  struct net_response response;

  FAKE_ADD(fixture.fake, .match = "POST /x");
  cr_expect_eq(fixture_send("POST", "/x", "{}", &response), CLXS_OK);
  cr_expect_eq(response.length, 0);
  cr_expect_str_eq(response.body, "");
}

Test(net_http, every_method_carries_its_body)
{
  static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE"};

  FAKE_ADD(fixture.fake, .match = "POST /m", OK_BODY);
  FAKE_ADD(fixture.fake, .match = "PUT /m", OK_BODY);
  FAKE_ADD(fixture.fake, .match = "PATCH /m", OK_BODY);
  FAKE_ADD(fixture.fake, .match = "DELETE /m", OK_BODY);
  for (size_t i = 0; i < ARRAY_SIZE(methods); i++) {
    char match[32];

    snprintf(match, sizeof match, "%s /m", methods[i]);
    cr_expect_eq(fixture_send(methods[i], "/m", "{\"n\":1}", NULL), CLXS_OK);
    cr_expect_eq(fixture_send(methods[i], "/m", NULL, NULL), CLXS_OK);
    cr_expect_str_eq(fake_seen(fixture.fake, match, 0)->body, "{\"n\":1}");
    cr_expect_str_eq(fake_seen(fixture.fake, match, 1)->body, "");
  }
}

Test(net_http, busy_answers_are_repeated_whatever_was_asked)
{
  static const int32_t statuses[] = {429, 503};

  for (size_t i = 0; i < ARRAY_SIZE(statuses); i++) {
    FAKE_ADD(fixture.fake, .match = "POST /busy", .status = statuses[i], .times = 2);
    FAKE_ADD(fixture.fake, .match = "POST /busy", .times = 1, OK_BODY);
    cr_expect_eq(fixture_send("POST", "/busy", "{}", NULL), CLXS_OK, "%d", statuses[i]);
  }
  cr_expect_eq(fake_count(fixture.fake, "POST /busy"), 6);
}

Test(net_http, nine_attempts_then_the_answer_of_a_living_workspace_stands)
{
  FAKE_ADD(fixture.fake, .match = "GET /busy", .status = 429, .headers = "Retry-After: 7\n",
           .body = "{\"error_code\":\"REQUEST_LIMIT_EXCEEDED\",\"message\":\"slow down\"}");
  cr_expect_eq(fixture_send("GET", "/busy", NULL, NULL), CLXS_E_LIMIT);
  cr_expect_eq(fake_count(fixture.fake, "GET /busy"), 9);
  cr_expect_eq(fixture.err.http_status, 429);
  cr_expect_eq(fixture.err.retry_after_ms, 7000);
  cr_expect_str_eq(fixture.err.error_class, "REQUEST_LIMIT_EXCEEDED");
  cr_expect(strstr(fixture.err.message, "/busy") && strstr(fixture.err.message, "slow down"));
  cr_expect_geq(fixture_waited_in_all(), 56000, "each repeat waited as long as it was asked to");
}

Test(net_http, plain_failures_are_not_repeated)
{
  static const struct {
    int32_t http;
    clxs_status status;
  } cases[] = {{400, CLXS_E_INVALID},    {403, CLXS_E_DENIED},      {404, CLXS_E_NOT_FOUND},
               {409, CLXS_E_CONFLICT},   {500, CLXS_E_UNAVAILABLE}, {501, CLXS_E_UNSUPPORTED},
               {504, CLXS_E_UNAVAILABLE}};

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    FAKE_ADD(fixture.fake, .match = "GET /f", .status = cases[i].http, .times = 1,
             .body = "{\"error_code\":\"SOME_NEW_CODE\",\"message\":\"m\"}");
    cr_expect_eq(fixture_send("GET", "/f", NULL, NULL), cases[i].status, "%d", cases[i].http);
  }
  cr_expect_eq(fake_count(fixture.fake, "GET /f"), ARRAY_SIZE(cases));
}

Test(net_http, a_lost_answer_is_repeated_only_where_that_does_no_harm)
{
  FAKE_ADD(fixture.fake, .match = "GET /r", .fault = FAKE_RESET, .times = 2);
  FAKE_ADD(fixture.fake, .match = "GET /r", OK_BODY);
  cr_expect_eq(fixture_send("GET", "/r", NULL, NULL), CLXS_OK);
  FAKE_ADD(fixture.fake, .match = "POST /r", .fault = FAKE_RESET);
  cr_expect_eq(fixture_send("POST", "/r", "{}", NULL), CLXS_E_LOST);
  cr_expect_eq(fake_count(fixture.fake, "POST /r"), 1);
  cr_expect(strstr(fixture.err.message, "may or may not"));
  cr_expect_not_null(fixture.err.hint);
}

Test(net_http, a_post_marked_idempotent_is_repeated)
{
  struct net_response response;
  struct net_request request = {
      .method = "POST", .path = "/i", .body = "{}", .body_length = 2, .idempotent = true};

  FAKE_ADD(fixture.fake, .match = "POST /i", .fault = FAKE_RESET, .times = 1);
  FAKE_ADD(fixture.fake, .match = "POST /i", OK_BODY);
  cr_expect_eq(fixture.api->send(fixture.net, fixture.arena, &request, &response, &fixture.err), CLXS_OK);
  cr_expect_eq(fake_count(fixture.fake, "POST /i"), 2);
  cr_expect_str_eq(fake_seen(fixture.fake, "POST /i", 1)->body, "{}");
}

/* curl would send it again by itself on a connection that it had used before. */
Test(net_http, a_kept_connection_that_dies_does_not_repeat_a_post)
{
  FAKE_ADD(fixture.fake, .match = "GET /warm", OK_BODY);
  FAKE_ADD(fixture.fake, .match = "POST /body", .fault = FAKE_RESET);
  FAKE_ADD(fixture.fake, .match = "POST /empty", .fault = FAKE_RESET);
  for (int i = 0; i < 5; i++) {
    cr_assert_eq(fixture_send("GET", "/warm", NULL, NULL), CLXS_OK);
    cr_expect_eq(fixture_send("POST", "/body", "{\"a\":1}", NULL), CLXS_E_LOST);
    cr_assert_eq(fixture_send("GET", "/warm", NULL, NULL), CLXS_OK);
    cr_expect_eq(fixture_send("POST", "/empty", NULL, NULL), CLXS_E_LOST);
  }
  cr_expect_eq(fake_count(fixture.fake, "POST /body"), 5);
  cr_expect_eq(fake_count(fixture.fake, "POST /empty"), 5);
}

Test(net_http, a_cut_body_is_a_lost_answer)
{
  FAKE_ADD(fixture.fake, .match = "GET /c", .fault = FAKE_CUT, .body = "{\"half\":\"of this is missing\"}");
  cr_expect_eq(fixture_send("GET", "/c", NULL, NULL), CLXS_E_UNAVAILABLE);
  cr_expect_eq(fake_count(fixture.fake, "GET /c"), 3);
  FAKE_ADD(fixture.fake, .match = "PATCH /c", .fault = FAKE_CUT, .body = "{\"half\":\"of this is missing\"}");
  cr_expect_eq(fixture_send("PATCH", "/c", "{}", NULL), CLXS_E_LOST);
  cr_expect_eq(fake_count(fixture.fake, "PATCH /c"), 1);
}

Test(net_http, a_gateway_timeout_leaves_a_change_undecided)
{
  FAKE_ADD(fixture.fake, .match = "POST /g", .status = 504, .body = "<html><title>504</title></html>");
  cr_expect_eq(fixture_send("POST", "/g", "{}", NULL), CLXS_E_LOST);
  cr_expect_eq(fixture.err.http_status, 504);
}

Test(net_http, a_refused_connection_is_repeated_whatever_was_asked)
{
  struct net *net;
  struct net_response response;
  struct net_request request = {.method = "POST", .path = "/x", .body = "{}", .body_length = 2};
  struct net_options options = {.host = "http://127.0.0.1:1"};

  cr_assert_eq(fixture.api->open(&options, &net, &fixture.err), CLXS_OK);
  cr_expect_eq(fixture.api->send(net, fixture.arena, &request, &response, &fixture.err), CLXS_E_UNAVAILABLE);
  cr_expect_eq(fixture_waits(), 2);
  cr_expect(strstr(fixture.err.message, "127.0.0.1:1"));
  cr_expect_not_null(fixture.err.hint);
  fixture.api->close(net);
}

Test(net_http, a_refused_token_is_renewed)
{
  char *value;

  FAKE_ADD(fixture.fake, .match = "POST /a", .status = 401, .times = 1);
  FAKE_ADD(fixture.fake, .match = "POST /a", OK_BODY);
  cr_expect_eq(fixture_send("POST", "/a", "{}", NULL), CLXS_OK);
  value = fake_header(fake_seen(fixture.fake, "POST /a", 1), "authorization");
  cr_expect_str_eq(value, "Bearer token-2-0123456789");
  free(value);
  cr_expect_eq(fixture_waits(), 0);
}

Test(net_http, a_token_that_stays_refused_is_reported)
{
  FAKE_ADD(fixture.fake, .match = "GET /a", .status = 401,
           .body = "{\"error_code\":\"401\",\"message\":\"Invalid token token-4-0123456789\"}");
  cr_expect_eq(fixture_send("GET", "/a", NULL, NULL), CLXS_E_AUTH);
  cr_expect_eq(fake_count(fixture.fake, "GET /a"), 4, "three newer tokens are tried");
  cr_expect_not(strstr(fixture.err.message, "token-4-0123456789"), "%s", fixture.err.message);
  cr_expect(strstr(fixture.err.hint, "auth status"));
}

Test(net_http, credentials_that_cannot_be_renewed_are_not_tried_again)
{
  fixture_auth_freeze();
  FAKE_ADD(fixture.fake, .match = "GET /a", .status = 401);
  cr_expect_eq(fixture_send("GET", "/a", NULL, NULL), CLXS_E_AUTH);
  cr_expect_eq(fake_count(fixture.fake, "GET /a"), 1);
}

Test(net_http, redirects_are_not_followed)
{
  struct fake *other = fake_start();
  char location[128];

  FAKE_ADD(other, .match = "GET *", OK_BODY);
  snprintf(location, sizeof location, "Location: %s/elsewhere\n", fake_url(other));
  FAKE_ADD(fixture.fake, .match = "GET /r", .status = 302, .headers = location);
  cr_expect_eq(fixture_send("GET", "/r", NULL, NULL), CLXS_E_UNAVAILABLE);
  cr_expect_eq(fake_count(other, "GET *"), 0, "credentials must not follow");
  cr_expect(strstr(fixture.err.message, "redirect"));
  FAKE_ADD(fixture.fake, .match = "GET /p", .status = 302,
           .headers = "Location: https://x/login.html?o=1&error=private-link-validation-error:1\n");
  cr_expect_eq(fixture_send("GET", "/p", NULL, NULL), CLXS_E_DENIED);
  cr_expect_str_eq(fixture.err.error_class, "PRIVATE_LINK_VALIDATION_ERROR");
  fake_stop(other);
}

Test(net_http, html_and_missing_apis_are_told_apart)
{
  FAKE_ADD(fixture.fake, .match = "GET /h", .status = 404,
           .body = "<html><title>nothing here</title></html>");
  FAKE_ADD(fixture.fake, .match = "GET /e", .status = 404,
           .body = "{\"error_code\":\"ENDPOINT_NOT_FOUND\",\"message\":\"No API found\"}");
  FAKE_ADD(fixture.fake, .match = "GET /o", .status = 404,
           .body = "{\"error_code\":\"CATALOG_DOES_NOT_EXIST\",\"message\":\"Catalog 'x' does not exist.\"}");
  cr_expect_eq(fixture_send("GET", "/h", NULL, NULL), CLXS_E_UNSUPPORTED);
  cr_expect(strstr(fixture.err.hint, "address of a workspace"));
  cr_expect_eq(fixture_send("GET", "/e", NULL, NULL), CLXS_E_UNSUPPORTED);
  cr_expect_eq(fixture_send("GET", "/o", NULL, NULL), CLXS_E_NOT_FOUND);
}

Test(net_http, a_silent_server_is_given_up)
{
  struct net_response response;
  struct net_request request = {.method = "GET", .path = "/slow", .timeout_ms = 50};

  FAKE_ADD(fixture.fake, .match = "GET /slow", .fault = FAKE_HANG);
  cr_expect_eq(fixture.api->send(fixture.net, fixture.arena, &request, &response, &fixture.err),
               CLXS_E_TIMEOUT);
  cr_expect_eq(fake_count(fixture.fake, "GET /slow"), 1);
  request.method = "POST";
  FAKE_ADD(fixture.fake, .match = "POST /slow", .fault = FAKE_HANG);
  err_clear(&fixture.err);
  cr_expect_eq(fixture.api->send(fixture.net, fixture.arena, &request, &response, &fixture.err), CLXS_E_LOST);
}

static void *
send_hanging(void *data)
{
  clxs_status *status = data;
  struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);
  struct net_response response;

  *status = fixture.api->send(fixture.net, arena, &(struct net_request){.method = "GET", .path = "/hang"},
                              &response, &err);
  arena_free(arena);
  return NULL;
}

Test(net_http, cancelling_wakes_everybody_and_stops_what_is_new)
{
  pthread_t threads[4];
  clxs_status statuses[4];

  FAKE_ADD(fixture.fake, .match = "GET /hang", .fault = FAKE_HANG);
  for (size_t i = 0; i < 4; i++)
    pthread_create(&threads[i], NULL, send_hanging, &statuses[i]);
  fake_await(fixture.fake, "GET /hang", 4);
  fixture.api->cancel(fixture.net);
  for (size_t i = 0; i < 4; i++) {
    pthread_join(threads[i], NULL);
    cr_expect_eq(statuses[i], CLXS_E_CANCELLED);
  }
  cr_expect_eq(fixture_send("GET", "/new", NULL, NULL), CLXS_E_CANCELLED);
  cr_expect_eq(fake_count(fixture.fake, "GET /new"), 0);
}

Test(net_http, what_was_sent_is_counted)
{
  struct net_stats stats;

  FAKE_ADD(fixture.fake, .match = "GET /s", .status = 503, .times = 1);
  FAKE_ADD(fixture.fake, .match = "GET /s", OK_BODY);
  fixture_send("GET", "/s", NULL, NULL);
  fixture_send("GET", "/s", NULL, NULL);
  fixture.api->stats(fixture.net, &stats);
  cr_expect_eq(stats.rest, 2);
  cr_expect_eq(stats.retries, 1);
  cr_expect_eq(stats.sql, 0);
}

Test(net_http, too_large_an_answer_is_refused)
{
  struct http_options options = {.connect_timeout_ms = 1000, .idle_timeout_ms = 10000};
  struct http_request request = {.method = "GET", .body_max = 100, .repeatable = true};
  struct http_response response;
  struct http *http;
  char body[1001], url[128];

  memset(body, 'x', sizeof body - 1);
  body[sizeof body - 1] = '\0';
  FAKE_ADD(fixture.fake, .match = "GET /big", .body = body);
  snprintf(url, sizeof url, "%s/big", fake_url(fixture.fake));
  request.url = url;
  cr_assert_eq(http_open(&options, &http, &fixture.err), CLXS_OK);
  http_exchange(http, &request, &response);
  cr_expect_eq(response.result, HTTP_TOO_LARGE);
  cr_expect_leq(response.body.len, 100);
  http_response_free(&response);
  request.body_max = 1000;
  http_exchange(http, &request, &response);
  cr_expect_eq(response.result, HTTP_ANSWERED);
  cr_expect_eq(response.body.len, 1000);
  http_response_free(&response);
  http_close(http);
}

Test(net_http, only_encrypted_or_loopback_addresses)
{
  static const struct {
    const char *url;
    clxs_status status;
  } cases[] = {
      {"https://x.cloud.databricks.com", CLXS_OK},
      {"http://127.0.0.1:8080", CLXS_OK},
      {"http://localhost", CLXS_OK},
      {"http://[::1]:80", CLXS_OK},
      {"http://x.example", CLXS_E_CONFIG},
      {"ftp://127.0.0.1", CLXS_E_CONFIG},
      {"http://127.evil.example", CLXS_E_CONFIG},
      {"http://10.0.0.1", CLXS_E_CONFIG},
      {"https://me:pw@x.example", CLXS_E_CONFIG},
      {"file:///etc/passwd", CLXS_E_CONFIG},
      {"nonsense", CLXS_E_CONFIG},
      {"", CLXS_E_CONFIG},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
    cr_expect_eq(http_check_url(cases[i].url, &fixture.err), cases[i].status, "%s", cases[i].url);
}

Test(net_http, lending_to_authentication_sends_no_credentials)
{
  struct client_loan loan;
  struct fetch_response response;
  char url[128], *value;
  struct fetch_request request = {
      .method = "POST",
      .url = url,
      .body = "grant_type=client_credentials",
      .headers = (const char *const[]){"Content-Type: application/x-www-form-urlencoded", NULL}};

  snprintf(url, sizeof url, "%s/oidc/v1/token", fake_url(fixture.fake));
  client_lend(fixture.net, false, &loan);
  FAKE_ADD(fixture.fake, .match = "POST /oidc/v1/token", .status = 502, .times = 1);
  FAKE_ADD(fixture.fake, .match = "POST /oidc/v1/token", .status = 400,
           .body = "{\"error\":\"invalid_client\"}");
  cr_expect_eq(loan.fetch.send(loan.fetch.state, fixture.arena, &request, &response, &fixture.err), CLXS_OK);
  cr_expect_eq(response.http_status, 400);
  cr_expect_str_eq(response.body, "{\"error\":\"invalid_client\"}");
  value = fake_header(fake_seen(fixture.fake, "POST *", 1), "authorization");
  cr_expect_null(value);
  value = fake_header(fake_seen(fixture.fake, "POST *", 1), "content-type");
  cr_expect_str_eq(value, "application/x-www-form-urlencoded");
  free(value);
  cr_expect_eq(fixture_auth_asked(), 0);
}

/* Cancelling on the server may need a token first. */
Test(net_http, lending_works_after_cancellation_where_it_is_urgent)
{
  struct client_loan loan;
  struct fetch_response response;
  char url[128];
  struct fetch_request request = {.method = "POST", .url = url, .body = "x"};

  snprintf(url, sizeof url, "%s/token", fake_url(fixture.fake));
  FAKE_ADD(fixture.fake, .match = "POST /token", .body = "{}");
  fixture.api->cancel(fixture.net);
  client_lend(fixture.net, false, &loan);
  cr_expect_eq(loan.fetch.send(loan.fetch.state, fixture.arena, &request, &response, &fixture.err),
               CLXS_E_CANCELLED);
  client_lend(fixture.net, true, &loan);
  cr_expect_eq(loan.fetch.send(loan.fetch.state, fixture.arena, &request, &response, &fixture.err), CLXS_OK);
  cr_expect_eq(fake_count(fixture.fake, "POST /token"), 1);
}

static void
open_impatient(void)
{
  fixture_open(&(struct net_options){.attempts = 1});
}

Test(net_http_limit, a_pause_holds_the_next_request_back, .init = open_impatient, .fini = fixture_close)
{
  FAKE_ADD(fixture.fake, .match = "GET /busy", .status = 429, .headers = "Retry-After: 7\n");
  FAKE_ADD(fixture.fake, .match = "GET /other", OK_BODY);
  cr_expect_eq(fixture_send("GET", "/busy", NULL, NULL), CLXS_E_LIMIT);
  cr_expect_eq(fixture_waits(), 0);
  cr_expect_eq(fixture_send("GET", "/other", NULL, NULL), CLXS_OK);
  cr_expect_geq(fixture_waited_in_all(), 6900);
  cr_expect_leq(fixture_waited_in_all(), 7000);
}

static void
open_limited(void)
{
  fixture_open(&(struct net_options){.max_rps = 2});
}

Test(net_http_limit, requests_are_spread, .init = open_limited, .fini = fixture_close)
{
  FAKE_ADD(fixture.fake, .match = "GET /l", OK_BODY);
  for (int i = 0; i < 6; i++)
    cr_expect_eq(fixture_send("GET", "/l", NULL, NULL), CLXS_OK);
  cr_expect_geq(fixture_waited_in_all(), 1500);
  cr_expect_leq(fixture_waited_in_all(), 2500);
}
