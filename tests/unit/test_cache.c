/* SPDX-License-Identifier: Apache-2.0 */
/* The cache: age, size, order of use, one fill for everybody who waits, and what a drop means for a fill
 * under way. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "cache/cache.h"

#include "base/banned.h"

static atomic_int_fast64_t now;

static int64_t
fake_now(void)
{
  return atomic_load(&now);
}

static const struct clock fake_clock = {.now_ms = fake_now, .mono_ms = fake_now};
static struct arena *arena;
static struct err err;

static void
init(void)
{
  clock_replace(&fake_clock);
  arena = arena_new();
  err = ERR_INIT(arena);
}

static void
fini(void)
{
  arena_free(arena);
}

TestSuite(cache, .init = init, .fini = fini);

/* What a fill does: gives TEXT, or fails with STATUS. */
struct source {
  const char *text;
  clxs_status status;
  atomic_int fills;
};

static clxs_status
fill(void *data, struct buf *value, struct err *why)
{
  struct source *source = data;

  atomic_fetch_add(&source->fills, 1);
  if (source->status != CLXS_OK) return err_set(why, source->status, "no %s", source->text);
  buf_add_text(value, source->text);
  return CLXS_OK;
}

static const char *
get(struct cache *cache, const char *key, struct source *source)
{
  const char *value = NULL;
  size_t length = 0;

  if (cache_get(cache, arena, key, fill, source, &value, &length, &err) != CLXS_OK) return NULL;
  cr_expect_eq(strlen(value), length);
  return value;
}

Test(cache, filled_once_and_then_remembered)
{
  struct cache *cache = cache_new(1000, 1000);
  struct source source = {.text = "value"};
  struct cache_stats stats;

  cr_expect_str_eq(get(cache, "k", &source), "value");
  cr_expect_str_eq(get(cache, "k", &source), "value");
  cr_expect_eq(source.fills, 1);
  cache_read_stats(cache, &stats);
  cr_expect_eq(stats.hits, 1);
  cr_expect_eq(stats.misses, 1);
  cr_expect_eq(stats.entries, 1);
  cr_expect_eq(stats.bytes, strlen("k") + strlen("value"));
  cache_free(cache);
}

Test(cache, entries_age)
{
  struct cache *cache = cache_new(1000, 1000);
  struct source source = {.text = "value"};
  struct cache_stats stats;

  get(cache, "k", &source);
  now += 999;
  get(cache, "k", &source);
  cr_expect_eq(source.fills, 1);
  now += 1;
  get(cache, "k", &source);
  cr_expect_eq(source.fills, 2);
  cache_read_stats(cache, &stats);
  cr_expect_eq(stats.expired, 1);
  cr_expect_eq(stats.entries, 1);
  cache_free(cache);
}

Test(cache, errors_are_told_and_not_kept)
{
  struct cache *cache = cache_new(1000, 1000);
  struct source source = {.text = "value", .status = CLXS_E_DENIED};

  cr_expect_null(get(cache, "k", &source));
  cr_expect_eq(err.status, CLXS_E_DENIED);
  cr_expect_str_eq(err.message, "no value");
  source.status = CLXS_OK;
  cr_expect_str_eq(get(cache, "k", &source), "value");
  cr_expect_eq(source.fills, 2);
  cache_free(cache);
}

Test(cache, the_longest_unused_goes_first)
{
  struct cache *cache = cache_new(1000, 30); /* three entries of ten bytes */
  struct cache_stats stats;

  cache_put(cache, "a", "123456789", 9, 0);
  cache_put(cache, "b", "123456789", 9, 0);
  cache_put(cache, "c", "123456789", 9, 0);
  cr_expect_not_null(cache_peek(cache, arena, "a"));
  cache_put(cache, "d", "123456789", 9, 0);
  cr_expect_not_null(cache_peek(cache, arena, "a"));
  cr_expect_null(cache_peek(cache, arena, "b"));
  cr_expect_not_null(cache_peek(cache, arena, "c"));
  cr_expect_not_null(cache_peek(cache, arena, "d"));
  cache_read_stats(cache, &stats);
  cr_expect_eq(stats.evictions, 1);
  cr_expect_leq(stats.bytes, 30);
  cache_free(cache);
}

