/* SPDX-License-Identifier: Apache-2.0 */
/* Listings of Unity Catalog: pages, encoding, what is left out, what is asked only once, and errors that are
 * no empty lists. The page walker is tested with it. */
#include <criterion/criterion.h>

#include "app.h"
#include "base/buf.h"
#include "base/str.h"
#include "cache/cache.h"
#include "fault/net_fixture.h"
#include "meta/meta.h"
#include "net/page.h"

#include "base/banned.h"

#define UC "/api/2.1/unity-catalog/"

static struct workspace workspace;
static struct meta meta;
static const char *json;

static void
init(void)
{
  fixture_open_default();
  workspace = (struct workspace){.api = fixture.api, .net = fixture.net, .cache_scope = "scope"};
  meta = (struct meta){.workspace = &workspace, .cache = cache_new(300000, 1 << 20), .arena = fixture.arena};
  json = NULL;
}

static void
fini(void)
{
  cache_free(meta.cache);
  fixture_close();
}

TestSuite(meta, .init = init, .fini = fini);

Test(meta, all_pages_become_one_array)
{
  FAKE_ADD(fixture.fake, .match = "GET " UC "tables", .times = 1,
           .body = "{\"tables\":[{\"name\":\"a\"}, {\"name\" : \"b c\"}],\"next_page_token\":\"p 2/&=\"}");
  FAKE_ADD(fixture.fake, .match = "GET " UC "tables", .times = 1, .body = "{\"next_page_token\":\"p3\"}");
  FAKE_ADD(fixture.fake, .match = "GET " UC "tables", .times = 1,
           .body = "{\"next_page_token\":\"p4\",\"tables\":[]}");
  FAKE_ADD(fixture.fake, .match = "GET " UC "tables", .times = 1,
           .body = "{\"tables\":[{\"name\":\"d\",\"columns\":[{\"tables\":[1]}]}],\"next_page_token\":\"\"}");
  cr_assert_eq(meta_list(&meta, "tables", "cat", "sch", &json, &fixture.err), CLXS_OK);
  cr_expect_str_eq(json,
                   "[{\"name\":\"a\"},{\"name\":\"b c\"},{\"name\":\"d\",\"columns\":[{\"tables\":[1]}]}]");
  cr_assert_eq(fake_count(fixture.fake, "GET " UC "tables"), 4);
  cr_expect_str_eq(fake_seen(fixture.fake, "GET *", 0)->query,
                   "max_results=0&catalog_name=cat&schema_name=sch");
  cr_expect_str_eq(fake_seen(fixture.fake, "GET *", 1)->query,
                   "max_results=0&catalog_name=cat&schema_name=sch&page_token=p%202%2F%26%3D");
  cr_expect_str_eq(fake_seen(fixture.fake, "GET *", 3)->query,
                   "max_results=0&catalog_name=cat&schema_name=sch&page_token=p4");
}

Test(meta, an_empty_listing_is_an_empty_array)
{
  FAKE_ADD(fixture.fake, .match = "GET " UC "volumes", .body = "{}");
  cr_assert_eq(meta_list(&meta, "volumes", "c", "s", &json, &fixture.err), CLXS_OK);
  cr_expect_str_eq(json, "[]");
}

Test(meta, information_schema_is_left_out)
{
  FAKE_ADD(fixture.fake, .match = "GET " UC "schemas",
           .body = "{\"schemas\":[{\"name\":\"information_schema\"},{\"name\":\"a\"},{\"name\":\"Information_"
                   "Schema\"},"
                   "{\"name\":\"b\"}]}");
  cr_assert_eq(meta_list(&meta, "schemas", "c", NULL, &json, &fixture.err), CLXS_OK);
  cr_expect_str_eq(json, "[{\"name\":\"a\"},{\"name\":\"b\"}]");
}

Test(meta, views_are_part_of_the_tables_and_cost_no_request)
{
  FAKE_ADD(
      fixture.fake, .match = "GET " UC "tables",
      .body =
          "{\"tables\":[{\"name\":\"t\",\"table_type\":\"MANAGED\"},{\"name\":\"v\",\"table_type\":\"VIEW\"},"
          "{\"name\":\"m\",\"table_type\":\"MATERIALIZED_VIEW\"},{\"name\":\"s\",\"table_type\":"
          "\"STREAMING_TABLE\"},{\"name\":\"x\",\"table_type\":\"METRIC_VIEW\"}]}");
  cr_assert_eq(meta_list(&meta, "tables", "c", "s", &json, &fixture.err), CLXS_OK);
  cr_assert_eq(meta_list(&meta, "views", "c", "s", &json, &fixture.err), CLXS_OK);
  cr_expect_str_eq(
      json, "[{\"name\":\"v\",\"table_type\":\"VIEW\"},{\"name\":\"m\",\"table_type\":\"MATERIALIZED_VIEW\"},"
            "{\"name\":\"x\",\"table_type\":\"METRIC_VIEW\"}]");
  cr_expect_eq(fake_count(fixture.fake, "GET *"), 1);
}

