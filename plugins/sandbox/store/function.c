/* SPDX-License-Identifier: Apache-2.0 */
/* User-defined functions. https://docs.databricks.com/api/workspace/functions */
#include "base/str.h"
#include "base/vec.h"
#include "store/object.h"

#include "base/banned.h"

#define SELECT_FUNCTION                                                                                \
  "SELECT " OBJECT_COLUMNS ", f.data_type, f.full_data_type, f.return_json, f.language, f.definition," \
  " f.sql_data_access, f.dependencies, f.environment, f.sql_catalog, f.sql_schema, f.deterministic "   \
  "FROM " OBJECT_FROM " JOIN routine f ON f.id = s.id"

static void
load_parameters(struct session *session, int64_t id, int64_t result, struct parameter **out, size_t *count)
{
  struct db_stmt *stmt CLEANUP_STMT = db_query(
      session,
      "SELECT position, name, comment, default_sql, type_text, type_name, type_json, precision, scale"
      " FROM routine_parameter WHERE routine_id = ? AND result = ? ORDER BY position",
      "ii", id, result);
  VEC(struct parameter) found = {0};

  while (db_next(stmt))
    *VEC_ADD(&found) = (struct parameter){.position = (int)db_int(stmt, 0),
                                          .name = db_text(stmt, 1),
                                          .comment = db_text(stmt, 2),
                                          .default_sql = db_text(stmt, 3),
                                          .type_text = db_text(stmt, 4),
                                          .type_name = db_text(stmt, 5),
                                          .type_json = db_text(stmt, 6),
                                          .precision = (int)db_int(stmt, 7),
                                          .scale = (int)db_int(stmt, 8)};
  DB_TAKE(session->arena, &found, out, count);
}

static void
read_function(struct db_stmt *stmt, struct session *session, struct function *out)
{
  int at = OBJECT_WIDTH;

  *out = (struct function){0};
  object_read(stmt, session, &out->object);
  out->data_type = db_text(stmt, at++);
  out->full_data_type = db_text(stmt, at++);
  out->return_json = db_text(stmt, at++);
  out->language = db_text(stmt, at++);
  out->definition = db_text(stmt, at++);
  out->sql_data_access = db_text(stmt, at++);
  out->dependencies = db_text(stmt, at++);
  out->environment = db_text(stmt, at++);
  out->sql_catalog = db_text(stmt, at++);
  out->sql_schema = db_text(stmt, at++);
  out->deterministic = db_int(stmt, at) != 0;
  load_parameters(session, out->object.id, 0, &out->inputs, &out->input_count);
  load_parameters(session, out->object.id, 1, &out->returns, &out->return_count);
}

static void
hide(struct function *function)
{
  if (function->object.browse_only) function->definition = NULL;
}

bool
function_find(struct session *session, const struct name *name, struct function *out)
{
  struct db_stmt *stmt CLEANUP_STMT = NULL;
  struct securable object;

  if (!securable_find(session, SEC_FUNCTION, name, &object)) return false;
  stmt = db_query(session, SELECT_FUNCTION " WHERE s.id = ?", "i", object.id);
  if (!db_next(stmt)) return false;
  read_function(stmt, session, out);
  return true;
}

bool
function_get(struct session *session, const struct name *name, struct function *out)
{
  struct securable object;

  if (!securable_get(session, SEC_FUNCTION, name, &object) || !function_find(session, name, out))
    return false;
  out->object.browse_only = object.browse_only;
  hide(out);
  return true;
}

bool
function_list(struct session *session, const char *catalog, const char *schema, struct page *page,
              struct function **out, size_t *count)
{
  struct name name = {.catalog = text_lower(session->arena, catalog),
                      .schema = text_lower(session->arena, schema)};
  struct db_stmt *stmt CLEANUP_STMT = NULL;
  VEC(struct function) found = {0};
  struct securable parent;
  const char *last = NULL;
  size_t seen = 0;

  if (!securable_get(session, SEC_SCHEMA, &name, &parent)) return false;
  stmt = db_query(session, SELECT_FUNCTION OBJECT_PAGE, "iiti", parent.id, (int64_t)SEC_FUNCTION,
                  page_after(page), page_limit(page));
  while (db_next(stmt)) {
    struct function function;

    read_function(stmt, session, &function);
    if (!page_step(page, &seen, function.object.name, &last)) break;
    if (!access_sees(session, &function.object, &function.object.browse_only)) continue;
    hide(&function);
    *VEC_ADD(&found) = function;
  }
  DB_TAKE(session->arena, &found, out, count);
  return true;
}

static void
insert_parameters(struct session *session, int64_t id, int64_t result, const struct parameter *parameters,
                  size_t count)
{
  for (size_t i = 0; i < count; i++) {
    const struct parameter *p = &parameters[i];

    db_exec(session, "INSERT INTO routine_parameter VALUES (?,?,?,?,?,?,?,?,?,?,?)", "iiittttttii", id,
            result, (int64_t)i, p->name, p->comment, p->default_sql, p->type_text, p->type_name, p->type_json,
            (int64_t)p->precision, (int64_t)p->scale);
  }
}

static void
insert_function(struct session *session, const struct function *f)
{
  db_exec(session, "INSERT INTO routine VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", "itttttttttti", f->object.id,
          f->data_type, f->full_data_type, f->return_json, f->language, f->definition, f->sql_data_access,
          f->dependencies, f->environment, f->sql_catalog, f->sql_schema, (int64_t)f->deterministic);
  insert_parameters(session, f->object.id, 0, f->inputs, f->input_count);
  insert_parameters(session, f->object.id, 1, f->returns, f->return_count);
}

bool
function_create(struct session *session, struct function *function, bool replace)
{
  struct name name = {function->object.catalog_name, function->object.schema_name, function->object.name};
  struct securable schema, old;

  if (!name_check(session, SEC_FUNCTION, name.object, &name.object)) return false;
  if (!object_parent(session, SEC_FUNCTION, &name, &schema)) return false;
  if (!access_require(session, &schema, PRIV_CREATE_FUNCTION)) return false;
  if (replace && securable_find(session, SEC_FUNCTION, &name, &old)) {
    if (!access_require_manage(session, &old)) return false;
    function_erase(session, old.id);
  }
  function->object = (struct securable){.kind = SEC_FUNCTION,
                                        .parent = schema.id,
                                        .name = name.object,
                                        .catalog_name = name.catalog,
                                        .schema_name = name.schema,
                                        .comment = function->object.comment};
  if (!object_insert(session, &function->object)) return object_exists_fault(session, SEC_FUNCTION, &name);
  insert_function(session, function);
  return true;
}

void
function_erase(struct session *session, int64_t id)
{
  db_exec(session, "DELETE FROM routine WHERE id = ?", "i", id);
  db_exec(session, "DELETE FROM routine_parameter WHERE routine_id = ?", "i", id);
  object_delete(session, id);
}

bool
function_drop(struct session *session, const struct name *name)
{
  struct securable object;

  if (!securable_need(session, SEC_FUNCTION, name, &object)) return false;
  if (!access_require_manage(session, &object)) return false;
  function_erase(session, object.id);
  return true;
}
