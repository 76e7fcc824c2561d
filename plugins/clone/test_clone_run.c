/* SPDX-License-Identifier: Apache-2.0 */
/* Clone under way: failures, lost replies, cancellation, what it costs, what it leaves behind. */
#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <clxs/cap/clone.h>

#include "base/buf.h"
#include "clone_test.h"
#include "kit/plan/journal.h"

#include "base/banned.h"

/* SCHEMAS schemas of TABLES bare tables each; a catalog as JSON, the caller's to free. */
static char *
synthetic(const char *name, int schemas, int tables)
{
  struct buf json = BUF_INIT(BUF_LARGE);

  buf_addf(&json, "{\"name\":\"%s\",\"schemas\":[", name);
  for (int s = 0; s < schemas; s++) {
    buf_addf(&json, "%s{\"name\":\"s%02d\",\"tables\":[", s ? "," : "", s);
    for (int t = 0; t < tables; t++)
      buf_addf(&json,
               "%s{\"name\":\"t%03d\",\"table_type\":\"MANAGED\",\"data_source_format\":\"DELTA\",\"updated_"
               "at\":5}",
               t ? "," : "", t);
    buf_add_text(&json, "]}");
  }
  buf_add_text(&json, "]}");
  return buf_take(&json);
}

static struct testhost *
synthetic_host(int schemas, int tables)
{
  struct testhost *host = clone_host(NULL);
  char *catalog = synthetic("prod", schemas, tables);

  testhost_catalog(host, catalog);
  free(catalog);
  return host;
}

/* The path of the one journal there is, in the host's scope. */
static const char *
only_journal(struct testhost *host)
{
  const char *state = testhost_directory(host, CLXS_DIR_STATE), *found = NULL;
  const char *directory = clxs_textf(testhost_call(host), "%s/operations", state);
  DIR *list = opendir(directory);

  cr_assert_not_null(list);
  for (struct dirent *entry; (entry = readdir(list));) {
    if (!str_ends(entry->d_name, ".journal")) continue;
    cr_assert_null(found, "more than one journal");
    found = clxs_textf(testhost_call(host), "%s/%s", directory, entry->d_name);
  }
  closedir(list);
  cr_assert_not_null(found);
  return found;
}

Test(clone_run, bare_tables_cost_one_statement_each_and_three_requests_a_schema)
{
  HOST host = synthetic_host(10, 20);
  CLEANUP_JSON struct json_object *summary = NULL;

  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 1 + 10 + 200);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, NULL), 5 + 3 * 10);
  summary = clone_summary(host);
  cr_assert_eq(json_get_int(json_get(summary, "requests"), "rest", 0), 35);
  cr_assert_eq(json_get_int(json_get(json_get(summary, "counts"), "table"), "succeeded", 0), 200);
}

Test(clone_run, a_second_clone_reads_both_and_never_a_schema_that_only_the_destination_has)
{
  HOST host = synthetic_host(3, 4);
  char *there = synthetic("dev", 6, 4);

  testhost_catalog(host, there);
  free(there);
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 12, "no schema is made anew");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, NULL), 5 + 3 * 3 * 2);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "*catalog_name=dev&schema_name=s05*"), 0);
}

struct gate {
  pthread_mutex_t lock;
  pthread_cond_t open;
  int inside, wanted;
};

/* Lets nobody through before WANTED are inside. */
static void
wait_at_gate(struct testhost *host, const char *text, void *data)
{
  struct gate *gate = data;

  (void)host, (void)text;
  pthread_mutex_lock(&gate->lock);
  if (++gate->inside >= gate->wanted) pthread_cond_broadcast(&gate->open);
  while (gate->inside < gate->wanted)
    pthread_cond_wait(&gate->open, &gate->lock);
  pthread_mutex_unlock(&gate->lock);
}

