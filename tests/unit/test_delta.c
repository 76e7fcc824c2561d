/* SPDX-License-Identifier: Apache-2.0 */
/* Two models made of JSON, and what they differ in. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/delta/delta.h"
#include "kit/delta/type.h"
#include "kit/model/model.h"

/* A catalog with one schema `s` and in it the object of KIND ('t', 'f', 'v') that JSON describes. */
static struct model_catalog *
model_of(const char *catalog, char kind, const char *text)
{
  struct model_catalog *model = model_new(catalog);
  struct model_schema *schema = VEC_ADD(&model->schemas);
  const char *why = NULL;
  CLEANUP_JSON struct json_object *json = json_parse(text, strlen(text), NULL, &why);

  cr_assert(json, "%s: %s", text, why);
  schema->item.name = "s";
  if (kind == 't') cr_assert(model_parse_table(model, json, VEC_ADD(&schema->tables)));
  if (kind == 'f') cr_assert(model_parse_function(model, json, VEC_ADD(&schema->functions)));
  if (kind == 'v') cr_assert(model_parse_volume(model, json, VEC_ADD(&schema->volumes)));
  return model;
}

/* Every difference between the two as a line "name field[:item] old -> new". */
static char *
found(const char *dest_name, char kind, const char *source, const char *dest)
{
  CLEANUP(model_cleanup) struct model_catalog *from = model_of("prod", kind, source);
  CLEANUP(model_cleanup) struct model_catalog *to = model_of(dest_name, kind, dest);
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  const struct delta_options options = {0};
  struct delta delta = {0};
  struct buf text = BUF_INIT(BUF_LARGE);

  delta_compare(arena, from, to, &options, &delta);
  VEC_EACH (&delta.differences, difference)
    buf_addf(&text, "%s%s %s%s%s %s -> %s", text.len ? "\n" : "", difference->name,
             delta_field_name(difference->field), difference->item ? ":" : "",
             difference->item ? difference->item : "", difference->old_value ? difference->old_value : "none",
             difference->new_value ? difference->new_value : "none");
  delta_free(&delta);
  return buf_take(&text);
}

struct delta_case {
  char kind;
  const char *source, *dest, *differences;
};

static void
check(const char *dest_name, const struct delta_case *cases, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    CLEANUP_FREE char *text = found(dest_name, cases[i].kind, cases[i].source, cases[i].dest);

    cr_expect_str_eq(text, cases[i].differences, "case %zu: %s\n%s\n%s", i, cases[i].source, cases[i].dest,
                     text);
  }
}

#define VIEW(query) "{\"name\":\"v\",\"table_type\":\"VIEW\",\"view_definition\":\"" query "\"}"
#define COLUMN(name, type) "{\"name\":\"" name "\",\"type_text\":\"" type "\"}"
#define TABLE(columns) "{\"name\":\"t\",\"table_type\":\"MANAGED\",\"columns\":[" columns "]}"
#define TYPED(type) TABLE(COLUMN("c", type))
#define WITH(members) "{\"name\":\"t\",\"table_type\":\"MANAGED\"," members "}"

Test(delta, queries_are_compared_by_tokens_and_modulo_catalog)
{
  const struct delta_case cases[] = {
      {'t', VIEW("SELECT a FROM prod.s.t"), VIEW("select  A\\nfrom dev.s.t -- now\\n;"), ""},
      {'t', VIEW("SELECT a FROM `prod`.s.t"), VIEW("SELECT a FROM DEV.s.t"), ""},
      {'t', VIEW("SELECT a FROM prod.s.t"), VIEW("SELECT a FROM prod.s.t"),
       "s.v definition SELECT a FROM prod.s.t -> SELECT a FROM prod.s.t"},
      {'t', VIEW("SELECT a FROM dev.s.t"), VIEW("SELECT a FROM dev.s.t"),
       "s.v definition SELECT a FROM dev.s.t -> SELECT a FROM dev.s.t"},
      {'t', VIEW("SELECT 'prod.x' FROM other.s.t"), VIEW("SELECT 'prod.x' FROM other.s.t"), ""},
      {'t', VIEW("SELECT 'A'"), VIEW("SELECT 'a'"), "s.v definition SELECT 'A' -> SELECT 'a'"},
      {'t', VIEW("SELECT \\\"a\\\""), VIEW("SELECT 'a'"), ""},
      {'t', VIEW("SELECT 1"), VIEW("SELECT 1 , 2"), "s.v definition SELECT 1 -> SELECT 1 , 2"},
      {'t', VIEW("SELECT 1 /*+ COALESCE(1) */"), VIEW("SELECT 1"), ""},
      {'t', VIEW("SELECT a FROM read_files('/Volumes/prod/s/v')"),
       VIEW("SELECT a FROM read_files('/Volumes/dev/s/v')"), ""},
  };

  check("dev", cases, ARRAY_SIZE(cases));
}

