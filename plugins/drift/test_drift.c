/* SPDX-License-Identifier: Apache-2.0 */
/* The command on a scripted host: what counts as breaking, which statements mend it, what is refused. */
#include <criterion/criterion.h>

#include "base/json.h"
#include "base/str.h"
#include "drift.h"
#include "testhost/testhost.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

#define COLUMN(name, place, type, more) \
  "{\"name\":\"" name "\",\"position\":" place ",\"type_text\":\"" type "\"" more "}"
#define TABLE(columns, more)                                                                          \
  "{\"name\":\"t\",\"table_type\":\"MANAGED\",\"data_source_format\":\"DELTA\",\"columns\":[" columns \
  "]" more "}"
#define CATALOG(name, tables) "{\"name\":\"" name "\",\"schemas\":[{\"name\":\"s\",\"tables\":[" tables "]}]}"
#define MAPPED ",\"properties\":{\"delta.columnMapping.mode\":\"name\"}"

/* AFTER is the source's table, BEFORE the copy's. */
static struct testhost *
drift_host(const char *after, const char *before)
{
  struct testhost *host = testhost_new();

  testhost_arg(host, "source", "prod");
  testhost_arg(host, "dest", "dev");
  testhost_format(host, CLXS_FORMAT_JSON);
  testhost_catalog(host, clxs_textf(testhost_call(host), CATALOG("prod", "%s"), after));
  testhost_catalog(host, clxs_textf(testhost_call(host), CATALOG("dev", "%s"), before));
  testhost_sql(host, "ALTER TABLE*", NULL);
  return host;
}

static clxs_status
drift_on(struct testhost *host)
{
  return clxs_plugin_v1()->commands[0]->run(NULL, testhost_call(host));
}

static void
assert_says(struct testhost *host, const char *part)
{
  cr_assert_not_null(strstr(testhost_document(host), part), "%s is not in %s", part, testhost_document(host));
}

