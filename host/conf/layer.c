/* SPDX-License-Identifier: Apache-2.0 */
/* See layer.h. */
#include "conf/layer.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/path.h"
#include "base/str.h"
#include "cli/args.h"
#include "conf/expand.h"
#include "conf/file.h"
#include "conf/schema.h"

#include "base/banned.h"

/* One list value cannot have more than this; a sane one has dozens. */
#define ITEMS_MAXIMUM 65536

static clxs_status
check_value(const struct conf_key *key, const char *value, const char *where, struct err *err)
{
  const struct grammar_flag flag = {.name = key->name,
                                    .type = key->type,
                                    .choices = key->choices,
                                    .has_min = key->has_min,
                                    .has_max = key->has_max,
                                    .min = key->min,
                                    .max = key->max};
  clxs_status status = args_check(&flag, value, where, err);

  return status == CLXS_OK ? CLXS_OK : (err->status = CLXS_E_CONFIG);
}

struct conf_entry *
layer_entry(const struct conf *conf, const char *name)
{
  size_t index = schema_index(conf->schema, name);

  return index < conf->schema->key_count ? &conf->entries[index] : NULL;
}

static void
set_single(struct conf_entry *entry, struct arena *arena, const char *text, const char *origin)
{
  const char **items = arena_array(arena, 1, sizeof *items);

  items[0] = text;
  entry->text = text;
  entry->items = items;
  entry->count = 1;
  entry->origin = origin;
}

static void
set_items(struct conf_entry *entry, struct arena *arena, const char *const *items, uint32_t count,
          const char *origin)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_SQL);

  buf_add_char(&json, '[');
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) buf_add_char(&json, ',');
    buf_add_json(&json, items[i]);
  }
  buf_add_char(&json, ']');
  entry->text = arena_strdup(arena, json.data);
  entry->items = items;
  entry->count = count;
  entry->origin = origin;
}

clxs_status
layer_split_list(struct arena *arena, const char *text, const char *where, const char *const **items,
                 uint32_t *count, struct err *err)
{
  CLEANUP_JSON struct json_object *array = NULL;
  const char **found, *why = NULL;
  size_t used = 0, most = 1;

  if (text[0] == '[') {
    array = json_parse(text, strlen(text), NULL, &why);
    if (!json_object_is_type(array, json_type_array))
      return err_set(err, CLXS_E_CONFIG, "%s is neither a JSON array nor words with commas between them",
                     where);
    most = json_length(array);
  } else {
    for (const char *at = text; *at; at++)
      most += *at == ',';
  }
  if (most > ITEMS_MAXIMUM) return err_set(err, CLXS_E_CONFIG, "%s has too many items", where);
  found = arena_array(arena, most + 1, sizeof *found);
  for (size_t i = 0; array && i < most; i++) {
    const char *item = json_object_get_string(json_item(array, i));

    found[used++] = arena_strdup(arena, item ? item : "");
  }
  for (const char *at = text; !array && at;) {
    const char *comma = strchr(at, ',');
    size_t length = comma ? (size_t)(comma - at) : strlen(at);

    for (; length > 0 && *at == ' '; length--)
      at++;
    while (length > 0 && at[length - 1] == ' ')
      length--;
    if (length > 0) found[used++] = arena_strndup(arena, at, length);
    at = comma ? comma + 1 : NULL;
  }
  *items = found;
  *count = (uint32_t)used;
  return CLXS_OK;
}

static clxs_status
check_json(const char *text, const char *where, struct err *err)
{
  CLEANUP_JSON struct json_object *value = NULL;
  const char *why = NULL;

  value = json_parse(text, strlen(text), NULL, &why);
  if (value || !why) return CLXS_OK;
  return err_set(err, CLXS_E_CONFIG, "%s must be JSON: %s", where, why);
}

clxs_status
layer_set_text(struct conf *conf, struct conf_entry *entry, const char *text, const char *where,
               const char *origin, enum conf_level level, struct err *err)
{
  const char *const *items = NULL;
  uint32_t count = 0;
  clxs_status status;

  if (entry->key->list) {
    status = layer_split_list(conf->arena, text, where, &items, &count, err);
    for (uint32_t i = 0; status == CLXS_OK && i < count; i++)
      status = check_value(entry->key, items[i], where, err);
    if (status != CLXS_OK) return status;
    set_items(entry, conf->arena, items, count, origin);
  } else {
    status = entry->key->free_form ? check_json(text, where, err) : check_value(entry->key, text, where, err);
    if (status != CLXS_OK) return status;
    set_single(entry, conf->arena, arena_strdup(conf->arena, text), origin);
  }
  entry->level = level;
  return CLXS_OK;
}

clxs_status
layer_apply_defaults(struct conf *conf, struct err *err)
{
  for (size_t i = 0; i < conf->schema->key_count; i++) {
    struct conf_entry *entry = &conf->entries[i];
    const char *where;
    clxs_status status;

    if (!entry->key->default_value) continue;
    where = arena_printf(conf->arena, "the default of %s", entry->key->name);
    status = layer_set_text(conf, entry, entry->key->default_value, where, "default", CONF_DEFAULT, err);
    if (status != CLXS_OK) return status;
  }
  return CLXS_OK;
}

