/* SPDX-License-Identifier: Apache-2.0 */
/* What clone plans and sends for each kind of object, and what it says of those it leaves out. */
#include "clone_test.h"

#include "base/banned.h"

/* NAME, then what stands between the braces of its one schema "s". */
#define CATALOG(name, content) "{\"name\":\"" name "\",\"schemas\":[{\"name\":\"s\"," content "}]}"
#define TABLE(name) "{\"name\":\"" name "\",\"table_type\":\"MANAGED\",\"data_source_format\":\"DELTA\"}"
#define VIEW(name, text, columns) \
  "{\"name\":\"" name "\",\"table_type\":\"VIEW\",\"view_definition\":\"" text "\",\"columns\":[" columns "]}"
#define COLUMN(name, position) "{\"name\":\"" name "\",\"type_text\":\"int\",\"position\":" #position "}"

Test(clone, a_new_catalog_gets_its_schemas_and_tables)
{
  HOST host =
      clone_host("{\"name\":\"prod\",\"comment\":\"it's ours\",\"schemas\":[{\"name\":\"default\"},"
                 "{\"name\":\"information_schema\"},{\"name\":\"s\",\"comment\":\"a\\\\b\",\"tables\":["
                 "{\"name\":\"m\",\"table_type\":\"MANAGED\"},{\"name\":\"e\",\"table_type\":\"EXTERNAL\","
                 "\"data_source_format\":\"DELTA\"}]}]}");
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_arg(host, "location", "s3://b/'x");
  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host,
              "CREATE CATALOG IF NOT EXISTS `dev` MANAGED LOCATION 's3://b/\\'x' COMMENT 'it\\'s ours'");
  assert_sent(host, "CREATE SCHEMA IF NOT EXISTS `dev`.`default`");
  assert_sent(host, "CREATE SCHEMA IF NOT EXISTS `dev`.`s` COMMENT 'a\\\\b'");
  assert_sent(host, "CREATE OR REPLACE TABLE `dev`.`s`.`m` DEEP CLONE `prod`.`s`.`m`");
  assert_sent(host, "CREATE OR REPLACE TABLE `dev`.`s`.`e` DEEP CLONE `prod`.`s`.`e`");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 5);
  summary = clone_summary(host);
  cr_assert_str_eq(json_get_text(summary, "status"), "succeeded");
  cr_assert_str_eq(json_get_text(summary, "source"), "prod");
  cr_assert_str_eq(json_get_text(summary, "destination"), "dev");
  cr_assert_str_eq(json_get_text(summary, "clone_type"), "DEEP");
  cr_assert_not(json_get_bool(summary, "dry_run", true));
  cr_assert_eq(json_get_int(json_get(summary, "requests"), "sql", 0), 5);
  cr_assert_eq(json_get_int(json_get(json_get(summary, "counts"), "table"), "succeeded", 0), 2);
  cr_assert_eq(json_get_int(json_get(json_get(summary, "counts"), "volume"), "failed", 9), 0);
  assert_object(summary, "prod.s.m", "succeeded");
  cr_assert(strstr(json_get_text(clone_object(summary, "prod.s.e"), "reason"), "managed"));
}

Test(clone, every_schema_waits_for_the_catalog_and_every_table_for_its_schema_only)
{
  HOST host = clone_host(CATALOG("prod", "\"tables\":[" TABLE("t") "]"));
  const struct testhost_sent *catalog, *schema, *table;

  cr_assert_eq(clone_on(host), CLXS_OK);
  catalog = testhost_sent(host, TESTHOST_SQL, "CREATE CATALOG*", 0);
  schema = testhost_sent(host, TESTHOST_SQL, "CREATE SCHEMA*", 0);
  table = testhost_sent(host, TESTHOST_SQL, "CREATE OR REPLACE TABLE*", 0);
  cr_assert_gt(schema->ended, catalog->ended);
  cr_assert_gt(table->ended, schema->ended);
}