Test(meta, every_kind_is_asked_where_it_is)
{
  static const struct {
    const char *kind, *match, *body;
  } cases[] = {{"catalogs", "GET " UC "catalogs", "{\"catalogs\":[1]}"},
               {"schemas", "GET " UC "schemas", "{\"schemas\":[1]}"},
               {"tables", "GET " UC "tables", "{\"tables\":[1]}"},
               {"functions", "GET " UC "functions", "{\"functions\":[1]}"},
               {"volumes", "GET " UC "volumes", "{\"volumes\":[1]}"},
               {"models", "GET " UC "models", "{\"registered_models\":[1]}"}};

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    FAKE_ADD(fixture.fake, .match = cases[i].match, .body = cases[i].body);
    cr_expect_eq(meta_list(&meta, cases[i].kind, "c", "s", &json, &fixture.err), CLXS_OK, "%s",
                 cases[i].kind);
    cr_expect_str_eq(json, "[1]");
  }
  cr_expect_eq(meta_list(&meta, "tables", "c", NULL, &json, &fixture.err), CLXS_E_USAGE);
  cr_expect_eq(meta_list(&meta, "dragons", "c", "s", &json, &fixture.err), CLXS_E_USAGE);
}

Test(meta, asked_once_until_invalidated)
{
  FAKE_ADD(fixture.fake, .match = "GET " UC "tables", .body = "{\"tables\":[]}");
  FAKE_ADD(fixture.fake, .match = "GET " UC "catalogs/*", .body = "{\"name\":\"c\"}");
  meta_list(&meta, "tables", "c", "s", &json, &fixture.err);
  meta_list(&meta, "tables", "C", "S", &json, &fixture.err); /* names are the same in any case */
  meta_list(&meta, "tables", "c2", "s", &json, &fixture.err);
  meta_get(&meta, "catalog", (const char *const[]){"c"}, 1, &json, &fixture.err);
  meta_get(&meta, "catalog", (const char *const[]){"c"}, 1, &json, &fixture.err);
  cr_expect_eq(fake_count(fixture.fake, "GET *"), 3);
  meta_invalidate(&meta, "c");
  meta_list(&meta, "tables", "c", "s", &json, &fixture.err);
  meta_get(&meta, "catalog", (const char *const[]){"c"}, 1, &json, &fixture.err);
  meta_list(&meta, "tables", "c2", "s", &json, &fixture.err);
  cr_expect_eq(fake_count(fixture.fake, "GET *"), 5);
  meta_invalidate(&meta, NULL);
  meta_list(&meta, "tables", "c2", "s", &json, &fixture.err);
  cr_expect_eq(fake_count(fixture.fake, "GET *"), 6);
}

Test(meta, two_principals_do_not_share)
{
  struct workspace other = workspace;
  struct meta theirs = meta;

  other.cache_scope = "scope2";
  theirs.workspace = &other;
  FAKE_ADD(fixture.fake, .match = "GET " UC "tables", .body = "{\"tables\":[]}");
  meta_list(&meta, "tables", "c", "s", &json, &fixture.err);
  meta_list(&theirs, "tables", "c", "s", &json, &fixture.err);
  cr_expect_eq(fake_count(fixture.fake, "GET *"), 2);
}

Test(meta, a_failing_page_is_an_error_that_names_the_schema)
{
  FAKE_ADD(fixture.fake, .match = "GET " UC "tables", .times = 1,
           .body = "{\"tables\":[{\"name\":\"a\"}],\"next_page_token\":\"p2\"}");
  FAKE_ADD(fixture.fake, .match = "GET " UC "tables", .times = 1, .status = 403,
           .body = "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no USE SCHEMA\"}");
  FAKE_ADD(fixture.fake, .match = "GET " UC "tables", .body = "{\"tables\":[]}");
  cr_expect_eq(meta_list(&meta, "tables", "cat", "sch", &json, &fixture.err), CLXS_E_DENIED);
  cr_expect_str_eq(fixture.err.message, "cannot list the tables of schema cat.sch");
  cr_expect(strstr(fixture.err.cause->message, "no USE SCHEMA"));
  cr_expect_eq(fixture.err.http_status, 403);
  cr_expect_eq(meta_list(&meta, "tables", "cat", "sch", &json, &fixture.err), CLXS_OK, "errors are not kept");
}

