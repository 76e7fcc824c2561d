/* SPDX-License-Identifier: Apache-2.0 */
/* Arenas are chains of blocks, each twice the one before up to a cap; a mark is the total of bytes handed
 * out, so that releasing walks back over whole blocks. It must not know what is stored. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define BLOCK_FIRST 1024
#define BLOCK_MAX ((size_t)256 * 1024)
#define ALIGNMENT alignof(max_align_t)

struct block {
  struct block *below;
  uint64_t start; /* bytes handed out by the blocks below */
  size_t used, size;
  alignas(max_align_t) char data[];
};

struct arena {
  struct block *top;
  size_t held;
};

static void
out_of_memory(size_t size)
{
  fprintf(stderr, "clxs: out of memory (%zu bytes)\n", size);
  abort();
}

void *
xmalloc(size_t size)
{
  void *p = malloc(size ? size : 1);

  if (!p) out_of_memory(size);
  return p;
}

void *
xcalloc(size_t count, size_t size)
{
  void *p = calloc(count ? count : 1, size ? size : 1);

  if (!p) out_of_memory(size);
  return p;
}

void *
xrealloc(void *old, size_t size)
{
  void *p = realloc(old, size ? size : 1);

  if (!p) out_of_memory(size);
  return p;
}

char *
xstrndup(const char *text, size_t length)
{
  char *copy = xmalloc(length + 1);

  memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

char *
xstrdup(const char *text)
{
  return text ? xstrndup(text, strlen(text)) : NULL;
}

struct arena *
arena_new(void)
{
  return xcalloc(1, sizeof(struct arena));
}

static void
drop_top(struct arena *arena)
{
  struct block *gone = arena->top;

  arena->top = gone->below;
  arena->held -= gone->size;
  free(gone);
}

void
arena_free(struct arena *arena)
{
  if (!arena) return;
  while (arena->top)
    drop_top(arena);
  free(arena);
}

void
arena_cleanup(struct arena **arena)
{
  arena_free(*arena);
}

static void
add_block(struct arena *arena, size_t need)
{
  size_t size = arena->top ? arena->top->size * 2 : BLOCK_FIRST;
  struct block *block;

  if (size > BLOCK_MAX) size = BLOCK_MAX;
  if (size < need) size = need;
  block = xmalloc(sizeof *block + size);
  block->below = arena->top;
  block->start = arena->top ? arena->top->start + arena->top->used : 0;
  block->used = 0;
  block->size = size;
  arena->top = block;
  arena->held += size;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
  size_t need = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
  void *p;

  if (need < size) out_of_memory(size);
  if (need == 0) need = ALIGNMENT;
  if (!arena->top || arena->top->size - arena->top->used < need) add_block(arena, need);
  p = arena->top->data + arena->top->used;
  arena->top->used += need;
  return memset(p, 0, size);
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
  size_t bytes;

  if (__builtin_mul_overflow(count, size, &bytes)) out_of_memory(SIZE_MAX);
  return arena_alloc(arena, bytes);
}

char *
arena_strndup(struct arena *arena, const char *text, size_t length)
{
  char *copy = arena_alloc(arena, length + 1);

  if (length > 0) memcpy(copy, text, length);
  return copy;
}

char *
arena_strdup(struct arena *arena, const char *text)
{
  return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *
arena_vprintf(struct arena *arena, const char *format, va_list args)
{
  va_list again;
  int length;
  char *text;

  va_copy(again, args);
  length = vsnprintf(NULL, 0, format, again);
  va_end(again);
  if (length < 0) return arena_strdup(arena, "");
  text = arena_alloc(arena, (size_t)length + 1);
  vsnprintf(text, (size_t)length + 1, format, args);
  return text;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
  va_list args;
  char *text;

  va_start(args, format);
  text = arena_vprintf(arena, format, args);
  va_end(args);
  return text;
}

uint64_t
arena_mark(const struct arena *arena)
{
  return arena->top ? arena->top->start + arena->top->used : 0;
}

void
arena_release(struct arena *arena, uint64_t mark)
{
  while (arena->top && arena->top->start >= mark && arena->top->below)
    drop_top(arena);
  if (arena->top && arena->top->start + arena->top->used > mark)
    arena->top->used = mark > arena->top->start ? (size_t)(mark - arena->top->start) : 0;
}

size_t
arena_size(const struct arena *arena)
{
  return arena->held;
}
