/* SPDX-License-Identifier: Apache-2.0 */
/* Expressions and what they are on the real thing: type and value of each were taken from Spark 4.0 in ANSI
 * mode, whose semantics the warehouse documents as its own; hashes are compared bit for bit. */
#include "test_engine.h"

#include <stdio.h>

#include "base/str.h"

#include "base/banned.h"

TestSuite(query, .init = engine_setup, .fini = engine_teardown);

struct expectation {
  const char *expr, *type; /* type NULL: refused with the class in value */
  const char *value;       /* as CAST to STRING shows it; NULL for NULL */
};

static void
check(const struct expectation *at, size_t count)
{
  for (size_t i = 0; i < count; i++, at++) {
    char text[600];
    struct run run;

    snprintf(text, sizeof text, "SELECT CAST((%s) AS STRING), typeof(%s)", at->expr, at->expr);
    run = engine_try(ADMIN, text);
    if (!at->type) {
      cr_expect_not(run.ok, "%s was not refused", at->expr);
      cr_expect_str_eq(run.session.fault.error_class, at->value, "%s: %s", at->expr,
                       run.session.fault.error_class);
      continue;
    }
    cr_expect(run.ok, "%s: %s: %s", at->expr, run.session.fault.error_class, run.session.fault.message);
    if (!run.ok) continue;
    cr_expect_str_eq(engine_cell(&run, 0, 1), at->type, "%s is %s", at->expr, engine_cell(&run, 0, 1));
    cr_expect(str_eq(run.result.rows[0][0], at->value), "%s gave %s", at->expr, engine_cell(&run, 0, 0));
  }
}

Test(query, literals_and_arithmetic)
{
  static const struct expectation expected[] = {
      {"2147483647", "int", "2147483647"},
      {"2147483648", "bigint", "2147483648"},
      {"100000000000000000000", "decimal(21,0)", "100000000000000000000"},
      {"1.50+1", "decimal(4,2)", "2.50"},
      {"1.5*2.25", "decimal(6,3)", "3.375"},
      {"1.0/3", "decimal(7,6)", "0.333333"},
      {"10/3.0", "decimal(9,6)", "3.333333"},
      {"CAST(1 AS DECIMAL(20,5))/CAST(3 AS DECIMAL(10,2))", "decimal(33,16)", "0.3333333333333333"},
      {"CAST(99999999999999999999999999999999999999 AS DECIMAL(38,0))*1", "decimal(38,0)",
       "99999999999999999999999999999999999999"},
      {"10/4", "double", "2.5"},
      {"-7%3", "int", "-1"},
      {"7 DIV 2", "bigint", "3"},
      {"1.5e10", "double", "1.5E10"},
      {"0.1+0.2", "decimal(2,1)", "0.3"},
      {"0.1D+0.2D", "double", "0.30000000000000004"},
      {"1/0", NULL, "DIVIDE_BY_ZERO"},
      {"1%0", NULL, "DIVIDE_BY_ZERO"},
      {"2147483647+1", NULL, "ARITHMETIC_OVERFLOW"},
      {"9223372036854775807+1", NULL, "ARITHMETIC_OVERFLOW"},
      {"127Y+1Y", NULL, "BINARY_ARITHMETIC_OVERFLOW"},
      {"abs(-2147483648)", NULL, "ARITHMETIC_OVERFLOW"},
      {"'1'+2", "bigint", "3"},
      {"1.5+'2'", "double", "3.5"},
      {"'a'||1", "string", "a1"},
      {"1.0E-5", "double", "1.0E-5"},
      {"1F+1", "double", "2.0"},
      {"1F+1F", "float", "2.0"},
      {"5&3", "int", "1"},
      {"5^3", "int", "6"},
      {"~5", "int", "-6"},
      {"1<<4", "int", "16"},
      {"-17>>2", "int", "-5"},
  };

  check(expected, ARRAY_SIZE(expected));
}

Test(query, comparison_and_logic)
{
  static const struct expectation expected[] = {
      {"'10'>'9'", "boolean", "false"},
      {"'10'>9", "boolean", "true"},
      {"NULL=1", "boolean", NULL},
      {"NULL<=>NULL", "boolean", "true"},
      {"true AND NULL", "boolean", NULL},
      {"false AND NULL", "boolean", "false"},
      {"true OR NULL", "boolean", "true"},
      {"3 IN (1,2,NULL)", "boolean", NULL},
      {"2 NOT IN (1,3)", "boolean", "true"},
      {"10.5>9.25", "boolean", "true"},
      {"CAST(10.5 AS DECIMAL(5,1)) BETWEEN 9.75 AND 100", "boolean", "true"},
      {"'abc' LIKE '_b%'", "boolean", "true"},
      {"'a%c' LIKE 'a\\\\%c'", "boolean", "true"},
      {"'ABC' ILIKE 'a%'", "boolean", "true"},
      {"'abc' RLIKE '^a.+c$'", "boolean", "true"},
      {"1 IS DISTINCT FROM NULL", "boolean", "true"},
      {"1=true", NULL, "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"},
      {"array(1)=1", NULL, "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES"},
      {"'2024-01-01' < DATE'2024-01-02'", "boolean", "true"},
  };

  check(expected, ARRAY_SIZE(expected));
}

