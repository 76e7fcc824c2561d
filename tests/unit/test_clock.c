/* SPDX-License-Identifier: Apache-2.0 */
/* base/clock: replacing it, and times as text. */
#include <criterion/criterion.h>

#include "base/clock.h"

#include "base/banned.h"

static int64_t
fixed(void)
{
  return 42;
}

Test(clock, can_be_replaced_and_put_back)
{
  static const struct clock clock = {.now_ms = fixed, .mono_ms = fixed};

  clock_replace(&clock);
  cr_assert_eq(clock_now_ms(), 42);
  cr_assert_eq(clock_mono_ms(), 42);
  clock_replace(NULL);
  cr_assert_gt(clock_now_ms(), INT64_C(1600000000000));
}

Test(clock, times_as_text)
{
  static const struct {
    int64_t ms;
    const char *text;
  } cases[] = {
      {0, "1970-01-01T00:00:00.000Z"},
      {1769903999123, "2026-01-31T23:59:59.123Z"},
      {-1, "1969-12-31T23:59:59.999Z"},
      {951782400000, "2000-02-29T00:00:00.000Z"},
  };
  char text[32];

  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    cr_expect_str_eq(clock_iso(cases[i].ms, text, sizeof text), cases[i].text);
}
