/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of which not everything is wanted: some rows, no rows, an earlier version; and how a table is made
 * anew that cannot be a clone then. */
#include "clone_test.h"

#include "base/banned.h"

#define IN_SCHEMA(name, tables) \
  "{\"name\":\"" name "\",\"schemas\":[{\"name\":\"s\",\"tables\":[" tables "]}]}"
#define TABLE(name, more) \
  "{\"name\":\"" name "\",\"table_type\":\"MANAGED\",\"data_source_format\":\"DELTA\"" more "}"
#define COLUMNS(list) ",\"columns\":[" list "]"
#define COLUMN(name, type, position, more) \
  "{\"name\":\"" name "\",\"type_text\":\"" type "\",\"position\":" #position more "}"
#define FIELD(metadata) ",\"type_json\":\"{\\\"metadata\\\":{" metadata "}}\""
#define PLAIN COLUMNS(COLUMN("id", "bigint", 0, ""))

Test(clone_rows, a_condition_makes_a_copy_of_the_rows_it_is_true_for)
{
  HOST host =
      clone_host(IN_SCHEMA("prod", TABLE("plain", PLAIN) "," TABLE("own", PLAIN) "," TABLE(
                                       "strict", COLUMNS(COLUMN("a`b", "int", 0, ",\"nullable\":false")))));

  testhost_arg(host, "where", "id > 1 OR x");
  testhost_arg(host, "table-filter", "s.own:id = ';'");
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  assert_sent(host,
              "CREATE OR REPLACE TABLE `dev`.`s`.`plain` AS SELECT * FROM `prod`.`s`.`plain` WHERE (id > 1 "
              "OR x)");
  assert_sent(host,
              "CREATE OR REPLACE TABLE `dev`.`s`.`own` AS SELECT * FROM `prod`.`s`.`own` WHERE (id = ';')");
  assert_sent(host, "CREATE OR REPLACE TABLE `dev`.`s`.`strict` (`a``b` int NOT NULL)");
  assert_sent(host,
              "INSERT OVERWRITE TABLE `dev`.`s`.`strict` (`a``b`) SELECT `a``b` FROM `prod`.`s`.`strict` "
              "WHERE (id > 1 OR x)");
  assert_not_sent(host, "*CLONE*");
}

Test(clone_rows, a_table_that_the_condition_does_not_fit_fails_alone)
{
  HOST host = clone_host(IN_SCHEMA("prod", TABLE("a", PLAIN) "," TABLE("b", PLAIN)));
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_arg(host, "where", "id > 1");
  testhost_sql_error(host, "*`a` WHERE*", CLXS_E_INVALID, "UNRESOLVED_COLUMN.WITH_SUGGESTION", "no id");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  assert_not_sent(host, "*CLONE*");
  summary = clone_summary(host);
  assert_object(summary, "prod.s.a", "failed");
  assert_object(summary, "prod.s.b", "succeeded");
}