Test(clone_run, as_many_run_at_a_time_as_asked_for_and_no_more)
{
  HOST host = synthetic_host(2, 16);
  struct gate gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 4};

  /* Would stand still for ever if fewer than four ran side by side. */
  testhost_rule_do(testhost_sql(host, "CREATE OR REPLACE TABLE*", NULL), wait_at_gate, &gate);
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_peak(host), 4);
}

Test(clone_run, a_failure_blocks_what_needs_it_and_nothing_else)
{
  HOST host = clone_host(
      "{\"name\":\"prod\",\"schemas\":[{\"name\":\"bad\",\"tables\":[{\"name\":\"x\",\"table_type\":"
      "\"MANAGED\"}],\"volumes\":[{\"name\":\"v\",\"volume_type\":\"MANAGED\"}]},{\"name\":\"good\","
      "\"tables\":[{\"name\":\"t\",\"table_type\":\"MANAGED\"},{\"name\":\"w\",\"table_type\":\"VIEW\","
      "\"view_definition\":\"SELECT * FROM prod.bad.x\"},{\"name\":\"u\",\"table_type\":\"VIEW\","
      "\"view_definition\":\"SELECT * FROM good.w\"}]}]}");
  CLEANUP_JSON struct json_object *summary = NULL;
  struct json_object *object;

  testhost_sql_error(host, "CREATE SCHEMA*`bad`*", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS",
                     "no CREATE SCHEMA on dev");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  summary = clone_summary(host);
  object = clone_object(summary, "prod.bad");
  cr_assert_str_eq(json_get_text(object, "status"), "failed");
  cr_assert_str_eq(json_get_text(object, "reason"), "no CREATE SCHEMA on dev");
  cr_assert_str_eq(json_get_text(object, "error_class"), "INSUFFICIENT_PERMISSIONS");
  cr_assert_str_eq(json_get_text(object, "statement_id"), "01-testhost");
  assert_object(summary, "prod.bad.x", "blocked");
  cr_assert_str_eq(json_get_text(clone_object(summary, "prod.bad.x"), "reason"),
                   "needs schema prod.bad, which failed");
  assert_object(summary, "prod.bad.v", "blocked");
  assert_object(summary, "prod.good.t", "succeeded");
  assert_object(summary, "prod.good.w", "blocked");
  assert_object(summary, "prod.good.u", "blocked");
  cr_assert_eq(json_get_int(json_get(json_get(summary, "counts"), "view"), "blocked", 0), 2);
}

#define ONE_TABLE                                                                                            \
  "{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"t\",\"table_type\":\"MANAGED\"}]" \
  "}]}"
#define CLONE_T "CREATE OR REPLACE TABLE `dev`.`s`.`t`*"
#define LOOK_T "GET /api/2.1/unity-catalog/tables/dev.s.t"

Test(clone_run, a_lost_clone_that_happened_is_not_sent_again)
{
  HOST host = clone_host(ONE_TABLE);

  testhost_sql_error(host, CLONE_T, CLXS_E_LOST, NULL, "the connection broke");
  testhost_rest(host, LOOK_T, 200, "{\"name\":\"t\"}");
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, CLONE_T), 1);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, LOOK_T), 1);
  cr_assert_not(testhost_sent(host, TESTHOST_SQL, CLONE_T, 0)->flags & CLXS_SQL_IDEMPOTENT);
}

Test(clone_run, a_lost_clone_that_did_not_happen_is_sent_again)
{
  HOST host = clone_host(ONE_TABLE);

  testhost_rule_times(testhost_sql_error(host, CLONE_T, CLXS_E_LOST, NULL, "the connection broke"), 1);
  cr_assert_eq(clone_on(host), CLXS_OK, "the look says 404, so it goes again");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, CLONE_T), 2);
}

