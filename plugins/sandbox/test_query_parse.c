/* SPDX-License-Identifier: Apache-2.0 */
/* Reading: what is no Databricks SQL is refused with PARSE_SYNTAX_ERROR at its place; types print as the
 * catalog has them; nothing that is thrown at the parser breaks it. */
#include <criterion/criterion.h>

#include <stdio.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "engine.h"
#include "query/parse.h"

#include "base/banned.h"

static struct session session;

static void
setup(void)
{
  session = (struct session){.arena = arena_new()};
}

static void
teardown(void)
{
  arena_free(session.arena);
}

TestSuite(query_parse, .init = setup, .fini = teardown);

Test(query_parse, types)
{
  static const char *const pairs[][3] = {
      {"INT", "int", "\"integer\""},
      {"decimal", "decimal(10,0)", "\"decimal(10,0)\""},
      {"Numeric(5, 2)", "decimal(5,2)", "\"decimal(5,2)\""},
      {"BIGINT", "bigint", "\"long\""},
      {"MAP<STRING, ARRAY<INT>>", "map<string,array<int>>",
       "{\"type\":\"map\",\"keyType\":\"string\",\"valueType\":{\"type\":\"array\",\"elementType\":"
       "\"integer\","
       "\"containsNull\":true},\"valueContainsNull\":true}"},
      {"STRUCT<a: INT NOT NULL COMMENT 'x', `b c`: STRING>", "struct<a:int not null,`b c`:string>",
       "{\"type\":\"struct\",\"fields\":[{\"name\":\"a\",\"type\":\"integer\",\"nullable\":false,"
       "\"metadata\":{\"comment\":"
       "\"x\"}},{\"name\":\"b c\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]}"},
      {"VARCHAR(20)", "varchar(20)", "\"varchar(20)\""},
      {"INTERVAL DAY TO SECOND", "interval day to second", "\"interval day to second\""},
      {"timestamp_ntz", "timestamp_ntz", "\"timestamp_ntz\""},
  };

  for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
    const struct sql_type *type = type_parse(&session, pairs[i][0]);
    CLEANUP_JSON struct json_object *json = NULL;

    cr_assert(type, "%s: %s", pairs[i][0], session.fault.message);
    json = type_spark(type);
    cr_expect_str_eq(type_text(session.arena, type), pairs[i][1]);
    cr_expect_str_eq(json_text(json), pairs[i][2]);
    /* What was printed reads back as the same. */
    cr_expect(type_equal(type, type_parse(&session, type_text(session.arena, type))));
  }
}

Test(query_parse, bad_types)
{
  static const char *const pairs[][2] = {
      {"FOO", "UNSUPPORTED_DATATYPE"},      {"DECIMAL(39,0)", "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION"},
      {"VARCHAR", "DATATYPE_MISSING_SIZE"}, {"ARRAY<>", "PARSE_SYNTAX_ERROR"},
      {"MAP<INT>", "PARSE_SYNTAX_ERROR"},   {"INT INT", "PARSE_SYNTAX_ERROR"},
      {"", "PARSE_SYNTAX_ERROR"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
    cr_expect_not(type_parse(&session, pairs[i][0]), "%s", pairs[i][0]);
    cr_expect_str_eq(session.fault.error_class, pairs[i][1], "%s: %s", pairs[i][0],
                     session.fault.error_class);
  }
}

Test(query_parse, errors_name_their_place)
{
  static const char *const pairs[][2] = {
      {"SELECT 1 +", "Syntax error at or near end of input (line 1, pos 10)."},
      {"SELECT * FRM t", "Syntax error at or near 'FRM' (line 1, pos 9)."},
      {"SELECT\n  FROM t", "Syntax error at or near 'FROM' (line 2, pos 2)."},
      {"SELECT (1, 2", "Syntax error at or near end of input (line 1, pos 12)."},
      {"SELECT 1 FROM a JOIN", "Syntax error at or near end of input (line 1, pos 20)."},
      {"SELECT CASE END", "Syntax error at or near 'END' (line 1, pos 12)."},
      {"SELECT a..b", "Syntax error at or near '.' (line 1, pos 9)."},
      {"SELECT 1; SELECT 2", "Syntax error at or near 'SELECT' (line 1, pos 10)."},
      {"SELECT 'open", "Syntax error at or near ''open' (line 1, pos 7)."},
  };

  for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
    cr_expect_not(parse_query_text(&session, pairs[i][0]), "%s", pairs[i][0]);
    cr_expect_str_eq(session.fault.error_class, "PARSE_SYNTAX_ERROR");
    cr_expect_str_eq(session.fault.sql_state, "42601");
    cr_expect_str_eq(session.fault.message, pairs[i][1], "%s: %s", pairs[i][0], session.fault.message);
  }
}

Test(query_parse, deep_nesting_is_refused)
{
  char *text = arena_alloc(session.arena, 200000);

  memset(text, '(', 99999);
  cr_assert_not(parse_expr_text(&session, text));
  cr_assert_str_eq(session.fault.error_class, "FAILED_TO_PARSE_TOO_COMPLEX");
}

/* Every beginning of a text, and every text with one token left out, either reads or is refused; nothing else
 * happens. */
Test(query_parse, cut_texts)
{
  static const char text[] = "WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM a WHERE x < 3), b "
                             "AS (VALUES (1,'x'),(2,\"y\")) SELECT DISTINCT "
                             "t.`c d`, a.x::string, m['k'][0].f, j:p.q[1]['r'], CASE WHEN x BETWEEN 1 AND 2 "
                             "THEN INTERVAL '1 2' DAY TO HOUR ELSE NULL END, "
                             "transform(z, (e, i) -> e + i), sum(DISTINCT y) FILTER (WHERE y > 0) OVER "
                             "(PARTITION BY g ORDER BY h DESC NULLS LAST ROWS "
                             "BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t VERSION AS OF 3 AS u(a, b) LEFT "
                             "JOIN LATERAL (SELECT 1) v ON u.a <=> v.b, "
                             "range(10) LATERAL VIEW OUTER explode(q) w AS k WHERE NOT EXISTS (SELECT 1) AND "
                             "n LIKE ANY ('a%', 'b') GROUP BY ROLLUP (a, "
                             "(b, c)), GROUPING SETS ((), d) HAVING count(*) > :p QUALIFY rank() OVER w1 = 1 "
                             "WINDOW w1 AS (ORDER BY 1) ORDER BY ALL LIMIT 5 "
                             "OFFSET 2";
  size_t read = 0;

  for (size_t length = 0; length < sizeof text; length++)
    read += parse_query_text(&session, arena_strndup(session.arena, text, length)) != NULL;
  cr_assert(parse_query_text(&session, text), "%s", session.fault.message);
  cr_assert_gt(read, 10);
  for (size_t cut = 0; cut < sizeof text - 1; cut += 3) {
    const char *cut_text = arena_printf(session.arena, "%.*s%s", (int)cut, text, text + cut + 2);

    if (!parse_query_text(&session, cut_text)) cr_assert(session.fault.error_class);
  }
}
