/* SPDX-License-Identifier: Apache-2.0 */
/* The plugin: commands that serve and seed a workspace, and workspaces inside the process for --host
 * sandbox:NAME. It must not know HTTP or SQL; http/ and seed/ do. */
#include <clxs/cap/workspace.h>
#include <clxs/clxs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "base/vec.h"
#include "http/faults.h"
#include "http/sandbox.h"
#include "http/warehouse.h"
#include "sandbox_gen.h"
#include "seed/seed.h"
#include "store/store.h"

#include "base/banned.h"

#define USERS_MAX 64
#define NAME_MAX_LENGTH 64

/* A workspace that runs inside the process. METASTORE is what its name begins with: NAME of "NAME/OTHER". */
struct inside {
  char *name, *metastore, *token;
  struct sandbox *sandbox;
};

struct plugin {
  VEC(struct inside) open;
};

static bool
is_name(const char *name)
{
  return *name && strlen(name) <= NAME_MAX_LENGTH && *name != '.' &&
         strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == strlen(name);
}

static clxs_status
refuse_name(struct clxs_call *call, const char *name)
{
  return clxs_failf(call, CLXS_E_USAGE,
                    "use letters, digits, '.', '_' and '-', at most 64, as in sandbox:play; "
                    "sandbox:play/other is a second workspace of the same metastore",
                    "\"%s\" is no name for a sandbox", name);
}

/* The state file of workspace NAME; NULL with the error set. */
static const char *
state_of(struct clxs_call *call, const char *name)
{
  const char *data, *directory;

  if (!is_name(name)) {
    refuse_name(call, name);
    return NULL;
  }
  data = clxs_config(call)->directory(call, CLXS_DIR_DATA);
  if (!data) return NULL;
  directory = clxs_textf(call, "%s/sandbox", data);
  mkdir(directory, 0700); /* that it is missing shows when the file is opened */
  return clxs_textf(call, "%s/%s.db", directory, name);
}

static clxs_status
fail_open(struct clxs_call *call, char *why)
{
  CLEANUP_FREE char *reason = why;

  return clxs_failf(call, CLXS_E_IO,
                    "end the process that uses the same state or port, or choose another one", "%s",
                    reason ? reason : "the sandbox cannot start");
}

/* Fill a state; the caller is outside the store. */
static clxs_status
load_seed(struct clxs_call *call, struct store *store, const char *admin, const char *what)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct session session = {.arena = arena, .store = store, .user = admin, .admin = true};

  if (!seed_known(what))
    return clxs_failf(call, CLXS_E_USAGE, "use demo, synth:N with the number of tables, or synth:N:full",
                      "unknown seed \"%s\"", what);
  if (seed_load(&session, what)) return CLXS_OK;
  return clxs_failf(call, CLXS_E_INTERNAL, NULL, "the seed %s failed: [%s] %s", what,
                    session.fault.error_class ? session.fault.error_class : "INTERNAL_ERROR",
                    session.fault.message ? session.fault.message : "no reason given");
}

/* Administering a metastore gives no right to its data: what a seed made belongs to the administrator, so a
 * service principal that is to work with it is granted all privileges on it. */
static clxs_status
share_seed(struct clxs_call *call, struct store *store, const char *admin, const char *principal)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  struct session session = {.arena = arena, .store = store, .user = admin, .admin = true};
  struct page page = {0};
  struct catalog *catalogs = NULL;
  size_t count = 0;
  bool ok;

  store_enter(&session);
  ok = catalog_list(&session, &page, &catalogs, &count);
  for (size_t i = 0; ok && i < count; i++)
    if (str_eq(catalogs[i].object.owner, admin))
      ok = grant_change(&session, &catalogs[i].object, principal, PRIV_BIT(PRIV_ALL_PRIVILEGES), 0);
  if (store_leave(&session, ok) && ok) return CLXS_OK;
  return clxs_failf(call, CLXS_E_INTERNAL, NULL, "%s cannot be granted the seeded catalogs: %s", principal,
                    session.fault.message ? session.fault.message : "no reason given");
}

/* -- sandbox serve */

/* NAME:TOKEN of FLAG cut in two. */
static clxs_status
parse_user(struct clxs_call *call, const char *flag, const char *text, struct sandbox_user *user)
{
  const char *colon = strchr(text, ':');
  char *name;

  if (!colon || colon == text || !colon[1])
    return clxs_failf(call, CLXS_E_USAGE,
                      str_eq(flag, FLAG_USER) ? "as in --user bob@example.com:dapi-bob"
                                              : "as in --workspace eu:dapi-eu",
                      "--%s needs NAME:TOKEN", flag);
  name = call->core->alloc(call, (size_t)(colon - text) + 1);
  memcpy(name, text, (size_t)(colon - text));
  user->name = name;
  user->token = colon + 1;
  return CLXS_OK;
}

