/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes. https://docs.databricks.com/api/workspace/volumes */
#include "base/str.h"
#include "base/vec.h"
#include "store/object.h"

#include "base/banned.h"

#define SELECT_VOLUME \
  "SELECT " OBJECT_COLUMNS ", v.type, v.storage_location FROM " OBJECT_FROM " JOIN volume v ON v.id = s.id"

static void
read_volume(struct db_stmt *stmt, struct session *session, struct volume *out)
{
  object_read(stmt, session, &out->object);
  out->type = db_text(stmt, OBJECT_WIDTH);
  out->storage_location = db_text(stmt, OBJECT_WIDTH + 1);
}

bool
volume_get(struct session *session, const struct name *name, struct volume *out)
{
  struct db_stmt *stmt CLEANUP_STMT = NULL;
  struct securable object;

  if (!securable_get(session, SEC_VOLUME, name, &object)) return false;
  stmt = db_query(session, SELECT_VOLUME " WHERE s.id = ?", "i", object.id);
  if (db_next(stmt)) read_volume(stmt, session, out);
  out->object.browse_only = object.browse_only;
  return true;
}

bool
volume_list(struct session *session, const char *catalog, const char *schema, struct page *page,
            struct volume **out, size_t *count)
{
  struct name name = {.catalog = text_lower(session->arena, catalog),
                      .schema = text_lower(session->arena, schema)};
  struct db_stmt *stmt CLEANUP_STMT = NULL;
  VEC(struct volume) found = {0};
  struct securable parent;
  const char *last = NULL;
  size_t seen = 0;

  if (!securable_get(session, SEC_SCHEMA, &name, &parent)) return false;
  stmt = db_query(session, SELECT_VOLUME OBJECT_PAGE, "iiti", parent.id, (int64_t)SEC_VOLUME,
                  page_after(page), page_limit(page));
  while (db_next(stmt)) {
    struct volume volume = {0};

    read_volume(stmt, session, &volume);
    if (!page_step(page, &seen, volume.object.name, &last)) break;
    if (access_sees(session, &volume.object, &volume.object.browse_only)) *VEC_ADD(&found) = volume;
  }
  DB_TAKE(session->arena, &found, out, count);
  return true;
}

static bool
check_place(struct session *session, const struct volume_spec *spec, bool external, const char **url)
{
  *url = NULL;
  if (!external && spec->storage_location && *spec->storage_location)
    return fault_raise(session, "INVALID_PARAMETER_VALUE",
                       "CreateVolume storage_location can not be provided.");
  if (!external) return true;
  if (!spec->storage_location || !*spec->storage_location)
    return fault_raise(session, "INVALID_PARAMETER_VALUE",
                       "CreateVolume storage_location must be provided for an external volume.");
  return location_check_url(session, spec->storage_location, url) &&
         location_require(session, *url, PRIV_CREATE_EXTERNAL_VOLUME) &&
         location_require_free(session, *url, 0);
}

bool
volume_create(struct session *session, const struct volume_spec *spec, struct volume *out)
{
  struct name name = {text_lower(session->arena, spec->catalog_name),
                      text_lower(session->arena, spec->schema_name), NULL};
  bool external = str_ieq(spec->type, "EXTERNAL");
  struct volume made = {0};
  struct securable schema;
  const char *url;

  if (!external && !str_ieq(spec->type, "MANAGED"))
    return fault_raise(session, "INVALID_PARAMETER_VALUE", "Volume type must be MANAGED or EXTERNAL.");
  if (!name_check(session, SEC_VOLUME, spec->name, &name.object)) return false;
  if (!object_parent(session, SEC_VOLUME, &name, &schema)) return false;
  if (!access_require(session, &schema, PRIV_CREATE_VOLUME)) return false;
  if (!check_place(session, spec, external, &url)) return false;
  made.object = (struct securable){
      .kind = SEC_VOLUME, .parent = schema.id, .name = name.object, .comment = spec->comment};
  if (!object_insert(session, &made.object)) return object_exists_fault(session, SEC_VOLUME, &name);
  made.type = external ? "EXTERNAL" : "MANAGED";
  made.storage_location = external ? url : location_managed(session, &schema, "volumes", made.object.uuid);
  db_exec(session, "INSERT INTO volume VALUES (?, ?, ?)", "itt", made.object.id, made.type,
          made.storage_location);
  if (external) location_record(session, url, made.object.id);
  if (out) *out = made;
  return true;
}

void
volume_erase(struct session *session, int64_t id)
{
  db_exec(session, "DELETE FROM volume_file_part WHERE volume_id = ?", "i", id);
  db_exec(session, "DELETE FROM volume_file WHERE volume_id = ?", "i", id);
  db_exec(session, "DELETE FROM volume WHERE id = ?", "i", id);
  object_delete(session, id);
}

bool
volume_drop(struct session *session, const struct name *name)
{
  struct securable object;

  if (!securable_need(session, SEC_VOLUME, name, &object)) return false;
  if (!access_require_manage(session, &object)) return false;
  volume_erase(session, object.id);
  return true;
}
