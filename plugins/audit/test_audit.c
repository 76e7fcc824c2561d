/* SPDX-License-Identifier: Apache-2.0 */
/* What is written when, what is never written, and what a failure to write means. */
#include <clxs/clxs.h>
#include <criterion/criterion.h>

#include "audit.h"
#include "base/json.h"
#include "base/str.h"
#include "testhost/testhost.h"

#include "base/banned.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *
#define BEFORE                                                                                           \
  "{\"command\":\"clone\",\"operation_id\":\"op'1\",\"source\":\"a'; DROP TABLE x "                      \
  "--\",\"destination\":\"b\","                                                                          \
  "\"workspace\":\"https://w\",\"started_at\":\"2026-01-31T23:00:00Z\",\"arguments\":{\"dest\":[\"b\"]," \
  "\"smtp\":{\"password\":\"p\"}}}"
#define FINISHED                                                                                            \
  "{\"command\":\"clone\",\"operation_id\":\"op'1\",\"source\":\"a\",\"destination\":\"b\",\"workspace\":"  \
  "\"https://w\",\"started_at\":\"2026-01-31T23:00:00Z\",\"ended_at\":\"2026-01-31T23:01:00Z\",\"status\":" \
  "\"partial\",\"counts\":{\"succeeded\":3,\"failed\":1},\"error\":\"1 object failed\"}"

static struct testhost *
audit_host(const char *topic, const char *event)
{
  struct testhost *host = testhost_new();

  testhost_arg(host, "topic", topic);
  testhost_arg(host, "event", event);
  testhost_config(host, "audit.table", "ops.`cl``xs`.runs");
  testhost_sql(host, "*", NULL);
  return host;
}

static clxs_status
run(struct testhost *host, size_t command)
{
  return clxs_plugin_v1()->commands[command]->run(NULL, testhost_call(host));
}

static bool
binds(struct testhost *host, const char *line)
{
  const struct testhost_sent *sent = testhost_sent(host, TESTHOST_SQL, "MERGE*", 0);

  cr_assert_not_null(sent);
  return strstr(sent->binds, line) != NULL;
}

Test(audit, the_beginning_is_one_merge_with_bound_values)
{
  HOST host = audit_host("clone.before", BEFORE);
  const struct testhost_sent *sent;

  cr_assert_eq(run(host, 0), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 1);
  sent = testhost_sent(host, TESTHOST_SQL, NULL, 0);
  cr_expect(str_starts(sent->text, "MERGE INTO `ops`.`cl``xs`.`runs` AS t USING"), "%s", sent->text);
  cr_expect_null(strstr(sent->text, "DROP"));
  cr_expect(binds(host, "operation_id=op'1\n"));
  cr_expect(binds(host, "source=a'; DROP TABLE x --\n"));
  cr_expect(binds(host, "state=running\n"));
  cr_expect(binds(host, "ended_at=NULL\n"));
  cr_expect(binds(host, "arguments={\"dest\":[\"b\"],\"smtp\":{\"password\":\"***\"}}\n"));
  cr_expect_eq(sent->flags, CLXS_SQL_MUTATES | CLXS_SQL_IDEMPOTENT);
}

Test(audit, the_end_is_written_after_cancellation_too)
{
  HOST host = audit_host("clone.finished", FINISHED);

  testhost_cancel(host);
  cr_assert_eq(run(host, 0), CLXS_OK);
  cr_expect(binds(host, "state=partial\n"));
  cr_expect(binds(host, "counts={\"succeeded\":3,\"failed\":1}\n"));
  cr_expect(binds(host, "error=1 object failed\n"));
  cr_expect(testhost_sent(host, TESTHOST_SQL, "MERGE*", 0)->flags & CLXS_SQL_CLOSING);
}

Test(audit, a_missing_table_is_made)
{
  HOST host = audit_host("clone.before", BEFORE);

  testhost_rule_times(testhost_sql_error(host, "MERGE*", CLXS_E_NOT_FOUND, "SCHEMA_NOT_FOUND", "no schema"),
                      1);
  cr_assert_eq(run(host, 0), CLXS_OK);
  cr_expect_eq(testhost_sent_count(host, TESTHOST_SQL, "CREATE SCHEMA IF NOT EXISTS `ops`.`cl``xs`"), 1);
  cr_expect_eq(testhost_sent_count(host, TESTHOST_SQL, "CREATE TABLE IF NOT EXISTS `ops`.`cl``xs`.`runs` (*"),
               1);
  cr_expect_eq(testhost_sent_count(host, TESTHOST_SQL, "MERGE*"), 2);
}

