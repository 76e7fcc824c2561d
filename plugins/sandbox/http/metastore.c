/* SPDX-License-Identifier: Apache-2.0 */
/* The metastore over REST. https://docs.databricks.com/api/workspace/metastores */
#include "base/str.h"
#include "http/page.h"
#include "http/unity.h"

#include "base/banned.h"

static struct json_object *
get_summary(struct request *request)
{
  struct json_object *out = json_object_new_object();
  struct metastore metastore;

  metastore_load(&request->session, &metastore);
  json_add_text(out, "metastore_id", metastore.id);
  json_add_text(out, "name", metastore.name);
  unity_add_known(out, "owner", metastore.owner);
  unity_add_known(out, "cloud", metastore.cloud);
  unity_add_known(out, "region", metastore.region);
  unity_add_known(out, "storage_root", metastore.storage_root);
  json_add_text(out, "global_metastore_id", metastore.id);
  json_add_text(out, "privilege_model_version", "1.0");
  json_add_text(out, "delta_sharing_scope", "INTERNAL");
  json_add_int(out, "created_at", metastore.created_at);
  json_add_int(out, "updated_at", metastore.created_at);
  unity_add_known(out, "created_by", metastore.owner);
  unity_add_known(out, "updated_by", metastore.owner);
  return out;
}

static struct json_object *
get_assignment(struct request *request)
{
  struct json_object *out = json_object_new_object();

  json_add_text(out, "metastore_id", request->sandbox->metastore_id);
  json_add_int(out, "workspace_id", request->sandbox->workspace_number);
  json_add_text(out, "default_catalog_name", "main");
  return out;
}

static struct json_object *
list_metastores(struct request *request)
{
  struct json_object *list;
  struct page page;

  if (!page_begin(request, "max_results", PAGE_OR_ALL, &page)) return NULL;
  list = json_object_new_array();
  json_object_array_add(list, get_summary(request));
  return unity_page(request, "metastores", list, &page);
}

static struct json_object *
get_metastore(struct request *request)
{
  if (str_eq(request->params[0], request->sandbox->metastore_id)) return get_summary(request);
  reply_error(request, 404, "METASTORE_DOES_NOT_EXIST", "Metastore '%s' does not exist.", request->params[0]);
  return NULL;
}

const struct route metastore_routes[] = {
    ROUTE_WORK("GET", UC "metastore_summary", get_summary),
    ROUTE_WORK("GET", UC "current-metastore-assignment", get_assignment),
    ROUTE_WORK("GET", UC "metastores", list_metastores),
    ROUTE_WORK("GET", UC "metastores/{}", get_metastore),
    ROUTE_END,
};
