/* SPDX-License-Identifier: Apache-2.0 */
/* The test host keeps the promises that plugins' tests lean on. */
#include <criterion/criterion.h>

#include "base/json.h"
#include "base/str.h"
#include "testhost/testhost.h"

#include "base/banned.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

static clxs_status
run_sql(struct clxs_call *call, const char *text, struct clxs_rows **rows)
{
  struct clxs_statement statement = {.size = sizeof statement, .text = text};

  return clxs_sql(call)->run(call, &statement, rows);
}

Test(testhost, statements_answer_by_the_newest_rule_that_matches)
{
  HOST host = testhost_new();
  struct clxs_call *call = testhost_call(host);
  struct clxs_rows *rows;

  testhost_sql(host, "*", NULL);
  testhost_sql(host, "SELECT * FROM `a`", "{\"columns\":[\"x\",\"y\"],\"rows\":[[\"1\",null],[2,\"\"]]}");
  cr_assert_eq(run_sql(call, "SELECT x FROM `a`", &rows), CLXS_OK);
  cr_assert_eq(clxs_sql(call)->column_count(call, rows), 2);
  cr_assert_str_eq(clxs_sql(call)->column(call, rows, 1)->name, "y");
  cr_assert_eq(clxs_sql(call)->next(call, rows), 1);
  cr_assert_str_eq(clxs_sql(call)->text(call, rows, 0), "1");
  cr_assert_null(clxs_sql(call)->text(call, rows, 1));
  cr_assert_eq(clxs_sql(call)->next(call, rows), 1);
  cr_assert_str_eq(clxs_sql(call)->text(call, rows, 1), "");
  cr_assert_eq(clxs_sql(call)->next(call, rows), 0);
  cr_assert_eq(run_sql(call, "DROP TABLE `a`", &rows), CLXS_OK);
  cr_assert_eq(clxs_sql(call)->next(call, rows), 0);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 2);
  cr_assert_str_eq(testhost_sent(host, TESTHOST_SQL, "DROP*", 0)->text, "DROP TABLE `a`");
}

Test(testhost, unscripted_statements_fail_and_name_themselves)
{
  HOST host = testhost_new();
  struct clxs_call *call = testhost_call(host);

  cr_assert_eq(run_sql(call, "SELECT 1", NULL), CLXS_E_INVALID);
  cr_assert(strstr(call->core->error(call)->message, "SELECT 1"));
  call->core->error_clear(call);
  cr_assert_null(call->core->error(call));
  testhost_rule_times(testhost_sql_error(host, "SELECT*", CLXS_E_LOST, NULL, "gone"), 1);
  cr_assert_eq(run_sql(call, "SELECT 1", NULL), CLXS_E_LOST);
  cr_assert_eq(run_sql(call, "SELECT 1", NULL), CLXS_E_INVALID);
}

Test(testhost, an_error_is_gone_with_its_scope)
{
  HOST host = testhost_new();
  struct clxs_call *call = testhost_call(host);
  uint64_t mark = call->core->scope_begin(call);

  call->core->alloc(call, 100);
  call->core->fail(call, CLXS_E_USAGE, "no such thing", NULL);
  cr_assert_str_eq(call->core->error(call)->message, "no such thing");
  call->core->scope_end(call, mark);
  cr_assert_str_eq(call->core->error(call)->message, "(recorded in a scope that has ended)");
}

static clxs_status
count_item(void *data, const char *json, size_t length)
{
  (void)json, (void)length;
  ++*(int *)data;
  return CLXS_OK;
}

Test(testhost, pages_are_followed_over_empty_ones)
{
  HOST host = testhost_new();
  struct clxs_call *call = testhost_call(host);
  const char *const pages[] = {"{\"things\":[{},{}]}", "{}", "{\"things\":[{}]}"};
  struct clxs_request request = {.size = sizeof request, .method = "GET", .path = "/things", .query = "a=b"};
  int count = 0;

  testhost_rest_pages(host, "GET /things?a=b*", pages, 3);
  cr_assert_eq(clxs_rest(call)->each(call, &request, "things", count_item, &count), CLXS_OK);
  cr_assert_eq(count, 3);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, NULL), 3);
  request.path = "/other";
  cr_assert_eq(clxs_rest(call)->each(call, &request, "things", count_item, &count), CLXS_E_NOT_FOUND);
  cr_assert_eq(call->core->error(call)->http_status, 404);
}

