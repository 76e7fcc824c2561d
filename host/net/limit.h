/* SPDX-License-Identifier: Apache-2.0 */
/* How fast requests may leave: a token bucket of so many a second, and a pause for everybody when the service
 * asked for one. It hands out moments; waiting for them is the caller's. Any thread. */
#ifndef CLXS_HOST_NET_LIMIT_H
#define CLXS_HOST_NET_LIMIT_H

#include <stdint.h>

struct limit;

/* PER_SECOND requests, with one second's worth at once after a quiet time; 0: no limit (pauses still count).
 */
struct limit *limit_new(double per_second);
void limit_free(struct limit *limit);
/* Take the next place in the queue: how many milliseconds after NOW_MS (monotonic) it may leave. Counts as
 * used. */
int64_t limit_take(struct limit *limit, int64_t now_ms);
/* How long the pause still lasts at NOW_MS, 0 when there is none; for those who waited and look again. */
int64_t limit_pause_left(struct limit *limit, int64_t now_ms);
/* Nobody leaves before UNTIL_MS. An earlier moment than the one set before changes nothing. */
void limit_pause(struct limit *limit, int64_t until_ms);

#endif
