/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions that people write, points in time, and what the history of a table tells. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/model/model.h"
#include "kit/rows/describe.h"
#include "kit/rows/history.h"
#include "kit/rows/moment.h"
#include "kit/rows/rows.h"
#include "kit/sqltext/condition.h"
#include "testhost/testhost.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *
#define ARENA CLEANUP(arena_cleanup) struct arena *
#define ROWS __attribute__((cleanup(rows_free))) struct rows

Test(rows, a_condition_stays_in_its_place_or_is_refused)
{
  static const struct {
    const char *text, *says; /* NULL: it is fine */
  } cases[] = {
      {"country = 'DE'", NULL},
      {"a IN (SELECT b FROM c.d.e WHERE x[1] = ')')", NULL},
      {"note LIKE '%--%' AND `a;b` = \"/*\"", NULL},
      {"x = r'\\'", NULL},
      {"größe > 1", NULL},
      {"", "empty"},
      {"  \n ", "empty"},
      {"a = 1; DROP TABLE t", "semicolon"},
      {"a = 1) OR (1 = 1", "closes nothing"},
      {"(a = 1", "never closed"},
      {"a[1)]", "closes nothing"},
      {"a = 1 -- all", "comment"},
      {"a = 1 /* all", "not SQL"},
      {"a = 1 /* all */", "comment"},
      {"a = 1 /*+ all */", "comment"},
      {"name = 'it", "not SQL"},
      {"name = 'it\\'", "not SQL"},
      {"`a", "not SQL"},
      {"a = :p", "parameter"},
      {"a = ?", "parameter"},
      {"a = ${p}", "variable"},
  };
  ARENA arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    const char *problem = sql_condition_problem(arena, cases[i].text);

    if (!cases[i].says)
      cr_assert_null(problem, "%s: %s", cases[i].text, problem);
    else
      cr_assert(problem && strstr(problem, cases[i].says), "%s: %s", cases[i].text, problem);
  }
}

Test(rows, points_in_time_are_read_to_the_microsecond)
{
  static const struct {
    const char *text;
    int64_t micros;
  } cases[] = {
      {"1970-01-01", 0},
      {"1969-12-31", INT64_C(-86400000000)},
      {"2024-02-29", INT64_C(1709164800000000)},
      {"2024-02-29 12:00", INT64_C(1709208000000000)},
      {"2024-02-29T12:00:01Z", INT64_C(1709208001000000)},
      {"2024-02-29T12:00:01.5+02:00", INT64_C(1709200801500000)},
      {"2024-02-29T12:00:01.123456-0130", INT64_C(1709213401123456)},
      {"2024-02-29 12:00:01.000+00", INT64_C(1709208001000000)},
  };
  static const char *const wrong[] = {"",
                                      "now",
                                      "2024-02-30",
                                      "2023-02-29",
                                      "2024-13-01",
                                      "2024-1-1",
                                      "20240101",
                                      "2024-01-01 25:00",
                                      "2024-01-01T",
                                      "2024-01-01 10:00:00 UTC",
                                      "2024-01-01 10:00x",
                                      "0000-01-01"};
  int64_t micros = 0;

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    cr_assert(moment_read(cases[i].text, &micros), "%s", cases[i].text);
    cr_assert_eq(micros, cases[i].micros, "%s: %lld", cases[i].text, (long long)micros);
  }
  micros = 7;
  for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
    cr_assert_not(moment_read(wrong[i], &micros), "%s", wrong[i]);
  cr_assert_not(moment_read(NULL, &micros));
  cr_assert_eq(micros, 7);
}

static clxs_status
read_flags(struct testhost *host, struct rows *rows)
{
  return rows_read(testhost_call(host), rows);
}

Test(rows, a_filter_of_its_own_takes_the_place_of_the_general_one)
{
  HOST host = testhost_new();
  ROWS rows;

  testhost_arg(host, "where", "a = 1");
  testhost_arg(host, "table-filter", "s.t:b = ':'");
  testhost_arg(host, "table-filter", "`raw-data`.`a``.:b`:c = 2");
  testhost_arg(host, "table-filter", "my-schema.my-table:d");
  cr_assert_eq(read_flags(host, &rows), CLXS_OK);
  cr_assert_str_eq(rows_condition(&rows, "S", "T"), "b = ':'");
  cr_assert_str_eq(rows_condition(&rows, "raw-data", "a`.:b"), "c = 2");
  cr_assert_str_eq(rows_condition(&rows, "my-schema", "my-table"), "d");
  cr_assert_str_eq(rows_condition(&rows, "s", "other"), "a = 1");
  cr_assert_not(rows_travel(&rows));
}

