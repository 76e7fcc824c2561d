/* SPDX-License-Identifier: Apache-2.0 */
/* Both commands on the test host: files in, text, tables, reports and exit codes out. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "sql.h"

#include "base/cleanup.h"
#include "base/str.h"
#include "testhost/testhost.h"

#include "base/banned.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *host

/* A file with TEXT as the argument "file". */
static void
give(struct testhost *host, const char *text, size_t length)
{
  char path[4096];
  CLEANUP_FILE FILE *file = NULL;

  snprintf(path, sizeof path, "%s/given.sql",
           clxs_config(testhost_call(host))->directory(testhost_call(host), CLXS_DIR_STATE));
  file = fopen(path, "wb");
  cr_assert(file, "%s", path);
  cr_assert_eq(fwrite(text, 1, length, file), length);
  testhost_arg(host, "file", path);
}

static struct testhost *
host_with(const char *text, const char *from, const char *to)
{
  struct testhost *host = testhost_new();

  give(host, text, strlen(text));
  if (from) testhost_arg(host, "from", from);
  if (to) testhost_arg(host, "to", to);
  return host;
}

static const char *
message(struct testhost *host)
{
  const struct clxs_error *error = testhost_call(host)->core->error(testhost_call(host));

  return error ? error->message : "";
}

Test(sql_rewrite, prints_the_text_and_reports)
{
  HOST = host_with("SELECT * FROM src.s.t; EXECUTE IMMEDIATE x", "src", "dst");

  cr_expect_eq(rewrite_run(NULL, testhost_call(host)), CLXS_OK);
  cr_expect_str_eq(testhost_stdout(host), "SELECT * FROM dst.s.t; EXECUTE IMMEDIATE x");
  cr_expect(strstr(testhost_log(host), "given.sql:1:42: "), "%s", testhost_log(host));
}

Test(sql_rewrite, strict_makes_a_report_a_difference)
{
  HOST = host_with("EXECUTE IMMEDIATE x", "src", "dst");

  testhost_arg(host, "strict", "true");
  cr_expect_eq(rewrite_run(NULL, testhost_call(host)), CLXS_DIFFERENT);
}

Test(sql_rewrite, languages)
{
  HOST = host_with("source: src.s.t\ncomment: src.s.t\n", "src", "dst");

  testhost_arg(host, "lang", "yaml");
  cr_expect_eq(rewrite_run(NULL, testhost_call(host)), CLXS_OK);
  cr_expect_str_eq(testhost_stdout(host), "source: dst.s.t\ncomment: src.s.t\n");
}

Test(sql_rewrite, refuses_what_is_no_catalog)
{
  static const char *const pairs[][2] = {{NULL, "a"},      {"a", NULL},  {"system", "a"},
                                         {"a", "samples"}, {"a.b", "c"}, {"", "c"}};

  for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
    HOST = host_with("SELECT 1", pairs[i][0], pairs[i][1]);

    cr_expect_eq(rewrite_run(NULL, testhost_call(host)), CLXS_E_USAGE, "%zu", i);
    cr_expect_str_eq(testhost_stdout(host), "");
  }
}

Test(sql_rewrite, a_missing_file_is_named)
{
  HOST = testhost_new();

  testhost_arg(host, "from", "a");
  testhost_arg(host, "to", "b");
  testhost_arg(host, "file", "/nowhere/x.sql");
  cr_expect_eq(rewrite_run(NULL, testhost_call(host)), CLXS_E_IO);
  cr_expect(strstr(message(host), "/nowhere/x.sql"), "%s", message(host));
}

Test(sql_rewrite, bytes_stay_bytes)
{
  static const char text[] = "SELECT '\xff' FROM src.s.`\xc3` \r\n\t-- \xf0";
  HOST = host_with(text, "src", "dst");

  cr_expect_eq(rewrite_run(NULL, testhost_call(host)), CLXS_OK);
  cr_expect_str_eq(testhost_stdout(host), "SELECT '\xff' FROM dst.s.`\xc3` \r\n\t-- \xf0");
}

