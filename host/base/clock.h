/* SPDX-License-Identifier: Apache-2.0 */
/* Time, replaceable: nothing else in the host asks the system for it, so tests run without waiting. */
#ifndef CLXS_HOST_BASE_CLOCK_H
#define CLXS_HOST_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/* Milliseconds since 1970 UTC; milliseconds that never go back. */
int64_t clock_now_ms(void);
int64_t clock_mono_ms(void);
/* Put another clock in place (tests); NULL restores the system's. Not while threads run. */
struct clock {
  int64_t (*now_ms)(void);
  int64_t (*mono_ms)(void);
};
void clock_replace(const struct clock *clock);
/* "2026-01-31T23:59:59.123Z" written to OUT (32 bytes are enough). */
const char *clock_iso(int64_t ms, char *out, size_t size);

#endif
