/* SPDX-License-Identifier: Apache-2.0 */
/* See ready.h: two binary heaps. */
#include "kit/plan/ready.h"

#include "base/banned.h"

static bool
goes_before(const struct ready *ready, size_t a, size_t b)
{
  if (ready->ranks[a] != ready->ranks[b]) return ready->ranks[a] < ready->ranks[b];
  return ready->heights[a] != ready->heights[b] ? ready->heights[a] > ready->heights[b] : a < b;
}

static void
swap(size_t *heap, size_t a, size_t b)
{
  size_t step = heap[a];

  heap[a] = heap[b];
  heap[b] = step;
}

void
ready_push(struct ready *ready, int which, size_t step)
{
  size_t *heap = ready->heaps[which], at = ready->counts[which]++;

  heap[at] = step;
  for (; at && goes_before(ready, heap[at], heap[(at - 1) / 2]); at = (at - 1) / 2)
    swap(heap, at, (at - 1) / 2);
}

static size_t
take_first(struct ready *ready, int which)
{
  size_t *heap = ready->heaps[which], count = --ready->counts[which], first = heap[0], at = 0;

  heap[0] = heap[count];
  for (;;) {
    size_t best = at, left = 2 * at + 1;

    for (size_t child = left; child < left + 2 && child < count; child++)
      if (goes_before(ready, heap[child], heap[best])) best = child;
    if (best == at) return first;
    swap(heap, at, best);
    at = best;
  }
}

bool
ready_pop(struct ready *ready, bool copies, size_t *step)
{
  bool rest = ready->counts[READY_REST] > 0;

  copies = copies && ready->counts[READY_COPIES] > 0;
  if (!rest && !copies) return false;
  if (rest && copies) rest = goes_before(ready, ready->heaps[READY_REST][0], ready->heaps[READY_COPIES][0]);
  *step = take_first(ready, rest ? READY_REST : READY_COPIES);
  return true;
}
