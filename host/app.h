/* SPDX-License-Identifier: Apache-2.0 */
/* The application owns every subsystem for the length of one run. Parts that cost something are opened on
 * first use: app_conf reads files, app_workspace loads clxs-net.so and connects. Command thread unless said.
 */
#ifndef CLXS_HOST_APP_H
#define CLXS_HOST_APP_H

#include <clxs/status.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct args;
struct arena;
struct auth;
struct cache;
struct conf;
struct err;
struct grammar_command;
struct line;
struct net;
struct net_api;
struct out;
struct registry;

/* One workspace that the run talks to. */
struct workspace {
  const struct net_api *api;
  struct net *net;
  struct auth *auth;       /* NULL for a workspace inside the process */
  const char *host;        /* the URL */
  const char *name;        /* what the person said: URL or "sandbox:NAME" */
  const char *warehouse;   /* NULL when none is configured */
  const char *cache_scope; /* prefix of this workspace's cache keys: host and principal */
  const char *token;       /* of a workspace inside the process; NULL elsewhere */
};

struct app {
  struct arena *arena;
  const char *exe;
  const struct args *args; /* of the command that runs */
  struct registry *registry;
  struct out *out;
  struct cache *cache;
  struct conf *conf_;           /* by app_conf */
  struct workspace *workspace_; /* by app_workspace; app_destination for the second one */
  struct workspace *destination_;
  atomic_int cancelled; /* set by the signal thread */

  const struct grammar_command *command; /* that runs */
  struct line *line;                     /* what was seen of the command line before it was parsed */
  pthread_mutex_t workspace_mutex;
  struct arena *workspace_arena; /* what workspaces are made of: workers may be the ones to open them */
  atomic_bool timed_out;         /* cancelled because of --timeout */
  pthread_mutex_t wait_mutex;    /* app_wait */
  pthread_cond_t wait_cond;      /* told when the run is cancelled */
  _Atomic(struct net *) nets[3]; /* open clients, for the signal thread: two workspaces, and the outside */
  const struct net_api *_Atomic net_api;
};

/* The configuration, loaded with the keys of all manifests and the flags of this run. */
clxs_status app_conf(struct app *app, struct conf **conf, struct err *err);
/* The workspace in use, opened on first use: resolves --host (through clxs.cap.workspace/1 for SCHEME:NAME)
 * and auth, loads clxs-net.so. Any thread after the first call; guarded. NAME NULL, or "destination"
 * (dest_workspace.*). */
clxs_status app_workspace(struct app *app, const char *name, struct workspace **workspace, struct err *err);
/* A client for hosts that are no workspace, opened on first use: no credentials, no limits. Any thread. */
clxs_status app_outside(struct app *app, const struct net_api **api, struct net **net, struct err *err);
/* What --host, environment or configuration say, as the person said it, without connecting. CLXS_E_CONFIG
 * when they say nothing. */
clxs_status app_host(struct app *app, const char **host, struct err *err);
/* The same for the destination workspace: *HOST is NULL when none is configured, or it is the one in use with
 * the same credentials and warehouse. */
clxs_status app_destination(struct app *app, const char **host, struct err *err);
/* Sleep for TIMEOUT_MS milliseconds (negative: for ever), but no longer than the run: true after the time,
 * false once the run is cancelled. Any thread. */
bool app_wait(struct app *app, int64_t timeout_ms);
/* End the run: sets cancelled, wakes sleepers, cancels what is under way in every open workspace. Any thread.
 */
void app_cancel(struct app *app);
/* Run a whole command line; the exit code. */
int app_run(int argc, char **argv);

/* Close workspaces; the last thing before the arena goes. */
void app_close_workspaces(struct app *app);

#endif
