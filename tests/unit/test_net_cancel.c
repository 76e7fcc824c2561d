/* SPDX-License-Identifier: Apache-2.0 */
/* Statements that are interrupted, by a deadline or by the person: the server is told, and what had succeeded
 * all the same has succeeded. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include <clxs/sql.h>

#include "base/str.h"
#include "base/threads.h"
#include "fault/net_fixture.h"
#include "fault/statement_bodies.h"
#include "net/gate.h"

#include "base/banned.h"

TestSuite(net_cancel, .init = fixture_open_default, .fini = fixture_close);

static void
open_narrow(void)
{
  fixture_open(&(struct net_options){.max_statements = 1});
}

TestSuite(net_gate, .init = open_narrow, .fini = fixture_close);

Test(net_cancel, out_of_time_is_cancelled_on_the_server)
{
  clxs_status status;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = STATE("RUNNING"));
  FAKE_ADD(fixture.fake, .match = CANCEL);
  FAKE_ADD(fixture.fake, .match = POLL, .times = 2, .body = STATE("RUNNING"));
  FAKE_ADD(fixture.fake, .match = POLL, .body = STATE("CANCELED"));
  cr_expect_null(FIXTURE_QUERY(&status, .text = "SELECT 1", .timeout_ms = 400));
  cr_expect_eq(status, CLXS_E_TIMEOUT);
  cr_expect_eq(fake_count(fixture.fake, CANCEL), 1);
  cr_expect_str_eq(fake_seen(fixture.fake, CANCEL, 0)->body, "{}");
  cr_expect(strstr(fake_seen(fixture.fake, SUBMIT, 0)->body, "\"wait_timeout\":\"0s\""),
            "no longer than there is time");
  cr_expect_str_eq(fixture.err.statement_id, "s1");
}

struct background {
  pthread_t thread;
  struct net_query query;
  struct net_statement *statement;
  clxs_status status;
  struct arena *arena;
  struct err err;
};

static void *
run_background(void *data)
{
  struct background *background = data;

  background->status = fixture.api->statement(fixture.net, background->arena, &background->query,
                                              &background->statement, &background->err);
  return NULL;
}

static void
start(struct background *background)
{
  *background = (struct background){.query = {.text = "INSERT", .warehouse = "w1", .mutates = true}};
  background->arena = arena_new();
  background->err = ERR_INIT(background->arena);
  pthread_create(&background->thread, NULL, run_background, background);
}

static void
finish(struct background *background)
{
  pthread_join(background->thread, NULL);
}

Test(net_cancel, cancelling_tells_the_server)
{
  struct background background;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = STATE("RUNNING"));
  FAKE_ADD(fixture.fake, .match = POLL, .times = 1, .fault = FAKE_HANG, .body = STATE("RUNNING"));
  FAKE_ADD(fixture.fake, .match = POLL, .body = STATE("CANCELED"));
  FAKE_ADD(fixture.fake, .match = CANCEL);
  start(&background);
  fake_await(fixture.fake, POLL, 1);
  fixture.api->cancel(fixture.net);
  finish(&background);
  cr_expect_eq(background.status, CLXS_E_CANCELLED);
  cr_expect_eq(fake_count(fixture.fake, CANCEL), 1);
  cr_expect_str_eq(background.err.statement_id, "s1");
  cr_expect_str_eq(background.err.error_class, "CANCELED", "it is known to have been stopped");
  arena_free(background.arena);
}

/* The answer that names the statement is still waited for: without it nothing can be cancelled. */
Test(net_cancel, cancelling_while_the_submission_is_under_way)
{
  struct background background;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .fault = FAKE_HANG, .body = STATE("RUNNING"));
  FAKE_ADD(fixture.fake, .match = POLL, .body = STATE("CANCELED"));
  FAKE_ADD(fixture.fake, .match = CANCEL);
  start(&background);
  fake_await(fixture.fake, SUBMIT, 1);
  fixture.api->cancel(fixture.net);
  fake_release(fixture.fake);
  finish(&background);
  cr_expect_eq(background.status, CLXS_E_CANCELLED);
  cr_expect_eq(fake_count(fixture.fake, CANCEL), 1);
  arena_free(background.arena);
}

