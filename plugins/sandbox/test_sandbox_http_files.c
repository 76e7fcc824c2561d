/* SPDX-License-Identifier: Apache-2.0 */
/* The Files API and the workspace tree. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "test_sandbox_client.h"

#define VOLUME "/Volumes/main/default/v"
#define FILES "/api/2.0/fs/files" VOLUME
#define DIRECTORIES "/api/2.0/fs/directories" VOLUME

static void
setup_volume(void)
{
  setup();
  ask("POST", UNITY "volumes", ADMIN,
      "{\"catalog_name\":\"main\",\"schema_name\":\"default\",\"name\":\"v\",\"volume_type\":\"MANAGED\"}");
  cr_assert_eq(answer.status, 200, "%s", answer.body);
}

TestSuite(files, .init = setup_volume, .fini = teardown);

static const char *
reason(void)
{
  return json_get_text(json_item(json_get_array(answer.json, "details"), 0), "reason");
}

Test(files, write_read_replace_delete)
{
  cr_assert_eq(ask("PUT", FILES "/a/b.txt", ADMIN, "one"), 204);
  cr_assert_eq(ask("GET", FILES "/a/b.txt", ADMIN, NULL), 200);
  cr_assert_str_eq(answer.body, "one");
  cr_assert_str_eq(header("Content-Type"), "application/octet-stream");
  cr_assert_not_null(header("Last-Modified"));
  cr_assert_eq(ask("PUT", FILES "/a/b.txt?overwrite=false", ADMIN, "two"), 409);
  cr_assert_eq(ask("PUT", FILES "/a/b.txt?overwrite=true", ADMIN, "two"), 204);
  cr_assert_eq(ask("PUT", FILES "/a/b.txt", ADMIN, "three"), 204, "left out means true");
  ask("GET", FILES "/a/b.txt", ADMIN, NULL);
  cr_assert_str_eq(answer.body, "three");
  cr_assert_eq(ask("HEAD", FILES "/a/b.txt", ADMIN, NULL), 200);
  cr_assert_str_eq(header("Content-Length"), "5");
  cr_assert_eq(ask("DELETE", FILES "/a/b.txt", ADMIN, NULL), 204);
  cr_assert_eq(ask("DELETE", FILES "/a/b.txt", ADMIN, NULL), 404);
  cr_assert_eq(ask("GET", FILES "/a/b.txt", ADMIN, NULL), 404);
  cr_assert_str_eq(reason(), "FILES_API_FILE_NOT_FOUND");
}

Test(files, uploads_need_a_login_first)
{
  cr_assert_eq(ask("PUT", FILES "/x", NULL, "body"), 401);
  cr_assert_eq(ask("PUT", FILES "/x", "dapi-wrong", "body"), 403);
  cr_assert_eq(ask("GET", FILES "/x", ADMIN, NULL), 404);
}

Test(files, names_are_decoded_once)
{
  static const char *const names[] = {"/100%25.txt",      "/a%20b", "/q%3Fx%23y",
                                      "/Gr%C3%B6%C3%9Fe", "/%2525", "/plus+sign"};

  for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
    CLEANUP_BUF struct buf path = BUF_INIT(256);

    buf_addf(&path, FILES "%s", names[i]);
    cr_expect_eq(ask("PUT", path.data, ADMIN, names[i]), 204, "%s: %s", names[i], answer.body);
    ask("GET", path.data, ADMIN, NULL);
    cr_expect_str_eq(answer.body, names[i]);
  }
  get(DIRECTORIES);
  cr_assert_str_eq(joined(answer.json, "contents", "name"), "%25,100%.txt,Größe,a b,plus+sign,q?x#y");
}

Test(files, catalog_parts_ignore_case_and_the_rest_does_not)
{
  ask("PUT", FILES "/Dir/File", ADMIN, "x");
  cr_assert_eq(ask("GET", "/api/2.0/fs/files/Volumes/MAIN/Default/V/Dir/File", ADMIN, NULL), 200);
  cr_assert_eq(ask("GET", FILES "/dir/file", ADMIN, NULL), 404);
  get("/api/2.0/fs/directories/Volumes/MAIN/Default/V/Dir/");
  cr_assert_str_eq(joined(answer.json, "contents", "path"), "/Volumes/MAIN/Default/V/Dir/File");
}

Test(files, bad_paths)
{
  static const char *const paths[] = {
      "/api/2.0/fs/files/tmp/x",        "/api/2.0/fs/files/Volumes/main/default",
      "/api/2.0/fs/files" VOLUME,       "/api/2.0/fs/files" VOLUME "/",
      "/api/2.0/fs/files" VOLUME "//x", "/api/2.0/fs/files" VOLUME "/../x",
      "/api/2.0/fs/files" VOLUME "/./x"};

  for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
    cr_expect_eq(ask("PUT", paths[i], ADMIN, "x"), 400, "%s: %ld", paths[i], answer.status);
  cr_assert_eq(ask("PUT", "/api/2.0/fs/files/Volumes/main/default/nope/x", ADMIN, "x"), 404);
  ask("PUT", FILES "/f", ADMIN, "x");
  cr_assert_eq(ask("PUT", FILES "/f/below", ADMIN, "x"), 409, "a file is no directory");
  cr_assert_eq(ask("GET", DIRECTORIES "/f", ADMIN, NULL), 404);
}

Test(files, ranges)
{
  static const struct {
    const char *range;
    long status;
    const char *body, *content_range;
  } cases[] = {
      {"Range: bytes=2-4", 206, "234", "bytes 2-4/10"},
      {"Range: bytes=7-", 206, "789", "bytes 7-9/10"},
      {"Range: bytes=-3", 206, "789", "bytes 7-9/10"},
      {"Range: bytes=-30", 206, "0123456789", "bytes 0-9/10"},
      {"Range: bytes=8-99", 206, "89", "bytes 8-9/10"},
      {"Range: bytes=10-", 416, NULL, "bytes */10"},
      {"Range: lines=1-2", 200, "0123456789", NULL},
      {"Range: bytes=5-2", 416, NULL, "bytes */10"},
  };

  ask("PUT", FILES "/ten", ADMIN, "0123456789");
  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    cr_expect_eq(ask_with("GET", FILES "/ten", ADMIN, NULL, cases[i].range), cases[i].status, "%s",
                 cases[i].range);
    if (cases[i].body) cr_expect_str_eq(answer.body, cases[i].body, "%s: %s", cases[i].range, answer.body);
    if (cases[i].content_range) cr_expect_str_eq(header("Content-Range"), cases[i].content_range);
  }
  cr_assert_eq(
      ask_with("GET", FILES "/ten", ADMIN, NULL, "If-Unmodified-Since: Sun, 01 Jan 2023 00:00:00 GMT"), 412);
}

