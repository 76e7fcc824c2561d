/* SPDX-License-Identifier: Apache-2.0 */
/* Statements from submission to the last row, against a server that plays every documented turn of the
 * Statement Execution API, and some that are not. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

#include <clxs/sql.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "fault/net_fixture.h"
#include "fault/statement_bodies.h"
#include "net/client.h"

#include "base/banned.h"

TestSuite(net_statement, .init = fixture_open_default, .fini = fixture_close);

/* All rows as "a|b;", then the end or the error; closes. */
static char *
drain(struct net_statement *statement)
{
  struct buf out = BUF_INIT(BUF_LARGE);
  clxs_status status;

  while ((status = fixture.api->next(statement, &fixture.err)) == 1) {
    for (uint32_t i = 0; i < fixture.api->column_count(statement); i++) {
      const char *cell = fixture.api->cell(statement, i);

      buf_addf(&out, "%s%s", i > 0 ? "|" : "", cell ? cell : "NULL");
    }
    buf_add_char(&out, ';');
  }
  if (status < 0) buf_addf(&out, "!%d", status);
  fixture.api->statement_close(statement);
  return buf_take(&out);
}

static void
expect_rows(struct net_statement *statement, const char *want)
{
  CLEANUP_FREE char *got = NULL;

  cr_assert_not_null(statement, "%s", fixture.err.message ? fixture.err.message : "");
  got = drain(statement);
  cr_expect_str_eq(got, want);
}

Test(net_statement, the_body_is_what_the_api_knows)
{
  static const struct clxs_bind binds[] = {{"a", "DATE", "2024-01-31"}, {"b", NULL, NULL}, {"c", NULL, ""}};
  static const char *const known[] = {"statement", "warehouse_id", "catalog",
                                      "schema",    "wait_timeout", "on_wait_timeout",
                                      "format",    "disposition",  "parameters"};
  struct json_object *body, *value;
  struct net_statement *statement;
  clxs_status status;
  const char *name;
  void *at = NULL;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = DONE("", "{}"));
  statement = FIXTURE_QUERY(&status, .text = "SELECT :a, \"x\"\n", .catalog = "c`1", .schema = "s",
                            .binds = binds, .bind_count = 3);
  expect_rows(statement, "");
  body = json_parse(fake_seen(fixture.fake, SUBMIT, 0)->body,
                    strlen(fake_seen(fixture.fake, SUBMIT, 0)->body), NULL, NULL);
  cr_assert_not_null(body);
  while (json_next(body, &at, &name, &value)) {
    bool found = false;

    for (size_t i = 0; i < ARRAY_SIZE(known); i++)
      found = found || str_eq(name, known[i]);
    cr_expect(found, "unknown field %s", name);
  }
  cr_expect_str_eq(json_get_text(body, "statement"), "SELECT :a, \"x\"\n");
  cr_expect_str_eq(json_get_text(body, "warehouse_id"), "w1");
  cr_expect_str_eq(json_get_text(body, "catalog"), "c`1");
  cr_expect_str_eq(json_get_text(body, "wait_timeout"), "10s");
  cr_expect_str_eq(json_get_text(body, "on_wait_timeout"), "CONTINUE");
  cr_expect_str_eq(json_text(json_get_array(body, "parameters")),
                   "[{\"name\":\"a\",\"value\":\"2024-01-31\",\"type\":\"DATE\"},{\"name\":\"b\"},"
                   "{\"name\":\"c\",\"value\":\"\"}]");
  json_object_put(body);
}

Test(net_statement, rows_and_columns)
{
  struct net_statement *statement;
  const struct clxs_column *column;
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT,
           .body = DONE(",\"total_row_count\":\"2\",\"total_chunk_count\":1",
                        "{\"chunk_index\":0,\"row_count\":2,\"data_array\":[[\"1\",null],[\"\",\"x\"]]}"));
  statement = FIXTURE_QUERY(&status, .text = "SELECT 1");
  cr_assert_not_null(statement);
  cr_expect_str_eq(fixture.api->statement_id(statement), "s1");
  cr_expect_eq(fixture.api->column_count(statement), 2);
  column = fixture.api->column(statement, 0);
  cr_expect_str_eq(column->name, "id");
  cr_expect_str_eq(column->type_name, "DECIMAL");
  cr_expect_eq(column->precision, 10);
  cr_expect_eq(column->scale, 2);
  cr_expect_str_eq(fixture.api->column(statement, 1)->type_name, "variant",
                   "type_text where there is no type_name");
  cr_expect_null(fixture.api->column(statement, 2));
  cr_expect_null(fixture.api->cell(statement, 0), "no row yet");
  expect_rows(statement, "1|NULL;|x;");
}