Test(net_cancel, what_succeeded_before_it_could_be_cancelled_has_succeeded)
{
  struct background background;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = STATE("RUNNING"));
  FAKE_ADD(fixture.fake, .match = POLL, .times = 1, .fault = FAKE_HANG, .body = STATE("RUNNING"));
  FAKE_ADD(fixture.fake, .match = POLL, .body = DONE("", "{}"));
  FAKE_ADD(fixture.fake, .match = CANCEL);
  start(&background);
  fake_await(fixture.fake, POLL, 1);
  fixture.api->cancel(fixture.net);
  finish(&background);
  cr_expect_eq(background.status, CLXS_OK);
  fixture.api->statement_close(background.statement);
  arena_free(background.arena);
}

Test(net_cancel, a_server_that_does_not_answer_a_cancellation_is_left)
{
  struct background background;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = STATE("RUNNING"));
  FAKE_ADD(fixture.fake, .match = POLL, .fault = FAKE_HANG, .body = STATE("RUNNING"));
  FAKE_ADD(fixture.fake, .match = CANCEL, .status = 503);
  start(&background);
  fake_await(fixture.fake, POLL, 1);
  fixture.api->cancel(fixture.net);
  finish(&background);
  cr_expect_eq(background.status, CLXS_E_CANCELLED);
  cr_expect(strstr(background.err.message, "asked to stop it"));
  arena_free(background.arena);
}

struct crowd {
  struct gate *gate;
  atomic_uint inside, most;
};

static bool
pass(void *data, uint64_t index, uint32_t worker)
{
  struct crowd *crowd = data;
  unsigned inside, most;

  (void)index, (void)worker;
  cr_assert(gate_enter(crowd->gate));
  inside = atomic_fetch_add(&crowd->inside, 1) + 1;
  most = atomic_load(&crowd->most);
  while (inside > most && !atomic_compare_exchange_weak(&crowd->most, &most, inside)) {
  }
  sched_yield();
  atomic_fetch_sub(&crowd->inside, 1);
  gate_leave(crowd->gate);
  return true;
}

Test(net_gate, no_more_are_inside_than_may_be)
{
  struct crowd crowd = {.gate = gate_new(3)};

  threads_each(4000, 8, pass, &crowd);
  cr_expect_leq(crowd.most, 3);
  gate_close(crowd.gate);
  cr_expect_not(gate_enter(crowd.gate));
  gate_free(crowd.gate);
}

/* The second is submitted only when the first has ended; the server sees no two at one time. */
Test(net_gate, statements_wait_for_a_place)
{
  struct background first, second;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .times = 1, .body = STATE("RUNNING"));
  FAKE_ADD(fixture.fake, .match = POLL, .times = 1, .fault = FAKE_HANG, .body = STATE("SUCCEEDED"));
  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = STATE("SUCCEEDED"));
  start(&first);
  fake_await(fixture.fake, POLL, 1);
  start(&second);
  cr_expect_eq(fake_count(fixture.fake, SUBMIT), 1);
  fake_release(fixture.fake);
  finish(&first);
  finish(&second);
  cr_expect_eq(first.status, CLXS_OK, "%s", first.err.message);
  cr_expect_eq(second.status, CLXS_OK, "%s", second.err.message);
  cr_expect_eq(fake_count(fixture.fake, SUBMIT), 2);
  fixture.api->statement_close(first.statement);
  fixture.api->statement_close(second.statement);
  arena_free(first.arena);
  arena_free(second.arena);
}

Test(net_gate, cancelling_wakes_those_who_wait_for_a_place)
{
  struct background first, second;

  FAKE_ADD(fixture.fake, .match = SUBMIT, .body = STATE("RUNNING"));
  FAKE_ADD(fixture.fake, .match = POLL, .times = 1, .fault = FAKE_HANG, .body = STATE("RUNNING"));
  FAKE_ADD(fixture.fake, .match = POLL, .body = STATE("CANCELED"));
  FAKE_ADD(fixture.fake, .match = CANCEL);
  start(&first);
  fake_await(fixture.fake, POLL, 1);
  start(&second);
  fixture.api->cancel(fixture.net);
  finish(&first);
  finish(&second);
  cr_expect_eq(first.status, CLXS_E_CANCELLED);
  cr_expect_eq(second.status, CLXS_E_CANCELLED);
  cr_expect_eq(fake_count(fixture.fake, SUBMIT), 1);
  arena_free(first.arena);
  arena_free(second.arena);
}
