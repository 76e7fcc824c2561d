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

#define KEYED "SELECT t.table_schema, * FROM `prod`.information_schema.table_constraints*"
#define KEYED_THERE "SELECT t.table_schema, * FROM `dev`.information_schema.table_constraints*"
#define KEY_ROW(table, kind) "[\"s\",\"" table "\",\"" kind "\",\"k\",null]"
#define KEY_ROWS(rows)                                                                                      \
  "{\"columns\":[\"table_schema\",\"table_name\",\"constraint_type\",\"constraint_name\",\"column_name\"]," \
  "\"rows\":[" rows "]}"
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
  testhost_sql(host, "SELECT *table_constraints*", KEY_ROWS(""));
  testhost_sql(host, KEYED,
               KEY_ROWS(KEY_ROW("child", "FOREIGN KEY") "," KEY_ROW(
                   "parent", "PRIMARY KEY") ","
                                            "[\"elsewhere\",\"t\",\"PRIMARY KEY\",\"k\",null]"));
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
  testhost_sql(host, KEYED_THERE, KEY_ROWS(KEY_ROW("parent", "PRIMARY KEY")));
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

#define UNIQUE_ROW(column) "[\"s\",\"parent\",\"UNIQUE\",\"u`q\",\"" column "\"]"

Test(clone_meta, unique_constraints_have_their_columns_from_the_information_schema)
{
  HOST host = keyed_host(
      TABLES("prod", TABLE("parent", KEYS("{\"named_table_constraint\":{\"name\":\"u`q\"}}," PK("pk", "")))));
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_sql(host, KEYED,
               KEY_ROWS(KEY_ROW("parent", "PRIMARY KEY") "," UNIQUE_ROW("a") "," UNIQUE_ROW("b.c")));
  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host, "ALTER TABLE `dev`.`s`.`parent` ADD CONSTRAINT `u``q` UNIQUE (`a`, `b.c`)");
  summary = clone_summary(host);
  cr_assert_not(strstr(json_text(json_get(summary, "warnings")), "left out"), "%s", json_text(summary));
  testhost_catalog(host, TABLES("dev", TABLE("parent", KEYS(PK("pk", "")))));
  testhost_sql(host, KEYED_THERE,
               KEY_ROWS(KEY_ROW("parent", "PRIMARY KEY") "," UNIQUE_ROW("a") "," UNIQUE_ROW("b.c")));
  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host, "ALTER TABLE*UNIQUE (*"); /* once, by the first run */
}

#define PERMISSIONS "/api/2.1/unity-catalog/permissions/"
#define ASSIGNMENTS(list) "{\"privilege_assignments\":[" list "]}"
#define ASSIGN(principal, privileges) "{\"principal\":\"" principal "\",\"privileges\":[" privileges "]}"

static struct testhost *
granted_host(void)
{
  struct testhost *host = clone_host(TABLES("prod", TABLE("t", "") "," TABLE("bare", "")));

  testhost_arg(host, "permissions", "true");
  testhost_rest(host, "PATCH " PERMISSIONS "*", 200, "{}");
  testhost_rest(host, "GET " PERMISSIONS "*", 200, "{}");
  testhost_rest(
      host, "GET " PERMISSIONS "table/prod.s.t?max_results=0", 200,
      ASSIGNMENTS(ASSIGN("ann", "\"SELECT\",\"MODIFY\"") "," ASSIGN("bob", "\"ALL_PRIVILEGES\",\"MANAGE\"")));
  return host;
}

Test(clone_meta, all_grants_of_an_object_are_one_request)
{
  HOST host = granted_host();
  const struct testhost_sent *sent;

  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "PATCH*"), 1);
  sent = testhost_sent(host, TESTHOST_REST, "PATCH " PERMISSIONS "table/dev.s.t", 0);
  cr_assert_not_null(sent);
  cr_assert_str_eq(sent->body,
                   "{\"changes\":[{\"principal\":\"ann\",\"add\":[\"MODIFY\",\"SELECT\"]},{\"principal\":"
                   "\"bob\",\"add\":[\"ALL_PRIVILEGES\",\"MANAGE\"]}]}");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "GET " PERMISSIONS "*dev*"), 0, "it is new");
}