Test(net_statement, pending_running_succeeded)
{
  struct net_statement *statement;
  clxs_status status;
  struct net_stats stats;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = STATE("PENDING"));
  FAKE_ADD(fixture.fake, .match = POLL, .times = 1, .body = STATE("RUNNING"));
  FAKE_ADD(fixture.fake, .match = POLL, .times = 1, .body = STATE("A_STATE_OF_THE_FUTURE"));
  FAKE_ADD(fixture.fake, .match = POLL, .times = 20, .body = STATE("RUNNING"));
  FAKE_ADD(fixture.fake, .match = POLL, .body = DONE("", "{\"data_array\":[[\"1\",\"2\"]]}"));
  statement = FIXTURE_QUERY(&status, .text = "SELECT 1");
  expect_rows(statement, "1|2;");
  cr_expect_eq(fake_count(fixture.fake, SUBMIT), 1);
  for (size_t i = 1; i < fixture_waits(); i++)
    cr_expect_geq(fixture_waited(i), fixture_waited(i - 1), "the interval grows");
  cr_expect_leq(fixture_waited(fixture_waits() - 1), 5000);
  fixture.api->stats(fixture.net, &stats);
  cr_expect_eq(stats.sql, 1);
  cr_expect_eq(stats.rest, 0, "polls are not counted");
}

#define SUCCEEDED_WITH(more) "{\"statement_id\":\"s1\",\"status\":{\"state\":\"SUCCEEDED\"}" more "}"

Test(net_statement, ddl_has_no_rows)
{
  static const char *const bodies[] = {
      (SUCCEEDED_WITH(",\"manifest\":{\"total_chunk_count\":0},\"result\":{}")), (SUCCEEDED_WITH("")),
      (SUCCEEDED_WITH(",\"manifest\":null,\"result\":null"))};
  clxs_status status;

  for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
    FAKE_ADD(fixture.fake, .match = SUBMIT, .times = 1, .body = bodies[i]);
    expect_rows(FIXTURE_QUERY(&status, .text = "CREATE TABLE t", .mutates = true), "");
  }
}

Test(net_statement, chunks_by_index_and_by_link)
{
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT,
           .body = DONE(
               ",\"total_row_count\":4,\"total_chunk_count\":4",
               "{\"chunk_index\":0,\"data_array\":[[\"0\",\"a\"]],\"next_chunk_index\":1,"
               "\"next_chunk_internal_link\":\"/api/2.0/sql/statements/s1/result/chunks/1?row_offset=1\"}"));
  FAKE_ADD(fixture.fake, .match = CHUNK(1),
           .body = "{\"chunk_index\":1,\"data_array\":[[\"1\",\"b\"]],\"next_chunk_index\":\"2\"}");
  FAKE_ADD(fixture.fake, .match = CHUNK(2), .status = 503, .times = 1);
  FAKE_ADD(fixture.fake, .match = CHUNK(2), .body = "{\"chunk_index\":2,\"data_array\":[[\"2\",\"c\"]]}");
  FAKE_ADD(fixture.fake, .match = CHUNK(3), .body = "{\"chunk_index\":3,\"data_array\":[[\"3\",\"d\"]]}");
  expect_rows(FIXTURE_QUERY(&status, .text = "SELECT 1"), "0|a;1|b;2|c;3|d;");
  cr_expect_str_eq(fake_seen(fixture.fake, CHUNK(1), 0)->query, "row_offset=1");
}

Test(net_statement, a_result_that_ends_early_is_an_error)
{
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .times = 1,
           .body = DONE(",\"total_row_count\":3", "{\"chunk_index\":0,\"data_array\":[[\"0\",\"a\"]]}"));
  expect_rows(FIXTURE_QUERY(&status, .text = "SELECT 1"), "0|a;!-18");
  cr_expect(strstr(fixture.err.message, "1 of 3 rows"));
  cr_expect_str_eq(fixture.err.statement_id, "s1");
  FAKE_ADD(fixture.fake, .match = SUBMIT, .times = 1,
           .body = DONE(",\"truncated\":true", "{\"chunk_index\":0,\"data_array\":[[\"0\",\"a\"]]}"));
  expect_rows(FIXTURE_QUERY(&status, .text = "SELECT 1"), "0|a;!-11");
}

