/* SPDX-License-Identifier: Apache-2.0 */
/* ALTER of everything but tables and views, and what all kinds share: owner, name, tags.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-alter-catalog.html and its neighbours */
#include "ddl/alter.h"
#include "base/arena.h"
#include "base/str.h"
#include "ddl/read.h"

#include "base/banned.h"

/* [SET] OWNER TO p, RENAME TO n, SET TAGS, UNSET TAGS: *DONE says that it was one of these. */
bool
alter_common(struct cursor *cursor, enum securable_kind kind, const struct name *name, bool *done)
{
  struct session *session = cursor->session;
  struct patch patch = {0};
  struct securable object;
  bool set;

  *done = true;
  if (cursor_take_words(cursor, "SET OWNER TO") || cursor_take_words(cursor, "OWNER TO")) {
    if (!read_principal(cursor, &patch.owner) || !cursor_finish(cursor)) return false;
    return securable_update(session, kind, name, &patch, NULL);
  }
  set = cursor_take_words(cursor, "SET TAGS");
  if (set || cursor_take_words(cursor, "UNSET TAGS"))
    return securable_need(session, kind, name, &object) && alter_tags(cursor, &object, NULL, set);
  if (kind != SEC_TABLE && cursor_take_words(cursor, "RENAME TO")) {
    struct ast_name fresh;

    if (!parse_name(cursor, securable_kind_parts(kind), &fresh) || !cursor_finish(cursor)) return false;
    patch.new_name = fresh.parts[fresh.count - 1];
    return securable_update(session, kind, name, &patch, NULL);
  }
  *done = false;
  return true;
}

static bool
alter_optimization(struct cursor *cursor, enum securable_kind kind, const struct name *name)
{
  static const char *const modes[] = {"ENABLE", "DISABLE", "INHERIT"};

  for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
    if (!cursor_take(cursor, modes[i])) continue;
    if (!cursor_expect_words(cursor, "PREDICTIVE OPTIMIZATION") || !cursor_finish(cursor)) return false;
    return securable_update(cursor->session, kind, name, &(struct patch){.predictive_optimization = modes[i]},
                            NULL);
  }
  return cursor_fail(cursor);
}

static bool
alter_schema(struct cursor *cursor, const struct name *name)
{
  struct session *session = cursor->session;
  struct schema schema;
  const char *json;

  if (cursor_take_words(cursor, "SET DBPROPERTIES")) {
    if (!read_properties(cursor, &json) || !cursor_finish(cursor) || !schema_get(session, name, &schema))
      return false;
    return securable_update(
        session, SEC_SCHEMA, name,
        &(struct patch){.properties = property_merge(session->arena, schema.properties, json)}, NULL);
  }
  return alter_optimization(cursor, SEC_SCHEMA, name);
}

static bool
alter_location(struct cursor *cursor, const struct name *name)
{
  struct patch patch = {0};

  if (cursor_take_words(cursor, "SET URL")) {
    if (!parse_string(cursor, &patch.url)) return false;
    cursor_take(cursor, "FORCE");
  } else if (!cursor_expect_words(cursor, "SET STORAGE CREDENTIAL") ||
             !parse_word(cursor, &patch.credential_name)) {
    return false;
  }
  return cursor_finish(cursor) &&
         securable_update(cursor->session, SEC_EXTERNAL_LOCATION, name, &patch, NULL);
}

bool
ddl_alter(struct cursor *cursor, struct result *result)
{
  enum securable_kind kind;
  struct name name;
  bool view, done;

  (void)result;
  if (!cursor_expect(cursor, "ALTER")) return false;
  if (cursor_is(cursor, "FUNCTION") || cursor_is(cursor, "PROCEDURE")) return cursor_fail(cursor);
  if (!read_object_kind(cursor, &kind, &view)) return false;
  if (kind == SEC_TABLE) return alter_table(cursor, view);
  if (!read_object(cursor, kind, &name) || !alter_common(cursor, kind, &name, &done)) return false;
  if (done) return true;
  switch (kind) {
  case SEC_CATALOG: return alter_optimization(cursor, kind, &name);
  case SEC_SCHEMA: return alter_schema(cursor, &name);
  case SEC_EXTERNAL_LOCATION: return alter_location(cursor, &name);
  default: return cursor_fail(cursor);
  }
}
