/* SPDX-License-Identifier: Apache-2.0 */
/* The command on a scripted host, whose clock stands still but for waiting: what a check finds, what is told
 * when, what ends the loop, and the metrics file. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "base/json.h"
#include "base/str.h"
#include "testhost/testhost.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

#define TABLE(name, more) "{\"name\":\"" name "\",\"table_type\":\"MANAGED\"" more "}"
#define CATALOG(name, tables) "{\"name\":\"" name "\",\"schemas\":[{\"name\":\"s\",\"tables\":[" tables "]}]}"

static struct testhost *
monitor_host(const char *dest_tables)
{
  struct testhost *host = testhost_new();

  testhost_arg(host, "source", "prod");
  testhost_arg(host, "interval", "30");
  testhost_arg(host, "check-drift", "true");
  testhost_format(host, CLXS_FORMAT_JSON);
  testhost_catalog(host, CATALOG("prod", TABLE("t", "")));
  if (!dest_tables) return host;
  testhost_arg(host, "dest", "dev");
  testhost_catalog(host, clxs_textf(testhost_call(host), CATALOG("dev", "%s"), dest_tables));
  return host;
}

static clxs_status
monitor_on(struct testhost *host)
{
  return clxs_plugin_v1()->commands[0]->run(NULL, testhost_call(host));
}

static size_t
count_of(const char *text, const char *part)
{
  size_t count = 0;

  for (text = strstr(text, part); text; text = strstr(text + 1, part))
    count++;
  return count;
}

Test(monitor, once)
{
  HOST same = monitor_host(TABLE("t", ""));
  HOST differs = monitor_host(TABLE("u", ""));

  testhost_arg(same, "once", "true");
  cr_assert_eq(monitor_on(same), CLXS_OK);
  cr_assert_not_null(strstr(testhost_document(same), "\"status\":\"in_sync\""));
  testhost_arg(differs, "once", "true");
  cr_assert_eq(monitor_on(differs), CLXS_DIFFERENT);
  cr_assert_eq(count_of(testhost_document(differs), "\"field\":\"object\""), 2);
  cr_assert_not_null(strstr(testhost_events(differs), "monitor.changed {"));
}

/* The table is altered behind the second check. */
static void
alter(struct testhost *host, const char *text, void *data)
{
  int *asked = data;

  (void)text;
  if (++*asked == 3) testhost_catalog(host, CATALOG("prod", TABLE("t", ",\"comment\":\"new\"")));
}

Test(monitor, a_catalog_is_held_against_its_earlier_self_and_changes_are_told_once)
{
  HOST host = monitor_host(NULL);
  int asked = 0;

  testhost_arg(host, "max-checks", "4");
  testhost_rule_do(testhost_rest(host, "GET /nothing", 404, "{}"), alter, &asked);
  testhost_rule_do(testhost_rest_pages(host, "GET */schemas*",
                                       (const char *const[]){"{\"schemas\":[{\"name\":\"s\"}]}"}, 1),
                   alter, &asked);
  cr_assert_eq(monitor_on(host), CLXS_OK, "the last check found nothing new");
  cr_assert_eq(count_of(testhost_stdout(host), "\"status\":\"in_sync\""), 3);
  cr_assert_eq(count_of(testhost_stdout(host), "\"changed\":true"), 1);
  cr_assert_eq(count_of(testhost_stdout(host), "\"field\":\"comment\""), 1);
  cr_assert_eq(count_of(testhost_events(host), "monitor.changed"), 1);
}

Test(monitor, the_same_difference_is_told_once_and_waits_in_between)
{
  HOST host = monitor_host(TABLE("u", ""));
  int64_t before;

  testhost_clock(host, 1000000);
  testhost_arg(host, "max-checks", "3");
  before = testhost_call(host)->core->now_ms(testhost_call(host));
  cr_assert_eq(monitor_on(host), CLXS_DIFFERENT);
  cr_assert_eq(count_of(testhost_stdout(host), "\"changed\":true"), 1);
  cr_assert_eq(count_of(testhost_events(host), "monitor.changed"), 1);
  cr_assert_eq(testhost_call(host)->core->now_ms(testhost_call(host)) - before, 2 * 30 * 60000,
               "30 is minutes");
}

Test(monitor, a_failed_check_is_no_end)
{
  HOST host = monitor_host(TABLE("t", ""));
  const char *path = clxs_textf(testhost_call(host), "%s/m.prom", testhost_directory(host, CLXS_DIR_STATE));
  int64_t before;

  testhost_clock(host, 1000000);
  testhost_arg(host, "max-checks", "3");
  testhost_arg(host, "metrics", path);
  testhost_rule_times(
      testhost_rest(host, "GET */tables*", 403, "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no\"}"),
      2);
  before = testhost_call(host)->core->now_ms(testhost_call(host));
  cr_assert_eq(monitor_on(host), CLXS_OK);
  cr_assert_eq(count_of(testhost_stdout(host), "\"status\":\"failed\""), 1);
  cr_assert_eq(count_of(testhost_stdout(host), "\"status\":\"in_sync\""), 2);
  cr_assert_eq(testhost_call(host)->core->now_ms(testhost_call(host)) - before, 30000 + 30 * 60000,
               "sooner after a failure");
}

