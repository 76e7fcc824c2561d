/* SPDX-License-Identifier: Apache-2.0 */
/* The Statement Execution API: what is refused, how a statement lives and ends, how its result is handed out;
 * and the warehouses it runs on. The engine is a stand-in. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "http/warehouse.h"
#include "test_sandbox_client.h"

static void
setup_small(void)
{
  setup_with((struct sandbox_options){.chunk_bytes = 200, .warehouse_start_ms = 50});
}

TestSuite(statement, .init = setup_small, .fini = teardown);

#define STATEMENTS "/api/2.0/sql/statements"

static const char *
state(void)
{
  return json_get_text(json_get(answer.json, "status"), "state");
}

/* Follow the statement of the last answer to its end. */
static struct json_object *
follow(void)
{
  CLEANUP_BUF struct buf path = BUF_INIT(1024);

  buf_addf(&path, STATEMENTS "/%s", json_get_text(answer.json, "statement_id"));
  while (str_eq(state(), "PENDING") || str_eq(state(), "RUNNING"))
    get(path.data);
  return answer.json;
}

static char *
statement_id(void)
{
  return xstrdup(json_get_text(answer.json, "statement_id"));
}

static const char *
path_of(const char *id, const char *rest)
{
  static char path[256];

  snprintf(path, sizeof path, STATEMENTS "/%s%s", id, rest);
  return path;
}

Test(statement, result_with_manifest)
{
  struct json_object *manifest, *columns, *row;

  submit("ROWS 4", "");
  cr_assert_str_eq(state(), "SUCCEEDED");
  manifest = json_get(answer.json, "manifest");
  columns = json_get(json_get(manifest, "schema"), "columns");
  cr_assert_str_eq(json_get_text(manifest, "format"), "JSON_ARRAY");
  cr_assert_eq(json_get_int(manifest, "total_row_count", -1), 4);
  cr_assert_eq(json_get_int(manifest, "total_chunk_count", -1), 1);
  cr_assert_null(json_get(manifest, "total_byte_count"), "inline results tell no bytes");
  cr_assert_str_eq(json_get_text(json_item(columns, 0), "type_name"), "LONG");
  cr_assert_eq(json_get_int(json_item(columns, 1), "type_precision", 0), 10);
  cr_assert_eq(json_get_int(json_item(columns, 1), "type_scale", 0), 2);
  cr_assert_eq(json_get_int(json_item(columns, 1), "position", 0), 1);
  row = json_item(json_get(json_get(answer.json, "result"), "data_array"), 0);
  cr_assert_str_eq(json_object_get_string(json_item(row, 0)), "0");
  cr_assert_null(json_item(row, 1), "NULL is null, not text");
}

Test(statement, no_rows_give_an_empty_result)
{
  static const char *const texts[] = {"DDL", "ROWS 0"};

  for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
    submit(texts[i], "");
    cr_assert_str_eq(state(), "SUCCEEDED");
    cr_assert_str_eq(json_text(json_get(answer.json, "result")), "{}");
    cr_assert_eq(json_get_int(json_get(answer.json, "manifest"), "total_row_count", -1), 0);
  }
}

Test(statement, failure_is_200_with_a_class)
{
  struct json_object *status;

  submit("SELECT * FROM nope", "");
  cr_assert_eq(answer.status, 200);
  status = json_get(answer.json, "status");
  cr_assert_str_eq(state(), "FAILED");
  cr_assert_str_eq(json_get_text(status, "sql_state"), "42P01");
  cr_assert(strstr(json_get_text(json_get(status, "error"), "message"), "[TABLE_OR_VIEW_NOT_FOUND]"));
  cr_assert_not_null(json_get_text(json_get(status, "error"), "error_code"));
  cr_assert_null(json_get(answer.json, "manifest"));
}

