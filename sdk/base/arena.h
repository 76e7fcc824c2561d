/* SPDX-License-Identifier: Apache-2.0 */
/* An arena hands out memory that is given back all at once, or down to a mark. One arena per call or
 * subsystem; an arena belongs to one thread at a time. Allocation never returns NULL: out of memory ends the
 * process with a message, because no caller on this machine could do better. */
#ifndef CLXS_BASE_ARENA_H
#define CLXS_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* A new, empty arena. Free it with arena_free. */
struct arena *arena_new(void);
/* Give back everything. NULL is fine. */
void arena_free(struct arena *arena);
/* For CLEANUP(arena_cleanup) locals. */
void arena_cleanup(struct arena **arena);

/* SIZE bytes, zeroed, aligned for any type; they live until the arena or the mark below them goes. */
void *arena_alloc(struct arena *arena, size_t size);
/* COUNT * SIZE bytes, zeroed; overflow ends the process. */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* A copy of TEXT; NULL gives NULL. */
char *arena_strdup(struct arena *arena, const char *text);
/* A copy of LENGTH bytes of TEXT, with a NUL added. */
char *arena_strndup(struct arena *arena, const char *text, size_t length);
/* Formatted text. */
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Where the arena stands. arena_release(arena, mark) gives back everything allocated since; marks nest. */
uint64_t arena_mark(const struct arena *arena);
void arena_release(struct arena *arena, uint64_t mark);
/* Bytes held from the system, for statistics and tests. */
size_t arena_size(const struct arena *arena);

/* malloc and friends for host internals and the kit: never NULL. The caller frees. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t length);

#endif
