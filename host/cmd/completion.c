/* SPDX-License-Identifier: Apache-2.0 */
/* `clxs completion`, and the hidden `clxs __complete` that its scripts ask. What the grammar does not know
 * (plugin ids, catalogs, what a plugin offers) is found here; it may fail, and then there is nothing to
 * offer. */
#include <stdio.h>
#include <stdlib.h>

#include "app.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "cli/args.h"
#include "cli/builtin.h"
#include "cli/complete.h"
#include "cmd/cmd.h"
#include "line.h"
#include "meta/meta.h"
#include "out/out.h"
#include "plugin/registry.h"
#include "signals.h"
#include "svc/call.h"
#include "svc/services.h"

#include "base/banned.h"

#define ANSWER_WITHIN_MS 3000 /* nobody waits longer for a TAB */

clxs_status
cmd_completion(struct app *app, const struct args *args, struct err *err)
{
  const char *script = complete_script(args_text(args, "shell", 0));

  return out_raw(app->out, script, strlen(script), err);
}

static void
offer_plugins(struct app *app, const char *prefix, struct buf *out)
{
  struct err ignored = ERR_INIT(app->arena);
  const struct registry_plugin *const *plugins;
  size_t count;

  if (registry_all(app->registry, &plugins, &count, &ignored) != CLXS_OK) return;
  for (size_t i = 0; i < count; i++)
    complete_offer(out, prefix, plugins[i]->id, plugins[i]->summary);
}

static void
offer_catalogs(struct app *app, const char *prefix, struct buf *out)
{
  CLEANUP_JSON struct json_object *array = NULL;
  struct err ignored = ERR_INIT(app->arena);
  struct workspace *workspace;
  struct meta meta = {.arena = app->arena};
  const char *json;

  if (app_workspace(app, NULL, &workspace, &ignored) != CLXS_OK) return;
  meta.workspace = workspace;
  meta.cache = app->cache;
  if (meta_list(&meta, "catalogs", NULL, NULL, &json, &ignored) != CLXS_OK) return;
  array = json_parse(json, strlen(json), NULL, NULL);
  for (size_t i = 0; i < json_length(array); i++) {
    const char *name = json_get_text(json_item(array, i), "name");

    if (name) complete_offer(out, prefix, name, json_get_text(json_item(array, i), "comment"));
  }
}

/* Let the plugin's own function speak into MEMORY: one candidate a line. */
static void
ask_plugin(struct app *app, const char *plugin_id, const struct grammar_command *command, const char *name,
           const char *prefix, FILE *memory)
{
  const struct out_options options = {.result = memory, .remarks = memory, .quiet = true};
  struct out *before = app->out;
  struct call *call = call_new(app, plugin_id, command, app->args);
  const struct loaded *loaded;
  const struct clxs_command *code;
  struct conf *conf;

  app->out = out_new(&options);
  if (app_conf(app, &conf, &call->err) == CLXS_OK && services_load(call, plugin_id, &loaded) == CLXS_OK) {
    code = loaded_command(loaded, command->name);
    if (code && code->complete) (void)code->complete(loaded->state, &call->pub, name, prefix);
  }
  call_free(call);
  out_free(app->out);
  app->out = before;
}

static void
offer_from_plugin(struct app *app, const char *plugin_id, const struct grammar_command *command,
                  const char *name, const char *prefix, struct buf *out)
{
  char *text = NULL, *rest, *line;
  size_t length = 0;
  FILE *memory = open_memstream(&text, &length);

  if (!memory) return;
  ask_plugin(app, plugin_id, command, name, prefix, memory);
  fclose(memory);
  for (rest = text; (line = strsep(&rest, "\n")) != NULL;)
    if (*line) complete_offer(out, prefix, line, NULL);
  free(text);
}

static void
offer_values(void *data, const char *plugin_id, const struct grammar_command *command, const char *name,
             const char *complete, const char *prefix, struct buf *out)
{
  struct app *app = data;

  if (str_eq(complete, "catalog")) {
    offer_catalogs(app, prefix, out);
  } else if (!plugin_id) {
    offer_plugins(app, prefix, out);
  } else {
    offer_from_plugin(app, plugin_id, command, name, prefix, out);
  }
}

static bool
parse_words(struct app *app, const struct grammar_command *command, int count, const char *const *words)
{
  struct err ignored = ERR_INIT(app->arena);
  struct args *args;

  if (args_parse(app->arena, command, &builtin_global, count, words, &args, &ignored) != CLXS_OK)
    return false;
  app->command = command;
  app->args = args;
  return true;
}

/* What has been typed so far decides which workspace to ask: all of it, or without the flag that still waits
 * for its value, or only the flags in front of the command. */
static void
understand(struct app *app, int count, const char *const *words)
{
  static const struct grammar_command none = {.name = "clxs"};
  struct err ignored = ERR_INIT(app->arena);
  struct line *line = arena_alloc(app->arena, sizeof *line);
  const char **typed = arena_array(app->arena, (size_t)count + 1, sizeof *typed), *plugin;
  const char *const *rest;
  const struct grammar_command *command;
  int used, rest_count;

  for (int i = 0; i + 1 < count; i++)
    typed[i] = words[i];
  line_read(app->arena, count > 0 ? count - 1 : 0, typed, line);
  app->line = line;
  if (registry_find(app->registry, line->count, line->words, &command, &plugin, &used, &ignored) != CLXS_OK)
    return;
  rest = line_rest(app->arena, line, used, &rest_count);
  if (parse_words(app, command, rest_count, rest)) return;
  if (rest_count > 0 && parse_words(app, command, rest_count - 1, rest)) return;
  rest = line_rest(app->arena, line, line->count, &rest_count);
  (void)parse_words(app, &none, rest_count, rest);
}

clxs_status
cmd_complete_words(struct app *app, int count, const char *const *words, struct err *err)
{
  CLEANUP_BUF struct buf answer = BUF_INIT(BUF_LARGE);
  const struct complete_source source = {.values = offer_values, .data = app};
  clxs_status status = signals_start(app, ANSWER_WITHIN_MS, err);

  if (status != CLXS_OK) return status;
  understand(app, count, words);
  complete_words(app->arena, app->registry, &builtin_global, count, words, &source, &answer);
  return out_raw(app->out, answer.data, answer.len, err);
}
