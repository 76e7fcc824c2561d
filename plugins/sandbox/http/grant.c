/* SPDX-License-Identifier: Apache-2.0 */
/* Grants over REST: direct and effective, read and changed. https://docs.databricks.com/api/workspace/grants
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/page.h"
#include "http/unity.h"

#include "base/banned.h"

/* The securable of the path. Models and shares have grants too, but there are none here. */
static bool
find_object(struct request *request, struct securable *out)
{
  const char *type = request->params[0];
  enum securable_kind kind;
  struct name name = {0};

  if (str_ieq(type, "metastore")) {
    if (strcmp(request->params[1], request->sandbox->metastore_id) != 0)
      return reply_error(request, 404, "METASTORE_DOES_NOT_EXIST", "Metastore '%s' does not exist.",
                         request->params[1]);
    name.catalog = request->params[1];
    return securable_get(&request->session, SEC_METASTORE, &name, out);
  }
  if (!securable_kind_from_path(type, &kind))
    return reply_invalid(request, "SECURABLETYPE.%s is not a valid securable type.", type);
  return name_split(&request->session, kind, request->params[1], &name) &&
         securable_get(&request->session, kind, &name, out);
}

static struct json_object *
render_direct(const struct grant *grant)
{
  struct json_object *out = json_object_new_object(), *list = json_object_new_array();

  json_add_text(out, "principal", grant->principal);
  for (int i = 0; i < PRIV_COUNT; i++)
    if (grant->privileges & PRIV_BIT(i))
      json_object_array_add(list, json_object_new_string(privilege_rest_name((enum privilege)i)));
  json_object_object_add(out, "privileges", list);
  return out;
}

static struct json_object *
render_all(const struct grant *grants, size_t from, size_t to)
{
  struct json_object *list = json_object_new_array();

  for (size_t i = from; i < to; i++)
    json_object_array_add(list, render_direct(&grants[i]));
  return list;
}

static void
add_effective(struct json_object *list, const struct grant *grant, enum securable_kind asked)
{
  for (int i = 0; i < PRIV_COUNT; i++) {
    struct json_object *item;

    if (!(grant->privileges & PRIV_BIT(i))) continue;
    item = json_object_new_object();
    json_add_text(item, "privilege", privilege_rest_name((enum privilege)i));
    if (grant->from_kind != asked) {
      json_add_text(item, "inherited_from_type", securable_kind_rest(grant->from_kind));
      json_add_text(item, "inherited_from_name", grant->from_name);
    }
    json_object_array_add(list, item);
  }
}

static const char *
grant_key(const void *items, size_t index)
{
  return ((const struct grant *)items)[index].principal;
}

static struct json_object *
answer_direct(struct request *request, const char *length_key, enum page_rule rule)
{
  struct securable object;
  struct grant *grants;
  struct page page;
  size_t count, from, to;

  if (!page_begin(request, length_key, rule, &page) || !find_object(request, &object) ||
      !grant_list(&request->session, &object, query_text(request, "principal"), &grants, &count))
    return NULL;
  page_cut(&page, count, grant_key, grants, &from, &to);
  return unity_page(request, "privilege_assignments", render_all(grants, from, to), &page);
}

/* Entries of one principal, which follow one another, become one. */
static struct json_object *
merge_effective(const struct grant *grants, size_t count, enum securable_kind asked)
{
  struct json_object *list = json_object_new_array(), *privileges = NULL;

  for (size_t i = 0; i < count; i++) {
    if (i == 0 || strcmp(grants[i].principal, grants[i - 1].principal) != 0) {
      struct json_object *entry = json_object_new_object();

      privileges = json_object_new_array();
      json_add_text(entry, "principal", grants[i].principal);
      json_object_object_add(entry, "privileges", privileges);
      json_object_array_add(list, entry);
    }
    add_effective(privileges, &grants[i], asked);
  }
  return list;
}

