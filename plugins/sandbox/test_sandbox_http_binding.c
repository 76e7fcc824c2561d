/* SPDX-License-Identifier: Apache-2.0 */
/* Two workspaces of one metastore: what they share, what each has for itself, and what an isolated catalog
 * shows to whom. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "base/str.h"
#include "test_sandbox_client.h"

#define EU "dapi-eu"

static struct sandbox *eu;

static void
setup_two(void)
{
  struct sandbox_user user = {.name = SANDBOX_ADMIN, .token = EU};
  struct sandbox_options options = {.users = &user, .user_count = 1, .name = "eu"};
  char *why = NULL;

  setup();
  options.store = box->store;
  cr_assert(sandbox_open(&options, &eu, &why), "%s", why);
  cr_assert(sandbox_listen(eu, &why), "%s", why);
}

static void
teardown_two(void)
{
  sandbox_close(eu);
  teardown();
}

TestSuite(binding, .init = setup_two, .fini = teardown_two);

/* Ask the second workspace. */
static long
ask_eu(const char *method, const char *path, const char *body)
{
  char url[512];

  snprintf(url, sizeof url, "%s%s", eu->url, path);
  return ask(method, url, EU, body);
}

static void
must(const char *method, const char *path, const char *body)
{
  cr_assert_eq(ask(method, path, ADMIN, body), 200, "%s %s: %ld %s", method, path, answer.status,
               answer.body);
}

Test(binding, a_metastore_is_shared_and_a_workspace_is_not)
{
  char first[64];

  must("POST", UNITY "catalogs", "{\"name\":\"c\"}");
  cr_assert_eq(ask_eu("GET", UNITY "catalogs/c", NULL), 200);
  snprintf(first, sizeof first, "%s", json_get_text(get(UNITY "metastore_summary"), "metastore_id"));
  cr_assert_eq(ask_eu("GET", UNITY "current-metastore-assignment", NULL), 200);
  cr_assert_str_eq(json_get_text(answer.json, "metastore_id"), first);
  cr_assert_neq(json_get_int(answer.json, "workspace_id", 0), SANDBOX_WORKSPACE_NUMBER);
  cr_assert_eq(ask_eu("GET", "/api/2.0/sql/warehouses/sandbox", NULL), 404);
  cr_assert_eq(ask_eu("GET", "/api/2.0/sql/warehouses/eu", NULL), 200);
  cr_assert_eq(ask("GET", "/api/2.0/sql/warehouses/eu", ADMIN, NULL), 404);
  cr_assert_eq(ask("GET", UNITY "catalogs", EU, NULL), 403, "a token is its workspace's");
}

Test(binding, an_isolated_catalog_is_for_the_workspaces_it_is_bound_to)
{
  char body[128];

  must("POST", UNITY "catalogs", "{\"name\":\"c\"}");
  must("PATCH", UNITY "catalogs/c", "{\"isolation_mode\":\"ISOLATED\"}");
  must("GET", UNITY "catalogs/c", NULL);
  cr_assert_eq(ask_eu("GET", UNITY "catalogs/c", NULL), 403);
  cr_assert_str_eq(error_code(), "PERMISSION_DENIED");
  cr_assert_not_null(strstr(answer.body, "Catalog 'c' is not accessible in current workspace"));
  cr_assert_eq(ask_eu("GET", UNITY "schemas?catalog_name=c", NULL), 403);
  cr_assert_eq(ask_eu("PATCH", UNITY "catalogs/c", "{\"comment\":\"x\"}"), 403);
  cr_assert_eq(ask_eu("DELETE", UNITY "catalogs/c?force=true", NULL), 403);
  cr_assert_eq(ask_eu("GET", UNITY "catalogs", NULL), 200);
  cr_assert_null(strstr(joined(answer.json, "catalogs", "name"), "c,"));
  cr_assert_eq(ask_eu("GET", UNITY "catalogs?include_unbound=true", NULL), 200);
  cr_assert_not_null(strstr(answer.body, "\"accessible_in_current_workspace\":false"));
  snprintf(body, sizeof body, "{\"add\":[{\"workspace_id\":%s}]}", eu->workspace_id);
  cr_assert_eq(ask_eu("PATCH", UNITY "bindings/catalog/c", body), 200,
               "who manages it may bind it from anywhere");
  cr_assert_eq(json_length(json_get_array(answer.json, "bindings")), 2);
  cr_assert_eq(ask_eu("PATCH", UNITY "catalogs/c", "{\"comment\":\"x\"}"), 200);
}

Test(binding, a_catalog_that_is_bound_for_reading_is_not_written_to)
{
  char body[160];

  must("POST", UNITY "catalogs", "{\"name\":\"c\"}");
  must("PATCH", UNITY "catalogs/c", "{\"isolation_mode\":\"ISOLATED\"}");
  snprintf(body, sizeof body, "{\"add\":[{\"workspace_id\":%s,\"binding_type\":\"BINDING_TYPE_READ_ONLY\"}]}",
           eu->workspace_id);
  must("PATCH", UNITY "bindings/catalog/c", body);
  cr_assert_eq(ask_eu("GET", UNITY "catalogs/c", NULL), 200);
  cr_assert_eq(ask_eu("POST", UNITY "schemas", "{\"name\":\"s\",\"catalog_name\":\"c\"}"), 403);
  must("POST", UNITY "schemas", "{\"name\":\"s\",\"catalog_name\":\"c\"}");
}

Test(binding, what_is_open_again_is_everybodys)
{
  must("POST", UNITY "catalogs", "{\"name\":\"c\"}");
  must("PATCH", UNITY "catalogs/c", "{\"isolation_mode\":\"ISOLATED\"}");
  must("PATCH", UNITY "catalogs/c", "{\"isolation_mode\":\"OPEN\"}");
  cr_assert_eq(ask_eu("GET", UNITY "catalogs/c", NULL), 200);
}
