/* SPDX-License-Identifier: Apache-2.0 */
/* The writer: where things go, what is filtered, what is captured, and what happens when nothing can be
 * written. */
#include <clxs/call.h>
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "out/out.h"

#include "base/banned.h"

static struct arena *arena;
static struct err err;
static struct out_options options;
static struct out *out;

static void
set_up(void)
{
  arena = arena_new();
  err = ERR_INIT(arena);
  options = (struct out_options){.result = tmpfile(), .remarks = tmpfile(), .colour = -1, .progress = true};
}

static void
tear_down(void)
{
  out_free(out);
  if (options.result) fclose(options.result);
  fclose(options.remarks);
  arena_free(arena);
}

TestSuite(out, .init = set_up, .fini = tear_down);

static const char *
read_all(FILE *file)
{
  char *text;
  long end;

  fflush(file);
  fseek(file, 0, SEEK_END);
  end = ftell(file);
  rewind(file);
  text = arena_alloc(arena, (size_t)end + 1);
  cr_assert_eq(fread(text, 1, (size_t)end, file), (size_t)end);
  return text;
}

static const struct clxs_table_column columns[] = {{.key = "a", .title = "A"},
                                                   {.key = "b", .title = "B", .number = 1}};

static void
put_table(void)
{
  cr_assert_eq(out_table_begin(out, columns, 2, &err), CLXS_OK);
  cr_assert_eq(out_table_row(out, (const char *const[]){"x", "1"}, 2, &err), CLXS_OK);
  cr_assert_eq(out_table_end(out, &err), CLXS_OK);
}

Test(out, each_format)
{
  static const char *const expected[] = {
      [CLXS_FORMAT_TEXT] = "hello\nA  B\nx  1\nK  v\n",
      [CLXS_FORMAT_JSON] = "[\n  {\"a\": \"x\", \"b\": 1}\n]\n{\n  \"k\": \"v\"\n}\n",
      [CLXS_FORMAT_YAML] = "- a: x\n  b: 1\nk: v\n",
      [CLXS_FORMAT_CSV] = "a,b\r\nx,1\r\nkey,value\r\nk,v\r\n",
  };

  for (int32_t format = 0; format < (int32_t)ARRAY_SIZE(expected); format++) {
    FILE *file = tmpfile();

    options.format = format;
    fclose(options.result);
    options.result = file;
    out_free(out);
    out = out_new(&options);
    cr_assert_eq(out_text(out, "hello", &err), CLXS_OK);
    put_table();
    cr_assert_eq(out_document(out, "{\"k\":\"v\"}", 9, &err), CLXS_OK);
    cr_assert_eq(out_finish(out, &err), CLXS_OK);
    cr_expect_str_eq(read_all(file), expected[format]);
  }
}

Test(out, documents_must_be_json)
{
  out = out_new(&options);
  cr_assert_eq(out_document(out, "{oops", 5, &err), CLXS_E_INTERNAL);
  cr_assert_not_null(strstr(err.message, "not JSON"));
  cr_assert_str_eq(read_all(options.result), "");
}

Test(out, bytes_that_are_no_text_do_not_break_json)
{
  options.format = CLXS_FORMAT_JSON;
  out = out_new(&options);
  cr_assert_eq(out_document(out, "{\"k\":\"a\xff\"}", 10, &err), CLXS_OK, "%s", err.message);
  cr_assert_str_eq(read_all(options.result), "{\n  \"k\": \"a\xef\xbf\xbd\"\n}\n");
}

Test(out, every_digit_arrives)
{
  static const char json[] = "{\"n\":123456789012345678901234}";

  for (int32_t format = 0; format < 4; format++) {
    out_free(out);
    options.format = format;
    out = out_new(&options);
    cr_assert_eq(out_document(out, json, sizeof json - 1, &err), CLXS_OK);
    cr_expect_not_null(strstr(read_all(options.result), "123456789012345678901234"), "format %d", format);
  }
}