Test(testhost, a_catalog_answers_listings_and_lookups)
{
  HOST host = testhost_new();
  struct clxs_call *call = testhost_call(host);
  const char *json, *names[] = {"Größe", "s%1", "T"};
  CLEANUP_JSON struct json_object *list = NULL, *one = NULL;

  testhost_catalog(host, "{\"name\":\"größe\",\"schemas\":[{\"name\":\"s%1\",\"tables\":[{\"name\":\"t\","
                         "\"table_type\":\"VIEW\",\"view_dependencies\":{}},{\"name\":\"u\",\"table_type\":"
                         "\"MANAGED\"}]}]}");
  cr_assert_eq(clxs_meta(call)->list(call, "tables", "größe", "s%1", &json), CLXS_OK);
  list = json_parse(json, strlen(json), NULL, NULL);
  cr_assert_eq(json_length(list), 2);
  cr_assert_null(json_get(json_item(list, 0), "view_dependencies"));
  cr_assert_eq(clxs_meta(call)->get(call, "table", names, 3, &json), CLXS_OK);
  one = json_parse(json, strlen(json), NULL, NULL);
  cr_assert_not_null(json_get(one, "view_dependencies"));
  cr_assert_str_eq(json_get_text(one, "schema_name"), "s%1");
  names[2] = "none";
  cr_assert_eq(clxs_meta(call)->get(call, "table", names, 3, &json), CLXS_E_NOT_FOUND);
  cr_assert_eq(clxs_meta(call)->list(call, "tables", "größe", "none", &json), CLXS_E_NOT_FOUND);
}

static clxs_status
odd_work(void *data, struct clxs_call *child, uint64_t index)
{
  (void)data;
  run_sql(child, "SELECT 1", NULL);
  return index % 2 ? clxs_failf(child, CLXS_E_DENIED, "ask", "no %d", (int)index) : CLXS_OK;
}

Test(testhost, jobs_run_all_work_and_report_the_first_failure_by_index)
{
  HOST host = testhost_new();
  struct clxs_call *call = testhost_call(host);

  testhost_sql(host, "*", NULL);
  cr_assert_eq(clxs_jobs(call)->each(call, 100, 8, odd_work, NULL), CLXS_E_DENIED);
  cr_assert_str_eq(call->core->error(call)->message, "no 1");
  cr_assert_str_eq(call->core->error(call)->hint, "ask");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 100);
  cr_assert_leq(testhost_peak(host), 8);
}

static void
cancel_now(struct testhost *host, const char *text, void *data)
{
  (void)text, (void)data;
  testhost_cancel(host);
}

Test(testhost, a_rule_can_cancel_the_run)
{
  HOST host = testhost_new();
  struct clxs_call *call = testhost_call(host);
  struct testhost_rule *rule = testhost_rule_do(testhost_sql(host, "*", NULL), cancel_now, NULL);

  cr_assert_eq(call->core->cancelled(call), 0);
  cr_assert_eq(run_sql(call, "SELECT 1", NULL), CLXS_E_CANCELLED);
  cr_assert_eq(run_sql(call, "SELECT 2", NULL), CLXS_E_CANCELLED);
  cr_assert_eq(testhost_rule_hits(rule), 1);
  cr_assert_neq(call->core->cancelled(call), 0);
}

Test(testhost, output_and_clock_are_the_tests)
{
  HOST host = testhost_new();
  struct clxs_call *call = testhost_call(host);
  const struct clxs_table_column columns[] = {{"a", "A", 0, 0}, {"b", "B", 1, 1}};
  const char *cells[] = {"x", NULL};

  clxs_output(call)->table_begin(call, columns, 2);
  clxs_output(call)->table_row(call, cells, 2);
  clxs_output(call)->table_end(call);
  clxs_output(call)->text(call, "line");
  cr_assert_str_eq(testhost_stdout(host), "A | B\nx | \nline\n");
  testhost_clock(host, 5000);
  cr_assert_eq(call->core->wait(call, 250), CLXS_OK);
  cr_assert_eq(call->core->now_ms(call), 5250);
  testhost_arg(host, "n", "7");
  testhost_arg(host, "n", "8");
  cr_assert_eq(call->core->arg_count(call, "n"), 2);
  cr_assert_eq(call->core->arg_int(call, "n"), 7);
  cr_assert_str_eq(call->core->arg_text(call, "n", 1), "8");
}
