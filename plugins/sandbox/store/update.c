/* SPDX-License-Identifier: Apache-2.0 */
/* Changing what all objects have: name, owner, comment; and the settings that only some kinds have. */
#include "base/str.h"
#include "store/object.h"

#include "base/banned.h"

static bool
set_owner(struct session *session, struct securable *object, const char *owner)
{
  struct principal principal;

  if (!access_require_manage(session, object) || !principal_need(session, owner, &principal)) return false;
  db_exec(session, "UPDATE securable SET owner = ? WHERE id = ?", "ti", principal.name, object->id);
  object->owner = principal.name;
  return true;
}

/* MODIFY is enough to comment on a table. */
static bool
may_comment(struct session *session, const struct securable *object)
{
  if (object->kind == SEC_TABLE && !access_manages(session, object))
    return access_require(session, object, PRIV_MODIFY);
  return access_require_manage(session, object);
}

void
securable_set_comment(struct session *session, struct securable *object, const char *comment)
{
  object->comment = comment && *comment ? comment : NULL;
  db_exec(session, "UPDATE securable SET comment = ? WHERE id = ?", "ti", object->comment, object->id);
}

static bool
set_comment(struct session *session, struct securable *object, const char *comment)
{
  struct table table;

  if (!may_comment(session, object)) return false;
  securable_set_comment(session, object, comment);
  if (object->kind != SEC_TABLE || !table_load(session, object->id, &table) || !table_is_delta(&table))
    return true;
  return version_commit(
      session, &table,
      &(struct version){.operation = "SET TBLPROPERTIES",
                        .parameters = property_set(session->arena, NULL, "properties",
                                                   property_set(session->arena, NULL, "comment", comment))},
      false);
}

static bool
set_name(struct session *session, struct securable *object, const struct patch *patch)
{
  struct name name = {.catalog = object->catalog_name, .schema = object->schema_name};
  struct securable parent, other;
  const char *fresh;

  if (!access_require_manage(session, object)) return false;
  if (!name_check(session, object->kind, patch->new_name, &fresh)) return false;
  if (!securable_load(session, patch->new_parent ? patch->new_parent : object->parent, &parent)) return false;
  if (object->kind == SEC_CATALOG)
    name.catalog = fresh;
  else if (object->kind == SEC_SCHEMA)
    name = (struct name){.catalog = parent.name, .schema = fresh};
  else if (securable_kind_parts(object->kind) == 3)
    name = (struct name){parent.catalog_name, parent.name, fresh};
  else
    name.catalog = fresh;
  if (str_eq(fresh, object->name) && parent.id == object->parent) return true;
  if (securable_find(session, object->kind, &name, &other))
    return object_exists_fault(session, object->kind, &name);
  if (object->kind == SEC_TABLE && parent.id != object->parent &&
      !access_require(session, &parent, PRIV_CREATE_TABLE))
    return false;
  db_exec(session, "UPDATE securable SET name = ?, parent = ? WHERE id = ?", "tii", fresh, parent.id,
          object->id);
  db_exec(session, "UPDATE constraints SET schema_id = ? WHERE table_id = ?", "ii", parent.id, object->id);
  return securable_load(session, object->id, object);
}

static bool
set_catalog(struct session *session, const struct securable *object, const struct patch *patch)
{
  if (!access_require_manage(session, object)) return false;
  db_exec(
      session,
      "UPDATE catalog SET properties = coalesce(?, properties), isolation_mode = coalesce(?, isolation_mode),"
      " predictive = coalesce(?, predictive), options = coalesce(?, options) WHERE id = ?",
      "tttti", patch->properties, patch->isolation_mode, patch->predictive_optimization, patch->options,
      object->id);
  if (str_eq(patch->isolation_mode, "ISOLATED")) binding_isolate(session, object->id);
  return true;
}

static bool
set_schema(struct session *session, const struct securable *object, const struct patch *patch)
{
  if (!access_require_manage(session, object)) return false;
  db_exec(session,
          "UPDATE schema SET properties = coalesce(?, properties), predictive = coalesce(?, predictive) "
          "WHERE id = ?",
          "tti", patch->properties, patch->predictive_optimization, object->id);
  return true;
}

static bool
set_location(struct session *session, const struct securable *object, const struct patch *patch)
{
  struct securable credential = {0};
  const char *url = NULL;

  if (!access_require_manage(session, object)) return false;
  if (patch->url && !location_check_url(session, patch->url, &url)) return false;
  if (patch->credential_name &&
      !securable_need(session, SEC_STORAGE_CREDENTIAL, &(struct name){.catalog = patch->credential_name},
                      &credential))
    return false;
  db_exec(session,
          "UPDATE external_location SET url = coalesce(?1, url), credential_id = coalesce(nullif(?2, 0), "
          "credential_id),"
          " isolation_mode = coalesce(?3, isolation_mode), read_only = CASE ?4 WHEN 0 THEN read_only ELSE ?4 "
          "= 1 END,"
          " fallback = CASE ?5 WHEN 0 THEN fallback ELSE ?5 = 1 END WHERE id = ?6",
          "titiii", url, credential.id, patch->isolation_mode, (int64_t)patch->read_only,
          (int64_t)patch->fallback, object->id);
  if (str_eq(patch->isolation_mode, "ISOLATED")) binding_isolate(session, object->id);
  return true;
}

static bool
set_rest(struct session *session, const struct securable *object, const struct patch *patch)
{
  if (!access_require_manage(session, object)) return false;
  if (object->kind == SEC_STORAGE_CREDENTIAL)
    db_exec(session,
            "UPDATE storage_credential SET isolation_mode = coalesce(?1, isolation_mode), read_only ="
            " CASE ?2 WHEN 0 THEN read_only ELSE ?2 = 1 END WHERE id = ?3",
            "tii", patch->isolation_mode, (int64_t)patch->read_only, object->id);
  if (str_eq(patch->isolation_mode, "ISOLATED")) binding_isolate(session, object->id);
  if (object->kind == SEC_CONNECTION)
    db_exec(session, "UPDATE connection SET options = coalesce(?, options) WHERE id = ?", "ti",
            patch->options, object->id);
  return true;
}

/* Settings beyond name, owner and comment. */
static bool
set_settings(struct session *session, const struct securable *object, const struct patch *patch)
{
  if (!patch->properties && !patch->isolation_mode && !patch->predictive_optimization && !patch->options &&
      !patch->url && !patch->credential_name && !patch->read_only && !patch->fallback)
    return true;
  switch (object->kind) {
  case SEC_CATALOG: return set_catalog(session, object, patch);
  case SEC_SCHEMA: return set_schema(session, object, patch);
  case SEC_EXTERNAL_LOCATION: return set_location(session, object, patch);
  default: return set_rest(session, object, patch);
  }
}

bool
securable_update(struct session *session, enum securable_kind kind, const struct name *name,
                 const struct patch *patch, struct securable *out)
{
  struct securable object;

  if (!securable_need(session, kind, name, &object)) return false;
  if (str_eq(object.schema_name ? object.schema_name : object.name, "information_schema") ||
      (object.kind == SEC_CATALOG && str_eq(object.name, "system")))
    return fault_raise(session, "INVALID_PARAMETER_VALUE", "'%s' cannot be changed.", object.full_name);
  if (patch->comment && !set_comment(session, &object, patch->comment)) return false;
  if (!set_settings(session, &object, patch)) return false;
  if (patch->new_name && !set_name(session, &object, patch)) return false;
  if (patch->owner && !set_owner(session, &object, patch->owner)) return false;
  object_touch(session, &object);
  if (out) *out = object;
  return true;
}
