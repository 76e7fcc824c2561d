/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogs. https://docs.databricks.com/api/workspace/catalogs */
#include "base/str.h"
#include "base/vec.h"
#include "store/object.h"

#include "base/banned.h"

#define SELECT_CATALOG                                                                      \
  "SELECT " OBJECT_COLUMNS                                                                  \
  ", c.type, c.isolation_mode, c.storage_root, c.storage_location, c.connection_name,"      \
  " c.provider_name, c.share_name, c.properties, c.options, c.predictive FROM " OBJECT_FROM \
  " JOIN catalog c ON c.id = s.id"

static void
read_catalog(struct db_stmt *stmt, struct session *session, struct catalog *out)
{
  object_read(stmt, session, &out->object);
  out->type = db_text(stmt, OBJECT_WIDTH);
  out->isolation_mode = db_text(stmt, OBJECT_WIDTH + 1);
  out->storage_root = db_text(stmt, OBJECT_WIDTH + 2);
  out->storage_location = db_text(stmt, OBJECT_WIDTH + 3);
  out->connection_name = db_text(stmt, OBJECT_WIDTH + 4);
  out->provider_name = db_text(stmt, OBJECT_WIDTH + 5);
  out->share_name = db_text(stmt, OBJECT_WIDTH + 6);
  out->properties = db_text(stmt, OBJECT_WIDTH + 7);
  out->options = db_text(stmt, OBJECT_WIDTH + 8);
  out->predictive_optimization = db_text(stmt, OBJECT_WIDTH + 9);
}

bool
catalog_get(struct session *session, const char *name, struct catalog *out)
{
  struct db_stmt *stmt CLEANUP_STMT = NULL;
  struct securable object;
  struct name parsed;

  if (!name_split(session, SEC_CATALOG, name, &parsed)) return false;
  if (!securable_get(session, SEC_CATALOG, &parsed, &object)) return false;
  stmt = db_query(session, SELECT_CATALOG " WHERE s.id = ?", "i", object.id);
  if (db_next(stmt)) read_catalog(stmt, session, out);
  out->object.browse_only = object.browse_only;
  return true;
}

bool
catalog_list(struct session *session, struct page *page, struct catalog **out, size_t *count)
{
  struct db_stmt *stmt CLEANUP_STMT = db_query(session, SELECT_CATALOG OBJECT_PAGE, "iiti", INT64_C(0),
                                               (int64_t)SEC_CATALOG, page_after(page), page_limit(page));
  VEC(struct catalog) found = {0};
  const char *last = NULL;
  size_t seen = 0;

  while (db_next(stmt)) {
    struct catalog catalog = {0};

    read_catalog(stmt, session, &catalog);
    if (!page_step(page, &seen, catalog.object.name, &last)) break;
    if (access_sees(session, &catalog.object, &catalog.object.browse_only)) *VEC_ADD(&found) = catalog;
  }
  DB_TAKE(session->arena, &found, out, count);
  return true;
}

/* A foreign catalog takes USE CONNECTION's bigger sister on its connection. */
static bool
check_connection(struct session *session, const struct catalog_spec *spec)
{
  struct securable connection;

  if (!spec->connection_name) return true;
  return securable_need(session, SEC_CONNECTION,
                        &(struct name){.catalog = text_lower(session->arena, spec->connection_name)},
                        &connection) &&
         access_require(session, &connection, PRIV_CREATE_FOREIGN_CATALOG);
}

static bool
check_root(struct session *session, const char *root, const char **out)
{
  *out = NULL;
  if (!root || !*root) return true;
  return location_check_url(session, root, out) &&
         location_require(session, *out, PRIV_CREATE_MANAGED_STORAGE);
}

/* Where the managed data of an object with a root of its own goes. */
static const char *
unity_storage(struct session *session, const char *root, const char *what, const char *uuid)
{
  return root ? arena_printf(session->arena, "%s/__unitystorage/%s/%s", root, what, uuid) : NULL;
}