Test(clone_run, a_lost_replacement_is_judged_by_the_time_of_change)
{
  HOST host = clone_host(ONE_TABLE);

  testhost_catalog(
      host, "{\"name\":\"dev\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"t\",\"table_type\":"
            "\"MANAGED\",\"updated_at\":1000}]}]}");
  testhost_rule_times(testhost_sql_error(host, CLONE_T, CLXS_E_LOST, NULL, "the connection broke"), 2);
  testhost_rule_times(testhost_rest(host, LOOK_T, 200, "{\"name\":\"t\",\"updated_at\":1000}"), 1);
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, CLONE_T), 3, "unchanged twice, then done");
  testhost_rule_times(testhost_sql_error(host, CLONE_T, CLXS_E_LOST, NULL, "the connection broke"), 1);
  testhost_rest(host, LOOK_T, 200, "{\"name\":\"t\",\"updated_at\":1001}");
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, CLONE_T), 4, "changed: it was ours");
}

Test(clone_run, a_table_that_was_dropped_meanwhile_is_skipped_and_one_that_is_there_fails)
{
  HOST host = clone_host(ONE_TABLE);
  CLEANUP_JSON struct json_object *summary = NULL, *again = NULL;

  testhost_sql_error(host, CLONE_T, CLXS_E_NOT_FOUND, "TABLE_OR_VIEW_NOT_FOUND", "prod.s.t cannot be found");
  testhost_rest(host, "GET /api/2.1/unity-catalog/tables/prod.s.t", 404, "{}");
  cr_assert_eq(clone_on(host), CLXS_OK);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.t", "skipped");
  testhost_rest(host, "GET /api/2.1/unity-catalog/tables/prod.s.t", 200, "{}");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  again = clone_summary(host);
  assert_object(again, "prod.s.t", "failed");
}

#define ONE_VIEW                                                                                         \
  "{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"v\",\"table_type\":\"VIEW\"," \
  "\"view_definition\":"                                                                                 \
  "\"SELECT 1 AS a\"}]}]}"
#define LOOK_V "GET /api/2.1/unity-catalog/tables/dev.s.v"

Test(clone_run, a_view_that_somebody_else_made_meanwhile_is_theirs)
{
  HOST host = clone_host(ONE_VIEW);
  CLEANUP_JSON struct json_object *summary = NULL;

  testhost_sql_error(host, "CREATE VIEW*", CLXS_E_EXISTS, "TABLE_OR_VIEW_ALREADY_EXISTS", "it exists");
  testhost_rest(host, LOOK_V, 200, "{\"name\":\"v\",\"view_definition\":\"SELECT 2\"}");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  summary = clone_summary(host);
  assert_object(summary, "prod.s.v", "failed");
  testhost_rest(host, LOOK_V, 200, "{\"name\":\"v\",\"view_definition\":\"SELECT 1 AS a\\n\"}");
  cr_assert_eq(clone_on(host), CLXS_OK, "the same text is ours");
}

Test(clone_run, a_lost_view_that_is_there_in_other_words_is_ours)
{
  HOST host = clone_host(ONE_VIEW);

  testhost_sql_error(host, "CREATE VIEW*", CLXS_E_LOST, NULL, "the connection broke");
  testhost_rest(host, LOOK_V, 200, "{\"name\":\"v\",\"view_definition\":\"select 1 as a\"}");
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "CREATE VIEW*"), 1);
}

Test(clone_run, a_view_whose_needs_were_not_seen_is_tried_once_more_at_the_end)
{
  HOST host = clone_host(ONE_VIEW);

  testhost_rule_times(
      testhost_sql_error(host, "CREATE VIEW*", CLXS_E_NOT_FOUND, "TABLE_OR_VIEW_NOT_FOUND", "no"), 1);
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "CREATE VIEW*"), 2);
  testhost_sql_error(host, "CREATE VIEW*", CLXS_E_NOT_FOUND, "TABLE_OR_VIEW_NOT_FOUND", "no");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "CREATE VIEW*"), 4, "once more, not for ever");
}

Test(clone_run, a_conflict_with_another_commit_is_repeated)
{
  HOST host = clone_host(ONE_TABLE);

  testhost_rule_times(
      testhost_sql_error(host, CLONE_T, CLXS_E_CONFLICT, "DELTA_CONCURRENT_WRITE", "somebody was faster"), 2);
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, CLONE_T), 3);
}

