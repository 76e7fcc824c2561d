/* SPDX-License-Identifier: Apache-2.0 */
/* The command on a scripted host: what is read, what is said, exit codes. */
#include <clxs/cap/diff.h>
#include <criterion/criterion.h>

#include "base/json.h"
#include "base/str.h"
#include "diff.h"
#include "testhost/testhost.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

#define TABLE(name, more) "{\"name\":\"" name "\",\"table_type\":\"MANAGED\"" more "}"
#define CATALOG(name, tables) "{\"name\":\"" name "\",\"schemas\":[{\"name\":\"s\",\"tables\":[" tables "]}]}"

static struct testhost *
diff_host(const char *source, const char *dest)
{
  struct testhost *host = testhost_new();

  testhost_arg(host, "source", "prod");
  testhost_arg(host, "dest", "dev");
  testhost_format(host, CLXS_FORMAT_JSON);
  testhost_catalog(host, source);
  testhost_catalog(host, dest);
  testhost_rest(host, "GET */permissions/*", 200, "{}");
  testhost_sql(host, "*_tags*", "{\"columns\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"],\"rows\":[]}");
  testhost_sql(host, "*table_constraints*", "{\"columns\":[\"a\",\"b\",\"c\",\"d\",\"e\"],\"rows\":[]}");
  return host;
}

static clxs_status
diff_on(struct testhost *host)
{
  return clxs_plugin_v1()->commands[0]->run(NULL, testhost_call(host));
}

static void
assert_says(struct testhost *host, const char *text)
{
  const char *said = testhost_document(host);

  cr_assert(said && strstr(said, text), "%s is not in %s", text, said);
}

Test(diff, equal_catalogs_are_equal)
{
  HOST host = diff_host(CATALOG("prod", TABLE("t", "")), CATALOG("dev", TABLE("T", "")));

  cr_assert_eq(diff_on(host), CLXS_OK);
  assert_says(host, "\"status\":\"equal\"");
  assert_says(host, "\"differences\":[]");
}

Test(diff, what_differs_is_named_with_both_values)
{
  HOST host = diff_host(CATALOG("prod", TABLE("a", "") "," TABLE("t", ",\"comment\":\"x\"")),
                        CATALOG("dev", TABLE("b", "") "," TABLE("t", ",\"comment\":\"y\"")));

  cr_assert_eq(diff_on(host), CLXS_DIFFERENT);
  assert_says(host, "\"changes\":{\"removed\":1,\"added\":1,\"changed\":1}");
  assert_says(host, "\"only_in_source\":[\"s.a\"],\"only_in_dest\":[\"s.b\"],\"different\":[\"s.t\"]");
  assert_says(host, "\"field\":\"comment\",\"change\":\"changed\",\"old\":\"x\",\"new\":\"y\"");
}

Test(diff, a_listing_that_is_refused_is_no_empty_one)
{
  HOST host = diff_host(CATALOG("prod", TABLE("t", "")), CATALOG("dev", TABLE("t", "")));

  testhost_rest(host, "GET *tables*catalog_name=dev*", 403,
                "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no USE SCHEMA\"}");
  cr_assert_eq(diff_on(host), CLXS_E_DENIED);
  cr_assert(strstr(testhost_call(host)->core->error(testhost_call(host))->message, "dev.s"));
  cr_assert_null(testhost_document(host));
}

Test(diff, grants_that_cannot_be_read_are_unknown)
{
  HOST host = diff_host(CATALOG("prod", TABLE("t", "")), CATALOG("dev", TABLE("t", "")));

  testhost_rest(host, "GET */permissions/table/dev.s.t*", 403,
                "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"you do not own it\"}");
  cr_assert_eq(diff_on(host), CLXS_E_PARTIAL);
  assert_says(host, "\"status\":\"unknown\"");
  assert_says(host, "\"side\":\"destination\"");
}

Test(diff, grants_are_compared_by_principal)
{
  HOST host = diff_host(CATALOG("prod", TABLE("t", "")), CATALOG("dev", TABLE("t", "")));

  testhost_rest(
      host, "GET */permissions/table/prod.s.t*", 200,
      "{\"privilege_assignments\":[{\"principal\":\"Ann@x\",\"privileges\":[\"SELECT\",\"MODIFY\"]},"
      "{\"principal\":\"b\",\"privileges\":[\"SELECT\"]}]}");
  testhost_rest(
      host, "GET */permissions/table/dev.s.t*", 200,
      "{\"privilege_assignments\":[{\"principal\":\"ann@x\",\"privileges\":[\"modify\",\"select\"]},"
      "{\"principal\":\"c\",\"privileges\":[\"ALL PRIVILEGES\"]}]}");
  cr_assert_eq(diff_on(host), CLXS_DIFFERENT);
  assert_says(host, "\"changes\":{\"removed\":1,\"added\":1,\"changed\":0}");
  assert_says(host, "\"item\":\"c\",\"change\":\"added\",\"old\":null,\"new\":\"ALL_PRIVILEGES\"");
}

