/* SPDX-License-Identifier: Apache-2.0 */
/* Rules for hiding columns: which column a rule is for, what stands in its place, and what is refused. */
#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/model/model.h"
#include "kit/rows/column_type.h"
#include "kit/rows/mask.h"
#include "testhost/testhost.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *
#define ARENA CLEANUP(arena_cleanup) struct arena *
#define MASKS __attribute__((cleanup(masks_free))) struct masks

Test(mask, types_are_taken_apart)
{
  ARENA arena = arena_new();
  const struct column_type *type =
      column_type_read(arena, "struct<a:int,`b``<,`:decimal(10,2) NOT NULL COMMENT 'it\\'s, "
                              ">',c:array<struct<d:string>>,m:map<string,"
                              "array<int>>>");

  cr_assert_not_null(type);
  cr_assert_eq(type->kind, COLUMN_STRUCT);
  cr_assert_eq(type->part_count, 4);
  cr_assert_str_eq(type->parts[1].name, "b`<,");
  cr_assert_str_eq(type->parts[1].text, "decimal(10,2)");
  cr_assert(type->parts[1].not_null);
  cr_assert_not(type->parts[0].not_null);
  cr_assert_eq(type->parts[2].parts[0].kind, COLUMN_STRUCT);
  cr_assert_str_eq(type->parts[2].text, "array<struct<d:string>>");
  cr_assert_eq(type->parts[3].parts[1].kind, COLUMN_ARRAY);
  type = column_type_read(arena, "string collate UTF8_LCASE");
  cr_assert_str_eq(type->text, "string collate UTF8_LCASE");
  cr_assert_str_eq(column_type_word(arena, type), "string");
  cr_assert_eq(column_type_read(arena, "struct<>")->part_count, 0);
}

Test(mask, what_is_no_type_is_not_read)
{
  static const char *const wrong[] = {
      "",         "struct<", "struct<a>",      "struct<a:int",      "array<>",
      "map<int>", "int>",    "struct<`a:int>", "struct<a:int NOT>", "array<int>>"};
  ARENA arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
    cr_assert_null(column_type_read(arena, wrong[i]), "%s", wrong[i]);
  cr_assert_null(column_type_read(arena, NULL));
}

/* What RULE makes of a column COLUMN of TYPE. */
static void
apply(struct arena *arena, const char *rule, const struct model_column *column, const char **text,
      const char **problem)
{
  HOST host = testhost_new();
  MASKS masks;
  struct model_table table = {.item = {.name = "t"}, .columns = column, .column_count = 1};

  testhost_arg(host, "mask", rule);
  cr_assert_eq(masks_read(testhost_call(host), &masks), CLXS_OK, "%s", rule);
  masks_column(&masks, arena, "s", &table, column, text, problem);
  cr_assert_eq(masks_touch(&masks, "s", &table), *text || *problem);
  *problem = arena_strdup(arena, *problem);
}

#define DIGITS(n, type) "CAST(conv(substr(sha2(CAST(`c` AS STRING), 256), 1, " #n "), 16, 10) AS " type ")"

