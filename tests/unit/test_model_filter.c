/* SPDX-License-Identifier: Apache-2.0 */
/* Which schemas and objects pass. */
#include <criterion/criterion.h>

#include "kit/model/filter.h"
#include "testhost/testhost.h"

#include "base/banned.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

Test(model_filter, without_a_filter_only_information_schema_stays_out)
{
  cr_assert(filter_schema(NULL, "default"));
  cr_assert_not(filter_schema(NULL, "INFORMATION_SCHEMA"));
  cr_assert(filter_object(NULL, "x"));
}

Test(model_filter, lists_and_expressions)
{
  HOST host = testhost_new();
  CLEANUP_FILTER struct filter *filter = NULL;
  const char *names[] = {"SALES", "other"};

  testhost_arg(host, "include-schemas", "sales");
  testhost_arg(host, "include-schemas", "Größe");
  testhost_arg(host, "exclude-schemas", "GRÖSSE");
  testhost_arg(host, "include-tables-regex", "^(fact|dim)_[0-9]+$");
  testhost_arg(host, "exclude-tables-regex", "_9");
  cr_assert_eq(filter_read(testhost_call(host), &filter), CLXS_OK);
  cr_assert(filter_schema(filter, "Sales"));
  cr_assert(filter_schema(filter, "GRÖßE"));
  cr_assert_not(filter_schema(filter, "other"));
  cr_assert(filter_object(filter, "fact_12"));
  cr_assert_not(filter_object(filter, "fact_9"));
  cr_assert_not(filter_object(filter, "fact_x"));
  cr_assert_str_eq(filter_missing_schema(filter, names, 2), "Größe");
  cr_assert_null(filter_missing_schema(NULL, names, 2));
}

Test(model_filter, a_list_may_have_commas_and_so_may_a_name)
{
  HOST host = testhost_new();
  CLEANUP_FILTER struct filter *filter = NULL;
  const char *names[] = {"a", "b", "x,y"};

  testhost_arg(host, "include-schemas", "a,B");
  testhost_arg(host, "include-schemas", "x,y");
  cr_assert_eq(filter_read(testhost_call(host), &filter), CLXS_OK);
  cr_assert(filter_schema(filter, "b"));
  cr_assert(filter_schema(filter, "x,y"));
  cr_assert_not(filter_schema(filter, "c"));
  cr_assert_null(filter_missing_schema(filter, names, 3));
  cr_assert_str_eq(filter_missing_schema(filter, names, 1), "B");
}

Test(model_filter, expressions_that_cannot_be_read_name_their_flag)
{
  static const char *const bad[] = {"(", "[a", "\\d", "(?i)x"};

  for (size_t i = 0; i < 4; i++) {
    HOST host = testhost_new();
    struct filter *filter;

    testhost_arg(host, "exclude-tables-regex", bad[i]);
    cr_assert_eq(filter_read(testhost_call(host), &filter), CLXS_E_USAGE, "%s", bad[i]);
    cr_assert(
        strstr(testhost_call(host)->core->error(testhost_call(host))->message, "--exclude-tables-regex"));
    cr_assert_null(filter);
  }
}
