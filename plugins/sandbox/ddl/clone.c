/* SPDX-License-Identifier: Apache-2.0 */
/* CREATE TABLE ... CLONE. https://docs.databricks.com/sql/language-manual/delta-clone.html
 * What travels: rows, columns with their comments, NOT NULL, defaults and identities, partitioning,
 * clustering, properties (CHECK constraints among them). What does not: the table's comment, keys, tags,
 * grants, owner, row filter, masks. */
#include "base/arena.h"
#include "base/str.h"
#include "ddl/column.h"
#include "ddl/create_table.h"
#include "ddl/read.h"

#include "base/banned.h"

struct clone {
  bool shallow;
  struct name source_name;
  struct time_travel travel;
  const char *properties, *location;
  struct table source;
};

static bool
read_clone(struct cursor *cursor, struct clone *clone)
{
  clone->shallow = cursor_take(cursor, "SHALLOW");
  if (!clone->shallow) cursor_take(cursor, "DEEP");
  if (!cursor_expect(cursor, "CLONE") || !read_object(cursor, SEC_TABLE, &clone->source_name)) return false;
  if (!read_travel(cursor, &clone->travel)) return false;
  for (;;) {
    if (cursor_take(cursor, "TBLPROPERTIES")) {
      if (!read_properties(cursor, &clone->properties)) return false;
    } else if (cursor_take(cursor, "LOCATION")) {
      if (!parse_string(cursor, &clone->location)) return false;
    } else {
      return cursor_finish(cursor);
    }
  }
}

static bool
unsupported(struct session *session, const struct clone *clone, const char *format)
{
  return fault_raise(
      session, "DELTA_CLONE_UNSUPPORTED_SOURCE",
      "Unsupported %s clone source '%s', whose format is %s.\nThe supported formats are 'delta', 'iceberg' "
      "and 'parquet'.",
      clone->shallow ? "SHALLOW" : "DEEP", name_quoted(session, &clone->source_name), format);
}

/* The kinds of relation and the formats that CLONE reads. */
static bool
check_kind(struct session *session, const struct clone *clone)
{
  const struct table *source = &clone->source;
  const char *format = source->data_source_format;

  if (str_eq(source->table_type, "VIEW")) return unsupported(session, clone, "View");
  if (str_eq(source->table_type, "METRIC_VIEW")) return unsupported(session, clone, "Metric view");
  if (str_eq(source->table_type, "STREAMING_TABLE")) return unsupported(session, clone, "Streaming table");
  if (str_eq(source->table_type, "MATERIALIZED_VIEW"))
    return unsupported(session, clone, "Materialized view");
  if (str_eq(format, "DELTA") && !str_eq(source->table_type, "FOREIGN")) return true;
  if (str_eq(format, "ICEBERG") || str_eq(format, "PARQUET"))
    return !clone->shallow || unsupported(session, clone, format);
  return unsupported(session, clone, format ? format : source->table_type);
}

/* A copy made with the caller's eyes would lack what the caller may not see. */
static bool
check_policies(struct session *session, const struct clone *clone)
{
  const struct table *source = &clone->source;
  bool masked = false;

  for (size_t i = 0; i < source->column_count; i++)
    if (source->columns[i].mask) masked = true;
  if (!source->row_filter && !masked) return true;
  return fault_raise(session,
                     masked ? "ROW_COLUMN_ACCESS.CLONE_SOURCE_WITH_COLUMN_MASK"
                            : "ROW_COLUMN_ACCESS.CLONE_SOURCE_WITH_ROW_FILTER",
                     "%s clone from table %s with %s is not supported.", clone->shallow ? "SHALLOW" : "DEEP",
                     name_quoted(session, &clone->source_name), masked ? "column masks" : "a row filter");
}

static bool
check_shallow(struct session *session, const struct clone *clone)
{
  const char *type = clone->source.table_type, *quoted = name_quoted(session, &clone->source_name);

  if (!clone->shallow) return true;
  if (str_ends(type, "_SHALLOW_CLONE"))
    return fault_raise(session, "CANNOT_SHALLOW_CLONE_NESTED",
                       "Cannot shallow clone a table %s that is already a shallow clone.", quoted);
  if (str_eq(type, "MANAGED") && clone->location)
    return fault_raise(session, "CANNOT_SHALLOW_CLONE_NON_UC_MANAGED_TABLE_AS_SOURCE_OR_TARGET",
                       "Shallow clone of the managed table %s must be a managed table: leave LOCATION out.",
                       quoted);
  if (str_eq(type, "EXTERNAL") && !clone->location)
    return fault_raise(session, "CANNOT_SHALLOW_CLONE_NON_UC_MANAGED_TABLE_AS_SOURCE_OR_TARGET",
                       "Shallow clone of the external table %s needs a LOCATION of its own.", quoted);
  return true;
}

static bool
open_source(struct session *session, struct clone *clone)
{
  struct securable object;

  if (!securable_need(session, SEC_TABLE, &clone->source_name, &object)) return false;
  if (!access_require(session, &object, PRIV_SELECT)) return false;
  if (!table_load(session, object.id, &clone->source) || !check_kind(session, clone)) return false;
  if (!check_policies(session, clone) || !check_shallow(session, clone)) return false;
  return table_open(session, &clone->source_name, &clone->travel, &clone->source);
}

