/* SPDX-License-Identifier: Apache-2.0 */
/* Paths in cloud storage: their form, whose they are, and that no two objects overlap.
 * https://docs.databricks.com/connect/unity-catalog/cloud-storage/ */
#include <string.h>

#include "base/str.h"
#include "store/object.h"

#include "base/banned.h"

bool
location_check_url(struct session *session, const char *url, const char **out)
{
  static const char *const schemes[] = {"s3://", "s3a://", "s3n://", "abfss://", "abfs://", "gs://", "r2://"};
  size_t length = strlen(url);

  while (length > 0 && url[length - 1] == '/')
    length--;
  for (size_t i = 0; i < ARRAY_SIZE(schemes); i++) {
    if (!str_starts(url, schemes[i]) || length <= strlen(schemes[i])) continue;
    *out = arena_strndup(session->arena, url, length);
    return true;
  }
  return fault_raise(session, "INVALID_PARAMETER_VALUE", "Missing cloud file system scheme: '%s'.", url);
}

/* URL cut at its last slash, or false when only scheme and host are left. */
static bool
go_up(char *url)
{
  char *slash = strrchr(url, '/');

  if (!slash || slash[-1] == '/') return false;
  *slash = '\0';
  return true;
}

static bool
find_covering(struct session *session, const char *url, struct securable *out)
{
  char *at = arena_strdup(session->arena, url);

  do {
    int64_t id = db_exec_int(session, 0, "SELECT id FROM external_location WHERE url = ?", "t", at);

    if (id) return securable_load(session, id, out);
  } while (go_up(at));
  return false;
}

bool
location_require(struct session *session, const char *url, enum privilege privilege)
{
  struct securable location, metastore;

  if (find_covering(session, url, &location)) return access_require(session, &location, privilege);
  /* Paths that no external location covers are the metastore admin's. */
  object_metastore(session, &metastore);
  if (access_manages(session, &metastore)) return true;
  return fault_raise_rest(
      session, "PERMISSION_DENIED",
      arena_printf(session->arena,
                   "User does not have permission %s on path '%s': no external location covers it.",
                   privilege_sql_name(privilege), url),
      "No parent external location was found for path '%s'. Please create an external location on one of the "
      "parent "
      "paths and then retry the query or command again.",
      url);
}

static const char *
overlapping(struct session *session, const char *url, int64_t except_id)
{
  char *at = arena_strdup(session->arena, url);
  const char *low, *high;

  do {
    const char *name = db_exec_text(
        session,
        "SELECT g.name || '.' || p.name || '.' || s.name FROM location l JOIN securable s ON"
        " s.id = l.securable_id LEFT JOIN securable p ON p.id = s.parent LEFT JOIN securable g ON"
        " g.id = p.parent WHERE l.url = ? AND l.securable_id != ? LIMIT 1",
        "ti", at, except_id);

    if (name) return name;
  } while (go_up(at));
  low = arena_printf(session->arena, "%s/", url);
  high = arena_printf(session->arena, "%s0", url); /* '0' is the byte behind '/' */
  return db_exec_text(
      session,
      "SELECT g.name || '.' || p.name || '.' || s.name FROM location l JOIN securable s ON"
      " s.id = l.securable_id LEFT JOIN securable p ON p.id = s.parent LEFT JOIN securable g ON"
      " g.id = p.parent WHERE l.url > ? AND l.url < ? AND l.securable_id != ? LIMIT 1",
      "tti", low, high, except_id);
}

bool
location_require_free(struct session *session, const char *url, int64_t except_id)
{
  const char *other = overlapping(session, url, except_id);

  if (!other) return true;
  return fault_raise(
      session, "INVALID_PARAMETER_VALUE.LOCATION_OVERLAP",
      "Input path url '%s' overlaps with other external tables or volumes. Conflicting tables/volumes: "
      "%s.",
      url, other);
}

void
location_record(struct session *session, const char *url, int64_t id)
{
  db_exec(session, "INSERT OR IGNORE INTO location (url, securable_id) VALUES (?, ?)", "ti", url, id);
}

const char *
location_managed(struct session *session, const struct securable *parent, const char *what, const char *uuid)
{
  const char *root = NULL;
  struct metastore metastore;

  if (parent->kind == SEC_SCHEMA) {
    root = db_exec_text(session, "SELECT storage_location FROM schema WHERE id = ?", "i", parent->id);
    if (!root)
      root = db_exec_text(session, "SELECT storage_location FROM catalog WHERE id = ?", "i", parent->parent);
  }
  if (root) return arena_printf(session->arena, "%s/%s/%s", root, what, uuid);
  metastore_load(session, &metastore);
  return arena_printf(session->arena, "%s/%s/%s", metastore.storage_root, what, uuid);
}