bool
catalog_create(struct session *session, const struct catalog_spec *spec, struct catalog *out)
{
  struct catalog catalog = {.object = {.kind = SEC_CATALOG, .comment = spec->comment}};
  struct securable metastore;
  struct name name = {0};
  struct schema inner;

  if (!name_check(session, SEC_CATALOG, spec->name, &name.catalog)) return false;
  object_metastore(session, &metastore);
  if (!access_require(session, &metastore, PRIV_CREATE_CATALOG)) return false;
  if (!check_connection(session, spec) || !check_root(session, spec->storage_root, &catalog.storage_root))
    return false;
  catalog.object.name = name.catalog;
  if (!object_insert(session, &catalog.object)) return object_exists_fault(session, SEC_CATALOG, &name);
  catalog.type = spec->connection_name ? "FOREIGN_CATALOG"
                 : spec->share_name    ? "DELTASHARING_CATALOG"
                                       : "MANAGED_CATALOG";
  catalog.storage_location = unity_storage(session, catalog.storage_root, "catalogs", catalog.object.uuid);
  db_exec(session, "INSERT INTO catalog VALUES (?, ?, 'OPEN', ?, ?, ?, ?, ?, ?, ?, 'INHERIT')", "itttttttt",
          catalog.object.id, catalog.type, catalog.storage_root, catalog.storage_location,
          spec->connection_name, spec->provider_name, spec->share_name,
          spec->properties ? spec->properties : "{}", spec->options ? spec->options : "{}");
  if (!schema_create_plain(session, &catalog.object, "information_schema", &inner)) return false;
  if (!spec->connection_name && !spec->share_name &&
      !schema_create_plain(session, &catalog.object, "default", &inner))
    return false;
  return catalog_get(session, name.catalog, out ? out : &catalog);
}

/* Nothing is lost with it: no schema but information_schema and an empty default. */
static bool
is_empty(struct session *session, int64_t id)
{
  return !db_exec_int(
      session, 0,
      "SELECT 1 FROM securable s WHERE s.parent = ? AND s.dropped_at IS NULL AND"
      " s.name != 'information_schema' AND NOT (s.name = 'default' AND NOT EXISTS (SELECT 1 FROM"
      " securable o WHERE o.parent = s.id AND o.dropped_at IS NULL))",
      "i", id);
}

bool
catalog_drop(struct session *session, const char *name, bool cascade)
{
  struct db_stmt *stmt CLEANUP_STMT = NULL;
  struct name parsed;
  struct securable object;
  VEC(int64_t) schemas = {0};

  if (!name_split(session, SEC_CATALOG, name, &parsed)) return false;
  if (!securable_need(session, SEC_CATALOG, &parsed, &object)) return false;
  if (!access_require_manage(session, &object)) return false;
  if (str_eq(object.name, "system"))
    return fault_raise(session, "INVALID_PARAMETER_VALUE", "The catalog 'system' cannot be dropped.");
  if (!cascade && !is_empty(session, object.id))
    return fault_raise_rest(
        session, "CATALOG_NOT_EMPTY",
        arena_printf(session->arena,
                     "Catalog '%s' is not empty. The catalog has one or more "
                     "schemas.",
                     object.name),
        "Cannot drop catalog `%s` because it contains schemas. Use DROP CATALOG ... CASCADE to drop "
        "the catalog and all its objects.",
        object.name);
  stmt = db_query(session, "SELECT id FROM securable WHERE parent = ?", "i", object.id);
  while (db_next(stmt))
    *VEC_ADD(&schemas) = db_int(stmt, 0);
  VEC_EACH (&schemas, id)
    schema_erase(session, *id);
  VEC_FREE(&schemas);
  db_exec(session, "DELETE FROM catalog WHERE id = ?", "i", object.id);
  object_delete(session, object.id);
  return true;
}
