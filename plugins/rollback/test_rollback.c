/* SPDX-License-Identifier: Apache-2.0 */
/* Taking a run back: what it made goes, what it changed comes back, everything else stays. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/plan/operation.h"
#include "rollback.h"
#include "testhost/testhost.h"

#include "base/banned.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *
#define RUN "20260131T235959Z-clone-000001"
#define START INT64_C(1800000000000)

/* A run of one catalog, one schema, and in it what OBJECTS say. */
struct made {
  const char *kind, *name;
  enum plan_prior prior;
  const char *data;
  enum plan_state state;
  const char *text; /* of a view, after the run */
};

/* The statement of the steps in the schema, NULL: a creation. */
static const char *made_by;

static size_t
add_step(struct plan *plan, const char *kind, const char *schema, const char *name, enum plan_prior prior,
         size_t after)
{
  const char *names[] = {"dev", schema, name};
  size_t object = plan_add_object(plan, kind, names, name ? 3 : schema ? 2 : 1, NULL);
  size_t step = plan_add_step(plan, object, "make");

  plan_step(plan, step)->text = name && made_by ? made_by : "CREATE it";
  plan_step(plan, step)->undo.prior = prior;
  if (after != SIZE_MAX) plan_add_order(plan, step, after);
  return step;
}

static void
write_run(struct testhost *host, const char *workspace, bool catalog, const struct made *made, size_t count)
{
  struct clxs_call *call = testhost_call(host);
  CLEANUP_PLAN struct plan *plan = plan_new();
  CLEANUP_JOURNAL struct journal *journal = NULL;
  struct plan_result done = {.state = PLAN_DONE};
  struct journal_head head = {.id = RUN,
                              .command = "clone",
                              .source = "prod",
                              .destination = "dev",
                              .workspace = workspace,
                              .started_ms = START};
  size_t top = catalog ? add_step(plan, "catalog", NULL, NULL, PLAN_PRIOR_ABSENT, SIZE_MAX) : SIZE_MAX;
  size_t schema = add_step(plan, "schema", "s", NULL, PLAN_PRIOR_ABSENT, top), first = plan->steps.count;

  for (size_t i = 0; i < count; i++) {
    size_t step = add_step(plan, made[i].kind, "s", made[i].name, made[i].prior, schema);

    plan_step(plan, step)->undo.data = made[i].data;
    if (made[i].text)
      plan_step(plan, step)->check =
          (struct plan_check){PLAN_CHECK_EQUALS, "/x", "view_definition", made[i].text};
    if (i) plan_add_order(plan, step, step - 1);
  }
  cr_assert_eq(journal_create(call, operation_journal(call, RUN), &head, plan, &journal), CLXS_OK);
  for (size_t i = 0; i < plan->steps.count; i++) {
    enum plan_state state = i >= first ? made[i - first].state : PLAN_DONE;

    if (state == PLAN_WAITING) continue;
    cr_assert(journal_begin(journal, i, START + 1000));
    done.state = state;
    if (state != PLAN_RUNNING) journal_end(journal, i, START + 2000, &done);
  }
  cr_assert(journal_finish(journal, START + 3000, "succeeded"));
}

/* Commits, the newest first. */
#define HISTORY(rows) "{\"columns\":[\"version\",\"operation\",\"operationParameters\"],\"rows\":[" rows "]}"

/* The destination as it is now; every statement is answered. */
static struct testhost *
rollback_host(const char *schemas)
{
  struct testhost *host = testhost_new();
  CLEANUP_BUF struct buf catalog = BUF_INIT(BUF_LARGE);

  testhost_clock(host, START + 60000);
  testhost_format(host, CLXS_FORMAT_JSON);
  testhost_sql(host, "*", NULL);
  testhost_sql(host, "DESCRIBE HISTORY *", HISTORY("[\"0\",\"CLONE\",\"{}\"]"));
  testhost_arg(host, "operation", RUN);
  if (!schemas) return host;
  buf_addf(&catalog, "{\"name\":\"dev\",\"schemas\":[%s]}", schemas);
  testhost_catalog(host, catalog.data);
  return host;
}

