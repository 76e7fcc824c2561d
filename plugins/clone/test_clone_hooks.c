/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks are steps of the plan: in their place, shown, recorded, and as harmful as they were said to be. */
#include <clxs/clxs.h>

#include "clone_test.h"

#include "base/banned.h"

#define CATALOG                                                                                          \
  "{\"name\":\"prod\",\"schemas\":[{\"name\":\"a\",\"tables\":[{\"name\":\"t\",\"table_type\":"          \
  "\"MANAGED\",\"data_source_format\":\"DELTA\"},{\"name\":\"s\",\"table_type\":\"STREAMING_TABLE\"}]}," \
  "{\"name\":\"b\",\"tables\":[{\"name\":\"u\",\"table_type\":\"MANAGED\",\"data_source_format\":"       \
  "\"DELTA\"}]}]}"

static struct testhost *
hook_host(const char *key, const char *json)
{
  struct testhost *host = clone_host(CATALOG);

  testhost_config(host, key, json);
  return host;
}

/* Where the statement stands among all that were begun. */
static size_t
place_of(struct testhost *host, const char *statement)
{
  const struct testhost_sent *wanted = testhost_sent(host, TESTHOST_SQL, statement, 0), *sent;

  cr_assert_not_null(wanted, "%s was not sent", statement);
  for (size_t i = 0; (sent = testhost_sent(host, TESTHOST_SQL, NULL, i)); i++)
    if (sent == wanted) return i;
  cr_assert_fail("%s", statement);
  return 0;
}

Test(clone_hooks, each_runs_in_its_place)
{
  HOST host = hook_host("pre_clone_hooks", "[{\"sql\":\"BEFORE ONE\"},{\"sql\":\"BEFORE TWO\"}]");

  testhost_config(host, "post_schema_hooks", "[{\"sql\":\"AFTER ${dest_catalog}.${schema}\"}]");
  testhost_config(host, "post_clone_hooks", "[{\"sql\":\"SELECT '${source_catalog}'\"}]");
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_expect_eq(place_of(host, "BEFORE ONE"), 0);
  cr_expect_eq(place_of(host, "BEFORE TWO"), 1);
  cr_expect_eq(place_of(host, "CREATE CATALOG*"), 2);
  cr_expect_gt(place_of(host, "AFTER `dev`.`a`"), place_of(host, "*DEEP CLONE `prod`.`a`.`t`"));
  cr_expect_gt(place_of(host, "AFTER `dev`.`b`"), place_of(host, "*DEEP CLONE `prod`.`b`.`u`"));
  cr_expect_null(testhost_sent(host, TESTHOST_SQL, NULL, place_of(host, "SELECT 'prod'") + 1));
}

Test(clone_hooks, results_are_in_the_summary)
{
  HOST host = hook_host("post_clone_hooks", "[{\"sql\":\"GOOD\",\"description\":\"fine\"},{\"sql\":\"BAD\"},"
                                            "{\"sql\":\"WORSE\",\"on_error\":\"ignore\"}]");
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_sql_error(host, "BAD", CLXS_E_INVALID, "PARSE_SYNTAX_ERROR", "not SQL");
  testhost_sql_error(host, "WORSE", CLXS_E_INVALID, "PARSE_SYNTAX_ERROR", "not SQL either");
  cr_assert_eq(clone_on(host), CLXS_OK);
  summary = clone_summary(host);
  cr_expect_str_eq(json_get_text(summary, "status"), "succeeded");
  assert_object(summary, "after the clone: fine", "succeeded");
  assert_object(summary, "after the clone: 2", "failed");
  assert_object(summary, "after the clone: 3", "failed");
  cr_expect_not_null(strstr(testhost_log(host), "warn: hook after the clone: 2: not SQL"));
  cr_expect_null(strstr(testhost_log(host), "not SQL either"));
}

Test(clone_hooks, one_that_must_not_fail_before_the_clone_stops_everything)
{
  HOST host = hook_host("pre_clone_hooks", "[{\"sql\":\"BAD\",\"on_error\":\"fail\"}]");
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_sql_error(host, "BAD", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  cr_expect_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 1);
  summary = clone_summary(host);
  assert_object(summary, "prod.a.t", "blocked");
  cr_expect_str_eq(json_get_text(clone_object(summary, "prod.a.t"), "reason"),
                   "needs schema prod.a, which is blocked");
}

