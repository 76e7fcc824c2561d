/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes over REST. https://docs.databricks.com/api/workspace/volumes. Their files are file.c's. */
#include <string.h>

#include "base/str.h"
#include "http/page.h"
#include "http/unity.h"

#include "base/banned.h"

static struct json_object *
render(struct request *request, const struct volume *volume)
{
  struct json_object *out = unity_object(request, &volume->object);

  unity_add_parents(out, &volume->object);
  json_add_text(out, "volume_id", volume->object.uuid);
  json_add_text(out, "volume_type", volume->type);
  unity_add_known(out, "storage_location", volume->storage_location);
  return out;
}

static struct json_object *
list_volumes(struct request *request)
{
  const char *catalog = query_required(request, "catalog_name");
  const char *schema = catalog ? query_required(request, "schema_name") : NULL;
  struct json_object *list;
  struct volume *volumes;
  struct page page;
  size_t count;
  bool browse;

  if (!schema || !page_begin(request, "max_results", PAGE_ALWAYS, &page) ||
      !query_bool(request, "include_browse", false, &browse) ||
      !volume_list(&request->session, catalog, schema, &page, &volumes, &count))
    return NULL;
  list = json_object_new_array();
  for (size_t i = 0; i < count; i++)
    if (unity_shows(&volumes[i].object, browse)) json_object_array_add(list, render(request, &volumes[i]));
  return unity_page(request, "volumes", list, &page);
}

static struct json_object *
create_volume(struct request *request)
{
  static const char *const types[] = {"MANAGED", "EXTERNAL"};
  struct json_object *body = request_json(request);
  struct volume_spec spec = {0};
  struct volume volume;

  if (!body || !(spec.name = body_required(request, body, "name")) ||
      !(spec.catalog_name = body_required(request, body, "catalog_name")) ||
      !(spec.schema_name = body_required(request, body, "schema_name")) ||
      !body_required(request, body, "volume_type") ||
      !body_choice(request, body, "volume_type", types, ARRAY_SIZE(types), &spec.type) ||
      !body_text(request, body, "comment", &spec.comment) ||
      !body_text(request, body, "storage_location", &spec.storage_location))
    return NULL;
  if (spec.type == types[0] && spec.storage_location) {
    reply_invalid(request, "CreateVolume storage_location can not be provided.");
    return NULL;
  }
  if (spec.type == types[1] && !spec.storage_location) {
    reply_invalid(request, "CreateVolume missing required field: storage_location");
    return NULL;
  }
  return volume_create(&request->session, &spec, &volume) ? render(request, &volume) : NULL;
}

static struct json_object *
get_volume(struct request *request)
{
  struct volume volume;
  struct name name;

  if (!unity_name(request, SEC_VOLUME, &name) || !volume_get(&request->session, &name, &volume) ||
      !unity_allow_browse(request, &volume.object))
    return NULL;
  return render(request, &volume);
}

static struct json_object *
patch_volume(struct request *request)
{
  struct json_object *body = request_json(request);
  struct patch patch = {0};
  struct securable object;
  struct volume volume;
  struct name name;

  if (!body || !body_text(request, body, "new_name", &patch.new_name) ||
      !body_text(request, body, "owner", &patch.owner) ||
      !body_text(request, body, "comment", &patch.comment) || !unity_name(request, SEC_VOLUME, &name) ||
      !securable_update(&request->session, SEC_VOLUME, &name, &patch, &object) ||
      !name_split(&request->session, SEC_VOLUME, object.full_name, &name) ||
      !volume_get(&request->session, &name, &volume))
    return NULL;
  return render(request, &volume);
}

static struct json_object *
delete_volume(struct request *request)
{
  struct name name;

  if (!unity_name(request, SEC_VOLUME, &name) || !volume_drop(&request->session, &name)) return NULL;
  return unity_done();
}

const struct route volume_routes[] = {
    ROUTE_WORK("GET", UC "volumes", list_volumes),        ROUTE_WORK("POST", UC "volumes", create_volume),
    ROUTE_WORK("GET", UC "volumes/{}", get_volume),       ROUTE_WORK("PATCH", UC "volumes/{}", patch_volume),
    ROUTE_WORK("DELETE", UC "volumes/{}", delete_volume), ROUTE_END,
};
