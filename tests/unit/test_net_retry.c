/* SPDX-License-Identifier: Apache-2.0 */
/* The retry policy and the rate limit, which are pure: what may be repeated, when, and how long everybody
 * waits. */
#include <criterion/criterion.h>

#include "base/str.h"
#include "net/limit.h"
#include "net/retry.h"

#include "base/banned.h"

Test(net_retry, what_may_be_repeated)
{
  static const struct {
    bool repeatable, sent, transient;
    int32_t status;
    enum retry_action first, last;
  } cases[] = {
      /* no answer */
      {true, true, false, 0, RETRY_AGAIN, RETRY_SPENT},
      {true, false, false, 0, RETRY_AGAIN, RETRY_SPENT},
      {false, false, false, 0, RETRY_AGAIN, RETRY_SPENT},
      {false, true, false, 0, RETRY_LOST, RETRY_LOST},
      /* the server says that it did nothing */
      {true, true, true, 429, RETRY_AGAIN, RETRY_SPENT},
      {false, true, true, 429, RETRY_AGAIN, RETRY_SPENT},
      {true, true, true, 503, RETRY_AGAIN, RETRY_SPENT},
      {false, true, true, 503, RETRY_AGAIN, RETRY_SPENT},
      /* somebody between us and the server gave up */
      {true, true, false, 504, RETRY_NO, RETRY_NO},
      {false, true, false, 504, RETRY_LOST, RETRY_LOST},
      {false, true, false, 502, RETRY_LOST, RETRY_LOST},
      /* plain refusals */
      {true, true, false, 500, RETRY_NO, RETRY_NO},
      {true, true, false, 400, RETRY_NO, RETRY_NO},
      {true, true, false, 404, RETRY_NO, RETRY_NO},
      /* refusals whose code says that they will pass */
      {true, true, true, 400, RETRY_AGAIN, RETRY_SPENT},
      {false, true, true, 500, RETRY_NO, RETRY_NO},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    struct retry_outcome outcome = {.http_status = cases[i].status,
                                    .sent = cases[i].sent,
                                    .transient = cases[i].transient,
                                    .retry_after_ms = -1};

    cr_expect_eq(retry_decide(cases[i].repeatable, &outcome, 1, 3), cases[i].first, "case %zu", i);
    cr_expect_eq(retry_decide(cases[i].repeatable, &outcome, 3, 3), cases[i].last, "case %zu, last", i);
  }
}

Test(net_retry, nobody_waits_for_hours)
{
  struct retry_outcome outcome = {.http_status = 429, .sent = true, .retry_after_ms = RETRY_PATIENCE_MS + 1};

  cr_expect_eq(retry_decide(true, &outcome, 1, 3), RETRY_SPENT);
}

Test(net_retry, methods)
{
  cr_expect(retry_method_is_safe("GET"));
  cr_expect(retry_method_is_safe("HEAD"));
  cr_expect(retry_method_is_safe("PUT"));
  cr_expect(retry_method_is_safe("DELETE"));
  cr_expect_not(retry_method_is_safe("POST"));
  cr_expect_not(retry_method_is_safe("PATCH"));
}

Test(net_retry, a_workspace_that_has_answered_is_asked_three_times_as_often)
{
  cr_expect_eq(retry_attempts(3, false), 3);
  cr_expect_eq(retry_attempts(3, true), 9);
  cr_expect_eq(retry_attempts(1, true), 1, "no retries means none");
  cr_expect_eq(retry_attempts(INT32_MAX, true), INT32_MAX);
}

Test(net_retry, delay_grows_is_jittered_and_capped)
{
  cr_expect_eq(retry_delay_ms(1, -1, 0.0), 0);
  cr_expect_eq(retry_delay_ms(1, -1, 0.5), RETRY_BASE_MS / 2);
  cr_expect_eq(retry_delay_ms(2, -1, 0.5), RETRY_BASE_MS);
  cr_expect_eq(retry_delay_ms(3, -1, 0.5), RETRY_BASE_MS * 2);
  cr_expect_leq(retry_delay_ms(60, -1, 0.999), RETRY_CAP_MS);
  cr_expect_gt(retry_delay_ms(60, -1, 0.999), RETRY_CAP_MS * 9 / 10);
}

Test(net_retry, what_the_server_asks_for_is_the_least)
{
  cr_expect_eq(retry_delay_ms(1, 7000, 0.0), 7000);
  cr_expect_geq(retry_delay_ms(1, 7000, 0.999), 7000);
  cr_expect_leq(retry_delay_ms(1, 7000, 0.999), 8000);
}

Test(net_retry, retry_after_forms)
{
  int64_t now = INT64_C(784111777000); /* Sun, 06 Nov 1994 08:49:37 GMT */

  cr_expect_eq(retry_after_ms("5", now), 5000);
  cr_expect_eq(retry_after_ms("0", now), 0);
  cr_expect_eq(retry_after_ms("1.5", now), 1500);
  cr_expect_eq(retry_after_ms("Sun, 06 Nov 1994 08:49:47 GMT", now), 10000);
  cr_expect_eq(retry_after_ms("Sunday, 06-Nov-94 08:49:47 GMT", now), 10000);
  cr_expect_eq(retry_after_ms("Sun Nov  6 08:49:47 1994", now), 10000);
  cr_expect_eq(retry_after_ms("Sun, 06 Nov 1994 08:49:30 GMT", now), 0, "a moment gone by");
  cr_expect_eq(retry_after_ms("-1", now), -1);
  cr_expect_eq(retry_after_ms("soon", now), -1);
  cr_expect_eq(retry_after_ms("", now), -1);
  cr_expect_eq(retry_after_ms(NULL, now), -1);
  cr_expect_eq(retry_after_ms("9223372036854775807", now), -1);
}

Test(net_retry, random_is_in_range)
{
  for (int i = 0; i < 100; i++) {
    double random = retry_random();

    cr_expect(random >= 0.0 && random < 1.0);
  }
}

Test(net_limit, a_seconds_worth_at_once_then_evenly)
{
  struct limit *limit = limit_new(10);

  for (int i = 0; i < 10; i++)
    cr_expect_eq(limit_take(limit, 1000), 0, "request %d", i);
  cr_expect_eq(limit_take(limit, 1000), 100);
  cr_expect_eq(limit_take(limit, 1000), 200);
  cr_expect_eq(limit_take(limit, 1300), 0);
  limit_free(limit);
}

Test(net_limit, slower_than_one_a_second)
{
  struct limit *limit = limit_new(0.5);

  cr_expect_eq(limit_take(limit, 0), 0);
  cr_expect_eq(limit_take(limit, 0), 2000);
  limit_free(limit);
}

Test(net_limit, a_pause_holds_everybody_back)
{
  struct limit *limit = limit_new(0);

  cr_expect_eq(limit_take(limit, 1000), 0);
  limit_pause(limit, 6000);
  limit_pause(limit, 3000);
  cr_expect_eq(limit_take(limit, 1000), 5000);
  cr_expect_eq(limit_pause_left(limit, 2000), 4000);
  cr_expect_eq(limit_pause_left(limit, 6000), 0);
  cr_expect_eq(limit_take(limit, 6000), 0);
  limit_free(limit);
}
