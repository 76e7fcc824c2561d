/* SPDX-License-Identifier: Apache-2.0 */
/* See tree.h. Built on libyaml's own document, whose nodes carry their marks. */
#include "conf/tree.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/map.h"
#include "base/str.h"

#include "base/banned.h"

#define DEPTH_MAXIMUM 32
#define VISITS_MAXIMUM 100000

static const char *
scalar_text(const yaml_node_t *node)
{
  return (const char *)node->data.scalar.value;
}

size_t
tree_line(const yaml_node_t *node)
{
  return node->start_mark.line + 1;
}

const char *
tree_where(const struct tree *tree, const yaml_node_t *node)
{
  return arena_printf(tree->arena, "%s:%zu:%zu", tree->path, tree_line(node), node->start_mark.column + 1);
}

bool
tree_is_null(const yaml_node_t *node)
{
  static const char *const words[] = {"", "~", "null", "Null", "NULL"};

  if (node->type != YAML_SCALAR_NODE || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return false;
  for (size_t i = 0; i < ARRAY_SIZE(words); i++)
    if (str_eq(scalar_text(node), words[i])) return true;
  return false;
}

bool
tree_next(struct tree *tree, const yaml_node_t *mapping, size_t *position, const char **key,
          yaml_node_t **key_node, yaml_node_t **value)
{
  yaml_node_pair_t *pair;

  if (!mapping || mapping->type != YAML_MAPPING_NODE) return false;
  pair = mapping->data.mapping.pairs.start + *position;
  if (pair >= mapping->data.mapping.pairs.top) return false;
  (*position)++;
  *key_node = yaml_document_get_node(&tree->document, pair->key);
  *value = yaml_document_get_node(&tree->document, pair->value);
  *key = scalar_text(*key_node);
  return true;
}

yaml_node_t *
tree_get(struct tree *tree, const yaml_node_t *mapping, const char *key, yaml_node_t **key_node)
{
  size_t position = 0;
  const char *name;
  yaml_node_t *name_node, *value;

  while (tree_next(tree, mapping, &position, &name, &name_node, &value)) {
    if (!str_eq(name, key)) continue;
    if (key_node) *key_node = name_node;
    return value;
  }
  return NULL;
}

static clxs_status check_node(struct tree *tree, const yaml_node_t *node, unsigned depth, struct err *err);

static clxs_status
check_mapping(struct tree *tree, const yaml_node_t *mapping, unsigned depth, struct err *err)
{
  CLEANUP_MAP struct map *seen = map_new();

  for (yaml_node_pair_t *pair = mapping->data.mapping.pairs.start; pair < mapping->data.mapping.pairs.top;
       pair++) {
    yaml_node_t *key = yaml_document_get_node(&tree->document, pair->key);
    yaml_node_t *value = yaml_document_get_node(&tree->document, pair->value), *first;
    clxs_status status;

    if (key->type != YAML_SCALAR_NODE)
      return err_set(err, CLXS_E_CONFIG, "%s: a key must be a plain text", tree_where(tree, key));
    first = map_set(seen, scalar_text(key), key);
    if (first) {
      err_set(err, CLXS_E_CONFIG, "%s: the key \"%s\" is given a second time", tree_where(tree, key),
              scalar_text(key));
      err_hint(err, "the first is on line %zu; remove one of them", tree_line(first));
      return CLXS_E_CONFIG;
    }
    status = check_node(tree, value, depth + 1, err);
    if (status != CLXS_OK) return status;
  }
  return CLXS_OK;
}

static clxs_status
check_sequence(struct tree *tree, const yaml_node_t *sequence, unsigned depth, struct err *err)
{
  for (yaml_node_item_t *item = sequence->data.sequence.items.start; item < sequence->data.sequence.items.top;
       item++) {
    clxs_status status = check_node(tree, yaml_document_get_node(&tree->document, *item), depth + 1, err);

    if (status != CLXS_OK) return status;
  }
  return CLXS_OK;
}

static clxs_status
check_node(struct tree *tree, const yaml_node_t *node, unsigned depth, struct err *err)
{
  if (++tree->visits > VISITS_MAXIMUM)
    return err_set(err, CLXS_E_CONFIG, "%s: the file holds too many values", tree_where(tree, node));
  if (depth > DEPTH_MAXIMUM) {
    return err_set(err, CLXS_E_CONFIG, "%s: values are nested more than %d deep", tree_where(tree, node),
                   DEPTH_MAXIMUM);
  }
  if (node->type == YAML_MAPPING_NODE) return check_mapping(tree, node, depth, err);
  if (node->type == YAML_SEQUENCE_NODE) return check_sequence(tree, node, depth, err);
  if (strlen(scalar_text(node)) != node->data.scalar.length)
    return err_set(err, CLXS_E_CONFIG, "%s: a text with a NUL character in it", tree_where(tree, node));
  return CLXS_OK;
}

/* libyaml gives a byte offset instead of a mark where the bytes themselves are wrong. */
static void
place_of(const yaml_parser_t *parser, const char *text, size_t length, size_t *line, size_t *column)
{
  size_t offset = parser->problem_offset < length ? parser->problem_offset : length;

  *line = parser->problem_mark.line + 1;
  *column = parser->problem_mark.column + 1;
  if (parser->error != YAML_READER_ERROR) return;
  *line = *column = 1;
  for (size_t i = 0; i < offset; i++) {
    (*column)++;
    if (text[i] == '\n') {
      (*line)++;
      *column = 1;
    }
  }
}

static clxs_status
report_syntax(const yaml_parser_t *parser, const char *path, const char *text, size_t length, struct err *err)
{
  size_t line, column;

  place_of(parser, text, length, &line, &column);
  err_set(err, CLXS_E_CONFIG, "%s:%zu:%zu: this is not valid YAML: %s%s%s", path, line, column,
          parser->problem ? parser->problem : "it cannot be read", parser->context ? ", " : "",
          parser->context ? parser->context : "");
  if (parser->problem && strstr(parser->problem, "tab"))
    err_hint(err, "indent with spaces, YAML allows no tabs");
  return CLXS_E_CONFIG;
}

/* What comes behind the first document must be nothing. */
static clxs_status
check_single(yaml_parser_t *parser, const char *path, const char *text, size_t length, struct err *err)
{
  yaml_document_t second;
  const yaml_node_t *root;
  clxs_status status = CLXS_OK;

  if (!yaml_parser_load(parser, &second)) return report_syntax(parser, path, text, length, err);
  root = yaml_document_get_root_node(&second);
  if (root) {
    status = err_set(err, CLXS_E_CONFIG, "%s:%zu:%zu: a second document begins here; there can only be one",
                     path, tree_line(root), root->start_mark.column + 1);
  }
  yaml_document_delete(&second);
  return status;
}

static clxs_status
check_tree(struct tree *tree, struct err *err)
{
  if (!tree->root) return CLXS_OK;
  if (tree_is_null(tree->root)) {
    tree->root = NULL;
    return CLXS_OK;
  }
  if (tree->root->type != YAML_MAPPING_NODE) {
    err_set(err, CLXS_E_CONFIG, "%s: the file must consist of \"key: value\" lines",
            tree_where(tree, tree->root));
    return CLXS_E_CONFIG;
  }
  return check_node(tree, tree->root, 0, err);
}

clxs_status
tree_parse(struct arena *arena, const char *path, const char *text, size_t length, struct tree *tree,
           struct err *err)
{
  yaml_parser_t parser;
  clxs_status status;

  *tree = (struct tree){.arena = arena, .path = path};
  if (!yaml_parser_initialize(&parser)) return err_set(err, CLXS_E_INTERNAL, "cannot set up the YAML parser");
  yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
  if (!yaml_parser_load(&parser, &tree->document)) {
    status = report_syntax(&parser, path, text, length, err);
    yaml_parser_delete(&parser);
    return status;
  }
  tree->root = yaml_document_get_root_node(&tree->document);
  status = tree->root ? check_single(&parser, path, text, length, err) : CLXS_OK;
  if (status == CLXS_OK) status = check_tree(tree, err);
  yaml_parser_delete(&parser);
  if (status != CLXS_OK) tree_free(tree);
  return status;
}

void
tree_free(struct tree *tree)
{
  yaml_document_delete(&tree->document);
  tree->root = NULL;
}

/* A plain scalar that JSON has a notation for. */
static bool
is_json_literal(const yaml_node_t *node)
{
  CLEANUP_JSON struct json_object *value = NULL;
  const char *text = scalar_text(node), *why = NULL;

  if (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return false;
  if (str_eq(text, "true") || str_eq(text, "false")) return true;
  if (text[0] != '-' && !str_is_digit(text[0])) return false;
  value = json_parse(text, strlen(text), NULL, &why);
  return json_object_is_type(value, json_type_int) || json_object_is_type(value, json_type_double);
}

struct to_json {
  struct tree *tree;
  struct buf *buf;
  clxs_status (*expand)(void *data, const yaml_node_t *node, const char **text);
  void *data;
};

static clxs_status add_json(struct to_json *to, const yaml_node_t *node);

static clxs_status
add_json_mapping(struct to_json *to, const yaml_node_t *node)
{
  size_t position = 0;
  const char *key;
  yaml_node_t *key_node, *value;
  clxs_status status;

  buf_add_char(to->buf, '{');
  while (tree_next(to->tree, node, &position, &key, &key_node, &value)) {
    if (position > 1) buf_add_char(to->buf, ',');
    buf_add_json(to->buf, key);
    buf_add_char(to->buf, ':');
    status = add_json(to, value);
    if (status != CLXS_OK) return status;
  }
  buf_add_char(to->buf, '}');
  return CLXS_OK;
}

static clxs_status
add_json_sequence(struct to_json *to, const yaml_node_t *node)
{
  yaml_node_item_t *start = node->data.sequence.items.start;
  clxs_status status;

  buf_add_char(to->buf, '[');
  for (yaml_node_item_t *item = start; item < node->data.sequence.items.top; item++) {
    if (item > start) buf_add_char(to->buf, ',');
    status = add_json(to, yaml_document_get_node(&to->tree->document, *item));
    if (status != CLXS_OK) return status;
  }
  buf_add_char(to->buf, ']');
  return CLXS_OK;
}

static clxs_status
add_json(struct to_json *to, const yaml_node_t *node)
{
  const char *text;
  clxs_status status;

  if (node->type == YAML_MAPPING_NODE) return add_json_mapping(to, node);
  if (node->type == YAML_SEQUENCE_NODE) return add_json_sequence(to, node);
  text = scalar_text(node);
  if (tree_is_null(node)) {
    buf_add_text(to->buf, "null");
    return CLXS_OK;
  }
  if (is_json_literal(node)) {
    buf_add_text(to->buf, text);
    return CLXS_OK;
  }
  status = to->expand(to->data, node, &text);
  if (status == CLXS_OK) buf_add_json(to->buf, text);
  return status;
}

clxs_status
tree_add_json(struct tree *tree, const yaml_node_t *node, struct buf *buf,
              clxs_status (*expand)(void *data, const yaml_node_t *node, const char **text), void *data)
{
  struct to_json to = {.tree = tree, .buf = buf, .expand = expand, .data = data};

  return add_json(&to, node);
}
