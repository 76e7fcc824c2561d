/* SPDX-License-Identifier: Apache-2.0 */
/* Temporary search paths. */
#include "bench.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "base/str.h"

struct bench
bench_new(void)
{
  struct bench bench = {.arena = arena_new()};
  char root[] = "/tmp/clxs-test-XXXXXX";

  cr_assert_not_null(mkdtemp(root));
  umask(022);
  bench.err = ERR_INIT(bench.arena);
  bench.root = arena_strdup(bench.arena, root);
  bench.plugins = path_join(bench.arena, root, "plugins");
  mkdir(bench.plugins, 0755);
  setenv("CLXS_PLUGIN_PATH", bench.plugins, 1);
  setenv("XDG_DATA_HOME", path_join(bench.arena, root, "data"), 1);
  bench.options = (struct registry_options){.exe = path_join(bench.arena, root, "bin/clxs"),
                                            .policy = path_join(bench.arena, root, "policy.yaml"),
                                            .cache_dir = path_join(bench.arena, root, "cache")};
  return bench;
}

static int
remove_entry(const char *path, const struct stat *info, int type, struct FTW *place)
{
  (void)info;
  (void)type;
  (void)place;
  return remove(path);
}

void
bench_free(struct bench *bench)
{
  for (size_t i = 0; i < bench->opened_count; i++)
    registry_close(bench->opened[i]);
  nftw(bench->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
  arena_free(bench->arena);
}

static void
copy(struct bench *bench, const char *from, const char *to)
{
  char *bytes;
  size_t length;

  if (path_read(bench->arena, from, (size_t)64 << 20, &bytes, &length, &bench->err) != CLXS_OK) {
    err_clear(&bench->err);
    return;
  }
  cr_assert_eq(path_write(to, bytes, length, 0644, &bench->err), CLXS_OK, "%s", bench->err.message);
}

const char *
bench_add(struct bench *bench, const char *name)
{
  struct arena *arena = bench->arena;
  const char *from = arena_printf(arena, CLXS_BINARY_DIR "/tests/bad-plugins/%s", name);
  const char *to = path_join(arena, bench->plugins, name);

  cr_assert(path_exists(from), "%s is missing", from);
  mkdir(to, 0755);
  copy(bench, path_join(arena, from, "plugin.json"), path_join(arena, to, "plugin.json"));
  copy(bench, arena_printf(arena, "%s/%s.so", from, name), arena_printf(arena, "%s/%s.so", to, name));
  return to;
}

void
bench_write(struct bench *bench, const char *file, const char *text)
{
  const char *path = path_join(bench->arena, bench->plugins, file);

  mkdir(path_dirname(bench->arena, path), 0755);
  cr_assert_eq(path_write(path, text, strlen(text), 0644, &bench->err), CLXS_OK, "%s", bench->err.message);
}

static int
age_entry(const char *path, const struct stat *info, int type, struct FTW *place)
{
  struct timespec times[2] = {info->st_atim, info->st_mtim};

  (void)type;
  (void)place;
  times[1].tv_sec -= 10;
  times[1].tv_nsec |= 1; /* not a file system of whole seconds */
  return utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

void
bench_settle(struct bench *bench)
{
  nftw(bench->plugins, age_entry, 16, FTW_DEPTH | FTW_PHYS);
}

struct registry *
bench_open(struct bench *bench)
{
  struct registry *registry;

  cr_assert_eq(registry_open(bench->arena, &bench->options, &registry, &bench->err), CLXS_OK, "%s",
               bench->err.message);
  cr_assert_lt(bench->opened_count, ARRAY_SIZE(bench->opened));
  bench->opened[bench->opened_count++] = registry;
  return registry;
}
