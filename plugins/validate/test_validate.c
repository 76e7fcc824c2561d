/* SPDX-License-Identifier: Apache-2.0 */
/* The command on a scripted host: findings, figures, exit codes. */
#include <criterion/criterion.h>

#include "base/json.h"
#include "base/str.h"
#include "testhost/testhost.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

#define COLUMNS "\"columns\":[{\"name\":\"id\",\"type_text\":\"bigint\",\"nullable\":false}]"
#define TABLE(name, type) "{\"name\":\"" name "\",\"table_type\":\"" type "\"," COLUMNS "}"
#define CATALOG(name, tables) "{\"name\":\"" name "\",\"schemas\":[{\"name\":\"s\",\"tables\":[" tables "]}]}"
#define ROWS(a, b) "{\"columns\":[\"i\",\"n\",\"s\",\"x\"],\"rows\":[[\"0\"," a "],[\"1\"," b "]]}"

static struct testhost *
validate_host(const char *source, const char *dest)
{
  struct testhost *host = testhost_new();

  testhost_arg(host, "source", "prod");
  testhost_arg(host, "dest", "dev");
  testhost_format(host, CLXS_FORMAT_JSON);
  testhost_catalog(host, source);
  testhost_catalog(host, dest);
  return host;
}

static clxs_status
validate_on(struct testhost *host)
{
  return clxs_plugin_v1()->commands[0]->run(NULL, testhost_call(host));
}

static void
assert_item(struct testhost *host, const char *kind, const char *name, const char *status, const char *reason)
{
  const char *text = testhost_document(host);
  CLEANUP_JSON struct json_object *document = json_parse(text, strlen(text), NULL, NULL);
  struct json_object *objects = json_get_array(document, "objects");

  for (size_t i = 0; i < json_length(objects); i++) {
    struct json_object *item = json_item(objects, i);
    const char *said = json_get_text(item, "reason");

    if (!str_eq(json_get_text(item, "name"), name) || !str_eq(json_get_text(item, "kind"), kind)) continue;
    cr_assert_str_eq(json_get_text(item, "status"), status, "%s: %s", name, text);
    if (reason) cr_assert(said && strstr(said, reason), "%s: %s", name, said);
    return;
  }
  cr_assert_fail("%s %s is not listed: %s", kind, name, text);
}

Test(validate, equal_figures_match)
{
  HOST host = validate_host(CATALOG("prod", TABLE("t", "MANAGED")),
                            CATALOG("dev", TABLE("t", "MANAGED_SHALLOW_CLONE")));

  testhost_arg(host, "checksum", "true");
  testhost_sql(host, "*", ROWS("\"5\",\"1\",\"2\"", "\"5\",\"1\",\"2\""));
  cr_assert_eq(validate_on(host), CLXS_OK);
  assert_item(host, "schema", "s", "match", NULL);
  assert_item(host, "table", "s.t", "match", NULL);
  cr_assert_not_null(strstr(testhost_document(host), "\"source_checksum\":\"1/2\""));
}

Test(validate, other_row_counts_differ)
{
  HOST host = validate_host(CATALOG("prod", TABLE("t", "MANAGED")), CATALOG("dev", TABLE("t", "MANAGED")));

  testhost_sql(host, "*", ROWS("\"5\",null,null", "\"4\",null,null"));
  cr_assert_eq(validate_on(host), CLXS_DIFFERENT);
  assert_item(host, "table", "s.t", "different", "5 rows in the source, 4 in the destination");
}

Test(validate, equal_counts_with_other_checksums_differ)
{
  HOST host = validate_host(CATALOG("prod", TABLE("t", "MANAGED")), CATALOG("dev", TABLE("t", "MANAGED")));

  testhost_arg(host, "checksum", "true");
  testhost_sql(host, "*", ROWS("\"5\",\"1\",\"2\"", "\"5\",\"1\",\"3\""));
  cr_assert_eq(validate_on(host), CLXS_DIFFERENT);
  assert_item(host, "table", "s.t", "different", "contents differ");
}

Test(validate, what_cannot_be_counted_is_no_match)
{
  HOST host = validate_host(CATALOG("prod", TABLE("t", "MANAGED")), CATALOG("dev", TABLE("t", "MANAGED")));

  testhost_sql(host, "*", ROWS("\"5\",null,null", "\"5\",null,null"));
  testhost_sql_error(host, "*`dev`*", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no SELECT on dev.s.t");
  cr_assert_eq(validate_on(host), CLXS_E_PARTIAL);
  assert_item(host, "table", "s.t", "unknown", "no SELECT on dev.s.t");
  cr_assert_not_null(strstr(testhost_document(host), "\"destination_rows\":null"));
}

Test(validate, a_missing_checksum_is_no_match)
{
  HOST host = validate_host(CATALOG("prod", TABLE("t", "MANAGED")), CATALOG("dev", TABLE("t", "MANAGED")));

  testhost_arg(host, "checksum", "true");
  testhost_sql(host, "*", ROWS("\"5\",null,null", "\"5\",null,null"));
  cr_assert_eq(validate_on(host), CLXS_E_PARTIAL);
}

Test(validate, both_sides_sets_are_compared)
{
  HOST host = validate_host(
      CATALOG("prod", TABLE("a", "MANAGED") "," TABLE("v", "VIEW") "," TABLE("st", "STREAMING_TABLE")),
      CATALOG("dev", TABLE("b", "MANAGED") "," TABLE("v", "MANAGED")));

  cr_assert_eq(validate_on(host), CLXS_DIFFERENT);
  assert_item(host, "table", "s.a", "missing", NULL);
  assert_item(host, "table", "s.b", "extra", NULL);
  assert_item(host, "view", "s.v", "different", "it is a view in the source and a table in the destination");
  assert_item(host, "table", "s.st", "not_compared", "pipeline");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0, "there was nothing to count");
}

