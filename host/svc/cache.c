/* SPDX-License-Identifier: Apache-2.0 */
/* clxs.cache/1: the host's cache with keys that no other plugin can name. */
#include "cache/cache.h"

#include "app.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "svc/services.h"

#include "base/banned.h"

/* "plugin ID KEY ", the key encoded, so that no key is the beginning of another. */
static void
make_key(struct call *call, const char *key, struct buf *out)
{
  buf_addf(out, "plugin %s ", call->plugin_id ? call->plugin_id : "clxs");
  buf_add_url(out, key);
  buf_add_char(out, ' ');
}

static const char *
service_get(struct clxs_call *pub, const char *key)
{
  struct call *call = call_of(pub);
  CLEANUP_BUF struct buf full = BUF_INIT(BUF_LARGE);

  make_key(call, key, &full);
  return cache_peek(call->app->cache, call->arena, full.data);
}

static void
service_put(struct clxs_call *pub, const char *key, const char *value, int64_t ttl_ms)
{
  struct call *call = call_of(pub);
  CLEANUP_BUF struct buf full = BUF_INIT(BUF_LARGE);

  make_key(call, key, &full);
  cache_put(call->app->cache, full.data, value, strlen(value), ttl_ms);
}

static void
service_drop(struct clxs_call *pub, const char *key)
{
  struct call *call = call_of(pub);
  CLEANUP_BUF struct buf full = BUF_INIT(BUF_LARGE);

  make_key(call, key, &full);
  cache_drop(call->app->cache, full.data);
}

const struct clxs_cache service_cache = {
    .size = sizeof service_cache, .get = service_get, .put = service_put, .drop = service_drop};