static void
cancel_run(struct testhost *host, const char *text, void *data)
{
  (void)text, (void)data;
  testhost_cancel(host);
}

Test(clone_run, cancellation_stops_submitting_and_leaves_a_readable_journal)
{
  HOST host = synthetic_host(2, 50);
  CLEANUP_JSON struct json_object *summary = NULL;
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  struct json_object *counts;
  size_t running = 0, done = 0, waiting = 0;

  testhost_rule_do(testhost_sql(host, "CREATE OR REPLACE TABLE `dev`.`s00`.`t030`*", NULL), cancel_run, NULL);
  cr_assert_eq(clone_on(host), CLXS_E_CANCELLED);
  summary = clone_summary(host);
  cr_assert_str_eq(json_get_text(summary, "status"), "cancelled");
  counts = json_get(json_get(summary, "counts"), "table");
  cr_assert_geq(json_get_int(counts, "succeeded", 0), 20);
  cr_assert_leq(json_get_int(counts, "failed", 0), 4, "only what was under way");
  cr_assert_geq(json_get_int(counts, "not_run", 0), 60);
  cr_assert_eq(journal_read(testhost_call(host), only_journal(host), &image), CLXS_OK);
  cr_assert_not(image.torn);
  cr_assert_str_eq(image.finished, "cancelled");
  for (size_t i = 0; i < image.plan->steps.count; i++) {
    running += image.steps[i].state == PLAN_RUNNING || image.steps[i].state == PLAN_INTERRUPTED;
    done += image.steps[i].state == PLAN_DONE;
    waiting += image.steps[i].state == PLAN_WAITING;
  }
  cr_assert_leq(running, 4);
  cr_assert_eq(running + done + waiting, 103);
}

Test(clone_run, the_journal_holds_the_plan_with_the_state_found_and_no_secret)
{
  HOST host = clone_host(ONE_VIEW);
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  struct stat about;

  testhost_catalog(
      host,
      "{\"name\":\"dev\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"v\",\"table_type\":\"VIEW\","
      "\"view_definition\":\"SELECT 0 AS a\"}]}]}");
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(journal_read(testhost_call(host), only_journal(host), &image), CLXS_OK);
  cr_assert_str_eq(image.head.command, "clone");
  cr_assert_str_eq(image.head.source, "prod");
  cr_assert_str_eq(image.head.destination, "dev");
  cr_assert(strstr(image.head.arguments, "\"dest\":[\"dev\"]"));
  cr_assert_eq(image.plan->steps.count, 1);
  cr_assert_str_eq(image.plan->steps.at[0].text, "ALTER VIEW `dev`.`s`.`v` AS SELECT 1 AS a");
  cr_assert_eq(image.plan->steps.at[0].undo.prior, PLAN_PRIOR_KNOWN);
  cr_assert(
      strstr(image.plan->steps.at[0].undo.data, "CREATE OR REPLACE VIEW `dev`.`s`.`v` AS SELECT 0 AS a"));
  cr_assert_eq(image.steps[0].state, PLAN_DONE);
  cr_assert_str_eq(image.finished, "succeeded");
  cr_assert_eq(stat(only_journal(host), &about), 0);
  cr_assert_eq(about.st_mode & 0777, 0600);
}

#define TABLES_THERE                                                                           \
  "{\"name\":\"dev\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"t\",\"table_type\":" \
  "\"MANAGED\",\"updated_at\":1000}]}]}"
#define HISTORY_T "DESCRIBE HISTORY `dev`.`s`.`t` LIMIT 1"