Test(net_statement, a_chunk_that_points_at_itself_does_not_go_on_for_ever)
{
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT,
           .body = DONE(",\"total_row_count\":9", "{\"chunk_index\":0,\"data_array\":[[\"0\",\"a\"]],"
                                                  "\"next_chunk_index\":1}"));
  FAKE_ADD(fixture.fake, .match = CHUNK(1),
           .body = "{\"chunk_index\":1,\"data_array\":[[\"1\",\"b\"]],\"next_chunk_index\":1}");
  expect_rows(FIXTURE_QUERY(&status, .text = "SELECT 1"), "0|a;1|b;!-18");
}

Test(net_statement, a_lost_chunk_is_an_error)
{
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT,
           .body = DONE("", "{\"data_array\":[[\"0\",\"a\"]],\"next_chunk_index\":1}"));
  FAKE_ADD(fixture.fake, .match = CHUNK(1), .status = 404,
           .body = "{\"error_code\":\"NOT_FOUND\",\"message\":\"gone\"}");
  expect_rows(FIXTURE_QUERY(&status, .text = "SELECT 1"), "0|a;!-6");
  cr_expect_str_eq(fixture.err.statement_id, "s1");
}

Test(net_statement, external_links_get_their_headers_and_not_ours)
{
  clxs_status status;
  const struct fake_seen *seen;
  char *value;

  FAKE_ADD(fixture.fake, .match = SUBMIT,
           .body =
               DONE(",\"total_row_count\":3,\"total_chunk_count\":2",
                    "{\"external_links\":[{\"external_link\":\"{URL}/blob/0?sig=s3cr3t\",\"chunk_index\":0,"
                    "\"next_chunk_index\":1,\"http_headers\":{\"x-amz-one\":\"1\",\"x-two\":\"b c\"}}]}"));
  FAKE_ADD(fixture.fake, .match = CHUNK(1),
           .body =
               "{\"external_links\":[{\"external_link\":\"{URL}/blob/1?sig=s3cr3t\",\"chunk_index\":1}]}");
  FAKE_ADD(fixture.fake, .match = "GET /blob/0", .body = "[[\"0\",\"a\"],[\"1\",null]]");
  FAKE_ADD(fixture.fake, .match = "GET /blob/1", .status = 503, .times = 1);
  FAKE_ADD(fixture.fake, .match = "GET /blob/1", .body = "[[\"2\",\"c\"]]");
  expect_rows(FIXTURE_QUERY(&status, .text = "SELECT 1"), "0|a;1|NULL;2|c;");
  seen = fake_seen(fixture.fake, "GET /blob/0", 0);
  cr_expect_null(fake_header(seen, "authorization"));
  cr_expect_null(fake_header(seen, "user-agent"));
  cr_expect_str_eq(seen->query, "sig=s3cr3t");
  value = fake_header(seen, "x-amz-one");
  cr_expect_str_eq(value, "1");
  free(value);
  value = fake_header(seen, "x-two");
  cr_expect_str_eq(value, "b c");
  free(value);
  for (size_t i = 0; i < fake_count(fixture.fake, "GET /blob/1"); i++)
    cr_expect_null(fake_header(fake_seen(fixture.fake, "GET /blob/1", i), "authorization"));
}

Test(net_statement, an_expired_link_is_asked_for_again)
{
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT,
           .body = DONE(",\"total_row_count\":2",
                        "{\"external_links\":[{\"external_link\":\"{URL}/blob/old\",\"chunk_index\":0,"
                        "\"next_chunk_index\":1}]}"));
  FAKE_ADD(fixture.fake, .match = "GET /blob/old", .status = 403, .body = "<Error>AccessDenied</Error>");
  FAKE_ADD(fixture.fake, .match = CHUNK(0),
           .body = "{\"external_links\":[{\"external_link\":\"{URL}/blob/new\",\"chunk_index\":0,"
                   "\"next_chunk_index\":1}]}");
  FAKE_ADD(fixture.fake, .match = "GET /blob/new", .body = "[[\"0\",\"a\"]]");
  FAKE_ADD(fixture.fake, .match = CHUNK(1),
           .body = "{\"external_links\":[{\"external_link\":\"{URL}/blob/last\",\"chunk_index\":1}]}");
  FAKE_ADD(fixture.fake, .match = "GET /blob/last", .body = "[[\"1\",\"b\"]]");
  expect_rows(FIXTURE_QUERY(&status, .text = "SELECT 1"), "0|a;1|b;");
}

