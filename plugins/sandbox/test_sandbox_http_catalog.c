/* SPDX-License-Identifier: Apache-2.0 */
/* Unity Catalog over REST: shapes, paging, names, privileges, refusals. Objects are made by REST alone. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "test_sandbox_client.h"

static void
setup_pages(void)
{
  setup_with((struct sandbox_options){.page_size = 2});
}

TestSuite(catalog, .init = setup_pages, .fini = teardown);

static void
must(const char *method, const char *path, const char *body)
{
  cr_assert_eq(ask(method, path, ADMIN, body), 200, "%s %s: %ld %s", method, path, answer.status,
               answer.body);
}

/* An external Delta table c.s.t with a key, made with everything it needs. */
static void
make_table(void)
{
  must("POST", UNITY "catalogs", "{\"name\":\"c\"}");
  must("POST", UNITY "schemas", "{\"name\":\"s\",\"catalog_name\":\"c\"}");
  must("POST", UNITY "storage-credentials",
       "{\"name\":\"cred\",\"aws_iam_role\":{\"role_arn\":\"arn:aws:iam::1:role/x\"}}");
  must("POST", UNITY "external-locations",
       "{\"name\":\"loc\",\"url\":\"s3://bucket/\",\"credential_name\":\"cred\"}");
  must("POST", UNITY "tables",
       "{\"name\":\"T\",\"catalog_name\":\"c\",\"schema_name\":\"s\",\"table_type\":\"EXTERNAL\","
       "\"data_source_format\":\"DELTA\",\"storage_location\":\"s3://bucket/t\",\"properties\":{\"k\":\"v\"},"
       "\"columns\":[{\"name\":\"Id\",\"type_text\":\"BIGINT\",\"nullable\":false,\"comment\":\"key\"},"
       "{\"name\":\"amount\",\"type_text\":\"decimal(10,2)\"}]}");
}

Test(catalog, create_answers_the_object)
{
  struct json_object *c;

  must("POST", UNITY "catalogs", "{\"name\":\"Größe\",\"comment\":\"c\",\"properties\":{\"a\":\"b\"}}");
  c = answer.json;
  cr_assert_str_eq(json_get_text(c, "name"), "größe", "names are stored in lower case");
  cr_assert_str_eq(json_get_text(c, "full_name"), "größe");
  cr_assert_str_eq(json_get_text(c, "owner"), "admin@example.com");
  cr_assert_str_eq(json_get_text(c, "catalog_type"), "MANAGED_CATALOG");
  cr_assert_str_eq(json_get_text(c, "isolation_mode"), "OPEN");
  cr_assert_str_eq(json_get_text(json_get(c, "properties"), "a"), "b");
  cr_assert(json_get_int(c, "created_at", 0) > 0);
  get(UNITY "catalogs/GR%C3%96%C3%9FE");
  cr_assert_eq(ask("POST", UNITY "catalogs", ADMIN, "{\"name\":\"GRÖßE\"}"), 400);
  cr_assert_str_eq(error_code(), "CATALOG_ALREADY_EXISTS");
}

Test(catalog, names_are_checked)
{
  static const char *const bodies[] = {"{\"name\":\"a.b\"}", "{\"name\":\"a b\"}", "{\"name\":\"a/b\"}",
                                       "{\"name\":\"a\\tb\"}", "{\"name\":\"a\\u007f\"}"};

  for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
    cr_expect_eq(ask("POST", UNITY "catalogs", ADMIN, bodies[i]), 400, "%s: %s", bodies[i], answer.body);
    cr_expect_str_eq(error_code(), "INVALID_PARAMETER_VALUE", "%s", answer.body);
  }
  must("POST", UNITY "catalogs", "{\"name\":\"q?#%\"}");
  get(UNITY "catalogs/q%3F%23%25");
  cr_assert_eq(ask("GET", UNITY "schemas/only_one_part", ADMIN, NULL), 400);
}

