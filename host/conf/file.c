/* SPDX-License-Identifier: Apache-2.0 */
/* See file.h. The tree says where things stand and refuses unknown names; libcyaml loads the values by the
 * schema and refuses wrong shapes. */
#include "conf/file.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/conf.h"
#include "conf/schema.h"

#include "base/banned.h"

/* What libcyaml says about a failure, in two of its log lines: the problem, and the innermost place. */
struct complaint {
  char problem[256];
  size_t line, column;
};

static void listen(cyaml_log_t level, void *data, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static void
listen(cyaml_log_t level, void *data, const char *format, va_list args)
{
  struct complaint *complaint = data;
  char line[256];
  const char *place;

  (void)level;
  vsnprintf(line, sizeof line, format, args);
  place = strstr(line, "(line: ");
  if (place && complaint->line == 0) {
    (void)sscanf(place, "(line: %zu, column: %zu)", &complaint->line, &complaint->column);
  } else if (!complaint->problem[0]) {
    snprintf(complaint->problem, sizeof complaint->problem, "%s", line);
  }
}

static clxs_status
report_shape(const char *path, const struct complaint *complaint, struct err *err)
{
  static const struct shape {
    const char *said, *message, *hint;
  } shapes[] = {
      {"Expecting STRING", "one value is expected here",
       "give a single text or number, not a list or a group"},
      {"Expecting SEQUENCE", "a list is expected here",
       "write [a, b], or a line beginning with \"- \" for each item"},
      {"Expecting MAPPING", "a group of keys is expected here", "indent its keys below it"},
  };

  for (size_t i = 0; i < ARRAY_SIZE(shapes); i++) {
    if (!strstr(complaint->problem, shapes[i].said)) continue;
    err_set(err, CLXS_E_CONFIG, "%s:%zu:%zu: %s", path, complaint->line, complaint->column,
            shapes[i].message);
    err_hint(err, "%s", shapes[i].hint);
    return CLXS_E_CONFIG;
  }
  return err_set(err, CLXS_E_CONFIG, "%s:%zu:%zu: the file cannot be understood: %s", path, complaint->line,
                 complaint->column, complaint->problem);
}

static const char *const *
profile_names(struct arena *arena, struct tree *tree)
{
  yaml_node_t *profiles = tree_get(tree, tree->root, "profiles", NULL), *key, *value;
  const char **names, *name;
  size_t position = 0, count = 0;

  while (tree_next(tree, profiles, &position, &name, &key, &value))
    count++;
  names = arena_array(arena, count + 1, sizeof *names);
  for (position = count = 0; tree_next(tree, profiles, &position, &name, &key, &value);)
    names[count++] = arena_strdup(arena, name);
  return names;
}

struct collect {
  struct arena *arena;
  struct file *file;
  size_t capacity;
  const char *profile;
  struct err *err;
};

static struct file_value *
add_value(struct collect *collect)
{
  struct file *file = collect->file;

  if (file->count == collect->capacity) {
    size_t capacity = collect->capacity ? collect->capacity * 2 : 16;
    struct file_value *values = arena_array(collect->arena, capacity, sizeof *values);

    if (file->count) memcpy(values, file->values, file->count * sizeof *values);
    file->values = values;
    collect->capacity = capacity;
  }
  return &file->values[file->count++];
}

static clxs_status
collect_value(struct collect *collect, const struct schema_name *name, const struct schema_slot *slot,
              yaml_node_t *node)
{
  struct tree *tree = &collect->file->tree;
  const struct file_value *before = file_find(collect->file, name->key, collect->profile);
  struct file_value *value;

  if (tree_is_null(node)) return CLXS_OK;
  if (before) {
    err_set(collect->err, CLXS_E_CONFIG, "%s: \"%s\" is another word for \"%s\", which is set too",
            tree_where(tree, node), name->name, name->key->name);
    err_hint(collect->err, "the other is on line %zu; remove one of them", tree_line(before->node));
    return CLXS_E_CONFIG;
  }
  value = add_value(collect);
  value->key = name->key;
  value->profile = collect->profile;
  value->node = node;
  if (name->key->list) {
    char **texts = slot->at;
    const char **items = arena_array(collect->arena, slot->count + 1, sizeof *items);

    for (uint64_t i = 0; i < slot->count; i++)
      items[i] = arena_strdup(collect->arena, texts[i] ? texts[i] : "");
    value->items = items;
    value->count = (uint32_t)slot->count;
  } else if (!name->key->free_form) {
    value->text = arena_strdup(collect->arena, slot->at ? slot->at : ""); /* libcyaml gives NULL for "" */
  }
  return CLXS_OK;
}

static clxs_status
collect_level(struct collect *collect, const struct schema_level *level, const struct schema_slot *slots,
              const yaml_node_t *mapping)
{
  for (size_t i = 0; i < level->count; i++) {
    const struct schema_name *name = &level->names[i];
    yaml_node_t *node = tree_get(&collect->file->tree, mapping, name->name, NULL);
    clxs_status status = CLXS_OK;

    if (!node) continue;
    if (name->key) {
      status = collect_value(collect, name, &slots[i], node);
    } else if (slots[i].at) {
      status = collect_level(collect, name->group, slots[i].at, node);
    }
    if (status != CLXS_OK) return status;
  }
  return CLXS_OK;
}

static clxs_status
collect_all(struct collect *collect, const struct schema *schema, const struct schema_slot *slots)
{
  struct tree *tree = &collect->file->tree;
  yaml_node_t *profiles = tree_get(tree, tree->root, "profiles", NULL);
  const struct schema_slot *below = slots[schema->top.count].at;
  clxs_status status = collect_level(collect, &schema->top, slots, tree->root);

  for (size_t i = 0; status == CLXS_OK && below && collect->file->profiles[i]; i++) {
    collect->profile = collect->file->profiles[i];
    if (below[i].at) {
      status =
          collect_level(collect, &schema->top, below[i].at, tree_get(tree, profiles, collect->profile, NULL));
    }
  }
  return status;
}

/* Have libcyaml load TEXT, and take over what it found. */
static clxs_status
load_values(struct arena *arena, const struct schema *schema, const char *text, size_t length,
            struct file *file, struct err *err)
{
  struct complaint complaint = {0};
  const cyaml_config_t config = {
      .log_fn = listen, .log_ctx = &complaint, .mem_fn = cyaml_mem, .log_level = CYAML_LOG_ERROR};
  const cyaml_schema_value_t *compiled = schema_compile(schema, file->profiles);
  struct collect collect = {.arena = arena, .file = file, .err = err};
  cyaml_data_t *data = NULL;
  clxs_status status;

  if (cyaml_load_data((const uint8_t *)text, length, &config, compiled, &data, NULL) != CYAML_OK)
    return report_shape(file->path, &complaint, err);
  status = collect_all(&collect, schema, data);
  cyaml_free(&config, compiled, data, 0);
  return status;
}

clxs_status
file_load(struct arena *arena, const char *path, const struct schema *schema, struct file *file,
          struct err *err)
{
  char *text;
  size_t length;
  clxs_status status;

  *file = (struct file){.path = arena_strdup(arena, path)};
  status = path_read(arena, path, FILE_MAXIMUM, &text, &length, err);
  if (status != CLXS_OK) return err_set(err, CLXS_E_CONFIG, "the configuration file %s cannot be read", path);
  status = tree_parse(arena, file->path, text, length, &file->tree, err);
  if (status != CLXS_OK) return status;
  file->profiles = profile_names(arena, &file->tree);
  if (!file->tree.root) return CLXS_OK;
  status = schema_check_names(schema, &file->tree, err);
  if (status == CLXS_OK) status = load_values(arena, schema, text, length, file, err);
  if (status != CLXS_OK) file_close(file);
  return status;
}

void
file_close(struct file *file)
{
  tree_free(&file->tree);
}

const struct file_value *
file_find(const struct file *file, const struct conf_key *key, const char *profile)
{
  for (size_t i = 0; i < file->count; i++)
    if (file->values[i].key == key && str_eq(file->values[i].profile, profile)) return &file->values[i];
  return NULL;
}
