/* SPDX-License-Identifier: Apache-2.0 */
/* The checks on a scripted host: what is asked, how it is judged, what is left behind. */
#include <criterion/criterion.h>

#include "base/json.h"
#include "base/str.h"
#include "testhost/testhost.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

#define UC "GET /api/2.1/unity-catalog/"
#define GRANTS(principal, privileges) \
  "{\"privilege_assignments\":[{\"principal\":\"" principal "\",\"privileges\":[" privileges "]}]}"
#define MAY(privilege) "{\"privilege\":\"" privilege "\"}"
#define READ MAY("USE_CATALOG") "," MAY("USE_SCHEMA") "," MAY("SELECT")

/* The user ann of the group team; a source that others own; no destination. Nothing is granted. */
static struct testhost *
preflight_host(void)
{
  struct testhost *host = testhost_new();

  testhost_arg(host, "source", "prod");
  testhost_arg(host, "dest", "dev");
  testhost_format(host, CLXS_FORMAT_JSON);
  testhost_config(host, "warehouse_id", "w1");
  testhost_catalog(host,
                   "{\"name\":\"prod\",\"owner\":\"boss\",\"schemas\":[{\"name\":\"s1\",\"owner\":\"boss\"},"
                   "{\"name\":\"s2\",\"owner\":\"ann\"}]}");
  testhost_rest(host, "GET /api/2.0/preview/scim/v2/Me*", 200,
                "{\"userName\":\"ann\",\"groups\":[{\"display\":\"team\"}]}");
  testhost_rest(host, "GET /api/2.0/sql/warehouses/w1", 200,
                "{\"id\":\"w1\",\"name\":\"w\",\"state\":\"RUNNING\"}");
  testhost_rest(host, UC "metastore_summary", 200, "{\"metastore_id\":\"m\",\"owner\":\"boss\"}");
  testhost_rest(host, UC "effective-permissions/*", 200, "{}");
  return host;
}

static clxs_status
preflight_on(struct testhost *host)
{
  return clxs_plugin_v1()->commands[0]->run(NULL, testhost_call(host));
}

static void
assert_check(struct testhost *host, const char *name, const char *status, const char *detail)
{
  const char *text = testhost_document(host);
  CLEANUP_JSON struct json_object *document = json_parse(text, strlen(text), NULL, NULL);
  struct json_object *checks = json_get_array(document, "checks");

  for (size_t i = 0; i < json_length(checks); i++) {
    struct json_object *check = json_item(checks, i);

    if (!str_eq(json_get_text(check, "check"), name)) continue;
    cr_assert_str_eq(json_get_text(check, "status"), status, "%s: %s", name, text);
    if (detail) cr_assert(strstr(json_text(check), detail), "%s: %s", name, json_text(check));
    return;
  }
  cr_assert_fail("%s was not checked: %s", name, text);
}

Test(preflight, what_a_group_was_granted_counts)
{
  HOST host = preflight_host();

  testhost_rest(host, UC "effective-permissions/catalog/prod*", 200, GRANTS("team", READ));
  testhost_rest(host, UC "effective-permissions/metastore/m*", 200,
                GRANTS("account users", MAY("CREATE_CATALOG")));
  cr_assert_eq(preflight_on(host), CLXS_OK);
  assert_check(host, "source readable", "OK", NULL);
  assert_check(host, "destination writable", "OK", "you may create it");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "SELECT *"),
               testhost_sent_count(host, TESTHOST_SQL, NULL), "nothing may be changed");
  cr_assert_leq(testhost_sent_count(host, TESTHOST_REST, NULL), 8);
}

Test(preflight, what_others_were_granted_does_not_count)
{
  HOST host = preflight_host();

  testhost_rest(host, UC "effective-permissions/catalog/prod*", 200, GRANTS("bob", READ));
  cr_assert_eq(preflight_on(host), CLXS_E_DENIED);
  assert_check(host, "source readable", "FAIL", "USE CATALOG is missing on prod");
  assert_check(host, "source readable", "FAIL",
               "GRANT USE CATALOG, USE SCHEMA, SELECT ON CATALOG `prod` TO `ann`");
  assert_check(host, "destination writable", "FAIL", "CREATE CATALOG is missing on the metastore");
}

