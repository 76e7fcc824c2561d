/* SPDX-License-Identifier: Apache-2.0 */
/* Calls: making, ending, running, and the error that each carries. */
#include "svc/call.h"

#include <stdlib.h>

#include "app.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "cli/args.h"
#include "cli/grammar.h"
#include "conf/conf.h"
#include "plugin/registry.h"
#include "svc/rest_content.h"
#include "svc/rows.h"
#include "svc/services.h"

#include "base/banned.h"

static clxs_status (*run_builtin)(struct call *call);

void
call_set_builtin(clxs_status (*run)(struct call *call))
{
  run_builtin = run;
}

struct call *
call_new(struct app *app, const char *plugin_id, const struct grammar_command *command,
         const struct args *args)
{
  struct call *call = xcalloc(1, sizeof *call);

  call->pub.size = sizeof call->pub;
  call->pub.core = services_find("clxs.core/1");
  call->app = app;
  call->plugin_id = plugin_id;
  call->command = command;
  call->args = args;
  call->arena = arena_new();
  call->err = ERR_INIT(arena_new());
  call->thread = pthread_self();
  return call;
}

struct call *
call_child(struct call *parent)
{
  struct call *child = call_new(parent->app, parent->plugin_id, parent->command, parent->args);

  child->parent = parent;
  child->depth = parent->depth;
  child->hooks = parent->hooks;
  child->adopted = parent->adopted;
  return child;
}

void
call_free(struct call *call)
{
  if (!call) return;
  call_close_handles(call, 0);
  if (!call->parent) json_object_put(call->adopted);
  arena_free(call->err.arena);
  arena_free(call->arena);
  free(call);
}

struct call *
call_of(struct clxs_call *pub)
{
  return (struct call *)pub;
}

void
call_close_handles(struct call *call, uint64_t mark)
{
  while (call->rows && call->rows->mark >= mark)
    rows_close(call, call->rows);
  while (call->downloads && call->downloads->mark >= mark)
    rest_content_close(&call->pub, call->downloads);
}

bool
call_is_cancelled(const struct call *call)
{
  return atomic_load(&call->app->cancelled) != 0;
}

clxs_status
call_take_error(struct call *call, clxs_status status, const struct err *from)
{
  struct arena *before = call->err.arena;

  call->err = ERR_INIT(arena_new());
  err_copy(&call->err, from);
  call->err.status = status;
  /* FROM may have been made of what was recorded before. */
  arena_free(before);
  if (!call->err.message) err_set(&call->err, status, "failed without saying why");
  return status;
}

clxs_status
call_fail_cancelled(struct call *call)
{
  err_clear(&call->err);
  return err_set(&call->err, CLXS_E_CANCELLED, "cancelled");
}

/* Values from the environment are checked where the command line's were checked: before the command begins.
 */
static clxs_status
check_environment(struct call *call)
{
  const struct grammar_command *command = call->command;

  for (size_t i = 0; command && i < command->flag_count; i++) {
    const struct grammar_flag *flag = &command->flags[i];
    const char *value = flag->env ? getenv(flag->env) : NULL;
    clxs_status status;

    if (!value || !*value || (call->args && args_count(call->args, flag->name) > 0)) continue;
    status = args_check(flag, value, flag->env, &call->err);
    if (status != CLXS_OK) return status;
  }
  return CLXS_OK;
}

/* What the grammar requires has come from somewhere: the command line was parsed before the configuration was
 * read, so only now can it be known. */
static clxs_status
check_required(struct call *call)
{
  const struct grammar_command *command = call->command;

  for (size_t i = 0; command && i < command->flag_count; i++) {
    const struct grammar_flag *flag = &command->flags[i];

    if (!flag->required || call->pub.core->arg_count(&call->pub, flag->name) > 0) continue;
    err_set(&call->err, CLXS_E_USAGE, "--%s is missing", flag->name);
    if (flag->config)
      err_hint(&call->err, "give --%s, set %s, or write \"%s:\" into clxs.yaml", flag->name,
               flag->env ? flag->env : conf_variable(call->err.arena, flag->config), flag->config);
    else
      err_hint(&call->err, flag->env ? "give --%s or set %s" : "give --%s", flag->name, flag->env);
    return CLXS_E_USAGE;
  }
  return CLXS_OK;
}

/* A command that changes things is not begun under --read-only, unless it only shows what it would do. What
 * it would send all the same is refused by clxs.sql/1 and clxs.rest/1. */
static clxs_status
check_mutates(struct call *call)
{
  const struct clxs_core *core = call->pub.core;

  if (!call->command || !call->command->mutates || core->arg_int(&call->pub, "dry-run") != 0) return CLXS_OK;
  for (size_t i = 0; i < call->command->flag_count; i++)
    if (call->command->flags[i].harmless && core->arg_int(&call->pub, call->command->flags[i].name) != 0)
      return CLXS_OK;
  return call_check_writable(call, call->command->name);
}

/* Everything that can be refused before any code of a plugin runs. */
static clxs_status
check_call(struct call *call)
{
  struct conf *conf;
  /* Workers read the configuration without a lock, so it has to be there before there are any. */
  clxs_status status = app_conf(call->app, &conf, &call->err);

  if (status == CLXS_OK) status = check_environment(call);
  if (status == CLXS_OK) status = check_required(call);
  return status == CLXS_OK ? check_mutates(call) : status;
}

clxs_status
call_check_writable(struct call *call, const char *what)
{
  const struct conf *conf = call->app->conf_;

  if (!conf || !conf_int(conf, "read_only", 0)) return CLXS_OK;
  err_clear(&call->err);
  err_set(&call->err, CLXS_E_DENIED, "%s changes something, and this run is read-only (%s)", what,
          conf_origin(conf, "read_only"));
  err_hint(&call->err, "to allow changes, give --no-read-only");
  return CLXS_E_DENIED;
}

clxs_status
call_run(struct call *call)
{
  const struct clxs_command *command;
  const struct loaded *loaded;
  clxs_status status;

  if (!call->plugin_id) {
    if (run_builtin) return run_builtin(call);
    return err_set(&call->err, CLXS_E_INTERNAL, "nobody runs the command %s", call->command->name);
  }
  status = check_call(call);
  if (status == CLXS_OK) status = services_load(call, call->plugin_id, &loaded);
  if (status != CLXS_OK) return status;
  command = loaded_command(loaded, call->command->name);
  if (!command || !command->run)
    return err_set(&call->err, CLXS_E_ABI, "plugin %s has no code for its command %s", call->plugin_id,
                   call->command->name);
  status = command->run(loaded->state, &call->pub);
  if (status < 0 && !call->err.message)
    err_set(&call->err, status, "%s failed without saying why (plugin %s)", call->command->name,
            call->plugin_id);
  return status;
}
