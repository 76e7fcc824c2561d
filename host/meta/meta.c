/* SPDX-License-Identifier: Apache-2.0 */
/* See meta.h. Kinds are data: where each is asked, under which member its list comes, what is left out. */
#include "meta/meta.h"

#include "app.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/json.h"
#include "base/json_scan.h"
#include "base/str.h"
#include "cache/cache.h"
#include "net/net.h"
#include "net/page.h"

#include "base/banned.h"

#define BASE "/api/2.1/unity-catalog/"

/* Whether an element of a listing is kept. */
typedef bool (*keep_fn)(struct json_object *element);

/* Each catalog has an information_schema of its own, which nobody lists, clones or compares. */
static bool
keep_schema(struct json_object *element)
{
  const char *name = json_get_text(element, "name");

  return !name || !str_ieq(name, "information_schema");
}

static bool
keep_view(struct json_object *element)
{
  static const char *const types[] = {"VIEW", "MATERIALIZED_VIEW", "METRIC_VIEW"};
  const char *type = json_get_text(element, "table_type");

  for (size_t i = 0; i < ARRAY_SIZE(types); i++)
    if (str_eq(type, types[i])) return true;
  return false;
}

static const struct list_kind {
  const char *name;   /* of the listing */
  const char *path;   /* behind BASE */
  const char *member; /* of the answer */
  unsigned parts;     /* how many of catalog and schema it takes */
  keep_fn keep;       /* NULL: everything */
  const char *of;     /* the listing that this one is a part of, or NULL */
} list_kinds[] = {
    {"catalogs", "catalogs", "catalogs", 0, NULL, NULL},
    {"schemas", "schemas", "schemas", 1, keep_schema, NULL},
    {"tables", "tables", "tables", 2, NULL, NULL},
    {"views", "tables", "tables", 2, keep_view, "tables"},
    {"functions", "functions", "functions", 2, NULL, NULL},
    {"volumes", "volumes", "volumes", 2, NULL, NULL},
    {"models", "models", "registered_models", 2, NULL, NULL},
};

static const struct get_kind {
  const char *name, *path;
  unsigned parts;
} get_kinds[] = {
    {"catalog", "catalogs", 1},   {"schema", "schemas", 2}, {"table", "tables", 3},
    {"function", "functions", 3}, {"volume", "volumes", 3}, {"model", "models", 3},
};

/* "SCOPE CATALOG kind ...": everything about a catalog shares a prefix, so that it can be dropped. Names are
 * lower case in Unity Catalog, and percent-encoded here, which keeps separators out of them. */
static void
add_key_name(struct buf *key, const char *name)
{
  CLEANUP_BUF struct buf lower = BUF_INIT(BUF_LARGE);

  buf_add_lower(&lower, name ? name : "");
  buf_add_url(key, lower.data);
  buf_add_char(key, ' ');
}

static void
start_key(const struct meta *meta, struct buf *key, const char *catalog)
{
  buf_addf(key, "meta %s ", meta->workspace->cache_scope);
  if (catalog) add_key_name(key, catalog);
}

/* One listing or object that is to be asked for. */
struct ask {
  const struct meta *meta;
  const struct list_kind *kind; /* of a listing */
  const char *catalog, *schema;
  struct net_request request;
  struct buf *value;
};

static clxs_status
add_element(void *data, const char *json, size_t length, struct err *err)
{
  struct ask *ask = data;

  (void)err;
  if (ask->kind->keep) {
    CLEANUP_JSON struct json_object *element = json_parse(json, length, NULL, NULL);

    if (!ask->kind->keep(element)) return CLXS_OK;
  }
  if (ask->value->len > 1) buf_add_char(ask->value, ',');
  json_scan_compact(ask->value, json, length);
  return CLXS_OK;
}

static clxs_status
fill_list(void *data, struct buf *value, struct err *err)
{
  struct ask *ask = data;
  const struct workspace *workspace = ask->meta->workspace;
  clxs_status status;

  ask->value = value;
  buf_add_char(value, '[');
  status = page_each(workspace->api, workspace->net, &ask->request, ask->kind->member, add_element, ask, err);
  buf_add_char(value, ']');
  return status;
}

/* Part of a listing that is cached, too: no further request. */
static clxs_status
fill_part(void *data, struct buf *value, struct err *err)
{
  struct ask *ask = data;
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct meta whole = {.workspace = ask->meta->workspace, .cache = ask->meta->cache, .arena = arena};
  const char *json, *at, *end;
  clxs_status status = meta_list(&whole, ask->kind->of, ask->catalog, ask->schema, &json, err);

  if (status != CLXS_OK) return status;
  ask->value = value;
  buf_add_char(value, '[');
  end = json + strlen(json);
  for (at = json + 1; at < end && *at != ']'; at += *at == ',') {
    const char *behind = json_scan_value(at, end);

    add_element(ask, at, (size_t)(behind - at), err);
    at = behind;
  }
  buf_add_char(value, ']');
  return CLXS_OK;
}

static clxs_status
fill_object(void *data, struct buf *value, struct err *err)
{
  struct ask *ask = data;
  const struct workspace *workspace = ask->meta->workspace;
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  CLEANUP_JSON struct json_object *object = NULL;
  struct net_response response;
  clxs_status status = workspace->api->send(workspace->net, arena, &ask->request, &response, err);

  if (status != CLXS_OK) return status;
  object = json_parse(response.body, response.length, NULL, NULL);
  if (!json_object_is_type(object, json_type_object))
    return err_set(err, CLXS_E_DATA, "GET %s: the answer is no JSON object", ask->request.path);
  json_scan_compact(value, response.body, response.length);
  return CLXS_OK;
}