Test(clone_meta, only_grants_that_are_missing_are_made)
{
  HOST host = granted_host();

  testhost_catalog(host, TABLES("dev", TABLE("t", "") "," TABLE("bare", "")));
  testhost_rest(host, "GET " PERMISSIONS "table/dev.s.t?max_results=0", 200,
                ASSIGNMENTS(ASSIGN("ANN", "\"select\"") "," ASSIGN("bob", "\"ALL PRIVILEGES\"") "," ASSIGN(
                    "eve", "\"SELECT\"")));
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "PATCH*"), 1);
  cr_assert_str_eq(
      testhost_sent(host, TESTHOST_REST, "PATCH*", 0)->body,
      "{\"changes\":[{\"principal\":\"ann\",\"add\":[\"MODIFY\"]},{\"principal\":\"bob\",\"add\":["
      "\"MANAGE\"]}]}");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "GET " PERMISSIONS "*dev.s.bare*"), 0,
               "nothing to compare");
  testhost_rest(
      host, "GET " PERMISSIONS "table/dev.s.t?max_results=0", 200,
      ASSIGNMENTS(ASSIGN("ann", "\"ALL_PRIVILEGES\"") "," ASSIGN("bob", "\"ALL_PRIVILEGES\",\"MANAGE\"")));
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "PATCH*"), 1, "all privileges hold the others");
}

Test(clone_meta, who_does_not_exist_is_left_out_and_named)
{
  HOST host = granted_host();
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_rule_times(testhost_rest(host, "PATCH *", 200, "{}"), 2);
  testhost_rule_times(testhost_rest(host, "PATCH *", 404, "{\"error_code\":\"PRINCIPAL_DOES_NOT_EXIST\"}"),
                      1);
  testhost_rule_times(testhost_rest(host, "PATCH *", 404, "{\"error_code\":\"PRINCIPAL_DOES_NOT_EXIST\"}"),
                      1);
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  summary = clone_summary(host);
  assert_object(summary, "prod.s.t", "succeeded");
  cr_assert_str_eq(json_get_text(clone_object(summary, "prod.s.t"), "reason"),
                   "not granted to ann, not known here");
  cr_assert_str_eq(testhost_sent(host, TESTHOST_REST, "PATCH*", 2)->body,
                   "{\"changes\":[{\"principal\":\"bob\",\"add\":[\"ALL_PRIVILEGES\",\"MANAGE\"]}]}");
  cr_assert(strstr(testhost_log(host), "warn: "), "%s", testhost_log(host));
}

Test(clone_meta, grants_that_may_not_be_read_are_that_objects_failure)
{
  HOST host = granted_host();
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_rest(host, "GET " PERMISSIONS "table/prod.s.bare*", 403, "{\"error_code\":\"PERMISSION_DENIED\"}");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.bare", "failed");
  assert_object(summary, "prod.s.t", "succeeded");
  assert_sent(host, "CREATE OR REPLACE TABLE `dev`.`s`.`bare`*");
}

#define FILTER ",\"row_filter\":{\"function_name\":\"prod.s.f\",\"input_column_names\":[\"a\"]}"
#define MASK(owner)                                                                                         \
  ",\"columns\":[{\"name\":\"a\",\"type_text\":\"int\",\"position\":0,\"nullable\":false},{\"name\":\"m\"," \
  "\"type_text\":\"string\",\"position\":1,"                                                                \
  "\"mask\":{"                                                                                              \
  "\"function_name\":\"" owner ".s.f\",\"using_arguments\":[{\"column\":\"a\"},{\"constant\":\"it's\"},{"   \
  "\"constant\":\"5\"}]}}]"
#define FUNCTION \
  "{\"name\":\"f\",\"full_data_type\":\"BOOLEAN\",\"routine_body\":\"SQL\",\"routine_definition\":\"true\"}"
#define GUARDED                                                              \
  "{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\",\"functions\":[" FUNCTION \
  "],\"tables\":[" TABLE("t", FILTER MASK("prod") COMMENT("c")) "]}]}"