Test(catalog, pages)
{
  CLEANUP_BUF struct buf path = BUF_INIT(4096), all = BUF_INIT(4096);
  const char *token;

  for (char name = 'a'; name <= 'e'; name++) {
    char body[64];

    snprintf(body, sizeof body, "{\"name\":\"%c\",\"catalog_name\":\"main\"}", name);
    must("POST", UNITY "schemas", body);
  }
  get(UNITY "schemas?catalog_name=main");
  cr_assert_str_eq(joined(answer.json, "schemas", "name"), "a,b,c,d,default,e,information_schema");
  cr_assert_null(json_get(answer.json, "next_page_token"), "unset: everything");
  buf_add_text(&path, UNITY "schemas?catalog_name=main&max_results=0");
  do {
    get(path.data);
    buf_addf(&all, "%s;", joined(answer.json, "schemas", "name"));
    token = json_get_text(answer.json, "next_page_token");
    buf_reset(&path);
    buf_addf(&path, UNITY "schemas?max_results=3&page_token=%s&catalog_name=main", token ? token : "");
  } while (token);
  cr_assert_str_eq(all.data, "a,b;c,d,default;e,information_schema;");
}

Test(catalog, tokens_belong_to_their_list)
{
  CLEANUP_BUF struct buf path = BUF_INIT(4096);

  get(UNITY "schemas?catalog_name=main&max_results=1");
  buf_addf(&path, UNITY "schemas?catalog_name=system&max_results=1&page_token=%s",
           json_get_text(answer.json, "next_page_token"));
  cr_assert_eq(ask("GET", path.data, ADMIN, NULL), 400);
  cr_assert_str_eq(error_code(), "INVALID_PARAMETER_VALUE");
}

Test(catalog, pages_can_be_empty_with_a_token_when_filtered)
{
  CLEANUP_BUF struct buf path = BUF_INIT(4096);
  const char *token;
  int empty = 0, seen = 0;

  for (char name = 'a'; name <= 'f'; name++) {
    char body[64];

    snprintf(body, sizeof body, "{\"name\":\"%c\"}", name);
    must("POST", UNITY "catalogs", body);
  }
  must("PATCH", UNITY "permissions/catalog/f",
       "{\"changes\":[{\"principal\":\"bob@example.com\",\"add\":[\"USE_CATALOG\"]}]}");
  buf_add_text(&path, UNITY "catalogs?max_results=2");
  do {
    cr_assert_eq(ask("GET", path.data, BOB, NULL), 200);
    token = json_get_text(answer.json, "next_page_token");
    if (json_length(json_get_array(answer.json, "catalogs")) == 0 && token) empty++;
    if (strstr(joined(answer.json, "catalogs", "name"), "f")) seen++;
    buf_reset(&path);
    buf_addf(&path, UNITY "catalogs?max_results=2&page_token=%s", token ? token : "");
  } while (token);
  cr_assert(empty >= 1, "bob sees only the last one");
  cr_assert_eq(seen, 1);
}

