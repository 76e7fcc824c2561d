/* SPDX-License-Identifier: Apache-2.0 */
/* The place of a new table. */
#include "base/arena.h"
#include "base/str.h"
#include "ddl/create_table.h"
#include "ddl/read.h"

#include "base/banned.h"

static bool
missing(struct session *session, const struct name *name)
{
  return fault_raise(
      session, "DELTA_CANNOT_REPLACE_MISSING_TABLE",
      "Table %s cannot be replaced as it does not exist. Use CREATE OR REPLACE TABLE to create the table.",
      name_quoted(session, name));
}

static bool
exists(struct session *session, const struct name *name)
{
  return fault_raise_rest(
      session, "TABLE_OR_VIEW_ALREADY_EXISTS",
      arena_printf(session->arena, "Table '%s' already exists", name_text(session, name)),
      "Cannot create table or view %s because it already exists.\nChoose a different name, drop or replace "
      "the existing "
      "object, add the IF NOT EXISTS clause to tolerate pre-existing objects, add the OR REPLACE clause to "
      "replace the "
      "existing materialized view, or add the OR REFRESH clause to refresh the existing streaming table.",
      name_quoted(session, name));
}

/* Replacing takes MODIFY, or the right to do anything with the table. */
static bool
may_replace(struct session *session, const struct table *table)
{
  if (!access_require_way(session, &table->object)) return false;
  return access_manages(session, &table->object) || access_require(session, &table->object, PRIV_MODIFY);
}

bool
target_check(struct session *session, const struct name *name, const struct create *create,
             struct target *out)
{
  struct securable object;

  *out = (struct target){.name = *name};
  if (!securable_need(session, SEC_SCHEMA, &(struct name){.catalog = name->catalog, .schema = name->schema},
                      &out->schema))
    return false;
  if (!securable_find(session, SEC_TABLE, name, &object)) {
    if (create->must_exist) return missing(session, name);
    return access_require(session, &out->schema, PRIV_CREATE_TABLE);
  }
  if (create->if_not_exists) {
    out->leave = true;
    return access_require(session, &out->schema, PRIV_CREATE_TABLE);
  }
  if (!create->replace) {
    if (!access_require(session, &out->schema, PRIV_CREATE_TABLE)) return false;
    return exists(session, name);
  }
  out->exists = true;
  if (!table_load(session, object.id, &out->table)) return false;
  return require_writable(session, &out->table, "CREATE OR REPLACE TABLE") &&
         may_replace(session, &out->table);
}

bool
target_location(struct session *session, const struct target *target, const char *url, const char **out)
{
  return location_check_url(session, url, out) &&
         location_require(session, *out, PRIV_CREATE_EXTERNAL_TABLE) &&
         location_require_free(session, *out, target->exists ? target->table.object.id : 0);
}

static bool
check_type(struct session *session, const struct table *old, const struct table *made)
{
  if (!str_eq(old->table_type, made->table_type))
    return fault_raise(session, "INVALID_PARAMETER_VALUE.UPDATE_TABLE_TYPE",
                       "Cannot update table %s from type %s to type %s. Drop the table first.",
                       old->object.full_name, old->table_type, made->table_type);
  if (made->storage_location && !str_eq(old->storage_location, made->storage_location))
    return fault_raise(session, "INVALID_PARAMETER_VALUE",
                       "Cannot replace table %s at '%s' by one at '%s'. Drop the table first.",
                       old->object.full_name, old->storage_location, made->storage_location);
  return true;
}

bool
target_fill(struct session *session, const struct target *target, struct table *made)
{
  const struct table *old = &target->table;

  made->object.catalog_name = target->name.catalog;
  made->object.schema_name = target->name.schema;
  made->object.name = target->name.object;
  if (!target->exists) return table_insert(session, made);
  if (!check_type(session, old, made)) return false;
  for (size_t i = 0; i < made->column_count; i++) {
    const struct column *same = table_column(old, made->columns[i].name);

    if (!made->columns[i].mask && same) made->columns[i].mask = same->mask;
  }
  if (!made->row_filter) made->row_filter = old->row_filter;
  if (!made->properties) made->properties = "{}";
  if (made->next_column_id < old->next_column_id) made->next_column_id = old->next_column_id;
  made->object = old->object;
  made->storage_location = old->storage_location;
  made->version = old->version;
  return true;
}
