/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.cache/1: a small store for what a plugin would otherwise ask again within one run. Keys are private to
 * the plugin; entries go when they are old, when the cache is full, or at the end of the process. */
#ifndef CLXS_CACHE_H
#define CLXS_CACHE_H

#include "call.h"

#define CLXS_SERVICE_CACHE "clxs.cache/1"

struct clxs_cache {
  uint32_t size;
  /* [call thread] The value put under KEY, copied into the scope; NULL when there is none (any more). */
  const char *(*get)(struct clxs_call *call, const char *key);
  /* [call thread] Keep VALUE (text) under KEY for TTL_MS milliseconds; 0 means the configured time. */
  void (*put)(struct clxs_call *call, const char *key, const char *value, int64_t ttl_ms);
  void (*drop)(struct clxs_call *call, const char *key);
};

#endif
