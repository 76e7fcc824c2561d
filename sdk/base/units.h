/* SPDX-License-Identifier: Apache-2.0 */
/* Figures as people read them. */
#ifndef CLXS_BASE_UNITS_H
#define CLXS_BASE_UNITS_H

#include <stdint.h>

struct arena;

/* BYTES with a binary unit and three digits that count: "0 B", "999 B", "1.00 KiB", "97.7 GiB". */
const char *units_bytes(struct arena *arena, int64_t bytes);
/* NUMBER with a comma between each three digits: "1,234,567". */
const char *units_count(struct arena *arena, int64_t number);
/* MS since 1970 as a date and time of UTC: "2026-01-31 23:59:59"; NULL for 0, which is "not told". */
const char *units_time(struct arena *arena, int64_t ms);

#endif