static const char *
entry_key(const void *items, size_t index)
{
  return json_get_text(json_item((struct json_object *)(uintptr_t)items, index), "principal");
}

static struct json_object *
answer_effective(struct request *request, const char *length_key, enum page_rule rule, const char *list_key)
{
  CLEANUP_JSON struct json_object *all = NULL;
  struct json_object *list;
  struct securable object;
  struct grant *grants;
  struct page page;
  size_t count, from, to;

  if (!page_begin(request, length_key, rule, &page) || !find_object(request, &object) ||
      !grant_effective(&request->session, &object, query_text(request, "principal"), &grants, &count))
    return NULL;
  all = merge_effective(grants, count, object.kind);
  page_cut(&page, json_length(all), entry_key, all, &from, &to);
  list = json_object_new_array();
  for (size_t i = from; i < to; i++)
    json_object_array_add(list, json_object_get(json_item(all, i)));
  return unity_page(request, list_key, list, &page);
}

static struct json_object *
get_permissions(struct request *request)
{
  return answer_direct(request, "max_results", PAGE_GRANTS);
}

static struct json_object *
get_assignments(struct request *request)
{
  return answer_direct(request, "page_size", PAGE_ASSIGNMENTS);
}

static struct json_object *
get_effective(struct request *request)
{
  return answer_effective(request, "max_results", PAGE_GRANTS, "privilege_assignments");
}

static struct json_object *
get_effective_assignments(struct request *request)
{
  return answer_effective(request, "page_size", PAGE_ASSIGNMENTS, "effective_privilege_assignments");
}

static bool
read_privileges(struct request *request, struct json_object *change, const char *key, privilege_set *out)
{
  struct json_object *list = NULL;

  *out = 0;
  if (!body_array(request, change, key, &list)) return false;
  for (size_t i = 0; i < json_length(list); i++) {
    const char *text = json_object_get_string(json_item(list, i));
    enum privilege privilege;

    if (!text || !privilege_from_text(text, &privilege))
      return reply_invalid(request, "Privilege %s is not known.", text ? text : "null");
    *out |= PRIV_BIT(privilege);
  }
  return true;
}

static bool
apply_change(struct request *request, const struct securable *object, struct json_object *change)
{
  const char *principal = body_required(request, change, "principal");
  privilege_set add, remove;

  if (!principal || !read_privileges(request, change, "add", &add) ||
      !read_privileges(request, change, "remove", &remove))
    return false;
  if (add & remove)
    return reply_invalid(request, "Duplicate privileges to add and delete for principal %s.", principal);
  return grant_change(&request->session, object, principal, add, remove);
}

static struct json_object *
patch_permissions(struct request *request)
{
  struct json_object *body = request_json(request), *changes = NULL;
  struct securable object;
  struct grant *grants;
  struct page page = {0};
  bool omit = false;
  size_t count;

  if (!body || !body_array(request, body, "changes", &changes) ||
      !body_bool(request, body, "omit_permissions_in_response", &omit) || !find_object(request, &object))
    return NULL;
  for (size_t i = 0; i < json_length(changes); i++)
    if (!apply_change(request, &object, json_item(changes, i))) return NULL;
  if (omit) return unity_done();
  if (!grant_list(&request->session, &object, NULL, &grants, &count)) return NULL;
  return unity_page(request, "privilege_assignments", render_all(grants, 0, count), &page);
}

const struct route grant_routes[] = {
    ROUTE_WORK("GET", UC "permissions/{}/{}", get_permissions),
    ROUTE_WORK("PATCH", UC "permissions/{}/{}", patch_permissions),
    ROUTE_WORK("GET", UC "privilege-assignments/{}/{}", get_assignments),
    ROUTE_WORK("GET", UC "effective-permissions/{}/{}", get_effective),
    ROUTE_WORK("GET", UC "effective-privilege-assignments/{}/{}", get_effective_assignments),
    ROUTE_END,
};
