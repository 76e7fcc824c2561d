/* SPDX-License-Identifier: Apache-2.0 */
/* A search path of one's own for tests of the registry: a temporary directory with plugins copied from the
 * build tree, an own cache, and nothing of this machine's. */
#ifndef CLXS_TESTS_BAD_PLUGINS_BENCH_H
#define CLXS_TESTS_BAD_PLUGINS_BENCH_H

#include "base/arena.h"
#include "base/err.h"
#include "plugin/registry.h"

struct bench {
  struct arena *arena;
  struct err err;
  const char *root;    /* temporary; removed by bench_free */
  const char *plugins; /* the one directory in CLXS_PLUGIN_PATH */
  struct registry_options options;
  struct registry *opened[1024]; /* closed by bench_free */
  size_t opened_count;
};

struct bench bench_new(void);
void bench_free(struct bench *bench);
#define CLEANUP_BENCH __attribute__((cleanup(bench_free)))

/* Copy tests/bad-plugins/NAME of the build tree to the search path; the directory it is in. */
const char *bench_add(struct bench *bench, const char *name);
/* Write FILE (below the plugins directory, "x/plugin.json") with TEXT. */
void bench_write(struct bench *bench, const char *file, const char *text);
/* Make every file older than the clock's tick, so that the next index is not racy. */
void bench_settle(struct bench *bench);
struct registry *bench_open(struct bench *bench);

#endif