Test(validate, filters_hold_for_both_sides)
{
  HOST host = validate_host(CATALOG("prod", TABLE("a", "VIEW") "," TABLE("x1", "VIEW")),
                            CATALOG("dev", TABLE("a", "VIEW") "," TABLE("x2", "VIEW")));

  testhost_arg(host, "exclude-tables-regex", "^x");
  cr_assert_eq(validate_on(host), CLXS_OK);
}

Test(validate, a_schema_that_never_arrived_is_missing_even_when_it_was_asked_for)
{
  HOST host = validate_host("{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\",\"volumes\":[{\"name\":\"v\","
                            "\"volume_type\":\"EXTERNAL\"},{\"name\":\"m\",\"volume_type\":\"MANAGED\"}]}]}",
                            "{\"name\":\"dev\",\"schemas\":[{\"name\":\"default\"}]}");

  testhost_arg(host, "include-schemas", "s");
  cr_assert_eq(validate_on(host), CLXS_DIFFERENT);
  assert_item(host, "schema", "s", "missing", NULL);
  assert_item(host, "volume", "s.m", "missing", NULL);
  assert_item(host, "volume", "s.v", "not_compared", "location");
  cr_assert_null(strstr(testhost_document(host), "default"), "every catalog is born with it");
}

Test(validate, columns_are_compared_before_anything_is_counted)
{
  HOST host =
      validate_host(CATALOG("prod", TABLE("t", "MANAGED")),
                    "{\"name\":\"dev\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"T\","
                    "\"table_type\":\"MANAGED\",\"columns\":[{\"name\":\"ID\",\"type_text\":\"int\"}]}]}]}");

  cr_assert_eq(validate_on(host), CLXS_DIFFERENT);
  assert_item(host, "table", "s.t", "different",
              "column id is bigint in the source and int in the destination");
}

Test(validate, what_a_filter_hides_is_unknown)
{
  HOST host =
      validate_host(CATALOG("prod", TABLE("t", "MANAGED")),
                    "{\"name\":\"dev\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"t\",\"table_"
                    "type\":\"MANAGED\"," COLUMNS
                    ",\"row_filter\":{\"function_name\":\"dev.s.f\",\"input_column_names\":[\"id\"]}}]}]}");

  cr_assert_eq(validate_on(host), CLXS_E_PARTIAL);
  assert_item(host, "table", "s.t", "unknown", "row filter");
}

Test(validate, a_catalog_cannot_be_compared_with_itself)
{
  HOST host = validate_host(CATALOG("prod", ""), CATALOG("dev", ""));

  testhost_arg_clear(host, "dest");
  testhost_arg(host, "dest", "PROD");
  cr_assert_eq(validate_on(host), CLXS_E_USAGE);
}

Test(validate, a_missing_destination_is_an_error)
{
  HOST host = validate_host(CATALOG("prod", ""), CATALOG("other", ""));

  cr_assert_eq(validate_on(host), CLXS_E_NOT_FOUND);
}

Test(validate, people_see_totals_and_findings_only)
{
  HOST host = validate_host(CATALOG("prod", TABLE("fine", "VIEW") "," TABLE("gone", "VIEW")),
                            CATALOG("dev", TABLE("fine", "VIEW")));

  testhost_format(host, CLXS_FORMAT_TEXT);
  cr_assert_eq(validate_on(host), CLXS_DIFFERENT);
  cr_assert_not_null(strstr(testhost_stdout(host), "prod -> dev: the copy differs (0 tables counted)"));
  cr_assert_not_null(strstr(testhost_stdout(host), "s.gone"));
  cr_assert_null(strstr(testhost_stdout(host), "s.fine"));
}

#define HISTORY "{\"columns\":[\"version\",\"timestamp\",\"operation\",\"operationParameters\"],\"rows\":["
#define CLONED                                                                                          \
  HISTORY                                                                                               \
  "[\"0\",\"2024-01-05T00:00:00Z\",\"CLONE\",\"{\\\"source\\\":\\\"prod.s.t\\\",\\\"sourceVersion\\\":" \
  "\\\"7\\\"}\"]]}"

