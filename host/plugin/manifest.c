/* SPDX-License-Identifier: Apache-2.0 */
/* The top of a manifest, and its files. Commands and keys are read by manifest_typed.c, the texts' rules
 * stand in manifest_rule.c. */
#include "plugin/manifest.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "plugin/manifest_rule.h"
#include "plugin/manifest_typed.h"

#include "base/banned.h"

static clxs_status
read_hook(struct shape *shape, struct json_object *value, void *element)
{
  static const char *const known[] = {"topic", "command", NULL};
  struct manifest_hook *hook = element;
  clxs_status status = shape_object(shape, value, known, known);

  if (status == CLXS_OK) status = shape_text(shape, value, "topic", &rule_topic, &hook->topic);
  if (status == CLXS_OK) status = shape_text(shape, value, "command", &rule_command, &hook->command);
  return status;
}

static clxs_status
read_command(struct shape *shape, struct json_object *value, void *element)
{
  return manifest_read_command(shape, value, element);
}

static clxs_status
read_key(struct shape *shape, struct json_object *value, void *element)
{
  return manifest_read_key(shape, value, element);
}

static clxs_status
check_schema_version(struct shape *shape, struct json_object *document)
{
  bool has = false;
  double version = 0;
  clxs_status status = shape_number(shape, document, "schema", &has, &version);

  if (status != CLXS_OK) return status;
  if (version != 1) return shape_fail(shape, "schema %.15g is not known; this clxs reads schema 1", version);
  return CLXS_OK;
}

static clxs_status
read_contracts(struct shape *shape, struct json_object *document, struct manifest *manifest)
{
  static const char *const none[] = {NULL};
  clxs_status status;

  manifest->requires_ = manifest->wants = manifest->uses = manifest->provides = none;
  status = shape_texts(shape, document, "requires", &rule_contract, true, &manifest->requires_);
  if (status == CLXS_OK)
    status = shape_texts(shape, document, "wants", &rule_contract, true, &manifest->wants);
  if (status == CLXS_OK) status = shape_texts(shape, document, "uses", &rule_contract, true, &manifest->uses);
  if (status == CLXS_OK)
    status = shape_texts(shape, document, "provides", &rule_contract, true, &manifest->provides);
  return status;
}

static clxs_status
read_lists(struct shape *shape, struct json_object *document, struct manifest *manifest)
{
  void *hooks = NULL, *keys = NULL, *commands = NULL;
  clxs_status status = read_contracts(shape, document, manifest);

  if (status == CLXS_OK)
    status = manifest_read_items(shape, document, "hooks", sizeof *manifest->hooks, read_hook, &hooks,
                                 &manifest->hook_count);
  if (status == CLXS_OK)
    status = manifest_read_items(shape, document, "config", sizeof *manifest->keys, read_key, &keys,
                                 &manifest->key_count);
  if (status == CLXS_OK)
    status = manifest_read_items(shape, document, "commands", sizeof *manifest->commands, read_command,
                                 &commands, &manifest->command_count);
  for (size_t i = 0; status == CLXS_OK && i < manifest->key_count; i++)
    ((struct conf_key *)keys)[i].owner = manifest->id;
  if (status == CLXS_OK) manifest_inherit_flags(shape->arena, commands, manifest->command_count);
  manifest->hooks = hooks;
  manifest->keys = keys;
  manifest->commands = commands;
  return status;
}

static clxs_status
read_document(struct shape *shape, struct json_object *document, struct manifest *manifest)
{
  static const char *const known[] = {"$schema",  "schema",  "id",       "version",  "library", "abi",
                                      "license",  "summary", "homepage", "requires", "wants",   "uses",
                                      "provides", "hooks",   "config",   "commands", NULL};
  static const char *const required[] = {"schema", "id", "version", "library", "abi", NULL};
  const char *ignored;
  clxs_status status = shape_object(shape, document, known, required);

  if (status == CLXS_OK) status = shape_text(shape, document, "$schema", &rule_any, &ignored);
  if (status == CLXS_OK) status = check_schema_version(shape, document);
  if (status == CLXS_OK) status = shape_text(shape, document, "id", &rule_id, &manifest->id);
  if (status == CLXS_OK) status = shape_text(shape, document, "version", &rule_version, &manifest->version);
  if (status == CLXS_OK) status = shape_text(shape, document, "library", &rule_library, &manifest->library);
  if (status == CLXS_OK) status = shape_text(shape, document, "abi", &rule_abi, &manifest->abi);
  if (status == CLXS_OK) status = shape_text(shape, document, "license", &rule_line, &manifest->license);
  if (status == CLXS_OK) status = shape_text(shape, document, "summary", &rule_summary, &manifest->summary);
  if (status == CLXS_OK) status = shape_text(shape, document, "homepage", &rule_line, &manifest->homepage);
  if (status == CLXS_OK) status = read_lists(shape, document, manifest);
  return status;
}

clxs_status
manifest_parse(struct arena *arena, const char *file, const char *text, size_t length,
               const struct manifest **manifest, struct err *err)
{
  struct shape shape = {.arena = arena, .err = err, .file = file};
  struct manifest *made = arena_alloc(arena, sizeof *made);
  CLEANUP_JSON struct json_object *document = NULL;
  clxs_status status = shape_parse(&shape, text, length, &document);

  made->file = arena_strdup(arena, file);
  if (status == CLXS_OK) status = read_document(&shape, document, made);
  if (status == CLXS_OK) *manifest = made;
  return status;
}

clxs_status
manifest_read(struct arena *arena, const char *file, const struct manifest **manifest, struct err *err)
{
  char *text;
  size_t length;
  clxs_status status = path_read(arena, file, MANIFEST_MAX, &text, &length, err);

  if (status != CLXS_OK) return status;
  return manifest_parse(arena, file, text, length, manifest, err);
}

clxs_status
manifest_help(struct arena *arena, const struct manifest *manifest, const struct grammar_command *command,
              const char **text, struct err *err)
{
  char *found = NULL;
  clxs_status status;

  *text = NULL;
  if (!command->help) return CLXS_OK;
  status = path_read(arena, path_join(arena, path_dirname(arena, manifest->file), command->help),
                     MANIFEST_MAX, &found, NULL, err);
  *text = found;
  return status;
}

const struct grammar_command *
manifest_command(const struct manifest *manifest, const char *name)
{
  for (size_t i = 0; i < manifest->command_count; i++)
    if (str_eq(manifest->commands[i].name, name)) return &manifest->commands[i];
  return NULL;
}
