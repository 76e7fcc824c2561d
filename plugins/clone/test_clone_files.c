/* SPDX-License-Identifier: Apache-2.0 */
/* Files in volumes: which are copied and which are not, what is sent for each, and that nothing unknown is
 * taken for nothing. */
#include <stdlib.h>

#include "clone_test.h"

#include "base/banned.h"

#define VOLUME "{\"name\":\"v\",\"volume_type\":\"MANAGED\"}"
#define CATALOG(name, more) \
  "{\"name\":\"" name "\",\"schemas\":[{\"name\":\"s\",\"volumes\":[" VOLUME more "]}]}"
#define FILES "/api/2.0/fs/files/Volumes/"
#define LIST "GET /api/2.0/fs/directories/Volumes/"
#define FILE_ENTRY(path, size, date) \
  "{\"path\":\"/Volumes/" path "\",\"is_directory\":false,\"file_size\":" size ",\"last_modified\":" date "}"
#define DIRECTORY(path) "{\"path\":\"/Volumes/" path "\",\"is_directory\":true}"
#define CONTENTS(entries) "{\"contents\":[" entries "]}"

static struct testhost *
files_host(void)
{
  struct testhost *host = clone_host(CATALOG("prod", ""));

  testhost_arg(host, "copy-files", "true");
  testhost_clock(host, 1000000);
  testhost_rest(host, "PUT *", 204, "");
  testhost_rest(host, LIST "prod/s/v", 200, CONTENTS(FILE_ENTRY("prod/s/v/a b.txt", "5", "1000")));
  testhost_rest(host, "GET " FILES "prod/s/v/*", 200, "hello");
  testhost_rest(host, "HEAD " FILES "dev/s/v/*", 200, "hello");
  return host;
}

static size_t
puts_sent(struct testhost *host)
{
  return testhost_sent_count(host, TESTHOST_REST, "PUT *");
}

Test(clone_files, without_the_flag_no_file_is_looked_at)
{
  HOST host = files_host();

  testhost_arg_clear(host, "copy-files");
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_expect_eq(testhost_sent_count(host, TESTHOST_REST, "*/api/2.0/fs/*"), 0);
}

Test(clone_files, a_file_is_read_written_and_looked_at)
{
  HOST host = files_host();
  CLEANUP_JSON struct json_object *summary = NULL;
  const struct testhost_sent *put;

  cr_assert_eq(clone_on(host), CLXS_OK);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.v/a b.txt", "succeeded");
  put = testhost_sent(host, TESTHOST_REST, "PUT " FILES "dev/s/v/a%20b.txt?overwrite=true", 0);
  cr_assert_not_null(put);
  cr_expect_str_eq(put->body, "hello");
  cr_expect_eq(testhost_sent_count(host, TESTHOST_REST, "HEAD " FILES "dev/s/v/a%20b.txt"), 1);
  cr_expect_eq(json_get_int(json_get_object(summary, "files"), "copied", 0), 1);
  cr_expect_eq(json_get_int(json_get_object(summary, "files"), "bytes_copied", 0), 5);
}

Test(clone_files, a_dry_run_says_what_would_be_copied)
{
  HOST host = files_host();

  testhost_format(host, CLXS_FORMAT_TEXT);
  testhost_arg(host, "dry-run", "true");
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_expect(strstr(testhost_stdout(host), "copy file prod.s.v/a b.txt, 5 B"));
  cr_expect(strstr(testhost_stdout(host), "PUT " FILES "dev/s/v/a%20b.txt?overwrite=true"));
  cr_expect(strstr(testhost_stdout(host), "Files: 1 to copy, 5 B"));
  cr_expect_eq(puts_sent(host), 0);
}

Test(clone_files, only_what_is_missing_smaller_or_older_is_copied)
{
  static const struct {
    const char *there, *what;
    size_t copied;
  } cases[] = {{CONTENTS(FILE_ENTRY("dev/s/v/a b.txt", "5", "1000")), "the same", 0},
               {CONTENTS(FILE_ENTRY("dev/s/v/a b.txt", "5", "2000")), "later", 0},
               {CONTENTS(FILE_ENTRY("dev/s/v/a b.txt", "5", "999")), "earlier", 1},
               {CONTENTS(FILE_ENTRY("dev/s/v/a b.txt", "4", "2000")), "of another size", 1},
               {CONTENTS(FILE_ENTRY("dev/s/v/A B.txt", "5", "2000")), "of another name", 1},
               {CONTENTS(""), "absent", 1}};

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = files_host();

    testhost_catalog(host, CATALOG("dev", ""));
    testhost_rest(host, LIST "dev/s/v", 200, cases[i].there);
    cr_assert_eq(clone_on(host), CLXS_OK, "%s", cases[i].what);
    cr_expect_eq(puts_sent(host), cases[i].copied, "%s: %zu", cases[i].what, puts_sent(host));
  }
}

