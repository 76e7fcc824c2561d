/* SPDX-License-Identifier: Apache-2.0 */
/* See nested.h. Arguments become words and go through the same parser as a person's, so that types, choices
 * and conflicts are checked by the one piece of code that knows them. */
#include "svc/nested.h"

#include <stdlib.h>

#include "app.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "base/threads.h"
#include "base/vec.h"
#include "cli/args.h"
#include "cli/builtin.h"
#include "conf/conf.h"
#include "out/out.h"
#include "plugin/registry.h"
#include "svc/services.h"

#include "base/banned.h"

struct words {
  struct arena *arena;
  VEC(const char *) at;
};

static void
add_word(struct words *words, const char *word)
{
  *VEC_ADD(&words->at) = word;
}

static void
split(struct words *words, const char *text)
{
  while (*text) {
    size_t length = strcspn(text, " ");

    if (length > 0) add_word(words, arena_strndup(words->arena, text, length));
    text += length;
    text += strspn(text, " ");
  }
}

static void
add_flag(struct words *words, const struct grammar_flag *flag, struct json_object *value)
{
  if (flag->type == TYPE_BOOLEAN) {
    bool on = json_object_get_boolean(value);

    if (json_object_is_type(value, json_type_string)) on = str_ieq(json_object_get_string(value), "true");
    add_word(words, arena_printf(words->arena, on ? "--%s" : "--no-%s", flag->name));
    return;
  }
  add_word(words, arena_printf(words->arena, "--%s=%s", flag->name, json_object_get_string(value)));
}

/* One value, or each of an array. Objects are handed on as their JSON text. */
static void
add_values(struct words *words, const struct grammar_flag *flag, struct json_object *value)
{
  bool many = json_object_is_type(value, json_type_array);
  size_t count = many ? json_length(value) : 1;

  for (size_t i = 0; i < count; i++) {
    struct json_object *one = many ? json_item(value, i) : value;

    if (!one) continue;
    if (flag)
      add_flag(words, flag, one);
    else
      add_word(words, arena_strdup(words->arena, json_object_get_string(one)));
  }
}

/* The workspaces of a run are decided once, for all commands that it runs. */
static clxs_status
check_workspace_flag(const struct app *app, const struct grammar_flag *flag, struct json_object *value,
                     struct err *err)
{
  struct json_object *one = json_object_is_type(value, json_type_array) ? json_item(value, 0) : value;
  const char *text = one ? json_object_get_string(one) : NULL;

  if (!text || !flag->config || !str_starts(flag->config, "dest_workspace.")) return CLXS_OK;
  if (app->conf_ && str_eq(conf_secret(app->conf_, flag->config), text)) return CLXS_OK;
  err_set(err, CLXS_E_USAGE, "--%s cannot be given to a command that another command runs", flag->name);
  err_hint(err, "give it to the whole run: write \"%s\" into the configuration", flag->config);
  return CLXS_E_USAGE;
}

static clxs_status
add_flags(const struct app *app, struct words *words, const struct grammar_command *command,
          struct json_object *arguments, bool ignore_unknown, struct err *err)
{
  struct json_object *value;
  const char *name;
  void *at = NULL;

  while (json_next(arguments, &at, &name, &value)) {
    const struct grammar_flag *flag = grammar_find_flag(command, name);

    if (!flag && !grammar_find_arg(command, name)) {
      if (ignore_unknown) continue;
      return err_set(err, CLXS_E_USAGE, "the command %s has no argument or flag \"%s\"", command->name, name);
    }
    if (flag && value) {
      clxs_status status = check_workspace_flag(app, flag, value, err);

      if (status != CLXS_OK) return status;
      add_values(words, flag, value);
    }
  }
  return CLXS_OK;
}

clxs_status
nested_find(struct call *call, const char *command, struct json_object *arguments, bool ignore_unknown,
            struct nested *nested, struct err *err)
{
  struct words name = {.arena = call->arena}, words = {.arena = call->arena};
  struct args *args = NULL;
  clxs_status status;
  int used = 0;

  *nested = (struct nested){0};
  split(&name, command);
  {
    LOCK_SCOPE(services_registry_lock());
    status = registry_find(call->app->registry, (int)name.at.count, name.at.at, &nested->command,
                           &nested->plugin_id, &used, err);
  }
  if (status == CLXS_OK && (size_t)used != name.at.count)
    status = err_set(err, CLXS_E_USAGE, "there is no command \"%s\"", command);
  if (status == CLXS_OK)
    status = add_flags(call->app, &words, nested->command, arguments, ignore_unknown, err);
  if (status == CLXS_OK) {
    add_word(&words, "--");
    for (size_t i = 0; i < nested->command->arg_count; i++)
      add_values(&words, NULL, json_get(arguments, nested->command->args[i].name));
    status = args_parse(call->arena, nested->command, &builtin_global, (int)words.at.count, words.at.at,
                        &args, err);
  }
  nested->args = args;
  VEC_FREE(&name.at);
  VEC_FREE(&words.at);
  return status;
}

clxs_status
nested_run(struct call *call, const struct nested *nested, unsigned depth, unsigned hooks, char **output,
           struct err *err)
{
  struct call *inner = call_new(call->app, nested->plugin_id, nested->command, nested->args);
  clxs_status status;

  inner->depth = depth;
  inner->hooks = hooks;
  inner->parent = NULL;
  out_capture_begin(call->app->out);
  status = call_run(inner);
  *output = out_capture_end(call->app->out);
  if (status < 0) err_copy(err, &inner->err);
  call_free(inner);
  return status;
}
