/* SPDX-License-Identifier: Apache-2.0 */
/* A catalog read, kept and found. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "kit/model/model_read.h"
#include "testhost/testhost.h"

#include "base/banned.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

static const char catalog[] =
    "{\"name\":\"c\",\"comment\":\"\",\"catalog_type\":\"MANAGED_CATALOG\",\"properties\":{\"k\":\"v\",\"n\":"
    "null},\"schemas\":["
    "{\"name\":\"zeta\"},{\"name\":\"information_schema\",\"tables\":[{\"name\":\"columns\"}]},{\"name\":"
    "\"Alpha\",\"owner\":"
    "\"o\",\"tables\":[{\"name\":\"b\",\"table_type\":\"MANAGED\",\"properties\":{\"delta.x\":\"1\"},"
    "\"updated_at\":\"77\","
    "\"columns\":[{\"name\":\"second\",\"type_text\":\"int\",\"position\":1,\"nullable\":false,\"type_json\":"
    "\"{\\\"metadata\\\":{\\\"d\\\":1}}\"},{\"name\":\"first\",\"type_text\":\"int\",\"position\":0,"
    "\"comment\":\"c\","
    "\"type_json\":\"{\\\"metadata\\\":{}}\",\"mask\":{\"function_name\":\"a.b.c\"}}]},{\"name\":\"ÄRGER\","
    "\"table_type\":"
    "\"VIEW\",\"view_definition\":\"SELECT "
    "1\"}],\"functions\":[{\"name\":\"f\",\"is_deterministic\":false,\"input_params\":{"
    "\"parameters\":[{\"name\":\"y\",\"position\":1},{\"name\":\"x\",\"position\":0,\"type_text\":\"int\"}]}}"
    "],\"volumes\":["
    "{\"name\":\"vol\",\"volume_type\":\"EXTERNAL\",\"storage_location\":\"s3://x\"}]}]}";

Test(model, everything_the_service_says_is_kept)
{
  HOST host = testhost_new();
  struct model_request request = {.catalog = "C"};
  const struct model_schema *schema;
  const struct model_table *table;
  const struct model_function *function;

  testhost_catalog(host, catalog);
  cr_assert_eq(model_read(testhost_call(host), &request, 1, 4, NULL), CLXS_OK);
  cr_assert_str_eq(request.model->item.name, "c", "as the service stores it");
  cr_assert_null(request.model->item.comment, "empty says nothing");
  cr_assert_eq(request.model->property_count, 2);
  cr_assert_eq(request.model->schemas.count, 2, "information_schema is left out");
  cr_assert_str_eq(request.model->schemas.at[0].item.name, "Alpha");
  schema = model_find_schema(request.model, "ALPHA");
  cr_assert_str_eq(schema->item.owner, "o");
  table = model_find_table(schema, "B");
  cr_assert_eq(table->item.updated_at, 77);
  cr_assert_str_eq(model_property(table, "delta.x"), "1");
  cr_assert_str_eq(table->columns[0].name, "first");
  cr_assert_null(table->columns[0].type_json);
  cr_assert_not_null(table->columns[1].type_json);
  cr_assert(table->columns[1].not_null);
  cr_assert_eq(table->columns[0].type_text, table->columns[1].type_text, "stored once");
  cr_assert(model_is_protected(table));
  cr_assert(model_is_view(model_find_table(schema, "ärger")));
  cr_assert_null(model_find_table(schema, "none"));
  function = model_find_function(schema, "F");
  cr_assert_str_eq(function->parameters[0].name, "x");
  cr_assert_eq(function->deterministic, 0);
  cr_assert_str_eq(model_find_volume(schema, "vol")->storage_location, "s3://x");
  model_free(request.model);
}

Test(model, an_absent_catalog_is_an_error_unless_it_may_be_absent)
{
  HOST host = testhost_new();
  struct model_request request = {.catalog = "none", .optional = true};

  cr_assert_eq(model_read(testhost_call(host), &request, 1, 4, NULL), CLXS_OK);
  cr_assert_null(request.model);
  request.optional = false;
  cr_assert_eq(model_read(testhost_call(host), &request, 1, 4, NULL), CLXS_E_NOT_FOUND);
  cr_assert(strstr(testhost_call(host)->core->error(testhost_call(host))->message, "none"));
  model_free(request.model);
}

Test(model, a_listing_that_fails_or_makes_no_sense_is_never_empty)
{
  static const struct {
    const char *pattern;
    int32_t http_status;
    const char *body;
    clxs_status status;
  } cases[] = {
      {"GET *catalogs/c", 500, "{}", CLXS_E_UNAVAILABLE},
      {"GET *schemas?*", 403, "{\"message\":\"no\"}", CLXS_E_DENIED},
      {"GET *tables?*", 429, "{}", CLXS_E_LIMIT},
      {"GET *volumes?*", 404, "{}", CLXS_E_NOT_FOUND},
      {"GET *functions?*", 200, "{\"functions\":[{\"comment\":\"nameless\"}]}", CLXS_E_DATA},
      {"GET *catalogs/c", 200, "[]", CLXS_E_DATA},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    HOST host = testhost_new();
    struct model_request request = {.catalog = "c"};

    testhost_catalog(host, catalog);
    testhost_rest(host, cases[i].pattern, cases[i].http_status, cases[i].body);
    cr_assert_eq(model_read(testhost_call(host), &request, 1, 4, NULL), cases[i].status, "%s",
                 cases[i].pattern);
    model_free(request.model);
  }
}

Test(model, a_busy_service_is_asked_again)
{
  HOST host = testhost_new();
  struct model_request request = {.catalog = "c"};

  testhost_catalog(host, catalog);
  testhost_rule_times(testhost_rest(host, "GET *tables?*", 429, "{}"), 2);
  testhost_rule_times(testhost_rest(host, "GET *catalogs/c", 503, "{}"), 2);
  cr_assert_eq(model_read(testhost_call(host), &request, 1, 4, NULL), CLXS_OK);
  cr_assert_eq(request.model->schemas.count, 2);
  model_free(request.model);
}

Test(model, names_sort_by_letter_whatever_their_case)
{
  cr_assert_lt(model_compare("a", "B"), 0);
  cr_assert_gt(model_compare("b", "A"), 0);
  cr_assert_eq(model_compare("GRÖßE", "größe"), 0);
  cr_assert_lt(model_compare("a", "ab"), 0);
  cr_assert_lt(model_compare("", "a"), 0);
  cr_assert_neq(model_compare("a\xff", "a"), 0);
}

/* What the design promises: 10,000 tables of ten columns in less than 64 MiB. */
Test(model, ten_thousand_tables_are_small)
{
  CLEANUP_MODEL struct model_catalog *model = model_new("c");
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);
  struct model_schema *schema = VEC_ADD(&model->schemas);

  for (int i = 0; i < 10000; i++) {
    CLEANUP_JSON struct json_object *object = NULL;

    buf_reset(&json);
    buf_addf(
        &json,
        "{\"name\":\"table_%05d\",\"table_type\":\"MANAGED\",\"data_source_format\":\"DELTA\",\"owner\":"
        "\"someone@example.com\",\"storage_location\":\"s3://bucket/unity/catalog/tables/0123456789-%05d\","
        "\"properties\":{\"delta.minReaderVersion\":\"3\",\"delta.lastCommitTimestamp\":\"17000000%05d\"},"
        "\"columns\":[",
        i, i, i);
    for (int k = 0; k < 10; k++)
      buf_addf(&json,
               "%s{\"name\":\"column_%d\",\"type_text\":\"decimal(10,2)\",\"position\":%d,\"type_json\":"
               "\"{\\\"metadata\\\":{}}\"}",
               k ? "," : "", k, k);
    buf_add_text(&json, "]}");
    object = json_parse(json.data, json.len, NULL, NULL);
    cr_assert(model_parse_table(model, object, VEC_ADD(&schema->tables)));
  }
  model_sort(model);
  cr_assert_not_null(model_find_table(&model->schemas.at[0], "TABLE_09999"));
  cr_assert_lt(arena_size(model->arena) + schema->tables.capacity * sizeof *schema->tables.at,
               (size_t)24 << 20);
}
