/* SPDX-License-Identifier: Apache-2.0 */
/* Who am I, and who else is there: SCIM 2.0 as far as clients of Unity Catalog ask.
 * https://docs.databricks.com/api/workspace/currentuser/me */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/auth.h"
#include "http/request.h"
#include "http/route.h"
#include "store/store.h"

#include "base/banned.h"

#define PAGE_MAX 100

static void
reply_scim(struct request *request, struct json_object *object)
{
  reply_json(request, 200, object);
  request->reply.content_type = "application/scim+json";
}

static void
add_schema(struct json_object *object, const char *schema)
{
  struct json_object *list = json_object_new_array();

  json_object_array_add(list, json_object_new_string(schema));
  json_object_object_add(object, "schemas", list);
}

static void
add_groups(struct request *request, struct json_object *object, const char *name)
{
  struct json_object *list = json_object_new_array();
  const char **groups = NULL;
  size_t count = 0;

  principal_groups(&request->session, name, &groups, &count);
  for (size_t i = 0; i < count; i++) {
    struct json_object *group = json_object_new_object();
    struct principal principal;

    json_add_text(group, "display", groups[i]);
    json_add_text(group, "type", "direct");
    if (principal_find(&request->session, groups[i], &principal)) {
      const char *id = arena_printf(request->arena, "%lld", (long long)principal.id);

      json_add_text(group, "value", id);
      json_add_text(group, "$ref", arena_printf(request->arena, "Groups/%s", id));
    }
    json_object_array_add(list, group);
  }
  json_object_object_add(object, "groups", list);
}

static void
add_email(struct json_object *object, const char *address)
{
  struct json_object *list = json_object_new_array(), *email = json_object_new_object();

  json_add_text(email, "type", "work");
  json_add_text(email, "value", address);
  json_add_bool(email, "primary", true);
  json_object_array_add(list, email);
  json_object_object_add(object, "emails", list);
}

static struct json_object *
render(struct request *request, const struct principal *principal)
{
  static const char *const rights[] = {"workspace-access", "databricks-sql-access"};
  struct json_object *object = json_object_new_object(), *list = json_object_new_array(), *name;

  json_add_text(object, "id", arena_printf(request->arena, "%lld", (long long)principal->id));
  json_add_text(object, "displayName", principal->display_name ? principal->display_name : principal->name);
  for (size_t i = 0; i < ARRAY_SIZE(rights); i++) {
    struct json_object *item = json_object_new_object();

    json_add_text(item, "value", rights[i]);
    json_object_array_add(list, item);
  }
  json_object_object_add(object, "entitlements", list);
  if (principal->kind == PRINCIPAL_GROUP) {
    add_schema(object, "urn:ietf:params:scim:schemas:core:2.0:Group");
    return object;
  }
  json_add_bool(object, "active", true);
  add_groups(request, object, principal->name);
  if (principal->kind == PRINCIPAL_SERVICE) {
    add_schema(object, "urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal");
    json_add_text(object, "applicationId", principal->name);
    return object;
  }
  add_schema(object, "urn:ietf:params:scim:schemas:core:2.0:User");
  json_add_text(object, "userName", principal->name);
  add_email(object, principal->name);
  name = json_object_new_object();
  json_add_text(name, "givenName", principal->display_name ? principal->display_name : principal->name);
  json_object_object_add(object, "name", name);
  return object;
}

/* Leave out what excludedAttributes names. */
static void
exclude(struct request *request, struct json_object *object)
{
  const char *names = query_text(request, "excludedAttributes");
  char *copy = arena_strdup(request->arena, names), *name;

  while (copy && (name = strsep(&copy, ",")))
    if (strcmp(name, "id") != 0) json_object_object_del(object, name);
}

static void
get_me(struct request *request)
{
  struct json_object *object = NULL;
  struct principal principal;

  store_enter(&request->session);
  if (principal_find(&request->session, request->caller->name, &principal))
    object = render(request, &principal);
  store_leave(&request->session, true);
  if (!object) {
    reply_error(request, 404, "RESOURCE_DOES_NOT_EXIST", "User %s does not exist.", request->caller->name);
    return;
  }
  /* Here, and only here, a service principal looks like a user whose name is its application id. */
  if (request->caller->service) json_add_text(object, "userName", request->caller->name);
  add_schema(object, "urn:ietf:params:scim:schemas:core:2.0:User");
  exclude(request, object);
  reply_scim(request, object);
}

/* The text behind `attribute eq "..."`, the only kind of filter that clients of this API use; NULL with the
 * request failed for another. */
