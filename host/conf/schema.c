/* SPDX-License-Identifier: Apache-2.0 */
/* See schema.h. */
#include "conf/schema.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/suggest.h"
#include "conf/host_keys.h"
#include "conf/tree.h"

#include "base/banned.h"

static struct schema_name *
find_name(const struct schema_level *level, const char *name)
{
  for (size_t i = 0; i < level->count; i++)
    if (str_eq(level->names[i].name, name)) return &level->names[i];
  return NULL;
}

static struct schema_name *
add_name(struct arena *arena, struct schema_level *level, const char *name, const char *path)
{
  struct schema_name *at;

  if (level->count == level->capacity) {
    size_t capacity = level->capacity ? level->capacity * 2 : 16;
    struct schema_name *names = arena_array(arena, capacity, sizeof *names);

    if (level->count) memcpy(names, level->names, level->count * sizeof *names);
    level->names = names;
    level->capacity = capacity;
  }
  at = &level->names[level->count++];
  at->name = name;
  at->path = path;
  return at;
}

static clxs_status
refuse_key(const struct conf_key *key, const char *path, struct err *err)
{
  err_set(err, CLXS_E_CONFIG, "the configuration key \"%s\" of %s cannot exist beside \"%s\"", key->name,
          key->owner ? key->owner : "clxs", path);
  err_hint(err, "remove or update the plugin that declares it: clxs plugin list");
  return CLXS_E_CONFIG;
}

/* Hang KEY into the tree as PATH, making the groups in front of its last part. *ADDED tells whether it was
 * new. */
static clxs_status
add_path(struct schema *schema, const char *path, const struct conf_key *key, bool *added, struct err *err)
{
  struct schema_level *level = &schema->top;
  struct schema_name *at;
  const char *part = path, *dot;

  *added = false;
  while ((dot = strchr(part, '.')) != NULL) {
    const char *name = arena_strndup(schema->arena, part, (size_t)(dot - part));

    at = find_name(level, name);
    if (!at) {
      at = add_name(schema->arena, level, name, arena_strndup(schema->arena, path, (size_t)(dot - path)));
      at->group = arena_alloc(schema->arena, sizeof *at->group);
    }
    if (at->key) return refuse_key(key, at->path, err);
    level = at->group;
    part = dot + 1;
  }
  at = find_name(level, part);
  if (at && at->group) return refuse_key(key, at->path, err);
  if (at) return CLXS_OK;
  add_name(schema->arena, level, part, path)->key = key;
  *added = true;
  return CLXS_OK;
}

static clxs_status
add_key(struct schema *schema, const struct conf_key *key, struct err *err)
{
  bool added;
  clxs_status status = add_path(schema, key->name, key, &added, err);

  if (added) schema->keys[schema->key_count++] = key;
  return status;
}

static int
by_name(const void *a, const void *b)
{
  const struct conf_key *const *left = a, *const *right = b;

  return strcmp((*left)->name, (*right)->name);
}

size_t
schema_index(const struct schema *schema, const char *name)
{
  const struct conf_key wanted = {.name = name}, *pointer = &wanted, **found;

  found = bsearch(&pointer, schema->keys, schema->key_count, sizeof schema->keys[0], by_name);
  return found ? (size_t)(found - schema->keys) : schema->key_count;
}

const struct conf_key *
schema_find(const struct schema *schema, const char *name)
{
  size_t index = schema_index(schema, name);

  return index < schema->key_count ? schema->keys[index] : NULL;
}

/* Other words for keys; they are names in files, but no keys of their own. */
static clxs_status
add_aliases(struct schema *schema, struct err *err)
{
  clxs_status status = CLXS_OK;
  bool added;

  for (size_t i = 0; i < host_key_alias_count && status == CLXS_OK; i++) {
    const struct host_key_alias *alias = &host_key_aliases[i];

    status = add_path(schema, alias->name, schema_find(schema, alias->key), &added, err);
  }
  return status;
}

clxs_status
schema_new(struct arena *arena, const struct conf_key *keys, size_t count, struct schema **schema,
           struct err *err)
{
  struct schema *made = arena_alloc(arena, sizeof *made);
  clxs_status status = CLXS_OK;

  made->arena = arena;
  made->keys = arena_array(arena, host_key_count + count, sizeof(struct conf_key *));
  for (size_t i = 0; i < host_key_count && status == CLXS_OK; i++)
    status = add_key(made, &host_keys[i], err);
  for (size_t i = 0; i < count && status == CLXS_OK; i++) {
    if (str_eq(keys[i].name, "profiles") || str_starts(keys[i].name, "profiles."))
      return refuse_key(&keys[i], "profiles", err);
    status = add_key(made, &keys[i], err);
  }
  if (status != CLXS_OK) return status;
  qsort(made->keys, made->key_count, sizeof made->keys[0], by_name);
  status = add_aliases(made, err);
  if (status != CLXS_OK) return status;
  *schema = made;
  return CLXS_OK;
}

static clxs_status
report_unknown(const struct schema *schema, struct tree *tree, const yaml_node_t *key_node, const char *path,
               struct err *err)
{
  struct suggest suggest = {.word = path};
  char words[256];
  const char *phrase;

  for (size_t i = 0; i < schema->key_count; i++)
    suggest_add(&suggest, schema->keys[i]->name);
  phrase = suggest_phrase(&suggest, words, sizeof words);
  err_set(err, CLXS_E_CONFIG, "%s: unknown key \"%s\"", tree_where(tree, key_node), path);
  err_hint(err, "%s", phrase ? phrase : "`clxs config show` lists every key there is");
  return CLXS_E_CONFIG;
}

