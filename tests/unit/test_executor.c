/* SPDX-License-Identifier: Apache-2.0 */
/* Plans run in their order, in parallel, and to their end whatever happens to single steps. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "kit/plan/executor.h"
#include "kit/plan/journal.h"
#include "kit/plan/operation.h"
#include "kit/plan/summary.h"
#include "testhost/testhost.h"

#include "base/banned.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

static size_t
add_sql(struct plan *plan, const char *name, uint32_t flags)
{
  size_t step = plan_add_step(plan, plan_add_object(plan, "thing", &name, 1, NULL), "make");

  plan_step(plan, step)->via = PLAN_SQL;
  plan_step(plan, step)->text = arena_printf(plan->arena, "MAKE %s", name);
  plan_step(plan, step)->flags = flags;
  return step;
}

static clxs_status
run_plan(struct testhost *host, struct plan *plan, uint32_t width, struct executor_results *results)
{
  struct executor_options options = {.width = width, .progress = "Making"};

  return executor_run(testhost_call(host), plan, &options, results);
}

Test(executor, an_empty_plan_is_done)
{
  HOST host = testhost_new();
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_RESULTS struct executor_results results = {0};

  cr_assert_eq(run_plan(host, plan, 4, &results), CLXS_OK);
}

/* 300 steps with random needs: each begins only after everything it needs has ended. */
Test(executor, needs_end_before_a_step_begins)
{
  HOST host = testhost_new();
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_RESULTS struct executor_results results = {0};
  unsigned seed = 7;
  uint64_t done, total;

  testhost_sql(host, "*", NULL);
  for (size_t i = 0; i < 300; i++) {
    char name[16];

    snprintf(name, sizeof name, "n%03zu", i);
    add_sql(plan, name, 0);
    for (int k = 0; k < 3 && i; k++) {
      seed = seed * 1103515245u + 12345u;
      plan_add_order(plan, i, (seed >> 8) % i);
    }
  }
  cr_assert_eq(run_plan(host, plan, 8, &results), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 300);
  cr_assert_leq(testhost_peak(host), 8);
  for (size_t i = 0; i < 300; i++) {
    const struct testhost_sent *sent = testhost_sent(host, TESTHOST_SQL, plan->steps.at[i].text, 0);

    VEC_EACH (&plan->steps.at[i].after, need) {
      size_t position = 0;

      /* The need began earlier than this one in the record, and as many had ended as were waited for. */
      while (testhost_sent(host, TESTHOST_SQL, NULL, position) != sent)
        position++;
      while (!str_eq(testhost_sent(host, TESTHOST_SQL, NULL, --position)->text, plan->steps.at[*need].text))
        cr_assert_gt(position, 0, "began before what it needs");
    }
    cr_assert_geq(sent->ended, plan->steps.at[i].after.count);
    cr_assert_eq(results.steps[i].state, PLAN_DONE);
  }
  cr_assert_str_eq(testhost_progress(host, &done, &total), "Making");
  cr_assert_eq(total, 300);
}

Test(executor, the_longest_chain_goes_first)
{
  HOST host = testhost_new();
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_RESULTS struct executor_results results = {0};
  size_t a, b;

  testhost_sql(host, "*", NULL);
  add_sql(plan, "lonely", 0);
  a = add_sql(plan, "root", 0);
  b = add_sql(plan, "leaf", 0);
  plan_add_order(plan, b, a);
  cr_assert_eq(run_plan(host, plan, 1, &results), CLXS_OK);
  cr_assert_str_eq(testhost_sent(host, TESTHOST_SQL, NULL, 0)->text, "MAKE root");
}

/* Copies wait for a place among copies; everything else overtakes them. */
Test(executor, copies_have_a_limit_of_their_own)
{
  HOST host = testhost_new();
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_RESULTS struct executor_results results = {0};
  struct executor_options options = {.width = 8, .copies = 2};
  size_t begun = 0, ended_before = 0;

  testhost_sql(host, "*", NULL);
  for (size_t i = 0; i < 40; i++)
    add_sql(plan, i % 2 ? "copy" : "rest", i % 2 ? PLAN_COPIES : 0);
  cr_assert_eq(executor_run(testhost_call(host), plan, &options, &results), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "MAKE copy"), 20);
  for (size_t i = 0; i < 40; i++) {
    const struct testhost_sent *sent = testhost_sent(host, TESTHOST_SQL, NULL, i);

    if (!str_eq(sent->text, "MAKE copy")) continue;
    /* Of those that began before, all but one had ended, or were no copies. */
    begun++;
    ended_before = sent->ended;
    cr_assert_leq(begun, ended_before + 2);
  }
}