Test(files, large_files_stream)
{
  size_t size = (17 << 20) + 5;
  char *bytes = xmalloc(size + 1);

  for (size_t i = 0; i < size; i++)
    bytes[i] = (char)('a' + (i * 7 + i / 1000) % 26);
  bytes[size] = '\0';
  cr_assert_eq(ask("PUT", FILES "/large", ADMIN, bytes), 204);
  cr_assert_eq(ask("GET", FILES "/large", ADMIN, NULL), 200);
  cr_assert_eq(answer.length, size);
  cr_assert_eq(memcmp(answer.body, bytes, size), 0);
  free(bytes);
}

Test(files, directories)
{
  cr_assert_eq(ask("PUT", DIRECTORIES "/x/y", ADMIN, ""), 204);
  cr_assert_eq(ask("PUT", DIRECTORIES "/x/y/", ADMIN, ""), 204, "again is fine");
  cr_assert_eq(ask("HEAD", DIRECTORIES "/x/y", ADMIN, NULL), 200);
  cr_assert_eq(ask("GET", FILES "/x/y", ADMIN, NULL), 404, "a directory is no file");
  ask("PUT", FILES "/f", ADMIN, "");
  cr_assert_eq(ask("PUT", DIRECTORIES "/f", ADMIN, ""), 409);
  cr_assert_eq(ask("DELETE", DIRECTORIES "/x", ADMIN, NULL), 400);
  cr_assert_str_eq(reason(), "FILES_API_DIRECTORY_IS_NOT_EMPTY");
  cr_assert_eq(ask("DELETE", DIRECTORIES "/x/y", ADMIN, NULL), 204);
  cr_assert_eq(ask("DELETE", DIRECTORIES "/x/y", ADMIN, NULL), 404);
  cr_assert_str_eq(reason(), "FILES_API_DIRECTORY_IS_NOT_FOUND");
  cr_assert_eq(ask("DELETE", FILES "/x", ADMIN, NULL), 404);
  cr_assert_eq(ask("DELETE", DIRECTORIES, ADMIN, NULL), 400);
}