static clxs_status
check_level(const struct schema *schema, struct tree *tree, const struct schema_level *level,
            const yaml_node_t *mapping, const char *prefix, struct err *err)
{
  size_t position = 0;
  const char *name;
  yaml_node_t *name_node, *value;

  while (tree_next(tree, mapping, &position, &name, &name_node, &value)) {
    const struct schema_name *at = find_name(level, name);
    const char *path = *prefix ? arena_printf(tree->arena, "%s.%s", prefix, name) : name;
    clxs_status status;

    if (!at) return report_unknown(schema, tree, name_node, path, err);
    if (!at->group) continue;
    status = check_level(schema, tree, at->group, value, path, err);
    if (status != CLXS_OK) return status;
  }
  return CLXS_OK;
}

/* "profiles" holds a mapping of names to what may stand at the top. */
static clxs_status
check_profiles(const struct schema *schema, struct tree *tree, const yaml_node_t *profiles, struct err *err)
{
  size_t position = 0;
  const char *name;
  yaml_node_t *name_node, *value;

  while (tree_next(tree, profiles, &position, &name, &name_node, &value)) {
    clxs_status status = check_level(schema, tree, &schema->top, value, "", err);

    if (status != CLXS_OK) return status;
  }
  return CLXS_OK;
}

clxs_status
schema_check_names(const struct schema *schema, struct tree *tree, struct err *err)
{
  size_t position = 0;
  const char *name;
  yaml_node_t *name_node, *value;

  while (tree_next(tree, tree->root, &position, &name, &name_node, &value)) {
    const struct schema_name *at = find_name(&schema->top, name);
    clxs_status status = CLXS_OK;

    if (str_eq(name, "profiles")) {
      status = check_profiles(schema, tree, value, err);
    } else if (!at) {
      return report_unknown(schema, tree, name_node, name, err);
    } else if (at->group) {
      status = check_level(schema, tree, at->group, value, name, err);
    }
    if (status != CLXS_OK) return status;
  }
  return CLXS_OK;
}

static const cyaml_schema_value_t text_entry = {.type = CYAML_STRING,
                                                .flags = CYAML_FLAG_POINTER_NULL,
                                                .data_size = 1,
                                                .string = {.min = 0, .max = CYAML_UNLIMITED}};

static cyaml_schema_value_t compile_level(const struct schema *schema, const struct schema_level *level,
                                          const cyaml_schema_field_t *last);

static cyaml_schema_value_t
compile_name(const struct schema *schema, const struct schema_name *at)
{
  cyaml_schema_value_t value = text_entry;

  if (at->group) return compile_level(schema, at->group, NULL);
  value.flags |= CYAML_FLAG_OPTIONAL;
  if (at->key->free_form) {
    value = (cyaml_schema_value_t){.type = CYAML_IGNORE, .flags = CYAML_FLAG_OPTIONAL};
  } else if (at->key->list) {
    value.type = CYAML_SEQUENCE;
    value.data_size = sizeof(char *);
    value.sequence.entry = &text_entry;
    value.sequence.min = 0;
    value.sequence.max = CYAML_UNLIMITED;
  }
  return value;
}

static void
place_field(cyaml_schema_field_t *field, size_t slot)
{
  field->data_offset = (uint32_t)(slot * sizeof(struct schema_slot) + offsetof(struct schema_slot, at));
  field->count_offset = (uint32_t)(slot * sizeof(struct schema_slot) + offsetof(struct schema_slot, count));
  field->count_size = sizeof(uint64_t);
}

/* A mapping of LEVEL's names, and one more field if LAST is given. */
static cyaml_schema_value_t
compile_level(const struct schema *schema, const struct schema_level *level, const cyaml_schema_field_t *last)
{
  size_t count = level->count, used = 0;
  cyaml_schema_field_t *fields = arena_array(schema->arena, count + 2, sizeof *fields);

  for (size_t i = 0; i < count; i++) {
    fields[used].key = level->names[i].name;
    fields[used].value = compile_name(schema, &level->names[i]);
    place_field(&fields[used], used);
    used++;
  }
  if (last) {
    fields[used] = *last;
    place_field(&fields[used], used);
    used++;
  }
  return (cyaml_schema_value_t){.type = CYAML_MAPPING,
                                .flags = CYAML_FLAG_POINTER_NULL | CYAML_FLAG_OPTIONAL,
                                .data_size = (uint32_t)(used * sizeof(struct schema_slot)),
                                .mapping = {.fields = fields}};
}

const cyaml_schema_value_t *
schema_compile(const struct schema *schema, const char *const *profiles)
{
  cyaml_schema_value_t *top = arena_alloc(schema->arena, sizeof *top);
  const cyaml_schema_value_t profile = compile_level(schema, &schema->top, NULL);
  struct schema_level names = {0};
  cyaml_schema_field_t *fields, last = {.key = "profiles"};
  size_t count = 0;

  for (; profiles[count]; count++)
    add_name(schema->arena, &names, profiles[count], profiles[count]);
  fields = arena_array(schema->arena, count + 1, sizeof *fields);
  for (size_t i = 0; i < count; i++) {
    fields[i].key = profiles[i];
    fields[i].value = profile;
    place_field(&fields[i], i);
  }
  last.value = (cyaml_schema_value_t){.type = CYAML_MAPPING,
                                      .flags = CYAML_FLAG_POINTER_NULL | CYAML_FLAG_OPTIONAL,
                                      .data_size = (uint32_t)((count + 1) * sizeof(struct schema_slot)),
                                      .mapping = {.fields = fields}};
  *top = compile_level(schema, &schema->top, &last);
  return top;
}