static const char *
workspace_of(struct testhost *host)
{
  return clxs_config(testhost_call(host))->host(testhost_call(host));
}

/* Statements that change something. */
static size_t
changes(struct testhost *host)
{
  return testhost_sent_count(host, TESTHOST_SQL, NULL) -
         testhost_sent_count(host, TESTHOST_SQL, "DESCRIBE HISTORY *");
}

static clxs_status
run(struct testhost *host)
{
  return rollback_run(NULL, testhost_call(host));
}

#define TABLE(name) "{\"name\":\"" name "\",\"table_type\":\"MANAGED\"}"
#define SCHEMA(tables) "{\"name\":\"s\",\"tables\":[" tables "]}"
#define assert_sent(statement) \
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, statement), 1, "%s", statement)
#define assert_not_sent(statement) \
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, statement), 0, "%s", statement)
#define assert_says(words) cr_assert(strstr(testhost_document(host), words), "%s", testhost_document(host))

static const struct made two_tables[] = {{"table", "a", PLAN_PRIOR_ABSENT, NULL, PLAN_DONE, NULL},
                                         {"table", "b", PLAN_PRIOR_ABSENT, NULL, PLAN_RUNNING, NULL}};

static size_t
place_of(struct testhost *host, const char *statement)
{
  for (size_t i = 0; i < testhost_sent_count(host, TESTHOST_SQL, NULL); i++)
    if (str_eq(testhost_sent(host, TESTHOST_SQL, NULL, i)->text, statement)) return i;
  cr_assert_fail("not sent: %s", statement);
  return 0;
}

Test(rollback, what_was_made_goes_in_reverse_with_the_empty_schema_that_a_catalog_has)
{
  HOST host = rollback_host(SCHEMA(TABLE("a") "," TABLE("b")) ",{\"name\":\"default\"}");

  write_run(host, workspace_of(host), true, two_tables, 2);
  cr_assert_eq(run(host), CLXS_OK);
  cr_assert_eq(changes(host), 5);
  cr_assert_lt(place_of(host, "DROP TABLE IF EXISTS `dev`.`s`.`b`"),
               place_of(host, "DROP TABLE IF EXISTS `dev`.`s`.`a`"));
  cr_assert_lt(place_of(host, "DROP TABLE IF EXISTS `dev`.`s`.`a`"),
               place_of(host, "DROP SCHEMA IF EXISTS `dev`.`s` RESTRICT"));
  cr_assert_lt(place_of(host, "DROP SCHEMA IF EXISTS `dev`.`s` RESTRICT"),
               place_of(host, "DROP CATALOG IF EXISTS `dev` RESTRICT"));
  assert_sent("DROP SCHEMA IF EXISTS `dev`.`default` RESTRICT");
}

Test(rollback, what_is_unknown_or_never_happened_is_never_dropped)
{
  static const struct made made[] = {{"table", "a", PLAN_PRIOR_UNKNOWN, NULL, PLAN_DONE, NULL},
                                     {"table", "b", PLAN_PRIOR_ABSENT, NULL, PLAN_FAILED, NULL},
                                     {"table", "c", PLAN_PRIOR_ABSENT, NULL, PLAN_WAITING, NULL}};
  HOST host = rollback_host(SCHEMA(TABLE("a") "," TABLE("b") "," TABLE("c")));

  write_run(host, workspace_of(host), true, made, 3);
  cr_assert_eq(run(host), CLXS_E_PARTIAL);
  cr_assert_eq(changes(host), 0);
  assert_says("is not known");
  assert_says("it still holds table a");
  assert_says("it still holds schema s");
}

Test(rollback, what_others_put_there_stays_with_its_schema_and_catalog)
{
  HOST host = rollback_host(SCHEMA(TABLE("a") "," TABLE("theirs")));

  write_run(host, workspace_of(host), true, two_tables, 2);
  cr_assert_eq(run(host), CLXS_E_PARTIAL);
  cr_assert_eq(changes(host), 1);
  assert_sent("DROP TABLE IF EXISTS `dev`.`s`.`a`");
  assert_says("it still holds table theirs");
}

