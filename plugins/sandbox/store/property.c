/* SPDX-License-Identifier: Apache-2.0 */
/* JSON objects of texts. */
#include "store/property.h"

#include <string.h>

#include "base/arena.h"
#include "base/json.h"

#include "base/banned.h"

static struct json_object *
parse(const char *json)
{
  struct json_object *object = json ? json_parse(json, strlen(json), NULL, NULL) : NULL;

  return object ? object : json_object_new_object();
}

const char *
property_set(struct arena *arena, const char *json, const char *key, const char *value)
{
  struct json_object *object CLEANUP_JSON = parse(json);

  if (value)
    json_add_text(object, key, value);
  else
    json_object_object_del(object, key);
  return arena_strdup(arena, json_text(object));
}

const char *
property_get(struct arena *arena, const char *json, const char *key)
{
  struct json_object *object CLEANUP_JSON = NULL;

  if (!json || strcmp(json, "{}") == 0) return NULL;
  object = parse(json);
  return arena_strdup(arena, json_get_text(object, key));
}

const char *
property_merge(struct arena *arena, const char *base, const char *over)
{
  struct json_object *object CLEANUP_JSON = parse(base), *more CLEANUP_JSON = parse(over);
  struct json_object_iter it;

  json_object_object_foreachC(more, it) json_object_object_add(object, it.key, json_object_get(it.val));
  return arena_strdup(arena, json_text(object));
}
