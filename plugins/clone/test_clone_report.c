/* SPDX-License-Identifier: Apache-2.0 */
/* --report: what is kept of a run, also of one that fails or is cancelled, and that names stay names. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "clone_test.h"
#include "kit/plan/operation.h"

#include "base/banned.h"

#define NAME "<script>alert(1)</script>"
#define CATALOG                                                                                        \
  "{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"" NAME "\",\"table_type\":" \
  "\"MANAGED\"},{\"name\":\"b\",\"table_type\":\"MANAGED\"},{\"name\":\"f\",\"table_type\":\"FOREIGN\"}]}]}"

#define DIRECTORY 512
#define TEXT __attribute__((cleanup(cleanup_free))) char *

static struct testhost *
report_host(char directory[DIRECTORY])
{
  struct testhost *host = clone_host(CATALOG);

  snprintf(directory, DIRECTORY, "%s/made/reports", testhost_directory(host, CLXS_DIR_STATE));
  testhost_arg(host, "report", "true");
  testhost_arg(host, "report-dir", directory);
  return host;
}

/* Of clone_report_20260131_235959, which is when the test host's clock stands. */
static char *
report_text(const char *directory, const char *end)
{
  char path[DIRECTORY + 64];
  char *text = xcalloc(1, 1 << 20);
  CLEANUP_FILE FILE *file = NULL;

  snprintf(path, sizeof path, "%s/clone_report_20260131_235959%s", directory, end);
  file = fopen(path, "r");
  cr_assert_not_null(file, "%s", path);
  (void)!fread(text, 1, (1 << 20) - 1, file);
  return text;
}

static struct json_object *
report_document(const char *directory, const char *end)
{
  TEXT text = report_text(directory, end);
  struct json_object *document = json_parse(text, strlen(text), NULL, NULL);

  cr_assert_not_null(document, "%s", text);
  return document;
}

/* The step with ACTION whose object is called NAME. */
static struct json_object *
find_step(struct json_object *document, const char *action, const char *name)
{
  struct json_object *steps = json_get_array(document, "steps");

  for (size_t i = 0; i < json_length(steps); i++) {
    struct json_object *step = json_item(steps, i);

    if (str_eq(json_get_text(step, "action"), action) && str_eq(json_get_text(step, "name"), name))
      return step;
  }
  cr_assert_fail("no %s %s", action, name);
  return NULL;
}

Test(clone_report, a_run_leaves_a_document_and_a_page)
{
  char directory[DIRECTORY];
  HOST host = report_host(directory);
  CLEANUP_JSON struct json_object *document = NULL, *summary = NULL;
  struct json_object *step;
  TEXT page = NULL;

  cr_assert_eq(clone_on(host), CLXS_OK);
  document = report_document(directory, ".json");
  cr_assert_str_eq(json_get_text(document, "status"), "succeeded");
  cr_assert_str_eq(json_get_text(document, "started_at"), "2026-01-31T23:59:59Z");
  cr_assert_eq(json_length(json_get_array(document, "errors")), 0);
  step = find_step(document, "clone table", "prod.s.b");
  cr_assert_str_eq(json_get_text(step, "state"), "done");
  cr_assert_str_eq(json_get_text(step, "started_at"), "2026-01-31T23:59:59Z");
  cr_assert_str_eq(json_get_text(step, "statement_id"), "01-testhost");
  cr_assert_geq(json_get_int(step, "worker", 0), 1);
  cr_assert_eq(json_get_int(step, "attempts", 0), 1);
  cr_assert(strstr(json_get_text(step, "statement"), "DEEP CLONE `prod`.`s`.`b`"));
  cr_assert_str_eq(json_get_text(find_step(document, "skip", "prod.s.f"), "state"), "skipped");
  page = report_text(directory, ".html");
  cr_assert(strstr(page, "prod.s.&lt;script&gt;alert(1)&lt;/script&gt;"));
  cr_assert_null(strstr(page, "<script>alert"));
  cr_assert(strstr(page, "When it happened"));
  summary = clone_summary(host);
  cr_assert(str_ends(json_get_text(json_get_object(summary, "report"), "html"),
                     "/clone_report_20260131_235959.html"));
}

