/* SPDX-License-Identifier: Apache-2.0 */
/* Reading what services send: error bodies, error classes, rows; and hiding what nobody may read. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_scan.h"
#include "base/str.h"
#include "net/errors.h"
#include "net/redact.h"
#include "net/rows.h"

#include "base/banned.h"

static void
same(const char *name, const char *got, const char *want)
{
  cr_expect(str_eq(got, want), "%s: got \"%s\", want \"%s\"", name, got ? got : "(null)",
            want ? want : "(null)");
}

Test(net_errors, bodies)
{
  static const struct {
    int32_t http;
    const char *body, *code, *message;
    clxs_status status;
  } cases[] = {
      {400, "", NULL, "Bad Request", CLXS_E_INVALID},
      {503, "  \n", NULL, "Service Unavailable", CLXS_E_UNAVAILABLE},
      {404, "{\"error_code\":\"TABLE_DOES_NOT_EXIST\",\"message\":\"Table 'c.s.t' does not exist.\"}",
       "TABLE_DOES_NOT_EXIST", "Table 'c.s.t' does not exist", CLXS_E_NOT_FOUND},
      {400, "{\"error_code\":\"SCHEMA_ALREADY_EXISTS\",\"message\":\"Schema 'x' already exists\"}",
       "SCHEMA_ALREADY_EXISTS", "Schema 'x' already exists", CLXS_E_EXISTS},
      {400, "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"Catalog 'x' already exists\"}",
       "INVALID_PARAMETER_VALUE", "Catalog 'x' already exists", CLXS_E_EXISTS},
      {400, "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"Job 7 does not exist.\"}",
       "INVALID_PARAMETER_VALUE", "Job 7 does not exist", CLXS_E_NOT_FOUND},
      {404, "{\"error_code\":\"ENDPOINT_NOT_FOUND\",\"message\":\"No API found for 'GET /x'\"}",
       "ENDPOINT_NOT_FOUND", "No API found for 'GET /x'", CLXS_E_UNSUPPORTED},
      {404,
       "{\"schemas\":[\"urn:x\"],\"detail\":\"User not found\",\"status\":\"404\",\"scimType\":\"noTarget\"}",
       "SCIM_404", "noTarget User not found", CLXS_E_NOT_FOUND},
      {500, "{\"detail\":\"null\",\"status\":\"500\"}", "SCIM_500", "SCIM API internal error",
       CLXS_E_UNAVAILABLE},
      {400, "{\"error\":\"old style\",\"message\":\"m\"}", NULL, "old style", CLXS_E_INVALID},
      {401, "{\"error\":\"invalid_client\",\"error_description\":\"Client authentication failed\"}",
       "invalid_client", "Client authentication failed", CLXS_E_AUTH},
      {400, "{\"error_code\":404,\"message\":\"number\"}", NULL, "number", CLXS_E_INVALID},
      {400, "MALFORMED_REQUEST: vpc_endpoints malformed", "MALFORMED_REQUEST", "vpc_endpoints malformed",
       CLXS_E_INVALID},
      {502, "<html><head><title>502 Bad Gateway</title></head></html>", "BAD_GATEWAY", "502 Bad Gateway",
       CLXS_E_UNAVAILABLE},
      {400, "<html><body><pre>something\nbroke</pre></body></html>", "BAD_REQUEST", "something broke",
       CLXS_E_INVALID},
      {404, "<html><title>nothing</title></html>", "NOT_FOUND", "nothing", CLXS_E_UNSUPPORTED},
      {404, "404 page not found", "UNKNOWN", "404 page not found", CLXS_E_UNSUPPORTED},
      {418, "plain words", "UNKNOWN", "plain words", CLXS_E_INVALID},
      {403, "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no USE CATALOG\"}", "PERMISSION_DENIED",
       "no USE CATALOG", CLXS_E_DENIED},
      {409, "{\"error_code\":\"ABORTED\",\"message\":\"m\"}", "ABORTED", "m", CLXS_E_CONFLICT},
      {500, "{\"error_code\":\"REQUEST_LIMIT_EXCEEDED\",\"message\":\"m\"}", "REQUEST_LIMIT_EXCEEDED", "m",
       CLXS_E_LIMIT},
      {500, "{\"error_code\":\"SOMETHING_NEW\",\"message\":\"m\"}", "SOMETHING_NEW", "m", CLXS_E_UNAVAILABLE},
      {400, "{\"broken", "UNKNOWN", "{\"broken", CLXS_E_INVALID},
  };
  struct arena *arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    struct errors_detail detail;

    errors_read(arena, cases[i].http, cases[i].body, strlen(cases[i].body), &detail);
    same(cases[i].body, detail.code, cases[i].code);
    same(cases[i].body, detail.message, cases[i].message);
    cr_expect_eq(errors_classify(cases[i].http, &detail), cases[i].status, "%s: status %d", cases[i].body,
                 errors_classify(cases[i].http, &detail));
  }
  arena_free(arena);
}

Test(net_errors, details)
{
  static const char body[] =
      "{\"error_code\":\"X\",\"message\":\"m\",\"details\":["
      "{\"@type\":\"type.googleapis.com/google.rpc.RequestInfo\",\"request_id\":\"r-1\"},"
      "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retry_delay\":\"2.5s\"},"
      "{\"@type\":\"type.googleapis.com/google.rpc.Unheard\",\"x\":1}]}";
  struct arena *arena = arena_new();
  struct errors_detail detail;

  errors_read(arena, 429, body, sizeof body - 1, &detail);
  same("request id", detail.request_id, "r-1");
  cr_expect_eq(detail.retry_after_ms, 2500);
  arena_free(arena);
}

Test(net_errors, statements)
{
  static const struct {
    const char *code, *message, *state;
    const char *want_class, *want_state;
    clxs_status status;
    bool transient;
  } cases[] = {
      {"BAD_REQUEST", "[TABLE_OR_VIEW_NOT_FOUND] The table `a`.`b` cannot be found. SQLSTATE: 42P01", "42P01",
       "TABLE_OR_VIEW_NOT_FOUND", "42P01", CLXS_E_NOT_FOUND, false},
      {"BAD_REQUEST", "[TABLE_OR_VIEW_ALREADY_EXISTS] x SQLSTATE: 42P07", NULL,
       "TABLE_OR_VIEW_ALREADY_EXISTS", "42P07", CLXS_E_EXISTS, false},
      {"BAD_REQUEST", "[RequestId=abc-1 ErrorClass=INVALID_PARAMETER_VALUE.LOCATION_OVERLAP] overlaps", NULL,
       "INVALID_PARAMETER_VALUE.LOCATION_OVERLAP", NULL, CLXS_E_INVALID, false},
      {"BAD_REQUEST", "[DELTA_CONCURRENT_APPEND.WITHOUT_HINT] x SQLSTATE: 2D521", "2D521",
       "DELTA_CONCURRENT_APPEND.WITHOUT_HINT", "2D521", CLXS_E_CONFLICT, true},
      {"BAD_REQUEST", "[INSUFFICIENT_PERMISSIONS] User lacks SELECT SQLSTATE: 42501", "42501",
       "INSUFFICIENT_PERMISSIONS", "42501", CLXS_E_DENIED, false},
      {"BAD_REQUEST", "[UNSUPPORTED_FEATURE.TABLE_OPERATION] x SQLSTATE: 0A000", NULL,
       "UNSUPPORTED_FEATURE.TABLE_OPERATION", "0A000", CLXS_E_UNSUPPORTED, false},
      {"BAD_REQUEST", "[ROW_COLUMN_ACCESS.CLONE] filters", NULL, "ROW_COLUMN_ACCESS.CLONE", NULL,
       CLXS_E_UNSUPPORTED, false},
      {"BAD_REQUEST", "[PARSE_SYNTAX_ERROR] near 'x'. SQLSTATE: 42601", NULL, "PARSE_SYNTAX_ERROR", "42601",
       CLXS_E_INVALID, false},
      {"BAD_REQUEST", "Error running query: [UNRESOLVED_ROUTINE] x SQLSTATE: 42883", NULL,
       "UNRESOLVED_ROUTINE", "42883", CLXS_E_INVALID, false},
      {"TEMPORARILY_UNAVAILABLE", "try later", NULL, "TEMPORARILY_UNAVAILABLE", NULL, CLXS_E_UNAVAILABLE,
       true},
      {"RESOURCE_EXHAUSTED", NULL, NULL, "RESOURCE_EXHAUSTED", NULL, CLXS_E_LIMIT, true},
      {"A_NEW_CODE", "words [not a class] and [1]", NULL, "A_NEW_CODE", NULL, CLXS_E_INVALID, false},
      {NULL, NULL, NULL, NULL, NULL, CLXS_E_INVALID, false},
  };
  struct arena *arena = arena_new();

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    struct errors_sql sql;

    errors_read_sql(arena, cases[i].code, cases[i].message, cases[i].state, &sql);
    same("class", sql.error_class, cases[i].want_class);
    same("state", sql.sql_state, cases[i].want_state);
    cr_expect_eq(sql.status, cases[i].status, "case %zu: %d", i, sql.status);
    cr_expect_eq(sql.transient, cases[i].transient, "case %zu", i);
  }
  arena_free(arena);
}

Test(net_redact, secrets_go_and_the_rest_stays)
{
  static const struct {
    const char *text, *want;
  } cases[] = {
      {"SELECT * FROM t WHERE a = 'b'", "SELECT * FROM t WHERE a = 'b'"},
      {"token dapi0123456789abcdef0123456789abcdef here", "token *** here"},
      {"Authorization: Bearer abcdefghijkl", "Authorization: ***"},
      {"x bearer abcdefghijkl y", "x bearer *** y"},
      {"OPTIONS (user 'me', password 'p''w\\'x', k 'v')", "OPTIONS (user 'me', password '***', k 'v')"},
      {"client_secret=abc&grant_type=x", "client_secret=***&grant_type=x"},
      {"{\"access_token\":\"abc\",\"expires_in\":5}", "{\"access_token\":\"***\",\"expires_in\":5}"},
      {"fs.azure.account.key = 'abc=='", "fs.azure.account.key = '***'"},
      {"https://s3/x?X-Amz-Signature=abcd&X-Amz-Date=1", "https://s3/x?X-Amz-Signature=***&X-Amz-Date=1"},
      {"https://blob/x?sv=1&sig=ab%2Fc", "https://blob/x?sv=1&sig=***"},
      {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc end", "*** end"},
      {"SELECT token, password FROM users", "SELECT token, password FROM users"},
      {"tokenize(x) = 'y'", "tokenize(x) = 'y'"},
      {"known s3cr3t-value!", "known ***!"},
      {"password = 'open end", "password = '***"},
      {"", ""},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    struct buf out = BUF_INIT(BUF_LARGE);

    redact_text(&out, cases[i].text, "s3cr3t-value");
    cr_expect(str_eq(out.data, cases[i].want), "\"%s\" became \"%s\"", cases[i].text, out.data);
    buf_free(&out);
  }
}

/* Rows of TEXT as "a|b;c|NULL;" or the reason why not, in OUT. */
static void
read_rows(const char *text, uint32_t columns, struct buf *out)
{
  char *copy = xstrdup(text);
  const char *cells[8];
  struct rows rows;
  clxs_status status;

  rows_open(&rows, copy, strlen(copy));
  while ((status = rows_next(&rows, cells, columns)) == 1) {
    for (uint32_t i = 0; i < columns; i++)
      buf_addf(out, "%s%s", i > 0 ? "|" : "", cells[i] ? cells[i] : "NULL");
    buf_add_char(out, ';');
  }
  if (status < 0) buf_addf(out, "!%s", rows.why);
  free(copy);
}