Test(rollback, drop_catalog_takes_everything_but_only_from_a_catalog_of_the_run)
{
  HOST host = rollback_host(SCHEMA(TABLE("a") "," TABLE("theirs")));
  HOST other = rollback_host(SCHEMA(TABLE("a")));

  testhost_arg(host, "drop-catalog", "true");
  write_run(host, workspace_of(host), true, two_tables, 2);
  cr_assert_eq(run(host), CLXS_OK);
  cr_assert_eq(changes(host), 1);
  assert_sent("DROP CATALOG IF EXISTS `dev` CASCADE");
  testhost_arg(other, "drop-catalog", "true");
  write_run(other, workspace_of(other), false, two_tables, 2);
  cr_assert_eq(run(other), CLXS_E_USAGE);
  cr_assert_eq(changes(other), 0);
}

Test(rollback, an_older_table_a_newer_one_and_a_changed_view_are_not_the_runs)
{
  static const struct made made[] = {{"table", "a", PLAN_PRIOR_ABSENT, NULL, PLAN_DONE, NULL},
                                     {"table", "b", PLAN_PRIOR_ABSENT, NULL, PLAN_DONE, NULL},
                                     {"view", "v", PLAN_PRIOR_ABSENT, NULL, PLAN_DONE, "SELECT 1"}};
  HOST host =
      rollback_host(SCHEMA("{\"name\":\"a\",\"table_type\":\"MANAGED\",\"created_at\":1700000000000},"
                           "{\"name\":\"b\",\"table_type\":\"MANAGED\",\"created_at\":1900000000000},"
                           "{\"name\":\"v\",\"table_type\":\"VIEW\",\"view_definition\":\"SELECT 2\"}"));

  write_run(host, workspace_of(host), false, made, 3);
  cr_assert_eq(run(host), CLXS_E_PARTIAL);
  cr_assert_eq(changes(host), 0);
  assert_says("older than the run");
  assert_says("made anew after the run");
  assert_says("text was changed after the run");
}

Test(rollback, known_states_come_back_and_views_after_the_tables_they_read)
{
  static const struct made made[] = {
      {"view", "v", PLAN_PRIOR_KNOWN,
       "{\"view_definition\":\"SELECT x FROM dev.s.A\",\"statement\":\"CREATE OR REPLACE VIEW v\","
       "\"alter\":[\"ALTER VIEW v\",\"COMMENT ON COLUMN v\"]}",
       PLAN_DONE, "SELECT 2"},
      {"table", "a", PLAN_PRIOR_KNOWN, "{\"statement\":\"RESTORE a\"}", PLAN_DONE, NULL},
      {"function", "f", PLAN_PRIOR_KNOWN, "{\"statement\":\"CREATE OR REPLACE FUNCTION f\"}", PLAN_DONE,
       NULL}};
  HOST host = rollback_host(
      SCHEMA(TABLE("a") ",{\"name\":\"v\",\"table_type\":\"VIEW\",\"view_definition\":\"SELECT 2\"}"));

  write_run(host, workspace_of(host), false, made, 3);
  cr_assert_eq(run(host), CLXS_E_PARTIAL, "the schema stays");
  assert_not_sent("CREATE OR REPLACE VIEW*");
  assert_not_sent("DROP*");
  assert_sent("CREATE OR REPLACE FUNCTION f");
  cr_assert_lt(place_of(host, "RESTORE a"), place_of(host, "ALTER VIEW v"));
  cr_assert_lt(place_of(host, "ALTER VIEW v"), place_of(host, "COMMENT ON COLUMN v"));
}

Test(rollback, absent_details_of_an_object_that_was_there_never_drop_it)
{
  static const struct made made[] = {
      {"table", "a", PLAN_PRIOR_ABSENT, NULL, PLAN_DONE, NULL},
      {"table", "b", PLAN_PRIOR_KNOWN, "{\"statement\":\"SET b\",\"then\":\"UNSET b\"}", PLAN_DONE, NULL},
      {"table", "c", PLAN_PRIOR_KNOWN, "{\"method\":\"PATCH\",\"path\":\"/c\",\"body\":\"{}\"}", PLAN_DONE,
       NULL}};
  HOST host = rollback_host(SCHEMA(TABLE("a") "," TABLE("b") "," TABLE("c")));

  made_by = "ALTER TABLE a SET TAGS ('k')";
  write_run(host, workspace_of(host), false, made, 3);
  made_by = NULL;
  testhost_rest(host, "PATCH /c", 200, "{}");
  cr_assert_eq(run(host), CLXS_E_PARTIAL);
  assert_not_sent("DROP*");
  assert_says("how to take back");
  cr_assert_lt(place_of(host, "SET b"), place_of(host, "UNSET b"));
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, "PATCH /c"), 1);
}

