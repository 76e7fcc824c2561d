/* SPDX-License-Identifier: Apache-2.0 */
/* SHOW of one object's columns, properties and grants, and LIST of a volume's files. */
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "show/internal.h"

#include "base/banned.h"

bool
show_columns(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct table table;

  if (!cursor_take(cursor, "IN") && !cursor_expect(cursor, "FROM")) return false;
  if (!show_read_table(cursor, &table) || !cursor_finish(cursor)) return false;
  SHOW_STRINGS(session, result, "col_name");
  for (size_t i = 0; i < table.column_count; i++)
    SHOW_ROW(session, result, table.columns[i].name);
  return true;
}

/* ( key ): a text or a dotted name. */
static bool
read_key(struct cursor *cursor, const char **key)
{
  struct ast_name name;

  *key = NULL;
  if (!cursor_take(cursor, "(")) return true;
  if (cursor_kind(cursor) == SQL_STRING) return parse_string(cursor, key) && cursor_expect(cursor, ")");
  if (!parse_name(cursor, AST_NAME_PARTS, &name)) return false;
  *key = name.parts[0];
  for (size_t i = 1; i < name.count; i++)
    *key = arena_printf(cursor->arena, "%s.%s", *key, name.parts[i]);
  return cursor_expect(cursor, ")");
}

bool
show_tblproperties(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  CLEANUP_JSON struct json_object *properties = NULL;
  struct table table;
  struct json_object *value;
  const char *key, *name;
  void *at = NULL;

  if (!show_read_table(cursor, &table) || !read_key(cursor, &key) || !cursor_finish(cursor)) return false;
  SHOW_STRINGS(session, result, "key", "value");
  if (key) {
    const char *found = property_get(session->arena, table.properties, key);

    SHOW_ROW(session, result, key,
             found ? found
                   : arena_printf(session->arena, "Table %s does not have property: %s",
                                  table.object.full_name, key));
    return true;
  }
  if (table.properties) properties = json_parse(table.properties, strlen(table.properties), NULL, NULL);
  if (properties) {
    while (json_next(properties, &at, &name, &value)) {
      SHOW_ROW(session, result, arena_strdup(session->arena, name),
               arena_strdup(session->arena, json_object_get_string(value)));
    }
  }
  return true;
}

/* What GRANT calls the kind in result rows. */
static const char *
kind_of(enum securable_kind kind)
{
  return kind == SEC_METASTORE ? "METASTORE" : securable_kind_rest(kind);
}

static bool
read_securable(struct cursor *cursor, struct securable *object)
{
  static const struct {
    const char *words;
    enum securable_kind kind;
  } kinds[] = {
      {"CATALOG", SEC_CATALOG},
      {"SCHEMA", SEC_SCHEMA},
      {"DATABASE", SEC_SCHEMA},
      {"MATERIALIZED VIEW", SEC_TABLE},
      {"STREAMING TABLE", SEC_TABLE},
      {"TABLE", SEC_TABLE},
      {"VIEW", SEC_TABLE},
      {"VOLUME", SEC_VOLUME},
      {"FUNCTION", SEC_FUNCTION},
      {"EXTERNAL LOCATION", SEC_EXTERNAL_LOCATION},
      {"STORAGE CREDENTIAL", SEC_STORAGE_CREDENTIAL},
      {"CONNECTION", SEC_CONNECTION},
  };
  enum securable_kind kind = SEC_TABLE;
  struct name name;

  if (cursor_take(cursor, "METASTORE")) return securable_load(cursor->session, 0, object);
  for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
    if (!cursor_take_words(cursor, kinds[i].words)) continue;
    kind = kinds[i].kind;
    break;
  }
  return show_read_name(cursor, kind, &name) && securable_get(cursor->session, kind, &name, object);
}

