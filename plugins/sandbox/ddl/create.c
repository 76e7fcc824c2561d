/* SPDX-License-Identifier: Apache-2.0 */
/* CREATE and REPLACE: what is to be made, and the kinds that need no columns.
 * https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-catalog.html and its neighbours
 */
#include "base/arena.h"
#include "base/str.h"
#include "ddl/read.h"

#include "base/banned.h"

bool
create_catalog(struct cursor *cursor, const struct create *create, bool foreign)
{
  struct session *session = cursor->session;
  struct catalog_spec spec = {0};
  struct securable there;
  struct name name;

  if (!read_object(cursor, SEC_CATALOG, &name)) return false;
  spec.name = name.catalog;
  if (foreign &&
      !(cursor_expect_words(cursor, "USING CONNECTION") && parse_word(cursor, &spec.connection_name)))
    return false;
  for (;;) {
    if (cursor_take(cursor, "COMMENT")) {
      if (!parse_string(cursor, &spec.comment)) return false;
    } else if (cursor_take_words(cursor, "MANAGED LOCATION")) {
      if (!parse_string(cursor, &spec.storage_root)) return false;
    } else if (cursor_take(cursor, "OPTIONS")) {
      if (!read_properties(cursor, &spec.options)) return false;
    } else if (cursor_take_words(cursor, "DEFAULT COLLATION")) {
      const char *ignored;

      if (!parse_word(cursor, &ignored)) return false;
    } else {
      break;
    }
  }
  if (cursor_is(cursor, "USING")) return refuse_feature(session, "SANDBOX", "catalogs of shares");
  if (!cursor_finish(cursor)) return false;
  if (create->if_not_exists && securable_find(session, SEC_CATALOG, &name, &there)) return true;
  return catalog_create(session, &spec, NULL);
}

bool
create_schema(struct cursor *cursor, const struct create *create)
{
  struct session *session = cursor->session;
  struct schema_spec spec = {0};
  struct securable there;
  struct name name;

  if (!read_object(cursor, SEC_SCHEMA, &name)) return false;
  spec.catalog_name = name.catalog;
  spec.name = name.schema;
  for (;;) {
    if (cursor_take(cursor, "COMMENT")) {
      if (!parse_string(cursor, &spec.comment)) return false;
    } else if (cursor_take_words(cursor, "MANAGED LOCATION")) {
      if (!parse_string(cursor, &spec.storage_root)) return false;
    } else if (cursor_take_words(cursor, "WITH DBPROPERTIES")) {
      if (!read_properties(cursor, &spec.properties)) return false;
    } else if (cursor_take_words(cursor, "DEFAULT COLLATION")) {
      const char *ignored;

      if (!parse_word(cursor, &ignored)) return false;
    } else {
      break;
    }
  }
  if (cursor_is(cursor, "LOCATION"))
    return fault_raise(session, "INVALID_PARAMETER_VALUE",
                       "LOCATION is for schemas of hive_metastore; use MANAGED LOCATION for %s.",
                       name_text(session, &name));
  if (!cursor_finish(cursor)) return false;
  if (create->if_not_exists && securable_find(session, SEC_SCHEMA, &name, &there)) return true;
  return schema_create(session, &spec, NULL);
}

bool
create_volume(struct cursor *cursor, const struct create *create)
{
  struct session *session = cursor->session;
  struct volume_spec spec = {.type = create->external ? "EXTERNAL" : "MANAGED"};
  struct securable there;
  struct name name;

  if (!read_object(cursor, SEC_VOLUME, &name)) return false;
  spec.catalog_name = name.catalog;
  spec.schema_name = name.schema;
  spec.name = name.object;
  if (cursor_take(cursor, "LOCATION") && !parse_string(cursor, &spec.storage_location)) return false;
  if (cursor_take(cursor, "COMMENT") && !parse_string(cursor, &spec.comment)) return false;
  if (!cursor_finish(cursor)) return false;
  if (create->if_not_exists && securable_find(session, SEC_VOLUME, &name, &there)) return true;
  return volume_create(session, &spec, NULL);
}

bool
create_connection(struct cursor *cursor)
{
  struct session *session = cursor->session;
  bool tolerant = cursor_take_words(cursor, "IF NOT EXISTS");
  struct connection connection = {0};
  struct securable there;
  struct name name;

  if (!read_object(cursor, SEC_CONNECTION, &name) || !cursor_expect(cursor, "TYPE") ||
      !parse_word(cursor, &connection.type))
    return false;
  connection.object.name = name.catalog;
  if (cursor_take(cursor, "OPTIONS") && !read_properties(cursor, &connection.options)) return false;
  if (cursor_take(cursor, "COMMENT") && !parse_string(cursor, &connection.object.comment)) return false;
  if (!cursor_finish(cursor)) return false;
  if (tolerant && securable_find(session, SEC_CONNECTION, &name, &there)) return true;
  connection.options = property_set(session->arena, connection.options, "password", NULL);
  return connection_create(session, &connection);
}

