/* SPDX-License-Identifier: Apache-2.0 */
/* Files in volumes. A small one is kept in its row, a larger one in parts of FILE_PART bytes, so that neither
 * writing nor reading ever holds one whole. https://docs.databricks.com/api/workspace/files */
#include "store/files.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
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

static void
remove_file(struct session *session, int64_t volume_id, const char *path)
{
  db_exec(session, "DELETE FROM volume_file_part WHERE volume_id = ? AND path = ?", "it", volume_id, path);
  db_exec(session, "DELETE FROM volume_file WHERE volume_id = ? AND path = ?", "it", volume_id, path);
}

static bool
unreadable(struct session *session, const char *path)
{
  return fault_raise(session, "INTERNAL_ERROR", "The bytes of '%s' cannot be read back.", path);
}

static bool
write_parts(struct session *session, int64_t volume_id, const char *path, const struct file_source *source)
{
  CLEANUP_FREE char *part = xmalloc((size_t)FILE_PART);

  for (int64_t at = 0; at < source->size; at += FILE_PART) {
    size_t length = (size_t)(source->size - at < FILE_PART ? source->size - at : FILE_PART);

    if (!source->read(source->data, at, part, length)) return unreadable(session, path);
    db_exec(session, "INSERT INTO volume_file_part VALUES (?, ?, ?, ?)", "itib", volume_id, path,
            at / FILE_PART, part, length);
  }
  return true;
}

/* Whatever is at PATH gives way to a file, if it may. */
static bool
make_way(struct session *session, int64_t volume_id, const char *path, bool overwrite)
{
  struct volume_file there;

  if (!file_find(session, volume_id, path, &there)) return true;
  if (there.directory)
    return fault_raise(session, "ALREADY_EXISTS", "A directory is at '%s', where a file is asked for.", path);
  if (!overwrite) return fault_raise(session, "ALREADY_EXISTS", "The file '%s' already exists.", path);
  remove_file(session, volume_id, path);
  return true;
}

bool
file_write_from(struct session *session, int64_t volume_id, const char *path,
                const struct file_source *source, bool overwrite)
{
  bool small = source->size <= FILE_PART;
  size_t length = small ? (size_t)source->size : 0;
  CLEANUP_FREE char *content = NULL;
  const char *name, *parent;

  if (!make_way(session, volume_id, path, overwrite)) return false;
  parent = split_path(session, path, &name);
  if (!directory_create(session, volume_id, parent)) return false;
  if (small) {
    content = xmalloc(length + 1);
    if (!source->read(source->data, 0, content, length)) return unreadable(session, path);
  }
  db_exec(session,
          small ? "INSERT INTO volume_file VALUES (?, ?, ?, ?, 0, ?, ?, ?)"
                : "INSERT INTO volume_file VALUES (?, ?, ?, ?, 0, ?, ?, NULL)",
          small ? "itttiib" : "itttii", volume_id, path, parent, name, source->size,
          store_now(session->store), content, length);
  return small || write_parts(session, volume_id, path, source);
}

static bool
read_memory(void *data, int64_t offset, char *out, size_t length)
{
  if (length > 0) memcpy(out, (const char *)data + offset, length);
  return true;
}

bool
file_write(struct session *session, int64_t volume_id, const char *path, const void *bytes, size_t length,
           bool overwrite)
{
  struct file_source source = {read_memory, (void *)(uintptr_t)bytes, (int64_t)length};

  return file_write_from(session, volume_id, path, &source, overwrite);
}

bool
file_read(struct session *session, int64_t volume_id, const char *path, int64_t offset, int64_t length,
          const void **bytes, size_t *got)
{
  struct db_stmt *stmt CLEANUP_STMT = NULL;
  int64_t left = FILE_PART - offset % FILE_PART;

  if (length > left) length = left;
  stmt = db_query(session,
                  "SELECT substr(coalesce(f.content, p.bytes), iif(f.content IS NULL, ?1 % ?2, ?1) + 1, ?3)"
                  " FROM volume_file f LEFT JOIN volume_file_part p ON p.volume_id = f.volume_id"
                  " AND p.path = f.path AND p.number = ?1 / ?2"
                  " WHERE f.volume_id = ?4 AND f.path = ?5 AND NOT f.directory",
                  "iiiit", offset, FILE_PART, length, volume_id, path);
  if (!db_next(stmt)) return fault_raise(session, "NOT_FOUND", "The file '%s' does not exist.", path);
  *bytes = db_blob(stmt, 0, got);
  return true;
}

bool
file_delete(struct session *session, int64_t volume_id, const char *path)
{
  struct volume_file there;

  if (!file_find(session, volume_id, path, &there) || there.directory) return false;
  remove_file(session, volume_id, path);
  return true;
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
