/* SPDX-License-Identifier: Apache-2.0 */
/* A bounded TTL cache of texts, single flight: while one thread computes a key, others that want it wait for
 * the same answer. Errors are never kept. Any thread. */
#ifndef CLXS_HOST_CACHE_CACHE_H
#define CLXS_HOST_CACHE_CACHE_H

#include <clxs/status.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;
struct err;
struct cache;

struct cache_stats {
  uint64_t hits, misses, waits, evictions, expired, entries, bytes;
};

/* TTL_MS 0 switches caching off (single flight stays); MAX_BYTES bounds keys plus values. */
struct cache *cache_new(int64_t ttl_ms, size_t max_bytes);
void cache_free(struct cache *cache);
/* The value of KEY, copied into ARENA; FILL is called (outside the lock) when there is none. */
clxs_status cache_get(struct cache *cache, struct arena *arena, const char *key,
                      clxs_status (*fill)(void *data, struct buf *value, struct err *err), void *data,
                      const char **value, size_t *length, struct err *err);
/* Look without filling; NULL when absent. */
const char *cache_peek(struct cache *cache, struct arena *arena, const char *key);
void cache_put(struct cache *cache, const char *key, const char *value, size_t length, int64_t ttl_ms);
/* Drop keys that start with PREFIX ("" for all); a fill that is under way for one of them is not kept. */
size_t cache_drop(struct cache *cache, const char *prefix);
void cache_read_stats(struct cache *cache, struct cache_stats *stats);

#endif