Test(clone_hooks, one_that_may_fail_before_the_clone_stops_nothing)
{
  HOST host = hook_host("pre_clone_hooks", "[{\"sql\":\"BAD\"}]");
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_sql_error(host, "BAD", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no");
  cr_assert_eq(clone_on(host), CLXS_OK);
  summary = clone_summary(host);
  assert_object(summary, "prod.a.t", "succeeded");
}

Test(clone_hooks, those_behind_a_failure_wait_for_the_resumed_run_unless_they_always_run)
{
  HOST host = hook_host("post_schema_hooks",
                        "[{\"sql\":\"NEAT ${schema}\"},{\"sql\":\"CLEAN ${schema}\",\"when\":\"always\"}]");
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_config(host, "post_clone_hooks", "[{\"sql\":\"PUBLISH\",\"on_error\":\"fail\"}]");
  testhost_sql_error(host, "*CLONE `prod`.`a`.`t`", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  assert_not_sent(host, "NEAT `a`");
  assert_not_sent(host, "PUBLISH");
  assert_sent(host, "NEAT `b`");
  assert_sent(host, "CLEAN `a`");
  assert_sent(host, "CLEAN `b`");
  summary = clone_summary(host);
  assert_object(summary, "after schema a: 1", "blocked");
  cr_expect_str_eq(json_get_text(clone_object(summary, "after schema a: 1"), "reason"),
                   "needs table prod.a.t, which failed");
}

Test(clone_hooks, hostile_names_are_names)
{
  HOST host = hook_host("pre_clone_hooks",
                        "[{\"sql\":\"COMMENT ON CATALOG ${dest_catalog} IS 'of ${dest_catalog}'\"}]");

  testhost_arg_clear(host, "dest");
  testhost_arg(host, "dest", "x`;DROP--'");
  testhost_arg(host, "dry-run", "true");
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_call(host)->core->error(testhost_call(host))->message);
  cr_expect_not_null(
      strstr(testhost_document(host), "COMMENT ON CATALOG `x``;DROP--'` IS 'of x`;DROP--\\\\''"), "%s",
      testhost_document(host));
  cr_expect_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
}

Test(clone_hooks, mistakes_are_found_before_anything_is_read)
{
  static const struct {
    const char *key, *json, *says;
  } cases[] = {
      {"pre_clone_hooks", "{\"sql\":\"X\"}", "pre_clone_hooks must be a list"},
      {"pre_clone_hooks", "[{\"sql\":\"X\"},\"Y\"]",
       "pre_clone_hooks, entry 2: it must have a member \"sql\""},
      {"pre_clone_hooks", "[{\"sql\":1}]", "it must have a text \"sql\""},
      {"pre_clone_hooks", "[{\"sql\":\"X\",\"onerror\":\"fail\"}]", "there is nothing but sql"},
      {"post_clone_hooks", "[{\"sql\":\"X\",\"on_error\":\"stop\"}]", "\"on_error\" must be"},
      {"post_clone_hooks", "[{\"sql\":\"X\",\"when\":\"never\"}]", "\"when\" must be"},
      {"post_clone_hooks", "[{\"sql\":\"X\",\"repeatable\":\"yes\"}]", "\"repeatable\" must be"},
      {"post_clone_hooks", "[{\"sql\":\"X ${schema}\"}]",
       "${schema} means nothing here; there is ${source_catalog}, ${dest_catalog}"},
      {"post_schema_hooks", "[{\"sql\":\"X ${table}\"}]", "${table} means nothing here"},
      {"post_schema_hooks", "[{\"sql\":\"X; Y\"}]", "more than one statement"},
      {"post_schema_hooks", "[{\"sql\":\"X 'open\"}]", "cannot be read"},
      {"post_schema_hooks", "[{\"sql\":\"  \"}]", "no statement"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = hook_host(cases[i].key, cases[i].json);
    struct clxs_call *call = testhost_call(host);

    cr_expect_eq(clone_on(host), CLXS_E_CONFIG, "%s", cases[i].json);
    cr_expect(strstr(call->core->error(call)->message, cases[i].says), "%s",
              call->core->error(call)->message);
    cr_expect_eq(testhost_sent_count(host, 0, NULL), 0, "%s", cases[i].json);
  }
}
