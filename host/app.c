/* SPDX-License-Identifier: Apache-2.0 */
/* One run, from the command line to the exit code. What it looks like: see docs/ARCHITECTURE.md, "A run, step
 * by step". */
#include "app.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "base/threads.h"
#include "cache/cache.h"
#include "cli/args.h"
#include "cli/builtin.h"
#include "cmd/cmd.h"
#include "conf/conf.h"
#include "line.h"
#include "out/out.h"
#include "plugin/crash.h"
#include "plugin/registry.h"
#include "signals.h"
#include "svc/call.h"
#include "svc/services.h"

#include "base/banned.h"

static bool
is_on(const struct app *app, const char *flag)
{
  return app->args && args_number(TYPE_BOOLEAN, args_text(app->args, flag, 0)) != 0;
}

static bool
is_off(const struct app *app, const char *flag)
{
  return app->args && args_count(app->args, flag) > 0 && !is_on(app, flag);
}

static int
colour_of(const struct app *app)
{
  const char *color = app->conf_ ? conf_text(app->conf_, "color") : NULL;

  if (app->line->no_color || is_off(app, "color")) return 0;
  if (is_on(app, "color") || str_eq(color, "always")) return 1;
  return str_eq(color, "never") ? 0 : -1;
}

static int32_t
format_of(const struct app *app)
{
  const char *output = app->conf_ ? conf_text(app->conf_, "output") : NULL;

  return output ? line_format(output, app->line->format) : app->line->format;
}

/* Set up output by what is known so far; once more when more is known. */
static void
open_output(struct app *app)
{
  const struct out_options options = {.result = stdout,
                                      .remarks = stderr,
                                      .format = format_of(app),
                                      .colour = colour_of(app),
                                      .quiet = is_on(app, "quiet"),
                                      .verbose = is_on(app, "verbose"),
                                      .debug = is_on(app, "debug"),
                                      .yes = is_on(app, "yes"),
                                      .progress = !is_off(app, "progress"),
                                      .cancelled = &app->cancelled};

  out_free(app->out);
  app->out = out_new(&options);
}

/* Run a command of the host's own; also from clxs.invoke/1. */
static clxs_status
run_builtin(struct call *call)
{
  return cmd_run(call->app, call->command->name, call->args, &call->err);
}

/* What is needed around a command that does something: configuration, output by it, interruption. */
static clxs_status
prepare(struct app *app, const char *plugin, struct err *err)
{
  bool needs_conf = plugin || cmd_needs_conf(app->command->name);
  struct conf *conf;
  clxs_status status = needs_conf ? app_conf(app, &conf, err) : CLXS_OK;

  open_output(app);
  /* A command's own --token is for something else. */
  if (args_count(app->args, "token") > 0 && !grammar_find_flag(app->command, "token")) {
    out_log(app->out, CLXS_LOG_WARN,
            "a token on the command line can be seen by others on this machine; DATABRICKS_TOKEN cannot");
  }
  if (status != CLXS_OK || !needs_conf) return status;
  return signals_start(app, conf_int(conf, "timeout", 0), err);
}

/* From here on a crash is said to be the plugin's. */
static clxs_status
enter_plugin(struct call *call)
{
  const struct loaded *loaded;
  clxs_status status;

  crash_install();
  crash_running(call->plugin_id, NULL, call->command->name);
  status = services_load(call, call->plugin_id, &loaded);
  if (status == CLXS_OK) crash_running(call->plugin_id, loaded->about->version, call->command->name);
  return status;
}

static clxs_status
run_command(struct app *app, const char *plugin, struct err *err)
{
  struct call *call;
  clxs_status status = prepare(app, plugin, err);

  if (status != CLXS_OK) return status;
  call_set_builtin(run_builtin);
  call = call_new(app, plugin, app->command, app->args);
  if (plugin) status = enter_plugin(call);
  if (status == CLXS_OK) status = call_run(call);
  if (status < 0) {
    err_copy(err, &call->err);
    err->status = status;
  }
  call_free(call);
  return status;
}

/* The flags in front of the command, by themselves. */
static clxs_status
check_leading(struct app *app, struct err *err)
{
  static const struct grammar_command none = {.name = "clxs"};
  const struct line *line = app->line;
  struct args *args;
  int count;
  const char *const *leading = line_rest(app->arena, line, line->count, &count);

  return args_parse(app->arena, &none, &builtin_global, count, leading, &args, err);
}

/* Which command it is. A mistyped flag in front of it makes its value look like the command: then the flag is
 * named. */
static clxs_status
find_command(struct app *app, const char **plugin, int *words, struct err *err)
{
  const struct line *line = app->line;
  struct err flags = ERR_INIT(app->arena);
  clxs_status status =
      registry_find(app->registry, line->count, line->words, &app->command, plugin, words, err);

  if (status == CLXS_OK || check_leading(app, &flags) == CLXS_OK) return status;
  err_copy(err, &flags);
  return err->status;
}

/* No command, or a group by itself (`clxs plugin`): what there is to choose from. */
static bool
asks_what_there_is(const struct app *app)
{
  const struct line *line = app->line;

  return line->count == 0 || (line->count == 1 && registry_is_group(app->registry, line->words[0]));
}

