/* SPDX-License-Identifier: Apache-2.0 */
/* The cache: see cache.h. Entries are kept in order of use; a flight is a fill under way, with those who wait
 * for it. Dropping forgets flights too: whoever began before the drop still gets its answer, but nobody after
 * it does. */
#include "cache/cache.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "base/threads.h"

#include "base/banned.h"

struct entry {
  struct entry *newer, *older;
  char *key, *value;
  size_t length, size;
  int64_t expires;
};

struct flight {
  unsigned holders; /* the filler and the waiters */
  bool done;
  clxs_status status;
  struct buf value;
  struct arena *arena; /* of err */
  struct err err;
};

struct cache {
  pthread_mutex_t lock;
  pthread_cond_t landed;
  int64_t ttl_ms;
  size_t max_bytes;
  struct map *entries, *flights;
  struct entry *newest, *oldest;
  struct cache_stats stats;
};

struct cache *
cache_new(int64_t ttl_ms, size_t max_bytes)
{
  struct cache *cache = xcalloc(1, sizeof *cache);

  pthread_mutex_init(&cache->lock, NULL);
  cond_init(&cache->landed);
  cache->ttl_ms = ttl_ms;
  cache->max_bytes = max_bytes;
  cache->entries = map_new();
  cache->flights = map_new();
  return cache;
}