Test(preflight, schemas_are_looked_at_where_the_catalog_grants_too_little)
{
  HOST host = preflight_host();

  testhost_rest(host, UC "effective-permissions/catalog/prod*", 200, GRANTS("ann", MAY("USE_CATALOG")));
  testhost_rest(host, UC "effective-permissions/metastore/m*", 200, GRANTS("ann", MAY("CREATE_CATALOG")));
  cr_assert_eq(preflight_on(host), CLXS_E_DENIED);
  assert_check(host, "source readable", "FAIL", "USE SCHEMA is missing on s1\"");

  testhost_rest(host, UC "effective-permissions/schema/prod.s1*", 200, GRANTS("ann", MAY("USE_SCHEMA")));
  cr_assert_eq(preflight_on(host), CLXS_OK);
  assert_check(host, "source readable", "WARN", "SELECT is not granted on all of s1\"");
}

Test(preflight, a_schema_that_is_left_out_needs_no_privilege)
{
  HOST host = preflight_host();

  testhost_arg(host, "exclude-schemas", "s1");
  testhost_rest(host, UC "effective-permissions/catalog/prod*", 200, GRANTS("ann", MAY("USE_CATALOG")));
  testhost_rest(host, UC "effective-permissions/metastore/m*", 200, GRANTS("ann", MAY("CREATE_CATALOG")));
  cr_assert_eq(preflight_on(host), CLXS_OK);
  assert_check(host, "source readable", "OK", NULL);
}

Test(preflight, a_destination_needs_create_schema_only_where_one_is_made)
{
  HOST host = preflight_host();

  testhost_rest(host, UC "effective-permissions/catalog/prod*", 200, GRANTS("ann", READ));
  testhost_rest(host, UC "effective-permissions/catalog/dev*", 200, GRANTS("ann", READ "," MAY("MODIFY")));
  testhost_catalog(host,
                   "{\"name\":\"dev\",\"owner\":\"boss\",\"schemas\":[{\"name\":\"s1\",\"owner\":\"ann\"}]}");
  cr_assert_eq(preflight_on(host), CLXS_E_DENIED);
  assert_check(host, "destination writable", "FAIL",
               "CREATE SCHEMA is missing on dev, which has no schema s2 yet");

  testhost_catalog(host,
                   "{\"name\":\"dev\",\"owner\":\"boss\",\"schemas\":[{\"name\":\"s1\",\"owner\":\"ann\"},"
                   "{\"name\":\"s2\",\"owner\":\"boss\"}]}");
  cr_assert_eq(preflight_on(host), CLXS_OK);
  assert_check(host, "destination writable", "WARN", "needed on 1 schema of others");
}

Test(preflight, what_cannot_be_read_is_a_warning_and_not_a_verdict)
{
  HOST host = preflight_host();

  testhost_rest(host, UC "effective-permissions/*", 403,
                "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no\"}");
  cr_assert_eq(preflight_on(host), CLXS_OK);
  assert_check(host, "source readable", "WARN", "not told");
  assert_check(host, "destination writable", "WARN", "CREATE CATALOG");
}

Test(preflight, a_mirror_takes_no_copy)
{
  HOST host = preflight_host();

  testhost_rest(host, UC "effective-permissions/catalog/prod*", 200, GRANTS("ann", MAY("ALL_PRIVILEGES")));
  testhost_catalog(
      host, "{\"name\":\"dev\",\"owner\":\"ann\",\"catalog_type\":\"FOREIGN_CATALOG\",\"schemas\":[]}");
  cr_assert_eq(preflight_on(host), CLXS_E_UNSUPPORTED);
  assert_check(host, "destination writable", "FAIL", "FOREIGN_CATALOG");
}

Test(preflight, the_warehouse_s_state_is_told)
{
  static const struct {
    const char *body, *level;
    int32_t http;
    clxs_status status;
  } cases[] = {
      {"{\"state\":\"STARTING\"}", "WARN", 200, CLXS_OK},
      {"{\"state\":\"STOPPED\"}", "WARN", 200, CLXS_OK},
      {"{\"state\":\"DELETED\"}", "FAIL", 200, CLXS_E_CONFIG},
      {"{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"no\"}", "FAIL", 404, CLXS_E_CONFIG},
      {"{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no\"}", "FAIL", 403, CLXS_E_DENIED},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = preflight_host();

    testhost_rest(host, UC "effective-permissions/*", 200, GRANTS("ann", MAY("ALL_PRIVILEGES")));
    testhost_rest(host, "GET /api/2.0/sql/warehouses/w1", cases[i].http, cases[i].body);
    cr_assert_eq(preflight_on(host), cases[i].status, "%s", cases[i].body);
    assert_check(host, "warehouse", cases[i].level, NULL);
  }
}

Test(preflight, nobody_there_ends_the_checks)
{
  HOST host = preflight_host();

  testhost_rest(host, "GET /api/2.0/preview/scim/v2/Me*", 503,
                "{\"error_code\":\"TEMPORARILY_UNAVAILABLE\"}");
  cr_assert_eq(preflight_on(host), CLXS_E_UNAVAILABLE);
  cr_assert_eq(testhost_sent_count(host, 0, NULL), 1);
}