Test(rollback, a_volume_with_files_stays)
{
  static const struct made made[] = {{"volume", "empty", PLAN_PRIOR_ABSENT, NULL, PLAN_DONE, NULL},
                                     {"volume", "full", PLAN_PRIOR_ABSENT, NULL, PLAN_DONE, NULL}};
  HOST host = rollback_host("{\"name\":\"s\",\"volumes\":[{\"name\":\"empty\",\"volume_type\":\"MANAGED\"},"
                            "{\"name\":\"full\",\"volume_type\":\"MANAGED\"}]}");

  testhost_rest(host, "GET /api/2.0/fs/directories/Volumes/dev/s/empty*", 200, "{}");
  testhost_rest(host, "GET /api/2.0/fs/directories/Volumes/dev/s/full*", 200,
                "{\"contents\":[{\"path\":\"/Volumes/dev/s/full/x\"}]}");
  write_run(host, workspace_of(host), false, made, 2);
  cr_assert_eq(run(host), CLXS_E_PARTIAL);
  assert_says("it holds files");
  assert_not_sent("DROP VOLUME*full*");
}

Test(rollback, nothing_is_sent_by_a_dry_run_or_after_a_no)
{
  HOST host = rollback_host(SCHEMA(TABLE("a") "," TABLE("b")));

  write_run(host, workspace_of(host), true, two_tables, 2);
  testhost_arg(host, "dry-run", "true");
  cr_assert_eq(run(host), CLXS_OK);
  assert_says("DROP TABLE IF EXISTS `dev`.`s`.`a`");
  assert_says("\"status\":\"planned\"");
  testhost_arg_clear(host, "dry-run");
  testhost_confirm(host, CLXS_E_CANCELLED);
  cr_assert_eq(run(host), CLXS_E_CANCELLED);
  cr_assert_eq(changes(host), 0);
}

Test(rollback, a_failed_drop_keeps_the_schema_and_says_so)
{
  HOST host = rollback_host(SCHEMA(TABLE("a") "," TABLE("b")));

  write_run(host, workspace_of(host), true, two_tables, 2);
  testhost_sql_error(host, "DROP TABLE*`b`", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "not yours");
  cr_assert_eq(run(host), CLXS_E_PARTIAL);
  assert_not_sent("DROP SCHEMA*");
  assert_not_sent("DROP CATALOG*");
  assert_says("not yours");
}

Test(rollback, a_run_elsewhere_or_under_way_and_no_run_at_all_are_refused)
{
  HOST host = rollback_host(NULL);
  HOST held = rollback_host(NULL);
  HOST none = rollback_host(NULL);
  struct clxs_call *call = testhost_call(held);
  CLEANUP_JOURNAL_IMAGE struct journal_image image = {0};
  CLEANUP_JOURNAL struct journal *journal = NULL;

  write_run(host, "https://elsewhere", true, two_tables, 2);
  cr_assert_eq(run(host), CLXS_E_USAGE);
  write_run(held, workspace_of(held), true, two_tables, 2);
  cr_assert_eq(journal_reopen(call, operation_journal(call, RUN), &image, &journal), CLXS_OK);
  cr_assert_eq(run(held), CLXS_E_CONFLICT);
  cr_assert_eq(run(none), CLXS_E_NOT_FOUND);
  testhost_arg_clear(none, "operation");
  cr_assert_eq(run(none), CLXS_E_USAGE);
}