static void
add_grant(struct session *session, struct result *result, const struct securable *object,
          const struct grant *grant)
{
  bool direct = grant->from_kind == object->kind;

  for (int i = 0; i < PRIV_COUNT; i++)
    if (grant->privileges & PRIV_BIT((enum privilege)i))
      SHOW_ROW(session, result, grant->principal, privilege_sql_name((enum privilege)i),
               kind_of(direct ? object->kind : grant->from_kind),
               direct ? object->full_name : grant->from_name);
}

/* SHOW GRANTS [principal] ON kind name: those of its parents too. */
bool
show_grants(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct securable object;
  struct grant *grants;
  const char *principal = NULL;
  size_t count;

  if (!cursor_is(cursor, "ON")) {
    bool text = cursor_kind(cursor) == SQL_STRING;

    if (!(text ? parse_string(cursor, &principal) : parse_word(cursor, &principal))) return false;
  }
  if (!cursor_expect(cursor, "ON") || !read_securable(cursor, &object) || !cursor_finish(cursor))
    return false;
  if (!grant_effective(session, &object, principal, &grants, &count)) return false;
  SHOW_STRINGS(session, result, "Principal", "ActionType", "ObjectType", "ObjectKey");
  for (size_t i = 0; i < count; i++)
    add_grant(session, result, &object, &grants[i]);
  return true;
}

/* /Volumes/c/s/v/dir in its parts; *REST is the path inside the volume. */
static bool
split_path(struct session *session, const char *text, struct name *name, const char **rest)
{
  char *path = arena_strdup(session->arena, str_starts(text, "dbfs:") ? text + 5 : text);
  const char *parts[5] = {"", "", "", "", ""};
  size_t count = 0;

  for (char *next = path; count < 5 && next;) {
    parts[count++] = next;
    next = count < 5 ? strchr(next, '/') : NULL;
    if (next) *next++ = '\0';
  }
  if (*parts[0] || !str_ieq(parts[1], "Volumes") || !*parts[4])
    return fault_raise(session, "INVALID_PARAMETER_VALUE",
                       "The path %s is not in a volume: /Volumes/<catalog>/<schema>/<volume>.", text);
  *name = (struct name){parts[2], parts[3], parts[4]};
  *rest = strchr(parts[4], '/');
  if (*rest) {
    name->object = arena_strndup(session->arena, parts[4], (size_t)(*rest - parts[4]));
    ++*rest;
  } else {
    *rest = "";
  }
  return true;
}

bool
list_files(struct cursor *cursor, struct result *result)
{
  struct session *session = cursor->session;
  struct volume_file *files;
  const char *path, *inside = NULL;
  struct volume volume;
  struct name written = {0}, name;
  const char *parts[3];
  size_t count, length;

  if (!parse_string(cursor, &path) || !cursor_finish(cursor) || !split_path(session, path, &written, &inside))
    return false;
  parts[0] = written.catalog;
  parts[1] = written.schema;
  parts[2] = written.object;
  if (!name_resolve(session, SEC_VOLUME, parts, 3, &name) || !volume_get(session, &name, &volume) ||
      !access_require(session, &volume.object, PRIV_READ_VOLUME))
    return false;
  length = strlen(inside);
  if (length > 0 && inside[length - 1] == '/') inside = arena_strndup(session->arena, inside, length - 1);
  if (!file_list(session, volume.object.id, inside, NULL, 0, &files, &count)) return false;
  SHOW_STRINGS(session, result, "path", "name");
  result_add_column(session, result, "size", "bigint");
  result_add_column(session, result, "modification_time", "bigint");
  for (size_t i = 0; i < count; i++) {
    const char *slash = files[i].directory ? "/" : "";

    SHOW_ROW(session, result,
             arena_printf(session->arena, "dbfs:/Volumes/%s/%s/%s/%s%s", name.catalog, name.schema,
                          name.object, files[i].path, slash),
             arena_printf(session->arena, "%s%s", files[i].name, slash),
             arena_printf(session->arena, "%lld", (long long)files[i].size),
             arena_printf(session->arena, "%lld", (long long)files[i].modified_ms));
  }
  return true;
}
