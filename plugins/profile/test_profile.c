/* SPDX-License-Identifier: Apache-2.0 */
/* The command on a scripted host: the questions by type, the answers, and what cannot be answered. */
#include <criterion/criterion.h>

#include "base/str.h"
#include "testhost/testhost.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

#define COLUMN(name, place, type) "{\"name\":\"" name "\",\"position\":" place ",\"type_text\":\"" type "\"}"
#define CATALOG(columns)                                                                                    \
  "{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"t\",\"table_type\":\"MANAGED\"," \
  "\"columns\":[" columns                                                                                   \
  "]},{\"name\":\"v\",\"table_type\":\"VIEW\",\"columns\":[" COLUMN("x", "0", "int") "]}]}]}"

static struct testhost *
profile_host(const char *catalog)
{
  struct testhost *host = testhost_new();

  testhost_arg(host, "source", "prod");
  testhost_arg(host, "top", "3");
  testhost_arg(host, "bins", "5");
  testhost_arg(host, "depth", "2");
  testhost_format(host, CLXS_FORMAT_JSON);
  testhost_catalog(host, catalog);
  return host;
}

static clxs_status
profile_on(struct testhost *host)
{
  return clxs_plugin_v1()->commands[0]->run(NULL, testhost_call(host));
}

static const char *
only_statement(struct testhost *host)
{
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 1, "one scan of the table");
  return testhost_sent(host, TESTHOST_SQL, NULL, 0)->text;
}

/* The statement that is sent for one column of TYPE, which the service refuses. */
static const char *
statement_for(struct testhost **host, const char *type)
{
  static char catalog[512];

  snprintf(catalog, sizeof catalog, CATALOG("{\"name\":\"a`b\",\"position\":0,\"type_text\":\"%s\"}"), type);
  *host = profile_host(catalog);
  testhost_sql_error(*host, "*", CLXS_E_INVALID, NULL, "refused");
  cr_assert_eq(profile_on(*host), CLXS_E_PARTIAL);
  return testhost_sent(*host, TESTHOST_SQL, NULL, 0)->text;
}

Test(profile, questions_by_type_and_quoting)
{
  static const struct {
    const char *type, *asks, *asks_not;
  } cases[] = {
      {"bigint", "stddev(CAST(`a``b` AS DOUBLE))", "isnan"},
      {"decimal(10, 2)", "to_json(histogram_numeric(CAST(`a``b` AS DOUBLE), 5))", "length("},
      {"double", "count_if(isnan(`a``b`))", "count_if(`a``b` = '')"},
      {"string", "to_json(approx_top_k(`a``b`, 3))", "avg(CAST("},
      {"varchar(10)", "max(length(`a``b`))", "stddev"},
      {"date", "unix_date(`a``b`)", "avg("},
      {"timestamp", "unix_seconds(`a``b`)", "length("},
      {"timestamp_ntz", "CAST(min(`a``b`) AS STRING)", "unix_seconds"},
      {"boolean", "count_if(`a``b`)", "min("},
      {"binary", "avg(length(`a``b`))", "approx_top_k"},
      {"array<int>", "size(`a``b`)", "approx_count_distinct"},
      {"map<string,double>", "size(`a``b`)", "isnan"},
      {"variant", "count(`a``b`)", "min("},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = NULL;
    const char *text = statement_for(&host, cases[i].type);

    cr_expect_not_null(strstr(text, cases[i].asks), "%s: %s", cases[i].type, text);
    cr_expect_null(strstr(text, cases[i].asks_not), "%s: %s", cases[i].type, text);
    cr_expect(str_ends(text, " FROM `prod`.`s`.`t`"), "%s", text);
  }
}

Test(profile, fields_of_structs_are_columns)
{
  HOST host = NULL;
  const char *text = statement_for(&host, "struct<city:string,pos:struct<lat:double>>");

  cr_assert_not_null(strstr(text, "approx_top_k(`a``b`.`city`, 3)"));
  cr_assert_not_null(strstr(text, "isnan(`a``b`.`pos`.`lat`)"));
  cr_assert_not_null(strstr(testhost_document(host), "\"column_name\":\"a`b.pos.lat\""));
}