static clxs_status
read_users(struct clxs_call *call, struct sandbox_user *users, size_t *count)
{
  uint32_t extra = call->core->arg_count(call, FLAG_USER);

  users[0] = (struct sandbox_user){.name = call->core->arg_text(call, FLAG_ADMIN, 0),
                                   .token = call->core->arg_text(call, FLAG_TOKEN, 0)};
  if (!users[0].name || !*users[0].name) users[0].name = SANDBOX_ADMIN;
  if (!users[0].token || !*users[0].token)
    return call->core->fail(call, CLXS_E_USAGE, "the administrator needs a token",
                            "give one with --token or in CLXS_SANDBOX_TOKEN");
  if (extra >= USERS_MAX)
    return clxs_failf(call, CLXS_E_USAGE, NULL, "at most %d users can be given", USERS_MAX - 1);
  for (uint32_t i = 0; i < extra; i++) {
    clxs_status status = parse_user(call, FLAG_USER, call->core->arg_text(call, FLAG_USER, i), &users[i + 1]);

    if (status != CLXS_OK) return status;
  }
  *count = extra + 1;
  return CLXS_OK;
}

/* A mistyped --fault is a mistake on the command line, not trouble in opening the workspace. */
static clxs_status
check_faults(struct clxs_call *call, const char *const *texts, size_t count)
{
  CLEANUP_FREE char *why = NULL;
  struct faults *faults = faults_new(texts, count, 1, &why);

  if (!faults)
    return call->core->fail(call, CLXS_E_USAGE, why, "as in --fault 429:0.1 or --fault slow:0.5:200");
  faults_free(faults);
  return CLXS_OK;
}

static clxs_status
read_options(struct clxs_call *call, struct sandbox_user *users, struct sandbox_options *options)
{
  const struct clxs_core *core = call->core;
  uint32_t faults = core->arg_count(call, FLAG_FAULT);
  const char **texts = core->alloc(call, (faults + 1) * sizeof *texts);
  clxs_status status = read_users(call, users, &options->user_count);

  if (status != CLXS_OK) return status;
  for (uint32_t i = 0; i < faults; i++)
    texts[i] = core->arg_text(call, FLAG_FAULT, i);
  status = check_faults(call, texts, faults);
  if (status != CLXS_OK) return status;
  options->users = users;
  options->client_id = core->arg_text(call, FLAG_CLIENT_ID, 0);
  options->client_secret = core->arg_text(call, FLAG_CLIENT_SECRET, 0);
  options->port = (int)core->arg_int(call, FLAG_PORT);
  options->state = core->arg_text(call, FLAG_STATE, 0);
  options->latency_ms = core->arg_int(call, FLAG_LATENCY_MS);
  options->token_ttl_s = core->arg_int(call, FLAG_TOKEN_TTL) / 1000;
  options->page_size = core->arg_int(call, FLAG_PAGE_SIZE);
  options->chunk_bytes = core->arg_int(call, FLAG_CHUNK_BYTES);
  options->warehouse_start_ms = core->arg_int(call, FLAG_WAREHOUSE_START);
  options->faults = texts;
  options->fault_count = faults;
  options->fault_seed = (uint64_t)core->arg_int(call, FLAG_FAULT_SEED);
  if (!options->client_id == !options->client_secret) return CLXS_OK;
  return core->fail(call, CLXS_E_USAGE, "--client-id and --client-secret belong together",
                    "give both; the secret can be in CLXS_SANDBOX_CLIENT_SECRET");
}

/* What is served: the first workspace, and those that share its metastore. */
struct serving {
  struct sandbox **at;
  size_t count;
};

static void
add_served(struct buf *json, const struct sandbox *sandbox)
{
  buf_add_text(json, "{\"url\":");
  buf_add_json(json, sandbox->url);
  buf_add_text(json, ",\"warehouse_id\":");
  buf_add_json(json, warehouse_first(sandbox));
  buf_addf(json, ",\"workspace_id\":\"%s\"", sandbox->workspace_id);
  if (sandbox->name[0]) {
    buf_add_text(json, ",\"name\":");
    buf_add_json(json, sandbox->name);
  }
}

