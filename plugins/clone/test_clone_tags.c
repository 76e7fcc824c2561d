/* SPDX-License-Identifier: Apache-2.0 */
/* Tags of everything: what is sent when the copy is new, what when it differs, and what is left alone. */
#include "clone_test.h"

#include "base/banned.h"

#define TABLE(name, more) \
  "{\"name\":\"" name "\",\"table_type\":\"MANAGED\",\"data_source_format\":\"DELTA\"" more "}"
#define TAGS_OF(catalog) "SELECT 'catalog' AS kind*`" catalog "`.information_schema.volume_tags"
#define TAG_ROWS(rows)                                                                                  \
  "{\"columns\":[\"kind\",\"schema_name\",\"object_name\",\"column_name\",\"tag_name\",\"tag_value\"]," \
  "\"rows\":[" rows "]}"

#define TAGGED(name)                                                        \
  "{\"name\":\"" name "\",\"schemas\":[{\"name\":\"s\",\"tables\":[" TABLE( \
      "t", "") ",{\"name\":\"w\","                                          \
               "\"table_type\":\"VIEW\",\"view_definition\":\"SELECT 1 AS " \
               "a\",\"columns\":[{\"name\":\"a\",\"position\":0}]}],"       \
               "\"volumes\":[{\"name\":\"vol\",\"volume_type\":\"MANAGED\"}]}]}"

static struct testhost *
tagged_host(void)
{
  struct testhost *host = clone_host(TAGGED("prod"));

  testhost_arg(host, "tags", "true");
  testhost_sql(
      host, TAGS_OF("prod"),
      TAG_ROWS(
          "[\"catalog\",null,null,null,\"env\",\"p\"],[\"schema\",\"s\",null,null,\"b\",\"2\"],"
          "[\"schema\",\"s\",null,null,\"a\",\"it's\"],[\"table\",\"s\",\"t\",null,\"key\",\"\"],"
          "[\"column\",\"s\",\"t\",\"Id\",\"pii\",\"x\"],[\"column\",\"s\",\"w\",\"a\",\"pii\",\"y\"],"
          "[\"table\",\"s\",\"w\",null,\"v\",\"1\"],[\"volume\",\"s\",\"vol\",null,\"src\",\"ftp\"],"
          "[\"table\",\"s\",\"t\",null,\"class.name\",\"\"],[\"table\",\"s\",\"gone\",null,\"k\",\"v\"]"));
  return host;
}

Test(clone_tags, all_tags_of_an_object_are_one_statement_and_those_of_a_column_another)
{
  HOST host = tagged_host();

  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host, "ALTER CATALOG `dev` SET TAGS ('env' = 'p')");
  assert_sent(host, "ALTER SCHEMA `dev`.`s` SET TAGS ('a' = 'it\\'s', 'b' = '2')");
  assert_sent(host, "ALTER TABLE `dev`.`s`.`t` SET TAGS ('key' = '')");
  assert_sent(host, "ALTER TABLE `dev`.`s`.`t` ALTER COLUMN `Id` SET TAGS ('pii' = 'x')");
  assert_sent(host, "ALTER VIEW `dev`.`s`.`w` SET TAGS ('v' = '1')");
  assert_sent(host, "ALTER TABLE `dev`.`s`.`w` ALTER COLUMN `a` SET TAGS ('pii' = 'y')");
  assert_sent(host, "ALTER VOLUME `dev`.`s`.`vol` SET TAGS ('src' = 'ftp')");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "ALTER*"), 7, "tags of the system are left alone");
}

Test(clone_tags, only_tags_that_are_missing_or_differ_are_set_and_none_is_taken)
{
  HOST host = tagged_host();
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_catalog(host, TAGGED("dev"));
  testhost_sql(
      host, TAGS_OF("dev"),
      TAG_ROWS("[\"catalog\",null,null,null,\"env\",\"p\"],[\"catalog\",null,null,null,\"own\",\"x\"],"
               "[\"schema\",\"s\",null,null,\"b\",\"old\"],[\"table\",\"s\",\"t\",null,\"key\",null],"
               "[\"column\",\"s\",\"t\",\"id\",\"pii\",\"x\"],[\"column\",\"s\",\"w\",\"a\",\"pii\",\"y\"],"
               "[\"table\",\"s\",\"w\",null,\"v\",\"1\"],[\"volume\",\"s\",\"vol\",null,\"src\",\"ftp\"]"));
  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host, "ALTER SCHEMA `dev`.`s` SET TAGS ('a' = 'it\\'s', 'b' = '2')");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "ALTER*"), 1);
  testhost_arg(host, "dry-run", "true");
  cr_assert_eq(clone_on(host), CLXS_OK);
  summary = clone_summary(host);
  cr_assert(strstr(json_text(summary),
                   "ALTER SCHEMA `dev`.`s` SET TAGS ('b' = 'old')\",\"then\":\"ALTER SCHEMA "
                   "`dev`.`s` UNSET TAGS ('a')"),
            "%s", json_text(summary));
}

