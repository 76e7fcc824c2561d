/* SPDX-License-Identifier: Apache-2.0 */
/* The few values that decide which manifests there are, read before the keys of those manifests can be known.
 * Tolerant: what is wrong with the file is said when it is read for good. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/path.h"
#include "conf/conf.h"
#include "conf/file.h"
#include "conf/layer.h"
#include "conf/tree.h"

#include "base/banned.h"

/* The texts of the list KEY below "plugins". */
static const char *const *
read_list(struct arena *arena, struct tree *tree, const char *key)
{
  yaml_node_t *list = tree_get(tree, tree_get(tree, tree->root, "plugins", NULL), key, NULL);
  yaml_node_item_t *start, *end;
  const char **found;
  size_t used = 0;

  if (!list || list->type != YAML_SEQUENCE_NODE) return NULL;
  start = list->data.sequence.items.start;
  end = list->data.sequence.items.top;
  found = arena_array(arena, (size_t)(end - start) + 1, sizeof *found);
  for (yaml_node_item_t *item = start; item < end; item++) {
    yaml_node_t *node = yaml_document_get_node(&tree->document, *item);

    if (node->type == YAML_SCALAR_NODE)
      found[used++] = path_expand(arena, (const char *)node->data.scalar.value);
  }
  return used ? found : NULL;
}

static void
read_file(struct arena *arena, const char *asked, struct conf_plugins *plugins)
{
  struct err err = ERR_INIT(arena);
  struct tree tree;
  const char *path;
  char *text;
  size_t length;

  if (conf_find_file(arena, asked, &path, &err) != CLXS_OK || !path) return;
  if (path_read(arena, path, FILE_MAXIMUM, &text, &length, &err) != CLXS_OK) return;
  if (!strstr(text, "plugins")) return; /* what almost every file says costs no parsing */
  if (tree_parse(arena, path, text, length, &tree, &err) != CLXS_OK) return;
  plugins->packs = read_list(arena, &tree, "packs");
  plugins->prefer = read_list(arena, &tree, "prefer");
  plugins->disabled = read_list(arena, &tree, "disabled");
  tree_free(&tree);
}

/* The environment is above the file here too. */
static void
read_variable(struct arena *arena, const char *name, const char *const **list)
{
  struct err err = ERR_INIT(arena);
  const char *value = secure_getenv(name), *const * items;
  uint32_t count;

  if (!value || !*value) return;
  if (layer_split_list(arena, value, name, &items, &count, &err) == CLXS_OK) *list = items;
}

void
conf_read_plugins(struct arena *arena, const char *asked, struct conf_plugins *plugins)
{
  *plugins = (struct conf_plugins){0};
  read_file(arena, asked, plugins);
  read_variable(arena, "CLXS_PLUGINS_PACKS", &plugins->packs);
  read_variable(arena, "CLXS_PLUGINS_PREFER", &plugins->prefer);
  read_variable(arena, "CLXS_PLUGINS_DISABLED", &plugins->disabled);
}