static clxs_status
announce_json(struct clxs_call *call, const struct serving *serving)
{
  CLEANUP_BUF struct buf json = BUF_INIT(BUF_LARGE);

  add_served(&json, serving->at[0]);
  for (size_t i = 1; i < serving->count; i++) {
    buf_add_text(&json, i == 1 ? ",\"workspaces\":[" : ",");
    add_served(&json, serving->at[i]);
    buf_add_char(&json, '}');
  }
  buf_add_text(&json, serving->count > 1 ? "]}" : "}");
  return clxs_output(call)->document(call, json.data);
}

/* An address a line, the first workspace's first; the names of the others behind theirs. */
static clxs_status
announce(struct clxs_call *call, const struct serving *serving)
{
  const struct clxs_output *output = clxs_output(call);
  clxs_status status = CLXS_OK;

  for (size_t i = 0; i < serving->count; i++)
    clxs_logf(call, CLXS_LOG_INFO, "serving %s%son %s; SQL warehouse %s; Ctrl-C ends it",
              serving->at[i]->name, i ? " " : "", serving->at[i]->url, warehouse_first(serving->at[i]));
  if (output->format(call) != CLXS_FORMAT_TEXT) return announce_json(call, serving);
  for (size_t i = 0; i < serving->count && status == CLXS_OK; i++)
    status = output->text(call, i ? clxs_textf(call, "%s %s", serving->at[i]->url, serving->at[i]->name)
                                  : serving->at[i]->url);
  return status;
}

/* Open those that --workspace names, beside the first; each on a port of its own. */
static clxs_status
open_others(struct clxs_call *call, const struct sandbox_options *options, const char *admin,
            struct serving *serving)
{
  uint32_t count = call->core->arg_count(call, FLAG_WORKSPACE);

  for (uint32_t i = 0; i < count; i++) {
    struct sandbox_options more = *options;
    struct sandbox_user user;
    char *why = NULL;
    clxs_status status =
        parse_user(call, FLAG_WORKSPACE, call->core->arg_text(call, FLAG_WORKSPACE, i), &user);

    if (status == CLXS_OK && !is_name(user.name)) status = refuse_name(call, user.name);
    if (status != CLXS_OK) return status;
    more.name = user.name;
    more.store = serving->at[0]->store;
    more.users = &user;
    more.user_count = 1;
    more.client_id = more.client_secret = NULL;
    if (more.port) more.port += (int)i + 1;
    user.name = admin;
    if (!sandbox_open(&more, &serving->at[serving->count], &why)) return fail_open(call, why);
    serving->count++;
  }
  return CLXS_OK;
}

static clxs_status
fill(struct clxs_call *call, struct sandbox *sandbox, const char *admin, const char *client)
{
  const char *seed = call->core->arg_text(call, FLAG_SEED, 0);
  clxs_status status = seed ? load_seed(call, sandbox->store, admin, seed) : CLXS_OK;

  return status == CLXS_OK && seed && client ? share_seed(call, sandbox->store, admin, client) : status;
}

static clxs_status
run_serve(void *state, struct clxs_call *call)
{
  struct sandbox_user users[USERS_MAX] = {0};
  struct sandbox_options options = {0};
  struct serving serving = {0};
  char *why = NULL;
  clxs_status status = read_options(call, users, &options);

  (void)state;
  if (status != CLXS_OK) return status;
  serving.at =
      call->core->alloc(call, (call->core->arg_count(call, FLAG_WORKSPACE) + 1) * sizeof *serving.at);
  if (!sandbox_open(&options, &serving.at[0], &why)) return fail_open(call, why);
  serving.count = 1;
  status = open_others(call, &options, users[0].name, &serving);
  if (status == CLXS_OK) status = fill(call, serving.at[0], users[0].name, options.client_id);
  for (size_t i = 0; i < serving.count && status == CLXS_OK; i++)
    if (!sandbox_listen(serving.at[i], &why)) status = fail_open(call, why);
  if (status == CLXS_OK) status = announce(call, &serving);
  if (status == CLXS_OK) {
    call->core->wait(call, -1); /* the interruption is how serving ends, not a failure */
    call->core->error_clear(call);
  }
  for (size_t i = serving.count; i-- > 0;)
    sandbox_close(serving.at[i]);
  return status;
}

/* -- sandbox seed */