Test(preflight, a_write_check_cleans_up)
{
  HOST host = preflight_host();

  testhost_arg(host, "write-check", "true");
  testhost_rest(host, UC "effective-permissions/*", 200, GRANTS("ann", MAY("ALL_PRIVILEGES")));
  testhost_catalog(host, "{\"name\":\"dev\",\"owner\":\"ann\",\"schemas\":[]}");
  testhost_sql(host, "*", NULL);
  cr_assert_eq(preflight_on(host), CLXS_OK);
  assert_check(host, "write check", "OK", NULL);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "CREATE SCHEMA IF NOT EXISTS `dev`.`clxs_preflight_*"),
               1);
  cr_assert_eq(
      testhost_sent_count(host, TESTHOST_SQL, "DROP SCHEMA IF EXISTS `dev`.`clxs_preflight_* RESTRICT"), 1);

  testhost_sql_error(host, "CREATE SCHEMA*", CLXS_E_LOST, NULL, "the reply was lost");
  cr_assert_eq(preflight_on(host), CLXS_E_LOST);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "DROP SCHEMA*"), 2, "it may have been made");

  testhost_sql_error(host, "CREATE SCHEMA*", CLXS_E_DENIED, "INSUFFICIENT_PERMISSIONS", "no");
  cr_assert_eq(preflight_on(host), CLXS_E_DENIED);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, "DROP SCHEMA*"), 2, "it was not made");
}

Test(preflight, a_catalog_is_not_cloned_onto_itself)
{
  HOST host = preflight_host();

  testhost_arg_clear(host, "dest");
  testhost_arg(host, "dest", "Prod");
  cr_assert_eq(preflight_on(host), CLXS_E_USAGE);
  cr_assert_eq(testhost_sent_count(host, 0, NULL), 0);
}

static size_t
statements(struct testhost *host)
{
  return testhost_sent_count(host, TESTHOST_SQL, NULL);
}

Test(preflight, a_warehouse_that_sleeps_is_not_woken)
{
  HOST host = preflight_host();

  testhost_rest(host, "GET /api/2.0/sql/warehouses/w1", 200,
                "{\"id\":\"w1\",\"name\":\"w\",\"state\":\"STOPPED\"}");
  preflight_on(host);
  assert_check(host, "warehouse", "WARN", "STOPPED");
  assert_check(host, "objects", "OK", "not counted");
  cr_assert_eq(statements(host), 0);
}

Test(preflight, what_cannot_be_cloned_is_counted)
{
  HOST host = preflight_host();

  testhost_arg(host, "exclude-schemas", "left_out");
  testhost_arg(host, "protected-tables", "fail");
  testhost_sql(
      host, "SELECT table_schema, table_type, count(*)*",
      "{\"columns\":[\"s\",\"t\",\"n\"],\"rows\":[[\"s1\",\"MANAGED\",\"3\"],[\"s1\",\"VIEW\",\"1\"],"
      "[\"s1\",\"STREAMING_TABLE\",\"2\"],[\"left_out\",\"MANAGED\",\"9\"]]}");
  testhost_sql(host, "SELECT * FROM `prod`.`information_schema`.`row_filters`",
               "{\"columns\":[\"c\",\"s\",\"t\"],\"rows\":[[\"prod\",\"s1\",\"a\"]]}");
  testhost_sql(
      host, "SELECT * FROM `prod`.`information_schema`.`column_masks`",
      "{\"columns\":[\"c\",\"s\",\"t\"],\"rows\":[[\"prod\",\"s1\",\"a\"],[\"prod\",\"left_out\",\"b\"]]}");
  preflight_on(host);
  assert_check(host, "objects", "WARN",
               "3 tables, 1 view; cannot be cloned: 2 streaming tables; 1 table has a row filter or a mask");
  assert_check(host, "objects", "WARN", "--protected-tables skip");
}