Test(files, listing_in_pages)
{
  CLEANUP_BUF struct buf path = BUF_INIT(1024), all = BUF_INIT(1024);
  const char *token;
  int pages = 0;

  for (int i = 0; i < 7; i++) {
    buf_reset(&path);
    buf_addf(&path, FILES "/d/f%d", i);
    ask("PUT", path.data, ADMIN, "x");
  }
  buf_reset(&path);
  buf_add_text(&path, DIRECTORIES "/d?page_size=3");
  do {
    get(path.data);
    buf_addf(&all, "%s;", joined(answer.json, "contents", "name"));
    token = json_get_text(answer.json, "next_page_token");
    buf_reset(&path);
    buf_addf(&path, DIRECTORIES "/d?page_size=3&page_token=");
    if (token) buf_add_url(&path, token);
    pages++;
  } while (token && pages < 10);
  cr_assert_str_eq(all.data, "f0,f1,f2;f3,f4,f5;f6;");
}

Test(files, privileges)
{
  ask("PUT", FILES "/f", ADMIN, "x");
  cr_assert_eq(ask("GET", FILES "/f", BOB, NULL), 403);
  cr_assert_eq(ask("PUT", FILES "/g", BOB, "x"), 403);
  ask("PATCH", UNITY "permissions/catalog/main", ADMIN,
      "{\"changes\":[{\"principal\":\"bob@example.com\",\"add\":[\"USE_CATALOG\",\"USE_SCHEMA\",\"READ_"
      "VOLUME\"]}]}");
  cr_assert_eq(answer.status, 200, "%s", answer.body);
  cr_assert_eq(ask("GET", FILES "/f", BOB, NULL), 200);
  cr_assert_eq(ask("PUT", FILES "/g", BOB, "x"), 403);
  cr_assert_str_eq(error_code(), "PERMISSION_DENIED");
  cr_assert_eq(ask("DELETE", FILES "/f", BOB, NULL), 403);
}

#define TREE "/api/2.0/workspace/"
#define HOME "/Users/admin@example.com"

Test(files, workspace_tree)
{
  cr_assert_eq(ask("POST", TREE "mkdirs", ADMIN, "{\"path\":\"" HOME "/a/b\"}"), 200);
  cr_assert_eq(ask("POST", TREE "import", ADMIN,
                   "{\"path\":\"" HOME "/a/n\",\"content\":\"cHJpbnQoMSk=\",\"language\":\"PYTHON\"}"),
               200, "%s", answer.body);
  get(TREE "get-status?path=" HOME "/a/n");
  cr_assert_str_eq(json_get_text(answer.json, "object_type"), "NOTEBOOK");
  cr_assert_str_eq(json_get_text(answer.json, "language"), "PYTHON");
  get(TREE "list?path=" HOME "/a");
  cr_assert_str_eq(joined(answer.json, "objects", "path"), HOME "/a/b," HOME "/a/n");
  get(TREE "export?path=" HOME "/a/n");
  cr_assert_str_eq(json_get_text(answer.json, "content"),
                   "IyBEYXRhYnJpY2tzIG5vdGVib29rIHNvdXJjZQpwcmludCgxKQ==");
  get(TREE "export?direct_download=true&path=" HOME "/a/n");
  cr_assert_str_eq(answer.body, "# Databricks notebook source\nprint(1)");
  cr_assert_eq(ask("POST", TREE "delete", ADMIN, "{\"path\":\"" HOME "/a\"}"), 400);
  cr_assert_str_eq(error_code(), "DIRECTORY_NOT_EMPTY");
  cr_assert_eq(ask("POST", TREE "delete", ADMIN, "{\"path\":\"" HOME "/a\",\"recursive\":true}"), 200);
  cr_assert_eq(ask("GET", TREE "get-status?path=" HOME "/a/n", ADMIN, NULL), 404);
}

Test(files, workspace_import_is_checked)
{
  static const struct {
    const char *body;
    long status;
    const char *code;
  } cases[] = {
      {"{\"path\":\"" HOME "/x\",\"content\":\"YQ==\"}", 400, "INVALID_PARAMETER_VALUE"},
      {"{\"path\":\"" HOME "/x\",\"content\":\"!\",\"format\":\"RAW\"}", 400, "INVALID_PARAMETER_VALUE"},
      {"{\"path\":\"" HOME "/no/x\",\"content\":\"YQ==\",\"format\":\"RAW\"}", 404,
       "RESOURCE_DOES_NOT_EXIST"},
      {"{\"path\":\"x\",\"content\":\"YQ==\",\"format\":\"RAW\"}", 400, "INVALID_PARAMETER_VALUE"},
      {"{\"path\":\"" HOME "/x\",\"content\":\"YQ==\",\"format\":\"raw\"}", 400, "INVALID_PARAMETER_VALUE"},
      {"{\"path\":\"" HOME "/x\",\"content\":\"YQ==\",\"format\":\"RAW\"}", 200, NULL},
      {"{\"path\":\"" HOME "/x\",\"content\":\"YQ==\",\"format\":\"RAW\"}", 400, "RESOURCE_ALREADY_EXISTS"},
      {"{\"path\":\"" HOME "/x\",\"content\":\"YQ==\",\"format\":\"RAW\",\"overwrite\":true}", 200, NULL},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    cr_expect_eq(ask("POST", TREE "import", ADMIN, cases[i].body), cases[i].status, "%s: %s", cases[i].body,
                 answer.body);
    if (cases[i].code) cr_expect_str_eq(error_code(), cases[i].code, "%s: %s", cases[i].body, answer.body);
  }
  cr_assert_eq(ask("POST", TREE "mkdirs", BOB, "{\"path\":\"" HOME "/mine\"}"), 403);
}