Test(catalog, table_get_is_complete_and_list_leaves_constraints_out)
{
  struct json_object *t, *column;

  make_table();
  must("POST", UNITY "constraints",
       "{\"full_name_arg\":\"c.s.t\",\"constraint\":{\"primary_key_constraint\":{\"name\":\"pk\",\"child_"
       "columns\":"
       "[\"id\"],\"rely\":true}}}");
  t = get(UNITY "tables/c.s.t");
  cr_assert_str_eq(json_get_text(t, "table_type"), "EXTERNAL");
  cr_assert_str_eq(json_get_text(t, "data_source_format"), "DELTA");
  cr_assert_str_eq(json_get_text(t, "storage_location"), "s3://bucket/t");
  cr_assert_str_eq(json_get_text(json_get(t, "properties"), "k"), "v");
  column = json_item(json_get_array(t, "columns"), 0);
  cr_assert_str_eq(json_get_text(column, "name"), "Id", "columns keep their case");
  cr_assert_str_eq(json_get_text(column, "type_text"), "bigint");
  cr_assert_str_eq(json_get_text(column, "type_name"), "LONG");
  cr_assert_not(json_get_bool(column, "nullable", true));
  cr_assert(strstr(json_get_text(column, "type_json"), "\"type\":\"long\""));
  column = json_item(json_get_array(t, "columns"), 1);
  cr_assert_eq(json_get_int(column, "type_precision", 0), 10);
  cr_assert_eq(json_get_int(column, "position", 0), 1);
  cr_assert(
      strstr(json_text(json_get(t, "table_constraints")), "\"primary_key_constraint\":{\"name\":\"pk\""));
  t = json_item(json_get_array(get(UNITY "tables?catalog_name=c&schema_name=s"), "tables"), 0);
  cr_assert_not_null(json_get(t, "columns"));
  cr_assert_null(json_get(t, "table_constraints"));
  t = json_item(
      json_get_array(get(UNITY "tables?catalog_name=c&schema_name=s&omit_columns=true&omit_properties=true"),
                     "tables"),
      0);
  cr_assert_null(json_get(t, "columns"));
  cr_assert_null(json_get(t, "properties"));
}

Test(catalog, table_calls)
{
  make_table();
  get(UNITY "tables/c.s.t/exists");
  cr_assert(json_get_bool(answer.json, "table_exists", false));
  get(UNITY "tables/c.s.nope/exists");
  cr_assert_not(json_get_bool(answer.json, "table_exists", true));
  cr_assert_eq(ask("GET", UNITY "tables/c.s.nope", ADMIN, NULL), 404);
  cr_assert_str_eq(error_code(), "TABLE_DOES_NOT_EXIST");
  cr_assert(strstr(answer.body, "Table 'c.s.nope' does not exist."));
  get(UNITY "table-summaries?catalog_name=c&table_name_pattern=%25");
  cr_assert_str_eq(joined(answer.json, "tables", "full_name"), "c.s.t");
  must("PATCH", UNITY "tables/c.s.t", "{\"owner\":\"bob@example.com\"}");
  cr_assert_str_eq(json_get_text(answer.json, "owner"), "bob@example.com");
  cr_assert_eq(ask("PATCH", UNITY "tables/c.s.t", ADMIN, "{\"comment\":\"x\"}"), 400);
  cr_assert_eq(ask("DELETE", UNITY "schemas/c.s", ADMIN, NULL), 400);
  cr_assert_str_eq(error_code(), "SCHEMA_NOT_EMPTY");
  must("DELETE", UNITY "tables/c.s.t", NULL);
  must("DELETE", UNITY "schemas/c.s", NULL);
  must("DELETE", UNITY "catalogs/c?force=true", NULL);
}

Test(catalog, only_external_delta_tables_are_created)
{
  make_table();
  cr_assert_eq(ask("POST", UNITY "tables", ADMIN,
                   "{\"name\":\"m\",\"catalog_name\":\"c\",\"schema_name\":\"s\",\"table_type\":\"MANAGED\","
                   "\"data_source_format\":\"DELTA\",\"storage_location\":\"s3://bucket/m\"}"),
               400);
  cr_assert_eq(ask("POST", UNITY "tables", ADMIN,
                   "{\"name\":\"m\",\"catalog_name\":\"c\",\"schema_name\":\"s\",\"table_type\":\"EXTERNAL\","
                   "\"data_source_format\":\"DELTA\",\"storage_location\":\"s3://bucket/t/below\"}"),
               400, "locations must not overlap");
  cr_assert_eq(
      ask("POST", UNITY "tables", ADMIN,
          "{\"name\":\"m\",\"catalog_name\":\"c\",\"schema_name\":\"s\",\"table_type\":\"EXTERNAL\","
          "\"data_source_format\":\"DELTA\",\"storage_location\":\"s3://bucket/m\",\"columns\":[{\"name\":"
          "\"a\",\"type_text\":\"int\",\"mask\":{\"function_name\":\"c.s.f\"}}]}"),
      400);
}