Test(clone_tags, tags_that_cannot_be_read_end_the_run)
{
  HOST host = tagged_host();

  testhost_sql_error(host, TAGS_OF("prod"), CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no");
  cr_assert_eq(clone_on(host), CLXS_E_DENIED);
  assert_not_sent(host, "CREATE*");
}

#define FUNCTION \
  "{\"name\":\"f\",\"full_data_type\":\"INT\",\"routine_body\":\"SQL\",\"routine_definition\":\"1\"}"
#define CATALOG(name, functions) \
  "{\"name\":\"" name "\",\"schemas\":[{\"name\":\"s\",\"functions\":[" functions "]}]}"
#define ASSIGNED "GET /api/2.1/unity-catalog/entity-tag-assignments/functions/"
#define ASSIGNMENT(key, value) "{\"tag_key\":\"" key "\",\"tag_value\":\"" value "\"}"
#define ASSIGNMENTS(list) "{\"tag_assignments\":[" list "]}"

static struct testhost *
function_host(void)
{
  struct testhost *host = clone_host(CATALOG("prod", FUNCTION));

  testhost_arg(host, "tags", "true");
  testhost_sql(host, "SELECT 'catalog' AS kind*", TAG_ROWS(""));
  testhost_rest(host, ASSIGNED "prod.s.f/tags*", 200,
                ASSIGNMENTS(ASSIGNMENT("te`am", "a b") "," ASSIGNMENT(
                    "flag", "") ","
                                "{\"tag_key\":\"above\",\"tag_value\":\"x\",\"inherited\":true}"));
  return host;
}

Test(clone_tags, functions_take_tags_one_by_one)
{
  HOST host = function_host();

  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host, "SET TAG ON FUNCTION `dev`.`s`.`f` `te``am` = `a b`");
  assert_sent(host, "SET TAG ON FUNCTION `dev`.`s`.`f` `flag`");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "*TAG ON*"), 2, "inherited ones are not its own");
}

Test(clone_tags, a_function_tag_with_another_value_is_taken_first)
{
  HOST host = function_host();
  const struct testhost_sent *unset, *set;

  testhost_catalog(host, CATALOG("dev", FUNCTION));
  testhost_rest(host, ASSIGNED "dev.s.f/tags*", 200,
                ASSIGNMENTS(ASSIGNMENT("flag", "") "," ASSIGNMENT("te`am", "old")));
  cr_assert_eq(clone_on(host), CLXS_OK);
  unset = testhost_sent(host, TESTHOST_SQL, "UNSET TAG ON FUNCTION `dev`.`s`.`f` `te``am`", 0);
  set = testhost_sent(host, TESTHOST_SQL, "SET TAG ON FUNCTION `dev`.`s`.`f` `te``am` = `a b`", 0);
  cr_assert_not_null(unset);
  cr_assert_not_null(set);
  cr_assert_gt(set->ended, unset->ended);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "*TAG ON*"), 2);
}

Test(clone_tags, a_service_that_does_not_tell_tags_of_functions_is_asked_once)
{
  HOST host =
      clone_host(CATALOG("prod", FUNCTION ",{\"name\":\"g\",\"full_data_type\":\"INT\",\"routine_body\":"
                                          "\"SQL\",\"routine_definition\":\"2\"}"));

  testhost_arg(host, "tags", "true");
  testhost_sql(host, "SELECT 'catalog' AS kind*", TAG_ROWS(""));
  testhost_rest(host, ASSIGNED "*", 400, "{\"error_code\":\"INVALID_PARAMETER_VALUE\"}");
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, ASSIGNED "*"), 1);
}

Test(clone_tags, governed_tags_and_those_of_the_system_are_left_alone_and_reported)
{
  HOST host = tagged_host();
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_rest(host, "GET /api/2.1/tag-policies*", 200,
                "{\"tag_policies\":[{\"tag_key\":\"pii\"},{\"tag_key\":\"unused\"}]}");
  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_not_sent(host, "ALTER TABLE*COLUMN*");
  summary = clone_summary(host);
  cr_assert(strstr(json_text(summary), "tag pii is governed, so it is left alone on 2 objects"), "%s",
            json_text(summary));
  cr_assert(
      strstr(json_text(summary), "tag class.name belongs to the system, so it is left alone on 1 object\""));
  cr_assert_not(strstr(json_text(summary), "unused"));
}
