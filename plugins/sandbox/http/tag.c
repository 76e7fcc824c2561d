/* SPDX-License-Identifier: Apache-2.0 */
/* Tags over REST. https://docs.databricks.com/api/workspace/entitytagassignments. Entity types are plural; a
 * column is named catalog.schema.table.column. */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/page.h"
#include "http/unity.h"

#include "base/banned.h"

struct entity {
  const char *type, *name;
  struct securable object;
  const char *column; /* or NULL */
};

static bool
find_column(struct request *request, const char *full, struct entity *out)
{
  struct table table;
  struct name name;
  const char *dot = full;

  for (int parts = 0; dot && parts < 3; parts++)
    dot = strchr(parts ? dot + 1 : dot, '.');
  if (!dot) return reply_invalid(request, "A column is named catalog.schema.table.column, not '%s'.", full);
  if (!name_split(&request->session, SEC_TABLE, arena_strndup(request->arena, full, (size_t)(dot - full)),
                  &name) ||
      !table_get(&request->session, &name, &table))
    return false;
  out->object = table.object;
  if (!table_column(&table, dot + 1)) return reply_missing(request, "Column '%s' does not exist.", full);
  out->column = table_column(&table, dot + 1)->name;
  return true;
}

static bool
find_entity(struct request *request, const char *type, const char *full, struct entity *out)
{
  static const struct {
    const char *type;
    enum securable_kind kind;
  } types[] = {{"catalogs", SEC_CATALOG},
               {"schemas", SEC_SCHEMA},
               {"tables", SEC_TABLE},
               {"volumes", SEC_VOLUME},
               {"functions", SEC_FUNCTION}};
  struct name name;

  *out = (struct entity){.type = type, .name = full};
  if (strcmp(type, "columns") == 0) return find_column(request, full, out);
  for (size_t i = 0; i < ARRAY_SIZE(types); i++)
    if (strcmp(type, types[i].type) == 0)
      return name_split(&request->session, types[i].kind, full, &name) &&
             securable_get(&request->session, types[i].kind, &name, &out->object);
  return reply_invalid(
      request, "Entity type '%s' is not one of catalogs, schemas, tables, columns, volumes, functions.",
      type);
}

static struct json_object *
render(struct request *request, const struct entity *entity, const struct tag *tag)
{
  struct json_object *out = json_object_new_object();

  json_add_text(out, "entity_type", entity->type);
  json_add_text(out, "entity_name", entity->name);
  json_add_text(out, "tag_key", tag->key);
  json_add_text(out, "tag_value", tag->value);
  json_add_bool(out, "inherited", false);
  json_add_text(out, "update_time", sandbox_iso_time(request->arena, tag->updated_at));
  unity_add_known(out, "updated_by", tag->updated_by);
  return out;
}

/* The tag KEY of ENTITY as an answer. */
static struct json_object *
answer(struct request *request, const struct entity *entity, const char *key)
{
  struct tag *tags;
  size_t count;

  if (!tag_list(&request->session, &entity->object, entity->column, &tags, &count)) return NULL;
  for (size_t i = 0; i < count; i++)
    if (strcmp(tags[i].key, key) == 0) return render(request, entity, &tags[i]);
  reply_missing(request, "Tag '%s' is not assigned to %s '%s'.", key, entity->type, entity->name);
  return NULL;
}

static struct json_object *
create_tag(struct request *request)
{
  struct json_object *body = request_json(request);
  const char *type, *name, *key, *value = "";
  struct entity entity;

  if (!body || !(type = body_required(request, body, "entity_type")) ||
      !(name = body_required(request, body, "entity_name")) ||
      !(key = body_required(request, body, "tag_key")) || !body_text(request, body, "tag_value", &value) ||
      !find_entity(request, type, name, &entity) ||
      !tag_set(&request->session, &entity.object, entity.column, key, value, true))
    return NULL;
  return answer(request, &entity, key);
}

static const char *
tag_key_at(const void *items, size_t index)
{
  return ((const struct tag *)items)[index].key;
}

static struct json_object *
list_tags(struct request *request)
{
  struct json_object *list;
  struct entity entity;
  struct page page;
  struct tag *tags;
  size_t count, from, to;

  if (!page_begin(request, "max_results", PAGE_SERVER, &page) ||
      !find_entity(request, request->params[0], request->params[1], &entity) ||
      !tag_list(&request->session, &entity.object, entity.column, &tags, &count))
    return NULL;
  page_cut(&page, count, tag_key_at, tags, &from, &to);
  list = json_object_new_array();
  for (size_t i = from; i < to; i++)
    json_object_array_add(list, render(request, &entity, &tags[i]));
  return unity_page(request, "tag_assignments", list, &page);
}

static struct json_object *
get_tag(struct request *request)
{
  struct entity entity;

  if (!find_entity(request, request->params[0], request->params[1], &entity)) return NULL;
  return answer(request, &entity, request->params[2]);
}

static struct json_object *
patch_tag(struct request *request)
{
  struct json_object *body = request_json(request), *found;
  const char *mask = query_required(request, "update_mask"), *value = "";
  struct entity entity;

  if (!body || !mask || !body_text(request, body, "tag_value", &value)) return NULL;
  if (strcmp(mask, "tag_value") != 0 && strcmp(mask, "*") != 0) {
    reply_invalid(request, "update_mask can only name tag_value, not '%s'.", mask);
    return NULL;
  }
  if (!find_entity(request, request->params[0], request->params[1], &entity) ||
      !(found = answer(request, &entity, request->params[2])))
    return NULL;
  json_object_put(found);
  if (!tag_set(&request->session, &entity.object, entity.column, request->params[2], value, false))
    return NULL;
  return answer(request, &entity, request->params[2]);
}

static struct json_object *
delete_tag(struct request *request)
{
  struct entity entity;

  if (!find_entity(request, request->params[0], request->params[1], &entity) ||
      !tag_unset(&request->session, &entity.object, entity.column, request->params[2], true))
    return NULL;
  return unity_done();
}

#define TAGS UC "entity-tag-assignments"

const struct route tag_routes[] = {
    ROUTE_WORK("POST", TAGS, create_tag),
    ROUTE_WORK("GET", TAGS "/{}/{}/tags", list_tags),
    ROUTE_WORK("GET", TAGS "/{}/{}/tags/{}", get_tag),
    ROUTE_WORK("PATCH", TAGS "/{}/{}/tags/{}", patch_tag),
    ROUTE_WORK("DELETE", TAGS "/{}/{}/tags/{}", delete_tag),
    ROUTE_END,
};
