/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that may be set, as a tree of names, and as the schema that libcyaml loads a file by. Built at run
 * time, because plugins declare keys. It must not know what any key means. */
#ifndef CLXS_HOST_CONF_SCHEMA_H
#define CLXS_HOST_CONF_SCHEMA_H

#include <clxs/status.h>
#include <cyaml/cyaml.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/conf.h"

struct arena;
struct err;
struct tree;

/* One name at one level: a key, or a group of further names. */
struct schema_name {
  const char *name;           /* "ttl" */
  const char *path;           /* "cache.ttl" */
  const struct conf_key *key; /* NULL for a group */
  struct schema_level *group; /* NULL for a key */
};

struct schema_level {
  struct schema_name *names;
  size_t count, capacity;
};

struct schema {
  struct arena *arena;
  struct schema_level top;
  const struct conf_key **keys; /* every key once, sorted by name */
  size_t key_count;
};

/* What libcyaml loads a level into: a slot for each name, in their order. AT is the text, the texts (COUNT of
 * them), or the slots of the group below. NULL where the file says nothing or the value is empty. */
struct schema_slot {
  void *at;
  uint64_t count;
};

/* The schema of the host's keys and COUNT more. CLXS_E_CONFIG when two of them exclude each other ("audit"
 * and "audit.days"); of two with the same name, the first counts. */
clxs_status schema_new(struct arena *arena, const struct conf_key *keys, size_t count, struct schema **schema,
                       struct err *err);
const struct conf_key *schema_find(const struct schema *schema, const char *name);
/* Where NAME stands among the keys; key_count when it is none. */
size_t schema_index(const struct schema *schema, const char *name);
/* Refuse names in TREE that the schema does not have, with their place and the nearest one that it has. */
clxs_status schema_check_names(const struct schema *schema, struct tree *tree, struct err *err);
/* The libcyaml schema of a file with these profiles (NULL-terminated). Its slots: those of the top level,
 * then one that holds a slot for each profile. */
const cyaml_schema_value_t *schema_compile(const struct schema *schema, const char *const *profiles);

#endif
