/* SPDX-License-Identifier: Apache-2.0 */
/* Row filters and masks from the information schema, in both spellings of its relations. */
#include "kit/model/policies.h"

#include <criterion/criterion.h>

#include "kit/model/model_read.h"
#include "testhost/testhost.h"

#include "base/banned.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *
#define FILTERS "SELECT * FROM `c`.information_schema.row_filters"
#define MASKS "SELECT * FROM `c`.information_schema.column_masks"

static const char catalog[] = "{\"name\":\"c\",\"schemas\":[{\"name\":\"s\",\"tables\":[{\"name\":\"t\","
                              "\"table_type\":\"MANAGED\",\"columns\":[{"
                              "\"name\":\"a\",\"position\":0},{\"name\":\"b\",\"position\":1}]},{\"name\":"
                              "\"told\",\"table_type\":\"MANAGED\","
                              "\"row_filter\":{\"function_name\":\"c.s.told\"}}]}]}";

static struct model_catalog *
read_policies(struct testhost *host)
{
  struct model_request request = {.catalog = "c"};
  struct model_catalog *models[2] = {NULL, NULL};

  testhost_catalog(host, catalog);
  cr_assert_eq(model_read(testhost_call(host), &request, 1, 4, NULL), CLXS_OK);
  models[0] = request.model;
  cr_assert_eq(model_read_policies(testhost_call(host), models, 2, 4), CLXS_OK);
  return request.model;
}

static void
check(const struct model_catalog *model)
{
  const struct model_table *table = model_find_table(&model->schemas.at[0], "t");

  cr_assert_str_eq(
      table->row_filter,
      "{\"function_name\":\"c.s.f\",\"input_arguments\":[{\"column\":\"a\"},{\"constant\":\"5\"}]}");
  cr_assert_str_eq(table->columns[1].mask,
                   "{\"function_name\":\"c.s.m\",\"using_arguments\":[{\"column\":\"a\"}]}");
  cr_assert_null(table->columns[0].mask);
  cr_assert_str_eq(model_find_table(&model->schemas.at[0], "told")->row_filter,
                   "{\"function_name\":\"c.s.told\"}", "what the API told stands");
}

Test(model_policies, names_in_three_columns)
{
  HOST host = testhost_new();
  CLEANUP_MODEL struct model_catalog *model = NULL;

  testhost_sql(
      host, FILTERS,
      "{\"columns\":[\"CATALOG_NAME\",\"SCHEMA_NAME\",\"TABLE_NAME\",\"FILTER_CATALOG\",\"FILTER_SCHEMA\","
      "\"FILTER_NAME\",\"FILTER_COL_USAGE\"],\"rows\":[[\"c\",\"s\",\"t\",\"c\",\"s\",\"f\",\"a, 5\"],[\"c\","
      "\"s\",\"told\",\"c\",\"s\",\"other\",\"\"],[\"c\",\"s\",\"gone\",\"c\",\"s\",\"f\",null]]}");
  testhost_sql(
      host, MASKS,
      "{\"columns\":[\"CATALOG_NAME\",\"SCHEMA_NAME\",\"TABLE_NAME\",\"COLUMN_NAME\",\"MASK_CATALOG\","
      "\"MASK_SCHEMA\",\"MASK_NAME\",\"MASK_COL_USAGE\"],\"rows\":[[\"c\",\"s\",\"t\",\"B\",\"c\",\"s\","
      "\"m\","
      "\"a \"]]}");
  model = read_policies(host);
  check(model);
}

Test(model_policies, names_in_one_column)
{
  HOST host = testhost_new();
  CLEANUP_MODEL struct model_catalog *model = NULL;

  testhost_sql(
      host, FILTERS,
      "{\"columns\":[\"table_catalog\",\"table_schema\",\"table_name\",\"filter_name\",\"target_columns\"],"
      "\"rows\":[[\"c\",\"s\",\"t\",\"c.s.f\",\"a,5\"]]}");
  testhost_sql(
      host, MASKS,
      "{\"columns\":[\"table_catalog\",\"table_schema\",\"table_name\",\"column_name\",\"mask_name\","
      "\"using_columns\"],\"rows\":[[\"c\",\"s\",\"t\",\"b\",\"c.s.m\",\"a\"]]}");
  model = read_policies(host);
  check(model);
}

Test(model_policies, a_workspace_that_cannot_answer_is_passed_over)
{
  HOST host = testhost_new();
  CLEANUP_MODEL struct model_catalog *model = NULL;

  testhost_sql_error(host, "SELECT * FROM *", CLXS_E_NOT_FOUND, "TABLE_OR_VIEW_NOT_FOUND",
                     "no such relation");
  model = read_policies(host);
  cr_assert_null(model_find_table(&model->schemas.at[0], "t")->row_filter);
}