Test(clone_rows, what_cannot_be_meant_is_refused_before_anything_is_written)
{
  static const struct {
    const char *flag, *value, *other, *other_value, *says;
  } cases[] = {
      {"where", "a", "clone-type", "SHALLOW", "--where cannot go with --clone-type SHALLOW"},
      {"table-filter", "s.t:a", "clone-type", "SHALLOW",
       "--table-filter cannot go with --clone-type SHALLOW"},
      {"schema-only", "true", "clone-type", "SHALLOW", "--schema-only cannot go with"},
      {"schema-only", "true", "where", "a", "--where cannot go with --schema-only"},
      {"schema-only", "true", "as-of-version", "1", "--as-of-version cannot go with --schema-only"},
      {"as-of-timestamp", "x", NULL, NULL, "no point in time"},
      {"table-filter", "s.none:a", NULL, NULL, "no table s.none"},
      {"table-filter", "s.v:a", NULL, NULL, "is a view"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = clone_host(IN_SCHEMA("prod", TABLE("t", PLAIN) ",{\"name\":\"v\",\"table_type\":\"VIEW\"}"));
    struct clxs_call *call = testhost_call(host);

    testhost_arg(host, cases[i].flag, cases[i].value);
    if (cases[i].other) testhost_arg(host, cases[i].other, cases[i].other_value);
    cr_assert_eq(clone_on(host), CLXS_E_USAGE, "%s", cases[i].says);
    cr_assert(strstr(call->core->error(call)->message, cases[i].says), "%s",
              call->core->error(call)->message);
    cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
  }
}

Test(clone_rows, an_earlier_version_is_cloned_or_selected)
{
  HOST host = clone_host(IN_SCHEMA(
      "prod", TABLE("t", PLAIN) "," TABLE("w", PLAIN) ",{\"name\":\"p\",\"table_type\":\"EXTERNAL\","
                                                      "\"data_source_format\":\"PARQUET\"}"));
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_arg(host, "as-of-version", "7");
  testhost_arg(host, "table-filter", "s.w:id = 1");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  assert_sent(host, "CREATE OR REPLACE TABLE `dev`.`s`.`t` DEEP CLONE `prod`.`s`.`t` VERSION AS OF 7");
  assert_sent(host,
              "CREATE OR REPLACE TABLE `dev`.`s`.`w` AS SELECT * FROM `prod`.`s`.`w` VERSION AS OF 7 WHERE "
              "(id = 1)");
  assert_not_sent(host, "*`p`*");
  assert_not_sent(host, "DESCRIBE*");
  summary = clone_summary(host);
  assert_object(summary, "prod.s.p", "failed");
}

#define HISTORY(rows) \
  "{\"columns\":[\"version\",\"timestamp\",\"operation\",\"operationParameters\"],\"rows\":[" rows "]}"
#define AT(version, day) "[\"" version "\",\"2024-01-" day "T00:00:00.000Z\",\"WRITE\",null]"

Test(clone_rows, a_time_becomes_the_version_of_each_table)
{
  HOST host = clone_host(IN_SCHEMA(
      "prod", TABLE("old", PLAIN) "," TABLE("new", PLAIN) "," TABLE("gone", PLAIN) "," TABLE("dark", PLAIN)));
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_arg(host, "as-of-timestamp", "2024-01-05");
  testhost_sql(host, "DESCRIBE HISTORY `prod`.`s`.`old`", HISTORY(AT("3", "01")));
  testhost_sql(host, "DESCRIBE HISTORY `prod`.`s`.`new`", HISTORY(AT("1", "08") "," AT("0", "07")));
  testhost_sql(host, "DESCRIBE HISTORY `prod`.`s`.`gone`", HISTORY(AT("9", "08") "," AT("8", "07")));
  testhost_sql_error(host, "DESCRIBE HISTORY `prod`.`s`.`dark`", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS",
                     "no");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  assert_sent(host, "CREATE OR REPLACE TABLE `dev`.`s`.`old` DEEP CLONE `prod`.`s`.`old` VERSION AS OF 3");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "CREATE OR REPLACE*"), 1);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.new", "skipped");
  assert_object(summary, "prod.s.gone", "failed");
  cr_assert(strstr(json_get_text(clone_object(summary, "prod.s.gone"), "reason"), "oldest left is 8"));
  assert_object(summary, "prod.s.dark", "failed");
}