static clxs_status
run_line(struct app *app, struct err *err)
{
  struct line *line = app->line;
  struct registry_options options = {.no_plugins = line->no_plugins, .exe = app->exe};
  struct conf_plugins plugins;
  const char *plugin, *const *rest;
  struct args *args;
  int words, count;
  clxs_status status;

  conf_read_plugins(app->arena, line->config, &plugins);
  options.packs = plugins.packs;
  options.prefer = plugins.prefer;
  options.disabled = plugins.disabled;
  status = registry_open(app->arena, &options, &app->registry, err);
  if (status != CLXS_OK) return status;
  (void)registry_expand_alias(app->registry, &line->count, &line->words);
  if (asks_what_there_is(app)) {
    status = check_leading(app, err);
    return status == CLXS_OK ? cmd_show_help(app, line->count, line->words, false, err) : status;
  }
  if (str_eq(line->words[0], "__complete"))
    return cmd_complete_words(app, line->count - 1, line->words + 1, err);
  if (line->help) return cmd_show_help(app, line_plain(line), line->words, false, err);
  status = find_command(app, &plugin, &words, err);
  if (status != CLXS_OK) return status;
  rest = line_rest(app->arena, line, words, &count);
  status = args_parse(app->arena, app->command, &builtin_global, count, rest, &args, err);
  if (status != CLXS_OK) return status;
  app->args = args;
  return run_command(app, plugin, err);
}

/* What to say about a run that was ended from outside. */
static clxs_status
explain_end(struct app *app, clxs_status status, struct err *err)
{
  if (status != CLXS_E_CANCELLED || !atomic_load(&app->cancelled)) return status;
  if (!atomic_load(&app->timed_out)) {
    if (!err->message) err_set(err, status, "interrupted");
    return status;
  }
  err_set(err, CLXS_E_TIMEOUT, "the run took longer than %s (%s)", conf_text(app->conf_, "timeout"),
          conf_origin(app->conf_, "timeout"));
  err_hint(err, "give it more time with --timeout; what is recorded in the journal can be resumed");
  return CLXS_E_TIMEOUT;
}

static void
say(struct app *app, const struct err *err)
{
  if (err->status != CLXS_E_IO || !out_reader_gone(app->out)) out_error(app->out, err);
}

/* Say how it ended, and make sure that all of the result has arrived. */
static clxs_status
finish(struct app *app, clxs_status status, struct err *err)
{
  struct err late = ERR_INIT(app->arena);

  status = explain_end(app, status, err);
  out_progress_end(app->out);
  if (status < 0) say(app, err);
  if (out_finish(app->out, &late) == CLXS_OK || status < 0) return status;
  say(app, &late);
  return late.status;
}

static void
close_all(struct app *app)
{
  signals_stop();
  app_close_workspaces(app);
  registry_close(app->registry);
  services_close();
  cache_free(app->cache);
  out_free(app->out);
  pthread_cond_destroy(&app->wait_cond);
  pthread_mutex_destroy(&app->wait_mutex);
  pthread_mutex_destroy(&app->workspace_mutex);
  arena_free(app->workspace_arena);
  arena_free(app->arena);
}

bool
app_wait(struct app *app, int64_t timeout_ms)
{
  int64_t end = timeout_ms < 0 ? 0 : clock_mono_ms() + timeout_ms;

  LOCK_SCOPE(&app->wait_mutex);
  while (!atomic_load(&app->cancelled)) {
    int64_t left = timeout_ms < 0 ? -1 : end - clock_mono_ms();

    if (timeout_ms >= 0 && left <= 0) return true;
    (void)cond_wait_ms(&app->wait_cond, &app->wait_mutex, left);
  }
  return false;
}

/* The words of the command line as copies of our own, and the value of --token overwritten where others can
 * see it. */
static const char *const *
take_words(struct arena *arena, int argc, char **argv)
{
  const char **words = arena_array(arena, (size_t)argc + 1, sizeof *words);

  for (int i = 0; i < argc; i++) {
    const char *before = i > 0 ? words[i - 1] : "";
    char *secret = str_starts(argv[i], "--token=") ? argv[i] + strlen("--token=") : NULL;

    words[i] = arena_strdup(arena, argv[i]);
    if (str_eq(before, "--token")) secret = argv[i];
    if (secret) memset(secret, '*', strlen(secret));
  }
  return words;
}

int
app_run(int argc, char **argv)
{
  struct app app = {.arena = arena_new(), .workspace_arena = arena_new()};
  struct err err = ERR_INIT(app.arena);
  struct line line;
  clxs_status status;

  signal(SIGPIPE, SIG_IGN); /* a closed pipe fails a write, as a full disk does */
  signal(SIGXFSZ, SIG_IGN); /* and so does a file that may not grow */
  pthread_mutex_init(&app.workspace_mutex, NULL);
  pthread_mutex_init(&app.wait_mutex, NULL);
  cond_init(&app.wait_cond);
  line_read(app.arena, argc - 1, take_words(app.arena, argc - 1, argv + 1), &line);
  app.line = &line;
  app.exe = path_executable(app.arena);
  open_output(&app);
  if (line.version) {
    status = cmd_show_version(&app, &err);
  } else {
    status = run_line(&app, &err);
  }
  status = finish(&app, status, &err);
  close_all(&app);
  return clxs_exit_code(status);
}