static struct testhost *
guarded_host(const char *catalog)
{
  struct testhost *host = clone_host(catalog);

  testhost_arg_clear(host, "protected-tables");
  testhost_arg(host, "protected-tables", "ctas");
  testhost_arg(host, "security", "true");
  return host;
}

/* Request PATTERN began when request BEFORE had ended. */
static void
assert_after(struct testhost *host, int kind, const char *pattern, const char *before)
{
  const struct testhost_sent *later = testhost_sent(host, kind, pattern, 0);
  size_t place = 0;

  cr_assert_not_null(later, "%s was not sent", pattern);
  for (size_t i = 0; testhost_sent(host, 0, NULL, i) != later; i++)
    if (testhost_sent(host, 0, NULL, i) == testhost_sent(host, 0, before, 0)) place = i + 1;
  cr_assert_gt(place, 0, "%s was not sent before %s", before, pattern);
}

Test(clone_meta, a_protected_copy_is_made_empty_then_protected_then_filled_then_granted)
{
  HOST host = guarded_host(GUARDED);
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_arg(host, "permissions", "true");
  testhost_rest(host, "PATCH " PERMISSIONS "*", 200, "{}");
  testhost_rest(host, "GET " PERMISSIONS "table/prod.s.t*", 200, ASSIGNMENTS(ASSIGN("ann", "\"SELECT\"")));
  testhost_rest(host, "GET " PERMISSIONS "schema/prod.s?*", 200, ASSIGNMENTS(ASSIGN("bob", "\"SELECT\"")));
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  assert_sent(host, "CREATE OR REPLACE TABLE `dev`.`s`.`t` (`a` int NOT NULL, `m` string) COMMENT 'c'");
  assert_sent(host, "ALTER TABLE `dev`.`s`.`t` SET ROW FILTER `dev`.`s`.`f` ON (`a`)");
  assert_sent(host, "ALTER TABLE `dev`.`s`.`t` ALTER COLUMN `m` SET MASK `dev`.`s`.`f` USING COLUMNS (`a`, "
                    "'it\\'s', 5)");
  assert_sent(host, "INSERT OVERWRITE TABLE `dev`.`s`.`t` (`a`, `m`) SELECT `a`, `m` FROM `prod`.`s`.`t`");
  assert_after(host, TESTHOST_SQL, "*SET ROW FILTER*", "CREATE OR REPLACE FUNCTION*");
  assert_after(host, TESTHOST_SQL, "*SET MASK*", "*SET ROW FILTER*");
  assert_after(host, TESTHOST_SQL, "INSERT*", "*SET MASK*");
  assert_after(host, TESTHOST_REST, "PATCH *table/dev.s.t", "*SET MASK*");
  assert_after(host, TESTHOST_REST, "PATCH *schema/dev.s", "*SET MASK*");
  summary = clone_summary(host);
  cr_assert(strstr(json_text(json_get(summary, "warnings")), "table s.t is protected"), "%s",
            json_text(summary));
}

Test(clone_meta, checks_are_said_anew_where_the_copy_is_no_clone)
{
  HOST host = clone_host(
      "{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\",\"functions\":[" FUNCTION
      "],\"tables\":[" TABLE("t", FILTER ",\"properties\":{\"delta.constraints.pos\":\"a > 0\"}") "," TABLE(
          "plain", ",\"properties\":{\"delta.constraints.pos\":\"a > 0\"}") "]}]}");
  const struct testhost_sent *check, *rows;

  testhost_arg(host, "constraints", "true");
  testhost_arg(host, "security", "true");
  testhost_arg_clear(host, "protected-tables");
  testhost_arg(host, "protected-tables", "ctas");
  testhost_sql(host, "SELECT t.table_schema*", KEY_ROWS(""));
  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host, "ALTER TABLE `dev`.`s`.`t` ADD CONSTRAINT `pos` CHECK (a > 0)");
  assert_not_sent(host, "ALTER TABLE `dev`.`s`.`plain`*");
  check = testhost_sent(host, TESTHOST_SQL, "*ADD CONSTRAINT*", 0);
  rows = testhost_sent(host, TESTHOST_SQL, "INSERT*", 0);
  cr_assert_not_null(rows);
  cr_assert_gt(rows->ended, check->ended, "rows that come are checked");
}

