/* SPDX-License-Identifier: Apache-2.0 */
/* Columns that are hidden in copies: what is sent, and what is not sent when a rule cannot be followed. */
#include "clone_test.h"

#include "base/banned.h"

#define IN_SCHEMA(name, tables) \
  "{\"name\":\"" name "\",\"schemas\":[{\"name\":\"s\",\"tables\":[" tables "]}]}"
#define TABLE(name, columns)                                                                                 \
  "{\"name\":\"" name "\",\"table_type\":\"MANAGED\",\"data_source_format\":\"DELTA\",\"columns\":[" columns \
  "]}"
#define COLUMN(name, type, position, more) \
  "{\"name\":\"" name "\",\"type_text\":\"" type "\",\"position\":" #position more "}"
#define GENERATED ",\"type_json\":\"{\\\"metadata\\\":{\\\"delta.generationExpression\\\":\\\"1\\\"}}\""
#define PEOPLE                                                                     \
  TABLE("people", COLUMN("id", "int", 0, "") "," COLUMN("Email", "string", 1, "")) \
  "," TABLE("other", COLUMN("id", "int", 0, ""))

Test(clone_mask, what_is_hidden_never_reaches_the_copy)
{
  HOST host = clone_host(IN_SCHEMA("prod", PEOPLE));

  testhost_config(host, "masking_rules", "[{\"column\":\"email\",\"strategy\":\"hash\"}]");
  testhost_arg(host, "table-filter", "s.people:Email LIKE '%@%'");
  testhost_arg(host, "as-of-version", "3");
  cr_assert_eq(clone_on(host), CLXS_OK, "%s", testhost_stdout(host));
  assert_sent(host,
              "CREATE OR REPLACE TABLE `dev`.`s`.`people` AS SELECT `id`, sha2(`Email`, 256) AS `Email` FROM "
              "`prod`.`s`.`people` VERSION AS OF 3 WHERE (Email LIKE '%@%')");
  assert_sent(host,
              "CREATE OR REPLACE TABLE `dev`.`s`.`other` DEEP CLONE `prod`.`s`.`other` VERSION AS OF 3");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "*`people`*"), 1);
}

Test(clone_mask, a_rule_that_cannot_be_followed_keeps_its_table_out)
{
  static const struct {
    const char *rule, *table, *says;
  } cases[] = {
      {"c=partial", TABLE("t", COLUMN("c", "int", 0, "")), "--mask \\\"c=partial\\\" cannot hide c"},
      {"c=null", TABLE("t", COLUMN("c", "int", 0, ",\"nullable\":false")), "must not be NULL"},
      {"c=redact", TABLE("t", COLUMN("c", "string", 0, GENERATED)), "mask those instead"},
      {"c=redact", TABLE("t", COLUMN("c", "struct<a:", 0, "")), "cannot be read"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = clone_host(NULL);
    CLEANUP_JSON struct json_object *summary = NULL;
    char catalog[1024];

    snprintf(catalog, sizeof catalog, IN_SCHEMA("prod", "%s,%s"), cases[i].table,
             TABLE("other", COLUMN("id", "int", 0, "")));
    testhost_catalog(host, catalog);
    testhost_arg(host, "mask", cases[i].rule);
    cr_assert_eq(clone_on(host), CLXS_E_PARTIAL, "%s", cases[i].says);
    assert_not_sent(host, "*`t`*");
    summary = clone_summary(host);
    assert_object(summary, "prod.s.t", "failed");
    assert_object(summary, "prod.s.other", "succeeded");
    cr_assert(strstr(json_text(clone_object(summary, "prod.s.t")), cases[i].says), "%s", json_text(summary));
  }
}

Test(clone_mask, a_flag_that_hides_nothing_is_a_mistake_and_a_setting_is_a_warning)
{
  HOST host = clone_host(IN_SCHEMA("prod", PEOPLE));
  struct clxs_call *call = testhost_call(host);

  testhost_config(host, "masking_rules", "[{\"column\":\"emial\",\"strategy\":\"hash\"}]");
  cr_assert_eq(clone_on(host), CLXS_OK);
  cr_assert(strstr(testhost_log(host), "rule 1 of masking_rules hides nothing"), "%s", testhost_log(host));
  testhost_arg(host, "mask", "emial=hash");
  cr_assert_eq(clone_on(host), CLXS_E_USAGE);
  cr_assert(strstr(call->core->error(call)->message, "has a column emial"));
}

Test(clone_mask, a_shallow_clone_can_hide_nothing)
{
  HOST host = clone_host(IN_SCHEMA("prod", PEOPLE));

  testhost_arg(host, "mask", "email=hash");
  testhost_arg(host, "clone-type", "SHALLOW");
  cr_assert_eq(clone_on(host), CLXS_E_USAGE);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0);
}

Test(clone_mask, an_earlier_copy_is_warned_of_or_dropped)
{
  for (int force = 0; force < 2; force++) {
    HOST host = clone_host(IN_SCHEMA("prod", PEOPLE));
    CLEANUP_JSON struct json_object *summary = NULL;
    bool warned;

    testhost_catalog(host, IN_SCHEMA("dev", PEOPLE));
    testhost_arg(host, "mask", "email=null");
    if (force) testhost_arg(host, "force-reclone", "true");
    cr_assert_eq(clone_on(host), CLXS_OK);
    cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "DROP TABLE IF EXISTS `dev`.`s`.`people`"), force);
    cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "DROP*`other`"), 0);
    summary = clone_summary(host);
    warned = strstr(json_text(json_get(summary, "warnings")), "time travel") != NULL;
    cr_assert_eq(warned, !force);
  }
}