Test(net_rows, cells)
{
  static const struct {
    const char *text;
    uint32_t columns;
    const char *want;
  } cases[] = {
      {"[]", 2, ""},
      {" [ ] ", 2, ""},
      {"[[\"1\",null],[\"\",\"x\"]]", 2, "1|NULL;|x;"},
      {" [ [ \"1\" , null ] , [ \"\" , \"x\" ] ] ", 2, "1|NULL;|x;"},
      {"[[\"a\\\"b\\\\c\\/\\n\"]]", 1, "a\"b\\c/\n;"},
      {"[[\"\\u00e4\\ud83d\\ude00\\ud800\"]]", 1, "\xc3\xa4\xf0\x9f\x98\x80\xef\xbf\xbd;"},
      {"[[\"a\\u0000b\"]]", 1,
       "a\xef\xbf\xbd"
       "b;"},
      {"[[1,true],[-2.5e3,false]]", 2, "1|true;-2.5e3|false;"},
      {"[[{\"a\":[1,2]},[\"x\",\"]\"]]]", 2, "{\"a\":[1,2]}|[\"x\",\"]\"];"},
      {"[[]]", 0, ";"},
      {"[[\"1\"]]", 2, "!a row has fewer cells than there are columns"},
      {"[[\"1\",\"2\",\"3\"]]", 2, "!a row has more cells than there are columns"},
      {"[[\"1\",\"2\"]", 2, "!the array of rows does not end"},
      {"[[\"1\",\"2", 2, "!a row is broken"},
      {"[[\"1\",\"\\q\"]]", 2, "!a row is broken"},
      {"[[\"1\",\"\\u12\"]]", 2, "!a row is broken"},
      {"[\"1\"]", 1, "!a row is no array"},
      {"[[abc]]", 1, "!a row is broken"},
      {"[[1x]]", 1, "!a row is broken"},
      {"[[]]", 1, "!a row has fewer cells than there are columns"},
      {"{}", 1, "!no array of rows"},
      {"", 1, "!no array of rows"},
      {"[[\"1\"] [\"2\"]]", 1, "1;!the array of rows is broken"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    struct buf out = BUF_INIT(BUF_LARGE);

    read_rows(cases[i].text, cases[i].columns, &out);
    cr_expect(str_eq(out.data, cases[i].want), "%s gave \"%s\"", cases[i].text, out.data);
    buf_free(&out);
  }
}

/* Every beginning of a good text is either whole or an error, never a quiet end (and never a wild read: ASan
 * looks). */
Test(net_rows, no_beginning_passes_for_the_whole)
{
  static const char text[] = "[[\"a\\u00e4\\n\",null,12],[\"b\",\"c\",{\"x\":[1]}]]";

  for (size_t length = 1; length + 1 < sizeof text; length++) {
    char *part = xstrndup(text, length);
    struct buf out = BUF_INIT(BUF_LARGE);

    read_rows(part, 3, &out);
    cr_expect(strchr(out.data, '!'), "%s passed as \"%s\"", part, out.data);
    buf_free(&out);
    free(part);
  }
}

/* The same by json-c; false where that does not take TEXT for rows. */
static bool
read_rows_by_tree(const char *text, uint32_t columns, struct buf *out)
{
  CLEANUP_JSON struct json_object *array = json_parse_strict(text, strlen(text), NULL, NULL);

  if (!json_object_is_type(array, json_type_array)) return false;
  for (size_t i = 0; i < json_length(array); i++) {
    if (json_length(json_item(array, i)) != columns) return false;
    for (uint32_t c = 0; c < columns; c++) {
      struct json_object *cell = json_item(json_item(array, i), c);

      if (cell && !json_object_is_type(cell, json_type_string)) return false; /* spelling may differ */
      buf_addf(out, "%s%s", c > 0 ? "|" : "", cell ? json_object_get_string(cell) : "NULL");
    }
    buf_add_char(out, ';');
  }
  return true;
}

Test(net_rows, agrees_with_a_tree_on_whatever_is_json)
{
  static const char letters[] = "[[\"a\\u00e4\\n\",null],[\"b\",\"\"]] ,{}:x1-tfalse\\";
  static const char base[] = "[[\"a\\u00e4\\n\",null],[\"b\",\"c\"],[null,\"\\ud83d\\ude00\\/\"]]";
  uint32_t random = 7;
  unsigned agreed = 0;

  for (uint32_t round = 0; round < 30000; round++) {
    struct buf tree = BUF_INIT(BUF_LARGE), scan = BUF_INIT(BUF_LARGE);
    char text[sizeof base];

    memcpy(text, base, sizeof base);
    for (uint32_t edits = round % 4; edits > 0; edits--) {
      random = random * 1664525 + 1013904223;
      text[(random >> 8) % (sizeof base - 1)] = letters[(random >> 20) % (sizeof letters - 1)];
    }
    read_rows(text, 2, &scan);
    if (read_rows_by_tree(text, 2, &tree)) {
      cr_assert(str_eq(tree.data, scan.data), "%s: \"%s\" and \"%s\"", text, tree.data, scan.data);
      agreed++;
    }
    buf_free(&tree);
    buf_free(&scan);
  }
  cr_expect_gt(agreed, 8000);
}

Test(net_rows, the_array_is_found_where_it_belongs)
{
  static const struct {
    const char *text, *want;
  } cases[] = {
      {"{\"result\":{\"data_array\":[[\"]\"]],\"x\":1}}", "[[\"]\"]]"},
      {"{\"data_array\" : [ ] }", "[ ]"},
      {"{\"x\":\"data_array\",\"data_array\":[1]}", "[1]"},
      {"{\"x\":{\"y\":{\"data_array\":[1]}}}", ""},
      {"{\"x\":\"\\\"data_array\\\":[1]\"}", ""},
      {"{\"data_array\":[1", ""},
      {"{\"data_array\":null}", ""},
      {"", ""},
  };

  for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
    size_t start, end;
    char found[64];

    json_scan_array(cases[i].text, strlen(cases[i].text), "data_array", 2, &start, &end);
    snprintf(found, sizeof found, "%.*s", (int)(end - start), cases[i].text + start);
    cr_expect(str_eq(found, cases[i].want), "%s gave \"%s\"", cases[i].text, found);
  }
}

Test(net_rows, compact_leaves_strings_alone)
{
  struct buf out = BUF_INIT(BUF_LARGE);
  static const char text[] = " { \"a b\" : [ 1 ,\n\t\"x \\\" y\" ] } ";

  json_scan_compact(&out, text, sizeof text - 1);
  cr_expect_str_eq(out.data, "{\"a b\":[1,\"x \\\" y\"]}");
  buf_free(&out);
}