static clxs_status
run_seed(void *state, struct clxs_call *call)
{
  CLEANUP(arena_cleanup) struct arena *arena = arena_new();
  const char *what = call->core->arg_text(call, ARG_WHAT, 0),
             *path = call->core->arg_text(call, FLAG_STATE, 0);
  const char *name = call->core->arg_text(call, FLAG_NAME, 0), *why = NULL;
  struct session session = {.arena = arena, .user = SANDBOX_ADMIN, .admin = true};
  clxs_status status;

  (void)state;
  if (!path && !name)
    return call->core->fail(call, CLXS_E_USAGE, "there is no state to fill",
                            "give --state FILE, or --name NAME for --host sandbox:NAME");
  if (!path && !(path = state_of(call, name))) return call->core->error(call)->status;
  session.store = store_open(arena, path, &why);
  if (!session.store)
    return clxs_failf(call, CLXS_E_IO, "end the process that uses it, or choose another file", "%s",
                      why ? why : "the sandbox state cannot be opened");
  store_enter(&session);
  principal_add(&session, PRINCIPAL_USER, SANDBOX_ADMIN, true);
  store_leave(&session, true);
  status = load_seed(call, session.store, SANDBOX_ADMIN, what);
  store_close(session.store);
  return status;
}

/* -- Inside the process */

static void
inside_free(struct inside *inside)
{
  sandbox_close(inside->sandbox);
  free(inside->name);
  free(inside->metastore);
  free(inside->token);
}

/* The state that another workspace of METASTORE has open, or NULL. */
static struct store *
open_store(const struct plugin *plugin, const char *metastore)
{
  VEC_EACH (&plugin->open, it)
    if (str_eq(it->metastore, metastore)) return it->sandbox->store;
  return NULL;
}

static clxs_status
open_inside(void *state, struct clxs_call *call, const char *name, const char **url, const char **token,
            const char **warehouse)
{
  struct plugin *plugin = state;
  struct sandbox_user user = {.name = SANDBOX_ADMIN};
  const char *slash = strchr(name, '/');
  const char *metastore = slash ? clxs_textf(call, "%.*s", (int)(slash - name), name) : name;
  struct sandbox_options options = {.users = &user, .user_count = 1, .name = slash ? slash + 1 : NULL};
  struct sandbox *sandbox;
  struct inside *inside;
  char secret[2 * 16 + 5] = "dapi", *why = NULL;

  if (slash && !(is_name(metastore) && is_name(options.name))) return refuse_name(call, name);
  options.state = state_of(call, metastore);
  if (!options.state) return call->core->error(call)->status;
  options.store = open_store(plugin, metastore);
  sandbox_hex(secret + 4, 16);
  user.token = secret;
  if (!sandbox_open(&options, &sandbox, &why)) return fail_open(call, why);
  if (!sandbox_listen(sandbox, &why)) {
    sandbox_close(sandbox);
    return fail_open(call, why);
  }
  inside = VEC_ADD(&plugin->open);
  *inside = (struct inside){
      .name = xstrdup(name), .metastore = xstrdup(metastore), .token = xstrdup(secret), .sandbox = sandbox};
  *url = sandbox->url;
  *token = inside->token;
  *warehouse = warehouse_first(sandbox);
  return CLXS_OK;
}

static void
close_inside(void *state, const char *name)
{
  struct plugin *plugin = state;

  for (size_t i = 0; i < plugin->open.count; i++) {
    if (strcmp(plugin->open.at[i].name, name) != 0) continue;
    inside_free(&plugin->open.at[i]);
    plugin->open.at[i] = plugin->open.at[--plugin->open.count];
    return;
  }
}

static clxs_status
init(struct clxs_call *call, void **state)
{
  (void)call;
  *state = xcalloc(1, sizeof(struct plugin));
  return CLXS_OK;
}

static void
fini(void *state)
{
  struct plugin *plugin = state;

  VEC_EACH (&plugin->open, it)
    inside_free(it);
  VEC_FREE(&plugin->open);
  free(plugin);
}

static const struct clxs_command serve = {.size = sizeof serve, .name = CMD_SANDBOX_SERVE, .run = run_serve};
static const struct clxs_command seed = {.size = sizeof seed, .name = CMD_SANDBOX_SEED, .run = run_seed};
static const struct clxs_command *const commands[] = {&serve, &seed, NULL};
static const struct clxs_cap_workspace workspace = {
    .size = sizeof workspace, .scheme = "sandbox", .open = open_inside, .close = close_inside};
static const struct clxs_provider provider = {
    .size = sizeof provider, .id = CLXS_CAP_WORKSPACE, .table = &workspace};
static const struct clxs_provider *const providers[] = {&provider, NULL};
static const struct clxs_plugin plugin = {
    .size = sizeof plugin,
    .abi = CLXS_ABI_INIT(0),
    .id = CLXS_PLUGIN_ID,
    .version = CLXS_PLUGIN_VERSION,
    .grammar = CLXS_GRAMMAR,
    .commands = commands,
    .provides = providers,
    .init = init,
    .fini = fini,
};

const struct clxs_plugin *
clxs_plugin_v1(void)
{
  return &plugin;
}