Test(clone, names_are_quoted_everywhere)
{
  HOST host = clone_host(NULL);

  testhost_arg_clear(host, "source");
  testhost_arg_clear(host, "dest");
  testhost_arg(host, "source", "my-cat");
  testhost_arg(host, "dest", "Größe`; DROP CATALOG x");
  testhost_catalog(
      host,
      "{\"name\":\"my-cat\",\"schemas\":[{\"name\":\"a`b\",\"tables\":[" TABLE(
          "it's") ","
                  "{\"name\":\"v\",\"table_type\":\"VIEW\",\"view_definition\":\"SELECT 1 AS `x``y` FROM "
                  "`my-cat`.`a``b`.`it's`\",\"columns\":[" COLUMN("x`y", 0) "]}]}]}");
  cr_assert_eq(clone_on(host), CLXS_E_USAGE, "a name with a space cannot be a catalog's");
  testhost_arg_clear(host, "dest");
  testhost_arg(host, "dest", "Größe");
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  assert_sent(host, "CREATE OR REPLACE TABLE `Größe`.`a``b`.`it's` DEEP CLONE `my-cat`.`a``b`.`it's`");
  assert_sent(host, "CREATE VIEW `Größe`.`a``b`.`v` AS SELECT 1 AS `x``y` FROM `Größe`.`a``b`.`it's`");
}

Test(clone, kinds_that_cannot_be_cloned_are_skipped_with_a_reason)
{
  static const struct {
    const char *name, *table, *says;
  } cases[] = {
      {"prod.s.st", "{\"name\":\"st\",\"table_type\":\"STREAMING_TABLE\"}", "streaming"},
      {"prod.s.mv", "{\"name\":\"mv\",\"table_type\":\"MATERIALIZED_VIEW\",\"view_definition\":\"SELECT 1\"}",
       "materialized"},
      {"prod.s.f", "{\"name\":\"f\",\"table_type\":\"FOREIGN\",\"data_source_format\":\"POSTGRESQL_FORMAT\"}",
       "foreign"},
      {"prod.s.mt", "{\"name\":\"mt\",\"table_type\":\"METRIC_VIEW\",\"view_definition\":\"source: a\"}",
       "metric"},
      {"prod.s.rf",
       "{\"name\":\"rf\",\"table_type\":\"MANAGED\",\"row_filter\":{\"function_name\":\"a.b.c\"}}",
       "row filter"},
      {"prod.s.cm",
       "{\"name\":\"cm\",\"table_type\":\"MANAGED\",\"columns\":[{\"name\":\"a\",\"mask\":{\"function_name\":"
       "\"a.b.c\"}}]}",
       "mask"},
      {"prod.s.csv", "{\"name\":\"csv\",\"table_type\":\"EXTERNAL\",\"data_source_format\":\"CSV\"}", "CSV"},
      {"prod.s.new", "{\"name\":\"new\",\"table_type\":\"QUANTUM\"}", "does not know"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = clone_host(NULL);
    CLEANUP_JSON struct json_object *summary = NULL;
    char catalog[1024];

    snprintf(catalog, sizeof catalog, CATALOG("prod", "\"tables\":[%s]"), cases[i].table);
    testhost_catalog(host, catalog);
    cr_assert_eq(clone_on(host), CLXS_OK, "%s", cases[i].name);
    assert_not_sent(host, "*TABLE*");
    summary = clone_summary(host);
    assert_object(summary, cases[i].name, "skipped");
    cr_assert(strstr(json_get_text(clone_object(summary, cases[i].name), "reason"), cases[i].says));
  }
}

Test(clone, strict_makes_a_skipped_object_a_failure)
{
  HOST host = clone_host(CATALOG("prod", "\"tables\":[{\"name\":\"f\",\"table_type\":\"FOREIGN\"}]"));

  testhost_arg(host, "strict", "true");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
}

Test(clone, shallow_clones_go_from_managed_tables_only)
{
  HOST host = clone_host(CATALOG(
      "prod", "\"tables\":[" TABLE("m") ",{\"name\":\"e\",\"table_type\":\"EXTERNAL\"},"
                                        "{\"name\":\"sc\",\"table_type\":\"MANAGED_SHALLOW_CLONE\"}]"));
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_arg(host, "clone-type", "SHALLOW");
  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host, "CREATE OR REPLACE TABLE `dev`.`s`.`m` SHALLOW CLONE `prod`.`s`.`m`");
  summary = clone_summary(host);
  assert_object(summary, "prod.s.e", "skipped");
  assert_object(summary, "prod.s.sc", "skipped");
}

