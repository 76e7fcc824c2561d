/* SPDX-License-Identifier: Apache-2.0 */
/* Files in volumes, as blobs. https://docs.databricks.com/api/workspace/files */
#include "store/files.h"

#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "store/object.h"

#include "base/banned.h"

#define COLUMNS "path, name, directory, size, modified_ms"

static void
read_file(struct db_stmt *stmt, struct volume_file *out)
{
  *out = (struct volume_file){.path = db_text(stmt, 0),
                              .name = db_text(stmt, 1),
                              .directory = db_int(stmt, 2) != 0,
                              .size = db_int(stmt, 3),
                              .modified_ms = db_int(stmt, 4)};
}

bool
file_find(struct session *session, int64_t volume_id, const char *path, struct volume_file *out)
{
  struct db_stmt *stmt CLEANUP_STMT = NULL;

  if (*path == '\0') {
    *out = (struct volume_file){.path = "", .name = "", .directory = true};
    return true;
  }
  stmt = db_query(session, "SELECT " COLUMNS " FROM volume_file WHERE volume_id = ? AND path = ?", "it",
                  volume_id, path);
  if (!db_next(stmt)) return false;
  read_file(stmt, out);
  return true;
}

bool
file_list(struct session *session, int64_t volume_id, const char *path, const char *after, size_t limit,
          struct volume_file **out, size_t *count)
{
  struct db_stmt *stmt CLEANUP_STMT =
      db_query(session,
               "SELECT " COLUMNS
               " FROM volume_file WHERE volume_id = ? AND parent = ? AND name > ? ORDER BY name LIMIT ?",
               "itti", volume_id, path, after ? after : "", limit ? (int64_t)limit : INT64_C(-1));
  VEC(struct volume_file) found = {0};

  while (db_next(stmt))
    read_file(stmt, VEC_ADD(&found));
  DB_TAKE(session->arena, &found, out, count);
  return true;
}

bool
file_list_all(struct session *session, int64_t volume_id, struct volume_file **out, size_t *count)
{
  struct db_stmt *stmt CLEANUP_STMT = db_query(
      session, "SELECT " COLUMNS " FROM volume_file WHERE volume_id = ? ORDER BY path", "i", volume_id);
  VEC(struct volume_file) found = {0};

  while (db_next(stmt))
    read_file(stmt, VEC_ADD(&found));
  DB_TAKE(session->arena, &found, out, count);
  return true;
}

/* The part of PATH before the last slash, and behind it. */
static const char *
split_path(struct session *session, const char *path, const char **name)
{
  const char *slash = strrchr(path, '/');

  *name = slash ? slash + 1 : path;
  return slash ? arena_strndup(session->arena, path, (size_t)(slash - path)) : "";
}

bool
directory_create(struct session *session, int64_t volume_id, const char *path)
{
  struct volume_file there;
  const char *name, *parent;

  if (file_find(session, volume_id, path, &there)) {
    if (there.directory) return true;
    return fault_raise(session, "ALREADY_EXISTS", "A file is at '%s', where a directory is asked for.", path);
  }
  parent = split_path(session, path, &name);
  if (!directory_create(session, volume_id, parent)) return false;
  db_exec(session, "INSERT INTO volume_file VALUES (?, ?, ?, ?, 1, 0, ?, NULL)", "ittti", volume_id, path,
          parent, name, store_now(session->store));
  return true;
}

bool
file_write(struct session *session, int64_t volume_id, const char *path, const void *bytes, size_t length,
           bool overwrite)
{
  struct volume_file there;
  const char *name, *parent;

  if (file_find(session, volume_id, path, &there)) {
    if (there.directory)
      return fault_raise(session, "ALREADY_EXISTS", "A directory is at '%s', where a file is asked for.",
                         path);
    if (!overwrite) return fault_raise(session, "ALREADY_EXISTS", "The file '%s' already exists.", path);
    db_exec(session, "DELETE FROM volume_file WHERE volume_id = ? AND path = ?", "it", volume_id, path);
  }
  parent = split_path(session, path, &name);
  if (!directory_create(session, volume_id, parent)) return false;
  db_exec(session, "INSERT INTO volume_file VALUES (?, ?, ?, ?, 0, ?, ?, ?)", "itttiib", volume_id, path,
          parent, name, (int64_t)length, store_now(session->store), bytes, length);
  return true;
}

bool
file_read(struct session *session, int64_t volume_id, const char *path, int64_t offset, int64_t length,
          const void **bytes, size_t *got)
{
  struct db_stmt *stmt CLEANUP_STMT = db_query(session,
                                               "SELECT substr(content, ?1 + 1, ?2) FROM volume_file WHERE "
                                               "volume_id = ?3 AND path = ?4 AND NOT directory",
                                               "iiit", offset, length, volume_id, path);

  if (!db_next(stmt)) return fault_raise(session, "NOT_FOUND", "The file '%s' does not exist.", path);
  *bytes = db_blob(stmt, 0, got);
  return true;
}

bool
file_delete(struct session *session, int64_t volume_id, const char *path)
{
  return db_exec(session, "DELETE FROM volume_file WHERE volume_id = ? AND path = ? AND NOT directory", "it",
                 volume_id, path) > 0;
}

bool
directory_delete(struct session *session, int64_t volume_id, const char *path)
{
  struct volume_file there;

  if (!file_find(session, volume_id, path, &there) || !there.directory || *path == '\0')
    return fault_raise(session, "NOT_FOUND", "The directory '%s' does not exist.", path);
  if (db_exec_int(session, 0, "SELECT 1 FROM volume_file WHERE volume_id = ? AND parent = ? LIMIT 1", "it",
                  volume_id, path))
    return fault_raise(session, "INVALID_PARAMETER_VALUE", "The directory '%s' is not empty.", path);
  db_exec(session, "DELETE FROM volume_file WHERE volume_id = ? AND path = ?", "it", volume_id, path);
  return true;
}
