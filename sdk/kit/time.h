/* SPDX-License-Identifier: Apache-2.0 */
/* Moments, in UTC. */
#ifndef CLXS_KIT_TIME_H
#define CLXS_KIT_TIME_H

#include <clxs/clxs.h>
#include <time.h>

/* MS since 1970 taken apart. */
static inline struct tm
time_utc(int64_t ms)
{
  time_t seconds = (time_t)(ms / 1000);
  struct tm utc;

  gmtime_r(&seconds, &utc);
  return utc;
}

/* [call thread] MS since 1970 as ISO 8601: "2026-01-31T23:59:59Z". In the call's scope. */
static inline const char *
time_text(struct clxs_call *call, int64_t ms)
{
  struct tm utc = time_utc(ms);
  char text[32];

  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return clxs_textf(call, "%s", text);
}

#endif