#define DEV_WITH(tables) CATALOG("dev", "\"tables\":[" tables "]")

Test(clone, a_table_that_has_to_change_its_kind_fails_unless_forced)
{
  HOST host = clone_host(CATALOG("prod", "\"tables\":[" TABLE("t") "]"));
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_catalog(host, DEV_WITH("{\"name\":\"t\",\"table_type\":\"MANAGED_SHALLOW_CLONE\"}"));
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.t", "failed");
  cr_assert(strstr(json_get_text(clone_object(summary, "prod.s.t"), "reason"), "--force-reclone"));
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0, "nothing else is to be done");
  testhost_arg(host, "force-reclone", "true");
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_lt(testhost_sent(host, TESTHOST_SQL, "DROP TABLE IF EXISTS `dev`.`s`.`t`", 0)->ended,
               testhost_sent(host, TESTHOST_SQL, "CREATE OR REPLACE TABLE*", 0)->ended);
}

Test(clone, what_the_service_does_not_say_is_not_guessed)
{
  HOST host = clone_host(CATALOG(
      "prod", "\"tables\":[{\"name\":\"bare\"}," TABLE("t") "],\"functions\":[{\"name\":"
                                                            "\"bare\"}],\"volumes\":[{\"name\":\"bare\"}]"));
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_catalog(host, DEV_WITH("{\"name\":\"t\"}"));
  testhost_arg(host, "force-reclone", "true");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.t", "failed");
  cr_assert_eq(json_get_int(json_get(json_get(summary, "counts"), "function"), "failed", 0), 1);
  cr_assert_eq(json_get_int(json_get(json_get(summary, "counts"), "volume"), "skipped", 0), 1);
}

Test(clone, a_view_in_the_place_of_a_table_is_never_dropped)
{
  HOST host = clone_host(
      CATALOG("prod", "\"tables\":[" TABLE("t") "," VIEW("v", "SELECT 1 AS a", COLUMN("a", 0)) "]"));
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_catalog(host, DEV_WITH(VIEW("t", "SELECT 2", "") "," TABLE("v")));
  testhost_arg(host, "force-reclone", "true");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.t", "failed");
  assert_object(summary, "prod.s.v", "failed");
}

Test(clone, views_and_functions_come_after_what_they_name)
{
  /* a -> b -> f -> t, with names against the order, over a second schema, and with 1, 2 and 3 parts. */
  HOST host = clone_host("{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\",\"tables\":[" VIEW(
      "a", "SELECT x FROM PROD.`Z`.b",
      COLUMN("x",
             0)) "]},{\"name\":\"z\",\"tables\":[" VIEW("b", "SELECT f(1) AS x, 'prod.z.t' AS y",
                                                        COLUMN("x", 0) "," COLUMN(
                                                            "y",
                                                            1)) "," TABLE("t") "],\"functions\":[{\"name\":"
                                                                               "\"f\",\"full_data_type\":"
                                                                               "\"BIGINT\",\"data_type\":"
                                                                               "\"LONG\",\"routine_body\":"
                                                                               "\"SQL\",\"routine_"
                                                                               "definition\":\"SELECT "
                                                                               "count(*) FROM z.t WHERE n > "
                                                                               "i\",\"input_params\":{"
                                                                               "\"parameters\":[{\"name\":"
                                                                               "\"i\",\"type_text\":\"int\","
                                                                               "\"position\":0,\"parameter_"
                                                                               "default\":\"7\",\"comment\":"
                                                                               "\"it's\"}]}}]}]}");
  const struct testhost_sent *a, *b, *f, *t;

  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  a = testhost_sent(host, TESTHOST_SQL, "CREATE VIEW `dev`.`s`.`a` AS SELECT x FROM *.`Z`.b", 0);
  b = testhost_sent(host, TESTHOST_SQL, "CREATE VIEW `dev`.`z`.`b` AS SELECT f(1) AS x, 'prod.z.t' AS y", 0);
  f = testhost_sent(
      host, TESTHOST_SQL,
      "CREATE OR REPLACE FUNCTION `dev`.`z`.`f`(`i` int DEFAULT 7 COMMENT 'it\\'s') RETURNS BIGINT RETURN "
      "SELECT count(*) FROM z.t WHERE n > i",
      0);
  t = testhost_sent(host, TESTHOST_SQL, "CREATE OR REPLACE TABLE*", 0);
  cr_assert(a && b && f && t, "%s", testhost_stdout(host));
  cr_assert_not(strstr(a->text, "PROD"));
  cr_assert_gt(a->ended, b->ended);
  cr_assert_gt(b->ended, f->ended);
  cr_assert_gt(f->ended, t->ended);
  cr_assert_str_eq(b->catalog, "dev");
  cr_assert_str_eq(b->schema, "z");
}