Test(diff, what_does_not_count_is_not_read)
{
  HOST host = diff_host(CATALOG("prod", TABLE("t", ",\"comment\":\"x\"")), CATALOG("dev", TABLE("t", "")));

  testhost_arg(host, "ignore", "tags,Constraints");
  testhost_arg(host, "ignore", "comment");
  testhost_arg(host, "permissions", "false");
  cr_assert_eq(diff_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "*permissions*"), 0);
}

Test(diff, listings_cost_a_fixed_number_of_requests)
{
  HOST host = diff_host(CATALOG("prod", TABLE("a", "") "," TABLE("b", "")), CATALOG("dev", TABLE("a", "")));

  cr_assert_eq(diff_on(host), CLXS_DIFFERENT);
  cr_assert_leq(testhost_sent_count(host, TESTHOST_REST, NULL) -
                    testhost_sent_count(host, TESTHOST_REST, "*permissions*"),
                6 + 20);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "*permissions*"), 7, "one for each object");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 4, "tags and keys, once for each catalog");
}

Test(diff, kinds_that_were_not_asked_for_are_left_out)
{
  HOST host = diff_host(CATALOG("prod", TABLE("t", "")), CATALOG("dev", ""));

  testhost_arg(host, "only", "views,functions");
  cr_assert_eq(diff_on(host), CLXS_OK);
  cr_assert_null(strstr(testhost_document(host), "\"tables\""));
}

Test(diff, words_that_mean_nothing_are_usage_errors)
{
  static const char *const wrong[][2] = {{"only", "tabels"}, {"ignore", "commnet"}, {"dest", "prod"}};

  for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
    HOST host = diff_host(CATALOG("prod", ""), CATALOG("dev", ""));

    testhost_arg_clear(host, wrong[i][0]);
    testhost_arg(host, wrong[i][0], wrong[i][1]);
    cr_expect_eq(diff_on(host), CLXS_E_USAGE, "%s", wrong[i][1]);
    cr_expect_eq(testhost_sent_count(host, 0, NULL), 0, "%s", wrong[i][1]);
  }
}

Test(diff, other_plugins_get_the_document)
{
  HOST host = diff_host(CATALOG("prod", ""), CATALOG("dev", ""));
  const struct clxs_cap_diff *capability = clxs_plugin_v1()->provides[0]->table;
  const char *result = NULL;

  testhost_invoke(host, "diff {\"source\":\"prod\"}", CLXS_DIFFERENT, "{\"status\":\"different\"}");
  cr_assert_eq(capability->run(NULL, testhost_call(host), "{\"source\":\"prod\"}", &result), CLXS_DIFFERENT);
  cr_assert_str_eq(result, "{\"status\":\"different\"}");
}

#define VIEW(query) "{\"name\":\"v\",\"table_type\":\"VIEW\",\"view_definition\":\"" query "\"}"

Test(diff, people_read_a_patch)
{
  HOST host = diff_host(
      CATALOG("prod", VIEW("SELECT a,\\n  b\\nFROM prod.s.t\\nWHERE a > 0") "," TABLE("u", "")),
      CATALOG("dev",
              VIEW("SELECT a,\\n  c\\nFROM dev.s.t\\nWHERE a > 0") "," TABLE("w", "") "," TABLE("x", "")));

  testhost_format(host, CLXS_FORMAT_TEXT);
  cr_assert_eq(diff_on(host), CLXS_DIFFERENT);
  cr_assert_str_eq(testhost_stdout(host),
                   "- table    s.u\n"
                   "~ view     s.v\n"
                   "    definition\n"
                   "        SELECT a,\n"
                   "      -   b\n"
                   "      +   c\n"
                   "        FROM prod.s.t\n"
                   "        WHERE a > 0\n"
                   "+ table    s.w\n"
                   "+ table    s.x\n"
                   "\n"
                   "prod -> dev: 1 only in prod, 2 only in dev, 1 different, 2 equal\n",
                   "%s", testhost_stdout(host));
}

struct shown {
  char text[256];
};

static void
show(void *data, enum line_change change, const char *line)
{
  struct shown *shown = data;
  size_t length = strlen(shown->text);

  snprintf(shown->text + length, sizeof shown->text - length, "%c%s|", " -+~"[change], line);
}

Test(diff, texts_are_shown_by_line)
{
  static const char *const cases[][3] = {
      {"a\nb\nc", "a\nx\nc", " a|-b|+x| c|"},
      {"a", "a\nb\n", " a|+b|"},
      {"1\n2\n3\n4\n5", "1\n2\n3\n4\n6", "~| 4|-5|+6|"},
      {"", "a", "+a|"},
      {"a\nb\nc\nd", "b\nc\nd\na", "-a| b|~| d|+a|"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    struct arena *arena = arena_new();
    struct shown shown = {""};

    lines_compare(arena, cases[i][0], cases[i][0], cases[i][1], cases[i][1], 1, show, &shown);
    cr_expect_str_eq(shown.text, cases[i][2], "%s", shown.text);
    arena_free(arena);
  }
}