Test(drift, widening)
{
  static const struct {
    const char *from, *to;
    bool widens;
  } cases[] = {
      {"int", "bigint", true},
      {"bigint", "int", false},
      {"tinyint", "double", true},
      {"bigint", "double", false},
      {"int", "decimal(10,0)", true},
      {"int", "decimal(10,2)", false},
      {"bigint", "decimal(20,0)", true},
      {"bigint", "decimal(19,0)", false},
      {"float", "double", true},
      {"double", "float", false},
      {"date", "timestamp_ntz", true},
      {"date", "timestamp", false},
      {"decimal(10,2)", "decimal(12,2)", true},
      {"decimal(10,2)", "decimal(12,4)", true},
      {"decimal(10,2)", "decimal(11,4)", false},
      {"varchar(10)", "varchar(20)", true},
      {"varchar(20)", "varchar(10)", false},
      {"varchar(20)", "string", true},
      {"string", "varchar(20)", false},
      {"int", "string", false},
      {"struct<a:int>", "struct<a:bigint>", false},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
    cr_expect_eq(drift_widens(cases[i].from, cases[i].to), cases[i].widens, "%s to %s", cases[i].from,
                 cases[i].to);
}

Test(drift, the_same_has_none)
{
  HOST host = drift_host(TABLE(COLUMN("a", "0", "int", ""), ""), TABLE(COLUMN("a", "0", "int", ""), ""));

  cr_assert_eq(drift_on(host), CLXS_OK);
  assert_says(host, "\"has_drift\":false");
}

Test(drift, classes)
{
  HOST host = drift_host(
      TABLE(COLUMN("a", "0", "bigint", "") "," COLUMN("new", "1", "int", "") "," COLUMN(
                "must", "2", "int", ",\"nullable\":false") "," COLUMN("c", "3", "int", ",\"comment\":\"x\""),
            ""),
      TABLE(COLUMN("a", "0", "int", "") "," COLUMN("gone", "1", "int", "") "," COLUMN("c", "2", "int", ""),
            ""));

  cr_assert_eq(drift_on(host), CLXS_DIFFERENT);
  assert_says(host, "\"changes\":{\"compatible\":2,\"breaking\":2,\"neutral\":1}");
  assert_says(host, "\"added_in_source\":[{\"column\":\"new\",\"type\":\"int\",\"class\":\"compatible\"},"
                    "{\"column\":\"must\",\"type\":\"int\",\"class\":\"breaking\"}]");
  assert_says(host,
              "\"removed_from_source\":[{\"column\":\"gone\",\"type\":\"int\",\"class\":\"breaking\"}]");
  assert_says(host,
              "{\"column\":\"a\",\"class\":\"compatible\",\"differences\":{\"type\":{\"source\":\"bigint\","
              "\"dest\":\"int\"}}}");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
}

Test(drift, tables_on_one_side)
{
  HOST host = drift_host("{\"name\":\"new\",\"table_type\":\"MANAGED\"}",
                         "{\"name\":\"old\",\"table_type\":\"MANAGED\"}");

  cr_assert_eq(drift_on(host), CLXS_DIFFERENT);
  assert_says(host, "\"table\":\"new\",\"status\":\"added_in_source\",\"class\":\"compatible\"");
  assert_says(host, "\"table\":\"old\",\"status\":\"removed_from_source\",\"class\":\"breaking\"");
}

/* The statements of --apply, in their order, with "; " between. */
static const char *
applied(struct testhost *host, clxs_status expected)
{
  const char *all = "";

  testhost_arg(host, "apply", "true");
  cr_assert_eq(drift_on(host), expected, "%s", testhost_document(host));
  for (size_t i = 0; i < testhost_sent_count(host, TESTHOST_SQL, NULL); i++)
    all = clxs_textf(testhost_call(host), "%s%s%s", all, i ? "; " : "",
                     testhost_sent(host, TESTHOST_SQL, NULL, i)->text);
  return all;
}

Test(drift, apply_adds_and_widens)
{
  HOST host = drift_host(TABLE(COLUMN("first`", "0", "int", ",\"comment\":\"it's\"") "," COLUMN(
                                   "a", "1", "bigint", "") "," COLUMN("s", "2", "struct<x:int,y:string>", ""),
                               ""),
                         TABLE(COLUMN("a", "0", "int", "") "," COLUMN("s", "1", "struct<x:int>", ""), ""));

  cr_assert_str_eq(applied(host, CLXS_OK),
                   "ALTER TABLE `dev`.`s`.`t` SET TBLPROPERTIES ('delta.enableTypeWidening' = 'true'); "
                   "ALTER TABLE `dev`.`s`.`t` ALTER COLUMN `a` TYPE bigint; "
                   "ALTER TABLE `dev`.`s`.`t` ADD COLUMNS (`s`.`y` string); "
                   "ALTER TABLE `dev`.`s`.`t` ADD COLUMNS (`first``` int COMMENT 'it\\'s' FIRST)");
}

Test(drift, apply_drops_only_on_request_and_with_column_mapping)
{
  HOST host = drift_host(TABLE(COLUMN("a", "0", "int", ""), ""),
                         TABLE(COLUMN("a", "0", "int", "") "," COLUMN("b", "1", "int", ""), MAPPED));
  HOST unmapped = drift_host(TABLE(COLUMN("a", "0", "int", ""), ""),
                             TABLE(COLUMN("a", "0", "int", "") "," COLUMN("b", "1", "int", ""), ""));

  cr_assert_str_eq(applied(host, CLXS_OK), "");
  assert_says(host, "not dropped without --drop-removed");
  testhost_arg(unmapped, "drop-removed", "true");
  cr_assert_str_eq(applied(unmapped, CLXS_E_PARTIAL), "");
  assert_says(unmapped, "delta.columnMapping.mode");
}

Test(drift, apply_drops)
{
  HOST host = drift_host(TABLE(COLUMN("a", "0", "int", ""), ""),
                         TABLE(COLUMN("a", "0", "int", "") "," COLUMN("b", "1", "int", ""), MAPPED));

  testhost_arg(host, "drop-removed", "true");
  cr_assert_str_eq(applied(host, CLXS_OK), "ALTER TABLE `dev`.`s`.`t` DROP COLUMN `b`");
}

Test(drift, what_breaks_is_asked_for)
{
  HOST host = drift_host(TABLE(COLUMN("a", "0", "int", ",\"nullable\":false"), ""),
                         TABLE(COLUMN("a", "0", "int", ""), ""));

  testhost_confirm(host, CLXS_E_CANCELLED);
  cr_assert_str_eq(applied(host, CLXS_E_CANCELLED), "");
}

Test(drift, what_cannot_be_altered_is_refused_and_the_rest_is_done)
{
  HOST host = drift_host(TABLE(COLUMN("a", "0", "string", "") "," COLUMN("b", "1", "int", ""), ""),
                         TABLE(COLUMN("a", "0", "int", ""), ""));

  cr_assert_str_eq(applied(host, CLXS_E_PARTIAL),
                   "ALTER TABLE `dev`.`s`.`t` ADD COLUMNS (`b` int AFTER `a`)");
  assert_says(host, "int cannot become string in place");
}

Test(drift, a_dry_run_sends_nothing)
{
  HOST host = drift_host(TABLE(COLUMN("a", "0", "bigint", ""), ""), TABLE(COLUMN("a", "0", "int", ""), ""));

  testhost_arg(host, "dry-run", "true");
  cr_assert_str_eq(applied(host, CLXS_OK), "");
  assert_says(host, "ALTER COLUMN `a` TYPE bigint");
}

Test(drift, a_table_over_time)
{
  HOST host =
      drift_host(TABLE(COLUMN("a", "0", "bigint", "") "," COLUMN("b", "1", "int", ""), ""), TABLE("", ""));

  testhost_arg(host, "table", "s.t");
  testhost_arg(host, "since-version", "3");
  testhost_sql(host, "SELECT * FROM `prod`.`s`.`t` VERSION AS OF 3 LIMIT 0",
               "{\"columns\":[\"a\"],\"rows\":[]}");
  cr_assert_eq(drift_on(host), CLXS_DIFFERENT);
  assert_says(host, "\"added_in_source\":[{\"column\":\"b\"");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 1);
}

Test(drift, flags_that_do_not_go_together)
{
  static const struct {
    const char *flag, *value, *says;
  } cases[] = {{"table", "s.t", "--since-version"},
               {"since-version", "1", "--table"},
               {"dry-run", "true", "--apply"},
               {"drop-removed", "true", "--apply"}};

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = drift_host(TABLE("", ""), TABLE("", ""));

    testhost_arg(host, cases[i].flag, cases[i].value);
    cr_expect_eq(drift_on(host), CLXS_E_USAGE, "%s", cases[i].flag);
    cr_expect_not_null(strstr(testhost_call(host)->core->error(testhost_call(host))->message, cases[i].says));
    cr_expect_eq(testhost_sent_count(host, 0, NULL), 0);
  }
}