Test(catalog, grants)
{
  struct json_object *entry;

  make_table();
  must("PATCH", UNITY "permissions/TABLE/c.s.t",
       "{\"changes\":[{\"principal\":\"bob@example.com\",\"add\":[\"SELECT\",\"apply tag\"]}]}");
  cr_assert_str_eq(json_text(json_get(answer.json, "privilege_assignments")),
                   "[{\"principal\":\"bob@example.com\",\"privileges\":[\"APPLY_TAG\",\"SELECT\"]}]");
  must("PATCH", UNITY "permissions/catalog/c",
       "{\"changes\":[{\"principal\":\"account "
       "users\",\"add\":[\"MODIFY\"]}],\"omit_permissions_in_response\":true}");
  cr_assert_str_eq(answer.body, "{}");
  get(UNITY "effective-permissions/table/c.s.t?principal=account%20users");
  entry = json_item(
      json_get_array(json_item(json_get_array(answer.json, "privilege_assignments"), 0), "privileges"), 0);
  cr_assert_str_eq(json_get_text(entry, "privilege"), "MODIFY");
  cr_assert_str_eq(json_get_text(entry, "inherited_from_type"), "CATALOG");
  cr_assert_str_eq(json_get_text(entry, "inherited_from_name"), "c");
  get(UNITY "effective-privilege-assignments/table/c.s.t");
  cr_assert_not_null(json_get_array(answer.json, "effective_privilege_assignments"));
  must("PATCH", UNITY "permissions/table/c.s.t",
       "{\"changes\":[{\"principal\":\"bob@example.com\",\"remove\":[\"SELECT\"]}]}");
  get(UNITY "privilege-assignments/table/c.s.t");
  cr_assert_str_eq(json_text(json_get(answer.json, "privilege_assignments")),
                   "[{\"principal\":\"bob@example.com\",\"privileges\":[\"APPLY_TAG\"]}]");
}

Test(catalog, grants_are_checked)
{
  static const struct {
    const char *path, *body;
    long status;
    const char *code;
  } cases[] = {
      {"permissions/table/c.s.t", "{\"principal\":\"nobody@x\",\"add\":[\"SELECT\"]}", 404,
       "PRINCIPAL_DOES_NOT_EXIST"},
      {"permissions/table/c.s.t", "{\"principal\":\"admins\",\"add\":[\"FLY\"]}", 400,
       "INVALID_PARAMETER_VALUE"},
      {"permissions/table/c.s.t", "{\"principal\":\"admins\",\"add\":[\"USE_CATALOG\"]}", 400,
       "INVALID_PARAMETER_VALUE"},
      {"permissions/table/c.s.t", "{\"principal\":\"admins\",\"add\":[\"SELECT\"],\"remove\":[\"SELECT\"]}",
       400, "INVALID_PARAMETER_VALUE"},
      {"permissions/table/c.s.t", "{\"add\":[\"SELECT\"]}", 400, "INVALID_PARAMETER_VALUE"},
      {"permissions/table/c.s.nope", "{\"principal\":\"admins\",\"add\":[\"SELECT\"]}", 404,
       "TABLE_DOES_NOT_EXIST"},
      {"permissions/planet/c.s.t", "{\"principal\":\"admins\",\"add\":[\"SELECT\"]}", 400,
       "INVALID_PARAMETER_VALUE"},
  };

  make_table();
  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    CLEANUP_BUF struct buf path = BUF_INIT(256), body = BUF_INIT(1024);

    buf_addf(&path, UNITY "%s", cases[i].path);
    buf_addf(&body, "{\"changes\":[%s]}", cases[i].body);
    cr_expect_eq(ask("PATCH", path.data, ADMIN, body.data), cases[i].status, "%s: %s", cases[i].body,
                 answer.body);
    cr_expect_str_eq(error_code(), cases[i].code, "%s: %s", cases[i].body, answer.body);
  }
  cr_assert_eq(ask("GET", UNITY "permissions/table/c.s.t?max_results=10", ADMIN, NULL), 400);
  cr_assert_eq(ask("GET", UNITY "permissions/table/c.s.t?max_results=150", ADMIN, NULL), 200);
  cr_assert_eq(ask("GET", UNITY "privilege-assignments/table/c.s.t?page_size=10", ADMIN, NULL), 400);
}