Test(clone_meta, what_cannot_be_protected_is_not_filled_and_not_granted)
{
  HOST host = guarded_host(GUARDED);
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_arg(host, "permissions", "true");
  testhost_rest(host, "GET " PERMISSIONS "table/prod.s.t*", 200, ASSIGNMENTS(ASSIGN("ann", "\"SELECT\"")));
  testhost_sql_error(host, "*SET ROW FILTER*", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  assert_not_sent(host, "INSERT*");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "PATCH*"), 0);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.t", "failed");
}

Test(clone_meta, a_copy_that_is_protected_already_is_filled_at_once)
{
  HOST host = guarded_host(GUARDED);

  testhost_catalog(
      host, "{\"name\":\"dev\",\"schemas\":[{\"name\":\"s\",\"functions\":[" FUNCTION "],\"tables\":[" TABLE(
                "t", ",\"row_filter\":{\"function_name\":\"dev.s.f\",\"input_column_names\":[\"a\"]}" MASK(
                         "dev") COMMENT("c")) "]}]}");
  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host, "CREATE OR REPLACE TABLE `dev`.`s`.`t` (`a` int NOT NULL, `m` string) COMMENT 'c'");
  assert_after(host, TESTHOST_SQL, "INSERT OVERWRITE TABLE `dev`.`s`.`t` *", "CREATE OR REPLACE TABLE*");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL) -
                   testhost_sent_count(host, TESTHOST_SQL, "SELECT * FROM*"),
               2, "and the filter is not written again");
}

Test(clone_meta, protected_tables_fail_unless_something_else_is_asked_for)
{
  HOST host = guarded_host(GUARDED);
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_arg_clear(host, "protected-tables");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.t", "failed");
  cr_assert_str_eq(json_get_text(clone_object(summary, "prod.s.t"), "error_class"), "ROW_COLUMN_ACCESS");
  assert_not_sent(host, "*`t`*");
}

#define OWNER(name) ",\"owner\":\"" name "\""
#define OWNED(name, top, schema, table, view)                                                                \
  "{\"name\":\"" name "\"" top ",\"schemas\":[{\"name\":\"s\"" schema ",\"tables\":[" TABLE(                 \
      "t", table) ",{"                                                                                       \
                  "\"name\":\"v\",\"table_type\":\"VIEW\",\"view_definition\":\"SELECT 1 AS a FROM t\"" view \
                  "}]}]}"

static struct testhost *
owned_host(const char *catalog)
{
  struct testhost *host = clone_host(catalog);

  testhost_arg(host, "ownership", "true");
  testhost_rest(host, "GET /api/2.0/preview/scim/v2/Me", 200, "{\"userName\":\"me\"}");
  testhost_rest(host, "PATCH /api/2.1/unity-catalog/*", 200, "{}");
  return host;
}

#define SET_OWNER "PATCH /api/2.1/unity-catalog/"

Test(clone_meta, owners_come_last_and_containers_after_what_they_hold)
{
  HOST host = owned_host(OWNED("prod", OWNER("ann"), OWNER("bob"), OWNER("eve"), OWNER("ME")));

  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "PATCH*"), 3, "the view is mine already");
  cr_assert_str_eq(testhost_sent(host, TESTHOST_REST, SET_OWNER "tables/dev.s.t", 0)->body,
                   "{\"owner\":\"eve\"}");
  assert_after(host, TESTHOST_REST, SET_OWNER "tables/dev.s.t", "CREATE VIEW*");
  assert_after(host, TESTHOST_REST, SET_OWNER "schemas/dev.s", SET_OWNER "tables/dev.s.t");
  assert_after(host, TESTHOST_REST, SET_OWNER "catalogs/dev", SET_OWNER "schemas/dev.s");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "*scim*"), 1);
}