Test(clone_report, failures_are_counted_by_class)
{
  char directory[DIRECTORY];
  HOST host = report_host(directory);
  CLEANUP_JSON struct json_object *document = NULL;
  struct json_object *error;
  TEXT page = NULL;

  testhost_sql_error(host, "CREATE OR REPLACE TABLE*", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS",
                     "not yours");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  document = report_document(directory, ".json");
  cr_assert_str_eq(json_get_text(document, "status"), "partial");
  error = json_item(json_get_array(document, "errors"), 0);
  cr_assert_str_eq(json_get_text(error, "error_class"), "INSUFFICIENT_PERMISSIONS");
  cr_assert_eq(json_get_int(error, "count", 0), 2);
  page = report_text(directory, ".html");
  cr_assert(strstr(page, "What failed"));
  cr_assert(strstr(page, "clxs clone --resume "));
}

/* The journal ID of one host, for another. */
static void
take_journal(struct testhost *to, struct testhost *from, const char *id)
{
  CLEANUP_FILE FILE *in = fopen(operation_journal(testhost_call(from), id), "rb");
  CLEANUP_FILE FILE *out = fopen(operation_journal(testhost_call(to), id), "wb");
  int c;

  cr_assert(in && out);
  while ((c = fgetc(in)) != EOF)
    fputc(c, out);
}

static void
cancel(struct testhost *host, const char *text, void *data)
{
  (void)text, (void)data;
  testhost_cancel(host);
}

Test(clone_report, a_cancelled_run_is_told_and_the_report_of_the_rest_covers_both)
{
  char directory[DIRECTORY];
  HOST host = report_host(directory);
  CLEANUP_JSON struct json_object *first = NULL, *second = NULL;
  HOST again = NULL;

  testhost_rule_do(testhost_rule_times(testhost_sql(host, "CREATE SCHEMA*", NULL), 1), cancel, NULL);
  cr_assert_eq(clone_on(host), CLXS_E_CANCELLED);
  first = report_document(directory, ".json");
  cr_assert_str_eq(json_get_text(first, "status"), "cancelled");
  cr_assert_str_eq(json_get_text(find_step(first, "create catalog", "prod"), "state"), "done");
  cr_assert_str_eq(json_get_text(find_step(first, "clone table", "prod.s.b"), "state"), "not_run");
  again = clone_host(CATALOG);
  take_journal(again, host, json_get_text(first, "operation_id"));
  testhost_arg(again, "resume", json_get_text(first, "operation_id"));
  cr_assert_eq(clone_on(again), CLXS_OK);
  second = report_document(directory, "_2.json");
  cr_assert_str_eq(json_get_text(second, "status"), "succeeded");
  cr_assert_str_eq(json_get_text(find_step(second, "create catalog", "prod"), "started_at"),
                   "2026-01-31T23:59:59Z");
  cr_assert_str_eq(json_get_text(find_step(second, "clone table", "prod.s.b"), "state"), "done");
}

Test(clone_report, a_directory_that_cannot_be_written_is_told_before_anything_is_changed)
{
  HOST host = clone_host(CATALOG);

  testhost_arg(host, "report", "true");
  testhost_arg(host, "report-dir", "/proc/none");
  cr_assert_eq(clone_on(host), CLXS_E_IO);
  cr_assert_eq(testhost_sent_count(host, 0, NULL), 0);
  cr_assert(strstr(testhost_call(host)->core->error(testhost_call(host))->message, "/proc/none"));
}

Test(clone_report, none_is_written_unless_asked_for)
{
  char directory[DIRECTORY], path[DIRECTORY + 64];
  HOST host = report_host(directory);

  testhost_arg_clear(host, "report");
  cr_assert_eq(clone_on(host), CLXS_OK);
  snprintf(path, sizeof path, "%s/clone_report_20260131_235959.json", directory);
  cr_assert_null(fopen(path, "r"));
}
