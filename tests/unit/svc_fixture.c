/* SPDX-License-Identifier: Apache-2.0 */
/* See svc_fixture.h. */
#include "unit/svc_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/str.h"
#include "cache/cache.h"
#include "cli/args.h"
#include "conf/conf.h"
#include "out/out.h"
#include "plugin/registry.h"
#include "svc/services.h"

#include "base/banned.h"

struct svc_fixture svc;

static const char *const colours[] = {"red", "green", NULL};
static const struct grammar_flag flags[] = {
    {.name = "limit", .type = TYPE_INTEGER, .default_value = "7"},
    {.name = "wait", .type = TYPE_DURATION},
    {.name = "colour", .type = TYPE_CHOICE, .choices = colours, .env = "SVC_TEST_COLOUR"},
    {.name = "force", .type = TYPE_BOOLEAN},
    {.name = "name", .type = TYPE_STRING, .repeat = true, .config = "demo.name"},
    {.name = "event", .type = TYPE_STRING},
    {.name = "topic", .type = TYPE_STRING},
};
static const struct grammar_arg args[] = {{.name = "catalog", .type = TYPE_STRING, .repeat = true}};
static const struct grammar_command commands[] = {
    {.name = "do",
     .args = args,
     .arg_count = ARRAY_SIZE(args),
     .flags = flags,
     .flag_count = ARRAY_SIZE(flags)},
    {.name = "do more",
     .args = args,
     .arg_count = ARRAY_SIZE(args),
     .flags = flags,
     .flag_count = ARRAY_SIZE(flags)},
};

/* app/ */

clxs_status
app_conf(struct app *app, struct conf **conf, struct err *err)
{
  static const struct conf_key keys[] = {{.name = "demo.name", .list = true, .owner = "p"}};
  struct conf_source source = {.keys = keys, .key_count = 1};

  *conf = app->conf_;
  return app->conf_ ? CLXS_OK : conf_load(app->arena, &source, &app->conf_, err);
}

clxs_status
app_workspace(struct app *app, const char *name, struct workspace **workspace, struct err *err)
{
  if (name) return err_set(err, CLXS_E_CONFIG, "no destination workspace is configured");
  pthread_mutex_lock(&app->workspace_mutex);
  app->workspace_ = &svc.workspace;
  pthread_mutex_unlock(&app->workspace_mutex);
  *workspace = &svc.workspace;
  return CLXS_OK;
}

clxs_status
app_outside(struct app *app, const struct net_api **api, struct net **net, struct err *err)
{
  (void)app;
  if (!svc.workspace.net) return err_set(err, CLXS_E_CONFIG, "there is no network here");
  *api = svc.workspace.api;
  *net = svc.workspace.net;
  return CLXS_OK;
}

clxs_status
app_host(struct app *app, const char **host, struct err *err)
{
  (void)app;
  if (!svc.workspace.name) return err_set(err, CLXS_E_CONFIG, "no workspace is configured");
  *host = svc.workspace.name;
  return CLXS_OK;
}

clxs_status
app_destination(struct app *app, const char **host, struct err *err)
{
  (void)app, (void)err;
  *host = NULL;
  return CLXS_OK;
}

bool
app_wait(struct app *app, int64_t timeout_ms)
{
  (void)timeout_ms;
  return atomic_load(&app->cancelled) == 0;
}

/* plugin/ */

static clxs_status
run_named(struct clxs_call *call)
{
  return svc.run ? svc.run(call, call_of(call)->command->name) : CLXS_OK;
}

static clxs_status
run_command(void *state, struct clxs_call *call)
{
  (void)state;
  return run_named(call);
}

static const struct clxs_command plugin_commands[] = {
    {.size = sizeof(struct clxs_command), .name = "do", .run = run_command},
    {.size = sizeof(struct clxs_command), .name = "do more", .run = run_command}};
static const int capability_table = 42;
static const struct clxs_provider provider = {
    .size = sizeof provider, .id = "cap/1", .table = &capability_table};

clxs_status
registry_find(struct registry *registry, int argc, const char *const *argv,
              const struct grammar_command **command, const char **plugin_id, int *words, struct err *err)
{
  (void)registry;
  if (argc == 0 || !str_eq(argv[0], "do"))
    return err_set(err, CLXS_E_USAGE, "there is no command \"%s\"", argv[0]);
  *words = argc > 1 && str_eq(argv[1], "more") ? 2 : 1;
  *command = &commands[*words - 1];
  *plugin_id = "p";
  return CLXS_OK;
}