static struct testhost *
moved_host(const char *again)
{
  struct testhost *host =
      validate_host(CATALOG("prod", TABLE("t", "MANAGED")), CATALOG("dev", TABLE("t", "MANAGED")));

  testhost_sql(host, "SELECT 0*", ROWS("\"5\",null,null", "\"4\",null,null"));
  testhost_sql(host, "(SELECT 0*", ROWS("\"5\",null,null", "\"4\",null,null"));
  testhost_sql(host, "DESCRIBE HISTORY `dev`.`s`.`t` LIMIT *", CLONED);
  testhost_sql(host, "SELECT 0 AS i, count(*) AS n FROM `prod`.`s`.`t` VERSION AS OF 7", again);
  return host;
}

Test(validate, a_source_that_goes_on_is_no_mistake_of_the_copy)
{
  HOST host = moved_host("{\"columns\":[\"i\",\"n\"],\"rows\":[[\"0\",\"4\"]]}");

  cr_assert_eq(validate_on(host), CLXS_OK);
  assert_item(host, "table", "s.t", "match", "version 7");
}

Test(validate, a_copy_that_equals_neither_version_differs)
{
  HOST host = moved_host("{\"columns\":[\"i\",\"n\"],\"rows\":[[\"0\",\"3\"]]}");

  cr_assert_eq(validate_on(host), CLXS_DIFFERENT);
  assert_item(host, "table", "s.t", "different", "3 rows in the source, 4");
}

Test(validate, a_version_that_is_gone_makes_nothing_equal)
{
  HOST host = moved_host(NULL);

  testhost_sql_error(host, "*VERSION AS OF 7*", CLXS_E_INVALID, "DELTA_VERSION_NOT_FOUND", "gone");
  cr_assert_eq(validate_on(host), CLXS_DIFFERENT);
  assert_item(host, "table", "s.t", "different", "5 rows in the source, 4");
}

Test(validate, the_source_is_counted_as_it_was_copied_and_the_copy_whole)
{
  HOST host = validate_host(CATALOG("prod", TABLE("t", "MANAGED")), CATALOG("dev", TABLE("t", "MANAGED")));

  testhost_arg(host, "as-of-version", "3");
  testhost_arg(host, "where", "id > 1");
  testhost_sql(host,
               "*SELECT 0 AS i, count(*) AS n FROM `prod`.`s`.`t` VERSION AS OF 3 WHERE (id > 1))\nUNION "
               "ALL\n(SELECT 1 AS i, count(*) AS n FROM `dev`.`s`.`t`)",
               ROWS("\"4\",null,null", "\"4\",null,null"));
  cr_assert_eq(validate_on(host), CLXS_OK, "%s", testhost_document(host));
  assert_item(host, "table", "s.t", "match", NULL);
}

Test(validate, hidden_columns_are_not_hashed_and_it_is_said)
{
  HOST host = validate_host(CATALOG("prod", TABLE("t", "MANAGED")), CATALOG("dev", TABLE("t", "MANAGED")));

  testhost_arg(host, "checksum", "true");
  testhost_arg(host, "mask", "id=redact");
  testhost_sql(host, "*CAST(0 AS BIGINT) AS h FROM `prod`*", ROWS("\"4\",\"0\",\"0\"", "\"4\",\"0\",\"0\""));
  cr_assert_eq(validate_on(host), CLXS_OK, "%s", testhost_document(host));
  assert_item(host, "table", "s.t", "match", "not compared, because they are masked: [\"id\"]");
}

Test(validate, a_moment_is_looked_up_and_what_came_later_is_not_compared)
{
  HOST host = validate_host(
      CATALOG("prod", TABLE("t", "MANAGED") "," TABLE("young", "MANAGED") "," TABLE("lost", "MANAGED")),
      CATALOG("dev", TABLE("t", "MANAGED") "," TABLE("lost", "MANAGED")));

  testhost_arg(host, "as-of-timestamp", "2024-01-06");
  testhost_sql(host, "DESCRIBE HISTORY `prod`.`s`.`t`", CLONED);
  testhost_sql(host, "DESCRIBE HISTORY `prod`.`s`.`young`",
               HISTORY "[\"0\",\"2024-01-07T00:00:00Z\",\"WRITE\",null]]}");
  testhost_sql(host, "DESCRIBE HISTORY `prod`.`s`.`lost`",
               HISTORY "[\"9\",\"2024-01-07T00:00:00Z\",\"WRITE\",null]]}");
  testhost_sql(host, "*FROM `prod`.`s`.`t` VERSION AS OF 0*",
               "{\"columns\":[\"i\",\"n\"],\"rows\":[[\"2\",\"4\"],[\"3\",\"4\"]]}");
  validate_on(host);
  assert_item(host, "table", "s.t", "match", NULL);
  assert_item(host, "table", "s.young", "not_compared", "did not exist");
  assert_item(host, "table", "s.lost", "unknown", "not known any more");
}
