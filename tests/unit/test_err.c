/* SPDX-License-Identifier: Apache-2.0 */
/* base/err: causes, hints, copies. */
#include <criterion/criterion.h>
#include <errno.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"

#include "base/banned.h"

Test(err, what_was_said_before_becomes_the_cause)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);

  cr_assert_eq(err_set(&err, CLXS_E_UNAVAILABLE, "connection %s", "refused"), CLXS_E_UNAVAILABLE);
  err_hint(&err, "try again");
  err.request_id = "r-1";
  cr_assert_eq(err_set(&err, CLXS_E_PARTIAL, "table %s was not copied", "a.b.c"), CLXS_E_PARTIAL);
  cr_assert_eq(err.status, CLXS_E_PARTIAL);
  cr_assert_str_eq(err.message, "table a.b.c was not copied");
  cr_assert_str_eq(err.cause->message, "connection refused");
  cr_assert_null(err.cause->older);
  cr_assert_str_eq(err.hint, "try again");
  cr_assert_str_eq(err.request_id, "r-1");
}

Test(err, errno_in_words)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct err err = ERR_INIT(arena);

  errno = ENOENT;
  cr_assert_eq(err_errno(&err, "cannot open %s", "/x"), CLXS_E_NOT_FOUND);
  cr_assert_str_eq(err.message, "cannot open /x: No such file or directory");
  errno = EACCES;
  cr_assert_eq(err_errno(&err, "cannot open %s", "/y"), CLXS_E_IO);
}

Test(err, a_copy_outlives_its_original)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct arena *other = arena_new();
  struct err copy = ERR_INIT(arena), original = ERR_INIT(other);

  err_set(&original, CLXS_E_IO, "first");
  err_set(&original, CLXS_E_IO, "second");
  err_set(&original, CLXS_E_DATA, "third");
  original.error_class = "X";
  original.http_status = 503;
  err_set(&copy, CLXS_E_INTERNAL, "to be replaced");
  err_copy(&copy, &original);
  arena_free(other);
  cr_assert_str_eq(copy.message, "third");
  cr_assert_str_eq(copy.cause->message, "second");
  cr_assert_str_eq(copy.cause->older->message, "first");
  cr_assert_null(copy.cause->older->older);
  cr_assert_str_eq(copy.error_class, "X");
  cr_assert_eq(copy.http_status, 503);
  cr_assert_eq(copy.arena, arena);
  err_clear(&copy);
  cr_assert_null(copy.message);
  cr_assert_eq(copy.status, CLXS_OK);
}

Test(err, exit_codes_are_the_documented_ones)
{
  static const int codes[][2] = {
      {CLXS_OK, 0},
      {CLXS_DIFFERENT, 1},
      {CLXS_E_USAGE, 2},
      {CLXS_E_CONFIG, 3},
      {CLXS_E_ABI, 3},
      {CLXS_E_AUTH, 4},
      {CLXS_E_DENIED, 4},
      {CLXS_E_PARTIAL, 5},
      {CLXS_E_UNAVAILABLE, 6},
      {CLXS_E_TIMEOUT, 6},
      {CLXS_E_NOT_FOUND, 6},
      {CLXS_E_INTERNAL, 6},
      {CLXS_E_CANCELLED, 130},
  };

  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
    cr_expect_eq(clxs_exit_code(codes[i][0]), codes[i][1]);
}
