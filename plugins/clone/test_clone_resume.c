/* SPDX-License-Identifier: Apache-2.0 */
/* A clone that died after any record of its journal is taken up again: what ended is not sent again, what was
 * under way is looked up, the rest runs; and journals that are not ours to go on with are refused. */
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "clone_test.h"
#include "kit/plan/journal.h"
#include "kit/plan/operation.h"

#include "base/banned.h"

#define CATALOG                                                                                              \
  "{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"t\",\"table_type\":\"MANAGED\"}," \
  "{\"name\":\"u\",\"table_type\":\"MANAGED\"},{\"name\":\"x\",\"table_type\":\"FOREIGN\"},{\"name\":\"v\"," \
  "\"table_type\":\"VIEW\",\"view_definition\":\"SELECT * FROM prod.s.t\"}],\"volumes\":[{\"name\":\"vol\"," \
  "\"volume_type\":\"MANAGED\"}]}]}"
#define SENT 6 /* catalog, schema, two tables, view, volume */
#define ID "20260131T235959Z-clone-000001"

/* What a whole run writes. */
static void
read_whole_journal(struct buf *bytes)
{
  HOST host = clone_host(CATALOG);
  CLEANUP_JSON struct json_object *summary = NULL;
  CLEANUP_FILE FILE *file = NULL;
  int c;

  testhost_arg_clear(host, "max-workers");
  testhost_arg(host, "max-workers", "1");
  cr_assert_eq(clone_on(host), CLXS_OK);
  summary = clone_summary(host);
  file = fopen(operation_journal(testhost_call(host), json_get_text(summary, "operation_id")), "rb");
  cr_assert_not_null(file);
  while ((c = fgetc(file)) != EOF)
    buf_add_char(bytes, (char)c);
}

/* A host on which operation ID has left BYTES and died. */
static struct testhost *
host_with(const char *bytes, size_t length)
{
  struct testhost *host = clone_host(CATALOG);
  CLEANUP_FILE FILE *file = fopen(operation_journal(testhost_call(host), ID), "wb");

  cr_assert_not_null(file);
  cr_assert_eq(fwrite(bytes, 1, length, file), length);
  testhost_arg(host, "resume", ID);
  return host;
}

/* Ended steps of the first LENGTH bytes, and those begun without an end. */
static void
count_states(const char *bytes, size_t length, size_t *done, size_t *doubtful, bool *planned)
{
  HOST host = host_with(bytes, length);
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  struct clxs_call *call = testhost_call(host);

  *done = *doubtful = 0;
  *planned = journal_read(call, operation_journal(call, ID), &image) == CLXS_OK && image.planned;
  for (size_t i = 0; *planned && i < image.plan->steps.count; i++) {
    *done += image.steps[i].state == PLAN_DONE;
    *doubtful += image.steps[i].state == PLAN_RUNNING;
  }
}

/* Resume after LENGTH bytes; HAPPENED: what was under way when it died had happened. */
static void
try_resume(const char *bytes, size_t length, bool happened)
{
  HOST host = host_with(bytes, length);
  CLEANUP_JSON struct json_object *summary = NULL;
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  struct clxs_call *call = testhost_call(host);
  size_t done, doubtful;
  bool planned;

  count_states(bytes, length, &done, &doubtful, &planned);
  if (happened) testhost_rest(host, "GET */*/dev*", 200, "{\"view_definition\":\"SELECT * FROM dev.s.t\"}");
  if (!planned) {
    cr_assert_lt(clone_on(host), 0, "at %zu", length);
    cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
    return;
  }
  cr_assert_eq(clone_on(host), CLXS_OK, "at %zu", length);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), SENT - done - (happened ? doubtful : 0),
               "at %zu", length);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, NULL), doubtful, "at %zu", length);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.t", "succeeded");
  assert_object(summary, "prod.s.v", "succeeded");
  assert_object(summary, "prod.s.x", "skipped");
  assert_object(summary, "prod", "succeeded");
  cr_assert_eq(journal_read(call, operation_journal(call, ID), &image), CLXS_OK, "at %zu", length);
  cr_assert_not(image.torn);
  cr_assert_str_eq(image.finished, "done");
  for (size_t i = 0; i < image.plan->steps.count; i++)
    cr_assert(image.steps[i].state == PLAN_DONE || image.steps[i].state == PLAN_LEFT_OUT, "at %zu", length);
}