Test(clone_meta, owners_that_are_right_and_those_that_are_the_service_stay)
{
  HOST host = owned_host(OWNED("prod", OWNER("System user"), OWNER("bob"), OWNER("eve"), OWNER("eve")));

  testhost_catalog(host, OWNED("dev", OWNER("me"), OWNER("Bob"), OWNER("eve"), OWNER("me")));
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "PATCH*"), 1);
  cr_assert_not_null(testhost_sent(host, TESTHOST_REST, SET_OWNER "tables/dev.s.v", 0));
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "*scim*"), 1, "for the journal");
}

Test(clone_meta, a_view_that_fails_keeps_its_table_and_schema_with_who_can_repair_it)
{
  HOST host = owned_host(OWNED("prod", "", OWNER("bob"), OWNER("eve"), ""));

  testhost_sql_error(host, "CREATE VIEW*", CLXS_E_DENIED, NULL, "no");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "PATCH*"), 0);
}

Test(clone_meta, an_owner_that_does_not_exist_is_a_remark)
{
  HOST host = owned_host(OWNED("prod", "", "", OWNER("eve"), ""));
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_rest(host, "PATCH *", 404, "{\"error_code\":\"PRINCIPAL_DOES_NOT_EXIST\"}");
  cr_assert_eq(clone_on(host), CLXS_OK);
  summary = clone_summary(host);
  cr_assert_str_eq(json_get_text(clone_object(summary, "prod.s.t"), "reason"),
                   "eve is not known here and was not made its owner");
}

#define PROPERTIES(list) ",\"properties\":{" list "}"

Test(clone_meta, properties_of_containers_and_views_are_one_write_each)
{
  HOST host = clone_host(OWNED("prod", PROPERTIES("\"k\":\"v\""), PROPERTIES("\"b\":\"it's\",\"a\":\"1\""),
                               PROPERTIES("\"t\":\"1\""),
                               PROPERTIES("\"refresh\":\"daily\",\"view.sqlConfig.x\":\"y\"")));
  const struct testhost_sent *sent;

  testhost_arg(host, "properties", "true");
  testhost_rest(host, "PATCH *", 200, "{}");
  cr_assert_eq(clone_on(host), CLXS_OK);
  assert_sent(host, "CREATE SCHEMA IF NOT EXISTS `dev`.`s` WITH DBPROPERTIES ('b' = 'it\\'s', 'a' = '1')");
  assert_sent(host, "ALTER VIEW `dev`.`s`.`v` SET TBLPROPERTIES ('refresh' = 'daily')");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "ALTER*"), 1, "a clone brings those of the table");
  sent = testhost_sent(host, TESTHOST_REST, "PATCH /api/2.1/unity-catalog/catalogs/dev", 0);
  cr_assert_str_eq(sent->body, "{\"properties\":{\"k\":\"v\"}}");
}

Test(clone_meta, properties_of_containers_that_are_there_are_kept_beside_new_ones)
{
  HOST host = clone_host(OWNED("prod", PROPERTIES("\"k\":\"v\""), PROPERTIES("\"b\":\"it's\",\"a\":\"1\""),
                               "", PROPERTIES("\"r\":\"daily\"")));
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_arg(host, "properties", "true");
  testhost_arg(host, "dry-run", "true");
  testhost_catalog(host, OWNED("dev", PROPERTIES("\"k\":\"v\",\"own\":\"1\""),
                               PROPERTIES("\"a\":\"1\",\"b\":\"old\",\"c\":\"mine\""), "",
                               PROPERTIES("\"r\":\"hourly\"")));
  cr_assert_eq(clone_on(host), CLXS_OK);
  summary = clone_summary(host);
  cr_assert(strstr(json_text(summary), "{\\\"properties\\\":{\\\"c\\\":\\\"mine\\\",\\\"b\\\":\\\"it's\\\","
                                       "\\\"a\\\":\\\"1\\\"}}"),
            "%s", json_text(summary));
  cr_assert(strstr(json_text(summary), "SET TBLPROPERTIES ('r' = 'hourly')"), "the way back: %s",
            json_text(summary));
  cr_assert_not(strstr(json_text(summary), "catalogs\\/dev"), "nothing is missing there: %s",
                json_text(summary));
}
