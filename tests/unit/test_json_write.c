/* SPDX-License-Identifier: Apache-2.0 */
/* base/json_write: commas, brackets, line breaks, sorted trees. */
#include <criterion/criterion.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/json_write.h"

static void
write_sample(struct json_writer *writer)
{
  json_begin_object(writer, NULL);
  json_write_text(writer, "name", "a\"b\n");
  json_write_text(writer, "absent", NULL);
  json_begin_array(writer, "list");
  json_write_int(writer, NULL, -3);
  json_write_bool(writer, NULL, true);
  json_begin_object(writer, NULL);
  json_end_object(writer);
  json_end_array(writer);
  json_begin_array(writer, "empty");
  json_end_array(writer);
  json_end_object(writer);
}

Test(json_write, compact)
{
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);
  struct json_writer writer = {.out = &out};

  write_sample(&writer);
  cr_assert_str_eq(out.data, "{\"name\":\"a\\\"b\\n\",\"list\":[-3,true,{}],\"empty\":[]}");
}

Test(json_write, pretty_has_one_member_per_line)
{
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);
  struct json_writer writer = {.out = &out, .pretty = true};

  write_sample(&writer);
  cr_assert_str_eq(out.data,
                   "{\n  \"name\": \"a\\\"b\\n\",\n  \"list\": [\n    -3,\n    true,\n    {}\n  ],\n"
                   "  \"empty\": []\n}");
}

Test(json_write, trees_are_sorted_at_every_depth_and_arrays_are_not)
{
  static const char text[] = "{\"b\":{\"z\":1,\"Z\":null,\"a\":[3,1,{\"y\":2.5,\"x\":false}]},\"a\":\"t\"}";
  CLEANUP_JSON struct json_object *tree = json_parse(text, sizeof text - 1, NULL, NULL);
  CLEANUP_BUF struct buf out = BUF_INIT(BUF_LARGE);
  struct json_writer writer = {.out = &out};

  json_write_tree(&writer, NULL, tree);
  cr_assert_str_eq(out.data, "{\"a\":\"t\",\"b\":{\"Z\":null,\"a\":[3,1,{\"x\":false,\"y\":2.5}],\"z\":1}}");
}
