/* SPDX-License-Identifier: Apache-2.0 */
/* Statements, requests and listings as plugins ask for them. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/str.h"
#include "conf/conf.h"
#include "unit/svc_fixture.h"

#include "base/banned.h"

#define SUBMIT "POST /api/2.0/sql/statements"
#define ROWS                                                                                               \
  "{\"statement_id\":\"s1\",\"status\":{\"state\":\"SUCCEEDED\"},\"manifest\":{\"schema\":{\"columns\":[{" \
  "\"name\":\"a\","                                                                                        \
  "\"type_name\":\"LONG\",\"type_text\":\"bigint\"}]}},\"result\":{\"data_array\":[[\"1\"],[null]]}}"

TestSuite(svc_net, .init = svc_open, .fini = svc_close);

static struct clxs_rows *
run(uint32_t flags, clxs_status *status)
{
  struct clxs_statement statement = {
      .size = sizeof statement, .flags = flags, .text = "SELECT 1", .purpose = "try it"};
  struct clxs_rows *rows = NULL;

  *status = clxs_sql(svc.pub)->run(svc.pub, &statement, &rows);
  return rows;
}

Test(svc_net, rows_step_by_step)
{
  const struct clxs_sql *sql = clxs_sql(svc.pub);
  struct clxs_rows *rows;
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = ROWS);
  rows = run(0, &status);
  cr_assert_eq(status, CLXS_OK);
  cr_expect_eq(sql->column_count(svc.pub, rows), 1);
  cr_expect_str_eq(sql->column(svc.pub, rows, 0)->type_text, "bigint");
  cr_expect_str_eq(sql->statement_id(svc.pub, rows), "s1");
  cr_expect_eq(sql->next(svc.pub, rows), 1);
  cr_expect_str_eq(sql->text(svc.pub, rows, 0), "1");
  cr_expect_eq(sql->next(svc.pub, rows), 1);
  cr_expect_null(sql->text(svc.pub, rows, 0));
  cr_expect_eq(sql->next(svc.pub, rows), 0);
  cr_expect_eq(sql->next(svc.pub, rows), 0);
  sql->close(svc.pub, rows);
  sql->close(svc.pub, NULL);
  cr_expect_null(svc.call->rows);
}

Test(svc_net, results_close_with_their_scope)
{
  struct clxs_rows *outer, *inner;
  clxs_status status;
  uint64_t scope;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = ROWS);
  outer = run(0, &status);
  scope = svc.pub->core->scope_begin(svc.pub);
  inner = run(0, &status);
  inner = run(0, &status);
  cr_expect_not_null(inner);
  cr_expect_neq(svc.call->rows, outer);
  svc.pub->core->scope_end(svc.pub, scope);
  cr_expect_eq(svc.call->rows, outer);
  cr_expect_eq(clxs_sql(svc.pub)->next(svc.pub, outer), 1);
} /* the call's end closes the rest: a leak would fail this test */

Test(svc_net, a_failed_statement_is_told_in_full)
{
  const struct clxs_error *error;
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT,
           .body = "{\"statement_id\":\"s1\",\"status\":{\"state\":\"FAILED\",\"error\":{\"error_code\":"
                   "\"BAD_REQUEST\","
                   "\"message\":\"[TABLE_OR_VIEW_NOT_FOUND] no. SQLSTATE: 42P01\"}}}");
  svc.pub->core->fail(svc.pub, CLXS_E_IO, "something older", "an old hint");
  cr_expect_null(run(CLXS_SQL_MUTATES, &status));
  cr_expect_eq(status, CLXS_E_NOT_FOUND);
  error = svc.pub->core->error(svc.pub);
  cr_expect_str_eq(error->error_class, "TABLE_OR_VIEW_NOT_FOUND");
  cr_expect_str_eq(error->sql_state, "42P01");
  cr_expect_str_eq(error->statement_id, "s1");
  cr_expect(str_starts(error->message, "try it: "));
  cr_expect_not(strstr(error->message, "older"), "an unrelated failure is no cause");
}