Test(files, workspace_upload_form)
{
  static const char body[] =
      "--B\r\nContent-Disposition: form-data; name=\"path\"\r\n\r\n" HOME "/form.sql\r\n"
      "--B\r\nContent-Disposition: form-data; name=\"format\"\r\n\r\nAUTO\r\n"
      "--B\r\nContent-Disposition: form-data; name=\"content\"; filename=\"x\"\r\n\r\n"
      "-- Databricks notebook source\nSELECT 1\r\n--B--\r\n";

  cr_assert_eq(ask_with("POST", TREE "import", ADMIN, body, "Content-Type: multipart/form-data; boundary=B"),
               200, "%s", answer.body);
  get(TREE "get-status?path=" HOME "/form");
  cr_assert_str_eq(json_get_text(answer.json, "language"), "SQL");
  cr_assert_eq(ask_with("POST", TREE "import", ADMIN, "--B\r\nnonsense",
                        "Content-Type: multipart/form-data; boundary=B"),
               400);
}

#define JOBS "/api/2.2/jobs/"

Test(files, jobs_are_kept)
{
  CLEANUP_BUF struct buf text = BUF_INIT(1024);
  int64_t id;

  cr_assert_eq(ask("POST", JOBS "create", ADMIN,
                   "{\"name\":\"nightly\",\"tasks\":[{\"task_key\":\"a\",\"notebook_task\":{\"notebook_"
                   "path\":\"/x\"}}]}"),
               200, "%s", answer.body);
  id = json_get_int(answer.json, "job_id", 0);
  buf_addf(&text, JOBS "get?job_id=%lld", (long long)id);
  get(text.data);
  cr_assert_str_eq(json_get_text(json_get(answer.json, "settings"), "name"), "nightly");
  cr_assert_eq(ask("GET", text.data, BOB, NULL), 400, "other people's jobs are not seen");
  buf_reset(&text);
  buf_addf(&text,
           "{\"job_id\":%lld,\"new_settings\":{\"description\":\"d\"},\"fields_to_remove\":[\"tasks\"]}",
           (long long)id);
  cr_assert_eq(ask("POST", JOBS "update", ADMIN, text.data), 200);
  get(JOBS "list?name=NIGHTLY&expand_tasks=true");
  cr_assert(strstr(answer.body, "\"description\":\"d\""));
  cr_assert(!strstr(answer.body, "\"tasks\""));
  buf_reset(&text);
  buf_addf(&text, "{\"job_id\":%lld}", (long long)id);
  cr_assert_eq(ask("POST", JOBS "run-now", ADMIN, text.data), 501);
  cr_assert_eq(ask("POST", JOBS "delete", ADMIN, text.data), 200);
  cr_assert_eq(ask("POST", JOBS "delete", ADMIN, text.data), 400);
  cr_assert(strstr(answer.body, "does not exist"));
}

Test(files, jobs_are_checked)
{
  static const char *const bodies[] = {
      "{\"tasks\":[{}]}", "{\"tasks\":[{\"task_key\":\"a\"},{\"task_key\":\"a\"}]}",
      "{\"tasks\":[{\"task_key\":\"a\",\"spark_python_task\":{\"python_file\":\"/x\"}}]}", "{\"name\":3}"};

  for (size_t i = 0; i < ARRAY_SIZE(bodies); i++)
    cr_expect_eq(ask("POST", JOBS "create", ADMIN, bodies[i]), 400, "%s", bodies[i]);
  cr_assert_eq(ask("GET", JOBS "list?limit=101", ADMIN, NULL), 400);
  cr_assert_eq(ask("GET", JOBS "get?job_id=1", ADMIN, NULL), 400);
}