clxs_status
layer_apply_packs(struct conf *conf, const struct conf_source *source, struct err *err)
{
  for (size_t i = source->default_count; i > 0; i--) {
    const struct conf_default *value = &source->defaults[i - 1];
    struct conf_entry *entry = layer_entry(conf, value->key);
    const char *where = arena_printf(conf->arena, "%s in pack %s", value->key, value->pack);
    clxs_status status;

    if (!entry)
      return err_set(err, CLXS_E_CONFIG, "pack %s sets the unknown key \"%s\"", value->pack, value->key);
    status = layer_set_text(conf, entry, value->value, where,
                            arena_printf(conf->arena, "pack %s", value->pack), CONF_PACK, err);
    if (status != CLXS_OK) return status;
  }
  return CLXS_OK;
}

struct expand_here {
  struct arena *arena;
  const struct tree *tree;
  struct err *err;
};

static clxs_status
expand_node(void *data, const yaml_node_t *node, const char **text)
{
  const struct expand_here *here = data;

  return expand_text(here->arena, *text, tree_where(here->tree, node), text, here->err);
}

/* VALUE of a file in force: variables replaced, checked, put in place. */
static clxs_status
set_from_file(struct conf *conf, struct conf_entry *entry, struct file *file, const struct file_value *value,
              struct err *err)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_SQL);
  struct expand_here here = {.arena = conf->arena, .tree = &file->tree, .err = err};
  const char *place = tree_where(&file->tree, value->node), *text = value->text;
  const char *where = arena_printf(conf->arena, "%s: %s", place, value->key->name);
  const char *origin = value->profile
                           ? arena_printf(conf->arena, "%s:%zu (profile %s)", file->path,
                                          tree_line(value->node), value->profile)
                           : arena_printf(conf->arena, "%s:%zu", file->path, tree_line(value->node));
  const char **items;
  clxs_status status = CLXS_OK;

  if (value->key->free_form) {
    status = tree_add_json(&file->tree, value->node, &json, expand_node, &here);
    if (status == CLXS_OK) set_single(entry, conf->arena, arena_strdup(conf->arena, json.data), origin);
    return status;
  }
  if (!value->key->list) {
    status = expand_text(conf->arena, text, place, &text, err);
    if (status == CLXS_OK) status = check_value(value->key, text, where, err);
    if (status == CLXS_OK) set_single(entry, conf->arena, text, origin);
    return status;
  }
  items = arena_array(conf->arena, value->count + 1, sizeof *items);
  for (uint32_t i = 0; status == CLXS_OK && i < value->count; i++) {
    status = expand_text(conf->arena, value->items[i], place, &items[i], err);
    if (status == CLXS_OK) status = check_value(value->key, items[i], where, err);
  }
  if (status == CLXS_OK) set_items(entry, conf->arena, items, value->count, origin);
  return status;
}

clxs_status
layer_apply_file(struct conf *conf, struct file *file, const char *profile, struct err *err)
{
  for (size_t i = 0; i < conf->schema->key_count; i++) {
    struct conf_entry *entry = &conf->entries[i];
    const struct file_value *value = profile ? file_find(file, entry->key, profile) : NULL;
    clxs_status status;

    if (!value) value = file_find(file, entry->key, NULL);
    if (!value) continue;
    status = set_from_file(conf, entry, file, value, err);
    if (status != CLXS_OK) return status;
    entry->level = value->profile ? CONF_PROFILE : CONF_FILE;
  }
  return CLXS_OK;
}

clxs_status
layer_check_file(struct arena *arena, const struct file *file, struct err *err)
{
  for (size_t i = 0; i < file->count; i++) {
    const struct file_value *value = &file->values[i];
    const char *where = arena_printf(arena, "%s: %s", tree_where(&file->tree, value->node), value->key->name);
    clxs_status status = CLXS_OK;

    if (value->text && !strchr(value->text, '$')) status = check_value(value->key, value->text, where, err);
    for (uint32_t k = 0; status == CLXS_OK && k < value->count; k++)
      if (!strchr(value->items[k], '$')) status = check_value(value->key, value->items[k], where, err);
    if (status != CLXS_OK) return status;
  }
  return CLXS_OK;
}

clxs_status
layer_apply_environment(struct conf *conf, struct err *err)
{
  for (size_t i = 0; i < conf->schema->key_count; i++) {
    struct conf_entry *entry = &conf->entries[i];
    const char *names[] = {conf_variable(conf->arena, entry->key->name), entry->key->env};

    for (size_t k = 0; k < ARRAY_SIZE(names); k++) {
      const char *value = names[k] ? secure_getenv(names[k]) : NULL, *origin;
      clxs_status status;

      if (!value || !*value) continue;
      origin = arena_printf(conf->arena, "environment %s", names[k]);
      status = layer_set_text(conf, entry, value, origin, origin, CONF_ENVIRONMENT, err);
      if (status != CLXS_OK) return status;
      break;
    }
  }
  return CLXS_OK;
}

void
layer_add_flag(struct conf *conf, struct conf_entry *entry, const char *origin, const char *value)
{
  uint32_t before = entry->level == CONF_FLAG ? entry->count : 0;
  const char **items;

  if (!entry->key->list) {
    set_single(entry, conf->arena, arena_strdup(conf->arena, value), origin);
  } else {
    items = arena_array(conf->arena, before + 1, sizeof *items);
    for (uint32_t i = 0; i < before; i++)
      items[i] = entry->items[i];
    items[before] = arena_strdup(conf->arena, value);
    set_items(entry, conf->arena, items, before + 1, origin);
  }
  entry->level = CONF_FLAG;
}
