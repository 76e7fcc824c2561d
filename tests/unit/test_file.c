/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files: the old one or the new one, whatever happens. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/str.h"

#include "base/banned.h"

static char home[64];

static void
enter(void)
{
  snprintf(home, sizeof home, "/tmp/clxs-file-XXXXXX");
  cr_assert_not_null(mkdtemp(home));
  cr_assert_eq(chdir(home), 0);
}

static void
leave(void)
{
  pid_t pid = fork();

  if (pid == 0) execlp("rm", "rm", "-rf", home, (char *)NULL);
  waitpid(pid, NULL, 0);
}

TestSuite(file, .init = enter, .fini = leave);

static char *
content(const char *path)
{
  CLEANUP_FILE FILE *file = fopen(path, "r");
  char *text = xcalloc(64, 1);

  cr_assert_not_null(file, "%s", path);
  (void)!fread(text, 1, 63, file);
  return text;
}

static size_t
count_files(void)
{
  DIR *dir = opendir(".");
  size_t count = 0;

  while (readdir(dir))
    count++;
  closedir(dir);
  return count - 2;
}

static void
assert_content(const char *path, const char *expected)
{
  CLEANUP_FREE char *text = content(path);

  cr_assert_str_eq(text, expected);
}

Test(file, is_made_and_replaced_whole)
{
  const char *what = NULL;

  cr_assert(file_replace("a", "one, long", 9, 0, &what));
  cr_assert(file_replace("a", "two", 3, 0, &what));
  assert_content("a", "two");
  cr_assert_eq(count_files(), 1, "nothing is left over");
}

Test(file, has_the_mode_asked_for_or_that_of_the_umask)
{
  const char *what = NULL;
  struct stat about;

  umask(027);
  cr_assert(file_replace("a", "", 0, 0, &what));
  cr_assert_eq(stat("a", &about), 0);
  cr_assert_eq(about.st_mode & 0777, 0640);
  cr_assert(file_replace("b", "", 0, 0604, &what));
  cr_assert_eq(stat("b", &about), 0);
  cr_assert_eq(about.st_mode & 0777, 0604);
}

Test(file, of_a_link_the_target_is_replaced)
{
  const char *what = NULL;
  struct stat about;

  cr_assert_eq(mkdir("there", 0700), 0);
  cr_assert(file_replace("there/a", "one", 3, 0, &what));
  cr_assert_eq(symlink("there/a", "link"), 0);
  cr_assert(file_replace("link", "two", 3, 0, &what));
  assert_content("there/a", "two");
  cr_assert_eq(lstat("link", &about), 0);
  cr_assert(S_ISLNK(about.st_mode));
}

Test(file, a_device_is_written_to_and_stays_one)
{
  const char *what = NULL;
  struct stat about;

  cr_assert(file_replace("/dev/null", "x", 1, 0, &what));
  cr_assert_eq(stat("/dev/null", &about), 0);
  cr_assert(S_ISCHR(about.st_mode));
}

Test(file, failures_say_what_could_not_be_done_and_leave_the_old_file)
{
  const char *what = NULL;

  cr_assert(!file_replace("missing/a", "x", 1, 0, &what));
  cr_assert_eq(errno, ENOENT);
  cr_assert_str_eq(what, "make a temporary file beside");
  cr_assert(!file_replace(".", "x", 1, 0, &what));
  cr_assert_eq(errno, EISDIR);
  cr_assert_str_eq(what, "write");
  cr_assert(!file_replace("/dev/full", "x", 1, 0, &what));
  cr_assert_eq(errno, ENOSPC);
  cr_assert_eq(count_files(), 0);
}

Test(file, directories_above_it_are_made)
{
  const char *what = NULL;
  struct stat about;

  cr_assert(file_make_parents("a/b/c"));
  cr_assert(file_make_parents("a/b/c"), "once is enough");
  cr_assert_eq(stat("a/b", &about), 0);
  cr_assert(S_ISDIR(about.st_mode));
  cr_assert_eq(stat("a/b/c", &about), -1);
  cr_assert(file_replace("file", "", 0, 0600, &what));
  cr_assert(!file_make_parents("file/below/it"));
  cr_assert_eq(errno, ENOTDIR);
}
