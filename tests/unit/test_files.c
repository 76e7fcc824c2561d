/* SPDX-License-Identifier: Apache-2.0 */
/* Paths and sizes as people and the Files API write them, and looking things up in a listed tree. */
#include <clxs/clxs.h>
#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/str.h"
#include "kit/files/files.h"
#include "testhost/testhost.h"

#include "base/banned.h"

Test(files, every_part_of_a_path_is_encoded_and_slashes_are_not)
{
  static const struct {
    const char *path, *text;
  } cases[] = {
      {"", "/api/2.0/fs/files/Volumes/c%2Fd/s/v"},
      {"a b/c%20d", "/api/2.0/fs/files/Volumes/c%2Fd/s/v/a%20b/c%2520d"},
      {"#?&=+;", "/api/2.0/fs/files/Volumes/c%2Fd/s/v/%23%3F%26%3D%2B%3B"},
      {"\xc3\xa4/'\"`\\", "/api/2.0/fs/files/Volumes/c%2Fd/s/v/%C3%A4/%27%22%60%5C"},
  };
  struct files_volume volume = {"c/d", "s", "v", NULL};

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

    files_add_path(&text, "files", &volume, cases[i].path);
    cr_expect_str_eq(text.data, cases[i].text);
  }
}

Test(files, sizes_are_said_in_the_unit_that_fits)
{
  static const struct {
    int64_t bytes;
    const char *text;
  } cases[] = {{0, "0 B"},
               {1023, "1023 B"},
               {1024, "1.0 KiB"},
               {1536, "1.5 KiB"},
               {1048575, "1.0 MiB"},
               {INT64_C(5) << 30, "5.0 GiB"},
               {INT64_MAX, "8192.0 PiB"}};

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);

    files_add_size(&text, cases[i].bytes);
    cr_expect_str_eq(text.data, cases[i].text);
  }
}

Test(files, a_tree_is_found_by_path_and_knows_what_it_does_not_know)
{
  __attribute__((cleanup(testhost_cleanup))) struct testhost *host = testhost_new();
  struct files_tree trees[2] = {{.volume = {"c", "s", "v", NULL}}, {.volume = {"c", "s", "gone", NULL}}};

  testhost_rest(host, "GET */Volumes/c/s/gone", 404, "{}");
  testhost_rest(host, "GET */Volumes/c/s/v", 200,
                "{\"contents\":[{\"name\":\"d\",\"is_directory\":true},{\"path\":\"/Volumes/c/s/v/d.x\","
                "\"file_size\":7},{\"path\":\"/Volumes/c/s/v/e/\",\"is_directory\":true}]}");
  testhost_rest(
      host, "GET */Volumes/c/s/v/d", 200,
      "{\"contents\":[{\"path\":\"/Volumes/c/s/v/d/f\",\"file_size\":\"8\",\"last_modified\":\"9\"}]}");
  testhost_rest(host, "GET */Volumes/c/s/v/e", 403, "{\"message\":\"no\"}");
  cr_assert_eq(files_list(testhost_call(host), trees, 2, 4, NULL), CLXS_OK);
  cr_expect_eq(trees[0].entries.count, 4);
  cr_expect_eq(files_find(&trees[0], "d.x")->size, 7);
  cr_expect_eq(files_find(&trees[0], "d/f")->size, 8);
  cr_expect_eq(files_find(&trees[0], "d/f")->modified_ms, 9);
  cr_expect(files_find(&trees[0], "d")->filled);
  cr_expect_null(files_find(&trees[0], "d/g"));
  cr_expect_not_null(files_find_problem(&trees[0], "e/anything"));
  cr_expect_null(files_find_problem(&trees[0], "ee"));
  cr_expect(trees[1].absent && !trees[0].absent);
  for (size_t i = 0; i < 2; i++)
    files_tree_free(&trees[i]);
}
