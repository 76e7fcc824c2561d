/* SPDX-License-Identifier: Apache-2.0 */
/* Batched counting: the text of the statements, and what becomes of tables that cannot be counted. */
#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/count/count.h"
#include "kit/model/model.h"
#include "testhost/testhost.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *
#define ARENA CLEANUP(arena_cleanup) struct arena *

static void
assert_query(const struct model_column *columns, uint32_t count, bool checksum, const char *expected)
{
  struct count_table table = {
      .catalog = "c", .schema = "s", .name = "t`", .columns = columns, .column_count = count};
  CLEANUP_BUF struct buf sql = BUF_INIT(BUF_SQL);

  count_add_query(&sql, 7, &table, checksum);
  cr_assert_str_eq(sql.data, expected, "%s", sql.data);
}

Test(count, a_plain_count_is_a_plain_count)
{
  assert_query(NULL, 0, false, "SELECT 7 AS i, count(*) AS n FROM `c`.`s`.`t```");
}

Test(count, a_version_and_a_condition_are_counted)
{
  struct model_column column = {.name = "id", .type_text = "bigint", .not_null = true};
  struct count_table table = {.catalog = "c",
                              .schema = "s",
                              .name = "t",
                              .pinned = true,
                              .condition = "a OR b",
                              .columns = &column,
                              .column_count = 1};
  CLEANUP_BUF struct buf sql = BUF_INIT(BUF_SQL);

  count_add_query(&sql, 1, &table, false);
  cr_assert_str_eq(sql.data, "SELECT 1 AS i, count(*) AS n FROM `c`.`s`.`t` VERSION AS OF 0 WHERE (a OR b)");
  buf_reset(&sql);
  table.pinned = false;
  count_add_query(&sql, 1, &table, true);
  cr_assert(strstr(sql.data, "xxhash64(`id`) AS h FROM `c`.`s`.`t` WHERE (a OR b))"), "%s", sql.data);
}

#define SUMS                                                                        \
  "SELECT 7 AS i, count(*) AS n, coalesce(sum(CAST(h AS DECIMAL(38,0))), 0) AS s, " \
  "coalesce(bit_xor(h), 0) AS x FROM (SELECT "

Test(count, a_column_that_may_be_null_brings_a_mark)
{
  struct model_column columns[] = {{.name = "id", .type_text = "bigint", .not_null = true},
                                   {.name = "a b", .type_text = "string"}};

  assert_query(columns, 2, true, SUMS "xxhash64(`id`, `a b` IS NULL, `a b`) AS h FROM `c`.`s`.`t```)");
}

