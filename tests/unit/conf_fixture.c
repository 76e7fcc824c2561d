/* SPDX-License-Identifier: Apache-2.0 */
/* See conf_fixture.h. */
#include "unit/conf_fixture.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "base/str.h"

#include "base/banned.h"

extern char **environ;

/* Whatever the machine that runs the tests is set up for. */
static void
clear_environment(struct arena *arena)
{
  static const char *const prefixes[] = {"CLXS_", "DATABRICKS_", "ARM_", "GOOGLE_", "XDG_"};

  for (size_t p = 0; p < ARRAY_SIZE(prefixes); p++) {
    for (char **at = environ; *at;) {
      char *name;

      if (!str_starts(*at, prefixes[p])) {
        at++;
        continue;
      }
      name = arena_strndup(arena, *at, strcspn(*at, "="));
      unsetenv(name);
      at = environ;
    }
  }
}

void
conf_fixture_set_up(struct conf_fixture *fixture)
{
  *fixture = (struct conf_fixture){.arena = arena_new()};
  fixture->err = ERR_INIT(fixture->arena);
  clear_environment(fixture->arena);
  snprintf(fixture->home, sizeof fixture->home, "/tmp/clxs-test-conf-XXXXXX");
  cr_assert_not_null(mkdtemp(fixture->home));
  cr_assert_eq(chdir(fixture->home), 0);
  setenv("HOME", fixture->home, 1);
}

static int
remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
  (void)about;
  (void)kind;
  (void)where;
  return remove(path);
}

void
conf_fixture_tear_down(struct conf_fixture *fixture)
{
  (void)!chdir("/");
  (void)nftw(fixture->home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
  arena_free(fixture->arena);
}

void
conf_fixture_write(struct conf_fixture *fixture, const char *name, const char *text)
{
  const char *path = path_join(fixture->arena, fixture->home, name);

  cr_assert_eq(path_make(path_dirname(fixture->arena, path), &fixture->err), CLXS_OK);
  cr_assert_eq(path_write(path, text, strlen(text), 0600, &fixture->err), CLXS_OK, "%s",
               fixture->err.message);
}

clxs_status
conf_fixture_load(struct conf_fixture *fixture, const char *text, const struct conf_source *source)
{
  static const struct conf_source none;

  if (text) conf_fixture_write(fixture, "clxs.yaml", text);
  err_clear(&fixture->err);
  return conf_load(fixture->arena, source ? source : &none, &fixture->conf, &fixture->err);
}