#define RICH                                                                                                       \
  TABLE(                                                                                                           \
      "t",                                                                                                         \
      ",\"comment\":\"it's\",\"properties\":{\"quality\":\"gold\",\"delta.appendOnly\":\"true\","                  \
      "\"delta.feature.clustering\":\"supported\",\"delta.minReaderVersion\":\"3\","                               \
      "\"delta.constraints.c\":\"a > 0\"}" COLUMNS(COLUMN(                                                         \
          "id", "bigint", 0,                                                                                       \
          FIELD(                                                                                                   \
              "\\\"delta.identity.start\\\":5,\\\"delta.identity.step\\\":2,"                                      \
              "\\\"delta.identity.allowExplicitInsert\\\":false")) "," COLUMN("g", "bigint", 1,                    \
                                                                              FIELD(                               \
                                                                                  "\\\"delta."                     \
                                                                                  "generationExpression"           \
                                                                                  "\\\":\\\"id * "                 \
                                                                                  "2\\\"")) "," COLUMN("d",        \
                                                                                                       "str"       \
                                                                                                       "in"        \
                                                                                                       "g",        \
                                                                                                       2,          \
                                                                                                       ",\""       \
                                                                                                       "com"       \
                                                                                                       "men"       \
                                                                                                       "t\""       \
                                                                                                       ":\""       \
                                                                                                       "x"         \
                                                                                                       "\"" FIELD( \
                                                                                                           "\\\"CURRENT_DEFAULT\\\":\\\"'n'\\\""))))

#define RICH_COLUMNS(identity)                                               \
  "`id` bigint GENERATED " identity                                          \
  " AS IDENTITY (START WITH 5 INCREMENT BY 2), `g` bigint GENERATED ALWAYS " \
  "AS (id * 2), `d` string DEFAULT 'n' COMMENT 'x'"

static struct testhost *
rich_host(void)
{
  struct testhost *host = clone_host(IN_SCHEMA("prod", RICH));

  testhost_arg(host, "properties", "true");
  testhost_sql(host, "DESCRIBE DETAIL `prod`.`s`.`t`",
               "{\"columns\":[\"sizeInBytes\",\"clusteringColumns\"],\"rows\":[[\"1\",\"[\\\"id\\\",\\\"d."
               "e\\\"]\"]]}");
  return host;
}

Test(clone_rows, a_definition_is_made_whole)
{
  HOST host = rich_host();

  testhost_arg(host, "schema-only", "true");
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  assert_sent(
      host, "CREATE OR REPLACE TABLE `dev`.`s`.`t` (" RICH_COLUMNS(
                "ALWAYS") ") CLUSTER BY (`id`, `d`.`e`) COMMENT 'it\\'s' TBLPROPERTIES ('quality' = 'gold', "
                          "'delta.appendOnly' = 'true', 'delta.feature.allowColumnDefaults' = 'supported')");
  assert_not_sent(host, "INSERT*");
  assert_not_sent(host, "COMMENT ON TABLE*");
}

#define NESTED                                                                                               \
  COLUMN(                                                                                                    \
      "n", "struct<a:bigint,b:array<struct<c:string>>>", 0,                                                  \
      ",\"type_json\":\"{\\\"name\\\":\\\"n\\\",\\\"type\\\":{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[{" \
      "\\\"name\\\":\\\"a\\\",\\\"type\\\":\\\"long\\\",\\\"nullable\\\":false,\\\"metadata\\\":{}},{"       \
      "\\\"name\\\":"                                                                                        \
      "\\\"b\\\",\\\"type\\\":{\\\"type\\\":\\\"array\\\",\\\"elementType\\\":{\\\"type\\\":\\\"struct\\\"," \
      "\\\"fields\\\":[{\\\"name\\\":\\\"c\\\",\\\"type\\\":\\\"string\\\",\\\"nullable\\\":true,"           \
      "\\\"metadata\\\":"                                                                                    \
      "{\\\"comment\\\":\\\"it's\\\"}}]},\\\"containsNull\\\":true},\\\"nullable\\\":true,\\\"metadata\\\":" \
      "{}}]},"                                                                                               \
      "\\\"nullable\\\":true,\\\"metadata\\\":{}}\"")