Test(out, raw_bytes_stay_as_they_are)
{
  options.format = CLXS_FORMAT_JSON;
  out = out_new(&options);
  cr_assert_eq(out_raw(out, "SELECT\x1b\n", 8, &err), CLXS_OK);
  cr_assert_str_eq(read_all(options.result), "SELECT\x1b\n");
}

Test(out, tables_out_of_order_are_our_mistake)
{
  const char *const cells[] = {"1", "2", "3"};

  out = out_new(&options);
  cr_expect_eq(out_table_row(out, cells, 1, &err), CLXS_E_INTERNAL);
  cr_expect_eq(out_table_end(out, &err), CLXS_E_INTERNAL);
  cr_expect_eq(out_table_begin(out, columns, 0, &err), CLXS_E_INTERNAL);
  cr_expect_eq(out_table_begin(out, columns, 2, &err), CLXS_OK);
  cr_expect_eq(out_table_begin(out, columns, 2, &err), CLXS_E_INTERNAL);
  cr_expect_eq(out_table_row(out, cells, 3, &err), CLXS_E_INTERNAL);
}

Test(out, captures_nest)
{
  char *inner, *outer;

  out = out_new(&options);
  out_capture_begin(out);
  put_table();
  out_capture_begin(out);
  cr_assert_eq(out_text(out, "not seen", &err), CLXS_OK);
  cr_assert_eq(out_raw(out, "not seen", 8, &err), CLXS_OK);
  cr_assert_eq(out_format(out), CLXS_FORMAT_JSON, "who captures wants the document");
  inner = out_capture_end(out);
  cr_assert_str_eq(inner, "null");
  cr_assert_eq(out_document(out, "{\"k\":1}", 7, &err), CLXS_OK);
  outer = out_capture_end(out);
  cr_assert_str_eq(outer, "[[\n  {\"a\": \"x\", \"b\": 1}\n],{\"k\":1}]");
  free(inner);
  free(outer);
  out_capture_begin(out);
  cr_assert_eq(out_document(out, "5", 1, &err), CLXS_OK);
  inner = out_capture_end(out);
  cr_assert_str_eq(inner, "5", "one result is itself");
  free(inner);
  cr_assert_str_eq(read_all(options.result), "");
  cr_assert_eq(out_format(out), CLXS_FORMAT_TEXT);
  out_capture_begin(out); /* left open: freed with the writer */
}