Test(clone_files, pages_and_directories_are_followed)
{
  static const char *const pages[] = {CONTENTS(FILE_ENTRY("prod/s/v/1", "5", "1")), CONTENTS(""),
                                      CONTENTS(DIRECTORY("prod/s/v/d#") "," DIRECTORY("prod/s/v/e"))};
  HOST host = files_host();

  testhost_rest_pages(host, LIST "prod/s/v*", pages, ARRAY_SIZE(pages));
  testhost_rest(host, LIST "prod/s/v/d%23", 200, CONTENTS(FILE_ENTRY("prod/s/v/d#/2", "5", "1")));
  testhost_rest(host, LIST "prod/s/v/e", 200, "{}");
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_expect_eq(testhost_sent_count(host, TESTHOST_REST, "PUT " FILES "dev/s/v/1?*"), 1);
  cr_expect_eq(testhost_sent_count(host, TESTHOST_REST, "PUT " FILES "dev/s/v/d%23/2?*"), 1);
  cr_expect_eq(testhost_sent_count(host, TESTHOST_REST, "PUT /api/2.0/fs/directories/Volumes/dev/s/v/e"), 1,
               "an empty directory comes along");
  cr_expect_eq(puts_sent(host), 3, "a directory that holds files comes with them");
}

Test(clone_files, a_directory_that_cannot_be_listed_is_a_failure)
{
  HOST host = files_host();
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_rest(host, LIST "prod/s/v", 200,
                CONTENTS(DIRECTORY("prod/s/v/secret") "," FILE_ENTRY("prod/s/v/a b.txt", "5", "1")));
  testhost_rest(host, LIST "prod/s/v/secret", 403,
                "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"not for you\"}");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.v/secret/", "failed");
  assert_object(summary, "prod.s.v/a b.txt", "succeeded");
}

Test(clone_files, what_the_destination_hides_is_not_overwritten)
{
  HOST host = files_host();
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_catalog(host, CATALOG("dev", ""));
  testhost_rest(host, LIST "dev/s/v", 403, "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no\"}");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.v/a b.txt", "failed");
  cr_expect_eq(puts_sent(host), 0);
}

Test(clone_files, a_copy_of_another_length_is_a_failure)
{
  HOST host = files_host();
  CLEANUP_JSON struct json_object *summary = NULL;
  struct json_object *file;

  testhost_rest(host, "HEAD " FILES "dev/s/v/*", 200, "hell");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  summary = clone_summary(host);
  file = clone_object(summary, "prod.s.v/a b.txt");
  cr_expect_str_eq(json_get_text(file, "status"), "failed");
  cr_expect(strstr(json_get_text(file, "reason"), "the copy has 4 bytes, and the original 5"));
}

Test(clone_files, a_file_that_is_gone_by_then_is_nobodys_failure)
{
  HOST host = files_host();
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_rest(host, "GET " FILES "prod/s/v/*", 404, "{\"error_code\":\"NOT_FOUND\",\"message\":\"gone\"}");
  testhost_rest(host, "HEAD " FILES "prod/s/v/*", 404, "");
  cr_assert_eq(clone_on(host), CLXS_OK);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.v/a b.txt", "skipped");
}

Test(clone_files, a_file_too_large_for_the_service_is_refused)
{
  HOST host = files_host();
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_rest(host, LIST "prod/s/v", 200,
                CONTENTS(FILE_ENTRY("prod/s/v/huge", "5368709121", "1") "," FILE_ENTRY("prod/s/v/large",
                                                                                       "5368709120", "1")));
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.v/huge", "failed");
  assert_object(summary, "prod.s.v/large", "succeeded");
}

Test(clone_files, the_files_of_a_volume_that_cannot_be_made_are_blocked)
{
  HOST host = files_host();
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_sql_error(host, "CREATE VOLUME*", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.v", "failed");
  assert_object(summary, "prod.s.v/a b.txt", "blocked");
  cr_expect_eq(puts_sent(host), 0);
}

Test(clone_files, a_service_that_is_away_ends_the_run_before_it_begins)
{
  HOST host = files_host();

  testhost_rest(host, LIST "prod/s/v", 503, "{\"error_code\":\"TEMPORARILY_UNAVAILABLE\",\"message\":\"x\"}");
  cr_assert_eq(clone_on(host), CLXS_E_UNAVAILABLE);
  cr_expect_eq(testhost_sent_count(host, TESTHOST_SQL, "CREATE*"), 0);
}
