/* SPDX-License-Identifier: Apache-2.0 */
/* `clxs plugin list` and `clxs plugin info`: what is installed, from manifests alone. */
#include <clxs/output.h>

#include "app.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "cli/args.h"
#include "cli/suggest.h"
#include "cmd/cmd.h"
#include "out/out.h"
#include "plugin/registry.h"

#include "base/banned.h"

/* For people the first four; reasons are too long for a column, so they follow the table. */
static const struct clxs_table_column columns[] = {
    {.key = "id", .title = "Plugin"},     {.key = "version", .title = "Version"},
    {.key = "state", .title = "State"},   {.key = "summary", .title = "Summary"},
    {.key = "reason", .title = "Reason"}, {.key = "directory", .title = "Directory"},
};
#define COLUMNS_FOR_PEOPLE 4

static clxs_status
list_reasons(struct app *app, const struct registry_plugin *const *plugins, size_t count, struct err *err)
{
  clxs_status status = CLXS_OK;

  for (size_t i = 0; i < count && status == CLXS_OK; i++)
    if (plugins[i]->reason)
      status = out_text(
          app->out,
          arena_printf(app->arena, "\n%s is %s: %s", plugins[i]->id, plugins[i]->state, plugins[i]->reason),
          err);
  return status;
}

clxs_status
cmd_plugin_list(struct app *app, const struct args *args, struct err *err)
{
  bool text = out_format(app->out) == CLXS_FORMAT_TEXT;
  uint32_t shown = text ? COLUMNS_FOR_PEOPLE : ARRAY_SIZE(columns);
  const struct registry_plugin *const *plugins;
  size_t count;
  clxs_status status = registry_all(app->registry, &plugins, &count, err);

  (void)args;
  if (status != CLXS_OK) return status;
  if (count == 0 && text) return out_text(app->out, "No plugins are installed.", err);
  status = out_table_begin(app->out, columns, shown, err);
  for (size_t i = 0; i < count && status == CLXS_OK; i++) {
    const struct registry_plugin *plugin = plugins[i];
    const char *cells[] = {plugin->id,      plugin->version, plugin->state,
                           plugin->summary, plugin->reason,  plugin->directory};

    status = out_table_row(app->out, cells, shown, err);
  }
  if (status == CLXS_OK) status = out_table_end(app->out, err);
  return status == CLXS_OK ? list_reasons(app, plugins, count, err) : status;
}

static void
add_list(struct json_object *object, const char *key, const char *const *texts)
{
  struct json_object *array = json_object_new_array();

  for (; texts && *texts; texts++)
    json_object_array_add(array, json_object_new_string(*texts));
  json_object_object_add(object, key, array);
}

static clxs_status
show(struct app *app, const struct registry_plugin *plugin, struct err *err)
{
  CLEANUP_JSON struct json_object *object = json_object_new_object();
  const char *text;

  json_add_text(object, "id", plugin->id);
  json_add_text(object, "version", plugin->version);
  json_add_text(object, "summary", plugin->summary);
  json_add_text(object, "license", plugin->license);
  json_add_text(object, "state", plugin->state);
  if (plugin->reason) json_add_text(object, "reason", plugin->reason);
  json_add_text(object, "abi", plugin->abi);
  json_add_text(object, "directory", plugin->directory);
  json_add_text(object, "library", plugin->library);
  add_list(object, "commands", plugin->commands);
  add_list(object, "requires", plugin->requires_);
  add_list(object, "uses", plugin->uses);
  add_list(object, "provides", plugin->provides);
  add_list(object, "hooks", plugin->hooks);
  text = json_text(object);
  return out_document(app->out, text, strlen(text), err);
}

clxs_status
cmd_find_plugin(struct app *app, const char *id, const struct registry_plugin **plugin, struct err *err)
{
  const struct registry_plugin *const *plugins;
  struct suggest suggest = {.word = id};
  char words[256];
  const char *phrase;
  size_t count;
  clxs_status status = registry_all(app->registry, &plugins, &count, err);

  if (status != CLXS_OK) return status;
  for (size_t i = 0; i < count; i++) {
    *plugin = plugins[i];
    if (str_eq(plugins[i]->id, id)) return CLXS_OK;
    suggest_add(&suggest, plugins[i]->id);
  }
  phrase = suggest_phrase(&suggest, words, sizeof words);
  err_set(err, CLXS_E_USAGE, "no plugin \"%s\" is installed", id);
  err_hint(err, "%s", phrase ? phrase : "`clxs plugin list` shows those that are");
  return CLXS_E_USAGE;
}

clxs_status
cmd_plugin_info(struct app *app, const struct args *args, struct err *err)
{
  const struct registry_plugin *plugin;
  clxs_status status = cmd_find_plugin(app, args_text(args, "id", 0), &plugin, err);

  return status == CLXS_OK ? show(app, plugin, err) : status;
}
