/* SPDX-License-Identifier: Apache-2.0 */
/* base/path: names, places, and files that are replaced whole. */
#include <clxs/config.h>
#include <criterion/criterion.h>
#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"

#include "base/banned.h"

static struct arena *arena;
static struct err err;
static char home[64];

static void
set_up(void)
{
  arena = arena_new();
  err = ERR_INIT(arena);
  snprintf(home, sizeof home, "/tmp/clxs-test-path-XXXXXX");
  cr_assert_not_null(mkdtemp(home));
  setenv("HOME", home, 1);
  unsetenv("XDG_STATE_HOME");
}

static int
remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
  (void)about;
  (void)kind;
  (void)where;
  return remove(path);
}

static void
tear_down(void)
{
  (void)nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  arena_free(arena);
}

TestSuite(path, .init = set_up, .fini = tear_down);

Test(path, names)
{
  cr_assert_str_eq(path_join(arena, "/a", "b"), "/a/b");
  cr_assert_str_eq(path_join(arena, "/a/", "b"), "/a/b");
  cr_assert_str_eq(path_join(arena, "/a", "/b"), "/b");
  cr_assert_str_eq(path_join(arena, NULL, "b"), "b");
  cr_assert_str_eq(path_dirname(arena, "/a/b"), "/a");
  cr_assert_str_eq(path_dirname(arena, "/a"), "/");
  cr_assert_str_eq(path_dirname(arena, "a"), ".");
  cr_assert_str_eq(path_dirname(arena, "a/b//"), "a");
  cr_assert_str_eq(path_dirname(arena, "/"), "/");
  cr_assert_str_eq(path_basename("/a/b"), "b");
  cr_assert_str_eq(path_expand(arena, "~/x"), arena_printf(arena, "%s/x", home));
  cr_assert_str_eq(path_expand(arena, "~other/x"), "~other/x");
}

Test(path, user_directories_follow_the_xdg_rules)
{
  setenv("XDG_STATE_HOME", "relative", 1);
  cr_assert_str_eq(path_user(arena, CLXS_DIR_STATE, &err), arena_printf(arena, "%s/.local/state/clxs", home));
  setenv("XDG_STATE_HOME", "/var/x", 1);
  cr_assert_str_eq(path_user(arena, CLXS_DIR_STATE, &err), "/var/x/clxs");
  unsetenv("XDG_DATA_HOME");
  cr_assert_str_eq(path_user(arena, CLXS_DIR_DATA, &err), arena_printf(arena, "%s/.local/share/clxs", home));
  cr_assert_null(path_user(arena, 99, &err));
}

Test(path, directories_are_made_for_this_user_only)
{
  const char *deep = arena_printf(arena, "%s/a/b//c/", home);
  struct stat about;

  cr_assert_eq(path_make(deep, &err), CLXS_OK, "%s", err.message);
  cr_assert_eq(path_make(deep, &err), CLXS_OK, "again is fine");
  cr_assert_eq(stat(deep, &about), 0);
  cr_assert_eq(about.st_mode & 0777, 0700);
}

Test(path, a_file_in_the_way_is_named)
{
  const char *file = arena_printf(arena, "%s/file", home);

  cr_assert_eq(path_write(file, "x", 1, 0600, &err), CLXS_OK);
  cr_assert_eq(path_make(path_join(arena, file, "below"), &err), CLXS_E_IO);
  cr_assert_not_null(strstr(err.message, file));
}

static size_t
count_files(const char *directory)
{
  DIR *open = opendir(directory);
  size_t count = 0;

  while (readdir(open))
    count++;
  closedir(open);
  return count - 2;
}

Test(path, files_are_replaced_whole)
{
  const char *file = arena_printf(arena, "%s/state", home);
  struct stat about;
  char *text;
  size_t length;

  cr_assert_eq(path_write(file, "first", 5, 0600, &err), CLXS_OK);
  cr_assert_eq(path_write(file, "second\0x", 8, 0640, &err), CLXS_OK);
  cr_assert_eq(path_read(arena, file, 100, &text, &length, &err), CLXS_OK);
  cr_assert_eq(length, 8);
  cr_assert_arr_eq(text, "second\0x", 9);
  cr_assert_eq(stat(file, &about), 0);
  cr_assert_eq(about.st_mode & 0777, 0640);
  cr_assert_eq(count_files(home), 1, "no temporary file stays behind");
}

Test(path, a_write_that_fails_leaves_nothing_behind)
{
  const char *directory = arena_printf(arena, "%s/taken", home);

  cr_assert_eq(path_make(directory, &err), CLXS_OK);
  cr_assert_eq(path_make(path_join(arena, directory, "inside"), &err), CLXS_OK);
  cr_assert_lt(path_write(directory, "x", 1, 0600, &err), 0);
  cr_assert_eq(count_files(home), 1);
}

Test(path, reading_refuses_what_is_no_sensible_file)
{
  const char *file = arena_printf(arena, "%s/big", home);
  char *text;

  cr_assert_eq(path_write(file, "12345", 5, 0600, &err), CLXS_OK);
  cr_assert_eq(path_read(arena, file, 4, &text, NULL, &err), CLXS_E_IO);
  cr_assert_eq(path_read(arena, home, 100, &text, NULL, &err), CLXS_E_IO);
  cr_assert_eq(path_read(arena, path_join(arena, home, "none"), 100, &text, NULL, &err), CLXS_E_NOT_FOUND);
  cr_assert_eq(mkfifo(path_join(arena, home, "pipe"), 0600), 0);
  cr_assert_eq(path_read(arena, path_join(arena, home, "pipe"), 100, &text, NULL, &err), CLXS_E_IO,
               "a pipe is not waited for");
  cr_assert_eq(path_read(arena, "/dev/null", 100, &text, NULL, &err), CLXS_OK, "as good as an empty file");
  cr_assert_str_eq(text, "");
  cr_assert_eq(path_read(arena, "/dev/zero", 100, &text, NULL, &err), CLXS_E_IO);
}