Test(net_statement, a_link_that_stays_refused_is_an_error_that_does_not_name_it)
{
  clxs_status status;

  FAKE_ADD(
      fixture.fake, .match = SUBMIT,
      .body = DONE(
          "", "{\"external_links\":[{\"external_link\":\"{URL}/blob/x?sig=s3cr3t\",\"chunk_index\":0}]}"));
  FAKE_ADD(fixture.fake, .match = CHUNK(0),
           .body =
               "{\"external_links\":[{\"external_link\":\"{URL}/blob/x?sig=s3cr3t\",\"chunk_index\":0}]}");
  FAKE_ADD(fixture.fake, .match = "GET /blob/x", .status = 403, .body = "no");
  expect_rows(FIXTURE_QUERY(&status, .text = "SELECT 1"), "!-12");
  cr_expect_eq(fake_count(fixture.fake, "GET /blob/x"), 2);
  cr_expect_not(strstr(fixture.err.message, "s3cr3t"));
}

Test(net_statement, links_elsewhere_than_https_or_loopback_are_refused)
{
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT,
           .body = DONE(
               "", "{\"external_links\":[{\"external_link\":\"file:///etc/passwd\",\"chunk_index\":0}]}"));
  expect_rows(FIXTURE_QUERY(&status, .text = "SELECT 1"), "!-18");
}

#define TOO_LARGE                                                                                     \
  FAILED("BAD_REQUEST",                                                                               \
         "Inline byte limit exceeded. Statements executed with disposition=INLINE can have a result " \
         "size of at most 26214400 bytes.")

Test(net_statement, too_large_for_inline_is_run_again_with_links)
{
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .times = 1, .body = TOO_LARGE);
  FAKE_ADD(fixture.fake, .match = SUBMIT,
           .body = DONE("", "{\"external_links\":[{\"external_link\":\"{URL}/blob/0\",\"chunk_index\":0}]}"));
  FAKE_ADD(fixture.fake, .match = "GET /blob/0", .body = "[[\"0\",\"a\"]]");
  expect_rows(FIXTURE_QUERY(&status, .text = "SELECT 1"), "0|a;");
  cr_expect(strstr(fake_seen(fixture.fake, SUBMIT, 0)->body, "\"INLINE\""));
  cr_expect(strstr(fake_seen(fixture.fake, SUBMIT, 1)->body, "\"EXTERNAL_LINKS\""));
}

Test(net_statement, a_change_is_not_run_again_for_its_result)
{
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = TOO_LARGE);
  cr_expect_null(FIXTURE_QUERY(&status, .text = "INSERT", .mutates = true));
  cr_expect_eq(status, CLXS_E_INVALID);
  cr_expect_eq(fake_count(fixture.fake, SUBMIT), 1);
}

Test(net_statement, failures_over_200_carry_class_state_and_id)
{
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT,
           .body = FAILED(
               "BAD_REQUEST",
               "[TABLE_OR_VIEW_NOT_FOUND] The table or view `a`.`b` cannot be found.\\nSQLSTATE: 42P01"));
  cr_expect_null(FIXTURE_QUERY(&status, .text = "SELECT 1", .purpose = "count a.b"));
  cr_expect_eq(status, CLXS_E_NOT_FOUND);
  cr_expect_str_eq(fixture.err.error_class, "TABLE_OR_VIEW_NOT_FOUND");
  cr_expect_str_eq(fixture.err.sql_state, "42P01");
  cr_expect_str_eq(fixture.err.statement_id, "s1");
  cr_expect(str_starts(fixture.err.message, "count a.b: "), "%s", fixture.err.message);
  cr_expect_not(strchr(fixture.err.message, '\n'));
}