Test(clone, a_text_is_sent_in_the_namespace_it_was_made_in)
{
  static const struct {
    const char *said, *catalog, *schema;
  } cases[] = {
      {"\"comment\":\"\"", "dev", "s"},
      {"\"sql_path\":\"prod.other\"", "dev", "other"},
      {"\"sql_path\":\"system.builtin, `PROD`.`o``x`, prod.s\"", "dev", "o`x"},
      {"\"sql_path\":\"elsewhere.there\"", "elsewhere", "there"},
      {"\"sql_path\":\"nonsense\"", "dev", "s"},
      {"\"properties\":{\"view.catalogAndNamespace.numParts\":\"2\",\"view.catalogAndNamespace.part.0\":"
       "\"prod\","
       "\"view.catalogAndNamespace.part.1\":\"other\"},\"sql_path\":\"prod.wrong\"",
       "dev", "other"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = clone_host(NULL);
    const struct testhost_sent *view;
    char text[1024];

    snprintf(
        text, sizeof text,
        CATALOG("prod",
                "\"tables\":[{\"name\":\"v\",\"table_type\":\"VIEW\",\"view_definition\":\"SELECT a FROM "
                "t\",\"columns\":[" COLUMN("a", 0) "],%s}]"),
        cases[i].said);
    testhost_catalog(host, text);
    cr_assert_eq(clone_on(host), CLXS_OK);
    view = testhost_sent(host, TESTHOST_SQL, "CREATE VIEW `dev`.`s`.`v` AS SELECT a FROM t", 0);
    cr_assert_not_null(view);
    cr_assert_str_eq(view->catalog, cases[i].catalog);
    cr_assert_str_eq(view->schema, cases[i].schema);
  }
}

Test(clone, a_text_waits_for_the_schema_that_it_is_sent_in)
{
  HOST host =
      clone_host("{\"name\":\"prod\",\"schemas\":[{\"name\":\"a\",\"tables\":[{\"name\":\"v\",\"table_type\":"
                 "\"VIEW\",\"view_definition\":\"SELECT 1\",\"sql_path\":\"prod.z\"}]},{\"name\":\"z\"}]}");
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_sql_error(host, "CREATE SCHEMA*`z`", CLXS_E_DENIED, NULL, "no");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  summary = clone_summary(host);
  assert_object(summary, "prod.a.v", "blocked");
}

Test(clone, a_view_keeps_how_it_is_bound_to_its_tables)
{
  HOST host = clone_host(CATALOG(
      "prod", "\"tables\":[{\"name\":\"v\",\"table_type\":\"VIEW\",\"view_definition\":"
              "\"SELECT a FROM t\",\"columns\":[" COLUMN("a", 0) "],\"properties\":{"
                                                                 "\"view.schemaMode\":\"BINDING\"}}]"));

  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host, "CREATE VIEW `dev`.`s`.`v` WITH SCHEMA BINDING AS SELECT a FROM t");
}

