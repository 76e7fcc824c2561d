/* SPDX-License-Identifier: Apache-2.0 */
/* Operations read back from their journals: running, ended, killed, damaged. */
#include <criterion/criterion.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/plan/journal.h"
#include "kit/plan/operation.h"
#include "rollback.h"
#include "testhost/testhost.h"

#include "base/banned.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *
#define LIST 0
#define SHOW 1

static clxs_status
run(struct testhost *host, int command)
{
  return clxs_plugin_v1()->commands[command]->run(NULL, testhost_call(host));
}

static const char *
id_of(struct testhost *host, int number)
{
  return clxs_textf(testhost_call(host), "20260131T23595%dZ-clone-00000%d", number, number);
}

/* A journal of two tables; the first is done. */
static struct journal *
begun(struct testhost *host, int number)
{
  struct clxs_call *call = testhost_call(host);
  CLEANUP_PLAN struct plan *plan = plan_new();
  struct journal *journal = NULL;
  struct journal_head head = {.id = id_of(host, number),
                              .command = "clone",
                              .arguments = "{\"dest\":[\"dev\"]}",
                              .source = "prod",
                              .destination = "dev",
                              .workspace = "https://w",
                              .started_ms = call->core->now_ms(call) - 7200000};
  struct plan_result done = {.state = PLAN_DONE};

  for (int i = 0; i < 2; i++) {
    const char *names[] = {"dev", "s", i ? "b" : "a"};
    size_t step = plan_add_step(plan, plan_add_object(plan, "table", names, 3, NULL), "clone table");

    plan_step(plan, step)->text = "CREATE";
  }
  cr_assert_eq(journal_create(call, operation_journal(call, head.id), &head, plan, &journal), CLXS_OK);
  cr_assert(journal_begin(journal, 0, head.started_ms + 5));
  journal_end(journal, 0, head.started_ms + 9, &done);
  cr_assert(journal_begin(journal, 1, head.started_ms + 9));
  return journal;
}

static void
damage(struct testhost *host, int number)
{
  struct clxs_call *call = testhost_call(host);
  CLEANUP_FILE FILE *file = fopen(operation_journal(call, id_of(host, number)), "r+");

  cr_assert_not_null(file);
  fseek(file, 30, SEEK_SET);
  fputc('#', file);
}

static struct testhost *
history_host(void)
{
  struct testhost *host = testhost_new();

  testhost_clock(host, INT64_C(1800000000000));
  return host;
}

Test(history, nothing_yet)
{
  HOST host = history_host();

  cr_assert_eq(run(host, LIST), CLXS_OK);
  cr_assert(strstr(testhost_stdout(host), "No operation"));
}

Test(history, says_which_run_is_alive_which_has_ended_and_which_died)
{
  HOST host = history_host();
  CLEANUP_JOURNAL struct journal *alive = begun(host, 1);
  struct journal *ended = begun(host, 2), *died = begun(host, 3);
  const char *text, *at[3];

  cr_assert(journal_finish(ended, 1, "partial"));
  journal_close(ended);
  journal_close(died);
  cr_assert_eq(run(host, LIST), CLXS_OK);
  text = testhost_stdout(host);
  at[2] = strstr(text, "000003");
  at[1] = strstr(text, "000002");
  at[0] = strstr(text, "000001");
  cr_assert(at[0] && at[1] && at[2]);
  cr_assert(at[2] < at[1] && at[1] < at[0], "the newest comes first: %s", text);
  cr_assert(strstr(at[2], "died") && strstr(at[2], "died") < at[1], "%s", text);
  cr_assert(strstr(at[1], "partial") && strstr(at[1], "partial") < at[0], "%s", text);
  cr_assert(strstr(at[0], "running"), "%s", text);
  cr_assert(strstr(text, "120 min") || strstr(text, "2 h"), "%s", text);
}

Test(history, a_damaged_journal_is_listed_and_hides_no_other)
{
  HOST host = history_host();
  const char *text;

  journal_close(begun(host, 1));
  journal_close(begun(host, 2));
  damage(host, 1);
  cr_assert_eq(run(host, LIST), CLXS_OK);
  text = testhost_stdout(host);
  cr_assert(strstr(text, "000002") && strstr(text, "died"), "%s", text);
  cr_assert(strstr(text, "damaged in line 1"), "%s", text);
  cr_assert_null(testhost_call(host)->core->error(testhost_call(host)));
}

Test(history, shows_what_is_done_and_what_is_in_doubt)
{
  HOST host = history_host();
  CLEANUP_JSON struct json_object *json = NULL;
  struct json_object *steps, *objects;

  journal_close(begun(host, 1));
  testhost_format(host, CLXS_FORMAT_JSON);
  testhost_arg(host, "operation", id_of(host, 1));
  cr_assert_eq(run(host, SHOW), CLXS_OK);
  json = json_parse(testhost_document(host), strlen(testhost_document(host)), NULL, NULL);
  cr_assert_str_eq(json_get_text(json, "state"), "died");
  steps = json_get_object(json, "steps");
  cr_assert_eq(json_get_int(steps, "done", -1), 1);
  cr_assert_eq(json_get_int(steps, "left", -1), 1);
  objects = json_get_array(json, "objects");
  cr_assert_str_eq(json_get_text(json_item(objects, 0), "status"), "succeeded");
  cr_assert_str_eq(json_get_text(json_item(objects, 1), "status"), "failed");
  cr_assert(strstr(json_get_text(json_item(objects, 1), "reason"), "not known"));
}

Test(history, refuses_what_is_no_id_and_what_is_not_there)
{
  HOST host = history_host();

  testhost_arg(host, "operation", "../../etc/passwd");
  cr_assert_eq(run(host, SHOW), CLXS_E_USAGE);
  testhost_arg_clear(host, "operation");
  testhost_arg(host, "operation", "20260131T235959Z-clone-ffffff");
  cr_assert_eq(run(host, SHOW), CLXS_E_NOT_FOUND);
}

Test(history, lists_only_what_was_asked_for)
{
  HOST host = history_host();
  struct journal *back = begun(host, 3);

  journal_close(begun(host, 1));
  journal_close(begun(host, 2));
  cr_assert(journal_finish(back, 1, "succeeded"));
  cr_assert(journal_take_back(back, "20260201T000000Z-rollback-000009"));
  journal_close(back);
  testhost_format(host, CLXS_FORMAT_CSV);
  testhost_arg(host, "state", "rolled_back");
  cr_assert_eq(run(host, LIST), CLXS_OK);
  cr_assert(strstr(testhost_stdout(host), "20260201T000000Z-rollback-000009"), "%s", testhost_stdout(host));
  cr_assert_null(strstr(testhost_stdout(host), "000002"));
  HOST few = history_host();

  journal_close(begun(few, 1));
  journal_close(begun(few, 2));
  testhost_arg(few, "limit", "1");
  testhost_arg(few, "catalog", "PROD");
  cr_assert_eq(run(few, LIST), CLXS_OK);
  cr_assert(strstr(testhost_stdout(few), "000002"));
  cr_assert_null(strstr(testhost_stdout(few), "000001"));
  testhost_arg_clear(few, "catalog");
  testhost_arg(few, "catalog", "elsewhere");
  testhost_arg(few, "command", "clone");
  cr_assert_eq(run(few, LIST), CLXS_OK);
  cr_assert_eq(testhost_sent_count(few, 0, NULL), 0);
}