Test(executor, copies_begin_evenly_over_a_minute)
{
  HOST host = testhost_new();
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_RESULTS struct executor_results results = {0};
  struct executor_options options = {.width = 4, .copies_per_minute = 30};
  struct clxs_call *call = testhost_call(host);
  int64_t before = call->core->mono_ms(call);

  testhost_sql(host, "*", NULL);
  for (size_t i = 0; i < 6; i++)
    add_sql(plan, "copy", PLAN_COPIES);
  add_sql(plan, "rest", 0);
  cr_assert_eq(executor_run(call, plan, &options, &results), CLXS_OK);
  cr_assert_eq(call->core->mono_ms(call) - before, 5 * 2000);
}

static void
cancel_run(struct testhost *host, const char *text, void *data)
{
  (void)text, (void)data;
  testhost_cancel(host);
}

Test(executor, a_copy_that_waits_for_its_moment_is_not_begun_when_the_run_ends)
{
  HOST host = testhost_new();
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_RESULTS struct executor_results results = {0};
  struct executor_options options = {.width = 1, .copies_per_minute = 1};

  testhost_rule_do(testhost_sql(host, "*", NULL), cancel_run, NULL);
  for (size_t i = 0; i < 3; i++)
    add_sql(plan, "copy", PLAN_COPIES);
  cr_assert_eq(executor_run(testhost_call(host), plan, &options, &results), CLXS_E_CANCELLED);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 1);
  cr_assert_eq(results.steps[2].state, PLAN_NOT_RUN);
}

Test(executor, limits_come_from_the_flag_then_from_settings)
{
  HOST host = testhost_new();
  struct executor_options options = {0};

  executor_read_limits(testhost_call(host), &options);
  cr_assert(options.copies == 0 && options.copies_per_minute == 0);
  testhost_config(host, "parallel_tables", "3");
  testhost_config(host, "max_tables_per_minute", "90");
  executor_read_limits(testhost_call(host), &options);
  cr_assert(options.copies == 3 && options.copies_per_minute == 90);
  testhost_arg(host, "parallel-tables", "5");
  executor_read_limits(testhost_call(host), &options);
  cr_assert_eq(options.copies, 5);
}

Test(executor, a_plan_that_waits_for_itself_is_refused_by_name)
{
  HOST host = testhost_new();
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_RESULTS struct executor_results results = {0};
  size_t a = add_sql(plan, "a", 0), b = add_sql(plan, "b", 0);

  plan_add_order(plan, a, b);
  plan_add_order(plan, b, a);
  cr_assert_eq(run_plan(host, plan, 4, &results), CLXS_E_INTERNAL);
  cr_assert(
      strstr(testhost_call(host)->core->error(testhost_call(host))->message, "make a -> make b -> make a"));
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
}

Test(executor, failures_block_through_every_way_and_are_counted_once)
{
  HOST host = testhost_new();
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_RESULTS struct executor_results results = {0};
  size_t top = add_sql(plan, "top", 0), left = add_sql(plan, "left", 0), right = add_sql(plan, "right", 0);
  size_t bottom = add_sql(plan, "bottom", 0), other = add_sql(plan, "other", 0);

  plan_add_order(plan, left, top);
  plan_add_order(plan, right, top);
  plan_add_order(plan, bottom, left);
  plan_add_order(plan, bottom, right);
  testhost_sql(host, "*", NULL);
  testhost_sql_error(host, "MAKE top", CLXS_E_INVALID, "PARSE_SYNTAX_ERROR", "make top: bad");
  cr_assert_eq(run_plan(host, plan, 3, &results), CLXS_E_PARTIAL);
  cr_assert_eq(results.steps[top].state, PLAN_FAILED);
  cr_assert_str_eq(results.steps[top].error_class, "PARSE_SYNTAX_ERROR");
  cr_assert_str_eq(results.steps[top].reason, "bad");
  cr_assert_eq(results.steps[left].state, PLAN_BLOCKED);
  cr_assert_str_eq(results.steps[left].reason, "needs thing top, which failed");
  cr_assert_eq(results.steps[bottom].state, PLAN_BLOCKED);
  cr_assert_eq(results.steps[other].state, PLAN_DONE);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 2);
}

