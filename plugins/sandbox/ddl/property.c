/* SPDX-License-Identifier: Apache-2.0 */
/* Table properties that mean something: what SET TBLPROPERTIES may not touch, and CHECK constraints kept
 * among them. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "ddl/create_table.h"
#include "ddl/read.h"
#include "ddl/write.h"
#include "query/type.h"
#include "store/lower.h"

#include "base/banned.h"

bool
check_properties_settable(struct session *session, const char *properties)
{
  struct json_object *object CLEANUP_JSON = json_parse(properties, strlen(properties), NULL, NULL);
  struct json_object_iter it;

  json_object_object_foreachC(object, it)
  {
    const char *key = it.key;

    if (str_starts(key, "delta.constraints."))
      return fault_raise(session, "DELTA_ADD_CONSTRAINTS",
                         "Please use ALTER TABLE ADD CONSTRAINT to add CHECK constraints.");
    if (str_ieq(key, "owner") || str_ieq(key, "location") || str_ieq(key, "provider") ||
        str_ieq(key, "external"))
      return fault_raise(session, "UNSUPPORTED_FEATURE.SET_TABLE_PROPERTY",
                         "The feature is not supported: %s is a reserved table property.", key);
  }
  return true;
}

bool
check_condition_add(struct session *session, struct table *table, const char *name, const char *condition)
{
  const char *key = arena_printf(session->arena, "delta.constraints.%s", text_lower(session->arena, name));
  struct ast_expr *expr = parse_expr_text(session, condition);
  const char *there = property_get(session->arena, table->properties, key);
  struct query_source source;
  struct query_value value;

  if (there)
    return fault_raise(
        session, "DELTA_CONSTRAINT_ALREADY_EXISTS",
        "Constraint '%s' already exists. Please delete the old constraint first.\nOld constraint:\n%s", name,
        there);
  write_source(session, table, "x", &source);
  if (!expr || !query_expr(session, expr, &source, 1, NULL, &value)) return false;
  if (value.type->kind != TYPE_BOOLEAN)
    return fault_raise(session, "DELTA_NON_BOOLEAN_CHECK_CONSTRAINT",
                       "CHECK constraint '%s' (%s) should be a boolean expression.", name, condition);
  table->properties = property_set(session->arena, table->properties, key, condition);
  return true;
}
