/* SPDX-License-Identifier: Apache-2.0 */
/* The two system clocks behind a pointer that tests may turn. */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#include "base/banned.h"

static int64_t
read_clock(clockid_t which)
{
  struct timespec time;

  clock_gettime(which, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int64_t
system_now_ms(void)
{
  return read_clock(CLOCK_REALTIME);
}

static int64_t
system_mono_ms(void)
{
  return read_clock(CLOCK_MONOTONIC);
}

static const struct clock system_clock = {.now_ms = system_now_ms, .mono_ms = system_mono_ms};
static const struct clock *current = &system_clock;

int64_t
clock_now_ms(void)
{
  return current->now_ms();
}

int64_t
clock_mono_ms(void)
{
  return current->mono_ms();
}

void
clock_replace(const struct clock *clock)
{
  current = clock ? clock : &system_clock;
}

const char *
clock_iso(int64_t ms, char *out, size_t size)
{
  int64_t seconds = ms / 1000, rest = ms % 1000;
  time_t time;
  struct tm tm;
  char text[32];

  if (rest < 0) {
    rest += 1000;
    seconds--;
  }
  time = (time_t)seconds;
  if (!gmtime_r(&time, &tm)) {
    snprintf(out, size, "?");
    return out;
  }
  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
  snprintf(out, size, "%s.%03dZ", text, (int)rest);
  return out;
}
