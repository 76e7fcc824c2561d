/* SPDX-License-Identifier: Apache-2.0 */
/* The command on a scripted host: what is read, where the file goes, what is said, what fails. */
#include <criterion/criterion.h>
#include <unistd.h>

#include "base/str.h"
#include "testhost/testhost.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

static struct testhost *
snapshot_host(void)
{
  struct testhost *host = testhost_new();

  testhost_arg(host, "source", "prod");
  testhost_arg(host, "output", "-");
  testhost_catalog(host, "{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"t\","
                         "\"table_type\":\"MANAGED\"},{\"name\":\"w\",\"table_type\":\"VIEW\"}]}]}");
  return host;
}

static clxs_status
snapshot_on(struct testhost *host)
{
  return clxs_plugin_v1()->commands[0]->run(NULL, testhost_call(host));
}

Test(snapshot, listings_alone_need_no_statement)
{
  HOST host = snapshot_host();

  cr_assert_eq(snapshot_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
  cr_assert_not_null(strstr(testhost_stdout(host), "\"format\": \"clxs.snapshot\""));
  cr_assert_not_null(strstr(testhost_stdout(host), "\"constraints\": false"));
}

Test(snapshot, details_are_read_when_asked_for)
{
  HOST host = snapshot_host();

  testhost_arg(host, "tags", "true");
  testhost_arg(host, "constraints", "true");
  testhost_sql(host, "*_tags*",
               "{\"columns\":[\"k\",\"s\",\"o\",\"c\",\"t\",\"v\"],\"rows\":[[\"table\",\"s\",\"t\",null,"
               "\"pii\",\"no\"]]}");
  testhost_sql(host, "*table_constraints*", "{\"columns\":[\"s\",\"t\",\"k\",\"n\",\"c\"],\"rows\":[]}");
  cr_assert_eq(snapshot_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 2);
  cr_assert_not_null(strstr(testhost_stdout(host), "\"key\": \"pii\""));
  cr_assert_not_null(strstr(testhost_stdout(host), "\"tags\": true"));
}

Test(snapshot, a_denied_listing_is_no_empty_one_and_leaves_no_file)
{
  HOST host = snapshot_host();
  const char *path;

  path = clxs_textf(testhost_call(host), "%s/x/y.json", testhost_directory(host, CLXS_DIR_STATE));
  testhost_arg_clear(host, "output");
  testhost_arg(host, "output", path);
  testhost_rest(host, "GET */tables*", 403,
                "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"User does not have USE SCHEMA\"}");
  cr_assert_eq(snapshot_on(host), CLXS_E_DENIED);
  cr_assert_not_null(
      strstr(testhost_call(host)->core->error(testhost_call(host))->message, "the tables of prod.s"));
  cr_assert_neq(access(path, F_OK), 0);
}

Test(snapshot, the_file_is_made_and_told)
{
  HOST host = snapshot_host();
  const char *path = clxs_textf(testhost_call(host), "%s/x/y.json", testhost_directory(host, CLXS_DIR_STATE));

  testhost_arg_clear(host, "output");
  testhost_arg(host, "output", path);
  testhost_format(host, CLXS_FORMAT_JSON);
  cr_assert_eq(snapshot_on(host), CLXS_OK);
  cr_assert_eq(access(path, F_OK), 0);
  cr_assert_not_null(strstr(testhost_document(host), path));
  cr_assert_not_null(strstr(testhost_document(host), "\"schemas\":1,\"tables\":1,\"views\":1"));
}

Test(snapshot, a_place_that_cannot_be_written_is_named)
{
  HOST host = snapshot_host();

  testhost_arg_clear(host, "output");
  testhost_arg(host, "output", "/dev/null/x.json");
  cr_assert_eq(snapshot_on(host), CLXS_E_IO);
  cr_assert_not_null(
      strstr(testhost_call(host)->core->error(testhost_call(host))->message, "/dev/null/x.json"));
}
