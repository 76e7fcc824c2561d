/* SPDX-License-Identifier: Apache-2.0 */
/* The executor and the journal under ThreadSanitizer (Criterion itself crashes there): random plans on
 * sixteen threads, with failures, late tries and cancellation, and after each the journal must tell the same
 * as the results. */
#include <stdio.h>
#include <stdlib.h>

#include "kit/plan/executor.h"
#include "kit/plan/journal.h"
#include "kit/plan/operation.h"
#include "testhost/testhost.h"

#include "base/banned.h"

#define ROUNDS 20
#define STEPS 300

static int ended_steps;

static void
count_ended(void *data, struct clxs_call *child, const struct plan *plan, size_t step,
            const struct plan_result *result)
{
  (void)data, (void)child, (void)plan, (void)step;
  if (result->state == PLAN_DONE) __atomic_add_fetch(&ended_steps, 1, __ATOMIC_SEQ_CST);
}

static void
cancel_run(struct testhost *host, const char *text, void *data)
{
  (void)text, (void)data;
  testhost_cancel(host);
}

static void
must(int good, const char *what, int round)
{
  if (good) return;
  fprintf(stderr, "round %d: %s\n", round, what);
  exit(1);
}

static struct plan *
random_plan(unsigned seed)
{
  struct plan *plan = plan_new();

  for (size_t i = 0; i < STEPS; i++) {
    const char *name = arena_printf(plan->arena, "%zu", i);
    size_t step = plan_add_step(plan, plan_add_object(plan, "thing", &name, 1, NULL), "make");

    plan_step(plan, step)->text = arena_printf(plan->arena, "MAKE %zu", i);
    plan_step(plan, step)->flags = PLAN_TRY_LATE;
    for (int k = 0; k < 2 && i; k++) {
      seed = seed * 1103515245u + 12345u;
      if (seed & 0x10000) plan_add_order(plan, step, (seed >> 8) % i);
    }
  }
  return plan;
}

static void
script(struct testhost *host, int round)
{
  testhost_sql(host, "*", NULL);
  testhost_sql_error(host, "MAKE 77", CLXS_E_INVALID, "PARSE_SYNTAX_ERROR", "bad");
  testhost_sql_error(host, "MAKE 1*3", CLXS_E_INVALID, "PARSE_SYNTAX_ERROR", "bad");
  testhost_rule_times(
      testhost_sql_error(host, "MAKE *5", CLXS_E_NOT_FOUND, "TABLE_OR_VIEW_NOT_FOUND", "late"), 9);
  testhost_rule_times(testhost_sql_error(host, "MAKE *6", CLXS_E_CONFLICT, "DELTA_CONCURRENT_WRITE", "again"),
                      5);
  if (round % 3 == 2) testhost_rule_do(testhost_sql(host, "MAKE 200", NULL), cancel_run, NULL);
}

static void
compare(const struct executor_results *results, const struct journal_image *image, int round)
{
  int done = 0;

  for (size_t i = 0; i < STEPS; i++) {
    enum plan_state ran = results->steps[i].state == PLAN_NOT_RUN ? PLAN_WAITING : results->steps[i].state;

    must(ran == image->steps[i].state, "the journal tells something else", round);
    done += ran == PLAN_DONE;
  }
  must(done == __atomic_exchange_n(&ended_steps, 0, __ATOMIC_SEQ_CST), "the observer counted something else",
       round);
}

int
main(void)
{
  for (int round = 0; round < ROUNDS; round++) {
    struct testhost *host = testhost_new();
    struct clxs_call *call = testhost_call(host);
    struct plan *plan = random_plan((unsigned)round + 1);
    struct journal_head head = {.id = "stress", .command = "stress"};
    struct executor_options options = {.width = 16, .progress = "Making", .ended = count_ended};
    struct executor_results results;
    struct journal_image image;
    const char *path = operation_journal(call, operation_new_id(call, "stress"));

    script(host, round);
    must(journal_create(call, path, &head, plan, &options.journal) == CLXS_OK, "no journal", round);
    executor_run(call, plan, &options, &results);
    must(journal_finish(options.journal, 1, "done"), "the journal does not end", round);
    must(journal_read(call, path, &image) == CLXS_OK, "the journal cannot be read", round);
    compare(&results, &image, round);
    journal_image_free(&image);
    journal_close(options.journal);
    executor_results_free(&results);
    plan_free(plan);
    testhost_free(host);
  }
  return 0;
}
