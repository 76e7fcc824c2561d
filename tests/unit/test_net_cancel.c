/* SPDX-License-Identifier: Apache-2.0 */
/* Statements that are interrupted, by a deadline or by the person: the server is told, and what had succeeded
 * all the same has succeeded. */
#include <criterion/criterion.h>
#include <pthread.h>

#include <clxs/sql.h>

#include "base/str.h"
#include "fault/net_fixture.h"
#include "fault/statement_bodies.h"

#include "base/banned.h"

TestSuite(net_cancel, .init = fixture_open_default, .fini = fixture_close);

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
