/* SPDX-License-Identifier: Apache-2.0 */
/* Queries over tables, views, functions: results as Spark gives them, refusals by their classes. */
#include "test_engine.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/str.h"

#include "base/banned.h"

static void
setup(void)
{
  engine_setup();
  DO("CREATE TABLE c.s.emp (id INT, name STRING, dept STRING, sal DECIMAL(10,2), hired DATE, boss INT)");
  DO("CREATE TABLE c.s.dept (dept STRING, city STRING)");
  DO("INSERT INTO c.s.emp VALUES "
     "(1,'Ann','eng',100.50,DATE'2020-01-01',NULL),(2,'Bob','eng',90.25,DATE'2021-02-03',1),"
     "(3,'Cid','ops',80,DATE'2019-05-06',1),(4,'Dee','ops',NULL,DATE'2022-07-08',3),(5,'Eve',NULL,70.75,NULL,"
     "3)");
  DO("INSERT INTO c.s.dept VALUES ('eng','Rome'),('ops','Oslo'),('hr','Bern')");
}

TestSuite(query_select, .init = setup, .fini = engine_teardown);

Test(query_select, grouping)
{
  ROWS("NULL|1|70.75|70.750000;eng|2|190.75|95.375000;ops|2|80.00|80.000000",
       "SELECT dept, count(*), sum(sal), avg(sal) FROM c.s.emp GROUP BY dept ORDER BY dept");
  ROWS("eng|2;ops|2", "SELECT dept, count(*) AS n FROM c.s.emp GROUP BY 1 HAVING n > 1 ORDER BY ALL");
  ROWS("NULL|70.75;NULL|341.50;eng|190.75;ops|80.00",
       "SELECT dept, sum(sal) FROM c.s.emp GROUP BY ROLLUP(dept) ORDER BY dept, sum(sal)");
  ROWS("0|2;1|3", "SELECT id % 2 AS odd, count(*) FROM c.s.emp GROUP BY odd ORDER BY odd");
  ROWS("bigint|decimal(20,2)", "SELECT typeof(sum(id)), typeof(sum(sal)) FROM c.s.emp");
  ROWS("NULL|0", "SELECT sum(id), count(*) FROM c.s.emp WHERE false");
  ROWS("2|4|2|3", "SELECT count(DISTINCT dept), count(dept), count_if(sal > 80), count(DISTINCT dept, boss) "
                  "FROM c.s.emp");
  REFUSED("MISSING_AGGREGATION", "SELECT dept, name FROM c.s.emp GROUP BY dept");
  REFUSED("MISSING_GROUP_BY", "SELECT dept, count(*) FROM c.s.emp");
  REFUSED("NESTED_AGGREGATE_FUNCTION", "SELECT sum(sum(id)) FROM c.s.emp");
  REFUSED("INVALID_WHERE_CONDITION", "SELECT 1 FROM c.s.emp WHERE count(*) > 1");
  REFUSED("GROUP_BY_POS_OUT_OF_RANGE", "SELECT id FROM c.s.emp GROUP BY 2");
}

Test(query_select, joins)
{
  ROWS("Ann|Rome;Bob|Rome;Cid|Oslo;Dee|Oslo;Eve|NULL",
       "SELECT e.name, d.city FROM c.s.emp e LEFT JOIN c.s.dept d ON e.dept = d.dept ORDER BY e.id");
  ROWS("NULL|Eve;eng|Ann;eng|Bob;hr|NULL;ops|Cid;ops|Dee",
       "SELECT dept, name FROM c.s.emp FULL JOIN c.s.dept USING (dept) ORDER BY dept, name");
  ROWS("eng|1|Ann|100.50|2020-01-01|NULL|Rome", "SELECT * FROM c.s.emp NATURAL JOIN c.s.dept WHERE id = 1");
  ROWS("Eve", "SELECT name FROM c.s.emp LEFT ANTI JOIN c.s.dept d ON emp.dept = d.dept");
  ROWS("4", "SELECT count(*) FROM c.s.emp LEFT SEMI JOIN c.s.dept d ON emp.dept = d.dept");
  ROWS("15", "SELECT count(*) FROM c.s.emp, c.s.dept");
  ROWS("1|2;2|3", "SELECT id, z FROM c.s.emp e, LATERAL (SELECT e.id + 1 AS z) WHERE id < 3 ORDER BY id");
  REFUSED("AMBIGUOUS_REFERENCE", "SELECT name FROM c.s.emp a, c.s.emp b");
  REFUSED("UNRESOLVED_USING_COLUMN_FOR_JOIN", "SELECT 1 FROM c.s.emp JOIN c.s.dept USING (city)");
}

