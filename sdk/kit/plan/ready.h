/* SPDX-License-Identifier: Apache-2.0 */
/* Steps that wait for nothing any more: by their rank, then the one that most others wait for first. It must
 * not know what steps do. Memory and locking are the owner's. */
#ifndef CLXS_KIT_PLAN_READY_H
#define CLXS_KIT_PLAN_READY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies of data have a heap of their own, so that a limit for them holds nothing else up. */
enum { READY_REST, READY_COPIES, READY_HEAPS };

/* HEIGHTS and RANKS (of all steps) and HEAPS (room for all steps each) are given; zero the rest. */
struct ready {
  const size_t *heights;
  const uint32_t *ranks;
  size_t *heaps[READY_HEAPS], counts[READY_HEAPS];
};

void ready_push(struct ready *ready, int heap, size_t step);
/* Take the first step, among those of READY_COPIES only if COPIES; of equals the one added to the plan first.
 * False when there is none. */
bool ready_pop(struct ready *ready, bool copies, size_t *step);

#endif
