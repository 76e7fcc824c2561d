/* SPDX-License-Identifier: Apache-2.0 */
/* Row filters and column masks: the function and what it is given.
 * https://docs.databricks.com/tables/row-and-column-filters.html */
#include "base/buf.h"
#include "kit/delta/internal.h"

#include "base/banned.h"

static void
add_argument(struct buf *text, const char *argument)
{
  buf_addf(text, "%s%s", text->data[text->len - 1] == '(' ? "" : ", ", argument ? argument : "NULL");
}

/* sales.f(country, 'DE'), with the arguments in whichever of the two forms the service gave them. */
static const char *
policy_text(const struct comparing *at, int side, const char *json)
{
  CLEANUP_JSON struct json_object *policy = json ? json_parse(json, strlen(json), NULL, NULL) : NULL;
  CLEANUP_BUF struct buf text = BUF_INIT(BUF_LARGE);
  struct json_object *list = json_get_array(policy, "input_arguments"), *names;
  const char *name = json_get_text(policy, "function_name");

  if (!json) return NULL;
  buf_addf(&text, "%s(", name ? local_name(at, side, name) : "");
  if (!list) list = json_get_array(policy, "using_arguments");
  for (size_t i = 0; i < json_length(list); i++) {
    const char *column = json_get_text(json_item(list, i), "column");

    add_argument(&text, column ? column : json_get_text(json_item(list, i), "constant"));
  }
  names = json_get_array(policy, "input_column_names");
  if (!names) names = json_get_array(policy, "using_column_names");
  for (size_t i = 0; !json_length(list) && i < json_length(names); i++)
    add_argument(&text, json_object_get_string(json_item(names, i)));
  buf_add_char(&text, ')');
  return arena_strdup(at->arena, text.data);
}

void
compare_policy(struct comparing *at, enum delta_field field, const char *source, const char *dest)
{
  const char *mine, *other;

  if (!source && !dest) return;
  mine = policy_text(at, SOURCE, source);
  other = policy_text(at, DEST, dest);
  if (!mine || !other || !utf8_ieq(mine, other)) delta_note(at, field, NULL, mine, other);
}