Test(clone, a_view_keeps_the_names_and_comments_of_its_columns)
{
  static const struct {
    const char *text, *columns, *statement;
  } cases[] = {
      {"SELECT a, t.b, c + 1 AS d FROM t", COLUMN("a", 0) "," COLUMN("b", 1) "," COLUMN("d", 2),
       "AS SELECT*"},
      {"SELECT a, b FROM t", COLUMN("x", 0) "," COLUMN("y", 1), "(`x`, `y`) AS SELECT a, b FROM t"},
      {"SELECT * FROM t", COLUMN("a", 0), "(`a`) AS SELECT * FROM t"},
      {"SELECT count(*) FROM t", COLUMN("n", 0), "(`n`) AS SELECT*"},
      {"WITH c AS (SELECT 1) SELECT * FROM c", COLUMN("n", 0), "(`n`) AS WITH*"},
      {"SELECT DISTINCT a FROM t", COLUMN("A", 0), "AS SELECT DISTINCT*"},
      {"SELECT a FROM t", "{\"name\":\"a\",\"position\":0,\"comment\":\"it's\"}",
       "(`a` COMMENT 'it\\'s') AS SELECT*"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = clone_host(NULL);
    char text[1024];

    snprintf(text, sizeof text, CATALOG("prod", "\"tables\":[" VIEW("v", "%s", "%s") "]"), cases[i].text,
             cases[i].columns);
    testhost_catalog(host, text);
    cr_assert_eq(clone_on(host), CLXS_OK);
    snprintf(text, sizeof text, "CREATE VIEW `dev`.`s`.`v` %s", cases[i].statement);
    cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, text), 1, "%s gave %s", cases[i].text,
                 testhost_sent(host, TESTHOST_SQL, "CREATE VIEW*", 0)->text);
  }
}

Test(clone, a_view_that_is_there_is_changed_in_place_or_left_alone)
{
  HOST host = clone_host(CATALOG(
      "prod",
      "\"tables\":[" VIEW("same", "SELECT a FROM prod.s.t", COLUMN("a", 0)) "," VIEW(
          "old", "SELECT a FROM prod.s.t",
          "{\"name\":\"a\",\"position\":0,\"comment\":\"c\"}") "," VIEW("renames", "SELECT a FROM prod.s.t",
                                                                        COLUMN("b", 0)) "]"));
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_catalog(
      host, DEV_WITH(VIEW("same", "SELECT a FROM dev.s.t", COLUMN("a", 0)) "," VIEW(
                "old", "SELECT 1 AS a", COLUMN("a", 0)) "," VIEW("renames", "SELECT 1", COLUMN("b", 0))));
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  assert_not_sent(host, "*same*");
  assert_sent(host, "ALTER VIEW `dev`.`s`.`old` AS SELECT a FROM dev.s.t");
  assert_sent(host, "COMMENT ON COLUMN `dev`.`s`.`old`.`a` IS 'c'");
  assert_sent(host, "CREATE OR REPLACE VIEW `dev`.`s`.`renames` (`b`) AS SELECT a FROM dev.s.t");
  summary = clone_summary(host);
  assert_object(summary, "prod.s.same", "succeeded");
  cr_assert_eq(json_length(json_get_array(summary, "warnings")), 1);
}

Test(clone, hidden_text_and_circles_fail_and_block_before_anything_is_sent)
{
  HOST host = clone_host(CATALOG(
      "prod",
      "\"tables\":[{\"name\":\"hidden\",\"table_type\":\"VIEW\"}," VIEW(
          "needs", "SELECT * FROM hidden",
          "") "," VIEW("c1", "SELECT * FROM c2",
                       "") "," VIEW("c2", "SELECT * FROM prod.s.c3",
                                    "") "," VIEW("c3", "SELECT * FROM s.c1",
                                                 "") "," VIEW("me", "SELECT * FROM me",
                                                              "") "," VIEW("after", "SELECT * FROM c1",
                                                                           "") "," VIEW("fine",
                                                                                        "WITH fine AS "
                                                                                        "(SELECT 1) SELECT * "
                                                                                        "FROM fine",
                                                                                        "") "]"));
  CLEANUP_JSON struct json_object *summary = NULL;

  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.hidden", "failed");
  cr_assert_str_eq(json_get_text(clone_object(summary, "prod.s.hidden"), "error_class"),
                   "INSUFFICIENT_PERMISSIONS");
  assert_object(summary, "prod.s.needs", "blocked");
  cr_assert(strstr(json_get_text(clone_object(summary, "prod.s.needs"), "reason"), "prod.s.hidden"));
  assert_object(summary, "prod.s.c1", "failed");
  cr_assert_str_eq(json_get_text(clone_object(summary, "prod.s.c1"), "reason"),
                   "it needs itself: s.c1 -> s.c2 -> s.c3 -> s.c1");
  assert_object(summary, "prod.s.c3", "failed");
  assert_object(summary, "prod.s.me", "failed");
  assert_object(summary, "prod.s.after", "blocked");
  assert_object(summary, "prod.s.fine", "succeeded");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "*VIEW*"), 1);
  cr_assert_str_eq(json_get_text(summary, "status"), "partial");
}