static const char *
target_type(const struct clone *clone)
{
  if (clone->shallow) return clone->location ? "EXTERNAL_SHALLOW_CLONE" : "MANAGED_SHALLOW_CLONE";
  return clone->location ? "EXTERNAL" : "MANAGED";
}

/* Identity columns go on from the higher of the two marks. */
static void
merge_identity(struct table *made, const struct table *old)
{
  for (size_t i = 0; i < made->column_count; i++) {
    struct column *column = &made->columns[i];
    const struct column *same = table_column(old, column->name);

    if (!same || column->identity == IDENTITY_NONE || same->identity == IDENTITY_NONE || !same->identity_used)
      continue;
    if (!column->identity_used ||
        (column->identity_step > 0) == (same->identity_high > column->identity_high))
      column->identity_high = same->identity_high;
    column->identity_used = true;
  }
}

static bool
check_mapping(struct session *session, const struct table *made, const struct table *old)
{
  const char *now = property_get(session->arena, old->properties, "delta.columnMapping.mode");
  const char *then = property_get(session->arena, made->properties, "delta.columnMapping.mode");

  if (str_ieq(now ? now : "none", then ? then : "none")) return true;
  return fault_raise(session, "DELTA_UNSUPPORTED_COLUMN_MAPPING_MODE_CHANGE",
                     "Changing column mapping mode from '%s' to '%s' is not supported.", now ? now : "none",
                     then ? then : "none");
}

/* The new table as the source describes it. */
static bool
describe(struct session *session, struct clone *clone, const struct target *target, struct table *made)
{
  *made = clone->source;
  made->object = (struct securable){0};
  made->constraints = NULL;
  made->constraint_count = 0;
  made->row_filter = NULL;
  for (size_t i = 0; i < made->column_count; i++)
    made->columns[i].mask = NULL;
  made->table_type = target_type(clone);
  if (str_eq(made->data_source_format, "PARQUET") || str_eq(clone->source.table_type, "FOREIGN"))
    made->data_source_format = "DELTA";
  made->storage_location = NULL;
  made->storage_credential_name = NULL;
  if (clone->location && !target_location(session, target, clone->location, &made->storage_location))
    return false;
  if (clone->shallow && str_eq(made->clustering, "auto")) made->clustering = NULL;
  if (clone->properties) {
    if (!check_properties_settable(session, clone->properties)) return false;
    made->properties = property_merge(session->arena, made->properties, clone->properties);
  }
  add_features(session, made);
  if (!target->exists) return true;
  merge_identity(made, &target->table);
  return check_mapping(session, made, &target->table);
}

static const char *
parameters(struct session *session, const struct clone *clone)
{
  const char *json = property_set(session->arena, NULL, "source", clone->source.object.full_name);

  json = property_set(session->arena, json, "sourceVersion",
                      arena_printf(session->arena, "%lld", (long long)clone->source.version));
  return property_set(session->arena, json, "isShallow", clone->shallow ? "true" : "false");
}

/* Keys of the replaced table stay as long as their columns do. */
static bool
drop_orphans(struct session *session, const struct target *target, const struct table *made)
{
  for (size_t i = 0; i < target->table.constraint_count; i++) {
    const struct constraint *constraint = &target->table.constraints[i];

    for (size_t j = 0; j < constraint->column_count; j++) {
      if (table_column(made, constraint->columns[j])) continue;
      if (!constraint_drop(session, &target->table, constraint->name, true)) return false;
      break;
    }
  }
  return true;
}

/* Rows, history entry and figures. */
static bool
commit(struct session *session, const struct clone *clone, const struct target *target, struct table *made,
       struct result *result)
{
  static const char *const columns[] = {"source_table_size", "source_num_of_files", "num_removed_files",
                                        "num_copied_files",  "removed_files_size",  "copied_files_size"};
  static const char *const metrics[] = {"sourceTableSize", "sourceNumOfFiles", "numRemovedFiles",
                                        "numCopiedFiles",  "removedFilesSize", "copiedFilesSize"};
  const struct table before = target->exists ? target->table : (struct table){0};
  struct data_files all = data_files(session, &clone->source);
  struct data_files added = data_files_missing(session, &before, &clone->source);
  struct data_files removed = data_files_missing(session, &clone->source, &before);
  int64_t figures[6] = {all.bytes, all.count, removed.count, added.count, removed.bytes, added.bytes};

  if (clone->shallow) figures[3] = figures[5] = 0;
  if (!drop_orphans(session, target, made) || !data_adopt(session, made, &clone->source)) return false;
  if (!version_commit(session, made,
                      &(struct version){.operation = "CLONE",
                                        .parameters = parameters(session, clone),
                                        .metrics = figures_json(session, metrics, figures, 6)},
                      true))
    return false;
  result_figures(session, result, columns, figures, 6);
  return true;
}

bool
create_clone(struct cursor *cursor, const struct create *create, const struct name *target_name,
             struct result *result)
{
  struct session *session = cursor->session;
  struct clone clone = {0};
  struct target target;
  struct table made;

  if (!read_clone(cursor, &clone) || !open_source(session, &clone)) return false;
  if (!target_check(session, target_name, create, &target)) return false;
  if (target.leave) return true;
  return describe(session, &clone, &target, &made) && target_fill(session, &target, &made) &&
         commit(session, &clone, &target, &made, result);
}
