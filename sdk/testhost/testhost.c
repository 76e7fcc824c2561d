/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a test host, and what a test tells it and asks of it. It must not know how services are
 * implemented. */
#include "testhost/testhost.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/json.h"
#include "testhost/internal.h"

#include "base/banned.h"

static int
remove_entry(const char *path, const struct stat *about, int type, struct FTW *where)
{
  (void)about, (void)type, (void)where;
  return remove(path);
}

_Noreturn void
th_broken(const char *what, const char *text)
{
  fprintf(stderr, "testhost: %s: %s\n", what, text ? text : "(null)");
  abort();
}

struct testhost *
testhost_new(void)
{
  struct testhost *host = xcalloc(1, sizeof *host);
  const char *tmp = getenv("TMPDIR");
  struct buf path = BUF_INIT(4096);

  pthread_mutex_init(&host->lock, NULL);
  host->arena = arena_new();
  host->catalogs = json_object_new_object();
  host->cache = map_new();
  host->out = host->log = host->events = BUF_INIT(BUF_LARGE);
  host->start_ms = host->now_ms = INT64_C(1769903999000); /* 2026-01-31T23:59:59Z */
  buf_addf(&path, "%s/clxs-testhost-XXXXXX", tmp && *tmp ? tmp : "/tmp");
  host->directory = buf_take(&path);
  if (!mkdtemp(host->directory)) th_broken("cannot make a directory", host->directory);
  host->call = th_call_new(host);
  return host;
}

void
testhost_free(struct testhost *host)
{
  if (!host) return;
  th_call_free(host->call);
  nftw(host->directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
  free(host->directory);
  VEC_FREE(&host->args);
  VEC_FREE(&host->configs);
  VEC_FREE(&host->capabilities);
  VEC_FREE(&host->capability_ids);
  VEC_FREE(&host->sent);
  json_object_put(host->catalogs);
  json_object_put(host->adopted);
  map_free(host->cache);
  buf_free(&host->out);
  buf_free(&host->log);
  buf_free(&host->events);
  arena_free(host->arena);
  pthread_mutex_destroy(&host->lock);
  free(host);
}

void
testhost_cleanup(struct testhost **host)
{
  testhost_free(*host);
}

struct clxs_call *
testhost_call(struct testhost *host)
{
  return &host->call->pub;
}

struct clxs_call *
testhost_call_again(struct testhost *host)
{
  th_call_free(host->call);
  host->call = th_call_new(host);
  return &host->call->pub;
}

void
testhost_arg(struct testhost *host, const char *name, const char *value)
{
  struct testhost_value *arg = VEC_ADD(&host->args);

  arg->name = arena_strdup(host->arena, name);
  arg->value = arena_strdup(host->arena, value);
}

void
testhost_arg_clear(struct testhost *host, const char *name)
{
  size_t kept = 0;

  VEC_EACH (&host->args, arg)
    if (strcmp(arg->name, name) != 0) host->args.at[kept++] = *arg;
  host->args.count = kept;
}

void
testhost_config(struct testhost *host, const char *key, const char *value)
{
  struct testhost_value *config = VEC_ADD(&host->configs);

  config->name = arena_strdup(host->arena, key);
  config->value = arena_strdup(host->arena, value);
}

void
testhost_format(struct testhost *host, int32_t format)
{
  host->format = format;
}

void
testhost_confirm(struct testhost *host, clxs_status answer)
{
  host->answer = answer;
}

void
testhost_capability(struct testhost *host, const char *id, const void *table, void *state)
{
  *VEC_ADD(&host->capabilities) = (struct clxs_capability){table, state};
  *VEC_ADD(&host->capability_ids) = arena_strdup(host->arena, id);
}

void
testhost_clock(struct testhost *host, int64_t now_ms)
{
  pthread_mutex_lock(&host->lock);
  host->now_ms = now_ms;
  pthread_mutex_unlock(&host->lock);
}

void
testhost_cancel(struct testhost *host)
{
  pthread_mutex_lock(&host->lock);
  host->cancelled = true;
  pthread_mutex_unlock(&host->lock);
}

bool
th_cancelled(struct testhost *host)
{
  bool cancelled;

  pthread_mutex_lock(&host->lock);
  cancelled = host->cancelled;
  pthread_mutex_unlock(&host->lock);
  return cancelled;
}

static const struct testhost_sent *
sent_find(struct testhost *host, int kind, const char *pattern, size_t index, size_t *count)
{
  const struct testhost_sent *found = NULL;

  pthread_mutex_lock(&host->lock);
  *count = 0;
  VEC_EACH (&host->sent, it) {
    if ((kind && (*it)->kind != kind) || (pattern && !th_match(pattern, (*it)->text))) continue;
    if ((*count)++ == index) found = *it;
  }
  pthread_mutex_unlock(&host->lock);
  return found;
}

size_t
testhost_sent_count(struct testhost *host, int kind, const char *pattern)
{
  size_t count;

  sent_find(host, kind, pattern, 0, &count);
  return count;
}

const struct testhost_sent *
testhost_sent(struct testhost *host, int kind, const char *pattern, size_t index)
{
  size_t count;

  return sent_find(host, kind, pattern, index, &count);
}

size_t
testhost_peak(struct testhost *host)
{
  return host->peak;
}

const char *
testhost_stdout(struct testhost *host)
{
  return host->out.data;
}

const char *
testhost_document(struct testhost *host)
{
  return host->document;
}

const char *
testhost_log(struct testhost *host)
{
  return host->log.data;
}

const char *
testhost_events(struct testhost *host)
{
  return host->events.data;
}

const char *
testhost_progress(struct testhost *host, uint64_t *done, uint64_t *total)
{
  if (done) *done = host->progress_done;
  if (total) *total = host->progress_total;
  return host->progress;
}

const char *
testhost_directory(struct testhost *host, int32_t which)
{
  static const char *const names[] = {"", "state", "cache", "config", "data"};
  const char *path;

  if (which < CLXS_DIR_STATE || which > CLXS_DIR_DATA) return NULL;
  pthread_mutex_lock(&host->lock);
  path = arena_printf(host->arena, "%s/%s", host->directory, names[which]);
  pthread_mutex_unlock(&host->lock);
  if (which != CLXS_DIR_CONFIG) mkdir(path, 0700);
  return path;
}