Test(delta, types_are_compared_down_to_their_fields)
{
  const struct delta_case cases[] = {
      {'t', TYPED("map<string, int>"), TYPED("MAP<STRING,INT>"), ""},
      {'t', TYPED("decimal(10, 2)"), TYPED("decimal(10,2)"), ""},
      {'t', TYPED("decimal(10,2)"), TYPED("decimal(18,4)"), "s.t.c type decimal(10,2) -> decimal(18,4)"},
      {'t', TYPED("array<int>"), TYPED("array<bigint>"), "s.t.c type:element int -> bigint"},
      {'t', TYPED("struct<a:int,b:struct<`c d`:string>>"), TYPED("struct<a: int, b: struct<`c d`: date>>"),
       "s.t.c type:b.c d string -> date"},
      {'t', TYPED("struct<a:int>"), TYPED("struct<a:int,b:map<int,int>>"),
       "s.t.c column:b none -> map<int,int>"},
      {'t', TYPED("struct<a:int,b:int>"), TYPED("struct<b:int,a:int>"),
       "s.t.c position struct<a:int,b:int> -> struct<b:int,a:int>"},
      {'t', TYPED("array<int>"), TYPED("int"), "s.t.c type array<int> -> int"},
      {'t', TYPED("interval day to second"), TYPED("interval  DAY TO SECOND"), ""},
      {'t', TYPED("struct<a:int not null comment 'x'>"), TYPED("struct<a:int>"),
       "s.t.c nullable:a NOT NULL -> NULL\ns.t.c comment:a x -> none"},
      {'t', TYPED("struct<"), TYPED("struct<a"), "s.t.c type struct< -> struct<a"},
      {'t', TYPED("bigint"), TYPED("long"), ""},
  };

  check("dev", cases, ARRAY_SIZE(cases));
}

Test(delta, columns_are_matched_by_name)
{
  const struct delta_case cases[] = {
      {'t', TABLE(COLUMN("a", "int")), TABLE(COLUMN("A", "int")), ""},
      {'t', TABLE(COLUMN("a", "int") "," COLUMN("b", "int") "," COLUMN("c", "int")),
       TABLE(COLUMN("b", "int") "," COLUMN("c", "int") "," COLUMN("a", "int")), "s.t.a position 1 -> 3"},
      {'t', TABLE(COLUMN("a", "int") "," COLUMN("c", "int")),
       TABLE(COLUMN("a", "int") "," COLUMN("b.x", "int") "," COLUMN("c", "int")),
       "s.t.b.x column none -> int"},
      {'t', TABLE("{\"name\":\"a\",\"type_text\":\"int\",\"comment\":\"\"}"), TABLE(COLUMN("a", "int")), ""},
      {'t',
       TABLE("{\"name\":\"a\",\"type_text\":\"int\",\"type_json\":\"{\\\"name\\\":\\\"a\\\",\\\"type\\\":"
             "\\\"integer\\\","
             "\\\"nullable\\\":true,\\\"metadata\\\":{\\\"CURRENT_DEFAULT\\\":\\\"prod.s.f( )\\\"}}\"}"),
       TABLE("{\"name\":\"a\",\"type_text\":\"int\",\"type_json\":\"{\\\"name\\\":\\\"a\\\",\\\"type\\\":"
             "\\\"integer\\\","
             "\\\"nullable\\\":true,\\\"metadata\\\":{\\\"CURRENT_DEFAULT\\\":\\\"dev.s.f()\\\",\\\"EXISTS_"
             "DEFAULT\\\":"
             "\\\"1\\\"}}\"}"),
       ""},
  };

  check("dev", cases, ARRAY_SIZE(cases));
}

