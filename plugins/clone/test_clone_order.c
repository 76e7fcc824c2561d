/* SPDX-License-Identifier: Apache-2.0 */
/* Tables that need no copy, the order in which others are copied, where external ones go, and what is made
 * anew from its query. */
#include "clone_test.h"

#include "base/banned.h"

#define IN_SCHEMA(name, tables) \
  "{\"name\":\"" name "\",\"schemas\":[{\"name\":\"s\",\"tables\":[" tables "]}]}"
#define TYPED(name, type, more)                                                                        \
  "{\"name\":\"" name "\",\"table_type\":\"" type "\",\"data_source_format\":\"DELTA\",\"columns\":[{" \
  "\"name\":\"id\",\"type_text\":\"int\",\"position\":0}]" more "}"
#define TABLE(name) TYPED(name, "MANAGED", "")
#define HISTORY(operation, of)                                                                          \
  "{\"columns\":[\"version\",\"operation\",\"operationParameters\"],\"rows\":[[\"" of "\",\"" operation \
  "\",\"{\\\"source\\\":\\\"prod.s.t\\\",\\\"sourceVersion\\\":\\\"" of "\\\"}\"]]}"

static struct testhost *
incremental_host(const char *there, const char *source, const char *copy)
{
  struct testhost *host = clone_host(IN_SCHEMA("prod", TABLE("t")));

  testhost_catalog(host, there);
  testhost_arg(host, "load-type", "INCREMENTAL");
  if (copy) testhost_sql(host, "DESCRIBE HISTORY `dev`.`s`.`t` LIMIT *", copy);
  if (source) testhost_sql(host, "DESCRIBE HISTORY `prod`.`s`.`t` LIMIT 1", source);
  return host;
}

Test(clone_order, only_what_has_changed_is_cloned_again)
{
  static const struct {
    const char *there, *source, *copy;
    size_t clones, questions;
  } cases[] = {
      {IN_SCHEMA("dev", TABLE("t")), HISTORY("WRITE", "4"), HISTORY("CLONE", "4"), 0, 2},
      {IN_SCHEMA("dev", TABLE("t")), HISTORY("WRITE", "5"), HISTORY("CLONE", "4"), 1, 2},
      {IN_SCHEMA("dev", TABLE("t")), HISTORY("WRITE", "4"), HISTORY("WRITE", "4"), 1, 1},
      {IN_SCHEMA("dev", TABLE("t")), HISTORY("WRITE", "4"), NULL, 1, 1},
      {IN_SCHEMA("dev", ""), NULL, NULL, 1, 0},
      {IN_SCHEMA("dev", "{\"name\":\"t\",\"table_type\":\"MANAGED\"}"), NULL, NULL, 1, 0},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = incremental_host(cases[i].there, cases[i].source, cases[i].copy);
    CLEANUP_JSON struct json_object *summary = NULL;

    cr_assert_eq(clone_on(host), CLXS_OK, "%zu: %s", i, testhost_stdout(host));
    cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "CREATE OR REPLACE*"), cases[i].clones, "%zu", i);
    cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "DESCRIBE*"), cases[i].questions, "%zu", i);
    summary = clone_summary(host);
    assert_object(summary, "prod.s.t", "succeeded");
  }
}