Test(preflight, tables_are_looked_at_where_a_schema_grants_no_select)
{
  HOST host = preflight_host();

  testhost_rest(host, UC "effective-permissions/catalog/prod*", 200,
                GRANTS("ann", MAY("USE_CATALOG") "," MAY("USE_SCHEMA")));
  testhost_rest(host, UC "effective-permissions/schema/prod.s1*", 200, GRANTS("ann", MAY("USE_SCHEMA")));
  testhost_rest(host, UC "effective-permissions/metastore/m*", 200, GRANTS("ann", MAY("CREATE_CATALOG")));
  testhost_sql(host, "SELECT DISTINCT table_schema, table_owner*",
               "{\"columns\":[\"s\",\"o\"],\"rows\":[[\"s1\",\"boss\"]]}");
  testhost_sql(host, "SELECT DISTINCT table_schema, grantee*",
               "{\"columns\":[\"s\",\"g\"],\"rows\":[[\"s1\",\"bob\"]]}");
  cr_assert_eq(preflight_on(host), CLXS_E_DENIED);
  assert_check(host, "source readable", "FAIL", "SELECT is missing on s1, and on every table there");
  testhost_sql(host, "SELECT DISTINCT table_schema, grantee*",
               "{\"columns\":[\"s\",\"g\"],\"rows\":[[\"s1\",\"team\"]]}");
  cr_assert_eq(preflight_on(host), CLXS_OK);
  assert_check(host, "source readable", "WARN", "SELECT is not granted on all of s1");
}

Test(preflight, a_new_catalog_needs_a_place_for_its_files)
{
  HOST host = preflight_host();

  testhost_rest(host, UC "metastore_summary", 200,
                "{\"metastore_id\":\"m\",\"owner\":\"ann\",\"storage_root\":\"s3://root\"}");
  preflight_on(host);
  assert_check(host, "storage", "OK", "s3://root");
  testhost_arg(host, "location", "s3://bucket/dir/x");
  testhost_rest(
      host, UC "external-locations?*", 200,
      "{\"external_locations\":[{\"name\":\"near\",\"url\":\"s3://bucket/di\",\"owner\":\"ann\"}]}");
  preflight_on(host);
  assert_check(host, "storage", "WARN", "no external location that you see covers s3://bucket/dir/x");
  testhost_rest(
      host, UC "external-locations?*", 200,
      "{\"external_locations\":[{\"name\":\"there\",\"url\":\"s3://bucket/dir/\",\"owner\":\"boss\"}]}");
  cr_assert_eq(preflight_on(host), CLXS_E_DENIED);
  assert_check(host, "storage", "FAIL", "GRANT CREATE MANAGED STORAGE ON EXTERNAL LOCATION `there` TO `ann`");
  testhost_rest(host, UC "effective-permissions/external_location/there*", 200,
                GRANTS("team", MAY("CREATE_MANAGED_STORAGE")));
  preflight_on(host);
  assert_check(host, "storage", "OK", "in the external location there");
}

Test(preflight, all_privileges_do_not_include_manage)
{
  HOST host = preflight_host();

  testhost_arg(host, "permissions", "true");
  testhost_arg(host, "tags", "true");
  testhost_catalog(host, "{\"name\":\"dev\",\"owner\":\"boss\",\"schemas\":[]}");
  testhost_rest(host, UC "effective-permissions/catalog/prod*", 200,
                GRANTS("ann", MAY("ALL_PRIVILEGES") "," MAY("MANAGE")));
  testhost_rest(host, UC "effective-permissions/catalog/dev*", 200, GRANTS("ann", MAY("ALL_PRIVILEGES")));
  cr_assert_eq(preflight_on(host), CLXS_OK);
  assert_check(host, "metadata", "WARN", "MANAGE is missing on dev");
  assert_check(host, "metadata", "WARN", "GRANT MANAGE ON CATALOG `dev` TO `ann`\"");
  testhost_rest(host, UC "effective-permissions/catalog/dev*", 200, GRANTS("ann", READ));
  preflight_on(host);
  assert_check(host, "metadata", "WARN", "APPLY TAG is missing on dev");
}

Test(preflight, names_that_cannot_be_meant_are_refused)
{
  static const char *const names[] = {
      "system", "information_schema", "samples", "hive_metastore", "`dev`", "PROD", "a.b", ""};

  for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
    HOST host = preflight_host();

    testhost_arg_clear(host, "dest");
    testhost_arg(host, "dest", names[i]);
    cr_assert_eq(preflight_on(host), CLXS_E_USAGE, "%s", names[i]);
    cr_assert_eq(testhost_sent_count(host, 0, NULL), 0, "%s", names[i]);
  }
}

Test(preflight, external_copies_need_a_place_too)
{
  HOST host = preflight_host();

  testhost_arg(host, "external-location-template", "s3://bucket/copies/x-{schema}/{name}");
  testhost_rest(
      host, UC "external-locations?*", 200,
      "{\"external_locations\":[{\"name\":\"there\",\"url\":\"s3://bucket/copies\",\"owner\":\"boss\"}]}");
  testhost_rest(host, UC "effective-permissions/external_location/there*", 200,
                GRANTS("ann", MAY("CREATE_EXTERNAL_TABLE")));
  preflight_on(host);
  assert_check(host, "external storage", "WARN",
               "CREATE EXTERNAL VOLUME is missing on the external location there");
}