#define PROPERTIES(members) WITH("\"properties\":{" members "}")
#define KEYS(list) WITH("\"table_constraints\":[" list "]")
#define FOREIGN(parent)                                                                                   \
  KEYS("{\"foreign_key_constraint\":{\"name\":\"f\",\"child_columns\":[\"a\"],\"parent_table\":\"" parent \
       "\",\"parent_columns\":[\"b\"]}}")

Test(delta, what_the_service_sets_does_not_count)
{
  const struct delta_case cases[] = {
      {'t', PROPERTIES("\"delta.feature.x\":\"supported\",\"delta.minReaderVersion\":\"3\",\"a\":\"1\""),
       PROPERTIES("\"a\":\"1\",\"delta.columnMapping.maxColumnId\":\"5\",\"transient_lastDdlTime\":\"7\""),
       ""},
      {'t', PROPERTIES("\"A\":\"1\""), PROPERTIES("\"a\":\"1\""),
       "s.t properties:A 1 -> none\ns.t properties:a none -> 1"},
      {'t', PROPERTIES("\"delta.constraints.c\":\"a > 0\""), PROPERTIES("\"delta.constraints.c\":\"A >  0\""),
       ""},
      {'t', PROPERTIES("\"delta.constraints.c\":\"a > 0\""), PROPERTIES("\"x\":\"\""),
       "s.t properties:x none -> \ns.t check:c a > 0 -> none"},
      {'t', PROPERTIES("\"clusteringColumns\":\"[[\\\"a\\\"],[\\\"b\\\",\\\"c\\\"]]\""),
       PROPERTIES("\"clusterByAuto\":\"true\""), "s.t clustering a, b.c -> AUTO"},
      {'t', WITH("\"storage_location\":\"s3://x/1\""), WITH("\"storage_location\":\"s3://x/2\""), ""},
      {'t', "{\"name\":\"t\",\"table_type\":\"MANAGED\"}",
       "{\"name\":\"T\",\"table_type\":\"MANAGED_SHALLOW_CLONE\"}", ""},
      {'t', "{\"name\":\"t\",\"table_type\":\"EXTERNAL\",\"storage_location\":\"s3://b/prod/t\"}",
       "{\"name\":\"t\",\"table_type\":\"EXTERNAL\",\"storage_location\":\"s3://b/dev/t/\"}", ""},
      {'t', "{\"name\":\"t\",\"table_type\":\"EXTERNAL\",\"storage_location\":\"s3://b/prod/t\"}",
       "{\"name\":\"t\",\"table_type\":\"EXTERNAL\",\"storage_location\":\"s3://b/prod/u\"}",
       "s.t location s3://b/prod/t -> s3://b/prod/u"},
      {'t', "{\"name\":\"t\",\"table_type\":\"VIEW\",\"comment\":\"a\"}",
       "{\"name\":\"t\",\"table_type\":\"MANAGED\"}", "s.t table_type VIEW -> MANAGED"},
  };

  check("dev", cases, ARRAY_SIZE(cases));
}

Test(delta, keys_filters_and_masks_are_modulo_catalog)
{
  const struct delta_case cases[] = {
      {'t', FOREIGN("prod.s.p"), FOREIGN("dev.s.p"), ""},
      {'t', FOREIGN("prod.s.p"), FOREIGN("prod.s.p"),
       "s.t foreign_key:f (a) REFERENCES s.p (b) -> (a) REFERENCES prod.s.p (b)"},
      {'t', KEYS("{\"primary_key_constraint\":{\"name\":\"p\",\"child_columns\":[\"a\"],\"rely\":true}}"),
       KEYS("{\"primary_key_constraint\":{\"name\":\"p\",\"child_columns\":[\"a\"]}}"),
       "s.t primary_key p (a) RELY -> p (a)"},
      {'t', KEYS("{\"named_table_constraint\":{\"name\":\"u\"}}"), WITH("\"owner\":null"),
       "s.t unique:u unique -> none"},
      {'t', WITH("\"row_filter\":{\"function_name\":\"prod.s.f\",\"input_column_names\":[\"a\"]}"),
       WITH("\"row_filter\":{\"function_name\":\"dev.s.f\",\"input_arguments\":[{\"column\":\"A\"}]}"), ""},
      {'t', WITH("\"row_filter\":{\"function_name\":\"prod.s.f\",\"input_column_names\":[\"a\"]}"),
       WITH("\"row_filter\":{\"function_name\":\"dev.s.f\",\"input_arguments\":[{\"column\":\"a\"},{"
            "\"constant\":\"1\"}]}"),
       "s.t row_filter s.f(a) -> s.f(a, 1)"},
  };

  check("dev", cases, ARRAY_SIZE(cases));
}