Test(cache, what_never_fits_is_not_kept_and_costs_nobody_its_place)
{
  struct cache *cache = cache_new(1000, 20);

  cache_put(cache, "a", "1", 1, 0);
  cache_put(cache, "b", "123456789012345678901", 21, 0);
  cr_expect_null(cache_peek(cache, arena, "b"));
  cr_expect_not_null(cache_peek(cache, arena, "a"));
  cache_free(cache);
}

Test(cache, put_replaces_and_has_its_own_age)
{
  struct cache *cache = cache_new(1000, 1000);
  struct cache_stats stats;

  cache_put(cache, "k", "one", 3, 0);
  cache_put(cache, "k", "two", 3, 50);
  cr_expect_str_eq(cache_peek(cache, arena, "k"), "two");
  cache_read_stats(cache, &stats);
  cr_expect_eq(stats.entries, 1);
  cr_expect_eq(stats.bytes, 4);
  now += 50;
  cr_expect_null(cache_peek(cache, arena, "k"));
  cache_free(cache);
}

Test(cache, values_may_hold_nul)
{
  struct cache *cache = cache_new(1000, 1000);
  const char *value;
  size_t length;

  cache_put(cache, "k", "a\0b", 3, 0);
  cr_expect_eq(cache_get(cache, arena, "k", NULL, NULL, &value, &length, &err), CLXS_OK);
  cr_expect_eq(length, 3);
  cr_expect_eq(memcmp(value, "a\0b", 4), 0);
  cache_free(cache);
}

Test(cache, switched_off_keeps_nothing)
{
  struct cache *cache = cache_new(0, 1000);
  struct source source = {.text = "value"};

  cr_expect_str_eq(get(cache, "k", &source), "value");
  cr_expect_str_eq(get(cache, "k", &source), "value");
  cr_expect_eq(source.fills, 2);
  cache_put(cache, "p", "v", 1, 1000);
  cr_expect_null(cache_peek(cache, arena, "p"));
  cache_free(cache);
}

Test(cache, drop_takes_a_prefix_or_everything)
{
  struct cache *cache = cache_new(1000, 1000);

  cache_put(cache, "a 1", "v", 1, 0);
  cache_put(cache, "a 2", "v", 1, 0);
  cache_put(cache, "b 1", "v", 1, 0);
  cr_expect_eq(cache_drop(cache, "a "), 2);
  cr_expect_null(cache_peek(cache, arena, "a 1"));
  cr_expect_not_null(cache_peek(cache, arena, "b 1"));
  cr_expect_eq(cache_drop(cache, ""), 1);
  cr_expect_null(cache_peek(cache, arena, "b 1"));
  cache_free(cache);
}

/* A fill that waits in the middle until the test lets it go on. */
struct gate {
  pthread_mutex_t lock;
  pthread_cond_t cond;
  int inside;
  bool open;
  clxs_status status;
  atomic_int fills;
};

static clxs_status
fill_gated(void *data, struct buf *value, struct err *why)
{
  struct gate *gate = data;

  atomic_fetch_add(&gate->fills, 1);
  pthread_mutex_lock(&gate->lock);
  gate->inside++;
  pthread_cond_broadcast(&gate->cond);
  while (!gate->open)
    pthread_cond_wait(&gate->cond, &gate->lock);
  pthread_mutex_unlock(&gate->lock);
  if (gate->status != CLXS_OK) return err_set(why, gate->status, "gated failure");
  buf_add_text(value, "gated");
  return CLXS_OK;
}

struct reader {
  pthread_t thread;
  struct cache *cache;
  struct gate *gate;
  clxs_status status;
  char value[32], message[64];
};