Test(query_select, names)
{
  ROWS("1", "SELECT c.s.emp.id FROM c.s.emp WHERE s.emp.name = 'Ann'");
  ROWS("1|x", "SELECT t.s.a, s.b FROM (SELECT named_struct('a', 1, 'b', 'x') s) t");
  ROWS("1|Ann|eng", "SELECT * EXCEPT (sal, hired, boss) FROM c.s.emp WHERE id = 1");
  ROWS("201.00|202.00", "SELECT sal*2 AS twice, twice+1 FROM c.s.emp WHERE id = 1");
  ROWS("-5;-4;-3;-2;-1", "SELECT -id AS id FROM c.s.emp ORDER BY id");
  ROWS("3", "SELECT count(*) FROM IDENTIFIER('c.s.dept')");
  REFUSED("UNRESOLVED_COLUMN.WITH_SUGGESTION", "SELECT emp.id FROM c.s.emp e");
  REFUSED("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "SELECT nothing");
  REFUSED("TABLE_OR_VIEW_NOT_FOUND", "SELECT * FROM c.s.nosuch");
  REFUSED("INVALID_IDENTIFIER", "SELECT * FROM my-cat.s.t");
  REFUSED("FIELD_NOT_FOUND", "SELECT s.z FROM (SELECT named_struct('a', 1) s)");
}

Test(query_select, sets_and_order)
{
  ROWS("NULL;eng;hr;ops", "SELECT dept FROM c.s.emp UNION SELECT dept FROM c.s.dept ORDER BY dept");
  ROWS("NULL;eng;ops", "SELECT dept FROM c.s.emp EXCEPT ALL SELECT dept FROM c.s.dept ORDER BY 1");
  ROWS("1.0;1.5", "SELECT 1 UNION SELECT 1.5 ORDER BY 1");
  ROWS("Dee;Eve;Cid;Bob;Ann", "SELECT name FROM c.s.emp ORDER BY sal");
  ROWS("Cid;Bob", "SELECT name FROM c.s.emp ORDER BY sal NULLS LAST LIMIT 2 OFFSET 1");
  ROWS("NULL;eng;ops", "SELECT DISTINCT dept FROM c.s.emp ORDER BY dept");
  REFUSED("NUM_COLUMNS_MISMATCH", "SELECT 1, 2 UNION SELECT 1");
  REFUSED("INCOMPATIBLE_COLUMN_TYPE", "SELECT 1 UNION SELECT array(1)");
  REFUSED("INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE", "SELECT 1 LIMIT -1");
}

Test(query_select, subqueries_and_ctes)
{
  ROWS("Ann", "SELECT name FROM c.s.emp WHERE sal = (SELECT max(sal) FROM c.s.emp)");
  ROWS("Cid;Dee", "SELECT name FROM c.s.emp e WHERE EXISTS (SELECT 1 FROM c.s.dept d WHERE d.dept = e.dept "
                  "AND city = 'Oslo') "
                  "ORDER BY 1");
  ROWS("1;2",
       "SELECT id FROM c.s.emp WHERE (id, name) IN (SELECT id, name FROM c.s.emp WHERE id < 3) ORDER BY id");
  ROWS("15",
       "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM r WHERE n < 5) SELECT sum(n) FROM r");
  ROWS(
      "eng|2",
      "WITH a AS (SELECT * FROM c.s.emp WHERE sal > 80), b AS (SELECT dept, count(*) n FROM a GROUP BY dept) "
      "SELECT * FROM b");
  REFUSED("SCALAR_SUBQUERY_TOO_MANY_ROWS", "SELECT (SELECT dept FROM c.s.dept)");
  REFUSED("DUPLICATED_CTE_NAMES", "WITH a AS (SELECT 1), a AS (SELECT 2) SELECT * FROM a");
}

Test(query_select, windows)
{
  ROWS("Ann|1;Bob|2;Cid|1;Dee|2;Eve|1",
       "SELECT name, row_number() OVER (PARTITION BY dept ORDER BY sal DESC) FROM c.s.emp ORDER BY id");
  ROWS(
      "Ann;Cid;Eve",
      "SELECT name FROM c.s.emp QUALIFY row_number() OVER (PARTITION BY dept ORDER BY id) = 1 ORDER BY name");
  ROWS("eng|190.75|1;ops|80.00|2;NULL|70.75|3", "SELECT dept, sum(sal) s, rank() OVER (ORDER BY sum(sal) "
                                                "DESC) r FROM c.s.emp GROUP BY dept ORDER BY r");
  ROWS("1|1;2|3;3|5;4|7;5|9", "SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT "
                              "ROW) FROM c.s.emp ORDER BY id");
  REFUSED("WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE", "SELECT rank() FROM c.s.emp");
}

Test(query_select, generators)
{
  ROWS("a|1;b|2", "SELECT explode(map('a', 1, 'b', 2))");
  ROWS("1|1;1|2;2|1;2|2",
       "SELECT id, x FROM c.s.emp LATERAL VIEW explode(array(1,2)) t AS x WHERE id < 3 ORDER BY id, x");
  ROWS("1|NULL",
       "SELECT id, x FROM c.s.emp LATERAL VIEW OUTER explode(CAST(NULL AS ARRAY<INT>)) t AS x WHERE id = 1");
  ROWS("1;5;9", "SELECT * FROM range(1, 10, 4)");
  ROWS("2|1", "SELECT * FROM (SELECT dept, sal FROM c.s.emp WHERE dept IS NOT NULL) PIVOT (count(sal) FOR "
              "dept IN ('eng', "
              "'ops'))");
  REFUSED("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", "SELECT 1 + explode(array(1))");
}

Test(query_select, time_travel)
{
  DO("UPDATE c.s.dept SET city = 'Roma' WHERE dept = 'eng'");
  ROWS("Roma", "SELECT city FROM c.s.dept WHERE dept = 'eng'");
  ROWS("Rome", "SELECT city FROM c.s.dept VERSION AS OF 1 WHERE dept = 'eng'");
  ROWS("Rome", "SELECT city FROM c.s.dept@v1 WHERE dept = 'eng'");
  ROWS("0", "SELECT count(*) FROM c.s.dept VERSION AS OF 0");
  REFUSED("DELTA_VERSION_NOT_FOUND", "SELECT * FROM c.s.dept VERSION AS OF 99");
}

Test(query_select, functions)
{
  DO("CREATE FUNCTION c.s.twice(x INT) RETURNS INT RETURN x * 2");
  DO("CREATE FUNCTION c.s.of(d STRING) RETURNS TABLE (n STRING) RETURN SELECT name FROM c.s.emp WHERE dept = "
     "d");
  ROWS("6|2;6|4", "SELECT c.s.twice(3), c.s.twice(id) FROM c.s.emp ORDER BY id LIMIT 2");
  ROWS("Ann;Bob", "SELECT * FROM c.s.of('eng') ORDER BY n");
  ROWS("Rome|Ann;Rome|Bob;Oslo|Cid;Oslo|Dee",
       "SELECT dept.city, t.n FROM c.s.dept, LATERAL c.s.of(dept.dept) AS t ORDER BY 2");
  REFUSED("UNRESOLVED_ROUTINE", "SELECT nosuch(1)");
  REFUSED("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", "SELECT c.s.twice()");
  REFUSED("NOT_A_SCALAR_FUNCTION", "SELECT c.s.of('eng')");
}

Test(query_select, python)
{
  if (access("/usr/bin/python3", X_OK) != 0 && access("/usr/local/bin/python3", X_OK) != 0)
    cr_skip_test("python3 is not installed");
  DO("CREATE FUNCTION c.s.times(n INT, t STRING) RETURNS STRING LANGUAGE PYTHON AS $$ return t * n $$");
  DO("CREATE FUNCTION c.s.root(x DOUBLE) RETURNS DOUBLE LANGUAGE PYTHON AS $$\nimport math\nif x < 0:\n  "
     "raise "
     "ValueError('negative')\nreturn math.sqrt(x)\n$$");
  ROWS("ababab", "SELECT c.s.times(3, 'ab')");
  ROWS("4.0", "SELECT c.s.root(16)");
  REFUSED("UDF_USER_CODE_ERROR.GENERIC", "SELECT c.s.root(-1)");
}

Test(query_select, rights)
{
  DO("CREATE FUNCTION c.s.hide(s DECIMAL(10,2)) RETURNS DECIMAL(10,2) RETURN "
     "IF(is_account_group_member('admins'), s, NULL)");
  DO("CREATE FUNCTION c.s.only(d STRING) RETURNS BOOLEAN RETURN is_account_group_member('admins') OR d = "
     "'eng'");
  DO("CREATE VIEW c.s.names AS SELECT id, name FROM c.s.emp");
  DO("GRANT USE CATALOG ON CATALOG c TO `" OTHER "`");
  DO("GRANT USE SCHEMA ON SCHEMA c.s TO `" OTHER "`");
  REFUSED_AS(OTHER, "INSUFFICIENT_PERMISSIONS", "SELECT * FROM c.s.names");
  DO("GRANT SELECT ON TABLE c.s.names TO `" OTHER "`");
  /* The view reads with its owner's rights; its tables stay closed. */
  DO_AS(OTHER, "SELECT * FROM c.s.names");
  REFUSED_AS(OTHER, "INSUFFICIENT_PERMISSIONS", "SELECT * FROM c.s.emp");
  DO("ALTER TABLE c.s.emp ALTER COLUMN sal SET MASK c.s.hide");
  DO("ALTER TABLE c.s.emp SET ROW FILTER c.s.only ON (dept)");
  DO("GRANT SELECT ON TABLE c.s.emp TO `" OTHER "`");
  struct run run = engine_try(OTHER, "SELECT id, sal FROM c.s.emp ORDER BY id");

  cr_assert(run.ok, "%s", run.session.fault.message);
  cr_assert_str_eq(engine_rows(&run), "1|NULL;2|NULL");
  ROWS("5|341.50", "SELECT count(*), sum(sal) FROM c.s.emp");
}

Test(query_select, rendering)
{
  struct run run = engine_try(
      ADMIN, "SELECT true AS b, TIMESTAMP'2024-01-01 01:02:03' AS t, 1.50 AS d, 1e10 AS e, array(1,2) "
             "AS a, NULL AS n, X'6869' AS x, DATE'2024-01-01' AS y");

  cr_assert(run.ok, "%s", run.session.fault.message);
  cr_assert_str_eq(engine_rows(&run), "true|2024-01-01T01:02:03.000Z|1.50|1.0E10|[1,2]|NULL|aGk=|2024-01-01");
  cr_assert_str_eq(run.result.columns[2].type_text, "decimal(3,2)");
  cr_assert_str_eq(run.result.columns[2].type_name, "DECIMAL");
  cr_assert_str_eq(run.result.columns[4].type_text, "array<int>");
}

Test(query_select, column_names)
{
  struct run run = engine_try(
      ADMIN, "SELECT 1+1, count(*), upper('x'), CAST(1 AS STRING), NOT true, id FROM (SELECT 1 AS id) "
             "GROUP BY id");
  static const char *const names[] = {"(1 + 1)",           "count(1)",   "upper(x)",
                                      "CAST(1 AS STRING)", "(NOT true)", "id"};

  cr_assert(run.ok, "%s", run.session.fault.message);
  for (size_t i = 0; i < ARRAY_SIZE(names); i++)
    cr_expect_str_eq(run.result.columns[i].name, names[i]);
}

Test(query_select, parameters)
{
  const struct bind binds[] = {{"d", "DATE", "2020-06-01"}, {"n", NULL, NULL}};
  struct run run = engine_try(ADMIN, "SELECT 1");
  struct result result = {0};
  const char *text = "SELECT id FROM c.s.emp WHERE hired > :d AND :n IS NULL ORDER BY id";

  run.session.binds = binds;
  run.session.bind_count = 2;
  cr_assert(engine_run(&run.session, text, strlen(text), &result), "%s", run.session.fault.message);
  cr_assert_eq(result.row_count, 2);
  REFUSED("UNBOUND_SQL_PARAMETER", "SELECT :nobody");
}

Test(query_select, cancelled)
{
  atomic_int cancelled = 1;
  struct run run = engine_try(ADMIN, "SELECT 1");
  struct result result = {0};
  const char *text = "SELECT sum(a.id * b.id) FROM range(100000) a, range(100000) b";

  run.session.cancelled = &cancelled;
  cr_assert_not(engine_run(&run.session, text, strlen(text), &result));
  cr_assert_str_eq(run.session.fault.error_class, "OPERATION_CANCELED");
}

/* Chains longer than SQLite's parser nests are written flat. */
Test(query_select, long_chains)
{
  struct buf text CLEANUP_BUF = BUF_INIT(BUF_SQL);

  buf_add_text(&text, "SELECT 'a'");
  for (int i = 1; i < 400; i++)
    buf_add_text(&text, "||'a'");
  buf_add_text(&text, " = repeat('a', 400) AS x, true");
  for (int i = 1; i < 2000; i++)
    buf_add_text(&text, " AND 1 = 1");
  ROWS("true|true", text.data);
  ROWS("eng-x-y;ops-x-y",
       "SELECT dept||'-x'||'-y' FROM c.s.emp WHERE dept IS NOT NULL GROUP BY dept||'-x' ORDER BY 1");
}

Test(query_select, long_chains_of_union_all_are_no_trouble)
{
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  buf_add_text(&text, "SELECT count(*), sum(n), max(n) FROM (SELECT 0 AS n");
  for (int i = 1; i < 700; i++)
    buf_addf(&text, " UNION ALL SELECT %d%s", i, i == 699 ? ".5" : "");
  buf_add_text(&text, ")");
  ROWS("700|244650.5|699.5", text.data);
  ROWS("1;2;2;3",
       "SELECT 1 AS a UNION ALL (SELECT 3 UNION ALL SELECT 2 ORDER BY 1 LIMIT 1) UNION ALL SELECT 2 "
       "UNION ALL SELECT 3 ORDER BY a");
  ROWS("1;2", "SELECT 1 AS a UNION ALL SELECT 1 UNION SELECT 2 ORDER BY a");
}
