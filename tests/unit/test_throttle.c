/* SPDX-License-Identifier: Apache-2.0 */
/* What a throttle profile sets, and what is stronger than it. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "unit/conf_fixture.h"

#include "base/banned.h"

static struct conf_fixture f;

/* 2026-01-31 03:30:00 UTC. */
static int64_t
half_past_three(void)
{
  return INT64_C(1769830200000);
}

static void
set_up(void)
{
  static const struct clock clock = {.now_ms = half_past_three, .mono_ms = half_past_three};

  conf_fixture_set_up(&f);
  setenv("TZ", "UTC", 1);
  tzset();
  clock_replace(&clock);
}

static void
tear_down(void)
{
  clock_replace(NULL);
  conf_fixture_tear_down(&f);
}

TestSuite(throttle, .init = set_up, .fini = tear_down);

static void
load(const char *text)
{
  cr_assert_eq(conf_fixture_load(&f, text, NULL), CLXS_OK, "%s", f.err.message);
}

static void
expect(const char *workers, const char *rps, const char *queries, const char *tables)
{
  cr_assert_eq(conf_settle(f.conf, &f.err), CLXS_OK, "%s", f.err.message);
  cr_expect_str_eq(conf_text(f.conf, "max_workers"), workers);
  cr_expect_str_eq(conf_text(f.conf, "max_rps"), rps);
  cr_expect_str_eq(conf_text(f.conf, "max_parallel_queries"), queries);
  cr_expect_str_eq(conf_text(f.conf, "parallel_tables"), tables);
}

Test(throttle, profiles_have_their_numbers)
{
  load("throttle: low\n");
  expect("1", "2", "3", "1");
  cr_expect_str_eq(conf_origin(f.conf, "max_rps"), "throttle low (clxs.yaml:1)");
  load("throttle: medium\n");
  expect("2", "5", "6", "2");
  load("throttle: high\n");
  expect("4", "15", "10", "4");
  load("throttle: max\n");
  expect("8", "0", "20", "8");
}

Test(throttle, what_stands_beside_it_is_stronger_and_what_stands_below_is_not)
{
  static const char file[] =
      "max_workers: 16\nmax_rps: 50\nprofiles:\n  night:\n    throttle: low\n    max_rps: 7\n";
  const struct conf_source night = {.profile = "night"};

  load("max_workers: 16\nthrottle: low\n");
  expect("16", "2", "3", "1");
  cr_assert_eq(conf_fixture_load(&f, file, &night), CLXS_OK);
  expect("1", "7", "3", "1");
  load("max_workers: 16\nthrottle: high\n");
  conf_set_flag(f.conf, "throttle", "throttle", "low");
  conf_set_flag(f.conf, "max_parallel_queries", "max-parallel-queries", "12");
  expect("1", "2", "12", "1");
  cr_expect_str_eq(conf_origin(f.conf, "max_workers"), "throttle low (flag --throttle)");
  cr_expect_str_eq(conf_origin(f.conf, "max_parallel_queries"), "flag --max-parallel-queries");
}

Test(throttle, the_schedule_speaks_for_its_hours)
{
  load("throttle_schedule: [{hours: 0-6, profile: max}, {hours: 0-24, profile: low}]\n");
  expect("8", "0", "20", "8");
  load("throttle_schedule: [{hours: \"22-3,9-10\", profile: max}, {hours: \"3-4\", profile: medium}]\n");
  expect("2", "5", "6", "2");
  load("throttle_schedule: [{hours: 22-4, profile: high}]\nthrottle: low\n");
  expect("4", "15", "10", "4");
  load("throttle_schedule: [{hours: 4-3, profile: high}]\nthrottle: low\n");
  expect("1", "2", "3", "1");
  load("throttle_schedule: [{hours: 0-24, profile: high}]\n");
  conf_set_flag(f.conf, "throttle", "throttle", "low");
  expect("1", "2", "3", "1");
}

Test(throttle, a_schedule_that_cannot_be_understood_is_refused_by_its_entry)
{
  static const char *const wrong[] = {
      "{hours: 0-6, profile: low}",
      "[low]",
      "[{hours: 0-25, profile: low}]",
      "[{hours: 6, profile: low}]",
      "[{hours: 3-3, profile: low}]",
      "[{hours: '', profile: low}]",
      "[{hours: 1-2-3, profile: low}]",
      "[{hours: 1-2, profile: fast}]",
      "[{hours: 1-2}]",
      "[{hours: 1-2, profile: low, zone: UTC}]",
      "[{hours: [1, 2], profile: low}]",
      "[{hours: '1-2,', profile: low}]",
  };

  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    load(arena_printf(f.arena, "host: x\nthrottle_schedule: %s\n", wrong[i]));
    cr_expect_eq(conf_settle(f.conf, &f.err), CLXS_E_CONFIG, "%s", wrong[i]);
    cr_expect(strstr(f.err.message, "clxs.yaml:2: throttle_schedule"), "%s", f.err.message);
    err_clear(&f.err);
  }
  load("throttle_schedule: [{hours: 0-6, profile: low}, {hours: 6-24, profile: fast}]\n");
  cr_expect_eq(conf_settle(f.conf, &f.err), CLXS_E_CONFIG);
  cr_expect(strstr(f.err.message, "entry 2"), "%s", f.err.message);
  cr_expect_eq(conf_fixture_load(&f, "throttle: fast\n", NULL), CLXS_E_CONFIG);
}
