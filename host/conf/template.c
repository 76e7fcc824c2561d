/* SPDX-License-Identifier: Apache-2.0 */
/* See template.h. A template's values are JSON: numbers, texts and lists as in a file, free-form ones as they
 * are, groups as objects. */
#include "conf/template.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "cli/suggest.h"
#include "conf/expand.h"
#include "conf/layer.h"
#include "conf/schema.h"

#include "base/banned.h"

/* One template while its values are walked. */
struct walk {
  struct conf *conf;
  const struct conf_template *template;
  const char *where; /* for messages */
  bool set;          /* otherwise names are checked only */
  struct err *err;
};

static clxs_status walk_values(struct walk *walk, struct json_object *values, const char *prefix);

/* What chooses the files and plugins that templates come from cannot come from one. */
static bool
is_forbidden(const char *key)
{
  return str_eq(key, "template") || str_eq(key, "templates") || str_eq(key, "profile") ||
         str_starts(key, "plugins.");
}

/* VALUE with the variables in its texts replaced. The caller's. */
static clxs_status
expand_value(const struct walk *walk, struct json_object *value, struct json_object **expanded)
{
  clxs_status status = CLXS_OK;
  const char *text, *key;
  struct json_object *inner, *made = NULL;
  void *at = NULL;

  if (json_object_is_type(value, json_type_string)) {
    status = expand_text(walk->conf->arena, json_object_get_string(value), walk->where, &text, walk->err);
    if (status == CLXS_OK) made = json_object_new_string(text);
  } else if (json_object_is_type(value, json_type_array)) {
    made = json_object_new_array();
    for (size_t i = 0; status == CLXS_OK && i < json_length(value); i++) {
      status = expand_value(walk, json_item(value, i), &inner);
      if (status == CLXS_OK) json_object_array_add(made, inner);
    }
  } else if (json_object_is_type(value, json_type_object)) {
    made = json_object_new_object();
    while (status == CLXS_OK && json_next(value, &at, &key, &inner)) {
      struct json_object *member = NULL;

      status = expand_value(walk, inner, &member);
      if (status == CLXS_OK) json_object_object_add(made, key, member);
    }
  } else {
    made = json_object_get(value);
  }
  *expanded = made;
  return status;
}

static clxs_status
set_value(struct walk *walk, struct conf_entry *entry, struct json_object *value)
{
  const char *chosen = layer_entry(walk->conf, "template")->origin, *origin, *where;
  CLEANUP_JSON struct json_object *expanded = NULL;
  bool plain = json_object_is_type(value, json_type_string) && !entry->key->free_form;
  clxs_status status;

  if (entry->level >= CONF_FILE || !value) return CLXS_OK;
  status = entry->key->verbatim ? CLXS_OK : expand_value(walk, value, &expanded);
  if (status != CLXS_OK) return status;
  if (expanded) value = expanded;
  origin = arena_printf(walk->conf->arena, "template %s (%s)", walk->template->name, chosen);
  where = arena_printf(walk->conf->arena, "%s: %s", walk->where, entry->key->name);
  return layer_set_text(walk->conf, entry, plain ? json_object_get_string(value) : json_text(value), where,
                        origin, CONF_TEMPLATE, walk->err);
}

static clxs_status
refuse_key(const struct walk *walk, const char *key)
{
  struct suggest suggest = {.word = key};
  const struct schema *schema = walk->conf->schema;
  char words[256];
  const char *phrase;

  if (is_forbidden(key))
    return err_set(walk->err, CLXS_E_CONFIG, "%s: \"%s\" cannot be set by a template", walk->where, key);
  for (size_t i = 0; i < schema->key_count; i++)
    suggest_add(&suggest, schema->keys[i]->name);
  phrase = suggest_phrase(&suggest, words, sizeof words);
  err_set(walk->err, CLXS_E_CONFIG, "%s: unknown key \"%s\"", walk->where, key);
  err_hint(walk->err, "%s", phrase ? phrase : "`clxs config show` lists every key there is");
  return CLXS_E_CONFIG;
}

static clxs_status
walk_value(struct walk *walk, const char *key, struct json_object *value)
{
  struct conf_entry *entry = layer_entry(walk->conf, key);

  if (entry && !is_forbidden(key)) return walk->set ? set_value(walk, entry, value) : CLXS_OK;
  if (!entry && json_object_is_type(value, json_type_object)) return walk_values(walk, value, key);
  return refuse_key(walk, key);
}

static clxs_status
walk_values(struct walk *walk, struct json_object *values, const char *prefix)
{
  const char *name;
  struct json_object *value;
  void *at = NULL;

  while (json_next(values, &at, &name, &value)) {
    const char *key = prefix ? arena_printf(walk->conf->arena, "%s.%s", prefix, name)
                             : arena_strdup(walk->conf->arena, name);
    clxs_status status = walk_value(walk, key, value);

    if (status != CLXS_OK) return status;
  }
  return CLXS_OK;
}