Test(rollback, the_list_counts_what_each_run_made_and_changed)
{
  HOST host = rollback_host(NULL);

  testhost_format(host, CLXS_FORMAT_TEXT);
  testhost_arg(host, "list", "true");
  write_run(host, workspace_of(host), true, two_tables, 2);
  cr_assert_eq(run(host), CLXS_OK);
  cr_assert(strstr(testhost_stdout(host), RUN " | succeeded | dev | 60 s | 4 | 0 | 0"), "%s",
            testhost_stdout(host));
  cr_assert_eq(testhost_sent_count(host, 0, NULL), 0);
}

Test(rollback, tables_that_others_have_written_to_since_stay)
{
  static const struct made made[] = {
      {"table", "a", PLAN_PRIOR_ABSENT, NULL, PLAN_DONE, NULL},
      {"table", "b", PLAN_PRIOR_KNOWN, "{\"version\":3,\"statement\":\"RESTORE b\"}", PLAN_DONE, NULL},
      {"table", "c", PLAN_PRIOR_ABSENT, NULL, PLAN_DONE, NULL},
      {"table", "d", PLAN_PRIOR_ABSENT, NULL, PLAN_DONE, NULL}};
  HOST host = rollback_host(SCHEMA(TABLE("a") "," TABLE("b") "," TABLE("c") "," TABLE("d")));

  testhost_sql(
      host, "DESCRIBE HISTORY*`a`*",
      HISTORY("[\"2\",\"WRITE\",\"{}\"],[\"1\",\"SET TBLPROPERTIES\",\"{}\"],[\"0\",\"CLONE\",\"{}\"]"));
  testhost_sql(host, "DESCRIBE HISTORY*`b`*",
               HISTORY("[\"5\",\"MERGE\",\"{}\"],[\"4\",\"CLONE\",\"{}\"],[\"3\",\"WRITE\",\"{}\"]"));
  testhost_sql_error(host, "DESCRIBE HISTORY*`c`*", CLXS_E_DENIED, NULL, "no");
  write_run(host, workspace_of(host), false, made, 4);
  cr_assert_eq(run(host), CLXS_E_PARTIAL);
  cr_assert_eq(changes(host), 1);
  assert_sent("DROP TABLE IF EXISTS `dev`.`s`.`d`");
  assert_says("others have written to it since the run");
  assert_says("could not be looked up");
}

Test(rollback, rows_that_an_earlier_try_has_put_back_are_no_writing_of_others)
{
  static const struct made made[] = {
      {"table", "b", PLAN_PRIOR_KNOWN, "{\"version\":3,\"statement\":\"RESTORE b\"}", PLAN_DONE, NULL}};
  HOST host = rollback_host(SCHEMA(TABLE("b")));

  testhost_sql(host, "DESCRIBE HISTORY*`b`*",
               HISTORY("[\"5\",\"RESTORE\",\"{\\\"version\\\":\\\"3\\\"}\"],"
                       "[\"4\",\"CLONE\",\"{}\"],[\"3\",\"WRITE\",\"{}\"]"));
  write_run(host, workspace_of(host), false, made, 1);
  run(host);
  assert_sent("RESTORE b");
}

Test(rollback, what_was_taken_back_wholly_is_told_and_left)
{
  HOST host = rollback_host(SCHEMA(TABLE("a") "," TABLE("b")) ",{\"name\":\"default\"}");
  size_t sent;

  write_run(host, workspace_of(host), true, two_tables, 2);
  cr_assert_eq(run(host), CLXS_OK);
  sent = testhost_sent_count(host, 0, NULL);
  cr_assert_eq(run(host), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, 0, NULL), sent);
  assert_says("\"nothing_to_do\":true");
}

Test(rollback, what_came_after_an_earlier_drop_is_somebody_elses)
{
  HOST host = rollback_host(SCHEMA(TABLE("a") "," TABLE("b")));

  write_run(host, workspace_of(host), true, two_tables, 2);
  testhost_rule_times(testhost_sql_error(host, "DROP TABLE*`a`", CLXS_E_DENIED, NULL, "not yours"), 1);
  cr_assert_eq(run(host), CLXS_E_PARTIAL);
  cr_assert_eq(run(host), CLXS_E_PARTIAL, "b was dropped, and is there again");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "DROP TABLE*`b`"), 1);
  assert_says("it was made anew after 2");
}
