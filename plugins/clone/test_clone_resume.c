/* SPDX-License-Identifier: Apache-2.0 */
/* A clone that died after any record of its journal is taken up again: what ended is not sent again, what was
 * under way is looked up, the rest runs; and journals that are not ours to go on with are refused. */
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "clone_test.h"
#include "kit/plan/claim.h"
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
  cr_assert_str_eq(image.finished, "succeeded");
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

/* Operation ID is "dev made of CATALOG", killed when its journal had all but the last line. */
static struct testhost *
host_after(void (*set_up)(struct testhost *host))
{
  HOST first = clone_host(CATALOG);
  struct testhost *host = clone_host(CATALOG);
  CLEANUP_JSON struct json_object *summary = NULL;
  CLEANUP_BUF struct buf bytes = BUF_INIT(BUF_LARGE);
  CLEANUP_FILE FILE *from = NULL, *to = NULL;
  size_t length, lines = 0;
  int c;

  set_up(first);
  set_up(host);
  testhost_arg(first, "strict", "true");
  testhost_arg(first, "validate", "true");
  testhost_invoke(first, "validate *", CLXS_OK, "{\"status\":\"match\"}");
  cr_assert_eq(clone_on(first), CLXS_E_PARTIAL, "something was skipped");
  summary = clone_summary(first);
  from = fopen(operation_journal(testhost_call(first), json_get_text(summary, "operation_id")), "rb");
  cr_assert_not_null(from);
  while ((c = fgetc(from)) != EOF)
    buf_add_char(&bytes, (char)c);
  for (length = bytes.len; length && lines < 3; length--)
    lines += bytes.data[length - 1] == '\n';
  to = fopen(operation_journal(testhost_call(host), ID), "wb");
  cr_assert_not_null(to);
  cr_assert_eq(fwrite(bytes.data, 1, length + 1, to), length + 1);
  testhost_arg(host, "resume", ID);
  return host;
}

static void
nothing_special(struct testhost *host)
{
  testhost_arg_clear(host, "source");
  testhost_arg_clear(host, "dest");
  testhost_arg(host, "source", "prod");
  testhost_arg(host, "dest", "dev");
}

Test(clone_resume, what_the_first_run_was_told_still_holds)
{
  HOST host = host_after(nothing_special);
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_invoke(host, "validate *", CLXS_OK, "{\"status\":\"match\"}");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL, "skipped objects are failures, as they were");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_INVOKE, "validate *\"prod\"*"), 1);
  summary = clone_summary(host);
  cr_assert_not_null(json_get_object(summary, "validation"));
}

static void
as_ann(struct testhost *host)
{
  testhost_rest(host, "GET /api/2.0/preview/scim/v2/Me", 200, "{\"userName\":\"ann@example.com\"}");
}

Test(clone_resume, another_persons_operation_is_refused)
{
  HOST host = host_after(as_ann);
  struct clxs_call *call = testhost_call(host);

  testhost_rest(host, "GET /api/2.0/preview/scim/v2/Me", 200, "{\"userName\":\"bob@example.com\"}");
  cr_assert_eq(clone_on(host), CLXS_E_USAGE);
  cr_assert(strstr(call->core->error(call)->message, "begun by ann@example.com, and you are bob@example.com"),
            "%s", call->core->error(call)->message);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
}

Test(clone_resume, what_is_complete_is_told_and_nothing_is_sent)
{
  HOST host = clone_host(CATALOG);
  CLEANUP_JSON struct json_object *summary = NULL;
  size_t sent;

  cr_assert_eq(clone_on(host), CLXS_OK);
  sent = testhost_sent_count(host, 0, NULL);
  testhost_arg(host, "resume", "latest");
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, 0, NULL), sent);
  summary = clone_summary(host);
  cr_assert(json_get_bool(summary, "nothing_to_do", false));
  cr_assert_str_eq(json_get_text(summary, "status"), "succeeded");
}

Test(clone_resume, latest_needs_one_into_that_catalog)
{
  HOST host = clone_host(CATALOG);

  cr_assert_eq(clone_on(host), CLXS_OK);
  testhost_arg(host, "resume", "latest");
  testhost_arg_clear(host, "dest");
  testhost_arg(host, "dest", "elsewhere");
  cr_assert_eq(clone_on(host), CLXS_E_USAGE);
}

Test(clone_resume, what_was_taken_back_is_refused)
{
  CLEANUP_BUF struct buf bytes = BUF_INIT(BUF_LARGE);
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  struct journal *journal = NULL;

  read_whole_journal(&bytes);
  HOST host = host_with(bytes.data, bytes.len);
  struct clxs_call *call = testhost_call(host);

  cr_assert_eq(journal_reopen(call, operation_journal(call, ID), &image, &journal), CLXS_OK);
  cr_assert(journal_take_back(journal, "20260201T000000Z-rollback-000002"));
  journal_close(journal);
  assert_refused(CLXS_E_USAGE, "taken back by 20260201T000000Z-rollback-000002");
}

Test(clone_resume, two_clones_into_one_catalog_are_one_too_many)
{
  HOST host = clone_host(CATALOG);
  struct clxs_call *call = testhost_call(host);
  CLEANUP_CLAIM struct claim *claim = NULL;

  cr_assert_eq(claim_take(call, clxs_config(call)->host(call), "DEV", ID, &claim), CLXS_OK);
  assert_refused(CLXS_E_CONFLICT, "operation " ID " is changing the catalog dev");
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
