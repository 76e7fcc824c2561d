/* SPDX-License-Identifier: Apache-2.0 */
/* When a clone takes itself back: judged by its own objects, by the threshold, and never when nobody can
 * judge. */
#include "clone_test.h"

/* A catalog, a schema and eight tables: ten objects. */
#define TABLE(name) "{\"name\":\"" name "\",\"table_type\":\"MANAGED\"}"
#define CATALOG                                                                                       \
  "{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\",\"tables\":[" TABLE("a") "," TABLE("b") "," TABLE( \
      "c") "," TABLE("d") "," TABLE("e") "," TABLE("f") "," TABLE("g") "," TABLE("h") "]}]}"
#define MATCH "{\"status\":\"match\",\"objects\":[]}"
#define DIFFERENT(kind, name)                                                      \
  "{\"status\":\"different\",\"objects\":[{\"kind\":\"" kind "\",\"name\":\"" name \
  "\",\"status\":\"different\"}]}"
#define BACK "{\"status\":\"succeeded\"}"

static struct testhost *
judged_host(const char *threshold, const char *validation, clxs_status validated)
{
  struct testhost *host = clone_host(CATALOG);

  testhost_arg(host, "auto-rollback", "true");
  if (threshold) testhost_arg(host, "rollback-threshold", threshold);
  testhost_invoke(host, "validate *", validated, validation);
  testhost_invoke(host, "rollback *", CLXS_OK, BACK);
  return host;
}

static void
fail_table(struct testhost *host)
{
  testhost_sql_error(host, "*CLONE*`a`", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "not allowed");
}

static size_t
rollbacks(struct testhost *host)
{
  return testhost_sent_count(host, TESTHOST_INVOKE,
                             "rollback *\"operation\":\"*-clone-*\"*\"unasked\":true*");
}

static struct json_object *
judgement(struct json_object *summary)
{
  struct json_object *found = json_get_object(summary, "auto_rollback");

  cr_assert_not_null(found);
  return found;
}

Test(clone_auto_rollback, a_good_copy_stays)
{
  HOST host = judged_host(NULL, MATCH, CLXS_OK);
  CLEANUP_JSON struct json_object *summary = NULL;

  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(rollbacks(host), 0);
  summary = clone_summary(host);
  cr_assert_not(json_get_bool(judgement(summary), "triggered", true));
  cr_assert_eq(json_get_int(judgement(summary), "failed_pct", -1), 0);
  cr_assert_eq(json_get_int(judgement(summary), "threshold_pct", -1), 5);
}

Test(clone_auto_rollback, one_table_of_ten_objects_is_too_much_for_five_per_cent)
{
  HOST host = judged_host(NULL, MATCH, CLXS_OK);
  CLEANUP_JSON struct json_object *summary = NULL;
  struct clxs_call *call = testhost_call(host);

  fail_table(host);
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  cr_assert_eq(rollbacks(host), 1);
  cr_assert(strstr(call->core->error(call)->message, "was taken back, because 1 of 10 objects failed"), "%s",
            call->core->error(call)->message);
  summary = clone_summary(host);
  cr_assert_str_eq(json_get_text(summary, "status"), "rolled_back");
  cr_assert(json_get_bool(judgement(summary), "triggered", false));
  cr_assert_eq(json_get_int(judgement(summary), "failed_pct", -1), 10);
  cr_assert_str_eq(json_get_text(json_get_object(judgement(summary), "rollback"), "status"), "succeeded");
  cr_assert_not_null(strstr(testhost_events(host), "\"status\":\"rolled_back\""));
}

Test(clone_auto_rollback, as_much_as_is_allowed_is_not_too_much)
{
  HOST host = judged_host("10", MATCH, CLXS_OK);
  CLEANUP_JSON struct json_object *summary = NULL;

  fail_table(host);
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  cr_assert_eq(rollbacks(host), 0);
  summary = clone_summary(host);
  cr_assert_str_eq(json_get_text(summary, "status"), "partial");
}

Test(clone_auto_rollback, differences_count_and_an_object_counts_once)
{
  HOST host = judged_host("10", DIFFERENT("table", "s.b"), CLXS_DIFFERENT);

  fail_table(host);
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  cr_assert_eq(rollbacks(host), 1, "one failed, another differs");
  HOST again = judged_host("10", DIFFERENT("table", "s.a"), CLXS_DIFFERENT);

  fail_table(again);
  cr_assert_eq(clone_on(again), CLXS_E_PARTIAL);
  cr_assert_eq(rollbacks(again), 0, "the same table failed and differs");
}

Test(clone_auto_rollback, what_the_run_did_not_touch_counts_for_nothing)
{
  HOST host = judged_host("0", DIFFERENT("table", "other.t"), CLXS_DIFFERENT);

  cr_assert_eq(clone_on(host), CLXS_DIFFERENT);
  cr_assert_eq(rollbacks(host), 0);
}

Test(clone_auto_rollback, a_copy_that_cannot_be_looked_at_is_not_judged)
{
  HOST host = judged_host("0", NULL, CLXS_E_UNAVAILABLE);
  CLEANUP_JSON struct json_object *summary = NULL;

  fail_table(host);
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  cr_assert_eq(rollbacks(host), 0);
  summary = clone_summary(host);
  cr_assert_str_eq(json_get_text(judgement(summary), "reason"), "the copy could not be validated");
}

static void
cancel(struct testhost *host, const char *text, void *data)
{
  (void)text;
  (void)data;
  testhost_cancel(host);
}

Test(clone_auto_rollback, nobody_takes_back_what_was_cancelled)
{
  HOST host = judged_host("0", MATCH, CLXS_OK);

  testhost_rule_do(testhost_sql(host, "*CLONE*`c`", NULL), cancel, NULL);
  cr_assert_eq(clone_on(host), CLXS_E_CANCELLED);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_INVOKE, NULL), 0, "nor validates it");
}

Test(clone_auto_rollback, a_rollback_that_fails_says_so)
{
  HOST host = judged_host("0", MATCH, CLXS_OK);
  CLEANUP_JSON struct json_object *summary = NULL;
  struct clxs_call *call = testhost_call(host);

  testhost_invoke(host, "rollback *", CLXS_E_UNAVAILABLE, NULL);
  fail_table(host);
  cr_assert_eq(clone_on(host), CLXS_E_UNAVAILABLE);
  cr_assert(strstr(call->core->error(call)->message, "could not be taken back wholly"));
  cr_assert(strstr(call->core->error(call)->hint, "clxs rollback 2"));
  summary = clone_summary(host);
  cr_assert_str_eq(json_get_text(summary, "status"), "partial");
}