Test(clone_run, versions_are_noted_on_request_only_and_what_cannot_be_told_stays_unknown)
{
  for (int i = 0; i < 3; i++) {
    HOST host = clone_host(ONE_TABLE);
    CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
    const struct plan_undo *undo;

    testhost_catalog(host, TABLES_THERE);
    if (i) testhost_arg(host, "enable-rollback", "true");
    if (i == 1) testhost_sql(host, HISTORY_T, "{\"columns\":[\"version\",\"x\"],\"rows\":[[\"7\",\"y\"]]}");
    if (i == 2) testhost_sql_error(host, HISTORY_T, CLXS_E_INVALID, "DELTA_TABLE_ONLY_OPERATION", "no Delta");
    cr_assert_eq(clone_on(host), CLXS_OK);
    cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, HISTORY_T), i ? 1 : 0);
    cr_assert_eq(journal_read(testhost_call(host), only_journal(host), &image), CLXS_OK);
    undo = &image.plan->steps.at[0].undo;
    cr_assert_eq(undo->prior, i == 1 ? PLAN_PRIOR_KNOWN : PLAN_PRIOR_UNKNOWN);
    cr_assert_eq(strstr(undo->data, "\"RESTORE TABLE `dev`.`s`.`t` TO VERSION AS OF 7\"") != NULL, i == 1);
    cr_assert_eq(image.plan->warnings.count, i == 2 ? 1 : 0);
  }
}

Test(clone_run, a_dry_run_sends_nothing_and_shows_exactly_what_would_run)
{
  HOST host =
      clone_host("{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"t\",\"table_type\":"
                 "\"MANAGED\"},{\"name\":\"v\",\"table_type\":\"VIEW\",\"view_definition\":\"SELECT *\\nFROM "
                 "prod.s.t\"},{\"name\":\"f\",\"table_type\":\"FOREIGN\"}],\"volumes\":[{\"name\":\"vol\","
                 "\"volume_type\":\"MANAGED\"}]}]}");
  CLEANUP_JSON struct json_object *summary = NULL;
  struct json_object *steps;
  size_t shown = 0;

  testhost_arg(host, "dry-run", "true");
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
  cr_assert_eq(
      access(clxs_textf(testhost_call(host), "%s/operations", testhost_directory(host, CLXS_DIR_STATE)),
             F_OK),
      -1, "no journal for what does not run");
  summary = clone_summary(host);
  cr_assert_str_eq(json_get_text(summary, "status"), "planned");
  cr_assert(json_get_bool(summary, "dry_run", false));
  assert_object(summary, "prod.s.t", "planned");
  assert_object(summary, "prod.s.f", "skipped");
  testhost_arg_clear(host, "dry-run");
  cr_assert_eq(clone_on(host), CLXS_OK);
  steps = json_get_array(json_get(summary, "plan"), "steps");
  for (size_t i = 0; i < json_length(steps); i++) {
    const char *text = json_get_text(json_item(steps, i), "text");
    bool sent = false;

    if (!str_eq(json_get_text(json_item(steps, i), "via"), "sql")) continue;
    shown++;
    for (size_t k = 0; k < testhost_sent_count(host, TESTHOST_SQL, NULL); k++)
      sent = sent || str_eq(testhost_sent(host, TESTHOST_SQL, NULL, k)->text, text);
    cr_assert(sent, "shown and not sent: %s", text);
  }
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), shown);
}

Test(clone_run, a_dry_run_does_not_show_what_could_not_run)
{
  HOST host =
      clone_host("{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"f\",\"table_type\":"
                 "\"FOREIGN\"},{\"name\":\"v\",\"table_type\":\"VIEW\",\"view_definition\":\"SELECT * FROM "
                 "f\"}]}]}");

  testhost_format(host, CLXS_FORMAT_TEXT);
  testhost_arg(host, "dry-run", "true");
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  cr_assert_not(strstr(testhost_stdout(host), "CREATE VIEW"));
  cr_assert(
      strstr(testhost_stdout(host), "Blocked:\n  view prod.s.v: needs table prod.s.f, which was skipped\n"),
      "%s", testhost_stdout(host));
}