Test(meta, an_answer_that_is_no_listing)
{
  static const char *const bodies[] = {"[]",
                                       "null",
                                       "{\"tables\":[{\"a\":}]}",
                                       "{\"tables\":[1,]}x",
                                       "{\"tables\":[1",
                                       "<html>log in</html>",
                                       "{\"tables\":[1 2]}"};

  for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
    FAKE_ADD(fixture.fake, .match = "GET " UC "tables", .times = 1, .body = bodies[i]);
    err_clear(&fixture.err);
    cr_expect_eq(meta_list(&meta, "tables", "c", "s", &json, &fixture.err), CLXS_E_DATA, "%s", bodies[i]);
  }
}

Test(meta, a_token_that_repeats_does_not_go_on_for_ever)
{
  FAKE_ADD(fixture.fake, .match = "GET " UC "tables",
           .body = "{\"tables\":[1],\"next_page_token\":\"same\"}");
  cr_expect_eq(meta_list(&meta, "tables", "c", "s", &json, &fixture.err), CLXS_E_DATA);
  cr_expect_eq(fake_count(fixture.fake, "GET *"), 2);
}

Test(meta, one_object_by_its_encoded_name)
{
  FAKE_ADD(fixture.fake, .match = "GET " UC "tables/a%60b.my-cat.Gr%C3%B6%C3%9Fe%3Fx%2Fy",
           .body = "{ \"name\" : \"x y\" }");
  cr_assert_eq(
      meta_get(&meta, "table", (const char *const[]){"a`b", "my-cat", "Größe?x/y"}, 3, &json, &fixture.err),
      CLXS_OK, "%s", fixture.err.message);
  cr_expect_str_eq(json, "{\"name\":\"x y\"}");
}

Test(meta, missing_objects_and_missing_apis)
{
  FAKE_ADD(fixture.fake, .match = "GET " UC "catalogs/x", .status = 404,
           .body = "{\"error_code\":\"CATALOG_DOES_NOT_EXIST\",\"message\":\"Catalog 'x' does not exist.\"}");
  FAKE_ADD(fixture.fake, .match = "GET " UC "volumes", .status = 404,
           .body = "{\"error_code\":\"ENDPOINT_NOT_FOUND\",\"message\":\"No API found\"}");
  cr_expect_eq(meta_get(&meta, "catalog", (const char *const[]){"x"}, 1, &json, &fixture.err),
               CLXS_E_NOT_FOUND);
  cr_expect_str_eq(fixture.err.message, "catalog x does not exist or cannot be seen");
  cr_expect_not_null(fixture.err.hint);
  cr_expect_eq(meta_list(&meta, "volumes", "c", "s", &json, &fixture.err), CLXS_E_UNSUPPORTED);
  cr_expect_eq(meta_get(&meta, "catalog", (const char *const[]){"a", "b"}, 2, &json, &fixture.err),
               CLXS_E_USAGE);
  cr_expect_eq(meta_get(&meta, "dragon", (const char *const[]){"a"}, 1, &json, &fixture.err), CLXS_E_USAGE);
}

static clxs_status
stop_at_b(void *data, const char *text, size_t length, struct err *err)
{
  struct buf *seen = data;

  (void)err;
  buf_add(seen, text, length);
  return length == 3 && memcmp(text, "\"b\"", 3) == 0 ? CLXS_E_CONFLICT : CLXS_OK;
}

Test(meta, a_walk_ends_when_its_reader_says_so)
{
  struct buf seen = BUF_INIT(BUF_LARGE);
  struct net_request request = {.method = "GET", .path = "/list", .query = "x=1"};

  FAKE_ADD(fixture.fake, .match = "GET /list",
           .body = "{\"items\":[\"a\",\"b\",\"c\"],\"next_page_token\":\"t\"}");
  cr_expect_eq(page_each(fixture.api, fixture.net, &request, "items", stop_at_b, &seen, &fixture.err),
               CLXS_E_CONFLICT);
  cr_expect_str_eq(seen.data, "\"a\"\"b\"");
  cr_expect_eq(fake_count(fixture.fake, "GET *"), 1);
  buf_free(&seen);
}
