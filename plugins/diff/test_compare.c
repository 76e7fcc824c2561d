/* SPDX-License-Identifier: Apache-2.0 */
/* The command `compare` on a scripted host: rows, checksums, samples. */
#include <criterion/criterion.h>

#include "base/str.h"
#include "compare.h"
#include "testhost/testhost.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

#define COLUMNS                                                                                          \
  "\"columns\":[{\"name\":\"id\",\"type_text\":\"bigint\",\"nullable\":false,\"position\":0},{\"name\":" \
  "\"v\","                                                                                               \
  "\"type_text\":\"string\",\"position\":1}]"
#define TABLE(name, more) "{\"name\":\"" name "\",\"table_type\":\"MANAGED\"," COLUMNS more "}"
#define CATALOG(name, tables) "{\"name\":\"" name "\",\"schemas\":[{\"name\":\"s\",\"tables\":[" tables "]}]}"
#define COUNTS(a, b) "{\"columns\":[\"i\",\"n\",\"s\",\"x\"],\"rows\":[[\"0\"," a "],[\"1\"," b "]]}"

static struct testhost *
compare_host(const char *source, const char *dest)
{
  struct testhost *host = testhost_new();

  testhost_arg(host, "source", "prod");
  testhost_arg(host, "dest", "dev");
  testhost_arg(host, "ignore", "tags,constraints,permissions");
  testhost_format(host, CLXS_FORMAT_JSON);
  testhost_catalog(host, source);
  testhost_catalog(host, dest);
  return host;
}

static clxs_status
compare_on(struct testhost *host)
{
  return clxs_plugin_v1()->commands[1]->run(NULL, testhost_call(host));
}

static void
assert_says(struct testhost *host, const char *text)
{
  const char *said = testhost_document(host);

  cr_assert(said && strstr(said, text), "%s is not in %s", text, said);
}

Test(compare, equal_figures_are_equal)
{
  HOST host = compare_host(CATALOG("prod", TABLE("t", "")), CATALOG("dev", TABLE("t", "")));

  testhost_sql(host, "*", COUNTS("\"5\",\"1\",\"2\"", "\"5\",\"1\",\"2\""));
  cr_assert_eq(compare_on(host), CLXS_OK);
  assert_says(host, "\"rows\":{\"equal\":1,\"different\":0,\"unknown\":0}");
}

Test(compare, other_rows_are_a_difference_among_the_others)
{
  HOST host = compare_host(CATALOG("prod", TABLE("t", ",\"comment\":\"x\"")), CATALOG("dev", TABLE("t", "")));

  testhost_sql(host, "*", COUNTS("\"5\",\"1\",\"2\"", "\"4\",\"1\",\"2\""));
  cr_assert_eq(compare_on(host), CLXS_DIFFERENT);
  assert_says(host, "\"field\":\"comment\",\"change\":\"removed\",\"old\":\"x\",\"new\":null}");
  assert_says(host, "\"field\":\"rows\",\"change\":\"changed\",\"old\":\"5\",\"new\":\"4\"}");
}

Test(compare, equal_counts_with_other_contents_differ)
{
  HOST host = compare_host(CATALOG("prod", TABLE("t", "")), CATALOG("dev", TABLE("t", "")));

  testhost_sql(host, "*", COUNTS("\"5\",\"1\",\"2\"", "\"5\",\"1\",\"3\""));
  cr_assert_eq(compare_on(host), CLXS_DIFFERENT);
  assert_says(host, "\"field\":\"contents\",\"change\":\"changed\",\"old\":\"1/2\",\"new\":\"1/3\"");
}