Test(count, values_with_an_inside_are_hashed_by_their_json)
{
  static const struct {
    const char *type, *expected;
  } cases[] = {
      {"array<int>", "xxhash64(`v`, to_json(named_struct('v', `v`)))"},
      {"struct<map:int,`variant`:int>", "xxhash64(`v`, to_json(named_struct('v', `v`)))"},
      {"map<string,int>", "xxhash64(to_json(named_struct('v', `v`)))"},
      {"array<map<string,int>>", "xxhash64(to_json(named_struct('v', `v`)))"},
      {"VARIANT", "xxhash64(to_json(named_struct('v', `v`)))"},
      {"string collate UTF8_LCASE", "xxhash64(CAST(`v` AS BINARY))"},
      {"decimal(10,2)", "xxhash64(`v`)"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    struct model_column column = {.name = "v", .type_text = cases[i].type, .not_null = true};
    CLEANUP_BUF struct buf sql = BUF_INIT(BUF_SQL);

    buf_addf(&sql, SUMS "%s AS h FROM `c`.`s`.`t```)", cases[i].expected);
    assert_query(&column, 1, true, sql.data);
  }
}

Test(count, a_table_without_columns_has_a_checksum_all_the_same)
{
  assert_query(NULL, 0, true, SUMS "CAST(0 AS BIGINT) AS h FROM `c`.`s`.`t```)");
}

static struct count_table *
four_tables(struct arena *arena)
{
  struct count_table *tables = arena_array(arena, 4, sizeof *tables);

  for (int i = 0; i < 4; i++)
    tables[i] = (struct count_table){.catalog = "c", .schema = "s", .name = arena_printf(arena, "t%d", i)};
  return tables;
}

Test(count, one_statement_counts_many_and_rows_may_come_in_any_order)
{
  HOST host = testhost_new();
  ARENA arena = arena_new();
  struct count_table *tables = four_tables(arena);
  struct count_options options = {.width = 2, .checksum = true};

  testhost_sql(host, "*",
               "{\"columns\":[\"i\",\"n\",\"s\",\"x\"],\"rows\":[[\"3\",\"30\",\"-5\",\"6\"],"
               "[\"0\",\"0\",\"0\",\"0\"],[\"2\",\"20\",\"1\",\"2\"],[\"1\",\"10\",\"9\",\"9\"]]}");
  cr_assert_eq(count_tables(testhost_call(host), arena, tables, 4, &options), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 1);
  for (int i = 0; i < 4; i++) {
    cr_assert(tables[i].known);
    cr_assert_eq(tables[i].rows, 10 * i);
    cr_assert_null(tables[i].problem);
  }
  cr_assert_str_eq(tables[3].checksum, "-5/6");
}

Test(count, batches_hold_as_many_tables_as_asked)
{
  HOST host = testhost_new();
  ARENA arena = arena_new();
  struct count_table *tables = four_tables(arena);
  struct count_options options = {.width = 1, .batch = 3};

  testhost_sql(host, "*", NULL);
  cr_assert_eq(count_tables(testhost_call(host), arena, tables, 4, &options), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 2);
  for (int i = 0; i < 4; i++) {
    cr_assert_not(tables[i].known, "no row came back for table %d", i);
    cr_assert_not_null(tables[i].problem);
  }
}

Test(count, only_the_table_to_blame_stays_unknown)
{
  HOST host = testhost_new();
  ARENA arena = arena_new();
  struct count_table *tables = four_tables(arena);
  struct count_options options = {.width = 1};

  testhost_sql(host, "*",
               "{\"columns\":[\"i\",\"n\"],\"rows\":[[\"0\",\"1\"],[\"1\",\"1\"],[\"2\",\"1\"],"
               "[\"3\",\"1\"]]}");
  testhost_sql_error(host, "*`t2`*", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no SELECT on t2");
  cr_assert_eq(count_tables(testhost_call(host), arena, tables, 4, &options), CLXS_OK);
  for (int i = 0; i < 4; i++)
    cr_assert_eq(tables[i].known, i != 2, "table %d", i);
  cr_assert_not_null(strstr(tables[2].problem, "no SELECT on t2"));
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 5, "4, then 0-1, 2-3, 2, 3");
}

Test(count, a_run_that_is_cancelled_ends_with_that)
{
  HOST host = testhost_new();
  ARENA arena = arena_new();
  struct count_table *tables = four_tables(arena);
  struct count_options options = {.width = 1};

  testhost_cancel(host);
  cr_assert_eq(count_tables(testhost_call(host), arena, tables, 4, &options), CLXS_E_CANCELLED);
}

Test(count, a_type_that_cannot_be_hashed_leaves_the_checksum_unknown_but_not_the_rows)
{
  HOST host = testhost_new();
  ARENA arena = arena_new();
  struct model_column column = {.name = "place", .type_text = "geometry(4326)"};
  struct count_table table = {
      .catalog = "c", .schema = "s", .name = "t", .columns = &column, .column_count = 1};
  struct count_options options = {.width = 1, .checksum = true};

  testhost_sql(host, "*CAST(NULL AS DECIMAL(38,0))*",
               "{\"columns\":[\"i\",\"n\",\"s\",\"x\"],\"rows\":[[\"0\",\"4\",null,null]]}");
  cr_assert_eq(count_tables(testhost_call(host), arena, &table, 1, &options), CLXS_OK);
  cr_assert_eq(table.rows, 4);
  cr_assert_null(table.checksum);
  cr_assert_not_null(strstr(table.problem, "column place"));
}
