/* SPDX-License-Identifier: Apache-2.0 */
/* clxs plan: the forms, and that nothing is sent that changes anything. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "clone_test.h"

#include "base/banned.h"

#define HOSTILE                                                                                          \
  "{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"<script>alert(1)</script>\"," \
  "\"table_type\":\"MANAGED\"},{\"name\":\"f\",\"table_type\":\"FOREIGN\"},{\"name\":\"v\",\"table_"     \
  "type\":"                                                                                              \
  "\"VIEW\"}]}]}"

static clxs_status
plan_on(struct testhost *host)
{
  const struct clxs_plugin *plugin = clxs_plugin_v1();

  cr_assert_str_eq(plugin->commands[1]->name, "plan");
  return plugin->commands[1]->run(NULL, testhost_call(host));
}

static struct testhost *
plan_host(const char *form)
{
  struct testhost *host = clone_host(HOSTILE);

  testhost_format(host, CLXS_FORMAT_TEXT);
  testhost_arg(host, "format", form);
  return host;
}

static void
assert_nothing_sent(struct testhost *host)
{
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "C*"), 0);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "P*"), 0, "no POST, PUT, PATCH");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "DELETE*"), 0);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_INVOKE, NULL), 0, "neither preflight nor validation");
  cr_assert_str_eq(testhost_events(host), "");
}

Test(clone_plan, text_says_what_is_sent_left_out_and_impossible)
{
  HOST host = plan_host("console");
  const char *out;

  cr_assert_eq(plan_on(host), CLXS_E_PARTIAL);
  assert_nothing_sent(host);
  out = testhost_stdout(host);
  cr_assert(str_starts(out, "plan: prod -> dev, DEEP\n\n   1  create catalog prod  (new)\n"), "%s", out);
  cr_assert(strstr(out, "(new; after 2)\n      CREATE OR REPLACE TABLE"), "%s", out);
  cr_assert(strstr(out, "Left out:\n  table prod.s.f: "), "%s", out);
  cr_assert(strstr(out, "Cannot be done:\n  view prod.s.v: its text is hidden from you"), "%s", out);
  cr_assert(strstr(out, "3 statements and 0 other requests would be sent; nothing was changed.\n"), "%s",
            out);
}

Test(clone_plan, a_page_shows_names_as_text)
{
  HOST host = plan_host("html");
  const char *out;

  cr_assert_eq(plan_on(host), CLXS_E_PARTIAL);
  assert_nothing_sent(host);
  out = testhost_stdout(host);
  cr_assert(str_starts(out, "<!DOCTYPE html>"));
  cr_assert(strstr(out, "prod.s.&lt;script&gt;alert(1)&lt;/script&gt;"));
  cr_assert_null(strstr(out, "<script>alert"));
  cr_assert(strstr(out, "not everything can be done"));
}

Test(clone_plan, a_document_has_figures_and_steps)
{
  HOST host = plan_host("json");
  CLEANUP_JSON struct json_object *document = NULL;
  struct json_object *writes;
  const char *out;

  cr_assert_eq(plan_on(host), CLXS_E_PARTIAL);
  assert_nothing_sent(host);
  out = testhost_stdout(host);
  document = json_parse(out, strlen(out), NULL, NULL);
  cr_assert_not_null(document, "%s", out);
  writes = json_get_object(document, "writes");
  cr_assert_eq(json_get_int(writes, "total", 0), 3);
  cr_assert_eq(json_get_int(json_get_object(writes, "by_action"), "clone table", 0), 1);
  cr_assert_eq(json_get_int(json_get_object(document, "estimate"), "sql", 0),
               3 + json_get_int(json_get_object(document, "requests"), "sql", 0));
  cr_assert_eq(json_length(json_get_array(json_get_object(document, "plan"), "steps")), 5);
  cr_assert_null(json_get_text(document, "operation_id"));
  cr_assert_str_eq(json_get_text(document, "generated_at"), "2026-01-31T23:59:59Z");
}

Test(clone_plan, files_are_written_and_stdout_says_where)
{
  HOST host = plan_host("sql");
  CLEANUP_FREE char *text = xcalloc(4096, 1);
  CLEANUP_FILE FILE *file = NULL;
  char path[512];

  snprintf(path, sizeof path, "%s/a/b/plan.sql", testhost_directory(host, CLXS_DIR_STATE));
  testhost_arg(host, "output", path);
  cr_assert_eq(plan_on(host), CLXS_E_PARTIAL);
  assert_nothing_sent(host);
  cr_assert(str_starts(testhost_stdout(host), "the plan is in "), "%s", testhost_stdout(host));
  file = fopen(path, "r");
  cr_assert_not_null(file);
  (void)!fread(text, 1, 4095, file);
  cr_assert(str_starts(text, "-- clxs plan: prod -> dev, DEEP\nCREATE CATALOG"), "%s", text);
  cr_assert(strstr(text, "-- Cannot be done:\n--   view prod.s.v: "), "%s", text);
}

Test(clone_plan, a_file_that_cannot_be_written_is_an_error)
{
  HOST host = plan_host("text");

  testhost_arg(host, "output", "/proc/none/plan.txt");
  cr_assert_eq(plan_on(host), CLXS_E_IO);
  cr_assert(strstr(testhost_call(host)->core->error(testhost_call(host))->message, "/proc/none/plan.txt"));
}