Test(svc_net, flags_reach_the_client)
{
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .fault = FAKE_RESET, .times = 1);
  run(CLXS_SQL_MUTATES, &status);
  cr_expect_eq(status, CLXS_E_LOST);
  FAKE_ADD(fixture.fake, .match = SUBMIT, .fault = FAKE_RESET, .times = 1);
  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = ROWS);
  run(CLXS_SQL_MUTATES | CLXS_SQL_IDEMPOTENT, &status);
  cr_expect_eq(status, CLXS_OK);
}

Test(svc_net, without_a_warehouse)
{
  clxs_status status;

  svc.workspace.warehouse = NULL;
  run(0, &status);
  cr_expect_eq(status, CLXS_E_CONFIG);
  cr_expect(strstr(svc.pub->core->error(svc.pub)->hint, "--warehouse-id"));
}

Test(svc_net, workspaces_by_name)
{
  struct clxs_request request = {
      .size = sizeof request, .method = "GET", .path = "/x", .workspace = "destination"};

  cr_expect_eq(clxs_rest(svc.pub)->send(svc.pub, &request, NULL), CLXS_E_CONFIG);
  request.workspace = "elsewhere";
  cr_expect_eq(clxs_rest(svc.pub)->send(svc.pub, &request, NULL), CLXS_E_INTERNAL);
}

Test(svc_net, requests)
{
  struct clxs_request request = {
      .size = sizeof request, .method = "PATCH", .path = "/api/x", .query = "a=b", .body = "{\"a\":1}"};
  struct clxs_response response = {.size = sizeof response};

  FAKE_ADD(fixture.fake, .match = "PATCH /api/x", .times = 1, .body = "{\"b\":2}",
           .headers = "X-Request-Id: r1\n");
  FAKE_ADD(fixture.fake, .match = "PATCH /api/x", .status = 403,
           .body = "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no\"}");
  cr_expect_eq(clxs_rest(svc.pub)->send(svc.pub, &request, &response), CLXS_OK);
  cr_expect_eq(response.http_status, 200);
  cr_expect_str_eq(response.body, "{\"b\":2}");
  cr_expect_str_eq(response.request_id, "r1");
  cr_expect_str_eq(fake_seen(fixture.fake, "PATCH *", 0)->body, "{\"a\":1}");
  cr_expect_eq(clxs_rest(svc.pub)->send(svc.pub, &request, &response), CLXS_E_DENIED);
  cr_expect_eq(response.http_status, 403);
  cr_expect(strstr(response.body, "PERMISSION_DENIED"), "the answer is there all the same");
  cr_expect_eq(svc.pub->core->error(svc.pub)->http_status, 403);
}

Test(svc_net, only_paths_on_the_workspace)
{
  static const char *const paths[] = {
      "https://evil.example/", "//evil.example/x", "x", "", "/a b", "/a\r\nX: y", "/a?b"};
  struct clxs_request request = {.size = sizeof request, .method = "GET"};

  for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
    request.path = paths[i];
    cr_expect_eq(clxs_rest(svc.pub)->send(svc.pub, &request, NULL), CLXS_E_INTERNAL, "%s", paths[i]);
  }
  cr_expect_eq(fake_count(fixture.fake, "GET *"), 0);
}

static clxs_status
collect(void *data, const char *json, size_t length)
{
  struct buf *seen = data;

  cr_expect_eq(strlen(json), length);
  buf_addf(seen, "%s;", json);
  return str_eq(json, "\"stop\"") ? clxs_failf(svc.pub, CLXS_E_CONFLICT, NULL, "enough") : CLXS_OK;
}

