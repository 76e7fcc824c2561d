/* SPDX-License-Identifier: Apache-2.0 */
/* Grants of everything in a catalog: what is asked, what is kept, and whose failure a refusal is. */
#include "kit/model/grants.h"

#include <criterion/criterion.h>

#include "base/str.h"
#include "kit/model/model_read.h"
#include "testhost/testhost.h"

#include "base/banned.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *
#define PERMISSIONS "GET /api/2.1/unity-catalog/permissions/"

static const char catalog[] =
    "{\"name\":\"c\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"t?x\",\"table_type\":\"MANAGED\"},"
    "{\"name\":\"v\",\"table_type\":\"VIEW\"}],\"functions\":[{\"name\":\"f\"}],\"volumes\":[{\"name\":\"w\","
    "\"volume_type\":\"MANAGED\"}]}]}";

static struct model_catalog *
read_model(struct testhost *host)
{
  struct model_request request = {.catalog = "c"};

  testhost_catalog(host, catalog);
  testhost_rest(host, PERMISSIONS "*", 200, "{}");
  cr_assert_eq(model_read(testhost_call(host), &request, 1, 4, NULL), CLXS_OK);
  return request.model;
}

static clxs_status
read_grants(struct testhost *host, struct model_catalog *model)
{
  struct model_catalog *const models[] = {model, NULL};

  return model_read_grants(testhost_call(host), models, 2, 4);
}

Test(model_grants, every_object_is_asked_once_under_its_encoded_name)
{
  static const char *const paths[] = {"catalog/c?*",   "schema/c.s?*",     "table/c.s.t%3Fx?*",
                                      "table/c.s.v?*", "function/c.s.f?*", "volume/c.s.w?*"};
  HOST host = testhost_new();
  CLEANUP_MODEL struct model_catalog *model = read_model(host);

  cr_assert_eq(read_grants(host, model), CLXS_OK);
  cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, PERMISSIONS "*"), 6);
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    char pattern[128];

    snprintf(pattern, sizeof pattern, PERMISSIONS "%s", paths[i]);
    cr_assert_eq(testhost_sent_count(host, TESTHOST_REST, pattern), 1, "%s", pattern);
  }
  cr_assert_eq(model->item.grant_count, 0);
  cr_assert_not_null(model->item.grants, "read, and none");
}

Test(model_grants, all_pages_are_kept_in_order_and_once)
{
  static const char *const pages[] = {
      "{\"privilege_assignments\":[{\"principal\":\"zoe\",\"privileges\":[\"use "
      "schema\",\"CREATE_TABLE\"]}]}",
      "{}",
      "{\"privilege_assignments\":[{\"principal\":\"Ada\",\"privileges\":[\"SELECT\"]},{\"principal_id\":7,"
      "\"privileges\":[\"SELECT\"]},{\"principal\":\"zoe\",\"privileges\":[\"USE_SCHEMA\"]}]}"};
  static const char *const wanted[][2] = {{"Ada", "SELECT"}, {"zoe", "CREATE_TABLE"}, {"zoe", "USE_SCHEMA"}};
  HOST host = testhost_new();
  CLEANUP_MODEL struct model_catalog *model = read_model(host);
  const struct model_item *item = &model->schemas.at[0].item;

  testhost_rest_pages(host, PERMISSIONS "schema/c.s*", pages, 3);
  cr_assert_eq(read_grants(host, model), CLXS_OK);
  cr_assert_eq(item->grant_count, 3);
  for (uint32_t i = 0; i < 3; i++) {
    cr_assert_str_eq(item->grants[i].principal, wanted[i][0]);
    cr_assert_str_eq(item->grants[i].privilege, wanted[i][1]);
  }
  cr_assert(model_is_granted(item, "ZOE", "USE SCHEMA"));
  cr_assert_not(model_is_granted(item, "ada", "USE_SCHEMA"));
}

Test(model_grants, one_refusal_is_that_objects_problem)
{
  HOST host = testhost_new();
  CLEANUP_MODEL struct model_catalog *model = read_model(host);
  const struct model_schema *schema = &model->schemas.at[0];

  testhost_rest(host, PERMISSIONS "function/*", 403,
                "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"not yours\"}");
  testhost_rest(host, PERMISSIONS "volume/*", 404,
                "{\"error_code\":\"VOLUME_DOES_NOT_EXIST\",\"message\":\"gone\"}");
  cr_assert_eq(read_grants(host, model), CLXS_OK);
  cr_assert_not_null(strstr(schema->functions.at[0].item.grants_problem, "not yours"));
  cr_assert_null(schema->functions.at[0].item.grants);
  cr_assert_null(schema->volumes.at[0].item.grants_problem, "what is gone has none");
  cr_assert_not_null(schema->tables.at[0].item.grants);
}

Test(model_grants, a_service_out_of_reach_ends_the_reading)
{
  HOST host = testhost_new();
  CLEANUP_MODEL struct model_catalog *model = read_model(host);

  testhost_rest(host, PERMISSIONS "*", 401, "{\"error_code\":\"UNAUTHENTICATED\",\"message\":\"who?\"}");
  cr_assert_eq(read_grants(host, model), CLXS_E_AUTH);
}

Test(model_grants, all_privileges_are_all_but_a_few)
{
  static const struct model_grant all[] = {{"ada", "ALL_PRIVILEGES"}};
  static const char *const apart[] = {"MANAGE", "READ_METADATA", "EXTERNAL_USE_SCHEMA",
                                      "external use location"};
  const struct model_item item = {.grants = all, .grant_count = 1};

  cr_assert(model_is_granted(&item, "ada", "SELECT"));
  cr_assert(model_is_granted(&item, "ada", "ALL PRIVILEGES"));
  cr_assert_not(model_is_granted(&item, "bob", "SELECT"));
  cr_assert_not(model_is_granted(NULL, "ada", "SELECT"));
  for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
    cr_assert_not(model_is_granted(&item, "ada", apart[i]), "%s", apart[i]);
}
