/* SPDX-License-Identifier: Apache-2.0 */
/* Whole catalogs given as one JSON document, answering the GET requests of the Unity Catalog API
 * (https://docs.databricks.com/api/workspace/tables/list). Listings leave out what the service leaves out of
 * them. */
#include "base/json.h"
#include "base/str.h"
#include "testhost/internal.h"

#include "base/banned.h"

#define PREFIX "GET /api/2.1/unity-catalog/"

void
testhost_catalog(struct testhost *host, const char *catalog)
{
  struct json_object *json = json_parse(catalog, strlen(catalog), NULL, NULL);
  const char *name = json_get_text(json, "name");

  if (!name) th_broken("a catalog without a name", catalog);
  pthread_mutex_lock(&host->lock);
  json_object_object_add(host->catalogs, arena_strdup(host->arena, name), json);
  pthread_mutex_unlock(&host->lock);
}

static int
hex_digit(char c)
{
  if (str_is_digit(c)) return c - '0';
  c = str_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static char *
url_decode(struct arena *arena, const char *text, size_t length)
{
  char *out = arena_alloc(arena, length + 1), *to = out;

  for (size_t i = 0; i < length; i++) {
    if (text[i] == '%' && i + 2 < length && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      *to++ = (char)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      *to++ = text[i];
    }
  }
  return out;
}

/* The value of a query parameter, or NULL. */
static char *
query_value(struct arena *arena, const char *text, const char *name)
{
  const char *at = strchr(text, '?');
  size_t length = strlen(name);

  while (at) {
    at++;
    if (strncmp(at, name, length) == 0 && at[length] == '=')
      return url_decode(arena, at + length + 1, strcspn(at + length + 1, "&"));
    at = strchr(at, '&');
  }
  return NULL;
}

static struct json_object *
find_catalog(struct testhost *host, const char *name)
{
  struct json_object *catalog;
  const char *key;
  void *at = NULL;

  while (json_next(host->catalogs, &at, &key, &catalog))
    if (utf8_ieq(key, name)) return catalog;
  return NULL;
}

static struct json_object *
find_named(struct json_object *list, const char *name)
{
  for (size_t i = 0; i < json_length(list); i++)
    if (name && utf8_ieq(json_get_text(json_item(list, i), "name"), name)) return json_item(list, i);
  return NULL;
}

/* A copy of OBJECT with its place, and without the members that hold other objects. */
static struct json_object *
object_info(struct json_object *object, const char *catalog, const char *schema, bool listed)
{
  struct json_object *copy = NULL;
  static const char *const inner[] = {"schemas", "tables", "functions", "volumes"};

  json_object_deep_copy(object, &copy, NULL);
  for (size_t i = 0; i < ARRAY_SIZE(inner); i++)
    json_object_object_del(copy, inner[i]);
  if (listed) {
    json_object_object_del(copy, "view_dependencies");
    json_object_object_del(copy, "table_constraints");
  }
  if (catalog) json_add_text(copy, "catalog_name", catalog);
  if (schema) json_add_text(copy, "schema_name", schema);
  return copy;
}

static const char *
list_answer(struct testhost *host, struct arena *arena, const char *text, const char *kind)
{
  const char *catalog = query_value(arena, text, "catalog_name"),
             *schema = query_value(arena, text, "schema_name");
  struct json_object *where = catalog ? find_catalog(host, catalog) : NULL, *list, *items;
  CLEANUP_JSON struct json_object *answer = json_object_new_object();

  if (!where) return NULL;
  if (!str_eq(kind, "schemas")) {
    where = find_named(json_get_array(where, "schemas"), schema);
    if (!where) return NULL;
  }
  list = json_get_array(where, kind);
  items = json_object_new_array();
  json_object_object_add(answer, kind, items);
  for (size_t i = 0; i < json_length(list); i++)
    json_object_array_add(items, object_info(json_item(list, i), catalog, schema, true));
  return arena_strdup(arena, json_text(answer));
}

static const char *
get_answer(struct testhost *host, struct arena *arena, const char *kind, char *name)
{
  char *schema = NULL, *object = NULL;
  struct json_object *found;
  CLEANUP_JSON struct json_object *answer = NULL;

  if ((schema = strchr(name, '.'))) *schema++ = '\0';
  if (schema && (object = strchr(schema, '.'))) *object++ = '\0';
  found = find_catalog(host, name);
  if (schema) found = find_named(json_get_array(found, "schemas"), schema);
  if (object) found = find_named(json_get_array(found, kind), object);
  if (!found) return NULL;
  answer = object_info(found, schema ? name : NULL, object ? schema : NULL, false);
  return arena_strdup(arena, json_text(answer));
}

const char *
th_catalog_answer(struct testhost *host, struct arena *arena, const char *text)
{
  const char *rest, *slash, *kind;

  if (!str_starts(text, PREFIX)) return NULL;
  rest = text + strlen(PREFIX);
  kind = arena_strndup(arena, rest, strcspn(rest, "/?"));
  slash = strpbrk(rest, "/?");
  if (!slash || *slash == '?') return list_answer(host, arena, text, kind);
  return get_answer(host, arena, kind, url_decode(arena, slash + 1, strcspn(slash + 1, "?")));
}