Test(executor, a_lost_reply_without_a_way_to_look_is_repeated_only_where_that_is_safe)
{
  HOST host = testhost_new();
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_RESULTS struct executor_results results = {0};
  size_t safe = add_sql(plan, "safe", PLAN_IDEMPOTENT), unsafe = add_sql(plan, "unsafe", 0);

  testhost_sql(host, "*", NULL);
  testhost_rule_times(testhost_sql_error(host, "MAKE safe", CLXS_E_LOST, NULL, "gone"), 1);
  testhost_rule_times(testhost_sql_error(host, "MAKE unsafe", CLXS_E_LOST, NULL, "gone"), 1);
  cr_assert_eq(run_plan(host, plan, 2, &results), CLXS_E_PARTIAL);
  cr_assert_eq(results.steps[safe].state, PLAN_DONE);
  cr_assert_eq(results.steps[safe].attempts, 2);
  cr_assert_eq(results.steps[unsafe].state, PLAN_FAILED);
  cr_assert(strstr(results.steps[unsafe].reason, "could not be looked up"));
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "MAKE unsafe"), 1);
}

Test(executor, a_busy_service_is_asked_again_later)
{
  HOST host = testhost_new();
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_RESULTS struct executor_results results = {0};
  size_t step = add_sql(plan, "x", PLAN_IDEMPOTENT);
  int64_t before = testhost_call(host)->core->now_ms(testhost_call(host));

  testhost_sql(host, "*", NULL);
  testhost_rule_times(testhost_sql_error(host, "*", CLXS_E_LIMIT, "REQUEST_LIMIT_EXCEEDED", "later"), 3);
  cr_assert_eq(run_plan(host, plan, 1, &results), CLXS_OK);
  cr_assert_eq(results.steps[step].attempts, 4);
  cr_assert_geq(testhost_call(host)->core->now_ms(testhost_call(host)), before + 500 + 1000 + 2000);
}

Test(executor, a_service_that_is_away_ends_the_run)
{
  HOST host = testhost_new();
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_RESULTS struct executor_results results = {0};

  for (int i = 0; i < 20; i++)
    add_sql(plan, "x", PLAN_IDEMPOTENT);
  testhost_sql_error(host, "*", CLXS_E_UNAVAILABLE, NULL, "no route");
  cr_assert_eq(run_plan(host, plan, 1, &results), CLXS_E_UNAVAILABLE);
  cr_assert_eq(results.steps[2].state, PLAN_FAILED);
  cr_assert_eq(results.steps[3].state, PLAN_NOT_RUN);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 3 * 4);
}

Test(executor, a_missing_setting_ends_the_run_and_is_named)
{
  HOST host = testhost_new();
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_RESULTS struct executor_results results = {0};

  for (int i = 0; i < 5; i++)
    add_sql(plan, "x", PLAN_IDEMPOTENT);
  testhost_sql_error(host, "*", CLXS_E_CONFIG, NULL, "no SQL warehouse is configured");
  cr_assert_eq(run_plan(host, plan, 1, &results), CLXS_E_CONFIG);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 1);
  cr_assert(strstr(testhost_call(host)->core->error(testhost_call(host))->message, "no SQL warehouse"));
  cr_assert_eq(results.steps[1].state, PLAN_NOT_RUN);
}

