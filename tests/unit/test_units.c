/* SPDX-License-Identifier: Apache-2.0 */
/* base/units: sizes, counts, times. */
#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "base/units.h"

Test(units, bytes)
{
  static const struct {
    int64_t bytes;
    const char *text;
  } cases[] = {{0, "0 B"},
               {1023, "1023 B"},
               {1024, "1.00 KiB"},
               {10235, "10.0 KiB"},
               {1048575, "1.00 MiB"},
               {104857600, "100 MiB"},
               {1099511627776, "1.00 TiB"},
               {INT64_MAX, "8.00 EiB"}};
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
    cr_expect_str_eq(units_bytes(arena, cases[i].bytes), cases[i].text);
}

Test(units, counts_and_times)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  cr_expect_str_eq(units_count(arena, 0), "0");
  cr_expect_str_eq(units_count(arena, 999), "999");
  cr_expect_str_eq(units_count(arena, 1000), "1,000");
  cr_expect_str_eq(units_count(arena, -1234567), "-1,234,567");
  cr_expect_str_eq(units_count(arena, -123), "-123");
  cr_expect_str_eq(units_time(arena, INT64_C(1769903999000)), "2026-01-31 23:59:59");
  cr_expect_null(units_time(arena, 0));
}