Test(clone, what_needs_a_skipped_table_is_blocked_unless_the_destination_has_one)
{
  HOST host =
      clone_host(CATALOG("prod", "\"tables\":[{\"name\":\"st\",\"table_type\":\"STREAMING_TABLE\"}," VIEW(
                                     "v", "SELECT a FROM st", COLUMN("a", 0)) "]"));
  CLEANUP_JSON struct json_object *summary = NULL;

  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.v", "blocked");
  testhost_catalog(host, DEV_WITH("{\"name\":\"st\",\"table_type\":\"STREAMING_TABLE\"}"));
  cr_assert_eq(clone_on(host), CLXS_OK);
}

#define FUNCTION(name, more) \
  "{\"name\":\"" name "\",\"data_type\":\"STRING\",\"full_data_type\":\"STRING\"," more "}"

Test(clone, functions_are_rebuilt_from_their_parts)
{
  HOST host = clone_host(CATALOG(
      "prod",
      "\"functions\":[" FUNCTION(
          "py",
          "\"routine_body\":\"EXTERNAL\",\"external_language\":\"Python\","
          "\"is_deterministic\":true,\"routine_definition\":\"\\nreturn "
          "'$$'\\n\"") ","
                       "{\"name\":\"rows\",\"data_type\":\"TABLE_TYPE\",\"full_"
                       "data_type\":\"TABLE\",\"routine_definition\":\"SELECT "
                       "id, 'prod.s.t' FROM "
                       "prod.s.t\",\"comment\":\"c\",\"return_params\":{"
                       "\"parameters\":[{\"name\":\"id\","
                       "\"type_text\":\"bigint\",\"position\":0,\"comment\":"
                       "\"k\"},{\"name\":\"n\",\"type_text\":\"string\","
                       "\"position\":1}]}}," FUNCTION(
                           "sc",
                           "\"external_"
                           "language\":"
                           "\"Scala\","
                           "\"routine_"
                           "definition\":"
                           "\"x\"") "," FUNCTION("hid",
                                                 "\"routine_body\":\"SQL\"") "," FUNCTION("ret",
                                                                                          "\"routine_"
                                                                                          "definition"
                                                                                          "\":"
                                                                                          "\"RETURN "
                                                                                          "'a'\"") "]"));
  CLEANUP_JSON struct json_object *summary = NULL;

  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  assert_sent(host,
              "CREATE OR REPLACE FUNCTION `dev`.`s`.`py`() RETURNS STRING LANGUAGE PYTHON DETERMINISTIC AS "
              "$clxs0$\nreturn '$$'\n$clxs0$");
  assert_sent(
      host,
      "CREATE OR REPLACE FUNCTION `dev`.`s`.`rows`() RETURNS TABLE (`id` bigint COMMENT 'k', `n` string) "
      "COMMENT 'c' RETURN SELECT id, 'prod.s.t' FROM dev.s.t");
  assert_sent(host, "CREATE OR REPLACE FUNCTION `dev`.`s`.`ret`() RETURNS STRING RETURN 'a'");
  summary = clone_summary(host);
  assert_object(summary, "prod.s.sc", "skipped");
  assert_object(summary, "prod.s.hid", "failed");
}

Test(clone, a_function_that_is_the_same_is_left_alone)
{
  HOST host = clone_host(
      CATALOG("prod", "\"functions\":[" FUNCTION("f", "\"routine_definition\":\"prod.s.g(1)\"") "]"));
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_catalog(
      host, CATALOG("dev", "\"functions\":[" FUNCTION("f", "\"routine_definition\":\"dev.s.g(1)\"") "]"));
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.f", "succeeded");
}

Test(clone, volumes_are_made_when_they_can_be)
{
  HOST host = clone_host(
      CATALOG("prod", "\"volumes\":[{\"name\":\"m\",\"volume_type\":\"MANAGED\",\"comment\":\"c\"},"
                      "{\"name\":\"x\",\"volume_type\":\"EXTERNAL\",\"storage_location\":\"s3://b/x\"},"
                      "{\"name\":\"there\",\"volume_type\":\"MANAGED\"}]"));
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_catalog(host, CATALOG("dev", "\"volumes\":[{\"name\":\"THERE\",\"volume_type\":\"MANAGED\"}]"));
  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host, "CREATE VOLUME IF NOT EXISTS `dev`.`s`.`m` COMMENT 'c'");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 1);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.x", "skipped");
  cr_assert(strstr(json_get_text(clone_object(summary, "prod.s.x"), "reason"), "s3://b/x"));
  assert_object(summary, "prod.s.there", "succeeded");
}