static clxs_status
walk_template(struct conf *conf, const struct conf_template *template, bool set, struct err *err)
{
  CLEANUP_JSON struct json_object *values =
      json_parse(template->values, strlen(template->values), NULL, NULL);
  struct walk walk = {.conf = conf, .template = template, .set = set, .err = err};

  walk.where = arena_printf(conf->arena, "%s: template %s", template->origin, template->name);
  return walk_values(&walk, values, NULL);
}

/* One member of "templates": {description, config}. */
static clxs_status
read_own(struct conf *conf, const char *name, struct json_object *value, struct conf_template *template,
         struct err *err)
{
  const char *origin = layer_entry(conf, "templates")->origin, *key;
  struct json_object *config = json_get_object(value, "config"), *member;
  bool good = config != NULL;
  void *at = NULL;

  while (json_next(value, &at, &key, &member))
    good = good && (str_eq(key, "config") || str_eq(key, "description"));
  if (!good) {
    err_set(err, CLXS_E_CONFIG,
            "%s: template %s must have \"config\", a group of settings, and may have "
            "\"description\"",
            origin, name);
    err_hint(err, "see one with: clxs templates export minimal");
    return CLXS_E_CONFIG;
  }
  *template = (struct conf_template){.name = arena_strdup(conf->arena, name),
                                     .help = arena_strdup(conf->arena, json_get_text(value, "description")),
                                     .values = arena_strdup(conf->arena, json_text(config)),
                                     .origin = origin};
  return CLXS_OK;
}

static bool
is_there(const struct conf *conf, const char *name)
{
  for (size_t i = 0; i < conf->template_count; i++)
    if (str_eq(conf->templates[i].name, name)) return true;
  return false;
}

/* The file's own first, then the manifests' that it does not replace. */
static clxs_status
collect(struct conf *conf, struct err *err)
{
  const char *text = layer_entry(conf, "templates")->text, *name;
  CLEANUP_JSON struct json_object *own = text ? json_parse(text, strlen(text), NULL, NULL) : NULL;
  size_t most = conf->source_template_count;
  struct json_object *value;
  void *at = NULL;

  if (text && !json_object_is_type(own, json_type_object))
    return err_set(err, CLXS_E_CONFIG, "%s: templates must be a group of templates by their names",
                   layer_entry(conf, "templates")->origin);
  for (; json_next(own, &at, &name, &value);)
    most++;
  conf->templates = arena_array(conf->arena, most + 1, sizeof *conf->templates);
  conf->template_count = 0;
  for (at = NULL; json_next(own, &at, &name, &value);) {
    clxs_status status = read_own(conf, name, value, &conf->templates[conf->template_count], err);

    if (status != CLXS_OK) return status;
    conf->template_count++;
  }
  for (size_t i = 0; i < conf->source_template_count; i++)
    if (!is_there(conf, conf->source_templates[i].name))
      conf->templates[conf->template_count++] = conf->source_templates[i];
  return CLXS_OK;
}

const struct conf_template *
conf_template(const struct conf *conf, const char *name, struct err *err)
{
  struct suggest suggest = {.word = name};
  char words[256];
  const char *phrase;

  for (size_t i = 0; i < conf->template_count; i++) {
    if (str_eq(conf->templates[i].name, name)) return &conf->templates[i];
    suggest_add(&suggest, conf->templates[i].name);
  }
  phrase = suggest_phrase(&suggest, words, sizeof words);
  err_set(err, CLXS_E_CONFIG, "there is no template \"%s\"", name);
  err_hint(err, "%s", phrase ? phrase : "`clxs templates list` shows them all");
  return NULL;
}

const struct conf_template *
conf_template_at(const struct conf *conf, size_t index)
{
  return index < conf->template_count ? &conf->templates[index] : NULL;
}

clxs_status
template_apply(struct conf *conf, struct err *err)
{
  const struct conf_entry *chosen = layer_entry(conf, "template");
  const struct conf_template *template;
  clxs_status status = collect(conf, err);

  for (size_t i = 0; status == CLXS_OK && i < conf->template_count; i++)
    if (str_eq(conf->templates[i].origin, layer_entry(conf, "templates")->origin))
      status = walk_template(conf, &conf->templates[i], false, err);
  if (status != CLXS_OK || !chosen->text) return status;
  template = conf_template(conf, chosen->text, err);
  if (template) return walk_template(conf, template, true, err);
  return err->status = chosen->level == CONF_FLAG ? CLXS_E_USAGE : CLXS_E_CONFIG;
}
