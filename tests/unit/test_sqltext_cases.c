/* SPDX-License-Identifier: Apache-2.0 */
/* The rewriter against tests/unit/sqltext/cases-*.txt. A case is a paragraph: the text, in which «...» is
 * what has to be replaced («old» by the catalog's new name in the same quotes, «old|new» by exactly new) and
 * ‹ stands where a report must point. Lines `#: from=A to=B lang=sql|yaml|python paths=0|1` hold for the
 * cases below them; lines that start with
 * `##` are remarks. Everything unmarked must stay, and nothing else may be reported. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "kit/sqltext/rewrite.h"

#include "base/banned.h"

struct setting {
  char from[64], to[64];
  enum sqltext_language language;
  uint32_t flags;
};

struct expected {
  struct buf input, output;
  char reports[256]; /* "1:5 2:1 " */
};

#define OPEN "\xc2\xab"
#define CLOSE "\xc2\xbb"
#define REPORT "\xe2\x80\xb9"

static void
set_option(struct setting *setting, const char *line)
{
  char lang[16] = "sql";
  int paths = 0;

  cr_assert(
      sscanf(line, "#: from=%63s to=%63s lang=%15s paths=%d", setting->from, setting->to, lang, &paths) >= 2,
      "%s", line);
  setting->language = str_eq(lang, "yaml")     ? SQLTEXT_YAML
                      : str_eq(lang, "python") ? SQLTEXT_PYTHON
                                               : SQLTEXT_SQL;
  setting->flags = paths ? SQLTEXT_PATHS : 0;
}

/* What stands between the marks: into the input as it is, into the output as renamed. */
static const char *
expect_change(const struct setting *setting, const char *text, struct expected *expected)
{
  const char *end = strstr(text, CLOSE), *bar = memchr(text, '|', (size_t)(end - text));
  bool quoted = *text == '`' || *text == '\\';

  buf_add(&expected->input, text, (size_t)((bar ? bar : end) - text));
  if (bar)
    buf_add(&expected->output, bar + 1, (size_t)(end - bar) - 1);
  else
    buf_addf(&expected->output, quoted ? "`%s`" : "%s", setting->to);
  return end + strlen(CLOSE);
}

static void
expect_report(struct expected *expected)
{
  size_t line = 1, column = 1, length = strlen(expected->reports);

  for (const char *c = expected->input.data; *c; c++) {
    column = *c == '\n' ? 1 : column + (((unsigned char)*c & 0xc0) != 0x80);
    line += *c == '\n';
  }
  snprintf(expected->reports + length, sizeof expected->reports - length, "%zu:%zu ", line, column);
}

static void
expect(const struct setting *setting, const char *text, struct expected *expected)
{
  while (*text) {
    if (str_starts(text, OPEN)) {
      text = expect_change(setting, text + strlen(OPEN), expected);
    } else if (str_starts(text, REPORT)) {
      expect_report(expected);
      text += strlen(REPORT);
    } else {
      buf_add_char(&expected->input, *text);
      buf_add_char(&expected->output, *text++);
    }
  }
}

static void
run_case(const struct setting *setting, const char *text, const char *file, int line)
{
  struct arena *arena = arena_new();
  struct expected expected = {.input = BUF_INIT(BUF_LARGE), .output = BUF_INIT(BUF_LARGE)};
  struct sqltext_result result;
  CLEANUP_BUF struct buf reports = BUF_INIT(BUF_LARGE);

  expect(setting, text, &expected);
  sqltext_rewrite(arena, expected.input.data, expected.input.len, setting->language, setting->from,
                  setting->to, setting->flags, &result);
  for (size_t i = 0; i < result.report_count; i++)
    buf_addf(&reports, "%u:%u ", result.reports[i].line, result.reports[i].column);
  cr_expect(str_eq(result.text, expected.output.data), "%s:%d\n--- in\n%s\n--- wanted\n%s\n--- got\n%s", file,
            line, expected.input.data, expected.output.data, result.text);
  cr_expect(str_eq(reports.data, expected.reports), "%s:%d\n%s\nreports wanted %s, got %s", file, line,
            expected.input.data, expected.reports, reports.data);
  /* Renaming a catalog to itself is no change at all. */
  sqltext_rewrite(arena, expected.input.data, expected.input.len, setting->language, setting->from,
                  setting->from, setting->flags, &result);
  cr_expect(str_eq(result.text, expected.input.data), "%s:%d\nto itself: %s", file, line, result.text);
  buf_free(&expected.input);
  buf_free(&expected.output);
  arena_free(arena);
}

static int
run_file(const char *name)
{
  char path[512];
  CLEANUP_FILE FILE *file = NULL;
  CLEANUP_FREE char *line = NULL;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  struct setting setting = {.from = "src", .to = "dst"};
  size_t size = 0;
  int number = 0, started = 0, cases = 0;
  ssize_t length;

  snprintf(path, sizeof path, "%s/tests/unit/sqltext/%s", CLXS_SOURCE_DIR, name);
  file = fopen(path, "r");
  cr_assert(file, "cannot open %s", path);
  do {
    length = getline(&line, &size, file);
    number++;
    if (length > 1 && str_starts(line, "#:")) {
      set_option(&setting, line);
    } else if (length > 1 && !str_starts(line, "##")) {
      if (text.len == 0) started = number;
      buf_add(&text, line, (size_t)length);
    } else if (length <= 1 && text.len > 0) {
      text.data[--text.len] = '\0';
      run_case(&setting, text.data, name, started);
      buf_reset(&text);
      cases++;
    }
  } while (length >= 0);
  return cases;
}

Test(sqltext_cases, relations)
{
  cr_expect_geq(run_file("cases-relations.txt"), 100);
}

Test(sqltext_cases, expressions)
{
  cr_expect_geq(run_file("cases-expressions.txt"), 80);
}

Test(sqltext_cases, statements)
{
  cr_expect_geq(run_file("cases-statements.txt"), 100);
}

Test(sqltext_cases, strings)
{
  cr_expect_geq(run_file("cases-strings.txt"), 50);
}

Test(sqltext_cases, hostile)
{
  cr_expect_geq(run_file("cases-hostile.txt"), 200);
}
