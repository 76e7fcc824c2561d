/* SPDX-License-Identifier: Apache-2.0 */
/* A plan is shown as it is: text, script and JSON from the same steps. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/plan/plan.h"
#include "kit/plan/print.h"

#include "base/banned.h"

static struct plan *
some_plan(void)
{
  struct plan *plan = plan_new();
  const char *schema[] = {"d", "s"}, *view[] = {"d", "s", "v"}, *table[] = {"d", "s", "t"};
  size_t v = plan_add_step(plan, plan_add_object(plan, "view", view, 3, NULL), "create view"), s;

  plan_step(plan, v)->text = "CREATE VIEW v AS\nSELECT 1";
  plan_step(plan, v)->catalog = "d";
  s = plan_add_step(plan, plan_add_object(plan, "schema", schema, 2, NULL), "create schema");
  plan_step(plan, s)->text = "CREATE SCHEMA s";
  plan_step(plan, s)->undo.prior = PLAN_PRIOR_ABSENT;
  plan_add_order(plan, v, s);
  plan_add_refusal(plan, plan_add_object(plan, "table", table, 3, "p.s.t"), PLAN_SKIPPED, NULL,
                   "it is foreign");
  plan_add_warning(plan, "look here");
  return plan;
}

Test(plan_print, text_has_numbers_needs_and_reasons)
{
  CLEANUP_PLAN struct plan *plan = some_plan();
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  plan_print_text(&text, plan);
  cr_assert_str_eq(text.data, "   1  create view d.s.v  (cannot be undone; after 2)\n"
                              "      CREATE VIEW v AS\n"
                              "      SELECT 1\n"
                              "   2  create schema d.s  (new)\n"
                              "      CREATE SCHEMA s\n"
                              "Left out:\n"
                              "  table p.s.t: it is foreign\n"
                              "Look at:\n"
                              "  look here\n");
}

Test(plan_print, a_script_is_in_an_order_that_works)
{
  CLEANUP_PLAN struct plan *plan = some_plan();
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

  plan_print_sql(&text, plan);
  cr_assert_str_eq(text.data, "CREATE SCHEMA s;\n"
                              "USE CATALOG `d`;\n"
                              "CREATE VIEW v AS\nSELECT 1;\n"
                              "-- Left out:\n"
                              "--   table p.s.t: it is foreign\n"
                              "-- Look at:\n"
                              "--   look here\n");
}

Test(plan_print, nothing_in_a_script_leaves_its_comment_or_hides_in_one)
{
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  const char *name = "v";
  size_t step = plan_add_step(plan, plan_add_object(plan, "view", &name, 1, NULL), "create view");

  plan_step(plan, step)->text = "CREATE VIEW v AS SELECT 1 -- one";
  plan_add_warning(plan, "odd\nDROP CATALOG x");
  plan_print_sql(&text, plan);
  cr_assert_str_eq(text.data,
                   "CREATE VIEW v AS SELECT 1 -- one\n;\n-- Look at:\n--   odd\n-- DROP CATALOG x\n");
}

Test(plan_print, json_is_what_the_journal_keeps)
{
  CLEANUP_PLAN struct plan *plan = some_plan();
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  CLEANUP_JSON struct json_object *json = NULL;

  plan_print_json(&text, plan);
  json = json_parse(text.data, text.len, NULL, NULL);
  cr_assert_not_null(json);
  cr_assert_eq(json_length(json_get_array(json, "objects")), 3);
  cr_assert_str_eq(json_get_text(json_item(json_get_array(json, "steps"), 0), "text"),
                   "CREATE VIEW v AS\nSELECT 1");
  cr_assert_eq(json_length(json_get_array(json, "warnings")), 1);
  cr_assert_eq(plan_count_sent(plan), 2);
}

Test(plan_print, sorting_moves_a_step_only_behind_what_it_needs)
{
  CLEANUP_PLAN struct plan *plan = plan_new();
  const char *name = "o", *const expected[] = {"b", "a", "d", "e", "c"};
  size_t object = plan_add_object(plan, "table", &name, 1, NULL);
  size_t a = plan_add_step(plan, object, "a"), b = plan_add_step(plan, object, "b"), c, e;

  plan_add_order(plan, a, b);
  c = plan_add_refusal(plan, object, PLAN_REFUSED, NULL, "no");
  plan_step(plan, c)->action = "c";
  plan_add_step(plan, object, "d");
  e = plan_add_step(plan, object, "e");
  plan_add_order(plan, e, a);
  plan_add_order(plan, e, b);
  plan_sort(plan);
  for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
    cr_assert_str_eq(plan->steps.at[i].action, expected[i]);
  cr_assert_eq(plan->steps.at[1].after.at[0], 0);
  cr_assert_eq(plan->steps.at[3].after.at[0], 0);
  cr_assert_eq(plan->steps.at[3].after.at[1], 1);
}

Test(plan_print, sorting_a_chain_of_many_steps_needs_no_deep_stack)
{
  CLEANUP_PLAN struct plan *plan = plan_new();
  const char *name = "o";
  size_t object = plan_add_object(plan, "view", &name, 1, NULL);

  for (size_t i = 0; i < 100000; i++)
    plan_add_step(plan, object, "create view");
  for (size_t i = 0; i + 1 < 100000; i++)
    plan_add_order(plan, i, i + 1);
  plan_step(plan, 99999)->text = "first";
  plan_sort(plan);
  cr_assert_str_eq(plan->steps.at[0].text, "first");
}
