/* SPDX-License-Identifier: Apache-2.0 */
/* A clone from one workspace to another: who is asked what, what the journal remembers, and what is refused.
 */
#include "clone_test.h"
#include "kit/plan/journal.h"
#include "kit/plan/operation.h"

#include "base/banned.h"

#define CATALOG                                                                                              \
  "{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"t\",\"table_type\":\"MANAGED\"}]" \
  ","                                                                                                        \
  "\"volumes\":[{\"name\":\"vol\",\"volume_type\":\"MANAGED\"}]}]}"
#define OTHER "https://other.example"
#define SUMMARY "GET /api/2.1/unity-catalog/metastore_summary"

static struct testhost *
cross_host(void)
{
  struct testhost *host = clone_host(CATALOG);

  testhost_config(host, "dest_workspace.host", OTHER);
  testhost_arg(host, "permissions", "true");
  testhost_arg(host, "ownership", "true");
  testhost_rest(host, SUMMARY, 200, "{\"metastore_id\":\"m\"}");
  testhost_rest(host, "GET */permissions/*", 200,
                "{\"privilege_assignments\":[{\"principal\":\"p\",\"privileges\":[\"SELECT\"]}]}");
  testhost_rest(host, "PATCH *", 200, "{}");
  return host;
}

static void
assert_workspaces(struct testhost *host, int kind, const char *pattern, const char *workspace)
{
  const struct testhost_sent *sent;

  cr_expect(testhost_sent_count(host, kind, pattern) > 0, "%s", pattern);
  for (size_t i = 0; (sent = testhost_sent(host, kind, pattern, i)); i++)
    cr_expect(str_eq(sent->workspace, workspace), "%s was asked of %s", sent->text,
              sent->workspace ? sent->workspace : "the one in use");
}

Test(clone_cross, the_source_is_read_here_and_everything_is_written_there)
{
  HOST host = cross_host();
  CLEANUP_JSON struct json_object *summary = NULL;

  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_log(host));
  assert_workspaces(host, TESTHOST_SQL, "CREATE *", "destination");
  assert_workspaces(host, TESTHOST_REST, "PATCH *", "destination");
  assert_workspaces(host, TESTHOST_REST, "GET */catalogs/dev*", "destination");
  assert_workspaces(host, TESTHOST_REST, "GET */catalogs/prod*", NULL);
  assert_workspaces(host, TESTHOST_REST, "GET */tables?catalog_name=prod*", NULL);
  assert_workspaces(host, TESTHOST_REST, "GET */permissions/*/prod*", NULL);
  summary = clone_summary(host);
  cr_assert_str_eq(json_get_text(summary, "destination_workspace"), OTHER);
}

Test(clone_cross, the_caller_is_the_one_there)
{
  HOST host = clone_host("{\"name\":\"prod\",\"owner\":\"ann\",\"schemas\":[]}");

  testhost_config(host, "dest_workspace.host", OTHER);
  testhost_arg(host, "ownership", "true");
  testhost_rest(host, "GET */scim/*", 200, "{\"userName\":\"robot\"}");
  testhost_rest(host, "PATCH *", 200, "{}");
  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_workspaces(host, TESTHOST_REST, "GET */scim/*", "destination");
}

Test(clone_cross, two_metastores_are_refused_before_anything_is_read)
{
  static const char *const answers[] = {"{\"metastore_id\":\"m1\"}", "{\"metastore_id\":\"m2\"}"};
  HOST host = clone_host(CATALOG);
  const struct clxs_error *error;

  testhost_config(host, "dest_workspace.host", OTHER);
  testhost_rest(host, SUMMARY, 200, answers[1]);
  testhost_rule_times(testhost_rest(host, SUMMARY, 200, answers[0]), 1);
  cr_assert_eq(clone_on(host), CLXS_E_UNSUPPORTED);
  error = testhost_call(host)->core->error(testhost_call(host));
  cr_assert_not_null(strstr(error->message, "m1"));
  cr_assert_not_null(strstr(error->message, "m2 of " OTHER));
  cr_assert_not_null(strstr(error->hint, "Delta Sharing"));
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, NULL), 2);
}

Test(clone_cross, a_metastore_that_is_not_told_stops_nobody)
{
  HOST host = cross_host();

  testhost_rest(host, SUMMARY, 403, "{\"error_code\":\"PERMISSION_DENIED\"}");
  cr_assert_eq(clone_on(host), CLXS_OK);
}

/* What a run has left, as a journal that died at once. */
static const char *
run_and_forget(struct testhost *host)
{
  CLEANUP_JSON struct json_object *summary = NULL;

  cr_assert_eq(clone_on(host), CLXS_OK);
  summary = clone_summary(host);
  return clxs_textf(testhost_call(host), "%s", json_get_text(summary, "operation_id"));
}

Test(clone_cross, the_journal_knows_both_workspaces_and_resume_insists_on_them)
{
  HOST host = cross_host();
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  const char *id = run_and_forget(host);
  struct clxs_call *call = testhost_call(host);
  const struct clxs_error *error;

  cr_assert_eq(journal_read(call, operation_journal(call, id), &image), CLXS_OK);
  cr_assert_str_eq(image.head.destination_workspace, OTHER);
  VEC_EACH (&image.plan->steps, step)
    cr_assert_str_eq(step->workspace, "destination");
  testhost_arg(host, "resume", id);
  cr_assert_eq(clone_on(host), CLXS_OK);
  testhost_config(host, "dest_workspace.host", "https://third.example");
  cr_assert_eq(clone_on(host), CLXS_E_USAGE);
  error = call->core->error(call);
  cr_assert_not_null(
      strstr(error->message, "writes to the workspace " OTHER ", not to https://third.example"));
}
