/* SPDX-License-Identifier: Apache-2.0 */
/* The four formats, each from the same tables and documents. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "out/csv.h"
#include "out/document.h"
#include "out/json.h"
#include "out/table.h"
#include "out/yaml.h"

#include "base/banned.h"

static const struct clxs_table_column columns[] = {
    {.key = "name", .title = "Name"},
    {.key = "rows", .title = "Rows", .align = CLXS_ALIGN_RIGHT, .number = 1},
    {.key = "note", .title = "Note"},
};

static struct table *
make_table(struct arena *arena)
{
  static const char *const rows[][3] = {{"orders", "1200", "fine"},
                                        {"Größe", NULL, "a, \"b\"\nc"},
                                        {"日本", "1e400", ""},
                                        {"bad\x1b[2J", "1x", " padded"}};
  struct table *table = table_new(arena, columns, ARRAY_SIZE(columns));

  for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
    table_add(table, rows[i], 3);
  table_add(table, (const char *const[]){"short"}, 1);
  return table;
}

Test(format, tables_as_text)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  table_add_text(&buf, make_table(arena), 0, false, 0);
  cr_assert_str_eq(buf.data, "Name         Rows  Note\n"
                             "orders       1200  fine\n"
                             "Größe           -  a, \"b\"\\nc\n"
                             "日本        1e400  \n"
                             "bad\\x1b[2J     1x   padded\n"
                             "short           -  -\n");
}

Test(format, tables_fit_the_terminal)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  struct table *table = table_new(arena, columns, 3);
  char *line, *rest;

  table_add(table, (const char *const[]){"a_name_that_is_very_long_indeed", "12", "short"}, 3);
  table_add(table, (const char *const[]){"x", "123456", "ein langer Text mit Größen und mehr davon"}, 3);
  table_add_text(&buf, table, 40, false, 0);
  for (rest = buf.data; (line = strsep(&rest, "\n")) != NULL;)
    cr_expect_leq(utf8_width(line), 40, "%s", line);
  buf_reset(&buf);
  table_add_text(&buf, table, 0, false, 0);
  cr_expect_not_null(strstr(buf.data, "mehr davon"), "nothing is cut where there is no terminal");
}

Test(format, headings_are_bold_in_colour)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  struct table *table = table_new(arena, columns, 1);

  table_add(table, (const char *const[]){"\x1b[32mok\x1b[0m"}, 1);
  table_add_text(&buf, table, 0, true, 2);
  cr_assert_str_eq(buf.data, "  \x1b[1mName\x1b[0m\n  \x1b[32mok\x1b[0m\x1b[0m\n");
}

Test(format, tables_as_csv)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

  csv_add_table(&buf, make_table(arena));
  cr_assert_str_eq(buf.data, "name,rows,note\r\n"
                             "orders,1200,fine\r\n"
                             "Größe,,\"a, \"\"b\"\"\nc\"\r\n"
                             "日本,1e400,\"\"\r\n"
                             "bad\x1b[2J,1x,\" padded\"\r\n"
                             "short,,\r\n");
}

Test(format, tables_as_json)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  CLEANUP_JSON struct json_object *array = NULL;

  json_add_table(&buf, make_table(arena));
  array = json_parse_strict(buf.data, buf.len, NULL, NULL);
  cr_assert_eq(json_length(array), 5);
  cr_assert_eq(json_get_int(json_item(array, 0), "rows", 0), 1200);
  cr_assert_null(json_get(json_item(array, 1), "rows"));
  cr_assert_str_eq(json_get_text(json_item(array, 1), "note"), "a, \"b\"\nc");
  cr_assert(json_object_is_type(json_get(json_item(array, 3), "rows"), json_type_string), "1x is no number");
  buf_reset(&buf);
  json_add_table(&buf, table_new(arena, columns, 3));
  cr_assert_str_eq(buf.data, "[]");
}

Test(format, only_json_numbers_go_without_quotes)
{
  static const struct {
    const char *text;
    bool literal;
  } cases[] = {{"0", true},     {"-0.5e+10", true}, {"12", true},  {"true", true}, {"false", true},
               {"01", false},   {"+1", false},      {"1.", false}, {".5", false},  {"NaN", false},
               {"null", false}, {"", false},        {"1e", false}, {"0x1", false}, {"-", false},
               {"1 ", false},   {"True", false}};
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    struct table *table = table_new(arena, &columns[1], 1);

    table_add(table, &cases[i].text, 1);
    cr_expect_eq(table_cell_is_literal(table, 0, 0), cases[i].literal, "%s", cases[i].text);
  }
}

Test(format, json_is_laid_out_and_keeps_every_digit)
{
  static const struct {
    const char *text, *pretty;
  } cases[] = {
      {"{}", "{}"},
      {" [ ] ", "[]"},
      {"12345678901234567890123", "12345678901234567890123"},
      {"\"a:b,{}[]\\\"\"", "\"a:b,{}[]\\\"\""},
      {"{\"a\":1.10,\"b\":[1,{}],\"c\":{\"d\":[]}}",
       "{\n  \"a\": 1.10,\n  \"b\": [\n    1,\n    {}\n  ],\n  \"c\": {\n    \"d\": []\n  }\n}"},
      {"null", "null"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

    json_add_pretty(&buf, cases[i].text, strlen(cases[i].text));
    cr_expect_str_eq(buf.data, cases[i].pretty, "%s", buf.data);
  }
}

Test(format, integers_beyond_64_bits_are_not_cut_down)
{
  static const struct {
    const char *json, *exact;
  } cases[] = {
      {"[123456789012345678901,1,-9223372036854775809]",
       "[\"123456789012345678901\",1,\"-9223372036854775809\"]"},
      {"{\"12345678901234567890\":\"1234567890123456789012\"}",
       "{\"12345678901234567890\":\"1234567890123456789012\"}"},
      {"[1234567890123456789.5, 1e300, 0]", "[1234567890123456789.5, 1e300, 0]"},
      {"\"a\\\"12345678901234567890\"", "\"a\\\"12345678901234567890\""},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);

    json_add_exact(&buf, cases[i].json, strlen(cases[i].json));
    cr_expect_str_eq(buf.data, cases[i].exact, "%s", buf.data);
  }
}

static const char *
as_yaml(struct arena *arena, const char *json)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  CLEANUP_JSON struct json_object *value = json_parse(json, strlen(json), NULL, NULL);
  struct err err = ERR_INIT(arena);

  cr_assert_eq(yaml_add_value(&buf, value, &err), CLXS_OK, "%s", err.message);
  return arena_strdup(arena, buf.data);
}

Test(format, yaml_quotes_what_would_be_read_as_something_else)
{
  static const struct {
    const char *json, *yaml;
  } cases[] = {
      {"{\"a\":\"text\",\"b\":1,\"c\":true,\"d\":null,\"e\":[],\"f\":{}}",
       "a: text\nb: 1\nc: true\nd: null\ne: []\nf: {}\n"},
      {"[\"yes\",\"No\",\"null\",\"y\",\"on\"]", "- 'yes'\n- 'No'\n- 'null'\n- 'y'\n- 'on'\n"},
      {"[\"1\",\"1.5\",\"0x1f\",\"1e3\",\"2026-01-31\",\"12:30:45\",\".inf\",\"~\",\"\"]",
       "- '1'\n- '1.5'\n- '0x1f'\n- '1e3'\n- '2026-01-31'\n- '12:30:45'\n- '.inf'\n- '~'\n- ''\n"},
      {"[\"a: b\",\"a #b\",\"- x\",\"*a\",\"&a\",\"!t\",\"%x\",\"@x\",\"`x`\",\"it's\"]",
       "- 'a: b'\n- 'a #b'\n- '- x'\n- '*a'\n- '&a'\n- '!t'\n- '%x'\n- '@x'\n- '`x`'\n- 'it''s'\n"},
      {"[\"tab\\there\",\"\\u0000\",\"trail \",\" lead\"]",
       "- \"tab\\there\"\n- \"\\0\"\n- 'trail '\n- ' lead'\n"},
      {"{\"sql\":\"SELECT 1\\nFROM x\\n\"}", "sql: |\n  SELECT 1\n  FROM x\n"},
      {"{\"k: v\":\"\\u2028\"}", "'k: v': \"\\L\"\n"},
  };
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    const char *yaml = as_yaml(arena, cases[i].json);

    cr_expect(str_eq(yaml, cases[i].yaml), "case %zu:\n%s", i, yaml);
  }
  cr_expect_not_null(strstr(as_yaml(arena, "\"Größe\""), "Größe"));
}

static const char *
as_text(struct arena *arena, const char *json)
{
  CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
  CLEANUP_JSON struct json_object *value = json_parse(json, strlen(json), NULL, NULL);

  document_add_text(&buf, arena, value, 0, false);
  return arena_strdup(arena, buf.data);
}

Test(format, documents_as_text)
{
  static const struct {
    const char *json, *text;
  } cases[] = {
      {"{\"operation_id\":\"op1\",\"status\":\"done\",\"empty\":null,\"none\":[],\"tags\":[\"a\",1,true]}",
       "Operation id  op1\nStatus        done\nEmpty         -\nNone          none\nTags          a, 1, "
       "true\n"},
      {"{\"counts\":{\"table\":{\"ok\":1}},\"n\":2}", "Counts\n  Table\n    Ok  1\nN  2\n"},
      {"{\"objects\":[{\"name\":\"a\",\"ms\":5},{\"name\":\"bb\",\"why\":\"x\"}]}",
       "Objects\n  Name  Ms  Why\n  a      5  -\n  bb     -  x\n"},
      {"[{\"a\":{\"b\":1}},{\"a\":{\"b\":2}}]", "A\n  B  1\n\nA\n  B  2\n"},
      {"\"line\\u001b[2J\"", "line\\x1b[2J\n"},
      {"{\"sql\":\"a\\nb\\n\"}", "Sql  a\n     b\n"},
      {"null", "-\n"},
      {"[]", ""},
      {"{}", ""},
  };
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    const char *text = as_text(arena, cases[i].json);

    cr_expect(str_eq(text, cases[i].text), "case %zu:\n%s", i, text);
  }
}

Test(format, documents_as_csv)
{
  static const struct {
    const char *json, *csv;
  } cases[] = {
      {"[{\"a\":1,\"b\":null},{\"a\":2,\"b\":\"x,y\"}]", "a,b\r\n1,\r\n2,\"x,y\"\r\n"},
      {"{\"a\":{\"b\":[1,{\"c\":2}]},\"d\":\"\"}", "key,value\r\na.b[0],1\r\na.b[1].c,2\r\nd,\"\"\r\n"},
  };
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP_BUF struct buf buf = BUF_INIT(BUF_LARGE);
    CLEANUP_JSON struct json_object *value = json_parse(cases[i].json, strlen(cases[i].json), NULL, NULL);

    document_add_csv(&buf, arena, value);
    cr_expect_str_eq(buf.data, cases[i].csv);
  }
}
