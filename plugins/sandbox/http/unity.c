/* SPDX-License-Identifier: Apache-2.0 */
/* Members that all Unity Catalog objects have in common. It must not know any kind in particular. */
#include "http/unity.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/auth.h"
#include "http/page.h"

#include "base/banned.h"

void
unity_add_known(struct json_object *out, const char *key, const char *text)
{
  if (text) json_add_text(out, key, text);
}

struct json_object *
unity_object(struct request *request, const struct securable *object)
{
  struct json_object *out = json_object_new_object();

  json_add_text(out, "name", object->name);
  json_add_text(out, "full_name", object->full_name);
  unity_add_known(out, "owner", object->owner);
  unity_add_known(out, "comment", object->comment);
  json_add_text(out, "metastore_id", request->sandbox->metastore_id);
  json_add_int(out, "created_at", object->created_at);
  unity_add_known(out, "created_by", object->created_by);
  json_add_int(out, "updated_at", object->updated_at);
  unity_add_known(out, "updated_by", object->updated_by);
  if (object->browse_only) json_add_bool(out, "browse_only", true);
  return out;
}

void
unity_add_parents(struct json_object *out, const struct securable *object)
{
  unity_add_known(out, "catalog_name", object->catalog_name);
  unity_add_known(out, "schema_name", object->schema_name);
}

void
unity_add_json(struct json_object *out, const char *key, const char *text)
{
  struct json_object *value = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;

  if (value) json_object_object_add(out, key, value);
}

void
unity_add_optimization(struct request *request, struct json_object *out, const struct securable *object,
                       const char *own)
{
  struct json_object *flag = json_object_new_object();
  struct name name = {.catalog = object->catalog_name};
  const char *value = own ? own : "INHERIT", *from = NULL;
  struct catalog catalog;

  json_add_text(out, "enable_predictive_optimization", value);
  if (strcmp(value, "INHERIT") == 0 && object->kind == SEC_SCHEMA &&
      catalog_get(&request->session, name.catalog, &catalog) && catalog.predictive_optimization &&
      strcmp(catalog.predictive_optimization, "INHERIT") != 0) {
    value = catalog.predictive_optimization;
    from = name.catalog;
  }
  fault_clear(&request->session);
  json_add_text(flag, "value", strcmp(value, "INHERIT") == 0 ? "DISABLE" : value);
  if (from) {
    json_add_text(flag, "inherited_from_type", "CATALOG");
    json_add_text(flag, "inherited_from_name", from);
  } else if (strcmp(value, "INHERIT") == 0) {
    json_add_text(flag, "inherited_from_type", "METASTORE");
    json_add_text(flag, "inherited_from_name", "metastore");
  }
  json_object_object_add(out, "effective_predictive_optimization_flag", flag);
}

struct json_object *
unity_page(struct request *request, const char *key, struct json_object *list, const struct page *page)
{
  struct json_object *out = json_object_new_object();

  json_object_object_add(out, key, list);
  page_end(request, out, page);
  return out;
}

bool
unity_name(struct request *request, enum securable_kind kind, struct name *out)
{
  return name_split(&request->session, kind, request->params[0], out);
}

bool
unity_shows(const struct securable *object, bool include_browse)
{
  return include_browse || !object->browse_only;
}

bool
unity_allow_browse(struct request *request, const struct securable *object)
{
  bool include;

  if (!query_bool(request, "include_browse", false, &include)) return false;
  if (unity_shows(object, include)) return true;
  return reply_denied(request,
                      "User does not have a privilege other than BROWSE on %s '%s'; ask with "
                      "include_browse=true to see what BROWSE shows.",
                      securable_kind_word(object->kind), object->full_name);
}

bool
unity_body_map(struct request *request, struct json_object *body, const char *key, const char **out)
{
  struct json_object *map = NULL;

  if (!body_object(request, body, key, &map)) return false;
  if (!map) return true;
  json_object_object_foreach(map, name, value)
  {
    if (!json_object_is_type(value, json_type_string))
      return reply_error(request, 400, "MALFORMED_REQUEST",
                         "Could not parse request object: %s.%s must be a string", key, name);
  }
  *out = arena_strdup(request->arena, json_text(map));
  return true;
}

bool
unity_patch(struct request *request, struct json_object *body, struct patch *patch)
{
  static const char *const isolations[] = {"OPEN", "ISOLATED", "OPEN_IN_ACCOUNT"};
  static const char *const optimizations[] = {"ENABLE", "DISABLE", "INHERIT"};

  return body_text(request, body, "new_name", &patch->new_name) &&
         body_text(request, body, "owner", &patch->owner) &&
         body_text(request, body, "comment", &patch->comment) &&
         unity_body_map(request, body, "properties", &patch->properties) &&
         unity_body_map(request, body, "options", &patch->options) &&
         body_choice(request, body, "isolation_mode", isolations, ARRAY_SIZE(isolations),
                     &patch->isolation_mode) &&
         body_choice(request, body, "enable_predictive_optimization", optimizations,
                     ARRAY_SIZE(optimizations), &patch->predictive_optimization);
}

struct json_object *
unity_done(void)
{
  return json_object_new_object();
}