Test(audit, two_runs_at_one_moment_both_get_their_row)
{
  HOST host = audit_host("clone.before", BEFORE);

  testhost_rule_times(
      testhost_sql_error(host, "MERGE*", CLXS_E_CONFLICT, "DELTA_CONCURRENT_APPEND", "another commit"), 3);
  cr_assert_eq(run(host, 0), CLXS_OK);
  cr_expect_eq(testhost_sent_count(host, TESTHOST_SQL, "MERGE*"), 4);
}

Test(audit, a_row_that_cannot_be_written_is_a_warning_unless_it_is_required)
{
  HOST host = audit_host("clone.before", BEFORE);
  struct clxs_call *call = testhost_call(host);

  testhost_sql_error(host, "*", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no MODIFY");
  cr_expect_eq(run(host, 0), CLXS_OK);
  cr_expect_not_null(strstr(testhost_log(host), "warn: the audit row was not written"));
  testhost_config(host, "audit.required", "1");
  cr_expect_eq(run(host, 0), CLXS_E_DENIED);
  cr_expect(strstr(call->core->error(call)->message, "nothing was begun"));
}

Test(audit, the_end_forbids_nothing)
{
  HOST host = audit_host("clone.finished", FINISHED);

  testhost_config(host, "audit.required", "1");
  testhost_sql_error(host, "*", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no MODIFY");
  cr_expect_eq(run(host, 0), CLXS_OK);
}

Test(audit, without_a_table_nothing_is_written)
{
  HOST host = testhost_new();

  testhost_arg(host, "topic", "clone.before");
  testhost_arg(host, "event", BEFORE);
  cr_expect_eq(run(host, 0), CLXS_OK);
  cr_expect_eq(testhost_sent_count(host, 0, NULL), 0);
  cr_expect_eq(run(host, 1), CLXS_E_CONFIG);
}

Test(audit, a_name_that_is_none_of_three_parts_is_refused)
{
  static const char *const wrong[] = {"runs",        "a.b",     "a.b.c.d", "a..c",
                                      "a.b.c; DROP", "a.b.'c'", "",        "a b.c.d"};

  for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
    HOST host = testhost_new();

    testhost_arg(host, "topic", "clone.before");
    testhost_arg(host, "event", BEFORE);
    testhost_config(host, "audit.required", "1");
    testhost_config(host, "audit.table", wrong[i]);
    cr_expect_eq(run(host, 0), CLXS_E_CONFIG, "%s", wrong[i]);
    cr_expect_eq(testhost_sent_count(host, 0, NULL), 0);
  }
}

Test(audit, secrets_are_taken_out_at_any_depth)
{
  static const char text[] = "{\"dest_workspace\":{\"token\":\"t\",\"host\":\"h\"},\"list\":[{\"api_key\":[1]"
                             "},\"Bearer x\",\"plain\"],"
                             "\"clientSecret\":{\"a\":1},\"url\":\"https://u:p@h/x\",\"note\":\"mail "
                             "a@b\",\"pat\":\"x dapi0123456789abcdef\"}";
  CLEANUP_JSON struct json_object *json = json_parse(text, strlen(text), NULL, NULL);

  audit_redact(json);
  cr_expect_str_eq(
      json_text(json),
      "{\"dest_workspace\":{\"token\":\"***\",\"host\":\"h\"},\"list\":[{\"api_key\":\"***\"},\"***\","
      "\"plain\"],\"clientSecret\":\"***\",\"url\":\"***\",\"note\":\"mail a@b\",\"pat\":\"***\"}");
}

Test(audit, the_list_asks_by_parameters)
{
  HOST host = audit_host("", "{}");
  const struct testhost_sent *sent;

  testhost_arg(host, "source", "a' OR 1=1");
  testhost_arg(host, "limit", "7");
  testhost_sql(
      host, "SELECT*",
      "{\"columns\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\"],\"rows\":[[\"2026\","
      "\"clone\",\"running\",\"a\",\"b\",\"me\",\"op-1\",null,null,null]]}");
  cr_assert_eq(run(host, 1), CLXS_OK);
  sent = testhost_sent(host, TESTHOST_SQL, "SELECT*", 0);
  cr_expect_str_eq(sent->binds, "status=NULL\nsource=a' OR 1=1\n");
  cr_expect(str_ends(sent->text, "LIMIT 7"));
  cr_expect_not_null(strstr(testhost_stdout(host), "2026 | clone | running | a | b | me | op-1"));
}
