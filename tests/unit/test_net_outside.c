/* SPDX-License-Identifier: Apache-2.0 */
/* Requests to hosts that are no workspace: nothing of ours goes with them, and nothing of theirs is shown. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/str.h"
#include "fault/net_fixture.h"

#include "base/banned.h"

TestSuite(net_outside, .init = fixture_open_default, .fini = fixture_close);

#define SECRET "/services/T0/B0/sEcReT"

static clxs_status
post(const char *path, const char *headers, struct net_outside more, struct net_response *response)
{
  more.method = "POST";
  more.url = arena_printf(fixture.arena, "%s%s", fake_url(fixture.fake), path);
  more.headers = headers;
  more.body = "{}";
  return fixture.api->outside(fixture.net, fixture.arena, &more, response, &fixture.err);
}

Test(net_outside, it_carries_what_it_was_given_and_no_credential)
{
  struct net_response response;
  const struct fake_seen *seen;
  char *value;

  FAKE_ADD(fixture.fake, .match = "POST " SECRET, .body = "ok");
  cr_assert_eq(post(SECRET "?a=b", "Content-Type: application/json\nX-Key: k1\n\n", (struct net_outside){0},
                    &response),
               CLXS_OK, "%s", fixture.err.message);
  cr_expect_eq(response.http_status, 200);
  cr_expect_str_eq(response.body, "ok");
  seen = fake_seen(fixture.fake, "POST *", 0);
  cr_expect_str_eq(seen->body, "{}");
  cr_expect_str_eq(seen->query, "a=b");
  cr_expect_null(strstr(seen->headers, "authorization"));
  value = fake_header(seen, "x-key");
  cr_expect_str_eq(value, "k1");
  free(value);
  cr_expect_eq(fixture_auth_asked(), 0);
}

Test(net_outside, failures_name_the_host_only)
{
  struct net_response response;

  FAKE_ADD(fixture.fake, .match = "POST *", .status = 403, .body = "no_service: " SECRET);
  cr_assert_eq(post(SECRET, NULL, (struct net_outside){0}, &response), CLXS_E_DENIED);
  cr_expect_str_eq(fixture.err.message,
                   arena_printf(fixture.arena, "%s answers with status 403", fake_url(fixture.fake)));
  cr_expect_eq(fixture.err.http_status, 403);
  cr_expect_eq(response.http_status, 403);
}

Test(net_outside, what_passes_is_repeated_as_far_as_that_is_right)
{
  struct net_response response;

  FAKE_ADD(fixture.fake, .match = "POST /busy", .times = 2, .status = 503);
  FAKE_ADD(fixture.fake, .match = "POST /busy", .body = "ok");
  cr_expect_eq(post("/busy", NULL, (struct net_outside){0}, &response), CLXS_OK);
  cr_expect_eq(fake_count(fixture.fake, "POST /busy"), 3);
  FAKE_ADD(fixture.fake, .match = "POST /reset", .times = 1, .fault = FAKE_RESET);
  FAKE_ADD(fixture.fake, .match = "POST /reset", .body = "ok");
  cr_expect_eq(post("/reset", NULL, (struct net_outside){0}, &response), CLXS_E_UNAVAILABLE);
  cr_expect_eq(fake_count(fixture.fake, "POST /reset"), 1);
  FAKE_ADD(fixture.fake, .match = "POST /twice", .times = 1, .fault = FAKE_RESET);
  FAKE_ADD(fixture.fake, .match = "POST /twice", .body = "ok");
  cr_expect_eq(post("/twice", NULL, (struct net_outside){.idempotent = true}, &response), CLXS_OK);
  FAKE_ADD(fixture.fake, .match = "POST /bad", .status = 400);
  cr_expect_eq(post("/bad", NULL, (struct net_outside){.idempotent = true}, &response), CLXS_E_INVALID);
  cr_expect_eq(fake_count(fixture.fake, "POST /bad"), 1);
}

Test(net_outside, a_redirect_is_not_followed)
{
  struct net_response response;
  const char *headers = arena_printf(fixture.arena, "Location: %s/other\n", fake_url(fixture.fake));

  FAKE_ADD(fixture.fake, .match = "POST /here", .status = 302, .headers = headers);
  cr_expect_eq(post("/here", NULL, (struct net_outside){0}, &response), CLXS_E_INVALID);
  cr_expect_eq(fake_count(fixture.fake, "GET /other"), 0);
}

Test(net_outside, only_what_is_closing_goes_out_of_a_cancelled_run)
{
  struct net_response response;

  FAKE_ADD(fixture.fake, .match = "POST *", .body = "ok");
  fixture.api->cancel(fixture.net);
  cr_expect_eq(post("/a", NULL, (struct net_outside){0}, &response), CLXS_E_CANCELLED);
  cr_expect_eq(post("/b", NULL, (struct net_outside){.closing = true}, &response), CLXS_OK);
  cr_expect_eq(fake_count(fixture.fake, "POST *"), 1);
}

Test(net_outside, addresses_and_headers_are_checked)
{
  static const char *const urls[] = {"http://hooks.example.com/x", "ftp://a/b",
                                     "hooks.example.com",          "",
                                     "https://u:p@a.b/x",          "file:///etc/passwd"};
  static const char *const headers[] = {"Host: evil",
                                        "X-A: b\rX-B: c",
                                        "no colon",
                                        ": empty",
                                        "X Y: space",
                                        "content-length: 3",
                                        "Transfer-Encoding: chunked"};
  struct net_response response;

  for (size_t i = 0; i < ARRAY_SIZE(urls); i++) {
    const struct net_outside ask = {.method = "POST", .url = urls[i]};

    cr_expect_eq(fixture.api->outside(fixture.net, fixture.arena, &ask, &response, &fixture.err),
                 CLXS_E_CONFIG, "%s", urls[i]);
    cr_expect_null(strstr(fixture.err.message, "u:p"));
    err_clear(&fixture.err);
  }
  for (size_t i = 0; i < ARRAY_SIZE(headers); i++) {
    cr_expect_eq(post("/x", headers[i], (struct net_outside){0}, &response), CLXS_E_CONFIG, "%s", headers[i]);
    err_clear(&fixture.err);
  }
  cr_expect_eq(fake_count(fixture.fake, "POST *"), 0);
}

/* A row that tells of the end is still written. */
Test(net_outside, a_closing_statement_goes_out_of_a_cancelled_run)
{
  const struct net_query closing = {
      .text = "MERGE", .warehouse = "w1", .mutates = true, .idempotent = true, .closing = true};
  const struct net_query other = {.text = "SELECT 1", .warehouse = "w1"};
  struct net_statement *statement = NULL;

  FAKE_ADD(fixture.fake, .match = "POST /api/2.0/sql/statements",
           .body = "{\"statement_id\":\"s1\",\"status\":{\"state\":\"RUNNING\"}}");
  FAKE_ADD(fixture.fake, .match = "GET /api/2.0/sql/statements/s1",
           .body = "{\"statement_id\":\"s1\",\"status\":{\"state\":\"SUCCEEDED\"}}");
  fixture.api->cancel(fixture.net);
  cr_expect_eq(fixture.api->statement(fixture.net, fixture.arena, &other, &statement, &fixture.err),
               CLXS_E_CANCELLED);
  err_clear(&fixture.err);
  cr_assert_eq(fixture.api->statement(fixture.net, fixture.arena, &closing, &statement, &fixture.err),
               CLXS_OK, "%s", fixture.err.message);
  fixture.api->statement_close(statement);
  cr_expect_eq(fake_count(fixture.fake, "POST /api/2.0/sql/statements"), 1);
}

/* It does not hang on for ever either. */
Test(net_outside, a_closing_statement_that_does_not_end_is_given_up)
{
  const struct net_query closing = {
      .text = "MERGE", .warehouse = "w1", .mutates = true, .idempotent = true, .closing = true};
  struct net_statement *statement = NULL;

  FAKE_ADD(fixture.fake, .match = "POST /api/2.0/sql/statements",
           .body = "{\"statement_id\":\"s1\",\"status\":{\"state\":\"RUNNING\"}}");
  FAKE_ADD(fixture.fake, .match = "GET *",
           .body = "{\"statement_id\":\"s1\",\"status\":{\"state\":\"RUNNING\"}}");
  FAKE_ADD(fixture.fake, .match = "POST *", .body = "{}");
  fixture.api->cancel(fixture.net);
  cr_expect_eq(fixture.api->statement(fixture.net, fixture.arena, &closing, &statement, &fixture.err),
               CLXS_E_TIMEOUT);
}