Test(rows, flags_that_cannot_be_meant_are_usage_errors)
{
  static const struct {
    const char *flag, *value, *other, *other_value;
  } cases[] = {
      {"where", "a;b", NULL, NULL},
      {"table-filter", "t:a = 1", NULL, NULL},
      {"table-filter", "s.t", NULL, NULL},
      {"table-filter", "s.t:", NULL, NULL},
      {"table-filter", ".t:a", NULL, NULL},
      {"table-filter", "`s.t:a = 1", NULL, NULL},
      {"table-filter", "c.s.t t:a = 1", NULL, NULL},
      {"table-filter", "s.t:a) OR (b", NULL, NULL},
      {"table-filter", "s.t:a", "table-filter", "S.`T`:b"},
      {"as-of-timestamp", "yesterday", NULL, NULL},
      {"as-of-timestamp", "2024-01-01", "as-of-version", "3"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = testhost_new();
    ROWS rows;

    testhost_arg(host, cases[i].flag, cases[i].value);
    if (cases[i].other) testhost_arg(host, cases[i].other, cases[i].other_value);
    cr_assert_eq(read_flags(host, &rows), CLXS_E_USAGE, "%s %s", cases[i].flag, cases[i].value);
  }
}

Test(rows, a_query_says_version_and_condition)
{
  static const char *const name[] = {"c", "s", "t`"};
  CLEANUP_BUF struct buf sql = BUF_INIT(BUF_SQL);

  rows_add_from(&sql, name, ROWS_NOW, NULL);
  rows_add_from(&sql, name, 0, "a OR b");
  cr_assert_str_eq(sql.data, " FROM `c`.`s`.`t``` FROM `c`.`s`.`t``` VERSION AS OF 0 WHERE (a OR b)");
}

#define HEAD "{\"columns\":[\"version\",\"timestamp\",\"operation\",\"operationParameters\"],\"rows\":["
#define CLONED(version, source, of)                                                                 \
  "[\"" version "\",\"2024-01-0" version "T00:00:00.000Z\",\"CLONE\",\"{\\\"source\\\":\\\"" source \
  "\\\",\\\"sourceVersion\\\":\\\"" of "\\\"}\"]"
#define OTHER(version, operation) \
  "[\"" version "\",\"2024-01-0" version "T00:00:00.000Z\",\"" operation "\",\"{}\"]"

static const char *const table[] = {"c", "s", "t"}, *const source[] = {"prod", "my-schema", "t"};

static void
assert_cloned(const char *rows, int64_t expected)
{
  HOST host = testhost_new();
  struct history history;

  testhost_sql(host, "DESCRIBE HISTORY `c`.`s`.`t` LIMIT 9", rows);
  cr_assert_eq(history_read(testhost_call(host), table, 9, NULL, &history), CLXS_OK);
  cr_assert_eq(history_cloned_version(&history, source), expected, "%s", rows);
}

Test(rows, the_last_clone_counts_while_nobody_has_written_since)
{
  assert_cloned(HEAD CLONED("3", "prod.my-schema.t", "12") "]}", 12);
  assert_cloned(HEAD CLONED("3", "`PROD`.`my-schema`.t", "12") "]}", 12);
  assert_cloned(HEAD OTHER("5", "OPTIMIZE") "," OTHER("4", "SET TBLPROPERTIES") "," CLONED(
                    "3", "prod.my-schema.t", "0") "]}",
                0);
  assert_cloned(HEAD OTHER("4", "WRITE") "," CLONED("3", "prod.my-schema.t", "12") "]}", -1);
  assert_cloned(HEAD OTHER("4", "RESTORE") "," CLONED("3", "prod.my-schema.t", "12") "]}", -1);
  assert_cloned(HEAD CLONED("3", "prod.my-schema.other", "12") "]}", -1);
  assert_cloned(HEAD CLONED("3", "s3://bucket/prod/t", "12") "]}", -1);
  assert_cloned(HEAD OTHER("1", "OPTIMIZE") "]}", -1);
}

Test(rows, the_version_of_a_moment_is_the_last_one_before_it)
{
  HOST host = testhost_new();
  struct history history;
  int64_t micros;

  testhost_sql(host, "DESCRIBE HISTORY *",
               HEAD OTHER("5", "WRITE") "," OTHER("4", "WRITE") "," OTHER("2", "WRITE") "]}");
  cr_assert_eq(history_read(testhost_call(host), table, 0, NULL, &history), CLXS_OK);
  cr_assert_eq(history.count, 3);
  cr_assert(moment_read("2024-01-09", &micros));
  cr_assert_eq(history_version_at(&history, micros), 5);
  cr_assert(moment_read("2024-01-04", &micros));
  cr_assert_eq(history_version_at(&history, micros), 4);
  cr_assert(moment_read("2024-01-03 23:59:59.999", &micros));
  cr_assert_eq(history_version_at(&history, micros), 2);
  cr_assert(moment_read("2024-01-01", &micros));
  cr_assert_eq(history_version_at(&history, micros), -1);
}

Test(rows, a_history_that_cannot_be_understood_is_an_error)
{
  static const char *const answers[] = {"{\"columns\":[\"a\"],\"rows\":[[\"1\"]]}", HEAD "]}",
                                        HEAD "[\"x\",null,null,null]]}"};

  for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
    HOST host = testhost_new();
    struct history history;

    testhost_sql(host, "DESCRIBE HISTORY *", answers[i]);
    cr_assert_eq(history_read(testhost_call(host), table, 0, NULL, &history), CLXS_E_DATA, "%s", answers[i]);
  }
}

