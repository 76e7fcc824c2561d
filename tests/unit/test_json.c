/* SPDX-License-Identifier: Apache-2.0 */
/* base/json: whole documents or nothing, and members that may be absent, null or of another type. */
#include <criterion/criterion.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"

#include "base/banned.h"

static struct json_object *
parse(const char *text)
{
  return json_parse(text, strlen(text), NULL, NULL);
}

Test(json, a_document_is_parsed_whole_or_not_at_all)
{
  static const char *const bad[] = {"", "{", "{}x", "{\"a\":}", "nul", "{} {}", "\"\\u12\""};

  for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
    const char *why = NULL;
    size_t offset = 99;
    CLEANUP_JSON struct json_object *object = json_parse(bad[i], strlen(bad[i]), &offset, &why);

    cr_expect_null(object, "%s", bad[i]);
    cr_expect_not_null(why, "%s", bad[i]);
    cr_expect_leq(offset, strlen(bad[i]), "%s", bad[i]);
  }
}

Test(json, null_is_a_value_and_no_failure)
{
  const char *why = "set";

  cr_assert_null(json_parse(" null ", 6, NULL, &why));
  cr_assert_null(why);
}

Test(json, nesting_has_an_end)
{
  char text[400];
  const char *why = NULL;

  memset(text, '[', 200);
  memset(text + 200, ']', 200);
  cr_assert_null(json_parse(text, sizeof text, NULL, &why));
  cr_assert_not_null(why);
}

Test(json, integers_come_as_numbers_or_texts)
{
  CLEANUP_JSON struct json_object *object = parse("{\"a\":12,\"b\":\"34\",\"c\":\"x\",\"d\":null,\"e\":-1}");

  cr_assert_eq(json_get_int(object, "a", 0), 12);
  cr_assert_eq(json_get_int(object, "b", 0), 34);
  cr_assert_eq(json_get_int(object, "c", 7), 7);
  cr_assert_eq(json_get_int(object, "d", 7), 7);
  cr_assert_eq(json_get_int(object, "e", 7), -1);
  cr_assert_eq(json_get_int(object, "none", 7), 7);
}

Test(json, absent_members_of_absent_objects)
{
  cr_assert_null(json_get(NULL, "x"));
  cr_assert_null(json_get_text(NULL, "x"));
  cr_assert_null(json_get_array(NULL, "x"));
  cr_assert_eq(json_length(NULL), 0);
  cr_assert_null(json_item(NULL, 0));
  cr_assert(json_get_bool(NULL, "x", true));
}

Test(json, walking_an_object_keeps_order_and_shows_nulls)
{
  CLEANUP_JSON struct json_object *object = parse("{\"z\":1,\"a\":null,\"m\":[]}");
  static const char *const names[] = {"z", "a", "m"};
  struct json_object *value;
  const char *key;
  void *at = NULL;
  size_t count = 0;

  while (json_next(object, &at, &key, &value)) {
    cr_assert_str_eq(key, names[count]);
    if (count == 1) cr_assert_null(value);
    count++;
  }
  cr_assert_eq(count, 3);
  at = NULL;
  cr_assert_not(json_next(NULL, &at, &key, &value));
}

Test(json, texts_print_without_escaped_slashes)
{
  CLEANUP_JSON struct json_object *object = json_object_new_object();

  json_add_text(object, "path", "/a/b");
  json_add_text(object, "none", NULL);
  json_add_int(object, "n", INT64_MAX);
  json_add_bool(object, "t", true);
  cr_assert_str_eq(json_text(object),
                   "{\"path\":\"/a/b\",\"none\":null,\"n\":9223372036854775807,\"t\":true}");
}
