/* SPDX-License-Identifier: Apache-2.0 */
/* Tags. */
#include "store/tag.h"

#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "store/object.h"

#include "base/banned.h"

#define TAGS_MAX 50
#define KEY_MAX 255
#define VALUE_MAX 1000

/* 0 for the object itself, else the id of its column COLUMN. */
static bool
column_id(struct session *session, const struct securable *object, const char *column, int64_t *id)
{
  struct table table;
  const struct column *found;

  *id = 0;
  if (!column) return true;
  if (object->kind != SEC_TABLE || !table_load(session, object->id, &table))
    return fault_raise(session, "INVALID_PARAMETER_VALUE", "'%s' has no columns.", object->full_name);
  found = table_column(&table, column);
  if (!found)
    return fault_raise_rest(
        session, "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION",
        arena_printf(session->arena, "Column '%s.%s' does not exist.", object->full_name, column),
        "A column, variable, or function parameter with name `%s` cannot be resolved.", column);
  *id = found->id;
  return true;
}

bool
tag_list(struct session *session, const struct securable *object, const char *column, struct tag **out,
         size_t *count)
{
  struct db_stmt *stmt CLEANUP_STMT = NULL;
  VEC(struct tag) found = {0};
  int64_t id;

  if (!column_id(session, object, column, &id)) return false;
  stmt =
      db_query(session,
               "SELECT key, value, updated_at, updated_by FROM tag WHERE securable_id = ? AND column_id = ?"
               " ORDER BY key",
               "ii", object->id, id);
  while (db_next(stmt))
    *VEC_ADD(&found) = (struct tag){.key = db_text(stmt, 0),
                                    .value = db_text(stmt, 1),
                                    .updated_at = db_int(stmt, 2),
                                    .updated_by = db_text(stmt, 3)};
  DB_TAKE(session->arena, &found, out, count);
  return true;
}

/* APPLY TAG, or the right to everything else about OBJECT. */
static bool
may_tag(struct session *session, const struct securable *object)
{
  if (access_manages(session, object)) return access_require_manage(session, object);
  if (!access_require_way(session, object)) return false;
  /* Functions take no APPLY TAG of their own; it comes down from the schema or catalog. */
  if (object->kind == SEC_FUNCTION) {
    struct securable schema;

    return securable_load(session, object->parent, &schema) &&
           access_require(session, &schema, PRIV_APPLY_TAG);
  }
  return access_require(session, object, PRIV_APPLY_TAG);
}

static size_t
points(const char *text)
{
  size_t count = 0;

  for (uint32_t point; *text; count++) {
    size_t step = utf8_decode(text, &point);

    text += step ? step : 1;
  }
  return count;
}

static bool
check_tag(struct session *session, const char *key, const char *value)
{
  if (!*key) return fault_raise(session, "INVALID_PARAMETER_VALUE", "A tag key must not be empty.");
  if (points(key) > KEY_MAX)
    return fault_raise(session, "INVALID_PARAMETER_VALUE", "Tag key '%s' is longer than %d characters.", key,
                       KEY_MAX);
  if (strpbrk(key, ".,-=/:"))
    return fault_raise(session, "INVALID_PARAMETER_VALUE",
                       "Tag key '%s' is invalid: it must not contain any of the characters . , - = / :", key);
  if (points(value) > VALUE_MAX)
    return fault_raise(session, "INVALID_PARAMETER_VALUE",
                       "The value of tag '%s' is longer than %d characters.", key, VALUE_MAX);
  return true;
}

bool
tag_set(struct session *session, const struct securable *object, const char *column, const char *key,
        const char *value, bool new_only)
{
  int64_t id, there, count;

  if (!value) value = "";
  if (!may_tag(session, object) || !check_tag(session, key, value)) return false;
  if (!column_id(session, object, column, &id)) return false;
  there = db_exec_int(session, 0, "SELECT 1 FROM tag WHERE securable_id = ? AND column_id = ? AND key = ?",
                      "iit", object->id, id, key);
  if (there && new_only)
    return fault_raise(session, "TAG_ALREADY_EXISTS", "Tag assignment with tag key %s already exists", key);
  count = db_exec_int(session, 0, "SELECT count(*) FROM tag WHERE securable_id = ? AND column_id = ?", "ii",
                      object->id, id);
  if (!there && count >= TAGS_MAX)
    return fault_raise(session, "INVALID_PARAMETER_VALUE", "'%s' already has %d tags, the most it can have.",
                       object->full_name, TAGS_MAX);
  db_exec(session, "INSERT OR REPLACE INTO tag VALUES (?, ?, ?, ?, ?, ?)", "iittit", object->id, id, key,
          value, store_now(session->store), session->user);
  return true;
}

bool
tag_unset(struct session *session, const struct securable *object, const char *column, const char *key,
          bool must_exist)
{
  int64_t id, gone;

  if (!may_tag(session, object) || !column_id(session, object, column, &id)) return false;
  gone = db_exec(session, "DELETE FROM tag WHERE securable_id = ? AND column_id = ? AND key = ?", "iit",
                 object->id, id, key);
  if (gone || !must_exist) return true;
  return fault_raise(session, "TAG_NOT_FOUND", "Tag assignment with tag key %s does not exist", key);
}
