/* SPDX-License-Identifier: Apache-2.0 */
/* Preflight and validation as parts of a clone: when they run, what they decide, where they are reported. */
#include "clone_test.h"

#define EMPTY "{\"name\":\"prod\",\"schemas\":[]}"
#define MATCH "{\"status\":\"match\",\"objects\":[]}"
#define DIFFERENT \
  "{\"status\":\"different\",\"objects\":[{\"kind\":\"table\",\"name\":\"s.t\",\"status\":\"missing\"}]}"

static size_t
invoked(struct testhost *host, const char *pattern)
{
  return testhost_sent_count(host, TESTHOST_INVOKE, pattern);
}

Test(clone_checks, nothing_begins_after_a_failed_preflight)
{
  HOST host = clone_host(EMPTY);

  testhost_arg(host, "preflight", "true");
  testhost_invoke(host, "preflight *", CLXS_E_DENIED, "{\"checks\":[],\"ready\":false}");
  cr_assert_eq(clone_on(host), CLXS_E_DENIED);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, NULL), 0);
}

Test(clone_checks, preflight_hears_which_schemas_are_meant_and_its_warnings_are_told)
{
  HOST host = clone_host("{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\"}]}");
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_arg(host, "preflight", "true");
  testhost_arg(host, "include-schemas", "s");
  testhost_invoke(host, "preflight *", CLXS_OK,
                  "{\"checks\":[{\"check\":\"warehouse\",\"status\":\"WARN\",\"detail\":\"it sleeps\"}]}");
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(invoked(host, "preflight *\"include-schemas\":*\"s\"*"), 1);
  cr_assert_not_null(strstr(testhost_log(host), "preflight: warehouse: it sleeps"));
  summary = clone_summary(host);
  cr_assert_not_null(json_get_array(json_get_object(summary, "preflight"), "checks"));
}

Test(clone_checks, neither_runs_unasked_nor_in_a_dry_run)
{
  HOST host = clone_host(EMPTY);

  cr_assert_eq(clone_on(host), CLXS_OK);
  testhost_arg(host, "preflight", "true");
  testhost_arg(host, "validate", "true");
  testhost_arg(host, "dry-run", "true");
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(invoked(host, NULL), 0);
}

Test(clone_checks, a_copy_that_does_not_match_is_not_a_success)
{
  HOST host = clone_host(EMPTY);
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_arg(host, "validate", "true");
  testhost_arg(host, "exclude-tables-regex", "^tmp");
  testhost_invoke(host, "validate *", CLXS_DIFFERENT, DIFFERENT);
  cr_assert_eq(clone_on(host), CLXS_DIFFERENT);
  cr_assert_eq(invoked(host, "validate *\"exclude-tables-regex\":*\"^tmp\"*\"checksum\":*false*"), 1);
  summary = clone_summary(host);
  cr_assert_str_eq(json_get_text(json_get_object(summary, "validation"), "status"), "different");
}

Test(clone_checks, checksums_include_validation)
{
  HOST host = clone_host(EMPTY);

  testhost_arg(host, "checksum", "true");
  testhost_invoke(host, "validate *", CLXS_OK, MATCH);
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(invoked(host, "validate *\"checksum\":*true*"), 1);
}

Test(clone_checks, a_validation_that_cannot_run_is_not_a_success)
{
  HOST host = clone_host(EMPTY);

  testhost_arg(host, "validate", "true");
  cr_assert_lt(clone_on(host), 0, "there is no such command");
}

Test(clone_checks, people_read_what_differs)
{
  HOST host = clone_host(EMPTY);

  testhost_format(host, CLXS_FORMAT_TEXT);
  testhost_arg(host, "validate", "true");
  testhost_invoke(host, "validate *", CLXS_DIFFERENT, DIFFERENT);
  cr_assert_eq(clone_on(host), CLXS_DIFFERENT);
  cr_assert_not_null(strstr(testhost_stdout(host), "validation: different"));
  cr_assert_not_null(strstr(testhost_stdout(host), "missing table s.t"));
}