static void
unlink_entry(struct cache *cache, struct entry *entry)
{
  *(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
  *(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
  entry->newer = entry->older = NULL;
}

static void
push_newest(struct cache *cache, struct entry *entry)
{
  entry->older = cache->newest;
  if (cache->newest) cache->newest->newer = entry;
  cache->newest = entry;
  if (!cache->oldest) cache->oldest = entry;
}

static void
free_entry(struct entry *entry)
{
  free(entry->key);
  free(entry->value);
  free(entry);
}

static void
remove_entry(struct cache *cache, struct entry *entry)
{
  map_remove(cache->entries, entry->key);
  unlink_entry(cache, entry);
  cache->stats.bytes -= entry->size;
  cache->stats.entries--;
  free_entry(entry);
}

void
cache_free(struct cache *cache)
{
  if (!cache) return;
  while (cache->oldest)
    remove_entry(cache, cache->oldest);
  map_free(cache->entries);
  map_free(cache->flights);
  pthread_cond_destroy(&cache->landed);
  pthread_mutex_destroy(&cache->lock);
  free(cache);
}

/* The entry that may be used, moved to the front; NULL when there is none (any more). */
static struct entry *
find(struct cache *cache, const char *key)
{
  struct entry *entry = map_get(cache->entries, key);

  if (!entry) return NULL;
  if (entry->expires <= clock_mono_ms()) {
    cache->stats.expired++;
    remove_entry(cache, entry);
    return NULL;
  }
  unlink_entry(cache, entry);
  push_newest(cache, entry);
  return entry;
}

/* Keep VALUE, which is the cache's from here on. */
static void
keep(struct cache *cache, const char *key, char *value, size_t length, int64_t ttl_ms)
{
  struct entry *entry = map_get(cache->entries, key);
  size_t size = strlen(key) + length;

  if (entry) remove_entry(cache, entry);
  if (cache->ttl_ms <= 0 || ttl_ms <= 0 || size > cache->max_bytes) {
    free(value);
    return;
  }
  while (cache->oldest && cache->stats.bytes + size > cache->max_bytes) {
    cache->stats.evictions++;
    remove_entry(cache, cache->oldest);
  }
  entry = xcalloc(1, sizeof *entry);
  entry->key = xstrdup(key);
  entry->value = value;
  entry->length = length;
  entry->size = size;
  entry->expires = clock_mono_ms() + ttl_ms;
  map_set(cache->entries, key, entry);
  push_newest(cache, entry);
  cache->stats.entries++;
  cache->stats.bytes += size;
}

static void
leave_flight(struct flight *flight)
{
  if (--flight->holders > 0) return;
  buf_free(&flight->value);
  arena_free(flight->arena);
  free(flight);
}

/* What FLIGHT brought, for one of those who wait; under the lock. */
static clxs_status
collect(struct flight *flight, struct arena *arena, const char **value, size_t *length, struct err *err)
{
  clxs_status status = flight->status;

  if (status == CLXS_OK) {
    *value = arena_strndup(arena, flight->value.data, flight->value.len);
    *length = flight->value.len;
  } else {
    err_copy(err, &flight->err);
  }
  return status;
}

/* A fill has ended: keep what it brought, unless it was dropped meanwhile. */
static void
land(struct cache *cache, const char *key, struct flight *flight)
{
  flight->done = true;
  pthread_cond_broadcast(&cache->landed);
  if (map_get(cache->flights, key) != flight) return;
  map_remove(cache->flights, key);
  if (flight->status == CLXS_OK) {
    size_t length = flight->value.len;
    /* Nobody else waits for it: no need to hold a large listing twice. */
    char *value = flight->holders == 1 ? buf_take(&flight->value) : xstrndup(flight->value.data, length);

    keep(cache, key, value, length, cache->ttl_ms);
  }
}

/* Be the one who fills. Called and left under the lock, which is free while FILL runs. */
static clxs_status
fly(struct cache *cache, struct arena *arena, const char *key,
    clxs_status (*fill)(void *data, struct buf *value, struct err *err), void *data, const char **value,
    size_t *length, struct err *err)
{
  struct flight *flight = xcalloc(1, sizeof *flight);
  clxs_status status;

  flight->holders = 1;
  flight->value = BUF_INIT(BUF_LARGE);
  flight->arena = arena_new();
  flight->err = ERR_INIT(flight->arena);
  map_set(cache->flights, key, flight);
  pthread_mutex_unlock(&cache->lock);
  flight->status = fill(data, &flight->value, &flight->err);
  if (flight->status == CLXS_OK && flight->value.overflow)
    flight->status = err_set(&flight->err, CLXS_E_DATA, "the answer is too large to be held");
  pthread_mutex_lock(&cache->lock);
  status = collect(flight, arena, value, length, err);
  land(cache, key, flight);
  leave_flight(flight);
  return status;
}

static clxs_status
await_landing(struct cache *cache, struct flight *flight, struct arena *arena, const char **value,
              size_t *length, struct err *err)
{
  clxs_status status;

  cache->stats.waits++;
  flight->holders++;
  while (!flight->done)
    pthread_cond_wait(&cache->landed, &cache->lock);
  status = collect(flight, arena, value, length, err);
  leave_flight(flight);
  return status;
}

clxs_status
cache_get(struct cache *cache, struct arena *arena, const char *key,
          clxs_status (*fill)(void *data, struct buf *value, struct err *err), void *data, const char **value,
          size_t *length, struct err *err)
{
  struct entry *entry;
  struct flight *flight;
  size_t ignored;

  if (!length) length = &ignored;
  LOCK_SCOPE(&cache->lock);
  entry = find(cache, key);
  if (entry) {
    cache->stats.hits++;
    *value = arena_strndup(arena, entry->value, entry->length);
    *length = entry->length;
    return CLXS_OK;
  }
  flight = map_get(cache->flights, key);
  if (flight) return await_landing(cache, flight, arena, value, length, err);
  cache->stats.misses++;
  return fly(cache, arena, key, fill, data, value, length, err);
}

const char *
cache_peek(struct cache *cache, struct arena *arena, const char *key)
{
  LOCK_SCOPE(&cache->lock);
  struct entry *entry = find(cache, key);

  if (!entry) {
    cache->stats.misses++;
    return NULL;
  }
  cache->stats.hits++;
  return arena_strndup(arena, entry->value, entry->length);
}

void
cache_put(struct cache *cache, const char *key, const char *value, size_t length, int64_t ttl_ms)
{
  LOCK_SCOPE(&cache->lock);
  keep(cache, key, xstrndup(value, length), length, ttl_ms == 0 ? cache->ttl_ms : ttl_ms);
}

size_t
cache_drop(struct cache *cache, const char *prefix)
{
  const char *key;
  void *value;
  size_t dropped = 0, position = 0;

  LOCK_SCOPE(&cache->lock);
  while (map_next(cache->flights, &position, &key, &value))
    if (str_starts(key, prefix)) map_remove(cache->flights, key);
  for (struct entry *entry = cache->newest, *older; entry; entry = older) {
    older = entry->older;
    if (!str_starts(entry->key, prefix)) continue;
    remove_entry(cache, entry);
    dropped++;
  }
  return dropped;
}

void
cache_read_stats(struct cache *cache, struct cache_stats *stats)
{
  LOCK_SCOPE(&cache->lock);
  *stats = cache->stats;
}
