/* SPDX-License-Identifier: Apache-2.0 */
/* Schemas. https://docs.databricks.com/api/workspace/schemas */
#include "base/str.h"
#include "base/vec.h"
#include "store/object.h"

#include "base/banned.h"

#define SELECT_SCHEMA                                                                          \
  "SELECT " OBJECT_COLUMNS                                                                     \
  ", c.type, h.storage_root, h.storage_location, h.properties, h.predictive FROM " OBJECT_FROM \
  " JOIN schema h ON h.id = s.id JOIN catalog c ON c.id = s.parent"

static void
read_schema(struct db_stmt *stmt, struct session *session, struct schema *out)
{
  object_read(stmt, session, &out->object);
  out->catalog_type = db_text(stmt, OBJECT_WIDTH);
  out->storage_root = db_text(stmt, OBJECT_WIDTH + 1);
  out->storage_location = db_text(stmt, OBJECT_WIDTH + 2);
  out->properties = db_text(stmt, OBJECT_WIDTH + 3);
  out->predictive_optimization = db_text(stmt, OBJECT_WIDTH + 4);
}

static bool
load(struct session *session, int64_t id, struct schema *out)
{
  struct db_stmt *stmt CLEANUP_STMT = db_query(session, SELECT_SCHEMA " WHERE s.id = ?", "i", id);

  if (!db_next(stmt)) return false;
  read_schema(stmt, session, out);
  return true;
}

bool
schema_get(struct session *session, const struct name *name, struct schema *out)
{
  struct securable object;

  if (!securable_get(session, SEC_SCHEMA, name, &object) || !load(session, object.id, out)) return false;
  out->object.browse_only = object.browse_only;
  return true;
}

bool
schema_list(struct session *session, const char *catalog, struct page *page, struct schema **out,
            size_t *count)
{
  struct db_stmt *stmt CLEANUP_STMT = NULL;
  VEC(struct schema) found = {0};
  struct securable parent;
  const char *last = NULL;
  struct name name;
  size_t seen = 0;

  if (!name_split(session, SEC_CATALOG, catalog, &name)) return false;
  if (!securable_get(session, SEC_CATALOG, &name, &parent)) return false;
  stmt = db_query(session, SELECT_SCHEMA OBJECT_PAGE, "iiti", parent.id, (int64_t)SEC_SCHEMA,
                  page_after(page), page_limit(page));
  while (db_next(stmt)) {
    struct schema schema = {0};

    read_schema(stmt, session, &schema);
    if (!page_step(page, &seen, schema.object.name, &last)) break;
    if (access_sees(session, &schema.object, &schema.object.browse_only)) *VEC_ADD(&found) = schema;
  }
  DB_TAKE(session->arena, &found, out, count);
  return true;
}

static bool
insert(struct session *session, const struct securable *catalog, const struct schema_spec *spec,
       const char *root, struct schema *out)
{
  struct schema schema = {
      .object = {.kind = SEC_SCHEMA, .parent = catalog->id, .name = spec->name, .comment = spec->comment}};
  const char *location = NULL;

  if (!object_insert(session, &schema.object))
    return object_exists_fault(session, SEC_SCHEMA,
                               &(struct name){.catalog = catalog->name, .schema = spec->name});
  if (root) location = arena_printf(session->arena, "%s/__unitystorage/schemas/%s", root, schema.object.uuid);
  db_exec(session, "INSERT INTO schema VALUES (?, ?, ?, ?, 'INHERIT')", "ittt", schema.object.id, root,
          location, spec->properties ? spec->properties : "{}");
  return load(session, schema.object.id, out ? out : &schema);
}

bool
schema_create_plain(struct session *session, const struct securable *catalog, const char *name,
                    struct schema *out)
{
  if (!insert(session, catalog, &(struct schema_spec){.name = name}, NULL, out)) return false;
  if (str_eq(name, "information_schema"))
    db_exec(session,
            "UPDATE securable SET owner = ?1, created_by = ?1, updated_by = ?1, comment = ?2 WHERE id = ?3",
            "tti", SYSTEM_USER, "Information schema (auto-created)", out->object.id);
  else if (str_eq(name, "default"))
    db_exec(session, "UPDATE securable SET comment = ? WHERE id = ?", "ti", "Default schema (auto-created)",
            out->object.id);
  return load(session, out->object.id, out);
}

bool
schema_create(struct session *session, const struct schema_spec *spec, struct schema *out)
{
  struct schema_spec checked = *spec;
  struct securable catalog;
  struct name name;
  const char *root = NULL;

  if (!name_check(session, SEC_SCHEMA, spec->name, &checked.name)) return false;
  if (!name_split(session, SEC_CATALOG, spec->catalog_name, &name)) return false;
  if (!securable_need(session, SEC_CATALOG, &name, &catalog)) return false;
  if (!access_require(session, &catalog, PRIV_CREATE_SCHEMA)) return false;
  if (spec->storage_root && *spec->storage_root &&
      !(location_check_url(session, spec->storage_root, &root) &&
        location_require(session, root, PRIV_CREATE_MANAGED_STORAGE)))
    return false;
  return insert(session, &catalog, &checked, root, out);
}

void
schema_erase(struct session *session, int64_t id)
{
  struct db_stmt *stmt CLEANUP_STMT =
      db_query(session, "SELECT id, kind FROM securable WHERE parent = ?", "i", id);
  VEC(struct securable) children = {0};

  while (db_next(stmt))
    *VEC_ADD(&children) =
        (struct securable){.id = db_int(stmt, 0), .kind = (enum securable_kind)db_int(stmt, 1)};
  VEC_EACH (&children, child) {
    if (child->kind == SEC_TABLE) table_erase(session, child->id);
    if (child->kind == SEC_FUNCTION) function_erase(session, child->id);
    if (child->kind == SEC_VOLUME) volume_erase(session, child->id);
  }
  VEC_FREE(&children);
  db_exec(session, "DELETE FROM constraints WHERE schema_id = ?", "i", id);
  db_exec(session, "DELETE FROM schema WHERE id = ?", "i", id);
  object_delete(session, id);
}

bool
schema_drop(struct session *session, const struct name *name, bool cascade)
{
  struct securable object;

  if (!securable_need(session, SEC_SCHEMA, name, &object)) return false;
  if (!access_require_manage(session, &object)) return false;
  if (str_eq(object.name, "information_schema") || str_eq(object.full_name, "system.access"))
    return fault_raise(session, "INVALID_PARAMETER_VALUE", "The schema '%s' cannot be dropped.",
                       object.full_name);
  if (!cascade && object_has_children(session, object.id))
    return fault_raise_rest(
        session, "SCHEMA_NOT_EMPTY",
        arena_printf(session->arena,
                     "Schema '%s' is not empty. The schema has one or more "
                     "tables, volumes or functions.",
                     object.full_name),
        "Cannot drop the schema %s because it contains objects. Use DROP SCHEMA ... CASCADE to drop "
        "the schema and all its objects.",
        name_quoted(session, name));
  schema_erase(session, object.id);
  return true;
}
