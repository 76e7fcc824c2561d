/* SPDX-License-Identifier: Apache-2.0 */
/* The command on a scripted host: sums, what is unknown, what is asked for. */
#include <criterion/criterion.h>

#include "base/json.h"
#include "base/str.h"
#include "testhost/testhost.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

#define TABLE(name, type, more) "{\"name\":\"" name "\",\"table_type\":\"" type "\"" more "}"
#define CATALOG                                                                                                                                                                    \
  "{\"name\":\"prod\",\"schemas\":[{\"name\":\"a\",\"tables\":[" TABLE(                                                                                                            \
      "big", "MANAGED",                                                                                                                                                            \
      ",\"data_source_format\":\"DELTA\",\"owner\":\"o\",\"created_at\":2000,"                                                                                                     \
      "\"columns\":[{\"name\":\"x\",\"position\":0,\"type_text\":\"int\"}]") "," TABLE("small", "EXTERNAL",                                                                        \
                                                                                       ",\"data_source_"                                                                           \
                                                                                       "format\":\"DELTA\","                                                                       \
                                                                                       "\"owner\":\"o\","                                                                          \
                                                                                       "\"created_at\":"                                                                           \
                                                                                       "1000") "," TABLE("w",                                                                      \
                                                                                                         "V"                                                                       \
                                                                                                         "I"                                                                       \
                                                                                                         "E"                                                                       \
                                                                                                         "W",                                                                      \
                                                                                                         "") "," TABLE("f",                                                        \
                                                                                                                       "FOREIGN",                                                  \
                                                                                                                       ",\"owner\":\"p\"") "],\"functions\":[{\"name\":\"fn\"}]}," \
                                                                                                                                           "{\"name\":\"b\",\"volumes\":[{\"name\":\"v\",\"volume_type\":\"MANAGED\"}]}]}"

static struct testhost *
stats_host(void)
{
  struct testhost *host = testhost_new();

  testhost_arg(host, "source", "prod");
  testhost_arg(host, "top", "10");
  testhost_format(host, CLXS_FORMAT_JSON);
  testhost_catalog(host, CATALOG);
  return host;
}

static clxs_status
stats_on(struct testhost *host)
{
  return clxs_plugin_v1()->commands[0]->run(NULL, testhost_call(host));
}

static void
assert_says(struct testhost *host, const char *part)
{
  cr_assert_not_null(strstr(testhost_document(host), part), "%s is not in %s", part, testhost_document(host));
}

Test(stats, listings_are_enough_for_an_inventory)
{
  HOST host = stats_host();

  cr_assert_eq(stats_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
  assert_says(host, "\"schemas\":2,\"tables\":3,\"views\":1,\"functions\":1,\"volumes\":1,\"columns\":1");
  assert_says(host, "\"by_type\":[{\"name\":\"EXTERNAL\"");
  assert_says(host, "{\"name\":\"b\",\"tables\":0,\"views\":0,\"functions\":0,\"volumes\":1,\"columns\":0}");
  assert_says(host, "{\"name\":\"DELTA\",\"tables\":2");
  assert_says(host, "{\"name\":\"o\",\"tables\":2");
}

Test(stats, an_unknown_size_is_no_zero)
{
  HOST host = stats_host();

  testhost_arg(host, "sizes", "true");
  testhost_sql(
      host, "DESCRIBE DETAIL `prod`.`a`.`big`",
      "{\"columns\":[\"format\",\"numFiles\",\"sizeInBytes\"],\"rows\":[[\"delta\",\"3\",\"1000\"]]}");
  testhost_sql_error(host, "DESCRIBE DETAIL `prod`.`a`.`small`", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS",
                     "you may not");
  cr_assert_eq(stats_on(host), CLXS_E_PARTIAL);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 2, "views and foreign tables are not asked");
  assert_says(host, "\"bytes\":{\"sum\":1000,\"tables\":1,\"unknown\":1}");
  assert_says(host, "\"size_bytes\":1000,\"num_files\":3");
  assert_says(host, "\"size_bytes\":null,\"num_files\":null,\"error\":\"you may not\"");
  assert_says(host, "{\"name\":\"b\",\"tables\":0,\"views\":0,\"functions\":0,\"volumes\":1,\"columns\":0,"
                    "\"bytes\":{\"sum\":null,\"tables\":0,\"unknown\":0}");
}

Test(stats, rows_of_many_tables_by_one_statement)
{
  HOST host = stats_host();

  testhost_arg(host, "rows", "true");
  testhost_sql(
      host, "*COUNT(*)*",
      "{\"columns\":[\"i\",\"n\",\"s\",\"x\"],\"rows\":[[\"0\",\"7\",null,null],[\"1\",\"5\",null,null]]}");
  testhost_sql(
      host, "*count(*)*",
      "{\"columns\":[\"i\",\"n\",\"s\",\"x\"],\"rows\":[[\"0\",\"7\",null,null],[\"1\",\"5\",null,null]]}");
  cr_assert_eq(stats_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 1);
  assert_says(host, "\"rows\":{\"sum\":12,\"tables\":2,\"unknown\":0}");
}

Test(stats, people_see_a_star_and_the_reason)
{
  HOST host = stats_host();

  testhost_arg(host, "sizes", "true");
  testhost_format(host, CLXS_FORMAT_TEXT);
  testhost_sql(host, "DESCRIBE DETAIL `prod`.`a`.`big`",
               "{\"columns\":[\"sizeInBytes\",\"numFiles\"],\"rows\":[[\"2048\",\"1\"]]}");
  testhost_sql_error(host, "DESCRIBE DETAIL `prod`.`a`.`small`", CLXS_E_DENIED, NULL, "you may not");
  cr_assert_eq(stats_on(host), CLXS_E_PARTIAL);
  cr_assert_not_null(strstr(testhost_stdout(host), "2.00 KiB*"));
  cr_assert_not_null(strstr(testhost_stdout(host), "a.small: you may not"));
  cr_assert_not_null(strstr(testhost_stdout(host), "1970-01-01 00:00:01"));
}

Test(stats, a_service_that_is_gone_ends_the_run)
{
  HOST host = stats_host();

  testhost_arg(host, "sizes", "true");
  testhost_sql_error(host, "DESCRIBE*", CLXS_E_AUTH, NULL, "expired");
  cr_assert_eq(stats_on(host), CLXS_E_AUTH);
}