Test(net_statement, canceled_and_closed_are_no_success)
{
  static const char *const states[] = {"CANCELED", "CLOSED"};
  clxs_status status;

  for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
    char body[128];

    snprintf(body, sizeof body, "{\"statement_id\":\"s1\",\"status\":{\"state\":\"%s\"}}", states[i]);
    FAKE_ADD(fixture.fake, .match = SUBMIT, .times = 1, .body = STATE("RUNNING"));
    FAKE_ADD(fixture.fake, .match = POLL, .times = 1, .body = body);
    cr_expect_null(FIXTURE_QUERY(&status, .text = "CREATE TABLE t", .mutates = true));
    cr_expect_eq(status, CLXS_E_UNAVAILABLE);
    cr_expect_str_eq(fixture.err.error_class, states[i]);
    cr_expect_str_eq(fixture.err.statement_id, "s1");
    cr_expect_eq(fake_count(fixture.fake, SUBMIT), i + 1);
  }
}

#define CONFLICT FAILED("BAD_REQUEST", "[DELTA_CONCURRENT_APPEND] files were added. SQLSTATE: 2D521")

Test(net_statement, conflicts_are_repeated_only_where_that_does_no_harm)
{
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .times = 2, .body = CONFLICT);
  FAKE_ADD(fixture.fake, .match = SUBMIT, .times = 1, .body = DONE("", "{}"));
  expect_rows(FIXTURE_QUERY(&status, .text = "MERGE", .mutates = true, .idempotent = true), "");
  cr_expect_eq(fake_count(fixture.fake, SUBMIT), 3);
  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = CONFLICT);
  cr_expect_null(FIXTURE_QUERY(&status, .text = "INSERT", .mutates = true));
  cr_expect_eq(status, CLXS_E_CONFLICT);
  cr_expect_eq(fake_count(fixture.fake, SUBMIT), 4);
  cr_expect_null(FIXTURE_QUERY(&status, .text = "SELECT"));
  cr_expect_eq(status, CLXS_E_CONFLICT);
  cr_expect_eq(fake_count(fixture.fake, SUBMIT), 7, "three attempts");
}

Test(net_statement, a_lost_submission_is_repeated_only_where_that_does_no_harm)
{
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .times = 1, .fault = FAKE_RESET);
  cr_expect_null(FIXTURE_QUERY(&status, .text = "INSERT", .mutates = true));
  cr_expect_eq(status, CLXS_E_LOST);
  cr_expect_eq(fake_count(fixture.fake, SUBMIT), 1);
  FAKE_ADD(fixture.fake, .match = SUBMIT, .times = 1, .fault = FAKE_CUT, .body = DONE("", "{}"));
  cr_expect_null(FIXTURE_QUERY(&status, .text = "INSERT", .mutates = true));
  cr_expect_eq(status, CLXS_E_LOST);
  cr_expect_eq(fake_count(fixture.fake, SUBMIT), 2);
  FAKE_ADD(fixture.fake, .match = SUBMIT, .times = 1, .fault = FAKE_RESET);
  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = DONE("", "{}"));
  expect_rows(FIXTURE_QUERY(&status, .text = "CREATE OR REPLACE", .mutates = true, .idempotent = true), "");
  cr_expect_eq(fake_count(fixture.fake, SUBMIT), 4);
}

Test(net_statement, an_answer_that_is_no_answer)
{
  static const char *const bodies[] = {"", "null", "[]", "{}", "{\"statement_id\":", "<html>log in</html>"};
  clxs_status status;

  for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
    FAKE_ADD(fixture.fake, .match = SUBMIT, .times = 2, .body = bodies[i]);
    cr_expect_null(FIXTURE_QUERY(&status, .text = "SELECT 1"));
    cr_expect_eq(status, CLXS_E_DATA, "\"%s\": %d", bodies[i], status);
    cr_expect_null(FIXTURE_QUERY(&status, .text = "INSERT", .mutates = true));
    cr_expect_eq(status, CLXS_E_LOST, "\"%s\": %d", bodies[i], status);
  }
}

Test(net_statement, a_refused_submission)
{
  clxs_status status;

  FAKE_ADD(
      fixture.fake, .match = SUBMIT, .status = 404,
      .body = "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"The warehouse w1 was not found.\"}");
  cr_expect_null(FIXTURE_QUERY(&status, .text = "SELECT 1", .purpose = "count a.b"));
  cr_expect_eq(status, CLXS_E_NOT_FOUND);
  cr_expect(str_starts(fixture.err.message, "count a.b: "));
  cr_expect(strstr(fixture.err.message, "warehouse w1"));
}