Test(rows, details_are_found_by_their_names)
{
  HOST host = testhost_new();
  struct table_detail detail;

  testhost_sql(host, "DESCRIBE DETAIL `c`.`s`.`t`",
               "{\"columns\":[\"x\",\"clusteringColumns\",\"sizeInBytes\"],\"rows\":[[\"1\",\"[\\\"a\\\"]\","
               "\"77\"]]}");
  cr_assert_eq(detail_read(testhost_call(host), table, NULL, &detail), CLXS_OK);
  cr_assert_eq(detail.bytes, 77);
  cr_assert_str_eq(detail.cluster, "[\"a\"]");
}

Test(rows, a_table_is_as_it_was_made_until_somebody_writes)
{
  static const struct {
    const char *rows;
    bool expected;
  } cases[] = {
      {HEAD OTHER("0", "CREATE TABLE AS SELECT") "]}", true},
      {HEAD OTHER("7", "CREATE OR REPLACE TABLE AS SELECT") "," OTHER("6", "WRITE") "]}", true},
      {HEAD OTHER("2", "OPTIMIZE") "," OTHER("1", "WRITE") "," OTHER("0", "CREATE OR REPLACE TABLE") "]}",
       true},
      {HEAD OTHER("2", "WRITE") "," OTHER("1", "WRITE") "," OTHER("0", "CREATE TABLE") "]}", false},
      {HEAD OTHER("1", "DELETE") "," OTHER("0", "CREATE TABLE AS SELECT") "]}", false},
      {HEAD OTHER("1", "WRITE") "]}", false},
      {HEAD CLONED("3", "prod.my-schema.t", "12") "]}", false},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = testhost_new();
    struct history history;

    testhost_sql(host, "DESCRIBE HISTORY *", cases[i].rows);
    cr_assert_eq(history_read(testhost_call(host), table, 0, NULL, &history), CLXS_OK);
    cr_assert_eq(history_is_as_made(&history), cases[i].expected, "%zu", i);
  }
}

Test(rows, what_a_copy_notes_is_understood_for_its_own_source_only)
{
  static const char *const wrong[] = {
      "", "12", "12/ab", "x/ab/prod.my-schema.t", "12/ab/prod.my-schema.u", "12/ab/prod"};
  ARENA arena = arena_new();
  const char *text = rows_copied_text(arena, source, 12, 0xab);

  cr_assert_str_eq(text, "12/00000000000000ab/prod.my-schema.t");
  cr_assert_eq(rows_copied_version(text, source), 12);
  cr_assert_eq(rows_copied_version("0/ab/PROD.My-Schema.T", source), 0);
  cr_assert_eq(rows_copied_version(NULL, source), -1);
  for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
    cr_assert_eq(rows_copied_version(wrong[i], source), -1, "%s", wrong[i]);
}