Test(executor, nothing_is_sent_that_the_journal_cannot_hold)
{
  HOST host = testhost_new();
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_RESULTS struct executor_results results = {0};
  CLEANUP_JOURNAL struct journal *journal = NULL;
  struct clxs_call *call = testhost_call(host);
  struct journal_head head = {.id = "x", .command = "test"};
  const char *path = operation_journal(call, "x");
  struct executor_options options = {.width = 4};
  struct rlimit limit;
  struct stat about;

  testhost_sql(host, "*", NULL);
  for (int i = 0; i < 30; i++)
    add_sql(plan, "x", 0);
  cr_assert_eq(journal_create(call, path, &head, plan, &journal), CLXS_OK);
  cr_assert_eq(stat(path, &about), 0);
  /* The disk is full after some records. */
  signal(SIGXFSZ, SIG_IGN);
  limit.rlim_cur = limit.rlim_max = (rlim_t)about.st_size + 700;
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
  options.journal = journal;
  cr_assert_eq(executor_run(call, plan, &options, &results), CLXS_E_IO);
  cr_assert_lt(testhost_sent_count(host, TESTHOST_SQL, NULL), 20);
  cr_assert_geq(testhost_sent_count(host, TESTHOST_SQL, NULL), 1);
  cr_assert_eq(results.steps[29].state, PLAN_NOT_RUN);
  cr_assert(strstr(call->core->error(call)->message, "journal"));
}

Test(executor, requests_are_sent_as_planned)
{
  HOST host = testhost_new();
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_RESULTS struct executor_results results = {0};
  const char *name = "grants";
  size_t step = plan_add_step(plan, plan_add_object(plan, "thing", &name, 1, NULL), "grant");

  plan_step(plan, step)->via = PLAN_REST;
  plan_step(plan, step)->method = "PATCH";
  plan_step(plan, step)->path = "/api/2.1/unity-catalog/permissions/table/a.b.c";
  plan_step(plan, step)->body = "{\"changes\":[]}";
  testhost_rest(host, "PATCH *", 200, "{}");
  cr_assert_eq(run_plan(host, plan, 1, &results), CLXS_OK);
  cr_assert_str_eq(testhost_sent(host, TESTHOST_REST, NULL, 0)->body, "{\"changes\":[]}");
}

static void
note_end(void *data, struct clxs_call *child, const struct plan *plan, size_t step,
         const struct plan_result *result)
{
  (void)child, (void)plan, (void)step;
  if (result->state == PLAN_DONE) __atomic_add_fetch((int *)data, 1, __ATOMIC_SEQ_CST);
}

Test(executor, the_observer_hears_of_every_step_that_was_tried)
{
  HOST host = testhost_new();
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_RESULTS struct executor_results results = {0};
  int ended = 0;
  struct executor_options options = {.width = 5, .ended = note_end, .data = &ended};

  testhost_sql(host, "*", NULL);
  for (int i = 0; i < 50; i++)
    add_sql(plan, "x", 0);
  cr_assert_eq(executor_run(testhost_call(host), plan, &options, &results), CLXS_OK);
  cr_assert_eq(ended, 50);
}

Test(executor, an_object_is_judged_by_its_worst_step)
{
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_RESULTS struct executor_results results = {0};
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  static const char *const kinds[] = {"thing", NULL};
  static const enum plan_state states[][2] = {{PLAN_DONE, PLAN_DONE},      {PLAN_DONE, PLAN_FAILED},
                                              {PLAN_FAILED, PLAN_BLOCKED}, {PLAN_DONE, PLAN_BLOCKED},
                                              {PLAN_DONE, PLAN_NOT_RUN},   {PLAN_INTERRUPTED, PLAN_NOT_RUN}};
  static const enum summary_outcome outcomes[] = {SUMMARY_SUCCEEDED, SUMMARY_FAILED,  SUMMARY_FAILED,
                                                  SUMMARY_BLOCKED,   SUMMARY_NOT_RUN, SUMMARY_FAILED};
  struct summary summary;

  for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
    size_t step = add_sql(plan, "x", 0);

    plan_add_step(plan, plan->steps.at[step].object, "more");
  }
  executor_results_init(plan, &results);
  for (size_t i = 0; i < ARRAY_SIZE(states); i++)
    for (size_t k = 0; k < 2; k++)
      results.steps[2 * i + k] =
          (struct plan_result){.state = states[i][k], .duration_ms = 5, .reason = k ? "second" : "first"};
  summary_make(arena, plan, &results, kinds, CLXS_OK, false, false, &summary);
  for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
    cr_assert_eq(summary.objects[i].outcome, outcomes[i], "%zu", i);
    cr_assert_eq(summary.objects[i].duration_ms, 10);
  }
  cr_assert_str_eq(summary.objects[2].reason, "first");
  cr_assert_eq(summary.status, CLXS_E_PARTIAL);
  cr_assert_eq(summary.kinds[0].counts[SUMMARY_FAILED], 3);
}