Test(clone_resume, after_every_record_and_after_torn_ones)
{
  CLEANUP_BUF struct buf bytes = BUF_INIT(BUF_LARGE);
  size_t tried = 0;

  read_whole_journal(&bytes);
  for (size_t i = 0; i < bytes.len; i++) {
    if (bytes.data[i] != '\n') continue;
    for (size_t torn = 0; torn < 2; torn++) {
      size_t length = i + 1 - torn * 7;

      try_resume(bytes.data, length, false);
      try_resume(bytes.data, length, true);
      tried++;
    }
  }
  cr_assert_gt(tried, 30);
}

Test(clone_resume, what_failed_is_tried_again)
{
  HOST host = clone_host(CATALOG);
  CLEANUP_JSON struct json_object *first = NULL, *second = NULL;

  testhost_rule_times(
      testhost_sql_error(host, "*CLONE*`t`", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "not allowed"), 1);
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  first = clone_summary(host);
  assert_object(first, "prod.s.t", "failed");
  assert_object(first, "prod.s.v", "blocked");
  testhost_arg(host, "resume", json_get_text(first, "operation_id"));
  cr_assert_eq(clone_on(host), CLXS_OK);
  second = clone_summary(host);
  cr_assert_str_eq(json_get_text(first, "operation_id"), json_get_text(second, "operation_id"));
  assert_object(second, "prod.s.t", "succeeded");
  assert_object(second, "prod.s.v", "succeeded");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "*CLONE*`u`"), 1, "done is done");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "*CLONE*`t`"), 2);
}

#define assert_refused(status, why)                                                                       \
  do {                                                                                                    \
    struct clxs_call *call_ = testhost_call(host);                                                        \
    cr_assert_eq(clone_on(host), status);                                                                 \
    cr_assert(strstr(call_->core->error(call_)->message, why), "%s", call_->core->error(call_)->message); \
    cr_assert_eq(testhost_sent_count(host, 0, NULL), 0, "nothing was sent");                              \
  } while (0)

Test(clone_resume, another_source_destination_or_workspace_is_refused)
{
  static const struct {
    const char *from, *to, *why;
  } cases[] = {{"\"source\":\"prod\"", "\"source\":\"xrod\"", "another source"},
               {"\"destination\":\"dev\"", "\"destination\":\"xev\"", "another destination"},
               {"\"workspace\":\"", "\"workspace\":\"x", "workspace"},
               {"\"command\":\"clone\"", "\"command\":\"rollback\"", "no clone"}};
  CLEANUP_BUF struct buf bytes = BUF_INIT(BUF_LARGE);

  read_whole_journal(&bytes);
  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP_BUF struct buf changed = BUF_INIT(BUF_LARGE), line = BUF_INIT(BUF_LARGE);
    const char *rest = strchr(bytes.data, '\n') + 1, *at = strstr(bytes.data, cases[i].from);

    cr_assert(at && at < rest, "%s", cases[i].from);
    buf_add(&line, bytes.data + 19, (size_t)(at - bytes.data) - 19);
    buf_add_text(&line, cases[i].to);
    at += strlen(cases[i].from);
    buf_add(&line, at, (size_t)(rest - 1 - at));
    journal_add_record(&changed, 1, line.data);
    buf_add_text(&changed, rest);
    HOST host = host_with(changed.data, changed.len);

    assert_refused(CLXS_E_USAGE, cases[i].why);
  }
}

Test(clone_resume, a_damaged_journal_is_refused)
{
  CLEANUP_BUF struct buf bytes = BUF_INIT(BUF_LARGE);

  read_whole_journal(&bytes);
  bytes.data[bytes.len / 2] ^= 1;
  HOST host = host_with(bytes.data, bytes.len);

  assert_refused(CLXS_E_DATA, "damaged in line");
}

Test(clone_resume, a_journal_that_is_held_is_refused)
{
  CLEANUP_BUF struct buf bytes = BUF_INIT(BUF_LARGE);
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  CLEANUP_JOURNAL struct journal *journal = NULL;

  read_whole_journal(&bytes);
  HOST host = host_with(bytes.data, bytes.len);
  struct clxs_call *call = testhost_call(host);

  cr_assert_eq(journal_reopen(call, operation_journal(call, ID), &image, &journal), CLXS_OK);
  assert_refused(CLXS_E_CONFLICT, "running");
}