Test(clone_order, a_history_that_cannot_be_read_means_clone_again)
{
  HOST host = incremental_host(IN_SCHEMA("dev", TABLE("t")), NULL, NULL);

  testhost_sql_error(host, "DESCRIBE*", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no");
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  assert_sent(host, "CREATE OR REPLACE TABLE `dev`.`s`.`t` DEEP CLONE `prod`.`s`.`t`");
}

Test(clone_order, a_pinned_version_needs_no_question_to_the_source)
{
  HOST host = incremental_host(IN_SCHEMA("dev", TABLE("t")), NULL, HISTORY("CLONE", "4"));

  testhost_arg(host, "as-of-version", "4");
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  assert_not_sent(host, "CREATE*");
  assert_not_sent(host, "DESCRIBE HISTORY `prod`*");
}

Test(clone_order, a_filtered_copy_is_of_one_version_and_notes_it)
{
  HOST host = incremental_host(IN_SCHEMA("dev", ""), HISTORY("WRITE", "4"), NULL);
  const struct testhost_sent *made;

  testhost_arg(host, "where", "id = 1");
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  made = testhost_sent(
      host, TESTHOST_SQL,
      "CREATE OR REPLACE TABLE `dev`.`s`.`t` TBLPROPERTIES ('clxs.copied' = '4/*/prod.s.t') AS SELECT * FROM "
      "`prod`.`s`.`t` VERSION AS OF 4 WHERE (id = 1)",
      0);
  cr_assert_not_null(made);
}

Test(clone_order, without_a_version_a_filtered_copy_is_of_what_is_there)
{
  HOST host = incremental_host(IN_SCHEMA("dev", ""), NULL, NULL);

  testhost_arg(host, "where", "id = 1");
  testhost_sql_error(host, "DESCRIBE HISTORY*", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no");
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  assert_sent(host, "CREATE OR REPLACE TABLE `dev`.`s`.`t` AS SELECT * FROM `prod`.`s`.`t` WHERE (id = 1)");
}

Test(clone_order, tables_are_copied_by_their_size)
{
  static const struct {
    const char *order, *expected;
  } cases[] = {{"asc", "small large dark csv"}, {"desc", "large small dark csv"}};

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = clone_host(
        IN_SCHEMA("prod", TABLE("dark") "," TABLE("large") "," TABLE(
                              "small") ",{\"name\":\"csv\","
                                       "\"table_type\":\"EXTERNAL\",\"data_source_format\":\"CSV\"}"));
    CLEANUP_JSON struct json_object *summary = NULL;
    const struct testhost_sent *first, *second, *third;

    testhost_arg_clear(host, "max-workers");
    testhost_arg(host, "max-workers", "1");
    testhost_arg(host, "order-by-size", cases[i].order);
    testhost_sql(host, "DESCRIBE DETAIL `prod`.`s`.`large`",
                 "{\"columns\":[\"sizeInBytes\"],\"rows\":[[\"99\"]]}");
    testhost_sql(host, "DESCRIBE DETAIL `prod`.`s`.`small`",
                 "{\"columns\":[\"sizeInBytes\"],\"rows\":[[\"7\"]]}");
    testhost_sql_error(host, "DESCRIBE DETAIL `prod`.`s`.`dark`", CLXS_E_DENIED, NULL, "no");
    cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
    first = testhost_sent(host, TESTHOST_SQL, "CREATE OR REPLACE*", 0);
    second = testhost_sent(host, TESTHOST_SQL, "CREATE OR REPLACE*", 1);
    third = testhost_sent(host, TESTHOST_SQL, "CREATE OR REPLACE*", 2);
    cr_assert(first && second && third);
    cr_assert(strstr(first->text, i ? "`large`" : "`small`"), "%s", first->text);
    cr_assert(strstr(second->text, i ? "`small`" : "`large`"), "%s", second->text);
    cr_assert(strstr(third->text, "`dark`"), "%s", third->text);
    summary = clone_summary(host);
    assert_object(summary, "prod.s.csv", "skipped");
  }
}

Test(clone_order, external_tables_stay_external_where_there_is_a_place_for_them)
{
  HOST host = clone_host(
      IN_SCHEMA("prod", TYPED("e", "EXTERNAL", ",\"storage_location\":\"s3://b/prod/e\"") "," TABLE("m")));

  testhost_arg(host, "external-location-template", "s3://b/{catalog}/{schema}/{kind}/{name}/");
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  assert_sent(
      host,
      "CREATE OR REPLACE TABLE `dev`.`s`.`e` DEEP CLONE `prod`.`s`.`e` LOCATION 's3://b/dev/s/tables/e'");
  assert_sent(host, "CREATE OR REPLACE TABLE `dev`.`s`.`m` DEEP CLONE `prod`.`s`.`m`");
}

Test(clone_order, a_shallow_clone_of_an_external_table_needs_a_location)
{
  HOST host = clone_host(IN_SCHEMA("prod", TYPED("e", "EXTERNAL", "")));
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_arg(host, "clone-type", "SHALLOW");
  cr_assert_eq(clone_on(host), CLXS_OK);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.e", "skipped");
  testhost_arg(host, "external-location-template", "s3://b/{schema}/{table}");
  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host,
              "CREATE OR REPLACE TABLE `dev`.`s`.`e` SHALLOW CLONE `prod`.`s`.`e` LOCATION 's3://b/s/e'");
}