Test(clone_rows, what_is_said_of_fields_is_said_again)
{
  HOST host = clone_host(IN_SCHEMA("prod", TABLE("t", COLUMNS(NESTED))));

  testhost_arg(host, "where", "true");
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  assert_sent(
      host,
      "CREATE OR REPLACE TABLE `dev`.`s`.`t` (`n` struct<`a`:bigint NOT NULL,`b`:array<struct<`c`:string "
      "COMMENT 'it\\'s'>>>)");
}

Test(clone_rows, what_would_keep_rows_out_is_said_behind_them)
{
  HOST host = rich_host();
  const struct testhost_sent *rows, *identity, *append;

  testhost_arg(host, "where", "true");
  testhost_arg_clear(host, "properties");
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  assert_sent(host, "CREATE OR REPLACE TABLE `dev`.`s`.`t` (" RICH_COLUMNS(
                        "BY DEFAULT") ") CLUSTER BY (`id`, `d`.`e`) COMMENT 'it\\'s' TBLPROPERTIES "
                                      "('delta.feature.allowColumnDefaults' = 'supported')");
  rows = testhost_sent(
      host, TESTHOST_SQL,
      "INSERT OVERWRITE TABLE `dev`.`s`.`t` (`id`, `d`) SELECT `id`, `d` FROM `prod`.`s`.`t` WHERE "
      "(true)",
      0);
  identity =
      testhost_sent(host, TESTHOST_SQL, "ALTER TABLE `dev`.`s`.`t` ALTER COLUMN `id` SYNC IDENTITY", 0);
  append = testhost_sent(host, TESTHOST_SQL,
                         "ALTER TABLE `dev`.`s`.`t` SET TBLPROPERTIES ('delta.appendOnly' = 'true')", 0);
  cr_assert(rows && identity && append);
  cr_assert_gt(identity->ended, rows->ended);
  cr_assert_gt(append->ended, identity->ended);
}

Test(clone_rows, a_definition_that_cannot_be_read_is_not_guessed)
{
  HOST host = rich_host();

  testhost_arg(host, "schema-only", "true");
  testhost_sql_error(host, "DESCRIBE DETAIL*", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  assert_not_sent(host, "CREATE OR REPLACE TABLE*");
}

Test(clone_rows, a_definition_takes_no_rows_away_unless_that_is_asked_for)
{
  static const struct {
    const char *there;
    bool force;
    const char *status;
    size_t made;
  } cases[] = {
      {PLAIN, false, "succeeded", 0},
      {COLUMNS(COLUMN("id", "int", 0, "")), false, "failed", 0},
      {COLUMNS(COLUMN("id", "int", 0, "")), true, "succeeded", 1},
      {PLAIN, true, "succeeded", 1},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = clone_host(IN_SCHEMA("prod", TABLE("t", PLAIN)));
    CLEANUP_JSON struct json_object *summary = NULL;
    char catalog[512];

    snprintf(catalog, sizeof catalog, IN_SCHEMA("dev", TABLE("t", "%s")), cases[i].there);
    testhost_catalog(host, catalog);
    testhost_arg(host, "schema-only", "true");
    if (cases[i].force) testhost_arg(host, "force-reclone", "true");
    clone_on(host);
    cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "CREATE OR REPLACE TABLE*"), cases[i].made, "%zu",
                 i);
    summary = clone_summary(host);
    assert_object(summary, "prod.s.t", cases[i].status);
  }
}

Test(clone_rows, definitions_of_protected_tables_need_no_permission_to_read_them)
{
  HOST host =
      clone_host(IN_SCHEMA("prod", TABLE("t", PLAIN ",\"row_filter\":{\"function_name\":\"prod.s.f\"}")));

  testhost_arg(host, "schema-only", "true");
  testhost_arg(host, "security", "true");
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  assert_sent(host, "CREATE OR REPLACE TABLE `dev`.`s`.`t` (`id` bigint)");
  assert_sent(host, "ALTER TABLE `dev`.`s`.`t` SET ROW FILTER `dev`.`s`.`f` ON ()");
  assert_not_sent(host, "INSERT*");
}
