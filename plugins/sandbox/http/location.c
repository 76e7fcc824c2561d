/* SPDX-License-Identifier: Apache-2.0 */
/* Storage credentials, external locations and connections over REST.
 * https://docs.databricks.com/api/workspace/externallocations */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/page.h"
#include "http/unity.h"

#include "base/banned.h"

/* "OPEN" is stored; these objects spell it "ISOLATION_MODE_OPEN". */
static void
add_isolation(struct request *request, struct json_object *out, const char *mode)
{
  if (!mode) mode = "OPEN";
  json_add_text(
      out, "isolation_mode",
      str_starts(mode, "ISOLATION_MODE_") ? mode : arena_printf(request->arena, "ISOLATION_MODE_%s", mode));
}

static bool
read_isolation(struct request *request, struct json_object *body, const char **out)
{
  static const char *const modes[] = {"ISOLATION_MODE_OPEN", "ISOLATION_MODE_ISOLATED"};
  const char *mode = NULL;

  if (!body_choice(request, body, "isolation_mode", modes, ARRAY_SIZE(modes), &mode)) return false;
  if (mode) *out = mode + strlen("ISOLATION_MODE_");
  return true;
}

static bool
read_tristate(struct request *request, struct json_object *body, const char *key, int *out)
{
  bool value = false;

  if (!body_bool(request, body, key, &value)) return false;
  if (json_get(body, key)) *out = value ? 1 : 2;
  return true;
}

static struct json_object *
render_location(struct request *request, const struct external_location *location)
{
  struct json_object *out = unity_object(request, &location->object);

  json_object_object_del(out, "full_name");
  json_add_text(out, "url", location->url);
  json_add_text(out, "credential_name", location->credential_name);
  unity_add_known(out, "credential_id", location->credential_id);
  json_add_bool(out, "read_only", location->read_only);
  json_add_bool(out, "fallback", location->fallback);
  add_isolation(request, out, location->isolation_mode);
  return out;
}

static struct json_object *
list_locations(struct request *request)
{
  struct external_location *locations;
  struct json_object *list;
  struct page page;
  size_t count;
  bool browse;

  if (!page_begin(request, "max_results", PAGE_OR_ALL, &page) ||
      !query_bool(request, "include_browse", false, &browse) ||
      !external_location_list(&request->session, &page, &locations, &count))
    return NULL;
  list = json_object_new_array();
  for (size_t i = 0; i < count; i++)
    if (unity_shows(&locations[i].object, browse))
      json_object_array_add(list, render_location(request, &locations[i]));
  return unity_page(request, "external_locations", list, &page);
}

static struct json_object *
create_location(struct request *request)
{
  struct json_object *body = request_json(request);
  struct external_location location = {0};

  if (!body || !(location.object.name = body_required(request, body, "name")) ||
      !(location.url = body_required(request, body, "url")) ||
      !(location.credential_name = body_required(request, body, "credential_name")) ||
      !body_text(request, body, "comment", &location.object.comment) ||
      !body_bool(request, body, "read_only", &location.read_only) ||
      !body_bool(request, body, "fallback", &location.fallback) ||
      !external_location_create(&request->session, &location) ||
      !external_location_get(&request->session, location.object.name, &location))
    return NULL;
  return render_location(request, &location);
}

static struct json_object *
get_location(struct request *request)
{
  struct external_location location;

  if (!external_location_get(&request->session, request->params[0], &location) ||
      !unity_allow_browse(request, &location.object))
    return NULL;
  return render_location(request, &location);
}

static struct json_object *
patch_location(struct request *request)
{
  struct json_object *body = request_json(request);
  struct external_location location;
  struct securable object;
  struct patch patch = {0};
  struct name name;

  if (!body || !body_text(request, body, "new_name", &patch.new_name) ||
      !body_text(request, body, "owner", &patch.owner) ||
      !body_text(request, body, "comment", &patch.comment) || !body_text(request, body, "url", &patch.url) ||
      !body_text(request, body, "credential_name", &patch.credential_name) ||
      !read_tristate(request, body, "read_only", &patch.read_only) ||
      !read_tristate(request, body, "fallback", &patch.fallback) ||
      !read_isolation(request, body, &patch.isolation_mode) ||
      !unity_name(request, SEC_EXTERNAL_LOCATION, &name) ||
      !securable_update(&request->session, SEC_EXTERNAL_LOCATION, &name, &patch, &object) ||
      !external_location_get(&request->session, object.name, &location))
    return NULL;
  return render_location(request, &location);
}