Test(statement, submissions_are_checked)
{
  static const struct {
    const char *more, *code;
    long status;
  } cases[] = {
      {",\"wait_timeout\":\"3s\"", "INVALID_PARAMETER_VALUE", 400},
      {",\"wait_timeout\":\"51s\"", "INVALID_PARAMETER_VALUE", 400},
      {",\"wait_timeout\":\"5\"", "INVALID_PARAMETER_VALUE", 400},
      {",\"wait_timeout\":\"-5s\"", "INVALID_PARAMETER_VALUE", 400},
      {",\"wait_timeout\":5", "MALFORMED_REQUEST", 400},
      {",\"on_wait_timeout\":\"STOP\"", "INVALID_PARAMETER_VALUE", 400},
      {",\"disposition\":\"inline\"", "INVALID_PARAMETER_VALUE", 400},
      {",\"format\":\"CSV\"", "INVALID_PARAMETER_VALUE", 400},
      {",\"format\":\"ARROW_STREAM\"", "INVALID_PARAMETER_VALUE", 400},
      {",\"format\":\"ARROW_STREAM\",\"disposition\":\"EXTERNAL_LINKS\"", "NOT_IMPLEMENTED", 501},
      {",\"row_limit\":-1", "INVALID_PARAMETER_VALUE", 400},
      {",\"row_limit\":\"many\"", "MALFORMED_REQUEST", 400},
      {",\"parameters\":[{\"value\":\"1\"}]", "INVALID_PARAMETER_VALUE", 400},
      {",\"parameters\":[{\"name\":\"a\",\"value\":1}]", "MALFORMED_REQUEST", 400},
      {",\"parameters\":[{\"name\":\"a\",\"type\":\"MAP<STRING,INT>\"}]", "INVALID_PARAMETER_VALUE", 400},
      {",\"parameters\":[{\"name\":\"a\"},{\"name\":\"a\"}]", "INVALID_PARAMETER_VALUE", 400},
      {",\"parameters\":{}", "MALFORMED_REQUEST", 400},
      {",\"warehouse_id\":\"\"", "INVALID_PARAMETER_VALUE", 400},
      {",\"warehouse_id\":\"ffff\"", "RESOURCE_DOES_NOT_EXIST", 404},
      {",\"statement\":\"\"", "INVALID_PARAMETER_VALUE", 400},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    submit("DDL", cases[i].more);
    cr_expect_eq(answer.status, cases[i].status, "%s: %ld %s", cases[i].more, answer.status, answer.body);
    cr_expect_str_eq(error_code(), cases[i].code, "%s: %s", cases[i].more, answer.body);
  }
}

Test(statement, text_over_16_MiB_is_refused)
{
  struct buf text = BUF_INIT(BUF_LARGE);

  for (int i = 0; i < (16 << 20) / 16 + 1; i++)
    buf_add_text(&text, "SELECT 123456789");
  submit(text.data, "");
  cr_assert_eq(answer.status, 400);
  cr_assert(strstr(answer.body, "16 MiB"));
  buf_free(&text);
}

Test(statement, parameters_and_defaults_arrive)
{
  submit(
      "WHO",
      ",\"catalog\":\"c\",\"schema\":\"s\",\"parameters\":[{\"name\":\"a\",\"value\":\"1\",\"type\":\"INT\"},"
      "{\"name\":\"b\"},{\"name\":\"c\",\"value\":\"\"}]");
  cr_assert_str_eq(json_object_get_string(
                       json_item(json_item(json_get(json_get(answer.json, "result"), "data_array"), 0), 0)),
                   "admin@example.com c.s a:INT=1 b:-=NULL c:-=");
}

Test(statement, chunks_by_index_and_by_link)
{
  struct json_object *result;
  int64_t rows = 0, chunk = 0;
  char *id;

  submit("ROWS 50", "");
  id = statement_id();
  cr_assert(json_get_int(json_get(answer.json, "manifest"), "total_chunk_count", 0) > 2);
  cr_assert_eq(json_length(json_get_array(json_get(answer.json, "manifest"), "chunks")),
               (size_t)json_get_int(json_get(answer.json, "manifest"), "total_chunk_count", 0));
  result = json_get(answer.json, "result");
  for (;;) {
    const char *next;

    cr_assert_eq(json_get_int(result, "chunk_index", -1), chunk++);
    cr_assert_eq(json_get_int(result, "row_offset", -1), rows);
    rows += (int64_t)json_length(json_get_array(result, "data_array"));
    next = json_get_text(result, "next_chunk_internal_link");
    if (!next) break;
    cr_assert_eq(json_get_int(result, "next_chunk_index", -1), chunk);
    result = get(next);
  }
  cr_assert_eq(rows, 50);
  get(path_of(id, "/result/chunks/0"));
  cr_assert_eq(json_get_int(answer.json, "chunk_index", -1), 0);
  cr_assert_eq(ask("GET", path_of(id, "/result/chunks/99"), ADMIN, NULL), 400);
  cr_assert_eq(ask("GET", path_of(id, "/result/chunks/x"), ADMIN, NULL), 400);
  cr_assert_eq(ask("GET", path_of(id, "/result/chunks/-1"), ADMIN, NULL), 400);
  free(id);
}

static char *
external_link(const char *more)
{
  struct json_object *links;

  submit("ROWS 50", more);
  links = json_get_array(json_get(answer.json, "result"), "external_links");
  cr_assert_eq(json_length(links), 1u, "%s", answer.body);
  return xstrdup(json_get_text(json_item(links, 0), "external_link"));
}

