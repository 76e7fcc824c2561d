/* SPDX-License-Identifier: Apache-2.0 */
/* The door of the room: finding the file, laying the layers over each other, answering questions. */
#include "conf/conf.h"

#include <clxs/config.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "cli/args.h"
#include "conf/file.h"
#include "conf/layer.h"
#include "conf/schema.h"
#include "conf/throttle.h"

#include "base/banned.h"

clxs_status
conf_find_file(struct arena *arena, const char *asked, const char **path, struct err *err)
{
  const char *variable = secure_getenv("CLXS_CONFIG"), *directory;
  struct err ignored = ERR_INIT(arena);

  *path = NULL;
  if (!asked && variable && *variable) asked = variable;
  if (asked) {
    *path = path_expand(arena, asked);
    if (path_exists(*path)) return CLXS_OK;
    err_set(err, CLXS_E_CONFIG, "there is no configuration file %s", *path);
    err_hint(err, "check the path given with --config or CLXS_CONFIG");
    return CLXS_E_CONFIG;
  }
  if (path_exists("clxs.yaml")) {
    *path = "clxs.yaml";
    return CLXS_OK;
  }
  directory = path_user(arena, CLXS_DIR_CONFIG, &ignored);
  if (!directory) return CLXS_OK;
  directory = path_join(arena, directory, "config.yaml");
  if (path_exists(directory)) *path = directory;
  return CLXS_OK;
}

static bool
has_profile(const struct file *file, const char *name)
{
  for (size_t i = 0; file->profiles && file->profiles[i]; i++)
    if (str_eq(file->profiles[i], name)) return true;
  return false;
}

static clxs_status
report_profile(struct arena *arena, const struct file *file, const char *name, struct err *err)
{
  const char *list = "";

  err_set(err, CLXS_E_CONFIG, "there is no profile \"%s\" in %s", name,
          file ? file->path : "any configuration file");
  for (size_t i = 0; file && file->profiles && file->profiles[i]; i++)
    list = arena_printf(arena, "%s%s%s", list, i ? ", " : "", file->profiles[i]);
  if (*list) {
    err_hint(err, "the file has: %s", list);
  } else {
    err_hint(
        err,
        "add it below \"profiles:\", or leave --profile away; profiles of .databrickscfg are chosen with "
        "--auth-profile");
  }
  return CLXS_E_CONFIG;
}

/* Which profile is in force: --profile, $CLXS_PROFILE, or the file's own choice. */
static clxs_status
choose_profile(struct conf *conf, const struct conf_source *source, const struct file *file, struct err *err)
{
  const char *variable = secure_getenv("CLXS_PROFILE");
  const struct file_value *own;

  conf->profile = source->profile;
  if (!conf->profile && variable && *variable) conf->profile = variable;
  if (!conf->profile && file) {
    own = file_find(file, schema_find(conf->schema, "profile"), NULL);
    if (own) conf->profile = own->text;
  }
  if (!conf->profile || (file && has_profile(file, conf->profile))) return CLXS_OK;
  return report_profile(conf->arena, file, conf->profile, err);
}

/* The layers above the packs, with FILE (NULL: none) still open. */
static clxs_status
apply_upper(struct conf *conf, const struct conf_source *source, struct file *file, struct err *err)
{
  clxs_status status = choose_profile(conf, source, file, err);

  if (status == CLXS_OK && file) status = layer_check_file(conf->arena, file, err);
  if (status == CLXS_OK && file) status = layer_apply_file(conf, file, conf->profile, err);
  if (status == CLXS_OK) status = layer_apply_environment(conf, err);
  return status;
}

static clxs_status
apply_all(struct conf *conf, const struct conf_source *source, struct err *err)
{
  struct file file;
  clxs_status status = layer_apply_defaults(conf, err);

  if (status == CLXS_OK) status = layer_apply_packs(conf, source, err);
  if (status == CLXS_OK) status = conf_find_file(conf->arena, source->file, &conf->file, err);
  if (status != CLXS_OK) return status;
  if (!conf->file) return apply_upper(conf, source, NULL, err);
  status = file_load(conf->arena, conf->file, conf->schema, &file, err);
  if (status != CLXS_OK) return status;
  status = apply_upper(conf, source, &file, err);
  file_close(&file);
  return status;
}

clxs_status
conf_load(struct arena *arena, const struct conf_source *source, struct conf **conf, struct err *err)
{
  struct conf *made = arena_alloc(arena, sizeof *made);
  struct schema *schema;
  clxs_status status = schema_new(arena, source->keys, source->key_count, &schema, err);

  if (status != CLXS_OK) return status;
  made->arena = arena;
  made->schema = schema;
  made->entries = arena_array(arena, schema->key_count, sizeof *made->entries);
  for (size_t i = 0; i < schema->key_count; i++)
    made->entries[i].key = schema->keys[i];
  status = apply_all(made, source, err);
  if (status == CLXS_OK) *conf = made;
  return status;
}

void
conf_set_flag(struct conf *conf, const char *key, const char *flag, const char *value)
{
  struct conf_entry *entry = layer_entry(conf, key);

  if (entry) layer_add_flag(conf, entry, arena_printf(conf->arena, "flag --%s", flag), value);
}

clxs_status
conf_settle(struct conf *conf, struct err *err)
{
  return throttle_apply(conf, err);
}

/* The entry for KEY, unless it is a credential. */
static const struct conf_entry *
open_entry(const struct conf *conf, const char *key)
{
  const struct conf_entry *entry = layer_entry(conf, key);

  return entry && entry->text && (!entry->key->secret || entry->key->owner) ? entry : NULL;
}

const char *
conf_text(const struct conf *conf, const char *key)
{
  const struct conf_entry *entry = open_entry(conf, key);

  return entry ? entry->text : NULL;
}

const char *
conf_secret(const struct conf *conf, const char *key)
{
  const struct conf_entry *entry = layer_entry(conf, key);

  return entry ? entry->text : NULL;
}

int64_t
conf_int(const struct conf *conf, const char *key, int64_t absent)
{
  const struct conf_entry *entry = open_entry(conf, key);

  return entry ? args_number(entry->key->type, entry->items[0]) : absent;
}

const char *
conf_variable(struct arena *arena, const char *key)
{
  char *name = arena_printf(arena, "CLXS_%s", key);

  for (char *at = name; *at; at++) {
    if (*at == '.' || *at == '-') *at = '_';
    if (*at >= 'a' && *at <= 'z') *at = (char)(*at - 'a' + 'A');
  }
  return name;
}

const char *
conf_origin(const struct conf *conf, const char *key)
{
  const struct conf_entry *entry = layer_entry(conf, key);

  return entry ? entry->origin : NULL;
}

uint32_t
conf_count(const struct conf *conf, const char *key)
{
  const struct conf_entry *entry = open_entry(conf, key);

  return entry ? entry->count : 0;
}

const char *
conf_item(const struct conf *conf, const char *key, uint32_t index)
{
  const struct conf_entry *entry = open_entry(conf, key);

  return entry && index < entry->count ? entry->items[index] : NULL;
}

const struct conf_key *
conf_key_at(const struct conf *conf, size_t index)
{
  return index < conf->schema->key_count ? conf->schema->keys[index] : NULL;
}

const char *
conf_file(const struct conf *conf)
{
  return conf->file;
}

const char *
conf_profile(const struct conf *conf)
{
  return conf->profile;
}