static struct json_object *
delete_location(struct request *request)
{
  bool force;

  if (!query_bool(request, "force", false, &force) ||
      !external_location_drop(&request->session, request->params[0], force))
    return NULL;
  return unity_done();
}

/* Credentials. Which member of the body tells the identity, and what of it may be shown again. */
static const char *const identities[] = {"aws_iam_role", "azure_managed_identity", "azure_service_principal",
                                         "databricks_gcp_service_account", "cloudflare_api_token"};

static struct json_object *
render_credential(struct request *request, const struct storage_credential *credential)
{
  struct json_object *out = unity_object(request, &credential->object);

  json_add_text(out, "id", credential->object.uuid);
  if (credential->identity_kind) unity_add_json(out, credential->identity_kind, credential->identity);
  json_add_bool(out, "read_only", credential->read_only);
  json_add_bool(out, "used_for_managed_storage", credential->used_for_managed_storage);
  add_isolation(request, out, credential->isolation_mode);
  return out;
}

static struct json_object *
list_credentials(struct request *request)
{
  struct storage_credential *credentials;
  struct json_object *list;
  struct page page;
  size_t count;

  if (!page_begin(request, "max_results", PAGE_OR_ALL, &page) ||
      !storage_credential_list(&request->session, &page, &credentials, &count))
    return NULL;
  list = json_object_new_array();
  for (size_t i = 0; i < count; i++)
    json_object_array_add(list, render_credential(request, &credentials[i]));
  return unity_page(request, "storage_credentials", list, &page);
}

/* What is kept of an identity: no secrets, and for a role what the service adds. */
static bool
read_identity(struct request *request, struct json_object *body, struct storage_credential *out)
{
  struct json_object *identity = NULL, *kept = NULL;

  for (size_t i = 0; i < ARRAY_SIZE(identities); i++) {
    struct json_object *given = NULL;

    if (!body_object(request, body, identities[i], &given)) return false;
    if (!given) continue;
    if (identity) return reply_invalid(request, "Only one kind of identity can be given.");
    identity = given;
    out->identity_kind = identities[i];
  }
  if (!identity)
    return reply_invalid(request, "One of aws_iam_role, azure_managed_identity, azure_service_principal, "
                                  "databricks_gcp_service_account, cloudflare_api_token is required.");
  json_object_deep_copy(identity, &kept, NULL);
  json_object_object_del(kept, "client_secret");
  json_object_object_del(kept, "secret_access_key");
  if (strcmp(out->identity_kind, "aws_iam_role") == 0) {
    char external[37];

    sandbox_uuid(external);
    json_add_text(kept, "external_id", external);
    json_add_text(kept, "unity_catalog_iam_arn", "arn:aws:iam::000000000000:role/sandbox-unity-catalog");
  }
  out->identity = arena_strdup(request->arena, json_text(kept));
  json_object_put(kept);
  return true;
}

static struct json_object *
create_credential(struct request *request)
{
  struct json_object *body = request_json(request);
  struct storage_credential credential = {0};

  if (!body || !(credential.object.name = body_required(request, body, "name")) ||
      !body_text(request, body, "comment", &credential.object.comment) ||
      !body_bool(request, body, "read_only", &credential.read_only) ||
      !read_identity(request, body, &credential) ||
      !storage_credential_create(&request->session, &credential) ||
      !storage_credential_get(&request->session, credential.object.name, &credential))
    return NULL;
  return render_credential(request, &credential);
}

static struct json_object *
get_credential(struct request *request)
{
  struct storage_credential credential;

  if (!storage_credential_get(&request->session, request->params[0], &credential)) return NULL;
  return render_credential(request, &credential);
}