Test(compare, what_cannot_be_counted_is_unknown)
{
  HOST host = compare_host(CATALOG("prod", TABLE("t", "")), CATALOG("dev", TABLE("t", "")));

  testhost_sql(host, "*", COUNTS("\"5\",\"1\",\"2\"", "\"5\",\"1\",\"2\""));
  testhost_sql_error(host, "*`dev`*", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no SELECT on dev.s.t");
  cr_assert_eq(compare_on(host), CLXS_E_PARTIAL);
  assert_says(host, "\"side\":\"destination\",\"reason\":\"no SELECT on dev.s.t\"");
  assert_says(host, "\"destination_rows\":null");
}

Test(compare, what_a_filter_hides_is_unknown)
{
  HOST host = compare_host(
      CATALOG("prod",
              TABLE("t", ",\"row_filter\":{\"function_name\":\"prod.s.f\",\"input_column_names\":[]}")),
      CATALOG("dev",
              TABLE("t", ",\"row_filter\":{\"function_name\":\"dev.s.f\",\"input_column_names\":[]}")));

  cr_assert_eq(compare_on(host), CLXS_E_PARTIAL);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
}

Test(compare, only_the_chosen_columns_are_hashed)
{
  HOST host = compare_host(CATALOG("prod", TABLE("t", "")), CATALOG("dev", TABLE("t", "")));

  testhost_arg(host, "columns", "`ID`");
  testhost_sql(host, "*", COUNTS("\"5\",\"1\",\"2\"", "\"5\",\"1\",\"2\""));
  cr_assert_eq(compare_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "*xxhash64(`id`)*"), 1);
}

Test(compare, a_column_that_nobody_has_is_a_usage_error)
{
  HOST host = compare_host(CATALOG("prod", TABLE("t", "")), CATALOG("dev", TABLE("t", "")));

  testhost_arg(host, "columns", "id,wrong");
  cr_assert_eq(compare_on(host), CLXS_E_USAGE);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
}

Test(compare, a_snapshot_has_no_rows)
{
  HOST host = compare_host(CATALOG("prod", ""), CATALOG("dev", ""));

  testhost_arg_clear(host, "dest");
  testhost_arg(host, "dest", "file:x.json");
  cr_assert_eq(compare_on(host), CLXS_E_USAGE);
}

Test(compare, differing_rows_are_shown_by_key)
{
  HOST host = compare_host(CATALOG("prod", TABLE("t", "")), CATALOG("dev", TABLE("t", "")));

  testhost_arg(host, "sample", "2");
  testhost_arg(host, "key", "id");
  testhost_sql(host, "*count(*)*", COUNTS("\"5\",\"1\",\"2\"", "\"5\",\"1\",\"3\""));
  testhost_sql(host, "WITH s AS *",
               "{\"columns\":[\"what\",\"k0\",\"s0\",\"d0\",\"s1\",\"d1\"],\"rows\":["
               "[\"changed\",\"1\",\"1\",\"1\",\"a\",null],[\"removed\",\"2\",\"2\",null,\"b\",null]]}");
  cr_assert_eq(compare_on(host), CLXS_DIFFERENT);
  assert_says(host,
              "{\"change\":\"changed\",\"key\":{\"id\":\"1\"},\"cells\":[{\"column\":\"v\",\"old\":\"a\","
              "\"new\":null}]}");
  assert_says(host,
              "{\"change\":\"removed\",\"key\":{\"id\":\"2\"},\"cells\":[{\"column\":\"id\",\"old\":\"2\"},"
              "{\"column\":\"v\",\"old\":\"b\"}]}");
}

Test(compare, rows_that_cannot_be_shown_are_still_different)
{
  HOST host = compare_host(CATALOG("prod", TABLE("t", "")), CATALOG("dev", TABLE("t", "")));

  testhost_arg(host, "sample", "2");
  testhost_sql(host, "*count(*)*", COUNTS("\"5\",\"1\",\"2\"", "\"5\",\"1\",\"3\""));
  testhost_sql_error(host, "WITH s AS *", CLXS_E_INVALID, "OUT_OF_MEMORY", "too large");
  cr_assert_eq(compare_on(host), CLXS_DIFFERENT);
  assert_says(host, "\"problem\":\"too large\"");
}
