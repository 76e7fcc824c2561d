/* SPDX-License-Identifier: Apache-2.0 */
/* See units.h. */
#include "base/units.h"

#include <stdio.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#include "base/banned.h"

const char *
units_bytes(struct arena *arena, int64_t bytes)
{
  static const char *const names[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = (double)bytes / 1024;
  size_t unit = 0;

  if (bytes < 1024) return arena_printf(arena, "%lld B", (long long)bytes);
  /* 999.95 would be written 1000. */
  for (; value >= 999.5 && unit + 1 < ARRAY_SIZE(names); unit++)
    value /= 1024;
  return arena_printf(arena,
                      value < 9.995   ? "%.2f %s"
                      : value < 99.95 ? "%.1f %s"
                                      : "%.0f %s",
                      value, names[unit]);
}

const char *
units_count(struct arena *arena, int64_t number)
{
  CLEANUP_BUF struct buf out = BUF_INIT(64);
  char digits[32];
  int length = snprintf(digits, sizeof digits, "%lld", (long long)number);

  for (int i = 0; i < length; i++) {
    if (i && digits[i - 1] != '-' && (length - i) % 3 == 0) buf_add_char(&out, ',');
    buf_add_char(&out, digits[i]);
  }
  return arena_strdup(arena, out.data);
}

const char *
units_time(struct arena *arena, int64_t ms)
{
  time_t seconds = (time_t)(ms / 1000);
  char text[32];
  struct tm utc;

  if (!ms || !gmtime_r(&seconds, &utc)) return NULL;
  strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &utc);
  return arena_strdup(arena, text);
}