#define FUNCTION(more)                                                                                      \
  "{\"name\":\"f\",\"full_data_type\":\"int\",\"routine_body\":\"SQL\",\"input_params\":{\"parameters\":[{" \
  "\"name\":"                                                                                               \
  "\"a\",\"type_text\":\"int\",\"position\":0}]}" more "}"

Test(delta, functions_are_compared_by_language)
{
  const struct delta_case cases[] = {
      {'f', FUNCTION(",\"routine_definition\":\"prod.s.g(a)\""),
       FUNCTION(",\"routine_definition\":\" DEV.s.g( a )\""), ""},
      {'f', FUNCTION(",\"external_language\":\"Python\",\"routine_definition\":\"if a:\\n  b\""),
       FUNCTION(",\"external_language\":\"PYTHON\",\"routine_definition\":\"if a:\\n    b\""),
       "s.f definition if a:\n  b -> if a:\n    b"},
      {'f', FUNCTION(",\"is_deterministic\":true"), FUNCTION(",\"is_deterministic\":false"),
       "s.f deterministic DETERMINISTIC -> NOT DETERMINISTIC"},
      {'v', "{\"name\":\"v\",\"volume_type\":\"MANAGED\",\"storage_location\":\"x\"}",
       "{\"name\":\"v\",\"volume_type\":\"MANAGED\",\"storage_location\":\"y\",\"comment\":\"c\"}",
       "s.v comment none -> c"},
  };

  check("dev", cases, ARRAY_SIZE(cases));
}

Test(delta, one_catalog_at_two_times_refers_to_itself)
{
  const struct delta_case cases[] = {
      {'t', WITH("\"storage_location\":\"s3://x/1\""), WITH("\"storage_location\":\"s3://x/2\""), ""},
      {'t', VIEW("SELECT a FROM prod.s.t"), VIEW("SELECT a FROM prod.s.t"), ""},
  };

  check("PROD", cases, ARRAY_SIZE(cases));
}

Test(delta, words_stand_for_fields_and_kinds)
{
  cr_expect_eq(delta_field_bits("Tags"), DELTA_BIT(DELTA_TAGS));
  cr_expect_eq(delta_field_bits("constraints") & DELTA_BIT(DELTA_CHECK), DELTA_BIT(DELTA_CHECK));
  cr_expect_eq(delta_field_bits("nothing"), 0);
  cr_expect_eq(delta_kind_bit("views"), 1U << DELTA_VIEW);
  cr_expect_eq(delta_kind_bit("view"), 1U << DELTA_VIEW);
  cr_expect_eq(delta_kind_bit(""), 0);
  for (int i = 0; i < DELTA_FIELDS; i++)
    cr_expect_eq(delta_field_bits(delta_field_name((enum delta_field)i)), DELTA_BIT(i));
}

Test(delta, a_type_that_never_ends_is_taken_as_it_is)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_BUF struct buf deep = BUF_INIT(BUF_LARGE);

  for (int i = 0; i < 10000; i++)
    buf_add_text(&deep, "array<");
  cr_expect_str_eq(delta_type_read(arena, deep.data, NULL)->text, deep.data);
  cr_expect_str_eq(delta_type_read(arena, "", NULL)->text, "");
  cr_expect_str_eq(delta_type_read(arena, "struct<>", NULL)->text, "struct<>");
}
