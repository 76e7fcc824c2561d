/* SPDX-License-Identifier: Apache-2.0 */
/* base/arena: alignment, marks, growth, zeroing. */
#include <criterion/criterion.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"

#include "base/banned.h"

Test(arena, memory_is_zeroed_and_aligned_after_release_too)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  for (int round = 0; round < 3; round++) {
    uint64_t mark = arena_mark(arena);

    for (size_t size = 0; size < 5000; size += 37) {
      unsigned char *at = arena_alloc(arena, size);

      cr_assert_eq((uintptr_t)at % alignof(max_align_t), 0);
      for (size_t i = 0; i < size; i++)
        cr_assert_eq(at[i], 0, "byte %zu of %zu in round %d", i, size, round);
      memset(at, 0xff, size);
    }
    arena_release(arena, mark);
  }
}

Test(arena, marks_nest_and_what_is_below_stays)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  char *kept = arena_strdup(arena, "kept");
  uint64_t outer = arena_mark(arena), inner;
  char *middle;

  middle = arena_printf(arena, "%d-%s", 7, "middle");
  inner = arena_mark(arena);
  for (int i = 0; i < 100; i++)
    arena_alloc(arena, 10000);
  arena_release(arena, inner);
  cr_assert_str_eq(middle, "7-middle");
  arena_release(arena, outer);
  cr_assert_eq(arena_mark(arena), outer);
  cr_assert_str_eq(kept, "kept");
}

Test(arena, a_loop_with_a_mark_does_not_grow)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  size_t after_first = 0;

  for (int i = 0; i < 1000; i++) {
    uint64_t mark = arena_mark(arena);

    arena_alloc(arena, 100000);
    if (i == 0) after_first = arena_size(arena);
    arena_release(arena, mark);
  }
  cr_assert_leq(arena_size(arena), after_first);
}

Test(arena, copies_take_null_and_lengths)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();

  cr_assert_null(arena_strdup(arena, NULL));
  cr_assert_str_eq(arena_strndup(arena, "abcdef", 3), "abc");
  cr_assert_str_eq(arena_strndup(arena, "", 0), "");
  cr_assert_not_null(arena_array(arena, 0, 16));
}

Test(arena, a_large_block_among_small_ones)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  char *small = arena_strdup(arena, "small"), *large = arena_alloc(arena, (size_t)32 << 20), *after;

  memset(large, 'x', (size_t)32 << 20);
  after = arena_strdup(arena, "after");
  cr_assert_str_eq(small, "small");
  cr_assert_str_eq(after, "after");
}