Test(catalog, a_second_user_is_refused)
{
  make_table();
  cr_assert_eq(ask("GET", UNITY "catalogs/c", BOB, NULL), 403);
  cr_assert_str_eq(error_code(), "PERMISSION_DENIED");
  cr_assert_eq(ask("GET", UNITY "tables/c.s.t", BOB, NULL), 403);
  cr_assert_eq(ask("GET", UNITY "tables/c.s.t/exists", BOB, NULL), 403);
  cr_assert_eq(ask("POST", UNITY "catalogs", BOB, "{\"name\":\"mine\"}"), 403);
  cr_assert_eq(ask("DELETE", UNITY "tables/c.s.t", BOB, NULL), 403);
  cr_assert_eq(ask("PATCH", UNITY "permissions/table/c.s.t", BOB,
                   "{\"changes\":[{\"principal\":\"bob@example.com\",\"add\":[\"SELECT\"]}]}"),
               403);
  ask("GET", UNITY "catalogs", BOB, NULL);
  cr_assert(!strstr(answer.body, "\"name\":\"c\""));
}

Test(catalog, browse_shows_only_when_asked)
{
  make_table();
  must("PATCH", UNITY "permissions/catalog/c",
       "{\"changes\":[{\"principal\":\"bob@example.com\",\"add\":[\"BROWSE\"]}]}");
  ask("GET", UNITY "catalogs", BOB, NULL);
  cr_assert(!strstr(answer.body, "\"name\":\"c\""));
  ask("GET", UNITY "catalogs?include_browse=true", BOB, NULL);
  cr_assert(strstr(answer.body, "\"name\":\"c\""));
  cr_assert(strstr(answer.body, "\"browse_only\":true"));
  cr_assert_eq(ask("GET", UNITY "catalogs/c", BOB, NULL), 403);
  cr_assert_eq(ask("GET", UNITY "catalogs/c?include_browse=true", BOB, NULL), 200);
}

Test(catalog, tags)
{
  make_table();
  must("POST", UNITY "entity-tag-assignments",
       "{\"entity_type\":\"columns\",\"entity_name\":\"c.s.t.id\",\"tag_key\":\"pii\",\"tag_value\":\"no\"}");
  cr_assert_str_eq(json_get_text(answer.json, "tag_value"), "no");
  cr_assert_eq(ask("POST", UNITY "entity-tag-assignments", ADMIN,
                   "{\"entity_type\":\"columns\",\"entity_name\":\"c.s.t.id\",\"tag_key\":\"pii\"}"),
               409);
  cr_assert_eq(
      ask("PATCH", UNITY "entity-tag-assignments/columns/c.s.t.id/tags/pii", ADMIN, "{\"tag_value\":\"x\"}"),
      400, "update_mask is needed");
  must("PATCH", UNITY "entity-tag-assignments/columns/c.s.t.id/tags/pii?update_mask=tag_value",
       "{\"tag_value\":\"yes\"}");
  get(UNITY "entity-tag-assignments/columns/c.s.t.id/tags");
  cr_assert_str_eq(joined(answer.json, "tag_assignments", "tag_value"), "yes");
  get(UNITY "entity-tag-assignments/tables/c.s.t/tags");
  cr_assert_eq(json_length(json_get_array(answer.json, "tag_assignments")), 0u);
  must("DELETE", UNITY "entity-tag-assignments/columns/c.s.t.id/tags/pii", NULL);
  cr_assert_eq(ask("GET", UNITY "entity-tag-assignments/columns/c.s.t.id/tags/pii", ADMIN, NULL), 404);
  cr_assert_eq(ask("GET", UNITY "entity-tag-assignments/table/c.s.t/tags", ADMIN, NULL), 400,
               "types are plural");
}