bool
create_external_location(struct cursor *cursor)
{
  struct session *session = cursor->session;
  bool tolerant = cursor_take_words(cursor, "IF NOT EXISTS");
  struct external_location location = {.fallback = false};
  struct securable there;
  struct name name;

  if (!read_object(cursor, SEC_EXTERNAL_LOCATION, &name) || !cursor_expect(cursor, "URL") ||
      !parse_string(cursor, &location.url) || !cursor_expect(cursor, "WITH") || !cursor_expect(cursor, "(") ||
      !(cursor_take(cursor, "STORAGE"), cursor_expect(cursor, "CREDENTIAL")) ||
      !parse_word(cursor, &location.credential_name) || !cursor_expect(cursor, ")"))
    return false;
  location.object.name = name.catalog;
  if (cursor_take(cursor, "COMMENT") && !parse_string(cursor, &location.object.comment)) return false;
  if (!cursor_finish(cursor)) return false;
  if (tolerant && securable_find(session, SEC_EXTERNAL_LOCATION, &name, &there)) return true;
  return external_location_create(session, &location);
}

/* IF NOT EXISTS, which OR REPLACE excludes. */
static bool
read_tolerance(struct cursor *cursor, struct create *create)
{
  if (!cursor_is(cursor, "IF") || !cursor_is_at(cursor, 1, "NOT")) return true;
  if (create->replace)
    return fault_raise(cursor->session, "PARSE_SYNTAX_ERROR",
                       "Syntax error at or near 'IF': OR REPLACE and IF NOT EXISTS exclude each other.");
  create->if_not_exists = cursor_expect_words(cursor, "IF NOT EXISTS");
  return create->if_not_exists;
}

bool
ddl_create(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct create create = {0};
  bool refresh;

  create.must_exist = cursor_take(cursor, "REPLACE");
  if (!create.must_exist && !cursor_expect(cursor, "CREATE")) return false;
  create.replace = create.must_exist || cursor_take_words(cursor, "OR REPLACE");
  refresh = cursor_take_words(cursor, "OR REFRESH");
  if (create.must_exist && !cursor_is(cursor, "TABLE")) return cursor_fail(cursor);
  if (cursor_take(cursor, "GLOBAL") && !cursor_is(cursor, "TEMPORARY") && !cursor_is(cursor, "TEMP"))
    return cursor_fail(cursor);
  if (cursor_take(cursor, "TEMPORARY") || cursor_take(cursor, "TEMP")) return create_temporary(cursor);
  if (cursor_take_words(cursor, "EXTERNAL LOCATION")) return create_external_location(cursor);
  create.external = cursor_take(cursor, "EXTERNAL");
  if (cursor_take(cursor, "TABLE"))
    return read_tolerance(cursor, &create) && create_table(cursor, &create, result);
  if (cursor_take(cursor, "VOLUME")) return read_tolerance(cursor, &create) && create_volume(cursor, &create);
  if (create.external) return cursor_fail(cursor);
  if (cursor_take_words(cursor, "STREAMING TABLE") || cursor_take_words(cursor, "STREAMING LIVE TABLE"))
    return (create.replace |= refresh, read_tolerance(cursor, &create)) &&
           create_materialized(cursor, &create, "STREAMING_TABLE");
  if (cursor_take_words(cursor, "MATERIALIZED VIEW"))
    return read_tolerance(cursor, &create) && create_materialized(cursor, &create, "MATERIALIZED_VIEW");
  if (refresh) return cursor_fail(cursor);
  if (cursor_take(cursor, "VIEW")) return read_tolerance(cursor, &create) && create_view(cursor, &create);
  if (cursor_take(cursor, "FUNCTION"))
    return read_tolerance(cursor, &create) && create_function(cursor, &create);
  if (create.replace) return cursor_fail(cursor);
  if (cursor_take(cursor, "CATALOG"))
    return read_tolerance(cursor, &create) && create_catalog(cursor, &create, false);
  if (cursor_take_words(cursor, "FOREIGN CATALOG"))
    return read_tolerance(cursor, &create) && create_catalog(cursor, &create, true);
  if (cursor_take(cursor, "SCHEMA") || cursor_take(cursor, "DATABASE"))
    return read_tolerance(cursor, &create) && create_schema(cursor, &create);
  if (cursor_take(cursor, "CONNECTION")) return create_connection(cursor);
  if (cursor_is(cursor, "POLICY") || cursor_is(cursor, "SHARE") || cursor_is(cursor, "RECIPIENT") ||
      cursor_is(cursor, "PROCEDURE"))
    return refuse_feature(session, "SANDBOX", "CREATE of policies, shares, recipients and procedures");
  return cursor_fail(cursor);
}