static void *
read_gated(void *data)
{
  struct reader *reader = data;
  struct arena *own = arena_new();
  struct err why = ERR_INIT(own);
  const char *value = "";

  reader->status = cache_get(reader->cache, own, "k", fill_gated, reader->gate, &value, NULL, &why);
  snprintf(reader->value, sizeof reader->value, "%s", reader->status == CLXS_OK ? value : "");
  snprintf(reader->message, sizeof reader->message, "%s", why.message ? why.message : "");
  arena_free(own);
  return NULL;
}

static void
gate_await_inside(struct gate *gate)
{
  pthread_mutex_lock(&gate->lock);
  while (gate->inside == 0)
    pthread_cond_wait(&gate->cond, &gate->lock);
  pthread_mutex_unlock(&gate->lock);
}

static void
gate_open(struct gate *gate)
{
  pthread_mutex_lock(&gate->lock);
  gate->open = true;
  pthread_cond_broadcast(&gate->cond);
  pthread_mutex_unlock(&gate->lock);
}

static void
await_waits(struct cache *cache, uint64_t count)
{
  struct cache_stats stats;

  do
    cache_read_stats(cache, &stats);
  while (stats.waits < count);
}

static void
many_readers(clxs_status status)
{
  struct gate gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .cond = PTHREAD_COND_INITIALIZER, .status = status};
  struct cache *cache = cache_new(1000, 1000);
  struct reader readers[8];

  for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
    readers[i] = (struct reader){.cache = cache, .gate = &gate};
    pthread_create(&readers[i].thread, NULL, read_gated, &readers[i]);
  }
  await_waits(cache, ARRAY_SIZE(readers) - 1);
  gate_open(&gate);
  for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
    pthread_join(readers[i].thread, NULL);
    cr_expect_eq(readers[i].status, status);
    cr_expect_str_eq(readers[i].value, status == CLXS_OK ? "gated" : "");
    cr_expect_str_eq(readers[i].message, status == CLXS_OK ? "" : "gated failure");
  }
  cr_expect_eq(gate.fills, 1);
  cache_free(cache);
}

Test(cache, one_fill_for_all_who_wait)
{
  many_readers(CLXS_OK);
}

Test(cache, one_failure_for_all_who_wait)
{
  many_readers(CLXS_E_UNAVAILABLE);
}

Test(cache, what_was_dropped_while_it_was_filled_is_not_kept)
{
  struct gate gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .cond = PTHREAD_COND_INITIALIZER};
  struct cache *cache = cache_new(1000, 1000);
  struct reader early = {.cache = cache, .gate = &gate};
  struct source source = {.text = "fresh"};

  pthread_create(&early.thread, NULL, read_gated, &early);
  gate_await_inside(&gate);
  cache_drop(cache, "k");
  cr_expect_str_eq(get(cache, "k", &source), "fresh", "who comes after the drop does not join the old fill");
  gate_open(&gate);
  pthread_join(early.thread, NULL);
  cr_expect_str_eq(early.value, "gated");
  cr_expect_str_eq(cache_peek(cache, arena, "k"), "fresh");
  cache_free(cache);
}

Test(cache, against_a_plain_model)
{
  struct cache *cache = cache_new(1000, 100000);
  char model[26][16] = {{0}}, key[2] = "a";
  uint32_t random = 1;

  for (int step = 0; step < 20000; step++) {
    uint32_t slot;

    random = random * 1664525 + 1013904223;
    slot = (random >> 16) % 26;
    key[0] = (char)('a' + slot);
    switch ((random >> 8) % 3) {
    case 0:
      snprintf(model[slot], sizeof model[slot], "%d", step);
      cache_put(cache, key, model[slot], strlen(model[slot]), 0);
      break;
    case 1:
      model[slot][0] = '\0';
      cache_drop(cache, key);
      break;
    default: {
      uint64_t mark = arena_mark(arena);
      const char *value = cache_peek(cache, arena, key);

      cr_assert(str_eq(value ? value : "", model[slot]), "step %d", step);
      arena_release(arena, mark);
    }
    }
  }
  cache_free(cache);
}