Test(catalog, volumes)
{
  cr_assert_eq(
      ask("POST", UNITY "volumes", ADMIN,
          "{\"catalog_name\":\"main\",\"schema_name\":\"default\",\"name\":\"v\",\"volume_type\":\"MANAGED\","
          "\"storage_location\":\"s3://x/y\"}"),
      400);
  cr_assert(strstr(answer.body, "CreateVolume storage_location can not be provided."));
  must("POST", UNITY "volumes",
       "{\"catalog_name\":\"main\",\"schema_name\":\"default\",\"name\":\"V\",\"volume_type\":\"MANAGED\"}");
  cr_assert_str_eq(json_get_text(answer.json, "full_name"), "main.default.v");
  must("PATCH", UNITY "volumes/main.default.v", "{\"new_name\":\"w\",\"comment\":\"hi\"}");
  cr_assert_str_eq(json_get_text(answer.json, "full_name"), "main.default.w");
  get(UNITY "volumes?catalog_name=main&schema_name=default");
  cr_assert_str_eq(joined(answer.json, "volumes", "name"), "w");
  must("DELETE", UNITY "volumes/main.default.w", NULL);
  cr_assert_eq(ask("GET", UNITY "volumes/main.default.w", ADMIN, NULL), 404);
}

Test(catalog, functions)
{
  static const char body[] = "{\"function_info\":{\"name\":\"F\",\"catalog_name\":\"main\",\"schema_name\":"
                             "\"default\",\"input_params\":"
                             "{\"parameters\":[{\"name\":\"x\",\"type_text\":\"int\",\"type_name\":\"INT\","
                             "\"position\":0}]},\"data_type\":"
                             "\"INT\",\"full_data_type\":\"INT\",\"routine_body\":\"SQL\",\"routine_"
                             "definition\":\"x + 1\",\"parameter_style\":"
                             "\"S\",\"is_deterministic\":true,\"sql_data_access\":\"CONTAINS_SQL\",\"is_null_"
                             "call\":false,\"security_type\":"
                             "\"DEFINER\",\"specific_name\":\"F\"}}";
  struct json_object *f;

  must("POST", UNITY "functions", body);
  f = get(UNITY "functions/main.default.f");
  cr_assert_str_eq(json_get_text(f, "routine_definition"), "x + 1");
  cr_assert_str_eq(joined(json_get(f, "input_params"), "parameters", "type_name"), "INT");
  get(UNITY "functions?catalog_name=main&schema_name=default");
  cr_assert_str_eq(joined(answer.json, "functions", "full_name"), "main.default.f");
  must("PATCH", UNITY "functions/main.default.f", "{\"owner\":\"bob@example.com\"}");
  must("DELETE", UNITY "functions/main.default.f", NULL);
  get(UNITY "models?catalog_name=main&schema_name=default");
  cr_assert_eq(json_length(json_get_array(answer.json, "registered_models")), 0u);
  cr_assert_eq(ask("GET", UNITY "models?catalog_name=main", ADMIN, NULL), 400);
}

