/* SPDX-License-Identifier: Apache-2.0 */
/* A YAML file as a tree of nodes that know where they stand. libcyaml loads values by a schema but keeps no
 * positions and holds nothing that the schema does not describe; this answers the questions that remain. It
 * must not know which keys exist. */
#ifndef CLXS_HOST_CONF_TREE_H
#define CLXS_HOST_CONF_TREE_H

#include <clxs/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <yaml.h>

struct arena;
struct buf;
struct err;

struct tree {
  struct arena *arena;
  const char *path; /* for messages */
  yaml_document_t document;
  yaml_node_t *root; /* a mapping, or NULL for an empty file */
  size_t visits;     /* nodes checked, each alias counted as what it stands for */
};

/* Parse TEXT. CLXS_E_CONFIG, with "PATH:LINE:COLUMN: " in front, for broken YAML, more than one document, a
 * top level that is no mapping, keys that are no text, a key given twice, nesting over 32 deep, and aliases
 * that multiply beyond reason. On success, end with tree_free. */
clxs_status tree_parse(struct arena *arena, const char *path, const char *text, size_t length,
                       struct tree *tree, struct err *err);
void tree_free(struct tree *tree);

/* Walk the members of MAPPING: start with *POSITION 0; false at the end. */
bool tree_next(struct tree *tree, const yaml_node_t *mapping, size_t *position, const char **key,
               yaml_node_t **key_node, yaml_node_t **value);
/* The member KEY, NULL when there is none or MAPPING is NULL or no mapping; KEY_NODE may be NULL. */
yaml_node_t *tree_get(struct tree *tree, const yaml_node_t *mapping, const char *key, yaml_node_t **key_node);
/* Whether NODE is an empty value, null or ~ without quotes. */
bool tree_is_null(const yaml_node_t *node);
/* "PATH:LINE:COLUMN" of NODE, in the arena. */
const char *tree_where(const struct tree *tree, const yaml_node_t *node);
size_t tree_line(const yaml_node_t *node);
/* NODE as JSON, every text handed to EXPAND first. Plain numbers and booleans stay what they are. */
clxs_status tree_add_json(struct tree *tree, const yaml_node_t *node, struct buf *buf,
                          clxs_status (*expand)(void *data, const yaml_node_t *node, const char **text),
                          void *data);

#endif