Test(out, remarks_are_filtered)
{
  static const struct {
    bool quiet, verbose, debug;
    const char *seen;
  } cases[] = {
      {false, false, false, "clxs: error: e\nclxs: warning: w\n"},
      {true, false, false, "clxs: error: e\n"},
      {false, true, false, "clxs: error: e\nclxs: warning: w\nclxs: i\n"},
      {false, false, true, "clxs: error: e\nclxs: warning: w\nclxs: i\nclxs: debug: d\n"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    out_free(out);
    fclose(options.remarks);
    options.remarks = tmpfile();
    options.quiet = cases[i].quiet;
    options.verbose = cases[i].verbose;
    options.debug = cases[i].debug;
    out = out_new(&options);
    out_log(out, CLXS_LOG_ERROR, "e");
    out_log(out, CLXS_LOG_WARN, "w");
    out_log(out, CLXS_LOG_INFO, "i");
    out_log(out, CLXS_LOG_DEBUG, "d");
    cr_expect_str_eq(read_all(options.remarks), cases[i].seen);
  }
}

Test(out, an_error_says_what_why_and_what_next)
{
  err_set(&err, CLXS_E_DENIED, "connection\x1b[2J");
  err.error_class = "PERMISSION_DENIED";
  err.statement_id = "01ef";
  err_hint(&err, "ask the owner");
  err_set(&err, CLXS_E_PARTIAL, "table a.b.c");
  out = out_new(&options);
  out_error(out, &err);
  cr_assert_str_eq(read_all(options.remarks), "clxs: error: table a.b.c\n"
                                              "  cause: connection\\x1b[2J\n"
                                              "  error class: PERMISSION_DENIED\n"
                                              "  statement id: 01ef\n"
                                              "  next step: ask the owner\n");
}

Test(out, an_error_in_json_can_be_read_by_a_script)
{
  struct json_object *object, *error;
  const char *text;

  options.format = CLXS_FORMAT_JSON;
  out = out_new(&options);
  err_set(&err, CLXS_E_AUTH, "say \"friend\"\n");
  err_set(&err, CLXS_E_AUTH, "no entry");
  out_error(out, &err);
  text = strchr(read_all(options.remarks), '{');
  object = json_parse(text, strlen(text), NULL, NULL);
  error = json_get_object(object, "error");
  cr_expect_eq(json_get_int(error, "exit_code", 0), 4);
  cr_expect_str_eq(json_get_text(error, "message"), "no entry");
  cr_expect_str_eq(json_object_get_string(json_item(json_get_array(error, "causes"), 0)), "say \"friend\"\n");
  cr_expect_null(json_get(error, "hint"));
  json_object_put(object);
}

Test(out, a_full_disk_is_noticed)
{
  fclose(options.result);
  options.result = fopen("/dev/full", "w");
  out = out_new(&options);
  cr_assert_eq(out_raw(out, "x", 1, &err), CLXS_E_IO);
  cr_assert_not_null(strstr(err.message, "No space left"));
  cr_assert_eq(out_raw(out, "y", 1, &err), CLXS_E_IO, "and stays noticed");
  cr_assert_eq(out_finish(out, &err), CLXS_E_IO);
}

static clxs_status
confirm_with(const char *answer, bool yes)
{
  int pipes[2];
  clxs_status status;

  out_free(out);
  options.yes = yes;
  options.answers = NULL;
  if (answer) {
    cr_assert_eq(pipe(pipes), 0);
    cr_assert_eq(write(pipes[1], answer, strlen(answer)), (ssize_t)strlen(answer));
    close(pipes[1]);
    options.answers = fdopen(pipes[0], "r");
  }
  out = out_new(&options);
  err_clear(&err);
  status = out_confirm(out, "Drop everything?", &err);
  if (options.answers) fclose(options.answers);
  return status;
}

Test(out, questions)
{
  atomic_int cancelled = 0;

  cr_expect_eq(confirm_with("y\n", false), CLXS_OK);
  cr_expect_eq(confirm_with("YES\n", false), CLXS_OK);
  cr_expect_eq(confirm_with("n\n", false), CLXS_E_CANCELLED);
  cr_expect_eq(confirm_with("\n", false), CLXS_E_CANCELLED);
  cr_expect_eq(confirm_with("yes please\n", false), CLXS_E_CANCELLED);
  cr_expect_eq(confirm_with("y", false), CLXS_E_CANCELLED, "an answer is a whole line");
  cr_expect_eq(confirm_with(NULL, true), CLXS_OK);
  cr_expect_not_null(strstr(read_all(options.remarks), "Drop everything? [y/N] "));
  cr_assert_not_null(freopen("/dev/null", "r", stdin));
  cr_expect_eq(confirm_with(NULL, false), CLXS_E_USAGE);
  cr_expect_not_null(strstr(err.hint, "--yes"));
  options.cancelled = &cancelled;
  atomic_store(&cancelled, 1);
  cr_expect_eq(confirm_with("y\n", false), CLXS_E_CANCELLED);
}

Test(out, colours_are_for_terminals)
{
  out = out_new(&options);
  cr_expect_not(out_colour(out));
  cr_expect_eq(out_width(out), 0);
  out_free(out);
  options.colour = 1;
  options.width = 50;
  out = out_new(&options);
  cr_expect(out_colour(out));
  cr_expect_eq(out_width(out), 50);
  out_free(out);
  options.format = CLXS_FORMAT_JSON;
  out = out_new(&options);
  cr_expect_not(out_colour(out), "never inside of data");
}