Test(catalog, secrets_of_credentials_are_not_shown_again)
{
  must("POST", UNITY "storage-credentials",
       "{\"name\":\"az\",\"azure_service_principal\":{\"directory_id\":\"d\",\"application_id\":\"a\","
       "\"client_secret\":\"hush\"}}");
  cr_assert(!strstr(answer.body, "hush"));
  get(UNITY "storage-credentials/az");
  cr_assert(!strstr(answer.body, "hush"));
  cr_assert_eq(ask("POST", UNITY "storage-credentials", ADMIN, "{\"name\":\"none\"}"), 400);
}

Test(catalog, modes_are_known_ones)
{
  cr_assert_eq(ask("PATCH", UNITY "catalogs/main", ADMIN, "{\"isolation_mode\":\"SECRET\"}"), 400);
  cr_assert_str_eq(error_code(), "INVALID_PARAMETER_VALUE");
  must("PATCH", UNITY "catalogs/main", "{\"isolation_mode\":\"ISOLATED\"}");
  cr_assert_eq(ask("DELETE", UNITY "catalogs/system?force=true", ADMIN, NULL), 400);
  cr_assert_eq(ask("PATCH", UNITY "catalogs/system", ADMIN, "{\"new_name\":\"other\"}"), 400);
}

Test(catalog, metastore_and_bindings)
{
  char path[128];

  get(UNITY "current-metastore-assignment");
  cr_assert_str_eq(json_get_text(answer.json, "metastore_id"), box->metastore_id);
  get(UNITY "metastore_summary");
  cr_assert_not_null(json_get_text(answer.json, "name"));
  snprintf(path, sizeof path, UNITY "permissions/metastore/%s", box->metastore_id);
  must("PATCH", path, "{\"changes\":[{\"principal\":\"bob@example.com\",\"add\":[\"CREATE_CATALOG\"]}]}");
  get(path);
  cr_assert_str_eq(joined(answer.json, "privilege_assignments", "principal"), "bob@example.com");
  cr_assert_eq(ask("POST", UNITY "catalogs", BOB, "{\"name\":\"bobs\"}"), 200, "%s", answer.body);
  cr_assert_eq(ask("GET", UNITY "permissions/metastore/other", ADMIN, NULL), 404);
  must("PATCH", UNITY "bindings/catalog/main",
       "{\"add\":[{\"workspace_id\":42,\"binding_type\":\"BINDING_TYPE_READ_ONLY\"}]}");
  get(UNITY "bindings/catalog/main");
  cr_assert(strstr(answer.body, "{\"workspace_id\":42,\"binding_type\":\"BINDING_TYPE_READ_ONLY\"}"));
}

/* A directory of its own, taken away again at the end. */
static char directory[] = "/tmp/clxs-sandbox-XXXXXX";
static char state[64];

static void
setup_state(void)
{
  cr_assert_not_null(mkdtemp(directory));
  snprintf(state, sizeof state, "%s/state.db", directory);
  setup_with((struct sandbox_options){.state = state});
}

static void
teardown_state(void)
{
  static const char *const suffixes[] = {"", "-wal", "-shm", "-journal", ".lock"};

  teardown();
  for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
    char path[80];

    snprintf(path, sizeof path, "%s%s", state, suffixes[i]);
    unlink(path);
  }
  rmdir(directory);
}

Test(state, survives_a_restart, .init = setup_state, .fini = teardown_state)
{
  must("POST", UNITY "catalogs", "{\"name\":\"kept\"}");
  must("POST", "/api/2.0/sql/warehouses", "{\"name\":\"kept\"}");
  teardown();
  setup_with((struct sandbox_options){.state = state});
  get(UNITY "catalogs/kept");
  get("/api/2.0/sql/warehouses");
  cr_assert(strstr(joined(answer.json, "warehouses", "name"), "kept"));
}

Test(state, is_not_shared, .init = setup_state, .fini = teardown_state)
{
  struct sandbox_options options = {.state = state};
  struct sandbox *second = NULL;
  char *why = NULL;

  cr_assert_not(sandbox_open(&options, &second, &why));
  cr_assert(strstr(why, state), "%s", why);
  free(why);
}
