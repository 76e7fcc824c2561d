/* SPDX-License-Identifier: Apache-2.0 */
/* What hangs on objects: comments, keys, tags, grants, filters, owners. What is sent when the copy is new,
 * what when it differs, and nothing when it is the same. */
#include "clone_test.h"
#include "kit/plan/journal.h"

#include "base/banned.h"

#define TABLES(name, tables) "{\"name\":\"" name "\",\"schemas\":[{\"name\":\"s\",\"tables\":[" tables "]}]}"
#define TABLE(name, more) \
  "{\"name\":\"" name "\",\"table_type\":\"MANAGED\",\"data_source_format\":\"DELTA\"" more "}"
#define COMMENT(text) ",\"comment\":\"" text "\""

Test(clone_meta, a_clone_loses_the_tables_comment_so_it_is_said_again)
{
  HOST host = clone_host(TABLES("prod", TABLE("t", COMMENT("it's \\\\ ours")) "," TABLE("bare", "")));

  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host, "COMMENT ON TABLE `dev`.`s`.`t` IS 'it\\'s \\\\ ours'");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "COMMENT ON*"), 1);
  cr_assert_gt(testhost_sent(host, TESTHOST_SQL, "COMMENT ON*", 0)->ended, 0);
}

Test(clone_meta, comments_that_are_the_same_or_only_over_there_stay)
{
  HOST host =
      clone_host("{\"name\":\"prod\",\"comment\":\"c\",\"schemas\":[{\"name\":\"s\",\"comment\":\"new\","
                 "\"tables\":[" TABLE("t", COMMENT("same")) "," TABLE(
                     "own", "") "],\"volumes\":["
                                "{\"name\":\"v\",\"volume_type\":\"MANAGED\",\"comment\":\"vol\"}]}]}");

  testhost_catalog(
      host, "{\"name\":\"dev\",\"comment\":\"c\",\"schemas\":[{\"name\":\"s\",\"comment\":\"old\","
            "\"tables\":[" TABLE("t", COMMENT("same")) "," TABLE(
                "own", COMMENT("mine")) "],"
                                        "\"volumes\":[{\"name\":\"v\",\"volume_type\":\"MANAGED\"}]}]}");
  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host, "COMMENT ON SCHEMA `dev`.`s` IS 'new'");
  assert_sent(host, "COMMENT ON VOLUME `dev`.`s`.`v` IS 'vol'");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "COMMENT ON*"), 2);
}

Test(clone_meta, a_catalog_that_is_there_gets_its_comment)
{
  HOST host = clone_host("{\"name\":\"prod\",\"comment\":\"c\",\"schemas\":[]}");

  testhost_catalog(host, "{\"name\":\"dev\",\"schemas\":[]}");
  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host, "COMMENT ON CATALOG `dev` IS 'c'");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 1);
}

Test(clone_meta, no_comments_means_none_of_any_kind)
{
  HOST host = clone_host(
      "{\"name\":\"prod\",\"comment\":\"c\",\"schemas\":[{\"name\":\"s\",\"comment\":\"c\",\"tables\":"
      "[" TABLE(
          "t",
          COMMENT(
              "c")) ",{\"name\":\"w\",\"table_type\":\"VIEW\",\"comment\":\"c\",\"view_definition\":"
                    "\"SELECT 1 AS "
                    "a\",\"columns\":[{\"name\":\"a\",\"comment\":\"c\",\"position\":0}]}],\"functions\":["
                    "{\"name\":\"f\",\"comment\":\"c\",\"full_data_type\":\"INT\",\"routine_body\":\"SQL\","
                    "\"routine_definition\":\"1\"}],\"volumes\":[{\"name\":\"v\",\"volume_type\":\"MANAGED\","
                    "\"comment\":\"c\"}]}]}");

  testhost_arg_clear(host, "comments");
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 6);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "*COMMENT*"), 0);
}

Test(clone_meta, a_step_says_how_to_take_it_back)
{
  HOST host = clone_host("{\"name\":\"prod\",\"comment\":\"new\",\"schemas\":[]}");
  CLEANUP_JSON struct json_object *summary = NULL;
  struct json_object *step;

  testhost_catalog(host, "{\"name\":\"dev\",\"comment\":\"old\",\"schemas\":[]}");
  testhost_arg(host, "dry-run", "true");
  cr_assert_eq(clone_on(host), CLXS_OK);
  summary = clone_summary(host);
  step = json_item(json_get_array(json_get(summary, "plan"), "steps"), 0);
  cr_assert_str_eq(json_get_text(step, "text"), "COMMENT ON CATALOG `dev` IS 'new'");
  cr_assert(strstr(json_text(step), "COMMENT ON CATALOG `dev` IS 'old'"), "%s", json_text(step));
}