Test(query, casts)
{
  static const struct expectation expected[] = {
      {"CAST(' 12 ' AS INT)", "int", "12"},
      {"CAST('1.5' AS INT)", NULL, "CAST_INVALID_INPUT"},
      {"TRY_CAST('abc' AS INT)", "int", NULL},
      {"CAST(1.9 AS INT)", "int", "1"},
      {"CAST(-1.9D AS INT)", "int", "-1"},
      {"CAST(300 AS TINYINT)", NULL, "CAST_OVERFLOW"},
      {"CAST(1e20 AS BIGINT)", NULL, "CAST_OVERFLOW"},
      {"CAST(1e10 AS STRING)", "string", "1.0E10"},
      {"CAST(12345678.9D AS STRING)", "string", "1.23456789E7"},
      {"CAST(0.0001D AS STRING)", "string", "1.0E-4"},
      {"CAST(1.1F AS STRING)", "string", "1.1"},
      {"CAST(1.1F AS DOUBLE)", "double", "1.100000023841858"},
      {"CAST('yes' AS BOOLEAN)", "boolean", "true"},
      {"CAST('maybe' AS BOOLEAN)", NULL, "CAST_INVALID_INPUT"},
      {"CAST('2024-02-30' AS DATE)", NULL, "CAST_INVALID_INPUT"},
      {"CAST('2024-2-3' AS DATE)", "date", "2024-02-03"},
      {"CAST('2024-01-01T12:34:56+02:00' AS TIMESTAMP)", "timestamp", "2024-01-01 10:34:56"},
      {"CAST(1.235 AS DECIMAL(5,2))", "decimal(5,2)", "1.24"},
      {"CAST(12345.6 AS DECIMAL(5,2))", NULL, "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION"},
      {"CAST(array(1,2) AS STRING)", "string", "[1, 2]"},
      {"CAST(named_struct('a',1,'b',NULL) AS STRING)", "string", "{1, null}"},
      {"CAST(map('a',1) AS STRING)", "string", "{a -> 1}"},
      {"CAST(DATE'2024-01-01' AS INT)", NULL, "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
      {"CAST(X'41' AS INT)", NULL, "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION"},
  };

  check(expected, ARRAY_SIZE(expected));
}

Test(query, strings)
{
  static const struct expectation expected[] = {
      {"upper('abcé')", "string", "ABCÉ"},
      {"length('héllo')", "int", "5"},
      {"octet_length('héllo')", "int", "6"},
      {"substring('hello',-3,2)", "string", "ll"},
      {"right('hello',2)", "string", "lo"},
      {"trim(BOTH 'x' FROM 'xxaxx')", "string", "a"},
      {"lpad('a',3,'-')", "string", "--a"},
      {"reverse('héllo')", "string", "olléh"},
      {"locate('l','hello',4)", "int", "4"},
      {"concat('a',NULL,'b')", "string", NULL},
      {"concat_ws(',',array('a','b'),NULL,'c')", "string", "a,b,c"},
      {"translate('abc','ab','x')", "string", "xc"},
      {"split_part('a.b.c','.',-1)", "string", "c"},
      {"substring_index('a.b.c','.',-2)", "string", "b.c"},
      {"regexp_extract('100-200','(\\\\d+)-(\\\\d+)',2)", "string", "200"},
      {"regexp_extract_all('100-200, 300-400','(\\\\d+)-(\\\\d+)',1)", "array<string>", "[100, 300]"},
      {"regexp_replace('100-200','(\\\\d+)','<$1>')", "string", "<100>-<200>"},
      {"split('oneAtwoBthreeC','[ABC]')", "array<string>", "[one, two, three, ]"},
      {"split('a,b,c',',',2)", "array<string>", "[a, b,c]"},
      {"format_string('%d %s %.2f',1,'a',2.5D)", "string", "1 a 2.50"},
      {"base64(unbase64('YWJj'))", "string", "YWJj"},
      {"hex('abc')", "string", "616263"},
      {"levenshtein('kitten','sitting')", "int", "3"},
      {"format_number(12345.678,2)", "string", "12,345.68"},
      {"overlay('Spark SQL' PLACING '_' FROM 6)", "string", "Spark_SQL"},
      {"soundex('Robert')", "string", "R163"},
  };

  check(expected, ARRAY_SIZE(expected));
}

Test(query, hashes)
{
  static const struct expectation expected[] = {
      {"md5('abc')", "string", "900150983cd24fb0d6963f7d28e17f72"},
      {"sha1('abc')", "string", "a9993e364706816aba3e25717850c26c9cd0d89d"},
      {"sha2('abc',256)", "string", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"crc32('abc')", "bigint", "891568578"},
      {"xxhash64('abc')", "bigint", "1423657621850124518"},
      {"xxhash64(1)", "bigint", "-6698625589789238999"},
      {"xxhash64(1L)", "bigint", "-7001672635703045582"},
      {"xxhash64(1.5D)", "bigint", "7738255526519901366"},
      {"xxhash64(1.50)", "bigint", "-6873856301616164681"},
      {"xxhash64(true)", "bigint", "-6698625589789238999"},
      {"xxhash64(DATE'2024-01-01')", "bigint", "3242891694566951137"},
      {"xxhash64(TIMESTAMP'2024-01-01 00:00:00')", "bigint", "3859582417520161651"},
      {"xxhash64(NULL)", "bigint", "42"},
      {"xxhash64('a',1,NULL,'b')", "bigint", "-441391754626867494"},
      {"xxhash64('this is a much longer string than thirty-two bytes, see')", "bigint",
       "-672200694273947364"},
      {"xxhash64(array(1,2,3))", "bigint", "8592097078962733837"},
      {"xxhash64(named_struct('a',1,'b','x'))", "bigint", "8510603489595372987"},
      {"xxhash64(CAST(123456789012345678901234567890 AS DECIMAL(38,0)))", "bigint", "7467050800690399880"},
      {"xxhash64(X'0102')", "bigint", "-449066226287847073"},
      {"hash('abc')", "int", "1322437556"},
      {"hash('abcde')", "int", "814637928"},
      {"hash(1,2,3)", "int", "-912918097"},
      {"hash(1L)", "int", "-1712319331"},
      {"hash(1.5D)", "int", "1290763749"},
      {"hash(array('a','b'))", "int", "190734147"},
      {"hash('héllo')", "int", "1212979866"},
      {"hash(CAST(-123456789012345678901234567890 AS DECIMAL(38,0)))", "int", "694017569"},
  };

  check(expected, ARRAY_SIZE(expected));
}

Test(query, numbers)
{
  static const struct expectation expected[] = {
      {"ceil(-1.2)", "decimal(2,0)", "-1"},
      {"floor(1.5D)", "bigint", "1"},
      {"round(-2.5)", "decimal(2,0)", "-3"},
      {"round(2.567,2)", "decimal(4,2)", "2.57"},
      {"round(125,-1)", "int", "130"},
      {"bround(2.5)", "decimal(2,0)", "2"},
      {"ln(0)", "double", NULL},
      {"log(10,100)", "double", "2.0"},
      {"pmod(-7,3)", "int", "2"},
      {"greatest(1,3,2)", "int", "3"},
      {"least(1,NULL,2)", "int", "1"},
      {"greatest(1.5,2)", "decimal(11,1)", "2.0"},
      {"conv('ff',16,10)", "string", "255"},
      {"factorial(5)", "bigint", "120"},
      {"width_bucket(5.3,0.2,10.6,5)", "bigint", "3"},
      {"try_divide(1,0)", "double", NULL},
      {"try_add(2147483647,1)", "int", NULL},
  };

  check(expected, ARRAY_SIZE(expected));
}

Test(query, conditions)
{
  static const struct expectation expected[] = {
      {"coalesce(NULL,1,2)", "int", "1"},
      {"nullif(1,1)", "int", NULL},
      {"if(false,1,2.5)", "decimal(11,1)", "2.5"},
      {"CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END", "string", "b"},
      {"decode(2,1,'a',2,'b','c')", "string", "b"},
  };

  check(expected, ARRAY_SIZE(expected));
}

Test(query, time)
{
  static const struct expectation expected[] = {
      {"DATE'2024-01-31'+INTERVAL 1 MONTH", "date", "2024-02-29"},
      {"DATE'2024-03-01'-DATE'2024-02-01'", "interval day", "INTERVAL '29' DAY"},
      {"TIMESTAMP'2024-01-01 00:00:00'+INTERVAL '1 02:03:04' DAY TO SECOND", "timestamp",
       "2024-01-02 02:03:04"},
      {"add_months('2024-01-31',1)", "date", "2024-02-29"},
      {"months_between('2024-03-15','2024-01-01')", "double", "2.4516129"},
      {"next_day('2024-01-01','Mon')", "date", "2024-01-08"},
      {"weekofyear('2024-01-01')", "int", "1"},
      {"extract(SECOND FROM TIMESTAMP'2024-05-06 12:34:56.789')", "decimal(8,6)", "56.789000"},
      {"date_trunc('month',TIMESTAMP'2024-05-06 12:34:56')", "timestamp", "2024-05-01 00:00:00"},
      {"trunc('2024-05-06','year')", "date", "2024-01-01"},
      {"date_format(TIMESTAMP'2024-05-06 15:04:05.123','EEE, MMM d yyyy hh:mm:ss.SSS a')", "string",
       "Mon, May 6 2024 03:04:05.123 PM"},
      {"to_date('06/05/2024','dd/MM/yyyy')", "date", "2024-05-06"},
      {"unix_timestamp('2024-05-06 00:00:00')", "bigint", "1714953600"},
      {"timestampdiff(DAY,TIMESTAMP'2024-05-06 00:00:00',TIMESTAMP'2024-05-09 23:00:00')", "bigint", "3"},
      {"INTERVAL '1-2' YEAR TO MONTH", "interval year to month", "INTERVAL '1-2' YEAR TO MONTH"},
      {"INTERVAL '1 2:3:4.5' DAY TO SECOND", "interval day to second",
       "INTERVAL '1 02:03:04.5' DAY TO SECOND"},
      {"DATE'2024-13-01'", NULL, "INVALID_TYPED_LITERAL"},
  };

  check(expected, ARRAY_SIZE(expected));
}

Test(query, arrays_maps_structs_lambdas)
{
  static const struct expectation expected[] = {
      {"array(1,2,3)[0]", "int", "1"},
      {"array(1,2,3)[5]", NULL, "INVALID_ARRAY_INDEX"},
      {"map('a',1)['b']", "int", NULL},
      {"element_at(array(1,2,3),-1)", "int", "3"},
      {"element_at(array(1,2),5)", NULL, "INVALID_ARRAY_INDEX_IN_ELEMENT_AT"},
      {"size(NULL)", "int", NULL},
      {"array_distinct(array(1,1,2))", "array<int>", "[1, 2]"},
      {"sort_array(array('b',NULL,'a'),false)", "array<string>", "[b, a, null]"},
      {"array_join(array('a',NULL,'b'),',')", "string", "a,b"},
      {"array_except(array(1,2),array(2,3))", "array<int>", "[1]"},
      {"slice(array(1,2,3,4),2,2)", "array<int>", "[2, 3]"},
      {"flatten(array(array(1),array(2,3)))", "array<int>", "[1, 2, 3]"},
      {"sequence(5,1)", "array<int>", "[5, 4, 3, 2, 1]"},
      {"transform(array(1,2,3),(x,i)->x*i)", "array<int>", "[0, 2, 6]"},
      {"filter(array(1,2,3),x->x>1)", "array<int>", "[2, 3]"},
      {"exists(array(1,NULL),x->x=2)", "boolean", NULL},
      {"forall(array(1,2,3),x->x>0)", "boolean", "true"},
      {"aggregate(array(1,2,3),0,(a,x)->a+x,a->a*10)", "int", "60"},
      {"named_struct('a',1,'b','x').b", "string", "x"},
      {"map_values(map(1,'a',2,'b'))", "array<string>", "[a, b]"},
      {"transform_values(map('a',1),(k,v)->v+1)", "map<string,int>", "{a -> 2}"},
      {"array(1,2.5)", "array<decimal(11,1)>", "[1.0, 2.5]"},
  };

  check(expected, ARRAY_SIZE(expected));
}

Test(query, json)
{
  static const struct expectation expected[] = {
      {"to_json(named_struct('a',1,'b',NULL,'c',array(1,2)))", "string", "{\"a\":1,\"c\":[1,2]}"},
      {"get_json_object('{\"a\":{\"b\":[1,2]}}','$.a.b[1]')", "string", "2"},
      {"nosuch(1)", NULL, "UNRESOLVED_ROUTINE"},
      {"upper()", NULL, "WRONG_NUM_ARGS.WITHOUT_SUGGESTION"},
  };

  check(expected, ARRAY_SIZE(expected));
}