static const struct list_kind *
find_list(const char *kind)
{
  for (size_t i = 0; i < ARRAY_SIZE(list_kinds); i++)
    if (str_eq(kind, list_kinds[i].name)) return &list_kinds[i];
  return NULL;
}

static clxs_status
check_list(const struct list_kind *kind, const char *name, const char *catalog, const char *schema,
           struct err *err)
{
  if (!kind) return err_set(err, CLXS_E_USAGE, "there is no listing of \"%s\"", name ? name : "");
  if (kind->parts >= 1 && (!catalog || !*catalog))
    return err_set(err, CLXS_E_USAGE, "listing %s needs a catalog", name);
  if (kind->parts >= 2 && (!schema || !*schema))
    return err_set(err, CLXS_E_USAGE, "listing %s needs a schema", name);
  return CLXS_OK;
}

/* "max_results=0" asks for pages of the server's size; without it some listings come whole and some do not.
 */
static void
list_query(const struct list_kind *kind, const char *catalog, const char *schema, struct buf *query)
{
  buf_add_text(query, "max_results=0");
  if (kind->parts >= 1) {
    buf_add_text(query, "&catalog_name=");
    buf_add_url(query, catalog);
  }
  if (kind->parts >= 2) {
    buf_add_text(query, "&schema_name=");
    buf_add_url(query, schema);
  }
}

static clxs_status
name_listing(const struct list_kind *kind, const char *catalog, const char *schema, clxs_status status,
             struct err *err)
{
  if (kind->parts == 0) return err_set(err, status, "cannot list the %s", kind->name);
  if (kind->parts == 1) return err_set(err, status, "cannot list the %s of catalog %s", kind->name, catalog);
  return err_set(err, status, "cannot list the %s of schema %s.%s", kind->name, catalog, schema);
}

clxs_status
meta_list(const struct meta *meta, const char *name, const char *catalog, const char *schema,
          const char **json, struct err *err)
{
  const struct list_kind *kind = find_list(name);
  CLEANUP_BUF struct buf key = BUF_INIT(BUF_LARGE), query = BUF_INIT(BUF_LARGE), path = BUF_INIT(BUF_LARGE);
  struct ask ask = {
      .meta = meta, .kind = kind, .catalog = catalog, .schema = schema, .request = {.method = "GET"}};
  clxs_status status = check_list(kind, name, catalog, schema, err);

  if (status != CLXS_OK) return status;
  start_key(meta, &key, kind->parts >= 1 ? catalog : "");
  buf_addf(&key, "list %s ", kind->name);
  if (kind->parts >= 2) add_key_name(&key, schema);
  list_query(kind, catalog, schema, &query);
  buf_addf(&path, BASE "%s", kind->path);
  ask.request.path = path.data;
  ask.request.query = query.data;
  status =
      cache_get(meta->cache, meta->arena, key.data, kind->of ? fill_part : fill_list, &ask, json, NULL, err);
  return status == CLXS_OK || kind->of ? status : name_listing(kind, catalog, schema, status, err);
}

static const struct get_kind *
find_get(const char *kind)
{
  for (size_t i = 0; i < ARRAY_SIZE(get_kinds); i++)
    if (str_eq(kind, get_kinds[i].name)) return &get_kinds[i];
  return NULL;
}

/* "a.b.c" as people write it, and the path "…/tables/a.b.c" with every name encoded; the dots between names
 * are not. */
static void
object_names(const struct get_kind *kind, const char *const *names, uint32_t count, struct buf *shown,
             struct buf *path)
{
  buf_addf(path, BASE "%s/", kind->path);
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) {
      buf_add_char(shown, '.');
      buf_add_char(path, '.');
    }
    buf_add_text(shown, names[i]);
    buf_add_url(path, names[i]);
  }
}

clxs_status
meta_get(const struct meta *meta, const char *name, const char *const *names, uint32_t count,
         const char **json, struct err *err)
{
  const struct get_kind *kind = find_get(name);
  CLEANUP_BUF struct buf key = BUF_INIT(BUF_LARGE), shown = BUF_INIT(BUF_LARGE), path = BUF_INIT(BUF_LARGE);
  struct ask ask = {.meta = meta, .request = {.method = "GET"}};
  clxs_status status;

  if (!kind) return err_set(err, CLXS_E_USAGE, "there is no object kind \"%s\"", name ? name : "");
  if (count != kind->parts)
    return err_set(err, CLXS_E_USAGE, "the name of a %s has %u parts, not %u", name, kind->parts, count);
  object_names(kind, names, count, &shown, &path);
  start_key(meta, &key, names[0]);
  buf_addf(&key, "get %s ", kind->name);
  for (uint32_t i = 1; i < count; i++)
    add_key_name(&key, names[i]);
  ask.request.path = path.data;
  status = cache_get(meta->cache, meta->arena, key.data, fill_object, &ask, json, NULL, err);
  if (status == CLXS_OK) return CLXS_OK;
  if (status == CLXS_E_NOT_FOUND) {
    err_set(err, status, "%s %s does not exist or cannot be seen", name, shown.data);
    err_hint(err, "check the name, and that you have the privileges to see it");
    return status;
  }
  return err_set(err, status, "cannot read %s %s", name, shown.data);
}

void
meta_invalidate(const struct meta *meta, const char *catalog)
{
  CLEANUP_BUF struct buf prefix = BUF_INIT(BUF_LARGE);

  start_key(meta, &prefix, catalog);
  cache_drop(meta->cache, prefix.data);
  if (!catalog) return;
  buf_reset(&prefix); /* the list of catalogs tells about it, too */
  start_key(meta, &prefix, "");
  cache_drop(meta->cache, prefix.data);
}