#define KEYED "SELECT DISTINCT table_schema, table_name FROM `prod`.information_schema.table_constraints*"
#define KEYED_THERE \
  "SELECT DISTINCT table_schema, table_name FROM `dev`.information_schema.table_constraints*"
#define KEYS(list) ",\"table_constraints\":[" list "]"
#define PK(name, more) \
  "{\"primary_key_constraint\":{\"name\":\"" name "\",\"child_columns\":[\"id\"]" more "}}"
#define FK(name, parent)                                                                                    \
  "{\"foreign_key_constraint\":{\"name\":\"" name "\",\"child_columns\":[\"x\"],\"parent_table\":\"" parent \
  "\",\"parent_columns\":[\"id\"]}}"

static struct testhost *
keyed_host(const char *catalog)
{
  struct testhost *host = clone_host(catalog);

  testhost_arg(host, "constraints", "true");
  testhost_sql(host, "SELECT DISTINCT*table_constraints*",
               "{\"columns\":[\"table_schema\",\"table_name\"],\"rows\":[]}");
  testhost_sql(
      host, KEYED,
      "{\"columns\":[\"table_schema\",\"table_name\"],\"rows\":[[\"s\",\"child\"],[\"s\",\"parent\"],"
      "[\"elsewhere\",\"t\"]]}");
  return host;
}

Test(clone_meta, primary_keys_come_before_the_foreign_keys_that_need_them)
{
  HOST host = keyed_host(TABLES(
      "prod",
      TABLE("child", KEYS(FK("f`k", "prod.s.parent"))) "," TABLE(
          "parent", KEYS(PK("pk", ",\"rely\":true,\"timeseries_columns\":[\"id\"]"))) "," TABLE("bare", "")));
  const struct testhost_sent *primary, *foreign;

  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host, "ALTER TABLE `dev`.`s`.`parent` ADD CONSTRAINT `pk` PRIMARY KEY (`id` TIMESERIES) RELY");
  assert_sent(host, "ALTER TABLE `dev`.`s`.`child` ADD CONSTRAINT `f``k` FOREIGN KEY (`x`) REFERENCES "
                    "`dev`.`s`.`parent` (`id`)");
  primary = testhost_sent(host, TESTHOST_SQL, "*PRIMARY KEY (*", 0);
  foreign = testhost_sent(host, TESTHOST_SQL, "*FOREIGN KEY (*", 0);
  cr_assert_gt(foreign->ended, primary->ended);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "*tables/prod.s.bare"), 0, "only tables with keys");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "SELECT*"), 1,
               "and none of a catalog that is not there");
}

Test(clone_meta, keys_that_are_there_are_left_alone_and_others_are_told_of)
{
  HOST host = keyed_host(
      TABLES("prod", TABLE("child", KEYS(FK("fk", "prod.gone.parent") "," FK("out", "other.s.t"))) "," TABLE(
                         "parent", KEYS(PK("pk", "")))));
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_catalog(host, TABLES("dev", TABLE("child", "") "," TABLE("parent", KEYS(PK("pk", "")))));
  testhost_sql(host, KEYED_THERE,
               "{\"columns\":[\"table_schema\",\"table_name\"],\"rows\":[[\"s\",\"parent\"]]}");
  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_not_sent(host, "*PRIMARY KEY (*");
  assert_sent(host, "ALTER TABLE `dev`.`s`.`child` ADD CONSTRAINT `out` FOREIGN KEY (`x`) REFERENCES "
                    "`other`.`s`.`t` (`id`)");
  summary = clone_summary(host);
  cr_assert(strstr(json_text(json_get(summary, "warnings")),
                   "table s.child, foreign key fk: the table it refers to is not in the destination"),
            "%s", json_text(summary));
}

Test(clone_meta, a_key_that_exists_by_now_is_done_and_keys_that_cannot_be_listed_end_the_run)
{
  HOST host = keyed_host(TABLES("prod", TABLE("parent", KEYS(PK("pk", "")))));

  testhost_sql_error(host, "*PRIMARY KEY (*", CLXS_E_EXISTS, "CONSTRAINT_ALREADY_EXISTS", "it exists");
  cr_assert_eq(clone_on(host), CLXS_OK);
  testhost_sql_error(host, KEYED, CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no");
  cr_assert_eq(clone_on(host), CLXS_E_DENIED, "nothing is taken for no keys");
}