Test(monitor, cancelling_ends_it_well)
{
  HOST host = monitor_host(TABLE("t", ""));

  testhost_cancel(host);
  cr_assert_eq(monitor_on(host), CLXS_OK);
}

static const char *
read_file(struct testhost *host, const char *path)
{
  static char text[16384];
  FILE *file = fopen(path, "r");
  size_t length;

  (void)host;
  cr_assert_not_null(file, "%s", path);
  length = fread(text, 1, sizeof text - 1, file);
  text[length] = '\0';
  fclose(file);
  return text;
}

/* Every line is a comment, or NAME{LABELS} NUMBER whose name was declared. */
static void
assert_exposition(const char *text)
{
  char copy[16384], *rest = copy, *line;

  snprintf(copy, sizeof copy, "%s", text);
  cr_assert_eq(text[strlen(text) - 1], '\n');
  while ((line = strsep(&rest, "\n")) != NULL) {
    size_t name = strcspn(line, "{ ");
    char declared[256];
    double value;

    if (!*line || line[0] == '#') continue;
    snprintf(declared, sizeof declared, "# TYPE %.*s ", (int)name, line);
    cr_assert_not_null(strstr(text, declared), "%s", line);
    cr_assert_eq(line[name], '{', "%s", line);
    cr_assert_not_null(strrchr(line, '}'), "%s", line);
    cr_assert_eq(sscanf(strrchr(line, '}') + 1, " %lf", &value), 1, "%s", line);
  }
}

Test(monitor, metrics)
{
  HOST host = monitor_host(TABLE("t", "") "," TABLE("u", ""));
  const char *path = clxs_textf(testhost_call(host), "%s/m.prom", testhost_directory(host, CLXS_DIR_STATE));
  const char *text;

  testhost_arg(host, "once", "true");
  testhost_arg(host, "metrics", path);
  cr_assert_eq(monitor_on(host), CLXS_DIFFERENT);
  text = read_file(host, path);
  assert_exposition(text);
  cr_assert_not_null(strstr(text, "clxs_monitor_in_sync{source=\"prod\",dest=\"dev\"} 0\n"), "%s", text);
  cr_assert_not_null(strstr(text, "{source=\"prod\",dest=\"dev\",kind=\"table\",change=\"added\"} 1\n"), "%s",
                     text);
  cr_assert_not_null(strstr(text, "clxs_monitor_checks_total{source=\"prod\",dest=\"dev\"} 1\n"), "%s", text);
}

Test(monitor, rows_and_age)
{
  HOST host = monitor_host(TABLE("t", ""));

  testhost_clock(host, INT64_C(1769903999000));
  testhost_arg(host, "once", "true");
  testhost_arg(host, "check-counts", "true");
  testhost_arg(host, "max-age", "1d");
  testhost_sql(
      host, "*ount(*)*",
      "{\"columns\":[\"i\",\"n\",\"s\",\"x\"],\"rows\":[[\"0\",\"5\",null,null],[\"1\",\"4\",null,null]]}");
  testhost_sql(
      host, "*OUNT(*)*",
      "{\"columns\":[\"i\",\"n\",\"s\",\"x\"],\"rows\":[[\"0\",\"5\",null,null],[\"1\",\"4\",null,null]]}");
  testhost_sql(host, "DESCRIBE HISTORY*",
               "{\"columns\":[\"version\",\"timestamp\",\"operation\",\"operationParameters\"],\"rows\":[["
               "\"3\",\"2026-01-29 00:00:00\",\"WRITE\",\"{}\"]]}");
  cr_assert_eq(monitor_on(host), CLXS_DIFFERENT);
  cr_assert_not_null(strstr(testhost_document(host), "s.t: 5 rows in the source, 4 in the destination"), "%s",
                     testhost_document(host));
  cr_assert_not_null(strstr(testhost_document(host), "s.t: not written since 2026-01-29"), "%s",
                     testhost_document(host));
}

Test(monitor, what_makes_no_sense_is_refused)
{
  static const char *const cases[][3] = {{"interval", "soon", "--interval"},
                                         {"max-age", "7 days", "--max-age"},
                                         {"ignore", "nothing", "--ignore"},
                                         {"dest", "PROD", "same"}};

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = monitor_host(NULL);

    testhost_arg_clear(host, cases[i][0]);
    testhost_arg(host, cases[i][0], cases[i][1]);
    cr_expect_eq(monitor_on(host), CLXS_E_USAGE, "%s", cases[i][0]);
    cr_expect_not_null(strstr(testhost_call(host)->core->error(testhost_call(host))->message, cases[i][2]));
  }
}
