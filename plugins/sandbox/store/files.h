/* SPDX-License-Identifier: Apache-2.0 */
/* Files in volumes. PATH is inside the volume, without a leading or trailing slash: "dir/a.csv"; "" is the
 * volume itself. Nothing here checks privileges: the caller asks for READ VOLUME or WRITE VOLUME first. */
#ifndef CLXS_SANDBOX_STORE_FILES_H
#define CLXS_SANDBOX_STORE_FILES_H

#include "engine.h"

struct volume_file {
  const char *path, *name;
  bool directory;
  int64_t size, modified_ms;
};

/* False WITHOUT a fault when there is nothing there. */
bool file_find(struct session *session, int64_t volume_id, const char *path, struct volume_file *out);
/* What is directly in directory PATH, by name, behind AFTER (NULL: from the start), at most LIMIT (0: all).
 */
bool file_list(struct session *session, int64_t volume_id, const char *path, const char *after, size_t limit,
               struct volume_file **out, size_t *count);
/* Every file and directory in the volume, for copies. */
bool file_list_all(struct session *session, int64_t volume_id, struct volume_file **out, size_t *count);
/* Where the bytes of a file come from: READ fills OUT with the LENGTH bytes at OFFSET. */
struct file_source {
  bool (*read)(void *data, int64_t offset, char *out, size_t length);
  void *data;
  int64_t size;
};
/* Write a file, making the directories above it. Existing without OVERWRITE: ALREADY_EXISTS (409). */
bool file_write_from(struct session *session, int64_t volume_id, const char *path,
                     const struct file_source *source, bool overwrite);
/* The same from memory. */
bool file_write(struct session *session, int64_t volume_id, const char *path, const void *bytes,
                size_t length, bool overwrite);
/* At most LENGTH bytes from OFFSET in the arena: fewer at the end, and at most FILE_PART. */
#define FILE_PART (INT64_C(1) << 20)
bool file_read(struct session *session, int64_t volume_id, const char *path, int64_t offset, int64_t length,
               const void **bytes, size_t *got);
/* Delete one file; false without a fault when it is not there or a directory. */
bool file_delete(struct session *session, int64_t volume_id, const char *path);
/* mkdir -p; a file in the way: ALREADY_EXISTS. */
bool directory_create(struct session *session, int64_t volume_id, const char *path);
/* Only when empty: INVALID_PARAMETER_VALUE; missing: NOT_FOUND. */
bool directory_delete(struct session *session, int64_t volume_id, const char *path);

#endif