size_t
registry_providers(struct registry *registry, const char *capability, const char *const **ids)
{
  static const char *const providers[] = {"p"};

  (void)registry;
  *ids = providers;
  return svc.provides && str_eq(capability, "cap/1") ? 1 : 0;
}

size_t
registry_hooks(struct registry *registry, const char *topic, const struct registry_hook **hooks)
{
  static _Thread_local struct registry_hook hook;

  (void)registry;
  (void)topic;
  hook = (struct registry_hook){.plugin = "p", .command = svc.hook};
  *hooks = &hook;
  return svc.hook ? 1 : 0;
}

clxs_status
registry_load(struct registry *registry, const char *id, struct clxs_call *call, const struct loaded **loaded,
              struct err *err)
{
  static struct registry_plugin about;
  static struct loaded plugin;
  static bool begun;

  (void)registry;
  about = (struct registry_plugin){.id = "p", .uses = svc.uses};
  plugin.about = &about;
  if (!str_eq(id, "p")) return err_set(err, CLXS_E_ABI, "there is no plugin %s", id);
  *loaded = &plugin;
  if (begun || !svc.init) return CLXS_OK;
  begun = true;
  return svc.init(call, &plugin.state);
}

const struct clxs_command *
loaded_command(const struct loaded *loaded, const char *name)
{
  (void)loaded;
  for (size_t i = 0; i < ARRAY_SIZE(plugin_commands); i++)
    if (str_eq(plugin_commands[i].name, name)) return &plugin_commands[i];
  return NULL;
}

const struct clxs_provider *
loaded_provider(const struct loaded *loaded, const char *capability)
{
  (void)loaded;
  return str_eq(capability, "cap/1") ? &provider : NULL;
}

/* the fixture */

void
svc_arguments(const char *const *argv)
{
  struct args *parsed;
  int count = 0;

  while (argv[count])
    count++;
  if (args_parse(fixture.arena, &commands[0], NULL, count, argv, &parsed, &fixture.err) != CLXS_OK) {
    fprintf(stderr, "%s\n", fixture.err.message);
    abort();
  }
  call_free(svc.call);
  svc.call = call_new(&svc.app, "p", &commands[0], parsed);
  svc.pub = &svc.call->pub;
}

static char config_path[] = "/tmp/clxs-svc-XXXXXX";

static void
write_config(void)
{
  static const char text[] = "demo:\n  name: [one, two, three]\n";
  int fd = mkstemp(config_path);

  if (fd < 0 || write(fd, text, sizeof text - 1) != (ssize_t)(sizeof text - 1)) abort();
  close(fd);
  setenv("CLXS_CONFIG", config_path, 1);
}

void
svc_open(void)
{
  struct conf *conf;

  fixture_open_default();
  write_config();
  svc.result = tmpfile();
  svc.remarks = tmpfile();
  svc.workspace = (struct workspace){.api = fixture.api,
                                     .net = fixture.net,
                                     .host = fake_url(fixture.fake),
                                     .name = "sandbox:test",
                                     .warehouse = "w1",
                                     .cache_scope = "scope|"};
  pthread_mutex_init(&svc.app.workspace_mutex, NULL);
  svc.app.arena = fixture.arena;
  svc.app.cache = cache_new(300000, 1 << 20);
  svc.app.out = out_new(&(struct out_options){.result = svc.result, .remarks = svc.remarks, .colour = 0});
  if (app_conf(&svc.app, &conf, &fixture.err) != CLXS_OK) {
    fprintf(stderr, "%s\n", fixture.err.message);
    abort();
  }
  svc_arguments((const char *const[]){NULL});
}

void
svc_close(void)
{
  call_free(svc.call);
  services_close();
  out_free(svc.app.out);
  cache_free(svc.app.cache);
  fclose(svc.result);
  fclose(svc.remarks);
  unlink(config_path);
  fixture_close();
}

const char *
svc_written(FILE *file)
{
  char *text = arena_alloc(fixture.arena, 65536);

  fflush(file);
  rewind(file);
  text[fread(text, 1, 65535, file)] = '\0';
  return text;
}
