/* SPDX-License-Identifier: Apache-2.0 */
/* One configuration file: which values it sets, for everybody and for each profile, and where each stands. It
 * must not know of other layers. */
#ifndef CLXS_HOST_CONF_FILE_H
#define CLXS_HOST_CONF_FILE_H

#include <clxs/status.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/tree.h"

struct arena;
struct conf_key;
struct err;
struct schema;

/* One value as it is written, variables not yet replaced. */
struct file_value {
  const struct conf_key *key;
  const char *profile; /* NULL: for everybody */
  const char *text;    /* of a single value; NULL for lists and free-form values */
  const char *const *items;
  uint32_t count;
  yaml_node_t *node; /* what stands in the file, for places and free-form values */
};

struct file {
  const char *path;
  struct tree tree;
  struct file_value *values;
  size_t count;
  const char *const *profiles; /* NULL-terminated */
};

/* Read and check PATH against SCHEMA. On success, end with file_close. */
clxs_status file_load(struct arena *arena, const char *path, const struct schema *schema, struct file *file,
                      struct err *err);
void file_close(struct file *file);
/* The value that FILE sets for KEY in PROFILE (NULL: for everybody), or NULL. */
const struct file_value *file_find(const struct file *file, const struct conf_key *key, const char *profile);

/* Configuration files are small; anything larger is a mistake. */
#define FILE_MAXIMUM ((size_t)1 << 20)

#endif