Test(clone, filters_choose_schemas_and_objects)
{
  HOST host =
      clone_host("{\"name\":\"prod\",\"schemas\":[{\"name\":\"a\",\"tables\":[" TABLE("fact_x") "," TABLE(
          "dim_x") "," TABLE("fact_tmp") "]},{\"name\":\"b\",\"tables\":[" TABLE("fact_x") "]},{\"name\":"
                                                                                           "\"c\"}]}");

  testhost_arg(host, "include-schemas", "A");
  testhost_arg(host, "include-schemas", "c");
  testhost_arg(host, "exclude-schemas", "C");
  testhost_arg(host, "include-tables-regex", "^fact_");
  testhost_arg(host, "exclude-tables-regex", "tmp$");
  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host, "CREATE OR REPLACE TABLE `dev`.`a`.`fact_x` DEEP CLONE `prod`.`a`.`fact_x`");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "*TABLE*"), 1);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "CREATE SCHEMA*"), 1);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "*schema_name=b*"), 0);
}

Test(clone, impossible_requests_are_refused_before_anything_is_made)
{
  static const struct {
    const char *flag, *value;
    clxs_status status;
    const char *says;
  } cases[] = {
      {"dest", "PROD", CLXS_E_USAGE, "same catalog"},
      {"dest", "", CLXS_E_USAGE, "--dest is missing"},
      {"dest", "system", CLXS_E_USAGE, "reserved"},
      {"dest", "a.b", CLXS_E_USAGE, "a.b"},
      {"source", "nope", CLXS_E_NOT_FOUND, "nope"},
      {"include-schemas", "typo", CLXS_E_USAGE, "typo"},
      {"include-tables-regex", "(", CLXS_E_USAGE, "include-tables-regex"},
      {"exclude-tables-regex", "\\d+", CLXS_E_USAGE, "POSIX"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = clone_host(CATALOG("prod", "\"tables\":[" TABLE("t") "]"));
    struct clxs_call *call = testhost_call(host);

    testhost_arg_clear(host, cases[i].flag);
    testhost_arg(host, cases[i].flag, cases[i].value);
    cr_assert_eq(clone_on(host), cases[i].status, "%s %s", cases[i].flag, cases[i].value);
    cr_assert(strstr(call->core->error(call)->message, cases[i].says), "%s",
              call->core->error(call)->message);
    cr_assert_not_null(call->core->error(call)->hint, "%s", cases[i].flag);
    cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
    cr_assert_null(testhost_document(host));
  }
}

Test(clone, a_listing_that_fails_is_an_error_that_names_the_schema)
{
  HOST host = clone_host(CATALOG("prod", "\"tables\":[" TABLE("t") "]"));
  struct clxs_call *call = testhost_call(host);

  testhost_rest(host, "GET *functions?catalog_name=prod*", 403,
                "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no USE SCHEMA on prod.s\"}");
  cr_assert_eq(clone_on(host), CLXS_E_DENIED);
  cr_assert_str_eq(call->core->error(call)->message, "cannot list the functions of prod.s");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
}

Test(clone, undecidable_references_become_warnings)
{
  HOST host = clone_host(
      CATALOG("prod", "\"functions\":[" FUNCTION(
                          "f", "\"external_language\":\"PYTHON\",\"routine_definition\":\"spark.sql('SELECT "
                               "* FROM prod.s.t')\"") "]"));
  CLEANUP_JSON struct json_object *summary = NULL;
  struct json_object *warnings;

  cr_assert_eq(clone_on(host), CLXS_OK);
  summary = clone_summary(host);
  warnings = json_get_array(summary, "warnings");
  cr_assert_eq(json_length(warnings), 1);
  cr_assert(str_starts(json_object_get_string(json_item(warnings, 0)), "function s.f, line 1"));
}