Test(profile, figures)
{
  HOST host = profile_host(CATALOG(COLUMN("n", "0", "int")));

  testhost_sql(
      host, "SELECT count(*), count(`n`)*",
      "{\"columns\":[\"0\",\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"],\"rows\":[[\"4\",\"3\","
      "\"2\",\"1\",\"9\",\"3.5\",\"1.25\",\"[1,1,2,9,9]\",\"[{\\\"item\\\":1,\\\"count\\\":2}]\","
      "\"[{\\\"x\\\":1.0,\\\"y\\\":2.0}]\"]]}");
  cr_assert_eq(profile_on(host), CLXS_OK);
  cr_assert_not_null(strstr(testhost_document(host),
                            "\"null_count\":1,\"null_pct\":25,\"distinct_count\":2,\"min\":1,\"max\":9,"
                            "\"avg\":3.5,\"stddev\":1.25,\"quantiles\":{\"p05\":1,\"p25\":1,\"p50\":2,"
                            "\"p75\":9,\"p95\":9},\"top_values\":[{\"count\":2,\"item\":1}]"),
                     "%s", testhost_document(host));
  only_statement(host);
}

Test(profile, one_bad_column_does_not_cost_the_others)
{
  HOST host = profile_host(CATALOG(COLUMN("bad", "0", "variant") "," COLUMN("good", "1", "variant")));

  testhost_sql(host, "SELECT count(*), count(`good`) FROM*",
               "{\"columns\":[\"0\",\"1\"],\"rows\":[[\"4\",\"4\"]]}");
  testhost_sql_error(host, "*`bad`*", CLXS_E_INVALID, NULL, "cannot read bad");
  cr_assert_eq(profile_on(host), CLXS_E_PARTIAL);
  cr_assert_not_null(strstr(testhost_document(host), "\"error\":\"cannot read bad\""));
  cr_assert_not_null(
      strstr(testhost_document(host), "\"column_name\":\"good\",\"data_type\":\"variant\",\"null_"));
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 3);
}

Test(profile, a_denied_table_is_named_and_not_asked_again)
{
  HOST host = profile_host(CATALOG(COLUMN("a", "0", "int") "," COLUMN("b", "1", "int")));

  testhost_sql_error(host, "*", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no SELECT on t");
  cr_assert_eq(profile_on(host), CLXS_E_PARTIAL);
  only_statement(host);
  cr_assert_not_null(strstr(testhost_document(host), "\"row_count\":null"), "%s", testhost_document(host));
  cr_assert_not_null(strstr(testhost_document(host), "\"error\":\"no SELECT on t\""));
}

Test(profile, choices)
{
  HOST host = profile_host(CATALOG(COLUMN("a", "0", "int") "," COLUMN("b", "1", "variant")));

  testhost_arg(host, "columns", "B");
  testhost_arg(host, "sample", "12.5%");
  testhost_sql(host, "*", "{\"columns\":[\"0\",\"1\"],\"rows\":[[\"0\",\"0\"]]}");
  cr_assert_eq(profile_on(host), CLXS_OK);
  cr_assert_str_eq(
      only_statement(host),
      "SELECT count(*), count(`b`) FROM `prod`.`s`.`t` TABLESAMPLE (12.5 PERCENT) REPEATABLE (1)");
}

Test(profile, what_is_not_there_is_refused)
{
  static const struct {
    const char *flag, *value, *says;
  } cases[] = {{"table", "s.nothing", "s.nothing"},
               {"table", "t", "--table t"},
               {"columns", "nothing", "no table or column"},
               {"sample", "0", "--sample"},
               {"sample", "101%", "--sample"},
               {"sample", "x", "--sample"}};

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = profile_host(CATALOG(COLUMN("a", "0", "int")));

    testhost_arg(host, cases[i].flag, cases[i].value);
    cr_expect_lt(profile_on(host), 0);
    cr_expect_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
    cr_expect_not_null(strstr(testhost_call(host)->core->error(testhost_call(host))->message, cases[i].says),
                       "%s %s", cases[i].flag, cases[i].value);
  }
}