Test(statement, external_links_want_no_token_and_expire)
{
  char *link = external_link(",\"disposition\":\"EXTERNAL_LINKS\"");

  cr_assert(json_get_int(json_get(answer.json, "manifest"), "total_byte_count", 0) > 0);
  cr_assert_eq(ask("GET", link, NULL, NULL), 200);
  cr_assert(str_starts(answer.body, "[[\"0\",null],"));
  cr_assert_eq(ask("GET", link, ADMIN, NULL), 400);
  cr_assert(strstr(answer.body, "Only one auth mechanism"));
  link[strlen(link) - 1] ^= 1;
  cr_assert_eq(ask("GET", link, NULL, NULL), 403);
  link[strlen(link) - 1] ^= 1;
  ask("POST", "/api/sandbox/clock", ADMIN, "{\"advance_ms\": 900001}");
  cr_assert_eq(ask("GET", link, NULL, NULL), 403);
  cr_assert(strstr(answer.body, "expired"));
  free(link);
}

Test(statement, csv_has_its_header_in_the_first_chunk_only)
{
  char *link = external_link(",\"disposition\":\"EXTERNAL_LINKS\",\"format\":\"CSV\"");
  char *id = statement_id();

  cr_assert_eq(ask("GET", link, NULL, NULL), 200);
  cr_assert(str_starts(answer.body, "id,text\r\n0,null\r\n1,\"a\"\"b,1\"\r\n"), "%s", answer.body);
  free(link);
  get(path_of(id, "/result/chunks/1"));
  link = xstrdup(json_get_text(json_item(json_get_array(answer.json, "external_links"), 0), "external_link"));
  cr_assert_eq(ask("GET", link, NULL, NULL), 200);
  cr_assert(!strstr(answer.body, "id,text"));
  free(link);
  free(id);
}

Test(statement, limits_truncate)
{
  submit("ROWS 50", ",\"row_limit\":\"7\"");
  cr_assert_eq(json_get_int(json_get(answer.json, "manifest"), "total_row_count", 0), 7);
  cr_assert(json_get_bool(json_get(answer.json, "manifest"), "truncated", false));
  submit("ROWS 7", ",\"row_limit\":7");
  cr_assert_not(json_get_bool(json_get(answer.json, "manifest"), "truncated", true));
  submit("ROWS 50", ",\"byte_limit\":100");
  cr_assert(json_get_bool(json_get(answer.json, "manifest"), "truncated", false));
}

Test(statement, inline_results_over_25_MiB_fail)
{
  submit("WIDE 26214401", "");
  follow();
  cr_assert_str_eq(state(), "FAILED");
  cr_assert(strstr(answer.body, "Inline byte limit exceeded"));
  submit("WIDE 26214401", ",\"disposition\":\"EXTERNAL_LINKS\"");
  follow();
  cr_assert_str_eq(state(), "SUCCEEDED");
}

Test(statement, runs_on_and_is_cancelled)
{
  char *id;

  submit("SPIN", ",\"wait_timeout\":\"0s\"");
  cr_assert(str_eq(state(), "PENDING") || str_eq(state(), "RUNNING"));
  id = statement_id();
  while (!str_eq(state(), "RUNNING"))
    get(path_of(id, ""));
  cr_assert_eq(ask("GET", path_of(id, "/result/chunks/0"), ADMIN, NULL), 400);
  cr_assert_eq(ask("GET", path_of(id, ""), BOB, NULL), 404, "only the owner sees it");
  cr_assert_eq(ask("POST", path_of(id, "/cancel"), BOB, "{}"), 404);
  cr_assert_eq(ask("POST", path_of(id, "/cancel"), ADMIN, "{}"), 200);
  get(path_of(id, ""));
  follow();
  cr_assert_str_eq(state(), "CANCELED");
  cr_assert_null(json_get(json_get(answer.json, "status"), "error"));
  cr_assert_eq(ask("POST", path_of(id, "/cancel"), ADMIN, "{}"), 200, "again is harmless");
  free(id);
}

Test(statement, results_close_after_an_hour_and_are_forgotten_after_twelve)
{
  char *id;

  submit("SELECT * FROM nope", "");
  cr_assert_str_eq(state(), "FAILED", "an older one without a result, which is nothing to stop at");
  submit("ROWS 3", "");
  id = statement_id();
  ask("POST", "/api/sandbox/clock", ADMIN, "{\"advance_ms\": 3601000}");
  get(path_of(id, ""));
  cr_assert_str_eq(state(), "CLOSED");
  cr_assert_null(json_get(answer.json, "result"));
  cr_assert_eq(ask("GET", path_of(id, "/result/chunks/0"), ADMIN, NULL), 404);
  ask("POST", "/api/sandbox/clock", ADMIN, "{\"advance_ms\": 43200000}");
  cr_assert_eq(ask("GET", path_of(id, ""), ADMIN, NULL), 404);
  free(id);
}

