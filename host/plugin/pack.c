/* SPDX-License-Identifier: Apache-2.0 */
/* Reading pack.json. What its keys mean is for conf/ to judge, which knows them all. */
#include "plugin/pack.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "plugin/manifest_rule.h"
#include "plugin/trust.h"

#include "base/banned.h"

#define PACK_MAX ((size_t)1 << 20)

/* One default: a text, number or boolean as it is, an array of texts as JSON. */
static clxs_status
read_default(struct shape *shape, const char *key, struct json_object *value, const char *pack,
             struct conf_default *made)
{
  *made = (struct conf_default){.key = arena_strdup(shape->arena, key), .pack = pack};
  if (!rule_key.ok(key)) return shape_fail(shape, "\"%s\" is not a config key", key);
  for (size_t i = 0; i < json_length(value); i++)
    if (!json_object_is_type(json_item(value, i), json_type_string))
      return shape_fail(shape, "%s[%zu] must be a text", key, i);
  if (!value || json_object_is_type(value, json_type_object))
    return shape_fail(shape, "%s must be a text, a number, true, false or an array of texts", key);
  made->value = arena_strdup(shape->arena, json_object_get_string(value));
  return CLXS_OK;
}

static clxs_status
read_config(struct shape *shape, struct json_object *document, struct pack *pack)
{
  struct json_object *config = json_get_object(document, "config"), *value;
  struct conf_default *made;
  const char *key;
  void *at = NULL;
  size_t mark;

  if (!config)
    return shape_has(document, "config") ? shape_fail(shape, "config: must be an object") : CLXS_OK;
  made = arena_array(shape->arena, (size_t)json_object_object_length(config) + 1, sizeof *made);
  mark = shape_enter(shape, "config");
  while (json_next(config, &at, &key, &value)) {
    if (read_default(shape, key, value, pack->id, &made[pack->default_count++]) != CLXS_OK)
      return CLXS_E_CONFIG;
  }
  shape_leave(shape, mark);
  pack->defaults = made;
  return CLXS_OK;
}

static clxs_status
read_aliases(struct shape *shape, struct json_object *document, struct pack *pack)
{
  struct json_object *aliases = json_get_object(document, "aliases"), *words;
  struct pack_alias *made;
  const char *name;
  void *at = NULL;
  size_t mark;

  if (!aliases)
    return shape_has(document, "aliases") ? shape_fail(shape, "aliases: must be an object") : CLXS_OK;
  made = arena_array(shape->arena, (size_t)json_object_object_length(aliases) + 1, sizeof *made);
  mark = shape_enter(shape, "aliases");
  while (json_next(aliases, &at, &name, &words)) {
    struct pack_alias *alias = &made[pack->alias_count++];

    if (!rule_command.ok(name) || strchr(name, ' '))
      return shape_fail(shape, "\"%s\" is not one lower-case word", name);
    if (json_length(words) == 0)
      return shape_fail(shape, "%s must be an array of words, the command first", name);
    alias->name = arena_strdup(shape->arena, name);
    if (shape_texts(shape, aliases, name, &rule_value, false, &alias->words) != CLXS_OK) return CLXS_E_CONFIG;
  }
  shape_leave(shape, mark);
  pack->aliases = made;
  return CLXS_OK;
}

static clxs_status
read_document(struct shape *shape, struct json_object *document, struct pack *pack)
{
  static const char *const known[] = {"schema",  "id",     "version", "summary", "config",
                                      "aliases", "prefer", "disable", NULL};
  static const char *const required[] = {"schema", "id", "version", NULL};
  bool has = false;
  double version = 0;
  clxs_status status = shape_object(shape, document, known, required);

  if (status == CLXS_OK) status = shape_number(shape, document, "schema", &has, &version);
  if (status == CLXS_OK && version != 1)
    return shape_fail(shape, "schema %.15g is not known; this clxs reads schema 1", version);
  if (status == CLXS_OK) status = shape_text(shape, document, "id", &rule_id, &pack->id);
  if (status == CLXS_OK) status = shape_text(shape, document, "version", &rule_version, &pack->version);
  if (status == CLXS_OK) status = shape_text(shape, document, "summary", &rule_summary, &pack->summary);
  if (status == CLXS_OK) status = shape_texts(shape, document, "prefer", &rule_id, true, &pack->prefer);
  if (status == CLXS_OK) status = shape_texts(shape, document, "disable", &rule_id, true, &pack->disable);
  if (status == CLXS_OK) status = read_config(shape, document, pack);
  if (status == CLXS_OK) status = read_aliases(shape, document, pack);
  return status;
}

clxs_status
pack_read(struct arena *arena, const char *directory, struct pack *pack, struct err *err)
{
  struct shape shape = {.arena = arena, .err = err};
  CLEANUP_JSON struct json_object *document = NULL;
  const char *real, *file;
  char *text;
  size_t length;
  clxs_status status = trust_path(arena, directory, &real, err);

  *pack = (struct pack){.directory = directory};
  if (status == CLXS_OK) status = trust_within(arena, real, "pack.json", true, &file, err);
  if (status == CLXS_OK) status = path_read(arena, file, PACK_MAX, &text, &length, err);
  if (status == CLXS_OK) {
    shape.file = file;
    status = shape_parse(&shape, text, length, &document);
  }
  if (status == CLXS_OK) status = read_document(&shape, document, pack);
  if (status == CLXS_OK) return CLXS_OK;
  err_set(err, CLXS_E_CONFIG, "the pack in %s cannot be used", directory);
  err_hint(err, "mend it, or take it out of plugins.packs in the configuration");
  return CLXS_E_CONFIG;
}