Test(clone_run, the_script_of_a_dry_run_has_an_order_that_works)
{
  HOST host = clone_host(ONE_VIEW);
  const char *out, *schema, *view;

  testhost_format(host, CLXS_FORMAT_TEXT);
  testhost_arg(host, "dry-run", "true");
  testhost_arg(host, "format", "sql");
  cr_assert_eq(clone_on(host), CLXS_OK);
  out = testhost_stdout(host);
  schema = strstr(out, "CREATE SCHEMA IF NOT EXISTS `dev`.`s`;\n");
  view = strstr(out, "-- session: catalog dev, schema s\nCREATE VIEW `dev`.`s`.`v` AS SELECT 1 AS a;\n");
  cr_assert(str_starts(out, "CREATE CATALOG IF NOT EXISTS `dev`;\n"), "%s", out);
  cr_assert(schema && view && schema < view, "%s", out);
}

Test(clone_run, people_get_a_table_and_the_reasons)
{
  HOST host =
      clone_host("{\"name\":\"prod\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"t\",\"table_type\":"
                 "\"MANAGED\"},{\"name\":\"f\",\"table_type\":\"FOREIGN\"},{\"name\":\"v\",\"table_type\":"
                 "\"VIEW\"}]}]}");
  struct clxs_call *call = testhost_call(host);
  const char *out;

  testhost_format(host, CLXS_FORMAT_TEXT);
  cr_assert_eq(clone_on(host), CLXS_E_PARTIAL);
  out = testhost_stdout(host);
  cr_assert(strstr(out, "Kind | Succeeded | Failed | Skipped\ncatalog | 1 | 0 | 0\nschema | 1 | 0 | 0\n"),
            "%s", out);
  cr_assert(strstr(out, "table | 1 | 0 | 1\n"), "%s", out);
  cr_assert(strstr(out, "  view prod.s.v: its text is hidden"), "%s", out);
  cr_assert(strstr(out, "  table prod.s.f: a foreign table"), "%s", out);
  cr_assert_str_eq(call->core->error(call)->message, "1 object failed, 1 was skipped");
}

Test(clone_run, subscribers_hear_of_the_start_of_every_object_and_of_the_end)
{
  HOST host = clone_host(ONE_TABLE);
  const char *events;

  cr_assert_eq(clone_on(host), CLXS_OK);
  events = testhost_events(host);
  cr_assert(str_starts(events, "clone.started {"));
  cr_assert(strstr(events, "\nclone.schema.finished {"));
  cr_assert(strstr(events, "\nclone.table.finished {"));
  cr_assert(strstr(events, "\"name\":\"prod.s.t\",\"action\":\"clone table\",\"state\":\"done\""));
  cr_assert(strstr(events, "\nclone.finished {"));
}

Test(clone_run, other_plugins_clone_through_the_capability)
{
  HOST host = testhost_new();
  const struct clxs_provider *provider = clxs_plugin_v1()->provides[0];
  const struct clxs_cap_clone *capability = provider->table;
  const char *summary;

  cr_assert_str_eq(provider->id, CLXS_CAP_CLONE);
  testhost_invoke(host, "clone {\"source\":\"a\"*", CLXS_E_PARTIAL, "{\"status\":\"failed\"}");
  cr_assert_eq(capability->run(NULL, testhost_call(host), "{\"source\":\"a\",\"dest\":\"b\"}", &summary),
               CLXS_E_PARTIAL);
  cr_assert_str_eq(summary, "{\"status\":\"failed\"}");
}

Test(clone_run, credentials_that_stop_working_end_the_run)
{
  HOST host = synthetic_host(1, 40);

  testhost_sql_error(host, "CREATE OR REPLACE TABLE*", CLXS_E_AUTH, NULL, "token expired");
  cr_assert_eq(clone_on(host), CLXS_E_AUTH);
  cr_assert_leq(testhost_sent_count(host, TESTHOST_SQL, "CREATE OR REPLACE TABLE*"), 8);
  cr_assert_not_null(testhost_document(host), "what was done is still reported");
}