#define WAREHOUSES "/api/2.0/sql/warehouses"

Test(statement, waits_for_its_warehouse)
{
  ask("POST", WAREHOUSES "/" WAREHOUSE_DEFAULT "/stop", ADMIN, "{}");
  get(WAREHOUSES "/" WAREHOUSE_DEFAULT);
  cr_assert_str_eq(json_get_text(answer.json, "state"), "STOPPED");
  submit("DDL", ",\"wait_timeout\":\"0s\"");
  cr_assert_str_eq(state(), "PENDING");
  get(WAREHOUSES "/" WAREHOUSE_DEFAULT);
  cr_assert_str_neq(json_get_text(answer.json, "state"), "STOPPED");
  submit("DDL", "");
  cr_assert_str_eq(state(), "SUCCEEDED");
}

Test(statement, pending_ones_are_cancelled_at_once)
{
  ask("POST", WAREHOUSES "/" WAREHOUSE_DEFAULT "/stop", ADMIN, "{}");
  box->options.warehouse_start_ms = 600000;
  box->options.wait_second_ms = 1;
  submit("SPIN", ",\"wait_timeout\":\"0s\"");
  ask("POST", path_of(json_get_text(answer.json, "statement_id"), "/cancel"), ADMIN, "{}");
  submit("DDL", ",\"wait_timeout\":\"5s\",\"on_wait_timeout\":\"CANCEL\"");
  cr_assert_str_eq(state(), "CANCELED");
}

Test(statement, runs_out_of_time)
{
  box->options.wait_second_ms = 1;
  submit("SPIN", ",\"wait_timeout\":\"5s\"");
  cr_assert(str_eq(state(), "RUNNING") || str_eq(state(), "PENDING"), "the default is to go on");
  submit("SPIN", ",\"wait_timeout\":\"5s\",\"on_wait_timeout\":\"CANCEL\"");
  cr_assert_str_eq(state(), "CANCELED");
}

Test(statement, warehouses_belong_to_administrators)
{
  cr_assert_eq(ask("POST", WAREHOUSES, BOB, "{\"name\":\"mine\"}"), 403);
  cr_assert_str_eq(error_code(), "PERMISSION_DENIED");
  cr_assert_eq(ask("POST", WAREHOUSES "/sandbox/stop", BOB, "{}"), 403);
  cr_assert_eq(ask("POST", WAREHOUSES "/sandbox/edit", BOB, "{\"name\":\"mine\"}"), 403);
  cr_assert_eq(ask("DELETE", WAREHOUSES "/sandbox", BOB, NULL), 403);
  cr_assert_eq(ask("GET", WAREHOUSES "/sandbox", BOB, NULL), 200);
  cr_assert_eq(ask("POST", WAREHOUSES "/sandbox/start", BOB, "{}"), 200, "who may use one may start it");
}

Test(statement, warehouse_life)
{
  struct json_object *body;
  char *id;

  cr_assert_eq(
      ask("POST", WAREHOUSES, ADMIN, "{\"name\":\"w\",\"cluster_size\":\"Small\",\"auto_stop_mins\":10}"),
      200);
  id = xstrdup(json_get_text(answer.json, "id"));
  cr_assert_eq(ask("POST", WAREHOUSES, ADMIN, "{\"name\":\"W\"}"), 400, "the name is taken");
  cr_assert_eq(ask("POST", WAREHOUSES, ADMIN, "{\"name\":\"x\",\"auto_stop_mins\":5}"), 400);
  cr_assert_eq(ask("POST", WAREHOUSES, ADMIN, "{\"name\":\"x\",\"cluster_size\":\"Huge\"}"), 400);
  cr_assert_eq(ask("POST", WAREHOUSES, ADMIN, "{\"name\":\"x\",\"max_num_clusters\":41}"), 400);
  body = get(WAREHOUSES);
  cr_assert_str_eq(joined(body, "warehouses", "name"), "sandbox,w");
  cr_assert_eq(json_length(get("/api/2.0/preview/sql/data_sources")), 2u);
  get(WAREHOUSES "?page_size=1");
  cr_assert_str_eq(joined(answer.json, "warehouses", "name"), "sandbox");
  cr_assert_not_null(json_get_text(answer.json, "next_page_token"));
  {
    CLEANUP_BUF struct buf path = BUF_INIT(256);

    buf_addf(&path, WAREHOUSES "/%s", id);
    cr_assert_eq(ask("DELETE", path.data, ADMIN, NULL), 200);
    cr_assert_eq(ask("GET", path.data, ADMIN, NULL), 404);
  }
  free(id);
}