Test(mask, a_strategy_fits_the_type)
{
  static const struct {
    const char *rule, *type, *expected; /* NULL: cannot be */
  } cases[] = {
      {"c=hash", "string", "sha2(`c`, 256)"},
      {"C=HASH", "varchar(64)", "sha2(`c`, 256)"},
      {"c=hash", "varchar(63)", NULL},
      {"c=hash", "binary", "unhex(sha2(`c`, 256))"},
      {"c=hash", "bigint", DIGITS(15, "bigint")},
      {"c=hash", "int", DIGITS(7, "int")},
      {"c=hash", "smallint", NULL},
      {"c=hash", "double", DIGITS(13, "double")},
      {"c=hash", "decimal(38,2)", DIGITS(15, "decimal(38,2)")},
      {"c=hash", "decimal(10,2)", DIGITS(6, "decimal(10,2)")},
      {"c=hash", "decimal(4,2)", NULL},
      {"c=hash", "date", NULL},
      {"c=hash", "boolean", NULL},
      {"c=redact", "string", "'***REDACTED***'"},
      {"c=redact", "char(4)", "repeat('*', 4)"},
      {"c=redact", "int", "CAST(0 AS int)"},
      {"c=redact", "timestamp", "CAST(NULL AS timestamp)"},
      {"c=null", "date", "CAST(NULL AS date)"},
      {"c=null", "struct<a:int>", "CAST(CAST(NULL AS struct<a:int>) AS struct<a:int>)"},
      {"c=partial", "int", NULL},
      {"c=partial", "string",
       "CASE WHEN length(`c`) < 5 THEN repeat('*', length(`c`)) ELSE concat(left(`c`, 1), repeat('*', "
       "length(`c`) - 2), "
       "right(`c`, 1)) END"},
      {"c=email", "date", NULL},
      {"c=upper({column})", "string", "CAST((upper(`c`)) AS string)"},
      {"c='{column}' || {column}", "varchar(9)", "CAST(('{column}' || `c`) AS varchar(9))"},
      {"c=0", "int", "CAST((0) AS int)"},
      {"c=redact", "array<string>", "CAST(transform(`c`, clxs_0 -> '***REDACTED***') AS array<string>)"},
      {"c=hash", "map<string,string>", NULL},
      {"c=hash", "struct<a:string>", NULL},
  };
  ARENA arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    struct model_column column = {.name = "c", .type_text = cases[i].type};
    const char *text, *problem;

    apply(arena, cases[i].rule, &column, &text, &problem);
    if (cases[i].expected)
      cr_assert(str_eq(text, cases[i].expected), "%s %s: %s %s", cases[i].rule, cases[i].type, text, problem);
    else
      cr_assert(!text && problem && strstr(problem, cases[i].rule), "%s %s: %s", cases[i].rule, cases[i].type,
                text);
  }
}

Test(mask, what_must_not_be_null_is_not_made_null)
{
  static const char *const rules[] = {"c=null", "c=redact"};
  struct model_column column = {.name = "c", .type_text = "date", .not_null = true};
  ARENA arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
    const char *text, *problem;

    apply(arena, rules[i], &column, &text, &problem);
    cr_assert(!text && problem && strstr(problem, "must not be NULL"), "%s", problem);
  }
}

Test(mask, values_inside_of_others_are_reached)
{
  static const struct {
    const char *rule, *type, *expected;
  } cases[] = {
      {"c.a=null", "struct<a:int,b:string>",
       "CAST(CASE WHEN `c` IS NULL THEN NULL ELSE named_struct('a', CAST(NULL AS int), 'b', `c`.`b`) END AS "
       "struct<a:int,b:string>)"},
      {"b=redact", "array<struct<b:string>>",
       "CAST(transform(`c`, clxs_0 -> CASE WHEN clxs_0 IS NULL THEN NULL ELSE named_struct('b', "
       "'***REDACTED***') END) AS "
       "array<struct<b:string>>)"},
      {"c.it's=redact", "map<string,struct<`it's`:int>>",
       "CAST(transform_values(`c`, (clxs_0_key, clxs_0) -> CASE WHEN clxs_0 IS NULL THEN NULL ELSE "
       "named_struct('it\\'s', CAST(0 AS int)) END) AS map<string,struct<`it's`:int>>)"},
      {"x=redact", "struct<a:int,b:string>", NULL},
      {"c.b.x=redact", "struct<a:int,b:string>", NULL},
  };
  ARENA arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    struct model_column column = {.name = "c", .type_text = cases[i].type};
    const char *text, *problem;

    apply(arena, cases[i].rule, &column, &text, &problem);
    cr_assert_null(problem, "%s: %s", cases[i].rule, problem);
    cr_assert(str_eq(text, cases[i].expected), "%s: %s", cases[i].rule, text);
  }
}

Test(mask, names_are_quoted_and_compared_without_case)
{
  struct model_column column = {.name = "Straße`; DROP", .type_text = "string"};
  const char *text, *problem;
  ARENA arena = arena_new();

  apply(arena, "STRAßE`; drop=hash", &column, &text, &problem);
  cr_assert_str_eq(text, "sha2(`Straße``; DROP`, 256)");
  column.name = "a.b";
  apply(arena, "a.b=hash", &column, &text, &problem);
  cr_assert_str_eq(text, "sha2(`a.b`, 256)");
}

