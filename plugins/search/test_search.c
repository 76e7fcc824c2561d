/* SPDX-License-Identifier: Apache-2.0 */
/* The command on a scripted host: where things are found, what is asked for, what ends it. */
#include <criterion/criterion.h>

#include "base/json.h"
#include "base/str.h"
#include "testhost/testhost.h"

#define HOST __attribute__((cleanup(testhost_cleanup))) struct testhost *

#define CATALOG                                                                                           \
  "{\"name\":\"prod\",\"comment\":\"All orders\",\"owner\":\"orders-team\",\"schemas\":[{\"name\":\"s\"," \
  "\"properties\":{\"team\":\"orders\"},\"tables\":["                                                     \
  "{\"name\":\"t\",\"table_type\":\"EXTERNAL\",\"storage_location\":\"s3://b/orders\",\"columns\":["      \
  "{\"name\":\"order_id\",\"comment\":\"of Orders\",\"type_json\":"                                       \
  "\"{\\\"metadata\\\":{\\\"CURRENT_DEFAULT\\\":\\\"next_orders()\\\"}}\"}]},"                            \
  "{\"name\":\"orders_view\",\"table_type\":\"VIEW\",\"view_definition\":\"SELECT *\\nFROM "              \
  "prod.s.orders\"}],"                                                                                    \
  "\"functions\":[{\"name\":\"f\",\"routine_definition\":\"orders + 1\"}],"                               \
  "\"volumes\":[{\"name\":\"orders_files\",\"volume_type\":\"MANAGED\"}]}]}"

static struct testhost *
search_host(const char *text)
{
  struct testhost *host = testhost_new();

  testhost_arg(host, "source", "prod");
  testhost_arg(host, "text", text);
  testhost_arg(host, "columns", "true");
  testhost_format(host, CLXS_FORMAT_JSON);
  testhost_catalog(host, CATALOG);
  return host;
}

static clxs_status
search_on(struct testhost *host)
{
  return clxs_plugin_v1()->commands[0]->run(NULL, testhost_call(host));
}

/* "kind name field" of every match, with commas between. */
static void
assert_found(struct testhost *host, const char *expected)
{
  const char *text = testhost_document(host);
  CLEANUP_JSON struct json_object *document = json_parse(text, strlen(text), NULL, NULL);
  struct json_object *matches = json_get_array(document, "matches");
  const char *found = "";

  for (size_t i = 0; i < json_length(matches); i++) {
    struct json_object *match = json_item(matches, i);

    found =
        clxs_textf(testhost_call(host), "%s%s%s %s %s", found, i ? ", " : "", json_get_text(match, "kind"),
                   json_get_text(match, "name"), json_get_text(match, "field"));
  }
  cr_assert_str_eq(found, expected);
}

Test(search, names_comments_and_texts_of_everything)
{
  HOST host = search_host("orders");

  cr_assert_eq(search_on(host), CLXS_OK);
  assert_found(host,
               "catalog prod comment, view prod.s.orders_view name, view prod.s.orders_view definition, "
               "column prod.s.t.order_id comment, column prod.s.t.order_id definition, "
               "function prod.s.f definition, volume prod.s.orders_files name");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 0, "tags were not asked for");
}

Test(search, other_places_on_request)
{
  HOST host = search_host("orders");

  testhost_arg(host, "in", "owner");
  testhost_arg(host, "in", "property");
  testhost_arg(host, "in", "location");
  cr_assert_eq(search_on(host), CLXS_OK);
  assert_found(host, "catalog prod owner, schema prod.s property, table prod.s.t location");
}

Test(search, tags_of_objects_and_columns)
{
  HOST host = search_host("^pii=");

  testhost_arg(host, "tags", "true");
  testhost_sql(
      host, "*_tags*",
      "{\"columns\":[\"k\",\"s\",\"o\",\"c\",\"t\",\"v\"],\"rows\":["
      "[\"column\",\"s\",\"t\",\"order_id\",\"pii\",\"no\"],[\"table\",\"s\",\"t\",null,\"pii\",\"\"],"
      "[\"schema\",\"s\",null,null,\"x\",\"pii=\"]]}");
  cr_assert_eq(search_on(host), CLXS_OK);
  assert_found(host, "table prod.s.t tag, column prod.s.t.order_id tag");
  cr_assert_eq(testhost_sent_count(host, TESTHOST_SQL, NULL), 1);
}

Test(search, kinds)
{
  HOST host = search_host("ORDERS");

  testhost_arg(host, "kind", "view");
  testhost_arg(host, "kind", "volume");
  cr_assert_eq(search_on(host), CLXS_OK);
  assert_found(host, "view prod.s.orders_view name, view prod.s.orders_view definition, "
                     "volume prod.s.orders_files name");
}

Test(search, case_and_plain)
{
  HOST host = search_host("s.ORDERS");

  testhost_arg(host, "plain", "true");
  cr_assert_eq(search_on(host), CLXS_OK);
  assert_found(host, "view prod.s.orders_view definition");
  cr_assert_not_null(strstr(testhost_document(host), "\"excerpt\":\"FROM prod.s.orders\""));
  testhost_arg(host, "case-sensitive", "true");
  cr_assert_eq(clxs_plugin_v1()->commands[0]->run(NULL, testhost_call_again(host)), CLXS_DIFFERENT);
}

Test(search, nothing_is_asked_when_the_expression_is_wrong)
{
  HOST host = search_host("(");

  cr_assert_eq(search_on(host), CLXS_E_USAGE);
  cr_assert_eq(testhost_sent_count(host, 0, NULL), 0);
}

Test(search, a_denied_listing_is_no_empty_one)
{
  HOST host = search_host("nothing_like_this");

  testhost_rest(host, "GET */functions*", 403, "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no\"}");
  cr_assert_eq(search_on(host), CLXS_E_DENIED);
  cr_assert_not_null(
      strstr(testhost_call(host)->core->error(testhost_call(host))->message, "the functions of prod.s"));
}