static struct json_object *
patch_credential(struct request *request)
{
  struct json_object *body = request_json(request);
  struct storage_credential credential;
  struct securable object;
  struct patch patch = {0};
  struct name name;

  if (!body || !body_text(request, body, "new_name", &patch.new_name) ||
      !body_text(request, body, "owner", &patch.owner) ||
      !body_text(request, body, "comment", &patch.comment) ||
      !read_tristate(request, body, "read_only", &patch.read_only) ||
      !read_isolation(request, body, &patch.isolation_mode) ||
      !unity_name(request, SEC_STORAGE_CREDENTIAL, &name) ||
      !securable_update(&request->session, SEC_STORAGE_CREDENTIAL, &name, &patch, &object) ||
      !storage_credential_get(&request->session, object.name, &credential))
    return NULL;
  return render_credential(request, &credential);
}

static struct json_object *
delete_credential(struct request *request)
{
  bool force;

  if (!query_bool(request, "force", false, &force) ||
      !storage_credential_drop(&request->session, request->params[0], force))
    return NULL;
  return unity_done();
}

static struct json_object *
render_connection(struct request *request, const struct connection *connection)
{
  struct json_object *out = unity_object(request, &connection->object);

  json_add_text(out, "connection_type", connection->type);
  json_add_text(out, "connection_id", connection->object.uuid);
  unity_add_json(out, "options", connection->options);
  unity_add_json(out, "properties", connection->properties);
  json_add_bool(out, "read_only", connection->read_only);
  json_add_text(out, "securable_type", "CONNECTION");
  return out;
}

static struct json_object *
list_connections(struct request *request)
{
  struct connection *connections;
  struct json_object *list;
  struct page page;
  size_t count;

  if (!page_begin(request, "max_results", PAGE_OR_ALL, &page) ||
      !connection_list(&request->session, &page, &connections, &count))
    return NULL;
  list = json_object_new_array();
  for (size_t i = 0; i < count; i++)
    json_object_array_add(list, render_connection(request, &connections[i]));
  return unity_page(request, "connections", list, &page);
}

static struct json_object *
create_connection(struct request *request)
{
  struct json_object *body = request_json(request);
  struct connection connection = {.options = "{}", .properties = "{}"};

  if (!body || !(connection.object.name = body_required(request, body, "name")) ||
      !(connection.type = body_required(request, body, "connection_type")) ||
      !body_text(request, body, "comment", &connection.object.comment) ||
      !unity_body_map(request, body, "options", &connection.options) ||
      !unity_body_map(request, body, "properties", &connection.properties) ||
      !body_bool(request, body, "read_only", &connection.read_only) ||
      !connection_create(&request->session, &connection) ||
      !connection_get(&request->session, connection.object.name, &connection))
    return NULL;
  return render_connection(request, &connection);
}

static struct json_object *
get_connection(struct request *request)
{
  struct connection connection;

  if (!connection_get(&request->session, request->params[0], &connection)) return NULL;
  return render_connection(request, &connection);
}

static struct json_object *
delete_connection(struct request *request)
{
  return connection_drop(&request->session, request->params[0]) ? unity_done() : NULL;
}

const struct route location_routes[] = {
    ROUTE_WORK("GET", UC "external-locations", list_locations),
    ROUTE_WORK("POST", UC "external-locations", create_location),
    ROUTE_WORK("GET", UC "external-locations/{}", get_location),
    ROUTE_WORK("PATCH", UC "external-locations/{}", patch_location),
    ROUTE_WORK("DELETE", UC "external-locations/{}", delete_location),
    ROUTE_WORK("GET", UC "storage-credentials", list_credentials),
    ROUTE_WORK("POST", UC "storage-credentials", create_credential),
    ROUTE_WORK("GET", UC "storage-credentials/{}", get_credential),
    ROUTE_WORK("PATCH", UC "storage-credentials/{}", patch_credential),
    ROUTE_WORK("DELETE", UC "storage-credentials/{}", delete_credential),
    ROUTE_WORK("GET", UC "connections", list_connections),
    ROUTE_WORK("POST", UC "connections", create_connection),
    ROUTE_WORK("GET", UC "connections/{}", get_connection),
    ROUTE_WORK("DELETE", UC "connections/{}", delete_connection),
    ROUTE_END,
};