Test(mask, a_type_that_cannot_be_read_hides_nothing_by_chance)
{
  struct model_column column = {.name = "c", .type_text = "struct<a:"};
  const char *text, *problem;
  ARENA arena = arena_new();

  apply(arena, "email=hash", &column, &text, &problem);
  cr_assert(!text && problem);
  column.type_text = NULL;
  apply(arena, "email=hash", &column, &text, &problem);
  cr_assert(!text && !problem);
  apply(arena, "c=hash", &column, &text, &problem);
  cr_assert(!text && problem);
}

static clxs_status
read_rules(struct testhost *host, const char *flag, const char *config, struct masks *masks)
{
  if (flag) testhost_arg(host, "mask", flag);
  if (config) testhost_config(host, "masking_rules", config);
  return masks_read(testhost_call(host), masks);
}

Test(mask, the_first_rule_that_matches_counts_and_flags_come_first)
{
  HOST host = testhost_new();
  MASKS masks;
  struct model_column columns[] = {{.name = "Home_Email", .type_text = "string"},
                                   {.name = "ssn", .type_text = "string"}};
  struct model_table table = {.item = {.name = "T"}, .columns = columns, .column_count = 2};
  const char *text, *problem;
  ARENA arena = arena_new();

  cr_assert_eq(
      read_rules(
          host, "ssn=redact",
          "[{\"column\":\"^home.*mail\",\"match_type\":\"regex\",\"strategy\":\"hash\",\"schema\":\"other\"},"
          "{\"column\":\"mail\",\"match_type\":\"regex\",\"strategy\":null,\"table\":\"t\"},"
          "{\"column\":\"ssn\",\"strategy\":\"hash\"}]",
          &masks),
      CLXS_OK);
  cr_assert_eq(masks.rules.count, 4);
  masks_column(&masks, arena, "s", &table, &columns[0], &text, &problem);
  cr_assert_str_eq(text, "CAST(NULL AS string)");
  masks_column(&masks, arena, "s", &table, &columns[1], &text, &problem);
  cr_assert_str_eq(text, "'***REDACTED***'");
  cr_assert_not(mask_rule_matches(&masks.rules.at[1], "s", &table));
  cr_assert(mask_rule_matches(&masks.rules.at[1], "OTHER", &table));
}

Test(mask, rules_that_cannot_be_understood_are_errors)
{
  static const struct {
    const char *flag, *config;
    clxs_status status;
  } cases[] = {
      {"ssn", NULL, CLXS_E_USAGE},
      {"=hash", NULL, CLXS_E_USAGE},
      {"ssn=", NULL, CLXS_E_USAGE},
      {"ssn=hassh", NULL, CLXS_E_USAGE},
      {"ssn=upper({column}", NULL, CLXS_E_USAGE},
      {"ssn='x' -- ", NULL, CLXS_E_USAGE},
      {"ssn={column}, other", NULL, CLXS_OK}, /* the service's to refuse: it stands in brackets */
      {NULL, "{}", CLXS_E_CONFIG},
      {NULL, "[1]", CLXS_E_CONFIG},
      {NULL, "[{\"strategy\":\"hash\"}]", CLXS_E_CONFIG},
      {NULL, "[{\"column\":\"a\"}]", CLXS_E_CONFIG},
      {NULL, "[{\"column\":\"a\",\"method\":\"hash\"}]", CLXS_E_CONFIG},
      {NULL, "[{\"column\":\"a\",\"strategy\":\"hash\",\"extra\":1}]", CLXS_E_CONFIG},
      {NULL, "[{\"column\":\"(\",\"strategy\":\"hash\",\"match_type\":\"regex\"}]", CLXS_E_CONFIG},
      {NULL, "[{\"column\":\"a\",\"strategy\":\"hash\",\"match_type\":\"fuzzy\"}]", CLXS_E_CONFIG},
      {NULL, "[{\"column\":[\"a\"],\"strategy\":\"hash\"}]", CLXS_E_CONFIG},
      {NULL, "[]", CLXS_OK},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = testhost_new();
    MASKS masks;

    cr_assert_eq(read_rules(host, cases[i].flag, cases[i].config, &masks), cases[i].status, "%zu", i);
  }
}