Test(clone_order, locations_that_overlap_are_refused)
{
  static const struct {
    const char *template, *taken;
  } cases[] = {
      {"s3://b/{schema}/{table}", "s3://b/s/e"},    {"s3://b/{schema}/{table}", "s3://b/s/e/"},
      {"s3://b/{schema}/{table}", "s3://b/s"},      {"s3://b/{schema}/{table}", "s3://b/s/e/deeper/still"},
      {"s3://b/x/{schema}/{table}/y", "s3://b/x/"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = clone_host(NULL);
    CLEANUP_JSON struct json_object *summary = NULL;
    char catalog[1024];

    snprintf(catalog, sizeof catalog,
             IN_SCHEMA("prod", TYPED("e", "EXTERNAL", "") "," TYPED("near", "MANAGED",
                                                                    ",\"storage_location\":\"%s\"")),
             cases[i].taken);
    testhost_catalog(host, catalog);
    testhost_arg(host, "external-location-template", cases[i].template);
    cr_assert_eq(clone_on(host), CLXS_E_PARTIAL, "%s", cases[i].taken);
    assert_not_sent(host, "*LOCATION*");
    summary = clone_summary(host);
    assert_object(summary, "prod.s.e", "failed");
    cr_assert(strstr(json_text(clone_object(summary, "prod.s.e")), "near"), "%s", json_text(summary));
  }
}

Test(clone_order, a_place_beside_another_is_free_and_its_own_is_its_own)
{
  HOST host = clone_host(IN_SCHEMA("prod", TYPED("e", "EXTERNAL", "") "," TYPED(
                                               "near", "MANAGED", ",\"storage_location\":\"s3://b/s/e2\"")));

  testhost_catalog(host, IN_SCHEMA("dev", TYPED("e", "EXTERNAL", ",\"storage_location\":\"s3://b/s/e\"")));
  testhost_arg(host, "external-location-template", "s3://b/{schema}/{table}");
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  assert_sent(host, "CREATE OR REPLACE TABLE `dev`.`s`.`e` DEEP CLONE `prod`.`s`.`e` LOCATION 's3://b/s/e'");
}

Test(clone_order, a_table_that_lies_elsewhere_is_not_moved_silently)
{
  HOST host = clone_host(IN_SCHEMA("prod", TYPED("e", "EXTERNAL", "")));

  testhost_catalog(host, IN_SCHEMA("dev", TYPED("e", "EXTERNAL", ",\"storage_location\":\"s3://old/e\"")));
  testhost_arg(host, "external-location-template", "s3://b/{schema}/{table}");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  assert_not_sent(host, "CREATE*");
}

Test(clone_order, templates_that_cannot_be_meant_are_refused)
{
  static const char *const wrong[] = {"bucket/{schema}/{table}",
                                      "s3://b/{table}",
                                      "s3://b/{schema}",
                                      "s3://b/{schema}/{tabel}",
                                      "s3://b/{schema/{table}",
                                      "s3://b/{schema}/{table}}",
                                      "s3://b/{schema}/ {table}",
                                      "://b/{schema}/{table}",
                                      "s3://",
                                      "s3://b//{schema}/{table}",
                                      "s3://b/{schema}/../{table}",
                                      "s3://b/{schema}/{table}'"};

  for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
    HOST host = clone_host(IN_SCHEMA("prod", TABLE("t")));

    testhost_arg(host, "external-location-template", wrong[i]);
    cr_assert_eq(clone_on(host), CLXS_E_USAGE, "%s", wrong[i]);
    cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
  }
}

#define QUERY(type, text) \
  "{\"name\":\"q\",\"table_type\":\"" type "\",\"comment\":\"it's\",\"view_definition\":\"" text "\"}"

Test(clone_order, what_the_service_fills_is_made_anew_on_request)
{
  HOST host =
      clone_host(IN_SCHEMA("prod", TABLE("t") "," QUERY("MATERIALIZED_VIEW", "SELECT id FROM prod.s.t")));
  const struct testhost_sent *view, *table;

  testhost_arg(host, "materialized-views", "true");
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  view =
      testhost_sent(host, TESTHOST_SQL,
                    "CREATE MATERIALIZED VIEW `dev`.`s`.`q` COMMENT 'it\\'s' AS SELECT id FROM dev.s.t", 0);
  table = testhost_sent(host, TESTHOST_SQL, "CREATE OR REPLACE TABLE*", 0);
  cr_assert(view && table);
  cr_assert_gt(view->ended, table->ended, "it is filled from the copy");
}

Test(clone_order, a_streaming_table_without_a_text_is_left_out_with_the_reason)
{
  HOST host = clone_host(IN_SCHEMA("prod", "{\"name\":\"q\",\"table_type\":\"STREAMING_TABLE\"}"));
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_arg(host, "streaming-tables", "true");
  cr_assert_eq(clone_on(host), CLXS_OK);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.q", "skipped");
  cr_assert(strstr(json_text(clone_object(summary, "prod.s.q")), "does not tell its query"), "%s",
            json_text(summary));
}

Test(clone_order, what_is_there_with_another_query_is_not_replaced)
{
  static const struct {
    const char *query;
    clxs_status status;
  } cases[] = {{"SELECT 1 AS a", CLXS_OK}, {"SELECT 2 AS a", CLXS_E_PARTIAL}};

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = clone_host(IN_SCHEMA("prod", QUERY("STREAMING_TABLE", "SELECT 1 AS a")));
    char catalog[512];

    snprintf(catalog, sizeof catalog, IN_SCHEMA("dev", QUERY("STREAMING_TABLE", "%s")), cases[i].query);
    testhost_catalog(host, catalog);
    testhost_arg(host, "streaming-tables", "true");
    cr_assert_eq(clone_on(host), cases[i].status);
    assert_not_sent(host, "CREATE*STREAMING*");
  }
}