static bool
parse_filter(struct request *request, const char *const *attributes, size_t count, const char **out)
{
  const char *filter = query_text(request, "filter"), *end;

  *out = NULL;
  if (!filter) return true;
  for (size_t i = 0; i < count; i++) {
    size_t length = strlen(attributes[i]);

    if (!str_ieqn(filter, attributes[i], length) || !str_ieqn(filter + length, " eq ", 4)) continue;
    filter += length + 4;
    if (*filter != '"' && *filter != '\'') {
      *out = filter;
      return true;
    }
    end = strrchr(filter + 1, *filter);
    if (end) *out = arena_strndup(request->arena, filter + 1, (size_t)(end - filter - 1));
    if (*out) return true;
  }
  return reply_invalid(request, "Only filters of the form '%s eq \"...\"' are supported.", attributes[0]);
}

static void
list_principals(struct request *request, enum principal_kind kind, const char *const *attributes,
                size_t attribute_count)
{
  struct json_object *answer, *list;
  struct principal *principals = NULL;
  const char *wanted;
  size_t count = 0, matched = 0;
  int64_t start, limit;

  if (!parse_filter(request, attributes, attribute_count, &wanted) ||
      !query_int(request, "startIndex", 1, &start) || !query_int(request, "count", PAGE_MAX, &limit))
    return;
  if (start < 1) start = 1;
  if (limit > PAGE_MAX || limit < 0) limit = PAGE_MAX;
  answer = json_object_new_object();
  list = json_object_new_array();
  store_enter(&request->session);
  principal_list(&request->session, kind, &principals, &count);
  for (size_t i = 0; i < count; i++) {
    const char *display = principals[i].display_name;

    if (wanted && !utf8_ieq(principals[i].name, wanted) && !(display && utf8_ieq(display, wanted))) continue;
    if (++matched < (size_t)start || json_length(list) >= (size_t)limit) continue;
    json_object_array_add(list, render(request, &principals[i]));
  }
  store_leave(&request->session, true);
  add_schema(answer, "urn:ietf:params:scim:api:messages:2.0:ListResponse");
  json_add_int(answer, "totalResults", (int64_t)matched);
  json_add_int(answer, "startIndex", start);
  json_add_int(answer, "itemsPerPage", (int64_t)json_length(list));
  json_object_object_add(answer, "Resources", list);
  reply_scim(request, answer);
}

static void
list_users(struct request *request)
{
  static const char *const attributes[] = {"userName", "displayName", "emails.value"};

  list_principals(request, PRINCIPAL_USER, attributes, ARRAY_SIZE(attributes));
}

static void
list_groups(struct request *request)
{
  static const char *const attributes[] = {"displayName"};

  list_principals(request, PRINCIPAL_GROUP, attributes, ARRAY_SIZE(attributes));
}

static void
list_services(struct request *request)
{
  static const char *const attributes[] = {"applicationId", "displayName"};

  list_principals(request, PRINCIPAL_SERVICE, attributes, ARRAY_SIZE(attributes));
}

static void
get_principal(struct request *request, enum principal_kind kind, const char *word)
{
  struct principal *principals = NULL;
  struct json_object *object = NULL;
  size_t count = 0;

  store_enter(&request->session);
  principal_list(&request->session, kind, &principals, &count);
  for (size_t i = 0; i < count && !object; i++)
    if (strcmp(arena_printf(request->arena, "%lld", (long long)principals[i].id), request->params[0]) == 0)
      object = render(request, &principals[i]);
  store_leave(&request->session, true);
  if (object)
    reply_scim(request, object);
  else
    reply_missing(request, "%s with id %s does not exist.", word, request->params[0]);
}

static void
get_user(struct request *request)
{
  get_principal(request, PRINCIPAL_USER, "User");
}

static void
get_group(struct request *request)
{
  get_principal(request, PRINCIPAL_GROUP, "Group");
}

static void
get_service(struct request *request)
{
  get_principal(request, PRINCIPAL_SERVICE, "Service principal");
}

#define SCIM "/api/2.0/preview/scim/v2/"

const struct route scim_routes[] = {
    ROUTE("GET", SCIM "Me", get_me),
    ROUTE("GET", SCIM "Users", list_users),
    ROUTE("GET", SCIM "Users/{}", get_user),
    ROUTE("GET", SCIM "Groups", list_groups),
    ROUTE("GET", SCIM "Groups/{}", get_group),
    ROUTE("GET", SCIM "ServicePrincipals", list_services),
    ROUTE("GET", SCIM "ServicePrincipals/{}", get_service),
    ROUTE_END,
};