Test(sql_jsonl, lines_in_lines_out)
{
  HOST = host_with("{\"id\":\"a\",\"sql\":\"SELECT * FROM src.s.t\",\"from\":\"src\",\"to\":\"dst\"}\n"
                   "\n"
                   "{\"id\":2,\"sql\":\"EXECUTE IMMEDIATE 'src.s.t'\",\"from\":\"src\"}\r\n"
                   "{\"sql\":\"FROM system.a.b\",\"from\":\"system\",\"lang\":\"sql\"}",
                   NULL, "to");

  testhost_arg(host, "jsonl", "true");
  cr_expect_eq(rewrite_run(NULL, testhost_call(host)), CLXS_OK);
  cr_expect_str_eq(
      testhost_stdout(host),
      "{\"id\":\"a\",\"sql\":\"SELECT * FROM dst.s.t\",\"reports\":[]}\n"
      "{\"id\":2,\"sql\":\"EXECUTE IMMEDIATE 'src.s.t'\",\"reports\":[{\"line\":1,\"column\":19,"
      "\"text\":\"'src.s.t'\",\"reason\":\"a statement run by EXECUTE IMMEDIATE mentions the catalog\"}]}\n"
      "{\"id\":null,\"sql\":\"FROM system.a.b\",\"reports\":[]}\n");
}

Test(sql_jsonl, a_bad_line_is_named_and_nothing_printed)
{
  static const char *const bad[] = {
      "{\"id\":1,\"sql\":\"SELECT",
      "[1]",
      "null",
      "{\"id\":1}",
      "{\"sql\":1}",
      "{\"sql\":\"x\",\"from\":1}",
      "{\"sql\":\"x\",\"from\":\"\"}",
      "{\"sql\":\"x\",\"lang\":\"cobol\"}",
      "{\"sql\":\"\xff\"}",
      "{\"sql\":\"x\"} y",
  };

  for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
    char text[256];

    snprintf(text, sizeof text, "{\"sql\":\"SELECT 1\"}\n%s\n{\"sql\":\"SELECT 1\"}\n", bad[i]);
    {
      HOST = host_with(text, "a", "b");

      testhost_arg(host, "jsonl", "true");
      cr_expect_eq(rewrite_run(NULL, testhost_call(host)), CLXS_E_USAGE, "%s", bad[i]);
      cr_expect(strstr(message(host), "line 2:"), "%s", message(host));
      cr_expect_str_eq(testhost_stdout(host), "");
    }
  }
}

Test(sql_jsonl, needs_catalogs_from_somewhere)
{
  HOST = host_with("{\"sql\":\"x\"}", NULL, NULL);

  testhost_arg(host, "jsonl", "true");
  cr_expect_eq(rewrite_run(NULL, testhost_call(host)), CLXS_E_USAGE);
  cr_expect(strstr(message(host), "line 1"), "%s", message(host));
}

Test(sql_jsonl, strict_and_zeros_inside)
{
  HOST = host_with("{\"id\":{\"a\":[1]},\"sql\":\"SELECT '\\u0000' FROM ${c}.s.t, src.s.t\"}", "src", "dst");

  testhost_arg(host, "jsonl", "true");
  testhost_arg(host, "strict", "true");
  cr_expect_eq(rewrite_run(NULL, testhost_call(host)), CLXS_DIFFERENT);
  cr_expect(strstr(testhost_stdout(host),
                   "{\"id\":{\"a\":[1]},\"sql\":\"SELECT '\\u0000' FROM ${c}.s.t, dst.s.t\""),
            "%s", testhost_stdout(host));
}

Test(sql_refs, lists_names)
{
  HOST = host_with("SELECT count(*), a.b.f(1) FROM `x y`.s.t JOIN t", NULL, NULL);

  testhost_format(host, CLXS_FORMAT_JSON);
  cr_expect_eq(refs_run(NULL, testhost_call(host)), CLXS_OK);
  cr_expect(strstr(testhost_stdout(host), "a.b.f"), "%s", testhost_stdout(host));
  cr_expect(strstr(testhost_stdout(host), "`x y`.s.t"), "%s", testhost_stdout(host));
  cr_expect_not(strstr(testhost_stdout(host), "count"), "%s", testhost_stdout(host));
}

Test(sql_refs, of_one_catalog)
{
  HOST = host_with("SELECT * FROM src.s.t JOIN other.s.t JOIN read_files('/Volumes/SRC/a/b')", NULL, NULL);

  testhost_arg(host, "catalog", "src");
  cr_expect_eq(refs_run(NULL, testhost_call(host)), CLXS_OK);
  cr_expect(strstr(testhost_stdout(host), "src.s.t"), "%s", testhost_stdout(host));
  cr_expect(strstr(testhost_stdout(host), "/Volumes/SRC/a/b"), "%s", testhost_stdout(host));
  cr_expect_not(strstr(testhost_stdout(host), "other"), "%s", testhost_stdout(host));
}