Test(net_statement, when_polls_fail_the_outcome_is_not_known)
{
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = STATE("RUNNING"));
  FAKE_ADD(fixture.fake, .match = POLL, .status = 404,
           .body = "{\"error_code\":\"NOT_FOUND\",\"message\":\"m\"}");
  cr_expect_null(FIXTURE_QUERY(&status, .text = "INSERT", .mutates = true));
  cr_expect_eq(status, CLXS_E_LOST);
  cr_expect_str_eq(fixture.err.statement_id, "s1");
  cr_expect_null(FIXTURE_QUERY(&status, .text = "SELECT 1"));
  cr_expect_eq(status, CLXS_E_NOT_FOUND);
}

static char log_path[] = "/tmp/clxs-sqllog-XXXXXX";

static void
open_logged(void)
{
  close(mkstemp(log_path));
  fixture_open(&(struct net_options){.sql_log = log_path});
}

static void
close_logged(void)
{
  fixture_close();
  unlink(log_path);
}

static char *
read_log(void)
{
  CLEANUP_FILE FILE *file = fopen(log_path, "r");
  struct buf text = BUF_INIT(BUF_LARGE);
  char part[4096];
  size_t length;

  while ((length = fread(part, 1, sizeof part, file)) > 0)
    buf_add(&text, part, length);
  return buf_take(&text);
}

Test(net_statement_log, one_line_for_each_statement_without_secrets, .init = open_logged,
     .fini = close_logged)
{
  static const struct clxs_bind binds[] = {{"day", NULL, "2024"}, {"password", NULL, "hunter2"}};
  CLEANUP_FREE char *log = NULL;
  CLEANUP_JSON struct json_object *line = NULL;
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .times = 1, .body = DONE("", "{}"));
  FAKE_ADD(fixture.fake, .match = SUBMIT,
           .body = FAILED("BAD_REQUEST", "[X_Y] token dapi0123456789abcdef0123456789"));
  expect_rows(FIXTURE_QUERY(&status, .text = "CREATE CONNECTION c OPTIONS (password 'hunter2')\n--x",
                            .mutates = true, .purpose = "make c", .binds = binds, .bind_count = 2),
              "");
  cr_expect_null(FIXTURE_QUERY(&status, .text = "SELECT 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.abc'"));
  log = read_log();
  cr_expect_not(strstr(log, "hunter2"), "%s", log);
  cr_expect_not(strstr(log, "eyJ"), "%s", log);
  cr_expect_not(strstr(log, "dapi"), "%s", log);
  cr_expect_not(strstr(log, "token-1"), "%s", log);
  cr_assert_not_null(strchr(log, '\n'));
  line = json_parse(log, (size_t)(strchr(log, '\n') - log), NULL, NULL);
  cr_expect_str_eq(json_get_text(line, "event"), "succeeded");
  cr_expect_str_eq(json_get_text(line, "statement_id"), "s1");
  cr_expect_str_eq(json_get_text(line, "purpose"), "make c");
  cr_expect_str_eq(json_get_text(line, "statement"), "CREATE CONNECTION c OPTIONS (password '***')\n--x");
  cr_expect_str_eq(json_get_text(json_get_object(line, "parameters"), "day"), "2024");
  cr_expect_str_eq(json_get_text(json_get_object(line, "parameters"), "password"), "***");
  cr_expect_eq(json_get_int(line, "duration_ms", -1) >= 0, true);
  cr_expect(strstr(log, "\"event\":\"failed\""));
}

static void
open_always(void)
{
  fixture_open(&(struct net_options){.external_links = "always"});
}

static void
open_never(void)
{
  fixture_open(&(struct net_options){.external_links = "never"});
}

Test(net_statement_links, always, .init = open_always, .fini = fixture_close)
{
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = DONE("", "{}"));
  expect_rows(FIXTURE_QUERY(&status, .text = "SELECT 1"), "");
  cr_expect(strstr(fake_seen(fixture.fake, SUBMIT, 0)->body, "\"EXTERNAL_LINKS\""));
}

Test(net_statement_links, never, .init = open_never, .fini = fixture_close)
{
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = TOO_LARGE);
  cr_expect_null(FIXTURE_QUERY(&status, .text = "SELECT 1"));
  cr_expect_eq(fake_count(fixture.fake, SUBMIT), 1);
}