Test(svc_net, listings_element_by_element)
{
  struct clxs_request request = {.size = sizeof request, .method = "GET", .path = "/list"};
  struct buf seen = BUF_INIT(BUF_LARGE);

  FAKE_ADD(fixture.fake, .match = "GET /list", .times = 1,
           .body = "{\"items\":[1,{\"a\":2}],\"next_page_token\":\"t\"}");
  FAKE_ADD(fixture.fake, .match = "GET /list", .times = 1, .body = "{\"items\":[\"three\"]}");
  FAKE_ADD(fixture.fake, .match = "GET /list", .times = 1, .body = "{\"items\":[\"stop\",5]}");
  FAKE_ADD(fixture.fake, .match = "GET /list", .status = 500,
           .body = "{\"error_code\":\"X\",\"message\":\"m\"}");
  cr_expect_eq(clxs_rest(svc.pub)->each(svc.pub, &request, "items", collect, &seen), CLXS_OK);
  cr_expect_str_eq(seen.data, "1;{\"a\":2};\"three\";");
  buf_reset(&seen);
  cr_expect_eq(clxs_rest(svc.pub)->each(svc.pub, &request, "items", collect, &seen), CLXS_E_CONFLICT);
  cr_expect_str_eq(seen.data, "\"stop\";");
  cr_expect_str_eq(svc.pub->core->error(svc.pub)->message, "enough");
  cr_expect_eq(clxs_rest(svc.pub)->each(svc.pub, &request, "items", collect, &seen), CLXS_E_UNAVAILABLE);
  buf_free(&seen);
}

Test(svc_net, traffic_is_counted)
{
  struct clxs_traffic traffic = {.size = sizeof traffic};
  struct clxs_request request = {.size = sizeof request, .method = "GET", .path = "/x"};
  clxs_status status;

  clxs_rest(svc.pub)->traffic(svc.pub, &traffic);
  cr_expect_eq(traffic.rest, 0, "nothing open yet");
  FAKE_ADD(fixture.fake, .match = SUBMIT, .status = 429, .times = 1);
  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = ROWS);
  FAKE_ADD(fixture.fake, .match = "GET /x");
  run(0, &status);
  clxs_rest(svc.pub)->send(svc.pub, &request, NULL);
  clxs_rest(svc.pub)->traffic(svc.pub, &traffic);
  cr_expect_eq(traffic.size, sizeof traffic);
  cr_expect_eq(traffic.sql, 1);
  cr_expect_eq(traffic.rest, 1);
  cr_expect_eq(traffic.retries, 1);
}

Test(svc_net, listings_are_cached_until_invalidated)
{
  const struct clxs_meta *meta = clxs_meta(svc.pub);
  const char *json;

  FAKE_ADD(fixture.fake, .match = "GET /api/2.1/unity-catalog/schemas",
           .body = "{\"schemas\":[{\"name\":\"a\"}]}");
  cr_expect_eq(meta->list(svc.pub, "schemas", "c", NULL, &json), CLXS_OK);
  cr_expect_eq(meta->list(svc.pub, "schemas", "c", NULL, &json), CLXS_OK);
  cr_expect_str_eq(json, "[{\"name\":\"a\"}]");
  cr_expect_eq(fake_count(fixture.fake, "GET *"), 1);
  meta->invalidate(svc.pub, "c");
  meta->list(svc.pub, "schemas", "c", NULL, &json);
  cr_expect_eq(fake_count(fixture.fake, "GET *"), 2);
  cr_expect_eq(meta->get(svc.pub, "catalog", (const char *const[]){"c"}, 1, &json), CLXS_E_UNSUPPORTED);
  cr_expect_null(json);
}

Test(svc_net, a_read_only_run_sends_nothing_that_changes)
{
  struct clxs_request request = {
      .size = sizeof request, .method = "POST", .path = "/api/2.1/x", .body = "{}"};
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = ROWS);
  FAKE_ADD(fixture.fake, .match = "GET /api/2.1/x", .body = "{}");
  conf_set_flag(svc.app.conf_, "read_only", "read-only", "true");
  run(CLXS_SQL_MUTATES, &status);
  cr_expect_eq(status, CLXS_E_DENIED);
  cr_expect_str_eq(svc.pub->core->error(svc.pub)->message,
                   "try it changes something, and this run is read-only (flag --read-only)");
  cr_expect_not_null(run(0, &status), "what only reads still runs");
  cr_expect_eq(clxs_rest(svc.pub)->send(svc.pub, &request, NULL), CLXS_E_DENIED);
  cr_expect_eq(fake_count(fixture.fake, "POST /api/2.1/x"), 0);
  request = (struct clxs_request){.size = sizeof request, .method = "GET", .path = "/api/2.1/x"};
  cr_expect_eq(clxs_rest(svc.pub)->send(svc.pub, &request, NULL), CLXS_OK);
}
